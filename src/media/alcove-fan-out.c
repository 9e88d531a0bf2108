/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-fan-out"

#include "config.h"

#include "alcove-fan-out.h"

#include <gst/app/gstappsink.h>
#include <gst/video/video.h>

#include "alcove-debug.h"

/*
 * Two locks. `lock` guards the lists and is never held while calling into
 * GStreamer functions that may call back. `push_lock` is held around the round of pushes, so
 * that unsubscribing can wait for a round under way; pushing into an appsrc only queues.
 */
typedef struct {
  GstAppSrc *source;
  gboolean started;
} Subscriber;

struct _AlcoveFanOut {
  GObject parent_instance;

  char *name;
  GstCaps *caps;
  gboolean needs_key;

  GMutex push_lock;
  GMutex lock;
  GPtrArray *subscribers;
  GstElement *sink;
  guint sink_generation;
};

enum {
  KEY_FRAME_REQUESTED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AlcoveFanOut, alcove_fan_out, G_TYPE_OBJECT)

typedef struct {
  GWeakRef fan_out;
  guint generation;
} SinkData;

static void
sink_data_free (gpointer data)
{
  SinkData *self = data;

  g_weak_ref_clear (&self->fan_out);
  g_free (self);
}

static void
subscriber_free (gpointer data)
{
  Subscriber *self = data;

  gst_object_unref (self->source);
  g_free (self);
}

static void
push_round (AlcoveFanOut *self,
            guint generation,
            GstBuffer *buffer)
{
  gboolean is_key = !GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  g_autoptr (GPtrArray) targets = g_ptr_array_new_with_free_func (gst_object_unref);

  g_mutex_lock (&self->push_lock);

  g_mutex_lock (&self->lock);
  if (generation == self->sink_generation)
    for (guint i = 0; i < self->subscribers->len; i++)
      {
        Subscriber *subscriber = g_ptr_array_index (self->subscribers, i);

        if (!subscriber->started && self->needs_key && !is_key)
          continue;
        subscriber->started = TRUE;
        g_ptr_array_add (targets, gst_object_ref (subscriber->source));
      }
  g_mutex_unlock (&self->lock);

  for (guint i = 0; i < targets->len; i++)
    gst_app_src_push_buffer (g_ptr_array_index (targets, i), gst_buffer_ref (buffer));

  g_mutex_unlock (&self->push_lock);
}

static GstFlowReturn
on_new_sample (GstAppSink *sink,
               gpointer user_data)
{
  SinkData *data = user_data;
  g_autoptr (AlcoveFanOut) self = NULL;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);
  g_autoptr (GstBuffer) stamped = NULL;
  GstBuffer *buffer;
  GstClockTime running;

  if (sample == NULL)
    return GST_FLOW_EOS;

  self = g_weak_ref_get (&data->fan_out);
  buffer = gst_sample_get_buffer (sample);
  if (self == NULL || buffer == NULL)
    return GST_FLOW_OK;

  /* Encoders may shift their segment (GstVideoEncoder starts at 1000 hours, to
   * leave room for negative decoding times): subscribers get plain running times. */
  running = gst_segment_to_running_time (gst_sample_get_segment (sample), GST_FORMAT_TIME,
                                         GST_BUFFER_PTS (buffer));
  stamped = gst_buffer_copy (buffer);
  GST_BUFFER_PTS (stamped) = running;
  GST_BUFFER_DTS (stamped) = GST_CLOCK_TIME_NONE;
  push_round (self, data->generation, stamped);

  return GST_FLOW_OK;
}

static void
alcove_fan_out_finalize (GObject *object)
{
  AlcoveFanOut *self = ALCOVE_FAN_OUT (object);

  g_clear_pointer (&self->subscribers, g_ptr_array_unref);
  gst_clear_object (&self->sink);
  gst_clear_caps (&self->caps);
  g_clear_pointer (&self->name, g_free);
  g_mutex_clear (&self->lock);
  g_mutex_clear (&self->push_lock);

  G_OBJECT_CLASS (alcove_fan_out_parent_class)->finalize (object);
}

static void
alcove_fan_out_class_init (AlcoveFanOutClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = alcove_fan_out_finalize;

  /**
   * AlcoveFanOut::key-frame-requested:
   *
   * Emitted on the asking thread, after the encoder was told and with no lock held.
   */
  signals[KEY_FRAME_REQUESTED] = g_signal_new ("key-frame-requested", G_TYPE_FROM_CLASS (klass),
                                               G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                               G_TYPE_NONE, 0);
}

static void
alcove_fan_out_init (AlcoveFanOut *self)
{
  g_mutex_init (&self->lock);
  g_mutex_init (&self->push_lock);
  self->subscribers = g_ptr_array_new_with_free_func (subscriber_free);
}

/**
 * alcove_fan_out_new:
 * @name: for logs
 * @caps: (transfer none): what the encoder puts out; `video/…` is gated on key frames
 *
 * Returns: (transfer full): a fan-out without a sink
 */
AlcoveFanOut *
alcove_fan_out_new (const char *name,
                    GstCaps *caps)
{
  AlcoveFanOut *self = g_object_new (ALCOVE_TYPE_FAN_OUT, NULL);

  self->name = g_strdup (name);
  self->caps = gst_caps_ref (caps);
  if (!gst_caps_is_any (caps) && !gst_caps_is_empty (caps))
    self->needs_key = g_str_has_prefix (gst_structure_get_name (gst_caps_get_structure (caps, 0)),
                                        "video/");
  return self;
}

/**
 * alcove_fan_out_get_caps:
 * @self: a fan-out
 *
 * Returns: (transfer none): the caps of what is pushed to subscribers
 */
GstCaps *
alcove_fan_out_get_caps (AlcoveFanOut *self)
{
  return self->caps;
}

/**
 * alcove_fan_out_subscribe:
 * @self: a fan-out
 * @source: (transfer none): where encoded buffers go from the next key frame on
 *
 * Subscribing twice is the same as once. Asks for a key frame.
 */
void
alcove_fan_out_subscribe (AlcoveFanOut *self,
                          GstAppSrc *source)
{
  Subscriber *subscriber;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->subscribers->len; i++)
    {
      subscriber = g_ptr_array_index (self->subscribers, i);
      if (subscriber->source == source)
        {
          g_mutex_unlock (&self->lock);
          return;
        }
    }
  subscriber = g_new0 (Subscriber, 1);
  subscriber->source = gst_object_ref (source);
  g_ptr_array_add (self->subscribers, subscriber);
  g_mutex_unlock (&self->lock);

  alcove_fan_out_request_key_frame (self);
}

/**
 * alcove_fan_out_unsubscribe:
 * @self: a fan-out
 * @source: a subscriber, or not
 *
 * When this returns no buffer is pushed to @source any more. Waits for the round of
 * pushes under way, which only queues, so it is short.
 */
void
alcove_fan_out_unsubscribe (AlcoveFanOut *self,
                            GstAppSrc *source)
{
  Subscriber *found = NULL;

  g_mutex_lock (&self->push_lock);
  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->subscribers->len && found == NULL; i++)
    {
      Subscriber *subscriber = g_ptr_array_index (self->subscribers, i);

      if (subscriber->source == source)
        found = g_ptr_array_steal_index (self->subscribers, i);
    }
  g_mutex_unlock (&self->lock);
  g_mutex_unlock (&self->push_lock);

  g_clear_pointer (&found, subscriber_free);
}

/**
 * alcove_fan_out_get_n_subscribers:
 * @self: a fan-out
 *
 * Returns: how many subscribers there are
 */
guint
alcove_fan_out_get_n_subscribers (AlcoveFanOut *self)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = self->subscribers->len;
  g_mutex_unlock (&self->lock);

  return n;
}

/**
 * alcove_fan_out_request_key_frame:
 * @self: a fan-out
 *
 * Asks the encoder for a key frame. The encoder's `min-force-key-unit-interval`
 * merges what several peers ask for. Does nothing for sound.
 */
void
alcove_fan_out_request_key_frame (AlcoveFanOut *self)
{
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GstPad) pad = NULL;

  if (!self->needs_key)
    return;

  g_mutex_lock (&self->lock);
  if (self->sink != NULL)
    sink = gst_object_ref (self->sink);
  g_mutex_unlock (&self->lock);
  if (sink == NULL)
    return;

  alcove_debug_print (ALCOVE_DEBUG_MEDIA, "%s: key frame asked for", self->name);
  pad = gst_element_get_static_pad (sink, "sink");
  gst_pad_push_event (pad, gst_video_event_new_upstream_force_key_unit (GST_CLOCK_TIME_NONE,
                                                                        TRUE, 0));
  g_signal_emit (self, signals[KEY_FRAME_REQUESTED], 0);
}

/**
 * alcove_fan_out_set_sink:
 * @self: a fan-out
 * @appsink: (nullable) (transfer none): the appsink behind the encoder
 *
 * Replaces the sink before. After this nothing of the former one is handed on any more;
 * with a new sink every subscriber waits for its first key frame.
 */
void
alcove_fan_out_set_sink (AlcoveFanOut *self,
                         GstElement *appsink)
{
  GstAppSinkCallbacks callbacks = { NULL };
  g_autoptr (GstElement) former = NULL;
  SinkData *data;
  guint generation;

  g_mutex_lock (&self->push_lock);
  g_mutex_lock (&self->lock);
  former = g_steal_pointer (&self->sink);
  generation = ++self->sink_generation;
  if (appsink != NULL)
    self->sink = gst_object_ref (appsink);
  for (guint i = 0; i < self->subscribers->len; i++)
    ((Subscriber *) g_ptr_array_index (self->subscribers, i))->started = FALSE;
  g_mutex_unlock (&self->lock);
  g_mutex_unlock (&self->push_lock);

  if (former != NULL)
    gst_app_sink_set_callbacks (GST_APP_SINK (former), &callbacks, NULL, NULL);
  if (appsink == NULL)
    return;

  data = g_new0 (SinkData, 1);
  g_weak_ref_init (&data->fan_out, self);
  data->generation = generation;
  callbacks.new_sample = on_new_sample;
  gst_app_sink_set_callbacks (GST_APP_SINK (appsink), &callbacks, data, sink_data_free);
  alcove_fan_out_request_key_frame (self);
}
