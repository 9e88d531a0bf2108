/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "alcove-engineio-codec.h"
#include "alcove-error.h"
#include "alcove-socketio-polling.h"
#include "alcove-socketio-transport.h"

G_BEGIN_DECLS

/* Between alcove-socketio-transport.c, which finds a way to the server and comes back when
 * it is lost, and alcove-socketio-session.c, which talks over it. */

typedef enum {
  ALCOVE_SOCKETIO_WEBSOCKET_3,
  ALCOVE_SOCKETIO_WEBSOCKET_4,
  ALCOVE_SOCKETIO_POLLING_4,
  ALCOVE_SOCKETIO_POLLING_3,
  ALCOVE_SOCKETIO_N_WAYS,
} AlcoveSocketioWay;

struct _AlcoveSocketioTransport {
  AlcoveTransport parent_instance;

  guint handshake_ms;
  guint max_ping_ms;
  gboolean goodbye;
  gboolean closing;
  gboolean parting;
  gboolean opened_once;

  AlcoveSocketioWay way;
  AlcoveSocketioWay settled_way;
  guint tried;
  gboolean probed;
  guint version;
  guint silence_ms;
  guint skip;
  char *sid;
  GError *first_error;

  AlcoveTransport *websocket;
  SoupSession *session;
  AlcoveBackoff *backoff;
  GNetworkMonitor *monitor;
  AlcoveSocketioPoll *poll;
  /* packets that came with the polling handshake */
  GPtrArray *early;

  /* next attempt, or the bound of the present one */
  GSource *timer;
  GSource *ping;
  GSource *watch;
};

/* Whether the session begins over HTTP. */
static inline gboolean
alcove_socketio_way_polls (AlcoveSocketioWay way)
{
  return way == ALCOVE_SOCKETIO_POLLING_3 || way == ALCOVE_SOCKETIO_POLLING_4;
}

/* Either may end with @self in the hands of whoever listens: nothing may follow. */
void alcove_socketio_transport_lose         (AlcoveSocketioTransport       *self,
                                             const GError                  *reason);
void alcove_socketio_transport_lose_with    (AlcoveSocketioTransport       *self,
                                             AlcoveError                    code,
                                             const char                    *sentence);

void alcove_socketio_session_take_handshake (AlcoveSocketioTransport       *self,
                                             const AlcoveEngineioHandshake *handshake);
void alcove_socketio_session_begin          (AlcoveSocketioTransport       *self);
void alcove_socketio_session_read           (AlcoveSocketioTransport       *self,
                                             const char                    *text);
void alcove_socketio_session_send           (AlcoveSocketioTransport       *self,
                                             const char                    *event);
void alcove_socketio_session_part           (AlcoveSocketioTransport       *self);

G_END_DECLS
