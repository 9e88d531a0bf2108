/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "alcove-address.h"
#include "alcove-rtcmesh-codec.h"
#include "alcove-rtcmesh-signaller.h"
#include "recording.h"
#include "scripted-signaller.h"

#define NEVER_MS 3600000

/* “m” is us; “a” and “z” are before and behind us in the order of ids. */
#define ME "mmmmmmmm-0000-0000-0000-000000000000"

#define INIT(ids) "{\"event\":\"init\",\"ids\":[" ids "]}"
#define ONLINE(id) "{\"event\":\"online\",\"id\":\"" id "\"}"
#define OFFLINE(id) "{\"event\":\"offline\",\"id\":\"" id "\"}"
#define SDP(event, id) \
  "{\"event\":\"" event "\",\"from\":\"" id "\",\"to\":\"" ME "\",\"data\":{\"type\":\"" event \
  "\",\"sdp\":\"v=0\"}}"
#define CANDIDATE(id, mid) \
  "{\"data\":{\"candidate\":\"candidate:1\",\"sdpMid\":\"" mid \
  "\",\"sdpMLineIndex\":0,\"usernameFragment\":null},\"event\":\"candidate\",\"from\":\"" id \
  "\",\"to\":\"" ME "\"}\n"

static Scripted *
mesh_new (const char *address,
          const char *uid)
{
  g_autoptr (GUri) server = alcove_address_parse (address, 5000, "/", NULL);
  AlcoveTransport *transport = scripted_transport_new ();
  AlcoveSignaller *signaller = alcove_rtcmesh_signaller_new_with_transport (server, transport);

  alcove_rtcmesh_signaller_set_waits (ALCOVE_RTCMESH_SIGNALLER (signaller), NEVER_MS, NEVER_MS,
                                      NEVER_MS);
  g_assert_true (alcove_rtcmesh_signaller_set_uid (ALCOVE_RTCMESH_SIGNALLER (signaller), uid));
  return scripted_new (signaller, transport);
}

static void
join (Scripted *f)
{
  scripted_connect_and_open (f, "any", "Me", ALCOVE_ROLE_MEMBER);
}

static void
offer_to (Scripted *f,
          const char *id)
{
  alcove_signaller_send_description (f->signaller, id, ALCOVE_DESCRIPTION_OFFER, "v=0");
}

static void
answer_to (Scripted *f,
           const char *id)
{
  alcove_signaller_send_description (f->signaller, id, ALCOVE_DESCRIPTION_ANSWER, "v=0");
}

/* Section 2: the id at the end of the address, whatever was typed, and no query. */
static void
test_address (void)
{
  static const char *const cases[][2] = {
    { "ws://h", "ws://h:5000/uid/" ME },
    { "ws://h:9/uid/?x=1", "ws://h:9/uid/" ME },
    { "wss://h/channel/json/uid/", "wss://h/channel/json/uid/" ME },
    { "wss://h/channel", "wss://h/channel/uid/" ME },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Scripted *f = mesh_new (cases[i][0], ME);

      join (f);
      g_assert_cmpstr (alcove_transport_get_uri (f->transport), ==, cases[i][1]);
      scripted_free (f);
    }
}

/* Only Alcove's own server, which has rooms of other protocols, is told of ours; each time. */
static void
test_room (void)
{
  Scripted *f = mesh_new ("ws://h", ME);

  alcove_signaller_set_persistent (f->signaller, TRUE);
  join (f);
  scripted_receive (f, INIT (""));
  g_assert_cmpuint (scripted_n_sent (f), ==, 0);
  scripted_drop (f);
  scripted_try_again (f);
  scripted_open (f);
  alcove_transport_set_server (f->transport, "Alcove's neighbour");
  scripted_receive (f, INIT ("\"a\""));
  g_assert_cmpuint (scripted_n_sent (f), ==, 0);
  for (guint i = 1; i <= 2; i++)
    {
      scripted_drop (f);
      scripted_try_again (f);
      scripted_open (f);
      alcove_transport_set_server (f->transport, ALCOVE_TRANSPORT_OWN_SERVER);
      scripted_receive (f, INIT (""));
      g_assert_cmpuint (scripted_n_sent (f), ==, i);
      g_assert_cmpstr (scripted_last_sent (f), ==, "{\"event\":\"room\",\"room\":\"any\"}");
    }
  /* said to us, it means nothing */
  g_string_truncate (f->log, 0);
  scripted_receive (f, "{\"event\":\"room\",\"room\":\"x\"}");
  g_assert_cmpstr (f->log->str, ==, "");
  scripted_free (f);
}

/* Section 3: a new id for every session, the same over reconnections. */
static void
test_id (void)
{
  g_autoptr (GUri) server = alcove_address_parse ("ws://h", 5000, "/", NULL);
  g_autofree char *first = NULL;

  for (int i = 0; i < 2; i++)
    {
      g_autoptr (AlcoveTransport) transport = scripted_transport_new ();
      g_autoptr (AlcoveSignaller) signaller
          = alcove_rtcmesh_signaller_new_with_transport (server, transport);
      g_autofree char *uri = NULL;

      alcove_signaller_set_persistent (signaller, TRUE);
      alcove_signaller_connect (signaller, "r", "n", ALCOVE_ROLE_MEMBER);
      uri = g_strdup (alcove_transport_get_uri (transport));
      g_assert_nonnull (alcove_rtcmesh_find_uid (uri));
      g_assert_cmpstr (uri, !=, first);
      alcove_transport_emit_connecting (transport);
      g_assert_cmpstr (alcove_transport_get_uri (transport), ==, uri);
      g_free (first);
      first = g_steal_pointer (&uri);
      g_assert_false (alcove_rtcmesh_signaller_set_uid (ALCOVE_RTCMESH_SIGNALLER (signaller), "x"));
    }
}

/* Section 6: those in `init` offer to us; we offer to those in `online`. Section 4: the
 * own id is filtered. */
static void
test_who_offers (void)
{
  Scripted *f = mesh_new ("ws://h", ME);

  join (f);
  g_assert_cmpuint (scripted_n_sent (f), ==, 0);
  scripted_receive (f, "{\"event\":\"init\",\"ids\":{\"0\":\"a\",\"2\":\"" ME "\",\"3\":\"a\"}}");
  assert_log (f, "joined:" ME " wait:a");
  scripted_receive (f, ONLINE ("z"));
  scripted_receive (f, ONLINE (ME));
  assert_log (f, "call:z");

  offer_to (f, "z");
  g_assert_cmpstr (scripted_last_sent (f), ==,
                   "{\"event\":\"offer\",\"from\":\"" ME "\",\"to\":\"z\",\"data\":{\"type\":"
                   "\"offer\",\"sdp\":\"v=0\"}}");
  alcove_signaller_send_candidate (f->signaller, "z", "0", 0, "candidate:1");
  g_assert_cmpstr (scripted_last_sent (f), ==,
                   "{\"event\":\"candidate\",\"from\":\"" ME "\",\"to\":\"z\",\"data\":{"
                   "\"candidate\":\"candidate:1\",\"sdpMid\":\"0\",\"sdpMLineIndex\":0}}");
  scripted_receive (f, CANDIDATE ("z", ""));
  scripted_receive (f, SDP ("answer", "z"));
  scripted_receive (f, SDP ("offer", "a"));
  scripted_receive (f, CANDIDATE ("a", "v"));
  assert_log (f, "candidate0:z answer:z offer:a candidate0/v:a");

  /* the empty last candidate is not sent */
  g_assert_cmpuint (scripted_n_sent (f), ==, 2);
  alcove_signaller_send_candidate (f->signaller, "z", "0", 0, "");
  alcove_signaller_send_candidate (f->signaller, "nobody", "0", 0, "candidate:1");
  offer_to (f, "nobody");
  g_assert_cmpuint (scripted_n_sent (f), ==, 2);

  alcove_signaller_leave (f->signaller);
  scripted_receive (f, ONLINE ("b"));
  assert_log (f, "gone");
  scripted_free (f);
}

/* Section 6: an id from `init` that does not offer in time is offered to, the others are not. */
static void
test_late_offer (void)
{
  Scripted *f = mesh_new ("ws://h", ME);

  alcove_rtcmesh_signaller_set_waits (ALCOVE_RTCMESH_SIGNALLER (f->signaller), NEVER_MS, 30,
                                      NEVER_MS);
  join (f);
  scripted_receive (f, INIT ("\"a\",\"b\",\"c\""));
  scripted_receive (f, SDP ("offer", "b"));
  scripted_receive (f, ONLINE ("c"));
  assert_log (f, "joined:" ME " wait:a wait:b wait:c offer:b call:c");
  scripted_wait (f, 1);
  assert_log (f, "call:a");
  scripted_free (f);
}

/* Section 6: `online` of a known id is a reload or a reconnect, and we are to offer. */
static void
test_online_again (void)
{
  Scripted *f = mesh_new ("ws://h", ME);

  join (f);
  scripted_receive (f, INIT ("\"a\""));
  scripted_receive (f, SDP ("offer", "a"));
  answer_to (f, "a");
  scripted_receive (f, ONLINE ("a"));
  assert_log (f, "joined:" ME " wait:a offer:a call:a");

  /* an offer that the reload has swallowed is not in flight any more */
  offer_to (f, "a");
  scripted_receive (f, ONLINE ("a"));
  scripted_receive (f, SDP ("answer", "a"));
  scripted_receive (f, SDP ("offer", "a"));
  assert_log (f, "call:a problem:unexpected offer:a");
  scripted_free (f);
}

/* Section 6: two offers in flight: the smaller id keeps its own. */
static void
test_glare (void)
{
  Scripted *f = mesh_new ("ws://h", ME);

  join (f);
  scripted_receive (f, INIT (""));
  scripted_receive (f, ONLINE ("z"));
  scripted_receive (f, ONLINE ("a"));
  assert_log (f, "joined:" ME " call:z call:a");
  offer_to (f, "z");
  offer_to (f, "a");
  scripted_receive (f, SDP ("offer", "z"));
  assert_log (f, "problem:unexpected");
  scripted_receive (f, SDP ("answer", "z"));
  assert_log (f, "answer:z");
  scripted_receive (f, SDP ("offer", "a"));
  assert_log (f, "wait:a offer:a");
  scripted_receive (f, SDP ("answer", "a"));
  assert_log (f, "problem:unexpected");

  /* after the flight is over there is no glare */
  alcove_rtcmesh_signaller_set_waits (ALCOVE_RTCMESH_SIGNALLER (f->signaller), NEVER_MS, NEVER_MS,
                                      0);
  offer_to (f, "z");
  scripted_receive (f, SDP ("offer", "z"));
  assert_log (f, "offer:z");
  scripted_free (f);
}

/* Section 6: after a reconnection we offer to nobody in `init`, and who is missing there
 * is not reported as gone: the server may have restarted. Section 7: no leave notice. */
static void
test_reconnect (void)
{
  Scripted *f = mesh_new ("ws://h", ME);

  alcove_rtcmesh_signaller_set_waits (ALCOVE_RTCMESH_SIGNALLER (f->signaller), NEVER_MS, 30,
                                      NEVER_MS);
  join (f);
  scripted_receive (f, INIT ("\"a\",\"b\",\"c\""));
  scripted_receive (f, SDP ("offer", "a"));
  scripted_receive (f, SDP ("offer", "b"));
  answer_to (f, "a");
  answer_to (f, "b");
  assert_log (f, "joined:" ME " wait:a wait:b wait:c offer:a offer:b");
  scripted_drop (f);
  assert_log (f, "disconnected:closed");
  offer_to (f, "a");
  g_assert_cmpuint (scripted_n_sent (f), ==, 2);
  scripted_try_again (f);
  scripted_receive (f, INIT ("\"a\",\"d\""));
  /* c was never met */
  assert_log (f, "joined:" ME " left:c wait:a wait:d reconnected");
  scripted_receive (f, ONLINE ("b"));
  assert_log (f, "call:b");
  scripted_wait (f, 1);
  assert_log (f, "call:d");
  scripted_free (f);
}

/* Section 12: our own server says when somebody has gone; media that runs may go on. */
static void
test_offline (void)
{
  Scripted *f = mesh_new ("ws://h", ME);

  join (f);
  scripted_receive (f, INIT ("\"a\",\"b\""));
  scripted_receive (f, SDP ("offer", "a"));
  answer_to (f, "a");
  scripted_receive (f, OFFLINE ("a"));
  scripted_receive (f, OFFLINE ("b"));
  scripted_receive (f, OFFLINE ("x"));
  scripted_receive (f, OFFLINE (ME));
  assert_log (f, "joined:" ME " wait:a wait:b offer:a away:a left:b");
  scripted_receive (f, ONLINE ("a"));
  assert_log (f, "call:a");

  /* Back with media that ran all the time, they are no stranger the next time. */
  alcove_signaller_note_peer (f->signaller, "a", ALCOVE_SIGNALLER_NOTE_CONNECTED);
  scripted_receive (f, OFFLINE ("a"));
  assert_log (f, "away:a");
  scripted_free (f);
}

/* Oddity 2: our twin's messages; oddity 4: forged senders and unasked answers. */
static void
test_strangers (void)
{
  Scripted *f = mesh_new ("ws://h", ME);

  join (f);
  scripted_receive (f, ONLINE ("a"));
  scripted_receive (f, SDP ("offer", "a"));
  assert_log (f, "problem:unexpected problem:unknown-peer");
  scripted_receive (f, INIT ("\"a\""));
  scripted_receive (f, INIT ("\"b\""));
  assert_log (f, "joined:" ME " wait:a problem:unexpected");
  scripted_receive (f, SDP ("offer", "x"));
  scripted_receive (f, CANDIDATE ("x", "0"));
  scripted_receive (f, SDP ("answer", "a"));
  scripted_receive (f, SDP ("offer", ME));
  assert_log (f, "problem:unknown-peer problem:unknown-peer problem:unexpected");
  scripted_receive (f, "");
  scripted_receive (f, "[]");
  scripted_receive (f, "{\"event\":\"offer\",\"from\":\"a\",\"data\":{}}");
  scripted_receive (f, "{\"event\":\"offer\",\"from\":null,\"data\":{}}");
  scripted_receive (f, "{\"event\":\"candidate\",\"from\":\"a\",\"data\":{\"candidate\":\"\"}}");
  scripted_receive (f, "{\"event\":\"chat\",\"from\":\"a\",\"to\":\"" ME "\",\"data\":\"x\"}");
  scripted_receive (f, "{\"listen\":true,\"event\":\"rtc:offer\"}");
  assert_log (f, "problem:malformed problem:malformed problem:malformed problem:malformed");
  scripted_receive (f, SDP ("offer", "a"));
  assert_log (f, "offer:a");
  scripted_free (f);
}

/* Oddity 7: everybody calls the newcomer at once; what is too much waits its turn. */
static void
test_many_offers (void)
{
  Scripted *f = mesh_new ("ws://h", ME);
  g_autoptr (GString) init = g_string_new ("{\"event\":\"init\",\"ids\":[\"p0\"");

  for (int i = 1; i < ALCOVE_RTCMESH_MAX_ANSWERING + 3; i++)
    g_string_append_printf (init, ",\"p%d\"", i);
  g_string_append (init, "]}");
  join (f);
  scripted_receive (f, init->str);
  g_string_truncate (f->log, 0);
  for (int i = 0; i < ALCOVE_RTCMESH_MAX_ANSWERING + 3; i++)
    {
      g_autofree char *offer
          = g_strdup_printf ("{\"event\":\"offer\",\"from\":\"p%d\",\"data\":\"v=0\"}", i);

      scripted_receive (f, offer);
    }
  assert_log (f, "offer:p0 offer:p1 offer:p2 offer:p3 offer:p4 offer:p5 offer:p6 offer:p7");
  answer_to (f, "p3");
  assert_log (f, "offer:p8");
  /* a held one that goes leaves its place */
  scripted_receive (f, OFFLINE ("p9"));
  answer_to (f, "p0");
  assert_log (f, "left:p9 offer:p10");
  scripted_free (f);
}

/* What waits is bounded by its size, too. */
static void
test_large_offers (void)
{
  const gsize size = ALCOVE_RTCMESH_MAX_HELD_BYTES / 8;
  Scripted *f = mesh_new ("ws://h", ME);
  g_autoptr (GString) init = g_string_new ("{\"event\":\"init\",\"ids\":[\"p0\"");
  g_autofree char *padding = g_strnfill (size, 'x');

  for (int i = 1; i < ALCOVE_RTCMESH_MAX_ANSWERING + 8; i++)
    g_string_append_printf (init, ",\"p%d\"", i);
  g_string_append (init, "]}");
  join (f);
  scripted_receive (f, init->str);
  for (int i = 0; i < ALCOVE_RTCMESH_MAX_ANSWERING + 8; i++)
    {
      g_autofree char *offer = g_strdup_printf (
          "{\"event\":\"offer\",\"from\":\"p%d\",\"data\":\"v=0%s\"}", i,
          i < ALCOVE_RTCMESH_MAX_ANSWERING ? "" : padding);

      if (i == ALCOVE_RTCMESH_MAX_ANSWERING)
        g_string_truncate (f->log, 0);
      scripted_receive (f, offer);
    }
  /* seven and a little fit */
  assert_log (f, "problem:too-many");
  /* another from somebody who has one waiting takes its place */
  scripted_receive (f, "{\"event\":\"offer\",\"from\":\"p8\",\"data\":\"v=0\"}");
  assert_log (f, "");
  scripted_free (f);
}

static void
test_many_offers_time_out (void)
{
  Scripted *f = mesh_new ("ws://h", ME);
  g_autoptr (GString) init = g_string_new ("{\"event\":\"init\",\"ids\":[\"p0\"");

  alcove_rtcmesh_signaller_set_waits (ALCOVE_RTCMESH_SIGNALLER (f->signaller), NEVER_MS, NEVER_MS,
                                      30);
  for (int i = 1; i < ALCOVE_RTCMESH_MAX_ANSWERING + 1; i++)
    g_string_append_printf (init, ",\"p%d\"", i);
  g_string_append (init, "]}");
  join (f);
  scripted_receive (f, init->str);
  for (int i = 0; i < ALCOVE_RTCMESH_MAX_ANSWERING + 1; i++)
    {
      g_autofree char *offer
          = g_strdup_printf ("{\"event\":\"offer\",\"from\":\"p%d\",\"data\":\"v=0\"}", i);

      scripted_receive (f, offer);
    }
  scripted_wait (f, 1 + 2 * (ALCOVE_RTCMESH_MAX_ANSWERING + 1));
  g_assert_true (g_str_has_suffix (f->log->str, "offer:p8"));
  scripted_free (f);
}

static void
test_too_many (void)
{
  Scripted *f = mesh_new ("ws://h", ME);

  join (f);
  scripted_receive (f, INIT (""));
  for (guint i = 0; i < ALCOVE_RTCMESH_MAX_PEERS; i++)
    {
      g_autofree char *text = g_strdup_printf (ONLINE ("%u"), i);

      scripted_receive (f, text);
    }
  g_string_truncate (f->log, 0);
  scripted_receive (f, ONLINE ("more"));
  assert_log (f, "problem:too-many");
  scripted_free (f);
}

static void
test_wrong_protocol (void)
{
  Scripted *f = mesh_new ("ws://h", ME);

  alcove_rtcmesh_signaller_set_waits (ALCOVE_RTCMESH_SIGNALLER (f->signaller), 1, NEVER_MS,
                                      NEVER_MS);
  join (f);
  scripted_wait (f, 1);
  assert_log (f, "failed:wrong-protocol");
  scripted_receive (f, INIT (""));
  alcove_signaller_leave (f->signaller);
  assert_log (f, "gone");
  scripted_free (f);

  f = mesh_new ("ws://h", ME);
  alcove_rtcmesh_signaller_set_waits (ALCOVE_RTCMESH_SIGNALLER (f->signaller), 1, NEVER_MS,
                                      NEVER_MS);
  alcove_signaller_set_persistent (f->signaller, TRUE);
  join (f);
  scripted_wait (f, 1);
  assert_log (f, "disconnected:wrong-protocol");
  scripted_free (f);

  /* a bad id: the node server drops the connection at once */
  f = mesh_new ("ws://h", ME);
  join (f);
  scripted_drop (f);
  assert_log (f, "failed:closed");
  scripted_free (f);
}

static void
leave_now (Scripted *f)
{
  alcove_signaller_leave (f->signaller);
}

static void
test_leave_in_handler (void)
{
  Scripted *f = mesh_new ("ws://h", ME);

  g_signal_connect_swapped (f->signaller, "peer-joined", G_CALLBACK (leave_now), f);
  join (f);
  scripted_receive (f, INIT ("\"a\",\"b\""));
  assert_log (f, "joined:" ME " wait:a gone");
  scripted_free (f);
}

/* Section 8: label, plain text, life signs. */
static void
test_channel (void)
{
  Scripted *f = mesh_new ("ws://h", ME);
  g_autofree char *chat = alcove_signaller_encode_chat (f->signaller, "say {\"hé\"}");
  g_autofree char *line = alcove_signaller_decode_chat (f->signaller, "hello mesh");
  g_autofree char *broken = alcove_signaller_decode_chat (f->signaller, "\xff");
  g_autofree char *pong = alcove_signaller_answer_message (f->signaller, "{\"event\":\"ping\"}");
  g_autofree char *probe = alcove_signaller_encode_probe (f->signaller);
  g_autofree char *large = g_strnfill (ALCOVE_RTCMESH_MAX_CHAT + 1, 'x');

  g_assert_cmpstr (alcove_signaller_get_channel_label (f->signaller), ==, "dc");
  g_assert_cmpint (alcove_signaller_get_features (f->signaller), ==,
                   ALCOVE_SIGNALLER_ROSTER | ALCOVE_SIGNALLER_CHANNEL);
  g_assert_cmpstr (chat, ==, "say {\"hé\"}");
  g_assert_cmpstr (line, ==, "hello mesh");
  g_assert_cmpstr (broken, ==, "\xef\xbf\xbd");
  g_assert_cmpstr (pong, ==, "{\"event\":\"pong\"}");
  g_assert_cmpstr (probe, ==, "{\"event\":\"ping\"}");
  g_assert_null (alcove_signaller_answer_message (f->signaller, "{\"event\":\"pong\"}"));
  g_assert_null (alcove_signaller_answer_message (f->signaller, "ping"));
  g_assert_null (alcove_signaller_answer_message (f->signaller, large));
  g_assert_null (alcove_signaller_decode_chat (f->signaller, "{\"event\":\"ping\"}"));
  g_assert_null (alcove_signaller_decode_chat (f->signaller, "{\"event\":\"found\",\"data\":1}"));
  g_assert_null (alcove_signaller_decode_chat (f->signaller, large));
  scripted_free (f);
}

/* Out of order: each message as the first, and each twice. */
static void
test_out_of_order (void)
{
  static const char *const messages[] = {
    INIT ("\"a\""), ONLINE ("b"), OFFLINE ("a"), SDP ("offer", "a"), SDP ("answer", "a"),
    CANDIDATE ("a", "0"), SDP ("offer", "b"), "{}", "{\"event\":null}",
  };

  for (gsize first = 0; first < G_N_ELEMENTS (messages); first++)
    for (gsize second = 0; second < G_N_ELEMENTS (messages); second++)
      {
        Scripted *f = mesh_new ("ws://h", ME);

        join (f);
        scripted_receive (f, messages[first]);
        scripted_receive (f, messages[second]);
        scripted_receive (f, messages[second]);
        scripted_receive (f, messages[first]);
        scripted_free (f);
      }
}

/* What a frame must come out as, by the sheet: written apart from the signaller. */
typedef struct {
  GHashTable *here;
  GHashTable *asked;
  char *self;
} Mesh;

static void
expect (GString *expected,
        Mesh *mesh,
        const AlcoveRtcmeshMessage *message)
{
  const char *id = message->from;

  switch (message->kind)
    {
    case ALCOVE_RTCMESH_INIT:
      g_string_append_printf (expected, " joined:%s", mesh->self);
      for (gsize i = 0; message->ids[i] != NULL; i++)
        if (strcmp (message->ids[i], mesh->self) != 0
            && g_hash_table_add (mesh->here, g_strdup (message->ids[i])))
          g_string_append_printf (expected, " wait:%s", message->ids[i]);
      break;
    case ALCOVE_RTCMESH_ONLINE:
      if (strcmp (message->id, mesh->self) == 0)
        break;
      g_hash_table_add (mesh->here, g_strdup (message->id));
      g_string_append_printf (expected, " call:%s", message->id);
      break;
    case ALCOVE_RTCMESH_OFFER:
      g_string_append_printf (expected, g_hash_table_contains (mesh->here, id)
                                            ? " offer:%s"
                                            : " problem:unknown-peer",
                              id);
      break;
    case ALCOVE_RTCMESH_ANSWER:
      g_string_append_printf (expected, " answer:%s", id);
      break;
    case ALCOVE_RTCMESH_CANDIDATE:
      if (message->sdp_mid != NULL)
        g_string_append_printf (expected, " candidate%d/%s:%s", message->sdp_mline_index,
                                message->sdp_mid, id);
      else
        g_string_append_printf (expected, " candidate%d:%s", message->sdp_mline_index, id);
      break;
    default:
      break;
    }
}

/* One connection of a recording: its incoming frames are the server, and its outgoing
 * descriptions are what the room asks of us. */
static guint
replay (GPtrArray *frames,
        guint start,
        const char *self_id)
{
  const RecordedFrame *first = g_ptr_array_index (frames, start);
  Scripted *f = mesh_new ("ws://h", self_id);
  g_autoptr (GString) expected = g_string_new (NULL);
  Mesh mesh = { g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL), NULL,
                g_strdup (self_id) };
  guint n_frames = 0;

  join (f);
  for (guint i = start; i < frames->len; i++)
    {
      const RecordedFrame *frame = g_ptr_array_index (frames, i);
      g_autoptr (AlcoveRtcmeshMessage) message = NULL;

      if (strcmp (frame->connection, first->connection) != 0)
        continue;
      message = alcove_rtcmesh_message_decode (frame->frame, -1, NULL);
      if (frame->from_client)
        {
          AlcoveDescriptionType type;
          const char *sdp;

          if (message != NULL
              && alcove_rtcmesh_message_get_description (message, &type, &sdp, NULL)
              && g_hash_table_contains (mesh.here, message->to))
            {
              g_autofree char *form = alcove_rtcmesh_message_encode (message);

              alcove_signaller_send_description (f->signaller, message->to, type, sdp);
              g_assert_true (same_json (scripted_last_sent (f), form));
            }
          continue;
        }

      g_assert_nonnull (message);
      if (message->kind == ALCOVE_RTCMESH_INIT && n_frames > 0)
        break;
      expect (expected, &mesh, message);
      scripted_receive (f, frame->frame);
      n_frames++;
    }

  g_assert_cmpstr (f->log->str, ==, expected->str + 1);
  g_hash_table_unref (mesh.here);
  g_free (mesh.self);
  scripted_free (f);
  return n_frames;
}

/* The id of a connection, which only notes tell: it is the `from` of what it sends, or
 * the `to` of what it gets. */
static char *
find_id (GPtrArray *frames,
         guint start)
{
  const RecordedFrame *first = g_ptr_array_index (frames, start);

  for (guint i = start; i < frames->len; i++)
    {
      const RecordedFrame *frame = g_ptr_array_index (frames, i);
      g_autoptr (AlcoveRtcmeshMessage) message = NULL;
      const char *id;

      if (strcmp (frame->connection, first->connection) != 0 || frame->from_client)
        continue;
      message = alcove_rtcmesh_message_decode (frame->frame, -1, NULL);
      id = message != NULL ? message->to : NULL;
      if (id != NULL && strlen (id) == ALCOVE_RTCMESH_UID_LENGTH)
        return g_strdup (id);
    }

  return g_strdup ("nobody-0-nobody-0-nobody-0-nobody-0-");
}

typedef struct {
  const char *name;
  guint n_joins;
  guint n_frames;
} Recording;

static const Recording recordings[] = {
  { "rtcmesh.jsonl", 8, 49 },
  { "rtcmesh-nim.jsonl", 4, 13 },
  { "browser-rtcmesh-seed.jsonl", 3, 6 },
  { "browser-rtcmesh-july2020.jsonl", 4, 28 },
  { "browser-rtcmesh-2022.jsonl", 4, 28 },
  { "browser-rtcmesh-go.jsonl", 2, 14 },
  { "browser-rtcmesh-media.jsonl", 3, 25 },
};

static void
test_recording (gconstpointer data)
{
  const Recording *recording = data;
  g_autoptr (GPtrArray) frames = recording_load ("rtcmesh", recording->name);
  guint n_joins = 0;
  guint n_frames = 0;

  for (guint i = 0; i < frames->len; i++)
    {
      const RecordedFrame *frame = g_ptr_array_index (frames, i);
      g_autofree char *id = NULL;

      if (frame->from_client || strstr (frame->frame, "\"init\"") == NULL)
        continue;
      id = find_id (frames, i);
      n_joins++;
      n_frames += replay (frames, i, id);
    }

  g_test_message ("%s: %u, %u", recording->name, n_joins, n_frames);
  g_assert_cmpuint (n_joins, ==, recording->n_joins);
  g_assert_cmpuint (n_frames, ==, recording->n_frames);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (recordings); i++)
    {
      g_autofree char *path = g_strconcat ("/rtcmesh-signaller/", recordings[i].name, NULL);

      g_test_add_data_func (path, &recordings[i], test_recording);
    }
  g_test_add_func ("/rtcmesh-signaller/2-address", test_address);
  g_test_add_func ("/rtcmesh-signaller/3-id", test_id);
  g_test_add_func ("/rtcmesh-signaller/10.1-room", test_room);
  g_test_add_func ("/rtcmesh-signaller/6-who-offers", test_who_offers);
  g_test_add_func ("/rtcmesh-signaller/6-late-offer", test_late_offer);
  g_test_add_func ("/rtcmesh-signaller/6-online-again", test_online_again);
  g_test_add_func ("/rtcmesh-signaller/6-glare", test_glare);
  g_test_add_func ("/rtcmesh-signaller/7-reconnect", test_reconnect);
  g_test_add_func ("/rtcmesh-signaller/8-channel", test_channel);
  g_test_add_func ("/rtcmesh-signaller/10.2-10.3-10.4-strangers", test_strangers);
  g_test_add_func ("/rtcmesh-signaller/10.7-many-offers", test_many_offers);
  g_test_add_func ("/rtcmesh-signaller/10.7-large-offers", test_large_offers);
  g_test_add_func ("/rtcmesh-signaller/10.7-many-offers-time-out", test_many_offers_time_out);
  g_test_add_func ("/rtcmesh-signaller/12-offline", test_offline);
  g_test_add_func ("/rtcmesh-signaller/too-many", test_too_many);
  g_test_add_func ("/rtcmesh-signaller/wrong-protocol", test_wrong_protocol);
  g_test_add_func ("/rtcmesh-signaller/leave-in-handler", test_leave_in_handler);
  g_test_add_func ("/rtcmesh-signaller/out-of-order", test_out_of_order);
  return g_test_run ();
}
