/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "alcove-participant-private.h"
#include "alcove-room-private.h"
#include "room-fixture.h"

static void
test_mesh (Fixture *self,
           gconstpointer data)
{
  join (self, 3);

  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmpint (alcove_room_get_state (self->sides[i].room), ==, ALCOVE_ROOM_JOINED);
      g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (self->sides[i].room)), ==, 2);
      g_assert_cmpuint (self->sides[i].factory->n_made, ==, 2);
      g_assert_cmpuint (self->sides[i].problems->len, ==, 0);
    }
  /* The newcomer offers, and candidates wait for their description. */
  g_assert_true (link_of (self, 2, 0)->offered);
  g_assert_false (link_of (self, 0, 2)->offered);
  g_assert_cmpuint (link_of (self, 2, 0)->n_candidates, ==, 1);
  g_assert_cmpuint (link_of (self, 0, 2)->n_candidates, ==, 1);
  g_assert_cmpint (alcove_participant_get_state (seen (self, 0, 1)), ==,
                   ALCOVE_PARTICIPANT_CONNECTING);

  connect_all (self, 3);
  g_assert_cmpint (alcove_participant_get_state (seen (self, 0, 1)), ==, ALCOVE_PARTICIPANT_LIVE);
  g_assert_true (alcove_participant_get_connected (seen (self, 0, 1)));
  g_assert_cmpuint (count_events (&self->sides[0], "connected"), ==, 2);
}

static void
test_talk (Fixture *self,
           gconstpointer data)
{
  join (self, 2);
  alcove_room_set_muted (self->sides[0].room, TRUE);
  connect_all (self, 2);
  open_channels (self, 2);

  g_assert_true (alcove_participant_get_is_alcove (seen (self, 0, 1)));
  g_assert_cmpstr (alcove_participant_get_name (seen (self, 0, 1)), ==, "Person 2");
  g_assert_cmpstr (alcove_participant_get_name (seen (self, 1, 0)), ==, "Person 1");
  g_assert_true (alcove_participant_get_muted (seen (self, 1, 0)));
  g_assert_false (alcove_participant_get_camera_off (seen (self, 1, 0)));

  alcove_room_set_muted (self->sides[0].room, FALSE);
  alcove_room_set_camera_off (self->sides[0].room, TRUE);
  carry_texts (self, 2);
  g_assert_false (alcove_participant_get_muted (seen (self, 1, 0)));
  g_assert_true (alcove_participant_get_camera_off (seen (self, 1, 0)));

  g_assert_true (alcove_room_send_chat (self->sides[0].room, "<b>hi</b>"));
  g_assert_true (alcove_room_send_chat (self->sides[1].room, "hello\x07 there"));
  g_assert_false (alcove_room_send_chat (self->sides[1].room, " \n"));
  g_assert_false (alcove_room_send_chat (self->sides[1].room, "\xff"));
  carry_texts (self, 2);
  g_assert_cmpuint (self->sides[1].chat->len, ==, 1);
  g_assert_cmpstr (self->sides[1].chat->pdata[0], ==, "peer-1 <b>hi</b>");
  g_assert_cmpuint (self->sides[0].chat->len, ==, 1);
  g_assert_cmpstr (self->sides[0].chat->pdata[0], ==, "peer-2 hello there");

  /* Heartbeats, and what a hostile peer may send. */
  advance (self, 2, TRUE);
  g_assert_cmpuint (link_of (self, 0, 1)->sent->len, >, 0);
  alcove_peer_link_emit_channel_text (ALCOVE_PEER_LINK (link_of (self, 0, 1)),
                                      ALCOVE_CHANNEL_ALCOVE, "{");
  alcove_peer_link_emit_channel_text (ALCOVE_PEER_LINK (link_of (self, 0, 1)),
                                      ALCOVE_CHANNEL_ALCOVE, "\xff");
  alcove_peer_link_emit_channel_text (ALCOVE_PEER_LINK (link_of (self, 0, 1)),
                                      ALCOVE_CHANNEL_ALCOVE, "{\"kind\":\"dance\"}");
  g_assert_cmpuint (self->sides[0].problems->len, ==, 1);
  g_assert_true (had_problem (&self->sides[0], ALCOVE_ERROR_MALFORMED));
}

static void
test_page_chat (Fixture *self,
                gconstpointer data)
{
  FakeLink *link;

  join (self, 2);
  connect_all (self, 2);
  link = link_of (self, 0, 1);
  alcove_peer_link_emit_channel_open (ALCOVE_PEER_LINK (link), ALCOVE_CHANNEL_PAGE);
  g_assert_true (alcove_room_send_chat (self->sides[0].room, "hi"));
  g_assert_cmpuint (link->sent->len, ==, 1);
  g_assert_cmpstr (link->sent->pdata[0], ==, "0 chat:hi");
  alcove_peer_link_emit_channel_text (ALCOVE_PEER_LINK (link), ALCOVE_CHANNEL_PAGE, "chat:ho");
  alcove_peer_link_emit_channel_text (ALCOVE_PEER_LINK (link), ALCOVE_CHANNEL_PAGE, "noise");
  g_assert_cmpuint (self->sides[0].chat->len, ==, 1);
  g_assert_cmpstr (self->sides[0].chat->pdata[0], ==, "peer-2 ho");
  /* Heartbeats are for Alcoves only. */
  advance (self, 4, TRUE);
  g_assert_cmpuint (link->sent->len, ==, 1);
}

/* Who hears our goodbye first closes the connection before the server has let us go. */
static void
test_leave_closed (Fixture *self,
                   gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_FAILED, "broken");

  join (self, 2);
  connect_all (self, 2);
  advance (self, 2, TRUE);
  alcove_room_leave (self->sides[1].room);
  alcove_peer_link_emit_failed (ALCOVE_PEER_LINK (link_of (self, 1, 0)), error);
  settle (self);
  g_assert_cmpint (alcove_room_get_state (self->sides[1].room), ==, ALCOVE_ROOM_LEFT);
  g_assert_cmpuint (count_events (&self->sides[1], "stale"), ==, 0);
  g_assert_false (had_problem (&self->sides[1], ALCOVE_ERROR_FAILED));
}

static void
test_leave (Fixture *self,
            gconstpointer data)
{
  join (self, 3);
  connect_all (self, 3);
  open_channels (self, 3);

  alcove_room_leave (self->sides[2].room);
  g_assert_cmpint (alcove_room_get_state (self->sides[2].room), ==, ALCOVE_ROOM_LEAVING);
  g_assert_cmpuint (self->sides[2].n_left, ==, 0);
  g_assert_nonnull (strstr (link_of (self, 2, 0)->sent->pdata[0], "bye"));
  carry_texts (self, 3);
  settle (self);
  g_assert_cmpint (alcove_room_get_state (self->sides[2].room), ==, ALCOVE_ROOM_LEFT);
  g_assert_cmpuint (self->sides[2].n_left, ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (self->sides[2].room)), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (self->sides[0].room)), ==, 1);
  g_assert_cmpuint (count_events (&self->sides[0], "peer-left peer-3"), ==, 1);

  alcove_peer_link_emit_channel_text (ALCOVE_PEER_LINK (link_of (self, 0, 1)),
                                      ALCOVE_CHANNEL_ALCOVE, "{\"kind\":\"bye\"}");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (self->sides[0].room)), ==, 0);
}

static void
test_reconnect (Fixture *self,
                gconstpointer data)
{
  join (self, 2);
  connect_all (self, 2);

  alcove_memory_signaller_disconnect (ALCOVE_MEMORY_SIGNALLER (self->sides[1].signaller));
  settle (self);
  g_assert_cmpint (alcove_room_get_state (self->sides[1].room), ==, ALCOVE_ROOM_RECONNECTING);
  g_assert_cmpint (alcove_participant_get_state (seen (self, 1, 0)), ==, ALCOVE_PARTICIPANT_LIVE);

  alcove_memory_signaller_reconnect (ALCOVE_MEMORY_SIGNALLER (self->sides[1].signaller));
  settle (self);
  g_assert_cmpint (alcove_room_get_state (self->sides[1].room), ==, ALCOVE_ROOM_JOINED);
  g_assert_cmpstr (id_of (self, 1), ==, "peer-3");
  g_assert_cmpuint (self->sides[1].factory->n_made, ==, 2);
  connect_all (self, 2);
  g_assert_cmpint (alcove_participant_get_state (seen (self, 0, 1)), ==, ALCOVE_PARTICIPANT_LIVE);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (self->sides[0].room)), ==, 1);
}

static void
test_bounds (Fixture *self,
             gconstpointer data)
{
  Side *side = &self->sides[0];

  join (self, 1);
  for (guint i = 0; i < ALCOVE_ROOM_MAX_PARTICIPANTS + 2; i++)
    {
      g_autofree char *id = g_strdup_printf ("x%u", i);

      alcove_signaller_emit_peer_joined (side->signaller, id, NULL, TRUE);
    }
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (side->room)), ==,
                    ALCOVE_ROOM_MAX_PARTICIPANTS);
  g_assert_cmpuint (side->problems->len, ==, 2);
  g_assert_cmpuint (side->factory->n_made, ==, ALCOVE_ROOM_MAX_NEGOTIATIONS);
  alcove_signaller_emit_peer_left (side->signaller, "x0");
  g_assert_cmpuint (side->factory->n_made, ==, ALCOVE_ROOM_MAX_NEGOTIATIONS + 1);
}

static void
test_failed (Fixture *self,
             gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_REFUSED, "no");

  join (self, 2);
  alcove_signaller_emit_failed (self->sides[0].signaller, error);
  g_assert_cmpuint (self->sides[0].n_failed, ==, 1);
  g_assert_cmpint (alcove_room_get_state (self->sides[0].room), ==, ALCOVE_ROOM_LEFT);
  alcove_room_leave (self->sides[0].room);
  alcove_room_leave (self->sides[2].room);
  g_assert_cmpuint (self->sides[2].n_left, ==, 1);
  self->sides[1].factory->broken = TRUE;
  advance (self, 40, FALSE);
}

/* Any order of anything: nothing may crash, and what the window relies on holds. */
static void
test_any_order (Fixture *self,
                gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (42);
  g_autoptr (GError) error
      = g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_CONNECT_FAILED, "no way");

  alcove_memory_hub_set_shuffle (self->hub, g_rand_new_with_seed (43));
  for (guint i = 0; i < N_ROOMS; i++)
    alcove_room_join (self->sides[i].room);
  settle (self);

  for (guint round = 0; round < 3000; round++)
    {
      guint i = (guint) g_rand_int_range (rand, 0, N_ROOMS);
      AlcoveRoom *room = self->sides[i].room;
      guint n = g_list_model_get_n_items (G_LIST_MODEL (room));
      g_autofree char *session = g_strdup_printf ("%d", g_rand_int_range (rand, 1, 5));
      g_autofree char *sdp = fake_sdp (session);
      g_autoptr (AlcoveParticipant) participant = NULL;
      g_autoptr (AlcovePeerLink) link = NULL;
      const char *id = "ghost";

      if (n > 0)
        {
          participant = g_list_model_get_item (G_LIST_MODEL (room),
                                               (guint) g_rand_int_range (rand, 0, (gint32) n));
          id = alcove_participant_get_id (participant);
          g_set_object (&link, alcove_participant_get_link (participant));
        }

      switch (g_rand_int_range (rand, 0, 13))
        {
        case 0:
          alcove_signaller_emit_description (self->sides[i].signaller, id,
                                             ALCOVE_DESCRIPTION_OFFER, sdp);
          break;
        case 1:
          alcove_signaller_emit_description (self->sides[i].signaller, id,
                                             ALCOVE_DESCRIPTION_ANSWER, sdp);
          break;
        case 2:
          alcove_signaller_emit_candidate (self->sides[i].signaller, id, NULL, -1, "");
          break;
        case 3:
          alcove_signaller_emit_peer_joined (self->sides[i].signaller, session, "n",
                                             g_rand_boolean (rand));
          break;
        case 4:
          alcove_signaller_emit_peer_left (self->sides[i].signaller, id);
          break;
        case 5:
          alcove_signaller_emit_hung_up (self->sides[i].signaller, id);
          break;
        case 6:
          alcove_memory_signaller_disconnect (ALCOVE_MEMORY_SIGNALLER (self->sides[i].signaller));
          alcove_memory_signaller_reconnect (ALCOVE_MEMORY_SIGNALLER (self->sides[i].signaller));
          break;
        case 7:
          if (link != NULL)
            alcove_peer_link_emit_failed (link, error);
          break;
        case 8:
          if (link != NULL)
            {
              FAKE_LINK (link)->frame_time = self->now;
              alcove_peer_link_emit_connected (link);
            }
          break;
        case 9:
          if (link != NULL)
            alcove_peer_link_emit_channel_text (link, ALCOVE_CHANNEL_ALCOVE,
                                                "{\"kind\":\"hello\",\"name\":7}");
          break;
        case 10:
          alcove_signaller_emit_description (self->sides[i].signaller, id,
                                             ALCOVE_DESCRIPTION_OFFER, "v=0");
          break;
        case 11:
          settle (self);
          break;
        default:
          advance (self, g_rand_int_range (rand, 1, 30), g_rand_boolean (rand));
          break;
        }

      for (guint k = 0; k < g_list_model_get_n_items (G_LIST_MODEL (room)); k++)
        {
          g_autoptr (AlcoveParticipant) each = g_list_model_get_item (G_LIST_MODEL (room), k);
          AlcovePeerLink *its = alcove_participant_get_link (each);

          g_assert_true (alcove_room_find (room, alcove_participant_get_id (each)) == each);
          if (its != NULL)
            {
              g_assert_false (FAKE_LINK (its)->closed);
              g_assert_false (FAKE_LINK (its)->candidate_too_early);
              g_assert_cmpstr (FAKE_LINK (its)->peer, ==, alcove_participant_get_id (each));
            }
          else
            {
              g_assert_false (alcove_participant_get_connected (each));
              g_assert_cmpint (alcove_participant_get_state (each), !=, ALCOVE_PARTICIPANT_LIVE);
            }
        }
    }
}

static void
test_dispose (Fixture *self,
              gconstpointer data)
{
  join (self, 3);
  connect_link (self, 0, 1);
  g_assert_finalize_object (g_steal_pointer (&self->sides[0].room));
  alcove_room_leave (self->sides[1].room);
  g_assert_finalize_object (g_steal_pointer (&self->sides[1].room));
  alcove_memory_signaller_disconnect (ALCOVE_MEMORY_SIGNALLER (self->sides[2].signaller));
  g_assert_finalize_object (g_steal_pointer (&self->sides[2].room));
  settle (self);
}

static guint n_calls_to_everybody;

static void
count_call (AlcoveSignaller *signaller)
{
  n_calls_to_everybody++;
}

/* Section 6 of the RTCSignalServer: only while nobody is known, and only where there are such
 * clients. */
static void
test_rtcsignal_6_call_everybody (Fixture *self,
                                 gconstpointer data)
{
  AlcoveSignallerClass *klass = ALCOVE_SIGNALLER_GET_CLASS (self->sides[0].signaller);
  AlcoveRoom *room = self->sides[0].room;

  klass->call_everybody = count_call;
  klass->features |= ALCOVE_SIGNALLER_CALL_EVERYBODY;
  n_calls_to_everybody = 0;
  alcove_room_call_everybody (room);
  join (self, 1);
  g_assert_cmpuint (n_calls_to_everybody, ==, 0);
  g_assert_true (alcove_room_get_can_call_everybody (room));
  alcove_room_call_everybody (room);
  g_assert_cmpuint (n_calls_to_everybody, ==, 1);

  alcove_signaller_emit_peer_joined (self->sides[0].signaller, "x", NULL, FALSE);
  g_assert_false (alcove_room_get_can_call_everybody (room));
  alcove_room_call_everybody (room);
  alcove_signaller_emit_peer_left (self->sides[0].signaller, "x");
  klass->features &= ~ALCOVE_SIGNALLER_CALL_EVERYBODY;
  alcove_room_call_everybody (room);
  g_assert_cmpuint (n_calls_to_everybody, ==, 1);
  klass->call_everybody = NULL;
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("mesh", test_mesh);
  ADD ("talk", test_talk);
  ADD ("page-chat", test_page_chat);
  ADD ("leave", test_leave);
  ADD ("leave-closed", test_leave_closed);
  ADD ("reconnect", test_reconnect);
  ADD ("bounds", test_bounds);
  ADD ("failed", test_failed);
  ADD ("any-order", test_any_order);
  ADD ("dispose", test_dispose);
  ADD ("rtcsignal/6-call-everybody", test_rtcsignal_6_call_everybody);
  return g_test_run ();
}
