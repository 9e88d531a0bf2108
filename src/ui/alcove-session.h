/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "alcove-host.h"
#include "alcove-join.h"
#include "alcove-room.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_SESSION (alcove_session_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveSession, alcove_session, ALCOVE, SESSION, GObject)

AlcoveSession    *alcove_session_new            (AlcoveHost            *host,
                                                 AlcovePeerLinkFactory *factory);
void              alcove_session_set_factory    (AlcoveSession         *self,
                                                 AlcovePeerLinkFactory *factory);
void              alcove_session_set_trust      (AlcoveSession         *self,
                                                 AlcoveTrust           *trust);
void              alcove_session_join           (AlcoveSession         *self,
                                                 const AlcoveJoin      *join);
void              alcove_session_leave          (AlcoveSession         *self);
AlcoveRoom       *alcove_session_get_room       (AlcoveSession         *self);
const AlcoveJoin *alcove_session_get_join       (AlcoveSession         *self);
gboolean          alcove_session_get_leaving    (AlcoveSession         *self);
char             *alcove_session_dup_invitation (AlcoveSession         *self);

G_END_DECLS
