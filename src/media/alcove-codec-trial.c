/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-codec-trial"

#include "config.h"

#include "alcove-codec-trial.h"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/video/video.h>

/*
 * Whether an encoder or a decoder really works is known only when a picture has gone through
 * it: that an element exists says that a driver was found, and drivers fail, give rubbish, or hang.
 * So what is tried runs on a thread that may be left behind.
 */

#define WIDTH 192
#define HEIGHT 128
#define FPS 30
#define GRAY 0x62

/* How far the middle of a decoded picture may be from what was encoded. */
#define TOLERANCE 6

/* Pictures of a trial: the first is a key frame by itself, the last because it is asked for. */
#define N_PICTURES 4

/* What does not hang ends within that when it is no longer wanted. */
#define SLICE (50 * GST_MSECOND)
#define GRACE (500 * G_TIME_SPAN_MILLISECOND)

/* Between the last one and those before: more than any encoder's time between key frames. */
#define PAUSE (2 * GST_SECOND)

/* One picture of WIDTH×HEIGHT, GRAY all over, as each codec has it. */
static const guint8 h264_picture[] = {
  0x00, 0x00, 0x00, 0x01, 0x67, 0x42, 0xc0, 0x0b, 0x8c, 0x8d, 0x41, 0x82, 0x24, 0x03, 0xc2,
  0x21, 0x1a, 0x80, 0x00, 0x00, 0x00, 0x01, 0x68, 0xce, 0x3c, 0x80, 0x00, 0x00, 0x00, 0x01,
  0x65, 0xb8, 0x00, 0x04, 0x00, 0x00, 0x04, 0x39, 0x31, 0x40, 0x00, 0xec, 0x9c, 0x9c, 0x9c,
  0x9c, 0x9c, 0x9c, 0x9c, 0x9c, 0x9c, 0x9c, 0x9d, 0x5d, 0x75, 0xd7, 0x5d, 0x75, 0xd7, 0x5d,
  0x75, 0xd7, 0x57, 0x5d, 0x75, 0xd7, 0x5d, 0x75, 0xd7, 0x5d, 0x75, 0xd5, 0xd7, 0x5d, 0x75,
  0xd7, 0x5d, 0x75, 0xd7, 0x5d, 0x75, 0xd7, 0x5d, 0x75, 0xd7, 0x5d, 0x75, 0xd7, 0x5d, 0x75,
  0xd7, 0x5d, 0x75, 0xd7, 0x5d, 0x75, 0xd7, 0x5d, 0x75, 0xd7, 0x5d, 0x75, 0xd7, 0x5d, 0x75,
  0xd7, 0x5d, 0x75, 0x25, 0x75, 0xd7, 0x5d, 0x75, 0xd7, 0x5d, 0x75, 0xd7, 0x80,
};
static const guint8 vp8_picture[] = {
  0x30, 0x07, 0x00, 0x9d, 0x01, 0x2a, 0xc0, 0x00, 0x80, 0x00, 0x00, 0x47, 0x08, 0x85, 0x85,
  0x88, 0x99, 0x84, 0x88, 0x02, 0x02, 0x00, 0x06, 0x1c, 0x09, 0xee, 0x43, 0xdf, 0x6c, 0x9c,
  0x87, 0xbe, 0xd9, 0x39, 0x0f, 0x7d, 0xb2, 0x72, 0x1e, 0xfb, 0x64, 0xe4, 0x3d, 0xf6, 0xc9,
  0xc8, 0x7b, 0xed, 0x93, 0x90, 0xf7, 0xdb, 0x27, 0x21, 0xef, 0xb6, 0x4e, 0x43, 0xdf, 0x6c,
  0x9c, 0x87, 0xbe, 0xd9, 0x39, 0x0d, 0xe0, 0xfe, 0xf9, 0xe4, 0x80,
};

typedef struct {
  AlcoveVideoCodec codec;
  char *description;
  gint64 deadline;
  gboolean encode;
  GCancellable *cancellable;

  GMutex lock;
  GCond ended;
  gboolean done;
  gboolean works;
  gint64 given_up_at; /* monotonic */
} Trial;

static void
trial_clear (gpointer data)
{
  Trial *trial = data;

  g_free (trial->description);
  g_object_unref (trial->cancellable);
  g_mutex_clear (&trial->lock);
  g_cond_clear (&trial->ended);
}

static void
trial_unref (Trial *trial)
{
  g_atomic_rc_box_release_full (trial, trial_clear);
}

static GstSample *
pull (Trial *trial,
      GstElement *sink)
{
  GstSample *sample = NULL;

  while (sample == NULL && g_get_monotonic_time () < trial->deadline
         && !g_cancellable_is_cancelled (trial->cancellable)
         && !gst_app_sink_is_eos (GST_APP_SINK (sink)))
    sample = gst_app_sink_try_pull_sample (GST_APP_SINK (sink), SLICE);
  return sample;
}

static void
push (GstElement *source,
      GstBuffer *buffer,
      GstClockTime time)
{
  GST_BUFFER_PTS (buffer) = time;
  GST_BUFFER_DURATION (buffer) = GST_SECOND / FPS;
  gst_app_src_push_buffer (GST_APP_SRC (source), buffer);
}

static GstBuffer *
make_gray (void)
{
  gsize luma = WIDTH * HEIGHT;
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, luma * 3 / 2, NULL);

  gst_buffer_memset (buffer, 0, GRAY, luma);
  gst_buffer_memset (buffer, luma, 0x80, luma / 2);
  return buffer;
}

/* Each picture must come out at once, not behind later ones, and a key frame must come when one is
 * asked for: without that nobody who joins sees anything. */
static gboolean
try_to_encode (Trial *trial,
               GstElement *source,
               GstElement *sink)
{
  for (guint i = 0; i < N_PICTURES; i++)
    {
      gboolean wants_key = i == 0 || i == N_PICTURES - 1;
      g_autoptr (GstSample) sample = NULL;
      GstBuffer *buffer;

      if (i == N_PICTURES - 1)
        {
          g_autoptr (GstPad) pad = gst_element_get_static_pad (sink, "sink");

          gst_pad_push_event (pad, gst_video_event_new_upstream_force_key_unit (
                                       GST_CLOCK_TIME_NONE, TRUE, 0));
        }
      push (source, make_gray (), i * GST_SECOND / FPS + (i == N_PICTURES - 1 ? PAUSE : 0));

      sample = pull (trial, sink);
      buffer = sample != NULL ? gst_sample_get_buffer (sample) : NULL;
      if (buffer == NULL || gst_buffer_get_size (buffer) == 0
          || (wants_key && GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT)))
        return FALSE;
    }

  return TRUE;
}

static gboolean
try_to_decode (Trial *trial,
               GstElement *source,
               GstElement *sink)
{
  gboolean is_h264 = trial->codec == ALCOVE_VIDEO_CODEC_H264;
  const guint8 *data = is_h264 ? h264_picture : vp8_picture;
  gsize size = is_h264 ? sizeof h264_picture : sizeof vp8_picture;
  g_autoptr (GstSample) sample = NULL;
  GstVideoInfo info;
  GstVideoFrame picture;
  const guint8 *middle;
  int luma;

  push (source, gst_buffer_new_memdup (data, size), 0);
  sample = pull (trial, sink);
  if (sample == NULL || !gst_video_info_from_caps (&info, gst_sample_get_caps (sample))
      || info.width != WIDTH || info.height != HEIGHT || !GST_VIDEO_INFO_IS_YUV (&info)
      || !gst_video_frame_map (&picture, &info, gst_sample_get_buffer (sample), GST_MAP_READ))
    return FALSE;

  middle = GST_VIDEO_FRAME_COMP_DATA (&picture, 0);
  middle += HEIGHT / 2 * GST_VIDEO_FRAME_COMP_STRIDE (&picture, 0);
  luma = middle[WIDTH / 2 * GST_VIDEO_FRAME_COMP_PSTRIDE (&picture, 0)];
  gst_video_frame_unmap (&picture);

  return ABS (luma - GRAY) <= TOLERANCE;
}

static gboolean
run (Trial *trial)
{
  g_autoptr (GstCaps) encoded = alcove_video_codec_make_caps (trial->codec);
  g_autoptr (GstCaps) raw
      = gst_caps_new_simple ("video/x-raw", "format", G_TYPE_STRING, "I420", "width", G_TYPE_INT,
                             WIDTH, "height", G_TYPE_INT, HEIGHT, "framerate", GST_TYPE_FRACTION,
                             FPS, 1, "pixel-aspect-ratio", GST_TYPE_FRACTION, 1, 1, NULL);
  g_autofree char *text
      = g_strdup_printf ("appsrc name=source format=time is-live=true ! %s ! "
                         "appsink name=sink sync=false async=false",
                         trial->description);
  g_autoptr (GstElement) pipeline = gst_parse_launch_full (text, NULL, GST_PARSE_FLAG_FATAL_ERRORS,
                                                           NULL);
  g_autoptr (GstElement) source = NULL;
  g_autoptr (GstElement) sink = NULL;
  gboolean works;

  if (pipeline == NULL)
    return FALSE;

  gst_object_ref_sink (pipeline);
  source = gst_bin_get_by_name (GST_BIN (pipeline), "source");
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  /* a depayloader does not know the profile */
  encoded = gst_caps_make_writable (encoded);
  gst_structure_remove_field (gst_caps_get_structure (encoded, 0), "profile");
  gst_app_src_set_caps (GST_APP_SRC (source), trial->encode ? raw : encoded);
  works = gst_element_set_state (pipeline, GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE
          && (trial->encode ? try_to_encode (trial, source, sink)
                            : try_to_decode (trial, source, sink));
  gst_element_set_state (pipeline, GST_STATE_NULL);

  return works;
}

static gpointer
run_thread (gpointer data)
{
  Trial *trial = data;
  gboolean works = run (trial);

  g_mutex_lock (&trial->lock);
  trial->works = works;
  trial->done = TRUE;
  g_cond_signal (&trial->ended);
  g_mutex_unlock (&trial->lock);
  trial_unref (trial);

  return NULL;
}

static void
on_cancelled (GCancellable *cancellable,
              Trial *trial)
{
  g_mutex_lock (&trial->lock);
  trial->given_up_at = MIN (trial->given_up_at, g_get_monotonic_time () + GRACE);
  g_cond_signal (&trial->ended);
  g_mutex_unlock (&trial->lock);
}

static gboolean
start (AlcoveVideoCodec codec,
       const char *description,
       gint64 patience,
       gboolean encode,
       GCancellable *cancellable)
{
  Trial *trial = g_atomic_rc_box_new0 (Trial);
  gboolean in_time = TRUE;
  gulong handler;
  gboolean works;
  GThread *thread;

  trial->codec = codec;
  trial->description = g_strdup (description);
  /* it is to be over by then; what only gives nothing does not hang */
  trial->deadline = g_get_monotonic_time () + patience / 2;
  trial->given_up_at = g_get_monotonic_time () + patience;
  trial->encode = encode;
  trial->cancellable = g_object_ref (cancellable);
  g_mutex_init (&trial->lock);
  g_cond_init (&trial->ended);

  thread = g_thread_try_new ("alcove-trial", run_thread, g_atomic_rc_box_acquire (trial), NULL);
  if (thread == NULL)
    {
      trial_unref (trial);
      trial_unref (trial);
      return FALSE;
    }

  handler = g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), trial, NULL);
  g_mutex_lock (&trial->lock);
  while (!trial->done && in_time)
    in_time = g_cond_wait_until (&trial->ended, &trial->lock, trial->given_up_at);
  works = trial->done && trial->works;
  in_time = trial->done;
  g_mutex_unlock (&trial->lock);
  g_cancellable_disconnect (cancellable, handler);

  /* one that hangs is left alone: nothing can end it */
  if (in_time)
    g_thread_join (thread);
  else
    g_thread_unref (thread);
  trial_unref (trial);

  return works;
}

/**
 * alcove_codec_trial_encode:
 * @codec: what comes out
 * @description: of elements that take I420 and encode it
 * @patience: in microseconds
 * @cancellable: ends it before, with %FALSE
 *
 * Puts a few pictures through an encoder. Blocks, for @patience at most.
 *
 * Returns: whether each came out at once, and as a key frame where one was due
 */
gboolean
alcove_codec_trial_encode (AlcoveVideoCodec codec,
                           const char *description,
                           gint64 patience,
                           GCancellable *cancellable)
{
  return start (codec, description, patience, TRUE, cancellable);
}

/**
 * alcove_codec_trial_decode:
 * @codec: what goes in
 * @description: of elements that decode it
 * @patience: in microseconds
 * @cancellable: ends it before, with %FALSE
 *
 * Puts a picture through a decoder. Blocks, for @patience at most.
 *
 * Returns: whether the same picture came out, at once
 */
gboolean
alcove_codec_trial_decode (AlcoveVideoCodec codec,
                           const char *description,
                           gint64 patience,
                           GCancellable *cancellable)
{
  return start (codec, description, patience, FALSE, cancellable);
}
