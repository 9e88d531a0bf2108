/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * AlcoveAllowance:
 * @burst: how many may come at once
 * @every: microseconds after which one more may come
 * @left: how many may come now
 * @filled_at: up to when @left was counted; 0 before the first
 * @told_at: when somebody was last told that it is used up; 0 before that
 *
 * How much of something one stranger may cause. Fill in @burst and @every, leave
 * the rest 0. All times are microseconds of one monotonic clock.
 */
typedef struct {
  guint burst;
  gint64 every;
  guint left;
  gint64 filled_at;
  gint64 told_at;
} AlcoveAllowance;

/* Whoever floods us for hours is complained about every few minutes, not more often. */
#define ALCOVE_ALLOWANCE_TELL_EVERY (5 * G_TIME_SPAN_MINUTE)

gboolean alcove_allowance_take (AlcoveAllowance *self,
                                gint64           now);
gboolean alcove_allowance_tell (AlcoveAllowance *self,
                                gint64           now);

G_END_DECLS
