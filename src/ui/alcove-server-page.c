/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-server-page"

#include "config.h"

#include "alcove-server-page.h"

#include <glib/gi18n.h>

#include "alcove-join.h"
#include "alcove-server-dialog.h"
#include "alcove-trust-settings.h"

/**
 * AlcoveServerPage:
 *
 * The part of the preferences about servers: those that are kept, which of them is used, and
 * the certificates that were accepted although they could not be verified.
 */

struct _AlcoveServerPage {
  AdwPreferencesPage parent_instance;

  GtkListBox *server_list;
  GtkListBox *certificate_list;
  GtkWidget *certificate_group;
  /* the group of the rows' marks, so that one of them is set */
  GtkCheckButton *group;

  GSettings *settings;
  AlcoveSavedServers *servers;
  AlcoveTrust *trust;
  gboolean updating;
};

G_DEFINE_FINAL_TYPE (AlcoveServerPage, alcove_server_page, ADW_TYPE_PREFERENCES_PAGE)

static AlcoveSavedServer *
find_server (AlcoveServerPage *self,
             GVariant *key)
{
  return g_list_model_get_item (
      G_LIST_MODEL (self->servers),
      alcove_saved_servers_find (self->servers, g_variant_get_string (key, NULL)));
}

static void
saved_cb (AlcoveServerPage *self,
          AlcoveSavedServer *server)
{
  alcove_saved_servers_keep (self->servers, server);
}

static void
open_dialog (AlcoveServerPage *self,
             AlcoveSavedServer *server)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *dialog = alcove_server_dialog_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                                self->trust, server, server != NULL);

  g_signal_connect_object (dialog, "saved", G_CALLBACK (saved_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
add_action (GtkWidget *widget,
            const char *name,
            GVariant *parameter)
{
  open_dialog (ALCOVE_SERVER_PAGE (widget), NULL);
}

static void
edit_action (GtkWidget *widget,
             const char *name,
             GVariant *parameter)
{
  AlcoveServerPage *self = ALCOVE_SERVER_PAGE (widget);
  g_autoptr (AlcoveSavedServer) server = find_server (self, parameter);

  if (server != NULL)
    open_dialog (self, server);
}

static void
remove_action (GtkWidget *widget,
               const char *name,
               GVariant *parameter)
{
  alcove_saved_servers_remove (ALCOVE_SERVER_PAGE (widget)->servers,
                               g_variant_get_string (parameter, NULL));
}

static void
forget_action (GtkWidget *widget,
               const char *name,
               GVariant *parameter)
{
  AlcoveServerPage *self = ALCOVE_SERVER_PAGE (widget);
  g_autoptr (AlcoveTrustEntry) entry
      = g_list_model_get_item (G_LIST_MODEL (self->trust), g_variant_get_uint32 (parameter));

  if (entry != NULL)
    alcove_trust_remove (self->trust, entry);
}

/* The lobby goes by what was used last, so that is what choosing sets. */
static void
use (AlcoveServerPage *self,
     AlcoveSavedServer *server)
{
  g_settings_set_string (self->settings, "server", alcove_saved_server_get_address (server));
  g_settings_set_string (self->settings, "protocol", alcove_saved_server_get_protocol (server));
  g_settings_set_enum (self->settings, "role", alcove_saved_server_get_role (server));
  g_settings_set_string (self->settings, "own-id", alcove_saved_server_get_id (server));
  g_settings_set_enum (self->settings, "where", ALCOVE_WHERE_SERVER);
}

static void
toggled_cb (AlcoveServerPage *self,
            GtkCheckButton *mark)
{
  AlcoveSavedServer *server = g_object_get_data (G_OBJECT (mark), "alcove-server");

  if (!self->updating && gtk_check_button_get_active (mark))
    use (self, server);
}

static gboolean
is_used (AlcoveServerPage *self,
         AlcoveSavedServer *server)
{
  g_autofree char *address = g_settings_get_string (self->settings, "server");
  g_autofree char *protocol = g_settings_get_string (self->settings, "protocol");

  g_autofree char *id = g_settings_get_string (self->settings, "own-id");
  AlcoveRole role = (AlcoveRole) g_settings_get_enum (self->settings, "role");

  return alcove_saved_server_matches (server, protocol, address, role, id);
}

static GtkWidget *
new_button (const char *icon,
            const char *label,
            const char *action,
            GVariant *target)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, label);
  gtk_widget_add_css_class (button, "flat");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_actionable_set_action_target_value (GTK_ACTIONABLE (button), target);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  return button;
}

static GtkWidget *
new_server_row (gpointer item,
                gpointer data)
{
  AlcoveServerPage *self = data;
  AlcoveSavedServer *server = item;
  const char *key = alcove_saved_server_get_key (server);
  const char *name = alcove_saved_server_get_name (server);
  g_autofree char *subtitle = alcove_saved_server_dup_subtitle (server);
  /* Translators: %s is what a person calls a server */
  g_autofree char *use_label = g_strdup_printf (_("Use %s"), name);
  g_autofree char *edit_label = g_strdup_printf (_("Edit %s"), name);
  g_autofree char *remove_label = g_strdup_printf (_("Remove %s"), name);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *mark = gtk_check_button_new ();

  self->updating = TRUE;
  gtk_check_button_set_group (GTK_CHECK_BUTTON (mark), self->group);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (mark), is_used (self, server));
  self->updating = FALSE;
  gtk_widget_set_valign (mark, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (mark), GTK_ACCESSIBLE_PROPERTY_LABEL, use_label,
                                  -1);
  g_object_set_data_full (G_OBJECT (mark), "alcove-server", g_object_ref (server), g_object_unref);
  g_signal_connect_object (mark, "toggled", G_CALLBACK (toggled_cb), self, G_CONNECT_SWAPPED);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), mark);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), mark);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             new_button ("document-edit-symbolic", edit_label, "servers.edit",
                                         g_variant_new_string (key)));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             new_button ("user-trash-symbolic", remove_label, "servers.remove",
                                         g_variant_new_string (key)));
  return row;
}

static void
update_certificates (AlcoveServerPage *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->trust));
  GtkWidget *child;

  /* rebuilt as a whole: a row knows the position of its certificate */
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->certificate_list))) != NULL)
    gtk_list_box_remove (self->certificate_list, child);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (AlcoveTrustEntry) entry = g_list_model_get_item (G_LIST_MODEL (self->trust), i);
      g_autofree char *place = alcove_trust_entry_dup_place (entry);
      g_autofree char *problems = alcove_trust_entry_dup_problems_text (entry);
      g_autofree char *subtitle
          = g_strdup_printf ("%s\n%s", problems, alcove_trust_entry_get_fingerprint (entry));
      /* Translators: %s is a server's name and port */
      g_autofree char *label = g_strdup_printf (_("Do not accept the certificate of %s any more"),
                                                place);
      GtkWidget *row = adw_action_row_new ();

      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), place);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
      adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                                 new_button ("user-trash-symbolic", label, "servers.forget",
                                             g_variant_new_uint32 (i)));
      gtk_list_box_append (self->certificate_list, row);
    }
  gtk_widget_set_visible (self->certificate_group, n > 0);
}

static void
update_servers (AlcoveServerPage *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->server_list),
                          g_list_model_get_n_items (G_LIST_MODEL (self->servers)) > 0);
}

static void
alcove_server_page_dispose (GObject *object)
{
  AlcoveServerPage *self = ALCOVE_SERVER_PAGE (object);

  if (self->servers != NULL)
    g_signal_handlers_disconnect_by_data (self->servers, self);
  if (self->trust != NULL)
    g_signal_handlers_disconnect_by_data (self->trust, self);
  if (self->server_list != NULL)
    gtk_list_box_bind_model (self->server_list, NULL, NULL, NULL, NULL);
  self->server_list = NULL;
  g_clear_object (&self->group);
  g_clear_object (&self->servers);
  g_clear_object (&self->trust);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (alcove_server_page_parent_class)->dispose (object);
}

static void
alcove_server_page_class_init (AlcoveServerPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = alcove_server_page_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/alcove/Alcove/alcove-server-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AlcoveServerPage, server_list);
  gtk_widget_class_bind_template_child (widget_class, AlcoveServerPage, certificate_list);
  gtk_widget_class_bind_template_child (widget_class, AlcoveServerPage, certificate_group);

  gtk_widget_class_install_action (widget_class, "servers.add", NULL, add_action);
  gtk_widget_class_install_action (widget_class, "servers.edit", "s", edit_action);
  gtk_widget_class_install_action (widget_class, "servers.remove", "s", remove_action);
  gtk_widget_class_install_action (widget_class, "servers.forget", "u", forget_action);
}

static void
alcove_server_page_init (AlcoveServerPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->group = GTK_CHECK_BUTTON (g_object_ref_sink (gtk_check_button_new ()));
}

/**
 * alcove_server_page_set_settings:
 * @self: a page
 * @settings: the program's settings; set once
 */
void
alcove_server_page_set_settings (AlcoveServerPage *self,
                                 GSettings *settings)
{
  g_return_if_fail (self->settings == NULL);

  self->settings = g_object_ref (settings);
  self->servers = alcove_saved_servers_new (settings);
  self->trust = alcove_trust_settings_new (settings);
  gtk_list_box_bind_model (self->server_list, G_LIST_MODEL (self->servers), new_server_row, self,
                           NULL);
  g_signal_connect_swapped (self->servers, "items-changed", G_CALLBACK (update_servers), self);
  g_signal_connect_swapped (self->trust, "items-changed", G_CALLBACK (update_certificates), self);
  update_servers (self);
  update_certificates (self);
}

/**
 * alcove_server_page_get_servers:
 * @self: a page with settings
 *
 * Returns: (transfer none): the servers that are kept
 */
AlcoveSavedServers *
alcove_server_page_get_servers (AlcoveServerPage *self)
{
  return self->servers;
}

/**
 * alcove_server_page_get_trust:
 * @self: a page with settings
 *
 * Returns: (transfer none): the certificates that were accepted
 */
AlcoveTrust *
alcove_server_page_get_trust (AlcoveServerPage *self)
{
  return self->trust;
}
