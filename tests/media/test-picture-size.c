/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>

#include "alcove-picture-guard.h"
#include "alcove-picture-size.h"

#define TIMEOUT (90 * GST_SECOND)

#define HIGH_PROFILE 100
#define BASELINE 66

#define N_ROUNDS 20000

/* Puts together what an encoder would write, bit by bit. */
typedef struct {
  GByteArray *bytes;
  guint n_bits;
} Writer;

static void
put_bit (Writer *writer,
         guint bit)
{
  const guint8 zero = 0;

  if (writer->n_bits++ % 8 == 0)
    g_byte_array_append (writer->bytes, &zero, 1);
  writer->bytes->data[writer->bytes->len - 1] |= bit << (7 - (writer->n_bits - 1) % 8);
}

static void
put (Writer *writer,
     guint value,
     guint n)
{
  while (n-- > 0)
    put_bit (writer, value >> n & 1);
}

static void
put_number (Writer *writer,
            guint32 number)
{
  guint64 value = (guint64) number + 1;
  guint n = 0;

  while (value >> (n + 1) != 0)
    n++;
  put (writer, 0, n);
  while (TRUE)
    {
      put_bit (writer, value >> n & 1);
      if (n-- == 0)
        break;
    }
}

static void
begin_unit (Writer *writer,
            guint8 header)
{
  const guint8 start[] = { 0, 0, 0, 1, header };

  writer->n_bits = 0;
  g_byte_array_append (writer->bytes, start, sizeof start);
}

/* A sequence parameter set; what it has beside the size is as far from the usual as it may be. */
static void
put_sequence (Writer *writer,
              guint profile,
              guint32 columns,
              guint32 rows,
              gboolean frames_only)
{
  begin_unit (writer, 0x67);
  put (writer, profile, 8);
  put (writer, 0xc01f, 16);
  put_number (writer, 0);
  if (profile == HIGH_PROFILE)
    {
      put_number (writer, 3);
      put (writer, 1, 1);
      put_number (writer, 2);
      put_number (writer, 2);
      put (writer, 0, 1);
      put (writer, 1, 1);
      /* one list that ends at once, one that is written whole, and ten that are not there */
      put (writer, 1, 1);
      put_number (writer, 16);
      put (writer, 1, 1);
      for (int i = 0; i < 16; i++)
        put_number (writer, 1);
      put (writer, 0, 10);
    }
  put_number (writer, 4);
  if (profile == HIGH_PROFILE)
    {
      put_number (writer, 1);
      put (writer, 1, 1);
      put_number (writer, 5);
      put_number (writer, 6);
      put_number (writer, 2);
      put_number (writer, 7);
      put_number (writer, 8);
    }
  else
    put_number (writer, 2);
  put_number (writer, 1);
  put (writer, 0, 1);
  put_number (writer, columns - 1);
  put_number (writer, rows - 1);
  put (writer, frames_only, 1);
  put (writer, 0x5, 3); /* and what comes behind */
}

static AlcovePictureSize
read_h264 (const Writer *writer,
           int *width,
           int *height)
{
  /* a copy of just its length, so that reading on would be seen */
  g_autofree guint8 *copy = g_memdup2 (writer->bytes->data, writer->bytes->len);

  return alcove_picture_size_read_h264 (copy, writer->bytes->len, width, height);
}

static void
make_vp8 (guint8 *head,
          int width,
          int height)
{
  const guint8 made[ALCOVE_PICTURE_SIZE_VP8_HEAD]
      = { 0x10, 0x02, 0, 0x9d, 0x01, 0x2a, width & 0xff, width >> 8, height & 0xff, height >> 8 };

  memcpy (head, made, sizeof made);
}

static void
test_vp8 (void)
{
  guint8 head[ALCOVE_PICTURE_SIZE_VP8_HEAD];
  int width = -1;
  int height = -1;

  make_vp8 (head, 640, 360);
  for (gsize length = 1; length < sizeof head; length++)
    {
      g_autofree guint8 *copy = g_memdup2 (head, length);

      g_assert_cmpint (alcove_picture_size_read_vp8 (copy, length, &width, &height), ==,
                       ALCOVE_PICTURE_SIZE_BROKEN);
    }
  g_assert_cmpint (alcove_picture_size_read_vp8 (head, 0, &width, &height), ==,
                   ALCOVE_PICTURE_SIZE_NONE);
  g_assert_cmpint (width, ==, -1);
  g_assert_cmpint (height, ==, -1);
  g_assert_cmpint (alcove_picture_size_read_vp8 (head, sizeof head, &width, &height), ==,
                   ALCOVE_PICTURE_SIZE_KNOWN);
  g_assert_cmpint (width, ==, 640);
  g_assert_cmpint (height, ==, 360);

  /* the upper two bits say how it is to be scaled */
  head[7] |= 0xc0;
  head[9] |= 0x40;
  g_assert_cmpint (alcove_picture_size_read_vp8 (head, sizeof head, &width, &height), ==,
                   ALCOVE_PICTURE_SIZE_KNOWN);
  g_assert_cmpint (width, ==, 640);
  g_assert_cmpint (height, ==, 360);

  make_vp8 (head, 0x3fff, 0x3fff);
  g_assert_cmpint (alcove_picture_size_read_vp8 (head, sizeof head, &width, &height), ==,
                   ALCOVE_PICTURE_SIZE_KNOWN);
  g_assert_cmpint (width, ==, 16383);
  g_assert_cmpint (height, ==, 16383);

  make_vp8 (head, 0, 360);
  g_assert_cmpint (alcove_picture_size_read_vp8 (head, sizeof head, &width, &height), ==,
                   ALCOVE_PICTURE_SIZE_BROKEN);
  make_vp8 (head, 640, 360);
  head[4] = 0;
  g_assert_cmpint (alcove_picture_size_read_vp8 (head, sizeof head, &width, &height), ==,
                   ALCOVE_PICTURE_SIZE_BROKEN);
  /* depends on the one before */
  head[0] |= 1;
  g_assert_cmpint (alcove_picture_size_read_vp8 (head, sizeof head, &width, &height), ==,
                   ALCOVE_PICTURE_SIZE_NONE);
}

static void
test_h264 (void)
{
  /* of 1280×720 in high profile, as x264 writes it */
  const guint8 real[] = { 0, 0, 0, 1, 0x67, 0x64, 0x00, 0x1f, 0xac, 0xd9, 0x40, 0x50, 0x05, 0xbb,
                          0x01, 0x10, 0x00, 0x00, 0x03, 0x00, 0x10, 0x00, 0x00, 0x03, 0x03, 0xc0,
                          0xf1, 0x83, 0x19, 0x60 };
  const guint profiles[] = { BASELINE, 77, HIGH_PROFILE };
  int width, height;

  g_assert_cmpint (alcove_picture_size_read_h264 (real, sizeof real, &width, &height), ==,
                   ALCOVE_PICTURE_SIZE_KNOWN);
  g_assert_cmpint (width, ==, 1280);
  g_assert_cmpint (height, ==, 720);

  for (gsize i = 0; i < G_N_ELEMENTS (profiles); i++)
    {
      g_autoptr (GByteArray) bytes = g_byte_array_new ();
      Writer writer = { .bytes = bytes };
      guint whole;

      put_sequence (&writer, profiles[i], 40, 23, TRUE);
      whole = bytes->len;
      g_assert_cmpint (read_h264 (&writer, &width, &height), ==, ALCOVE_PICTURE_SIZE_KNOWN);
      g_assert_cmpint (width, ==, 640);
      g_assert_cmpint (height, ==, 368);

      /* cut off anywhere it is either nothing or known to be broken */
      for (guint length = 0; length < whole - 1; length++)
        {
          g_autofree guint8 *copy = g_memdup2 (bytes->data, length);

          g_assert_cmpint (alcove_picture_size_read_h264 (copy, length, &width, &height), ==,
                           length < 5 ? ALCOVE_PICTURE_SIZE_NONE : ALCOVE_PICTURE_SIZE_BROKEN);
        }

      /* a slice may follow, and another set behind it, which is the one that counts */
      begin_unit (&writer, 0x65);
      put (&writer, 0xffffff, 24);
      g_assert_cmpint (read_h264 (&writer, &width, &height), ==, ALCOVE_PICTURE_SIZE_KNOWN);
      g_assert_cmpint (height, ==, 368);
      put_sequence (&writer, profiles[i], 1024, 12, FALSE);
      g_assert_cmpint (read_h264 (&writer, &width, &height), ==, ALCOVE_PICTURE_SIZE_KNOWN);
      g_assert_cmpint (width, ==, 16384);
      g_assert_cmpint (height, ==, 384);
    }
}

static void
test_h264_hostile (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GRand) random = g_rand_new_with_seed (42);
  Writer writer = { .bytes = bytes };
  guint8 none[] = { 0, 0, 1, 0x41, 0x9a, 0, 0, 1 };
  int width = 0;
  int height = 0;

  g_assert_cmpint (alcove_picture_size_read_h264 (NULL, 0, &width, &height), ==,
                   ALCOVE_PICTURE_SIZE_NONE);
  g_assert_cmpint (alcove_picture_size_read_h264 (none, sizeof none, &width, &height), ==,
                   ALCOVE_PICTURE_SIZE_NONE);

  /* large numbers; twice the height for frames of two fields each */
  put_sequence (&writer, BASELINE, 65535, 65535, FALSE);
  g_assert_cmpint (read_h264 (&writer, &width, &height), ==, ALCOVE_PICTURE_SIZE_KNOWN);
  g_assert_cmpint (width, ==, 65535 * 16);
  g_assert_cmpint (height, ==, 65535 * 32);
  g_assert_false (alcove_picture_size_is_bearable (width, height));

  /* so large that its zeros would have to be escaped */
  g_byte_array_set_size (bytes, 0);
  put_sequence (&writer, BASELINE, 0x7fffffff, 0x7fffffff, FALSE);
  g_assert_cmpint (read_h264 (&writer, &width, &height), ==, ALCOVE_PICTURE_SIZE_BROKEN);

  /* a number without an end */
  g_byte_array_set_size (bytes, 0);
  begin_unit (&writer, 0x67);
  put (&writer, 0x42c01f, 24);
  for (int i = 0; i < 64; i++)
    put (&writer, 0, 8);
  put (&writer, 0xffff, 16);
  g_assert_cmpint (read_h264 (&writer, &width, &height), ==, ALCOVE_PICTURE_SIZE_BROKEN);

  /* whatever is changed, no more is read than there is */
  for (int round = 0; round < N_ROUNDS; round++)
    {
      g_byte_array_set_size (bytes, 0);
      put_sequence (&writer, round % 2 == 0 ? BASELINE : HIGH_PROFILE, 40, 23, TRUE);
      for (int i = g_rand_int_range (random, 1, 8); i > 0; i--)
        bytes->data[g_rand_int_range (random, 5, (int) bytes->len)]
            = (guint8) g_rand_int_range (random, 0, 256);
      g_byte_array_set_size (bytes, (guint) g_rand_int_range (random, 1, (int) bytes->len + 1));
      if (read_h264 (&writer, &width, &height) == ALCOVE_PICTURE_SIZE_KNOWN)
        {
          g_assert_cmpint (width, >=, 16);
          g_assert_cmpint (height, >=, 16);
        }
    }
}

static void
test_bound (void)
{
  const int good[][2] = { { 16, 16 },     { 1, 1 },       { 3840, 2160 }, { 2160, 3840 },
                          { 4096, 2160 }, { 3840, 2400 }, { 5120, 1440 }, { 4096, 2304 } };
  const int bad[][2] = { { 0, 360 },        { 640, 0 },       { -1, -1 },     { 16383, 16383 },
                         { 16383, 16 },     { 16, 8193 },     { 4096, 2305 }, { G_MAXINT, 1 },
                         { G_MAXINT, G_MAXINT } };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (alcove_picture_size_is_bearable (good[i][0], good[i][1]));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (alcove_picture_size_is_bearable (bad[i][0], bad[i][1]));
}

#define GROUP 3
#define N_GROUPS 4

/* Pictures of which every third is a key frame. */
static GPtrArray *
make_pictures (void)
{
  g_autoptr (GstElement) pipeline = gst_parse_launch (
      "videotestsrc num-buffers=12 ! video/x-raw,width=320,height=180,framerate=25/1 ! "
      "vp8enc deadline=1 keyframe-max-dist=3 lag-in-frames=0 ! appsink name=sink sync=false",
      NULL);
  g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  GPtrArray *pictures = g_ptr_array_new_with_free_func ((GDestroyNotify) gst_buffer_unref);
  GstSample *sample;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  while ((sample = gst_app_sink_try_pull_sample (GST_APP_SINK (sink), TIMEOUT)) != NULL)
    {
      g_ptr_array_add (pictures, gst_buffer_copy_deep (gst_sample_get_buffer (sample)));
      gst_sample_unref (sample);
    }
  gst_element_set_state (pipeline, GST_STATE_NULL);
  g_assert_cmpuint (pictures->len, ==, GROUP * N_GROUPS);
  return pictures;
}

/* What a stranger's key frame claims is not made room for: neither it is decoded nor what depends
 * on it, and the next proper one is. */
static void
test_guard (void)
{
  g_autoptr (GPtrArray) pictures = make_pictures ();
  g_autoptr (GstElement) pipeline = gst_parse_launch (
      "appsrc name=source format=time caps=video/x-vp8 ! vp8dec name=decoder ! "
      "appsink name=sink sync=false",
      NULL);
  g_autoptr (GstElement) source = gst_bin_get_by_name (GST_BIN (pipeline), "source");
  g_autoptr (GstElement) decoder = gst_bin_get_by_name (GST_BIN (pipeline), "decoder");
  g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (decoder, "sink");
  guint8 head[ALCOVE_PICTURE_SIZE_VP8_HEAD];
  guint n = 0;
  GstSample *sample;

  /* the second group is too large, and of the third there is too little */
  gst_buffer_extract (pictures->pdata[GROUP], 0, head, sizeof head);
  g_assert_cmpuint (head[0] & 1, ==, 0);
  memset (head + 6, 0xff, 4);
  gst_buffer_fill (pictures->pdata[GROUP], 0, head, sizeof head);
  gst_buffer_set_size (pictures->pdata[2 * GROUP], ALCOVE_PICTURE_SIZE_VP8_HEAD - 1);

  alcove_picture_guard_attach (pad, ALCOVE_VIDEO_CODEC_VP8);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  for (guint i = 0; i < pictures->len; i++)
    gst_app_src_push_buffer (GST_APP_SRC (source), gst_buffer_ref (pictures->pdata[i]));
  gst_app_src_end_of_stream (GST_APP_SRC (source));

  while ((sample = gst_app_sink_try_pull_sample (GST_APP_SINK (sink), TIMEOUT)) != NULL)
    {
      GstClockTime time = GST_BUFFER_PTS (gst_sample_get_buffer (sample));
      GstBuffer *expected = pictures->pdata[n < GROUP ? n : (N_GROUPS - 2) * GROUP + n];

      g_assert_cmpuint (time, ==, GST_BUFFER_PTS (expected));
      gst_sample_unref (sample);
      n++;
    }
  gst_element_set_state (pipeline, GST_STATE_NULL);
  g_assert_cmpuint (n, ==, 2 * GROUP);
}

int
main (int argc,
      char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/media/picture-size/vp8", test_vp8);
  g_test_add_func ("/media/picture-size/h264", test_h264);
  g_test_add_func ("/media/picture-size/h264-hostile", test_h264_hostile);
  g_test_add_func ("/media/picture-size/bound", test_bound);
  g_test_add_func ("/media/picture-size/guard", test_guard);

  return g_test_run ();
}
