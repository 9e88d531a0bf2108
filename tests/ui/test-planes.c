/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gtk/gtk.h>

#include "alcove-frame-planes.h"
#include "alcove-picture.h"
#include "alcove-plane-texture.h"

#define EXIT_SKIP 77

#define WIDTH 320
#define HEIGHT 180

/* Rows are longer than the picture is wide. */
#define STRIDE 384

/* What a card counts less exactly than libyuv. */
#define TOLERANCE 5

/* How far around the middle its colours are mixed, drawn in double size. */
#define MIXED 6

/* Y, U and V of red, green, blue and white; upper left, upper right, lower left, lower right */
static const guint8 quarters[4][3]
    = { { 81, 90, 240 }, { 145, 54, 34 }, { 41, 240, 110 }, { 235, 128, 128 } };

typedef struct {
  GtkWidget *window;
  GtkWidget *picture;
  AlcoveFrameSlot *slot;
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
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  fixture->slot = alcove_frame_slot_new ();
  fixture->picture = alcove_picture_new ();
  fixture->window = gtk_window_new ();
  alcove_frame_slot_set_source_size (fixture->slot, WIDTH, HEIGHT);
  gtk_widget_set_size_request (fixture->picture, WIDTH, HEIGHT);
  gtk_widget_set_halign (fixture->picture, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (fixture->picture, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), fixture->picture);
  gtk_window_set_child (GTK_WINDOW (fixture->window), box);
  gtk_window_set_decorated (GTK_WINDOW (fixture->window), FALSE);
  gtk_window_present (GTK_WINDOW (fixture->window));
  alcove_picture_set_slot (ALCOVE_PICTURE (fixture->picture), fixture->slot);
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (fixture->slot);
}

static AlcoveFrame *
make_planes (AlcoveFrameFormat format,
             gboolean bt709,
             gboolean full_range)
{
  const gsize luma = STRIDE * HEIGHT, chroma = luma / 4;
  AlcoveFramePlanes planes = { .offset = { 0, luma, luma + chroma },
                               .stride = { STRIDE, STRIDE / 2, STRIDE / 2 },
                               .bt709 = bt709,
                               .full_range = full_range };
  guint8 *data = g_malloc0 (luma + 2 * chroma);
  g_autoptr (GBytes) pixels = g_bytes_new_take (data, luma + 2 * chroma);

  if (format == ALCOVE_FRAME_FORMAT_NV12)
    planes.stride[1] = STRIDE;
  for (gsize y = 0; y < HEIGHT; y++)
    for (gsize x = 0; x < WIDTH; x++)
      {
        const guint8 *yuv = quarters[y / (HEIGHT / 2) * 2 + x / (WIDTH / 2)];

        data[y * STRIDE + x] = yuv[0];
        for (gsize c = 0; c < 2; c++)
          if (format == ALCOVE_FRAME_FORMAT_NV12)
            data[luma + y / 2 * STRIDE + x / 2 * 2 + c] = yuv[1 + c];
          else
            data[luma + c * chroma + y / 2 * (STRIDE / 2) + x / 2] = yuv[1 + c];
      }

  return alcove_frame_new_planar (pixels, format, &planes, WIDTH, HEIGHT, 0);
}

static AlcoveFrame *
flatten (AlcoveFrame *frame)
{
  g_autoptr (AlcoveFrameConverter) converter = alcove_frame_converter_new ();
  AlcoveFrame *flat = alcove_frame_planes_flatten (frame, converter);

  g_assert_nonnull (flat);
  return flat;
}

static GskRenderer *
get_renderer (Fixture *fixture)
{
  return gtk_native_get_renderer (gtk_widget_get_native (fixture->picture));
}

/* Whether GTK knows planes at all, and this renderer. */
static gboolean
is_able (GskRenderer *renderer)
{
  GEnumClass *formats = g_type_class_ref (GDK_TYPE_MEMORY_FORMAT);
  gboolean known = g_enum_get_value_by_nick (formats, "g8-b8-r8-420") != NULL;

  g_type_class_unref (formats);
  return known && !GSK_IS_CAIRO_RENDERER (renderer);
}

static void
show_frame (Fixture *fixture,
            AlcoveFrame *frame)
{
  alcove_picture_clear (ALCOVE_PICTURE (fixture->picture));
  alcove_frame_slot_put (fixture->slot, alcove_frame_ref (frame));
  wait_until (alcove_picture_get_filled (ALCOVE_PICTURE (fixture->picture)));
}

/* What the renderer of the window makes of the picture, with @frame in it. */
static guint8 *
render (Fixture *fixture,
        AlcoveFrame *frame,
        int width,
        int height)
{
  g_autoptr (GdkPaintable) paintable = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  guint8 *pixels = g_malloc0 ((gsize) (width * height * 4));
  GskRenderNode *node;

  show_frame (fixture, frame);
  paintable = gtk_widget_paintable_new (fixture->picture);
  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  g_assert_nonnull (node);
  texture = gsk_renderer_render_texture (
      get_renderer (fixture), node,
      &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  gsk_render_node_unref (node);
  gdk_texture_download (texture, pixels, (gsize) width * 4);
  return pixels;
}

/* Where the four colours meet they are mixed in one way or the other; apart from that both frames
 * look alike. */
static void
assert_alike (Fixture *fixture,
              AlcoveFrame *a,
              AlcoveFrame *b,
              int width,
              int height)
{
  g_autofree guint8 *left = render (fixture, a, width, height);
  g_autofree guint8 *right = render (fixture, b, width, height);

  g_assert_cmpint (left[0] + left[1] + left[2], >, 0);
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width * 4; x++)
      if (ABS (x / 4 - width / 2) > MIXED && ABS (y - height / 2) > MIXED)
        {
          gsize i = (gsize) (y * width * 4 + x);

          g_assert_cmpint (ABS ((int) left[i] - (int) right[i]), <=, TOLERANCE);
        }
}

static void
test_colours (Fixture *fixture,
              gconstpointer data)
{
  g_test_message ("drawn by %s", G_OBJECT_TYPE_NAME (get_renderer (fixture)));
  for (guint i = 0; i < 8; i++)
    {
      g_autoptr (AlcoveFrame) frame
          = make_planes ((i & 1) != 0 ? ALCOVE_FRAME_FORMAT_NV12 : ALCOVE_FRAME_FORMAT_I420,
                         (i & 2) != 0, (i & 4) != 0);
      g_autoptr (AlcoveFrame) flat = flatten (frame);

      assert_alike (fixture, frame, flat, WIDTH, HEIGHT);
    }
}

static void
test_changed (Fixture *fixture,
              gconstpointer data)
{
  g_autoptr (AlcoveFrame) frame = make_planes (ALCOVE_FRAME_FORMAT_I420, FALSE, FALSE);
  g_autoptr (AlcoveFrame) flat = flatten (frame);
  g_autofree guint8 *pixels = NULL;

  alcove_picture_set_mirrored (ALCOVE_PICTURE (fixture->picture), TRUE);
  assert_alike (fixture, frame, flat, WIDTH, HEIGHT);
  pixels = render (fixture, frame, WIDTH, HEIGHT);
  /* green is on the left now: B, G, R */
  g_assert_cmpint (pixels[0], <, 30);
  g_assert_cmpint (pixels[1], >, 220);
  g_assert_cmpint (pixels[2], <, 30);

  alcove_picture_set_dimmed (ALCOVE_PICTURE (fixture->picture), TRUE);
  assert_alike (fixture, frame, flat, WIDTH, HEIGHT);
  alcove_picture_set_dimmed (ALCOVE_PICTURE (fixture->picture), FALSE);
  assert_alike (fixture, frame, flat, WIDTH * 3 / 4, HEIGHT * 3 / 4);
  assert_alike (fixture, frame, flat, WIDTH * 2, HEIGHT * 2);
}

/* What GTK and the renderer can draw is drawn as it is, and nothing is copied for it. */
static void
test_texture (Fixture *fixture,
              gconstpointer data)
{
  g_autoptr (AlcoveFrame) frame = make_planes (ALCOVE_FRAME_FORMAT_NV12, FALSE, FALSE);
  g_autoptr (GdkTexture) texture = NULL;

  if (!is_able (get_renderer (fixture)))
    {
      g_test_skip ("planes can't be drawn here");
      return;
    }

  texture = alcove_plane_texture_new (get_renderer (fixture), frame);
  g_assert_nonnull (texture);
  g_assert_cmpint (gdk_texture_get_width (texture), ==, WIDTH);
  g_assert_cmpint (gdk_texture_get_height (texture), ==, HEIGHT);
}

/* Without GTK's formats, or with cairo, nobody asks for planes. */
static void
test_unable (Fixture *fixture,
             gconstpointer data)
{
  g_autoptr (AlcoveFrame) frame = make_planes (ALCOVE_FRAME_FORMAT_I420, FALSE, FALSE);
  g_autoptr (GskRenderer) cairo = gsk_cairo_renderer_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (gsk_renderer_realize (cairo, NULL, &error));
  g_assert_no_error (error);
  g_assert_false (alcove_plane_texture_pays (cairo));
  g_assert_null (alcove_plane_texture_new (cairo, frame));
  gsk_renderer_unrealize (cairo);

  if (is_able (get_renderer (fixture)))
    {
      g_test_skip ("planes can be drawn here");
      return;
    }

  g_assert_false (alcove_plane_texture_pays (get_renderer (fixture)));
  g_assert_null (alcove_plane_texture_new (get_renderer (fixture), frame));
}

/* Planes are asked for where they pay, while somebody sees the picture. */
static void
test_asked (Fixture *fixture,
            gconstpointer data)
{
  g_autoptr (AlcoveFrame) frame = make_planes (ALCOVE_FRAME_FORMAT_I420, FALSE, FALSE);
  gboolean pays;

  g_assert_false (alcove_frame_slot_get_planar (fixture->slot));
  show_frame (fixture, frame);
  /* what is asked for is known when the picture says that it has something to show */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  pays = alcove_plane_texture_pays (get_renderer (fixture));
  g_test_message ("%s: %s", G_OBJECT_TYPE_NAME (get_renderer (fixture)), pays ? "planes" : "BGRA");
  g_assert_cmpint (alcove_frame_slot_get_planar (fixture->slot), ==, pays);

  gtk_widget_set_visible (fixture->picture, FALSE);
  g_assert_false (alcove_frame_slot_get_planar (fixture->slot));
  gtk_widget_set_visible (fixture->picture, TRUE);
  wait_until (gtk_widget_get_mapped (fixture->picture));
  g_assert_cmpint (alcove_frame_slot_get_planar (fixture->slot), ==, pays);

  alcove_picture_set_slot (ALCOVE_PICTURE (fixture->picture), NULL);
  g_assert_false (alcove_frame_slot_get_planar (fixture->slot));
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

/* What is saved is the picture as BGRA, whatever was drawn. */
static void
test_saved (Fixture *fixture,
            gconstpointer data)
{
  g_autoptr (AlcoveFrame) frame = make_planes (ALCOVE_FRAME_FORMAT_I420, FALSE, FALSE);
  g_autoptr (AlcoveFrame) flat = flatten (frame);
  g_autoptr (GdkTexture) texture = NULL;
  g_autofree guint8 *pixels = g_malloc0 (WIDTH * HEIGHT * 4);

  alcove_picture_set_mirrored (ALCOVE_PICTURE (fixture->picture), TRUE);
  show_frame (fixture, frame);
  alcove_picture_capture_async (ALCOVE_PICTURE (fixture->picture), NULL, captured_cb, &texture);
  wait_until (texture != NULL);
  g_assert_cmpint (gdk_texture_get_width (texture), ==, WIDTH);
  gdk_texture_download (texture, pixels, WIDTH * 4);
  g_assert_cmpmem (pixels, WIDTH * HEIGHT * 4, g_bytes_get_data (flat->pixels, NULL),
                   g_bytes_get_size (flat->pixels));
}

int
main (int argc,
      char **argv)
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  if (!gtk_init_check ())
    return EXIT_SKIP;

  g_test_add ("/ui/planes/colours", Fixture, NULL, set_up, test_colours, tear_down);
  g_test_add ("/ui/planes/changed", Fixture, NULL, set_up, test_changed, tear_down);
  g_test_add ("/ui/planes/texture", Fixture, NULL, set_up, test_texture, tear_down);
  g_test_add ("/ui/planes/unable", Fixture, NULL, set_up, test_unable, tear_down);
  g_test_add ("/ui/planes/asked", Fixture, NULL, set_up, test_asked, tear_down);
  g_test_add ("/ui/planes/saved", Fixture, NULL, set_up, test_saved, tear_down);

  return g_test_run ();
}
