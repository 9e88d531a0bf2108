/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-frame-planes"

#include "config.h"

#include "alcove-frame-planes.h"

/* What every graphics card takes for one texture. */
#define MAX_SIDE 4096

/* A card mixes the four pixels next to a point. Of a picture that is drawn in less than half its
 * size it would leave some out; our own scaling means all of them. */
#define MAX_SHRINK 2

static gboolean
get_colours (const GstVideoColorimetry *colours,
             AlcoveFramePlanes *planes)
{
  planes->full_range = colours->range == GST_VIDEO_COLOR_RANGE_0_255;

  switch (colours->matrix)
    {
    case GST_VIDEO_COLOR_MATRIX_UNKNOWN:
    case GST_VIDEO_COLOR_MATRIX_BT601:
      planes->bt709 = FALSE;
      return TRUE;
    case GST_VIDEO_COLOR_MATRIX_BT709:
      planes->bt709 = TRUE;
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
get_format (const GstVideoInfo *info,
            AlcoveFrameFormat *format)
{
  switch (GST_VIDEO_INFO_FORMAT (info))
    {
    case GST_VIDEO_FORMAT_I420:
      *format = ALCOVE_FRAME_FORMAT_I420;
      return TRUE;
    case GST_VIDEO_FORMAT_NV12:
      *format = ALCOVE_FRAME_FORMAT_NV12;
      return TRUE;
    default:
      return FALSE;
    }
}

/* Memory of a driver is slow to read or wanted back soon, and so is a buffer of a pool that has only
 * so many. What is in ordinary memory can be kept for as long as it is drawn. */
static gboolean
is_lasting (GstBuffer *buffer)
{
  g_autoptr (GstStructure) config = NULL;
  guint max = 0;

  if (gst_buffer_n_memory (buffer) != 1
      || !gst_memory_is_type (gst_buffer_peek_memory (buffer, 0), GST_ALLOCATOR_SYSMEM))
    return FALSE;
  if (buffer->pool == NULL)
    return TRUE;

  config = gst_buffer_pool_get_config (buffer->pool);
  return gst_buffer_pool_config_get_params (config, NULL, NULL, NULL, &max) && max == 0;
}

static gboolean
is_plain (GstVideoFrame *picture,
          int width,
          int height)
{
  const GstVideoInfo *info = &picture->info;

  /* half a pixel of colour is nothing that GTK knows */
  return info->width > 0 && info->height > 0 && info->width % 2 == 0 && info->height % 2 == 0
         && info->width <= MAX_SIDE && info->height <= MAX_SIDE
         && info->width <= MAX_SHRINK * width && info->height <= MAX_SHRINK * height
         && MAX (info->par_n, 1) == MAX (info->par_d, 1) && !GST_VIDEO_FRAME_IS_INTERLACED (picture)
         && GST_VIDEO_INFO_MULTIVIEW_MODE (info) <= GST_VIDEO_MULTIVIEW_MODE_MONO
         && picture->buffer != NULL
         && gst_buffer_get_video_crop_meta (picture->buffer) == NULL;
}

static void
unmap_cb (gpointer data)
{
  GstVideoFrame *held = data;

  gst_video_frame_unmap (held);
  g_free (held);
}

/* The part of the memory that holds the planes; takes @held. */
static GBytes *
wrap (GstVideoFrame *held,
      AlcoveFramePlanes *planes)
{
  gsize begin = G_MAXSIZE, end = 0;
  guintptr start;
  GstMapInfo map;

  /* the memory is mapped already, so that this gives the same place again */
  if (!gst_buffer_map (held->buffer, &map, GST_MAP_READ))
    {
      unmap_cb (held);
      return NULL;
    }
  start = (guintptr) map.data;
  gst_buffer_unmap (held->buffer, &map);

  for (guint i = 0; i < GST_VIDEO_FRAME_N_PLANES (held); i++)
    {
      gint comp[GST_VIDEO_MAX_COMPONENTS];
      int stride = GST_VIDEO_FRAME_PLANE_STRIDE (held, i);
      guintptr at = (guintptr) GST_VIDEO_FRAME_PLANE_DATA (held, i);
      gsize size;

      gst_video_format_info_component (held->info.finfo, i, comp);
      if (stride <= 0 || at < start
          || stride < GST_VIDEO_FRAME_COMP_WIDTH (held, comp[0])
                          * GST_VIDEO_FRAME_COMP_PSTRIDE (held, comp[0]))
        break;

      planes->stride[i] = (gsize) stride;
      planes->offset[i] = at - start;
      size = (gsize) stride * (gsize) GST_VIDEO_FRAME_COMP_HEIGHT (held, comp[0]);
      if (planes->offset[i] > map.size || size > map.size - planes->offset[i])
        break;
      begin = MIN (begin, planes->offset[i]);
      end = MAX (end, planes->offset[i] + size);
      if (i + 1 < GST_VIDEO_FRAME_N_PLANES (held))
        continue;

      for (guint j = 0; j <= i; j++)
        planes->offset[j] -= begin;
      return g_bytes_new_with_free_func ((const guint8 *) start + begin, end - begin, unmap_cb,
                                         held);
    }

  unmap_cb (held);
  return NULL;
}

/**
 * alcove_frame_planes_keep:
 * @picture: a mapped picture of any format
 * @width: device pixels in which it is to be drawn
 * @height: likewise
 * @time: when it was decoded, monotonic microseconds
 *
 * Makes a frame of the picture as it is, without a copy. Its buffer is kept, mapped for reading, until
 * the frame is unreferenced. May be called from any thread.
 *
 * Returns: (transfer full) (nullable): a frame; %NULL for a picture that has to be converted, because
 *   its format, colours, shape or memory are such, or because it is drawn much smaller
 */
AlcoveFrame *
alcove_frame_planes_keep (GstVideoFrame *picture,
                          int width,
                          int height,
                          gint64 time)
{
  g_autoptr (GBytes) pixels = NULL;
  AlcoveFramePlanes planes = { 0 };
  AlcoveFrameFormat format;
  GstVideoFrame *held;

  if (!get_format (&picture->info, &format)
      || !get_colours (&picture->info.colorimetry, &planes) || !is_plain (picture, width, height)
      || !is_lasting (picture->buffer))
    return NULL;

  held = g_new0 (GstVideoFrame, 1);
  if (!gst_video_frame_map (held, &picture->info, picture->buffer, GST_MAP_READ))
    {
      g_free (held);
      return NULL;
    }

  pixels = wrap (held, &planes);
  if (pixels == NULL)
    return NULL;

  return alcove_frame_new_planar (pixels, format, &planes, picture->info.width,
                                  picture->info.height, time);
}

/**
 * alcove_frame_planes_flatten:
 * @frame: a frame of any format
 * @converter: what converts it
 *
 * Returns: (transfer full) (nullable): the same picture as BGRA, in the same size
 */
AlcoveFrame *
alcove_frame_planes_flatten (AlcoveFrame *frame,
                             AlcoveFrameConverter *converter)
{
  GstVideoFormat format = frame->format == ALCOVE_FRAME_FORMAT_NV12 ? GST_VIDEO_FORMAT_NV12
                                                                    : GST_VIDEO_FORMAT_I420;
  guint8 *pixels = (guint8 *) g_bytes_get_data (frame->pixels, NULL);
  GstVideoFrame picture = { 0 };

  if (frame->format == ALCOVE_FRAME_FORMAT_BGRA)
    return alcove_frame_ref (frame);

  gst_video_info_set_format (&picture.info, format, (guint) frame->width, (guint) frame->height);
  picture.info.colorimetry.matrix = frame->planes.bt709 ? GST_VIDEO_COLOR_MATRIX_BT709
                                                        : GST_VIDEO_COLOR_MATRIX_BT601;
  picture.info.colorimetry.range = frame->planes.full_range ? GST_VIDEO_COLOR_RANGE_0_255
                                                            : GST_VIDEO_COLOR_RANGE_16_235;
  for (guint i = 0; i < GST_VIDEO_INFO_N_PLANES (&picture.info); i++)
    {
      picture.info.offset[i] = frame->planes.offset[i];
      picture.info.stride[i] = (gint) frame->planes.stride[i];
      picture.data[i] = pixels + frame->planes.offset[i];
    }

  /* it is only read, and by nobody who asks for its buffer */
  return alcove_frame_converter_convert (converter, &picture, frame->width, frame->height, FALSE,
                                         frame->time);
}
