/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-frame-convert"

#include "config.h"

#include "alcove-frame-convert.h"

#include "alcove-frame-yuv.h"

/* No screen is larger; keeps a stranger's odd aspect ratio from asking for gigabytes. */
#define MAX_SIDE 8192

/* One being drawn, one waiting in the slot, one being filled. */
#define MAX_SPARE 3

/* Pixels outlive the converter while a widget still draws them, so what is shared is counted. */
typedef struct {
  GMutex lock;
  gsize size;
  GPtrArray *spare;
} Pool;

typedef struct {
  Pool *pool;
  gpointer data;
  gsize size;
} Block;

struct _AlcoveFrameConverter {
  Pool *pool;
  AlcoveFrameYuv *yuv;
  GstVideoConverter *converter;
  GstVideoInfo in;
  GstVideoInfo out;
};

static void
pool_clear (gpointer data)
{
  Pool *pool = data;

  g_ptr_array_unref (pool->spare);
  g_mutex_clear (&pool->lock);
}

static gpointer
pool_take (Pool *pool,
           gsize size)
{
  gpointer data = NULL;

  g_mutex_lock (&pool->lock);
  if (pool->size != size)
    {
      g_ptr_array_set_size (pool->spare, 0);
      pool->size = size;
    }
  if (pool->spare->len > 0)
    data = g_ptr_array_steal_index_fast (pool->spare, pool->spare->len - 1);
  g_mutex_unlock (&pool->lock);

  return data != NULL ? data : g_malloc (size);
}

static void
block_free (gpointer data)
{
  Block *block = data;
  Pool *pool = block->pool;

  g_mutex_lock (&pool->lock);
  if (pool->size == block->size && pool->spare->len < MAX_SPARE)
    g_ptr_array_add (pool->spare, g_steal_pointer (&block->data));
  g_mutex_unlock (&pool->lock);

  g_free (block->data);
  g_free (block);
  g_atomic_rc_box_release_full (pool, pool_clear);
}

/* The largest size of the picture's aspect ratio within the given one. */
static void
fit (const GstVideoInfo *in,
     int width,
     int height,
     int *out_width,
     int *out_height)
{
  gint64 display_width = (gint64) in->width * MAX (in->par_n, 1);
  gint64 display_height = (gint64) in->height * MAX (in->par_d, 1);

  if ((gint64) width * display_height > (gint64) height * display_width)
    {
      *out_height = height;
      *out_width = (int) ((height * display_width + display_height / 2) / display_height);
    }
  else
    {
      *out_width = width;
      *out_height = (int) ((width * display_height + display_width / 2) / display_width);
    }

  *out_width = CLAMP (*out_width, 1, MAX_SIDE);
  *out_height = CLAMP (*out_height, 1, MAX_SIDE);
}

static gboolean
prepare (AlcoveFrameConverter *self,
         const GstVideoInfo *in,
         int width,
         int height)
{
  int out_width, out_height;

  fit (in, width, height, &out_width, &out_height);
  if (self->out.width == out_width && self->out.height == out_height
      && gst_video_info_is_equal (&self->in, in))
    return TRUE;

  g_clear_pointer (&self->converter, gst_video_converter_free);
  self->in = *in;
  if (!gst_video_info_set_format (&self->out, GST_VIDEO_FORMAT_BGRA, (guint) out_width,
                                  (guint) out_height))
    return FALSE;
  /* the converter refuses pictures of different rates */
  self->out.fps_n = in->fps_n;
  self->out.fps_d = in->fps_d;
  self->out.interlace_mode = in->interlace_mode;
  return TRUE;
}

/* Any kind of picture, at several times the cost of libyuv. */
static gboolean
draw (AlcoveFrameConverter *self,
      GstVideoFrame *picture,
      gpointer data)
{
  g_autoptr (GstBuffer) buffer = NULL;
  GstVideoFrame out;

  if (self->converter == NULL)
    self->converter = gst_video_converter_new (
        &self->in, &self->out,
        gst_structure_new ("alcove", GST_VIDEO_CONVERTER_OPT_RESAMPLER_METHOD,
                           GST_TYPE_VIDEO_RESAMPLER_METHOD, GST_VIDEO_RESAMPLER_METHOD_LINEAR,
                           GST_VIDEO_CONVERTER_OPT_THREADS, G_TYPE_UINT, 1, NULL));
  if (self->converter == NULL)
    return FALSE;

  buffer = gst_buffer_new_wrapped_full (0, data, self->out.size, 0, self->out.size, NULL, NULL);
  if (!gst_video_frame_map (&out, &self->out, buffer, GST_MAP_WRITE))
    return FALSE;
  gst_video_converter_frame (self->converter, picture, &out);
  gst_video_frame_unmap (&out);
  return TRUE;
}

/**
 * alcove_frame_converter_new:
 *
 * Returns: (transfer full): a converter
 */
AlcoveFrameConverter *
alcove_frame_converter_new (void)
{
  AlcoveFrameConverter *self = g_new0 (AlcoveFrameConverter, 1);

  self->pool = g_atomic_rc_box_new0 (Pool);
  g_mutex_init (&self->pool->lock);
  self->pool->spare = g_ptr_array_new_with_free_func (g_free);
  self->yuv = alcove_frame_yuv_new ();
  return self;
}

/**
 * alcove_frame_converter_convert:
 * @self: a converter
 * @picture: a mapped picture of any format
 * @width: device pixels to fit it into
 * @height: likewise
 * @mirrored: whether left and right should be exchanged, if that is cheap; `mirrored` of the frame
 *   tells if they are
 * @time: when it was decoded, monotonic microseconds
 *
 * Scales and converts in one go, keeping the aspect ratio.
 *
 * Returns: (transfer full) (nullable): the frame; %NULL for a picture that can't be converted
 */
AlcoveFrame *
alcove_frame_converter_convert (AlcoveFrameConverter *self,
                                GstVideoFrame *picture,
                                int width,
                                int height,
                                gboolean mirrored,
                                gint64 time)
{
  g_autoptr (GBytes) pixels = NULL;
  AlcoveFrame *frame;
  Block *block;
  gsize stride;

  if (!prepare (self, &picture->info, width, height))
    return NULL;

  block = g_new0 (Block, 1);
  block->size = self->out.size;
  block->data = pool_take (self->pool, block->size);
  block->pool = g_atomic_rc_box_acquire (self->pool);
  pixels = g_bytes_new_with_free_func (block->data, block->size, block_free, block);

  stride = (gsize) GST_VIDEO_INFO_PLANE_STRIDE (&self->out, 0);
  if (!alcove_frame_yuv_draw (self->yuv, picture, block->data, stride, self->out.width,
                              self->out.height, mirrored))
    {
      mirrored = FALSE;
      if (!draw (self, picture, block->data))
        return NULL;
    }

  frame = alcove_frame_new (pixels, self->out.width, self->out.height, stride, time);
  frame->mirrored = mirrored;
  return frame;
}

/**
 * alcove_frame_converter_free:
 * @self: (transfer full): a converter
 */
void
alcove_frame_converter_free (AlcoveFrameConverter *self)
{
  g_clear_pointer (&self->converter, gst_video_converter_free);
  alcove_frame_yuv_free (self->yuv);
  g_atomic_rc_box_release_full (self->pool, pool_clear);
  g_free (self);
}
