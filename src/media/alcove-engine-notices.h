/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-engine.h"

G_BEGIN_DECLS

void alcove_engine_notices_add_signals (GType         engine_type);
void alcove_engine_notices_follow      (AlcoveEngine *engine,
                                        gpointer      part);
void alcove_engine_notices_tell        (AlcoveEngine *engine,
                                        const GError *error);
void alcove_engine_notices_set         (AlcoveEngine *engine,
                                        const char   *topic,
                                        const GError *error);

G_END_DECLS
