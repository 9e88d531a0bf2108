/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-engineio-outbox.h"
#include "alcove-server-client.h"
#include "alcove-server.h"

G_BEGIN_DECLS

/* What the original servers announce: a ping every 25 s, and a minute of silence is the end. */
#define ALCOVE_ENGINEIO_PING_INTERVAL_MS 25000
#define ALCOVE_ENGINEIO_PING_TIMEOUT_MS 35000
#define ALCOVE_ENGINEIO_SID_LENGTH 20
/* How many broken packets are passed over until their sender is dropped. */
#define ALCOVE_ENGINEIO_MAX_MALFORMED 64

#define ALCOVE_TYPE_ENGINEIO_SESSION (alcove_engineio_session_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveEngineioSession, alcove_engineio_session, ALCOVE, ENGINEIO_SESSION, GObject)

AlcoveEngineioSession *alcove_engineio_session_new (guint                     version,
                                                    AlcoveServerClient       *websocket,
                                                    const char               *name,
                                                    const AlcoveServerLimits *limits);

gboolean alcove_engineio_session_is_open    (AlcoveEngineioSession *self);
gboolean alcove_engineio_session_is_polling (AlcoveEngineioSession *self);

gboolean alcove_engineio_session_poll      (AlcoveEngineioSession *self,
                                            AlcoveEngineioPollFunc func,
                                            gpointer               user_data);
void     alcove_engineio_session_poll_lost (AlcoveEngineioSession *self);
gboolean alcove_engineio_session_post      (AlcoveEngineioSession *self,
                                            const char            *bytes,
                                            gsize                  length);

gboolean alcove_engineio_session_probe            (AlcoveEngineioSession *self,
                                                   AlcoveServerClient    *websocket);
void     alcove_engineio_session_receive          (AlcoveEngineioSession *self,
                                                   AlcoveServerClient    *websocket,
                                                   const char            *text);
void     alcove_engineio_session_websocket_closed (AlcoveEngineioSession *self,
                                                   AlcoveServerClient    *websocket);

void alcove_engineio_session_acknowledge (AlcoveEngineioSession *self,
                                          gint64                 id,
                                          const char            *json);
void alcove_engineio_session_check       (AlcoveEngineioSession *self,
                                          gint64                 now);

G_END_DECLS
