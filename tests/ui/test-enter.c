/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "alcove-news.h"
#include "alcove-window-private.h"

#define EXIT_SKIP 77

/*
 * The way from the lobby into a room, which this program hosts itself.
 */
typedef struct {
  AlcoveDevices *devices;
  AlcoveHost *host;
  AlcoveLaunch *launch;
  AlcoveWindow *window;
} Entrance;

static void
entrance_open_with (Entrance *entrance,
                    const char *video,
                    gboolean kiosk)
{
  g_autoptr (GSettings) settings = g_settings_new (ALCOVE_APP_ID);
  g_autoptr (GVariantDict) options = g_variant_dict_new (NULL);

  g_variant_dict_insert (options, "kiosk", "b", kiosk);
  g_variant_dict_insert (options, "video", "s", video);
  g_variant_dict_insert (options, "audio", "s", "none");
  g_variant_dict_insert (options, "playout", "s", "none");
  entrance->launch = alcove_launch_new (options, NULL);
  entrance->devices = alcove_devices_new ();
  entrance->host = alcove_host_new ();
  entrance->window = ALCOVE_WINDOW (alcove_window_new (
      NULL, settings, entrance->devices, entrance->host, entrance->launch));
  g_object_add_weak_pointer (G_OBJECT (entrance->window), (gpointer *) &entrance->window);
  gtk_window_present (GTK_WINDOW (entrance->window));
}

static void
entrance_open (Entrance *entrance)
{
  entrance_open_with (entrance, "none", FALSE);
}

/* Joins, and waits until we are in the room and it is not drawn yet. */
static void
entrance_join (Entrance *entrance)
{
  g_autoptr (AlcoveJoin) join = alcove_join_new ();

  join->where = ALCOVE_WHERE_THIS_COMPUTER;
  join->name = g_strdup ("Lin");
  join->room = g_strdup ("atrium");
  alcove_window_join (entrance->window, join);
  while (entrance->window->entering == 0)
    g_main_context_iteration (NULL, TRUE);
}

static const char *
entrance_get_page (Entrance *entrance)
{
  return gtk_stack_get_visible_child_name (entrance->window->stack);
}

static void
entrance_wait_for_room (Entrance *entrance)
{
  while (!g_str_equal (entrance_get_page (entrance), "room"))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (entrance->window->entering, ==, 0);
  g_assert_cmpuint (entrance->window->entering_idle, ==, 0);
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (entrance->window)), ==, "atrium");
}

static void
entrance_close (Entrance *entrance)
{
  gtk_window_close (GTK_WINDOW (entrance->window));
  while (entrance->window != NULL)
    g_main_context_iteration (NULL, TRUE);
  alcove_launch_free (entrance->launch);
  g_assert_finalize_object (entrance->host);
  g_assert_finalize_object (entrance->devices);
}

/* With nobody there nothing is looked for, and the room is shown all the same. */
static void
test_alone (void)
{
  Entrance entrance = { 0 };

  entrance_open (&entrance);
  entrance_join (&entrance);
  g_assert_cmpstr (entrance_get_page (&entrance), ==, "lobby");
  entrance_wait_for_room (&entrance);
  entrance_close (&entrance);
}

static gboolean
never_cb (gpointer data)
{
  g_assert_not_reached ();
}

/* Once a pair looks for its path there is time to draw the room, however many pairs there are. */
static void
test_checking (void)
{
  Entrance entrance = { 0 };
  AlcoveRoom *room;

  entrance_open (&entrance);
  entrance_join (&entrance);
  room = alcove_session_get_room (entrance.window->session);
  /* only what is asked for now may show it */
  g_source_remove (entrance.window->entering);
  entrance.window->entering = g_timeout_add_seconds (3600, never_cb, NULL);
  g_signal_emit_by_name (room, "checking", NULL);
  g_signal_emit_by_name (room, "checking", NULL);
  g_assert_cmpstr (entrance_get_page (&entrance), ==, "lobby");
  entrance_wait_for_room (&entrance);
  g_signal_emit_by_name (room, "checking", NULL);
  g_assert_cmpuint (entrance.window->entering_idle, ==, 0);
  entrance_close (&entrance);
}

/* Whoever leaves before the room is drawn stays in the lobby. */
static void
test_leave (void)
{
  Entrance entrance = { 0 };

  entrance_open (&entrance);
  entrance_join (&entrance);
  g_signal_emit_by_name (alcove_session_get_room (entrance.window->session), "checking", NULL);
  alcove_window_leave (entrance.window);
  g_assert_cmpuint (entrance.window->entering, ==, 0);
  g_assert_cmpuint (entrance.window->entering_idle, ==, 0);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpstr (entrance_get_page (&entrance), ==, "lobby");
  g_assert_false (alcove_lobby_get_busy (entrance.window->lobby));

  entrance_join (&entrance);
  entrance_wait_for_room (&entrance);
  entrance_close (&entrance);
}

static void
test_close (void)
{
  Entrance entrance = { 0 };

  entrance_open (&entrance);
  entrance_join (&entrance);
  g_signal_emit_by_name (alcove_session_get_room (entrance.window->session), "checking", NULL);
  entrance_close (&entrance);
}

static const char *
entrance_get_told (Entrance *entrance)
{
  AlcovePreview *preview = alcove_lobby_get_preview (entrance->window->lobby);

  return gtk_label_get_text (GTK_LABEL (
      gtk_widget_get_template_child (GTK_WIDGET (preview), ALCOVE_TYPE_PREVIEW, "notice_label")));
}

static const char *
entrance_get_news (Entrance *entrance)
{
  return alcove_news_get_text (ALCOVE_NEWS (gtk_widget_get_template_child (
      GTK_WIDGET (entrance->window->room_page), ALCOVE_TYPE_ROOM_PAGE, "news")));
}

/* What is wrong with a device is told where the person is: on the way in again, and on the way out. */
static void
test_trouble (void)
{
  const char *told = "“film.mkv” can’t be played.";
  Entrance entrance = { 0 };

  entrance_open_with (&entrance, "file:/nowhere/film.mkv", FALSE);
  entrance_join (&entrance);
  while (!g_str_equal (entrance_get_told (&entrance), told))
    g_main_context_iteration (NULL, TRUE);
  entrance_wait_for_room (&entrance);
  g_assert_cmpstr (entrance_get_news (&entrance), ==, told);

  alcove_engine_set_video (entrance.window->engine, "none");
  g_assert_null (entrance_get_news (&entrance));
  g_assert_cmpstr (entrance_get_told (&entrance), ==, "");
  alcove_engine_set_video (entrance.window->engine, "file:/nowhere/film.mkv");
  while (entrance_get_news (&entrance) == NULL)
    g_main_context_iteration (NULL, TRUE);
  /* told once, and seen there and then */
  g_signal_emit_by_name (entrance.window->engine, "notice",
                         &(GError){ .domain = g_quark_from_static_string ("x"), .message = "x" });
  alcove_window_leave (entrance.window);
  g_assert_cmpstr (entrance_get_told (&entrance), ==, told);
  entrance_close (&entrance);
}

/* There is no connection to ourselves: that is told instead. */
static void
test_own_statistics (void)
{
  Entrance entrance = { 0 };

  entrance_open (&entrance);
  entrance_join (&entrance);
  entrance_wait_for_room (&entrance);
  g_assert_null (entrance_get_news (&entrance));
  gtk_widget_activate_action (GTK_WIDGET (entrance.window), "win.statistics", NULL);
  g_assert_nonnull (strstr (entrance_get_news (&entrance), "no statistics yet"));
  entrance_close (&entrance);
}

static GLogWriterOutput
count_cb (GLogLevelFlags level,
          const GLogField *fields,
          gsize n_fields,
          gpointer data)
{
  guint *n_told = data;

  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "MESSAGE")
        && g_str_equal (fields[i].value, "“film.mkv” can’t be played."))
      (*n_told)++;
  return g_log_writer_default (level, fields, n_fields, NULL);
}

/* At a wall nobody is told, and the journal has it. */
static void
test_wall_trouble (void)
{
  static guint n_told;
  Entrance entrance = { 0 };

  g_log_set_writer_func (count_cb, &n_told, NULL);
  entrance_open_with (&entrance, "file:/nowhere/film.mkv", TRUE);
  while (n_told == 0)
    g_main_context_iteration (NULL, TRUE);
  entrance_close (&entrance);
  g_assert_cmpuint (n_told, ==, 1);
}

/* The way into a room that takes long can be left by the key that would join. */
static void
test_focus (void)
{
  Entrance entrance = { 0 };
  GtkWidget *button;

  entrance_open (&entrance);
  button = GTK_WIDGET (gtk_widget_get_template_child (GTK_WIDGET (entrance.window->lobby),
                                                      ALCOVE_TYPE_LOBBY, "join_button"));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_false (gtk_root_get_focus (GTK_ROOT (entrance.window)) == button);
  alcove_lobby_set_busy (entrance.window->lobby, TRUE);
  while (gtk_root_get_focus (GTK_ROOT (entrance.window)) != button)
    g_main_context_iteration (NULL, TRUE);
  alcove_lobby_set_busy (entrance.window->lobby, FALSE);
  entrance_close (&entrance);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (!gtk_init_check ())
    return EXIT_SKIP;
  adw_init ();

  g_test_add_func ("/ui/enter/alone", test_alone);
  g_test_add_func ("/ui/enter/checking", test_checking);
  g_test_add_func ("/ui/enter/leave", test_leave);
  g_test_add_func ("/ui/enter/close", test_close);
  g_test_add_func ("/ui/enter/focus", test_focus);
  g_test_add_func ("/ui/enter/trouble", test_trouble);
  g_test_add_func ("/ui/enter/own-statistics", test_own_statistics);
  g_test_add_func ("/ui/enter/wall-trouble", test_wall_trouble);

  return g_test_run ();
}
