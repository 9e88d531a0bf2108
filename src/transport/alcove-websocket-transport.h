/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-backoff.h"
#include "alcove-transport.h"

G_BEGIN_DECLS

/* More than a server passes on (10 MiB in the Python original of SkyRTC): a message over
 * this bound costs the connection, one over a codec's own, smaller bound only itself. */
#define ALCOVE_WEBSOCKET_MAX_INCOMING (16 * 1024 * 1024)
#define ALCOVE_WEBSOCKET_MAX_OUTGOING (8 * 1024 * 1024)
#define ALCOVE_WEBSOCKET_CONNECT_TIMEOUT_MS 10000
#define ALCOVE_WEBSOCKET_CLOSE_TIMEOUT_MS 2000
#define ALCOVE_WEBSOCKET_PING_INTERVAL 10

#define ALCOVE_TYPE_WEBSOCKET_TRANSPORT (alcove_websocket_transport_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveWebsocketTransport,
                      alcove_websocket_transport,
                      ALCOVE,
                      WEBSOCKET_TRANSPORT,
                      AlcoveTransport)

AlcoveTransport *alcove_websocket_transport_new               (const char               *uri);
void             alcove_websocket_transport_set_ping_interval (AlcoveWebsocketTransport *self,
                                                               guint                     seconds);
void             alcove_websocket_transport_set_connect_timeout
                                                              (AlcoveWebsocketTransport *self,
                                                               guint                     milliseconds);
void             alcove_websocket_transport_set_backoff       (AlcoveWebsocketTransport *self,
                                                               AlcoveBackoff            *backoff);

G_END_DECLS
