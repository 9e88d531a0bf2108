/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-link-core.h"

G_BEGIN_DECLS

/* whether a packet of Opus bears a copy of the sound before it */
gboolean alcove_sound_watch_has_copy (const guint8   *packet,
                                      gsize           size);
void     alcove_sound_watch_attach   (GstElement     *decoder,
                                      AlcoveLinkCore *core);

G_END_DECLS
