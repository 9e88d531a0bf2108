/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-feedback"

#include "config.h"

#include "alcove-feedback.h"

#include <string.h>

/* So much makes a sample; a stream of few packets is judged over a longer span. */
#define ENOUGH_PACKETS 10
#define ENOUGH_SPAN (150 * G_TIME_SPAN_MILLISECOND)
#define LONG_SPAN (1 * G_USEC_PER_SEC)

/* After a pause rates refer to the packets since then alone. */
#define PAUSE (2 * G_USEC_PER_SEC)

/* The shortest time under way is one of the last 10 to 20 s: the clocks drift, paths change. */
#define AGE (10 * G_USEC_PER_SEC)

/* The far side's clock jumped, or began anew: no queue holds a packet that long. */
#define JUMP (20 * G_USEC_PER_SEC)

/* More than this of a stranger's figures is not believed. */
#define LONGEST_RTT (10 * G_USEC_PER_SEC)

/* draft-alvestrand-rmcat-remb-03 */
#define REMB_LENGTH 8

/**
 * alcove_feedback_init:
 * @self: to be filled
 */
void
alcove_feedback_init (AlcoveFeedback *self)
{
  *self = (AlcoveFeedback){ .least = G_MAXINT64, .rtt_us = -1 };
}

/* A clock that jumped says nothing together with what it said before. */
static void
check_clock (AlcoveFeedback *self,
             gint64 sent,
             gint64 received)
{
  gint64 base = MIN (self->bases[0], self->bases[1]);

  if (!self->known || ABS (received - sent - base) <= JUMP)
    return;

  self->known = FALSE;
  self->least = G_MAXINT64;
  self->bytes_received = 0;
  self->from_received = 0;
  self->last_received = 0;
}

static void
note_way (AlcoveFeedback *self,
          gint64 sent,
          gint64 way)
{

  if (!self->known)
    {
      self->known = TRUE;
      self->bases[0] = self->bases[1] = way;
      self->age_begin = sent;
    }
  else if (sent - self->age_begin > AGE)
    {
      self->bases[0] = self->bases[1];
      self->bases[1] = way;
      self->age_begin = sent;
    }
  else
    self->bases[1] = MIN (self->bases[1], way);

  self->least = MIN (self->least, way);
}

/**
 * alcove_feedback_add_packet:
 * @self: what was collected
 * @sent: when it was sent, in microseconds of our clock
 * @received: when it arrived, in microseconds of theirs; anything if it did not
 * @bytes: how long it was
 * @lost: whether it did not arrive
 */
void
alcove_feedback_add_packet (AlcoveFeedback *self,
                            gint64 sent,
                            gint64 received,
                            guint bytes,
                            gboolean lost)
{
  if (self->n_packets == 0
      && (self->from_sent == 0 || sent - self->from_sent > PAUSE || sent < self->from_sent))
    {
      self->from_sent = sent;
      self->from_received = lost ? 0 : received;
    }
  else
    self->bytes_sent += bytes;

  self->n_packets++;
  self->last_sent = MAX (self->last_sent, sent);
  if (lost)
    {
      self->n_lost++;
      return;
    }

  check_clock (self, sent, received);
  if (self->from_received == 0)
    self->from_received = received;
  else if (received > self->from_received)
    self->bytes_received += bytes;
  self->last_received = MAX (self->last_received, received);
  note_way (self, sent, received - sent);
}

/* GValueArray is deprecated, and what GStreamer puts into this structure. */
static gboolean
get_packets (GstEvent *event,
             const GValue **values,
             guint *n_values)
{
  const GstStructure *structure = gst_event_get_structure (event);
  const GValue *value;

  if (structure == NULL || !gst_structure_has_name (structure, "RTPTWCCPackets"))
    return FALSE;
  value = gst_structure_get_value (structure, "packets");
  if (value == NULL || !g_str_equal (G_VALUE_TYPE_NAME (value), "GValueArray"))
    return FALSE;

  {
    const GValueArray *array = g_value_get_boxed (value);

    if (array == NULL)
      return FALSE;
    *values = array->values;
    *n_values = array->n_values;
  }
  return TRUE;
}

/**
 * alcove_feedback_add_event:
 * @self: what was collected
 * @event: a custom event that rtpsession sends upstream
 * @now: monotonic microseconds
 *
 * Adds the packets of `RTPTWCCPackets`.
 *
 * Returns: whether it is such an event
 */
gboolean
alcove_feedback_add_event (AlcoveFeedback *self,
                           GstEvent *event,
                           gint64 now)
{
  const GValue *values;
  guint n_values;

  if (!get_packets (event, &values, &n_values))
    return FALSE;

  for (guint i = 0; i < n_values; i++)
    {
      const GstStructure *packet
          = GST_VALUE_HOLDS_STRUCTURE (&values[i]) ? gst_value_get_structure (&values[i]) : NULL;
      guint64 local = 0;
      guint64 remote = 0;
      guint size = 0;
      gboolean lost = FALSE;

      /* of a packet that was sent too long ago nothing but its number is known */
      if (packet == NULL || !gst_structure_get_uint64 (packet, "local-ts", &local)
          || !GST_CLOCK_TIME_IS_VALID (local) || local == 0
          || !gst_structure_get_uint (packet, "size", &size)
          || !gst_structure_get_boolean (packet, "lost", &lost))
        continue;
      if (!gst_structure_get_uint64 (packet, "remote-ts", &remote)
          || !GST_CLOCK_TIME_IS_VALID (remote))
        lost = TRUE;
      alcove_feedback_add_packet (self, (gint64) (local / GST_USECOND),
                                  lost ? 0 : (gint64) (remote / GST_USECOND), size, lost);
    }

  /* the last packet waited the least for this report */
  if (self->last_sent > 0 && now >= self->last_sent && now - self->last_sent < LONGEST_RTT)
    self->rtt_us = self->rtt_us >= 0 ? MIN (self->rtt_us, now - self->last_sent)
                                     : now - self->last_sent;
  return TRUE;
}

static double
get_rate (guint64 bytes,
          gint64 microseconds)
{
  return (double) bytes * 8.0 * (double) G_USEC_PER_SEC / (double) MAX (microseconds, 1);
}

/**
 * alcove_feedback_take:
 * @self: what was collected
 * @now: monotonic microseconds
 * @sample: (out caller-allocates): what it says
 *
 * Begins to collect anew, if there is enough.
 *
 * Returns: whether there was
 */
gboolean
alcove_feedback_take (AlcoveFeedback *self,
                      gint64 now,
                      AlcoveBandwidthSample *sample)
{
  gint64 span = self->last_sent - self->from_sent;
  gint64 base = MIN (self->bases[0], self->bases[1]);

  if (self->n_packets == 0 || span < ENOUGH_SPAN
      || (self->n_packets < ENOUGH_PACKETS && span < LONG_SPAN))
    return FALSE;

  *sample = (AlcoveBandwidthSample){
    .time = now,
    .sent = get_rate (self->bytes_sent, span),
    .received = 0.0,
    .loss = (double) self->n_lost / self->n_packets,
    .queue_ms = self->least != G_MAXINT64 ? (double) (self->least - base) / 1000.0 : -1.0,
    .rtt_ms = self->rtt_us >= 0 ? (double) self->rtt_us / 1000.0 : -1.0,
  };
  if (self->last_received > self->from_received)
    sample->received
        = get_rate (self->bytes_received, MAX (self->last_received - self->from_received, span / 2));

  self->n_packets = 0;
  self->n_lost = 0;
  self->bytes_sent = 0;
  self->bytes_received = 0;
  self->least = G_MAXINT64;
  self->rtt_us = -1;
  self->from_sent = self->last_sent;
  self->from_received = self->last_received;
  return TRUE;
}

/**
 * alcove_feedback_parse_remb:
 * @data: what a payload-specific feedback message carries behind its two sources
 * @length: its length
 *
 * Reads what a receiver says it can take (REMB, draft-alvestrand-rmcat-remb-03).
 *
 * Returns: bits a second, 0 if that is not said
 */
guint
alcove_feedback_parse_remb (const guint8 *data,
                            gsize length)
{
  guint exponent;
  guint64 mantissa;

  if (length < REMB_LENGTH || memcmp (data, "REMB", 4) != 0)
    return 0;

  exponent = data[5] >> 2;
  mantissa = (guint64) (data[5] & 0x03) << 16 | (guint64) data[6] << 8 | data[7];
  /* 18 bits and as many as fit */
  if (exponent > 40)
    return mantissa > 0 ? G_MAXUINT : 0;

  return (guint) MIN (mantissa << exponent, G_MAXUINT);
}
