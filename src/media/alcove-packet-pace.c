/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-packet-pace"

#include "config.h"

#include "alcove-packet-pace.h"

/* As much as the path bears in this time goes at once: what is sent together costs less. */
#define BURST (20 * G_TIME_SPAN_MILLISECOND)

/* No packet waits longer, so that no rate, however low, keeps what sends it from ending. */
#define LONGEST (200 * G_TIME_SPAN_MILLISECOND)

/* Where so many pictures wait behind this one, more is made than the path bears: they go, and what
 * the path does with them tells how much less it has to be. */
#define MAX_WAITING 3

typedef struct {
  AlcovePacketPace pace;
  AlcoveLinkCore *core;
  GWeakRef source;
} Pacer;

static void
pacer_free (gpointer data)
{
  Pacer *self = data;

  alcove_link_core_unref (self->core);
  g_weak_ref_clear (&self->source);
  g_free (self);
}

static gboolean
is_behind (Pacer *self)
{
  g_autoptr (GstAppSrc) source = g_weak_ref_get (&self->source);
  guint64 waiting = 0;

  if (source == NULL)
    return TRUE;

  g_object_get (source, "current-level-buffers", &waiting, NULL);
  return waiting >= MAX_WAITING;
}

/* On the thread of the source, which has nothing else to do. */
static GstPadProbeReturn
on_packet (GstPad *pad,
           GstPadProbeInfo *info,
           gpointer data)
{
  Pacer *self = data;
  gint64 now, wait;
  guint rate;

  g_mutex_lock (&self->core->lock);
  rate = self->core->closed ? 0 : self->core->pace;
  g_mutex_unlock (&self->core->lock);
  if (rate == 0)
    return GST_PAD_PROBE_OK;

  now = g_get_monotonic_time ();
  wait = alcove_packet_pace_add (&self->pace, now,
                                 gst_buffer_get_size (GST_PAD_PROBE_INFO_BUFFER (info)), rate);
  if (wait <= 0)
    return GST_PAD_PROBE_OK;

  if (is_behind (self))
    self->pace.due = now;
  else
    alcove_link_core_wait (self->core, now + wait);
  return GST_PAD_PROBE_OK;
}

/**
 * alcove_packet_pace_add:
 * @self: a pace
 * @time: now, monotonic microseconds
 * @size: of the packet, in bytes
 * @rate: more than 0, in bits a second
 *
 * Returns: how long the packet is to wait, in microseconds, 0 to a fifth of a second
 */
gint64
alcove_packet_pace_add (AlcovePacketPace *self,
                        gint64 time,
                        gsize size,
                        guint rate)
{
  gint64 due = CLAMP (self->due, time - BURST, time + LONGEST);

  self->due = due + (gint64) gst_util_uint64_scale (size * 8, G_USEC_PER_SEC, rate);
  return MAX (due - time, 0);
}

/**
 * alcove_packet_pace_attach:
 * @pad: where packets of pictures leave, one by one, on the thread of @source
 * @source: of the pictures
 * @core: of the link it belongs to, whose `pace` it goes by
 *
 * Lets packets go no faster than the pace, for as long as @pad is there.
 */
void
alcove_packet_pace_attach (GstPad *pad,
                           GstAppSrc *source,
                           AlcoveLinkCore *core)
{
  Pacer *self = g_new0 (Pacer, 1);

  self->core = alcove_link_core_ref (core);
  g_weak_ref_init (&self->source, source);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_packet, self, pacer_free);
}
