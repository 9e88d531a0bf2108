/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-server-connection"

#include "config.h"

#include "alcove-server-connection.h"

#include <string.h>

#include "alcove-debug.h"
#include "alcove-error.h"
#include "alcove-metered-stream.h"
#include "alcove-server-client.h"

/**
 * AlcoveServerConnection:
 *
 * One WebSocket client of the embedded server, held to the server's limits.
 *
 * Signals:
 *  - `message (text)`: one text message
 *  - `closed`: no messages any more, either way; emitted once, and never from
 *    within a call
 *  - `finished`: the socket is done with too; the last signal
 */

/* After the close frame: for the client to answer it, or to read it at all. */
#define CLOSE_SECONDS 5
/* A socket that is closed with unread bytes is reset, and the client may never
 * see why; so it is kept a while. */
#define LINGER_SECONDS 2
/* Bursts are this many times the sustained rate. */
#define BURST_FACTOR 4

enum {
  MESSAGE,
  CLOSED,
  FINISHED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

typedef enum {
  STATE_OPEN,
  STATE_CLOSING,
  STATE_LINGERING,
  STATE_FINISHED,
} State;

struct _AlcoveServerConnection {
  GObject parent_instance;

  char *name;
  AlcoveServerLimits limits;

  /* keeps the socket open while libsoup's own wrapper is alive */
  GIOStream *stream;
  GSocketConnection *socket;
  AlcoveMeteredInput *input;
  AlcoveMeteredOutput *output;
  SoupWebsocketConnection *websocket;

  State state;
  gboolean takes_binary;
  gboolean joined;
  gboolean exceeded;
  gboolean told_closed;
  guint in_websocket;
  guint closed_source;
  guint64 bytes_queued;
  gint64 opened_at;
  gint64 last_seen;
  gint64 ends_at;
};

static void alcove_server_connection_client_init (AlcoveServerClientInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AlcoveServerConnection, alcove_server_connection, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ALCOVE_TYPE_SERVER_CLIENT,
                                                      alcove_server_connection_client_init))

static void
tell_closed (AlcoveServerConnection *self)
{
  g_clear_handle_id (&self->closed_source, g_source_remove);
  if (self->told_closed)
    return;

  self->told_closed = TRUE;
  g_signal_emit (self, signals[CLOSED], 0);
}

static gboolean
tell_closed_idle (gpointer data)
{
  AlcoveServerConnection *self = data;
  g_autoptr (AlcoveServerConnection) hold = g_object_ref (self);

  self->closed_source = 0;
  tell_closed (self);
  return G_SOURCE_REMOVE;
}

/* The others must not wait for a close handshake to learn that somebody is gone. */
static void
tell_closed_soon (AlcoveServerConnection *self)
{
  if (!self->told_closed && self->closed_source == 0)
    self->closed_source = g_idle_add (tell_closed_idle, self);
}

static void
finish (AlcoveServerConnection *self)
{
  if (self->state == STATE_FINISHED)
    return;

  self->state = STATE_FINISHED;
  g_io_stream_close (G_IO_STREAM (self->socket), NULL, NULL);
  g_signal_emit (self, signals[FINISHED], 0);
}

static void
begin_close (AlcoveServerConnection *self,
             guint code,
             const char *reason)
{
  if (self->state != STATE_OPEN)
    return;

  self->state = STATE_CLOSING;
  self->ends_at = g_get_monotonic_time () + CLOSE_SECONDS * G_USEC_PER_SEC;
  if (soup_websocket_connection_get_state (self->websocket) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (self->websocket, code, reason);
  tell_closed_soon (self);
}

/* Ends both directions at once: libsoup reads the end and lets go. */
static void
abort_socket (AlcoveServerConnection *self)
{
  g_socket_shutdown (g_socket_connection_get_socket (self->socket), TRUE, TRUE, NULL);
}

static void
drop (AlcoveServerConnection *self,
      AlcoveError error_code,
      guint close_code,
      const char *reason)
{
  g_autoptr (GError) error = NULL;

  if (self->state != STATE_OPEN)
    return;

  error = g_error_new_literal (ALCOVE_ERROR, error_code, reason);
  g_message ("%s dropped: %s: %s", self->name, alcove_error_get_code (error), reason);
  begin_close (self, close_code, reason);
}

static void
on_message (SoupWebsocketConnection *websocket,
            int type,
            GBytes *bytes,
            gpointer user_data)
{
  AlcoveServerConnection *self = user_data;
  g_autoptr (AlcoveServerConnection) hold = g_object_ref (self);
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  g_autofree char *text = NULL;

  if (self->state != STATE_OPEN)
    return;

  self->last_seen = g_get_monotonic_time ();
  /* this refuses zero bytes, too */
  if ((type == SOUP_WEBSOCKET_DATA_TEXT || self->takes_binary)
      && g_utf8_validate_len (data, size, NULL))
    text = g_strndup (data, size);
  if (text == NULL)
    {
      g_info ("%s: malformed: a message that is no text was ignored", self->name);
      return;
    }

  alcove_debug_print (ALCOVE_DEBUG_WIRE, "%s → %s", self->name, text);

  self->in_websocket++;
  g_signal_emit (self, signals[MESSAGE], 0, text);
  self->in_websocket--;
}

static void
on_pong (SoupWebsocketConnection *websocket,
         GBytes *bytes,
         gpointer user_data)
{
  AlcoveServerConnection *self = user_data;

  self->last_seen = g_get_monotonic_time ();
}

static void
on_exceeded (AlcoveMeteredInput *input,
             int verdict,
             gpointer user_data)
{
  AlcoveServerConnection *self = user_data;

  self->exceeded = TRUE;
  if (verdict == ALCOVE_FRAME_TOO_LARGE)
    drop (self, ALCOVE_ERROR_TOO_LARGE, ALCOVE_SERVER_CLOSE_TOO_BIG, "message over the limit");
  else
    drop (self, ALCOVE_ERROR_TOO_MANY, ALCOVE_SERVER_CLOSE_POLICY,
          "messages too fast");
}

static void
on_error (SoupWebsocketConnection *websocket,
          GError *error,
          gpointer user_data)
{
  AlcoveServerConnection *self = user_data;

  if (self->state != STATE_OPEN)
    return;

  g_message ("%s dropped: closed: %s", self->name, error->message);
  self->state = STATE_CLOSING;
  self->ends_at = g_get_monotonic_time () + CLOSE_SECONDS * G_USEC_PER_SEC;
  tell_closed_soon (self);
}

static void
on_closing (SoupWebsocketConnection *websocket,
            gpointer user_data)
{
  AlcoveServerConnection *self = user_data;

  /* asked for by the client; begin_close() has set the state before it asks */
  if (self->state != STATE_OPEN)
    return;

  self->state = STATE_CLOSING;
  self->ends_at = g_get_monotonic_time () + CLOSE_SECONDS * G_USEC_PER_SEC;
  tell_closed_soon (self);
}

static void
on_closed (SoupWebsocketConnection *websocket,
           gpointer user_data)
{
  AlcoveServerConnection *self = user_data;
  g_autoptr (AlcoveServerConnection) hold = g_object_ref (self);
  GSocket *socket = g_socket_connection_get_socket (self->socket);

  if (self->state == STATE_FINISHED)
    return;

  /* without a close frame there was no "closing" before it */
  self->state = STATE_CLOSING;
  tell_closed (self);

  /* who sent too much is likely to be sending still */
  if (self->exceeded || g_socket_get_available_bytes (socket) > 0)
    {
      self->state = STATE_LINGERING;
      self->ends_at = g_get_monotonic_time () + LINGER_SECONDS * G_USEC_PER_SEC;
      g_socket_shutdown (socket, FALSE, TRUE, NULL);
    }
  else
    finish (self);
}

static void
alcove_server_connection_send_text (AlcoveServerClient *client,
                                    const char *text)
{
  AlcoveServerConnection *self = ALCOVE_SERVER_CONNECTION (client);
  guint64 waiting;

  if (self->state != STATE_OPEN)
    return;

  self->bytes_queued += strlen (text);
  waiting = self->bytes_queued - alcove_metered_output_get_data_bytes (self->output);
  if (waiting > ALCOVE_SERVER_MAX_QUEUED_MESSAGES * self->limits.max_message)
    {
      drop (self, ALCOVE_ERROR_TOO_LARGE, ALCOVE_SERVER_CLOSE_POLICY,
            "reads too slowly");
      /* the close frame would wait behind all that is not read */
      abort_socket (self);
      return;
    }

  alcove_debug_print (ALCOVE_DEBUG_WIRE, "%s ← %s", self->name, text);
  soup_websocket_connection_send_text (self->websocket, text);
}

static void
alcove_server_connection_close (AlcoveServerClient *client,
                                guint code,
                                const char *reason)
{
  begin_close (ALCOVE_SERVER_CONNECTION (client), code, reason);
}

static void
alcove_server_connection_set_joined (AlcoveServerClient *client)
{
  ALCOVE_SERVER_CONNECTION (client)->joined = TRUE;
}

static void
alcove_server_connection_client_init (AlcoveServerClientInterface *iface)
{
  iface->send_text = alcove_server_connection_send_text;
  iface->close = alcove_server_connection_close;
  iface->set_joined = alcove_server_connection_set_joined;
}

static gboolean
release_later (gpointer data)
{
  return G_SOURCE_REMOVE;
}

static void
alcove_server_connection_dispose (GObject *object)
{
  AlcoveServerConnection *self = ALCOVE_SERVER_CONNECTION (object);

  g_clear_handle_id (&self->closed_source, g_source_remove);

  if (self->input != NULL)
    g_signal_handlers_disconnect_by_data (self->input, self);

  if (self->websocket != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->websocket, self);
      /* libsoup goes on with its object after it has delivered a message */
      if (self->in_websocket > 0)
        g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, release_later,
                         g_steal_pointer (&self->websocket), g_object_unref);
      g_clear_object (&self->websocket);
    }

  if (self->socket != NULL)
    g_io_stream_close (G_IO_STREAM (self->socket), NULL, NULL);

  g_clear_object (&self->input);
  g_clear_object (&self->output);
  g_clear_object (&self->stream);
  g_clear_object (&self->socket);

  G_OBJECT_CLASS (alcove_server_connection_parent_class)->dispose (object);
}

static void
alcove_server_connection_finalize (GObject *object)
{
  g_free (ALCOVE_SERVER_CONNECTION (object)->name);

  G_OBJECT_CLASS (alcove_server_connection_parent_class)->finalize (object);
}

static void
alcove_server_connection_class_init (AlcoveServerConnectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = alcove_server_connection_dispose;
  object_class->finalize = alcove_server_connection_finalize;

  signals[MESSAGE] = g_signal_new ("message", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[CLOSED] = g_signal_new ("closed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
  signals[FINISHED] = g_signal_new ("finished", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
alcove_server_connection_init (AlcoveServerConnection *self)
{
}

/**
 * alcove_server_connection_new:
 * @stream: what libsoup gave up after the handshake
 * @socket: the connection underneath; closed with the object
 * @uri: the address of the request
 * @name: what to call the client in the log
 * @limits: the server's bounds; copied
 *
 * Returns: (transfer full): an open connection
 */
AlcoveServerConnection *
alcove_server_connection_new (GIOStream *stream,
                              GSocketConnection *socket,
                              GUri *uri,
                              const char *name,
                              const AlcoveServerLimits *limits)
{
  AlcoveServerConnection *self = g_object_new (ALCOVE_TYPE_SERVER_CONNECTION, NULL);
  g_autoptr (AlcoveMeteredStream) metered = NULL;

  self->name = g_strdup (name);
  self->limits = *limits;
  self->stream = g_object_ref (stream);
  self->socket = g_object_ref (socket);
  self->opened_at = g_get_monotonic_time ();
  self->last_seen = self->opened_at;

  self->input = alcove_metered_input_new (g_io_stream_get_input_stream (stream),
                                          limits->max_message, limits->max_messages_per_second,
                                          limits->max_messages_per_second * BURST_FACTOR);
  self->output = alcove_metered_output_new (g_io_stream_get_output_stream (stream));
  metered = alcove_metered_stream_new (self->input, self->output);

  self->websocket = soup_websocket_connection_new (
      G_IO_STREAM (metered), uri, SOUP_WEBSOCKET_CONNECTION_SERVER, NULL, NULL, NULL);
  soup_websocket_connection_set_max_incoming_payload_size (self->websocket, limits->max_message);
  soup_websocket_connection_set_keepalive_interval (self->websocket, limits->ping_interval);

  g_signal_connect (self->input, "exceeded", G_CALLBACK (on_exceeded), self);
  g_signal_connect (self->websocket, "message", G_CALLBACK (on_message), self);
  g_signal_connect (self->websocket, "pong", G_CALLBACK (on_pong), self);
  g_signal_connect (self->websocket, "error", G_CALLBACK (on_error), self);
  g_signal_connect (self->websocket, "closing", G_CALLBACK (on_closing), self);
  g_signal_connect (self->websocket, "closed", G_CALLBACK (on_closed), self);

  return self;
}

/**
 * alcove_server_connection_take_binary:
 * @self: a connection
 *
 * Has binary messages that hold text taken for text, as some servers of plain JSON do and
 * some clients rely on. With Socket.IO they are something else.
 */
void
alcove_server_connection_take_binary (AlcoveServerConnection *self)
{
  g_return_if_fail (ALCOVE_IS_SERVER_CONNECTION (self));

  self->takes_binary = TRUE;
}

/**
 * alcove_server_connection_check:
 * @self: a connection
 * @now: the monotonic time in microseconds
 *
 * Ends what is over its time: to join, to be heard from, to close. Called by
 * the server every now and then; may emit `finished`.
 */
void
alcove_server_connection_check (AlcoveServerConnection *self,
                                gint64 now)
{
  GSocket *socket;

  g_return_if_fail (ALCOVE_IS_SERVER_CONNECTION (self));

  switch (self->state)
    {
    case STATE_OPEN:
      if (!self->joined && now - self->opened_at >= self->limits.join_timeout * G_USEC_PER_SEC)
        drop (self, ALCOVE_ERROR_TIMED_OUT, ALCOVE_SERVER_CLOSE_POLICY,
              "no room joined in time");
      else if (now - self->last_seen >= self->limits.idle_timeout * G_USEC_PER_SEC)
        drop (self, ALCOVE_ERROR_TIMED_OUT, ALCOVE_SERVER_CLOSE_POLICY,
              "nothing heard for too long");
      break;

    case STATE_CLOSING:
      if (now >= self->ends_at)
        {
          abort_socket (self);
          finish (self);
        }
      break;

    case STATE_LINGERING:
      socket = g_socket_connection_get_socket (self->socket);
      if (now >= self->ends_at || g_socket_condition_check (socket, G_IO_HUP) != 0)
        finish (self);
      break;

    case STATE_FINISHED:
    default:
      break;
    }
}
