/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "recorder-file.h"

#include <glib/gstdio.h>
#include <gst/app/gstappsink.h>

void
fixture_set_up (Fixture *fixture,
                gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("alcove-recorder-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "a.mkv", NULL);
}

void
fixture_tear_down (Fixture *fixture,
                   gconstpointer data)
{
  g_unlink (fixture->path);
  g_rmdir (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->folder);
}

gint64
deadline (void)
{
  return g_get_monotonic_time () + 20 * G_USEC_PER_SEC;
}

/* Counts what an independent reader decodes of a file. */
guint
count_frames (const char *path,
              const char *branch)
{
  g_autofree char *description = g_strdup_printf (
      "filesrc location=\"%s\" ! matroskademux name=d  %s ! appsink name=sink sync=false", path,
      branch);
  g_autoptr (GstElement) pipeline = gst_parse_launch (description, NULL);
  g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  guint n = 0;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  for (;;)
    {
      g_autoptr (GstSample) sample
          = gst_app_sink_try_pull_sample (GST_APP_SINK (sink), TIMEOUT);

      if (sample == NULL)
        break;
      n++;
    }
  gst_element_set_state (pipeline, GST_STATE_NULL);
  return n;
}
