/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ALCOVE_TYPE_STAGE_LAYOUT (alcove_stage_layout_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveStageLayout, alcove_stage_layout, ALCOVE, STAGE_LAYOUT, GtkLayoutManager)

GtkLayoutManager *alcove_stage_layout_new (int spacing);

G_END_DECLS
