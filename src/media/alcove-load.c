/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-load"

#include "config.h"

#include "alcove-load.h"

/* Shares of what was to be done and was not: with more than the first it is behind, with less than
 * the second it is calm, and between them nothing changes. */
#define BEHIND 0.15
#define CALM 0.05

#define BEHIND_SPAN (2 * G_USEC_PER_SEC)
#define CALM_SPAN (4 * G_USEC_PER_SEC)
#define CALM_SPAN_MAX (160 * G_USEC_PER_SEC)

/* An excuse is no longer, however often it is asked for, and the next one is as much later. */
#define EXCUSE_SPAN_MAX (8 * G_USEC_PER_SEC)
#define EXCUSE_REST (30 * G_USEC_PER_SEC)

/* Who is behind again within this after a step up went up too early. */
#define TRIAL (15 * G_USEC_PER_SEC)

/* A machine that was asleep is not judged by what was before. */
#define GAP (5 * G_USEC_PER_SEC)

/**
 * alcove_load_init:
 * @self: to be filled
 * @n_steps: how many steps there are
 */
void
alcove_load_init (AlcoveLoad *self,
                  guint n_steps)
{
  *self = (AlcoveLoad){ .n_steps = n_steps, .pause = CALM_SPAN };
}

static gboolean
step_down (AlcoveLoad *self,
           gint64 time)
{
  self->behind_since = time;
  if (self->step >= self->n_steps)
    return FALSE;

  if (self->eased != 0)
    self->pause = time - self->eased <= TRIAL ? MIN (2 * self->pause, CALM_SPAN_MAX) : CALM_SPAN;
  self->eased = 0;
  self->step++;
  return TRUE;
}

static gboolean
step_up (AlcoveLoad *self,
         gint64 time)
{
  self->calm_since = time;
  if (self->step == 0)
    return FALSE;

  self->eased = time;
  self->step--;
  return TRUE;
}

static void
begin_excuse (AlcoveLoad *self,
              gint64 time)
{
  if (self->excused_since == 0 || time >= self->excused_until + EXCUSE_REST)
    self->excused_since = time;
  self->excused_until = MIN (time + self->excuse, self->excused_since + EXCUSE_SPAN_MAX);
  self->excuse = 0;
}

/**
 * alcove_load_excuse:
 * @self: a load
 * @span: in microseconds, from the next alcove_load_add() on
 *
 * Something costs much that is over soon: nobody who is behind meanwhile goes down for it. Eight
 * seconds of any half a minute can be excused.
 */
void
alcove_load_excuse (AlcoveLoad *self,
                    gint64 span)
{
  self->excuse = span;
}

/**
 * alcove_load_add:
 * @self: a load
 * @time: in microseconds of any clock that does not go back; once a second is right
 * @missed: the share of what was to be done since the last time that was not, 0 to 1
 *
 * Returns: whether the step changed
 */
gboolean
alcove_load_add (AlcoveLoad *self,
                 gint64 time,
                 double missed)
{
  gint64 begin = self->time != 0 && time - self->time <= GAP ? self->time : time;

  if (time - begin != time - self->time)
    self->behind_since = self->calm_since = 0;
  self->time = time;
  if (self->excuse != 0)
    begin_excuse (self, time);

  if (missed > BEHIND)
    {
      self->calm_since = 0;
      if (self->behind_since == 0)
        self->behind_since = begin;
      return time - MAX (self->behind_since, self->excused_until) >= BEHIND_SPAN
             && step_down (self, time);
    }

  self->behind_since = 0;
  if (missed > CALM)
    {
      self->calm_since = 0;
      return FALSE;
    }
  if (self->calm_since == 0)
    self->calm_since = begin;
  return time - self->calm_since >= self->pause && step_up (self, time);
}
