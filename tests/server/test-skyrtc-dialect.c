/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "alcove-hub.h"
#include "alcove-json.h"
#include "alcove-skyrtc-dialect.h"
#include "fake-client.h"

/* The server's side of SkyRTC without sockets. The points are those that the
 * protocol's description lists for a server. */

#define MAX_ROOMS 3
#define MAX_MEMBERS 4

typedef struct {
  AlcoveHub *hub;
  AlcoveDialect *dialect;
} Fixture;

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  fixture->hub = alcove_hub_new (MAX_ROOMS, MAX_MEMBERS);
  fixture->dialect = alcove_skyrtc_dialect_new ();
  alcove_dialect_attach (fixture->dialect, fixture->hub);
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  g_assert_cmpuint (alcove_hub_get_n_rooms (fixture->hub), ==, 0);
  g_assert_finalize_object (fixture->dialect);
  g_assert_finalize_object (fixture->hub);
}

static FakeClient *
connect_client (Fixture *fixture,
                const char *path)
{
  FakeClient *client = fake_client_new ();

  alcove_dialect_opened (fixture->dialect, ALCOVE_SERVER_CLIENT (client), path);
  return client;
}

static void
disconnect_client (Fixture *fixture,
                   FakeClient *client)
{
  alcove_dialect_closed (fixture->dialect, ALCOVE_SERVER_CLIENT (client));
  g_assert_finalize_object (client);
}

static void
say (Fixture *fixture,
     FakeClient *client,
     const char *text)
{
  alcove_dialect_message (fixture->dialect, ALCOVE_SERVER_CLIENT (client), text);
}

/* Compares JSON, whatever the order of members. */
static void
expect (FakeClient *client,
        const char *text)
{
  g_autofree char *got = fake_client_take (client);
  g_autoptr (JsonNode) expected = json_from_string (text, NULL);
  g_autoptr (JsonNode) node = NULL;

  g_assert_nonnull (expected);
  g_assert_nonnull (got);
  node = json_from_string (got, NULL);
  if (!json_node_equal (node, expected))
    g_test_message ("expected %s, got %s", text, got);
  g_assert_true (json_node_equal (node, expected));
}

static void
expect_nothing (FakeClient *client)
{
  g_autofree char *got = fake_client_take (client);

  if (got != NULL)
    g_test_message ("unexpected: %s", got);
  g_assert_null (got);
}

/* The `you` of the `_peers` that comes next. */
static char *
expect_peers (FakeClient *client,
              guint n_connections)
{
  g_autofree char *got = fake_client_take (client);
  g_autoptr (JsonNode) node = NULL;
  JsonObject *data;

  g_assert_nonnull (got);
  node = json_from_string (got, NULL);
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (node), "eventName"), ==,
                   "_peers");
  data = json_object_get_object_member (json_node_get_object (node), "data");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (data, "connections")), ==,
                    n_connections);
  return g_strdup (json_object_get_string_member (data, "you"));
}

/* Two in the room “r”, as A and B, with nothing waiting. */
static void
join_two (Fixture *fixture,
          FakeClient **a,
          FakeClient **b)
{
  *a = connect_client (fixture, "/ws/A");
  *b = connect_client (fixture, "/ws/B");
  say (fixture, *a, "{\"eventName\":\"__join__\",\"data\":{\"room\":\"r\"}}");
  say (fixture, *b, "{\"eventName\":\"__join__\",\"data\":{\"room\":\"r\"}}");
  g_free (fake_client_take (*a));
  g_free (fake_client_take (*a));
  g_free (fake_client_take (*b));
  expect_nothing (*a);
  expect_nothing (*b);
}

/* Point 1: upgrades on /ws/<id> and on other paths. */
static void
test_paths (Fixture *fixture,
            gconstpointer data)
{
  const char *join = "{\"eventName\":\"__join\",\"data\":{}}";

  g_assert_true (alcove_dialect_matches (fixture->dialect, "/ws/6d0f", NULL));
  g_assert_false (alcove_dialect_matches (fixture->dialect, "/ws/", NULL));
  g_assert_false (alcove_dialect_matches (fixture->dialect, "/", NULL));
  g_assert_true (alcove_dialect_matches (fixture->dialect, "/", join));
  g_assert_true (alcove_dialect_matches (fixture->dialect, "/any/thing", join));
  g_assert_false (alcove_dialect_matches (fixture->dialect, "/", "{\"event\":\"join\"}"));
  g_assert_false (alcove_dialect_matches (fixture->dialect, "/", "{\"data\":{}}"));
  g_assert_false (alcove_dialect_matches (fixture->dialect, "/", "{"));
}

/* Point 1: the id in the path is the socketId. */
static void
test_id_of_path (Fixture *fixture,
                 gconstpointer data)
{
  FakeClient *a = connect_client (fixture, "/ws/6d0f3c52c3b111ef9a1f0242ac120002");

  g_assert_false (fake_client_get_joined (a));
  say (fixture, a, "{\"eventName\":\"__join__\",\"data\":{\"room\":\"r\"}}");
  expect (a, "{\"eventName\":\"_peers\",\"data\":{\"connections\":[],"
             "\"you\":\"6d0f3c52c3b111ef9a1f0242ac120002\"}}");
  g_assert_true (fake_client_get_joined (a));
  disconnect_client (fixture, a);
}

/* Point 1: an id in use is replaced, and `you` says so; without one, a UUID. */
static void
test_id_made (Fixture *fixture,
              gconstpointer data)
{
  g_autofree char *long_id = g_strnfill (ALCOVE_HUB_MAX_ID + 1, 'x');
  g_autofree char *too_long = g_strconcat ("/ws/", long_id, NULL);
  const char *paths[] = { "/ws/A", "/", "/ws/", "/any/thing", too_long };
  const char *join = "{\"eventName\":\"__join__\",\"data\":{\"room\":\"r\"}}";
  FakeClient *first = connect_client (fixture, "/ws/A");
  g_autofree char *first_id = NULL;

  say (fixture, first, join);
  first_id = expect_peers (first, 0);
  g_assert_cmpstr (first_id, ==, "A");

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      FakeClient *client = connect_client (fixture, paths[i]);
      g_autofree char *id = NULL;
      g_autofree char *new_peer = NULL;
      g_autofree char *remove_peer = NULL;

      say (fixture, client, join);
      id = expect_peers (client, 1);
      g_assert_true (g_uuid_string_is_valid (id));

      new_peer = g_strdup_printf (
          "{\"eventName\":\"_new_peer\",\"data\":{\"socketId\":\"%s\"}}", id);
      remove_peer = g_strdup_printf (
          "{\"eventName\":\"_remove_peer\",\"data\":{\"socketId\":\"%s\"}}", id);
      expect (first, new_peer);
      disconnect_client (fixture, client);
      expect (first, remove_peer);
    }

  disconnect_client (fixture, first);
}

/* Point 1: an id that came free again may be used again. */
static void
test_id_again (Fixture *fixture,
               gconstpointer data)
{
  for (int i = 0; i < 2; i++)
    {
      FakeClient *client = connect_client (fixture, "/ws/A");
      g_autofree char *id = NULL;

      say (fixture, client, "{\"eventName\":\"__join__\",\"data\":{\"room\":\"r\"}}");
      id = expect_peers (client, 0);
      g_assert_cmpstr (id, ==, "A");
      disconnect_client (fixture, client);
    }
}

/* Point 2: both spellings, in one room, with the common server events. */
static void
test_spellings (Fixture *fixture,
                gconstpointer data)
{
  FakeClient *python = connect_client (fixture, "/ws/P");
  FakeClient *node = connect_client (fixture, "/ws/N");

  say (fixture, python, "{\"eventName\":\"__join__\",\"data\":{\"room\":\"r\"}}");
  expect (python, "{\"eventName\":\"_peers\",\"data\":{\"connections\":[],\"you\":\"P\"}}");
  say (fixture, node, "{\"eventName\":\"__join\",\"data\":{\"room\":\"r\"}}");
  expect (python, "{\"eventName\":\"_new_peer\",\"data\":{\"socketId\":\"N\"}}");
  expect (node, "{\"eventName\":\"_peers\",\"data\":{\"connections\":[\"P\"],\"you\":\"N\"}}");

  say (fixture, node,
       "{\"eventName\":\"__offer\",\"data\":{\"sdp\":{\"type\":\"offer\",\"sdp\":\"v=0\"},"
       "\"socketId\":\"P\"}}");
  expect (python, "{\"eventName\":\"_offer\",\"data\":{\"sdp\":{\"type\":\"offer\",\"sdp\":\"v=0\"},"
                  "\"socketId\":\"N\"}}");
  say (fixture, python,
       "{\"eventName\":\"__answer__\",\"data\":{\"sdp\":{\"type\":\"answer\",\"sdp\":\"v=0\"},"
       "\"socketId\":\"N\"}}");
  expect (node, "{\"eventName\":\"_answer\",\"data\":{\"sdp\":{\"type\":\"answer\",\"sdp\":\"v=0\"},"
                "\"socketId\":\"P\"}}");

  disconnect_client (fixture, python);
  disconnect_client (fixture, node);
}

/* Point 3: second join of the same room answers again and announces nothing. */
static void
test_join_twice (Fixture *fixture,
                 gconstpointer data)
{
  FakeClient *a;
  FakeClient *b;

  join_two (fixture, &a, &b);
  say (fixture, b, "{\"eventName\":\"__join__\",\"data\":{\"room\":\"r\"}}");
  expect (b, "{\"eventName\":\"_peers\",\"data\":{\"connections\":[\"A\"],\"you\":\"B\"}}");
  expect_nothing (a);

  disconnect_client (fixture, b);
  expect (a, "{\"eventName\":\"_remove_peer\",\"data\":{\"socketId\":\"B\"}}");
  expect_nothing (a);
  disconnect_client (fixture, a);
}

/* Point 3: another room is leaving the first and joining. */
static void
test_join_other (Fixture *fixture,
                 gconstpointer data)
{
  FakeClient *a;
  FakeClient *b;

  join_two (fixture, &a, &b);
  say (fixture, b, "{\"eventName\":\"__join__\",\"data\":{\"room\":\"s\"}}");
  expect (a, "{\"eventName\":\"_remove_peer\",\"data\":{\"socketId\":\"B\"}}");
  expect (b, "{\"eventName\":\"_peers\",\"data\":{\"connections\":[],\"you\":\"B\"}}");
  expect_nothing (a);
  expect_nothing (b);

  disconnect_client (fixture, a);
  expect_nothing (b);
  disconnect_client (fixture, b);
}

/* Point 4: only within the room, the sender's id, the description untouched. */
static void
test_relay (Fixture *fixture,
            gconstpointer data)
{
  FakeClient *a;
  FakeClient *b;
  FakeClient *stranger = connect_client (fixture, "/ws/S");

  join_two (fixture, &a, &b);
  say (fixture, a,
       "{\"eventName\":\"__offer__\",\"data\":{\"sdp\":{\"type\":\"offer\",\"sdp\":\"v=0\\r\\n\","
       "\"more\":[1,null,{\"x\":\"\\u4e2d\"}]},\"socketId\":\"B\",\"extra\":1},\"extra\":2}");
  expect (b, "{\"eventName\":\"_offer\",\"data\":{\"sdp\":{\"type\":\"offer\",\"sdp\":\"v=0\\r\\n\","
             "\"more\":[1,null,{\"x\":\"\\u4e2d\"}]},\"socketId\":\"A\"}}");
  say (fixture, a,
       "{\"eventName\":\"__answer__\",\"data\":{\"sdp\":\"bare text\",\"socketId\":\"B\"}}");
  expect (b, "{\"eventName\":\"_answer\",\"data\":{\"sdp\":\"bare text\",\"socketId\":\"A\"}}");

  /* nobody of that id; somebody who has not joined; somebody in another room */
  say (fixture, a, "{\"eventName\":\"__offer__\",\"data\":{\"sdp\":\"x\",\"socketId\":\"Z\"}}");
  say (fixture, a, "{\"eventName\":\"__offer__\",\"data\":{\"sdp\":\"x\",\"socketId\":\"S\"}}");
  say (fixture, stranger, "{\"eventName\":\"__offer__\",\"data\":{\"sdp\":\"x\",\"socketId\":\"A\"}}");
  expect_nothing (stranger);
  say (fixture, stranger, "{\"eventName\":\"__join__\",\"data\":{\"room\":\"s\"}}");
  g_free (expect_peers (stranger, 0));
  say (fixture, stranger, "{\"eventName\":\"__offer__\",\"data\":{\"sdp\":\"x\",\"socketId\":\"A\"}}");
  say (fixture, a, "{\"eventName\":\"__offer__\",\"data\":{\"sdp\":\"x\",\"socketId\":\"S\"}}");
  expect_nothing (a);
  expect_nothing (b);
  expect_nothing (stranger);

  disconnect_client (fixture, a);
  disconnect_client (fixture, b);
  disconnect_client (fixture, stranger);
}

/* Point 5: candidates with label, sdpMLineIndex, and sdpMid if it was given. */
static void
test_candidates (Fixture *fixture,
                 gconstpointer data)
{
  FakeClient *a;
  FakeClient *b;

  join_two (fixture, &a, &b);
  say (fixture, a,
       "{\"eventName\":\"__ice_candidate__\",\"data\":{\"label\":1,\"candidate\":\"candidate:1\","
       "\"socketId\":\"B\"}}");
  expect (b, "{\"eventName\":\"_ice_candidate\",\"data\":{\"label\":1,\"sdpMLineIndex\":1,"
             "\"candidate\":\"candidate:1\",\"socketId\":\"A\"}}");
  say (fixture, a,
       "{\"eventName\":\"__ice_candidate\",\"data\":{\"label\":0,\"sdpMid\":\"video0\","
       "\"candidate\":\"candidate:2\",\"socketId\":\"B\"}}");
  expect (b, "{\"eventName\":\"_ice_candidate\",\"data\":{\"label\":0,\"sdpMLineIndex\":0,"
             "\"sdpMid\":\"video0\",\"candidate\":\"candidate:2\",\"socketId\":\"A\"}}");

  disconnect_client (fixture, a);
  disconnect_client (fixture, b);
}

/* Point 6: _remove_peer on close, to the room alone. */
static void
test_close (Fixture *fixture,
            gconstpointer data)
{
  FakeClient *a;
  FakeClient *b;
  FakeClient *elsewhere = connect_client (fixture, "/ws/E");
  FakeClient *nowhere = connect_client (fixture, "/ws/N");

  join_two (fixture, &a, &b);
  say (fixture, elsewhere, "{\"eventName\":\"__join__\",\"data\":{\"room\":\"s\"}}");
  g_free (expect_peers (elsewhere, 0));

  disconnect_client (fixture, a);
  expect (b, "{\"eventName\":\"_remove_peer\",\"data\":{\"socketId\":\"A\"}}");
  expect_nothing (elsewhere);
  expect_nothing (nowhere);
  disconnect_client (fixture, nowhere);
  expect_nothing (b);

  disconnect_client (fixture, b);
  disconnect_client (fixture, elsewhere);
}

/* Point 6: bad input is ignored, and the connection goes on. */
static void
test_bad_input (Fixture *fixture,
                gconstpointer data)
{
  const char *bad[] = {
    "", "{", "null", "[]", "1", "\"text\"", "{}", "{\"eventName\":null}", "{\"eventName\":1}",
    "{\"eventName\":\"\"}", "{\"eventName\":\"__join__\"}", "{\"eventName\":\"__join__\",\"data\":null}",
    "{\"eventName\":\"__join__\",\"data\":[]}", "{\"eventName\":\"__join__\",\"data\":{\"room\":{}}}",
    "{\"eventName\":\"__offer__\",\"data\":{}}", "{\"eventName\":\"__offer__\",\"data\":{\"socketId\":\"B\"}}",
    "{\"eventName\":\"__offer__\",\"data\":{\"sdp\":null,\"socketId\":\"B\"}}",
    "{\"eventName\":\"__offer__\",\"data\":{\"sdp\":1,\"socketId\":\"B\"}}",
    "{\"eventName\":\"__offer__\",\"data\":{\"sdp\":{},\"socketId\":7}}",
    "{\"eventName\":\"__offer__\",\"data\":{\"sdp\":{},\"socketId\":null}}",
    "{\"eventName\":\"__ice_candidate__\",\"data\":{\"socketId\":\"B\"}}",
    "{\"eventName\":\"__ice_candidate__\",\"data\":{\"label\":-1,\"candidate\":\"c\",\"socketId\":\"B\"}}",
    "{\"eventName\":\"__ice_candidate__\",\"data\":{\"label\":0,\"candidate\":5,\"socketId\":\"B\"}}",
    "{\"eventName\":\"_peers\",\"data\":{\"connections\":[],\"you\":\"B\"}}",
    "{\"eventName\":\"_remove_peer\",\"data\":{\"socketId\":\"B\"}}",
    "{\"eventName\":\"__remove_peer__\",\"data\":{}}", "{\"eventName\":\"nonsense\",\"data\":{}}",
  };
  g_autofree char *room = g_strnfill (ALCOVE_HUB_MAX_ROOM + 1, 'r');
  g_autofree char *long_room
      = g_strdup_printf ("{\"eventName\":\"__join__\",\"data\":{\"room\":\"%s\"}}", room);
  FakeClient *a;
  FakeClient *b;

  join_two (fixture, &a, &b);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_test_message ("%s", bad[i]);
      say (fixture, a, bad[i]);
      expect_nothing (a);
      expect_nothing (b);
      g_assert_cmpuint (fake_client_get_close_code (a), ==, 0);
    }
  say (fixture, a, long_room);
  expect_nothing (a);
  expect_nothing (b);

  say (fixture, a, "{\"eventName\":\"__offer__\",\"data\":{\"sdp\":\"x\",\"socketId\":\"B\"}}");
  expect (b, "{\"eventName\":\"_offer\",\"data\":{\"sdp\":\"x\",\"socketId\":\"A\"}}");

  disconnect_client (fixture, a);
  disconnect_client (fixture, b);
}

/* Point 7: data without an event name goes to the others of the room, but can't
 * pass for a message of the server. */
static void
test_broadcast (Fixture *fixture,
                gconstpointer data)
{
  FakeClient *a;
  FakeClient *b;
  FakeClient *elsewhere = connect_client (fixture, "/ws/E");

  join_two (fixture, &a, &b);
  say (fixture, elsewhere, "{\"data\":{\"text\":\"too early\"}}");
  say (fixture, elsewhere, "{\"eventName\":\"__join__\",\"data\":{\"room\":\"s\"}}");
  g_free (expect_peers (elsewhere, 0));

  say (fixture, a, "{\"data\":{\"text\":\"hi\"}}");
  expect (b, "{\"text\":\"hi\"}");
  expect_nothing (a);
  expect_nothing (elsewhere);

  say (fixture, a, "{\"data\":{\"eventName\":\"_remove_peer\",\"data\":{\"socketId\":\"B\"}}}");
  say (fixture, a, "{\"data\":null}");
  expect_nothing (b);

  disconnect_client (fixture, a);
  disconnect_client (fixture, b);
  disconnect_client (fixture, elsewhere);
}

/* Point 8: a message of nearly 1 MiB passes. */
static void
test_size (Fixture *fixture,
           gconstpointer data)
{
  g_autofree char *sdp = g_strnfill (1024 * 1024 - 256, 'x');
  g_autofree char *offer = g_strdup_printf (
      "{\"eventName\":\"__offer__\",\"data\":{\"sdp\":\"%s\",\"socketId\":\"B\"}}", sdp);
  g_autofree char *got = NULL;
  FakeClient *a;
  FakeClient *b;

  join_two (fixture, &a, &b);
  say (fixture, a, offer);
  got = fake_client_take (b);
  g_assert_nonnull (got);
  g_assert_cmpuint (strlen (got), >, strlen (sdp));

  disconnect_client (fixture, a);
  disconnect_client (fixture, b);
}

/* Each variant's default room; a number as the room's name is text. */
static void
test_room_names (Fixture *fixture,
                 gconstpointer data)
{
  struct {
    const char *join;
    const char *room;
  } cases[] = {
    { "{\"eventName\":\"__join__\",\"data\":{}}", "default_room" },
    { "{\"eventName\":\"__join__\",\"data\":{\"room\":\"\"}}", "default_room" },
    { "{\"eventName\":\"__join__\",\"data\":{\"room\":null}}", "default_room" },
    { "{\"eventName\":\"__join\",\"data\":{}}", "__default" },
    { "{\"eventName\":\"__join__\",\"data\":{\"room\":915}}", "915" },
    { "{\"eventName\":\"__join__\",\"data\":{\"room\":\"两 人\"}}", "两 人" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      FakeClient *client = connect_client (fixture, "/ws/A");
      AlcoveHubMember *member;

      say (fixture, client, cases[i].join);
      g_free (expect_peers (client, 0));
      member = alcove_hub_find (fixture->hub, "A");
      g_assert_nonnull (member);
      g_assert_cmpstr (alcove_hub_member_get_room (member), ==, cases[i].room);
      disconnect_client (fixture, client);
    }
}

/* A room too many and a full room: the one who asks is dropped, nobody else. */
static void
test_bounds (Fixture *fixture,
             gconstpointer data)
{
  g_autoptr (GPtrArray) clients = g_ptr_array_new ();
  FakeClient *client;

  for (int i = 0; i < MAX_ROOMS; i++)
    {
      g_autofree char *join
          = g_strdup_printf ("{\"eventName\":\"__join__\",\"data\":{\"room\":%d}}", i);

      client = connect_client (fixture, "/");
      say (fixture, client, join);
      g_free (expect_peers (client, 0));
      g_ptr_array_add (clients, client);
    }

  client = connect_client (fixture, "/");
  say (fixture, client, "{\"eventName\":\"__join__\",\"data\":{\"room\":\"more\"}}");
  g_assert_cmpuint (fake_client_get_close_code (client), ==, ALCOVE_SERVER_CLOSE_POLICY);
  g_assert_false (fake_client_get_joined (client));
  disconnect_client (fixture, client);

  for (int i = 1; i < MAX_MEMBERS; i++)
    {
      client = connect_client (fixture, "/");
      say (fixture, client, "{\"eventName\":\"__join__\",\"data\":{\"room\":0}}");
      g_free (expect_peers (client, i));
      g_ptr_array_add (clients, client);
    }
  client = connect_client (fixture, "/");
  say (fixture, client, "{\"eventName\":\"__join__\",\"data\":{\"room\":0}}");
  g_assert_cmpuint (fake_client_get_close_code (client), ==, ALCOVE_SERVER_CLOSE_POLICY);
  disconnect_client (fixture, client);

  for (guint i = 0; i < clients->len; i++)
    {
      g_assert_cmpuint (fake_client_get_close_code (clients->pdata[i]), ==, 0);
      disconnect_client (fixture, clients->pdata[i]);
    }
}

/* Who speaks another dialect is the bridge's to announce, even in the room of the same name;
 * but its id is taken. */
static void
test_other_dialect (Fixture *fixture,
                    gconstpointer data)
{
  FakeClient *a;
  FakeClient *b;
  FakeClient *late;
  AlcoveHubMember *foreign;
  g_autofree char *id = NULL;

  join_two (fixture, &a, &b);
  foreign = alcove_hub_join (fixture->hub, "r", "F", fixture, NULL, NULL);
  expect_nothing (a);
  expect_nothing (b);

  late = connect_client (fixture, "/ws/F");
  say (fixture, late, "{\"eventName\":\"__join__\",\"data\":{\"room\":\"r\"}}");
  id = expect_peers (late, 2);
  g_assert_cmpstr (id, !=, "F");
  say (fixture, late, "{\"eventName\":\"__offer__\",\"data\":{\"sdp\":\"x\",\"socketId\":\"F\"}}");

  alcove_hub_leave (fixture->hub, foreign);
  expect_nothing (late);

  disconnect_client (fixture, a);
  disconnect_client (fixture, b);
  disconnect_client (fixture, late);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/skyrtc-dialect/12.1-paths", test_paths);
  ADD ("/skyrtc-dialect/12.1-id-of-path", test_id_of_path);
  ADD ("/skyrtc-dialect/12.1-id-made", test_id_made);
  ADD ("/skyrtc-dialect/12.1-id-again", test_id_again);
  ADD ("/skyrtc-dialect/12.2-spellings", test_spellings);
  ADD ("/skyrtc-dialect/12.3-join-twice", test_join_twice);
  ADD ("/skyrtc-dialect/12.3-join-other", test_join_other);
  ADD ("/skyrtc-dialect/12.4-relay", test_relay);
  ADD ("/skyrtc-dialect/12.5-candidates", test_candidates);
  ADD ("/skyrtc-dialect/12.6-close", test_close);
  ADD ("/skyrtc-dialect/12.6-bad-input", test_bad_input);
  ADD ("/skyrtc-dialect/12.7-broadcast", test_broadcast);
  ADD ("/skyrtc-dialect/12.8-size", test_size);
  ADD ("/skyrtc-dialect/room-names", test_room_names);
  ADD ("/skyrtc-dialect/bounds", test_bounds);
  ADD ("/skyrtc-dialect/other-dialect", test_other_dialect);
#undef ADD

  return g_test_run ();
}
