/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-transfer-receive"

#include "config.h"

#include "alcove-transfer-private.h"

#include <glib/gi18n.h>

#include "alcove-error.h"

/* How a file comes in: into a temporary file beside its target, whose name it takes when
 * all of it is there. */

static void write_on (AlcoveTransfer *self);

static void
fail_writing (AlcoveTransfer *self,
              const GError *error)
{
  const char *message = _ ("The file can't be saved there.");

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    message = _ ("There is no space left for the file.");
  if (error != NULL)
    g_info ("%s", error->message);
  alcove_transfer_fail (self, ALCOVE_ERROR_FILE, message, TRUE);
}

static void
moved_cb (GObject *source,
          GAsyncResult *result,
          gpointer data)
{
  g_autoptr (AlcoveTransfer) self = data;
  g_autoptr (GError) error = NULL;
  gboolean moved = g_file_move_finish (G_FILE (source), result, &error);

  if (self->state != ALCOVE_TRANSFER_RUNNING)
    {
      /* It was stopped in the very moment. */
      if (moved && self->target != NULL)
        g_file_delete (self->target, NULL, NULL);
    }
  else if (moved)
    {
      g_clear_object (&self->temporary);
      alcove_transfer_end (self, ALCOVE_TRANSFER_DONE);
    }
  else
    fail_writing (self, error);
}

static void
closed_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (AlcoveTransfer) self = data;
  g_autoptr (GError) error = NULL;

  if (!g_output_stream_close_finish (G_OUTPUT_STREAM (source), result, &error))
    fail_writing (self, error);
  if (self->state != ALCOVE_TRANSFER_RUNNING)
    return;

  g_file_move_async (self->temporary, self->target,
                     G_FILE_COPY_OVERWRITE | G_FILE_COPY_NO_FALLBACK_FOR_MOVE,
                     G_PRIORITY_DEFAULT, self->cancellable, NULL, NULL, moved_cb,
                     g_object_ref (self));
}

static void
written_cb (GObject *source,
            GAsyncResult *result,
            gpointer data)
{
  g_autoptr (AlcoveTransfer) self = data;
  g_autoptr (GError) error = NULL;
  gboolean written
      = g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error);

  self->busy = FALSE;
  if (self->state != ALCOVE_TRANSFER_RUNNING)
    return;
  if (written)
    write_on (self);
  else
    fail_writing (self, error);
}

/* One write at a time, and not for every piece. */
static void
write_on (AlcoveTransfer *self)
{
  GByteArray *block;

  if (self->busy || (self->pending->len < ALCOVE_TRANSFER_BLOCK && !self->complete))
    return;

  self->busy = TRUE;
  if (self->pending->len == 0)
    {
      g_output_stream_close_async (self->output, G_PRIORITY_DEFAULT, self->cancellable, closed_cb,
                                   g_object_ref (self));
      return;
    }

  block = g_steal_pointer (&self->pending);
  self->pending = g_byte_array_new ();
  g_output_stream_write_all_async (self->output, block->data, block->len, G_PRIORITY_DEFAULT,
                                   self->cancellable, written_cb, g_object_ref (self));
  /* it stays until that write is through, however the transfer ends */
  g_object_set_data_full (G_OBJECT (self->output), "alcove-block", block,
                          (GDestroyNotify) g_byte_array_unref);
}

void
alcove_transfer_receive (AlcoveTransfer *self,
                         const AlcoveFileMessage *chunk)
{
  g_autoptr (GError) error = NULL;
  guint before;

  /* Pieces come only after our word, and after the last one there are none. */
  if (self->reader == NULL || self->complete)
    return;

  /* Pieces without anything in them could come for ever. */
  if (*chunk->data == '\0' && !chunk->last)
    {
      alcove_transfer_fail (self, ALCOVE_ERROR_MALFORMED,
                            _ ("The file came in a form that can't be read."), TRUE);
      return;
    }

  before = self->pending->len;
  if (!alcove_data_url_reader_feed (self->reader, chunk->data, self->pending, &error)
      || (chunk->last && !alcove_data_url_reader_finish (self->reader, &error)))
    {
      alcove_transfer_fail (self, error->code, error->message, TRUE);
      return;
    }
  if (self->pending->len > ALCOVE_TRANSFER_MAX_PENDING)
    {
      fail_writing (self, NULL);
      return;
    }

  self->complete = chunk->last;
  alcove_transfer_note_life (self);
  alcove_transfer_set_done (self, self->done + (self->pending->len - before));
  if (self->state == ALCOVE_TRANSFER_RUNNING)
    write_on (self);
}

/* A name beside the target that nobody else has. */
static GFile *
make_temporary (GFile *target)
{
  g_autoptr (GFile) folder = g_file_get_parent (target);
  g_autofree char *name = g_strdup_printf (".alcove-%08x%08x.part", g_random_int (),
                                           g_random_int ());

  return folder != NULL ? g_file_get_child (folder, name) : NULL;
}

static void
created_cb (GObject *source,
            GAsyncResult *result,
            gpointer data)
{
  g_autoptr (AlcoveTransfer) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileOutputStream) output
      = g_file_create_finish (G_FILE (source), result, &error);

  self->busy = FALSE;
  if (self->state != ALCOVE_TRANSFER_RUNNING)
    {
      if (output != NULL)
        g_file_delete (G_FILE (source), NULL, NULL);
      return;
    }
  if (output == NULL)
    {
      fail_writing (self, error);
      return;
    }

  self->temporary = g_object_ref (G_FILE (source));
  self->output = G_OUTPUT_STREAM (g_steal_pointer (&output));
  self->pending = g_byte_array_new ();
  self->reader = alcove_data_url_reader_new (self->size);
  if (!alcove_transfer_say (self, ALCOVE_FILE_ACCEPT))
    alcove_transfer_fail (self, ALCOVE_ERROR_FAILED,
                          _ ("The other side could not be told to send the file."), FALSE);
}

/* We want it; the other side hears so when there is a place for it. */
gboolean
alcove_transfer_start_receiving (AlcoveTransfer *self,
                                 GFile *target)
{
  g_autoptr (GFile) temporary = make_temporary (target);

  if (temporary == NULL)
    {
      fail_writing (self, NULL);
      return FALSE;
    }

  self->target = g_object_ref (target);
  self->busy = TRUE;
  g_file_create_async (temporary, G_FILE_CREATE_NONE, G_PRIORITY_DEFAULT, self->cancellable,
                       created_cb, g_object_ref (self));
  alcove_transfer_set_state (self, ALCOVE_TRANSFER_RUNNING);
  return TRUE;
}
