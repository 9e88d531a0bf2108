/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rtcsignal-client.h"

/*
 * Calls to everybody, to clients that nobody hears of before they are called.
 */

/* Calls everybody, and returns the id that stands for whoever answers. */
static char *
call_everybody (Scripted *f)
{
  char *id;

  alcove_signaller_call_everybody (f->signaller);
  g_assert_true (g_str_has_prefix (f->log->str, "call:"));
  id = g_strdup (f->log->str + strlen ("call:"));
  g_string_truncate (f->log, 0);
  f->events = 0;
  return id;
}

static void
assert_about (Scripted *f,
              const char *id,
              const char *format)
{
  g_autofree char *expected = substitute (format, "<id>", id);

  assert_said (f, expected);
}

/* Section 6: the page for two and Android are not heard of before somebody calls. One offer
 * without a target; whoever answers first is the peer from then on. */
static void
test_call_everybody (void)
{
  Scripted *f = client_new ();
  g_autofree char *id = NULL;
  guint n;

  alcove_signaller_call_everybody (f->signaller);
  g_assert_cmpstr (f->log->str, ==, "");
  join (f);
  id = call_everybody (f);
  alcove_signaller_call_everybody (f->signaller);
  assert_said (f, "");
  send (f, id, ALCOVE_DESCRIPTION_OFFER);
  assert_sent (f, OFFER (ME, ""));
  alcove_signaller_send_candidate (f->signaller, id, "0", 0, "candidate:1");
  assert_sent (f, CANDIDATE (ME, ""));

  receive (f, CANDIDATE ("two", ""));
  receive (f, CANDIDATE ("three", ""));
  receive (f, ANSWER ("two", ""));
  receive (f, ANSWER ("three", ""));
  receive (f, CANDIDATE ("two", ""));
  assert_about (f, id, "answer:<id> candidate0/0:<id> candidate0/0:<id>");

  /* from here on it is somebody like any other */
  alcove_signaller_send_candidate (f->signaller, id, "0", 0, "candidate:1");
  assert_sent (f, CANDIDATE (ME, ",\"targetUserId\":\"two\""));
  receive (f, HANG_UP ("two", ""));
  send (f, id, ALCOVE_DESCRIPTION_OFFER);
  assert_sent (f, OFFER (ME, ",\"targetUserId\":\"two\""));
  receive (f, ANSWER ("two", ""));
  assert_about (f, id, "hung-up:<id> answer:<id>");
  n = scripted_n_sent (f);
  alcove_signaller_call_everybody (f->signaller);
  g_assert_cmpuint (scripted_n_sent (f), ==, n);
  receive (f, OFFER ("two", ""));
  receive (f, LEFT ("two"));
  assert_about (f, id, "offer:<id> left:<id>");

  /* and may be given up, or be there no more after a reconnection */
  g_free (id);
  id = call_everybody (f);
  send (f, id, ALCOVE_DESCRIPTION_OFFER);
  receive (f, ANSWER ("two", ""));
  alcove_signaller_note_peer (f->signaller, id, ALCOVE_SIGNALLER_NOTE_GONE);
  assert_about (f, id, "answer:<id>");
  g_free (id);
  id = call_everybody (f);
  scripted_drop (f);
  assert_about (f, id, "left:<id> disconnected:closed");
  scripted_free (f);
}

/* Section 6: two call at the same moment, and the page takes its own offer back. */
static void
test_call_glare (void)
{
  Scripted *f = client_new ();
  g_autofree char *id = NULL;

  join (f);
  id = call_everybody (f);
  send (f, id, ALCOVE_DESCRIPTION_OFFER);
  receive (f, OFFER ("two", ""));
  receive (f, ANSWER ("two", ""));
  /* who is there already offers to us alone: that is no answer to it */
  receive (f, OFFER ("many", TO_ME));
  assert_about (f, id, "problem:unexpected answer:<id> wait:many offer:many");
  scripted_free (f);
}

/* Nobody takes the call: those who got it are told, and it is not made again by itself. */
static void
test_call_nobody (void)
{
  Scripted *f = client_new ();
  g_autofree char *id = NULL;

  alcove_rtcsignal_signaller_set_call_wait (ALCOVE_RTCSIGNAL_SIGNALLER (f->signaller), 1);
  join (f);
  id = call_everybody (f);
  send (f, id, ALCOVE_DESCRIPTION_OFFER);
  scripted_wait (f, 2);
  assert_about (f, id, "left:<id> problem:timed-out");
  assert_sent (f, HANG_UP (ME, ""));
  receive (f, ANSWER ("late", ""));
  assert_said (f, "");
  scripted_free (f);

  f = client_new ();
  alcove_rtcsignal_signaller_set_call_wait (ALCOVE_RTCSIGNAL_SIGNALLER (f->signaller), NEVER_MS);
  join (f);
  g_free (id);
  id = call_everybody (f);
  send (f, id, ALCOVE_DESCRIPTION_OFFER);
  send (f, id, ALCOVE_DESCRIPTION_OFFER);
  assert_about (f, id, "left:<id> problem:timed-out");
  assert_sent (f, HANG_UP (ME, ""));
  scripted_free (f);
}

static gboolean
tick (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

/* The call itself ends the connection: it is withdrawn, and its echo is not missed later. */
static void
test_call_lost (void)
{
  Scripted *f = client_new ();
  AlcoveRtcsignalSignaller *signaller = ALCOVE_RTCSIGNAL_SIGNALLER (f->signaller);
  g_autofree char *id = NULL;
  gboolean over = FALSE;

  join (f);
  id = call_everybody (f);
  alcove_rtcsignal_signaller_set_waits (signaller, 1, NEVER_MS);
  scripted_drop_at_send (f);
  send (f, id, ALCOVE_DESCRIPTION_OFFER);
  assert_about (f, id, "left:<id> disconnected:closed");

  alcove_rtcsignal_signaller_set_waits (signaller, NEVER_MS, NEVER_MS);
  scripted_try_again (f);
  receive (f, JOINED (ME));
  /* timers of one context run in the order of their times */
  g_timeout_add (50, tick, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
  assert_said (f, "joined:" ME " reconnected");
  scripted_free (f);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtcsignal/client/6-call-everybody", test_call_everybody);
  g_test_add_func ("/rtcsignal/client/6-call-glare", test_call_glare);
  g_test_add_func ("/rtcsignal/client/6-call-nobody", test_call_nobody);
  g_test_add_func ("/rtcsignal/client/6-call-lost", test_call_lost);
  return g_test_run ();
}
