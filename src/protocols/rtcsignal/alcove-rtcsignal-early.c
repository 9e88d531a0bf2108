/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-rtcsignal-early"

#include "config.h"

#include "alcove-rtcsignal-early.h"

/* Candidates of somebody who has not shown by an offer yet. Nobody tells a newcomer who is in
 * the room, so that they can be the first that is heard of a member. */

/**
 * alcove_rtcsignal_early_hold:
 * @queue: what waits
 * @candidate: a candidate
 *
 * Keeps what is needed of @candidate, unless %ALCOVE_RTCSIGNAL_MAX_EARLY wait already. One that
 * says nothing is not kept.
 *
 * Returns: whether there was room for it
 */
gboolean
alcove_rtcsignal_early_hold (GQueue *queue,
                             const AlcoveRtcsignalMessage *candidate)
{
  AlcoveRtcsignalMessage *copy;

  if (g_queue_get_length (queue) >= ALCOVE_RTCSIGNAL_MAX_EARLY)
    return FALSE;
  if (*candidate->candidate == '\0')
    return TRUE;

  copy = alcove_rtcsignal_message_new (ALCOVE_RTCSIGNAL_CANDIDATE, candidate->user);
  copy->mid = g_strdup (candidate->mid);
  copy->label = candidate->label;
  copy->candidate = g_strdup (candidate->candidate);
  g_queue_push_tail (queue, copy);
  return TRUE;
}

/**
 * alcove_rtcsignal_early_take:
 * @queue: what waits
 * @user: whose offer has come
 *
 * Returns: (transfer full) (nullable): the oldest candidate of @user, or %NULL if there is none
 */
AlcoveRtcsignalMessage *
alcove_rtcsignal_early_take (GQueue *queue,
                             const char *user)
{
  for (GList *l = queue->head; l != NULL; l = l->next)
    {
      AlcoveRtcsignalMessage *candidate = l->data;

      if (g_str_equal (candidate->user, user))
        {
          g_queue_delete_link (queue, l);
          return candidate;
        }
    }

  return NULL;
}

/**
 * alcove_rtcsignal_early_clear:
 * @queue: what waits
 *
 * Forgets all of it.
 */
void
alcove_rtcsignal_early_clear (GQueue *queue)
{
  g_queue_clear_full (queue, (GDestroyNotify) alcove_rtcsignal_message_free);
}
