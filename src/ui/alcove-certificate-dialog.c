/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-certificate-dialog"

#include "config.h"

#include "alcove-certificate-dialog.h"

/**
 * AlcoveCertificateDialog:
 *
 * Shows a certificate that could not be verified, for a person to accept or not.
 *
 * Signal `accepted (AlcoveTrustEntry)`: the person accepts it; the dialog goes by itself.
 */

enum {
  ACCEPTED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

struct _AlcoveCertificateDialog {
  AdwWindow parent_instance;

  AdwActionRow *server_row;
  AdwActionRow *problem_row;
  GtkLabel *fingerprint_label;
  GtkWidget *cancel_button;

  AlcoveTrustEntry *entry;
};

G_DEFINE_FINAL_TYPE (AlcoveCertificateDialog, alcove_certificate_dialog, ADW_TYPE_WINDOW)

static void
accept_action (GtkWidget *widget,
               const char *name,
               GVariant *parameter)
{
  AlcoveCertificateDialog *self = ALCOVE_CERTIFICATE_DIALOG (widget);

  g_signal_emit (self, signals[ACCEPTED], 0, self->entry);
  gtk_window_close (GTK_WINDOW (self));
}

static void
alcove_certificate_dialog_dispose (GObject *object)
{
  g_clear_object (&ALCOVE_CERTIFICATE_DIALOG (object)->entry);

  G_OBJECT_CLASS (alcove_certificate_dialog_parent_class)->dispose (object);
}

static void
alcove_certificate_dialog_class_init (AlcoveCertificateDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = alcove_certificate_dialog_dispose;

  signals[ACCEPTED] = g_signal_new ("accepted", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 1, ALCOVE_TYPE_TRUST_ENTRY);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/alcove/Alcove/alcove-certificate-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, AlcoveCertificateDialog, server_row);
  gtk_widget_class_bind_template_child (widget_class, AlcoveCertificateDialog, problem_row);
  gtk_widget_class_bind_template_child (widget_class, AlcoveCertificateDialog, fingerprint_label);
  gtk_widget_class_bind_template_child (widget_class, AlcoveCertificateDialog, cancel_button);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_install_action (widget_class, "certificate.accept", NULL, accept_action);
}

static void
alcove_certificate_dialog_init (AlcoveCertificateDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * alcove_certificate_dialog_new:
 * @parent: (nullable): the window that it belongs to
 * @entry: the certificate
 *
 * Returns: (transfer none): a dialog, not shown yet
 */
GtkWidget *
alcove_certificate_dialog_new (GtkWindow *parent,
                               AlcoveTrustEntry *entry)
{
  AlcoveCertificateDialog *self
      = g_object_new (ALCOVE_TYPE_CERTIFICATE_DIALOG, "transient-for", parent, NULL);
  g_autofree char *place = alcove_trust_entry_dup_place (entry);
  g_autofree char *problems = alcove_trust_entry_dup_problems_text (entry);
  const char *fingerprint = alcove_trust_entry_get_fingerprint (entry);
  g_autofree char *blocks = NULL;

  /* four lines of eight bytes, so that it can be compared by eye */
  blocks = g_strdup_printf ("%.23s\n%.23s\n%.23s\n%.23s", fingerprint, fingerprint + 24,
                            fingerprint + 48, fingerprint + 72);
  self->entry = g_object_ref (entry);
  adw_action_row_set_subtitle (self->server_row, place);
  adw_action_row_set_subtitle (self->problem_row, problems);
  gtk_label_set_text (self->fingerprint_label, blocks);
  gtk_window_set_focus (GTK_WINDOW (self), self->cancel_button);
  return GTK_WIDGET (self);
}
