/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* How far ahead of the latest moment at which it can still be mixed sound is laid: never less
 * and never more, and what a stream begins with. */
#define ALCOVE_PLAYOUT_MARGIN_LEAST (20 * GST_MSECOND)
#define ALCOVE_PLAYOUT_MARGIN_FIRST (40 * GST_MSECOND)
#define ALCOVE_PLAYOUT_MARGIN_MOST (120 * GST_MSECOND)

/* What piled up beyond this is dropped, whatever it sounds like. */
#define ALCOVE_PLAYOUT_MARGIN_BOUND (400 * GST_MSECOND)

/**
 * AlcovePlayoutMargin:
 *
 * Where the next piece of a stream's sound is laid in the mix. The margin follows the jitter of the
 * arrivals: it grows at once when a piece comes too late, and what turns out not to be needed is
 * taken back by leaving out silence, and where there is none by shortening a piece now and then. It
 * has no clock of its own. Plain data, set up by alcove_playout_margin_init(); belongs to one thread.
 */
typedef struct {
  GstClockTime margin;
  GstClockTime next;    /* where the sound laid so far ends */
  GstClockTime surplus; /* to be left out */
  GstClockTime least;   /* of the leads in this window */
  GstClockTime most;    /* likewise */
  GstClockTime heard;   /* of the window */
  GstClockTime whole;   /* laid since a piece was shortened */
  guint held;           /* windows in which nothing is taken back */
} AlcovePlayoutMargin;

void         alcove_playout_margin_init  (AlcovePlayoutMargin *self);
GstClockTime alcove_playout_margin_place (AlcovePlayoutMargin *self,
                                          GstClockTime         now,
                                          GstClockTime         duration,
                                          gboolean             silent,
                                          gboolean            *anew);
gboolean     alcove_playout_margin_is_long (AlcovePlayoutMargin *self);
void         alcove_playout_margin_shorten (AlcovePlayoutMargin *self,
                                            GstClockTime         by);

G_END_DECLS
