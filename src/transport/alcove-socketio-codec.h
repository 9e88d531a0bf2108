/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define ALCOVE_SOCKETIO_MAX_NAMESPACE 256
#define ALCOVE_SOCKETIO_MAX_ATTACHMENTS 64
#define ALCOVE_SOCKETIO_MAX_ARGUMENTS 16
#define ALCOVE_SOCKETIO_MAX_EVENT 64
#define ALCOVE_SOCKETIO_MAX_DATA (8 * 1024 * 1024)

/**
 * AlcoveSocketioType:
 * @ALCOVE_SOCKETIO_CONNECT: enter a namespace, or its confirmation
 * @ALCOVE_SOCKETIO_DISCONNECT: leave it
 * @ALCOVE_SOCKETIO_EVENT: `["name", …]`
 * @ALCOVE_SOCKETIO_ACK: the answer to an event with an id
 * @ALCOVE_SOCKETIO_ERROR: a namespace was refused
 * @ALCOVE_SOCKETIO_BINARY_EVENT: an event with attachments, which follow as messages of their own
 * @ALCOVE_SOCKETIO_BINARY_ACK: the same for an answer
 *
 * The types of packets, by their digit on the wire.
 */
typedef enum {
  ALCOVE_SOCKETIO_CONNECT,
  ALCOVE_SOCKETIO_DISCONNECT,
  ALCOVE_SOCKETIO_EVENT,
  ALCOVE_SOCKETIO_ACK,
  ALCOVE_SOCKETIO_ERROR,
  ALCOVE_SOCKETIO_BINARY_EVENT,
  ALCOVE_SOCKETIO_BINARY_ACK,
} AlcoveSocketioType;

/**
 * AlcoveSocketioPacket:
 * @type: what it is
 * @n_attachments: how many binary messages follow; 0 but for the binary types
 * @nsp: the namespace, which begins with a slash; `/` is the default
 * @query: (nullable): what stood behind a question mark in the namespace
 * @id: of the acknowledgement, or -1
 * @data: (nullable): the JSON text, not parsed yet
 *
 * One packet. All pointers are owned by it.
 */
typedef struct {
  AlcoveSocketioType type;
  guint n_attachments;
  char *nsp;
  char *query;
  gint64 id;
  char *data;
} AlcoveSocketioPacket;

AlcoveSocketioPacket *alcove_socketio_packet_new          (AlcoveSocketioType          type,
                                                           const char                 *nsp,
                                                           const char                 *data);
void                  alcove_socketio_packet_free         (AlcoveSocketioPacket       *self);
AlcoveSocketioPacket *alcove_socketio_packet_decode       (const char                 *text,
                                                           GError                    **error);
char                 *alcove_socketio_packet_encode       (const AlcoveSocketioPacket *self);
GError               *alcove_socketio_packet_read_refusal (const AlcoveSocketioPacket *self);
JsonArray            *alcove_socketio_event_parse         (const char                 *text,
                                                           const char                **name,
                                                           GError                    **error);
char                 *alcove_socketio_event_format        (const char                 *name,
                                                           JsonNode                   *argument);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlcoveSocketioPacket, alcove_socketio_packet_free)

G_END_DECLS
