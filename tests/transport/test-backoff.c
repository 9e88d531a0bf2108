/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "alcove-backoff.h"

static double
give (gpointer data)
{
  return *(double *) data;
}

static void
test_doubles (void)
{
  static const guint expected[] = { 1000, 2000, 4000, 8000, 16000, 20000, 20000 };
  double random = 0.0;
  g_autoptr (AlcoveBackoff) backoff
      = alcove_backoff_new (ALCOVE_BACKOFF_MIN_MS, ALCOVE_BACKOFF_MAX_MS, give, &random);

  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpuint (alcove_backoff_next (backoff), ==, expected[i]);

  alcove_backoff_reset (backoff);
  g_assert_cmpuint (alcove_backoff_next (backoff), ==, 1000);
}

static void
test_jitter (void)
{
  static const guint expected[] = { 1500, 3000, 6000, 12000, 24000, 30000, 30000 };
  double random = 1.0;
  g_autoptr (AlcoveBackoff) backoff
      = alcove_backoff_new (ALCOVE_BACKOFF_MIN_MS, ALCOVE_BACKOFF_MAX_MS, give, &random);

  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpuint (alcove_backoff_next (backoff), ==, expected[i]);

  alcove_backoff_reset (backoff);
  random = 0.5;
  g_assert_cmpuint (alcove_backoff_next (backoff), ==, 1250);
}

static void
test_bounds (void)
{
  static const guint pairs[][2] = { { 1, 1 }, { 10, 12 }, { 1000, 30000 }, { 1, G_MAXUINT } };

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autoptr (AlcoveBackoff) backoff
          = alcove_backoff_new (pairs[i][0], pairs[i][1], NULL, NULL);

      for (guint n = 0; n < 100; n++)
        {
          guint wait = alcove_backoff_next (backoff);

          g_assert_cmpuint (wait, >=, pairs[i][0]);
          g_assert_cmpuint (wait, <=, pairs[i][1]);
        }
    }
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/backoff/doubles", test_doubles);
  g_test_add_func ("/backoff/jitter", test_jitter);
  g_test_add_func ("/backoff/bounds", test_bounds);
  return g_test_run ();
}
