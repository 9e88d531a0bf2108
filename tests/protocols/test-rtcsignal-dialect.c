/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "alcove-rtcsignal-dialect.h"
#include "dialect-fixture.h"

/* The server's side without sockets, by section 12 of the protocol's description. */

#define MEMBERSHIP(event, user, room) \
  "[\"" event "\",\"{\\\"userId\\\":\\\"" user "\\\",\\\"roomName\\\":\\\"" room "\\\"}\"]"
#define JOIN(user, room) MEMBERSHIP ("join-room", user, room)
#define LEAVE(user, room) MEMBERSHIP ("leave-room", user, room)
#define JOINED(user) "[\"user-joined\",\"" user "\"]"
#define LEFT(user) "[\"user-left\",\"" user "\"]"
#define ODD \
  "[\"broadcast\",{\"zeta\":1,\"userId\":\"ada\",\"msgType\":99," \
  "\"deep\":{\"b\":[1,\"x\",{}]},\"n\":null}]"
#define OFFER \
  "[\"broadcast\",{\"userId\":\"ada\",\"msgType\":1,\"sdp\":\"v=0\",\"targetUserId\":\"bob\"}]"

static void
set_up (Fixture *f,
        gconstpointer data)
{
  set_up_dialect (f, alcove_rtcsignal_dialect_new ());
}

/* Joins and leaves to all, the sender included; a lost connection to the others. */
static void
test_story (Fixture *f,
            gconstpointer data)
{
  FakeClient *a = dial (f, "1");
  FakeClient *b = dial (f, "2");
  FakeClient *d = dial (f, "3");

  say (f, a, JOIN ("ada", "alcove"));
  expect (a, JOINED ("ada"));
  g_assert_true (fake_client_get_joined (a));
  say (f, d, JOIN ("dan", "attic"));
  expect (d, JOINED ("dan"));
  /* the object in place of a text */
  say (f, b, "[\"join-room\",{\"userId\":\"bob\",\"roomName\":\"alcove\"}]");
  expect (a, JOINED ("bob"));
  expect (b, JOINED ("bob"));

  say (f, b, LEAVE ("bob", "alcove"));
  expect (a, LEFT ("bob"));
  expect (b, LEFT ("bob"));
  say (f, b, "[\"broadcast\",{\"userId\":\"bob\",\"msgType\":4}]");
  expect_nothing (a);
  expect_nothing (b);
  say (f, b, JOIN ("bob-2", "alcove"));
  expect (a, JOINED ("bob-2"));
  expect (b, JOINED ("bob-2"));
  hang_up (f, b);
  expect (a, LEFT ("bob-2"));
  expect_nothing (d);
  hang_up (f, a);
  hang_up (f, d);
}

/* To everybody and back; with a target to that one and back. Whatever is in it stays. */
static void
test_broadcast (Fixture *f,
                gconstpointer data)
{
  FakeClient *a = dial (f, "1");
  FakeClient *b = dial (f, "2");
  FakeClient *c = dial (f, "3");
  FakeClient *twin = dial (f, "4");
  FakeClient *all[] = { a, b, c, twin };

  say (f, a, JOIN ("ada", "r"));
  say (f, b, JOIN ("bob", "r"));
  say (f, c, JOIN ("cyd", "r"));
  /* two of one name, as nothing forbids it */
  say (f, twin, JOIN ("bob", "r"));
  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    while (fake_client_get_n_waiting (all[i]) > 0)
      g_free (fake_client_take (all[i]));

  say (f, a, ODD);
  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    expect (all[i], ODD);

  say (f, a, OFFER);
  expect (a, OFFER);
  expect (b, OFFER);
  expect (twin, OFFER);
  expect_nothing (c);
  /* nobody of that name: the echo all the same */
  say (f, a, "[\"broadcast\",{\"userId\":\"ada\",\"msgType\":4,\"targetUserId\":\"nobody\"}]");
  expect (a, "[\"broadcast\",{\"userId\":\"ada\",\"msgType\":4,\"targetUserId\":\"nobody\"}]");
  expect_nothing (b);
  /* in another's name, and in none */
  say (f, c, "[\"broadcast\",{\"userId\":\"ada\",\"msgType\":4,\"targetUserId\":\"bob\"}]");
  expect (b, "[\"broadcast\",{\"userId\":\"cyd\",\"msgType\":4,\"targetUserId\":\"bob\"}]");
  say (f, c, "[\"broadcast\",{\"msgType\":4,\"targetUserId\":\"bob\"}]");
  expect (b, "[\"broadcast\",{\"userId\":\"cyd\",\"msgType\":4,\"targetUserId\":\"bob\"}]");
  for (int i = (int) G_N_ELEMENTS (all) - 1; i >= 0; i--)
    hang_up (f, all[i]);
}

/* Oddities 1 and 6: what the original goes deaf of is ignored, and the next message heard. */
static void
test_never_deaf (Fixture *f,
                 gconstpointer data)
{
  static const char *const texts[] = {
    "[\"join-room\"]", "[\"join-room\",null]", "[\"join-room\",5]", "[\"join-room\",\"x\"]", "[]", "{}", "",
    "[\"join-room\",\"{\\\"userId\\\":12,\\\"roomName\\\":\\\"r\\\"}\"]", "[\"leave-room\",[]]",
    "[\"broadcast\"]", "[\"broadcast\",null]", "[\"broadcast\",[1,2]]", "[\"broadcast\",\"just text\"]",
    "[\"broadcast\",{\"userId\":", "[\"broadcast\",{}]", "[\"broadcast\",{\"msgType\":\"x\"}]",
    "[\"broadcast\",{\"msgType\":1}]", "[\"chat\",\"hello\"]", "[\"user-left\",\"ada\"]",
    "[\"join-room\",\"{\\\"roomName\\\":\\\"r\\\"}\"]",
  };
  FakeClient *a = dial (f, "1");

  say (f, a, JOIN ("ada", "r"));
  expect (a, JOINED ("ada"));
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      say (f, a, texts[i]);
      expect_nothing (a);
    }
  /* one argument too many */
  say (f, a, "[\"broadcast\",{\"msgType\":4},{\"msgType\":5}]");
  expect (a, "[\"broadcast\",{\"userId\":\"ada\",\"msgType\":4}]");
  g_assert_cmpuint (fake_client_get_close_code (a), ==, 0);
  hang_up (f, a);
}

/* Oddity 3: one room for each connection. */
static void
test_one_room (Fixture *f,
               gconstpointer data)
{
  FakeClient *a = dial (f, "1");
  FakeClient *b = dial (f, "2");

  say (f, a, JOIN ("ada", "r"));
  say (f, b, JOIN ("bob", "r"));
  g_free (fake_client_take (a));
  g_free (fake_client_take (a));
  g_free (fake_client_take (b));
  say (f, b, JOIN ("bob", "s"));
  expect (a, LEFT ("bob"));
  expect (b, JOINED ("bob"));
  say (f, b, "[\"broadcast\",{\"userId\":\"bob\",\"msgType\":4}]");
  expect (b, "[\"broadcast\",{\"userId\":\"bob\",\"msgType\":4}]");
  expect_nothing (a);
  hang_up (f, a);
  hang_up (f, b);
}

/* Oddity 4: a room that one is not in can't be left. Oddity 7: the same join once more. */
static void
test_leave_elsewhere (Fixture *f,
                      gconstpointer data)
{
  FakeClient *a = dial (f, "1");
  FakeClient *b = dial (f, "2");

  say (f, a, LEAVE ("ada", "r"));
  expect_nothing (a);
  say (f, a, JOIN ("ada", "r"));
  say (f, b, JOIN ("bob", "r"));
  g_free (fake_client_take (a));
  g_free (fake_client_take (a));
  g_free (fake_client_take (b));
  say (f, b, LEAVE ("bob", "cellar"));
  expect_nothing (a);
  expect_nothing (b);
  say (f, b, JOIN ("bob", "r"));
  expect (b, JOINED ("bob"));
  expect_nothing (a);
  hang_up (f, a);
  hang_up (f, b);
}

/* Oddity 6: without a name it is the room without a name. */
static void
test_nameless_room (Fixture *f,
                    gconstpointer data)
{
  FakeClient *a = dial (f, "1");
  FakeClient *b = dial (f, "2");

  say (f, a, "[\"join-room\",\"{\\\"userId\\\":\\\"ada\\\"}\"]");
  expect (a, JOINED ("ada"));
  say (f, b, JOIN ("bob", ""));
  expect (a, JOINED ("bob"));
  hang_up (f, a);
  hang_up (f, b);
}

/* Told by the first event's name; all events are acknowledged, with null. */
static void
test_matches (Fixture *f,
              gconstpointer data)
{
  static const char *const ours[] = { JOIN ("a", "r"), "[\"join-room\"]", "[\"broadcast\",5]" };
  static const char *const others[] = { "[\"createAndJoinRoom\",{}]", "[\"user-joined\",\"a\"]", "[]", "" };

  g_assert_true (ALCOVE_DIALECT_GET_CLASS (f->dialect)->socketio);
  g_assert_cmpstr (ALCOVE_DIALECT_GET_CLASS (f->dialect)->acknowledgement, ==, "null");
  g_assert_false (alcove_dialect_matches (f->dialect, "/socket.io/", NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (ours); i++)
    g_assert_true (alcove_dialect_matches (f->dialect, "/socket.io/", ours[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_false (alcove_dialect_matches (f->dialect, "/socket.io/", others[i]));
}

static void
test_full (Fixture *f,
           gconstpointer data)
{
  FakeClient *clients[FIXTURE_MAX_MEMBERS + 1];

  for (int i = 0; i <= FIXTURE_MAX_MEMBERS; i++)
    {
      g_autofree char *text = g_strdup_printf (JOIN ("u%d", "r"), i);

      clients[i] = dial (f, NULL);
      say (f, clients[i], text);
      g_assert_cmpuint (fake_client_get_close_code (clients[i]), ==,
                        i < FIXTURE_MAX_MEMBERS ? 0 : ALCOVE_SERVER_CLOSE_POLICY);
    }
  for (int i = FIXTURE_MAX_MEMBERS; i >= 0; i--)
    hang_up (f, clients[i]);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add ("/rtcsignal/server/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("12-story", test_story);
  ADD ("12-broadcast", test_broadcast);
  ADD ("10.1-12-never-deaf", test_never_deaf);
  ADD ("10.3-12-one-room", test_one_room);
  ADD ("10.4-10.7-leave-elsewhere", test_leave_elsewhere);
  ADD ("10.6-nameless-room", test_nameless_room);
  ADD ("12-matches", test_matches);
  ADD ("full", test_full);
#undef ADD
  return g_test_run ();
}
