/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-tile-menu"

#include "config.h"

#include "alcove-tile-menu.h"

#include <glib/gi18n.h>

/* What an action is for is somebody's id; our own is empty. */
static void
append (GMenu *menu,
        const char *label,
        const char *action,
        const char *id)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, action, "s", id);
  g_menu_append_item (menu, item);
}

/**
 * alcove_tile_menu_new:
 * @participant: (nullable): whose tile it is; %NULL for our own
 *
 * Returns: (transfer full): what can be done with it now
 */
GMenuModel *
alcove_tile_menu_new (AlcoveParticipant *participant)
{
  const char *id = participant != NULL ? alcove_participant_get_id (participant) : "";
  GMenu *menu = g_menu_new ();

  if (participant != NULL)
    append (menu, _("_Statistics"), "win.tile-statistics", id);
  append (menu, _("Save _Picture…"), "win.tile-save-picture", id);
  if (participant != NULL)
    append (menu,
            alcove_participant_get_recorded (participant) ? _("Stop _Recording") : _("_Record"),
            "win.tile-record", id);
  return G_MENU_MODEL (menu);
}
