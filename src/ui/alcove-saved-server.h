/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "alcove-signaller.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_SAVED_SERVER (alcove_saved_server_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveSavedServer, alcove_saved_server, ALCOVE, SAVED_SERVER, GObject)

AlcoveSavedServer *alcove_saved_server_new          (const char        *key,
                                                     const char        *name,
                                                     const char        *protocol,
                                                     const char        *address,
                                                     AlcoveRole         role,
                                                     const char        *id);
AlcoveSavedServer *alcove_saved_server_from_variant (GVariant          *variant);
GVariant          *alcove_saved_server_to_variant   (AlcoveSavedServer *self);
const char        *alcove_saved_server_get_key      (AlcoveSavedServer *self);
const char        *alcove_saved_server_get_name     (AlcoveSavedServer *self);
const char        *alcove_saved_server_get_protocol (AlcoveSavedServer *self);
const char        *alcove_saved_server_get_address  (AlcoveSavedServer *self);
AlcoveRole         alcove_saved_server_get_role     (AlcoveSavedServer *self);
const char        *alcove_saved_server_get_id       (AlcoveSavedServer *self);
gboolean           alcove_saved_server_matches      (AlcoveSavedServer *self,
                                                     const char        *protocol,
                                                     const char        *address,
                                                     AlcoveRole         role,
                                                     const char        *id);
char              *alcove_saved_server_dup_subtitle (AlcoveSavedServer *self);

G_END_DECLS
