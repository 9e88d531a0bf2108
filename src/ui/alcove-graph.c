/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-graph"

#include "config.h"

#include "alcove-graph.h"

#include <math.h>

/**
 * AlcoveGraph:
 *
 * One or two lines of the last minute, and a faint one at the height of alcove_graph_get_top().
 * The newest value is at the right edge; where nothing was known, a line has a gap. Draws nothing
 * of its own accord: only when it is given a value while somebody can see it.
 */

#define MIN_WIDTH 60
#define HEIGHT 48
#define LINE_WIDTH 1.5

/* A line at the very top would lose half of its width. */
#define HEADROOM 1.1

struct _AlcoveGraph {
  GtkWidget parent_instance;

  double values[2][ALCOVE_GRAPH_LENGTH];
  guint n_values;
  guint next;
  double least;
};

G_DEFINE_FINAL_TYPE (AlcoveGraph, alcove_graph, GTK_TYPE_WIDGET)

/* Of middling brightness, so that they can be told from a light and from a dark ground. */
static const GdkRGBA colours[2] = { { 0.21f, 0.52f, 0.89f, 1.0f }, { 0.90f, 0.38f, 0.0f, 1.0f } };
static const GdkRGBA ground = { 0.5f, 0.5f, 0.5f, 0.12f };
static const GdkRGBA mark = { 0.5f, 0.5f, 0.5f, 0.3f };

/* The value of @age seconds ago. */
static double
get_value (AlcoveGraph *self,
           guint line,
           guint age)
{
  guint place = (self->next + ALCOVE_GRAPH_LENGTH - 1 - age) % ALCOVE_GRAPH_LENGTH;

  return self->values[line][place];
}

static double
get_y (AlcoveGraph *self,
       double value,
       double height)
{
  double top = alcove_graph_get_top (self) * HEADROOM;

  return height - LINE_WIDTH / 2.0 - value / top * (height - LINE_WIDTH);
}

static void
draw_line (AlcoveGraph *self,
           cairo_t *cr,
           guint line,
           double width,
           double height)
{
  double step = width / (ALCOVE_GRAPH_LENGTH - 1);
  gboolean drawing = FALSE;

  gdk_cairo_set_source_rgba (cr, &colours[line]);
  for (guint age = 0; age < self->n_values; age++)
    {
      double value = get_value (self, line, age);
      double x = width - age * step;
      double y = get_y (self, value, height);

      if (isnan (value))
        {
          drawing = FALSE;
          continue;
        }
      if (drawing)
        cairo_line_to (cr, x, y);
      else
        {
          cairo_move_to (cr, x, y);
          /* a value between two gaps is a dot */
          cairo_line_to (cr, x - LINE_WIDTH, y);
          cairo_move_to (cr, x, y);
        }
      drawing = TRUE;
    }
  cairo_stroke (cr);
}

static void
alcove_graph_snapshot (GtkWidget *widget,
                       GtkSnapshot *snapshot)
{
  AlcoveGraph *self = ALCOVE_GRAPH (widget);
  float width = (float) gtk_widget_get_width (widget);
  float height = (float) gtk_widget_get_height (widget);
  float top = roundf ((float) get_y (self, alcove_graph_get_top (self), height));
  graphene_rect_t bounds;
  cairo_t *cr;

  graphene_rect_init (&bounds, 0, 0, width, height);
  gtk_snapshot_append_color (snapshot, &ground, &bounds);
  gtk_snapshot_append_color (snapshot, &mark, &GRAPHENE_RECT_INIT (0, top, width, 1));
  if (self->n_values == 0)
    return;

  cr = gtk_snapshot_append_cairo (snapshot, &bounds);
  cairo_set_line_width (cr, LINE_WIDTH);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  for (guint line = G_N_ELEMENTS (self->values); line > 0; line--)
    draw_line (self, cr, line - 1, width, height);
  cairo_destroy (cr);
}

static void
alcove_graph_measure (GtkWidget *widget,
                      GtkOrientation orientation,
                      int for_size,
                      int *minimum,
                      int *natural,
                      int *minimum_baseline,
                      int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? MIN_WIDTH : HEIGHT;
}

static void
alcove_graph_class_init (AlcoveGraphClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = alcove_graph_snapshot;
  widget_class->measure = alcove_graph_measure;

  gtk_widget_class_set_css_name (widget_class, "graph");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
alcove_graph_init (AlcoveGraph *self)
{
  self->least = 1.0;
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

/**
 * alcove_graph_new:
 *
 * Returns: (transfer floating): an empty graph
 */
GtkWidget *
alcove_graph_new (void)
{
  return g_object_new (ALCOVE_TYPE_GRAPH, NULL);
}

/**
 * alcove_graph_set_least:
 * @self: a graph
 * @least: the height stands for no less than this, so that a small ripple looks like one; more
 *   than 0
 */
void
alcove_graph_set_least (AlcoveGraph *self,
                        double least)
{
  self->least = least;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * alcove_graph_add:
 * @self: a graph
 * @first: of the first line; not a number or less than 0 where it is not known
 * @second: of the second line, likewise
 *
 * Adds the values of this second; those of a minute ago go.
 */
void
alcove_graph_add (AlcoveGraph *self,
                  double first,
                  double second)
{
  self->values[0][self->next] = isfinite (first) && first >= 0.0 ? first : NAN;
  self->values[1][self->next] = isfinite (second) && second >= 0.0 ? second : NAN;
  self->next = (self->next + 1) % ALCOVE_GRAPH_LENGTH;
  self->n_values = MIN (self->n_values + 1, ALCOVE_GRAPH_LENGTH);

  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * alcove_graph_clear:
 * @self: a graph
 */
void
alcove_graph_clear (AlcoveGraph *self)
{
  self->n_values = 0;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * alcove_graph_get_n_values:
 * @self: a graph
 *
 * Returns: how many seconds it shows
 */
guint
alcove_graph_get_n_values (AlcoveGraph *self)
{
  return self->n_values;
}

/**
 * alcove_graph_get_top:
 * @self: a graph
 *
 * Returns: the largest value shown, or the least that the height stands for
 */
double
alcove_graph_get_top (AlcoveGraph *self)
{
  double top = self->least;

  for (guint line = 0; line < G_N_ELEMENTS (self->values); line++)
    for (guint age = 0; age < self->n_values; age++)
      if (get_value (self, line, age) > top)
        top = get_value (self, line, age);

  return top;
}
