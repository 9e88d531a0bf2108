/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-providers"

#include "config.h"

#include "alcove-providers.h"

#include "alcove-debug.h"

/* How long after a provider could not be started it is tried again, in milliseconds: at first, and
 * at most. */
#define FIRST_PAUSE 1000
#define LAST_PAUSE 30000

typedef struct {
  GstDeviceProvider *provider;
  GstBus *bus;
  gulong message_id;
  gboolean sound;
  gboolean started;
  gint64 next_start;
  int pause;
} Entry;

/* Who is told. A provider's thread may be about to while the providers are closed. */
typedef struct {
  AlcoveMediaHandle *handle;
  AlcoveMediaFunc changed;
} Listener;

struct _AlcoveProviders {
  Listener *listener;
  GPtrArray *entries;
};

static void
listener_clear (gpointer data)
{
  alcove_media_handle_unref (((Listener *) data)->handle);
}

static void
listener_unref (gpointer data,
                GClosure *closure)
{
  g_atomic_rc_box_release_full (data, listener_clear);
}

/* Called in the provider's threads. */
static void
message_cb (GstBus *bus,
            GstMessage *message,
            Listener *self)
{
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_DEVICE_ADDED
      || GST_MESSAGE_TYPE (message) == GST_MESSAGE_DEVICE_REMOVED
      || GST_MESSAGE_TYPE (message) == GST_MESSAGE_DEVICE_CHANGED)
    alcove_media_hop (self->handle, self->changed, NULL, NULL);
}

/* For all who listen, and the bus keeps nothing. */
static GstBusSyncReply
on_message (GstBus *bus,
            GstMessage *message,
            gpointer user_data)
{
  gst_bus_sync_signal_handler (bus, message, NULL);

  /* a handler that drops a message owns it */
  gst_message_unref (message);
  return GST_BUS_DROP;
}

static void
entry_stop (Entry *entry)
{
  if (entry->started)
    gst_device_provider_stop (entry->provider);
  entry->started = FALSE;
}

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_signal_handler_disconnect (entry->bus, entry->message_id);
  entry_stop (entry);
  gst_object_unref (entry->bus);
  gst_object_unref (entry->provider);
  g_free (entry);
}

/* A provider whose server went while it was asked keeps what it was told by then. */
static void
remove_leftovers (GstDeviceProvider *provider)
{
  GList *devices;

  GST_OBJECT_LOCK (provider);
  devices = g_list_copy_deep (provider->devices, (GCopyFunc) (GCallback) gst_object_ref, NULL);
  GST_OBJECT_UNLOCK (provider);

  for (GList *l = devices; l != NULL; l = l->next)
    gst_device_provider_device_remove (provider, l->data);
  g_list_free_full (devices, gst_object_unref);
}

static void
entry_start (Entry *entry,
             gint64 now)
{
  entry->started = gst_device_provider_start (entry->provider);
  if (entry->started)
    {
      entry->pause = FIRST_PAUSE;
      return;
    }

  if (!gst_device_provider_is_started (entry->provider))
    remove_leftovers (entry->provider);
  entry->next_start = now + entry->pause * G_TIME_SPAN_MILLISECOND;
  entry->pause = MIN (entry->pause * 2, LAST_PAUSE);
}

/* One that is not started would look just once, and in GStreamer 1.22 that for PulseAudio leaves a
 * pipe and a piece of memory open each time. To start it costs nothing. */
static GList *
entry_list (Entry *entry,
            gint64 now)
{
  if (!entry->started && now >= entry->next_start)
    entry_start (entry, now);

  return entry->started ? gst_device_provider_get_devices (entry->provider) : NULL;
}

static gboolean
has_provider (GPtrArray *list,
              GstDeviceProvider *provider)
{
  for (guint i = 0; i < list->len; i++)
    if (((Entry *) list->pdata[i])->provider == provider)
      return TRUE;

  return FALSE;
}

static GPtrArray *
make_entries (AlcoveProviders *self)
{
  const char *const classes[] = { "Video/Source", "Audio/Source", "Audio/Sink" };
  GPtrArray *list = g_ptr_array_new_with_free_func (entry_free);
  GList *factories = gst_device_provider_factory_list_get_device_providers (GST_RANK_MARGINAL);

  for (gsize i = 0; i < G_N_ELEMENTS (classes); i++)
    for (GList *l = factories; l != NULL; l = l->next)
      {
        g_autoptr (GstDeviceProvider) provider = NULL;
        Entry *entry;

        if (!gst_device_provider_factory_has_classes (l->data, classes[i]))
          continue;
        provider = gst_device_provider_factory_get (l->data);
        if (provider == NULL || has_provider (list, provider))
          continue;

        entry = g_new0 (Entry, 1);
        entry->bus = gst_device_provider_get_bus (provider);
        gst_bus_set_sync_handler (entry->bus, on_message, NULL, NULL);
        entry->message_id = g_signal_connect_data (
            entry->bus, "sync-message", G_CALLBACK (message_cb),
            g_atomic_rc_box_acquire (self->listener), listener_unref, 0);
        entry->provider = g_steal_pointer (&provider);
        entry->sound = gst_device_provider_factory_has_classes (l->data, "Audio");
        entry->pause = FIRST_PAUSE;
        g_ptr_array_add (list, entry);
      }
  gst_plugin_feature_list_free (factories);

  return list;
}

/* Whether it stands for the same devices as another one, which knows so only after it was started. */
static gboolean
is_hidden (AlcoveProviders *self,
           Entry *hidden)
{
  GstDeviceProviderFactory *factory = gst_device_provider_get_factory (hidden->provider);

  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = self->entries->pdata[i];
      g_auto (GStrv) names = gst_device_provider_get_hidden_providers (entry->provider);

      if (names != NULL && g_strv_contains ((const char *const *) names, GST_OBJECT_NAME (factory)))
        return TRUE;
    }

  return FALSE;
}

/**
 * alcove_providers_open:
 * @handle: (transfer none): of who wants to be told
 * @changed: runs on the main context whenever alcove_providers_list_devices() may tell something
 *   else than before
 *
 * Returns: (transfer full): all that know devices of our kinds, not started yet
 */
AlcoveProviders *
alcove_providers_open (AlcoveMediaHandle *handle,
                       AlcoveMediaFunc changed)
{
  AlcoveProviders *self = g_new0 (AlcoveProviders, 1);

  self->listener = g_atomic_rc_box_new0 (Listener);
  self->listener->handle = alcove_media_handle_ref (handle);
  self->listener->changed = changed;
  self->entries = make_entries (self);
  return self;
}

/**
 * alcove_providers_close:
 * @self: (transfer full): the providers
 *
 * Stops them, which may block.
 */
void
alcove_providers_close (AlcoveProviders *self)
{
  g_ptr_array_unref (self->entries);
  listener_unref (self->listener, NULL);
  g_free (self);
}

/**
 * alcove_providers_list_devices:
 * @self: the providers
 * @look_again_ms: (out) (optional): when to ask again unless something changes before: a provider
 *   that can't be started, as that of a sound server that is not there, is tried again after pauses
 *   that grow; -1 where all are started and will tell
 *
 * May block while providers look for devices.
 *
 * Returns: (transfer full) (element-type GstDevice): what there is
 */
GList *
alcove_providers_list_devices (AlcoveProviders *self,
                               int *look_again_ms)
{
  GList *devices = NULL;
  gint64 now = g_get_monotonic_time ();
  gint64 next = G_MAXINT64;

  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = self->entries->pdata[i];

      if (is_hidden (self, entry))
        continue;
      devices = g_list_concat (devices, entry_list (entry, now));
      if (!entry->started)
        next = MIN (next, entry->next_start);
    }
  if (look_again_ms != NULL)
    *look_again_ms = next == G_MAXINT64
                         ? -1
                         : (int) (MAX (next - now, 0) / G_TIME_SPAN_MILLISECOND) + 1;

  return devices;
}

/**
 * alcove_providers_list_pulse:
 * @self: the providers, of which all devices were listed before
 *
 * PipeWire's provider stands for PulseAudio's, but its elements stay at the device that they were
 * made for, and up to PipeWire 1.3 it does not tell which one is the default.
 *
 * May block while the server is asked.
 *
 * Returns: (transfer full) (element-type GstDevice): what a sound server tells by PulseAudio's
 *   protocol although another provider stands for it; %NULL where no server speaks that, and where
 *   alcove_providers_list_devices() tells it
 */
GList *
alcove_providers_list_pulse (AlcoveProviders *self)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = self->entries->pdata[i];
      GstDeviceProviderFactory *factory = gst_device_provider_get_factory (entry->provider);

      if (g_str_equal (GST_OBJECT_NAME (factory), "pulsedeviceprovider"))
        return is_hidden (self, entry) ? entry_list (entry, g_get_monotonic_time ()) : NULL;
    }

  return NULL;
}

/**
 * alcove_providers_renew_sound:
 * @self: the providers
 *
 * Has those of sound devices started anew before devices are listed again. They do not tell when they
 * lose their server, and do not look for it. May block.
 */
void
alcove_providers_renew_sound (AlcoveProviders *self)
{
  alcove_debug_print (ALCOVE_DEBUG_MEDIA, "devices: those of sound are looked up anew");
  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = self->entries->pdata[i];

      if (!entry->sound)
        continue;
      entry_stop (entry);
      entry->next_start = 0;
      entry->pause = FIRST_PAUSE;
    }
}
