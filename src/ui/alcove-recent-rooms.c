/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-recent-rooms"

#include "config.h"

#include "alcove-recent-rooms.h"

#include <glib/gi18n.h>

#include "alcove-join.h"

/**
 * AlcoveRecentRooms:
 *
 * The rooms that were joined lately, each a button; hidden while there is none.
 *
 * Signal `chosen (room)`: the button of a room was pressed.
 */

/* of a room's name, in characters */
#define NAME_WIDTH 18
#define SPACING 6

enum {
  CHOSEN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

struct _AlcoveRecentRooms {
  AdwBin parent_instance;

  GtkFlowBox *box;

  GSettings *settings;
};

G_DEFINE_FINAL_TYPE (AlcoveRecentRooms, alcove_recent_rooms, ADW_TYPE_BIN)

static void
clicked_cb (AlcoveRecentRooms *self,
            GtkButton *button)
{
  GtkWidget *label = gtk_button_get_child (button);
  g_autofree char *room = g_strdup (gtk_label_get_text (GTK_LABEL (label)));

  g_signal_emit (self, signals[CHOSEN], 0, room);
}

static void
append_room (AlcoveRecentRooms *self,
             const char *room)
{
  GtkWidget *label = gtk_label_new (room);
  GtkWidget *button = gtk_button_new ();
  /* Translators: %s is the name of a room */
  g_autofree char *tooltip = g_strdup_printf (_("Join “%s”"), room);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), NAME_WIDTH);
  gtk_button_set_child (GTK_BUTTON (button), label);
  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_widget_add_css_class (button, "recent");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, tooltip,
                                  -1);
  g_signal_connect_object (button, "clicked", G_CALLBACK (clicked_cb), self, G_CONNECT_SWAPPED);
  gtk_flow_box_insert (self->box, button, -1);
  /* the button takes the focus, not the place it is in */
  gtk_widget_set_focusable (gtk_widget_get_parent (button), FALSE);
}

static void
update (AlcoveRecentRooms *self)
{
  g_auto (GStrv) rooms = g_settings_get_strv (self->settings, "recent-rooms");
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->box))) != NULL)
    gtk_flow_box_remove (self->box, child);

  for (gsize i = 0; rooms[i] != NULL && i < ALCOVE_JOIN_MAX_RECENT; i++)
    append_room (self, rooms[i]);

  gtk_widget_set_visible (GTK_WIDGET (self), rooms[0] != NULL);
}

static void
alcove_recent_rooms_dispose (GObject *object)
{
  AlcoveRecentRooms *self = ALCOVE_RECENT_ROOMS (object);

  if (self->settings != NULL)
    g_signal_handlers_disconnect_by_data (self->settings, self);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (alcove_recent_rooms_parent_class)->dispose (object);
}

static void
alcove_recent_rooms_class_init (AlcoveRecentRoomsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = alcove_recent_rooms_dispose;

  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
alcove_recent_rooms_init (AlcoveRecentRooms *self)
{
  self->box = GTK_FLOW_BOX (gtk_flow_box_new ());
  gtk_flow_box_set_selection_mode (self->box, GTK_SELECTION_NONE);
  gtk_flow_box_set_row_spacing (self->box, SPACING);
  gtk_flow_box_set_column_spacing (self->box, SPACING);
  gtk_flow_box_set_max_children_per_line (self->box, ALCOVE_JOIN_MAX_RECENT);
  gtk_widget_set_halign (GTK_WIDGET (self->box), GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->box), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Recent rooms"), -1);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->box));
}

/**
 * alcove_recent_rooms_set_settings:
 * @self: a list of rooms
 * @settings: the program's settings, whose `recent-rooms` are shown; set once
 */
void
alcove_recent_rooms_set_settings (AlcoveRecentRooms *self,
                                  GSettings *settings)
{
  g_return_if_fail (self->settings == NULL);

  self->settings = g_object_ref (settings);
  g_signal_connect_swapped (settings, "changed::recent-rooms", G_CALLBACK (update), self);
  update (self);
}
