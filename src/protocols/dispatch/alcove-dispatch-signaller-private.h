/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-dispatch-codec.h"
#include "alcove-dispatch-signaller.h"
#include "alcove-error.h"

G_BEGIN_DECLS

/* A guest as the root knows it. Times are monotonic microseconds, 0 for none. */
typedef struct {
  char *id;
  /* our 2022 that has no answer yet */
  gint64 offered_at;
  gboolean connected;
  /* By the server's word or the room's: must not be written to, since the server ends the
   * connection of a root that writes to a name that is not there any more. */
  gboolean lost;
  gboolean silent;
  /* the call or the hang-up that waits for that to end; UNKNOWN for none */
  AlcoveDispatchCode owed;
  /* an original page: it never answers an offer of ours */
  gboolean page;
  /* speaks another protocol, and the name is the server's */
  gboolean foreign;
} AlcoveDispatchGuest;

/**
 * AlcoveDispatchSignaller:
 *
 * Membership in a room of the dispatch platform: as the dispatcher, who opens the room and
 * sees all guests, or as a guest, who sees the dispatcher alone.
 *
 * The guest offers as soon as it is in, and the dispatcher learns of it by that. A call
 * is a notice, 2222, and an offer of the dispatcher's, 2022. To the original server a message
 * for somebody who is gone is a reason to cut the dispatcher off, so nothing is
 * sent to a guest that the room has noted as lost, and no candidates to one that is connected.
 */
struct _AlcoveDispatchSignaller {
  AlcoveServerSignaller parent_instance;

  guint retry_ms;
  guint answer_ms;
  AlcoveRole role;
  gboolean told;
  guint attempts;
  guint n_tried;

  /* a guest's own offer waits for its answer */
  gboolean offered;
  gboolean root_is_alcove;
  /* the root's offer waits for ours */
  gboolean root_offered;

  char *name;
  /* what was asked for, and with success is */
  char *actual;
  /* id → Guest, owned */
  GHashTable *guests;
  /* codes of requests without a reply, in order */
  GQueue pending;
  GSource *retry_timer;
  GSource *answer_timer;
};

gboolean alcove_dispatch_signaller_is_root (AlcoveDispatchSignaller *self);
AlcoveDispatchGuest *alcove_dispatch_signaller_find_guest (AlcoveDispatchSignaller *self,
                                                           const char *id);

/* Asks to open the room, or to be let in: at once, or after a wait that grows. */
void alcove_dispatch_signaller_enter (AlcoveDispatchSignaller *self);
void alcove_dispatch_signaller_enter_later (AlcoveDispatchSignaller *self);
void alcove_dispatch_signaller_send (AlcoveDispatchSignaller *self,
                                     const AlcoveDispatchMessage *message);

/* Tells a guest that may be written to again what it could not be told before. */
void alcove_dispatch_signaller_tell_owed (AlcoveDispatchSignaller *self,
                                          const char *id);

/* in alcove-dispatch-signaller-incoming.c */
void alcove_dispatch_signaller_handle_message (AlcoveServerSignaller *server,
                                               const char *text);

G_END_DECLS
