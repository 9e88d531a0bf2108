/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Pictures of a screen a second, at most. Text is to be sharp rather than smooth; what moves is seen
 * to move all the same. */
#define ALCOVE_SCREEN_RATE_MOST 15

/**
 * AlcoveScreenRate:
 *
 * Which of a screen's pictures are sent, as a desktop hands out one whenever something changes. It
 * has no clock of its own. Plain data, set up by alcove_screen_rate_init(); belongs to one thread.
 */
typedef struct {
  GstClockTime interval;
  GstClockTime next;
} AlcoveScreenRate;

void     alcove_screen_rate_init   (AlcoveScreenRate       *self,
                                    int                     fps);
gboolean alcove_screen_rate_is_due (const AlcoveScreenRate *self,
                                    GstClockTime            now);
void     alcove_screen_rate_sent   (AlcoveScreenRate       *self,
                                    GstClockTime            now);

G_END_DECLS
