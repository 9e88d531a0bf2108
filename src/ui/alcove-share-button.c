/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-share-button"

#include "config.h"

#include "alcove-share-button.h"

#include <glib/gi18n.h>

/**
 * AlcoveShareButton:
 *
 * Shares the screen, or ends that, by the action `win.share-screen`. While it is about to begin it
 * shows so, and takes it back. Where it can't be done it says why.
 */

struct _AlcoveShareButton {
  AdwBin parent_instance;

  GtkWidget *button;
  GtkWidget *content;
  GtkWidget *icon;
  GtkWidget *spinner;
  AlcoveScreenShare *share;
};

G_DEFINE_FINAL_TYPE (AlcoveShareButton, alcove_share_button, ADW_TYPE_BIN)

static void
update (AlcoveShareButton *self)
{
  const char *obstacle = alcove_screen_share_get_obstacle (self->share);
  gboolean sharing = alcove_screen_share_get_sharing (self->share);
  gboolean starting = !sharing && alcove_screen_share_get_busy (self->share);
  const char *tooltip = _("Share the Screen (Ctrl+Shift+S)");
  const char *label = _("Share the screen");

  if (sharing)
    {
      tooltip = _("Stop Sharing the Screen (Ctrl+Shift+S)");
      label = _("Stop sharing the screen");
    }
  else if (starting)
    {
      tooltip = _("Cancel Sharing the Screen (Ctrl+Shift+S)");
      label = _("Cancel sharing the screen");
    }

  gtk_widget_set_tooltip_text (self->button, obstacle != NULL ? obstacle : tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  obstacle != NULL ? obstacle : "", -1);
  gtk_stack_set_visible_child (GTK_STACK (self->content), starting ? self->spinner : self->icon);
  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), starting);
  if (sharing)
    gtk_widget_add_css_class (self->button, "on");
  else
    gtk_widget_remove_css_class (self->button, "on");
}

static void
alcove_share_button_dispose (GObject *object)
{
  alcove_share_button_set_share (ALCOVE_SHARE_BUTTON (object), NULL);

  G_OBJECT_CLASS (alcove_share_button_parent_class)->dispose (object);
}

static void
alcove_share_button_class_init (AlcoveShareButtonClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = alcove_share_button_dispose;
}

static void
alcove_share_button_init (AlcoveShareButton *self)
{
  self->icon = gtk_image_new_from_icon_name ("screen-shared-symbolic");
  self->spinner = gtk_spinner_new ();
  self->content = gtk_stack_new ();
  gtk_stack_add_child (GTK_STACK (self->content), self->icon);
  gtk_stack_add_child (GTK_STACK (self->content), self->spinner);
  self->button = gtk_button_new ();
  gtk_button_set_child (GTK_BUTTON (self->button), self->content);
  /* which a button does on its own only for an icon given to it */
  gtk_widget_add_css_class (self->button, "image-button");
  gtk_widget_add_css_class (self->button, "circular");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->button), "win.share-screen");
  adw_bin_set_child (ADW_BIN (self), self->button);
}

/**
 * alcove_share_button_set_share:
 * @self: a button
 * @share: (nullable): what it shows the state of
 */
void
alcove_share_button_set_share (AlcoveShareButton *self,
                               AlcoveScreenShare *share)
{
  if (self->share == share)
    return;

  if (self->share != NULL)
    g_signal_handlers_disconnect_by_data (self->share, self);
  g_set_object (&self->share, share);
  if (share == NULL)
    return;

  g_signal_connect_swapped (share, "notify::sharing", G_CALLBACK (update), self);
  g_signal_connect_swapped (share, "notify::busy", G_CALLBACK (update), self);
  g_signal_connect_swapped (share, "notify::obstacle", G_CALLBACK (update), self);
  update (self);
}
