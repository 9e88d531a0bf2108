/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "alcove-tile.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_STAGE (alcove_stage_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveStage, alcove_stage, ALCOVE, STAGE, GtkWidget)

GtkWidget  *alcove_stage_new              (void);
void        alcove_stage_set_participants (AlcoveStage *self,
                                           GListModel  *participants);
void        alcove_stage_set_self_tile    (AlcoveStage *self,
                                           AlcoveTile  *tile);
void        alcove_stage_set_dispatching  (AlcoveStage *self,
                                           gboolean     dispatching);
void        alcove_stage_set_with_menus   (AlcoveStage *self,
                                           gboolean     with_menus);
AlcoveTile *alcove_stage_find_tile        (AlcoveStage *self,
                                           const char  *id);
AlcoveTile *alcove_stage_find_meant       (AlcoveStage *self);
guint       alcove_stage_get_n_tiles      (AlcoveStage *self);
guint       alcove_stage_get_n_live       (AlcoveStage *self);
AlcoveTile *alcove_stage_get_tile         (AlcoveStage *self,
                                           guint        position);

G_END_DECLS
