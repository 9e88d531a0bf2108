/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-room-moves"

#include "config.h"

#include "alcove-room-private.h"

#include <string.h>

#include <glib/gi18n.h>

#include "alcove-inband.h"
#include "alcove-liveness.h"
#include "alcove-participant-private.h"

/*
 * Where an id lasts no longer than the connection to the server, who comes back is somebody
 * new to the server, while sound and pictures ran on all the time. Two Alcoves keep them
 * running: each says on the channel between them by which id it is known now.
 *
 * The server and the channel are two ways, and what comes over the one may overtake the other:
 *
 *  - The server says that somebody left, whose link is well: he is kept, as parted, until
 *    he says goodbye or where he has gone, his link stops, or the bound is over.
 *  - The server announces somebody, while it is open where somebody else has gone: he waits for
 *    a moment, and nobody sees him, unless he himself says something by way of the server.
 *  - Somebody gets our offer who has not heard yet that it is us he has a link with, or we get
 *    his: the one who has told holds that offer, until the link shows whether it was meant.
 *
 * A member who says that he has moved is believed as far as it harms nobody: the id is that of
 * nobody from whom anything has come yet, and no other link is touched.
 */

typedef struct {
  char *id;
  char *name;
  gboolean we_offer;
  gint64 since;
} Newcomer;

static void
newcomer_free (gpointer data)
{
  Newcomer *self = data;

  g_free (self->id);
  g_free (self->name);
  g_free (self);
}

static gint64
get_now (AlcoveRoom *self)
{
  return self->clock (self->clock_data);
}

/**
 * alcove_room_moves_follows:
 * @self: a room
 *
 * Returns: whether its protocol gives new ids to who comes back
 */
gboolean
alcove_room_moves_follows (AlcoveRoom *self)
{
  return (alcove_signaller_get_features (self->signaller) & ALCOVE_SIGNALLER_FLEETING_IDS) != 0;
}

static gboolean
is_told_of_leaves (AlcoveRoom *self)
{
  return (alcove_signaller_get_features (self->signaller) & ALCOVE_SIGNALLER_LEAVE_NOTICE) != 0;
}

/* Whether there is a link to another Alcove that is as well as one can know. */
static gboolean
is_settled (AlcoveRoomMember *self)
{
  return self->moves && alcove_room_moves_follows (self->room)
         && alcove_peer_get_state (self->peer) == ALCOVE_PEER_CONNECTED
         && alcove_peer_is_channel_open (self->peer, ALCOVE_CHANNEL_ALCOVE)
         && get_now (self->room) - self->heard_at < ALCOVE_PEER_QUIET_AFTER;
}

/* Whether it is open by which id the server knows somebody whose link is well. */
static gboolean
is_in_question (AlcoveRoomMember *self)
{
  return (self->parted_at > 0 || self->generation != self->room->generation)
         && is_settled (self);
}

static gboolean
is_anybody_in_question (AlcoveRoom *self)
{
  for (guint i = 0; i < self->members->len; i++)
    if (is_in_question (self->members->pdata[i]))
      return TRUE;

  return FALSE;
}

static Newcomer *
find_newcomer (AlcoveRoom *self,
               const char *id,
               guint *position)
{
  for (guint i = 0; id != NULL && i < self->newcomers->len; i++)
    {
      Newcomer *newcomer = self->newcomers->pdata[i];

      if (!g_str_equal (newcomer->id, id))
        continue;
      *position = i;
      return newcomer;
    }

  return NULL;
}

static void
show_newcomer (AlcoveRoom *self,
               guint position)
{
  Newcomer *newcomer = g_ptr_array_steal_index (self->newcomers, position);

  alcove_room_add_member (self, newcomer->id, newcomer->name, newcomer->we_offer);
  newcomer_free (newcomer);
}

GPtrArray *
alcove_room_moves_new_list (void)
{
  return g_ptr_array_new_with_free_func (newcomer_free);
}

/* We have come back under a new id: says so to those whose link is well, so that
 * they need not find it out by a fresh one. Nobody is called back. */
void
alcove_room_moves_tell (AlcoveRoom *self)
{
  AlcoveInbandMessage message = { .kind = ALCOVE_INBAND_MOVED, .id = self->self_id };
  g_autofree char *text = alcove_inband_encode (&message);
  g_autoptr (GPtrArray) members = alcove_room_copy_members (self);
  const gint64 now = get_now (self);

  /* Who is still there is announced anew. */
  g_ptr_array_set_size (self->newcomers, 0);
  for (guint i = 0; i < members->len; i++)
    {
      AlcoveRoomMember *member = members->pdata[i];

      /* Until now the server could not have told us that they are back. */
      if (member->parted_at > 0)
        member->parted_at = now;
      if (text != NULL && is_settled (member)
          && alcove_peer_send_text (member->peer, ALCOVE_CHANNEL_ALCOVE, text))
        {
          member->told_at = now;
          member->told_generation = self->generation;
        }
    }
}

/* The server says that somebody is gone. Returns whether that one is kept all the same. */
gboolean
alcove_room_moves_part (AlcoveRoomMember *self)
{
  if (!is_settled (self))
    return FALSE;

  if (self->parted_at == 0)
    self->parted_at = get_now (self->room);
  return TRUE;
}

/* Whether the link to somebody who is announced to us, who are new ourselves, is one that
 * the other side keeps as well. */
gboolean
alcove_room_moves_keep (AlcoveRoomMember *self)
{
  return self->told_generation == self->room->generation && is_settled (self);
}

/* Whether the bound for somebody who parted is over, or there is nothing left to keep. While we
 * are away from the server ourselves, nothing can be known of the others. */
gboolean
alcove_room_moves_has_gone (AlcoveRoomMember *self)
{
  if (self->parted_at == 0 || self->room->state != ALCOVE_ROOM_JOINED)
    return FALSE;

  return !is_settled (self)
         || get_now (self->room) - self->parted_at >= ALCOVE_ROOM_PARTED_WITHIN;
}

/* Somebody unknown is announced. Returns whether he has to wait, as he may be somebody who is
 * here already. */
gboolean
alcove_room_moves_await (AlcoveRoom *self,
                         const char *id,
                         const char *name,
                         gboolean we_offer)
{
  guint position;
  Newcomer *newcomer = find_newcomer (self, id, &position);

  if (newcomer == NULL)
    {
      if (*id == '\0' || strlen (id) > ALCOVE_ROOM_MAX_ID || !is_anybody_in_question (self)
          || self->members->len + self->newcomers->len >= ALCOVE_ROOM_MAX_PARTICIPANTS)
        return FALSE;

      newcomer = g_new0 (Newcomer, 1);
      newcomer->id = g_strdup (id);
      newcomer->since = get_now (self);
      g_ptr_array_add (self->newcomers, newcomer);
    }

  if (name != NULL)
    {
      g_free (newcomer->name);
      newcomer->name = g_strdup (name);
    }
  newcomer->we_offer = we_offer;
  return TRUE;
}

/* Somebody says something by way of the server: if he waits, he is who he was announced as. */
void
alcove_room_moves_show (AlcoveRoom *self,
                        const char *id)
{
  guint position;

  if (find_newcomer (self, id, &position) != NULL)
    show_newcomer (self, position);
}

void
alcove_room_moves_forget (AlcoveRoom *self,
                          const char *id)
{
  guint position;

  if (find_newcomer (self, id, &position) != NULL)
    g_ptr_array_remove_index (self->newcomers, position);
}

static void
show_waiting (AlcoveRoom *self)
{
  const gint64 now = get_now (self);
  gboolean open = is_anybody_in_question (self);
  guint i = 0;

  while (i < self->newcomers->len && alcove_room_is_active (self))
    {
      Newcomer *newcomer = self->newcomers->pdata[i];

      if (open && now - newcomer->since < ALCOVE_ROOM_AWAIT)
        {
          i++;
          continue;
        }
      /* Whoever hears of it may change the list. */
      show_newcomer (self, i);
      i = 0;
    }
}

/* They offer a fresh link while ours is well, and we have just told them where we are: most
 * likely they had not heard it yet. Returns whether the offer is held until that shows. */
gboolean
alcove_room_moves_hold_offer (AlcoveRoomMember *self,
                              const char *sdp)
{
  const gint64 now = get_now (self->room);

  g_clear_pointer (&self->held_offer, g_free);
  if (self->told_at == 0 || now - self->told_at >= ALCOVE_ROOM_TOLD_WITHIN || !is_settled (self)
      || strlen (sdp) > ALCOVE_ROOM_MAX_HELD)
    return FALSE;

  self->held_offer = g_strdup (sdp);
  self->held_at = now;
  return TRUE;
}

void
alcove_room_moves_reset (AlcoveRoomMember *self)
{
  self->moves = FALSE;
  self->heard_at = 0;
  self->told_at = 0;
  self->told_generation = 0;
}

/* A link that stays well beyond the time that one which the other side gave up takes to
 * show it is still theirs: then the offer was none. */
static void
check_held_offer (AlcoveRoomMember *self)
{
  g_autofree char *sdp = NULL;

  if (self->held_offer == NULL)
    return;

  if (!is_settled (self))
    {
      sdp = g_steal_pointer (&self->held_offer);
      alcove_peer_handle_description (self->peer, ALCOVE_DESCRIPTION_OFFER, sdp);
    }
  else if (get_now (self->room) - self->held_at > ALCOVE_PEER_QUIET_AFTER)
    g_clear_pointer (&self->held_offer, g_free);
}

/* The caller keeps room and member alive. */
void
alcove_room_moves_tick (AlcoveRoom *self)
{
  g_autoptr (GPtrArray) members = alcove_room_copy_members (self);

  for (guint i = 0; i < members->len && alcove_room_is_active (self); i++)
    if (g_ptr_array_find (self->members, members->pdata[i], NULL))
      check_held_offer (members->pdata[i]);

  show_waiting (self);
}

/* Takes away what stands for somebody who is here already. Returns whether there was anything;
 * the announcement's @we_offer is set then. */
static gboolean
drop_stand_in (AlcoveRoom *self,
               const char *id,
               gboolean *we_offer)
{
  AlcoveRoomMember *member = alcove_room_find_member (self, id);
  guint position;
  Newcomer *newcomer = find_newcomer (self, id, &position);

  if (newcomer != NULL)
    {
      *we_offer = newcomer->we_offer;
      g_ptr_array_remove_index (self->newcomers, position);
      return TRUE;
    }
  if (member == NULL)
    return FALSE;

  *we_offer = alcove_participant_get_we_offer (member->participant);
  alcove_room_discard_member (self, member);
  return TRUE;
}

static gboolean
may_move_to (AlcoveRoomMember *self,
             const char *id)
{
  AlcoveRoomMember *other = alcove_room_find_member (self->room, id);

  if (*id == '\0' || strlen (id) > ALCOVE_ROOM_MAX_ID
      || g_strcmp0 (id, self->room->self_id) == 0)
    return FALSE;

  return other == NULL
         || (!other->described && !alcove_participant_get_connected (other->participant));
}

/* Somebody says on his own channel by which id the server knows him now. The caller keeps
 * room and member alive. */
void
alcove_room_moves_take (AlcoveRoomMember *self,
                        const char *id)
{
  AlcoveRoom *room = self->room;
  g_autofree char *from = g_strdup (alcove_participant_get_id (self->participant));
  gboolean we_offer = FALSE;
  gboolean announced;

  if (!self->moves || !alcove_room_moves_follows (room) || !alcove_room_is_active (room)
      || g_str_equal (id, from))
    return;

  if (!may_move_to (self, id))
    {
      alcove_room_report (room, self->participant, ALCOVE_ERROR_UNEXPECTED,
                          _ ("A participant claimed to be somebody else."));
      return;
    }

  announced = drop_stand_in (room, id, &we_offer);
  /* Somebody may have come under that id, or this one have gone, when others heard of it. */
  if (!alcove_room_is_active (room) || !g_ptr_array_find (room->members, self, NULL)
      || alcove_room_find_member (room, id) != NULL)
    return;

  self->generation = room->generation;
  /* Where nobody need be announced, there is nothing to wait for. */
  self->parted_at = announced || !is_told_of_leaves (room) ? 0 : get_now (room);
  self->described = FALSE;
  if (announced)
    alcove_participant_set_we_offer (self->participant, we_offer);
  alcove_signaller_note_peer (room->signaller, from, ALCOVE_SIGNALLER_NOTE_GONE);
  alcove_participant_set_id (self->participant, id);
  if (alcove_room_is_active (room) && g_ptr_array_find (room->members, self, NULL))
    {
      alcove_signaller_note_peer (room->signaller, id, ALCOVE_SIGNALLER_NOTE_CONNECTED);
      alcove_room_emit_moved (room, self->participant, from);
    }

  show_waiting (room);
  alcove_room_pump (room);
}
