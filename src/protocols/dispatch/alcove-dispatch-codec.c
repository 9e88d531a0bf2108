/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-dispatch-codec"

#include "config.h"

#include "alcove-dispatch-codec.h"

#include <string.h>

#include <glib/gi18n.h>

#include "alcove-error.h"
#include "alcove-json.h"

/*
 * The dispatch platform on the wire: `{"code": 2001, "value": {…}, "message": "…"}`, all
 * three members always. The original server keeps only what it knows of most
 * messages, but members inside `sdp` survive: there Alcove says who it is.
 */

#define MAX_TYPE 16
#define MARK "alcove"
/* And by which Alcove's server says that somebody speaks another protocol. */
#define FOREIGN "foreign"

static const AlcoveDispatchCode codes[] = {
  ALCOVE_DISPATCH_CREATE,       ALCOVE_DISPATCH_JOIN,           ALCOVE_DISPATCH_OFFER,
  ALCOVE_DISPATCH_ANSWER,       ALCOVE_DISPATCH_GUEST_CANDIDATE, ALCOVE_DISPATCH_ROOT_CANDIDATE,
  ALCOVE_DISPATCH_ROOT_OFFER,   ALCOVE_DISPATCH_CALL,           ALCOVE_DISPATCH_LEAVE,
  ALCOVE_DISPATCH_HANG_UP,      ALCOVE_DISPATCH_CLOSE,          ALCOVE_DISPATCH_REPLY,
  ALCOVE_DISPATCH_ROOM_DELETED, ALCOVE_DISPATCH_FAILURE,
};

/* What the original server writes, and what ours does. */
static const struct {
  AlcoveDispatchReason reason;
  const char *original;
  const char *ours;
} reasons[] = {
  { ALCOVE_DISPATCH_REASON_ROOM_EXISTS, "房间已经存在", "The room exists already" },
  { ALCOVE_DISPATCH_REASON_NO_ROOM, "房间不存在", "There is no such room" },
  { ALCOVE_DISPATCH_REASON_NAME_TAKEN, "用户已经存在", "The user exists already" },
  { ALCOVE_DISPATCH_REASON_NOT_IN_ROOM, "还未加入房间", "You are not in a room" },
};

static gboolean
fail_member (const char *member,
             GError **error)
{
  g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED, _ ("A message had no usable “%s”."),
               member);
  return FALSE;
}

static gboolean
has_member (JsonObject *object,
            const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && !JSON_NODE_HOLDS_NULL (node);
}

static gboolean
holds_text (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING;
}

static gboolean
read_text (JsonObject *object,
           const char *member,
           gsize max_length,
           char **value,
           GError **error)
{
  const char *text;

  if (!alcove_json_get_string (object, member, max_length, &text, error))
    return FALSE;

  *value = g_strdup (text);
  return TRUE;
}

static gboolean
read_username (JsonObject *value,
               AlcoveDispatchMessage *self,
               GError **error)
{
  return read_text (value, "username", ALCOVE_DISPATCH_MAX_NAME, &self->username, error);
}

static gboolean
read_sdp (JsonObject *value,
          AlcoveDispatchMessage *self,
          GError **error)
{
  JsonNode *node = json_object_get_member (value, "sdp");

  if (node == NULL || !(JSON_NODE_HOLDS_OBJECT (node) || holds_text (node)))
    return fail_member ("sdp", error);

  self->sdp = json_node_copy (node);
  return TRUE;
}

/* The seed text shows a bare text, which belongs to the first section then. */
static gboolean
read_candidate (JsonObject *value,
                AlcoveDispatchMessage *self,
                GError **error)
{
  JsonNode *node = json_object_get_member (value, "candidate");
  JsonObject *object;
  gint64 number;

  if (node == NULL || !(JSON_NODE_HOLDS_OBJECT (node) || holds_text (node)))
    return fail_member ("candidate", error);

  self->candidate_node = json_node_copy (node);
  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      self->sdp_mline_index = 0;
      return read_text (value, "candidate", ALCOVE_DISPATCH_MAX_CANDIDATE, &self->candidate, error);
    }

  object = json_node_get_object (node);
  if (!read_text (object, "candidate", ALCOVE_DISPATCH_MAX_CANDIDATE, &self->candidate, error))
    return FALSE;
  if (has_member (object, "sdpMid")
      && !read_text (object, "sdpMid", ALCOVE_DISPATCH_MAX_MID, &self->sdp_mid, error))
    return FALSE;
  if (self->sdp_mid != NULL && *self->sdp_mid == '\0')
    g_clear_pointer (&self->sdp_mid, g_free);
  if (has_member (object, "sdpMLineIndex"))
    {
      if (!alcove_json_get_int (object, "sdpMLineIndex", 0, ALCOVE_DISPATCH_MAX_MLINE, &number,
                                error))
        return FALSE;
      self->sdp_mline_index = (int) number;
    }

  if (*self->candidate != '\0' && self->sdp_mid == NULL && self->sdp_mline_index < 0)
    return fail_member ("sdpMLineIndex", error);
  return TRUE;
}

static gboolean
read_request (JsonObject *value,
              AlcoveDispatchMessage *self,
              GError **error)
{
  switch (self->code)
    {
    case ALCOVE_DISPATCH_CREATE:
      return read_text (value, "room_name", ALCOVE_DISPATCH_MAX_ROOM, &self->room, error);
    case ALCOVE_DISPATCH_JOIN:
      return read_text (value, "room_name", ALCOVE_DISPATCH_MAX_ROOM, &self->room, error)
             && read_username (value, self, error);
    case ALCOVE_DISPATCH_OFFER:
      return read_sdp (value, self, error);
    case ALCOVE_DISPATCH_ANSWER:
    case ALCOVE_DISPATCH_ROOT_OFFER:
      return read_username (value, self, error) && read_sdp (value, self, error);
    case ALCOVE_DISPATCH_GUEST_CANDIDATE:
      return read_candidate (value, self, error);
    case ALCOVE_DISPATCH_ROOT_CANDIDATE:
      return read_username (value, self, error) && read_candidate (value, self, error);
    case ALCOVE_DISPATCH_CALL:
    case ALCOVE_DISPATCH_HANG_UP:
    case ALCOVE_DISPATCH_CLOSE:
      return read_username (value, self, error);
    default:
      return TRUE;
    }
}

static gboolean
read_notice (JsonObject *value,
             AlcoveDispatchMessage *self,
             GError **error)
{
  if (!read_username (value, self, error))
    return FALSE;

  switch (self->code)
    {
    case ALCOVE_DISPATCH_OFFER:
    case ALCOVE_DISPATCH_ANSWER:
    case ALCOVE_DISPATCH_ROOT_OFFER:
      return read_sdp (value, self, error);
    case ALCOVE_DISPATCH_GUEST_CANDIDATE:
    case ALCOVE_DISPATCH_ROOT_CANDIDATE:
      return read_candidate (value, self, error);
    case ALCOVE_DISPATCH_LEAVE:
      return !has_member (value, "lost")
             || alcove_json_get_boolean (value, "lost", &self->lost, error);
    default:
      return TRUE;
    }
}

/* The result is in the value, in the code, or in both. */
static gboolean
read_reply (JsonObject *object,
            AlcoveDispatchMessage *self,
            GError **error)
{
  gint64 number = 0;
  gboolean numeric = alcove_json_get_int (object, "value", G_MININT64, G_MAXINT64, &number, NULL);

  if (self->code == ALCOVE_DISPATCH_CREATE || self->code == ALCOVE_DISPATCH_JOIN)
    {
      if (!numeric)
        return fail_member ("value", error);
      self->succeeded = number == ALCOVE_DISPATCH_REPLY;
    }
  else
    self->succeeded = self->code == ALCOVE_DISPATCH_REPLY && number != ALCOVE_DISPATCH_FAILURE;
  return TRUE;
}

static gboolean
read_value (JsonObject *object,
            AlcoveDispatchMessage *self,
            gboolean from_client,
            GError **error)
{
  gboolean reply = self->code == ALCOVE_DISPATCH_REPLY || self->code == ALCOVE_DISPATCH_FAILURE;
  JsonObject *value;

  if (self->code == ALCOVE_DISPATCH_CREATE || self->code == ALCOVE_DISPATCH_JOIN)
    reply = !from_client;

  /* a leave says all by its code on its way to the server */
  if (self->code == ALCOVE_DISPATCH_UNKNOWN || self->code == ALCOVE_DISPATCH_ROOM_DELETED
      || (self->code == ALCOVE_DISPATCH_LEAVE && from_client) || (reply && from_client))
    return TRUE;
  if (reply)
    return read_reply (object, self, error);

  return alcove_json_get_object (object, "value", &value, error)
         && (from_client ? read_request (value, self, error) : read_notice (value, self, error));
}

static gboolean
read_code (JsonObject *object,
           AlcoveDispatchCode *code)
{
  JsonNode *node = json_object_get_member (object, "code");

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return FALSE;

  /* The original server understands no code that is a text, but it answers. */
  *code = ALCOVE_DISPATCH_UNKNOWN;
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return TRUE;
  if (json_node_get_value_type (node) != G_TYPE_INT64)
    return FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (json_node_get_int (node) == (gint64) codes[i])
      *code = codes[i];
  return TRUE;
}

/**
 * alcove_dispatch_message_new:
 * @code: what it is
 *
 * Makes a message whose other members are unset: pointers are %NULL and the index is -1.
 *
 * Returns: (transfer full): a new message
 */
AlcoveDispatchMessage *
alcove_dispatch_message_new (AlcoveDispatchCode code)
{
  AlcoveDispatchMessage *self = g_new0 (AlcoveDispatchMessage, 1);

  self->code = code;
  self->sdp_mline_index = -1;
  return self;
}

/**
 * alcove_dispatch_message_free:
 * @self: (transfer full): a message
 *
 * Frees @self and all that it holds.
 */
void
alcove_dispatch_message_free (AlcoveDispatchMessage *self)
{
  g_free (self->room);
  g_free (self->username);
  g_clear_pointer (&self->sdp, json_node_unref);
  g_clear_pointer (&self->candidate_node, json_node_unref);
  g_free (self->candidate);
  g_free (self->sdp_mid);
  g_clear_pointer (&self->value, json_node_unref);
  g_free (self->message);
  g_free (self);
}

/**
 * alcove_dispatch_peek_code:
 * @text: one WebSocket message of a stranger
 * @length: its length in bytes, or -1 if it ends with a zero byte
 * @code: (out): its code
 *
 * Reads the code alone: it tells whether this is the protocol at all, and how to
 * answer to a message that is no good otherwise.
 *
 * Returns: whether there is a numeric code
 */
gboolean
alcove_dispatch_peek_code (const char *text,
                           gssize length,
                           AlcoveDispatchCode *code)
{
  g_autoptr (JsonNode) root
      = alcove_json_parse (text, length, ALCOVE_DISPATCH_MAX_INCOMING, NULL);
  JsonNode *node;

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return FALSE;

  node = json_object_get_member (json_node_get_object (root), "code");
  return node != NULL && !holds_text (node) && read_code (json_node_get_object (root), code);
}

/**
 * alcove_dispatch_message_decode:
 * @text: one WebSocket message of a stranger; need not be valid UTF-8
 * @length: its length in bytes, or -1 if it ends with a zero byte
 * @from_client: whether a client sent it; the server otherwise
 * @error: return location for an error
 *
 * Reads one message within the bounds of this header. A code that nobody knows is no
 * error but %ALCOVE_DISPATCH_UNKNOWN. Nothing is checked that only makes sense in a
 * conversation, nor what a description holds.
 *
 * Errors: %ALCOVE_ERROR_TOO_LARGE, %ALCOVE_ERROR_MALFORMED.
 *
 * Returns: (transfer full): the message, or %NULL
 */
AlcoveDispatchMessage *
alcove_dispatch_message_decode (const char *text,
                                gssize length,
                                gboolean from_client,
                                GError **error)
{
  g_autoptr (AlcoveDispatchMessage) self = NULL;
  g_autoptr (JsonNode) root = NULL;
  JsonObject *object;

  root = alcove_json_parse (text, length, ALCOVE_DISPATCH_MAX_INCOMING, error);
  if (root == NULL)
    return NULL;

  object = alcove_json_node_get_object (root, error);
  if (object == NULL)
    return NULL;

  self = alcove_dispatch_message_new (ALCOVE_DISPATCH_UNKNOWN);
  if (!read_code (object, &self->code))
    {
      fail_member ("code", error);
      return NULL;
    }

  if (has_member (object, "message")
      && !read_text (object, "message", ALCOVE_DISPATCH_MAX_TEXT, &self->message, error))
    return NULL;
  if (has_member (object, "value"))
    self->value = json_node_copy (json_object_get_member (object, "value"));

  return read_value (object, self, from_client, error) ? g_steal_pointer (&self) : NULL;
}

static JsonNode *
build_value (const AlcoveDispatchMessage *self)
{
  g_autoptr (JsonObject) object = json_object_new ();
  JsonNode *node;

  if (self->room != NULL)
    json_object_set_string_member (object, "room_name", self->room);
  if (self->username != NULL)
    json_object_set_string_member (object, "username", self->username);
  if (self->sdp != NULL)
    json_object_set_member (object, "sdp", json_node_copy (self->sdp));
  if (self->candidate_node != NULL)
    json_object_set_member (object, "candidate", json_node_copy (self->candidate_node));
  if (self->lost)
    json_object_set_boolean_member (object, "lost", TRUE);

  if (json_object_get_size (object) > 0)
    {
      node = json_node_new (JSON_NODE_OBJECT);
      json_node_set_object (node, object);
      return node;
    }

  node = json_node_new (JSON_NODE_VALUE);
  json_node_set_string (node, "");
  return node;
}

/**
 * alcove_dispatch_message_encode:
 * @self: a message
 *
 * Writes @self as one compact JSON text, with all three members. Without `value`, that is
 * built from the other members; of replies it has to be set.
 *
 * Returns: (transfer full): the text for the wire
 */
char *
alcove_dispatch_message_encode (const AlcoveDispatchMessage *self)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) root = NULL;

  json_object_set_int_member (object, "code", self->code);
  json_object_set_member (object, "value",
                          self->value != NULL ? json_node_copy (self->value) : build_value (self));
  json_object_set_string_member (object, "message", self->message != NULL ? self->message : "");

  root = json_node_new (JSON_NODE_OBJECT);
  json_node_set_object (root, object);
  return alcove_json_to_text (root);
}

/**
 * alcove_dispatch_message_get_description:
 * @self: an offer or answer
 * @type: (out): what it is
 * @sdp: (out) (transfer none): the session description, owned by @self
 * @error: return location for an error
 *
 * Reads the description out of `sdp`: a browser's description object or, as the seed
 * text shows it, the bare text. The code says what it is; an object that says something
 * else is refused.
 *
 * Errors: %ALCOVE_ERROR_MALFORMED.
 *
 * Returns: whether @type and @sdp were set
 */
gboolean
alcove_dispatch_message_get_description (const AlcoveDispatchMessage *self,
                                         AlcoveDescriptionType *type,
                                         const char **sdp,
                                         GError **error)
{
  gboolean offer = self->code != ALCOVE_DISPATCH_ANSWER;
  const char *text;

  if (self->sdp == NULL)
    return fail_member ("sdp", error);

  if (JSON_NODE_HOLDS_OBJECT (self->sdp))
    {
      JsonObject *object = json_node_get_object (self->sdp);
      const char *name;

      if (has_member (object, "type"))
        {
          if (!alcove_json_get_string (object, "type", MAX_TYPE, &name, error))
            return FALSE;
          if (strcmp (name, offer ? "offer" : "answer") != 0)
            return fail_member ("type", error);
        }
      if (!alcove_json_get_string (object, "sdp", ALCOVE_DISPATCH_MAX_INCOMING, &text, error))
        return FALSE;
    }
  else
    text = json_node_get_string (self->sdp);

  *type = offer ? ALCOVE_DESCRIPTION_OFFER : ALCOVE_DESCRIPTION_ANSWER;
  *sdp = text;
  return TRUE;
}

/**
 * alcove_dispatch_message_set_description:
 * @self: an offer or answer
 * @type: what it is
 * @sdp: the session description, valid UTF-8
 * @from: (nullable): our own name, for a server that labels everybody `root`
 *
 * Sets `sdp` to a description object that also says that Alcove sent it.
 */
void
alcove_dispatch_message_set_description (AlcoveDispatchMessage *self,
                                         AlcoveDescriptionType type,
                                         const char *sdp,
                                         const char *from)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "type",
                                 type == ALCOVE_DESCRIPTION_OFFER ? "offer" : "answer");
  json_object_set_string_member (object, "sdp", sdp);
  if (from != NULL)
    json_object_set_string_member (object, "from", from);
  json_object_set_boolean_member (object, MARK, TRUE);

  g_clear_pointer (&self->sdp, json_node_unref);
  self->sdp = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (self->sdp, object);
}

/**
 * alcove_dispatch_message_set_foreign:
 * @self: an offer or answer
 * @type: what it is
 * @sdp: the session description, valid UTF-8
 *
 * Sets `sdp` to a description object that also says that the sender speaks another
 * protocol and that its name is the server's.
 */
void
alcove_dispatch_message_set_foreign (AlcoveDispatchMessage *self,
                                     AlcoveDescriptionType type,
                                     const char *sdp)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "type",
                                 type == ALCOVE_DESCRIPTION_OFFER ? "offer" : "answer");
  json_object_set_string_member (object, "sdp", sdp);
  json_object_set_boolean_member (object, FOREIGN, TRUE);

  g_clear_pointer (&self->sdp, json_node_unref);
  self->sdp = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (self->sdp, object);
}

/**
 * alcove_dispatch_message_is_foreign:
 * @self: an offer or answer
 *
 * Returns: whether the sender speaks another protocol, by the word of Alcove's server
 */
gboolean
alcove_dispatch_message_is_foreign (const AlcoveDispatchMessage *self)
{
  gboolean foreign;

  return self->sdp != NULL && JSON_NODE_HOLDS_OBJECT (self->sdp)
         && alcove_json_get_boolean (json_node_get_object (self->sdp), FOREIGN, &foreign, NULL)
         && foreign;
}

/**
 * alcove_dispatch_message_get_from:
 * @self: an offer or answer
 *
 * Returns: (transfer none) (nullable): who sent it, by the sender's own word
 */
const char *
alcove_dispatch_message_get_from (const AlcoveDispatchMessage *self)
{
  const char *from;

  if (self->sdp == NULL || !JSON_NODE_HOLDS_OBJECT (self->sdp)
      || !alcove_json_get_string (json_node_get_object (self->sdp), "from",
                                  ALCOVE_DISPATCH_MAX_NAME, &from, NULL))
    return NULL;
  return from;
}

/**
 * alcove_dispatch_message_is_alcove:
 * @self: an offer or answer
 *
 * Returns: whether an Alcove sent it, by the sender's own word
 */
gboolean
alcove_dispatch_message_is_alcove (const AlcoveDispatchMessage *self)
{
  gboolean mark;

  return self->sdp != NULL && JSON_NODE_HOLDS_OBJECT (self->sdp)
         && alcove_json_get_boolean (json_node_get_object (self->sdp), MARK, &mark, NULL) && mark;
}

/**
 * alcove_dispatch_message_set_candidate:
 * @self: a candidate message
 * @mid: (nullable): the media section's mid
 * @mline_index: the media section's index, or -1
 * @candidate: the candidate's text
 *
 * Sets `candidate` to a browser's candidate object; the index is a number.
 */
void
alcove_dispatch_message_set_candidate (AlcoveDispatchMessage *self,
                                       const char *mid,
                                       int mline_index,
                                       const char *candidate)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "candidate", candidate);
  if (mid != NULL)
    json_object_set_string_member (object, "sdpMid", mid);
  if (mline_index >= 0)
    json_object_set_int_member (object, "sdpMLineIndex", mline_index);

  g_clear_pointer (&self->candidate_node, json_node_unref);
  self->candidate_node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (self->candidate_node, object);
}

/**
 * alcove_dispatch_find_reason:
 * @text: (nullable): the message of a failure
 *
 * Returns: why it failed, as far as the text tells
 */
AlcoveDispatchReason
alcove_dispatch_find_reason (const char *text)
{
  for (gsize i = 0; text != NULL && i < G_N_ELEMENTS (reasons); i++)
    if (strstr (text, reasons[i].original) != NULL || strstr (text, reasons[i].ours) != NULL)
      return reasons[i].reason;

  return ALCOVE_DISPATCH_REASON_OTHER;
}

/**
 * alcove_dispatch_get_reason_text:
 * @reason: why something failed
 *
 * Returns: what our server writes; not translated, since it goes over the wire
 */
const char *
alcove_dispatch_get_reason_text (AlcoveDispatchReason reason)
{
  for (gsize i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (reasons[i].reason == reason)
      return reasons[i].ours;

  return "The message was not understood";
}
