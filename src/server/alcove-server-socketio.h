/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-socketio-codec.h"

G_BEGIN_DECLS

/* No client of the five protocols is in more than one beside the default. */
#define ALCOVE_SERVER_SOCKETIO_MAX_NAMESPACES 8

/**
 * AlcoveServerSocketio:
 * @version: of Engine.IO, 3 or 4, which decides on Socket.IO's
 * @sid: the id of the session
 * @namespaces: (element-type utf8): those the client is in
 * @current: (nullable): the one that it used last, which is that of all it is sent
 *
 * Which namespaces a client of Socket.IO is in, and what it is told about them. Every name
 * is good for one, and all of them are the same room of rooms.
 */
typedef struct {
  guint version;
  char *sid;
  GPtrArray *namespaces;
  char *current;
} AlcoveServerSocketio;

/**
 * AlcoveServerSocketioResult:
 * @ALCOVE_SERVER_SOCKETIO_IGNORED: nothing for a dialect
 * @ALCOVE_SERVER_SOCKETIO_MALFORMED: no packet of Socket.IO, or none for this moment
 * @ALCOVE_SERVER_SOCKETIO_EVENT: an event
 * @ALCOVE_SERVER_SOCKETIO_LEFT: the client has left
 *
 * What a packet was.
 */
typedef enum {
  ALCOVE_SERVER_SOCKETIO_IGNORED,
  ALCOVE_SERVER_SOCKETIO_MALFORMED,
  ALCOVE_SERVER_SOCKETIO_EVENT,
  ALCOVE_SERVER_SOCKETIO_LEFT,
} AlcoveServerSocketioResult;

void alcove_server_socketio_init  (AlcoveServerSocketio *self,
                                   guint                 version,
                                   const char           *sid);
void alcove_server_socketio_clear (AlcoveServerSocketio *self);

AlcoveServerSocketioResult alcove_server_socketio_take (AlcoveServerSocketio  *self,
                                                        const char            *text,
                                                        GPtrArray             *answers,
                                                        AlcoveSocketioPacket **event);

char *alcove_server_socketio_format_connect (const AlcoveServerSocketio *self,
                                             const char                 *nsp);
char *alcove_server_socketio_format_event   (const AlcoveServerSocketio *self,
                                             const char                 *event);
char *alcove_server_socketio_format_ack     (const AlcoveServerSocketio *self,
                                             gint64                      id,
                                             const char                 *json);

G_END_DECLS
