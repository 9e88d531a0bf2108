/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "alcove-inband.h"
#include "alcove-room-private.h"
#include "room-fixture.h"

/* Long enough for one round of telling, and for no two. */
#define ROUND ((double) ALCOVE_ROOM_PAIRS_EVERY / G_TIME_SPAN_SECOND)

static void
tell_all (Fixture *self,
          gboolean frames)
{
  advance (self, ROUND, frames);
  carry_texts (self, 3);
}

static void
tell (Fixture *self,
      const char *text)
{
  alcove_peer_link_emit_channel_text (ALCOVE_PEER_LINK (link_of (self, 0, 1)),
                                      ALCOVE_CHANNEL_ALCOVE, text);
}

static gboolean
knows (Fixture *self,
       guint by,
       guint viewer,
       guint whom,
       AlcovePair *pair)
{
  return alcove_room_get_pair (self->sides[by].room, viewer == by ? NULL : seen (self, by, viewer),
                               whom == by ? NULL : seen (self, by, whom), pair);
}

/* Everybody knows how everybody sees everybody, and what it costs them. */
static void
test_matrix (Fixture *self,
             gconstpointer data)
{
  AlcovePair pair;

  join (self, 3);
  connect_all (self, 3);
  open_channels (self, 3);
  link_of (self, 0, 1)->stats
      = (AlcoveLinkStats){ .fps_in = 29.7, .loss_in = 0.0214, .rtt_ms = 12.4 };
  link_of (self, 1, 0)->stats = (AlcoveLinkStats){ .fps_in = 15, .loss_in = -1, .rtt_ms = -1 };
  tell_all (self, TRUE);
  tell_all (self, TRUE);

  for (guint by = 0; by < 3; by++)
    {
      for (guint viewer = 0; viewer < 3; viewer++)
        for (guint whom = 0; whom < 3; whom++)
          g_assert_cmpint (knows (self, by, viewer, whom, &pair), ==, viewer != whom);

      g_assert_true (knows (self, by, 0, 1, &pair));
      g_assert_cmpint (pair.state, ==, ALCOVE_PAIR_LIVE);
      g_assert_cmpint (pair.fps, ==, 30);
      g_assert_cmpint (pair.loss, ==, 21);
      g_assert_cmpint (pair.rtt_ms, ==, 12);
      g_assert_cmpint (pair.frame_age_ms, >=, 0);
      g_assert_true (knows (self, by, 1, 0, &pair));
      g_assert_cmpint (pair.fps, ==, 15);
      g_assert_cmpint (pair.loss, ==, -1);
      g_assert_cmpint (pair.rtt_ms, ==, -1);
    }
}

/* One pair breaks, and the third, who sees both, is told which. */
static void
test_broken (Fixture *self,
             gconstpointer data)
{
  AlcovePair pair;

  join (self, 3);
  connect_all (self, 3);
  open_channels (self, 3);
  tell_all (self, TRUE);
  g_assert_true (knows (self, 2, 0, 1, &pair));
  g_assert_cmpint (pair.state, ==, ALCOVE_PAIR_LIVE);

  for (guint i = 0; i < 10; i++)
    {
      gint64 frozen = link_of (self, 0, 1)->frame_time;

      advance (self, 0.5, TRUE);
      link_of (self, 0, 1)->frame_time = frozen;
    }
  tell_all (self, FALSE);
  g_assert_true (knows (self, 2, 0, 1, &pair));
  g_assert_cmpint (pair.state, !=, ALCOVE_PAIR_LIVE);
  g_assert_cmpint (pair.frame_age_ms, >, 3000);
}

/* Nothing came of a connection: nobody is told that there is one. */
static void
test_unreachable (Fixture *self,
                  gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_FAILED, "broken");
  AlcovePair pair;

  join (self, 2);
  alcove_peer_link_emit_failed (ALCOVE_PEER_LINK (link_of (self, 1, 0)), error);
  g_assert_cmpint (alcove_participant_get_state (seen (self, 1, 0)), ==,
                   ALCOVE_PARTICIPANT_UNREACHABLE);
  g_assert_true (knows (self, 1, 1, 0, &pair));
  g_assert_cmpint (pair.state, ==, ALCOVE_PAIR_CONNECTING);
}

/* What a page sees is not known, and neither is what was told long ago. */
static void
test_unknown (Fixture *self,
              gconstpointer data)
{
  AlcovePair pair;

  join (self, 3);
  connect_all (self, 3);
  tell_all (self, TRUE);
  g_assert_true (knows (self, 0, 0, 1, &pair));
  g_assert_false (knows (self, 0, 1, 0, &pair));
  g_assert_false (knows (self, 0, 1, 2, &pair));
  g_assert_cmpint (pair.state, ==, ALCOVE_PAIR_UNKNOWN);
  g_assert_cmpint (pair.fps, ==, -1);

  open_channels (self, 3);
  tell_all (self, TRUE);
  tell_all (self, TRUE);
  g_assert_true (knows (self, 0, 1, 2, &pair));
  advance (self, (double) ALCOVE_ROOM_PAIRS_LAST / G_TIME_SPAN_SECOND + 1, TRUE);
  g_assert_false (knows (self, 0, 1, 2, &pair));
}

/* Nonsense changes nothing; a flood is read as little as what fits; nobody tells for others. */
static void
test_hostile (Fixture *self,
              gconstpointer data)
{
  Side *side = &self->sides[0];
  g_autoptr (GString) many = g_string_new ("{\"kind\":\"pairs\",\"pairs\":[{}");
  g_autofree char *stale = NULL;
  g_autofree char *live = NULL;
  guint n_problems;
  AlcovePair pair;

  join (self, 3);
  connect_all (self, 3);
  /* before they said who they are, they are asked nothing */
  live = g_strdup_printf ("{\"kind\":\"pairs\",\"pairs\":[{\"id\":\"%s\",\"state\":\"live\","
                          "\"fps\":1e300,\"age\":-5,\"loss\":\"much\",\"rtt\":3}]}",
                          id_of (self, 2));
  stale = g_strdup_printf ("{\"kind\":\"pairs\",\"pairs\":[{\"id\":\"%s\",\"state\":\"stale\"}]}",
                           id_of (self, 2));
  tell (self, live);
  g_assert_false (knows (self, 0, 1, 2, &pair));

  tell (self, "{\"kind\":\"hello\",\"version\":1}");
  tell (self, live);
  g_assert_true (knows (self, 0, 1, 2, &pair));
  g_assert_cmpint (pair.state, ==, ALCOVE_PAIR_LIVE);
  g_assert_cmpint (pair.fps, ==, -1);
  g_assert_cmpint (pair.frame_age_ms, ==, -1);
  g_assert_cmpint (pair.loss, ==, -1);
  g_assert_cmpint (pair.rtt_ms, ==, 3);
  /* what the second says is nothing that the third has said */
  g_assert_false (knows (self, 0, 2, 1, &pair));
  g_assert_false (knows (self, 0, 2, 0, &pair));

  n_problems = side->problems->len;
  tell (self, "{\"kind\":\"pairs\"}");
  tell (self, "{\"kind\":\"pairs\",\"pairs\":7}");
  for (guint i = 0; i < ALCOVE_PAIR_MAX; i++)
    g_string_append (many, ",{}");
  g_string_append (many, "]}");
  tell (self, many->str);
  g_assert_cmpuint (side->problems->len, ==, n_problems + 3);
  g_assert_true (knows (self, 0, 1, 2, &pair));

  for (guint i = 0; i < ALCOVE_ROOM_PAIRS_BURST; i++)
    tell (self, live);
  tell (self, stale);
  g_assert_true (knows (self, 0, 1, 2, &pair));
  g_assert_cmpint (pair.state, ==, ALCOVE_PAIR_LIVE);
  g_assert_cmpuint (side->problems->len, ==, n_problems + 3);
  advance (self, ROUND, TRUE);
  tell (self, stale);
  g_assert_true (knows (self, 0, 1, 2, &pair));
  g_assert_cmpint (pair.state, ==, ALCOVE_PAIR_STALE);

  /* a list of things that are no pairs is one of nobody */
  advance (self, ROUND, TRUE);
  tell (self, "{\"kind\":\"pairs\",\"pairs\":[1,null,[],{\"id\":\"\"},{\"id\":7},\"x\"]}");
  g_assert_false (knows (self, 0, 1, 2, &pair));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("pairs/matrix", test_matrix);
  ADD ("pairs/broken", test_broken);
  ADD ("pairs/unreachable", test_unreachable);
  ADD ("pairs/unknown", test_unknown);
  ADD ("pairs/hostile", test_hostile);
  return g_test_run ();
}
