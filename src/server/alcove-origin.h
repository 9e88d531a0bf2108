/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

gboolean alcove_origin_is_allowed (const char         *origin,
                                   gboolean            loopback_only,
                                   const char * const *allowed);
char    *alcove_origin_normalize  (const char         *typed);

G_END_DECLS
