/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-screen-rate"

#include "config.h"

#include "alcove-screen-rate.h"

/**
 * alcove_screen_rate_init:
 * @self: a rate
 * @fps: what pictures may come at otherwise; no more than %ALCOVE_SCREEN_RATE_MOST is heeded
 *
 * Makes it that of a screen of which nothing was sent.
 */
void
alcove_screen_rate_init (AlcoveScreenRate *self,
                         int fps)
{
  self->interval = GST_SECOND / (GstClockTime) CLAMP (fps, 1, ALCOVE_SCREEN_RATE_MOST);
  self->next = 0;
}

/**
 * alcove_screen_rate_is_due:
 * @self: a rate
 * @now: running time
 *
 * Returns: whether a picture may be sent
 */
gboolean
alcove_screen_rate_is_due (const AlcoveScreenRate *self,
                           GstClockTime now)
{
  return now >= self->next;
}

/**
 * alcove_screen_rate_sent:
 * @self: a rate
 * @now: running time of a picture that is sent
 *
 * Counts it.
 */
void
alcove_screen_rate_sent (AlcoveScreenRate *self,
                         GstClockTime now)
{
  self->next = now + self->interval;
}
