/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ALCOVE_BACKOFF_MIN_MS 1000
#define ALCOVE_BACKOFF_MAX_MS 30000

/**
 * AlcoveBackoff:
 *
 * How long to wait before the next attempt. Pure: it has no clock.
 */
typedef struct _AlcoveBackoff AlcoveBackoff;

/**
 * AlcoveBackoffRandom:
 * @data: what was handed to alcove_backoff_new()
 *
 * Returns: a number from 0 (included) to 1 (excluded)
 */
typedef double (*AlcoveBackoffRandom) (gpointer data);

AlcoveBackoff *alcove_backoff_new   (guint               min_ms,
                                     guint               max_ms,
                                     AlcoveBackoffRandom random,
                                     gpointer            data);
guint          alcove_backoff_next  (AlcoveBackoff      *self);
void           alcove_backoff_reset (AlcoveBackoff      *self);
void           alcove_backoff_free  (AlcoveBackoff      *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlcoveBackoff, alcove_backoff_free)

G_END_DECLS
