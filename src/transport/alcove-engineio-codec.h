/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ALCOVE_ENGINEIO_MAX_SID 128
#define ALCOVE_ENGINEIO_MAX_HANDSHAKE 4096
#define ALCOVE_ENGINEIO_MAX_PACKETS 1024
/* No server needs to hear from us less often than every five minutes. */
#define ALCOVE_ENGINEIO_MAX_INTERVAL_MS 300000

/**
 * AlcoveEngineioType:
 * @ALCOVE_ENGINEIO_OPEN: server: the handshake
 * @ALCOVE_ENGINEIO_CLOSE: the end
 * @ALCOVE_ENGINEIO_PING: protocol 3: the client asks; protocol 4: the server does
 * @ALCOVE_ENGINEIO_PONG: the answer, with the same payload
 * @ALCOVE_ENGINEIO_MESSAGE: a packet of Socket.IO
 * @ALCOVE_ENGINEIO_UPGRADE: client: goes on over the WebSocket from here
 * @ALCOVE_ENGINEIO_NOOP: releases a waiting poll
 *
 * The types of packets, by their digit on the wire.
 */
typedef enum {
  ALCOVE_ENGINEIO_OPEN,
  ALCOVE_ENGINEIO_CLOSE,
  ALCOVE_ENGINEIO_PING,
  ALCOVE_ENGINEIO_PONG,
  ALCOVE_ENGINEIO_MESSAGE,
  ALCOVE_ENGINEIO_UPGRADE,
  ALCOVE_ENGINEIO_NOOP,
} AlcoveEngineioType;

/**
 * AlcoveEngineioHandshake:
 * @sid: the session's id
 * @websocket: whether an upgrade to a WebSocket is offered
 * @ping_interval: milliseconds between pings
 * @ping_timeout: milliseconds until a ping without an answer is a loss
 * @max_payload: bytes of one polling request, or 0 if nothing was said
 *
 * What is in an open packet.
 */
typedef struct {
  char *sid;
  gboolean websocket;
  guint ping_interval;
  guint ping_timeout;
  guint64 max_payload;
} AlcoveEngineioHandshake;

gboolean   alcove_engineio_packet_parse     (const char                    *text,
                                             AlcoveEngineioType            *type,
                                             const char                   **data,
                                             GError                       **error);
char      *alcove_engineio_packet_format    (AlcoveEngineioType             type,
                                             const char                    *data);
gboolean   alcove_engineio_handshake_parse  (const char                    *data,
                                             AlcoveEngineioHandshake       *handshake,
                                             GError                       **error);
char      *alcove_engineio_handshake_format (const AlcoveEngineioHandshake *handshake);
void       alcove_engineio_handshake_clear  (AlcoveEngineioHandshake       *handshake);
GPtrArray *alcove_engineio_payload_decode   (const char                    *bytes,
                                             gsize                          length,
                                             guint                          version,
                                             GError                       **error);
char      *alcove_engineio_payload_encode   (const char *const             *packets,
                                             gsize                          n_packets,
                                             guint                          version);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AlcoveEngineioHandshake, alcove_engineio_handshake_clear)

G_END_DECLS
