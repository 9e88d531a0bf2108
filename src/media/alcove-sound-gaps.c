/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-sound-gaps"

#include "config.h"

#include "alcove-sound-gaps.h"

#include <gst/rtp/rtp.h>

/*
 * A jitter buffer holds back all that came after a missing packet, until that one is no longer
 * worth waiting for. rtpjitterbuffer takes the time of that from its estimate of the sender's
 * clock and from what rtpbin does for lips and voice: where the queue on the way has just become
 * shorter, or pictures are later than sound, it is tenths of a second away, and so much sound comes
 * too late for one packet of which nobody sends another copy. When that is clear, a stand-in takes
 * the place of the missing packet, so that nothing waits any more, and behind the buffer it
 * becomes the news of a loss that a decoder conceals.
 */

/* Of RTP with no list of contributing sources and nothing in it. */
#define HEADER_BYTES 12

/* What a packet of Opus may bear, in the samples of its clock: 2.5 to 120 ms. */
#define LEAST_STEP 120
#define MOST_STEP 5760
#define CLOCK_RATE 48000

/* Belongs to the thread of what comes in, but for the step. */
typedef struct {
  AlcoveSoundGaps gaps;
  gboolean begun;
  guint16 number; /* of the latest packet */
  guint32 timestamp;
  int step; /* atomic: samples from one packet to the next, 0 before that is known */
} Watch;

/**
 * alcove_sound_gaps_add:
 * @self: the gaps of a stream
 * @number: sequence number of a packet that came
 * @given_up: (out): the numbers of packets that are not waited for any more, in order
 *
 * Returns: how many of them there are
 */
guint
alcove_sound_gaps_add (AlcoveSoundGaps *self,
                       guint16 number,
                       guint16 given_up[ALCOVE_SOUND_GAPS_MOST])
{
  guint16 ahead = (guint16) (number - self->next);
  guint n = 0;

  if (self->begun && ahead > G_MAXINT16)
    return 0;
  if (!self->begun || ahead >= ALCOVE_SOUND_GAPS_MOST)
    {
      *self = (AlcoveSoundGaps){ .begun = TRUE, .next = (guint16) (number + 1) };
      return 0;
    }

  self->there |= 1u << ahead;
  for (;;)
    {
      if ((self->there & 1) == 0)
        {
          /* the one right behind it may only have been overtaken by the one that is there */
          if (self->there >> 2 == 0)
            return n;
          given_up[n++] = self->next;
        }
      self->there >>= 1;
      self->next++;
    }
}

static void
learn_step (Watch *self,
            guint16 number,
            guint32 timestamp)
{
  guint16 numbers = (guint16) (number - self->number);
  guint32 samples = timestamp - self->timestamp;

  if (self->begun && numbers > G_MAXINT16)
    return;
  if (self->begun && numbers == 1 && samples >= LEAST_STEP && samples <= MOST_STEP)
    g_atomic_int_set (&self->step, (int) samples);
  self->begun = TRUE;
  self->number = number;
  self->timestamp = timestamp;
}

static GstBuffer *
make_stand_in (GstBuffer *packet,
               guint16 number,
               guint32 timestamp)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, HEADER_BYTES, NULL);
  guint8 header[HEADER_BYTES];

  gst_buffer_extract (packet, 0, header, sizeof header);
  header[0] = 2 << 6; /* version 2, and nothing else */
  header[1] &= 0x7f;
  GST_WRITE_UINT16_BE (header + 2, number);
  GST_WRITE_UINT32_BE (header + 4, timestamp);
  gst_buffer_fill (buffer, 0, header, sizeof header);
  GST_BUFFER_PTS (buffer) = GST_BUFFER_PTS (packet);
  GST_BUFFER_DTS (buffer) = GST_BUFFER_DTS (packet);
  GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_GAP);
  return buffer;
}

static GstPadProbeReturn
on_packet_in (GstPad *pad,
              GstPadProbeInfo *info,
              gpointer data)
{
  Watch *self = data;
  GstBuffer *packet = GST_PAD_PROBE_INFO_BUFFER (info);
  guint16 given_up[ALCOVE_SOUND_GAPS_MOST];
  guint8 header[HEADER_BYTES];
  guint16 number;
  guint32 timestamp;
  guint n;

  /* one of ours */
  if (GST_BUFFER_FLAG_IS_SET (packet, GST_BUFFER_FLAG_GAP)
      || gst_buffer_extract (packet, 0, header, sizeof header) != sizeof header)
    return GST_PAD_PROBE_OK;

  number = GST_READ_UINT16_BE (header + 2);
  timestamp = GST_READ_UINT32_BE (header + 4);
  learn_step (self, number, timestamp);
  n = alcove_sound_gaps_add (&self->gaps, number, given_up);
  for (guint i = 0; i < n && self->step > 0; i++)
    {
      guint32 samples = (guint16) (number - given_up[i]) * (guint32) self->step;

      gst_pad_chain (pad, make_stand_in (packet, given_up[i], timestamp - samples));
    }

  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
on_packet_out (GstPad *pad,
               GstPadProbeInfo *info,
               gpointer data)
{
  Watch *self = data;
  GstBuffer *packet = GST_PAD_PROBE_INFO_BUFFER (info);
  guint8 number[2];

  if (!GST_BUFFER_FLAG_IS_SET (packet, GST_BUFFER_FLAG_GAP)
      || gst_buffer_get_size (packet) != HEADER_BYTES)
    return GST_PAD_PROBE_OK;

  gst_buffer_extract (packet, 2, number, sizeof number);
  /* as rtpjitterbuffer tells it */
  gst_pad_push_event (
      pad, gst_event_new_custom (
               GST_EVENT_CUSTOM_DOWNSTREAM,
               gst_structure_new (
                   "GstRTPPacketLost", "seqnum", G_TYPE_UINT, (guint) GST_READ_UINT16_BE (number),
                   "timestamp", G_TYPE_UINT64, GST_BUFFER_PTS (packet), "duration", G_TYPE_UINT64,
                   gst_util_uint64_scale ((guint64) g_atomic_int_get (&self->step), GST_SECOND,
                                          CLOCK_RATE),
                   "retry", G_TYPE_UINT, 0, NULL)));
  return GST_PAD_PROBE_DROP;
}

/* What @pad, or the pad that it stands for, gets its packets from on its own thread. */
static GstElement *
find_jitter_buffer (GstPad *pad)
{
  g_autoptr (GstPad) at = gst_object_ref (pad);

  while (at != NULL)
    {
      g_autoptr (GstPad) former = g_steal_pointer (&at);
      g_autoptr (GstElement) element = NULL;
      g_autoptr (GstPad) sink = NULL;
      GstElementFactory *factory;

      if (GST_IS_GHOST_PAD (former))
        {
          at = gst_ghost_pad_get_target (GST_GHOST_PAD (former));
          continue;
        }
      element = gst_pad_get_parent_element (former);
      factory = element != NULL ? gst_element_get_factory (element) : NULL;
      if (factory != NULL && g_str_equal (GST_OBJECT_NAME (factory), "rtpjitterbuffer"))
        return g_steal_pointer (&element);
      sink = element != NULL ? gst_element_get_static_pad (element, "sink") : NULL;
      at = sink != NULL ? gst_pad_get_peer (sink) : NULL;
    }

  return NULL;
}

/**
 * alcove_sound_gaps_attach:
 * @pad: where packets of Opus come out of a jitter buffer, or of bins around it
 *
 * Has the jitter buffer give up each packet that is missing when the second one after it has come.
 * To be called before anything goes through @pad, or on the thread of what does. Where there is no
 * such buffer it does nothing.
 */
void
alcove_sound_gaps_attach (GstPad *pad)
{
  g_autoptr (GstElement) buffer = find_jitter_buffer (pad);
  g_autoptr (GstPad) sink = buffer != NULL ? gst_element_get_static_pad (buffer, "sink") : NULL;
  g_autoptr (GstPad) src = buffer != NULL ? gst_element_get_static_pad (buffer, "src") : NULL;
  Watch *watch;

  if (sink == NULL || src == NULL)
    return;

  watch = g_atomic_rc_box_new0 (Watch);
  gst_pad_add_probe (src, GST_PAD_PROBE_TYPE_BUFFER, on_packet_out,
                     g_atomic_rc_box_acquire (watch), g_atomic_rc_box_release);
  gst_pad_add_probe (sink, GST_PAD_PROBE_TYPE_BUFFER, on_packet_in, watch, g_atomic_rc_box_release);
}
