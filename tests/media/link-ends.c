/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "link-ends.h"

#include <string.h>

#include <gst/app/gstappsink.h>

#include "alcove-test-mark.h"

static GstFlowReturn
on_raw (GstAppSink *sink,
        gpointer data)
{
  End *end = data;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);
  GstBuffer *buffer;
  GstMapInfo map;

  if (sample == NULL)
    return GST_FLOW_EOS;

  buffer = gst_buffer_copy_deep (gst_sample_get_buffer (sample));
  GST_BUFFER_PTS (buffer) = gst_segment_to_running_time (
      gst_sample_get_segment (sample), GST_FORMAT_TIME, GST_BUFFER_PTS (buffer));
  if (gst_buffer_map (buffer, &map, GST_MAP_READWRITE))
    {
      alcove_test_mark_draw_luma (map.data, END_WIDTH, END_WIDTH, END_HEIGHT, end->picture,
                                  end->counter++);
      gst_buffer_unmap (buffer, &map);
    }
  alcove_ladder_push (end->video, buffer);
  return GST_FLOW_OK;
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

void
end_start_sending (End *end,
                   int hertz)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstCaps) opus
      = gst_caps_from_string ("audio/x-opus,channel-mapping-family=0,rate=48000,channels=1");
  g_autoptr (GstElement) video = NULL;
  g_autoptr (GstElement) audio = NULL;
  GstAppSinkCallbacks callbacks = { .new_sample = on_raw };
  g_autofree char *text = g_strdup_printf (
      "videotestsrc is-live=true pattern=ball ! "
      "video/x-raw,format=I420,width=%d,height=%d,framerate=30/1 ! "
      "appsink name=video sync=false "
      "audiotestsrc is-live=true freq=%d volume=0.3 samplesperbuffer=960 ! "
      "audio/x-raw,rate=48000,channels=1 ! opusenc audio-type=voice bitrate=32000 ! "
      "appsink name=audio sync=false max-buffers=8",
      END_WIDTH, END_HEIGHT, hertz);

  end->pipeline = gst_parse_launch (text, &error);
  g_assert_no_error (error);
  video = gst_bin_get_by_name (GST_BIN (end->pipeline), "video");
  audio = gst_bin_get_by_name (GST_BIN (end->pipeline), "audio");
  end->workers = alcove_workers_new ();
  end->video = alcove_ladder_new (GST_BIN (end->pipeline), end->workers, END_WIDTH, END_HEIGHT, 30,
                                  &error);
  g_assert_no_error (error);
  if (end->choice != NULL)
    alcove_ladder_set_codec_choice (end->video, end->choice);
  gst_app_sink_set_callbacks (GST_APP_SINK (video), &callbacks, end, NULL);
  end->audio = alcove_fan_out_new (opus);
  alcove_fan_out_set_sink (end->audio, audio);
  gst_element_set_state (end->pipeline, GST_STATE_PLAYING);
  gst_element_get_state (end->pipeline, NULL, NULL, 5 * GST_SECOND);
}

void
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
    .choice = end->choice,
    .preference = end->preference,
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

void
end_init (End *end,
          const char *name,
          guint picture)
{
  end->name = name;
  end->picture = picture;
  end->texts[0] = g_string_new (NULL);
  end->texts[1] = g_string_new (NULL);
}

gboolean
on_patience (gpointer data)
{
  g_error ("Nothing happened within %d s", PATIENCE_S);
  return G_SOURCE_REMOVE;
}

gboolean
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

/* The link's pipeline, which ends in a thread of its own, holds what it sends: when that
 * is gone, so is all of it. */
static void
release (gpointer object)
{
  int gone = 0;
  guint tick = g_timeout_add (20, on_tick, NULL);

  g_object_weak_ref (object, on_gone, &gone);
  g_object_unref (object);
  wait_until (g_atomic_int_get (&gone) == 1);
  g_source_remove (tick);
}

void
end_close (End *end)
{
  if (end->link != NULL)
    {
      alcove_peer_link_close (ALCOVE_PEER_LINK (end->link));
      if (end->video != NULL)
        {
          g_assert_cmpuint (alcove_ladder_get_n_views (end->video), ==, 0);
          g_assert_cmpuint (alcove_fan_out_get_n_subscribers (end->audio), ==, 0);
        }
      g_assert_finalize_object (g_steal_pointer (&end->link));
    }
  if (end->pipeline != NULL)
    {
      gst_element_set_state (end->pipeline, GST_STATE_NULL);
      alcove_ladder_close (end->video);
      alcove_fan_out_set_sink (end->audio, NULL);
      gst_clear_object (&end->pipeline);
      g_assert_true (alcove_workers_wait (end->workers,
                                          g_get_monotonic_time () + PATIENCE_S * G_USEC_PER_SEC));
      g_clear_pointer (&end->workers, alcove_workers_unref);
      release (g_steal_pointer (&end->video));
      release (g_steal_pointer (&end->audio));
    }
  g_clear_error (&end->error);
  g_clear_pointer (&end->description, g_free);
  g_string_free (end->texts[0], TRUE);
  g_string_free (end->texts[1], TRUE);
}

static void
pair_start (Pair *pair,
            gboolean full)
{
  end_start_sending (&pair->a, 440);
  end_start_sending (&pair->b, 880);
  end_make_link (&pair->a, full);
  end_make_link (&pair->b, full);
  pair->a.other = &pair->b;
  pair->b.other = &pair->a;
}

void
pair_init (Pair *pair,
           gboolean full)
{
  *pair = (Pair){ 0 };
  end_init (&pair->a, "a", PICTURE_A);
  end_init (&pair->b, "b", PICTURE_B);
  pair_start (pair, full);
}

void
pair_init_codecs (Pair *pair,
                  AlcoveCodecChoice *choice_a,
                  AlcoveCodecPreference preference_a,
                  AlcoveCodecChoice *choice_b,
                  AlcoveCodecPreference preference_b,
                  const char *codec)
{
  *pair = (Pair){ 0 };
  end_init (&pair->a, "a", PICTURE_A);
  end_init (&pair->b, "b", PICTURE_B);
  pair->a.choice = choice_a;
  pair->b.choice = choice_b;
  pair->a.preference = preference_a;
  pair->b.preference = preference_b;
  pair->a.codec = pair->b.codec = codec;
  pair_start (pair, FALSE);
}

void
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

void
end_sample (End *end)
{
  end->sampled = FALSE;
  alcove_peer_link_sample_async (ALCOVE_PEER_LINK (end->link), NULL, on_sampled, end);
  wait_until (end->sampled);
}

void
check_talk (Pair *pair)
{
  guint tick = g_timeout_add (20, on_tick, NULL);

  wait_until (pair->a.first_frames == 1 && pair->b.first_frames == 1);
  wait_until (pair->a.opened[ALCOVE_CHANNEL_PAGE] && pair->b.opened[ALCOVE_CHANNEL_PAGE]
              && pair->a.opened[ALCOVE_CHANNEL_ALCOVE] && pair->b.opened[ALCOVE_CHANNEL_ALCOVE]);
  g_assert_cmpint (pair->a.width, ==, END_WIDTH);
  g_assert_cmpint (pair->b.height, ==, END_HEIGHT);

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
  g_assert_cmpstr (pair->a.stats.codec_in, ==, pair->a.codec != NULL ? pair->a.codec : "VP8");
  g_assert_cmpstr (pair->a.stats.codec_out, ==, pair->a.codec != NULL ? pair->a.codec : "VP8");
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
