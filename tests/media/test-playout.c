/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gst/gst.h>

#include "alcove-engine-pipeline.h"
#include "alcove-playout-private.h"
#include "alcove-workers.h"

/* A run that hangs is ended here; nothing is measured by it. */
#define PATIENCE (90 * G_USEC_PER_SEC)

#define N_STREAMS 400
#define N_BUFFERS 24
/* one millisecond */
#define BUFFER_BYTES (48 * sizeof (gint16))

static void
wait_for_workers (AlcoveWorkers *workers)
{
  g_assert_true (alcove_workers_wait (workers, g_get_monotonic_time () + PATIENCE));
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* Messages hold the element that they are from. */
static void
test_let_go (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();
  g_autoptr (AlcoveDevices) devices = alcove_devices_new ();
  AlcoveWorkers *workers = alcove_workers_new ();
  AlcoveEnginePipeline *pipeline = alcove_engine_pipeline_new (
      clock, gst_clock_get_time (clock), TRUE, devices, workers, &error);
  gpointer bin;

  g_assert_no_error (error);
  bin = alcove_engine_pipeline_get_bin (pipeline);
  g_object_add_weak_pointer (bin, &bin);

  alcove_engine_pipeline_start (pipeline);
  wait_for_workers (workers);
  alcove_engine_pipeline_stop (pipeline);
  wait_for_workers (workers);

  g_assert_finalize_object (pipeline);
  g_assert_null (bin);
  alcove_workers_unref (workers);
}

/* Whoever leaves while sound is on its way must not look like an output that broke. */
static void
test_close_while_playing (void)
{
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();
  GstClockTime base_time = gst_clock_get_time (clock);
  g_autoptr (GstElement) pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  AlcovePlayout *playout = alcove_playout_new (GST_BIN (pipeline), clock, base_time, TRUE);

  g_assert_nonnull (playout);
  gst_pipeline_use_clock (GST_PIPELINE (pipeline), clock);
  gst_element_set_start_time (pipeline, GST_CLOCK_TIME_NONE);
  gst_element_set_base_time (pipeline, base_time);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  alcove_playout_open (playout, NULL, FALSE);

  for (guint i = 0; i < N_STREAMS; i++)
    {
      AlcovePlayoutStream *stream = alcove_playout_open_stream (playout);
      g_autoptr (GstMessage) message = NULL;

      for (guint j = 0; j < N_BUFFERS; j++)
        {
          g_autoptr (GstBuffer) buffer = gst_buffer_new_allocate (NULL, BUFFER_BYTES, NULL);
          g_autoptr (GstSample) sample = NULL;

          gst_buffer_memset (buffer, 0, 0, BUFFER_BYTES);
          sample = gst_sample_new (buffer, NULL, NULL, NULL);
          alcove_playout_stream_push (stream, sample);
        }
      alcove_playout_stream_close (stream);

      message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
      g_assert_null (message);
    }

  alcove_playout_close (playout);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_bus_set_flushing (bus, TRUE);
  g_assert_finalize_object (playout);
}

int
main (int argc,
      char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/media/playout/let-go", test_let_go);
  g_test_add_func ("/media/playout/close-while-playing", test_close_while_playing);

  return g_test_run ();
}
