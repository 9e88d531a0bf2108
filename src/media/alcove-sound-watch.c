/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-sound-watch"

#include "config.h"

#include "alcove-sound-watch.h"

/*
 * What a decoder of Opus has to guess. It fills whatever is lost, so that neither the pitch nor
 * the length of what comes out of it tells that something is missing.
 */

/* How much sound before its own a packet can bear a copy of. */
#define COPIED (20 * GST_MSECOND)

/* Those who send none at all for long pause, and leave nothing out. */
#define PAUSE (2 * GST_SECOND)

/* Of RFC 6716, 3.1: configurations from this one on are of CELT alone, which knows no copies. */
#define FIRST_CELT 16
#define FIRST_HYBRID 12

typedef struct
{
  AlcoveLinkCore *core;
  GstClockTime missing; /* right before what comes next */
} SoundWatch;

static void
sound_watch_clear (gpointer data)
{
  SoundWatch *self = data;

  alcove_link_core_unref (self->core);
}

static void
sound_watch_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, sound_watch_clear);
}

static void
count_guessed (SoundWatch *self,
               GstClockTime guessed)
{
  self->missing = 0;
  if (guessed == 0)
    return;

  g_mutex_lock (&self->core->lock);
  self->core->counters.sound_guessed_us += GST_TIME_AS_USECONDS (guessed);
  g_mutex_unlock (&self->core->lock);
}

static void
add_packet (SoundWatch *self,
            GstBuffer *buffer)
{
  guint8 bytes[2];
  gsize size;

  if (self->missing == 0)
    return;

  size = gst_buffer_extract (buffer, 0, bytes, sizeof bytes);
  if (alcove_sound_watch_has_copy (bytes, size))
    count_guessed (self, self->missing > COPIED ? self->missing - COPIED : 0);
  else
    count_guessed (self, self->missing);
}

static GstPadProbeReturn
on_data (GstPad *pad,
         GstPadProbeInfo *info,
         gpointer data)
{
  SoundWatch *self = data;
  GstClockTime duration = GST_CLOCK_TIME_NONE;

  if ((GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_BUFFER) != 0)
    add_packet (self, GST_PAD_PROBE_INFO_BUFFER (info));
  else if (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) == GST_EVENT_GAP)
    {
      gst_event_parse_gap (GST_PAD_PROBE_INFO_EVENT (info), NULL, &duration);
      count_guessed (self, self->missing);
      /* one packet, as far as is known */
      self->missing = GST_CLOCK_TIME_IS_VALID (duration) && duration > 0 ? duration : COPIED;
      if (self->missing > PAUSE)
        self->missing = 0;
    }

  return GST_PAD_PROBE_OK;
}

/**
 * alcove_sound_watch_has_copy:
 * @packet: the beginning of a packet of Opus, of mono or stereo
 * @size: how much of it is there, two bytes or more are enough
 *
 * By RFC 6716, 4.2.4. What can't be told of the first two bytes counts as none.
 *
 * Returns: whether it bears a copy of the sound before it
 */
gboolean
alcove_sound_watch_has_copy (const guint8 *packet,
                             gsize size)
{
  guint configuration, n_frames;

  if (size < 2 || (packet[0] & 3) != 0)
    return FALSE;

  configuration = packet[0] >> 3;
  if (configuration >= FIRST_CELT)
    return FALSE;
  /* of 10, 20, 40 and 60 ms: a bit for the voice in each frame comes first */
  n_frames = configuration < FIRST_HYBRID ? MAX (configuration & 3, 1) : 1;
  return (packet[1] >> (7 - n_frames) & 1) != 0;
}

/**
 * alcove_sound_watch_attach:
 * @decoder: of Opus, with concealment and correction
 * @core: of the link it belongs to, which counts
 *
 * Counts the sound that @decoder neither gets nor finds in the packet after it, for as long as it
 * is there.
 */
void
alcove_sound_watch_attach (GstElement *decoder,
                           AlcoveLinkCore *core)
{
  g_autoptr (GstPad) sink = gst_element_get_static_pad (decoder, "sink");
  SoundWatch *watch;

  if (sink == NULL)
    return;

  watch = g_atomic_rc_box_new0 (SoundWatch);
  watch->core = alcove_link_core_ref (core);
  gst_pad_add_probe (sink, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_data,
                     watch, sound_watch_unref);
}
