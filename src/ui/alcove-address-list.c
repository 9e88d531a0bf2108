/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-address-list"

#include "config.h"

#include "alcove-address-list.h"

#include <glib/gi18n.h>

/**
 * AlcoveAddressList:
 *
 * The addresses under which others find a room that is open to the network, each with
 * a button that copies it. Follows the network while it is shown.
 */

struct _AlcoveAddressList {
  AdwBin parent_instance;

  GtkWidget *box;

  AlcoveHost *host;
  GNetworkMonitor *monitor;
  gulong monitor_id;
  GStrv uris;
};

G_DEFINE_FINAL_TYPE (AlcoveAddressList, alcove_address_list, ADW_TYPE_BIN)

static void
append_uri (AlcoveAddressList *self,
            const char *uri)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *button = gtk_button_new_from_icon_name ("edit-copy-symbolic");
  GtkWidget *label = gtk_label_new (uri);
  /* Translators: %s is the address of a server */
  g_autofree char *name = g_strdup_printf (_("Copy %s"), uri);

  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (label, "numeric");

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _("Copy Address"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.copy-address");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", uri);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);

  gtk_box_append (GTK_BOX (row), label);
  gtk_box_append (GTK_BOX (row), button);
  gtk_box_append (GTK_BOX (self->box), row);
}

static void
append_nothing (AlcoveAddressList *self)
{
  GtkWidget *label = gtk_label_new (_("This computer is not connected to a network."));

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_box_append (GTK_BOX (self->box), label);
}

static void
alcove_address_list_map (GtkWidget *widget)
{
  AlcoveAddressList *self = ALCOVE_ADDRESS_LIST (widget);

  GTK_WIDGET_CLASS (alcove_address_list_parent_class)->map (widget);

  self->monitor_id = g_signal_connect_swapped (self->monitor, "network-changed",
                                               G_CALLBACK (alcove_address_list_update), self);
  alcove_address_list_update (self);
}

static void
alcove_address_list_unmap (GtkWidget *widget)
{
  AlcoveAddressList *self = ALCOVE_ADDRESS_LIST (widget);

  g_clear_signal_handler (&self->monitor_id, self->monitor);

  GTK_WIDGET_CLASS (alcove_address_list_parent_class)->unmap (widget);
}

static void
alcove_address_list_dispose (GObject *object)
{
  AlcoveAddressList *self = ALCOVE_ADDRESS_LIST (object);

  g_clear_signal_handler (&self->monitor_id, self->monitor);
  g_clear_object (&self->host);

  G_OBJECT_CLASS (alcove_address_list_parent_class)->dispose (object);
}

static void
alcove_address_list_finalize (GObject *object)
{
  AlcoveAddressList *self = ALCOVE_ADDRESS_LIST (object);

  g_clear_object (&self->monitor);
  g_strfreev (self->uris);

  G_OBJECT_CLASS (alcove_address_list_parent_class)->finalize (object);
}

static void
alcove_address_list_class_init (AlcoveAddressListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = alcove_address_list_dispose;
  object_class->finalize = alcove_address_list_finalize;
  widget_class->map = alcove_address_list_map;
  widget_class->unmap = alcove_address_list_unmap;
}

static void
alcove_address_list_init (AlcoveAddressList *self)
{
  self->monitor = g_object_ref (g_network_monitor_get_default ());
  self->uris = g_new0 (char *, 1);
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  adw_bin_set_child (ADW_BIN (self), self->box);
}

/**
 * alcove_address_list_set_host:
 * @self: a list
 * @host: the embedded server
 */
void
alcove_address_list_set_host (AlcoveAddressList *self,
                              AlcoveHost *host)
{
  if (g_set_object (&self->host, host))
    alcove_address_list_update (self);
}

/**
 * alcove_address_list_update:
 * @self: a list
 *
 * Looks again at which port @self's host listens or is going to listen, and under which
 * addresses. What did not change keeps its widgets, and with them focus and selection.
 */
void
alcove_address_list_update (AlcoveAddressList *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) addresses = NULL;
  g_auto (GStrv) uris = NULL;
  GtkWidget *child;
  guint port;

  if (self->host == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;

  port = alcove_host_plan_port (self->host);
  addresses = alcove_host_list_addresses ();
  for (gsize i = 0; addresses[i] != NULL; i++)
    {
      g_autofree char *uri = alcove_host_format_uri (addresses[i], port);

      g_strv_builder_add (builder, uri);
    }
  uris = g_strv_builder_end (builder);

  if (gtk_widget_get_first_child (self->box) != NULL
      && g_strv_equal ((const char *const *) uris, (const char *const *) self->uris))
    return;

  while ((child = gtk_widget_get_first_child (self->box)) != NULL)
    gtk_box_remove (GTK_BOX (self->box), child);
  for (gsize i = 0; uris[i] != NULL; i++)
    append_uri (self, uris[i]);
  if (uris[0] == NULL)
    append_nothing (self);

  g_strfreev (self->uris);
  self->uris = g_steal_pointer (&uris);
}
