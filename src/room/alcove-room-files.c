/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-room-files"

#include "config.h"

#include "alcove-room-private.h"

#include <string.h>

#include <glib/gi18n.h>

#include "alcove-transfer-private.h"

/* Files between us and the members: which transfer a message is about, and what becomes
 * of the transfers when a member or its link goes. */

static gboolean
port_send (gpointer data,
           const AlcoveFileMessage *message)
{
  AlcoveRoomMember *self = data;
  g_autofree char *text = alcove_signaller_encode_file (self->room->signaller, message);

  return text != NULL && strlen (text) <= ALCOVE_CHANNEL_MAX_TEXT
         && alcove_peer_send_text (self->peer, ALCOVE_CHANNEL_PAGE, text);
}

static guint64
port_get_buffered (gpointer data)
{
  return alcove_peer_get_buffered (((AlcoveRoomMember *) data)->peer, ALCOVE_CHANNEL_PAGE);
}

static AlcoveTransferPort
make_port (AlcoveRoomMember *self)
{
  return (AlcoveTransferPort) {
    .send = port_send,
    .get_buffered = port_get_buffered,
    .data = self,
  };
}

static AlcoveTransfer *
find (AlcoveRoomMember *self,
      const char *id,
      gboolean incoming)
{
  /* the newest first: an id that came back means the later one */
  for (guint i = self->transfers->len; i > 0; i--)
    {
      AlcoveTransfer *transfer = self->transfers->pdata[i - 1];

      if (alcove_transfer_get_incoming (transfer) == incoming
          && g_str_equal (alcove_transfer_get_id (transfer), id))
        return transfer;
    }
  return NULL;
}

/* A few that ended are remembered, since their last messages may still come. */
static void
remember (AlcoveRoomMember *self,
          AlcoveTransfer *transfer)
{
  g_ptr_array_add (self->transfers, g_object_ref (transfer));
  for (guint i = 0;
       i < self->transfers->len && self->transfers->len > ALCOVE_ROOM_MAX_TRANSFERS;)
    if (alcove_transfer_is_active (self->transfers->pdata[i]))
      i++;
    else
      g_ptr_array_remove_index (self->transfers, i);
}

static guint
count_active (AlcoveRoomMember *self)
{
  guint n = 0;

  for (guint i = 0; i < self->transfers->len; i++)
    n += alcove_transfer_is_active (self->transfers->pdata[i]);
  return n;
}

static void
refuse (AlcoveRoomMember *self,
        const char *id)
{
  AlcoveFileMessage message = { .signal = ALCOVE_FILE_REFUSE, .id = (char *) id };

  port_send (self, &message);
}

static void
receive_ask (AlcoveRoomMember *self,
             const AlcoveFileMessage *ask)
{
  AlcoveTransferPort port = make_port (self);
  AlcoveTransfer *known = find (self, ask->id, TRUE);
  g_autoptr (AlcoveTransfer) transfer = NULL;

  /* Asked twice is asked once; and nobody answers a hundred questions. */
  if (known != NULL && alcove_transfer_is_active (known))
    return;
  if (count_active (self) >= ALCOVE_ROOM_MAX_TRANSFERS)
    {
      refuse (self, ask->id);
      return;
    }

  transfer = alcove_transfer_new_incoming (self->participant, ++self->room->n_transfers, ask,
                                           &port);
  remember (self, transfer);
  if (alcove_transfer_get_size (transfer) > ALCOVE_TRANSFER_MAX_SIZE)
    alcove_transfer_fail (transfer, ALCOVE_ERROR_TOO_LARGE,
                          _ ("The file is too large. The limit is 100 MB."), TRUE);
  alcove_room_keep (self->room, transfer);
  alcove_room_emit_file (self->room, transfer);
}

/* Whether a text may be a piece of a file that we want: these come faster than anything
 * else may. */
gboolean
alcove_room_files_expect (AlcoveRoomMember *self)
{
  for (guint i = 0; i < self->transfers->len; i++)
    {
      AlcoveTransfer *transfer = self->transfers->pdata[i];

      if (alcove_transfer_get_incoming (transfer)
          && alcove_transfer_get_state (transfer) == ALCOVE_TRANSFER_RUNNING)
        return TRUE;
    }
  return FALSE;
}

/* Whether @message is a piece of a file that we want. */
gboolean
alcove_room_files_want (AlcoveRoomMember *self,
                        const AlcoveFileMessage *message)
{
  AlcoveTransfer *transfer
      = message->signal == ALCOVE_FILE_CHUNK ? find (self, message->id, TRUE) : NULL;

  return transfer != NULL && alcove_transfer_get_state (transfer) == ALCOVE_TRANSFER_RUNNING;
}

/* The caller keeps room and member alive. */
void
alcove_room_files_receive (AlcoveRoomMember *self,
                           const AlcoveFileMessage *message)
{
  gboolean answer
      = message->signal == ALCOVE_FILE_ACCEPT || message->signal == ALCOVE_FILE_REFUSE;
  g_autoptr (AlcoveTransfer) transfer = NULL;

  if (message->signal == ALCOVE_FILE_ASK)
    {
      receive_ask (self, message);
      return;
    }

  g_set_object (&transfer, find (self, message->id, !answer));
  if (transfer != NULL)
    alcove_transfer_handle (transfer, message);
}

/* The link or the member is gone, and with it all that was under way. */
void
alcove_room_files_break (AlcoveRoomMember *self)
{
  g_autoptr (GPtrArray) transfers = g_steal_pointer (&self->transfers);

  self->transfers = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < transfers->len; i++)
    alcove_transfer_break (transfers->pdata[i]);
}

/**
 * alcove_room_get_can_send_files:
 * @self: a room
 *
 * Returns: whether files can be exchanged in it at all
 */
gboolean
alcove_room_get_can_send_files (AlcoveRoom *self)
{
  return (alcove_signaller_get_features (self->signaller) & ALCOVE_SIGNALLER_FILES) != 0;
}

/**
 * alcove_room_send_file:
 * @self: a room
 * @file: a file of ours
 * @to: (nullable): for whom; %NULL for everybody who is connected
 *
 * Offers a file. For each one a transfer appears in alcove_room_get_talk(), and begins when
 * it is accepted there.
 *
 * Returns: to how many it is offered
 */
guint
alcove_room_send_file (AlcoveRoom *self,
                       GFile *file,
                       AlcoveParticipant *to)
{
  g_autoptr (GPtrArray) members = NULL;
  guint n = 0;

  if (!alcove_room_is_active (self) || !alcove_room_get_can_send_files (self))
    return 0;

  members = alcove_room_copy_members (self);
  for (guint i = 0; i < members->len; i++)
    {
      AlcoveRoomMember *member = members->pdata[i];
      AlcoveTransferPort port = make_port (member);
      g_autoptr (AlcoveTransfer) transfer = NULL;

      if ((to != NULL && member->participant != to)
          || !alcove_participant_get_connected (member->participant)
          || count_active (member) >= ALCOVE_ROOM_MAX_TRANSFERS
          || !g_ptr_array_find (self->members, member, NULL))
        continue;

      transfer = alcove_transfer_new_outgoing (member->participant, ++self->n_transfers, file,
                                               &port);
      remember (member, transfer);
      alcove_room_keep (self, transfer);
      alcove_room_emit_file (self, transfer);
      n++;
    }
  return n;
}
