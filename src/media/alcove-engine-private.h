/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

#include "alcove-engine.h"
#include "alcove-fan-out.h"
#include "alcove-ladder.h"
#include "alcove-playout.h"

G_BEGIN_DECLS

/* what links and tests share of the engine; all transfer none */
GstClock      *alcove_engine_get_clock         (AlcoveEngine *self,
                                                GstClockTime *base_time);
AlcoveLadder  *alcove_engine_get_ladder        (AlcoveEngine *self);
AlcoveFanOut  *alcove_engine_get_audio_fan_out (AlcoveEngine *self);
AlcovePlayout *alcove_engine_get_playout       (AlcoveEngine *self);

G_END_DECLS
