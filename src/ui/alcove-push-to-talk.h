/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ALCOVE_TYPE_PUSH_TO_TALK (alcove_push_to_talk_get_type ())
G_DECLARE_FINAL_TYPE (AlcovePushToTalk, alcove_push_to_talk, ALCOVE, PUSH_TO_TALK, GObject)

AlcovePushToTalk *alcove_push_to_talk_new         (GtkWidget        *page);
void              alcove_push_to_talk_set_enabled (AlcovePushToTalk *self,
                                                   gboolean          enabled);
gboolean          alcove_push_to_talk_get_talking (AlcovePushToTalk *self);

G_END_DECLS
