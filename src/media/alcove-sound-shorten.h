/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gsize alcove_sound_shorten (gint16  *samples,
                            gsize    n_samples,
                            gboolean anyhow);

G_END_DECLS
