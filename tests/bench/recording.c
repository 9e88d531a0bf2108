/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-bench"

#include "config.h"

#include "recording.h"

#include <gst/app/gstappsink.h>

#define MAX_FRAMES 6000
#define LOAD_TIMEOUT (30 * GST_SECOND)

static void
sample_free (gpointer data)
{
  gst_buffer_unref (data);
}

/**
 * recording_load:
 * @self: (out caller-allocates): what is loaded, empty before
 * @path: a WebM file with one stream
 *
 * Says on standard error what is wrong.
 *
 * Returns: whether there is at least one frame
 */
gboolean
recording_load (Recording *self,
                const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (
      "filesrc name=file ! matroskademux ! appsink name=sink sync=false max-buffers=0", &error);
  g_autoptr (GstElement) file = NULL;
  g_autoptr (GstElement) sink = NULL;
  GstSample *sample;

  if (pipeline == NULL)
    {
      g_printerr ("bench-far-ends: %s\n", error->message);
      return FALSE;
    }

  file = gst_bin_get_by_name (GST_BIN (pipeline), "file");
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  g_object_set (file, "location", path, NULL);
  self->frames = g_ptr_array_new_with_free_func (sample_free);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  while (self->frames->len < MAX_FRAMES
         && (sample = gst_app_sink_try_pull_sample (GST_APP_SINK (sink), LOAD_TIMEOUT)) != NULL)
    {
      if (self->caps == NULL)
        self->caps = gst_caps_copy (gst_sample_get_caps (sample));
      g_ptr_array_add (self->frames, gst_buffer_copy_deep (gst_sample_get_buffer (sample)));
      gst_sample_unref (sample);
    }
  gst_element_set_state (pipeline, GST_STATE_NULL);

  if (self->frames->len == 0)
    g_printerr ("bench-far-ends: nothing could be read from %s\n", path);
  return self->frames->len > 0;
}

/**
 * recording_clear:
 * @self: a recording, loaded or not
 */
void
recording_clear (Recording *self)
{
  g_clear_pointer (&self->frames, g_ptr_array_unref);
  gst_clear_caps (&self->caps);
}
