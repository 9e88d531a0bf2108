/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "alcove-room-private.h"
#include "room-fixture.h"

/* Somebody who has no room here comes. */
static AlcoveParticipant *
come (Fixture *self,
      const char *id,
      const char *name)
{
  alcove_signaller_emit_peer_joined (self->sides[0].signaller, id, name, TRUE);
  g_assert_nonnull (alcove_room_find (self->sides[0].room, id));
  return alcove_room_find (self->sides[0].room, id);
}

static void
go (Fixture *self,
    const char *id)
{
  alcove_signaller_emit_peer_left (self->sides[0].signaller, id);
  g_assert_null (alcove_room_find (self->sides[0].room, id));
}

static void
check (AlcoveParticipant *participant,
       double volume,
       gboolean muted_for_me)
{
  g_assert_cmpfloat (alcove_participant_get_volume (participant), ==, volume);
  g_assert_cmpint (alcove_participant_get_muted_for_me (participant), ==, muted_for_me);
}

/* Who comes back is as loud as they were to be, and nobody else is. */
static void
test_back (Fixture *self,
           gconstpointer data)
{
  AlcoveParticipant *participant;

  join (self, 1);
  participant = come (self, "x", "Mei");
  alcove_participant_set_volume (participant, 0.25);
  go (self, "x");
  check (come (self, "y", "Ada"), 1.0, FALSE);
  participant = come (self, "x", "Mei");
  check (participant, 0.25, FALSE);
  g_assert_cmpfloat (link_to (self, "x")->volume, ==, 0.25);

  alcove_participant_set_muted_for_me (participant, TRUE);
  go (self, "x");
  participant = come (self, "x", NULL);
  check (participant, 0.25, TRUE);
  g_assert_cmpfloat (link_to (self, "x")->volume, ==, 0.0);

  /* what was taken back is not kept */
  alcove_participant_set_volume (participant, 1.0);
  alcove_participant_set_muted_for_me (participant, FALSE);
  go (self, "x");
  check (come (self, "x", "Mei"), 1.0, FALSE);
  g_assert_cmpuint (self->sides[0].room->volumes.length, ==, 0);
}

/* A page that is loaded again has another id, and is known by its name where only one had it. */
static void
test_name (Fixture *self,
           gconstpointer data)
{
  join (self, 1);
  alcove_participant_set_muted_for_me (come (self, "1", "Mei"), TRUE);
  go (self, "1");
  check (come (self, "2", "Mei"), 1.0, TRUE);
  /* it is theirs: another one of that name is somebody else */
  check (come (self, "3", "Mei"), 1.0, FALSE);

  alcove_participant_set_volume (alcove_room_find (self->sides[0].room, "3"), 1.5);
  go (self, "2");
  go (self, "3");
  check (come (self, "4", "Mei"), 1.0, FALSE);
  check (come (self, "3", "Mei"), 1.5, FALSE);

  /* no name is not one that two have in common */
  alcove_participant_set_muted_for_me (come (self, "5", NULL), TRUE);
  go (self, "5");
  check (come (self, "6", NULL), 1.0, FALSE);
  check (come (self, "7", ""), 1.0, FALSE);
}

/* Whose name comes later is known then; who takes another one is not somebody else by that. */
static void
test_late_name (Fixture *self,
                gconstpointer data)
{
  AlcoveParticipant *participant;

  join (self, 1);
  alcove_participant_set_muted_for_me (come (self, "1", "Mei"), TRUE);
  go (self, "1");
  participant = come (self, "2", "Ada");
  alcove_signaller_emit_peer_joined (self->sides[0].signaller, "2", "Mei", TRUE);
  g_assert_cmpstr (alcove_participant_get_name (participant), ==, "Mei");
  check (participant, 1.0, FALSE);

  participant = come (self, "3", NULL);
  check (participant, 1.0, FALSE);
  alcove_signaller_emit_peer_joined (self->sides[0].signaller, "3", "Mei", TRUE);
  check (participant, 1.0, TRUE);
}

/* Of many, the last are known. */
static void
test_bound (Fixture *self,
            gconstpointer data)
{
  join (self, 1);
  for (guint i = 0; i < ALCOVE_ROOM_MAX_VOLUMES + 2; i++)
    {
      g_autofree char *id = g_strdup_printf ("guest-%u", i);

      alcove_participant_set_volume (come (self, id, NULL), 0.5);
      go (self, id);
    }
  g_assert_cmpuint (self->sides[0].room->volumes.length, ==, ALCOVE_ROOM_MAX_VOLUMES);
  check (come (self, "guest-1", NULL), 1.0, FALSE);
  check (come (self, "guest-2", NULL), 0.5, FALSE);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("volumes/back", test_back);
  ADD ("volumes/name", test_name);
  ADD ("volumes/late-name", test_late_name);
  ADD ("volumes/bound", test_bound);

  return g_test_run ();
}
