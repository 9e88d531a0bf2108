/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "alcove-address.h"
#include "alcove-webrtcroom-codec.h"
#include "alcove-webrtcroom-signaller.h"
#include "scripted-signaller.h"
#include "socketio-recording.h"

#define NEVER_MS 3600000

#define CREATED(id, peers) "[\"created\",{\"id\":\"" id "\",\"room\":\"r\",\"peers\":[" peers "]}]"
#define PEER(id) "{\"id\":\"" id "\"}"
#define JOINED(id) "[\"joined\",{\"id\":\"" id "\",\"room\":\"r\"}]"
#define EXIT(id, room) "[\"exit\",{\"from\":\"" id "\",\"room\":\"" room "\"}]"
#define SDP(event, id) "[\"" event "\",{\"from\":\"" id "\",\"to\":\"me\",\"room\":\"r\",\"sdp\":\"v=0\"}]"
#define CANDIDATE(id, index) \
  "[\"candidate\",{\"from\":\"" id "\",\"to\":\"me\",\"room\":\"r\",\"candidate\":{\"sdpMid\":\"0\"," \
  "\"sdpMLineIndex\":" index ",\"sdp\":\"candidate:1\"}}]"

static Scripted *
client_new (void)
{
  g_autoptr (GUri) server = alcove_address_parse ("ws://h", 8443, "/socket.io/", NULL);
  AlcoveTransport *transport = scripted_transport_new ();
  AlcoveSignaller *signaller = alcove_webrtcroom_signaller_new_with_transport (server, transport);

  alcove_server_signaller_set_join_wait (ALCOVE_SERVER_SIGNALLER (signaller), NEVER_MS);
  return scripted_new (signaller, transport);
}

static void
join (Scripted *f,
      const char *room)
{
  scripted_connect_and_open (f, room, "Me", ALCOVE_ROLE_MEMBER);
}

static void
send (Scripted *f,
      const char *id,
      AlcoveDescriptionType type)
{
  alcove_signaller_send_description (f->signaller, id, type, "v=0");
}

/* Sections 4 to 6: the newcomer offers to all in `created`, and waits for those in `joined`. */
static void
test_who_offers (void)
{
  Scripted *f = client_new ();

  g_assert_cmpint (alcove_signaller_get_features (f->signaller), ==,
                   ALCOVE_SIGNALLER_ROSTER | ALCOVE_SIGNALLER_LEAVE_NOTICE
                       | ALCOVE_SIGNALLER_ROOMS | ALCOVE_SIGNALLER_FLEETING_IDS);
  join (f, "两 人");
  g_assert_cmpstr (alcove_transport_get_uri (f->transport), ==, "ws://h:8443/socket.io/");
  g_assert_true (same_json (scripted_last_sent (f), "[\"createAndJoinRoom\",{\"room\":\"两 人\"}]"));
  scripted_receive (f, CREATED ("me", PEER ("a") "," PEER ("b") "," PEER ("a")));
  scripted_receive (f, JOINED ("z"));
  scripted_receive (f, JOINED ("z"));
  assert_log (f, "joined:me call:a call:b wait:z");

  send (f, "a", ALCOVE_DESCRIPTION_OFFER);
  g_assert_cmpstr (scripted_last_sent (f), ==,
                   "[\"offer\",{\"from\":\"me\",\"to\":\"a\",\"room\":\"两 人\",\"sdp\":\"v=0\"}]");
  alcove_signaller_send_candidate (f->signaller, "a", "0", 0, "candidate:1");
  g_assert_cmpstr (scripted_last_sent (f), ==,
                   "[\"candidate\",{\"from\":\"me\",\"to\":\"a\",\"room\":\"两 人\",\"candidate\":{"
                   "\"sdpMid\":\"0\",\"sdpMLineIndex\":0,\"sdp\":\"candidate:1\"}}]");
  scripted_receive (f, SDP ("answer", "a"));
  /* candidates may come first */
  scripted_receive (f, CANDIDATE ("z", "\"1\""));
  scripted_receive (f, SDP ("offer", "z"));
  assert_log (f, "answer:a candidate1/0:z offer:z");
  send (f, "z", ALCOVE_DESCRIPTION_ANSWER);
  g_assert_true (same_json (
      scripted_last_sent (f),
      "[\"answer\",{\"from\":\"me\",\"to\":\"z\",\"room\":\"两 人\",\"sdp\":\"v=0\"}]"));

  /* the empty last candidate is not sent, and nothing to nobody */
  g_assert_cmpuint (scripted_n_sent (f), ==, 4);
  alcove_signaller_send_candidate (f->signaller, "a", "0", 0, "");
  alcove_signaller_send_candidate (f->signaller, "x", "0", 0, "candidate:1");
  send (f, "x", ALCOVE_DESCRIPTION_OFFER);
  g_assert_cmpuint (scripted_n_sent (f), ==, 4);
  scripted_free (f);
}

/* Section 6: an offer of a known id is handed on however often it comes: its `o=` tells. */
static void
test_offer_again (void)
{
  Scripted *f = client_new ();

  join (f, "r");
  scripted_receive (f, CREATED ("me", ""));
  scripted_receive (f, JOINED ("a"));
  scripted_receive (f, SDP ("offer", "a"));
  send (f, "a", ALCOVE_DESCRIPTION_ANSWER);
  /* left and came back on the same socket */
  scripted_receive (f, EXIT ("a", "r"));
  scripted_receive (f, JOINED ("a"));
  scripted_receive (f, SDP ("offer", "a"));
  scripted_receive (f, SDP ("offer", "a"));
  assert_log (f, "joined:me wait:a offer:a left:a wait:a offer:a offer:a");
  scripted_free (f);
}

/* Section 6: a second join shows oneself; a connection that the server still holds does, too. */
static void
test_own_id (void)
{
  Scripted *f = client_new ();

  join (f, "r");
  scripted_receive (f, CREATED ("me", PEER ("me")));
  scripted_receive (f, JOINED ("me"));
  scripted_receive (f, EXIT ("me", ""));
  scripted_receive (f, SDP ("offer", "me"));
  assert_log (f, "joined:me problem:unknown-peer");
  scripted_drop (f);
  scripted_try_again (f);
  scripted_receive (f, CREATED ("new", PEER ("me") "," PEER ("a")));
  scripted_receive (f, JOINED ("me"));
  assert_log (f, "disconnected:closed joined:new call:a reconnected");
  scripted_free (f);
}

/* Section 7: an exit counts for known peers alone, with the room or without, and once. */
static void
test_exit (void)
{
  Scripted *f = client_new ();

  join (f, "r");
  scripted_receive (f, EXIT ("a", ""));
  scripted_receive (f, CREATED ("me", PEER ("a") "," PEER ("b")));
  scripted_receive (f, EXIT ("stranger", ""));
  scripted_receive (f, EXIT ("a", "another room"));
  scripted_receive (f, EXIT ("a", ""));
  scripted_receive (f, EXIT ("b", ""));
  scripted_receive (f, CANDIDATE ("b", "0"));
  assert_log (f, "joined:me call:a call:b left:a left:b problem:unknown-peer");
  scripted_free (f);
}

/* Section 7: polite; the farewell goes out before the connection is closed. */
static void
test_leave (void)
{
  Scripted *f = client_new ();

  join (f, "r");
  scripted_receive (f, CREATED ("me", PEER ("a")));
  alcove_signaller_leave (f->signaller);
  g_assert_true (same_json (scripted_last_sent (f), "[\"exit\",{\"from\":\"me\",\"room\":\"r\"}]"));
  scripted_receive (f, JOINED ("b"));
  assert_log (f, "joined:me call:a gone");
  scripted_free (f);

  /* in no room there is nothing to leave */
  f = client_new ();
  join (f, "r");
  alcove_signaller_leave (f->signaller);
  g_assert_cmpuint (scripted_n_sent (f), ==, 1);
  assert_log (f, "gone");
  scripted_free (f);
}

/* Section 7: after a loss of our own connection, another id and everybody anew. */
static void
test_reconnect (void)
{
  Scripted *f = client_new ();

  join (f, "r");
  scripted_receive (f, CREATED ("me", PEER ("a") "," PEER ("b")));
  send (f, "a", ALCOVE_DESCRIPTION_OFFER);
  assert_log (f, "joined:me call:a call:b");
  scripted_drop (f);
  send (f, "a", ALCOVE_DESCRIPTION_OFFER);
  g_assert_cmpuint (scripted_n_sent (f), ==, 2);
  scripted_try_again (f);
  g_assert_cmpstr (scripted_last_sent (f), ==, "[\"createAndJoinRoom\",{\"room\":\"r\"}]");
  /* lost once more before there is a list */
  scripted_drop (f);
  scripted_try_again (f);
  scripted_receive (f, CREATED ("new", PEER ("b") "," PEER ("c")));
  assert_log (f, "disconnected:closed disconnected:closed joined:new left:a call:b call:c "
                 "reconnected");
  /* the offer of before is no more */
  scripted_receive (f, SDP ("answer", "b"));
  assert_log (f, "problem:unexpected");
  send (f, "b", ALCOVE_DESCRIPTION_OFFER);
  g_assert_nonnull (strstr (scripted_last_sent (f), "\"from\":\"new\""));
  scripted_free (f);
}

/* Who comes between our join and its answer has come after us, and offers, listed or not. */
static void
test_joined_first (void)
{
  Scripted *f = client_new ();

  join (f, "r");
  scripted_receive (f, JOINED ("z"));
  scripted_receive (f, CREATED ("me", PEER ("a") "," PEER ("z")));
  assert_log (f, "joined:me wait:z call:a");
  scripted_free (f);
}

/* Oddity 1: names that end the server are refused before anything is sent. */
static void
test_deadly_rooms (void)
{
  static const char *const rooms[] = { "__proto__", "constructor", "toString", "hasOwnProperty" };

  for (gsize i = 0; i < G_N_ELEMENTS (rooms); i++)
    {
      Scripted *f = client_new ();

      alcove_signaller_connect (f->signaller, rooms[i], "Me", ALCOVE_ROLE_MEMBER);
      assert_log (f, "failed:failed");
      g_assert_cmpuint (scripted_n_sent (f), ==, 0);
      scripted_free (f);
    }
}

/* Oddity 1: every event has one argument, an object. */
static void
test_one_argument (void)
{
  Scripted *f = client_new ();
  guint n_sent = 0;

  join (f, "r");
  scripted_receive (f, CREATED ("me", PEER ("a")));
  send (f, "a", ALCOVE_DESCRIPTION_OFFER);
  send (f, "a", ALCOVE_DESCRIPTION_ANSWER);
  alcove_signaller_send_candidate (f->signaller, "a", NULL, 3, "candidate:1");
  alcove_signaller_leave (f->signaller);
  while (n_sent < scripted_n_sent (f))
    {
      g_autoptr (JsonNode) node = json_from_string (scripted_sent (f, n_sent++), NULL);
      JsonArray *event = json_node_get_array (node);

      g_assert_cmpuint (json_array_get_length (event), ==, 2);
      g_assert_true (JSON_NODE_HOLDS_OBJECT (json_array_get_element (event, 1)));
    }
  g_assert_cmpuint (n_sent, ==, 5);
  scripted_free (f);
}

/* Oddity 2: a room named like somebody's id brings that one along. */
static void
test_room_of_an_id (void)
{
  Scripted *f = client_new ();

  join (f, "X0bCjqx-J5Fvor8eAAAB");
  scripted_receive (f, CREATED ("me", PEER ("X0bCjqx-J5Fvor8eAAAB") "," PEER ("a")));
  assert_log (f, "joined:me call:a");
  scripted_free (f);
}

/* Oddity 3: a room needs a name, and not too long a one. */
static void
test_room_names (void)
{
  g_autofree char *fits = g_strnfill (ALCOVE_WEBRTCROOM_MAX_ROOM, 'x');
  g_autofree char *huge = g_strnfill (ALCOVE_WEBRTCROOM_MAX_ROOM + 1, 'x');
  Scripted *f = client_new ();

  alcove_signaller_connect (f->signaller, "", "Me", ALCOVE_ROLE_MEMBER);
  assert_log (f, "failed:failed");
  scripted_free (f);
  f = client_new ();
  alcove_signaller_connect (f->signaller, NULL, "Me", ALCOVE_ROLE_MEMBER);
  assert_log (f, "failed:failed");
  scripted_free (f);
  f = client_new ();
  alcove_signaller_connect (f->signaller, huge, "Me", ALCOVE_ROLE_MEMBER);
  assert_log (f, "failed:too-large");
  scripted_free (f);
  f = client_new ();
  join (f, fits);
  g_assert_cmpuint (scripted_n_sent (f), ==, 1);
  scripted_free (f);
}

/* Oddity 4: messages cross rooms: only who was announced counts, and only asked answers. */
static void
test_strangers (void)
{
  Scripted *f = client_new ();

  join (f, "r");
  scripted_receive (f, SDP ("offer", "a"));
  assert_log (f, "problem:unknown-peer");
  scripted_receive (f, CREATED ("me", PEER ("a")));
  scripted_receive (f, CREATED ("other", PEER ("q")));
  assert_log (f, "joined:me call:a problem:unexpected");
  scripted_receive (f, SDP ("offer", "x"));
  scripted_receive (f, SDP ("answer", "x"));
  scripted_receive (f, CANDIDATE ("x", "0"));
  scripted_receive (f, SDP ("answer", "a"));
  assert_log (f, "problem:unknown-peer problem:unknown-peer problem:unknown-peer "
                 "problem:unexpected");
  send (f, "a", ALCOVE_DESCRIPTION_OFFER);
  scripted_receive (f, SDP ("answer", "a"));
  scripted_receive (f, SDP ("answer", "a"));
  assert_log (f, "answer:a problem:unexpected");
  scripted_receive (f, "[\"offer\",{\"from\":\"a\",\"sdp\":{\"type\":\"answer\",\"sdp\":\"v=0\"}}]");
  scripted_receive (f, "[\"chat\",{\"text\":\"hello\"}]");
  scripted_receive (f, "nonsense");
  assert_log (f, "problem:malformed problem:malformed");
  scripted_free (f);
}

/* Oddity 5: no `created` in time is a failed join. */
static void
test_join_wait (void)
{
  Scripted *f = client_new ();

  g_assert_cmpuint (ALCOVE_WEBRTCROOM_JOIN_WAIT_MS, ==, 5000);
  alcove_server_signaller_set_join_wait (ALCOVE_SERVER_SIGNALLER (f->signaller), 1);
  join (f, "r");
  scripted_wait (f, 1);
  assert_log (f, "failed:wrong-protocol");
  alcove_signaller_leave (f->signaller);
  assert_log (f, "gone");
  scripted_free (f);

  f = client_new ();
  alcove_server_signaller_set_join_wait (ALCOVE_SERVER_SIGNALLER (f->signaller), 1);
  alcove_signaller_set_persistent (f->signaller, TRUE);
  join (f, "r");
  scripted_wait (f, 1);
  assert_log (f, "disconnected:wrong-protocol");
  scripted_free (f);
}

/* Oddity 7: one room for each connection, and one join of it. */
static void
test_one_room (void)
{
  Scripted *f = client_new ();

  join (f, "r");
  scripted_receive (f, CREATED ("me", PEER ("a")));
  scripted_receive (f, JOINED ("b"));
  g_assert_cmpuint (scripted_n_sent (f), ==, 1);
  scripted_free (f);
}

static void
test_too_many (void)
{
  Scripted *f = client_new ();

  join (f, "r");
  scripted_receive (f, CREATED ("me", ""));
  for (guint i = 0; i < ALCOVE_WEBRTCROOM_MAX_PEERS; i++)
    {
      g_autofree char *text = g_strdup_printf (JOINED ("p%u"), i);

      scripted_receive (f, text);
    }
  g_string_truncate (f->log, 0);
  scripted_receive (f, JOINED ("more"));
  assert_log (f, "problem:too-many");
  scripted_free (f);
}

static void
leave_now (Scripted *f)
{
  alcove_signaller_leave (f->signaller);
}

static void
test_leave_in_handler (void)
{
  Scripted *f = client_new ();

  g_signal_connect_swapped (f->signaller, "peer-joined", G_CALLBACK (leave_now), f);
  join (f, "r");
  scripted_receive (f, CREATED ("me", PEER ("a") "," PEER ("b")));
  assert_log (f, "joined:me call:a gone");
  scripted_free (f);
}

/* Out of order: each message as the first, and each twice. */
static void
test_out_of_order (void)
{
  static const char *const messages[] = {
    CREATED ("me", PEER ("a")), CREATED ("a", ""), JOINED ("b"), JOINED ("a"), EXIT ("a", ""),
    SDP ("offer", "a"), SDP ("answer", "a"), CANDIDATE ("a", "0"), "[\"x\"]", "[]",
  };

  for (gsize first = 0; first < G_N_ELEMENTS (messages); first++)
    for (gsize second = 0; second < G_N_ELEMENTS (messages); second++)
      {
        Scripted *f = client_new ();

        join (f, "r");
        scripted_receive (f, messages[first]);
        scripted_receive (f, messages[second]);
        scripted_receive (f, messages[second]);
        scripted_drop (f);
        if (strstr (f->log->str, "failed") == NULL)
          {
            scripted_try_again (f);
            scripted_receive (f, messages[second]);
            scripted_receive (f, messages[first]);
          }
        scripted_free (f);
      }
}

/* What an event must come out as, by the sheet: written apart from the signaller. */
typedef struct {
  GHashTable *here;
  GHashTable *asked;
  char *self;
} Model;

static void
expect (GString *expected,
        Model *model,
        const AlcoveWebrtcroomMessage *message)
{
  const char *id = message->from;

  switch (message->kind)
    {
    case ALCOVE_WEBRTCROOM_CREATED:
      if (model->self != NULL)
        {
          g_string_append (expected, " problem:unexpected");
          break;
        }
      model->self = g_strdup (message->id);
      g_string_append_printf (expected, " joined:%s", model->self);
      for (gsize i = 0; message->peers[i] != NULL; i++)
        if (g_hash_table_add (model->here, g_strdup (message->peers[i])))
          g_string_append_printf (expected, " call:%s", message->peers[i]);
      break;
    case ALCOVE_WEBRTCROOM_JOINED:
      if (g_strcmp0 (message->id, model->self) != 0
          && g_hash_table_add (model->here, g_strdup (message->id)))
        g_string_append_printf (expected, " wait:%s", message->id);
      break;
    case ALCOVE_WEBRTCROOM_EXIT:
      if (g_hash_table_remove (model->here, id))
        g_string_append_printf (expected, " left:%s", id);
      break;
    case ALCOVE_WEBRTCROOM_OFFER:
    case ALCOVE_WEBRTCROOM_ANSWER:
    case ALCOVE_WEBRTCROOM_CANDIDATE:
      if (!g_hash_table_contains (model->here, id))
        g_string_append (expected, " problem:unknown-peer");
      else if (message->kind == ALCOVE_WEBRTCROOM_OFFER)
        g_string_append_printf (expected, " offer:%s", id);
      else if (message->kind == ALCOVE_WEBRTCROOM_CANDIDATE)
        g_string_append_printf (expected, " candidate%d/%s:%s", message->mline_index,
                                message->mid, id);
      else if (g_hash_table_remove (model->asked, id))
        g_string_append_printf (expected, " answer:%s", id);
      else
        g_string_append (expected, " problem:unexpected");
      break;
    default:
      break;
    }
}

static void
take_part (Scripted *f,
           Model *model,
           const char *text)
{
  g_autoptr (AlcoveWebrtcroomMessage) message = alcove_webrtcroom_message_decode (text, TRUE, NULL);
  AlcoveDescriptionType type;
  const char *sdp;

  if (message == NULL || message->to == NULL || !g_hash_table_contains (model->here, message->to)
      || g_strcmp0 (message->from, model->self) != 0)
    return;

  if (message->kind == ALCOVE_WEBRTCROOM_CANDIDATE)
    {
      alcove_signaller_send_candidate (f->signaller, message->to, message->mid,
                                       message->mline_index, message->candidate);
      if (strstr (text, "\"sdpMLineIndex\":\"") == NULL)
        g_assert_true (same_json (scripted_last_sent (f), text));
    }
  else if (alcove_webrtcroom_message_get_description (message, &type, &sdp, NULL))
    {
      alcove_signaller_send_description (f->signaller, message->to, type, sdp);
      g_assert_true (same_json (scripted_last_sent (f), text));
      if (type == ALCOVE_DESCRIPTION_OFFER)
        g_hash_table_add (model->asked, g_strdup (message->to));
      else
        g_hash_table_remove (model->asked, message->to);
    }
}

/* One connection of a recording: its incoming events are the server, and its outgoing
 * descriptions and candidates are what the room asks of us. */
static guint
replay (GPtrArray *events,
        guint start)
{
  const RecordedFrame *first = g_ptr_array_index (events, start);
  g_autoptr (AlcoveWebrtcroomMessage) entry
      = alcove_webrtcroom_message_decode (first->frame, TRUE, NULL);
  g_autofree char *room = NULL;
  g_autoptr (GString) expected = g_string_new (NULL);
  Scripted *f = client_new ();
  Model model = { g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
                  g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL), NULL };
  guint n_events = 0;

  if (entry != NULL && entry->room != NULL
      && json_node_get_value_type (entry->room) == G_TYPE_STRING)
    room = g_strdup (json_node_get_string (entry->room));
  join (f, room != NULL ? room : "42");
  if (room != NULL)
    g_assert_true (same_json (scripted_last_sent (f), first->frame));

  for (guint i = start; i < events->len; i++)
    {
      const RecordedFrame *frame = g_ptr_array_index (events, i);
      g_autoptr (AlcoveWebrtcroomMessage) message = NULL;

      if (strcmp (frame->connection, first->connection) != 0)
        continue;
      if (frame->from_client)
        {
          take_part (f, &model, frame->frame);
          continue;
        }

      message = alcove_webrtcroom_message_decode (frame->frame, FALSE, NULL);
      g_assert_nonnull (message);
      expect (expected, &model, message);
      scripted_receive (f, frame->frame);
      n_events++;
    }

  g_assert_cmpstr (f->log->str, ==, expected->len > 0 ? expected->str + 1 : "");
  g_hash_table_unref (model.here);
  g_hash_table_unref (model.asked);
  g_free (model.self);
  scripted_free (f);
  return n_events;
}

typedef struct {
  const char *name;
  guint n_joins;
  guint n_events;
} Recording;

static const Recording recordings[] = {
  { "webrtcroom.jsonl", 7, 63 },
  { "browser-webrtcroom.jsonl", 3, 32 },
};

static void
test_recording (gconstpointer data)
{
  const Recording *recording = data;
  g_autoptr (GPtrArray) events = socketio_recording_load ("webrtcroom", recording->name);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  guint n_joins = 0;
  guint n_events = 0;

  for (guint i = 0; i < events->len; i++)
    {
      const RecordedFrame *frame = g_ptr_array_index (events, i);

      if (!g_str_has_prefix (frame->frame, "[\"createAndJoinRoom\",{\"room\"")
          || strstr (frame->frame, "__proto__") != NULL
          || !g_hash_table_add (seen, frame->connection))
        continue;
      n_joins++;
      n_events += replay (events, i);
    }

  g_test_message ("%s: %u, %u", recording->name, n_joins, n_events);
  g_assert_cmpuint (n_joins, ==, recording->n_joins);
  g_assert_cmpuint (n_events, ==, recording->n_events);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (recordings); i++)
    {
      g_autofree char *path = g_strconcat ("/webrtcroom/client/", recordings[i].name, NULL);

      g_test_add_data_func (path, &recordings[i], test_recording);
    }
  g_test_add_func ("/webrtcroom/client/6-who-offers", test_who_offers);
  g_test_add_func ("/webrtcroom/client/6-offer-again", test_offer_again);
  g_test_add_func ("/webrtcroom/client/6-own-id", test_own_id);
  g_test_add_func ("/webrtcroom/client/7-exit", test_exit);
  g_test_add_func ("/webrtcroom/client/7-leave", test_leave);
  g_test_add_func ("/webrtcroom/client/7-reconnect", test_reconnect);
  g_test_add_func ("/webrtcroom/client/joined-first", test_joined_first);
  g_test_add_func ("/webrtcroom/client/10.1-deadly-rooms", test_deadly_rooms);
  g_test_add_func ("/webrtcroom/client/10.1-one-argument", test_one_argument);
  g_test_add_func ("/webrtcroom/client/10.2-room-of-an-id", test_room_of_an_id);
  g_test_add_func ("/webrtcroom/client/10.3-room-names", test_room_names);
  g_test_add_func ("/webrtcroom/client/10.4-strangers", test_strangers);
  g_test_add_func ("/webrtcroom/client/10.5-join-wait", test_join_wait);
  g_test_add_func ("/webrtcroom/client/10.7-one-room", test_one_room);
  g_test_add_func ("/webrtcroom/client/too-many", test_too_many);
  g_test_add_func ("/webrtcroom/client/leave-in-handler", test_leave_in_handler);
  g_test_add_func ("/webrtcroom/client/out-of-order", test_out_of_order);
  return g_test_run ();
}
