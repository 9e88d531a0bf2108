/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "alcove-room.h"
#include "alcove-stage.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_WALL (alcove_wall_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveWall, alcove_wall, ALCOVE, WALL, AdwBin)

GtkWidget   *alcove_wall_new         (void);
void         alcove_wall_set_room    (AlcoveWall   *self,
                                      AlcoveRoom   *room);
void         alcove_wall_set_trouble (AlcoveWall   *self,
                                      const GError *error);
AlcoveStage *alcove_wall_get_stage   (AlcoveWall   *self);
const char  *alcove_wall_get_text    (AlcoveWall   *self);

G_END_DECLS
