/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-media-link"

#include "config.h"

#include "alcove-link-core.h"

#include "alcove-fingerprint.h"
#include "alcove-media-link-parts.h"

static void
core_clear (gpointer data)
{
  AlcoveLinkCore *self = data;

  g_clear_pointer (&self->handle, alcove_media_handle_unref);
  g_clear_object (&self->slot);
  g_clear_object (&self->recorder);
  g_clear_pointer (&self->choice, alcove_codec_choice_unref);
  g_clear_pointer (&self->fingerprints, g_strfreev);
  g_ptr_array_unref (self->promises);
  g_cond_clear (&self->ended);
  g_mutex_clear (&self->lock);
}

/**
 * alcove_link_core_new:
 * @handle: the link's
 * @choice: (nullable): what decodes it; may be %NULL if nothing is received
 * @receive: whether pictures and sound are decoded
 *
 * Returns: (transfer full): a core
 */
AlcoveLinkCore *
alcove_link_core_new (AlcoveMediaHandle *handle,
                      AlcoveCodecChoice *choice,
                      gboolean receive)
{
  AlcoveLinkCore *self = g_atomic_rc_box_new0 (AlcoveLinkCore);

  g_mutex_init (&self->lock);
  g_cond_init (&self->ended);
  self->handle = alcove_media_handle_ref (handle);
  self->slot = alcove_frame_slot_new ();
  alcove_feedback_init (&self->feedback);
  self->choice = choice != NULL ? alcove_codec_choice_ref (choice) : NULL;
  self->receive = receive;
  self->promises = g_ptr_array_new_with_free_func ((GDestroyNotify) gst_promise_unref);
  self->picture = -1;
  self->picture_counter = -1;
  return self;
}

/**
 * alcove_link_core_ref:
 * @self: a core
 *
 * Returns: (transfer full): @self
 */
AlcoveLinkCore *
alcove_link_core_ref (AlcoveLinkCore *self)
{
  return g_atomic_rc_box_acquire (self);
}

/**
 * alcove_link_core_unref:
 * @self: (transfer full): a core
 */
void
alcove_link_core_unref (AlcoveLinkCore *self)
{
  g_atomic_rc_box_release_full (self, core_clear);
}

/**
 * alcove_link_core_is_closed:
 * @self: a core
 *
 * Returns: whether nothing may be delivered any more
 */
gboolean
alcove_link_core_is_closed (AlcoveLinkCore *self)
{
  gboolean closed;

  g_mutex_lock (&self->lock);
  closed = self->closed;
  g_mutex_unlock (&self->lock);

  return closed;
}

/**
 * alcove_link_core_wait:
 * @self: a core
 * @until: when to go on, monotonic microseconds
 *
 * Waits, or until the link is closed. On any thread but the main context's.
 */
void
alcove_link_core_wait (AlcoveLinkCore *self,
                       gint64 until)
{
  g_mutex_lock (&self->lock);
  while (!self->closed && g_cond_wait_until (&self->ended, &self->lock, until))
    ;
  g_mutex_unlock (&self->lock);
}

/**
 * alcove_link_core_set_promised:
 * @self: a core
 * @fingerprints: (array zero-terminated=1): of the remote description
 */
void
alcove_link_core_set_promised (AlcoveLinkCore *self,
                               const char *const *fingerprints)
{
  g_mutex_lock (&self->lock);
  g_strfreev (self->fingerprints);
  self->fingerprints = g_strdupv ((char **) fingerprints);
  g_mutex_unlock (&self->lock);
}

/**
 * alcove_link_core_check_transport:
 * @self: a core
 * @transport: (nullable): a transport that something has arrived on
 *
 * Compares the certificate of the far side with what its description promised, which
 * webrtcbin 1.22 does not do. Done before anything of a transport is used, on the
 * thread that has it: so neither is a forged byte let through, nor is the first key frame
 * lost to waiting. May be called from any thread.
 *
 * Returns: whether what comes over @transport may be used
 */
gboolean
alcove_link_core_check_transport (AlcoveLinkCore *self,
                                  GstWebRTCDTLSTransport *transport)
{
  g_autofree char *pem = NULL;
  gboolean good = FALSE;
  gboolean mismatch = FALSE;

  if (transport == NULL)
    return FALSE;

  g_mutex_lock (&self->lock);
  if (self->closed || self->mismatch)
    {
      g_mutex_unlock (&self->lock);
      return FALSE;
    }
  good = self->verified == transport;
  g_mutex_unlock (&self->lock);
  if (good)
    return TRUE;

  g_object_get (transport, "remote-certificate", &pem, NULL);
  if (pem == NULL)
    return FALSE;

  g_mutex_lock (&self->lock);
  good = alcove_fingerprint_matches (pem, (const char *const *) self->fingerprints);
  if (good)
    self->verified = transport;
  else
    {
      mismatch = !self->mismatch;
      self->mismatch = TRUE;
    }
  g_mutex_unlock (&self->lock);

  if (mismatch)
    alcove_media_hop (self->handle, alcove_media_link_on_mismatch, NULL, NULL);

  return good;
}

/* What a promise is for. Its life is not left to the promise: one that expires, unlike one that is
 * answered, never calls its GDestroyNotify with the data. */
typedef struct {
  AlcoveLinkCore *core;
  GstPromiseChangeFunc func;
  gpointer data;
  GDestroyNotify destroy;
} Awaited;

static void
forget_promise (AlcoveLinkCore *self,
                GstPromise *promise)
{
  gboolean found;
  guint index = 0;

  g_mutex_lock (&self->lock);
  found = g_ptr_array_find (self->promises, promise, &index);
  if (found)
    g_ptr_array_steal_index_fast (self->promises, index);
  g_mutex_unlock (&self->lock);

  if (found)
    gst_promise_unref (promise);
}

/* Any thread; once a promise, whether it is answered, interrupted or expired. */
static void
on_promise_changed (GstPromise *promise,
                    gpointer data)
{
  Awaited *awaited = data;

  awaited->func (promise, awaited->data);
  forget_promise (awaited->core, promise);
  awaited->destroy (awaited->data);
  alcove_link_core_unref (awaited->core);
  g_free (awaited);
}

/**
 * alcove_link_core_new_promise:
 * @self: a core
 * @func: called once, when webrtcbin has answered or will never answer
 * @data: its data
 * @destroy: frees @data, after @func
 *
 * Makes a promise for webrtcbin that can't be forgotten. webrtcbin drops what it has not begun
 * when it stops, without a word to the promise, and with it would stay whatever @data holds.
 * May be called from any thread.
 *
 * Returns: (transfer none): a promise, alive until @func has run
 */
GstPromise *
alcove_link_core_new_promise (AlcoveLinkCore *self,
                              GstPromiseChangeFunc func,
                              gpointer data,
                              GDestroyNotify destroy)
{
  Awaited *awaited = g_new0 (Awaited, 1);
  GstPromise *promise = gst_promise_new_with_change_func (on_promise_changed, awaited, NULL);

  awaited->core = alcove_link_core_ref (self);
  awaited->func = func;
  awaited->data = data;
  awaited->destroy = destroy;

  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->promises, promise);
  g_mutex_unlock (&self->lock);

  return promise;
}

/**
 * alcove_link_core_expire_promises:
 * @self: the core of a link whose webrtcbin is stopped
 *
 * Answers every promise that webrtcbin has dropped. May be called from any thread.
 */
void
alcove_link_core_expire_promises (AlcoveLinkCore *self)
{
  g_autoptr (GPtrArray) promises = NULL;

  g_mutex_lock (&self->lock);
  promises = self->promises;
  self->promises = g_ptr_array_new_with_free_func ((GDestroyNotify) gst_promise_unref);
  g_mutex_unlock (&self->lock);

  for (guint i = 0; i < promises->len; i++)
    gst_promise_expire (g_ptr_array_index (promises, i));
}
