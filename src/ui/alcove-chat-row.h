/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "alcove-chat-message.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_CHAT_ROW (alcove_chat_row_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveChatRow, alcove_chat_row, ALCOVE, CHAT_ROW, GtkListBoxRow)

GtkWidget  *alcove_chat_row_new      (AlcoveChatMessage *message);
const char *alcove_chat_row_get_name (AlcoveChatRow     *self);
const char *alcove_chat_row_get_text (AlcoveChatRow     *self);

G_END_DECLS
