/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-capture-lane.h"
#include "alcove-screen-share.h"

G_BEGIN_DECLS

AlcoveScreenShare *alcove_screen_share_new          (AlcoveCaptureLane *lane);
/* ends it, and lets go of the lane */
void               alcove_screen_share_close        (AlcoveScreenShare *self);
void               alcove_screen_share_set_patience (AlcoveScreenShare *self,
                                                     guint              milliseconds);

G_END_DECLS
