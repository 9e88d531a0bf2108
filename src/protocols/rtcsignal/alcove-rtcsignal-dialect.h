/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-dialect.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_RTCSIGNAL_DIALECT (alcove_rtcsignal_dialect_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveRtcsignalDialect,
                      alcove_rtcsignal_dialect,
                      ALCOVE,
                      RTCSIGNAL_DIALECT,
                      AlcoveDialect)

AlcoveDialect *alcove_rtcsignal_dialect_new (void);

G_END_DECLS
