/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <glib/gstdio.h>
#include <gst/gst.h>

#include "alcove-error.h"
#include "link-ends.h"

static void
test_connect (gconstpointer data)
{
  gboolean full = GPOINTER_TO_INT (data);
  Pair pair;
  gint64 start;

  pair_init (&pair, full);
  start = g_get_monotonic_time ();
  alcove_peer_link_start_offer (ALCOVE_PEER_LINK (pair.a.link));
  check_talk (&pair);
  g_test_message ("offer to first frame: %" G_GINT64_FORMAT " and %" G_GINT64_FORMAT " ms",
                  (pair.a.first_frame_time - start) / 1000,
                  (pair.b.first_frame_time - start) / 1000);
  if (full)
    g_assert_nonnull (strstr (pair.a.description, "a=candidate:"));
  /* browsers begin DTLS anew only with another fingerprint */
  g_assert_true ((strstr (pair.a.description, "a=fingerprint:sha-256 ") != NULL) == !full);
  g_assert_true ((strstr (pair.a.description, "a=fingerprint:sha-512 ") != NULL) == full);
  g_assert_true ((strstr (pair.b.description, "a=fingerprint:sha-512 ") != NULL) == full);
  pair_clear (&pair);
}

static char *
spoil_fingerprint (const char *sdp)
{
  char *text = g_strdup (sdp);

  for (char *at = strstr (text, "a=fingerprint:"); at != NULL; at = strstr (at + 1, "a=fingerprint:"))
    {
      char *colon = strchr (at, ' ');

      g_assert_nonnull (colon);
      colon[1] = colon[1] == '0' ? '1' : '0';
    }
  return text;
}

static void
test_fingerprint (gconstpointer data)
{
  gboolean in_offer = GPOINTER_TO_INT (data);
  Pair pair;
  End *victim;

  pair_init (&pair, FALSE);
  victim = in_offer ? &pair.b : &pair.a;
  victim->other->edit = spoil_fingerprint;
  alcove_peer_link_start_offer (ALCOVE_PEER_LINK (pair.a.link));
  wait_until (victim->error != NULL);
  g_assert_error (victim->error, ALCOVE_ERROR, ALCOVE_ERROR_FINGERPRINT_MISMATCH);
  g_assert_false (victim->connected);

  /* the other side is content and sends; nothing of it may come through */
  wait_until (victim->other->connected);
  wait_until (alcove_ladder_get_n_views (victim->other->video) == 1);
  for (guint32 counter = victim->other->counter; victim->other->counter < counter + 30;)
    {
      guint tick = g_timeout_add (20, on_tick, NULL);

      g_main_context_iteration (NULL, TRUE);
      g_source_remove (tick);
    }
  g_assert_cmpuint (victim->first_frames, ==, 0);
  g_assert_cmpuint (victim->opened[0] + victim->opened[1], ==, 0);
  g_assert_cmpuint (victim->texts[0]->len + victim->texts[1]->len, ==, 0);
  g_assert_cmpuint (alcove_peer_link_get_bytes_received (ALCOVE_PEER_LINK (victim->link)), ==, 0);
  g_assert_cmpint (alcove_peer_link_get_last_frame_time (ALCOVE_PEER_LINK (victim->link)), ==, 0);
  g_assert_cmpuint (alcove_ladder_get_n_views (victim->video), ==, 0);
  pair_clear (&pair);
}

static void
test_close_early (void)
{
  for (int stage = 0; stage < 3; stage++)
    {
      Pair pair;

      pair_init (&pair, FALSE);
      if (stage > 0)
        alcove_peer_link_start_offer (ALCOVE_PEER_LINK (pair.a.link));
      if (stage > 1)
        wait_until (pair.b.n_descriptions == 1);
      pair_clear (&pair);
    }
}

static char *
read_sdp (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "sdp", name, NULL);
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

static char *
answer_to (const char *sdp)
{
  End end = { 0 };
  char *answer;

  end_init (&end, "offered", PICTURE_A);
  end_start_sending (&end, 440);
  end_make_link (&end, FALSE);
  alcove_peer_link_set_remote (ALCOVE_PEER_LINK (end.link), ALCOVE_DESCRIPTION_OFFER, sdp);
  wait_until (end.n_descriptions == 1 || end.error != NULL);
  g_assert_no_error (end.error);
  answer = g_strdup (end.description);
  end_close (&end);
  return answer;
}

static char *
replace (const char *text,
         const char *from,
         const char *to)
{
  g_autofree char **parts = g_strsplit (text, from, -1);
  char *joined = g_strjoinv (to, parts);

  for (guint i = 0; parts[i] != NULL; i++)
    g_free (parts[i]);
  return joined;
}

static guint
count (const char *text,
       const char *what)
{
  guint n = 0;

  for (const char *at = strstr (text, what); at != NULL; at = strstr (at + 1, what))
    n++;
  return n;
}

static void
test_answers (void)
{
  g_autofree char *offer = read_sdp ("chromium-offer-audio-video-data.sdp");
  g_autofree char *data_offer = read_sdp ("chromium-offer-data.sdp");
  char *answer;
  g_autofree char *changed = NULL;
  const char *audio, *video, *application;
  GString *text;

  answer = answer_to (offer);
  g_assert_nonnull (strstr (answer, "a=rtpmap:96 VP8/90000"));
  g_assert_nonnull (strstr (answer, "a=rtpmap:111 OPUS/48000/2"));
  g_assert_null (strstr (answer, "H264"));
  g_assert_nonnull (strstr (answer, "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-"));
  /* of each of the two kinds, this one extension and no other */
  g_assert_cmpuint (count (answer, "a=extmap"), ==, 2);
  g_assert_cmpuint (count (answer, "a=extmap:3 "), ==, 2);
  g_assert_cmpuint (count (answer, "a=sendrecv"), ==, 2);
  g_assert_cmpuint (count (answer, "m="), ==, 3);
  g_free (answer);

  answer = answer_to (data_offer);
  g_assert_cmpuint (count (answer, "m="), ==, 1);
  g_free (answer);

  /* H.264 first, and another payload type for VP8 */
  changed = replace (offer, "SAVPF 96 97 102 103", "SAVPF 102 103 96 97");
  answer = answer_to (changed);
  g_assert_nonnull (strstr (answer, "a=rtpmap:96 VP8/90000"));
  g_assert_null (strstr (answer, "H264"));
  g_free (answer);

  g_free (changed);
  changed = replace (offer, "a=sendrecv", "a=recvonly");
  answer = answer_to (changed);
  g_assert_cmpuint (count (answer, "a=sendonly"), ==, 2);
  g_free (answer);

  g_free (changed);
  changed = replace (offer, "a=sendrecv", "a=sendonly");
  answer = answer_to (changed);
  g_assert_cmpuint (count (answer, "a=recvonly"), ==, 2);
  g_free (answer);

  /* H.264 alone */
  g_free (changed);
  changed = replace (offer, "VP8/90000", "VP7/90000");
  answer = answer_to (changed);
  g_assert_cmpuint (count (answer, "a=sendrecv"), ==, 2);
  g_assert_nonnull (strstr (answer, "H264/90000"));
  g_assert_nonnull (strstr (answer, "packetization-mode=1"));
  g_assert_nonnull (strstr (answer, "profile-level-id=42e01f"));
  g_assert_cmpuint (count (answer, "rtx/90000"), ==, 1);
  g_assert_cmpuint (count (answer, "a=ssrc-group:FID"), ==, 1);
  g_free (answer);

  /* nothing that we have */
  {
    g_autofree char *without = replace (changed, "H264/90000", "H265/90000");

    answer = answer_to (without);
  }
  g_assert_cmpuint (count (answer, "a=sendrecv"), ==, 1);
  g_assert_cmpuint (count (answer, "a=inactive"), ==, 1);
  g_free (answer);

  /* no names for the sections */
  g_free (changed);
  changed = replace (offer, "a=mid:1\r\n", "");
  answer = answer_to (changed);
  g_free (answer);

  audio = strstr (offer, "m=audio");
  video = strstr (offer, "m=video");
  application = strstr (offer, "m=application");
  g_assert_true (audio != NULL && video != NULL && application != NULL);

  /* video first */
  text = g_string_new_len (offer, audio - offer);
  g_string_append_len (text, video, application - video);
  g_string_append_len (text, audio, video - audio);
  g_string_append (text, application);
  answer = answer_to (text->str);
  g_assert_cmpuint (count (answer, "a=sendrecv"), ==, 2);
  g_assert_true (strstr (answer, "m=video") < strstr (answer, "m=audio"));
  g_free (answer);
  g_string_free (text, TRUE);

  /* a second picture */
  text = g_string_new_len (offer, application - offer);
  {
    g_autofree char *line = g_strndup (video, (gsize) (application - video));
    g_autofree char *second = replace (line, "a=mid:1", "a=mid:7");

    g_string_append (text, second);
  }
  g_string_append (text, application);
  g_string_replace (text, "BUNDLE 0 1 2", "BUNDLE 0 1 7 2", 0);
  answer = answer_to (text->str);
  g_assert_cmpuint (count (answer, "a=sendrecv"), ==, 2);
  g_assert_cmpuint (count (answer, "a=inactive"), ==, 1);
  g_free (answer);
  g_string_free (text, TRUE);

  /* sound alone, without data */
  text = g_string_new_len (offer, video - offer);
  g_string_replace (text, "BUNDLE 0 1 2", "BUNDLE 0", 0);
  answer = answer_to (text->str);
  g_assert_cmpuint (count (answer, "m="), ==, 1);
  g_free (answer);
  g_string_free (text, TRUE);

  /* picture alone */
  text = g_string_new_len (offer, audio - offer);
  g_string_append_len (text, video, application - video);
  g_string_replace (text, "BUNDLE 0 1 2", "BUNDLE 1", 0);
  answer = answer_to (text->str);
  g_assert_cmpuint (count (answer, "a=sendrecv"), ==, 1);
  g_free (answer);
  g_string_free (text, TRUE);
}

static void
check_refused (AlcoveDescriptionType type,
               const char *sdp,
               int code)
{
  End end = { 0 };

  end_init (&end, "refusing", PICTURE_A);
  end_start_sending (&end, 440);
  end_make_link (&end, FALSE);
  if (type == ALCOVE_DESCRIPTION_ANSWER)
    {
      alcove_peer_link_start_offer (ALCOVE_PEER_LINK (end.link));
      wait_until (end.n_descriptions == 1);
    }
  alcove_peer_link_set_remote (ALCOVE_PEER_LINK (end.link), type, sdp);
  wait_until (end.error != NULL);
  g_assert_error (end.error, ALCOVE_ERROR, code);
  /* whatever comes after is ignored */
  alcove_peer_link_set_remote (ALCOVE_PEER_LINK (end.link), type, sdp);
  alcove_peer_link_add_candidate (ALCOVE_PEER_LINK (end.link), "0", 0, "candidate:x");
  end_close (&end);
}

static void
test_broken (void)
{
  g_autofree char *offer = read_sdp ("chromium-offer-audio-video-data.sdp");
  g_autofree char *answer = read_sdp ("chromium-answer-data.sdp");
  g_autofree char *bare = replace (offer, "a=fingerprint:", "a=x-fingerprint:");
  g_autofree char *weak = replace (offer, "a=fingerprint:sha-256", "a=fingerprint:md5");

  check_refused (ALCOVE_DESCRIPTION_OFFER, "", ALCOVE_ERROR_SDP_INVALID);
  check_refused (ALCOVE_DESCRIPTION_OFFER, "hello", ALCOVE_ERROR_SDP_INVALID);
  check_refused (ALCOVE_DESCRIPTION_OFFER, bare, ALCOVE_ERROR_SDP_NO_FINGERPRINT);
  check_refused (ALCOVE_DESCRIPTION_OFFER, weak, ALCOVE_ERROR_SDP_NO_FINGERPRINT);
  check_refused (ALCOVE_DESCRIPTION_ANSWER, "v=0\r\n", ALCOVE_ERROR_SDP_INVALID);
  check_refused (ALCOVE_DESCRIPTION_ANSWER, answer, ALCOVE_ERROR_SDP_INVALID);
}

static void
test_candidates (void)
{
  Pair pair;
  const char *const garbage[] = { "", "candidate:", "candidate:1 1 UDP", "hello",
                                  "candidate:1 1 UDP 99999999999 1.2.3.4 99999999 typ host",
                                  "candidate:1 1 udp 1 nobody.local 9 typ host",
                                  "a=candidate:1 1 udp 1 ::::: 9 typ host" };

  pair_init (&pair, FALSE);
  for (int i = 0; i < 300; i++)
    alcove_peer_link_add_candidate (ALCOVE_PEER_LINK (pair.b.link), "9", i,
                                    garbage[i % G_N_ELEMENTS (garbage)]);
  alcove_peer_link_start_offer (ALCOVE_PEER_LINK (pair.a.link));
  wait_until (pair.b.n_descriptions == 1);
  for (gsize i = 0; i < G_N_ELEMENTS (garbage); i++)
    {
      alcove_peer_link_add_candidate (ALCOVE_PEER_LINK (pair.a.link), NULL, 0, garbage[i]);
      alcove_peer_link_add_candidate (ALCOVE_PEER_LINK (pair.a.link), NULL, -1, garbage[i]);
      alcove_peer_link_add_candidate (ALCOVE_PEER_LINK (pair.a.link), "x", 77, garbage[i]);
    }
  wait_until (pair.a.first_frames == 1 && pair.b.first_frames == 1);
  pair_clear (&pair);
}

static char *
streams_of (const char *sdp)
{
  g_auto (GStrv) lines = g_strsplit (sdp, "\r\n", -1);
  GString *streams = g_string_new (NULL);

  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], "a=ssrc"))
      g_string_append_printf (streams, "%s|", lines[i]);
  return g_string_free (streams, FALSE);
}

/* Every other renewed offer leaves the streams unnamed, and says all the same whose they are. */
static void
test_renewed_streams (void)
{
  Pair pair;
  g_autofree char *streams = NULL;

  pair_init (&pair, TRUE);
  alcove_peer_link_start_offer (ALCOVE_PEER_LINK (pair.a.link));
  check_talk (&pair);
  streams = streams_of (pair.a.description);
  g_assert_nonnull (strstr (streams, " msid:"));

  for (guint i = 1; i <= 4; i++)
    {
      g_autofree char *now = NULL;
      guint64 bytes;
      guint tick;

      alcove_peer_link_start_offer (ALCOVE_PEER_LINK (pair.a.link));
      wait_until (pair.b.n_descriptions == i + 1);
      g_assert_cmpuint (pair.a.n_descriptions, ==, i + 1);
      now = streams_of (pair.a.description);
      g_assert_cmpstr (now, ==, i % 2 == 0 ? streams : "");
      if (i % 2 != 0)
        {
          g_autofree char *line = g_strdup (strstr (streams, " msid:") + 1);
          g_autofree char *wanted = NULL;

          *strchr (line, '|') = '\0';
          wanted = g_strdup_printf ("\r\na=%s\r\n", line);
          g_assert_nonnull (strstr (pair.a.description, wanted));
          g_assert_cmpuint (count (pair.a.description, "\r\na=msid:"), ==, 2);
        }

      bytes = alcove_peer_link_get_bytes_received (ALCOVE_PEER_LINK (pair.b.link));
      tick = g_timeout_add (20, on_tick, NULL);
      wait_until (alcove_peer_link_get_bytes_received (ALCOVE_PEER_LINK (pair.b.link))
                  > bytes + 10000);
      g_source_remove (tick);
    }

  g_assert_no_error (pair.a.error);
  g_assert_no_error (pair.b.error);
  pair_clear (&pair);
}

/* Waits for so much more from the far side that there were pictures and sound in it. */
static void
end_receive_more (End *end)
{
  AlcovePeerLink *link = ALCOVE_PEER_LINK (end->link);
  guint64 before = alcove_peer_link_get_bytes_received (link);
  guint tick = g_timeout_add (20, on_tick, NULL);

  wait_until (alcove_peer_link_get_bytes_received (link) > before + 30000);
  g_source_remove (tick);
}

static void
check_deaf (End *end,
            guint64 frames)
{
  end_receive_more (end);
  end_sample (end);
  g_assert_cmpuint (end->stats.frames_decoded, ==, frames);
  g_assert_cmpfloat (end->stats.tone_hz, ==, 0.0);
  g_assert_cmpint (end->stats.picture, ==, -1);
  g_assert_false (end->speaking);
}

static void
check_all_ears (End *end,
                double hertz)
{
  guint64 frames;

  end_sample (end);
  frames = end->stats.frames_decoded;
  do
    end_sample (end);
  while (end->stats.tone_hz < 1.0 || end->stats.frames_decoded < frames + 20 || !end->speaking);
  g_assert_cmpint (end->stats.picture, ==, PICTURE_A);
  g_assert_cmpfloat_with_epsilon (end->stats.tone_hz, hertz, 30.0);
}

/* What comes while it is not wanted is neither seen nor heard, and wanted it is both. */
static void
test_receiving (void)
{
  Pair pair;

  pair_init (&pair, FALSE);
  alcove_peer_link_set_receiving (ALCOVE_PEER_LINK (pair.b.link), FALSE);
  alcove_peer_link_start_offer (ALCOVE_PEER_LINK (pair.a.link));
  wait_until (pair.a.first_frames == 1 && pair.b.connected);
  check_deaf (&pair.b, 0);
  g_assert_cmpuint (pair.b.first_frames, ==, 0);

  for (int i = 0; i < 2; i++)
    {
      alcove_peer_link_set_receiving (ALCOVE_PEER_LINK (pair.b.link), TRUE);
      check_all_ears (&pair.b, 440.0);
      alcove_peer_link_set_receiving (ALCOVE_PEER_LINK (pair.b.link), FALSE);
      end_sample (&pair.b);
      check_deaf (&pair.b, pair.b.stats.frames_decoded);
    }

  g_assert_cmpuint (pair.b.first_frames, ==, 1);
  g_assert_no_error (pair.b.error);
  pair_clear (&pair);
}

/* As a Go server answers: sound and pictures with port 0 and nothing else. */
static char *
refuse_media (const char *sdp)
{
  GString *text = g_string_new (NULL);
  g_auto (GStrv) lines = g_strsplit (sdp, "\r\n", -1);
  gboolean skipping = FALSE;
  const char *application_mid = NULL;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      if (g_str_has_prefix (lines[i], "m="))
        {
          skipping = !g_str_has_prefix (lines[i], "m=application");
          if (skipping)
            g_string_append_printf (text, "%s\r\nc=IN IP4 0.0.0.0\r\n",
                                    g_str_has_prefix (lines[i], "m=audio")
                                        ? "m=audio 0 UDP/TLS/RTP/SAVPF 0"
                                        : "m=video 0 UDP/TLS/RTP/SAVPF 0");
        }
      if (!skipping && g_str_has_prefix (lines[i], "a=mid:"))
        application_mid = lines[i] + strlen ("a=mid:");
      if (!skipping && *lines[i] != '\0' && !g_str_has_prefix (lines[i], "a=group"))
        g_string_append_printf (text, "%s\r\n", lines[i]);
    }
  {
    g_autofree char *group = g_strdup_printf ("t=0 0\r\na=group:BUNDLE %s\r\n", application_mid);

    g_string_replace (text, "t=0 0\r\n", group, 1);
  }
  return g_string_free (text, FALSE);
}

static void
test_media_refused (void)
{
  Pair pair;

  pair_init (&pair, FALSE);
  pair.b.edit = refuse_media;
  alcove_peer_link_start_offer (ALCOVE_PEER_LINK (pair.a.link));
  wait_until (pair.a.error != NULL || pair.a.opened[ALCOVE_CHANNEL_PAGE] == 1);
  g_assert_no_error (pair.a.error);
  wait_until (pair.b.opened[ALCOVE_CHANNEL_PAGE] == 1);

  /* the other side does not know that its answer was changed, and sends pictures and sound */
  do
    end_sample (&pair.b);
  while (pair.b.stats.kbps_out < 1.0);
  g_assert_true (alcove_peer_link_send_text (ALCOVE_PEER_LINK (pair.b.link), ALCOVE_CHANNEL_PAGE,
                                             "sent after them"));
  wait_until (pair.a.error != NULL
              || strcmp (pair.a.texts[ALCOVE_CHANNEL_PAGE]->str, "sent after them|") == 0);
  g_assert_no_error (pair.a.error);
  /* text is no sign of pictures that could go missing */
  g_assert_cmpuint (alcove_peer_link_get_bytes_received (ALCOVE_PEER_LINK (pair.a.link)), ==, 0);
  g_assert_true (alcove_peer_link_send_text (ALCOVE_PEER_LINK (pair.a.link), ALCOVE_CHANNEL_PAGE,
                                             "still here"));
  wait_until (strcmp (pair.b.texts[ALCOVE_CHANNEL_PAGE]->str, "still here|") == 0);
  pair_clear (&pair);
}

/* The page's channel alone is closed, as somebody does who goes. */
static void
test_close_channel (void)
{
  Pair pair;

  pair_init (&pair, FALSE);
  alcove_peer_link_start_offer (ALCOVE_PEER_LINK (pair.a.link));
  wait_until (pair.a.opened[ALCOVE_CHANNEL_PAGE] && pair.b.opened[ALCOVE_CHANNEL_PAGE]
              && pair.a.opened[ALCOVE_CHANNEL_ALCOVE] && pair.b.opened[ALCOVE_CHANNEL_ALCOVE]);
  /* webrtcbin does not close a channel that the other side has not taken yet */
  g_assert_true (alcove_peer_link_send_text (ALCOVE_PEER_LINK (pair.b.link), ALCOVE_CHANNEL_PAGE,
                                             "hello"));
  wait_until (strcmp (pair.a.texts[ALCOVE_CHANNEL_PAGE]->str, "hello|") == 0);
  alcove_peer_link_close_channel (ALCOVE_PEER_LINK (pair.a.link), ALCOVE_CHANNEL_PAGE);
  alcove_peer_link_close_channel (ALCOVE_PEER_LINK (pair.a.link), ALCOVE_CHANNEL_PAGE);
  wait_until (pair.b.closed[ALCOVE_CHANNEL_PAGE] == 1 && pair.a.closed[ALCOVE_CHANNEL_PAGE] == 1);
  g_assert_true (alcove_peer_link_send_text (ALCOVE_PEER_LINK (pair.a.link),
                                             ALCOVE_CHANNEL_ALCOVE, "bye"));
  wait_until (strcmp (pair.b.texts[ALCOVE_CHANNEL_ALCOVE]->str, "bye|") == 0);
  g_assert_cmpuint (pair.b.closed[ALCOVE_CHANNEL_ALCOVE], ==, 0);
  g_assert_no_error (pair.a.error);
  g_assert_no_error (pair.b.error);
  pair_clear (&pair);
}

static void
on_view_size_changed (AlcovePeerLink *link,
                      End *end)
{
  int width, height;

  g_assert_true (alcove_peer_link_get_view_size (link, &width, &height));
  alcove_peer_link_set_view_size (ALCOVE_PEER_LINK (end->other->link), width, height);
}

/* Until the one end gets pictures of that width, and the other one knows it. */
static void
wait_for_rung (Pair *pair,
               int width,
               const char *rung)
{
  do
    {
      end_sample (&pair->b);
      end_sample (&pair->a);
    }
  while (pair->b.stats.width != width || strcmp (pair->a.stats.rung, rung) != 0);
}

/* The size that is sent follows the size that is drawn, and nothing is negotiated anew for it. */
static void
test_rung (void)
{
  g_autofree char *folder = g_dir_make_tmp ("alcove-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "them.mkv", NULL);
  g_autoptr (GError) error = NULL;
  AlcoveFrameSlot *slot;
  Pair pair;
  int width, height;

  pair_init (&pair, FALSE);
  slot = alcove_media_link_get_slot (pair.b.link);
  g_signal_connect (pair.b.link, "view-size-changed", G_CALLBACK (on_view_size_changed), &pair.b);
  alcove_peer_link_start_offer (ALCOVE_PEER_LINK (pair.a.link));
  wait_until (pair.a.first_frames == 1 && pair.b.first_frames == 1);
  g_assert_false (alcove_peer_link_get_view_size (ALCOVE_PEER_LINK (pair.b.link), &width, &height));
  wait_for_rung (&pair, END_WIDTH, "320×180");
  g_assert_cmpuint (alcove_ladder_get_n_encoders (pair.a.video), ==, 1);

  /* hidden */
  alcove_frame_slot_set_size (slot, 0, 0);
  wait_for_rung (&pair, END_WIDTH / 2, "160×90");
  wait_until (alcove_ladder_get_n_encoders (pair.a.video) == 1);

  /* what is recorded is wanted whole, though nobody sees it */
  g_assert_true (alcove_peer_link_start_recording (ALCOVE_PEER_LINK (pair.b.link), path, &error));
  g_assert_no_error (error);
  wait_for_rung (&pair, END_WIDTH, "320×180");
  alcove_frame_slot_set_size (slot, 2 * END_WIDTH, 2 * END_HEIGHT);
  alcove_peer_link_stop_recording (ALCOVE_PEER_LINK (pair.b.link));
  g_assert_true (alcove_peer_link_get_view_size (ALCOVE_PEER_LINK (pair.b.link), &width, &height));
  g_assert_cmpint (width, ==, 2 * END_WIDTH);

  /* the other way nothing was said; what comes there is up to the path */
  g_assert_false (alcove_peer_link_get_view_size (ALCOVE_PEER_LINK (pair.a.link), &width, &height));
  g_assert_cmpuint (pair.a.n_descriptions, ==, 1);
  g_assert_cmpuint (pair.b.n_descriptions, ==, 1);
  g_assert_no_error (pair.a.error);
  g_assert_no_error (pair.b.error);
  pair_clear (&pair);
  g_remove (path);
  g_rmdir (folder);
}

/* Who draws can have the decoder's own planes. */
static void
test_planar (void)
{
  AlcoveFrame *frame = NULL;
  AlcoveFrameSlot *slot;
  Pair pair;

  pair_init (&pair, FALSE);
  slot = alcove_media_link_get_slot (pair.b.link);
  alcove_frame_slot_set_size (slot, END_WIDTH, END_HEIGHT);
  alcove_frame_slot_set_planar (slot, TRUE);
  alcove_peer_link_start_offer (ALCOVE_PEER_LINK (pair.a.link));
  wait_until ((frame = alcove_frame_slot_take (slot)) != NULL);
  g_assert_cmpint (frame->format, ==, ALCOVE_FRAME_FORMAT_I420);
  g_assert_false (frame->planes.bt709);
  g_assert_false (frame->planes.full_range);

  /* it may be drawn for longer than the pair lasts */
  pair_clear (&pair);
  g_assert_cmpuint (g_bytes_get_size (frame->pixels), >=,
                    (gsize) (frame->width * frame->height * 3 / 2));
  alcove_frame_unref (frame);
}

int
main (int argc,
      char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/media/link/connect/trickle", GINT_TO_POINTER (FALSE), test_connect);
  g_test_add_data_func ("/media/link/connect/full", GINT_TO_POINTER (TRUE), test_connect);
  g_test_add_data_func ("/media/link/fingerprint/offer", GINT_TO_POINTER (TRUE), test_fingerprint);
  g_test_add_data_func ("/media/link/fingerprint/answer", GINT_TO_POINTER (FALSE),
                        test_fingerprint);
  g_test_add_func ("/media/link/close-early", test_close_early);
  g_test_add_func ("/media/link/answers", test_answers);
  g_test_add_func ("/media/link/broken", test_broken);
  g_test_add_func ("/media/link/candidates", test_candidates);
  g_test_add_func ("/media/link/renewed-streams", test_renewed_streams);
  g_test_add_func ("/media/link/receiving", test_receiving);
  g_test_add_func ("/media/link/planar", test_planar);
  g_test_add_func ("/media/link/media-refused", test_media_refused);
  g_test_add_func ("/media/link/rung", test_rung);
  g_test_add_func ("/media/link/close-channel", test_close_channel);

  return g_test_run ();
}
