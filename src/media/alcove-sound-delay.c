/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-sound-delay"

#include "config.h"

#include "alcove-sound-delay.h"

/* What is on its way at once: over half a second of it, in pieces of 10 ms. */
#define MAX_PIECES 64

/* Times are rounded on their way through elements that count samples. */
#define ROUNDING GST_MSECOND

typedef struct {
  GstClockTime end;
  gint64 time;
} Piece;

struct _AlcoveSoundDelay {
  GMutex lock;
  Piece pieces[MAX_PIECES];
  guint64 n_pieces; /* so far */
  guint64 n_done; /* of those */
  guint64 packets;
  guint64 late;
};

static Piece *
get_piece (AlcoveSoundDelay *self,
           guint64 number)
{
  return &self->pieces[number % MAX_PIECES];
}

/**
 * alcove_sound_delay_new:
 *
 * Returns: (transfer full): a delay that has seen nothing
 */
AlcoveSoundDelay *
alcove_sound_delay_new (void)
{
  AlcoveSoundDelay *self = g_atomic_rc_box_new0 (AlcoveSoundDelay);

  g_mutex_init (&self->lock);
  return self;
}

/**
 * alcove_sound_delay_ref:
 * @self: a delay
 *
 * Returns: (transfer full): the same
 */
AlcoveSoundDelay *
alcove_sound_delay_ref (AlcoveSoundDelay *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
delay_clear (gpointer data)
{
  AlcoveSoundDelay *self = data;

  g_mutex_clear (&self->lock);
}

/**
 * alcove_sound_delay_unref:
 * @self: (transfer full): a delay
 */
void
alcove_sound_delay_unref (AlcoveSoundDelay *self)
{
  g_atomic_rc_box_release_full (self, delay_clear);
}

/**
 * alcove_sound_delay_add_piece:
 * @self: a delay
 * @end: running time at which the piece of sound ends
 * @time: monotonic, in microseconds: when it was captured
 */
void
alcove_sound_delay_add_piece (AlcoveSoundDelay *self,
                              GstClockTime end,
                              gint64 time)
{
  Piece *piece;

  g_mutex_lock (&self->lock);
  /* another source has begun: what was before tells nothing of it */
  if (self->n_done != self->n_pieces && end <= get_piece (self, self->n_pieces - 1)->end)
    self->n_done = self->n_pieces;
  if (self->n_pieces - self->n_done == MAX_PIECES)
    self->n_done++;
  piece = get_piece (self, self->n_pieces++);
  piece->end = end;
  piece->time = time;
  g_mutex_unlock (&self->lock);
}

/**
 * alcove_sound_delay_add_packet:
 * @self: a delay
 * @end: running time at which the sound in the packet ends
 * @time: monotonic, in microseconds: when it was ready
 *
 * Counts it, and counts it as late if all that it bears had come more than
 * %ALCOVE_SOUND_DELAY_LATE before. A packet that bears more than has come, as the last one before a
 * pause, is not counted.
 */
void
alcove_sound_delay_add_packet (AlcoveSoundDelay *self,
                               GstClockTime end,
                               gint64 time)
{
  g_mutex_lock (&self->lock);
  while (self->n_done != self->n_pieces && get_piece (self, self->n_done)->end + ROUNDING < end)
    self->n_done++;
  if (self->n_done != self->n_pieces)
    {
      self->packets++;
      if (time - get_piece (self, self->n_done)->time > ALCOVE_SOUND_DELAY_LATE)
        self->late++;
    }
  g_mutex_unlock (&self->lock);
}

/**
 * alcove_sound_delay_count:
 * @self: a delay
 * @packets: (out): that were ready so far
 * @late: (out): those of them that were late
 */
void
alcove_sound_delay_count (AlcoveSoundDelay *self,
                          guint64 *packets,
                          guint64 *late)
{
  g_mutex_lock (&self->lock);
  *packets = self->packets;
  *late = self->late;
  g_mutex_unlock (&self->lock);
}
