/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-frame"

#include "config.h"

#include "alcove-frame.h"

static void
frame_clear (gpointer data)
{
  AlcoveFrame *self = data;

  g_bytes_unref (self->pixels);
}

/**
 * alcove_frame_new:
 * @pixels: BGRA rows
 * @width: in pixels
 * @height: in pixels
 * @stride: bytes from one row to the next
 * @time: when it was decoded, monotonic microseconds
 *
 * Takes a reference to @pixels. May be called from any thread.
 *
 * Returns: (transfer full): a frame
 */
AlcoveFrame *
alcove_frame_new (GBytes *pixels,
                  int width,
                  int height,
                  gsize stride,
                  gint64 time)
{
  AlcoveFrame *self = g_atomic_rc_box_new0 (AlcoveFrame);

  self->pixels = g_bytes_ref (pixels);
  self->width = width;
  self->height = height;
  self->stride = stride;
  self->time = time;
  return self;
}

/**
 * alcove_frame_new_planar:
 * @pixels: the planes, each whole
 * @format: any but BGRA
 * @planes: where they are
 * @width: in pixels
 * @height: in pixels
 * @time: when it was decoded, monotonic microseconds
 *
 * Takes a reference to @pixels. May be called from any thread.
 *
 * Returns: (transfer full): a frame
 */
AlcoveFrame *
alcove_frame_new_planar (GBytes *pixels,
                         AlcoveFrameFormat format,
                         const AlcoveFramePlanes *planes,
                         int width,
                         int height,
                         gint64 time)
{
  AlcoveFrame *self = alcove_frame_new (pixels, width, height, planes->stride[0], time);

  self->format = format;
  self->planes = *planes;
  return self;
}

/**
 * alcove_frame_ref:
 * @self: a frame
 *
 * Returns: (transfer full): the same
 */
AlcoveFrame *
alcove_frame_ref (AlcoveFrame *self)
{
  return g_atomic_rc_box_acquire (self);
}

/**
 * alcove_frame_unref:
 * @self: (transfer full): a frame
 */
void
alcove_frame_unref (AlcoveFrame *self)
{
  g_atomic_rc_box_release_full (self, frame_clear);
}
