/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-encoder"

#include "config.h"

#include "alcove-encoder.h"

#include <glib/gi18n.h>
#include <gst/app/gstappsrc.h>

#include "alcove-error.h"
#include "alcove-playout.h"
#include "alcove-sound-delay.h"
#include "alcove-sound-meter.h"

#define AUDIO_BITRATE 32000

struct _AlcoveEncoder {
  GObject parent_instance;

  GstElement *bin;
  GstElement *source;
  GstElement *volume;
  GstElement *encoder;
  AlcoveFanOut *fan_out;

  GMutex lock;
  GstClockTime last_time;
  AlcoveSoundDelay *delay;
};

G_DEFINE_FINAL_TYPE (AlcoveEncoder, alcove_encoder, G_TYPE_OBJECT)

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

  gst_clear_object (&self->source);
  gst_clear_object (&self->volume);
  gst_clear_object (&self->encoder);
  gst_clear_object (&self->bin);
  g_clear_object (&self->fan_out);
  alcove_sound_delay_unref (self->delay);
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
  self->delay = alcove_sound_delay_new ();
}

static GstPadProbeReturn
on_packet (GstPad *pad,
           GstPadProbeInfo *info,
           gpointer data)
{
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);

  if (GST_BUFFER_PTS_IS_VALID (buffer) && GST_BUFFER_DURATION_IS_VALID (buffer))
    alcove_sound_delay_add_packet (data, GST_BUFFER_PTS (buffer) + GST_BUFFER_DURATION (buffer),
                                   g_get_monotonic_time ());
  return GST_PAD_PROBE_OK;
}

static AlcoveEncoder *
encoder_new (GstBin *pipeline,
             const char *description,
             const char *caps_text,
             GError **error)
{
  g_autoptr (AlcoveEncoder) self = g_object_new (ALCOVE_TYPE_ENCODER, NULL);
  g_autoptr (GstCaps) caps = gst_caps_from_string (caps_text);
  g_autoptr (GError) problem = NULL;
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GstPad) pad = NULL;

  self->fan_out = alcove_fan_out_new (caps);

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
  self->encoder = gst_bin_get_by_name (GST_BIN (self->bin), "encoder");
  sink = gst_bin_get_by_name (GST_BIN (self->bin), "sink");
  pad = gst_element_get_static_pad (sink, "sink");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_packet, alcove_sound_delay_ref (self->delay),
                     (GDestroyNotify) alcove_sound_delay_unref);
  gst_bin_add (pipeline, self->bin);
  alcove_fan_out_set_sink (self->fan_out, sink);

  return g_steal_pointer (&self);
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
      "opusenc name=encoder audio-type=voice bitrate=%d frame-size=20 inband-fec=true dtx=false ! "
      "appsink name=sink sync=false async=false",
      AUDIO_BITRATE);

  return encoder_new (pipeline, description,
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
 * alcove_encoder_set_expected_loss:
 * @self: an encoder of sound
 * @percent: of the packets, 0 to 100
 *
 * Has each packet bear as much of the one before as is worth it with so much loss.
 */
void
alcove_encoder_set_expected_loss (AlcoveEncoder *self,
                                  guint percent)
{
  if (self->encoder != NULL)
    g_object_set (self->encoder, "packet-loss-percentage", (int) MIN (percent, 100), NULL);
}

/**
 * alcove_encoder_expect:
 * @self: an encoder
 * @buffer: (transfer none): %ALCOVE_PLAYOUT_CAPS with a running time; captured just now, and to be
 *   pushed when it has been processed
 *
 * What alcove_encoder_count() tells begins here. Any thread.
 */
void
alcove_encoder_expect (AlcoveEncoder *self,
                       GstBuffer *buffer)
{
  /* not every source says how long its pieces are */
  GstClockTime duration = gst_util_uint64_scale (gst_buffer_get_size (buffer) / sizeof (gint16),
                                                 GST_SECOND, ALCOVE_SOUND_METER_RATE);

  if (GST_BUFFER_PTS_IS_VALID (buffer))
    alcove_sound_delay_add_piece (self->delay, GST_BUFFER_PTS (buffer) + duration,
                                  g_get_monotonic_time ());
}

/**
 * alcove_encoder_count:
 * @self: an encoder
 * @packets: (out): that it has put out so far
 * @late: (out): those of them that this machine was too slow for
 *
 * Any thread.
 */
void
alcove_encoder_count (AlcoveEncoder *self,
                      guint64 *packets,
                      guint64 *late)
{
  alcove_sound_delay_count (self->delay, packets, late);
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

  alcove_fan_out_set_sink (self->fan_out, NULL);
}
