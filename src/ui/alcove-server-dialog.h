/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "alcove-saved-servers.h"
#include "alcove-trust.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_SERVER_DIALOG (alcove_server_dialog_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveServerDialog, alcove_server_dialog, ALCOVE, SERVER_DIALOG, AdwWindow)

GtkWidget  *alcove_server_dialog_new        (GtkWindow          *parent,
                                             AlcoveTrust        *trust,
                                             AlcoveSavedServer  *server,
                                             gboolean            kept);
void        alcove_server_dialog_test       (AlcoveServerDialog *self);
gboolean    alcove_server_dialog_is_testing (AlcoveServerDialog *self);
const char *alcove_server_dialog_get_result (AlcoveServerDialog *self);
void        alcove_server_dialog_save       (AlcoveServerDialog *self);

G_END_DECLS
