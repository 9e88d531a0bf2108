/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-chat-row"

#include "config.h"

#include "alcove-chat-row.h"

#include <glib/gi18n.h>

/**
 * AlcoveChatRow:
 *
 * One line of chat, with whose it is and when it came. All of it is plain text: no
 * markup of a stranger is ever looked at, and no link leads anywhere.
 */

struct _AlcoveChatRow {
  GtkListBoxRow parent_instance;

  GtkLabel *name_label;
  GtkLabel *time_label;
  GtkLabel *text_label;
};

G_DEFINE_FINAL_TYPE (AlcoveChatRow, alcove_chat_row, GTK_TYPE_LIST_BOX_ROW)

static void
alcove_chat_row_class_init (AlcoveChatRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/alcove/Alcove/alcove-chat-row.ui");
  gtk_widget_class_bind_template_child (widget_class, AlcoveChatRow, name_label);
  gtk_widget_class_bind_template_child (widget_class, AlcoveChatRow, time_label);
  gtk_widget_class_bind_template_child (widget_class, AlcoveChatRow, text_label);
}

static void
alcove_chat_row_init (AlcoveChatRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * alcove_chat_row_new:
 * @message: what was said
 *
 * Returns: (transfer floating): a row that shows it
 */
GtkWidget *
alcove_chat_row_new (AlcoveChatMessage *message)
{
  AlcoveChatRow *self = g_object_new (ALCOVE_TYPE_CHAT_ROW, NULL);
  const char *name = alcove_chat_message_get_name (message);
  const char *text = alcove_chat_message_get_text (message);
  g_autofree char *time
      = g_date_time_format (alcove_chat_message_get_time (message), "%H:%M");
  g_autofree char *label = NULL;

  if (alcove_chat_message_get_own (message))
    {
      name = _("You");
      gtk_widget_add_css_class (GTK_WIDGET (self), "own");
    }
  else if (name == NULL)
    name = _("Somebody");

  gtk_label_set_text (self->name_label, name);
  gtk_label_set_text (self->time_label, time);
  gtk_label_set_text (self->text_label, text);

  /* Translators: a line of chat for a screen reader: name, time and text */
  label = g_strdup_printf (_("%s, %s: %s"), name, time, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);

  return GTK_WIDGET (self);
}

/**
 * alcove_chat_row_get_name:
 * @self: a row
 *
 * Returns: (transfer none): the name as shown
 */
const char *
alcove_chat_row_get_name (AlcoveChatRow *self)
{
  return gtk_label_get_text (self->name_label);
}

/**
 * alcove_chat_row_get_text:
 * @self: a row
 *
 * Returns: (transfer none): the text as shown
 */
const char *
alcove_chat_row_get_text (AlcoveChatRow *self)
{
  return gtk_label_get_text (self->text_label);
}
