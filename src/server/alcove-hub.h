/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define ALCOVE_TYPE_HUB (alcove_hub_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveHub, alcove_hub, ALCOVE, HUB, GObject)

/* What a server of any protocol takes as the name of a room or the id of a member, in bytes. */
#define ALCOVE_HUB_MAX_ROOM 256
#define ALCOVE_HUB_MAX_ID 128

/**
 * AlcoveHubMember:
 *
 * Somebody in a room. Owned by the hub, valid until its `member-left` has been emitted.
 */
typedef struct _AlcoveHubMember AlcoveHubMember;

typedef struct _AlcoveBridge AlcoveBridge;

AlcoveHub       *alcove_hub_new         (guint            max_rooms,
                                         guint            max_members);
AlcoveHubMember *alcove_hub_join        (AlcoveHub       *self,
                                         const char      *room,
                                         const char      *id,
                                         gpointer         owner,
                                         gpointer         data,
                                         GError         **error);
void             alcove_hub_leave       (AlcoveHub       *self,
                                         AlcoveHubMember *member);
AlcoveHubMember *alcove_hub_find        (AlcoveHub       *self,
                                         const char      *id);
GPtrArray       *alcove_hub_get_members (AlcoveHub       *self,
                                         const char      *room);
guint            alcove_hub_get_n_rooms (AlcoveHub       *self);
AlcoveBridge    *alcove_hub_get_bridge  (AlcoveHub       *self);

const char *alcove_hub_member_get_id    (const AlcoveHubMember *member);
const char *alcove_hub_member_get_room  (const AlcoveHubMember *member);
gpointer    alcove_hub_member_get_owner (const AlcoveHubMember *member);
gpointer    alcove_hub_member_get_data  (const AlcoveHubMember *member);

G_END_DECLS
