/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean alcove_fingerprint_is_any_usable (const char *const *fingerprints);
char    *alcove_fingerprint_from_pem      (const char        *pem,
                                           GChecksumType      type);
gboolean alcove_fingerprint_matches       (const char        *pem,
                                           const char *const *fingerprints);

G_END_DECLS
