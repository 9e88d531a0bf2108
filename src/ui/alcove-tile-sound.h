/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "alcove-participant.h"

G_BEGIN_DECLS

void alcove_tile_sound_install (GtkWidget         *tile,
                                AlcoveParticipant *participant);
void alcove_tile_sound_fill    (GtkMenuButton     *button,
                                GMenu             *menu,
                                AlcoveParticipant *participant);

G_END_DECLS
