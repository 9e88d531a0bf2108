/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-socketio-transport"

#include "config.h"

#include "alcove-socketio-transport.h"

#include <glib/gi18n.h>
#include <libsoup/soup.h>

#include "alcove-debug.h"
#include "alcove-engineio-codec.h"
#include "alcove-error.h"
#include "alcove-socketio-codec.h"
#include "alcove-socketio-polling.h"
#include "alcove-timer.h"
#include "alcove-websocket-transport.h"

/* A change of the network is often a burst of changes. */
#define NETWORK_SETTLE_MS 250
#define PROBE "probe"
/* How long a server that is being left may take to read what it was sent last. */
#define PARTING_MS 1000
/* The same where the protocol has no way to ask whether it has. */
#define PARTING_BLIND_MS 150

/**
 * AlcoveSocketioTransport:
 *
 * Events of Socket.IO's default namespace, over a WebSocket. What is sent and what
 * `message` carries is the JSON text of one event, `["name", …]`.
 *
 * Each attempt opens a WebSocket of its own and goes through the ways below, the one
 * that worked last first, until a server agrees. Protocol 3 comes first: servers of
 * that age ignore the version in the address, so an attempt with 4 would leave in
 * the dark which one is spoken, while those that know only 4 refuse 3 before they open a
 * session.
 * A server that refuses a WebSocket without a session gets a handshake over HTTP
 * first, and the WebSocket is an upgrade.
 *
 * In protocol 3 the client pings; the Go server also does, so a ping is answered in both.
 * A server from which nothing has come for its ping interval and time-out is dropped.
 */
typedef enum {
  WAY_WEBSOCKET_3,
  WAY_WEBSOCKET_4,
  WAY_POLLING_4,
  WAY_POLLING_3,
  N_WAYS,
} Way;

struct _AlcoveSocketioTransport {
  AlcoveTransport parent_instance;

  guint handshake_ms;
  guint max_ping_ms;
  gboolean goodbye;
  gboolean closing;
  gboolean parting;
  gboolean opened_once;

  Way way;
  Way settled_way;
  guint tried;
  gboolean probed;
  guint version;
  guint silence_ms;
  guint skip;
  char *sid;
  GError *first_error;

  AlcoveTransport *websocket;
  SoupSession *session;
  AlcoveBackoff *backoff;
  GNetworkMonitor *monitor;
  AlcoveSocketioPoll *poll;
  /* packets that came with the polling handshake */
  GPtrArray *early;

  /* next attempt, or the bound of the present one */
  GSource *timer;
  GSource *ping;
  GSource *watch;
};

G_DEFINE_FINAL_TYPE (AlcoveSocketioTransport, alcove_socketio_transport, ALCOVE_TYPE_TRANSPORT)

static void start_attempt (AlcoveSocketioTransport *self);
static void try_way (AlcoveSocketioTransport *self);

static void
drop_way (AlcoveSocketioTransport *self)
{
  g_autoptr (AlcoveTransport) websocket = g_steal_pointer (&self->websocket);

  alcove_timer_clear (&self->timer);
  alcove_timer_clear (&self->ping);
  alcove_timer_clear (&self->watch);
  g_clear_pointer (&self->sid, g_free);
  g_clear_pointer (&self->early, g_ptr_array_unref);
  g_clear_pointer (&self->poll, alcove_socketio_poll_drop);
  if (websocket != NULL)
    {
      g_signal_handlers_disconnect_by_data (websocket, self);
      /* which releases its socket */
      g_object_run_dispose (G_OBJECT (websocket));
    }
}

static gboolean
on_next_attempt (gpointer data)
{
  AlcoveSocketioTransport *self = data;

  alcove_timer_clear (&self->timer);
  start_attempt (self);
  return G_SOURCE_REMOVE;
}

/* The way is lost, or was not found; what follows depends on what came before. */
static void
lose (AlcoveSocketioTransport *self,
      const GError *reason)
{
  g_autoptr (AlcoveSocketioTransport) keep = g_object_ref (self);
  g_autoptr (GError) error = g_error_copy (reason);
  AlcoveTransport *transport = ALCOVE_TRANSPORT (self);
  guint wait;

  drop_way (self);
  g_clear_error (&self->first_error);

  if (!self->opened_once && !alcove_transport_get_persistent (transport))
    {
      alcove_transport_set_state (transport, ALCOVE_TRANSPORT_CLOSED);
      alcove_transport_emit_failed (transport, error);
      return;
    }

  wait = alcove_backoff_next (self->backoff);
  alcove_debug_print (ALCOVE_DEBUG_WIRE, "%s; next attempt in %u ms", error->message, wait);
  alcove_timer_set (&self->timer, wait, on_next_attempt, self);
  alcove_transport_set_state (transport, ALCOVE_TRANSPORT_WAITING);
  alcove_transport_emit_dropped (transport, error);
}

static void
lose_with (AlcoveSocketioTransport *self,
           AlcoveError code,
           const char *sentence)
{
  g_autoptr (GError) error = g_error_new_literal (ALCOVE_ERROR, code, sentence);

  lose (self, error);
}

static guint
way_version (Way way)
{
  return way == WAY_WEBSOCKET_4 || way == WAY_POLLING_4 ? 4 : 3;
}

static gboolean
way_polls (Way way)
{
  return way == WAY_POLLING_3 || way == WAY_POLLING_4;
}

/* A server that answers, but not like this: perhaps another way is what it wants. */
static void
try_next_way (AlcoveSocketioTransport *self,
              const GError *reason)
{
  g_autoptr (GError) error = NULL;

  drop_way (self);
  if (self->first_error == NULL)
    self->first_error = g_error_copy (reason);

  self->tried |= 1u << self->way;
  for (Way way = 0; way < N_WAYS; way++)
    if ((self->tried & (1u << way)) == 0)
      {
        self->way = way;
        try_way (self);
        return;
      }

  error = g_steal_pointer (&self->first_error);
  lose (self, error);
}

static void
send_packet (AlcoveSocketioTransport *self,
             AlcoveEngineioType type,
             const char *data)
{
  g_autofree char *text = alcove_engineio_packet_format (type, data);

  alcove_transport_send (self->websocket, text);
}

static gboolean
on_silence (gpointer data)
{
  AlcoveSocketioTransport *self = data;

  lose_with (self, ALCOVE_ERROR_TIMED_OUT, _ ("The server has gone silent."));
  return G_SOURCE_REMOVE;
}

static gboolean
on_ping (gpointer data)
{
  AlcoveSocketioTransport *self = data;

  send_packet (self, ALCOVE_ENGINEIO_PING, NULL);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_handshake_timeout (gpointer data)
{
  AlcoveSocketioTransport *self = data;

  lose_with (self, ALCOVE_ERROR_WRONG_PROTOCOL,
             _ ("The server answers, but it does not speak Socket.IO."));
  return G_SOURCE_REMOVE;
}

static void
take_handshake (AlcoveSocketioTransport *self,
                const AlcoveEngineioHandshake *handshake)
{
  self->silence_ms = handshake->ping_interval + handshake->ping_timeout;
  g_free (self->sid);
  self->sid = g_strdup (handshake->sid);
}

static void
begin_pings (AlcoveSocketioTransport *self,
             guint interval)
{
  alcove_timer_set (&self->watch, self->silence_ms, on_silence, self);
  if (self->version < 4)
    alcove_timer_set (&self->ping, MIN (interval, self->max_ping_ms), on_ping, self);
}

static void
enter (AlcoveSocketioTransport *self)
{
  AlcoveTransport *transport = ALCOVE_TRANSPORT (self);

  if (alcove_transport_get_state (transport) == ALCOVE_TRANSPORT_OPEN)
    return;

  alcove_timer_clear (&self->timer);
  g_clear_error (&self->first_error);
  self->opened_once = TRUE;
  self->settled_way = self->way;
  alcove_transport_set_state (transport, ALCOVE_TRANSPORT_OPEN);
  alcove_transport_emit_opened (transport);
}

static void
handle_message (AlcoveSocketioTransport *self,
                const char *data)
{
  AlcoveTransport *transport = ALCOVE_TRANSPORT (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) refusal = NULL;
  g_autoptr (AlcoveSocketioPacket) packet = alcove_socketio_packet_decode (data, &error);

  if (packet == NULL)
    {
      g_debug ("A message was dropped: %s", error->message);
      return;
    }

  self->skip = packet->n_attachments;
  if (!g_str_equal (packet->nsp, "/"))
    return;

  switch (packet->type)
    {
    case ALCOVE_SOCKETIO_CONNECT:
      /* Only servers of protocol 3 say so without an id, whatever the address said. */
      if (packet->data == NULL && self->version >= 4)
        {
          self->version = 3;
          begin_pings (self, self->silence_ms);
        }
      enter (self);
      break;
    case ALCOVE_SOCKETIO_DISCONNECT:
      lose_with (self, ALCOVE_ERROR_CLOSED, _ ("The server closed the connection."));
      break;
    case ALCOVE_SOCKETIO_EVENT:
      if (packet->data == NULL || alcove_transport_get_state (transport) != ALCOVE_TRANSPORT_OPEN)
        break;
      alcove_backoff_reset (self->backoff);
      alcove_transport_emit_message (transport, packet->data);
      break;
    case ALCOVE_SOCKETIO_ERROR:
      refusal = alcove_socketio_packet_read_refusal (packet);
      lose (self, refusal);
      break;
    case ALCOVE_SOCKETIO_ACK:
    case ALCOVE_SOCKETIO_BINARY_EVENT:
    case ALCOVE_SOCKETIO_BINARY_ACK:
      g_debug ("A packet of an unused kind was dropped");
      break;
    }
}

static void
handle_open (AlcoveSocketioTransport *self,
             const char *data)
{
  g_auto (AlcoveEngineioHandshake) handshake = { 0 };
  g_autoptr (GError) error = NULL;

  if (self->sid != NULL)
    return;
  if (!alcove_engineio_handshake_parse (data, &handshake, &error))
    {
      lose_with (self, ALCOVE_ERROR_WRONG_PROTOCOL,
                 _ ("The server answers, but it does not speak Socket.IO."));
      return;
    }

  take_handshake (self, &handshake);
  begin_pings (self, handshake.ping_interval);
  if (self->version >= 4)
    send_packet (self, ALCOVE_ENGINEIO_MESSAGE, "0");
}

/* The WebSocket has proven itself: from here on the session is here. */
static void
finish_upgrade (AlcoveSocketioTransport *self)
{
  g_autoptr (GPtrArray) early = g_steal_pointer (&self->early);

  if (self->probed)
    return;

  self->probed = TRUE;
  send_packet (self, ALCOVE_ENGINEIO_UPGRADE, NULL);
  begin_pings (self, self->silence_ms);
  if (self->version >= 4)
    send_packet (self, ALCOVE_ENGINEIO_MESSAGE, "0");

  for (guint i = 0; early != NULL && i < early->len && self->websocket != NULL; i++)
    {
      const char *packet = g_ptr_array_index (early, i);

      if (*packet == '0' + ALCOVE_ENGINEIO_MESSAGE)
        handle_message (self, packet + 1);
    }
}

static void
part (AlcoveSocketioTransport *self)
{
  self->parting = FALSE;
  alcove_timer_clear (&self->timer);
  if (self->goodbye)
    send_packet (self, ALCOVE_ENGINEIO_MESSAGE, "1");
  alcove_transport_close (self->websocket);
}

static gboolean
on_parting (gpointer data)
{
  part (data);
  return G_SOURCE_REMOVE;
}

static void
begin_parting (AlcoveSocketioTransport *self)
{
  /* Servers on node read together what arrives together, and drop events whose sender is gone
   * by the time they handle them. An answer to a ping comes after that. */
  self->parting = TRUE;
  if (self->version < 4)
    send_packet (self, ALCOVE_ENGINEIO_PING, NULL);
  alcove_timer_set (&self->timer, self->version < 4 ? PARTING_MS : PARTING_BLIND_MS, on_parting,
                    self);
}

static void
on_message (AlcoveSocketioTransport *self,
            const char *text)
{
  g_autoptr (AlcoveSocketioTransport) keep = g_object_ref (self);
  AlcoveEngineioType type;
  const char *data;

  if (self->closing)
    {
      if (self->parting && self->version < 4 && *text == '0' + ALCOVE_ENGINEIO_PONG)
        part (self);
      return;
    }

  if (self->watch != NULL)
    alcove_timer_set (&self->watch, self->silence_ms, on_silence, self);

  /* An attachment: in protocol 3 it begins with a byte 4, or a `b`, which no packet of
   * text does; in protocol 4 it may be anything. */
  if (self->skip > 0 && (self->version >= 4 || !g_ascii_isdigit (*text)))
    {
      self->skip--;
      return;
    }

  if (!alcove_engineio_packet_parse (text, &type, &data, NULL))
    {
      g_debug ("A message that is not Engine.IO was dropped");
      return;
    }

  switch (type)
    {
    case ALCOVE_ENGINEIO_OPEN:
      handle_open (self, data);
      break;
    case ALCOVE_ENGINEIO_CLOSE:
      lose_with (self, ALCOVE_ERROR_CLOSED, _ ("The server closed the connection."));
      break;
    case ALCOVE_ENGINEIO_PING:
      send_packet (self, ALCOVE_ENGINEIO_PONG, data);
      break;
    case ALCOVE_ENGINEIO_PONG:
      if (way_polls (self->way) && g_str_equal (data, PROBE))
        finish_upgrade (self);
      break;
    case ALCOVE_ENGINEIO_MESSAGE:
      if (self->sid != NULL)
        handle_message (self, data);
      break;
    case ALCOVE_ENGINEIO_UPGRADE:
    case ALCOVE_ENGINEIO_NOOP:
      break;
    }
}

static void
on_websocket_opened (AlcoveSocketioTransport *self)
{
  alcove_timer_set (&self->timer, self->handshake_ms, on_handshake_timeout, self);
  if (way_polls (self->way))
    send_packet (self, ALCOVE_ENGINEIO_PING, PROBE);
}

static void
on_websocket_failed (AlcoveSocketioTransport *self,
                     const GError *error)
{
  g_autoptr (AlcoveSocketioTransport) keep = g_object_ref (self);

  if (self->closing)
    return;

  if (g_error_matches (error, ALCOVE_ERROR, ALCOVE_ERROR_NOT_WEBSOCKET))
    try_next_way (self, error);
  else
    lose (self, error);
}

static void
finish_close (AlcoveSocketioTransport *self)
{
  g_autoptr (AlcoveSocketioTransport) keep = g_object_ref (self);
  AlcoveTransport *transport = ALCOVE_TRANSPORT (self);

  drop_way (self);
  alcove_transport_set_state (transport, ALCOVE_TRANSPORT_CLOSED);
  alcove_transport_emit_closed (transport);
}

static gboolean
on_close (gpointer data)
{
  finish_close (data);
  return G_SOURCE_REMOVE;
}

static void
on_websocket_dropped (AlcoveSocketioTransport *self,
                      const GError *error)
{
  g_autoptr (AlcoveSocketioTransport) keep = g_object_ref (self);

  /* A server of protocol 4 opens the WebSocket before it looks at the version, and then
   * answers 3 with plain HTTP on it. */
  if (self->closing)
    finish_close (self);
  else if (self->sid == NULL
           && (g_error_matches (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED)
               || g_error_matches (error, ALCOVE_ERROR, ALCOVE_ERROR_CLOSED)))
    try_next_way (self, error);
  else
    lose (self, error);
}

static void
on_websocket_closed (AlcoveSocketioTransport *self)
{
  if (self->closing)
    finish_close (self);
}

static char *
attempt_uri (AlcoveSocketioTransport *self,
             gboolean over_http,
             GError **error)
{
  return alcove_socketio_build_uri (alcove_transport_get_uri (ALCOVE_TRANSPORT (self)),
                                    way_version (self->way), over_http, self->sid, error);
}

static void
open_websocket (AlcoveSocketioTransport *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *uri = attempt_uri (self, FALSE, &error);

  if (uri == NULL)
    {
      lose (self, error);
      return;
    }

  self->websocket = alcove_websocket_transport_new (uri);
  alcove_transport_set_trust (self->websocket,
                              alcove_transport_get_trust (ALCOVE_TRANSPORT (self)));
  g_signal_connect_swapped (self->websocket, "opened", G_CALLBACK (on_websocket_opened), self);
  g_signal_connect_swapped (self->websocket, "message", G_CALLBACK (on_message), self);
  g_signal_connect_swapped (self->websocket, "dropped", G_CALLBACK (on_websocket_dropped), self);
  g_signal_connect_swapped (self->websocket, "failed", G_CALLBACK (on_websocket_failed), self);
  g_signal_connect_swapped (self->websocket, "closed", G_CALLBACK (on_websocket_closed), self);
  alcove_transport_open (self->websocket);
}

static void
on_polled (GObject *owner,
           const AlcoveEngineioHandshake *handshake,
           GPtrArray *packets,
           const GError *error)
{
  AlcoveSocketioTransport *self = ALCOVE_SOCKETIO_TRANSPORT (owner);

  self->poll = NULL;
  if (self->closing)
    return;

  if (handshake != NULL)
    {
      alcove_timer_clear (&self->timer);
      take_handshake (self, handshake);
      self->early = g_ptr_array_ref (packets);
      open_websocket (self);
    }
  else if (g_error_matches (error, ALCOVE_ERROR, ALCOVE_ERROR_WRONG_PROTOCOL))
    try_next_way (self, error);
  else
    lose (self, error);
}

static void
begin_poll (AlcoveSocketioTransport *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *uri = attempt_uri (self, TRUE, &error);

  if (uri != NULL)
    self->poll = alcove_socketio_poll_begin (self->session, uri, self->version,
                                             alcove_transport_get_trust (ALCOVE_TRANSPORT (self)),
                                             G_OBJECT (self), on_polled, &error);
  if (self->poll == NULL)
    {
      lose (self, error);
      return;
    }

  alcove_timer_set (&self->timer, self->handshake_ms, on_silence, self);
}

static void
try_way (AlcoveSocketioTransport *self)
{
  self->version = way_version (self->way);
  self->probed = FALSE;
  self->skip = 0;

  if (way_polls (self->way))
    begin_poll (self);
  else
    open_websocket (self);
}

static void
start_attempt (AlcoveSocketioTransport *self)
{
  g_autoptr (AlcoveSocketioTransport) keep = g_object_ref (self);
  AlcoveTransport *transport = ALCOVE_TRANSPORT (self);

  alcove_transport_set_state (transport, ALCOVE_TRANSPORT_CONNECTING);
  alcove_transport_emit_connecting (transport);
  if (self->closing || alcove_transport_get_state (transport) != ALCOVE_TRANSPORT_CONNECTING)
    return;

  self->tried = 0;
  self->way = self->settled_way;
  try_way (self);
}

static void
on_network_changed (AlcoveSocketioTransport *self,
                    gboolean available)
{
  if (!available || self->closing
      || alcove_transport_get_state (ALCOVE_TRANSPORT (self)) != ALCOVE_TRANSPORT_WAITING)
    return;

  alcove_backoff_reset (self->backoff);
  alcove_timer_set (&self->timer, NETWORK_SETTLE_MS, on_next_attempt, self);
}

static void
alcove_socketio_transport_open (AlcoveTransport *transport)
{
  AlcoveSocketioTransport *self = ALCOVE_SOCKETIO_TRANSPORT (transport);

  self->monitor = g_object_ref (g_network_monitor_get_default ());
  g_signal_connect_object (self->monitor, "network-changed", G_CALLBACK (on_network_changed), self,
                           G_CONNECT_SWAPPED);
  start_attempt (self);
}

static void
alcove_socketio_transport_send (AlcoveTransport *transport,
                                const char *text)
{
  AlcoveSocketioTransport *self = ALCOVE_SOCKETIO_TRANSPORT (transport);
  g_autofree char *event = NULL;

  if (self->closing)
    return;

  event = g_strdup_printf ("%d%s", (int) ALCOVE_SOCKETIO_EVENT, text);
  send_packet (self, ALCOVE_ENGINEIO_MESSAGE, event);
}

static void
alcove_socketio_transport_close (AlcoveTransport *transport)
{
  AlcoveSocketioTransport *self = ALCOVE_SOCKETIO_TRANSPORT (transport);

  if (self->closing)
    return;

  self->closing = TRUE;
  alcove_timer_clear (&self->ping);
  alcove_timer_clear (&self->watch);
  alcove_timer_clear (&self->timer);

  if (self->websocket == NULL
      || alcove_transport_get_state (self->websocket) == ALCOVE_TRANSPORT_CLOSED)
    alcove_timer_set (&self->timer, 0, on_close, self);
  else if (alcove_transport_get_state (transport) != ALCOVE_TRANSPORT_OPEN)
    alcove_transport_close (self->websocket);
  else
    begin_parting (self);
}

static void
alcove_socketio_transport_restart (AlcoveTransport *transport,
                                   const GError *reason)
{
  AlcoveSocketioTransport *self = ALCOVE_SOCKETIO_TRANSPORT (transport);

  if (!self->closing)
    lose (self, reason);
}

static void
alcove_socketio_transport_dispose (GObject *object)
{
  AlcoveSocketioTransport *self = ALCOVE_SOCKETIO_TRANSPORT (object);

  self->closing = TRUE;
  drop_way (self);
  g_clear_error (&self->first_error);
  g_clear_object (&self->monitor);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (alcove_socketio_transport_parent_class)->dispose (object);
}

static void
alcove_socketio_transport_finalize (GObject *object)
{
  AlcoveSocketioTransport *self = ALCOVE_SOCKETIO_TRANSPORT (object);

  g_clear_pointer (&self->backoff, alcove_backoff_free);

  G_OBJECT_CLASS (alcove_socketio_transport_parent_class)->finalize (object);
}

static void
alcove_socketio_transport_class_init (AlcoveSocketioTransportClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  AlcoveTransportClass *transport_class = ALCOVE_TRANSPORT_CLASS (klass);

  object_class->dispose = alcove_socketio_transport_dispose;
  object_class->finalize = alcove_socketio_transport_finalize;
  transport_class->open = alcove_socketio_transport_open;
  transport_class->send = alcove_socketio_transport_send;
  transport_class->close = alcove_socketio_transport_close;
  transport_class->restart = alcove_socketio_transport_restart;
}

static void
alcove_socketio_transport_init (AlcoveSocketioTransport *self)
{
  self->handshake_ms = ALCOVE_SOCKETIO_HANDSHAKE_TIMEOUT_MS;
  self->max_ping_ms = ALCOVE_SOCKETIO_MAX_PING_MS;
  self->goodbye = TRUE;
  self->version = 3;
  self->backoff = alcove_backoff_new (ALCOVE_BACKOFF_MIN_MS, ALCOVE_BACKOFF_MAX_MS, NULL, NULL);
  self->session = soup_session_new ();
}

/**
 * alcove_socketio_transport_new:
 * @uri: (nullable): the server's address with its whole path, of any of the schemes
 *   `ws`, `wss`, `http`, `https`; a query of its own is kept
 *
 * Returns: (transfer full): a transport that is not open yet
 */
AlcoveTransport *
alcove_socketio_transport_new (const char *uri)
{
  return g_object_new (ALCOVE_TYPE_SOCKETIO_TRANSPORT, "uri", uri, NULL);
}

/**
 * alcove_socketio_transport_set_goodbye:
 * @self: a transport
 * @goodbye: whether to leave the namespace with a packet of its own before closing; on
 *   unless set. The Go server does not take it well
 */
void
alcove_socketio_transport_set_goodbye (AlcoveSocketioTransport *self,
                                       gboolean goodbye)
{
  self->goodbye = goodbye;
}

/**
 * alcove_socketio_transport_set_timeouts:
 * @self: a transport that is not open yet
 * @handshake_ms: how long the handshake may take once the WebSocket is open
 * @max_ping_ms: how much time there is between own pings at most
 */
void
alcove_socketio_transport_set_timeouts (AlcoveSocketioTransport *self,
                                        guint handshake_ms,
                                        guint max_ping_ms)
{
  self->handshake_ms = MAX (handshake_ms, 1);
  self->max_ping_ms = MAX (max_ping_ms, 1);
}

/**
 * alcove_socketio_transport_set_backoff:
 * @self: a transport that is not open yet
 * @backoff: (transfer full): how long to wait between attempts
 */
void
alcove_socketio_transport_set_backoff (AlcoveSocketioTransport *self,
                                       AlcoveBackoff *backoff)
{
  g_clear_pointer (&self->backoff, alcove_backoff_free);
  self->backoff = backoff;
}

/**
 * alcove_socketio_transport_get_version:
 * @self: a transport
 *
 * Returns: the protocol of Engine.IO that is spoken, 3 or 4
 */
guint
alcove_socketio_transport_get_version (AlcoveSocketioTransport *self)
{
  return self->version;
}
