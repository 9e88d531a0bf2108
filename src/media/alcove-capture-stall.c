/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-capture-stall"

#include "config.h"

#include "alcove-capture-stall.h"

/* A microphone gives something every few milliseconds, and a camera in the dark several pictures a
 * second. */
#define PATIENCE (4 * G_USEC_PER_SEC)

/* Who looks so late was held up, as by a computer that slept, and so may the device have been. */
#define LATE (2 * ALCOVE_CAPTURE_STALL_PERIOD_MS * G_TIME_SPAN_MILLISECOND)

/**
 * alcove_capture_stall_look:
 * @self: what was seen up to now
 * @n_given: how many pictures or pieces of sound the device gave; may wrap around
 * @now: a time in microseconds that goes on while the computer sleeps
 *
 * To be called once each %ALCOVE_CAPTURE_STALL_PERIOD_MS.
 *
 * Returns: whether the device gave nothing for so long that it must have stopped
 */
gboolean
alcove_capture_stall_look (AlcoveCaptureStall *self,
                           guint n_given,
                           gint64 now)
{
  if (self->looked_at == 0 || n_given != self->n_given || now - self->looked_at > LATE)
    {
      self->n_given = n_given;
      self->given_at = now;
    }
  self->looked_at = now;

  return now - self->given_at >= PATIENCE;
}
