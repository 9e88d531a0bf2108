/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <adwaita.h>

#include "alcove-participant-private.h"
#include "alcove-push-to-talk.h"
#include "alcove-sound-group.h"
#include "alcove-tile.h"
#include "alcove-window-private.h"

#define EXIT_SKIP 77

static gboolean
never_cb (gpointer data)
{
  g_test_fail_printf ("waited too long");
  g_assert_not_reached ();
}

/* Runs the main loop until @condition holds; the bound only ends a test that failed. */
#define wait_until(condition) \
  G_STMT_START \
  { \
    guint bound_id = g_timeout_add_seconds (90, never_cb, NULL); \
    while (!(condition)) \
      g_main_context_iteration (NULL, TRUE); \
    g_source_remove (bound_id); \
  } \
  G_STMT_END

static GtkWidget *
find (GtkWidget *widget,
      GType type)
{
  GtkWidget *found = NULL;

  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find (child, type);
  return found;
}

static void
close_window (gpointer window)
{
  gpointer gone = window;

  g_object_add_weak_pointer (G_OBJECT (window), &gone);
  gtk_window_close (GTK_WINDOW (window));
  wait_until (gone == NULL);
}

static gboolean
shows (AlcoveTile *tile,
       const char *name)
{
  return gtk_widget_get_visible (
      GTK_WIDGET (gtk_widget_get_template_child (GTK_WIDGET (tile), ALCOVE_TYPE_TILE, name)));
}

/* The menu of a tile sets how loud its participant is, and the tile says that somebody is not
 * heard. */
static void
test_tile (void)
{
  AlcoveParticipant *participant = alcove_participant_new ("1", FALSE, FALSE);
  AlcoveTile *tile = ALCOVE_TILE (alcove_tile_new (participant));
  GtkWidget *window = gtk_window_new ();
  GtkMenuButton *button;
  GtkWidget *scale;

  alcove_participant_set_name (participant, "Mei");
  alcove_tile_set_with_menu (tile, TRUE);
  gtk_window_set_default_size (GTK_WINDOW (window), 480, 360);
  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (tile));
  gtk_window_present (GTK_WINDOW (window));
  wait_until (gtk_widget_get_mapped (GTK_WIDGET (tile)));
  g_assert_false (shows (tile, "muted_for_me_image"));

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (tile), "tile.mute-for-me", NULL));
  g_assert_true (alcove_participant_get_muted_for_me (participant));
  wait_until (shows (tile, "muted_for_me_image"));
  /* that is not what they did themselves */
  g_assert_false (shows (tile, "muted_image"));

  button = GTK_MENU_BUTTON (
      gtk_widget_get_template_child (GTK_WIDGET (tile), ALCOVE_TYPE_TILE, "menu_button"));
  alcove_participant_set_volume (participant, 0.5);
  gtk_menu_button_popup (button);
  scale = find (GTK_WIDGET (gtk_menu_button_get_popover (button)), GTK_TYPE_SCALE);
  g_assert_nonnull (scale);
  g_assert_cmpfloat (gtk_range_get_value (GTK_RANGE (scale)), ==, 0.5);
  gtk_range_set_value (GTK_RANGE (scale), 1.5);
  g_assert_cmpfloat (alcove_participant_get_volume (participant), ==, 1.5);
  gtk_menu_button_popdown (button);

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (tile), "tile.mute-for-me", NULL));
  wait_until (!shows (tile, "muted_for_me_image"));

  close_window (window);
  g_assert_finalize_object (participant);
}

/* Which keys they are, whatever they stand for. */
#define SPACE_CODE 65
#define OTHER_CODE 38

/* What the space bar does, as the widgets hear of it. */
static gboolean
press (GtkWidget *page,
       guint key,
       GdkModifierType state)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (page);
  gboolean taken = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (g_strcmp0 (gtk_event_controller_get_name (controller), "alcove-push-to-talk") == 0)
        g_signal_emit_by_name (controller, "key-pressed", key,
                               key == GDK_KEY_space ? SPACE_CODE : OTHER_CODE, state, &taken);
    }
  return taken;
}

static void
let_go (GtkWidget *page,
        guint key,
        guint code)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (page);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (g_strcmp0 (gtk_event_controller_get_name (controller), "alcove-push-to-talk") == 0)
        g_signal_emit_by_name (controller, "key-released", key, code, 0);
    }
}

static void
test_keys (void)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *page = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *button = gtk_button_new_with_label ("x");
  GtkWidget *entry = gtk_entry_new ();
  AlcovePushToTalk *push = alcove_push_to_talk_new (page);

  gtk_box_append (GTK_BOX (page), button);
  gtk_box_append (GTK_BOX (page), entry);
  gtk_window_set_child (GTK_WINDOW (window), page);
  gtk_window_present (GTK_WINDOW (window));
  wait_until (gtk_widget_get_mapped (page));
  gtk_widget_grab_focus (button);
  gtk_window_set_focus_visible (GTK_WINDOW (window), FALSE);

  g_assert_false (press (page, GDK_KEY_space, 0));
  g_assert_false (alcove_push_to_talk_get_talking (push));

  alcove_push_to_talk_set_enabled (push, TRUE);
  g_assert_false (press (page, GDK_KEY_a, 0));
  g_assert_false (press (page, GDK_KEY_space, GDK_CONTROL_MASK));
  g_assert_false (alcove_push_to_talk_get_talking (push));
  g_assert_true (press (page, GDK_KEY_space, 0));
  g_assert_true (alcove_push_to_talk_get_talking (push));
  /* it repeats */
  g_assert_true (press (page, GDK_KEY_space, 0));
  let_go (page, GDK_KEY_a, OTHER_CODE);
  g_assert_true (alcove_push_to_talk_get_talking (push));
  let_go (page, GDK_KEY_space, SPACE_CODE);
  g_assert_false (alcove_push_to_talk_get_talking (push));

  /* with Shift the same key may stand for something else when it is let go */
  g_assert_true (press (page, GDK_KEY_space, 0));
  let_go (page, GDK_KEY_nobreakspace, SPACE_CODE);
  g_assert_false (alcove_push_to_talk_get_talking (push));

  /* a button that was reached by keyboard, and what is written in, keep their Space */
  gtk_window_set_focus_visible (GTK_WINDOW (window), TRUE);
  g_assert_false (press (page, GDK_KEY_space, 0));
  gtk_widget_grab_focus (entry);
  gtk_window_set_focus_visible (GTK_WINDOW (window), FALSE);
  g_assert_false (press (page, GDK_KEY_space, 0));
  g_assert_false (alcove_push_to_talk_get_talking (push));

  /* nobody goes on talking unseen */
  gtk_widget_grab_focus (button);
  gtk_window_set_focus_visible (GTK_WINDOW (window), FALSE);
  g_assert_true (press (page, GDK_KEY_space, 0));
  gtk_widget_set_visible (page, FALSE);
  g_assert_false (alcove_push_to_talk_get_talking (push));
  gtk_widget_set_visible (page, TRUE);
  g_assert_true (press (page, GDK_KEY_space, 0));
  alcove_push_to_talk_set_enabled (push, FALSE);
  g_assert_false (alcove_push_to_talk_get_talking (push));

  g_assert_finalize_object (push);
  close_window (window);
}

/* From the preference and the key to the engine. */
static void
test_window (void)
{
  g_autoptr (GSettings) settings = g_settings_new (ALCOVE_APP_ID);
  g_autoptr (GVariantDict) options = g_variant_dict_new (NULL);
  g_autoptr (AlcoveLaunch) launch = NULL;
  AlcoveDevices *devices = alcove_devices_new ();
  AlcoveHost *host = alcove_host_new ();
  AlcoveWindow *window;
  GtkWidget *page;

  g_variant_dict_insert (options, "video", "s", "none");
  g_variant_dict_insert (options, "audio", "s", "none");
  g_variant_dict_insert (options, "playout", "s", "none");
  launch = alcove_launch_new (options, NULL);
  window = ALCOVE_WINDOW (alcove_window_new (NULL, settings, devices, host, launch));
  gtk_window_present (GTK_WINDOW (window));
  wait_until (window->engine != NULL);
  page = GTK_WIDGET (window->room_page);

  /* who is heard anyway has nothing to hold */
  g_settings_set_boolean (settings, "push-to-talk", TRUE);
  g_assert_false (press (page, GDK_KEY_space, 0));
  g_assert_false (alcove_engine_get_muted (window->engine));

  g_settings_set_boolean (settings, "microphone-on", FALSE);
  g_assert_true (alcove_engine_get_muted (window->engine));
  g_assert_true (press (page, GDK_KEY_space, 0));
  g_assert_false (alcove_engine_get_muted (window->engine));
  g_assert_false (g_settings_get_boolean (settings, "microphone-on"));
  let_go (page, GDK_KEY_space, SPACE_CODE);
  g_assert_true (alcove_engine_get_muted (window->engine));

  /* the choice is taken back while the key is held */
  g_assert_true (press (page, GDK_KEY_space, 0));
  g_settings_set_boolean (settings, "push-to-talk", FALSE);
  g_assert_true (alcove_engine_get_muted (window->engine));
  g_assert_false (press (page, GDK_KEY_space, 0));

  g_settings_reset (settings, "microphone-on");
  close_window (window);
  alcove_host_stop (host);
  g_assert_finalize_object (host);
  g_assert_finalize_object (devices);
}

static void
test_preferences (void)
{
  g_autoptr (GSettings) settings = g_settings_new (ALCOVE_APP_ID);
  AlcoveDevices *devices = alcove_devices_new ();
  GtkWidget *window = gtk_window_new ();
  AlcoveSoundGroup *group = g_object_new (ALCOVE_TYPE_SOUND_GROUP, NULL);
  const struct {
    const char *name;
    const char *key;
  } switches[] = {
    { "echo_switch", "echo-cancellation" },
    { "noise_switch", "noise-suppression" },
    { "gain_switch", "gain-control" },
    { "push_switch", "push-to-talk" },
  };

  alcove_sound_group_set_settings (group, settings, devices);
  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (group));
  gtk_window_present (GTK_WINDOW (window));
  for (gsize i = 0; i < G_N_ELEMENTS (switches); i++)
    {
      GtkSwitch *widget = GTK_SWITCH (gtk_widget_get_template_child (
          GTK_WIDGET (group), ALCOVE_TYPE_SOUND_GROUP, switches[i].name));
      gboolean before = g_settings_get_boolean (settings, switches[i].key);

      g_assert_cmpint (gtk_switch_get_active (widget), ==, before);
      gtk_switch_set_active (widget, !before);
      g_assert_cmpint (g_settings_get_boolean (settings, switches[i].key), ==, !before);
      g_settings_reset (settings, switches[i].key);
      g_assert_cmpint (gtk_switch_get_active (widget), ==, before);
    }

  close_window (window);
  g_assert_finalize_object (devices);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (!gtk_init_check ())
    return EXIT_SKIP;
  adw_init ();
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);

  g_test_add_func ("/ui/sound/tile", test_tile);
  g_test_add_func ("/ui/sound/keys", test_keys);
  g_test_add_func ("/ui/sound/window", test_window);
  g_test_add_func ("/ui/sound/preferences", test_preferences);

  return g_test_run ();
}
