/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * AlcoveEngineioFault:
 *
 * What is wrong with a request, by the numbers that Engine.IO gives.
 */
typedef enum {
  ALCOVE_ENGINEIO_FAULT_TRANSPORT,
  ALCOVE_ENGINEIO_FAULT_SESSION,
  ALCOVE_ENGINEIO_FAULT_METHOD,
  ALCOVE_ENGINEIO_FAULT_REQUEST,
} AlcoveEngineioFault;

/**
 * AlcoveEngineioBody:
 * @bytes: what has come of it
 * @max: the most that is kept
 * @n_bytes: how many have come
 * @socket: what it comes over
 *
 * The body of a request, while it comes in.
 */
typedef struct {
  GByteArray *bytes;
  gsize max;
  guint64 n_bytes;
  GSocket *socket;
} AlcoveEngineioBody;

void     alcove_engineio_respond       (SoupServerMessage  *msg,
                                        guint               status,
                                        const char         *text);
void     alcove_engineio_respond_fault (SoupServerMessage  *msg,
                                        AlcoveEngineioFault fault);
gboolean alcove_engineio_add_cors      (SoupServerMessage  *msg);
guint    alcove_engineio_get_version   (GHashTable         *query);
gboolean alcove_engineio_is_gone       (GSocket            *socket);

void                alcove_engineio_collect_body (SoupServerMessage *msg,
                                                  GSocket           *socket,
                                                  gsize              max);
AlcoveEngineioBody *alcove_engineio_get_body     (SoupServerMessage *msg);

G_END_DECLS
