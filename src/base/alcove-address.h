/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GUri *alcove_address_parse (const char *text,
                            guint       default_port,
                            const char *default_path,
                            GError    **error);

G_END_DECLS
