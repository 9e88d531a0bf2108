/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "alcove-participant-private.h"
#include "alcove-room-private.h"
#include "room-fixture.h"

/*
 * Somebody comes back to the server under another id, while the link runs on. What the server
 * says and what is said on the link come in any order.
 */

/* The ends of the one link between the first two, whatever their ids are meanwhile. */
typedef struct {
  Fixture room;
  FakeLink *ends[2];
  GPtrArray *moves; /* of the first side: "from>to" */
} Pair;

static void
moved_cb (AlcoveRoom *room,
          AlcoveParticipant *participant,
          const char *from,
          Pair *self)
{
  g_ptr_array_add (self->moves,
                   g_strdup_printf ("%s>%s", from, alcove_participant_get_id (participant)));
}

static void
pair_set_up (Pair *self,
             gconstpointer data)
{
  fixture_set_up (&self->room, data);
  self->moves = g_ptr_array_new_with_free_func (g_free);
  g_signal_connect (self->room.sides[0].room, "moved", G_CALLBACK (moved_cb), self);

  join (&self->room, 2);
  connect_all (&self->room, 2);
  open_channels (&self->room, 2);
  for (guint i = 0; i < 2; i++)
    self->ends[i] = g_object_ref (link_of (&self->room, i, 1 - i));
}

static void
pair_tear_down (Pair *self,
                gconstpointer data)
{
  fixture_tear_down (&self->room, data);
  for (guint i = 0; i < 2; i++)
    g_assert_finalize_object (self->ends[i]);
  g_ptr_array_unref (self->moves);
}

/* One message from that end to the other. */
static gboolean
carry_one (Pair *self,
           guint from)
{
  g_autofree char *text = NULL;

  if (self->ends[from]->sent->len == 0)
    return FALSE;

  text = g_ptr_array_steal_index (self->ends[from]->sent, 0);
  alcove_peer_link_emit_channel_text (ALCOVE_PEER_LINK (self->ends[1 - from]),
                                      (AlcoveChannel) (text[0] - '0'), text + 2);
  return TRUE;
}

static void
carry (Pair *self)
{
  while (carry_one (self, 0) || carry_one (self, 1))
    ;
}

/* The clock runs, and the link with it. */
static void
run (Pair *self,
     double seconds)
{
  for (double at = 0; at < seconds; at += 0.5)
    {
      self->room.now += G_TIME_SPAN_SECOND / 2;
      for (guint i = 0; i < 2; i++)
        {
          self->ends[i]->frame_time = self->room.now;
          self->ends[i]->bytes += 1000;
        }
      carry (self);
      for (guint i = 0; i < 2; i++)
        alcove_room_tick (self->room.sides[i].room);
      settle (&self->room);
    }
}

static void
say (Pair *self,
     const char *text)
{
  alcove_peer_link_emit_channel_text (ALCOVE_PEER_LINK (self->ends[0]), ALCOVE_CHANNEL_ALCOVE,
                                      text);
}

static AlcoveSignaller *
server (Pair *self)
{
  return self->room.sides[0].signaller;
}

static void
lose (Pair *self,
      guint i)
{
  alcove_memory_signaller_disconnect (ALCOVE_MEMORY_SIGNALLER (self->room.sides[i].signaller));
}

static void
come_back (Pair *self,
           guint i)
{
  alcove_memory_signaller_reconnect (ALCOVE_MEMORY_SIGNALLER (self->room.sides[i].signaller));
}

static guint
n_people (Pair *self,
          guint i)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->room.sides[i].room));
}

/* The first side sees one other, over the link that was there from the beginning. */
static void
assert_kept (Pair *self,
             const char *id)
{
  AlcoveParticipant *participant = alcove_room_find (self->room.sides[0].room, id);

  g_assert_nonnull (participant);
  g_assert_cmpuint (n_people (self, 0), ==, 1);
  g_assert_true (alcove_participant_get_link (participant) == ALCOVE_PEER_LINK (self->ends[0]));
  g_assert_false (self->ends[0]->closed);
  g_assert_cmpint (alcove_participant_get_state (participant), ==, ALCOVE_PARTICIPANT_LIVE);
}

/* On both sides, and nobody has seen anything of it. */
static void
assert_seamless (Pair *self)
{
  for (guint i = 0; i < 2; i++)
    {
      Side *side = &self->room.sides[i];

      g_assert_cmpuint (n_people (self, i), ==, 1);
      g_assert_true (link_of (&self->room, i, 1 - i) == self->ends[i]);
      g_assert_false (self->ends[i]->closed);
      g_assert_cmpuint (side->factory->n_made, ==, 1);
      /* but of the server */
      for (guint k = 0; k < side->problems->len; k++)
        g_assert_cmpint (g_array_index (side->problems, int, k), ==, ALCOVE_ERROR_CLOSED);
      g_assert_cmpuint (count_events (side, "peer-joined"), ==, 1);
      g_assert_cmpuint (count_events (side, "connected"), ==, 1);
      g_assert_cmpuint (count_events (side, "peer-left"), ==, 0);
      g_assert_cmpuint (count_events (side, "stale"), ==, 0);
    }
  g_assert_cmpint (alcove_participant_get_we_offer (seen (&self->room, 0, 1)), !=,
                   alcove_participant_get_we_offer (seen (&self->room, 1, 0)));
}

static void
test_one (Pair *self,
          gconstpointer data)
{
  run (self, 2);
  lose (self, 1);
  settle (&self->room);
  assert_kept (self, "peer-2");

  come_back (self, 1);
  settle (&self->room);
  g_assert_cmpstr (id_of (&self->room, 1), ==, "peer-3");
  /* nobody sees the newcomer while it may be the one who is there */
  assert_kept (self, "peer-2");
  carry (self);
  assert_kept (self, "peer-3");
  g_assert_cmpuint (self->moves->len, ==, 1);
  g_assert_cmpstr (self->moves->pdata[0], ==, "peer-2>peer-3");
  g_assert_true (alcove_participant_get_we_offer (seen (&self->room, 1, 0)));

  g_assert_true (alcove_room_send_chat (self->room.sides[1].room, "still here"));
  run (self, 90);
  assert_seamless (self);
  g_assert_cmpuint (self->room.sides[0].chat->len, ==, 1);
  g_assert_cmpstr (self->room.sides[0].chat->pdata[0], ==, "peer-3 still here");
}

/* The other one has neither heard of the move nor of the return when they come back. */
static void
test_both (Pair *self,
           gconstpointer data)
{
  for (guint first = 0; first < 2; first++)
    {
      lose (self, 0);
      lose (self, 1);
      settle (&self->room);
      come_back (self, first);
      settle (&self->room);
      if (data != NULL)
        carry (self);
      come_back (self, 1 - first);
      settle (&self->room);
      carry (self);
      run (self, 50);
      assert_seamless (self);
    }
  g_assert_cmpuint (self->moves->len, ==, 2);
}

/* Whatever comes between what: as long as it all comes, the link stays. */
static void
test_any_order (gconstpointer data)
{
  for (guint seed = 0; seed < 300; seed++)
    {
      g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
      Pair pair = { 0 };

      pair_set_up (&pair, NULL);
      for (guint step = 0; step < 60; step++)
        {
          guint i = (guint) g_rand_int_range (rand, 0, 2);

          switch (g_rand_int_range (rand, 0, 8))
            {
            case 0:
              lose (&pair, i);
              break;
            case 1:
            case 2:
              come_back (&pair, i);
              break;
            case 3:
            case 4:
              carry_one (&pair, i);
              break;
            default:
              g_main_context_iteration (NULL, FALSE);
            }
        }
      for (guint i = 0; i < 2; i++)
        come_back (&pair, i);
      settle (&pair.room);
      carry (&pair);
      run (&pair, 40);
      assert_seamless (&pair);
      pair_tear_down (&pair, NULL);
    }
}

/* What the server says comes after what is said on the link. */
static void
test_moved_first (Pair *self,
                  gconstpointer data)
{
  say (self, "{\"kind\":\"moved\",\"id\":\"n\"}");
  assert_kept (self, "n");
  alcove_signaller_emit_peer_joined (server (self), "n", NULL, FALSE);
  alcove_signaller_emit_peer_left (server (self), "peer-2");
  run (self, 60);
  assert_kept (self, "n");

  /* once more, and the leave of the old one in between */
  say (self, "{\"kind\":\"moved\",\"id\":\"m\"}");
  alcove_signaller_emit_peer_left (server (self), "n");
  run (self, 20);
  assert_kept (self, "m");
  alcove_signaller_emit_peer_joined (server (self), "m", NULL, TRUE);
  run (self, 60);
  assert_kept (self, "m");
  g_assert_true (alcove_participant_get_we_offer (alcove_room_find (self->room.sides[0].room,
                                                                    "m")));
  g_assert_cmpuint (self->room.sides[0].problems->len, ==, 0);
}

/* Where the first sign of somebody is their offer, who needs none may never be announced. */
static void
test_unannounced (Pair *self,
                  gconstpointer data)
{
  AlcoveSignallerClass *klass = ALCOVE_SIGNALLER_GET_CLASS (server (self));
  AlcoveSignallerFeatures features = klass->features;

  klass->features &= ~(ALCOVE_SIGNALLER_ROSTER | ALCOVE_SIGNALLER_LEAVE_NOTICE);
  say (self, "{\"kind\":\"moved\",\"id\":\"n\"}");
  run (self, 120);
  assert_kept (self, "n");
  klass->features = features;
}

/* Whoever never comes back to the server goes in the end, and not before. */
static void
test_bound (Pair *self,
            gconstpointer data)
{
  gboolean moved = data != NULL;
  const char *id = moved ? "n" : "peer-2";
  g_autoptr (GError) error = g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_CLOSED, "lost");

  alcove_signaller_emit_peer_left (server (self), "peer-2");
  if (moved)
    say (self, "{\"kind\":\"moved\",\"id\":\"n\"}");
  run (self, 34);
  assert_kept (self, id);

  /* Nobody is missed while we are not there ourselves. */
  alcove_signaller_emit_disconnected (server (self), error);
  run (self, 50);
  assert_kept (self, id);
  alcove_signaller_emit_joined (server (self), "back");
  run (self, 34);
  assert_kept (self, id);
  run (self, 2);
  g_assert_cmpuint (n_people (self, 0), ==, 0);
  g_assert_cmpuint (count_events (&self->room.sides[0], "peer-left"), ==, 1);
  g_assert_true (self->ends[0]->closed);
}

static void
test_goodbye (Pair *self,
              gconstpointer data)
{
  gboolean first = data != NULL;

  if (first)
    say (self, "{\"kind\":\"bye\"}");
  alcove_signaller_emit_peer_left (server (self), "peer-2");
  if (!first)
    {
      assert_kept (self, "peer-2");
      say (self, "{\"kind\":\"bye\"}");
    }
  g_assert_cmpuint (n_people (self, 0), ==, 0);
  g_assert_cmpuint (count_events (&self->room.sides[0], "peer-left peer-2"), ==, 1);
  g_assert_cmpuint (self->room.sides[0].problems->len, ==, 0);
}

/* The goodbye of a room that is left goes out before the server hears of it. */
static void
test_leave (Pair *self,
            gconstpointer data)
{
  alcove_room_leave (self->room.sides[1].room);
  settle (&self->room);
  assert_kept (self, "peer-2");
  carry (self);
  g_assert_cmpuint (n_people (self, 0), ==, 0);
  g_assert_cmpuint (count_events (&self->room.sides[0], "peer-left peer-2"), ==, 1);
}

typedef enum {
  PICTURE_STOPS,
  LINK_FAILS,
  CHANNEL_CLOSES,
  NOTHING_IS_HEARD,
} End;

static void
test_killed (Pair *self,
             gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_CLOSED, "no way");
  Side *side = &self->room.sides[0];
  guint ticks = 1;

  run (self, 2);
  alcove_signaller_emit_peer_left (server (self), "peer-2");
  say (self, "{\"kind\":\"heartbeat\"}");
  alcove_room_tick (side->room);
  assert_kept (self, "peer-2");

  switch ((End) GPOINTER_TO_INT (data))
    {
    case LINK_FAILS:
      alcove_peer_link_emit_failed (ALCOVE_PEER_LINK (self->ends[0]), error);
      ticks = 0;
      break;
    case CHANNEL_CLOSES:
      alcove_peer_link_emit_channel_closed (ALCOVE_PEER_LINK (self->ends[0]),
                                            ALCOVE_CHANNEL_ALCOVE);
      break;
    case PICTURE_STOPS:
      ticks = 7;
      break;
    case NOTHING_IS_HEARD:
    default:
      ticks = 12;
    }

  for (guint i = 0; i < ticks; i++)
    {
      g_assert_cmpuint (n_people (self, 0), ==, 1);
      self->room.now += G_TIME_SPAN_SECOND / 2;
      if ((End) GPOINTER_TO_INT (data) != PICTURE_STOPS)
        self->ends[0]->frame_time = self->room.now;
      alcove_room_tick (side->room);
    }
  g_assert_cmpuint (n_people (self, 0), ==, 0);
  g_assert_cmpuint (count_events (side, "peer-left peer-2"), ==, 1);
  g_assert_cmpuint (side->problems->len, ==, 0);
  g_assert_cmpuint (side->factory->n_made, ==, 1);
}

/* Nobody loses anything by what a member claims. */
static void
test_forged (Pair *self,
             gconstpointer data)
{
  Side *side = &self->room.sides[0];
  g_autofree char *longest = g_strnfill (ALCOVE_ROOM_MAX_ID + 1, 'x');
  g_autofree char *too_long = g_strdup_printf ("{\"kind\":\"moved\",\"id\":\"%s\"}", longest);
  const char *const claims[] = {
    "{\"kind\":\"moved\",\"id\":\"peer-1\"}", /* ours */
    "{\"kind\":\"moved\",\"id\":\"peer-3\"}", /* of somebody connected */
    "{\"kind\":\"moved\",\"id\":\"y\"}",      /* of somebody whose offer has come */
    "{\"kind\":\"moved\",\"id\":\"\"}",
    "{\"kind\":\"moved\"}",
    too_long,
  };
  g_autofree char *offer = fake_sdp ("77");
  AlcovePeerLink *third;

  alcove_room_join (self->room.sides[2].room);
  settle (&self->room);
  connect_link (&self->room, 0, 2);
  third = ALCOVE_PEER_LINK (link_to (&self->room, "peer-3"));
  alcove_signaller_emit_peer_joined (server (self), "y", NULL, FALSE);
  alcove_signaller_emit_description (server (self), "y", ALCOVE_DESCRIPTION_OFFER, offer);

  for (guint i = 0; i < G_N_ELEMENTS (claims); i++)
    {
      say (self, claims[i]);
      g_assert_cmpuint (side->problems->len, ==, i + 1);
      g_assert_cmpuint (n_people (self, 0), ==, 3);
      g_assert_true (ALCOVE_PEER_LINK (link_to (&self->room, "peer-2"))
                     == ALCOVE_PEER_LINK (self->ends[0]));
      g_assert_true (ALCOVE_PEER_LINK (link_to (&self->room, "peer-3")) == third);
      g_assert_nonnull (link_to (&self->room, "y"));
    }
  g_assert_true (had_problem (side, ALCOVE_ERROR_UNEXPECTED));
  g_assert_true (had_problem (side, ALCOVE_ERROR_MALFORMED));

  /* that one is theirs already */
  say (self, "{\"kind\":\"moved\",\"id\":\"peer-2\"}");
  g_assert_cmpuint (side->problems->len, ==, G_N_ELEMENTS (claims));
  /* who never said that they move */
  alcove_peer_link_emit_channel_text (third, ALCOVE_CHANNEL_ALCOVE,
                                      "{\"kind\":\"moved\",\"id\":\"z\"}");
  g_assert_true (ALCOVE_PEER_LINK (link_to (&self->room, "peer-3")) == third);
  g_assert_cmpuint (self->moves->len, ==, 0);
}

/* An Alcove that knows nothing of this is somebody new when it comes back, and so are we to it. The
 * same where the server has other ids for each of us. */
static void
test_older (Pair *self,
            gconstpointer data)
{
  Side *side = &self->room.sides[0];

  say (self, data != NULL ? data : "{\"kind\":\"hello\",\"version\":1,\"name\":\"x\"}");
  g_ptr_array_set_size (self->ends[0]->sent, 0);
  alcove_signaller_emit_joined (server (self), "another");
  alcove_signaller_emit_peer_joined (server (self), "peer-2", NULL, TRUE);
  g_assert_cmpuint (self->ends[0]->sent->len, ==, 0);
  g_assert_true (self->ends[0]->closed);
  g_assert_cmpuint (side->factory->n_made, ==, 2);

  alcove_signaller_emit_peer_left (server (self), "peer-2");
  g_assert_cmpuint (count_events (side, "peer-left peer-2"), ==, 1);
  alcove_signaller_emit_peer_joined (server (self), "n", NULL, FALSE);
  g_assert_cmpuint (n_people (self, 0), ==, 1);
  g_assert_cmpuint (count_events (side, "peer-joined n"), ==, 1);
}

/* Somebody who has nothing to do with it comes while it is open who comes. */
static void
test_newcomer (Pair *self,
               gconstpointer data)
{
  Side *side = &self->room.sides[0];
  g_autofree char *offer = fake_sdp ("77");

  alcove_signaller_emit_peer_left (server (self), "peer-2");
  alcove_signaller_emit_peer_joined (server (self), "x", NULL, FALSE);
  alcove_signaller_emit_peer_joined (server (self), "y", "Ygor", TRUE);
  alcove_signaller_emit_peer_joined (server (self), "z", NULL, TRUE);
  assert_kept (self, "peer-2");
  alcove_signaller_emit_peer_left (server (self), "z");

  /* who offers is not somebody who is here */
  alcove_signaller_emit_description (server (self), "x", ALCOVE_DESCRIPTION_OFFER, offer);
  g_assert_cmpuint (n_people (self, 0), ==, 2);
  g_assert_cmpuint (link_to (&self->room, "x")->n_remotes, ==, 1);
  say (self, "{\"kind\":\"moved\",\"id\":\"x\"}");
  g_assert_true (had_problem (side, ALCOVE_ERROR_UNEXPECTED));
  g_assert_cmpuint (self->moves->len, ==, 0);

  run (self, 1.5);
  g_assert_null (alcove_room_find (side->room, "y"));
  run (self, 0.5);
  g_assert_true (link_to (&self->room, "y")->offered);
  g_assert_cmpstr (alcove_participant_get_name (alcove_room_find (side->room, "y")), ==, "Ygor");
  g_assert_null (alcove_room_find (side->room, "z"));

  /* With the last one who may be meant everybody is shown. */
  alcove_signaller_emit_peer_joined (server (self), "w", NULL, TRUE);
  g_assert_null (alcove_room_find (side->room, "w"));
  say (self, "{\"kind\":\"bye\"}");
  alcove_room_tick (side->room);
  g_assert_true (link_to (&self->room, "w")->offered);
}

/* Who was there before offers, and has done so when it hears that it need not. */
static void
test_our_offer (Pair *self,
                gconstpointer data)
{
  Side *side = &self->room.sides[0];
  g_autoptr (FakeLink) needless = NULL;

  alcove_signaller_emit_peer_joined (server (self), "n", NULL, TRUE);
  needless = g_object_ref (link_to (&self->room, "n"));
  g_assert_true (needless->offered);
  alcove_signaller_emit_peer_left (server (self), "peer-2");
  g_assert_cmpuint (n_people (self, 0), ==, 2);

  say (self, "{\"kind\":\"moved\",\"id\":\"n\"}");
  assert_kept (self, "n");
  g_assert_true (needless->closed);
  g_assert_cmpuint (count_events (side, "peer-left"), ==, 0);
  g_assert_true (alcove_participant_get_we_offer (alcove_room_find (side->room, "n")));
  run (self, 60);
  assert_kept (self, "n");
  g_assert_cmpuint (side->factory->n_made, ==, 2);
  g_assert_cmpuint (side->problems->len, ==, 0);
}

/* The same from the side of the one who came back. */
static void
test_their_offer (Pair *self,
                  gconstpointer data)
{
  gboolean meant = data != NULL;
  Side *side = &self->room.sides[0];
  g_autofree char *offer = fake_sdp ("77");

  alcove_signaller_emit_joined (server (self), "another");
  alcove_signaller_emit_peer_joined (server (self), "peer-2", NULL, FALSE);
  alcove_signaller_emit_description (server (self), "peer-2", ALCOVE_DESCRIPTION_OFFER, offer);
  alcove_signaller_emit_candidate (server (self), "peer-2", "0", 0, "candidate:2");
  assert_kept (self, "peer-2");
  g_assert_cmpuint (self->ends[0]->n_candidates, ==, 1);

  if (meant)
    {
      /* they have given the link up, and it shows */
      self->room.now += 4 * G_TIME_SPAN_SECOND;
      alcove_room_tick (side->room);
      g_assert_true (self->ends[0]->closed);
      g_assert_cmpuint (link_to (&self->room, "peer-2")->n_remotes, ==, 1);
    }
  else
    {
      run (self, 8);
      assert_kept (self, "peer-2");
      g_assert_cmpuint (side->factory->n_made, ==, 1);

      /* by now they know, so that they mean it */
      alcove_signaller_emit_description (server (self), "peer-2", ALCOVE_DESCRIPTION_OFFER,
                                         offer);
      g_assert_true (self->ends[0]->closed);
    }
  g_assert_cmpuint (side->factory->n_made, ==, 2);
}

/* A server that has not noticed that our connection is gone lists us. */
static void
test_ghost (Pair *self,
            gconstpointer data)
{
  alcove_signaller_emit_joined (server (self), "another");
  alcove_signaller_emit_peer_joined (server (self), "peer-1", NULL, TRUE);
  alcove_signaller_emit_peer_joined (server (self), "peer-2", NULL, TRUE);
  run (self, 10);
  assert_kept (self, "peer-2");
}

/* Where the other side has lost the link, or never had all of it, there is a fresh one. */
static void
test_not_well (Pair *self,
               gconstpointer data)
{
  Side *side = &self->room.sides[0];

  self->room.now += 4 * G_TIME_SPAN_SECOND;
  alcove_room_tick (side->room);
  g_assert_cmpuint (count_events (side, "stale peer-2"), ==, 1);
  alcove_signaller_emit_joined (server (self), "another");
  alcove_signaller_emit_peer_joined (server (self), "peer-2", NULL, TRUE);
  g_assert_cmpuint (side->factory->n_made, ==, 2);

  alcove_signaller_emit_peer_left (server (self), "peer-2");
  g_assert_cmpuint (n_people (self, 0), ==, 0);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD_MOVES(path, data, func)                                                                \
  g_test_add ("/room/moves/" path, Pair, data, pair_set_up, func, pair_tear_down)
  ADD_MOVES ("one", NULL, test_one);
  ADD_MOVES ("both", NULL, test_both);
  ADD_MOVES ("both-heard-between", "heard", test_both);
  g_test_add_data_func ("/room/moves/any-order", NULL, test_any_order);
  ADD_MOVES ("moved-first", NULL, test_moved_first);
  ADD_MOVES ("unannounced", NULL, test_unannounced);
  ADD_MOVES ("bound", NULL, test_bound);
  ADD_MOVES ("bound-moved", "moved", test_bound);
  ADD_MOVES ("goodbye-first", "first", test_goodbye);
  ADD_MOVES ("goodbye-last", NULL, test_goodbye);
  ADD_MOVES ("leave", NULL, test_leave);
  ADD_MOVES ("picture-stops", GINT_TO_POINTER (PICTURE_STOPS), test_killed);
  ADD_MOVES ("link-fails", GINT_TO_POINTER (LINK_FAILS), test_killed);
  ADD_MOVES ("channel-closes", GINT_TO_POINTER (CHANNEL_CLOSES), test_killed);
  ADD_MOVES ("nothing-is-heard", GINT_TO_POINTER (NOTHING_IS_HEARD), test_killed);
  ADD_MOVES ("forged", NULL, test_forged);
  ADD_MOVES ("older", NULL, test_older);
  ADD_MOVES ("other-ids", "{\"kind\":\"hello\",\"version\":1,\"id\":\"alias\"}", test_older);
  ADD_MOVES ("newcomer", NULL, test_newcomer);
  ADD_MOVES ("our-offer", NULL, test_our_offer);
  ADD_MOVES ("their-offer", NULL, test_their_offer);
  ADD_MOVES ("their-offer-meant", "meant", test_their_offer);
  ADD_MOVES ("ghost", NULL, test_ghost);
  ADD_MOVES ("not-well", NULL, test_not_well);
  return g_test_run ();
}
