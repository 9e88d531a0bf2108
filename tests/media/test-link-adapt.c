/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <gst/gst.h>

#include "alcove-media-link-parts.h"
#include "link-ends.h"

#define REMB 120000

/* As a page of old words it. */
static char *
leave_out_extension (const char *sdp)
{
  g_auto (GStrv) lines = g_strsplit (sdp, "\r\n", -1);
  GString *text = g_string_new (NULL);

  for (guint i = 0; lines[i] != NULL; i++)
    if (strstr (lines[i], "transport-wide-cc") == NULL && *lines[i] != '\0')
      g_string_append_printf (text, "%s\r\n", lines[i]);
  return g_string_free (text, FALSE);
}

static gint64
get_feedback_time (End *end)
{
  gint64 time;

  g_mutex_lock (&end->link->core->lock);
  time = end->link->core->feedback_time;
  g_mutex_unlock (&end->link->core->lock);

  return time;
}

/* With word of each packet, and without: there is an estimate, and the encoder keeps to it. */
static void
test_estimate (gconstpointer data)
{
  gboolean told = GPOINTER_TO_INT (data);
  guint tick = g_timeout_add (20, on_tick, NULL);
  AlcoveRung rung;
  Pair pair;

  pair_init (&pair, FALSE);
  if (!told)
    pair.a.edit = pair.b.edit = leave_out_extension;
  alcove_peer_link_start_offer (ALCOVE_PEER_LINK (pair.a.link));
  wait_until (pair.a.link->estimate > 0 && pair.b.link->estimate > 0);

  for (guint i = 0; i < 2; i++)
    {
      End *end = i == 0 ? &pair.a : &pair.b;

      g_assert_true ((get_feedback_time (end) != 0) == told);
      end_sample (end);
      g_assert_cmpfloat (end->stats.estimate_kbps, >=, ALCOVE_BANDWIDTH_FLOOR / 1000.0);
      g_assert_cmpfloat (end->stats.target_kbps, >, 0.0);
    }

  /* what a receiver says it can take is a bound where nothing better is known */
  g_mutex_lock (&pair.a.link->core->lock);
  pair.a.link->core->remb = REMB;
  g_mutex_unlock (&pair.a.link->core->lock);
  if (!told)
    wait_until ((alcove_ladder_view_get_rung (pair.a.link->view, &rung), rung.bitrate <= REMB));
  else
    {
      gint64 before = get_feedback_time (&pair.a);

      /* on a busy machine it may have gone down, and comes back: with the bound it never would */
      wait_until (get_feedback_time (&pair.a) > before + G_USEC_PER_SEC / 2
                  && pair.a.link->estimate > REMB);
    }

  g_source_remove (tick);
  pair_clear (&pair);
}

static guint n_told;

static GLogWriterOutput
count_cb (GLogLevelFlags level,
          const GLogField *fields,
          gsize n_fields,
          gpointer data)
{
  for (gsize i = 0; i < n_fields; i++)
    if (level == G_LOG_LEVEL_MESSAGE && g_str_equal (fields[i].key, "MESSAGE")
        && strstr (fields[i].value, "the picture is sent in 160×90 instead of ") != NULL)
      g_atomic_int_inc (&n_told);
  return g_log_writer_default (level, fields, n_fields, NULL);
}

/* Which size goes to somebody is logged when it changes, once. */
static void
test_rung (void)
{
  guint tick = g_timeout_add (20, on_tick, NULL);
  Pair pair;
  AlcoveMediaLink *link;
  gint64 before;

  pair_init (&pair, FALSE);
  link = pair.a.link;
  alcove_peer_link_start_offer (ALCOVE_PEER_LINK (link));
  wait_until (*link->told_rung != '\0');
  g_assert_cmpuint (g_atomic_int_get (&n_told), ==, 0);

  alcove_ladder_view_set_size (link->view, 0, 0);
  wait_until (g_atomic_int_get (&n_told) == 1);
  /* looked at again, and the same */
  before = get_feedback_time (&pair.a);
  wait_until (get_feedback_time (&pair.a) > before + G_USEC_PER_SEC);
  g_assert_cmpuint (g_atomic_int_get (&n_told), ==, 1);

  g_source_remove (tick);
  pair_clear (&pair);
}

static int
get_expected_loss (GstBin *pipeline)
{
  g_autoptr (GstElement) encoder = gst_bin_get_by_name (pipeline, "encoder");
  int percent = -1;

  g_object_get (encoder, "packet-loss-percentage", &percent, NULL);
  return percent;
}

static void
count_if_asking (const GValue *item,
                 gpointer data)
{
  gboolean asks = FALSE;

  g_object_get (g_value_get_object (item), "do-retransmission", &asks, NULL);
  *(guint *) data += asks;
}

static guint
count_asking (AlcoveMediaLink *link)
{
  g_autoptr (GstIterator) iterator
      = gst_bin_iterate_all_by_element_factory_name (GST_BIN (link->webrtc), "rtpjitterbuffer");
  guint n = 0;

  while (gst_iterator_foreach (iterator, count_if_asking, &n) == GST_ITERATOR_RESYNC)
    {
      gst_iterator_resync (iterator);
      n = 0;
    }
  return n;
}

/* Over a way so long that it would come too late nothing is asked for again. What was sent again may
 * have a buffer of its own by then. */
static void
test_far (void)
{
  Pair pair;

  pair_init (&pair, FALSE);
  pair.a.edit = pair.b.edit = leave_out_extension;
  alcove_peer_link_start_offer (ALCOVE_PEER_LINK (pair.a.link));
  wait_until (count_asking (pair.a.link) > 0);

  alcove_media_link_on_report (pair.a.link, 20.0, 0.0);
  alcove_media_link_on_report (pair.a.link, 300.0, 0.0);
  g_assert_cmpuint (count_asking (pair.a.link), >, 0);
  alcove_media_link_on_report (pair.a.link, 300.0, 0.0);
  g_assert_cmpuint (count_asking (pair.a.link), ==, 0);
  alcove_media_link_on_report (pair.a.link, 90.0, 0.0);
  g_assert_cmpuint (count_asking (pair.a.link), ==, 0);
  alcove_media_link_on_report (pair.a.link, 20.0, 0.0);
  g_assert_cmpuint (count_asking (pair.a.link), >, 0);
  alcove_media_link_on_report (pair.a.link, 90.0, 0.0);
  g_assert_cmpuint (count_asking (pair.a.link), >, 0);

  pair_clear (&pair);
}

static void
look (AlcoveAdaptation *adaptation,
      gint64 time)
{
  const AlcoveAdaptationDone nothing = { 0 };

  alcove_adaptation_look (adaptation, time, &nothing);
}

/* Nobody pays for the loss of one who is sent nothing. */
static void
test_stopped (void)
{
  g_autoptr (GstElement) pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  g_autoptr (AlcoveEncoder) sound = alcove_encoder_new_audio (GST_BIN (pipeline), NULL);
  AlcoveAdaptation *adaptation = alcove_adaptation_new (NULL, sound);
  AlcoveMediaLink *link;
  Pair pair;

  pair_init (&pair, FALSE);
  pair.a.edit = pair.b.edit = leave_out_extension;
  link = pair.a.link;
  link->adaptation = g_object_ref (adaptation);
  link->guest = alcove_adaptation_add (adaptation, link->core->slot);
  alcove_peer_link_start_offer (ALCOVE_PEER_LINK (link));
  wait_until (link->subscribed);

  alcove_media_link_on_report (link, 20.0, 0.08);
  look (adaptation, G_USEC_PER_SEC);
  g_assert_cmpint (get_expected_loss (GST_BIN (pipeline)), ==, 8);
  alcove_peer_link_set_sending (ALCOVE_PEER_LINK (link), FALSE);
  look (adaptation, 2 * G_USEC_PER_SEC);
  g_assert_cmpint (get_expected_loss (GST_BIN (pipeline)), ==, 0);

  /* one that was on its way */
  alcove_media_link_on_report (link, 20.0, 0.08);
  look (adaptation, 3 * G_USEC_PER_SEC);
  g_assert_cmpint (get_expected_loss (GST_BIN (pipeline)), ==, 0);

  pair_clear (&pair);
  g_assert_finalize_object (adaptation);
}

int
main (int argc,
      char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/media/link-adapt/each-packet", GINT_TO_POINTER (TRUE), test_estimate);
  g_test_add_data_func ("/media/link-adapt/reports", GINT_TO_POINTER (FALSE), test_estimate);
  g_test_add_func ("/media/link-adapt/far", test_far);
  g_test_add_func ("/media/link-adapt/stopped", test_stopped);
  g_log_set_writer_func (count_cb, NULL, NULL);
  g_test_add_func ("/media/link-adapt/rung", test_rung);

  return g_test_run ();
}
