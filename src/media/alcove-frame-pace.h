/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * AlcoveFramePace:
 *
 * Which pictures of a stream are wanted where not all are: one in each interval on the whole. One
 * that comes a little early, as pictures do that had a network to cross, is wanted all the same if
 * those before came late enough. It has no clock of its own. Plain data, all zero for all pictures.
 */
typedef struct {
  gint64 interval; /* microseconds, 0 for all pictures */
  gint64 due;      /* when the next is wanted, if there is an interval */
} AlcoveFramePace;

void     alcove_frame_pace_set_interval (AlcoveFramePace       *self,
                                         gint64                 interval);
gboolean alcove_frame_pace_is_due       (const AlcoveFramePace *self,
                                         gint64                 time);
void     alcove_frame_pace_take         (AlcoveFramePace       *self,
                                         gint64                 time);

G_END_DECLS
