/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-websocket-transport"

#include "config.h"

#include "alcove-websocket-transport.h"

#include <string.h>

#include <glib/gi18n.h>
#include <libsoup/soup.h>

#include "alcove-debug.h"
#include "alcove-error.h"
#include "alcove-websocket-error.h"
#include "alcove-websocket-meter.h"

/* A change of the network is often a burst of changes. */
#define NETWORK_SETTLE_MS 250
/* How long a connection that was open when the network changed has to prove itself. */
#define PROBE_TIMEOUT_MS 4000

/**
 * AlcoveWebsocketTransport:
 *
 * Text messages over one WebSocket to a server, with libsoup.
 *
 * It sends no `Origin`: some servers compare it with their own name. The far side
 * is pinged, and dropped when nothing at all, not even a pong, has come for two and
 * a half ping intervals. A change of the network ends a wait, and makes
 * an open connection prove itself at once. Connections to this computer itself never
 * go through a proxy.
 */
typedef struct {
  grefcount refs;
  GWeakRef transport;
  SoupMessage *message;
  GUri *uri;
  GCancellable *cancellable;
  GSocket *socket;
  AlcoveTrust *trust;
  gboolean in_tls;
} Attempt;

struct _AlcoveWebsocketTransport {
  AlcoveTransport parent_instance;

  guint ping_interval;
  guint connect_timeout_ms;
  gboolean opened_once;
  gboolean closing;
  gboolean probing;
  gboolean settled;

  /* What was handed to libsoup since the last pong, and before that one: an upper
   * estimate of its queue, which it doesn't tell. */
  gsize unflushed_now;
  gsize unflushed_before;

  SoupSession *session;
  AlcoveBackoff *backoff;
  GNetworkMonitor *monitor;
  Attempt *attempt;
  SoupWebsocketConnection *connection;
  GError *connection_error;

  /* next attempt, or the bound of the present one or of the closing */
  GSource *timer;
  GSource *watch;
};

G_DEFINE_FINAL_TYPE (AlcoveWebsocketTransport,
                     alcove_websocket_transport,
                     ALCOVE_TYPE_TRANSPORT)

static void start_attempt (AlcoveWebsocketTransport *self);

static void
attempt_unref (Attempt *attempt)
{
  if (!g_ref_count_dec (&attempt->refs))
    return;

  g_weak_ref_clear (&attempt->transport);
  g_clear_object (&attempt->message);
  g_clear_pointer (&attempt->uri, g_uri_unref);
  g_clear_object (&attempt->cancellable);
  g_clear_object (&attempt->socket);
  g_clear_object (&attempt->trust);
  g_free (attempt);
}

static void
clear_source (GSource **source)
{
  if (*source == NULL)
    return;

  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
set_source (AlcoveWebsocketTransport *self,
            GSource **source,
            guint milliseconds,
            GSourceFunc callback)
{
  clear_source (source);
  *source = g_timeout_source_new (milliseconds);
  g_source_set_callback (*source, callback, self, NULL);
  g_source_attach (*source, g_main_context_get_thread_default ());
}

static void
drop_attempt (AlcoveWebsocketTransport *self)
{
  Attempt *attempt = g_steal_pointer (&self->attempt);

  if (attempt == NULL)
    return;

  g_signal_handlers_disconnect_by_data (attempt->message, attempt);
  g_cancellable_cancel (attempt->cancellable);
  attempt_unref (attempt);
}

static gboolean
on_release (gpointer data)
{
  return G_SOURCE_REMOVE;
}

/* libsoup goes on using a connection after each of its signals, and holds no
 * reference of its own: the last one must not go within a handler. Until it goes, libsoup
 * reads: a far side that never stops sending must not be able to put it off. */
static void
release_later (SoupWebsocketConnection *connection)
{
  g_autoptr (GSource) source = g_timeout_source_new (0);

  g_source_set_callback (source, on_release, connection, g_object_unref);
  g_source_attach (source, g_main_context_get_thread_default ());
}

static void
drop_connection (AlcoveWebsocketTransport *self)
{
  SoupWebsocketConnection *connection = g_steal_pointer (&self->connection);

  clear_source (&self->watch);
  self->probing = FALSE;
  g_clear_error (&self->connection_error);
  if (connection == NULL)
    return;

  g_signal_handlers_disconnect_by_data (connection, self);
  if (soup_websocket_connection_get_state (connection) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (connection, SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
  release_later (connection);
}

static gboolean
on_next_attempt (gpointer data)
{
  AlcoveWebsocketTransport *self = data;

  clear_source (&self->timer);
  start_attempt (self);
  return G_SOURCE_REMOVE;
}

static void
finish_close (AlcoveWebsocketTransport *self)
{
  AlcoveTransport *transport = ALCOVE_TRANSPORT (self);

  clear_source (&self->timer);
  drop_attempt (self);
  drop_connection (self);
  alcove_transport_set_state (transport, ALCOVE_TRANSPORT_CLOSED);
  alcove_transport_emit_closed (transport);
}

static gboolean
on_close_timeout (gpointer data)
{
  g_autoptr (AlcoveWebsocketTransport) self = g_object_ref (data);

  finish_close (self);
  return G_SOURCE_REMOVE;
}

/* The way is lost, or was not found; what follows depends on what came before. */
static void
wait_or_fail (AlcoveWebsocketTransport *self,
              const GError *error)
{
  AlcoveTransport *transport = ALCOVE_TRANSPORT (self);
  guint wait;

  if (!self->opened_once && !alcove_transport_get_persistent (transport))
    {
      alcove_transport_set_state (transport, ALCOVE_TRANSPORT_CLOSED);
      alcove_transport_emit_failed (transport, error);
      return;
    }

  wait = alcove_backoff_next (self->backoff);
  alcove_debug_print (ALCOVE_DEBUG_WIRE, "%s; next attempt in %u ms", error->message, wait);
  set_source (self, &self->timer, wait, on_next_attempt);
  alcove_transport_set_state (transport, ALCOVE_TRANSPORT_WAITING);
  alcove_transport_emit_dropped (transport, error);
}

static void
lose_connection (AlcoveWebsocketTransport *self,
                 const GError *reason)
{
  g_autoptr (AlcoveWebsocketTransport) keep = g_object_ref (self);
  g_autoptr (GError) error = g_error_copy (reason);

  drop_connection (self);
  wait_or_fail (self, error);
}

static gboolean
on_silence (gpointer data)
{
  AlcoveWebsocketTransport *self = data;
  g_autoptr (GError) error = NULL;

  error = g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_TIMED_OUT,
                               _ ("The server has gone silent."));
  lose_connection (self, error);
  return G_SOURCE_REMOVE;
}

/* Something has come: the far side lives. */
static void
feed_watch (AlcoveWebsocketTransport *self)
{
  if (self->probing)
    {
      self->probing = FALSE;
      soup_websocket_connection_set_keepalive_interval (self->connection, self->ping_interval);
    }

  set_source (self, &self->watch, self->ping_interval * 2500, on_silence);
}

static void
on_message (AlcoveWebsocketTransport *self,
            int type,
            GBytes *bytes)
{
  g_autofree char *repaired = NULL;
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);

  if (self->closing || self->connection_error != NULL)
    return;

  feed_watch (self);
  if (!self->settled)
    {
      self->settled = TRUE;
      alcove_backoff_reset (self->backoff);
    }

  /* A zero byte would cut the message short without anybody noticing, and a binary
   * message may hold anything. Repaired, either is still refused by the codec,
   * which has the name for it. libsoup ends each message with a zero byte of its own. */
  if (length == 0)
    text = "";
  else
    {
      repaired = g_utf8_validate_len (text, length, NULL) ? g_strndup (text, length)
                                                          : g_utf8_make_valid (text, length);
      text = repaired;
    }

  alcove_debug_print (ALCOVE_DEBUG_WIRE, "in: %s", text);
  alcove_transport_emit_message (ALCOVE_TRANSPORT (self), text);
}

static void
on_pong (AlcoveWebsocketTransport *self)
{
  self->unflushed_before = self->unflushed_now;
  self->unflushed_now = 0;
  feed_watch (self);
}

static gboolean
on_broken (gpointer data)
{
  AlcoveWebsocketTransport *self = data;

  lose_connection (self, self->connection_error);
  return G_SOURCE_REMOVE;
}

/* After an error libsoup gives the far side five seconds to close the socket. There is
 * nothing to wait for. */
static void
on_error (AlcoveWebsocketTransport *self,
          GError *error)
{
  if (self->closing || self->connection_error != NULL)
    return;

  self->connection_error = alcove_websocket_error_open (error);
  set_source (self, &self->timer, 0, on_broken);
}

static void
on_closed (AlcoveWebsocketTransport *self)
{
  g_autoptr (AlcoveWebsocketTransport) keep = g_object_ref (self);
  g_autoptr (GError) error = NULL;

  if (self->closing)
    {
      finish_close (self);
      return;
    }

  error = g_steal_pointer (&self->connection_error);
  if (error == NULL)
    error = alcove_websocket_error_closed (
        soup_websocket_connection_get_close_code (self->connection));
  lose_connection (self, error);
}

/* Newer libsoup bounds a message of many frames apart from the single frame, and tighter
 * than ours unless told. In older ones that is the meter's work alone. */
static void
set_incoming_bound (SoupWebsocketConnection *connection)
{
  soup_websocket_connection_set_max_incoming_payload_size (connection,
                                                           ALCOVE_WEBSOCKET_MAX_INCOMING);
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (connection), "max-total-message-size")
      != NULL)
    g_object_set (connection, "max-total-message-size", (guint64) ALCOVE_WEBSOCKET_MAX_INCOMING,
                  NULL);
}

static void
take_connection (AlcoveWebsocketTransport *self,
                 SoupWebsocketConnection *connection)
{
  self->connection = connection;
  self->opened_once = TRUE;
  self->settled = FALSE;
  self->unflushed_now = 0;
  self->unflushed_before = 0;

  set_incoming_bound (connection);
  soup_websocket_connection_set_keepalive_interval (connection, self->ping_interval);
  g_signal_connect_swapped (connection, "message", G_CALLBACK (on_message), self);
  g_signal_connect_swapped (connection, "pong", G_CALLBACK (on_pong), self);
  g_signal_connect_swapped (connection, "error", G_CALLBACK (on_error), self);
  g_signal_connect_swapped (connection, "closed", G_CALLBACK (on_closed), self);
  feed_watch (self);

  alcove_transport_set_state (ALCOVE_TRANSPORT (self), ALCOVE_TRANSPORT_OPEN);
  alcove_transport_emit_opened (ALCOVE_TRANSPORT (self));
}

static void
on_connected (GObject *source,
              GAsyncResult *result,
              gpointer data)
{
  Attempt *attempt = data;
  g_autoptr (AlcoveWebsocketTransport) self = g_weak_ref_get (&attempt->transport);
  g_autoptr (SoupWebsocketConnection) connection = NULL;
  g_autoptr (GError) cause = NULL;
  g_autoptr (GError) error = NULL;

  connection = soup_session_websocket_connect_finish (SOUP_SESSION (source), result, &cause);

  /* An attempt that was given up may still end either way. */
  if (self == NULL || self->attempt != attempt)
    {
      if (connection != NULL)
        soup_websocket_connection_close (connection, SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
      attempt_unref (attempt);
      return;
    }

  if (connection == NULL)
    error = alcove_websocket_error_connecting (attempt->uri, attempt->message, cause);
  else
    alcove_transport_set_server (
        ALCOVE_TRANSPORT (self),
        soup_message_headers_get_one (soup_message_get_response_headers (attempt->message),
                                      "Server"));
  clear_source (&self->timer);
  drop_attempt (self);
  attempt_unref (attempt);

  if (connection != NULL)
    take_connection (self, g_steal_pointer (&connection));
  else
    wait_or_fail (self, error);
}

static gboolean
on_connect_timeout (gpointer data)
{
  g_autoptr (AlcoveWebsocketTransport) self = g_object_ref (data);
  g_autoptr (GError) error = NULL;

  clear_source (&self->timer);
  error = alcove_websocket_error_silent (self->attempt->uri, self->attempt->socket,
                                         self->attempt->in_tls);
  drop_attempt (self);
  wait_or_fail (self, error);
  return G_SOURCE_REMOVE;
}

static void
on_network_event (Attempt *attempt,
                  GSocketClientEvent event,
                  GIOStream *stream)
{
  if (event == G_SOCKET_CLIENT_CONNECTED && G_IS_SOCKET_CONNECTION (stream))
    g_set_object (&attempt->socket, g_socket_connection_get_socket (G_SOCKET_CONNECTION (stream)));
  else if (event == G_SOCKET_CLIENT_TLS_HANDSHAKING)
    attempt->in_tls = TRUE;
  else if (event == G_SOCKET_CLIENT_TLS_HANDSHAKED)
    attempt->in_tls = FALSE;
}

static gboolean
on_accept_certificate (Attempt *attempt,
                       GTlsCertificate *certificate,
                       GTlsCertificateFlags problems)
{
  return alcove_trust_judge (attempt->trust, attempt->uri, certificate, problems);
}

static Attempt *
new_attempt (AlcoveWebsocketTransport *self,
             GError **error)
{
  const char *text = alcove_transport_get_uri (ALCOVE_TRANSPORT (self));
  g_autoptr (GUri) uri = text != NULL ? g_uri_parse (text, SOUP_HTTP_URI_FLAGS, NULL) : NULL;
  g_autoptr (SoupMessage) message = NULL;
  Attempt *attempt;

  if (uri != NULL && g_uri_get_host (uri) != NULL)
    message = soup_message_new_from_uri (SOUP_METHOD_GET, uri);
  if (message == NULL)
    {
      g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_ADDRESS_INVALID,
                           _ ("The address can’t be read."));
      return NULL;
    }

  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  alcove_websocket_meter_use_for (message);

  attempt = g_new0 (Attempt, 1);
  g_ref_count_init (&attempt->refs);
  g_weak_ref_init (&attempt->transport, self);
  attempt->message = g_steal_pointer (&message);
  attempt->uri = g_steal_pointer (&uri);
  attempt->cancellable = g_cancellable_new ();
  g_set_object (&attempt->trust, alcove_transport_get_trust (ALCOVE_TRANSPORT (self)));
  return attempt;
}

static void
start_attempt (AlcoveWebsocketTransport *self)
{
  g_autoptr (AlcoveWebsocketTransport) keep = g_object_ref (self);
  AlcoveTransport *transport = ALCOVE_TRANSPORT (self);
  g_autoptr (GError) error = NULL;
  Attempt *attempt;

  alcove_transport_set_state (transport, ALCOVE_TRANSPORT_CONNECTING);
  alcove_transport_emit_connecting (transport);
  if (self->closing || alcove_transport_get_state (transport) != ALCOVE_TRANSPORT_CONNECTING)
    return;

  attempt = new_attempt (self, &error);
  if (attempt == NULL)
    {
      wait_or_fail (self, error);
      return;
    }

  alcove_debug_print (ALCOVE_DEBUG_WIRE, "connecting to %s", alcove_transport_get_uri (transport));
  self->attempt = attempt;
  set_source (self, &self->timer, self->connect_timeout_ms, on_connect_timeout);

  soup_session_set_proxy_resolver (self->session, alcove_websocket_uri_is_loopback (attempt->uri)
                                                      ? NULL
                                                      : g_proxy_resolver_get_default ());
  g_signal_connect_swapped (attempt->message, "network-event", G_CALLBACK (on_network_event),
                            attempt);
  g_signal_connect_swapped (attempt->message, "accept-certificate",
                            G_CALLBACK (on_accept_certificate), attempt);
  g_ref_count_inc (&attempt->refs);
  soup_session_websocket_connect_async (self->session, attempt->message, NULL, NULL,
                                        G_PRIORITY_DEFAULT, attempt->cancellable, on_connected,
                                        attempt);
}

static void
on_network_changed (AlcoveWebsocketTransport *self,
                    gboolean available)
{
  AlcoveTransportState state = alcove_transport_get_state (ALCOVE_TRANSPORT (self));

  if (!available || self->closing)
    return;

  if (state == ALCOVE_TRANSPORT_WAITING)
    {
      alcove_backoff_reset (self->backoff);
      set_source (self, &self->timer, NETWORK_SETTLE_MS, on_next_attempt);
    }
  else if (state == ALCOVE_TRANSPORT_OPEN && !self->probing)
    {
      self->probing = TRUE;
      soup_websocket_connection_set_keepalive_interval (self->connection, 1);
      set_source (self, &self->watch, PROBE_TIMEOUT_MS, on_silence);
    }
}

static void
alcove_websocket_transport_open (AlcoveTransport *transport)
{
  AlcoveWebsocketTransport *self = ALCOVE_WEBSOCKET_TRANSPORT (transport);

  self->monitor = g_object_ref (g_network_monitor_get_default ());
  g_signal_connect_object (self->monitor, "network-changed", G_CALLBACK (on_network_changed), self,
                           G_CONNECT_SWAPPED);
  start_attempt (self);
}

static void
alcove_websocket_transport_send (AlcoveTransport *transport,
                                 const char *text)
{
  AlcoveWebsocketTransport *self = ALCOVE_WEBSOCKET_TRANSPORT (transport);
  gsize length = strlen (text);

  if (self->closing
      || soup_websocket_connection_get_state (self->connection) != SOUP_WEBSOCKET_STATE_OPEN)
    return;

  if (self->unflushed_before + self->unflushed_now + length > ALCOVE_WEBSOCKET_MAX_OUTGOING)
    {
      g_autoptr (GError) error = NULL;

      error = g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_TOO_MANY,
                                   _ ("The server does not take messages fast enough."));
      lose_connection (self, error);
      return;
    }

  self->unflushed_now += length;
  alcove_debug_print (ALCOVE_DEBUG_WIRE, "out: %s", text);
  soup_websocket_connection_send_text (self->connection, text);
}

static void
alcove_websocket_transport_close (AlcoveTransport *transport)
{
  AlcoveWebsocketTransport *self = ALCOVE_WEBSOCKET_TRANSPORT (transport);

  if (self->closing)
    return;

  self->closing = TRUE;
  drop_attempt (self);
  clear_source (&self->watch);

  /* The close frame goes behind what is queued, and the far side's own says that
   * all of it has arrived. Without a connection there is nothing to wait for. */
  if (self->connection == NULL)
    {
      set_source (self, &self->timer, 0, on_close_timeout);
      return;
    }

  set_source (self, &self->timer, ALCOVE_WEBSOCKET_CLOSE_TIMEOUT_MS, on_close_timeout);
  if (soup_websocket_connection_get_state (self->connection) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (self->connection, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
}

static void
alcove_websocket_transport_restart (AlcoveTransport *transport,
                                    const GError *reason)
{
  AlcoveWebsocketTransport *self = ALCOVE_WEBSOCKET_TRANSPORT (transport);

  if (!self->closing)
    lose_connection (self, reason);
}

static void
alcove_websocket_transport_dispose (GObject *object)
{
  AlcoveWebsocketTransport *self = ALCOVE_WEBSOCKET_TRANSPORT (object);

  self->closing = TRUE;
  clear_source (&self->timer);
  drop_attempt (self);
  drop_connection (self);
  g_clear_object (&self->monitor);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (alcove_websocket_transport_parent_class)->dispose (object);
}

static void
alcove_websocket_transport_finalize (GObject *object)
{
  AlcoveWebsocketTransport *self = ALCOVE_WEBSOCKET_TRANSPORT (object);

  g_clear_pointer (&self->backoff, alcove_backoff_free);

  G_OBJECT_CLASS (alcove_websocket_transport_parent_class)->finalize (object);
}

static void
alcove_websocket_transport_class_init (AlcoveWebsocketTransportClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  AlcoveTransportClass *transport_class = ALCOVE_TRANSPORT_CLASS (klass);

  object_class->dispose = alcove_websocket_transport_dispose;
  object_class->finalize = alcove_websocket_transport_finalize;
  transport_class->open = alcove_websocket_transport_open;
  transport_class->send = alcove_websocket_transport_send;
  transport_class->close = alcove_websocket_transport_close;
  transport_class->restart = alcove_websocket_transport_restart;
}

static void
alcove_websocket_transport_init (AlcoveWebsocketTransport *self)
{
  self->ping_interval = ALCOVE_WEBSOCKET_PING_INTERVAL;
  self->connect_timeout_ms = ALCOVE_WEBSOCKET_CONNECT_TIMEOUT_MS;
  self->backoff = alcove_backoff_new (ALCOVE_BACKOFF_MIN_MS, ALCOVE_BACKOFF_MAX_MS, NULL, NULL);
  self->session = soup_session_new ();
  alcove_websocket_meter_add_to (self->session);
}

/**
 * alcove_websocket_transport_new:
 * @uri: (nullable): where to connect to, a `ws` or `wss` address; may be set later, at `connecting`
 *
 * Returns: (transfer full): a transport that is not open yet
 */
AlcoveTransport *
alcove_websocket_transport_new (const char *uri)
{
  return g_object_new (ALCOVE_TYPE_WEBSOCKET_TRANSPORT, "uri", uri, NULL);
}

/**
 * alcove_websocket_transport_set_ping_interval:
 * @self: a transport that is not open yet
 * @seconds: how often to ping, at least 1
 *
 * A far side from which nothing at all came for two and a half times as long is dropped.
 */
void
alcove_websocket_transport_set_ping_interval (AlcoveWebsocketTransport *self,
                                              guint seconds)
{
  self->ping_interval = MAX (seconds, 1);
}

/**
 * alcove_websocket_transport_set_connect_timeout:
 * @self: a transport that is not open yet
 * @milliseconds: how long one attempt may take, from the name's look-up to the server's answer
 */
void
alcove_websocket_transport_set_connect_timeout (AlcoveWebsocketTransport *self,
                                                guint milliseconds)
{
  self->connect_timeout_ms = MAX (milliseconds, 1);
}

/**
 * alcove_websocket_transport_set_backoff:
 * @self: a transport that is not open yet
 * @backoff: (transfer full): how long to wait between attempts
 */
void
alcove_websocket_transport_set_backoff (AlcoveWebsocketTransport *self,
                                        AlcoveBackoff *backoff)
{
  g_clear_pointer (&self->backoff, alcove_backoff_free);
  self->backoff = backoff;
}
