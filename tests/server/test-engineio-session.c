/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "alcove-engineio-session.h"
#include "alcove-server-connection.h"
#include "alcove-session-id.h"
#include "fake-client.h"

/* A session of Engine.IO without sockets: its time is what the test says it is. */

typedef struct {
  AlcoveEngineioSession *session;
  FakeClient *websocket;
  gint64 start;

  char *payload;
  guint n_polls_ended;

  char *event;
  gint64 event_id;
  guint n_events;
  guint n_left;
  guint n_closed;
} Fixture;

static const AlcoveServerLimits default_limits = ALCOVE_SERVER_LIMITS_INIT;

static void
on_event (AlcoveEngineioSession *session,
          const char *text,
          gint64 id,
          gpointer data)
{
  Fixture *fixture = data;

  g_free (fixture->event);
  fixture->event = g_strdup (text);
  fixture->event_id = id;
  fixture->n_events++;
}

static void
on_left (AlcoveEngineioSession *session,
         gpointer data)
{
  ((Fixture *) data)->n_left++;
}

static void
on_closed (AlcoveEngineioSession *session,
           gpointer data)
{
  ((Fixture *) data)->n_closed++;
}

static void
on_poll (const char *payload,
         gpointer data)
{
  Fixture *fixture = data;

  g_free (fixture->payload);
  fixture->payload = g_strdup (payload);
  fixture->n_polls_ended++;
}

static void
begin (Fixture *fixture,
       guint version,
       gboolean websocket,
       const AlcoveServerLimits *limits)
{
  if (websocket)
    fixture->websocket = fake_client_new ();
  fixture->session = alcove_engineio_session_new (
      version, websocket ? ALCOVE_SERVER_CLIENT (fixture->websocket) : NULL, "test",
      limits != NULL ? limits : &default_limits);
  fixture->start = g_get_monotonic_time ();
  g_signal_connect (fixture->session, "event", G_CALLBACK (on_event), fixture);
  g_signal_connect (fixture->session, "left", G_CALLBACK (on_left), fixture);
  g_signal_connect (fixture->session, "closed", G_CALLBACK (on_closed), fixture);
}

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  g_assert_finalize_object (fixture->session);
  if (fixture->websocket != NULL)
    g_assert_finalize_object (fixture->websocket);
  g_free (fixture->payload);
  g_free (fixture->event);
}

static const char *
get_id (Fixture *fixture)
{
  return alcove_server_client_get_id (ALCOVE_SERVER_CLIENT (fixture->session));
}

static void
run_idle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
poll (Fixture *fixture)
{
  g_assert_true (alcove_engineio_session_poll (fixture->session, on_poll, fixture));
}

/* What a poll brings that does not have to wait. */
static void
expect_poll (Fixture *fixture,
             const char *payload)
{
  guint n = fixture->n_polls_ended;

  poll (fixture);
  g_assert_cmpuint (fixture->n_polls_ended, ==, n + 1);
  g_assert_cmpstr (fixture->payload, ==, payload);
}

static gboolean
post (Fixture *fixture,
      const char *payload)
{
  return alcove_engineio_session_post (fixture->session, payload, strlen (payload));
}

static void
receive (Fixture *fixture,
         const char *text)
{
  alcove_engineio_session_receive (fixture->session, ALCOVE_SERVER_CLIENT (fixture->websocket),
                                   text);
}

static void
expect_sent (Fixture *fixture,
             const char *text)
{
  g_autofree char *sent = fake_client_take (fixture->websocket);

  g_assert_cmpstr (sent, ==, text);
}

static void
expect_nothing (Fixture *fixture)
{
  g_assert_cmpuint (fake_client_get_n_waiting (fixture->websocket), ==, 0);
}

static void
expect_open (Fixture *fixture,
             const char *extra)
{
  g_autofree char *open
      = g_strdup_printf ("0{\"sid\":\"%s\",\"upgrades\":[],\"pingInterval\":25000,"
                         "\"pingTimeout\":35000%s}",
                         get_id (fixture), extra);

  expect_sent (fixture, open);
}

static void
send (Fixture *fixture,
      const char *event)
{
  alcove_server_client_send_text (ALCOVE_SERVER_CLIENT (fixture->session), event);
}

static void
check_after (Fixture *fixture,
             gint64 seconds)
{
  alcove_engineio_session_check (fixture->session, fixture->start + seconds * G_USEC_PER_SEC);
}

static void
test_ids (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (int i = 0; i < 1000; i++)
    {
      char *id = alcove_session_id_new (ALCOVE_ENGINEIO_SID_LENGTH);

      g_assert_cmpuint (strlen (id), ==, ALCOVE_ENGINEIO_SID_LENGTH);
      for (const char *c = id; *c != '\0'; c++)
        g_assert_true (g_ascii_isalnum (*c) || *c == '-' || *c == '_');
      g_assert_true (g_hash_table_add (seen, id));
    }
}

static void
test_websocket_3 (Fixture *fixture,
                  gconstpointer data)
{
  begin (fixture, 3, TRUE, NULL);
  expect_open (fixture, "");
  expect_sent (fixture, "40");
  /* the connection's own time to join is not what counts */
  g_assert_true (fake_client_get_joined (fixture->websocket));
  g_assert_false (alcove_engineio_session_is_polling (fixture->session));

  receive (fixture, "2");
  expect_sent (fixture, "3");
  receive (fixture, "2probe");
  expect_sent (fixture, "3probe");

  receive (fixture, "42[\"a\",{\"b\":1}]");
  g_assert_cmpstr (fixture->event, ==, "[\"a\",{\"b\":1}]");
  g_assert_cmpint (fixture->event_id, ==, -1);
  receive (fixture, "427[\"a\"]");
  g_assert_cmpint (fixture->event_id, ==, 7);
  alcove_engineio_session_acknowledge (fixture->session, 7, "null");
  expect_sent (fixture, "437null");
  send (fixture, "[\"b\",1]");
  expect_sent (fixture, "42[\"b\",1]");

  alcove_engineio_session_websocket_closed (fixture->session,
                                            ALCOVE_SERVER_CLIENT (fixture->websocket));
  g_assert_cmpuint (fixture->n_closed, ==, 0);
  run_idle ();
  g_assert_cmpuint (fixture->n_left, ==, 1);
  g_assert_cmpuint (fixture->n_closed, ==, 1);
}

static void
test_websocket_4 (Fixture *fixture,
                  gconstpointer data)
{
  g_autofree char *connect = NULL;

  begin (fixture, 4, TRUE, NULL);
  connect = g_strdup_printf ("40{\"sid\":\"%s\"}", get_id (fixture));
  expect_open (fixture, ",\"maxPayload\":4194304");
  expect_nothing (fixture);

  /* not before it has entered, either way */
  receive (fixture, "42[\"a\"]");
  send (fixture, "[\"b\"]");
  alcove_engineio_session_acknowledge (fixture->session, 1, "null");
  g_assert_cmpuint (fixture->n_events, ==, 0);
  expect_nothing (fixture);

  receive (fixture, "40{\"token\":\"x\"}");
  expect_sent (fixture, connect);
  receive (fixture, "423[\"a\"]");
  g_assert_cmpuint (fixture->n_events, ==, 1);
  alcove_engineio_session_acknowledge (fixture->session, 3, "null");
  expect_sent (fixture, "433[null]");
  receive (fixture, "1");
  g_assert_cmpuint (fake_client_get_close_code (fixture->websocket), !=, 0);
  run_idle ();
  g_assert_cmpuint (fixture->n_closed, ==, 1);
}

static void
test_namespaces (Fixture *fixture,
                 gconstpointer data)
{
  begin (fixture, 3, TRUE, NULL);
  expect_open (fixture, "");
  expect_sent (fixture, "40");

  receive (fixture, "40/socket.io,");
  expect_sent (fixture, "40/socket.io");
  /* also one that leaves the prefix out gets it */
  receive (fixture, "42[\"a\"]");
  g_assert_cmpuint (fixture->n_events, ==, 1);
  send (fixture, "[\"b\"]");
  expect_sent (fixture, "42/socket.io,[\"b\"]");
  receive (fixture, "42/socket.io,8[\"a\"]");
  g_assert_cmpuint (fixture->n_events, ==, 2);
  alcove_engineio_session_acknowledge (fixture->session, fixture->event_id, "null");
  expect_sent (fixture, "43/socket.io,8null");
  receive (fixture, "42/other,[\"a\"]");
  g_assert_cmpuint (fixture->n_events, ==, 2);

  /* the query is a part of the name, as long as the client does not leave it out */
  receive (fixture, "40/x?token=1");
  expect_sent (fixture, "40/x?token=1");
  expect_sent (fixture, "40/x");
  receive (fixture, "42/x?token=1,[\"a\"]");
  send (fixture, "[\"b\"]");
  expect_sent (fixture, "42/x?token=1,[\"b\"]");
  receive (fixture, "42/x,[\"a\"]");
  send (fixture, "[\"b\"]");
  expect_sent (fixture, "42/x,[\"b\"]");
  g_assert_cmpuint (fixture->n_events, ==, 4);

  /* not in it any more, and not the one in use */
  receive (fixture, "41/socket.io");
  g_assert_cmpuint (fixture->n_left, ==, 0);
  receive (fixture, "42/socket.io,[\"a\"]");
  g_assert_cmpuint (fixture->n_events, ==, 4);

  receive (fixture, "41/x");
  g_assert_cmpuint (fixture->n_left, ==, 1);
  receive (fixture, "42/x?token=1,[\"a\"]");
  g_assert_cmpuint (fixture->n_events, ==, 4);
}

static void
test_leave (Fixture *fixture,
            gconstpointer data)
{
  g_autofree char *id = NULL;

  begin (fixture, 3, TRUE, NULL);
  id = g_strdup (get_id (fixture));
  expect_open (fixture, "");
  expect_sent (fixture, "40");
  receive (fixture, "40/n");
  expect_sent (fixture, "40/n");
  receive (fixture, "41");
  g_assert_cmpuint (fixture->n_left, ==, 1);
  receive (fixture, "41");
  g_assert_cmpuint (fixture->n_left, ==, 1);
  receive (fixture, "42[\"a\"]");
  send (fixture, "[\"b\"]");
  g_assert_cmpuint (fixture->n_events, ==, 0);
  expect_nothing (fixture);
  g_assert_true (alcove_engineio_session_is_open (fixture->session));

  receive (fixture, "40");
  expect_sent (fixture, "40");
  receive (fixture, "42[\"a\"]");
  g_assert_cmpuint (fixture->n_events, ==, 1);
  g_assert_cmpstr (get_id (fixture), ==, id);
}

static void
test_too_many_namespaces (Fixture *fixture,
                          gconstpointer data)
{
  begin (fixture, 3, TRUE, NULL);
  expect_open (fixture, "");
  expect_sent (fixture, "40");
  for (int i = 1; i < 8; i++)
    {
      g_autofree char *text = g_strdup_printf ("40/%d", i);

      receive (fixture, text);
      expect_sent (fixture, text);
    }
  receive (fixture, "40/one-more");
  expect_nothing (fixture);
}

static void
test_pings_4 (Fixture *fixture,
              gconstpointer data)
{
  begin (fixture, 4, TRUE, NULL);
  expect_open (fixture, ",\"maxPayload\":4194304");
  alcove_server_client_set_joined (ALCOVE_SERVER_CLIENT (fixture->session));
  check_after (fixture, 24);
  expect_nothing (fixture);
  check_after (fixture, 26);
  expect_sent (fixture, "2");
  check_after (fixture, 27);
  expect_nothing (fixture);
  check_after (fixture, 52);
  expect_sent (fixture, "2");
  check_after (fixture, 59);
  g_assert_true (alcove_engineio_session_is_open (fixture->session));
  check_after (fixture, 61);
  expect_sent (fixture, "1");
  g_assert_cmpuint (fake_client_get_close_code (fixture->websocket), ==,
                    ALCOVE_SERVER_CLOSE_POLICY);
  run_idle ();
  g_assert_cmpuint (fixture->n_closed, ==, 1);
}

static void
test_pings_3 (Fixture *fixture,
              gconstpointer data)
{
  begin (fixture, 3, TRUE, NULL);
  expect_open (fixture, "");
  expect_sent (fixture, "40");
  alcove_server_client_set_joined (ALCOVE_SERVER_CLIENT (fixture->session));

  /* one that pings by itself is left alone for as long again */
  check_after (fixture, 26);
  expect_sent (fixture, "2");
  receive (fixture, "3");
  expect_nothing (fixture);
  check_after (fixture, 49);
  expect_nothing (fixture);
  check_after (fixture, 61);
  g_assert_cmpuint (fake_client_get_close_code (fixture->websocket), ==,
                    ALCOVE_SERVER_CLOSE_POLICY);
}

static void
test_join_timeout (Fixture *fixture,
                   gconstpointer data)
{
  begin (fixture, 3, FALSE, NULL);
  g_assert_true (post (fixture, "7:42[\"a\"]"));
  check_after (fixture, 14);
  g_assert_true (alcove_engineio_session_is_open (fixture->session));
  check_after (fixture, 16);
  g_assert_false (alcove_engineio_session_is_open (fixture->session));
  g_assert_false (post (fixture, "1:2"));
  run_idle ();
  /* it may still come and hear of it */
  g_assert_cmpuint (fixture->n_closed, ==, 0);
  check_after (fixture, 30);
  g_assert_cmpuint (fixture->n_closed, ==, 1);
  g_assert_false (alcove_engineio_session_poll (fixture->session, on_poll, fixture));
}

static void
test_polling_3 (Fixture *fixture,
                gconstpointer data)
{
  begin (fixture, 3, FALSE, NULL);
  g_assert_true (alcove_engineio_session_is_polling (fixture->session));
  poll (fixture);
  g_assert_true (g_str_has_prefix (fixture->payload, "97:0{\"sid\":\""));
  g_assert_true (g_str_has_suffix (fixture->payload, "}2:40"));
  g_assert_nonnull (strstr (fixture->payload, "\"upgrades\":[\"websocket\"]"));

  poll (fixture);
  g_assert_cmpuint (fixture->n_polls_ended, ==, 1);
  g_assert_true (post (fixture, "2:2x8:42[\"ä\"]"));
  g_assert_cmpstr (fixture->payload, ==, "2:3x");
  g_assert_cmpstr (fixture->event, ==, "[\"ä\"]");
  /* a length is in UTF-16 units */
  send (fixture, "[\"😀\"]");
  send (fixture, "[\"b\"]");
  expect_poll (fixture, "8:42[\"😀\"]7:42[\"b\"]");

  g_assert_false (post (fixture, ""));
  g_assert_false (post (fixture, "garbage"));
  g_assert_true (alcove_engineio_session_is_open (fixture->session));
  /* binary in base64, and an event that has some */
  g_assert_true (post (fixture, "6:b4AAAA41:451-[\"say\",{\"_placeholder\":true,\"num\":0}]"));
  g_assert_cmpuint (fixture->n_events, ==, 1);
}

static void
test_polling_4 (Fixture *fixture,
                gconstpointer data)
{
  g_autofree char *expected = NULL;

  begin (fixture, 4, FALSE, NULL);
  poll (fixture);
  g_assert_cmpint (fixture->payload[0], ==, '0');
  g_assert_true (post (fixture, "40{}\x1e" "bAAAA\x1e" "42[\"a\"]"));
  g_assert_cmpuint (fixture->n_events, ==, 1);
  send (fixture, "[\"b\"]");
  expected = g_strdup_printf ("40{\"sid\":\"%s\"}\x1e" "42[\"b\"]", get_id (fixture));
  expect_poll (fixture, expected);
}

static void
test_two_polls (Fixture *fixture,
                gconstpointer data)
{
  begin (fixture, 3, FALSE, NULL);
  poll (fixture);
  poll (fixture);
  g_assert_false (alcove_engineio_session_poll (fixture->session, on_poll, fixture));
  g_assert_cmpuint (fixture->n_polls_ended, ==, 2);
  g_assert_cmpstr (fixture->payload, ==, "1:1");
  run_idle ();
  g_assert_cmpuint (fixture->n_closed, ==, 1);
}

static void
test_poll_lost (Fixture *fixture,
                gconstpointer data)
{
  begin (fixture, 3, FALSE, NULL);
  poll (fixture);
  poll (fixture);
  alcove_engineio_session_poll_lost (fixture->session);
  run_idle ();
  g_assert_cmpuint (fixture->n_polls_ended, ==, 1);
  g_assert_cmpuint (fixture->n_left, ==, 1);
  g_assert_cmpuint (fixture->n_closed, ==, 1);
}

static void
test_slow_poller (Fixture *fixture,
                  gconstpointer data)
{
  AlcoveServerLimits limits = ALCOVE_SERVER_LIMITS_INIT;

  limits.max_message = 1000;
  begin (fixture, 3, FALSE, &limits);
  for (int i = 0; i < 390; i++)
    send (fixture, "[\"12345\"]");
  g_assert_false (alcove_engineio_session_is_open (fixture->session));
  g_assert_cmpuint (fixture->n_left, ==, 0);
  expect_poll (fixture, "1:1");
  run_idle ();
  g_assert_cmpuint (fixture->n_closed, ==, 1);
}

/* The end of a client that polls: what waits comes first. */
static void
test_close (Fixture *fixture,
            gconstpointer data)
{
  begin (fixture, 3, FALSE, NULL);
  poll (fixture);
  send (fixture, "[\"b\"]");
  alcove_server_client_close (ALCOVE_SERVER_CLIENT (fixture->session),
                              ALCOVE_SERVER_CLOSE_POLICY, NULL);
  send (fixture, "[\"too late\"]");
  run_idle ();
  g_assert_cmpuint (fixture->n_left, ==, 1);
  g_assert_cmpuint (fixture->n_closed, ==, 0);
  expect_poll (fixture, "7:42[\"b\"]1:1");
  g_assert_cmpuint (fixture->n_closed, ==, 1);
}

static void
begin_probe (Fixture *fixture)
{
  begin (fixture, 3, FALSE, NULL);
  poll (fixture);
  fixture->websocket = fake_client_new ();
  g_assert_true (alcove_engineio_session_probe (fixture->session,
                                                ALCOVE_SERVER_CLIENT (fixture->websocket)));
}

static void
test_upgrade (Fixture *fixture,
              gconstpointer data)
{
  g_autoptr (FakeClient) other = fake_client_new ();

  begin_probe (fixture);
  poll (fixture);
  /* out of order */
  receive (fixture, "5");
  receive (fixture, "42[\"a\"]");
  g_assert_true (alcove_engineio_session_is_polling (fixture->session));
  g_assert_cmpuint (fixture->n_events, ==, 0);
  g_assert_false (alcove_engineio_session_probe (fixture->session, ALCOVE_SERVER_CLIENT (other)));

  receive (fixture, "2probe");
  expect_sent (fixture, "3probe");
  g_assert_cmpstr (fixture->payload, ==, "1:6");
  /* what came in the meantime still goes the old way, until it says so */
  g_assert_true (post (fixture, "7:42[\"a\"]"));
  g_assert_cmpuint (fixture->n_events, ==, 1);
  /* and so does a poll that it began before it had the answer */
  poll (fixture);
  while (fixture->n_polls_ended < 3)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (fixture->payload, ==, "1:6");

  send (fixture, "[\"b\"]");
  expect_nothing (fixture);
  g_assert_false (fake_client_get_joined (fixture->websocket));
  receive (fixture, "5");
  expect_sent (fixture, "42[\"b\"]");
  g_assert_true (fake_client_get_joined (fixture->websocket));
  g_assert_false (alcove_engineio_session_is_polling (fixture->session));

  /* the way back is closed, and so is another one */
  g_assert_false (alcove_engineio_session_poll (fixture->session, on_poll, fixture));
  g_assert_false (post (fixture, "1:2"));
  g_assert_false (alcove_engineio_session_probe (fixture->session, ALCOVE_SERVER_CLIENT (other)));
  alcove_engineio_session_receive (fixture->session, ALCOVE_SERVER_CLIENT (other), "42[\"a\"]");
  g_assert_cmpuint (fixture->n_events, ==, 1);
  receive (fixture, "42[\"a\"]");
  g_assert_cmpuint (fixture->n_events, ==, 2);
}

static void
test_upgrade_lost (Fixture *fixture,
                   gconstpointer data)
{
  begin_probe (fixture);
  receive (fixture, "2probe");
  expect_sent (fixture, "3probe");
  alcove_engineio_session_websocket_closed (fixture->session,
                                            ALCOVE_SERVER_CLIENT (fixture->websocket));
  receive (fixture, "5");
  run_idle ();
  g_assert_true (alcove_engineio_session_is_open (fixture->session));
  g_assert_true (alcove_engineio_session_is_polling (fixture->session));
  /* and it may try again, from the start */
  g_assert_true (alcove_engineio_session_probe (fixture->session,
                                                ALCOVE_SERVER_CLIENT (fixture->websocket)));
  receive (fixture, "5");
  g_assert_true (alcove_engineio_session_is_polling (fixture->session));
}

/* The end comes in the midst of everything; set_up and tear_down see that nothing is left. */
static void
test_dispose (Fixture *fixture,
              gconstpointer data)
{
  begin_probe (fixture);
  receive (fixture, "2probe");
  poll (fixture);
  alcove_server_client_close (ALCOVE_SERVER_CLIENT (fixture->session),
                              ALCOVE_SERVER_CLOSE_GOING_AWAY, NULL);
  g_assert_cmpuint (fake_client_get_close_code (fixture->websocket), ==,
                    ALCOVE_SERVER_CLOSE_GOING_AWAY);
}

static void
test_dispose_polling (Fixture *fixture,
                      gconstpointer data)
{
  begin (fixture, 3, FALSE, NULL);
  poll (fixture);
  poll (fixture);
  send (fixture, "[\"b\"]");
  send (fixture, "[\"c\"]");
}

static void
test_malformed (Fixture *fixture,
                gconstpointer data)
{
  const char *packets[] = { "", "x", "9", "4", "42", "42{}", "42[", "42[]", "42[1]", "49[\"a\"]",
                            "42/n,[\"a\"]", "0{}", "5", "45", "45-[\"a\"]", "4299999999999999999[\"a\"]" };
  guint n = 0;

  begin (fixture, 3, TRUE, NULL);
  while (n < ALCOVE_ENGINEIO_MAX_MALFORMED)
    receive (fixture, packets[n++ % G_N_ELEMENTS (packets)]);
  g_assert_true (alcove_engineio_session_is_open (fixture->session));
  g_assert_cmpuint (fixture->n_events, ==, 0);
  receive (fixture, "42[\"a\"]");
  g_assert_cmpuint (fixture->n_events, ==, 1);
  /* what is only of no use is not counted */
  for (int i = 0; i < 200; i++)
    receive (fixture, "451-[\"a\",{\"_placeholder\":true,\"num\":0}]");
  g_assert_true (alcove_engineio_session_is_open (fixture->session));
  receive (fixture, "x");
  g_assert_false (alcove_engineio_session_is_open (fixture->session));
  receive (fixture, "42[\"a\"]");
  g_assert_cmpuint (fixture->n_events, ==, 1);
}

static void
test_too_fast (Fixture *fixture,
               gconstpointer data)
{
  AlcoveServerLimits limits = ALCOVE_SERVER_LIMITS_INIT;

  limits.max_messages_per_second = 1;
  begin (fixture, 3, FALSE, &limits);
  g_assert_true (post (fixture, "7:42[\"a\"]7:42[\"a\"]7:42[\"a\"]7:42[\"a\"]"));
  g_assert_true (alcove_engineio_session_is_open (fixture->session));
  g_assert_true (post (fixture, "7:42[\"a\"]7:42[\"a\"]7:42[\"a\"]7:42[\"a\"]7:42[\"a\"]"));
  g_assert_false (alcove_engineio_session_is_open (fixture->session));
  g_assert_cmpuint (fixture->n_events, <, 9);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/engineio-session/ids", test_ids);
#define ADD(path, func) \
  g_test_add ("/engineio-session/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("websocket-3", test_websocket_3);
  ADD ("websocket-4", test_websocket_4);
  ADD ("namespaces", test_namespaces);
  ADD ("leave", test_leave);
  ADD ("too-many-namespaces", test_too_many_namespaces);
  ADD ("pings-3", test_pings_3);
  ADD ("pings-4", test_pings_4);
  ADD ("join-timeout", test_join_timeout);
  ADD ("polling-3", test_polling_3);
  ADD ("polling-4", test_polling_4);
  ADD ("two-polls", test_two_polls);
  ADD ("poll-lost", test_poll_lost);
  ADD ("slow-poller", test_slow_poller);
  ADD ("close", test_close);
  ADD ("upgrade", test_upgrade);
  ADD ("upgrade-lost", test_upgrade_lost);
  ADD ("dispose", test_dispose);
  ADD ("dispose-polling", test_dispose_polling);
  ADD ("malformed", test_malformed);
  ADD ("too-fast", test_too_fast);
#undef ADD

  return g_test_run ();
}
