/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-fan-out"

#include "config.h"

#include "alcove-fan-out.h"

#include <gst/app/gstappsink.h>

/*
 * Two locks. `lock` guards the lists and is never held while calling into
 * GStreamer functions that may call back. `push_lock` is held around the round of pushes, so
 * that unsubscribing can wait for a round under way; pushing into an appsrc only queues.
 */
struct _AlcoveFanOut {
  GObject parent_instance;

  GstCaps *caps;

  GMutex push_lock;
  GMutex lock;
  GPtrArray *subscribers;
  GstElement *sink;
  guint sink_generation;
};

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
push_round (AlcoveFanOut *self,
            guint generation,
            GstBuffer *buffer)
{
  g_autoptr (GPtrArray) targets = g_ptr_array_new_with_free_func (gst_object_unref);

  g_mutex_lock (&self->push_lock);

  g_mutex_lock (&self->lock);
  if (generation == self->sink_generation)
    for (guint i = 0; i < self->subscribers->len; i++)
      g_ptr_array_add (targets, gst_object_ref (self->subscribers->pdata[i]));
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
  g_mutex_clear (&self->lock);
  g_mutex_clear (&self->push_lock);

  G_OBJECT_CLASS (alcove_fan_out_parent_class)->finalize (object);
}

static void
alcove_fan_out_class_init (AlcoveFanOutClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = alcove_fan_out_finalize;
}

static void
alcove_fan_out_init (AlcoveFanOut *self)
{
  g_mutex_init (&self->lock);
  g_mutex_init (&self->push_lock);
  self->subscribers = g_ptr_array_new_with_free_func (gst_object_unref);
}

/**
 * alcove_fan_out_new:
 * @caps: (transfer none): what the encoder puts out
 *
 * Returns: (transfer full): a fan-out without a sink
 */
AlcoveFanOut *
alcove_fan_out_new (GstCaps *caps)
{
  AlcoveFanOut *self = g_object_new (ALCOVE_TYPE_FAN_OUT, NULL);

  self->caps = gst_caps_ref (caps);
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
 * @source: (transfer none): where encoded buffers go from now on
 *
 * Subscribing twice is the same as once.
 */
void
alcove_fan_out_subscribe (AlcoveFanOut *self,
                          GstAppSrc *source)
{
  g_mutex_lock (&self->lock);
  if (!g_ptr_array_find (self->subscribers, source, NULL))
    g_ptr_array_add (self->subscribers, gst_object_ref (source));
  g_mutex_unlock (&self->lock);
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
  g_autoptr (GstAppSrc) found = NULL;
  guint position;

  g_mutex_lock (&self->push_lock);
  g_mutex_lock (&self->lock);
  if (g_ptr_array_find (self->subscribers, source, &position))
    found = g_ptr_array_steal_index (self->subscribers, position);
  g_mutex_unlock (&self->lock);
  g_mutex_unlock (&self->push_lock);
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
 * alcove_fan_out_set_sink:
 * @self: a fan-out
 * @appsink: (nullable) (transfer none): the appsink behind the encoder
 *
 * Replaces the sink before. After this nothing of the former one is handed on any more.
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
}
