/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-playout-margin"

#include "config.h"

#include "alcove-playout-margin.h"

/* The lead that the latest piece of a window should still have had. */
#define SAFETY (10 * GST_MSECOND)

/* How much sound is looked at before anything is taken back. */
#define WINDOW (2 * GST_SECOND)

/* A stream that was away for longer paused, and tells nothing of the jitter. */
#define PAUSE (500 * GST_MSECOND)

/* A network that was so uneven that something came too late will be again: for how many windows nothing
 * is taken back after that. */
#define HELD_WINDOWS 4

/* What is worth shortening sound for, and how much of it is left as it is in between: 10 ms of 200
 * at most. */
#define LONG (40 * GST_MSECOND)
#define WHOLE (200 * GST_MSECOND)

static void
begin_window (AlcovePlayoutMargin *self)
{
  self->least = GST_CLOCK_TIME_NONE;
  self->most = 0;
  self->heard = 0;
}

static GstClockTime
limit (GstClockTime margin)
{
  return CLAMP (margin, ALCOVE_PLAYOUT_MARGIN_LEAST, ALCOVE_PLAYOUT_MARGIN_MOST);
}

/* What came last in the window would have been in time by this much less. The margin itself goes
 * down by an eighth at a time, and not below the spread that was just seen. */
static void
end_window (AlcovePlayoutMargin *self)
{
  if (self->most - self->least > LONG)
    self->held = HELD_WINDOWS;
  else if (self->held > 0)
    self->held--;
  self->surplus = self->held == 0 && self->least > SAFETY ? self->least - SAFETY : 0;
  self->margin = limit (MAX (self->held > 0 ? self->margin : self->margin - self->margin / 8,
                             self->most - self->least + SAFETY));
  begin_window (self);
}

static GstClockTime
lay (AlcovePlayoutMargin *self,
     GstClockTime start,
     GstClockTime duration)
{
  self->next = start + duration;
  self->whole += duration;
  return start;
}

/**
 * alcove_playout_margin_init:
 * @self: a margin
 *
 * Makes it that of a stream that has not begun.
 */
void
alcove_playout_margin_init (AlcovePlayoutMargin *self)
{
  self->margin = ALCOVE_PLAYOUT_MARGIN_FIRST;
  self->next = GST_CLOCK_TIME_NONE;
  self->surplus = 0;
  self->whole = 0;
  self->held = 0;
  begin_window (self);
}

/**
 * alcove_playout_margin_place:
 * @self: a margin
 * @now: running time of the earliest sound that can still be mixed
 * @duration: of the piece that has just come
 * @silent: whether nobody would miss it
 * @anew: (out): whether it does not follow the piece before
 *
 * Returns: the running time at which the piece is to be heard, or %GST_CLOCK_TIME_NONE if it
 *   is to be left out
 */
GstClockTime
alcove_playout_margin_place (AlcovePlayoutMargin *self,
                             GstClockTime now,
                             GstClockTime duration,
                             gboolean silent,
                             gboolean *anew)
{
  GstClockTime lead;

  *anew = !GST_CLOCK_TIME_IS_VALID (self->next) || self->next < now;
  if (*anew)
    {
      if (GST_CLOCK_TIME_IS_VALID (self->next) && now - self->next < PAUSE)
        {
          self->margin = limit (self->margin + (now - self->next));
          self->held = HELD_WINDOWS;
        }
      self->surplus = 0;
      begin_window (self);
      return lay (self, now + self->margin, duration);
    }

  lead = self->next - now;
  if (lead > ALCOVE_PLAYOUT_MARGIN_BOUND)
    return GST_CLOCK_TIME_NONE;

  self->least = MIN (self->least, lead);
  self->most = MAX (self->most, lead);
  self->heard += duration;
  if (self->heard >= WINDOW)
    end_window (self);

  if (silent && self->surplus >= duration)
    {
      self->surplus -= duration;
      /* the leads of this window were measured with it */
      begin_window (self);
      return GST_CLOCK_TIME_NONE;
    }

  return lay (self, self->next, duration);
}

/**
 * alcove_playout_margin_is_long:
 * @self: a margin
 *
 * Returns: whether the piece that was laid last had better be shortened
 */
gboolean
alcove_playout_margin_is_long (AlcovePlayoutMargin *self)
{
  return self->surplus >= LONG && self->whole >= WHOLE;
}

/**
 * alcove_playout_margin_shorten:
 * @self: a margin
 * @by: how much shorter the piece that was laid last has become; not more than it was
 *
 * Lays what follows as much earlier.
 */
void
alcove_playout_margin_shorten (AlcovePlayoutMargin *self,
                               GstClockTime by)
{
  self->next -= by;
  self->surplus -= MIN (by, self->surplus);
  self->whole = 0;
  /* the leads of this window were measured with it; it goes on, or none would end for as long as
   * there is anything to shorten */
  if (GST_CLOCK_TIME_IS_VALID (self->least))
    self->least -= MIN (by, self->least);
  self->most -= MIN (by, self->most);
}
