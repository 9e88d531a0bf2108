/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-server-dialog"

#include "config.h"

#include "alcove-server-dialog.h"

#include <glib/gi18n.h>

#include "alcove-announce.h"
#include "alcove-certificate-dialog.h"
#include "alcove-error.h"
#include "alcove-server-fields.h"
#include "alcove-server-test.h"

/**
 * AlcoveServerDialog:
 *
 * Where a person describes a server to keep, and tries whether it answers.
 *
 * Signal `saved (AlcoveSavedServer)`: what was filled in is to be kept; the dialog goes by
 * itself.
 */

enum {
  SAVED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

struct _AlcoveServerDialog {
  AdwWindow parent_instance;

  GtkEditable *name_row;
  AlcoveServerFields *fields;
  GtkWidget *test_button;
  GtkSpinner *test_spinner;
  GtkLabel *test_label;
  GtkRevealer *result_revealer;
  GtkWidget *result_box;
  GtkImage *result_icon;
  GtkLabel *result_label;
  GtkWidget *certificate_button;

  AlcoveTrust *trust;
  AlcoveTrustEntry *refused;
  GCancellable *cancellable;
  char *key;
};

G_DEFINE_FINAL_TYPE (AlcoveServerDialog, alcove_server_dialog, ADW_TYPE_WINDOW)

static void
show_result (AlcoveServerDialog *self,
             const char *text,
             gboolean good)
{
  gtk_label_set_text (self->result_label, text != NULL ? text : "");
  gtk_image_set_from_icon_name (self->result_icon,
                                good ? "emblem-ok-symbolic" : "dialog-error-symbolic");
  if (good)
    gtk_widget_remove_css_class (self->result_box, "error");
  else
    gtk_widget_add_css_class (self->result_box, "error");
  gtk_widget_set_visible (self->certificate_button, self->refused != NULL);
  gtk_revealer_set_reveal_child (self->result_revealer, text != NULL);
  if (text != NULL)
    alcove_announce (GTK_WIDGET (self), text);
}

static void
update (AlcoveServerDialog *self)
{
  g_autofree char *address = alcove_server_fields_dup_address (self->fields);
  gboolean testing = self->cancellable != NULL;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "server.save", *address != '\0');
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "server.test", *address != '\0');
  gtk_widget_set_visible (GTK_WIDGET (self->test_spinner), testing);
  gtk_spinner_set_spinning (self->test_spinner, testing);
  gtk_label_set_text (self->test_label, testing ? _("Cancel Test") : _("Test Connection"));
}

static void
stop_test (AlcoveServerDialog *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

/* What was found out is not about what is filled in now. */
static void
changed_cb (AlcoveServerDialog *self)
{
  stop_test (self);
  g_clear_object (&self->refused);
  show_result (self, NULL, TRUE);
  update (self);
}

static void
tested_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (AlcoveServerDialog) self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = alcove_server_test_finish (result, &error);

  /* whoever cancelled has moved on already */
  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;

  g_clear_object (&self->cancellable);
  if (error != NULL && g_error_matches (error, ALCOVE_ERROR, ALCOVE_ERROR_TLS))
    g_set_object (&self->refused, alcove_trust_get_refused (self->trust));
  show_result (self, error != NULL ? error->message : text, error == NULL);
  update (self);
}

static void
test_action (GtkWidget *widget,
             const char *name,
             GVariant *parameter)
{
  AlcoveServerDialog *self = ALCOVE_SERVER_DIALOG (widget);

  if (self->cancellable != NULL)
    changed_cb (self);
  else
    alcove_server_dialog_test (self);
}

static void
save_action (GtkWidget *widget,
             const char *name,
             GVariant *parameter)
{
  alcove_server_dialog_save (ALCOVE_SERVER_DIALOG (widget));
}

static void
accepted_cb (AlcoveServerDialog *self,
             AlcoveTrustEntry *entry)
{
  alcove_trust_add (self->trust, entry);
  alcove_server_dialog_test (self);
}

static void
certificate_action (GtkWidget *widget,
                    const char *name,
                    GVariant *parameter)
{
  AlcoveServerDialog *self = ALCOVE_SERVER_DIALOG (widget);
  GtkWidget *dialog;

  if (self->refused == NULL)
    return;

  dialog = alcove_certificate_dialog_new (GTK_WINDOW (self), self->refused);
  g_signal_connect_object (dialog, "accepted", G_CALLBACK (accepted_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
alcove_server_dialog_dispose (GObject *object)
{
  AlcoveServerDialog *self = ALCOVE_SERVER_DIALOG (object);

  stop_test (self);
  g_clear_object (&self->trust);
  g_clear_object (&self->refused);

  G_OBJECT_CLASS (alcove_server_dialog_parent_class)->dispose (object);
}

static void
alcove_server_dialog_finalize (GObject *object)
{
  g_free (ALCOVE_SERVER_DIALOG (object)->key);

  G_OBJECT_CLASS (alcove_server_dialog_parent_class)->finalize (object);
}

static gboolean
alcove_server_dialog_close_request (GtkWindow *window)
{
  stop_test (ALCOVE_SERVER_DIALOG (window));

  return GTK_WINDOW_CLASS (alcove_server_dialog_parent_class)->close_request (window);
}

static void
alcove_server_dialog_class_init (AlcoveServerDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = alcove_server_dialog_dispose;
  object_class->finalize = alcove_server_dialog_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = alcove_server_dialog_close_request;

  signals[SAVED] = g_signal_new ("saved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, ALCOVE_TYPE_SAVED_SERVER);

  g_type_ensure (ALCOVE_TYPE_SERVER_FIELDS);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/alcove/Alcove/alcove-server-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, AlcoveServerDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, AlcoveServerDialog, fields);
  gtk_widget_class_bind_template_child (widget_class, AlcoveServerDialog, test_button);
  gtk_widget_class_bind_template_child (widget_class, AlcoveServerDialog, test_spinner);
  gtk_widget_class_bind_template_child (widget_class, AlcoveServerDialog, test_label);
  gtk_widget_class_bind_template_child (widget_class, AlcoveServerDialog, result_revealer);
  gtk_widget_class_bind_template_child (widget_class, AlcoveServerDialog, result_box);
  gtk_widget_class_bind_template_child (widget_class, AlcoveServerDialog, result_icon);
  gtk_widget_class_bind_template_child (widget_class, AlcoveServerDialog, result_label);
  gtk_widget_class_bind_template_child (widget_class, AlcoveServerDialog, certificate_button);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);

  gtk_widget_class_install_action (widget_class, "server.save", NULL, save_action);
  gtk_widget_class_install_action (widget_class, "server.test", NULL, test_action);
  gtk_widget_class_install_action (widget_class, "server.certificate", NULL, certificate_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
alcove_server_dialog_init (AlcoveServerDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  update (self);
}

/**
 * alcove_server_dialog_new:
 * @parent: (nullable): the window that it belongs to
 * @trust: the certificates accepted as exceptions; what is accepted here is added
 * @server: (nullable): what to begin with
 * @kept: whether @server is one that is kept already, and is edited
 *
 * Returns: (transfer none): a dialog, not shown yet
 */
GtkWidget *
alcove_server_dialog_new (GtkWindow *parent,
                          AlcoveTrust *trust,
                          AlcoveSavedServer *server,
                          gboolean kept)
{
  AlcoveServerDialog *self
      = g_object_new (ALCOVE_TYPE_SERVER_DIALOG, "transient-for", parent, NULL);

  self->trust = g_object_ref (trust);
  gtk_window_set_title (GTK_WINDOW (self), kept ? _("Edit Server") : _("Add Server"));
  if (server != NULL)
    {
      alcove_server_fields_fill (self->fields, alcove_saved_server_get_protocol (server),
                                 alcove_saved_server_get_address (server),
                                 alcove_saved_server_get_role (server),
                                 alcove_saved_server_get_id (server));
      if (kept)
        {
          self->key = g_strdup (alcove_saved_server_get_key (server));
          gtk_editable_set_text (self->name_row, alcove_saved_server_get_name (server));
        }
    }
  update (self);

  return GTK_WIDGET (self);
}

/**
 * alcove_server_dialog_test:
 * @self: a dialog
 *
 * Tries the server that is filled in, and shows what became of it.
 */
void
alcove_server_dialog_test (AlcoveServerDialog *self)
{
  g_autofree char *address = alcove_server_fields_dup_address (self->fields);
  g_autoptr (GError) error = NULL;

  changed_cb (self);
  if (!alcove_server_fields_check (self->fields, &error))
    {
      show_result (self, error->message, FALSE);
      return;
    }

  self->cancellable = g_cancellable_new ();
  alcove_server_test_async (alcove_server_fields_get_protocol (self->fields), address, self->trust,
                            self->cancellable, tested_cb, g_object_ref (self));
  update (self);
}

/**
 * alcove_server_dialog_is_testing:
 * @self: a dialog
 *
 * Returns: whether an answer is still waited for
 */
gboolean
alcove_server_dialog_is_testing (AlcoveServerDialog *self)
{
  return self->cancellable != NULL;
}

/**
 * alcove_server_dialog_get_result:
 * @self: a dialog
 *
 * Returns: (transfer none): the sentence on what answered, or why nothing did; empty without any
 */
const char *
alcove_server_dialog_get_result (AlcoveServerDialog *self)
{
  return gtk_label_get_text (self->result_label);
}

/**
 * alcove_server_dialog_save:
 * @self: a dialog
 *
 * Hands out what is filled in and closes, or says why it can't be used.
 */
void
alcove_server_dialog_save (AlcoveServerDialog *self)
{
  g_autoptr (AlcoveSavedServer) server = NULL;
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (self->name_row)));
  g_autofree char *address = alcove_server_fields_dup_address (self->fields);
  g_autofree char *id = alcove_server_fields_dup_id (self->fields);
  g_autoptr (GError) error = NULL;

  if (!alcove_server_fields_check (self->fields, &error))
    {
      show_result (self, error->message, FALSE);
      return;
    }

  server = alcove_saved_server_new (self->key, name,
                                    alcove_server_fields_get_protocol (self->fields), address,
                                    alcove_server_fields_get_role (self->fields), id);
  g_signal_emit (self, signals[SAVED], 0, server);
  gtk_window_close (GTK_WINDOW (self));
}
