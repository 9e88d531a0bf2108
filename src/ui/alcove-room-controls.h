/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void alcove_room_controls_show (GtkWidget *microphone,
                                gboolean   muted,
                                GtkWidget *camera,
                                gboolean   camera_off);

G_END_DECLS
