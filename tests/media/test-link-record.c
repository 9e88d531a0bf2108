/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <gst/app/gstappsink.h>
#include <gst/video/video.h>

#include "alcove-error.h"
#include "alcove-media-link-parts.h"
#include "alcove-sound-meter.h"
#include "alcove-test-mark.h"
#include "link-ends.h"

#define TIMEOUT (90 * GST_SECOND)
#define ENOUGH 30000

/* A pitch is that of a second. */
#define ENOUGH_SOUND (G_USEC_PER_SEC * 3 / 2)

/* Opens a branch of a file; ended by closing. */
static GstElement *
open_file (const char *path,
           const char *branch,
           GstElement **sink)
{
  g_autofree char *description = g_strdup_printf (
      "filesrc location=%s ! matroskademux name=d %s ! appsink name=sink sync=false", path,
      branch);
  GstElement *pipeline = gst_parse_launch (description, NULL);

  *sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  return pipeline;
}

static void
close_file (GstElement *pipeline,
            GstElement *sink)
{
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (sink);
  gst_object_unref (pipeline);
}

/* Every picture from the first on is theirs, in order. */
static void
check_pictures (const char *path)
{
  GstElement *sink;
  GstElement *pipeline = open_file (path, "d.video_0 ! vp8dec ! videoconvert ! "
                                          "video/x-raw,format=I420", &sink);
  guint32 last = 0;
  guint n = 0;

  for (;;)
    {
      g_autoptr (GstSample) sample = gst_app_sink_try_pull_sample (GST_APP_SINK (sink), TIMEOUT);
      GstVideoInfo info;
      GstVideoFrame frame;
      guint picture;
      guint32 counter;

      if (sample == NULL)
        break;
      g_assert_true (gst_video_info_from_caps (&info, gst_sample_get_caps (sample)));
      g_assert_true (gst_video_frame_map (&frame, &info, gst_sample_get_buffer (sample),
                                          GST_MAP_READ));
      g_assert_true (alcove_test_mark_read_luma (GST_VIDEO_FRAME_PLANE_DATA (&frame, 0),
                                                 (gsize) GST_VIDEO_FRAME_PLANE_STRIDE (&frame, 0),
                                                 info.width, info.height, &picture, &counter));
      gst_video_frame_unmap (&frame);
      g_assert_cmpuint (picture, ==, PICTURE_B);
      /* one may be there again, to make a key frame of it */
      g_assert_cmpuint (counter, >=, last);
      n += counter > last;
      last = counter;
    }
  g_assert_cmpuint (n, >=, 10);
  close_file (pipeline, sink);
}

static void
check_sound (const char *path)
{
  GstElement *sink;
  GstElement *pipeline
      = open_file (path, "d.audio_0 ! opusdec ! audioconvert ! audioresample ! "
                         "audio/x-raw,format=S16LE,rate=48000,channels=1", &sink);
  AlcoveSoundMeter meter = { 0 };
  gsize samples = 0;

  for (;;)
    {
      g_autoptr (GstSample) sample = gst_app_sink_try_pull_sample (GST_APP_SINK (sink), TIMEOUT);
      GstMapInfo map;

      if (sample == NULL)
        break;
      g_assert_true (gst_buffer_map (gst_sample_get_buffer (sample), &map, GST_MAP_READ));
      alcove_sound_meter_add (&meter, (const gint16 *) map.data, map.size / 2);
      samples += map.size / 2;
      gst_buffer_unmap (gst_sample_get_buffer (sample), &map);
    }
  g_assert_cmpuint (samples, >, ALCOVE_SOUND_METER_RATE);
  g_assert_cmpfloat_with_epsilon (alcove_sound_meter_get_tone (&meter), 880.0, 30.0);
  close_file (pipeline, sink);
}

static goffset
file_size (const char *path)
{
  GStatBuf info;

  return g_stat (path, &info) == 0 ? info.st_size : -1;
}

static guint64
get_heard (AlcoveMediaLink *link)
{
  guint64 heard;

  g_mutex_lock (&link->core->lock);
  heard = link->core->counters.sound_us;
  g_mutex_unlock (&link->core->lock);
  return heard;
}

static void
on_ended (GObject *source,
          GAsyncResult *result,
          gpointer data)
{
  char ***files = data;
  g_autoptr (GError) error = NULL;

  g_assert_true (alcove_peer_link_end_recording_finish (ALCOVE_PEER_LINK (source), result, files,
                                                       &error));
  g_assert_no_error (error);
}

/* Begun in the middle of a call, and twice. What is read is what is on the disk meanwhile. */
static void
test_record (void)
{
  g_autofree char *folder = g_dir_make_tmp ("alcove-record-XXXXXX", NULL);

  g_autoptr (GError) error = NULL;
  Pair pair;
  guint tick;

  pair_init (&pair, FALSE);
  alcove_peer_link_start_offer (ALCOVE_PEER_LINK (pair.a.link));
  check_talk (&pair);
  tick = g_timeout_add (20, on_tick, NULL);

  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.mkv", i);
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_auto (GStrv) files = NULL;
      g_auto (GStrv) none = NULL;
      AlcovePeerLink *link = ALCOVE_PEER_LINK (pair.a.link);
      guint64 heard;

      g_assert_true (alcove_peer_link_start_recording (link, path, &error));
      g_assert_no_error (error);
      /* the file is there */
      g_assert_false (alcove_peer_link_start_recording (link, path, &error));
      g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_FILE);
      g_clear_error (&error);
      wait_until (file_size (path) > ENOUGH);
      heard = get_heard (pair.a.link);
      wait_until (get_heard (pair.a.link) - heard > ENOUGH_SOUND);
      alcove_peer_link_stop_recording (link);
      alcove_peer_link_stop_recording (link);
      alcove_peer_link_end_recording_async (link, on_ended, &files);
      alcove_peer_link_end_recording_async (link, on_ended, &none);
      wait_until (files != NULL && none != NULL);
      g_assert_cmpuint (g_strv_length (files), ==, 1);
      g_assert_cmpstr (files[0], ==, path);
      g_assert_cmpuint (g_strv_length (none), ==, 0);
      check_pictures (path);
      check_sound (path);
      g_unlink (path);
    }

  g_assert_false (alcove_peer_link_start_recording (ALCOVE_PEER_LINK (pair.a.link),
                                                    "/proc/nowhere/a.mkv", &error));
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_FILE);
  g_clear_error (&error);
  g_source_remove (tick);
  pair_clear (&pair);

  g_rmdir (folder);
}

static void
on_recording_failed (AlcovePeerLink *link,
                     const GError *error,
                     guint *n_failed)
{
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_FILE);
  (*n_failed)++;
}

/* A link lets go of a file that can't be written to any more, and of the size that it asks for
 * because of it. */
static void
test_record_fails (void)
{
  g_autofree char *folder = g_dir_make_tmp ("alcove-record-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a.mkv", NULL);
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) full = g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_FILE, "full");
  AlcoveWorkers *workers = alcove_workers_new ();
  AlcoveMediaLinkSetup setup = { .peer = "a", .clock = clock, .workers = workers, .receive = TRUE };
  AlcoveMediaLink *link = alcove_media_link_new (&setup, NULL);
  AlcoveRecorder *recorder;
  guint n_failed = 0;
  int width, height;

  g_assert_true (alcove_peer_link_start_recording (ALCOVE_PEER_LINK (link), path, NULL));
  recorder = g_object_ref (link->core->recorder);
  g_signal_connect (link, "recording-failed", G_CALLBACK (on_recording_failed), &n_failed);
  alcove_frame_slot_set_size (alcove_media_link_get_slot (link), 320, 180);
  g_assert_true (alcove_peer_link_get_view_size (ALCOVE_PEER_LINK (link), &width, &height));
  g_assert_cmpint (width, >, 320);

  g_signal_emit_by_name (recorder, "failed", full);
  g_assert_cmpuint (n_failed, ==, 1);
  g_assert_true (alcove_peer_link_get_view_size (ALCOVE_PEER_LINK (link), &width, &height));
  g_assert_cmpint (width, ==, 320);

  alcove_peer_link_close (ALCOVE_PEER_LINK (link));
  g_assert_false (alcove_peer_link_start_recording (ALCOVE_PEER_LINK (link), path, &error));
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "moment"));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (link);
  g_assert_true (alcove_recorder_finish_sync (recorder, g_get_monotonic_time ()
                                                            + 20 * G_USEC_PER_SEC));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (recorder);
  g_assert_true (alcove_workers_wait (workers, g_get_monotonic_time () + 20 * G_USEC_PER_SEC));
  alcove_workers_unref (workers);
  g_unlink (path);
  g_rmdir (folder);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);
  g_test_add_func ("/media/link/record", test_record);
  g_test_add_func ("/media/link/record-fails", test_record_fails);
  return g_test_run ();
}
