/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "alcove-trust.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_CERTIFICATE_DIALOG (alcove_certificate_dialog_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveCertificateDialog, alcove_certificate_dialog, ALCOVE, CERTIFICATE_DIALOG, AdwWindow)

GtkWidget *alcove_certificate_dialog_new (GtkWindow        *parent,
                                          AlcoveTrustEntry *entry);

G_END_DECLS
