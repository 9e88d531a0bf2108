/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

char *alcove_ice_server_to_stun (const char *text);
char *alcove_ice_server_to_turn (const char *text);

/**
 * AlcoveIceServers:
 * @stun: (nullable): `stun:host:port` or `stun://host:port`
 * @turn: (nullable): `turn://user:password@host:port?transport=udp` or the browser's form
 * @relay_only: use relayed candidates alone
 *
 * What a person has chosen of them. Zero is none.
 */
typedef struct {
  char *stun;
  char *turn;
  gboolean relay_only;
} AlcoveIceServers;

void     alcove_ice_servers_set   (AlcoveIceServers *self,
                                   const char       *stun,
                                   const char       *turn,
                                   gboolean          relay_only);
gboolean alcove_ice_servers_check (const char *stun,
                                   const char *turn,
                                   gboolean    relay_only,
                                   GError    **error);

G_END_DECLS
