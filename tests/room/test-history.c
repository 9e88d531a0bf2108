/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "alcove-room-private.h"
#include "room-fixture.h"

static AlcoveLinkHistory *
history_of (Fixture *self,
            guint by,
            guint whom)
{
  return alcove_participant_get_history (seen (self, by, whom));
}

/* Two see each other, and the first has measured it for a while. */
static void
keep_history_of_two (Fixture *self)
{
  alcove_room_set_keeps_history (self->sides[0].room, TRUE);
  join (self, 2);
  connect_all (self, 2);
  advance (self, 5, TRUE);
}

/* Each has a minute and no more, measured once a second and no oftener. */
static void
test_minute (Fixture *self,
             gconstpointer data)
{
  AlcoveLinkHistory *history;
  guint n;

  alcove_room_set_keeps_history (self->sides[0].room, TRUE);
  join (self, 3);
  history = history_of (self, 0, 1);
  advance (self, 3, FALSE);
  g_assert_cmpuint (alcove_link_history_get_n (history), >, 0);
  g_assert_cmpuint (alcove_link_history_get_n_known (history), ==, 0);
  g_assert_cmpuint (link_of (self, 0, 1)->n_measured, ==, 0);

  connect_all (self, 3);
  link_of (self, 0, 1)->stats.fps_in = 30;
  advance (self, 10, TRUE);
  link_of (self, 0, 1)->stats.fps_in = 7;
  advance (self, 10, TRUE);
  n = link_of (self, 0, 1)->n_measured;
  g_assert_cmpuint (n, >=, 18);
  g_assert_cmpuint (n, <=, 21);
  g_assert_cmpuint (alcove_link_history_get_n_known (history), ==, n);
  g_assert_cmpfloat (alcove_link_history_get (history, 0, NULL)->fps_in, ==, 7);
  g_assert_cmpfloat (alcove_link_history_get (history, n - 1, NULL)->fps_in, ==, 30);
  g_assert_cmpuint (alcove_link_history_get_n_known (history_of (self, 0, 2)), ==, n);

  advance (self, 2 * ALCOVE_LINK_HISTORY_LENGTH, TRUE);
  g_assert_cmpuint (alcove_link_history_get_n (history), ==, ALCOVE_LINK_HISTORY_LENGTH);
  g_assert_cmpfloat (alcove_link_history_get (history, ALCOVE_LINK_HISTORY_LENGTH - 1, NULL)->fps_in,
                     ==, 7);
}

/* What is to be seen of a picture that stands still is measured too. */
static void
test_stale (Fixture *self,
            gconstpointer data)
{
  AlcoveLinkHistory *history;

  keep_history_of_two (self);
  link_of (self, 0, 1)->stats.frame_age_ms = 4000;
  advance (self, 4, FALSE);
  g_assert_cmpint (alcove_participant_get_state (seen (self, 0, 1)), ==, ALCOVE_PARTICIPANT_STALE);
  history = history_of (self, 0, 1);
  g_assert_nonnull (alcove_link_history_get (history, 0, NULL));
  g_assert_cmpint (alcove_link_history_get (history, 0, NULL)->frame_age_ms, ==, 4000);
}

/* It goes with the participant. */
static void
test_left (Fixture *self,
           gconstpointer data)
{
  AlcoveLinkHistory *history;

  keep_history_of_two (self);
  history = history_of (self, 0, 1);
  g_object_add_weak_pointer (G_OBJECT (history), (gpointer *) &history);
  alcove_room_leave (self->sides[1].room);
  advance (self, 5, FALSE);
  settle (self);
  g_assert_null (history);
}

/* Where nobody can look at it, nobody asks for it. */
static void
test_none (Fixture *self,
           gconstpointer data)
{
  join (self, 2);
  connect_all (self, 2);
  advance (self, 20, TRUE);
  g_assert_cmpuint (link_of (self, 0, 1)->n_measured, <=, 6);
  g_assert_cmpuint (alcove_link_history_get_n (history_of (self, 0, 1)), ==, 0);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("history/minute", test_minute);
  ADD ("history/stale", test_stale);
  ADD ("history/left", test_left);
  ADD ("history/none", test_none);

  return g_test_run ();
}
