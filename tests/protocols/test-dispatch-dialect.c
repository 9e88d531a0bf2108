/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "alcove-dispatch-dialect.h"
#include "fake-client.h"

/* The server's side of the dispatch platform without sockets, by section 12 of its description. */

#define MAX_ROOMS 3
#define MAX_MEMBERS 4

#define DONE "{\"code\":10000,\"value\":\"\",\"message\":\"\"}"
#define REFUSED "{\"code\":10000,\"value\":-10000,\"message\":\"The message was not understood\"}"
#define NOT_IN_ROOM "{\"code\":10000,\"value\":-10000,\"message\":\"You are not in a room\"}"
#define CREATED "{\"code\":2000,\"value\":10000,\"message\":\"The room is open\"}"
#define JOINED "{\"code\":2001,\"value\":10000,\"message\":\"You have joined\"}"
#define DELETED "{\"code\":10001,\"value\":\"\",\"message\":\"The room was closed\"}"
#define CREATE "{\"code\":2000,\"value\":{\"room_name\":\"0915\"},\"message\":\"\"}"
#define JOIN(name) \
  "{\"code\":2001,\"value\":{\"room_name\":\"0915\",\"username\":\"" name "\"},\"message\":\"\"}"
#define OFFER \
  "{\"code\":2002,\"value\":{\"sdp\":{\"type\":\"offer\",\"sdp\":\"v=0\",\"x\":1},\"y\":2}," \
  "\"message\":\"m\"}"

typedef struct {
  AlcoveHub *hub;
  AlcoveDialect *dialect;
  FakeClient *root;
  FakeClient *bob;
  FakeClient *cyd;
} Fixture;

static FakeClient *
dial (Fixture *f)
{
  FakeClient *client = fake_client_new ();

  alcove_dialect_opened (f->dialect, ALCOVE_SERVER_CLIENT (client), "/ws");
  return client;
}

static void
hang_up (Fixture *f,
         FakeClient *client)
{
  alcove_dialect_closed (f->dialect, ALCOVE_SERVER_CLIENT (client));
  g_assert_cmpuint (fake_client_get_close_code (client), ==, 0);
  g_assert_finalize_object (client);
}

static void
say (Fixture *f,
     FakeClient *client,
     const char *text)
{
  alcove_dialect_message (f->dialect, ALCOVE_SERVER_CLIENT (client), text);
}

static void
expect (FakeClient *client,
        const char *text)
{
  g_autofree char *got = fake_client_take (client);

  g_assert_cmpstr (got, ==, text);
}

static void
expect_nothing (FakeClient *client)
{
  expect (client, NULL);
}

static void
set_up (Fixture *f,
        gconstpointer data)
{
  f->hub = alcove_hub_new (MAX_ROOMS, MAX_MEMBERS);
  f->dialect = alcove_dispatch_dialect_new ();
  alcove_dialect_attach (f->dialect, f->hub);
  f->root = dial (f);
  f->bob = dial (f);
  f->cyd = dial (f);
  say (f, f->root, CREATE);
  expect (f->root, CREATED);
  say (f, f->bob, JOIN ("bob"));
  expect (f->bob, JOINED);
  say (f, f->cyd, JOIN ("cyd"));
  expect (f->cyd, JOINED);
  g_assert_true (fake_client_get_joined (f->bob));
}

static void
tear_down (Fixture *f,
           gconstpointer data)
{
  if (f->bob != NULL)
    hang_up (f, f->bob);
  if (f->cyd != NULL)
    hang_up (f, f->cyd);
  if (f->root != NULL)
    hang_up (f, f->root);
  g_assert_cmpuint (alcove_hub_get_n_rooms (f->hub), ==, 0);
  g_assert_finalize_object (f->dialect);
  g_assert_finalize_object (f->hub);
}

/* All codes, forwarded before they are replied to. */
static void
test_story (Fixture *f,
            gconstpointer data)
{
  expect_nothing (f->root);
  say (f, f->bob, OFFER);
  expect (f->root, "{\"code\":2002,\"value\":{\"username\":\"bob\",\"sdp\":{\"type\":\"offer\","
                   "\"sdp\":\"v=0\",\"x\":1}},\"message\":\"\"}");
  expect (f->bob, DONE);
  say (f, f->root, "{\"code\":2003,\"value\":{\"username\":\"bob\",\"sdp\":\"v=0\"},\"message\":\"\"}");
  expect (f->bob, "{\"code\":2003,\"value\":{\"username\":\"root\",\"sdp\":\"v=0\"},\"message\":\"\"}");
  expect (f->root, DONE);
  say (f, f->bob, "{\"code\":2004,\"value\":{\"candidate\":{\"candidate\":\"c\",\"sdpMid\":\"0\","
                  "\"sdpMLineIndex\":0,\"usernameFragment\":\"u\"}},\"message\":\"\"}");
  expect (f->root, "{\"code\":2004,\"value\":{\"username\":\"bob\",\"candidate\":{\"candidate\":\"c\","
                   "\"sdpMid\":\"0\",\"sdpMLineIndex\":0,\"usernameFragment\":\"u\"}},\"message\":\"\"}");
  expect (f->bob, DONE);
  say (f, f->root, "{\"code\":2005,\"value\":{\"username\":\"bob\",\"candidate\":\"c\"},\"message\":\"\"}");
  expect (f->bob, "{\"code\":2005,\"value\":{\"username\":\"root\",\"candidate\":\"c\"},\"message\":\"\"}");
  expect (f->root, DONE);

  /* the whole object, extra members too */
  say (f, f->root, "{\"code\":2222,\"value\":{\"username\":\"bob\",\"extra\":1},\"message\":\"hi\",\"more\":[1]}");
  expect (f->bob, "{\"code\":2222,\"value\":{\"username\":\"bob\",\"extra\":1},\"message\":\"hi\",\"more\":[1]}");
  expect (f->root, DONE);
  say (f, f->root, "{\"code\":2022,\"value\":{\"username\":\"bob\",\"sdp\":\"v=0\"},\"message\":\"\"}");
  expect (f->bob, "{\"code\":2022,\"value\":{\"username\":\"root\",\"sdp\":\"v=0\"},\"message\":\"\"}");
  expect (f->root, DONE);
  /* a guest's answer reaches the root under its own name */
  say (f, f->bob, "{\"code\":2003,\"value\":{\"username\":\"root\",\"sdp\":\"v=0\"},\"message\":\"\"}");
  expect (f->root, "{\"code\":2003,\"value\":{\"username\":\"bob\",\"sdp\":\"v=0\"},\"message\":\"\"}");
  expect (f->bob, DONE);
  say (f, f->root, "{\"code\":3002,\"value\":{\"username\":\"cyd\"},\"message\":\"\"}");
  expect (f->cyd, "{\"code\":3002,\"value\":{\"username\":\"cyd\"},\"message\":\"\"}");
  expect (f->root, DONE);
  say (f, f->cyd, "{\"code\":3000,\"value\":\"\",\"message\":\"bye\"}");
  expect (f->root, "{\"code\":3000,\"value\":{\"username\":\"cyd\"},\"message\":\"bye\"}");
  expect (f->cyd, DONE);
  /* rejoin on the same socket, also without a message in the leave (oddity 6) */
  say (f, f->cyd, JOIN ("cyd"));
  expect (f->cyd, JOINED);
  say (f, f->cyd, "{\"code\":3000}");
  expect (f->root, "{\"code\":3000,\"value\":{\"username\":\"cyd\"},\"message\":\"\"}");
  expect (f->cyd, DONE);
  say (f, f->cyd, "{\"code\":3000,\"value\":\"\",\"message\":\"\"}");
  expect (f->cyd, DONE);
  expect_nothing (f->root);
}

/* A guest that is lost is told of, and its name is free. */
static void
test_lost_guest (Fixture *f,
                 gconstpointer data)
{
  hang_up (f, g_steal_pointer (&f->cyd));
  expect (f->root, "{\"code\":3000,\"value\":{\"username\":\"cyd\",\"lost\":true},\"message\":\"\"}");
  say (f, f->root,
       "{\"code\":2005,\"value\":{\"username\":\"cyd\",\"candidate\":{\"candidate\":\"\"}},"
       "\"message\":\"\"}");
  expect (f->root, REFUSED);
  f->cyd = dial (f);
  say (f, f->cyd, JOIN ("cyd"));
  expect (f->cyd, JOINED);
}

/* The root's end in any way, also by 3000: 10001, guests detached, the name free. */
static void
test_root_gone (Fixture *f,
                gconstpointer data)
{
  hang_up (f, g_steal_pointer (&f->root));
  expect (f->bob, DELETED);
  expect (f->cyd, DELETED);
  say (f, f->bob, OFFER);
  expect (f->bob, NOT_IN_ROOM);
  say (f, f->bob, CREATE);
  expect (f->bob, CREATED);
  say (f, f->cyd, JOIN ("bob"));
  expect (f->cyd, JOINED);
  say (f, f->bob, "{\"code\":3000,\"value\":\"\",\"message\":\"\"}");
  expect (f->cyd, DELETED);
  expect (f->bob, DONE);
}

/* Oddity 5: guests reach nobody but the root; a root sends no 2002. */
static void
test_roles (Fixture *f,
            gconstpointer data)
{
  static const char *const from_guest[] = {
    "{\"code\":2003,\"value\":{\"username\":\"cyd\",\"sdp\":\"v=0\"}}",
    "{\"code\":2022,\"value\":{\"username\":\"cyd\",\"sdp\":\"v=0\"}}",
    "{\"code\":2022,\"value\":{\"username\":\"root\",\"sdp\":\"v=0\"}}",
    "{\"code\":2005,\"value\":{\"username\":\"cyd\",\"candidate\":\"c\"}}",
    "{\"code\":2222,\"value\":{\"username\":\"cyd\"}}", "{\"code\":3001,\"value\":{\"username\":\"cyd\"}}",
    "{\"code\":3002,\"value\":{\"username\":\"cyd\"}}", "{\"code\":3002,\"value\":{\"username\":\"root\"}}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (from_guest); i++)
    {
      say (f, f->bob, from_guest[i]);
      expect (f->bob, REFUSED);
      expect_nothing (f->cyd);
      expect_nothing (f->root);
    }
  say (f, f->root, OFFER);
  expect (f->root, REFUSED);
  say (f, f->root, "{\"code\":2004,\"value\":{\"candidate\":\"c\"}}");
  expect (f->root, REFUSED);
}

/* Replies to what can't be done, as the original gives them; one room per connection. */
static void
test_refusals (Fixture *f,
               gconstpointer data)
{
  static const char *const cases[][2] = {
    { CREATE, "{\"code\":2000,\"value\":-10000,\"message\":\"The room exists already\"}" },
    { JOIN ("bob"), "{\"code\":2001,\"value\":-10000,\"message\":\"The user exists already\"}" },
    { JOIN ("root"), "{\"code\":2001,\"value\":-10000,\"message\":\"The user exists already\"}" },
    { JOIN (""), "{\"code\":2001,\"value\":-10000,\"message\":\"The user exists already\"}" },
    { "{\"code\":2001,\"value\":{\"room_name\":\"9999\",\"username\":\"eve\"}}",
      "{\"code\":2001,\"value\":-10000,\"message\":\"There is no such room\"}" },
    { "{\"code\":2000}", "{\"code\":2000,\"value\":-10000,\"message\":\"The message was not understood\"}" },
    { "{\"code\":2001,\"value\":\"x\"}",
      "{\"code\":2001,\"value\":-10000,\"message\":\"The message was not understood\"}" },
    { OFFER, NOT_IN_ROOM },
    { "{\"code\":2003,\"value\":{\"username\":\"bob\",\"sdp\":\"v=0\"}}",
      "{\"code\":-10000,\"value\":\"\",\"message\":\"You are not in a room\"}" },
    { "{\"code\":2004,\"value\":{\"candidate\":{}}}",
      "{\"code\":-10000,\"value\":\"\",\"message\":\"You are not in a room\"}" },
    { "{\"code\":3002,\"value\":{\"username\":\"bob\"}}", NOT_IN_ROOM },
    { "{\"code\":4711,\"value\":{\"a\":1}}", DONE },
    { "{\"code\":\"2001\",\"value\":{\"room_name\":\"0915\",\"username\":\"eve\"}}", DONE },
    { "{\"code\": ", REFUSED }, { "[]", REFUSED }, { "\"text\"", REFUSED }, { "42", REFUSED },
    { "null", REFUSED }, { "{}", REFUSED }, { "", REFUSED }, { "{\"code\":{}}", REFUSED },
  };
  FakeClient *eve = dial (f);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i][0]);
      say (f, eve, cases[i][0]);
      expect (eve, cases[i][1]);
    }
  expect_nothing (f->root);

  /* a second room or name leaves the first */
  say (f, f->bob, JOIN ("bob2"));
  expect (f->bob, JOINED);
  expect (f->root, "{\"code\":3000,\"value\":{\"username\":\"bob\"},\"message\":\"\"}");
  say (f, f->bob, JOIN ("bob2"));
  expect (f->bob, JOINED);
  expect (f->root, "{\"code\":3000,\"value\":{\"username\":\"bob2\"},\"message\":\"\"}");
  say (f, eve, "{\"code\":2000,\"value\":{\"room_name\":\"k1\"}}");
  expect (eve, CREATED);
  say (f, eve, "{\"code\":2000,\"value\":{\"room_name\":\"k2\"}}");
  expect (eve, CREATED);
  g_assert_cmpuint (alcove_hub_get_n_rooms (f->hub), ==, 2);
  say (f, f->root, "{\"code\":2001,\"value\":{\"room_name\":\"k2\",\"username\":\"x\"}}");
  expect (f->root, JOINED);
  expect (f->bob, DELETED);
  expect (f->cyd, DELETED);
  hang_up (f, eve);
  expect (f->root, DELETED);
}

static void
test_bounds (Fixture *f,
             gconstpointer data)
{
  FakeClient *dan = dial (f);
  FakeClient *eve = dial (f);

  say (f, dan, JOIN ("dan"));
  expect (dan, JOINED);
  say (f, eve, JOIN ("eve"));
  expect (eve, "{\"code\":2001,\"value\":-10000,\"message\":\"The message was not understood\"}");
  for (int i = 0; i < MAX_ROOMS; i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"code\":2000,\"value\":{\"room_name\":\"r%d\"}}", i);
      FakeClient *client = dial (f);

      say (f, client, text);
      expect (client, i < MAX_ROOMS - 1
                          ? CREATED
                          : "{\"code\":2000,\"value\":-10000,\"message\":\"The message was not understood\"}");
      g_object_set_data (G_OBJECT (f->hub), text, client);
      if (i == MAX_ROOMS - 1)
        for (int n = 0; n < MAX_ROOMS; n++)
          {
            g_autofree char *key
                = g_strdup_printf ("{\"code\":2000,\"value\":{\"room_name\":\"r%d\"}}", n);

            hang_up (f, g_object_steal_data (G_OBJECT (f->hub), key));
          }
    }
  hang_up (f, dan);
  hang_up (f, eve);
}

static void
test_detection (Fixture *f,
                gconstpointer data)
{
  g_assert_true (alcove_dialect_matches (f->dialect, "/", CREATE));
  g_assert_true (alcove_dialect_matches (f->dialect, "/anything", "{\"code\":4711}"));
  g_assert_false (alcove_dialect_matches (f->dialect, "/ws", NULL));
  g_assert_false (alcove_dialect_matches (f->dialect, "/", "{\"eventName\":\"__join\",\"data\":{}}"));
  g_assert_false (alcove_dialect_matches (f->dialect, "/", "{\"code\":\"2000\"}"));
  g_assert_false (alcove_dialect_matches (f->dialect, "/", "40"));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add ("/dispatch-dialect/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("12-story", test_story);
  ADD ("12-10.3-lost-guest", test_lost_guest);
  ADD ("12-10.2-root-gone", test_root_gone);
  ADD ("12-10.5-roles", test_roles);
  ADD ("12-10.1-10.4-10.7-10.9-refusals", test_refusals);
  ADD ("bounds", test_bounds);
  ADD ("detection", test_detection);
#undef ADD
  return g_test_run ();
}
