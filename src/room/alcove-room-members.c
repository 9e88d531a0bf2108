/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-room-members"

#include "config.h"

#include "alcove-room-private.h"

#include <string.h>

#include <glib/gi18n.h>

#include "alcove-error.h"
#include "alcove-inband.h"
#include "alcove-participant-private.h"

/*
 * The room's members: who comes, who goes, what each one's peer has to say, and whose
 * turn it is to negotiate.
 */

static void
member_clear (gpointer data)
{
  AlcoveRoomMember *self = data;

  g_clear_pointer (&self->pairs, g_ptr_array_unref);
  g_ptr_array_unref (self->transfers);
  g_free (self->held_offer);
  g_object_unref (self->peer);
  g_object_unref (self->participant);
}

AlcoveRoomMember *
alcove_room_member_ref (AlcoveRoomMember *self)
{
  return g_rc_box_acquire (self);
}

void
alcove_room_member_unref (AlcoveRoomMember *self)
{
  g_rc_box_release_full (self, member_clear);
}

/* For one that is in no list any more: its peer says nothing from here on. */
static void
retire (AlcoveRoomMember *self)
{
  g_signal_handlers_disconnect_by_data (self->peer, self);
  alcove_room_record_end (self, NULL);
  alcove_room_files_break (self);
  alcove_peer_hang_up (self->peer);
}

/* What members say may end the room or remove any of them, so that nobody walks over
 * the list itself while talking to them. */
GPtrArray *
alcove_room_copy_members (AlcoveRoom *self)
{
  GPtrArray *copy
      = g_ptr_array_new_full (self->members->len, (GDestroyNotify) alcove_room_member_unref);

  for (guint i = 0; i < self->members->len; i++)
    g_ptr_array_add (copy, alcove_room_member_ref (self->members->pdata[i]));
  return copy;
}

AlcoveRoomMember *
alcove_room_find_member (AlcoveRoom *self,
                         const char *id)
{
  for (guint i = 0; id != NULL && i < self->members->len; i++)
    {
      AlcoveRoomMember *member = self->members->pdata[i];

      if (g_str_equal (alcove_participant_get_id (member->participant), id))
        return member;
    }

  return NULL;
}

/* Lets everybody go. The list is empty before anybody hears of it. */
void
alcove_room_drop_members (AlcoveRoom *self)
{
  g_autoptr (GPtrArray) members = g_steal_pointer (&self->members);

  self->members
      = g_ptr_array_new_with_free_func ((GDestroyNotify) alcove_room_member_unref);
  g_ptr_array_set_size (self->newcomers, 0);
  if (members->len > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, members->len, 0);
  for (guint i = 0; i < members->len; i++)
    retire (members->pdata[i]);
}

/* Starts the offers that wait, as many at once as the bound allows: sixteen fresh
 * links at the same moment would starve each other. */
void
alcove_room_pump (AlcoveRoom *self)
{
  g_autoptr (AlcoveRoom) alive = g_object_ref (self);
  g_autoptr (GPtrArray) members = NULL;
  guint running = 0;

  if (self->pumping || !alcove_room_is_active (self))
    return;
  self->pumping = TRUE;
  members = alcove_room_copy_members (self);

  for (guint i = 0; i < members->len; i++)
    {
      AlcoveRoomMember *member = members->pdata[i];

      if (!alcove_peer_is_negotiating (member->peer))
        continue;
      running++;
      /* Theirs came first: a start that still waits would only cross it. */
      member->start_pending = FALSE;
    }

  for (guint i = 0; i < members->len && running < ALCOVE_ROOM_MAX_NEGOTIATIONS; i++)
    {
      AlcoveRoomMember *member = members->pdata[i];

      /* An earlier start may have ended the room, or this membership. */
      if (!member->start_pending || !alcove_room_is_active (self)
          || !g_ptr_array_find (self->members, member, NULL))
        continue;
      member->start_pending = FALSE;
      running++;
      alcove_peer_start (member->peer);
    }

  self->pumping = FALSE;
}

/* Helps the other side out of an offer of its own that stays open, if it is in one. The call that
 * is on goes on without, and would be interrupted; where its media has never been agreed on, the
 * next call can use the same sections of the description again. */
void
alcove_room_renew (AlcoveRoomMember *member)
{
  if (!member->offer_wanted || alcove_participant_get_in_call (member->participant)
      || !alcove_room_is_active (member->room))
    return;

  if (alcove_peer_renew (member->peer))
    member->offer_wanted = FALSE;
}

static void
peer_description_cb (AlcovePeer *peer,
                     int type,
                     const char *sdp,
                     AlcoveRoomMember *member)
{
  if (alcove_room_is_active (member->room))
    alcove_signaller_send_description (member->room->signaller,
                                       alcove_participant_get_id (member->participant),
                                       (AlcoveDescriptionType) type, sdp);
}

static void
peer_candidate_cb (AlcovePeer *peer,
                   const char *mid,
                   int mline_index,
                   const char *candidate,
                   AlcoveRoomMember *member)
{
  if (alcove_room_is_active (member->room))
    alcove_signaller_send_candidate (member->room->signaller,
                                     alcove_participant_get_id (member->participant), mid,
                                     mline_index, candidate);
}

/* While we leave, the others close their side, maybe before we are through. Whose way to the
 * server is gone has left, as far as anybody knows, once the connection has: that is told. */
static void
peer_problem_cb (AlcovePeer *peer,
                 const GError *error,
                 AlcoveRoomMember *member)
{
  if (alcove_room_is_active (member->room) && member->away_at == 0)
    alcove_room_emit_problem (member->room, error, member->participant);
}

static void
peer_event_cb (AlcovePeer *peer,
               const char *event,
               AlcoveRoomMember *member)
{
  if (!alcove_room_is_active (member->room))
    return;

  alcove_room_emit_event (member->room, member->participant, event);
  if (g_str_equal (event, "connected"))
    alcove_room_call_again (member);
}

static void
peer_checking_cb (AlcovePeer *peer,
                  AlcoveRoomMember *member)
{
  if (alcove_room_is_active (member->room))
    alcove_room_emit_checking (member->room, member->participant);
}

static void
peer_first_frame_cb (AlcovePeer *peer,
                     int width,
                     int height,
                     AlcoveRoomMember *member)
{
  alcove_room_emit_first_frame (member->room, member->participant, width, height);
}

static void
peer_channel_open_cb (AlcovePeer *peer,
                      int channel,
                      AlcoveRoomMember *member)
{
  alcove_room_talk_opened (member, (AlcoveChannel) channel);
}

static void
peer_channel_text_cb (AlcovePeer *peer,
                      int channel,
                      const char *text,
                      AlcoveRoomMember *member)
{
  alcove_room_talk_received (member, (AlcoveChannel) channel, text);
}

static void
peer_channel_closed_cb (AlcovePeer *peer,
                        int channel,
                        AlcoveRoomMember *member)
{
  if (channel != ALCOVE_CHANNEL_PAGE)
    return;

  member->parting = FALSE;
  alcove_room_check_parting (member->room);
}

static void
peer_view_size_changed_cb (AlcovePeer *peer,
                           AlcoveRoomMember *member)
{
  alcove_room_sizes_tell (member);
}

static void
peer_state_changed_cb (AlcovePeer *peer,
                       AlcoveRoomMember *member)
{
  AlcovePeerState state = alcove_peer_get_state (peer);
  const char *id = alcove_participant_get_id (member->participant);

  if (state == ALCOVE_PEER_CONNECTED)
    alcove_signaller_note_peer (member->room->signaller, id, ALCOVE_SIGNALLER_NOTE_CONNECTED);
  else if (state == ALCOVE_PEER_STALE || state == ALCOVE_PEER_REPAIRING)
    alcove_signaller_note_peer (member->room->signaller, id, ALCOVE_SIGNALLER_NOTE_LOST);

  /* The server has said before that they left: that their link ends is no other problem. */
  if (alcove_room_is_active (member->room) && alcove_room_moves_has_gone (member))
    alcove_room_remove_member (member->room, member);
  else
    {
      alcove_room_renew (member);
      alcove_room_pump (member->room);
    }
}

/* Whatever was open is closed by the first offer of a fresh link. */
static void
link_changed_cb (AlcovePeer *peer,
                 AlcoveRoomMember *member)
{
  member->offer_wanted = FALSE;
  member->parting = FALSE;
  member->bye_awaited = FALSE;
  alcove_room_talk_reset (member);
  alcove_room_files_break (member);
  member->call_again = alcove_participant_get_in_call (member->participant);
  alcove_room_check_parting (member->room);
}

static void
hold (gpointer data,
      GClosure *closure)
{
  AlcoveRoomMember *member = data;

  g_object_ref (member->room);
  alcove_room_member_ref (member);
}

static void
release (gpointer data,
         GClosure *closure)
{
  AlcoveRoomMember *member = data;
  g_autoptr (AlcoveRoom) room = member->room;

  alcove_room_member_unref (member);
}

/* Room and member stay alive while the callback runs, whatever a handler further up does. */
static void
watch (AlcoveRoomMember *self,
       const char *signal,
       GCallback callback)
{
  GClosure *closure = g_cclosure_new (callback, self, NULL);

  g_closure_add_marshal_guards (closure, self, hold, self, release);
  g_signal_connect_closure (self->peer, signal, closure, FALSE);
}

/* The member may be gone again when this returns: whoever wants it looks for it. */
void
alcove_room_add_member (AlcoveRoom *self,
                        const char *id,
                        const char *name,
                        gboolean we_offer,
                        gboolean was_here)
{
  AlcoveSignallerFeatures features = alcove_signaller_get_features (self->signaller);
  AlcovePeerOptions options = {
    .full_descriptions = (features & ALCOVE_SIGNALLER_FULL_DESCRIPTIONS) != 0,
    .channel_label = alcove_signaller_get_channel_label (self->signaller),
    .expect_frames = self->expect_frames,
    /* Where calls are placed by hand, nobody is called just because he waits. */
    .last_resort = (features & ALCOVE_SIGNALLER_CALLS) == 0,
    /* Where each takes the other for the one who offers, both would give in at the same
     * moment, and answer each other's offer for ever. */
    .patience = g_strcmp0 (self->self_id, id) > 0 ? ALCOVE_PEER_PATIENCE : 0,
    .clock = self->clock,
    .clock_data = self->clock_data,
  };
  g_autofree char *clean_name = alcove_inband_clean_name (name);
  g_autoptr (AlcoveParticipant) participant = NULL;
  AlcoveRoomMember *member;

  if (*id == '\0' || strlen (id) > ALCOVE_ROOM_MAX_ID)
    {
      alcove_room_report (self, NULL, ALCOVE_ERROR_MALFORMED,
                          _ ("Somebody with an unusable id was announced."));
      return;
    }
  if (self->members->len >= ALCOVE_ROOM_MAX_PARTICIPANTS)
    {
      alcove_room_report (self, NULL, ALCOVE_ERROR_TOO_MANY,
                          _ ("There are too many people in this room."));
      return;
    }

  member = g_rc_box_new0 (AlcoveRoomMember);
  member->room = self;
  member->generation = self->generation;
  member->participant = alcove_participant_new (id, we_offer, was_here);
  alcove_participant_set_name (member->participant, clean_name);
  member->peer = alcove_peer_new (member->participant, self->factory, &options);
  /* Such a call is what adds the dispatcher's media. */
  if ((features & ALCOVE_SIGNALLER_ONE_WAY_CALLS) != 0)
    {
      alcove_participant_set_in_call (member->participant, FALSE);
      if (self->role == ALCOVE_ROLE_DISPATCHER)
        alcove_peer_set_sending (member->peer, FALSE);
      else
        alcove_peer_set_resting (member->peer, TRUE);
    }
  member->start_pending = we_offer;
  member->transfers = g_ptr_array_new_with_free_func (g_object_unref);
  member->messages = (AlcoveAllowance) { .burst = ALCOVE_ROOM_MESSAGES_BURST,
                                         .every = ALCOVE_ROOM_MESSAGES_EVERY };
  alcove_room_pairs_init (member);
  alcove_room_sizes_init (member);
  member->chat = (AlcoveAllowance) { .burst = ALCOVE_ROOM_CHAT_BURST,
                                     .every = ALCOVE_ROOM_CHAT_EVERY };

  watch (member, "description", G_CALLBACK (peer_description_cb));
  watch (member, "candidate", G_CALLBACK (peer_candidate_cb));
  watch (member, "problem", G_CALLBACK (peer_problem_cb));
  watch (member, "event", G_CALLBACK (peer_event_cb));
  watch (member, "checking", G_CALLBACK (peer_checking_cb));
  watch (member, "first-frame", G_CALLBACK (peer_first_frame_cb));
  watch (member, "channel-open", G_CALLBACK (peer_channel_open_cb));
  watch (member, "channel-text", G_CALLBACK (peer_channel_text_cb));
  watch (member, "channel-closed", G_CALLBACK (peer_channel_closed_cb));
  watch (member, "view-size-changed", G_CALLBACK (peer_view_size_changed_cb));
  watch (member, "state-changed", G_CALLBACK (peer_state_changed_cb));
  watch (member, "link-changed", G_CALLBACK (link_changed_cb));

  alcove_room_volumes_recall (
      member, alcove_signaller_is_name_made_up (self->signaller, id) ? NULL : clean_name);

  participant = g_object_ref (member->participant);
  g_ptr_array_add (self->members, member);
  g_list_model_items_changed (G_LIST_MODEL (self), self->members->len - 1, 0, 1);
  alcove_room_emit_event (self, participant, "peer-joined");
}

/* Returns whether it was in the list; the caller keeps room and member alive. */
static gboolean
take_out (AlcoveRoom *self,
          AlcoveRoomMember *member)
{
  guint position;

  if (!g_ptr_array_find (self->members, member, &position))
    return FALSE;

  alcove_room_volumes_remember (member);
  alcove_room_member_unref (g_ptr_array_steal_index (self->members, position));
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
  retire (member);
  return TRUE;
}

/* Nobody has left: it stood for somebody who is here as another member. */
void
alcove_room_discard_member (AlcoveRoom *self,
                            AlcoveRoomMember *member)
{
  g_autoptr (AlcoveRoom) alive = g_object_ref (self);
  g_autoptr (AlcoveRoomMember) gone = alcove_room_member_ref (member);

  take_out (self, gone);
}

void
alcove_room_remove_member (AlcoveRoom *self,
                           AlcoveRoomMember *member)
{
  g_autoptr (AlcoveRoom) alive = g_object_ref (self);
  g_autoptr (AlcoveRoomMember) gone = alcove_room_member_ref (member);

  if (!take_out (self, gone))
    return;

  alcove_signaller_note_peer (self->signaller, alcove_participant_get_id (gone->participant),
                              ALCOVE_SIGNALLER_NOTE_GONE);
  alcove_room_emit_event (self, gone->participant, "peer-left");
  alcove_room_pump (self);
}
