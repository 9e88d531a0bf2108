/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-server-fields"

#include "config.h"

#include "alcove-server-fields.h"

#include <glib/gi18n.h>

#include "alcove-protocols.h"

/**
 * AlcoveServerFields:
 *
 * What is needed to reach a server: its protocol, its address, and what the protocol wants
 * to know besides. What is left out of the address is filled in by the protocol's own port
 * and path, which is shown.
 *
 * Signals: `changed`; `activated`: Enter was pressed.
 */

enum {
  CHANGED,
  ACTIVATED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

struct _AlcoveServerFields {
  AdwBin parent_instance;

  AdwComboRow *protocol_row;
  GtkEditable *address_row;
  AdwComboRow *role_row;
  GtkEditable *id_row;
  GtkLabel *note_label;
  GtkWidget *keep_button;
};

G_DEFINE_FINAL_TYPE (AlcoveServerFields, alcove_server_fields, ADW_TYPE_BIN)

static const AlcoveProtocol *
get_protocol (AlcoveServerFields *self)
{
  guint selected = adw_combo_row_get_selected (self->protocol_row);
  gsize n_protocols;
  const AlcoveProtocol *protocols = alcove_protocols_list (&n_protocols);

  return selected < n_protocols ? &protocols[selected] : &protocols[0];
}

static char *
dup_summary (const AlcoveProtocol *protocol)
{
  if (protocol->new_signaller != NULL)
    return g_strdup (_(protocol->summary));

  /* Translators: %s is a line on what a protocol is */
  return g_strdup_printf (_("%s. Not in this version yet"), _(protocol->summary));
}

static void
update (AlcoveServerFields *self)
{
  const AlcoveProtocol *protocol = get_protocol (self);
  g_autofree char *summary = dup_summary (protocol);
  g_autofree char *typed = alcove_server_fields_dup_address (self);
  g_autofree char *complete = alcove_protocols_complete_address (protocol->id, typed, NULL);
  g_autoptr (GString) note = g_string_new (summary);

  gtk_widget_set_visible (GTK_WIDGET (self->role_row), protocol->has_roles);
  gtk_widget_set_visible (GTK_WIDGET (self->id_row), protocol->id_hint != NULL);

  if (*typed == '\0')
    {
      g_string_append_c (note, '\n');
      /* Translators: an example of a server's address */
      g_string_append_printf (note, _("An address such as ws://example.org:%u%s"),
                              protocol->default_port, protocol->default_path);
    }
  else if (complete != NULL && !g_str_equal (complete, typed))
    {
      g_string_append_c (note, '\n');
      /* Translators: %s is a server's address with its port and path */
      g_string_append_printf (note, _("Connects to %s"), complete);
    }
  if (protocol->id_hint != NULL)
    {
      g_string_append_c (note, '\n');
      /* Translators: %s is a hint, beginning with a capital letter */
      g_string_append_printf (note, _("Your ID: %s"), _(protocol->id_hint));
    }
  gtk_label_set_text (self->note_label, note->str);

  g_signal_emit (self, signals[CHANGED], 0);
}

static void
activated_cb (AlcoveServerFields *self)
{
  g_signal_emit (self, signals[ACTIVATED], 0);
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);

  for (guint i = 0; i < 2; i++)
    {
      GtkWidget *label = gtk_label_new (NULL);

      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_label_set_wrap (GTK_LABEL (label), TRUE);
      gtk_label_set_max_width_chars (GTK_LABEL (label), 40);
      if (i == 1)
        {
          gtk_widget_add_css_class (label, "dim-label");
          gtk_widget_add_css_class (label, "caption");
        }
      gtk_box_append (GTK_BOX (box), label);
    }
  gtk_list_item_set_child (item, box);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem *item)
{
  guint position = gtk_list_item_get_position (item);
  GtkWidget *box = gtk_list_item_get_child (item);
  GtkWidget *title = gtk_widget_get_first_child (box);
  g_autofree char *summary = NULL;
  gsize n_protocols;
  const AlcoveProtocol *protocols = alcove_protocols_list (&n_protocols);
  gboolean usable;

  if (position >= n_protocols)
    return;

  usable = protocols[position].new_signaller != NULL;
  summary = dup_summary (&protocols[position]);
  gtk_label_set_text (GTK_LABEL (title), _(protocols[position].title));
  gtk_label_set_text (GTK_LABEL (gtk_widget_get_next_sibling (title)), summary);
  gtk_widget_set_sensitive (box, usable);
  gtk_list_item_set_selectable (item, usable);
  gtk_list_item_set_activatable (item, usable);
}

static void
alcove_server_fields_class_init (AlcoveServerFieldsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[ACTIVATED] = g_signal_new ("activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                     NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/alcove/Alcove/alcove-server-fields.ui");
  gtk_widget_class_bind_template_child (widget_class, AlcoveServerFields, protocol_row);
  gtk_widget_class_bind_template_child (widget_class, AlcoveServerFields, address_row);
  gtk_widget_class_bind_template_child (widget_class, AlcoveServerFields, role_row);
  gtk_widget_class_bind_template_child (widget_class, AlcoveServerFields, id_row);
  gtk_widget_class_bind_template_child (widget_class, AlcoveServerFields, note_label);
  gtk_widget_class_bind_template_child (widget_class, AlcoveServerFields, keep_button);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
}

static void
alcove_server_fields_init (AlcoveServerFields *self)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  gsize n_protocols;
  const AlcoveProtocol *protocols = alcove_protocols_list (&n_protocols);

  gtk_widget_init_template (GTK_WIDGET (self));

  for (gsize i = 0; i < n_protocols; i++)
    gtk_string_list_append (titles, _(protocols[i].title));
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  adw_combo_row_set_list_factory (self->protocol_row, factory);
  adw_combo_row_set_model (self->protocol_row, G_LIST_MODEL (titles));
  update (self);
}

/**
 * alcove_server_fields_fill:
 * @self: the fields
 * @protocol: (nullable): a protocol id; %NULL to leave it as it is
 * @address: (nullable): a server's address; %NULL to leave it as it is
 * @role: our role
 * @id: (nullable): our id
 */
void
alcove_server_fields_fill (AlcoveServerFields *self,
                           const char *protocol,
                           const char *address,
                           AlcoveRole role,
                           const char *id)
{
  gsize n_protocols;
  const AlcoveProtocol *protocols = alcove_protocols_list (&n_protocols);

  for (gsize i = 0; i < n_protocols; i++)
    if (g_strcmp0 (protocols[i].id, protocol) == 0)
      adw_combo_row_set_selected (self->protocol_row, (guint) i);
  if (address != NULL)
    gtk_editable_set_text (self->address_row, address);
  adw_combo_row_set_selected (self->role_row, role == ALCOVE_ROLE_DISPATCHER ? 1 : 0);
  gtk_editable_set_text (self->id_row, id != NULL ? id : "");
}

/**
 * alcove_server_fields_get_protocol:
 * @self: the fields
 *
 * Returns: (transfer none): the chosen protocol's id
 */
const char *
alcove_server_fields_get_protocol (AlcoveServerFields *self)
{
  return get_protocol (self)->id;
}

/**
 * alcove_server_fields_dup_address:
 * @self: the fields
 *
 * Returns: (transfer full): the address as typed, without blanks around it
 */
char *
alcove_server_fields_dup_address (AlcoveServerFields *self)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (self->address_row)));
}

/**
 * alcove_server_fields_get_role:
 * @self: the fields
 *
 * Returns: our role; that of a member where the protocol has none
 */
AlcoveRole
alcove_server_fields_get_role (AlcoveServerFields *self)
{
  return get_protocol (self)->has_roles && adw_combo_row_get_selected (self->role_row) == 1
             ? ALCOVE_ROLE_DISPATCHER
             : ALCOVE_ROLE_MEMBER;
}

/**
 * alcove_server_fields_dup_id:
 * @self: the fields
 *
 * Returns: (transfer full): our id; empty for a new one each time, and where the protocol has
 *   none to choose
 */
char *
alcove_server_fields_dup_id (AlcoveServerFields *self)
{
  return get_protocol (self)->id_hint != NULL
             ? g_strstrip (g_strdup (gtk_editable_get_text (self->id_row)))
             : g_strdup ("");
}

/**
 * alcove_server_fields_check:
 * @self: the fields
 * @error: where to put an error of %ALCOVE_ERROR, with a sentence for the person
 *
 * Returns: whether a connection could be tried with what is filled in
 */
gboolean
alcove_server_fields_check (AlcoveServerFields *self,
                            GError **error)
{
  g_autofree char *address = alcove_server_fields_dup_address (self);
  g_autofree char *id = alcove_server_fields_dup_id (self);
  g_autoptr (AlcoveSignaller) signaller
      = alcove_protocols_new_signaller (get_protocol (self)->id, address, error);

  return signaller != NULL && alcove_signaller_set_id (signaller, id, error);
}

/**
 * alcove_server_fields_set_can_keep:
 * @self: the fields
 * @can_keep: whether there is a button beside the address with the action `server.keep`
 */
void
alcove_server_fields_set_can_keep (AlcoveServerFields *self,
                                   gboolean can_keep)
{
  gtk_widget_set_visible (self->keep_button, can_keep);
}

/**
 * alcove_server_fields_get_note:
 * @self: the fields
 *
 * Returns: (transfer none): the lines below them, on the protocol and on where a connection
 *   would go
 */
const char *
alcove_server_fields_get_note (AlcoveServerFields *self)
{
  return gtk_label_get_text (self->note_label);
}
