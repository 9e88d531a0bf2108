/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-server-chooser"

#include "config.h"

#include "alcove-server-chooser.h"

#include <glib/gi18n.h>

#include "alcove-saved-servers.h"
#include "alcove-server-dialog.h"
#include "alcove-server-fields.h"
#include "alcove-trust-settings.h"

/**
 * AlcoveServerChooser:
 *
 * One of the servers that are kept, or an address to type.
 *
 * Signals: `changed`; `activated`: Enter was pressed.
 */

enum {
  CHANGED,
  ACTIVATED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

struct _AlcoveServerChooser {
  AdwBin parent_instance;

  GtkWidget *saved_group;
  AdwComboRow *saved_row;
  GtkWidget *edit_button;
  GtkLabel *place_label;
  AlcoveServerFields *fields;

  GSettings *settings;
  AlcoveSavedServers *servers;
  GtkStringList *names;
  gboolean updating;
};

G_DEFINE_FINAL_TYPE (AlcoveServerChooser, alcove_server_chooser, ADW_TYPE_BIN)

/* The chosen one, or NULL for an address to type, which is the last choice. */
static AlcoveSavedServer *
dup_chosen (AlcoveServerChooser *self)
{
  guint selected = adw_combo_row_get_selected (self->saved_row);

  return self->servers != NULL ? g_list_model_get_item (G_LIST_MODEL (self->servers), selected)
                               : NULL;
}

static void
update (AlcoveServerChooser *self)
{
  g_autoptr (AlcoveSavedServer) chosen = NULL;
  g_autofree char *subtitle = NULL;

  if (self->updating)
    return;

  chosen = dup_chosen (self);
  subtitle = chosen != NULL ? alcove_saved_server_dup_subtitle (chosen) : NULL;
  gtk_widget_set_visible (GTK_WIDGET (self->fields), chosen == NULL);
  gtk_label_set_text (self->place_label, subtitle != NULL ? subtitle : "");
  gtk_widget_set_visible (GTK_WIDGET (self->place_label), chosen != NULL);
  gtk_widget_set_visible (self->edit_button, chosen != NULL);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
activated_cb (AlcoveServerChooser *self)
{
  g_signal_emit (self, signals[ACTIVATED], 0);
}

/* Names anew; what was chosen stays, as long as it is there. */
static void
servers_cb (AlcoveServerChooser *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->servers));
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) names = NULL;
  g_autoptr (AlcoveJoin) join = alcove_join_new ();

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (AlcoveSavedServer) server = g_list_model_get_item (G_LIST_MODEL (self->servers), i);

      g_strv_builder_add (builder, alcove_saved_server_get_name (server));
    }
  g_strv_builder_add (builder, _("Another address"));
  names = g_strv_builder_end (builder);

  join->server = alcove_server_fields_dup_address (self->fields);
  join->protocol = g_strdup (alcove_server_fields_get_protocol (self->fields));
  join->role = alcove_server_fields_get_role (self->fields);
  join->id = alcove_server_fields_dup_id (self->fields);

  self->updating = TRUE;
  gtk_widget_set_visible (self->saved_group, n > 0);
  gtk_string_list_splice (self->names, 0, g_list_model_get_n_items (G_LIST_MODEL (self->names)),
                          (const char *const *) names);
  self->updating = FALSE;
  alcove_server_chooser_fill (self, join);
}

/* The fields follow what is chosen, so that they say all there is to know at any time. */
static void
selected_cb (AlcoveServerChooser *self)
{
  g_autoptr (AlcoveSavedServer) chosen = NULL;

  if (self->updating)
    return;

  chosen = dup_chosen (self);
  if (chosen != NULL)
    alcove_server_fields_fill (self->fields, alcove_saved_server_get_protocol (chosen),
                               alcove_saved_server_get_address (chosen),
                               alcove_saved_server_get_role (chosen),
                               alcove_saved_server_get_id (chosen));
  update (self);
}

/* Another window, or the preferences, have chosen. */
static void
setting_cb (AlcoveServerChooser *self)
{
  g_autoptr (AlcoveJoin) join = NULL;

  if (self->updating)
    return;

  join = alcove_join_new ();
  join->server = g_settings_get_string (self->settings, "server");
  join->protocol = g_settings_get_string (self->settings, "protocol");
  join->role = (AlcoveRole) g_settings_get_enum (self->settings, "role");
  join->id = g_settings_get_string (self->settings, "own-id");
  alcove_server_chooser_fill (self, join);
}

static void
saved_cb (AlcoveServerChooser *self,
          AlcoveSavedServer *server)
{
  /* first, so that it is found as what is chosen */
  alcove_server_fields_fill (self->fields, alcove_saved_server_get_protocol (server),
                             alcove_saved_server_get_address (server),
                             alcove_saved_server_get_role (server),
                             alcove_saved_server_get_id (server));
  alcove_saved_servers_keep (self->servers, server);
}

static void
keep_action (GtkWidget *widget,
             const char *name,
             GVariant *parameter)
{
  AlcoveServerChooser *self = ALCOVE_SERVER_CHOOSER (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  g_autoptr (AlcoveSavedServer) chosen = dup_chosen (self);
  g_autoptr (AlcoveSavedServer) typed = NULL;
  g_autoptr (AlcoveTrust) trust = NULL;
  GtkWidget *dialog;

  if (self->settings == NULL)
    return;

  if (chosen == NULL)
    {
      g_autofree char *address = alcove_server_fields_dup_address (self->fields);
      g_autofree char *id = alcove_server_fields_dup_id (self->fields);

      typed = alcove_saved_server_new (NULL, NULL, alcove_server_fields_get_protocol (self->fields),
                                       address, alcove_server_fields_get_role (self->fields), id);
    }
  trust = alcove_trust_settings_new (self->settings);
  dialog = alcove_server_dialog_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, trust,
                                     chosen != NULL ? chosen : typed, chosen != NULL);
  g_signal_connect_object (dialog, "saved", G_CALLBACK (saved_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
alcove_server_chooser_dispose (GObject *object)
{
  AlcoveServerChooser *self = ALCOVE_SERVER_CHOOSER (object);

  if (self->settings != NULL)
    g_signal_handlers_disconnect_by_data (self->settings, self);
  if (self->servers != NULL)
    g_signal_handlers_disconnect_by_data (self->servers, self);
  g_clear_object (&self->settings);
  g_clear_object (&self->servers);
  g_clear_object (&self->names);

  G_OBJECT_CLASS (alcove_server_chooser_parent_class)->dispose (object);
}

static void
alcove_server_chooser_class_init (AlcoveServerChooserClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = alcove_server_chooser_dispose;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[ACTIVATED] = g_signal_new ("activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                     NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (ALCOVE_TYPE_SERVER_FIELDS);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/alcove/Alcove/alcove-server-chooser.ui");
  gtk_widget_class_bind_template_child (widget_class, AlcoveServerChooser, saved_row);
  gtk_widget_class_bind_template_child (widget_class, AlcoveServerChooser, edit_button);
  gtk_widget_class_bind_template_child (widget_class, AlcoveServerChooser, saved_group);
  gtk_widget_class_bind_template_child (widget_class, AlcoveServerChooser, place_label);
  gtk_widget_class_bind_template_child (widget_class, AlcoveServerChooser, fields);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_install_action (widget_class, "server.keep", NULL, keep_action);
}

static void
alcove_server_chooser_init (AlcoveServerChooser *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->names = gtk_string_list_new (NULL);
  alcove_server_fields_set_can_keep (self->fields, TRUE);
  adw_combo_row_set_model (self->saved_row, G_LIST_MODEL (self->names));
}

/**
 * alcove_server_chooser_set_settings:
 * @self: a chooser
 * @settings: the program's settings; set once
 */
void
alcove_server_chooser_set_settings (AlcoveServerChooser *self,
                                    GSettings *settings)
{
  static const char *const keys[] = { "changed::server", "changed::protocol", "changed::role",
                                      "changed::own-id" };

  g_return_if_fail (self->settings == NULL);

  self->settings = g_object_ref (settings);
  self->servers = alcove_saved_servers_new (settings);
  g_signal_connect_swapped (self->servers, "items-changed", G_CALLBACK (servers_cb), self);
  servers_cb (self);
  setting_cb (self);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    g_signal_connect_swapped (settings, keys[i], G_CALLBACK (setting_cb), self);
}

/**
 * alcove_server_chooser_fill:
 * @self: a chooser
 * @join: what leads to a server; %NULL fields stay as they are
 *
 * Chooses the server that is kept, if there is such a one; else fills the address in.
 */
void
alcove_server_chooser_fill (AlcoveServerChooser *self,
                            const AlcoveJoin *join)
{
  guint n = self->servers != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->servers)) : 0;
  g_autofree char *address = NULL;
  guint found = 0;

  self->updating = TRUE;
  if (join->server != NULL || join->role != ALCOVE_ROLE_MEMBER || join->protocol != NULL)
    alcove_server_fields_fill (self->fields, join->protocol, join->server, join->role, join->id);
  address = alcove_server_fields_dup_address (self->fields);
  for (; found < n; found++)
    {
      g_autoptr (AlcoveSavedServer) server
          = g_list_model_get_item (G_LIST_MODEL (self->servers), found);
      g_autofree char *id = alcove_server_fields_dup_id (self->fields);

      if (alcove_saved_server_matches (server, alcove_server_fields_get_protocol (self->fields),
                                       address, alcove_server_fields_get_role (self->fields), id))
        break;
    }
  adw_combo_row_set_selected (self->saved_row, found);
  self->updating = FALSE;
  update (self);
}

/**
 * alcove_server_chooser_read:
 * @self: a chooser
 * @join: (inout): gets the server, its protocol and what that needs
 */
void
alcove_server_chooser_read (AlcoveServerChooser *self,
                            AlcoveJoin *join)
{
  g_free (join->server);
  join->server = alcove_server_fields_dup_address (self->fields);
  g_free (join->protocol);
  join->protocol = g_strdup (alcove_server_fields_get_protocol (self->fields));
  g_free (join->id);
  join->id = alcove_server_fields_dup_id (self->fields);
  join->role = alcove_server_fields_get_role (self->fields);
}

/**
 * alcove_server_chooser_save:
 * @self: a chooser with settings
 *
 * Keeps what is chosen for the next time.
 */
void
alcove_server_chooser_save (AlcoveServerChooser *self)
{
  g_autoptr (AlcoveJoin) join = alcove_join_new ();

  alcove_server_chooser_read (self, join);
  self->updating = TRUE;
  g_settings_set_string (self->settings, "server", join->server);
  g_settings_set_string (self->settings, "protocol", join->protocol);
  g_settings_set_enum (self->settings, "role", join->role);
  g_settings_set_string (self->settings, "own-id", join->id);
  self->updating = FALSE;
}
