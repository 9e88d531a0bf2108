/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-stats-text"

#include "config.h"

#include "alcove-stats-text.h"

#include <glib/gi18n.h>

/*
 * What statistics mean, in words for people.
 */

/* The first step at which what is drawn is smaller too. */
#define SMALLER_DRAW_STEP 2

/**
 * alcove_stats_text_describe_size:
 * @stats: a sample
 *
 * Returns: (transfer full) (nullable): the size of the picture that comes, if one does
 */
char *
alcove_stats_text_describe_size (const AlcoveLinkStats *stats)
{
  return stats->width > 0 ? g_strdup_printf ("%d × %d", stats->width, stats->height) : NULL;
}

/**
 * alcove_stats_text_describe_rung:
 * @stats: a sample
 *
 * Returns: (transfer full) (nullable): the size that is sent, written like any other, if one is
 */
char *
alcove_stats_text_describe_rung (const AlcoveLinkStats *stats)
{
  g_auto (GStrv) sides = g_strsplit (stats->rung, "×", -1);

  return *stats->rung != '\0' ? g_strjoinv (" × ", sides) : NULL;
}

/**
 * alcove_stats_text_describe_network:
 * @stats: a sample
 *
 * Returns: (transfer full) (nullable): what the network bears and what of it is used, or %NULL if
 *   that is not known
 */
char *
alcove_stats_text_describe_network (const AlcoveLinkStats *stats)
{
  if (stats->estimate_kbps < 0.0)
    return NULL;
  if (stats->target_kbps < 0.0)
    /* Translators: a number of kilobits per second */
    return g_strdup_printf (_("%.0f kbit/s"), stats->estimate_kbps);

  /* Translators: both are numbers of kilobits per second; the first is what the network bears */
  return g_strdup_printf (_("%.0f kbit/s, the picture is sent with up to %.0f"),
                          stats->estimate_kbps, stats->target_kbps);
}

/**
 * alcove_stats_text_describe_load:
 * @stats: a sample
 *
 * Returns: (transfer full): what is made cheaper because this computer is too slow
 */
char *
alcove_stats_text_describe_load (const AlcoveLinkStats *stats)
{
  g_autofree char *sent = NULL;
  g_autofree char *shown = NULL;

  if (stats->load_step > 0)
    /* Translators: steps are counted from 1 on; each one takes away more */
    sent = g_strdup_printf (_("Too slow to encode: your picture is sent with fewer frames or "
                              "smaller (step %u)."),
                            stats->load_step);
  if (stats->draw_step >= SMALLER_DRAW_STEP)
    /* Translators: steps are counted from 1 on; each one takes away more */
    shown = g_strdup_printf (_("Too slow to draw: fewer frames are shown than come, and smaller "
                               "ones are asked for (step %u)."),
                             stats->draw_step);
  else if (stats->draw_step > 0)
    /* Translators: steps are counted from 1 on; each one takes away more */
    shown = g_strdup_printf (_("Too slow to draw: fewer frames are shown than come (step %u)."),
                             stats->draw_step);

  if (sent != NULL && shown != NULL)
    return g_strdup_printf ("%s\n%s", sent, shown);
  if (sent != NULL)
    return g_steal_pointer (&sent);
  if (shown != NULL)
    return g_steal_pointer (&shown);
  return g_strdup (_("Keeps up"));
}
