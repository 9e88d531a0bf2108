/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-skyrtc-file"

#include "config.h"

#include "alcove-skyrtc-file.h"

#include <string.h>

#include <glib/gi18n.h>

#include "alcove-error.h"
#include "alcove-json.h"

/* How SkyRTC pages exchange files over their data channel: JSON texts of the type
 * `__file`, told apart by `signal`. */

#define FILE_TYPE "__file"

static const char *const signal_names[] = {
  [ALCOVE_FILE_ASK] = "ask",     [ALCOVE_FILE_ACCEPT] = "accept", [ALCOVE_FILE_REFUSE] = "refuse",
  [ALCOVE_FILE_CHUNK] = "chunk", [ALCOVE_FILE_CLOSE] = "close",
};

/**
 * alcove_skyrtc_file_encode:
 * @message: a message
 *
 * Returns: (transfer full): its text
 */
char *
alcove_skyrtc_file_encode (const AlcoveFileMessage *message)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_string_member (object, "type", FILE_TYPE);
  json_object_set_string_member (object, "signal", signal_names[message->signal]);
  json_object_set_string_member (object, "sendId", message->id);
  if (message->signal == ALCOVE_FILE_ASK)
    {
      json_object_set_string_member (object, "name", message->name);
      json_object_set_int_member (object, "size", (gint64) message->size);
    }
  else if (message->signal == ALCOVE_FILE_CHUNK)
    {
      json_object_set_boolean_member (object, "last", message->last);
      json_object_set_string_member (object, "data", message->data);
      if (!message->last)
        json_object_set_double_member (object, "percent", message->percent);
    }

  json_node_set_object (node, object);
  return alcove_json_to_text (node);
}

static gboolean
read_members (AlcoveFileMessage *self,
              JsonObject *object,
              GError **error)
{
  const char *text = NULL;
  gint64 size = 0;

  if (!alcove_json_get_string (object, "sendId", ALCOVE_FILE_MAX_ID, &text, error))
    return FALSE;
  self->id = g_strdup (text);

  if (self->signal == ALCOVE_FILE_ASK)
    {
      if (!alcove_json_get_string (object, "name", ALCOVE_SKYRTC_MAX_FILE_MESSAGE, &text, error)
          || !alcove_json_get_int (object, "size", 0, G_MAXINT64, &size, error))
        return FALSE;
      self->name = g_strdup (text);
      self->size = (guint64) size;
    }
  else if (self->signal == ALCOVE_FILE_CHUNK)
    {
      JsonNode *percent = json_object_get_member (object, "percent");

      if (!alcove_json_get_string (object, "data", ALCOVE_SKYRTC_MAX_FILE_MESSAGE, &text, error))
        return FALSE;
      self->data = g_strdup (text);
      /* Without the word it goes on. */
      alcove_json_get_boolean (object, "last", &self->last, NULL);
      if (percent != NULL && JSON_NODE_HOLDS_VALUE (percent))
        self->percent = json_node_get_double (percent);
    }
  return TRUE;
}

/**
 * alcove_skyrtc_file_decode:
 * @text: what came on the page's channel, from a stranger
 * @error: return location for an error
 *
 * Reads a message about a file. Pure.
 *
 * Errors: %ALCOVE_ERROR_MALFORMED, %ALCOVE_ERROR_TOO_LARGE; without one @text is about
 * something else.
 *
 * Returns: (transfer full) (nullable): the message, or %NULL
 */
AlcoveFileMessage *
alcove_skyrtc_file_decode (const char *text,
                           GError **error)
{
  g_autoptr (AlcoveFileMessage) self = NULL;
  g_autoptr (JsonNode) root = NULL;
  JsonObject *object;
  const char *value = NULL;

  /* Most texts are chat, and need no parser to tell. */
  if (strnlen (text, ALCOVE_SKYRTC_MAX_FILE_MESSAGE + 1) > ALCOVE_SKYRTC_MAX_FILE_MESSAGE
      || strstr (text, FILE_TYPE) == NULL)
    return NULL;

  root = alcove_json_parse (text, -1, ALCOVE_SKYRTC_MAX_FILE_MESSAGE, NULL);
  object = root != NULL ? alcove_json_node_get_object (root, NULL) : NULL;
  if (object == NULL || !alcove_json_get_string (object, "type", 64, &value, NULL)
      || !g_str_equal (value, FILE_TYPE))
    return NULL;

  if (!alcove_json_get_string (object, "signal", 64, &value, error))
    return NULL;

  self = g_new0 (AlcoveFileMessage, 1);
  for (gsize i = 0; i < G_N_ELEMENTS (signal_names); i++)
    if (g_str_equal (value, signal_names[i]))
      {
        self->signal = (AlcoveFileSignal) i;
        return read_members (self, object, error) ? g_steal_pointer (&self) : NULL;
      }

  g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED,
                       _ ("A message about a file made no sense."));
  return NULL;
}
