/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Packets that may wait for a client that polls. */
#define ALCOVE_ENGINEIO_MAX_QUEUED 4096

/**
 * AlcoveEngineioPollFunc:
 * @payload: (nullable): the body of the response, or %NULL if there will be none
 * @user_data: what the poll was begun with
 *
 * Ends a poll; called once for each, and maybe before the function that begins it returns.
 */
typedef void (*AlcoveEngineioPollFunc) (const char *payload,
                                        gpointer    user_data);

/**
 * AlcoveEngineioOutbox:
 * @version: of Engine.IO, 3 or 4
 * @max_bytes: the most that may wait
 * @packets: (element-type utf8): what waits to be fetched
 * @n_bytes: how much that is
 * @func: (nullable): ends the poll that waits, if there is one
 * @user_data: for @func
 *
 * What a client that polls has not fetched yet, and the poll that waits for more.
 */
typedef struct {
  guint version;
  gsize max_bytes;
  GQueue packets;
  gsize n_bytes;
  AlcoveEngineioPollFunc func;
  gpointer user_data;
} AlcoveEngineioOutbox;

void     alcove_engineio_outbox_init      (AlcoveEngineioOutbox  *self,
                                           guint                  version,
                                           gsize                  max_bytes);
void     alcove_engineio_outbox_clear     (AlcoveEngineioOutbox  *self);
gboolean alcove_engineio_outbox_is_empty  (AlcoveEngineioOutbox  *self);
gboolean alcove_engineio_outbox_put       (AlcoveEngineioOutbox  *self,
                                           const char            *packet);
char    *alcove_engineio_outbox_take      (AlcoveEngineioOutbox  *self);
gboolean alcove_engineio_outbox_poll      (AlcoveEngineioOutbox  *self,
                                           AlcoveEngineioPollFunc func,
                                           gpointer               user_data);
void     alcove_engineio_outbox_forget    (AlcoveEngineioOutbox  *self);
void     alcove_engineio_outbox_free_poll (AlcoveEngineioOutbox  *self);
void     alcove_engineio_outbox_end_poll  (AlcoveEngineioOutbox  *self);

G_END_DECLS
