/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * AlcoveChatMessage:
 *
 * One line of chat as it stays to be read; never changes.
 */
#define ALCOVE_TYPE_CHAT_MESSAGE (alcove_chat_message_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveChatMessage, alcove_chat_message, ALCOVE, CHAT_MESSAGE, GObject)

AlcoveChatMessage *alcove_chat_message_new      (const char        *name,
                                                 const char        *text,
                                                 GDateTime         *time,
                                                 gboolean           own);
const char        *alcove_chat_message_get_name (AlcoveChatMessage *self);
const char        *alcove_chat_message_get_text (AlcoveChatMessage *self);
GDateTime         *alcove_chat_message_get_time (AlcoveChatMessage *self);
gboolean           alcove_chat_message_get_own  (AlcoveChatMessage *self);

G_END_DECLS
