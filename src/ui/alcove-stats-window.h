/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "alcove-room.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_STATS_WINDOW (alcove_stats_window_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveStatsWindow, alcove_stats_window, ALCOVE, STATS_WINDOW, AdwWindow)

GtkWidget         *alcove_stats_window_new             (GtkWindow         *parent,
                                                        AlcoveRoom        *room,
                                                        AlcoveParticipant *participant);
AlcoveParticipant *alcove_stats_window_get_participant (AlcoveStatsWindow *self);
guint              alcove_stats_window_get_n_samples   (AlcoveStatsWindow *self);
guint              alcove_stats_window_get_n_shown     (AlcoveStatsWindow *self);
const char        *alcove_stats_window_get_top         (AlcoveStatsWindow *self,
                                                        guint              figure);
const char        *alcove_stats_window_get_path        (AlcoveStatsWindow *self);
char              *alcove_stats_window_dup_json        (AlcoveStatsWindow *self);

G_END_DECLS
