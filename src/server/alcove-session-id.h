/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *alcove_session_id_new (gsize length);

G_END_DECLS
