/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "alcove-rtcmesh-dialect.h"
#include "fake-client.h"

/* The server's side of the mesh without sockets, by section 12 of the protocol's description. */

#define A "aaaaaaaa-1111-4111-8111-000000000001"
#define B "bbbbbbbb-2222-4222-8222-000000000002"
#define C "cccccccc-3333-4333-8333-000000000003"

#define MAX_MEMBERS 4

typedef struct {
  AlcoveHub *hub;
  AlcoveDialect *dialect;
} Fixture;

static void
set_up (Fixture *f,
        gconstpointer data)
{
  f->hub = alcove_hub_new (1, MAX_MEMBERS);
  f->dialect = alcove_rtcmesh_dialect_new ();
  alcove_dialect_attach (f->dialect, f->hub);
}

static void
tear_down (Fixture *f,
           gconstpointer data)
{
  g_assert_cmpuint (alcove_hub_get_n_rooms (f->hub), ==, 0);
  g_assert_finalize_object (f->dialect);
  g_assert_finalize_object (f->hub);
}

static FakeClient *
dial (Fixture *f,
      const char *path)
{
  FakeClient *client = fake_client_new ();

  g_assert_true (alcove_dialect_matches (f->dialect, path, NULL));
  alcove_dialect_opened (f->dialect, ALCOVE_SERVER_CLIENT (client), path);
  return client;
}

static void
hang_up (Fixture *f,
         FakeClient *client)
{
  alcove_dialect_closed (f->dialect, ALCOVE_SERVER_CLIENT (client));
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

/* First `init` with the others, then `online` to the others; `offline` at the last socket. */
static void
test_story (Fixture *f,
            gconstpointer data)
{
  FakeClient *a = dial (f, "/uid/" A);
  FakeClient *b = dial (f, "/channel/json/uid/" B);
  FakeClient *c;

  g_assert_true (fake_client_get_joined (a));
  expect (a, "{\"event\":\"init\",\"ids\":[]}");
  expect (a, "{\"event\":\"online\",\"id\":\"" B "\"}");
  expect (b, "{\"event\":\"init\",\"ids\":[\"" A "\"]}");
  c = dial (f, "/uid/" C);
  expect (c, "{\"event\":\"init\",\"ids\":[\"" A "\",\"" B "\"]}");
  expect (a, "{\"event\":\"online\",\"id\":\"" C "\"}");
  expect (b, "{\"event\":\"online\",\"id\":\"" C "\"}");

  hang_up (f, b);
  expect (a, "{\"event\":\"offline\",\"id\":\"" B "\"}");
  expect (c, "{\"event\":\"offline\",\"id\":\"" B "\"}");
  hang_up (f, a);
  expect (c, "{\"event\":\"offline\",\"id\":\"" A "\"}");
  g_assert_cmpuint (fake_client_get_n_waiting (c), ==, 0);
  hang_up (f, c);
}

/* Oddity 2: two sockets with one id both get its messages; only the last one's end counts. */
static void
test_twins (Fixture *f,
            gconstpointer data)
{
  FakeClient *a = dial (f, "/uid/" A);
  FakeClient *b = dial (f, "/uid/" B);
  FakeClient *twin;

  g_free (fake_client_take (a));
  g_free (fake_client_take (a));
  g_free (fake_client_take (b));
  twin = dial (f, "/uid/" B);
  expect (twin, "{\"event\":\"init\",\"ids\":[\"" A "\"]}");
  expect (a, "{\"event\":\"online\",\"id\":\"" B "\"}");
  g_assert_cmpuint (fake_client_get_n_waiting (b), ==, 0);

  say (f, a, "{\"to\":\"" B "\"}");
  expect (b, "{\"to\":\"" B "\"}");
  expect (twin, "{\"to\":\"" B "\"}");
  say (f, b, "{\"to\":\"" B "\",\"from\":\"" B "\"}");
  expect (b, "{\"to\":\"" B "\",\"from\":\"" B "\"}");
  expect (twin, "{\"to\":\"" B "\",\"from\":\"" B "\"}");

  hang_up (f, b);
  g_assert_cmpuint (fake_client_get_n_waiting (a), ==, 0);
  hang_up (f, twin);
  expect (a, "{\"event\":\"offline\",\"id\":\"" B "\"}");
  hang_up (f, a);
}

/* Verbatim, spaces, newline, unknown members and all; nothing in another's name. */
static void
test_relay (Fixture *f,
            gconstpointer data)
{
  static const char *const passed[] = {
    "{ \"to\" : \"" B "\" , \"spaces\" : \"kept verbatim\" }",
    "{\"data\":{\"x\":[1,{}]},\"event\":\"candidate\",\"from\":\"" A "\",\"to\":\"" B "\"}\n",
    "{\"event\":\"chat\",\"to\":\"" B "\",\"from\":null,\"data\":\"\\u4e2d\"}",
  };
  static const char *const dropped[] = {
    "", "{", "{\"event\": ", "[]", "\"text\"", "42", "null", "{}", "{\"to\":\"\"}", "{\"to\":null}",
    "{\"to\":17}", "{\"to\":[\"" B "\"],\"event\":\"x\"}", "[{\"to\":\"" B "\"}]",
    "{\"to\":\"ffffffff-0000-4000-8000-00000000dead\"}", "{\"listen\":true,\"event\":\"rtc:offer\"}",
    "{\"to\":\"" B "\",\"from\":\"" C "\"}", "{\"to\":\"" B "\",\"from\":7}",
    "{\"to\":\"" B "\",\"from\":[\"" A "\"]}", "{\"to\":{\"" B "\":1}}",
  };
  g_autofree char *huge = g_strnfill (1024 * 1024 + 1, ' ');
  FakeClient *a = dial (f, "/uid/" A);
  FakeClient *b = dial (f, "/uid/" B);

  g_free (fake_client_take (b));
  for (gsize i = 0; i < G_N_ELEMENTS (passed); i++)
    {
      say (f, a, passed[i]);
      expect (b, passed[i]);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (dropped); i++)
    say (f, a, dropped[i]);
  say (f, a, huge);
  g_assert_cmpuint (fake_client_get_n_waiting (b), ==, 0);
  g_assert_cmpuint (fake_client_get_close_code (a), ==, 0);
  hang_up (f, a);
  hang_up (f, b);
}

/* Other paths are refused or somebody else's; a message alone is never proof. */
static void
test_paths (Fixture *f,
            gconstpointer data)
{
  static const char *const bad[] = { "/uid/short", "/uid/" A "x", "/uid/" A "/", "/uid/",
                                     "/uid/aaaaaaaa-1111-4111-8111-00000000000!" };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      FakeClient *client = dial (f, bad[i]);

      g_assert_cmpuint (fake_client_get_close_code (client), ==, ALCOVE_SERVER_CLOSE_POLICY);
      say (f, client, "{\"to\":\"" A "\"}");
      hang_up (f, client);
    }
  g_assert_false (alcove_dialect_matches (f->dialect, "/", NULL));
  g_assert_false (alcove_dialect_matches (f->dialect, "/ws/x", NULL));
  g_assert_false (alcove_dialect_matches (f->dialect, "/", "{\"to\":\"" A "\"}"));
}

static void
test_full (Fixture *f,
           gconstpointer data)
{
  FakeClient *clients[MAX_MEMBERS + 1];

  for (int i = 0; i <= MAX_MEMBERS; i++)
    {
      g_autofree char *path = g_strdup_printf ("/uid/%036d", i);

      clients[i] = dial (f, path);
      g_assert_cmpuint (fake_client_get_close_code (clients[i]), ==,
                        i < MAX_MEMBERS ? 0 : ALCOVE_SERVER_CLOSE_POLICY);
    }
  for (int i = MAX_MEMBERS; i >= 0; i--)
    hang_up (f, clients[i]);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add ("/rtcmesh-dialect/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("12-story", test_story);
  ADD ("10.2-twins", test_twins);
  ADD ("12-10.3-10.4-relay", test_relay);
  ADD ("12-paths", test_paths);
  ADD ("full", test_full);
#undef ADD
  return g_test_run ();
}
