/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "alcove-picture-view.h"

/* The bit of GDK_TOPLEVEL_STATE_SUSPENDED, which older headers do not have. */
#define STATE_SUSPENDED (1 << 16)

/* What single precision loses on a large screen, in device pixels. */
#define LOST 2e-3

static const double scales[] = { 1, 1.25, 1.5, 2, 132.0 / 120 };

static void
test_seen (void)
{
  static const struct {
    int state;
    gboolean seen;
  } cases[] = {
    { 0, TRUE },
    { GDK_TOPLEVEL_STATE_FOCUSED | GDK_TOPLEVEL_STATE_MAXIMIZED, TRUE },
    { GDK_TOPLEVEL_STATE_FULLSCREEN | GDK_TOPLEVEL_STATE_TILED, TRUE },
    { GDK_TOPLEVEL_STATE_MINIMIZED, FALSE },
    { GDK_TOPLEVEL_STATE_MINIMIZED | GDK_TOPLEVEL_STATE_MAXIMIZED, FALSE },
    { STATE_SUSPENDED, FALSE },
    { STATE_SUSPENDED | GDK_TOPLEVEL_STATE_FOCUSED, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (alcove_picture_view_is_seen ((GdkToplevelState) cases[i].state), ==,
                     cases[i].seen);
}

/* Where GTK has a name for the bit, it is ours. */
static void
test_suspended (void)
{
  g_autoptr (GTypeClass) states = g_type_class_ref (GDK_TYPE_TOPLEVEL_STATE);
  const GFlagsValue *value = g_flags_get_value_by_nick (G_FLAGS_CLASS (states), "suspended");

  if (value == NULL)
    g_test_skip ("this GTK does not know of suspended windows");
  else
    g_assert_cmpuint (value->value, ==, STATE_SUSPENDED);
}

static void
test_fit (void)
{
  static const struct {
    int source_width, source_height;
    int width, height;
    double scale;
    int fitted_width, fitted_height;
  } cases[] = {
    { 1280, 720, 320, 180, 1, 320, 180 },
    { 1280, 720, 320, 180, 1.25, 400, 225 },
    { 1280, 720, 320, 180, 1.5, 480, 270 },
    { 1280, 720, 320, 180, 2, 640, 360 },
    /* no more device pixels than there are whole ones */
    { 1280, 720, 321, 400, 1.25, 401, 225 },
    { 1280, 720, 323, 400, 1.25, 403, 226 },
    { 1280, 720, 321, 400, 1.5, 481, 270 },
    /* 363 device pixels, if one counts exactly */
    { 1280, 720, 330, 400, 132.0 / 120, 363, 204 },
    /* room on the other side, upright, and not known */
    { 640, 480, 320, 180, 1.25, 300, 225 },
    { 720, 1280, 320, 180, 1.5, 151, 270 },
    { 0, 0, 320, 180, 1.25, 400, 225 },
    { 1280, 720, 0, 0, 1.25, 0, 0 },
    { 10000, 1, 320, 180, 1.25, 400, 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      int width, height;

      alcove_picture_view_fit (cases[i].source_width, cases[i].source_height, cases[i].width,
                               cases[i].height, cases[i].scale, &width, &height);
      g_assert_cmpint (width, ==, cases[i].fitted_width);
      g_assert_cmpint (height, ==, cases[i].fitted_height);
    }
}

/* Checks one axis of where a frame of @length goes; returns on how many device pixels. */
static int
assert_whole (double origin,
              int size,
              double scale,
              double start,
              double extent)
{
  double begin = (origin + start) * scale, end = (origin + start + extent) * scale;

  g_assert_cmpfloat_with_epsilon (begin, round (begin), LOST);
  g_assert_cmpfloat_with_epsilon (end, round (end), LOST);
  /* in the middle, as far as whole pixels go */
  g_assert_cmpfloat_with_epsilon ((begin + end) / 2, (origin + size / 2.0) * scale, 0.5 + LOST);
  return (int) round (end - begin);
}

/* Wherever the space is and whatever its size, what is sent in the size that was asked for is drawn
 * one to one. */
static void
test_whole (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (scales); i++)
    for (int place = 0; place < 24; place++)
      for (int side = 100; side < 120; side++)
        {
          const graphene_point_t origin
              = GRAPHENE_POINT_INIT (1907.0f + (float) place, (float) place / 4);
          graphene_rect_t bounds;
          int width, height;

          alcove_picture_view_fit (640, 360, side, 200, scales[i], &width, &height);
          /* what comes may be rounded to even numbers */
          width -= width % 2;
          height += height % 2;
          alcove_picture_view_place (width, height, side, 200, scales[i], &origin, &bounds);
          g_assert_cmpint (assert_whole ((double) origin.x, side, scales[i],
                                         (double) bounds.origin.x, (double) bounds.size.width),
                           ==, width);
          g_assert_cmpint (assert_whole ((double) origin.y, 200, scales[i],
                                         (double) bounds.origin.y, (double) bounds.size.height),
                           ==, height);
        }
}

/* A frame of the wrong size fills the space all the same, on whole pixels. */
static void
test_scaled (void)
{
  const graphene_point_t origin = GRAPHENE_POINT_INIT (3, 5);
  graphene_rect_t bounds;

  alcove_picture_view_place (160, 90, 320, 200, 1.25, &origin, &bounds);
  g_assert_cmpint (assert_whole (3, 320, 1.25, (double) bounds.origin.x,
                                 (double) bounds.size.width),
                   ==, 400);
  g_assert_cmpint (assert_whole (5, 200, 1.25, (double) bounds.origin.y,
                                 (double) bounds.size.height),
                   ==, 225);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/picture-view/seen", test_seen);
  g_test_add_func ("/ui/picture-view/suspended", test_suspended);
  g_test_add_func ("/ui/picture-view/fit", test_fit);
  g_test_add_func ("/ui/picture-view/whole", test_whole);
  g_test_add_func ("/ui/picture-view/scaled", test_scaled);

  return g_test_run ();
}
