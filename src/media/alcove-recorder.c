/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-recorder"

#include "config.h"

#include "alcove-recorder.h"

#include <glib/gi18n.h>

#include "alcove-error.h"
#include "alcove-media-thread.h"
#include "alcove-recorder-take.h"
#include "alcove-recording-name.h"
#include "alcove-workers.h"

/* How long sound and picture wait for each other, and how many packets of each at most. */
#define OTHER_WAIT (3 * GST_SECOND)
#define MAX_PENDING 1024

/* How often a key frame is asked for. */
#define ASK_EVERY GST_SECOND

static const char nothing_more[]
    = N_ ("The recording has ended: nothing more can be written to its file. Is the disk full?");

/* What has come before a file could begin. */
typedef struct {
  GPtrArray *video;
  GPtrArray *audio;
  AlcoveRecorderFormat format; /* of the pictures */
} Pending;

struct _AlcoveRecorder {
  GObject parent_instance;

  char *path;
  AlcoveWorkers *workers;
  AlcoveMediaHandle *handle;
  gboolean failed;

  GMutex lock;
  AlcoveRecorderTake *take;
  AlcoveRecorderOutcome *outcome;
  guint n_takes;
  gboolean finished;
  GstClockTime video_seen; /* running times: when it came last */
  GstClockTime audio_seen;
  GstClockTime asked; /* for a key frame; none if not since there was one */
  GError *reason; /* why it gave up, if it did */
  Pending pending;
};

enum {
  FAILED,
  KEY_FRAME_WANTED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AlcoveRecorder, alcove_recorder, G_TYPE_OBJECT)

/* of what was being written */
static GError *
make_error (void)
{
  return g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_FILE, _ (nothing_more));
}

static void
hop_failed (gpointer object,
            gpointer data)
{
  AlcoveRecorder *self = object;

  if (self->failed)
    return;

  self->failed = TRUE;
  alcove_recorder_finish (self);
  g_signal_emit (self, signals[FAILED], 0, data);
}

/* Any thread. Takes @error, which a person will read. */
static void
fail (AlcoveMediaHandle *handle,
      GError *error)
{
  alcove_media_hop (handle, hop_failed, error, (GDestroyNotify) g_error_free);
}

/* Any thread. */
static void
on_broken (gpointer data)
{
  fail (data, make_error ());
}

static void
hop_key_frame_wanted (gpointer object,
                      gpointer data)
{
  g_signal_emit (object, signals[KEY_FRAME_WANTED], 0);
}

static GstClockTime
running_time (GstSample *sample)
{
  GstBuffer *buffer = gst_sample_get_buffer (sample);
  GstSegment *segment = gst_sample_get_segment (sample);
  GstClockTime time = GST_BUFFER_PTS (buffer);

  if (segment != NULL && segment->format == GST_FORMAT_TIME && GST_CLOCK_TIME_IS_VALID (time))
    return gst_segment_to_running_time (segment, GST_FORMAT_TIME, time);
  return time;
}

static void
push (AlcoveRecorder *self,
      AlcoveRecorderTrack *track,
      GstSample *sample)
{
  alcove_recorder_take_push (self->take, track, gst_sample_get_buffer (sample),
                             running_time (sample));
}

/* @video: (nullable): what the pictures of the file are in, if it has any */
static void
begin_take (AlcoveRecorder *self,
            const AlcoveRecorderFormat *video,
            gboolean with_audio,
            GstClockTime start)
{
  alcove_recorder_take_begin (self->take, video, with_audio, start, on_broken,
                              alcove_media_handle_ref (self->handle),
                              (GDestroyNotify) alcove_media_handle_unref);
}

/* With the lock held: what has come before a file began, which begins with the first of it. */
static GstClockTime
get_pending_start (AlcoveRecorder *self)
{
  GstClockTime start = GST_CLOCK_TIME_NONE;

  if (self->pending.video->len > 0)
    start = running_time (self->pending.video->pdata[0]);
  if (self->pending.audio->len > 0)
    start = MIN (start, running_time (self->pending.audio->pdata[0]));
  return start;
}

/* With the lock held. */
static void
push_pending (AlcoveRecorder *self)
{
  Pending *pending = &self->pending;

  for (guint i = 0; i < pending->video->len; i++)
    push (self, &self->take->video, pending->video->pdata[i]);
  for (guint i = 0; i < pending->audio->len; i++)
    push (self, &self->take->audio, pending->audio->pdata[i]);
  g_ptr_array_set_size (pending->video, 0);
  g_ptr_array_set_size (pending->audio, 0);
}

/* With the lock held. Takes @error, which a person will read: whoever has ended the recording does
 * not listen any more, and collects it. */
static void
give_up (AlcoveRecorder *self,
         GError *error)
{
  if (self->reason == NULL)
    self->reason = g_error_copy (error);
  fail (self->handle, error);
}

/* With the lock held: whether pictures can go to a file of that name. */
static gboolean
takes (AlcoveRecorder *self,
       const AlcoveRecorderFormat *format)
{
  if (!format->is_h264 || !alcove_recording_name_is_webm (self->path))
    return TRUE;

  give_up (self,
           g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_FILE,
                                _ ("The pictures are H.264, which a WebM file can’t hold. "
                                   "Record to a file whose name ends in “.mkv”.")));
  return FALSE;
}

/* With the lock held. */
static void
begin (AlcoveRecorder *self,
       GstClockTime now)
{
  Pending *pending = &self->pending;

  if (pending->video->len > 0 && !takes (self, &pending->format))
    {
      g_ptr_array_set_size (pending->video, 0);
      g_ptr_array_set_size (pending->audio, 0);
      self->finished = TRUE;
      return;
    }

  self->video_seen = self->audio_seen = now;
  begin_take (self, pending->video->len > 0 ? &pending->format : NULL, pending->audio->len > 0,
              get_pending_start (self));
  push_pending (self);
}

/* With the lock held. The muxer waits for every track it was promised, so a file
 * begins when it is known which ones there are. */
static void
add_pending (AlcoveRecorder *self,
             GPtrArray *kind,
             GstSample *sample)
{
  g_ptr_array_add (kind, gst_sample_ref (sample));
  if ((self->pending.video->len > 0 && self->pending.audio->len > 0) || kind->len >= MAX_PENDING
      || running_time (sample) > running_time (kind->pdata[0]) + OTHER_WAIT)
    begin (self, running_time (sample));
}

/* With the lock held. The muxer waits for every track, so where one kind stops coming its track
 * ends: else nothing more of the other would be written. @seen tells when @track came last. Where
 * both were away, as when the network was, the one that is back first waits for the other anew. */
static void
note_arrival (GstClockTime time,
              GstClockTime *seen,
              AlcoveRecorderTrack *other,
              GstClockTime *other_seen)
{
  if (time > *seen + OTHER_WAIT)
    *other_seen = MAX (*other_seen, time);
  *seen = time;
  if (alcove_recorder_track_is_open (other) && time > *other_seen + OTHER_WAIT)
    alcove_recorder_track_end (other);
}

/* With the lock held. Pictures can go on with a key frame only, and the next one might be minutes
 * away. */
static void
want_key_frame (AlcoveRecorder *self,
                GstClockTime time)
{
  if (GST_CLOCK_TIME_IS_VALID (self->asked) && time >= self->asked
      && time < self->asked + ASK_EVERY)
    return;

  self->asked = time;
  alcove_media_hop (self->handle, hop_key_frame_wanted, NULL, NULL);
}

/* With the lock held. The tracks of a file are fixed once it has begun. @video is %NULL for one of
 * sound alone. */
static void
begin_next (AlcoveRecorder *self,
            const AlcoveRecorderFormat *video,
            GstClockTime now)
{
  g_autoptr (GError) error = NULL;
  gboolean taken = TRUE;
  AlcoveRecorderTake *next = NULL;

  if (video != NULL && !takes (self, video))
    return;

  /* a name that is free may be another program's before the file is made */
  while (next == NULL && taken)
    {
      g_autofree char *path = alcove_recording_name_next (self->path, &self->n_takes);

      g_clear_error (&error);
      taken = FALSE;
      if (path != NULL)
        next = alcove_recorder_take_new (path, self->outcome, &taken, &error);
      else
        g_set_error (&error, ALCOVE_ERROR, ALCOVE_ERROR_FAILED,
                     _ ("The recording has ended: it would have needed more than %d files."),
                     ALCOVE_RECORDING_MAX_FILES);
    }
  if (next == NULL)
    {
      g_message ("%s", error->message);
      self->n_takes = ALCOVE_RECORDING_MAX_FILES;
      give_up (self, g_steal_pointer (&error));
      return;
    }

  alcove_recorder_take_finish (self->take, self->workers);
  self->take = next;
  self->asked = GST_CLOCK_TIME_NONE;
  self->video_seen = self->audio_seen = now;
  begin_take (self, video, TRUE, MIN (get_pending_start (self), now));
  push_pending (self);
}

static void
alcove_recorder_finalize (GObject *object)
{
  AlcoveRecorder *self = ALCOVE_RECORDER (object);

  alcove_recorder_finish (self);
  g_ptr_array_unref (self->pending.video);
  g_ptr_array_unref (self->pending.audio);
  alcove_workers_unref (self->workers);
  alcove_recorder_outcome_unref (self->outcome);
  alcove_media_handle_unref (self->handle);
  g_clear_error (&self->reason);
  g_mutex_clear (&self->lock);
  g_free (self->path);

  G_OBJECT_CLASS (alcove_recorder_parent_class)->finalize (object);
}

static void
alcove_recorder_class_init (AlcoveRecorderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = alcove_recorder_finalize;

  signals[FAILED] = g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[KEY_FRAME_WANTED] = g_signal_new ("key-frame-wanted", G_TYPE_FROM_CLASS (klass),
                                            G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
alcove_recorder_init (AlcoveRecorder *self)
{
  g_mutex_init (&self->lock);
  self->outcome = alcove_recorder_outcome_new ();
  self->n_takes = 1;
  self->asked = GST_CLOCK_TIME_NONE;
  self->workers = alcove_workers_new ();
  self->handle = alcove_media_handle_new (self);
  self->pending.video = g_ptr_array_new_with_free_func ((GDestroyNotify) gst_sample_unref);
  self->pending.audio = g_ptr_array_new_with_free_func ((GDestroyNotify) gst_sample_unref);
}

/**
 * alcove_recorder_new:
 * @path: a file that does not exist yet
 * @error: return location
 *
 * Returns: (transfer full): a recorder, or %NULL with %ALCOVE_ERROR_FILE or
 *   %ALCOVE_ERROR_MISSING_ELEMENT
 */
AlcoveRecorder *
alcove_recorder_new (const char *path,
                     GError **error)
{
  g_autoptr (AlcoveRecorder) self = g_object_new (ALCOVE_TYPE_RECORDER, NULL);
  g_autoptr (GstElementFactory) muxer = gst_element_factory_find ("matroskamux");
  gboolean taken;

  if (muxer == NULL)
    {
      g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_MISSING_ELEMENT,
                           _ ("Recording needs “matroskamux” of the Debian package "
                              "gstreamer1.0-plugins-good."));
      return NULL;
    }

  self->path = g_strdup (path);
  self->take = alcove_recorder_take_new (path, self->outcome, &taken, error);
  return self->take != NULL ? g_steal_pointer (&self) : NULL;
}

/**
 * alcove_recorder_push_video:
 * @self: a recorder
 * @sample: (transfer none): one picture in VP8, or in H.264 as byte stream
 */
void
alcove_recorder_push_video (AlcoveRecorder *self,
                            GstSample *sample)
{
  AlcoveRecorderFormat format = { 0 };
  gboolean is_key;

  if (sample == NULL || gst_sample_get_buffer (sample) == NULL
      || !GST_CLOCK_TIME_IS_VALID (running_time (sample)))
    return;

  is_key = alcove_recorder_format_read (&format, sample);

  g_mutex_lock (&self->lock);
  if (!self->finished && !alcove_recorder_take_has_begun (self->take))
    {
      if (is_key)
        self->pending.format = format;
      if (is_key || self->pending.video->len > 0)
        add_pending (self, self->pending.video, sample);
    }
  else if (!self->finished)
    {
      GstClockTime time = running_time (sample);

      note_arrival (time, &self->video_seen, &self->take->audio, &self->audio_seen);
      if (!alcove_recorder_track_is_open (&self->take->video) || self->pending.audio->len > 0)
        {
          if (is_key)
            begin_next (self, &format, time);
          else
            want_key_frame (self, time);
        }
      push (self, &self->take->video, sample);
    }
  g_mutex_unlock (&self->lock);
}

/* With the lock held: sound that the file has no track for. It is kept until both can go on in the
 * next file. */
static void
take_new_sound (AlcoveRecorder *self,
                GstSample *sample,
                GstClockTime time)
{
  if (self->pending.audio->len < MAX_PENDING)
    g_ptr_array_add (self->pending.audio, gst_sample_ref (sample));
  if (alcove_recorder_track_is_open (&self->take->video))
    want_key_frame (self, time);
  else
    begin_next (self, NULL, time);
}

/**
 * alcove_recorder_push_audio:
 * @self: a recorder
 * @sample: (transfer none): one Opus packet
 */
void
alcove_recorder_push_audio (AlcoveRecorder *self,
                            GstSample *sample)
{
  if (sample == NULL || gst_sample_get_buffer (sample) == NULL
      || !GST_CLOCK_TIME_IS_VALID (running_time (sample)))
    return;

  g_mutex_lock (&self->lock);
  if (!self->finished && !alcove_recorder_take_has_begun (self->take))
    add_pending (self, self->pending.audio, sample);
  else if (!self->finished)
    {
      GstClockTime time = running_time (sample);

      note_arrival (time, &self->audio_seen, &self->take->video, &self->video_seen);
      if (alcove_recorder_track_is_open (&self->take->audio))
        push (self, &self->take->audio, sample);
      else
        take_new_sound (self, sample, time);
    }
  g_mutex_unlock (&self->lock);
}

/**
 * alcove_recorder_finish:
 * @self: a recorder
 *
 * Writes what is queued and closes the file, in the background. Calling it again does nothing.
 */
void
alcove_recorder_finish (AlcoveRecorder *self)
{
  g_mutex_lock (&self->lock);
  self->finished = TRUE;
  if (self->take != NULL)
    {
      if (!alcove_recorder_take_has_begun (self->take)
          && (self->pending.video->len > 0 || self->pending.audio->len > 0))
        begin (self, GST_CLOCK_TIME_NONE);
      else if (alcove_recorder_take_has_begun (self->take) && self->pending.audio->len > 0 && !self->failed)
        begin_next (self, NULL, get_pending_start (self));
      alcove_recorder_take_finish (g_steal_pointer (&self->take), self->workers);
    }
  g_mutex_unlock (&self->lock);
}

/**
 * alcove_recorder_finish_sync:
 * @self: a recorder
 * @deadline: monotonic time in microseconds until which to wait
 *
 * Writes what is queued and closes the file.
 *
 * Returns: whether the file is closed; else that goes on in the background
 */
gboolean
alcove_recorder_finish_sync (AlcoveRecorder *self,
                             gint64 deadline)
{
  alcove_recorder_finish (self);
  return alcove_workers_wait (self->workers, deadline);
}

/**
 * alcove_recorder_collect:
 * @self: a recorder
 * @files: (out) (transfer full) (array zero-terminated=1): the names of the files that have
 *   anything in them, perhaps none; set in any case
 * @error: return location
 *
 * Finishes, waits until all files are closed, and tells what became of them. Blocks; may be called
 * from any thread.
 *
 * Returns: %FALSE with %ALCOVE_ERROR_FILE if something is missing in the files, or with
 *   %ALCOVE_ERROR_FAILED if there would have been too many
 */
gboolean
alcove_recorder_collect (AlcoveRecorder *self,
                         char ***files,
                         GError **error)
{
  /* each file has its own bound, and they end at the same time */
  gint64 deadline = g_get_monotonic_time () + 2 * ALCOVE_RECORDER_TAKE_MOST_END;
  gboolean closed = alcove_recorder_finish_sync (self, deadline);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GError) reason = NULL;
  AlcoveRecorderEnd end;

  end = alcove_recorder_outcome_get (self->outcome, builder);
  if (!closed)
    end = MAX (end, ALCOVE_RECORDER_END_LATE);
  *files = g_strv_builder_end (builder);

  g_mutex_lock (&self->lock);
  reason = self->reason != NULL ? g_error_copy (self->reason) : NULL;
  g_mutex_unlock (&self->lock);
  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
  if (end == ALCOVE_RECORDER_END_WHOLE)
    return TRUE;

  g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_FILE,
                       end == ALCOVE_RECORDER_END_LATE
                           ? _ ("The end of the recording was not written in time.")
                           : _ (nothing_more));
  return FALSE;
}

/**
 * alcove_recorder_is_finished:
 * @self: a recorder
 *
 * Returns: whether it was finished and its file is closed
 */
gboolean
alcove_recorder_is_finished (AlcoveRecorder *self)
{
  gboolean finished;

  g_mutex_lock (&self->lock);
  finished = self->finished;
  g_mutex_unlock (&self->lock);

  return finished && alcove_workers_wait (self->workers, 0);
}
