/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-room-talk"

#include "config.h"

#include "alcove-room-private.h"

#include <string.h>

#include <glib/gi18n.h>

#include "alcove-chat-message.h"
#include "alcove-inband.h"
#include "alcove-participant-private.h"

/*
 * What the room says and hears on the data channels of one member: names, marks,
 * heartbeats and chat between Alcoves, chat with pages in the protocol's own way.
 * To a page, the channel of the Alcoves does not exist: a hello into it is lost without harm.
 */

/* Keeps it to be read; the oldest goes when there is too much. */
void
alcove_room_keep (AlcoveRoom *self,
                  gpointer item)
{
  g_list_store_append (self->talk, item);
  while (g_list_model_get_n_items (G_LIST_MODEL (self->talk)) > ALCOVE_ROOM_MAX_TALK)
    g_list_store_remove (self->talk, 0);
}

static void
keep_chat (AlcoveRoom *self,
           const char *name,
           const char *text,
           gboolean own)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (AlcoveChatMessage) message = alcove_chat_message_new (name, text, now, own);

  alcove_room_keep (self, message);
}

/* What is too much is dropped; a person hears of it once, not for each one. */
static gboolean
allow (AlcoveRoomMember *self,
       AlcoveAllowance *allowance,
       const char *complaint)
{
  gint64 now = self->room->clock (self->room->clock_data);

  if (alcove_allowance_take (allowance, now))
    return TRUE;

  if (alcove_allowance_tell (allowance, now))
    alcove_room_report (self->room, self->participant, ALCOVE_ERROR_TOO_FAST, complaint);
  return FALSE;
}

static void
receive_chat (AlcoveRoomMember *self,
              const char *text)
{
  if (!allow (self, &self->chat,
              _ ("Chat comes in faster than anybody can read. Some lines are left out.")))
    return;

  keep_chat (self->room, alcove_participant_get_name (self->participant), text, FALSE);
  alcove_room_emit_chat (self->room, self->participant, text);
}

static gboolean
send_message (AlcoveRoomMember *self,
              const AlcoveInbandMessage *message)
{
  g_autofree char *text = alcove_inband_encode (message);

  return text != NULL && alcove_peer_send_text (self->peer, ALCOVE_CHANNEL_ALCOVE, text);
}

static AlcoveInbandMessage
describe_ourselves (AlcoveRoomMember *self,
                    AlcoveInbandKind kind)
{
  return (AlcoveInbandMessage) {
    .kind = kind,
    .version = ALCOVE_INBAND_VERSION,
    .name = self->room->self_name,
    .muted = self->room->muted,
    .camera_off = self->room->camera_off,
    .sharing = self->room->sharing,
    .recording = self->recording != NULL,
  };
}

static void
say_hello (AlcoveRoomMember *self)
{
  AlcoveInbandMessage message = describe_ourselves (self, ALCOVE_INBAND_HELLO);
  g_autofree char *peer = g_strdup (alcove_participant_get_id (self->participant));

  if (alcove_room_moves_follows (self->room))
    {
      message.id = self->room->self_id;
      message.peer = peer;
    }
  if (!self->hello_sent)
    self->hello_sent = send_message (self, &message);
}

static void
take_state (AlcoveRoomMember *self,
            const AlcoveInbandMessage *message)
{
  gboolean named
      = (alcove_signaller_get_features (self->room->signaller) & ALCOVE_SIGNALLER_NAMES) != 0
        && alcove_participant_get_name (self->participant) != NULL
        && !alcove_signaller_is_name_made_up (self->room->signaller,
                                              alcove_participant_get_id (self->participant));

  /* Where the protocol carries names, its word is what everybody else sees too. */
  if (message->name != NULL && !named)
    {
      alcove_participant_set_name (self->participant, message->name);
      alcove_room_volumes_recall (self, message->name);
    }
  alcove_participant_set_muted (self->participant, message->muted);
  alcove_participant_set_camera_off (self->participant, message->camera_off);
  alcove_participant_set_sharing (self->participant, message->sharing);
  alcove_participant_set_recording (self->participant, message->recording);
}

/* Who leaves waits for the answer, so that the goodbye is not cut off with the link. */
static void
take_goodbye (AlcoveRoomMember *self)
{
  if (self->room->state == ALCOVE_ROOM_LEAVING)
    {
      self->bye_awaited = FALSE;
      alcove_room_check_parting (self->room);
      return;
    }

  if (self->moves)
    alcove_room_talk_bye (self);
  alcove_room_remove_member (self->room, self);
}

static void
receive_inband (AlcoveRoomMember *self,
                const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlcoveInbandMessage) message = alcove_inband_decode (text, &error);

  if (message == NULL)
    {
      alcove_room_emit_problem (self->room, error, self->participant);
      return;
    }

  alcove_peer_note_heartbeat (self->peer);

  switch (message->kind)
    {
    case ALCOVE_INBAND_HELLO:
      self->hello_received = TRUE;
      /* else one of us would not know who it is that has moved */
      self->moves = g_strcmp0 (message->id, alcove_participant_get_id (self->participant)) == 0
                    && g_strcmp0 (message->peer, self->room->self_id) == 0;
      alcove_participant_set_is_alcove (self->participant, TRUE);
      take_state (self, message);
      say_hello (self);
      alcove_room_sizes_tell (self);
      break;
    case ALCOVE_INBAND_STATE:
      take_state (self, message);
      break;
    case ALCOVE_INBAND_CHAT:
      if (message->text != NULL)
        receive_chat (self, message->text);
      break;
    case ALCOVE_INBAND_BYE:
      take_goodbye (self);
      break;
    case ALCOVE_INBAND_MOVED:
      alcove_room_moves_take (self, message->id);
      break;
    case ALCOVE_INBAND_PAIRS:
      alcove_room_pairs_receive (self, message->pairs);
      break;
    case ALCOVE_INBAND_SIZE:
      alcove_room_sizes_take (self, message->width, message->height);
      break;
    case ALCOVE_INBAND_HEARTBEAT:
    case ALCOVE_INBAND_UNKNOWN:
    default:
      break;
    }
}

/* The pieces of a file that we accepted are bounded by its size, and by nothing else. */
static gboolean
receive_piece (AlcoveRoomMember *self,
               const char *text)
{
  g_autoptr (AlcoveFileMessage) file = NULL;

  if (!alcove_room_files_expect (self))
    return FALSE;

  file = alcove_signaller_decode_file (self->room->signaller, text, NULL);
  if (file == NULL || !alcove_room_files_want (self, file))
    return FALSE;

  alcove_room_files_receive (self, file);
  return TRUE;
}

/* A fresh link knows nothing of what was said on the old one. */
void
alcove_room_talk_reset (AlcoveRoomMember *self)
{
  self->hello_sent = FALSE;
  self->hello_received = FALSE;
  self->next_heartbeat = 0;
  self->probed_at = 0;
  alcove_room_moves_reset (self);
  alcove_room_pairs_reset (self);
  alcove_room_sizes_reset (self);
}

void
alcove_room_talk_opened (AlcoveRoomMember *self,
                         AlcoveChannel channel)
{
  if (channel == ALCOVE_CHANNEL_ALCOVE)
    say_hello (self);
}

/* The caller keeps room and member alive: what is said may remove the member. */
void
alcove_room_talk_received (AlcoveRoomMember *self,
                           AlcoveChannel channel,
                           const char *text)
{
  g_autofree char *answer = NULL;
  g_autofree char *decoded = NULL;
  g_autofree char *plain = NULL;
  g_autoptr (AlcoveFileMessage) file = NULL;
  g_autoptr (GError) error = NULL;

  if (text == NULL || strlen (text) > ALCOVE_CHANNEL_MAX_TEXT || !g_utf8_validate (text, -1, NULL))
    return;

  /* Even what is dropped is a sign of life. */
  self->probed_at = 0;
  if (channel == ALCOVE_CHANNEL_ALCOVE)
    self->heard_at = self->room->clock (self->room->clock_data);
  if (channel == ALCOVE_CHANNEL_ALCOVE && self->hello_received)
    alcove_peer_note_heartbeat (self->peer);

  if (channel == ALCOVE_CHANNEL_PAGE && receive_piece (self, text))
    return;
  if (!allow (self, &self->messages,
              _ ("More messages come in than any program should send. Some are left out.")))
    return;

  if (channel == ALCOVE_CHANNEL_ALCOVE)
    {
      receive_inband (self, text);
      return;
    }

  answer = alcove_signaller_answer_message (self->room->signaller, text);
  if (answer != NULL)
    {
      alcove_peer_send_text (self->peer, ALCOVE_CHANNEL_PAGE, answer);
      return;
    }

  file = alcove_signaller_decode_file (self->room->signaller, text, &error);
  if (file != NULL)
    {
      alcove_room_files_receive (self, file);
      return;
    }
  if (error != NULL)
    {
      alcove_room_emit_problem (self->room, error, self->participant);
      return;
    }

  decoded = alcove_signaller_decode_chat (self->room->signaller, text);
  plain = alcove_inband_clean_chat (decoded);
  if (plain != NULL)
    receive_chat (self, plain);
}

/* Somebody who is announced again may have been loaded anew, and know nothing of a
 * connection that looks well from here: that of a page without pictures stays so. */
void
alcove_room_talk_probe (AlcoveRoomMember *self)
{
  g_autofree char *probe = alcove_signaller_encode_probe (self->room->signaller);

  /* Without an open channel the pictures tell, or that no answer comes. */
  if (probe != NULL
      && (alcove_peer_get_state (self->peer) != ALCOVE_PEER_CONNECTED
          || alcove_peer_send_text (self->peer, ALCOVE_CHANNEL_PAGE, probe)))
    self->probed_at = self->room->clock (self->room->clock_data);
}

static void
check_probe (AlcoveRoomMember *self,
             gint64 now)
{
  AlcovePeerLink *link = alcove_participant_get_link (self->participant);
  AlcovePeerState state = alcove_peer_get_state (self->peer);
  gint64 probed_at = self->probed_at;

  if (probed_at == 0 || now - probed_at < ALCOVE_ROOM_PROBE_WITHIN)
    return;

  self->probed_at = 0;
  /* What was on its way still arrives, but not for that long. */
  if (state == ALCOVE_PEER_CONNECTED
      && alcove_peer_link_get_last_frame_time (link) - probed_at > ALCOVE_ROOM_PROBE_WITHIN / 2)
    return;
  if (state != ALCOVE_PEER_CONNECTED && state != ALCOVE_PEER_HAVE_OFFER)
    return;

  alcove_peer_reset (self->peer);
  self->start_pending = TRUE;
}

/* Heartbeats go only to who has said hello: to others they mean nothing. */
void
alcove_room_talk_tick (AlcoveRoomMember *self)
{
  gint64 now = self->room->clock (self->room->clock_data);
  AlcoveInbandMessage message = { .kind = ALCOVE_INBAND_HEARTBEAT };

  check_probe (self, now);
  alcove_room_sizes_tell (self);
  if (!self->hello_received || now < self->next_heartbeat)
    return;

  message.sequence = self->sequence++;
  send_message (self, &message);
  self->next_heartbeat = now + ALCOVE_ROOM_HEARTBEAT_EVERY;
}

void
alcove_room_talk_state (AlcoveRoomMember *self)
{
  AlcoveInbandMessage message = describe_ourselves (self, ALCOVE_INBAND_STATE);

  if (self->hello_sent)
    send_message (self, &message);
}

void
alcove_room_talk_bye (AlcoveRoomMember *self)
{
  const AlcoveSignallerFeatures features = alcove_signaller_get_features (self->room->signaller);
  AlcoveInbandMessage message = { .kind = ALCOVE_INBAND_BYE };

  if (self->hello_received && send_message (self, &message))
    self->bye_awaited = alcove_room_moves_is_settled (self);
  /* Where nobody is told of a leave, the end of the channel is how pages notice. */
  if ((features & ALCOVE_SIGNALLER_CHANNEL) != 0 && (features & ALCOVE_SIGNALLER_LEAVE_NOTICE) == 0)
    self->parting = alcove_peer_close_channel (self->peer, ALCOVE_CHANNEL_PAGE);
}

/* One way only, so that nobody reads a line twice. */
static gboolean
talk_chat (AlcoveRoomMember *self,
           const char *text)
{
  g_autofree char *encoded = NULL;
  g_autofree char *copy = NULL;

  if (self->hello_received)
    {
      AlcoveInbandMessage message = { .kind = ALCOVE_INBAND_CHAT };

      copy = g_strdup (text);
      message.text = copy;
      return send_message (self, &message);
    }

  if ((alcove_signaller_get_features (self->room->signaller) & ALCOVE_SIGNALLER_CHANNEL) == 0)
    return FALSE;

  encoded = alcove_signaller_encode_chat (self->room->signaller, text);
  return encoded != NULL && strlen (encoded) <= ALCOVE_CHANNEL_MAX_TEXT
         && alcove_peer_send_text (self->peer, ALCOVE_CHANNEL_PAGE, encoded);
}

/**
 * alcove_room_set_sharing:
 * @self: a room
 * @sharing: whether our picture is a screen or a window of ours
 *
 * Tells the other Alcoves.
 */
void
alcove_room_set_sharing (AlcoveRoom *self,
                         gboolean sharing)
{
  g_autoptr (GPtrArray) members = NULL;

  if (self->sharing == sharing)
    return;

  self->sharing = sharing;
  members = alcove_room_copy_members (self);
  for (guint i = 0; i < members->len; i++)
    alcove_room_talk_state (members->pdata[i]);
}

/**
 * alcove_room_send_chat:
 * @self: a room
 * @text: a line of chat, any text
 *
 * Sends chat to everybody who has a channel for it. What was sent is kept in
 * alcove_room_get_talk().
 *
 * Returns: whether at least one participant could be told
 */
gboolean
alcove_room_send_chat (AlcoveRoom *self,
                       const char *text)
{
  g_autofree char *clean = alcove_inband_clean_chat (text);
  g_autoptr (GPtrArray) members = NULL;
  gboolean sent = FALSE;

  if (clean == NULL || !alcove_room_is_active (self))
    return FALSE;

  members = alcove_room_copy_members (self);
  for (guint i = 0; i < members->len; i++)
    sent |= talk_chat (members->pdata[i], clean);
  if (sent)
    keep_chat (self, self->self_name, clean, TRUE);
  return sent;
}

/**
 * alcove_room_get_talk:
 * @self: a room
 *
 * What was said in the room since we are in it, ours included: the oldest first, and not
 * more than a bound of it.
 *
 * Returns: (transfer none): a list of #AlcoveChatMessage and #AlcoveTransfer
 */
GListModel *
alcove_room_get_talk (AlcoveRoom *self)
{
  return G_LIST_MODEL (self->talk);
}
