/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-window"

#include "config.h"

#include "alcove-window-private.h"

#include <glib/gi18n.h>

#include "alcove-error.h"

/**
 * AlcoveWindow:
 *
 * One person's way into one room: the lobby, then the room; or the wall. It owns the camera
 * and microphone, and the membership. Closing it leaves the room properly before
 * the program ends.
 */

/* To lay the room out and draw it takes the main context as long as the first offers, answers and
 * candidates, which would wait for it. Once one connection looks for its path the rest is the work
 * of threads; and where nobody answers, the room is there this long after the server let us in. */
#define ENTER_MS 100

/* A GtkSpinner's, by Adwaita. */
#define SPINNER_SIZE 16

G_DEFINE_FINAL_TYPE (AlcoveWindow, alcove_window, ADW_TYPE_APPLICATION_WINDOW)

static void
keep_awake (AlcoveWindow *self,
            gboolean awake)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));

  if (awake == (self->inhibit_cookie != 0) || application == NULL)
    return;

  if (awake)
    {
      self->inhibit_cookie = gtk_application_inhibit (application, GTK_WINDOW (self),
                                                      GTK_APPLICATION_INHIBIT_IDLE,
                                                      _("In a room"));
    }
  else
    {
      gtk_application_uninhibit (application, self->inhibit_cookie);
      self->inhibit_cookie = 0;
    }
}

static void
map_cb (AlcoveWindow *self)
{
  keep_awake (self, TRUE);
}

/* What the first room would otherwise wait for while it is drawn: the class of tiles, which parses
 * its template, and the SVG of the spinner, which GTK turns into a picture in four passes. It is
 * asked for as CSS asks, or it would not be found again. */
static gboolean
warm_up (gpointer data)
{
  AlcoveWindow *self = data;
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gtk_widget_get_display (GTK_WIDGET (self)));
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();

  self->warming = 0;
  /* on the way there already, and loading it all the same */
  if (alcove_session_get_room (self->session) != NULL)
    return G_SOURCE_REMOVE;

  g_type_class_unref (g_type_class_ref (ALCOVE_TYPE_TILE));
  self->spinner = gtk_icon_theme_lookup_icon (theme, "process-working-symbolic", NULL, SPINNER_SIZE,
                                              gtk_widget_get_scale_factor (GTK_WIDGET (self)),
                                              GTK_TEXT_DIR_NONE, 0);
  gdk_paintable_snapshot (GDK_PAINTABLE (self->spinner), snapshot, SPINNER_SIZE, SPINNER_SIZE);
  return G_SOURCE_REMOVE;
}

static void
lobby_map_cb (AlcoveWindow *self)
{
  if (self->spinner == NULL && self->warming == 0)
    self->warming = g_idle_add_full (G_PRIORITY_LOW, warm_up, self, NULL);
}

static void
drop_entering (AlcoveWindow *self)
{
  g_clear_handle_id (&self->entering, g_source_remove);
  g_clear_handle_id (&self->entering_idle, g_source_remove);
}

static void
show_lobby (AlcoveWindow *self)
{
  g_autoptr (AlcoveJoin) invited = g_steal_pointer (&self->invited);

  if (self->kiosk)
    return;

  drop_entering (self);

  alcove_room_page_set_room (self->room_page, NULL, NULL);
  gtk_stack_set_visible_child_name (self->stack, "lobby");
  gtk_window_set_title (GTK_WINDOW (self), "Alcove");
  if (gtk_window_is_fullscreen (GTK_WINDOW (self)))
    gtk_window_unfullscreen (GTK_WINDOW (self));
  alcove_lobby_set_busy (self->lobby, FALSE);
  /* an invitation that was not answered in the room is found where it can be */
  if (invited != NULL)
    alcove_lobby_fill (self->lobby, invited);
  alcove_preview_set_shown (alcove_lobby_get_preview (self->lobby), TRUE);
  keep_awake (self, FALSE);
  alcove_window_update_actions (self);
}

static gboolean
show_room (gpointer data)
{
  AlcoveWindow *self = data;
  AlcoveRoom *room = alcove_session_get_room (self->session);

  drop_entering (self);
  if (room == NULL)
    return G_SOURCE_REMOVE;

  alcove_lobby_remember (self->lobby);
  alcove_lobby_set_busy (self->lobby, FALSE);
  /* our picture has one place at a time */
  alcove_preview_set_shown (alcove_lobby_get_preview (self->lobby), FALSE);
  alcove_room_page_set_room (self->room_page, room, self->engine);
  gtk_stack_set_visible_child_name (self->stack, "room");
  gtk_window_set_title (GTK_WINDOW (self), alcove_room_get_name (room));
  gtk_widget_grab_focus (GTK_WIDGET (self->room_page));
  keep_awake (self, TRUE);
  alcove_window_update_actions (self);
  return G_SOURCE_REMOVE;
}

/* A server that shows another certificate than before is away until the person has looked. */
static void
trouble_cb (AlcoveWindow *self,
            GParamSpec *pspec,
            AlcoveRoom *room)
{
  AlcoveTrustEntry *refused = alcove_trust_get_refused (self->trust);

  if (alcove_room_get_trouble (room) == NULL || refused == NULL || refused == self->asked
      || !alcove_window_in_room (self))
    return;

  /* one question, however many attempts are refused */
  if (self->asked == NULL || !alcove_trust_entry_equal (self->asked, refused))
    alcove_room_page_ask (self->room_page, _("The server shows another certificate"),
                          _("Certificate…"), "win.show-certificate");
  g_set_object (&self->asked, refused);
}

static void
checking_cb (AlcoveWindow *self)
{
  if (self->entering != 0 && self->entering_idle == 0)
    self->entering_idle = g_idle_add_full (G_PRIORITY_LOW, show_room, self, NULL);
}

static void
room_cb (AlcoveWindow *self)
{
  AlcoveRoom *room = alcove_session_get_room (self->session);

  /* the question was the last room's, and went with it */
  g_clear_object (&self->asked);
  if (self->wall != NULL)
    alcove_wall_set_room (self->wall, room);
  if (room != NULL)
    {
      /* nobody opens statistics at a wall */
      alcove_room_set_keeps_history (room, !self->kiosk);
      g_signal_connect_object (room, "checking", G_CALLBACK (checking_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (room, "notify::trouble", G_CALLBACK (trouble_cb), self,
                               G_CONNECT_SWAPPED);
    }
  alcove_window_tell_room (self);
}

static void
joined_cb (AlcoveWindow *self)
{
  if (self->wall != NULL)
    alcove_wall_set_trouble (self->wall, NULL);
  else if (self->entering == 0)
    self->entering = g_timeout_add (ENTER_MS, show_room, self);
}

static void
failed_cb (AlcoveWindow *self,
           const GError *error)
{
  if (self->wall != NULL)
    {
      alcove_wall_set_trouble (self->wall, error);
      return;
    }

  show_lobby (self);
  alcove_window_show_error (self, error->message);
  if (g_error_matches (error, ALCOVE_ERROR, ALCOVE_ERROR_TLS)
      && alcove_trust_get_refused (self->trust) != NULL)
    alcove_lobby_offer_certificate (self->lobby);
}

static void
enter (AlcoveWindow *self,
       const AlcoveJoin *join)
{
  g_autofree char *size = g_settings_get_string (self->settings, "size");

  if (self->lobby != NULL)
    {
      alcove_lobby_set_error (self->lobby, NULL);
      alcove_lobby_save (self->lobby);
      alcove_lobby_set_busy (self->lobby, TRUE);
    }

  if (self->engine == NULL || (self->size == NULL && !g_str_equal (size, self->engine_size)))
    alcove_window_make_engine (self);
  if (self->engine == NULL)
    {
      if (self->lobby != NULL)
        alcove_lobby_set_busy (self->lobby, FALSE);
      return;
    }

  alcove_session_join (self->session, join);
}

/* What the lobby says is not filled in again: to lay it out anew the offers would have to wait. */
static void
lobby_join_cb (AlcoveWindow *self)
{
  g_autoptr (AlcoveJoin) join = alcove_lobby_dup_join (self->lobby);

  alcove_session_leave (self->session);
  enter (self, join);
}

static void
fullscreened_cb (AlcoveWindow *self)
{
  alcove_room_page_set_fullscreen (self->room_page, gtk_window_is_fullscreen (GTK_WINDOW (self)));
}

static void
leaving_cb (AlcoveWindow *self)
{
  if (self->closing && !alcove_session_get_leaving (self->session))
    gtk_window_destroy (GTK_WINDOW (self));
}

static void
save_size (AlcoveWindow *self)
{
  int width, height;

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  g_settings_set_boolean (self->settings, "window-maximized",
                          gtk_window_is_maximized (GTK_WINDOW (self)));
  if (width >= 360 && height >= 294)
    {
      g_settings_set_int (self->settings, "window-width", width);
      g_settings_set_int (self->settings, "window-height", height);
    }
}

static gboolean
alcove_window_close_request (GtkWindow *window)
{
  AlcoveWindow *self = ALCOVE_WINDOW (window);

  if (!self->closing)
    {
      self->closing = TRUE;
      if (self->lobby != NULL)
        {
          save_size (self);
          alcove_lobby_save (self->lobby);
        }
      alcove_room_page_set_room (self->room_page, NULL, NULL);
      alcove_session_leave (self->session);
    }

  /* gone for the eye at once, while the server is told */
  if (alcove_session_get_leaving (self->session))
    {
      gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
      return TRUE;
    }

  return GTK_WINDOW_CLASS (alcove_window_parent_class)->close_request (window);
}

static void
alcove_window_dispose (GObject *object)
{
  AlcoveWindow *self = ALCOVE_WINDOW (object);

  keep_awake (self, FALSE);
  drop_entering (self);
  g_clear_handle_id (&self->warming, g_source_remove);
  g_clear_object (&self->spinner);
  if (self->push_to_talk != NULL)
    g_signal_handlers_disconnect_by_data (self->push_to_talk, self);
  g_clear_object (&self->push_to_talk);
  g_clear_object (&self->portal_parent);
  if (self->room_page != NULL)
    alcove_room_page_set_room (self->room_page, NULL, NULL);
  if (self->session != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->session, self);
      alcove_window_drop_engine (self);
    }
  if (self->settings != NULL)
    g_signal_handlers_disconnect_by_data (self->settings, self);
  g_clear_object (&self->session);
  g_clear_object (&self->trust);
  g_clear_object (&self->asked);
  g_clear_object (&self->settings);
  g_clear_object (&self->devices);
  self->lobby = NULL;
  self->wall = NULL;

  G_OBJECT_CLASS (alcove_window_parent_class)->dispose (object);
}

static void
alcove_window_finalize (GObject *object)
{
  AlcoveWindow *self = ALCOVE_WINDOW (object);

  g_clear_pointer (&self->invited, alcove_join_free);
  g_free (self->engine_size);
  g_free (self->video);
  g_free (self->audio);
  g_free (self->playout);
  g_free (self->size);
  g_free (self->stun);
  g_free (self->turn);

  G_OBJECT_CLASS (alcove_window_parent_class)->finalize (object);
}

static void
alcove_window_class_init (AlcoveWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = alcove_window_dispose;
  object_class->finalize = alcove_window_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = alcove_window_close_request;

  g_type_ensure (ALCOVE_TYPE_ROOM_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/alcove/Alcove/alcove-window.ui");
  gtk_widget_class_bind_template_child (widget_class, AlcoveWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, AlcoveWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, AlcoveWindow, room_page);
  gtk_widget_class_bind_template_child (widget_class, AlcoveWindow, wall_bin);

  alcove_window_install_actions (widget_class);
}

/* Without a graphics card each step of an animation draws the whole window twice, and whoever joins
 * waits for it: pictures that move are what the processor is needed for. */
static void
realize_cb (AlcoveWindow *self)
{
  if (GSK_IS_CAIRO_RENDERER (gtk_native_get_renderer (GTK_NATIVE (self))))
    g_object_set (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-enable-animations", FALSE,
                  NULL);
}

static void
talking_cb (AlcoveWindow *self)
{
  alcove_window_update_muted (self);
  alcove_window_tell_room (self);
}

static void
alcove_window_init (AlcoveWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (self, "realize", G_CALLBACK (realize_cb), NULL);
  g_signal_connect (self, "notify::fullscreened", G_CALLBACK (fullscreened_cb), NULL);
  self->push_to_talk = alcove_push_to_talk_new (GTK_WIDGET (self->room_page));
  self->portal_parent = alcove_portal_parent_new (GTK_WINDOW (self));
  g_signal_connect_swapped (self->push_to_talk, "notify::talking", G_CALLBACK (talking_cb), self);
}

static void
take_launch (AlcoveWindow *self,
             const AlcoveLaunch *launch)
{
  self->kiosk = launch->kiosk;
  self->video = g_strdup (launch->video);
  self->audio = g_strdup (launch->audio);
  self->playout = g_strdup (launch->playout);
  self->size = g_strdup (launch->size);
  self->fps = launch->fps;
  self->stun = g_strdup (launch->stun);
  self->turn = g_strdup (launch->turn);

  /* a wall watches, unless it is told otherwise */
  if (self->kiosk && self->video == NULL)
    self->video = g_strdup ("none");
  if (self->kiosk && self->audio == NULL)
    self->audio = g_strdup ("none");
}

/* What the command line leaves open stays as it was used last. */
static void
fill_launch (AlcoveWindow *self,
             const AlcoveLaunch *launch)
{
  g_autoptr (AlcoveJoin) last = alcove_lobby_dup_join (self->lobby);
  g_autoptr (AlcoveJoin) join = alcove_join_copy (launch->join);

  if (!launch->given)
    join->where = last->where;
  alcove_lobby_fill (self->lobby, join);
}

/* A wall may run without any window manager, and then nobody makes a window full screen. */
static void
fill_monitor (AlcoveWindow *self)
{
  GListModel *monitors = gdk_display_get_monitors (gtk_widget_get_display (GTK_WIDGET (self)));
  g_autoptr (GdkMonitor) monitor = g_list_model_get_item (monitors, 0);
  GdkRectangle geometry;

  gtk_window_set_decorated (GTK_WINDOW (self), FALSE);
  if (monitor == NULL)
    return;

  gdk_monitor_get_geometry (monitor, &geometry);
  gtk_window_set_default_size (GTK_WINDOW (self), geometry.width, geometry.height);
}

/**
 * alcove_window_new:
 * @application: (nullable): the program
 * @settings: its settings
 * @devices: the devices to choose from
 * @host: the embedded server
 * @launch: what the command line says; nothing is joined by it yet
 *
 * Returns: (transfer none): a window, showing the lobby or an empty wall
 */
GtkWidget *
alcove_window_new (GtkApplication *application,
                   GSettings *settings,
                   AlcoveDevices *devices,
                   AlcoveHost *host,
                   const AlcoveLaunch *launch)
{
  AlcoveWindow *self = g_object_new (ALCOVE_TYPE_WINDOW, "application", application, NULL);

  self->settings = g_object_ref (settings);
  self->devices = g_object_ref (devices);
  take_launch (self, launch);

  self->trust = alcove_trust_settings_new (settings);
  for (guint i = 0; launch->accept_certificates != NULL && launch->accept_certificates[i] != NULL;
       i++)
    alcove_trust_add_fingerprint (self->trust, launch->accept_certificates[i], NULL);
  self->session = alcove_session_new (host, NULL);
  alcove_session_set_trust (self->session, self->trust);
  g_signal_connect_swapped (self->session, "notify::room", G_CALLBACK (room_cb), self);
  g_signal_connect_swapped (self->session, "notify::leaving", G_CALLBACK (leaving_cb), self);
  g_signal_connect_swapped (self->session, "joined", G_CALLBACK (joined_cb), self);
  g_signal_connect_swapped (self->session, "failed", G_CALLBACK (failed_cb), self);

  if (self->kiosk)
    {
      self->wall = ALCOVE_WALL (alcove_wall_new ());
      adw_bin_set_child (self->wall_bin, GTK_WIDGET (self->wall));
      gtk_stack_set_visible_child_name (self->stack, "wall");
      fill_monitor (self);
      gtk_window_fullscreen (GTK_WINDOW (self));
      /* Wayland keeps a surface awake, and there is none before */
      g_signal_connect (self, "map", G_CALLBACK (map_cb), NULL);
      alcove_window_update_actions (self);
    }
  else
    {
      gtk_window_set_default_size (GTK_WINDOW (self),
                                   g_settings_get_int (settings, "window-width"),
                                   g_settings_get_int (settings, "window-height"));
      if (g_settings_get_boolean (settings, "window-maximized"))
        gtk_window_maximize (GTK_WINDOW (self));

      self->lobby = ALCOVE_LOBBY (alcove_lobby_new (settings, devices, host));
      g_signal_connect_swapped (self->lobby, "join", G_CALLBACK (lobby_join_cb), self);
      g_signal_connect_swapped (self->lobby, "cancel", G_CALLBACK (alcove_window_leave), self);
      adw_toast_overlay_set_child (self->toasts, GTK_WIDGET (self->lobby));
      g_signal_connect (self, "map", G_CALLBACK (lobby_map_cb), NULL);
      fill_launch (self, launch);
      g_signal_connect_swapped (settings, "changed", G_CALLBACK (alcove_window_apply_setting), self);
      show_lobby (self);
    }

  alcove_window_make_engine (self);

  return GTK_WIDGET (self);
}

/**
 * alcove_window_in_room:
 * @self: a window
 *
 * Returns: whether it shows a room, other than as a wall
 */
gboolean
alcove_window_in_room (AlcoveWindow *self)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "room") == 0;
}

/**
 * alcove_window_show_toast:
 * @self: a window
 * @text: plain text
 *
 * Tells @text on the page that is seen; a wall tells nothing.
 */
void
alcove_window_show_toast (AlcoveWindow *self,
                          const char *text)
{
  if (alcove_window_in_room (self))
    {
      alcove_room_page_show_news (self->room_page, text);
    }
  else if (!self->kiosk)
    {
      g_autofree char *escaped = g_markup_escape_text (text, -1);

      adw_toast_overlay_add_toast (self->toasts, adw_toast_new (escaped));
    }
}

/**
 * alcove_window_leave:
 * @self: a window
 *
 * Leaves the room, or stops trying to join it, and shows the lobby.
 */
void
alcove_window_leave (AlcoveWindow *self)
{
  alcove_session_leave (self->session);
  show_lobby (self);
}

/**
 * alcove_window_get_closing:
 * @self: a window
 *
 * Returns: whether it was closed and is only saying goodbye to the server
 */
gboolean
alcove_window_get_closing (AlcoveWindow *self)
{
  return self->closing;
}

/**
 * alcove_window_invite:
 * @self: a window
 * @join: where an invitation leads
 *
 * Fills @join in, for the person to look at and to accept. A link may come from any web
 * page, so it never shows us to strangers by itself, and never takes us out of a room.
 */
void
alcove_window_invite (AlcoveWindow *self,
                      const AlcoveJoin *join)
{
  if (self->lobby == NULL)
    return;

  if (alcove_window_in_room (self))
    {
      /* Translators: %s is the name of a room */
      g_autofree char *text = g_strdup_printf (_("Invitation to “%s”"), join->room);

      g_clear_pointer (&self->invited, alcove_join_free);
      self->invited = alcove_join_copy (join);
      alcove_room_page_ask (self->room_page, text, _("Leave and Join"), "win.accept-invitation");
      return;
    }

  alcove_window_leave (self);
  alcove_lobby_fill (self->lobby, join);
  alcove_lobby_focus_join (self->lobby);
}

/**
 * alcove_window_fill:
 * @self: a window
 * @launch: what the command line says, too little to join by
 *
 * Fills into the lobby what there is.
 */
void
alcove_window_fill (AlcoveWindow *self,
                    const AlcoveLaunch *launch)
{
  if (self->lobby != NULL)
    fill_launch (self, launch);
}

/**
 * alcove_window_join:
 * @self: a window
 * @join: where to go, with nothing missing
 *
 * Leaves the room we are in and joins another one.
 */
void
alcove_window_join (AlcoveWindow *self,
                    const AlcoveJoin *join)
{
  if (self->lobby != NULL)
    {
      alcove_session_leave (self->session);
      show_lobby (self);
      alcove_lobby_fill (self->lobby, join);
    }
  enter (self, join);
}

/**
 * alcove_window_show_error:
 * @self: a window
 * @message: a plain sentence
 */
void
alcove_window_show_error (AlcoveWindow *self,
                          const char *message)
{
  if (alcove_window_in_room (self))
    alcove_window_show_toast (self, message);
  else if (self->lobby != NULL)
    alcove_lobby_set_error (self->lobby, message);
  else
    g_message ("%s", message);
}
