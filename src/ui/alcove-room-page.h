/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "alcove-engine.h"
#include "alcove-room.h"
#include "alcove-stage.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_ROOM_PAGE (alcove_room_page_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveRoomPage, alcove_room_page, ALCOVE, ROOM_PAGE, AdwBin)

GtkWidget   *alcove_room_page_new            (void);
void         alcove_room_page_set_room       (AlcoveRoomPage *self,
                                              AlcoveRoom     *room,
                                              AlcoveEngine   *engine);
void         alcove_room_page_set_fullscreen (AlcoveRoomPage *self,
                                              gboolean        fullscreen);
void         alcove_room_page_show_news      (AlcoveRoomPage *self,
                                              const char     *text);
void         alcove_room_page_ask            (AlcoveRoomPage *self,
                                              const char     *text,
                                              const char     *button,
                                              const char     *action);
AlcoveStage *alcove_room_page_get_stage      (AlcoveRoomPage *self);
void         alcove_room_page_set_chat_shown (AlcoveRoomPage *self,
                                              gboolean        shown);
gboolean     alcove_room_page_get_chat_shown (AlcoveRoomPage *self);
guint        alcove_room_page_get_n_unread   (AlcoveRoomPage *self);

G_END_DECLS
