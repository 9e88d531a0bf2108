/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gst/gst.h>

#include "alcove-engine-private.h"
#include "alcove-error.h"

/*
 * Cameras that are plugged in and out as the test wants it, of a provider that
 * GStreamer's monitor finds beside the real ones.
 */

static gboolean
on_tick (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* Runs the main context until @value is true. */
#define wait_for(value)                                                                           \
  G_STMT_START                                                                                    \
  {                                                                                               \
    guint tick_ = g_timeout_add (10, on_tick, NULL);                                              \
    gint64 end_ = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;                                  \
    while (!(value))                                                                              \
      {                                                                                           \
        g_assert_cmpint (g_get_monotonic_time (), <, end_);                                       \
        g_main_context_iteration (NULL, TRUE);                                                    \
      }                                                                                           \
    g_source_remove (tick_);                                                                      \
  }                                                                                               \
  G_STMT_END

#define FAKE_TYPE_CAMERA (fake_camera_get_type ())
G_DECLARE_FINAL_TYPE (FakeCamera, fake_camera, FAKE, CAMERA, GstDevice)

struct _FakeCamera {
  GstDevice parent_instance;

  int n_opened;
};

G_DEFINE_FINAL_TYPE (FakeCamera, fake_camera, GST_TYPE_DEVICE)

static GstElement *
fake_camera_create_element (GstDevice *device,
                            const char *name)
{
  GstElement *element = gst_element_factory_make ("videotestsrc", name);

  g_object_set (element, "is-live", TRUE, NULL);
  g_atomic_int_inc (&FAKE_CAMERA (device)->n_opened);
  return element;
}

static void
fake_camera_class_init (FakeCameraClass *klass)
{
  GST_DEVICE_CLASS (klass)->create_element = fake_camera_create_element;
}

static void
fake_camera_init (FakeCamera *self)
{
}

static FakeCamera *
camera_new (const char *name)
{
  g_autoptr (GstCaps) caps = gst_caps_new_empty_simple ("video/x-raw");
  g_autoptr (GstStructure) properties
      = gst_structure_new ("properties", "device.path", G_TYPE_STRING, name, NULL);

  return gst_object_ref_sink (g_object_new (FAKE_TYPE_CAMERA, "display-name", name, "device-class",
                                            "Video/Source", "caps", caps, "properties", properties,
                                            NULL));
}

#define FAKE_TYPE_PROVIDER (fake_provider_get_type ())
G_DECLARE_FINAL_TYPE (FakeProvider, fake_provider, FAKE, PROVIDER, GstDeviceProvider)

struct _FakeProvider {
  GstDeviceProvider parent_instance;
};

G_DEFINE_FINAL_TYPE (FakeProvider, fake_provider, GST_TYPE_DEVICE_PROVIDER)

static gboolean
fake_provider_start (GstDeviceProvider *provider)
{
  return TRUE;
}

static void
fake_provider_stop (GstDeviceProvider *provider)
{
}

static void
fake_provider_class_init (FakeProviderClass *klass)
{
  GstDeviceProviderClass *provider_class = GST_DEVICE_PROVIDER_CLASS (klass);

  provider_class->start = fake_provider_start;
  provider_class->stop = fake_provider_stop;
  gst_device_provider_class_set_static_metadata (provider_class, "Cameras of the test",
                                                 "Source/Video", "Cameras of the test", "Alcove");
}

static void
fake_provider_init (FakeProvider *self)
{
}

#define LATE_TYPE_PROVIDER (late_provider_get_type ())
G_DECLARE_FINAL_TYPE (LateProvider, late_provider, LATE, PROVIDER, GstDeviceProvider)

/* As that of a sound server that comes after us. Atomic: workers ask. */
struct _LateProvider {
  GstDeviceProvider parent_instance;

  int there;
  int n_starts;
  int n_stops;
  int n_probes;
};

G_DEFINE_FINAL_TYPE (LateProvider, late_provider, GST_TYPE_DEVICE_PROVIDER)

static gboolean
late_provider_start (GstDeviceProvider *provider)
{
  LateProvider *self = LATE_PROVIDER (provider);
  g_autoptr (FakeCamera) camera = camera_new ("late");

  g_atomic_int_inc (&self->n_starts);
  if (!g_atomic_int_get (&self->there))
    return FALSE;

  gst_device_provider_device_add (provider, GST_DEVICE (camera));
  return TRUE;
}

static void
late_provider_stop (GstDeviceProvider *provider)
{
  g_atomic_int_inc (&LATE_PROVIDER (provider)->n_stops);
}

static GList *
late_provider_probe (GstDeviceProvider *provider)
{
  g_atomic_int_inc (&LATE_PROVIDER (provider)->n_probes);
  return NULL;
}

static void
late_provider_class_init (LateProviderClass *klass)
{
  GstDeviceProviderClass *provider_class = GST_DEVICE_PROVIDER_CLASS (klass);

  provider_class->start = late_provider_start;
  provider_class->stop = late_provider_stop;
  provider_class->probe = late_provider_probe;
  gst_device_provider_class_set_static_metadata (provider_class, "Late cameras of the test",
                                                 "Source/Video", "Late cameras of the test",
                                                 "Alcove");
}

static void
late_provider_init (LateProvider *self)
{
}

typedef struct {
  guint n_none;
  guint n_other;
} Notices;

static void
on_notice (AlcoveEngine *engine,
           GError *error,
           Notices *notices)
{
  if (g_error_matches (error, ALCOVE_ERROR, ALCOVE_ERROR_NO_CAMERA))
    notices->n_none++;
  else if (g_error_matches (error, ALCOVE_ERROR, ALCOVE_ERROR_OTHER_DEVICE))
    notices->n_other++;
  else
    g_assert_no_error (error);
}

/* The chosen camera goes and comes back; then all go. */
static void
test_unplugged (void)
{
  g_autoptr (GstDeviceProvider) provider = gst_device_provider_factory_get_by_name ("alcovefake");
  g_autoptr (FakeCamera) built_in = camera_new ("built-in");
  g_autoptr (FakeCamera) chosen = camera_new ("chosen");
  g_autoptr (FakeCamera) again = camera_new ("chosen");
  AlcoveEngineOptions options = ALCOVE_ENGINE_OPTIONS_INIT;
  g_autoptr (GError) error = NULL;
  Notices notices = { 0 };
  AlcoveEngine *engine;

  g_assert_nonnull (provider);
  g_assert_true (gst_device_provider_start (provider));
  gst_device_provider_device_add (provider, GST_DEVICE (built_in));
  gst_device_provider_device_add (provider, GST_DEVICE (chosen));
  options.video = "camera:chosen";
  options.audio = "none";
  options.playout = "none";
  engine = alcove_engine_new (&options, &error);
  g_assert_no_error (error);
  g_signal_connect (engine, "notice", G_CALLBACK (on_notice), &notices);

  alcove_engine_start (engine);
  wait_for (alcove_engine_get_camera_available (engine));
  g_assert_cmpint (g_atomic_int_get (&chosen->n_opened), ==, 1);
  g_assert_cmpint (g_atomic_int_get (&built_in->n_opened), ==, 0);

  gst_device_provider_device_remove (provider, GST_DEVICE (chosen));
  wait_for (notices.n_other == 1);
  g_assert_true (alcove_engine_get_camera_available (engine));
  g_assert_cmpint (g_atomic_int_get (&built_in->n_opened), ==, 1);

  gst_device_provider_device_add (provider, GST_DEVICE (again));
  wait_for (g_atomic_int_get (&again->n_opened) == 1);
  wait_for (alcove_engine_get_camera_available (engine));

  gst_device_provider_device_remove (provider, GST_DEVICE (again));
  wait_for (notices.n_other == 2);
  gst_device_provider_device_remove (provider, GST_DEVICE (built_in));
  wait_for (!alcove_engine_get_camera_available (engine));
  g_assert_cmpuint (notices.n_none, ==, 1);

  alcove_engine_stop (engine);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (engine);
  gst_device_provider_stop (provider);
}

static gboolean
has_device (GListModel *list,
            const char *name)
{
  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (AlcoveDevice) device = g_list_model_get_item (list, i);

      if (g_str_equal (alcove_device_get_name (device), name))
        return TRUE;
    }

  return FALSE;
}

/* Who could not be started is started again, and never asked to look just once. */
static void
test_late (void)
{
  g_autoptr (GstDeviceProvider) provider = gst_device_provider_factory_get_by_name ("alcovelate");
  LateProvider *late = LATE_PROVIDER (provider);
  AlcoveDevices *devices = alcove_devices_new ();
  GListModel *cameras = alcove_devices_get_list (devices, ALCOVE_DEVICE_CAMERA);

  alcove_devices_start (devices);
  wait_for (g_atomic_int_get (&late->n_starts) >= 3);
  g_assert_cmpint (g_atomic_int_get (&late->n_probes), ==, 0);
  g_assert_false (has_device (cameras, "late"));

  g_atomic_int_set (&late->there, TRUE);
  wait_for (has_device (cameras, "late"));
  g_assert_cmpint (g_atomic_int_get (&late->n_probes), ==, 0);

  g_object_run_dispose (G_OBJECT (devices));
  wait_for (g_atomic_int_get (&late->n_stops) == 1);
  g_assert_finalize_object (devices);
  g_assert_false (gst_device_provider_is_started (provider));
}

int
main (int argc,
      char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  gst_device_provider_register (NULL, "alcovefake", GST_RANK_PRIMARY, FAKE_TYPE_PROVIDER);
  gst_device_provider_register (NULL, "alcovelate", GST_RANK_PRIMARY, LATE_TYPE_PROVIDER);

  g_test_add_func ("/media/cameras/unplugged", test_unplugged);
  g_test_add_func ("/media/cameras/late", test_late);

  return g_test_run ();
}
