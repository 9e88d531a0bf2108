/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rtcsignal-client.h"

/* Section 4: a text with JSON in it; section 6: then that we are here. */
static void
test_join (void)
{
  Scripted *f = client_new ();
  g_autoptr (AlcoveRtcsignalMessage) message = NULL;

  g_assert_cmpint (alcove_signaller_get_features (f->signaller), ==,
                   ALCOVE_SIGNALLER_ROOMS | ALCOVE_SIGNALLER_CALL_EVERYBODY);
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

/* Nobody is announced to a newcomer, so that a candidate may be the first that shows of a
 * member; without a target it may be for anybody. */
static void
test_early_candidate (void)
{
  Scripted *f = client_new ();

  join (f);
  receive (f, CANDIDATE ("x", ""));
  assert_said (f, "");
  receive (f, CANDIDATE ("x", TO_ME));
  receive (f, CANDIDATE ("y", TO_ME));
  assert_said (f, "");
  receive (f, OFFER ("x", TO_ME));
  assert_said (f, "wait:x offer:x candidate0/0:x");
  receive (f, OFFER ("y", TO_ME));
  assert_said (f, "wait:y offer:y candidate0/0:y");

  for (guint i = 0; i < 64; i++)
    receive (f, CANDIDATE ("b", TO_ME));
  assert_said (f, "");
  receive (f, CANDIDATE ("b", TO_ME));
  assert_said (f, "problem:unknown-peer");

  /* what belongs to an earlier membership is for nobody */
  scripted_drop (f);
  scripted_try_again (f);
  receive (f, JOINED (ME));
  receive (f, OFFER ("b", TO_ME));
  g_assert_null (strstr (f->log->str, "candidate"));
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
  assert_said (f, "call:a left:a wait:a offer:a candidate0/0:a");
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

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtcsignal/client/4-join", test_join);
  g_test_add_func ("/rtcsignal/client/4-target", test_target);
  g_test_add_func ("/rtcsignal/client/6-early-candidate", test_early_candidate);
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
