/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Of packets missing in a row; where more are, the stream paused or began anew. */
#define ALCOVE_SOUND_GAPS_MOST 16

/**
 * AlcoveSoundGaps:
 *
 * Which packets of a stream of sound are given up: those that are missing when the second one after
 * them is there. Plain data, zeroes are a stream that has not begun; whoever uses it locks.
 */
typedef struct {
  gboolean begun;
  guint16 next;  /* the first that neither came nor was given up */
  guint32 there; /* which of those from `next` on came */
} AlcoveSoundGaps;

guint alcove_sound_gaps_add    (AlcoveSoundGaps *self,
                                guint16          number,
                                guint16          given_up[ALCOVE_SOUND_GAPS_MOST]);
void  alcove_sound_gaps_attach (GstPad          *pad);

G_END_DECLS
