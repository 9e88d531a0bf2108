/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "alcove-engineio-codec.h"
#include "alcove-trust.h"

G_BEGIN_DECLS

typedef struct _AlcoveSocketioPoll AlcoveSocketioPoll;

/**
 * AlcoveSocketioPollFunc:
 * @owner: whom the poll was begun for
 * @handshake: (nullable): what the server offers, or %NULL if there was an error
 * @packets: (nullable) (element-type utf8): all that came, the handshake first
 * @error: (nullable): %ALCOVE_ERROR_WRONG_PROTOCOL if a server answered, but not with
 *   a handshake that leads to a WebSocket; else why nothing came
 *
 * Is called once, unless the poll is dropped before; the poll is gone afterwards.
 */
typedef void (*AlcoveSocketioPollFunc) (GObject                       *owner,
                                        const AlcoveEngineioHandshake *handshake,
                                        GPtrArray                     *packets,
                                        const GError                  *error);

char               *alcove_socketio_build_uri  (const char              *address,
                                                guint                    version,
                                                gboolean                 over_http,
                                                const char              *sid,
                                                GError                 **error);
AlcoveSocketioPoll *alcove_socketio_poll_begin (SoupSession             *session,
                                                const char              *uri,
                                                guint                    version,
                                                AlcoveTrust             *trust,
                                                GObject                 *owner,
                                                AlcoveSocketioPollFunc   callback,
                                                GError                 **error);
void                alcove_socketio_poll_drop  (AlcoveSocketioPoll      *self);

G_END_DECLS
