/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-playout"

#include "config.h"

#include "alcove-playout-private.h"

#include <gst/app/gstappsrc.h>

#include "alcove-playout-margin.h"
#include "alcove-sound-shorten.h"
#include "alcove-voice.h"

/* Of the mixer and any sound output together. */
#define MAX_LATENCY (400 * GST_MSECOND)

/* How much is mixed at a time where it is heard, which is what echo cancellation works on, and
 * where it is not. */
#define PIECE (10 * GST_MSECOND)
#define SILENT_PIECE (20 * GST_MSECOND)

/* Of a sound output, in microseconds: less and a busy computer crackles. */
#define BUFFER_TIME 40000
#define LATENCY_TIME 10000

/* How far an output may be behind, and for how long, before it is set right: by default it may be
 * 40 ms for ever. In nanoseconds, microseconds and nanoseconds. */
#define ALIGNMENT (10 * GST_MSECOND)
#define DRIFT 20000
#define PATIENCE (200 * GST_MSECOND)

/* Who sends nothing for so long pauses: nothing was due. */
#define PAUSE (1 * GST_SECOND)

/* The power of one sample, of 32767² at most, below which sound is silence: -46 dB. */
#define SILENCE (164 * 164)

/* After so much of a sound without a period, noise or music, it is shortened as it is. */
#define SHORTEN_ANYHOW (1 * GST_SECOND)

struct _AlcovePlayout {
  GObject parent_instance;

  GstClock *clock;
  GstClockTime base_time;
  gboolean silent;

  GstElement *bin;
  GstElement *mixer;
  char *probe; /* NULL where nothing is to be heard, or the element is missing */
  GstClockTime tolerance; /* how late a sound still gets into the mix */

  /* workers */
  GMutex state_lock;
  GstElement *sink;
  gboolean served; /* by a sound server */
  gboolean closed;
};

struct _AlcovePlayoutStream {
  AlcovePlayout *playout;
  GstElement *source;
  GstElement *volume;
  GstPad *mixer_pad;
  AlcovePlayoutMargin margin;
};

G_DEFINE_FINAL_TYPE (AlcovePlayout, alcove_playout, G_TYPE_OBJECT)

static void
alcove_playout_finalize (GObject *object)
{
  AlcovePlayout *self = ALCOVE_PLAYOUT (object);

  gst_clear_object (&self->sink);
  gst_clear_object (&self->mixer);
  gst_clear_object (&self->bin);
  gst_clear_object (&self->clock);
  g_free (self->probe);
  g_mutex_clear (&self->state_lock);

  G_OBJECT_CLASS (alcove_playout_parent_class)->finalize (object);
}

static void
alcove_playout_class_init (AlcovePlayoutClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = alcove_playout_finalize;
}

static void
alcove_playout_init (AlcovePlayout *self)
{
  g_mutex_init (&self->state_lock);
}

/* The silence keeps the mix, which echo cancellation listens to, going while nobody is there.
 * Everything before the mixer has to be able to wait, or no latency can be agreed on and the
 * output gets each buffer too late. With a new output the mix begins now, or it would run after
 * the time since the engine's beginning for ever. */
static char *
make_description (AlcovePlayout *self)
{
  guint64 piece = self->silent ? SILENT_PIECE : PIECE;
  g_autofree char *probe = self->probe != NULL
                               ? g_strdup_printf (" ! webrtcechoprobe name=%s", self->probe)
                               : g_strdup ("");

  return g_strdup_printf (
      "audiotestsrc is-live=true wave=silence samplesperbuffer=%u ! " ALCOVE_PLAYOUT_CAPS " ! "
      "queue max-size-buffers=0 max-size-bytes=0 max-size-time=400000000 ! "
      "audiomixer name=mixer ignore-inactive-pads=true start-time-selection=first "
      "output-buffer-duration=%" G_GUINT64_FORMAT " latency=%" G_GUINT64_FORMAT
      " ! " ALCOVE_PLAYOUT_CAPS "%s ! audioconvert ! audioresample ! identity silent=true name=end",
      (guint) gst_util_uint64_scale (piece, 48000, GST_SECOND), piece, piece, probe);
}

/**
 * alcove_playout_new:
 * @pipeline: (transfer none): the engine's
 * @clock: (transfer none): the engine's
 * @base_time: the engine's
 * @silent: whether nothing is to be heard
 *
 * Returns: (transfer full) (nullable): a playout that waits for alcove_playout_open(), %NULL if
 *   an element is missing
 */
AlcovePlayout *
alcove_playout_new (GstBin *pipeline,
                    GstClock *clock,
                    GstClockTime base_time,
                    gboolean silent)
{
  g_autoptr (AlcovePlayout) self = g_object_new (ALCOVE_TYPE_PLAYOUT, NULL);
  g_autofree char *description = NULL;

  self->clock = gst_object_ref (clock);
  self->base_time = base_time;
  self->silent = silent;

  self->tolerance = silent ? SILENT_PIECE : PIECE;
  /* probes are found by name in the whole process */
  if (!silent && alcove_voice_is_possible ())
    self->probe = g_strdup_printf ("probe-%p", self);
  description = make_description (self);
  self->bin = gst_parse_bin_from_description (description, FALSE, NULL);
  if (self->bin == NULL)
    return NULL;
  gst_object_ref_sink (self->bin);
  self->mixer = gst_bin_get_by_name (GST_BIN (self->bin), "mixer");
  gst_element_set_locked_state (self->bin, TRUE);
  gst_bin_add (pipeline, self->bin);

  return g_steal_pointer (&self);
}

/* The pipeline would go back to paused with an output that waits for its first sound, and stay there
 * if that one is replaced before it came: nothing would be heard any more. */
static void
play_at_once (GstElement *sink)
{
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (sink), "async") != NULL)
    g_object_set (sink, "async", FALSE, NULL);
}

/* Whether there is a device is known only after it was opened. */
static gboolean
try_sink (GstElement *sink)
{
  play_at_once (sink);
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (sink), "buffer-time") != NULL)
    g_object_set (sink, "buffer-time", (gint64) BUFFER_TIME, "latency-time",
                  (gint64) LATENCY_TIME, NULL);
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (sink), "alignment-threshold") != NULL)
    g_object_set (sink, "alignment-threshold", (guint64) ALIGNMENT, "drift-tolerance",
                  (gint64) DRIFT, "discont-wait", (guint64) PATIENCE, NULL);
  if (gst_element_set_state (sink, GST_STATE_READY) == GST_STATE_CHANGE_SUCCESS)
    return TRUE;

  gst_element_set_state (sink, GST_STATE_NULL);
  return FALSE;
}

static GstElement *
choose_sink (AlcovePlayout *self,
             GstElement *chosen,
             gboolean fall_back)
{
  const char *const factories[] = { "pulsesink", "pipewiresink", "alsasink" };
  GstElement *sink;

  if (chosen != NULL && !self->silent && !fall_back && try_sink (chosen))
    {
      self->served = self->served || g_str_has_prefix (G_OBJECT_TYPE_NAME (chosen), "GstPulse");
      return gst_object_ref (chosen);
    }

  for (gsize i = 0; !self->silent && !fall_back && i < G_N_ELEMENTS (factories); i++)
    {
      gboolean direct = g_str_equal (factories[i], "alsasink");

      /* a server that is restarted would find its card taken */
      if (direct && self->served)
        continue;
      sink = gst_element_factory_make (factories[i], NULL);
      if (sink == NULL)
        continue;
      gst_object_ref_sink (sink);
      if (try_sink (sink))
        {
          self->served = !direct;
          return sink;
        }
      gst_object_unref (sink);
    }

  sink = gst_object_ref_sink (gst_element_factory_make ("fakesink", NULL));
  play_at_once (sink);
  g_object_set (sink, "sync", TRUE, NULL);
  return sink;
}

/**
 * alcove_playout_open:
 * @self: a playout
 * @chosen: (transfer none) (nullable): the output to use if it can be; %NULL for the default
 * @fall_back: whether the output failed, so that none is to be used
 *
 * Opens a sound output, or replaces it. May block: for worker threads.
 *
 * Returns: %FALSE if there should be a sound output but is none
 */
gboolean
alcove_playout_open (AlcovePlayout *self,
                     GstElement *chosen,
                     gboolean fall_back)
{
  g_autoptr (GstElement) end = gst_bin_get_by_name (GST_BIN (self->bin), "end");
  g_autoptr (GstObject) parent = NULL;
  gboolean real;

  g_mutex_lock (&self->state_lock);
  if (self->closed || (fall_back && self->sink == NULL))
    {
      g_mutex_unlock (&self->state_lock);
      return TRUE;
    }

  gst_element_set_locked_state (self->bin, TRUE);
  if (self->sink != NULL)
    {
      gst_element_set_state (self->bin, GST_STATE_NULL);
      gst_bin_remove (GST_BIN (self->bin), self->sink);
      gst_clear_object (&self->sink);
    }
  self->sink = choose_sink (self, chosen, fall_back);
  gst_bin_add (GST_BIN (self->bin), self->sink);
  gst_element_link (end, self->sink);
  gst_element_set_locked_state (self->bin, FALSE);
  if (!gst_element_sync_state_with_parent (self->bin))
    {
      /* the pipeline must not fail with it */
      gst_element_set_locked_state (self->bin, TRUE);
      gst_element_set_state (self->bin, GST_STATE_NULL);
    }
  /* an output that does not wait for its first sound never tells that it is ready for that */
  parent = gst_object_get_parent (GST_OBJECT (self->bin));
  if (parent != NULL)
    gst_bin_recalculate_latency (GST_BIN (parent));
  real = g_strcmp0 (GST_OBJECT_NAME (gst_element_get_factory (self->sink)), "fakesink") != 0;
  g_mutex_unlock (&self->state_lock);

  return real || self->silent;
}

/**
 * alcove_playout_uses:
 * @self: a playout
 * @sink: (transfer none): what alcove_playout_open() was given
 *
 * May be called from any thread.
 *
 * Returns: whether that is the output, and no other one took its place
 */
gboolean
alcove_playout_uses (AlcovePlayout *self,
                     GstElement *sink)
{
  gboolean used;

  g_mutex_lock (&self->state_lock);
  used = self->sink == sink;
  g_mutex_unlock (&self->state_lock);

  return used;
}

/**
 * alcove_playout_is_stalled:
 * @self: a playout
 *
 * Returns: whether the output does not take what is played
 */
gboolean
alcove_playout_is_stalled (AlcovePlayout *self)
{
  g_autoptr (GstElement) end = gst_bin_get_by_name (GST_BIN (self->bin), "end");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (end, "src");

  return gst_pad_get_last_flow_return (pad) < GST_FLOW_EOS;
}

/**
 * alcove_playout_get_probe:
 * @self: a playout
 *
 * Returns: (transfer none) (nullable): the name of the webrtcechoprobe that hears all that is
 *   played; %NULL where nothing is
 */
const char *
alcove_playout_get_probe (AlcovePlayout *self)
{
  return self->probe;
}

/**
 * alcove_playout_owns:
 * @self: a playout
 * @object: source of a message
 *
 * Returns: whether it is about the playout
 */
gboolean
alcove_playout_owns (AlcovePlayout *self,
                     GstObject *object)
{
  return gst_object_has_as_ancestor (object, GST_OBJECT (self->bin));
}

/**
 * alcove_playout_close:
 * @self: a playout
 *
 * No output is opened any more. The owner of the pipeline shuts the elements down.
 */
void
alcove_playout_close (AlcovePlayout *self)
{
  g_mutex_lock (&self->state_lock);
  self->closed = TRUE;
  g_mutex_unlock (&self->state_lock);
}

/**
 * alcove_playout_open_stream:
 * @self: a playout
 *
 * Returns: (transfer full): a stream, to be freed by alcove_playout_stream_close()
 */
AlcovePlayoutStream *
alcove_playout_open_stream (AlcovePlayout *self)
{
  AlcovePlayoutStream *stream = g_new0 (AlcovePlayoutStream, 1);
  g_autoptr (GstCaps) caps = gst_caps_from_string (ALCOVE_PLAYOUT_CAPS);
  g_autoptr (GstPad) pad = NULL;

  stream->playout = g_object_ref (self);
  alcove_playout_margin_init (&stream->margin);
  stream->source = gst_object_ref_sink (gst_element_factory_make ("appsrc", NULL));
  stream->volume = gst_object_ref_sink (gst_element_factory_make ("volume", NULL));
  g_object_set (stream->source, "is-live", TRUE, "format", GST_FORMAT_TIME, "caps", caps,
                "min-latency", (gint64) 0, "max-latency", (gint64) MAX_LATENCY,
                "max-bytes", G_GUINT64_CONSTANT (0), "max-time", (guint64) ALCOVE_PLAYOUT_MARGIN_BOUND,
                "leaky-type", GST_APP_LEAKY_TYPE_DOWNSTREAM, NULL);

  gst_bin_add_many (GST_BIN (self->bin), stream->source, stream->volume, NULL);
  gst_element_link (stream->source, stream->volume);
  stream->mixer_pad = gst_element_request_pad_simple (self->mixer, "sink_%u");
  pad = gst_element_get_static_pad (stream->volume, "src");
  gst_pad_link (pad, stream->mixer_pad);
  gst_element_sync_state_with_parent (stream->volume);
  gst_element_sync_state_with_parent (stream->source);

  return stream;
}

static GstClockTime
get_duration (gsize n_samples)
{
  return gst_util_uint64_scale (n_samples, GST_SECOND, 48000);
}

static gboolean
is_silent (GstBuffer *buffer)
{
  GstMapInfo map;
  const gint16 *samples;
  gsize n;
  guint64 power = 0;

  if (!gst_buffer_map (buffer, &map, GST_MAP_READ))
    return FALSE;
  samples = (const gint16 *) map.data;
  n = map.size / sizeof (gint16);
  for (gsize i = 0; i < n; i++)
    power += (guint64) (samples[i] * samples[i]);
  gst_buffer_unmap (buffer, &map);

  return power < n * SILENCE;
}

/* Returns: (transfer full) */
static GstBuffer *
shorten (AlcovePlayoutStream *stream,
         GstBuffer *buffer)
{
  GstBuffer *shorter = gst_buffer_copy_deep (buffer);
  GstMapInfo map;
  gsize n, left;

  if (!gst_buffer_map (shorter, &map, GST_MAP_READWRITE))
    return shorter;
  n = map.size / sizeof (gint16);
  left = alcove_sound_shorten ((gint16 *) map.data, n, stream->margin.whole >= SHORTEN_ANYHOW);
  gst_buffer_unmap (shorter, &map);

  if (left < n)
    {
      gst_buffer_set_size (shorter, (gssize) (left * sizeof (gint16)));
      alcove_playout_margin_shorten (&stream->margin, get_duration (n) - get_duration (left));
    }
  return shorter;
}

/**
 * alcove_playout_stream_push:
 * @stream: a stream
 * @sample: (transfer none): decoded sound in %ALCOVE_PLAYOUT_CAPS
 *
 * Lays the sound after what is there already, a little ahead of the clock, whatever its
 * own time says: that is the time of sending, and the network's jitter is absorbed here. From
 * one streaming thread; never blocks.
 *
 * Returns: how much is spoiled: the silence before it that should not be there, or all of it if too
 *   much waits already. Nothing is where there is silence, or was none of it for long.
 */
GstClockTime
alcove_playout_stream_push (AlcovePlayoutStream *stream,
                            GstSample *sample)
{
  AlcovePlayout *self = stream->playout;
  GstClockTime now = gst_clock_get_time (self->clock) - self->base_time;
  GstBuffer *buffer = sample != NULL ? gst_sample_get_buffer (sample) : NULL;
  GstClockTime end = stream->margin.next;
  GstClockTime duration;
  GstClockTime start;
  gboolean silent;
  gboolean anew;

  if (buffer == NULL)
    return 0;

  duration = get_duration (gst_buffer_get_size (buffer) / sizeof (gint16));
  silent = is_silent (buffer);
  start = alcove_playout_margin_place (&stream->margin,
                                       now > self->tolerance ? now - self->tolerance : 0, duration,
                                       silent, &anew);
  if (!GST_CLOCK_TIME_IS_VALID (start))
    return silent ? 0 : duration;

  if (!silent && alcove_playout_margin_is_long (&stream->margin))
    buffer = shorten (stream, buffer);
  else
    buffer = gst_buffer_copy (buffer);
  if (anew)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  GST_BUFFER_PTS (buffer) = start;
  GST_BUFFER_DTS (buffer) = GST_CLOCK_TIME_NONE;
  GST_BUFFER_DURATION (buffer) = stream->margin.next - start;
  gst_app_src_push_buffer (GST_APP_SRC (stream->source), buffer);

  if (!anew || silent || !GST_CLOCK_TIME_IS_VALID (end) || start - end >= PAUSE)
    return 0;
  return start - end;
}

/**
 * alcove_playout_stream_set_volume:
 * @stream: a stream
 * @volume: 0 to 1 and a little more; 0 is silence
 */
void
alcove_playout_stream_set_volume (AlcovePlayoutStream *stream,
                                  double volume)
{
  g_object_set (stream->volume, "volume", CLAMP (volume, 0.0, 4.0), NULL);
}

static GstPadProbeReturn
on_late_sound (GstPad *pad,
               GstPadProbeInfo *info,
               gpointer data)
{
  return GST_PAD_PROBE_DROP;
}

/**
 * alcove_playout_stream_close:
 * @stream: (transfer full): a stream; nobody pushes to it any more
 *
 * Takes it out of the mix.
 */
void
alcove_playout_stream_close (AlcovePlayoutStream *stream)
{
  AlcovePlayout *self = stream->playout;
  g_autoptr (GstPad) pad = gst_element_get_static_pad (stream->volume, "src");

  /* a push that found no pad to go to would be an error of the whole pipeline */
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_late_sound, NULL, NULL);
  gst_element_set_locked_state (stream->source, TRUE);
  gst_element_set_locked_state (stream->volume, TRUE);
  gst_pad_unlink (pad, stream->mixer_pad);
  gst_element_release_request_pad (self->mixer, stream->mixer_pad);
  gst_object_unref (stream->mixer_pad);
  gst_element_set_state (stream->source, GST_STATE_NULL);
  gst_element_set_state (stream->volume, GST_STATE_NULL);
  gst_bin_remove_many (GST_BIN (self->bin), stream->source, stream->volume, NULL);
  gst_object_unref (stream->source);
  gst_object_unref (stream->volume);
  g_object_unref (self);
  g_free (stream);
}
