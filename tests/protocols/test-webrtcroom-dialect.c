/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "alcove-webrtcroom-dialect.h"
#include "dialect-fixture.h"

/* The server's side without sockets, by section 12 of the protocol's description. */

#define ENTER(room) "[\"createAndJoinRoom\",{\"room\":" room "}]"

static void
set_up (Fixture *f,
        gconstpointer data)
{
  set_up_dialect (f, alcove_webrtcroom_dialect_new ());
}

/* `created`, `joined` and `exit` as the sheet has them, with the connection's id. */
static void
test_story (Fixture *f,
            gconstpointer data)
{
  FakeClient *a = dial (f, "A");
  FakeClient *b = dial (f, "B");
  FakeClient *c = dial (f, "C");
  FakeClient *d = dial (f, "D");

  say (f, a, ENTER ("\"alcove\""));
  expect (a, "[\"created\",{\"id\":\"A\",\"room\":\"alcove\",\"peers\":[]}]");
  g_assert_true (fake_client_get_joined (a));
  g_assert_false (fake_client_get_joined (b));
  say (f, b, ENTER ("\"alcove\""));
  expect (b, "[\"created\",{\"id\":\"B\",\"room\":\"alcove\",\"peers\":[{\"id\":\"A\"}]}]");
  expect (a, "[\"joined\",{\"id\":\"B\",\"room\":\"alcove\"}]");
  say (f, d, ENTER ("\"attic\""));
  expect (d, "[\"created\",{\"id\":\"D\",\"room\":\"attic\",\"peers\":[]}]");
  say (f, c, ENTER ("\"alcove\""));
  expect (c, "[\"created\",{\"id\":\"C\",\"room\":\"alcove\",\"peers\":[{\"id\":\"A\"},{\"id\":\"B\"}]}]");
  expect (a, "[\"joined\",{\"id\":\"C\",\"room\":\"alcove\"}]");
  expect (b, "[\"joined\",{\"id\":\"C\",\"room\":\"alcove\"}]");

  /* polite: not to the leaver, who stays connected and comes back under its id */
  say (f, b, "[\"exit\",{\"from\":\"B\",\"room\":\"alcove\"}]");
  expect (a, "[\"exit\",{\"from\":\"B\",\"room\":\"alcove\"}]");
  expect (c, "[\"exit\",{\"from\":\"B\",\"room\":\"alcove\"}]");
  say (f, b, "[\"exit\",{\"from\":\"B\",\"room\":\"alcove\"}]");
  expect_nothing (a);
  say (f, b, ENTER ("\"alcove\""));
  expect (b, "[\"created\",{\"id\":\"B\",\"room\":\"alcove\",\"peers\":[{\"id\":\"A\"},{\"id\":\"C\"}]}]");
  expect (a, "[\"joined\",{\"id\":\"B\",\"room\":\"alcove\"}]");
  expect (c, "[\"joined\",{\"id\":\"B\",\"room\":\"alcove\"}]");

  /* the end of a connection: to the room alone, with its name */
  hang_up (f, c);
  expect (a, "[\"exit\",{\"from\":\"C\",\"room\":\"alcove\"}]");
  expect (b, "[\"exit\",{\"from\":\"C\",\"room\":\"alcove\"}]");
  expect_nothing (d);
  hang_up (f, a);
  hang_up (f, b);
  hang_up (f, d);
}

/* Everything passes as it is, but for the sender; only within the room. */
static void
test_relay (Fixture *f,
            gconstpointer data)
{
  FakeClient *a = dial (f, "A");
  FakeClient *b = dial (f, "B");
  FakeClient *d = dial (f, "D");

  say (f, a, "[\"offer\",{\"from\":\"A\",\"to\":\"B\",\"sdp\":\"v=0\"}]");
  say (f, a, ENTER ("\"r\""));
  say (f, b, ENTER ("\"r\""));
  say (f, d, ENTER ("\"x\""));
  g_free (fake_client_take (a));
  g_free (fake_client_take (a));
  g_free (fake_client_take (b));
  g_free (fake_client_take (d));

  say (f, a, "[\"offer\",{\"to\":\"B\",\"from\":\"D\",\"room\":\"r\",\"note\":[1,{}],\"sdp\":\"v=0\\u0001\"}]");
  expect (b, "[\"offer\",{\"to\":\"B\",\"from\":\"A\",\"room\":\"r\",\"note\":[1,{}],\"sdp\":\"v=0\\u0001\"}]");
  say (f, a, "[\"answer\",{\"to\":\"B\",\"sdp\":{\"type\":\"answer\",\"sdp\":\"v=0\"}}]");
  expect (b, "[\"answer\",{\"from\":\"A\",\"to\":\"B\",\"sdp\":{\"type\":\"answer\",\"sdp\":\"v=0\"}}]");
  say (f, a, "[\"candidate\",{\"from\":\"A\",\"to\":\"B\",\"room\":\"r\",\"candidate\":{\"sdpMid\":\"0\","
             "\"sdpMLineIndex\":\"0\",\"sdp\":\"c\"}}]");
  expect (b, "[\"candidate\",{\"from\":\"A\",\"to\":\"B\",\"room\":\"r\",\"candidate\":{\"sdpMid\":\"0\","
             "\"sdpMLineIndex\":\"0\",\"sdp\":\"c\"}}]");

  say (f, a, "[\"offer\",{\"from\":\"A\",\"to\":\"nobody\",\"sdp\":\"v=0\"}]");
  say (f, a, "[\"offer\",{\"from\":\"A\",\"to\":\"D\",\"sdp\":\"v=0\"}]");
  say (f, a, "[\"offer\",{\"from\":\"A\",\"to\":\"A\",\"sdp\":\"v=0\"}]");
  expect_nothing (a);
  expect_nothing (b);
  expect_nothing (d);
  hang_up (f, a);
  hang_up (f, b);
  hang_up (f, d);
}

/* Oddity 1: what ends the original changes nothing here. */
static void
test_deadly (Fixture *f,
             gconstpointer data)
{
  static const char *const texts[] = {
    "[\"createAndJoinRoom\"]", "[\"createAndJoinRoom\",null]", "[\"offer\"]", "[\"offer\",null]",
    "[\"offer\",{}]", "[\"answer\",[]]", "[\"candidate\"]", "[\"candidate\",null]",
    "[\"candidate\",{\"to\":\"B\",\"candidate\":null}]", "[\"exit\",null]", "[\"chat\",{}]", "[]", "{}",
    "[\"createAndJoinRoom\"", "", "[\"created\",{\"id\":\"x\",\"peers\":[]}]", "[\"joined\",{\"id\":\"x\"}]",
    "[\"createAndJoinRoom\",{\"room\":{}}]", "[\"createAndJoinRoom\",{\"room\":[\"r\"]}]",
  };
  FakeClient *a = dial (f, "A");
  FakeClient *b = dial (f, "B");

  say (f, a, ENTER ("\"__proto__\""));
  expect (a, "[\"created\",{\"id\":\"A\",\"room\":\"__proto__\",\"peers\":[]}]");
  say (f, b, ENTER ("\"__proto__\""));
  expect (b, "[\"created\",{\"id\":\"B\",\"room\":\"__proto__\",\"peers\":[{\"id\":\"A\"}]}]");
  expect (a, "[\"joined\",{\"id\":\"B\",\"room\":\"__proto__\"}]");
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      say (f, a, texts[i]);
      expect_nothing (a);
      expect_nothing (b);
    }
  g_assert_cmpuint (fake_client_get_close_code (a), ==, 0);
  hang_up (f, a);
  hang_up (f, b);
}

/* Oddity 2: a room that is named like somebody's id is just a room. */
static void
test_room_of_an_id (Fixture *f,
                    gconstpointer data)
{
  FakeClient *a = dial (f, "A");
  FakeClient *b = dial (f, "B");

  say (f, a, ENTER ("\"r\""));
  g_free (fake_client_take (a));
  say (f, b, ENTER ("\"A\""));
  expect (b, "[\"created\",{\"id\":\"B\",\"room\":\"A\",\"peers\":[]}]");
  expect_nothing (a);
  hang_up (f, a);
  hang_up (f, b);
}

/* Oddity 3: rooms that are no text, answered as they were asked for. */
static void
test_rooms (Fixture *f,
            gconstpointer data)
{
  FakeClient *a = dial (f, "A");
  FakeClient *b = dial (f, "B");

  say (f, a, ENTER ("42"));
  expect (a, "[\"created\",{\"id\":\"A\",\"room\":42,\"peers\":[]}]");
  say (f, b, ENTER ("\"42\""));
  expect (b, "[\"created\",{\"id\":\"B\",\"room\":\"42\",\"peers\":[{\"id\":\"A\"}]}]");
  expect (a, "[\"joined\",{\"id\":\"B\",\"room\":\"42\"}]");
  say (f, a, ENTER ("null"));
  expect (a, "[\"created\",{\"id\":\"A\",\"room\":null,\"peers\":[]}]");
  expect (b, "[\"exit\",{\"from\":\"A\",\"room\":42}]");
  say (f, b, "[\"createAndJoinRoom\",{}]");
  expect (b, "[\"created\",{\"id\":\"B\",\"peers\":[{\"id\":\"A\"}]}]");
  expect (a, "[\"joined\",{\"id\":\"B\"}]");
  hang_up (f, b);
  expect (a, "[\"exit\",{\"from\":\"B\"}]");
  say (f, a, ENTER ("\"\""));
  expect (a, "[\"created\",{\"id\":\"A\",\"room\":null,\"peers\":[]}]");
  hang_up (f, a);
}

/* Section 6: twice the same room: never oneself; oddity 7: a second room leaves the first. */
static void
test_twice (Fixture *f,
            gconstpointer data)
{
  FakeClient *a = dial (f, "A");
  FakeClient *b = dial (f, "B");

  say (f, a, ENTER ("\"r\""));
  say (f, b, ENTER ("\"r\""));
  g_free (fake_client_take (a));
  g_free (fake_client_take (a));
  g_free (fake_client_take (b));
  say (f, b, ENTER ("\"r\""));
  expect (b, "[\"created\",{\"id\":\"B\",\"room\":\"r\",\"peers\":[{\"id\":\"A\"}]}]");
  expect_nothing (a);
  say (f, b, ENTER ("\"s\""));
  expect (b, "[\"created\",{\"id\":\"B\",\"room\":\"s\",\"peers\":[]}]");
  expect (a, "[\"exit\",{\"from\":\"B\",\"room\":\"r\"}]");
  say (f, a, "[\"offer\",{\"to\":\"B\",\"sdp\":\"v=0\"}]");
  expect_nothing (b);
  hang_up (f, a);
  hang_up (f, b);
}

/* Told by the first event's name, whatever is wrong with the rest, and never by the path. */
static void
test_matches (Fixture *f,
              gconstpointer data)
{
  static const char *const ours[] = { ENTER ("\"r\""), "[\"createAndJoinRoom\"]", "[\"exit\",null]" };
  static const char *const others[] = {
    "[\"join-room\",\"{}\"]", "[\"broadcast\",{}]", "[\"created\",{}]", "[]", "{\"event\":\"offer\"}", "",
  };

  g_assert_true (ALCOVE_DIALECT_GET_CLASS (f->dialect)->socketio);
  g_assert_null (ALCOVE_DIALECT_GET_CLASS (f->dialect)->acknowledgement);
  g_assert_false (alcove_dialect_matches (f->dialect, "/socket.io/", NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (ours); i++)
    g_assert_true (alcove_dialect_matches (f->dialect, "/socket.io/", ours[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_false (alcove_dialect_matches (f->dialect, "/socket.io/", others[i]));
}

/* An id that a member of another dialect has already, and a full room. */
static void
test_taken_and_full (Fixture *f,
                     gconstpointer data)
{
  AlcoveHubMember *other = alcove_hub_join (f->hub, "elsewhere", "A", f, NULL, NULL);
  FakeClient *clients[FIXTURE_MAX_MEMBERS + 1];

  for (int i = 0; i <= FIXTURE_MAX_MEMBERS; i++)
    {
      clients[i] = dial (f, i == 0 ? "A" : NULL);
      say (f, clients[i], ENTER ("\"r\""));
      g_assert_cmpuint (fake_client_get_close_code (clients[i]), ==,
                        i < FIXTURE_MAX_MEMBERS ? 0 : ALCOVE_SERVER_CLOSE_POLICY);
    }
  for (int i = FIXTURE_MAX_MEMBERS; i >= 0; i--)
    hang_up (f, clients[i]);
  alcove_hub_leave (f->hub, other);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add ("/webrtcroom/server/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("12-story", test_story);
  ADD ("12-relay", test_relay);
  ADD ("10.1-12-deadly", test_deadly);
  ADD ("10.2-room-of-an-id", test_room_of_an_id);
  ADD ("10.3-rooms", test_rooms);
  ADD ("10.7-twice", test_twice);
  ADD ("12-matches", test_matches);
  ADD ("taken-and-full", test_taken_and_full);
#undef ADD
  return g_test_run ();
}
