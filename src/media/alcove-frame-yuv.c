/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-frame-yuv"

#include "config.h"

#include "alcove-frame-yuv.h"

#ifdef HAVE_LIBYUV
#include <libyuv.h>

/* Its sums of the pixels that become one overflow far beyond this; no tile is that small. */
#define MAX_SHRINK 16
#endif

struct _AlcoveFrameYuv {
  /* two pictures in the size of the screen: scaled, and mirrored */
  guint8 *scratch;
  gsize size;
};

#ifdef HAVE_LIBYUV

typedef struct {
  guint8 *data[3];
  int stride[3];
} Planes;

/* How the colours are meant, or NULL if libyuv has no table for that. */
static const struct YuvConstants *
find_constants (const GstVideoColorimetry *colours)
{
  gboolean full = colours->range == GST_VIDEO_COLOR_RANGE_0_255;

  switch (colours->matrix)
    {
    case GST_VIDEO_COLOR_MATRIX_UNKNOWN:
    case GST_VIDEO_COLOR_MATRIX_BT601:
      return full ? &kYuvJPEGConstants : &kYuvI601Constants;
    case GST_VIDEO_COLOR_MATRIX_BT709:
      return full ? &kYuvF709Constants : &kYuvH709Constants;
    default:
      return NULL;
    }
}

static gsize
get_size (int width,
          int height)
{
  gsize chroma = (gsize) ((width + 1) / 2) * (gsize) ((height + 1) / 2);

  return (gsize) width * (gsize) height + 2 * chroma;
}

static Planes
lay_out (guint8 *data,
         int width,
         int height)
{
  int chroma_width = (width + 1) / 2;
  guint8 *chroma = data + (gsize) width * (gsize) height;

  return (Planes){
    .data = { data, chroma, chroma + (gsize) chroma_width * (gsize) ((height + 1) / 2) },
    .stride = { width, chroma_width, chroma_width },
  };
}

static guint8 *
reserve (AlcoveFrameYuv *self,
         gsize size)
{
  if (self->size != size)
    {
      g_free (self->scratch);
      self->scratch = g_malloc (size);
      self->size = size;
    }

  return self->scratch;
}

static gboolean
scale (const Planes *from,
       int from_width,
       int from_height,
       const Planes *to,
       int width,
       int height)
{
  return I420Scale (from->data[0], from->stride[0], from->data[1], from->stride[1], from->data[2],
                    from->stride[2], from_width, from_height, to->data[0], to->stride[0],
                    to->data[1], to->stride[1], to->data[2], to->stride[2], width, height,
                    kFilterBox)
         == 0;
}

static gboolean
mirror (const Planes *from,
        const Planes *to,
        int width,
        int height)
{
  return I420Mirror (from->data[0], from->stride[0], from->data[1], from->stride[1],
                     from->data[2], from->stride[2], to->data[0], to->stride[0], to->data[1],
                     to->stride[1], to->data[2], to->stride[2], width, height)
         == 0;
}

static gboolean
draw (AlcoveFrameYuv *self,
      GstVideoFrame *picture,
      guint8 *pixels,
      gsize stride,
      int width,
      int height,
      gboolean mirrored)
{
  int from_width = GST_VIDEO_FRAME_WIDTH (picture);
  int from_height = GST_VIDEO_FRAME_HEIGHT (picture);
  gboolean scaled = from_width != width || from_height != height;
  gsize size = get_size (width, height);
  const struct YuvConstants *constants = find_constants (&picture->info.colorimetry);
  Planes planes;

  if (GST_VIDEO_FRAME_FORMAT (picture) != GST_VIDEO_FORMAT_I420 || constants == NULL
      || GST_VIDEO_FRAME_IS_INTERLACED (picture) || from_width > MAX_SHRINK * width
      || from_height > MAX_SHRINK * height)
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (planes.data); i++)
    {
      planes.data[i] = GST_VIDEO_FRAME_PLANE_DATA (picture, i);
      planes.stride[i] = GST_VIDEO_FRAME_PLANE_STRIDE (picture, i);
    }

  /* while there are three planes of few bits, not four bytes a pixel */
  if (scaled)
    {
      Planes to = lay_out (reserve (self, 2 * size), width, height);

      if (!scale (&planes, from_width, from_height, &to, width, height))
        return FALSE;
      planes = to;
    }
  if (mirrored)
    {
      Planes to = lay_out (reserve (self, 2 * size) + size, width, height);

      if (!mirror (&planes, &to, width, height))
        return FALSE;
      planes = to;
    }

  /* what libyuv calls ARGB is a number; its bytes are B, G, R, A */
  return I420ToARGBMatrix (planes.data[0], planes.stride[0], planes.data[1], planes.stride[1],
                           planes.data[2], planes.stride[2], pixels, (int) stride, constants,
                           width, height)
         == 0;
}

#endif

/**
 * alcove_frame_yuv_new:
 *
 * Returns: (transfer full): a scaler
 */
AlcoveFrameYuv *
alcove_frame_yuv_new (void)
{
  return g_new0 (AlcoveFrameYuv, 1);
}

/**
 * alcove_frame_yuv_draw:
 * @self: a scaler
 * @picture: a mapped picture
 * @pixels: (out caller-allocates): where BGRA goes, opaque
 * @stride: bytes from one row to the next
 * @width: to scale it to
 * @height: likewise
 * @mirrored: whether left and right are exchanged
 *
 * Returns: %FALSE for a picture of a kind that it can't draw, or where there is no libyuv
 */
gboolean
alcove_frame_yuv_draw (AlcoveFrameYuv *self,
                       GstVideoFrame *picture,
                       guint8 *pixels,
                       gsize stride,
                       int width,
                       int height,
                       gboolean mirrored)
{
#ifdef HAVE_LIBYUV
  return draw (self, picture, pixels, stride, width, height, mirrored);
#else
  return FALSE;
#endif
}

/**
 * alcove_frame_yuv_free:
 * @self: (transfer full): a scaler
 */
void
alcove_frame_yuv_free (AlcoveFrameYuv *self)
{
  g_free (self->scratch);
  g_free (self);
}
