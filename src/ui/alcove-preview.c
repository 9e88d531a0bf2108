/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-preview"

#include "config.h"

#include "alcove-preview.h"

#include <string.h>

#include <glib/gi18n.h>

#include "alcove-device-choice.h"
#include "alcove-picture.h"

/**
 * AlcovePreview:
 *
 * What the others are going to see and hear of us: our picture, the level of the microphone,
 * both on or off, and which of them.
 */

struct _AlcovePreview {
  AdwBin parent_instance;

  AlcovePicture *picture;
  GtkWidget *preview_status;
  AdwAvatar *avatar;
  GtkLabel *preview_label;
  GtkLabel *notice_label;
  GtkToggleButton *microphone_button;
  GtkToggleButton *camera_button;
  GtkLevelBar *level_bar;
  GtkDropDown *camera_choice;
  GtkDropDown *microphone_choice;
  GtkDropDown *speaker_choice;

  AlcoveEngine *engine;
  gboolean shown;
};

G_DEFINE_FINAL_TYPE (AlcovePreview, alcove_preview, ADW_TYPE_BIN)

static void
update_buttons (AlcovePreview *self)
{
  gboolean microphone = gtk_toggle_button_get_active (self->microphone_button);
  gboolean camera = gtk_toggle_button_get_active (self->camera_button);

  gtk_button_set_icon_name (GTK_BUTTON (self->microphone_button),
                            microphone ? "microphone-sensitivity-high-symbolic"
                                       : "microphone-sensitivity-muted-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->microphone_button),
                               microphone ? _("Mute Microphone (Ctrl+D)")
                                          : _("Turn Microphone On (Ctrl+D)"));
  gtk_button_set_icon_name (GTK_BUTTON (self->camera_button),
                            camera ? "camera-video-symbolic" : "camera-disabled-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->camera_button),
                               camera ? _("Turn Camera Off (Ctrl+E)")
                                      : _("Turn Camera On (Ctrl+E)"));
}

static void
update_preview (AlcovePreview *self)
{
  gboolean on = gtk_toggle_button_get_active (self->camera_button);
  gboolean available = self->engine != NULL && alcove_engine_get_camera_available (self->engine);
  gboolean filled = alcove_picture_get_filled (self->picture);

  update_buttons (self);
  alcove_picture_set_slot (self->picture, self->shown && self->engine != NULL
                                              ? alcove_engine_get_preview (self->engine)
                                              : NULL);
  gtk_widget_set_opacity (GTK_WIDGET (self->picture), on ? 1.0 : 0.0);
  gtk_widget_set_visible (self->preview_status, !on || !filled);
  gtk_label_set_text (self->preview_label, !on         ? _("Camera is off")
                                           : available ? _("Starting the camera…")
                                                       : _("No camera found"));
}

static void
level_cb (AlcovePreview *self)
{
  gboolean on = gtk_toggle_button_get_active (self->microphone_button);

  gtk_level_bar_set_value (self->level_bar,
                           on ? CLAMP (alcove_engine_get_input_level (self->engine), 0, 1) : 0);
}

static void
alcove_preview_dispose (GObject *object)
{
  alcove_preview_set_engine (ALCOVE_PREVIEW (object), NULL);

  G_OBJECT_CLASS (alcove_preview_parent_class)->dispose (object);
}

static void
alcove_preview_class_init (AlcovePreviewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = alcove_preview_dispose;

  g_type_ensure (ALCOVE_TYPE_PICTURE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/alcove/Alcove/alcove-preview.ui");
  gtk_widget_class_bind_template_child (widget_class, AlcovePreview, picture);
  gtk_widget_class_bind_template_child (widget_class, AlcovePreview, preview_status);
  gtk_widget_class_bind_template_child (widget_class, AlcovePreview, avatar);
  gtk_widget_class_bind_template_child (widget_class, AlcovePreview, preview_label);
  gtk_widget_class_bind_template_child (widget_class, AlcovePreview, notice_label);
  gtk_widget_class_bind_template_child (widget_class, AlcovePreview, microphone_button);
  gtk_widget_class_bind_template_child (widget_class, AlcovePreview, camera_button);
  gtk_widget_class_bind_template_child (widget_class, AlcovePreview, level_bar);
  gtk_widget_class_bind_template_child (widget_class, AlcovePreview, camera_choice);
  gtk_widget_class_bind_template_child (widget_class, AlcovePreview, microphone_choice);
  gtk_widget_class_bind_template_child (widget_class, AlcovePreview, speaker_choice);
}

static void
alcove_preview_init (AlcovePreview *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  alcove_picture_set_mirrored (self->picture, TRUE);

  g_signal_connect_swapped (self->camera_button, "toggled", G_CALLBACK (update_preview), self);
  g_signal_connect_swapped (self->microphone_button, "toggled", G_CALLBACK (update_preview), self);
  g_signal_connect_swapped (self->picture, "notify::filled", G_CALLBACK (update_preview), self);
  update_preview (self);
}

/**
 * alcove_preview_set_up:
 * @self: a preview
 * @settings: where on, off and the devices are kept
 * @devices: the devices to choose from
 *
 * Keeps @self and @settings in step from now on.
 */
void
alcove_preview_set_up (AlcovePreview *self,
                       GSettings *settings,
                       AlcoveDevices *devices)
{
  alcove_device_choice_attach (G_OBJECT (self->camera_choice), devices, ALCOVE_DEVICE_CAMERA,
                               settings, "camera");
  alcove_device_choice_attach (G_OBJECT (self->microphone_choice), devices,
                               ALCOVE_DEVICE_MICROPHONE, settings, "microphone");
  alcove_device_choice_attach (G_OBJECT (self->speaker_choice), devices, ALCOVE_DEVICE_SPEAKER,
                               settings, "speaker");
  g_settings_bind (settings, "camera-on", self->camera_button, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "microphone-on", self->microphone_button, "active",
                   G_SETTINGS_BIND_DEFAULT);
}

/**
 * alcove_preview_set_engine:
 * @self: a preview
 * @engine: (nullable): whose camera and microphone are shown
 */
void
alcove_preview_set_engine (AlcovePreview *self,
                           AlcoveEngine *engine)
{
  if (self->engine == engine)
    return;

  alcove_preview_tell (self, NULL);
  if (self->engine != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->engine, self);
      alcove_picture_set_slot (self->picture, NULL);
      alcove_picture_clear (self->picture);
      g_clear_object (&self->engine);
    }

  if (engine != NULL)
    {
      self->engine = g_object_ref (engine);
      g_signal_connect_swapped (engine, "notify::input-level", G_CALLBACK (level_cb), self);
      g_signal_connect_swapped (engine, "notify::camera-available", G_CALLBACK (update_preview),
                                self);
      update_preview (self);
    }
}

/**
 * alcove_preview_set_shown:
 * @self: a preview
 * @shown: whether it is on the page that is seen, and may take our picture
 */
void
alcove_preview_set_shown (AlcovePreview *self,
                          gboolean shown)
{
  if (self->shown == shown)
    return;

  self->shown = shown;
  update_preview (self);
}

/**
 * alcove_preview_set_name:
 * @self: a preview
 * @name: our own name, for the initials shown instead of a picture
 */
void
alcove_preview_set_name (AlcovePreview *self,
                         const char *name)
{
  adw_avatar_set_text (self->avatar, name);
}

/**
 * alcove_preview_tell:
 * @self: a preview
 * @text: (nullable): a plain sentence about camera or microphone; %NULL takes back all
 *
 * Says something where nothing has to be pressed or read: a toast would lie over Join.
 */
void
alcove_preview_tell (AlcovePreview *self,
                     const char *text)
{
  const char *old = gtk_label_get_text (self->notice_label);
  g_autofree char *both = NULL;

  if (text != NULL && *old != '\0' && strstr (old, text) == NULL)
    both = g_strdup_printf ("%s\n%s", old, text);

  if (text == NULL || *old == '\0' || both != NULL)
    gtk_label_set_text (self->notice_label, both != NULL ? both : text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->notice_label),
                          *gtk_label_get_text (self->notice_label) != '\0');
}

/**
 * alcove_preview_take_back:
 * @self: a preview
 * @text: a sentence that holds no longer; one that was not told does nothing
 */
void
alcove_preview_take_back (AlcovePreview *self,
                          const char *text)
{
  g_auto (GStrv) told = g_strsplit (gtk_label_get_text (self->notice_label), "\n", -1);

  alcove_preview_tell (self, NULL);
  for (guint i = 0; told[i] != NULL; i++)
    if (!g_str_equal (told[i], text))
      alcove_preview_tell (self, told[i]);
}
