/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-stage-layout"

#include "config.h"

#include "alcove-stage-layout.h"

#include "alcove-grid.h"

/**
 * AlcoveStageLayout:
 *
 * Lays the visible children of a widget out as alcove_grid_arrange() says.
 */

/* What the stage would like to have; it makes do with anything. */
/* What a side panel leaves of it before it goes over the pictures. */
#define NATURAL_WIDTH 480
#define NATURAL_HEIGHT 270

struct _AlcoveStageLayout {
  GtkLayoutManager parent_instance;

  int spacing;
};

G_DEFINE_FINAL_TYPE (AlcoveStageLayout, alcove_stage_layout, GTK_TYPE_LAYOUT_MANAGER)

static void
alcove_stage_layout_measure (GtkLayoutManager *manager,
                             GtkWidget *widget,
                             GtkOrientation orientation,
                             int for_size,
                             int *minimum,
                             int *natural,
                             int *minimum_baseline,
                             int *natural_baseline)
{
  *minimum = 1;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? NATURAL_WIDTH : NATURAL_HEIGHT;
}

static void
alcove_stage_layout_allocate (GtkLayoutManager *manager,
                              GtkWidget *widget,
                              int width,
                              int height,
                              int baseline)
{
  AlcoveStageLayout *self = ALCOVE_STAGE_LAYOUT (manager);
  g_autofree GdkRectangle *tiles = NULL;
  GtkWidget *child;
  guint n_tiles = 0;
  guint i = 0;

  for (child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (gtk_widget_should_layout (child))
      n_tiles++;

  if (n_tiles == 0)
    return;

  tiles = g_new0 (GdkRectangle, n_tiles);
  alcove_grid_arrange (n_tiles, width, height, self->spacing, tiles);

  for (child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      int minimum;

      if (!gtk_widget_should_layout (child))
        continue;

      /* a widget must be measured before it is allocated */
      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
      gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, tiles[i].width, &minimum, NULL, NULL,
                          NULL);
      gtk_widget_size_allocate (child, &tiles[i], -1);
      i++;
    }
}

static void
alcove_stage_layout_class_init (AlcoveStageLayoutClass *klass)
{
  GtkLayoutManagerClass *manager_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  manager_class->measure = alcove_stage_layout_measure;
  manager_class->allocate = alcove_stage_layout_allocate;
}

static void
alcove_stage_layout_init (AlcoveStageLayout *self)
{
}

/**
 * alcove_stage_layout_new:
 * @spacing: between two tiles, in pixels
 *
 * Returns: (transfer full): a new layout manager
 */
GtkLayoutManager *
alcove_stage_layout_new (int spacing)
{
  AlcoveStageLayout *self = g_object_new (ALCOVE_TYPE_STAGE_LAYOUT, NULL);

  self->spacing = spacing;
  return GTK_LAYOUT_MANAGER (self);
}
