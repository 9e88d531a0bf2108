/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-media-link"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "alcove-debug.h"
#include "alcove-error.h"
#include "alcove-fingerprint.h"
#include "alcove-media-link-parts.h"
#include "alcove-sdp.h"

#define GATHERING_TIMEOUT_MS 2000
#define CONNECT_TIMEOUT_S 20

/* What a promise of webrtcbin carries to its thread. */
typedef struct {
  AlcoveLinkCore *core;
  GstElement *webrtc;
  /* of an offer: codecs of our picture; none leaves it as it is */
  AlcoveOfferedLine lines[ALCOVE_N_VIDEO_CODECS];
  guint n_lines;
} Step;

static GstPromise *step_promise_new (AlcoveLinkCore       *core,
                                     GstElement           *webrtc,
                                     GstPromiseChangeFunc  func);

static void
step_free (gpointer data)
{
  Step *step = data;

  alcove_link_core_unref (step->core);
  gst_object_unref (step->webrtc);
  g_free (step);
}

static GstPromise *
step_promise_new (AlcoveLinkCore *core,
                  GstElement *webrtc,
                  GstPromiseChangeFunc func)
{
  Step *step = g_new0 (Step, 1);

  step->core = alcove_link_core_ref (core);
  step->webrtc = gst_object_ref (webrtc);
  return alcove_link_core_new_promise (core, func, step, step_free);
}

static void
on_step_failed (gpointer object,
                gpointer data)
{
  AlcoveMediaLink *self = ALCOVE_MEDIA_LINK (object);

  alcove_debug_print (ALCOVE_DEBUG_SDP, "%s: %s", self->peer, (const char *) data);
  alcove_media_link_fail (self, ALCOVE_ERROR_SDP_INVALID,
                          _ ("No connection could be agreed on with this participant."));
}

/* Waits for what webrtcbin answers. A refusal is reported to the link, and FALSE returned. Some
 * answers are empty: then @reply is NULL. */
static gboolean
get_reply (AlcoveLinkCore *core,
           GstPromise *promise,
           const GstStructure **reply)
{
  g_autoptr (GError) error = NULL;

  *reply = NULL;
  if (gst_promise_wait (promise) != GST_PROMISE_RESULT_REPLIED)
    {
      alcove_media_hop (core->handle, on_step_failed, g_strdup ("interrupted"), g_free);
      return FALSE;
    }

  *reply = gst_promise_get_reply (promise);
  if (*reply != NULL && gst_structure_has_field (*reply, "error"))
    {
      gst_structure_get (*reply, "error", G_TYPE_ERROR, &error, NULL);
      alcove_media_hop (core->handle, on_step_failed,
                        g_strdup (error != NULL ? error->message : "refused"), g_free);
      return FALSE;
    }

  return TRUE;
}

static char *
describe (AlcoveMediaLink *self)
{
  GstSDPMessage *unnamed = NULL;
  char *text;

  if (!self->unnamed || self->local_type != ALCOVE_DESCRIPTION_OFFER)
    return gst_sdp_message_as_text (self->sent);

  gst_sdp_message_copy (self->sent, &unnamed);
  alcove_description_unname_streams (unnamed);
  text = gst_sdp_message_as_text (unnamed);
  gst_sdp_message_free (unnamed);
  return text;
}

/* A page may put a repair into the connection that it has. Browsers begin DTLS anew there
 * only if the fingerprint is another one, and all our links share their certificate. So every
 * other link to a peer names it by another hash. */
static void
vary_fingerprint (AlcoveMediaLink *self,
                  GstSDPMessage *message)
{
  g_autofree char *pem = self->serial % 2 == 1 ? alcove_media_link_get_certificate (self) : NULL;
  g_autofree char *digest
      = pem != NULL ? alcove_fingerprint_from_pem (pem, G_CHECKSUM_SHA512) : NULL;
  g_autofree char *fingerprint = digest != NULL ? g_strconcat ("sha-512 ", digest, NULL) : NULL;

  if (fingerprint != NULL)
    alcove_description_set_fingerprint (message, fingerprint);
}

/* Sends our description as webrtcbin has it now, and what was held back for it. */
static void
emit_description (AlcoveMediaLink *self)
{
  GstWebRTCSessionDescription *description = NULL;
  GstSDPMessage *message;
  g_autofree char *text = NULL;

  if (self->described || !alcove_media_link_is_alive (self))
    return;

  g_object_get (self->webrtc, "local-description", &description, NULL);
  if (description == NULL)
    return;
  message = alcove_description_complete (
      description->sdp, self->session, self->n_descriptions++, self->sent,
      (const char *const *) self->section_names,
      self->local_type == ALCOVE_DESCRIPTION_ANSWER
          ? (const char *const *) self->offered_directions
          : NULL);
  gst_webrtc_session_description_free (description);
  vary_fingerprint (self, message);
  g_clear_pointer (&self->sent, gst_sdp_message_free);
  self->sent = message;
  text = describe (self);

  self->described = TRUE;
  g_clear_handle_id (&self->gathering_timeout, g_source_remove);
  alcove_debug_print (ALCOVE_DEBUG_SDP, "%s: our description after %" G_GINT64_FORMAT " ms:\n%s",
                      self->peer, (g_get_monotonic_time () - self->created) / 1000, text);

  g_object_ref (self);
  alcove_media_link_release_candidates (self, text);
  g_object_unref (self);
}

static gboolean
on_gathering_timeout (gpointer data)
{
  AlcoveMediaLink *self = data;

  self->gathering_timeout = 0;
  emit_description (self);
  return G_SOURCE_REMOVE;
}

static gboolean
on_connect_timeout (gpointer data)
{
  AlcoveMediaLink *self = data;

  self->connect_timeout = 0;
  alcove_media_link_fail (self, ALCOVE_ERROR_CONNECT_FAILED,
                          _ ("No network path to this participant was found."));
  return G_SOURCE_REMOVE;
}

static void
start_connect_timeout (AlcoveMediaLink *self)
{
  if (self->connect_timeout == 0 && !self->connected)
    self->connect_timeout = g_timeout_add_seconds (CONNECT_TIMEOUT_S, on_connect_timeout, self);
}

static gboolean
is_gathered (AlcoveMediaLink *self)
{
  GstWebRTCICEGatheringState state;

  g_object_get (self->webrtc, "ice-gathering-state", &state, NULL);
  return state == GST_WEBRTC_ICE_GATHERING_STATE_COMPLETE;
}

/* "0", "1", "2", as browsers do. One that offered at the same time takes its own offer back when
 * it gets ours, but Chromium then still looks for the data channel's section by the name that
 * this had in its own offer, and fails for good if it is not there. */
static GStrv
number_sections (guint n_sections)
{
  GStrv names = g_new0 (char *, n_sections + 1);

  for (guint i = 0; i < n_sections; i++)
    names[i] = g_strdup_printf ("%u", i);
  return names;
}

/* Replaces webrtcbin's names. */
static void
use_section_names (AlcoveMediaLink *self,
                   GStrv mids)
{
  for (guint i = 0; self->section_names != NULL && self->section_names[i] != NULL; i++)
    {
      if (mids[i] == NULL)
        return;
      g_free (mids[i]);
      mids[i] = g_strdup (self->section_names[i]);
    }
}

static void
on_local_set (gpointer object,
              gpointer data)
{
  AlcoveMediaLink *self = ALCOVE_MEDIA_LINK (object);
  GstWebRTCSessionDescription *description = NULL;

  if (!alcove_media_link_is_alive (self))
    return;

  g_object_get (self->webrtc, "local-description", &description, NULL);
  if (description != NULL)
    {
      if (self->local_type == ALCOVE_DESCRIPTION_OFFER && self->n_descriptions == 0)
        self->section_names
            = number_sections (gst_sdp_message_medias_len (description->sdp));
      g_clear_pointer (&self->local_mids, g_strfreev);
      self->local_mids = alcove_description_list_names (description->sdp);
      use_section_names (self, self->local_mids);
      gst_webrtc_session_description_free (description);
    }

  if (self->state == ALCOVE_LINK_ANSWERING)
    {
      self->state = ALCOVE_LINK_NEGOTIATED;
      start_connect_timeout (self);
    }

  if (!self->full_descriptions || is_gathered (self))
    emit_description (self);
  else
    self->gathering_timeout = g_timeout_add (GATHERING_TIMEOUT_MS, on_gathering_timeout, self);
}

static void
on_gathering_changed (gpointer object,
                      gpointer data)
{
  AlcoveMediaLink *self = ALCOVE_MEDIA_LINK (object);

  if (alcove_media_link_is_alive (self) && self->gathering_timeout != 0 && is_gathered (self))
    emit_description (self);
}

static void
on_notify_gathering (GstElement *webrtc,
                     GParamSpec *pspec,
                     gpointer data)
{
  AlcoveLinkCore *core = data;

  alcove_media_hop (core->handle, on_gathering_changed, NULL, NULL);
}

/* webrtcbin's thread */
static void
on_local_done (GstPromise *promise,
               gpointer data)
{
  Step *step = data;
  const GstStructure *reply;

  if (get_reply (step->core, promise, &reply))
    alcove_media_hop (step->core->handle, on_local_set, NULL, NULL);
}

static void
take_created (Step *step,
              GstPromise *promise,
              const char *field)
{
  const GstStructure *reply;
  GstWebRTCSessionDescription *description = NULL;

  if (!get_reply (step->core, promise, &reply))
    return;
  if (reply != NULL)
    gst_structure_get (reply, field, GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &description, NULL);

  if (description != NULL)
    {
      if (step->n_lines > 0)
        alcove_description_offer_codecs (description->sdp, step->lines, step->n_lines);
      g_signal_emit_by_name (step->webrtc, "set-local-description", description,
                             step_promise_new (step->core, step->webrtc, on_local_done));
      gst_webrtc_session_description_free (description);
    }
  else
    alcove_media_hop (step->core->handle, on_step_failed, g_strdup ("no description"), g_free);
}

/* A connection that runs goes on with what was agreed on. */
static void
list_lines (AlcoveMediaLink *self,
            Step *step)
{
  /* who only receives may receive what can't be sent */
  guint n = self->video != NULL ? self->codecs.n_sent : self->codecs.n;

  if (self->remote_set)
    {
      step->lines[0] = self->video_line;
      step->n_lines = self->video_line.index != -1 ? 1 : 0;
      return;
    }

  for (guint i = 0; i < n; i++)
    {
      AlcoveVideoCodec codec = self->codecs.order[i];

      step->lines[step->n_lines++] = (AlcoveOfferedLine){
        .payload = alcove_video_codec_get_payload (codec),
        .retransmission = alcove_video_codec_get_retransmission (codec),
        .codec = codec,
      };
    }
}

/* webrtcbin's thread */
static void
on_offer_created (GstPromise *promise,
                  gpointer data)
{
  take_created (data, promise, "offer");
}

/* webrtcbin's thread */
static void
on_answer_created (GstPromise *promise,
                   gpointer data)
{
  take_created (data, promise, "answer");
}

static void
create_offer (AlcoveMediaLink *self)
{
  Step *step = g_new0 (Step, 1);

  step->core = alcove_link_core_ref (self->core);
  step->webrtc = gst_object_ref (self->webrtc);
  list_lines (self, step);
  g_signal_emit_by_name (
      self->webrtc, "create-offer", NULL,
      alcove_link_core_new_promise (self->core, on_offer_created, step, step_free));
}

static void
remote_is_set (AlcoveMediaLink *self,
               GstWebRTCSDPType type)
{
  if (!alcove_media_link_is_alive (self))
    return;

  self->remote_set = TRUE;
  if (type == GST_WEBRTC_SDP_TYPE_OFFER)
    {
      GstPromise *promise = step_promise_new (self->core, self->webrtc, on_answer_created);

      g_signal_emit_by_name (self->webrtc, "create-answer", NULL, promise);
    }
  else
    start_connect_timeout (self);

  alcove_media_link_apply_candidates (self);
}

static void
on_remote_offer_set (gpointer object,
                     gpointer data)
{
  remote_is_set (ALCOVE_MEDIA_LINK (object), GST_WEBRTC_SDP_TYPE_OFFER);
}

static void
on_remote_answer_set (gpointer object,
                      gpointer data)
{
  remote_is_set (ALCOVE_MEDIA_LINK (object), GST_WEBRTC_SDP_TYPE_ANSWER);
}

/* webrtcbin's thread */
static void
on_remote_offer_done (GstPromise *promise,
                      gpointer data)
{
  Step *step = data;
  const GstStructure *reply;

  if (get_reply (step->core, promise, &reply))
    alcove_media_hop (step->core->handle, on_remote_offer_set, NULL, NULL);
}

/* webrtcbin's thread. By the time this is heard of, their next offer may have come. */
static void
on_remote_answer_done (GstPromise *promise,
                       gpointer data)
{
  Step *step = data;
  const GstStructure *reply;

  if (get_reply (step->core, promise, &reply))
    alcove_media_hop (step->core->handle, on_remote_answer_set, NULL, NULL);
}

static void
fail_with (AlcoveMediaLink *self,
           const GError *error)
{
  alcove_media_link_fail (self,
                          error->domain == ALCOVE_ERROR ? error->code : ALCOVE_ERROR_SDP_INVALID,
                          error->message);
}

/* Takes over @message. */
static void
set_remote_description (AlcoveMediaLink *self,
                        GstWebRTCSDPType type,
                        GstSDPMessage *message)
{
  GstWebRTCSessionDescription *description;

  g_clear_pointer (&self->remote_mids, g_strfreev);
  self->remote_mids = alcove_description_list_names (message);
  use_section_names (self, self->remote_mids);
  description = gst_webrtc_session_description_new (type, message);
  g_signal_emit_by_name (self->webrtc, "set-remote-description", description,
                         step_promise_new (self->core, self->webrtc,
                                           type == GST_WEBRTC_SDP_TYPE_OFFER
                                               ? on_remote_offer_done
                                               : on_remote_answer_done));
  gst_webrtc_session_description_free (description);
}

/* Whether the far side is the DTLS client: an answer says so, and to an offer our own did. */
static gboolean
is_remote_active (const GstWebRTCSessionDescription *local,
                  const GstWebRTCSessionDescription *remote)
{
  gboolean answered = remote->type == GST_WEBRTC_SDP_TYPE_ANSWER;
  const GstSDPMessage *answer = answered ? remote->sdp : local->sdp;
  const char *setup = NULL;

  for (guint i = 0; setup == NULL && i < gst_sdp_message_medias_len (answer); i++)
    setup = gst_sdp_media_get_attribute_val (gst_sdp_message_get_media (answer, i), "setup");
  return (g_strcmp0 (setup, "active") == 0) == answered;
}

/* An offer on the connection that runs: nothing of what it has may change for webrtcbin. */
static void
go_on (AlcoveMediaLink *self,
       GstSDPMessage *offer,
       AlcoveOffered *offered)
{
  GstWebRTCSessionDescription *local = NULL;
  GstWebRTCSessionDescription *remote = NULL;

  self->described = FALSE;
  g_clear_pointer (&self->offered_directions, g_strfreev);
  g_object_get (self->webrtc, "local-description", &local, "remote-description", &remote, NULL);
  if (local != NULL && remote != NULL)
    {
      int n_known = (int) gst_sdp_message_medias_len (remote->sdp);
      g_auto (GStrv) names = alcove_description_list_names (remote->sdp);

      if (self->section_names != NULL)
        alcove_description_name_sections (offer, (const char *const *) names);
      alcove_description_continue (offer, remote->sdp, is_remote_active (local, remote),
                                   &self->offered_directions);
      /* what is there already has its sender */
      if (offered->audio.index < n_known)
        offered->audio.index = -1;
      if (offered->video.index < n_known)
        offered->video.index = -1;
    }
  g_clear_pointer (&local, gst_webrtc_session_description_free);
  g_clear_pointer (&remote, gst_webrtc_session_description_free);
}

static void
take_offer (AlcoveMediaLink *self,
            const char *sdp)
{
  g_autoptr (GError) error = NULL;
  AlcoveOffered offered;
  AlcoveVideoCodecs codecs = self->video_line.index == -1
                                 ? self->codecs
                                 : (AlcoveVideoCodecs){ { self->video_line.codec }, 1, 1 };
  GstSDPMessage *message = alcove_description_prepare_offer (sdp, &codecs, &offered, &error);
  gboolean added;

  if (message == NULL)
    {
      fail_with (self, error);
      return;
    }

  if (self->state == ALCOVE_LINK_NEGOTIATED)
    go_on (self, message, &offered);
  self->state = ALCOVE_LINK_ANSWERING;
  self->local_type = ALCOVE_DESCRIPTION_ANSWER;
  added = self->remote_set ? alcove_media_link_add_more_senders (self, &offered)
                           : alcove_media_link_add_senders (self, &offered);
  if (!added)
    {
      gst_sdp_message_free (message);
      alcove_media_link_fail (self, ALCOVE_ERROR_FAILED,
                              _ ("The media connection to this participant broke."));
      return;
    }

  if (!self->remote_set)
    {
      gst_element_set_state (self->pipeline, GST_STATE_READY);
      if (offered.data)
        alcove_media_link_add_channels (self, FALSE);
      gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
      alcove_media_link_announce_senders (self);
    }
  set_remote_description (self, GST_WEBRTC_SDP_TYPE_OFFER, message);
}

static void
take_answer (AlcoveMediaLink *self,
             const char *sdp)
{
  g_autoptr (GError) error = NULL;
  GstWebRTCSessionDescription *local = NULL;
  GstSDPMessage *message = NULL;
  AlcoveOfferedLine video;

  g_object_get (self->webrtc, "local-description", &local, NULL);
  if (local == NULL)
    return;

  message = alcove_description_prepare_answer (sdp, local->sdp, &video, &error);
  if (message != NULL && video.index != -1)
    alcove_description_accept_offered (message, local->sdp, (guint) video.index);
  gst_webrtc_session_description_free (local);
  if (message == NULL)
    {
      fail_with (self, error);
      return;
    }

  if (!alcove_media_link_settle_video (self, &video))
    {
      gst_sdp_message_free (message);
      alcove_media_link_fail (self, ALCOVE_ERROR_FAILED,
                              _ ("The media connection to this participant broke."));
      return;
    }

  self->state = ALCOVE_LINK_NEGOTIATED;
  set_remote_description (self, GST_WEBRTC_SDP_TYPE_ANSWER, message);
}

/**
 * alcove_media_link_negotiation_init:
 * @self: a link
 */
void
alcove_media_link_negotiation_init (AlcoveMediaLink *self)
{
  /* 62 bits, as browsers have it */
  self->session = g_strdup_printf ("%" G_GUINT64_FORMAT,
                                   ((guint64) g_random_int () << 30) ^ g_random_int ());

  g_signal_connect_data (self->webrtc, "notify::ice-gathering-state",
                         G_CALLBACK (on_notify_gathering), alcove_link_core_ref (self->core),
                         (GClosureNotify) (void (*) (void)) alcove_link_core_unref, 0);
}

/**
 * alcove_media_link_do_start_offer:
 * @self: a link
 *
 * See alcove_peer_link_start_offer(). A link that is negotiated already offers once more on
 * the same connection.
 */
void
alcove_media_link_do_start_offer (AlcoveMediaLink *self)
{
  if (self->state == ALCOVE_LINK_NEGOTIATED)
    {
      self->state = ALCOVE_LINK_OFFERING;
      self->local_type = ALCOVE_DESCRIPTION_OFFER;
      self->described = FALSE;
      /* A Chromium that takes its own offer back for ours makes what receives our pictures anew,
       * but shows them only if their stream is another than it was last told, or none. */
      self->unnamed = !self->unnamed;
      create_offer (self);
      return;
    }
  if (self->state != ALCOVE_LINK_NEW)
    return;

  self->state = ALCOVE_LINK_OFFERING;
  self->local_type = ALCOVE_DESCRIPTION_OFFER;
  self->created = g_get_monotonic_time ();
  if (!alcove_media_link_add_senders (self, NULL))
    {
      alcove_media_link_fail (self, ALCOVE_ERROR_FAILED,
                              _ ("The media connection to this participant broke."));
      return;
    }

  /* channels can be made from READY on, and must be there before the offer */
  gst_element_set_state (self->pipeline, GST_STATE_READY);
  alcove_media_link_add_channels (self, TRUE);
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);

  create_offer (self);
}

/**
 * alcove_media_link_do_set_remote:
 * @self: a link
 * @type: an offer for a new link or on one that runs, or the answer to ours
 * @sdp: text from a stranger
 *
 * See alcove_peer_link_set_remote().
 */
void
alcove_media_link_do_set_remote (AlcoveMediaLink *self,
                                 AlcoveDescriptionType type,
                                 const char *sdp)
{
  g_autoptr (AlcoveSdpInfo) info = NULL;
  g_autoptr (GError) error = NULL;
  gboolean is_offer = type == ALCOVE_DESCRIPTION_OFFER;

  if (!alcove_media_link_is_alive (self))
    return;

  alcove_debug_print (ALCOVE_DEBUG_SDP, "%s: their description:\n%s", self->peer, sdp);
  if (is_offer ? self->state != ALCOVE_LINK_NEW && self->state != ALCOVE_LINK_NEGOTIATED
               : self->state != ALCOVE_LINK_OFFERING || !self->described)
    {
      g_message ("A description from %s came at a moment when it makes no sense", self->peer);
      return;
    }

  info = alcove_sdp_inspect (sdp, &error);
  if (info != NULL
      && !alcove_fingerprint_is_any_usable ((const char *const *) info->fingerprints))
    error = g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_SDP_NO_FINGERPRINT,
                                 _ ("The other side sent a description without a usable "
                                    "fingerprint."));
  if (error != NULL)
    {
      fail_with (self, error);
      return;
    }

  alcove_link_core_set_promised (self->core, (const char *const *) info->fingerprints);
  if (is_offer)
    take_offer (self, sdp);
  else
    take_answer (self, sdp);
}

/**
 * alcove_media_link_negotiation_stop:
 * @self: a link
 */
void
alcove_media_link_negotiation_stop (AlcoveMediaLink *self)
{
  g_clear_handle_id (&self->gathering_timeout, g_source_remove);
  g_clear_handle_id (&self->connect_timeout, g_source_remove);
}
