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

/* Whether the codec can be chosen; if not, the row says why. */
static gboolean
can_choose (void)
{
  g_autoptr (GSettings) settings = g_settings_new (ALCOVE_APP_ID);
  AlcoveDevices *devices = alcove_devices_new ();
  GtkWidget *preferences = alcove_preferences_new (settings, devices);
  AdwComboRow *row = find_row (preferences, "Codec of the Picture");
  gboolean can;
  const char *subtitle;

  g_assert_nonnull (row);
  can = gtk_widget_get_sensitive (GTK_WIDGET (row));
  subtitle = adw_action_row_get_subtitle (ADW_ACTION_ROW (row));
  g_assert_cmpint (subtitle != NULL && strstr (subtitle, "nothing is installed") != NULL, ==, !can);

  gtk_window_destroy (GTK_WINDOW (preferences));
  g_assert_finalize_object (devices);
  return can;
}

/* H.264 can be chosen where it is encoded and decoded. */
static void
test_codecs (void)
{
  GList *encoders = hide_h264_encoders ();
  GList *decoders = hide_h264_decoders ();
  const char *const names[] = { "openh264enc", "openh264dec" };

  g_assert_false (can_choose ());
  gst_element_register (NULL, names[0], GST_RANK_NONE, GST_TYPE_BIN);
  g_assert_false (can_choose ());
  gst_element_register (NULL, names[1], GST_RANK_NONE, GST_TYPE_BIN);
  g_assert_true (can_choose ());

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GstPluginFeature) feature
          = gst_registry_lookup_feature (gst_registry_get (), names[i]);

      gst_registry_remove_feature (gst_registry_get (), feature);
    }
  g_assert_false (can_choose ());
  show_again (encoders);
  show_again (decoders);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);
  if (!gtk_init_check ())
    return EXIT_SKIP;
  adw_init ();

  g_test_add_func ("/ui/preferences/codecs", test_codecs);

  return g_test_run ();
}
