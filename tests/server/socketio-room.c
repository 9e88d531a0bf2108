/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <glib-unix.h>

#include "alcove-server.h"
#include "alcove-skyrtc-dialect.h"
#include "room-dialect.h"

/* A server for foreign clients: one room on Socket.IO beside a protocol on plain
 * WebSockets. Says its port in a line of JSON, and ends with its standard input.
 *
 *   socketio-room [max_message=N] [join_timeout=N] [max_connections=N]
 */

static gboolean
on_input (int fd,
          GIOCondition condition,
          gpointer data)
{
  char buffer[64];

  if (read (fd, buffer, sizeof buffer) > 0)
    return G_SOURCE_CONTINUE;

  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

static guint
find_number (int argc,
             char **argv,
             const char *name,
             guint fallback)
{
  for (int i = 1; i < argc; i++)
    if (g_str_has_prefix (argv[i], name) && argv[i][strlen (name)] == '=')
      return (guint) g_ascii_strtoull (argv[i] + strlen (name) + 1, NULL, 10);

  return fallback;
}

int
main (int argc,
      char **argv)
{
  AlcoveServerLimits limits = ALCOVE_SERVER_LIMITS_INIT;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (AlcoveDialect) room = room_dialect_new ();
  g_autoptr (AlcoveDialect) skyrtc = alcove_skyrtc_dialect_new ();
  g_autoptr (GError) error = NULL;
  AlcoveServer *server;

  limits.max_message = find_number (argc, argv, "max_message", limits.max_message);
  limits.join_timeout = find_number (argc, argv, "join_timeout", limits.join_timeout);
  limits.max_connections = find_number (argc, argv, "max_connections", limits.max_connections);
  server = alcove_server_new (&limits);
  alcove_server_add_dialect (server, skyrtc);
  alcove_server_add_dialect (server, room);
  if (!alcove_server_listen (server, NULL, 0, &error))
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }

  g_print ("{\"event\":\"listening\",\"port\":%u}\n", alcove_server_get_port (server));
  fflush (stdout);
  g_unix_fd_add (0, G_IO_IN | G_IO_HUP, on_input, loop);
  g_main_loop_run (loop);
  alcove_server_stop (server);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (server);
  g_assert_cmpuint (room_dialect_get_n_members (ROOM_DIALECT (room)), ==, 0);
  return 0;
}
