/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-backoff.h"
#include "alcove-transport.h"

G_BEGIN_DECLS

/* How long the handshake of a namespace may take once the WebSocket is open. */
#define ALCOVE_SOCKETIO_HANDSHAKE_TIMEOUT_MS 10000
/* Own pings are at least as frequent as this, whatever the server asks for. */
#define ALCOVE_SOCKETIO_MAX_PING_MS 20000
#define ALCOVE_SOCKETIO_MAX_POLL_BYTES (64 * 1024)

#define ALCOVE_TYPE_SOCKETIO_TRANSPORT (alcove_socketio_transport_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveSocketioTransport,
                      alcove_socketio_transport,
                      ALCOVE,
                      SOCKETIO_TRANSPORT,
                      AlcoveTransport)

AlcoveTransport *alcove_socketio_transport_new             (const char              *uri);
void             alcove_socketio_transport_set_goodbye     (AlcoveSocketioTransport *self,
                                                            gboolean                 goodbye);
void             alcove_socketio_transport_set_timeouts    (AlcoveSocketioTransport *self,
                                                            guint                    handshake_ms,
                                                            guint                    max_ping_ms);
void             alcove_socketio_transport_set_backoff     (AlcoveSocketioTransport *self,
                                                            AlcoveBackoff           *backoff);
guint            alcove_socketio_transport_get_version     (AlcoveSocketioTransport *self);

G_END_DECLS
