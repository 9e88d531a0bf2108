/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <gst/app/gstappsrc.h>
#include <gst/gst.h>
#include <gst/rtp/rtp.h>

#include "alcove-media-link-parts.h"

/* A run that hangs is ended here; nothing is measured by it. */
#define PATIENCE_S 90

typedef struct _End End;
struct _End {
  AlcoveLadder *video;
  AlcoveFanOut *audio;
  AlcoveMediaLink *link;
  End *other;
  char *description;
  guint n_descriptions;
  gboolean connected;
};

typedef struct {
  End a;
  End b;
} Pair;

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

static void
on_description (AlcovePeerLink *link,
                AlcoveDescriptionType type,
                const char *sdp,
                gpointer data)
{
  End *end = data;

  end->n_descriptions++;
  g_free (end->description);
  end->description = g_strdup (sdp);
  if (end->other != NULL)
    alcove_peer_link_set_remote (ALCOVE_PEER_LINK (end->other->link), type, sdp);
}

static void
on_candidate (AlcovePeerLink *link,
              const char *mid,
              int mline_index,
              const char *candidate,
              gpointer data)
{
  End *end = data;

  g_assert_nonnull (mid);
  if (end->other != NULL)
    alcove_peer_link_add_candidate (ALCOVE_PEER_LINK (end->other->link), mid, -1, candidate);
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
  g_assert_no_error (error);
}

static void
end_init (End *end)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();
  g_autoptr (GstElement) pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  g_autoptr (AlcoveWorkers) workers = alcove_workers_new ();
  g_autoptr (GstCaps) opus
      = gst_caps_from_string ("audio/x-opus,channel-mapping-family=0,rate=48000,channels=1");
  AlcoveMediaLinkSetup setup = {
    .peer = "somebody",
    .channel_label = "page",
    .clock = clock,
    .base_time = gst_clock_get_time (clock),
    .receive = TRUE,
  };

  *end = (End){ 0 };
  setup.video = end->video
      = alcove_ladder_new (GST_BIN (pipeline), workers, 320, 180, 30, &error);
  g_assert_no_error (error);
  setup.audio = end->audio = alcove_fan_out_new (opus);
  end->link = alcove_media_link_new (&setup, &error);
  g_assert_no_error (error);
  g_signal_connect (end->link, "description", G_CALLBACK (on_description), end);
  g_signal_connect (end->link, "candidate", G_CALLBACK (on_candidate), end);
  g_signal_connect (end->link, "connected", G_CALLBACK (on_connected), end);
  g_signal_connect (end->link, "failed", G_CALLBACK (on_failed), end);
}

static void
end_clear (End *end)
{
  alcove_peer_link_close (ALCOVE_PEER_LINK (end->link));
  g_assert_finalize_object (g_steal_pointer (&end->link));
  alcove_ladder_close (end->video);
  g_clear_object (&end->video);
  g_clear_object (&end->audio);
  g_clear_pointer (&end->description, g_free);
}

static void
pair_connect (Pair *pair)
{
  end_init (&pair->a);
  end_init (&pair->b);
  pair->a.other = &pair->b;
  pair->b.other = &pair->a;
  alcove_peer_link_start_offer (ALCOVE_PEER_LINK (pair->a.link));
  wait_until (pair->a.connected && pair->b.connected);
}

static void
pair_clear (Pair *pair)
{
  end_clear (&pair->a);
  end_clear (&pair->b);
}

static void
assert_numbered (const char *sdp)
{
  g_assert_nonnull (strstr (sdp, "a=group:BUNDLE 0 1 2\r\n"));
  g_assert_nonnull (strstr (strstr (sdp, "m=audio"), "a=mid:0\r\n"));
  g_assert_nonnull (strstr (strstr (sdp, "m=video"), "a=mid:1\r\n"));
  g_assert_nonnull (strstr (strstr (sdp, "m=application"), "a=mid:2\r\n"));
}

/* A browser that takes its own offer back for ours needs the names it would give itself. */
static void
test_numbered (void)
{
  Pair pair;

  pair_connect (&pair);
  assert_numbered (pair.a.description);
  assert_numbered (pair.b.description);

  /* and on the same connection, whoever offers */
  alcove_peer_link_start_offer (ALCOVE_PEER_LINK (pair.b.link));
  wait_until (pair.a.n_descriptions == 2);
  assert_numbered (pair.a.description);
  assert_numbered (pair.b.description);
  alcove_peer_link_start_offer (ALCOVE_PEER_LINK (pair.a.link));
  wait_until (pair.b.n_descriptions == 3);
  assert_numbered (pair.a.description);
  assert_numbered (pair.b.description);
  pair_clear (&pair);
}

/* The next offer may come before webrtcbin is through with the last answer. */
static void
test_in_turns (void)
{
  Pair pair;

  pair_connect (&pair);
  for (guint round = 0; round < 10; round++)
    {
      End *by = round % 2 == 0 ? &pair.b : &pair.a;
      guint n_answers = by->other->n_descriptions;

      alcove_peer_link_start_offer (ALCOVE_PEER_LINK (by->link));
      wait_until (by->other->n_descriptions == n_answers + 1);
    }
  assert_numbered (pair.a.description);
  assert_numbered (pair.b.description);
  pair_clear (&pair);
}

static GstPadProbeReturn
on_held (GstPad *pad,
         GstPadProbeInfo *info,
         gpointer data)
{
  return GST_PAD_PROBE_OK;
}

/* Nothing that the thread of a source has to say gets anywhere. */
static void
on_element_added (GstBin *bin,
                  GstElement *element,
                  gpointer data)
{
  g_autoptr (GstPad) src = NULL;

  if (!GST_IS_APP_SRC (element))
    return;
  src = gst_element_get_static_pad (element, "src");
  gst_pad_add_probe (src, GST_PAD_PROBE_TYPE_BLOCK | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_held,
                     NULL, NULL);
}

/* What the answer says of the streams of one section. */
static void
check_streams (const char *answer,
               const char *section,
               guint n_streams)
{
  g_auto (GStrv) lines = g_strsplit (strstr (answer, section), "\r\n", -1);
  guint n_found = 0;

  for (guint i = 1; lines[i] != NULL && !g_str_has_prefix (lines[i], "m="); i++)
    {
      g_assert_false (g_str_has_prefix (lines[i], "a=ssrc-group:FID 0 "));
      if (g_str_has_prefix (lines[i], "a=ssrc:") && strstr (lines[i], " msid:") != NULL)
        n_found++;
    }
  g_assert_cmpuint (n_found, ==, n_streams);
}

/* A source whose thread is slow is no reason for an answer that does not name our streams: a
 * browser would show nothing of them. */
static void
test_slow_sources (void)
{
  g_autofree char *path
      = g_test_build_filename (G_TEST_DIST, "data", "sdp", "chromium-offer-audio-video-data.sdp",
                               NULL);
  g_autofree char *offer = NULL;
  g_autoptr (GError) error = NULL;
  End end;

  g_file_get_contents (path, &offer, NULL, &error);
  g_assert_no_error (error);
  end_init (&end);
  g_signal_connect (end.link->pipeline, "element-added", G_CALLBACK (on_element_added), NULL);
  alcove_peer_link_set_remote (ALCOVE_PEER_LINK (end.link), ALCOVE_DESCRIPTION_OFFER, offer);
  wait_until (end.n_descriptions == 1);
  check_streams (end.description, "m=audio", 1);
  check_streams (end.description, "m=video", 2);
  end_clear (&end);
}

/* Whatever the session at the far end of the payloaders would rather have: the numbers that the
 * description names are kept. */
static void
test_own_numbers (void)
{
  Pair pair;
  g_autoptr (GstIterator) elements = NULL;
  g_auto (GValue) item = G_VALUE_INIT;
  guint n_checked = 0;

  pair_connect (&pair);
  elements = gst_bin_iterate_elements (GST_BIN (pair.b.link->pipeline));
  while (gst_iterator_next (elements, &item) == GST_ITERATOR_OK)
    {
      GstElement *element = g_value_get_object (&item);

      if (GST_IS_RTP_BASE_PAYLOAD (element))
        {
          g_autoptr (GstPad) src = gst_element_get_static_pad (element, "src");
          g_autoptr (GstCaps) caps = gst_pad_peer_query_caps (src, NULL);
          g_autofree char *line = NULL;
          guint number = 0;

          g_assert_true (gst_structure_get_uint (gst_caps_get_structure (caps, 0), "ssrc", &number));
          line = g_strdup_printf ("a=ssrc:%u ", number);
          g_assert_nonnull (strstr (pair.b.description, line));
          n_checked++;
        }
      g_value_reset (&item);
    }
  g_assert_cmpuint (n_checked, ==, 2);
  pair_clear (&pair);
}

int
main (int argc,
      char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/media/link-sections/numbered", test_numbered);
  g_test_add_func ("/media/link-sections/in-turns", test_in_turns);
  g_test_add_func ("/media/link-sections/slow-sources", test_slow_sources);
  g_test_add_func ("/media/link-sections/own-numbers", test_own_numbers);

  return g_test_run ();
}
