/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-socketio-session"

#include "config.h"

#include "alcove-socketio-transport-private.h"

#include <glib/gi18n.h>

#include "alcove-socketio-codec.h"
#include "alcove-timer.h"

/* One session of Engine.IO, and the default namespace of Socket.IO within it, over the
 * WebSocket that the transport has opened: from the handshake to the parting. */

#define PROBE "probe"
/* How long a server that is being left may take to read what it was sent last. */
#define PARTING_MS 1000
/* The same where the protocol has no way to ask whether it has. */
#define PARTING_BLIND_MS 150

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

  alcove_socketio_transport_lose_with (self, ALCOVE_ERROR_TIMED_OUT,
                                       _ ("The server has gone silent."));
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

  alcove_socketio_transport_lose_with (self, ALCOVE_ERROR_WRONG_PROTOCOL,
                                       _ ("The server answers, but it does not speak Socket.IO."));
  return G_SOURCE_REMOVE;
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
      alcove_socketio_transport_lose_with (self, ALCOVE_ERROR_CLOSED,
                                           _ ("The server closed the connection."));
      break;
    case ALCOVE_SOCKETIO_EVENT:
      if (packet->data == NULL || alcove_transport_get_state (transport) != ALCOVE_TRANSPORT_OPEN)
        break;
      alcove_backoff_reset (self->backoff);
      alcove_transport_emit_message (transport, packet->data);
      break;
    case ALCOVE_SOCKETIO_ERROR:
      refusal = alcove_socketio_packet_read_refusal (packet);
      alcove_socketio_transport_lose (self, refusal);
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
      alcove_socketio_transport_lose_with (
          self, ALCOVE_ERROR_WRONG_PROTOCOL,
          _ ("The server answers, but it does not speak Socket.IO."));
      return;
    }

  alcove_socketio_session_take_handshake (self, &handshake);
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

/**
 * alcove_socketio_session_take_handshake:
 * @self: a transport that connects
 * @handshake: what the server offers
 */
void
alcove_socketio_session_take_handshake (AlcoveSocketioTransport *self,
                                        const AlcoveEngineioHandshake *handshake)
{
  self->silence_ms = handshake->ping_interval + handshake->ping_timeout;
  g_free (self->sid);
  self->sid = g_strdup (handshake->sid);
}

/**
 * alcove_socketio_session_begin:
 * @self: a transport whose WebSocket has just been opened
 *
 * Waits for the server's handshake, or claims the one that was made over HTTP.
 */
void
alcove_socketio_session_begin (AlcoveSocketioTransport *self)
{
  alcove_timer_set (&self->timer, self->handshake_ms, on_handshake_timeout, self);
  if (alcove_socketio_way_polls (self->way))
    send_packet (self, ALCOVE_ENGINEIO_PING, PROBE);
}

/**
 * alcove_socketio_session_read:
 * @self: a transport
 * @text: what came over its WebSocket
 */
void
alcove_socketio_session_read (AlcoveSocketioTransport *self,
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
      alcove_socketio_transport_lose_with (self, ALCOVE_ERROR_CLOSED,
                                           _ ("The server closed the connection."));
      break;
    case ALCOVE_ENGINEIO_PING:
      send_packet (self, ALCOVE_ENGINEIO_PONG, data);
      break;
    case ALCOVE_ENGINEIO_PONG:
      if (alcove_socketio_way_polls (self->way) && g_str_equal (data, PROBE))
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

/**
 * alcove_socketio_session_send:
 * @self: a transport that is open
 * @event: the JSON text of an event
 */
void
alcove_socketio_session_send (AlcoveSocketioTransport *self,
                              const char *event)
{
  g_autofree char *data = g_strdup_printf ("%d%s", (int)ALCOVE_SOCKETIO_EVENT, event);

  send_packet (self, ALCOVE_ENGINEIO_MESSAGE, data);
}

/**
 * alcove_socketio_session_part:
 * @self: a transport that is closing, and was open
 *
 * Closes the WebSocket once the server has had time to read what it was sent.
 */
void
alcove_socketio_session_part (AlcoveSocketioTransport *self)
{
  /* Servers on node read together what arrives together, and drop events whose sender is gone
   * by the time they handle them. An answer to a ping comes after that. */
  self->parting = TRUE;
  if (self->version < 4)
    send_packet (self, ALCOVE_ENGINEIO_PING, NULL);
  alcove_timer_set (&self->timer, self->version < 4 ? PARTING_MS : PARTING_BLIND_MS, on_parting,
                    self);
}
