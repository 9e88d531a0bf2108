/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gst/app/gstappsink.h>
#include <gst/video/video.h>

#include "alcove-ladder-private.h"
#include "alcove-picture-scale.h"
#include "alcove-test-mark.h"

/*
 * Numbered pictures go into a ladder, and what each view gets is decoded again: every number has
 * to be there, in its order, whatever rung it came from.
 */

#define WIDTH 640
#define HEIGHT 360
#define PICTURE 9

/* A run that hangs is ended here; nothing is measured by it. */
#define PATIENCE_S 90

static gboolean
on_tick (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

static gboolean
on_patience (gpointer data)
{
  g_error ("Nothing happened within %d s", PATIENCE_S);
  return G_SOURCE_REMOVE;
}

#define wait_until(condition) \
  G_STMT_START \
    { \
      guint patience_ = g_timeout_add_seconds (PATIENCE_S, on_patience, NULL); \
      guint tick_ = g_timeout_add (5, on_tick, NULL); \
      while (!(condition)) \
        g_main_context_iteration (NULL, TRUE); \
      g_source_remove (tick_); \
      g_source_remove (patience_); \
    } \
  G_STMT_END

typedef struct {
  GstElement *pipeline;
  GstClock *clock;
  AlcoveWorkers *workers;
  AlcoveLadder *ladder;
  AlcoveVideoCodec codec;
  int width; /* of the next picture */
  int height;
  guint32 counter;
  GstClockTime last_time;
} Fixture;

static void
fixture_init (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  *fixture = (Fixture) { .width = WIDTH, .height = HEIGHT };
  fixture->pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  fixture->clock = gst_system_clock_obtain ();
  gst_pipeline_use_clock (GST_PIPELINE (fixture->pipeline), fixture->clock);
  gst_element_set_start_time (fixture->pipeline, GST_CLOCK_TIME_NONE);
  gst_element_set_base_time (fixture->pipeline, gst_clock_get_time (fixture->clock));
  gst_element_set_state (fixture->pipeline, GST_STATE_PLAYING);
  fixture->workers = alcove_workers_new ();
  fixture->ladder = alcove_ladder_new (GST_BIN (fixture->pipeline), fixture->workers, WIDTH, HEIGHT,
                                       30, &error);
  g_assert_no_error (error);
}

static void
on_gone (gpointer data,
         GObject *object)
{
  g_atomic_int_set ((int *) data, 1);
}

static void
fixture_clear (Fixture *fixture)
{
  int gone = 0;

  wait_until (alcove_ladder_get_n_encoders (fixture->ladder) == 0);
  alcove_ladder_close (fixture->ladder);
  g_assert_true (alcove_workers_wait (fixture->workers,
                                      g_get_monotonic_time () + PATIENCE_S * G_USEC_PER_SEC));
  gst_element_set_state (fixture->pipeline, GST_STATE_NULL);
  g_object_weak_ref (G_OBJECT (fixture->ladder), on_gone, &gone);
  g_object_unref (fixture->ladder);
  wait_until (g_atomic_int_get (&gone) == 1);
  alcove_workers_unref (fixture->workers);
  gst_object_unref (fixture->clock);
  gst_object_unref (fixture->pipeline);
}

static GstClockTime
get_now (Fixture *fixture)
{
  return gst_clock_get_time (fixture->clock) - gst_element_get_base_time (fixture->pipeline);
}

/* The next picture: a new one only when the encoders are done, so that they forget none. */
static void
push (Fixture *fixture)
{
  GstVideoInfo info;
  GstVideoFrame frame;
  GstBuffer *buffer;

  wait_until (alcove_ladder_is_idle (fixture->ladder));
  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_I420, (guint) fixture->width,
                             (guint) fixture->height);
  buffer = gst_buffer_new_allocate (NULL, info.size, NULL);
  gst_buffer_memset (buffer, 0, 128, info.size);
  g_assert_true (gst_video_frame_map (&frame, &info, buffer, GST_MAP_WRITE));
  alcove_test_mark_draw_luma (GST_VIDEO_FRAME_PLANE_DATA (&frame, 0), (gsize) fixture->width,
                              fixture->width, fixture->height, PICTURE, fixture->counter++);
  gst_video_frame_unmap (&frame);
  if (fixture->width != WIDTH)
    alcove_picture_set_size (buffer, fixture->width, fixture->height);
  /* what the ladder makes of a picture once more has its place between two */
  fixture->last_time = MAX (get_now (fixture), fixture->last_time + 2 * GST_MSECOND);
  GST_BUFFER_PTS (buffer) = fixture->last_time;
  alcove_ladder_push (fixture->ladder, buffer);
}

/* What a link does: a pipeline of its own, here with a decoder. */
typedef struct {
  Fixture *fixture;
  GstElement *pipeline;
  GstElement *source;
  GstElement *sink;
  AlcoveLadderView *view;

  /* of what came so far */
  guint n_keys;
  guint n_pictures;
  gint64 first;
  gint64 last;
  int width;
  guint n_changes; /* of the size */
} Viewer;

static GstPadProbeReturn
on_encoded (GstPad *pad,
            GstPadProbeInfo *info,
            gpointer data)
{
  Viewer *viewer = data;

  if (!GST_BUFFER_FLAG_IS_SET (GST_PAD_PROBE_INFO_BUFFER (info), GST_BUFFER_FLAG_DELTA_UNIT))
    g_atomic_int_inc (&viewer->n_keys);
  return GST_PAD_PROBE_OK;
}

static void
viewer_open_as (Viewer *viewer,
                Fixture *fixture,
                guint bitrate,
                int width,
                int height)
{
  g_autofree char *description = g_strdup_printf (
      "appsrc name=source is-live=true format=time ! %s ! video/x-raw,format=I420 ! "
      "appsink name=sink sync=false",
      fixture->codec == ALCOVE_VIDEO_CODEC_VP8 ? "vp8dec" : "avdec_h264 max-threads=1");
  g_autoptr (GstCaps) caps = alcove_video_codec_make_caps (fixture->codec);
  g_autoptr (GstPad) pad = NULL;

  *viewer = (Viewer) { .fixture = fixture, .first = -1, .last = -1 };
  viewer->pipeline = gst_parse_launch (description, NULL);
  viewer->source = gst_bin_get_by_name (GST_BIN (viewer->pipeline), "source");
  gst_app_src_set_caps (GST_APP_SRC (viewer->source), caps);
  viewer->sink = gst_bin_get_by_name (GST_BIN (viewer->pipeline), "sink");
  pad = gst_element_get_static_pad (viewer->source, "src");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_encoded, viewer, NULL);
  gst_element_set_state (viewer->pipeline, GST_STATE_PLAYING);
  viewer->view = alcove_ladder_watch (fixture->ladder, fixture->codec,
                                      GST_APP_SRC (viewer->source), bitrate, width, height);
}

static void
viewer_open (Viewer *viewer,
             Fixture *fixture)
{
  viewer_open_as (viewer, fixture, 0, -1, -1);
}

static void
viewer_close (Viewer *viewer)
{
  alcove_ladder_view_close (viewer->view);
  gst_element_set_state (viewer->pipeline, GST_STATE_NULL);
  g_clear_object (&viewer->view);
  gst_object_unref (viewer->source);
  gst_object_unref (viewer->sink);
  gst_object_unref (viewer->pipeline);
}

/* Reads all that is decoded by now. No number may be missing after the first, none come late; a
 * picture may be made a key frame of once more. */
static void
viewer_read (Viewer *viewer)
{
  GstSample *sample;

  while ((sample = gst_app_sink_try_pull_sample (GST_APP_SINK (viewer->sink), 0)) != NULL)
    {
      GstVideoInfo info;
      GstVideoFrame frame;
      guint picture;
      guint32 counter;
      gboolean again;

      g_assert_true (gst_video_info_from_caps (&info, gst_sample_get_caps (sample)));
      g_assert_true (gst_video_frame_map (&frame, &info, gst_sample_get_buffer (sample),
                                          GST_MAP_READ));
      g_assert_true (alcove_test_mark_read_luma (
          GST_VIDEO_FRAME_PLANE_DATA (&frame, 0), (gsize) GST_VIDEO_FRAME_PLANE_STRIDE (&frame, 0),
          GST_VIDEO_FRAME_WIDTH (&frame), GST_VIDEO_FRAME_HEIGHT (&frame), &picture, &counter));
      g_assert_cmpuint (picture, ==, PICTURE);
      again = viewer->last == (gint64) counter;
      if (viewer->last >= 0 && !again)
        g_assert_cmpint (counter, ==, viewer->last + 1);
      if (viewer->first < 0)
        viewer->first = counter;
      viewer->last = counter;
      viewer->n_pictures++;
      if (viewer->width != GST_VIDEO_FRAME_WIDTH (&frame))
        viewer->n_changes++;
      viewer->width = GST_VIDEO_FRAME_WIDTH (&frame);
      gst_video_frame_unmap (&frame);
      gst_sample_unref (sample);
    }
}

static gboolean
viewer_is_there (Viewer *viewer)
{
  viewer_read (viewer);
  return viewer->last + 1 == (gint64) viewer->fixture->counter;
}

/* Goes on until pictures of that width come. */
static void
viewer_reach (Viewer *viewer,
              int width)
{
  guint patience = g_timeout_add_seconds (PATIENCE_S, on_patience, NULL);
  guint tick = g_timeout_add (2, on_tick, NULL);

  while (viewer->width != width)
    {
      push (viewer->fixture);
      /* an encoder that is being opened takes nothing, however much comes */
      g_main_context_iteration (NULL, TRUE);
      viewer_read (viewer);
    }
  g_source_remove (tick);
  g_source_remove (patience);
}

static void
test_change (gconstpointer data)
{
  Fixture fixture;
  Viewer viewer;
  AlcoveRung rung;

  fixture_init (&fixture);
  fixture.codec = (AlcoveVideoCodec) GPOINTER_TO_INT (data);
  viewer_open (&viewer, &fixture);
  viewer_reach (&viewer, WIDTH);
  alcove_ladder_view_get_rung (viewer.view, &rung);
  g_assert_cmpstr (rung.name, ==, "640×360");
  g_assert_cmpint (rung.codec, ==, fixture.codec);
  g_assert_cmpint (rung.fps, ==, 30);

  /* smaller over there, which takes a moment; and larger again, which does not */
  alcove_ladder_view_set_size (viewer.view, 100, 50);
  viewer_reach (&viewer, WIDTH / 4);
  alcove_ladder_view_get_rung (viewer.view, &rung);
  g_assert_cmpstr (rung.name, ==, "160×90");
  alcove_ladder_view_set_size (viewer.view, WIDTH / 2, HEIGHT / 2);
  viewer_reach (&viewer, WIDTH / 2);
  alcove_ladder_view_set_size (viewer.view, 2 * WIDTH, 2 * HEIGHT);
  viewer_reach (&viewer, WIDTH);

  /* less than the network bears */
  alcove_ladder_view_set_bitrate (viewer.view, 200000);
  viewer_reach (&viewer, WIDTH / 2);
  alcove_ladder_view_get_rung (viewer.view, &rung);
  g_assert_cmpuint (rung.bitrate, ==, 200000);
  alcove_ladder_view_set_bitrate (viewer.view, 100000);
  wait_until ((alcove_ladder_view_get_rung (viewer.view, &rung), rung.bitrate == 100000));

  /* nothing but that, and not a picture less than was pushed since the first */
  g_assert_cmpuint (viewer.n_changes, ==, 5);
  wait_until (viewer_is_there (&viewer));
  g_assert_cmpint (viewer.last - viewer.first + 1, <=, viewer.n_pictures);
  wait_until (alcove_ladder_get_n_encoders (fixture.ladder) == 1);
  viewer_close (&viewer);
  fixture_clear (&fixture);
}

static void
push_some (Fixture *fixture,
           guint n)
{
  for (guint i = 0; i < n; i++)
    push (fixture);
}

/* Larger pictures for a while, as of a screen: who wants them gets them from a key frame on, without
 * one less; who has a small tile notices nothing at all. */
static void
test_larger (gconstpointer data)
{
  Fixture fixture;
  Viewer large, small;
  AlcoveRung rung;
  guint n_keys;

  fixture_init (&fixture);
  fixture.codec = (AlcoveVideoCodec) GPOINTER_TO_INT (data);
  viewer_open (&large, &fixture);
  viewer_open_as (&small, &fixture, 0, WIDTH / 2, HEIGHT / 2);
  viewer_reach (&large, WIDTH);
  viewer_reach (&small, WIDTH / 2);
  g_assert_cmpuint (alcove_ladder_get_n_encoders (fixture.ladder), ==, 2);
  n_keys = (guint) g_atomic_int_get (&small.n_keys);

  fixture.width = 2 * WIDTH;
  fixture.height = 2 * HEIGHT;
  viewer_reach (&large, 2 * WIDTH);
  alcove_ladder_view_get_rung (large.view, &rung);
  g_assert_cmpstr (rung.name, ==, "1280×720");
  g_assert_cmpuint (rung.bitrate, >, 2000000);
  wait_until (alcove_ladder_get_n_encoders (fixture.ladder) == 2);
  push_some (&fixture, 5);

  /* all of its rungs are there: it can go down and up again */
  alcove_ladder_view_set_bitrate (large.view, 300000);
  viewer_reach (&large, WIDTH);
  g_assert_cmpuint (alcove_ladder_get_n_encoders (fixture.ladder), <=, 3);
  wait_until (alcove_ladder_get_n_encoders (fixture.ladder) == 2);

  /* and that one stays when the larger pictures end */
  fixture.width = WIDTH;
  fixture.height = HEIGHT;
  push_some (&fixture, 10);
  alcove_ladder_view_set_bitrate (large.view, 0);
  wait_until (viewer_is_there (&large) && viewer_is_there (&small));
  g_assert_cmpint (large.width, ==, WIDTH);
  g_assert_cmpuint (large.n_changes, ==, 3);

  /* once more, and back from the top */
  fixture.width = 2 * WIDTH;
  fixture.height = 2 * HEIGHT;
  viewer_reach (&large, 2 * WIDTH);
  fixture.width = WIDTH;
  fixture.height = HEIGHT;
  viewer_reach (&large, WIDTH);
  alcove_ladder_view_get_rung (large.view, &rung);
  g_assert_cmpstr (rung.name, ==, "640×360");
  wait_until (alcove_ladder_get_n_encoders (fixture.ladder) == 2);
  wait_until (viewer_is_there (&large) && viewer_is_there (&small));
  g_assert_cmpuint (large.n_changes, ==, 5);
  g_assert_cmpuint (small.n_changes, ==, 1);
  g_assert_cmpuint ((guint) g_atomic_int_get (&small.n_keys), ==, n_keys);

  /* and for nobody nothing is encoded */
  viewer_close (&large);
  viewer_close (&small);
  wait_until (alcove_ladder_get_n_encoders (fixture.ladder) == 0);
  fixture.width = 2 * WIDTH;
  fixture.height = 2 * HEIGHT;
  push_some (&fixture, 5);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (alcove_ladder_get_n_encoders (fixture.ladder), ==, 0);
  fixture_clear (&fixture);
}

/* A camera and a screen overlap: that is no change. */
static void
test_overlap (void)
{
  Fixture fixture;
  Viewer viewer;

  fixture_init (&fixture);
  viewer_open (&viewer, &fixture);
  viewer_reach (&viewer, WIDTH);
  for (guint i = 0; i < 20; i++)
    {
      fixture.width = i % 2 == 0 ? 2 * WIDTH : WIDTH;
      fixture.height = i % 2 == 0 ? 2 * HEIGHT : HEIGHT;
      push (&fixture);
      while (g_main_context_iteration (NULL, FALSE))
        ;
      g_assert_cmpuint (alcove_ladder_get_n_encoders (fixture.ladder), ==, 1);
    }
  wait_until (viewer_is_there (&viewer));
  g_assert_cmpuint (viewer.n_changes, ==, 1);
  viewer_close (&viewer);
  fixture_clear (&fixture);
}

/* What comes in another shape than the rungs have keeps its own. */
static void
test_shape (void)
{
  g_autoptr (AlcovePictureScaler) scaler = alcove_picture_scaler_new_within (320, 180, 400, 400);
  g_autoptr (GstBuffer) picture = gst_buffer_new_allocate (NULL, 320 * 180 * 3 / 2, NULL);
  g_autoptr (GstBuffer) scaled = NULL;
  int width = 0, height = 0;
  GstMapInfo map;

  gst_buffer_memset (picture, 0, 200, 320 * 180 * 3 / 2);
  alcove_picture_get_size (picture, &width, &height);
  g_assert_cmpint (width, ==, 0);
  alcove_picture_set_size (picture, 320, 180);
  alcove_picture_get_size (picture, &width, &height);
  g_assert_cmpint (width, ==, 320);
  g_assert_cmpint (height, ==, 180);

  /* 400×225 of it, even */
  scaled = alcove_picture_scaler_scale (scaler, picture);
  g_assert_true (gst_buffer_map (scaled, &map, GST_MAP_READ));
  g_assert_cmpuint (map.size, >=, 400 * 400 * 3 / 2);
  g_assert_cmpuint (map.data[80 * 400 + 200], <, 30);
  g_assert_cmpuint (map.data[100 * 400], >, 190);
  g_assert_cmpuint (map.data[300 * 400 + 399], >, 190);
  g_assert_cmpuint (map.data[320 * 400 + 200], <, 30);
  gst_buffer_unmap (scaled, &map);
}

static void
find_vp8 (const GValue *item,
          gpointer user_data)
{
  GstElement *element = g_value_get_object (item);
  GstElementFactory *factory = gst_element_get_factory (element);

  if (factory != NULL && g_str_equal (GST_OBJECT_NAME (factory), "vp8enc"))
    g_set_object ((GstElement **) user_data, element);
}

static void
on_rate (GObject *encoder,
         GParamSpec *pspec,
         gpointer data)
{
  g_atomic_int_inc ((int *) data);
}

/* The rate of an encoder is changed for what counts alone. */
static void
test_rate (void)
{
  g_autoptr (GstElement) encoder = NULL;
  GstIterator *iterator;
  int n_rates = 0;
  Fixture fixture;
  Viewer viewer;

  fixture_init (&fixture);
  viewer_open (&viewer, &fixture);
  viewer_reach (&viewer, WIDTH);
  iterator = gst_bin_iterate_recurse (GST_BIN (fixture.pipeline));
  gst_iterator_foreach (iterator, find_vp8, &encoder);
  gst_iterator_free (iterator);
  g_assert_nonnull (encoder);
  g_signal_connect (encoder, "notify::target-bitrate", G_CALLBACK (on_rate), &n_rates);

  for (guint i = 0; i < 10; i++)
    {
      alcove_ladder_view_set_bitrate (viewer.view, 500000 - i * 1000);
      push (&fixture);
    }
  wait_until (alcove_ladder_is_idle (fixture.ladder));
  g_assert_cmpint (g_atomic_int_get (&n_rates), ==, 1);

  g_signal_handlers_disconnect_by_data (encoder, &n_rates);
  g_clear_object (&encoder);
  viewer_close (&viewer);
  fixture_clear (&fixture);
}

/* Who goes on after a pause begins with the rung that suits, not with the largest. */
static void
test_known (void)
{
  Fixture fixture;
  Viewer viewers[2];
  AlcoveRung rung;

  fixture_init (&fixture);
  viewer_open_as (&viewers[0], &fixture, 0, 100, 50);
  viewer_open_as (&viewers[1], &fixture, 60000, -1, -1);
  for (guint i = 0; i < G_N_ELEMENTS (viewers); i++)
    {
      alcove_ladder_view_get_rung (viewers[i].view, &rung);
      g_assert_cmpstr (rung.name, ==, "160×90");
      viewer_reach (&viewers[i], WIDTH / 4);
      g_assert_cmpuint (viewers[i].n_changes, ==, 1);
    }
  wait_until (alcove_ladder_get_n_encoders (fixture.ladder) == 1);
  for (guint i = 0; i < G_N_ELEMENTS (viewers); i++)
    viewer_close (&viewers[i]);
  fixture_clear (&fixture);
}

/* Changes its mind before it is there. */
static void
test_return (void)
{
  Fixture fixture;
  Viewer viewer;

  fixture_init (&fixture);
  viewer_open (&viewer, &fixture);
  viewer_reach (&viewer, WIDTH);
  for (guint i = 0; i < 6; i++)
    {
      alcove_ladder_set_step (fixture.ladder, i % 2 == 0 ? 3 : 0);
      g_main_context_iteration (NULL, FALSE);
    }
  for (guint i = 0; i < 20; i++)
    push (&fixture);
  wait_until (viewer_is_there (&viewer));
  g_assert_cmpint (viewer.width, ==, WIDTH);
  wait_until (alcove_ladder_get_n_encoders (fixture.ladder) == 1);
  viewer_close (&viewer);
  fixture_clear (&fixture);
}

static void
test_encoders (void)
{
  Fixture fixture;
  Viewer viewers[6];

  fixture_init (&fixture);
  for (guint i = 0; i < 5; i++)
    push (&fixture);
  g_assert_cmpuint (alcove_ladder_get_n_encoders (fixture.ladder), ==, 0);

  for (guint i = 0; i < G_N_ELEMENTS (viewers); i++)
    viewer_open (&viewers[i], &fixture);
  for (guint i = 0; i < G_N_ELEMENTS (viewers); i++)
    viewer_reach (&viewers[i], WIDTH);
  g_assert_cmpuint (alcove_ladder_get_n_encoders (fixture.ladder), ==, 1);

  /* two of them go to the middle, one to the smallest */
  alcove_ladder_view_set_bitrate (viewers[0].view, 200000);
  alcove_ladder_view_set_bitrate (viewers[1].view, 210000);
  viewer_reach (&viewers[0], WIDTH / 2);
  viewer_reach (&viewers[1], WIDTH / 2);
  alcove_ladder_view_set_bitrate (viewers[2].view, 50000);
  viewer_reach (&viewers[2], WIDTH / 4);
  g_assert_cmpuint (alcove_ladder_get_n_encoders (fixture.ladder), ==, 3);

  /* the last one who watches takes it away */
  viewer_close (&viewers[0]);
  for (guint i = 0; i < 5; i++)
    push (&fixture);
  g_assert_cmpuint (alcove_ladder_get_n_encoders (fixture.ladder), ==, 3);
  viewer_close (&viewers[1]);
  wait_until (alcove_ladder_get_n_encoders (fixture.ladder) == 2);
  viewer_close (&viewers[2]);
  wait_until (alcove_ladder_get_n_encoders (fixture.ladder) == 1);
  for (guint i = 3; i < G_N_ELEMENTS (viewers); i++)
    {
      wait_until (viewer_is_there (&viewers[i]));
      viewer_close (&viewers[i]);
    }
  wait_until (alcove_ladder_get_n_encoders (fixture.ladder) == 0);
  fixture_clear (&fixture);
}

static void
test_key_frames (void)
{
  Fixture fixture;
  Viewer large, small;
  guint n_large, n_small;

  fixture_init (&fixture);
  viewer_open (&large, &fixture);
  viewer_open (&small, &fixture);
  alcove_ladder_view_set_bitrate (small.view, 200000);
  viewer_reach (&large, WIDTH);
  viewer_reach (&small, WIDTH / 2);
  wait_until (viewer_is_there (&large));
  n_large = (guint) g_atomic_int_get (&large.n_keys);
  n_small = (guint) g_atomic_int_get (&small.n_keys);

  alcove_ladder_view_request_key_frame (small.view);
  while ((guint) g_atomic_int_get (&small.n_keys) == n_small)
    push (&fixture);
  for (guint i = 0; i < 5; i++)
    push (&fixture);
  wait_until (viewer_is_there (&large) && viewer_is_there (&small));
  g_assert_cmpuint ((guint) g_atomic_int_get (&large.n_keys), ==, n_large);

  viewer_close (&small);
  viewer_close (&large);
  fixture_clear (&fixture);
}

/* A camera that is off gives two pictures a second: nobody is to wait for the next. */
static void
test_still (void)
{
  Fixture fixture;
  Viewer first, second;

  fixture_init (&fixture);
  push (&fixture);
  wait_until (get_now (&fixture) > fixture.last_time + 150 * GST_MSECOND);
  viewer_open (&first, &fixture);
  wait_until (viewer_is_there (&first));
  wait_until (get_now (&fixture) > fixture.last_time + 700 * GST_MSECOND);
  viewer_open (&second, &fixture);
  wait_until (viewer_is_there (&second));

  /* and to a smaller size */
  wait_until (get_now (&fixture) > fixture.last_time + 1400 * GST_MSECOND);
  alcove_ladder_view_set_bitrate (second.view, 50000);
  wait_until ((viewer_read (&second), second.width == WIDTH / 4));
  viewer_close (&second);
  viewer_close (&first);
  fixture_clear (&fixture);
}

/* Encoders come and go on their own threads. */
static void
test_coming_and_going (void)
{
  Fixture fixture;

  fixture_init (&fixture);
  for (guint i = 0; i < 30; i++)
    {
      Viewer viewer;

      viewer_open (&viewer, &fixture);
      if (i % 3 == 1)
        push (&fixture);
      if (i % 5 == 1)
        viewer_reach (&viewer, WIDTH);
      if (i % 2 == 1)
        alcove_ladder_view_set_bitrate (viewer.view, 100000);
      viewer_close (&viewer);
    }
  fixture_clear (&fixture);
}

static void
on_opened (gpointer data)
{
  g_atomic_int_set ((int *) data, 1);
}

/* The encoder's elements may outlive whoever waited for it. */
static void
on_encoder_gone (gpointer data)
{
}

static AlcoveRungEncoder *
open_encoder (Fixture *fixture,
              int width,
              int *opened)
{
  AlcoveRungSize size = { width, width * 9 / 16, 200000 };
  g_autoptr (AlcoveCodecChoice) choice = alcove_codec_choice_new (fixture->workers);
  const AlcoveCodecPart *part = alcove_codec_choice_get_encoder (choice, ALCOVE_VIDEO_CODEC_VP8);
  AlcoveRungEncoder *encoder
      = alcove_rung_encoder_open (GST_BIN (fixture->pipeline), fixture->workers, part, &size, 30,
                                  on_opened, opened, on_encoder_gone);

  wait_until (g_atomic_int_get (opened) == 1);
  return encoder;
}

/* What one encoder puts out, as far as views can tell. */
static void
put_out (AlcoveLadderView *view,
         AlcoveRungEncoder *encoder,
         guint number,
         gboolean key)
{
  g_autoptr (GstBuffer) buffer = gst_buffer_new ();

  GST_BUFFER_PTS (buffer) = (number + 1) * GST_MSECOND;
  GST_BUFFER_OFFSET (buffer) = key ? 1 : 0;
  if (!key)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  alcove_ladder_view_take (view, encoder, buffer);
}

/* Two encoders, of which now the one and now the other is ahead, as much as it likes. */
static void
test_interleaving (void)
{
  Fixture fixture;

  fixture_init (&fixture);
  for (guint round = 0; round < 100; round++)
    {
      const guint n = 30;
      const guint entered = (guint) g_test_rand_int_range (1, 8);
      const guint key = entered + (guint) g_test_rand_int_range (0, 8);
      /* encoders that fall behind forget pictures */
      const guint forgotten = g_test_rand_bit () ? key : n;
      int flags[2] = { 0 };
      g_autoptr (AlcoveRungEncoder) from = open_encoder (&fixture, 320, &flags[0]);
      g_autoptr (AlcoveRungEncoder) to = open_encoder (&fixture, 160, &flags[1]);
      g_autoptr (GstElement) pipeline = gst_parse_launch (
          "appsrc name=source format=time caps=video/x-vp8 ! appsink name=sink sync=false", NULL);
      g_autoptr (GstElement) source = gst_bin_get_by_name (GST_BIN (pipeline), "source");
      g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
      g_autoptr (AlcoveLadderView) view = alcove_ladder_view_new (
          fixture.ladder, ALCOVE_VIDEO_CODEC_VP8, GST_APP_SRC (source));
      guint at_from = 0, at_to = entered;
      GstClockTime last = 0;

      gst_element_set_state (pipeline, GST_STATE_PLAYING);
      alcove_ladder_view_switch (view, from);
      put_out (view, from, at_from++, TRUE);
      alcove_ladder_view_switch (view, to);
      g_assert_true (alcove_rung_encoder_enter (to, (entered + 1) * GST_MSECOND));
      while (at_from < n || at_to < n)
        {
          gboolean old = at_to >= n || (at_from < n && g_test_rand_bit ());

          /* nothing comes out before it was put in, into one after the other */
          if (old && at_from < at_to + 8)
            {
              if (at_from != forgotten)
                put_out (view, from, at_from, FALSE);
              at_from++;
            }
          else if (at_to < n && at_to < at_from + 8)
            {
              put_out (view, to, at_to, at_to == key);
              at_to++;
            }
        }

      for (guint i = 0; i < n; i++)
        {
          g_autoptr (GstSample) sample
              = gst_app_sink_try_pull_sample (GST_APP_SINK (sink), PATIENCE_S * GST_SECOND);
          GstBuffer *buffer = gst_sample_get_buffer (sample);
          gboolean is_key = !GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT);

          g_assert_cmpuint (GST_BUFFER_PTS (buffer), ==, (i + 1) * GST_MSECOND);
          g_assert_cmpuint (GST_BUFFER_PTS (buffer), >, last);
          last = GST_BUFFER_PTS (buffer);
          g_assert_cmpint (is_key, ==, i == 0 || i == key);
        }
      g_assert_false (alcove_ladder_view_uses (view, from));
      g_assert_true (alcove_ladder_view_uses (view, to));

      alcove_ladder_view_close (view);
      alcove_rung_encoder_remove_view (from, view);
      alcove_rung_encoder_remove_view (to, view);
      alcove_rung_encoder_close (from);
      alcove_rung_encoder_close (to);
      gst_element_set_state (pipeline, GST_STATE_NULL);
    }
  fixture_clear (&fixture);
}

int
main (int argc,
      char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/media/ladder/change/vp8", GINT_TO_POINTER (ALCOVE_VIDEO_CODEC_VP8),
                        test_change);
  g_test_add_data_func ("/media/ladder/change/h264", GINT_TO_POINTER (ALCOVE_VIDEO_CODEC_H264),
                        test_change);
  g_test_add_data_func ("/media/ladder/larger/vp8", GINT_TO_POINTER (ALCOVE_VIDEO_CODEC_VP8),
                        test_larger);
  g_test_add_data_func ("/media/ladder/larger/h264", GINT_TO_POINTER (ALCOVE_VIDEO_CODEC_H264),
                        test_larger);
  g_test_add_func ("/media/ladder/overlap", test_overlap);
  g_test_add_func ("/media/ladder/shape", test_shape);
  g_test_add_func ("/media/ladder/rate", test_rate);
  g_test_add_func ("/media/ladder/known", test_known);
  g_test_add_func ("/media/ladder/return", test_return);
  g_test_add_func ("/media/ladder/encoders", test_encoders);
  g_test_add_func ("/media/ladder/key-frames", test_key_frames);
  g_test_add_func ("/media/ladder/still", test_still);
  g_test_add_func ("/media/ladder/coming-and-going", test_coming_and_going);
  g_test_add_func ("/media/ladder/interleaving", test_interleaving);

  return g_test_run ();
}
