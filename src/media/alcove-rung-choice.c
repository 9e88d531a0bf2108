/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-rung-choice"

#include "config.h"

#include "alcove-rung-choice.h"

/*
 * Which rung goes to whom, and what it may cost: decisions alone, without a clock and without
 * an encoder.
 */

/* 800 kbit/s at 640×360, by area from there, within what a call can bear. */
#define BITS_PER_PIXEL_SECOND 3.5
#define MIN_WORTH 100000
#define MAX_WORTH 2500000

/* Below this no encoder makes anything of it. */
#define MIN_TARGET 50000

/* Smaller ones nobody could make anything of. */
#define MIN_WIDTH 160
#define MIN_HEIGHT 90

/* A rung looks worse than the next smaller one when it gets less than this of what it is worth,
 * in percent; and who comes back to it has a little more. */
#define STAY_PERCENT 30
#define RAISE_PERCENT 40

/* Who bears less than this of what the others bear, in percent, does not drag them down. */
#define DRAG_PERCENT 40

/* A picture that is a little larger over there than it is sent is not worth the next rung. */
#define STRETCH_PERCENT 115

/* Windows pass through sizes, and tiles hide for a moment. */
#define SMALLER_AFTER (2 * G_USEC_PER_SEC)

/* How long the network has to bear more before it is tried; who had to come down again soon after
 * that waits twice as long the next time. */
#define BETTER_AFTER (5 * G_USEC_PER_SEC)
#define BETTER_AFTER_MAX (60 * G_USEC_PER_SEC)
#define TRIAL (10 * G_USEC_PER_SEC)

/* The estimate of a network changes several times a second, and hardware answers each new
 * rate with a key frame. What is too much is taken away soon, what is to spare may wait. In percent
 * of the rate it has. */
#define FALL_PERCENT 3
#define RISE_PERCENT 10
#define RISE_AFTER G_USEC_PER_SEC

static guint
get_worth (int width,
           int height)
{
  return (guint) CLAMP (width * (double) height * BITS_PER_PIXEL_SECOND, MIN_WORTH, MAX_WORTH);
}

/**
 * alcove_rung_sizes_make:
 * @width: of the pictures that are captured
 * @height: likewise
 * @sizes: (out): the rungs
 *
 * The picture itself, half and a quarter of it, as far as somebody could make anything of them.
 *
 * Returns: how many there are, 1 to %ALCOVE_MAX_RUNGS
 */
guint
alcove_rung_sizes_make (int width,
                        int height,
                        AlcoveRungSize sizes[ALCOVE_MAX_RUNGS])
{
  guint n = 0;

  sizes[n++] = (AlcoveRungSize) { width, height, get_worth (width, height) };
  for (int divisor = 2; n < ALCOVE_MAX_RUNGS; divisor *= 2)
    {
      int w = width / divisor & ~1;
      int h = height / divisor & ~1;

      /* a portrait is as well known at 90×160 */
      if (MAX (w, h) < MIN_WIDTH || MIN (w, h) < MIN_HEIGHT)
        break;
      sizes[n++] = (AlcoveRungSize) { w, h, get_worth (w, h) };
    }

  return n;
}

/* Whether a picture of @size covers what it is drawn on over there. It keeps its shape, so the
 * side that is the nearest to its end counts. */
static gboolean
covers (const AlcoveRungSize *size,
        int width,
        int height,
        int percent)
{
  return (gint64) width * 100 <= (gint64) size->width * percent
         || (gint64) height * 100 <= (gint64) size->height * percent;
}

static guint
find_by_size (const AlcoveRungChoice *choice,
              const AlcoveRungSize *sizes,
              guint n_sizes)
{
  guint rung = n_sizes - 1;

  if (choice->width < 0 || choice->height < 0)
    return 0;
  if (choice->width == 0 || choice->height == 0)
    return rung;

  while (rung > 0 && !covers (&sizes[rung], choice->width, choice->height, 100))
    rung--;
  return rung;
}

static guint
find_by_network (const AlcoveRungChoice *choice,
                 const AlcoveRungSize *sizes,
                 guint n_sizes)
{
  guint rung = 0;

  if (choice->bitrate == 0)
    return 0;

  while (rung < n_sizes - 1)
    {
      guint percent = rung < choice->by_network ? RAISE_PERCENT : STAY_PERCENT;

      if ((guint64) choice->bitrate * 100 >= (guint64) sizes[rung].bitrate * percent)
        break;
      rung++;
    }
  return rung;
}

static guint
get_floor (guint step,
           guint n_sizes)
{
  return step <= 2 ? 0 : MIN (step - 2, n_sizes - 1);
}

/* The next moment at which something changes by itself; 0 is none. */
static void
note_time (gint64 *next,
           gint64 time)
{
  if (*next == 0 || time < *next)
    *next = time;
}

static void
update_size (AlcoveRungChoice *self,
             const AlcoveRungSize *sizes,
             guint n_sizes,
             gint64 now,
             gint64 *next)
{
  guint wish = find_by_size (self, sizes, n_sizes);

  if (wish < self->by_size && self->width > 0
      && covers (&sizes[self->by_size], self->width, self->height, STRETCH_PERCENT))
    wish = self->by_size;

  if (wish <= self->by_size || !self->chosen)
    {
      self->by_size = wish;
      self->smaller_since = 0;
      return;
    }

  if (self->smaller_since == 0)
    self->smaller_since = now;
  if (now - self->smaller_since >= SMALLER_AFTER)
    {
      self->by_size = wish;
      self->smaller_since = 0;
    }
  else
    note_time (next, self->smaller_since + SMALLER_AFTER);
}

static void
update_network (AlcoveRungChoice *self,
                guint wish,
                gint64 now,
                gint64 *next)
{
  if (self->patience == 0 || (self->raised_at > 0 && now - self->raised_at >= 3 * TRIAL))
    self->patience = BETTER_AFTER;

  if (wish >= self->by_network || !self->chosen)
    {
      if (wish > self->by_network && self->raised_at > 0 && now - self->raised_at < TRIAL)
        self->patience = MIN (self->patience * 2, BETTER_AFTER_MAX);
      if (wish > self->by_network)
        self->raised_at = 0;
      self->by_network = wish;
      self->better_since = 0;
      return;
    }

  if (self->better_since == 0)
    self->better_since = now;
  if (now - self->better_since >= self->patience)
    {
      self->by_network--;
      self->raised_at = now;
      self->better_since = wish < self->by_network ? now : 0;
    }
  if (self->better_since > 0)
    note_time (next, self->better_since + self->patience);
}

/* What this one would let its rung take: who could have more if the next rung were not too
 * much for the network gets a better picture of this size, which also shows what it bears. */
static guint
get_limit (const AlcoveRungChoice *self,
           const AlcoveRungSize *sizes)
{
  guint rung = self->rung;
  guint worth = sizes[rung].bitrate;

  if (rung > 0 && self->bitrate > 0 && self->by_network == rung && self->by_size < rung)
    worth = MAX (worth, (guint) ((guint64) sizes[rung - 1].bitrate * RAISE_PERCENT / 100));
  return worth;
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  guint x = *(const guint *) a, y = *(const guint *) b;

  return x < y ? -1 : x > y;
}

/* What those who watch @rung bear, in the middle; 0 if that are fewer than two. */
static guint
get_median (AlcoveRungChoice *const *choices,
            guint n_choices,
            const guint *rungs,
            const AlcoveRungSize *size,
            guint rung)
{
  g_autofree guint *rates = g_new (guint, MAX (n_choices, 1));
  guint n = 0;

  for (guint i = 0; i < n_choices; i++)
    if (rungs[i] == rung)
      rates[n++] = choices[i]->bitrate > 0 ? MIN (choices[i]->bitrate, size->bitrate)
                                           : size->bitrate;
  if (n < 2)
    return 0;

  qsort (rates, n, sizeof *rates, compare);
  return rates[n / 2];
}

static gboolean
drags (const AlcoveRungChoice *self,
       guint median)
{
  return self->bitrate > 0 && (guint64) self->bitrate * 100 < (guint64) median * DRAG_PERCENT;
}

/* Moves who bears far less than the others of a rung to the next one, from the largest on. */
static void
spare_the_others (AlcoveRungChoice *const *choices,
                  guint n_choices,
                  guint *wishes,
                  const AlcoveRungSize *sizes,
                  guint n_sizes)
{
  for (guint rung = 0; rung + 1 < n_sizes; rung++)
    {
      guint median = get_median (choices, n_choices, wishes, &sizes[rung], rung);

      for (guint i = 0; i < n_choices; i++)
        if (wishes[i] == rung && drags (choices[i], median))
          wishes[i]++;
    }
}

/* From the last rung nobody can be moved on, so that the others go one up for as long as somebody
 * there bears far less, if their network lets them and they see anything of it. */
static void
lift_the_others (AlcoveRungChoice *const *choices,
                 guint n_choices,
                 guint *wishes,
                 const AlcoveRungSize *sizes,
                 guint n_sizes,
                 guint floor,
                 gint64 now,
                 gint64 *next)
{
  guint last = n_sizes - 1;
  guint median = get_median (choices, n_choices, wishes, &sizes[last], last);
  gboolean dragged = FALSE;

  if (last == 0 || floor == last)
    return;

  for (guint i = 0; i < n_choices; i++)
    dragged |= wishes[i] == last && drags (choices[i], median);

  for (guint i = 0; i < n_choices; i++)
    {
      AlcoveRungChoice *self = choices[i];
      gboolean may = self->by_size == last && self->width != 0 && self->height != 0
                     && find_by_network (self, sizes, n_sizes) < last;

      if (!may)
        self->lifted_until = 0;
      else if (dragged && wishes[i] == last && !drags (self, median))
        self->lifted_until = now + BETTER_AFTER;
      if (self->lifted_until > now)
        {
          wishes[i] = last - 1;
          note_time (next, self->lifted_until);
        }
    }
}

/**
 * alcove_rung_choice_reset:
 * @self: the choice of one who watches
 *
 * For a ladder that got other sizes: what was chosen of the old ones says nothing of the new ones,
 * and as for one who comes nothing is waited for. What was learnt of the network's whims stays.
 */
void
alcove_rung_choice_reset (AlcoveRungChoice *self)
{
  *self = (AlcoveRungChoice) {
    .bitrate = self->bitrate,
    .width = self->width,
    .height = self->height,
    .patience = self->patience,
  };
}

/**
 * alcove_rung_choices_update:
 * @choices: everybody who watches this ladder
 * @n_choices: how many
 * @sizes: the rungs, the largest first
 * @n_sizes: how many, 1 or more
 * @step: how much the load of this machine takes away, see alcove_ladder_set_step()
 * @now: monotonic microseconds, greater than 0
 *
 * Chooses a rung for each. Where the network bears less it is a smaller one at once, where it bears
 * more a larger one after a while; where the picture is drawn larger it is a larger one at once.
 *
 * Returns: when to choose again even if nothing changes; 0 if that is not needed
 */
gint64
alcove_rung_choices_update (AlcoveRungChoice *const *choices,
                            guint n_choices,
                            const AlcoveRungSize *sizes,
                            guint n_sizes,
                            guint step,
                            gint64 now)
{
  g_autofree guint *wishes = g_new (guint, MAX (n_choices, 1));
  guint floor = get_floor (step, n_sizes);
  gint64 next = 0;

  for (guint i = 0; i < n_choices; i++)
    {
      update_size (choices[i], sizes, n_sizes, now, &next);
      wishes[i] = MAX (find_by_network (choices[i], sizes, n_sizes),
                       MAX (choices[i]->by_size, floor));
    }

  spare_the_others (choices, n_choices, wishes, sizes, n_sizes);
  lift_the_others (choices, n_choices, wishes, sizes, n_sizes, floor, now, &next);

  for (guint i = 0; i < n_choices; i++)
    {
      AlcoveRungChoice *self = choices[i];
      guint by_size = self->lifted_until > now ? n_sizes - 2 : self->by_size;
      guint other = MAX (by_size, floor);

      update_network (self,
                      wishes[i] > other ? wishes[i] : find_by_network (self, sizes, n_sizes),
                      now, &next);
      self->rung = MAX (self->by_network, other);
      self->chosen = TRUE;
    }

  return next;
}

/**
 * alcove_rung_choices_get_target:
 * @choices: everybody who watches this ladder, with their choices made
 * @n_choices: how many
 * @sizes: the rungs
 * @n_sizes: how many
 * @rung: one of them
 *
 * Returns: the bits a second that all bear who watch @rung, except that on the last one nobody
 *   drags the others down to a picture that is of no use; what it is worth if nobody does
 */
guint
alcove_rung_choices_get_target (AlcoveRungChoice *const *choices,
                                guint n_choices,
                                const AlcoveRungSize *sizes,
                                guint n_sizes,
                                guint rung)
{
  g_autofree guint *rungs = g_new (guint, MAX (n_choices, 1));
  guint target = G_MAXUINT;
  guint limit = 0;

  for (guint i = 0; i < n_choices; i++)
    rungs[i] = choices[i]->rung;
  for (guint i = 0; i < n_choices; i++)
    if (rungs[i] == rung)
      {
        limit = MAX (limit, get_limit (choices[i], sizes));
        if (choices[i]->bitrate > 0)
          target = MIN (target, choices[i]->bitrate);
      }

  if (rung == n_sizes - 1)
    {
      guint64 median = get_median (choices, n_choices, rungs, &sizes[rung], rung);

      target = MAX (target, (guint) (median * DRAG_PERCENT / 100));
    }
  if (limit == 0)
    limit = sizes[rung].bitrate;
  return MAX (MIN (target, limit), MIN_TARGET);
}

/**
 * alcove_rung_is_slow:
 * @smallest: the last rung of the ladder
 * @target: what it may take, in bits a second
 * @was_slow: what this said before
 *
 * Returns: whether it is so little that every second picture is left out
 */
gboolean
alcove_rung_is_slow (const AlcoveRungSize *smallest,
                     guint target,
                     gboolean was_slow)
{
  guint percent = was_slow ? RAISE_PERCENT : STAY_PERCENT;

  return (guint64) target * 100 < (guint64) smallest->bitrate * percent;
}

/**
 * alcove_rung_bitrate_is_due:
 * @applied: what the encoder aims at, in bits a second
 * @wanted: what it should aim at
 * @unit: the bits a second that it counts in
 * @since: how long it has aimed at that, in microseconds
 *
 * Returns: whether the difference is worth telling the encoder
 */
gboolean
alcove_rung_bitrate_is_due (guint applied,
                            guint wanted,
                            guint unit,
                            gint64 since)
{
  guint64 from = applied / MAX (unit, 1);
  guint64 to = wanted / MAX (unit, 1);

  if (to <= from)
    return to < from && (from - to) * 100 >= from * FALL_PERCENT;

  return (to - from) * 100 >= from * RISE_PERCENT && since >= RISE_AFTER;
}

/**
 * alcove_rung_step_takes:
 * @step: how much the load of this machine takes away
 * @number: of the picture, counting up
 *
 * Returns: whether this picture is encoded: of 30 a second, 20 are at the first step and
 *   15 at those after it
 */
gboolean
alcove_rung_step_takes (guint step,
                        guint64 number)
{
  if (step == 0)
    return TRUE;

  return step == 1 ? number % 3 != 2 : number % 2 == 0;
}
