/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-room-calls"

#include "config.h"

#include "alcove-participant-private.h"
#include "alcove-room-private.h"

/*
 * Calling, hanging up and sending away. Where a dispatcher calls its guests, the connection is
 * there before the call and stays after it; nothing but its sound and pictures comes and goes.
 */

static gboolean
calls_one_way (AlcoveRoom *self)
{
  return (alcove_signaller_get_features (self->signaller) & ALCOVE_SIGNALLER_ONE_WAY_CALLS) != 0;
}

/* Only the dispatcher's media comes and goes with the call. */
static void
set_calling (AlcoveRoom *self,
             AlcoveRoomMember *member,
             gboolean calling)
{
  g_autoptr (AlcoveRoomMember) alive = alcove_room_member_ref (member);

  if (self->role != ALCOVE_ROLE_DISPATCHER)
    return;

  alcove_peer_set_sending (alive->peer, calling);
  alcove_participant_set_in_call (alive->participant, calling);
}

/**
 * alcove_room_call:
 * @self: a room
 * @peer: somebody's id
 *
 * Calls somebody: by the protocol's own call where it has one, else by a fresh offer. A
 * dispatcher's sound and pictures go out to those that it calls and to nobody else.
 */
void
alcove_room_call (AlcoveRoom *self,
                  const char *peer)
{
  AlcoveRoomMember *member = alcove_room_find_member (self, peer);

  if (member == NULL || !alcove_room_is_active (self))
    return;

  if (calls_one_way (self))
    set_calling (self, member, TRUE);
  if ((alcove_signaller_get_features (self->signaller) & ALCOVE_SIGNALLER_CALLS) != 0)
    alcove_signaller_call (self->signaller, peer);
  else if (!alcove_peer_is_healthy (member->peer))
    {
      member->start_pending = TRUE;
      alcove_room_pump (self);
    }
}

/**
 * alcove_room_hang_up:
 * @self: a room
 * @peer: somebody's id
 *
 * Ends the call with somebody, who stays in the room.
 */
void
alcove_room_hang_up (AlcoveRoom *self,
                     const char *peer)
{
  AlcoveRoomMember *member = alcove_room_find_member (self, peer);
  g_autoptr (AlcoveRoomMember) alive = NULL;

  if (member == NULL || !alcove_room_is_active (self))
    return;

  alive = alcove_room_member_ref (member);
  member->start_pending = FALSE;
  if ((alcove_signaller_get_features (self->signaller) & ALCOVE_SIGNALLER_CALLS) != 0)
    alcove_signaller_hang_up (self->signaller, peer);
  if (calls_one_way (self))
    set_calling (self, member, FALSE);
  else
    alcove_peer_hang_up (member->peer);
}

/**
 * alcove_room_get_can_call_everybody:
 * @self: a room
 *
 * Returns: whether there may be somebody here who is heard of only when called. Changes with
 *   the room's state and with who is in it
 */
gboolean
alcove_room_get_can_call_everybody (AlcoveRoom *self)
{
  return self->state == ALCOVE_ROOM_JOINED && self->members->len == 0
         && (alcove_signaller_get_features (self->signaller) & ALCOVE_SIGNALLER_CALL_EVERYBODY) != 0;
}

/**
 * alcove_room_call_everybody:
 * @self: a room
 *
 * Calls whoever is here unheard, where alcove_room_get_can_call_everybody(). A participant
 * stands for them at once: the one who answers first, or nobody, and then it leaves.
 */
void
alcove_room_call_everybody (AlcoveRoom *self)
{
  if (alcove_room_get_can_call_everybody (self))
    alcove_signaller_call_everybody (self->signaller);
}

/**
 * alcove_room_get_can_dismiss:
 * @self: a room
 *
 * Returns: whether we may send somebody away: as the dispatcher we may
 */
gboolean
alcove_room_get_can_dismiss (AlcoveRoom *self)
{
  return calls_one_way (self) && self->role == ALCOVE_ROLE_DISPATCHER;
}

/**
 * alcove_room_dismiss:
 * @self: a room
 * @peer: somebody's id
 *
 * Asks somebody to leave the room, where alcove_room_get_can_dismiss(). They are gone when
 * they have done so.
 */
void
alcove_room_dismiss (AlcoveRoom *self,
                     const char *peer)
{
  if (alcove_room_is_active (self) && alcove_room_get_can_dismiss (self)
      && alcove_room_find_member (self, peer) != NULL)
    alcove_signaller_dismiss (self->signaller, peer);
}
