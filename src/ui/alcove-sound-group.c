/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-sound-group"

#include "config.h"

#include "alcove-sound-group.h"

#include <glib/gi18n.h>

#include "alcove-device-choice.h"
#include "alcove-voice.h"

/**
 * AlcoveSoundGroup:
 *
 * What a person chooses about sound: where it comes out, and what is done to the voice.
 */

struct _AlcoveSoundGroup {
  AdwPreferencesGroup parent_instance;

  AdwComboRow *speaker_row;
  AdwActionRow *echo_row;
  AdwActionRow *noise_row;
  AdwActionRow *gain_row;
  GtkSwitch *echo_switch;
  GtkSwitch *noise_switch;
  GtkSwitch *gain_switch;
  GtkSwitch *push_switch;
};

G_DEFINE_FINAL_TYPE (AlcoveSoundGroup, alcove_sound_group, ADW_TYPE_PREFERENCES_GROUP)

static void
alcove_sound_group_class_init (AlcoveSoundGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/alcove/Alcove/alcove-sound-group.ui");
  gtk_widget_class_bind_template_child (widget_class, AlcoveSoundGroup, speaker_row);
  gtk_widget_class_bind_template_child (widget_class, AlcoveSoundGroup, echo_row);
  gtk_widget_class_bind_template_child (widget_class, AlcoveSoundGroup, noise_row);
  gtk_widget_class_bind_template_child (widget_class, AlcoveSoundGroup, gain_row);
  gtk_widget_class_bind_template_child (widget_class, AlcoveSoundGroup, echo_switch);
  gtk_widget_class_bind_template_child (widget_class, AlcoveSoundGroup, noise_switch);
  gtk_widget_class_bind_template_child (widget_class, AlcoveSoundGroup, gain_switch);
  gtk_widget_class_bind_template_child (widget_class, AlcoveSoundGroup, push_switch);
}

/* What can't be had is not offered, and the row says why. */
static void
update_possible (AlcoveSoundGroup *self)
{
  AdwActionRow *rows[] = { self->echo_row, self->noise_row, self->gain_row };

  if (alcove_voice_is_possible ())
    return;

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gtk_widget_set_sensitive (GTK_WIDGET (rows[i]), FALSE);
      /* Translators: %s is the name of a software package */
      g_autofree char *reason = g_strdup_printf (_("Needs the package %s"),
                                                 "gstreamer1.0-plugins-bad");

      adw_action_row_set_subtitle (rows[i], reason);
    }
}

static void
alcove_sound_group_init (AlcoveSoundGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  update_possible (self);
}

/**
 * alcove_sound_group_set_settings:
 * @self: the group, once
 * @settings: the program's settings
 * @devices: the devices to choose from
 *
 * Shows and changes what is in @settings.
 */
void
alcove_sound_group_set_settings (AlcoveSoundGroup *self,
                                 GSettings *settings,
                                 AlcoveDevices *devices)
{
  alcove_device_choice_attach (G_OBJECT (self->speaker_row), devices, ALCOVE_DEVICE_SPEAKER,
                               settings, "speaker");
  g_settings_bind (settings, "echo-cancellation", self->echo_switch, "active",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "noise-suppression", self->noise_switch, "active",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "gain-control", self->gain_switch, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "push-to-talk", self->push_switch, "active", G_SETTINGS_BIND_DEFAULT);
}
