/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "alcove-lobby.h"
#include "alcove-portal-parent.h"
#include "alcove-preview.h"
#include "alcove-room-page.h"
#include "alcove-window.h"

#ifdef GDK_WINDOWING_X11
#include <gdk/x11/gdkx.h>
#endif

#define EXIT_SKIP 77

static void
test_hint (void)
{
  g_autoptr (GSettings) settings = g_settings_new (ALCOVE_APP_ID);
  AlcoveDevices *devices = alcove_devices_new ();
  AlcoveHost *host = alcove_host_new ();
  AlcoveLobby *lobby = ALCOVE_LOBBY (g_object_ref_sink (alcove_lobby_new (settings, devices, host)));
  g_autoptr (AlcoveJoin) join = alcove_join_new ();
  g_autoptr (AlcoveJoin) typed = NULL;

  join->name = g_strdup ("");
  alcove_lobby_fill (lobby, join);
  g_assert_cmpstr (alcove_lobby_get_hint (lobby), ==, "Enter your name to join.");

  g_free (join->name);
  join->name = g_strdup (" <i>Lin</i> ");
  join->room = g_strdup ("");
  alcove_lobby_fill (lobby, join);
  g_assert_cmpstr (alcove_lobby_get_hint (lobby), !=, "");

  g_free (join->room);
  join->room = g_strdup ("调度中心");
  join->where = ALCOVE_WHERE_SERVER;
  join->server = g_strdup ("nonsense");
  alcove_lobby_fill (lobby, join);
  g_assert_cmpstr (alcove_lobby_get_hint (lobby), ==, "");

  /* an error changes nothing of what was typed */
  alcove_lobby_set_error (lobby, "That failed & <so>.");
  typed = alcove_lobby_dup_join (lobby);
  g_assert_cmpstr (typed->name, ==, "<i>Lin</i>");
  g_assert_cmpstr (typed->room, ==, "调度中心");
  g_assert_cmpstr (typed->server, ==, "nonsense");
  g_assert_cmpint (typed->where, ==, ALCOVE_WHERE_SERVER);

  alcove_lobby_remember (lobby);
  g_assert_finalize_object (lobby);
  g_assert_finalize_object (host);
  g_assert_finalize_object (devices);
}

/* What is told of camera and microphone goes when it holds no longer. */
static void
test_notices (void)
{
  AlcovePreview *preview
      = ALCOVE_PREVIEW (g_object_ref_sink (g_object_new (ALCOVE_TYPE_PREVIEW, NULL)));
  GtkLabel *label = GTK_LABEL (
      gtk_widget_get_template_child (GTK_WIDGET (preview), ALCOVE_TYPE_PREVIEW, "notice_label"));

  alcove_preview_tell (preview, "The camera is busy.");
  alcove_preview_tell (preview, "Others do not hear you.");
  alcove_preview_take_back (preview, "The camera");
  g_assert_cmpstr (gtk_label_get_text (label), ==, "The camera is busy.\nOthers do not hear you.");
  alcove_preview_take_back (preview, "The camera is busy.");
  g_assert_cmpstr (gtk_label_get_text (label), ==, "Others do not hear you.");
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (label)));
  alcove_preview_take_back (preview, "Others do not hear you.");
  g_assert_cmpstr (gtk_label_get_text (label), ==, "");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (label)));
  g_assert_finalize_object (preview);
}

/* What was typed is kept when the window closes, what a command line said is not, and
 * a start that says nothing about the place changes nothing of it. */
static void
test_typed (void)
{
  g_autoptr (GSettings) settings = g_settings_new (ALCOVE_APP_ID);
  AlcoveDevices *devices = alcove_devices_new ();
  AlcoveHost *host = alcove_host_new ();
  g_autoptr (AlcoveJoin) join = alcove_join_new ();
  AlcoveLobby *lobby;
  g_autofree char *name = NULL;
  g_autofree char *server = NULL;
  g_autofree char *kept = NULL;

  lobby = ALCOVE_LOBBY (g_object_ref_sink (alcove_lobby_new (settings, devices, host)));
  join->where = ALCOVE_WHERE_SERVER;
  join->name = g_strdup ("Ada");
  join->room = g_strdup ("pump");
  join->server = g_strdup ("ws://half.typed");
  alcove_lobby_fill (lobby, join);
  alcove_lobby_save (lobby);
  name = g_settings_get_string (settings, "name");
  server = g_settings_get_string (settings, "server");
  g_assert_cmpstr (name, ==, "Ada");
  g_assert_cmpstr (server, ==, "ws://half.typed");
  g_assert_cmpint (g_settings_get_enum (settings, "where"), ==, ALCOVE_WHERE_SERVER);

  g_free (join->server);
  join->server = g_strdup ("ws://127.0.0.1:1");
  join->passing = TRUE;
  alcove_lobby_fill (lobby, join);
  alcove_lobby_remember (lobby);
  kept = g_settings_get_string (settings, "server");
  g_assert_cmpstr (kept, ==, "ws://half.typed");

  g_assert_finalize_object (lobby);
  g_assert_finalize_object (host);
  g_assert_finalize_object (devices);
}

/* A link may come from anywhere: it is filled in, and nothing more. */
static void
test_invitation (void)
{
  g_autoptr (GSettings) settings = g_settings_new (ALCOVE_APP_ID);
  AlcoveDevices *devices = alcove_devices_new ();
  AlcoveHost *host = alcove_host_new ();
  g_autoptr (GVariantDict) options = g_variant_dict_new (NULL);
  g_autoptr (AlcoveLaunch) launch = NULL;
  g_autoptr (AlcoveJoin) join = alcove_join_new ();
  gpointer window;

  g_settings_set_enum (settings, "where", ALCOVE_WHERE_THIS_NETWORK);
  g_variant_dict_insert (options, "video", "s", "none");
  g_variant_dict_insert (options, "audio", "s", "none");
  g_variant_dict_insert (options, "playout", "s", "none");
  launch = alcove_launch_new (options, NULL);
  window = alcove_window_new (NULL, settings, devices, host, launch);
  g_object_add_weak_pointer (window, &window);
  gtk_window_present (window);

  join->where = ALCOVE_WHERE_SERVER;
  join->name = g_strdup ("Lin");
  join->room = g_strdup ("invited");
  join->server = g_strdup ("ws://127.0.0.1:1");
  alcove_window_invite (window, join);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (alcove_host_get_port (host), ==, 0);
  g_assert_cmpstr (gtk_window_get_title (window), ==, "Alcove");
  g_assert_true (GTK_IS_BUTTON (gtk_root_get_focus (GTK_ROOT (window))));
  /* nothing was kept before it was accepted or the window closed */
  g_assert_cmpint (g_settings_get_enum (settings, "where"), ==, ALCOVE_WHERE_THIS_NETWORK);

  gtk_window_close (window);
  while (window != NULL)
    g_main_context_iteration (NULL, TRUE);
  g_settings_reset (settings, "where");
  g_assert_finalize_object (host);
  g_assert_finalize_object (devices);
}

/* Twenty people who leave at once are twenty pieces of news within a few frames. */
static void
test_burst (void)
{
  GtkWidget *window = gtk_window_new ();
  AlcoveRoomPage *page = ALCOVE_ROOM_PAGE (alcove_room_page_new ());

  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (page));
  gtk_window_present (GTK_WINDOW (window));
  for (guint i = 0; i < 60; i++)
    {
      alcove_room_page_show_news (page, "<b>Mei</b> & Ada left");
      if (i % 20 == 0)
        alcove_room_page_ask (page, "Invitation to “<i>”", "Leave and Join", "win.x");
      g_main_context_iteration (NULL, TRUE);
    }
  gtk_window_destroy (GTK_WINDOW (window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static gboolean
has_label (GtkWidget *widget,
           const char *text)
{
  if (GTK_IS_LABEL (widget) && g_str_equal (gtk_label_get_text (GTK_LABEL (widget)), text))
    return TRUE;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (has_label (child, text))
      return TRUE;

  return FALSE;
}

/* Longer than a lobby waits before it shows that it is busy. */
#define BUSY_MS 500

static void
end_cb (gpointer over)
{
  *(gboolean *) over = TRUE;
}

static void
count_cb (guint *count)
{
  (*count)++;
}

/* A way into a room that takes a blink is not shown; a longer one can be cancelled, and not by the
 * second press of a double click. */
static void
test_busy (void)
{
  g_autoptr (GSettings) settings = g_settings_new (ALCOVE_APP_ID);
  AlcoveDevices *devices = alcove_devices_new ();
  AlcoveHost *host = alcove_host_new ();
  AlcoveLobby *lobby = ALCOVE_LOBBY (g_object_ref_sink (alcove_lobby_new (settings, devices, host)));
  GObject *button = gtk_widget_get_template_child (GTK_WIDGET (lobby), ALCOVE_TYPE_LOBBY,
                                                   "join_button");
  GObject *form = gtk_widget_get_template_child (GTK_WIDGET (lobby), ALCOVE_TYPE_LOBBY, "form");
  g_autoptr (AlcoveJoin) join = alcove_join_new ();
  g_auto (GStrv) rooms = NULL;
  gboolean over = FALSE;
  guint joins = 0;
  guint cancels = 0;

  g_signal_connect_swapped (lobby, "join", G_CALLBACK (count_cb), &joins);
  g_signal_connect_swapped (lobby, "cancel", G_CALLBACK (count_cb), &cancels);
  join->name = g_strdup ("Lin");
  join->room = g_strdup ("atrium");
  alcove_lobby_fill (lobby, join);

  g_signal_emit_by_name (button, "clicked");
  g_assert_cmpuint (joins, ==, 1);
  alcove_lobby_set_busy (lobby, TRUE);
  g_signal_emit_by_name (button, "clicked");
  alcove_lobby_join (lobby);
  g_assert_cmpuint (joins, ==, 1);
  g_assert_cmpuint (cancels, ==, 0);
  g_assert_true (gtk_widget_get_sensitive (GTK_WIDGET (form)));
  alcove_lobby_set_busy (lobby, FALSE);

  alcove_lobby_set_busy (lobby, TRUE);
  while (!has_label (GTK_WIDGET (lobby), "Cancel"))
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (gtk_widget_get_sensitive (GTK_WIDGET (form)));
  g_signal_emit_by_name (button, "clicked");
  g_assert_cmpuint (joins, ==, 1);
  g_assert_cmpuint (cancels, ==, 1);
  alcove_lobby_set_busy (lobby, FALSE);
  g_assert_true (has_label (GTK_WIDGET (lobby), "Join"));
  g_assert_true (gtk_widget_get_sensitive (GTK_WIDGET (form)));

  /* what is typed meanwhile is not where we went */
  g_settings_reset (settings, "recent-rooms");
  alcove_lobby_set_busy (lobby, TRUE);
  g_free (join->room);
  join->room = g_strdup ("cellar");
  alcove_lobby_fill (lobby, join);
  alcove_lobby_remember (lobby);
  rooms = g_settings_get_strv (settings, "recent-rooms");
  g_assert_cmpstr (rooms[0], ==, "atrium");
  g_assert_null (rooms[1]);

  /* nothing is left behind that would still show it */
  g_assert_finalize_object (lobby);
  g_timeout_add_once (BUSY_MS, end_cb, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
  g_assert_finalize_object (host);
  g_assert_finalize_object (devices);
}

/* Whoever agrees to the first question must not have agreed to the second. */
static void
test_asked_again (void)
{
  GtkWidget *window = gtk_window_new ();
  AlcoveRoomPage *page = ALCOVE_ROOM_PAGE (alcove_room_page_new ());

  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (page));
  gtk_window_present (GTK_WINDOW (window));

  alcove_room_page_ask (page, "Invitation to “kitchen”", "Leave and Join", "win.x");
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_true (has_label (GTK_WIDGET (page), "Invitation to “kitchen”"));

  alcove_room_page_ask (page, "Invitation to “cellar”", "Leave and Join", "win.x");
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_false (has_label (GTK_WIDGET (page), "Invitation to “kitchen”"));
  g_assert_true (has_label (GTK_WIDGET (page), "Invitation to “cellar”"));

  gtk_window_destroy (GTK_WINDOW (window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", TRUE, NULL);
}

static void
test_close (gconstpointer data)
{
  g_autoptr (GSettings) settings = g_settings_new (ALCOVE_APP_ID);
  AlcoveDevices *devices = alcove_devices_new ();
  AlcoveHost *host = alcove_host_new ();
  g_autoptr (GVariantDict) options = g_variant_dict_new (NULL);
  g_autoptr (AlcoveLaunch) launch = NULL;
  gpointer window;

  g_variant_dict_insert (options, "kiosk", "b", GPOINTER_TO_INT (data));
  g_variant_dict_insert (options, "video", "s", "none");
  g_variant_dict_insert (options, "audio", "s", "none");
  g_variant_dict_insert (options, "playout", "s", "none");
  launch = alcove_launch_new (options, NULL);

  window = alcove_window_new (NULL, settings, devices, host, launch);
  g_object_add_weak_pointer (window, &window);
  gtk_window_present (window);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  gtk_window_close (window);
  while (window != NULL)
    g_main_context_iteration (NULL, TRUE);

  g_assert_finalize_object (host);
  g_assert_finalize_object (devices);
}

/* The desktop's questions belong to the window: it has the name that X gave it, until it is gone. */
static void
test_portal_parent (void)
{
  GtkWindow *window = GTK_WINDOW (gtk_window_new ());
  AlcovePortalParent *parent = alcove_portal_parent_new (window);
  AlcovePortalParent *late;

  g_assert_cmpstr (alcove_portal_parent_get_handle (parent), ==, "");
  gtk_window_present (window);
  late = alcove_portal_parent_new (window);
#ifdef GDK_WINDOWING_X11
  if (GDK_IS_X11_DISPLAY (gdk_display_get_default ()))
    {
      g_autofree char *expected = g_strdup_printf (
          "x11:%lx", gdk_x11_surface_get_xid (gtk_native_get_surface (GTK_NATIVE (window))));

      g_assert_cmpstr (alcove_portal_parent_get_handle (parent), ==, expected);
      g_assert_cmpstr (alcove_portal_parent_get_handle (late), ==, expected);
    }
#endif
  g_assert_finalize_object (late);
  gtk_window_destroy (window);
  g_assert_cmpstr (alcove_portal_parent_get_handle (parent), ==, "");
  g_assert_finalize_object (parent);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (!gtk_init_check ())
    return EXIT_SKIP;
  adw_init ();
  /* AdwFlap of libadwaita 1.2 now and then comes upon a width that is no number on its way */
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);

  g_test_add_func ("/ui/window/portal-parent", test_portal_parent);
  g_test_add_func ("/ui/lobby/hint", test_hint);
  g_test_add_func ("/ui/lobby/typed", test_typed);
  g_test_add_func ("/ui/lobby/busy", test_busy);
  g_test_add_func ("/ui/lobby/notices", test_notices);
  g_test_add_func ("/ui/window/invitation", test_invitation);
  g_test_add_func ("/ui/room/burst", test_burst);
  g_test_add_func ("/ui/room/asked-again", test_asked_again);
  g_test_add_data_func ("/ui/window/lobby", GINT_TO_POINTER (FALSE), test_close);
  g_test_add_data_func ("/ui/window/wall", GINT_TO_POINTER (TRUE), test_close);

  return g_test_run ();
}
