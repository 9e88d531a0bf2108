/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-socketio-transport.h"
#include "alcove-websocket-transport.h"

G_BEGIN_DECLS

/* One transport, and everything that it has said. */
typedef struct {
  AlcoveTransport *transport;
  guint connecting;
  guint opened;
  guint dropped;
  guint failed;
  guint closed;
  GPtrArray *messages;
  GError *error;
} Watch;

Watch                    *watch_new           (const char  *uri);
Watch                    *watch_new_socketio  (const char  *uri);
AlcoveWebsocketTransport *websocket           (Watch       *watch);
/* Closes the transport first, and waits for it. */
void                      close_and_free      (Watch       *watch);
/* The transport must be held by nobody else. */
void                      watch_free          (Watch       *watch);
/* Runs the main context until a counter has got where it should be. */
void                      wait_for            (const guint *counter,
                                               guint        value);
/* What each program of these tests starts with, in place of g_test_init(). */
void                      websocket_test_init (int         *argc,
                                               char      ***argv);

G_END_DECLS
