/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-server-main"

#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <gio/gio.h>
#include <glib-unix.h>
#include <glib/gi18n.h>

#include "alcove-locale.h"
#include "alcove-protocols.h"
#include "alcove-server.h"

/* alcove-server: the embedded signalling server on its own. */

#define EXIT_OK 0
#define EXIT_CANNOT_LISTEN 1
#define EXIT_USAGE 2

typedef struct {
  int port;
  char *address;
  GStrv origins;
  gboolean version;
} Options;

static gboolean
on_stop_signal (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_CONTINUE;
}

static gboolean
parse_options (int argc,
               char **argv,
               Options *options)
{
  g_autoptr (GOptionContext) context = NULL;
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    { "port", 'p', 0, G_OPTION_ARG_INT, &options->port,
      N_ ("Port to listen on; 0 picks a free one"), N_ ("N") },
    { "listen", 'l', 0, G_OPTION_ARG_STRING, &options->address,
      N_ ("Address to listen on; “any” for all networks (default: this computer only)"),
      N_ ("ADDRESS") },
    { "allow-origin", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->origins,
      N_ ("Let in pages from this origin too; “*” for any; may be given several times"),
      N_ ("ORIGIN") },
    { "version", 0, 0, G_OPTION_ARG_NONE, &options->version, N_ ("Show the version"), NULL },
    { NULL },
  };

  context = g_option_context_new (NULL);
  g_option_context_set_summary (context,
                                _ ("Brings together the participants of Alcove’s video rooms."));
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);

  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return FALSE;
    }
  if (options->version)
    return TRUE;
  if (argc > 1)
    {
      g_printerr (_ ("“%s” is not understood. See --help.\n"), argv[1]);
      return FALSE;
    }
  if (options->port < 0 || options->port > G_MAXUINT16)
    {
      g_printerr (_ ("Give a port from 1 to 65535, or 0 for a free one: --port N\n"));
      return FALSE;
    }

  return TRUE;
}

/* The address that others type: the one that was asked for, or this computer. */
static char *
describe_address (const Options *options,
                  guint port)
{
  const char *host = options->address;

  if (host == NULL || g_ascii_strcasecmp (host, "localhost") == 0)
    host = "127.0.0.1";
  else if (g_ascii_strcasecmp (host, "any") == 0 || g_str_equal (host, "*"))
    host = "0.0.0.0";

  return strchr (host, ':') != NULL ? g_strdup_printf ("ws://[%s]:%u/", host, port)
                                    : g_strdup_printf ("ws://%s:%u/", host, port);
}

static int
run (const Options *options)
{
  g_autoptr (AlcoveServer) server = alcove_protocols_new_server (NULL);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;
  g_autofree char *where = NULL;
  guint interrupt;
  guint terminate;

  for (gsize i = 0; options->origins != NULL && options->origins[i] != NULL; i++)
    alcove_server_allow_origin (server, options->origins[i]);

  if (!alcove_server_listen (server, options->address, options->port, &error))
    {
      g_printerr ("%s\n", error->message);
      return EXIT_CANNOT_LISTEN;
    }

  interrupt = g_unix_signal_add (SIGINT, on_stop_signal, loop);
  terminate = g_unix_signal_add (SIGTERM, on_stop_signal, loop);

  /* Scripts wait for this line, so it is not translated. */
  where = describe_address (options, alcove_server_get_port (server));
  g_print ("listening on %s\n", where);
  fflush (stdout);

  g_main_loop_run (loop);

  alcove_server_stop (server);
  g_source_remove (interrupt);
  g_source_remove (terminate);
  return EXIT_OK;
}

int
main (int argc,
      char **argv)
{
  Options options = { .port = -1 };
  int status = EXIT_USAGE;

  alcove_locale_init ();

  if (parse_options (argc, argv, &options))
    {
      if (options.version)
        {
          g_print ("alcove-server %s\n", ALCOVE_VERSION);
          status = EXIT_OK;
        }
      else
        status = run (&options);
    }

  g_free (options.address);
  g_strfreev (options.origins);
  return status;
}
