/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-dialect.h"

G_BEGIN_DECLS

/* The hub's room of everybody in the mesh. A name with a line break is none that a
 * person types, so that a room of another protocol is never this one by chance. */
#define ALCOVE_RTCMESH_HUB_ROOM "rtcmesh\n"

#define ALCOVE_TYPE_RTCMESH_DIALECT (alcove_rtcmesh_dialect_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveRtcmeshDialect,
                      alcove_rtcmesh_dialect,
                      ALCOVE,
                      RTCMESH_DIALECT,
                      AlcoveDialect)

AlcoveDialect *alcove_rtcmesh_dialect_new (void);

G_END_DECLS
