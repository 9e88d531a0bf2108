/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-preferences"

#include "config.h"

#include "alcove-preferences.h"

#include <glib/gi18n.h>

#include "alcove-device-choice.h"
#include "alcove-engine.h"
#include "alcove-origin.h"
#include "alcove-server-page.h"
#include "alcove-sound-group.h"

static const char *const sizes[] = { "320x180", "640x360", "1280x720", NULL };
static const char *const size_names[] = { "320 × 180", "640 × 360", "1280 × 720", NULL };
static const char *const codecs[] = { "auto", "vp8", "h264", NULL };
#define H264_PLACE 2

struct _AlcovePreferences {
  AdwPreferencesWindow parent_instance;

  AdwComboRow *camera_row;
  AdwComboRow *microphone_row;
  AdwComboRow *size_row;
  AdwComboRow *codec_row;
  GtkEditable *stun_row;
  GtkEditable *turn_row;
  GtkSwitch *relay_switch;
  GtkEditable *origins_row;
  AlcoveServerPage *server_page;
  AlcoveSoundGroup *sound_group;

  GSettings *settings;
  gboolean has_h264;
};

G_DEFINE_FINAL_TYPE (AlcovePreferences, alcove_preferences, ADW_TYPE_PREFERENCES_WINDOW)

static gboolean
position_from_settings (GValue *value,
                        GVariant *variant,
                        gpointer data)
{
  const char *const *names = data;

  for (guint i = 0; names[i] != NULL; i++)
    if (g_str_equal (names[i], g_variant_get_string (variant, NULL)))
      {
        g_value_set_uint (value, i);
        return TRUE;
      }

  return FALSE;
}

static GVariant *
position_to_settings (const GValue *value,
                      const GVariantType *type,
                      gpointer data)
{
  const char *const *names = data;
  guint i = g_value_get_uint (value);

  return i < g_strv_length ((char **) names) ? g_variant_new_string (names[i]) : NULL;
}

/* What can't be had can't be chosen; where it was chosen, it is there to be chosen away. */
static void
update_codecs (AlcovePreferences *self)
{
  GtkStringList *list = GTK_STRING_LIST (adw_combo_row_get_model (self->codec_row));
  gboolean listed = g_list_model_get_n_items (G_LIST_MODEL (list)) > H264_PLACE;
  g_autofree char *chosen = g_settings_get_string (self->settings, "video-codec");
  gboolean wanted = self->has_h264 || g_str_equal (chosen, codecs[H264_PLACE]);

  if (wanted && !listed)
    gtk_string_list_append (list, self->has_h264 ? "H.264" : _("H.264 (not available)"));
  if (wanted || !listed)
    return;

  /* a choice that was made elsewhere is not in the row yet: without its item the row would choose
   * another one, and store that */
  for (guint i = 0; i < H264_PLACE; i++)
    if (g_str_equal (chosen, codecs[i]))
      adw_combo_row_set_selected (self->codec_row, i);
  gtk_string_list_remove (list, H264_PLACE);
}

static void
set_up_codecs (AlcovePreferences *self)
{
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);

  /* Translators: of the codec of the picture */
  gtk_string_list_append (list, _("Automatic"));
  gtk_string_list_append (list, "VP8");
  adw_combo_row_set_model (self->codec_row, G_LIST_MODEL (list));
  self->has_h264 = alcove_engine_has_h264 ();
  update_codecs (self);

  if (self->has_h264)
    return;
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->codec_row),
                               _("VP8, as nothing is installed that encodes and decodes H.264. "
                                 "GStreamer’s openh264 would do."));
}

/* An address is used when it is complete, not at each letter. */
static void
stun_cb (AlcovePreferences *self)
{
  g_settings_set_string (self->settings, "stun", gtk_editable_get_text (self->stun_row));
}

static void
turn_cb (AlcovePreferences *self)
{
  g_settings_set_string (self->settings, "turn", gtk_editable_get_text (self->turn_row));
}

static void
show_origins (AlcovePreferences *self)
{
  g_auto (GStrv) origins = g_settings_get_strv (self->settings, "allowed-origins");
  g_autofree char *text = g_strjoinv (" ", origins);

  gtk_editable_set_text (self->origins_row, text);
}

/* All that is typed, or nothing of it: half of a list lets in others than it says. */
static void
origins_cb (AlcovePreferences *self)
{
  g_auto (GStrv) typed = g_strsplit_set (gtk_editable_get_text (self->origins_row), " ,;\t", -1);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) origins = NULL;

  for (gsize i = 0; typed[i] != NULL; i++)
    {
      g_autofree char *origin = *typed[i] != '\0' ? alcove_origin_normalize (typed[i]) : NULL;

      if (origin != NULL)
        {
          g_strv_builder_add (builder, origin);
        }
      else if (*typed[i] != '\0')
        {
          g_autofree char *problem = NULL;
          g_autofree char *title = NULL;

          /* Translators: %s is what was typed */
          problem = g_strdup_printf (_("“%s” is no website’s address"),
                                     typed[i]);
          title = g_markup_escape_text (problem, -1);
          adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (self), adw_toast_new (title));
          gtk_widget_add_css_class (GTK_WIDGET (self->origins_row), "error");
          return;
        }
    }

  gtk_widget_remove_css_class (GTK_WIDGET (self->origins_row), "error");
  origins = g_strv_builder_end (builder);
  g_settings_set_strv (self->settings, "allowed-origins", (const char *const *) origins);
  show_origins (self);
}

static void
alcove_preferences_dispose (GObject *object)
{
  AlcovePreferences *self = ALCOVE_PREFERENCES (object);

  if (self->settings != NULL)
    g_signal_handlers_disconnect_by_data (self->settings, self);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (alcove_preferences_parent_class)->dispose (object);
}

static void
alcove_preferences_class_init (AlcovePreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = alcove_preferences_dispose;

  g_type_ensure (ALCOVE_TYPE_SERVER_PAGE);
  g_type_ensure (ALCOVE_TYPE_SOUND_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/alcove/Alcove/alcove-preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, AlcovePreferences, camera_row);
  gtk_widget_class_bind_template_child (widget_class, AlcovePreferences, microphone_row);
  gtk_widget_class_bind_template_child (widget_class, AlcovePreferences, size_row);
  gtk_widget_class_bind_template_child (widget_class, AlcovePreferences, codec_row);
  gtk_widget_class_bind_template_child (widget_class, AlcovePreferences, stun_row);
  gtk_widget_class_bind_template_child (widget_class, AlcovePreferences, turn_row);
  gtk_widget_class_bind_template_child (widget_class, AlcovePreferences, relay_switch);
  gtk_widget_class_bind_template_child (widget_class, AlcovePreferences, origins_row);
  gtk_widget_class_bind_template_child (widget_class, AlcovePreferences, server_page);
  gtk_widget_class_bind_template_child (widget_class, AlcovePreferences, sound_group);
}

static void
alcove_preferences_init (AlcovePreferences *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (size_names);

  gtk_widget_init_template (GTK_WIDGET (self));
  adw_combo_row_set_model (self->size_row, G_LIST_MODEL (names));
}

/**
 * alcove_preferences_new:
 * @settings: the program's settings
 * @devices: the devices to choose from
 *
 * Returns: (transfer none): a preferences window
 */
GtkWidget *
alcove_preferences_new (GSettings *settings,
                        AlcoveDevices *devices)
{
  AlcovePreferences *self = g_object_new (ALCOVE_TYPE_PREFERENCES, NULL);
  g_autofree char *stun = g_settings_get_string (settings, "stun");
  g_autofree char *turn = g_settings_get_string (settings, "turn");

  self->settings = g_object_ref (settings);
  alcove_device_choice_attach (G_OBJECT (self->camera_row), devices, ALCOVE_DEVICE_CAMERA,
                               settings, "camera");
  alcove_device_choice_attach (G_OBJECT (self->microphone_row), devices,
                               ALCOVE_DEVICE_MICROPHONE, settings, "microphone");
  g_settings_bind_with_mapping (settings, "size", self->size_row, "selected",
                                G_SETTINGS_BIND_DEFAULT, position_from_settings,
                                position_to_settings, (gpointer) sizes, NULL);
  set_up_codecs (self);
  /* before the row follows, which must have it by then */
  g_signal_connect_swapped (settings, "changed::video-codec", G_CALLBACK (update_codecs), self);
  g_settings_bind_with_mapping (settings, "video-codec", self->codec_row, "selected",
                                G_SETTINGS_BIND_DEFAULT | G_SETTINGS_BIND_NO_SENSITIVITY,
                                position_from_settings, position_to_settings, (gpointer) codecs,
                                NULL);
  g_settings_bind (settings, "relay-only", self->relay_switch, "active", G_SETTINGS_BIND_DEFAULT);
  alcove_sound_group_set_settings (self->sound_group, settings, devices);
  alcove_server_page_set_settings (self->server_page, settings);
  gtk_editable_set_text (self->stun_row, stun);
  gtk_editable_set_text (self->turn_row, turn);
  g_signal_connect_swapped (self->stun_row, "apply", G_CALLBACK (stun_cb), self);
  g_signal_connect_swapped (self->turn_row, "apply", G_CALLBACK (turn_cb), self);
  show_origins (self);
  g_signal_connect_swapped (self->origins_row, "apply", G_CALLBACK (origins_cb), self);

  return GTK_WIDGET (self);
}
