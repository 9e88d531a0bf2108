/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How often to look, in milliseconds. */
#define ALCOVE_CAPTURE_STALL_PERIOD_MS 1000

/**
 * AlcoveCaptureStall:
 *
 * Whether a device that gave something has stopped without a word. It has no clock of its own.
 * Plain data, all zero at first.
 */
typedef struct {
  /*< private >*/
  guint n_given;
  gint64 given_at;
  gint64 looked_at; /* 0 before the first time */
} AlcoveCaptureStall;

gboolean alcove_capture_stall_look (AlcoveCaptureStall *self,
                                    guint               n_given,
                                    gint64              now);

G_END_DECLS
