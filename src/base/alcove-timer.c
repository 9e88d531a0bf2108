/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-timer"

#include "config.h"

#include "alcove-timer.h"

/**
 * alcove_timer_set:
 * @timer: (inout): where its owner keeps the timer; one that runs already is replaced
 * @milliseconds: how long from now
 * @callback: what to call, on the thread's default context; it clears @timer first of all
 * @data: passed to @callback
 *
 * Starts a timer that its owner can take back at any time.
 */
void
alcove_timer_set (GSource **timer,
                  guint milliseconds,
                  GSourceFunc callback,
                  gpointer data)
{
  alcove_timer_clear (timer);
  *timer = g_timeout_source_new (milliseconds);
  g_source_set_callback (*timer, callback, data, NULL);
  g_source_attach (*timer, g_main_context_get_thread_default ());
}

/**
 * alcove_timer_clear:
 * @timer: (inout): where its owner keeps the timer; may hold none
 *
 * Takes a timer back, whether it has come due or not.
 */
void
alcove_timer_clear (GSource **timer)
{
  if (*timer == NULL)
    return;

  g_source_destroy (*timer);
  g_clear_pointer (timer, g_source_unref);
}
