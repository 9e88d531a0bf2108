/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "alcove-trust-entry.h"

G_BEGIN_DECLS

#define ALCOVE_TRUST_MAX_ENTRIES 256

#define ALCOVE_TYPE_TRUST (alcove_trust_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveTrust, alcove_trust, ALCOVE, TRUST, GObject)

AlcoveTrust      *alcove_trust_new             (void);
void              alcove_trust_add             (AlcoveTrust          *self,
                                                AlcoveTrustEntry     *entry);
void              alcove_trust_remove          (AlcoveTrust          *self,
                                                AlcoveTrustEntry     *entry);
gboolean          alcove_trust_add_fingerprint (AlcoveTrust          *self,
                                                const char           *fingerprint,
                                                GError              **error);
gboolean          alcove_trust_judge           (AlcoveTrust          *self,
                                                GUri                 *uri,
                                                GTlsCertificate      *certificate,
                                                GTlsCertificateFlags  problems);
gboolean          alcove_trust_is_exception    (AlcoveTrust          *self,
                                                GUri                 *uri);
AlcoveTrustEntry *alcove_trust_get_refused     (AlcoveTrust          *self);
void              alcove_trust_clear_refused   (AlcoveTrust          *self);

G_END_DECLS
