/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "alcove-server.h"
#include "alcove-signaller.h"

G_BEGIN_DECLS

/**
 * AlcoveProtocol:
 * @id: `skyrtc`, `webrtcroom`, `rtcmesh`, `rtcsignal` or `dispatch`; the same in code,
 *   settings, command line and links
 * @title: its name, marked for translation where it is no proper name
 * @summary: one line on what it is, untranslated; pass through gettext()
 * @default_port: where its own server listens
 * @default_path: the path of its own server
 * @has_roles: whether there is a dispatcher and guests
 * @id_hint: (nullable): where a person may choose their own id, one line on it, untranslated
 * @new_signaller: (nullable): makes a signaller for a server's address; %NULL while the protocol is not in yet
 * @new_dialect: (nullable): makes the embedded server's side
 *
 * One of the five. A sixth is one folder and one line in alcove-protocols.c.
 */
typedef struct {
  const char *id;
  const char *title;
  const char *summary;
  guint default_port;
  const char *default_path;
  gboolean has_roles;
  const char *id_hint;
  AlcoveSignaller *(*new_signaller) (GUri *server);
  AlcoveDialect *(*new_dialect) (void);
} AlcoveProtocol;

const AlcoveProtocol *alcove_protocols_list          (gsize                *n_protocols);
const AlcoveProtocol *alcove_protocols_find          (const char           *id);
AlcoveSignaller      *alcove_protocols_new_signaller (const char           *id,
                                                      const char           *server,
                                                      GError              **error);
char                 *alcove_protocols_complete_address
                                                     (const char           *id,
                                                      const char           *server,
                                                      GError              **error);
AlcoveServer         *alcove_protocols_new_server    (const AlcoveServerLimits *limits);

G_END_DECLS
