/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-metered-input"

#include "config.h"

#include "alcove-metered-input.h"

/* libsoup reads as long as there is something to read. Whoever sends faster
 * than that would keep the main loop to itself; after this much it is
 * the others' turn. */
#define MAX_BYTES_A_TURN (256 * 1024)

/**
 * AlcoveMeteredInput:
 *
 * What a WebSocket client sends, with its frames counted and measured before
 * libsoup sees them. When a bound is broken, `exceeded (AlcoveFrameVerdict)` is
 * emitted once, and the stream is at its end.
 */

enum {
  EXCEEDED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

struct _AlcoveMeteredInput {
  GFilterInputStream parent_instance;

  AlcoveFrameMeter meter;
  gsize bytes_this_turn;
};

static void alcove_metered_input_pollable_init (GPollableInputStreamInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AlcoveMeteredInput, alcove_metered_input, G_TYPE_FILTER_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM,
                                                      alcove_metered_input_pollable_init))

static GPollableInputStream *
get_base (gpointer self)
{
  return G_POLLABLE_INPUT_STREAM (
      g_filter_input_stream_get_base_stream (G_FILTER_INPUT_STREAM (self)));
}

static gssize
account (AlcoveMeteredInput *self,
         const void *buffer,
         gssize count)
{
  AlcoveFrameVerdict verdict;
  gsize n_good;

  if (count <= 0)
    return count;

  self->bytes_this_turn += count;
  verdict = alcove_frame_meter_feed (&self->meter, buffer, count, g_get_monotonic_time (), &n_good);
  if (verdict != ALCOVE_FRAME_OK)
    {
      g_signal_emit (self, signals[EXCEEDED], 0, (int) verdict);
      return 0;
    }

  return count;
}

static gssize
alcove_metered_input_read (GInputStream *stream,
                           void *buffer,
                           gsize count,
                           GCancellable *cancellable,
                           GError **error)
{
  AlcoveMeteredInput *self = ALCOVE_METERED_INPUT (stream);

  if (self->meter.verdict != ALCOVE_FRAME_OK)
    return 0;

  return account (self, buffer,
                  g_input_stream_read (G_INPUT_STREAM (get_base (self)), buffer, count,
                                       cancellable, error));
}

static gboolean
alcove_metered_input_can_poll (GPollableInputStream *stream)
{
  return g_pollable_input_stream_can_poll (get_base (stream));
}

static gboolean
alcove_metered_input_is_readable (GPollableInputStream *stream)
{
  AlcoveMeteredInput *self = ALCOVE_METERED_INPUT (stream);

  return self->meter.verdict != ALCOVE_FRAME_OK
         || g_pollable_input_stream_is_readable (get_base (stream));
}

static GSource *
alcove_metered_input_create_source (GPollableInputStream *stream,
                                    GCancellable *cancellable)
{
  AlcoveMeteredInput *self = ALCOVE_METERED_INPUT (stream);
  g_autoptr (GSource) base = NULL;

  /* libsoup makes a new source whenever it has read all it could */
  self->bytes_this_turn = 0;

  if (self->meter.verdict != ALCOVE_FRAME_OK)
    base = g_timeout_source_new (0);
  else
    base = g_pollable_input_stream_create_source (get_base (stream), cancellable);

  return g_pollable_source_new_full (stream, base, NULL);
}

static gssize
alcove_metered_input_read_nonblocking (GPollableInputStream *stream,
                                       void *buffer,
                                       gsize count,
                                       GError **error)
{
  AlcoveMeteredInput *self = ALCOVE_METERED_INPUT (stream);

  if (self->meter.verdict != ALCOVE_FRAME_OK)
    return 0;

  if (self->bytes_this_turn >= MAX_BYTES_A_TURN)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "the others' turn");
      return -1;
    }

  return account (self, buffer,
                  g_pollable_input_stream_read_nonblocking (get_base (self), buffer, count, NULL,
                                                            error));
}

static void
alcove_metered_input_pollable_init (GPollableInputStreamInterface *iface)
{
  iface->can_poll = alcove_metered_input_can_poll;
  iface->is_readable = alcove_metered_input_is_readable;
  iface->create_source = alcove_metered_input_create_source;
  iface->read_nonblocking = alcove_metered_input_read_nonblocking;
}

static void
alcove_metered_input_class_init (AlcoveMeteredInputClass *klass)
{
  G_INPUT_STREAM_CLASS (klass)->read_fn = alcove_metered_input_read;

  signals[EXCEEDED] = g_signal_new ("exceeded", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
}

static void
alcove_metered_input_init (AlcoveMeteredInput *self)
{
}

/**
 * alcove_metered_input_new:
 * @base: a pollable stream, just after the WebSocket handshake
 * @max_message: the most bytes of one message
 * @rate: frames in a second, sustained
 * @burst: how many may come at once
 *
 * Returns: (transfer full): the metered stream; does not close @base
 */
AlcoveMeteredInput *
alcove_metered_input_new (GInputStream *base,
                          guint64 max_message,
                          guint rate,
                          guint burst)
{
  AlcoveMeteredInput *self = g_object_new (ALCOVE_TYPE_METERED_INPUT, "base-stream", base,
                                           "close-base-stream", FALSE, NULL);

  alcove_frame_meter_init (&self->meter, max_message, rate, burst, g_get_monotonic_time ());
  return self;
}
