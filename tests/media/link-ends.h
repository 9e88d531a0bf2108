/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

#include "alcove-fan-out.h"
#include "alcove-media-link-private.h"

G_BEGIN_DECLS

/*
 * Two links of one process, face to face, each with a sender of its own.
 */

/* A run that hangs is ended here; nothing is measured by it. */
#define PATIENCE_S 90

#define END_WIDTH 320
#define END_HEIGHT 180

#define PICTURE_A 11
#define PICTURE_B 22

/* One end: a sender of its own, a link, and what was heard from it. */
typedef struct _End End;
struct _End {
  const char *name;
  GstElement *pipeline;
  AlcoveWorkers *workers;
  AlcoveLadder *video;
  AlcoveFanOut *audio;
  AlcoveMediaLink *link;
  AlcoveCodecChoice *choice; /* not owned; NULL for what is installed */
  AlcoveCodecPreference preference;
  const char *codec; /* that is expected; NULL is VP8 */
  guint picture;
  guint32 counter;
  End *other;

  char *(*edit) (const char *sdp);
  GError *error;
  gboolean connected;
  guint first_frames;
  int width;
  int height;
  guint opened[2];
  guint closed[2];
  GString *texts[2];
  gboolean speaking;
  guint n_descriptions;
  char *description;
  guint n_candidates;
  AlcoveLinkStats stats;
  gboolean sampled;
  gint64 first_frame_time;
};

typedef struct {
  End a;
  End b;
} Pair;

#define wait_until(condition) \
  G_STMT_START \
    { \
      guint patience_ = g_timeout_add_seconds (PATIENCE_S, on_patience, NULL); \
      while (!(condition)) \
        g_main_context_iteration (NULL, TRUE); \
      g_source_remove (patience_); \
    } \
  G_STMT_END

void end_make_link (End *end, gboolean full);
void end_start_sending (End *end, int hertz);
void end_init (End *end, const char *name, guint picture);
gboolean on_patience (gpointer data);
gboolean on_tick (gpointer data);
void end_close (End *end);
void pair_init (Pair *pair, gboolean full);
void pair_init_codecs (Pair *pair, AlcoveCodecChoice *choice_a, AlcoveCodecPreference preference_a,
                       AlcoveCodecChoice *choice_b, AlcoveCodecPreference preference_b,
                       const char *codec);
void pair_clear (Pair *pair);
void end_sample (End *end);
void check_talk (Pair *pair);

G_END_DECLS
