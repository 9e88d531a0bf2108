/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-recorder-take"

#include "config.h"

#include "alcove-recorder-take.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <gst/app/gstappsrc.h>
#include <unistd.h>

#include "alcove-debug.h"
#include "alcove-error.h"
#include "alcove-picture-size.h"
#include "alcove-recording-name.h"

/* The muxer takes no smaller pictures. */
#define LEAST_SIDE 16

struct _AlcoveRecorderOutcome {
  GMutex lock;
  GPtrArray *files; /* names in their order; NULL where there is nothing */
  AlcoveRecorderEnd end; /* the worst */
};

typedef struct {
  AlcoveRecorderTakeFunc func;
  gpointer data;
  GDestroyNotify destroy;
} Broken;

static void
broken_free (gpointer data)
{
  Broken *self = data;

  self->destroy (self->data);
  g_free (self);
}

static void
outcome_clear (gpointer data)
{
  AlcoveRecorderOutcome *self = data;

  g_ptr_array_unref (self->files);
  g_mutex_clear (&self->lock);
}

/**
 * alcove_recorder_outcome_new:
 *
 * Returns: (transfer full): the outcome of a recording without files
 */
AlcoveRecorderOutcome *
alcove_recorder_outcome_new (void)
{
  AlcoveRecorderOutcome *self = g_atomic_rc_box_new0 (AlcoveRecorderOutcome);

  g_mutex_init (&self->lock);
  self->files = g_ptr_array_new_with_free_func (g_free);
  return self;
}

/**
 * alcove_recorder_outcome_unref:
 * @self: (transfer full): an outcome
 */
void
alcove_recorder_outcome_unref (AlcoveRecorderOutcome *self)
{
  g_atomic_rc_box_release_full (self, outcome_clear);
}

/**
 * alcove_recorder_outcome_get:
 * @self: an outcome
 * @files: to which the names are added of those that have anything in them
 *
 * Returns: how the worst of the files ended that are closed
 */
AlcoveRecorderEnd
alcove_recorder_outcome_get (AlcoveRecorderOutcome *self,
                             GStrvBuilder *files)
{
  AlcoveRecorderEnd end;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->files->len; i++)
    if (self->files->pdata[i] != NULL)
      g_strv_builder_add (files, self->files->pdata[i]);
  end = self->end;
  g_mutex_unlock (&self->lock);

  return end;
}

static guint
outcome_add (AlcoveRecorderOutcome *self)
{
  guint index;

  g_mutex_lock (&self->lock);
  index = self->files->len;
  g_ptr_array_add (self->files, NULL);
  g_mutex_unlock (&self->lock);

  return index;
}

static void
outcome_note (AlcoveRecorderOutcome *self,
              guint index,
              const char *path,
              AlcoveRecorderEnd end)
{
  GStatBuf info;

  g_mutex_lock (&self->lock);
  if (g_stat (path, &info) == 0 && info.st_size > 0)
    self->files->pdata[index] = g_strdup (path);
  self->end = MAX (self->end, end);
  g_mutex_unlock (&self->lock);
}

static gboolean
is_h264 (GstSample *sample)
{
  GstCaps *caps = gst_sample_get_caps (sample);

  return caps != NULL && !gst_caps_is_empty (caps) && !gst_caps_is_any (caps)
         && gst_structure_has_name (gst_caps_get_structure (caps, 0), "video/x-h264");
}

/**
 * alcove_recorder_format_read:
 * @self: (out caller-allocates): what the picture is in
 * @sample: one picture, encoded
 *
 * Matroska wants the size of VP8 before the first block, and smaller pictures than 16×16 the muxer
 * does not take.
 *
 * Returns: whether a file may begin with it
 */
gboolean
alcove_recorder_format_read (AlcoveRecorderFormat *self,
                             GstSample *sample)
{
  GstBuffer *buffer = gst_sample_get_buffer (sample);

  self->is_h264 = is_h264 (sample);
  if (self->is_h264)
    return !GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT);

  return alcove_picture_size_read (ALCOVE_VIDEO_CODEC_VP8, buffer, &self->width, &self->height)
             == ALCOVE_PICTURE_SIZE_KNOWN
         && self->width >= LEAST_SIDE && self->height >= LEAST_SIDE;
}

static void
take_free (AlcoveRecorderTake *self,
           AlcoveRecorderEnd end)
{
  if (self->pipeline != NULL)
    gst_element_set_state (self->pipeline, GST_STATE_NULL);
  alcove_recorder_track_clear (&self->video);
  alcove_recorder_track_clear (&self->audio);
  if (self->fd >= 0 && close (self->fd) != 0)
    end = ALCOVE_RECORDER_END_BROKEN;
  if (self->fd >= 0 && self->pipeline != NULL)
    outcome_note (self->outcome, self->index, self->path, end);
  if (self->fd >= 0 && self->pipeline == NULL)
    g_unlink (self->path);
  gst_clear_object (&self->pipeline);
  alcove_recorder_outcome_unref (self->outcome);
  g_free (self->path);
  g_free (self);
}

/**
 * alcove_recorder_take_new:
 * @path: a file that does not exist yet
 * @outcome: (transfer none): which is told what became of it
 * @taken: (out): whether there is something of that name already
 * @error: return location
 *
 * Makes the file. It is there until alcove_recorder_take_finish(), and after that if anything was
 * begun.
 *
 * Returns: (nullable): a file, or %NULL with %ALCOVE_ERROR_FILE
 */
AlcoveRecorderTake *
alcove_recorder_take_new (const char *path,
                          AlcoveRecorderOutcome *outcome,
                          gboolean *taken,
                          GError **error)
{
  AlcoveRecorderTake *self = g_new0 (AlcoveRecorderTake, 1);

  alcove_recorder_track_init (&self->video, FALSE);
  alcove_recorder_track_init (&self->audio, TRUE);
  self->outcome = g_atomic_rc_box_acquire (outcome);
  self->index = outcome_add (outcome);
  self->path = g_strdup (path);
  self->fd = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  *taken = self->fd < 0 && errno == EEXIST;
  if (self->fd < 0)
    {
      int code = errno;
      g_autofree char *shown = g_filename_display_name (path);

      take_free (self, ALCOVE_RECORDER_END_WHOLE);
      g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_FILE, _ ("“%s” can’t be written: %s"), shown,
                   g_strerror (code));
      return NULL;
    }

  return self;
}

/**
 * alcove_recorder_take_has_begun:
 * @self: a file
 *
 * Returns: whether anything was begun in it
 */
gboolean
alcove_recorder_take_has_begun (const AlcoveRecorderTake *self)
{
  return self->pipeline != NULL;
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

static GstBusSyncReply
on_bus_message (GstBus *bus,
                GstMessage *message,
                gpointer data)
{
  Broken *broken = data;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    {
      g_autoptr (GError) error = NULL;

      gst_message_parse_error (message, &error, NULL);
      alcove_debug_print (ALCOVE_DEBUG_MEDIA, "recorder: %s", error->message);
      broken->func (broken->data);
    }

  /* whoever finishes the file waits for it */
  return GST_BUS_PASS;
}

static void
set_audio_caps (AlcoveRecorderTake *self)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string (
      "audio/x-opus,rate=48000,channels=2,channel-mapping-family=0,stream-count=1,"
      "coupled-count=1");

  gst_app_src_set_caps (GST_APP_SRC (self->audio.source), caps);
}

static GstCaps *
make_video_caps (const AlcoveRecorderFormat *format)
{
  if (format->is_h264)
    return gst_caps_from_string ("video/x-h264,stream-format=byte-stream,alignment=au,"
                                 "framerate=0/1");

  /* Later changes of size are in the frames themselves; the muxer must not hear of them. */
  return gst_caps_new_simple ("video/x-vp8", "width", G_TYPE_INT, format->width, "height",
                              G_TYPE_INT, format->height, "framerate", GST_TYPE_FRACTION, 0, 1,
                              NULL);
}

static void
set_video_caps (AlcoveRecorderTake *self,
                const AlcoveRecorderFormat *format)
{
  g_autoptr (GstCaps) caps = make_video_caps (format);
  g_autoptr (GstElement) parser = gst_bin_get_by_name (GST_BIN (self->pipeline), "parser");
  g_autoptr (GstPad) pad = parser != NULL ? gst_element_get_static_pad (parser, "src") : NULL;

  gst_app_src_set_caps (GST_APP_SRC (self->video.source), caps);
  if (pad != NULL)
    gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_parsed_caps, NULL, NULL);
}

/* Not streamable: then the end writes duration and index, without which players cannot seek. A
 * file without its end plays up to there in either case. */
static char *
describe (AlcoveRecorderTake *self,
          const AlcoveRecorderFormat *video,
          gboolean with_audio)
{
  const char *pictures = "";

  if (video != NULL && video->is_h264)
    pictures = "appsrc name=video format=time max-bytes=0 leaky-type=downstream ! "
               "h264parse name=parser config-interval=-1 ! "
               "video/x-h264,stream-format=avc3,alignment=au ! mux.video_0";
  else if (video != NULL)
    pictures = "appsrc name=video format=time max-bytes=0 leaky-type=downstream ! mux.video_0";

  return g_strdup_printf (
      "%s name=mux writing-app=Alcove ! fdsink name=sink sync=false async=false %s %s",
      alcove_recording_name_is_webm (self->path) ? "webmmux" : "matroskamux", pictures,
      with_audio ? "appsrc name=audio format=time max-bytes=0 leaky-type=downstream ! mux.audio_0"
                 : "");
}

/**
 * alcove_recorder_take_begin:
 * @self: a file in which nothing was begun
 * @video: (nullable): what its pictures are in, or %NULL if it has none
 * @with_audio: whether it has sound
 * @start: running time that is its beginning
 * @broken: called when nothing more can be written
 * @data: its data
 * @destroy: frees @data, on any thread
 *
 * From now on its tracks are fixed, and what is pushed is written.
 */
void
alcove_recorder_take_begin (AlcoveRecorderTake *self,
                            const AlcoveRecorderFormat *video,
                            gboolean with_audio,
                            GstClockTime start,
                            AlcoveRecorderTakeFunc broken,
                            gpointer data,
                            GDestroyNotify destroy)
{
  g_autofree char *description = describe (self, video, with_audio);
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GstBus) bus = NULL;
  Broken *on_broken;

  self->pipeline = gst_parse_launch (description, NULL);
  if (self->pipeline == NULL)
    {
      destroy (data);
      return;
    }

  gst_object_ref_sink (self->pipeline);
  self->start = start;
  alcove_recorder_track_attach (&self->audio,
                                gst_bin_get_by_name (GST_BIN (self->pipeline), "audio"));
  alcove_recorder_track_attach (&self->video,
                                gst_bin_get_by_name (GST_BIN (self->pipeline), "video"));
  if (self->audio.source != NULL)
    set_audio_caps (self);
  if (self->video.source != NULL)
    set_video_caps (self, video);

  sink = gst_bin_get_by_name (GST_BIN (self->pipeline), "sink");
  g_object_set (sink, "fd", self->fd, NULL);
  on_broken = g_new (Broken, 1);
  *on_broken = (Broken) { .func = broken, .data = data, .destroy = destroy };
  bus = gst_element_get_bus (self->pipeline);
  gst_bus_set_sync_handler (bus, on_bus_message, on_broken, broken_free);
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
}

/**
 * alcove_recorder_take_push:
 * @self: a file
 * @track: one of its tracks
 * @buffer: (transfer none): a picture or a packet of sound, encoded
 * @time: its running time
 *
 * Does nothing if the file has no such track or it has ended.
 */
void
alcove_recorder_take_push (AlcoveRecorderTake *self,
                           AlcoveRecorderTrack *track,
                           GstBuffer *buffer,
                           GstClockTime time)
{
  alcove_recorder_track_push (track, buffer, time, self->start);
}

static void
run_finish (gpointer data)
{
  AlcoveRecorderTake *self = data;
  AlcoveRecorderEnd end = ALCOVE_RECORDER_END_WHOLE;

  if (self->pipeline != NULL)
    {
      g_autoptr (GstBus) bus = gst_element_get_bus (self->pipeline);
      g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (
          bus, ALCOVE_RECORDER_TAKE_MOST_END * GST_USECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);

      if (message == NULL)
        end = ALCOVE_RECORDER_END_LATE;
      else if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_EOS)
        end = ALCOVE_RECORDER_END_BROKEN;
    }
  take_free (self, end);
}

/**
 * alcove_recorder_take_finish:
 * @self: (transfer full): a file
 * @workers: (transfer none): on one of whose threads its end is written
 *
 * Its outcome tells when that is done.
 */
void
alcove_recorder_take_finish (AlcoveRecorderTake *self,
                             AlcoveWorkers *workers)
{
  alcove_recorder_track_end (&self->video);
  alcove_recorder_track_end (&self->audio);
  alcove_workers_run (workers, "alcove-recorder", run_finish, self);
}
