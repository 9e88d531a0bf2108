/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-frame-pace"

#include "config.h"

#include "alcove-frame-pace.h"

/* By how much a picture may be early, and half of the interval at most. */
#define SLACK (30 * G_TIME_SPAN_MILLISECOND)

/**
 * alcove_frame_pace_set_interval:
 * @self: a pace
 * @interval: in microseconds; 0 or less for all pictures
 *
 * The next picture is wanted whenever it comes.
 */
void
alcove_frame_pace_set_interval (AlcoveFramePace *self,
                                gint64 interval)
{
  *self = (AlcoveFramePace){ .interval = MAX (interval, 0) };
}

/**
 * alcove_frame_pace_is_due:
 * @self: a pace
 * @time: now, monotonic microseconds
 *
 * Returns: whether a picture that is here now is wanted
 */
gboolean
alcove_frame_pace_is_due (const AlcoveFramePace *self,
                          gint64 time)
{
  return self->interval == 0 || time >= self->due;
}

/**
 * alcove_frame_pace_take:
 * @self: a pace
 * @time: now, monotonic microseconds
 *
 * A picture was taken.
 */
void
alcove_frame_pace_take (AlcoveFramePace *self,
                        gint64 time)
{
  self->due = self->interval + MAX (self->due, time - MIN (SLACK, self->interval / 2));
}
