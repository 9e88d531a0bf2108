/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "alcove-dialect.h"

G_BEGIN_DECLS

/**
 * AlcoveServerLimits:
 * @max_connections: open at once, in all; a session that polls counts besides its sockets
 * @max_connections_per_host: open at once from one address other than loopback
 * @max_message: bytes of one message, and of one request of a session that polls
 * @max_messages_per_second: sustained rate of one connection, with a burst of four times as many
 * @max_rooms: rooms at once
 * @max_members: members of one room
 * @join_timeout: seconds to the first join
 * @idle_timeout: seconds without a message or pong
 * @ping_interval: seconds between WebSocket pings
 *
 * The server's bounds. Whoever breaks one is dropped; the others notice nothing. The original
 * servers pass offers of 2 MB, which arrive as one message.
 */
typedef struct {
  guint max_connections;
  guint max_connections_per_host;
  gsize max_message;
  guint max_messages_per_second;
  guint max_rooms;
  guint max_members;
  guint join_timeout;
  guint idle_timeout;
  guint ping_interval;
} AlcoveServerLimits;

#define ALCOVE_SERVER_LIMITS_INIT \
  { .max_connections = 256, .max_connections_per_host = 64, .max_message = 4 * 1024 * 1024, \
    .max_messages_per_second = 200, .max_rooms = 64, .max_members = 64, \
    .join_timeout = 15, .idle_timeout = 75, .ping_interval = 30 }

#define ALCOVE_TYPE_SERVER (alcove_server_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveServer, alcove_server, ALCOVE, SERVER, GObject)

/**
 * AlcoveServer:
 *
 * The embedded signalling server. It is handed its dialects; which one
 * speaks with a connection is told by path and first message.
 */
AlcoveServer *alcove_server_new         (const AlcoveServerLimits *limits);
void          alcove_server_add_dialect (AlcoveServer  *self,
                                         AlcoveDialect *dialect);
gboolean      alcove_server_listen      (AlcoveServer  *self,
                                         const char    *address,
                                         guint          port,
                                         GError       **error);
guint         alcove_server_get_port    (AlcoveServer  *self);
void          alcove_server_stop        (AlcoveServer  *self);
void          alcove_server_allow_origin      (AlcoveServer *self,
                                               const char   *origin);
void          alcove_server_set_allowed_origins
                                              (AlcoveServer       *self,
                                               const char * const *origins);
AlcoveHub    *alcove_server_get_hub           (AlcoveServer *self);
guint         alcove_server_get_n_connections (AlcoveServer *self);

G_END_DECLS
