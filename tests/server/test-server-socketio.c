/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <libsoup/soup.h>

#include "alcove-server.h"
#include "room-dialect.h"

/* Socket.IO over real sockets of the loopback network. What clients of the library make of it
 * is in tests/peers; here it is what they can't see: who is asked, and what is left. */

#define DEADLINE_SECONDS 90

/* A protocol on plain WebSockets that takes everybody, and keeps what it is asked about. */
#define PLAIN_TYPE_DIALECT (plain_dialect_get_type ())
G_DECLARE_FINAL_TYPE (PlainDialect, plain_dialect, PLAIN, DIALECT, AlcoveDialect)

struct _PlainDialect {
  AlcoveDialect parent_instance;

  guint n_asked;
};

G_DEFINE_FINAL_TYPE (PlainDialect, plain_dialect, ALCOVE_TYPE_DIALECT)

static gboolean
plain_dialect_matches (AlcoveDialect *dialect,
                       const char *path,
                       const char *first_message)
{
  PLAIN_DIALECT (dialect)->n_asked++;
  return TRUE;
}

static void
plain_dialect_opened (AlcoveDialect *dialect,
                      AlcoveServerClient *client,
                      const char *path)
{
  g_assert_null (alcove_server_client_get_id (client));
}

static void
plain_dialect_message (AlcoveDialect *dialect,
                       AlcoveServerClient *client,
                       const char *text)
{
  alcove_server_client_send_text (client, text);
}

static void
plain_dialect_closed (AlcoveDialect *dialect,
                      AlcoveServerClient *client)
{
}

static void
plain_dialect_class_init (PlainDialectClass *klass)
{
  AlcoveDialectClass *dialect_class = ALCOVE_DIALECT_CLASS (klass);

  dialect_class->matches = plain_dialect_matches;
  dialect_class->opened = plain_dialect_opened;
  dialect_class->message = plain_dialect_message;
  dialect_class->closed = plain_dialect_closed;
}

static void
plain_dialect_init (PlainDialect *self)
{
}

/* A request on its way, with its answer once that is there. */
typedef struct {
  SoupMessage *message;
  char *text;
  guint status;
  gboolean done;
} Request;

typedef struct {
  SoupWebsocketConnection *websocket;
  GQueue texts;
  gboolean done;
  gboolean closed;
} Socket;

typedef struct {
  AlcoveServer *server;
  AlcoveDialect *room;
  AlcoveDialect *plain;
  SoupSession *session;
  char *sid;
} Fixture;

static gboolean
on_deadline (gpointer data)
{
  g_error ("nothing happened for %d s", DEADLINE_SECONDS);
  return G_SOURCE_REMOVE;
}

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
set_up (Fixture *fixture,
        gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->server = alcove_server_new (NULL);
  fixture->plain = g_object_new (PLAIN_TYPE_DIALECT, NULL);
  fixture->room = room_dialect_new ();
  alcove_server_add_dialect (fixture->server, fixture->plain);
  alcove_server_add_dialect (fixture->server, fixture->room);
  alcove_server_listen (fixture->server, "127.0.0.1", 0, &error);
  g_assert_no_error (error);
  fixture->session = soup_session_new ();
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  soup_session_abort (fixture->session);
  g_object_unref (fixture->session);
  WAIT_UNTIL (alcove_server_get_n_connections (fixture->server) == 0);
  g_assert_cmpuint (room_dialect_get_n_members (ROOM_DIALECT (fixture->room)), ==, 0);
  g_assert_finalize_object (fixture->server);
  g_assert_finalize_object (fixture->room);
  g_assert_finalize_object (fixture->plain);
  g_free (fixture->sid);
}

static char *
get_uri (Fixture *fixture,
         const char *scheme,
         const char *query)
{
  return g_strdup_printf ("%s://127.0.0.1:%u/socket.io/?%s%s%s", scheme,
                          alcove_server_get_port (fixture->server), query,
                          fixture->sid != NULL ? "&sid=" : "",
                          fixture->sid != NULL ? fixture->sid : "");
}

static void
on_answer (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  Request *request = data;
  g_autoptr (GBytes) bytes
      = soup_session_send_and_read_finish (SOUP_SESSION (source), result, NULL);

  if (bytes != NULL)
    request->text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  request->status = soup_message_get_status (request->message);
  request->done = TRUE;
}

static Request *
ask (Fixture *fixture,
     const char *body)
{
  Request *request = g_new0 (Request, 1);
  g_autofree char *uri = get_uri (fixture, "http", "EIO=3&transport=polling");
  g_autoptr (GBytes) bytes = body != NULL ? g_bytes_new (body, strlen (body)) : NULL;

  request->message = soup_message_new (body != NULL ? "POST" : "GET", uri);
  if (bytes != NULL)
    soup_message_set_request_body_from_bytes (request->message, "text/plain", bytes);
  soup_session_send_and_read_async (fixture->session, request->message, 0, NULL, on_answer,
                                    request);
  return request;
}

/* Waits for the answer; takes the request. */
static char *
finish (Request *request,
        guint status)
{
  char *text;

  WAIT_UNTIL (request->done);
  g_assert_cmpuint (request->status, ==, status);
  text = request->text;
  g_object_unref (request->message);
  g_free (request);
  return text;
}

static void
expect (Request *request,
        const char *text)
{
  g_autofree char *got = finish (request, 200);

  g_assert_cmpstr (got, ==, text);
}

/* A member of the room that polls. */
static void
enter (Fixture *fixture)
{
  g_autofree char *open = finish (ask (fixture, NULL), 200);
  g_autofree char *entered = NULL;
  const char *sid = strstr (open, "\"sid\":\"");

  g_assert_nonnull (sid);
  fixture->sid = g_strndup (sid + strlen ("\"sid\":\""), 20);
  entered = g_strdup_printf ("36:42[\"entered\",\"%s\"]", fixture->sid);
  expect (ask (fixture, "11:42[\"enter\"]"), "ok");
  expect (ask (fixture, NULL), entered);
  g_assert_cmpuint (room_dialect_get_n_members (ROOM_DIALECT (fixture->room)), ==, 1);
}

static void
on_text (SoupWebsocketConnection *websocket,
         int type,
         GBytes *bytes,
         gpointer data)
{
  g_queue_push_tail (&((Socket *) data)->texts,
                     g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)));
}

static void
on_closed (SoupWebsocketConnection *websocket,
           gpointer data)
{
  ((Socket *) data)->closed = TRUE;
}

static void
on_connected (GObject *source,
              GAsyncResult *result,
              gpointer data)
{
  Socket *socket = data;
  g_autoptr (GError) error = NULL;

  socket->websocket
      = soup_session_websocket_connect_finish (SOUP_SESSION (source), result, &error);
  g_assert_no_error (error);
  g_signal_connect (socket->websocket, "message", G_CALLBACK (on_text), socket);
  g_signal_connect (socket->websocket, "closed", G_CALLBACK (on_closed), socket);
  socket->done = TRUE;
}

static Socket *
dial (Fixture *fixture,
      const char *uri)
{
  Socket *socket = g_new0 (Socket, 1);
  g_autoptr (SoupMessage) message = soup_message_new ("GET", uri);

  g_queue_init (&socket->texts);
  soup_session_websocket_connect_async (fixture->session, message, NULL, NULL,
                                        G_PRIORITY_DEFAULT, NULL, on_connected, socket);
  WAIT_UNTIL (socket->done);
  return socket;
}

static void
say (Socket *socket,
     const char *text)
{
  soup_websocket_connection_send_text (socket->websocket, text);
}

static void
hear (Socket *socket,
      const char *text)
{
  g_autofree char *got = NULL;

  WAIT_UNTIL (!g_queue_is_empty (&socket->texts));
  got = g_queue_pop_head (&socket->texts);
  g_assert_cmpstr (got, ==, text);
}

static void
hang_up (Socket *socket)
{
  if (soup_websocket_connection_get_state (socket->websocket) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (socket->websocket, 1000, NULL);
  WAIT_UNTIL (socket->closed);
  g_signal_handlers_disconnect_by_data (socket->websocket, socket);
  g_object_unref (socket->websocket);
  g_queue_clear_full (&socket->texts, g_free);
  g_free (socket);
}

/* Section 12 of WebRtcRoomServer and RTCSignalServer, over HTTP: polling, then the upgrade. */
static void
test_polling (Fixture *fixture,
              gconstpointer data)
{
  Request *waiting;

  enter (fixture);
  waiting = ask (fixture, NULL);
  expect (ask (fixture, "17:42[\"say\",\"中文 😀\"]"), "ok");
  expect (waiting, "18:42[\"said\",\"中文 😀\"]");
  expect (ask (fixture, "1:1"), "ok");
  WAIT_UNTIL (room_dialect_get_n_members (ROOM_DIALECT (fixture->room)) == 0);
  g_assert_cmpuint (PLAIN_DIALECT (fixture->plain)->n_asked, ==, 0);
}

static void
test_upgrade (Fixture *fixture,
              gconstpointer data)
{
  g_autofree char *uri = NULL;
  Request *waiting;
  Socket *socket;

  enter (fixture);
  uri = get_uri (fixture, "ws", "EIO=3&transport=websocket");
  waiting = ask (fixture, NULL);
  socket = dial (fixture, uri);
  say (socket, "2probe");
  hear (socket, "3probe");
  expect (waiting, "1:6");
  expect (ask (fixture, "15:42[\"say\",\"one\"]"), "ok");
  say (socket, "5");
  hear (socket, "42[\"said\",\"one\"]");
  say (socket, "42[\"say\",\"two\"]");
  hear (socket, "42[\"said\",\"two\"]");
  g_free (finish (ask (fixture, NULL), 400));
  hang_up (socket);
  WAIT_UNTIL (room_dialect_get_n_members (ROOM_DIALECT (fixture->room)) == 0);
  g_assert_cmpuint (PLAIN_DIALECT (fixture->plain)->n_asked, ==, 0);
}

/* The dialect beside it takes whatever it is asked about. */
static void
test_apart (Fixture *fixture,
            gconstpointer data)
{
  g_autofree char *direct = get_uri (fixture, "ws", "EIO=3&transport=websocket");
  g_autofree char *elsewhere
      = g_strdup_printf ("ws://127.0.0.1:%u/", alcove_server_get_port (fixture->server));
  Socket *socket = dial (fixture, direct);
  Socket *other;

  WAIT_UNTIL (g_queue_get_length (&socket->texts) == 2);
  say (socket, "42[\"what\"]");
  say (socket, "2");
  WAIT_UNTIL (g_queue_get_length (&socket->texts) == 3);
  g_assert_cmpuint (PLAIN_DIALECT (fixture->plain)->n_asked, ==, 0);

  other = dial (fixture, elsewhere);
  say (other, "[\"enter\"]");
  hear (other, "[\"enter\"]");
  g_assert_cmpuint (PLAIN_DIALECT (fixture->plain)->n_asked, ==, 1);
  g_assert_cmpuint (room_dialect_get_n_members (ROOM_DIALECT (fixture->room)), ==, 0);
  hang_up (socket);
  hang_up (other);
}

/* A poll waits, a body has not come to its end, a WebSocket is tried, another one is in use. */
static void
test_stop (Fixture *fixture,
           gconstpointer data)
{
  const char *half = " HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n11:42[\"ent";
  g_autofree char *direct = get_uri (fixture, "ws", "EIO=4&transport=websocket");
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) raw = NULL;
  g_autofree char *path = NULL;
  g_autofree char *uri = NULL;
  g_autofree char *text = NULL;
  Socket *socket = dial (fixture, direct);
  Request *waiting;
  Socket *probe;
  guint n;

  enter (fixture);
  uri = get_uri (fixture, "ws", "EIO=3&transport=websocket");
  probe = dial (fixture, uri);
  say (probe, "2x");
  waiting = ask (fixture, NULL);
  n = alcove_server_get_n_connections (fixture->server);
  raw = g_socket_client_connect_to_host (client, "127.0.0.1",
                                         alcove_server_get_port (fixture->server), NULL, NULL);
  path = g_strdup_printf ("POST /socket.io/?EIO=3&transport=polling&sid=%s", fixture->sid);
  text = g_strconcat (path, half, NULL);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (raw)), text,
                             strlen (text), NULL, NULL, NULL);
  WAIT_UNTIL (alcove_server_get_n_connections (fixture->server) > n);

  alcove_server_stop (fixture->server);
  g_assert_cmpuint (room_dialect_get_n_members (ROOM_DIALECT (fixture->room)), ==, 0);
  WAIT_UNTIL (waiting->done);
  WAIT_UNTIL (socket->closed && probe->closed);
  g_free (waiting->text);
  g_object_unref (waiting->message);
  g_free (waiting);
  hang_up (socket);
  hang_up (probe);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/server-socketio/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("polling", test_polling);
  ADD ("upgrade", test_upgrade);
  ADD ("apart", test_apart);
  ADD ("stop", test_stop);
#undef ADD

  return g_test_run ();
}
