/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gst/app/gstappsink.h>
#include <gst/gst.h>
#include <gst/video/gstvideoencoder.h>

#include "alcove-codec-choice.h"
#include "alcove-ladder.h"

/* Longer than any picture takes, even on a machine that is busy. */
#define LONG_PATIENCE (60 * G_TIME_SPAN_SECOND)
#define SHORT_PATIENCE (200 * G_TIME_SPAN_MILLISECOND)

/* More pictures than a trial has. */
#define BREAKS_AT 10

/* What the fakes put out. */
#define FAKE_SIZE 5

/* Hardware that is there, in various states of health. */
typedef enum {
  WORKS,
  REFUSES,
  SILENT,
  DEAF,
  HANGS,
  BREAKS,
  STARTS_ONCE,
  N_HEALTHS,
} Health;

typedef struct {
  GstVideoEncoder parent_instance;
} Fake;

typedef struct {
  GstVideoEncoderClass parent_class;
  Health health;
  int n_started;
} FakeClass;

static GMutex hang_lock;
static GCond hang_cond;
static gboolean hang_over;
static guint n_hanging;

static gboolean
fake_start (GstVideoEncoder *encoder)
{
  FakeClass *klass = (FakeClass *) G_OBJECT_GET_CLASS (encoder);

  return g_atomic_int_add (&klass->n_started, 1) == 0 || klass->health != STARTS_ONCE;
}

static gboolean
fake_set_format (GstVideoEncoder *encoder,
                 GstVideoCodecState *state)
{
  FakeClass *klass = (FakeClass *) G_OBJECT_GET_CLASS (encoder);
  g_autoptr (GstCaps) caps = NULL;

  if (klass->health == REFUSES)
    return FALSE;

  caps = alcove_video_codec_make_caps (ALCOVE_VIDEO_CODEC_H264);
  gst_video_codec_state_unref (
      gst_video_encoder_set_output_state (encoder, g_steal_pointer (&caps), state));
  return TRUE;
}

static GstFlowReturn
fake_handle_frame (GstVideoEncoder *encoder,
                   GstVideoCodecFrame *frame)
{
  FakeClass *klass = (FakeClass *) G_OBJECT_GET_CLASS (encoder);

  if (klass->health == SILENT)
    {
      gst_video_codec_frame_unref (frame);
      return GST_FLOW_OK;
    }
  if (klass->health == HANGS)
    {
      g_mutex_lock (&hang_lock);
      n_hanging++;
      g_cond_broadcast (&hang_cond);
      while (!hang_over)
        g_cond_wait (&hang_cond, &hang_lock);
      g_mutex_unlock (&hang_lock);
    }

  if (klass->health == BREAKS && frame->system_frame_number == BREAKS_AT)
    {
      gst_video_codec_frame_unref (frame);
      GST_ELEMENT_ERROR (encoder, STREAM, ENCODE, ("broken"), (NULL));
      return GST_FLOW_ERROR;
    }

  if (frame->system_frame_number == 0
      || (klass->health != DEAF && GST_VIDEO_CODEC_FRAME_IS_FORCE_KEYFRAME (frame)))
    GST_VIDEO_CODEC_FRAME_SET_SYNC_POINT (frame);
  frame->output_buffer = gst_buffer_new_memdup ("\0\0\0\1e", FAKE_SIZE);
  return gst_video_encoder_finish_frame (encoder, frame);
}

static void
fake_class_init (gpointer klass,
                 gpointer data)
{
  static const char src_caps[]
      = "video/x-h264,stream-format=byte-stream,alignment=au,profile=constrained-baseline";
  GstVideoEncoderClass *encoder_class = klass;
  GstElementClass *element_class = klass;
  g_autoptr (GstCaps) raw = gst_caps_from_string ("video/x-raw");
  g_autoptr (GstCaps) encoded = gst_caps_from_string (src_caps);

  ((FakeClass *) klass)->health = (Health) GPOINTER_TO_INT (data);
  encoder_class->start = fake_start;
  encoder_class->set_format = fake_set_format;
  encoder_class->handle_frame = fake_handle_frame;
  gst_element_class_set_static_metadata (element_class, "Fake", "Codec/Encoder/Video", "Fake", "-");
  gst_element_class_add_pad_template (
      element_class, gst_pad_template_new ("sink", GST_PAD_SINK, GST_PAD_ALWAYS, raw));
  gst_element_class_add_pad_template (
      element_class, gst_pad_template_new ("src", GST_PAD_SRC, GST_PAD_ALWAYS, encoded));
}

static void
register_fake (Health health)
{
  g_autofree char *name = g_strdup_printf ("alcovefake%d", (int) health);
  GTypeInfo info = {
    .class_size = sizeof (FakeClass),
    .class_init = fake_class_init,
    .class_data = GINT_TO_POINTER (health),
    .instance_size = sizeof (Fake),
  };
  GType type = g_type_register_static (GST_TYPE_VIDEO_ENCODER, name, &info, G_TYPE_FLAG_NONE);

  g_assert_true (gst_element_register (NULL, name, GST_RANK_NONE, type));
}

#define FAKE(number_) \
  { .factory = "alcovefake" number_, .codec = ALCOVE_VIDEO_CODEC_H264, .is_encoder = TRUE, \
    .is_hardware = TRUE, .before = "", .settings = "", .after = "" }
#define SOFTWARE(codec_, factory_) \
  { .factory = factory_, .codec = codec_, .is_encoder = TRUE, .before = "", .settings = "", \
    .after = "", .rate = "bitrate", .rate_unit = 1 }

#define DECODER(codec_, factory_) \
  { .factory = factory_, .codec = codec_, .before = "", .settings = "", .after = "" }

static AlcoveCodecChoice *
choose (const AlcoveCodecPart *parts,
        gsize n_parts,
        gint64 patience)
{
  g_autoptr (AlcoveWorkers) workers = alcove_workers_new ();
  AlcoveCodecChoice *choice = alcove_codec_choice_new_from (workers, parts, n_parts, patience);

  g_assert_true (alcove_workers_wait (workers, G_MAXINT64));
  return choice;
}

static void
assert_encoder (AlcoveCodecChoice *choice,
                const char *factory)
{
  const AlcoveCodecPart *part
      = alcove_codec_choice_get_encoder (choice, ALCOVE_VIDEO_CODEC_H264);

  g_assert_nonnull (part);
  g_assert_cmpstr (part->factory, ==, factory);
}

/* The first that works is used, whatever is wrong with those before it. */
static void
test_hardware (void)
{
  static const AlcoveCodecPart parts[] = {
    { .factory = "alcovenotthere", .codec = ALCOVE_VIDEO_CODEC_H264, .is_encoder = TRUE,
      .is_hardware = TRUE },
    FAKE ("1"),
    FAKE ("3"),
    FAKE ("0"),
    SOFTWARE (ALCOVE_VIDEO_CODEC_H264, "openh264enc"),
    SOFTWARE (ALCOVE_VIDEO_CODEC_VP8, "vp8enc"),
    DECODER (ALCOVE_VIDEO_CODEC_H264, "openh264dec"),
    DECODER (ALCOVE_VIDEO_CODEC_VP8, "vp8dec"),
  };
  g_autoptr (AlcoveCodecChoice) choice = choose (parts, G_N_ELEMENTS (parts), LONG_PATIENCE);
  AlcoveVideoCodecs codecs;

  assert_encoder (choice, "alcovefake0");

  /* and comes first by itself, as nothing encodes VP8 in hardware */
  codecs = alcove_codec_choice_list (choice, ALCOVE_CODEC_AUTOMATIC);
  g_assert_cmpuint (codecs.n_sent, ==, 2);
  g_assert_cmpint (codecs.order[0], ==, ALCOVE_VIDEO_CODEC_H264);
  codecs = alcove_codec_choice_list (choice, ALCOVE_CODEC_VP8);
  g_assert_cmpint (codecs.order[0], ==, ALCOVE_VIDEO_CODEC_VP8);
  g_assert_true (alcove_video_codecs_send (&codecs, ALCOVE_VIDEO_CODEC_H264));

  /* until it fails in use */
  g_assert_false (alcove_codec_choice_distrust (choice, "alcovefake1"));
  g_assert_false (alcove_codec_choice_distrust (choice, NULL));
  g_assert_true (alcove_codec_choice_distrust (choice, "alcovefake0"));
  assert_encoder (choice, "openh264enc");
  codecs = alcove_codec_choice_list (choice, ALCOVE_CODEC_AUTOMATIC);
  g_assert_cmpint (codecs.order[0], ==, ALCOVE_VIDEO_CODEC_VP8);
  codecs = alcove_codec_choice_list (choice, ALCOVE_CODEC_H264);
  g_assert_cmpint (codecs.order[0], ==, ALCOVE_VIDEO_CODEC_H264);
}

static void
test_broken_hardware (void)
{
  static const AlcoveCodecPart refuses[]
      = { FAKE ("1"), SOFTWARE (ALCOVE_VIDEO_CODEC_H264, "openh264enc") };
  static const AlcoveCodecPart silent[]
      = { FAKE ("2"), SOFTWARE (ALCOVE_VIDEO_CODEC_H264, "openh264enc") };
  static const AlcoveCodecPart hangs[]
      = { FAKE ("4"), SOFTWARE (ALCOVE_VIDEO_CODEC_H264, "openh264enc") };
  g_autoptr (AlcoveCodecChoice) first = choose (refuses, 2, LONG_PATIENCE);
  g_autoptr (AlcoveCodecChoice) second = choose (silent, 2, SHORT_PATIENCE);
  g_autoptr (AlcoveCodecChoice) third = choose (hangs, 2, SHORT_PATIENCE);

  assert_encoder (first, "openh264enc");
  assert_encoder (second, "openh264enc");
  assert_encoder (third, "openh264enc");

  g_mutex_lock (&hang_lock);
  hang_over = TRUE;
  g_cond_broadcast (&hang_cond);
  g_mutex_unlock (&hang_lock);
}

/* Who ends does not wait for a driver that hangs, and nothing else is tried. */
static void
test_close (void)
{
  static const AlcoveCodecPart parts[]
      = { FAKE ("4"), FAKE ("0"), SOFTWARE (ALCOVE_VIDEO_CODEC_H264, "openh264enc") };
  g_autoptr (AlcoveWorkers) workers = alcove_workers_new ();
  g_autoptr (AlcoveCodecChoice) choice = NULL;

  g_mutex_lock (&hang_lock);
  hang_over = FALSE;
  n_hanging = 0;
  choice = alcove_codec_choice_new_from (workers, parts, G_N_ELEMENTS (parts), LONG_PATIENCE);
  while (n_hanging == 0)
    g_cond_wait (&hang_cond, &hang_lock);
  g_mutex_unlock (&hang_lock);

  alcove_codec_choice_close (choice);
  g_assert_true (alcove_workers_wait (workers, G_MAXINT64));
  assert_encoder (choice, "openh264enc");

  g_mutex_lock (&hang_lock);
  hang_over = TRUE;
  g_cond_broadcast (&hang_cond);
  g_mutex_unlock (&hang_lock);
}

static gboolean
on_tick (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* A ladder with one who watches, and what that one got. */
typedef struct {
  GstElement *pipeline;
  AlcoveWorkers *workers;
  AlcoveLadder *ladder;
  GstElement *far;
  GstElement *source;
  GstElement *sink;
  AlcoveLadderView *view;
  guint tick;
} Use;

static void
use_init (Use *use,
          const AlcoveCodecPart *parts,
          gsize n_parts)
{
  g_autoptr (AlcoveCodecChoice) choice = choose (parts, n_parts, LONG_PATIENCE);
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();
  g_autoptr (GstCaps) caps = alcove_video_codec_make_caps (ALCOVE_VIDEO_CODEC_H264);
  g_autoptr (GError) error = NULL;

  use->pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  gst_pipeline_use_clock (GST_PIPELINE (use->pipeline), clock);
  gst_element_set_start_time (use->pipeline, GST_CLOCK_TIME_NONE);
  gst_element_set_base_time (use->pipeline, gst_clock_get_time (clock));
  gst_element_set_state (use->pipeline, GST_STATE_PLAYING);
  use->workers = alcove_workers_new ();
  use->ladder
      = alcove_ladder_new (GST_BIN (use->pipeline), use->workers, 320, 180, 30, &error);
  g_assert_no_error (error);
  alcove_ladder_set_codec_choice (use->ladder, choice);

  use->far = gst_parse_launch ("appsrc name=source is-live=true format=time ! "
                               "appsink name=sink sync=false", NULL);
  use->source = gst_bin_get_by_name (GST_BIN (use->far), "source");
  use->sink = gst_bin_get_by_name (GST_BIN (use->far), "sink");
  gst_app_src_set_caps (GST_APP_SRC (use->source), caps);
  gst_element_set_state (use->far, GST_STATE_PLAYING);
  use->view = alcove_ladder_watch (use->ladder, ALCOVE_VIDEO_CODEC_H264,
                                   GST_APP_SRC (use->source), 0, -1, -1);
  use->tick = g_timeout_add (5, on_tick, NULL);
}

static void
use_push (Use *use)
{
  const gsize size = 320 * 180 * 3 / 2;
  g_autoptr (GstClock) clock = gst_pipeline_get_clock (GST_PIPELINE (use->pipeline));
  GstBuffer *picture = gst_buffer_new_allocate (NULL, size, NULL);

  gst_buffer_memset (picture, 0, 128, size);
  GST_BUFFER_PTS (picture)
      = gst_clock_get_time (clock) - gst_element_get_base_time (use->pipeline);
  alcove_ladder_push (use->ladder, picture);
}

static void
use_clear (Use *use)
{
  g_source_remove (use->tick);
  alcove_ladder_view_close (use->view);
  g_object_unref (use->view);
  alcove_ladder_close (use->ladder);
  g_assert_true (alcove_workers_wait (use->workers, G_MAXINT64));
  g_assert_cmpuint (alcove_ladder_get_n_encoders (use->ladder), ==, 0);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (use->ladder);
  gst_element_set_state (use->far, GST_STATE_NULL);
  gst_element_set_state (use->pipeline, GST_STATE_NULL);
  gst_object_unref (use->source);
  gst_object_unref (use->sink);
  gst_object_unref (use->far);
  gst_object_unref (use->pipeline);
  alcove_workers_unref (use->workers);
}

/* Hardware that passed its trial and fails when a call needs it: software goes on with a
 * key frame, nobody is told, and the lost pictures do not count as load. */
static void
test_failure_in_use (gconstpointer data)
{
  const AlcoveCodecPart parts[] = {
    { .factory = data, .codec = ALCOVE_VIDEO_CODEC_H264, .is_encoder = TRUE, .is_hardware = TRUE,
      .before = "", .settings = "", .after = "" },
    SOFTWARE (ALCOVE_VIDEO_CODEC_H264, "openh264enc"),
  };
  gboolean passed = FALSE;
  g_autoptr (GstBus) bus = NULL;
  Use use;

  use_init (&use, parts, G_N_ELEMENTS (parts));
  while (!passed)
    {
      g_autoptr (GstSample) sample = NULL;
      GstBuffer *buffer;

      use_push (&use);
      g_main_context_iteration (NULL, TRUE);
      sample = gst_app_sink_try_pull_sample (GST_APP_SINK (use.sink), 0);
      buffer = sample != NULL ? gst_sample_get_buffer (sample) : NULL;
      passed = buffer != NULL && gst_buffer_get_size (buffer) > FAKE_SIZE;
      if (passed)
        g_assert_false (GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT));
    }

  bus = gst_element_get_bus (use.pipeline);
  g_assert_null (gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR));
  use_clear (&use);
}

/* Where there is nothing else, that is told once, and no picture counts as given. */
static void
test_failure_for_good (void)
{
  static const AlcoveCodecPart parts[] = { SOFTWARE (ALCOVE_VIDEO_CODEC_H264, "alcovefake1") };
  g_autoptr (GstBus) bus = NULL;
  g_autoptr (GstMessage) message = NULL;
  guint64 before, given, encoded;
  Use use;

  use_init (&use, parts, G_N_ELEMENTS (parts));
  bus = gst_element_get_bus (use.pipeline);
  while ((message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR)) == NULL)
    {
      use_push (&use);
      g_main_context_iteration (NULL, TRUE);
    }
  alcove_ladder_count (use.ladder, &before, &encoded);
  for (guint i = 0; i < 10; i++)
    {
      use_push (&use);
      g_main_context_iteration (NULL, FALSE);
    }
  alcove_ladder_count (use.ladder, &given, &encoded);
  g_assert_cmpuint (given, ==, before);
  g_assert_cmpuint (encoded, ==, before);
  g_assert_null (gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR));
  use_clear (&use);
}

/* Without an encoder nothing is offered, but what comes is seen; without a decoder not even
 * that. */
static void
test_no_encoder (void)
{
  static const AlcoveCodecPart parts[] = {
    DECODER (ALCOVE_VIDEO_CODEC_H264, "openh264dec"),
    DECODER (ALCOVE_VIDEO_CODEC_VP8, "vp8dec"),
    SOFTWARE (ALCOVE_VIDEO_CODEC_VP8, "vp8enc"),
  };
  g_autoptr (AlcoveCodecChoice) choice = choose (parts, G_N_ELEMENTS (parts), LONG_PATIENCE);
  g_autoptr (AlcoveCodecChoice) less = choose (parts + 1, 2, LONG_PATIENCE);
  AlcoveVideoCodecs codecs = alcove_codec_choice_list (choice, ALCOVE_CODEC_H264);

  g_assert_cmpuint (codecs.n_sent, ==, 1);
  g_assert_cmpuint (codecs.n, ==, 2);
  g_assert_cmpint (codecs.order[0], ==, ALCOVE_VIDEO_CODEC_VP8);
  g_assert_cmpint (codecs.order[1], ==, ALCOVE_VIDEO_CODEC_H264);
  g_assert_false (alcove_video_codecs_send (&codecs, ALCOVE_VIDEO_CODEC_H264));

  codecs = alcove_codec_choice_list (less, ALCOVE_CODEC_H264);
  g_assert_cmpuint (codecs.n, ==, 1);
  g_assert_cmpint (codecs.order[0], ==, ALCOVE_VIDEO_CODEC_VP8);
}

/* The trial is a fair one: all software that is installed passes it. */
static void
test_software (void)
{
  static const struct {
    AlcoveVideoCodec codec;
    gboolean encoder;
    const char *factory;
    const char *before;
    const char *settings;
    const char *after;
  } known[] = {
    { ALCOVE_VIDEO_CODEC_VP8, TRUE, "vp8enc", "", "deadline=1", "" },
    { ALCOVE_VIDEO_CODEC_H264, TRUE, "openh264enc", "videoconvert ! video/x-raw,format=I420 ! ", "",
      " ! video/x-h264,profile=constrained-baseline,stream-format=byte-stream,alignment=au" },
    { ALCOVE_VIDEO_CODEC_VP8, FALSE, "vp8dec", "", "", " ! video/x-raw" },
    { ALCOVE_VIDEO_CODEC_H264, FALSE, "avdec_h264", "h264parse ! ", "max-threads=1",
      " ! video/x-raw" },
    { ALCOVE_VIDEO_CODEC_H264, FALSE, "openh264dec", "h264parse ! ", "", " ! video/x-raw" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    {
      AlcoveCodecPart part = {
        .factory = known[i].factory,
        .codec = known[i].codec,
        .is_encoder = known[i].encoder,
        .is_hardware = TRUE,
        .before = known[i].before,
        .settings = known[i].settings,
        .after = known[i].after,
      };
      g_autoptr (AlcoveCodecChoice) choice = choose (&part, 1, LONG_PATIENCE);
      const AlcoveCodecPart *chosen
          = part.is_encoder ? alcove_codec_choice_get_encoder (choice, part.codec)
                            : alcove_codec_choice_get_decoder (choice, part.codec);

      g_test_message ("%s", part.factory);
      g_assert_true (chosen == &part);
    }
}

/* Decoders of a driver's, which have other elements inside: software, or one that gives nothing. */
static const char *inside;

static void
fake_decoder_init (GTypeInstance *instance,
                   gpointer klass)
{
  GstElement *decoder = gst_parse_bin_from_description (inside, TRUE, NULL);
  g_autoptr (GstPad) sink = NULL;
  g_autoptr (GstPad) src = NULL;

  g_assert_nonnull (decoder);
  gst_bin_add (GST_BIN (instance), decoder);
  sink = gst_element_get_static_pad (decoder, "sink");
  src = gst_element_get_static_pad (decoder, "src");
  gst_element_add_pad (GST_ELEMENT (instance), gst_ghost_pad_new ("sink", sink));
  gst_element_add_pad (GST_ELEMENT (instance), gst_ghost_pad_new ("src", src));
}

static void
fake_decoder_class_init (gpointer klass,
                         gpointer data)
{
  gst_element_class_set_static_metadata (klass, "Fake", "Codec/Decoder/Video", "Fake", "-");
}

static const AlcoveCodecPart *
get_decoder (gint64 patience,
             AlcoveVideoCodec codec)
{
  g_autoptr (AlcoveCodecChoice) choice = choose (NULL, 0, patience);

  return alcove_codec_choice_get_decoder (choice, codec);
}

/* Decoders that are there only where the kernel has a driver are tried like any other. */
static void
test_known_decoders (void)
{
  static const struct {
    AlcoveVideoCodec codec;
    const char *factory;
    const char *software;
  } known[] = {
    { ALCOVE_VIDEO_CODEC_H264, "v4l2h264dec", "openh264dec" },
    { ALCOVE_VIDEO_CODEC_VP8, "v4l2vp8dec", "vp8dec" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    {
      g_autofree char *name = g_strdup_printf ("Fake-%s", known[i].factory);
      GTypeInfo info = {
        .class_size = sizeof (GstBinClass),
        .class_init = fake_decoder_class_init,
        .instance_size = sizeof (GstBin),
        .instance_init = fake_decoder_init,
      };
      g_autofree char *silent = g_strdup_printf ("%s ! identity drop-probability=1",
                                                 known[i].software);
      const AlcoveCodecPart *before = get_decoder (LONG_PATIENCE, known[i].codec);
      GType type = g_type_register_static (GST_TYPE_BIN, name, &info, G_TYPE_FLAG_NONE);
      g_autoptr (GstPluginFeature) feature = NULL;

      if (before->is_hardware)
        {
          g_test_skip ("other hardware decodes here");
          return;
        }

      inside = known[i].software;
      g_assert_true (gst_element_register (NULL, known[i].factory, GST_RANK_NONE, type));
      g_assert_cmpstr (get_decoder (LONG_PATIENCE, known[i].codec)->factory, ==,
                       known[i].factory);

      inside = silent;
      g_assert_true (get_decoder (SHORT_PATIENCE, known[i].codec) == before);

      feature = gst_registry_lookup_feature (gst_registry_get (), known[i].factory);
      gst_registry_remove_feature (gst_registry_get (), feature);
    }
}

/* What is used here can be made, and its rate changed. */
static void
test_installed (void)
{
  g_autoptr (AlcoveWorkers) workers = alcove_workers_new ();
  g_autoptr (AlcoveCodecChoice) choice = alcove_codec_choice_new (workers);

  for (int i = 0; i < ALCOVE_N_VIDEO_CODECS; i++)
    {
      const AlcoveCodecPart *part = alcove_codec_choice_get_encoder (choice, (AlcoveVideoCodec) i);
      g_autoptr (GError) error = NULL;
      g_autofree char *text = NULL;
      g_autoptr (GstElement) bin = NULL;
      g_autoptr (GstElement) encoder = NULL;
      g_autoptr (GstElement) decoder = NULL;
      guint rate = 0;
      int signed_rate = 0;

      g_assert_nonnull (part);
      text = alcove_codec_part_describe_encoder (part, 2, 800000, 400 * GST_MSECOND);
      bin = gst_parse_bin_from_description (text, TRUE, &error);
      g_assert_no_error (error);
      gst_object_ref_sink (bin);
      encoder = gst_bin_get_by_name (GST_BIN (bin), "encoder");
      g_assert_nonnull (encoder);
      alcove_codec_part_set_bitrate (part, encoder, 123000);
      if (i == ALCOVE_VIDEO_CODEC_VP8 && !part->is_hardware)
        {
          g_object_get (encoder, part->rate, &signed_rate, NULL);
          rate = (guint) signed_rate;
        }
      else
        g_object_get (encoder, part->rate, &rate, NULL);
      g_assert_cmpuint (rate * part->rate_unit, ==, 123000);

      part = alcove_codec_choice_get_decoder (choice, (AlcoveVideoCodec) i);
      g_assert_nonnull (part);
      decoder = alcove_codec_part_make_decoder (part);
      g_assert_nonnull (decoder);
      gst_object_ref_sink (decoder);
    }

  g_assert_true (alcove_workers_wait (workers, G_MAXINT64));
}

/* A path that bears little is filled by a picture for as long as that takes, and sound waits behind it:
 * half a second for the first one, which has much in it, and no more. */
static void
test_first_picture (void)
{
  enum { RATE = 150000 };
  g_autoptr (AlcoveWorkers) workers = alcove_workers_new ();
  g_autoptr (AlcoveCodecChoice) choice = alcove_codec_choice_new (workers);

  for (int i = 0; i < ALCOVE_N_VIDEO_CODECS; i++)
    {
      const AlcoveCodecPart *part = alcove_codec_choice_get_encoder (choice, (AlcoveVideoCodec) i);
      g_autofree char *encoder
          = alcove_codec_part_describe_encoder (part, 1, RATE, 400 * GST_MSECOND);
      g_autofree char *text = g_strdup_printf (
          "videotestsrc pattern=snow num-buffers=1 ! "
          "video/x-raw,format=I420,width=80,height=45,framerate=30/1 ! videoscale ! "
          "video/x-raw,width=320,height=180 ! %s ! appsink name=sink sync=false", encoder);
      g_autoptr (GError) error = NULL;
      g_autoptr (GstElement) pipeline = gst_parse_launch (text, &error);
      g_autoptr (GstElement) sink = NULL;
      g_autoptr (GstSample) sample = NULL;

      g_assert_no_error (error);
      sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
      gst_element_set_state (pipeline, GST_STATE_PLAYING);
      sample = gst_app_sink_pull_sample (GST_APP_SINK (sink));
      g_assert_nonnull (sample);
      g_test_message ("%s: %" G_GSIZE_FORMAT " bytes", part->factory,
                      gst_buffer_get_size (gst_sample_get_buffer (sample)));
      g_assert_cmpuint (gst_buffer_get_size (gst_sample_get_buffer (sample)) * 8, <=, RATE / 2);
      gst_element_set_state (pipeline, GST_STATE_NULL);
    }

  g_assert_true (alcove_workers_wait (workers, G_MAXINT64));
}

static void
test_parameters (void)
{
  static const struct {
    const char *parameters;
    gboolean suits;
  } cases[] = {
    { "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f", TRUE },
    { "packetization-mode=1; profile-level-id=42C015", TRUE },
    { "profile-level-id=4de01f;packetization-mode=1", TRUE },
    { "level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42e01f", FALSE },
    { "profile-level-id=42e01f", FALSE },
    { "packetization-mode=1;profile-level-id=42001f", FALSE },
    { "packetization-mode=1;profile-level-id=64001f", FALSE },
    { "packetization-mode=1;profile-level-id=4d001f", FALSE },
    { "packetization-mode=1;profile-level-id=zzzzzz", FALSE },
    { "packetization-mode=1;profile-level-id=", FALSE },
    { ";;=;packetization-mode", FALSE },
    { "", FALSE },
    { NULL, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].parameters);
      g_assert_cmpint (alcove_video_codec_suits (ALCOVE_VIDEO_CODEC_H264, cases[i].parameters), ==,
                       cases[i].suits);
      g_assert_true (alcove_video_codec_suits (ALCOVE_VIDEO_CODEC_VP8, cases[i].parameters));
    }
  g_assert_true (alcove_video_codec_suits (
      ALCOVE_VIDEO_CODEC_H264, alcove_video_codec_get_parameters (ALCOVE_VIDEO_CODEC_H264)));
}

static void
test_names (void)
{
  AlcoveCodecPreference preference;
  AlcoveVideoCodec codec;

  g_assert_true (alcove_video_codec_from_name ("h264", &codec));
  g_assert_cmpint (codec, ==, ALCOVE_VIDEO_CODEC_H264);
  g_assert_true (alcove_video_codec_from_name ("VP8", &codec));
  g_assert_cmpint (codec, ==, ALCOVE_VIDEO_CODEC_VP8);
  g_assert_false (alcove_video_codec_from_name ("VP9", &codec));
  g_assert_false (alcove_video_codec_from_name (NULL, &codec));

  g_assert_true (alcove_codec_preference_parse (NULL, &preference));
  g_assert_cmpint (preference, ==, ALCOVE_CODEC_AUTOMATIC);
  g_assert_true (alcove_codec_preference_parse ("h264", &preference));
  g_assert_cmpint (preference, ==, ALCOVE_CODEC_H264);
  g_assert_true (alcove_codec_preference_parse ("vp8", &preference));
  g_assert_cmpint (preference, ==, ALCOVE_CODEC_VP8);
  g_assert_false (alcove_codec_preference_parse ("av1", &preference));
}

int
main (int argc,
      char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  for (int health = 0; health < N_HEALTHS; health++)
    register_fake ((Health) health);

  g_test_add_func ("/media/codecs/hardware", test_hardware);
  g_test_add_func ("/media/codecs/broken-hardware", test_broken_hardware);
  g_test_add_func ("/media/codecs/close", test_close);
  g_test_add_data_func ("/media/codecs/breaks-in-use", "alcovefake5", test_failure_in_use);
  g_test_add_data_func ("/media/codecs/does-not-start", "alcovefake6", test_failure_in_use);
  g_test_add_func ("/media/codecs/failure-for-good", test_failure_for_good);
  g_test_add_func ("/media/codecs/no-encoder", test_no_encoder);
  g_test_add_func ("/media/codecs/software", test_software);
  g_test_add_func ("/media/codecs/known-decoders", test_known_decoders);
  g_test_add_func ("/media/codecs/installed", test_installed);
  g_test_add_func ("/media/codecs/first-picture", test_first_picture);
  g_test_add_func ("/media/codecs/parameters", test_parameters);
  g_test_add_func ("/media/codecs/names", test_names);

  return g_test_run ();
}
