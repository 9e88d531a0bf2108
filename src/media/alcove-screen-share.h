/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define ALCOVE_TYPE_SCREEN_SHARE (alcove_screen_share_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveScreenShare, alcove_screen_share, ALCOVE, SCREEN_SHARE, GObject)

/**
 * AlcoveScreenShare:
 *
 * Our screen or a window of it in place of the camera. Belongs to an #AlcoveEngine; no link
 * notices the change.
 *
 * Properties, notified on the main context: `sharing` (read-only: the others see it), `busy`
 * (read-only: the person is being asked, or it is about to begin), `obstacle` (read-only, nullable:
 * why it can't be done here, as a sentence; see alcove_screen_share_check()), `token` (what the
 * next start may be given, to be kept; empty if nothing may).
 *
 * Signal `notice (GError)`: it could not begin, or the desktop has ended it. Not if the person
 * said no, or ended it here.
 */
void        alcove_screen_share_check        (AlcoveScreenShare *self);
void        alcove_screen_share_start        (AlcoveScreenShare *self,
                                              gboolean           ask);
void        alcove_screen_share_stop         (AlcoveScreenShare *self);
gboolean    alcove_screen_share_get_sharing  (AlcoveScreenShare *self);
gboolean    alcove_screen_share_get_busy     (AlcoveScreenShare *self);
const char *alcove_screen_share_get_obstacle (AlcoveScreenShare *self);
const char *alcove_screen_share_get_token    (AlcoveScreenShare *self);
void        alcove_screen_share_set_token    (AlcoveScreenShare *self,
                                              const char        *token);
void        alcove_screen_share_set_parent   (AlcoveScreenShare *self,
                                              const char        *parent);

G_END_DECLS
