/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-tile"

#include "config.h"

#include "alcove-tile.h"

#include <glib/gi18n.h>

#include "alcove-media-link.h"
#include "alcove-picture.h"
#include "alcove-tile-menu.h"
#include "alcove-tile-sound.h"

/**
 * AlcoveTile:
 *
 * Somebody in the room: the picture, and over it the name, the marks and what is
 * wrong. A tile never shows an old picture as if it were a live one. Names are
 * plain text wherever they are shown.
 */

/* of a tile so small that its texts become small too */
#define AVATAR_SMALLEST 40

struct _AlcoveTile {
  GtkWidget parent_instance;

  GtkWidget *overlay;
  AlcovePicture *picture;
  AdwAvatar *avatar;
  GtkWidget *status_box;
  GtkSpinner *status_spinner;
  GtkLabel *status_label;
  GtkWidget *caption_box;
  GtkWidget *muted_image;
  GtkWidget *muted_for_me_image;
  GtkWidget *record_image;
  GtkWidget *sharing_image;
  GtkLabel *name_label;
  GtkMenuButton *menu_button;
  GtkWidget *call_box;
  GtkWidget *call_button;
  GtkWidget *hang_up_button;
  GtkWidget *dismiss_button;

  AlcoveParticipant *participant;
  guint update_id;
  guint avatar_id;
  int avatar_size;

  /* ourselves; for a participant they are read where they are */
  char *name;
  char *avatar_name;
  gboolean muted;
  gboolean camera_off;
  gboolean speaking;
  gboolean sharing;
};

G_DEFINE_FINAL_TYPE (AlcoveTile, alcove_tile, GTK_TYPE_WIDGET)

static void
set_class (GtkWidget *widget,
           const char *name,
           gboolean on)
{
  if (on)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

static char *
format_since (GDateTime *since)
{
  g_autoptr (GDateTime) local = NULL;
  g_autofree char *time = NULL;

  if (since == NULL)
    return g_strdup (_("No picture"));

  local = g_date_time_to_local (since);
  time = g_date_time_format (local, "%H:%M:%S");

  /* Translators: the time at which a picture was lost, such as 12:03:41 */
  return g_strdup_printf (_("No picture since %s"), time);
}

/* What is wrong with @participant, or NULL. */
static char *
describe_state (AlcoveParticipant *participant)
{
  GDateTime *since = alcove_participant_get_stale_since (participant);

  switch (alcove_participant_get_state (participant))
    {
    case ALCOVE_PARTICIPANT_CONNECTING:
      return g_strdup (_("Connecting…"));
    case ALCOVE_PARTICIPANT_STALE:
      return format_since (since);
    case ALCOVE_PARTICIPANT_REPAIRING:
      if (since != NULL)
        {
          g_autofree char *text = format_since (since);

          return g_strdup_printf ("%s\n%s", text, _("Reconnecting…"));
        }
      return g_strdup (_("Reconnecting…"));
    case ALCOVE_PARTICIPANT_UNREACHABLE:
      /* Translators: somebody is listed in the room, but does not answer or cannot be reached */
      return g_strdup (_("No connection so far"));
    case ALCOVE_PARTICIPANT_LIVE:
    default:
      /* Translators: the dispatcher sees us, but we see the dispatcher only in a call */
      if (alcove_participant_get_resting (participant))
        return g_strdup (_("No call"));
      /* Translators: somebody who has neither camera nor microphone, only chat */
      return alcove_participant_get_data_only (participant) ? g_strdup (_("Data only")) : NULL;
    }
}

static void
update_description (AlcoveTile *self,
                    const char *name,
                    const char *status,
                    gboolean muted,
                    gboolean muted_for_me,
                    gboolean camera_off)
{
  g_autoptr (GString) text = g_string_new (name);

  if (status != NULL)
    g_string_append_printf (text, ", %s", status);
  if (muted)
    g_string_append_printf (text, ", %s", _("microphone muted"));
  if (muted_for_me)
    g_string_append_printf (text, ", %s", _("muted for me"));
  if (camera_off)
    g_string_append_printf (text, ", %s", _("camera off"));
  if (gtk_widget_get_visible (self->sharing_image))
    g_string_append_printf (text, ", %s", _("shares the screen"));
  if (gtk_widget_get_visible (self->record_image))
    g_string_append_printf (text, ", %s", gtk_widget_get_tooltip_text (self->record_image));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text->str,
                                  -1);
}

static void
set_label (GtkWidget *widget,
           const char *label)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
}

/* Who records whom. */
static void
update_record (AlcoveTile *self)
{
  gboolean recorded = alcove_participant_get_recorded (self->participant);
  gboolean recording = alcove_participant_get_recording (self->participant);
  const char *text = recorded && recording ? _("Recorded, and recording you")
                     : recording           ? _("Recording you")
                                           : _("Recorded by you");

  gtk_widget_set_visible (self->record_image, recorded || recording);
  gtk_widget_set_tooltip_text (self->record_image, text);
  set_label (self->record_image, text);
}

/* A screen reader says whom a button is for. */
static void
update_calls (AlcoveTile *self,
              const char *name)
{
  gboolean in_call = alcove_participant_get_in_call (self->participant);
  /* Translators: %s is a guest’s name; the dispatcher’s sound and picture go to them then */
  g_autofree char *call = g_strdup_printf (_("Call %s"), name);
  /* Translators: %s is a guest’s name */
  g_autofree char *hang_up = g_strdup_printf (_("Hang up on %s"), name);
  /* Translators: %s is a guest’s name */
  g_autofree char *dismiss = g_strdup_printf (_("Ask %s to leave"), name);

  gtk_widget_set_visible (self->call_button, !in_call);
  gtk_widget_set_visible (self->hang_up_button, in_call);
  set_label (self->call_button, call);
  set_label (self->hang_up_button, hang_up);
  set_label (self->dismiss_button, dismiss);
}

/* Made anew each time, since the id of a participant may change. */
static void
menu_cb (GtkMenuButton *button,
         gpointer data)
{
  AlcoveTile *self = data;
  g_autoptr (GMenuModel) menu = alcove_tile_menu_new (self->participant);

  if (self->participant != NULL)
    alcove_tile_sound_fill (button, G_MENU (menu), self->participant);
  else
    gtk_menu_button_set_menu_model (button, menu);
}

static void
press_cb (GtkGesture *gesture,
          int n_presses,
          double x,
          double y,
          AlcoveTile *self)
{
  if (!gtk_widget_get_visible (GTK_WIDGET (self->menu_button)))
    return;

  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_menu_button_popup (self->menu_button);
}

static void
long_press_cb (GtkGesture *gesture,
               double x,
               double y,
               AlcoveTile *self)
{
  press_cb (gesture, 1, x, y, self);
}

static void
update_menu (AlcoveTile *self,
             const char *name)
{
  /* Translators: a menu of what can be done with one person’s picture; %s is a name */
  g_autofree char *label = g_strdup_printf (_("Menu of %s"), name);

  set_label (GTK_WIDGET (self->menu_button), label);
}

static void
update (AlcoveTile *self)
{
  g_autofree char *status = NULL;
  const char *name = self->name;
  gboolean muted = self->muted;
  gboolean muted_for_me = FALSE;
  gboolean camera_off = self->camera_off;
  gboolean speaking = self->speaking;
  gboolean sharing = self->sharing;
  gboolean live = TRUE;
  gboolean lost = FALSE;
  gboolean connecting = FALSE;
  const gboolean hides_picture = alcove_tile_hides_picture (self);
  gboolean show_avatar;
  gboolean small = self->avatar_size == AVATAR_SMALLEST;

  if (self->participant != NULL)
    {
      AlcoveParticipantState state = alcove_participant_get_state (self->participant);

      name = alcove_participant_get_name (self->participant);
      if (name == NULL || *name == '\0')
        name = _("Somebody");
      muted = alcove_participant_get_muted (self->participant);
      muted_for_me = alcove_participant_get_muted_for_me (self->participant);
      camera_off = alcove_participant_get_camera_off (self->participant);
      speaking = alcove_participant_get_speaking (self->participant);
      live = state == ALCOVE_PARTICIPANT_LIVE;
      connecting = state == ALCOVE_PARTICIPANT_CONNECTING;
      lost = state == ALCOVE_PARTICIPANT_STALE || state == ALCOVE_PARTICIPANT_REPAIRING;
      sharing = alcove_participant_get_sharing (self->participant);
      status = describe_state (self->participant);
      update_record (self);
    }
  else if (sharing)
    status = g_strdup (_("You are sharing your screen"));
  if (name == NULL)
    name = "";

  show_avatar = hides_picture || !alcove_picture_get_filled (self->picture);
  /* there is room for one of them, and what is wrong comes first */
  if (small && status != NULL)
    show_avatar = FALSE;

  gtk_widget_set_visible (GTK_WIDGET (self->avatar), show_avatar);
  /* kept at its place, since a picture that is not mapped would ask for no frames */
  gtk_widget_set_opacity (GTK_WIDGET (self->picture), hides_picture ? 0.0 : 1.0);
  alcove_picture_set_dimmed (self->picture, lost);

  adw_avatar_set_text (self->avatar, self->avatar_name != NULL ? self->avatar_name : name);
  gtk_label_set_text (self->name_label, name);
  gtk_widget_set_visible (self->muted_image, muted);
  gtk_widget_set_visible (self->muted_for_me_image, muted_for_me);
  gtk_widget_set_visible (self->sharing_image, sharing);
  gtk_widget_set_visible (self->caption_box, *name != '\0' || muted || muted_for_me);

  gtk_label_set_text (self->status_label, status != NULL ? status : "");
  gtk_widget_set_visible (self->status_box, status != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->status_spinner), connecting);
  gtk_spinner_set_spinning (self->status_spinner, connecting);
  /* under the avatar, or over the middle of the picture */
  gtk_widget_set_valign (self->status_box, show_avatar ? GTK_ALIGN_START : GTK_ALIGN_CENTER);

  set_class (GTK_WIDGET (self), "live", live);
  set_class (GTK_WIDGET (self), "lost", lost);
  set_class (GTK_WIDGET (self), "speaking", speaking && live && !muted);
  update_description (self, name, status, muted, muted_for_me, camera_off);
  update_menu (self, name);
  if (gtk_widget_get_visible (self->call_box))
    update_calls (self, name);
}

static gboolean
update_cb (gpointer data)
{
  AlcoveTile *self = data;

  self->update_id = 0;
  update (self);

  return G_SOURCE_REMOVE;
}

/* A participant changes several properties at once; one look is enough. */
static void
queue_update (AlcoveTile *self)
{
  if (self->update_id == 0)
    self->update_id = g_idle_add_full (G_PRIORITY_DEFAULT, update_cb, self, NULL);
}

static void
link_cb (AlcoveTile *self)
{
  AlcovePeerLink *link = alcove_participant_get_link (self->participant);

  /* the link of a pair being repaired is gone before the next one is there */
  alcove_picture_set_slot (self->picture, ALCOVE_IS_MEDIA_LINK (link)
                                              ? alcove_media_link_get_slot (ALCOVE_MEDIA_LINK (link))
                                              : NULL);
}

/* The next call is not to begin with the last picture of this one. */
static void
resting_cb (AlcoveTile *self)
{
  if (alcove_participant_get_resting (self->participant))
    alcove_picture_clear (self->picture);
}

static int
choose_avatar_size (int height)
{
  if (height >= 420)
    return 128;
  if (height >= 240)
    return 96;
  if (height >= 150)
    return 64;
  return AVATAR_SMALLEST;
}

static gboolean
avatar_cb (gpointer data)
{
  AlcoveTile *self = data;

  self->avatar_id = 0;
  adw_avatar_set_size (self->avatar, self->avatar_size);
  set_class (GTK_WIDGET (self), "small", self->avatar_size == AVATAR_SMALLEST);
  update (self);

  return G_SOURCE_REMOVE;
}

static void
alcove_tile_size_allocate (GtkWidget *widget,
                           int width,
                           int height,
                           int baseline)
{
  AlcoveTile *self = ALCOVE_TILE (widget);
  int size = choose_avatar_size (height);

  gtk_widget_size_allocate (self->overlay, &(GtkAllocation){ 0, 0, width, height }, baseline);

  /* a size change within an allocation would ask for another one */
  if (size != self->avatar_size)
    {
      self->avatar_size = size;
      if (self->avatar_id == 0)
        self->avatar_id = g_idle_add_full (G_PRIORITY_DEFAULT, avatar_cb, self, NULL);
    }
}

static void
alcove_tile_measure (GtkWidget *widget,
                     GtkOrientation orientation,
                     int for_size,
                     int *minimum,
                     int *natural,
                     int *minimum_baseline,
                     int *natural_baseline)
{
  AlcoveTile *self = ALCOVE_TILE (widget);

  gtk_widget_measure (self->overlay, orientation, for_size, minimum, natural, NULL, NULL);
}

static void
alcove_tile_dispose (GObject *object)
{
  AlcoveTile *self = ALCOVE_TILE (object);

  g_clear_handle_id (&self->update_id, g_source_remove);
  g_clear_handle_id (&self->avatar_id, g_source_remove);
  if (self->participant != NULL)
    g_signal_handlers_disconnect_by_data (self->participant, self);
  g_clear_object (&self->participant);
  if (self->picture != NULL)
    g_signal_handlers_disconnect_by_data (self->picture, self);
  gtk_widget_dispose_template (GTK_WIDGET (self), ALCOVE_TYPE_TILE);

  G_OBJECT_CLASS (alcove_tile_parent_class)->dispose (object);
}

static void
alcove_tile_finalize (GObject *object)
{
  AlcoveTile *self = ALCOVE_TILE (object);

  g_free (self->name);
  g_free (self->avatar_name);

  G_OBJECT_CLASS (alcove_tile_parent_class)->finalize (object);
}

static void
alcove_tile_class_init (AlcoveTileClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = alcove_tile_dispose;
  object_class->finalize = alcove_tile_finalize;
  widget_class->size_allocate = alcove_tile_size_allocate;
  widget_class->measure = alcove_tile_measure;

  g_type_ensure (ALCOVE_TYPE_PICTURE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/alcove/Alcove/alcove-tile.ui");
  gtk_widget_class_bind_template_child (widget_class, AlcoveTile, overlay);
  gtk_widget_class_bind_template_child (widget_class, AlcoveTile, picture);
  gtk_widget_class_bind_template_child (widget_class, AlcoveTile, avatar);
  gtk_widget_class_bind_template_child (widget_class, AlcoveTile, status_box);
  gtk_widget_class_bind_template_child (widget_class, AlcoveTile, status_spinner);
  gtk_widget_class_bind_template_child (widget_class, AlcoveTile, status_label);
  gtk_widget_class_bind_template_child (widget_class, AlcoveTile, caption_box);
  gtk_widget_class_bind_template_child (widget_class, AlcoveTile, muted_image);
  gtk_widget_class_bind_template_child (widget_class, AlcoveTile, muted_for_me_image);
  gtk_widget_class_bind_template_child (widget_class, AlcoveTile, record_image);
  gtk_widget_class_bind_template_child (widget_class, AlcoveTile, sharing_image);
  gtk_widget_class_bind_template_child (widget_class, AlcoveTile, name_label);
  gtk_widget_class_bind_template_child (widget_class, AlcoveTile, menu_button);
  gtk_widget_class_bind_template_child (widget_class, AlcoveTile, call_box);
  gtk_widget_class_bind_template_child (widget_class, AlcoveTile, call_button);
  gtk_widget_class_bind_template_child (widget_class, AlcoveTile, hang_up_button);
  gtk_widget_class_bind_template_child (widget_class, AlcoveTile, dismiss_button);

  gtk_widget_class_set_css_name (widget_class, "tile");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

/* What the buttons act upon is somebody's id. */
static void
id_cb (AlcoveTile *self)
{
  alcove_tile_set_dispatching (self, gtk_widget_get_visible (self->call_box));
}

static void
alcove_tile_init (AlcoveTile *self)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *long_press = gtk_gesture_long_press_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_menu_button_set_create_popup_func (self->menu_button, menu_cb, self, NULL);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect_object (click, "pressed", G_CALLBACK (press_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (long_press), TRUE);
  g_signal_connect_object (long_press, "pressed", G_CALLBACK (long_press_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (long_press));
  g_signal_connect_swapped (self->picture, "notify::filled", G_CALLBACK (queue_update), self);
}

/**
 * alcove_tile_new:
 * @participant: somebody else in the room
 *
 * Returns: (transfer floating): a tile that follows @participant
 */
GtkWidget *
alcove_tile_new (AlcoveParticipant *participant)
{
  AlcoveTile *self = g_object_new (ALCOVE_TYPE_TILE, NULL);

  self->participant = g_object_ref (participant);
  alcove_tile_sound_install (GTK_WIDGET (self), participant);
  g_signal_connect_swapped (participant, "notify::link", G_CALLBACK (link_cb), self);
  g_signal_connect_swapped (participant, "notify::resting", G_CALLBACK (resting_cb), self);
  g_signal_connect_swapped (participant, "notify::id", G_CALLBACK (id_cb), self);
  g_signal_connect_swapped (participant, "notify", G_CALLBACK (queue_update), self);
  link_cb (self);
  update (self);

  return GTK_WIDGET (self);
}

/**
 * alcove_tile_new_self:
 *
 * Returns: (transfer floating): a mirrored tile for ourselves, to be filled by its setters
 */
GtkWidget *
alcove_tile_new_self (void)
{
  AlcoveTile *self = g_object_new (ALCOVE_TYPE_TILE, NULL);

  gtk_widget_add_css_class (GTK_WIDGET (self), "self");
  alcove_picture_set_mirrored (self->picture, TRUE);
  update (self);

  return GTK_WIDGET (self);
}

/**
 * alcove_tile_get_participant:
 * @self: a tile
 *
 * Returns: (transfer none) (nullable): whom it shows; %NULL for ourselves
 */
AlcoveParticipant *
alcove_tile_get_participant (AlcoveTile *self)
{
  return self->participant;
}

/**
 * alcove_tile_set_dispatching:
 * @self: a participant's tile
 * @dispatching: whether we are the dispatcher, who calls that participant, hangs up, and may
 *   ask them to leave
 */
void
alcove_tile_set_dispatching (AlcoveTile *self,
                             gboolean dispatching)
{
  const struct {
    GtkWidget *button;
    const char *action;
  } buttons[] = {
    { self->call_button, "win.call" },
    { self->hang_up_button, "win.hang-up" },
    { self->dismiss_button, "win.dismiss" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (buttons); i++)
    {
      GtkActionable *actionable = GTK_ACTIONABLE (buttons[i].button);

      /* an action without its target would be complained about */
      gtk_actionable_set_action_target (actionable, "s",
                                        alcove_participant_get_id (self->participant));
      gtk_actionable_set_action_name (actionable, dispatching ? buttons[i].action : NULL);
    }
  gtk_widget_set_visible (self->call_box, dispatching);
  update (self);
}

/**
 * alcove_tile_set_with_menu:
 * @self: a tile
 * @with_menu: whether it has a menu; not on a wall, where nobody is to do anything
 */
void
alcove_tile_set_with_menu (AlcoveTile *self,
                           gboolean with_menu)
{
  gtk_widget_set_visible (GTK_WIDGET (self->menu_button), with_menu);
  update (self);
}

/**
 * alcove_tile_set_slot:
 * @self: our own tile
 * @slot: (nullable): where its picture comes from
 */
void
alcove_tile_set_slot (AlcoveTile *self,
                      AlcoveFrameSlot *slot)
{
  alcove_picture_set_slot (self->picture, slot);
  if (slot == NULL)
    alcove_picture_clear (self->picture);
}

/**
 * alcove_tile_set_name:
 * @self: our own tile
 * @name: (nullable): plain text
 */
void
alcove_tile_set_name (AlcoveTile *self,
                      const char *name)
{
  if (g_strcmp0 (self->name, name) == 0)
    return;

  g_free (self->name);
  self->name = g_strdup (name);
  update (self);
}

/**
 * alcove_tile_set_avatar_name:
 * @self: our own tile
 * @name: (nullable): plain text of which the initials stand where there is no picture; %NULL for
 *   the name that is shown
 */
void
alcove_tile_set_avatar_name (AlcoveTile *self,
                             const char *name)
{
  if (g_strcmp0 (self->avatar_name, name) == 0)
    return;

  g_free (self->avatar_name);
  self->avatar_name = g_strdup (name);
  update (self);
}

/**
 * alcove_tile_set_muted:
 * @self: our own tile
 * @muted: whether our microphone is muted
 */
void
alcove_tile_set_muted (AlcoveTile *self,
                       gboolean muted)
{
  if (self->muted == muted)
    return;

  self->muted = muted;
  update (self);
}

/**
 * alcove_tile_set_camera_off:
 * @self: our own tile
 * @camera_off: whether our camera is off
 */
void
alcove_tile_set_camera_off (AlcoveTile *self,
                            gboolean camera_off)
{
  if (self->camera_off == camera_off)
    return;

  self->camera_off = camera_off;
  update (self);
}

/**
 * alcove_tile_set_sharing:
 * @self: our own tile
 * @sharing: whether its picture is our screen, which is not mirrored
 */
void
alcove_tile_set_sharing (AlcoveTile *self,
                         gboolean sharing)
{
  if (self->sharing == sharing)
    return;

  self->sharing = sharing;
  alcove_picture_set_mirrored (self->picture, !sharing);
  update (self);
}

/**
 * alcove_tile_set_speaking:
 * @self: our own tile
 * @speaking: whether we speak
 */
void
alcove_tile_set_speaking (AlcoveTile *self,
                          gboolean speaking)
{
  if (self->speaking == speaking)
    return;

  self->speaking = speaking;
  update (self);
}

/**
 * alcove_tile_get_picture:
 * @self: a tile
 *
 * Returns: (transfer none): what draws its frames
 */
AlcovePicture *
alcove_tile_get_picture (AlcoveTile *self)
{
  return self->picture;
}

/**
 * alcove_tile_hides_picture:
 * @self: a tile
 *
 * Returns: whether there is nothing to be seen of whatever picture there is: the camera is off, or
 *   it is not their turn to send, or they send none
 */
gboolean
alcove_tile_hides_picture (AlcoveTile *self)
{
  if (self->participant == NULL)
    return self->camera_off;

  return alcove_participant_get_camera_off (self->participant)
         || alcove_participant_get_resting (self->participant)
         || alcove_participant_get_data_only (self->participant);
}

/**
 * alcove_tile_get_caption:
 * @self: a tile
 *
 * Returns: (transfer none): the name as shown
 */
const char *
alcove_tile_get_caption (AlcoveTile *self)
{
  return gtk_label_get_text (self->name_label);
}

/**
 * alcove_tile_get_status:
 * @self: a tile
 *
 * Returns: (transfer none): what is wrong as shown; empty if nothing is
 */
const char *
alcove_tile_get_status (AlcoveTile *self)
{
  return gtk_label_get_text (self->status_label);
}

/**
 * alcove_tile_get_live:
 * @self: a tile
 *
 * Returns: whether it is shown as live
 */
gboolean
alcove_tile_get_live (AlcoveTile *self)
{
  return gtk_widget_has_css_class (GTK_WIDGET (self), "live");
}
