/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "alcove-error.h"
#include "alcove-fakes.h"
#include "alcove-news.h"
#include "alcove-protocols.h"
#include "alcove-share-button.h"
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

/* The first descendant that is of @type and shows @text, or any text if that is NULL. */
static GtkWidget *
find (GtkWidget *widget,
      GType type,
      const char *text)
{
  GtkWidget *found = NULL;

  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type)
      && (text == NULL || g_str_equal (gtk_label_get_text (GTK_LABEL (widget)), text)))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find (child, type, text);
  return found;
}

static gboolean
shows (gpointer widget,
       const char *text)
{
  return find (GTK_WIDGET (widget), GTK_TYPE_LABEL, text) != NULL;
}

/* A room whose server is the test, and its page. */
typedef struct {
  AlcoveSignaller *signaller;
  FakeFactory *factory;
  AlcoveRoom *room;
  AlcoveEngine *engine;
  GtkWidget *window;
  AlcoveRoomPage *page;
} Fixture;

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  AlcoveEngineOptions options = ALCOVE_ENGINE_OPTIONS_INIT;
  g_autoptr (GError) error = NULL;

  fixture->signaller = g_object_new (FAKE_TYPE_SIGNALLER, NULL);
  fixture->factory = g_object_new (FAKE_TYPE_FACTORY, NULL);
  fixture->room = alcove_room_new (fixture->signaller, ALCOVE_PEER_LINK_FACTORY (fixture->factory),
                                   "atrium", "Lin", ALCOVE_ROLE_MEMBER);
  options.video = options.audio = options.playout = "none";
  fixture->engine = alcove_engine_new (&options, &error);
  g_assert_no_error (error);
  alcove_room_join (fixture->room);
  alcove_signaller_emit_joined (fixture->signaller, "self");

  fixture->window = gtk_window_new ();
  fixture->page = ALCOVE_ROOM_PAGE (alcove_room_page_new ());
  alcove_room_page_set_room (fixture->page, fixture->room, fixture->engine);
  gtk_window_set_child (GTK_WINDOW (fixture->window), GTK_WIDGET (fixture->page));
  gtk_window_present (GTK_WINDOW (fixture->window));
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  g_object_add_weak_pointer (G_OBJECT (fixture->page), (gpointer *) &fixture->page);
  alcove_room_page_set_room (fixture->page, NULL, NULL);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  wait_until (fixture->page == NULL);

  alcove_engine_stop (fixture->engine);
  g_object_unref (fixture->engine);
  alcove_room_leave (fixture->room);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (fixture->room);
  g_assert_finalize_object (fixture->factory);
  g_assert_finalize_object (fixture->signaller);
}

static void
connect_link (Fixture *fixture,
              const char *id)
{
  alcove_peer_link_emit_connected (ALCOVE_PEER_LINK (fake_factory_find (fixture->factory, id)));
}

/* Who comes is news. Whom we came to is not; but that they leave is. */
static void
test_news (Fixture *fixture,
           gconstpointer data)
{
  alcove_signaller_emit_peer_present (fixture->signaller, "1", "Mei", TRUE);
  connect_link (fixture, "1");
  g_assert_false (shows (fixture->page, "Mei joined"));

  alcove_signaller_emit_peer_joined (fixture->signaller, "2", "Ada", TRUE);
  connect_link (fixture, "2");
  g_assert_true (shows (fixture->page, "Ada joined"));

  alcove_signaller_emit_peer_left (fixture->signaller, "1");
  g_assert_true (shows (fixture->page, "Mei left"));
}

static const char *
get_news (Fixture *fixture)
{
  return alcove_news_get_text (ALCOVE_NEWS (gtk_widget_get_template_child (
      GTK_WIDGET (fixture->page), ALCOVE_TYPE_ROOM_PAGE, "news")));
}

/* What the engine tells is taken back when it holds no longer, and nothing else is; and news does
 * not hide it. */
static void
test_notice (Fixture *fixture,
             gconstpointer data)
{
  g_autoptr (GError) busy
      = g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_CAMERA_BUSY, "The camera is busy");
  g_autoptr (GError) other
      = g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_NO_MICROPHONE, "Nobody hears you");

  g_signal_emit_by_name (fixture->engine, "notice", busy);
  g_assert_cmpstr (get_news (fixture), ==, "The camera is busy");
  g_signal_emit_by_name (fixture->engine, "notice-over", other);
  g_assert_cmpstr (get_news (fixture), ==, "The camera is busy");
  g_signal_emit_by_name (fixture->engine, "notice", other);
  alcove_room_page_show_news (fixture->page, "Mei joined");
  alcove_room_page_show_news (fixture->page, "Ada joined");
  g_assert_cmpstr (get_news (fixture), ==, "The camera is busy\nNobody hears you\nAda joined");
  g_signal_emit_by_name (fixture->engine, "notice-over", busy);
  g_assert_cmpstr (get_news (fixture), ==, "Nobody hears you\nAda joined");
  alcove_room_page_set_room (fixture->page, NULL, NULL);
  g_assert_null (get_news (fixture));
}

/* Longer text is shown for longer, and an ideogram says as much as some letters. */
static void
test_news_seconds (void)
{
  const char *one = "No camera can be used. Others see a still picture.";
  const char *two = "No camera can be used. Others see a still picture.\n"
                    "No microphone can be used. Others do not hear you.";

  g_assert_cmpuint (alcove_news_get_seconds (""), >, 0);
  g_assert_cmpuint (alcove_news_get_seconds (one), >, alcove_news_get_seconds ("Mei left"));
  g_assert_cmpuint (alcove_news_get_seconds (two), >, alcove_news_get_seconds (one));
  g_assert_cmpuint (alcove_news_get_seconds ("摄像头无法使用，别人只能看到一张静止的画面。"),
                    >, alcove_news_get_seconds ("Mei left"));
}

/* Who comes into a room without seeing the lobby is told there what was told before and holds. */
static void
test_standing (Fixture *fixture,
               gconstpointer data)
{
  alcove_room_page_set_room (fixture->page, NULL, NULL);
  alcove_engine_set_video (fixture->engine, "file:/nowhere/film.mkv");
  alcove_engine_start (fixture->engine);
  for (gboolean told = FALSE; !told;)
    {
      g_auto (GStrv) standing = alcove_engine_dup_standing (fixture->engine);

      told = standing[0] != NULL;
      if (!told)
        g_main_context_iteration (NULL, TRUE);
    }
  /* this is over as soon as it is told */
  alcove_engine_set_audio (fixture->engine, "nonsense");
  g_assert_null (get_news (fixture));

  alcove_room_page_set_room (fixture->page, fixture->room, fixture->engine);
  g_assert_cmpstr (get_news (fixture), ==, "“film.mkv” can’t be played.");
  alcove_engine_set_video (fixture->engine, "none");
  g_assert_null (get_news (fixture));
}

/* Without a picture we see our own initials, as the others do; the caption is no name. */
static void
test_avatar (Fixture *fixture,
             gconstpointer data)
{
  AlcoveTile *tile = ALCOVE_TILE (find (GTK_WIDGET (fixture->page), ALCOVE_TYPE_TILE, NULL));
  AdwAvatar *avatar = ADW_AVATAR (find (GTK_WIDGET (tile), ADW_TYPE_AVATAR, NULL));

  g_assert_cmpstr (alcove_tile_get_caption (tile), ==, "You");
  g_assert_cmpstr (adw_avatar_get_text (avatar), ==, "Lin");
  g_assert_true (adw_avatar_get_show_initials (avatar));
}

/* Who records us, or shows a screen, is seen, and said. */
static void
test_recording (Fixture *fixture,
                gconstpointer data)
{
  AlcovePeerLink *link;
  AlcoveParticipant *mei;

  alcove_signaller_emit_peer_joined (fixture->signaller, "1", "Mei", TRUE);
  connect_link (fixture, "1");
  link = ALCOVE_PEER_LINK (fake_factory_find (fixture->factory, "1"));
  alcove_peer_link_emit_channel_open (link, ALCOVE_CHANNEL_ALCOVE);
  alcove_peer_link_emit_channel_text (link, ALCOVE_CHANNEL_ALCOVE,
                                      "{\"kind\":\"hello\",\"version\":1,\"sharing\":true}");
  mei = alcove_room_find (fixture->room, "1");
  g_assert_true (alcove_participant_get_sharing (mei));
  g_assert_false (shows (fixture->page, "Mei is recording you"));

  alcove_peer_link_emit_channel_text (link, ALCOVE_CHANNEL_ALCOVE,
                                      "{\"kind\":\"state\",\"recording\":true}");
  g_assert_true (shows (fixture->page, "Mei is recording you"));
  g_assert_false (alcove_participant_get_sharing (mei));
  alcove_peer_link_emit_channel_text (link, ALCOVE_CHANNEL_ALCOVE, "{\"kind\":\"state\"}");
  g_assert_true (shows (fixture->page, "Mei is no longer recording you"));
}

/* Our own screen is not mirrored, and said to be one. */
static void
test_own_screen (Fixture *fixture,
                 gconstpointer data)
{
  AlcoveTile *tile = ALCOVE_TILE (find (GTK_WIDGET (fixture->page), ALCOVE_TYPE_TILE, NULL));

  g_assert_cmpstr (alcove_tile_get_status (tile), ==, "");
  alcove_tile_set_sharing (tile, TRUE);
  g_assert_cmpstr (alcove_tile_get_status (tile), ==, "You are sharing your screen");
  alcove_tile_set_sharing (tile, FALSE);
  g_assert_cmpstr (alcove_tile_get_status (tile), ==, "");
}

/* What was asked in a room is not asked in the next one. */
static void
test_questions (Fixture *fixture,
                gconstpointer data)
{
  alcove_room_page_ask (fixture->page, "Certificate?", "Look", "win.x");
  alcove_room_page_ask (fixture->page, "Invitation?", "Go", "win.y");
  wait_until (shows (fixture->page, "Certificate?"));

  alcove_room_page_set_room (fixture->page, NULL, NULL);
  alcove_room_page_set_room (fixture->page, fixture->room, fixture->engine);
  wait_until (!shows (fixture->page, "Certificate?"));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_false (shows (fixture->page, "Invitation?"));
}

/* A dispatcher's window, in a room of its own server, with a guest over a real socket. */
typedef struct {
  AlcoveDevices *devices;
  AlcoveHost *host;
  FakeFactory *factory;
  AlcoveWindow *window;
  AlcoveSignaller *guest;
  GString *heard;
} Call;

static AlcoveWindow *
new_window (GSettings *settings,
            AlcoveDevices *devices,
            AlcoveHost *host)
{
  g_autoptr (GVariantDict) options = g_variant_dict_new (NULL);
  g_autoptr (AlcoveLaunch) launch = NULL;

  g_variant_dict_insert (options, "video", "s", "none");
  g_variant_dict_insert (options, "audio", "s", "none");
  g_variant_dict_insert (options, "playout", "s", "none");
  launch = alcove_launch_new (options, NULL);
  return ALCOVE_WINDOW (alcove_window_new (NULL, settings, devices, host, launch));
}

static AlcoveJoin *
new_join (const char *protocol,
          const char *room)
{
  AlcoveJoin *join = alcove_join_new ();

  join->where = ALCOVE_WHERE_THIS_COMPUTER;
  join->protocol = g_strdup (protocol);
  join->name = g_strdup ("Control");
  join->room = g_strdup (room);
  join->role = ALCOVE_ROLE_DISPATCHER;
  return join;
}

static void
close_window (AlcoveWindow *window)
{
  gpointer gone = window;

  g_object_add_weak_pointer (G_OBJECT (window), &gone);
  gtk_window_close (GTK_WINDOW (window));
  wait_until (gone == NULL);
}

static void
hear_root (Call *call)
{
  alcove_signaller_send_description (call->guest, "root", ALCOVE_DESCRIPTION_OFFER, "v=0\r\n");
}

static void
hear_called (Call *call,
             const char *id)
{
  g_string_append_printf (call->heard, "called:%s ", id);
}

static void
hear_hung_up (Call *call,
              const char *id)
{
  g_string_append_printf (call->heard, "hung-up:%s ", id);
}

static void
hear_end (Call *call,
          const GError *error)
{
  g_string_append_printf (call->heard, "failed:%s ", alcove_error_get_code (error));
}

static void
bring_guest (Call *call)
{
  g_autofree char *uri = alcove_host_dup_uri (call->host);
  g_autoptr (GError) error = NULL;

  call->heard = g_string_new (NULL);
  call->guest = alcove_protocols_new_signaller ("dispatch", uri, &error);
  g_assert_no_error (error);
  g_signal_connect_swapped (call->guest, "peer-joined", G_CALLBACK (hear_root), call);
  g_signal_connect_swapped (call->guest, "called", G_CALLBACK (hear_called), call);
  g_signal_connect_swapped (call->guest, "hung-up", G_CALLBACK (hear_hung_up), call);
  g_signal_connect_swapped (call->guest, "failed", G_CALLBACK (hear_end), call);
  alcove_signaller_connect (call->guest, "centre", "Post 7", ALCOVE_ROLE_MEMBER);
}

static guint
count_guests (Call *call)
{
  AlcoveRoom *room = alcove_session_get_room (call->window->session);

  return room != NULL ? g_list_model_get_n_items (G_LIST_MODEL (room)) : 0;
}

static void
press (AlcoveTile *tile,
       const char *name)
{
  GtkWidget *button
      = GTK_WIDGET (gtk_widget_get_template_child (GTK_WIDGET (tile), ALCOVE_TYPE_TILE, name));

  g_assert_true (gtk_widget_get_mapped (button));
  g_assert_true (gtk_widget_is_sensitive (button));
  g_signal_emit_by_name (button, "clicked");
}

/* From a tile's button through the window and the server to the guest. */
static void
test_calls (void)
{
  g_autoptr (GSettings) settings = g_settings_new (ALCOVE_APP_ID);
  g_autoptr (AlcoveJoin) join = new_join ("dispatch", "centre");
  Call call = { .devices = alcove_devices_new (), .host = alcove_host_new () };
  AlcoveTile *tile;

  call.factory = g_object_new (FAKE_TYPE_FACTORY, NULL);
  call.window = new_window (settings, call.devices, call.host);
  alcove_session_set_factory (call.window->session, ALCOVE_PEER_LINK_FACTORY (call.factory));
  gtk_window_present (GTK_WINDOW (call.window));

  /* nobody is called where there is no room */
  gtk_widget_activate_action (GTK_WIDGET (call.window), "win.call", "s", "Post 7");

  alcove_window_join (call.window, join);
  wait_until (alcove_window_in_room (call.window));
  bring_guest (&call);
  wait_until (count_guests (&call) == 1);
  tile = alcove_stage_get_tile (alcove_room_page_get_stage (call.window->room_page), 0);
  g_assert_cmpstr (alcove_participant_get_id (alcove_tile_get_participant (tile)), ==, "Post 7");
  wait_until (gtk_widget_get_mapped (GTK_WIDGET (tile)));

  /* an id of nobody calls nobody */
  gtk_widget_activate_action (GTK_WIDGET (call.window), "win.call", "s", "Post 8");
  press (tile, "call_button");
  wait_until (g_str_equal (call.heard->str, "called:root "));
  wait_until (alcove_participant_get_in_call (alcove_tile_get_participant (tile)));
  wait_until (gtk_widget_get_mapped (GTK_WIDGET (
      gtk_widget_get_template_child (GTK_WIDGET (tile), ALCOVE_TYPE_TILE, "hang_up_button"))));
  press (tile, "hang_up_button");
  wait_until (g_str_equal (call.heard->str, "called:root hung-up:root "));
  press (tile, "dismiss_button");
  wait_until (g_str_equal (call.heard->str, "called:root hung-up:root failed:closed "));
  wait_until (count_guests (&call) == 0);

  g_assert_finalize_object (call.guest);
  g_string_free (call.heard, TRUE);
  close_window (call.window);
  alcove_host_stop (call.host);
  g_assert_finalize_object (call.factory);
  g_assert_finalize_object (call.host);
  g_assert_finalize_object (call.devices);
}

/* An invitation that nobody answered in the room is found in the lobby. */
static void
test_unanswered (void)
{
  g_autoptr (GSettings) settings = g_settings_new (ALCOVE_APP_ID);
  g_autoptr (AlcoveJoin) join = new_join ("skyrtc", "atrium");
  g_autoptr (AlcoveJoin) invitation = new_join ("skyrtc", "kitchen");
  g_autoptr (AlcoveJoin) shown = NULL;
  AlcoveDevices *devices = alcove_devices_new ();
  AlcoveHost *host = alcove_host_new ();
  AlcoveWindow *window = new_window (settings, devices, host);

  gtk_window_present (GTK_WINDOW (window));
  alcove_window_join (window, join);
  wait_until (alcove_window_in_room (window));
  alcove_window_invite (window, invitation);
  wait_until (shows (window->room_page, "Invitation to “kitchen”"));

  gtk_widget_activate_action (GTK_WIDGET (window), "win.leave", NULL);
  wait_until (!shows (window->room_page, "Invitation to “kitchen”"));
  shown = alcove_lobby_dup_join (window->lobby);
  g_assert_cmpstr (shown->room, ==, "kitchen");

  /* and is no longer asked about afterwards */
  alcove_window_join (window, join);
  wait_until (alcove_window_in_room (window));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.accept-invitation", NULL);
  g_assert_true (alcove_window_in_room (window));

  close_window (window);
  alcove_host_stop (host);
  g_assert_finalize_object (host);
  g_assert_finalize_object (devices);
}

/* What is about to be shared is seen to be, and can be taken back. The desktop is asked only once the
 * main loop runs, which it does not meanwhile. */
static void
test_share_button (Fixture *fixture,
                   gconstpointer data)
{
  AlcoveScreenShare *share = alcove_engine_get_screen_share (fixture->engine);
  GtkWidget *bin = g_object_ref_sink (g_object_new (ALCOVE_TYPE_SHARE_BUTTON, NULL));
  GtkWidget *button = find (bin, GTK_TYPE_BUTTON, NULL);
  GtkSpinner *spinner = GTK_SPINNER (find (bin, GTK_TYPE_SPINNER, NULL));
  const char *idle = "Share the Screen (Ctrl+Shift+S)";

  alcove_share_button_set_share (ALCOVE_SHARE_BUTTON (bin), share);
  g_assert_cmpstr (gtk_widget_get_tooltip_text (button), ==, idle);
  g_assert_false (gtk_spinner_get_spinning (spinner));

  alcove_screen_share_start (share, FALSE);
  if (alcove_screen_share_get_busy (share))
    {
      g_assert_cmpstr (gtk_widget_get_tooltip_text (button), ==,
                       "Cancel Sharing the Screen (Ctrl+Shift+S)");
      g_assert_true (gtk_spinner_get_spinning (spinner));
      alcove_screen_share_stop (share);
      g_assert_cmpstr (gtk_widget_get_tooltip_text (button), ==, idle);
      g_assert_false (gtk_spinner_get_spinning (spinner));
    }
  else
    g_test_skip ("PipeWire's elements are not installed");

  g_assert_finalize_object (bin);
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

  g_test_add ("/ui/room/news", Fixture, NULL, set_up, test_news, tear_down);
  g_test_add ("/ui/room/notice", Fixture, NULL, set_up, test_notice, tear_down);
  g_test_add_func ("/ui/room/news-seconds", test_news_seconds);
  g_test_add ("/ui/room/standing", Fixture, NULL, set_up, test_standing, tear_down);
  g_test_add ("/ui/room/avatar", Fixture, NULL, set_up, test_avatar, tear_down);
  g_test_add ("/ui/room/recording", Fixture, NULL, set_up, test_recording, tear_down);
  g_test_add ("/ui/room/own-screen", Fixture, NULL, set_up, test_own_screen, tear_down);
  g_test_add ("/ui/room/share-button", Fixture, NULL, set_up, test_share_button, tear_down);
  g_test_add ("/ui/room/questions", Fixture, NULL, set_up, test_questions, tear_down);
  g_test_add_func ("/ui/room/calls", test_calls);
  g_test_add_func ("/ui/room/unanswered-invitation", test_unanswered);

  return g_test_run ();
}
