/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "alcove-room.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_CHAT_PANEL (alcove_chat_panel_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveChatPanel, alcove_chat_panel, ALCOVE, CHAT_PANEL, AdwBin)

GtkWidget  *alcove_chat_panel_new       (void);
void        alcove_chat_panel_set_room  (AlcoveChatPanel *self,
                                         AlcoveRoom      *room);
GtkListBox *alcove_chat_panel_get_list  (AlcoveChatPanel *self);
GtkEntry   *alcove_chat_panel_get_entry (AlcoveChatPanel *self);

G_END_DECLS
