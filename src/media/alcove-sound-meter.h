/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ALCOVE_SOUND_METER_RATE 48000
#define ALCOVE_SOUND_METER_BLOCKS 10

/**
 * AlcoveSoundMeter:
 *
 * Tells from mono S16 samples at 48 kHz whether somebody speaks and how high the sound is.
 * Plain data, to be zeroed before use; belongs to one thread.
 */
typedef struct {
  gboolean speaking;
  guint64 quiet_samples;

  gboolean above;
  guint block_samples;
  guint block_crossings;
  guint64 block_energy;
  guint crossings[ALCOVE_SOUND_METER_BLOCKS];
  double energies[ALCOVE_SOUND_METER_BLOCKS];
  guint n_blocks;
} AlcoveSoundMeter;

void   alcove_sound_meter_add      (AlcoveSoundMeter       *self,
                                    const gint16           *samples,
                                    gsize                   n_samples);
double alcove_sound_meter_get_tone (const AlcoveSoundMeter *self);

G_END_DECLS
