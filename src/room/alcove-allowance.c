/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-allowance"

#include "config.h"

#include "alcove-allowance.h"

static void
fill (AlcoveAllowance *self,
      gint64 now)
{
  gint64 more;

  if (self->filled_at == 0)
    {
      self->left = self->burst;
      self->filled_at = now;
      return;
    }

  more = (now - self->filled_at) / self->every;
  if (more <= 0)
    return;

  if (more >= (gint64) (self->burst - self->left))
    {
      self->left = self->burst;
      self->filled_at = now;
    }
  else
    {
      self->left += (guint) more;
      self->filled_at += more * self->every;
    }
}

/**
 * alcove_allowance_take:
 * @self: an allowance
 * @now: the time
 *
 * Returns: whether one more may come; it is counted then
 */
gboolean
alcove_allowance_take (AlcoveAllowance *self,
                       gint64 now)
{
  fill (self, now);
  if (self->left == 0)
    return FALSE;

  self->left--;
  return TRUE;
}

/**
 * alcove_allowance_tell:
 * @self: an allowance that is used up
 * @now: the time
 *
 * Returns: whether a person should hear of it, which is not for each one that is dropped
 */
gboolean
alcove_allowance_tell (AlcoveAllowance *self,
                       gint64 now)
{
  if (self->told_at > 0 && now - self->told_at < ALCOVE_ALLOWANCE_TELL_EVERY)
    return FALSE;

  self->told_at = now;
  return TRUE;
}
