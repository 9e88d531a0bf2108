/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "alcove-hub.h"
#include "alcove-server-client.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_DIALECT (alcove_dialect_get_type ())
G_DECLARE_DERIVABLE_TYPE (AlcoveDialect, alcove_dialect, ALCOVE, DIALECT, GObject)

/**
 * AlcoveDialectClass:
 * @attach: the dialect has its hub now, and may follow its signals
 * @matches: whether a connection is this dialect's; @first_message is %NULL when it has just been
 *   opened, and a dialect then says yes only where the path alone is proof
 * @opened: the connection is this dialect's from now on; messages follow
 * @message: one text message, valid UTF-8, within the server's size bound; otherwise
 *   anything at all
 * @closed: the connection is over; @client is not used any more after this
 * @socketio: whether the protocol rides on Socket.IO. Then a message, either way, is one event:
 *   a JSON array that begins with the event's name, `["join-room","…"]`. Packet types, namespaces,
 *   acknowledgement ids and pings stay with the server, and such a dialect is only asked about
 *   connections to a Socket.IO path, by their first event.
 * @acknowledgement: (nullable): with @socketio, what answers every event that asks for an
 *   acknowledgement, as JSON text; %NULL leaves them unanswered
 *
 * The server's side of one signalling protocol: the protocol's state, without its
 * sockets. Members are entered into the hub, which all dialects of a server
 * share, so that a dialect also hears of members that speak another one.
 */
struct _AlcoveDialectClass {
  GObjectClass parent_class;

  void     (*attach)  (AlcoveDialect      *self,
                       AlcoveHub          *hub);
  gboolean (*matches) (AlcoveDialect      *self,
                       const char         *path,
                       const char         *first_message);
  void     (*opened)  (AlcoveDialect      *self,
                       AlcoveServerClient *client,
                       const char         *path);
  void     (*message) (AlcoveDialect      *self,
                       AlcoveServerClient *client,
                       const char         *text);
  void     (*closed)  (AlcoveDialect      *self,
                       AlcoveServerClient *client);

  gboolean socketio;
  const char *acknowledgement;
};

void        alcove_dialect_attach  (AlcoveDialect      *self,
                                    AlcoveHub          *hub);
AlcoveHub  *alcove_dialect_get_hub (AlcoveDialect      *self);
gboolean    alcove_dialect_matches (AlcoveDialect      *self,
                                    const char         *path,
                                    const char         *first_message);
void        alcove_dialect_opened  (AlcoveDialect      *self,
                                    AlcoveServerClient *client,
                                    const char         *path);
void        alcove_dialect_message (AlcoveDialect      *self,
                                    AlcoveServerClient *client,
                                    const char         *text);
void        alcove_dialect_closed  (AlcoveDialect      *self,
                                    AlcoveServerClient *client);

G_END_DECLS
