/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-frame-painter"

#include "config.h"

#include "alcove-frame-painter.h"

#include "alcove-frame-planes.h"
#include "alcove-plane-texture.h"

#define BYTES_PER_PIXEL 4

#define DIM_BRIGHTNESS 0.4f

/*
 * A renderer on a graphics card gets a texture, uploaded once; of the decoder's own planes where it can
 * draw them, which are fewer bytes. Without a card GTK draws by
 * cairo, and there a texture is costly: GTK 4.8 takes a copy of it by way of floating-point
 * numbers, even when nothing has to be converted, and blends it. Cairo can draw right from
 * the frame's own pixels.
 */
struct _AlcoveFramePainter {
  AlcoveFrame *frame;
  AlcoveFrame *flat; /* the same as BGRA, once it was needed */
  GdkTexture *texture;

  /* Of this frame, and of the one before: what is on the screen refers to that one until the next
   * snapshot is drawn, and a surface that goes away while somebody refers to it is copied. */
  cairo_surface_t *surface;
  cairo_surface_t *previous;
};

static const cairo_user_data_key_t frame_key;

static cairo_surface_t *
make_surface (AlcoveFrame *frame)
{
  /* without an alpha channel it is copied, not blended */
  cairo_surface_t *surface = cairo_image_surface_create_for_data (
      (guchar *) g_bytes_get_data (frame->pixels, NULL), CAIRO_FORMAT_RGB24, frame->width,
      frame->height, (int) frame->stride);

  cairo_surface_set_user_data (surface, &frame_key, alcove_frame_ref (frame),
                               (cairo_destroy_func_t) alcove_frame_unref);
  return surface;
}

static GdkTexture *
make_texture (AlcoveFrame *frame)
{
  return gdk_memory_texture_new (frame->width, frame->height, GDK_MEMORY_DEFAULT, frame->pixels,
                                 frame->stride);
}

static AlcoveFrame *
get_flat (AlcoveFramePainter *self)
{
  if (self->flat == NULL && self->frame != NULL)
    {
      g_autoptr (AlcoveFrameConverter) converter = alcove_frame_converter_new ();

      self->flat = alcove_frame_planes_flatten (self->frame, converter);
    }

  return self->flat;
}

static GdkTexture *
get_texture (AlcoveFramePainter *self,
             GskRenderer *renderer)
{
  if (self->texture == NULL && renderer != NULL && self->frame->format != ALCOVE_FRAME_FORMAT_BGRA)
    self->texture = alcove_plane_texture_new (renderer, self->frame);
  if (self->texture == NULL && get_flat (self) != NULL)
    self->texture = make_texture (self->flat);

  return self->texture;
}

static void
append_surface (AlcoveFramePainter *self,
                AlcoveFrame *frame,
                GtkSnapshot *snapshot,
                const graphene_rect_t *bounds,
                double scale)
{
  double scale_x = (double) bounds->size.width / frame->width;
  double scale_y = (double) bounds->size.height / frame->height;
  gboolean exact = G_APPROX_VALUE (scale_x * scale, 1.0, 1e-6)
                   && G_APPROX_VALUE (scale_y * scale, 1.0, 1e-6);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, bounds);

  if (self->surface == NULL)
    self->surface = make_surface (frame);

  cairo_translate (cr, (double) bounds->origin.x, (double) bounds->origin.y);
  cairo_scale (cr, scale_x, scale_y);
  cairo_set_operator (cr, CAIRO_OPERATOR_SOURCE);
  cairo_set_source_surface (cr, self->surface, 0.0, 0.0);
  cairo_pattern_set_filter (cairo_get_source (cr),
                            exact ? CAIRO_FILTER_NEAREST : CAIRO_FILTER_BILINEAR);
  cairo_rectangle (cr, 0.0, 0.0, frame->width, frame->height);
  cairo_fill (cr);
  cairo_destroy (cr);
}

static void
push_dimmed (GtkSnapshot *snapshot)
{
  graphene_matrix_t matrix;
  graphene_vec4_t offset;
  const float r = 0.299f * DIM_BRIGHTNESS, g = 0.587f * DIM_BRIGHTNESS, b = 0.114f * DIM_BRIGHTNESS;
  const float values[16] = { r, r, r, 0, g, g, g, 0, b, b, b, 0, 0, 0, 0, 1 };

  graphene_matrix_init_from_float (&matrix, values);
  graphene_vec4_init (&offset, 0, 0, 0, 0);
  gtk_snapshot_push_color_matrix (snapshot, &matrix, &offset);
}

/**
 * alcove_frame_painter_new:
 *
 * Returns: (transfer full): a painter without a frame
 */
AlcoveFramePainter *
alcove_frame_painter_new (void)
{
  return g_new0 (AlcoveFramePainter, 1);
}

/**
 * alcove_frame_painter_set_frame:
 * @self: a painter
 * @frame: (nullable) (transfer none): what is drawn from now on
 */
void
alcove_frame_painter_set_frame (AlcoveFramePainter *self,
                                AlcoveFrame *frame)
{
  if (self->frame == frame)
    return;

  g_clear_pointer (&self->previous, cairo_surface_destroy);
  self->previous = g_steal_pointer (&self->surface);
  g_clear_object (&self->texture);
  g_clear_pointer (&self->flat, alcove_frame_unref);
  g_clear_pointer (&self->frame, alcove_frame_unref);
  if (frame != NULL)
    self->frame = alcove_frame_ref (frame);
}

/**
 * alcove_frame_painter_get_frame:
 * @self: a painter
 *
 * Returns: (transfer none) (nullable): what is drawn
 */
AlcoveFrame *
alcove_frame_painter_get_frame (AlcoveFramePainter *self)
{
  return self->frame;
}

/**
 * alcove_frame_painter_make_texture:
 * @self: a painter
 *
 * Returns: (transfer full) (nullable): the frame as a picture to keep, never mirrored
 */
GdkTexture *
alcove_frame_painter_make_texture (AlcoveFramePainter *self)
{
  AlcoveFrame *frame = get_flat (self);
  g_autoptr (GBytes) pixels = NULL;
  const guint8 *from;
  guint8 *to;
  gsize stride;

  if (frame == NULL || !frame->mirrored)
    return frame != NULL ? make_texture (frame) : NULL;

  from = g_bytes_get_data (frame->pixels, NULL);
  stride = (gsize) frame->width * BYTES_PER_PIXEL;
  to = g_malloc (stride * (gsize) frame->height);
  pixels = g_bytes_new_take (to, stride * (gsize) frame->height);
  for (int y = 0; y < frame->height; y++)
    for (int x = 0; x < frame->width; x++)
      memcpy (to + (gsize) y * stride + (gsize) (frame->width - 1 - x) * BYTES_PER_PIXEL,
              from + (gsize) y * frame->stride + (gsize) x * BYTES_PER_PIXEL, BYTES_PER_PIXEL);

  return gdk_memory_texture_new (frame->width, frame->height, GDK_MEMORY_DEFAULT, pixels, stride);
}

/**
 * alcove_frame_painter_append:
 * @self: a painter with a frame
 * @snapshot: what a widget is drawn to
 * @renderer: (nullable): what draws the widget's window
 * @bounds: where the frame goes
 * @scale: device pixels of a pixel
 * @look: how it is to be seen; a frame that was mirrored on its way is not mirrored again
 */
void
alcove_frame_painter_append (AlcoveFramePainter *self,
                             GtkSnapshot *snapshot,
                             GskRenderer *renderer,
                             const graphene_rect_t *bounds,
                             double scale,
                             AlcoveFrameLook look)
{
  gboolean flipped, dimmed = (look & ALCOVE_FRAME_LOOK_DIMMED) != 0;

  if (self->frame == NULL)
    return;

  flipped = ((look & ALCOVE_FRAME_LOOK_MIRRORED) != 0) != self->frame->mirrored;
  if (flipped)
    {
      /* about its own middle, so that it stays on the same pixels */
      gtk_snapshot_save (snapshot);
      gtk_snapshot_translate (
          snapshot, &GRAPHENE_POINT_INIT (2 * bounds->origin.x + bounds->size.width, 0.0f));
      gtk_snapshot_scale (snapshot, -1.0f, 1.0f);
    }
  if (dimmed)
    push_dimmed (snapshot);

  if (renderer != NULL && GSK_IS_CAIRO_RENDERER (renderer))
    {
      if (get_flat (self) != NULL)
        append_surface (self, self->flat, snapshot, bounds, scale);
    }
  else if (get_texture (self, renderer) != NULL)
    gtk_snapshot_append_texture (snapshot, self->texture, bounds);

  if (dimmed)
    gtk_snapshot_pop (snapshot);
  if (flipped)
    gtk_snapshot_restore (snapshot);
}

/**
 * alcove_frame_painter_free:
 * @self: (transfer full): a painter
 */
void
alcove_frame_painter_free (AlcoveFramePainter *self)
{
  alcove_frame_painter_set_frame (self, NULL);
  g_clear_pointer (&self->previous, cairo_surface_destroy);
  g_free (self);
}
