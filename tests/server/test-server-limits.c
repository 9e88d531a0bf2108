/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <libsoup/soup.h>

#include "alcove-server.h"
#include "alcove-skyrtc-dialect.h"

/* The server over real sockets of the loopback network: who breaks a bound is
 * dropped, and the others go on. */

#define DEADLINE_SECONDS 90

/* Somebody who is connected: by libsoup's client, or by a bare socket. */
typedef struct {
  SoupWebsocketConnection *websocket;
  GQueue texts;
  gboolean closed;
  GError *error;
  gboolean done;

  GSocketConnection *raw;
  GString *received;
  gboolean stopped;
} Peer;

typedef struct {
  AlcoveServer *server;
  AlcoveDialect *dialect;
  SoupSession *session;
  Peer *a;
  Peer *b;
} Fixture;

static gboolean
on_deadline (gpointer data)
{
  g_error ("nothing happened for %d s", DEADLINE_SECONDS);
  return G_SOURCE_REMOVE;
}

/* Runs the main loop until something is true; a test that waits for ever fails. */
#define WAIT_UNTIL(condition) \
  G_STMT_START \
  { \
    guint deadline_ = g_timeout_add_seconds (DEADLINE_SECONDS, on_deadline, NULL); \
    while (!(condition)) \
      g_main_context_iteration (NULL, TRUE); \
    g_source_remove (deadline_); \
  } \
  G_STMT_END

static void
on_text (SoupWebsocketConnection *websocket,
         int type,
         GBytes *bytes,
         gpointer data)
{
  g_queue_push_tail (&((Peer *) data)->texts,
                     g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)));
}

static void
on_closed (SoupWebsocketConnection *websocket,
           gpointer data)
{
  ((Peer *) data)->closed = TRUE;
}

static void
on_connected (GObject *source,
              GAsyncResult *result,
              gpointer data)
{
  Peer *peer = data;

  peer->websocket
      = soup_session_websocket_connect_finish (SOUP_SESSION (source), result, &peer->error);
  peer->done = TRUE;
}

static Peer *
try_peer (Fixture *fixture,
          const char *path,
          const char *origin)
{
  Peer *peer = g_new0 (Peer, 1);
  g_autofree char *uri
      = g_strdup_printf ("ws://127.0.0.1:%u%s", alcove_server_get_port (fixture->server), path);
  g_autoptr (SoupMessage) message = soup_message_new (SOUP_METHOD_GET, uri);

  g_queue_init (&peer->texts);
  soup_session_websocket_connect_async (fixture->session, message, origin, NULL,
                                        G_PRIORITY_DEFAULT, NULL, on_connected, peer);
  WAIT_UNTIL (peer->done);
  if (peer->websocket != NULL)
    {
      soup_websocket_connection_set_max_incoming_payload_size (peer->websocket, 0);
      g_signal_connect (peer->websocket, "message", G_CALLBACK (on_text), peer);
      g_signal_connect (peer->websocket, "closed", G_CALLBACK (on_closed), peer);
    }
  return peer;
}

static Peer *
add_peer (Fixture *fixture,
          const char *path)
{
  Peer *peer = try_peer (fixture, path, NULL);

  g_assert_no_error (peer->error);
  return peer;
}

static void on_raw_read (GObject      *source,
                         GAsyncResult *result,
                         gpointer      data);

static void
raw_read (Peer *peer)
{
  g_input_stream_read_bytes_async (g_io_stream_get_input_stream (G_IO_STREAM (peer->raw)), 4096,
                                   G_PRIORITY_DEFAULT, NULL, on_raw_read, peer);
}

static void
on_raw_read (GObject *source,
             GAsyncResult *result,
             gpointer data)
{
  Peer *peer = data;
  g_autoptr (GBytes) bytes
      = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, NULL);

  if (bytes == NULL || g_bytes_get_size (bytes) == 0)
    {
      peer->closed = TRUE;
      return;
    }

  g_string_append_len (peer->received, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  if (!peer->stopped)
    raw_read (peer);
}

static void
raw_write (Peer *peer,
           const void *bytes,
           gsize length)
{
  /* may fail once the server has had enough */
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (peer->raw)), bytes, length,
                             NULL, NULL, NULL);
}

/* A frame as a client writes it, with a mask of zeros. */
static void
raw_frame (Peer *peer,
           guint8 first,
           const char *payload)
{
  g_autoptr (GByteArray) frame = g_byte_array_new ();
  gsize size = strlen (payload);
  guint8 header[8] = { first, 0x80 | (size < 126 ? size : 126), size >> 8, size & 0xff };

  g_assert_cmpuint (size, <, 65536);
  if (size < 126)
    header[2] = header[3] = 0;
  g_byte_array_append (frame, header, size < 126 ? 6 : 8);
  g_byte_array_append (frame, (const guint8 *) payload, size);
  raw_write (peer, frame->data, frame->len);
}

static Peer *
add_raw (Fixture *fixture,
         gboolean upgrade)
{
  const char *request = "GET /ws/raw HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\n"
                        "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  Peer *peer = g_new0 (Peer, 1);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) error = NULL;

  g_queue_init (&peer->texts);
  peer->received = g_string_new (NULL);
  peer->raw = g_socket_client_connect_to_host (client, "127.0.0.1",
                                               alcove_server_get_port (fixture->server), NULL,
                                               &error);
  g_assert_no_error (error);
  raw_read (peer);
  if (upgrade)
    {
      raw_write (peer, request, strlen (request));
      WAIT_UNTIL (strstr (peer->received->str, "\r\n\r\n") != NULL);
      g_assert_true (g_str_has_prefix (peer->received->str, "HTTP/1.1 101 "));
      g_string_truncate (peer->received, 0);
    }
  return peer;
}

static void
say (Peer *peer,
     const char *text)
{
  soup_websocket_connection_send_text (peer->websocket, text);
}

static char *
hear (Peer *peer)
{
  WAIT_UNTIL (!g_queue_is_empty (&peer->texts));
  return g_queue_pop_head (&peer->texts);
}

/* Takes messages until one holds @text. */
static void
hear_about (Peer *peer,
            const char *text)
{
  for (;;)
    {
      g_autofree char *got = hear (peer);

      if (strstr (got, text) != NULL)
        return;
    }
}

static void
join (Peer *peer,
      const char *room)
{
  g_autofree char *text
      = g_strdup_printf ("{\"eventName\":\"__join__\",\"data\":{\"room\":\"%s\"}}", room);

  say (peer, text);
  hear_about (peer, "_peers");
}

static void
free_peer (Peer *peer)
{
  if (peer->websocket != NULL)
    {
      if (soup_websocket_connection_get_state (peer->websocket) == SOUP_WEBSOCKET_STATE_OPEN)
        soup_websocket_connection_close (peer->websocket, 1000, NULL);
      WAIT_UNTIL (peer->closed);
      g_signal_handlers_disconnect_by_data (peer->websocket, peer);
      g_object_unref (peer->websocket);
    }
  if (peer->raw != NULL)
    {
      g_socket_shutdown (g_socket_connection_get_socket (peer->raw), TRUE, TRUE, NULL);
      WAIT_UNTIL (peer->closed);
      g_object_unref (peer->raw);
      g_string_free (peer->received, TRUE);
    }
  g_queue_clear_full (&peer->texts, g_free);
  g_clear_error (&peer->error);
  g_free (peer);
}

static void
start (Fixture *fixture,
       AlcoveServerLimits limits)
{
  g_autoptr (GError) error = NULL;

  fixture->server = alcove_server_new (&limits);
  fixture->dialect = alcove_skyrtc_dialect_new ();
  alcove_server_add_dialect (fixture->server, fixture->dialect);
  alcove_server_listen (fixture->server, "127.0.0.1", 0, &error);
  g_assert_no_error (error);
  fixture->session = soup_session_new ();
}

/* A server with a pair in it that nothing may disturb. */
static void
start_with_pair (Fixture *fixture,
                 AlcoveServerLimits limits)
{
  start (fixture, limits);
  fixture->a = add_peer (fixture, "/ws/A");
  fixture->b = add_peer (fixture, "/ws/B");
  join (fixture->a, "r");
  join (fixture->b, "r");
  hear_about (fixture->a, "_new_peer");
}

static void
assert_pair_lives (Fixture *fixture)
{
  g_assert_false (fixture->a->closed);
  g_assert_false (fixture->b->closed);
  say (fixture->a, "{\"eventName\":\"__offer__\",\"data\":{\"sdp\":\"ping\",\"socketId\":\"B\"}}");
  hear_about (fixture->b, "ping");
  say (fixture->b, "{\"eventName\":\"__answer__\",\"data\":{\"sdp\":\"pong\",\"socketId\":\"A\"}}");
  hear_about (fixture->a, "pong");
}

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  if (fixture->a != NULL)
    {
      assert_pair_lives (fixture);
      free_peer (fixture->a);
      free_peer (fixture->b);
    }
  WAIT_UNTIL (alcove_server_get_n_connections (fixture->server) == 0);
  g_assert_cmpuint (alcove_hub_get_n_rooms (alcove_server_get_hub (fixture->server)), ==, 0);
  soup_session_abort (fixture->session);
  g_object_unref (fixture->session);
  g_assert_finalize_object (fixture->server);
  g_assert_finalize_object (fixture->dialect);
}

static void
assert_dropped (Peer *peer,
                guint code)
{
  WAIT_UNTIL (peer->closed);
  g_assert_cmpuint (soup_websocket_connection_get_close_code (peer->websocket), ==, code);
}

typedef struct {
  GBytes *bytes;
  gboolean done;
} Reply;

static void
on_reply (GObject *source,
          GAsyncResult *result,
          gpointer data)
{
  Reply *reply = data;

  reply->bytes = soup_session_send_and_read_finish (SOUP_SESSION (source), result, NULL);
  reply->done = TRUE;
}

static guint
request (Fixture *fixture,
         const char *method,
         const char *path,
         const char *expected)
{
  g_autofree char *uri
      = g_strdup_printf ("http://127.0.0.1:%u%s", alcove_server_get_port (fixture->server), path);
  g_autoptr (SoupMessage) message = soup_message_new (method, uri);
  g_autofree char *text = NULL;
  Reply reply = { NULL };

  soup_session_send_and_read_async (fixture->session, message, 0, NULL, on_reply, &reply);
  WAIT_UNTIL (reply.done);
  g_assert_nonnull (reply.bytes);
  text = g_strndup (g_bytes_get_data (reply.bytes, NULL), g_bytes_get_size (reply.bytes));
  if (expected != NULL)
    g_assert_nonnull (strstr (text, expected));
  g_bytes_unref (reply.bytes);
  return soup_message_get_status (message);
}

static void
test_page (Fixture *fixture,
           gconstpointer data)
{
  AlcoveServerLimits limits = ALCOVE_SERVER_LIMITS_INIT;

  start (fixture, limits);
  g_assert_cmpuint (request (fixture, "GET", "/", "Alcove signalling server"), ==, 200);
  g_assert_cmpuint (request (fixture, "GET", "/ws/", NULL), ==, 404);
  g_assert_cmpuint (request (fixture, "POST", "/", NULL), ==, 405);
}

/* Two that come in the same moment are both let in. */
static void
test_at_once (Fixture *fixture,
              gconstpointer data)
{
  AlcoveServerLimits limits = ALCOVE_SERVER_LIMITS_INIT;
  Peer *peers[8];

  start (fixture, limits);
  for (gsize i = 0; i < G_N_ELEMENTS (peers); i++)
    peers[i] = add_raw (fixture, FALSE);
  WAIT_UNTIL (alcove_server_get_n_connections (fixture->server) == G_N_ELEMENTS (peers));
  for (gsize i = 0; i < G_N_ELEMENTS (peers); i++)
    {
      raw_write (peers[i], "GET / HTTP/1.0\r\n\r\n", 18);
      WAIT_UNTIL (peers[i]->closed);
      g_assert_nonnull (strstr (peers[i]->received->str, "Alcove signalling server"));
      free_peer (peers[i]);
    }
}

static void
test_oversize (Fixture *fixture,
               gconstpointer data)
{
  AlcoveServerLimits limits = ALCOVE_SERVER_LIMITS_INIT;
  g_autofree char *big = g_strnfill (5 * 1024 * 1024, 'x');
  Peer *peer;

  start_with_pair (fixture, limits);
  peer = add_peer (fixture, "/ws/C");
  join (peer, "r");
  hear_about (fixture->a, "_new_peer");
  say (peer, big);
  assert_dropped (peer, 1009);
  hear_about (fixture->a, "_remove_peer");
  free_peer (peer);
}

static void
test_fragments (Fixture *fixture,
                gconstpointer data)
{
  AlcoveServerLimits limits = ALCOVE_SERVER_LIMITS_INIT;
  Peer *peer;

  limits.max_message = 1000;
  start_with_pair (fixture, limits);
  peer = add_raw (fixture, TRUE);
  raw_frame (peer, 0x01, "{");
  for (int i = 0; i < 20; i++)
    raw_frame (peer, 0x00, "                                                            ");
  WAIT_UNTIL (peer->closed);
  g_assert_cmpint ((guint8) peer->received->str[0], ==, 0x88);
  g_assert_cmpmem (peer->received->str + 2, 2, "\x03\xf1", 2);
  free_peer (peer);
}

static void
test_flood (Fixture *fixture,
            gconstpointer data)
{
  AlcoveServerLimits limits = ALCOVE_SERVER_LIMITS_INIT;
  Peer *peer;

  limits.max_messages_per_second = 10;
  start_with_pair (fixture, limits);
  peer = add_peer (fixture, "/ws/C");
  for (int i = 0; i < 100; i++)
    say (peer, "{}");
  assert_dropped (peer, 1008);
  free_peer (peer);

  /* pings are answered by libsoup, and counted all the same */
  peer = add_raw (fixture, TRUE);
  for (int i = 0; i < 100; i++)
    raw_frame (peer, 0x89, "");
  WAIT_UNTIL (peer->closed);
  free_peer (peer);
}

static void
test_connections (Fixture *fixture,
                  gconstpointer data)
{
  AlcoveServerLimits limits = ALCOVE_SERVER_LIMITS_INIT;
  Peer *peer;

  limits.max_connections = 3;
  start_with_pair (fixture, limits);
  peer = add_peer (fixture, "/");
  for (int i = 0; i < 3; i++)
    {
      Peer *refused = try_peer (fixture, "/", NULL);

      g_assert_nonnull (refused->error);
      free_peer (refused);
    }

  free_peer (peer);
  WAIT_UNTIL (alcove_server_get_n_connections (fixture->server) == 2);
  free_peer (add_peer (fixture, "/"));
}

static void
test_rooms (Fixture *fixture,
            gconstpointer data)
{
  AlcoveServerLimits limits = ALCOVE_SERVER_LIMITS_INIT;
  Peer *peer;

  limits.max_rooms = 1;
  start_with_pair (fixture, limits);
  peer = add_peer (fixture, "/");
  say (peer, "{\"eventName\":\"__join\",\"data\":{\"room\":\"another\"}}");
  assert_dropped (peer, 1008);
  free_peer (peer);
}

static void
test_join_timeout (Fixture *fixture,
                   gconstpointer data)
{
  AlcoveServerLimits limits = ALCOVE_SERVER_LIMITS_INIT;
  Peer *silent;
  Peer *talker;
  Peer *half;

  limits.join_timeout = 1;
  start_with_pair (fixture, limits);
  silent = add_peer (fixture, "/ws/C");
  talker = add_peer (fixture, "/");
  say (talker, "{\"eventName\":\"what\",\"data\":{}}");
  /* neither a WebSocket nor a request */
  half = add_raw (fixture, FALSE);
  raw_write (half, "GET / HTTP/1.1\r\nHost:", 21);

  assert_dropped (silent, 1008);
  assert_dropped (talker, 1008);
  WAIT_UNTIL (half->closed);
  free_peer (silent);
  free_peer (talker);
  free_peer (half);
}

/* What section 12 of SkyRTC (point 6), of the rtc mesh and of the dispatch platform ask for. */
static void
test_missing_pong (Fixture *fixture,
                   gconstpointer data)
{
  AlcoveServerLimits limits = ALCOVE_SERVER_LIMITS_INIT;
  Peer *peer;

  limits.ping_interval = 1;
  limits.idle_timeout = 3;
  start_with_pair (fixture, limits);
  peer = add_raw (fixture, TRUE);
  raw_frame (peer, 0x81, "{\"eventName\":\"__join__\",\"data\":{\"room\":\"r\"}}");
  hear_about (fixture->a, "_new_peer");
  hear_about (fixture->a, "_remove_peer");
  WAIT_UNTIL (peer->closed);
  free_peer (peer);
}

static void
test_slow_reader (Fixture *fixture,
                  gconstpointer data)
{
  AlcoveServerLimits limits = ALCOVE_SERVER_LIMITS_INIT;
  g_autofree char *filling = g_strnfill (60000, 'x');
  g_autofree char *offer = g_strdup_printf (
      "{\"eventName\":\"__offer__\",\"data\":{\"sdp\":\"%s\",\"socketId\":\"raw\"}}", filling);
  Peer *peer;

  limits.max_message = 65536;
  limits.max_messages_per_second = 100000;
  start_with_pair (fixture, limits);
  peer = add_raw (fixture, TRUE);
  raw_frame (peer, 0x81, "{\"eventName\":\"__join__\",\"data\":{\"room\":\"r\"}}");
  hear_about (fixture->a, "_new_peer");
  hear_about (fixture->b, "_new_peer");

  /* the reader is this program's main loop, so it is stopped for good here */
  peer->stopped = TRUE;
  while (g_queue_is_empty (&fixture->b->texts))
    {
      say (fixture->a, offer);
      g_main_context_iteration (NULL, FALSE);
    }
  hear_about (fixture->b, "_remove_peer");
  peer->stopped = FALSE;
  raw_read (peer);
  free_peer (peer);
}

static void
test_origin (Fixture *fixture,
             gconstpointer data)
{
  AlcoveServerLimits limits = ALCOVE_SERVER_LIMITS_INIT;
  Peer *peer;

  start_with_pair (fixture, limits);
  peer = try_peer (fixture, "/", "https://example.org");
  g_assert_nonnull (peer->error);
  free_peer (peer);
  peer = try_peer (fixture, "/", "http://127.0.0.1:8080");
  g_assert_no_error (peer->error);
  free_peer (peer);
  alcove_server_allow_origin (fixture->server, "https://example.org");
  peer = try_peer (fixture, "/", "https://example.org");
  g_assert_no_error (peer->error);
  free_peer (peer);
}

static void
test_id_in_use (Fixture *fixture,
                gconstpointer data)
{
  AlcoveServerLimits limits = ALCOVE_SERVER_LIMITS_INIT;
  g_autofree char *peers = NULL;
  Peer *peer;

  start_with_pair (fixture, limits);
  peer = add_peer (fixture, "/ws/A");
  say (peer, "{\"eventName\":\"__join__\",\"data\":{\"room\":\"r\"}}");
  peers = hear (peer);
  g_assert_nonnull (strstr (peers, "[\"A\",\"B\"]"));
  g_assert_null (strstr (peers, "\"you\":\"A\""));
  free_peer (peer);
}

static void
test_tcp_drop (Fixture *fixture,
               gconstpointer data)
{
  AlcoveServerLimits limits = ALCOVE_SERVER_LIMITS_INIT;
  Peer *peer;

  start_with_pair (fixture, limits);
  peer = add_raw (fixture, TRUE);
  raw_frame (peer, 0x81, "{\"eventName\":\"__join__\",\"data\":{\"room\":\"r\"}}");
  hear_about (fixture->a, "_new_peer");
  free_peer (peer);
  hear_about (fixture->a, "_remove_peer");
}

/* Frames that no client may send: without a mask, with reserved bits. */
static void
test_broken_frames (Fixture *fixture,
                    gconstpointer data)
{
  AlcoveServerLimits limits = ALCOVE_SERVER_LIMITS_INIT;
  const char *frames[] = { "\x81\x02{}", "\xf1\x82\x01\x01\x01\x01{}", "\x83\x82\x01\x01\x01\x01{}",
                           "\x81\x82\x01\x01\x01\x01\xff\xff", "GET / HTTP/1.1\r\n\r\n" };

  start_with_pair (fixture, limits);
  for (gsize i = 0; i < G_N_ELEMENTS (frames); i++)
    {
      Peer *peer = add_raw (fixture, TRUE);

      raw_write (peer, frames[i], strlen (frames[i]));
      WAIT_UNTIL (peer->received->len > 0 || peer->closed);
      free_peer (peer);
    }
}

static void
test_stop (Fixture *fixture,
           gconstpointer data)
{
  AlcoveServerLimits limits = ALCOVE_SERVER_LIMITS_INIT;
  Peer *peer;
  Peer *half;

  start (fixture, limits);
  peer = add_peer (fixture, "/ws/A");
  join (peer, "r");
  half = add_raw (fixture, FALSE);
  WAIT_UNTIL (alcove_server_get_n_connections (fixture->server) == 2);
  alcove_server_stop (fixture->server);
  g_assert_cmpuint (alcove_server_get_port (fixture->server), ==, 0);
  assert_dropped (peer, 1001);
  WAIT_UNTIL (half->closed);
  free_peer (peer);
  free_peer (half);

  /* and it may start again */
  g_assert_true (alcove_server_listen (fixture->server, NULL, 0, NULL));
  peer = add_peer (fixture, "/");
  join (peer, "r");
  free_peer (peer);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add ("/server-limits/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("page", test_page);
  ADD ("at-once", test_at_once);
  ADD ("oversize", test_oversize);
  ADD ("fragments", test_fragments);
  ADD ("flood", test_flood);
  ADD ("connections", test_connections);
  ADD ("rooms", test_rooms);
  ADD ("join-timeout", test_join_timeout);
  ADD ("missing-pong", test_missing_pong);
  ADD ("slow-reader", test_slow_reader);
  ADD ("origin", test_origin);
  ADD ("id-in-use", test_id_in_use);
  ADD ("tcp-drop", test_tcp_drop);
  ADD ("broken-frames", test_broken_frames);
  ADD ("stop", test_stop);
#undef ADD

  return g_test_run ();
}
