/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-media-link"

#include "config.h"

#include <gst/video/video.h>

#include "alcove-debug.h"
#include "alcove-media-link-parts.h"
#include "alcove-packet-pace.h"

/* The payload type of our own offers. */
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
  const char *name = caps != NULL && !gst_caps_is_empty (caps)
                         ? gst_structure_get_name (gst_caps_get_structure (caps, 0))
                         : "";

  g_mutex_lock (&core->lock);
  core->counters.bytes_out += gst_buffer_get_size (GST_PAD_PROBE_INFO_BUFFER (info));
  if (g_str_has_prefix (name, "video/"))
    {
      core->counters.frames_out++;
      core->codec_out = alcove_video_codec_get_name (
          g_str_equal (name, "video/x-vp8") ? ALCOVE_VIDEO_CODEC_VP8 : ALCOVE_VIDEO_CODEC_H264);
    }
  g_mutex_unlock (&core->lock);

  return GST_PAD_PROBE_OK;
}

/* By the parameters that an encoder's pictures turn out to have, webrtcbin would take the
 * far side's next offer for another format. */
static GstPadProbeReturn
on_packet_caps (GstPad *pad,
                GstPadProbeInfo *info,
                gpointer data)
{
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);
  g_autoptr (GstCaps) narrow = NULL;
  GstEvent *changed;
  GstCaps *caps;

  if (GST_EVENT_TYPE (event) != GST_EVENT_CAPS)
    return GST_PAD_PROBE_OK;

  gst_event_parse_caps (event, &caps);
  if (!gst_structure_has_field (gst_caps_get_structure (caps, 0), "profile-level-id"))
    return GST_PAD_PROBE_OK;

  narrow = gst_caps_copy (caps);
  gst_structure_remove_fields (gst_caps_get_structure (narrow, 0), "profile-level-id",
                               "sprop-parameter-sets", "packetization-mode", "profile", NULL);
  changed = gst_event_new_caps (narrow);
  gst_event_set_seqnum (changed, gst_event_get_seqnum (event));
  gst_event_replace ((GstEvent **) &info->data, changed);
  gst_event_unref (changed);

  return GST_PAD_PROBE_OK;
}

static GstCaps *
make_caps (const char *codec,
           gboolean is_video,
           int payload,
           int twcc,
           guint32 ssrc)
{
  /* in an answer only what tells codecs apart may be named: the rest is the offer's */
  gboolean is_offer = ssrc != 0;
  GstCaps *caps
      = gst_caps_new_simple ("application/x-rtp", "media", G_TYPE_STRING,
                             is_video ? "video" : "audio", "encoding-name", G_TYPE_STRING, codec,
                             "clock-rate", G_TYPE_INT, is_video ? 90000 : 48000, "payload",
                             G_TYPE_INT, payload, NULL);

  if (!is_video && is_offer)
    gst_caps_set_simple (caps, "encoding-params", G_TYPE_STRING, "2", "minptime", G_TYPE_STRING,
                         "10", "useinbandfec", G_TYPE_STRING, "1", NULL);
  if (is_offer)
    gst_caps_set_simple (caps, "ssrc", G_TYPE_UINT, ssrc, NULL);
  if (twcc > 0)
    {
      g_autofree char *name = g_strdup_printf ("extmap-%d", twcc);

      gst_caps_set_simple (caps, name, G_TYPE_STRING, ALCOVE_EXTENSION_TWCC, NULL);
    }

  return caps;
}

static GstCaps *
make_video_caps (const AlcoveOfferedLine *line,
                 guint32 ssrc)
{
  return make_caps (alcove_video_codec_get_name (line->codec), TRUE, line->payload, line->twcc,
                    ssrc);
}

static GstPad *
request_sink (AlcoveMediaLink *self,
              gboolean is_video,
              GstCaps *caps)
{
  GstPadTemplate *template = gst_element_get_pad_template (self->webrtc, "sink_%u");
  g_autoptr (GstWebRTCRTPTransceiver) transceiver = NULL;
  GstPad *sink = gst_element_request_pad (self->webrtc, template, NULL, caps);

  if (sink == NULL)
    return NULL;

  /* complete preferences must be there before an offer is made: without them
   * webrtcbin asks the payloader, which has no fixed format yet, for ever */
  g_object_get (sink, "transceiver", &transceiver, NULL);
  g_object_set (transceiver, "codec-preferences", caps, "do-nack", is_video, NULL);
  return sink;
}

/* Takes over @payloader. */
static GstAppSrc *
add_source (AlcoveMediaLink *self,
            GstElement *payloader,
            GstCaps *source_caps,
            int payload,
            guint32 ssrc,
            GstPad *sink)
{
  GstElement *source = gst_element_factory_make ("appsrc", NULL);
  GstElement *own = gst_element_factory_make ("capsfilter", NULL);
  g_autoptr (GstCaps) own_caps
      = gst_caps_new_simple ("application/x-rtp", "ssrc", G_TYPE_UINT, ssrc, NULL);
  g_autoptr (GstPad) own_src = NULL;
  g_autoptr (GstPad) src = NULL;

  g_object_set (source, "caps", source_caps, "format", GST_FORMAT_TIME, "is-live", TRUE,
                "do-timestamp", FALSE, "max-buffers", (guint64) MAX_BUFFERS, "max-bytes",
                (guint64) 0, "leaky-type", GST_APP_LEAKY_TYPE_DOWNSTREAM, NULL);
  g_object_set (payloader, "pt", (guint) payload, "ssrc", ssrc, "mtu", (guint) MTU, NULL);

  /* without a bundle, a session that reports before we send chose a number itself, and bids
   * the payloader take that one, which nobody was told of */
  g_object_set (own, "caps", own_caps, NULL);

  gst_bin_add_many (GST_BIN (self->pipeline), source, payloader, own, NULL);
  gst_element_link_many (source, payloader, own, NULL);

  src = gst_element_get_static_pad (source, "src");
  if (sink == self->video_sink)
    gst_pad_add_probe (src, GST_PAD_PROBE_TYPE_EVENT_UPSTREAM, on_source_event,
                       alcove_link_core_ref (self->core),
                       (GDestroyNotify) alcove_link_core_unref);
  gst_pad_add_probe (src, GST_PAD_PROBE_TYPE_BUFFER, on_source_buffer,
                     alcove_link_core_ref (self->core), (GDestroyNotify) alcove_link_core_unref);

  own_src = gst_element_get_static_pad (own, "src");
  gst_pad_add_probe (own_src, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_packet_caps, NULL, NULL);
  /* a capsfilter knows no lists: packets of one picture leave it one by one */
  if (sink == self->video_sink)
    alcove_packet_pace_attach (own_src, GST_APP_SRC (source), self->core);
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
add_audio (AlcoveMediaLink *self,
           const AlcoveOffered *offered)
{
  const AlcoveOfferedLine *line = offered != NULL ? &offered->audio : NULL;
  /* all streams of a bundle count their packets together, with one number for the extension */
  int twcc = offered == NULL ? TWCC_ID
             : offered->audio.twcc == offered->video.twcc ? offered->audio.twcc
                                                          : 0;
  int payload = line != NULL ? line->payload : PAYLOAD_OPUS;
  guint32 ssrc = g_random_int () | 1;
  g_autoptr (GstCaps) caps = make_caps ("OPUS", FALSE, payload, twcc, line != NULL ? 0 : ssrc);
  g_autoptr (GstPad) sink = NULL;
  GstElement *payloader;

  if (line != NULL && line->index == -1)
    return TRUE;
  if (self->audio == NULL)
    {
      add_receiver (self, FALSE, caps);
      return TRUE;
    }

  g_mutex_lock (&self->core->lock);
  self->core->audio_ssrc = ssrc;
  g_mutex_unlock (&self->core->lock);
  sink = request_sink (self, FALSE, caps);
  if (sink == NULL)
    return FALSE;

  /* The far side may count its sound: a browser takes what its sound needs from what it takes the
   * network to bear, and never comes up again if only the rest is told of. Ours is not counted,
   * so that our estimate is of pictures alone. */
  payloader = gst_element_factory_make ("rtpopuspay", NULL);
  g_object_set (payloader, "auto-header-extension", FALSE, NULL);
  self->audio_source = add_source (self, payloader, alcove_fan_out_get_caps (self->audio), payload,
                                   ssrc, sink);
  return self->audio_source != NULL;
}

static gboolean
add_video (AlcoveMediaLink *self,
           const AlcoveOfferedLine *line)
{
  AlcoveOfferedLine first = {
    .payload = alcove_video_codec_get_payload (self->codecs.order[0]),
    .twcc = TWCC_ID,
    .codec = self->codecs.order[0],
  };
  g_autoptr (GstCaps) caps = NULL;

  if (line != NULL && line->index == -1)
    return TRUE;

  if (line != NULL)
    self->video_line = *line;
  self->video_ssrc = g_random_int () | 1;
  caps = line != NULL ? make_video_caps (line, 0) : make_video_caps (&first, self->video_ssrc);
  if (self->video == NULL
      || (line != NULL && !alcove_video_codecs_send (&self->codecs, line->codec)))
    {
      add_receiver (self, TRUE, caps);
      return TRUE;
    }

  self->video_sink = request_sink (self, TRUE, caps);
  if (self->video_sink == NULL)
    return FALSE;

  /* which codec our pictures are to have is known only when the offer is answered */
  return line == NULL || alcove_media_link_settle_video (self, line);
}

/* The caps of a source come from its own thread, and may come too late for the answer. */
static void
announce (GstAppSrc *source,
          GstPad *sink,
          GstCaps *caps)
{
  g_autoptr (GstPad) src = gst_element_get_static_pad (GST_ELEMENT (source), "src");
  g_autoptr (GstCaps) known = gst_pad_get_current_caps (sink);
  g_autofree char *id = NULL;

  if (known != NULL)
    return;

  id = gst_pad_create_stream_id (src, GST_ELEMENT (source), NULL);
  gst_pad_send_event (sink, gst_event_new_stream_start (id));
  gst_pad_send_event (sink, gst_event_new_caps (caps));
}

static void
announce_source (GstAppSrc *source)
{
  g_autoptr (GstPad) src = gst_element_get_static_pad (GST_ELEMENT (source), "src");
  g_autoptr (GstPad) sink = gst_pad_get_peer (src);
  g_autoptr (GstCaps) caps = gst_app_src_get_caps (source);

  announce (source, sink, caps);
}

/* A payloader of H.264 says nothing before the first picture has told its parameters. */
static void
announce_video (AlcoveMediaLink *self)
{
  g_autoptr (GstCaps) caps = NULL;

  if (self->video_line.codec == ALCOVE_VIDEO_CODEC_VP8)
    {
      announce_source (self->video_source);
      return;
    }
  caps = make_video_caps (&self->video_line, self->video_ssrc);
  announce (self->video_source, self->video_sink, caps);
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
  self->view = alcove_ladder_watch (self->video, self->video_line.codec, self->video_source,
                                    self->estimate, self->view_width, self->view_height);
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
    announce_video (self);
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
  return add_audio (self, offered)
         && add_video (self, offered != NULL ? &offered->video : NULL);
}

/**
 * alcove_media_link_settle_video:
 * @self: a link
 * @line: what was agreed on for our picture; an index of -1 if nothing was
 *
 * Now that the codec is known, what sends our picture can be put together. It stays as it is: where
 * a later answer refuses pictures, or names another codec, what was agreed on first is kept.
 *
 * Returns: whether it worked
 */
gboolean
alcove_media_link_settle_video (AlcoveMediaLink *self,
                                const AlcoveOfferedLine *line)
{
  g_autoptr (GstWebRTCRTPTransceiver) transceiver = NULL;
  g_autoptr (GstCaps) caps = NULL;
  g_autoptr (GstCaps) encoded = NULL;
  GstElement *payloader;

  if (self->video_source != NULL)
    return TRUE;

  self->video_line = *line;
  if (line->index == -1 || self->video_sink == NULL
      || !alcove_video_codecs_send (&self->codecs, line->codec))
    return TRUE;

  payloader = alcove_video_codec_make_payloader (line->codec);
  if (payloader == NULL)
    return FALSE;

  /* what is offered or answered on this connection from now on is the same */
  caps = make_video_caps (line, self->local_type == ALCOVE_DESCRIPTION_OFFER ? self->video_ssrc : 0);
  g_object_get (self->video_sink, "transceiver", &transceiver, NULL);
  g_object_set (transceiver, "codec-preferences", caps, NULL);
  encoded = alcove_video_codec_make_caps (line->codec);
  self->video_source = add_source (self, payloader, encoded, line->payload, self->video_ssrc,
                                   self->video_sink);
  return gst_bin_sync_children_states (GST_BIN (self->pipeline));
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

/**
 * alcove_media_link_do_set_view_size:
 * @link: a link
 * @width: of our picture over there
 * @height: likewise
 *
 * See alcove_peer_link_set_view_size().
 */
void
alcove_media_link_do_set_view_size (AlcovePeerLink *link,
                                    int width,
                                    int height)
{
  AlcoveMediaLink *self = ALCOVE_MEDIA_LINK (link);

  self->view_width = MAX (width, 0);
  self->view_height = MAX (height, 0);
  if (self->view != NULL)
    alcove_ladder_view_set_size (self->view, self->view_width, self->view_height);
}
