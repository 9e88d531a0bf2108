/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-devices"

#include "config.h"

#include "alcove-devices.h"
#include "alcove-devices-private.h"

#include "alcove-media-thread.h"
#include "alcove-providers.h"

/* How long a list that nobody waits for otherwise waits for its providers to close. */
#define STOP_TIMEOUT (G_USEC_PER_SEC / 2)

#define N_KINDS (ALCOVE_DEVICE_SPEAKER + 1)

static const char *const classes[N_KINDS] = {
  [ALCOVE_DEVICE_CAMERA] = "Video/Source",
  [ALCOVE_DEVICE_MICROPHONE] = "Audio/Source",
  [ALCOVE_DEVICE_SPEAKER] = "Audio/Sink",
};

struct _AlcoveDevice {
  GObject parent_instance;

  char *id;
  char *name;
  char *api;
  AlcoveDeviceKind kind;
  gboolean is_default;
};

enum {
  PROP_0,
  PROP_ID,
  PROP_NAME,
  PROP_KIND,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (AlcoveDevice, alcove_device, G_TYPE_OBJECT)

/* Shared with workers; the lock is held while the providers are opened, asked or closed. */
struct _AlcoveDeviceWatch {
  AlcoveMediaHandle *handle;
  GMutex lock;
  AlcoveProviders *providers;
  gboolean stopped;
  gboolean doubted; /* atomic */
};

struct _AlcoveDevices {
  GObject parent_instance;

  AlcoveMediaHandle *handle;
  AlcoveWorkers *workers;
  GListStore *lists[N_KINDS];
  gboolean own_workers;
  gboolean started;
  guint look_source;
  AlcoveDeviceWatch *watch;
};

G_DEFINE_FINAL_TYPE (AlcoveDevices, alcove_devices, G_TYPE_OBJECT)

static void
alcove_device_get_property (GObject *object,
                            guint id,
                            GValue *value,
                            GParamSpec *pspec)
{
  AlcoveDevice *self = ALCOVE_DEVICE (object);

  switch (id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_KIND:
      g_value_set_int (value, self->kind);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
alcove_device_finalize (GObject *object)
{
  AlcoveDevice *self = ALCOVE_DEVICE (object);

  g_free (self->id);
  g_free (self->name);
  g_free (self->api);

  G_OBJECT_CLASS (alcove_device_parent_class)->finalize (object);
}

static void
alcove_device_class_init (AlcoveDeviceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = alcove_device_get_property;
  object_class->finalize = alcove_device_finalize;

  props[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL,
                                        G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY
                                            | G_PARAM_STATIC_STRINGS);
  props[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL,
                                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY
                                              | G_PARAM_STATIC_STRINGS);
  props[PROP_KIND] = g_param_spec_int ("kind", NULL, NULL, 0, N_KINDS - 1, 0,
                                       G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY
                                           | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
alcove_device_init (AlcoveDevice *self)
{
}

/* What several providers say of one device differs; the device's own node does not. */
static char *
device_id (GstDevice *device)
{
  const char *const keys[] = { "device.path", "api.v4l2.path", "node.name", "object.serial" };
  g_autoptr (GstStructure) properties = gst_device_get_properties (device);

  for (gsize i = 0; properties != NULL && i < G_N_ELEMENTS (keys); i++)
    {
      const char *value = gst_structure_get_string (properties, keys[i]);

      if (value != NULL && value[0] != '\0')
        return g_strdup (value);
    }

  if (gst_device_has_classes (device, "Audio"))
    {
      /* pulsesrc and pulsesink keep the stable name of the source or sink in `device` */
      g_autoptr (GstElement) element = gst_device_create_element (device, NULL);
      char *name = NULL;

      if (element != NULL)
        {
          gst_object_ref_sink (element);
          if (g_object_class_find_property (G_OBJECT_GET_CLASS (element), "device") != NULL)
            g_object_get (element, "device", &name, NULL);
          if (name != NULL)
            return name;
        }
    }

  return gst_device_get_display_name (device);
}

/* The monitor of an output is no microphone: it would send the others their own voices. */
static gboolean
device_is_hidden (GstDevice *device)
{
  g_autoptr (GstStructure) properties = gst_device_get_properties (device);
  g_autofree char *id = device_id (device);
  const char *class;

  if (g_str_has_suffix (id, ".monitor"))
    return TRUE;
  class = properties != NULL ? gst_structure_get_string (properties, "device.class") : NULL;

  return g_strcmp0 (class, "monitor") == 0;
}

static gboolean
device_is_kind (GstDevice *device,
                AlcoveDeviceKind kind)
{
  return gst_device_has_classes (device, classes[kind]) && !device_is_hidden (device);
}

static gboolean
device_is_default (GstDevice *device)
{
  g_autoptr (GstStructure) properties = gst_device_get_properties (device);
  gboolean is_default = FALSE;

  if (properties != NULL)
    gst_structure_get_boolean (properties, "is-default", &is_default);
  return is_default;
}

static AlcoveDevice *
device_new (GstDevice *device,
            AlcoveDeviceKind kind)
{
  AlcoveDevice *self = g_object_new (ALCOVE_TYPE_DEVICE, NULL);
  g_autoptr (GstStructure) properties = gst_device_get_properties (device);

  if (properties != NULL)
    self->api = g_strdup (gst_structure_get_string (properties, "device.api"));
  self->id = device_id (device);
  self->name = gst_device_get_display_name (device);
  self->kind = kind;
  self->is_default = device_is_default (device);
  return self;
}

/* Providers overlap: what has the same id is the same device, and so is what has the same
 * name by another way in (a camera through V4L2 and through libcamera). Two devices of one
 * make share a name, but then they also share the way in. */
static gboolean
same_device (AlcoveDevice *a,
             AlcoveDevice *b)
{
  return g_strcmp0 (a->id, b->id) == 0
         || (a->api != NULL && b->api != NULL && g_strcmp0 (a->api, b->api) != 0
             && g_strcmp0 (a->name, b->name) == 0);
}

static gboolean
list_find (GListModel *list,
           const char *id)
{
  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (AlcoveDevice) device = g_list_model_get_item (list, i);

      if (g_strcmp0 (device->id, id) == 0)
        return TRUE;
    }

  return FALSE;
}

typedef struct {
  GPtrArray *lists[N_KINDS];
  int look_again_ms;
} Found;

static void
found_free (gpointer data)
{
  Found *self = data;

  for (guint kind = 0; kind < N_KINDS; kind++)
    g_ptr_array_unref (self->lists[kind]);
  g_free (self);
}

static void look (AlcoveDevices *self);

static gboolean
on_look (gpointer data)
{
  AlcoveDevices *self = data;

  self->look_source = 0;
  look (self);
  return G_SOURCE_REMOVE;
}

/* Which one it is may change while none comes or goes. Before anything else, as who is told of a
 * change looks for it. */
static void
note_default (GListModel *model,
              GPtrArray *found)
{
  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (AlcoveDevice) old = g_list_model_get_item (model, i);

      for (guint j = 0; j < found->len; j++)
        {
          AlcoveDevice *device = found->pdata[j];

          if (g_strcmp0 (device->id, old->id) == 0)
            old->is_default = device->is_default;
        }
    }
}

static void
hop_found (gpointer object,
           gpointer data)
{
  AlcoveDevices *self = object;
  Found *found = data;

  g_clear_handle_id (&self->look_source, g_source_remove);
  if (self->watch != NULL && found->look_again_ms >= 0)
    self->look_source = g_timeout_add ((guint) found->look_again_ms, on_look, self);

  for (guint kind = 0; kind < N_KINDS; kind++)
    {
      GListModel *model = G_LIST_MODEL (self->lists[kind]);

      note_default (model, found->lists[kind]);
      for (guint i = g_list_model_get_n_items (model); i > 0; i--)
        {
          g_autoptr (AlcoveDevice) old = g_list_model_get_item (model, i - 1);
          gboolean kept = FALSE;

          for (guint j = 0; j < found->lists[kind]->len && !kept; j++)
            {
              AlcoveDevice *device = found->lists[kind]->pdata[j];

              kept = g_strcmp0 (device->id, old->id) == 0;
            }
          if (!kept)
            g_list_store_remove (self->lists[kind], i - 1);
        }
      for (guint j = 0; j < found->lists[kind]->len; j++)
        {
          AlcoveDevice *device = found->lists[kind]->pdata[j];

          if (!list_find (model, device->id))
            g_list_store_append (self->lists[kind], device);
        }
    }
}

static void
found_add (Found *found,
           GstDevice *gst_device,
           AlcoveDeviceKind kind)
{
  GPtrArray *list = found->lists[kind];
  g_autoptr (AlcoveDevice) device = device_new (gst_device, kind);

  for (guint i = 0; i < list->len; i++)
    if (same_device (list->pdata[i], device))
      return;
  /* the system's own choice comes first */
  g_ptr_array_insert (list, device_is_default (gst_device) ? 0 : -1, g_steal_pointer (&device));
}

static void
watch_clear (gpointer data)
{
  AlcoveDeviceWatch *watch = data;

  g_clear_pointer (&watch->providers, alcove_providers_close);
  alcove_media_handle_unref (watch->handle);
  g_mutex_clear (&watch->lock);
}

/**
 * alcove_device_watch_ref:
 * @watch: a watch
 *
 * May be called from any thread.
 *
 * Returns: (transfer full): @watch
 */
AlcoveDeviceWatch *
alcove_device_watch_ref (AlcoveDeviceWatch *watch)
{
  return g_atomic_rc_box_acquire (watch);
}

/**
 * alcove_device_watch_unref:
 * @watch: (transfer full): a watch
 *
 * May be called from any thread.
 */
void
alcove_device_watch_unref (AlcoveDeviceWatch *watch)
{
  g_atomic_rc_box_release_full (watch, watch_clear);
}

/* With the lock held. */
static GList *
watch_list (AlcoveDeviceWatch *watch,
            int *look_again_ms)
{
  if (g_atomic_int_compare_and_exchange (&watch->doubted, TRUE, FALSE))
    alcove_providers_renew_sound (watch->providers);

  return alcove_providers_list_devices (watch->providers, look_again_ms);
}

/* Looks at everything anew: devices are few, and the lists change only where they differ. */
static void
watch_report (AlcoveDeviceWatch *watch)
{
  Found *found = g_new0 (Found, 1);
  GList *devices = watch_list (watch, &found->look_again_ms);

  for (guint kind = 0; kind < N_KINDS; kind++)
    {
      found->lists[kind] = g_ptr_array_new_with_free_func (g_object_unref);
      for (GList *l = devices; l != NULL; l = l->next)
        if (device_is_kind (l->data, kind))
          found_add (found, l->data, kind);
    }
  g_list_free_full (devices, gst_object_unref);

  alcove_media_hop (watch->handle, hop_found, found, found_free);
}

static void
run_report (gpointer data)
{
  AlcoveDeviceWatch *watch = data;

  g_mutex_lock (&watch->lock);
  if (watch->providers != NULL)
    watch_report (watch);
  g_mutex_unlock (&watch->lock);
  alcove_device_watch_unref (watch);
}

static void
look (AlcoveDevices *self)
{
  if (self->watch != NULL)
    alcove_workers_run (self->workers, "alcove-devices", run_report,
                        g_atomic_rc_box_acquire (self->watch));
}

static void
hop_changed (gpointer object,
             gpointer data)
{
  look (object);
}

/* With the lock held. */
static gboolean
watch_start (AlcoveDeviceWatch *watch)
{
  if (watch->providers == NULL && !watch->stopped)
    watch->providers = alcove_providers_open (watch->handle, hop_changed);

  return watch->providers != NULL;
}

static void
run_start (gpointer data)
{
  AlcoveDeviceWatch *watch = data;

  g_mutex_lock (&watch->lock);
  if (watch_start (watch))
    watch_report (watch);
  g_mutex_unlock (&watch->lock);
  alcove_device_watch_unref (watch);
}

static void
run_stop (gpointer data)
{
  AlcoveDeviceWatch *watch = data;

  g_mutex_lock (&watch->lock);
  watch->stopped = TRUE;
  g_clear_pointer (&watch->providers, alcove_providers_close);
  g_mutex_unlock (&watch->lock);
  alcove_device_watch_unref (watch);
}

static void
alcove_devices_dispose (GObject *object)
{
  AlcoveDevices *self = ALCOVE_DEVICES (object);

  g_clear_handle_id (&self->look_source, g_source_remove);
  if (self->watch != NULL)
    {
      alcove_workers_run (self->workers, "alcove-devices", run_stop,
                          g_steal_pointer (&self->watch));
      if (self->own_workers)
        alcove_workers_wait (self->workers, g_get_monotonic_time () + STOP_TIMEOUT);
    }

  G_OBJECT_CLASS (alcove_devices_parent_class)->dispose (object);
}

static void
alcove_devices_finalize (GObject *object)
{
  AlcoveDevices *self = ALCOVE_DEVICES (object);

  for (guint kind = 0; kind < N_KINDS; kind++)
    g_clear_object (&self->lists[kind]);
  alcove_workers_unref (self->workers);
  alcove_media_handle_unref (self->handle);

  G_OBJECT_CLASS (alcove_devices_parent_class)->finalize (object);
}

static void
alcove_devices_class_init (AlcoveDevicesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = alcove_devices_dispose;
  object_class->finalize = alcove_devices_finalize;
}

static void
alcove_devices_init (AlcoveDevices *self)
{
  self->handle = alcove_media_handle_new (self);
  self->workers = alcove_workers_new ();
  self->own_workers = TRUE;
  self->watch = g_atomic_rc_box_new0 (AlcoveDeviceWatch);
  g_mutex_init (&self->watch->lock);
  self->watch->handle = alcove_media_handle_ref (self->handle);
  for (guint kind = 0; kind < N_KINDS; kind++)
    self->lists[kind] = g_list_store_new (ALCOVE_TYPE_DEVICE);
}

/**
 * alcove_device_get_id:
 * @self: a device
 *
 * Returns: (transfer none): what `camera:ID` and `mic:ID` take
 */
const char *
alcove_device_get_id (AlcoveDevice *self)
{
  return self->id;
}

/**
 * alcove_device_get_name:
 * @self: a device
 *
 * Returns: (transfer none): its name for people
 */
const char *
alcove_device_get_name (AlcoveDevice *self)
{
  return self->name;
}

/**
 * alcove_devices_new:
 *
 * Returns: (transfer full): empty lists, until alcove_devices_start()
 */
AlcoveDevices *
alcove_devices_new (void)
{
  return g_object_new (ALCOVE_TYPE_DEVICES, NULL);
}

/**
 * alcove_devices_start:
 * @self: the devices
 *
 * Begins to look for devices in the background and follows their coming and going.
 */
void
alcove_devices_start (AlcoveDevices *self)
{
  if (self->started)
    return;

  self->started = TRUE;
  gst_init (NULL, NULL);
  alcove_workers_run (self->workers, "alcove-devices", run_start,
                      g_atomic_rc_box_acquire (self->watch));
}

/**
 * alcove_devices_set_workers:
 * @self: the devices, not started
 * @workers: (transfer none): whose threads to use; their owner waits for them
 */
void
alcove_devices_set_workers (AlcoveDevices *self,
                            AlcoveWorkers *workers)
{
  alcove_workers_unref (self->workers);
  self->workers = alcove_workers_ref (workers);
  self->own_workers = FALSE;
}

/**
 * alcove_device_get_is_default:
 * @self: a device
 *
 * Returns: whether it is the one the system would take
 */
gboolean
alcove_device_get_is_default (AlcoveDevice *self)
{
  return self->is_default;
}

/**
 * alcove_devices_get_list:
 * @self: the devices
 * @kind: which of them
 *
 * Returns: (transfer none): a live list of #AlcoveDevice
 */
GListModel *
alcove_devices_get_list (AlcoveDevices *self,
                         AlcoveDeviceKind kind)
{
  return G_LIST_MODEL (self->lists[kind]);
}

/**
 * alcove_devices_doubt:
 * @self: the devices
 *
 * To be called when an output or a microphone broke: the sound server may have gone with it, and
 * nothing else tells. The lists are made anew, in the background, and so is what
 * alcove_device_watch_make_element() chooses from.
 */
void
alcove_devices_doubt (AlcoveDevices *self)
{
  if (self->watch != NULL)
    g_atomic_int_set (&self->watch->doubted, TRUE);
  look (self);
}

/**
 * alcove_devices_get_watch:
 * @self: the devices
 *
 * Returns: (transfer none): what worker threads ask for devices, also before
 *   alcove_devices_start()
 */
AlcoveDeviceWatch *
alcove_devices_get_watch (AlcoveDevices *self)
{
  return self->watch;
}

/* The server may choose for us only among microphones: one whose default is the monitor of an output
 * would send the others their own voices. Which one is the default may not be told at all, and
 * GStreamer 1.22 does not tell when one ceases to be it. */
static gboolean
server_has_microphone (GList *devices)
{
  gboolean found = FALSE;

  for (GList *l = devices; l != NULL; l = l->next)
    {
      if (!gst_device_has_classes (l->data, classes[ALCOVE_DEVICE_MICROPHONE]))
        continue;
      if (!device_is_hidden (l->data))
        found = TRUE;
      else if (device_is_default (l->data))
        return FALSE;
    }

  return found;
}

static GstDevice *
choose (GList *devices,
        AlcoveDeviceKind kind,
        const char *id)
{
  GstDevice *chosen = NULL;

  for (GList *l = devices; l != NULL; l = l->next)
    {
      if (!gst_device_has_classes (l->data, classes[kind]))
        continue;
      if (id != NULL)
        {
          g_autofree char *its_id = device_id (l->data);

          if (chosen == NULL && g_str_equal (its_id, id))
            chosen = l->data;
        }
      else if (device_is_kind (l->data, kind)
               && (chosen == NULL || (device_is_default (l->data) && !device_is_default (chosen))))
        chosen = l->data;
    }

  return chosen;
}

/**
 * alcove_device_watch_make_element:
 * @watch: a watch
 * @kind: what to look for
 * @id: (nullable): which one; %NULL takes the system's default and follows it if it changes,
 *   or else the first
 *
 * Blocks while providers look for devices. Any thread but the main one. The monitor of
 * an output is found by its id alone: who names it means it.
 *
 * Returns: (transfer floating) (nullable): an element for it, %NULL if there is none
 */
GstElement *
alcove_device_watch_make_element (AlcoveDeviceWatch *watch,
                                  AlcoveDeviceKind kind,
                                  const char *id)
{
  GstElement *element = NULL;
  GstDevice *chosen;
  GList *devices;
  GList *pulse = NULL;

  g_mutex_lock (&watch->lock);
  devices = watch_start (watch) ? watch_list (watch, NULL) : NULL;
  chosen = choose (devices, kind, id);
  if (chosen != NULL && kind == ALCOVE_DEVICE_MICROPHONE && id == NULL)
    pulse = alcove_providers_list_pulse (watch->providers);
  g_mutex_unlock (&watch->lock);

  if (server_has_microphone (pulse))
    element = gst_element_factory_make ("pulsesrc", NULL);
  if (element == NULL && chosen != NULL)
    {
      element = gst_device_create_element (chosen, NULL);
      /* without a name, the sound server moves the stream whenever its default changes */
      if (element != NULL && id == NULL && device_is_default (chosen)
          && g_str_has_prefix (G_OBJECT_TYPE_NAME (element), "GstPulse"))
        g_object_set (element, "device", NULL, NULL);
    }
  g_list_free_full (devices, gst_object_unref);
  g_list_free_full (pulse, gst_object_unref);

  return element;
}
