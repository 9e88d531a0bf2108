/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "alcove-grid.h"

#define MAX_TILES 16
#define SPACING 8

static void
test_columns (void)
{
  static const struct {
    guint n_tiles;
    int width;
    int height;
    guint columns;
  } cases[] = {
    { 0, 1280, 720, 0 },  { 1, 1280, 720, 1 },  { 2, 1280, 720, 2 },  { 3, 1280, 720, 2 },
    { 4, 1280, 720, 2 },  { 5, 1280, 720, 3 },  { 6, 1280, 720, 3 },  { 9, 1280, 720, 3 },
    { 12, 1280, 720, 4 }, { 16, 1280, 720, 4 }, { 2, 360, 720, 1 },   { 4, 360, 720, 1 },
    { 8, 360, 720, 2 },   { 3, 1920, 300, 3 },
  };
  GdkRectangle tiles[MAX_TILES];

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpuint (alcove_grid_arrange (cases[i].n_tiles, cases[i].width, cases[i].height,
                                           SPACING, tiles),
                      ==, cases[i].columns);
}

static void
assert_good (const GdkRectangle *tiles,
             guint n_tiles,
             int width,
             int height)
{
  for (guint i = 0; i < n_tiles; i++)
    {
      /* of the right shape, on whole pixels */
      g_assert_cmpint (tiles[i].height, ==, tiles[i].width * 9 / 16);
      g_assert_cmpint (tiles[i].width, ==, tiles[0].width);
      /* within the space */
      g_assert_cmpint (tiles[i].x, >=, 0);
      g_assert_cmpint (tiles[i].y, >=, 0);
      g_assert_cmpint (tiles[i].x + tiles[i].width, <=, width);
      g_assert_cmpint (tiles[i].y + tiles[i].height, <=, height);
      /* apart from each other */
      for (guint k = 0; k < i; k++)
        g_assert_false (gdk_rectangle_intersect (&tiles[i], &tiles[k], NULL));
    }
}

static void
test_every_size (void)
{
  static const int widths[] = { 360, 640, 961, 1280, 1919, 3840 };
  static const int heights[] = { 294, 480, 721, 1080, 2160 };
  GdkRectangle tiles[MAX_TILES];

  for (guint n = 1; n <= MAX_TILES; n++)
    for (gsize w = 0; w < G_N_ELEMENTS (widths); w++)
      for (gsize h = 0; h < G_N_ELEMENTS (heights); h++)
        {
          alcove_grid_arrange (n, widths[w], heights[h], SPACING, tiles);
          assert_good (tiles, n, widths[w], heights[h]);
        }
}

static void
test_last_row (void)
{
  GdkRectangle tiles[3];

  alcove_grid_arrange (3, 1280, 720, SPACING, tiles);
  g_assert_cmpint (ABS (tiles[2].x + tiles[2].width / 2 - 640), <=, 1);
  g_assert_cmpint (tiles[2].y, >, tiles[0].y);
}

static void
test_no_space (void)
{
  GdkRectangle tiles[MAX_TILES];

  alcove_grid_arrange (MAX_TILES, 0, 0, SPACING, tiles);
  for (guint i = 0; i < MAX_TILES; i++)
    {
      g_assert_cmpint (tiles[i].width, >=, 1);
      g_assert_cmpint (tiles[i].height, >=, 1);
    }
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/grid/columns", test_columns);
  g_test_add_func ("/ui/grid/every-size", test_every_size);
  g_test_add_func ("/ui/grid/last-row", test_last_row);
  g_test_add_func ("/ui/grid/no-space", test_no_space);

  return g_test_run ();
}
