/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "alcove-room.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_PAIRS_WINDOW (alcove_pairs_window_get_type ())
G_DECLARE_FINAL_TYPE (AlcovePairsWindow, alcove_pairs_window, ALCOVE, PAIRS_WINDOW, AdwWindow)

GtkWidget  *alcove_pairs_window_new      (GtkWindow         *parent,
                                          AlcoveRoom        *room);
const char *alcove_pairs_window_get_text (AlcovePairsWindow *self,
                                          guint              viewer,
                                          guint              seen);
char       *alcove_pairs_window_dup_json (AlcovePairsWindow *self);

G_END_DECLS
