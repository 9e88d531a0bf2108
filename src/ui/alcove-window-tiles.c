/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-window-tiles"

#include "config.h"

#include "alcove-stats-window.h"
#include "alcove-window-private.h"

/* What a person does with one tile, by its menu or by a shortcut. */

/* The window about @participant that is open already; with %NULL, that of anybody. */
static AlcoveStatsWindow *
find_statistics (AlcoveWindow *self,
                 AlcoveParticipant *participant)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (ALCOVE_IS_STATS_WINDOW (window)
          && gtk_window_get_transient_for (window) == GTK_WINDOW (self)
          && (participant == NULL
              || alcove_stats_window_get_participant (ALCOVE_STATS_WINDOW (window))
                     == participant))
        return ALCOVE_STATS_WINDOW (window);
    }

  return NULL;
}

static void
show_statistics (AlcoveWindow *self,
                 AlcoveParticipant *participant)
{
  AlcoveStatsWindow *open = find_statistics (self, participant);

  gtk_window_present (open != NULL ? GTK_WINDOW (open)
                                   : GTK_WINDOW (alcove_stats_window_new (GTK_WINDOW (self),
                                                                          participant)));
}

static void
statistics_action (GtkWidget *widget,
                   const char *name,
                   GVariant *parameter)
{
  AlcoveWindow *self = ALCOVE_WINDOW (widget);
  AlcoveTile *tile = alcove_stage_find_meant (alcove_room_page_get_stage (self->room_page));
  AlcoveParticipant *participant = tile != NULL ? alcove_tile_get_participant (tile) : NULL;

  /* there is no connection to ourselves */
  if (participant != NULL)
    show_statistics (self, participant);
}

/* The parameter is a participant's id. */
static void
tile_statistics_action (GtkWidget *widget,
                        const char *name,
                        GVariant *parameter)
{
  AlcoveWindow *self = ALCOVE_WINDOW (widget);
  AlcoveRoom *room = alcove_session_get_room (self->session);
  AlcoveParticipant *participant
      = room != NULL ? alcove_room_find (room, g_variant_get_string (parameter, NULL)) : NULL;

  if (participant != NULL)
    show_statistics (self, participant);
}

/**
 * alcove_window_install_tile_actions:
 * @widget_class: the class of windows
 */
void
alcove_window_install_tile_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.statistics", NULL, statistics_action);
  gtk_widget_class_install_action (widget_class, "win.tile-statistics", "s",
                                   tile_statistics_action);
}

/**
 * alcove_window_update_tile_actions:
 * @self: a window
 *
 * Enables them in a room. What is open about its people goes with it.
 */
void
alcove_window_update_tile_actions (AlcoveWindow *self)
{
  gboolean in_room = alcove_window_in_room (self) && !self->kiosk;
  AlcoveStatsWindow *open;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.statistics", in_room);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.tile-statistics", in_room);
  while (!in_room && (open = find_statistics (self, NULL)) != NULL)
    gtk_window_destroy (GTK_WINDOW (open));
}
