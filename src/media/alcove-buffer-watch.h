/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-link-core.h"

G_BEGIN_DECLS

void alcove_buffer_watch_attach (GstElement     *jitter_buffer,
                                 AlcoveLinkCore *core);

G_END_DECLS
