/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "alcove-playout-margin.h"

#define PIECE (20 * GST_MSECOND)
#define BEGIN (10 * GST_SECOND)

/* Sound that is sent every 20 ms and comes as much later as each test says. */
typedef struct {
  AlcovePlayoutMargin margin;
  GstClockTime sent;
  GstClockTime now;
  guint n_left_out;
  guint n_anew;
} Stream;

static void
stream_init (Stream *stream)
{
  *stream = (Stream){ .sent = BEGIN };
  alcove_playout_margin_init (&stream->margin);
}

static GstClockTime
stream_push (Stream *stream,
             GstClockTime delay,
             gboolean silent)
{
  gboolean anew;
  GstClockTime start;

  stream->now = MAX (stream->now, stream->sent + delay);
  stream->sent += PIECE;
  start = alcove_playout_margin_place (&stream->margin, stream->now, PIECE, silent, &anew);
  if (!GST_CLOCK_TIME_IS_VALID (start))
    stream->n_left_out++;
  else
    {
      g_assert_cmpuint (start, >=, stream->now);
      g_assert_cmpuint (start, <=, stream->now + ALCOVE_PLAYOUT_MARGIN_BOUND);
      if (anew)
        stream->n_anew++;
    }
  return start;
}

/* how much sound is ahead before the next piece comes */
static GstClockTime
stream_get_lead (Stream *stream)
{
  return stream->margin.next - (stream->sent > stream->now ? stream->sent : stream->now);
}

static void
test_steady (void)
{
  Stream stream;
  GstClockTime last = 0;

  stream_init (&stream);
  for (guint i = 0; i < 500; i++)
    {
      GstClockTime start = stream_push (&stream, 0, FALSE);

      if (i > 0)
        g_assert_cmpuint (start, ==, last + PIECE);
      last = start;
    }
  g_assert_cmpuint (stream.n_anew, ==, 1);
  g_assert_cmpuint (stream.n_left_out, ==, 0);
  g_assert_cmpuint (stream_get_lead (&stream), ==, ALCOVE_PLAYOUT_MARGIN_FIRST);
}

/* What came late makes the margin grow at once, so that the same does not happen again. */
static void
test_jitter (void)
{
  Stream stream;

  stream_init (&stream);
  for (guint i = 0; i < 200; i++)
    stream_push (&stream, i % 10 == 9 ? 90 * GST_MSECOND : 0, FALSE);

  g_assert_cmpuint (stream.n_anew, ==, 2);
  g_assert_cmpuint (stream.margin.margin, >=, 90 * GST_MSECOND);
}

/* A queue every six seconds, in a stream that is silent often enough for all to be taken back in
 * between, is met once. */
static void
test_waves (void)
{
  Stream stream;

  stream_init (&stream);
  for (guint i = 1; i <= 6000; i++)
    {
      guint since = i % 300;

      stream_push (&stream, since < 10 ? (since + 1) * 11 * GST_MSECOND : 0, i % 3 == 0);
    }
  g_assert_cmpuint (stream.n_anew, ==, 2);

  /* and is forgotten when it does not come any more */
  for (guint i = 0; i < 1500; i++)
    stream_push (&stream, 0, i % 3 == 0);
  g_assert_cmpuint (stream_get_lead (&stream), <=, 40 * GST_MSECOND);
}

static void
test_margin_is_bounded (void)
{
  Stream stream;

  stream_init (&stream);
  for (guint i = 0; i < 200; i++)
    {
      stream_push (&stream, i % 10 == 9 ? 400 * GST_MSECOND : 0, FALSE);
      g_assert_cmpuint (stream.margin.margin, <=, ALCOVE_PLAYOUT_MARGIN_MOST);
      g_assert_cmpuint (stream.margin.margin, >=, ALCOVE_PLAYOUT_MARGIN_LEAST);
    }
}

/* A heap of sound that came at once is worked off where nobody speaks, and only there. */
static void
test_heap (void)
{
  Stream stream;

  stream_init (&stream);
  stream.now = BEGIN + 160 * GST_MSECOND;
  for (guint i = 0; i < 500; i++)
    stream_push (&stream, 0, FALSE);
  g_assert_cmpuint (stream.n_left_out, ==, 0);
  g_assert_cmpuint (stream_get_lead (&stream), ==, 160 * GST_MSECOND + ALCOVE_PLAYOUT_MARGIN_FIRST);

  for (guint i = 0; i < 500; i++)
    stream_push (&stream, 0, i % 5 == 0);
  g_assert_cmpuint (stream.n_left_out, >, 0);
  g_assert_cmpuint (stream.n_anew, ==, 1);
  g_assert_cmpuint (stream_get_lead (&stream), <=, 40 * GST_MSECOND);
}

/* Where nobody ever pauses it is worked off too, by a twentieth of the time at most, and no further than
 * what a steady stream keeps ahead. */
static void
test_heap_without_pauses (void)
{
  Stream stream;
  GstClockTime left_out = 0;

  stream_init (&stream);
  stream.now = BEGIN + 300 * GST_MSECOND;
  for (guint i = 0; i < 1000; i++)
    {
      stream_push (&stream, 0, FALSE);
      if (!alcove_playout_margin_is_long (&stream.margin))
        continue;
      alcove_playout_margin_shorten (&stream.margin, 10 * GST_MSECOND);
      left_out += 10 * GST_MSECOND;
      g_assert_cmpuint (left_out, <=, i * PIECE / 20);
    }
  g_assert_cmpuint (stream.n_anew, ==, 1);
  g_assert_cmpuint (stream.n_left_out, ==, 0);
  g_assert_cmpuint (stream_get_lead (&stream), <=, 60 * GST_MSECOND);
  g_assert_cmpuint (stream_get_lead (&stream), >=, ALCOVE_PLAYOUT_MARGIN_FIRST);
}

/* Slowly: what is needed once every second is not given up in between. */
static void
test_keeps_what_is_needed (void)
{
  Stream stream;

  stream_init (&stream);
  for (guint i = 0; i < 1000; i++)
    stream_push (&stream, i % 50 == 49 ? 60 * GST_MSECOND : 0, TRUE);
  g_assert_cmpuint (stream.n_anew, <=, 3);
}

static void
test_too_much (void)
{
  Stream stream;

  stream_init (&stream);
  stream.now = BEGIN + GST_SECOND;
  for (guint i = 0; i < 50; i++)
    stream_push (&stream, 0, FALSE);
  g_assert_cmpuint (stream.n_left_out, >, 30);
  g_assert_cmpuint (stream.n_anew, ==, 1);
}

/* Who was silent for a while, or away, had no bad network. */
static void
test_pause (void)
{
  Stream stream;

  stream_init (&stream);
  stream_push (&stream, 0, FALSE);
  stream.sent += 5 * GST_SECOND;
  stream_push (&stream, 0, FALSE);
  g_assert_cmpuint (stream.n_anew, ==, 2);
  g_assert_cmpuint (stream.margin.margin, ==, ALCOVE_PLAYOUT_MARGIN_FIRST);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/media/playout-margin/steady", test_steady);
  g_test_add_func ("/media/playout-margin/jitter", test_jitter);
  g_test_add_func ("/media/playout-margin/waves", test_waves);
  g_test_add_func ("/media/playout-margin/bounded", test_margin_is_bounded);
  g_test_add_func ("/media/playout-margin/heap", test_heap);
  g_test_add_func ("/media/playout-margin/heap-without-pauses", test_heap_without_pauses);
  g_test_add_func ("/media/playout-margin/keeps-what-is-needed", test_keeps_what_is_needed);
  g_test_add_func ("/media/playout-margin/too-much", test_too_much);
  g_test_add_func ("/media/playout-margin/pause", test_pause);

  return g_test_run ();
}
