/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-recordings"

#include "config.h"

#include "alcove-recordings.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "alcove-error.h"

#define MAX_NAME 64

struct _AlcoveRecordings {
  GPtrArray *recorders;
};

/**
 * alcove_recordings_new:
 *
 * Returns: (transfer full): none yet
 */
AlcoveRecordings *
alcove_recordings_new (void)
{
  AlcoveRecordings *self = g_rc_box_new0 (AlcoveRecordings);

  self->recorders = g_ptr_array_new_with_free_func (g_object_unref);
  return self;
}

/**
 * alcove_recordings_ref:
 * @self: recordings
 *
 * Returns: (transfer full): @self
 */
AlcoveRecordings *
alcove_recordings_ref (AlcoveRecordings *self)
{
  return g_rc_box_acquire (self);
}

static void
recordings_clear (gpointer data)
{
  AlcoveRecordings *self = data;

  g_ptr_array_unref (self->recorders);
}

/**
 * alcove_recordings_unref:
 * @self: (transfer full): recordings
 *
 * What is not finished by the last one is finished in the background.
 */
void
alcove_recordings_unref (AlcoveRecordings *self)
{
  g_rc_box_release_full (self, recordings_clear);
}

/**
 * alcove_recordings_make:
 * @self: recordings
 * @path: a file that does not exist yet; its folder is made if need be, but not what that is in
 * @error: return location
 *
 * Returns: (transfer full): a recorder, or %NULL with %ALCOVE_ERROR_FILE or
 *   %ALCOVE_ERROR_MISSING_ELEMENT
 */
AlcoveRecorder *
alcove_recordings_make (AlcoveRecordings *self,
                        const char *path,
                        GError **error)
{
  g_autofree char *directory = g_path_get_dirname (path);
  g_autofree char *parent = g_path_get_dirname (directory);
  AlcoveRecorder *recorder;

  for (guint i = self->recorders->len; i > 0; i--)
    if (alcove_recorder_is_finished (self->recorders->pdata[i - 1]))
      g_ptr_array_remove_index_fast (self->recorders, i - 1);

  /* a file system may say the same of a folder that is there, and holds what it likes */
  if (g_mkdir (directory, 0700) != 0 && errno == ENOENT
      && !g_file_test (parent, G_FILE_TEST_IS_DIR))
    {
      g_autofree char *file = g_filename_display_name (path);
      g_autofree char *shown = g_filename_display_name (parent);

      g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_FILE,
                   _ ("“%s” can’t be written: there is no folder “%s”."), file, shown);
      return NULL;
    }

  /* that it can't be made otherwise is told of the file */
  recorder = alcove_recorder_new (path, error);
  if (recorder != NULL)
    g_ptr_array_add (self->recorders, g_object_ref (recorder));
  return recorder;
}

/**
 * alcove_recordings_finish:
 * @self: recordings
 * @deadline: monotonic time in microseconds until which to wait
 *
 * Writes and closes all files.
 *
 * Returns: whether that was done in time
 */
gboolean
alcove_recordings_finish (AlcoveRecordings *self,
                          gint64 deadline)
{
  gboolean all = TRUE;

  for (guint i = 0; i < self->recorders->len; i++)
    alcove_recorder_finish (self->recorders->pdata[i]);
  for (guint i = 0; i < self->recorders->len; i++)
    all = alcove_recorder_finish_sync (self->recorders->pdata[i], deadline) && all;
  g_ptr_array_set_size (self->recorders, 0);

  return all;
}

/**
 * alcove_recordings_make_name:
 * @peer: (nullable): an id that a stranger chose
 *
 * Returns: (transfer full): a file name without anything that means something to a file system
 */
char *
alcove_recordings_make_name (const char *peer)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (now, "%Y%m%d-%H%M%S-%f");
  g_autoptr (GString) name = g_string_new (NULL);

  for (const char *c = peer; c != NULL && *c != '\0' && name->len < MAX_NAME; c++)
    g_string_append_c (name, g_ascii_isalnum (*c) || *c == '-' ? *c : '_');
  if (name->len == 0)
    g_string_append (name, "peer");

  return g_strdup_printf ("%s-%s.mkv", name->str, time);
}
