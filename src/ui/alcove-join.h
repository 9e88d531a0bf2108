/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "alcove-signaller.h"

G_BEGIN_DECLS

/* Bounds of what a person may type; every one of the five servers takes them. */
#define ALCOVE_JOIN_MAX_NAME 64
#define ALCOVE_JOIN_MAX_ROOM 128
#define ALCOVE_JOIN_MAX_RECENT 6

/**
 * AlcoveWhere:
 * @ALCOVE_WHERE_THIS_COMPUTER: the embedded server, for this computer alone
 * @ALCOVE_WHERE_THIS_NETWORK: the embedded server, open to the network
 * @ALCOVE_WHERE_SERVER: somebody's server
 *
 * Where a room is. The numbers are those of the settings schema.
 */
typedef enum {
  ALCOVE_WHERE_THIS_COMPUTER = 0,
  ALCOVE_WHERE_THIS_NETWORK = 1,
  ALCOVE_WHERE_SERVER = 2,
} AlcoveWhere;

#define ALCOVE_TYPE_JOIN (alcove_join_get_type ())

/**
 * AlcoveJoin:
 * @where: where the room is
 * @protocol: (nullable): a protocol id
 * @server: (nullable): the server's address, with %ALCOVE_WHERE_SERVER
 * @room: (nullable): the room's name
 * @name: (nullable): our own name
 * @id: (nullable): our id there, where the protocol lets a person choose one; empty for a new one
 * @role: our role, where the protocol has roles
 * @persistent: whether to try for ever
 * @passing: whether it was said for this one time, and is no habit to remember
 *
 * All that is needed to get into a room.
 */
typedef struct {
  AlcoveWhere where;
  char *protocol;
  char *server;
  char *room;
  char *name;
  char *id;
  AlcoveRole role;
  gboolean persistent;
  gboolean passing;
} AlcoveJoin;

GType       alcove_join_get_type (void) G_GNUC_CONST;
AlcoveJoin *alcove_join_new      (void);
AlcoveJoin *alcove_join_copy     (const AlcoveJoin *self);
void        alcove_join_free     (AlcoveJoin       *self);
const char *alcove_join_missing  (const AlcoveJoin *self);
GStrv       alcove_join_remember (const char *const *recent,
                                  const char       *room);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlcoveJoin, alcove_join_free)

G_END_DECLS
