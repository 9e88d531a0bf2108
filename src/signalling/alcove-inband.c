/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-inband"

#include "config.h"

#include "alcove-inband.h"

#include <string.h>

#include "alcove-inband-pairs.h"
#include "alcove-json.h"

/*
 * The codec of what Alcoves tell each other on their own data channel:
 * one JSON object a message, its `kind` names it. Unknown kinds and members are
 * passed over, so that a later Alcove may say more.
 */

static const char *const kinds[] = {
  [ALCOVE_INBAND_UNKNOWN] = NULL,      [ALCOVE_INBAND_HELLO] = "hello",
  [ALCOVE_INBAND_STATE] = "state",     [ALCOVE_INBAND_HEARTBEAT] = "heartbeat",
  [ALCOVE_INBAND_CHAT] = "chat",       [ALCOVE_INBAND_BYE] = "bye",
  [ALCOVE_INBAND_MOVED] = "moved",     [ALCOVE_INBAND_PAIRS] = "pairs",
  [ALCOVE_INBAND_SIZE] = "size",
};

/* The direction controls would let one person's text change how another's reads. */
static gboolean
is_hostile (gunichar c)
{
  return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static char *
clean (const char *text,
       gsize max_length,
       gboolean keep_lines)
{
  g_autoptr (GString) result = g_string_new (NULL);

  if (text == NULL || !g_utf8_validate (text, -1, NULL))
    return NULL;

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);
      gsize size = (gsize) (g_utf8_next_char (at) - at);

      if (result->len + size > max_length)
        break;
      if (keep_lines && (c == '\n' || c == '\t'))
        g_string_append_unichar (result, c);
      else if (!g_unichar_iscntrl (c) && !is_hostile (c)
               && (keep_lines || (c != 0x2028 && c != 0x2029)))
        g_string_append_unichar (result, c);
    }

  g_strstrip (result->str);
  if (*result->str == '\0')
    return NULL;
  return g_strdup (result->str);
}

static void
add_string (JsonObject *object,
            const char *member,
            const char *value)
{
  if (value != NULL)
    json_object_set_string_member (object, member, value);
}

/**
 * alcove_inband_clean_name:
 * @name: (nullable): a name from a stranger or a person, any bytes
 *
 * Makes a name that can be shown: one line, without control characters, trimmed, at most
 * %ALCOVE_INBAND_MAX_NAME bytes.
 *
 * Returns: (transfer full) (nullable): the name, or %NULL if nothing is left
 */
char *
alcove_inband_clean_name (const char *name)
{
  return clean (name, ALCOVE_INBAND_MAX_NAME, FALSE);
}

/**
 * alcove_inband_clean_chat:
 * @text: (nullable): chat from a stranger or a person, any bytes
 *
 * Makes chat that can be shown: plain text with line ends, without other
 * control characters, at most %ALCOVE_INBAND_MAX_CHAT bytes.
 *
 * Returns: (transfer full) (nullable): the text, or %NULL if nothing is left
 */
char *
alcove_inband_clean_chat (const char *text)
{
  return clean (text, ALCOVE_INBAND_MAX_CHAT, TRUE);
}

/**
 * alcove_inband_encode:
 * @message: a message of a known kind
 *
 * Returns: (transfer full) (nullable): its text, or %NULL if no channel would carry it or it
 *   says nothing
 */
char *
alcove_inband_encode (const AlcoveInbandMessage *message)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonObject) object = json_object_new ();
  g_autofree char *text = NULL;
  guint n_pairs = message->pairs != NULL ? MIN (message->pairs->len, ALCOVE_PAIR_MAX) : 0;

  if (message->kind <= ALCOVE_INBAND_UNKNOWN || message->kind >= G_N_ELEMENTS (kinds))
    return NULL;

  json_object_set_string_member (object, "kind", kinds[message->kind]);
  switch (message->kind)
    {
    case ALCOVE_INBAND_HELLO:
      json_object_set_int_member (object, "version", message->version);
      add_string (object, "id", message->id);
      add_string (object, "peer", message->peer);
      G_GNUC_FALLTHROUGH;
    case ALCOVE_INBAND_STATE:
      add_string (object, "name", message->name);
      json_object_set_boolean_member (object, "muted", message->muted);
      json_object_set_boolean_member (object, "camera_off", message->camera_off);
      if (message->sharing)
        json_object_set_boolean_member (object, "sharing", TRUE);
      if (message->recording)
        json_object_set_boolean_member (object, "recording", TRUE);
      break;
    case ALCOVE_INBAND_HEARTBEAT:
      json_object_set_int_member (object, "sequence", message->sequence);
      break;
    case ALCOVE_INBAND_CHAT:
      if (message->text == NULL)
        return NULL;
      add_string (object, "text", message->text);
      break;
    case ALCOVE_INBAND_MOVED:
      add_string (object, "id", message->id);
      break;
    case ALCOVE_INBAND_PAIRS:
      if (message->pairs == NULL)
        return NULL;
      alcove_inband_pairs_write (object, message->pairs, n_pairs);
      break;
    case ALCOVE_INBAND_SIZE:
      json_object_set_int_member (object, "width", message->width);
      json_object_set_int_member (object, "height", message->height);
      break;
    case ALCOVE_INBAND_BYE:
    case ALCOVE_INBAND_UNKNOWN:
    default:
      break;
    }

  json_node_set_object (root, object);
  text = alcove_json_to_text (root);
  /* ids may be long: who does not fit is not known to the other side */
  while (strlen (text) > ALCOVE_INBAND_MAX_MESSAGE && n_pairs > 0)
    {
      n_pairs /= 2;
      alcove_inband_pairs_write (object, message->pairs, n_pairs);
      g_free (text);
      text = alcove_json_to_text (root);
    }
  return strlen (text) <= ALCOVE_INBAND_MAX_MESSAGE ? g_steal_pointer (&text) : NULL;
}

static void
read_state (AlcoveInbandMessage *self,
            JsonObject *object)
{
  const char *name = NULL;

  if (alcove_json_get_string (object, "name", ALCOVE_INBAND_MAX_MESSAGE, &name, NULL))
    self->name = alcove_inband_clean_name (name);
  alcove_json_get_boolean (object, "muted", &self->muted, NULL);
  alcove_json_get_boolean (object, "camera_off", &self->camera_off, NULL);
  alcove_json_get_boolean (object, "sharing", &self->sharing, NULL);
  alcove_json_get_boolean (object, "recording", &self->recording, NULL);
}

/* A wall may be larger than anything we know: it gets the largest there is. */
static gboolean
read_side (JsonObject *object,
           const char *member,
           int *side,
           GError **error)
{
  gint64 number = 0;

  if (!alcove_json_get_int (object, member, 0, G_MAXINT, &number, error))
    return FALSE;

  *side = (int) MIN (number, ALCOVE_INBAND_MAX_SIDE);
  return TRUE;
}

/**
 * alcove_inband_decode:
 * @text: a message from the peer, any bytes
 * @error: return location for an error
 *
 * Reads a message. Members that are missing or of a wrong type keep their
 * default, except the text of chat, the id of who moved, the list of pairs and a size; an
 * unknown kind is no error.
 *
 * Errors: %ALCOVE_ERROR_MALFORMED, %ALCOVE_ERROR_TOO_LARGE.
 *
 * Returns: (transfer full) (nullable): the message, or %NULL
 */
AlcoveInbandMessage *
alcove_inband_decode (const char *text,
                      GError **error)
{
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (AlcoveInbandMessage) self = g_new0 (AlcoveInbandMessage, 1);
  JsonObject *object;
  const char *value = NULL;
  gint64 number = 1;

  root = alcove_json_parse (text, -1, ALCOVE_INBAND_MAX_MESSAGE, error);
  if (root == NULL)
    return NULL;
  object = alcove_json_node_get_object (root, error);
  if (object == NULL || !alcove_json_get_string (object, "kind", 64, &value, error))
    return NULL;

  for (guint i = 1; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (value, kinds[i]))
      self->kind = (AlcoveInbandKind) i;

  switch (self->kind)
    {
    case ALCOVE_INBAND_HELLO:
      alcove_json_get_int (object, "version", 1, G_MAXINT, &number, NULL);
      self->version = (guint) number;
      if (alcove_json_get_string (object, "id", ALCOVE_INBAND_MAX_ID, &value, NULL))
        self->id = g_strdup (value);
      if (alcove_json_get_string (object, "peer", ALCOVE_INBAND_MAX_ID, &value, NULL))
        self->peer = g_strdup (value);
      read_state (self, object);
      break;
    case ALCOVE_INBAND_STATE:
      read_state (self, object);
      break;
    case ALCOVE_INBAND_HEARTBEAT:
      number = 0;
      alcove_json_get_int (object, "sequence", 0, G_MAXUINT, &number, NULL);
      self->sequence = (guint) number;
      break;
    case ALCOVE_INBAND_CHAT:
      if (!alcove_json_get_string (object, "text", ALCOVE_INBAND_MAX_CHAT, &value, error))
        return NULL;
      self->text = alcove_inband_clean_chat (value);
      break;
    case ALCOVE_INBAND_MOVED:
      if (!alcove_json_get_string (object, "id", ALCOVE_INBAND_MAX_ID, &value, error))
        return NULL;
      self->id = g_strdup (value);
      break;
    case ALCOVE_INBAND_PAIRS:
      self->pairs = alcove_inband_pairs_read (object, error);
      if (self->pairs == NULL)
        return NULL;
      break;
    case ALCOVE_INBAND_SIZE:
      if (!read_side (object, "width", &self->width, error)
          || !read_side (object, "height", &self->height, error))
        return NULL;
      break;
    case ALCOVE_INBAND_BYE:
    case ALCOVE_INBAND_UNKNOWN:
    default:
      break;
    }

  return g_steal_pointer (&self);
}

/**
 * alcove_inband_message_free:
 * @self: (nullable) (transfer full): a message
 */
void
alcove_inband_message_free (AlcoveInbandMessage *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_free (self->text);
  g_free (self->id);
  g_free (self->peer);
  g_clear_pointer (&self->pairs, g_ptr_array_unref);
  g_free (self);
}
