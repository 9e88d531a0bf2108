/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gdk/gdk.h>

G_BEGIN_DECLS

/* The shape of a tile. */
#define ALCOVE_GRID_ASPECT_WIDTH 16
#define ALCOVE_GRID_ASPECT_HEIGHT 9

guint alcove_grid_arrange (guint         n_tiles,
                           int           width,
                           int           height,
                           int           spacing,
                           GdkRectangle *tiles);

G_END_DECLS
