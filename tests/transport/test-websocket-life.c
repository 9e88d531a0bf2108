/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "alcove-error.h"
#include "far-sides.h"
#include "watch.h"

static void
test_reconnect (void)
{
  Server *server = server_new ();
  g_autofree char *uri = NULL;
  Watch *watch;

  server_listen (server, 0);
  uri = server_uri (server, "/ws");
  watch = watch_new (uri);
  alcove_transport_open (watch->transport);
  wait_for (&watch->opened, 1);

  for (guint i = 1; i <= 5; i++)
    {
      soup_websocket_connection_close (g_ptr_array_index (server->connections, i - 1),
                                       SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
      wait_for (&watch->dropped, i);
      g_assert_error (watch->error, ALCOVE_ERROR, ALCOVE_ERROR_CLOSED);
      wait_for (&watch->opened, i + 1);
      g_assert_cmpuint (watch->connecting, ==, i + 1);
    }

  alcove_transport_send (watch->transport, "still here");
  wait_for (&watch->messages->len, 1);

  close_and_free (watch);
  server_free (server);
}

/* A server that is away at first is found once it comes, if it was asked for. */
static void
test_persistent (void)
{
  Raw *raw = raw_new ("", 0);
  Server *server = server_new ();
  g_autofree char *uri = raw_uri (raw);
  guint port = raw->port;
  Watch *watch;

  raw_free (raw);
  watch = watch_new (uri);
  alcove_transport_set_persistent (watch->transport, TRUE);
  alcove_transport_open (watch->transport);
  wait_for (&watch->dropped, 4);
  g_assert_error (watch->error, ALCOVE_ERROR, ALCOVE_ERROR_REFUSED);
  g_assert_cmpuint (watch->failed, ==, 0);

  server_listen (server, port);
  wait_for (&watch->opened, 1);
  close_and_free (watch);
  server_free (server);
}

static void
test_restart (void)
{
  Server *server = server_new ();
  g_autofree char *uri = NULL;
  g_autoptr (GError) reason = g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_WRONG_PROTOCOL, "no");
  Watch *watch;

  server_listen (server, 0);
  uri = server_uri (server, "/ws");
  watch = watch_new (uri);
  alcove_transport_restart (watch->transport, reason);
  alcove_transport_open (watch->transport);
  wait_for (&watch->opened, 1);

  alcove_transport_restart (watch->transport, reason);
  g_assert_cmpuint (watch->dropped, ==, 1);
  g_assert_error (watch->error, ALCOVE_ERROR, ALCOVE_ERROR_WRONG_PROTOCOL);
  alcove_transport_restart (watch->transport, reason);
  g_assert_cmpuint (watch->dropped, ==, 1);
  wait_for (&watch->opened, 2);
  wait_for (&server->ended, 1);

  close_and_free (watch);
  server_free (server);
}

static void
restart_it (Watch *watch)
{
  g_autoptr (GError) reason = g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_WRONG_PROTOCOL, "no");

  alcove_transport_restart (watch->transport, reason);
}

/* The connection ends while libsoup is still busy with its message. */
static void
test_restart_in_message (void)
{
  const char frames[] = "\x81\x01" "a" "\x81\x01" "b";
  Raw *raw = raw_new (frames, sizeof frames - 1);
  g_autofree char *uri = raw_uri (raw);
  Watch *watch = watch_new (uri);

  raw->handshake = TRUE;
  g_signal_connect_swapped (watch->transport, "message", G_CALLBACK (restart_it), watch);
  alcove_transport_open (watch->transport);
  wait_for (&watch->dropped, 3);
  g_assert_cmpuint (watch->messages->len, ==, watch->dropped);
  watch_free (watch);
  raw_free (raw);
}

static void
test_no_pong (void)
{
  Raw *raw = raw_new ("", 0);
  g_autofree char *uri = raw_uri (raw);
  Watch *watch = watch_new (uri);

  raw->handshake = TRUE;
  alcove_websocket_transport_set_ping_interval (websocket (watch), 1);
  alcove_transport_open (watch->transport);
  wait_for (&watch->dropped, 1);
  g_assert_error (watch->error, ALCOVE_ERROR, ALCOVE_ERROR_TIMED_OUT);
  watch_free (watch);
  raw_free (raw);
}

/* The far side never answers the close: it is closed all the same. */
static void
test_close_is_bounded (void)
{
  Raw *raw = raw_new ("", 0);
  g_autofree char *uri = raw_uri (raw);
  Watch *watch = watch_new (uri);

  raw->handshake = TRUE;
  alcove_transport_open (watch->transport);
  wait_for (&watch->opened, 1);
  close_and_free (watch);
  raw_free (raw);
}

static void
test_network_comes_back (void)
{
  Raw *raw = raw_new ("", 0);
  Server *server = server_new ();
  g_autofree char *uri = raw_uri (raw);
  guint port = raw->port;
  Watch *watch;

  raw_free (raw);
  watch = watch_new (uri);
  alcove_websocket_transport_set_backoff (websocket (watch),
                                          alcove_backoff_new (3600000, 3600000, NULL, NULL));
  alcove_transport_set_persistent (watch->transport, TRUE);
  alcove_transport_open (watch->transport);
  wait_for (&watch->dropped, 1);

  server_listen (server, port);
  g_signal_emit_by_name (g_network_monitor_get_default (), "network-changed", TRUE);
  wait_for (&watch->opened, 1);

  /* A live connection proves itself and stays; this waits for its pong's effect on
   * nothing but the message that follows. */
  g_signal_emit_by_name (g_network_monitor_get_default (), "network-changed", TRUE);
  alcove_transport_send (watch->transport, "here");
  wait_for (&watch->messages->len, 1);
  g_assert_cmpuint (watch->dropped, ==, 1);

  close_and_free (watch);
  server_free (server);
}

/* An open connection whose far side does not answer after the network changed is
 * given up long before its ping would have told. */
static void
test_network_probe (void)
{
  Raw *raw = raw_new ("", 0);
  g_autofree char *uri = raw_uri (raw);
  Watch *watch = watch_new (uri);

  raw->handshake = TRUE;
  alcove_websocket_transport_set_ping_interval (websocket (watch), 3600);
  alcove_transport_open (watch->transport);
  wait_for (&watch->opened, 1);
  g_signal_emit_by_name (g_network_monitor_get_default (), "network-changed", TRUE);
  wait_for (&watch->dropped, 1);
  g_assert_error (watch->error, ALCOVE_ERROR, ALCOVE_ERROR_TIMED_OUT);
  watch_free (watch);
  raw_free (raw);
}

static void
close_it (Watch *watch)
{
  alcove_transport_close (watch->transport);
}

/* Closed in every state, also from within its own signals. */
static void
test_close_any_time (void)
{
  static const char *const signals[] = { "connecting", "opened", "message", "dropped" };
  Server *server = server_new ();
  g_autofree char *uri = NULL;
  Watch *watch;

  server_listen (server, 0);
  uri = server_uri (server, "/ws");

  watch = watch_new (uri);
  close_and_free (watch);

  watch = watch_new (uri);
  alcove_transport_open (watch->transport);
  close_and_free (watch);

  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    {
      guint before = server->connections->len;

      g_test_message ("%s", signals[i]);
      watch = watch_new (uri);
      g_signal_connect_swapped (watch->transport, signals[i], G_CALLBACK (close_it), watch);
      alcove_transport_open (watch->transport);
      if (i >= 2)
        {
          wait_for (&watch->opened, 1);
          wait_for (&server->accepted, before + 1);
          alcove_transport_send (watch->transport, "hello");
          wait_for (&server->count, i - 1);
        }
      if (i == 3)
        soup_websocket_connection_close (g_ptr_array_index (server->connections, before), 1000,
                                         NULL);
      wait_for (&watch->closed, 1);
      g_assert_cmpuint (watch->closed, ==, 1);
      watch_free (watch);
    }

  server_free (server);
}

/* Dropped by its owner without a word, in every state. */
static void
test_unref_any_time (void)
{
  Server *server = server_new ();
  g_autofree char *uri = NULL;
  Watch *watch;

  server_listen (server, 0);
  uri = server_uri (server, "/ws");

  watch_free (watch_new (uri));

  watch = watch_new (uri);
  alcove_transport_open (watch->transport);
  watch_free (watch);

  watch = watch_new (uri);
  alcove_transport_open (watch->transport);
  wait_for (&watch->opened, 1);
  watch_free (watch);

  watch = watch_new (uri);
  alcove_transport_open (watch->transport);
  wait_for (&watch->opened, 1);
  alcove_transport_close (watch->transport);
  watch_free (watch);

  /* What the first two left behind has its turn. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  server_free (server);
}

int
main (int argc,
      char **argv)
{
  websocket_test_init (&argc, &argv);
  g_test_add_func ("/websocket/reconnect", test_reconnect);
  g_test_add_func ("/websocket/persistent", test_persistent);
  g_test_add_func ("/websocket/restart", test_restart);
  g_test_add_func ("/websocket/restart-in-message", test_restart_in_message);
  g_test_add_func ("/websocket/no-pong", test_no_pong);
  g_test_add_func ("/websocket/close-is-bounded", test_close_is_bounded);
  g_test_add_func ("/websocket/network-comes-back", test_network_comes_back);
  g_test_add_func ("/websocket/network-probe", test_network_probe);
  g_test_add_func ("/websocket/close-any-time", test_close_any_time);
  g_test_add_func ("/websocket/unref-any-time", test_unref_any_time);
  return g_test_run ();
}
