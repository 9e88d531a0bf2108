/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-room-sizes"

#include "config.h"

#include "alcove-room-private.h"

#include "alcove-inband.h"
#include "alcove-participant-private.h"

/*
 * How large pictures are drawn. Each Alcove tells every other in which size it shows the picture
 * it gets, so that nobody sends what would only be made smaller, or is not seen at all. What a
 * page shows, nobody tells.
 */

static gboolean
may_tell (AlcoveRoomMember *self)
{
  gint64 now = self->room->clock (self->room->clock_data);

  return self->hello_received
         && (self->size_told_at == 0 || now - self->size_told_at >= ALCOVE_ROOM_SIZE_EVERY);
}

void
alcove_room_sizes_init (AlcoveRoomMember *self)
{
  self->told_width = self->told_height = -1;
  self->sizes = (AlcoveAllowance) { .burst = ALCOVE_ROOM_SIZE_BURST,
                                    .every = ALCOVE_ROOM_SIZE_EVERY / 2 };
}

/* A fresh link knows nothing of what was told on the old one. */
void
alcove_room_sizes_reset (AlcoveRoomMember *self)
{
  self->told_width = self->told_height = -1;
  self->size_told_at = 0;
}

/* Tells them the size of now, unless they know it, or heard of another one a moment ago: then it
 * is told at a later tick, if it is still another one. */
void
alcove_room_sizes_tell (AlcoveRoomMember *self)
{
  AlcovePeerLink *link = alcove_participant_get_link (self->participant);
  AlcoveInbandMessage message = { .kind = ALCOVE_INBAND_SIZE };
  g_autofree char *text = NULL;

  if (link == NULL || !may_tell (self)
      || !alcove_peer_link_get_view_size (link, &message.width, &message.height)
      || (message.width == self->told_width && message.height == self->told_height))
    return;

  text = alcove_inband_encode (&message);
  if (text == NULL || !alcove_peer_send_text (self->peer, ALCOVE_CHANNEL_ALCOVE, text))
    return;

  self->told_width = message.width;
  self->told_height = message.height;
  self->size_told_at = self->room->clock (self->room->clock_data);
}

/* What comes too often is dropped without a word: it only changes what they get themselves. */
void
alcove_room_sizes_take (AlcoveRoomMember *self,
                        int width,
                        int height)
{
  AlcovePeerLink *link = alcove_participant_get_link (self->participant);

  if (link == NULL || !self->hello_received
      || !alcove_allowance_take (&self->sizes, self->room->clock (self->room->clock_data)))
    return;

  alcove_peer_link_set_view_size (link, width, height);
}
