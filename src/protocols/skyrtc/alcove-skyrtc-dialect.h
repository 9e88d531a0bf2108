/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-dialect.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_SKYRTC_DIALECT (alcove_skyrtc_dialect_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveSkyrtcDialect, alcove_skyrtc_dialect, ALCOVE, SKYRTC_DIALECT, AlcoveDialect)

AlcoveDialect *alcove_skyrtc_dialect_new (void);

G_END_DECLS
