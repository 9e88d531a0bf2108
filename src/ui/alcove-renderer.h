/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean alcove_renderer_has_card (const char *devices);
void     alcove_renderer_choose   (void);

G_END_DECLS
