/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "watch.h"

#include "alcove-error.h"

#define PATIENCE_MS 90000

static void
on_connecting (Watch *watch)
{
  watch->connecting++;
}

static void
on_opened (Watch *watch)
{
  g_assert_cmpint (alcove_transport_get_state (watch->transport), ==, ALCOVE_TRANSPORT_OPEN);
  watch->opened++;
}

static void
on_message (Watch *watch,
            const char *text)
{
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_ptr_array_add (watch->messages, g_strdup (text));
}

static void
keep_error (Watch *watch,
            const GError *error)
{
  g_test_message ("%s", error->message);
  g_assert_cmpint (error->domain, ==, ALCOVE_ERROR);
  g_clear_error (&watch->error);
  watch->error = g_error_copy (error);
}

static void
on_dropped (Watch *watch,
            const GError *error)
{
  g_assert_cmpint (alcove_transport_get_state (watch->transport), ==, ALCOVE_TRANSPORT_WAITING);
  keep_error (watch, error);
  watch->dropped++;
}

static void
on_failed (Watch *watch,
           const GError *error)
{
  g_assert_cmpint (alcove_transport_get_state (watch->transport), ==, ALCOVE_TRANSPORT_CLOSED);
  keep_error (watch, error);
  watch->failed++;
}

static void
on_closed (Watch *watch)
{
  g_assert_cmpint (alcove_transport_get_state (watch->transport), ==, ALCOVE_TRANSPORT_CLOSED);
  watch->closed++;
}

static Watch *
watch_take (AlcoveTransport *transport)
{
  Watch *watch = g_new0 (Watch, 1);

  watch->messages = g_ptr_array_new_with_free_func (g_free);
  watch->transport = transport;
  g_signal_connect_swapped (watch->transport, "connecting", G_CALLBACK (on_connecting), watch);
  g_signal_connect_swapped (watch->transport, "opened", G_CALLBACK (on_opened), watch);
  g_signal_connect_swapped (watch->transport, "message", G_CALLBACK (on_message), watch);
  g_signal_connect_swapped (watch->transport, "dropped", G_CALLBACK (on_dropped), watch);
  g_signal_connect_swapped (watch->transport, "failed", G_CALLBACK (on_failed), watch);
  g_signal_connect_swapped (watch->transport, "closed", G_CALLBACK (on_closed), watch);
  return watch;
}

Watch *
watch_new (const char *uri)
{
  AlcoveTransport *transport = alcove_websocket_transport_new (uri);

  alcove_websocket_transport_set_backoff (ALCOVE_WEBSOCKET_TRANSPORT (transport),
                                          alcove_backoff_new (5, 20, NULL, NULL));
  return watch_take (transport);
}

Watch *
watch_new_socketio (const char *uri)
{
  AlcoveTransport *transport = alcove_socketio_transport_new (uri);

  alcove_socketio_transport_set_backoff (ALCOVE_SOCKETIO_TRANSPORT (transport),
                                         alcove_backoff_new (5, 20, NULL, NULL));
  return watch_take (transport);
}

AlcoveWebsocketTransport *
websocket (Watch *watch)
{
  return ALCOVE_WEBSOCKET_TRANSPORT (watch->transport);
}

static gboolean
on_patience (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

void
wait_for (const guint *counter,
          guint value)
{
  gboolean late = FALSE;
  guint source = g_timeout_add (PATIENCE_MS, on_patience, &late);

  while (*counter < value && !late)
    g_main_context_iteration (NULL, TRUE);

  g_assert_false (late);
  g_source_remove (source);
}

void
watch_free (Watch *watch)
{
  g_signal_handlers_disconnect_by_data (watch->transport, watch);
  g_assert_finalize_object (watch->transport);
  g_ptr_array_unref (watch->messages);
  g_clear_error (&watch->error);
  g_free (watch);
}

void
close_and_free (Watch *watch)
{
  alcove_transport_close (watch->transport);
  wait_for (&watch->closed, 1);
  g_assert_cmpuint (watch->closed, ==, 1);
  watch_free (watch);
}

void
websocket_test_init (int *argc,
                     char ***argv)
{
  /* Nobody listens there: a connection to this computer that asks a proxy fails. */
  g_setenv ("http_proxy", "http://127.0.0.1:1", TRUE);
  g_setenv ("https_proxy", "http://127.0.0.1:1", TRUE);
  g_setenv ("no_proxy", ".invalid", TRUE);

  /* A pool thread that idles with TLS's own thread data at exit trips the leak sanitizer up. */
  g_thread_pool_set_max_unused_threads (0);

  g_test_init (argc, argv, NULL);
}
