/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-rtcsignal-codec"

#include "config.h"

#include "alcove-rtcsignal-codec.h"

#include <string.h>

#include <glib/gi18n.h>

#include "alcove-error.h"
#include "alcove-json.h"
#include "alcove-socketio-codec.h"

/*
 * RTCSignalServer on the wire: events of Socket.IO. The argument of `join-room` and
 * `leave-room` is a text with JSON in it, that of `user-joined` and `user-left` a bare id,
 * that of `broadcast` an object whose `msgType` says what it is. One argument too many, or
 * one of the wrong type, and the original server is deaf to that client for good: what is
 * encoded here has exactly one.
 */

#define EVENT_JOIN "join-room"
#define EVENT_LEAVE "leave-room"
#define EVENT_JOINED "user-joined"
#define EVENT_LEFT "user-left"
#define EVENT_BROADCAST "broadcast"

typedef struct {
  AlcoveRtcsignalKind kind;
  int msg_type;
} BroadcastType;

static const BroadcastType broadcast_types[] = {
  { ALCOVE_RTCSIGNAL_OFFER, 1 },   { ALCOVE_RTCSIGNAL_ANSWER, 2 },
  { ALCOVE_RTCSIGNAL_CANDIDATE, 3 }, { ALCOVE_RTCSIGNAL_HANG_UP, 4 },
  { ALCOVE_RTCSIGNAL_PRESENCE, 16 },
};

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
  return alcove_json_dup_text (object, member, ALCOVE_RTCSIGNAL_MAX_ID, value, error);
}

/* null and the empty text count as nothing */
static gboolean
read_optional_id (JsonObject *object,
                  const char *member,
                  char **value,
                  GError **error)
{
  const char *text;

  if (!alcove_json_has_value (object, member))
    return TRUE;
  if (!alcove_json_get_string (object, member, ALCOVE_RTCSIGNAL_MAX_ID, &text, error))
    return FALSE;

  *value = *text != '\0' ? g_strdup (text) : NULL;
  return TRUE;
}

static gboolean
is_text (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING;
}

/* JSON within a text; the object itself is taken, too. */
static gboolean
read_membership (JsonNode *argument,
                 AlcoveRtcsignalMessage *self,
                 GError **error)
{
  g_autoptr (JsonNode) inner = NULL;
  JsonObject *object;
  const char *room;

  if (is_text (argument))
    {
      inner = alcove_json_parse (json_node_get_string (argument), -1, ALCOVE_RTCSIGNAL_MAX_JOIN,
                                 error);
      if (inner == NULL)
        return FALSE;
      argument = inner;
    }

  object = alcove_json_node_get_object (argument, error);
  if (object == NULL || !read_id (object, "userId", &self->user, error))
    return FALSE;

  /* Without a name it is the room without a name. */
  room = "";
  if (alcove_json_has_value (object, "roomName")
      && !alcove_json_get_string (object, "roomName", ALCOVE_RTCSIGNAL_MAX_ROOM, &room, error))
    return FALSE;

  self->room = g_strdup (room);
  return TRUE;
}

static gboolean
read_user (JsonNode *argument,
           AlcoveRtcsignalMessage *self,
           GError **error)
{
  if (!is_text (argument) || strlen (json_node_get_string (argument)) > ALCOVE_RTCSIGNAL_MAX_ID)
    return fail ("userId", error);

  self->user = g_strdup (json_node_get_string (argument));
  return TRUE;
}

static gboolean
read_description (JsonObject *object,
                  AlcoveRtcsignalMessage *self,
                  GError **error)
{
  return alcove_json_dup_text (object, "sdp", ALCOVE_RTCSIGNAL_MAX_MESSAGE, &self->sdp, error);
}

static gboolean
read_candidate (JsonObject *object,
                AlcoveRtcsignalMessage *self,
                GError **error)
{
  const char *text;
  gint64 number;

  if (!alcove_json_get_string (object, "candidate", ALCOVE_RTCSIGNAL_MAX_CANDIDATE, &text, error))
    return FALSE;
  self->candidate = g_strdup (text);

  if (alcove_json_has_value (object, "id"))
    {
      if (!alcove_json_get_string (object, "id", ALCOVE_RTCSIGNAL_MAX_MID, &text, error))
        return FALSE;
      self->mid = *text != '\0' ? g_strdup (text) : NULL;
    }

  /* either of the two says where it belongs */
  if (self->mid != NULL && !alcove_json_has_value (object, "label"))
    return TRUE;
  if (!alcove_json_get_int (object, "label", 0, ALCOVE_RTCSIGNAL_MAX_LABEL, &number, error))
    return FALSE;

  self->label = (int) number;
  return TRUE;
}

static AlcoveRtcsignalKind
find_kind (gint64 msg_type)
{
  for (gsize i = 0; i < G_N_ELEMENTS (broadcast_types); i++)
    if (broadcast_types[i].msg_type == msg_type)
      return broadcast_types[i].kind;

  return ALCOVE_RTCSIGNAL_OTHER;
}

/* The server passes on whatever it is given, so that anything may be in here. */
static gboolean
read_broadcast (JsonNode *argument,
                gboolean from_client,
                AlcoveRtcsignalMessage *self,
                GError **error)
{
  JsonObject *object = alcove_json_node_get_object (argument, error);
  gint64 msg_type;

  if (object == NULL
      || !alcove_json_get_int (object, "msgType", G_MININT64, G_MAXINT64, &msg_type, error))
    return FALSE;

  /* a server of ours knows by itself who speaks */
  if (!read_id (object, "userId", &self->user, from_client ? NULL : error) && !from_client)
    return FALSE;

  if (!read_optional_id (object, "targetUserId", &self->target, error))
    return FALSE;

  self->kind = find_kind (msg_type);
  switch (self->kind)
    {
    case ALCOVE_RTCSIGNAL_OFFER:
    case ALCOVE_RTCSIGNAL_ANSWER:
      return read_description (object, self, error);
    case ALCOVE_RTCSIGNAL_CANDIDATE:
      return read_candidate (object, self, error);
    case ALCOVE_RTCSIGNAL_PRESENCE:
      return read_optional_id (object, "formerUserId", &self->former, error);
    case ALCOVE_RTCSIGNAL_OTHER:
      self->msg_type = msg_type;
      return TRUE;
    default:
      return TRUE;
    }
}

static AlcoveRtcsignalKind
find_event (const char *name,
            gboolean from_client)
{
  if (strcmp (name, EVENT_BROADCAST) == 0)
    return ALCOVE_RTCSIGNAL_OTHER;
  if (strcmp (name, from_client ? EVENT_JOIN : EVENT_JOINED) == 0)
    return from_client ? ALCOVE_RTCSIGNAL_JOIN_ROOM : ALCOVE_RTCSIGNAL_USER_JOINED;
  if (strcmp (name, from_client ? EVENT_LEAVE : EVENT_LEFT) == 0)
    return from_client ? ALCOVE_RTCSIGNAL_LEAVE_ROOM : ALCOVE_RTCSIGNAL_USER_LEFT;

  return ALCOVE_RTCSIGNAL_UNKNOWN;
}

/**
 * alcove_rtcsignal_is_client_event:
 * @text: an event of a stranger, as JSON text
 *
 * Returns: whether it has one of the names that clients of this protocol use, whatever else
 *   may be wrong with it
 */
gboolean
alcove_rtcsignal_is_client_event (const char *text)
{
  g_autoptr (JsonArray) event = NULL;
  const char *name;

  event = alcove_socketio_event_parse (text, &name, NULL);
  return event != NULL && find_event (name, TRUE) != ALCOVE_RTCSIGNAL_UNKNOWN;
}

/**
 * alcove_rtcsignal_message_new:
 * @kind: what it is
 * @user: (nullable): who it is about, or who sends it
 *
 * Makes a message whose other members are unset: pointers are %NULL and numbers -1.
 *
 * Returns: (transfer full): a new message
 */
AlcoveRtcsignalMessage *
alcove_rtcsignal_message_new (AlcoveRtcsignalKind kind,
                              const char *user)
{
  AlcoveRtcsignalMessage *self = g_new0 (AlcoveRtcsignalMessage, 1);

  self->kind = kind;
  self->user = g_strdup (user);
  self->msg_type = -1;
  self->label = -1;
  return self;
}

/**
 * alcove_rtcsignal_message_free:
 * @self: (transfer full): a message
 *
 * Frees @self and all that it holds.
 */
void
alcove_rtcsignal_message_free (AlcoveRtcsignalMessage *self)
{
  g_free (self->user);
  g_free (self->room);
  g_free (self->target);
  g_free (self->former);
  g_free (self->sdp);
  g_free (self->mid);
  g_free (self->candidate);
  g_clear_pointer (&self->data, json_node_unref);
  g_free (self);
}

/**
 * alcove_rtcsignal_message_decode:
 * @text: an event of a stranger, as JSON text
 * @from_client: whether a client sent it; a server otherwise
 * @error: return location for an error
 *
 * Reads one event within the bounds of this header. A well-formed event that nobody knows
 * (also one that only the other side may say) is no error but %ALCOVE_RTCSIGNAL_UNKNOWN.
 * Arguments behind the first are not looked at.
 *
 * Errors: %ALCOVE_ERROR_TOO_LARGE, %ALCOVE_ERROR_MALFORMED.
 *
 * Returns: (transfer full): the message, or %NULL
 */
AlcoveRtcsignalMessage *
alcove_rtcsignal_message_decode (const char *text,
                                 gboolean from_client,
                                 GError **error)
{
  g_autoptr (AlcoveRtcsignalMessage) self = NULL;
  g_autoptr (JsonArray) event = NULL;
  gboolean read;
  const char *name;

  if (strnlen (text, ALCOVE_RTCSIGNAL_MAX_MESSAGE + 1) > ALCOVE_RTCSIGNAL_MAX_MESSAGE)
    {
      g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_TOO_LARGE,
                           _ ("A message was over the limit."));
      return NULL;
    }

  event = alcove_socketio_event_parse (text, &name, error);
  if (event == NULL)
    return NULL;

  self = alcove_rtcsignal_message_new (find_event (name, from_client), NULL);
  if (self->kind == ALCOVE_RTCSIGNAL_UNKNOWN)
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
  if (self->kind == ALCOVE_RTCSIGNAL_OTHER)
    read = read_broadcast (self->data, from_client, self, error);
  else if (from_client)
    read = read_membership (self->data, self, error);
  else
    read = read_user (self->data, self, error);

  return read ? g_steal_pointer (&self) : NULL;
}

static void
write_text (JsonObject *object,
            const char *member,
            const char *value)
{
  if (value != NULL)
    json_object_set_string_member (object, member, value);
}

static char *
format_text (const char *event,
             const char *text)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_VALUE);

  json_node_set_string (node, text);
  return alcove_socketio_event_format (event, node);
}

static char *
format_membership (const AlcoveRtcsignalMessage *self)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *inner = NULL;

  write_text (object, "userId", self->user);
  write_text (object, "roomName", self->room);
  json_node_set_object (node, object);
  inner = alcove_json_to_text (node);
  return format_text (self->kind == ALCOVE_RTCSIGNAL_JOIN_ROOM ? EVENT_JOIN : EVENT_LEAVE, inner);
}

static char *
format_broadcast (JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_node_set_object (node, object);
  return alcove_socketio_event_format (EVENT_BROADCAST, node);
}

static gint64
find_msg_type (const AlcoveRtcsignalMessage *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (broadcast_types); i++)
    if (broadcast_types[i].kind == self->kind)
      return broadcast_types[i].msg_type;

  return self->msg_type;
}

static char *
write_broadcast (const AlcoveRtcsignalMessage *self)
{
  g_autoptr (JsonObject) object = json_object_new ();

  write_text (object, "userId", self->user);
  json_object_set_int_member (object, "msgType", find_msg_type (self));
  write_text (object, "sdp", self->sdp);
  write_text (object, "id", self->mid);
  if (self->label >= 0)
    json_object_set_int_member (object, "label", self->label);
  write_text (object, "candidate", self->candidate);
  write_text (object, "formerUserId", self->former);
  write_text (object, "targetUserId", self->target);
  alcove_json_copy_members (object, self->data);
  return format_broadcast (object);
}

/**
 * alcove_rtcsignal_message_encode:
 * @self: a message
 *
 * Writes @self as the JSON text of one event.
 *
 * Returns: (transfer full): the text
 */
char *
alcove_rtcsignal_message_encode (const AlcoveRtcsignalMessage *self)
{
  switch (self->kind)
    {
    case ALCOVE_RTCSIGNAL_JOIN_ROOM:
    case ALCOVE_RTCSIGNAL_LEAVE_ROOM:
      return format_membership (self);
    case ALCOVE_RTCSIGNAL_USER_JOINED:
      return format_text (EVENT_JOINED, self->user);
    case ALCOVE_RTCSIGNAL_USER_LEFT:
      return format_text (EVENT_LEFT, self->user);
    case ALCOVE_RTCSIGNAL_UNKNOWN:
      return self->data != NULL ? alcove_json_to_text (self->data) : g_strdup ("[]");
    case ALCOVE_RTCSIGNAL_OFFER:
    case ALCOVE_RTCSIGNAL_ANSWER:
    case ALCOVE_RTCSIGNAL_CANDIDATE:
    case ALCOVE_RTCSIGNAL_HANG_UP:
    case ALCOVE_RTCSIGNAL_PRESENCE:
    case ALCOVE_RTCSIGNAL_OTHER:
    default:
      return write_broadcast (self);
    }
}

/**
 * alcove_rtcsignal_message_forward:
 * @self: a decoded broadcast of a client
 * @user: who sent it
 *
 * Writes @self as it came, but with its real sender.
 *
 * Returns: (transfer full): the JSON text of the event
 */
char *
alcove_rtcsignal_message_forward (const AlcoveRtcsignalMessage *self,
                                  const char *user)
{
  g_autoptr (JsonObject) object = json_object_new ();

  json_object_set_string_member (object, "userId", user);
  alcove_json_copy_members (object, self->data);
  return format_broadcast (object);
}
