/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define ALCOVE_TYPE_TRUST_ENTRY (alcove_trust_entry_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveTrustEntry, alcove_trust_entry, ALCOVE, TRUST_ENTRY, GObject)

AlcoveTrustEntry    *alcove_trust_entry_new               (const char           *host,
                                                           guint                 port,
                                                           const char           *fingerprint,
                                                           GTlsCertificateFlags  problems);
const char          *alcove_trust_entry_get_host          (AlcoveTrustEntry     *self);
guint                alcove_trust_entry_get_port          (AlcoveTrustEntry     *self);
const char          *alcove_trust_entry_get_fingerprint   (AlcoveTrustEntry     *self);
GTlsCertificateFlags alcove_trust_entry_get_problems      (AlcoveTrustEntry     *self);
char                *alcove_trust_entry_dup_place         (AlcoveTrustEntry     *self);
char                *alcove_trust_entry_dup_problems_text (AlcoveTrustEntry     *self);
gboolean             alcove_trust_entry_equal             (AlcoveTrustEntry     *self,
                                                           AlcoveTrustEntry     *other);
char                *alcove_trust_fingerprint_parse       (const char           *text);
char                *alcove_trust_fingerprint_of          (GTlsCertificate      *certificate);

G_END_DECLS
