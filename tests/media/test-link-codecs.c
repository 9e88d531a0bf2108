/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "alcove-media-link-parts.h"
#include "link-ends.h"

/* Somebody who has never heard of H.264. */
static const AlcoveCodecPart vp8_parts[] = {
  { .factory = "vp8enc", .codec = ALCOVE_VIDEO_CODEC_VP8, .is_encoder = TRUE, .before = "",
    .settings = "deadline=1 cpu-used=8 lag-in-frames=0", .after = "", .rate = "target-bitrate",
    .rate_unit = 1 },
  { .factory = "vp8dec", .codec = ALCOVE_VIDEO_CODEC_VP8, .before = "", .settings = "",
    .after = "" },
};

/* Somebody who can show H.264 but not make it. */
static const AlcoveCodecPart watcher_parts[] = {
  { .factory = "vp8enc", .codec = ALCOVE_VIDEO_CODEC_VP8, .is_encoder = TRUE, .before = "",
    .settings = "deadline=1 cpu-used=8 lag-in-frames=0", .after = "", .rate = "target-bitrate",
    .rate_unit = 1 },
  { .factory = "vp8dec", .codec = ALCOVE_VIDEO_CODEC_VP8, .before = "", .settings = "",
    .after = "" },
  { .factory = "openh264dec", .codec = ALCOVE_VIDEO_CODEC_H264, .before = "h264parse ! ",
    .settings = "", .after = "" },
};

static AlcoveCodecChoice *
choose (const AlcoveCodecPart *parts,
        gsize n_parts)
{
  g_autoptr (AlcoveWorkers) workers = alcove_workers_new ();

  return alcove_codec_choice_new_from (workers, parts, n_parts, G_TIME_SPAN_MINUTE);
}

/* The part of a description that is about pictures. */
static char *
get_section (const char *sdp)
{
  const char *start = strstr (sdp, "m=video ");
  const char *end = start != NULL ? strstr (start + 1, "\r\nm=") : NULL;

  g_assert_nonnull (start);
  return end != NULL ? g_strndup (start, (gsize) (end - start)) : g_strdup (start);
}

static void
assert_offers (const char *sdp,
               const char *formats)
{
  g_autofree char *section = get_section (sdp);
  g_autofree char *line = g_strdup_printf ("m=video 0 UDP/TLS/RTP/SAVPF %s\r\n", formats);
  g_autofree char *first = g_strdup_printf ("m=video 9 UDP/TLS/RTP/SAVPF %s\r\n", formats);

  g_test_message ("%s", section);
  g_assert_true (g_str_has_prefix (section, line) || g_str_has_prefix (section, first));
}

/* Pictures go on after a description was renewed, by whichever side. */
static void
renew (Pair *pair,
       End *by)
{
  guint n_offers = by->n_descriptions;
  guint n_answers = by->other->n_descriptions;
  guint64 frames_a, frames_b;

  alcove_peer_link_start_offer (ALCOVE_PEER_LINK (by->link));
  wait_until (by->n_descriptions == n_offers + 1 && by->other->n_descriptions == n_answers + 1);
  end_sample (&pair->a);
  end_sample (&pair->b);
  frames_a = pair->a.stats.frames_decoded;
  frames_b = pair->b.stats.frames_decoded;
  do
    {
      end_sample (&pair->a);
      end_sample (&pair->b);
    }
  while (pair->a.stats.frames_decoded < frames_a + 5 || pair->b.stats.frames_decoded < frames_b + 5);
  g_assert_no_error (pair->a.error);
  g_assert_no_error (pair->b.error);
}

static void
test_h264 (void)
{
  Pair pair;
  guint tick;

  pair_init_codecs (&pair, NULL, ALCOVE_CODEC_H264, NULL, ALCOVE_CODEC_H264, "H264");
  alcove_peer_link_start_offer (ALCOVE_PEER_LINK (pair.a.link));
  check_talk (&pair);
  assert_offers (pair.a.description, "98 99 96 97");
  assert_offers (pair.b.description, "98 99");

  /* what runs is offered and answered from now on, with the numbers it has */
  tick = g_timeout_add (20, on_tick, NULL);
  renew (&pair, &pair.a);
  assert_offers (pair.a.description, "98 99");
  renew (&pair, &pair.b);
  assert_offers (pair.b.description, "98 99");
  assert_offers (pair.a.description, "98 99");
  g_source_remove (tick);
  pair_clear (&pair);
}

/* Who answers decides, if both have both. */
static void
test_answerer_decides (gconstpointer data)
{
  gboolean h264 = GPOINTER_TO_INT (data);
  Pair pair;

  if (h264)
    pair_init_codecs (&pair, NULL, ALCOVE_CODEC_VP8, NULL, ALCOVE_CODEC_H264, "H264");
  else
    pair_init_codecs (&pair, NULL, ALCOVE_CODEC_H264, NULL, ALCOVE_CODEC_VP8, "VP8");
  alcove_peer_link_start_offer (ALCOVE_PEER_LINK (pair.a.link));
  check_talk (&pair);
  assert_offers (pair.a.description, h264 ? "96 97 98 99" : "98 99 96 97");
  assert_offers (pair.b.description, h264 ? "98 99" : "96 97");
  pair_clear (&pair);
}

/* One who has VP8 alone misses nothing, whoever calls. */
static void
test_vp8_only (gconstpointer data)
{
  gboolean it_offers = GPOINTER_TO_INT (data);
  g_autoptr (AlcoveCodecChoice) choice = choose (vp8_parts, G_N_ELEMENTS (vp8_parts));
  Pair pair;

  if (it_offers)
    pair_init_codecs (&pair, choice, ALCOVE_CODEC_AUTOMATIC, NULL, ALCOVE_CODEC_H264, "VP8");
  else
    pair_init_codecs (&pair, NULL, ALCOVE_CODEC_H264, choice, ALCOVE_CODEC_AUTOMATIC, "VP8");
  alcove_peer_link_start_offer (ALCOVE_PEER_LINK (pair.a.link));
  check_talk (&pair);
  assert_offers (pair.a.description, it_offers ? "96 97" : "98 99 96 97");
  pair_clear (&pair);
}

static char *
leave_out_vp8 (const char *sdp)
{
  GString *text = g_string_new (sdp);

  g_string_replace (text, "VP8/90000", "VP7/90000", 0);
  return g_string_free (text, FALSE);
}

/* Without an encoder the far side's H.264 is still seen. */
static void
test_watched_only (void)
{
  g_autoptr (AlcoveCodecChoice) choice = choose (watcher_parts, G_N_ELEMENTS (watcher_parts));
  Pair pair;

  pair_init_codecs (&pair, NULL, ALCOVE_CODEC_H264, choice, ALCOVE_CODEC_AUTOMATIC, NULL);
  pair.a.edit = leave_out_vp8;
  alcove_peer_link_start_offer (ALCOVE_PEER_LINK (pair.a.link));
  wait_until (pair.b.first_frames == 1);
  do
    end_sample (&pair.b);
  while (pair.b.stats.frames_decoded < 20);
  g_assert_cmpstr (pair.b.stats.codec_in, ==, "H264");
  g_assert_cmpstr (pair.b.stats.codec_out, ==, "");
  g_assert_cmpint (pair.b.stats.picture, ==, PICTURE_A);
  g_assert_no_error (pair.a.error);
  g_assert_no_error (pair.b.error);
  pair_clear (&pair);
}

static char *
answer_h264 (const char *sdp)
{
  GString *text = g_string_new (sdp);

  g_string_replace (text, "SAVPF 96 97", "SAVPF 98 99", 0);
  g_string_replace (text, "a=rtpmap:96 VP8/90000",
                    "a=rtpmap:98 H264/90000\r\n"
                    "a=fmtp:98 packetization-mode=1;profile-level-id=42e01f",
                    0);
  g_string_replace (text, "a=rtcp-fb:96", "a=rtcp-fb:98", 0);
  g_string_replace (text, "a=rtpmap:97", "a=rtpmap:99", 0);
  g_string_replace (text, "a=fmtp:97 apt=96", "a=fmtp:99 apt=98", 0);
  return g_string_free (text, FALSE);
}

/* A Chromium that wants nothing but H.264 still sends what we offered first. */
static void
test_sends_another (void)
{
  Pair pair;

  pair_init_codecs (&pair, NULL, ALCOVE_CODEC_VP8, NULL, ALCOVE_CODEC_VP8, NULL);
  pair.b.edit = answer_h264;
  alcove_peer_link_start_offer (ALCOVE_PEER_LINK (pair.a.link));
  wait_until (pair.a.first_frames == 1);
  do
    end_sample (&pair.a);
  while (pair.a.stats.frames_decoded < 20);
  g_assert_cmpstr (pair.a.stats.codec_in, ==, "VP8");
  g_assert_cmpstr (pair.a.stats.codec_out, ==, "H264");
  g_assert_cmpint (pair.a.stats.picture, ==, PICTURE_B);
  g_assert_no_error (pair.a.error);
  g_assert_no_error (pair.b.error);
  pair_clear (&pair);
}

/* Makes the key frames of somebody claim the largest size that VP8 has. */
typedef struct {
  int on;
  int n;         /* how many pictures went out meanwhile */
  int n_decoded; /* how many came to the decoder of the far side */
} Spoiler;

static GstPadProbeReturn
on_outgoing (GstPad *pad,
             GstPadProbeInfo *info,
             gpointer data)
{
  Spoiler *spoiler = data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  guint8 first = 1;

  if (!g_atomic_int_get (&spoiler->on))
    return GST_PAD_PROBE_OK;

  g_atomic_int_inc (&spoiler->n);
  if (gst_buffer_extract (buffer, 0, &first, 1) == 1 && (first & 1) == 0)
    {
      const guint8 sides[] = { 0xff, 0x3f, 0xff, 0x3f };

      /* others may have the same picture */
      GST_PAD_PROBE_INFO_DATA (info) = gst_buffer_copy_deep (buffer);
      gst_buffer_unref (buffer);
      gst_buffer_fill (GST_PAD_PROBE_INFO_BUFFER (info), 6, sides, sizeof sides);
    }
  return GST_PAD_PROBE_OK;
}

/* What comes this far costs what it claims, whether it can be decoded or not. */
static GstPadProbeReturn
on_decoded (GstPad *pad,
            GstPadProbeInfo *info,
            gpointer data)
{
  g_atomic_int_inc (&((Spoiler *) data)->n_decoded);
  return GST_PAD_PROBE_OK;
}

static void
on_element_added (GstBin *pipeline,
                  GstBin *bin,
                  GstElement *element,
                  Spoiler *spoiler)
{
  GstElementFactory *factory = gst_element_get_factory (element);
  const char *name = factory != NULL ? GST_OBJECT_NAME (factory) : NULL;
  gboolean pays = g_strcmp0 (name, "rtpvp8pay") == 0;
  g_autoptr (GstPad) sink = NULL;

  if (!pays && g_strcmp0 (name, "vp8dec") != 0)
    return;
  sink = gst_element_get_static_pad (element, "sink");
  gst_pad_add_probe (sink, GST_PAD_PROBE_TYPE_BUFFER, pays ? on_outgoing : on_decoded, spoiler,
                     NULL);
}

/* A stranger's picture of an absurd size is not decoded, nor what depends on it; the next one
 * with a proper size is, and that is asked for. */
static void
test_absurd_size (void)
{
  Spoiler spoiler = { .on = TRUE };
  Spoiler watch = { 0 };
  guint tick = g_timeout_add (20, on_tick, NULL);
  Pair pair;

  pair_init (&pair, FALSE);
  g_signal_connect (pair.a.link->pipeline, "deep-element-added", G_CALLBACK (on_element_added),
                    &spoiler);
  g_signal_connect (pair.b.link->pipeline, "deep-element-added", G_CALLBACK (on_element_added),
                    &watch);
  alcove_peer_link_start_offer (ALCOVE_PEER_LINK (pair.a.link));
  wait_until (pair.b.connected && g_atomic_int_get (&spoiler.n) >= 20);
  wait_until (alcove_peer_link_get_bytes_received (ALCOVE_PEER_LINK (pair.b.link)) > 20000);
  end_sample (&pair.b);
  g_assert_cmpint (g_atomic_int_get (&watch.n_decoded), ==, 0);
  g_assert_cmpuint (pair.b.first_frames, ==, 0);
  g_assert_cmpuint (pair.b.stats.frames_decoded, ==, 0);

  g_atomic_int_set (&spoiler.on, FALSE);
  wait_until (pair.b.first_frames == 1);
  g_assert_cmpint (g_atomic_int_get (&watch.n_decoded), >, 0);
  g_assert_cmpint (pair.b.width, ==, END_WIDTH);
  g_assert_cmpint (pair.b.height, ==, END_HEIGHT);
  g_assert_no_error (pair.a.error);
  g_assert_no_error (pair.b.error);

  g_source_remove (tick);
  pair_clear (&pair);
}

int
main (int argc,
      char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/media/link-codecs/h264", test_h264);
  g_test_add_data_func ("/media/link-codecs/answerer-decides/h264", GINT_TO_POINTER (TRUE),
                        test_answerer_decides);
  g_test_add_data_func ("/media/link-codecs/answerer-decides/vp8", GINT_TO_POINTER (FALSE),
                        test_answerer_decides);
  g_test_add_data_func ("/media/link-codecs/vp8-only/offers", GINT_TO_POINTER (TRUE),
                        test_vp8_only);
  g_test_add_data_func ("/media/link-codecs/vp8-only/answers", GINT_TO_POINTER (FALSE),
                        test_vp8_only);
  g_test_add_func ("/media/link-codecs/sends-another", test_sends_another);
  g_test_add_func ("/media/link-codecs/watched-only", test_watched_only);
  g_test_add_func ("/media/link-codecs/absurd-size", test_absurd_size);

  return g_test_run ();
}
