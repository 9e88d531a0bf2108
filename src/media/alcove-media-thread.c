/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-media"

#include "config.h"

#include "alcove-media-thread.h"

struct _AlcoveMediaHandle {
  GWeakRef object;
};

typedef struct {
  AlcoveMediaHandle *handle;
  AlcoveMediaFunc func;
  gpointer data;
  GDestroyNotify destroy;
} Hop;

static void
handle_clear (gpointer data)
{
  AlcoveMediaHandle *self = data;

  g_weak_ref_clear (&self->object);
}

/**
 * alcove_media_handle_new:
 * @object: (type GObject.Object): an object of the main context
 *
 * Makes a hold on @object for use by other threads. Call on the main context.
 *
 * Returns: (transfer full): the handle
 */
AlcoveMediaHandle *
alcove_media_handle_new (gpointer object)
{
  AlcoveMediaHandle *self = g_atomic_rc_box_new0 (AlcoveMediaHandle);

  g_weak_ref_init (&self->object, object);
  return self;
}

/**
 * alcove_media_handle_ref:
 * @self: a handle
 *
 * May be called from any thread.
 *
 * Returns: (transfer full): @self
 */
AlcoveMediaHandle *
alcove_media_handle_ref (AlcoveMediaHandle *self)
{
  return g_atomic_rc_box_acquire (self);
}

/**
 * alcove_media_handle_unref:
 * @self: (transfer full): a handle
 *
 * May be called from any thread.
 */
void
alcove_media_handle_unref (AlcoveMediaHandle *self)
{
  g_atomic_rc_box_release_full (self, handle_clear);
}

static void
hop_free (gpointer data)
{
  Hop *hop = data;

  alcove_media_handle_unref (hop->handle);
  if (hop->destroy != NULL)
    hop->destroy (hop->data);
  g_free (hop);
}

static gboolean
hop_run (gpointer data)
{
  Hop *hop = data;
  g_autoptr (GObject) object = g_weak_ref_get (&hop->handle->object);

  if (object != NULL)
    hop->func (object, hop->data);

  return G_SOURCE_REMOVE;
}

/**
 * alcove_media_hop:
 * @handle: the object concerned
 * @func: what to run
 * @data: (nullable): its data
 * @destroy: (nullable): frees @data; runs on the main context, also if @func does not run
 *
 * The one way from a GStreamer thread to the main context. @func is not run if the
 * object is gone by then, so a callback that arrives late does nothing. Calls
 * from one thread run in their order. May be called from any thread; never runs @func
 * before it returns.
 */
void
alcove_media_hop (AlcoveMediaHandle *handle,
                  AlcoveMediaFunc func,
                  gpointer data,
                  GDestroyNotify destroy)
{
  Hop *hop = g_new0 (Hop, 1);
  g_autoptr (GSource) source = g_idle_source_new ();

  hop->handle = alcove_media_handle_ref (handle);
  hop->func = func;
  hop->data = data;
  hop->destroy = destroy;

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, hop_run, hop, hop_free);
  g_source_set_static_name (source, "alcove_media_hop");
  g_source_attach (source, NULL);
}
