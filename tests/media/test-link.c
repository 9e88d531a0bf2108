/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <gst/gst.h>

#include "alcove-error.h"
#include "alcove-fan-out.h"
#include "alcove-media-link-private.h"
#include "alcove-test-mark.h"

/* A run that hangs is ended here; nothing is measured by it. */
#define PATIENCE_S 25

#define PICTURE_A 11
#define PICTURE_B 22

/* One end: a sender of its own, a link, and what was heard from it. */
typedef struct _End End;
struct _End {
  const char *name;
  GstElement *pipeline;
  AlcoveFanOut *video;
  AlcoveFanOut *audio;
  AlcoveMediaLink *link;
  guint picture;
  guint32 counter;
  End *other;

  char *(*edit) (const char *sdp);
  GError *error;
  gboolean connected;
  guint first_frames;
  int width;
  int height;
  guint opened[2];
  guint closed[2];
  GString *texts[2];
  gboolean speaking;
  guint n_descriptions;
  char *description;
  guint n_candidates;
  AlcoveLinkStats stats;
  gboolean sampled;
  gint64 first_frame_time;
};

typedef struct {
  End a;
  End b;
} Pair;

static GstPadProbeReturn
on_raw (GstPad *pad,
        GstPadProbeInfo *info,
        gpointer data)
{
  End *end = data;
  GstBuffer *buffer = gst_buffer_make_writable (GST_PAD_PROBE_INFO_BUFFER (info));
  GstMapInfo map;

  info->data = buffer;
  if (gst_buffer_map (buffer, &map, GST_MAP_READWRITE))
    {
      alcove_test_mark_draw_luma (map.data, 320, 320, 180, end->picture, end->counter++);
      gst_buffer_unmap (buffer, &map);
    }
  return GST_PAD_PROBE_OK;
}

static void
on_description (AlcovePeerLink *link,
                AlcoveDescriptionType type,
                const char *sdp,
                gpointer data)
{
  End *end = data;
  g_autofree char *edited = end->edit != NULL ? end->edit (sdp) : g_strdup (sdp);

  end->n_descriptions++;
  g_free (end->description);
  end->description = g_strdup (sdp);
  if (end->other != NULL && end->other->link != NULL)
    alcove_peer_link_set_remote (ALCOVE_PEER_LINK (end->other->link), type, edited);
}

/* Oddity 10.5 of the rtc mesh: pages throw away what comes before the description. */
static void
on_candidate (AlcovePeerLink *link,
              const char *mid,
              int mline_index,
              const char *candidate,
              gpointer data)
{
  End *end = data;

  g_assert_cmpuint (end->n_descriptions, ==, 1);
  end->n_candidates++;
  if (end->other != NULL && end->other->link != NULL)
    alcove_peer_link_add_candidate (ALCOVE_PEER_LINK (end->other->link), mid, mline_index,
                                    candidate);
}

static void
on_connected (AlcovePeerLink *link,
              gpointer data)
{
  ((End *) data)->connected = TRUE;
}

static void
on_failed (AlcovePeerLink *link,
           const GError *error,
           gpointer data)
{
  End *end = data;

  g_assert_no_error (end->error);
  end->error = g_error_copy (error);
}

static void
on_first_frame (AlcovePeerLink *link,
                int width,
                int height,
                gpointer data)
{
  End *end = data;

  g_assert_true (end->connected);
  end->first_frames++;
  end->width = width;
  end->height = height;
  end->first_frame_time = g_get_monotonic_time ();
}

static void
on_channel_open (AlcovePeerLink *link,
                 AlcoveChannel channel,
                 gpointer data)
{
  End *end = data;

  g_assert_true (end->connected);
  end->opened[channel]++;
}

static void
on_channel_closed (AlcovePeerLink *link,
                   int channel,
                   End *end)
{
  end->closed[channel]++;
}

static void
on_channel_text (AlcovePeerLink *link,
                 AlcoveChannel channel,
                 const char *text,
                 gpointer data)
{
  End *end = data;

  g_assert_cmpuint (end->opened[channel], ==, 1);
  g_string_append_printf (end->texts[channel], "%s|", text);
}

static void
on_speaking (AlcovePeerLink *link,
             gboolean speaking,
             gpointer data)
{
  ((End *) data)->speaking = speaking;
}

static void
end_start_sending (End *end,
                   int hertz)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstCaps) vp8 = gst_caps_from_string ("video/x-vp8");
  g_autoptr (GstCaps) opus
      = gst_caps_from_string ("audio/x-opus,channel-mapping-family=0,rate=48000,channels=1");
  g_autoptr (GstElement) video = NULL;
  g_autoptr (GstElement) audio = NULL;
  g_autoptr (GstElement) raw = NULL;
  g_autoptr (GstPad) pad = NULL;
  g_autofree char *text = g_strdup_printf (
      "videotestsrc is-live=true pattern=ball ! "
      "video/x-raw,format=I420,width=320,height=180,framerate=30/1 ! identity name=raw ! "
      "vp8enc deadline=1 cpu-used=8 end-usage=cbr target-bitrate=300000 lag-in-frames=0 "
      "keyframe-max-dist=2000 ! appsink name=video sync=false max-buffers=8 "
      "audiotestsrc is-live=true freq=%d volume=0.3 samplesperbuffer=960 ! "
      "audio/x-raw,rate=48000,channels=1 ! opusenc audio-type=voice bitrate=32000 ! "
      "appsink name=audio sync=false max-buffers=8",
      hertz);

  end->pipeline = gst_parse_launch (text, &error);
  g_assert_no_error (error);
  raw = gst_bin_get_by_name (GST_BIN (end->pipeline), "raw");
  pad = gst_element_get_static_pad (raw, "src");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_raw, end, NULL);
  video = gst_bin_get_by_name (GST_BIN (end->pipeline), "video");
  audio = gst_bin_get_by_name (GST_BIN (end->pipeline), "audio");
  end->video = alcove_fan_out_new ("video", vp8);
  end->audio = alcove_fan_out_new ("audio", opus);
  alcove_fan_out_set_sink (end->video, video);
  alcove_fan_out_set_sink (end->audio, audio);
  gst_element_set_state (end->pipeline, GST_STATE_PLAYING);
  gst_element_get_state (end->pipeline, NULL, NULL, 5 * GST_SECOND);
}

static void
end_make_link (End *end,
               gboolean full)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstClock) clock
      = end->pipeline != NULL ? gst_element_get_clock (end->pipeline) : gst_system_clock_obtain ();
  AlcoveMediaLinkSetup setup = {
    .peer = end->name,
    .full_descriptions = full,
    .channel_label = "chat",
    /* the second link to somebody as well as the first */
    .serial = full ? 1 : 0,
    .video = end->video,
    .audio = end->audio,
    .clock = clock,
    .base_time = end->pipeline != NULL ? gst_element_get_base_time (end->pipeline)
                                       : gst_clock_get_time (clock),
    .receive = TRUE,
  };

  end->link = alcove_media_link_new (&setup, &error);
  g_assert_no_error (error);
  g_signal_connect (end->link, "description", G_CALLBACK (on_description), end);
  g_signal_connect (end->link, "candidate", G_CALLBACK (on_candidate), end);
  g_signal_connect (end->link, "connected", G_CALLBACK (on_connected), end);
  g_signal_connect (end->link, "failed", G_CALLBACK (on_failed), end);
  g_signal_connect (end->link, "first-frame", G_CALLBACK (on_first_frame), end);
  g_signal_connect (end->link, "channel-open", G_CALLBACK (on_channel_open), end);
  g_signal_connect (end->link, "channel-closed", G_CALLBACK (on_channel_closed), end);
  g_signal_connect (end->link, "channel-text", G_CALLBACK (on_channel_text), end);
  g_signal_connect (end->link, "speaking", G_CALLBACK (on_speaking), end);
}

static void
end_init (End *end,
          const char *name,
          guint picture)
{
  end->name = name;
  end->picture = picture;
  end->texts[0] = g_string_new (NULL);
  end->texts[1] = g_string_new (NULL);
}

static gboolean
on_patience (gpointer data)
{
  g_error ("Nothing happened within %d s", PATIENCE_S);
  return G_SOURCE_REMOVE;
}

#define wait_until(condition) \
  G_STMT_START \
    { \
      guint patience_ = g_timeout_add_seconds (PATIENCE_S, on_patience, NULL); \
      while (!(condition)) \
        g_main_context_iteration (NULL, TRUE); \
      g_source_remove (patience_); \
    } \
  G_STMT_END

static gboolean
on_tick (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

static void
on_gone (gpointer data,
         GObject *object)
{
  g_atomic_int_set ((int *) data, 1);
}

/* The link's pipeline, which ends in a thread of its own, holds the fan-outs: when they
 * are gone, so is all of it. */
static void
release_fan_out (AlcoveFanOut *fan_out)
{
  int gone = 0;
  guint tick = g_timeout_add (20, on_tick, NULL);

  g_object_weak_ref (G_OBJECT (fan_out), on_gone, &gone);
  g_object_unref (fan_out);
  wait_until (g_atomic_int_get (&gone) == 1);
  g_source_remove (tick);
}

static void
end_close (End *end)
{
  if (end->link != NULL)
    {
      alcove_peer_link_close (ALCOVE_PEER_LINK (end->link));
      if (end->video != NULL)
        {
          g_assert_cmpuint (alcove_fan_out_get_n_subscribers (end->video), ==, 0);
          g_assert_cmpuint (alcove_fan_out_get_n_subscribers (end->audio), ==, 0);
        }
      g_assert_finalize_object (g_steal_pointer (&end->link));
    }
  if (end->pipeline != NULL)
    {
      gst_element_set_state (end->pipeline, GST_STATE_NULL);
      alcove_fan_out_set_sink (end->video, NULL);
      alcove_fan_out_set_sink (end->audio, NULL);
      gst_clear_object (&end->pipeline);
      release_fan_out (g_steal_pointer (&end->video));
      release_fan_out (g_steal_pointer (&end->audio));
    }
  g_clear_error (&end->error);
  g_clear_pointer (&end->description, g_free);
  g_string_free (end->texts[0], TRUE);
  g_string_free (end->texts[1], TRUE);
}

static void
pair_init (Pair *pair,
           gboolean full)
{
  *pair = (Pair){ 0 };
  end_init (&pair->a, "a", PICTURE_A);
  end_init (&pair->b, "b", PICTURE_B);
  end_start_sending (&pair->a, 440);
  end_start_sending (&pair->b, 880);
  end_make_link (&pair->a, full);
  end_make_link (&pair->b, full);
  pair->a.other = &pair->b;
  pair->b.other = &pair->a;
}

static void
pair_clear (Pair *pair)
{
  end_close (&pair->a);
  end_close (&pair->b);
}

static void
on_sampled (GObject *object,
            GAsyncResult *result,
            gpointer data)
{
  End *end = data;
  g_autoptr (GError) error = NULL;

  g_assert_true (alcove_peer_link_sample_finish (ALCOVE_PEER_LINK (object), result,
                                                  &end->stats, &error));
  g_assert_no_error (error);
  end->sampled = TRUE;
}

static void
end_sample (End *end)
{
  end->sampled = FALSE;
  alcove_peer_link_sample_async (ALCOVE_PEER_LINK (end->link), NULL, on_sampled, end);
  wait_until (end->sampled);
}

static void
check_talk (Pair *pair)
{
  guint tick = g_timeout_add (20, on_tick, NULL);

  wait_until (pair->a.first_frames == 1 && pair->b.first_frames == 1);
  wait_until (pair->a.opened[ALCOVE_CHANNEL_PAGE] && pair->b.opened[ALCOVE_CHANNEL_PAGE]
              && pair->a.opened[ALCOVE_CHANNEL_ALCOVE] && pair->b.opened[ALCOVE_CHANNEL_ALCOVE]);
  g_assert_cmpint (pair->a.width, ==, 320);
  g_assert_cmpint (pair->b.height, ==, 180);

  for (int channel = 0; channel < 2; channel++)
    {
      g_assert_true (alcove_peer_link_send_text (ALCOVE_PEER_LINK (pair->a.link),
                                                 (AlcoveChannel) channel, "from a"));
      g_assert_true (alcove_peer_link_send_text (ALCOVE_PEER_LINK (pair->b.link),
                                                 (AlcoveChannel) channel, "from b"));
      g_assert_false (alcove_peer_link_send_text (ALCOVE_PEER_LINK (pair->b.link),
                                                  (AlcoveChannel) channel, ""));
    }
  for (int channel = 0; channel < 2; channel++)
    {
      wait_until (strcmp (pair->b.texts[channel]->str, "from a|") == 0);
      wait_until (strcmp (pair->a.texts[channel]->str, "from b|") == 0);
    }

  do
    end_sample (&pair->a);
  while (pair->a.stats.tone_hz < 1.0 || pair->a.stats.frames_decoded < 20
         || pair->a.stats.buffer_ms < 0.0);
  do
    end_sample (&pair->b);
  while (pair->b.stats.tone_hz < 1.0 || pair->b.stats.frames_decoded < 20);

  g_assert_cmpint (pair->a.stats.picture, ==, PICTURE_B);
  g_assert_cmpint (pair->b.stats.picture, ==, PICTURE_A);
  g_assert_cmpint (pair->a.stats.picture_counter, >, 0);
  g_assert_cmpfloat_with_epsilon (pair->a.stats.tone_hz, 880.0, 30.0);
  g_assert_cmpfloat_with_epsilon (pair->b.stats.tone_hz, 440.0, 30.0);
  g_assert_cmpstr (pair->a.stats.codec_in, ==, "VP8");
  g_assert_cmpstr (pair->a.stats.codec_out, ==, "VP8");
  g_assert_cmpfloat (pair->a.stats.jitter_ms, >=, 0.0);
  /* on one machine, without a TURN server */
  g_assert_cmpint (pair->a.stats.local_candidate, !=, ALCOVE_CANDIDATE_UNKNOWN);
  g_assert_cmpint (pair->a.stats.remote_candidate, !=, ALCOVE_CANDIDATE_UNKNOWN);
  g_assert_cmpint (pair->a.stats.local_candidate, !=, ALCOVE_CANDIDATE_RELAY);
  g_assert_true (pair->a.speaking);
  g_assert_cmpuint (alcove_peer_link_get_bytes_received (ALCOVE_PEER_LINK (pair->a.link)), >, 1000);
  g_assert_cmpint (alcove_peer_link_get_last_frame_time (ALCOVE_PEER_LINK (pair->a.link)), >, 0);
  g_assert_no_error (pair->a.error);
  g_assert_no_error (pair->b.error);
  g_source_remove (tick);
}

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
  wait_until (alcove_fan_out_get_n_subscribers (victim->other->video) == 1);
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
  g_assert_cmpuint (alcove_fan_out_get_n_subscribers (victim->video), ==, 0);
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
  g_assert_cmpuint (count (answer, "a=extmap"), ==, 1);
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

  g_free (changed);
  changed = replace (offer, "VP8/90000", "VP7/90000");
  answer = answer_to (changed);
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
  while (end->stats.tone_hz < 1.0 || end->stats.frames_decoded < frames + 20);
  g_assert_cmpint (end->stats.picture, ==, PICTURE_A);
  g_assert_cmpfloat_with_epsilon (end->stats.tone_hz, hertz, 30.0);
  g_assert_true (end->speaking);
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
  g_test_add_func ("/media/link/media-refused", test_media_refused);
  g_test_add_func ("/media/link/close-channel", test_close_channel);

  return g_test_run ();
}
