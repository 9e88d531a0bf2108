/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-room-controls"

#include "config.h"

#include "alcove-room-controls.h"

#include <glib/gi18n.h>

static void
set_label (GtkWidget *widget,
           const char *label)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
}

/**
 * alcove_room_controls_show:
 * @microphone: the button of the microphone
 * @muted: whether it is muted
 * @camera: the button of the camera
 * @camera_off: whether it is off
 *
 * Shows, and says to a screen reader, how they are and what a press does.
 */
void
alcove_room_controls_show (GtkWidget *microphone,
                           gboolean muted,
                           GtkWidget *camera,
                           gboolean camera_off)
{
  gtk_button_set_icon_name (GTK_BUTTON (microphone),
                            muted ? "microphone-sensitivity-muted-symbolic"
                                  : "microphone-sensitivity-high-symbolic");
  gtk_widget_set_tooltip_text (microphone, muted ? _("Turn Microphone On (Ctrl+D)")
                                                              : _("Mute Microphone (Ctrl+D)"));
  gtk_button_set_icon_name (GTK_BUTTON (camera), camera_off
                                                                  ? "camera-disabled-symbolic"
                                                                  : "camera-video-symbolic");
  gtk_widget_set_tooltip_text (camera, camera_off ? _("Turn Camera On (Ctrl+E)")
                                                               : _("Turn Camera Off (Ctrl+E)"));
  set_label (microphone,
             muted ? _("Turn microphone on") : _("Mute microphone"));
  set_label (camera, camera_off ? _("Turn camera on") : _("Turn camera off"));
  if (muted)
    gtk_widget_add_css_class (microphone, "off");
  else
    gtk_widget_remove_css_class (microphone, "off");
  if (camera_off)
    gtk_widget_add_css_class (camera, "off");
  else
    gtk_widget_remove_css_class (camera, "off");
}
