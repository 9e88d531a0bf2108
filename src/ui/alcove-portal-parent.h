/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ALCOVE_TYPE_PORTAL_PARENT (alcove_portal_parent_get_type ())
G_DECLARE_FINAL_TYPE (AlcovePortalParent, alcove_portal_parent, ALCOVE, PORTAL_PARENT, GObject)

AlcovePortalParent *alcove_portal_parent_new        (GtkWindow          *window);
const char         *alcove_portal_parent_get_handle (AlcovePortalParent *self);

G_END_DECLS
