/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-window-tiles"

#include "config.h"

#include <glib/gi18n.h>

#include "alcove-pairs-window.h"
#include "alcove-save-picture.h"
#include "alcove-stats-window.h"
#include "alcove-tile-capture.h"
#include "alcove-window-private.h"

/* What a person does with one tile, by its menu or by a shortcut, and with all of them. */

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
  AlcoveRoom *room = alcove_session_get_room (self->session);
  AlcoveStatsWindow *open = find_statistics (self, participant);

  gtk_window_present (open != NULL ? GTK_WINDOW (open)
                                   : GTK_WINDOW (alcove_stats_window_new (GTK_WINDOW (self), room,
                                                                          participant)));
}

static void
statistics_action (GtkWidget *widget,
                   const char *name,
                   GVariant *parameter)
{
  AlcoveWindow *self = ALCOVE_WINDOW (widget);
  AlcoveRoom *room = alcove_session_get_room (self->session);
  AlcoveTile *tile = alcove_stage_find_meant (alcove_room_page_get_stage (self->room_page));
  AlcoveParticipant *participant = tile != NULL ? alcove_tile_get_participant (tile) : NULL;

  if (room == NULL)
    return;

  if (participant != NULL)
    show_statistics (self, participant);
  else if (g_list_model_get_n_items (G_LIST_MODEL (room)) == 0)
    alcove_window_show_toast (self, _("Nobody else is here, so there are no statistics yet."));
  else
    alcove_window_show_toast (self, _("There is no connection to yourself. Point at another picture "
                                      "for its statistics, or see Who Sees Whom (Ctrl+M)."));
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

static GtkWindow *
find_pairs (AlcoveWindow *self)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (ALCOVE_IS_PAIRS_WINDOW (window)
          && gtk_window_get_transient_for (window) == GTK_WINDOW (self))
        return window;
    }

  return NULL;
}

static void
pairs_action (GtkWidget *widget,
              const char *name,
              GVariant *parameter)
{
  AlcoveWindow *self = ALCOVE_WINDOW (widget);
  AlcoveRoom *room = alcove_session_get_room (self->session);
  GtkWindow *window = find_pairs (self);

  if (room == NULL)
    return;

  if (window == NULL)
    window = GTK_WINDOW (alcove_pairs_window_new (GTK_WINDOW (self), room));
  gtk_window_present (window);
}

static void
saved_cb (GObject *source,
          GAsyncResult *result,
          gpointer data)
{
  AlcoveWindow *self = ALCOVE_WINDOW (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = alcove_save_picture_finish (GTK_WINDOW (self), result, &error);
  g_autofree char *name = file != NULL ? g_file_get_basename (file) : NULL;
  g_autofree char *shown = name != NULL ? g_filename_display_name (name) : NULL;
  g_autofree char *text = NULL;

  if (self->closing || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  /* Translators: %s is the name of a file */
  text = shown != NULL ? g_strdup_printf (_("“%s” is saved"), shown) : g_strdup (error->message);
  alcove_window_show_toast (self, text);
}

static void
captured_cb (GObject *source,
             GAsyncResult *result,
             gpointer data)
{
  g_autoptr (AlcoveWindow) self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *file_name = NULL;
  g_autoptr (GdkTexture) texture
      = alcove_tile_capture_finish (ALCOVE_TILE (source), result, &file_name, &error);

  if (self->closing)
    return;

  if (texture != NULL)
    alcove_save_picture_async (GTK_WINDOW (self), texture, file_name, NULL, saved_cb, NULL);
  else
    alcove_window_show_toast (self, error->message);
}

/* The picture of this moment, however long the person thinks about a place for it. */
static void
save_picture (AlcoveWindow *self,
              AlcoveTile *tile)
{
  alcove_tile_capture_async (tile, NULL, captured_cb, g_object_ref (self));
}

static void
save_action (GtkWidget *widget,
             const char *name,
             GVariant *parameter)
{
  AlcoveWindow *self = ALCOVE_WINDOW (widget);
  AlcoveStage *stage = alcove_room_page_get_stage (self->room_page);
  AlcoveTile *tile
      = parameter != NULL ? alcove_stage_find_tile (stage, g_variant_get_string (parameter, NULL))
                          : alcove_stage_find_meant (stage);

  if (tile != NULL)
    save_picture (self, tile);
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
  gtk_widget_class_install_action (widget_class, "win.pairs", NULL, pairs_action);
  gtk_widget_class_install_action (widget_class, "win.save-picture", NULL, save_action);
  gtk_widget_class_install_action (widget_class, "win.tile-save-picture", "s", save_action);
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
  GtkWindow *pairs = in_room ? NULL : find_pairs (self);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.pairs", in_room);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.statistics", in_room);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.tile-statistics", in_room);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.save-picture", in_room);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.tile-save-picture", in_room);
  while (!in_room && (open = find_statistics (self, NULL)) != NULL)
    gtk_window_destroy (GTK_WINDOW (open));
  if (pairs != NULL)
    gtk_window_destroy (pairs);
}
