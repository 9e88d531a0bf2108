/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <glib-unix.h>
#include <glib/gstdio.h>
#include <gst/app/gstappsink.h>
#include <gst/video/video.h>

#include "alcove-error.h"
#include "alcove-recorder.h"
#include "alcove-recordings.h"
#include "recorder-file.h"

typedef enum {
  SOUND = 1,
  PICTURES = 2,
  BOTH = SOUND | PICTURES,
} Kinds;

/* Real VP8 and Opus, which go on from one feeding to the next. */
typedef struct {
  GstElement *pipeline;
  GstElement *video;
  GstElement *audio;
  guint n_wanted; /* key frames that were asked for */
} Feeder;

static void
on_key_frame_wanted (AlcoveRecorder *recorder,
                     Feeder *feeder)
{
  gst_element_send_event (feeder->video, gst_video_event_new_upstream_force_key_unit (
                                             GST_CLOCK_TIME_NONE, TRUE, 0));
  feeder->n_wanted++;
}

static void
feeder_init (Feeder *feeder)
{
  feeder->pipeline = gst_parse_launch (
      "videotestsrc ! video/x-raw,width=320,height=180,framerate=25/1 ! "
      "vp8enc deadline=1 keyframe-max-dist=10000 ! appsink name=video sync=false max-buffers=5 "
      "audiotestsrc samplesperbuffer=960 ! audio/x-raw,rate=48000,channels=1 ! opusenc ! "
      "appsink name=audio sync=false max-buffers=5",
      NULL);
  feeder->video = gst_bin_get_by_name (GST_BIN (feeder->pipeline), "video");
  feeder->audio = gst_bin_get_by_name (GST_BIN (feeder->pipeline), "audio");
  feeder->n_wanted = 0;
  gst_element_set_state (feeder->pipeline, GST_STATE_PLAYING);
}

static void
feeder_clear (Feeder *feeder)
{
  gst_element_set_state (feeder->pipeline, GST_STATE_NULL);
  gst_clear_object (&feeder->video);
  gst_clear_object (&feeder->audio);
  gst_clear_object (&feeder->pipeline);
}

static void
feeder_push (Feeder *feeder,
             AlcoveRecorder *recorder,
             guint n_frames,
             Kinds kinds)
{
  for (guint i = 0; i < n_frames; i++)
    {
      g_autoptr (GstSample) picture
          = gst_app_sink_try_pull_sample (GST_APP_SINK (feeder->video), TIMEOUT);

      g_assert_nonnull (picture);
      if ((kinds & PICTURES) != 0)
        alcove_recorder_push_video (recorder, picture);
      for (guint j = 0; j < 2; j++)
        {
          g_autoptr (GstSample) sound
              = gst_app_sink_try_pull_sample (GST_APP_SINK (feeder->audio), TIMEOUT);

          g_assert_nonnull (sound);
          if ((kinds & SOUND) != 0)
            alcove_recorder_push_audio (recorder, sound);
        }
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
}

static void
feed (AlcoveRecorder *recorder,
      guint n_frames,
      Kinds kinds)
{
  Feeder feeder;

  feeder_init (&feeder);
  feeder_push (&feeder, recorder, n_frames, kinds);
  feeder_clear (&feeder);
}

static goffset
file_size (const char *path)
{
  GStatBuf info;

  return g_stat (path, &info) == 0 ? info.st_size : -1;
}

static gboolean
on_timeout (gpointer data)
{
  g_assert_not_reached ();
}

/* The file is written and removed by threads of the recorder. Waits until it is there, longer
 * than @least, or gone if @least is negative. */
static void
wait_for_size (const char *path,
               goffset least)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileMonitor) monitor = g_file_monitor_file (file, G_FILE_MONITOR_NONE, NULL, NULL);
  guint timeout = g_timeout_add_seconds (90, on_timeout, NULL);

  g_assert_nonnull (monitor);
  g_file_monitor_set_rate_limit (monitor, 10);
  while (least < 0 ? file_size (path) >= 0 : file_size (path) < least)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timeout);
}

static void
test_complete (Fixture *fixture,
               gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  AlcoveRecorder *recorder = alcove_recorder_new (fixture->path, &error);

  g_assert_no_error (error);
  feed (recorder, 50, BOTH);
  /* when this returns the file is closed, down to its last picture */
  g_assert_true (alcove_recorder_finish_sync (recorder, deadline ()));
  g_assert_true (alcove_recorder_is_finished (recorder));
  g_assert_cmpuint (count_frames (fixture->path, VIDEO), ==, 50);
  g_assert_cmpuint (count_frames (fixture->path, AUDIO), >=, 90);
  g_assert_finalize_object (recorder);
}

/* As @data says: who sends sound alone, or pictures alone, must be in the file all the same. */
static void
test_alone (Fixture *fixture,
            gconstpointer data)
{
  Kinds kinds = GPOINTER_TO_INT (data);
  AlcoveRecorder *recorder = alcove_recorder_new (fixture->path, NULL);

  /* long enough that the recorder no longer waits for the other kind */
  feed (recorder, 120, kinds);
  g_assert_cmpint (file_size (fixture->path), >, 0);
  g_assert_true (alcove_recorder_finish_sync (recorder, deadline ()));
  if (kinds == PICTURES)
    g_assert_cmpuint (count_frames (fixture->path, VIDEO), ==, 120);
  else
    g_assert_cmpuint (count_frames (fixture->path, AUDIO), >=, 230);
  g_assert_finalize_object (recorder);
}

static void
test_short_sound (Fixture *fixture,
                  gconstpointer data)
{
  AlcoveRecorder *recorder = alcove_recorder_new (fixture->path, NULL);

  feed (recorder, 10, SOUND);
  g_assert_true (alcove_recorder_finish_sync (recorder, deadline ()));
  g_assert_cmpuint (count_frames (fixture->path, AUDIO), >=, 18);
  g_assert_finalize_object (recorder);
}

static void
test_late_picture (Fixture *fixture,
                   gconstpointer data)
{
  AlcoveRecorder *recorder = alcove_recorder_new (fixture->path, NULL);
  g_autofree char *second = g_build_filename (fixture->folder, "a (2).mkv", NULL);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) files = NULL;

  feed (recorder, 100, SOUND);
  feed (recorder, 30, BOTH);
  g_assert_true (alcove_recorder_collect (recorder, &files, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (files), ==, 2);
  g_assert_cmpstr (files[0], ==, fixture->path);
  g_assert_cmpstr (files[1], ==, second);
  g_assert_cmpuint (count_frames (fixture->path, AUDIO), >=, 190);
  g_assert_cmpuint (count_frames (second, VIDEO), ==, 30);
  g_assert_cmpuint (count_frames (second, AUDIO), >=, 50);
  g_unlink (second);
  g_assert_finalize_object (recorder);
}

/* As @data says: one kind stops coming, for longer than the recorder keeps anything, and comes
 * back. The other one is written meanwhile, and both from then on. */
static void
test_stalled (Fixture *fixture,
              gconstpointer data)
{
  Kinds rest = GPOINTER_TO_INT (data);
  AlcoveRecorder *recorder = alcove_recorder_new (fixture->path, NULL);
  g_autofree char *second = g_build_filename (fixture->folder, "a (2).mkv", NULL);
  Feeder feeder;

  feeder_init (&feeder);
  g_signal_connect (recorder, "key-frame-wanted", G_CALLBACK (on_key_frame_wanted), &feeder);
  feeder_push (&feeder, recorder, 25, BOTH);
  for (guint i = 0; i < 3; i++)
    {
      goffset before = file_size (fixture->path);

      feeder_push (&feeder, recorder, 100, rest);
      wait_for_size (fixture->path, before + 1);
    }
  g_assert_cmpuint (feeder.n_wanted, ==, 0);
  feeder_push (&feeder, recorder, 50, BOTH);
  g_assert_cmpuint (feeder.n_wanted, >, 0);
  g_assert_true (alcove_recorder_finish_sync (recorder, deadline ()));

  g_assert_cmpuint (count_frames (fixture->path, AUDIO), >=, rest == SOUND ? 640 : 45);
  g_assert_cmpuint (count_frames (fixture->path, VIDEO), >=, rest == PICTURES ? 325 : 25);
  g_assert_cmpuint (count_frames (second, AUDIO), >=, rest == PICTURES ? 95 : 50);
  g_assert_cmpuint (count_frames (second, VIDEO), >=, 25);
  g_unlink (second);
  feeder_clear (&feeder);
  g_assert_finalize_object (recorder);
}

/* Sound that first comes when the file has long begun without. */
static void
test_late_sound (Fixture *fixture,
                 gconstpointer data)
{
  AlcoveRecorder *recorder = alcove_recorder_new (fixture->path, NULL);
  g_autofree char *second = g_build_filename (fixture->folder, "a (2).mkv", NULL);
  Feeder feeder;

  feeder_init (&feeder);
  g_signal_connect (recorder, "key-frame-wanted", G_CALLBACK (on_key_frame_wanted), &feeder);
  feeder_push (&feeder, recorder, 100, PICTURES);
  g_assert_cmpuint (feeder.n_wanted, ==, 0);
  feeder_push (&feeder, recorder, 50, BOTH);
  g_assert_true (alcove_recorder_finish_sync (recorder, deadline ()));
  g_assert_cmpuint (count_frames (fixture->path, VIDEO), >=, 100);
  g_assert_cmpuint (count_frames (second, VIDEO), >=, 25);
  g_assert_cmpuint (count_frames (second, AUDIO), >=, 95);
  g_unlink (second);
  feeder_clear (&feeder);
  g_assert_finalize_object (recorder);
}

/* Whether the head of a file says that it is of this kind. */
static gboolean
is_kind (const char *path,
         const char *kind)
{
  g_autofree char *contents = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  for (gsize i = 0; i + strlen (kind) <= MIN (length, 64); i++)
    if (memcmp (contents + i, kind, strlen (kind)) == 0)
      return TRUE;
  return FALSE;
}

/* @data is the extension of the file. */
static void
test_killed (Fixture *fixture,
             gconstpointer data)
{
  const char *extension = data;
  g_autofree char *copy = g_strdup_printf ("%s/killed%s", fixture->folder, extension);
  g_autofree char *path = g_strdup_printf ("%s/b%s", fixture->folder, extension);
  g_autofree char *contents = NULL;
  AlcoveRecorder *recorder = alcove_recorder_new (path, NULL);
  gsize length;

  /* What is on the disk while the recorder still runs is what a killed process leaves. */
  feed (recorder, 100, BOTH);
  wait_for_size (path, 20000);
  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  g_assert_true (g_file_set_contents (copy, contents, length - 7, NULL));
  g_assert_cmpuint (count_frames (copy, "d.video_0 ! queue ! vp8dec"), >=, 20);
  g_unlink (copy);

  g_assert_true (alcove_recorder_finish_sync (recorder, deadline ()));
  g_assert_cmpuint (count_frames (path, VIDEO), ==, 100);
  g_assert_cmpuint (count_frames (path, AUDIO), >=, 190);
  g_assert_true (is_kind (path, g_str_equal (extension, ".mkv") ? "matroska" : "webm"));
  g_unlink (path);
  g_assert_finalize_object (recorder);
}

static void
test_nothing (Fixture *fixture,
              gconstpointer data)
{
  AlcoveRecorder *recorder = alcove_recorder_new (fixture->path, NULL);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) files = NULL;

  g_assert_finalize_object (recorder);
  wait_for_size (fixture->path, -1);

  /* and nothing is said to be */
  recorder = alcove_recorder_new (fixture->path, NULL);
  g_assert_true (alcove_recorder_collect (recorder, &files, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (files), ==, 0);
  g_assert_finalize_object (recorder);
}

static void
test_exists (Fixture *fixture,
             gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (fixture->path, "mine", -1, NULL);
  g_assert_null (alcove_recorder_new (fixture->path, &error));
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_FILE);
  g_assert_cmpint (file_size (fixture->path), ==, 4);
}

/* The folder of a file is made, and no more: what is missing above is a mistake. */
static void
test_folders (Fixture *fixture,
              gconstpointer data)
{
  AlcoveRecordings *recordings = alcove_recordings_new ();
  g_autofree char *folder = g_build_filename (fixture->folder, "new", NULL);
  g_autofree char *path = g_build_filename (folder, "a.mkv", NULL);
  g_autofree char *typo = g_build_filename (fixture->folder, "typo", NULL);
  g_autofree char *wrong = g_build_filename (typo, "below", "a.mkv", NULL);
  g_autoptr (GError) error = NULL;
  AlcoveRecorder *recorder;

  recorder = alcove_recordings_make (recordings, path, &error);
  g_assert_no_error (error);
  g_assert_nonnull (recorder);
  g_object_unref (recorder);
  g_assert_null (alcove_recordings_make (recordings, wrong, &error));
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, typo));
  g_assert_false (g_file_test (typo, G_FILE_TEST_EXISTS));
  g_clear_error (&error);

  /* no folder can be made there, which is there itself */
  g_assert_null (alcove_recordings_make (recordings, "/proc/nowhere/a.mkv", &error));
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, "“/proc/nowhere/a.mkv”"));
  g_assert_null (strstr (error->message, "“/proc”"));
  g_assert_true (alcove_recordings_finish (recordings, deadline ()));
  alcove_recordings_unref (recordings);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
on_failed (AlcoveRecorder *recorder,
           GError *error,
           guint *n_failed)
{
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_FILE);
  (*n_failed)++;
}

static void
on_ended (AlcoveRecorder *recorder,
          const GError *reason,
          GError **error)
{
  g_assert_no_error (*error);
  *error = g_error_copy (reason);
}

/* Sound comes when the file has begun without, and there can't be another file; returns why. */
static GError *
run_without_next (AlcoveRecorder *recorder)
{
  guint timeout = g_timeout_add_seconds (90, on_timeout, NULL);
  GError *error = NULL;
  Feeder feeder;

  feeder_init (&feeder);
  g_signal_connect (recorder, "key-frame-wanted", G_CALLBACK (on_key_frame_wanted), &feeder);
  g_signal_connect (recorder, "failed", G_CALLBACK (on_ended), &error);
  feeder_push (&feeder, recorder, 100, PICTURES);
  while (error == NULL)
    feeder_push (&feeder, recorder, 10, BOTH);
  g_assert_true (alcove_recorder_finish_sync (recorder, deadline ()));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_source_remove (timeout);
  feeder_clear (&feeder);

  return error;
}

static void
test_folder_gone (Fixture *fixture,
                  gconstpointer data)
{
  AlcoveRecorder *recorder = alcove_recorder_new (fixture->path, NULL);
  g_autoptr (GError) error = NULL;

  g_unlink (fixture->path);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  error = run_without_next (recorder);
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, "a (2).mkv"));
  g_assert_nonnull (strstr (error->message, g_strerror (ENOENT)));
  g_assert_finalize_object (recorder);
}

/* A name is lost to another program when it has just been found to be free, as a link to nowhere
 * seems to be: the next one is used. */
static void
test_name_lost (Fixture *fixture,
                gconstpointer data)
{
  AlcoveRecorder *recorder = alcove_recorder_new (fixture->path, NULL);
  g_autofree char *second = g_build_filename (fixture->folder, "a (2).mkv", NULL);
  g_autofree char *third = g_build_filename (fixture->folder, "a (3).mkv", NULL);
  g_autofree char *fourth = g_build_filename (fixture->folder, "a (4).mkv", NULL);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) files = NULL;

  g_assert_cmpint (symlink ("nowhere", second), ==, 0);
  g_assert_cmpint (symlink ("nowhere", third), ==, 0);
  feed (recorder, 100, SOUND);
  feed (recorder, 30, BOTH);
  g_assert_true (alcove_recorder_collect (recorder, &files, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (files), ==, 2);
  g_assert_cmpstr (files[0], ==, fixture->path);
  g_assert_cmpstr (files[1], ==, fourth);
  g_assert_cmpuint (count_frames (fourth, VIDEO), ==, 30);
  g_unlink (second);
  g_unlink (third);
  g_unlink (fourth);
  g_assert_finalize_object (recorder);
}

/* All names that one recording may use are taken. */
static void
test_too_many_files (Fixture *fixture,
                     gconstpointer data)
{
  AlcoveRecorder *recorder = alcove_recorder_new (fixture->path, NULL);
  g_autoptr (GPtrArray) taken = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;

  for (guint i = 2; i <= 100; i++)
    {
      g_ptr_array_add (taken, g_strdup_printf ("%s/a (%u).mkv", fixture->folder, i));
      g_assert_true (g_file_set_contents (taken->pdata[taken->len - 1], "mine", -1, NULL));
    }
  error = run_without_next (recorder);
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "100"));
  for (guint i = 0; i < taken->len; i++)
    {
      g_assert_cmpint (file_size (taken->pdata[i]), ==, 4);
      g_unlink (taken->pdata[i]);
    }

  /* what was recorded is there */
  g_assert_cmpuint (count_frames (fixture->path, VIDEO), >=, 100);
  g_assert_finalize_object (recorder);
}

/* As on a disk that is full: no file may grow beyond that. */
static void
test_full (Fixture *fixture,
           gconstpointer data)
{
  AlcoveRecorder *recorder = alcove_recorder_new (fixture->path, NULL);
  guint timeout = g_timeout_add_seconds (90, on_timeout, NULL);
  struct rlimit before, bound;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) files = NULL;
  guint n_failed = 0;

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  bound = before;
  bound.rlim_cur = 30000;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &bound), ==, 0);

  g_signal_connect (recorder, "failed", G_CALLBACK (on_failed), &n_failed);
  feed (recorder, 100, BOTH);
  while (n_failed == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  g_source_remove (timeout);

  /* nothing comes after it, and what is there can be seen */
  feed (recorder, 10, BOTH);
  g_assert_true (alcove_recorder_finish_sync (recorder, deadline ()));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (n_failed, ==, 1);
  g_assert_cmpint (file_size (fixture->path), <=, 30000);
  g_assert_false (alcove_recorder_collect (recorder, &files, &error));
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_FILE);
  g_assert_cmpuint (count_frames (fixture->path, VIDEO), >=, 5);
  g_assert_finalize_object (recorder);
}

/* The disk fills while the end is written: that is told to who asks. */
static void
test_full_at_end (Fixture *fixture,
                  gconstpointer data)
{
  AlcoveRecorder *recorder = alcove_recorder_new (fixture->path, NULL);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) files = NULL;
  struct rlimit before, bound;

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  bound = before;
  bound.rlim_cur = 1000;
  feed (recorder, 50, SOUND);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &bound), ==, 0);
  g_assert_false (alcove_recorder_collect (recorder, &files, &error));
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, "disk"));
  g_assert_cmpuint (g_strv_length (files), ==, 1);
  g_assert_cmpstr (files[0], ==, fixture->path);
  g_assert_finalize_object (recorder);
}

/* The descriptor of a file that this process has open. */
static int
find_descriptor (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open ("/proc/self/fd", 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *link = g_build_filename ("/proc/self/fd", name, NULL);
      g_autofree char *target = g_file_read_link (link, NULL);

      if (g_strcmp0 (target, path) == 0)
        return atoi (name);
    }

  g_assert_not_reached ();
}

/* A disk that takes nothing for the moment, as one of a network that is away, is not full. */
static void
test_late (Fixture *fixture,
           gconstpointer data)
{
  AlcoveRecorder *recorder = alcove_recorder_new (fixture->path, NULL);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) files = NULL;
  static const char full[4096];
  int descriptor = find_descriptor (fixture->path);
  int ends[2];

  g_assert_cmpint (write (descriptor, full, 1), ==, 1);
  g_assert_true (g_unix_open_pipe (ends, FD_CLOEXEC, NULL));
  g_assert_true (g_unix_set_fd_nonblocking (ends[1], TRUE, NULL));
  while (write (ends[1], full, sizeof full) > 0)
    ;
  g_assert_true (g_unix_set_fd_nonblocking (ends[1], FALSE, NULL));
  g_assert_cmpint (dup2 (ends[1], descriptor), >=, 0);
  close (ends[1]);

  feed (recorder, 50, SOUND);
  g_assert_false (alcove_recorder_collect (recorder, &files, &error));
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_FILE);
  g_assert_null (strstr (error->message, "disk"));
  g_assert_cmpuint (g_strv_length (files), ==, 1);
  g_assert_cmpstr (files[0], ==, fixture->path);
  close (ends[0]);
  g_assert_finalize_object (recorder);
}

static void
test_names (void)
{
  const char *const strangers[] = { "../../etc/passwd", "a/b", "", ".", "..", "\n\x01", "房间" };

  for (gsize i = 0; i < G_N_ELEMENTS (strangers); i++)
    {
      g_autofree char *name = alcove_recordings_make_name (strangers[i]);

      g_assert_null (strchr (name, '/'));
      g_assert_true (g_str_is_ascii (name));
      g_assert_false (g_str_has_prefix (name, "."));
      g_assert_true (g_str_has_suffix (name, ".mkv"));
    }
}

#define add(path, func)                                                                           \
  g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);

  add ("/media/recorder/complete", test_complete);
  g_test_add ("/media/recorder/alone/sound", Fixture, GINT_TO_POINTER (SOUND), fixture_set_up,
              test_alone, fixture_tear_down);
  g_test_add ("/media/recorder/alone/pictures", Fixture, GINT_TO_POINTER (PICTURES),
              fixture_set_up, test_alone, fixture_tear_down);
  add ("/media/recorder/short-sound", test_short_sound);
  add ("/media/recorder/late-picture", test_late_picture);
  add ("/media/recorder/late-sound", test_late_sound);
  g_test_add ("/media/recorder/stalled/pictures", Fixture, GINT_TO_POINTER (SOUND),
              fixture_set_up, test_stalled, fixture_tear_down);
  g_test_add ("/media/recorder/stalled/sound", Fixture, GINT_TO_POINTER (PICTURES),
              fixture_set_up, test_stalled, fixture_tear_down);
  g_test_add ("/media/recorder/killed/matroska", Fixture, ".mkv", fixture_set_up, test_killed,
              fixture_tear_down);
  g_test_add ("/media/recorder/killed/webm", Fixture, ".webm", fixture_set_up, test_killed,
              fixture_tear_down);
  g_test_add ("/media/recorder/killed/webm-capitals", Fixture, ".WebM", fixture_set_up,
              test_killed, fixture_tear_down);
  add ("/media/recorder/nothing", test_nothing);
  add ("/media/recorder/exists", test_exists);
  add ("/media/recorder/folders", test_folders);
  add ("/media/recorder/folder-gone", test_folder_gone);
  add ("/media/recorder/name-lost", test_name_lost);
  add ("/media/recorder/too-many-files", test_too_many_files);
  add ("/media/recorder/full", test_full);
  add ("/media/recorder/full-at-end", test_full_at_end);
  add ("/media/recorder/late", test_late);
  g_test_add_func ("/media/recorder/names", test_names);

  return g_test_run ();
}
