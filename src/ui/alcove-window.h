/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "alcove-devices.h"
#include "alcove-host.h"
#include "alcove-launch.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_WINDOW (alcove_window_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveWindow, alcove_window, ALCOVE, WINDOW, AdwApplicationWindow)

GtkWidget *alcove_window_new          (GtkApplication     *application,
                                       GSettings          *settings,
                                       AlcoveDevices      *devices,
                                       AlcoveHost         *host,
                                       const AlcoveLaunch *launch);
void       alcove_window_fill         (AlcoveWindow       *self,
                                       const AlcoveLaunch *launch);
void       alcove_window_join         (AlcoveWindow       *self,
                                       const AlcoveJoin   *join);
void       alcove_window_invite       (AlcoveWindow       *self,
                                       const AlcoveJoin   *join);
gboolean   alcove_window_get_closing  (AlcoveWindow       *self);
void       alcove_window_show_error   (AlcoveWindow       *self,
                                       const char         *message);

G_END_DECLS
