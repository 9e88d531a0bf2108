/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "alcove-error.h"
#include "alcove-socketio-transport.h"

#define PATIENCE_MS 90000

/* The transport against npm's socket.io of either age; skipped without node or the packages
 * of tests/peers. */
typedef struct {
  GSubprocess *server;
  GDataInputStream *lines;
  AlcoveTransport *transport;
  GString *log;
} Fixture;

static void
note (Fixture *f,
      const char *text)
{
  g_string_append_printf (f->log, "%s%s", f->log->len > 0 ? " " : "", text);
}

static void
on_opened (Fixture *f)
{
  note (f, "opened");
}

static void
on_message (Fixture *f,
            const char *text)
{
  note (f, text);
}

static void
on_error (Fixture *f,
          const GError *error)
{
  g_autofree char *text = g_strdup_printf ("error:%s", alcove_error_get_code (error));

  g_assert_cmpint (error->domain, ==, ALCOVE_ERROR);
  if (strstr (error->message, "not today") != NULL)
    note (f, "reason");
  note (f, text);
}

static void
on_closed (Fixture *f)
{
  note (f, "closed");
}

static gboolean
on_patience (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
wait_for (Fixture *f,
          const char *log)
{
  gboolean late = FALSE;
  guint source = g_timeout_add (PATIENCE_MS, on_patience, &late);

  while (strcmp (f->log->str, log) != 0 && !late)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (f->log->str, ==, log);
  g_source_remove (source);
}

static char *
read_line (Fixture *f)
{
  return g_data_input_stream_read_line_utf8 (f->lines, NULL, NULL, NULL);
}

static void
expect_line (Fixture *f,
             const char *prefix)
{
  g_autofree char *line = read_line (f);

  g_assert_nonnull (line);
  g_assert_true (g_str_has_prefix (line, prefix));
}

static Fixture *
fixture_new (const char *version,
             const char *mode)
{
  g_autofree char *script
      = g_test_build_filename (G_TEST_DIST, "peers", "socketio-echo.mjs", NULL);
  g_autofree char *line = NULL;
  g_autofree char *uri = NULL;
  g_autoptr (GError) error = NULL;
  Fixture *f = g_new0 (Fixture, 1);

  f->log = g_string_new (NULL);
  f->server = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                                &error, "node", script, version, mode, NULL);
  g_assert_no_error (error);
  f->lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (f->server));
  line = read_line (f);
  g_assert_nonnull (line);
  g_assert_true (g_str_has_prefix (line, "port "));
  uri = g_strdup_printf ("ws://127.0.0.1:%s/socket.io/", line + strlen ("port "));
  f->transport = alcove_socketio_transport_new (uri);
  alcove_socketio_transport_set_timeouts (ALCOVE_SOCKETIO_TRANSPORT (f->transport), PATIENCE_MS, 500);
  alcove_socketio_transport_set_backoff (ALCOVE_SOCKETIO_TRANSPORT (f->transport),
                                         alcove_backoff_new (10, 20, NULL, NULL));
  g_signal_connect_swapped (f->transport, "opened", G_CALLBACK (on_opened), f);
  g_signal_connect_swapped (f->transport, "message", G_CALLBACK (on_message), f);
  g_signal_connect_swapped (f->transport, "dropped", G_CALLBACK (on_error), f);
  g_signal_connect_swapped (f->transport, "failed", G_CALLBACK (on_error), f);
  g_signal_connect_swapped (f->transport, "closed", G_CALLBACK (on_closed), f);
  alcove_transport_open (f->transport);
  return f;
}

static void
fixture_free (Fixture *f)
{
  g_signal_handlers_disconnect_by_data (f->transport, f);
  g_assert_finalize_object (f->transport);
  g_output_stream_close (g_subprocess_get_stdin_pipe (f->server), NULL, NULL);
  g_subprocess_wait (f->server, NULL, NULL);
  g_object_unref (f->lines);
  g_object_unref (f->server);
  g_string_free (f->log, TRUE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_free (f);
}

static void
test_talk (gconstpointer data)
{
  g_auto (GStrv) words = g_strsplit (data, " ", 2);
  Fixture *f = fixture_new (words[0], words[1]);

  wait_for (f, "opened");
  g_assert_cmpuint (
      alcove_socketio_transport_get_version (ALCOVE_SOCKETIO_TRANSPORT (f->transport)), ==,
      *words[0] == '2' ? 3 : 4);
  alcove_transport_send (f->transport, "[\"echo\",{\"中\":\"文\"}]");
  wait_for (f, "opened [\"echoed\",{\"中\":\"文\"}]");

  /* a binary event and its attachment are skipped, what follows is not */
  g_string_truncate (f->log, 0);
  alcove_transport_send (f->transport, "[\"binary\"]");
  wait_for (f, "[\"echoed\",\"after\"]");

  /* longer than the server's interval and time-out together: pings are answered */
  g_string_truncate (f->log, 0);
  for (gint64 end = g_get_monotonic_time () + 2500 * 1000; g_get_monotonic_time () < end;)
    {
      gboolean late = FALSE;

      g_timeout_add (100, on_patience, &late);
      while (!late)
        g_main_context_iteration (NULL, TRUE);
    }
  g_assert_cmpstr (f->log->str, ==, "");

  /* a lost connection comes back by itself */
  alcove_transport_send (f->transport, "[\"cut\"]");
  wait_for (f, "error:closed opened");

  /* the goodbye has arrived when the transport says that it is closed */
  g_string_truncate (f->log, 0);
  alcove_transport_close (f->transport);
  wait_for (f, "closed");
  expect_line (f, "connected");
  expect_line (f, "gone ");
  expect_line (f, "connected");
  expect_line (f, "gone client namespace disconnect");
  fixture_free (f);
}

static void
test_refused (gconstpointer data)
{
  Fixture *f = fixture_new (data, "refuse");

  wait_for (f, "reason error:failed");
  fixture_free (f);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  {
    g_autofree char *packages
        = g_test_build_filename (G_TEST_DIST, "peers", "node_modules", "socket.io-2", NULL);
    g_autofree char *node = g_find_program_in_path ("node");

    if (node == NULL || !g_file_test (packages, G_FILE_TEST_IS_DIR))
      {
        /* a harness that reads TAP wants to read this, too */
        g_print ("1..0 # SKIP there is no Node.js with socket.io\n");
        return 0;
      }
  }
  g_test_add_data_func ("/socketio/talk/2", "2 direct", test_talk);
  g_test_add_data_func ("/socketio/talk/4", "4 direct", test_talk);
  g_test_add_data_func ("/socketio/polling-first/2", "2 polling", test_talk);
  g_test_add_data_func ("/socketio/polling-first/4", "4 polling", test_talk);
  g_test_add_data_func ("/socketio/refused/2", "2", test_refused);
  g_test_add_data_func ("/socketio/refused/4", "4", test_refused);
  return g_test_run ();
}
