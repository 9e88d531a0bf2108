/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* A file's encoded frames, to be sent as they are. */
typedef struct {
  GPtrArray *frames; /* of GstBuffer */
  GstCaps *caps;
} Recording;

gboolean recording_load  (Recording  *self,
                          const char *path);
void     recording_clear (Recording  *self);

G_END_DECLS
