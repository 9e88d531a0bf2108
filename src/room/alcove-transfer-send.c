/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-transfer-send"

#include "config.h"

#include "alcove-transfer-private.h"

#include <glib/gi18n.h>

#include "alcove-error.h"

/* How a file of ours goes out: looked at, announced, read in blocks and sent in pieces, no
 * faster than the channel takes them. */

#define ATTRIBUTES                                                                                 \
  G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_SIZE                                \
                                 "," G_FILE_ATTRIBUTE_STANDARD_DISPLAY_NAME                        \
                                 "," G_FILE_ATTRIBUTE_STANDARD_FAST_CONTENT_TYPE

static void
fail_reading (AlcoveTransfer *self)
{
  alcove_transfer_fail (self, ALCOVE_ERROR_FILE, _ ("The file can't be read."), TRUE);
}

static void
query_cb (GObject *source,
          GAsyncResult *result,
          gpointer data)
{
  g_autoptr (AlcoveTransfer) self = data;
  g_autoptr (GFileInfo) info = g_file_query_info_finish (G_FILE (source), result, NULL);
  g_autofree char *media_type = NULL;
  goffset size;

  if (self->state != ALCOVE_TRANSFER_PREPARING)
    return;
  if (info == NULL || g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR)
    {
      fail_reading (self);
      return;
    }

  size = g_file_info_get_size (info);
  alcove_transfer_set_file (self, g_file_info_get_display_name (info), (guint64) size);
  if ((guint64) size > ALCOVE_TRANSFER_MAX_SIZE)
    {
      alcove_transfer_fail (self, ALCOVE_ERROR_TOO_LARGE,
                            _ ("The file is too large. The limit is 100 MB."), FALSE);
      return;
    }

  media_type = g_content_type_get_mime_type (g_file_info_get_attribute_string (
      info, G_FILE_ATTRIBUTE_STANDARD_FAST_CONTENT_TYPE));
  self->writer = alcove_data_url_writer_new (media_type, self->size);
  if (alcove_transfer_say (self, ALCOVE_FILE_ASK))
    alcove_transfer_set_state (self, ALCOVE_TRANSFER_WAITING);
  else
    alcove_transfer_fail (self, ALCOVE_ERROR_FAILED, _ ("There is no way to send files there yet."),
                          FALSE);
}

/* Looks at the file and asks the other side. */
void
alcove_transfer_prepare (AlcoveTransfer *self)
{
  g_file_query_info_async (self->source, ATTRIBUTES, G_FILE_QUERY_INFO_NONE, G_PRIORITY_DEFAULT,
                           self->cancellable, query_cb, g_object_ref (self));
}

static void
read_cb (GObject *source,
         GAsyncResult *result,
         gpointer data)
{
  g_autoptr (AlcoveTransfer) self = data;
  g_autoptr (GBytes) bytes
      = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, NULL);
  gsize length = 0;
  const guint8 *content = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;

  self->busy = FALSE;
  if (self->state != ALCOVE_TRANSFER_RUNNING)
    return;

  /* An end that comes too early is an error too: the size was announced. */
  if (length == 0)
    fail_reading (self);
  else
    alcove_data_url_writer_feed (self->writer, content, length);
}

static void
read_ahead (AlcoveTransfer *self)
{
  guint64 missing = alcove_data_url_writer_get_missing (self->writer);

  if (self->busy || self->input == NULL || missing == 0
      || alcove_data_url_writer_get_ready (self->writer) >= ALCOVE_TRANSFER_AHEAD)
    return;

  self->busy = TRUE;
  g_input_stream_read_bytes_async (self->input, (gsize) MIN (missing, ALCOVE_TRANSFER_BLOCK),
                                   G_PRIORITY_DEFAULT, self->cancellable, read_cb,
                                   g_object_ref (self));
}

static gboolean
take_piece (AlcoveTransfer *self)
{
  g_autoptr (AlcoveFileMessage) message = NULL;

  if (self->unsent != NULL)
    return TRUE;

  message = g_new0 (AlcoveFileMessage, 1);
  message->signal = ALCOVE_FILE_CHUNK;
  message->id = g_strdup (self->id);
  message->data = alcove_data_url_writer_take (self->writer, ALCOVE_FILE_PIECE, &message->last,
                                               &message->percent);
  if (message->data == NULL)
    return FALSE;

  self->unsent = g_steal_pointer (&message);
  return TRUE;
}

/* Returns whether there is more to be sent at once. */
static gboolean
send_piece (AlcoveTransfer *self)
{
  g_autoptr (AlcoveFileMessage) message = NULL;

  if (self->port.get_buffered (self->port.data) > ALCOVE_TRANSFER_MAX_BUFFERED
      || !take_piece (self) || !self->port.send (self->port.data, self->unsent))
    return FALSE;
  /* What was sent may have led to our end. */
  if (self->state != ALCOVE_TRANSFER_RUNNING)
    return FALSE;

  message = g_steal_pointer (&self->unsent);
  self->all_sent = message->last;
  alcove_transfer_note_life (self);
  alcove_transfer_set_done (self, message->last ? self->size
                                                : (guint64) ((double) self->size
                                                             * message->percent / 100.0));
  return !message->last;
}

static gboolean
pace_cb (gpointer data)
{
  g_autoptr (AlcoveTransfer) self = g_object_ref (data);

  for (guint i = 0; i < ALCOVE_TRANSFER_LOT && !self->all_sent; i++)
    if (!send_piece (self))
      break;

  if (self->state != ALCOVE_TRANSFER_RUNNING)
    return G_SOURCE_REMOVE;

  /* What is still in the channel would be lost if we left now. */
  if (self->all_sent && self->port.get_buffered (self->port.data) == 0)
    {
      self->pace_source = 0;
      alcove_transfer_end (self, ALCOVE_TRANSFER_DONE);
      return G_SOURCE_REMOVE;
    }

  if (!self->all_sent)
    read_ahead (self);
  return G_SOURCE_CONTINUE;
}

static void
open_cb (GObject *source,
         GAsyncResult *result,
         gpointer data)
{
  g_autoptr (AlcoveTransfer) self = data;
  g_autoptr (GFileInputStream) input = g_file_read_finish (G_FILE (source), result, NULL);

  if (self->state != ALCOVE_TRANSFER_RUNNING)
    return;
  if (input == NULL)
    {
      fail_reading (self);
      return;
    }

  self->input = G_INPUT_STREAM (g_steal_pointer (&input));
  self->pace_source = g_timeout_add (ALCOVE_TRANSFER_PACE_MS, pace_cb, self);
  read_ahead (self);
}

/* They want it. */
void
alcove_transfer_start_sending (AlcoveTransfer *self)
{
  alcove_transfer_set_state (self, ALCOVE_TRANSFER_RUNNING);
  if (self->state == ALCOVE_TRANSFER_RUNNING)
    g_file_read_async (self->source, G_PRIORITY_DEFAULT, self->cancellable, open_cb,
                       g_object_ref (self));
}
