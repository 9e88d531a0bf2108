/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-grid"

#include "config.h"

#include "alcove-grid.h"

/* The largest tile of the right shape that fits @columns by @rows of them, as a width. */
static int
tile_width (guint columns,
            guint rows,
            int width,
            int height,
            int spacing)
{
  int by_width = (width - (int) (columns - 1) * spacing) / (int) columns;
  int by_height = (height - (int) (rows - 1) * spacing) / (int) rows * ALCOVE_GRID_ASPECT_WIDTH
                  / ALCOVE_GRID_ASPECT_HEIGHT;

  return MAX (MIN (by_width, by_height), 1);
}

/**
 * alcove_grid_arrange:
 * @n_tiles: how many tiles
 * @width: of the space, in pixels
 * @height: of the space, in pixels
 * @spacing: between two tiles, in pixels
 * @tiles: (array length=n_tiles) (out caller-allocates): where each goes
 *
 * Places @n_tiles of 16:9 on a grid, as large as they can be, on whole pixels, the
 * grid in the middle of the space and a last row that is not full in the middle of the
 * grid. Among equally large arrangements the one with the fewest empty places wins.
 *
 * Returns: the number of columns, 0 without tiles
 */
guint
alcove_grid_arrange (guint n_tiles,
                     int width,
                     int height,
                     int spacing,
                     GdkRectangle *tiles)
{
  guint columns = 0, rows;
  guint best_empty = G_MAXUINT;
  int best = 0;
  int tile_height, top;

  for (guint c = 1; c <= n_tiles; c++)
    {
      guint r = (n_tiles + c - 1) / c;
      guint empty = r * c - n_tiles;
      int w = tile_width (c, r, width, height, spacing);

      if (w > best || (w == best && empty < best_empty))
        {
          best = w;
          best_empty = empty;
          columns = c;
        }
    }

  if (columns == 0)
    return 0;

  rows = (n_tiles + columns - 1) / columns;
  tile_height = MAX (best * ALCOVE_GRID_ASPECT_HEIGHT / ALCOVE_GRID_ASPECT_WIDTH, 1);
  top = (height - (int) rows * tile_height - (int) (rows - 1) * spacing) / 2;

  for (guint i = 0; i < n_tiles; i++)
    {
      guint row = i / columns;
      guint in_row = row == rows - 1 ? n_tiles - row * columns : columns;
      int left = (width - (int) in_row * best - (int) (in_row - 1) * spacing) / 2;

      tiles[i].x = MAX (left, 0) + (int) (i % columns) * (best + spacing);
      tiles[i].y = MAX (top, 0) + (int) row * (tile_height + spacing);
      tiles[i].width = best;
      tiles[i].height = tile_height;
    }

  return columns;
}
