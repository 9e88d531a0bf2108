/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-link-stats.h"

G_BEGIN_DECLS

char *alcove_stats_text_describe_size    (const AlcoveLinkStats *stats);
char *alcove_stats_text_describe_rung    (const AlcoveLinkStats *stats);
char *alcove_stats_text_describe_network (const AlcoveLinkStats *stats);
char *alcove_stats_text_describe_load    (const AlcoveLinkStats *stats);

G_END_DECLS
