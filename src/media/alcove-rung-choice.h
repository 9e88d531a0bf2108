/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ALCOVE_MAX_RUNGS 3

/* 1 and 2 take away rate, 3 and 4 size as well. */
#define ALCOVE_LADDER_MAX_STEP 4

/**
 * AlcoveRungSize:
 * @width: of its pictures, even
 * @height: likewise
 * @bitrate: what such pictures are worth, in bits a second
 *
 * A rung of the ladder; the largest is the first.
 */
typedef struct {
  int width;
  int height;
  guint bitrate;
} AlcoveRungSize;

/**
 * AlcoveRungChoice:
 * @bitrate: what the network bears, in bits a second; 0 if that is not known
 * @width: of the picture over there, in device pixels; -1 if that is not known
 * @height: likewise; 0×0 is hidden
 * @rung: which one is to be sent
 *
 * Which rung goes to one who watches. The first three are told from outside; the others are its
 * own.
 */
typedef struct {
  guint bitrate;
  int width;
  int height;

  guint rung;
  gboolean chosen;
  guint by_size;
  gint64 smaller_since;
  guint by_network;
  gint64 better_since;
  gint64 raised_at;
  gint64 patience;
  gint64 lifted_until;
} AlcoveRungChoice;

#define ALCOVE_RUNG_CHOICE_INIT { .width = -1, .height = -1 }

guint    alcove_rung_sizes_make         (int                     width,
                                         int                     height,
                                         AlcoveRungSize          sizes[ALCOVE_MAX_RUNGS]);
void     alcove_rung_choice_reset       (AlcoveRungChoice       *self);
gint64   alcove_rung_choices_update     (AlcoveRungChoice *const *choices,
                                         guint                   n_choices,
                                         const AlcoveRungSize   *sizes,
                                         guint                   n_sizes,
                                         guint                   step,
                                         gint64                  now);
guint    alcove_rung_choices_get_target (AlcoveRungChoice *const *choices,
                                         guint                   n_choices,
                                         const AlcoveRungSize   *sizes,
                                         guint                   n_sizes,
                                         guint                   rung);
gboolean alcove_rung_is_slow            (const AlcoveRungSize   *smallest,
                                         guint                   target,
                                         gboolean                was_slow);
gboolean alcove_rung_bitrate_is_due     (guint                   applied,
                                         guint                   wanted,
                                         guint                   unit,
                                         gint64                  since);
gboolean alcove_rung_step_takes         (guint                   step,
                                         guint64                 number);

G_END_DECLS
