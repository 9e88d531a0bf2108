/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "far-server.h"

#include <string.h>

#include "alcove-address.h"
#include "alcove-protocols.h"

/* Whether it runs; without the packages that it needs the test is skipped. */
gboolean
far_spawn (Far *self,
           const char *interpreter,
           const char *script,
           const char *option,
           const char *value)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "peers", script, NULL);
  g_autofree char *number = g_strdup_printf ("%u", self->port);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GDataInputStream) output = NULL;
  g_autofree char *line = NULL;
  const char *port;

  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE
                                  | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                              NULL, interpreter, path, "--port", number, option, value, NULL);
  if (process != NULL)
    {
      output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
      /* the server goes on writing there */
      g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (output), FALSE);
      line = g_data_input_stream_read_line (output, NULL, NULL, NULL);
    }
  port = line != NULL ? strstr (line, "\"port\":") : NULL;
  if (port == NULL)
    {
      g_test_skip ("the packages that this server needs are not installed");
      return FALSE;
    }

  self->port = (guint) g_ascii_strtoull (port + strcspn (port, "0123456789"), NULL, 10);
  self->input = g_subprocess_get_stdin_pipe (process);
  self->process = g_steal_pointer (&process);
  return TRUE;
}

void
far_embed (Far *self)
{
  g_autoptr (GError) error = NULL;

  self->server = alcove_protocols_new_server (NULL);
  alcove_server_listen (self->server, "127.0.0.1", self->port, &error);
  g_assert_no_error (error);
  self->port = alcove_server_get_port (self->server);
}

void
far_command (Far *self,
             const char *line)
{
  g_autoptr (GError) error = NULL;

  g_output_stream_write_all (self->input, line, strlen (line), NULL, NULL, &error);
  g_assert_no_error (error);
}

void
far_close (Far *self)
{
  if (self->process != NULL)
    {
      g_output_stream_close (self->input, NULL, NULL);
      g_subprocess_wait (self->process, NULL, NULL);
      g_clear_object (&self->process);
    }
  if (self->server != NULL)
    {
      alcove_server_stop (self->server);
      /* what libsoup still holds is let go of in its own time */
      while (g_main_context_iteration (NULL, FALSE))
        ;
      g_clear_object (&self->server);
    }
}

Scripted *
far_client (Far *self,
            AlcoveSignaller *(*create) (GUri *),
            const char *path)
{
  g_autofree char *address = g_strdup_printf ("ws://127.0.0.1:%u%s", self->port, path);
  g_autoptr (GUri) server = alcove_address_parse (address, 1, "/", NULL);

  return scripted_new (create (server), NULL);
}

void
far_leave (Scripted *client)
{
  alcove_signaller_leave (client->signaller);
  /* what the others did meanwhile may come in before */
  while (!g_str_has_suffix (client->log->str, "gone"))
    scripted_wait (client, client->events + 1);
  scripted_free (client);
}
