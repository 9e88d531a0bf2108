/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-room-page"

#include "config.h"

#include "alcove-room-page.h"

#include <glib/gi18n.h>

#include "alcove-announce.h"
#include "alcove-chat-panel.h"
#include "alcove-error.h"
#include "alcove-news.h"
#include "alcove-room-controls.h"
#include "alcove-share-button.h"

/**
 * AlcoveRoomPage:
 *
 * A room as a person sees it from within: everybody's tiles, our own, and the
 * controls, which leave when the pointer rests in full screen.
 */

#define HEADER_HEIGHT 48
#define CONTROLS_HEIGHT 66
#define EDGE 8

/* Seconds after which a resting pointer hides the controls. */
#define REST_SECONDS 3

/* More of it says no more, and would not fit. */
#define MOST_UNREAD 99

struct _AlcoveRoomPage {
  AdwBin parent_instance;

  AdwToastOverlay *toasts;
  AdwFlap *chat_flap;
  AlcoveChatPanel *chat_panel;
  AlcoveStage *stage;
  GtkRevealer *header_revealer;
  AdwWindowTitle *title;
  GtkWidget *alone_box;
  GtkLabel *alone_label;
  GtkWidget *call_everybody_button;
  AlcoveNews *news;
  GtkRevealer *controls_revealer;
  GtkWidget *controls;
  GtkWidget *microphone_button;
  GtkWidget *camera_button;
  AlcoveShareButton *share_button;
  GtkToggleButton *chat_button;
  GtkLabel *unread_label;
  GtkWidget *fullscreen_button;
  GtkMenuButton *menu_button;
  AlcoveTile *self_tile;

  AlcoveRoom *room;
  AlcoveEngine *engine;
  /* AdwToast, not answered yet */
  GPtrArray *questions;
  guint clock_id;
  guint rest_id;
  double pointer_x;
  double pointer_y;
  guint n_unread;
  gboolean fullscreen;
};

G_DEFINE_FINAL_TYPE (AlcoveRoomPage, alcove_room_page, ADW_TYPE_BIN)

static void
update_title (AlcoveRoomPage *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->room));
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (now, "%H:%M");
  g_autofree char *people
      = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u person", "%u people", n + 1), n + 1);
  g_autofree char *subtitle = NULL;
  const char *trouble;

  if (alcove_room_get_state (self->room) == ALCOVE_ROOM_RECONNECTING)
    /* Translators: the server is lost while a room is open; %s is a time such as 12:04 */
    subtitle = g_strdup_printf (_("Server away, reconnecting… · %s"), time);
  else
    subtitle = g_strdup_printf ("%s · %s", people, time);

  adw_window_title_set_title (self->title, alcove_room_get_name (self->room));
  adw_window_title_set_subtitle (self->title, subtitle);

  trouble = alcove_room_get_trouble (self->room);
  if (trouble != NULL)
    {
      g_autofree char *text = g_strdup_printf ("%s\n%s", trouble, _("Trying again…"));

      gtk_label_set_text (self->alone_label, text);
    }
  else
    gtk_label_set_text (self->alone_label, _("Nobody else is here yet. Copy the invitation and "
                                             "send it to somebody."));
  gtk_widget_set_visible (self->alone_box, n == 0 || trouble != NULL);
  gtk_widget_set_can_target (self->alone_box, alcove_room_get_can_call_everybody (self->room));
  gtk_widget_set_visible (self->call_everybody_button,
                          alcove_room_get_can_call_everybody (self->room));
}

static void
set_label (GtkWidget *widget,
           const char *label)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
}

static void
update_self (AlcoveRoomPage *self)
{
  gboolean muted = alcove_engine_get_muted (self->engine);
  gboolean camera_off = alcove_engine_get_camera_off (self->engine);
  gboolean available = alcove_engine_get_camera_available (self->engine);
  gboolean sharing
      = alcove_screen_share_get_sharing (alcove_engine_get_screen_share (self->engine));
  gboolean speaking = FALSE;

  g_object_get (self->engine, "speaking", &speaking, NULL);
  alcove_tile_set_muted (self->self_tile, muted);
  alcove_tile_set_camera_off (self->self_tile, !sharing && (camera_off || !available));
  alcove_tile_set_sharing (self->self_tile, sharing);
  alcove_tile_set_speaking (self->self_tile, speaking);

  alcove_room_controls_show (self->microphone_button, muted, self->camera_button, camera_off);
}

static gboolean
clock_cb (gpointer data)
{
  update_title (data);

  return G_SOURCE_CONTINUE;
}

static const char *
get_name (AlcoveParticipant *participant)
{
  const char *name = participant != NULL ? alcove_participant_get_name (participant) : NULL;

  return name != NULL && *name != '\0' ? name : _("Somebody");
}

static void
named_cb (AlcoveRoomPage *self,
          GParamSpec *pspec,
          AlcoveParticipant *participant)
{
  const char *name = alcove_participant_get_name (participant);
  g_autofree char *text = NULL;

  if (name == NULL || *name == '\0')
    return;

  g_signal_handlers_disconnect_by_func (participant, named_cb, self);
  text = g_strdup_printf (_("%s joined"), name);
  if (self->room != NULL)
    alcove_room_page_show_news (self, text);
}

/* A name may come over the connection itself. Who has none is told by the tile alone; and a
 * pair that was repaired is no news, nor are those whom we have joined. */
static void
greet (AlcoveRoomPage *self,
       AlcoveParticipant *participant)
{
  if (alcove_participant_get_was_here (participant)
      || g_object_get_data (G_OBJECT (participant), "alcove-greeted") != NULL)
    return;

  g_object_set_data (G_OBJECT (participant), "alcove-greeted", GINT_TO_POINTER (TRUE));
  g_signal_connect_object (participant, "notify::name", G_CALLBACK (named_cb), self,
                           G_CONNECT_SWAPPED);
  named_cb (self, NULL, participant);
}

/* What somebody does about us is to be noticed. */
static void
recording_cb (AlcoveRoomPage *self,
              GParamSpec *pspec,
              AlcoveParticipant *participant)
{
  /* Translators: %s is a participant’s name */
  g_autofree char *text
      = g_strdup_printf (alcove_participant_get_recording (participant)
                             ? _("%s is recording you")
                             : _("%s is no longer recording you"),
                         get_name (participant));

  if (self->room != NULL)
    alcove_room_page_show_news (self, text);
}

static void
event_cb (AlcoveRoomPage *self,
          AlcoveParticipant *participant,
          const char *event)
{
  g_autofree char *text = NULL;

  if (g_strcmp0 (event, "peer-joined") == 0)
    g_signal_connect_object (participant, "notify::recording", G_CALLBACK (recording_cb), self,
                             G_CONNECT_SWAPPED);
  if (g_strcmp0 (event, "connected") == 0)
    {
      greet (self, participant);
    }
  else if (g_strcmp0 (event, "peer-left") == 0)
    {
      text = g_strdup_printf (_("%s left"), get_name (participant));
      alcove_room_page_show_news (self, text);
    }
}

/* The mark, and the same in words for who can't see it. */
static void
set_unread (AlcoveRoomPage *self,
            guint n_unread)
{
  g_autofree char *mark = g_strdup_printf (n_unread > MOST_UNREAD ? "%u+" : "%u",
                                           MIN (n_unread, MOST_UNREAD));
  g_autofree char *label = NULL;

  self->n_unread = n_unread;
  if (n_unread == 0)
    label = g_strdup (_("Chat"));
  else
    /* Translators: what a screen reader says of the chat button */
    label = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Chat, %u unread message",
                                          "Chat, %u unread messages", n_unread),
                             n_unread);

  gtk_label_set_text (self->unread_label, mark);
  gtk_widget_set_visible (GTK_WIDGET (self->unread_label), n_unread > 0);
  set_label (GTK_WIDGET (self->chat_button), label);
}

/* What the chat panel shows where it is open, and has to be heard of where it is not. */
static void
tell_talk (AlcoveRoomPage *self,
           const char *text)
{
  if (alcove_room_page_get_chat_shown (self))
    alcove_announce (GTK_WIDGET (self), text);
  else
    alcove_room_page_show_news (self, text);
}

/* Something to be read or answered: marked where nobody looks. */
static void
note_talk (AlcoveRoomPage *self,
           const char *text)
{
  if (!alcove_room_page_get_chat_shown (self))
    set_unread (self, self->n_unread + 1);
  tell_talk (self, text);
}

static void
transfer_cb (AlcoveRoomPage *self,
             GParamSpec *pspec,
             AlcoveTransfer *transfer)
{
  const char *name = alcove_transfer_get_name (transfer);
  const GError *problem = alcove_transfer_get_problem (transfer);
  g_autofree char *text = NULL;

  if (self->room == NULL)
    return;

  switch (alcove_transfer_get_state (transfer))
    {
    case ALCOVE_TRANSFER_DONE:
      /* Translators: %s is the name of a file */
      text = g_strdup_printf (alcove_transfer_get_incoming (transfer) ? _("“%s” is saved")
                                                                      : _("“%s” is sent"),
                              name);
      break;
    case ALCOVE_TRANSFER_REFUSED:
      if (!alcove_transfer_get_incoming (transfer))
        /* Translators: a participant’s name, and the name of a file */
        text = g_strdup_printf (_("%s did not want “%s”"),
                                get_name (alcove_transfer_get_participant (transfer)), name);
      break;
    case ALCOVE_TRANSFER_FAILED:
      if (problem != NULL)
        /* Translators: the name of a file, and what went wrong with it */
        text = g_strdup_printf (_("“%s”: %s"), name, problem->message);
      break;
    case ALCOVE_TRANSFER_PREPARING:
    case ALCOVE_TRANSFER_WAITING:
    case ALCOVE_TRANSFER_RUNNING:
    case ALCOVE_TRANSFER_CANCELLED:
    default:
      break;
    }

  if (text != NULL)
    tell_talk (self, text);
}

static void
file_cb (AlcoveRoomPage *self,
         AlcoveTransfer *transfer)
{
  g_autofree char *text = NULL;

  g_signal_connect_object (transfer, "notify::state", G_CALLBACK (transfer_cb), self,
                           G_CONNECT_SWAPPED);
  if (!alcove_transfer_get_incoming (transfer))
    return;

  /* Translators: a participant’s name, and the name of a file */
  text = g_strdup_printf (_("%s wants to send you “%s”"),
                          get_name (alcove_transfer_get_participant (transfer)),
                          alcove_transfer_get_name (transfer));
  note_talk (self, text);
  /* it may have come to its end already */
  transfer_cb (self, NULL, transfer);
}

static void
chat_cb (AlcoveRoomPage *self,
         AlcoveParticipant *participant,
         const char *message)
{
  /* Translators: a participant’s name, and what they wrote or what is wrong with them */
  g_autofree char *text = g_strdup_printf (_("%s: %s"), get_name (participant), message);

  note_talk (self, text);
}

static void
chat_shown_cb (AlcoveRoomPage *self)
{
  if (alcove_room_page_get_chat_shown (self))
    {
      set_unread (self, 0);
      gtk_widget_grab_focus (GTK_WIDGET (self->chat_panel));
    }
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->chat_button));
}

static void
close_chat_cb (AlcoveRoomPage *self)
{
  alcove_room_page_set_chat_shown (self, FALSE);
}

static void
problem_cb (AlcoveRoomPage *self,
            const GError *error,
            AlcoveParticipant *participant)
{
  g_autofree char *text = NULL;

  /* what a stranger sent wrong is for the log */
  if (participant == NULL
      || !(g_error_matches (error, ALCOVE_ERROR, ALCOVE_ERROR_CONNECT_FAILED)
           || g_error_matches (error, ALCOVE_ERROR, ALCOVE_ERROR_TOO_FAST)
           || g_error_matches (error, ALCOVE_ERROR, ALCOVE_ERROR_FINGERPRINT_MISMATCH)))
    return;

  text = g_strdup_printf (_("%s: %s"), get_name (participant), error->message);
  alcove_room_page_show_news (self, text);
}

static void
notice_cb (AlcoveRoomPage *self,
           const GError *error)
{
  alcove_news_warn (self->news, error->message);
}

static void
notice_over_cb (AlcoveRoomPage *self,
                const GError *error)
{
  alcove_news_take_back (self->news, error->message);
}

/* Who joins by an invitation has seen no lobby, where it was told before. */
static void
tell_standing (AlcoveRoomPage *self)
{
  g_auto (GStrv) standing = alcove_engine_dup_standing (self->engine);

  for (guint i = 0; standing[i] != NULL; i++)
    alcove_news_warn (self->news, standing[i]);
}

/* Two questions with one action would both be answered as the later one. %NULL is any action. */
static void
take_back (AlcoveRoomPage *self,
           const char *action)
{
  for (guint i = self->questions->len; i > 0; i--)
    {
      AdwToast *toast = self->questions->pdata[i - 1];

      if (action == NULL || g_strcmp0 (adw_toast_get_action_name (toast), action) == 0)
        adw_toast_dismiss (toast);
    }
}

static void
answered_cb (AlcoveRoomPage *self,
             AdwToast *toast)
{
  g_ptr_array_remove (self->questions, toast);
}

static void
reveal (AlcoveRoomPage *self,
        gboolean revealed)
{
  gtk_revealer_set_reveal_child (self->header_revealer, revealed);
  gtk_revealer_set_reveal_child (self->controls_revealer, revealed);
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), revealed ? NULL : "none");
}

static gboolean
rest_cb (gpointer data)
{
  AlcoveRoomPage *self = data;
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self)));

  /* whoever walks through the controls by keyboard, or has the menu open, still needs them */
  if (gtk_widget_get_mapped (GTK_WIDGET (gtk_menu_button_get_popover (self->menu_button)))
      || (focus != NULL && gtk_widget_has_visible_focus (focus)
          && (gtk_widget_is_ancestor (focus, GTK_WIDGET (self->controls_revealer))
              || gtk_widget_is_ancestor (focus, GTK_WIDGET (self->header_revealer)))))
    return G_SOURCE_CONTINUE;

  self->rest_id = 0;
  reveal (self, FALSE);

  return G_SOURCE_REMOVE;
}

static void
wake (AlcoveRoomPage *self)
{
  reveal (self, TRUE);
  g_clear_handle_id (&self->rest_id, g_source_remove);
  if (self->fullscreen)
    self->rest_id = g_timeout_add_seconds (REST_SECONDS, rest_cb, self);
}

static void
motion_cb (AlcoveRoomPage *self,
           double x,
           double y)
{
  /* GTK repeats the last position when widgets move under the pointer */
  if (x == self->pointer_x && y == self->pointer_y)
    return;

  self->pointer_x = x;
  self->pointer_y = y;
  wake (self);
}

static gboolean
key_cb (AlcoveRoomPage *self)
{
  wake (self);

  return GDK_EVENT_PROPAGATE;
}

static gboolean
alcove_room_page_grab_focus (GtkWidget *widget)
{
  /* the microphone, so that Space is the way to be heard or not */
  return gtk_widget_grab_focus (ALCOVE_ROOM_PAGE (widget)->microphone_button);
}

static void
alcove_room_page_dispose (GObject *object)
{
  AlcoveRoomPage *self = ALCOVE_ROOM_PAGE (object);

  alcove_room_page_set_room (self, NULL, NULL);
  g_clear_handle_id (&self->rest_id, g_source_remove);

  G_OBJECT_CLASS (alcove_room_page_parent_class)->dispose (object);
}

static void
alcove_room_page_finalize (GObject *object)
{
  g_ptr_array_unref (ALCOVE_ROOM_PAGE (object)->questions);

  G_OBJECT_CLASS (alcove_room_page_parent_class)->finalize (object);
}

static void
alcove_room_page_class_init (AlcoveRoomPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = alcove_room_page_dispose;
  object_class->finalize = alcove_room_page_finalize;
  widget_class->grab_focus = alcove_room_page_grab_focus;

  g_type_ensure (ALCOVE_TYPE_STAGE);
  g_type_ensure (ALCOVE_TYPE_CHAT_PANEL);
  g_type_ensure (ALCOVE_TYPE_NEWS);
  g_type_ensure (ALCOVE_TYPE_SHARE_BUTTON);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/alcove/Alcove/alcove-room-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AlcoveRoomPage, toasts);
  gtk_widget_class_bind_template_child (widget_class, AlcoveRoomPage, chat_flap);
  gtk_widget_class_bind_template_child (widget_class, AlcoveRoomPage, chat_panel);
  gtk_widget_class_bind_template_child (widget_class, AlcoveRoomPage, stage);
  gtk_widget_class_bind_template_child (widget_class, AlcoveRoomPage, header_revealer);
  gtk_widget_class_bind_template_child (widget_class, AlcoveRoomPage, title);
  gtk_widget_class_bind_template_child (widget_class, AlcoveRoomPage, alone_box);
  gtk_widget_class_bind_template_child (widget_class, AlcoveRoomPage, alone_label);
  gtk_widget_class_bind_template_child (widget_class, AlcoveRoomPage, call_everybody_button);
  gtk_widget_class_bind_template_child (widget_class, AlcoveRoomPage, news);
  gtk_widget_class_bind_template_child (widget_class, AlcoveRoomPage, controls_revealer);
  gtk_widget_class_bind_template_child (widget_class, AlcoveRoomPage, controls);
  gtk_widget_class_bind_template_child (widget_class, AlcoveRoomPage, microphone_button);
  gtk_widget_class_bind_template_child (widget_class, AlcoveRoomPage, camera_button);
  gtk_widget_class_bind_template_child (widget_class, AlcoveRoomPage, share_button);
  gtk_widget_class_bind_template_child (widget_class, AlcoveRoomPage, chat_button);
  gtk_widget_class_bind_template_child (widget_class, AlcoveRoomPage, unread_label);
  gtk_widget_class_bind_template_child (widget_class, AlcoveRoomPage, fullscreen_button);
  gtk_widget_class_bind_template_child (widget_class, AlcoveRoomPage, menu_button);
}

static void
alcove_room_page_init (AlcoveRoomPage *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *key = gtk_event_controller_key_new ();

  self->questions = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));

  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_event_controller_set_propagation_phase (key, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (key, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), key);

  gtk_widget_set_margin_top (GTK_WIDGET (self->chat_panel), HEADER_HEIGHT);
  g_signal_connect_object (self->chat_flap, "notify::reveal-flap", G_CALLBACK (chat_shown_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->chat_panel, "close", G_CALLBACK (close_chat_cb), self,
                           G_CONNECT_SWAPPED);
  set_unread (self, 0);

  alcove_room_page_set_fullscreen (self, FALSE);
}

/**
 * alcove_room_page_new:
 *
 * Returns: (transfer floating): a page that shows no room
 */
GtkWidget *
alcove_room_page_new (void)
{
  return g_object_new (ALCOVE_TYPE_ROOM_PAGE, NULL);
}

/**
 * alcove_room_page_set_room:
 * @self: a room page
 * @room: (nullable): the room to show
 * @engine: (nullable): our camera and microphone; not %NULL with a room
 */
void
alcove_room_page_set_room (AlcoveRoomPage *self,
                           AlcoveRoom *room,
                           AlcoveEngine *engine)
{
  if (self->room == room && self->engine == engine)
    return;

  if (self->room != NULL)
    {
      g_clear_handle_id (&self->clock_id, g_source_remove);
      g_signal_handlers_disconnect_by_data (self->room, self);
      g_signal_handlers_disconnect_by_data (self->engine, self);
      g_signal_handlers_disconnect_by_data (alcove_engine_get_screen_share (self->engine), self);
      alcove_share_button_set_share (self->share_button, NULL);
      alcove_tile_set_slot (self->self_tile, NULL);
      alcove_stage_set_self_tile (self->stage, NULL);
      alcove_stage_set_participants (self->stage, NULL);
      self->self_tile = NULL;
      alcove_news_clear (self->news);
      alcove_chat_panel_set_room (self->chat_panel, NULL);
      adw_flap_set_reveal_flap (self->chat_flap, FALSE);
      set_unread (self, 0);
      /* whoever left it has nothing to answer there */
      take_back (self, NULL);
      g_clear_object (&self->room);
      g_clear_object (&self->engine);
    }

  if (room == NULL)
    return;

  self->room = g_object_ref (room);
  self->engine = g_object_ref (engine);

  self->self_tile = ALCOVE_TILE (alcove_tile_new_self ());
  /* Translators: the caption of one's own picture */
  alcove_tile_set_name (self->self_tile, _("You"));
  alcove_tile_set_avatar_name (self->self_tile, alcove_room_get_self_name (room));
  alcove_tile_set_slot (self->self_tile, alcove_engine_get_preview (engine));
  alcove_tile_set_with_menu (self->self_tile, TRUE);
  alcove_stage_set_self_tile (self->stage, self->self_tile);
  alcove_stage_set_with_menus (self->stage, TRUE);
  alcove_stage_set_dispatching (self->stage, alcove_room_get_can_dismiss (room));
  alcove_stage_set_participants (self->stage, G_LIST_MODEL (room));
  alcove_chat_panel_set_room (self->chat_panel, room);

  alcove_share_button_set_share (self->share_button, alcove_engine_get_screen_share (engine));

  g_signal_connect_swapped (alcove_engine_get_screen_share (engine), "notify::sharing",
                            G_CALLBACK (update_self), self);
  g_signal_connect_swapped (engine, "notify::muted", G_CALLBACK (update_self), self);
  g_signal_connect_swapped (engine, "notify::camera-off", G_CALLBACK (update_self), self);
  g_signal_connect_swapped (engine, "notify::camera-available", G_CALLBACK (update_self), self);
  g_signal_connect_swapped (engine, "notify::speaking", G_CALLBACK (update_self), self);
  g_signal_connect_swapped (engine, "notice", G_CALLBACK (notice_cb), self);
  g_signal_connect_swapped (engine, "notice-over", G_CALLBACK (notice_over_cb), self);
  g_signal_connect_swapped (room, "items-changed", G_CALLBACK (update_title), self);
  g_signal_connect_swapped (room, "notify::state", G_CALLBACK (update_title), self);
  g_signal_connect_swapped (room, "notify::trouble", G_CALLBACK (update_title), self);
  g_signal_connect_swapped (room, "participant-event", G_CALLBACK (event_cb), self);
  g_signal_connect_swapped (room, "chat", G_CALLBACK (chat_cb), self);
  g_signal_connect_swapped (room, "file", G_CALLBACK (file_cb), self);
  g_signal_connect_swapped (room, "problem", G_CALLBACK (problem_cb), self);

  self->clock_id = g_timeout_add_seconds (5, clock_cb, self);
  update_title (self);
  update_self (self);
  tell_standing (self);
}

/**
 * alcove_room_page_set_fullscreen:
 * @self: a room page
 * @fullscreen: whether the window is in full screen, where tiles have all the space and
 *   the controls come over them
 */
void
alcove_room_page_set_fullscreen (AlcoveRoomPage *self,
                                 gboolean fullscreen)
{
  GtkWidget *stage = GTK_WIDGET (self->stage);

  self->fullscreen = fullscreen;
  gtk_widget_set_margin_top (stage, fullscreen ? 0 : HEADER_HEIGHT);
  gtk_widget_set_margin_bottom (stage, fullscreen ? 0 : CONTROLS_HEIGHT);
  gtk_widget_set_margin_start (stage, fullscreen ? 0 : EDGE);
  gtk_widget_set_margin_end (stage, fullscreen ? 0 : EDGE);
  if (fullscreen)
    gtk_widget_add_css_class (GTK_WIDGET (self), "full");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "full");
  gtk_button_set_icon_name (GTK_BUTTON (self->fullscreen_button),
                            fullscreen ? "view-restore-symbolic" : "view-fullscreen-symbolic");
  gtk_widget_set_tooltip_text (self->fullscreen_button, fullscreen ? _("Leave Full Screen (Escape)")
                                                                   : _("Full Screen (F11)"));
  set_label (self->fullscreen_button, fullscreen ? _("Leave full screen") : _("Full screen"));
  wake (self);
}

/**
 * alcove_room_page_show_news:
 * @self: a room page
 * @text: plain text
 *
 * Shows @text until it can have been read, as alcove_news_show() does.
 */
void
alcove_room_page_show_news (AlcoveRoomPage *self,
                            const char *text)
{
  alcove_news_show (self->news, text);
}

/**
 * alcove_room_page_ask:
 * @self: a room page
 * @text: plain text
 * @button: the label of a button
 * @action: the action of that button
 *
 * Shows @text and a button until the one or the other is answered, or the same @action is asked
 * for again.
 */
void
alcove_room_page_ask (AlcoveRoomPage *self,
                      const char *text,
                      const char *button,
                      const char *action)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  /* a toast's title is markup */
  AdwToast *toast = adw_toast_new (escaped);

  take_back (self, action);
  alcove_announce (GTK_WIDGET (self), text);
  adw_toast_set_timeout (toast, 0);
  adw_toast_set_button_label (toast, button);
  adw_toast_set_action_name (toast, action);
  g_signal_connect_object (toast, "dismissed", G_CALLBACK (answered_cb), self, G_CONNECT_SWAPPED);
  g_ptr_array_add (self->questions, g_object_ref (toast));
  adw_toast_overlay_add_toast (self->toasts, toast);
}

/**
 * alcove_room_page_set_chat_shown:
 * @self: a room page
 * @shown: whether to show the chat
 *
 * Shows the chat beside the pictures, or over them where there is no room beside.
 */
void
alcove_room_page_set_chat_shown (AlcoveRoomPage *self,
                                 gboolean shown)
{
  adw_flap_set_reveal_flap (self->chat_flap, shown);
}

/**
 * alcove_room_page_get_chat_shown:
 * @self: a room page
 *
 * Returns: whether the chat is shown
 */
gboolean
alcove_room_page_get_chat_shown (AlcoveRoomPage *self)
{
  return adw_flap_get_reveal_flap (self->chat_flap);
}

/**
 * alcove_room_page_get_n_unread:
 * @self: a room page
 *
 * Returns: how much chat came in since it was last shown
 */
guint
alcove_room_page_get_n_unread (AlcoveRoomPage *self)
{
  return self->n_unread;
}

/**
 * alcove_room_page_get_stage:
 * @self: a room page
 *
 * Returns: (transfer none): the stage with everybody's tiles
 */
AlcoveStage *
alcove_room_page_get_stage (AlcoveRoomPage *self)
{
  return self->stage;
}
