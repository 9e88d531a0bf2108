/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/gst.h>
#include <gst/video/video.h>

#include "alcove-test-mark.h"

static guint8 *
make_plane (int width,
            int height)
{
  guint8 *luma = g_malloc ((gsize) width * height);
  guint32 noise = 12345;

  for (int i = 0; i < width * height; i++)
    {
      noise = noise * 1103515245 + 12345;
      luma[i] = (guint8) (noise >> 24);
    }

  return luma;
}

static void
test_round_trip (void)
{
  const int sizes[][2] = { { 96, 54 }, { 160, 90 }, { 320, 180 }, { 640, 360 }, { 641, 363 },
                           { 480, 640 }, { 1280, 720 } };
  const guint32 counters[] = { 0, 1, 255, 65536, 0xabcdef, 0xffffff };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (guint picture = 0; picture < 256; picture += 17)
      for (gsize j = 0; j < G_N_ELEMENTS (counters); j++)
        {
          g_autofree guint8 *luma = make_plane (sizes[i][0], sizes[i][1]);
          guint found = 999;
          guint32 counter = 999;

          alcove_test_mark_draw_luma (luma, sizes[i][0], sizes[i][0], sizes[i][1], picture,
                                      counters[j]);
          g_assert_true (alcove_test_mark_read_luma (luma, sizes[i][0], sizes[i][0], sizes[i][1],
                                                     &found, &counter));
          g_assert_cmpuint (found, ==, picture);
          g_assert_cmpuint (counter, ==, counters[j]);
        }
}

static void
test_none (void)
{
  g_autofree guint8 *luma = make_plane (640, 360);
  g_autofree guint8 *black = g_malloc0 (640 * 360);
  guint picture = 7;
  guint32 counter = 7;

  g_assert_false (alcove_test_mark_read_luma (luma, 640, 640, 360, &picture, &counter));
  g_assert_false (alcove_test_mark_read_luma (black, 640, 640, 360, &picture, &counter));
  g_assert_false (alcove_test_mark_read_luma (black, 640, 0, 0, &picture, &counter));

  /* a flipped cell of the counter is noticed */
  alcove_test_mark_draw_luma (luma, 640, 640, 360, 3, 1000);
  for (int y = 40; y < 60; y++)
    for (int x = 200; x < 220; x++)
      luma[y * 640 + x] = 251 - luma[y * 640 + x];
  g_assert_false (alcove_test_mark_read_luma (luma, 640, 640, 360, &picture, &counter));
  g_assert_cmpuint (picture, ==, 7);
  g_assert_cmpuint (counter, ==, 7);
}

/* Through VP8 at the bitrates of calls, smaller and larger. */
static void
check_compressed (int width,
                  int height,
                  int bitrate,
                  int out_width,
                  int out_height)
{
  const int n_frames = 12;
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = NULL;
  g_autoptr (GstElement) source = NULL;
  g_autoptr (GstElement) sink = NULL;
  g_autofree char *text = g_strdup_printf (
      "appsrc name=source format=time caps=video/x-raw,format=I420,width=%d,height=%d,"
      "framerate=30/1 ! vp8enc deadline=1 cpu-used=8 end-usage=cbr target-bitrate=%d "
      "lag-in-frames=0 ! vp8dec ! videoconvertscale ! "
      "video/x-raw,format=I420,width=%d,height=%d ! appsink name=sink sync=false",
      width, height, bitrate, out_width, out_height);

  pipeline = gst_parse_launch (text, &error);
  g_assert_no_error (error);
  source = gst_bin_get_by_name (GST_BIN (pipeline), "source");
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  gst_element_set_state (pipeline, GST_STATE_PLAYING);

  for (int i = 0; i < n_frames; i++)
    {
      GstVideoInfo info;
      GstVideoFrame frame;
      GstBuffer *buffer;
      g_autofree guint8 *noise = make_plane (width, height);

      gst_video_info_set_format (&info, GST_VIDEO_FORMAT_I420, width, height);
      buffer = gst_buffer_new_allocate (NULL, info.size, NULL);
      gst_buffer_memset (buffer, 0, 128, info.size);
      GST_BUFFER_PTS (buffer) = gst_util_uint64_scale (i, GST_SECOND, 30);
      GST_BUFFER_DURATION (buffer) = GST_SECOND / 30;
      g_assert_true (gst_video_frame_map (&frame, &info, buffer, GST_MAP_READWRITE));
      /* a moving picture around the mark */
      for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
          GST_VIDEO_FRAME_COMP_DATA (&frame, 0)[y * GST_VIDEO_FRAME_COMP_STRIDE (&frame, 0) + x]
              = (guint8) (x + y + i * 8 + noise[y * width + x] / 16);
      alcove_test_mark_draw_luma (GST_VIDEO_FRAME_COMP_DATA (&frame, 0),
                                  GST_VIDEO_FRAME_COMP_STRIDE (&frame, 0), width, height, 42,
                                  0x5a5a00 + i);
      gst_video_frame_unmap (&frame);
      g_assert_cmpint (gst_app_src_push_buffer (GST_APP_SRC (source), buffer), ==, GST_FLOW_OK);
    }
  gst_app_src_end_of_stream (GST_APP_SRC (source));

  for (int i = 0; i < n_frames; i++)
    {
      GstSample *sample = gst_app_sink_pull_sample (GST_APP_SINK (sink));
      GstVideoInfo info;
      GstVideoFrame frame;
      guint picture = 0;
      guint32 counter = 0;

      g_assert_nonnull (sample);
      g_assert_true (gst_video_info_from_caps (&info, gst_sample_get_caps (sample)));
      g_assert_true (gst_video_frame_map (&frame, &info, gst_sample_get_buffer (sample),
                                          GST_MAP_READ));
      g_assert_true (alcove_test_mark_read_luma (
          GST_VIDEO_FRAME_COMP_DATA (&frame, 0), GST_VIDEO_FRAME_COMP_STRIDE (&frame, 0),
          out_width, out_height, &picture, &counter));
      g_assert_cmpuint (picture, ==, 42);
      g_assert_cmpuint (counter, ==, 0x5a5a00 + (guint) i);
      gst_video_frame_unmap (&frame);
      gst_sample_unref (sample);
    }

  gst_element_set_state (pipeline, GST_STATE_NULL);
}

static void
test_compressed (void)
{
  check_compressed (640, 360, 600000, 640, 360);
  check_compressed (640, 360, 600000, 320, 180);
  check_compressed (320, 180, 150000, 640, 360);
  check_compressed (640, 480, 400000, 427, 320);
}

int
main (int argc,
      char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/media/test-mark/round-trip", test_round_trip);
  g_test_add_func ("/media/test-mark/none", test_none);
  g_test_add_func ("/media/test-mark/compressed", test_compressed);

  return g_test_run ();
}
