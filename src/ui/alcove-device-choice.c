/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-device-choice"

#include "config.h"

#include "alcove-device-choice.h"

#include <glib/gi18n.h>

/**
 * AlcoveDeviceChoice:
 *
 * Keeps a #GtkDropDown or #AdwComboRow, the list of devices of one kind and the chosen id in
 * the settings in step. The first entry follows the system's default; a chosen device that is
 * unplugged stays chosen and comes back with its cable. Until then it is the last entry, so that
 * it is seen, and another one can be chosen instead.
 */

struct _AlcoveDeviceChoice {
  GObject parent_instance;

  GObject *widget;

  GListModel *devices;
  GSettings *settings;
  char *key;
  GtkStringList *names;
  char *known_id; /* of the one that was chosen last while it was there */
  char *known_name;
  gboolean updating;
};

G_DEFINE_FINAL_TYPE (AlcoveDeviceChoice, alcove_device_choice, G_TYPE_OBJECT)

/* Returns: its place in the list, which is where the list ends for one that is not there */
static guint
find_chosen (AlcoveDeviceChoice *self,
             const char *chosen)
{
  guint n = g_list_model_get_n_items (self->devices);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (AlcoveDevice) device = g_list_model_get_item (self->devices, i);

      if (g_strcmp0 (alcove_device_get_id (device), chosen) != 0)
        continue;
      g_free (self->known_id);
      self->known_id = g_strdup (chosen);
      g_free (self->known_name);
      self->known_name = g_strdup (alcove_device_get_name (device));
      return i;
    }

  return n;
}

static char *
dup_missing_name (AlcoveDeviceChoice *self,
                  const char *chosen)
{
  if (self->known_name == NULL || g_strcmp0 (self->known_id, chosen) != 0)
    return g_strdup (_("Chosen device (not connected)"));

  /* Translators: the name of a camera, microphone or sound output that was chosen and is unplugged */
  return g_strdup_printf (_("%s (not connected)"), self->known_name);
}

static GStrv
dup_names (AlcoveDeviceChoice *self,
           const char *chosen,
           gboolean missing)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  guint n = g_list_model_get_n_items (self->devices);

  g_strv_builder_add (builder, n > 0 || missing ? _("System default") : _("None found"));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (AlcoveDevice) device = g_list_model_get_item (self->devices, i);
      const char *name = alcove_device_get_name (device);

      g_strv_builder_add (builder, name != NULL ? name : "");
    }
  if (missing)
    {
      g_autofree char *name = dup_missing_name (self, chosen);

      g_strv_builder_add (builder, name);
    }

  return g_strv_builder_end (builder);
}

/* An open list keeps its rows where nothing in it changes. */
static gboolean
shows (AlcoveDeviceChoice *self,
       const char *const *names)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->names));

  if (n != g_strv_length ((char **) names))
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (!g_str_equal (gtk_string_list_get_string (self->names, i), names[i]))
      return FALSE;

  return TRUE;
}

static void
update (AlcoveDeviceChoice *self)
{
  g_autofree char *chosen = g_settings_get_string (self->settings, self->key);
  g_auto (GStrv) names = NULL;
  guint n = g_list_model_get_n_items (self->devices);
  guint place = find_chosen (self, chosen);
  gboolean missing = chosen[0] != '\0' && place == n;

  names = dup_names (self, chosen, missing);
  self->updating = TRUE;
  if (!shows (self, (const char *const *) names))
    gtk_string_list_splice (self->names, 0, g_list_model_get_n_items (G_LIST_MODEL (self->names)),
                            (const char *const *) names);
  g_object_set (self->widget, "selected", place < n || missing ? place + 1 : 0, NULL);
  self->updating = FALSE;
}

static void
selected_cb (AlcoveDeviceChoice *self)
{
  g_autoptr (AlcoveDevice) device = NULL;
  guint selected = 0;

  if (self->updating)
    return;

  g_object_get (self->widget, "selected", &selected, NULL);
  /* what is not connected can only be chosen already */
  if (selected == GTK_INVALID_LIST_POSITION
      || selected > g_list_model_get_n_items (self->devices))
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
  g_free (self->known_id);
  g_free (self->known_name);

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
  g_signal_connect_swapped (self->settings, changed, G_CALLBACK (update), self);
  g_signal_connect_object (widget, "notify::selected", G_CALLBACK (selected_cb), self,
                           G_CONNECT_SWAPPED);
  g_object_set_data_full (widget, "alcove-device-choice", self, g_object_unref);
}
