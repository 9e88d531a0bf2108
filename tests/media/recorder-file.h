/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define TIMEOUT (90 * GST_SECOND)

#define VIDEO "d.video_0 ! queue ! vp8dec"
#define AUDIO "d.audio_0 ! queue ! opusdec"

/* A folder of a test's own, and the name of a file in it. */
typedef struct {
  char *folder;
  char *path;
} Fixture;

void   fixture_set_up    (Fixture      *fixture,
                          gconstpointer data);
void   fixture_tear_down (Fixture      *fixture,
                          gconstpointer data);
gint64 deadline          (void);
guint  count_frames      (const char   *path,
                          const char   *branch);

G_END_DECLS
