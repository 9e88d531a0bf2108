/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

/* One frame of a recorded run over Engine.IO; `note` lines are left out. */
typedef struct {
  char *connection;
  gboolean from_client;
  gboolean http;
  gboolean shortened;
  char *frame;
} SocketioFrame;

static inline void
socketio_frame_free (gpointer data)
{
  SocketioFrame *frame = data;

  g_free (frame->connection);
  g_free (frame->frame);
  g_free (frame);
}

static inline GPtrArray *
socketio_transcript_load (const char *folder,
                          const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", folder, name, NULL);
  g_autofree char *content = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *frames = g_ptr_array_new_with_free_func (socketio_frame_free);

  g_file_get_contents (path, &content, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (content, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++)
    {
      g_autoptr (JsonNode) root = NULL;
      JsonObject *object;
      const char *dir;
      SocketioFrame *frame;

      if (*lines[i] == '\0')
        continue;
      root = json_from_string (lines[i], &error);
      g_assert_no_error (error);
      object = json_node_get_object (root);
      dir = json_object_get_string_member (object, "dir");
      if (g_str_equal (dir, "note"))
        continue;

      frame = g_new0 (SocketioFrame, 1);
      frame->from_client = g_str_equal (dir, "out");
      frame->http = json_object_get_boolean_member_with_default (object, "http", FALSE);
      frame->shortened = json_object_has_member (object, "len");
      frame->connection = g_strdup (json_object_get_string_member (object, "conn"));
      frame->frame = g_strdup (json_object_get_string_member (object, "frame"));
      g_ptr_array_add (frames, frame);
    }

  g_assert_cmpuint (frames->len, >, 0);
  return frames;
}
