/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-metered-output"

#include "config.h"

#include "alcove-metered-output.h"

#include "alcove-frame-meter.h"

/**
 * AlcoveMeteredOutput:
 *
 * What goes to a WebSocket client, with the bytes of its messages counted as
 * they reach the socket. libsoup queues without a bound and does not say how much
 * waits; together with what was handed to it this tells.
 */

struct _AlcoveMeteredOutput {
  GFilterOutputStream parent_instance;

  AlcoveFrameMeter meter;
};

static void alcove_metered_output_pollable_init (GPollableOutputStreamInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AlcoveMeteredOutput, alcove_metered_output,
                               G_TYPE_FILTER_OUTPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_OUTPUT_STREAM,
                                                      alcove_metered_output_pollable_init))

static GPollableOutputStream *
get_base (gpointer self)
{
  return G_POLLABLE_OUTPUT_STREAM (
      g_filter_output_stream_get_base_stream (G_FILTER_OUTPUT_STREAM (self)));
}

static gssize
account (AlcoveMeteredOutput *self,
         const void *buffer,
         gssize count)
{
  gsize n_good;

  if (count > 0)
    alcove_frame_meter_feed (&self->meter, buffer, count, 0, &n_good);

  return count;
}

static gssize
alcove_metered_output_write (GOutputStream *stream,
                             const void *buffer,
                             gsize count,
                             GCancellable *cancellable,
                             GError **error)
{
  AlcoveMeteredOutput *self = ALCOVE_METERED_OUTPUT (stream);

  return account (self, buffer,
                  g_output_stream_write (G_OUTPUT_STREAM (get_base (self)), buffer, count,
                                         cancellable, error));
}

static gboolean
alcove_metered_output_can_poll (GPollableOutputStream *stream)
{
  return g_pollable_output_stream_can_poll (get_base (stream));
}

static gboolean
alcove_metered_output_is_writable (GPollableOutputStream *stream)
{
  return g_pollable_output_stream_is_writable (get_base (stream));
}

static GSource *
alcove_metered_output_create_source (GPollableOutputStream *stream,
                                     GCancellable *cancellable)
{
  g_autoptr (GSource) base
      = g_pollable_output_stream_create_source (get_base (stream), cancellable);

  return g_pollable_source_new_full (stream, base, NULL);
}

static gssize
alcove_metered_output_write_nonblocking (GPollableOutputStream *stream,
                                         const void *buffer,
                                         gsize count,
                                         GError **error)
{
  return account (ALCOVE_METERED_OUTPUT (stream), buffer,
                  g_pollable_output_stream_write_nonblocking (get_base (stream), buffer, count,
                                                              NULL, error));
}

static void
alcove_metered_output_pollable_init (GPollableOutputStreamInterface *iface)
{
  iface->can_poll = alcove_metered_output_can_poll;
  iface->is_writable = alcove_metered_output_is_writable;
  iface->create_source = alcove_metered_output_create_source;
  iface->write_nonblocking = alcove_metered_output_write_nonblocking;
}

static void
alcove_metered_output_class_init (AlcoveMeteredOutputClass *klass)
{
  G_OUTPUT_STREAM_CLASS (klass)->write_fn = alcove_metered_output_write;
}

static void
alcove_metered_output_init (AlcoveMeteredOutput *self)
{
}

/**
 * alcove_metered_output_new:
 * @base: a pollable stream, just after the WebSocket handshake
 *
 * Returns: (transfer full): the metered stream; does not close @base
 */
AlcoveMeteredOutput *
alcove_metered_output_new (GOutputStream *base)
{
  AlcoveMeteredOutput *self = g_object_new (ALCOVE_TYPE_METERED_OUTPUT, "base-stream", base,
                                            "close-base-stream", FALSE, NULL);

  alcove_frame_meter_init (&self->meter, 0, 0, 0, 0);
  return self;
}

/**
 * alcove_metered_output_get_data_bytes:
 * @self: a stream
 *
 * Returns: how many bytes of messages the socket has taken
 */
guint64
alcove_metered_output_get_data_bytes (AlcoveMeteredOutput *self)
{
  g_return_val_if_fail (ALCOVE_IS_METERED_OUTPUT (self), 0);

  return alcove_frame_meter_get_data_bytes (&self->meter);
}
