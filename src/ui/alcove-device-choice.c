/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-device-choice"

#include "config.h"

#include "alcove-device-choice.h"

#include <glib/gi18n.h>

/**
 * AlcoveDeviceChoice:
 *
 * Keeps a #GtkDropDown or #AdwComboRow, the list of devices of one kind and the chosen id in
 * the settings in step. The first entry follows the system's default; a chosen
 * device that is unplugged stays chosen and comes back with its cable.
 */

struct _AlcoveDeviceChoice {
  GObject parent_instance;

  GObject *widget;

  GListModel *devices;
  GSettings *settings;
  char *key;
  GtkStringList *names;
  gboolean updating;
};

G_DEFINE_FINAL_TYPE (AlcoveDeviceChoice, alcove_device_choice, G_TYPE_OBJECT)

static void
select_chosen (AlcoveDeviceChoice *self)
{
  g_autofree char *chosen = g_settings_get_string (self->settings, self->key);
  guint n = g_list_model_get_n_items (self->devices);
  guint selected = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (AlcoveDevice) device = g_list_model_get_item (self->devices, i);

      if (g_strcmp0 (alcove_device_get_id (device), chosen) == 0)
        selected = i + 1;
    }

  self->updating = TRUE;
  g_object_set (self->widget, "selected", selected, NULL);
  self->updating = FALSE;
}

static void
update (AlcoveDeviceChoice *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) names = NULL;
  guint n = g_list_model_get_n_items (self->devices);

  g_strv_builder_add (builder, n > 0 ? _("System default") : _("None found"));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (AlcoveDevice) device = g_list_model_get_item (self->devices, i);
      const char *name = alcove_device_get_name (device);

      g_strv_builder_add (builder, name != NULL ? name : "");
    }
  names = g_strv_builder_end (builder);

  self->updating = TRUE;
  gtk_string_list_splice (self->names, 0, g_list_model_get_n_items (G_LIST_MODEL (self->names)),
                          (const char *const *) names);
  self->updating = FALSE;
  select_chosen (self);
}

static void
selected_cb (AlcoveDeviceChoice *self)
{
  g_autoptr (AlcoveDevice) device = NULL;
  guint selected = 0;

  if (self->updating)
    return;

  g_object_get (self->widget, "selected", &selected, NULL);
  if (selected == GTK_INVALID_LIST_POSITION)
    return;
  if (selected > 0)
    device = g_list_model_get_item (self->devices, selected - 1);

  g_settings_set_string (self->settings, self->key,
                         device != NULL ? alcove_device_get_id (device) : "");
}

static void
alcove_device_choice_finalize (GObject *object)
{
  AlcoveDeviceChoice *self = ALCOVE_DEVICE_CHOICE (object);

  g_signal_handlers_disconnect_by_data (self->devices, self);
  g_signal_handlers_disconnect_by_data (self->settings, self);
  g_clear_object (&self->devices);
  g_clear_object (&self->settings);
  g_clear_object (&self->names);
  g_free (self->key);

  G_OBJECT_CLASS (alcove_device_choice_parent_class)->finalize (object);
}

static void
alcove_device_choice_class_init (AlcoveDeviceChoiceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = alcove_device_choice_finalize;
}

static void
alcove_device_choice_init (AlcoveDeviceChoice *self)
{
  self->names = gtk_string_list_new (NULL);
}

/**
 * alcove_device_choice_attach:
 * @widget: a #GtkDropDown or #AdwComboRow
 * @devices: the devices of this computer
 * @kind: which of them to offer
 * @settings: where the choice is kept
 * @key: under which name
 *
 * Lets @widget choose a device, for as long as @widget lives.
 */
void
alcove_device_choice_attach (GObject *widget,
                             AlcoveDevices *devices,
                             AlcoveDeviceKind kind,
                             GSettings *settings,
                             const char *key)
{
  AlcoveDeviceChoice *self = g_object_new (ALCOVE_TYPE_DEVICE_CHOICE, NULL);
  g_autofree char *changed = g_strdup_printf ("changed::%s", key);

  self->widget = widget;
  self->devices = g_object_ref (alcove_devices_get_list (devices, kind));
  self->settings = g_object_ref (settings);
  self->key = g_strdup (key);

  g_object_set (widget, "model", self->names, NULL);
  update (self);
  g_signal_connect_swapped (self->devices, "items-changed", G_CALLBACK (update), self);
  g_signal_connect_swapped (self->settings, changed, G_CALLBACK (select_chosen), self);
  g_signal_connect_object (widget, "notify::selected", G_CALLBACK (selected_cb), self,
                           G_CONNECT_SWAPPED);
  g_object_set_data_full (widget, "alcove-device-choice", self, g_object_unref);
}
