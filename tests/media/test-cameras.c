/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>

#include <gst/gst.h>

#include "alcove-devices-private.h"
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

/* As of a camera that another program has open: some elements have a code for that, some only what
 * the system says. */
#define BUSY_TYPE_SOURCE (busy_source_get_type ())
G_DECLARE_FINAL_TYPE (BusySource, busy_source, BUSY, SOURCE, GstElement)

struct _BusySource {
  GstElement parent_instance;

  gboolean has_code;
};

G_DEFINE_FINAL_TYPE (BusySource, busy_source, GST_TYPE_ELEMENT)

static GstStaticPadTemplate busy_template
    = GST_STATIC_PAD_TEMPLATE ("src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS ("video/x-raw"));

static GstStateChangeReturn
busy_source_change_state (GstElement *element,
                          GstStateChange transition)
{
  if (transition != GST_STATE_CHANGE_NULL_TO_READY)
    return GST_ELEMENT_CLASS (busy_source_parent_class)->change_state (element, transition);

  errno = EBUSY;
  if (BUSY_SOURCE (element)->has_code)
    GST_ELEMENT_ERROR (element, RESOURCE, BUSY, ("It is in use."), (NULL));
  else
    GST_ELEMENT_ERROR (element, RESOURCE, OPEN_READ_WRITE, ("It can't be opened."),
                       GST_ERROR_SYSTEM);
  return GST_STATE_CHANGE_FAILURE;
}

static void
busy_source_class_init (BusySourceClass *klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  element_class->change_state = busy_source_change_state;
  gst_element_class_add_static_pad_template (element_class, &busy_template);
  gst_element_class_set_static_metadata (element_class, "Camera in use", "Source/Video",
                                         "Can't be opened", "Alcove");
}

static void
busy_source_init (BusySource *self)
{
  gst_element_add_pad (GST_ELEMENT (self),
                       gst_pad_new_from_static_template (&busy_template, "src"));
}

#define FAKE_TYPE_CAMERA (fake_camera_get_type ())
G_DECLARE_FINAL_TYPE (FakeCamera, fake_camera, FAKE, CAMERA, GstDevice)

/* Atomic: workers open it. */
struct _FakeCamera {
  GstDevice parent_instance;

  int n_opened;
  int n_refused;
  int n_to_refuse;
  gboolean has_code;
};

G_DEFINE_FINAL_TYPE (FakeCamera, fake_camera, GST_TYPE_DEVICE)

/* How many times a camera that was opened gives nothing any more. Atomic. */
static int n_silent;

static GstPadProbeReturn
on_picture (GstPad *pad,
            GstPadProbeInfo *info,
            gpointer data)
{
  return GPOINTER_TO_INT (data) < g_atomic_int_get (&n_silent) ? GST_PAD_PROBE_DROP
                                                               : GST_PAD_PROBE_OK;
}

static GstElement *
fake_camera_create_element (GstDevice *device,
                            const char *name)
{
  FakeCamera *self = FAKE_CAMERA (device);
  g_autoptr (GstPad) pad = NULL;
  GstElement *element;

  if (g_atomic_int_get (&self->n_refused) < g_atomic_int_get (&self->n_to_refuse))
    {
      BusySource *busy = g_object_new (BUSY_TYPE_SOURCE, "name", name, NULL);

      busy->has_code = self->has_code;
      g_atomic_int_inc (&self->n_refused);
      return GST_ELEMENT (busy);
    }

  element = gst_element_factory_make ("videotestsrc", name);
  g_object_set (element, "is-live", TRUE, NULL);
  pad = gst_element_get_static_pad (element, "src");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_picture,
                     GINT_TO_POINTER (g_atomic_int_add (&self->n_opened, 1)), NULL);
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
camera_new_with (const char *name,
                 gboolean is_default)
{
  g_autoptr (GstCaps) caps = gst_caps_new_empty_simple ("video/x-raw");
  g_autoptr (GstStructure) properties
      = gst_structure_new ("properties", "device.path", G_TYPE_STRING, name, "is-default",
                           G_TYPE_BOOLEAN, is_default, NULL);

  return gst_object_ref_sink (g_object_new (FAKE_TYPE_CAMERA, "display-name", name, "device-class",
                                            "Video/Source", "caps", caps, "properties", properties,
                                            NULL));
}

static FakeCamera *
camera_new (const char *name)
{
  return camera_new_with (name, FALSE);
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
  guint n_busy;
  guint n_other;
  /* what was said and holds */
  GList *standing;
} Notices;

static void
on_notice (AlcoveEngine *engine,
           GError *error,
           Notices *notices)
{
  notices->standing = g_list_append (notices->standing, g_strdup (error->message));
  if (g_error_matches (error, ALCOVE_ERROR, ALCOVE_ERROR_NO_CAMERA))
    notices->n_none++;
  else if (g_error_matches (error, ALCOVE_ERROR, ALCOVE_ERROR_CAMERA_BUSY))
    notices->n_busy++;
  else if (g_error_matches (error, ALCOVE_ERROR, ALCOVE_ERROR_OTHER_DEVICE))
    notices->n_other++;
  else
    g_assert_no_error (error);
}

static void
on_notice_over (AlcoveEngine *engine,
                GError *error,
                Notices *notices)
{
  GList *found = g_list_find_custom (notices->standing, error->message, (GCompareFunc) strcmp);

  g_assert_nonnull (found);
  g_free (found->data);
  notices->standing = g_list_delete_link (notices->standing, found);
}

static AlcoveEngine *
engine_new_with (AlcoveDevices *devices,
                 const char *video,
                 Notices *notices)
{
  AlcoveEngineOptions options = ALCOVE_ENGINE_OPTIONS_INIT;
  g_autoptr (GError) error = NULL;
  AlcoveEngine *engine;

  options.video = video;
  options.audio = "none";
  options.playout = "none";
  options.devices = devices;
  engine = alcove_engine_new (&options, &error);
  g_assert_no_error (error);
  g_signal_connect (engine, "notice", G_CALLBACK (on_notice), notices);
  g_signal_connect (engine, "notice-over", G_CALLBACK (on_notice_over), notices);
  return engine;
}

static AlcoveEngine *
engine_new (const char *video,
            Notices *notices)
{
  return engine_new_with (NULL, video, notices);
}

static void
engine_end (AlcoveEngine *engine,
            Notices *notices)
{
  alcove_engine_stop (engine);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (engine);
  g_list_free_full (notices->standing, g_free);
}

/* The chosen camera goes and comes back; then all go. */
static void
test_unplugged (void)
{
  g_autoptr (GstDeviceProvider) provider = gst_device_provider_factory_get_by_name ("alcovefake");
  g_autoptr (FakeCamera) built_in = camera_new ("built-in");
  g_autoptr (FakeCamera) chosen = camera_new ("chosen");
  g_autoptr (FakeCamera) again = camera_new ("chosen");
  Notices notices = { 0 };
  AlcoveEngine *engine;

  g_assert_nonnull (provider);
  g_assert_true (gst_device_provider_start (provider));
  gst_device_provider_device_add (provider, GST_DEVICE (built_in));
  gst_device_provider_device_add (provider, GST_DEVICE (chosen));
  engine = engine_new ("camera:chosen", &notices);

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
  wait_for (notices.standing == NULL);
  g_assert_true (alcove_engine_get_camera_available (engine));

  gst_device_provider_device_remove (provider, GST_DEVICE (again));
  wait_for (notices.n_other == 2);
  gst_device_provider_device_remove (provider, GST_DEVICE (built_in));
  wait_for (!alcove_engine_get_camera_available (engine));
  g_assert_cmpuint (notices.n_none, ==, 1);
  /* that there is another one holds no longer */
  g_assert_cmpuint (g_list_length (notices.standing), ==, 1);

  engine_end (engine, &notices);
  gst_device_provider_stop (provider);
}

/* Another program has the only camera, as @data says named or not, and then lets it go. */
static void
test_busy (gconstpointer data)
{
  g_autoptr (GstDeviceProvider) provider = gst_device_provider_factory_get_by_name ("alcovefake");
  g_autoptr (FakeCamera) camera = camera_new ("chosen");
  Notices notices = { 0 };
  AlcoveEngine *engine;

  g_assert_true (gst_device_provider_start (provider));
  camera->has_code = g_str_has_suffix (data, "chosen");
  camera->n_to_refuse = G_MAXINT;
  gst_device_provider_device_add (provider, GST_DEVICE (camera));
  engine = engine_new (data, &notices);
  alcove_engine_start (engine);

  /* told once, however often it is tried */
  wait_for (g_atomic_int_get (&camera->n_refused) >= 3);
  g_assert_cmpuint (notices.n_busy, ==, 1);
  g_assert_cmpuint (g_list_length (notices.standing), ==, 1);
  g_assert_false (alcove_engine_get_camera_available (engine));

  /* turned off, it is no trouble; who turns it on wants to know */
  alcove_engine_set_camera_off (engine, TRUE);
  g_assert_null (notices.standing);
  alcove_engine_set_camera_off (engine, FALSE);
  wait_for (notices.n_busy == 2);

  g_atomic_int_set (&camera->n_to_refuse, 0);
  wait_for (alcove_engine_get_camera_available (engine));
  g_assert_null (notices.standing);
  g_assert_cmpint (g_atomic_int_get (&camera->n_opened), ==, 1);
  g_assert_cmpuint (notices.n_busy, ==, 2);
  g_assert_cmpuint (notices.n_none + notices.n_other, ==, 0);

  engine_end (engine, &notices);
  gst_device_provider_device_remove (provider, GST_DEVICE (camera));
  gst_device_provider_stop (provider);
}

/* What holds is told, also where something else held in between. */
static void
test_busy_unplugged (void)
{
  g_autoptr (GstDeviceProvider) provider = gst_device_provider_factory_get_by_name ("alcovefake");
  g_autoptr (FakeCamera) camera = camera_new ("chosen");
  Notices notices = { 0 };
  AlcoveEngine *engine;

  g_assert_true (gst_device_provider_start (provider));
  camera->has_code = TRUE;
  camera->n_to_refuse = G_MAXINT;
  gst_device_provider_device_add (provider, GST_DEVICE (camera));
  engine = engine_new ("camera", &notices);
  alcove_engine_start (engine);
  wait_for (notices.n_busy == 1);

  gst_device_provider_device_remove (provider, GST_DEVICE (camera));
  wait_for (notices.n_none == 1);
  gst_device_provider_device_add (provider, GST_DEVICE (camera));
  wait_for (notices.n_busy == 2);
  g_assert_cmpuint (g_list_length (notices.standing), ==, 1);

  engine_end (engine, &notices);
  gst_device_provider_device_remove (provider, GST_DEVICE (camera));
  gst_device_provider_stop (provider);
}

/* Another program has the chosen camera: the other one is used, without a break, until it is free. */
static void
test_busy_chosen (gconstpointer data)
{
  gboolean chosen_first = GPOINTER_TO_INT (data);
  g_autoptr (GstDeviceProvider) provider = gst_device_provider_factory_get_by_name ("alcovefake");
  g_autoptr (FakeCamera) built_in = camera_new ("built-in");
  g_autoptr (FakeCamera) chosen = camera_new ("chosen");
  Notices notices = { 0 };
  AlcoveEngine *engine;
  int n_refused;

  g_assert_true (gst_device_provider_start (provider));
  chosen->has_code = TRUE;
  chosen->n_to_refuse = G_MAXINT;
  gst_device_provider_device_add (provider, GST_DEVICE (chosen_first ? chosen : built_in));
  gst_device_provider_device_add (provider, GST_DEVICE (chosen_first ? built_in : chosen));
  engine = engine_new ("camera:chosen", &notices);
  alcove_engine_start (engine);

  wait_for (notices.n_other == 1);
  g_assert_cmpint (g_atomic_int_get (&built_in->n_opened), ==, 1);
  n_refused = g_atomic_int_get (&chosen->n_refused);
  wait_for (g_atomic_int_get (&chosen->n_refused) >= n_refused + 2);
  g_assert_true (alcove_engine_get_camera_available (engine));
  g_assert_cmpint (g_atomic_int_get (&built_in->n_opened), ==, 1);
  g_assert_cmpuint (notices.n_other, ==, 1);
  g_assert_cmpuint (g_list_length (notices.standing), ==, 1);

  g_atomic_int_set (&chosen->n_to_refuse, 0);
  wait_for (notices.standing == NULL);
  g_assert_true (alcove_engine_get_camera_available (engine));
  g_assert_cmpint (g_atomic_int_get (&chosen->n_opened), ==, 1);
  g_assert_cmpint (g_atomic_int_get (&built_in->n_opened), ==, 1);

  /* and it is the one that is used: the other one may go */
  gst_device_provider_device_remove (provider, GST_DEVICE (built_in));
  gst_device_provider_device_remove (provider, GST_DEVICE (chosen));
  wait_for (!alcove_engine_get_camera_available (engine));
  g_assert_cmpuint (notices.n_other, ==, 1);
  g_assert_cmpuint (notices.n_none, ==, 1);

  engine_end (engine, &notices);
  gst_device_provider_stop (provider);
}

static gboolean
is_default (GListModel *list,
            const char *id)
{
  gboolean found = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (list) && !found; i++)
    {
      g_autoptr (AlcoveDevice) device = g_list_model_get_item (list, i);

      found = g_str_equal (alcove_device_get_id (device), id)
              && alcove_device_get_is_default (device);
    }
  return found;
}

/* For a camera that is in use stands the system's default one, as it is by then; if that can't be
 * used either, as @data says, another one. Why it is not the chosen one is told as it is. */
static void
test_default_other (gconstpointer data)
{
  gboolean default_too = GPOINTER_TO_INT (data);
  g_autoptr (GstDeviceProvider) provider = gst_device_provider_factory_get_by_name ("alcovefake");
  g_autoptr (FakeCamera) built_in = camera_new_with ("built-in", TRUE);
  g_autoptr (FakeCamera) built_in_then = camera_new ("built-in");
  g_autoptr (FakeCamera) usb = camera_new ("usb");
  g_autoptr (FakeCamera) usb_then = camera_new_with ("usb", TRUE);
  g_autoptr (FakeCamera) chosen = camera_new ("chosen");
  AlcoveDevices *devices = alcove_devices_new ();
  GListModel *cameras = alcove_devices_get_list (devices, ALCOVE_DEVICE_CAMERA);
  Notices notices = { 0 };
  AlcoveEngine *engine;

  g_assert_true (gst_device_provider_start (provider));
  chosen->n_to_refuse = G_MAXINT;
  usb_then->n_to_refuse = default_too ? G_MAXINT : 0;
  gst_device_provider_device_add (provider, GST_DEVICE (built_in));
  gst_device_provider_device_add (provider, GST_DEVICE (usb));
  gst_device_provider_device_add (provider, GST_DEVICE (chosen));
  alcove_devices_start (devices);
  wait_for (is_default (cameras, "built-in"));
  gst_device_provider_device_changed (provider, GST_DEVICE (built_in_then),
                                      GST_DEVICE (built_in));
  gst_device_provider_device_changed (provider, GST_DEVICE (usb_then), GST_DEVICE (usb));
  wait_for (is_default (cameras, "usb") && !is_default (cameras, "built-in"));

  engine = engine_new_with (devices, "camera:chosen", &notices);
  alcove_engine_start (engine);
  wait_for (notices.n_other == 1);
  g_assert_cmpint (g_atomic_int_get (&usb_then->n_opened), ==, default_too ? 0 : 1);
  g_assert_cmpint (g_atomic_int_get (&built_in_then->n_opened), ==, default_too ? 1 : 0);
  g_assert_cmpuint (notices.n_busy + notices.n_none, ==, 0);
  g_assert_nonnull (strstr (notices.standing->data, "Another program"));

  gst_device_provider_device_remove (provider, GST_DEVICE (chosen));
  wait_for (notices.n_other == 2);
  g_assert_cmpuint (g_list_length (notices.standing), ==, 1);
  g_assert_nonnull (strstr (notices.standing->data, "not there"));

  engine_end (engine, &notices);
  g_assert_finalize_object (devices);
  gst_device_provider_device_remove (provider, GST_DEVICE (built_in_then));
  gst_device_provider_device_remove (provider, GST_DEVICE (usb_then));
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

/* The only camera stops without a word: the person is told, and it is opened again. */
static void
test_silent (void)
{
  g_autoptr (GstDeviceProvider) provider = gst_device_provider_factory_get_by_name ("alcovefake");
  g_autoptr (FakeCamera) camera = camera_new ("chosen");
  Notices notices = { 0 };
  AlcoveEngine *engine;

  g_assert_true (gst_device_provider_start (provider));
  gst_device_provider_device_add (provider, GST_DEVICE (camera));
  engine = engine_new ("camera", &notices);
  alcove_engine_start (engine);
  wait_for (alcove_engine_get_camera_available (engine));

  g_atomic_int_set (&n_silent, 1);
  wait_for (!alcove_engine_get_camera_available (engine));
  g_assert_cmpuint (notices.n_none, ==, 1);
  wait_for (alcove_engine_get_camera_available (engine));
  g_assert_cmpint (g_atomic_int_get (&camera->n_opened), ==, 2);
  g_assert_null (notices.standing);

  engine_end (engine, &notices);
  g_atomic_int_set (&n_silent, 0);
  gst_device_provider_device_remove (provider, GST_DEVICE (camera));
  gst_device_provider_stop (provider);
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
  /* and is not there for those who come after */
  g_atomic_int_set (&late->there, FALSE);
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
  g_test_add_data_func ("/media/cameras/busy/named", "camera:chosen", test_busy);
  g_test_add_data_func ("/media/cameras/busy/default", "camera", test_busy);
  g_test_add_func ("/media/cameras/busy/unplugged", test_busy_unplugged);
  g_test_add_data_func ("/media/cameras/busy/other", GINT_TO_POINTER (FALSE), test_busy_chosen);
  g_test_add_data_func ("/media/cameras/busy/other-than-default", GINT_TO_POINTER (TRUE),
                        test_busy_chosen);
  g_test_add_data_func ("/media/cameras/busy/default-other", GINT_TO_POINTER (FALSE),
                        test_default_other);
  g_test_add_data_func ("/media/cameras/busy/no-default-other", GINT_TO_POINTER (TRUE),
                        test_default_other);
  g_test_add_func ("/media/cameras/silent", test_silent);
  g_test_add_func ("/media/cameras/late", test_late);

  return g_test_run ();
}
