/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-codec-choice.h"
#include "alcove-engine.h"

G_BEGIN_DECLS

gboolean alcove_engine_check_elements (GError                   **error);
gboolean alcove_engine_check_options  (const AlcoveEngineOptions *options,
                                       GError                   **error);
gboolean alcove_engine_check_codec    (AlcoveCodecPreference      preference,
                                       GError                   **error);

G_END_DECLS
