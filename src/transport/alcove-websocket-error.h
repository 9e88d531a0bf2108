/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

gboolean alcove_websocket_uri_is_loopback  (GUri               *uri);
GError  *alcove_websocket_error_connecting (GUri               *uri,
                                            SoupMessage        *message,
                                            const GError       *cause);
GError  *alcove_websocket_error_silent     (GUri               *uri,
                                            GSocket            *socket,
                                            gboolean            in_tls);
GError  *alcove_websocket_error_open       (const GError       *cause);
GError  *alcove_websocket_error_closed     (guint               code);

G_END_DECLS
