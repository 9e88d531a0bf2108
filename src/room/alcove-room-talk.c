/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-room-talk"

#include "config.h"

#include "alcove-room-private.h"

#include <string.h>

#include "alcove-inband.h"
#include "alcove-participant-private.h"

/*
 * What the room says and hears on the data channels of one member: names, marks,
 * heartbeats and chat between Alcoves, chat with pages in the protocol's own way.
 * To a page, the channel of the Alcoves does not exist: a hello into it is lost without harm.
 */

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
  };
}

static void
say_hello (AlcoveRoomMember *self)
{
  AlcoveInbandMessage message = describe_ourselves (self, ALCOVE_INBAND_HELLO);

  if (!self->hello_sent)
    self->hello_sent = send_message (self, &message);
}

static void
take_state (AlcoveRoomMember *self,
            const AlcoveInbandMessage *message)
{
  gboolean named
      = (alcove_signaller_get_features (self->room->signaller) & ALCOVE_SIGNALLER_NAMES) != 0
        && alcove_participant_get_name (self->participant) != NULL;

  /* Where the protocol carries names, its word is what everybody else sees too. */
  if (message->name != NULL && !named)
    alcove_participant_set_name (self->participant, message->name);
  alcove_participant_set_muted (self->participant, message->muted);
  alcove_participant_set_camera_off (self->participant, message->camera_off);
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
      alcove_participant_set_is_alcove (self->participant, TRUE);
      take_state (self, message);
      say_hello (self);
      break;
    case ALCOVE_INBAND_STATE:
      take_state (self, message);
      break;
    case ALCOVE_INBAND_CHAT:
      if (message->text != NULL)
        alcove_room_emit_chat (self->room, self->participant, message->text);
      break;
    case ALCOVE_INBAND_BYE:
      alcove_room_remove_member (self->room, self);
      break;
    case ALCOVE_INBAND_HEARTBEAT:
    case ALCOVE_INBAND_UNKNOWN:
    default:
      break;
    }
}

/* A fresh link knows nothing of what was said on the old one. */
void
alcove_room_talk_reset (AlcoveRoomMember *self)
{
  self->hello_sent = FALSE;
  self->hello_received = FALSE;
  self->next_heartbeat = 0;
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

  if (text == NULL || strlen (text) > ALCOVE_CHANNEL_MAX_TEXT || !g_utf8_validate (text, -1, NULL))
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

  decoded = alcove_signaller_decode_chat (self->room->signaller, text);
  plain = alcove_inband_clean_chat (decoded);
  if (plain != NULL)
    alcove_room_emit_chat (self->room, self->participant, plain);
}

/* Heartbeats go only to who has said hello: to others they mean nothing. */
void
alcove_room_talk_tick (AlcoveRoomMember *self)
{
  gint64 now = self->room->clock (self->room->clock_data);
  AlcoveInbandMessage message = { .kind = ALCOVE_INBAND_HEARTBEAT };

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
  AlcoveInbandMessage message = { .kind = ALCOVE_INBAND_BYE };

  if (self->hello_received)
    send_message (self, &message);
}

/* One way only, so that nobody reads a line twice. */
gboolean
alcove_room_talk_chat (AlcoveRoomMember *self,
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
