/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-webrtcroom-codec"

#include "config.h"

#include "alcove-webrtcroom-codec.h"

#include <string.h>

#include <glib/gi18n.h>

#include "alcove-error.h"
#include "alcove-json.h"
#include "alcove-socketio-codec.h"

/*
 * WebRtcRoomServer on the wire: events of Socket.IO with one object each. Descriptions are
 * bare text, whose type follows from the event's name; in a candidate the member `sdp` is
 * the candidate. The interface text calls `sdpMLineIndex` a text, and all clients send a
 * number.
 */

typedef struct {
  AlcoveWebrtcroomKind kind;
  const char *name;
  gboolean from_client;
  gboolean from_server;
} Event;

static const Event events[] = {
  { ALCOVE_WEBRTCROOM_CREATE, "createAndJoinRoom", TRUE, FALSE },
  { ALCOVE_WEBRTCROOM_CREATED, "created", FALSE, TRUE },
  { ALCOVE_WEBRTCROOM_JOINED, "joined", FALSE, TRUE },
  { ALCOVE_WEBRTCROOM_OFFER, "offer", TRUE, TRUE },
  { ALCOVE_WEBRTCROOM_ANSWER, "answer", TRUE, TRUE },
  { ALCOVE_WEBRTCROOM_CANDIDATE, "candidate", TRUE, TRUE },
  { ALCOVE_WEBRTCROOM_EXIT, "exit", TRUE, TRUE },
};

static AlcoveWebrtcroomKind
find_kind (const char *name,
           gboolean from_client)
{
  for (gsize i = 0; i < G_N_ELEMENTS (events); i++)
    if (strcmp (events[i].name, name) == 0
        && (from_client ? events[i].from_client : events[i].from_server))
      return events[i].kind;

  return ALCOVE_WEBRTCROOM_UNKNOWN;
}

static const char *
find_name (AlcoveWebrtcroomKind kind)
{
  for (gsize i = 0; i < G_N_ELEMENTS (events); i++)
    if (events[i].kind == kind)
      return events[i].name;

  return NULL;
}

static gboolean
fail (const char *member,
      GError **error)
{
  g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED, _ ("A message had no usable “%s”."),
               member);
  return FALSE;
}

static gboolean
read_id (JsonObject *object,
         const char *member,
         char **value,
         GError **error)
{
  return alcove_json_dup_text (object, member, ALCOVE_WEBRTCROOM_MAX_ID, value, error);
}

/* The server takes texts, empty ones too, numbers, null and nothing at all. */
static gboolean
read_room (JsonObject *object,
           AlcoveWebrtcroomMessage *self,
           GError **error)
{
  JsonNode *node = json_object_get_member (object, "room");

  if (node == NULL)
    return TRUE;

  if (!JSON_NODE_HOLDS_NULL (node))
    {
      GType type = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;

      if (type != G_TYPE_STRING && type != G_TYPE_INT64)
        return fail ("room", error);
      if (type == G_TYPE_STRING
          && strlen (json_node_get_string (node)) > ALCOVE_WEBRTCROOM_MAX_ROOM)
        return fail ("room", error);
    }

  self->room = json_node_copy (node);
  return TRUE;
}

static gboolean
read_peers (JsonObject *object,
            AlcoveWebrtcroomMessage *self,
            GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *array;

  if (!alcove_json_get_array (object, "peers", ALCOVE_WEBRTCROOM_MAX_PEERS, &array, error))
    return FALSE;

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *peer = alcove_json_node_get_object (json_array_get_element (array, i), error);
      g_autofree char *id = NULL;

      if (peer == NULL || !read_id (peer, "id", &id, error))
        return FALSE;
      g_strv_builder_add (builder, id);
    }

  self->peers = g_strv_builder_end (builder);
  return TRUE;
}

static gboolean
read_description (JsonObject *object,
                  AlcoveWebrtcroomMessage *self,
                  GError **error)
{
  JsonNode *node = json_object_get_member (object, "sdp");

  if (node == NULL
      || !(JSON_NODE_HOLDS_OBJECT (node)
           || (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)))
    return fail ("sdp", error);

  self->sdp = json_node_copy (node);
  return TRUE;
}

static gboolean
read_candidate (JsonObject *object,
                AlcoveWebrtcroomMessage *self,
                GError **error)
{
  JsonObject *inner;
  const char *text;
  gint64 number;

  if (!alcove_json_get_object (object, "candidate", &inner, error)
      || !alcove_json_get_string (inner, "sdp", ALCOVE_WEBRTCROOM_MAX_CANDIDATE, &text, error))
    return FALSE;
  self->candidate = g_strdup (text);

  if (alcove_json_has_value (inner, "sdpMid"))
    {
      if (!alcove_json_get_string (inner, "sdpMid", ALCOVE_WEBRTCROOM_MAX_MID, &text, error))
        return FALSE;
      self->mid = *text != '\0' ? g_strdup (text) : NULL;
    }

  /* either of the two says where it belongs */
  if (self->mid != NULL && !alcove_json_has_value (inner, "sdpMLineIndex"))
    return TRUE;
  if (!alcove_json_get_int (inner, "sdpMLineIndex", 0, ALCOVE_WEBRTCROOM_MAX_MLINE, &number, error))
    return FALSE;

  self->mline_index = (int) number;
  return TRUE;
}

static gboolean
read_end (JsonObject *object,
          const char *member,
          gboolean needed,
          char **value,
          GError **error)
{
  return read_id (object, member, value, needed ? error : NULL) || !needed;
}

/* The server knows the sender by itself, and whom a message has reached needs no target. */
static gboolean
read_ends (JsonObject *object,
           gboolean from_client,
           AlcoveWebrtcroomMessage *self,
           GError **error)
{
  return read_end (object, "from", !from_client, &self->from, error)
         && read_end (object, "to", from_client, &self->to, error);
}

static gboolean
read_argument (JsonObject *object,
               gboolean from_client,
               AlcoveWebrtcroomMessage *self,
               GError **error)
{
  if (!read_room (object, self, error))
    return FALSE;

  switch (self->kind)
    {
    case ALCOVE_WEBRTCROOM_CREATED:
      return read_id (object, "id", &self->id, error) && read_peers (object, self, error);
    case ALCOVE_WEBRTCROOM_JOINED:
      return read_id (object, "id", &self->id, error);
    case ALCOVE_WEBRTCROOM_OFFER:
    case ALCOVE_WEBRTCROOM_ANSWER:
      return read_ends (object, from_client, self, error)
             && read_description (object, self, error);
    case ALCOVE_WEBRTCROOM_CANDIDATE:
      return read_ends (object, from_client, self, error)
             && read_candidate (object, self, error);
    case ALCOVE_WEBRTCROOM_EXIT:
      return read_end (object, "from", !from_client, &self->from, error);
    case ALCOVE_WEBRTCROOM_CREATE:
    case ALCOVE_WEBRTCROOM_UNKNOWN:
    default:
      return TRUE;
    }
}

/**
 * alcove_webrtcroom_is_client_event:
 * @text: an event of a stranger, as JSON text
 *
 * Returns: whether it has one of the names that clients of this protocol use, whatever else
 *   may be wrong with it
 */
gboolean
alcove_webrtcroom_is_client_event (const char *text)
{
  g_autoptr (JsonArray) event = NULL;
  const char *name;

  event = alcove_socketio_event_parse (text, &name, NULL);
  return event != NULL && find_kind (name, TRUE) != ALCOVE_WEBRTCROOM_UNKNOWN;
}

/**
 * alcove_webrtcroom_message_new:
 * @kind: what it is
 *
 * Makes a message whose other members are unset: pointers are %NULL and numbers -1.
 *
 * Returns: (transfer full): a new message
 */
AlcoveWebrtcroomMessage *
alcove_webrtcroom_message_new (AlcoveWebrtcroomKind kind)
{
  AlcoveWebrtcroomMessage *self = g_new0 (AlcoveWebrtcroomMessage, 1);

  self->kind = kind;
  self->mline_index = -1;
  return self;
}

/**
 * alcove_webrtcroom_message_free:
 * @self: (transfer full): a message
 *
 * Frees @self and all that it holds.
 */
void
alcove_webrtcroom_message_free (AlcoveWebrtcroomMessage *self)
{
  g_clear_pointer (&self->room, json_node_unref);
  g_free (self->id);
  g_strfreev (self->peers);
  g_free (self->from);
  g_free (self->to);
  g_clear_pointer (&self->sdp, json_node_unref);
  g_free (self->mid);
  g_free (self->candidate);
  g_clear_pointer (&self->data, json_node_unref);
  g_free (self);
}

/**
 * alcove_webrtcroom_message_decode:
 * @text: an event of a stranger, as JSON text
 * @from_client: whether a client sent it; a server otherwise
 * @error: return location for an error
 *
 * Reads one event within the bounds of this header. A well-formed event that nobody knows
 * (also one that only the other side may say) is no error but
 * %ALCOVE_WEBRTCROOM_UNKNOWN. Arguments behind the first are not looked at.
 *
 * Errors: %ALCOVE_ERROR_TOO_LARGE, %ALCOVE_ERROR_MALFORMED.
 *
 * Returns: (transfer full): the message, or %NULL
 */
AlcoveWebrtcroomMessage *
alcove_webrtcroom_message_decode (const char *text,
                                  gboolean from_client,
                                  GError **error)
{
  g_autoptr (AlcoveWebrtcroomMessage) self = NULL;
  g_autoptr (JsonArray) event = NULL;
  const char *name;
  JsonObject *object;

  if (strnlen (text, ALCOVE_WEBRTCROOM_MAX_MESSAGE + 1) > ALCOVE_WEBRTCROOM_MAX_MESSAGE)
    {
      g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_TOO_LARGE,
                           _ ("A message was over the limit."));
      return NULL;
    }

  event = alcove_socketio_event_parse (text, &name, error);
  if (event == NULL)
    return NULL;

  self = alcove_webrtcroom_message_new (find_kind (name, from_client));
  if (self->kind == ALCOVE_WEBRTCROOM_UNKNOWN)
    {
      self->data = json_node_new (JSON_NODE_ARRAY);
      json_node_set_array (self->data, event);
      return g_steal_pointer (&self);
    }

  if (json_array_get_length (event) < 2)
    {
      fail (name, error);
      return NULL;
    }

  self->data = json_node_copy (json_array_get_element (event, 1));
  object = alcove_json_node_get_object (self->data, error);
  if (object == NULL || !read_argument (object, from_client, self, error))
    return NULL;

  return g_steal_pointer (&self);
}

static void
write_text (JsonObject *object,
            const char *member,
            const char *value)
{
  if (value != NULL)
    json_object_set_string_member (object, member, value);
}

static void
write_peers (JsonObject *object,
             const AlcoveWebrtcroomMessage *self)
{
  JsonArray *array = json_array_new ();

  for (gsize i = 0; self->peers != NULL && self->peers[i] != NULL; i++)
    {
      JsonObject *peer = json_object_new ();

      json_object_set_string_member (peer, "id", self->peers[i]);
      json_array_add_object_element (array, peer);
    }
  json_object_set_array_member (object, "peers", array);
}

static void
write_candidate (JsonObject *object,
                 const AlcoveWebrtcroomMessage *self)
{
  JsonObject *inner = json_object_new ();

  write_text (inner, "sdpMid", self->mid);
  if (self->mline_index >= 0)
    json_object_set_int_member (inner, "sdpMLineIndex", self->mline_index);
  write_text (inner, "sdp", self->candidate);
  json_object_set_object_member (object, "candidate", inner);
}

static char *
format (AlcoveWebrtcroomKind kind,
        JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_node_set_object (node, object);
  return alcove_socketio_event_format (find_name (kind), node);
}

/**
 * alcove_webrtcroom_message_encode:
 * @self: a message
 *
 * Writes @self as the JSON text of one event.
 *
 * Returns: (transfer full): the text
 */
char *
alcove_webrtcroom_message_encode (const AlcoveWebrtcroomMessage *self)
{
  g_autoptr (JsonObject) object = json_object_new ();

  if (self->kind == ALCOVE_WEBRTCROOM_UNKNOWN)
    return self->data != NULL ? alcove_json_to_text (self->data) : g_strdup ("[]");

  write_text (object, "id", self->id);
  write_text (object, "from", self->from);
  write_text (object, "to", self->to);
  if (self->room != NULL)
    json_object_set_member (object, "room", json_node_copy (self->room));
  if (self->kind == ALCOVE_WEBRTCROOM_CREATED)
    write_peers (object, self);
  if (self->sdp != NULL)
    json_object_set_member (object, "sdp", json_node_copy (self->sdp));
  if (self->candidate != NULL)
    write_candidate (object, self);
  alcove_json_copy_members (object, self->data);
  return format (self->kind, object);
}

/**
 * alcove_webrtcroom_message_forward:
 * @self: a decoded message of a client
 * @from: who sent it
 *
 * Writes @self as it came, but with its real sender.
 *
 * Returns: (transfer full): the JSON text of the event
 */
char *
alcove_webrtcroom_message_forward (const AlcoveWebrtcroomMessage *self,
                                   const char *from)
{
  g_autoptr (JsonObject) object = json_object_new ();

  json_object_set_string_member (object, "from", from);
  alcove_json_copy_members (object, self->data);
  return format (self->kind, object);
}

/**
 * alcove_webrtcroom_message_set_room:
 * @self: a message
 * @room: the room's name
 *
 * Sets `room`, which is informative in all events but `createAndJoinRoom`.
 */
void
alcove_webrtcroom_message_set_room (AlcoveWebrtcroomMessage *self,
                                    const char *room)
{
  g_clear_pointer (&self->room, json_node_unref);
  self->room = json_node_new (JSON_NODE_VALUE);
  json_node_set_string (self->room, room);
}

/**
 * alcove_webrtcroom_message_get_description:
 * @self: an offer or answer
 * @type: (out): what it is
 * @sdp: (out) (transfer none): the session description, owned by @self
 * @error: return location for an error
 *
 * Reads the description: bare text, or, as the relay passes anything, a browser's
 * description object. An object that says to be something else than the event is refused.
 *
 * Errors: %ALCOVE_ERROR_MALFORMED.
 *
 * Returns: whether @type and @sdp were set
 */
gboolean
alcove_webrtcroom_message_get_description (const AlcoveWebrtcroomMessage *self,
                                           AlcoveDescriptionType *type,
                                           const char **sdp,
                                           GError **error)
{
  gboolean offer = self->kind == ALCOVE_WEBRTCROOM_OFFER;
  const char *text;

  if (self->sdp == NULL || (!offer && self->kind != ALCOVE_WEBRTCROOM_ANSWER))
    return fail ("sdp", error);

  if (JSON_NODE_HOLDS_OBJECT (self->sdp))
    {
      JsonObject *object = json_node_get_object (self->sdp);

      if (alcove_json_has_value (object, "type"))
        {
          if (!alcove_json_get_string (object, "type", ALCOVE_WEBRTCROOM_MAX_MID, &text, error))
            return FALSE;
          if (strcmp (text, offer ? "offer" : "answer") != 0)
            return fail ("type", error);
        }
      if (!alcove_json_get_string (object, "sdp", ALCOVE_WEBRTCROOM_MAX_MESSAGE, &text, error))
        return FALSE;
    }
  else
    text = json_node_get_string (self->sdp);

  *type = offer ? ALCOVE_DESCRIPTION_OFFER : ALCOVE_DESCRIPTION_ANSWER;
  *sdp = text;
  return TRUE;
}

/**
 * alcove_webrtcroom_message_set_description:
 * @self: an offer or answer
 * @sdp: the session description, valid UTF-8
 *
 * Sets `sdp` to bare text, the form that all original clients use.
 */
void
alcove_webrtcroom_message_set_description (AlcoveWebrtcroomMessage *self,
                                           const char *sdp)
{
  g_clear_pointer (&self->sdp, json_node_unref);
  self->sdp = json_node_new (JSON_NODE_VALUE);
  json_node_set_string (self->sdp, sdp);
}
