/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>

#include "alcove-sound-gaps.h"

#define STEP 960
#define HEADER_BYTES 12

/* What a jitter buffer would wait for a packet; no test does. */
#define FOR_EVER 3600000

static void
add (AlcoveSoundGaps *gaps,
     guint16 number)
{
  guint16 given_up[ALCOVE_SOUND_GAPS_MOST];

  g_assert_cmpuint (alcove_sound_gaps_add (gaps, number, given_up), ==, 0);
}

static void
add_giving_up (AlcoveSoundGaps *gaps,
               guint16 number,
               guint16 first,
               guint n)
{
  guint16 given_up[ALCOVE_SOUND_GAPS_MOST];

  g_assert_cmpuint (alcove_sound_gaps_add (gaps, number, given_up), ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpuint (given_up[i], ==, (guint16) (first + i));
}

/* One is missing, and then two; the numbers begin anew in between. */
static void
test_missing (void)
{
  AlcoveSoundGaps gaps = { 0 };

  add (&gaps, 65533);
  add (&gaps, 65534);
  add (&gaps, 0);
  add_giving_up (&gaps, 1, 65535, 1);
  add (&gaps, 2);

  add_giving_up (&gaps, 5, 3, 1);
  add_giving_up (&gaps, 6, 4, 1);
  add (&gaps, 7);
}

/* Neighbours that change places miss nothing, nor does what comes twice, or after all. */
static void
test_order (void)
{
  AlcoveSoundGaps gaps = { 0 };

  add (&gaps, 100);
  add (&gaps, 102);
  add (&gaps, 101);
  add (&gaps, 103);
  add (&gaps, 103);
  add (&gaps, 99);
  add (&gaps, 105);
  add_giving_up (&gaps, 106, 104, 1);
  add (&gaps, 104);
  add (&gaps, 107);
}

/* Much that is missing is a pause or another stream, which the jitter buffer knows how to begin. */
static void
test_far (void)
{
  AlcoveSoundGaps gaps = { 0 };

  add (&gaps, 10);
  add (&gaps, 11 + ALCOVE_SOUND_GAPS_MOST);
  add (&gaps, 12 + ALCOVE_SOUND_GAPS_MOST);
  add_giving_up (&gaps, 12 + 2 * ALCOVE_SOUND_GAPS_MOST, 13 + ALCOVE_SOUND_GAPS_MOST,
                 ALCOVE_SOUND_GAPS_MOST - 2);
}

static void
push (GstElement *source,
      guint16 number)
{
  guint8 packet[HEADER_BYTES + 3] = { 0x80, 111 };
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, sizeof packet, NULL);

  GST_WRITE_UINT16_BE (packet + 2, number);
  GST_WRITE_UINT32_BE (packet + 4, (guint32) number * STEP);
  packet[11] = 7;
  gst_buffer_fill (buffer, 0, packet, sizeof packet);
  gst_app_src_push_buffer (GST_APP_SRC (source), buffer);
}

static guint16
pull (GstElement *sink)
{
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (GST_APP_SINK (sink));
  guint8 number[2];

  g_assert_nonnull (sample);
  g_assert_cmpuint (gst_buffer_get_size (gst_sample_get_buffer (sample)), >, HEADER_BYTES);
  gst_buffer_extract (gst_sample_get_buffer (sample), 2, number, sizeof number);
  return GST_READ_UINT16_BE (number);
}

typedef struct {
  guint n;
  guint number;
  guint64 duration;
} Lost;

static GstPadProbeReturn
on_event (GstPad *pad,
          GstPadProbeInfo *info,
          gpointer data)
{
  Lost *lost = data;
  const GstStructure *structure = gst_event_get_structure (GST_PAD_PROBE_INFO_EVENT (info));

  if (structure != NULL && gst_structure_has_name (structure, "GstRTPPacketLost"))
    {
      lost->n++;
      g_assert_true (gst_structure_get_uint (structure, "seqnum", &lost->number));
      g_assert_true (gst_structure_get_uint64 (structure, "duration", &lost->duration));
    }
  return GST_PAD_PROBE_OK;
}

/* A real jitter buffer that would wait for an hour hands on what is there, and tells what is not. */
static void
test_jitter_buffer (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (
      "appsrc name=source is-live=true do-timestamp=true format=time "
      "caps=application/x-rtp,media=audio,encoding-name=OPUS,clock-rate=48000,payload=111 ! "
      "rtpjitterbuffer name=buffer do-lost=true ! identity name=end ! "
      "appsink name=sink sync=false", &error);
  g_autoptr (GstElement) source = NULL;
  g_autoptr (GstElement) buffer = NULL;
  g_autoptr (GstElement) end = NULL;
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GstPad) pad = NULL;
  Lost lost = { 0 };

  g_assert_no_error (error);
  source = gst_bin_get_by_name (GST_BIN (pipeline), "source");
  buffer = gst_bin_get_by_name (GST_BIN (pipeline), "buffer");
  end = gst_bin_get_by_name (GST_BIN (pipeline), "end");
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  pad = gst_element_get_static_pad (end, "src");
  alcove_sound_gaps_attach (pad);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_event, &lost, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);

  push (source, 1);
  push (source, 2);
  g_assert_cmpuint (pull (sink), ==, 1);
  g_assert_cmpuint (pull (sink), ==, 2);
  g_object_set (buffer, "latency", (guint) FOR_EVER, NULL);
  push (source, 4);
  push (source, 5);
  g_assert_cmpuint (pull (sink), ==, 4);
  g_assert_cmpuint (pull (sink), ==, 5);
  g_assert_cmpuint (lost.n, ==, 1);
  g_assert_cmpuint (lost.number, ==, 3);
  g_assert_cmpuint (lost.duration, ==, 20 * GST_MSECOND);

  gst_element_set_state (pipeline, GST_STATE_NULL);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);
  g_test_add_func ("/media/sound-gaps/missing", test_missing);
  g_test_add_func ("/media/sound-gaps/order", test_order);
  g_test_add_func ("/media/sound-gaps/far", test_far);
  g_test_add_func ("/media/sound-gaps/jitter-buffer", test_jitter_buffer);
  return g_test_run ();
}
