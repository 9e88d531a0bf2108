/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-encoder"

#include "config.h"

#include "alcove-encoder.h"

#include <glib/gi18n.h>
#include <gst/app/gstappsrc.h>
#include <gst/video/video.h>

#include "alcove-error.h"
#include "alcove-playout.h"

/* 800 kbit/s at 640×360, by area from there, within what a call can bear. */
#define BITS_PER_PIXEL_SECOND 3.5
#define MIN_BITRATE 150000
#define MAX_BITRATE 2500000
#define AUDIO_BITRATE 32000

/* Of vp8enc. A negative one bids it watch its own time and take from a quarter of the frame
 * interval what it needs, so that a slow machine gets a quicker search. Beside the fixed speeds it
 * was the best bargain: a third of the time of 6 for 0.2 dB, where 15 costs as much and 0.6 dB. */
#define SPEED "-12"

/* Merges the key frame requests of everybody who joins within it. */
#define KEY_INTERVAL (400 * GST_MSECOND)

/* When the last picture is older than this, a key frame is made from it rather than
 * waiting for the next: a still picture comes only twice a second. */
#define REFRESH_AGE (100 * GST_MSECOND)

struct _AlcoveEncoder {
  GObject parent_instance;

  GstElement *bin;
  GstElement *source;
  GstElement *volume;
  AlcoveFanOut *fan_out;
  gulong request_handler;

  GMutex lock;
  GstBuffer *latest;
  GstClockTime last_time;
};

G_DEFINE_FINAL_TYPE (AlcoveEncoder, alcove_encoder, G_TYPE_OBJECT)

static void
weak_ref_free (gpointer data,
               GClosure *closure)
{
  g_weak_ref_clear (data);
  g_free (data);
}

static void
on_key_frame_requested (AlcoveFanOut *fan_out,
                        gpointer user_data)
{
  g_autoptr (AlcoveEncoder) self = g_weak_ref_get (user_data);
  g_autoptr (GstClock) clock = NULL;
  GstBuffer *again = NULL;
  GstClockTime now;

  if (self == NULL || (clock = gst_element_get_clock (self->bin)) == NULL)
    return;

  now = gst_clock_get_time (clock) - gst_element_get_base_time (self->bin);
  g_mutex_lock (&self->lock);
  if (self->latest != NULL
      && (!GST_CLOCK_TIME_IS_VALID (self->last_time) || now > self->last_time + REFRESH_AGE))
    {
      again = gst_buffer_copy (self->latest);
      GST_BUFFER_PTS (again) = now;
    }
  g_mutex_unlock (&self->lock);

  if (again != NULL)
    alcove_encoder_push (self, again);
}

static void
alcove_encoder_dispose (GObject *object)
{
  alcove_encoder_close (ALCOVE_ENCODER (object));

  G_OBJECT_CLASS (alcove_encoder_parent_class)->dispose (object);
}

static void
alcove_encoder_finalize (GObject *object)
{
  AlcoveEncoder *self = ALCOVE_ENCODER (object);

  gst_clear_buffer (&self->latest);
  gst_clear_object (&self->source);
  gst_clear_object (&self->volume);
  gst_clear_object (&self->bin);
  g_clear_object (&self->fan_out);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (alcove_encoder_parent_class)->finalize (object);
}

static void
alcove_encoder_class_init (AlcoveEncoderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = alcove_encoder_dispose;
  object_class->finalize = alcove_encoder_finalize;
}

static void
alcove_encoder_init (AlcoveEncoder *self)
{
  g_mutex_init (&self->lock);
  self->last_time = GST_CLOCK_TIME_NONE;
}

static AlcoveEncoder *
encoder_new (GstBin *pipeline,
             const char *description,
             const char *name,
             const char *caps_text,
             GError **error)
{
  g_autoptr (AlcoveEncoder) self = g_object_new (ALCOVE_TYPE_ENCODER, NULL);
  g_autoptr (GstCaps) caps = gst_caps_from_string (caps_text);
  g_autoptr (GError) problem = NULL;
  g_autoptr (GstElement) sink = NULL;
  GWeakRef *weak = g_new0 (GWeakRef, 1);

  self->fan_out = alcove_fan_out_new (name, caps);
  g_weak_ref_init (weak, self);
  self->request_handler
      = g_signal_connect_data (self->fan_out, "key-frame-requested",
                               G_CALLBACK (on_key_frame_requested), weak, weak_ref_free, 0);

  self->bin = gst_parse_bin_from_description (description, FALSE, &problem);
  if (self->bin == NULL)
    {
      g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_MISSING_ELEMENT,
                   _ ("The encoder can’t be set up: %s"), problem->message);
      return NULL;
    }
  gst_object_ref_sink (self->bin);
  self->source = gst_bin_get_by_name (GST_BIN (self->bin), "source");
  self->volume = gst_bin_get_by_name (GST_BIN (self->bin), "volume");
  sink = gst_bin_get_by_name (GST_BIN (self->bin), "sink");
  gst_bin_add (pipeline, self->bin);
  alcove_fan_out_set_sink (self->fan_out, sink);

  return g_steal_pointer (&self);
}

/**
 * alcove_encoder_new_video:
 * @pipeline: (transfer none): where its elements live
 * @width: of the pictures pushed
 * @height: of the pictures pushed
 * @fps: nominal rate of the pictures; fewer may come
 * @error: return location
 *
 * Returns: (transfer full): a VP8 encoder, or %NULL with %ALCOVE_ERROR_MISSING_ELEMENT
 */
AlcoveEncoder *
alcove_encoder_new_video (GstBin *pipeline,
                          int width,
                          int height,
                          int fps,
                          GError **error)
{
  int bitrate = CLAMP ((int) (width * height * BITS_PER_PIXEL_SECOND), MIN_BITRATE, MAX_BITRATE);
  g_autofree char *description = g_strdup_printf (
      "appsrc name=source is-live=true format=time max-buffers=2 max-bytes=0 "
      "leaky-type=downstream "
      "caps=video/x-raw,format=I420,width=%d,height=%d,framerate=%d/1,pixel-aspect-ratio=1/1 ! "
      "vp8enc deadline=1 cpu-used=" SPEED " end-usage=cbr lag-in-frames=0 keyframe-max-dist=2000 "
      "error-resilient=default target-bitrate=%d threads=%d static-threshold=1 "
      "min-force-key-unit-interval=%" G_GUINT64_FORMAT " ! "
      "appsink name=sink sync=false async=false",
      width, height, fps, bitrate, height > 480 ? 2 : 1, (guint64) KEY_INTERVAL);

  return encoder_new (pipeline, description, "video", "video/x-vp8", error);
}

/**
 * alcove_encoder_new_audio:
 * @pipeline: (transfer none): where its elements live
 * @error: return location
 *
 * Takes %ALCOVE_PLAYOUT_CAPS.
 *
 * Returns: (transfer full): an Opus encoder, or %NULL with %ALCOVE_ERROR_MISSING_ELEMENT
 */
AlcoveEncoder *
alcove_encoder_new_audio (GstBin *pipeline,
                          GError **error)
{
  g_autofree char *description = g_strdup_printf (
      "appsrc name=source is-live=true format=time max-time=200000000 max-bytes=0 "
      "leaky-type=downstream caps=" ALCOVE_PLAYOUT_CAPS " ! volume name=volume ! "
      "opusenc audio-type=voice bitrate=%d frame-size=20 inband-fec=true dtx=false ! "
      "appsink name=sink sync=false async=false",
      AUDIO_BITRATE);

  return encoder_new (pipeline, description, "audio",
                      "audio/x-opus,rate=48000,channels=1,channel-mapping-family=0", error);
}

/**
 * alcove_encoder_get_fan_out:
 * @self: an encoder
 *
 * Returns: (transfer none): where what it encodes is handed out
 */
AlcoveFanOut *
alcove_encoder_get_fan_out (AlcoveEncoder *self)
{
  return self->fan_out;
}

/**
 * alcove_encoder_set_muted:
 * @self: an encoder of sound
 * @muted: whether silence is encoded
 */
void
alcove_encoder_set_muted (AlcoveEncoder *self,
                          gboolean muted)
{
  if (self->volume != NULL)
    g_object_set (self->volume, "mute", muted, NULL);
}

/**
 * alcove_encoder_push:
 * @self: an encoder
 * @buffer: (transfer full): with a running time; dropped if it is not after the one before
 *
 * Never blocks. While nobody is subscribed nothing is encoded.
 */
void
alcove_encoder_push (AlcoveEncoder *self,
                     GstBuffer *buffer)
{
  gboolean watched = alcove_fan_out_get_n_subscribers (self->fan_out) > 0;

  g_mutex_lock (&self->lock);
  if (self->volume == NULL)
    gst_buffer_replace (&self->latest, buffer);
  if (!watched
      || (GST_CLOCK_TIME_IS_VALID (self->last_time)
          && GST_BUFFER_PTS (buffer) <= self->last_time))
    {
      g_mutex_unlock (&self->lock);
      gst_buffer_unref (buffer);
      return;
    }
  self->last_time = GST_BUFFER_PTS (buffer);
  /* Only queues; under the lock so that times stay in order. */
  gst_app_src_push_buffer (GST_APP_SRC (self->source), buffer);
  g_mutex_unlock (&self->lock);
}

/**
 * alcove_encoder_close:
 * @self: an encoder
 *
 * Hands out nothing any more. The owner of the pipeline shuts the elements down.
 */
void
alcove_encoder_close (AlcoveEncoder *self)
{
  if (self->fan_out == NULL)
    return;

  g_clear_signal_handler (&self->request_handler, self->fan_out);
  alcove_fan_out_set_sink (self->fan_out, NULL);
}
