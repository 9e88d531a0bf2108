/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-rtcsignal-signaller-incoming"

#include "config.h"

#include "alcove-rtcsignal-signaller-private.h"

#include <string.h>

#include <glib/gi18n.h>

#include "alcove-rtcsignal-early.h"

/* What the server passes on, our own messages among it. A handler of ours may leave at any
 * moment, and have the peer forgotten that it was called for. */

static void
announce (AlcoveRtcsignalSignaller *self,
          AlcoveRtcsignalPeer *peer,
          gboolean we_offer)
{
  g_autofree char *room_id = g_strdup (peer->room_id);

  peer->announced = TRUE;
  alcove_signaller_emit_peer_joined (ALCOVE_SIGNALLER (self), room_id, NULL, we_offer);
}

static void
release_early (AlcoveRtcsignalSignaller *self,
               const char *id,
               const char *room_id)
{
  AlcoveRtcsignalMessage *candidate;

  while ((candidate = alcove_rtcsignal_early_take (&self->early, id)) != NULL)
    {
      if (alcove_server_signaller_is_joined (ALCOVE_SERVER_SIGNALLER (self)))
        alcove_signaller_emit_candidate (ALCOVE_SIGNALLER (self), room_id, candidate->mid,
                                         candidate->label, candidate->candidate);
      alcove_rtcsignal_message_free (candidate);
    }
}

static void
handle_own_join (AlcoveRtcsignalSignaller *self)
{
  AlcoveServerSignaller *base = ALCOVE_SERVER_SIGNALLER (self);

  /* that of a twin, or of a join that was repeated on the way */
  if (alcove_server_signaller_is_joined (base))
    return;

  self->entered = TRUE;
  if (!alcove_server_signaller_entered (base, self->user))
    return;

  alcove_rtcsignal_signaller_send_presence (self, NULL);
  alcove_server_signaller_announced (base);
}

static void
handle_joined (AlcoveRtcsignalSignaller *self,
               const char *id)
{
  AlcoveRtcsignalPeer *peer;

  if (g_strcmp0 (id, self->user) == 0)
    {
      handle_own_join (self);
      return;
    }

  /* Who comes while our own join is on its way hears of that, and offers. */
  if (*id == '\0' || !alcove_server_signaller_is_joined (ALCOVE_SERVER_SIGNALLER (self)))
    return;

  peer = alcove_rtcsignal_signaller_meet_peer (self, id);
  if (peer == NULL)
    return;

  /* Whatever was under way, the other side may have forgotten it. */
  peer->offered_at = 0;
  alcove_rtcsignal_signaller_send_presence (self, id);
  announce (self, peer, TRUE);
}

static void
handle_left (AlcoveRtcsignalSignaller *self,
             const char *id)
{
  if (g_strcmp0 (id, self->user) != 0)
    alcove_rtcsignal_signaller_forget_peer (self, id);
}

static void
handle_presence (AlcoveRtcsignalSignaller *self,
                 const AlcoveRtcsignalMessage *message)
{
  AlcoveRtcsignalPeer *peer = alcove_rtcsignal_signaller_meet_peer (self, message->user);

  if (peer == NULL)
    return;

  peer->alcove = TRUE;
  if (!peer->announced)
    announce (self, peer, FALSE);

  if (message->former != NULL && strcmp (message->former, message->user) != 0
      && alcove_server_signaller_is_joined (ALCOVE_SERVER_SIGNALLER (self)))
    alcove_rtcsignal_signaller_forget_peer (self, message->former);
}

static gboolean
is_in_flight (AlcoveRtcsignalSignaller *self,
              const AlcoveRtcsignalPeer *peer)
{
  return peer->offered_at > 0
         && g_get_monotonic_time () - peer->offered_at
                < (gint64) self->flight_ms * G_TIME_SPAN_MILLISECOND;
}

static void
handle_offer (AlcoveRtcsignalSignaller *self,
              const AlcoveRtcsignalMessage *message)
{
  AlcoveServerSignaller *base = ALCOVE_SERVER_SIGNALLER (self);
  AlcoveRtcsignalPeer *peer = alcove_rtcsignal_signaller_find_peer (self, message->user);
  g_autofree char *room_id = NULL;

  /* Two called everybody at the same moment: the page takes its own offer back and takes ours. */
  if (peer == NULL && message->target == NULL && self->anybody != NULL)
    {
      alcove_server_signaller_report (base, ALCOVE_ERROR_UNEXPECTED,
                                      _ ("Two offers crossed each other; ours was kept."));
      return;
    }

  peer = alcove_rtcsignal_signaller_meet_peer (self, message->user);
  if (peer == NULL)
    return;

  if (is_in_flight (self, peer))
    {
      /* A page takes its own offer back when ours arrives, whatever the ids. */
      if (!peer->alcove || strcmp (self->user, peer->id) < 0)
        {
          alcove_server_signaller_report (base, ALCOVE_ERROR_UNEXPECTED,
                                          _ ("Two offers crossed each other; ours was kept."));
          return;
        }
      announce (self, peer, FALSE);
    }
  else if (!peer->announced)
    announce (self, peer, FALSE);

  peer = alcove_rtcsignal_signaller_find_peer (self, message->user);
  if (peer == NULL || !alcove_server_signaller_is_joined (base))
    return;

  peer->offered_at = 0;
  room_id = g_strdup (peer->room_id);
  alcove_signaller_emit_description (ALCOVE_SIGNALLER (self), room_id, ALCOVE_DESCRIPTION_OFFER,
                                     message->sdp);
  release_early (self, message->user, room_id);
}

/* Without a target it may be for anybody: the page for two does not name one. */
static void
report_stray (AlcoveRtcsignalSignaller *self,
              const AlcoveRtcsignalMessage *message,
              AlcoveError code,
              const char *sentence)
{
  if (message->target != NULL)
    alcove_server_signaller_report (ALCOVE_SERVER_SIGNALLER (self), code, sentence);
}

static void
handle_answer (AlcoveRtcsignalSignaller *self,
               const AlcoveRtcsignalMessage *message,
               AlcoveRtcsignalPeer *peer)
{
  g_autofree char *room_id = g_strdup (peer->room_id);

  if (peer->offered_at == 0)
    {
      report_stray (self, message, ALCOVE_ERROR_UNEXPECTED,
                    _ ("An answer came to an offer that was never made."));
      return;
    }

  peer->offered_at = 0;
  peer->announced = TRUE;
  peer->met = TRUE;
  alcove_signaller_emit_description (ALCOVE_SIGNALLER (self), room_id, ALCOVE_DESCRIPTION_ANSWER,
                                     message->sdp);
  release_early (self, message->user, room_id);
}

static void
handle_known (AlcoveRtcsignalSignaller *self,
              const AlcoveRtcsignalMessage *message)
{
  AlcoveRtcsignalPeer *peer = alcove_rtcsignal_signaller_find_peer (self, message->user);
  g_autofree char *room_id = NULL;

  if (peer == NULL && message->kind == ALCOVE_RTCSIGNAL_CANDIDATE
      && (message->target != NULL || self->anybody != NULL)
      && alcove_rtcsignal_early_hold (&self->early, message))
    return;

  /* with more than one answer, the first is kept */
  if (peer == NULL && message->kind == ALCOVE_RTCSIGNAL_ANSWER)
    peer = alcove_rtcsignal_signaller_meet_anybody (self, message->user);

  if (peer == NULL)
    {
      report_stray (self, message, ALCOVE_ERROR_UNKNOWN_PEER,
                    _ ("A message came from somebody who is not in the room."));
      return;
    }

  room_id = g_strdup (peer->room_id);
  switch (message->kind)
    {
    case ALCOVE_RTCSIGNAL_ANSWER:
      handle_answer (self, message, peer);
      break;
    case ALCOVE_RTCSIGNAL_CANDIDATE:
      /* the end of candidates, which this protocol does not send */
      if (*message->candidate != '\0')
        alcove_signaller_emit_candidate (ALCOVE_SIGNALLER (self), room_id, message->mid,
                                         message->label, message->candidate);
      break;
    case ALCOVE_RTCSIGNAL_HANG_UP:
    default:
      peer->offered_at = 0;
      peer->met = FALSE;
      alcove_signaller_emit_hung_up (ALCOVE_SIGNALLER (self), room_id);
      break;
    }
}

static void
handle_broadcast (AlcoveRtcsignalSignaller *self,
                  const AlcoveRtcsignalMessage *message)
{
  AlcoveServerSignaller *base = ALCOVE_SERVER_SIGNALLER (self);

  if (g_strcmp0 (message->user, self->user) == 0)
    {
      alcove_rtcsignal_signaller_handle_echo (self);
      return;
    }

  if (message->target != NULL && g_strcmp0 (message->target, self->user) != 0)
    return;

  if (!alcove_server_signaller_is_joined (base))
    {
      report_stray (self, message, ALCOVE_ERROR_UNEXPECTED,
                    _ ("A message came before the join."));
      return;
    }

  switch (message->kind)
    {
    case ALCOVE_RTCSIGNAL_PRESENCE:
      handle_presence (self, message);
      break;
    case ALCOVE_RTCSIGNAL_OFFER:
      handle_offer (self, message);
      break;
    case ALCOVE_RTCSIGNAL_ANSWER:
    case ALCOVE_RTCSIGNAL_CANDIDATE:
    case ALCOVE_RTCSIGNAL_HANG_UP:
      handle_known (self, message);
      break;
    default:
      g_debug ("A broadcast of an unknown type was dropped");
      break;
    }
}

/* The message of AlcoveServerSignallerClass. */
void
alcove_rtcsignal_signaller_handle_message (AlcoveServerSignaller *signaller,
                                           const char *text)
{
  AlcoveRtcsignalSignaller *self = ALCOVE_RTCSIGNAL_SIGNALLER (signaller);
  g_autoptr (GError) error = NULL;
  g_autoptr (AlcoveRtcsignalMessage) message
      = alcove_rtcsignal_message_decode (text, FALSE, &error);

  if (message == NULL)
    {
      alcove_server_signaller_report_error (signaller, error);
      return;
    }

  switch (message->kind)
    {
    case ALCOVE_RTCSIGNAL_USER_JOINED:
      handle_joined (self, message->user);
      break;
    case ALCOVE_RTCSIGNAL_USER_LEFT:
      handle_left (self, message->user);
      break;
    case ALCOVE_RTCSIGNAL_UNKNOWN:
    case ALCOVE_RTCSIGNAL_JOIN_ROOM:
    case ALCOVE_RTCSIGNAL_LEAVE_ROOM:
      g_debug ("An event of an unknown name was dropped");
      break;
    case ALCOVE_RTCSIGNAL_OFFER:
    case ALCOVE_RTCSIGNAL_ANSWER:
    case ALCOVE_RTCSIGNAL_CANDIDATE:
    case ALCOVE_RTCSIGNAL_HANG_UP:
    case ALCOVE_RTCSIGNAL_PRESENCE:
    case ALCOVE_RTCSIGNAL_OTHER:
    default:
      handle_broadcast (self, message);
      break;
    }
}

