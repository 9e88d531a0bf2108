/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

/* One frame of a recorded run; `note` lines and frames that were binary in a way that is
 * not text are left out. */
typedef struct {
  char *connection;
  gboolean from_client;
  char *frame;
} RecordedFrame;

static inline void
recorded_frame_free (gpointer data)
{
  RecordedFrame *frame = data;

  g_free (frame->connection);
  g_free (frame->frame);
  g_free (frame);
}

static inline GPtrArray *
recording_load (const char *protocol,
                const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", protocol, name, NULL);
  g_autofree char *content = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *frames = g_ptr_array_new_with_free_func (recorded_frame_free);

  g_file_get_contents (path, &content, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (content, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++)
    {
      g_autoptr (JsonNode) root = NULL;
      JsonObject *object;
      RecordedFrame *frame;

      if (*lines[i] == '\0')
        continue;
      root = json_from_string (lines[i], &error);
      g_assert_no_error (error);
      object = json_node_get_object (root);
      if (g_str_equal (json_object_get_string_member (object, "dir"), "note")
          || g_str_has_prefix (json_object_get_string_member (object, "frame"), "<binary"))
        continue;

      frame = g_new0 (RecordedFrame, 1);
      frame->from_client = g_str_equal (json_object_get_string_member (object, "dir"), "out");
      frame->connection = g_strdup (json_object_get_string_member (object, "conn"));
      frame->frame = g_strdup (json_object_get_string_member (object, "frame"));
      g_ptr_array_add (frames, frame);
    }

  return frames;
}

static inline gboolean
same_json (const char *a,
           const char *b)
{
  g_autoptr (JsonNode) left = json_from_string (a, NULL);
  g_autoptr (JsonNode) right = json_from_string (b, NULL);

  return left != NULL && right != NULL && json_node_equal (left, right);
}
