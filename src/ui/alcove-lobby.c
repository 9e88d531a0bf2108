/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-lobby"

#include "config.h"

#include "alcove-lobby.h"

#include <glib/gi18n.h>

#include "alcove-address-list.h"
#include "alcove-announce.h"
#include "alcove-recent-rooms.h"
#include "alcove-server-chooser.h"

/**
 * AlcoveLobby:
 *
 * Where a person looks at the camera, says who they are and where they want to go.
 *
 * Signals: `join`: the button was pressed and nothing is missing; `cancel`: joining should stop.
 */

enum {
  JOIN,
  CANCEL,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

struct _AlcoveLobby {
  AdwBin parent_instance;

  GtkScrolledWindow *scroller;
  AlcovePreview *preview;
  GtkWidget *form;
  GtkEditable *name_row;
  GtkEditable *room_row;
  AdwComboRow *where_row;
  AlcoveServerChooser *server_chooser;
  GtkWidget *network_box;
  AlcoveAddressList *address_list;
  GtkWidget *join_box;
  GtkRevealer *error_revealer;
  GtkLabel *error_label;
  GtkWidget *certificate_button;
  GtkWidget *join_button;
  GtkSpinner *join_spinner;
  GtkLabel *join_label;
  GtkLabel *hint_label;
  AlcoveRecentRooms *recent_rooms;

  GSettings *settings;
  AlcoveRole role;
  AlcoveJoin *entered; /* (nullable): where to, while we are on the way into a room */
  guint busy_timer;    /* until that is shown */
  gboolean passing;
};

/* A form that turns grey for a blink tells nobody anything, and to draw it twice keeps the main
 * context from the offers that are on their way. As long as GTK takes two presses for one double
 * click, whose second is not meant for Cancel. */
#define BUSY_SHOWN_MS 400

G_DEFINE_FINAL_TYPE (AlcoveLobby, alcove_lobby, ADW_TYPE_BIN)

static gboolean
is_shown_busy (AlcoveLobby *self)
{
  return self->entered != NULL && self->busy_timer == 0;
}

static void
update_hint (AlcoveLobby *self)
{
  const gboolean busy = is_shown_busy (self);
  g_autoptr (AlcoveJoin) join = alcove_lobby_dup_join (self);
  const char *missing = alcove_join_missing (join);
  const char *hint = missing != NULL && !busy ? missing : "";

  gtk_label_set_text (self->hint_label, hint);
  gtk_widget_set_visible (GTK_WIDGET (self->hint_label), *hint != '\0');
  gtk_widget_set_tooltip_text (self->join_button, *hint != '\0' ? hint : NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->join_button),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, hint, -1);

  gtk_widget_set_sensitive (self->join_button, busy || missing == NULL);
  gtk_widget_set_sensitive (self->form, !busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->server_chooser), !busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->recent_rooms), !busy);
  gtk_widget_set_visible (GTK_WIDGET (self->join_spinner), busy);
  gtk_spinner_set_spinning (self->join_spinner, busy);
  gtk_label_set_text (self->join_label, busy ? _("Cancel") : _("Join"));
  if (busy)
    gtk_widget_remove_css_class (self->join_button, "suggested-action");
  else
    gtk_widget_add_css_class (self->join_button, "suggested-action");

  alcove_preview_set_name (self->preview, join->name);
}

static void
typed_cb (AlcoveLobby *self)
{
  self->passing = FALSE;
  alcove_lobby_set_error (self, NULL);
  update_hint (self);
}

static void
where_cb (AlcoveLobby *self)
{
  guint where = adw_combo_row_get_selected (self->where_row);

  gtk_widget_set_visible (GTK_WIDGET (self->server_chooser), where == ALCOVE_WHERE_SERVER);
  gtk_widget_set_visible (self->network_box, where == ALCOVE_WHERE_THIS_NETWORK);
  typed_cb (self);
}

/* Chosen elsewhere, as by the preferences. */
static void
setting_cb (AlcoveLobby *self)
{
  if (!self->passing && self->entered == NULL)
    adw_combo_row_set_selected (self->where_row,
                                (guint) g_settings_get_enum (self->settings, "where"));
}

static void
join_clicked_cb (AlcoveLobby *self)
{
  if (is_shown_busy (self))
    g_signal_emit (self, signals[CANCEL], 0);
  else
    alcove_lobby_join (self);
}

static void
chosen_cb (AlcoveLobby *self,
           const char *room)
{
  if (self->entered != NULL)
    return;

  gtk_editable_set_text (self->room_row, room);
  alcove_lobby_join (self);
}

/* The form may be higher than the window: an error that comes is scrolled to. */
static void
upper_cb (GtkAdjustment *adjustment,
          GParamSpec *pspec,
          AlcoveLobby *self)
{
  GtkWidget *content = gtk_widget_get_first_child (GTK_WIDGET (self->scroller));
  graphene_rect_t bounds;
  double value = gtk_adjustment_get_value (adjustment);
  int height;

  if (!gtk_revealer_get_reveal_child (self->error_revealer)
      || !gtk_widget_compute_bounds (self->join_box, content, &bounds))
    return;

  gtk_widget_measure (self->join_box, GTK_ORIENTATION_VERTICAL,
                      gtk_widget_get_width (self->join_box), NULL, &height, NULL, NULL);
  gtk_adjustment_clamp_page (adjustment, bounds.origin.y + value, bounds.origin.y + value + height);
}

static void
alcove_lobby_dispose (GObject *object)
{
  AlcoveLobby *self = ALCOVE_LOBBY (object);

  g_clear_handle_id (&self->busy_timer, g_source_remove);
  g_clear_pointer (&self->entered, alcove_join_free);
  if (self->settings != NULL)
    g_signal_handlers_disconnect_by_data (self->settings, self);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (alcove_lobby_parent_class)->dispose (object);
}

static void
alcove_lobby_class_init (AlcoveLobbyClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = alcove_lobby_dispose;

  signals[JOIN] = g_signal_new ("join", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                NULL, NULL, G_TYPE_NONE, 0);
  signals[CANCEL] = g_signal_new ("cancel", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (ALCOVE_TYPE_ADDRESS_LIST);
  g_type_ensure (ALCOVE_TYPE_PREVIEW);
  g_type_ensure (ALCOVE_TYPE_RECENT_ROOMS);
  g_type_ensure (ALCOVE_TYPE_SERVER_CHOOSER);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/alcove/Alcove/alcove-lobby.ui");
  gtk_widget_class_bind_template_child (widget_class, AlcoveLobby, preview);
  gtk_widget_class_bind_template_child (widget_class, AlcoveLobby, scroller);
  gtk_widget_class_bind_template_child (widget_class, AlcoveLobby, form);
  gtk_widget_class_bind_template_child (widget_class, AlcoveLobby, name_row);
  gtk_widget_class_bind_template_child (widget_class, AlcoveLobby, room_row);
  gtk_widget_class_bind_template_child (widget_class, AlcoveLobby, where_row);
  gtk_widget_class_bind_template_child (widget_class, AlcoveLobby, server_chooser);
  gtk_widget_class_bind_template_child (widget_class, AlcoveLobby, network_box);
  gtk_widget_class_bind_template_child (widget_class, AlcoveLobby, address_list);
  gtk_widget_class_bind_template_child (widget_class, AlcoveLobby, error_revealer);
  gtk_widget_class_bind_template_child (widget_class, AlcoveLobby, join_box);
  gtk_widget_class_bind_template_child (widget_class, AlcoveLobby, error_label);
  gtk_widget_class_bind_template_child (widget_class, AlcoveLobby, certificate_button);
  gtk_widget_class_bind_template_child (widget_class, AlcoveLobby, join_button);
  gtk_widget_class_bind_template_child (widget_class, AlcoveLobby, join_spinner);
  gtk_widget_class_bind_template_child (widget_class, AlcoveLobby, join_label);
  gtk_widget_class_bind_template_child (widget_class, AlcoveLobby, hint_label);
  gtk_widget_class_bind_template_child (widget_class, AlcoveLobby, recent_rooms);
}

static void
alcove_lobby_init (AlcoveLobby *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  g_signal_connect_object (gtk_scrolled_window_get_vadjustment (self->scroller), "notify::upper",
                           G_CALLBACK (upper_cb), self, G_CONNECT_DEFAULT);
  g_signal_connect_swapped (self->name_row, "changed", G_CALLBACK (typed_cb), self);
  g_signal_connect_swapped (self->room_row, "changed", G_CALLBACK (typed_cb), self);
  g_signal_connect_swapped (self->server_chooser, "changed", G_CALLBACK (typed_cb), self);
  g_signal_connect_swapped (self->name_row, "entry-activated", G_CALLBACK (alcove_lobby_join), self);
  g_signal_connect_swapped (self->room_row, "entry-activated", G_CALLBACK (alcove_lobby_join), self);
  g_signal_connect_swapped (self->server_chooser, "activated", G_CALLBACK (alcove_lobby_join), self);
  g_signal_connect_swapped (self->where_row, "notify::selected", G_CALLBACK (where_cb), self);
  g_signal_connect_swapped (self->join_button, "clicked", G_CALLBACK (join_clicked_cb), self);
  g_signal_connect_swapped (self->recent_rooms, "chosen", G_CALLBACK (chosen_cb), self);
}

/**
 * alcove_lobby_new:
 * @settings: the program's settings
 * @devices: the devices to choose from
 * @host: the embedded server, whose address is shown
 *
 * Returns: (transfer floating): a lobby filled with what was used last
 */
GtkWidget *
alcove_lobby_new (GSettings *settings,
                  AlcoveDevices *devices,
                  AlcoveHost *host)
{
  AlcoveLobby *self = g_object_new (ALCOVE_TYPE_LOBBY, NULL);
  g_autoptr (AlcoveJoin) join = alcove_join_new ();

  self->settings = g_object_ref (settings);

  join->name = g_settings_get_string (settings, "name");
  /* glibc says "Unknown" for an account without a full name */
  if (*join->name == '\0')
    {
      g_free (join->name);
      join->name = g_strdup (g_str_equal (g_get_real_name (), "Unknown") ? g_get_user_name ()
                                                                         : g_get_real_name ());
    }
  join->room = g_settings_get_string (settings, "room");
  join->where = (AlcoveWhere) g_settings_get_enum (settings, "where");
  alcove_lobby_fill (self, join);

  alcove_preview_set_up (self->preview, settings, devices);
  alcove_recent_rooms_set_settings (self->recent_rooms, settings);
  alcove_address_list_set_host (self->address_list, host);

  alcove_server_chooser_set_settings (self->server_chooser, settings);
  g_signal_connect_swapped (settings, "changed::where", G_CALLBACK (setting_cb), self);

  where_cb (self);

  return GTK_WIDGET (self);
}

/**
 * alcove_lobby_fill:
 * @self: a lobby
 * @join: what to fill in; %NULL fields stay as they are
 */
void
alcove_lobby_fill (AlcoveLobby *self,
                   const AlcoveJoin *join)
{
  if (join->name != NULL)
    gtk_editable_set_text (self->name_row, join->name);
  if (join->room != NULL)
    gtk_editable_set_text (self->room_row, join->room);
  alcove_server_chooser_fill (self->server_chooser, join);
  adw_combo_row_set_selected (self->where_row, join->where);
  self->role = join->role;
  /* ends with the first change by the person */
  self->passing = join->passing;
}

/**
 * alcove_lobby_get_preview:
 * @self: a lobby
 *
 * Returns: (transfer none): our picture, and the buttons over it
 */
AlcovePreview *
alcove_lobby_get_preview (AlcoveLobby *self)
{
  return self->preview;
}

/**
 * alcove_lobby_dup_join:
 * @self: a lobby
 *
 * Returns: (transfer full): what is filled in, without blanks around it
 */
AlcoveJoin *
alcove_lobby_dup_join (AlcoveLobby *self)
{
  AlcoveJoin *join = alcove_join_new ();

  join->where = (AlcoveWhere) adw_combo_row_get_selected (self->where_row);
  join->name = g_strstrip (g_strdup (gtk_editable_get_text (self->name_row)));
  join->room = g_strstrip (g_strdup (gtk_editable_get_text (self->room_row)));
  alcove_server_chooser_read (self->server_chooser, join);
  /* the embedded server speaks all protocols that there are; ours is the first of them */
  if (join->where != ALCOVE_WHERE_SERVER)
    {
      g_clear_pointer (&join->protocol, g_free);
      g_clear_pointer (&join->id, g_free);
      join->role = self->role;
    }
  join->passing = self->passing;

  return join;
}

/**
 * alcove_lobby_save:
 * @self: a lobby
 *
 * Keeps what is filled in for the next time, unless it is only passing through.
 */
void
alcove_lobby_save (AlcoveLobby *self)
{
  g_autoptr (AlcoveJoin) join = NULL;

  if (self->passing)
    return;

  join = alcove_lobby_dup_join (self);
  g_settings_set_string (self->settings, "name", join->name);
  g_settings_set_string (self->settings, "room", join->room);
  g_settings_set_enum (self->settings, "where", join->where);
  alcove_server_chooser_save (self->server_chooser);
}

/**
 * alcove_lobby_remember:
 * @self: a lobby
 *
 * Keeps what is filled in, and the room that was entered as one that was joined, unless it is only
 * passing through.
 */
void
alcove_lobby_remember (AlcoveLobby *self)
{
  g_autoptr (AlcoveJoin) join
      = self->entered != NULL ? alcove_join_copy (self->entered) : alcove_lobby_dup_join (self);
  g_auto (GStrv) recent = g_settings_get_strv (self->settings, "recent-rooms");
  g_auto (GStrv) rooms = alcove_join_remember ((const char *const *) recent, join->room);

  if (join->passing)
    return;

  alcove_lobby_save (self);
  g_settings_set_strv (self->settings, "recent-rooms", (const char *const *) rooms);
}

/**
 * alcove_lobby_join:
 * @self: a lobby
 *
 * Emits `join` as a press of the button does: if nothing is missing, and we are not on the way into
 * a room.
 */
void
alcove_lobby_join (AlcoveLobby *self)
{
  g_autoptr (AlcoveJoin) join = alcove_lobby_dup_join (self);

  if (self->entered == NULL && alcove_join_missing (join) == NULL)
    g_signal_emit (self, signals[JOIN], 0);
}

static gboolean
show_busy_cb (gpointer data)
{
  AlcoveLobby *self = data;

  self->busy_timer = 0;
  update_hint (self);
  /* the form can't be typed into for the time being, and Cancel is what is left */
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    gtk_widget_grab_focus (self->join_button);
  return G_SOURCE_REMOVE;
}

/**
 * alcove_lobby_set_busy:
 * @self: a lobby
 * @busy: whether we are on the way into a room
 *
 * What is filled in now is where to. A way that takes longer than a blink is shown, and the button
 * cancels it then; the action does at once.
 */
void
alcove_lobby_set_busy (AlcoveLobby *self,
                       gboolean busy)
{
  gboolean shown = is_shown_busy (self);

  if (busy == (self->entered != NULL))
    return;

  if (busy)
    {
      self->entered = alcove_lobby_dup_join (self);
      self->busy_timer = g_timeout_add (BUSY_SHOWN_MS, show_busy_cb, self);
      return;
    }

  g_clear_pointer (&self->entered, alcove_join_free);
  g_clear_handle_id (&self->busy_timer, g_source_remove);
  if (shown)
    update_hint (self);
}

/**
 * alcove_lobby_get_busy:
 * @self: a lobby
 *
 * Returns: whether we are on the way into a room
 */
gboolean
alcove_lobby_get_busy (AlcoveLobby *self)
{
  return self->entered != NULL;
}

/**
 * alcove_lobby_focus_join:
 * @self: a lobby
 *
 * Lets the next Enter join, or fill in what is missing.
 */
void
alcove_lobby_focus_join (AlcoveLobby *self)
{
  g_autoptr (AlcoveJoin) join = alcove_lobby_dup_join (self);
  gboolean nameless = *join->name == '\0';

  gtk_widget_grab_focus (nameless ? GTK_WIDGET (self->name_row) : self->join_button);
}

/**
 * alcove_lobby_set_error:
 * @self: a lobby
 * @message: (nullable): a sentence saying why joining failed; plain text
 */
void
alcove_lobby_set_error (AlcoveLobby *self,
                        const char *message)
{
  if (message != NULL)
    {
      gtk_label_set_text (self->error_label, message);
      alcove_announce (GTK_WIDGET (self), message);
    }
  gtk_widget_set_visible (self->certificate_button, FALSE);
  gtk_revealer_set_reveal_child (self->error_revealer, message != NULL);
}

/**
 * alcove_lobby_offer_certificate:
 * @self: a lobby that shows an error
 *
 * Adds a button to the error, by which the person looks at the certificate that caused it.
 */
void
alcove_lobby_offer_certificate (AlcoveLobby *self)
{
  gtk_widget_set_visible (self->certificate_button, TRUE);
}

/**
 * alcove_lobby_get_error:
 * @self: a lobby
 *
 * Returns: (transfer none) (nullable): the sentence shown, or %NULL if none is
 */
const char *
alcove_lobby_get_error (AlcoveLobby *self)
{
  return gtk_revealer_get_reveal_child (self->error_revealer)
             ? gtk_label_get_text (self->error_label)
             : NULL;
}

/**
 * alcove_lobby_get_hint:
 * @self: a lobby
 *
 * Returns: (transfer none): why joining is not possible yet; empty if it is
 */
const char *
alcove_lobby_get_hint (AlcoveLobby *self)
{
  return gtk_label_get_text (self->hint_label);
}
