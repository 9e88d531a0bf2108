/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-playout.h"

G_BEGIN_DECLS

AlcovePlayout *alcove_playout_new   (GstBin        *pipeline,
                                     GstClock      *clock,
                                     GstClockTime   base_time,
                                     gboolean       silent);
/* worker threads; whether there is a real output where one was wanted */
gboolean       alcove_playout_open  (AlcovePlayout *self,
                                     GstElement    *chosen,
                                     gboolean       fall_back);
gboolean       alcove_playout_uses  (AlcovePlayout *self,
                                     GstElement    *sink);
const char    *alcove_playout_get_probe
                                    (AlcovePlayout *self);
gboolean       alcove_playout_owns  (AlcovePlayout *self,
                                     GstObject     *object);
gboolean       alcove_playout_is_stalled
                                    (AlcovePlayout *self);
void           alcove_playout_close (AlcovePlayout *self);

G_END_DECLS
