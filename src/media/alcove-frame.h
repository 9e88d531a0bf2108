/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* No picture has a side as long as this. */
#define ALCOVE_FRAME_WHOLE 16384

#define ALCOVE_FRAME_MAX_PLANES 3

/**
 * AlcoveFrameFormat:
 * @ALCOVE_FRAME_FORMAT_BGRA: one plane, opaque, so equal to premultiplied
 *   (`GDK_MEMORY_DEFAULT` on little-endian machines)
 * @ALCOVE_FRAME_FORMAT_I420: a plane each of Y, U and V, the latter two of half the size
 * @ALCOVE_FRAME_FORMAT_NV12: a plane of Y and one of U and V by turns, of half the size
 *
 * How the bytes of a frame are meant.
 */
typedef enum {
  ALCOVE_FRAME_FORMAT_BGRA,
  ALCOVE_FRAME_FORMAT_I420,
  ALCOVE_FRAME_FORMAT_NV12,
} AlcoveFrameFormat;

/**
 * AlcoveFramePlanes:
 * @offset: of each plane, in bytes
 * @stride: of each plane, bytes from one row to the next
 * @bt709: whether the colours are those of ITU-R BT.709, else of BT.601
 * @full_range: whether black is 0, else 16
 *
 * What there is to know of a frame that is not BGRA.
 */
typedef struct {
  gsize offset[ALCOVE_FRAME_MAX_PLANES];
  gsize stride[ALCOVE_FRAME_MAX_PLANES];
  gboolean bt709;
  gboolean full_range;
} AlcoveFramePlanes;

/**
 * AlcoveFrame:
 * @pixels: the picture, read-only
 * @width: in pixels
 * @height: in pixels
 * @stride: bytes from one row to the next, of the first plane
 * @mirrored: whether left and right are exchanged already, as the slot asked for
 * @time: when it was decoded, monotonic microseconds
 * @format: what @pixels are
 * @planes: where they are, unless they are BGRA
 *
 * One decoded picture. Scaled to the size its slot asked for if it is BGRA, else as it was decoded.
 * Atomically reference counted.
 */
typedef struct _AlcoveFrame AlcoveFrame;
struct _AlcoveFrame {
  GBytes *pixels;
  int width;
  int height;
  gsize stride;
  gboolean mirrored;
  gint64 time;
  AlcoveFrameFormat format;
  AlcoveFramePlanes planes;
};

AlcoveFrame *alcove_frame_new        (GBytes                  *pixels,
                                      int                      width,
                                      int                      height,
                                      gsize                    stride,
                                      gint64                   time);
AlcoveFrame *alcove_frame_new_planar (GBytes                  *pixels,
                                      AlcoveFrameFormat        format,
                                      const AlcoveFramePlanes *planes,
                                      int                      width,
                                      int                      height,
                                      gint64                   time);
AlcoveFrame *alcove_frame_ref        (AlcoveFrame             *self);
void         alcove_frame_unref      (AlcoveFrame             *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlcoveFrame, alcove_frame_unref)

G_END_DECLS
