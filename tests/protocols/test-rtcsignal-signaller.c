/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "alcove-address.h"
#include "alcove-rtcsignal-codec.h"
#include "alcove-rtcsignal-signaller.h"
#include "scripted-signaller.h"
#include "socketio-recording.h"

#define NEVER_MS 3600000

/* “m-…” is us; “a” and “z” are before and behind us in the order of ids. In what is received
 * and expected, ME stands for whatever the random part has become. */
#define ME "<me>"

#define JOINED(user) "[\"user-joined\",\"" user "\"]"
#define LEFT(user) "[\"user-left\",\"" user "\"]"
#define SAYS(user, rest) "[\"broadcast\",{\"userId\":\"" user "\"," rest "}]"
#define TO_ME ",\"targetUserId\":\"" ME "\""
#define OFFER(user, target) SAYS (user, "\"msgType\":1,\"sdp\":\"v=0\"" target)
#define ANSWER(user, target) SAYS (user, "\"msgType\":2,\"sdp\":\"v=0\"" target)
#define CANDIDATE(user, target) \
  SAYS (user, "\"msgType\":3,\"id\":\"0\",\"label\":0,\"candidate\":\"candidate:1\"" target)
#define HANG_UP(user, target) SAYS (user, "\"msgType\":4" target)
#define PRESENCE(user, rest) SAYS (user, "\"msgType\":16" rest)

static Scripted *
client_new (void)
{
  g_autoptr (GUri) server = alcove_address_parse ("http://h", 8080, "/socket.io/", NULL);
  AlcoveTransport *transport = scripted_transport_new ();
  AlcoveSignaller *signaller = alcove_rtcsignal_signaller_new_with_transport (server, transport);

  alcove_server_signaller_set_join_wait (ALCOVE_SERVER_SIGNALLER (signaller), NEVER_MS);
  alcove_rtcsignal_signaller_set_waits (ALCOVE_RTCSIGNAL_SIGNALLER (signaller), NEVER_MS, NEVER_MS);
  g_assert_true (alcove_rtcsignal_signaller_set_user_prefix (
      ALCOVE_RTCSIGNAL_SIGNALLER (signaller), "m"));
  return scripted_new (signaller, transport);
}

static AlcoveRtcsignalMessage *
sent (Scripted *f,
      guint position)
{
  g_autoptr (GError) error = NULL;
  AlcoveRtcsignalMessage *message
      = alcove_rtcsignal_message_decode (scripted_sent (f, position), TRUE, &error);

  g_assert_no_error (error);
  return message;
}

/* The id of the last join. */
static char *
own_id (Scripted *f)
{
  for (guint i = scripted_n_sent (f); i > 0; i--)
    {
      g_autoptr (AlcoveRtcsignalMessage) message = sent (f, i - 1);

      if (message->kind == ALCOVE_RTCSIGNAL_JOIN_ROOM)
        return g_strdup (message->user);
    }

  g_assert_not_reached ();
}

static char *
substitute (const char *text,
            const char *from,
            const char *to)
{
  g_auto (GStrv) pieces = g_strsplit (text, from, -1);

  return g_strjoinv (to, pieces);
}

static void
receive (Scripted *f,
         const char *text)
{
  g_autofree char *id = own_id (f);
  g_autofree char *full = substitute (text, ME, id);

  scripted_receive (f, full);
}

static void
assert_said_at (Scripted *f,
                const char *expected,
                int line)
{
  g_autofree char *id = own_id (f);
  g_autofree char *full = substitute (expected, ME, id);

  scripted_assert_log_at (f, full, __FILE__, line);
}

#define assert_said(f, expected) assert_said_at (f, expected, __LINE__)

static void
assert_sent_at (Scripted *f,
                const char *expected,
                int line)
{
  g_autofree char *id = own_id (f);
  g_autofree char *full = substitute (expected, ME, id);

  if (!same_json (scripted_last_sent (f), full))
    g_error ("line %d: %s instead of %s", line, scripted_last_sent (f), full);
}

#define assert_sent(f, expected) assert_sent_at (f, expected, __LINE__)

static void
join (Scripted *f)
{
  scripted_connect_and_open (f, "两 人", "Me", ALCOVE_ROLE_MEMBER);
  receive (f, JOINED (ME));
  receive (f, PRESENCE (ME, ""));
  assert_said (f, "joined:" ME);
}

static void
send (Scripted *f,
      const char *id,
      AlcoveDescriptionType type)
{
  alcove_signaller_send_description (f->signaller, id, type, "v=0");
}

/* Section 4: a text with JSON in it; section 6: then that we are here. */
static void
test_join (void)
{
  Scripted *f = client_new ();
  g_autoptr (AlcoveRtcsignalMessage) message = NULL;

  g_assert_cmpint (alcove_signaller_get_features (f->signaller), ==, ALCOVE_SIGNALLER_ROOMS);
  scripted_connect_and_open (f, "两 人", "Me", ALCOVE_ROLE_MEMBER);
  g_assert_cmpstr (alcove_transport_get_uri (f->transport), ==, "ws://h:8080/socket.io/");
  g_assert_true (g_str_has_prefix (scripted_last_sent (f), "[\"join-room\",\"{\\\"userId\\\":\\\"m-"));
  message = sent (f, 0);
  g_assert_cmpstr (message->room, ==, "两 人");
  receive (f, JOINED (ME));
  assert_said (f, "joined:" ME);
  assert_sent (f, PRESENCE (ME, ""));
  scripted_free (f);
}

/* Section 6: whoever is there offers to the one who comes. */
static void
test_who_offers (void)
{
  Scripted *f = client_new ();

  join (f);
  receive (f, JOINED ("z"));
  assert_said (f, "call:z");
  assert_sent (f, PRESENCE (ME, ",\"targetUserId\":\"z\""));
  send (f, "z", ALCOVE_DESCRIPTION_OFFER);
  assert_sent (f, OFFER (ME, ",\"targetUserId\":\"z\""));
  alcove_signaller_send_candidate (f->signaller, "z", "audio", 0, "candidate:1");
  assert_sent (f, SAYS (ME, "\"msgType\":3,\"id\":\"audio\",\"label\":0,\"candidate\":\"candidate:1\","
                            "\"targetUserId\":\"z\""));
  alcove_signaller_send_candidate (f->signaller, "z", NULL, 1, "candidate:1");
  assert_sent (f, SAYS (ME, "\"msgType\":3,\"id\":\"\",\"label\":1,\"candidate\":\"candidate:1\","
                            "\"targetUserId\":\"z\""));
  receive (f, CANDIDATE ("z", TO_ME));
  receive (f, ANSWER ("z", TO_ME));
  assert_said (f, "candidate0/0:z answer:z");

  /* a newcomer is shown by the offer of who is there, or by presence, whichever is first */
  receive (f, OFFER ("a", TO_ME));
  send (f, "a", ALCOVE_DESCRIPTION_ANSWER);
  assert_sent (f, ANSWER (ME, ",\"targetUserId\":\"a\""));
  receive (f, PRESENCE ("b", TO_ME));
  receive (f, OFFER ("b", TO_ME));
  assert_said (f, "wait:a offer:a wait:b offer:b");

  /* nothing that makes no sense is sent */
  g_assert_cmpuint (scripted_n_sent (f), ==, 7);
  alcove_signaller_send_candidate (f->signaller, "z", "0", 0, "");
  alcove_signaller_send_candidate (f->signaller, "z", "0", -1, "candidate:1");
  send (f, "nobody", ALCOVE_DESCRIPTION_OFFER);
  g_assert_cmpuint (scripted_n_sent (f), ==, 7);
  scripted_free (f);
}

/* Section 4: a target is looked at, and may be missing. */
static void
test_target (void)
{
  Scripted *f = client_new ();

  join (f);
  receive (f, JOINED ("z"));
  send (f, "z", ALCOVE_DESCRIPTION_OFFER);
  receive (f, ANSWER ("z", ",\"targetUserId\":\"a\""));
  receive (f, CANDIDATE ("z", ",\"targetUserId\":\"a\""));
  receive (f, HANG_UP ("z", ",\"targetUserId\":\"a\""));
  receive (f, OFFER ("a", ",\"targetUserId\":\"z\""));
  assert_said (f, "call:z");
  /* the page for two names none */
  receive (f, ANSWER ("z", ""));
  receive (f, CANDIDATE ("z", ""));
  receive (f, OFFER ("a", ""));
  assert_said (f, "answer:z candidate0/0:z wait:a offer:a");
  /* what is not meant for us says nothing */
  receive (f, ANSWER ("z", ""));
  receive (f, ANSWER ("x", ""));
  receive (f, CANDIDATE ("x", ""));
  receive (f, HANG_UP ("x", ""));
  assert_said (f, "");
  scripted_free (f);
}

/* Section 6: of two offers the smaller id's stays between Alcoves; a page gives in to ours. */
static void
test_glare (void)
{
  Scripted *f = client_new ();

  join (f);
  receive (f, JOINED ("z"));
  receive (f, PRESENCE ("z", ""));
  receive (f, JOINED ("a"));
  receive (f, PRESENCE ("a", ""));
  receive (f, JOINED ("aa"));
  assert_said (f, "call:z call:a call:aa");
  send (f, "z", ALCOVE_DESCRIPTION_OFFER);
  send (f, "a", ALCOVE_DESCRIPTION_OFFER);
  send (f, "aa", ALCOVE_DESCRIPTION_OFFER);
  receive (f, OFFER ("z", TO_ME));
  receive (f, ANSWER ("z", TO_ME));
  assert_said (f, "problem:unexpected answer:z");
  receive (f, OFFER ("a", TO_ME));
  receive (f, ANSWER ("a", TO_ME));
  assert_said (f, "wait:a offer:a problem:unexpected");
  receive (f, OFFER ("aa", ""));
  receive (f, ANSWER ("aa", ""));
  assert_said (f, "problem:unexpected answer:aa");

  /* after the flight is over there is no glare */
  alcove_rtcsignal_signaller_set_waits (ALCOVE_RTCSIGNAL_SIGNALLER (f->signaller), NEVER_MS, 0);
  send (f, "z", ALCOVE_DESCRIPTION_OFFER);
  receive (f, OFFER ("z", TO_ME));
  assert_said (f, "offer:z");
  scripted_free (f);
}

/* Section 6: a page is not offered to a second time before a hang-up, where that hits nobody else. */
static void
test_offer_anew (void)
{
  Scripted *f = client_new ();
  guint n_sent;

  join (f);
  receive (f, JOINED ("page"));
  receive (f, JOINED ("z"));
  receive (f, PRESENCE ("z", ""));
  send (f, "page", ALCOVE_DESCRIPTION_OFFER);
  receive (f, ANSWER ("page", TO_ME));
  send (f, "z", ALCOVE_DESCRIPTION_OFFER);
  receive (f, ANSWER ("z", TO_ME));
  assert_said (f, "call:page call:z answer:page answer:z");

  n_sent = scripted_n_sent (f);
  send (f, "page", ALCOVE_DESCRIPTION_OFFER);
  g_assert_cmpuint (scripted_n_sent (f), ==, n_sent + 2);
  {
    g_autoptr (AlcoveRtcsignalMessage) hang_up = sent (f, n_sent);

    g_assert_cmpint (hang_up->kind, ==, ALCOVE_RTCSIGNAL_HANG_UP);
    g_assert_cmpstr (hang_up->target, ==, "page");
  }
  assert_sent (f, OFFER (ME, ",\"targetUserId\":\"page\""));

  /* an Alcove takes the new offer for what it is */
  n_sent = scripted_n_sent (f);
  send (f, "z", ALCOVE_DESCRIPTION_OFFER);
  g_assert_cmpuint (scripted_n_sent (f), ==, n_sent + 1);

  /* another page would hang up as well */
  receive (f, ANSWER ("page", TO_ME));
  receive (f, JOINED ("page-2"));
  n_sent = scripted_n_sent (f);
  send (f, "page", ALCOVE_DESCRIPTION_OFFER);
  g_assert_cmpuint (scripted_n_sent (f), ==, n_sent + 1);
  scripted_free (f);
}

/* Sections 3 and 6: another id for every join, and to Alcoves the one it replaces. */
static void
test_reconnect (void)
{
  Scripted *f = client_new ();
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr (AlcoveRtcsignalMessage) presence = NULL;

  join (f);
  before = own_id (f);
  receive (f, PRESENCE ("a", TO_ME));
  receive (f, JOINED ("z"));
  send (f, "z", ALCOVE_DESCRIPTION_OFFER);
  assert_said (f, "wait:a call:z");
  scripted_drop (f);
  assert_said (f, "disconnected:closed");
  scripted_try_again (f);
  after = own_id (f);
  g_assert_cmpstr (before, !=, after);
  receive (f, JOINED (ME));
  assert_said (f, "joined:" ME " reconnected");
  presence = sent (f, scripted_n_sent (f) - 1);
  g_assert_cmpint (presence->kind, ==, ALCOVE_RTCSIGNAL_PRESENCE);
  g_assert_cmpstr (presence->former, ==, before);
  g_assert_null (presence->target);
  receive (f, JOINED ("zz"));
  {
    g_autoptr (AlcoveRtcsignalMessage) reply = sent (f, scripted_n_sent (f) - 1);

    g_assert_cmpstr (reply->former, ==, before);
    g_assert_cmpstr (reply->target, ==, "zz");
  }
  assert_said (f, "call:zz");

  /* who is still there shows again, and who is not is for the room to find out */
  receive (f, PRESENCE ("a", TO_ME));
  receive (f, ANSWER ("z", TO_ME));
  receive (f, OFFER ("z", TO_ME));
  assert_said (f, "wait:a problem:unexpected wait:z offer:z");
  scripted_free (f);

  /* without a prefix it is all random */
  {
    g_autoptr (GUri) server = alcove_address_parse ("http://h", 8080, "/socket.io/", NULL);
    AlcoveTransport *transport = scripted_transport_new ();
    g_autofree char *first = NULL;
    g_autofree char *second = NULL;

    f = scripted_new (alcove_rtcsignal_signaller_new_with_transport (server, transport), transport);
    alcove_signaller_set_persistent (f->signaller, TRUE);
    scripted_connect_and_open (f, "r", "Me", ALCOVE_ROLE_MEMBER);
    first = own_id (f);
    scripted_drop (f);
    scripted_try_again (f);
    second = own_id (f);
    g_assert_cmpuint (strlen (first), >, 10);
    g_assert_cmpstr (first, !=, second);
    scripted_free (f);
  }
}

/* Section 6: an Alcove that has come back takes the place of the one it was. */
static void
test_former (void)
{
  Scripted *f = client_new ();

  join (f);
  receive (f, JOINED ("a"));
  receive (f, PRESENCE ("a", ""));
  receive (f, JOINED ("a2"));
  receive (f, PRESENCE ("a2", ",\"formerUserId\":\"a\""));
  receive (f, PRESENCE ("a2", ",\"formerUserId\":\"a\""));
  receive (f, PRESENCE ("a2", ",\"formerUserId\":\"a2\""));
  receive (f, PRESENCE ("b", ",\"formerUserId\":\"" ME "\""));
  assert_said (f, "call:a call:a2 left:a wait:b");
  scripted_free (f);
}

/* Section 7: hang-up closes, a leave removes, and our own leave says both before closing. */
static void
test_leave (void)
{
  Scripted *f = client_new ();
  guint n_sent;

  join (f);
  receive (f, JOINED ("a"));
  receive (f, JOINED ("b"));
  receive (f, HANG_UP ("a", ""));
  receive (f, LEFT ("a"));
  receive (f, LEFT ("a"));
  receive (f, LEFT ("stranger"));
  receive (f, HANG_UP ("b", ""));
  receive (f, OFFER ("b", ""));
  assert_said (f, "call:a call:b hung-up:a left:a hung-up:b offer:b");
  /* returns as somebody who comes */
  receive (f, JOINED ("a"));
  assert_said (f, "call:a");

  n_sent = scripted_n_sent (f);
  alcove_signaller_leave (f->signaller);
  g_assert_cmpuint (scripted_n_sent (f), ==, n_sent + 2);
  {
    g_autoptr (AlcoveRtcsignalMessage) hang_up = sent (f, n_sent);
    g_autoptr (AlcoveRtcsignalMessage) leave = sent (f, n_sent + 1);

    g_assert_cmpint (hang_up->kind, ==, ALCOVE_RTCSIGNAL_HANG_UP);
    g_assert_null (hang_up->target);
    g_assert_cmpint (leave->kind, ==, ALCOVE_RTCSIGNAL_LEAVE_ROOM);
    g_assert_cmpstr (leave->room, ==, "两 人");
  }
  assert_said (f, "gone");
  scripted_free (f);
}

/* Section 7: nobody tells of the lost: the room gives them up, and they may be back. */
static void
test_given_up (void)
{
  Scripted *f = client_new ();

  join (f);
  receive (f, JOINED ("a"));
  alcove_signaller_note_peer (f->signaller, "a", ALCOVE_SIGNALLER_NOTE_LOST);
  send (f, "a", ALCOVE_DESCRIPTION_OFFER);
  assert_sent (f, OFFER (ME, ",\"targetUserId\":\"a\""));
  alcove_signaller_note_peer (f->signaller, "a", ALCOVE_SIGNALLER_NOTE_GONE);
  receive (f, ANSWER ("a", TO_ME));
  receive (f, OFFER ("a", TO_ME));
  assert_said (f, "call:a problem:unknown-peer wait:a offer:a");
  scripted_free (f);
}

/* Oddity 1: nothing is ever sent that makes the server deaf. */
static void
test_never_deafens (void)
{
  Scripted *f = client_new ();
  guint i;

  join (f);
  receive (f, JOINED ("a"));
  send (f, "a", ALCOVE_DESCRIPTION_OFFER);
  receive (f, ANSWER ("a", TO_ME));
  send (f, "a", ALCOVE_DESCRIPTION_OFFER);
  send (f, "a", ALCOVE_DESCRIPTION_ANSWER);
  alcove_signaller_send_candidate (f->signaller, "a", NULL, 0, "candidate:1");
  scripted_drop (f);
  scripted_try_again (f);
  receive (f, JOINED (ME));
  alcove_signaller_leave (f->signaller);
  for (i = 0; i < scripted_n_sent (f); i++)
    {
      g_autoptr (JsonNode) node = json_from_string (scripted_sent (f, i), NULL);
      JsonArray *event = json_node_get_array (node);
      const char *name = json_array_get_string_element (event, 0);
      JsonNode *argument = json_array_get_element (event, 1);

      g_assert_cmpuint (json_array_get_length (event), ==, 2);
      if (strcmp (name, "broadcast") == 0)
        g_assert_true (JSON_NODE_HOLDS_OBJECT (argument));
      else
        g_assert_cmpint (json_node_get_value_type (argument), ==, G_TYPE_STRING);
    }
  g_assert_cmpuint (i, ==, 12);
  scripted_free (f);
}

/* Oddity 2: what we say comes back, or the connection is made anew. */
static void
test_echo (void)
{
  Scripted *f = client_new ();

  g_assert_cmpuint (ALCOVE_RTCSIGNAL_ECHO_WAIT_MS, ==, 5000);
  alcove_rtcsignal_signaller_set_waits (ALCOVE_RTCSIGNAL_SIGNALLER (f->signaller), 1, NEVER_MS);
  scripted_connect_and_open (f, "r", "Me", ALCOVE_ROLE_MEMBER);
  receive (f, JOINED (ME));
  /* our presence does not come back */
  scripted_wait (f, 2);
  assert_said (f, "joined:" ME " disconnected:timed-out");
  alcove_rtcsignal_signaller_set_waits (ALCOVE_RTCSIGNAL_SIGNALLER (f->signaller), NEVER_MS, 0);
  scripted_try_again (f);
  receive (f, JOINED (ME));
  receive (f, PRESENCE (ME, ""));
  assert_said (f, "joined:" ME " reconnected");

  /* two on the way, and one of them comes back */
  receive (f, JOINED ("a"));
  send (f, "a", ALCOVE_DESCRIPTION_OFFER);
  alcove_rtcsignal_signaller_set_waits (ALCOVE_RTCSIGNAL_SIGNALLER (f->signaller), 1, 0);
  receive (f, PRESENCE (ME, ",\"targetUserId\":\"a\""));
  scripted_wait (f, 2);
  assert_said (f, "call:a disconnected:timed-out");
  scripted_free (f);

  /* the join itself */
  f = client_new ();
  alcove_server_signaller_set_join_wait (ALCOVE_SERVER_SIGNALLER (f->signaller), 1);
  scripted_connect_and_open (f, "r", "Me", ALCOVE_ROLE_MEMBER);
  receive (f, JOINED ("somebody else"));
  scripted_wait (f, 1);
  assert_said (f, "failed:wrong-protocol");
  scripted_free (f);
}

/* Oddity 3: one room for each connection, joined once. Oddity 5: nothing before that. */
static void
test_one_room (void)
{
  Scripted *f = client_new ();

  scripted_connect_and_open (f, "r", "Me", ALCOVE_ROLE_MEMBER);
  send (f, "a", ALCOVE_DESCRIPTION_OFFER);
  receive (f, JOINED ("z"));
  receive (f, OFFER ("z", TO_ME));
  receive (f, OFFER ("z", ""));
  g_assert_cmpuint (scripted_n_sent (f), ==, 1);
  assert_said (f, "problem:unexpected");
  receive (f, JOINED (ME));
  receive (f, JOINED (ME));
  g_assert_cmpuint (scripted_n_sent (f), ==, 2);
  assert_said (f, "joined:" ME);
  scripted_free (f);
}

/* Oddity 4: somebody who seems to have left and is there all the same shows by an offer. */
static void
test_left_and_there (void)
{
  Scripted *f = client_new ();

  join (f);
  receive (f, JOINED ("a"));
  receive (f, LEFT ("a"));
  receive (f, LEFT (ME));
  receive (f, CANDIDATE ("a", TO_ME));
  receive (f, OFFER ("a", TO_ME));
  assert_said (f, "call:a left:a problem:unknown-peer wait:a offer:a");
  scripted_free (f);
}

/* Oddity 6: an empty name is nobody. */
static void
test_nobody (void)
{
  Scripted *f = client_new ();

  join (f);
  receive (f, JOINED (""));
  receive (f, LEFT (""));
  receive (f, "[\"user-joined\",12]");
  receive (f, "[\"broadcast\",\"just text\"]");
  receive (f, "[\"broadcast\",null]");
  assert_said (f, "problem:malformed problem:malformed problem:malformed");
  scripted_free (f);

  f = client_new ();
  alcove_signaller_connect (f->signaller, "", "Me", ALCOVE_ROLE_MEMBER);
  assert_log (f, "failed:failed");
  g_assert_false (alcove_rtcsignal_signaller_set_user_prefix (
      ALCOVE_RTCSIGNAL_SIGNALLER (f->signaller), ""));
  scripted_free (f);
}

/* Oddity 7: a known one who is announced again is a reminder. */
static void
test_reminder (void)
{
  Scripted *f = client_new ();

  join (f);
  receive (f, JOINED ("a"));
  send (f, "a", ALCOVE_DESCRIPTION_OFFER);
  receive (f, JOINED ("a"));
  receive (f, ANSWER ("a", TO_ME));
  receive (f, OFFER ("a", TO_ME));
  assert_said (f, "call:a call:a problem:unexpected offer:a");
  scripted_free (f);
}

/* Section 9: messages with our own name, from us or from a twin, are not for us. */
static void
test_own_messages (void)
{
  Scripted *f = client_new ();

  join (f);
  receive (f, OFFER (ME, ""));
  receive (f, ANSWER (ME, TO_ME));
  receive (f, HANG_UP (ME, ""));
  receive (f, SAYS ("a", "\"msgType\":99"));
  assert_said (f, "");
  scripted_free (f);
}

static void
test_too_many (void)
{
  Scripted *f = client_new ();

  join (f);
  for (guint i = 0; i < ALCOVE_RTCSIGNAL_MAX_PEERS; i++)
    {
      g_autofree char *text = g_strdup_printf (JOINED ("p%u"), i);

      scripted_receive (f, text);
    }
  g_string_truncate (f->log, 0);
  receive (f, JOINED ("more"));
  receive (f, OFFER ("more", ""));
  receive (f, PRESENCE ("more", ""));
  assert_said (f, "problem:too-many problem:too-many problem:too-many");
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
  static const char *const handlers[] = { "joined", "peer-joined", "hung-up" };
  static const char *const expected[]
      = { "joined:" ME " gone", "joined:" ME " wait:a gone", "joined:" ME " wait:a offer:a hung-up:a gone" };

  for (gsize i = 0; i < G_N_ELEMENTS (handlers); i++)
    {
      Scripted *f = client_new ();

      g_signal_connect_swapped (f->signaller, handlers[i], G_CALLBACK (leave_now), f);
      scripted_connect_and_open (f, "r", "Me", ALCOVE_ROLE_MEMBER);
      receive (f, JOINED (ME));
      receive (f, OFFER ("a", TO_ME));
      receive (f, HANG_UP ("a", ""));
      receive (f, JOINED ("b"));
      assert_said (f, expected[i]);
      scripted_free (f);
    }
}

/* Out of order: each message as the first, and each twice. */
static void
test_out_of_order (void)
{
  static const char *const messages[] = {
    JOINED (ME), JOINED ("a"), LEFT ("a"), LEFT (ME), OFFER ("a", TO_ME), ANSWER ("a", TO_ME),
    CANDIDATE ("a", ""), HANG_UP ("a", ""), PRESENCE ("a", ",\"formerUserId\":\"b\""), OFFER (ME, ""),
    "[\"x\"]", "[]",
  };

  for (gsize first = 0; first < G_N_ELEMENTS (messages); first++)
    for (gsize second = 0; second < G_N_ELEMENTS (messages); second++)
      {
        Scripted *f = client_new ();

        scripted_connect_and_open (f, "r", "Me", ALCOVE_ROLE_MEMBER);
        receive (f, messages[first]);
        receive (f, messages[second]);
        receive (f, messages[second]);
        scripted_drop (f);
        if (strstr (f->log->str, "failed") == NULL)
          {
            scripted_try_again (f);
            receive (f, messages[second]);
            receive (f, messages[first]);
          }
        scripted_free (f);
      }
}

/* What an event must come out as, by the sheet: written apart from the signaller. */
typedef struct {
  GHashTable *here;
  GHashTable *asked;
  char *self;
  gboolean joined;
} Model;

static void
expect_broadcast (GString *expected,
                  Model *model,
                  const AlcoveRtcsignalMessage *message)
{
  const char *id = message->user;
  gboolean targeted = message->target != NULL;
  gboolean known = g_hash_table_contains (model->here, id);

  if (strcmp (id, model->self) == 0 || (targeted && strcmp (message->target, model->self) != 0))
    return;
  if (!model->joined)
    {
      g_string_append (expected, targeted ? " problem:unexpected" : "");
      return;
    }

  switch (message->kind)
    {
    case ALCOVE_RTCSIGNAL_OFFER:
      if (g_hash_table_contains (model->asked, id))
        {
          g_string_append (expected, " problem:unexpected");
          break;
        }
      if (g_hash_table_add (model->here, g_strdup (id)))
        g_string_append_printf (expected, " wait:%s", id);
      g_string_append_printf (expected, " offer:%s", id);
      break;
    case ALCOVE_RTCSIGNAL_ANSWER:
      if (g_hash_table_remove (model->asked, id))
        g_string_append_printf (expected, " answer:%s", id);
      else if (targeted)
        g_string_append (expected, known ? " problem:unexpected" : " problem:unknown-peer");
      break;
    case ALCOVE_RTCSIGNAL_CANDIDATE:
      if (known)
        g_string_append_printf (expected, " candidate%d/%s:%s", message->label, message->mid, id);
      else if (targeted)
        g_string_append (expected, " problem:unknown-peer");
      break;
    case ALCOVE_RTCSIGNAL_HANG_UP:
      g_hash_table_remove (model->asked, id);
      if (known)
        g_string_append_printf (expected, " hung-up:%s", id);
      break;
    default:
      break;
    }
}

static void
expect (GString *expected,
        Model *model,
        const AlcoveRtcsignalMessage *message)
{
  if (message == NULL)
    {
      g_string_append (expected, " problem:malformed");
      return;
    }

  switch (message->kind)
    {
    case ALCOVE_RTCSIGNAL_USER_JOINED:
      if (strcmp (message->user, model->self) == 0)
        {
          if (!model->joined)
            g_string_append_printf (expected, " joined:%s", model->self);
          model->joined = TRUE;
        }
      else if (model->joined && *message->user != '\0')
        {
          g_hash_table_add (model->here, g_strdup (message->user));
          g_hash_table_remove (model->asked, message->user);
          g_string_append_printf (expected, " call:%s", message->user);
        }
      break;
    case ALCOVE_RTCSIGNAL_USER_LEFT:
      g_hash_table_remove (model->asked, message->user);
      if (g_hash_table_remove (model->here, message->user))
        g_string_append_printf (expected, " left:%s", message->user);
      break;
    default:
      expect_broadcast (expected, model, message);
      break;
    }
}

/* What the recorded client says is what the room asks of us. A page for two names no
 * target; where there is but one it can mean, it is that one. */
static void
take_part (Scripted *f,
           Model *model,
           const char *text)
{
  g_autoptr (AlcoveRtcsignalMessage) message = alcove_rtcsignal_message_decode (text, TRUE, NULL);
  g_autofree char *target = NULL;

  if (message == NULL || !model->joined || g_strcmp0 (message->user, model->self) != 0)
    return;

  target = g_strdup (message->target);
  if (target == NULL && g_hash_table_size (model->here) == 1)
    {
      g_autoptr (GList) keys = g_hash_table_get_keys (model->here);

      target = g_strdup (keys->data);
    }
  if (target == NULL || !g_hash_table_contains (model->here, target))
    return;

  switch (message->kind)
    {
    case ALCOVE_RTCSIGNAL_OFFER:
      g_hash_table_add (model->asked, g_strdup (target));
      alcove_signaller_send_description (f->signaller, target, ALCOVE_DESCRIPTION_OFFER,
                                         message->sdp);
      break;
    case ALCOVE_RTCSIGNAL_ANSWER:
      g_hash_table_remove (model->asked, target);
      alcove_signaller_send_description (f->signaller, target, ALCOVE_DESCRIPTION_ANSWER,
                                         message->sdp);
      break;
    case ALCOVE_RTCSIGNAL_CANDIDATE:
      alcove_signaller_send_candidate (f->signaller, target, message->mid, message->label,
                                       message->candidate);
      break;
    default:
      return;
    }

  if (message->target != NULL)
    g_assert_true (same_json (scripted_last_sent (f), text));
}

/* One connection of a recording, as its own user, whose id is put in place of the recorded one. */
static guint
replay (GPtrArray *events,
        guint start)
{
  const RecordedFrame *first = g_ptr_array_index (events, start);
  g_autoptr (AlcoveRtcsignalMessage) entry
      = alcove_rtcsignal_message_decode (first->frame, TRUE, NULL);
  g_autoptr (GString) expected = g_string_new (NULL);
  Scripted *f = client_new ();
  Model model = { g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
                  g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL), NULL, FALSE };
  guint n_events = 0;

  scripted_connect_and_open (f, *entry->room != '\0' ? entry->room : "x", "Me", ALCOVE_ROLE_MEMBER);
  model.self = own_id (f);

  for (guint i = start; i < events->len; i++)
    {
      const RecordedFrame *frame = g_ptr_array_index (events, i);
      g_autoptr (AlcoveRtcsignalMessage) message = NULL;
      g_autofree char *text = NULL;

      if (strcmp (frame->connection, first->connection) != 0)
        continue;
      text = substitute (frame->frame, entry->user, model.self);
      if (frame->from_client)
        {
          take_part (f, &model, text);
          continue;
        }

      message = alcove_rtcsignal_message_decode (text, FALSE, NULL);
      expect (expected, &model, message);
      scripted_receive (f, text);
      n_events++;
    }

  g_assert_cmpstr (f->log->str, ==, expected->len > 0 ? expected->str + 1 : "");
  g_hash_table_unref (model.here);
  g_hash_table_unref (model.asked);
  g_free (model.self);
  scripted_free (f);
  return n_events;
}

typedef struct {
  const char *name;
  guint n_joins;
  guint n_events;
} Recording;

static const Recording recordings[] = {
  { "rtcsignal.jsonl", 25, 139 },
  { "browser-rtcsignal-multiple.jsonl", 3, 64 },
  { "browser-rtcsignal-one-to-one.jsonl", 2, 17 },
};

static void
test_recording (gconstpointer data)
{
  const Recording *recording = data;
  g_autoptr (GPtrArray) events = socketio_recording_load ("rtcsignal", recording->name);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  guint n_joins = 0;
  guint n_events = 0;

  for (guint i = 0; i < events->len; i++)
    {
      const RecordedFrame *frame = g_ptr_array_index (events, i);
      g_autoptr (AlcoveRtcsignalMessage) message
          = alcove_rtcsignal_message_decode (frame->frame, frame->from_client, NULL);

      if (!frame->from_client || message == NULL || message->kind != ALCOVE_RTCSIGNAL_JOIN_ROOM
          || !g_hash_table_add (seen, frame->connection))
        continue;
      n_joins++;
      n_events += replay (events, i);
    }

  g_test_message ("%s: %u, %u", recording->name, n_joins, n_events);
  g_assert_cmpuint (n_joins, ==, recording->n_joins);
  g_assert_cmpuint (n_events, ==, recording->n_events);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (recordings); i++)
    {
      g_autofree char *path = g_strconcat ("/rtcsignal/client/", recordings[i].name, NULL);

      g_test_add_data_func (path, &recordings[i], test_recording);
    }
  g_test_add_func ("/rtcsignal/client/4-join", test_join);
  g_test_add_func ("/rtcsignal/client/4-target", test_target);
  g_test_add_func ("/rtcsignal/client/6-who-offers", test_who_offers);
  g_test_add_func ("/rtcsignal/client/6-glare", test_glare);
  g_test_add_func ("/rtcsignal/client/6-offer-anew", test_offer_anew);
  g_test_add_func ("/rtcsignal/client/6-reconnect", test_reconnect);
  g_test_add_func ("/rtcsignal/client/6-former", test_former);
  g_test_add_func ("/rtcsignal/client/7-leave", test_leave);
  g_test_add_func ("/rtcsignal/client/7-given-up", test_given_up);
  g_test_add_func ("/rtcsignal/client/9-own-messages", test_own_messages);
  g_test_add_func ("/rtcsignal/client/10.1-never-deafens", test_never_deafens);
  g_test_add_func ("/rtcsignal/client/10.2-echo", test_echo);
  g_test_add_func ("/rtcsignal/client/10.3-10.5-one-room", test_one_room);
  g_test_add_func ("/rtcsignal/client/10.4-left-and-there", test_left_and_there);
  g_test_add_func ("/rtcsignal/client/10.6-nobody", test_nobody);
  g_test_add_func ("/rtcsignal/client/10.7-reminder", test_reminder);
  g_test_add_func ("/rtcsignal/client/too-many", test_too_many);
  g_test_add_func ("/rtcsignal/client/leave-in-handler", test_leave_in_handler);
  g_test_add_func ("/rtcsignal/client/out-of-order", test_out_of_order);
  return g_test_run ();
}
