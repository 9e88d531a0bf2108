/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-tile-sound"

#include "config.h"

#include "alcove-tile-sound.h"

#include <glib/gi18n.h>

/* How loud somebody is to us: the part of a tile's menu that nobody else hears of. */

#define SLIDER "volume"
#define SLIDER_WIDTH 180
#define STEP 0.05
#define PAGE 0.25

static char *
format_cb (GtkScale *scale,
           double value,
           gpointer data)
{
  /* Translators: how loud somebody is played, in percent; %% is a percent sign */
  return g_strdup_printf (_("%d %%"), (int) (value * 100.0 + 0.5));
}

static GtkWidget *
make_slider (AlcoveParticipant *participant)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *icon = gtk_image_new_from_icon_name ("audio-volume-high-symbolic");
  GtkWidget *scale = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, 0.0,
                                               ALCOVE_PARTICIPANT_MAX_VOLUME, STEP);
  GtkAdjustment *adjustment = gtk_range_get_adjustment (GTK_RANGE (scale));

  gtk_adjustment_set_page_increment (adjustment, PAGE);
  gtk_scale_set_draw_value (GTK_SCALE (scale), TRUE);
  gtk_scale_set_value_pos (GTK_SCALE (scale), GTK_POS_RIGHT);
  gtk_scale_set_format_value_func (GTK_SCALE (scale), format_cb, NULL, NULL);
  gtk_widget_set_size_request (scale, SLIDER_WIDTH, -1);
  gtk_widget_set_hexpand (scale, TRUE);
  gtk_widget_set_tooltip_text (scale, _("Volume"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (scale), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Volume"), -1);
  g_object_bind_property (participant, "volume", adjustment, "value",
                          G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);

  gtk_widget_set_margin_start (box, 6);
  gtk_widget_set_margin_end (box, 6);
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), scale);
  return box;
}

/**
 * alcove_tile_sound_install:
 * @tile: the tile of @participant
 * @participant: whom it shows
 *
 * Gives @tile the action that alcove_tile_sound_fill() puts into its menu.
 */
void
alcove_tile_sound_install (GtkWidget *tile,
                           AlcoveParticipant *participant)
{
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  g_autoptr (GPropertyAction) mute
      = g_property_action_new ("mute-for-me", participant, "muted-for-me");

  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (mute));
  gtk_widget_insert_action_group (tile, "tile", G_ACTION_GROUP (group));
}

/**
 * alcove_tile_sound_fill:
 * @button: the menu button of a tile
 * @menu: what its menu has besides
 * @participant: whom the tile shows
 *
 * Lets @button show @menu, with a slider for the volume and the choice not to hear this one.
 */
void
alcove_tile_sound_fill (GtkMenuButton *button,
                        GMenu *menu,
                        AlcoveParticipant *participant)
{
  g_autoptr (GMenu) section = g_menu_new ();
  g_autoptr (GMenuItem) slider = g_menu_item_new (NULL, NULL);

  g_menu_item_set_attribute (slider, "custom", "s", SLIDER);
  g_menu_append_item (section, slider);
  /* Translators: not to hear one participant any more; the others still do */
  g_menu_append (section, _("_Mute for Me"), "tile.mute-for-me");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (section));

  gtk_menu_button_set_menu_model (button, G_MENU_MODEL (menu));
  gtk_popover_menu_add_child (GTK_POPOVER_MENU (gtk_menu_button_get_popover (button)),
                              make_slider (participant), SLIDER);
}
