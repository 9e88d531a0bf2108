/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "alcove-error.h"
#include "far-sides.h"
#include "watch.h"

#define OPEN_PACKET "0{\"sid\":\"s\",\"upgrades\":[],\"pingInterval\":50,\"pingTimeout\":100}"

static void
add_frame (GByteArray *bytes,
           const char *text)
{
  const guint8 head[] = { 0x81, (guint8) strlen (text) };

  g_assert_cmpuint (strlen (text), <, 126);
  g_byte_array_append (bytes, head, sizeof head);
  g_byte_array_append (bytes, (const guint8 *) text, strlen (text));
}

/* A server that lets us in and then says nothing more, not even a pong, is dropped after its own
 * interval and time-out, and tried again. */
static void
test_silence (void)
{
  g_autoptr (GByteArray) answer = g_byte_array_new ();
  g_autofree char *uri = NULL;
  Watch *watch;
  Raw *raw;

  add_frame (answer, OPEN_PACKET);
  add_frame (answer, "40");
  raw = raw_new (answer->data, answer->len);
  raw->handshake = TRUE;
  uri = raw_uri (raw);
  watch = watch_new_socketio (uri);
  alcove_transport_open (watch->transport);
  wait_for (&watch->opened, 1);
  wait_for (&watch->dropped, 1);
  g_assert_error (watch->error, ALCOVE_ERROR, ALCOVE_ERROR_TIMED_OUT);
  wait_for (&watch->opened, 2);
  g_assert_cmpuint (watch->failed, ==, 0);
  watch_free (watch);
  raw_free (raw);
}

/* A server that opens the WebSocket and never begins is no Socket.IO. */
static void
test_no_handshake (void)
{
  Raw *raw = raw_new ("", 0);
  g_autofree char *uri = raw_uri (raw);
  Watch *watch = watch_new_socketio (uri);

  raw->handshake = TRUE;
  alcove_socketio_transport_set_timeouts (ALCOVE_SOCKETIO_TRANSPORT (watch->transport), 50, 1000);
  alcove_transport_open (watch->transport);
  wait_for (&watch->failed, 1);
  g_assert_error (watch->error, ALCOVE_ERROR, ALCOVE_ERROR_WRONG_PROTOCOL);
  watch_free (watch);
  raw_free (raw);
}

/* Away at first: each attempt says why, and the next one follows by itself. */
static void
test_persistent (void)
{
  static const char *const greeting[] = { OPEN_PACKET, "40", NULL };
  Raw *raw = raw_new ("", 0);
  Server *server = server_new ();
  g_autofree char *uri = raw_uri (raw);
  guint port = raw->port;
  Watch *watch;

  raw_free (raw);
  server->greeting = greeting;
  watch = watch_new_socketio (uri);
  alcove_transport_set_persistent (watch->transport, TRUE);
  alcove_transport_open (watch->transport);
  wait_for (&watch->dropped, 4);
  g_assert_error (watch->error, ALCOVE_ERROR, ALCOVE_ERROR_REFUSED);
  g_assert_cmpuint (watch->failed, ==, 0);
  g_assert_cmpuint (watch->connecting, >=, 4);

  server_listen (server, port);
  wait_for (&watch->opened, 1);
  close_and_free (watch);
  server_free (server);
}

int
main (int argc,
      char **argv)
{
  websocket_test_init (&argc, &argv);
  g_test_add_func ("/socketio/silence", test_silence);
  g_test_add_func ("/socketio/no-handshake", test_no_handshake);
  g_test_add_func ("/socketio/persistent", test_persistent);
  return g_test_run ();
}
