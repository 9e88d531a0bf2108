/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-recorder"

#include "config.h"

#include "alcove-recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <gst/app/gstappsrc.h>
#include <unistd.h>

#include "alcove-debug.h"
#include "alcove-error.h"
#include "alcove-media-thread.h"
#include "alcove-picture-size.h"
#include "alcove-recorder-track.h"
#include "alcove-recording-name.h"
#include "alcove-workers.h"

#define FINISH_TIMEOUT (5 * GST_SECOND)

/* The muxer takes no smaller pictures. */
#define LEAST_SIDE 16

/* How long sound and picture wait for each other, and how many packets of each at most. */
#define OTHER_WAIT (3 * GST_SECOND)
#define MAX_PENDING 1024

/* How often a key frame is asked for. */
#define ASK_EVERY GST_SECOND

static const char nothing_more[]
    = N_ ("The recording has ended: nothing more can be written to its file. Is the disk full?");

/* How a file ended, the better first. */
typedef enum {
  TAKE_WHOLE,
  TAKE_LATE, /* perhaps without its end */
  TAKE_BROKEN,
} TakeEnd;

/* What became of the files: threads that write their ends tell. */
typedef struct {
  GMutex lock;
  GPtrArray *files; /* names in their order; NULL where there is nothing */
  TakeEnd end; /* the worst */
} Outcome;

/* One file. */
typedef struct {
  Outcome *outcome;
  guint index; /* there */
  char *path;
  int fd;
  GstElement *pipeline;
  AlcoveRecorderTrack video;
  AlcoveRecorderTrack audio;
  GstClockTime start;
} Take;

/* What has come before a file could begin. */
typedef struct {
  GPtrArray *video;
  GPtrArray *audio;
  gboolean is_h264;
  int width; /* of VP8 */
  int height;
} Pending;

struct _AlcoveRecorder {
  GObject parent_instance;

  char *path;
  AlcoveWorkers *workers;
  AlcoveMediaHandle *handle;
  gboolean failed;

  GMutex lock;
  Take *take;
  Outcome *outcome;
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

static void
outcome_clear (gpointer data)
{
  Outcome *self = data;

  g_ptr_array_unref (self->files);
  g_mutex_clear (&self->lock);
}

static void
outcome_note (Outcome *self,
              guint index,
              const char *path,
              TakeEnd end)
{
  GStatBuf info;

  g_mutex_lock (&self->lock);
  if (g_stat (path, &info) == 0 && info.st_size > 0)
    self->files->pdata[index] = g_strdup (path);
  self->end = MAX (self->end, end);
  g_mutex_unlock (&self->lock);
}

static void
take_free (Take *take,
           TakeEnd end)
{
  if (take->pipeline != NULL)
    gst_element_set_state (take->pipeline, GST_STATE_NULL);
  alcove_recorder_track_clear (&take->video);
  alcove_recorder_track_clear (&take->audio);
  if (take->fd >= 0 && close (take->fd) != 0)
    end = TAKE_BROKEN;
  if (take->fd >= 0 && take->pipeline != NULL)
    outcome_note (take->outcome, take->index, take->path, end);
  if (take->fd >= 0 && take->pipeline == NULL)
    g_unlink (take->path);
  gst_clear_object (&take->pipeline);
  g_atomic_rc_box_release_full (take->outcome, outcome_clear);
  g_free (take->path);
  g_free (take);
}

/* @taken: (out): whether there is something of that name already */
static Take *
take_new (const char *path,
          Outcome *outcome,
          gboolean *taken,
          GError **error)
{
  Take *take = g_new0 (Take, 1);

  alcove_recorder_track_init (&take->video, FALSE);
  alcove_recorder_track_init (&take->audio, TRUE);
  take->outcome = g_atomic_rc_box_acquire (outcome);
  g_mutex_lock (&outcome->lock);
  take->index = outcome->files->len;
  g_ptr_array_add (outcome->files, NULL);
  g_mutex_unlock (&outcome->lock);
  take->path = g_strdup (path);
  take->fd = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  *taken = take->fd < 0 && errno == EEXIST;
  if (take->fd < 0)
    {
      int code = errno;
      g_autofree char *shown = g_filename_display_name (path);

      take_free (take, TAKE_WHOLE);
      g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_FILE, _ ("“%s” can’t be written: %s"), shown,
                   g_strerror (code));
      return NULL;
    }

  return take;
}

/* Where pictures change their size in the middle, so do the parameters of H.264. They are in the
 * pictures as well; a muxer that heard of them would give up. */
static GstPadProbeReturn
on_parsed_caps (GstPad *pad,
                GstPadProbeInfo *info,
                gpointer data)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);

  return GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) == GST_EVENT_CAPS && caps != NULL
             ? GST_PAD_PROBE_DROP
             : GST_PAD_PROBE_OK;
}

static GstCaps *
make_video_caps (const Pending *pending)
{
  if (pending->is_h264)
    return gst_caps_from_string ("video/x-h264,stream-format=byte-stream,alignment=au,"
                                 "framerate=0/1");

  /* Later changes of size are in the frames themselves; the muxer must not hear of them. */
  return gst_caps_new_simple ("video/x-vp8", "width", G_TYPE_INT, pending->width, "height",
                              G_TYPE_INT, pending->height, "framerate", GST_TYPE_FRACTION, 0, 1,
                              NULL);
}

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

static void
hop_key_frame_wanted (gpointer object,
                      gpointer data)
{
  g_signal_emit (object, signals[KEY_FRAME_WANTED], 0);
}

static GstBusSyncReply
on_bus_message (GstBus *bus,
                GstMessage *message,
                gpointer user_data)
{
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    {
      g_autoptr (GError) error = NULL;

      gst_message_parse_error (message, &error, NULL);
      alcove_debug_print (ALCOVE_DEBUG_MEDIA, "recorder: %s", error->message);
      fail (user_data, make_error ());
    }

  /* whoever finishes the file waits for it */
  return GST_BUS_PASS;
}

static void
take_begin (Take *take,
            AlcoveMediaHandle *handle,
            const Pending *pending,
            gboolean with_video,
            gboolean with_audio,
            GstClockTime start)
{
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GstBus) bus = NULL;
  /* Not streamable: then the end writes duration and index, without which players cannot
   * seek. A file without its end plays up to there in either case. */
  g_autofree char *description = g_strdup_printf (
      "%s name=mux writing-app=Alcove ! fdsink name=sink sync=false "
      "async=false %s %s",
      alcove_recording_name_is_webm (take->path) ? "webmmux" : "matroskamux",
      !with_video ? ""
      : pending->is_h264
          ? "appsrc name=video format=time max-bytes=0 leaky-type=downstream ! "
            "h264parse name=parser config-interval=-1 ! "
            "video/x-h264,stream-format=avc3,alignment=au ! mux.video_0"
          : "appsrc name=video format=time max-bytes=0 leaky-type=downstream ! mux.video_0",
      with_audio
          ? "appsrc name=audio format=time max-bytes=0 leaky-type=downstream ! mux.audio_0"
          : "");

  take->pipeline = gst_parse_launch (description, NULL);
  if (take->pipeline == NULL)
    return;
  gst_object_ref_sink (take->pipeline);
  take->start = start;
  alcove_recorder_track_attach (&take->audio,
                                gst_bin_get_by_name (GST_BIN (take->pipeline), "audio"));
  alcove_recorder_track_attach (&take->video,
                                gst_bin_get_by_name (GST_BIN (take->pipeline), "video"));
  if (take->audio.source != NULL)
    {
      g_autoptr (GstCaps) audio = gst_caps_from_string (
          "audio/x-opus,rate=48000,channels=2,channel-mapping-family=0,stream-count=1,"
          "coupled-count=1");

      gst_app_src_set_caps (GST_APP_SRC (take->audio.source), audio);
    }
  if (take->video.source != NULL)
    {
      g_autoptr (GstCaps) video = make_video_caps (pending);
      g_autoptr (GstElement) parser = gst_bin_get_by_name (GST_BIN (take->pipeline), "parser");
      g_autoptr (GstPad) pad = parser != NULL ? gst_element_get_static_pad (parser, "src") : NULL;

      gst_app_src_set_caps (GST_APP_SRC (take->video.source), video);
      if (pad != NULL)
        gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_parsed_caps, NULL, NULL);
    }
  sink = gst_bin_get_by_name (GST_BIN (take->pipeline), "sink");
  g_object_set (sink, "fd", take->fd, NULL);
  bus = gst_element_get_bus (take->pipeline);
  gst_bus_set_sync_handler (bus, on_bus_message, alcove_media_handle_ref (handle),
                            (GDestroyNotify) alcove_media_handle_unref);
  gst_element_set_state (take->pipeline, GST_STATE_PLAYING);
}

static void
take_run_finish (gpointer data)
{
  Take *take = data;
  TakeEnd end = TAKE_WHOLE;

  if (take->pipeline != NULL)
    {
      g_autoptr (GstBus) bus = gst_element_get_bus (take->pipeline);
      g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (
          bus, FINISH_TIMEOUT, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);

      end = message == NULL                                     ? TAKE_LATE
            : GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS ? TAKE_WHOLE
                                                            : TAKE_BROKEN;
    }
  take_free (take, end);
}

static void
take_finish (Take *take,
             AlcoveWorkers *workers)
{
  alcove_recorder_track_end (&take->video);
  alcove_recorder_track_end (&take->audio);
  alcove_workers_run (workers, "alcove-recorder", take_run_finish, take);
}

static gboolean
is_h264 (GstSample *sample)
{
  GstCaps *caps = gst_sample_get_caps (sample);

  return caps != NULL && !gst_caps_is_empty (caps) && !gst_caps_is_any (caps)
         && gst_structure_has_name (gst_caps_get_structure (caps, 0), "video/x-h264");
}

/* Whether a file may begin with this picture; then @format tells what it is. Matroska wants the
 * size of VP8 before the first block. */
static gboolean
read_key_frame (GstSample *sample,
                Pending *format)
{
  GstBuffer *buffer = gst_sample_get_buffer (sample);

  format->is_h264 = is_h264 (sample);
  if (format->is_h264)
    return !GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT);

  return alcove_picture_size_read (ALCOVE_VIDEO_CODEC_VP8, buffer, &format->width,
                                   &format->height) == ALCOVE_PICTURE_SIZE_KNOWN
         && format->width >= LEAST_SIDE && format->height >= LEAST_SIDE;
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
take_push (Take *take,
           AlcoveRecorderTrack *track,
           GstSample *sample)
{
  alcove_recorder_track_push (track, gst_sample_get_buffer (sample), running_time (sample),
                              take->start);
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
    take_push (self->take, &self->take->video, pending->video->pdata[i]);
  for (guint i = 0; i < pending->audio->len; i++)
    take_push (self->take, &self->take->audio, pending->audio->pdata[i]);
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
       const Pending *format)
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

  if (pending->video->len > 0 && !takes (self, pending))
    {
      g_ptr_array_set_size (pending->video, 0);
      g_ptr_array_set_size (pending->audio, 0);
      self->finished = TRUE;
      return;
    }

  self->video_seen = self->audio_seen = now;
  take_begin (self->take, self->handle, pending, pending->video->len > 0,
              pending->audio->len > 0, get_pending_start (self));
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

/* With the lock held. The tracks of a file are fixed once it has begun. */
static void
begin_next (AlcoveRecorder *self,
            const Pending *format,
            gboolean with_video,
            GstClockTime now)
{
  g_autoptr (GError) error = NULL;
  gboolean taken = TRUE;
  Take *next = NULL;

  if (with_video && !takes (self, format))
    return;

  /* a name that is free may be another program's before the file is made */
  while (next == NULL && taken)
    {
      g_autofree char *path = alcove_recording_name_next (self->path, &self->n_takes);

      g_clear_error (&error);
      taken = FALSE;
      if (path != NULL)
        next = take_new (path, self->outcome, &taken, &error);
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

  take_finish (self->take, self->workers);
  self->take = next;
  self->asked = GST_CLOCK_TIME_NONE;
  self->video_seen = self->audio_seen = now;
  take_begin (next, self->handle, format, with_video, TRUE, MIN (get_pending_start (self), now));
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
  g_atomic_rc_box_release_full (self->outcome, outcome_clear);
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
  self->outcome = g_atomic_rc_box_new0 (Outcome);
  g_mutex_init (&self->outcome->lock);
  self->outcome->files = g_ptr_array_new_with_free_func (g_free);
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
  self->take = take_new (path, self->outcome, &taken, error);
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
  Pending format = { 0 };
  gboolean is_key;

  if (sample == NULL || gst_sample_get_buffer (sample) == NULL
      || !GST_CLOCK_TIME_IS_VALID (running_time (sample)))
    return;

  is_key = read_key_frame (sample, &format);

  g_mutex_lock (&self->lock);
  if (!self->finished && self->take->pipeline == NULL)
    {
      if (is_key)
        {
          self->pending.is_h264 = format.is_h264;
          self->pending.width = format.width;
          self->pending.height = format.height;
        }
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
            begin_next (self, &format, TRUE, time);
          else
            want_key_frame (self, time);
        }
      take_push (self->take, &self->take->video, sample);
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
    begin_next (self, &self->pending, FALSE, time);
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
  if (!self->finished && self->take->pipeline == NULL)
    add_pending (self, self->pending.audio, sample);
  else if (!self->finished)
    {
      GstClockTime time = running_time (sample);

      note_arrival (time, &self->audio_seen, &self->take->video, &self->video_seen);
      if (alcove_recorder_track_is_open (&self->take->audio))
        take_push (self->take, &self->take->audio, sample);
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
      if (self->take->pipeline == NULL
          && (self->pending.video->len > 0 || self->pending.audio->len > 0))
        begin (self, GST_CLOCK_TIME_NONE);
      else if (self->take->pipeline != NULL && self->pending.audio->len > 0 && !self->failed)
        begin_next (self, &self->pending, FALSE, get_pending_start (self));
      take_finish (g_steal_pointer (&self->take), self->workers);
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
  gint64 deadline = g_get_monotonic_time () + 2 * (gint64) GST_TIME_AS_USECONDS (FINISH_TIMEOUT);
  gboolean closed = alcove_recorder_finish_sync (self, deadline);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GError) reason = NULL;
  TakeEnd end;

  g_mutex_lock (&self->outcome->lock);
  for (guint i = 0; i < self->outcome->files->len; i++)
    if (self->outcome->files->pdata[i] != NULL)
      g_strv_builder_add (builder, self->outcome->files->pdata[i]);
  end = closed ? self->outcome->end : MAX (self->outcome->end, TAKE_LATE);
  g_mutex_unlock (&self->outcome->lock);
  *files = g_strv_builder_end (builder);

  g_mutex_lock (&self->lock);
  reason = self->reason != NULL ? g_error_copy (self->reason) : NULL;
  g_mutex_unlock (&self->lock);
  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
  if (end == TAKE_WHOLE)
    return TRUE;

  g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_FILE,
                       end == TAKE_LATE ? _ ("The end of the recording was not written in time.")
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
