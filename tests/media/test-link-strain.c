/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <gst/gst.h>

#include "alcove-media-link-parts.h"

/* A run that hangs is ended here; nothing is measured by it. */
#define PATIENCE_S 90

#define FLOOD_BYTES (4 * 1024 * 1024)
#define TEXT_BYTES 16000

typedef struct {
  AlcoveMediaLink *link;
  AlcoveMediaLink *other;
  guint n_failed;
  gboolean open;
  gsize bytes;
} End;

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

static AlcoveMediaLink *
make_link (void)
{
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();
  g_autoptr (GError) error = NULL;
  AlcoveMediaLinkSetup setup = {
    .peer = "somebody",
    .channel_label = "page",
    .clock = clock,
    .base_time = gst_clock_get_time (clock),
    .receive = TRUE,
  };
  AlcoveMediaLink *link = alcove_media_link_new (&setup, &error);

  g_assert_no_error (error);
  return link;
}

static void
on_failed (AlcovePeerLink *link,
           const GError *error,
           gpointer data)
{
  End *end = data;

  end->n_failed++;
  alcove_peer_link_close (link);
  g_clear_object (&end->link);
}

/* The owner lets go of a link that broke from within `failed`. */
static void
test_let_go_within_failed (void)
{
  End end = { .link = make_link () };
  g_autoptr (GstElement) pipeline = gst_object_ref (end.link->pipeline);
  AlcoveMediaLink *gone = end.link;

  g_object_add_weak_pointer (G_OBJECT (gone), (gpointer *) &gone);
  g_signal_connect (end.link, "failed", G_CALLBACK (on_failed), &end);
  GST_ELEMENT_ERROR (pipeline, STREAM, FAILED, (NULL), ("broken on purpose"));
  wait_until (end.n_failed > 0 && gone == NULL);
  g_assert_cmpuint (end.n_failed, ==, 1);
}

/* A stranger that claims many sources gets few jitter buffers. */
static void
test_sources_are_bounded (void)
{
  g_autoptr (AlcoveMediaLink) link = make_link ();
  g_autoptr (GstElement) rtpbin = gst_bin_get_by_name (GST_BIN (link->webrtc), "rtpbin");
  guint max = 0;

  g_assert_nonnull (rtpbin);
  g_object_get (rtpbin, "max-streams", &max, NULL);
  g_assert_cmpuint (max, >=, 3);
  g_assert_cmpuint (max, <=, 64);
}

static void
on_description (AlcovePeerLink *link,
                AlcoveDescriptionType type,
                const char *sdp,
                gpointer data)
{
  alcove_peer_link_set_remote (ALCOVE_PEER_LINK (((End *) data)->other), type, sdp);
}

static void
on_candidate (AlcovePeerLink *link,
              const char *mid,
              int mline_index,
              const char *candidate,
              gpointer data)
{
  alcove_peer_link_add_candidate (ALCOVE_PEER_LINK (((End *) data)->other), mid, mline_index,
                                  candidate);
}

static void
on_channel_open (AlcovePeerLink *link,
                 AlcoveChannel channel,
                 gpointer data)
{
  if (channel == ALCOVE_CHANNEL_ALCOVE)
    ((End *) data)->open = TRUE;
}

static void
on_channel_text (AlcovePeerLink *link,
                 AlcoveChannel channel,
                 const char *text,
                 gpointer data)
{
  ((End *) data)->bytes += strlen (text);
}

static void
watch (End *end,
       End *other)
{
  end->other = other->link;
  g_signal_connect (end->link, "description", G_CALLBACK (on_description), end);
  g_signal_connect (end->link, "candidate", G_CALLBACK (on_candidate), end);
  g_signal_connect (end->link, "channel-open", G_CALLBACK (on_channel_open), end);
  g_signal_connect (end->link, "channel-text", G_CALLBACK (on_channel_text), end);
}

static void
end_clear (End *end)
{
  alcove_peer_link_close (ALCOVE_PEER_LINK (end->link));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (g_steal_pointer (&end->link));
}

/* Texts that come while the main context is busy wait within a bound. */
static void
test_flood (void)
{
  End a = { .link = make_link () };
  End b = { .link = make_link () };
  g_autofree char *text = g_strnfill (TEXT_BYTES, 'x');
  gint64 end = g_get_monotonic_time () + PATIENCE_S * G_USEC_PER_SEC;
  gsize sent = 0;
  gsize before;

  watch (&a, &b);
  watch (&b, &a);
  alcove_peer_link_start_offer (ALCOVE_PEER_LINK (a.link));
  wait_until (a.open && b.open);

  /* nothing is dispatched meanwhile; what is sent arrives on other threads */
  while (sent < FLOOD_BYTES)
    {
      if (alcove_peer_link_send_text (ALCOVE_PEER_LINK (a.link), ALCOVE_CHANNEL_ALCOVE, text))
        sent += TEXT_BYTES;
      else
        g_thread_yield ();
      g_assert_cmpint (g_get_monotonic_time (), <, end);
    }

  while (g_main_context_iteration (NULL, FALSE))
    ;
  before = b.bytes;
  g_assert_cmpuint (before, >, 0);
  g_assert_cmpuint (before, <=, FLOOD_BYTES / 2);

  /* and it goes on afterwards */
  while (!alcove_peer_link_send_text (ALCOVE_PEER_LINK (a.link), ALCOVE_CHANNEL_ALCOVE, "calm"))
    {
      g_main_context_iteration (NULL, FALSE);
      g_assert_cmpint (g_get_monotonic_time (), <, end);
    }
  wait_until (b.bytes > before);

  end_clear (&a);
  end_clear (&b);
}

int
main (int argc,
      char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/media/link-strain/let-go-within-failed", test_let_go_within_failed);
  g_test_add_func ("/media/link-strain/sources-are-bounded", test_sources_are_bounded);
  g_test_add_func ("/media/link-strain/flood", test_flood);

  return g_test_run ();
}
