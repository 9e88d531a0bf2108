/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-backoff"

#include "config.h"

#include "alcove-backoff.h"

struct _AlcoveBackoff {
  guint min_ms;
  guint max_ms;
  guint base_ms;
  AlcoveBackoffRandom random;
  gpointer data;
};

static double
default_random (gpointer data)
{
  return g_random_double ();
}

/**
 * alcove_backoff_new:
 * @min_ms: the least wait, in milliseconds, at least 1
 * @max_ms: the longest wait, in milliseconds, at least @min_ms
 * @random: (nullable): the source of the jitter; %NULL for GLib's
 * @data: handed to @random
 *
 * Returns: (transfer full): a back-off at its beginning
 */
AlcoveBackoff *
alcove_backoff_new (guint min_ms,
                    guint max_ms,
                    AlcoveBackoffRandom random,
                    gpointer data)
{
  AlcoveBackoff *self;

  g_return_val_if_fail (min_ms >= 1 && min_ms <= max_ms, NULL);

  self = g_new0 (AlcoveBackoff, 1);
  self->min_ms = min_ms;
  self->max_ms = max_ms;
  self->base_ms = min_ms;
  self->random = random != NULL ? random : default_random;
  self->data = data;
  return self;
}

/**
 * alcove_backoff_next:
 * @self: a back-off
 *
 * Doubles with every call. Up to half is added at random from the first wait on,
 * so that the members of a room do not all come back at the same moment when
 * their server does.
 *
 * Returns: the wait before the next attempt, in milliseconds
 */
guint
alcove_backoff_next (AlcoveBackoff *self)
{
  double jitter = CLAMP (self->random (self->data), 0.0, 1.0);
  double wait = (double) self->base_ms * (1.0 + jitter / 2.0);
  guint top = MAX (self->min_ms, (guint) ((guint64) self->max_ms * 2 / 3));

  self->base_ms = self->base_ms > top / 2 ? top : self->base_ms * 2;

  return (guint) MIN (wait, (double) self->max_ms);
}

/**
 * alcove_backoff_reset:
 * @self: a back-off
 *
 * Starts again at the least wait: the far side has shown that it works.
 */
void
alcove_backoff_reset (AlcoveBackoff *self)
{
  self->base_ms = self->min_ms;
}

/**
 * alcove_backoff_free:
 * @self: (transfer full): a back-off
 */
void
alcove_backoff_free (AlcoveBackoff *self)
{
  g_free (self);
}
