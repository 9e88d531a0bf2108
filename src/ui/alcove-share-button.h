/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "alcove-screen-share.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_SHARE_BUTTON (alcove_share_button_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveShareButton, alcove_share_button, ALCOVE, SHARE_BUTTON, AdwBin)

void alcove_share_button_set_share (AlcoveShareButton *self,
                                    AlcoveScreenShare *share);

G_END_DECLS
