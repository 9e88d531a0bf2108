/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-picture-view"

#include "config.h"

#include "alcove-picture-view.h"

#include <math.h>

#include "alcove-symbol.h"

/* GDK_TOPLEVEL_STATE_SUSPENDED, which newer GTK reports for windows that nobody sees */
#define STATE_SUSPENDED (1 << 16)

/* Less of a device pixel than any scale leaves, and more than is lost by multiplying. */
#define SLACK 1e-3

/* How far a frame may be from the size that was asked for and still be drawn as it is. */
#define TOLERANCE 2

typedef double (*GetScaleFunc) (GdkSurface *surface);

static gpointer
find_get_scale (gpointer data)
{
  return alcove_symbol_find ("gdk_surface_get_scale");
}

static int
get_device_size (int size,
                 double scale)
{
  return (int) floor (size * scale + SLACK);
}

/* Where @length device pixels begin in the middle of @size, seen from @origin. */
static double
get_start (double origin,
           int size,
           int length,
           double scale)
{
  return ceil (origin * scale + (size * scale - length) / 2 - 0.5 - SLACK) / scale - origin;
}

/**
 * alcove_picture_view_is_seen:
 * @state: what is known of a window
 *
 * Returns: whether anybody can see what is in the window
 */
gboolean
alcove_picture_view_is_seen (GdkToplevelState state)
{
  return (state & (GDK_TOPLEVEL_STATE_MINIMIZED | STATE_SUSPENDED)) == 0;
}

/**
 * alcove_picture_view_get_scale:
 * @surface: a window's
 *
 * Returns: device pixels of a pixel; a whole number where GTK knows of no other (before 4.12)
 */
double
alcove_picture_view_get_scale (GdkSurface *surface)
{
  static GOnce once = G_ONCE_INIT;
  GetScaleFunc get_scale = (GetScaleFunc) g_once (&once, find_get_scale, NULL);

  return get_scale != NULL ? get_scale (surface) : gdk_surface_get_scale_factor (surface);
}

/**
 * alcove_picture_view_get_origin:
 * @widget: a widget
 * @origin: (out caller-allocates): where it begins in the surface of its window
 */
void
alcove_picture_view_get_origin (GtkWidget *widget,
                                graphene_point_t *origin)
{
  GtkNative *native = gtk_widget_get_native (widget);
  double x = 0, y = 0;

  if (native == NULL
      || !gtk_widget_compute_point (widget, GTK_WIDGET (native), graphene_point_zero (), origin))
    {
      graphene_point_init (origin, 0, 0);
      return;
    }

  gtk_native_get_surface_transform (native, &x, &y);
  origin->x += (float) x;
  origin->y += (float) y;
}

/**
 * alcove_picture_view_fit:
 * @source_width: of the picture, in any unit; 0 if its shape is not known
 * @source_height: likewise
 * @width: of the space
 * @height: of the space
 * @scale: device pixels of a pixel
 * @fitted_width: (out): in device pixels
 * @fitted_height: (out): in device pixels
 *
 * Finds the largest size of the picture's shape, in whole device pixels, that the space has room for.
 * It does not depend on where the space is, so that nothing is asked anew when a picture moves.
 */
void
alcove_picture_view_fit (int source_width,
                         int source_height,
                         int width,
                         int height,
                         double scale,
                         int *fitted_width,
                         int *fitted_height)
{
  *fitted_width = width = get_device_size (width, scale);
  *fitted_height = height = get_device_size (height, scale);

  if (source_width <= 0 || source_height <= 0 || width <= 0 || height <= 0)
    return;

  if ((gint64) width * source_height > (gint64) height * source_width)
    *fitted_width = MAX ((int) ((gint64) height * source_width / source_height), 1);
  else
    *fitted_height = MAX ((int) ((gint64) width * source_height / source_width), 1);
}

/**
 * alcove_picture_view_place:
 * @frame_width: in device pixels
 * @frame_height: in device pixels
 * @width: of the space
 * @height: of the space
 * @scale: device pixels of a pixel
 * @origin: where the space begins in its surface
 * @bounds: (out caller-allocates): where the frame goes, seen from @origin
 *
 * Puts a frame in the middle of the space, on whole device pixels of the surface. One that has the
 * size of alcove_picture_view_fit(), or nearly so, gets just as many of them as it has itself.
 */
void
alcove_picture_view_place (int frame_width,
                           int frame_height,
                           int width,
                           int height,
                           double scale,
                           const graphene_point_t *origin,
                           graphene_rect_t *bounds)
{
  int fitted_width, fitted_height;

  alcove_picture_view_fit (frame_width, frame_height, width, height, scale, &fitted_width,
                           &fitted_height);

  /* A size rounded on the way to the decoder must not cost a scaling of every frame. */
  if (ABS (frame_width - fitted_width) <= TOLERANCE
      && ABS (frame_height - fitted_height) <= TOLERANCE)
    {
      fitted_width = frame_width;
      fitted_height = frame_height;
    }

  graphene_rect_init (bounds, (float) get_start ((double) origin->x, width, fitted_width, scale),
                      (float) get_start ((double) origin->y, height, fitted_height, scale),
                      (float) (fitted_width / scale), (float) (fitted_height / scale));
}
