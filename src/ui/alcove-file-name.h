/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *alcove_file_name_make (const char *text,
                             const char *fallback,
                             GDateTime  *time,
                             const char *suffix);

G_END_DECLS
