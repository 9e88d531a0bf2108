/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "alcove-saved-servers.h"
#include "alcove-trust.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_SERVER_PAGE (alcove_server_page_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveServerPage, alcove_server_page, ALCOVE, SERVER_PAGE, AdwPreferencesPage)

void                alcove_server_page_set_settings (AlcoveServerPage *self,
                                                     GSettings        *settings);
AlcoveSavedServers *alcove_server_page_get_servers  (AlcoveServerPage *self);
AlcoveTrust        *alcove_server_page_get_trust    (AlcoveServerPage *self);

G_END_DECLS
