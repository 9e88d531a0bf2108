/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-metered-stream"

#include "config.h"

#include "alcove-metered-stream.h"

/**
 * AlcoveMeteredStream:
 *
 * The two directions of a WebSocket as the one stream that libsoup wants.
 * Closing it ends nothing by itself: the owner of the socket decides how it goes,
 * since a socket that is closed with unread bytes takes the close frame along.
 */

struct _AlcoveMeteredStream {
  GIOStream parent_instance;

  GInputStream *input;
  GOutputStream *output;
};

G_DEFINE_FINAL_TYPE (AlcoveMeteredStream, alcove_metered_stream, G_TYPE_IO_STREAM)

static GInputStream *
alcove_metered_stream_get_input (GIOStream *stream)
{
  return ALCOVE_METERED_STREAM (stream)->input;
}

static GOutputStream *
alcove_metered_stream_get_output (GIOStream *stream)
{
  return ALCOVE_METERED_STREAM (stream)->output;
}

static gboolean
alcove_metered_stream_close (GIOStream *stream,
                             GCancellable *cancellable,
                             GError **error)
{
  return TRUE;
}

/* The default closes in another thread. */
static void
alcove_metered_stream_close_async (GIOStream *stream,
                                   int io_priority,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (stream, cancellable, callback, user_data);

  g_task_set_source_tag (task, alcove_metered_stream_close_async);
  g_task_return_boolean (task, TRUE);
}

static gboolean
alcove_metered_stream_close_finish (GIOStream *stream,
                                    GAsyncResult *result,
                                    GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
alcove_metered_stream_finalize (GObject *object)
{
  AlcoveMeteredStream *self = ALCOVE_METERED_STREAM (object);

  g_object_unref (self->input);
  g_object_unref (self->output);

  G_OBJECT_CLASS (alcove_metered_stream_parent_class)->finalize (object);
}

static void
alcove_metered_stream_class_init (AlcoveMeteredStreamClass *klass)
{
  GIOStreamClass *stream_class = G_IO_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = alcove_metered_stream_finalize;
  stream_class->get_input_stream = alcove_metered_stream_get_input;
  stream_class->get_output_stream = alcove_metered_stream_get_output;
  stream_class->close_fn = alcove_metered_stream_close;
  stream_class->close_async = alcove_metered_stream_close_async;
  stream_class->close_finish = alcove_metered_stream_close_finish;
}

static void
alcove_metered_stream_init (AlcoveMeteredStream *self)
{
}

/**
 * alcove_metered_stream_new:
 * @input: what comes in
 * @output: what goes out
 *
 * Returns: (transfer full): the stream
 */
AlcoveMeteredStream *
alcove_metered_stream_new (AlcoveMeteredInput *input,
                           AlcoveMeteredOutput *output)
{
  AlcoveMeteredStream *self = g_object_new (ALCOVE_TYPE_METERED_STREAM, NULL);

  self->input = g_object_ref (G_INPUT_STREAM (input));
  self->output = g_object_ref (G_OUTPUT_STREAM (output));
  return self;
}
