/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "alcove-pair.h"

G_BEGIN_DECLS

void       alcove_inband_pairs_write (JsonObject  *object,
                                      GPtrArray   *pairs,
                                      guint        n_pairs);
GPtrArray *alcove_inband_pairs_read  (JsonObject  *object,
                                      GError     **error);

G_END_DECLS
