/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "alcove-link-stats.h"

G_BEGIN_DECLS

const char *alcove_candidate_type_to_text (AlcoveCandidateType    type);
gboolean    alcove_link_stats_is_relayed  (const AlcoveLinkStats *self);
void        alcove_link_stats_add_json    (const AlcoveLinkStats *self,
                                           JsonBuilder           *builder);

G_END_DECLS
