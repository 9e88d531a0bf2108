/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-screen-scaler"

#include "config.h"

#include "alcove-screen-scaler.h"

#include <gst/video/video.h>

#include "alcove-picture-scale.h"

/* Larger ones no desktop has. */
#define MAX_SIDE 16384

/* Smaller ones not every encoder takes. */
#define MIN_WIDTH 160
#define MIN_HEIGHT 90

/* Another size costs everybody a key frame and us an encoder. */
#define SETTLED ((GstClockTimeDiff) GST_SECOND)

#define BLACK 0xff000000u

struct _AlcoveScreenScaler {
  int max_width;
  int max_height;
  GstVideoInfo out; /* without a size before the first picture */

  /* what the newest pictures want instead, and since when */
  int next_width;
  int next_height;
  GstClockTime next_since;

  /* what the converter is for */
  GstVideoConverter *converter;
  GstVideoInfo in;
  GstVideoRectangle crop;
};

/**
 * alcove_screen_scaler_new:
 * @max_width: of what comes out
 * @max_height: likewise
 *
 * Returns: (transfer full): a scaler
 */
AlcoveScreenScaler *
alcove_screen_scaler_new (int max_width,
                          int max_height)
{
  AlcoveScreenScaler *self = g_new0 (AlcoveScreenScaler, 1);

  self->max_width = max_width;
  self->max_height = max_height;
  return self;
}

/**
 * alcove_screen_scaler_free:
 * @self: (transfer full): a scaler
 */
void
alcove_screen_scaler_free (AlcoveScreenScaler *self)
{
  g_clear_pointer (&self->converter, gst_video_converter_free);
  g_free (self);
}

/* A window comes as a part of a larger picture. */
static GstVideoRectangle
find_crop (GstBuffer *buffer,
           const GstVideoInfo *info)
{
  GstVideoRectangle crop = { 0, 0, info->width, info->height };
  GstVideoCropMeta *meta = gst_buffer_get_video_crop_meta (buffer);

  if (meta == NULL || meta->width == 0 || meta->height == 0 || meta->x >= (guint) info->width
      || meta->y >= (guint) info->height)
    return crop;

  crop.x = (int) meta->x;
  crop.y = (int) meta->y;
  crop.w = (int) MIN (meta->width, (guint) info->width - meta->x);
  crop.h = (int) MIN (meta->height, (guint) info->height - meta->y);
  return crop;
}

/* What is shown, as large as may be and not larger than it is. */
static void
fit (AlcoveScreenScaler *self,
     const GstVideoRectangle *crop,
     int *width,
     int *height)
{
  double factor = MIN (1.0, MIN ((double) self->max_width / crop->w,
                                 (double) self->max_height / crop->h));

  /* half the pixels have a colour */
  *width = (int) (crop->w * factor + 0.5) & ~1;
  *height = (int) (crop->h * factor + 0.5) & ~1;
}

static void
choose_size (AlcoveScreenScaler *self,
             const GstVideoRectangle *crop,
             GstClockTime time)
{
  int width, height;

  fit (self, crop, &width, &height);
  width = MAX (width, MIN_WIDTH);
  height = MAX (height, MIN_HEIGHT);

  if (width == self->out.width && height == self->out.height)
    {
      self->next_width = self->next_height = 0;
      return;
    }
  if (self->out.width > 0 && (width != self->next_width || height != self->next_height))
    {
      self->next_width = width;
      self->next_height = height;
      self->next_since = time;
      return;
    }
  if (self->out.width > 0 && GST_CLOCK_DIFF (self->next_since, time) < SETTLED)
    return;

  gst_video_info_set_format (&self->out, GST_VIDEO_FORMAT_I420, (guint) width, (guint) height);
  self->next_width = self->next_height = 0;
  g_clear_pointer (&self->converter, gst_video_converter_free);
}

static gboolean
prepare (AlcoveScreenScaler *self,
         const GstVideoInfo *in,
         const GstVideoRectangle *crop)
{
  const GstVideoRectangle space = { 0, 0, self->out.width, self->out.height };
  GstVideoRectangle place = space;
  int width, height;

  if (self->converter != NULL && gst_video_info_is_equal (&self->in, in)
      && self->crop.x == crop->x && self->crop.y == crop->y && self->crop.w == crop->w
      && self->crop.h == crop->h)
    return TRUE;

  g_clear_pointer (&self->converter, gst_video_converter_free);
  self->in = *in;
  self->crop = *crop;

  /* what was rounded is no reason for an edge */
  fit (self, crop, &width, &height);
  if (width != space.w || height != space.h)
    alcove_picture_place (crop, &space, &place);

  self->converter = gst_video_converter_new (
      in, &self->out,
      gst_structure_new ("config", GST_VIDEO_CONVERTER_OPT_SRC_X, G_TYPE_INT, crop->x,
                         GST_VIDEO_CONVERTER_OPT_SRC_Y, G_TYPE_INT, crop->y,
                         GST_VIDEO_CONVERTER_OPT_SRC_WIDTH, G_TYPE_INT, crop->w,
                         GST_VIDEO_CONVERTER_OPT_SRC_HEIGHT, G_TYPE_INT, crop->h,
                         GST_VIDEO_CONVERTER_OPT_DEST_X, G_TYPE_INT, place.x,
                         GST_VIDEO_CONVERTER_OPT_DEST_Y, G_TYPE_INT, place.y,
                         GST_VIDEO_CONVERTER_OPT_DEST_WIDTH, G_TYPE_INT, place.w,
                         GST_VIDEO_CONVERTER_OPT_DEST_HEIGHT, G_TYPE_INT, place.h,
                         GST_VIDEO_CONVERTER_OPT_FILL_BORDER, G_TYPE_BOOLEAN, TRUE,
                         GST_VIDEO_CONVERTER_OPT_BORDER_ARGB, G_TYPE_UINT, BLACK,
                         GST_VIDEO_CONVERTER_OPT_RESAMPLER_METHOD, GST_TYPE_VIDEO_RESAMPLER_METHOD,
                         GST_VIDEO_RESAMPLER_METHOD_LINEAR, NULL));
  return self->converter != NULL;
}

/**
 * alcove_screen_scaler_scale:
 * @self: a scaler
 * @sample: (transfer none): a raw picture
 * @time: of the picture
 *
 * Returns: (transfer full) (nullable): it as I420 in the size that is to be sent, which it says, see
 *   alcove_picture_get_size(); %NULL if it is no picture
 */
GstBuffer *
alcove_screen_scaler_scale (AlcoveScreenScaler *self,
                            GstSample *sample,
                            GstClockTime time)
{
  GstBuffer *buffer = gst_sample_get_buffer (sample);
  GstCaps *caps = gst_sample_get_caps (sample);
  g_autoptr (GstBuffer) scaled = NULL;
  GstVideoRectangle crop;
  GstVideoInfo info;
  GstVideoFrame from, to;
  gboolean good;

  if (buffer == NULL || caps == NULL || !gst_video_info_from_caps (&info, caps)
      || info.width < 1 || info.height < 1 || info.width > MAX_SIDE || info.height > MAX_SIDE)
    return NULL;

  crop = find_crop (buffer, &info);
  choose_size (self, &crop, time);
  /* the converter insists on these being the same, and they mean nothing here */
  info.fps_n = self->out.fps_n;
  info.fps_d = self->out.fps_d;
  info.interlace_mode = self->out.interlace_mode;
  if (!prepare (self, &info, &crop) || !gst_video_frame_map (&from, &info, buffer, GST_MAP_READ))
    return NULL;

  scaled = gst_buffer_new_allocate (NULL, self->out.size, NULL);
  good = gst_video_frame_map (&to, &self->out, scaled, GST_MAP_WRITE);
  if (good)
    {
      gst_video_converter_frame (self->converter, &from, &to);
      gst_video_frame_unmap (&to);
    }
  gst_video_frame_unmap (&from);
  alcove_picture_set_size (scaled, self->out.width, self->out.height);

  return good ? g_steal_pointer (&scaled) : NULL;
}
