/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-chat-message"

#include "config.h"

#include "alcove-chat-message.h"

/* The name is the one of that moment: who renames himself does not rename what was said. */

struct _AlcoveChatMessage {
  GObject parent_instance;

  char *name;
  char *text;
  GDateTime *time;
  gboolean own;
};

G_DEFINE_FINAL_TYPE (AlcoveChatMessage, alcove_chat_message, G_TYPE_OBJECT)

static void
alcove_chat_message_finalize (GObject *object)
{
  AlcoveChatMessage *self = ALCOVE_CHAT_MESSAGE (object);

  g_free (self->name);
  g_free (self->text);
  g_clear_pointer (&self->time, g_date_time_unref);

  G_OBJECT_CLASS (alcove_chat_message_parent_class)->finalize (object);
}

static void
alcove_chat_message_class_init (AlcoveChatMessageClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = alcove_chat_message_finalize;
}

static void
alcove_chat_message_init (AlcoveChatMessage *self)
{
}

/**
 * alcove_chat_message_new:
 * @name: (nullable): whose words they are
 * @text: plain text, clean of what can't be shown
 * @time: when they came
 * @own: whether they are ours
 *
 * Returns: (transfer full): a message
 */
AlcoveChatMessage *
alcove_chat_message_new (const char *name,
                         const char *text,
                         GDateTime *time,
                         gboolean own)
{
  AlcoveChatMessage *self = g_object_new (ALCOVE_TYPE_CHAT_MESSAGE, NULL);

  self->name = g_strdup (name);
  self->text = g_strdup (text);
  self->time = g_date_time_ref (time);
  self->own = !!own;
  return self;
}

/**
 * alcove_chat_message_get_name:
 * @self: a message
 *
 * Returns: (transfer none) (nullable): whose words they are, as far as is known
 */
const char *
alcove_chat_message_get_name (AlcoveChatMessage *self)
{
  return self->name;
}

/**
 * alcove_chat_message_get_text:
 * @self: a message
 *
 * Returns: (transfer none): plain text, never markup
 */
const char *
alcove_chat_message_get_text (AlcoveChatMessage *self)
{
  return self->text;
}

/**
 * alcove_chat_message_get_time:
 * @self: a message
 *
 * Returns: (transfer none): when it came, in local time
 */
GDateTime *
alcove_chat_message_get_time (AlcoveChatMessage *self)
{
  return self->time;
}

/**
 * alcove_chat_message_get_own:
 * @self: a message
 *
 * Returns: whether we wrote it
 */
gboolean
alcove_chat_message_get_own (AlcoveChatMessage *self)
{
  return self->own;
}
