/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "alcove-participant-private.h"
#include "alcove-room-private.h"
#include "room-fixture.h"

static void
test_early_candidates (Fixture *self,
                       gconstpointer data)
{
  FakeLink *link;

  join (self, 1);
  alcove_signaller_emit_peer_joined (self->sides[0].signaller, "x", NULL, FALSE);
  for (guint i = 0; i < ALCOVE_PEER_MAX_EARLY_CANDIDATES + 3; i++)
    alcove_signaller_emit_candidate (self->sides[0].signaller, "x", "0", 0, "candidate:1");
  /* told once, however many there are */
  g_assert_cmpuint (self->sides[0].problems->len, ==, 1);
  g_assert_true (had_problem (&self->sides[0], ALCOVE_ERROR_TOO_MANY));

  g_autofree char *sdp = fake_sdp ("7");

  alcove_signaller_emit_description (self->sides[0].signaller, "x", ALCOVE_DESCRIPTION_OFFER, sdp);
  link = FAKE_LINK (alcove_participant_get_link (alcove_room_find (self->sides[0].room, "x")));
  g_assert_false (link->candidate_too_early);
  g_assert_cmpuint (link->n_candidates, ==, ALCOVE_PEER_MAX_EARLY_CANDIDATES);
}

/* Between a fresh offer and the link it replaces, only the ufrag sets candidates apart. */
static void
test_overtaking_candidates (Fixture *self,
                            gconstpointer data)
{
  AlcoveSignaller *signaller = self->sides[0].signaller;
  g_autofree char *first = fake_sdp ("7");
  g_autofree char *second = fake_sdp ("8");

  join (self, 1);
  alcove_signaller_emit_peer_joined (signaller, "x", NULL, FALSE);
  alcove_signaller_emit_candidate (signaller, "x", "0", 0, "candidate:1 ufrag u7 x y");
  alcove_signaller_emit_candidate (signaller, "x", "0", 0, "candidate:1 ufrag u6");
  alcove_signaller_emit_candidate (signaller, "x", "0", 0, "candidate:1");
  alcove_signaller_emit_description (signaller, "x", ALCOVE_DESCRIPTION_OFFER, first);
  g_assert_cmpuint (link_to (self, "x")->n_candidates, ==, 2);

  alcove_signaller_emit_candidate (signaller, "x", "0", 0, "candidate:1 ufrag u7");
  alcove_signaller_emit_candidate (signaller, "x", "0", 0, "candidate:1 ufrag ");
  g_assert_cmpuint (link_to (self, "x")->n_candidates, ==, 4);
  alcove_signaller_emit_candidate (signaller, "x", "0", 0, "candidate:1 ufrag u8");
  alcove_signaller_emit_candidate (signaller, "x", "0", 0, "candidate:1 ufrag u9");
  g_assert_cmpuint (link_to (self, "x")->n_candidates, ==, 4);
  alcove_signaller_emit_description (signaller, "x", ALCOVE_DESCRIPTION_OFFER, second);
  g_assert_cmpuint (link_to (self, "x")->n_candidates, ==, 1);
  alcove_signaller_emit_candidate (signaller, "x", "0", 0, "candidate:1 ufrag u7");
  g_assert_cmpuint (link_to (self, "x")->n_candidates, ==, 1);
  g_assert_cmpuint (self->sides[0].problems->len, ==, 0);
}

static void
test_strangers (Fixture *self,
                gconstpointer data)
{
  AlcoveSignaller *signaller = self->sides[0].signaller;
  g_autofree char *sdp = fake_sdp ("7");
  FakeLink *link;

  join (self, 2);
  connect_all (self, 2);
  link = link_of (self, 0, 1);

  alcove_signaller_emit_description (signaller, "nobody", ALCOVE_DESCRIPTION_OFFER, sdp);
  g_assert_true (had_problem (&self->sides[0], ALCOVE_ERROR_UNKNOWN_PEER));
  alcove_signaller_emit_candidate (signaller, "nobody", NULL, -1, "candidate:1");
  alcove_signaller_emit_peer_left (signaller, "nobody");
  alcove_signaller_emit_hung_up (signaller, "nobody");
  g_assert_cmpuint (self->sides[0].problems->len, ==, 2);

  alcove_signaller_emit_description (signaller, id_of (self, 1), ALCOVE_DESCRIPTION_ANSWER, sdp);
  g_assert_true (had_problem (&self->sides[0], ALCOVE_ERROR_UNEXPECTED));
  alcove_signaller_emit_description (signaller, id_of (self, 1), ALCOVE_DESCRIPTION_OFFER, "boo");
  g_assert_true (had_problem (&self->sides[0], ALCOVE_ERROR_SDP_INVALID));
  alcove_signaller_emit_description (signaller, id_of (self, 1), ALCOVE_DESCRIPTION_OFFER,
                                     "v=0\no=- 8 2 IN IP4 0.0.0.0\nm=audio 9 X 1\n");
  g_assert_true (had_problem (&self->sides[0], ALCOVE_ERROR_SDP_NO_FINGERPRINT));

  /* The pair went on undisturbed. */
  g_assert_true (link == link_of (self, 0, 1));
  g_assert_false (link->closed);
  g_assert_cmpint (alcove_participant_get_state (seen (self, 0, 1)), ==, ALCOVE_PARTICIPANT_LIVE);

  /* Announced twice: a reminder. */
  alcove_signaller_emit_peer_joined (signaller, id_of (self, 1), NULL, FALSE);
  alcove_signaller_emit_peer_joined (signaller, id_of (self, 1), NULL, TRUE);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (self->sides[0].room)), ==, 1);
  g_assert_true (link == link_of (self, 0, 1));
}

static void
test_new_session_replaces (Fixture *self,
                           gconstpointer data)
{
  g_autoptr (FakeLink) link = NULL;
  g_autofree char *same = NULL;
  g_autofree char *other = fake_sdp ("999");

  join (self, 2);
  connect_all (self, 2);
  link = g_object_ref (link_of (self, 0, 1));
  same = g_strdup_printf ("%u", link_of (self, 1, 0)->serial);

  g_autofree char *renegotiation = fake_sdp (same);

  alcove_signaller_emit_description (self->sides[0].signaller, id_of (self, 1),
                                     ALCOVE_DESCRIPTION_OFFER, renegotiation);
  g_assert_true (link == link_of (self, 0, 1));
  g_assert_cmpuint (link->n_remotes, ==, 2);

  alcove_signaller_emit_description (self->sides[0].signaller, id_of (self, 1),
                                     ALCOVE_DESCRIPTION_OFFER, other);
  g_assert_true (link->closed);
  g_assert_true (link != link_of (self, 0, 1));
  g_assert_cmpuint (link_of (self, 0, 1)->n_remotes, ==, 1);
  g_assert_cmpint (alcove_participant_get_state (seen (self, 0, 1)), ==,
                   ALCOVE_PARTICIPANT_REPAIRING);
  settle (self);
}

static void
test_crossed_offers (Fixture *self,
                     gconstpointer data)
{
  g_autofree char *sdp = fake_sdp ("5");
  FakeLink *link;
  AlcoveSignaller *signaller = self->sides[0].signaller;

  join (self, 1);
  alcove_signaller_emit_peer_joined (signaller, "x", NULL, TRUE);
  link = FAKE_LINK (alcove_participant_get_link (alcove_room_find (self->sides[0].room, "x")));
  g_assert_true (link->offered);
  alcove_signaller_emit_description (signaller, "x", ALCOVE_DESCRIPTION_OFFER, sdp);
  g_assert_true (had_problem (&self->sides[0], ALCOVE_ERROR_UNEXPECTED));
  g_assert_cmpuint (self->sides[0].factory->n_made, ==, 1);

  /* The side that is not to offer gives way, also after its last resort. */
  alcove_signaller_emit_peer_joined (signaller, "y", NULL, FALSE);
  g_assert_cmpuint (self->sides[0].factory->n_made, ==, 1);
  alcove_signaller_emit_peer_left (signaller, "x");
  advance (self, 33, FALSE);
  g_assert_cmpuint (self->sides[0].factory->n_made, ==, 2);
  link = FAKE_LINK (alcove_participant_get_link (alcove_room_find (self->sides[0].room, "y")));
  g_assert_true (link->offered);
  alcove_signaller_emit_description (signaller, "y", ALCOVE_DESCRIPTION_OFFER, sdp);
  link = FAKE_LINK (alcove_participant_get_link (alcove_room_find (self->sides[0].room, "y")));
  g_assert_false (link->offered);
  g_assert_cmpuint (link->n_remotes, ==, 1);
}

/* A start that waits its turn survives an offer that is none. */
static void
test_bad_offer_first (Fixture *self,
                      gconstpointer data)
{
  AlcoveSignaller *signaller = self->sides[0].signaller;

  join (self, 1);
  for (guint i = 0; i <= ALCOVE_ROOM_MAX_NEGOTIATIONS; i++)
    {
      g_autofree char *id = g_strdup_printf ("x%u", i);

      alcove_signaller_emit_peer_joined (signaller, id, NULL, TRUE);
    }
  alcove_signaller_emit_description (signaller, "x8", ALCOVE_DESCRIPTION_OFFER, "boo");
  g_assert_null (link_to (self, "x8"));
  alcove_signaller_emit_peer_left (signaller, "x0");
  g_assert_true (link_to (self, "x8")->offered);
}

static void
count_cb (guint *count)
{
  (*count)++;
}

/* A path is looked for once both descriptions and one candidate are there, whichever comes last;
 * told once for each link. */
static void
test_checking (Fixture *self,
               gconstpointer data)
{
  AlcoveSignaller *signaller = self->sides[0].signaller;
  g_autofree char *first = fake_sdp ("7");
  g_autofree char *second = fake_sdp ("8");
  g_autofree char *last = fake_sdp ("9");
  g_autofree char *third = NULL;
  guint count = 0;

  join (self, 1);
  g_signal_connect_swapped (self->sides[0].room, "checking", G_CALLBACK (count_cb), &count);
  alcove_signaller_emit_peer_joined (signaller, "x", NULL, FALSE);
  alcove_signaller_emit_candidate (signaller, "x", "0", 0, "candidate:1 ufrag u7");
  g_assert_cmpuint (count, ==, 0);
  alcove_signaller_emit_description (signaller, "x", ALCOVE_DESCRIPTION_OFFER, first);
  g_assert_cmpuint (count, ==, 1);
  alcove_signaller_emit_candidate (signaller, "x", "0", 0, "candidate:1 ufrag u7");
  g_assert_cmpuint (count, ==, 1);

  alcove_signaller_emit_description (signaller, "x", ALCOVE_DESCRIPTION_OFFER, second);
  g_assert_cmpuint (count, ==, 1);
  alcove_signaller_emit_candidate (signaller, "x", "0", 0, "candidate:1 ufrag u8");
  g_assert_cmpuint (count, ==, 2);

  /* or the description brings them with it */
  third = g_strdup_printf ("%sa=candidate:1 1 UDP 1 127.0.0.1 9 typ host\r\n", last);
  alcove_signaller_emit_description (signaller, "x", ALCOVE_DESCRIPTION_OFFER, third);
  g_assert_cmpuint (count, ==, 3);
  g_signal_handlers_disconnect_by_data (self->sides[0].room, &count);
}

static void
test_candidate_flood (Fixture *self,
                      gconstpointer data)
{
  g_autofree char *sdp = fake_sdp ("7");

  join (self, 1);
  alcove_signaller_emit_peer_joined (self->sides[0].signaller, "x", NULL, FALSE);
  alcove_signaller_emit_description (self->sides[0].signaller, "x", ALCOVE_DESCRIPTION_OFFER, sdp);
  for (guint i = 0; i < ALCOVE_PEER_MAX_CANDIDATES + 10; i++)
    alcove_signaller_emit_candidate (self->sides[0].signaller, "x", "0", 0, "candidate:1");
  g_assert_cmpuint (link_to (self, "x")->n_candidates, ==, ALCOVE_PEER_MAX_CANDIDATES);
  g_assert_cmpuint (self->sides[0].problems->len, ==, 1);
}

/* Calls of a dispatcher add its media to a connection that is there anyway. */
static AlcoveSignallerFeatures
use_one_way_calls (Fixture *self)
{
  AlcoveSignallerClass *klass = ALCOVE_SIGNALLER_GET_CLASS (self->sides[0].signaller);
  AlcoveSignallerFeatures before = klass->features;

  klass->features |= ALCOVE_SIGNALLER_ONE_WAY_CALLS | ALCOVE_SIGNALLER_CALLS;
  return before;
}

static void
test_called_guest (Fixture *self,
                   gconstpointer data)
{
  AlcoveSignaller *signaller = self->sides[0].signaller;
  AlcoveSignallerFeatures before = use_one_way_calls (self);
  g_autofree char *answer = fake_sdp ("7");
  g_autofree char *later = fake_sdp ("7");
  g_autofree char *other = fake_sdp ("8");
  g_autofree char *third = fake_sdp ("9");
  g_autoptr (FakeLink) link = NULL;
  AlcoveParticipant *root;

  join (self, 1);
  alcove_signaller_emit_peer_joined (signaller, "x", NULL, TRUE);
  link = g_object_ref (link_to (self, "x"));
  alcove_signaller_emit_description (signaller, "x", ALCOVE_DESCRIPTION_ANSWER, answer);
  alcove_peer_link_emit_connected (ALCOVE_PEER_LINK (link));
  root = alcove_room_find (self->sides[0].room, "x");
  g_assert_false (link->silent);
  g_assert_true (link->deaf);
  g_assert_true (alcove_participant_get_resting (root));
  g_assert_false (alcove_participant_get_in_call (root));

  /* nothing comes, and nothing is missed */
  link->bytes = 100;
  advance (self, 60, FALSE);
  g_assert_true (link == link_to (self, "x"));
  g_assert_cmpint (alcove_participant_get_state (root), ==, ALCOVE_PARTICIPANT_LIVE);

  /* their offer stays open, and ours waits for the end of the call */
  alcove_signaller_emit_called (signaller, "x", NULL);
  g_assert_cmpuint (count_events (&self->sides[0], "called"), ==, 1);
  g_assert_false (alcove_participant_get_resting (root));
  g_assert_false (link->deaf);
  alcove_signaller_emit_offer_wanted (signaller, "x");
  g_assert_cmpuint (link->n_offers, ==, 1);
  alcove_signaller_emit_hung_up (signaller, "x");
  g_assert_cmpuint (count_events (&self->sides[0], "hung-up"), ==, 1);
  g_assert_true (alcove_participant_get_resting (root));
  g_assert_true (link->deaf);
  g_assert_false (link->closed);
  g_assert_cmpuint (link->n_offers, ==, 2);
  alcove_signaller_emit_description (signaller, "x", ALCOVE_DESCRIPTION_ANSWER, later);
  g_assert_cmpuint (link->n_remotes, ==, 2);
  alcove_signaller_emit_called (signaller, "x", NULL);
  g_assert_false (link->deaf);
  alcove_signaller_emit_hung_up (signaller, "x");
  g_assert_cmpuint (link->n_offers, ==, 2);

  /* one that comes outside a call is closed at once */
  alcove_signaller_emit_offer_wanted (signaller, "x");
  g_assert_cmpuint (link->n_offers, ==, 3);
  alcove_signaller_emit_description (signaller, "x", ALCOVE_DESCRIPTION_ANSWER, later);
  g_assert_cmpuint (link->n_remotes, ==, 3);
  alcove_signaller_emit_called (signaller, "x", NULL);
  g_assert_true (link == link_to (self, "x"));
  g_assert_cmpuint (self->sides[0].problems->len, ==, 0);

  /* what is made anew is as the call is */
  alcove_signaller_emit_description (signaller, "x", ALCOVE_DESCRIPTION_OFFER, other);
  g_assert_true (link != link_to (self, "x"));
  g_assert_false (link_to (self, "x")->deaf);
  alcove_signaller_emit_hung_up (signaller, "x");
  alcove_signaller_emit_description (signaller, "x", ALCOVE_DESCRIPTION_OFFER, third);
  g_assert_true (link_to (self, "x")->deaf);

  ALCOVE_SIGNALLER_GET_CLASS (signaller)->features = before;
}

/* Nothing can be renewed before it is there, and what is made anew needs no renewal. */
static void
test_early_offer_wanted (Fixture *self,
                         gconstpointer data)
{
  AlcoveSignaller *signaller = self->sides[0].signaller;
  AlcoveSignallerFeatures before = use_one_way_calls (self);
  g_autofree char *answer = fake_sdp ("7");
  g_autofree char *later = fake_sdp ("7");
  g_autofree char *other = fake_sdp ("8");
  FakeLink *link;

  join (self, 1);
  alcove_signaller_emit_peer_joined (signaller, "x", NULL, TRUE);
  link = link_to (self, "x");
  alcove_signaller_emit_description (signaller, "x", ALCOVE_DESCRIPTION_ANSWER, answer);
  alcove_signaller_emit_offer_wanted (signaller, "x");
  g_assert_cmpuint (link->n_offers, ==, 1);
  alcove_peer_link_emit_connected (ALCOVE_PEER_LINK (link));
  g_assert_cmpuint (link->n_offers, ==, 2);
  alcove_signaller_emit_description (signaller, "x", ALCOVE_DESCRIPTION_ANSWER, later);

  alcove_signaller_emit_called (signaller, "x", NULL);
  alcove_signaller_emit_offer_wanted (signaller, "x");
  alcove_signaller_emit_description (signaller, "x", ALCOVE_DESCRIPTION_OFFER, other);
  link = link_to (self, "x");
  alcove_peer_link_emit_connected (ALCOVE_PEER_LINK (link));
  alcove_signaller_emit_hung_up (signaller, "x");
  g_assert_cmpuint (link->n_offers, ==, 0);
  g_assert_cmpuint (self->sides[0].problems->len, ==, 0);

  ALCOVE_SIGNALLER_GET_CLASS (signaller)->features = before;
}

/* An offer on a connection that runs, and that is never answered, is not open for ever. */
static void
test_unanswered_renewal (Fixture *self,
                         gconstpointer data)
{
  AlcoveSignaller *signaller = self->sides[0].signaller;
  AlcoveSignallerFeatures before = use_one_way_calls (self);
  g_autofree char *answer = fake_sdp ("7");
  g_autofree char *crossing = fake_sdp ("7");
  g_autofree char *again = fake_sdp ("7");
  g_autoptr (FakeLink) link = NULL;

  join (self, 1);
  alcove_signaller_emit_peer_joined (signaller, "x", NULL, TRUE);
  link = g_object_ref (link_to (self, "x"));
  alcove_signaller_emit_description (signaller, "x", ALCOVE_DESCRIPTION_ANSWER, answer);
  alcove_peer_link_emit_connected (ALCOVE_PEER_LINK (link));
  advance (self, 60, FALSE);
  alcove_signaller_emit_offer_wanted (signaller, "x");
  g_assert_cmpuint (link->n_offers, ==, 2);

  alcove_signaller_emit_description (signaller, "x", ALCOVE_DESCRIPTION_OFFER, crossing);
  g_assert_cmpuint (link->n_remotes, ==, 1);
  g_assert_cmpuint (self->sides[0].problems->len, ==, 1);
  advance (self, 19.5, FALSE);
  g_assert_false (link->closed);
  advance (self, 0.5, FALSE);
  g_assert_true (link->closed);
  alcove_signaller_emit_description (signaller, "x", ALCOVE_DESCRIPTION_OFFER, again);
  g_assert_cmpuint (link_to (self, "x")->n_remotes, ==, 1);
  g_assert_cmpuint (self->sides[0].problems->len, ==, 1);

  ALCOVE_SIGNALLER_GET_CLASS (signaller)->features = before;
}

static void
count_call (AlcoveSignaller *signaller,
            const char *id)
{
  guint n = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (signaller), "calls"));

  g_object_set_data (G_OBJECT (signaller), "calls", GUINT_TO_POINTER (n + 1));
}

static void
assert_calls (AlcoveSignaller *signaller,
              guint expected)
{
  g_assert_cmpuint (GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (signaller), "calls")), ==,
                    expected);
}

static void
test_dispatcher (Fixture *self,
                 gconstpointer data)
{
  AlcoveSignaller *signaller = self->sides[0].signaller;
  AlcoveRoom *room = self->sides[0].room;
  AlcoveSignallerFeatures before = use_one_way_calls (self);
  g_autofree char *first = fake_sdp ("7");
  g_autofree char *second = fake_sdp ("8");

  ALCOVE_SIGNALLER_GET_CLASS (signaller)->call = count_call;
  room->role = ALCOVE_ROLE_DISPATCHER;
  join (self, 1);
  alcove_signaller_emit_peer_joined (signaller, "x", NULL, FALSE);
  alcove_signaller_emit_description (signaller, "x", ALCOVE_DESCRIPTION_OFFER, first);
  g_assert_true (link_to (self, "x")->silent);
  g_assert_false (alcove_participant_get_resting (alcove_room_find (room, "x")));
  g_assert_true (alcove_room_get_can_dismiss (room));

  alcove_peer_link_emit_connected (ALCOVE_PEER_LINK (link_to (self, "x")));
  assert_calls (signaller, 0);
  alcove_room_call (room, "x");
  assert_calls (signaller, 1);
  g_assert_false (link_to (self, "x")->silent);
  g_assert_true (alcove_participant_get_in_call (alcove_room_find (room, "x")));
  /* the call goes on over another connection, and its end too */
  alcove_signaller_emit_description (signaller, "x", ALCOVE_DESCRIPTION_OFFER, second);
  g_assert_false (link_to (self, "x")->silent);
  /* whoever was loaded anew hears of it again, once the connection is there */
  assert_calls (signaller, 1);
  alcove_peer_link_emit_connected (ALCOVE_PEER_LINK (link_to (self, "x")));
  assert_calls (signaller, 2);
  alcove_room_hang_up (room, "x");
  g_assert_true (link_to (self, "x")->silent);
  g_assert_false (alcove_participant_get_in_call (alcove_room_find (room, "x")));
  alcove_signaller_emit_description (signaller, "x", ALCOVE_DESCRIPTION_OFFER, first);
  g_assert_true (link_to (self, "x")->silent);
  alcove_peer_link_emit_connected (ALCOVE_PEER_LINK (link_to (self, "x")));
  assert_calls (signaller, 2);
  alcove_room_call (room, "nobody");
  alcove_room_dismiss (room, "nobody");

  ALCOVE_SIGNALLER_GET_CLASS (signaller)->features = before;
  ALCOVE_SIGNALLER_GET_CLASS (signaller)->call = NULL;
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("early-candidates", test_early_candidates);
  ADD ("overtaking-candidates", test_overtaking_candidates);
  ADD ("strangers", test_strangers);
  ADD ("new-session-replaces", test_new_session_replaces);
  ADD ("crossed-offers", test_crossed_offers);
  ADD ("bad-offer-first", test_bad_offer_first);
  ADD ("called-guest", test_called_guest);
  ADD ("early-offer-wanted", test_early_offer_wanted);
  ADD ("unanswered-renewal", test_unanswered_renewal);
  ADD ("dispatcher", test_dispatcher);
  ADD ("checking", test_checking);
  ADD ("candidate-flood", test_candidate_flood);
  return g_test_run ();
}
