/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-fuzz-description"

#include "config.h"

#include "fuzz.h"

#include <gst/gst.h>

#include "alcove-description.h"
#include "alcove-sdp.h"

/* How a description that the room has let pass is made fit for webrtcbin: an offer, and an
 * answer to an offer of ours. */

static const char our_offer[]
    = "v=0\r\no=- 1 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE audio0 video1 data2\r\n"
      "a=ice-options:trickle\r\n"
      "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=setup:actpass\r\n"
      "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdefghijklmn\r\na=sendrecv\r\n"
      "a=rtpmap:111 OPUS/48000/2\r\na=mid:audio0\r\n"
      "m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=setup:actpass\r\n"
      "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdefghijklmn\r\na=sendrecv\r\n"
      "a=rtpmap:96 VP8/90000\r\na=mid:video1\r\n"
      "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\n"
      "a=setup:actpass\r\na=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdefghijklmn\r\n"
      "a=mid:data2\r\na=sctp-port:5000\r\n";

static void
hold_line (const GstSDPMessage *message,
           const AlcoveOfferedLine *line,
           const char *kind)
{
  const GstSDPMedia *media;

  HOLDS (line->index >= -1 && line->index < (int) gst_sdp_message_medias_len (message));
  if (line->index < 0)
    return;

  media = gst_sdp_message_get_media (message, (guint) line->index);
  HOLDS (g_strcmp0 (gst_sdp_media_get_media (media), kind) == 0);
  HOLDS (line->payload >= 0 && line->payload <= 127);
  HOLDS (line->twcc >= 0 && line->twcc <= 14);
  /* the codec, and perhaps its retransmission */
  HOLDS (gst_sdp_media_formats_len (media) >= 1);
}

static void
hold_sections (const GstSDPMessage *message)
{
  for (guint i = 0; i < gst_sdp_message_medias_len (message); i++)
    HOLDS (gst_sdp_media_get_attribute_val (gst_sdp_message_get_media (message, i), "mid") != NULL);
}

/* A hash that nobody knows promises nothing, and is passed over. */
static void
hold_fingerprint (const AlcoveSdpInfo *info,
                  const char *value)
{
  static const char *const hashes[] = { "sha-256", "sha-384", "sha-512", NULL };
  g_auto (GStrv) parts = g_strsplit (value != NULL ? value : "", " ", 2);
  g_autofree char *hash = parts[0] != NULL ? g_ascii_strdown (parts[0], -1) : NULL;
  g_autofree char *hex = NULL;
  g_autofree char *known = NULL;

  if (hash == NULL || !g_strv_contains (hashes, hash))
    return;

  HOLDS (parts[1] != NULL);
  hex = g_ascii_strup (g_strstrip (parts[1]), -1);
  known = g_strdup_printf ("%s %s", hash, hex);
  HOLDS (g_strv_contains ((const char *const *) info->fingerprints, known));
}

/* The link sees no section, and in one that lives no fingerprint, that the room has not seen. */
static void
hold_agreement (const GstSDPMessage *message,
                const AlcoveSdpInfo *info)
{
  HOLDS (gst_sdp_message_medias_len (message) == info->n_sections);

  for (guint m = 0; m < gst_sdp_message_medias_len (message); m++)
    {
      const GstSDPMedia *media = gst_sdp_message_get_media (message, m);

      if (gst_sdp_media_get_port (media) == 0
          && gst_sdp_media_get_attribute_val (media, "bundle-only") == NULL)
        continue;
      for (guint i = 0; i < gst_sdp_media_attributes_len (media); i++)
        if (g_strcmp0 (gst_sdp_media_get_attribute (media, i)->key, "fingerprint") == 0)
          hold_fingerprint (info, gst_sdp_media_get_attribute (media, i)->value);
    }
}

/* GStreamer itself writes a section's title without the end of its line, so that it swallows
 * the next one, and forgets other things that nobody needs. */
static gboolean
survives_gstreamer (const GstSDPMessage *prepared,
                    const char *text)
{
  GstSDPMessage *message = NULL;
  GstSDPMessage *again = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  for (guint i = 0; i < gst_sdp_message_medias_len (prepared); i++)
    if (gst_sdp_media_get_information (gst_sdp_message_get_media (prepared, i)) != NULL)
      return FALSE;

  if (gst_sdp_message_new_from_text (text, &message) == GST_SDP_OK)
    first = gst_sdp_message_as_text (message);
  if (first != NULL && gst_sdp_message_new_from_text (first, &again) == GST_SDP_OK)
    second = gst_sdp_message_as_text (again);
  g_clear_pointer (&message, gst_sdp_message_free);
  g_clear_pointer (&again, gst_sdp_message_free);
  return first != NULL && g_strcmp0 (first, second) == 0;
}

static const AlcoveVideoCodecs both
    = { { ALCOVE_VIDEO_CODEC_VP8, ALCOVE_VIDEO_CODEC_H264 }, 2, 2 };

/* Prepared once, nothing is left to prepare. */
static void
try_offer (const char *text,
           const AlcoveSdpInfo *info)
{
  AlcoveOffered offered;
  AlcoveOffered offered_again;
  g_autofree char *prepared = NULL;
  g_autofree char *again = NULL;
  GstSDPMessage *second;
  GstSDPMessage *message = alcove_description_prepare_offer (text, &both, &offered, NULL);

  if (message == NULL)
    return;

  hold_sections (message);
  hold_line (message, &offered.audio, "audio");
  hold_line (message, &offered.video, "video");
  hold_agreement (message, info);
  if (!survives_gstreamer (message, text))
    {
      gst_sdp_message_free (message);
      return;
    }

  prepared = gst_sdp_message_as_text (message);
  second = alcove_description_prepare_offer (prepared, &both, &offered_again, NULL);
  HOLDS (second != NULL);
  HOLDS (offered.audio.index == offered_again.audio.index
         && offered.audio.payload == offered_again.audio.payload
         && offered.video.index == offered_again.video.index
         && offered.video.payload == offered_again.video.payload
         && offered.data == offered_again.data);
  again = gst_sdp_message_as_text (second);
  fuzz_hold_same (prepared, again);
  gst_sdp_message_free (second);
  gst_sdp_message_free (message);
}

static void
try_answer (const char *text)
{
  g_autoptr (GError) error = NULL;
  GstSDPMessage *offer = NULL;
  GstSDPMessage *message;
  AlcoveOfferedLine line;

  HOLDS (gst_sdp_message_new_from_text (our_offer, &offer) == GST_SDP_OK);
  message = alcove_description_prepare_answer (text, offer, &line, &error);
  HOLDS ((message == NULL) == (error != NULL));
  if (message != NULL)
    {
      HOLDS (gst_sdp_message_medias_len (message) == gst_sdp_message_medias_len (offer));
      for (guint i = 0; i < gst_sdp_message_medias_len (message); i++)
        {
          const GstSDPMedia *media = gst_sdp_message_get_media (message, i);
          const GstSDPMedia *ours = gst_sdp_message_get_media (offer, i);

          HOLDS (gst_sdp_media_get_port (media) != 0);
          fuzz_hold_same (gst_sdp_media_get_attribute_val (ours, "mid"),
                          gst_sdp_media_get_attribute_val (media, "mid"));
        }
      gst_sdp_message_free (message);
    }
  gst_sdp_message_free (offer);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t size)
{
  g_autofree char *text = fuzz_text (data, size);
  g_autoptr (AlcoveSdpInfo) info = alcove_sdp_inspect (text, NULL);

  if (info == NULL)
    return 0;

  try_offer (text, info);
  try_answer (text);
  return 0;
}
