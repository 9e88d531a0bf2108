/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-chat-panel"

#include "config.h"

#include "alcove-chat-panel.h"

#include <glib/gi18n.h>

#include "alcove-announce.h"
#include "alcove-chat-row.h"
#include "alcove-transfer-row.h"

/**
 * AlcoveChatPanel:
 *
 * What was said in the room and which files were offered, and a line to say something
 * oneself. The list stays at its end while it is there, and where it is while somebody reads
 * further up.
 *
 * Signals: `close`: the person is through with it.
 */

/* Characters; as many bytes as a line of chat may have hold these in any script. */
#define MAX_CHARACTERS 2000

struct _AlcoveChatPanel {
  AdwBin parent_instance;

  GtkScrolledWindow *scroller;
  GtkListBox *list;
  GtkRevealer *notice_revealer;
  GtkLabel *notice_label;
  GtkWidget *attach_button;
  GtkEntry *entry;

  GtkFileChooserNative *chooser;
  AlcoveRoom *room;
  gboolean at_end;
};

enum {
  CLOSE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AlcoveChatPanel, alcove_chat_panel, ADW_TYPE_BIN)

static GtkWidget *
create_row (gpointer item,
            gpointer data)
{
  if (ALCOVE_IS_TRANSFER (item))
    return alcove_transfer_row_new (ALCOVE_TRANSFER (item));
  return alcove_chat_row_new (ALCOVE_CHAT_MESSAGE (item));
}

static void
value_cb (AlcoveChatPanel *self,
          GtkAdjustment *adjustment)
{
  double end
      = gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment);

  self->at_end = gtk_adjustment_get_value (adjustment) >= end - 1;
}

static void
changed_cb (AlcoveChatPanel *self,
            GtkAdjustment *adjustment)
{
  double end
      = gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment);

  if (self->at_end)
    gtk_adjustment_set_value (adjustment, end);
}

static void
tell (AlcoveChatPanel *self,
      const char *text)
{
  gtk_label_set_text (self->notice_label, text != NULL ? text : "");
  gtk_revealer_set_reveal_child (self->notice_revealer, text != NULL);
  if (text != NULL)
    alcove_announce (GTK_WIDGET (self), text);
}

static void
update_send (AlcoveChatPanel *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->entry))));

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "chat.send",
                                 self->room != NULL && *text != '\0');
  tell (self, NULL);
}

static void
send_action (GtkWidget *widget,
             const char *name,
             GVariant *parameter)
{
  AlcoveChatPanel *self = ALCOVE_CHAT_PANEL (widget);

  if (self->room == NULL)
    return;

  self->at_end = TRUE;
  if (alcove_room_send_chat (self->room, gtk_editable_get_text (GTK_EDITABLE (self->entry))))
    gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  else
    tell (self, _("Nobody here can read chat yet."));
}

static void
activate_cb (AlcoveChatPanel *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "chat.send", NULL);
}

static void
drop_chooser (AlcoveChatPanel *self)
{
  if (self->chooser == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->chooser, self);
  gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
}

static void
response_cb (AlcoveChatPanel *self,
             int response)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT
                               ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser))
                               : NULL;

  drop_chooser (self);
  if (file == NULL || self->room == NULL)
    return;

  self->at_end = TRUE;
  tell (self, alcove_room_send_file (self->room, file, NULL) > 0
                  ? NULL
                  : _("Nobody here can take files yet."));
}

static void
attach_action (GtkWidget *widget,
               const char *name,
               GVariant *parameter)
{
  AlcoveChatPanel *self = ALCOVE_CHAT_PANEL (widget);

  if (self->chooser == NULL)
    {
      self->chooser = gtk_file_chooser_native_new (
          _("Send a File"), GTK_WINDOW (gtk_widget_get_root (widget)),
          GTK_FILE_CHOOSER_ACTION_OPEN, _("_Send"), _("_Cancel"));
      gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
      g_signal_connect_swapped (self->chooser, "response", G_CALLBACK (response_cb), self);
    }
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
close_action (GtkWidget *widget,
              const char *name,
              GVariant *parameter)
{
  g_signal_emit (widget, signals[CLOSE], 0);
}

static gboolean
alcove_chat_panel_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (ALCOVE_CHAT_PANEL (widget)->entry));
}

static void
alcove_chat_panel_dispose (GObject *object)
{
  alcove_chat_panel_set_room (ALCOVE_CHAT_PANEL (object), NULL);

  G_OBJECT_CLASS (alcove_chat_panel_parent_class)->dispose (object);
}

static void
alcove_chat_panel_class_init (AlcoveChatPanelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = alcove_chat_panel_dispose;
  widget_class->grab_focus = alcove_chat_panel_grab_focus;

  signals[CLOSE] = g_signal_new ("close", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_install_action (widget_class, "chat.send", NULL, send_action);
  gtk_widget_class_install_action (widget_class, "chat.attach", NULL, attach_action);
  gtk_widget_class_install_action (widget_class, "chat.close", NULL, close_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "chat.close", NULL);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/alcove/Alcove/alcove-chat-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, AlcoveChatPanel, scroller);
  gtk_widget_class_bind_template_child (widget_class, AlcoveChatPanel, list);
  gtk_widget_class_bind_template_child (widget_class, AlcoveChatPanel, notice_revealer);
  gtk_widget_class_bind_template_child (widget_class, AlcoveChatPanel, notice_label);
  gtk_widget_class_bind_template_child (widget_class, AlcoveChatPanel, attach_button);
  gtk_widget_class_bind_template_child (widget_class, AlcoveChatPanel, entry);
}

static void
alcove_chat_panel_init (AlcoveChatPanel *self)
{
  GtkAdjustment *adjustment;

  gtk_widget_init_template (GTK_WIDGET (self));

  self->at_end = TRUE;
  adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (value_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_list_box_set_adjustment (self->list, adjustment);

  gtk_entry_set_max_length (self->entry, MAX_CHARACTERS);
  g_signal_connect_object (self->entry, "changed", G_CALLBACK (update_send), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->entry, "activate", G_CALLBACK (activate_cb), self,
                           G_CONNECT_SWAPPED);
  update_send (self);
}

/**
 * alcove_chat_panel_new:
 *
 * Returns: (transfer floating): a panel that shows no room
 */
GtkWidget *
alcove_chat_panel_new (void)
{
  return g_object_new (ALCOVE_TYPE_CHAT_PANEL, NULL);
}

/**
 * alcove_chat_panel_set_room:
 * @self: a panel
 * @room: (nullable): the room whose talk to show
 */
void
alcove_chat_panel_set_room (AlcoveChatPanel *self,
                            AlcoveRoom *room)
{
  if (!g_set_object (&self->room, room))
    return;

  drop_chooser (self);
  self->at_end = TRUE;
  gtk_widget_set_visible (self->attach_button,
                          room != NULL && alcove_room_get_can_send_files (room));
  gtk_list_box_bind_model (self->list, room != NULL ? alcove_room_get_talk (room) : NULL,
                           create_row, self, NULL);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  update_send (self);
}

/**
 * alcove_chat_panel_get_list:
 * @self: a panel
 *
 * Returns: (transfer none): the list of what was said
 */
GtkListBox *
alcove_chat_panel_get_list (AlcoveChatPanel *self)
{
  return self->list;
}

/**
 * alcove_chat_panel_get_entry:
 * @self: a panel
 *
 * Returns: (transfer none): where a person writes
 */
GtkEntry *
alcove_chat_panel_get_entry (AlcoveChatPanel *self)
{
  return self->entry;
}
