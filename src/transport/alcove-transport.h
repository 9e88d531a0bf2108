/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "alcove-trust.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_TRANSPORT (alcove_transport_get_type ())
G_DECLARE_DERIVABLE_TYPE (AlcoveTransport, alcove_transport, ALCOVE, TRANSPORT, GObject)

/**
 * AlcoveTransportState:
 * @ALCOVE_TRANSPORT_IDLE: not opened yet
 * @ALCOVE_TRANSPORT_CONNECTING: an attempt is under way
 * @ALCOVE_TRANSPORT_OPEN: messages can be sent
 * @ALCOVE_TRANSPORT_WAITING: lost or refused; the next attempt is scheduled
 * @ALCOVE_TRANSPORT_CLOSED: closed for good, by us or by a failure
 */
typedef enum {
  ALCOVE_TRANSPORT_IDLE,
  ALCOVE_TRANSPORT_CONNECTING,
  ALCOVE_TRANSPORT_OPEN,
  ALCOVE_TRANSPORT_WAITING,
  ALCOVE_TRANSPORT_CLOSED,
} AlcoveTransportState;

/* What the embedded server calls itself in HTTP. */
#define ALCOVE_TRANSPORT_OWN_SERVER "Alcove"

/**
 * AlcoveTransport:
 *
 * Carries text messages to one server and back, and reconnects by itself.
 *
 * Signals, all on the main context that was the thread default at creation:
 *  - `connecting`: right before each attempt. A protocol whose address changes
 *    with each attempt sets #AlcoveTransport:uri here.
 *  - `opened`: messages can be sent; emitted once for each attempt that succeeds.
 *  - `message (text)`: one text message, valid UTF-8, within the size bound.
 *  - `dropped (GError)`: an open connection was lost, or, while
 *    #AlcoveTransport:persistent, an attempt failed; the next follows by itself.
 *  - `failed (GError)`: the first attempt failed while not persistent. Final.
 *  - `closed`: alcove_transport_close() has flushed what was sent and is done. Final.
 *
 * A connection that was open once is always retried, with back-off from 1 s to
 * 30 s with jitter, until it is closed.
 */
struct _AlcoveTransportClass {
  GObjectClass parent_class;

  void (*open)  (AlcoveTransport *self);
  void (*send)  (AlcoveTransport *self,
                 const char      *text);
  void (*close) (AlcoveTransport *self);
  /* ends the connection as if it had been lost, so that it is made anew */
  void (*restart) (AlcoveTransport *self,
                   const GError    *reason);
};

void                 alcove_transport_open           (AlcoveTransport *self);
void                 alcove_transport_send           (AlcoveTransport *self,
                                                      const char      *text);
void                 alcove_transport_close          (AlcoveTransport *self);
void                 alcove_transport_restart        (AlcoveTransport *self,
                                                      const GError    *reason);
AlcoveTransportState alcove_transport_get_state      (AlcoveTransport *self);
const char          *alcove_transport_get_uri        (AlcoveTransport *self);
void                 alcove_transport_set_uri        (AlcoveTransport *self,
                                                      const char      *uri);
gboolean             alcove_transport_get_persistent (AlcoveTransport *self);
void                 alcove_transport_set_persistent (AlcoveTransport *self,
                                                      gboolean         persistent);
AlcoveTrust         *alcove_transport_get_trust      (AlcoveTransport *self);
void                 alcove_transport_set_trust      (AlcoveTransport *self,
                                                      AlcoveTrust     *trust);
const char          *alcove_transport_get_server     (AlcoveTransport *self);

/* For subclasses. */
void                 alcove_transport_set_state      (AlcoveTransport      *self,
                                                      AlcoveTransportState  state);
void                 alcove_transport_set_server     (AlcoveTransport      *self,
                                                      const char           *server);
void                 alcove_transport_emit_connecting (AlcoveTransport *self);
void                 alcove_transport_emit_opened    (AlcoveTransport *self);
void                 alcove_transport_emit_message   (AlcoveTransport *self,
                                                      const char      *text);
void                 alcove_transport_emit_dropped   (AlcoveTransport *self,
                                                      const GError    *error);
void                 alcove_transport_emit_failed    (AlcoveTransport *self,
                                                      const GError    *error);
void                 alcove_transport_emit_closed    (AlcoveTransport *self);

G_END_DECLS
