/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include <gmodule.h>
#include <gtk/gtk.h>
#ifdef GDK_WINDOWING_X11
#include <gdk/x11/gdkx.h>
#endif

#include "alcove-picture-view.h"
#include "alcove-picture.h"

#define EXIT_SKIP 77

/* A frame of this size has a colour of its own in each of its four quarters. */
#define WIDTH 320
#define HEIGHT 180

/* BGRA, opaque; upper left, upper right, lower left, lower right */
static const guint8 quarters[4][4]
    = { { 0, 0, 255, 255 }, { 0, 255, 0, 255 }, { 255, 0, 0, 255 }, { 255, 255, 255, 255 } };

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

/* Puts a frame and waits until it was taken to be drawn. */
static void
show_frame (Fixture *fixture,
            gboolean mirrored)
{
  gsize stride = WIDTH * 4;
  guint8 *data = g_malloc (stride * HEIGHT);
  g_autoptr (GBytes) bytes = g_bytes_new_take (data, stride * HEIGHT);
  AlcoveFrame *frame = alcove_frame_new (bytes, WIDTH, HEIGHT, stride, 0);
  g_autoptr (AlcoveFrame) kept = alcove_frame_ref (frame);

  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      {
        int column = x < WIDTH / 2 ? 0 : 1;
        int row = y < HEIGHT / 2 ? 0 : 1;

        memcpy (data + (gsize) y * stride + (gsize) x * 4,
                quarters[row * 2 + (mirrored ? 1 - column : column)], 4);
      }

  frame->mirrored = mirrored;
  alcove_frame_slot_put (fixture->slot, frame);
  wait_until (alcove_picture_get_filled (ALCOVE_PICTURE (fixture->picture)));
}

/* What the renderer of the window makes of the picture. */
static guint8 *
render (Fixture *fixture)
{
  GskRenderer *renderer
      = gtk_native_get_renderer (gtk_widget_get_native (fixture->picture));
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (fixture->picture);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GdkTexture) texture = NULL;
  guint8 *pixels = g_malloc0 (WIDTH * 4 * HEIGHT);
  GskRenderNode *node;

  g_test_message ("drawn by %s", G_OBJECT_TYPE_NAME (renderer));
  gdk_paintable_snapshot (paintable, snapshot, WIDTH, HEIGHT);
  node = gtk_snapshot_free_to_node (snapshot);
  g_assert_nonnull (node);
  texture = gsk_renderer_render_texture (renderer, node,
                                         &GRAPHENE_RECT_INIT (0, 0, WIDTH, HEIGHT));
  gsk_render_node_unref (node);
  gdk_texture_download (texture, pixels, WIDTH * 4);
  return pixels;
}

static void
assert_drawn (Fixture *fixture,
              gboolean mirrored)
{
  g_autofree guint8 *pixels = render (fixture);

  /* in every corner and on both sides of the middle, to the pixel */
  for (int row = 0; row < 2; row++)
    for (int column = 0; column < 2; column++)
      for (int i = 0; i < 2; i++)
        {
          int x = column == 0 ? (i == 0 ? 0 : WIDTH / 2 - 1) : (i == 0 ? WIDTH / 2 : WIDTH - 1);
          int y = row == 0 ? (i == 0 ? 0 : HEIGHT / 2 - 1) : (i == 0 ? HEIGHT / 2 : HEIGHT - 1);

          g_assert_cmpmem (pixels + ((gsize) y * WIDTH + (gsize) x) * 4, 4,
                           quarters[row * 2 + (mirrored ? 1 - column : column)], 4);
        }
}

static void
test_exact (Fixture *fixture,
            gconstpointer data)
{
  show_frame (fixture, FALSE);
  assert_drawn (fixture, FALSE);

  /* one frame after the other, and again with none of them */
  alcove_picture_clear (ALCOVE_PICTURE (fixture->picture));
  g_assert_false (alcove_picture_get_filled (ALCOVE_PICTURE (fixture->picture)));
  show_frame (fixture, FALSE);
  assert_drawn (fixture, FALSE);
}

static void
test_mirrored (Fixture *fixture,
               gconstpointer data)
{
  alcove_picture_set_mirrored (ALCOVE_PICTURE (fixture->picture), TRUE);
  g_assert_true (alcove_frame_slot_get_mirrored (fixture->slot));

  /* as it is, and mirrored on the way: the same is seen */
  show_frame (fixture, FALSE);
  assert_drawn (fixture, TRUE);
  alcove_picture_clear (ALCOVE_PICTURE (fixture->picture));
  show_frame (fixture, TRUE);
  assert_drawn (fixture, TRUE);
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

/* A picture to keep shows us as others see us, even if none but a mirrored one is there. */
static void
test_kept (Fixture *fixture,
           gconstpointer data)
{
  g_autoptr (GdkTexture) texture = NULL;
  g_autofree guint8 *pixels = g_malloc0 (WIDTH * 4 * HEIGHT);

  alcove_picture_set_mirrored (ALCOVE_PICTURE (fixture->picture), TRUE);
  show_frame (fixture, TRUE);
  alcove_picture_capture_async (ALCOVE_PICTURE (fixture->picture), NULL, captured_cb, &texture);
  wait_until (texture != NULL);
  g_assert_cmpint (gdk_texture_get_width (texture), ==, WIDTH);
  gdk_texture_download (texture, pixels, WIDTH * 4);
  g_assert_cmpmem (pixels, 4, quarters[0], 4);
  g_assert_cmpmem (pixels + (WIDTH - 1) * 4, 4, quarters[1], 4);
}

typedef struct {
  gboolean painting;
  GdkTexture *texture;
} Moment;

static void
before_paint_cb (Moment *moment)
{
  moment->painting = TRUE;
}

static void
after_paint_cb (Moment *moment)
{
  moment->painting = FALSE;
}

static void
captured_outside_cb (GObject *source,
                     GAsyncResult *result,
                     gpointer data)
{
  Moment *moment = data;

  g_assert_false (moment->painting);
  captured_cb (source, result, &moment->texture);
}

/* Who waited may open a dialog: not while the window is drawn. */
static void
test_kept_outside (Fixture *fixture,
                   gconstpointer data)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (fixture->picture);
  Moment moment = { 0 };

  g_signal_connect_swapped (clock, "before-paint", G_CALLBACK (before_paint_cb), &moment);
  g_signal_connect_swapped (clock, "after-paint", G_CALLBACK (after_paint_cb), &moment);
  alcove_frame_slot_set_source_size (fixture->slot, WIDTH / 2, HEIGHT / 2);
  alcove_picture_capture_async (ALCOVE_PICTURE (fixture->picture), NULL, captured_outside_cb,
                                &moment);
  alcove_frame_slot_set_source_size (fixture->slot, WIDTH, HEIGHT);
  show_frame (fixture, FALSE);
  wait_until (moment.texture != NULL);

  g_signal_handlers_disconnect_by_data (clock, &moment);
  g_object_unref (moment.texture);
}

/* A frame comes while a long drawing goes on. */
static gboolean
draw_long_cb (GtkWidget *widget,
              GdkFrameClock *clock,
              gpointer data)
{
  Fixture *fixture = data;
  g_autoptr (GBytes) pixels = g_bytes_new_static (quarters, 4);

  alcove_frame_slot_put (fixture->slot, alcove_frame_new (pixels, 1, 1, 4, 0));
  g_usleep (100 * G_TIME_SPAN_MILLISECOND);

  return G_SOURCE_CONTINUE;
}

static gboolean
is_late (Fixture *fixture)
{
  guint64 drawn, late;

  alcove_frame_slot_count (fixture->slot, &drawn, &late);
  g_assert_cmpuint (late, <=, drawn);
  return late > 0;
}

/* The frames that waited for other drawing of the same window are known to be late. */
static void
test_late (Fixture *fixture,
           gconstpointer data)
{
  guint tick = gtk_widget_add_tick_callback (fixture->picture, draw_long_cb, fixture, NULL);

  wait_until (is_late (fixture));
  gtk_widget_remove_tick_callback (fixture->picture, tick);
}

/* As GTK has it as a property, where it has one. */
static double
get_scale (Fixture *fixture)
{
  GdkSurface *surface = gtk_native_get_surface (gtk_widget_get_native (fixture->picture));
  double scale = gdk_surface_get_scale_factor (surface);

  if (g_object_class_find_property (G_OBJECT_GET_CLASS (surface), "scale") != NULL)
    g_object_get (surface, "scale", &scale, NULL);
  return scale;
}

/* Whether just the device pixels of this size are asked for. */
static gboolean
asks_for (Fixture *fixture,
          int width,
          int height)
{
  int asked_width = 0, asked_height = 0;

  alcove_picture_view_fit (WIDTH, HEIGHT, width, height, get_scale (fixture), &width, &height);
  alcove_frame_slot_get_size (fixture->slot, &asked_width, &asked_height);
  return asked_width == width && asked_height == height;
}

static gboolean
busy_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* Drawing that takes all the time there is does not keep a new size from being asked for. */
static void
test_busy (Fixture *fixture,
           gconstpointer data)
{
  guint busy = g_idle_add_full (GDK_PRIORITY_REDRAW + 10, busy_cb, NULL, NULL);

  wait_until (gtk_widget_get_mapped (fixture->picture) && asks_for (fixture, WIDTH, HEIGHT));
  gtk_widget_set_size_request (fixture->picture, WIDTH / 2, HEIGHT / 2);
  wait_until (asks_for (fixture, WIDTH / 2, HEIGHT / 2));
  g_source_remove (busy);
}

/* No two neighbours are alike, so that any scaling or shift is seen. */
static guint32
get_pattern (int x,
             int y)
{
  return 0xff000000 | (guint32) (x * 37 % 256) << 16 | (guint32) (y * 59 % 256) << 8
         | ((x + y) % 2 != 0 ? 0xff : 0);
}

static void
put_pattern (Fixture *fixture,
             int width,
             int height)
{
  gsize stride = (gsize) width * 4;
  guint32 *data = g_malloc (stride * (gsize) height);
  g_autoptr (GBytes) bytes = g_bytes_new_take (data, stride * (gsize) height);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      data[y * width + x] = GUINT32_TO_LE (get_pattern (x, y));
  alcove_frame_slot_put (fixture->slot, alcove_frame_new (bytes, width, height, stride, 0));
  wait_until (alcove_picture_get_filled (ALCOVE_PICTURE (fixture->picture)));
}

/* What the screen gets where the pattern is drawn. */
static guint32 *
render_device_pixels (Fixture *fixture,
                      int width,
                      int height)
{
  GtkNative *native = gtk_widget_get_native (fixture->picture);
  double scale = get_scale (fixture);
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (fixture->picture);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GdkTexture) texture = NULL;
  guint32 *pixels = g_malloc ((gsize) width * 4 * (gsize) height);
  graphene_point_t origin;
  graphene_rect_t bounds;
  GskRenderNode *node;

  alcove_picture_view_get_origin (fixture->picture, &origin);
  alcove_picture_view_place (width, height, WIDTH, HEIGHT, scale, &origin, &bounds);
  graphene_rect_offset (&bounds, origin.x, origin.y);
  graphene_rect_scale (&bounds, (float) scale, (float) scale, &bounds);
  g_test_message ("%gx%g device pixels at %g, %g", (double) bounds.size.width,
                  (double) bounds.size.height, (double) bounds.origin.x,
                  (double) bounds.origin.y);

  gtk_snapshot_scale (snapshot, (float) scale, (float) scale);
  gtk_snapshot_translate (snapshot, &origin);
  gdk_paintable_snapshot (paintable, snapshot, WIDTH, HEIGHT);
  node = gtk_snapshot_free_to_node (snapshot);
  texture = gsk_renderer_render_texture (
      gtk_native_get_renderer (native), node,
      &GRAPHENE_RECT_INIT (roundf (bounds.origin.x), roundf (bounds.origin.y), (float) width,
                           (float) height));
  gsk_render_node_unref (node);
  gdk_texture_download (texture, (guchar *) pixels, (gsize) width * 4);
  return pixels;
}

/* As many pixels are asked for as the screen has where the picture is, and no more, and what comes
 * is drawn one to one. */
static void
test_device_pixels (Fixture *fixture,
            gconstpointer data)
{
  g_autofree guint32 *pixels = NULL;
  double scale;
  int width, height;

  /* not on a device pixel of most scales */
  gtk_widget_set_margin_start (fixture->picture, 3);
  gtk_widget_set_margin_top (fixture->picture, 1);
  show_frame (fixture, FALSE);

  /* a window may learn only after its first drawing which scale it has */
  do
    {
      g_clear_pointer (&pixels, g_free);
      wait_until (asks_for (fixture, WIDTH, HEIGHT));
      scale = get_scale (fixture);
      alcove_frame_slot_get_size (fixture->slot, &width, &height);
      alcove_picture_clear (ALCOVE_PICTURE (fixture->picture));
      put_pattern (fixture, width, height);
      pixels = render_device_pixels (fixture, width, height);
    }
  while (!G_APPROX_VALUE (scale, get_scale (fixture), 1e-6));

  /* what is no whole pixel of the tile may be cut at the edge */
  for (int y = 1; y < height - 1; y++)
    for (int x = 1; x < width - 1; x++)
      g_assert_cmphex (pixels[y * width + x], ==, get_pattern (x, y));
}

/* A window that comes to a screen of another scale asks anew, also where the whole number above both
 * is the same. */
static void
test_rescaled (Fixture *fixture,
               gconstpointer data)
{
  GdkSurface *surface = gtk_native_get_surface (gtk_widget_get_native (fixture->picture));

  if (g_object_class_find_property (G_OBJECT_GET_CLASS (surface), "scale") == NULL)
    {
      g_test_skip ("this GTK does not know of fractional scales");
      return;
    }

  show_frame (fixture, FALSE);
  wait_until (asks_for (fixture, WIDTH, HEIGHT));
  alcove_frame_slot_set_size (fixture->slot, 1, 1);
  g_object_notify (G_OBJECT (surface), "scale");
  wait_until (asks_for (fixture, WIDTH, HEIGHT));
}

#ifdef GDK_WINDOWING_X11

/* Maps or unmaps a window as who manages windows does; the function is that of the X library, which
 * this program need not be linked with. */
static void
call_x (GdkSurface *surface,
        const char *name)
{
  GModule *program = g_module_open (NULL, G_MODULE_BIND_LAZY);
  gpointer symbol = NULL;

  g_assert_true (g_module_symbol (program, name, &symbol));
  ((int (*) (Display *, Window)) symbol) (
      gdk_x11_display_get_xdisplay (gdk_surface_get_display (surface)),
      gdk_x11_surface_get_xid (surface));
  g_module_close (program);
}

/* No frames are asked for while the window is an icon, and again when it is none. */
static void
test_minimised (Fixture *fixture,
                gconstpointer data)
{
  GdkSurface *surface = gtk_native_get_surface (gtk_widget_get_native (fixture->picture));
  int width = 0, height = 0;

  if (!GDK_IS_X11_SURFACE (surface))
    {
      g_test_skip ("not on X11");
      return;
    }

  show_frame (fixture, FALSE);
  wait_until ((alcove_frame_slot_get_size (fixture->slot, &width, &height), width > 0));

  call_x (surface, "XUnmapWindow");
  wait_until ((gdk_toplevel_get_state (GDK_TOPLEVEL (surface)) & GDK_TOPLEVEL_STATE_MINIMIZED)
              != 0);
  g_assert_true (gtk_widget_get_mapped (fixture->picture));
  alcove_frame_slot_get_size (fixture->slot, &width, &height);
  g_assert_cmpint (width, ==, 0);
  g_assert_cmpint (height, ==, 0);

  call_x (surface, "XMapWindow");
  wait_until ((alcove_frame_slot_get_size (fixture->slot, &width, &height), width > 0));
}

#endif

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (!gtk_init_check ())
    return EXIT_SKIP;

  g_test_add ("/ui/picture/exact", Fixture, NULL, set_up, test_exact, tear_down);
  g_test_add ("/ui/picture/busy", Fixture, NULL, set_up, test_busy, tear_down);
  g_test_add ("/ui/picture/mirrored", Fixture, NULL, set_up, test_mirrored, tear_down);
  g_test_add ("/ui/picture/kept", Fixture, NULL, set_up, test_kept, tear_down);
  g_test_add ("/ui/picture/kept-outside", Fixture, NULL, set_up, test_kept_outside, tear_down);
  g_test_add ("/ui/picture/device-pixels", Fixture, NULL, set_up, test_device_pixels, tear_down);
  g_test_add ("/ui/picture/rescaled", Fixture, NULL, set_up, test_rescaled, tear_down);
#ifdef GDK_WINDOWING_X11
  g_test_add ("/ui/picture/minimised", Fixture, NULL, set_up, test_minimised, tear_down);
#endif
  g_test_add ("/ui/picture/late", Fixture, NULL, set_up, test_late, tear_down);

  return g_test_run ();
}
