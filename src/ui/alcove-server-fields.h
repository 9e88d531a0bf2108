/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "alcove-signaller.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_SERVER_FIELDS (alcove_server_fields_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveServerFields, alcove_server_fields, ALCOVE, SERVER_FIELDS, AdwBin)

void        alcove_server_fields_fill         (AlcoveServerFields *self,
                                               const char         *protocol,
                                               const char         *address,
                                               AlcoveRole          role,
                                               const char         *id);
const char *alcove_server_fields_get_protocol (AlcoveServerFields *self);
char       *alcove_server_fields_dup_address  (AlcoveServerFields *self);
AlcoveRole  alcove_server_fields_get_role     (AlcoveServerFields *self);
char       *alcove_server_fields_dup_id       (AlcoveServerFields *self);
gboolean    alcove_server_fields_check        (AlcoveServerFields *self,
                                               GError            **error);
void        alcove_server_fields_set_can_keep (AlcoveServerFields *self,
                                               gboolean            can_keep);
const char *alcove_server_fields_get_note     (AlcoveServerFields *self);

G_END_DECLS
