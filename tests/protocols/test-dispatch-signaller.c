/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "alcove-address.h"
#include "alcove-dispatch-codec.h"
#include "alcove-dispatch-signaller.h"
#include "recording.h"
#include "scripted-signaller.h"

#define NEVER_MS 3600000

#define CREATED "{\"code\": 2000, \"value\": 10000, \"message\": \"\"}"
#define JOINED "{\"code\": 2001, \"value\": 10000, \"message\": \"\"}"
#define ROOM_EXISTS "{\"code\":2000,\"value\":-10000,\"message\":\"房间已经存在，创建失败\"}"
#define NAME_TAKEN "{\"code\":2001,\"value\":-10000,\"message\":\"用户已经存在，加入失败\"}"
#define NO_ROOM "{\"code\":2001,\"value\":-10000,\"message\":\"房间不存在，加入失败\"}"
#define NOT_IN_ROOM "{\"code\":10000,\"value\":-10000,\"message\":\"你当前还未加入房间，发送失败\"}"
#define DONE "{\"code\":10000,\"value\":\"\",\"message\":\"\"}"
#define DELETED "{\"code\":10001,\"value\":\"\",\"message\":\"房间0915已经删除\"}"
#define SDP(code, name, type, more) \
  "{\"code\":" code ",\"value\":{\"username\":\"" name "\",\"sdp\":{\"type\":\"" type \
  "\",\"sdp\":\"v=0\"" more "}},\"message\":\"\"}"
#define CANDIDATE(code, name) \
  "{\"code\":" code ",\"value\":{\"username\":\"" name \
  "\",\"candidate\":{\"candidate\":\"c\",\"sdpMid\":\"0\",\"sdpMLineIndex\":0}},\"message\":\"\"}"
#define NOTICE(code, name) "{\"code\":" code ",\"value\":{\"username\":\"" name "\"},\"message\":\"m\"}"

#define CREATE(room) "{\"code\":2000,\"value\":{\"room_name\":\"" room "\"},\"message\":\"\"}"
#define JOIN(name) \
  "{\"code\":2001,\"value\":{\"room_name\":\"0915\",\"username\":\"" name "\"},\"message\":\"\"}"
#define LEAVE "{\"code\":3000,\"value\":\"\",\"message\":\"\"}"

static Scripted *
dispatch_new (void)
{
  g_autoptr (GUri) server = alcove_address_parse ("ws://h", 5678, "/ws", NULL);
  AlcoveTransport *transport = scripted_transport_new ();
  AlcoveSignaller *signaller = alcove_dispatch_signaller_new_with_transport (server, transport);

  alcove_dispatch_signaller_set_waits (ALCOVE_DISPATCH_SIGNALLER (signaller), NEVER_MS, 1, NEVER_MS);
  return scripted_new (signaller, transport);
}

static Scripted *
root_new (void)
{
  Scripted *f = dispatch_new ();

  scripted_connect_and_open (f, "0915", "Control", ALCOVE_ROLE_DISPATCHER);
  g_assert_cmpstr (scripted_last_sent (f), ==, CREATE ("0915"));
  scripted_receive (f, CREATED);
  assert_log (f, "joined:root");
  return f;
}

static Scripted *
guest_new (void)
{
  Scripted *f = dispatch_new ();

  scripted_connect_and_open (f, "0915", "bob", ALCOVE_ROLE_MEMBER);
  g_assert_cmpstr (alcove_transport_get_uri (f->transport), ==, "ws://h:5678/ws");
  g_assert_cmpstr (scripted_last_sent (f), ==, JOIN ("bob"));
  scripted_receive (f, JOINED);
  assert_log (f, "joined:bob call:root");
  return f;
}

static void
describe (Scripted *f,
          const char *id,
          AlcoveDescriptionType type)
{
  alcove_signaller_send_description (f->signaller, id, type, "v=0");
}

/* Sections 5 and 6: the dispatcher sees guests by their offers, answers, calls one, hangs
 * up on it, and asks one to leave. */
/* Alcove's server has to call those of other protocols something. */
static void
test_foreign (void)
{
  Scripted *f = root_new ();

  scripted_receive (f, SDP ("2002", "guest-3f2a", "offer", ",\"foreign\":true"));
  scripted_receive (f, SDP ("2002", "bob", "offer", ""));
  assert_log (f, "wait:guest-3f2a offer:guest-3f2a wait:bob offer:bob");
  g_assert_true (alcove_signaller_is_name_made_up (f->signaller, "guest-3f2a"));
  g_assert_false (alcove_signaller_is_name_made_up (f->signaller, "bob"));
  g_assert_false (alcove_signaller_is_name_made_up (f->signaller, "nobody"));
  scripted_receive (f, SDP ("2002", "guest-3f2a", "offer", ",\"foreign\":1"));
  g_assert_false (alcove_signaller_is_name_made_up (f->signaller, "guest-3f2a"));
  assert_log (f, "offer:guest-3f2a");
  scripted_free (f);
}

static void
test_root_story (void)
{
  Scripted *f = root_new ();

  scripted_receive (f, SDP ("2002", "bob", "offer", ""));
  scripted_receive (f, CANDIDATE ("2004", "bob"));
  assert_log (f, "wait:bob offer:bob candidate0/0:bob");
  describe (f, "bob", ALCOVE_DESCRIPTION_ANSWER);
  g_assert_cmpstr (scripted_last_sent (f), ==, SDP ("2003", "bob", "answer", ",\"alcove\":true"));
  alcove_signaller_send_candidate (f->signaller, "bob", "0", 0, "c");
  g_assert_cmpstr (scripted_last_sent (f), ==, CANDIDATE ("2005", "bob"));

  /* candidates may come first */
  scripted_receive (f, CANDIDATE ("2004", "cyd"));
  scripted_receive (f, SDP ("2002", "cyd", "offer", ""));
  assert_log (f, "wait:cyd candidate0/0:cyd offer:cyd");

  alcove_signaller_call (f->signaller, "bob");
  g_assert_nonnull (strstr (scripted_last_sent (f), "{\"code\":2222,\"value\":{\"username\":\"bob\"}"));
  describe (f, "bob", ALCOVE_DESCRIPTION_OFFER);
  g_assert_cmpstr (scripted_last_sent (f), ==, SDP ("2022", "bob", "offer", ",\"alcove\":true"));
  scripted_receive (f, DONE);
  scripted_receive (f, SDP ("2003", "root", "answer", ",\"from\":\"bob\""));
  assert_log (f, "answer:bob");
  alcove_signaller_hang_up (f->signaller, "bob");
  g_assert_nonnull (strstr (scripted_last_sent (f), "{\"code\":3001,\"value\":{\"username\":\"bob\"}"));
  alcove_signaller_dismiss (f->signaller, "cyd");
  g_assert_nonnull (strstr (scripted_last_sent (f), "{\"code\":3002,\"value\":{\"username\":\"cyd\"}"));
  scripted_receive (f, NOTICE ("3000", "cyd"));
  scripted_receive (f, NOTICE ("3000", "cyd"));
  assert_log (f, "left:cyd");

  /* Section 7: a root leaves by closing its socket, never by 3000. */
  alcove_signaller_leave (f->signaller);
  g_assert_null (strstr (scripted_last_sent (f), "3000"));
  assert_log (f, "gone");
  scripted_free (f);
}

/* Sections 5 and 6: the guest offers, is called, answers, and leaves. */
static void
test_guest_story (void)
{
  Scripted *f = guest_new ();

  describe (f, "root", ALCOVE_DESCRIPTION_OFFER);
  g_assert_cmpstr (scripted_last_sent (f), ==,
                   "{\"code\":2002,\"value\":{\"sdp\":{\"type\":\"offer\",\"sdp\":\"v=0\",\"from\":"
                   "\"bob\",\"alcove\":true}},\"message\":\"\"}");
  alcove_signaller_send_candidate (f->signaller, "root", "0", 0, "c");
  g_assert_cmpstr (scripted_last_sent (f), ==,
                   "{\"code\":2004,\"value\":{\"candidate\":{\"candidate\":\"c\",\"sdpMid\":\"0\","
                   "\"sdpMLineIndex\":0}},\"message\":\"\"}");
  scripted_receive (f, SDP ("2003", "root", "answer", ""));
  scripted_receive (f, CANDIDATE ("2005", "root"));
  scripted_receive (f, NOTICE ("2222", "bob"));
  scripted_receive (f, SDP ("2022", "root", "offer", ""));
  assert_log (f, "answer:root candidate0/0:root called:root offer:root");

  /* an original root page ignores the answer, so that an offer of ours has to free it */
  describe (f, "root", ALCOVE_DESCRIPTION_ANSWER);
  g_assert_cmpstr (scripted_last_sent (f), ==,
                   SDP ("2003", "root", "answer", ",\"from\":\"bob\",\"alcove\":true"));
  assert_log (f, "offer-wanted:root");

  /* an Alcove at the root does not need that */
  scripted_receive (f, SDP ("2022", "root", "offer", ",\"alcove\":true"));
  describe (f, "root", ALCOVE_DESCRIPTION_ANSWER);
  scripted_receive (f, NOTICE ("3001", "bob"));
  assert_log (f, "offer:root hung-up:root");

  alcove_signaller_leave (f->signaller);
  g_assert_cmpstr (scripted_last_sent (f), ==, LEAVE);
  assert_log (f, "gone");
  scripted_free (f);
}

/* Section 7: 3002 is answered with 3000, with its message member (oddity 6). */
static void
test_closed_by_root (void)
{
  Scripted *f = guest_new ();

  scripted_receive (f, NOTICE ("3002", "bob"));
  g_assert_cmpstr (scripted_last_sent (f), ==, LEAVE);
  assert_log (f, "failed:closed");
  alcove_signaller_leave (f->signaller);
  assert_log (f, "gone");
  scripted_free (f);
}

/* Section 7: the root is gone: the guest hears it, and asks for the room until it is back. */
static void
test_room_deleted (void)
{
  Scripted *f = guest_new ();

  describe (f, "root", ALCOVE_DESCRIPTION_OFFER);
  scripted_receive (f, SDP ("2003", "root", "answer", ",\"alcove\":true"));
  scripted_receive (f, DELETED);
  scripted_receive (f, DELETED);
  assert_log (f, "answer:root away:root disconnected:closed");
  describe (f, "root", ALCOVE_DESCRIPTION_OFFER);
  scripted_wait_sent (f, 3);
  g_assert_cmpstr (scripted_last_sent (f), ==, JOIN ("bob"));
  scripted_receive (f, NO_ROOM);
  scripted_wait_sent (f, 4);
  scripted_receive (f, JOINED);
  /* one candidate that says nothing tells the Alcove at the root that we are back */
  g_assert_nonnull (strstr (scripted_last_sent (f), "\"candidate\":\"\""));
  assert_log (f, "joined:bob call:root reconnected");

  /* the same, found out by a failure */
  scripted_receive (f, NOT_IN_ROOM);
  assert_log (f, "away:root disconnected:closed");
  scripted_free (f);
}

/* Oddity 10.1 and 10.2: nothing is written to a guest that is not certainly there. */
static void
test_lost_guest (void)
{
  Scripted *f = root_new ();
  guint n;

  scripted_receive (f, SDP ("2002", "bob", "offer", ""));
  describe (f, "bob", ALCOVE_DESCRIPTION_ANSWER);
  n = scripted_n_sent (f);
  alcove_signaller_note_peer (f->signaller, "bob", ALCOVE_SIGNALLER_NOTE_CONNECTED);
  alcove_signaller_send_candidate (f->signaller, "bob", "0", 0, "late");
  g_assert_cmpuint (scripted_n_sent (f), ==, n);
  alcove_signaller_call (f->signaller, "bob");
  g_assert_cmpuint (scripted_n_sent (f), ==, ++n);

  alcove_signaller_note_peer (f->signaller, "bob", ALCOVE_SIGNALLER_NOTE_LOST);
  alcove_signaller_send_candidate (f->signaller, "bob", "0", 0, "c");
  describe (f, "bob", ALCOVE_DESCRIPTION_OFFER);
  alcove_signaller_call (f->signaller, "bob");
  alcove_signaller_hang_up (f->signaller, "bob");
  alcove_signaller_dismiss (f->signaller, "bob");
  describe (f, "nobody", ALCOVE_DESCRIPTION_ANSWER);
  alcove_signaller_call (f->signaller, "nobody");
  g_assert_cmpuint (scripted_n_sent (f), ==, n);

  /* a pause of the picture is over: the last of what it missed is said */
  alcove_signaller_note_peer (f->signaller, "bob", ALCOVE_SIGNALLER_NOTE_CONNECTED);
  g_assert_cmpuint (scripted_n_sent (f), ==, ++n);
  alcove_signaller_hang_up (f->signaller, "bob");
  g_assert_cmpuint (scripted_n_sent (f), ==, ++n);

  /* our own server tells of the loss; a new offer ends it */
  scripted_receive (f, "{\"code\":3000,\"value\":{\"username\":\"bob\",\"lost\":true},\"message\":\"\"}");
  alcove_signaller_note_peer (f->signaller, "bob", ALCOVE_SIGNALLER_NOTE_CONNECTED);
  alcove_signaller_call (f->signaller, "bob");
  g_assert_cmpuint (scripted_n_sent (f), ==, n);
  scripted_receive (f, SDP ("2002", "bob", "offer", ""));
  describe (f, "bob", ALCOVE_DESCRIPTION_ANSWER);
  g_assert_cmpuint (scripted_n_sent (f), ==, ++n);
  assert_log (f, "wait:bob offer:bob away:bob offer:bob");

  alcove_signaller_note_peer (f->signaller, "bob", ALCOVE_SIGNALLER_NOTE_GONE);
  alcove_signaller_call (f->signaller, "bob");
  g_assert_cmpuint (scripted_n_sent (f), ==, n);
  scripted_free (f);
}

/* Section 6: whose answer it is; a second renegotiation with a page that never answers. */
static void
test_answers (void)
{
  Scripted *f = root_new ();

  scripted_receive (f, SDP ("2002", "bob", "offer", ""));
  scripted_receive (f, SDP ("2002", "cyd", "offer", ""));
  g_string_truncate (f->log, 0);
  scripted_receive (f, SDP ("2003", "root", "answer", ""));
  scripted_receive (f, SDP ("2003", "bob", "answer", ""));
  assert_log (f, "problem:unexpected problem:unexpected");
  describe (f, "bob", ALCOVE_DESCRIPTION_OFFER);
  scripted_receive (f, SDP ("2003", "root", "answer", ",\"from\":\"cyd\""));
  scripted_receive (f, SDP ("2003", "root", "answer", ""));
  assert_log (f, "problem:unexpected answer:bob");
  describe (f, "bob", ALCOVE_DESCRIPTION_OFFER);
  describe (f, "cyd", ALCOVE_DESCRIPTION_OFFER);
  scripted_receive (f, SDP ("2003", "root", "answer", ""));
  scripted_receive (f, SDP ("2003", "root", "answer", ",\"from\":\"cyd\""));
  /* our own server names the guest itself */
  scripted_receive (f, SDP ("2003", "bob", "answer", ",\"from\":\"cyd\""));
  assert_log (f, "problem:unexpected answer:cyd answer:bob");

  /* an offer of the guest while ours is open: to be rolled back and answered */
  describe (f, "bob", ALCOVE_DESCRIPTION_OFFER);
  scripted_receive (f, SDP ("2002", "bob", "offer", ""));
  scripted_receive (f, SDP ("2003", "root", "answer", ",\"from\":\"bob\""));
  assert_log (f, "offer:bob problem:unexpected");
  scripted_free (f);
}

static gboolean
tick (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
test_page_never_answers (void)
{
  Scripted *f = root_new ();
  gboolean over = FALSE;
  guint n;

  alcove_dispatch_signaller_set_waits (ALCOVE_DISPATCH_SIGNALLER (f->signaller), NEVER_MS, 1, 10);
  scripted_receive (f, SDP ("2002", "bob", "offer", ""));
  g_string_truncate (f->log, 0);
  describe (f, "bob", ALCOVE_DESCRIPTION_OFFER);
  n = scripted_n_sent (f);
  /* timers of one context run in the order of their times */
  g_timeout_add (50, tick, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
  describe (f, "bob", ALCOVE_DESCRIPTION_OFFER);
  g_assert_cmpuint (scripted_n_sent (f), ==, n);
  assert_log (f, "problem:unexpected");
  scripted_receive (f, SDP ("2002", "bob", "offer", ""));
  describe (f, "bob", ALCOVE_DESCRIPTION_OFFER);
  g_assert_cmpuint (scripted_n_sent (f), ==, n + 1);
  scripted_free (f);
}

/* Oddity 10.4: a second room on one socket would stay for ever. Oddity 10.8: nor is anything
 * sent over which the server closes. */
static void
test_one_room (void)
{
  Scripted *f = root_new ();
  g_autofree char *large = g_strnfill (ALCOVE_DISPATCH_MAX_MESSAGE, 'x');

  scripted_receive (f, CREATED);
  scripted_receive (f, ROOM_EXISTS);
  scripted_receive (f, JOINED);
  scripted_receive (f, DELETED);
  assert_log (f, "problem:unexpected problem:unexpected problem:unexpected");
  g_assert_cmpuint (scripted_n_sent (f), ==, 1);

  scripted_receive (f, SDP ("2002", "bob", "offer", ""));
  alcove_signaller_send_description (f->signaller, "bob", ALCOVE_DESCRIPTION_ANSWER, large);
  g_assert_cmpuint (scripted_n_sent (f), ==, 1);
  scripted_free (f);
}

/* Oddity 10.2: a room that stays behind: the same name first, then another, and the user is told. */
static void
test_corpse_room (void)
{
  Scripted *f = root_new ();

  scripted_receive (f, SDP ("2002", "bob", "offer", ""));
  g_string_truncate (f->log, 0);
  scripted_drop (f);
  scripted_try_again (f);
  for (guint i = 0; i < ALCOVE_DISPATCH_MAX_CREATES + 1; i++)
    {
      g_assert_cmpstr (scripted_last_sent (f), ==, CREATE ("0915"));
      scripted_receive (f, ROOM_EXISTS);
      scripted_wait_sent (f, 3 + i);
    }
  g_assert_cmpstr (scripted_last_sent (f), ==, CREATE ("0915-2"));
  scripted_receive (f, CREATED);
  assert_log (f, "disconnected:closed problem:failed problem:failed joined:root reconnected");

  /* the guests of the old room are not written to before they show again */
  alcove_signaller_call (f->signaller, "bob");
  g_assert_null (strstr (scripted_last_sent (f), "2222"));
  scripted_receive (f, CANDIDATE ("2004", "bob"));
  alcove_signaller_call (f->signaller, "bob");
  g_assert_nonnull (strstr (scripted_last_sent (f), "2222"));
  scripted_free (f);
}

/* Oddity 10.3: a name that stays behind: the next one. Oddity 10.7: an empty one. */
static void
test_names (void)
{
  static const char *const tries[] = { "bob", "bob-2", "bob-3", "bob-4", "bob-5" };
  Scripted *f = dispatch_new ();

  scripted_connect_and_open (f, "0915", "bob", ALCOVE_ROLE_MEMBER);
  scripted_receive (f, NAME_TAKEN);
  g_assert_cmpstr (scripted_last_sent (f), ==, JOIN ("bob-2"));
  scripted_receive (f, JOINED);
  assert_log (f, "joined:bob-2 call:root");
  scripted_free (f);

  f = dispatch_new ();
  scripted_connect_and_open (f, "0915", "bob", ALCOVE_ROLE_MEMBER);
  for (gsize i = 0; i < G_N_ELEMENTS (tries); i++)
    {
      g_autofree char *join = g_strdup_printf (JOIN ("%s"), tries[i]);

      g_assert_cmpstr (scripted_last_sent (f), ==, join);
      scripted_receive (f, NAME_TAKEN);
    }
  assert_log (f, "failed:failed");
  scripted_free (f);

  f = dispatch_new ();
  scripted_connect_and_open (f, "0915", "", ALCOVE_ROLE_MEMBER);
  g_assert_nonnull (strstr (scripted_last_sent (f), "\"username\":\"guest-"));
  scripted_free (f);
  f = dispatch_new ();
  scripted_connect_and_open (f, "0915", "root", ALCOVE_ROLE_MEMBER);
  g_assert_cmpstr (scripted_last_sent (f), ==, JOIN ("root-1"));
  scripted_free (f);
}

static void
test_rooms (void)
{
  g_autofree char *large = g_strnfill (ALCOVE_DISPATCH_MAX_ROOM, 'r');
  Scripted *f = dispatch_new ();

  scripted_connect_and_open (f, "0915", "bob", ALCOVE_ROLE_MEMBER);
  scripted_receive (f, NO_ROOM);
  assert_log (f, "failed:failed");
  scripted_free (f);

  /* an unattended post waits for the dispatcher */
  f = dispatch_new ();
  alcove_signaller_set_persistent (f->signaller, TRUE);
  scripted_connect_and_open (f, "0915", "bob", ALCOVE_ROLE_MEMBER);
  scripted_receive (f, NO_ROOM);
  scripted_wait_sent (f, 2);
  scripted_receive (f, NO_ROOM);
  scripted_wait_sent (f, 3);
  scripted_receive (f, JOINED);
  assert_log (f, "problem:failed joined:bob call:root");
  scripted_free (f);

  f = dispatch_new ();
  scripted_connect_and_open (f, "0915", "x", ALCOVE_ROLE_DISPATCHER);
  scripted_receive (f, ROOM_EXISTS);
  assert_log (f, "failed:failed");
  scripted_free (f);

  f = dispatch_new ();
  alcove_signaller_connect (f->signaller, large, "x", ALCOVE_ROLE_DISPATCHER);
  assert_log (f, "failed:too-large");
  scripted_free (f);
  f = dispatch_new ();
  alcove_signaller_connect (f->signaller, "", "x", ALCOVE_ROLE_MEMBER);
  assert_log (f, "failed:failed");
  scripted_free (f);
  f = dispatch_new ();
  scripted_connect_and_open (f, "两 人", "x", ALCOVE_ROLE_DISPATCHER);
  g_assert_cmpstr (scripted_last_sent (f), ==, CREATE ("两 人"));
  scripted_free (f);
}

/* Oddity 10.5: other guests write as “root”; only what fits is taken. */
static void
test_strangers (void)
{
  Scripted *f = guest_new ();

  scripted_receive (f, SDP ("2003", "root", "answer", ""));
  scripted_receive (f, SDP ("2002", "cyd", "offer", ""));
  scripted_receive (f, CANDIDATE ("2004", "cyd"));
  scripted_receive (f, NOTICE ("3000", "cyd"));
  scripted_receive (f, JOINED);
  scripted_receive (f, CREATED);
  assert_log (f, "problem:unexpected problem:unexpected problem:unexpected problem:unexpected "
                 "problem:unexpected problem:unexpected");
  scripted_receive (f, "");
  scripted_receive (f, "{\"code\":2022,\"value\":{\"username\":\"root\",\"sdp\":{}},\"message\":\"\"}");
  scripted_receive (f, SDP ("2022", "root", "answer", ""));
  scripted_receive (f, "{\"code\":2005}");
  scripted_receive (f, "{\"code\":4711}");
  scripted_receive (f, "{\"code\":\"2001\",\"value\":10000}");
  assert_log (f, "problem:malformed problem:malformed problem:malformed problem:malformed");
  scripted_free (f);

  /* the root gets its own 2002 back, and a guest without a name shows by its offer */
  f = root_new ();
  scripted_receive (f, SDP ("2002", "root", "offer", ""));
  scripted_receive (f, SDP ("2002", "", "offer", ""));
  scripted_receive (f, SDP ("2022", "root", "offer", ""));
  scripted_receive (f, NOTICE ("3001", "root"));
  scripted_receive (f, DELETED);
  assert_log (f, "problem:unexpected problem:unexpected problem:unexpected problem:unexpected");
  scripted_receive (f, "{\"code\":10000,\"value\":-10000,\"message\":\"\"}");
  assert_log (f, "problem:unexpected");
  for (guint i = 0; i < ALCOVE_DISPATCH_MAX_GUESTS; i++)
    {
      g_autofree char *text = g_strdup_printf (SDP ("2002", "%u", "offer", ""), i);

      scripted_receive (f, text);
    }
  g_string_truncate (f->log, 0);
  scripted_receive (f, SDP ("2002", "more", "offer", ""));
  assert_log (f, "problem:too-many");
  scripted_free (f);
}

static void
test_wrong_protocol (void)
{
  Scripted *f = dispatch_new ();

  alcove_dispatch_signaller_set_waits (ALCOVE_DISPATCH_SIGNALLER (f->signaller), 1, 1, NEVER_MS);
  scripted_connect_and_open (f, "0915", "bob", ALCOVE_ROLE_MEMBER);
  scripted_receive (f, SDP ("2022", "root", "offer", ""));
  scripted_wait (f, 2);
  assert_log (f, "problem:unexpected failed:wrong-protocol");
  scripted_free (f);

  f = dispatch_new ();
  scripted_connect_and_open (f, "0915", "bob", ALCOVE_ROLE_MEMBER);
  scripted_drop (f);
  assert_log (f, "failed:closed");
  scripted_free (f);
}

/* Section 7: the same name over a reconnection. Section 11: no message over the limit. */
static void
test_reconnect (void)
{
  g_autofree char *large = g_strnfill (ALCOVE_DISPATCH_MAX_MESSAGE, 'x');
  Scripted *f = guest_new ();
  guint n;

  scripted_drop (f);
  scripted_try_again (f);
  g_assert_cmpstr (scripted_last_sent (f), ==, JOIN ("bob"));
  scripted_receive (f, JOINED);
  assert_log (f, "disconnected:closed joined:bob call:root reconnected");
  n = scripted_n_sent (f);
  alcove_signaller_send_description (f->signaller, "root", ALCOVE_DESCRIPTION_OFFER, large);
  g_assert_cmpuint (scripted_n_sent (f), ==, n);
  scripted_free (f);
}

/* Out of order: each message before the join and after it, in both roles. */
static void
test_out_of_order (void)
{
  static const char *const messages[] = {
    CREATED, JOINED, ROOM_EXISTS, NAME_TAKEN, NO_ROOM, NOT_IN_ROOM, DONE, DELETED,
    SDP ("2002", "a", "offer", ""), SDP ("2003", "root", "answer", ""),
    SDP ("2022", "root", "offer", ""), CANDIDATE ("2004", "a"), CANDIDATE ("2005", "root"),
    NOTICE ("2222", "bob"), NOTICE ("3000", "a"), NOTICE ("3001", "bob"), NOTICE ("3002", "bob"), "{}",
  };

  for (gsize first = 0; first < G_N_ELEMENTS (messages); first++)
    for (gsize second = 0; second < G_N_ELEMENTS (messages); second++)
      for (int role = 0; role < 2; role++)
        {
          Scripted *f = dispatch_new ();

          alcove_dispatch_signaller_set_waits (ALCOVE_DISPATCH_SIGNALLER (f->signaller), NEVER_MS,
                                               NEVER_MS, NEVER_MS);
          scripted_connect_and_open (f, "0915", "bob",
                                     role == 0 ? ALCOVE_ROLE_MEMBER : ALCOVE_ROLE_DISPATCHER);
          scripted_receive (f, messages[first]);
          scripted_receive (f, messages[second]);
          scripted_receive (f, messages[second]);
          scripted_receive (f, messages[first]);
          scripted_free (f);
        }
}

static void
leave_now (Scripted *f)
{
  alcove_signaller_leave (f->signaller);
}

static void
test_leave_in_handler (void)
{
  static const char *const names[] = { "joined", "peer-joined", "description", "called", "hung-up" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    for (int role = 0; role < 2; role++)
      {
        Scripted *f = dispatch_new ();

        g_signal_connect_swapped (f->signaller, names[i], G_CALLBACK (leave_now), f);
        scripted_connect_and_open (f, "0915", "bob",
                                   role == 0 ? ALCOVE_ROLE_MEMBER : ALCOVE_ROLE_DISPATCHER);
        scripted_receive (f, role == 0 ? JOINED : CREATED);
        scripted_receive (f, SDP ("2002", "cyd", "offer", ""));
        scripted_receive (f, SDP ("2022", "root", "offer", ""));
        scripted_receive (f, NOTICE ("2222", "bob"));
        scripted_receive (f, NOTICE ("3001", "bob"));
        scripted_free (f);
      }
}

/* What a frame must come out as, by the sheet: written apart from the signaller. */
typedef struct {
  gboolean root;
  gboolean joined;
  gboolean asked;
  gboolean stuck;
  GHashTable *here;
  GHashTable *called;
} Story;

static void
expect_guest (GString *expected,
              Story *story,
              const char *id)
{
  if (g_hash_table_add (story->here, g_strdup (id)))
    g_string_append_printf (expected, " wait:%s", id);
}

static void
expect (GString *expected,
        Story *story,
        const AlcoveDispatchMessage *message)
{
  const char *id = message->username;

  switch (message->code)
    {
    case ALCOVE_DISPATCH_OFFER:
      if (*id == '\0' || strcmp (id, "root") == 0)
        {
          g_string_append (expected, " problem:unexpected");
          break;
        }
      expect_guest (expected, story, id);
      g_hash_table_remove (story->called, id);
      g_string_append_printf (expected, " offer:%s", id);
      break;
    case ALCOVE_DISPATCH_GUEST_CANDIDATE:
      expect_guest (expected, story, id);
      g_string_append_printf (expected, " candidate%d/%s:%s", message->sdp_mline_index,
                              message->sdp_mid, id);
      break;
    case ALCOVE_DISPATCH_ANSWER:
      if (story->root)
        {
          gboolean open = g_hash_table_remove (story->called, "bob");

          g_string_append (expected, open ? " answer:bob" : " problem:unexpected");
        }
      else
        {
          g_string_append (expected, story->asked ? " answer:root" : " problem:unexpected");
          story->asked = FALSE;
        }
      break;
    case ALCOVE_DISPATCH_ROOT_OFFER:
      g_string_append (expected, " offer:root");
      story->stuck = TRUE;
      break;
    case ALCOVE_DISPATCH_ROOT_CANDIDATE:
      g_string_append_printf (expected, " candidate%d/%s:root", message->sdp_mline_index,
                              message->sdp_mid);
      break;
    case ALCOVE_DISPATCH_CALL:
      g_string_append (expected, " called:root");
      break;
    case ALCOVE_DISPATCH_HANG_UP:
      g_string_append (expected, " hung-up:root");
      break;
    case ALCOVE_DISPATCH_CLOSE:
      g_string_append (expected, " failed:closed");
      break;
    case ALCOVE_DISPATCH_LEAVE:
      if (g_hash_table_remove (story->here, id))
        g_string_append_printf (expected, " left:%s", id);
      break;
    case ALCOVE_DISPATCH_ROOM_DELETED:
      g_string_append (expected, " away:root disconnected:closed");
      break;
    default:
      break;
    }
}

/* One membership of a recording, from the reply to its join to its end: what came in is
 * the server, and the descriptions that went out are what the room asks of us. */
static guint
replay (GPtrArray *frames,
        guint start,
        const AlcoveDispatchMessage *request)
{
  const RecordedFrame *first = g_ptr_array_index (frames, start);
  Story story = { request->code == ALCOVE_DISPATCH_CREATE, TRUE, FALSE, FALSE,
                  g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
                  g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) };
  g_autoptr (GString) expected = g_string_new (NULL);
  Scripted *f = dispatch_new ();
  gboolean over = FALSE;
  guint n_frames = 1;

  alcove_dispatch_signaller_set_waits (ALCOVE_DISPATCH_SIGNALLER (f->signaller), NEVER_MS, NEVER_MS,
                                       NEVER_MS);
  scripted_connect_and_open (f, request->room, request->username,
                             story.root ? ALCOVE_ROLE_DISPATCHER : ALCOVE_ROLE_MEMBER);
  scripted_receive (f, first->frame);
  if (story.root)
    g_string_append (expected, " joined:root");
  else if (*request->username == '\0')
    g_string_append (expected, f->log->str), g_string_prepend_c (expected, ' ');
  else
    g_string_append_printf (expected, " joined:%s call:root", request->username);

  for (guint i = start + 1; i < frames->len && !over; i++)
    {
      const RecordedFrame *frame = g_ptr_array_index (frames, i);
      g_autoptr (AlcoveDispatchMessage) message = NULL;
      AlcoveDescriptionType type;
      const char *sdp;

      if (strcmp (frame->connection, first->connection) != 0)
        continue;
      message = alcove_dispatch_message_decode (frame->frame, -1, frame->from_client, NULL);

      if (frame->from_client)
        {
          const char *to = story.root ? (message != NULL ? message->username : NULL) : "root";

          /* another membership, or the end of this one */
          if (message == NULL || message->code == ALCOVE_DISPATCH_CREATE
              || message->code == ALCOVE_DISPATCH_JOIN || message->code == ALCOVE_DISPATCH_LEAVE)
            break;
          if (to == NULL || message->sdp == NULL
              || !alcove_dispatch_message_get_description (message, &type, &sdp, NULL)
              || (!story.root && message->username != NULL
                  && strcmp (message->username, "root") != 0))
            continue;
          alcove_signaller_send_description (f->signaller, to, type, sdp);
          if (story.root && type == ALCOVE_DESCRIPTION_OFFER)
            g_hash_table_add (story.called, g_strdup (to));
          if (!story.root && type == ALCOVE_DESCRIPTION_OFFER)
            story.asked = TRUE;
          if (!story.root && type == ALCOVE_DESCRIPTION_ANSWER && story.stuck)
            g_string_append (expected, " offer-wanted:root");
          story.stuck = FALSE;
          continue;
        }

      g_assert_nonnull (message);
      expect (expected, &story, message);
      scripted_receive (f, frame->frame);
      n_frames++;
      over = message->code == ALCOVE_DISPATCH_ROOM_DELETED
             || message->code == ALCOVE_DISPATCH_CLOSE;
    }

  g_assert_cmpstr (f->log->str, ==, expected->str + 1);
  g_hash_table_unref (story.here);
  g_hash_table_unref (story.called);
  scripted_free (f);
  return n_frames;
}

typedef struct {
  const char *name;
  guint n_joins;
  guint n_frames;
} Recording;

static const Recording recordings[] = {
  { "dispatch.jsonl", 19, 66 },
  { "dispatch-corpse.jsonl", 5, 5 },
  { "browser-dispatch.jsonl", 3, 39 },
  { "browser-dispatch-answer.jsonl", 2, 33 },
};

static void
test_recording (gconstpointer data)
{
  const Recording *recording = data;
  g_autoptr (GPtrArray) frames = recording_load ("dispatch", recording->name);
  g_autoptr (GHashTable) requests
      = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                               (GDestroyNotify) alcove_dispatch_message_free);
  guint n_joins = 0;
  guint n_frames = 0;

  for (guint i = 0; i < frames->len; i++)
    {
      const RecordedFrame *frame = g_ptr_array_index (frames, i);
      AlcoveDispatchMessage *message
          = alcove_dispatch_message_decode (frame->frame, -1, frame->from_client, NULL);
      AlcoveDispatchMessage *request = g_hash_table_lookup (requests, frame->connection);

      if (message != NULL
          && (message->code == ALCOVE_DISPATCH_CREATE || message->code == ALCOVE_DISPATCH_JOIN))
        {
          if (frame->from_client)
            {
              g_hash_table_replace (requests, frame->connection, g_steal_pointer (&message));
              continue;
            }
          if (message->succeeded && request != NULL)
            {
              n_joins++;
              n_frames += replay (frames, i, request);
            }
        }
      g_clear_pointer (&message, alcove_dispatch_message_free);
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
      g_autofree char *path = g_strconcat ("/dispatch-signaller/", recordings[i].name, NULL);

      g_test_add_data_func (path, &recordings[i], test_recording);
    }
  g_test_add_func ("/dispatch-signaller/5-root-story", test_root_story);
  g_test_add_func ("/dispatch-signaller/foreign", test_foreign);
  g_test_add_func ("/dispatch-signaller/5-guest-story", test_guest_story);
  g_test_add_func ("/dispatch-signaller/6-answers", test_answers);
  g_test_add_func ("/dispatch-signaller/6-page-never-answers", test_page_never_answers);
  g_test_add_func ("/dispatch-signaller/7-10.6-closed-by-root", test_closed_by_root);
  g_test_add_func ("/dispatch-signaller/7-room-deleted", test_room_deleted);
  g_test_add_func ("/dispatch-signaller/7-11-reconnect", test_reconnect);
  g_test_add_func ("/dispatch-signaller/10.1-10.2-lost-guest", test_lost_guest);
  g_test_add_func ("/dispatch-signaller/10.2-corpse-room", test_corpse_room);
  g_test_add_func ("/dispatch-signaller/10.4-10.8-one-room", test_one_room);
  g_test_add_func ("/dispatch-signaller/10.3-10.7-names", test_names);
  g_test_add_func ("/dispatch-signaller/10.5-10.9-strangers", test_strangers);
  g_test_add_func ("/dispatch-signaller/rooms", test_rooms);
  g_test_add_func ("/dispatch-signaller/wrong-protocol", test_wrong_protocol);
  g_test_add_func ("/dispatch-signaller/out-of-order", test_out_of_order);
  g_test_add_func ("/dispatch-signaller/leave-in-handler", test_leave_in_handler);
  return g_test_run ();
}
