/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "alcove-error.h"
#include "far-sides.h"
#include "watch.h"

#define OVERSIZE (ALCOVE_WEBSOCKET_MAX_INCOMING + 1)
/* What a stranger's offer may grow to on its way through a server that passes on what it gets. */
#define STRANGERS_SIZE (5 * 1024 * 1024)

static void
test_talk (void)
{
  Server *server = server_new ();
  g_autofree char *uri = NULL;
  g_autoptr (GBytes) binary = g_bytes_new_static ("b\xc3\xa4r", 4);
  Watch *watch;

  server_listen (server, 0);
  uri = server_uri (server, "/ws/abc?x=1");
  watch = watch_new (uri);
  alcove_transport_send (watch->transport, "too early, and dropped");
  alcove_transport_open (watch->transport);
  wait_for (&watch->opened, 1);
  g_assert_false (server->origin);
  g_assert_cmpstr (g_ptr_array_index (server->paths, 0), ==, "/ws/abc");

  alcove_transport_send (watch->transport, "größe");
  wait_for (&watch->messages->len, 1);
  g_assert_cmpstr (g_ptr_array_index (watch->messages, 0), ==, "größe");

  soup_websocket_connection_send_message (g_ptr_array_index (server->connections, 0),
                                          SOUP_WEBSOCKET_DATA_BINARY, binary);
  wait_for (&watch->messages->len, 2);
  g_assert_cmpstr (g_ptr_array_index (watch->messages, 1), ==, "bär");

  close_and_free (watch);
  server_free (server);
}

/* What was sent before the close arrives, all of it. */
static void
test_flush (void)
{
  Server *server = server_new ();
  g_autofree char *big = g_strnfill (20000, 'x');
  g_autofree char *uri = NULL;
  Watch *watch;

  server_listen (server, 0);
  uri = server_uri (server, "/ws");
  watch = watch_new (uri);
  alcove_transport_open (watch->transport);
  wait_for (&watch->opened, 1);

  for (guint i = 0; i < 200; i++)
    alcove_transport_send (watch->transport, big);
  alcove_transport_close (watch->transport);
  alcove_transport_send (watch->transport, "too late, and dropped");
  alcove_transport_close (watch->transport);
  wait_for (&watch->closed, 1);
  wait_for (&server->ended, 1);
  g_assert_cmpuint (server->count, ==, 200);
  g_assert_cmpuint (watch->dropped, ==, 0);

  watch_free (watch);
  server_free (server);
}

typedef struct {
  const char *name;
  const char *bytes;
  gsize length;
  gboolean close_after;
  int code;
} Broken;

#define BYTES(text) text, sizeof text - 1

/* A frame that announces one byte too many, and its beginning. */
static const char oversize[] = {
  '\x81', '\x7f', 0, 0, 0, 0,
  (char) (OVERSIZE >> 24), (char) (OVERSIZE >> 16), (char) (OVERSIZE >> 8), (char) OVERSIZE,
  'x', 'x', 'x', 'x',
};

static const Broken broken[] = {
  { "oversize", oversize, sizeof oversize, FALSE, ALCOVE_ERROR_TOO_LARGE },
  { "absurd length", BYTES ("\x82\x7f\x7f\xff\xff\xff\xff\xff\xff\xff"), FALSE,
    ALCOVE_ERROR_TOO_LARGE },
  { "reserved bits", BYTES ("\xf1\x01x"), FALSE, ALCOVE_ERROR_MALFORMED },
  { "unknown opcode", BYTES ("\x83\x01x"), FALSE, ALCOVE_ERROR_MALFORMED },
  { "masked by a server", BYTES ("\x81\x81\x01\x02\x03\x04x"), FALSE, ALCOVE_ERROR_MALFORMED },
  { "text that is none", BYTES ("\x81\x02\xff\xfe"), FALSE, ALCOVE_ERROR_MALFORMED },
  { "continuation of nothing", BYTES ("\x80\x01x"), FALSE, ALCOVE_ERROR_MALFORMED },
  { "cut in a frame", BYTES ("\x81\x0ahal"), TRUE, ALCOVE_ERROR_CLOSED },
  { "cut at once", BYTES (""), TRUE, ALCOVE_ERROR_CLOSED },
  { "close frame", BYTES ("\x88\x02\x03\xe9"), TRUE, ALCOVE_ERROR_CLOSED },
};

static void
test_broken_frames (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      Raw *raw = raw_new (broken[i].bytes, broken[i].length);
      g_autofree char *uri = raw_uri (raw);
      Watch *watch = watch_new (uri);

      g_test_message ("%s", broken[i].name);
      raw->handshake = TRUE;
      raw->close_after = broken[i].close_after;
      alcove_transport_open (watch->transport);
      wait_for (&watch->dropped, 1);
      g_assert_error (watch->error, ALCOVE_ERROR, broken[i].code);
      g_assert_cmpuint (watch->messages->len, ==, 0);

      /* and it is tried again */
      wait_for (&watch->opened, 2);
      watch_free (watch);
      raw_free (raw);
    }
}

/* Sound frames with odd content are messages, repaired where they are no text. */
static void
test_odd_messages (void)
{
  const char frames[] = "\x82\x02\xff" "a" "\x81\x03" "a\0b" "\x81\x00" "\x01\x01x\x80\x01y" "\x82\x01z";
  Raw *raw = raw_new (frames, sizeof frames - 1);
  g_autofree char *uri = raw_uri (raw);
  Watch *watch = watch_new (uri);

  raw->handshake = TRUE;
  alcove_transport_open (watch->transport);
  wait_for (&watch->messages->len, 5);
  g_assert_cmpstr (g_ptr_array_index (watch->messages, 0), ==, "\xef\xbf\xbd" "a");
  g_assert_cmpstr (g_ptr_array_index (watch->messages, 1), ==, "a\xef\xbf\xbd" "b");
  g_assert_cmpstr (g_ptr_array_index (watch->messages, 2), ==, "");
  g_assert_cmpstr (g_ptr_array_index (watch->messages, 3), ==, "xy");
  g_assert_cmpstr (g_ptr_array_index (watch->messages, 4), ==, "z");
  watch_free (watch);
  raw_free (raw);
}

static void
send_filled (Server *server,
             guint connection,
             gsize length)
{
  g_autofree char *text = g_strnfill (length, 'x');

  soup_websocket_connection_send_text (g_ptr_array_index (server->connections, connection), text);
}

/* Sends @length bytes over the first connection; they arrive, and it goes on both ways. */
static void
assert_passes (gsize length)
{
  Server *server = server_new ();
  g_autofree char *uri = NULL;
  Watch *watch;

  server_listen (server, 0);
  uri = server_uri (server, "/ws");
  watch = watch_new (uri);
  alcove_transport_open (watch->transport);
  wait_for (&watch->opened, 1);
  send_filled (server, 0, length);
  wait_for (&watch->messages->len, 1);
  g_assert_cmpuint (strlen (g_ptr_array_index (watch->messages, 0)), ==, length);

  alcove_transport_send (watch->transport, "still here");
  wait_for (&watch->messages->len, 2);
  g_assert_cmpstr (g_ptr_array_index (watch->messages, 1), ==, "still here");
  g_assert_cmpuint (watch->dropped, ==, 0);
  g_assert_cmpuint (watch->opened, ==, 1);
  g_assert_cmpuint (server->accepted, ==, 1);
  close_and_free (watch);
  server_free (server);
}

/* What a server passes on from a stranger costs nobody the room. */
static void
test_large_message (void)
{
  G_STATIC_ASSERT (STRANGERS_SIZE < ALCOVE_WEBSOCKET_MAX_INCOMING);

  assert_passes (STRANGERS_SIZE);
}

static void
test_largest_message (void)
{
  assert_passes (ALCOVE_WEBSOCKET_MAX_INCOMING);
}

/* One byte over the bound costs the connection, and only that. */
static void
test_too_large_message (void)
{
  Server *server = server_new ();
  g_autofree char *uri = NULL;
  Watch *watch;

  server_listen (server, 0);
  uri = server_uri (server, "/ws");
  watch = watch_new (uri);
  alcove_transport_open (watch->transport);
  wait_for (&watch->opened, 1);
  send_filled (server, 0, OVERSIZE);
  wait_for (&watch->dropped, 1);
  g_assert_error (watch->error, ALCOVE_ERROR, ALCOVE_ERROR_TOO_LARGE);
  g_assert_cmpuint (watch->messages->len, ==, 0);

  wait_for (&watch->opened, 2);
  alcove_transport_send (watch->transport, "back");
  wait_for (&watch->messages->len, 1);
  g_assert_cmpstr (g_ptr_array_index (watch->messages, 0), ==, "back");
  close_and_free (watch);
  server_free (server);
}

/* A frame without end, in number, costs a bounded amount, and the connection; the next one is
 * as good as any. The first frame of @answer is an empty message. */
static void
assert_stands (const char *answer,
               gsize answer_length,
               const char *frame,
               gsize header,
               gsize length,
               int code)
{
  Raw *raw = raw_new (answer, answer_length);
  g_autofree char *uri = raw_uri (raw);
  Watch *watch = watch_new (uri);
  guint8 *flood = g_malloc0 (header + length);

  memcpy (flood, frame, header);
  raw->flood = g_bytes_new_take (flood, header + length);
  raw->handshake = TRUE;
  alcove_transport_open (watch->transport);
  wait_for (&watch->dropped, 1);
  g_assert_error (watch->error, ALCOVE_ERROR, code);

  g_ptr_array_set_size (watch->messages, 0);
  g_assert_cmpuint (raw_await_ebb (raw), <, RAW_FLOOD_MAX);
  wait_for (&watch->messages->len, 1);
  g_assert_cmpuint (watch->opened, ==, 2);
  watch_free (watch);
  raw_free (raw);
}

static void
test_endless_fragments (void)
{
  assert_stands ("\x81\x00" "\x01\x00", 4, "\x00\x7e\xff\xff", 4, G_MAXUINT16,
                 ALCOVE_ERROR_TOO_LARGE);
}

static void
test_endless_messages (void)
{
  assert_stands ("\x81\x00", 2, "\x81\x40", 2, 64, ALCOVE_ERROR_TOO_MANY);
}

/* Each of them is answered, whether or not the answers are read. */
static void
test_endless_pings (void)
{
  assert_stands ("\x81\x00", 2, "\x89\x40", 2, 64, ALCOVE_ERROR_TOO_MANY);
}

/* A message in as many fragments as it has bytes is a message as any. */
static void
test_many_fragments (void)
{
  g_autoptr (GByteArray) frames = g_byte_array_new ();
  g_autofree char *uri = NULL;
  Raw *raw;
  Watch *watch;

  for (guint message = 0; message < 3; message++)
    {
      g_byte_array_append (frames, (const guint8 *) "\x01\x01x", 3);
      for (guint i = 0; i < 1000; i++)
        g_byte_array_append (frames, (const guint8 *) "\x00\x01y", 3);
      g_byte_array_append (frames, (const guint8 *) "\x89\x00\x80\x01z", 5);
    }
  raw = raw_new (frames->data, frames->len);
  uri = raw_uri (raw);
  watch = watch_new (uri);
  raw->handshake = TRUE;
  alcove_transport_open (watch->transport);
  wait_for (&watch->messages->len, 3);
  g_assert_cmpuint (strlen (g_ptr_array_index (watch->messages, 2)), ==, 1002);
  watch_free (watch);
  raw_free (raw);
}

/* Nothing was offered, so nothing can be agreed upon: least of all compression. */
static void
test_no_extensions (void)
{
  const char *headers[] = {
    "Sec-WebSocket-Extensions: permessage-deflate\r\n",
    "Sec-WebSocket-Extensions: x-unheard-of\r\n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      Raw *raw = raw_new ("\xc1\x07\xaa\x4a\x4c\x4a\x06\x00", 9);
      g_autofree char *uri = raw_uri (raw);
      Watch *watch = watch_new (uri);

      raw->handshake = TRUE;
      raw->headers = headers[i];
      alcove_transport_open (watch->transport);
      wait_for (&watch->failed, 1);
      g_assert_cmpuint (watch->opened, ==, 0);
      g_assert_null (strstr (raw->request, "Sec-WebSocket-Extensions"));
      watch_free (watch);
      raw_free (raw);
    }
}

static void
test_overflow (void)
{
  Raw *raw = raw_new ("", 0);
  g_autofree char *uri = raw_uri (raw);
  g_autofree char *large = g_strnfill (1024 * 1024, 'x');
  Watch *watch = watch_new (uri);
  guint sent = 0;

  raw->handshake = TRUE;
  alcove_transport_open (watch->transport);
  wait_for (&watch->opened, 1);
  while (watch->dropped == 0 && sent < 100)
    {
      alcove_transport_send (watch->transport, large);
      sent++;
    }
  g_assert_cmpuint (sent, ==, ALCOVE_WEBSOCKET_MAX_OUTGOING / (1024 * 1024) + 1);
  g_assert_error (watch->error, ALCOVE_ERROR, ALCOVE_ERROR_TOO_MANY);
  watch_free (watch);
  raw_free (raw);
}

int
main (int argc,
      char **argv)
{
  websocket_test_init (&argc, &argv);
  g_test_add_func ("/websocket/talk", test_talk);
  g_test_add_func ("/websocket/flush", test_flush);
  g_test_add_func ("/websocket/broken-frames", test_broken_frames);
  g_test_add_func ("/websocket/odd-messages", test_odd_messages);
  g_test_add_func ("/websocket/large-message", test_large_message);
  g_test_add_func ("/websocket/largest-message", test_largest_message);
  g_test_add_func ("/websocket/too-large-message", test_too_large_message);
  g_test_add_func ("/websocket/endless-fragments", test_endless_fragments);
  g_test_add_func ("/websocket/endless-messages", test_endless_messages);
  g_test_add_func ("/websocket/endless-pings", test_endless_pings);
  g_test_add_func ("/websocket/many-fragments", test_many_fragments);
  g_test_add_func ("/websocket/no-extensions", test_no_extensions);
  g_test_add_func ("/websocket/overflow", test_overflow);
  return g_test_run ();
}
