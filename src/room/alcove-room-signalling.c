/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-room-signalling"

#include "config.h"

#include "alcove-room-private.h"

#include <string.h>

#include <glib/gi18n.h>

#include "alcove-error.h"
#include "alcove-inband.h"
#include "alcove-participant-private.h"

/*
 * What the signaller reports, turned into members and into the room's state. Each of these
 * may be the room's last: a handler of the room may leave, or give it up. The connection
 * keeps the room alive for as long as its callback runs.
 */

static void
joined_cb (AlcoveSignaller *signaller,
           const char *self_id,
           AlcoveRoom *self)
{
  const guint generation = self->generation;

  if (!alcove_room_is_active (self))
    return;

  alcove_room_set_trouble (self, NULL);
  alcove_room_set_self_id (self, self_id);
  if (self->generation != generation && alcove_room_is_active (self))
    alcove_room_moves_tell (self);
  if (alcove_room_is_active (self))
    alcove_room_set_state (self, ALCOVE_ROOM_JOINED);
}

static void
peer_joined_cb (AlcoveSignaller *signaller,
                const char *id,
                const char *name,
                gboolean we_offer,
                gboolean was_here,
                AlcoveRoom *self)
{
  g_autofree char *clean_name = NULL;
  g_autoptr (AlcoveRoomMember) alive = NULL;
  AlcoveRoomMember *member;
  gboolean back;

  /* A server may not have noticed yet that an earlier connection of ours is gone. */
  if (!alcove_room_is_active (self) || id == NULL || g_strcmp0 (id, self->self_id) == 0
      || g_strcmp0 (id, self->former_id) == 0)
    return;

  member = alcove_room_find_member (self, id);
  if (member == NULL)
    {
      /* who came while the server was away came after us all the same */
      const gboolean before = was_here && !self->been_away;

      if (!alcove_room_moves_await (self, id, name, we_offer, before))
        alcove_room_add_member (self, id, name, we_offer, before);
      alcove_room_pump (self);
      return;
    }

  alive = alcove_room_member_ref (member);
  clean_name = alcove_inband_clean_name (name);
  if (clean_name != NULL)
    {
      alcove_participant_set_name (member->participant, clean_name);
      if (!alcove_signaller_is_name_made_up (self->signaller, id))
        alcove_room_volumes_recall (member, clean_name);
    }

  member->away_at = 0;
  back = member->parted_at > 0;
  member->parted_at = 0;

  /* With a new id of ours we are somebody new to them: they have dropped the old
   * pair, or will, unless they know that it is us. Otherwise it is a reminder, and what
   * runs is left alone. */
  if (member->generation != self->generation)
    {
      member->generation = self->generation;
      alcove_participant_set_we_offer (member->participant, we_offer);
      if (!alcove_room_moves_keep (member))
        {
          alcove_peer_reset (member->peer);
          member->start_pending = we_offer;
        }
    }
  else
    {
      /* who offers may have changed, because nobody did or because both did */
      alcove_participant_set_we_offer (member->participant, we_offer);
      if (we_offer && !alcove_peer_is_healthy (member->peer))
        member->start_pending = TRUE;
      else if (we_offer && !back)
        alcove_room_talk_probe (member);
    }

  /* The signaller may have made a new entry for them, and know nothing of a link that runs. */
  if (alcove_peer_get_state (member->peer) == ALCOVE_PEER_CONNECTED)
    alcove_signaller_note_peer (self->signaller, id, ALCOVE_SIGNALLER_NOTE_CONNECTED);
  alcove_room_pump (self);
}

static void
peer_left_cb (AlcoveSignaller *signaller,
              const char *id,
              AlcoveRoom *self)
{
  AlcoveRoomMember *member
      = alcove_room_is_active (self) ? alcove_room_find_member (self, id) : NULL;

  alcove_room_moves_forget (self, id);
  if (member != NULL && !alcove_room_moves_part (member))
    alcove_room_remove_member (self, member);
}

static void
peer_away_cb (AlcoveSignaller *signaller,
              const char *id,
              AlcoveRoom *self)
{
  AlcoveRoomMember *member
      = alcove_room_is_active (self) ? alcove_room_find_member (self, id) : NULL;

  if (member != NULL && member->away_at == 0)
    member->away_at = self->clock (self->clock_data);
}

static void
description_cb (AlcoveSignaller *signaller,
                const char *id,
                int type,
                const char *sdp,
                AlcoveRoom *self)
{
  const AlcoveSignallerFeatures announced
      = ALCOVE_SIGNALLER_ROSTER | ALCOVE_SIGNALLER_LEAVE_NOTICE;
  AlcoveRoomMember *member;

  if (!alcove_room_is_active (self) || id == NULL)
    return;

  alcove_room_moves_show (self, id);
  if (!alcove_room_is_active (self))
    return;

  member = alcove_room_find_member (self, id);
  /* Without a roster, the first sign of somebody is their offer; without leave
   * notices, it may be of somebody who was given up too early. */
  if (member == NULL && type == ALCOVE_DESCRIPTION_OFFER
      && (alcove_signaller_get_features (signaller) & announced) != announced)
    {
      alcove_room_add_member (self, id, NULL, FALSE, FALSE);
      member = alcove_room_is_active (self) ? alcove_room_find_member (self, id) : NULL;
    }
  else if (member == NULL)
    alcove_room_report (self, NULL, ALCOVE_ERROR_UNKNOWN_PEER,
             _ ("A call description came from somebody who is not in the room."));

  if (member == NULL)
    return;

  member->described = TRUE;
  if (type != ALCOVE_DESCRIPTION_OFFER || !alcove_room_moves_hold_offer (member, sdp))
    alcove_peer_handle_description (member->peer, (AlcoveDescriptionType) type, sdp);
}

static void
candidate_cb (AlcoveSignaller *signaller,
              const char *id,
              const char *mid,
              int mline_index,
              const char *candidate,
              AlcoveRoom *self)
{
  AlcoveRoomMember *member;

  if (!alcove_room_is_active (self) || candidate == NULL)
    return;

  alcove_room_moves_show (self, id);
  if (!alcove_room_is_active (self))
    return;

  member = alcove_room_find_member (self, id);
  if (member == NULL)
    alcove_room_report (self, NULL, ALCOVE_ERROR_UNKNOWN_PEER,
             _ ("A candidate came from somebody who is not in the room."));
  else if (strlen (candidate) > ALCOVE_ROOM_MAX_CANDIDATE
           || (mid != NULL && strlen (mid) > ALCOVE_ROOM_MAX_ID))
    alcove_room_report (self, member->participant, ALCOVE_ERROR_TOO_LARGE,
             _ ("A candidate was over the limit."));
  /* Those of a link that may never be, and would only disturb the one that runs. Should it be
   * needed, they learn of ours. */
  else if (member->held_offer == NULL)
    {
      member->described = TRUE;
      alcove_peer_handle_candidate (member->peer, mid, mline_index, candidate);
    }
}

static void
called_cb (AlcoveSignaller *signaller,
           const char *id,
           const char *text,
           AlcoveRoom *self)
{
  AlcoveRoomMember *member
      = alcove_room_is_active (self) ? alcove_room_find_member (self, id) : NULL;
  g_autoptr (AlcoveRoomMember) alive = NULL;

  if (member == NULL)
    return;

  alive = alcove_room_member_ref (member);
  alcove_peer_set_resting (member->peer, FALSE);
  alcove_participant_set_in_call (member->participant, TRUE);
  if (alcove_room_is_active (self))
    alcove_room_emit_event (self, member->participant, "called");
}

static void
offer_wanted_cb (AlcoveSignaller *signaller,
                 const char *id,
                 AlcoveRoom *self)
{
  AlcoveRoomMember *member
      = alcove_room_is_active (self) ? alcove_room_find_member (self, id) : NULL;

  if (member == NULL)
    return;

  member->offer_wanted = TRUE;
  alcove_room_renew (member);
}

static void
hung_up_cb (AlcoveSignaller *signaller,
            const char *id,
            AlcoveRoom *self)
{
  AlcoveRoomMember *member
      = alcove_room_is_active (self) ? alcove_room_find_member (self, id) : NULL;
  g_autoptr (AlcoveRoomMember) alive = NULL;

  if (member == NULL)
    return;

  alive = alcove_room_member_ref (member);
  /* Such a call only added their media to a connection that goes on. */
  if ((alcove_signaller_get_features (signaller) & ALCOVE_SIGNALLER_ONE_WAY_CALLS) != 0)
    {
      alcove_peer_set_resting (member->peer, TRUE);
      alcove_participant_set_in_call (member->participant, FALSE);
      alcove_room_renew (member);
    }
  else
    {
      member->start_pending = FALSE;
      alcove_peer_hang_up (member->peer);
    }
  if (alcove_room_is_active (self))
    alcove_room_emit_event (self, member->participant, "hung-up");
}

/* Says only at the end that it is over, but nothing that is called back on the way
 * can begin anything: the state is the last one already. */
static void
end (AlcoveRoom *self)
{
  alcove_room_stop_timers (self);
  self->state = ALCOVE_ROOM_LEFT;
  alcove_room_drop_members (self);
  g_object_notify (G_OBJECT (self), "state");
}

void
alcove_room_finish_leaving (AlcoveRoom *self)
{
  g_autoptr (AlcoveRoom) alive = g_object_ref (self);

  if (self->state != ALCOVE_ROOM_LEAVING)
    return;

  end (self);
  alcove_room_emit_left (self);
}

static void
failed_cb (AlcoveSignaller *signaller,
           const GError *error,
           AlcoveRoom *self)
{
  if (self->state == ALCOVE_ROOM_LEAVING)
    alcove_room_finish_leaving (self);
  else if (self->state != ALCOVE_ROOM_LEFT)
    {
      end (self);
      alcove_room_emit_failed (self, error);
    }
}

static void
disconnected_cb (AlcoveSignaller *signaller,
                 const GError *error,
                 AlcoveRoom *self)
{
  if (!alcove_room_is_active (self))
    return;

  if (self->state == ALCOVE_ROOM_JOINED)
    {
      self->been_away = TRUE;
      alcove_room_set_state (self, ALCOVE_ROOM_RECONNECTING);
    }
  if (error != NULL)
    {
      alcove_room_set_trouble (self, error->message);
      alcove_room_emit_problem (self, error, NULL);
    }
}

static void
reconnected_cb (AlcoveSignaller *signaller,
                AlcoveRoom *self)
{
  alcove_room_set_trouble (self, NULL);
  if (self->state == ALCOVE_ROOM_RECONNECTING)
    alcove_room_set_state (self, ALCOVE_ROOM_JOINED);
}

static void
problem_cb (AlcoveSignaller *signaller,
            const GError *error,
            AlcoveRoom *self)
{
  alcove_room_emit_problem (self, error, NULL);
}

static void
left_cb (AlcoveSignaller *signaller,
         AlcoveRoom *self)
{
  alcove_room_finish_leaving (self);
}

/* Connects the room to what its signaller reports. */
void
alcove_room_watch_signaller (AlcoveRoom *self)
{
  static const struct {
    const char *signal;
    GCallback callback;
  } handlers[] = {
    { "joined", G_CALLBACK (joined_cb) },
    { "peer-joined", G_CALLBACK (peer_joined_cb) },
    { "peer-left", G_CALLBACK (peer_left_cb) },
    { "peer-away", G_CALLBACK (peer_away_cb) },
    { "description", G_CALLBACK (description_cb) },
    { "candidate", G_CALLBACK (candidate_cb) },
    { "called", G_CALLBACK (called_cb) },
    { "offer-wanted", G_CALLBACK (offer_wanted_cb) },
    { "hung-up", G_CALLBACK (hung_up_cb) },
    { "failed", G_CALLBACK (failed_cb) },
    { "disconnected", G_CALLBACK (disconnected_cb) },
    { "reconnected", G_CALLBACK (reconnected_cb) },
    { "problem", G_CALLBACK (problem_cb) },
    { "left", G_CALLBACK (left_cb) },
  };

  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    g_signal_connect_object (self->signaller, handlers[i].signal, handlers[i].callback, self,
                             G_CONNECT_DEFAULT);
}
