/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-engineio-session"

#include "config.h"

#include "alcove-engineio-session.h"

#include <string.h>

#include "alcove-debug.h"
#include "alcove-engineio-codec.h"
#include "alcove-error.h"
#include "alcove-server-connection.h"
#include "alcove-server-socketio.h"
#include "alcove-session-id.h"

/**
 * AlcoveEngineioSession:
 *
 * One client of Socket.IO: a session of Engine.IO 3 or 4, over a WebSocket, over polling,
 * or on its way from the one to the other. It has no sockets of its own: packets come in by its
 * functions, and go out to the WebSocket or to the poll that waits.
 *
 * Signals:
 *  - `event (text, id)`: an event, as the JSON text of an array whose first element is a string;
 *    the id of the acknowledgement that is asked for, or -1
 *  - `left`: the client has left, and may enter again
 *  - `closed`: it is over; emitted once, the last signal, and never from within a call of
 *    the #AlcoveServerClient interface
 */

#define PING_INTERVAL (ALCOVE_ENGINEIO_PING_INTERVAL_MS * (gint64) 1000)
#define SILENCE \
  ((ALCOVE_ENGINEIO_PING_INTERVAL_MS + ALCOVE_ENGINEIO_PING_TIMEOUT_MS) * (gint64) 1000)
/* A client that upgrades waits for its poll to end, and may begin another before it knows that
 * the WebSocket is good; the polls of one that is about to go are ended this often. */
#define FREE_POLL_MS 100
/* For a client that polls to come and hear that it is over. */
#define CLOSE_SECONDS 5
/* Bursts are this many times the sustained rate. */
#define BURST_FACTOR 4

enum {
  EVENT,
  LEFT,
  CLOSED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

typedef enum {
  STATE_OPEN,
  /* nothing comes in or is sent any more; what waits is still to be fetched */
  STATE_CLOSING,
  STATE_CLOSED,
} State;

struct _AlcoveEngineioSession {
  GObject parent_instance;

  guint version;
  char *sid;
  char *name;
  AlcoveServerLimits limits;
  AlcoveServerSocketio socketio;

  State state;
  gboolean joined;
  guint n_malformed;
  gint64 opened_at;
  gint64 last_seen;
  gint64 last_ping;
  gint64 ends_at;
  guint close_source;

  /* NULL while the client polls; the other one only while it tries a WebSocket */
  AlcoveServerClient *websocket;
  AlcoveServerClient *probe;
  gboolean probed;
  guint free_poll_source;

  AlcoveEngineioOutbox outbox;

  /* of posted packets; those of a WebSocket are counted by its connection */
  double tokens;
  gint64 tokens_at;
};

static void alcove_engineio_session_client_init (AlcoveServerClientInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AlcoveEngineioSession, alcove_engineio_session, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ALCOVE_TYPE_SERVER_CLIENT,
                                                      alcove_engineio_session_client_init))

static void
stop_probe (AlcoveEngineioSession *self)
{
  g_clear_handle_id (&self->free_poll_source, g_source_remove);
  g_clear_object (&self->probe);
  self->probed = FALSE;
}

static void
tell_closed (AlcoveEngineioSession *self)
{
  g_autoptr (AlcoveEngineioSession) hold = g_object_ref (self);

  if (self->state == STATE_CLOSED)
    return;

  self->state = STATE_CLOSED;
  g_clear_handle_id (&self->close_source, g_source_remove);
  alcove_engineio_outbox_clear (&self->outbox);
  alcove_engineio_outbox_end_poll (&self->outbox);
  g_signal_emit (self, signals[CLOSED], 0);
}

static gboolean
on_close_soon (gpointer data)
{
  AlcoveEngineioSession *self = data;
  g_autoptr (AlcoveEngineioSession) hold = g_object_ref (self);

  self->close_source = 0;
  g_signal_emit (self, signals[LEFT], 0);
  if (self->websocket != NULL || alcove_engineio_outbox_is_empty (&self->outbox))
    tell_closed (self);
  return G_SOURCE_REMOVE;
}

static void
begin_close (AlcoveEngineioSession *self,
             guint code,
             const char *reason)
{
  g_autofree char *packet = NULL;

  if (self->state != STATE_OPEN)
    return;

  self->state = STATE_CLOSING;
  self->ends_at = g_get_monotonic_time () + CLOSE_SECONDS * G_USEC_PER_SEC;
  if (self->probe != NULL)
    alcove_server_client_close (self->probe, code, reason);
  stop_probe (self);

  packet = alcove_engineio_packet_format (ALCOVE_ENGINEIO_CLOSE, NULL);
  if (self->websocket != NULL)
    {
      alcove_server_client_send_text (self->websocket, packet);
      alcove_server_client_close (self->websocket, code, reason);
    }
  else
    alcove_engineio_outbox_put (&self->outbox, packet);

  self->close_source = g_idle_add (on_close_soon, self);
}

static void
drop (AlcoveEngineioSession *self,
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
send_packet (AlcoveEngineioSession *self,
             AlcoveEngineioType type,
             const char *data)
{
  g_autofree char *packet = NULL;

  if (self->state != STATE_OPEN)
    return;

  packet = alcove_engineio_packet_format (type, data);
  if (self->websocket != NULL)
    {
      alcove_server_client_send_text (self->websocket, packet);
      return;
    }

  alcove_debug_print (ALCOVE_DEBUG_WIRE, "%s ← %s", self->name, packet);
  if (!alcove_engineio_outbox_put (&self->outbox, packet))
    {
      alcove_engineio_outbox_clear (&self->outbox);
      drop (self, ALCOVE_ERROR_TOO_LARGE, ALCOVE_SERVER_CLOSE_POLICY, "reads too slowly");
    }
}

static void
take_malformed (AlcoveEngineioSession *self)
{
  g_info ("%s: malformed: a packet was ignored", self->name);
  if (++self->n_malformed > ALCOVE_ENGINEIO_MAX_MALFORMED)
    drop (self, ALCOVE_ERROR_MALFORMED, ALCOVE_SERVER_CLOSE_POLICY, "too many broken packets");
}

static void
take_message (AlcoveEngineioSession *self,
              const char *data)
{
  g_autoptr (GPtrArray) answers = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (AlcoveSocketioPacket) event = NULL;
  AlcoveServerSocketioResult result
      = alcove_server_socketio_take (&self->socketio, data, answers, &event);

  for (guint i = 0; i < answers->len; i++)
    send_packet (self, ALCOVE_ENGINEIO_MESSAGE, answers->pdata[i]);

  switch (result)
    {
    case ALCOVE_SERVER_SOCKETIO_MALFORMED:
      take_malformed (self);
      break;
    case ALCOVE_SERVER_SOCKETIO_EVENT:
      g_signal_emit (self, signals[EVENT], 0, event->data, event->id);
      break;
    case ALCOVE_SERVER_SOCKETIO_LEFT:
      g_signal_emit (self, signals[LEFT], 0);
      break;
    case ALCOVE_SERVER_SOCKETIO_IGNORED:
    default:
      break;
    }
}

static void
take_packet (AlcoveEngineioSession *self,
             const char *packet)
{
  AlcoveEngineioType type;
  const char *data;

  /* a binary packet where text is all there is */
  if (*packet == 'b')
    return;
  if (!alcove_engineio_packet_parse (packet, &type, &data, NULL))
    {
      take_malformed (self);
      return;
    }

  switch (type)
    {
    case ALCOVE_ENGINEIO_CLOSE:
      begin_close (self, ALCOVE_SERVER_CLOSE_GOING_AWAY, NULL);
      break;
    case ALCOVE_ENGINEIO_PING:
      send_packet (self, ALCOVE_ENGINEIO_PONG, data);
      break;
    case ALCOVE_ENGINEIO_MESSAGE:
      take_message (self, data);
      break;
    case ALCOVE_ENGINEIO_PONG:
    case ALCOVE_ENGINEIO_NOOP:
      break;
    case ALCOVE_ENGINEIO_OPEN:
    case ALCOVE_ENGINEIO_UPGRADE:
    default:
      take_malformed (self);
      break;
    }
}

static gboolean
on_free_poll (gpointer data)
{
  AlcoveEngineioSession *self = data;

  alcove_engineio_outbox_free_poll (&self->outbox);
  return G_SOURCE_CONTINUE;
}

/* From here on the WebSocket is the client's only line, and what waits goes over it. */
static void
upgrade (AlcoveEngineioSession *self)
{
  char *packet;

  self->websocket = g_steal_pointer (&self->probe);
  stop_probe (self);
  alcove_engineio_outbox_free_poll (&self->outbox);
  /* the session's own time-out is the one that counts */
  alcove_server_client_set_joined (self->websocket);
  alcove_debug_print (ALCOVE_DEBUG_SERVER, "%s went over to a WebSocket", self->name);

  while ((packet = alcove_engineio_outbox_take (&self->outbox)) != NULL)
    {
      alcove_server_client_send_text (self->websocket, packet);
      g_free (packet);
    }
}

static void
take_probe_packet (AlcoveEngineioSession *self,
                   const char *packet)
{
  AlcoveEngineioType type;
  const char *data;

  if (!alcove_engineio_packet_parse (packet, &type, &data, NULL))
    take_malformed (self);
  else if (type == ALCOVE_ENGINEIO_PING && g_str_equal (data, "probe"))
    {
      alcove_server_client_send_text (self->probe, "3probe");
      self->probed = TRUE;
      alcove_engineio_outbox_free_poll (&self->outbox);
      if (self->free_poll_source == 0)
        self->free_poll_source = g_timeout_add (FREE_POLL_MS, on_free_poll, self);
    }
  else if (type == ALCOVE_ENGINEIO_UPGRADE && self->probed)
    upgrade (self);
  else
    take_malformed (self);
}

static gboolean
take_token (AlcoveEngineioSession *self,
            gint64 now)
{
  double rate = self->limits.max_messages_per_second;

  self->tokens += (now - self->tokens_at) * rate / G_USEC_PER_SEC;
  self->tokens = MIN (self->tokens, rate * BURST_FACTOR);
  self->tokens_at = now;
  if (self->tokens < 1)
    return FALSE;

  self->tokens -= 1;
  return TRUE;
}

static void
alcove_engineio_session_send_text (AlcoveServerClient *client,
                                   const char *text)
{
  AlcoveEngineioSession *self = ALCOVE_ENGINEIO_SESSION (client);
  g_autofree char *data = alcove_server_socketio_format_event (&self->socketio, text);

  if (data != NULL)
    send_packet (self, ALCOVE_ENGINEIO_MESSAGE, data);
}

static void
alcove_engineio_session_close (AlcoveServerClient *client,
                               guint code,
                               const char *reason)
{
  begin_close (ALCOVE_ENGINEIO_SESSION (client), code, reason);
}

static void
alcove_engineio_session_set_joined (AlcoveServerClient *client)
{
  ALCOVE_ENGINEIO_SESSION (client)->joined = TRUE;
}

static const char *
alcove_engineio_session_get_id (AlcoveServerClient *client)
{
  return ALCOVE_ENGINEIO_SESSION (client)->sid;
}

static void
alcove_engineio_session_client_init (AlcoveServerClientInterface *iface)
{
  iface->send_text = alcove_engineio_session_send_text;
  iface->close = alcove_engineio_session_close;
  iface->set_joined = alcove_engineio_session_set_joined;
  iface->get_id = alcove_engineio_session_get_id;
}

static void
alcove_engineio_session_dispose (GObject *object)
{
  AlcoveEngineioSession *self = ALCOVE_ENGINEIO_SESSION (object);

  g_clear_handle_id (&self->close_source, g_source_remove);
  stop_probe (self);
  alcove_engineio_outbox_end_poll (&self->outbox);
  alcove_engineio_outbox_clear (&self->outbox);
  g_clear_object (&self->websocket);

  G_OBJECT_CLASS (alcove_engineio_session_parent_class)->dispose (object);
}

static void
alcove_engineio_session_finalize (GObject *object)
{
  AlcoveEngineioSession *self = ALCOVE_ENGINEIO_SESSION (object);

  alcove_server_socketio_clear (&self->socketio);
  g_free (self->sid);
  g_free (self->name);

  G_OBJECT_CLASS (alcove_engineio_session_parent_class)->finalize (object);
}

static void
alcove_engineio_session_class_init (AlcoveEngineioSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = alcove_engineio_session_dispose;
  object_class->finalize = alcove_engineio_session_finalize;

  signals[EVENT] = g_signal_new ("event", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_INT64);
  signals[LEFT] = g_signal_new ("left", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                NULL, NULL, G_TYPE_NONE, 0);
  signals[CLOSED] = g_signal_new ("closed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
}

static void
alcove_engineio_session_init (AlcoveEngineioSession *self)
{
}

/**
 * alcove_engineio_session_new:
 * @version: of Engine.IO, 3 or 4
 * @websocket: (nullable): the WebSocket it begins with; %NULL if it begins with polling
 * @name: what to call the client in the log
 * @limits: the server's bounds; copied
 *
 * Makes a session with an id that nobody can guess, and sends or queues its first packets.
 *
 * Returns: (transfer full): the session
 */
AlcoveEngineioSession *
alcove_engineio_session_new (guint version,
                             AlcoveServerClient *websocket,
                             const char *name,
                             const AlcoveServerLimits *limits)
{
  AlcoveEngineioSession *self = g_object_new (ALCOVE_TYPE_ENGINEIO_SESSION, NULL);
  AlcoveEngineioHandshake handshake = { NULL };
  g_autofree char *open = NULL;

  self->version = version >= 4 ? 4 : 3;
  self->sid = alcove_session_id_new (ALCOVE_ENGINEIO_SID_LENGTH);
  self->name = g_strdup (name);
  self->limits = *limits;
  self->opened_at = g_get_monotonic_time ();
  self->last_seen = self->opened_at;
  self->last_ping = self->opened_at;
  self->tokens = limits->max_messages_per_second * BURST_FACTOR;
  self->tokens_at = self->opened_at;
  alcove_engineio_outbox_init (&self->outbox, self->version,
                               ALCOVE_SERVER_MAX_QUEUED_MESSAGES * limits->max_message);
  alcove_server_socketio_init (&self->socketio, self->version, self->sid);
  if (websocket != NULL)
    {
      self->websocket = g_object_ref (websocket);
      /* the session's own time-out is the one that counts */
      alcove_server_client_set_joined (websocket);
    }

  handshake.sid = self->sid;
  handshake.websocket = websocket == NULL;
  handshake.ping_interval = ALCOVE_ENGINEIO_PING_INTERVAL_MS;
  handshake.ping_timeout = ALCOVE_ENGINEIO_PING_TIMEOUT_MS;
  handshake.max_payload = self->version >= 4 ? limits->max_message : 0;
  open = alcove_engineio_handshake_format (&handshake);
  send_packet (self, ALCOVE_ENGINEIO_OPEN, open + 1);

  if (self->version < 4)
    {
      g_autofree char *connect = alcove_server_socketio_format_connect (&self->socketio, "/");

      send_packet (self, ALCOVE_ENGINEIO_MESSAGE, connect);
    }

  return self;
}

/**
 * alcove_engineio_session_is_open:
 * @self: a session
 *
 * Returns: whether it still takes packets
 */
gboolean
alcove_engineio_session_is_open (AlcoveEngineioSession *self)
{
  g_return_val_if_fail (ALCOVE_IS_ENGINEIO_SESSION (self), FALSE);

  return self->state == STATE_OPEN;
}

/**
 * alcove_engineio_session_is_polling:
 * @self: a session
 *
 * Returns: whether it has no WebSocket, or none yet
 */
gboolean
alcove_engineio_session_is_polling (AlcoveEngineioSession *self)
{
  g_return_val_if_fail (ALCOVE_IS_ENGINEIO_SESSION (self), FALSE);

  return self->websocket == NULL;
}

/**
 * alcove_engineio_session_poll:
 * @self: a session
 * @func: (scope async): is handed what waits for the client, now or once there is something
 * @user_data: for @func
 *
 * Begins a poll. A second one at once is an error of the client that ends the session, since
 * what is handed out twice, or to the wrong one, is lost.
 *
 * Returns: whether there is a poll now; if not, @func is not called
 */
gboolean
alcove_engineio_session_poll (AlcoveEngineioSession *self,
                              AlcoveEngineioPollFunc func,
                              gpointer user_data)
{
  g_autoptr (AlcoveEngineioSession) hold = NULL;

  g_return_val_if_fail (ALCOVE_IS_ENGINEIO_SESSION (self), FALSE);
  g_return_val_if_fail (func != NULL, FALSE);

  if (self->state == STATE_CLOSED || self->websocket != NULL)
    return FALSE;

  hold = g_object_ref (self);
  if (!alcove_engineio_outbox_poll (&self->outbox, func, user_data))
    {
      drop (self, ALCOVE_ERROR_UNEXPECTED, ALCOVE_SERVER_CLOSE_POLICY, "two polls at once");
      return FALSE;
    }

  if (self->state == STATE_CLOSING && self->close_source == 0
      && alcove_engineio_outbox_is_empty (&self->outbox))
    tell_closed (self);
  return TRUE;
}

/**
 * alcove_engineio_session_poll_lost:
 * @self: a session
 *
 * Tells that whoever polls is gone without an answer. The function of the poll is not called
 * any more. This is how the abrupt end of a client that polls shows.
 */
void
alcove_engineio_session_poll_lost (AlcoveEngineioSession *self)
{
  g_return_if_fail (ALCOVE_IS_ENGINEIO_SESSION (self));

  alcove_engineio_outbox_forget (&self->outbox);
  begin_close (self, ALCOVE_SERVER_CLOSE_GOING_AWAY, NULL);
  /* there is nobody to fetch the end */
  alcove_engineio_outbox_clear (&self->outbox);
}

/**
 * alcove_engineio_session_post:
 * @self: a session
 * @bytes: the body of a request; anything at all
 * @length: how many bytes
 *
 * Takes what a client that polls has sent.
 *
 * Returns: whether it was a payload, and the session took it
 */
gboolean
alcove_engineio_session_post (AlcoveEngineioSession *self,
                              const char *bytes,
                              gsize length)
{
  g_autoptr (AlcoveEngineioSession) hold = NULL;
  g_autoptr (GPtrArray) packets = NULL;
  gint64 now = g_get_monotonic_time ();

  g_return_val_if_fail (ALCOVE_IS_ENGINEIO_SESSION (self), FALSE);

  if (self->state != STATE_OPEN || self->websocket != NULL)
    return FALSE;

  hold = g_object_ref (self);
  packets = alcove_engineio_payload_decode (bytes, length, self->version, NULL);
  if (packets == NULL)
    {
      take_malformed (self);
      return FALSE;
    }

  self->last_seen = now;
  for (guint i = 0; i < packets->len && self->state == STATE_OPEN; i++)
    {
      alcove_debug_print (ALCOVE_DEBUG_WIRE, "%s → %s", self->name, (char *) packets->pdata[i]);
      if (take_token (self, now))
        take_packet (self, packets->pdata[i]);
      else
        drop (self, ALCOVE_ERROR_TOO_MANY, ALCOVE_SERVER_CLOSE_POLICY, "messages too fast");
    }

  return TRUE;
}

/**
 * alcove_engineio_session_probe:
 * @self: a session
 * @websocket: a WebSocket that the client has opened for it
 *
 * Lets the client try a WebSocket. It goes over to it once it has said so there.
 *
 * Returns: whether it may: not while it tries another one, nor after it has gone over
 */
gboolean
alcove_engineio_session_probe (AlcoveEngineioSession *self,
                               AlcoveServerClient *websocket)
{
  g_return_val_if_fail (ALCOVE_IS_ENGINEIO_SESSION (self), FALSE);

  if (self->state != STATE_OPEN || self->websocket != NULL || self->probe != NULL)
    return FALSE;

  self->probe = g_object_ref (websocket);
  return TRUE;
}

/**
 * alcove_engineio_session_receive:
 * @self: a session
 * @websocket: its WebSocket, or the one it tries
 * @text: a message that came over it
 */
void
alcove_engineio_session_receive (AlcoveEngineioSession *self,
                                 AlcoveServerClient *websocket,
                                 const char *text)
{
  g_autoptr (AlcoveEngineioSession) hold = NULL;

  g_return_if_fail (ALCOVE_IS_ENGINEIO_SESSION (self));

  if (self->state != STATE_OPEN)
    return;

  hold = g_object_ref (self);
  if (websocket == self->websocket)
    {
      self->last_seen = g_get_monotonic_time ();
      take_packet (self, text);
    }
  else if (websocket == self->probe)
    take_probe_packet (self, text);
}

/**
 * alcove_engineio_session_websocket_closed:
 * @self: a session
 * @websocket: a WebSocket that is over
 *
 * Ends the session, unless it polls and only tried that WebSocket.
 */
void
alcove_engineio_session_websocket_closed (AlcoveEngineioSession *self,
                                          AlcoveServerClient *websocket)
{
  g_return_if_fail (ALCOVE_IS_ENGINEIO_SESSION (self));

  if (websocket == self->websocket)
    begin_close (self, ALCOVE_SERVER_CLOSE_GOING_AWAY, NULL);
  else if (websocket == self->probe)
    stop_probe (self);
}

/**
 * alcove_engineio_session_acknowledge:
 * @self: a session
 * @id: what came with an event
 * @json: the answer as JSON text
 */
void
alcove_engineio_session_acknowledge (AlcoveEngineioSession *self,
                                     gint64 id,
                                     const char *json)
{
  g_autofree char *data = NULL;

  g_return_if_fail (ALCOVE_IS_ENGINEIO_SESSION (self));

  data = alcove_server_socketio_format_ack (&self->socketio, id, json);
  if (data != NULL)
    send_packet (self, ALCOVE_ENGINEIO_MESSAGE, data);
}

/**
 * alcove_engineio_session_check:
 * @self: a session
 * @now: the monotonic time in microseconds
 *
 * Sends the ping that is due, and ends what is over its time. Called by the server every
 * now and then; may emit `closed`.
 *
 * In protocol 4 the server pings. In protocol 3 the client does; the Go server pings one that
 * has not for as long, and clients in JavaScript pass over it.
 */
void
alcove_engineio_session_check (AlcoveEngineioSession *self,
                               gint64 now)
{
  g_return_if_fail (ALCOVE_IS_ENGINEIO_SESSION (self));

  if (self->state == STATE_CLOSING && now >= self->ends_at)
    tell_closed (self);
  if (self->state != STATE_OPEN)
    return;

  if (!self->joined && now - self->opened_at >= self->limits.join_timeout * G_USEC_PER_SEC)
    drop (self, ALCOVE_ERROR_TIMED_OUT, ALCOVE_SERVER_CLOSE_POLICY, "no room joined in time");
  else if (now - self->last_seen >= SILENCE)
    drop (self, ALCOVE_ERROR_TIMED_OUT, ALCOVE_SERVER_CLOSE_POLICY, "nothing heard for too long");
  else if (now - self->last_ping >= PING_INTERVAL
           && (self->version >= 4 || now - self->last_seen >= PING_INTERVAL))
    {
      self->last_ping = now;
      send_packet (self, ALCOVE_ENGINEIO_PING, NULL);
    }
}
