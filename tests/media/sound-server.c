/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "sound-server.h"

#include <signal.h>
#include <sys/prctl.h>

#include <glib/gstdio.h>

#define PACTL_SECONDS "10"

static char *folder;
static GSubprocess *process;

gboolean
sound_tick (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* What `pactl` prints; of load-module, the number of the module. */
char *
pactl (const char *first,
       ...)
{
  g_autoptr (GPtrArray) arguments = g_ptr_array_new ();
  g_autofree char *output = NULL;
  g_autoptr (GError) error = NULL;
  int status = 0;
  va_list list;

  /* it waits for ever for a server that is stuck */
  g_ptr_array_add (arguments, (gpointer) "timeout");
  g_ptr_array_add (arguments, (gpointer) PACTL_SECONDS);
  g_ptr_array_add (arguments, (gpointer) "pactl");
  va_start (list, first);
  for (const char *a = first; a != NULL; a = va_arg (list, const char *))
    g_ptr_array_add (arguments, (gpointer) a);
  va_end (list);
  g_ptr_array_add (arguments, NULL);
  if (!g_spawn_sync (NULL, (char **) arguments->pdata, NULL,
                     G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &output, NULL,
                     &status, &error)
      || status != 0)
    return NULL;
  return g_strdup (g_strstrip (output));
}

char *
load_microphone (void)
{
  char *module = pactl ("load-module", "module-remap-source", "source_name=microphone",
                        "master=feed.monitor", "source_properties=device.description=Microphone",
                        NULL);

  g_assert_nonnull (module);
  return module;
}

/* A microphone that hears nothing. */
char *
load_headset (void)
{
  char *module = pactl ("load-module", "module-remap-source", "source_name=headset",
                        "master=speaker.monitor", "source_properties=device.description=Headset",
                        NULL);

  g_assert_nonnull (module);
  return module;
}

void
unload_output (const char *name)
{
  g_autofree char *modules = pactl ("list", "short", "modules", NULL);
  g_auto (GStrv) lines = g_strsplit (modules, "\n", -1);
  g_autofree char *argument = g_strdup_printf ("sink_name=%s", name);

  for (guint i = 0; lines[i] != NULL; i++)
    if (strstr (lines[i], argument) != NULL)
      {
        *strchr (lines[i], '\t') = '\0';
        g_free (pactl ("unload-module", lines[i], NULL));
      }
}

static gboolean
has_sink (const char *name)
{
  g_autofree char *sinks = pactl ("list", "short", "sinks", NULL);

  return sinks != NULL && strstr (sinks, name) != NULL;
}

/* A test that fails must not leave its sound server behind. */
static void
die_with_parent (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

/* All is there before anybody can connect: when the default changes, the server moves streams away
 * from the one that was it. */
static char *
write_script (const char *socket)
{
  char *path = g_build_filename (folder, "script", NULL);
  g_autofree char *script = g_strdup_printf (
      "load-module module-null-sink sink_name=speaker\n"
      "load-module module-null-sink sink_name=feed\n"
      "set-default-sink speaker\n"
      "load-module module-native-protocol-unix socket=%s auth-anonymous=true\n",
      socket);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, script, -1, &error);
  g_assert_no_error (error);
  return path;
}

/* After sound_server_init() has set variables: two sound servers on one bus would not do. */
void
sound_server_start (void)
{
  g_autofree char *socket = g_build_filename (folder, "native", NULL);
  g_autofree char *script = write_script (socket);
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autoptr (GError) error = NULL;

  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  process = g_subprocess_launcher_spawn (
      launcher, &error, "pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no",
      "--exit-idle-time=-1", "--disable-shm", "--log-level=error", "--realtime=no",
      "--high-priority=no", "-F", script, NULL);
  g_assert_no_error (error);
  wait_for (has_sink ("feed"));
}

void
sound_server_kill (void)
{
  g_autofree char *socket = g_build_filename (folder, "native", NULL);

  g_subprocess_force_exit (process);
  g_subprocess_wait (process, NULL, NULL);
  g_clear_object (&process);
  g_unlink (socket);
}

gboolean
sound_server_init (int *argc,
                   char ***argv)
{
  g_autofree char *server = g_find_program_in_path ("pulseaudio");
  g_autofree char *client = g_find_program_in_path ("pactl");
  g_autofree char *socket = NULL;
  g_autofree char *address = NULL;

  if (server == NULL || client == NULL)
    return FALSE;

  folder = g_dir_make_tmp ("alcove-sound-XXXXXX", NULL);
  socket = g_build_filename (folder, "native", NULL);
  address = g_strdup_printf ("unix:%s", socket);
  g_setenv ("XDG_RUNTIME_DIR", folder, TRUE);
  g_setenv ("HOME", folder, TRUE);
  g_setenv ("PULSE_SERVER", address, TRUE);
  g_unsetenv ("DISPLAY");
  g_unsetenv ("DBUS_SESSION_BUS_ADDRESS");
  g_test_init (argc, argv, NULL);
  gst_init (NULL, NULL);
  sound_server_start ();
  return TRUE;
}

void
sound_server_clear (void)
{
  const char *remove[] = { "rm", "-rf", folder, NULL };

  sound_server_kill ();
  g_spawn_sync (NULL, (char **) remove, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                NULL);
  g_clear_pointer (&folder, g_free);
}
