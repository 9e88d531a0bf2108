/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How many files one recording may need. */
#define ALCOVE_RECORDING_MAX_FILES 100

char    *alcove_recording_name_next    (const char        *path,
                                        guint             *n);
gboolean alcove_recording_name_is_webm (const char        *path);
char    *alcove_recording_name_list    (const char *const *files);

G_END_DECLS
