/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-pair"

#include "config.h"

#include "alcove-pair.h"

static const char *const states[] = {
  [ALCOVE_PAIR_UNKNOWN] = "unknown",       [ALCOVE_PAIR_CONNECTING] = "connecting",
  [ALCOVE_PAIR_LIVE] = "live",             [ALCOVE_PAIR_STALE] = "stale",
  [ALCOVE_PAIR_REPAIRING] = "repairing",   [ALCOVE_PAIR_DATA_ONLY] = "data-only",
  [ALCOVE_PAIR_RESTING] = "resting",
};

/**
 * alcove_pair_new:
 * @id: who is seen
 *
 * Returns: (transfer full): a pair of which nothing else is known
 */
AlcovePair *
alcove_pair_new (const char *id)
{
  AlcovePair *self = g_new0 (AlcovePair, 1);

  self->id = g_strdup (id);
  self->frame_age_ms = self->fps = self->loss = self->rtt_ms = -1;
  return self;
}

/**
 * alcove_pair_free:
 * @self: (nullable) (transfer full): a pair
 */
void
alcove_pair_free (AlcovePair *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self);
}

/**
 * alcove_pair_new_list:
 *
 * Returns: (transfer full): a list that owns its #AlcovePair
 */
GPtrArray *
alcove_pair_new_list (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) alcove_pair_free);
}

/**
 * alcove_pair_state_to_text:
 * @state: a state
 *
 * Returns: (transfer none): its name, on the wire and for scripts
 */
const char *
alcove_pair_state_to_text (AlcovePairState state)
{
  return (guint) state < G_N_ELEMENTS (states) ? states[state] : states[ALCOVE_PAIR_UNKNOWN];
}

/**
 * alcove_pair_state_parse:
 * @text: a name, any text
 *
 * Returns: the state
 */
AlcovePairState
alcove_pair_state_parse (const char *text)
{
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_str_equal (text, states[i]))
      return (AlcovePairState) i;

  return ALCOVE_PAIR_UNKNOWN;
}
