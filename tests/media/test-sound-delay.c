/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>

#include "alcove-encoder.h"
#include "alcove-playout.h"
#include "alcove-sound-delay.h"

#define PIECE (10 * GST_MSECOND)
#define SAMPLES 480
#define PACKET (20 * GST_MSECOND)
#define LATE ALCOVE_SOUND_DELAY_LATE

static void
check (AlcoveSoundDelay *delay,
       guint64 packets,
       guint64 late)
{
  guint64 all, some;

  alcove_sound_delay_count (delay, &all, &some);
  g_assert_cmpuint (all, ==, packets);
  g_assert_cmpuint (some, ==, late);
}

/* A packet is as late as it comes after the piece that completes it, whenever its sound began. */
static void
test_late (void)
{
  g_autoptr (AlcoveSoundDelay) delay = alcove_sound_delay_new ();

  alcove_sound_delay_add_piece (delay, 100 * PACKET + PIECE, 0);
  alcove_sound_delay_add_piece (delay, 101 * PACKET, 2 * LATE);
  alcove_sound_delay_add_packet (delay, 101 * PACKET, 3 * LATE);
  check (delay, 1, 0);

  alcove_sound_delay_add_piece (delay, 101 * PACKET + PIECE, 3 * LATE);
  alcove_sound_delay_add_piece (delay, 102 * PACKET + 1, 3 * LATE);
  alcove_sound_delay_add_packet (delay, 102 * PACKET, 4 * LATE + 1);
  check (delay, 2, 1);

  /* more than there was */
  alcove_sound_delay_add_packet (delay, 104 * PACKET, 10 * LATE);
  check (delay, 2, 1);
}

/* A device that gives much at once is not slow. */
static void
test_large_pieces (void)
{
  g_autoptr (AlcoveSoundDelay) delay = alcove_sound_delay_new ();

  for (guint i = 1; i <= 10; i++)
    {
      alcove_sound_delay_add_piece (delay, 10 * i * PACKET, 5 * i * LATE);
      for (guint j = 1; j <= 10; j++)
        alcove_sound_delay_add_packet (delay, 10 * (i - 1) * PACKET + j * PACKET, 5 * i * LATE + 1);
    }
  check (delay, 100, 0);
}

/* Nobody listens, or much is lost; and another device, whose times are others. */
static void
test_breaks (void)
{
  g_autoptr (AlcoveSoundDelay) delay = alcove_sound_delay_new ();

  for (guint i = 1; i <= 1000; i++)
    alcove_sound_delay_add_piece (delay, i * PIECE, i);
  alcove_sound_delay_add_packet (delay, 100 * PIECE, 1000);
  alcove_sound_delay_add_packet (delay, 1000 * PIECE, 1000 + LATE);
  check (delay, 2, 0);

  alcove_sound_delay_add_piece (delay, 1001 * PIECE, 2000);
  alcove_sound_delay_add_piece (delay, 2 * PIECE, 10 * LATE);
  alcove_sound_delay_add_packet (delay, 2 * PIECE, 11 * LATE);
  check (delay, 3, 0);
}

static GstBuffer *
make_sound (GstClockTime time)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, SAMPLES * sizeof (gint16), NULL);

  gst_buffer_memset (buffer, 0, 0, SAMPLES * sizeof (gint16));
  /* how long it is not every source says */
  GST_BUFFER_PTS (buffer) = time;
  return buffer;
}

/* The encoder of a call counts from when sound is captured, and not from when it is pushed. */
static void
test_encoder (void)
{
  g_autoptr (GstElement) pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  g_autoptr (AlcoveEncoder) encoder = alcove_encoder_new_audio (GST_BIN (pipeline), NULL);
  g_autoptr (GstElement) listener
      = gst_parse_launch ("appsrc name=source format=time ! appsink name=sink sync=false", NULL);
  g_autoptr (GstElement) source = gst_bin_get_by_name (GST_BIN (listener), "source");
  g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (listener), "sink");
  g_autoptr (GstSample) sample = NULL;
  GstBuffer *pieces[] = { make_sound (100 * PIECE), make_sound (101 * PIECE) };
  guint64 packets, late;

  alcove_fan_out_subscribe (alcove_encoder_get_fan_out (encoder), GST_APP_SRC (source));
  gst_element_set_state (listener, GST_STATE_PLAYING);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    alcove_encoder_expect (encoder, pieces[i]);
  g_usleep (LATE + 1);
  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    alcove_encoder_push (encoder, pieces[i]);
  sample = gst_app_sink_pull_sample (GST_APP_SINK (sink));
  g_assert_nonnull (sample);
  alcove_encoder_count (encoder, &packets, &late);
  g_assert_cmpuint (packets, ==, 1);
  g_assert_cmpuint (late, ==, 1);

  alcove_encoder_close (encoder);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_element_set_state (listener, GST_STATE_NULL);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);
  g_test_add_func ("/media/sound-delay/late", test_late);
  g_test_add_func ("/media/sound-delay/large-pieces", test_large_pieces);
  g_test_add_func ("/media/sound-delay/breaks", test_breaks);
  g_test_add_func ("/media/sound-delay/encoder", test_encoder);
  return g_test_run ();
}
