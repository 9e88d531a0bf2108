/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "alcove-liveness.h"

#define SECOND G_TIME_SPAN_SECOND
#define START (1000 * SECOND)

static void
test_judge (void)
{
  static const struct {
    gboolean expect_frames;
    double frame, bytes, heartbeat; /* seconds before now; -1 for never */
    AlcoveVerdict verdict;
    gboolean repair;
  } cases[] = {
    /* With pictures decoded, their age is all that counts. */
    { TRUE, 0, 0, -1, ALCOVE_VERDICT_LIVE, FALSE },
    { TRUE, 3, 0, -1, ALCOVE_VERDICT_LIVE, FALSE },
    { TRUE, 3.1, 0, -1, ALCOVE_VERDICT_STALE, FALSE },
    { TRUE, 60, 0, -1, ALCOVE_VERDICT_STALE, FALSE },
    { TRUE, 60, 5.9, -1, ALCOVE_VERDICT_STALE, FALSE },
    { TRUE, 60, 6, -1, ALCOVE_VERDICT_STALE, TRUE },
    { TRUE, 8.9, 8.9, -1, ALCOVE_VERDICT_STALE, FALSE },
    { TRUE, 9, 9, -1, ALCOVE_VERDICT_STALE, TRUE },
    /* A page that sends nothing is left in peace, unless it once did. */
    { TRUE, -1, -1, -1, ALCOVE_VERDICT_UNTRIED, FALSE },
    { TRUE, -1, 7, -1, ALCOVE_VERDICT_UNTRIED, TRUE },
    { TRUE, -1, -1, 7, ALCOVE_VERDICT_UNTRIED, TRUE },
    { TRUE, -1, 0, 15.1, ALCOVE_VERDICT_UNTRIED, TRUE },
    /* Without, bytes and heartbeats do. */
    { FALSE, -1, 0, -1, ALCOVE_VERDICT_LIVE, FALSE },
    { FALSE, -1, 6, -1, ALCOVE_VERDICT_LIVE, TRUE },
    { FALSE, -1, 6.1, -1, ALCOVE_VERDICT_STALE, TRUE },
    { FALSE, -1, 60, 2, ALCOVE_VERDICT_LIVE, FALSE },
    { FALSE, -1, 60, 14, ALCOVE_VERDICT_STALE, FALSE },
    { FALSE, -1, 60, 15.1, ALCOVE_VERDICT_STALE, TRUE },
    { FALSE, -1, -1, -1, ALCOVE_VERDICT_LIVE, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const gint64 now = START + 100 * SECOND;
      gint64 age = -1;
      AlcoveLiveness liveness = {
        .expect_frames = cases[i].expect_frames,
        .connected_at = START,
        .bytes_at = START,
      };

      if (cases[i].frame >= 0)
        liveness.frame_at = now - (gint64) (cases[i].frame * SECOND);
      if (cases[i].heartbeat >= 0)
        liveness.heartbeat_at = now - (gint64) (cases[i].heartbeat * SECOND);
      if (cases[i].bytes >= 0)
        {
          liveness.bytes = 1000;
          liveness.bytes_at = now - (gint64) (cases[i].bytes * SECOND);
        }

      g_test_message ("case %u", i);
      g_assert_cmpint (alcove_liveness_judge (&liveness, now, &age), ==, cases[i].verdict);
      g_assert_cmpint (age, >=, 0);
      g_assert_cmpint (alcove_liveness_needs_repair (&liveness, now), ==, cases[i].repair);
    }
}

static void
test_back_off (void)
{
  static const guint seconds[] = { 2, 4, 8, 16, 30, 30 };

  for (guint i = 0; i < G_N_ELEMENTS (seconds); i++)
    g_assert_cmpint (alcove_liveness_back_off (i, FALSE), ==, seconds[i] * SECOND);
  g_assert_cmpint (alcove_liveness_back_off (0, TRUE), ==, 0);
  g_assert_cmpint (alcove_liveness_back_off (1, TRUE), ==, 4 * SECOND);
  g_assert_cmpint (alcove_liveness_back_off (G_MAXUINT, FALSE), ==, 30 * SECOND);
}

/* Who has only a data channel may be silent for hours. */
static void
test_data_only (void)
{
  static const struct {
    double heartbeat, closed; /* seconds before now; -1 for never */
    AlcoveVerdict verdict;
    gboolean repair;
  } cases[] = {
    { -1, -1, ALCOVE_VERDICT_LIVE, FALSE },
    { -1, 3, ALCOVE_VERDICT_LIVE, FALSE },
    { -1, 3.1, ALCOVE_VERDICT_STALE, FALSE },
    { -1, 6, ALCOVE_VERDICT_STALE, TRUE },
    { 6, -1, ALCOVE_VERDICT_LIVE, FALSE },
    { 6.1, -1, ALCOVE_VERDICT_STALE, FALSE },
    { 15.1, -1, ALCOVE_VERDICT_STALE, TRUE },
    { 1, 6, ALCOVE_VERDICT_STALE, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gboolean expect_frames = FALSE; expect_frames <= TRUE; expect_frames++)
      {
        const gint64 now = START + 100 * SECOND;
        AlcoveLiveness liveness = {
          .expect_frames = expect_frames,
          .data_only = TRUE,
          .connected_at = START,
          .bytes_at = START + SECOND,
          .bytes = 40,
        };

        if (cases[i].heartbeat >= 0)
          liveness.heartbeat_at = now - (gint64) (cases[i].heartbeat * SECOND);
        if (cases[i].closed >= 0)
          liveness.closed_at = now - (gint64) (cases[i].closed * SECOND);
        g_assert_cmpint (alcove_liveness_judge (&liveness, now, NULL), ==, cases[i].verdict);
        g_assert_cmpint (alcove_liveness_needs_repair (&liveness, now), ==, cases[i].repair);
      }
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/room/liveness/judge", test_judge);
  g_test_add_func ("/room/liveness/data-only", test_data_only);
  g_test_add_func ("/room/liveness/back-off", test_back_off);
  return g_test_run ();
}
