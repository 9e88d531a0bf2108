/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define ALCOVE_TYPE_RECENT_ROOMS (alcove_recent_rooms_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveRecentRooms, alcove_recent_rooms, ALCOVE, RECENT_ROOMS, AdwBin)

void alcove_recent_rooms_set_settings (AlcoveRecentRooms *self,
                                       GSettings         *settings);

G_END_DECLS
