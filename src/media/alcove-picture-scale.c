/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-picture-scale"

#include "config.h"

#include "alcove-picture-scale.h"

#include <gst/video/gstvideopool.h>

/* What encoders hold at most; more are made when they hold more. */
#define MIN_BUFFERS 3

struct _AlcovePictureScaler {
  GstVideoInfo in;
  GstVideoInfo out;
  GstVideoConverter *converter;
  GstBufferPool *pool;
};

/**
 * alcove_picture_place:
 * @picture: its size counts
 * @space: where it is to be
 * @place: (out): the largest part of @space that has the shape of @picture, in the middle; half the
 *   pixels have a colour, so all is even
 */
void
alcove_picture_place (const GstVideoRectangle *picture,
                      const GstVideoRectangle *space,
                      GstVideoRectangle *place)
{
  gst_video_sink_center_rect (*picture, *space, place, TRUE);
  place->x &= ~1;
  place->y &= ~1;
  place->w = MAX (place->w & ~1, 2);
  place->h = MAX (place->h & ~1, 2);
}

/**
 * alcove_picture_set_size:
 * @picture: (transfer none): I420 without gaps, writable
 * @width: its size
 * @height: likewise
 *
 * For pictures that are not of the size their taker knows of.
 */
void
alcove_picture_set_size (GstBuffer *picture,
                         int width,
                         int height)
{
  gst_buffer_add_video_meta (picture, GST_VIDEO_FRAME_FLAG_NONE, GST_VIDEO_FORMAT_I420,
                             (guint) width, (guint) height);
}

/**
 * alcove_picture_get_size:
 * @picture: (transfer none): a picture
 * @width: (inout): its size; as it was where @picture says nothing of it
 * @height: (inout): likewise
 */
void
alcove_picture_get_size (GstBuffer *picture,
                         int *width,
                         int *height)
{
  GstVideoMeta *meta = gst_buffer_get_video_meta (picture);

  if (meta == NULL)
    return;

  *width = (int) meta->width;
  *height = (int) meta->height;
}

static AlcovePictureScaler *
make (int from_width,
      int from_height,
      int to_width,
      int to_height,
      const GstVideoRectangle *place)
{
  AlcovePictureScaler *self = g_new0 (AlcovePictureScaler, 1);
  g_autoptr (GstCaps) caps = NULL;
  GstStructure *options
      = gst_structure_new ("scaling", GST_VIDEO_CONVERTER_OPT_RESAMPLER_METHOD,
                           GST_TYPE_VIDEO_RESAMPLER_METHOD, GST_VIDEO_RESAMPLER_METHOD_LINEAR,
                           GST_VIDEO_CONVERTER_OPT_THREADS, G_TYPE_UINT, 1, NULL);
  GstStructure *config;

  if (place != NULL)
    gst_structure_set (options, GST_VIDEO_CONVERTER_OPT_DEST_X, G_TYPE_INT, place->x,
                       GST_VIDEO_CONVERTER_OPT_DEST_Y, G_TYPE_INT, place->y,
                       GST_VIDEO_CONVERTER_OPT_DEST_WIDTH, G_TYPE_INT, place->w,
                       GST_VIDEO_CONVERTER_OPT_DEST_HEIGHT, G_TYPE_INT, place->h, NULL);
  gst_video_info_set_format (&self->in, GST_VIDEO_FORMAT_I420, (guint) from_width,
                             (guint) from_height);
  gst_video_info_set_format (&self->out, GST_VIDEO_FORMAT_I420, (guint) to_width,
                             (guint) to_height);
  /* by their size the colours of the two may be taken to be meant differently, and be converted at
   * fifty times the cost */
  self->out.colorimetry = self->in.colorimetry;
  self->out.chroma_site = self->in.chroma_site;
  self->converter = gst_video_converter_new (&self->in, &self->out, options);

  caps = gst_video_info_to_caps (&self->out);
  self->pool = gst_video_buffer_pool_new ();
  config = gst_buffer_pool_get_config (self->pool);
  gst_buffer_pool_config_set_params (config, caps, (guint) self->out.size, MIN_BUFFERS, 0);
  gst_buffer_pool_set_config (self->pool, config);
  gst_buffer_pool_set_active (self->pool, TRUE);
  return self;
}

/**
 * alcove_picture_scaler_new:
 * @from_width: of the pictures that come
 * @from_height: likewise
 * @to_width: of the pictures wanted
 * @to_height: likewise
 *
 * Returns: (transfer full): a scaler
 */
AlcovePictureScaler *
alcove_picture_scaler_new (int from_width,
                           int from_height,
                           int to_width,
                           int to_height)
{
  return make (from_width, from_height, to_width, to_height, NULL);
}

/**
 * alcove_picture_scaler_new_within:
 * @from_width: of the pictures that come
 * @from_height: likewise
 * @to_width: of the pictures wanted
 * @to_height: likewise
 *
 * Returns: (transfer full): a scaler that keeps the shape of what is in the pictures, with black
 *   beside
 */
AlcovePictureScaler *
alcove_picture_scaler_new_within (int from_width,
                                  int from_height,
                                  int to_width,
                                  int to_height)
{
  const GstVideoRectangle from = { 0, 0, from_width, from_height };
  const GstVideoRectangle space = { 0, 0, to_width, to_height };
  GstVideoRectangle place;

  alcove_picture_place (&from, &space, &place);
  return make (from_width, from_height, to_width, to_height, &place);
}

/**
 * alcove_picture_scaler_free:
 * @self: (transfer full): a scaler; its pictures may live on
 */
void
alcove_picture_scaler_free (AlcovePictureScaler *self)
{
  gst_video_converter_free (self->converter);
  gst_buffer_pool_set_active (self->pool, FALSE);
  gst_object_unref (self->pool);
  g_free (self);
}

/**
 * alcove_picture_scaler_scale:
 * @self: a scaler
 * @picture: (transfer none): of the size it was made for
 *
 * Returns: (transfer full) (nullable): the picture in the size wanted, of the same time; %NULL if
 *   there is no memory or @picture is not what it should be
 */
GstBuffer *
alcove_picture_scaler_scale (AlcovePictureScaler *self,
                             GstBuffer *picture)
{
  g_autoptr (GstBuffer) scaled = NULL;
  GstVideoFrame from, to;

  if (gst_buffer_pool_acquire_buffer (self->pool, &scaled, NULL) != GST_FLOW_OK
      || !gst_video_frame_map (&from, &self->in, picture, GST_MAP_READ))
    return NULL;

  if (!gst_video_frame_map (&to, &self->out, scaled, GST_MAP_WRITE))
    {
      gst_video_frame_unmap (&from);
      return NULL;
    }
  gst_video_converter_frame (self->converter, &from, &to);
  gst_video_frame_unmap (&to);
  gst_video_frame_unmap (&from);
  gst_buffer_copy_into (scaled, picture, GST_BUFFER_COPY_TIMESTAMPS, 0, -1);
  return g_steal_pointer (&scaled);
}
