/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-room-measure"

#include "config.h"

#include "alcove-room-private.h"

#include "alcove-participant-private.h"

/*
 * What is measured of the links: of each in turn for those who are told whom we see, and where
 * somebody may look at it, once a second for the history of each participant.
 */

/* A measurement under way; the link may be another one, or the room gone, when it comes. */
typedef struct {
  GWeakRef room;
  AlcoveRoomMember *member;
} Measuring;

static void
measuring_free (Measuring *self)
{
  g_weak_ref_clear (&self->room);
  alcove_room_member_unref (self->member);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Measuring, measuring_free)

static void
note (AlcoveRoomMember *self,
      const AlcoveLinkStats *stats)
{
  if (self->room->keeps_history)
    alcove_link_history_add (alcove_participant_get_history (self->participant), stats);
}

static void
measured_cb (GObject *source,
             GAsyncResult *result,
             gpointer data)
{
  g_autoptr (Measuring) measuring = data;
  g_autoptr (AlcoveRoom) room = g_weak_ref_get (&measuring->room);
  AlcoveRoomMember *member = measuring->member;
  AlcoveLinkStats stats;
  gboolean measured
      = alcove_peer_link_sample_finish (ALCOVE_PEER_LINK (source), result, &stats, NULL);

  member->measuring = FALSE;
  if (room == NULL || !g_ptr_array_find (room->members, member, NULL))
    return;
  if (!measured || alcove_participant_get_link (member->participant) != ALCOVE_PEER_LINK (source))
    {
      note (member, NULL);
      return;
    }

  if (alcove_peer_get_state (member->peer) == ALCOVE_PEER_CONNECTED)
    {
      member->stats = stats;
      member->measured_at = room->clock (room->clock_data);
    }
  note (member, &stats);
}

/* A picture that stands still has figures that tell why; a link that is not up yet has none. */
static gboolean
is_worth_measuring (AlcoveRoomMember *self)
{
  AlcovePeerState state = alcove_peer_get_state (self->peer);

  return state == ALCOVE_PEER_CONNECTED
         || (self->room->keeps_history
             && (state == ALCOVE_PEER_STALE || state == ALCOVE_PEER_REPAIRING));
}

static void
measure (AlcoveRoomMember *self)
{
  AlcovePeerLink *link = alcove_participant_get_link (self->participant);
  Measuring *measuring;

  /* who takes long to answer is not asked the same again */
  if (link == NULL || self->measuring || !is_worth_measuring (self)
      || ALCOVE_PEER_LINK_GET_IFACE (link)->sample_async == NULL)
    {
      note (self, NULL);
      return;
    }

  measuring = g_new0 (Measuring, 1);
  g_weak_ref_init (&measuring->room, self->room);
  measuring->member = alcove_room_member_ref (self);
  self->measuring = TRUE;
  alcove_peer_link_sample_async (link, NULL, measured_cb, measuring);
}

static void
measure_all (AlcoveRoom *self)
{
  g_autoptr (GPtrArray) members = alcove_room_copy_members (self);

  for (guint i = 0; i < members->len; i++)
    if (g_ptr_array_find (self->members, members->pdata[i], NULL))
      measure (members->pdata[i]);
}

/* For who tells of it a moment later; what the history measured is new enough. */
void
alcove_room_measure_once (AlcoveRoom *self)
{
  if (!self->keeps_history)
    measure_all (self);
}

void
alcove_room_measure_tick (AlcoveRoom *self)
{
  gint64 now = self->clock (self->clock_data);

  if (!self->keeps_history || !alcove_room_is_active (self) || now < self->next_history)
    return;

  self->next_history = now + ALCOVE_ROOM_HISTORY_EVERY;
  measure_all (self);
}

/**
 * alcove_room_set_keeps_history:
 * @self: a room
 * @keeps_history: whether each participant has a history
 *
 * Has every link measured once a second; see alcove_participant_get_history(). It is for rooms at
 * whose statistics somebody may look, and is not done at first.
 */
void
alcove_room_set_keeps_history (AlcoveRoom *self,
                               gboolean keeps_history)
{
  self->keeps_history = keeps_history;
}
