/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-window-actions"

#include "config.h"

#include <glib/gi18n.h>

#include "alcove-certificate-dialog.h"
#include "alcove-window-private.h"

/* What menus, buttons and shortcuts of a window do. */

static void
join_action (GtkWidget *widget,
             const char *name,
             GVariant *parameter)
{
  AlcoveWindow *self = ALCOVE_WINDOW (widget);

  if (alcove_session_get_room (self->session) == NULL)
    alcove_lobby_join (self->lobby);
}

static void
leave_action (GtkWidget *widget,
              const char *name,
              GVariant *parameter)
{
  alcove_window_leave (ALCOVE_WINDOW (widget));
}

static void
toggle (AlcoveWindow *self,
        const char *key)
{
  g_settings_set_boolean (self->settings, key, !g_settings_get_boolean (self->settings, key));
}

static void
mute_action (GtkWidget *widget,
             const char *name,
             GVariant *parameter)
{
  toggle (ALCOVE_WINDOW (widget), "microphone-on");
}

static void
camera_action (GtkWidget *widget,
               const char *name,
               GVariant *parameter)
{
  toggle (ALCOVE_WINDOW (widget), "camera-on");
}

static void
chat_action (GtkWidget *widget,
             const char *name,
             GVariant *parameter)
{
  AlcoveRoomPage *page = ALCOVE_WINDOW (widget)->room_page;

  alcove_room_page_set_chat_shown (page, !alcove_room_page_get_chat_shown (page));
}

static void
copy_action (GtkWidget *widget,
             const char *name,
             GVariant *parameter)
{
  AlcoveWindow *self = ALCOVE_WINDOW (widget);
  const AlcoveJoin *join = alcove_session_get_join (self->session);
  g_autofree char *invitation = alcove_session_dup_invitation (self->session);

  if (invitation == NULL)
    return;

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), invitation);
  alcove_window_show_toast (self, join->where == ALCOVE_WHERE_THIS_COMPUTER
                                      ? _("Invitation copied; it works on this computer only")
                                      : _("Invitation copied"));
}

static void
copy_address_action (GtkWidget *widget,
                     const char *name,
                     GVariant *parameter)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget),
                          g_variant_get_string (parameter, NULL));
  alcove_window_show_toast (ALCOVE_WINDOW (widget), _("Address copied"));
}

/* Of a dispatcher's tiles; the parameter is a participant's id. */
static void
call_action (GtkWidget *widget,
             const char *name,
             GVariant *parameter)
{
  AlcoveRoom *room = alcove_session_get_room (ALCOVE_WINDOW (widget)->session);
  const char *id = g_variant_get_string (parameter, NULL);

  if (room == NULL)
    return;

  if (g_str_equal (name, "win.call"))
    alcove_room_call (room, id);
  else if (g_str_equal (name, "win.hang-up"))
    alcove_room_hang_up (room, id);
  else
    alcove_room_dismiss (room, id);
}

static void
call_everybody_action (GtkWidget *widget,
                       const char *name,
                       GVariant *parameter)
{
  AlcoveRoom *room = alcove_session_get_room (ALCOVE_WINDOW (widget)->session);

  if (room != NULL)
    alcove_room_call_everybody (room);
}

static void
accept_action (GtkWidget *widget,
               const char *name,
               GVariant *parameter)
{
  AlcoveWindow *self = ALCOVE_WINDOW (widget);
  g_autoptr (AlcoveJoin) join = g_steal_pointer (&self->invited);

  if (join != NULL)
    alcove_window_join (self, join);
}

static void
certificate_accepted_cb (AlcoveWindow *self,
                         AlcoveTrustEntry *entry)
{
  const AlcoveJoin *last = alcove_session_get_join (self->session);
  g_autoptr (AlcoveJoin) join = last != NULL ? alcove_join_copy (last) : NULL;

  alcove_trust_add (self->trust, entry);
  if (join != NULL && alcove_session_get_room (self->session) == NULL)
    alcove_window_join (self, join);
}

static void
certificate_action (GtkWidget *widget,
                    const char *name,
                    GVariant *parameter)
{
  AlcoveWindow *self = ALCOVE_WINDOW (widget);
  AlcoveTrustEntry *entry = alcove_trust_get_refused (self->trust);
  GtkWidget *dialog;

  if (entry == NULL || self->kiosk)
    return;

  dialog = alcove_certificate_dialog_new (GTK_WINDOW (self), entry);
  g_signal_connect_object (dialog, "accepted", G_CALLBACK (certificate_accepted_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
fullscreen_action (GtkWidget *widget,
                   const char *name,
                   GVariant *parameter)
{
  AlcoveWindow *self = ALCOVE_WINDOW (widget);

  if (self->kiosk)
    return;

  if (gtk_window_is_fullscreen (GTK_WINDOW (self)))
    gtk_window_unfullscreen (GTK_WINDOW (self));
  else
    gtk_window_fullscreen (GTK_WINDOW (self));
}

static gboolean
escape_cb (GtkWidget *widget,
           GVariant *arguments,
           gpointer data)
{
  AlcoveWindow *self = ALCOVE_WINDOW (widget);

  if (self->kiosk)
    return FALSE;

  if (gtk_window_is_fullscreen (GTK_WINDOW (self)))
    gtk_window_unfullscreen (GTK_WINDOW (self));
  else if (alcove_lobby_get_busy (self->lobby))
    alcove_window_leave (self);
  else
    return FALSE;

  return TRUE;
}

/**
 * alcove_window_install_actions:
 * @widget_class: the class of windows
 */
void
alcove_window_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.join", NULL, join_action);
  gtk_widget_class_install_action (widget_class, "win.leave", NULL, leave_action);
  gtk_widget_class_install_action (widget_class, "win.mute", NULL, mute_action);
  gtk_widget_class_install_action (widget_class, "win.camera", NULL, camera_action);
  gtk_widget_class_install_action (widget_class, "win.chat", NULL, chat_action);
  gtk_widget_class_install_action (widget_class, "win.copy-invitation", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "win.copy-address", "s", copy_address_action);
  gtk_widget_class_install_action (widget_class, "win.accept-invitation", NULL, accept_action);
  gtk_widget_class_install_action (widget_class, "win.call", "s", call_action);
  gtk_widget_class_install_action (widget_class, "win.call-everybody", NULL, call_everybody_action);
  gtk_widget_class_install_action (widget_class, "win.hang-up", "s", call_action);
  gtk_widget_class_install_action (widget_class, "win.dismiss", "s", call_action);
  gtk_widget_class_install_action (widget_class, "win.show-certificate", NULL, certificate_action);
  gtk_widget_class_install_action (widget_class, "win.fullscreen", NULL, fullscreen_action);
  alcove_window_install_tile_actions (widget_class);
  alcove_window_install_share_actions (widget_class);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, escape_cb, NULL);
}

/**
 * alcove_window_update_actions:
 * @self: a window
 *
 * Enables what makes sense on the page that is shown. A wall has no actions: nobody's
 * elbow may mute or end it.
 */
void
alcove_window_update_actions (AlcoveWindow *self)
{
  gboolean in_room = alcove_window_in_room (self);

  alcove_window_update_tile_actions (self);
  alcove_window_update_share_actions (self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.leave", in_room);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.chat", in_room);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.copy-invitation", in_room);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.join", !in_room && !self->kiosk);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.mute", !self->kiosk);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.camera", !self->kiosk);
}
