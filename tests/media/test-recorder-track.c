/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "alcove-recorder-track.h"

#define PACKET (20 * GST_MSECOND)

static GstClockTime
place (AlcoveRecorderTrack *track,
       guint time)
{
  return alcove_recorder_track_place (track, time * GST_MSECOND, track->is_sound ? PACKET : 0)
         / GST_MSECOND;
}

/* What comes as it should stays where it is, from the first moment on. */
static void
test_steady (gconstpointer data)
{
  AlcoveRecorderTrack track;

  alcove_recorder_track_init (&track, GPOINTER_TO_INT (data));
  for (guint i = 0; i < 100; i++)
    g_assert_cmpuint (place (&track, i * 20), ==, i * 20);

  /* and so do holes */
  g_assert_cmpuint (place (&track, 60000), ==, 60000);
}

static void
test_pictures (void)
{
  AlcoveRecorderTrack track;

  alcove_recorder_track_init (&track, FALSE);
  for (guint i = 0; i < 5; i++)
    g_assert_cmpuint (place (&track, 0), ==, i);
  g_assert_cmpuint (place (&track, 40), ==, 40);
  g_assert_cmpuint (place (&track, 10), ==, 41);
  g_assert_cmpuint (place (&track, 0), ==, 42);
  g_assert_cmpuint (place (&track, 42), ==, 43);
  g_assert_cmpuint (place (&track, 80), ==, 80);

  /* less apart than the file can tell */
  g_assert_cmpuint (alcove_recorder_track_place (&track, 80 * GST_MSECOND + 1, 0), ==,
                    81 * GST_MSECOND);
}

/* A burst is laid in a row, and what follows is in time again before long. */
static void
test_sound (void)
{
  AlcoveRecorderTrack track;
  GstClockTime last = 0;
  guint n_late = 0;

  alcove_recorder_track_init (&track, TRUE);
  for (guint i = 0; i < 5; i++)
    g_assert_cmpuint (place (&track, 1000), ==, 1000 + i * 19);
  last = 1000 + 4 * 19;
  for (guint i = 1; i < 200; i++)
    {
      GstClockTime time = place (&track, 1000 + i * 20);

      g_assert_cmpuint (time, >=, last + 19);
      n_late += time > 1000 + i * 20;
      last = time;
    }
  g_assert_cmpuint (last, ==, 1000 + 199 * 20);
  g_assert_cmpuint (n_late, <, 80);

  /* back, by more than a packet, and by more than sound is laid late for */
  g_assert_cmpuint (place (&track, last - 100), ==, last + 19);
  g_assert_cmpuint (place (&track, last - 1000), ==, last + 20);
}

/* Sound that never stops being late is not laid ever later, and its times rise all the same. */
static void
test_bound (void)
{
  AlcoveRecorderTrack track;
  GstClockTime last = 0;

  alcove_recorder_track_init (&track, TRUE);
  place (&track, 0);
  for (guint i = 1; i < 2000; i++)
    {
      GstClockTime time = place (&track, i * 10);

      g_assert_cmpuint (time, >, last);
      g_assert_cmpuint (time, <=, i * 10 + ALCOVE_RECORDER_TRACK_MOST_LAG / GST_MSECOND);
      last = time;
    }
}

static void
test_measure (void)
{
  static const struct {
    guint8 data[2];
    gsize length;
    guint microseconds;
  } packets[] = {
    { { 0 }, 0, 0 },                     /* empty */
    { { 1 << 3 }, 1, 20000 },            /* SILK */
    { { 3 << 3 }, 1, 60000 },            /* likewise */
    { { 12 << 3 }, 1, 10000 },           /* hybrid */
    { { 15 << 3 | 1 }, 1, 40000 },       /* two frames */
    { { 28 << 3 | 2 }, 1, 5000 },        /* CELT, two of 2.5 ms */
    { { 31 << 3 }, 1, 20000 },           /* CELT */
    { { 31 << 3 | 3, 0x80 | 3 }, 2, 60000 }, /* as many as the next byte says */
    { { 31 << 3 | 3, 0 }, 2, 0 },        /* none */
    { { 31 << 3 | 3, 63 }, 2, 0 },       /* more than may be */
    { { 31 << 3 | 3 }, 1, 0 },           /* cut off */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (packets); i++)
    {
      g_autoptr (GstBuffer) packet = gst_buffer_new_allocate (NULL, packets[i].length, NULL);

      gst_buffer_fill (packet, 0, packets[i].data, packets[i].length);
      g_assert_cmpuint (alcove_recorder_track_measure_packet (packet), ==,
                        packets[i].microseconds * GST_USECOND);
    }
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);

  g_test_add_data_func ("/media/recorder-track/steady/pictures", GINT_TO_POINTER (FALSE),
                        test_steady);
  g_test_add_data_func ("/media/recorder-track/steady/sound", GINT_TO_POINTER (TRUE), test_steady);
  g_test_add_func ("/media/recorder-track/pictures", test_pictures);
  g_test_add_func ("/media/recorder-track/sound", test_sound);
  g_test_add_func ("/media/recorder-track/bound", test_bound);
  g_test_add_func ("/media/recorder-track/measure", test_measure);

  return g_test_run ();
}
