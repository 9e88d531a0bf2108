/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "alcove-participant.h"

G_BEGIN_DECLS

/* The largest file that is sent or taken, in bytes. As text it is a third larger, and
 * a page of the protocol holds all of it in memory. */
#define ALCOVE_TRANSFER_MAX_SIZE (G_GUINT64_CONSTANT (100) * 1024 * 1024)

/**
 * AlcoveTransferState:
 * @ALCOVE_TRANSFER_PREPARING: our file is being looked at
 * @ALCOVE_TRANSFER_WAITING: somebody has to say yes: they, or we if it is incoming
 * @ALCOVE_TRANSFER_RUNNING: accepted; the content is on its way
 * @ALCOVE_TRANSFER_DONE: all of it is sent, or saved
 * @ALCOVE_TRANSFER_REFUSED: the one who was asked did not want it
 * @ALCOVE_TRANSFER_CANCELLED: stopped by us
 * @ALCOVE_TRANSFER_FAILED: stopped by anything else; alcove_transfer_get_problem() tells
 */
typedef enum {
  ALCOVE_TRANSFER_PREPARING,
  ALCOVE_TRANSFER_WAITING,
  ALCOVE_TRANSFER_RUNNING,
  ALCOVE_TRANSFER_DONE,
  ALCOVE_TRANSFER_REFUSED,
  ALCOVE_TRANSFER_CANCELLED,
  ALCOVE_TRANSFER_FAILED,
} AlcoveTransferState;

#define ALCOVE_TYPE_TRANSFER_STATE (alcove_transfer_state_get_type ())
GType alcove_transfer_state_get_type (void) G_GNUC_CONST;

/**
 * AlcoveTransfer:
 *
 * One file on its way to or from one participant. Properties, all read-only and notified
 * on the main context: `state`; `done`, how many bytes went over, which is notified
 * from time to time only; `name` and `size`, which for a file of ours are known once it was
 * looked at. What is not %ALCOVE_TRANSFER_DONE leaves no file behind.
 */
#define ALCOVE_TYPE_TRANSFER (alcove_transfer_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveTransfer, alcove_transfer, ALCOVE, TRANSFER, GObject)

AlcoveParticipant  *alcove_transfer_get_participant (AlcoveTransfer *self);
guint               alcove_transfer_get_number      (AlcoveTransfer *self);
gboolean            alcove_transfer_get_incoming    (AlcoveTransfer *self);
AlcoveTransferState alcove_transfer_get_state       (AlcoveTransfer *self);
const char         *alcove_transfer_get_name        (AlcoveTransfer *self);
guint64             alcove_transfer_get_size        (AlcoveTransfer *self);
guint64             alcove_transfer_get_done        (AlcoveTransfer *self);
const GError       *alcove_transfer_get_problem     (AlcoveTransfer *self);
GDateTime          *alcove_transfer_get_time        (AlcoveTransfer *self);
gboolean            alcove_transfer_is_active       (AlcoveTransfer *self);
gboolean            alcove_transfer_accept          (AlcoveTransfer *self,
                                                     GFile          *target);
void                alcove_transfer_refuse          (AlcoveTransfer *self);
void                alcove_transfer_cancel          (AlcoveTransfer *self);

G_END_DECLS
