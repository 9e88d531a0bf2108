/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "alcove-preferences.h"
#include "hidden-parts.h"

#define EXIT_SKIP 77

static AdwComboRow *
find_row (GtkWidget *widget,
          const char *title)
{
  AdwComboRow *found = NULL;

  if (ADW_IS_COMBO_ROW (widget)
      && g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title) == 0)
    return ADW_COMBO_ROW (widget);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_row (child, title);
  return found;
}

static char *
dup_name (AdwComboRow *row)
{
  GListModel *list = adw_combo_row_get_model (row);
  g_autoptr (GtkStringObject) last
      = g_list_model_get_item (list, g_list_model_get_n_items (list) - 1);

  return g_strdup (gtk_string_object_get_string (last));
}

/* The name of what is listed last; the row says why H.264 can't be had, if it can't. */
static char *
dup_last (GSettings *settings,
          gboolean available)
{
  AlcoveDevices *devices = alcove_devices_new ();
  GtkWidget *preferences = alcove_preferences_new (settings, devices);
  AdwComboRow *row = find_row (preferences, "Codec of the Picture");
  const char *subtitle;
  char *name;

  g_assert_nonnull (row);
  g_assert_true (gtk_widget_get_sensitive (GTK_WIDGET (row)));
  subtitle = adw_action_row_get_subtitle (ADW_ACTION_ROW (row));
  g_assert_cmpint (subtitle != NULL && strstr (subtitle, "nothing is installed") != NULL, ==,
                   !available);
  name = dup_name (row);

  gtk_window_destroy (GTK_WINDOW (preferences));
  g_assert_finalize_object (devices);
  return name;
}

static void
check_last (const char *name,
            gboolean available)
{
  g_autoptr (GSettings) settings = g_settings_new (ALCOVE_APP_ID);
  g_autofree char *last = dup_last (settings, available);

  g_assert_cmpstr (last, ==, name);
}

/* What was chosen and can't be had any more is named so, and goes once something else is chosen. */
static void
check_lost (void)
{
  g_autoptr (GSettings) settings = g_settings_new (ALCOVE_APP_ID);
  AlcoveDevices *devices = alcove_devices_new ();
  GtkWidget *preferences;
  AdwComboRow *row;
  g_autofree char *lost = NULL;
  g_autofree char *left = NULL;
  g_autofree char *again = NULL;
  g_autofree char *codec = NULL;
  g_autofree char *elsewhere = NULL;

  g_settings_set_string (settings, "video-codec", "h264");
  preferences = alcove_preferences_new (settings, devices);
  row = find_row (preferences, "Codec of the Picture");
  g_assert_true (gtk_widget_get_sensitive (GTK_WIDGET (row)));
  g_assert_cmpuint (adw_combo_row_get_selected (row), ==, 2);
  lost = dup_name (row);
  g_assert_cmpstr (lost, ==, "H.264 (not available)");

  adw_combo_row_set_selected (row, 0);
  codec = g_settings_get_string (settings, "video-codec");
  g_assert_cmpstr (codec, ==, "auto");
  left = dup_name (row);
  g_assert_cmpstr (left, ==, "VP8");
  g_assert_cmpuint (adw_combo_row_get_selected (row), ==, 0);

  g_settings_set_string (settings, "video-codec", "h264");
  g_assert_cmpuint (adw_combo_row_get_selected (row), ==, 2);
  again = dup_name (row);
  g_assert_cmpstr (again, ==, "H.264 (not available)");

  /* chosen elsewhere, as in the preferences of another window */
  g_settings_set_string (settings, "video-codec", "auto");
  elsewhere = g_settings_get_string (settings, "video-codec");
  g_assert_cmpstr (elsewhere, ==, "auto");
  g_assert_cmpuint (adw_combo_row_get_selected (row), ==, 0);

  g_settings_reset (settings, "video-codec");
  gtk_window_destroy (GTK_WINDOW (preferences));
  g_assert_finalize_object (devices);
}

/* H.264 can be chosen where it is encoded and decoded. */
static void
test_codecs (void)
{
  GList *encoders = hide_h264_encoders ();
  GList *decoders = hide_h264_decoders ();
  const char *const names[] = { "openh264enc", "openh264dec" };

  check_last ("VP8", FALSE);
  check_lost ();
  gst_element_register (NULL, names[0], GST_RANK_NONE, GST_TYPE_BIN);
  check_last ("VP8", FALSE);
  gst_element_register (NULL, names[1], GST_RANK_NONE, GST_TYPE_BIN);
  check_last ("H.264", TRUE);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GstPluginFeature) feature
          = gst_registry_lookup_feature (gst_registry_get (), names[i]);

      gst_registry_remove_feature (gst_registry_get (), feature);
    }
  check_last ("VP8", FALSE);
  show_again (encoders);
  show_again (decoders);
}

/* A device that is not there stays chosen, is seen, and can be chosen away. */
static void
test_missing_device (gconstpointer data)
{
  const char *const *names = data; /* of the setting and of its row */
  g_autoptr (GSettings) settings = g_settings_new (ALCOVE_APP_ID);
  AlcoveDevices *devices = alcove_devices_new ();
  GtkWidget *preferences;
  AdwComboRow *row;
  g_autofree char *missing = NULL;
  g_autofree char *chosen = NULL;
  g_autofree char *left = NULL;
  g_autofree char *again = NULL;

  g_settings_set_string (settings, names[0], "unplugged");
  preferences = alcove_preferences_new (settings, devices);
  row = find_row (preferences, names[1]);
  g_assert_nonnull (row);
  g_assert_cmpuint (adw_combo_row_get_selected (row), ==, 1);
  missing = dup_name (row);
  g_assert_cmpstr (missing, ==, "Chosen device (not connected)");

  adw_combo_row_set_selected (row, 0);
  chosen = g_settings_get_string (settings, names[0]);
  g_assert_cmpstr (chosen, ==, "");
  g_assert_cmpuint (adw_combo_row_get_selected (row), ==, 0);
  left = dup_name (row);
  g_assert_cmpstr (left, ==, "None found");

  /* chosen elsewhere, as in the lobby */
  g_settings_set_string (settings, names[0], "unplugged");
  g_assert_cmpuint (adw_combo_row_get_selected (row), ==, 1);
  again = dup_name (row);
  g_assert_cmpstr (again, ==, "Chosen device (not connected)");

  g_settings_reset (settings, names[0]);
  g_assert_cmpuint (adw_combo_row_get_selected (row), ==, 0);
  gtk_window_destroy (GTK_WINDOW (preferences));
  g_assert_finalize_object (devices);
}

int
main (int argc,
      char **argv)
{
  const char *const camera[] = { "camera", "Camera" };
  const char *const microphone[] = { "microphone", "Microphone" };

  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);
  if (!gtk_init_check ())
    return EXIT_SKIP;
  adw_init ();

  g_test_add_func ("/ui/preferences/codecs", test_codecs);
  g_test_add_data_func ("/ui/preferences/missing/camera", camera, test_missing_device);
  g_test_add_data_func ("/ui/preferences/missing/microphone", microphone, test_missing_device);

  return g_test_run ();
}
