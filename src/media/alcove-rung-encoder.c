/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-rung-encoder"

#include "config.h"

#include "alcove-rung-encoder.h"

#include <glib/gi18n.h>
#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/video/video.h>

#include "alcove-debug.h"
#include "alcove-error-bin.h"
#include "alcove-ladder-private.h"

/* Merges the key frame requests of everybody who joins within it. */
#define KEY_INTERVAL (400 * GST_MSECOND)

typedef enum {
  OPENING,
  OPEN,
  CLOSED,
} State;

struct _AlcoveRungEncoder {
  GObject parent_instance;

  GstBin *pipeline;
  AlcoveWorkers *workers;
  const AlcoveCodecPart *part;
  AlcoveVideoCodec codec;
  AlcoveRungSize size;
  int fps;
  AlcoveRungEncoderFunc changed;
  gpointer user_data;
  GDestroyNotify destroy;

  /* of whoever opens and closes, one after the other */
  GstElement *bin;

  GMutex lock;
  /* the rest under the lock */
  State state;
  char *problem; /* it has failed and takes no pictures any more */
  GstElement *source;
  GstElement *encoder;
  GstElement *sink;
  GPtrArray *views;
  GstClockTime entered; /* the first picture taken */
  GstClockTime last_in;
  GstClockTime last_out;
  guint64 number;
  gboolean slow;
  guint bitrate;
  guint applied_bitrate;
  gint64 applied_at; /* monotonic */
  guint64 given;
  guint64 encoded;
};

G_DEFINE_FINAL_TYPE (AlcoveRungEncoder, alcove_rung_encoder, G_TYPE_OBJECT)

/* Its own thread, before it encodes: to change an encoder that is at work waits for it. */
static GstPadProbeReturn
on_picture (GstPad *pad,
            GstPadProbeInfo *info,
            gpointer data)
{
  AlcoveRungEncoder *self = data;
  g_autoptr (GstElement) encoder = NULL;
  gint64 now = g_get_monotonic_time ();
  guint bitrate = 0;

  g_mutex_lock (&self->lock);
  if (self->encoder != NULL
      && alcove_rung_bitrate_is_due (self->applied_bitrate, self->bitrate, self->part->rate_unit,
                                     now - self->applied_at))
    {
      self->applied_at = now;
      encoder = gst_object_ref (self->encoder);
      bitrate = self->applied_bitrate = self->bitrate;
    }
  g_mutex_unlock (&self->lock);

  if (encoder != NULL)
    alcove_codec_part_set_bitrate (self->part, encoder, bitrate);
  return GST_PAD_PROBE_OK;
}

static GstFlowReturn
on_new_sample (GstAppSink *sink,
               gpointer user_data)
{
  AlcoveRungEncoder *self = user_data;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);
  g_autoptr (GPtrArray) views = NULL;
  g_autoptr (GstBuffer) stamped = NULL;
  GstBuffer *buffer;

  if (sample == NULL)
    return GST_FLOW_EOS;
  buffer = gst_sample_get_buffer (sample);
  if (buffer == NULL)
    return GST_FLOW_OK;

  /* Encoders may shift their segment (GstVideoEncoder starts at 1000 hours, to
   * leave room for negative decoding times): views get plain running times. */
  stamped = gst_buffer_copy (buffer);
  GST_BUFFER_PTS (stamped) = gst_segment_to_running_time (
      gst_sample_get_segment (sample), GST_FORMAT_TIME, GST_BUFFER_PTS (buffer));
  GST_BUFFER_DTS (stamped) = GST_CLOCK_TIME_NONE;

  views = g_ptr_array_new_with_free_func (g_object_unref);
  g_mutex_lock (&self->lock);
  self->encoded++;
  self->last_out = GST_BUFFER_PTS (stamped);
  for (guint i = 0; i < self->views->len; i++)
    g_ptr_array_add (views, g_object_ref (self->views->pdata[i]));
  g_mutex_unlock (&self->lock);

  for (guint i = 0; i < views->len; i++)
    alcove_ladder_view_take (views->pdata[i], self, stamped);
  return GST_FLOW_OK;
}

/* Any thread. It is told once, and by run_open() if that is still under way. */
static void
fail (const char *problem,
      gpointer data)
{
  AlcoveRungEncoder *self = data;
  gboolean tell;

  g_mutex_lock (&self->lock);
  tell = self->state == OPEN && self->problem == NULL;
  if (self->problem == NULL)
    self->problem = g_strdup (problem);
  g_mutex_unlock (&self->lock);

  if (tell)
    self->changed (self->user_data);
}

static void
fail_to_start (AlcoveRungEncoder *self)
{
  g_autofree char *problem
      = g_strdup_printf (_ ("The encoder can’t be set up: %s"), self->part->factory);

  fail (problem, self);
}

static char *
describe_bin (AlcoveRungEncoder *self)
{
  g_autofree char *encoder = NULL;
  guint bitrate;

  g_mutex_lock (&self->lock);
  bitrate = self->applied_bitrate = self->bitrate;
  g_mutex_unlock (&self->lock);
  encoder = alcove_codec_part_describe_encoder (self->part, self->size.height > 480 ? 2 : 1,
                                                bitrate, KEY_INTERVAL);

  return g_strdup_printf (
      "appsrc name=source is-live=true format=time max-buffers=2 max-bytes=0 "
      "leaky-type=downstream "
      "caps=video/x-raw,format=I420,width=%d,height=%d,framerate=%d/1,pixel-aspect-ratio=1/1 ! "
      "%s ! appsink name=sink sync=false async=false",
      self->size.width, self->size.height, self->fps, encoder);
}

static void
shut_down (AlcoveRungEncoder *self)
{
  GstAppSinkCallbacks callbacks = { NULL };
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GstElement) source = NULL;
  g_autoptr (GstElement) encoder = NULL;

  g_mutex_lock (&self->lock);
  sink = g_steal_pointer (&self->sink);
  source = g_steal_pointer (&self->source);
  encoder = g_steal_pointer (&self->encoder);
  g_mutex_unlock (&self->lock);

  if (self->bin == NULL)
    return;
  /* the pipeline may be on its way somewhere else */
  gst_element_set_locked_state (self->bin, TRUE);
  gst_element_set_state (self->bin, GST_STATE_NULL);
  /* which also lets go of us */
  if (sink != NULL)
    gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, NULL, NULL);
  gst_bin_remove (self->pipeline, self->bin);
  gst_clear_object (&self->bin);
}

static void
run_close (gpointer data)
{
  g_autoptr (AlcoveRungEncoder) self = data;

  shut_down (self);
}

static void
build (AlcoveRungEncoder *self)
{
  GstAppSinkCallbacks callbacks = { .new_sample = on_new_sample };
  g_autofree char *description = describe_bin (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) elements = NULL;
  g_autoptr (GstElement) source = NULL;
  g_autoptr (GstElement) encoder = NULL;
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GstPad) pad = NULL;

  elements = gst_parse_bin_from_description (description, FALSE, &error);
  if (elements != NULL)
    {
      gst_object_ref_sink (elements);
      encoder = gst_bin_get_by_name (GST_BIN (elements), "encoder");
    }
  if (encoder == NULL)
    {
      alcove_debug_print (ALCOVE_DEBUG_MEDIA, "%s: %s", self->part->factory,
                          error != NULL ? error->message : "not there");
      fail_to_start (self);
      return;
    }

  source = gst_bin_get_by_name (GST_BIN (elements), "source");
  sink = gst_bin_get_by_name (GST_BIN (elements), "sink");
  pad = gst_element_get_static_pad (encoder, "sink");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_picture, g_object_ref (self),
                     g_object_unref);
  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, g_object_ref (self),
                              g_object_unref);
  self->bin = gst_object_ref_sink (
      alcove_error_bin_new (fail, g_object_ref (self), g_object_unref));
  gst_bin_add (GST_BIN (self->bin), elements);

  g_mutex_lock (&self->lock);
  self->source = g_steal_pointer (&source);
  self->encoder = g_steal_pointer (&encoder);
  self->sink = g_steal_pointer (&sink);
  g_mutex_unlock (&self->lock);

  gst_bin_add (self->pipeline, self->bin);
  if (!gst_element_sync_state_with_parent (self->bin))
    fail_to_start (self);
}

static void
run_open (gpointer data)
{
  g_autoptr (AlcoveRungEncoder) self = data;
  gboolean open, closed;

  build (self);

  g_mutex_lock (&self->lock);
  closed = self->state == CLOSED;
  open = !closed && self->problem == NULL;
  if (!closed)
    self->state = open ? OPEN : CLOSED;
  g_mutex_unlock (&self->lock);

  if (!open)
    shut_down (self);
  /* it may have been closed before it was open */
  if (!closed)
    self->changed (self->user_data);
}

static void
alcove_rung_encoder_finalize (GObject *object)
{
  AlcoveRungEncoder *self = ALCOVE_RUNG_ENCODER (object);

  self->destroy (self->user_data);
  g_free (self->problem);
  g_ptr_array_unref (self->views);
  gst_object_unref (self->pipeline);
  alcove_workers_unref (self->workers);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (alcove_rung_encoder_parent_class)->finalize (object);
}

static void
alcove_rung_encoder_class_init (AlcoveRungEncoderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = alcove_rung_encoder_finalize;
}

static void
alcove_rung_encoder_init (AlcoveRungEncoder *self)
{
  g_mutex_init (&self->lock);
  self->views = g_ptr_array_new_with_free_func (g_object_unref);
  self->entered = self->last_in = self->last_out = GST_CLOCK_TIME_NONE;
}

/**
 * alcove_rung_encoder_open:
 * @pipeline: (transfer none): where its elements live
 * @workers: (transfer none): whose threads open and close it
 * @part: what to encode with; static
 * @size: of the pictures pushed
 * @fps: nominal rate of the pictures; fewer may come
 * @changed: called when it takes pictures, and when it has failed; on any thread
 * @user_data: its data
 * @destroy: frees @user_data, on any thread
 *
 * Returns: (transfer full): an encoder that is being opened
 */
AlcoveRungEncoder *
alcove_rung_encoder_open (GstBin *pipeline,
                          AlcoveWorkers *workers,
                          const AlcoveCodecPart *part,
                          const AlcoveRungSize *size,
                          int fps,
                          AlcoveRungEncoderFunc changed,
                          gpointer user_data,
                          GDestroyNotify destroy)
{
  AlcoveRungEncoder *self = g_object_new (ALCOVE_TYPE_RUNG_ENCODER, NULL);

  self->pipeline = gst_object_ref (pipeline);
  self->workers = alcove_workers_ref (workers);
  self->part = part;
  self->codec = part->codec;
  self->size = *size;
  self->bitrate = self->applied_bitrate = size->bitrate;
  self->fps = fps;
  self->changed = changed;
  self->user_data = user_data;
  self->destroy = destroy;
  alcove_debug_print (ALCOVE_DEBUG_MEDIA, "%s %d×%d: opened (%s)",
                      alcove_video_codec_get_name (part->codec), size->width, size->height,
                      part->factory);
  alcove_workers_run (workers, "alcove-rung", run_open, g_object_ref (self));
  return self;
}

/**
 * alcove_rung_encoder_close:
 * @self: an encoder that nobody watches
 *
 * Takes its elements away in the background.
 */
void
alcove_rung_encoder_close (AlcoveRungEncoder *self)
{
  g_autoptr (GPtrArray) views = NULL;
  State before;

  g_mutex_lock (&self->lock);
  before = self->state;
  self->state = CLOSED;
  views = g_steal_pointer (&self->views);
  self->views = g_ptr_array_new_with_free_func (g_object_unref);
  g_mutex_unlock (&self->lock);

  alcove_debug_print (ALCOVE_DEBUG_MEDIA, "%s %d×%d: closed",
                      alcove_video_codec_get_name (self->codec), self->size.width,
                      self->size.height);
  if (before == OPEN)
    alcove_workers_run (self->workers, "alcove-rung", run_close, g_object_ref (self));
}

/**
 * alcove_rung_encoder_add_view:
 * @self: an encoder
 * @view: (transfer none): gets what it encodes from now on
 */
void
alcove_rung_encoder_add_view (AlcoveRungEncoder *self,
                              AlcoveLadderView *view)
{
  g_mutex_lock (&self->lock);
  if (!g_ptr_array_find (self->views, view, NULL))
    g_ptr_array_add (self->views, g_object_ref (view));
  g_mutex_unlock (&self->lock);
}

/**
 * alcove_rung_encoder_remove_view:
 * @self: an encoder
 * @view: who watched, or not
 */
void
alcove_rung_encoder_remove_view (AlcoveRungEncoder *self,
                                 AlcoveLadderView *view)
{
  g_autoptr (AlcoveLadderView) removed = NULL;
  guint position;

  g_mutex_lock (&self->lock);
  if (g_ptr_array_find (self->views, view, &position))
    removed = g_ptr_array_steal_index (self->views, position);
  g_mutex_unlock (&self->lock);
}

/**
 * alcove_rung_encoder_set_target:
 * @self: an encoder
 * @bitrate: what to aim at, in bits a second, from the next picture on
 * @slow: whether every second picture is left out
 */
void
alcove_rung_encoder_set_target (AlcoveRungEncoder *self,
                                guint bitrate,
                                gboolean slow)
{
  g_mutex_lock (&self->lock);
  self->bitrate = bitrate;
  self->slow = slow;
  g_mutex_unlock (&self->lock);
}

/**
 * alcove_rung_encoder_enter:
 * @self: an encoder
 * @time: of the next picture
 *
 * Asks whether it takes the next picture, which must be pushed then. Views compare what comes
 * out of two encoders, so all are asked before any of them is given something.
 *
 * Returns: whether it does
 */
gboolean
alcove_rung_encoder_enter (AlcoveRungEncoder *self,
                           GstClockTime time)
{
  gboolean takes;

  g_mutex_lock (&self->lock);
  takes = self->state == OPEN && self->problem == NULL
          && (!self->slow || self->number % 2 == 0);
  self->number++;
  if (takes && !GST_CLOCK_TIME_IS_VALID (self->entered))
    self->entered = time;
  if (takes)
    {
      self->given++;
      self->last_in = time;
    }
  g_mutex_unlock (&self->lock);

  return takes;
}

/**
 * alcove_rung_encoder_push:
 * @self: an encoder that takes it
 * @picture: (transfer full): of its size
 *
 * Only queues; one that still has two pictures to do forgets the older.
 */
void
alcove_rung_encoder_push (AlcoveRungEncoder *self,
                          GstBuffer *picture)
{
  g_autoptr (GstElement) source = NULL;

  g_mutex_lock (&self->lock);
  if (self->source != NULL)
    source = gst_object_ref (self->source);
  g_mutex_unlock (&self->lock);

  if (source != NULL)
    gst_app_src_push_buffer (GST_APP_SRC (source), picture);
  else
    gst_buffer_unref (picture);
}

/**
 * alcove_rung_encoder_get_entered:
 * @self: an encoder
 *
 * Returns: the time of the first picture it took, %GST_CLOCK_TIME_NONE before
 */
GstClockTime
alcove_rung_encoder_get_entered (AlcoveRungEncoder *self)
{
  GstClockTime entered;

  g_mutex_lock (&self->lock);
  entered = self->entered;
  g_mutex_unlock (&self->lock);

  return entered;
}

/**
 * alcove_rung_encoder_is_waited_for:
 * @self: an encoder
 *
 * Returns: whether it is open and was given nothing yet
 */
gboolean
alcove_rung_encoder_is_waited_for (AlcoveRungEncoder *self)
{
  gboolean waited_for;

  g_mutex_lock (&self->lock);
  waited_for = self->state == OPEN && self->problem == NULL
               && !GST_CLOCK_TIME_IS_VALID (self->entered);
  g_mutex_unlock (&self->lock);

  return waited_for;
}

/**
 * alcove_rung_encoder_is_idle:
 * @self: an encoder
 *
 * Returns: whether it is done with all it was given
 */
gboolean
alcove_rung_encoder_is_idle (AlcoveRungEncoder *self)
{
  gboolean idle;

  g_mutex_lock (&self->lock);
  idle = self->problem != NULL || self->last_out == self->last_in;
  g_mutex_unlock (&self->lock);

  return idle;
}

/**
 * alcove_rung_encoder_dup_problem:
 * @self: an encoder
 *
 * Returns: (transfer full) (nullable): why it will never encode again; %NULL if it has not failed
 */
char *
alcove_rung_encoder_dup_problem (AlcoveRungEncoder *self)
{
  char *problem;

  g_mutex_lock (&self->lock);
  problem = g_strdup (self->problem);
  g_mutex_unlock (&self->lock);

  return problem;
}

/**
 * alcove_rung_encoder_get_part:
 * @self: an encoder
 *
 * Returns: (transfer none): what it encodes with
 */
const AlcoveCodecPart *
alcove_rung_encoder_get_part (AlcoveRungEncoder *self)
{
  return self->part;
}

/**
 * alcove_rung_encoder_request_key:
 * @self: an encoder
 *
 * Asks for a key frame. What several ask for within a moment is one.
 */
void
alcove_rung_encoder_request_key (AlcoveRungEncoder *self)
{
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GstPad) pad = NULL;

  /* its first picture is a key frame anyway */
  g_mutex_lock (&self->lock);
  if (self->sink != NULL && GST_CLOCK_TIME_IS_VALID (self->entered))
    sink = gst_object_ref (self->sink);
  g_mutex_unlock (&self->lock);
  if (sink == NULL)
    return;

  alcove_debug_print (ALCOVE_DEBUG_MEDIA, "%s %d×%d: key frame asked for",
                      alcove_video_codec_get_name (self->codec), self->size.width,
                      self->size.height);
  pad = gst_element_get_static_pad (sink, "sink");
  gst_pad_push_event (pad, gst_video_event_new_upstream_force_key_unit (GST_CLOCK_TIME_NONE,
                                                                        TRUE, 0));
}

/**
 * alcove_rung_encoder_describe:
 * @self: an encoder
 * @size: (out): of its pictures, and what it aims at now
 * @fps: (out): pictures a second at most
 * @codec: (out): what it encodes with
 */
void
alcove_rung_encoder_describe (AlcoveRungEncoder *self,
                              AlcoveRungSize *size,
                              int *fps,
                              AlcoveVideoCodec *codec)
{
  *size = self->size;
  *codec = self->codec;
  g_mutex_lock (&self->lock);
  size->bitrate = self->bitrate;
  *fps = self->slow ? MAX (self->fps / 2, 1) : self->fps;
  g_mutex_unlock (&self->lock);
}

/**
 * alcove_rung_encoder_count:
 * @self: an encoder
 * @given: (inout): the pictures it was given are added
 * @encoded: (inout): those that came out are added
 */
void
alcove_rung_encoder_count (AlcoveRungEncoder *self,
                           guint64 *given,
                           guint64 *encoded)
{
  g_mutex_lock (&self->lock);
  /* what a broken one lost is no sign of load */
  *given += self->problem == NULL ? self->given : self->encoded;
  *encoded += self->encoded;
  g_mutex_unlock (&self->lock);
}
