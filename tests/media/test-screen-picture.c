/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gst/gst.h>
#include <gst/video/video.h>

#include "alcove-picture-scale.h"
#include "alcove-screen-rate.h"
#include "alcove-screen-scaler.h"

static GstSample *
make_picture (int width,
              int height,
              guint8 luma)
{
  g_autoptr (GstBuffer) buffer = NULL;
  g_autoptr (GstCaps) caps
      = gst_caps_new_simple ("video/x-raw", "format", G_TYPE_STRING, "BGRx", "width", G_TYPE_INT,
                             width, "height", G_TYPE_INT, height, "framerate",
                             GST_TYPE_FRACTION, 60, 1, NULL);
  gsize size = 4 * (gsize) width * (gsize) height;

  buffer = gst_buffer_new_allocate (NULL, size, NULL);
  gst_buffer_memset (buffer, 0, luma, size);
  return gst_sample_new (buffer, caps, NULL, NULL);
}

static guint8
luma_at (GstBuffer *buffer,
         int x,
         int y)
{
  int width = 0, height = 0;
  guint8 luma = 0;

  alcove_picture_get_size (buffer, &width, &height);
  g_assert_cmpuint (gst_buffer_extract (buffer, (gsize) (y * width + x), &luma, 1), ==, 1);
  return luma;
}

/* Of that size, and with black beside it or above it if that is said. */
static void
assert_picture (GstBuffer *buffer,
                int width,
                int height,
                gboolean beside,
                gboolean above)
{
  int w = 0, h = 0;

  g_assert_nonnull (buffer);
  alcove_picture_get_size (buffer, &w, &h);
  g_assert_cmpint (w, ==, width);
  g_assert_cmpint (h, ==, height);
  g_assert_cmpuint (gst_buffer_get_size (buffer), ==, (gsize) (width * height * 3 / 2));
  g_assert_cmpuint (luma_at (buffer, width / 2, height / 2), >, 200);
  g_assert_true ((luma_at (buffer, 0, height / 2) < 30) == beside);
  g_assert_true ((luma_at (buffer, width - 1, height / 2) < 30) == beside);
  g_assert_true ((luma_at (buffer, width / 2, 0) < 30) == above);
  g_assert_true ((luma_at (buffer, width / 2, height - 1) < 30) == above);
}

/* In its own shape, as large as it is or as may be. */
static void
test_shapes (void)
{
  const struct {
    int width, height;
    int sent_width, sent_height;
    gboolean beside, above; /* black */
  } shapes[] = {
    { 1920, 1080, 1280, 720, FALSE, FALSE }, { 1920, 1200, 1152, 720, FALSE, FALSE },
    { 1024, 768, 960, 720, FALSE, FALSE },   { 3440, 1440, 1280, 536, FALSE, FALSE },
    { 801, 599, 800, 598, FALSE, FALSE },    { 301, 1799, 160, 720, TRUE, FALSE },
    { 160, 90, 160, 90, FALSE, FALSE },      { 640, 20, 640, 90, FALSE, TRUE },
    { 1, 1, 160, 90, TRUE, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autoptr (AlcoveScreenScaler) scaler = alcove_screen_scaler_new (1280, 720);
      g_autoptr (GstSample) sample = make_picture (shapes[i].width, shapes[i].height, 255);
      g_autoptr (GstBuffer) scaled = alcove_screen_scaler_scale (scaler, sample, 0);

      assert_picture (scaled, shapes[i].sent_width, shapes[i].sent_height, shapes[i].beside,
                      shapes[i].above);
    }
}

static void
assert_scaled (AlcoveScreenScaler *scaler,
               int width,
               int height,
               guint time_ms,
               int sent_width,
               int sent_height,
               gboolean beside,
               gboolean above)
{
  g_autoptr (GstSample) sample = make_picture (width, height, 255);
  g_autoptr (GstBuffer) scaled = alcove_screen_scaler_scale (scaler, sample, time_ms * GST_MSECOND);

  assert_picture (scaled, sent_width, sent_height, beside, above);
}

/* A window that is drawn larger and smaller keeps the size it had until it stands still. */
static void
test_resized (void)
{
  g_autoptr (AlcoveScreenScaler) scaler = alcove_screen_scaler_new (1280, 720);

  assert_scaled (scaler, 800, 600, 0, 800, 600, FALSE, FALSE);
  for (guint i = 1; i < 40; i++)
    assert_scaled (scaler, 800 + 20 * (int) i, 600, 100 * i, 800, 600, FALSE, TRUE);
  assert_scaled (scaler, 1600, 800, 5000, 800, 600, FALSE, TRUE);
  assert_scaled (scaler, 1600, 800, 5900, 800, 600, FALSE, TRUE);
  assert_scaled (scaler, 1600, 800, 6000, 1280, 640, FALSE, FALSE);
  /* and a moment in another size is none */
  assert_scaled (scaler, 600, 600, 6500, 1280, 640, TRUE, FALSE);
  assert_scaled (scaler, 1600, 800, 7000, 1280, 640, FALSE, FALSE);
  assert_scaled (scaler, 600, 600, 9000, 1280, 640, TRUE, FALSE);
  assert_scaled (scaler, 600, 600, 10000, 600, 600, FALSE, FALSE);
}

/* A window is a part of what comes, of which only that part is shown. */
static void
test_part (void)
{
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (AlcoveScreenScaler) scaler = alcove_screen_scaler_new (1280, 720);
      g_autoptr (GstSample) plain = make_picture (640, 640, 0);
      g_autoptr (GstBuffer) buffer = gst_buffer_copy_deep (gst_sample_get_buffer (plain));
      g_autoptr (GstSample) sample = NULL;
      g_autoptr (GstBuffer) scaled = NULL;
      GstVideoCropMeta *crop;

      for (gsize y = 0; y < 90; y++)
        gst_buffer_memset (buffer, 4 * 640 * (y + 40) + 4 * 80, 255, 4 * 160);
      crop = gst_buffer_add_video_crop_meta (buffer);
      *crop = (GstVideoCropMeta) { .meta = crop->meta, .x = 80, .y = 40, .width = 160,
                                   .height = 90 };
      if (i == 1)
        crop->x = 100000; /* nonsense is not heeded */
      sample = gst_sample_new (buffer, gst_sample_get_caps (plain), NULL, NULL);
      scaled = alcove_screen_scaler_scale (scaler, sample, 0);
      if (i == 0)
        assert_picture (scaled, 160, 90, FALSE, FALSE);
      else
        g_assert_cmpuint (luma_at (scaled, 639, 639), <, 30);
    }
}

/* How many of a second's pictures are sent if that many come. */
static guint
count_sent (int fps,
            guint n)
{
  AlcoveScreenRate rate;
  GstClockTime last = GST_CLOCK_TIME_NONE;
  guint n_sent = 0;

  alcove_screen_rate_init (&rate, fps);
  for (guint i = 0; i < n; i++)
    {
      GstClockTime now = gst_util_uint64_scale (GST_SECOND, i, n);

      if (!alcove_screen_rate_is_due (&rate, now))
        continue;
      if (GST_CLOCK_TIME_IS_VALID (last))
        g_assert_cmpuint (now - last, >=, GST_SECOND / 15);
      alcove_screen_rate_sent (&rate, now);
      last = now;
      n_sent++;
    }

  return n_sent;
}

/* Fewer than of a camera, and no more than that one may have. */
static void
test_rate (void)
{
  g_assert_cmpuint (count_sent (30, 30), ==, 15);
  g_assert_cmpuint (count_sent (30, 60), ==, 15);
  g_assert_cmpuint (count_sent (60, 240), ==, 15);
  g_assert_cmpuint (count_sent (15, 300), ==, 15);
  g_assert_cmpuint (count_sent (5, 60), ==, 5);
  g_assert_cmpuint (count_sent (0, 60), ==, 1);
  /* what comes more seldom anyway is all sent */
  g_assert_cmpuint (count_sent (30, 10), ==, 10);
}

/* One that could not be scaled does not keep the next one back. */
static void
test_not_sent (void)
{
  AlcoveScreenRate rate;

  alcove_screen_rate_init (&rate, 30);
  g_assert_true (alcove_screen_rate_is_due (&rate, 0));
  g_assert_true (alcove_screen_rate_is_due (&rate, 1));
  alcove_screen_rate_sent (&rate, 1);
  g_assert_false (alcove_screen_rate_is_due (&rate, GST_SECOND / 15));
  g_assert_true (alcove_screen_rate_is_due (&rate, GST_SECOND / 15 + 1));
}

int
main (int argc,
      char **argv)
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/media/screen-picture/shapes", test_shapes);
  g_test_add_func ("/media/screen-picture/resized", test_resized);
  g_test_add_func ("/media/screen-picture/part", test_part);
  g_test_add_func ("/media/screen-picture/rate", test_rate);
  g_test_add_func ("/media/screen-picture/not-sent", test_not_sent);

  return g_test_run ();
}
