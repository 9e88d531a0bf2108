/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "alcove-devices.h"
#include "alcove-host.h"
#include "alcove-join.h"
#include "alcove-preview.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_LOBBY (alcove_lobby_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveLobby, alcove_lobby, ALCOVE, LOBBY, AdwBin)

GtkWidget  *alcove_lobby_new         (GSettings        *settings,
                                      AlcoveDevices    *devices,
                                      AlcoveHost       *host);
AlcovePreview *
            alcove_lobby_get_preview (AlcoveLobby      *self);
void        alcove_lobby_fill        (AlcoveLobby      *self,
                                      const AlcoveJoin *join);
AlcoveJoin *alcove_lobby_dup_join    (AlcoveLobby      *self);
void        alcove_lobby_save        (AlcoveLobby      *self);
void        alcove_lobby_remember    (AlcoveLobby      *self);
void        alcove_lobby_join        (AlcoveLobby      *self);
void        alcove_lobby_set_busy    (AlcoveLobby      *self,
                                      gboolean          busy);
gboolean    alcove_lobby_get_busy    (AlcoveLobby      *self);
void        alcove_lobby_focus_join  (AlcoveLobby      *self);
void        alcove_lobby_set_error   (AlcoveLobby      *self,
                                      const char       *message);
void        alcove_lobby_offer_certificate
                                     (AlcoveLobby      *self);
const char *alcove_lobby_get_error   (AlcoveLobby      *self);
const char *alcove_lobby_get_hint    (AlcoveLobby      *self);

G_END_DECLS
