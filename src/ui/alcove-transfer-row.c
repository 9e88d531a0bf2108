/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-transfer-row"

#include "config.h"

#include "alcove-transfer-row.h"

#include <glib/gi18n.h>

/**
 * AlcoveTransferRow:
 *
 * A file on its way among the lines of chat: whose it is, how far it is, and what can be done
 * about it. Where an incoming one is saved the person says, and through the portal, so
 * that a sandbox opens for this one file alone.
 */

struct _AlcoveTransferRow {
  GtkListBoxRow parent_instance;

  GtkLabel *name_label;
  GtkLabel *time_label;
  GtkLabel *file_label;
  GtkLabel *status_label;
  GtkProgressBar *progress;
  GtkWidget *buttons;
  GtkWidget *save_button;
  GtkWidget *refuse_button;
  GtkWidget *cancel_button;

  AlcoveTransfer *transfer;
  GtkFileChooserNative *chooser;
};

G_DEFINE_FINAL_TYPE (AlcoveTransferRow, alcove_transfer_row, GTK_TYPE_LIST_BOX_ROW)

static const char *
get_name (AlcoveTransferRow *self)
{
  const char *name = alcove_participant_get_name (alcove_transfer_get_participant (self->transfer));

  return name != NULL && *name != '\0' ? name : _("Somebody");
}

static char *
describe_progress (AlcoveTransferRow *self)
{
  g_autofree char *done = g_format_size (alcove_transfer_get_done (self->transfer));
  g_autofree char *size = g_format_size (alcove_transfer_get_size (self->transfer));

  /* Translators: how much of a file went over, such as “1.2 MB of 5.0 MB” */
  return g_strdup_printf (_("%s of %s"), done, size);
}

static char *
describe (AlcoveTransferRow *self)
{
  gboolean incoming = alcove_transfer_get_incoming (self->transfer);
  const GError *problem = alcove_transfer_get_problem (self->transfer);
  g_autofree char *size = g_format_size (alcove_transfer_get_size (self->transfer));

  switch (alcove_transfer_get_state (self->transfer))
    {
    case ALCOVE_TRANSFER_PREPARING:
      return g_strdup (_("Preparing…"));
    case ALCOVE_TRANSFER_WAITING:
      if (incoming)
        /* Translators: %s is a size such as 5.0 MB; a participant offers us a file */
        return g_strdup_printf (_("Wants to send you this file, %s"), size);
      /* Translators: %s is a participant’s name; we offered them a file */
      return g_strdup_printf (_("Waiting for %s to accept"), get_name (self));
    case ALCOVE_TRANSFER_RUNNING:
      return describe_progress (self);
    case ALCOVE_TRANSFER_DONE:
      /* Translators: %s is a size such as 5.0 MB */
      return g_strdup_printf (incoming ? _("Saved, %s") : _("Sent, %s"), size);
    case ALCOVE_TRANSFER_REFUSED:
      if (incoming)
        return g_strdup (_("You did not want it"));
      /* Translators: %s is a participant’s name; we offered them a file */
      return g_strdup_printf (_("%s did not want it"), get_name (self));
    case ALCOVE_TRANSFER_CANCELLED:
      return g_strdup (_("Cancelled"));
    case ALCOVE_TRANSFER_FAILED:
    default:
      return g_strdup (problem != NULL ? problem->message : _("It did not go through."));
    }
}

static void
drop_chooser (AlcoveTransferRow *self)
{
  if (self->chooser == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->chooser, self);
  gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
}

static void
update (AlcoveTransferRow *self)
{
  AlcoveTransferState state = alcove_transfer_get_state (self->transfer);
  gboolean asked
      = alcove_transfer_get_incoming (self->transfer) && state == ALCOVE_TRANSFER_WAITING;
  guint64 size = alcove_transfer_get_size (self->transfer);
  g_autofree char *status = describe (self);
  g_autofree char *label = NULL;

  gtk_label_set_text (self->file_label, alcove_transfer_get_name (self->transfer));
  gtk_label_set_text (self->status_label, status);
  if (state == ALCOVE_TRANSFER_FAILED)
    gtk_widget_add_css_class (GTK_WIDGET (self), "failed");
  gtk_widget_set_visible (GTK_WIDGET (self->progress), state == ALCOVE_TRANSFER_RUNNING);
  gtk_progress_bar_set_fraction (
      self->progress,
      size > 0 ? CLAMP ((double) alcove_transfer_get_done (self->transfer) / (double) size, 0, 1)
               : 0);
  gtk_widget_set_visible (self->buttons, alcove_transfer_is_active (self->transfer));
  gtk_widget_set_visible (self->save_button, asked);
  gtk_widget_set_visible (self->refuse_button, asked);
  gtk_widget_set_visible (self->cancel_button, !asked);
  if (!asked)
    drop_chooser (self);

  /* Translators: a file for a screen reader: whose, its name, and how it is */
  label = g_strdup_printf (_("%s, file %s: %s"), gtk_label_get_text (self->name_label),
                           alcove_transfer_get_name (self->transfer), status);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
response_cb (AlcoveTransferRow *self,
             int response)
{
  g_autoptr (GFile) target
      = response == GTK_RESPONSE_ACCEPT
            ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser))
            : NULL;

  drop_chooser (self);
  if (target != NULL)
    alcove_transfer_accept (self->transfer, target);
}

static void
save_action (GtkWidget *widget,
             const char *name,
             GVariant *parameter)
{
  AlcoveTransferRow *self = ALCOVE_TRANSFER_ROW (widget);

  if (self->chooser == NULL)
    {
      self->chooser = gtk_file_chooser_native_new (
          _("Save File"), GTK_WINDOW (gtk_widget_get_root (widget)), GTK_FILE_CHOOSER_ACTION_SAVE,
          _("_Save"), _("_Cancel"));
      gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser),
                                         alcove_transfer_get_name (self->transfer));
      gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
      g_signal_connect_swapped (self->chooser, "response", G_CALLBACK (response_cb), self);
    }
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
refuse_action (GtkWidget *widget,
               const char *name,
               GVariant *parameter)
{
  alcove_transfer_refuse (ALCOVE_TRANSFER_ROW (widget)->transfer);
}

static void
cancel_action (GtkWidget *widget,
               const char *name,
               GVariant *parameter)
{
  alcove_transfer_cancel (ALCOVE_TRANSFER_ROW (widget)->transfer);
}

static void
alcove_transfer_row_dispose (GObject *object)
{
  AlcoveTransferRow *self = ALCOVE_TRANSFER_ROW (object);

  drop_chooser (self);
  if (self->transfer != NULL)
    g_signal_handlers_disconnect_by_data (self->transfer, self);
  g_clear_object (&self->transfer);

  G_OBJECT_CLASS (alcove_transfer_row_parent_class)->dispose (object);
}

static void
alcove_transfer_row_class_init (AlcoveTransferRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = alcove_transfer_row_dispose;

  gtk_widget_class_install_action (widget_class, "transfer.save", NULL, save_action);
  gtk_widget_class_install_action (widget_class, "transfer.refuse", NULL, refuse_action);
  gtk_widget_class_install_action (widget_class, "transfer.cancel", NULL, cancel_action);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/alcove/Alcove/alcove-transfer-row.ui");
  gtk_widget_class_bind_template_child (widget_class, AlcoveTransferRow, name_label);
  gtk_widget_class_bind_template_child (widget_class, AlcoveTransferRow, time_label);
  gtk_widget_class_bind_template_child (widget_class, AlcoveTransferRow, file_label);
  gtk_widget_class_bind_template_child (widget_class, AlcoveTransferRow, status_label);
  gtk_widget_class_bind_template_child (widget_class, AlcoveTransferRow, progress);
  gtk_widget_class_bind_template_child (widget_class, AlcoveTransferRow, buttons);
  gtk_widget_class_bind_template_child (widget_class, AlcoveTransferRow, save_button);
  gtk_widget_class_bind_template_child (widget_class, AlcoveTransferRow, refuse_button);
  gtk_widget_class_bind_template_child (widget_class, AlcoveTransferRow, cancel_button);
}

static void
alcove_transfer_row_init (AlcoveTransferRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * alcove_transfer_row_new:
 * @transfer: a file on its way
 *
 * Returns: (transfer floating): a row that follows it
 */
GtkWidget *
alcove_transfer_row_new (AlcoveTransfer *transfer)
{
  AlcoveTransferRow *self = g_object_new (ALCOVE_TYPE_TRANSFER_ROW, NULL);
  g_autofree char *time = g_date_time_format (alcove_transfer_get_time (transfer), "%H:%M");

  self->transfer = g_object_ref (transfer);
  if (alcove_transfer_get_incoming (transfer))
    gtk_label_set_text (self->name_label, get_name (self));
  else
    {
      g_autofree char *name = NULL;

      /* Translators: heads a file that we send; %s is a participant’s name */
      name = g_strdup_printf (_("You to %s"), get_name (self));
      gtk_label_set_text (self->name_label, name);
      gtk_widget_add_css_class (GTK_WIDGET (self), "own");
    }
  gtk_label_set_text (self->time_label, time);
  g_signal_connect_swapped (transfer, "notify", G_CALLBACK (update), self);
  update (self);

  return GTK_WIDGET (self);
}

/**
 * alcove_transfer_row_get_status:
 * @self: a row
 *
 * Returns: (transfer none): how the file is, as shown
 */
const char *
alcove_transfer_row_get_status (AlcoveTransferRow *self)
{
  return gtk_label_get_text (self->status_label);
}
