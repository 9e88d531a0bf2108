/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-media-link"

#include "config.h"

#include <glib/gi18n.h>
#include <gst/video/video.h>

#include "alcove-error.h"
#include "alcove-media-link-parts.h"

/* Recording of what a link receives, begun while it runs. */

static void
on_recorder_failed (AlcoveRecorder *recorder,
                    GError *error,
                    AlcoveMediaLink *self)
{
  if (!alcove_media_link_is_alive (self) || self->core->recorder != recorder)
    return;

  alcove_media_link_do_stop_recording (ALCOVE_PEER_LINK (self));
  alcove_peer_link_emit_recording_failed (ALCOVE_PEER_LINK (self), error);
}

/* A file begins with a key frame, and the next one might be minutes away. */
static void
request_key_frame (const GValue *item,
                   gpointer user_data)
{
  GstElement *element = g_value_get_object (item);
  GstElementFactory *factory = gst_element_get_factory (element);
  const char *class = factory != NULL
                          ? gst_element_factory_get_metadata (factory, GST_ELEMENT_METADATA_KLASS)
                          : NULL;
  g_autoptr (GstPad) sink = NULL;

  if (class == NULL || strstr (class, "Depayloader") == NULL
      || g_strcmp0 (GST_OBJECT_NAME (factory), "rtpopusdepay") == 0)
    return;

  sink = gst_element_get_static_pad (element, "sink");
  if (sink != NULL)
    gst_pad_push_event (sink, gst_video_event_new_upstream_force_key_unit (GST_CLOCK_TIME_NONE,
                                                                           TRUE, 0));
}

static void
request_key_frames (AlcoveMediaLink *self)
{
  GstIterator *elements = gst_bin_iterate_elements (GST_BIN (self->pipeline));

  /* streams come and go meanwhile; to be asked twice does no harm */
  while (gst_iterator_foreach (elements, request_key_frame, NULL) == GST_ITERATOR_RESYNC)
    gst_iterator_resync (elements);
  gst_iterator_free (elements);
}

static void
on_key_frame_wanted (AlcoveRecorder *recorder,
                     AlcoveMediaLink *self)
{
  if (alcove_media_link_is_alive (self) && self->core->recorder == recorder)
    request_key_frames (self);
}

/**
 * alcove_media_link_do_start_recording:
 * @link: a link
 * @path: a file that does not exist yet
 * @error: return location
 *
 * See alcove_peer_link_start_recording().
 *
 * Returns: whether it has begun
 */
gboolean
alcove_media_link_do_start_recording (AlcovePeerLink *link,
                                      const char *path,
                                      GError **error)
{
  AlcoveMediaLink *self = ALCOVE_MEDIA_LINK (link);
  g_autoptr (AlcoveRecorder) recorder = NULL;
  g_autoptr (AlcoveRecorder) former = NULL;

  if (!alcove_media_link_is_alive (self))
    {
      g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_FAILED,
                           _ ("There is no connection to this participant at the moment."));
      return FALSE;
    }

  recorder = self->recordings != NULL ? alcove_recordings_make (self->recordings, path, error)
                                      : alcove_recorder_new (path, error);
  if (recorder == NULL)
    return FALSE;

  g_signal_connect_object (recorder, "failed", G_CALLBACK (on_recorder_failed), self, 0);
  g_signal_connect_object (recorder, "key-frame-wanted", G_CALLBACK (on_key_frame_wanted), self,
                           0);
  g_mutex_lock (&self->core->lock);
  former = g_steal_pointer (&self->core->recorder);
  self->core->recorder = g_object_ref (recorder);
  g_mutex_unlock (&self->core->lock);
  if (former != NULL)
    alcove_recorder_finish (former);
  g_set_object (&self->begun, recorder);

  request_key_frames (self);
  alcove_peer_link_emit_view_size_changed (link);
  return TRUE;
}

/**
 * alcove_media_link_do_stop_recording:
 * @link: a link
 *
 * See alcove_peer_link_stop_recording().
 */
void
alcove_media_link_do_stop_recording (AlcovePeerLink *link)
{
  AlcoveLinkCore *core = ALCOVE_MEDIA_LINK (link)->core;
  g_autoptr (AlcoveRecorder) recorder = NULL;

  g_mutex_lock (&core->lock);
  recorder = g_steal_pointer (&core->recorder);
  g_mutex_unlock (&core->lock);
  if (recorder == NULL)
    return;

  alcove_recorder_finish (recorder);
  if (alcove_media_link_is_alive (ALCOVE_MEDIA_LINK (link)))
    alcove_peer_link_emit_view_size_changed (link);
}

/* The wait for a file to be closed. All of it ends on the main context, where its task began. */
typedef struct {
  GTask *task;
  AlcoveMediaHandle *handle;
  AlcoveRecorder *recorder;
  char **files;
  GError *error;
} Ending;

static void
ending_free (gpointer data)
{
  Ending *self = data;

  g_object_unref (self->task);
  alcove_media_handle_unref (self->handle);
  g_object_unref (self->recorder);
  g_strfreev (self->files);
  g_clear_error (&self->error);
  g_free (self);
}

static void
hop_ended (gpointer object,
           gpointer data)
{
  Ending *ending = data;

  alcove_peer_link_return_recording (ending->task, g_steal_pointer (&ending->files),
                                     g_steal_pointer (&ending->error));
}

static void
run_ending (gpointer data)
{
  Ending *ending = data;

  alcove_recorder_collect (ending->recorder, &ending->files, &ending->error);
  alcove_media_hop (ending->handle, hop_ended, ending, ending_free);
}

/**
 * alcove_media_link_do_end_recording:
 * @link: a link, perhaps closed
 * @callback: called on the main context
 * @user_data: its data
 *
 * See alcove_peer_link_end_recording_async().
 */
void
alcove_media_link_do_end_recording (AlcovePeerLink *link,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  AlcoveMediaLink *self = ALCOVE_MEDIA_LINK (link);
  g_autoptr (GTask) task = g_task_new (link, NULL, callback, user_data);
  Ending *ending;

  g_task_set_source_tag (task, alcove_media_link_do_end_recording);
  if (self->begun == NULL)
    {
      alcove_peer_link_return_recording (task, g_new0 (char *, 1), NULL);
      return;
    }

  alcove_media_link_do_stop_recording (link);
  ending = g_new0 (Ending, 1);
  ending->task = g_steal_pointer (&task);
  ending->handle = alcove_media_handle_ref (self->handle);
  ending->recorder = g_steal_pointer (&self->begun);
  alcove_workers_run (self->workers, "alcove-recorder", run_ending, ending);
}
