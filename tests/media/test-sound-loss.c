/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>

#include "alcove-playout.h"
#include "alcove-sound-decoder.h"
#include "alcove-sound-watch.h"

/*
 * What is left of a sound of which packets are lost on the way, behind the same elements that a
 * link has. The jitter buffer, whose part is to tell of each packet that does not come, is
 * played by the test: it would need real time.
 */

#define LOST_EVERY 10
#define N_PIECES 250
#define PIECE 960
#define PIECE_TIME (20 * GST_MSECOND)

/* while the decoder finds its feet */
#define N_SKIPPED 10

#define RATE 48000
#define PITCH 140.0
#define GLIDE 40.0
#define N_OVERTONES 8

static GstPadProbeReturn
on_packet (GstPad *pad,
           GstPadProbeInfo *info,
           gpointer data)
{
  guint *n = data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  guint8 number[2];

  if (n == NULL || ++*n % LOST_EVERY != 0)
    return GST_PAD_PROBE_OK;

  gst_buffer_extract (buffer, 2, number, sizeof number);
  gst_pad_push_event (pad,
                      gst_event_new_custom (
                          GST_EVENT_CUSTOM_DOWNSTREAM,
                          gst_structure_new ("GstRTPPacketLost", "seqnum", G_TYPE_UINT,
                                             (guint) GST_READ_UINT16_BE (number), "timestamp",
                                             G_TYPE_UINT64, GST_BUFFER_PTS (buffer), "duration",
                                             G_TYPE_UINT64, (guint64) PIECE_TIME, NULL)));
  return GST_PAD_PROBE_DROP;
}

/* A voice whose pitch glides, so that nobody can guess what comes next. */
static GstBuffer *
speak (void)
{
  gsize n = (gsize) N_PIECES * PIECE;
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, n * sizeof (gint16), NULL);
  GstMapInfo map;
  double phase = 0.0;

  g_assert_true (gst_buffer_map (buffer, &map, GST_MAP_WRITE));
  for (gsize i = 0; i < n; i++)
    {
      double t = (double) i / RATE;
      double value = 0.0;

      phase += 2.0 * G_PI * (PITCH + GLIDE * sin (2.0 * G_PI * 2.3 * t)) / RATE;
      for (guint k = 1; k <= N_OVERTONES; k++)
        value += sin (phase * k) / k;
      ((gint16 *) map.data)[i]
          = (gint16) (G_MAXINT16 * 0.2 * value * (0.6 + 0.4 * sin (2.0 * G_PI * 4.0 * t)));
    }
  gst_buffer_unmap (buffer, &map);
  GST_BUFFER_PTS (buffer) = 0;
  GST_BUFFER_DURATION (buffer) = N_PIECES * PIECE_TIME;
  return buffer;
}

/* What @decoder makes of it, with lost packets or without. */
static GArray *
hear (GstElement *decoder,
      gboolean lossy)
{
  g_autofree char *description = g_strdup_printf (
      "appsrc name=source format=time caps=" ALCOVE_PLAYOUT_CAPS
      " ! opusenc audio-type=voice bitrate=32000 frame-size=20 inband-fec=true "
      "packet-loss-percentage=%d ! rtpopuspay name=pay ! rtpopusdepay name=depay "
      "audioconvert name=convert ! audioresample ! " ALCOVE_PLAYOUT_CAPS " ! appsink name=sink sync=false",
      100 / LOST_EVERY);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (description, &error);
  g_autoptr (GstElement) source = NULL;
  g_autoptr (GstElement) pay = NULL;
  g_autoptr (GstElement) depay = NULL;
  g_autoptr (GstElement) convert = NULL;
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GstPad) pad = NULL;
  GArray *samples = g_array_new (FALSE, FALSE, sizeof (gint16));
  GstSample *sample;
  guint n_packets = 0;

  g_assert_no_error (error);
  source = gst_bin_get_by_name (GST_BIN (pipeline), "source");
  pay = gst_bin_get_by_name (GST_BIN (pipeline), "pay");
  depay = gst_bin_get_by_name (GST_BIN (pipeline), "depay");
  convert = gst_bin_get_by_name (GST_BIN (pipeline), "convert");
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  gst_bin_add (GST_BIN (pipeline), decoder);
  g_assert_true (gst_element_link_many (depay, decoder, convert, NULL));
  pad = gst_element_get_static_pad (pay, "src");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_packet, lossy ? &n_packets : NULL, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  gst_app_src_push_buffer (GST_APP_SRC (source), speak ());
  gst_app_src_end_of_stream (GST_APP_SRC (source));
  while ((sample = gst_app_sink_pull_sample (GST_APP_SINK (sink))) != NULL)
    {
      GstMapInfo map;

      g_assert_true (gst_buffer_map (gst_sample_get_buffer (sample), &map, GST_MAP_READ));
      g_array_append_vals (samples, map.data, map.size / sizeof (gint16));
      gst_buffer_unmap (gst_sample_get_buffer (sample), &map);
      gst_sample_unref (sample);
    }
  gst_element_set_state (pipeline, GST_STATE_NULL);

  return samples;
}

/* How much louder than the damage the sound is, in decibels; and whether it ever breaks off. */
static double
compare (GstElement *(*make) (void),
         gboolean *broken)
{
  g_autoptr (GArray) whole = hear (make (), FALSE);
  g_autoptr (GArray) damaged = hear (make (), TRUE);
  double power = 0.0, damage = 0.0;

  *broken = damaged->len + PIECE < whole->len;
  for (guint i = N_SKIPPED * PIECE; i < MIN (whole->len, damaged->len); i += PIECE)
    {
      double before = power;
      double left = 0.0;

      for (guint j = i; j < MIN (i + PIECE, MIN (whole->len, damaged->len)); j++)
        {
          double sample = g_array_index (whole, gint16, j);
          double got = g_array_index (damaged, gint16, j);

          power += sample * sample;
          damage += (sample - got) * (sample - got);
          left += got * got;
        }
      *broken = *broken || left < 0.02 * (power - before);
    }
  return 10.0 * log10 (power / MAX (damage, 1.0));
}

static GstElement *
make_plain (void)
{
  return gst_element_factory_make ("opusdec", NULL);
}

static GstElement *
make_concealing (void)
{
  GstElement *decoder = make_plain ();

  g_object_set (decoder, "plc", TRUE, NULL);
  return decoder;
}

static void
test_unbroken (void)
{
  gboolean fec_broken, plc_broken, plain_broken;
  double fec = compare (alcove_sound_decoder_new, &fec_broken);
  double plc = compare (make_concealing, &plc_broken);
  double plain = compare (make_plain, &plain_broken);

  g_test_message ("%.1f dB with correction, %.1f dB with concealment alone, %.1f dB without", fec, plc,
                  plain);
  g_assert_false (fec_broken);
  /* what was lost comes again in the next packet, and is better than a guess */
  g_assert_cmpfloat (fec, >, plc + 2.0);
  /* or nothing was lost */
  g_assert_true (plain_broken);
}

/* Without being told what was lost, a decoder has nothing to do. */
static void
test_told (void)
{
  g_autoptr (GstElement) webrtc = gst_object_ref_sink (gst_element_factory_make ("webrtcbin", NULL));
  g_autoptr (GstElement) rtpbin = gst_bin_get_by_name (GST_BIN (webrtc), "rtpbin");
  gboolean told = FALSE;

  g_object_get (rtpbin, "do-lost", &told, NULL);
  g_assert_true (told);
}

static void
test_copies (void)
{
  static const struct {
    guint8 packet[2];
    gsize size;
    gboolean has;
  } cases[] = {
    { { 9 << 3, 0x40 }, 2, TRUE },  { { 9 << 3, 0xbf }, 2, FALSE },
    { { 9 << 3, 0x40 }, 1, FALSE }, { { 13 << 3, 0xc0 }, 2, TRUE },
    { { 11 << 3, 0x10 }, 2, TRUE }, { { 11 << 3, 0x40 }, 2, FALSE },
    /* of CELT alone, and of two frames in one */
    { { 31 << 3, 0xff }, 2, FALSE }, { { 9 << 3 | 1, 0xff }, 2, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (alcove_sound_watch_has_copy (cases[i].packet, cases[i].size), ==,
                     cases[i].has);
}

int
main (int argc,
      char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/media/sound-loss/unbroken", test_unbroken);
  g_test_add_func ("/media/sound-loss/told", test_told);
  g_test_add_func ("/media/sound-loss/copies", test_copies);

  return g_test_run ();
}
