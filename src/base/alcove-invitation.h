/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define ALCOVE_TYPE_INVITATION (alcove_invitation_get_type ())

/**
 * AlcoveInvitation:
 * @protocol: a protocol id such as `skyrtc`
 * @server: the server's address, a `ws`, `wss`, `http` or `https` URI
 * @room: the room's name, any text
 * @role: (nullable): what the invited one is there, `member` or `dispatcher`, where the protocol
 *   has roles
 *
 * What an `alcove:` link carries:
 * `alcove:join?protocol=skyrtc&server=ws%3A%2F%2Fhost%3A8888%2F&room=atrium`.
 */
typedef struct {
  char *protocol;
  char *server;
  char *room;
  char *role;
} AlcoveInvitation;

GType             alcove_invitation_get_type (void) G_GNUC_CONST;
AlcoveInvitation *alcove_invitation_new      (const char             *protocol,
                                              const char             *server,
                                              const char             *room);
void              alcove_invitation_set_role (AlcoveInvitation      *self,
                                              const char            *role);
AlcoveInvitation *alcove_invitation_parse    (const char             *text,
                                              GError                **error);
char             *alcove_invitation_to_text  (const AlcoveInvitation *self);
AlcoveInvitation *alcove_invitation_copy     (const AlcoveInvitation *self);
void              alcove_invitation_free     (AlcoveInvitation       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlcoveInvitation, alcove_invitation_free)

G_END_DECLS
