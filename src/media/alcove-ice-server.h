/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

char *alcove_ice_server_to_stun (const char *text);
char *alcove_ice_server_to_turn (const char *text);

gboolean alcove_ice_servers_check (const char *stun,
                                   const char *turn,
                                   gboolean    relay_only,
                                   GError    **error);

G_END_DECLS
