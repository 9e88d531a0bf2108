/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-dialect.h"

G_BEGIN_DECLS

/* In front of a room's name in the hub. A name with a line break is none that a person
 * types, so that a room of another protocol is never this one by chance. */
#define ALCOVE_DISPATCH_HUB_PREFIX "dispatch\n"

#define ALCOVE_TYPE_DISPATCH_DIALECT (alcove_dispatch_dialect_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveDispatchDialect,
                      alcove_dispatch_dialect,
                      ALCOVE,
                      DISPATCH_DIALECT,
                      AlcoveDialect)

AlcoveDialect *alcove_dispatch_dialect_new (void);

G_END_DECLS
