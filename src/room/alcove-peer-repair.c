/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-peer-repair"

#include "config.h"

#include "alcove-peer-private.h"

#include <glib/gi18n.h>

#include "alcove-liveness.h"
#include "alcove-participant-private.h"

/*
 * What time does to a pair: the picture that stands still, the negotiation that takes too
 * long, and the repair that is due. The rules are in alcove-liveness.c.
 */

void
alcove_peer_show_waiting (AlcovePeer *self)
{
  AlcoveParticipantState state = ALCOVE_PARTICIPANT_CONNECTING;

  if (self->was_live)
    state = ALCOVE_PARTICIPANT_REPAIRING;
  else if (self->unreachable)
    state = ALCOVE_PARTICIPANT_UNREACHABLE;
  alcove_participant_set_state (self->participant, state);
}

static void
mark_lost (AlcovePeer *self,
           gint64 age)
{
  g_autoptr (GDateTime) now = NULL;
  g_autoptr (GDateTime) since = NULL;
  const guint epoch = self->epoch;

  if (self->lost || !self->was_live)
    return;

  now = g_date_time_new_now_local ();
  since = g_date_time_add (now, -age);
  self->lost = TRUE;
  self->live_since = 0;
  alcove_participant_set_stale_since (self->participant, since);
  if (self->epoch == epoch)
    alcove_peer_emit_event (self, "stale");
}

/* A kept link goes on meanwhile: frames may come back before the repair is due. */
static void
schedule_repair (AlcovePeer *self,
                 gboolean at_once)
{
  const guint epoch = self->epoch;
  gint64 delay = self->silent ? alcove_liveness_silent_back_off (self->attempts)
                              : alcove_liveness_back_off (self->attempts, at_once);

  if (!alcove_participant_get_we_offer (self->participant))
    delay += ALCOVE_PEER_LAST_RESORT_AFTER + self->patience;

  self->repair_at = alcove_peer_get_now (self) + delay;
  alcove_peer_show_waiting (self);
  if (self->epoch == epoch)
    alcove_peer_set_state (self, ALCOVE_PEER_REPAIRING);
}

/* Gives the link up for good, and says why, unless that was said before. That the other side
 * closed it is no fault: the word of its leaving is on its way, or else the repair brings it
 * back. */
void
alcove_peer_fail (AlcovePeer *self,
                  const GError *error)
{
  g_autoptr (AlcovePeer) alive = g_object_ref (self);

  if (alcove_peer_drop_link (self))
    {
      const guint epoch = self->epoch;

      self->unreachable = TRUE;
      mark_lost (self, 0);
      if (self->epoch == epoch && self->state != ALCOVE_PEER_CLOSED)
        schedule_repair (self, FALSE);
    }

  if (error != NULL && !g_error_matches (error, ALCOVE_ERROR, ALCOVE_ERROR_CLOSED))
    alcove_peer_emit_problem (alive, error);
}

/* Nothing came of the negotiation. Somebody who never answers at all is told of once: a server
 * may list them for ever. */
static void
time_out (AlcovePeer *self)
{
  const gboolean told = self->silent;
  g_autoptr (GError) error = NULL;

  self->silent = !self->heard;
  if (!self->silent || !told)
    error = g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_CONNECT_FAILED,
                                 _ ("No connection to a participant came about in time. "
                                    "Trying again."));
  alcove_peer_fail (self, error);
}

static void
become_live (AlcovePeer *self,
             gint64 now)
{
  const guint epoch = self->epoch;

  if (self->live_since == 0)
    self->live_since = now;
  else if (now - self->live_since >= ALCOVE_PEER_HEALTHY_AFTER)
    self->attempts = 0;

  self->was_live = TRUE;
  alcove_participant_set_stale_since (self->participant, NULL);
  if (self->epoch == epoch)
    alcove_participant_set_state (self->participant, ALCOVE_PARTICIPANT_LIVE);
  if (self->epoch == epoch)
    alcove_peer_set_state (self, ALCOVE_PEER_CONNECTED);

  if (self->epoch == epoch && self->lost)
    {
      self->lost = FALSE;
      alcove_peer_emit_event (self, "repaired");
    }
}

/* Looks at a link that is up; there must be one. */
void
alcove_peer_check_liveness (AlcovePeer *self,
                            gint64 now)
{
  const guint epoch = self->epoch;
  guint64 bytes = alcove_peer_link_get_bytes_received (self->link);
  AlcoveLiveness liveness;
  AlcoveVerdict verdict;
  gint64 frame_at = alcove_peer_link_get_last_frame_time (self->link);
  gint64 age = 0;

  if (bytes != self->bytes)
    {
      self->bytes = bytes;
      self->bytes_at = now;
    }

  liveness = (AlcoveLiveness) {
    .expect_frames = self->expect_frames && !self->sound_only,
    .data_only = self->resting || self->receives_only,
    .connected_at = MAX (self->connected_at, self->resumed_at),
    .frame_at = frame_at > 0 ? MAX (frame_at, self->resumed_at) : 0,
    .bytes_at = MAX (self->bytes_at, self->resumed_at),
    .heartbeat_at = self->heartbeat_at,
    .closed_at = self->closed_at,
    .bytes = self->bytes,
  };
  verdict = alcove_liveness_judge (&liveness, now, &age);

  if (verdict == ALCOVE_VERDICT_LIVE)
    {
      become_live (self, now);
      return;
    }

  self->live_since = 0;
  if (verdict == ALCOVE_VERDICT_STALE)
    {
      mark_lost (self, age);
      if (self->epoch == epoch && self->state == ALCOVE_PEER_CONNECTED)
        {
          alcove_participant_set_state (self->participant, ALCOVE_PARTICIPANT_STALE);
          if (self->epoch == epoch)
            alcove_peer_set_state (self, ALCOVE_PEER_STALE);
        }
    }

  if (self->epoch == epoch && self->state != ALCOVE_PEER_REPAIRING
      && alcove_liveness_needs_repair (&liveness, now))
    schedule_repair (self, TRUE);
}

/**
 * alcove_peer_note_heartbeat:
 * @self: a peer
 *
 * The far Alcove gave a sign of life on the data channel. From the first one on, their
 * absence counts.
 */
void
alcove_peer_note_heartbeat (AlcovePeer *self)
{
  self->heartbeat_at = alcove_peer_get_now (self);
}

/**
 * alcove_peer_tick:
 * @self: a peer
 *
 * Looks at the time: is the picture still moving, did the negotiation take too long, is a
 * repair due. The room calls it about twice a second.
 */
void
alcove_peer_tick (AlcovePeer *self)
{
  g_autoptr (AlcovePeer) alive = g_object_ref (self);
  gint64 now = alcove_peer_get_now (self);
  gboolean we_offer = alcove_participant_get_we_offer (self->participant);

  /* A kept link may have come back to life, also while a repair is due. */
  if (self->link != NULL && self->connected_at > 0
      && (self->state == ALCOVE_PEER_CONNECTED || self->state == ALCOVE_PEER_STALE
          || self->state == ALCOVE_PEER_REPAIRING))
    alcove_peer_check_liveness (self, now);

  /* A link cannot take back an offer, so only a fresh one can negotiate again. */
  if (self->renewing && now >= self->deadline)
    {
      alcove_peer_fail (self, NULL);
      return;
    }

  switch (self->state)
    {
    case ALCOVE_PEER_REPAIRING:
      if (now >= self->repair_at && (we_offer || self->last_resort))
        {
          self->attempts++;
          alcove_peer_begin_offer (self);
        }
      break;
    case ALCOVE_PEER_HAVE_OFFER:
    case ALCOVE_PEER_HAVE_ANSWER:
    case ALCOVE_PEER_CONNECTING:
      if (now >= self->deadline)
        time_out (self);
      break;
    case ALCOVE_PEER_NEW:
      if (!we_offer && self->last_resort
          && now >= self->deadline + ALCOVE_PEER_LAST_RESORT_AFTER + self->patience)
        {
          self->attempts++;
          alcove_peer_begin_offer (self);
        }
      break;
    case ALCOVE_PEER_CONNECTED:
    case ALCOVE_PEER_STALE:
    case ALCOVE_PEER_CLOSED:
    default:
      break;
    }
}
