/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-dialect.h"

G_BEGIN_DECLS

#define ROOM_TYPE_DIALECT (room_dialect_get_type ())
G_DECLARE_FINAL_TYPE (RoomDialect, room_dialect, ROOM, DIALECT, AlcoveDialect)

AlcoveDialect *room_dialect_new           (void);
guint          room_dialect_get_n_members (RoomDialect *self);

G_END_DECLS
