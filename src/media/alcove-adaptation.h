/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-encoder.h"
#include "alcove-frame-slot.h"
#include "alcove-ladder.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_ADAPTATION (alcove_adaptation_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveAdaptation, alcove_adaptation, ALCOVE, ADAPTATION, GObject)

/* One who is sent to and seen; known by its address. */
typedef struct _AlcoveAdaptationGuest AlcoveAdaptationGuest;

/**
 * AlcoveAdaptationDone:
 * @given: pictures that encoders were given so far
 * @encoded: pictures that came out of them
 * @packets: of sound that were encoded so far
 * @late_packets: those of them that were ready too late
 */
typedef struct {
  guint64 given;
  guint64 encoded;
  guint64 packets;
  guint64 late_packets;
} AlcoveAdaptationDone;

/**
 * AlcoveAdaptation:
 *
 * What all links of an engine have in common where something is short: this machine's power, which
 * takes rate and size from the picture that we send and from those that we show, before sound
 * suffers; and the loss that our one encoder of sound has to provide for.
 *
 * Main context. It looks once a second while there is a guest.
 */
AlcoveAdaptation      *alcove_adaptation_new           (AlcoveLadder          *ladder,
                                                        AlcoveEncoder         *sound);
AlcoveAdaptationGuest *alcove_adaptation_add           (AlcoveAdaptation      *self,
                                                        AlcoveFrameSlot       *slot);
void                   alcove_adaptation_remove        (AlcoveAdaptation      *self,
                                                        AlcoveAdaptationGuest *guest);
void                   alcove_adaptation_set_loss      (AlcoveAdaptation      *self,
                                                        AlcoveAdaptationGuest *guest,
                                                        double                 loss);
guint                  alcove_adaptation_get_load_step (AlcoveAdaptation      *self);
guint                  alcove_adaptation_get_draw_step (AlcoveAdaptation      *self);
/* for tests: looks now, as if it were @time, at what the encoders did until then */
void                   alcove_adaptation_look          (AlcoveAdaptation      *self,
                                                        gint64                 time,
                                                        const AlcoveAdaptationDone *done);

G_END_DECLS
