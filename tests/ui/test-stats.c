/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "alcove-fakes.h"
#include "alcove-graph.h"
#include "alcove-json.h"
#include "alcove-pairs-window.h"
#include "alcove-room.h"
#include "alcove-stats-text.h"
#include "alcove-stats-window.h"

#include <math.h>

#define EXIT_SKIP 77

typedef struct {
  AlcoveSignaller *signaller;
  FakeFactory *factory;
  AlcoveRoom *room;
  FakeLink *link;
  AlcoveStatsWindow *window;
} Fixture;

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

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  fixture->signaller = g_object_new (FAKE_TYPE_SIGNALLER, NULL);
  fixture->factory = g_object_new (FAKE_TYPE_FACTORY, NULL);
  fixture->room = alcove_room_new (fixture->signaller, ALCOVE_PEER_LINK_FACTORY (fixture->factory),
                                   "atrium", "Lin", ALCOVE_ROLE_MEMBER);
  alcove_room_set_keeps_history (fixture->room, TRUE);
  alcove_room_join (fixture->room);
  alcove_signaller_emit_joined (fixture->signaller, "self");
  alcove_signaller_emit_peer_joined (fixture->signaller, "1", "<b>Mei</b> & Co", TRUE);
  fixture->link = fake_factory_find (fixture->factory, "1");
  fixture->window
      = ALCOVE_STATS_WINDOW (alcove_stats_window_new (NULL, fixture->room,
                                                      alcove_room_find (fixture->room, "1")));
  g_object_add_weak_pointer (G_OBJECT (fixture->window), (gpointer *) &fixture->window);
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  if (fixture->window != NULL)
    gtk_window_destroy (GTK_WINDOW (fixture->window));
  wait_until (fixture->window == NULL);
  alcove_room_leave (fixture->room);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (fixture->room);
  g_assert_finalize_object (fixture->factory);
  g_assert_finalize_object (fixture->signaller);
}

static JsonObject *
get_sample (JsonNode *root,
            guint place)
{
  return json_array_get_object_element (
      json_object_get_array_member (json_node_get_object (root), "samples"), place);
}

static void
test_window (Fixture *fixture,
             gconstpointer data)
{
  AlcoveLinkStats stats = {
    .fps_in = 30,
    .fps_out = 15,
    .width = 640,
    .height = 360,
    .rtt_ms = 12,
    .loss = -1,
    .estimate_kbps = 420,
    .target_kbps = -1,
    .load_step = 2,
    .codec_in = "VP8",
    .local_candidate = ALCOVE_CANDIDATE_HOST,
    .remote_candidate = ALCOVE_CANDIDATE_RELAY,
  };
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GError) error = NULL;
  JsonObject *object;

  /* nothing is known of a connection that is not measured, and nothing is made up */
  gtk_window_present (GTK_WINDOW (fixture->window));
  wait_until (gtk_widget_get_mapped (GTK_WIDGET (fixture->window)));
  g_assert_cmpuint (alcove_stats_window_get_n_samples (fixture->window), ==, 0);
  g_assert_cmpstr (alcove_stats_window_get_path (fixture->window), ==, "—");

  fake_link_set_stats (fixture->link, &stats);
  fake_link_show_frame (fixture->link);
  wait_until (alcove_stats_window_get_n_samples (fixture->window) == 2);
  g_assert_cmpstr (alcove_stats_window_get_path (fixture->window), ==,
                   "Through a relay (host – relay)");

  text = alcove_stats_window_dup_json (fixture->window);
  root = alcove_json_parse (text, -1, 1024 * 1024, &error);
  g_assert_no_error (error);
  object = json_node_get_object (root);
  g_assert_cmpstr (json_object_get_string_member (object, "peer"), ==, "1");
  g_assert_cmpstr (json_object_get_string_member (object, "name"), ==, "<b>Mei</b> & Co");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "samples")), ==, 2);
  object = get_sample (root, 1);
  g_assert_cmpfloat (json_object_get_double_member (object, "fps_in"), ==, 30);
  g_assert_cmpstr (json_object_get_string_member (object, "codec_in"), ==, "VP8");
  g_assert_true (json_object_get_boolean_member (object, "relayed"));
  g_assert_true (json_object_get_null_member (object, "loss"));
  g_assert_cmpfloat (json_object_get_double_member (object, "estimate_kbps"), ==, 420);
  g_assert_true (json_object_get_null_member (object, "target_kbps"));
  g_assert_cmpint (json_object_get_int_member (object, "load_step"), ==, 2);
  g_assert_cmpint (json_object_get_int_member (object, "draw_step"), ==, 0);
  g_assert_true (json_object_get_null_member (object, "rung"));
  g_assert_cmpint (json_object_get_int_member (object, "time"), >=,
                   json_object_get_int_member (get_sample (root, 0), "time"));
}

static void
check_text (char *text,
            const char *expected)
{
  g_assert_cmpstr (text, ==, expected);
  g_free (text);
}

static void
test_text (void)
{
  AlcoveLinkStats stats = { .estimate_kbps = -1, .target_kbps = -1 };

  check_text (alcove_stats_text_describe_size (&stats), NULL);
  check_text (alcove_stats_text_describe_rung (&stats), NULL);
  stats.width = 640;
  stats.height = 360;
  g_strlcpy (stats.rung, "640×360", sizeof stats.rung);
  check_text (alcove_stats_text_describe_size (&stats), "640 × 360");
  check_text (alcove_stats_text_describe_rung (&stats), "640 × 360");
  check_text (alcove_stats_text_describe_network (&stats), NULL);
  check_text (alcove_stats_text_describe_load (&stats), "Keeps up");
  stats.estimate_kbps = 1200;
  check_text (alcove_stats_text_describe_network (&stats), "1200 kbit/s");
  stats.target_kbps = 800;
  check_text (alcove_stats_text_describe_network (&stats),
              "1200 kbit/s, the picture is sent with up to 800");
  stats.draw_step = 1;
  check_text (alcove_stats_text_describe_load (&stats),
              "Too slow to draw: fewer frames are shown than come (step 1).");
  stats.draw_step = 2;
  check_text (alcove_stats_text_describe_load (&stats),
              "Too slow to draw: fewer frames are shown than come, and smaller ones are asked for "
              "(step 2).");
  stats.draw_step = 1;
  stats.load_step = 3;
  check_text (alcove_stats_text_describe_load (&stats),
              "Too slow to encode: your picture is sent with fewer frames or smaller (step 3).\n"
              "Too slow to draw: fewer frames are shown than come (step 1).");
}

/* Who opens the window after something went wrong sees it, and what came while it was hidden. */
static void
test_later (Fixture *fixture,
            gconstpointer data)
{
  const AlcoveLinkStats good = { .fps_in = 30, .width = 640, .height = 360 };
  const AlcoveLinkStats bad = { .fps_in = 2, .width = 640, .height = 360 };
  AlcoveLinkHistory *history
      = alcove_participant_get_history (alcove_room_find (fixture->room, "1"));
  GtkWidget *window = GTK_WIDGET (fixture->window);
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) root = NULL;

  alcove_link_history_add (history, &good);
  alcove_link_history_add (history, NULL);
  alcove_link_history_add (history, &bad);
  gtk_window_present (GTK_WINDOW (window));
  g_assert_cmpuint (alcove_stats_window_get_n_shown (fixture->window), ==, 3);
  g_assert_cmpuint (alcove_stats_window_get_n_samples (fixture->window), ==, 2);
  g_assert_cmpstr (alcove_stats_window_get_path (fixture->window), ==, "—");

  text = alcove_stats_window_dup_json (fixture->window);
  root = alcove_json_parse (text, -1, 1024 * 1024, NULL);
  g_assert_cmpfloat (json_object_get_double_member (get_sample (root, 0), "fps_in"), ==, 30);
  g_assert_cmpfloat (json_object_get_double_member (get_sample (root, 1), "fps_in"), ==, 2);

  alcove_link_history_add (history, &good);
  g_assert_cmpuint (alcove_stats_window_get_n_shown (fixture->window), ==, 4);
  gtk_widget_set_visible (window, FALSE);
  alcove_link_history_add (history, &good);
  g_assert_cmpuint (alcove_stats_window_get_n_shown (fixture->window), ==, 4);
  gtk_widget_set_visible (window, TRUE);
  g_assert_cmpuint (alcove_stats_window_get_n_shown (fixture->window), ==, 5);
}

/* Figures of somebody who has left do not stand there as if they held. */
static void
test_left (Fixture *fixture,
           gconstpointer data)
{
  const AlcoveLinkStats stats = { .fps_in = 30, .width = 640, .height = 360 };
  g_autoptr (GtkWidget) window = g_object_ref (GTK_WIDGET (fixture->window));

  alcove_link_history_add (alcove_participant_get_history (alcove_room_find (fixture->room, "1")),
                           &stats);
  gtk_window_present (GTK_WINDOW (window));
  g_assert_cmpuint (alcove_stats_window_get_n_samples (fixture->window), >, 0);

  /* others come and go */
  alcove_signaller_emit_peer_joined (fixture->signaller, "2", "Ada", TRUE);
  alcove_signaller_emit_peer_left (fixture->signaller, "2");
  g_assert_null (alcove_room_find (fixture->room, "2"));
  g_assert_true (gtk_widget_get_visible (window));

  alcove_signaller_emit_peer_left (fixture->signaller, "1");
  g_assert_null (alcove_room_find (fixture->room, "1"));
  g_assert_false (gtk_widget_get_visible (window));

  /* nor does it come back with them, as somebody else */
  alcove_signaller_emit_peer_joined (fixture->signaller, "1", "Mei", TRUE);
  g_assert_false (gtk_widget_get_visible (window));
}

/* A line says nothing of how much it is. */
static void
test_scale (Fixture *fixture,
            gconstpointer data)
{
  const AlcoveLinkStats stats = { .fps_in = 20, .kbps_in = 812, .rtt_ms = 10, .loss = 0.3 };
  AlcoveLinkHistory *history
      = alcove_participant_get_history (alcove_room_find (fixture->room, "1"));

  g_assert_cmpstr (alcove_stats_window_get_top (fixture->window, 1), ==, "100 kbit/s");
  gtk_window_present (GTK_WINDOW (fixture->window));
  alcove_link_history_add (history, &stats);
  g_assert_cmpstr (alcove_stats_window_get_top (fixture->window, 0), ==, "30");
  g_assert_cmpstr (alcove_stats_window_get_top (fixture->window, 1), ==, "812 kbit/s");
  g_assert_cmpstr (alcove_stats_window_get_top (fixture->window, 2), ==, "30.0 %");
  g_assert_cmpstr (alcove_stats_window_get_top (fixture->window, 3), ==, "50 ms");
  g_assert_null (alcove_stats_window_get_top (fixture->window, 6));
}

/* The label whose text begins so. */
static GtkLabel *
find_label (GtkWidget *widget,
            const char *start)
{
  GtkLabel *found = NULL;

  if (GTK_IS_LABEL (widget) && g_str_has_prefix (gtk_label_get_text (GTK_LABEL (widget)), start))
    return GTK_LABEL (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_label (child, start);

  return found;
}

/* Tens of megabits both ways are there to the last digit in a window as narrow as a telephone. */
static void
test_narrow (Fixture *fixture,
             gconstpointer data)
{
  const AlcoveLinkStats stats = { .kbps_in = 12345, .kbps_out = 23456 };
  GtkWidget *window = GTK_WIDGET (fixture->window);
  AlcoveLinkHistory *history
      = alcove_participant_get_history (alcove_room_find (fixture->room, "1"));
  GtkLabel *label;

  /* what the room measures meanwhile is the same */
  fake_link_set_stats (fixture->link, &stats);
  alcove_link_history_add (history, &stats);
  gtk_window_set_default_size (GTK_WINDOW (window), 360, 600);
  gtk_window_present (GTK_WINDOW (window));
  /* what was being measured when they were set comes first */
  wait_until ((label = find_label (window, "↑ 23")) != NULL);
  wait_until (gtk_widget_get_width (GTK_WIDGET (label)) > 0);
  g_assert_cmpint (gtk_widget_get_width (window), <=, 400);
  g_assert_false (pango_layout_is_ellipsized (gtk_label_get_layout (label)));
  label = find_label (window, "↓ 12");
  g_assert_nonnull (label);
  g_assert_false (pango_layout_is_ellipsized (gtk_label_get_layout (label)));
}

/* Everybody in the room is there, and what nobody tells is not made up. */
static void
test_pairs (Fixture *fixture,
            gconstpointer data)
{
  GtkWidget *window = alcove_pairs_window_new (NULL, fixture->room);
  AlcovePairsWindow *pairs = ALCOVE_PAIRS_WINDOW (window);
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GError) error = NULL;
  JsonObject *object;

  gtk_window_present (GTK_WINDOW (window));
  g_assert_null (alcove_pairs_window_get_text (pairs, 0, 0));
  g_assert_cmpstr (alcove_pairs_window_get_text (pairs, 0, 1), ==, "…");
  g_assert_cmpstr (alcove_pairs_window_get_text (pairs, 1, 0), ==, "?");
  g_assert_null (alcove_pairs_window_get_text (pairs, 0, 2));

  fake_link_show_frame (fixture->link);
  alcove_peer_link_emit_channel_text (ALCOVE_PEER_LINK (fixture->link), ALCOVE_CHANNEL_ALCOVE,
                                      "{\"kind\":\"hello\",\"version\":1}");
  alcove_peer_link_emit_channel_text (ALCOVE_PEER_LINK (fixture->link), ALCOVE_CHANNEL_ALCOVE,
                                      "{\"kind\":\"pairs\",\"pairs\":[{\"id\":\"self\",\"you\":true,"
                                      "\"state\":\"stale\",\"age\":7200}]}");
  g_assert_cmpstr (alcove_pairs_window_get_text (pairs, 0, 1), ==, "✓");
  g_assert_cmpstr (alcove_pairs_window_get_text (pairs, 1, 0), ==, "✕ 7 s");

  alcove_signaller_emit_peer_joined (fixture->signaller, "2", "Ada", TRUE);
  g_assert_cmpstr (alcove_pairs_window_get_text (pairs, 0, 2), ==, "…");
  g_assert_cmpstr (alcove_pairs_window_get_text (pairs, 1, 2), ==, "?");

  text = alcove_pairs_window_dup_json (pairs);
  root = alcove_json_parse (text, -1, 1024 * 1024, &error);
  g_assert_no_error (error);
  object = json_node_get_object (root);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "people")), ==, 3);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "pairs")), ==, 6);
  object = json_array_get_object_element (json_object_get_array_member (object, "pairs"), 2);
  g_assert_cmpstr (json_object_get_string_member (object, "viewer"), ==, "1");
  g_assert_cmpstr (json_object_get_string_member (object, "seen"), ==, "self");
  g_assert_cmpstr (json_object_get_string_member (object, "state"), ==, "stale");
  g_assert_cmpfloat (json_object_get_double_member (object, "frame_age_ms"), ==, 7200);
  g_assert_true (json_object_get_null_member (object, "fps"));

  gtk_window_destroy (GTK_WINDOW (window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
tell_pair (Fixture *fixture,
           guint fps)
{
  g_autofree char *text = g_strdup_printf ("{\"kind\":\"pairs\",\"pairs\":[{\"id\":\"self\",\"you\":true,"
                                           "\"state\":\"live\",\"age\":200,\"fps\":%u}]}",
                                           fps);

  alcove_peer_link_emit_channel_text (ALCOVE_PEER_LINK (fixture->link), ALCOVE_CHANNEL_ALCOVE, text);
}

/* A camera whose picture hardly moves is not seen well; a screen may be still. */
static void
test_slow_pair (Fixture *fixture,
                gconstpointer data)
{
  GtkWidget *window = alcove_pairs_window_new (NULL, fixture->room);
  AlcovePairsWindow *pairs = ALCOVE_PAIRS_WINDOW (window);
  GtkWidget *cell;

  alcove_peer_link_emit_channel_text (ALCOVE_PEER_LINK (fixture->link), ALCOVE_CHANNEL_ALCOVE,
                                      "{\"kind\":\"hello\",\"version\":1}");
  tell_pair (fixture, 4);
  g_assert_cmpstr (alcove_pairs_window_get_text (pairs, 1, 0), ==, "⚠ 4 fps");
  cell = GTK_WIDGET (find_label (window, "⚠"));
  g_assert_true (gtk_widget_has_css_class (cell, "pair-wait"));
  g_assert_false (gtk_widget_has_css_class (cell, "pair-good"));
  g_assert_nonnull (strstr (gtk_widget_get_tooltip_text (cell), "sees you: few pictures\n"));

  tell_pair (fixture, 5);
  g_assert_cmpstr (alcove_pairs_window_get_text (pairs, 1, 0), ==, "✓ 5 fps");
  g_assert_true (gtk_widget_has_css_class (cell, "pair-good"));

  alcove_room_set_sharing (fixture->room, TRUE);
  tell_pair (fixture, 0);
  g_assert_cmpstr (alcove_pairs_window_get_text (pairs, 1, 0), ==, "✓ 0 fps");
  alcove_room_set_sharing (fixture->room, FALSE);
  alcove_room_set_camera_off (fixture->room, TRUE);
  tell_pair (fixture, 1);
  g_assert_cmpstr (alcove_pairs_window_get_text (pairs, 1, 0), ==, "✓ 1 fps");

  gtk_window_destroy (GTK_WINDOW (window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* However long it runs, it keeps a minute, and what is not known changes nothing of the scale. */
static void
test_graph (void)
{
  GtkWidget *window = gtk_window_new ();
  AlcoveGraph *graph = ALCOVE_GRAPH (alcove_graph_new ());

  alcove_graph_set_least (graph, 10);
  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (graph));
  gtk_window_present (GTK_WINDOW (window));
  alcove_graph_add (graph, 500, 3);
  g_assert_cmpfloat (alcove_graph_get_top (graph), ==, 500);
  for (guint i = 0; i < 2 * ALCOVE_GRAPH_LENGTH; i++)
    {
      alcove_graph_add (graph, i % 3 == 0 ? NAN : 20 + i % 2, i % 5 == 0 ? INFINITY : -1);
      g_main_context_iteration (NULL, FALSE);
    }
  g_assert_cmpuint (alcove_graph_get_n_values (graph), ==, ALCOVE_GRAPH_LENGTH);
  g_assert_cmpfloat (alcove_graph_get_top (graph), ==, 21);
  alcove_graph_clear (graph);
  g_assert_cmpuint (alcove_graph_get_n_values (graph), ==, 0);
  g_assert_cmpfloat (alcove_graph_get_top (graph), ==, 10);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (!gtk_init_check ())
    return EXIT_SKIP;
  adw_init ();

  g_test_add ("/ui/stats/window", Fixture, NULL, set_up, test_window, tear_down);
  g_test_add ("/ui/stats/later", Fixture, NULL, set_up, test_later, tear_down);
  g_test_add ("/ui/stats/left", Fixture, NULL, set_up, test_left, tear_down);
  g_test_add ("/ui/stats/scale", Fixture, NULL, set_up, test_scale, tear_down);
  g_test_add ("/ui/stats/narrow", Fixture, NULL, set_up, test_narrow, tear_down);
  g_test_add ("/ui/stats/pairs", Fixture, NULL, set_up, test_pairs, tear_down);
  g_test_add ("/ui/stats/slow-pair", Fixture, NULL, set_up, test_slow_pair, tear_down);
  g_test_add_func ("/ui/stats/text", test_text);
  g_test_add_func ("/ui/stats/graph", test_graph);

  return g_test_run ();
}
