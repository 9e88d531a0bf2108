/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "alcove-server-connection.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_ENGINEIO_SERVER (alcove_engineio_server_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveEngineioServer, alcove_engineio_server, ALCOVE, ENGINEIO_SERVER, GObject)

/**
 * AlcoveEngineioCaller:
 * @name: what to call the client in the log
 * @host: where it calls from; all addresses of this computer are one
 * @path: the path of its request
 * @socket: what it calls over
 * @may_begin: whether there is room for one more session
 *
 * Who sends a request.
 */
typedef struct {
  const char *name;
  const char *host;
  const char *path;
  GSocket *socket;
  gboolean may_begin;
} AlcoveEngineioCaller;

AlcoveEngineioServer *alcove_engineio_server_new (const AlcoveServerLimits *limits,
                                                  GPtrArray                *dialects);

gboolean alcove_engineio_server_owns           (AlcoveEngineioServer       *self,
                                                const char                 *path);
gboolean alcove_engineio_server_begin_request  (AlcoveEngineioServer       *self,
                                                SoupServerMessage          *msg,
                                                const AlcoveEngineioCaller *caller);
gboolean alcove_engineio_server_handle_request (AlcoveEngineioServer       *self,
                                                SoupServerMessage          *msg,
                                                const AlcoveEngineioCaller *caller);
gboolean alcove_engineio_server_admit          (AlcoveEngineioServer       *self,
                                                SoupServerMessage          *msg,
                                                const AlcoveEngineioCaller *caller);
void     alcove_engineio_server_add_websocket  (AlcoveEngineioServer       *self,
                                                AlcoveServerConnection     *connection,
                                                GUri                       *uri,
                                                const AlcoveEngineioCaller *caller);

guint    alcove_engineio_server_count_polling  (AlcoveEngineioServer       *self,
                                                const char                 *host);
gboolean alcove_engineio_server_is_empty       (AlcoveEngineioServer       *self);
void     alcove_engineio_server_check          (AlcoveEngineioServer       *self,
                                                gint64                      now);
void     alcove_engineio_server_stop           (AlcoveEngineioServer       *self);

G_END_DECLS
