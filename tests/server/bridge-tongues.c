/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <json-glib/json-glib.h>

#include "alcove-dispatch-dialect.h"
#include "alcove-rtcmesh-dialect.h"
#include "alcove-rtcsignal-dialect.h"
#include "alcove-skyrtc-dialect.h"
#include "alcove-webrtcroom-dialect.h"
#include "bridge-tongues.h"

/* Written from the descriptions of the protocols, without the codecs that are tested by it. */

static void
hear (Person *self,
      HeardKind kind,
      const char *who,
      const char *text)
{
  Heard *heard = g_new0 (Heard, 1);

  heard->kind = kind;
  heard->who = g_strdup (who);
  heard->text = g_strdup (text);
  heard->mline_index = -1;
  g_queue_push_tail (&self->heard, heard);
}

static void
hear_candidate (Person *self,
                const char *who,
                JsonObject *object,
                const char *text,
                const char *mid,
                const char *index)
{
  Heard *heard;

  hear (self, HEARD_CANDIDATE, who, json_object_get_string_member (object, text));
  heard = g_queue_peek_tail (&self->heard);
  if (json_object_has_member (object, mid))
    heard->mid = g_strdup (json_object_get_string_member (object, mid));
  if (json_object_has_member (object, index))
    heard->mline_index = (int) json_object_get_int_member (object, index);
}

static const char *
member (JsonObject *object,
        const char *name)
{
  return json_object_get_string_member_with_default (object, name, NULL);
}

static void
skyrtc_enter (Person *self)
{
  person_say (self, "{\"eventName\":\"__join__\",\"data\":{\"room\":\"%s\"}}", self->room);
}

static void
skyrtc_listen (Person *self,
               JsonNode *node)
{
  JsonObject *object = json_node_get_object (node);
  JsonObject *data = json_object_get_object_member (object, "data");
  const char *event = member (object, "eventName");
  const char *who = member (data, "socketId");

  if (strcmp (event, "_peers") == 0)
    {
      JsonArray *ids = json_object_get_array_member (data, "connections");

      g_free (self->self);
      self->self = g_strdup (member (data, "you"));
      for (guint i = 0; i < json_array_get_length (ids); i++)
        hear (self, HEARD_OFFER_TO, json_array_get_string_element (ids, i), NULL);
    }
  else if (strcmp (event, "_new_peer") == 0)
    hear (self, HEARD_WAIT_FOR, who, NULL);
  else if (strcmp (event, "_remove_peer") == 0)
    hear (self, HEARD_LEFT, who, NULL);
  else if (strcmp (event, "_ice_candidate") == 0)
    {
      /* pages hand the data to their browser as it is, which wants it under this name */
      g_assert_cmpint (json_object_get_int_member (data, "sdpMLineIndex"), ==,
                       json_object_get_int_member (data, "label"));
      hear_candidate (self, who, data, "candidate", "sdpMid", "label");
    }
  else
    {
      JsonObject *sdp = json_object_get_object_member (data, "sdp");

      g_assert_cmpstr (member (sdp, "type"), ==, event + 1);
      hear (self, strcmp (event, "_offer") == 0 ? HEARD_OFFER : HEARD_ANSWER, who,
            member (sdp, "sdp"));
    }
}

static void
skyrtc_describe (Person *self,
                 const char *to,
                 gboolean offer,
                 const char *sdp)
{
  const char *type = offer ? "offer" : "answer";

  person_say (self,
              "{\"eventName\":\"__%s__\",\"data\":{\"socketId\":\"%s\","
              "\"sdp\":{\"type\":\"%s\",\"sdp\":\"%s\"}}}",
              type, to, type, sdp);
}

static void
skyrtc_trickle (Person *self,
                const char *to,
                const char *mid,
                int index,
                const char *text)
{
  person_say (self,
              "{\"eventName\":\"__ice_candidate__\",\"data\":{\"socketId\":\"%s\","
              "\"label\":%d,\"sdpMid\":\"%s\",\"candidate\":\"%s\"}}",
              to, index, mid, text);
}

static void
webrtcroom_enter (Person *self)
{
  person_say (self, "[\"createAndJoinRoom\",{\"room\":\"%s\"}]", self->room);
}

static void
webrtcroom_listen (Person *self,
                   JsonNode *node)
{
  JsonArray *array = json_node_get_array (node);
  const char *event = json_array_get_string_element (array, 0);
  JsonObject *object = json_array_get_object_element (array, 1);

  g_assert_cmpstr (member (object, "room"), ==, self->room);
  if (strcmp (event, "created") == 0)
    {
      JsonArray *peers = json_object_get_array_member (object, "peers");

      g_free (self->self);
      self->self = g_strdup (member (object, "id"));
      for (guint i = 0; i < json_array_get_length (peers); i++)
        hear (self, HEARD_OFFER_TO, member (json_array_get_object_element (peers, i), "id"), NULL);
    }
  else if (strcmp (event, "joined") == 0)
    hear (self, HEARD_WAIT_FOR, member (object, "id"), NULL);
  else if (strcmp (event, "exit") == 0)
    hear (self, HEARD_LEFT, member (object, "from"), NULL);
  else
    {
      g_assert_cmpstr (member (object, "to"), ==, self->self);
      if (strcmp (event, "candidate") == 0)
        hear_candidate (self, member (object, "from"),
                        json_object_get_object_member (object, "candidate"), "sdp", "sdpMid",
                        "sdpMLineIndex");
      else
        hear (self, strcmp (event, "offer") == 0 ? HEARD_OFFER : HEARD_ANSWER,
              member (object, "from"), member (object, "sdp"));
    }
}

static void
webrtcroom_describe (Person *self,
                     const char *to,
                     gboolean offer,
                     const char *sdp)
{
  person_say (self, "[\"%s\",{\"from\":\"%s\",\"to\":\"%s\",\"room\":\"%s\",\"sdp\":\"%s\"}]",
              offer ? "offer" : "answer", self->self, to, self->room, sdp);
}

static void
webrtcroom_trickle (Person *self,
                    const char *to,
                    const char *mid,
                    int index,
                    const char *text)
{
  person_say (self,
              "[\"candidate\",{\"from\":\"%s\",\"to\":\"%s\",\"room\":\"%s\",\"candidate\":"
              "{\"sdpMid\":\"%s\",\"sdpMLineIndex\":%d,\"sdp\":\"%s\"}}]",
              self->self, to, self->room, mid, index, text);
}

static void
webrtcroom_leave (Person *self)
{
  person_say (self, "[\"exit\",{\"from\":\"%s\",\"room\":\"%s\"}]", self->self, self->room);
}

static void
rtcmesh_enter (Person *self)
{
  if (*self->room != '\0')
    person_say (self, "{\"event\":\"room\",\"room\":\"%s\"}", self->room);
}

static void
rtcmesh_listen (Person *self,
                JsonNode *node)
{
  JsonObject *object = json_node_get_object (node);
  const char *event = member (object, "event");

  if (strcmp (event, "init") == 0)
    {
      JsonArray *ids = json_object_get_array_member (object, "ids");

      for (guint i = 0; i < json_array_get_length (ids); i++)
        hear (self, HEARD_WAIT_FOR, json_array_get_string_element (ids, i), NULL);
    }
  else if (strcmp (event, "online") == 0)
    hear (self, HEARD_OFFER_TO, member (object, "id"), NULL);
  else if (strcmp (event, "offline") == 0)
    hear (self, HEARD_LEFT, member (object, "id"), NULL);
  else
    {
      JsonObject *data = json_object_get_object_member (object, "data");

      g_assert_cmpuint (strlen (member (object, "from")), ==, 36);
      g_assert_nonnull (member (object, "to"));
      if (strcmp (event, "candidate") == 0)
        hear_candidate (self, member (object, "from"), data, "candidate", "sdpMid",
                        "sdpMLineIndex");
      else
        {
          g_assert_cmpstr (member (data, "type"), ==, event);
          hear (self, strcmp (event, "offer") == 0 ? HEARD_OFFER : HEARD_ANSWER,
                member (object, "from"), member (data, "sdp"));
        }
    }
}

static void
rtcmesh_describe (Person *self,
                  const char *to,
                  gboolean offer,
                  const char *sdp)
{
  const char *type = offer ? "offer" : "answer";

  person_say (self,
              "{\"event\":\"%s\",\"from\":\"%s\",\"to\":\"%s\","
              "\"data\":{\"type\":\"%s\",\"sdp\":\"%s\"}}",
              type, self->self, to, type, sdp);
}

static void
rtcmesh_trickle (Person *self,
                 const char *to,
                 const char *mid,
                 int index,
                 const char *text)
{
  person_say (self,
              "{\"event\":\"candidate\",\"from\":\"%s\",\"to\":\"%s\",\"data\":"
              "{\"candidate\":\"%s\",\"sdpMid\":\"%s\",\"sdpMLineIndex\":%d}}",
              self->self, to, text, mid, index);
}

static void
rtcsignal_enter (Person *self)
{
  person_say (self, "[\"join-room\",\"{\\\"userId\\\":\\\"%s\\\",\\\"roomName\\\":\\\"%s\\\"}\"]",
              self->self, self->room);
}

static void
rtcsignal_listen (Person *self,
                  JsonNode *node)
{
  JsonArray *array = json_node_get_array (node);
  const char *event = json_array_get_string_element (array, 0);
  JsonObject *object;
  const char *who;

  if (strcmp (event, "broadcast") != 0)
    {
      who = json_array_get_string_element (array, 1);
      if (strcmp (who, self->self) != 0)
        hear (self, strcmp (event, "user-joined") == 0 ? HEARD_OFFER_TO : HEARD_LEFT, who, NULL);
      return;
    }

  object = json_array_get_object_element (array, 1);
  who = member (object, "userId");
  /* what it says comes back to it */
  if (strcmp (who, self->self) == 0)
    return;
  switch (json_object_get_int_member (object, "msgType"))
    {
    case 1:
    case 2:
      g_assert_cmpstr (member (object, "targetUserId"), ==, self->self);
      hear (self, json_object_get_int_member (object, "msgType") == 1 ? HEARD_OFFER : HEARD_ANSWER,
            who, member (object, "sdp"));
      break;
    case 3:
      g_assert_cmpstr (member (object, "targetUserId"), ==, self->self);
      hear_candidate (self, who, object, "candidate", "id", "label");
      break;
    case 4:
      /* the notice of the leave follows */
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
rtcsignal_describe (Person *self,
                    const char *to,
                    gboolean offer,
                    const char *sdp)
{
  person_say (self,
              "[\"broadcast\",{\"userId\":\"%s\",\"msgType\":%d,\"sdp\":\"%s\","
              "\"targetUserId\":\"%s\"}]",
              self->self, offer ? 1 : 2, sdp, to);
}

static void
rtcsignal_trickle (Person *self,
                   const char *to,
                   const char *mid,
                   int index,
                   const char *text)
{
  person_say (self,
              "[\"broadcast\",{\"userId\":\"%s\",\"msgType\":3,\"id\":\"%s\",\"label\":%d,"
              "\"candidate\":\"%s\",\"targetUserId\":\"%s\"}]",
              self->self, mid, index, text, to);
}

static void
rtcsignal_leave (Person *self)
{
  person_say (self, "[\"broadcast\",{\"userId\":\"%s\",\"msgType\":4}]", self->self);
  person_say (self, "[\"leave-room\",\"{\\\"userId\\\":\\\"%s\\\",\\\"roomName\\\":\\\"%s\\\"}\"]",
              self->self, self->room);
}

static void
root_enter (Person *self)
{
  person_say (self, "{\"code\":2000,\"value\":{\"room_name\":\"%s\"},\"message\":\"\"}", self->room);
}

static void
guest_enter (Person *self)
{
  person_say (self,
              "{\"code\":2001,\"value\":{\"room_name\":\"%s\",\"username\":\"bob\"},"
              "\"message\":\"\"}",
              self->room);
}

static void
dispatch_listen (Person *self,
                 JsonNode *node)
{
  JsonObject *object = json_node_get_object (node);
  gint64 code = json_object_get_int_member (object, "code");
  JsonNode *value = json_object_get_member (object, "value");
  JsonObject *content = JSON_NODE_HOLDS_OBJECT (value) ? json_node_get_object (value) : NULL;
  const char *who = content != NULL ? member (content, "username") : NULL;

  switch (code)
    {
    case 2000:
    case 2001:
      g_assert_cmpint (json_node_get_int (value), ==, 10000);
      if (code == 2001)
        hear (self, HEARD_OFFER_TO, "root", NULL);
      break;
    case 2002:
    case 2022:
    case 2003:
      content = json_object_get_object_member (content, "sdp");
      g_assert_cmpstr (member (content, "type"), ==, code == 2003 ? "answer" : "offer");
      g_assert_false (json_object_has_member (content, "alcove"));
      g_assert_cmpint (json_object_has_member (content, "foreign"), ==,
                       g_str_has_prefix (who, "guest-"));
      hear (self, code == 2003 ? HEARD_ANSWER : HEARD_OFFER, who, member (content, "sdp"));
      break;
    case 2004:
    case 2005:
      hear_candidate (self, who, json_object_get_object_member (content, "candidate"), "candidate",
                      "sdpMid", "sdpMLineIndex");
      break;
    case 3000:
      hear (self, HEARD_LEFT, who, NULL);
      break;
    case 10001:
      hear (self, HEARD_LEFT, "root", NULL);
      break;
    case 10000:
      /* a reply; that of a failure has a number */
      g_assert_cmpint (json_node_get_value_type (value), ==, G_TYPE_STRING);
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
root_describe (Person *self,
               const char *to,
               gboolean offer,
               const char *sdp)
{
  person_say (self,
              "{\"code\":%d,\"value\":{\"username\":\"%s\",\"sdp\":{\"type\":\"%s\","
              "\"sdp\":\"%s\"}},\"message\":\"\"}",
              offer ? 2022 : 2003, to, offer ? "offer" : "answer", sdp);
}

static void
guest_describe (Person *self,
                const char *to,
                gboolean offer,
                const char *sdp)
{
  person_say (self,
              "{\"code\":%d,\"value\":{\"username\":\"root\",\"sdp\":{\"type\":\"%s\","
              "\"sdp\":\"%s\"}},\"message\":\"\"}",
              offer ? 2002 : 2003, offer ? "offer" : "answer", sdp);
}

static void
dispatch_trickle (Person *self,
                  const char *to,
                  const char *mid,
                  int index,
                  const char *text)
{
  person_say (self,
              "{\"code\":%d,\"value\":{\"username\":\"%s\",\"candidate\":{\"candidate\":\"%s\","
              "\"sdpMid\":\"%s\",\"sdpMLineIndex\":%d}},\"message\":\"\"}",
              self->tongue == &tongues[GUEST] ? 2004 : 2005, to, text, mid, index);
}

static void
guest_leave (Person *self)
{
  person_say (self, "{\"code\":3000,\"value\":\"\",\"message\":\"\"}");
}

const Tongue tongues[N_TONGUES] = {
  [SKYRTC] = { "skyrtc", 0, alcove_skyrtc_dialect_new, skyrtc_enter, skyrtc_listen,
               skyrtc_describe, skyrtc_trickle, NULL },
  [WEBRTCROOM] = { "webrtcroom", 1, alcove_webrtcroom_dialect_new, webrtcroom_enter,
                   webrtcroom_listen, webrtcroom_describe, webrtcroom_trickle, webrtcroom_leave },
  [RTCMESH] = { "rtcmesh", 2, alcove_rtcmesh_dialect_new, rtcmesh_enter, rtcmesh_listen,
                rtcmesh_describe, rtcmesh_trickle, NULL },
  [RTCSIGNAL] = { "rtcsignal", 3, alcove_rtcsignal_dialect_new, rtcsignal_enter, rtcsignal_listen,
                  rtcsignal_describe, rtcsignal_trickle, rtcsignal_leave },
  [DISPATCHER] = { "dispatch, dispatcher", 4, alcove_dispatch_dialect_new, root_enter,
                   dispatch_listen, root_describe, dispatch_trickle, NULL },
  [GUEST] = { "dispatch, guest", 4, alcove_dispatch_dialect_new, guest_enter, dispatch_listen,
              guest_describe, dispatch_trickle, guest_leave },
};

/* @path: NULL for what the protocol's own clients dial */
Person *
person_new (const Tongue *tongue,
            AlcoveDialect *dialect,
            const char *path,
            const char *room)
{
  Person *self = g_new0 (Person, 1);
  g_autofree char *dialled = NULL;

  self->tongue = tongue;
  self->dialect = dialect;
  self->client = fake_client_new ();
  self->self = g_uuid_string_random ();
  self->room = g_strdup (room);
  g_queue_init (&self->heard);

  dialled = path != NULL ? g_strdup (path) : g_strconcat ("/uid/", self->self, NULL);
  alcove_dialect_opened (dialect, ALCOVE_SERVER_CLIENT (self->client),
                         tongue == &tongues[RTCMESH] ? dialled : "/");
  tongue->enter (self);
  return self;
}

/* An abrupt end, if it has not left. */
void
person_free (Person *self)
{
  alcove_dialect_closed (self->dialect, ALCOVE_SERVER_CLIENT (self->client));
  g_assert_finalize_object (self->client);
  g_queue_clear_full (&self->heard, (GDestroyNotify) heard_free);
  g_free (self->self);
  g_free (self->room);
  g_free (self);
}

void
person_say (Person *self,
            const char *format,
            ...)
{
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) node = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  node = json_from_string (text, NULL);
  g_assert_nonnull (node);
  alcove_dialect_message (self->dialect, ALCOVE_SERVER_CLIENT (self->client), text);
}

/* Reads what has come in. */
void
person_listen (Person *self)
{
  for (;;)
    {
      g_autofree char *text = fake_client_take (self->client);
      g_autoptr (JsonNode) node = NULL;

      if (text == NULL)
        return;
      node = json_from_string (text, NULL);
      g_assert_nonnull (node);
      self->tongue->listen (self, node);
    }
}

/* The oldest that was not taken, or NULL. */
Heard *
person_take (Person *self)
{
  person_listen (self);
  return g_queue_pop_head (&self->heard);
}

void
heard_free (Heard *heard)
{
  g_free (heard->who);
  g_free (heard->text);
  g_free (heard->mid);
  g_free (heard);
}
