/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "alcove-frame-slot.h"
#include "alcove-participant.h"
#include "alcove-picture.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_TILE (alcove_tile_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveTile, alcove_tile, ALCOVE, TILE, GtkWidget)

GtkWidget         *alcove_tile_new             (AlcoveParticipant *participant);
GtkWidget         *alcove_tile_new_self        (void);
AlcoveParticipant *alcove_tile_get_participant (AlcoveTile      *self);
void               alcove_tile_set_dispatching (AlcoveTile      *self,
                                                gboolean         dispatching);
void               alcove_tile_set_with_menu   (AlcoveTile      *self,
                                                gboolean         with_menu);
void               alcove_tile_set_slot        (AlcoveTile      *self,
                                                AlcoveFrameSlot *slot);
void               alcove_tile_set_name        (AlcoveTile      *self,
                                                const char      *name);
void               alcove_tile_set_avatar_name (AlcoveTile      *self,
                                                const char      *name);
void               alcove_tile_set_muted       (AlcoveTile      *self,
                                                gboolean         muted);
void               alcove_tile_set_camera_off  (AlcoveTile      *self,
                                                gboolean         camera_off);
void               alcove_tile_set_sharing     (AlcoveTile      *self,
                                                gboolean         sharing);
void               alcove_tile_set_speaking    (AlcoveTile      *self,
                                                gboolean         speaking);
AlcovePicture     *alcove_tile_get_picture     (AlcoveTile      *self);
gboolean           alcove_tile_hides_picture   (AlcoveTile      *self);
const char        *alcove_tile_get_caption     (AlcoveTile      *self);
const char        *alcove_tile_get_status      (AlcoveTile      *self);
gboolean           alcove_tile_get_live        (AlcoveTile      *self);

G_END_DECLS
