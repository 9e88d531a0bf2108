/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-media-link"

#include "config.h"

#include <gst/video/video.h>

#include "alcove-debug.h"
#include "alcove-media-link-parts.h"

/* The payload types of our own offers. */
#define PAYLOAD_VP8 96
#define PAYLOAD_OPUS 111
#define TWCC_ID 3

#define MTU 1200

/* What an appsrc may hold while the transport is busy: about a second. */
#define MAX_BUFFERS 64

static GstPadProbeReturn
on_source_event (GstPad *pad,
                 GstPadProbeInfo *info,
                 gpointer data)
{
  AlcoveLinkCore *core = data;
  g_autoptr (AlcoveLadderView) view = NULL;

  /* the far side's key-frame requests (PLI, FIR) come up here */
  if (!gst_video_event_is_force_key_unit (GST_PAD_PROBE_INFO_EVENT (info)))
    return GST_PAD_PROBE_OK;

  g_mutex_lock (&core->lock);
  g_set_object (&view, core->view);
  g_mutex_unlock (&core->lock);
  if (view != NULL)
    alcove_ladder_view_request_key_frame (view);

  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
on_source_buffer (GstPad *pad,
                  GstPadProbeInfo *info,
                  gpointer data)
{
  AlcoveLinkCore *core = data;
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  gboolean is_video = caps != NULL && !gst_caps_is_empty (caps)
                      && gst_structure_has_name (gst_caps_get_structure (caps, 0), "video/x-vp8");

  g_mutex_lock (&core->lock);
  core->counters.bytes_out += gst_buffer_get_size (GST_PAD_PROBE_INFO_BUFFER (info));
  if (is_video)
    {
      core->counters.frames_out++;
      core->codec_out = "VP8";
    }
  g_mutex_unlock (&core->lock);

  return GST_PAD_PROBE_OK;
}

static GstCaps *
make_caps (gboolean is_video,
           int payload,
           int twcc,
           guint32 ssrc)
{
  /* in an answer only what tells codecs apart may be named: the rest is the offer's */
  gboolean is_offer = ssrc != 0;
  GstCaps *caps
      = gst_caps_new_simple ("application/x-rtp", "media", G_TYPE_STRING,
                             is_video ? "video" : "audio", "encoding-name", G_TYPE_STRING,
                             is_video ? "VP8" : "OPUS", "clock-rate", G_TYPE_INT,
                             is_video ? 90000 : 48000, "payload", G_TYPE_INT, payload, NULL);

  if (!is_video && is_offer)
    gst_caps_set_simple (caps, "encoding-params", G_TYPE_STRING, "2", "minptime", G_TYPE_STRING,
                         "10", "useinbandfec", G_TYPE_STRING, "1", NULL);
  if (is_offer)
    gst_caps_set_simple (caps, "ssrc", G_TYPE_UINT, ssrc, NULL);
  if (is_video && twcc > 0)
    {
      g_autofree char *name = g_strdup_printf ("extmap-%d", twcc);

      gst_caps_set_simple (caps, name, G_TYPE_STRING, ALCOVE_EXTENSION_TWCC, NULL);
    }

  return caps;
}

static GstAppSrc *
add_sender (AlcoveMediaLink *self,
            gboolean is_video,
            GstCaps *caps,
            int payload,
            guint32 ssrc)
{
  GstElement *source = gst_element_factory_make ("appsrc", NULL);
  GstElement *payloader = gst_element_factory_make (is_video ? "rtpvp8pay" : "rtpopuspay", NULL);
  GstElement *own = gst_element_factory_make ("capsfilter", NULL);
  g_autoptr (GstCaps) own_caps
      = gst_caps_new_simple ("application/x-rtp", "ssrc", G_TYPE_UINT, ssrc, NULL);
  g_autoptr (GstCaps) source_caps = is_video ? gst_caps_new_empty_simple ("video/x-vp8")
                                             : gst_caps_ref (alcove_fan_out_get_caps (self->audio));
  g_autoptr (GstWebRTCRTPTransceiver) transceiver = NULL;
  g_autoptr (GstPadTemplate) template = NULL;
  g_autoptr (GstPad) sink = NULL;
  g_autoptr (GstPad) own_src = NULL;
  g_autoptr (GstPad) src = NULL;

  g_object_set (source, "caps", source_caps, "format", GST_FORMAT_TIME, "is-live", TRUE,
                "do-timestamp", FALSE, "max-buffers", (guint64) MAX_BUFFERS, "max-bytes",
                (guint64) 0, "leaky-type", GST_APP_LEAKY_TYPE_DOWNSTREAM, NULL);
  g_object_set (payloader, "pt", (guint) payload, "ssrc", ssrc, "mtu", (guint) MTU, NULL);
  if (is_video)
    gst_util_set_object_arg (G_OBJECT (payloader), "picture-id-mode", "15-bit");

  /* without a bundle, a session that reports before we send chose a number itself, and bids
   * the payloader take that one, which nobody was told of */
  g_object_set (own, "caps", own_caps, NULL);

  gst_bin_add_many (GST_BIN (self->pipeline), source, payloader, own, NULL);
  gst_element_link_many (source, payloader, own, NULL);

  src = gst_element_get_static_pad (source, "src");
  if (is_video)
    gst_pad_add_probe (src, GST_PAD_PROBE_TYPE_EVENT_UPSTREAM, on_source_event,
                       alcove_link_core_ref (self->core),
                       (GDestroyNotify) alcove_link_core_unref);
  gst_pad_add_probe (src, GST_PAD_PROBE_TYPE_BUFFER, on_source_buffer,
                     alcove_link_core_ref (self->core), (GDestroyNotify) alcove_link_core_unref);

  template = gst_element_get_pad_template (self->webrtc, "sink_%u");
  if (template != NULL)
    gst_object_ref (template);
  sink = gst_element_request_pad (self->webrtc, template, NULL, caps);
  if (sink == NULL)
    return NULL;

  /* complete preferences must be there before an offer is made: without them
   * webrtcbin asks the payloader, which has no fixed format yet, for ever */
  g_object_get (sink, "transceiver", &transceiver, NULL);
  g_object_set (transceiver, "codec-preferences", caps, "do-nack", is_video, NULL);
  own_src = gst_element_get_static_pad (own, "src");
  gst_pad_link (own_src, sink);

  return GST_APP_SRC (gst_object_ref (source));
}

static void
add_receiver (AlcoveMediaLink *self,
              gboolean is_video,
              GstCaps *caps)
{
  g_autoptr (GstWebRTCRTPTransceiver) transceiver = NULL;

  g_signal_emit_by_name (self->webrtc, "add-transceiver",
                         GST_WEBRTC_RTP_TRANSCEIVER_DIRECTION_RECVONLY, caps, &transceiver);
  if (transceiver != NULL)
    g_object_set (transceiver, "do-nack", is_video, NULL);
}

static gboolean
add_line (AlcoveMediaLink *self,
          gboolean is_video,
          const AlcoveOfferedLine *line)
{
  gboolean sends = is_video ? self->video != NULL : self->audio != NULL;
  GstAppSrc **source = is_video ? &self->video_source : &self->audio_source;
  int payload = line != NULL ? line->payload : is_video ? PAYLOAD_VP8 : PAYLOAD_OPUS;
  guint32 ssrc = g_random_int () | 1;
  g_autoptr (GstCaps) caps = NULL;

  if (line != NULL && line->index == -1)
    return TRUE;

  caps = make_caps (is_video, payload, line != NULL ? line->twcc : TWCC_ID,
                    line != NULL ? 0 : ssrc);
  if (!sends)
    {
      add_receiver (self, is_video, caps);
      return TRUE;
    }

  *source = add_sender (self, is_video, caps, payload, ssrc);
  return *source != NULL;
}

/* The caps of a source come from its own thread, and may come too late for the answer. */
static void
announce_source (GstAppSrc *source)
{
  g_autoptr (GstPad) src = gst_element_get_static_pad (GST_ELEMENT (source), "src");
  g_autoptr (GstPad) sink = gst_pad_get_peer (src);
  g_autoptr (GstCaps) known = gst_pad_get_current_caps (sink);
  g_autoptr (GstCaps) caps = gst_app_src_get_caps (source);
  g_autofree char *id = NULL;

  if (known != NULL)
    return;

  id = gst_pad_create_stream_id (src, GST_ELEMENT (source), NULL);
  gst_pad_send_event (sink, gst_event_new_stream_start (id));
  gst_pad_send_event (sink, gst_event_new_caps (caps));
}

/* Its key frame requests come on other threads. */
static void
set_core_view (AlcoveMediaLink *self,
               AlcoveLadderView *view)
{
  g_autoptr (AlcoveLadderView) former = NULL;

  g_mutex_lock (&self->core->lock);
  former = g_steal_pointer (&self->core->view);
  g_set_object (&self->core->view, view);
  g_mutex_unlock (&self->core->lock);
}

static void
watch_ladder (AlcoveMediaLink *self)
{
  self->view = alcove_ladder_watch (self->video, ALCOVE_VIDEO_CODEC_VP8, self->video_source);
  set_core_view (self, self->view);
}

static void
leave_ladder (AlcoveMediaLink *self)
{
  if (self->view == NULL)
    return;

  set_core_view (self, NULL);
  alcove_ladder_view_close (self->view);
  g_clear_object (&self->view);
}

/**
 * alcove_media_link_announce_senders:
 * @self: a link whose pipeline plays and that sends nothing yet
 *
 * Tells webrtcbin the numbers of our streams (`a=ssrc`), before it makes an answer. A browser
 * shows nothing of a stream whose number the answer does not name.
 */
void
alcove_media_link_announce_senders (AlcoveMediaLink *self)
{
  if (self->audio_source != NULL)
    announce_source (self->audio_source);
  if (self->video_source != NULL)
    announce_source (self->video_source);
}

/**
 * alcove_media_link_add_senders:
 * @self: a link
 * @offered: (nullable): the offer to be answered; %NULL to make one
 *
 * Adds what takes our sound and pictures to webrtcbin, with the payload types of the
 * offer: an answer with others would be taken for a refusal.
 *
 * Returns: whether it worked
 */
gboolean
alcove_media_link_add_senders (AlcoveMediaLink *self,
                               const AlcoveOffered *offered)
{
  return add_line (self, FALSE, offered != NULL ? &offered->audio : NULL)
         && add_line (self, TRUE, offered != NULL ? &offered->video : NULL);
}

/**
 * alcove_media_link_add_more_senders:
 * @self: a link that runs
 * @offered: the sections that are new in the offer to be answered
 *
 * As alcove_media_link_add_senders(), on a connection that is up.
 *
 * Returns: whether it worked
 */
gboolean
alcove_media_link_add_more_senders (AlcoveMediaLink *self,
                                    const AlcoveOffered *offered)
{
  gboolean subscribed = self->subscribed;

  if (offered->audio.index == -1 && offered->video.index == -1)
    return TRUE;

  alcove_media_link_unsubscribe (self);
  if (!alcove_media_link_add_senders (self, offered)
      || !gst_bin_sync_children_states (GST_BIN (self->pipeline)))
    return FALSE;
  alcove_media_link_announce_senders (self);
  if (subscribed)
    alcove_media_link_subscribe (self);
  return TRUE;
}

/**
 * alcove_media_link_subscribe:
 * @self: a connected link
 *
 * Begins to send, if we want to. Not before the far side is verified: nobody else is to see us.
 */
void
alcove_media_link_subscribe (AlcoveMediaLink *self)
{
  if (self->subscribed || !self->sending)
    return;

  self->subscribed = TRUE;
  if (self->audio_source != NULL)
    alcove_fan_out_subscribe (self->audio, self->audio_source);
  if (self->video_source != NULL)
    watch_ladder (self);
  alcove_media_link_adapt_start (self);
}

/**
 * alcove_media_link_unsubscribe:
 * @self: a link
 *
 * Sends nothing any more.
 */
void
alcove_media_link_unsubscribe (AlcoveMediaLink *self)
{
  if (!self->subscribed)
    return;

  self->subscribed = FALSE;
  alcove_media_link_adapt_stop (self);
  if (self->audio_source != NULL)
    alcove_fan_out_unsubscribe (self->audio, self->audio_source);
  leave_ladder (self);
}

/**
 * alcove_media_link_do_set_sending:
 * @self: a link
 * @sending: whether the far side is to get our sound and pictures
 *
 * See alcove_peer_link_set_sending().
 */
void
alcove_media_link_do_set_sending (AlcoveMediaLink *self,
                                  gboolean sending)
{
  self->sending = sending;
  if (!sending)
    alcove_media_link_unsubscribe (self);
  else if (self->connected && alcove_media_link_is_alive (self))
    alcove_media_link_subscribe (self);
}
