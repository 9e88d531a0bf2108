/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-saved-server.h"

G_BEGIN_DECLS

#define ALCOVE_SAVED_SERVERS_MAX 64

#define ALCOVE_TYPE_SAVED_SERVERS (alcove_saved_servers_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveSavedServers, alcove_saved_servers, ALCOVE, SAVED_SERVERS, GObject)

AlcoveSavedServers *alcove_saved_servers_new    (GSettings          *settings);
gboolean            alcove_saved_servers_keep   (AlcoveSavedServers *self,
                                                 AlcoveSavedServer  *server);
void                alcove_saved_servers_remove (AlcoveSavedServers *self,
                                                 const char         *key);
guint               alcove_saved_servers_find   (AlcoveSavedServers *self,
                                                 const char         *key);

G_END_DECLS
