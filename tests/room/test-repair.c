/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "alcove-participant-private.h"
#include "alcove-room-private.h"
#include "room-fixture.h"

static void
test_stale_and_back (Fixture *self,
                     gconstpointer data)
{
  join (self, 2);
  connect_all (self, 2);
  advance (self, 2, TRUE);
  g_assert_cmpuint (count_events (&self->sides[0], "stale"), ==, 0);

  advance (self, 4, FALSE);
  g_assert_cmpint (alcove_participant_get_state (seen (self, 0, 1)), ==, ALCOVE_PARTICIPANT_STALE);
  g_assert_nonnull (alcove_participant_get_stale_since (seen (self, 0, 1)));
  g_assert_cmpuint (count_events (&self->sides[0], "stale"), ==, 1);

  advance (self, 1, TRUE);
  g_assert_cmpint (alcove_participant_get_state (seen (self, 0, 1)), ==, ALCOVE_PARTICIPANT_LIVE);
  g_assert_null (alcove_participant_get_stale_since (seen (self, 0, 1)));
  g_assert_cmpuint (count_events (&self->sides[0], "repaired"), ==, 1);
  g_assert_cmpuint (self->sides[0].factory->n_made, ==, 1);
}

/* How loud somebody is here is no matter of the link, which is another one after a repair. */
static void
test_volume (Fixture *self,
             gconstpointer data)
{
  AlcoveParticipant *participant;
  FakeLink *first;

  join (self, 2);
  connect_all (self, 2);
  advance (self, 2, TRUE);
  participant = seen (self, 0, 1);
  first = link_of (self, 0, 1);
  g_assert_cmpfloat (first->volume, ==, 1.0);

  alcove_participant_set_volume (participant, 1.5);
  g_assert_cmpfloat (first->volume, ==, 1.5);
  alcove_participant_set_muted_for_me (participant, TRUE);
  g_assert_cmpfloat (first->volume, ==, 0.0);
  alcove_participant_set_volume (participant, 7.0);
  g_assert_cmpfloat (first->volume, ==, 0.0);
  g_assert_cmpfloat (alcove_participant_get_volume (participant), ==, 2.0);
  alcove_participant_set_volume (participant, 0.5);

  advance (self, 20, FALSE);
  g_assert_true (seen (self, 0, 1) == participant);
  g_assert_cmpuint (self->sides[0].factory->n_made, >, 1);
  g_assert_cmpfloat (link_of (self, 0, 1)->volume, ==, 0.0);
  alcove_participant_set_muted_for_me (participant, FALSE);
  g_assert_cmpfloat (link_of (self, 0, 1)->volume, ==, 0.5);
}

/* Away from the server is not gone, as long as the picture moves. */
static void
test_away (Fixture *self,
           gconstpointer data)
{
  join (self, 2);
  connect_all (self, 2);
  advance (self, 2, TRUE);
  alcove_signaller_emit_peer_away (self->sides[0].signaller, "peer-2");
  advance (self, 10, TRUE);
  g_assert_cmpuint (count_events (&self->sides[0], "peer-left"), ==, 0);

  /* back in time, and away again until the picture stops */
  alcove_signaller_emit_peer_joined (self->sides[0].signaller, "peer-2", NULL, FALSE);
  advance (self, 4, FALSE);
  g_assert_cmpuint (count_events (&self->sides[0], "peer-left"), ==, 0);
  alcove_signaller_emit_peer_away (self->sides[0].signaller, "peer-2");
  advance (self, 1, FALSE);
  g_assert_cmpuint (count_events (&self->sides[0], "peer-left peer-2"), ==, 1);
}

/* Who went before the connection came about has left, and nothing is wrong with the network. */
static void
test_away_early (Fixture *self,
                 gconstpointer data)
{
  Side *side = &self->sides[0];
  g_autoptr (GError) error
      = g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_CONNECT_FAILED, "no way");

  join (self, 1);
  alcove_signaller_emit_peer_joined (side->signaller, "x", NULL, TRUE);
  alcove_signaller_emit_peer_joined (side->signaller, "y", NULL, TRUE);
  advance (self, 1, FALSE);
  alcove_signaller_emit_peer_away (side->signaller, "x");
  advance (self, 1, FALSE);
  g_assert_cmpuint (count_events (side, "peer-left"), ==, 0);
  alcove_signaller_emit_peer_away (side->signaller, "y");
  alcove_peer_link_emit_failed (ALCOVE_PEER_LINK (link_to (self, "y")), error);
  advance (self, 1, FALSE);
  g_assert_cmpuint (count_events (side, "peer-left y"), ==, 1);

  advance (self, 6, FALSE);
  g_assert_cmpuint (count_events (side, "peer-left x"), ==, 1);
  g_assert_false (had_problem (side, ALCOVE_ERROR_CONNECT_FAILED));
}

#define DATA_OFFER                                                                                 \
  "v=0\r\no=- 77 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"                                            \
  "a=fingerprint:sha-1 00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13\r\n"          \
  "%sm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=ice-ufrag:x\r\n"

/* A participant who offers no pictures is not waited for, and lives by the channel; one
 * who refuses ours is the same. Oddity 10.8 of SkyRTC: so does a page without a camera. */
static void
test_data_only (Fixture *self,
                gconstpointer data)
{
  Side *side = &self->sides[0];
  g_autofree char *offer = g_strdup_printf (DATA_OFFER, "");
  g_autofree char *answer
      = g_strdup_printf (DATA_OFFER, "m=audio 0 UDP/TLS/RTP/SAVPF 111\r\n"
                                     "m=video 0 UDP/TLS/RTP/SAVPF 96\r\n");
  AlcoveParticipant *x, *y;
  AlcovePeerLink *link;

  join (self, 1);
  alcove_signaller_emit_peer_joined (side->signaller, "x", NULL, FALSE);
  alcove_signaller_emit_peer_joined (side->signaller, "y", NULL, TRUE);
  alcove_signaller_emit_description (side->signaller, "x", ALCOVE_DESCRIPTION_OFFER, offer);
  alcove_signaller_emit_description (side->signaller, "y", ALCOVE_DESCRIPTION_ANSWER, answer);
  x = alcove_room_find (side->room, "x");
  y = alcove_room_find (side->room, "y");
  g_assert_true (alcove_participant_get_data_only (x));
  g_assert_true (alcove_participant_get_data_only (y));
  g_assert_cmpint (alcove_participant_get_state (x), ==, ALCOVE_PARTICIPANT_CONNECTING);

  alcove_peer_link_emit_connected (ALCOVE_PEER_LINK (link_to (self, "x")));
  alcove_peer_link_emit_connected (ALCOVE_PEER_LINK (link_to (self, "y")));
  link = ALCOVE_PEER_LINK (link_to (self, "x"));
  alcove_peer_link_emit_channel_open (link, ALCOVE_CHANNEL_PAGE);
  alcove_peer_link_emit_channel_text (link, ALCOVE_CHANNEL_PAGE, "chat:hi");
  link_to (self, "x")->bytes = 8;
  advance (self, 120, FALSE);
  g_assert_cmpint (alcove_participant_get_state (x), ==, ALCOVE_PARTICIPANT_LIVE);
  g_assert_cmpint (alcove_participant_get_state (y), ==, ALCOVE_PARTICIPANT_LIVE);
  g_assert_cmpuint (count_events (side, "stale"), ==, 0);
  g_assert_cmpuint (side->factory->n_made, ==, 2);

  alcove_peer_link_emit_channel_closed (link, ALCOVE_CHANNEL_PAGE);
  advance (self, 4, FALSE);
  g_assert_cmpint (alcove_participant_get_state (x), ==, ALCOVE_PARTICIPANT_STALE);
  g_assert_cmpuint (count_events (side, "stale x"), ==, 1);
  advance (self, 30, FALSE);
  g_assert_cmpint (alcove_participant_get_state (x), ==, ALCOVE_PARTICIPANT_REPAIRING);
  g_assert_cmpint (alcove_participant_get_state (y), ==, ALCOVE_PARTICIPANT_LIVE);

  /* who gets a camera later is waited for like anybody else */
  {
    g_autofree char *media = fake_sdp ("78");

    alcove_signaller_emit_description (side->signaller, "x", ALCOVE_DESCRIPTION_OFFER, media);
  }
  g_assert_false (alcove_participant_get_data_only (x));
}

#define MEDIA_ANSWER                                                                               \
  "v=0\r\no=- 77 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"                                            \
  "a=fingerprint:sha-1 00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13\r\n"          \
  "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=ice-ufrag:x\r\na=%s\r\n"                                  \
  "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=ice-ufrag:x\r\na=%s\r\n"                                   \
  "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=ice-ufrag:x\r\n"

/* A page that takes our pictures and has none of its own, which is what the pages of a mesh
 * of data answer: nothing is missing, and its channel tells when it goes. */
static void
test_receives_only (Fixture *self,
                    gconstpointer data)
{
  Side *side = &self->sides[0];
  g_autofree char *answer = g_strdup_printf (MEDIA_ANSWER, "recvonly", "recvonly");
  AlcoveParticipant *x;
  AlcovePeerLink *link;

  join (self, 1);
  alcove_signaller_emit_peer_joined (side->signaller, "x", NULL, TRUE);
  alcove_signaller_emit_description (side->signaller, "x", ALCOVE_DESCRIPTION_ANSWER, answer);
  x = alcove_room_find (side->room, "x");
  g_assert_false (alcove_participant_get_data_only (x));

  link = ALCOVE_PEER_LINK (link_to (self, "x"));
  alcove_peer_link_emit_connected (link);
  alcove_peer_link_emit_channel_open (link, ALCOVE_CHANNEL_PAGE);
  link_to (self, "x")->bytes = 8;
  advance (self, 120, FALSE);
  g_assert_cmpint (alcove_participant_get_state (x), ==, ALCOVE_PARTICIPANT_LIVE);
  g_assert_cmpuint (side->factory->n_made, ==, 1);

  alcove_peer_link_emit_channel_closed (link, ALCOVE_CHANNEL_PAGE);
  advance (self, 4, FALSE);
  g_assert_cmpint (alcove_participant_get_state (x), ==, ALCOVE_PARTICIPANT_STALE);
  g_assert_cmpuint (count_events (side, "stale x"), ==, 1);
}

/* A page with a microphone and no camera: its sound is what stops when it is closed. */
static void
test_sound_only (Fixture *self,
                 gconstpointer data)
{
  Side *side = &self->sides[0];
  g_autofree char *answer = g_strdup_printf (MEDIA_ANSWER, "sendrecv", "recvonly");
  AlcoveParticipant *x;

  join (self, 1);
  alcove_signaller_emit_peer_joined (side->signaller, "x", NULL, TRUE);
  alcove_signaller_emit_description (side->signaller, "x", ALCOVE_DESCRIPTION_ANSWER, answer);
  x = alcove_room_find (side->room, "x");
  alcove_peer_link_emit_connected (ALCOVE_PEER_LINK (link_to (self, "x")));
  for (int i = 0; i < 30; i++)
    {
      link_to (self, "x")->bytes += 100;
      advance (self, 1, FALSE);
      g_assert_cmpint (alcove_participant_get_state (x), ==, ALCOVE_PARTICIPANT_LIVE);
    }
  g_assert_cmpuint (count_events (side, "stale"), ==, 0);

  advance (self, 7, FALSE);
  g_assert_cmpuint (count_events (side, "stale x"), ==, 1);
}

/* A reminder that gives the offer to us, since theirs never came. */
static void
test_reminder_turns (Fixture *self,
                     gconstpointer data)
{
  join (self, 1);
  alcove_signaller_emit_peer_joined (self->sides[0].signaller, "x", NULL, FALSE);
  g_assert_cmpuint (self->sides[0].factory->n_made, ==, 0);
  alcove_signaller_emit_peer_joined (self->sides[0].signaller, "x", NULL, TRUE);
  g_assert_cmpuint (self->sides[0].factory->n_made, ==, 1);
}

/* "6" is the section on who offers: a page of data that was killed and loaded again under the
 * same id has closed nothing, and waits for an offer. */
static void
test_rtcmesh_6_probe (Fixture *self,
                      gconstpointer data)
{
  Side *side = &self->sides[0];
  g_autofree char *sdp = g_strdup_printf (DATA_OFFER, "");
  g_autofree char *again = g_strdup_printf (DATA_OFFER, "");
  FakeLink *link;

  memcpy (strstr (again, "77"), "78", 2);
  join (self, 1);
  alcove_signaller_emit_peer_joined (side->signaller, "x", NULL, TRUE);
  alcove_signaller_emit_description (side->signaller, "x", ALCOVE_DESCRIPTION_ANSWER, sdp);
  link = link_to (self, "x");
  alcove_peer_link_emit_connected (ALCOVE_PEER_LINK (link));
  alcove_peer_link_emit_channel_open (ALCOVE_PEER_LINK (link), ALCOVE_CHANNEL_PAGE);
  advance (self, 60, FALSE);
  g_ptr_array_set_size (link->sent, 0);

  /* whoever answers is left alone, however old the reminder gets */
  alcove_signaller_emit_peer_joined (side->signaller, "x", NULL, TRUE);
  g_assert_cmpuint (link->sent->len, ==, 1);
  g_assert_cmpstr (link->sent->pdata[0], ==, "0 probe");
  advance (self, 4, FALSE);
  alcove_peer_link_emit_channel_text (ALCOVE_PEER_LINK (link), ALCOVE_CHANNEL_PAGE, "alive");
  advance (self, 60, FALSE);
  g_assert_cmpuint (side->factory->n_made, ==, 1);

  /* whoever does not is offered a fresh connection after five seconds */
  alcove_signaller_emit_peer_joined (side->signaller, "x", NULL, TRUE);
  advance (self, 4.5, FALSE);
  g_assert_cmpuint (side->factory->n_made, ==, 1);
  advance (self, 1, FALSE);
  g_assert_cmpuint (side->factory->n_made, ==, 2);

  /* and so is who is loaded again with our offer still open */
  advance (self, 2, FALSE);
  alcove_signaller_emit_peer_joined (side->signaller, "x", NULL, TRUE);
  advance (self, 4.5, FALSE);
  g_assert_cmpuint (side->factory->n_made, ==, 2);
  advance (self, 1, FALSE);
  g_assert_cmpuint (side->factory->n_made, ==, 3);
  alcove_signaller_emit_description (side->signaller, "x", ALCOVE_DESCRIPTION_ANSWER, again);
  alcove_peer_link_emit_connected (ALCOVE_PEER_LINK (link_to (self, "x")));
  advance (self, 60, FALSE);
  g_assert_cmpuint (side->factory->n_made, ==, 3);
}

/* Pictures are a sign of life too, of a page that does not know the question. */
static void
test_rtcmesh_6_probe_pictures (Fixture *self,
                               gconstpointer data)
{
  join (self, 2);
  connect_all (self, 2);
  advance (self, 2, TRUE);
  alcove_signaller_emit_peer_joined (self->sides[0].signaller, "peer-2", NULL, TRUE);
  advance (self, 20, TRUE);
  g_assert_cmpuint (self->sides[0].factory->n_made, ==, 1);
}

static void
test_stale_repair (Fixture *self,
                   gconstpointer data)
{
  join (self, 2);
  connect_all (self, 2);
  advance (self, 2, TRUE);
  advance (self, 11, FALSE);

  /* Side 1 came second: it offers anew, and side 0 answers with a fresh link. */
  g_assert_cmpuint (self->sides[1].factory->n_made, ==, 2);
  g_assert_cmpuint (self->sides[0].factory->n_made, ==, 2);
  /* each link knows that it is not the first to this peer */
  g_assert_cmpuint (link_to (self, "peer-2")->nth, ==, 1);
  g_assert_cmpint (alcove_participant_get_state (seen (self, 0, 1)), ==,
                   ALCOVE_PARTICIPANT_REPAIRING);
  connect_all (self, 2);
  g_assert_cmpint (alcove_participant_get_state (seen (self, 0, 1)), ==, ALCOVE_PARTICIPANT_LIVE);
  g_assert_cmpuint (count_events (&self->sides[0], "stale"), ==, 1);
  g_assert_cmpuint (count_events (&self->sides[0], "repaired"), ==, 1);
  g_assert_cmpuint (count_events (&self->sides[1], "repaired"), ==, 1);
}

static void
test_back_off (Fixture *self,
               gconstpointer data)
{
  static const double pauses[] = { 2, 4, 8, 16, 30, 30 };
  g_autoptr (GError) error
      = g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_FINGERPRINT_MISMATCH, "wrong");
  FakeFactory *factory = self->sides[0].factory;

  join (self, 1);
  alcove_signaller_emit_peer_joined (self->sides[0].signaller, "x", NULL, TRUE);

  for (guint i = 0; i < G_N_ELEMENTS (pauses); i++)
    {
      AlcoveParticipant *participant = alcove_room_find (self->sides[0].room, "x");

      alcove_peer_link_emit_failed (alcove_participant_get_link (participant), error);
      g_assert_null (alcove_participant_get_link (participant));
      g_assert_cmpuint (self->sides[0].problems->len, ==, i + 1);
      advance (self, pauses[i] - 0.5, FALSE);
      g_assert_cmpuint (factory->n_made, ==, i + 1);
      advance (self, 0.5, FALSE);
      g_assert_cmpuint (factory->n_made, ==, i + 2);
    }

  alcove_signaller_emit_peer_left (self->sides[0].signaller, "x");
  advance (self, 60, FALSE);
  g_assert_cmpuint (factory->n_made, ==, G_N_ELEMENTS (pauses) + 1);
}

/* Oddity 10.4 of SkyRTC, and its kin in the other protocols: an id that a server lists for ever
 * and that never answers. The tile says so, a person is told once, and the offers become rare. */
static void
test_skyrtc_10_4_dead_id (Fixture *self,
                          gconstpointer data)
{
  static const double pauses[] = { 2, 4, 8, 16, 32, 64, 120, 120, 120 };
  Side *side = &self->sides[0];
  g_autofree char *offer = fake_sdp ("900");
  AlcoveParticipant *dead;

  join (self, 1);
  alcove_signaller_emit_peer_joined (side->signaller, "x", NULL, TRUE);
  dead = alcove_room_find (side->room, "x");
  g_assert_cmpint (alcove_participant_get_state (dead), ==, ALCOVE_PARTICIPANT_CONNECTING);

  for (guint i = 0; i < G_N_ELEMENTS (pauses); i++)
    {
      advance (self, 19.5, FALSE);
      g_assert_nonnull (alcove_participant_get_link (dead));
      advance (self, 0.5, FALSE);
      g_assert_null (alcove_participant_get_link (dead));
      g_assert_cmpint (alcove_participant_get_state (dead), ==, ALCOVE_PARTICIPANT_UNREACHABLE);
      advance (self, pauses[i] - 0.5, FALSE);
      g_assert_cmpuint (side->factory->n_made, ==, i + 1);
      advance (self, 0.5, FALSE);
      g_assert_cmpuint (side->factory->n_made, ==, i + 2);
      /* one more attempt does not make it any more likely */
      g_assert_cmpint (alcove_participant_get_state (dead), ==, ALCOVE_PARTICIPANT_UNREACHABLE);
    }
  g_assert_cmpuint (side->problems->len, ==, 1);

  /* not dead after all */
  alcove_signaller_emit_description (side->signaller, "x", ALCOVE_DESCRIPTION_ANSWER, offer);
  g_assert_cmpint (alcove_participant_get_state (dead), ==, ALCOVE_PARTICIPANT_CONNECTING);
  advance (self, 20, FALSE);
  g_assert_cmpint (alcove_participant_get_state (dead), ==, ALCOVE_PARTICIPANT_UNREACHABLE);
  g_assert_cmpuint (side->problems->len, ==, 2);
  advance (self, 30, FALSE);
  g_assert_cmpuint (side->factory->n_made, ==, G_N_ELEMENTS (pauses) + 2);
}

static void
test_connect_timer (Fixture *self,
                    gconstpointer data)
{
  join (self, 2);
  advance (self, 19.5, FALSE);
  g_assert_cmpuint (self->sides[1].factory->n_made, ==, 1);
  advance (self, 3, FALSE);
  g_assert_true (had_problem (&self->sides[1], ALCOVE_ERROR_CONNECT_FAILED));
  g_assert_cmpuint (self->sides[1].factory->n_made, ==, 2);
  connect_all (self, 2);
  g_assert_cmpint (alcove_participant_get_state (seen (self, 0, 1)), ==, ALCOVE_PARTICIPANT_LIVE);
}

static void
test_lost_offer (Fixture *self,
                 gconstpointer data)
{
  join (self, 1);
  alcove_memory_hub_set_drop_next (self->hub, 2);
  alcove_room_join (self->sides[1].room);
  settle (self);
  g_assert_null (link_of (self, 0, 1));
  advance (self, 23, FALSE);
  connect_all (self, 2);
  g_assert_cmpint (alcove_participant_get_state (seen (self, 1, 0)), ==, ALCOVE_PARTICIPANT_LIVE);
}

/* Each takes the other for the one who offers. */
static void
test_both_wait (Fixture *self,
                gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_FAILED, "broken");

  join (self, 2);
  connect_all (self, 2);
  alcove_participant_set_we_offer (seen (self, 1, 0), FALSE);
  alcove_peer_link_emit_failed (ALCOVE_PEER_LINK (link_of (self, 0, 1)), error);
  alcove_peer_link_emit_failed (ALCOVE_PEER_LINK (link_of (self, 1, 0)), error);
  advance (self, 13.5, FALSE);
  g_assert_cmpuint (self->sides[0].factory->n_made, ==, 1);
  advance (self, 5, FALSE);
  connect_all (self, 2);
  g_assert_cmpint (alcove_participant_get_state (seen (self, 0, 1)), ==, ALCOVE_PARTICIPANT_LIVE);
  g_assert_cmpuint (self->sides[0].factory->n_made, ==, 2);
  g_assert_cmpuint (self->sides[1].factory->n_made, ==, 2);
  g_assert_false (had_problem (&self->sides[0], ALCOVE_ERROR_UNEXPECTED));
  g_assert_false (had_problem (&self->sides[1], ALCOVE_ERROR_UNEXPECTED));
}

/* The word of the leaving comes after the end of the connection, or never. */
static void
test_closed_by_them (Fixture *self,
                     gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_CLOSED, "closed");

  join (self, 2);
  connect_all (self, 2);
  advance (self, 2, TRUE);
  alcove_peer_link_emit_failed (ALCOVE_PEER_LINK (link_of (self, 0, 1)), error);
  g_assert_cmpuint (count_events (&self->sides[0], "stale peer-2"), ==, 1);
  g_assert_false (had_problem (&self->sides[0], ALCOVE_ERROR_CLOSED));
  g_assert_cmpint (alcove_participant_get_state (seen (self, 0, 1)), ==,
                   ALCOVE_PARTICIPANT_REPAIRING);
}

static void
test_without_frames (Fixture *self,
                     gconstpointer data)
{
  FakeLink *link;

  alcove_room_set_expect_frames (self->sides[1].room, FALSE);
  join (self, 2);
  link = link_of (self, 1, 0);
  alcove_peer_link_emit_connected (ALCOVE_PEER_LINK (link));
  alcove_peer_link_emit_connected (ALCOVE_PEER_LINK (link_of (self, 0, 1)));
  g_assert_cmpint (alcove_participant_get_state (seen (self, 1, 0)), ==, ALCOVE_PARTICIPANT_LIVE);
  for (guint i = 0; i < 40; i++)
    {
      link->bytes += 100;
      advance (self, 0.5, FALSE);
    }
  g_assert_cmpint (alcove_participant_get_state (seen (self, 1, 0)), ==, ALCOVE_PARTICIPANT_LIVE);
  g_assert_cmpuint (self->sides[1].factory->n_made, ==, 1);
  advance (self, 7, FALSE);
  g_assert_cmpint (alcove_participant_get_state (seen (self, 1, 0)), !=, ALCOVE_PARTICIPANT_LIVE);
  advance (self, 6, FALSE);
  g_assert_cmpuint (self->sides[1].factory->n_made, ==, 2);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("stale-and-back", test_stale_and_back);
  ADD ("volume", test_volume);
  ADD ("away", test_away);
  ADD ("away-early", test_away_early);
  ADD ("skyrtc/10.8-data-only", test_data_only);
  ADD ("receives-only", test_receives_only);
  ADD ("sound-only", test_sound_only);
  ADD ("reminder-turns", test_reminder_turns);
  ADD ("rtcmesh/6-probe", test_rtcmesh_6_probe);
  ADD ("rtcmesh/6-probe-pictures", test_rtcmesh_6_probe_pictures);
  ADD ("stale-repair", test_stale_repair);
  ADD ("back-off", test_back_off);
  ADD ("skyrtc/10.4-dead-id", test_skyrtc_10_4_dead_id);
  ADD ("connect-timer", test_connect_timer);
  ADD ("lost-offer", test_lost_offer);
  ADD ("both-wait", test_both_wait);
  ADD ("closed-by-them", test_closed_by_them);
  ADD ("without-frames", test_without_frames);
  return g_test_run ();
}
