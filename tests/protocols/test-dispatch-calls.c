/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "alcove-address.h"
#include "alcove-dispatch-signaller.h"
#include "scripted-signaller.h"

/*
 * Calls and hang-ups of the dispatcher to guests that may not be written to just then.
 */

#define NEVER_MS 3600000

#define CREATED "{\"code\":2000,\"value\":10000,\"message\":\"\"}"
#define OFFER \
  "{\"code\":2002,\"value\":{\"username\":\"bob\",\"sdp\":{\"type\":\"offer\",\"sdp\":\"v=0\"}}," \
  "\"message\":\"\"}"
#define CANDIDATE \
  "{\"code\":2004,\"value\":{\"username\":\"bob\",\"candidate\":{\"candidate\":\"\"," \
  "\"sdpMid\":\"0\",\"sdpMLineIndex\":0}},\"message\":\"\"}"
#define LOST "{\"code\":3000,\"value\":{\"username\":\"bob\",\"lost\":true},\"message\":\"\"}"

/* In a room with a guest who is answered and connected. */
static Scripted *
root_new (void)
{
  g_autoptr (GUri) server = alcove_address_parse ("ws://h", 5678, "/ws", NULL);
  AlcoveTransport *transport = scripted_transport_new ();
  AlcoveSignaller *signaller = alcove_dispatch_signaller_new_with_transport (server, transport);
  Scripted *f = scripted_new (signaller, transport);

  alcove_dispatch_signaller_set_waits (ALCOVE_DISPATCH_SIGNALLER (signaller), NEVER_MS, NEVER_MS,
                                       NEVER_MS);
  scripted_connect_and_open (f, "0915", "Control", ALCOVE_ROLE_DISPATCHER);
  scripted_receive (f, CREATED);
  scripted_receive (f, OFFER);
  alcove_signaller_send_description (f->signaller, "bob", ALCOVE_DESCRIPTION_ANSWER, "v=0");
  alcove_signaller_note_peer (f->signaller, "bob", ALCOVE_SIGNALLER_NOTE_CONNECTED);
  return f;
}

/* That one message went out since @n, and which. */
static void
assert_told (Scripted *f,
             guint *n,
             const char *code)
{
  g_autofree char *start = g_strdup_printf ("{\"code\":%s,", code);

  g_assert_cmpuint (scripted_n_sent (f), ==, ++*n);
  g_assert_true (g_str_has_prefix (scripted_last_sent (f), start));
}

/* Called while its connection is broken, a guest hears of it over the next one, and once. */
static void
test_broken (void)
{
  Scripted *f = root_new ();
  guint n = scripted_n_sent (f);

  alcove_signaller_note_peer (f->signaller, "bob", ALCOVE_SIGNALLER_NOTE_LOST);
  alcove_signaller_call (f->signaller, "bob");
  scripted_receive (f, OFFER);
  g_assert_cmpuint (scripted_n_sent (f), ==, n);
  alcove_signaller_send_description (f->signaller, "bob", ALCOVE_DESCRIPTION_ANSWER, "v=0");
  assert_told (f, &n, "2003");
  alcove_signaller_note_peer (f->signaller, "bob", ALCOVE_SIGNALLER_NOTE_CONNECTED);
  assert_told (f, &n, "2222");
  alcove_signaller_note_peer (f->signaller, "bob", ALCOVE_SIGNALLER_NOTE_CONNECTED);
  g_assert_cmpuint (scripted_n_sent (f), ==, n);

  /* the last one counts, and nothing that was said since is said again */
  alcove_signaller_note_peer (f->signaller, "bob", ALCOVE_SIGNALLER_NOTE_LOST);
  alcove_signaller_hang_up (f->signaller, "bob");
  alcove_signaller_call (f->signaller, "bob");
  scripted_receive (f, OFFER);
  alcove_signaller_hang_up (f->signaller, "bob");
  assert_told (f, &n, "3001");
  alcove_signaller_note_peer (f->signaller, "bob", ALCOVE_SIGNALLER_NOTE_CONNECTED);
  g_assert_cmpuint (scripted_n_sent (f), ==, n);
  scripted_free (f);
}

/* The connection goes on while the guest, or we, are away from the server. */
static void
test_away (void)
{
  Scripted *f = root_new ();
  guint n = scripted_n_sent (f);

  scripted_receive (f, LOST);
  alcove_signaller_call (f->signaller, "bob");
  g_assert_cmpuint (scripted_n_sent (f), ==, n);
  scripted_receive (f, CANDIDATE);
  assert_told (f, &n, "2222");

  scripted_drop (f);
  alcove_signaller_hang_up (f->signaller, "bob");
  scripted_try_again (f);
  scripted_receive (f, CREATED);
  assert_told (f, &n, "2000");
  scripted_receive (f, CANDIDATE);
  assert_told (f, &n, "3001");
  scripted_receive (f, CANDIDATE);
  g_assert_cmpuint (scripted_n_sent (f), ==, n);

  /* whoever is back at the server with a broken connection waits for another */
  scripted_receive (f, LOST);
  alcove_signaller_note_peer (f->signaller, "bob", ALCOVE_SIGNALLER_NOTE_LOST);
  alcove_signaller_call (f->signaller, "bob");
  scripted_receive (f, CANDIDATE);
  g_assert_cmpuint (scripted_n_sent (f), ==, n);
  alcove_signaller_note_peer (f->signaller, "bob", ALCOVE_SIGNALLER_NOTE_CONNECTED);
  assert_told (f, &n, "2222");
  scripted_free (f);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dispatch-calls/broken", test_broken);
  g_test_add_func ("/dispatch-calls/away", test_away);
  return g_test_run ();
}
