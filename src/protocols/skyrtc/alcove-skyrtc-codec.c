/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-skyrtc-codec"

#include "config.h"

#include "alcove-skyrtc-codec.h"

#include <string.h>

#include <glib/gi18n.h>

#include "alcove-error.h"
#include "alcove-json.h"

/*
 * SkyRTC on the wire: one JSON object a message, `{"eventName": …, "data": {…}}`.
 * The spelling of the event name tells who speaks: `_offer` is a server's,
 * `__offer__` a client's towards the Python server, `__offer` a client's towards
 * the node server. `__remove_peer__` is left out on purpose: that the Python
 * server obeys it is an accident of its dispatch.
 */

typedef struct {
  AlcoveSkyrtcKind kind;
  /* by AlcoveSkyrtcForm; NULL where that side never says it */
  const char *names[3];
} EventNames;

static const EventNames events[] = {
  { ALCOVE_SKYRTC_JOIN, { NULL, "__join__", "__join" } },
  { ALCOVE_SKYRTC_PEERS, { "_peers", NULL, NULL } },
  { ALCOVE_SKYRTC_NEW_PEER, { "_new_peer", NULL, NULL } },
  { ALCOVE_SKYRTC_REMOVE_PEER, { "_remove_peer", NULL, NULL } },
  { ALCOVE_SKYRTC_OFFER, { "_offer", "__offer__", "__offer" } },
  { ALCOVE_SKYRTC_ANSWER, { "_answer", "__answer__", "__answer" } },
  { ALCOVE_SKYRTC_CANDIDATE, { "_ice_candidate", "__ice_candidate__", "__ice_candidate" } },
};

static void
find_event (AlcoveSkyrtcMessage *self,
            const char *name,
            gboolean from_client)
{
  for (gsize i = 0; i < G_N_ELEMENTS (events); i++)
    for (int form = 0; form < (int) G_N_ELEMENTS (events[i].names); form++)
      if (from_client == (form != ALCOVE_SKYRTC_FROM_SERVER)
          && g_strcmp0 (events[i].names[form], name) == 0)
        {
          self->kind = events[i].kind;
          self->form = form;
          return;
        }

  self->kind = ALCOVE_SKYRTC_UNKNOWN;
  self->event = g_strdup (name);
}

static const char *
event_name (const AlcoveSkyrtcMessage *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (events); i++)
    if (events[i].kind == self->kind)
      return events[i].names[self->form];

  return self->event;
}

/* Whether a member is there at all; null counts as not there. */
static gboolean
has_member (JsonObject *object,
            const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && !JSON_NODE_HOLDS_NULL (node);
}

static void
set_malformed (GError **error,
               const char *member)
{
  g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED, _ ("A message had no usable “%s”."),
               member);
}

static gboolean
read_text (JsonObject *object,
           const char *member,
           gsize max_length,
           gboolean may_be_empty,
           char **value,
           GError **error)
{
  const char *text;

  if (!alcove_json_get_string (object, member, max_length, &text, error))
    return FALSE;

  if (*text == '\0' && !may_be_empty)
    {
      set_malformed (error, member);
      return FALSE;
    }

  *value = g_strdup (text);
  return TRUE;
}

static gboolean
read_id (JsonObject *data,
         AlcoveSkyrtcMessage *self,
         GError **error)
{
  return read_text (data, "socketId", ALCOVE_SKYRTC_MAX_ID, FALSE, &self->socket_id, error);
}

static gboolean
read_join (JsonObject *data,
           AlcoveSkyrtcMessage *self,
           GError **error)
{
  gint64 number;

  if (!has_member (data, "room"))
    return TRUE;

  /* The Python server takes a number as a room's name. */
  if (json_node_get_value_type (json_object_get_member (data, "room")) == G_TYPE_INT64)
    {
      if (!alcove_json_get_int (data, "room", G_MININT64, G_MAXINT64, &number, error))
        return FALSE;
      self->room = g_strdup_printf ("%" G_GINT64_FORMAT, number);
      return TRUE;
    }

  if (!read_text (data, "room", ALCOVE_SKYRTC_MAX_ROOM, TRUE, &self->room, error))
    return FALSE;

  if (*self->room == '\0')
    g_clear_pointer (&self->room, g_free);
  return TRUE;
}

static gboolean
read_peers (JsonObject *data,
            AlcoveSkyrtcMessage *self,
            GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *array;

  if (!alcove_json_get_array (data, "connections", ALCOVE_SKYRTC_MAX_CONNECTIONS, &array, error))
    return FALSE;

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      const char *id = NULL;

      if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
        id = json_node_get_string (node);
      if (id == NULL || *id == '\0' || strlen (id) > ALCOVE_SKYRTC_MAX_ID)
        {
          set_malformed (error, "connections");
          return FALSE;
        }
      g_strv_builder_add (builder, id);
    }
  self->connections = g_strv_builder_end (builder);

  if (!has_member (data, "you"))
    return TRUE;

  return read_text (data, "you", ALCOVE_SKYRTC_MAX_ID, FALSE, &self->you, error);
}

static gboolean
read_description (JsonObject *data,
                  AlcoveSkyrtcMessage *self,
                  GError **error)
{
  JsonNode *node = json_object_get_member (data, "sdp");

  if (!read_id (data, self, error))
    return FALSE;

  if (node == NULL
      || !(JSON_NODE_HOLDS_OBJECT (node)
           || (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)))
    {
      set_malformed (error, "sdp");
      return FALSE;
    }

  self->sdp = json_node_copy (node);
  return TRUE;
}

static gboolean
read_candidate (JsonObject *data,
                AlcoveSkyrtcMessage *self,
                GError **error)
{
  gint64 number;

  if (!read_id (data, self, error)
      || !read_text (data, "candidate", ALCOVE_SKYRTC_MAX_CANDIDATE, TRUE, &self->candidate,
                     error))
    return FALSE;

  if (has_member (data, "sdpMid")
      && !read_text (data, "sdpMid", ALCOVE_SKYRTC_MAX_MID, TRUE, &self->sdp_mid, error))
    return FALSE;

  if (has_member (data, "sdpMLineIndex"))
    {
      if (!alcove_json_get_int (data, "sdpMLineIndex", 0, ALCOVE_SKYRTC_MAX_LABEL, &number, error))
        return FALSE;
      self->sdp_mline_index = (int) number;
    }

  /* `label` is the protocol's own; a candidate that carries a browser's
   * members instead names its line just as well. */
  if (!has_member (data, "label") && (self->sdp_mline_index >= 0 || self->sdp_mid != NULL))
    {
      self->label = self->sdp_mline_index;
      return TRUE;
    }

  if (!alcove_json_get_int (data, "label", 0, ALCOVE_SKYRTC_MAX_LABEL, &number, error))
    return FALSE;

  self->label = (int) number;
  return TRUE;
}

static gboolean
read_data (JsonObject *data,
           AlcoveSkyrtcMessage *self,
           GError **error)
{
  switch (self->kind)
    {
    case ALCOVE_SKYRTC_JOIN:
      return read_join (data, self, error);
    case ALCOVE_SKYRTC_PEERS:
      return read_peers (data, self, error);
    case ALCOVE_SKYRTC_NEW_PEER:
    case ALCOVE_SKYRTC_REMOVE_PEER:
      return read_id (data, self, error);
    case ALCOVE_SKYRTC_OFFER:
    case ALCOVE_SKYRTC_ANSWER:
      return read_description (data, self, error);
    case ALCOVE_SKYRTC_CANDIDATE:
      return read_candidate (data, self, error);
    case ALCOVE_SKYRTC_UNKNOWN:
    case ALCOVE_SKYRTC_BROADCAST:
      break;
    }

  return TRUE;
}

/* Only the Python server knows these: towards it the content is in `data`, and
 * from it the content is the whole message, without a sender. */
static gboolean
read_broadcast (JsonNode *root,
                JsonObject *object,
                gboolean from_client,
                AlcoveSkyrtcMessage *self,
                GError **error)
{
  JsonNode *content = from_client ? json_object_get_member (object, "data") : root;

  if (content == NULL)
    {
      set_malformed (error, "eventName");
      return FALSE;
    }

  self->kind = ALCOVE_SKYRTC_BROADCAST;
  self->data = json_node_copy (content);
  return TRUE;
}

/**
 * alcove_skyrtc_message_new:
 * @kind: what it is
 * @form: who speaks, and in which spelling
 *
 * Makes a message whose other members are unset: pointers are %NULL and numbers -1.
 *
 * Returns: (transfer full): a new message
 */
AlcoveSkyrtcMessage *
alcove_skyrtc_message_new (AlcoveSkyrtcKind kind,
                           AlcoveSkyrtcForm form)
{
  AlcoveSkyrtcMessage *self = g_new0 (AlcoveSkyrtcMessage, 1);

  self->kind = kind;
  self->form = form;
  self->label = -1;
  self->sdp_mline_index = -1;
  return self;
}

/**
 * alcove_skyrtc_message_free:
 * @self: (transfer full): a message
 *
 * Frees @self and all that it holds.
 */
void
alcove_skyrtc_message_free (AlcoveSkyrtcMessage *self)
{
  g_free (self->event);
  g_free (self->room);
  g_free (self->socket_id);
  g_free (self->you);
  g_strfreev (self->connections);
  g_clear_pointer (&self->sdp, json_node_unref);
  g_free (self->sdp_mid);
  g_free (self->candidate);
  g_clear_pointer (&self->data, json_node_unref);
  g_free (self);
}

/**
 * alcove_skyrtc_message_decode:
 * @text: one WebSocket message of a stranger; need not be valid UTF-8
 * @length: its length in bytes, or -1 if it ends with a zero byte
 * @from_client: whether a client sent it; a server otherwise
 * @error: return location for an error
 *
 * Reads one message within the bounds of this header. A well-formed event that
 * nobody knows (also one that only the other side may say) is no error but
 * %ALCOVE_SKYRTC_UNKNOWN. Nothing is checked that only makes sense in a
 * conversation, nor what a description holds.
 *
 * Errors: %ALCOVE_ERROR_TOO_LARGE, %ALCOVE_ERROR_MALFORMED.
 *
 * Returns: (transfer full): the message, or %NULL
 */
AlcoveSkyrtcMessage *
alcove_skyrtc_message_decode (const char *text,
                              gssize length,
                              gboolean from_client,
                              GError **error)
{
  g_autoptr (AlcoveSkyrtcMessage) self = NULL;
  g_autoptr (JsonNode) root = NULL;
  JsonObject *object;
  JsonObject *data;
  const char *name;

  root = alcove_json_parse (text, length, ALCOVE_SKYRTC_MAX_MESSAGE, error);
  if (root == NULL)
    return NULL;

  object = alcove_json_node_get_object (root, error);
  if (object == NULL)
    return NULL;

  self = alcove_skyrtc_message_new (ALCOVE_SKYRTC_UNKNOWN, from_client
                                                               ? ALCOVE_SKYRTC_FROM_CLIENT_PYTHON
                                                               : ALCOVE_SKYRTC_FROM_SERVER);

  if (!json_object_has_member (object, "eventName"))
    return read_broadcast (root, object, from_client, self, error) ? g_steal_pointer (&self)
                                                                   : NULL;

  if (!alcove_json_get_string (object, "eventName", ALCOVE_SKYRTC_MAX_EVENT, &name, error))
    return NULL;

  find_event (self, name, from_client);
  if (self->kind == ALCOVE_SKYRTC_UNKNOWN)
    {
      if (json_object_has_member (object, "data"))
        self->data = json_node_copy (json_object_get_member (object, "data"));
      return g_steal_pointer (&self);
    }

  if (!alcove_json_get_object (object, "data", &data, error) || !read_data (data, self, error))
    return NULL;

  return g_steal_pointer (&self);
}

static void
write_text (JsonObject *data,
            const char *member,
            const char *value)
{
  if (value != NULL)
    json_object_set_string_member (data, member, value);
}

static void
write_number (JsonObject *data,
              const char *member,
              int value)
{
  if (value >= 0)
    json_object_set_int_member (data, member, value);
}

static void
write_data (JsonObject *data,
            const AlcoveSkyrtcMessage *self)
{
  write_text (data, "room", self->room);
  write_text (data, "you", self->you);

  if (self->kind == ALCOVE_SKYRTC_PEERS)
    {
      JsonArray *array = json_array_new ();

      for (gsize i = 0; self->connections != NULL && self->connections[i] != NULL; i++)
        json_array_add_string_element (array, self->connections[i]);
      json_object_set_array_member (data, "connections", array);
    }

  if (self->sdp != NULL)
    json_object_set_member (data, "sdp", json_node_copy (self->sdp));

  write_number (data, "label", self->label);
  write_text (data, "candidate", self->candidate);
  write_text (data, "sdpMid", self->sdp_mid);
  write_number (data, "sdpMLineIndex", self->sdp_mline_index);
  write_text (data, "socketId", self->socket_id);
}

/**
 * alcove_skyrtc_message_encode:
 * @self: a message whose kind and form go together
 *
 * Writes @self as one compact JSON text. A broadcast of a server is its data
 * alone, as the Python server sends it.
 *
 * Returns: (transfer full): the text for the wire
 */
char *
alcove_skyrtc_message_encode (const AlcoveSkyrtcMessage *self)
{
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (JsonObject) object = json_object_new ();

  if (self->kind == ALCOVE_SKYRTC_BROADCAST && self->form == ALCOVE_SKYRTC_FROM_SERVER
      && self->data != NULL)
    return alcove_json_to_text (self->data);

  if (self->kind != ALCOVE_SKYRTC_BROADCAST)
    write_text (object, "eventName", event_name (self));

  if (self->kind == ALCOVE_SKYRTC_BROADCAST || self->kind == ALCOVE_SKYRTC_UNKNOWN)
    {
      if (self->data != NULL)
        json_object_set_member (object, "data", json_node_copy (self->data));
    }
  else
    {
      JsonObject *data = json_object_new ();

      write_data (data, self);
      json_object_set_object_member (object, "data", data);
    }

  root = json_node_new (JSON_NODE_OBJECT);
  json_node_set_object (root, object);
  return alcove_json_to_text (root);
}

/**
 * alcove_skyrtc_message_get_description:
 * @self: an offer or answer
 * @type: (out): what it is
 * @sdp: (out) (transfer none): the session description, owned by @self
 * @error: return location for an error
 *
 * Reads the description out of `sdp`, which is a browser's description object
 * or, from other clients, the bare text. The event says what it is; an object
 * that says something else is refused.
 *
 * Errors: %ALCOVE_ERROR_MALFORMED.
 *
 * Returns: whether @type and @sdp were set
 */
gboolean
alcove_skyrtc_message_get_description (const AlcoveSkyrtcMessage *self,
                                       AlcoveDescriptionType *type,
                                       const char **sdp,
                                       GError **error)
{
  gboolean offer = self->kind == ALCOVE_SKYRTC_OFFER;
  const char *text;

  if (self->sdp == NULL || (!offer && self->kind != ALCOVE_SKYRTC_ANSWER))
    {
      set_malformed (error, "sdp");
      return FALSE;
    }

  if (JSON_NODE_HOLDS_OBJECT (self->sdp))
    {
      JsonObject *object = json_node_get_object (self->sdp);
      const char *name;

      if (has_member (object, "type"))
        {
          if (!alcove_json_get_string (object, "type", ALCOVE_SKYRTC_MAX_EVENT, &name, error))
            return FALSE;
          if (strcmp (name, offer ? "offer" : "answer") != 0)
            {
              set_malformed (error, "type");
              return FALSE;
            }
        }
      if (!alcove_json_get_string (object, "sdp", ALCOVE_SKYRTC_MAX_MESSAGE, &text, error))
        return FALSE;
    }
  else
    text = json_node_get_string (self->sdp);

  *type = offer ? ALCOVE_DESCRIPTION_OFFER : ALCOVE_DESCRIPTION_ANSWER;
  *sdp = text;
  return TRUE;
}

/**
 * alcove_skyrtc_message_set_description:
 * @self: an offer or answer
 * @type: what it is
 * @sdp: the session description, valid UTF-8
 *
 * Sets `sdp` to a description object, the form the original pages need.
 */
void
alcove_skyrtc_message_set_description (AlcoveSkyrtcMessage *self,
                                       AlcoveDescriptionType type,
                                       const char *sdp)
{
  g_autoptr (JsonObject) object = json_object_new ();

  json_object_set_string_member (object, "type",
                                 type == ALCOVE_DESCRIPTION_OFFER ? "offer" : "answer");
  json_object_set_string_member (object, "sdp", sdp);

  g_clear_pointer (&self->sdp, json_node_unref);
  self->sdp = json_node_new (JSON_NODE_OBJECT);
  json_node_set_object (self->sdp, object);
}
