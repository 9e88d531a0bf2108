/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GPtrArray *alcove_server_open_sockets (const char *address,
                                       guint       port,
                                       gboolean   *loopback_only,
                                       GError    **error);

G_END_DECLS
