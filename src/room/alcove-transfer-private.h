/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-data-url.h"
#include "alcove-file-message.h"
#include "alcove-transfer.h"

G_BEGIN_DECLS

/* Pieces go out as fast as a page can take them without its picture suffering, and in
 * small lots, so that chat comes through between them. */
#define ALCOVE_TRANSFER_PACE_MS 10
#define ALCOVE_TRANSFER_LOT 8
#define ALCOVE_TRANSFER_MAX_BUFFERED (64 * 1024)
/* What is read from a file at once, and how much text is made ahead. */
#define ALCOVE_TRANSFER_BLOCK (48 * 1024)
#define ALCOVE_TRANSFER_AHEAD (64 * 1024)
/* What a slow disk may leave in memory. */
#define ALCOVE_TRANSFER_MAX_PENDING (8 * 1024 * 1024)
/* Nothing came, or nothing could be sent, for so long. */
#define ALCOVE_TRANSFER_STALLED_SECONDS 60

/**
 * AlcoveTransferPort:
 * @send: sends a message to the participant; returns whether it was taken
 * @get_buffered: how many bytes wait on the channel
 * @data: for both; valid until alcove_transfer_break()
 */
typedef struct {
  gboolean (*send) (gpointer data, const AlcoveFileMessage *message);
  guint64 (*get_buffered) (gpointer data);
  gpointer data;
} AlcoveTransferPort;

struct _AlcoveTransfer {
  GObject parent_instance;

  AlcoveTransferPort port;
  AlcoveParticipant *participant;
  guint number;
  char *id;
  gboolean incoming;
  AlcoveTransferState state;
  char *name;
  guint64 size;
  guint64 done;
  guint64 told; /* of it, by a notification */
  GError *problem;
  GDateTime *time;

  GCancellable *cancellable;
  guint stall_source;
  gboolean busy; /* reading or writing */

  /* outgoing */
  GFile *source;
  GInputStream *input;
  AlcoveDataUrlWriter *writer;
  AlcoveFileMessage *unsent;
  guint pace_source;
  gboolean all_sent;

  /* incoming */
  GFile *target;
  GFile *temporary;
  GOutputStream *output;
  AlcoveDataUrlReader *reader;
  GByteArray *pending;
  gboolean complete;
};

/* alcove-transfer.c */
AlcoveTransfer *alcove_transfer_new_outgoing (AlcoveParticipant        *participant,
                                              guint                     number,
                                              GFile                    *source,
                                              const AlcoveTransferPort *port);
AlcoveTransfer *alcove_transfer_new_incoming (AlcoveParticipant        *participant,
                                              guint                     number,
                                              const AlcoveFileMessage  *ask,
                                              const AlcoveTransferPort *port);
const char     *alcove_transfer_get_id       (AlcoveTransfer           *self);
void            alcove_transfer_handle       (AlcoveTransfer           *self,
                                              const AlcoveFileMessage  *message);
void            alcove_transfer_break        (AlcoveTransfer           *self);
gboolean        alcove_transfer_say          (AlcoveTransfer           *self,
                                              AlcoveFileSignal          signal);
void            alcove_transfer_end          (AlcoveTransfer           *self,
                                              AlcoveTransferState       state);
void            alcove_transfer_fail         (AlcoveTransfer           *self,
                                              int                       code,
                                              const char               *message,
                                              gboolean                  tell);
void            alcove_transfer_set_done     (AlcoveTransfer           *self,
                                              guint64                   done);
void            alcove_transfer_set_state    (AlcoveTransfer           *self,
                                              AlcoveTransferState       state);
void            alcove_transfer_set_file     (AlcoveTransfer           *self,
                                              const char               *name,
                                              guint64                   size);
void            alcove_transfer_note_life    (AlcoveTransfer           *self);

/* alcove-transfer-send.c */
void            alcove_transfer_prepare      (AlcoveTransfer           *self);
void            alcove_transfer_start_sending (AlcoveTransfer          *self);

/* alcove-transfer-receive.c */
gboolean        alcove_transfer_start_receiving (AlcoveTransfer        *self,
                                                 GFile                 *target);
void            alcove_transfer_receive      (AlcoveTransfer           *self,
                                              const AlcoveFileMessage  *chunk);

G_END_DECLS
