/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-application"

#include "config.h"

#include "alcove-application.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>

#include "alcove-host.h"
#include "alcove-invitation.h"
#include "alcove-launch.h"
#include "alcove-preferences.h"
#include "alcove-window.h"

/**
 * AlcoveApplication:
 *
 * The program: its command line, its invitations, and what its windows share.
 */

struct _AlcoveApplication {
  AdwApplication parent_instance;

  GSettings *settings;
  AlcoveDevices *devices;
  AlcoveHost *host;
  GtkWindow *preferences;
  guint signal_ids[2];
  gboolean kiosk;
};

G_DEFINE_FINAL_TYPE (AlcoveApplication, alcove_application, ADW_TYPE_APPLICATION)

/* The window, unless it is closed and only says goodbye to the server. */
static AlcoveWindow *
find_window (AlcoveApplication *self)
{
  for (GList *i = gtk_application_get_windows (GTK_APPLICATION (self)); i != NULL; i = i->next)
    if (ALCOVE_IS_WINDOW (i->data) && !alcove_window_get_closing (i->data))
      return i->data;

  return NULL;
}

static AlcoveWindow *
ensure_window (AlcoveApplication *self,
               const AlcoveLaunch *launch)
{
  AlcoveWindow *window = find_window (self);

  if (window == NULL)
    window = ALCOVE_WINDOW (alcove_window_new (GTK_APPLICATION (self), self->settings,
                                               self->devices, self->host, launch));

  gtk_window_present (GTK_WINDOW (window));

  return window;
}

/* Goes where the command line says, if it says where. An invitation alone is only shown. */
static void
follow (AlcoveApplication *self,
        const AlcoveLaunch *launch,
        gboolean invited)
{
  g_autofree char *name = g_settings_get_string (self->settings, "name");
  g_autoptr (AlcoveJoin) join = alcove_join_copy (launch->join);
  AlcoveWindow *window = ensure_window (self, launch);
  gboolean named = join->name != NULL;

  if (!launch->given)
    {
      if (join->room != NULL || join->name != NULL)
        alcove_window_fill (window, launch);
      return;
    }

  if (!named && *name != '\0')
    join->name = g_steal_pointer (&name);
  if (invited && !named && !launch->kiosk)
    alcove_window_invite (window, join);
  else if (alcove_join_missing (join) == NULL)
    alcove_window_join (window, join);
  else
    alcove_window_fill (window, launch);
}

static gboolean
read_invitation (const char *text,
                 AlcoveJoin *join,
                 GError **error)
{
  g_autoptr (AlcoveInvitation) invitation = alcove_invitation_parse (text, error);

  if (invitation == NULL)
    return FALSE;

  join->where = ALCOVE_WHERE_SERVER;
  g_free (join->protocol);
  join->protocol = g_strdup (invitation->protocol);
  g_free (join->server);
  join->server = g_strdup (invitation->server);
  g_free (join->room);
  join->room = g_strdup (invitation->room);
  join->role = g_strcmp0 (invitation->role, "dispatcher") == 0 ? ALCOVE_ROLE_DISPATCHER
                                                               : ALCOVE_ROLE_MEMBER;

  return TRUE;
}

static void
alcove_application_open (GApplication *application,
                         GFile **files,
                         int n_files,
                         const char *hint)
{
  AlcoveApplication *self = ALCOVE_APPLICATION (application);
  g_autoptr (GVariantDict) none = g_variant_dict_new (NULL);
  g_autoptr (AlcoveLaunch) launch = alcove_launch_new (none, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *uri = NULL;

  if (launch == NULL || n_files < 1)
    return;

  uri = g_file_get_uri (files[0]);
  launch->given = read_invitation (uri, launch->join, &error);
  follow (self, launch, launch->given);
  if (error != NULL)
    alcove_window_show_error (find_window (self), error->message);
}

static int
alcove_application_command_line (GApplication *application,
                                 GApplicationCommandLine *command_line)
{
  AlcoveApplication *self = ALCOVE_APPLICATION (application);
  GVariantDict *options = g_application_command_line_get_options_dict (command_line);
  g_autofree const char **rest = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (AlcoveLaunch) launch = alcove_launch_new (options, &error);
  gboolean invited = FALSE;

  if (launch == NULL)
    {
      g_application_command_line_printerr (command_line, "alcove: %s\n", error->message);
      return 2;
    }

  if (g_variant_dict_lookup (options, G_OPTION_REMAINING, "^a&s", &rest) && rest[0] != NULL)
    {
      if (!read_invitation (rest[0], launch->join, &error))
        {
          follow (self, launch, FALSE);
          alcove_window_show_error (find_window (self), error->message);
          return 0;
        }
      launch->given = invited = TRUE;
    }

  follow (self, launch, invited);

  return 0;
}

/* Returns why nobody can join by @join and the invitation among @options, or NULL. */
static const char *
check_wall (GVariantDict *options,
            AlcoveJoin *join,
            GError **error)
{
  g_autofree const char **rest = NULL;

  if (g_variant_dict_lookup (options, G_OPTION_REMAINING, "^a&s", &rest) && rest[0] != NULL
      && !read_invitation (rest[0], join, error))
    return (*error)->message;

  return alcove_join_missing (join);
}

static int
alcove_application_handle_local_options (GApplication *application,
                                         GVariantDict *options)
{
  AlcoveApplication *self = ALCOVE_APPLICATION (application);
  g_autoptr (AlcoveLaunch) launch = NULL;
  g_autoptr (GError) error = NULL;
  const char *missing;

  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("Alcove %s\n", ALCOVE_VERSION);
      return 0;
    }

  /* wrong usage is told before a display or another instance is looked for */
  launch = alcove_launch_new (options, &error);
  if (launch == NULL)
    {
      g_printerr ("alcove: %s\n", error->message);
      return 2;
    }

  if (!launch->kiosk)
    return -1;

  if (launch->join->name == NULL
      || (!g_variant_dict_contains (options, G_OPTION_REMAINING)
          && (!launch->given || launch->join->room == NULL)))
    {
      g_printerr ("alcove: %s\n",
                  _("A wall needs --server or --host, --room and --name; or an invitation and "
                    "--name."));
      return 2;
    }

  /* a wall has no lobby in which this could be told, and put right */
  missing = check_wall (options, launch->join, &error);
  if (missing != NULL)
    {
      g_printerr ("alcove: %s\n", missing);
      return 2;
    }

  /* a wall is a program of its own, also beside a window of the same person */
  self->kiosk = TRUE;
  g_application_set_flags (application,
                           g_application_get_flags (application) | G_APPLICATION_NON_UNIQUE);

  return -1;
}

static void
alcove_application_activate (GApplication *application)
{
  AlcoveApplication *self = ALCOVE_APPLICATION (application);
  g_autoptr (GVariantDict) none = g_variant_dict_new (NULL);
  g_autoptr (AlcoveLaunch) launch = alcove_launch_new (none, NULL);

  ensure_window (self, launch);
}

static void
preferences_action (GSimpleAction *action,
                    GVariant *parameter,
                    gpointer data)
{
  AlcoveApplication *self = data;

  if (self->preferences == NULL)
    {
      self->preferences = GTK_WINDOW (alcove_preferences_new (self->settings, self->devices));
      g_object_add_weak_pointer (G_OBJECT (self->preferences), (gpointer *) &self->preferences);
      gtk_window_set_modal (self->preferences, TRUE);
    }

  gtk_window_set_transient_for (self->preferences, GTK_WINDOW (find_window (self)));
  gtk_window_present (self->preferences);
}

static void
about_action (GSimpleAction *action,
              GVariant *parameter,
              gpointer data)
{
  AlcoveApplication *self = data;

  adw_show_about_window (GTK_WINDOW (find_window (self)), "application-name", "Alcove",
                         "application-icon", ALCOVE_APP_ID, "version", ALCOVE_VERSION,
                         "developer-name", _("The Alcove developers"), "license-type",
                         GTK_LICENSE_GPL_3_0, "comments",
                         _("Rooms to see and hear each other in, peer to peer"), NULL);
}

static void
quit_action (GSimpleAction *action,
             GVariant *parameter,
             gpointer data)
{
  AlcoveApplication *self = data;
  AlcoveWindow *window = find_window (self);

  /* closing leaves the room before the program ends */
  if (window != NULL)
    gtk_window_close (GTK_WINDOW (window));
  else
    g_application_quit (G_APPLICATION (self));
}

/* Whoever ends the program from outside ends it as if by its window: the room is left, the
 * devices are let go. */
static gboolean
end_cb (gpointer data)
{
  AlcoveApplication *self = data;
  GList *windows = gtk_application_get_windows (GTK_APPLICATION (self));
  g_autoptr (GList) copy = g_list_copy (windows);

  for (GList *i = copy; i != NULL; i = i->next)
    if (ALCOVE_IS_WINDOW (i->data))
      gtk_window_close (i->data);
  if (copy == NULL)
    g_application_quit (G_APPLICATION (self));

  return G_SOURCE_CONTINUE;
}

static void
alcove_application_startup (GApplication *application)
{
  AlcoveApplication *self = ALCOVE_APPLICATION (application);
  GtkApplication *gtk_application = GTK_APPLICATION (application);
  static const GActionEntry actions[] = {
    { "preferences", preferences_action },
    { "about", about_action },
    { "quit", quit_action },
  };
  const char *const none[] = { NULL };
  static const struct {
    const char *action;
    const char *accels[4];
  } accels[] = {
    { "win.mute", { "<Control>d", NULL } },
    { "win.camera", { "<Control>e", NULL } },
    { "win.join", { "<Control>Return", "<Control>KP_Enter", NULL } },
    { "win.share-screen", { "<Control><Shift>s", NULL } },
    { "win.chat", { "F9", NULL } },
    { "win.save-picture", { "<Control>s", NULL } },
    { "win.pairs", { "<Control>m", NULL } },
    { "win.statistics", { "<Control>i", NULL } },
    { "win.copy-invitation", { "<Control><Shift>c", NULL } },
    { "win.fullscreen", { "F11", NULL } },
    { "win.show-help-overlay", { "<Control>question", "<Control>F1", NULL } },
    { "window.close", { "<Control>w", NULL } },
    { "app.preferences", { "<Control>comma", NULL } },
    { "app.quit", { "<Control>q", NULL } },
  };

  G_APPLICATION_CLASS (alcove_application_parent_class)->startup (application);

  gtk_window_set_default_icon_name (ALCOVE_APP_ID);
  self->settings = g_settings_new (ALCOVE_APP_ID);
  self->devices = alcove_devices_new ();
  self->host = alcove_host_new ();
  g_settings_bind (self->settings, "allowed-origins", self->host, "allowed-origins",
                   G_SETTINGS_BIND_GET);
  alcove_devices_start (self->devices);

  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  /* a wall has no shortcuts: no key that somebody leans on may end it; GTK brings one itself */
  for (gsize i = 0; i < G_N_ELEMENTS (accels); i++)
    gtk_application_set_accels_for_action (gtk_application, accels[i].action,
                                           self->kiosk ? none : accels[i].accels);

  self->signal_ids[0] = g_unix_signal_add (SIGTERM, end_cb, self);
  self->signal_ids[1] = g_unix_signal_add (SIGINT, end_cb, self);
}

static void
alcove_application_shutdown (GApplication *application)
{
  AlcoveApplication *self = ALCOVE_APPLICATION (application);

  for (gsize i = 0; i < G_N_ELEMENTS (self->signal_ids); i++)
    g_clear_handle_id (&self->signal_ids[i], g_source_remove);
  if (self->preferences != NULL)
    gtk_window_destroy (self->preferences);
  if (self->host != NULL)
    alcove_host_stop (self->host);

  G_APPLICATION_CLASS (alcove_application_parent_class)->shutdown (application);
}

static void
alcove_application_finalize (GObject *object)
{
  AlcoveApplication *self = ALCOVE_APPLICATION (object);

  g_clear_object (&self->settings);
  g_clear_object (&self->devices);
  g_clear_object (&self->host);

  G_OBJECT_CLASS (alcove_application_parent_class)->finalize (object);
}

static void
alcove_application_class_init (AlcoveApplicationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  object_class->finalize = alcove_application_finalize;
  application_class->startup = alcove_application_startup;
  application_class->shutdown = alcove_application_shutdown;
  application_class->activate = alcove_application_activate;
  application_class->open = alcove_application_open;
  application_class->command_line = alcove_application_command_line;
  application_class->handle_local_options = alcove_application_handle_local_options;
}

static void
alcove_application_init (AlcoveApplication *self)
{
  g_application_add_main_option_entries (G_APPLICATION (self), alcove_launch_get_entries ());
  g_application_set_option_context_parameter_string (G_APPLICATION (self), _("[INVITATION]"));
}

/**
 * alcove_application_new:
 * @id: the application id
 * @flags: added to those that the command line and links need
 *
 * Returns: (transfer full): the program
 */
AlcoveApplication *
alcove_application_new (const char *id,
                        GApplicationFlags flags)
{
  return g_object_new (ALCOVE_TYPE_APPLICATION, "application-id", id, "flags",
                       flags | G_APPLICATION_HANDLES_OPEN | G_APPLICATION_HANDLES_COMMAND_LINE,
                       "resource-base-path", "/io/github/alcove/Alcove", NULL);
}
