/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-rtcmesh-codec"

#include "config.h"

#include "alcove-rtcmesh-codec.h"

#include <string.h>

#include <glib/gi18n.h>

#include "alcove-error.h"
#include "alcove-json.h"

/*
 * The mesh on the wire: one JSON object a message, told apart by `event`. What
 * clients say to each other is relayed as it is, so both directions look alike.
 */

#define UID_SEGMENT "uid/"
#define ROOM_PREFIX "/room/"

static const struct {
  AlcoveRtcmeshKind kind;
  const char *name;
} events[] = {
  { ALCOVE_RTCMESH_INIT, "init" },     { ALCOVE_RTCMESH_ONLINE, "online" },
  { ALCOVE_RTCMESH_OFFLINE, "offline" }, { ALCOVE_RTCMESH_ROOM, "room" },
  { ALCOVE_RTCMESH_OFFER, "offer" },   { ALCOVE_RTCMESH_ANSWER, "answer" },
  { ALCOVE_RTCMESH_CANDIDATE, "candidate" },
};

static const struct {
  AlcoveRtcmeshChannelKind kind;
  const char *name;
} channel_events[] = {
  { ALCOVE_RTCMESH_CHANNEL_PING, "ping" },       { ALCOVE_RTCMESH_CHANNEL_PONG, "pong" },
  { ALCOVE_RTCMESH_CHANNEL_QUERY, "query" },     { ALCOVE_RTCMESH_CHANNEL_FOUND, "found" },
  { ALCOVE_RTCMESH_CHANNEL_RESOLVE, "resolve" }, { ALCOVE_RTCMESH_CHANNEL_QUIT, "quit" },
};

static gboolean
fail_member (const char *member,
             GError **error)
{
  g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED, _ ("A message had no usable “%s”."),
               member);
  return FALSE;
}

/* Whether a member is there at all; null counts as not there. */
static gboolean
has_member (JsonObject *object,
            const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && !JSON_NODE_HOLDS_NULL (node);
}

static gboolean
read_id (JsonObject *object,
         const char *member,
         char **value,
         GError **error)
{
  const char *text;

  if (!alcove_json_get_string (object, member, ALCOVE_RTCMESH_MAX_ID, &text, error))
    return FALSE;
  if (*text == '\0')
    return fail_member (member, error);

  *value = g_strdup (text);
  return TRUE;
}

static gboolean
add_id (GStrvBuilder *builder,
        JsonNode *node)
{
  const char *id = NULL;

  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    id = json_node_get_string (node);
  if (id == NULL || *id == '\0' || strlen (id) > ALCOVE_RTCMESH_MAX_ID)
    return FALSE;

  g_strv_builder_add (builder, id);
  return TRUE;
}

/* The PHP server removes doubles in a way that leaves holes, and PHP writes a list
 * with holes as an object. */
static gboolean
read_ids (JsonObject *object,
          AlcoveRtcmeshMessage *self,
          GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonNode *node = json_object_get_member (object, "ids");

  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObject *ids = json_node_get_object (node);
      g_autoptr (GList) names = json_object_get_members (ids);

      if (json_object_get_size (ids) > ALCOVE_RTCMESH_MAX_IDS)
        return fail_member ("ids", error);
      for (GList *l = names; l != NULL; l = l->next)
        if (!add_id (builder, json_object_get_member (ids, l->data)))
          return fail_member ("ids", error);
    }
  else
    {
      JsonArray *ids;

      if (!alcove_json_get_array (object, "ids", ALCOVE_RTCMESH_MAX_IDS, &ids, error))
        return FALSE;
      for (guint i = 0; i < json_array_get_length (ids); i++)
        if (!add_id (builder, json_array_get_element (ids, i)))
          return fail_member ("ids", error);
    }

  self->ids = g_strv_builder_end (builder);
  return TRUE;
}

static gboolean
read_room (JsonObject *object,
           AlcoveRtcmeshMessage *self,
           GError **error)
{
  const char *text;

  if (!alcove_json_get_string (object, "room", ALCOVE_RTCMESH_MAX_ROOM, &text, error))
    return FALSE;
  if (*text == '\0')
    return fail_member ("room", error);

  self->room = g_strdup (text);
  return TRUE;
}

static gboolean
read_candidate (AlcoveRtcmeshMessage *self,
                GError **error)
{
  JsonObject *object = alcove_json_node_get_object (self->data, error);
  const char *text;
  gint64 number;

  if (object == NULL
      || !alcove_json_get_string (object, "candidate", ALCOVE_RTCMESH_MAX_CANDIDATE, &text, error))
    return FALSE;
  self->candidate = g_strdup (text);

  /* The Go peer sends an empty one, which means none. */
  if (has_member (object, "sdpMid"))
    {
      if (!alcove_json_get_string (object, "sdpMid", ALCOVE_RTCMESH_MAX_MID, &text, error))
        return FALSE;
      self->sdp_mid = *text != '\0' ? g_strdup (text) : NULL;
    }

  if (has_member (object, "sdpMLineIndex"))
    {
      if (!alcove_json_get_int (object, "sdpMLineIndex", 0, ALCOVE_RTCMESH_MAX_MLINE, &number,
                                error))
        return FALSE;
      self->sdp_mline_index = (int) number;
    }

  if (*self->candidate != '\0' && self->sdp_mid == NULL && self->sdp_mline_index < 0)
    return fail_member ("sdpMLineIndex", error);
  return TRUE;
}

static gboolean
read_relayed (JsonObject *object,
              AlcoveRtcmeshMessage *self,
              GError **error)
{
  JsonNode *node = json_object_get_member (object, "data");

  if (!read_id (object, "from", &self->from, error))
    return FALSE;
  if (has_member (object, "to") && !read_id (object, "to", &self->to, error))
    return FALSE;

  if (node == NULL
      || !(JSON_NODE_HOLDS_OBJECT (node)
           || (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)))
    return fail_member ("data", error);
  self->data = json_node_copy (node);

  return self->kind != ALCOVE_RTCMESH_CANDIDATE || read_candidate (self, error);
}

/**
 * alcove_rtcmesh_message_new:
 * @kind: what it is
 *
 * Makes a message whose other members are unset: pointers are %NULL and the index is -1.
 *
 * Returns: (transfer full): a new message
 */
AlcoveRtcmeshMessage *
alcove_rtcmesh_message_new (AlcoveRtcmeshKind kind)
{
  AlcoveRtcmeshMessage *self = g_new0 (AlcoveRtcmeshMessage, 1);

  self->kind = kind;
  self->sdp_mline_index = -1;
  return self;
}

/**
 * alcove_rtcmesh_message_free:
 * @self: (transfer full): a message
 *
 * Frees @self and all that it holds.
 */
void
alcove_rtcmesh_message_free (AlcoveRtcmeshMessage *self)
{
  g_strfreev (self->ids);
  g_free (self->room);
  g_free (self->id);
  g_free (self->from);
  g_free (self->to);
  g_clear_pointer (&self->data, json_node_unref);
  g_free (self->candidate);
  g_free (self->sdp_mid);
  g_free (self);
}

/**
 * alcove_rtcmesh_message_decode:
 * @text: one WebSocket message of a stranger; need not be valid UTF-8
 * @length: its length in bytes, or -1 if it ends with a zero byte
 * @error: return location for an error
 *
 * Reads one message within the bounds of this header. An object that is no signalling is no
 * error but %ALCOVE_RTCMESH_UNKNOWN, since the servers relay anything. Nothing is
 * checked that only makes sense in a conversation, nor what a description holds.
 *
 * Errors: %ALCOVE_ERROR_TOO_LARGE, %ALCOVE_ERROR_MALFORMED.
 *
 * Returns: (transfer full): the message, or %NULL
 */
AlcoveRtcmeshMessage *
alcove_rtcmesh_message_decode (const char *text,
                               gssize length,
                               GError **error)
{
  g_autoptr (AlcoveRtcmeshMessage) self = NULL;
  g_autoptr (JsonNode) root = NULL;
  JsonObject *object;
  const char *name = NULL;
  gboolean read = TRUE;

  root = alcove_json_parse (text, length, ALCOVE_RTCMESH_MAX_MESSAGE, error);
  if (root == NULL)
    return NULL;

  object = alcove_json_node_get_object (root, error);
  if (object == NULL)
    return NULL;

  self = alcove_rtcmesh_message_new (ALCOVE_RTCMESH_UNKNOWN);
  if (alcove_json_get_string (object, "event", ALCOVE_RTCMESH_MAX_EVENT, &name, NULL))
    for (gsize i = 0; i < G_N_ELEMENTS (events); i++)
      if (strcmp (events[i].name, name) == 0)
        self->kind = events[i].kind;

  /* The library asks another kind of server for events in this way. */
  if (has_member (object, "listen"))
    self->kind = ALCOVE_RTCMESH_UNKNOWN;

  switch (self->kind)
    {
    case ALCOVE_RTCMESH_INIT:
      read = read_ids (object, self, error);
      break;
    case ALCOVE_RTCMESH_ONLINE:
    case ALCOVE_RTCMESH_OFFLINE:
      read = read_id (object, "id", &self->id, error);
      break;
    case ALCOVE_RTCMESH_ROOM:
      read = read_room (object, self, error);
      break;
    case ALCOVE_RTCMESH_OFFER:
    case ALCOVE_RTCMESH_ANSWER:
    case ALCOVE_RTCMESH_CANDIDATE:
      read = read_relayed (object, self, error);
      break;
    case ALCOVE_RTCMESH_UNKNOWN:
    default:
      self->data = json_node_ref (root);
      if (has_member (object, "to"))
        read_id (object, "to", &self->to, NULL);
      break;
    }

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

/**
 * alcove_rtcmesh_message_encode:
 * @self: a message
 *
 * Writes @self as one compact JSON text.
 *
 * Returns: (transfer full): the text for the wire
 */
char *
alcove_rtcmesh_message_encode (const AlcoveRtcmeshMessage *self)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) root = NULL;

  if (self->kind == ALCOVE_RTCMESH_UNKNOWN && self->data != NULL)
    return alcove_json_to_text (self->data);

  for (gsize i = 0; i < G_N_ELEMENTS (events); i++)
    if (events[i].kind == self->kind)
      write_text (object, "event", events[i].name);

  if (self->kind == ALCOVE_RTCMESH_INIT)
    {
      JsonArray *array = json_array_new ();

      for (gsize i = 0; self->ids != NULL && self->ids[i] != NULL; i++)
        json_array_add_string_element (array, self->ids[i]);
      json_object_set_array_member (object, "ids", array);
    }
  write_text (object, "room", self->room);
  write_text (object, "id", self->id);
  write_text (object, "from", self->from);
  write_text (object, "to", self->to);
  if (self->data != NULL)
    json_object_set_member (object, "data", json_node_copy (self->data));

  root = json_node_new (JSON_NODE_OBJECT);
  json_node_set_object (root, object);
  return alcove_json_to_text (root);
}

/**
 * alcove_rtcmesh_message_get_description:
 * @self: an offer or answer
 * @type: (out): what it is
 * @sdp: (out) (transfer none): the session description, owned by @self
 * @error: return location for an error
 *
 * Reads the description out of `data`: a browser's description object, or a bare text. The
 * event says what it is; an object that says something else is refused.
 *
 * Errors: %ALCOVE_ERROR_MALFORMED.
 *
 * Returns: whether @type and @sdp were set
 */
gboolean
alcove_rtcmesh_message_get_description (const AlcoveRtcmeshMessage *self,
                                        AlcoveDescriptionType *type,
                                        const char **sdp,
                                        GError **error)
{
  gboolean offer = self->kind == ALCOVE_RTCMESH_OFFER;
  const char *text;

  if (self->data == NULL || (!offer && self->kind != ALCOVE_RTCMESH_ANSWER))
    return fail_member ("data", error);

  if (JSON_NODE_HOLDS_OBJECT (self->data))
    {
      JsonObject *object = json_node_get_object (self->data);
      const char *name;

      if (has_member (object, "type"))
        {
          if (!alcove_json_get_string (object, "type", ALCOVE_RTCMESH_MAX_EVENT, &name, error))
            return FALSE;
          if (strcmp (name, offer ? "offer" : "answer") != 0)
            return fail_member ("type", error);
        }
      if (!alcove_json_get_string (object, "sdp", ALCOVE_RTCMESH_MAX_MESSAGE, &text, error))
        return FALSE;
    }
  else
    text = json_node_get_string (self->data);

  *type = offer ? ALCOVE_DESCRIPTION_OFFER : ALCOVE_DESCRIPTION_ANSWER;
  *sdp = text;
  return TRUE;
}

static void
take_data (AlcoveRtcmeshMessage *self,
           JsonObject *object)
{
  g_clear_pointer (&self->data, json_node_unref);
  self->data = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (self->data, object);
}

/**
 * alcove_rtcmesh_message_set_description:
 * @self: an offer or answer
 * @type: what it is
 * @sdp: the session description, valid UTF-8
 *
 * Sets `data` to a description object.
 */
void
alcove_rtcmesh_message_set_description (AlcoveRtcmeshMessage *self,
                                        AlcoveDescriptionType type,
                                        const char *sdp)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "type",
                                 type == ALCOVE_DESCRIPTION_OFFER ? "offer" : "answer");
  json_object_set_string_member (object, "sdp", sdp);
  take_data (self, object);
}

/**
 * alcove_rtcmesh_message_set_candidate:
 * @self: a candidate message
 * @mid: (nullable): the media section's mid
 * @mline_index: the media section's index, or -1
 * @candidate: the candidate's text
 *
 * Sets `data` to a browser's candidate object; the index is a number.
 */
void
alcove_rtcmesh_message_set_candidate (AlcoveRtcmeshMessage *self,
                                      const char *mid,
                                      int mline_index,
                                      const char *candidate)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "candidate", candidate);
  write_text (object, "sdpMid", mid);
  if (mline_index >= 0)
    json_object_set_int_member (object, "sdpMLineIndex", mline_index);
  take_data (self, object);

  g_free (self->candidate);
  self->candidate = g_strdup (candidate);
  g_free (self->sdp_mid);
  self->sdp_mid = g_strdup (mid);
  self->sdp_mline_index = mline_index;
}

static gboolean
is_uid (const char *text)
{
  gsize length = strspn (text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");

  return length == ALCOVE_RTCMESH_UID_LENGTH && text[length] == '\0';
}

/**
 * alcove_rtcmesh_find_uid:
 * @path: the path of an address, percent-decoded
 *
 * The original server's rule: the path ends in `uid/` and 36 characters out of
 * letters, digits, `_` and `-`; anything may precede.
 *
 * Returns: (transfer none) (nullable): the id at the end of @path
 */
const char *
alcove_rtcmesh_find_uid (const char *path)
{
  gsize length = strlen (path);
  gsize tail = strlen (UID_SEGMENT) + ALCOVE_RTCMESH_UID_LENGTH;
  const char *uid;

  if (length < tail || strncmp (path + length - tail, UID_SEGMENT, strlen (UID_SEGMENT)) != 0)
    return NULL;

  uid = path + length - ALCOVE_RTCMESH_UID_LENGTH;
  return is_uid (uid) ? uid : NULL;
}

/**
 * alcove_rtcmesh_find_room:
 * @path: the path of an address, percent-decoded, that alcove_rtcmesh_find_uid() finds an id in
 *
 * The protocol has no rooms, but leaves open what stands in front of `uid/`. Alcove's
 * server takes `/room/NAME/uid/UID` as the wish to meet those of other protocols in the
 * room NAME; to all other servers it is an address like any.
 *
 * Returns: (transfer full) (nullable): the name, or %NULL if @path names none
 */
char *
alcove_rtcmesh_find_room (const char *path)
{
  const char *uid = alcove_rtcmesh_find_uid (path);
  const char *name = path + strlen (ROOM_PREFIX);
  const char *end;

  if (uid == NULL || !g_str_has_prefix (path, ROOM_PREFIX))
    return NULL;

  /* without the slash */
  end = uid - strlen (UID_SEGMENT) - 1;
  if (end <= name || *end != '/' || end - name > ALCOVE_RTCMESH_MAX_ROOM)
    return NULL;
  return g_strndup (name, end - name);
}

/**
 * alcove_rtcmesh_build_path:
 * @typed: the path that a person typed: up to and including `uid/`, or without it, or
 *   with somebody's id behind it as copied from a log
 * @uid: our id
 *
 * Returns: (transfer full): the path to connect to
 */
char *
alcove_rtcmesh_build_path (const char *typed,
                           const char *uid)
{
  g_autofree char *prefix = g_strdup (typed);
  const char *other = alcove_rtcmesh_find_uid (prefix);
  gsize length;

  if (other != NULL)
    prefix[other - prefix] = '\0';

  length = strlen (prefix);
  while (length > 0 && prefix[length - 1] == '/')
    prefix[--length] = '\0';
  if (length == 0 || !g_str_has_suffix (prefix, "/uid"))
    return g_strconcat (prefix, "/" UID_SEGMENT, uid, NULL);
  return g_strconcat (prefix, "/", uid, NULL);
}

/**
 * alcove_rtcmesh_classify_text:
 * @text: a text from the data channel; from a stranger
 *
 * Pages show any text as a line of chat, but an object with an event that the later
 * library and the Go peer know is protocol.
 *
 * Returns: what it is
 */
AlcoveRtcmeshChannelKind
alcove_rtcmesh_classify_text (const char *text)
{
  g_autoptr (JsonNode) root = NULL;
  const char *name;

  root = alcove_json_parse (text, -1, ALCOVE_RTCMESH_MAX_MESSAGE, NULL);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root)
      || !alcove_json_get_string (json_node_get_object (root), "event", ALCOVE_RTCMESH_MAX_EVENT,
                                  &name, NULL))
    return ALCOVE_RTCMESH_CHANNEL_CHAT;

  for (gsize i = 0; i < G_N_ELEMENTS (channel_events); i++)
    if (strcmp (channel_events[i].name, name) == 0)
      return channel_events[i].kind;
  return ALCOVE_RTCMESH_CHANNEL_CHAT;
}

static gboolean
read_piece (JsonArray *array,
            AlcoveRtcmeshPiece *self)
{
  const char *id;
  gint64 numbers[2];

  if (json_array_get_length (array) != 3
      || json_node_get_value_type (json_array_get_element (array, 0)) != G_TYPE_STRING)
    return FALSE;
  for (guint i = 0; i < 2; i++)
    {
      JsonNode *node = json_array_get_element (array, i + 1);

      if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
        return FALSE;
      numbers[i] = json_node_get_int (node);
    }

  id = json_array_get_string_element (array, 0);
  if (*id == '\0' || strlen (id) >= sizeof self->id || numbers[0] < 0 || numbers[0] >= numbers[1]
      || numbers[1] > ALCOVE_RTCMESH_MAX_PIECES)
    return FALSE;

  g_strlcpy (self->id, id, sizeof self->id);
  self->index = (guint) numbers[0];
  self->n_pieces = (guint) numbers[1];
  return TRUE;
}

/**
 * alcove_rtcmesh_piece_decode:
 * @self: (out caller-allocates): the header
 * @bytes: a binary message of the data channel; from a stranger
 * @length: how many bytes
 *
 * Reads the header in either of its two forms, told apart by the second byte: 30
 * bytes of ASCII, or, until January 2021, 60 of UTF-16. Anything else is foreign.
 *
 * Returns: whether there is a header
 */
gboolean
alcove_rtcmesh_piece_decode (AlcoveRtcmeshPiece *self,
                             const guint8 *bytes,
                             gsize length)
{
  g_autoptr (JsonNode) root = NULL;
  char text[ALCOVE_RTCMESH_HEADER_LENGTH + 1] = { 0 };
  gboolean wide = length >= 2 && bytes[1] == 0;
  gsize step = wide ? 2 : 1;

  self->header_length = step * ALCOVE_RTCMESH_HEADER_LENGTH;
  if (length < self->header_length)
    return FALSE;

  for (gsize i = 0; i < ALCOVE_RTCMESH_HEADER_LENGTH; i++)
    {
      guint8 byte = bytes[i * step];

      if (byte < 0x20 || byte > 0x7e || (wide && bytes[i * step + 1] != 0))
        return FALSE;
      text[i] = (char) byte;
    }

  root = alcove_json_parse (text, -1, ALCOVE_RTCMESH_HEADER_LENGTH, NULL);
  return root != NULL && JSON_NODE_HOLDS_ARRAY (root)
         && read_piece (json_node_get_array (root), self);
}

/**
 * alcove_rtcmesh_piece_encode:
 * @self: a header; its length is not used
 * @header: (out caller-allocates): the 30 bytes that go before the data
 *
 * Writes the later form. The original library lets a long header overflow, which
 * its receivers cut in the wrong place; this one refuses it.
 *
 * Returns: whether it fits
 */
gboolean
alcove_rtcmesh_piece_encode (const AlcoveRtcmeshPiece *self,
                             char header[ALCOVE_RTCMESH_HEADER_LENGTH])
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_ARRAY);
  g_autofree char *text = NULL;
  JsonArray *array = json_array_new ();
  gsize length;

  json_array_add_string_element (array, self->id);
  json_array_add_int_element (array, self->index);
  json_array_add_int_element (array, self->n_pieces);
  json_node_take_array (root, array);
  text = alcove_json_to_text (root);
  length = strlen (text);
  if (length > ALCOVE_RTCMESH_HEADER_LENGTH || !g_str_is_ascii (text))
    return FALSE;

  memset (header, ' ', ALCOVE_RTCMESH_HEADER_LENGTH);
  memcpy (header, text, length);
  return TRUE;
}
