/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-dialect.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_WEBRTCROOM_DIALECT (alcove_webrtcroom_dialect_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveWebrtcroomDialect,
                      alcove_webrtcroom_dialect,
                      ALCOVE,
                      WEBRTCROOM_DIALECT,
                      AlcoveDialect)

AlcoveDialect *alcove_webrtcroom_dialect_new (void);

G_END_DECLS
