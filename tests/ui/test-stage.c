/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "alcove-error.h"
#include "alcove-fakes.h"
#include "alcove-picture.h"
#include "alcove-save-picture.h"
#include "alcove-tile-capture.h"
#include "alcove-wall.h"

#define EXIT_SKIP 77

typedef struct {
  AlcoveSignaller *signaller;
  FakeFactory *factory;
  AlcoveRoom *room;
  GtkWidget *window;
  AlcoveWall *wall;
  AlcoveStage *stage;
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
                                   "atrium", "Wall", ALCOVE_ROLE_MEMBER);
  alcove_room_join (fixture->room);
  alcove_signaller_emit_joined (fixture->signaller, "self");

  fixture->window = gtk_window_new ();
  fixture->wall = ALCOVE_WALL (alcove_wall_new ());
  fixture->stage = alcove_wall_get_stage (fixture->wall);
  gtk_window_set_child (GTK_WINDOW (fixture->window), GTK_WIDGET (fixture->wall));
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 640, 480);
  alcove_wall_set_room (fixture->wall, fixture->room);
  gtk_window_present (GTK_WINDOW (fixture->window));
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  g_autoptr (GtkWidget) window = g_object_ref (fixture->window);

  g_object_add_weak_pointer (G_OBJECT (fixture->wall), (gpointer *) &fixture->wall);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_clear_object (&window);
  wait_until (fixture->wall == NULL);

  alcove_room_leave (fixture->room);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (fixture->room);
  g_assert_finalize_object (fixture->factory);
  g_assert_finalize_object (fixture->signaller);
}

static void
test_empty (Fixture *fixture,
            gconstpointer data)
{
  g_assert_cmpuint (alcove_stage_get_n_tiles (fixture->stage), ==, 0);
  g_assert_nonnull (strstr (alcove_wall_get_text (fixture->wall), "atrium"));
}

static void
test_tiles (Fixture *fixture,
            gconstpointer data)
{
  AlcoveTile *tile;

  alcove_signaller_emit_peer_joined (fixture->signaller, "1", "Mei", TRUE);
  alcove_signaller_emit_peer_joined (fixture->signaller, "2", "<b>Ada</b> & Co", TRUE);
  alcove_signaller_emit_peer_joined (fixture->signaller, "3", "调度中心", TRUE);
  wait_until (alcove_stage_get_n_tiles (fixture->stage) == 3);
  g_assert_cmpuint (alcove_stage_get_n_live (fixture->stage), ==, 0);

  /* a name is plain text */
  tile = alcove_stage_get_tile (fixture->stage, 1);
  g_assert_cmpstr (alcove_tile_get_caption (tile), ==, "<b>Ada</b> & Co");
  g_assert_cmpstr (alcove_tile_get_status (tile), ==, "Connecting…");

  fake_link_show_frame (fake_factory_find (fixture->factory, "2"));
  wait_until (alcove_stage_get_n_live (fixture->stage) == 1);
  g_assert_true (alcove_tile_get_live (tile));
  g_assert_cmpstr (alcove_tile_get_status (tile), ==, "");

  alcove_signaller_emit_peer_left (fixture->signaller, "1");
  wait_until (alcove_stage_get_n_tiles (fixture->stage) == 2);
  g_assert_true (alcove_stage_get_tile (fixture->stage, 0) == tile);
}

/* A picture that is old is never shown as live, and says since when. */
static void
test_stale (Fixture *fixture,
            gconstpointer data)
{
  FakeLink *link;
  AlcoveTile *tile;

  alcove_signaller_emit_peer_joined (fixture->signaller, "1", "Post 7", TRUE);
  wait_until (alcove_stage_get_n_tiles (fixture->stage) == 1);
  tile = alcove_stage_get_tile (fixture->stage, 0);
  link = fake_factory_find (fixture->factory, "1");
  fake_link_show_frame (link);
  wait_until (alcove_tile_get_live (tile));

  fake_link_set_age (link, 4 * G_USEC_PER_SEC);
  wait_until (!alcove_tile_get_live (tile));
  g_assert_true (g_str_has_prefix (alcove_tile_get_status (tile), "No picture since "));

  fake_link_set_age (link, 0);
  wait_until (alcove_tile_get_live (tile));
  g_assert_cmpstr (alcove_tile_get_status (tile), ==, "");
}

/* Whoever is listed and does not answer is not shown as if it came in a moment. */
static void
test_unreachable (Fixture *fixture,
                  gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_FAILED, "no way");
  AlcoveTile *tile;

  alcove_signaller_emit_peer_joined (fixture->signaller, "1", "Post 7", TRUE);
  wait_until (alcove_stage_get_n_tiles (fixture->stage) == 1);
  tile = alcove_stage_get_tile (fixture->stage, 0);
  g_assert_cmpstr (alcove_tile_get_status (tile), ==, "Connecting…");
  alcove_peer_link_emit_failed (ALCOVE_PEER_LINK (fake_factory_find (fixture->factory, "1")), error);
  wait_until (g_str_equal (alcove_tile_get_status (tile), "No connection so far"));
  g_assert_false (alcove_tile_get_live (tile));
}

/* Who has only chat is not waited for. */
static void
test_data_only (Fixture *fixture,
                gconstpointer data)
{
  AlcoveTile *tile;
  FakeLink *link;

  alcove_signaller_emit_peer_joined (fixture->signaller, "1", "Mei", FALSE);
  alcove_signaller_emit_description (
      fixture->signaller, "1", ALCOVE_DESCRIPTION_OFFER,
      "v=0\r\no=- 77 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
      "a=fingerprint:sha-1 00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13\r\n"
      "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=ice-ufrag:x\r\n");
  tile = alcove_stage_get_tile (fixture->stage, 0);
  g_assert_false (alcove_tile_get_live (tile));

  link = fake_factory_find (fixture->factory, "1");
  alcove_peer_link_emit_connected (ALCOVE_PEER_LINK (link));
  wait_until (alcove_tile_get_live (tile));
  g_assert_cmpstr (alcove_tile_get_status (tile), ==, "Data only");
}

static void
put_frame (AlcoveFrameSlot *slot,
           int width,
           int height)
{
  gsize stride = (gsize) width * 4;
  g_autofree guint8 *pixels = g_malloc0 (stride * (gsize) height);
  g_autoptr (GBytes) bytes = g_bytes_new (pixels, stride * (gsize) height);

  alcove_frame_slot_put (slot, alcove_frame_new (bytes, width, height, stride,
                                                 g_get_monotonic_time ()));
}

static void
captured_cb (GObject *source,
             GAsyncResult *result,
             gpointer data)
{
  GdkTexture **texture = data;
  g_autoptr (GError) error = NULL;

  *texture = alcove_picture_capture_finish (ALCOVE_PICTURE (source), result, &error);
  g_assert_no_error (error);
}

static void
test_picture (void)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *picture = alcove_picture_new ();
  AlcoveFrameSlot *slot = alcove_frame_slot_new ();
  g_autoptr (GdkTexture) texture = NULL;
  int width = 0, height = 0;
  int shown_width, shown_height;

  /* nobody sees it, so it asks for nothing */
  alcove_picture_set_slot (ALCOVE_PICTURE (picture), slot);
  alcove_frame_slot_get_size (slot, &width, &height);
  g_assert_cmpint (width, ==, 0);

  alcove_frame_slot_set_source_size (slot, 640, 360);
  gtk_window_set_child (GTK_WINDOW (window), picture);
  gtk_window_set_decorated (GTK_WINDOW (window), FALSE);
  gtk_window_set_default_size (GTK_WINDOW (window), 320, 320);
  gtk_window_present (GTK_WINDOW (window));

  /* the shape of the source within the space of the widget */
  wait_until (alcove_frame_slot_get_size (slot, &width, &height) && width > 0
              && height == width * 360 / 640);

  shown_width = width;
  shown_height = height;
  put_frame (slot, width, height);
  wait_until (alcove_picture_get_filled (ALCOVE_PICTURE (picture)));

  /* a picture to keep is asked for whole, and then no more than is seen; where no whole one comes,
   * the one that is shown has to do */
  alcove_picture_capture_async (ALCOVE_PICTURE (picture), NULL, captured_cb, &texture);
  g_assert_true (alcove_frame_slot_get_size (slot, &width, &height));
  g_assert_cmpint (width, ==, 640);
  g_assert_cmpint (height, ==, 360);
  wait_until (texture != NULL);
  g_assert_cmpint (gdk_texture_get_width (texture), ==, shown_width);
  g_clear_object (&texture);
  /* they send it larger when they are told, and that one is kept */
  alcove_picture_capture_async (ALCOVE_PICTURE (picture), NULL, captured_cb, &texture);
  g_assert_true (alcove_frame_slot_get_view_size (slot, &width, &height));
  g_assert_cmpint (width, ==, ALCOVE_FRAME_WHOLE);
  put_frame (slot, 640, 360);
  alcove_frame_slot_set_source_size (slot, 1280, 720);
  wait_until (alcove_frame_slot_get_size (slot, &width, &height) && width == 1280);
  put_frame (slot, 1280, 720);
  wait_until (texture != NULL);
  g_assert_cmpint (gdk_texture_get_width (texture), ==, 1280);
  wait_until (alcove_frame_slot_get_size (slot, &width, &height) && width == shown_width);
  g_assert_cmpint (height, ==, shown_height);
  g_assert_true (alcove_frame_slot_get_view_size (slot, &width, &height));
  g_assert_cmpint (width, ==, shown_width);

  gtk_widget_set_visible (window, FALSE);
  alcove_frame_slot_get_size (slot, &width, &height);
  g_assert_cmpint (width, ==, 0);

  g_object_ref (picture);
  gtk_window_destroy (GTK_WINDOW (window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (picture);
  g_assert_finalize_object (slot);
}

typedef struct {
  gboolean done;
  GdkTexture *texture;
  char *file_name;
  GError *error;
} Kept;

static void
kept_clear (Kept *kept)
{
  g_clear_object (&kept->texture);
  g_clear_pointer (&kept->file_name, g_free);
  g_clear_error (&kept->error);
  kept->done = FALSE;
}

static void
kept_cb (GObject *source,
         GAsyncResult *result,
         gpointer data)
{
  Kept *kept = data;

  kept->texture
      = alcove_tile_capture_finish (ALCOVE_TILE (source), result, &kept->file_name, &kept->error);
  kept->done = TRUE;
}

static void
keep (AlcoveTile *tile,
      Kept *kept)
{
  kept_clear (kept);
  alcove_tile_capture_async (tile, NULL, kept_cb, kept);
}

static void
check_refused (Kept *kept)
{
  wait_until (kept->done);
  g_assert_null (kept->texture);
  g_assert_null (kept->file_name);
  g_assert_error (kept->error, ALCOVE_ERROR, ALCOVE_ERROR_FAILED);
  g_assert_cmpstr (kept->error->message, ==, "There is no picture to save.");
}

static void
tell_camera (FakeLink *link,
             gboolean off)
{
  g_autofree char *text
      = g_strdup_printf ("{\"kind\":\"state\",\"camera_off\":%s}", off ? "true" : "false");

  alcove_peer_link_emit_channel_text (ALCOVE_PEER_LINK (link), ALCOVE_CHANNEL_ALCOVE, text);
}

/* A picture that stands still is kept under the time at which it was seen, and one that is not
 * shown is not kept. */
static void
test_keep (Fixture *fixture,
           gconstpointer data)
{
  AlcoveFrameSlot *slot = alcove_frame_slot_new ();
  g_autofree char *expected = NULL;
  AlcoveParticipant *participant;
  FakeLink *link;
  AlcoveTile *tile;
  Kept kept = { FALSE };
  int width = 0, height = 0;

  alcove_signaller_emit_peer_joined (fixture->signaller, "1", "Post 7", TRUE);
  wait_until (alcove_stage_get_n_tiles (fixture->stage) == 1);
  tile = alcove_stage_get_tile (fixture->stage, 0);
  participant = alcove_tile_get_participant (tile);
  link = fake_factory_find (fixture->factory, "1");
  alcove_frame_slot_set_source_size (slot, 640, 360);
  alcove_picture_set_slot (alcove_tile_get_picture (tile), slot);
  keep (tile, &kept);
  check_refused (&kept);

  fake_link_show_frame (link);
  wait_until (alcove_tile_get_live (tile));
  wait_until (alcove_frame_slot_get_size (slot, &width, &height) && width > 0);
  put_frame (slot, width, height);
  wait_until (alcove_picture_get_filled (alcove_tile_get_picture (tile)));
  keep (tile, &kept);
  wait_until (kept.done);
  g_assert_no_error (kept.error);
  g_assert_nonnull (kept.texture);
  g_assert_true (g_str_has_prefix (kept.file_name, "Post 7 "));

  fake_link_set_age (link, 4 * G_USEC_PER_SEC);
  wait_until (!alcove_tile_get_live (tile));
  keep (tile, &kept);
  wait_until (kept.done);
  g_assert_nonnull (kept.texture);
  expected = alcove_save_picture_make_name ("Post 7",
                                            alcove_participant_get_stale_since (participant));
  g_assert_cmpstr (kept.file_name, ==, expected);
  fake_link_set_age (link, 0);
  wait_until (alcove_tile_get_live (tile));
  keep (tile, &kept);
  wait_until (kept.done);
  g_assert_nonnull (kept.texture);
  g_assert_cmpstr (kept.file_name, !=, expected);

  /* the camera is switched off while a whole picture is waited for, and before it is asked for */
  alcove_peer_link_emit_channel_text (ALCOVE_PEER_LINK (link), ALCOVE_CHANNEL_ALCOVE,
                                      "{\"kind\":\"hello\",\"version\":1}");
  keep (tile, &kept);
  g_assert_false (kept.done);
  tell_camera (link, TRUE);
  g_assert_true (alcove_participant_get_camera_off (participant));
  check_refused (&kept);
  keep (tile, &kept);
  check_refused (&kept);
  tell_camera (link, FALSE);
  keep (tile, &kept);
  wait_until (kept.done);
  g_assert_nonnull (kept.texture);

  kept_clear (&kept);
  alcove_picture_set_slot (alcove_tile_get_picture (tile), NULL);
  g_assert_finalize_object (slot);
}

static GtkWidget *
find_button (AlcoveTile *tile,
             const char *name)
{
  return GTK_WIDGET (gtk_widget_get_template_child (GTK_WIDGET (tile), ALCOVE_TYPE_TILE, name));
}

/* Only a dispatcher calls, and the tile of each guest acts on that guest. */
static void
test_calls (Fixture *fixture,
            gconstpointer data)
{
  AlcoveTile *tile;
  gboolean in_call;

  alcove_signaller_emit_peer_joined (fixture->signaller, "ada", "Ada", FALSE);
  tile = alcove_stage_get_tile (fixture->stage, 0);
  g_assert_false (gtk_widget_get_visible (find_button (tile, "call_box")));

  alcove_stage_set_dispatching (fixture->stage, TRUE);
  g_assert_true (gtk_widget_get_visible (find_button (tile, "call_box")));
  /* either calls or hangs up */
  in_call = alcove_participant_get_in_call (alcove_tile_get_participant (tile));
  g_assert_cmpint (gtk_widget_get_visible (find_button (tile, "call_button")), ==, !in_call);
  g_assert_cmpint (gtk_widget_get_visible (find_button (tile, "hang_up_button")), ==, in_call);
  g_assert_cmpstr (gtk_actionable_get_action_name (
                       GTK_ACTIONABLE (find_button (tile, "dismiss_button"))),
                   ==, "win.dismiss");
  g_assert_cmpstr (g_variant_get_string (gtk_actionable_get_action_target_value (
                                             GTK_ACTIONABLE (find_button (tile, "call_button"))),
                                         NULL),
                   ==, "ada");

  /* who comes later is called as well */
  alcove_signaller_emit_peer_joined (fixture->signaller, "bob", "Bob", FALSE);
  tile = alcove_stage_get_tile (fixture->stage, 1);
  g_assert_true (gtk_widget_get_visible (find_button (tile, "call_box")));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (!gtk_init_check ())
    return EXIT_SKIP;
  adw_init ();

  g_test_add ("/ui/stage/empty", Fixture, NULL, set_up, test_empty, tear_down);
  g_test_add ("/ui/stage/tiles", Fixture, NULL, set_up, test_tiles, tear_down);
  g_test_add ("/ui/stage/stale", Fixture, NULL, set_up, test_stale, tear_down);
  g_test_add ("/ui/stage/unreachable", Fixture, NULL, set_up, test_unreachable, tear_down);
  g_test_add ("/ui/stage/data-only", Fixture, NULL, set_up, test_data_only, tear_down);
  g_test_add ("/ui/stage/keep", Fixture, NULL, set_up, test_keep, tear_down);
  g_test_add ("/ui/stage/calls", Fixture, NULL, set_up, test_calls, tear_down);
  g_test_add_func ("/ui/picture", test_picture);

  return g_test_run ();
}
