/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-providers"

#include "config.h"

#include "alcove-providers.h"

#include "alcove-debug.h"

/* How long after a provider could not be started it is tried again, in milliseconds: at first, and
 * at most. */
#define FIRST_PAUSE 1000
#define LAST_PAUSE 30000

struct _AlcoveProviders {
  AlcoveMediaHandle *handle;
  AlcoveMediaFunc changed;
};

typedef struct {
  GstDeviceProvider *provider;
  gboolean sound;
  gboolean started;
  gint64 next_start;
  int pause;
} Entry;

/* held while providers are started, asked or stopped, which may take a while */
static GMutex lock;
static GPtrArray *entries;
static guint n_users;

/* never held while anything is called that blocks */
static GMutex users_lock;
static GList *users;

static gboolean doubted; /* atomic */

static void
tell_users (void)
{
  g_mutex_lock (&users_lock);
  for (GList *l = users; l != NULL; l = l->next)
    {
      AlcoveProviders *user = l->data;

      alcove_media_hop (user->handle, user->changed, NULL, NULL);
    }
  g_mutex_unlock (&users_lock);
}

static GstBusSyncReply
on_message (GstBus *bus,
            GstMessage *message,
            gpointer user_data)
{
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_DEVICE_ADDED
      || GST_MESSAGE_TYPE (message) == GST_MESSAGE_DEVICE_REMOVED
      || GST_MESSAGE_TYPE (message) == GST_MESSAGE_DEVICE_CHANGED)
    tell_users ();

  /* a handler that drops a message owns it */
  gst_message_unref (message);
  return GST_BUS_DROP;
}

static void
set_handler (GstDeviceProvider *provider,
             GstBusSyncHandler handler)
{
  g_autoptr (GstBus) bus = gst_device_provider_get_bus (provider);

  gst_bus_set_sync_handler (bus, handler, NULL, NULL);
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

  entry_stop (entry);
  set_handler (entry->provider, NULL);
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
make_entries (void)
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

        set_handler (provider, on_message);
        entry = g_new0 (Entry, 1);
        entry->provider = g_steal_pointer (&provider);
        entry->sound = gst_device_provider_factory_has_classes (l->data, "Audio");
        entry->pause = FIRST_PAUSE;
        g_ptr_array_add (list, entry);
      }
  gst_plugin_feature_list_free (factories);

  return list;
}

/* With the lock held. */
static void
stop_sound (void)
{
  for (guint i = 0; i < entries->len; i++)
    {
      Entry *entry = entries->pdata[i];

      if (!entry->sound)
        continue;
      entry_stop (entry);
      entry->next_start = 0;
      entry->pause = FIRST_PAUSE;
    }
}

/* With the lock held. The names of those that stand for the same devices as another one, which
 * knows so only after it was started. */
static gboolean
is_hidden (Entry *hidden)
{
  GstDeviceProviderFactory *factory = gst_device_provider_get_factory (hidden->provider);

  for (guint i = 0; i < entries->len; i++)
    {
      Entry *entry = entries->pdata[i];
      g_auto (GStrv) names = gst_device_provider_get_hidden_providers (entry->provider);

      if (names != NULL && g_strv_contains ((const char *const *) names, GST_OBJECT_NAME (factory)))
        return TRUE;
    }

  return FALSE;
}

/**
 * alcove_providers_open:
 * @handle: (transfer none): the user
 * @changed: runs on the main context whenever alcove_providers_list_devices() may tell something
 *   else than before
 *
 * Returns: (transfer full): a hold, until alcove_providers_close()
 */
AlcoveProviders *
alcove_providers_open (AlcoveMediaHandle *handle,
                       AlcoveMediaFunc changed)
{
  AlcoveProviders *self = g_new0 (AlcoveProviders, 1);

  self->handle = alcove_media_handle_ref (handle);
  self->changed = changed;
  g_mutex_lock (&users_lock);
  users = g_list_prepend (users, self);
  g_mutex_unlock (&users_lock);

  g_mutex_lock (&lock);
  if (n_users++ == 0)
    entries = make_entries ();
  g_mutex_unlock (&lock);

  return self;
}

/**
 * alcove_providers_close:
 * @self: (transfer full): a hold
 *
 * May block: the last who closes stops the providers.
 */
void
alcove_providers_close (AlcoveProviders *self)
{
  g_mutex_lock (&users_lock);
  users = g_list_remove (users, self);
  g_mutex_unlock (&users_lock);

  g_mutex_lock (&lock);
  if (--n_users == 0)
    g_clear_pointer (&entries, g_ptr_array_unref);
  g_mutex_unlock (&lock);

  alcove_media_handle_unref (self->handle);
  g_free (self);
}

/**
 * alcove_providers_list_devices:
 * @self: a hold
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
  gboolean renew;

  g_mutex_lock (&lock);
  renew = g_atomic_int_compare_and_exchange (&doubted, TRUE, FALSE);
  if (renew)
    {
      alcove_debug_print (ALCOVE_DEBUG_MEDIA, "devices: those of sound are looked up anew");
      stop_sound ();
    }
  for (guint i = 0; i < entries->len; i++)
    {
      Entry *entry = entries->pdata[i];

      if (is_hidden (entry))
        continue;
      if (!entry->started && now >= entry->next_start)
        entry_start (entry, now);
      /* One that is not started would look just once, and in GStreamer 1.22 that for PulseAudio
       * leaves a pipe and a piece of memory open each time. To start it costs nothing. */
      if (entry->started)
        devices = g_list_concat (devices, gst_device_provider_get_devices (entry->provider));
      else
        next = MIN (next, entry->next_start);
    }
  g_mutex_unlock (&lock);

  /* what went with a server went without a message */
  if (renew)
    tell_users ();
  if (look_again_ms != NULL)
    *look_again_ms = next == G_MAXINT64
                         ? -1
                         : (int) (MAX (next - now, 0) / G_TIME_SPAN_MILLISECOND) + 1;

  return devices;
}

/**
 * alcove_providers_doubt:
 *
 * Has the providers of sound devices started anew before devices are listed again. They do not tell
 * when they lose their server, and do not look for it: who finds a microphone or an output
 * broken has the first word of it. May be called from any thread.
 */
void
alcove_providers_doubt (void)
{
  g_atomic_int_set (&doubted, TRUE);
}
