/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "alcove-certificate-dialog.h"
#include "alcove-fakes.h"
#include "alcove-graph.h"
#include "alcove-lobby.h"
#include "alcove-pairs-window.h"
#include "alcove-preferences.h"
#include "alcove-room-page.h"
#include "alcove-server-dialog.h"
#include "alcove-server-page.h"
#include "alcove-stats-window.h"
#include "alcove-wall.h"
#include "alcove-window.h"

#define EXIT_SKIP 77

/* Everything of @type that bears the class @class, if one is given, in the order of the widgets. */
static void
collect (GtkWidget *widget,
         GType type,
         const char *class,
         GPtrArray *found)
{
  if (g_type_is_a (G_OBJECT_TYPE (widget), type)
      && (class == NULL || gtk_widget_has_css_class (widget, class)))
    g_ptr_array_add (found, widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    collect (child, type, class, found);
}

static gboolean
shows_text (GtkWidget *widget)
{
  g_autoptr (GPtrArray) labels = g_ptr_array_new ();

  collect (widget, GTK_TYPE_LABEL, NULL, labels);
  for (guint i = 0; i < labels->len; i++)
    if (*gtk_label_get_text (labels->pdata[i]) != '\0')
      return TRUE;
  return FALSE;
}

/* The oldest GTK sets the label where a tooltip is set; newer GTK looks at the tooltip when it is
 * asked for the name. GTK has a button labelled by whatever is in it, and an icon says nothing. */
static gboolean
has_name (GtkWidget *widget)
{
  GtkAccessible *accessible = GTK_ACCESSIBLE (widget);

  return gtk_test_accessible_has_property (accessible, GTK_ACCESSIBLE_PROPERTY_LABEL)
         || gtk_widget_get_tooltip_text (widget) != NULL
         || (gtk_test_accessible_has_relation (accessible, GTK_ACCESSIBLE_RELATION_LABELLED_BY)
             && (!GTK_IS_BUTTON (widget) || shows_text (widget)));
}

/* Counts the controls that the keyboard reaches below @widget; each must say what it is. A row
 * of libadwaita says it by its title, and its inner parts are its own concern; a label is
 * its own name, and so is an entry of its inner text. */
static guint
check_below (GtkWidget *widget)
{
  guint n = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      if (ADW_IS_PREFERENCES_ROW (child))
        {
          g_assert_cmpstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (child)), !=, "");
          n++;
          continue;
        }
      if (GTK_IS_DROP_DOWN (child) || GTK_IS_MENU_BUTTON (child))
        {
          if (!has_name (child))
            g_test_fail_printf ("a %s has no name", G_OBJECT_TYPE_NAME (child));
          n++;
          if (GTK_IS_DROP_DOWN (child))
            continue;
        }
      else if (gtk_widget_get_focusable (child) && !GTK_IS_LABEL (child)
               && !GTK_IS_LIST_BOX (child) && !GTK_IS_MENU_BUTTON (widget) && !GTK_IS_POPOVER (child)
               && !GTK_IS_ENTRY (widget)
               && !GTK_IS_SCROLLED_WINDOW (child))
        {
          if (!has_name (child))
            g_test_fail_printf ("a %s in a %s has no name (%s)", G_OBJECT_TYPE_NAME (child),
                                G_OBJECT_TYPE_NAME (widget),
                                gtk_widget_get_tooltip_text (child));
          n++;
        }

      /* a menu is made of its model; the search of a preferences window is switched off */
      if (!GTK_IS_POPOVER_MENU (child) && !GTK_IS_SEARCH_ENTRY (child))
        n += check_below (child);
    }

  return n;
}

static GtkWidget *
find_row (GtkWidget *widget)
{
  if (ADW_IS_ACTION_ROW (widget))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_row (child);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
test_lobby (void)
{
  g_autoptr (GSettings) settings = g_settings_new (ALCOVE_APP_ID);
  AlcoveDevices *devices = alcove_devices_new ();
  AlcoveHost *host = alcove_host_new ();
  const char *const rooms[] = { "atrium", "调度中心", NULL };
  GtkWidget *window = gtk_window_new ();
  GtkWidget *lobby;

  g_settings_set_strv (settings, "recent-rooms", rooms);
  g_settings_set_enum (settings, "where", ALCOVE_WHERE_THIS_NETWORK);
  lobby = alcove_lobby_new (settings, devices, host);
  gtk_window_set_child (GTK_WINDOW (window), lobby);
  gtk_window_present (GTK_WINDOW (window));
  while (!gtk_widget_get_mapped (lobby))
    g_main_context_iteration (NULL, TRUE);

  /* microphone, camera, devices, two choices, five rows, Join, two rooms */
  g_assert_cmpuint (check_below (lobby), >=, 13);

  g_settings_reset (settings, "where");
  g_settings_reset (settings, "recent-rooms");
  gtk_window_destroy (GTK_WINDOW (window));
  g_assert_finalize_object (host);
  g_assert_finalize_object (devices);
}

static void
test_room (void)
{
  AlcoveSignaller *signaller = g_object_new (FAKE_TYPE_SIGNALLER, NULL);
  FakeFactory *factory = g_object_new (FAKE_TYPE_FACTORY, NULL);
  AlcoveRoom *room = alcove_room_new (signaller, ALCOVE_PEER_LINK_FACTORY (factory), "atrium",
                                      "Lin", ALCOVE_ROLE_MEMBER);
  AlcoveEngineOptions options = ALCOVE_ENGINE_OPTIONS_INIT;
  g_autoptr (GError) error = NULL;
  AlcoveEngine *engine;
  GtkWidget *page = g_object_ref_sink (alcove_room_page_new ());
  AlcoveStage *stage;

  options.video = options.audio = options.playout = "none";
  engine = alcove_engine_new (&options, &error);
  g_assert_no_error (error);

  alcove_room_page_set_room (ALCOVE_ROOM_PAGE (page), room, engine);
  alcove_room_join (room);
  alcove_signaller_emit_joined (signaller, "self");
  alcove_signaller_emit_peer_joined (signaller, "1", "Mei", TRUE);

  /* leave twice, the menu, and three buttons at the bottom beside it */
  g_assert_cmpuint (check_below (page), >=, 7);

  /* everybody's tile says who it is and how they are */
  stage = alcove_room_page_get_stage (ALCOVE_ROOM_PAGE (page));
  g_assert_cmpuint (alcove_stage_get_n_tiles (stage), ==, 1);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (alcove_stage_get_tile (stage, 0)),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, "Mei, Connecting…");
  gtk_test_accessible_assert_property (
      GTK_ACCESSIBLE (gtk_widget_get_template_child (
          GTK_WIDGET (alcove_stage_get_tile (stage, 0)), ALCOVE_TYPE_TILE, "menu_button")),
      GTK_ACCESSIBLE_PROPERTY_LABEL, "Menu of Mei");

  alcove_room_page_set_room (ALCOVE_ROOM_PAGE (page), NULL, NULL);
  g_assert_finalize_object (page);
  alcove_engine_stop (engine);
  g_object_unref (engine);
  alcove_room_leave (room);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (room);
  g_assert_finalize_object (factory);
  g_assert_finalize_object (signaller);
}

static void
test_preferences (void)
{
  g_autoptr (GSettings) settings = g_settings_new (ALCOVE_APP_ID);
  AlcoveDevices *devices = alcove_devices_new ();
  GtkWidget *preferences = alcove_preferences_new (settings, devices);

  /* three pages with their rows; a server's row has a mark and two buttons of its own */
  g_assert_cmpuint (check_below (preferences), >=, 8);

  gtk_window_destroy (GTK_WINDOW (preferences));
  g_assert_finalize_object (devices);
}

/* Narrow and wide, light and dark: every control says what it is, and nothing complains. */
static void
test_server_windows (void)
{
  static const int widths[] = { 360, 480, 1280 };
  static const AdwColorScheme schemes[]
      = { ADW_COLOR_SCHEME_FORCE_LIGHT, ADW_COLOR_SCHEME_FORCE_DARK };
  AlcoveTrust *trust = alcove_trust_new ();
  g_autoptr (AlcoveTrustEntry) entry = alcove_trust_entry_new (
      "example.org", 443,
      "AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA",
      G_TLS_CERTIFICATE_EXPIRED | G_TLS_CERTIFICATE_UNKNOWN_CA);

  for (gsize i = 0; i < G_N_ELEMENTS (widths) * G_N_ELEMENTS (schemes); i++)
    {
      GtkWidget *server = alcove_server_dialog_new (NULL, trust, NULL, FALSE);
      GtkWidget *certificate = alcove_certificate_dialog_new (NULL, entry);
      int width = widths[i / G_N_ELEMENTS (schemes)];

      adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                          schemes[i % G_N_ELEMENTS (schemes)]);
      gtk_window_set_default_size (GTK_WINDOW (server), width, 480);
      gtk_window_set_default_size (GTK_WINDOW (certificate), width, -1);
      gtk_window_present (GTK_WINDOW (server));
      gtk_window_present (GTK_WINDOW (certificate));
      while (!gtk_widget_get_mapped (server) || !gtk_widget_get_mapped (certificate)
             || gtk_widget_get_width (server) == 0 || gtk_widget_get_width (certificate) == 0)
        g_main_context_iteration (NULL, TRUE);

      /* cancel, save, name, protocol, address, role, id, certificate, test */
      g_assert_cmpuint (check_below (server), >=, 9);
      /* cancel, accept, three rows */
      g_assert_cmpuint (check_below (certificate), >=, 5);
      gtk_window_destroy (GTK_WINDOW (server));
      gtk_window_destroy (GTK_WINDOW (certificate));
    }
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_DEFAULT);
  g_assert_finalize_object (trust);
}

/* A room with us and one other, of whom nothing is measured but what a test adds. */
typedef struct {
  AlcoveSignaller *signaller;
  FakeFactory *factory;
  AlcoveRoom *room;
} Meeting;

static void
meeting_begin (Meeting *self)
{
  self->signaller = g_object_new (FAKE_TYPE_SIGNALLER, NULL);
  self->factory = g_object_new (FAKE_TYPE_FACTORY, NULL);
  self->room = alcove_room_new (self->signaller, ALCOVE_PEER_LINK_FACTORY (self->factory),
                                "atrium", "Lin", ALCOVE_ROLE_MEMBER);
  alcove_room_join (self->room);
  alcove_signaller_emit_joined (self->signaller, "self");
  alcove_signaller_emit_peer_joined (self->signaller, "1", "Mei", TRUE);
}

static void
meeting_end (Meeting *self)
{
  alcove_room_leave (self->room);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (self->room);
  g_assert_finalize_object (self->factory);
  g_assert_finalize_object (self->signaller);
}

static void
check_labels (GtkWidget *window,
              GType type,
              const char *class,
              const char *const *labels)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new ();

  collect (window, type, class, found);
  g_assert_cmpuint (found->len, ==, g_strv_length ((char **) labels));
  for (guint i = 0; i < found->len; i++)
    gtk_test_accessible_assert_property (found->pdata[i], GTK_ACCESSIBLE_PROPERTY_LABEL, labels[i]);
}

/* A graph is an image: it tells in words what it shows, also before anything is known. */
static void
test_stats (void)
{
  static const char *const unknown[] = {
    "Frames per second: — received, — sent", "Bit rate: — received, — sent",
    "Lost packets: — received, — sent",      "Round trip: —",
    "Jitter buffer: —",                      "Age of the picture: —",
    NULL,
  };
  static const char *const known[] = {
    "Frames per second: 30 received, 15 sent", "Bit rate: 812 kbit/s received, 400 kbit/s sent",
    "Lost packets: 1.0 % received, 2.0 % sent", "Round trip: 120 ms",
    "Jitter buffer: 60 ms",                     "Age of the picture: 250 ms",
    NULL,
  };
  const AlcoveLinkStats stats = {
    .fps_in = 30,
    .fps_out = 15,
    .kbps_in = 812,
    .kbps_out = 400,
    .loss_in = 0.01,
    .loss = 0.02,
    .rtt_ms = 120,
    .buffer_ms = 60,
    .frame_age_ms = 250,
  };
  AlcoveParticipant *participant;
  Meeting meeting;
  GtkWidget *window;

  meeting_begin (&meeting);
  participant = alcove_room_find (meeting.room, "1");
  window = alcove_stats_window_new (NULL, meeting.room, participant);
  gtk_window_present (GTK_WINDOW (window));
  while (!gtk_widget_get_mapped (window))
    g_main_context_iteration (NULL, TRUE);
  check_labels (window, ALCOVE_TYPE_GRAPH, NULL, unknown);
  alcove_link_history_add (alcove_participant_get_history (participant), &stats);
  check_labels (window, ALCOVE_TYPE_GRAPH, NULL, known);

  /* the button that copies, and six rows */
  g_assert_cmpuint (check_below (window), >=, 7);

  gtk_window_destroy (GTK_WINDOW (window));
  meeting_end (&meeting);
}

/* A cell has room for a sign only: it tells in words who sees whom, and how. */
static void
test_pairs (void)
{
  static const char *const cells[]
      = { "You see Mei: connecting", "Mei sees you: not known", NULL };
  static const char *const more_cells[] = {
    "You see Mei: connecting", "You see Ada: connecting", "Mei sees you: not known",
    "Mei sees Ada: not known", "Ada sees you: not known", "Ada sees Mei: not known",
    NULL,
  };
  Meeting meeting;
  GtkWidget *window;

  meeting_begin (&meeting);
  window = alcove_pairs_window_new (NULL, meeting.room);
  gtk_window_present (GTK_WINDOW (window));
  while (!gtk_widget_get_mapped (window))
    g_main_context_iteration (NULL, TRUE);
  check_labels (window, GTK_TYPE_LABEL, "pair", cells);
  alcove_signaller_emit_peer_joined (meeting.signaller, "2", "Ada", TRUE);
  check_labels (window, GTK_TYPE_LABEL, "pair", more_cells);

  /* the button that copies */
  g_assert_cmpuint (check_below (window), >=, 1);

  gtk_window_destroy (GTK_WINDOW (window));
  meeting_end (&meeting);
}

/* Rows that are made of saved things name what their buttons are about. */
static void
test_server_rows (void)
{
  g_autoptr (GSettings) settings = g_settings_new (ALCOVE_APP_ID);
  AlcoveServerPage *page = g_object_ref_sink (g_object_new (ALCOVE_TYPE_SERVER_PAGE, NULL));
  g_autoptr (AlcoveSavedServer) server
      = alcove_saved_server_new (NULL, "Centre", "skyrtc", "ws://h", ALCOVE_ROLE_MEMBER, NULL);
  guint before;
  GtkWidget *row;

  alcove_server_page_set_settings (page, settings);
  before = check_below (GTK_WIDGET (page));
  alcove_saved_servers_keep (alcove_server_page_get_servers (page), server);
  g_assert_cmpuint (check_below (GTK_WIDGET (page)), ==, before + 1);
  row = find_row (GTK_WIDGET (page));
  g_assert_cmpstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), ==, "Centre");
  /* its mark and its two buttons, which check_below() leaves to the row */
  g_assert_cmpuint (check_below (row), ==, 3);

  g_settings_reset (settings, "servers");
  g_assert_finalize_object (page);
}

/* A wall has nothing that the keyboard could reach. */
static void
test_wall (void)
{
  GtkWidget *wall = g_object_ref_sink (alcove_wall_new ());

  g_assert_cmpuint (check_below (wall), ==, 0);
  g_assert_finalize_object (wall);
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

  g_test_add_func ("/ui/accessible/lobby", test_lobby);
  g_test_add_func ("/ui/accessible/room", test_room);
  g_test_add_func ("/ui/accessible/preferences", test_preferences);
  g_test_add_func ("/ui/accessible/stats", test_stats);
  g_test_add_func ("/ui/accessible/pairs", test_pairs);
  g_test_add_func ("/ui/accessible/server-windows", test_server_windows);
  g_test_add_func ("/ui/accessible/server-rows", test_server_rows);
  g_test_add_func ("/ui/accessible/wall", test_wall);

  return g_test_run ();
}
