/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "alcove-devices.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_SOUND_GROUP (alcove_sound_group_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveSoundGroup, alcove_sound_group, ALCOVE, SOUND_GROUP,
                      AdwPreferencesGroup)

void alcove_sound_group_set_settings (AlcoveSoundGroup *self,
                                      GSettings        *settings,
                                      AlcoveDevices    *devices);

G_END_DECLS
