/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <gst/app/gstappsink.h>

#include "alcove-error.h"
#include "alcove-recorder.h"
#include "alcove-sound-meter.h"
#include "recorder-file.h"

/* Whether there are ffmpeg's programs, which share no code with ours. */
static gboolean
find_readers (void)
{
  g_autofree char *player = g_find_program_in_path ("ffmpeg");
  g_autofree char *prober = g_find_program_in_path ("ffprobe");

  if (player != NULL && prober != NULL)
    return TRUE;

  g_test_skip ("ffmpeg is not there");
  return FALSE;
}

static char *
copy_text (GBytes *bytes)
{
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);

  return g_strndup (length > 0 ? text : "", length);
}

/* What they print of a file, in which they find nothing wrong. */
static GBytes *
run_reader (const char *const *arguments)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process
      = g_subprocess_newv (arguments,
                           G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
  GBytes *printed = NULL;
  g_autoptr (GBytes) wrong = NULL;
  g_autofree char *message = NULL;

  g_assert_no_error (error);
  g_subprocess_communicate (process, NULL, NULL, &printed, &wrong, &error);
  g_assert_no_error (error);
  message = copy_text (wrong);
  g_assert_cmpstr (message, ==, "");
  g_assert_true (g_subprocess_get_successful (process));

  return printed;
}

/* Returns @entries of @stream's packets or decoded frames, a line each. */
static char **
probe (const char *path,
       const char *stream,
       const char *entries)
{
  const char *const arguments[] = {
    "ffprobe", "-v", "error", "-select_streams", stream, "-show_entries", entries, "-of",
    "csv=print_section=0", path, NULL,
  };
  g_autoptr (GBytes) printed = run_reader (arguments);
  g_autofree char *lines = copy_text (printed);

  return g_strsplit (g_strchomp (lines), "\n", -1);
}

/* The times of @stream's packets rise; returns how many there are. */
static guint
check_times (const char *path,
             const char *stream)
{
  g_auto (GStrv) times = probe (path, stream, "packet=pts_time");
  double last = -1.0;

  for (guint i = 0; times[i] != NULL; i++)
    {
      double time = g_ascii_strtod (times[i], NULL);

      g_assert_cmpfloat (time, >, last);
      last = time;
    }
  return g_strv_length (times);
}

/* Sound is heard for @seconds, without a break or a jump, by a reader that goes by its times where
 * they are 20 ms away from what it has played. */
static void
check_tone (const char *path,
            double seconds,
            double hertz)
{
  const char *const arguments[] = {
    "ffmpeg", "-v", "error", "-nostdin", "-i", path, "-map", "0:a", "-af",
    "aresample=async=1:min_hard_comp=0.02", "-ac", "1", "-ar", "48000", "-f", "s16le", "-", NULL,
  };
  g_autoptr (GBytes) sound = run_reader (arguments);
  AlcoveSoundMeter meter = { 0 };

  g_assert_cmpfloat_with_epsilon (g_bytes_get_size (sound) / 96000.0, seconds, 0.02);
  alcove_sound_meter_add (&meter, g_bytes_get_data (sound, NULL), g_bytes_get_size (sound) / 2);
  g_assert_cmpfloat_with_epsilon (alcove_sound_meter_get_tone (&meter), hertz, 2.0);
}

/* When a jitter buffer says that packets came. */
typedef enum {
  STEADY,
  BURSTS, /* five at a time */
  BACKWARDS,
} Arrival;

#define BURST 5

static GstClockTime
get_arrival (Arrival arrival,
             guint i,
             GstClockTime interval)
{
  guint first = i - i % BURST;

  if (arrival == STEADY)
    return i * interval;
  if (arrival == BURSTS)
    return first * interval;
  return (first + BURST - 1 - i % BURST) * interval;
}

/* Feeds a recorder with the H.264 of a rung, from @start on. */
static void
feed_h264 (AlcoveRecorder *recorder,
           const char *size,
           guint n_frames,
           GstClockTime start,
           Arrival arrival)
{
  g_autofree char *description = g_strdup_printf (
      "videotestsrc ! video/x-raw,%s,framerate=25/1 ! openh264enc ! "
      "video/x-h264,profile=constrained-baseline,stream-format=byte-stream,alignment=au ! "
      "appsink name=video sync=false max-buffers=5",
      size);
  g_autoptr (GstElement) pipeline = gst_parse_launch (description, NULL);
  g_autoptr (GstElement) video = gst_bin_get_by_name (GST_BIN (pipeline), "video");
  g_autoptr (GstCaps) caps
      = gst_caps_from_string ("video/x-h264,stream-format=byte-stream,alignment=au");

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  for (guint i = 0; i < n_frames; i++)
    {
      g_autoptr (GstSample) picture = gst_app_sink_try_pull_sample (GST_APP_SINK (video), TIMEOUT);
      g_autoptr (GstBuffer) buffer = NULL;
      g_autoptr (GstSample) received = NULL;

      g_assert_nonnull (picture);
      buffer = gst_buffer_copy (gst_sample_get_buffer (picture));
      GST_BUFFER_PTS (buffer) = start + get_arrival (arrival, i, GST_SECOND / 25);
      received = gst_sample_new (buffer, caps, NULL, NULL);
      alcove_recorder_push_video (recorder, received);
    }
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

/* What came in H.264, as @data says, is kept in it, and read to the end even if its size changed on
 * the way. */
static void
test_h264 (Fixture *fixture,
           gconstpointer data)
{
  AlcoveRecorder *recorder = alcove_recorder_new (fixture->path, NULL);
  Arrival arrival = GPOINTER_TO_INT (data);
  g_auto (GStrv) sizes = NULL;

  feed_h264 (recorder, "width=320,height=180", 20, 0, arrival);
  feed_h264 (recorder, "width=160,height=90", 15, GST_SECOND, arrival);
  g_assert_true (alcove_recorder_finish_sync (recorder, deadline ()));
  g_assert_cmpuint (count_frames (fixture->path, "d.video_0 ! queue ! h264parse ! avdec_h264"), ==,
                    35);
  g_assert_finalize_object (recorder);
  if (!find_readers ())
    return;

  g_assert_cmpuint (check_times (fixture->path, "v"), ==, 35);
  sizes = probe (fixture->path, "v", "frame=width,height");
  g_assert_cmpuint (g_strv_length (sizes), ==, 35);
  for (guint i = 0; i < 35; i++)
    g_assert_true (g_str_has_prefix (sizes[i], i < 20 ? "320,180" : "160,90"));
}

static void
on_failed (AlcoveRecorder *recorder,
           const GError *reason,
           GError **error)
{
  g_assert_no_error (*error);
  *error = g_error_copy (reason);
}

static void
check_refused (AlcoveRecorder *recorder,
               const char *path)
{
  g_autoptr (GError) reason = NULL;
  g_auto (GStrv) files = NULL;

  g_assert_false (alcove_recorder_collect (recorder, &files, &reason));
  g_assert_error (reason, ALCOVE_ERROR, ALCOVE_ERROR_FILE);
  g_assert_nonnull (strstr (reason->message, "WebM"));
  g_assert_cmpuint (g_strv_length (files), ==, 0);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (recorder);
}

/* There is no H.264 in WebM: a file that no browser would play is not written under that name. */
static void
test_h264_webm (Fixture *fixture,
                gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "a.webm", NULL);
  AlcoveRecorder *recorder = alcove_recorder_new (path, NULL);
  g_autoptr (GError) error = NULL;

  g_signal_connect (recorder, "failed", G_CALLBACK (on_failed), &error);
  feed_h264 (recorder, "width=320,height=180", 100, 0, STEADY);
  while (error == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_FILE);
  check_refused (recorder, path);
}

/* It may be ended before that is noticed: then the end says so. */
static void
test_h264_webm_short (Fixture *fixture,
                      gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "a.webm", NULL);
  AlcoveRecorder *recorder = alcove_recorder_new (path, NULL);

  feed_h264 (recorder, "width=320,height=180", 5, 0, STEADY);
  check_refused (recorder, path);
}

static GstSample *
put_at (GstSample *sample,
        GstClockTime time)
{
  g_autoptr (GstBuffer) buffer = gst_buffer_copy (gst_sample_get_buffer (sample));

  GST_BUFFER_PTS (buffer) = time;
  return gst_sample_new (buffer, gst_sample_get_caps (sample), NULL, NULL);
}

/* VP8 and sound that come as @data says are all there, and are read in the time that they took. */
static void
test_arrival (Fixture *fixture,
              gconstpointer data)
{
  AlcoveRecorder *recorder = alcove_recorder_new (fixture->path, NULL);
  Arrival arrival = GPOINTER_TO_INT (data);
  g_auto (GStrv) sizes = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (
      "videotestsrc ! video/x-raw,width=320,height=180,framerate=25/1 ! vp8enc deadline=1 ! "
      "appsink name=video sync=false max-buffers=5 "
      "audiotestsrc samplesperbuffer=960 ! audio/x-raw,rate=48000,channels=1 ! opusenc ! "
      "appsink name=audio sync=false max-buffers=5",
      NULL);
  g_autoptr (GstElement) video = gst_bin_get_by_name (GST_BIN (pipeline), "video");
  g_autoptr (GstElement) audio = gst_bin_get_by_name (GST_BIN (pipeline), "audio");

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  for (guint i = 0; i < 50; i++)
    {
      g_autoptr (GstSample) picture
          = gst_app_sink_try_pull_sample (GST_APP_SINK (video), TIMEOUT);
      g_autoptr (GstSample) placed = NULL;

      g_assert_nonnull (picture);
      placed = put_at (picture, get_arrival (arrival, i, GST_SECOND / 25));
      alcove_recorder_push_video (recorder, placed);
      for (guint j = 0; j < 2; j++)
        {
          g_autoptr (GstSample) sound
              = gst_app_sink_try_pull_sample (GST_APP_SINK (audio), TIMEOUT);
          g_autoptr (GstSample) heard = NULL;

          g_assert_nonnull (sound);
          heard = put_at (sound, get_arrival (arrival, 2 * i + j, GST_SECOND / 50));
          alcove_recorder_push_audio (recorder, heard);
        }
    }
  g_assert_true (alcove_recorder_finish_sync (recorder, deadline ()));
  gst_element_set_state (pipeline, GST_STATE_NULL);
  g_assert_finalize_object (recorder);
  g_assert_cmpuint (count_frames (fixture->path, VIDEO), ==, 50);
  g_assert_cmpuint (count_frames (fixture->path, AUDIO), >=, 98);
  if (!find_readers ())
    return;

  g_assert_cmpuint (check_times (fixture->path, "v"), ==, 50);
  g_assert_cmpuint (check_times (fixture->path, "a"), ==, 100);
  sizes = probe (fixture->path, "v", "frame=width,height");
  g_assert_cmpuint (g_strv_length (sizes), ==, 50);
  check_tone (fixture->path, 2.0, 440.0);
}

#define add(path, func, arrival)                                                                  \
  g_test_add (path, Fixture, GINT_TO_POINTER (arrival), fixture_set_up, func, fixture_tear_down)

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);

  add ("/media/recorder-arrival/h264/steady", test_h264, STEADY);
  add ("/media/recorder-arrival/h264/bursts", test_h264, BURSTS);
  add ("/media/recorder-arrival/h264/backwards", test_h264, BACKWARDS);
  add ("/media/recorder-arrival/h264/webm", test_h264_webm, STEADY);
  add ("/media/recorder-arrival/h264/webm-short", test_h264_webm_short, STEADY);
  add ("/media/recorder-arrival/vp8-opus/steady", test_arrival, STEADY);
  add ("/media/recorder-arrival/vp8-opus/bursts", test_arrival, BURSTS);
  add ("/media/recorder-arrival/vp8-opus/backwards", test_arrival, BACKWARDS);

  return g_test_run ();
}
