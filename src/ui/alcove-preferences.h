/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "alcove-devices.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_PREFERENCES (alcove_preferences_get_type ())
G_DECLARE_FINAL_TYPE (AlcovePreferences, alcove_preferences, ALCOVE, PREFERENCES, AdwPreferencesWindow)

GtkWidget *alcove_preferences_new (GSettings     *settings,
                                   AlcoveDevices *devices);

G_END_DECLS
