/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-sound-meter"

#include "config.h"

#include "alcove-sound-meter.h"

#include <math.h>

/* Root mean squares of S16 samples: about -42 dB and -48 dB of full scale. The gap between
 * the two and the hold keep the mark from flickering between syllables. */
#define LOUD 260.0
#define QUIET 130.0
#define HOLD_SAMPLES (ALCOVE_SOUND_METER_RATE * 3 / 10)

#define BLOCK_SAMPLES (ALCOVE_SOUND_METER_RATE / ALCOVE_SOUND_METER_BLOCKS)

/* A sign counts only beyond this, so that noise around zero is no tone. */
#define CROSSING_MARGIN 64

/**
 * alcove_sound_meter_add:
 * @self: a meter
 * @samples: mono samples at %ALCOVE_SOUND_METER_RATE
 * @n_samples: how many
 */
void
alcove_sound_meter_add (AlcoveSoundMeter *self,
                        const gint16 *samples,
                        gsize n_samples)
{
  guint64 energy = 0;
  double level;

  if (n_samples == 0)
    return;

  for (gsize i = 0; i < n_samples; i++)
    {
      int sample = samples[i];
      guint64 square = (guint64) (sample * (gint64) sample);

      energy += square;
      self->block_energy += square;
      if (self->above && sample < -CROSSING_MARGIN)
        self->above = FALSE;
      else if (!self->above && sample > CROSSING_MARGIN)
        {
          self->above = TRUE;
          self->block_crossings++;
        }

      if (++self->block_samples == BLOCK_SAMPLES)
        {
          guint index = self->n_blocks % ALCOVE_SOUND_METER_BLOCKS;

          self->crossings[index] = self->block_crossings;
          self->energies[index] = (double) self->block_energy / BLOCK_SAMPLES;
          self->n_blocks++;
          self->block_samples = 0;
          self->block_crossings = 0;
          self->block_energy = 0;
        }
    }

  level = sqrt ((double) energy / (double) n_samples);
  if (level >= LOUD)
    {
      self->speaking = TRUE;
      self->quiet_samples = 0;
    }
  else if (level >= QUIET)
    self->quiet_samples = 0;
  else
    {
      self->quiet_samples += n_samples;
      if (self->quiet_samples >= HOLD_SAMPLES)
        self->speaking = FALSE;
    }
}

/**
 * alcove_sound_meter_get_tone:
 * @self: a meter
 *
 * Counts how often the sound rose through zero in the last second.
 *
 * Returns: the pitch in Hz, 0 in silence or before the first second is over
 */
double
alcove_sound_meter_get_tone (const AlcoveSoundMeter *self)
{
  double energy = 0.0;
  guint crossings = 0;

  if (self->n_blocks < ALCOVE_SOUND_METER_BLOCKS)
    return 0.0;

  for (guint i = 0; i < ALCOVE_SOUND_METER_BLOCKS; i++)
    {
      energy += self->energies[i];
      crossings += self->crossings[i];
    }

  if (sqrt (energy / ALCOVE_SOUND_METER_BLOCKS) < QUIET)
    return 0.0;

  return (double) crossings;
}
