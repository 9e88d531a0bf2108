/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "alcove-link-stats.h"

G_BEGIN_DECLS

/* Samples that are kept at most: a minute, at one a second. */
#define ALCOVE_LINK_HISTORY_LENGTH 60

#define ALCOVE_TYPE_LINK_HISTORY (alcove_link_history_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveLinkHistory, alcove_link_history, ALCOVE, LINK_HISTORY, GObject)

AlcoveLinkHistory     *alcove_link_history_new          (void);
void                   alcove_link_history_add          (AlcoveLinkHistory     *self,
                                                         const AlcoveLinkStats *stats);
guint                  alcove_link_history_get_n        (AlcoveLinkHistory     *self);
guint                  alcove_link_history_get_n_known  (AlcoveLinkHistory     *self);
const AlcoveLinkStats *alcove_link_history_get          (AlcoveLinkHistory     *self,
                                                         guint                  age,
                                                         gint64                *time);

G_END_DECLS
