/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "alcove-join.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_SERVER_CHOOSER (alcove_server_chooser_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveServerChooser, alcove_server_chooser, ALCOVE, SERVER_CHOOSER, AdwBin)

void alcove_server_chooser_set_settings (AlcoveServerChooser *self,
                                         GSettings           *settings);
void alcove_server_chooser_fill         (AlcoveServerChooser *self,
                                         const AlcoveJoin    *join);
void alcove_server_chooser_read         (AlcoveServerChooser *self,
                                         AlcoveJoin          *join);
void alcove_server_chooser_save         (AlcoveServerChooser *self);

G_END_DECLS
