/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "alcove-sound-shorten.h"

#define RATE 48000
#define N 960
#define LOUD 16000.0

typedef double (*Wave) (gsize i);

static double
tone (gsize i)
{
  return sin (2.0 * G_PI * 1000.0 * (double) i / RATE);
}

/* As a voice: 110 Hz, and what it consists of beside that. */
static double
voice (gsize i)
{
  double sum = 0.0;

  for (int k = 1; k <= 8; k++)
    sum += sin (2.0 * G_PI * 110.0 * k * (double) i / RATE + k) / k;
  return sum / 3.0;
}

static void
fill (gint16 *samples,
      gsize n,
      Wave wave)
{
  for (gsize i = 0; i < n; i++)
    samples[i] = (gint16) (LOUD * wave (i));
}

static int
get_largest_jump (const gint16 *samples,
                  gsize n)
{
  int largest = 0;

  for (gsize i = 1; i < n; i++)
    largest = MAX (largest, ABS (samples[i] - samples[i - 1]));
  return largest;
}

/* Whole periods are gone, and what is left runs on as it did before, after it too. */
static void
check_wave (Wave wave,
            double period,
            double tolerance)
{
  gint16 before[N];
  gint16 after[N];
  gsize left;
  double periods;

  fill (before, N, wave);
  memcpy (after, before, sizeof before);
  left = alcove_sound_shorten (after, N, FALSE);
  g_assert_cmpuint (left, <, N - 120);
  g_assert_cmpuint (left, >=, N - 480);
  periods = (double) (N - left) / period;
  g_assert_cmpfloat_with_epsilon (periods, round (periods), tolerance);

  g_assert_cmpint (after[0], ==, before[0]);
  g_assert_cmpint (after[left - 1], ==, before[N - 1]);
  g_assert_cmpint (get_largest_jump (after, left), <=, get_largest_jump (before, N) * 11 / 10);
  for (gsize i = 0; i < left; i++)
    g_assert_cmpint (ABS (after[i] - before[i]), <=, (int) (LOUD * 0.15));
}

static void
test_tone (void)
{
  check_wave (tone, RATE / 1000.0, 0.01);
}

static void
test_voice (void)
{
  check_wave (voice, RATE / 110.0, 0.02);
}

/* Nothing in noise is like anything else: that is only shortened where it has to be. */
static void
test_noise (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  gint16 before[N];
  gint16 after[N];
  gsize left;

  for (gsize i = 0; i < N; i++)
    before[i] = (gint16) g_rand_int_range (random, -10000, 10001);
  memcpy (after, before, sizeof before);
  g_assert_cmpuint (alcove_sound_shorten (after, N, FALSE), ==, N);
  g_assert_cmpmem (before, sizeof before, after, sizeof after);

  left = alcove_sound_shorten (after, N, TRUE);
  g_assert_cmpuint (left, <, N);
  g_assert_cmpint (after[0], ==, before[0]);
  g_assert_cmpint (after[left - 1], ==, before[N - 1]);
}

static void
test_short (void)
{
  gint16 samples[N];

  for (gsize n = 0; n < N; n++)
    {
      gsize left;

      fill (samples, n, tone);
      left = alcove_sound_shorten (samples, n, TRUE);
      g_assert_cmpuint (left, <=, n);
      if (n < 360)
        g_assert_cmpuint (left, ==, n);
      else
        g_assert_cmpuint (left, >=, 240);
    }
}

/* The loudest there is does not turn over. */
static void
test_loudest (void)
{
  gint16 samples[N];
  gsize left;

  for (gsize i = 0; i < N; i++)
    samples[i] = i / 100 % 2 == 0 ? G_MAXINT16 : G_MININT16;
  left = alcove_sound_shorten (samples, N, TRUE);
  g_assert_cmpuint (left, <, N);
  g_assert_cmpint (samples[0], ==, G_MAXINT16);
  for (gsize i = 0; i < 100; i++)
    g_assert_cmpint (samples[i], >, 0);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/media/sound-shorten/tone", test_tone);
  g_test_add_func ("/media/sound-shorten/voice", test_voice);
  g_test_add_func ("/media/sound-shorten/noise", test_noise);
  g_test_add_func ("/media/sound-shorten/short", test_short);
  g_test_add_func ("/media/sound-shorten/loudest", test_loudest);

  return g_test_run ();
}
