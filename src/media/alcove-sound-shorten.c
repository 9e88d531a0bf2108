/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-sound-shorten"

#include "config.h"

#include "alcove-sound-shorten.h"

#include <math.h>
#include <string.h>

/* All in samples at 48 kHz. What is left out is between 2.5 ms, the period of a high voice, and
 * 10 ms, that of a low one; one sound fades into the other over 5 ms. */
#define LEAST 120
#define MOST 480
#define FADE 240

/* How alike the two have to be for nobody to hear it. */
#define ALIKE 0.8

static double
correlate (const gint16 *a,
           const gint16 *b)
{
  gint64 both = 0;
  gint64 power_a = 0;
  gint64 power_b = 0;

  for (gsize i = 0; i < FADE; i++)
    {
      both += (gint64) a[i] * b[i];
      power_a += (gint64) a[i] * a[i];
      power_b += (gint64) b[i] * b[i];
    }
  if (power_a == 0 || power_b == 0)
    return power_a == power_b ? 1.0 : 0.0;
  return (double) both / sqrt ((double) power_a * (double) power_b);
}

/**
 * alcove_sound_shorten:
 * @samples: sound of one channel at 48 kHz
 * @n_samples: how many there are; fewer than 7.5 ms are left alone
 * @anyhow: whether to shorten it even where that might be heard
 *
 * Leaves out whole periods of it, as many as are 10 ms at most, so that neither its pitch nor its
 * first and last sample change: waveform similarity overlap-add, as in Verhelst and Roelands, 1993.
 * Elements that do it for a whole stream keep tens of milliseconds back, which is the delay that is
 * to be got rid of.
 *
 * Returns: how many of @samples are left, the first ones; @n_samples if it has no period
 */
gsize
alcove_sound_shorten (gint16 *samples,
                      gsize n_samples,
                      gboolean anyhow)
{
  gsize best = 0;
  double most = anyhow ? -2.0 : ALIKE;

  for (gsize lag = LEAST; lag <= MOST && lag + FADE <= n_samples; lag++)
    {
      double alike = correlate (samples, samples + lag);

      if (alike >= most)
        {
          most = alike;
          best = lag;
        }
    }
  if (best == 0)
    return n_samples;

  for (gsize i = 0; i < FADE; i++)
    samples[i] = (gint16) ((samples[i] * (gint32) (FADE - i) + samples[i + best] * (gint32) i) / FADE);
  memmove (samples + FADE, samples + FADE + best, (n_samples - FADE - best) * sizeof (gint16));
  return n_samples - best;
}
