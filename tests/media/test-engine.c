/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "config.h"

#include <string.h>

#include <glib/gstdio.h>
#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/video/video.h>

#include "alcove-engine-private.h"
#include "alcove-error.h"
#include "alcove-sound-meter.h"
#include "alcove-test-mark.h"
#include "alcove-test-source.h"
#include "hidden-parts.h"

#define TIMEOUT (90 * GST_SECOND)

static AlcoveEngine *
engine_new (const char *video,
            const char *audio,
            int width,
            int height)
{
  AlcoveEngineOptions options = ALCOVE_ENGINE_OPTIONS_INIT;
  g_autoptr (GError) error = NULL;
  AlcoveEngine *engine;

  options.video = video;
  options.audio = audio;
  options.playout = "none";
  options.width = width;
  options.height = height;
  engine = alcove_engine_new (&options, &error);
  g_assert_no_error (error);
  return engine;
}

static gboolean
on_tick (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* Runs the main context until @value is true. */
#define wait_for(value)                                                                           \
  G_STMT_START                                                                                    \
  {                                                                                               \
    guint tick_ = g_timeout_add (10, on_tick, NULL);                                              \
    gint64 end_ = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;                                  \
    while (!(value))                                                                              \
      {                                                                                           \
        g_assert_cmpint (g_get_monotonic_time (), <, end_);                                       \
        g_main_context_iteration (NULL, TRUE);                                                    \
      }                                                                                           \
    g_source_remove (tick_);                                                                      \
  }                                                                                               \
  G_STMT_END

static void
engine_end (AlcoveEngine *engine)
{
  GWeakRef weak;

  g_weak_ref_init (&weak, engine);
  alcove_engine_stop (engine);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (engine);
  g_weak_ref_clear (&weak);
}

/* What a link does with what is encoded: a pipeline of its own, decoding. */
typedef struct {
  AlcoveFanOut *sound;
  AlcoveLadderView *view;
  GstElement *pipeline;
  GstElement *source;
  GstElement *sink;
} Viewer;

static void
viewer_open (Viewer *viewer,
             AlcoveEngine *engine,
             gboolean sound,
             const char *decode)
{
  g_autofree char *description = g_strdup_printf (
      "appsrc name=source is-live=true format=time ! %s ! appsink name=sink sync=false", decode);
  g_autoptr (GstCaps) caps = gst_caps_new_empty_simple ("video/x-vp8");
  AlcoveFanOut *fan_out = alcove_engine_get_audio_fan_out (engine);
  GstClockTime base_time;

  *viewer = (Viewer) { 0 };
  viewer->pipeline = gst_parse_launch (description, NULL);
  viewer->source = gst_bin_get_by_name (GST_BIN (viewer->pipeline), "source");
  viewer->sink = gst_bin_get_by_name (GST_BIN (viewer->pipeline), "sink");
  g_object_set (viewer->source, "caps", sound ? alcove_fan_out_get_caps (fan_out) : caps, NULL);
  gst_pipeline_use_clock (GST_PIPELINE (viewer->pipeline),
                          alcove_engine_get_clock (engine, &base_time));
  gst_element_set_start_time (viewer->pipeline, GST_CLOCK_TIME_NONE);
  gst_element_set_base_time (viewer->pipeline, base_time);
  gst_element_set_state (viewer->pipeline, GST_STATE_PLAYING);
  if (!sound)
    {
      viewer->view = alcove_ladder_watch (alcove_engine_get_ladder (engine),
                                          ALCOVE_VIDEO_CODEC_VP8, GST_APP_SRC (viewer->source),
                                          0, -1, -1);
      return;
    }
  viewer->sound = g_object_ref (fan_out);
  alcove_fan_out_subscribe (fan_out, GST_APP_SRC (viewer->source));
}

static void
viewer_close (Viewer *viewer)
{
  if (viewer->view != NULL)
    alcove_ladder_view_close (viewer->view);
  if (viewer->sound != NULL)
    alcove_fan_out_unsubscribe (viewer->sound, GST_APP_SRC (viewer->source));
  gst_element_set_state (viewer->pipeline, GST_STATE_NULL);
  gst_object_unref (viewer->source);
  gst_object_unref (viewer->sink);
  gst_object_unref (viewer->pipeline);
  g_clear_object (&viewer->view);
  g_clear_object (&viewer->sound);
}

static GstSample *
viewer_pull (Viewer *viewer)
{
  GstSample *sample = NULL;

  wait_for ((sample = gst_app_sink_try_pull_sample (GST_APP_SINK (viewer->sink), 0)) != NULL);
  return sample;
}

/* The number of the next test picture, -1 if it bears none. */
static int
viewer_picture (Viewer *viewer,
                guint32 *counter)
{
  g_autoptr (GstSample) sample = viewer_pull (viewer);
  GstVideoInfo info;
  GstVideoFrame frame;
  guint picture;
  int number = -1;

  g_assert_true (gst_video_info_from_caps (&info, gst_sample_get_caps (sample)));
  g_assert_true (gst_video_frame_map (&frame, &info, gst_sample_get_buffer (sample),
                                      GST_MAP_READ));
  if (alcove_test_mark_read_luma (GST_VIDEO_FRAME_PLANE_DATA (&frame, 0),
                                  GST_VIDEO_FRAME_PLANE_STRIDE (&frame, 0),
                                  GST_VIDEO_FRAME_WIDTH (&frame), GST_VIDEO_FRAME_HEIGHT (&frame),
                                  &picture, counter))
    number = (int) picture;
  gst_video_frame_unmap (&frame);
  return number;
}

static void
wait_for_picture (Viewer *viewer,
                  int number)
{
  guint32 counter;

  for (guint i = 0; i < 1000; i++)
    if (viewer_picture (viewer, &counter) == number)
      return;
  g_assert_not_reached ();
}

/* Pitch over the next second and a half, 0 in silence. */
static double
viewer_tone (Viewer *viewer)
{
  AlcoveSoundMeter meter = { 0 };

  for (gsize n = 0; n < 72000;)
    {
      g_autoptr (GstSample) sample = viewer_pull (viewer);
      GstMapInfo map;

      g_assert_true (gst_buffer_map (gst_sample_get_buffer (sample), &map, GST_MAP_READ));
      alcove_sound_meter_add (&meter, (const gint16 *) map.data, map.size / 2);
      n += map.size / 2;
      gst_buffer_unmap (gst_sample_get_buffer (sample), &map);
    }
  return alcove_sound_meter_get_tone (&meter);
}

#define DECODE_VIDEO "vp8dec"
#define DECODE_AUDIO                                                                              \
  "opusdec ! audioconvert ! audioresample ! audio/x-raw,format=S16LE,rate=48000,channels=1"

typedef struct {
  guint n;
  int code;
} Notices;

static void
on_notice (AlcoveEngine *engine,
           GError *error,
           Notices *notices)
{
  g_assert_cmpuint (error->domain, ==, ALCOVE_ERROR);
  notices->n++;
  notices->code = error->code;
}

static void
test_options (void)
{
  const char *const wrong[] = { "", "tset", "test:", "test:x", "test:-1", "test:256", "file:",
                                "clock:", "camera:", "mic" };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      AlcoveEngineOptions options = ALCOVE_ENGINE_OPTIONS_INIT;
      g_autoptr (GError) error = NULL;

      options.video = wrong[i];
      g_assert_null (alcove_engine_new (&options, &error));
      g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_FAILED);
    }
}

static void
test_marks (gconstpointer data)
{
  int height = GPOINTER_TO_INT (data);
  AlcoveEngine *engine = engine_new ("test:7", "none", height * 16 / 9, height);
  Viewer viewer;
  guint32 first = 0, last = 0;

  alcove_engine_start (engine);
  viewer_open (&viewer, engine, FALSE, DECODE_VIDEO);
  for (guint i = 0; i < 20; i++)
    {
      g_assert_cmpint (viewer_picture (&viewer, i == 0 ? &first : &last), ==, 7);
      g_assert_true (i == 0 || last > first);
    }
  viewer_close (&viewer);
  engine_end (engine);
}

static void
test_fan_out (void)
{
  AlcoveEngine *engine = engine_new ("test:3", "none", 320, 180);
  AlcoveLadder *ladder = alcove_engine_get_ladder (engine);
  Viewer viewers[3];
  guint32 counter;

  alcove_engine_start (engine);
  g_assert_cmpuint (alcove_ladder_get_n_encoders (ladder), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (viewers); i++)
    {
      g_autoptr (GstSample) sample = NULL;

      viewer_open (&viewers[i], engine, FALSE, "identity");
      sample = viewer_pull (&viewers[i]);
      g_assert_false (GST_BUFFER_FLAG_IS_SET (gst_sample_get_buffer (sample),
                                              GST_BUFFER_FLAG_DELTA_UNIT));
    }
  g_assert_cmpuint (alcove_ladder_get_n_views (ladder), ==, 3);
  g_assert_cmpuint (alcove_ladder_get_n_encoders (ladder), ==, 1);
  viewer_close (&viewers[1]);
  viewer_close (&viewers[2]);
  g_assert_cmpuint (alcove_ladder_get_n_views (ladder), ==, 1);

  /* who does not watch any more gets nothing, though the other one still does */
  {
    g_autoptr (GstElement) idle = gst_object_ref_sink (gst_element_factory_make ("appsrc", NULL));
    g_autoptr (AlcoveLadderView) view
        = alcove_ladder_watch (ladder, ALCOVE_VIDEO_CODEC_VP8, GST_APP_SRC (idle), 0, -1, -1);

    alcove_ladder_view_close (view);
    for (guint i = 0; i < 10; i++)
      gst_sample_unref (viewer_pull (&viewers[0]));
    g_assert_cmpuint (gst_app_src_get_current_level_buffers (GST_APP_SRC (idle)), ==, 0);
  }
  viewer_close (&viewers[0]);
  wait_for (alcove_ladder_get_n_encoders (ladder) == 0);

  viewer_open (&viewers[0], engine, FALSE, DECODE_VIDEO);
  g_assert_cmpint (viewer_picture (&viewers[0], &counter), ==, 3);
  viewer_close (&viewers[0]);
  engine_end (engine);
}

static void
test_sound (void)
{
  AlcoveEngine *engine = engine_new ("none", "test:700", 320, 180);
  Viewer viewer;

  alcove_engine_start (engine);
  viewer_open (&viewer, engine, TRUE, DECODE_AUDIO);
  g_assert_cmpfloat_with_epsilon (viewer_tone (&viewer), 700, 15);
  wait_for (alcove_engine_get_input_level (engine) > 0.3);

  alcove_engine_set_muted (engine, TRUE);
  viewer_tone (&viewer);
  g_assert_cmpfloat (viewer_tone (&viewer), ==, 0);
  g_assert_cmpfloat (alcove_engine_get_input_level (engine), >, 0.3);

  alcove_engine_set_muted (engine, FALSE);
  alcove_engine_set_audio (engine, "test:1100");
  viewer_tone (&viewer);
  g_assert_cmpfloat_with_epsilon (viewer_tone (&viewer), 1100, 20);
  viewer_close (&viewer);
  engine_end (engine);
}

static void
test_switch (void)
{
  AlcoveEngine *engine = engine_new ("test:1", "none", 320, 180);
  Notices notices = { 0 };
  Viewer viewer;

  g_signal_connect (engine, "notice", G_CALLBACK (on_notice), &notices);
  alcove_engine_start (engine);
  viewer_open (&viewer, engine, FALSE, DECODE_VIDEO);
  wait_for_picture (&viewer, 1);
  alcove_engine_set_video (engine, "test:2");
  wait_for_picture (&viewer, 2);
  alcove_engine_set_camera_off (engine, TRUE);
  wait_for_picture (&viewer, -1);
  alcove_engine_set_camera_off (engine, FALSE);
  wait_for_picture (&viewer, 2);
  g_assert_cmpuint (notices.n, ==, 0);
  alcove_engine_set_video (engine, "nonsense");
  g_assert_cmpuint (notices.n, ==, 1);
  wait_for_picture (&viewer, 2);
  viewer_close (&viewer);
  engine_end (engine);
}

/* Joining somebody whose camera is off must not wait for the next of two pictures a second. */
static void
test_still (void)
{
  AlcoveEngine *engine = engine_new ("none", "none", 320, 180);
  Viewer viewer;

  alcove_engine_start (engine);
  viewer_open (&viewer, engine, FALSE, DECODE_VIDEO);
  for (guint i = 0; i < 3; i++)
    wait_for_picture (&viewer, -1);
  g_assert_false (alcove_engine_get_camera_available (engine));
  viewer_close (&viewer);
  engine_end (engine);
}

static void
test_unavailable (gconstpointer data)
{
  const char *video = data;
  AlcoveEngine *engine = engine_new (video, "none", 320, 180);
  Notices notices = { 0 };
  Viewer viewer;

  g_signal_connect (engine, "notice", G_CALLBACK (on_notice), &notices);
  alcove_engine_start (engine);
  viewer_open (&viewer, engine, FALSE, DECODE_VIDEO);
  wait_for (notices.n > 0);
  g_assert_cmpint (notices.code, ==,
                   g_str_has_prefix (video, "file:") ? ALCOVE_ERROR_FILE : ALCOVE_ERROR_NO_CAMERA);
  g_assert_false (alcove_engine_get_camera_available (engine));
  for (guint i = 0; i < 3; i++)
    wait_for_picture (&viewer, -1);
  g_assert_cmpuint (notices.n, ==, 1);
  viewer_close (&viewer);
  engine_end (engine);
}

/* Plays @writer to its end. */
static void
write_film (GstElement *writer)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (writer);
  g_autoptr (GstMessage) message = NULL;

  gst_element_set_state (writer, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, TIMEOUT, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_assert_cmpint (GST_MESSAGE_TYPE (message), ==, GST_MESSAGE_EOS);
  gst_element_set_state (writer, GST_STATE_NULL);
}

typedef struct {
  const char *name;
  const char *encode;
  const char *size;
  int fps;
} Film;

static const Film films[] = {
  { "webm", "vp8enc deadline=1 ! webmmux", "320,height=240", 25 },
  { "mp4", "openh264enc ! h264parse ! mp4mux", "320,height=240", 25 },
  { "vp9", "vp9enc deadline=1 ! webmmux", "320,height=240", 25 },
  { "mjpeg", "jpegenc ! avimux", "640,height=480", 25 },
  { "odd-size", "vp8enc deadline=1 ! matroskamux", "321,height=177", 25 },
  { "upright", "vp8enc deadline=1 ! webmmux", "180,height=320", 25 },
  { "slow", "vp8enc deadline=1 ! webmmux", "320,height=240", 5 },
  { "fast", "vp8enc deadline=1 ! webmmux", "320,height=240", 50 },
};

static void
test_file (gconstpointer data)
{
  const Film *film = data;
  int n_frames = MAX (film->fps * 2 / 5, 2);
  g_autofree char *folder = g_dir_make_tmp ("alcove-engine-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "film", NULL);
  g_autofree char *video = g_strdup_printf ("file:%s", path);
  g_autofree char *description = g_strdup_printf (
      "videotestsrc num-buffers=%d pattern=ball ! "
      "video/x-raw,format=I420,width=%s,framerate=%d/1 ! %s ! filesink location=%s",
      n_frames, film->size, film->fps, film->encode, path);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) writer = gst_parse_launch (description, &error);
  AlcoveEngine *engine;
  Viewer viewer;

  if (error != NULL)
    {
      g_test_skip (error->message);
      g_rmdir (folder);
      return;
    }
  write_film (writer);

  engine = engine_new (video, "none", 320, 180);
  alcove_engine_start (engine);
  wait_for (alcove_engine_get_camera_available (engine));
  viewer_open (&viewer, engine, FALSE, DECODE_VIDEO);
  /* it begins again at its end */
  for (int i = 0; i < 3 * n_frames; i++)
    gst_sample_unref (viewer_pull (&viewer));
  g_assert_true (alcove_engine_get_camera_available (engine));
  viewer_close (&viewer);
  engine_end (engine);
  g_unlink (path);
  g_rmdir (folder);
}

/* Each picture bears the time at which it went out. */
static void
test_clock (void)
{
  g_autofree char *folder = g_dir_make_tmp ("alcove-engine-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "film", NULL);
  g_autofree char *video = g_strdup_printf ("clock:%s", path);
  g_autofree char *description = g_strdup_printf (
      "videotestsrc num-buffers=10 pattern=ball ! video/x-raw,format=I420,width=320,height=240,"
      "framerate=25/1 ! vp8enc deadline=1 ! webmmux ! filesink location=%s",
      path);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) writer = gst_parse_launch (description, &error);
  gint64 begin = g_get_real_time () / 1000;
  guint32 last = 0;
  AlcoveEngine *engine;
  Viewer viewer;

  g_assert_no_error (error);
  write_film (writer);

  engine = engine_new (video, "none", 320, 180);
  alcove_engine_start (engine);
  wait_for (alcove_engine_get_camera_available (engine));
  viewer_open (&viewer, engine, FALSE, DECODE_VIDEO);
  for (int i = 0; i < 12;)
    {
      guint32 counter;

      /* until the camera runs there is a still picture, without a mark */
      if (viewer_picture (&viewer, &counter) != ALCOVE_TEST_MARK_CLOCK)
        continue;
      g_assert_cmpuint ((counter - (guint32) begin) & ALCOVE_TEST_MARK_MAX_COUNTER, <=,
                        (guint32) (g_get_real_time () / 1000 - begin));
      if (i++ > 0)
        g_assert_cmpuint ((counter - last) & ALCOVE_TEST_MARK_MAX_COUNTER, <=, G_MAXINT16);
      last = counter;
    }
  viewer_close (&viewer);
  engine_end (engine);
  g_unlink (path);
  g_rmdir (folder);
}

/* Writes a quarter turn clockwise into a film's matrix: ISO/IEC 14496-12, section 8.3.2. mp4mux
 * of GStreamer 1.22 can't. */
static void
turn_film (const char *path)
{
  static const guint8 matrix[36] = { [5] = 1, [12] = 0xff, [13] = 0xff, [32] = 0x40 };
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize length = 0;
  guint8 *header;

  g_assert_true (g_file_get_contents (path, &bytes, &length, &error));
  header = memmem (bytes, length, "tkhd", 4);
  g_assert_nonnull (header);
  memcpy (header + (header[4] == 0 ? 44 : 56), matrix, sizeof matrix);
  g_assert_true (g_file_set_contents (path, bytes, (gssize) length, &error));
}

/* A telephone's film lies on its side, and says so. */
static void
test_turned (void)
{
  g_autofree char *folder = g_dir_make_tmp ("alcove-engine-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "film", NULL);
  g_autofree char *video = g_strdup_printf ("file:%s", path);
  g_autofree char *description = g_strdup_printf (
      "videoconvert name=head ! identity eos-after=30 ! videoflip video-direction=90l ! "
      "videoconvert ! openh264enc bitrate=2000000 ! h264parse ! "
      "mp4mux ! filesink location=%s",
      path);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) writer = gst_parse_launch (description, &error);
  g_autoptr (GstElement) head = NULL;
  GstElement *source;
  AlcoveEngine *engine;
  Viewer viewer;

  if (error != NULL)
    {
      g_test_skip (error->message);
      g_rmdir (folder);
      return;
    }
  head = gst_bin_get_by_name (GST_BIN (writer), "head");
  source = alcove_test_source_new_picture (9, 640, 360, 25);
  gst_bin_add (GST_BIN (writer), source);
  g_assert_true (gst_element_link (source, head));
  write_film (writer);
  turn_film (path);

  engine = engine_new (video, "none", 640, 360);
  alcove_engine_start (engine);
  viewer_open (&viewer, engine, FALSE, DECODE_VIDEO);
  wait_for_picture (&viewer, 9);
  viewer_close (&viewer);
  engine_end (engine);
  g_unlink (path);
  g_rmdir (folder);
}

static void
test_preview (void)
{
  AlcoveEngine *engine = engine_new ("test:5", "none", 320, 180);
  AlcoveFrameSlot *slot = alcove_engine_get_preview (engine);
  g_autoptr (AlcoveFrame) frame = NULL;

  alcove_frame_slot_set_size (slot, 160, 90);
  alcove_engine_start (engine);
  wait_for ((frame = alcove_frame_slot_take (slot)) != NULL);
  g_assert_cmpint (frame->width, ==, 160);
  g_assert_cmpint (frame->height, ==, 90);
  engine_end (engine);
}

static guint
count_standing (AlcoveEngine *engine)
{
  g_auto (GStrv) standing = alcove_engine_dup_standing (engine);

  return g_strv_length (standing);
}

static void
on_notice_over (AlcoveEngine *engine,
                GError *error,
                guint *n_over)
{
  (*n_over)++;
}

/* What is wrong with servers or the codec holds until they are others, and whoever comes later finds
 * it. */
static void
test_standing (void)
{
  AlcoveEngine *engine = engine_new ("none", "none", 320, 180);
  Notices notices = { 0 };
  guint n_over = 0;

  g_signal_connect (engine, "notice", G_CALLBACK (on_notice), &notices);
  g_signal_connect (engine, "notice-over", G_CALLBACK (on_notice_over), &n_over);
  alcove_engine_set_ice_servers (engine, NULL, NULL, TRUE);
  g_assert_cmpuint (notices.n, ==, 0);
  alcove_engine_start (engine);
  g_assert_cmpuint (notices.n, ==, 1);
  g_assert_cmpint (notices.code, ==, ALCOVE_ERROR_ADDRESS_INVALID);
  g_assert_cmpuint (count_standing (engine), ==, 1);

  /* the same is not told again, something else is */
  alcove_engine_set_ice_servers (engine, NULL, NULL, TRUE);
  g_assert_cmpuint (notices.n, ==, 1);
  alcove_engine_set_ice_servers (engine, "http://nowhere/", NULL, FALSE);
  g_assert_cmpuint (notices.n, ==, 2);
  g_assert_cmpuint (n_over, ==, 1);
  g_assert_cmpuint (count_standing (engine), ==, 1);

  alcove_engine_set_ice_servers (engine, NULL, NULL, FALSE);
  g_assert_cmpuint (notices.n, ==, 2);
  g_assert_cmpuint (n_over, ==, 2);
  g_assert_cmpuint (count_standing (engine), ==, 0);
  engine_end (engine);
}

/* H.264 is wanted, and nothing can encode, or decode, it: that is told once, and pictures go out. */
static void
test_no_h264 (gconstpointer data)
{
  AlcoveEngineOptions options = ALCOVE_ENGINE_OPTIONS_INIT;
  GList *hidden = GPOINTER_TO_INT (data) ? hide_h264_encoders () : hide_h264_decoders ();
  g_autoptr (GError) error = NULL;
  Notices notices = { 0 };
  AlcoveEngine *engine;
  Viewer viewer;

  options.video = "test:3";
  options.audio = options.playout = "none";
  options.width = 320;
  options.height = 180;
  options.codec = "h264";
  engine = alcove_engine_new (&options, &error);
  g_assert_no_error (error);
  g_signal_connect (engine, "notice", G_CALLBACK (on_notice), &notices);
  alcove_engine_start (engine);
  g_assert_cmpuint (notices.n, ==, 1);
  g_assert_cmpint (notices.code, ==, ALCOVE_ERROR_MISSING_ELEMENT);

  viewer_open (&viewer, engine, FALSE, DECODE_VIDEO);
  wait_for_picture (&viewer, 3);
  g_assert_cmpuint (notices.n, ==, 1);
  viewer_close (&viewer);

  /* what can be had is no news; what can't be is, whenever it is wanted */
  g_assert_cmpuint (count_standing (engine), ==, 1);
  alcove_engine_set_codec (engine, "auto");
  alcove_engine_set_codec (engine, "vp8");
  g_assert_cmpuint (notices.n, ==, 1);
  g_assert_cmpuint (count_standing (engine), ==, 0);
  alcove_engine_set_codec (engine, "h264");
  g_assert_cmpuint (notices.n, ==, 2);

  engine_end (engine);
  show_again (hidden);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);

  g_test_add_func ("/media/engine/options", test_options);
  g_test_add_func ("/media/engine/standing", test_standing);
  g_test_add_data_func ("/media/engine/marks/180", GINT_TO_POINTER (180), test_marks);
  g_test_add_data_func ("/media/engine/marks/360", GINT_TO_POINTER (360), test_marks);
  g_test_add_func ("/media/engine/fan-out", test_fan_out);
  g_test_add_func ("/media/engine/sound", test_sound);
  g_test_add_func ("/media/engine/switch", test_switch);
  g_test_add_func ("/media/engine/still", test_still);
  g_test_add_func ("/media/engine/preview", test_preview);
  g_test_add_data_func ("/media/engine/unavailable/camera", "camera", test_unavailable);
  g_test_add_data_func ("/media/engine/unavailable/camera-id", "camera:nothing", test_unavailable);
  g_test_add_data_func ("/media/engine/unavailable/file", "file:/nonexistent", test_unavailable);
  g_test_add_data_func ("/media/engine/unavailable/not-film", "file:/etc/passwd",
                        test_unavailable);
  for (gsize i = 0; i < G_N_ELEMENTS (films); i++)
    {
      g_autofree char *path = g_strdup_printf ("/media/engine/file/%s", films[i].name);

      g_test_add_data_func (path, &films[i], test_file);
    }
  g_test_add_data_func ("/media/engine/no-h264/encoder", GINT_TO_POINTER (TRUE), test_no_h264);
  g_test_add_data_func ("/media/engine/no-h264/decoder", GINT_TO_POINTER (FALSE), test_no_h264);
  g_test_add_func ("/media/engine/file/turned", test_turned);
  g_test_add_func ("/media/engine/file/clock", test_clock);

  return g_test_run ();
}
