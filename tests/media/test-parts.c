/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include <gst/gst.h>

#include "alcove-description.h"
#include "alcove-fingerprint.h"
#include "alcove-frame-convert.h"
#include "alcove-frame-slot.h"
#include "alcove-ice-server.h"
#include "alcove-link-core.h"
#include "alcove-sdp.h"
#include "alcove-sound-meter.h"

#include "../mutate.h"

/* The bytes are no real certificate; only their hash matters here. */
#define PEM "-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n"
#define SHA256_OF_HELLO \
  "2C:F2:4D:BA:5F:B0:A3:0E:26:E8:3B:2A:C5:B9:E2:9E:1B:16:1E:5C:1F:A7:42:5E:73:04:33:62:93:8B:98:24"

static void
test_fingerprint (void)
{
  const char *const good[] = { "sha-256 00:11", "sha-256 " SHA256_OF_HELLO, NULL };
  const char *const lower[] = { "SHA-256 2c:f2:4d:ba:5f:b0:a3:0e:26:e8:3b:2a:c5:b9:e2:9e:1b:16:1e:"
                                "5c:1f:a7:42:5e:73:04:33:62:93:8b:98:24",
                                NULL };
  const char *const bad[] = { "sha-256 3C:F2", "sha-512 " SHA256_OF_HELLO, "", "sha-256", NULL };
  /* the right SHA-1, which nobody should trust */
  const char *const weak[]
      = { "sha-1 AA:F4:C6:1D:DC:C5:E8:A2:DA:BE:DE:0F:3B:48:2C:D9:AE:A9:43:4D", NULL };
  g_autofree char *found = alcove_fingerprint_from_pem (PEM, G_CHECKSUM_SHA256);

  g_assert_cmpstr (found, ==, SHA256_OF_HELLO);
  g_assert_true (alcove_fingerprint_matches (PEM, good));
  g_assert_true (alcove_fingerprint_matches (PEM, lower));
  g_assert_false (alcove_fingerprint_matches (PEM, bad));
  g_assert_false (alcove_fingerprint_matches (PEM, weak));
  g_assert_false (alcove_fingerprint_matches (PEM, NULL));
  g_assert_false (alcove_fingerprint_matches ("no certificate", good));
  g_assert_false (alcove_fingerprint_is_any_usable (weak));
  g_assert_false (alcove_fingerprint_is_any_usable (NULL));
  g_assert_true (alcove_fingerprint_is_any_usable (good));
}

static void
test_ice_servers (void)
{
  const struct
  {
    const char *from;
    const char *to;
  } stun[] = {
    { "stun:example.org", "stun://example.org:3478" },
    { "stun:example.org:19302", "stun://example.org:19302" },
    { "stun://example.org:19302", "stun://example.org:19302" },
    { "stun:[::1]", "stun://[::1]:3478" },
    { "turn:example.org", NULL },
    { "stun:", NULL },
    { "", NULL },
  }, turn[] = {
    { "turn:me:secret@example.org:3478", "turn://me:secret@example.org:3478" },
    { "turn://me:a b/c@h:1?transport=tcp", "turn://me:a%20b%2Fc@h:1?transport=tcp" },
    { "turn:me:50%off@h", "turn://me:50%25off@h" },
    { "turn:me%3Ayou:p@h", "turn://me%3Ayou:p@h" },
    { "turns:me:p@w@h", "turns://me:p%40w@h" },
    { "turn:example.org", NULL },
    { "turn:me@example.org", NULL },
    { "turn:me:@h", NULL },
    { "stun:h", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (stun); i++)
    {
      g_autofree char *found = alcove_ice_server_to_stun (stun[i].from);

      g_assert_cmpstr (found, ==, stun[i].to);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (turn); i++)
    {
      g_autofree char *found = alcove_ice_server_to_turn (turn[i].from);

      g_assert_cmpstr (found, ==, turn[i].to);
    }
}

static guint
play (AlcoveSoundMeter *meter,
      double hertz,
      double level,
      int blocks)
{
  guint changes = 0;
  gint16 samples[960];

  for (int block = 0; block < blocks; block++)
    {
      gboolean before = meter->speaking;

      for (int i = 0; i < 960; i++)
        samples[i] = (gint16) (level
                               * sin (2.0 * G_PI * hertz * (block * 960 + i)
                                      / ALCOVE_SOUND_METER_RATE));
      alcove_sound_meter_add (meter, samples, 960);
      changes += meter->speaking != before;
    }
  return changes;
}

static void
test_sound_meter (void)
{
  AlcoveSoundMeter meter = { 0 };

  g_assert_cmpuint (play (&meter, 440.0, 10.0, 60), ==, 0);
  g_assert_false (meter.speaking);
  g_assert_cmpfloat (alcove_sound_meter_get_tone (&meter), ==, 0.0);

  g_assert_cmpuint (play (&meter, 440.0, 8000.0, 60), ==, 1);
  g_assert_true (meter.speaking);
  g_assert_cmpfloat_with_epsilon (alcove_sound_meter_get_tone (&meter), 440.0, 5.0);

  /* a short pause is no end */
  g_assert_cmpuint (play (&meter, 440.0, 0.0, 10), ==, 0);
  g_assert_cmpuint (play (&meter, 1000.0, 8000.0, 60), ==, 0);
  g_assert_cmpfloat_with_epsilon (alcove_sound_meter_get_tone (&meter), 1000.0, 5.0);
  g_assert_cmpuint (play (&meter, 440.0, 0.0, 60), ==, 1);
  g_assert_false (meter.speaking);
  g_assert_cmpfloat (alcove_sound_meter_get_tone (&meter), ==, 0.0);
}

static void
on_ready (AlcoveFrameSlot *slot,
          gpointer data)
{
  (*(guint *) data)++;
}

static gpointer
put_frames (gpointer data)
{
  g_autoptr (GBytes) pixels = g_bytes_new_take (g_malloc0 (16), 16);

  for (int i = 1; i <= 5; i++)
    alcove_frame_slot_put (data, alcove_frame_new (pixels, 2, 2, 8, i));
  alcove_frame_slot_set_source_size (data, 640, 360);
  return NULL;
}

static void
test_slot (void)
{
  AlcoveFrameSlot *slot = alcove_frame_slot_new ();
  AlcoveFrame *frame;
  guint ready = 0;
  guint sizes = 0;
  guint views = 0;
  int width, height;

  g_signal_connect (slot, "frame-ready", G_CALLBACK (on_ready), &ready);
  g_signal_connect (slot, "source-size-changed", G_CALLBACK (on_ready), &sizes);
  g_signal_connect (slot, "view-size-changed", G_CALLBACK (on_ready), &views);
  g_assert_false (alcove_frame_slot_get_size (slot, &width, &height));
  g_assert_false (alcove_frame_slot_get_view_size (slot, &width, &height));
  g_assert_null (alcove_frame_slot_take (slot));

  for (guint round = 1; round <= 2; round++)
    {
      g_thread_join (g_thread_new ("put", put_frames, slot));
      g_assert_cmpuint (ready, ==, round - 1);
      while (g_main_context_iteration (NULL, FALSE))
        ;
      g_assert_cmpuint (ready, ==, round);
      g_assert_cmpuint (sizes, ==, 1);
      frame = alcove_frame_slot_take (slot);
      g_assert_cmpint (frame->time, ==, 5);
      alcove_frame_unref (frame);
      g_assert_null (alcove_frame_slot_take (slot));
    }

  alcove_frame_slot_set_size (slot, 100, 50);
  g_assert_true (alcove_frame_slot_get_size (slot, &width, &height));
  g_assert_cmpint (width, ==, 100);
  alcove_frame_slot_set_size (slot, 100, 50);
  g_assert_cmpuint (views, ==, 1);
  /* hidden is another thing than never drawn */
  alcove_frame_slot_set_size (slot, 0, 0);
  g_assert_cmpuint (views, ==, 2);
  g_assert_true (alcove_frame_slot_get_view_size (slot, &width, &height));
  g_assert_cmpint (width, ==, 0);
  /* wanted as large as it can be sent, though it is to come in the same size as before */
  alcove_frame_slot_set_whole (slot, TRUE);
  alcove_frame_slot_set_whole (slot, TRUE);
  g_assert_cmpuint (views, ==, 3);
  g_assert_true (alcove_frame_slot_get_view_size (slot, &width, &height));
  g_assert_cmpint (width, ==, ALCOVE_FRAME_WHOLE);
  g_assert_false (alcove_frame_slot_get_size (slot, &width, &height));
  alcove_frame_slot_get_source_size (slot, &width, &height);
  g_assert_cmpint (height, ==, 360);
  g_assert_finalize_object (slot);
}

/* A picture that is bright on the right and blue below, in the one format that libyuv draws. */
static GstBuffer *
make_ramps (const GstVideoInfo *info)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, info->size, NULL);
  GstVideoFrame frame;

  g_assert_true (gst_video_frame_map (&frame, info, buffer, GST_MAP_WRITE));
  for (guint plane = 0; plane < 3; plane++)
    for (int y = 0; y < GST_VIDEO_FRAME_COMP_HEIGHT (&frame, plane); y++)
      for (int x = 0; x < GST_VIDEO_FRAME_COMP_WIDTH (&frame, plane); x++)
        {
          guint8 *row = (guint8 *) GST_VIDEO_FRAME_COMP_DATA (&frame, plane)
                        + y * GST_VIDEO_FRAME_COMP_STRIDE (&frame, plane);

          row[x] = plane == 0   ? (guint8) (16 + 219 * x / info->width)
                   : plane == 1 ? (guint8) (128 + 60 * y / info->height)
                                : 128;
        }
  gst_video_frame_unmap (&frame);
  return buffer;
}

/* What libyuv draws, and without it GStreamer, is what GStreamer draws of another format. */
static void
test_convert_colours (gconstpointer data)
{
  gboolean mirrored = GPOINTER_TO_INT (data);
  const int sizes[][2] = { { 320, 180 }, { 161, 91 }, { 640, 360 }, { 107, 60 } };
  AlcoveFrameConverter *fast = alcove_frame_converter_new ();
  AlcoveFrameConverter *slow = alcove_frame_converter_new ();
  GstVideoConverter *to_slow;
  g_autoptr (GstBuffer) buffer = NULL;
  g_autoptr (GstBuffer) other = NULL;
  GstVideoInfo info, other_info;
  GstVideoFrame picture, other_picture;

  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_I420, 320, 180);
  gst_video_info_set_format (&other_info, GST_VIDEO_FORMAT_YUY2, 320, 180);
  buffer = make_ramps (&info);
  other = gst_buffer_new_allocate (NULL, other_info.size, NULL);
  to_slow = gst_video_converter_new (&info, &other_info, NULL);
  g_assert_true (gst_video_frame_map (&picture, &info, buffer, GST_MAP_READ));
  g_assert_true (gst_video_frame_map (&other_picture, &other_info, other, GST_MAP_READWRITE));
  gst_video_converter_frame (to_slow, &picture, &other_picture);

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (AlcoveFrame) a = alcove_frame_converter_convert (fast, &picture, sizes[i][0],
                                                                  sizes[i][1], mirrored, 0);
      g_autoptr (AlcoveFrame) b = alcove_frame_converter_convert (slow, &other_picture, sizes[i][0],
                                                                  sizes[i][1], mirrored, 0);
      const guint8 *pixels = g_bytes_get_data (a->pixels, NULL);
      const guint8 *expected = g_bytes_get_data (b->pixels, NULL);

      g_assert_false (b->mirrored);
      g_assert_cmpint (a->width, ==, b->width);
      g_assert_cmpint (a->height, ==, b->height);
      for (int y = 0; y < a->height; y++)
        for (int x = 0; x < a->width; x++)
          for (int c = 0; c < 4; c++)
            {
              int from = a->mirrored ? a->width - 1 - x : x;
              int difference = (int) pixels[(gsize) y * a->stride + (gsize) (4 * x + c)]
                               - (int) expected[(gsize) y * b->stride + (gsize) (4 * from + c)];

              g_assert_cmpint (ABS (difference), <=, 6);
            }
    }

  gst_video_frame_unmap (&picture);
  gst_video_frame_unmap (&other_picture);
  alcove_frame_converter_free (fast);
  alcove_frame_converter_free (slow);
  gst_video_converter_free (to_slow);
}

static void
test_convert (void)
{
  const int sizes[][4] = { { 320, 180, 320, 180 }, { 320, 320, 320, 180 }, { 999, 90, 160, 90 },
                           { 641, 361, 641, 361 }, { 1, 1, 1, 1 } };
  AlcoveFrameConverter *converter = alcove_frame_converter_new ();
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func ((GDestroyNotify) alcove_frame_unref);
  g_autoptr (GstBuffer) buffer = NULL;
  GstVideoInfo info;
  GstVideoFrame picture;

  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_I420, 320, 180);
  buffer = gst_buffer_new_allocate (NULL, info.size, NULL);
  gst_buffer_memset (buffer, 0, 128, info.size);
  gst_buffer_memset (buffer, 0, 235, 320 * 180);
  g_assert_true (gst_video_frame_map (&picture, &info, buffer, GST_MAP_READ));

  for (int round = 0; round < 8; round++)
    for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
      {
        AlcoveFrame *frame
            = alcove_frame_converter_convert (converter, &picture, sizes[i][0], sizes[i][1], FALSE,
                                              7);
        const guint8 *pixels;
        gsize size;

        g_assert_nonnull (frame);
        g_assert_cmpint (ABS (frame->width - sizes[i][2]), <=, 1);
        g_assert_cmpint (ABS (frame->height - sizes[i][3]), <=, 1);
        pixels = g_bytes_get_data (frame->pixels, &size);
        g_assert_cmpuint (size, >=, frame->stride * (gsize) frame->height);
        /* white, opaque */
        g_assert_cmpuint (pixels[0], >=, 250);
        g_assert_cmpuint (pixels[3], ==, 255);
        if (round % 2 == 0)
          g_ptr_array_add (kept, frame);
        else
          alcove_frame_unref (frame);
      }

  gst_video_frame_unmap (&picture);
  /* frames outlive what made them */
  alcove_frame_converter_free (converter);
}

static const AlcoveVideoCodecs both
    = { { ALCOVE_VIDEO_CODEC_VP8, ALCOVE_VIDEO_CODEC_H264 }, 2, 2 };
static const AlcoveVideoCodecs h264_first
    = { { ALCOVE_VIDEO_CODEC_H264, ALCOVE_VIDEO_CODEC_VP8 }, 2, 2 };

static char *
load_sdp (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "sdp", name, NULL);
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

/* What the inspection lets through is brought into form without a complaint of the parser's. */
static void
test_spoilt_descriptions (void)
{
  g_autofree char *offer_text = load_sdp ("chromium-offer-audio-video-data.sdp");
  g_autofree char *answer_text = load_sdp ("chromium-answer-audio-video-data.sdp");
  g_autoptr (GRand) rand = g_rand_new_with_seed (20240614);
  GstSDPMessage *offer = NULL;

  g_assert_cmpint (gst_sdp_message_new_from_text (offer_text, &offer), ==, GST_SDP_OK);
  for (guint round = 0; round < 4000; round++)
    {
      gboolean is_offer = round % 2 == 0;
      g_autofree char *spoilt = mutate (rand, is_offer ? offer_text : answer_text);
      g_autoptr (AlcoveSdpInfo) info = alcove_sdp_inspect (spoilt, NULL);
      g_autoptr (GError) error = NULL;
      AlcoveOffered offered;
      AlcoveOfferedLine line;
      GstSDPMessage *message;

      if (info == NULL)
        continue;

      message = is_offer ? alcove_description_prepare_offer (spoilt, &both, &offered, &error)
                         : alcove_description_prepare_answer (spoilt, offer, &line, &error);
      g_assert_true ((message == NULL) == (error != NULL));
      if (message == NULL)
        continue;
      g_assert_cmpuint (gst_sdp_message_medias_len (message), ==, info->n_sections);
      g_clear_pointer (&message, gst_sdp_message_free);
    }
  gst_sdp_message_free (offer);
}

/* The retransmission of a codec is kept with it, whatever else its line says. */
static void
test_retransmission (void)
{
  static const char sdp[]
      = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"
        "m=video 9 UDP/TLS/RTP/SAVPF 96 97 98\r\na=mid:0\r\n"
        "a=rtpmap:96 VP8/90000\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96;rtx-time=3000\r\n"
        "a=rtpmap:98 VP9/90000\r\n";
  g_autoptr (GError) error = NULL;
  AlcoveOffered offered;
  GstSDPMessage *message = alcove_description_prepare_offer (sdp, &both, &offered, &error);
  const GstSDPMedia *media;

  g_assert_no_error (error);
  media = gst_sdp_message_get_media (message, 0);
  g_assert_cmpuint (gst_sdp_media_formats_len (media), ==, 2);
  g_assert_cmpstr (gst_sdp_media_get_format (media, 0), ==, "96");
  g_assert_cmpstr (gst_sdp_media_get_format (media, 1), ==, "97");
  gst_sdp_message_free (message);
}

/* What only ends with a number is none: no other codec is taken for a retransmission. */
static void
test_spoilt_retransmission (void)
{
  static const char sdp[]
      = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"
        "m=video 9 UDP/TLS/RTP/SAVPF 96 0 x\r\na=mid:0\r\n"
        "a=rtpmap:96 VP8/90000\r\na=rtpmap:0 PCMU/8000\r\na=fmtp:x97 apt=96\r\n";
  g_autoptr (GError) error = NULL;
  AlcoveOffered offered;
  GstSDPMessage *message = alcove_description_prepare_offer (sdp, &both, &offered, &error);
  const GstSDPMedia *media;

  g_assert_no_error (error);
  media = gst_sdp_message_get_media (message, 0);
  g_assert_cmpuint (gst_sdp_media_formats_len (media), ==, 1);
  g_assert_cmpstr (gst_sdp_media_get_format (media, 0), ==, "96");
  gst_sdp_message_free (message);
}

/* Which codec of an offer is taken: the one that we like best, of the kind that we have. */
static void
test_codec_of_offer (void)
{
  static const char all[]
      = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"
        "m=video 9 UDP/TLS/RTP/SAVPF 102 103 108 109 110 111 96 97\r\na=mid:0\r\n"
        "a=rtpmap:102 H264/90000\r\na=fmtp:102 packetization-mode=1;profile-level-id=42001f\r\n"
        "a=rtpmap:103 rtx/90000\r\na=fmtp:103 apt=102\r\n"
        "a=rtpmap:108 H264/90000\r\na=fmtp:108 packetization-mode=0;profile-level-id=42e01f\r\n"
        "a=rtpmap:109 rtx/90000\r\na=fmtp:109 apt=108\r\n"
        "a=rtpmap:110 H264/90000\r\na=rtcp-fb:110 nack\r\n"
        "a=fmtp:110 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f\r\n"
        "a=rtpmap:111 rtx/90000\r\na=fmtp:111 apt=110\r\n";
  static const char vp8[]
      = "a=rtpmap:96 VP8/90000\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n";
  g_autofree char *with_vp8 = g_strconcat (all, vp8, NULL);
  const struct {
    const char *sdp;
    const AlcoveVideoCodecs codecs;
    int payload;
    AlcoveVideoCodec codec;
  } cases[] = {
    { with_vp8, both, 96, ALCOVE_VIDEO_CODEC_VP8 },
    { with_vp8, h264_first, 110, ALCOVE_VIDEO_CODEC_H264 },
    { all, both, 110, ALCOVE_VIDEO_CODEC_H264 },
    { all, ALCOVE_VIDEO_CODECS_VP8, -1, ALCOVE_VIDEO_CODEC_VP8 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      AlcoveOffered offered;
      GstSDPMessage *message
          = alcove_description_prepare_offer (cases[i].sdp, &cases[i].codecs, &offered, &error);
      const GstSDPMedia *media;

      g_assert_no_error (error);
      media = gst_sdp_message_get_media (message, 0);
      g_assert_cmpint (offered.video.index, ==, cases[i].payload == -1 ? -1 : 0);
      if (cases[i].payload != -1)
        {
          g_assert_cmpint (offered.video.payload, ==, cases[i].payload);
          g_assert_cmpint (offered.video.retransmission, ==, cases[i].payload + 1);
          g_assert_cmpint (offered.video.codec, ==, cases[i].codec);
          g_assert_cmpuint (gst_sdp_media_formats_len (media), ==, 2);
        }
      else
        g_assert_nonnull (gst_sdp_media_get_attribute_val (media, "inactive"));
      gst_sdp_message_free (message);
    }
}

/* An offer as webrtcbin makes it, for one codec, and as it is sent. */
static GstSDPMessage *
make_offer (void)
{
  static const char sdp[]
      = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n"
        "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\na=mid:0\r\na=sendrecv\r\n"
        "a=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack pli\r\na=rtcp-fb:96 transport-cc\r\n"
        "a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\na=ssrc:7 cname:x\r\n";
  static const AlcoveOfferedLine lines[] = {
    { .payload = 96, .retransmission = 97, .codec = ALCOVE_VIDEO_CODEC_VP8 },
    { .payload = 98, .retransmission = 99, .codec = ALCOVE_VIDEO_CODEC_H264 },
  };
  GstSDPMessage *offer = NULL;

  g_assert_cmpint (gst_sdp_message_new_from_text (sdp, &offer), ==, GST_SDP_OK);
  alcove_description_offer_codecs (offer, lines, G_N_ELEMENTS (lines));
  return offer;
}

static void
test_offered_codecs (void)
{
  GstSDPMessage *offer = make_offer ();
  g_autofree char *text = gst_sdp_message_as_text (offer);

  g_assert_nonnull (strstr (text, "m=video 9 UDP/TLS/RTP/SAVPF 96 97 98 99\r\n"));
  g_assert_nonnull (strstr (text, "a=rtpmap:98 H264/90000\r\n"));
  g_assert_nonnull (strstr (text, "a=fmtp:98 level-asymmetry-allowed=1;packetization-mode=1;"
                                  "profile-level-id=42e01f\r\n"));
  g_assert_nonnull (strstr (text, "a=rtcp-fb:98 nack pli\r\n"));
  g_assert_nonnull (strstr (text, "a=rtcp-fb:96 transport-cc\r\n"));
  g_assert_null (strstr (text, "a=rtcp-fb:99"));
  g_assert_nonnull (strstr (text, "a=fmtp:97 apt=96\r\n"));
  g_assert_nonnull (strstr (text, "a=fmtp:99 apt=98\r\n"));
  g_assert_nonnull (strstr (text, "a=ssrc:7 cname:x\r\n"));
  gst_sdp_message_free (offer);
}

/* Of what an answer has, the first counts: it is what the far side sends as well. */
static void
test_codec_of_answer (void)
{
  static const struct {
    const char *formats;
    int payload;
    const char *more;
  } cases[] = {
    { "96 97 98 99", 96, "" },
    { "98 99 96 97", 98, "" },
    { "98", 98, "" },
    { "97 96", 96, "" },
    /* what was not offered at all, or not so */
    { "100", -1, "a=rtpmap:100 H264/90000\r\n" },
    { "99", -1, "" },
    { "-1", -1, "a=rtpmap:-1 VP8/90000\r\n" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *sdp = g_strdup_printf (
          "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"
          "m=video 9 UDP/TLS/RTP/SAVPF %s\r\na=mid:0\r\na=rtpmap:96 VP8/90000\r\n"
          "a=rtpmap:98 H264/90000\r\na=fmtp:98 packetization-mode=1;profile-level-id=42e034\r\n"
          "a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n%s",
          cases[i].formats, cases[i].more);
      g_autoptr (GError) error = NULL;
      GstSDPMessage *offer = make_offer ();
      AlcoveOfferedLine line = { 77, 77, 77, 77, (AlcoveVideoCodec) 77 };
      GstSDPMessage *message = alcove_description_prepare_answer (sdp, offer, &line, &error);

      g_assert_no_error (error);
      g_assert_cmpint (line.codec, <, ALCOVE_N_VIDEO_CODECS);
      g_assert_cmpint (line.index, ==, cases[i].payload == -1 ? -1 : 0);
      if (cases[i].payload != -1)
        {
          g_assert_cmpint (line.payload, ==, cases[i].payload);
          g_assert_cmpint (line.codec, ==, cases[i].payload == 98);
          g_assert_cmpint (line.retransmission, ==, cases[i].payload + 1);
        }
      gst_sdp_message_free (message);
      gst_sdp_message_free (offer);
    }
}

/* A section that says nothing of its transport has it from the session, or from one that
 * lives: never from a refused one, whose fingerprint the room does not count. */
static void
test_borrowed_transport (void)
{
  static const char sdp[]
      = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=ice-ufrag:session\r\n"
        "m=audio 0 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\na=ice-ufrag:refused\r\n"
        "a=fingerprint:sha-256 REFUSED\r\n"
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:1\r\n"
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:2\r\n"
        "a=fingerprint:sha-256 ALIVE\r\n";
  g_autoptr (GError) error = NULL;
  AlcoveOffered offered;
  GstSDPMessage *message = alcove_description_prepare_offer (sdp, &both, &offered, &error);
  const GstSDPMedia *media;

  g_assert_no_error (error);
  media = gst_sdp_message_get_media (message, 1);
  g_assert_cmpstr (gst_sdp_media_get_attribute_val (media, "ice-ufrag"), ==, "session");
  g_assert_cmpstr (gst_sdp_media_get_attribute_val (media, "fingerprint"), ==, "sha-256 ALIVE");
  gst_sdp_message_free (message);
}

static void
count_result (GstPromise *promise,
              gpointer data)
{
  guint *counts = data;

  counts[gst_promise_wait (promise)]++;
}

static void
count_destroyed (gpointer data)
{
  ((guint *) data)[4]++;
}

/* Whichever way a promise of webrtcbin ends, what hangs on it is given back once: else the
 * link that waited for it stays for ever. */
static void
test_promises (void)
{
  g_autoptr (AlcoveFrameSlot) object = alcove_frame_slot_new ();
  AlcoveMediaHandle *handle = alcove_media_handle_new (object);
  AlcoveLinkCore *core = alcove_link_core_new (handle, NULL, TRUE);
  GObject *slot = G_OBJECT (core->slot);
  guint answered[5] = { 0 }, dropped[5] = { 0 }, interrupted[5] = { 0 };
  GstPromise *promise;

  promise = alcove_link_core_new_promise (core, count_result, answered, count_destroyed);
  gst_promise_reply (promise, NULL);
  promise = alcove_link_core_new_promise (core, count_result, interrupted, count_destroyed);
  gst_promise_interrupt (promise);
  alcove_link_core_new_promise (core, count_result, dropped, count_destroyed);
  alcove_link_core_expire_promises (core);
  alcove_link_core_expire_promises (core);

  g_assert_cmpuint (answered[GST_PROMISE_RESULT_REPLIED], ==, 1);
  g_assert_cmpuint (interrupted[GST_PROMISE_RESULT_INTERRUPTED], ==, 1);
  g_assert_cmpuint (dropped[GST_PROMISE_RESULT_EXPIRED], ==, 1);
  g_assert_cmpuint (answered[4], ==, 1);
  g_assert_cmpuint (interrupted[4], ==, 1);
  g_assert_cmpuint (dropped[4], ==, 1);

  alcove_media_handle_unref (handle);
  g_object_add_weak_pointer (slot, (gpointer *) &slot);
  alcove_link_core_unref (core);
  g_assert_null (slot);
}

int
main (int argc,
      char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/media/parts/fingerprint", test_fingerprint);
  g_test_add_func ("/media/parts/ice-servers", test_ice_servers);
  g_test_add_func ("/media/parts/sound-meter", test_sound_meter);
  g_test_add_func ("/media/parts/slot", test_slot);
  g_test_add_func ("/media/parts/convert", test_convert);
  g_test_add_data_func ("/media/parts/convert-colours", GINT_TO_POINTER (FALSE),
                        test_convert_colours);
  g_test_add_data_func ("/media/parts/convert-mirrored", GINT_TO_POINTER (TRUE),
                        test_convert_colours);
  g_test_add_func ("/media/parts/spoilt-descriptions", test_spoilt_descriptions);
  g_test_add_func ("/media/parts/retransmission", test_retransmission);
  g_test_add_func ("/media/parts/spoilt-retransmission", test_spoilt_retransmission);
  g_test_add_func ("/media/parts/codec-of-offer", test_codec_of_offer);
  g_test_add_func ("/media/parts/offered-codecs", test_offered_codecs);
  g_test_add_func ("/media/parts/codec-of-answer", test_codec_of_answer);
  g_test_add_func ("/media/parts/borrowed-transport", test_borrowed_transport);
  g_test_add_func ("/media/parts/promises", test_promises);

  return g_test_run ();
}
