/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "alcove-server.h"

G_BEGIN_DECLS

/* What may wait for a client that reads slowly, in messages of the largest size. */
#define ALCOVE_SERVER_MAX_QUEUED_MESSAGES 2

#define ALCOVE_TYPE_SERVER_CONNECTION (alcove_server_connection_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveServerConnection, alcove_server_connection, ALCOVE, SERVER_CONNECTION, GObject)

AlcoveServerConnection *alcove_server_connection_new      (GIOStream                *stream,
                                                           GSocketConnection        *socket,
                                                           GUri                     *uri,
                                                           const char               *name,
                                                           const AlcoveServerLimits *limits);
void                    alcove_server_connection_take_binary (AlcoveServerConnection *self);
void                    alcove_server_connection_check    (AlcoveServerConnection *self,
                                                           gint64                  now);

G_END_DECLS
