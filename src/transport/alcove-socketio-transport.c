/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-socketio-transport"

#include "config.h"

#include "alcove-socketio-transport.h"

#include <glib/gi18n.h>

#include "alcove-debug.h"
#include "alcove-error.h"
#include "alcove-socketio-transport-private.h"
#include "alcove-timer.h"
#include "alcove-websocket-transport.h"

/* A change of the network is often a burst of changes. */
#define NETWORK_SETTLE_MS 250

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

static guint
way_version (AlcoveSocketioWay way)
{
  return way == ALCOVE_SOCKETIO_WEBSOCKET_4 || way == ALCOVE_SOCKETIO_POLLING_4 ? 4 : 3;
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
  for (AlcoveSocketioWay way = 0; way < ALCOVE_SOCKETIO_N_WAYS; way++)
    if ((self->tried & (1u << way)) == 0)
      {
        self->way = way;
        try_way (self);
        return;
      }

  error = g_steal_pointer (&self->first_error);
  alcove_socketio_transport_lose (self, error);
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
    alcove_socketio_transport_lose (self, error);
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
    alcove_socketio_transport_lose (self, error);
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
      alcove_socketio_transport_lose (self, error);
      return;
    }

  self->websocket = alcove_websocket_transport_new (uri);
  alcove_transport_set_trust (self->websocket,
                              alcove_transport_get_trust (ALCOVE_TRANSPORT (self)));
  g_signal_connect_swapped (self->websocket, "opened", G_CALLBACK (alcove_socketio_session_begin),
                            self);
  g_signal_connect_swapped (self->websocket, "message", G_CALLBACK (alcove_socketio_session_read),
                            self);
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
      alcove_socketio_session_take_handshake (self, handshake);
      self->early = g_ptr_array_ref (packets);
      open_websocket (self);
    }
  else if (g_error_matches (error, ALCOVE_ERROR, ALCOVE_ERROR_WRONG_PROTOCOL))
    try_next_way (self, error);
  else
    alcove_socketio_transport_lose (self, error);
}

static gboolean
on_poll_timeout (gpointer data)
{
  AlcoveSocketioTransport *self = data;

  alcove_socketio_transport_lose_with (self, ALCOVE_ERROR_TIMED_OUT,
                                       _ ("The server has gone silent."));
  return G_SOURCE_REMOVE;
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
      alcove_socketio_transport_lose (self, error);
      return;
    }

  alcove_timer_set (&self->timer, self->handshake_ms, on_poll_timeout, self);
}

static void
try_way (AlcoveSocketioTransport *self)
{
  self->version = way_version (self->way);
  self->probed = FALSE;
  self->skip = 0;

  if (alcove_socketio_way_polls (self->way))
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

  if (!self->closing)
    alcove_socketio_session_send (self, text);
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
    alcove_socketio_session_part (self);
}

static void
alcove_socketio_transport_restart (AlcoveTransport *transport,
                                   const GError *reason)
{
  AlcoveSocketioTransport *self = ALCOVE_SOCKETIO_TRANSPORT (transport);

  if (!self->closing)
    alcove_socketio_transport_lose (self, reason);
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

/**
 * alcove_socketio_transport_lose:
 * @self: a transport
 * @reason: why the way to the server is lost, or was not found
 *
 * What follows depends on what came before: another attempt, or the end.
 */
void
alcove_socketio_transport_lose (AlcoveSocketioTransport *self,
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

/**
 * alcove_socketio_transport_lose_with:
 * @self: a transport
 * @code: the code of the reason
 * @sentence: the reason, translated
 */
void
alcove_socketio_transport_lose_with (AlcoveSocketioTransport *self,
                                     AlcoveError code,
                                     const char *sentence)
{
  g_autoptr (GError) error = g_error_new_literal (ALCOVE_ERROR, code, sentence);

  alcove_socketio_transport_lose (self, error);
}
