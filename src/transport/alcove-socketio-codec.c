/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-socketio-codec"

#include "config.h"

#include "alcove-socketio-codec.h"

#include <string.h>

#include <glib/gi18n.h>

#include "alcove-engineio-codec.h"
#include "alcove-error.h"
#include "alcove-json.h"

/*
 * Socket.IO within the message packets of Engine.IO: a digit, for the binary types the
 * number of attachments and a dash, a namespace other than the default one and a
 * comma, the id of an acknowledgement, and JSON. Version 2 of the library leaves
 * the comma out where nothing follows, and may put a query behind the namespace.
 */

#define MAX_ID_DIGITS 15
#define MAX_REASON 200

static gboolean
set_malformed (GError **error)
{
  g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED,
                       _ ("A message was not one of Socket.IO."));
  return FALSE;
}

/**
 * alcove_socketio_packet_new:
 * @type: what it is
 * @nsp: (nullable): the namespace; %NULL for the default
 * @data: (nullable): its JSON text
 *
 * Returns: (transfer full): a packet without an id
 */
AlcoveSocketioPacket *
alcove_socketio_packet_new (AlcoveSocketioType type,
                            const char *nsp,
                            const char *data)
{
  AlcoveSocketioPacket *self = g_new0 (AlcoveSocketioPacket, 1);

  self->type = type;
  self->nsp = g_strdup (nsp != NULL ? nsp : "/");
  self->id = -1;
  self->data = g_strdup (data);
  return self;
}

/**
 * alcove_socketio_packet_free:
 * @self: (nullable): a packet
 */
void
alcove_socketio_packet_free (AlcoveSocketioPacket *self)
{
  if (self == NULL)
    return;

  g_free (self->nsp);
  g_free (self->query);
  g_free (self->data);
  g_free (self);
}

static gboolean
read_attachments (AlcoveSocketioPacket *self,
                  const char **text,
                  GError **error)
{
  const char *at = *text;

  while (g_ascii_isdigit (*at) && self->n_attachments <= ALCOVE_SOCKETIO_MAX_ATTACHMENTS)
    self->n_attachments = self->n_attachments * 10 + (guint) (*at++ - '0');
  if (at == *text || *at != '-' || self->n_attachments > ALCOVE_SOCKETIO_MAX_ATTACHMENTS)
    return set_malformed (error);

  *text = at + 1;
  return TRUE;
}

static gboolean
read_namespace (AlcoveSocketioPacket *self,
                const char **text,
                GError **error)
{
  gsize length = strcspn (*text, ",");
  const char *question;

  if (length > ALCOVE_SOCKETIO_MAX_NAMESPACE)
    return set_malformed (error);

  g_free (self->nsp);
  self->nsp = g_strndup (*text, length);
  question = strchr (self->nsp, '?');
  if (question != NULL)
    {
      self->query = g_strdup (question + 1);
      self->nsp[question - self->nsp] = '\0';
    }

  *text += length;
  if (**text == ',')
    (*text)++;
  return TRUE;
}

/* `{"message": …}` in version 4 of the protocol, a bare text before. */
static char *
read_reason (const char *data)
{
  g_autoptr (JsonNode) root = NULL;
  const char *text = NULL;

  if (data != NULL)
    root = alcove_json_parse (data, -1, ALCOVE_ENGINEIO_MAX_HANDSHAKE, NULL);
  if (root != NULL && JSON_NODE_HOLDS_VALUE (root)
      && json_node_get_value_type (root) == G_TYPE_STRING)
    text = json_node_get_string (root);
  else if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    alcove_json_get_string (json_node_get_object (root), "message", ALCOVE_ENGINEIO_MAX_HANDSHAKE,
                            &text, NULL);

  return text != NULL ? g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), MAX_REASON))
                      : NULL;
}

/**
 * alcove_socketio_packet_decode:
 * @text: what follows the digit of an Engine.IO message; anything at all
 * @error: return location for an error
 *
 * The JSON is not looked at. Errors: %ALCOVE_ERROR_MALFORMED.
 *
 * Returns: (transfer full): the packet, or %NULL
 */
AlcoveSocketioPacket *
alcove_socketio_packet_decode (const char *text,
                               GError **error)
{
  g_autoptr (AlcoveSocketioPacket) self = NULL;
  gsize digits;

  if (*text < '0' || *text > '0' + ALCOVE_SOCKETIO_BINARY_ACK)
    {
      set_malformed (error);
      return NULL;
    }

  self = alcove_socketio_packet_new ((AlcoveSocketioType) (*text - '0'), NULL, NULL);
  text++;

  if (self->type >= ALCOVE_SOCKETIO_BINARY_EVENT && !read_attachments (self, &text, error))
    return NULL;
  if (*text == '/' && !read_namespace (self, &text, error))
    return NULL;

  digits = strspn (text, "0123456789");
  if (digits > MAX_ID_DIGITS)
    {
      set_malformed (error);
      return NULL;
    }
  if (digits > 0)
    self->id = g_ascii_strtoll (text, NULL, 10);
  text += digits;

  if (*text != '\0')
    self->data = g_strdup (text);
  return g_steal_pointer (&self);
}

/**
 * alcove_socketio_packet_encode:
 * @self: a packet
 *
 * Returns: (transfer full): the packet as the data of an Engine.IO message
 */
char *
alcove_socketio_packet_encode (const AlcoveSocketioPacket *self)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%d", (int) self->type);
  if (self->type >= ALCOVE_SOCKETIO_BINARY_EVENT)
    g_string_append_printf (text, "%u-", self->n_attachments);

  /* what begins with a slash and follows nothing would be read as a namespace */
  if (!g_str_equal (self->nsp, "/") || self->query != NULL
      || (self->id < 0 && self->data != NULL && *self->data == '/'))
    {
      g_string_append (text, self->nsp);
      if (self->query != NULL)
        g_string_append_printf (text, "?%s", self->query);
      if (self->id >= 0 || self->data != NULL)
        g_string_append_c (text, ',');
    }

  if (self->id >= 0)
    g_string_append_printf (text, "%" G_GINT64_FORMAT, self->id);
  if (self->data != NULL)
    g_string_append (text, self->data);
  return g_string_free (text, FALSE);
}

/**
 * alcove_socketio_event_parse:
 * @text: the JSON text of an event; anything at all
 * @name: (out) (transfer none): its name, owned by the returned array
 * @error: return location for an error
 *
 * Errors: %ALCOVE_ERROR_MALFORMED, %ALCOVE_ERROR_TOO_LARGE.
 *
 * Returns: (transfer full): the whole array, whose first element is the name
 */
JsonArray *
alcove_socketio_event_parse (const char *text,
                             const char **name,
                             GError **error)
{
  g_autoptr (JsonNode) root = alcove_json_parse (text, -1, ALCOVE_SOCKETIO_MAX_DATA, error);
  JsonArray *array;
  JsonNode *node;

  if (root == NULL)
    return NULL;

  array = JSON_NODE_HOLDS_ARRAY (root) ? json_node_get_array (root) : NULL;
  if (array == NULL || json_array_get_length (array) == 0
      || json_array_get_length (array) > ALCOVE_SOCKETIO_MAX_ARGUMENTS)
    {
      set_malformed (error);
      return NULL;
    }

  node = json_array_get_element (array, 0);
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING
      || strlen (json_node_get_string (node)) > ALCOVE_SOCKETIO_MAX_EVENT)
    {
      set_malformed (error);
      return NULL;
    }

  *name = json_node_get_string (node);
  return json_array_ref (array);
}

/**
 * alcove_socketio_event_format:
 * @name: the name of the event
 * @argument: (nullable) (transfer none): its one argument
 *
 * Returns: (transfer full): the JSON text of the event
 */
char *
alcove_socketio_event_format (const char *name,
                              JsonNode *argument)
{
  g_autoptr (JsonArray) array = json_array_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_ARRAY);

  json_array_add_string_element (array, name);
  if (argument != NULL)
    json_array_add_element (array, json_node_copy (argument));
  json_node_set_array (node, array);
  return alcove_json_to_text (node);
}

/**
 * alcove_socketio_packet_read_refusal:
 * @self: a packet with which the server refused the namespace
 *
 * Returns: (transfer full): %ALCOVE_ERROR_FAILED with what the server says, cut to a
 *   length that can be shown
 */
GError *
alcove_socketio_packet_read_refusal (const AlcoveSocketioPacket *self)
{
  g_autofree char *reason = read_reason (self->data);

  if (reason != NULL && *reason != '\0')
    return g_error_new (ALCOVE_ERROR, ALCOVE_ERROR_FAILED, _ ("The server let nobody in: “%s”."),
                        reason);

  return g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_FAILED,
                              _ ("The server let nobody in, and did not say why."));
}
