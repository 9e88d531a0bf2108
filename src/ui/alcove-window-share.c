/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-window-share"

#include "config.h"

#include <glib/gi18n.h>

#include "alcove-file-name.h"
#include "alcove-window-private.h"

/* Our screen for the others, and the others into files. */

static AlcoveScreenShare *
get_share (AlcoveWindow *self)
{
  return self->engine != NULL ? alcove_engine_get_screen_share (self->engine) : NULL;
}

static void
share_action (GtkWidget *widget,
              const char *name,
              GVariant *parameter)
{
  AlcoveWindow *self = ALCOVE_WINDOW (widget);
  AlcoveScreenShare *share = get_share (self);

  if (share == NULL)
    return;

  alcove_screen_share_set_parent (share, alcove_portal_parent_get_handle (self->portal_parent));

  if (g_str_equal (name, "win.share-other-screen"))
    alcove_screen_share_start (share, TRUE);
  else if (alcove_screen_share_get_sharing (share) || alcove_screen_share_get_busy (share))
    alcove_screen_share_stop (share);
  else
    alcove_screen_share_start (share, FALSE);
}

static void
share_cb (AlcoveWindow *self,
          GParamSpec *pspec,
          AlcoveScreenShare *share)
{
  alcove_window_tell_room (self);
  alcove_window_update_share_actions (self);
}

static void
token_cb (AlcoveWindow *self,
          GParamSpec *pspec,
          AlcoveScreenShare *share)
{
  g_settings_set_string (self->settings, "screen-token", alcove_screen_share_get_token (share));
}

/**
 * alcove_window_watch_share:
 * @self: a window with a fresh engine
 *
 * Keeps settings, room and actions up to date with what is shared.
 */
void
alcove_window_watch_share (AlcoveWindow *self)
{
  AlcoveScreenShare *share = get_share (self);
  g_autofree char *token = g_settings_get_string (self->settings, "screen-token");

  alcove_screen_share_set_token (share, token);
  g_signal_connect_object (share, "notify::token", G_CALLBACK (token_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (share, "notify::sharing", G_CALLBACK (share_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (share, "notify::obstacle", G_CALLBACK (share_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
recorded_cb (GObject *source,
             GAsyncResult *result,
             gpointer data)
{
  g_autoptr (AlcoveWindow) self = data;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) files = NULL;
  gboolean whole = alcove_room_record_finish (ALCOVE_ROOM (source), result, &files, &error);
  guint n = g_strv_length (files);
  g_autofree char *name = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *text = NULL;

  if (self->closing)
    return;

  if (!whole)
    {
      alcove_window_show_toast (self, error->message);
      return;
    }
  if (n == 0)
    {
      alcove_window_show_toast (self, _("Nothing was recorded: no sound and no picture came."));
      return;
    }

  name = g_path_get_basename (files[0]);
  shown = g_filename_display_name (name);

  if (n == 1)
    /* Translators: %s is the name of a file */
    text = g_strdup_printf (_("Recording saved: %s"), shown);
  else
    /* Translators: %u is two or more; %s is the name of the first file */
    text = g_strdup_printf (
        g_dngettext (GETTEXT_PACKAGE, "Recording saved in %u file, the first is %s",
                     "Recording saved in %u files, the first is %s", n),
        n, shown);
  if (alcove_window_in_room (self))
    alcove_room_page_ask (self->room_page, text, _("Show"), "win.show-recordings");
  else
    alcove_window_show_toast (self, text);
}

static char *
get_folder (void)
{
  const char *videos = g_get_user_special_dir (G_USER_DIRECTORY_VIDEOS);

  return videos != NULL ? g_build_filename (videos, "Alcove", NULL)
                        : g_build_filename (g_get_home_dir (), "Videos", "Alcove", NULL);
}

static void
record (AlcoveWindow *self,
        AlcoveRoom *room,
        AlcoveParticipant *participant)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  const char *person = alcove_participant_get_name (participant);
  g_autofree char *text = NULL;
  g_autofree char *name = NULL;
  g_autofree char *folder = get_folder ();
  g_autofree char *path = NULL;

  text = g_strdup_printf ("%s – %s", alcove_room_get_name (room),
                          person != NULL && *person != '\0' ? person : _("Somebody"));
  name = alcove_file_name_make (text, _("Recording"), now, ".mkv");
  path = g_build_filename (folder, name, NULL);
  /* it is ours, whatever else is missing; that it can't be made is told of the file */
  g_mkdir_with_parents (folder, 0700);
  /* two who are shown by the same name may be recorded within the same second */
  alcove_room_record_async (room, participant, path, TRUE, recorded_cb, g_object_ref (self));
}

/* The parameter is a participant's id. */
static void
record_action (GtkWidget *widget,
               const char *name,
               GVariant *parameter)
{
  AlcoveWindow *self = ALCOVE_WINDOW (widget);
  AlcoveRoom *room = alcove_session_get_room (self->session);
  AlcoveParticipant *participant
      = room != NULL ? alcove_room_find (room, g_variant_get_string (parameter, NULL)) : NULL;

  if (participant == NULL)
    return;

  if (alcove_participant_get_recorded (participant))
    alcove_room_stop_recording (room, participant);
  else
    record (self, room, participant);
}

static void
show_action (GtkWidget *widget,
             const char *name,
             GVariant *parameter)
{
  g_autofree char *folder = get_folder ();
  g_autofree char *uri = g_filename_to_uri (folder, NULL, NULL);

  if (uri != NULL)
    g_app_info_launch_default_for_uri_async (uri, NULL, NULL, NULL, NULL);
}

/**
 * alcove_window_install_share_actions:
 * @widget_class: the class of windows
 */
void
alcove_window_install_share_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.share-screen", NULL, share_action);
  gtk_widget_class_install_action (widget_class, "win.share-other-screen", NULL, share_action);
  gtk_widget_class_install_action (widget_class, "win.tile-record", "s", record_action);
  gtk_widget_class_install_action (widget_class, "win.show-recordings", NULL, show_action);
}

/**
 * alcove_window_update_share_actions:
 * @self: a window
 *
 * Enables them in a room, and sharing where the desktop has a way to.
 */
void
alcove_window_update_share_actions (AlcoveWindow *self)
{
  gboolean in_room = alcove_window_in_room (self) && !self->kiosk;
  AlcoveScreenShare *share = get_share (self);
  gboolean able = in_room && share != NULL && alcove_screen_share_get_obstacle (share) == NULL;

  if (share != NULL && in_room)
    alcove_screen_share_check (share);
  else if (share != NULL)
    alcove_screen_share_stop (share);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.share-screen", able);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.share-other-screen", able);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.tile-record", in_room);
}
