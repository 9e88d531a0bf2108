/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-media-link"

#include "config.h"

#include <math.h>

#include "alcove-debug.h"
#include "alcove-media-link-parts.h"

/*
 * What the network to this participant bears, and that pictures keep to it.
 *
 * The far side tells of every packet of a picture (transport-wide congestion control), if it can;
 * else all there is are its reports once a second, and REMB if it sends that.
 */

/* How often what came back is looked at, in milliseconds. */
#define LOOK_MS 250

/* How often reports are asked for where nothing better comes. */
#define REPORT_SPAN (1 * G_USEC_PER_SEC)

/* Pictures that were sent without any word of them, and for how long. It comes four times a second
 * at least, from those who send it, and is thrown away with all else where the path is full. */
#define SILENT_FRAMES 6
#define SILENT_SPAN (800 * G_TIME_SPAN_MILLISECOND)

/* Round trips differ by so much, in milliseconds, even where no queue stands. */
#define UNREST_MS 60.0

/* Of one look at how much is lost, among those before. */
#define LOSS_WEIGHT 0.1

/* A round trip that is longer than the first is too long for anything to be asked for again, until it is
 * shorter than the second. */
#define FAR_MS (1.25 * ALCOVE_MEDIA_LINK_PATIENCE_MS)
#define NEAR_MS ALCOVE_MEDIA_LINK_PATIENCE_MS

/* A change of the estimate that is worth a line among the debug messages. */
#define NOTABLE_CHANGE 0.15

/* The log has what size goes to whom at most so often: a window that is being resized over there
 * may change it again and again. What it is in the end is always told. */
#define RUNG_SPAN (10 * G_USEC_PER_SEC)

/* The far side's reports, on a thread of the session. */
static GstPadProbeReturn
on_session_event (GstPad *pad,
                  GstPadProbeInfo *info,
                  gpointer data)
{
  AlcoveLinkCore *core = data;
  gint64 now = g_get_monotonic_time ();

  if (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) != GST_EVENT_CUSTOM_UPSTREAM)
    return GST_PAD_PROBE_OK;

  g_mutex_lock (&core->lock);
  if (alcove_feedback_add_event (&core->feedback, GST_PAD_PROBE_INFO_EVENT (info), now))
    core->feedback_time = now;
  g_mutex_unlock (&core->lock);

  return GST_PAD_PROBE_OK;
}

static void
on_session_pad (GstElement *session,
                GstPad *pad,
                gpointer data)
{
  if (g_str_has_prefix (GST_PAD_NAME (pad), "send_rtp_sink"))
    gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_EVENT_UPSTREAM, on_session_event,
                       alcove_link_core_ref (data), (GDestroyNotify) alcove_link_core_unref);
}

static void
on_feedback (GObject *session,
             guint type,
             guint subtype,
             guint sender,
             guint source,
             GstBuffer *message,
             gpointer data)
{
  AlcoveLinkCore *core = data;
  GstMapInfo map;
  guint bound;

  /* application layer feedback of the payload-specific kind (RFC 4585), for REMB is no more */
  if (type != GST_RTCP_TYPE_PSFB || subtype != GST_RTCP_PSFB_TYPE_AFB || message == NULL
      || !gst_buffer_map (message, &map, GST_MAP_READ))
    return;

  bound = alcove_feedback_parse_remb (map.data, map.size);
  gst_buffer_unmap (message, &map);
  if (bound == 0)
    return;

  g_mutex_lock (&core->lock);
  core->remb = bound;
  g_mutex_unlock (&core->lock);
}

/* In a bundle nobody tells a session the clock rates of its sources. It asks for each when it makes
 * the first report of it, and walks through its sources without its lock meanwhile; before 1.22.3
 * a report that comes in just then ends the walk. On the thread of the source's first packet. */
static void
on_new_sender_ssrc (GstElement *session,
                    guint ssrc,
                    gpointer data)
{
  AlcoveLinkCore *core = data;
  g_autoptr (GstPad) sink = gst_element_get_static_pad (session, "send_rtp_sink");
  g_autoptr (GstPad) src = gst_element_get_static_pad (session, "send_rtp_src");
  g_autoptr (GstEvent) begin = NULL;
  g_autoptr (GstCaps) caps = NULL;
  gboolean is_sound;

  if (sink == NULL || src == NULL)
    return;

  /* another stream of the bundle may be about to send the one of all, and nothing goes before it */
  begin = gst_pad_get_sticky_event (src, GST_EVENT_STREAM_START, 0);
  if (begin == NULL)
    gst_pad_send_event (sink, gst_event_new_stream_start (GST_OBJECT_NAME (session)));

  g_mutex_lock (&core->lock);
  is_sound = ssrc == core->audio_ssrc;
  g_mutex_unlock (&core->lock);

  caps = gst_caps_new_simple ("application/x-rtp", "ssrc", G_TYPE_UINT, ssrc, "clock-rate",
                              G_TYPE_INT, is_sound ? 48000 : 90000, NULL);
  gst_pad_send_event (sink, gst_event_new_caps (caps));
}

/**
 * alcove_media_link_watch_session:
 * @element: an rtpsession
 * @core: of the link it belongs to
 *
 * Collects what the far side tells of our packets, for as long as @element is there, and tells it
 * the clock rates of our streams. May be called from any thread.
 */
void
alcove_media_link_watch_session (GstElement *element,
                                 AlcoveLinkCore *core)
{
  g_autoptr (GObject) session = NULL;

  g_signal_connect_data (element, "pad-added", G_CALLBACK (on_session_pad),
                         alcove_link_core_ref (core),
                         (GClosureNotify) (void (*) (void)) alcove_link_core_unref, 0);
  g_signal_connect_data (element, "on-new-sender-ssrc", G_CALLBACK (on_new_sender_ssrc),
                         alcove_link_core_ref (core),
                         (GClosureNotify) (void (*) (void)) alcove_link_core_unref, 0);
  g_object_get (element, "internal-session", &session, NULL);
  if (session != NULL && g_signal_lookup ("on-feedback-rtcp", G_OBJECT_TYPE (session)) != 0)
    g_signal_connect_data (session, "on-feedback-rtcp", G_CALLBACK (on_feedback),
                           alcove_link_core_ref (core),
                           (GClosureNotify) (void (*) (void)) alcove_link_core_unref, 0);
}

static void
apply (AlcoveMediaLink *self)
{
  guint estimate = alcove_bandwidth_get_estimate (self->bandwidth);

  g_mutex_lock (&self->core->lock);
  self->core->pace = alcove_bandwidth_get_pace (self->bandwidth);
  g_mutex_unlock (&self->core->lock);

  if (estimate == self->estimate)
    return;

  self->estimate = estimate;
  if (self->view != NULL)
    alcove_ladder_view_set_bitrate (self->view, estimate);
  if (fabs ((double) estimate - self->told_estimate) > NOTABLE_CHANGE * self->told_estimate)
    {
      g_debug ("%s: the network bears %u kbit/s", self->peer, estimate / 1000);
      self->told_estimate = estimate;
    }
}

/* Sound goes the same way as pictures, of which there is word sooner. */
static void
note_loss (AlcoveMediaLink *self,
           double loss)
{
  self->loss += LOSS_WEIGHT * (loss - self->loss);
  if (self->guest != NULL)
    alcove_adaptation_set_loss (self->adaptation, self->guest, self->loss);
}

/* Sound never asks. */
static void
set_asking (const GValue *item,
            gpointer data)
{
  GObject *buffer = g_value_get_object (item);
  gboolean asks = FALSE;

  g_object_get (buffer, "do-retransmission", &asks, NULL);
  if (asks)
    g_object_set_data (buffer, "alcove-asks", GINT_TO_POINTER (TRUE));
  if (asks || g_object_get_data (buffer, "alcove-asks") != NULL)
    g_object_set (buffer, "do-retransmission", GPOINTER_TO_INT (data), NULL);
}

/* Where a round trip takes longer than a jitter buffer waits, what is sent again comes too late, and
 * questions and answers only fill the path: several times what it bears when it has just become
 * narrow. The next whole picture is asked for in any case. */
static void
follow_round_trip (AlcoveMediaLink *self,
                   double rtt_ms)
{
  /* one that was held up says nothing of the way */
  gboolean is_far = MIN (rtt_ms, self->former_rtt_ms) > (self->is_far ? NEAR_MS : FAR_MS);
  g_autoptr (GstElement) rtpbin = NULL;
  g_autoptr (GstIterator) iterator = NULL;

  /* while it is far, again and again: there may be another stream */
  if (rtt_ms < 0.0)
    return;
  self->former_rtt_ms = rtt_ms;
  if (!is_far && !self->is_far)
    return;

  self->is_far = is_far;
  rtpbin = gst_bin_get_by_name (GST_BIN (self->webrtc), "rtpbin");
  if (rtpbin == NULL)
    return;

  iterator = gst_bin_iterate_all_by_element_factory_name (GST_BIN (rtpbin), "rtpjitterbuffer");
  while (gst_iterator_foreach (iterator, set_asking, GINT_TO_POINTER (!is_far)) == GST_ITERATOR_RESYNC)
    gst_iterator_resync (iterator);
}

/* Nothing comes back of what is sent, not even news of its loss. */
static void
check_silence (AlcoveMediaLink *self,
               gint64 now,
               gint64 heard,
               guint64 frames)
{
  if (heard != self->heard)
    {
      self->heard = heard;
      self->silent_since = now;
      self->silent_frames = frames;
    }
  else if (now - self->silent_since >= SILENT_SPAN)
    {
      if (frames - self->silent_frames >= SILENT_FRAMES)
        alcove_bandwidth_add_silence (self->bandwidth, now);
      self->silent_since = now;
      self->silent_frames = frames;
    }
}

/* As the steps of the adaptation: what a picture looks like over there is to be found in the log. */
static void
note_rung (AlcoveMediaLink *self,
           gint64 now)
{
  AlcoveRung rung;

  if (self->view == NULL)
    return;

  alcove_ladder_view_get_rung (self->view, &rung);
  if (rung.width == 0 || g_str_equal (rung.name, self->told_rung)
      || (self->told_rung_at != 0 && now - self->told_rung_at < RUNG_SPAN))
    return;

  /* the first is no change */
  if (*self->told_rung != '\0')
    {
      self->told_rung_at = now;
      g_message ("%s: the picture is sent in %s instead of %s", self->peer, rung.name,
                 self->told_rung);
    }
  g_strlcpy (self->told_rung, rung.name, sizeof self->told_rung);
}

static gboolean
on_look (gpointer data)
{
  AlcoveMediaLink *self = data;
  AlcoveLinkCore *core = self->core;
  gint64 now = g_get_monotonic_time ();
  AlcoveBandwidthSample sample;
  gboolean taken;
  gint64 heard;
  guint64 frames;
  guint remb;

  g_mutex_lock (&core->lock);
  taken = alcove_feedback_take (&core->feedback, now, &sample);
  heard = core->feedback_time;
  frames = core->counters.frames_out;
  remb = core->remb;
  g_mutex_unlock (&core->lock);

  /* of both the word about each packet is the better one */
  alcove_bandwidth_set_bound (self->bandwidth, heard == 0 ? remb : 0);
  if (taken)
    {
      follow_round_trip (self, sample.rtt_ms);
      alcove_debug_print (ALCOVE_DEBUG_MEDIA,
                          "%s: sent %.0f, received %.0f, lost %.3f, queue %.1f ms, back in %.1f ms",
                          self->peer, sample.sent, sample.received, sample.loss, sample.queue_ms,
                          sample.rtt_ms);
      alcove_bandwidth_add (self->bandwidth, &sample);
      note_loss (self, sample.loss);
    }
  if (heard != 0)
    check_silence (self, now, heard, frames);
  else if (now - self->asked >= REPORT_SPAN)
    {
      self->asked = now;
      alcove_media_link_ask_for_report (self);
    }
  apply (self);
  note_rung (self, now);

  return G_SOURCE_CONTINUE;
}

/**
 * alcove_media_link_on_report:
 * @self: a link
 * @rtt_ms: round trip, -1 if unknown
 * @loss: fraction of our packets that were lost lately, -1 if unknown
 *
 * Takes in what the far side reports: for sound, and where it tells nothing of each packet for
 * pictures too.
 */
void
alcove_media_link_on_report (AlcoveMediaLink *self,
                             double rtt_ms,
                             double loss)
{
  AlcoveLinkCore *core = self->core;
  gint64 now = g_get_monotonic_time ();
  AlcoveBandwidthSample sample
      = { .time = now, .received = -1.0, .loss = loss, .queue_ms = -1.0, .rtt_ms = rtt_ms };
  guint64 bytes;
  gint64 heard;

  g_mutex_lock (&core->lock);
  heard = core->feedback_time;
  bytes = core->counters.bytes_out;
  g_mutex_unlock (&core->lock);

  if (heard == 0)
    follow_round_trip (self, rtt_ms);
  /* a report may be on its way when we stop to send */
  if (heard == 0 && self->subscribed && self->guest != NULL)
    alcove_adaptation_set_loss (self->adaptation, self->guest, loss);
  if (heard != 0 || self->adapt_source == 0 || (rtt_ms < 0.0 && loss < 0.0)
      || now - self->reported < REPORT_SPAN / 2)
    return;

  if (self->reported != 0 && bytes >= self->reported_bytes)
    {
      sample.sent = (double) (bytes - self->reported_bytes) * 8.0 * G_USEC_PER_SEC
                    / (double) (now - self->reported);
      if (rtt_ms >= 0.0)
        {
          self->least_rtt_ms = self->least_rtt_ms < 0.0 ? rtt_ms : MIN (self->least_rtt_ms, rtt_ms);
          sample.queue_ms = MAX (rtt_ms - self->least_rtt_ms - UNREST_MS, 0.0);
        }
      alcove_bandwidth_add (self->bandwidth, &sample);
      apply (self);
    }
  self->reported = now;
  self->reported_bytes = bytes;
}

/**
 * alcove_media_link_adapt_init:
 * @self: a link
 * @adaptation: (nullable) (transfer none): what all links have in common
 */
void
alcove_media_link_adapt_init (AlcoveMediaLink *self,
                              AlcoveAdaptation *adaptation)
{
  self->bandwidth = alcove_bandwidth_new ();
  self->least_rtt_ms = -1.0;
  if (adaptation == NULL)
    return;

  self->adaptation = g_object_ref (adaptation);
  self->guest = alcove_adaptation_add (adaptation, self->core->slot);
}

/**
 * alcove_media_link_adapt_clear:
 * @self: a link that is being closed
 */
void
alcove_media_link_adapt_clear (AlcoveMediaLink *self)
{
  alcove_media_link_adapt_stop (self);
  if (self->guest != NULL)
    alcove_adaptation_remove (self->adaptation, g_steal_pointer (&self->guest));
  g_clear_object (&self->adaptation);
}

/**
 * alcove_media_link_adapt_start:
 * @self: a link that begins to send
 *
 * Keeps to what the network bears from now on.
 */
void
alcove_media_link_adapt_start (AlcoveMediaLink *self)
{
  if (self->adapt_source != 0 || self->video_source == NULL)
    return;

  self->silent_since = g_get_monotonic_time ();
  self->reported = 0;
  self->adapt_source = g_timeout_add (LOOK_MS, on_look, self);
}

/**
 * alcove_media_link_adapt_stop:
 * @self: a link
 *
 * What was learnt of the network stays, but who is sent nothing needs no redundancy of sound, which
 * all others would pay for.
 */
void
alcove_media_link_adapt_stop (AlcoveMediaLink *self)
{
  g_clear_handle_id (&self->adapt_source, g_source_remove);
  if (self->guest != NULL)
    alcove_adaptation_set_loss (self->adaptation, self->guest, -1.0);
}
