/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-liveness"

#include "config.h"

#include "alcove-liveness.h"

/*
 * When a link counts as live, when as worth a repair, and how soon. Only numbers go in
 * and out, so that every case can be tested without links and without time.
 */

/**
 * alcove_liveness_judge:
 * @self: what is known of a link that is up
 * @now: the time, in microseconds of the same clock
 * @age: (out) (optional): how old the last sign of life is, in microseconds; 0 without one
 *
 * Says whether a link is live. "Live" is the age of the last decoded frame, never
 * merely that ICE is connected. Pure; may be called from any thread.
 *
 * Returns: the verdict
 */
AlcoveVerdict
alcove_liveness_judge (const AlcoveLiveness *self,
                       gint64 now,
                       gint64 *age)
{
  gint64 alive_at = self->frame_at;
  gint64 limit = ALCOVE_PEER_STALE_AFTER;

  if (self->data_only)
    {
      /* ICE tells of its own loss; a closed channel is how a page of data says goodbye. */
      alive_at = self->closed_at > 0 ? self->closed_at : now;
      if (self->closed_at == 0 && self->heartbeat_at > 0)
        {
          limit = ALCOVE_PEER_QUIET_AFTER;
          alive_at = self->heartbeat_at;
        }
    }
  else if (!self->expect_frames)
    {
      limit = ALCOVE_PEER_QUIET_AFTER;
      alive_at = MAX (self->connected_at, MAX (self->bytes_at, self->heartbeat_at));
      /* Somebody who never sent anything has not stopped either. */
      if (self->bytes == 0 && self->heartbeat_at == 0)
        alive_at = now;
    }

  if (age != NULL)
    *age = alive_at > 0 ? MAX (now - alive_at, 0) : 0;
  if (alive_at <= 0)
    return ALCOVE_VERDICT_UNTRIED;
  return now - alive_at <= limit ? ALCOVE_VERDICT_LIVE : ALCOVE_VERDICT_STALE;
}

/**
 * alcove_liveness_needs_repair:
 * @self: what is known of a link that is up and not live
 * @now: the time, in microseconds of the same clock
 *
 * Says whether a link is worth a repair. That of a page which never sent anything is
 * not, since nothing was lost, and its chat would be torn down for nothing. Pure;
 * may be called from any thread.
 *
 * Returns: whether a fresh link should take its place
 */
gboolean
alcove_liveness_needs_repair (const AlcoveLiveness *self,
                              gint64 now)
{
  gint64 still_since = self->connected_at;

  if (self->heartbeat_at > 0 && now - self->heartbeat_at > ALCOVE_PEER_DEAD_AFTER)
    return TRUE;

  if (self->data_only)
    return self->closed_at > 0 && now - self->closed_at >= ALCOVE_PEER_QUIET_AFTER;

  if (self->frame_at > 0)
    still_since = self->frame_at + ALCOVE_PEER_STALE_AFTER;
  if (now - still_since < ALCOVE_PEER_QUIET_AFTER
      || now - self->bytes_at < ALCOVE_PEER_QUIET_AFTER)
    return FALSE;

  if (self->expect_frames)
    return self->frame_at > 0 || self->bytes > 0 || self->heartbeat_at > 0;
  return self->bytes > 0 && self->heartbeat_at == 0;
}

/**
 * alcove_liveness_back_off:
 * @attempts: how many repairs were tried since the pair was last healthy
 * @at_once: whether the first repair need not wait at all
 *
 * Returns: how long the next repair waits, in microseconds
 */
gint64
alcove_liveness_back_off (guint attempts,
                          gboolean at_once)
{
  if (at_once && attempts == 0)
    return 0;
  return attempts < 4 ? ALCOVE_PEER_BACK_OFF_MIN << attempts : ALCOVE_PEER_BACK_OFF_MAX;
}

/**
 * alcove_liveness_silent_back_off:
 * @attempts: how many offers were made to them so far, after the first
 *
 * The same for somebody who is listed but was never heard: a server may list for ever who has
 * long gone, and whoever comes back to life offers or is announced anew.
 *
 * Returns: how long the next offer waits, in microseconds
 */
gint64
alcove_liveness_silent_back_off (guint attempts)
{
  return attempts < 6 ? ALCOVE_PEER_BACK_OFF_MIN << attempts : ALCOVE_PEER_SILENT_BACK_OFF_MAX;
}
