/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-ladder.h"
#include "alcove-rung-choice.h"
#include "alcove-rung-encoder.h"

G_BEGIN_DECLS

/* What the files of the ladder share and nobody else sees. */

/* alcove-ladder.c */
void              alcove_ladder_choose           (AlcoveLadder      *self);
void              alcove_ladder_forget           (AlcoveLadder      *self,
                                                  AlcoveLadderView  *view);
/* any thread: makes encoders do something where no picture comes soon */
void              alcove_ladder_refresh          (AlcoveLadder      *self);
/* whether all that was given to encoders is done */
gboolean          alcove_ladder_is_idle          (AlcoveLadder      *self);
/* any thread: some view no longer needs the encoder it had */
void              alcove_ladder_note_switched    (AlcoveLadder      *self);

/* alcove-ladder-view.c */
AlcoveLadderView *alcove_ladder_view_new         (AlcoveLadder      *ladder,
                                                  AlcoveVideoCodec   codec,
                                                  GstAppSrc         *source);
AlcoveVideoCodec  alcove_ladder_view_get_codec   (AlcoveLadderView  *self);
AlcoveRungChoice *alcove_ladder_view_get_choice  (AlcoveLadderView  *self);
/* says whether that is new; the ladder has to choose then */
gboolean          alcove_ladder_view_note_size   (AlcoveLadderView  *self,
                                                  int                width,
                                                  int                height);
void              alcove_ladder_view_switch      (AlcoveLadderView  *self,
                                                  AlcoveRungEncoder *encoder);
/* lets go of an encoder that has failed */
void              alcove_ladder_view_drop        (AlcoveLadderView  *self,
                                                  AlcoveRungEncoder *encoder);
gboolean          alcove_ladder_view_uses        (AlcoveLadderView  *self,
                                                  AlcoveRungEncoder *encoder);
/* an encoder's thread; @buffer is transfer none */
void              alcove_ladder_view_take        (AlcoveLadderView  *self,
                                                  AlcoveRungEncoder *encoder,
                                                  GstBuffer         *buffer);

G_END_DECLS
