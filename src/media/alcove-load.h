/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * AlcoveLoad:
 *
 * Decides by how many steps something is made cheaper that this machine does not keep up with. It
 * has no clock of its own.
 *
 * One step down after it was behind for two seconds that were not excused; one step up after four
 * seconds of calm, and after twice as many each time that was too early.
 */
typedef struct {
  guint n_steps;
  guint step;
  gint64 time; /* of the last sample, 0 before the first */
  gint64 behind_since; /* 0 while it keeps up */
  gint64 calm_since; /* 0 while it does not */
  gint64 eased; /* when it last went up, 0 if it did not */
  gint64 pause;
  gint64 excuse; /* asked for and not begun, 0 if none */
  gint64 excused_since; /* 0 before the first time */
  gint64 excused_until;
} AlcoveLoad;

void     alcove_load_init   (AlcoveLoad *self,
                             guint       n_steps);
void     alcove_load_excuse (AlcoveLoad *self,
                             gint64      span);
gboolean alcove_load_add    (AlcoveLoad *self,
                             gint64      time,
                             double      missed);

G_END_DECLS
