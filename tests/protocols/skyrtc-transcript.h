/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

/* One frame of a recorded run; `note` lines are left out. */
typedef struct {
  char *connection;
  gboolean from_client;
  char *frame;
} SkyrtcFrame;

static inline void
skyrtc_frame_free (gpointer data)
{
  SkyrtcFrame *frame = data;

  g_free (frame->connection);
  g_free (frame->frame);
  g_free (frame);
}

static inline GPtrArray *
skyrtc_transcript_load (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "skyrtc", name, NULL);
  g_autofree char *content = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *frames = g_ptr_array_new_with_free_func (skyrtc_frame_free);

  g_file_get_contents (path, &content, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (content, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++)
    {
      g_autoptr (JsonNode) root = NULL;
      const char *dir;
      SkyrtcFrame *frame;

      if (*lines[i] == '\0')
        continue;
      root = json_from_string (lines[i], &error);
      g_assert_no_error (error);
      dir = json_object_get_string_member (json_node_get_object (root), "dir");
      if (g_str_equal (dir, "note"))
        continue;

      frame = g_new0 (SkyrtcFrame, 1);
      frame->from_client = g_str_equal (dir, "out");
      frame->connection
          = g_strdup (json_object_get_string_member (json_node_get_object (root), "conn"));
      frame->frame = g_strdup (json_object_get_string_member (json_node_get_object (root), "frame"));
      g_ptr_array_add (frames, frame);
    }

  return frames;
}
