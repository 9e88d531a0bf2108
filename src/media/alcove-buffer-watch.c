/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-buffer-watch"

#include "config.h"

#include "alcove-buffer-watch.h"

/*
 * The time in a jitter buffer, which tells nobody: what it counts itself are packets and their
 * jitter, and the time stamps that come out of it are no longer those of the arrival.
 */

/* The time in the jitter buffer is looked at for one packet of so many, by their numbers: packets
 * come by the hundred. No more than these are waited for at a time. */
#define LOOK_EVERY 8
#define MAX_LOOKED_AT 64

/* The packets of one jitter buffer that are looked at, under the lock of the core. */
typedef struct {
  AlcoveLinkCore *core;
  guint16 numbers[MAX_LOOKED_AT];
  gint64 arrivals[MAX_LOOKED_AT]; /* monotonic microseconds, 0 where none waits */
} BufferWatch;

static void
buffer_watch_clear (gpointer data)
{
  BufferWatch *self = data;

  alcove_link_core_unref (self->core);
}

static void
buffer_watch_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, buffer_watch_clear);
}

/* The sequence number of RTP (RFC 3550), if it is the turn of this packet. */
static gboolean
is_looked_at (GstPadProbeInfo *info,
              guint16 *number)
{
  guint8 bytes[2];

  if (gst_buffer_extract (GST_PAD_PROBE_INFO_BUFFER (info), 2, bytes, sizeof bytes)
      != sizeof bytes)
    return FALSE;

  *number = GST_READ_UINT16_BE (bytes);
  return *number % LOOK_EVERY == 0;
}

static GstPadProbeReturn
on_buffer_in (GstPad *pad,
              GstPadProbeInfo *info,
              gpointer data)
{
  BufferWatch *self = data;
  guint16 number;

  if (is_looked_at (info, &number))
    {
      guint place = number / LOOK_EVERY % MAX_LOOKED_AT;

      g_mutex_lock (&self->core->lock);
      self->numbers[place] = number;
      self->arrivals[place] = g_get_monotonic_time ();
      g_mutex_unlock (&self->core->lock);
    }

  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
on_buffer_out (GstPad *pad,
               GstPadProbeInfo *info,
               gpointer data)
{
  BufferWatch *self = data;
  guint16 number;

  if (is_looked_at (info, &number))
    {
      guint place = number / LOOK_EVERY % MAX_LOOKED_AT;

      g_mutex_lock (&self->core->lock);
      if (self->arrivals[place] > 0 && self->numbers[place] == number)
        {
          self->core->counters.buffered++;
          self->core->counters.buffered_us
              += (guint64) MAX (g_get_monotonic_time () - self->arrivals[place], 0);
          self->arrivals[place] = 0;
        }
      g_mutex_unlock (&self->core->lock);
    }

  return GST_PAD_PROBE_OK;
}

/**
 * alcove_buffer_watch_attach:
 * @jitter_buffer: an rtpjitterbuffer
 * @core: of the link it belongs to, which counts
 *
 * Measures how long packets wait in @jitter_buffer, for as long as it is there. May be called from
 * any thread.
 */
void
alcove_buffer_watch_attach (GstElement *jitter_buffer,
                            AlcoveLinkCore *core)
{
  g_autoptr (GstPad) sink = gst_element_get_static_pad (jitter_buffer, "sink");
  g_autoptr (GstPad) src = gst_element_get_static_pad (jitter_buffer, "src");
  BufferWatch *watch;

  if (sink == NULL || src == NULL)
    return;

  watch = g_atomic_rc_box_new0 (BufferWatch);
  watch->core = alcove_link_core_ref (core);
  gst_pad_add_probe (sink, GST_PAD_PROBE_TYPE_BUFFER, on_buffer_in,
                     g_atomic_rc_box_acquire (watch), buffer_watch_unref);
  gst_pad_add_probe (src, GST_PAD_PROBE_TYPE_BUFFER, on_buffer_out, watch, buffer_watch_unref);
}
