/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-room-pairs"

#include "config.h"

#include "alcove-room-private.h"

#include "alcove-inband.h"
#include "alcove-participant-private.h"

/*
 * Who sees whom. Each Alcove tells every other how it sees everybody, so that anyone can look
 * which pair of the room is broken: the two themselves only know that something is. What a page
 * sees, nobody tells.
 */

static AlcovePairState
get_state (AlcoveParticipant *participant)
{
  switch (alcove_participant_get_state (participant))
    {
    case ALCOVE_PARTICIPANT_CONNECTING:
    case ALCOVE_PARTICIPANT_UNREACHABLE:
      return ALCOVE_PAIR_CONNECTING;
    case ALCOVE_PARTICIPANT_STALE:
      return ALCOVE_PAIR_STALE;
    case ALCOVE_PARTICIPANT_REPAIRING:
      return ALCOVE_PAIR_REPAIRING;
    case ALCOVE_PARTICIPANT_LIVE:
    default:
      if (alcove_participant_get_resting (participant))
        return ALCOVE_PAIR_RESTING;
      return alcove_participant_get_data_only (participant) ? ALCOVE_PAIR_DATA_ONLY
                                                            : ALCOVE_PAIR_LIVE;
    }
}

/* How we see this member. */
static void
look_at (AlcoveRoomMember *self,
         AlcovePair *pair)
{
  gint64 now = self->room->clock (self->room->clock_data);
  AlcovePeerLink *link = alcove_participant_get_link (self->participant);
  gint64 frame_at = link != NULL ? alcove_peer_link_get_last_frame_time (link) : 0;

  pair->state = get_state (self->participant);
  pair->frame_age_ms
      = frame_at > 0 && frame_at <= now ? (now - frame_at) / G_TIME_SPAN_MILLISECOND : -1;
  pair->fps = pair->loss = pair->rtt_ms = -1;
  if (self->measured_at == 0 || now - self->measured_at > ALCOVE_ROOM_PAIRS_LAST)
    return;

  pair->fps = (gint64) (self->stats.fps_in + 0.5);
  pair->loss = self->stats.loss_in < 0.0 ? -1 : (gint64) (self->stats.loss_in * 1000.0 + 0.5);
  pair->rtt_ms = self->stats.rtt_ms < 0.0 ? -1 : (gint64) (self->stats.rtt_ms + 0.5);
}

static void
tell (AlcoveRoomMember *self,
      GPtrArray *members)
{
  g_autoptr (GPtrArray) pairs = alcove_pair_new_list ();
  AlcoveInbandMessage message = { .kind = ALCOVE_INBAND_PAIRS, .pairs = pairs };
  g_autofree char *text = NULL;

  for (guint i = 0; i < members->len && pairs->len < ALCOVE_PAIR_MAX; i++)
    {
      AlcoveRoomMember *member = members->pdata[i];
      AlcovePair *pair = alcove_pair_new (alcove_participant_get_id (member->participant));

      look_at (member, pair);
      pair->you = member == self;
      g_ptr_array_add (pairs, pair);
    }

  text = alcove_inband_encode (&message);
  if (text != NULL)
    alcove_peer_send_text (self->peer, ALCOVE_CHANNEL_ALCOVE, text);
}

void
alcove_room_pairs_init (AlcoveRoomMember *self)
{
  self->told_pairs = (AlcoveAllowance) { .burst = ALCOVE_ROOM_PAIRS_BURST,
                                         .every = ALCOVE_ROOM_PAIRS_EVERY / 2 };
}

/* Of a fresh link nothing is known; what they see of others, they see still. */
void
alcove_room_pairs_reset (AlcoveRoomMember *self)
{
  self->measured_at = 0;
}

/* Takes a reference of @pairs. What comes too often is dropped without a word: nobody misses it. */
void
alcove_room_pairs_receive (AlcoveRoomMember *self,
                           GPtrArray *pairs)
{
  gint64 now = self->room->clock (self->room->clock_data);

  if (!self->hello_received || !alcove_allowance_take (&self->told_pairs, now))
    return;

  g_clear_pointer (&self->pairs, g_ptr_array_unref);
  self->pairs = g_ptr_array_ref (pairs);
  self->pairs_at = now;
  alcove_room_emit_pairs (self->room);
}

/* Measures everybody, and a moment later, when that is known, tells it everybody who understands. */
void
alcove_room_pairs_tick (AlcoveRoom *self)
{
  gint64 now = self->clock (self->clock_data);
  g_autoptr (GPtrArray) members = NULL;

  if (!alcove_room_is_active (self))
    return;

  if (now >= self->next_measure)
    {
      self->next_measure = now + ALCOVE_ROOM_PAIRS_EVERY;
      self->next_pairs = now + ALCOVE_ROOM_PAIRS_MEASURED;
      alcove_room_measure_once (self);
    }
  else if (self->next_pairs > 0 && now >= self->next_pairs)
    {
      self->next_pairs = 0;
      members = alcove_room_copy_members (self);
      for (guint i = 0; i < members->len; i++)
        {
          AlcoveRoomMember *member = members->pdata[i];

          if (member->hello_received)
            tell (member, members);
        }
      alcove_room_emit_pairs (self);
    }
}

static AlcoveRoomMember *
find_member (AlcoveRoom *self,
             AlcoveParticipant *participant)
{
  for (guint i = 0; i < self->members->len; i++)
    {
      AlcoveRoomMember *member = self->members->pdata[i];

      if (member->participant == participant)
        return member;
    }

  return NULL;
}

static const AlcovePair *
find_pair (AlcoveRoom *self,
           AlcoveRoomMember *viewer,
           AlcoveParticipant *seen)
{
  const char *id = seen != NULL ? alcove_participant_get_id (seen) : self->self_id;

  for (guint i = 0; i < viewer->pairs->len; i++)
    {
      const AlcovePair *pair = viewer->pairs->pdata[i];

      if (seen == NULL ? pair->you : !pair->you && g_str_equal (pair->id, id))
        return pair;
    }

  return NULL;
}

/**
 * alcove_room_get_pair:
 * @self: a room
 * @viewer: (nullable): who sees; %NULL for ourselves
 * @seen: (nullable): who is seen; %NULL for ourselves
 * @pair: (out caller-allocates): how; its id is %NULL
 *
 * Tells how one of the room sees another. For others than ourselves it is what they say: somebody
 * may tell anything, but only of what they see.
 *
 * Returns: whether it is known; it is not of who is no Alcove, or was not heard of for a while
 */
gboolean
alcove_room_get_pair (AlcoveRoom *self,
                      AlcoveParticipant *viewer,
                      AlcoveParticipant *seen,
                      AlcovePair *pair)
{
  AlcoveRoomMember *member;
  const AlcovePair *told;

  *pair = (AlcovePair) { .frame_age_ms = -1, .fps = -1, .loss = -1, .rtt_ms = -1 };
  if (viewer == seen)
    return FALSE;

  member = find_member (self, viewer != NULL ? viewer : seen);
  if (member == NULL)
    return FALSE;
  if (viewer == NULL)
    {
      look_at (member, pair);
      return TRUE;
    }

  if (member->pairs == NULL
      || self->clock (self->clock_data) - member->pairs_at > ALCOVE_ROOM_PAIRS_LAST)
    return FALSE;
  told = find_pair (self, member, seen);
  if (told == NULL || told->state == ALCOVE_PAIR_UNKNOWN)
    return FALSE;

  *pair = *told;
  pair->id = NULL;
  return TRUE;
}

/**
 * alcove_room_is_filmed:
 * @self: a room
 * @seen: (nullable): one of it; %NULL for ourselves
 *
 * What is sent while a camera is off is a still picture; a screen is sent as it changes; and what a
 * page shows, nobody tells.
 *
 * Returns: whether @seen is known to send a camera's picture, so that it should move
 */
gboolean
alcove_room_is_filmed (AlcoveRoom *self,
                       AlcoveParticipant *seen)
{
  if (seen == NULL)
    return !self->camera_off && !self->sharing;
  return alcove_participant_get_is_alcove (seen) && !alcove_participant_get_camera_off (seen)
         && !alcove_participant_get_sharing (seen);
}
