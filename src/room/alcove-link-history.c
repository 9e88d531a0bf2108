/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-link-history"

#include "config.h"

#include "alcove-link-history.h"

/**
 * AlcoveLinkHistory:
 *
 * What was measured of the connection to one participant lately, over as many links as it took.
 * It is kept before anybody asks: who opens statistics mostly does so because of what just
 * happened. Holds no more than %ALCOVE_LINK_HISTORY_LENGTH samples.
 *
 * Signals: `added`.
 */

typedef struct {
  AlcoveLinkStats stats;
  gint64 time;
  gboolean known;
} Sample;

struct _AlcoveLinkHistory {
  GObject parent_instance;

  Sample samples[ALCOVE_LINK_HISTORY_LENGTH];
  guint n_samples;
  guint next;
};

enum {
  ADDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AlcoveLinkHistory, alcove_link_history, G_TYPE_OBJECT)

static const Sample *
get_sample (AlcoveLinkHistory *self,
            guint age)
{
  return &self->samples[(self->next + ALCOVE_LINK_HISTORY_LENGTH - 1 - age)
                        % ALCOVE_LINK_HISTORY_LENGTH];
}

static void
alcove_link_history_class_init (AlcoveLinkHistoryClass *klass)
{
  signals[ADDED] = g_signal_new ("added", ALCOVE_TYPE_LINK_HISTORY, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
alcove_link_history_init (AlcoveLinkHistory *self)
{
}

/**
 * alcove_link_history_new:
 *
 * Returns: (transfer full): a history of nothing
 */
AlcoveLinkHistory *
alcove_link_history_new (void)
{
  return g_object_new (ALCOVE_TYPE_LINK_HISTORY, NULL);
}

/**
 * alcove_link_history_add:
 * @self: a history
 * @stats: (nullable): what was measured just now, or %NULL where nothing could be
 *
 * The oldest goes if there are too many.
 */
void
alcove_link_history_add (AlcoveLinkHistory *self,
                         const AlcoveLinkStats *stats)
{
  Sample *sample = &self->samples[self->next];

  *sample = (Sample) { .time = g_get_real_time (), .known = stats != NULL };
  if (stats != NULL)
    sample->stats = *stats;
  self->next = (self->next + 1) % ALCOVE_LINK_HISTORY_LENGTH;
  self->n_samples = MIN (self->n_samples + 1, ALCOVE_LINK_HISTORY_LENGTH);

  g_signal_emit (self, signals[ADDED], 0);
}

/**
 * alcove_link_history_get_n:
 * @self: a history
 *
 * Returns: how many samples it has, with those in which nothing could be measured
 */
guint
alcove_link_history_get_n (AlcoveLinkHistory *self)
{
  return self->n_samples;
}

/**
 * alcove_link_history_get_n_known:
 * @self: a history
 *
 * Returns: in how many samples something was measured
 */
guint
alcove_link_history_get_n_known (AlcoveLinkHistory *self)
{
  guint n = 0;

  for (guint age = 0; age < self->n_samples; age++)
    if (get_sample (self, age)->known)
      n++;

  return n;
}

/**
 * alcove_link_history_get:
 * @self: a history
 * @age: how many samples are newer
 * @time: (out) (optional): when it was, in microseconds since 1970
 *
 * Returns: (transfer none) (nullable): the sample, until the next is added; %NULL where nothing
 *   could be measured
 */
const AlcoveLinkStats *
alcove_link_history_get (AlcoveLinkHistory *self,
                         guint age,
                         gint64 *time)
{
  const Sample *sample;

  g_return_val_if_fail (age < self->n_samples, NULL);

  sample = get_sample (self, age);
  if (time != NULL)
    *time = sample->time;
  return sample->known ? &sample->stats : NULL;
}
