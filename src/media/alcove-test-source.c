/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-test-source"

#include "config.h"

#include "alcove-test-source.h"

#include <math.h>

#include <gst/video/video.h>

#include "alcove-test-mark.h"

/*
 * A live videotestsrc keeps the time and hands out pictures; what is seen is drawn over
 * them in a probe. All runs on the source's own streaming thread.
 */
typedef struct {
  gboolean still;
  guint picture;
  guint32 counter;
  GstVideoInfo info;
  gboolean has_info;
} Painter;

typedef struct {
  guint8 y, u, v;
} Colour;

/* Far apart from each other in hue, so that neighbours in a grid are told apart at a glance. */
static const Colour grounds[] = {
  { 60, 160, 100 }, { 80, 90, 180 },  { 90, 80, 90 },   { 120, 60, 160 },
  { 70, 170, 160 }, { 110, 170, 70 }, { 100, 120, 190 }, { 130, 90, 110 },
};

static void
fill_rectangle (GstVideoFrame *frame,
                int x,
                int y,
                int width,
                int height,
                Colour colour)
{
  const guint8 values[] = { colour.y, colour.u, colour.v };
  int x1 = CLAMP (x, 0, GST_VIDEO_FRAME_WIDTH (frame));
  int y1 = CLAMP (y, 0, GST_VIDEO_FRAME_HEIGHT (frame));
  int x2 = CLAMP (x + width, 0, GST_VIDEO_FRAME_WIDTH (frame));
  int y2 = CLAMP (y + height, 0, GST_VIDEO_FRAME_HEIGHT (frame));

  for (guint plane = 0; plane < 3; plane++)
    {
      int shift = plane == 0 ? 0 : 1;
      guint8 *data = GST_VIDEO_FRAME_PLANE_DATA (frame, plane);
      gsize stride = GST_VIDEO_FRAME_PLANE_STRIDE (frame, plane);

      for (int row = y1 >> shift; row < y2 >> shift; row++)
        if (x2 > x1)
          memset (data + row * stride + (x1 >> shift), values[plane], (x2 >> shift) - (x1 >> shift));
    }
}

static void
paint_picture (Painter *self,
               GstVideoFrame *frame)
{
  int width = GST_VIDEO_FRAME_WIDTH (frame);
  int height = GST_VIDEO_FRAME_HEIGHT (frame);
  Colour ground = grounds[self->picture % G_N_ELEMENTS (grounds)];
  Colour bar = { 190, ground.v, ground.u };
  Colour ball = { 225, 128, 128 };
  int n_bars = 2 + self->picture % 5;
  double angle = self->counter * (0.03 + 0.005 * (self->picture % 7));
  int size = height / 6;

  fill_rectangle (frame, 0, 0, width, height, ground);
  for (int i = 0; i < n_bars; i++)
    {
      int x = (int) ((self->counter * 2 + (guint32) i * width / n_bars) % (guint32) width);

      if (self->picture % 2 == 0)
        fill_rectangle (frame, x & ~1, height / 3, MAX (width / 24, 2) & ~1, height, bar);
      else
        fill_rectangle (frame, 0, (height / 3 + x * height / width * 2 / 3) & ~1, width,
                        MAX (height / 24, 2) & ~1, bar);
    }
  fill_rectangle (frame, (int) (width * (0.55 + 0.3 * cos (angle))) & ~1,
                  (int) (height * (0.55 + 0.25 * sin (angle))) & ~1, size & ~1, size & ~1, ball);

  /* The mark wants grey around it, or chroma smears into nothing but still costs bits. */
  fill_rectangle (frame, 0, 0, width * 15 / 32 & ~1, height * 6 / 18 & ~1,
                  (Colour){ ground.y, 128, 128 });
  alcove_test_mark_draw_luma (GST_VIDEO_FRAME_PLANE_DATA (frame, 0),
                              GST_VIDEO_FRAME_PLANE_STRIDE (frame, 0), width, height,
                              self->picture, self->counter & ALCOVE_TEST_MARK_MAX_COUNTER);
}

/* A camera with a stroke across it, and no text, so that it needs no translation. */
static void
paint_still (GstVideoFrame *frame)
{
  const Colour ground = { 36, 130, 127 };
  const Colour line = { 150, 128, 128 };
  int width = GST_VIDEO_FRAME_WIDTH (frame);
  int height = GST_VIDEO_FRAME_HEIGHT (frame);
  int unit = MAX (MIN (width, height) / 24, 2) & ~1;
  int x = (width / 2 - 4 * unit) & ~1;
  int y = (height / 2 - 2 * unit) & ~1;

  fill_rectangle (frame, 0, 0, width, height, ground);
  fill_rectangle (frame, x, y, 5 * unit, 4 * unit, line);
  for (int i = 0; i < 2 * unit; i += 2)
    fill_rectangle (frame, x + 6 * unit - unit / 2 + i, y + 2 * unit - i / 2 - unit / 2, 2,
                    i + unit, line);
  for (int i = 0; i < 6 * unit; i += 2)
    {
      fill_rectangle (frame, x + i, y - unit + i, unit, 2, ground);
      fill_rectangle (frame, x + i - unit / 2, y - unit + i, unit / 2, 2, line);
    }
}

static GstPadProbeReturn
on_buffer (GstPad *pad,
           GstPadProbeInfo *info,
           gpointer user_data)
{
  Painter *self = user_data;
  GstBuffer *buffer = gst_buffer_make_writable (GST_PAD_PROBE_INFO_BUFFER (info));
  GstVideoFrame frame;

  GST_PAD_PROBE_INFO_DATA (info) = buffer;
  if (!self->has_info)
    {
      g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);

      self->has_info = caps != NULL && gst_video_info_from_caps (&self->info, caps);
    }
  if (!self->has_info || !gst_video_frame_map (&frame, &self->info, buffer, GST_MAP_READWRITE))
    return GST_PAD_PROBE_OK;

  if (self->still)
    paint_still (&frame);
  else
    paint_picture (self, &frame);
  self->counter++;
  gst_video_frame_unmap (&frame);

  return GST_PAD_PROBE_OK;
}

static GstElement *
build (Painter *painter,
       int width,
       int height,
       int fps)
{
  GstElement *bin = gst_bin_new (NULL);
  GstElement *source = gst_element_factory_make ("videotestsrc", NULL);
  GstElement *filter = gst_element_factory_make ("capsfilter", NULL);
  g_autoptr (GstCaps) caps
      = gst_caps_new_simple ("video/x-raw", "format", G_TYPE_STRING, "I420", "width", G_TYPE_INT,
                             width, "height", G_TYPE_INT, height, "framerate", GST_TYPE_FRACTION,
                             fps, 1, NULL);
  g_autoptr (GstPad) pad = NULL;

  if (source == NULL || filter == NULL)
    {
      gst_clear_object (&source);
      gst_clear_object (&filter);
      gst_object_unref (gst_object_ref_sink (bin));
      g_free (painter);
      return NULL;
    }

  gst_util_set_object_arg (G_OBJECT (source), "pattern", "black");
  g_object_set (source, "is-live", TRUE, NULL);
  g_object_set (filter, "caps", caps, NULL);
  gst_bin_add_many (GST_BIN (bin), source, filter, NULL);
  gst_element_link (source, filter);

  pad = gst_element_get_static_pad (filter, "src");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_buffer, painter, g_free);
  gst_element_add_pad (bin, gst_ghost_pad_new ("src", pad));

  return bin;
}

/**
 * alcove_test_source_new_picture:
 * @picture: its number, 0 to %ALCOVE_TEST_MARK_MAX_PICTURE
 * @width: in pixels
 * @height: in pixels
 * @fps: pictures a second
 *
 * A moving picture that people tell apart from those of other numbers by its colour and
 * programs by the mark of alcove_test_mark_draw_luma(), which also counts the frames.
 *
 * Returns: (transfer floating) (nullable): a live source, %NULL if `videotestsrc` is missing
 */
GstElement *
alcove_test_source_new_picture (guint picture,
                                int width,
                                int height,
                                int fps)
{
  Painter *painter = g_new0 (Painter, 1);

  painter->picture = picture;
  return build (painter, width, height, fps);
}

/**
 * alcove_test_source_new_still:
 * @width: in pixels
 * @height: in pixels
 *
 * The picture of somebody whose camera is off.
 *
 * Returns: (transfer floating) (nullable): a live source, %NULL if `videotestsrc` is missing
 */
GstElement *
alcove_test_source_new_still (int width,
                              int height)
{
  Painter *painter = g_new0 (Painter, 1);

  painter->still = TRUE;
  return build (painter, width, height, ALCOVE_TEST_SOURCE_STILL_FPS);
}
