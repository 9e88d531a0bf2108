/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-codec-choice"

#include "config.h"

#include "alcove-codec-choice.h"

#include "alcove-codec-trial.h"

/* A driver that takes longer for its first picture is none for calls. */
#define PATIENCE (3 * G_TIME_SPAN_SECOND)

/* A negative one bids the encoder watch its own time and take from a quarter of the frame interval
 * what it needs, so that a slow machine gets a quicker search. Beside the fixed speeds it was the
 * best bargain: a third of the time of 6 for 0.2 dB, where 15 costs as much and 0.6 dB. */
#define VP8_SPEED "-12"

#define TO_NV12 "videoconvert ! video/x-raw,format=NV12 ! "
#define TO_H264 \
  " ! capsfilter caps=video/x-h264,profile=constrained-baseline,stream-format=byte-stream," \
  "alignment=au"
#define TO_PICTURE " ! capsfilter caps=video/x-raw"

#define ENCODER(codec_, hardware_, factory_, before_, settings_, after_, rate_, unit_, threads_) \
  { .codec = ALCOVE_VIDEO_CODEC_##codec_, .is_encoder = TRUE, .is_hardware = hardware_, \
    .factory = factory_, .before = before_, .settings = settings_, .after = after_, \
    .rate = rate_, .rate_unit = unit_, .threads = threads_ }

#define DECODER(codec_, hardware_, factory_, before_, settings_, after_) \
  { .codec = ALCOVE_VIDEO_CODEC_##codec_, .is_hardware = hardware_, .factory = factory_, \
    .before = before_, .settings = settings_, .after = after_ }

/*
 * For each codec and direction from the best to the one that is always there. Every encoder is
 * told not to wait for later pictures, to put no key frame where none is asked for, and to keep
 * its rate; the software ones, that a camera's picture is no film. Where vp8enc may spend what a film
 * player keeps ready, its first picture is as large as several seconds. v4l2h264enc is missing because
 * its rate is a field of a structure, its level has to be said for each size, and GStreamer before
 * 1.22.4 gives no key frame when it is asked for one.
 */
static const AlcoveCodecPart known_parts[] = {
  ENCODER (VP8, TRUE, "vavp8enc", TO_NV12, "rate-control=cbr key-int-max=1024", "", "bitrate", 1000,
           NULL),
  ENCODER (VP8, FALSE, "vp8enc", "",
           "deadline=1 cpu-used=" VP8_SPEED " end-usage=cbr lag-in-frames=0 keyframe-max-dist=2000 "
           "error-resilient=default static-threshold=1 "
           "buffer-initial-size=500 buffer-optimal-size=600 buffer-size=1000",
           "", "target-bitrate", 1, "threads"),

  ENCODER (H264, TRUE, "vah264enc", TO_NV12,
           "rate-control=cbr b-frames=0 ref-frames=1 key-int-max=1024 target-usage=7", TO_H264,
           "bitrate", 1000, NULL),
  ENCODER (H264, TRUE, "vah264lpenc", TO_NV12,
           "rate-control=cbr b-frames=0 ref-frames=1 key-int-max=1024", TO_H264, "bitrate", 1000,
           NULL),
  ENCODER (H264, TRUE, "qsvh264enc", TO_NV12,
           "rate-control=cbr b-frames=0 ref-frames=1 gop-size=0 low-latency=true target-usage=7",
           TO_H264, "bitrate", 1000, NULL),
  ENCODER (H264, TRUE, "nvh264enc", TO_NV12,
           "rc-mode=cbr preset=low-latency-hp zerolatency=true bframes=0 gop-size=-1", TO_H264,
           "bitrate", 1000, NULL),
  ENCODER (H264, TRUE, "vaapih264enc", TO_NV12,
           "rate-control=cbr max-bframes=0 refs=1 keyframe-period=0", TO_H264, "bitrate", 1000,
           NULL),
  ENCODER (H264, FALSE, "openh264enc", "",
           "complexity=low rate-control=bitrate gop-size=0 usage-type=camera slice-mode=n-slices "
           "num-slices=1 scene-change-detection=false background-detection=false "
           "adaptive-quantization=false",
           TO_H264, "bitrate", 1, "multi-thread"),
  ENCODER (H264, FALSE, "x264enc", "",
           "tune=zerolatency speed-preset=superfast key-int-max=2000 b-adapt=false bframes=0",
           TO_H264, "bitrate", 1000, "threads"),

  DECODER (VP8, TRUE, "vavp8dec", "", "", TO_PICTURE),
  DECODER (VP8, TRUE, "v4l2slvp8dec", "", "", TO_PICTURE),
  DECODER (VP8, TRUE, "v4l2vp8dec", "", "", TO_PICTURE),
  DECODER (VP8, TRUE, "nvvp8dec", "", "", TO_PICTURE),
  /* browsers send pictures in one partition, of which a second thread has nothing */
  DECODER (VP8, FALSE, "vp8dec", "", "threads=1", ""),

  DECODER (H264, TRUE, "vah264dec", "h264parse ! ", "", TO_PICTURE),
  DECODER (H264, TRUE, "v4l2slh264dec", "h264parse ! ", "", TO_PICTURE),
  DECODER (H264, TRUE, "v4l2h264dec", "h264parse ! ", "", TO_PICTURE),
  DECODER (H264, TRUE, "nvh264dec", "h264parse ! ", "", TO_PICTURE),
  DECODER (H264, TRUE, "qsvh264dec", "h264parse ! ", "", TO_PICTURE),
  DECODER (H264, TRUE, "vaapih264dec", "h264parse ! ", "low-latency=true", TO_PICTURE),
  /* threads for whole pictures would hold each back until all of them have one */
  DECODER (H264, FALSE, "avdec_h264", "", "max-threads=1 output-corrupt=false", ""),
  DECODER (H264, FALSE, "openh264dec", "h264parse ! ", "", ""),
};

enum {
  DECODE,
  ENCODE,
  N_DIRECTIONS,
};

struct _AlcoveCodecChoice {
  const AlcoveCodecPart *parts;
  gsize n_parts;
  gint64 patience;
  AlcoveWorkers *workers;
  GCancellable *closed;

  GMutex lock;
  const AlcoveCodecPart *chosen[N_DIRECTIONS][ALCOVE_N_VIDEO_CODECS];
};

static void
clear (gpointer data)
{
  AlcoveCodecChoice *self = data;

  alcove_workers_unref (self->workers);
  g_object_unref (self->closed);
  g_mutex_clear (&self->lock);
}

static gboolean
is_installed (const AlcoveCodecPart *part)
{
  g_autoptr (GstElementFactory) factory = gst_element_factory_find (part->factory);

  return factory != NULL;
}

/* The next one that is installed, after @from; NULL if there is none. */
static const AlcoveCodecPart *
find_part (AlcoveCodecChoice *self,
           gboolean is_encoder,
           gboolean is_hardware,
           AlcoveVideoCodec codec,
           gsize *from)
{
  for (; *from < self->n_parts; (*from)++)
    {
      const AlcoveCodecPart *part = &self->parts[*from];

      if (part->is_encoder == is_encoder && part->is_hardware == is_hardware
          && part->codec == codec && is_installed (part))
        {
          (*from)++;
          return part;
        }
    }

  return NULL;
}

static char *
describe_decoder (const AlcoveCodecPart *part)
{
  return g_strdup_printf ("%s%s name=decoder %s%s", part->before, part->factory, part->settings,
                          part->after);
}

static gboolean
try_part (AlcoveCodecChoice *self,
          const AlcoveCodecPart *part)
{
  g_autofree char *description
      = part->is_encoder ? alcove_codec_part_describe_encoder (part, 1, 300000, 0)
                         : describe_decoder (part);
  gboolean works = part->is_encoder
                       ? alcove_codec_trial_encode (part->codec, description, self->patience,
                                                    self->closed)
                       : alcove_codec_trial_decode (part->codec, description, self->patience,
                                                    self->closed);

  if (works)
    g_message ("%s %s by “%s”, which was tried and works",
               alcove_video_codec_get_name (part->codec),
               part->is_encoder ? "is encoded" : "is decoded", part->factory);
  else if (!g_cancellable_is_cancelled (self->closed))
    g_message ("“%s” is there but does not work; %s goes on in software", part->factory,
               alcove_video_codec_get_name (part->codec));
  return works;
}

static void
run_trials (gpointer data)
{
  AlcoveCodecChoice *self = data;

  for (int direction = DECODE; direction < N_DIRECTIONS; direction++)
    for (int codec = 0; codec < ALCOVE_N_VIDEO_CODECS; codec++)
      {
        const AlcoveCodecPart *part;
        gsize at = 0;

        if (g_cancellable_is_cancelled (self->closed))
          break;
        do
          part = find_part (self, direction == ENCODE, TRUE, (AlcoveVideoCodec) codec, &at);
        while (part != NULL && !g_cancellable_is_cancelled (self->closed)
               && !try_part (self, part));

        if (part != NULL && !g_cancellable_is_cancelled (self->closed))
          {
            g_mutex_lock (&self->lock);
            self->chosen[direction][codec] = part;
            g_mutex_unlock (&self->lock);
          }
      }

  alcove_codec_choice_unref (self);
}

/**
 * alcove_codec_choice_new:
 * @workers: whose threads try hardware
 *
 * Returns: (transfer full): a choice among what is installed
 */
AlcoveCodecChoice *
alcove_codec_choice_new (AlcoveWorkers *workers)
{
  return alcove_codec_choice_new_from (workers, NULL, 0, PATIENCE);
}

/**
 * alcove_codec_choice_new_from:
 * @workers: whose threads try hardware
 * @parts: (array length=n_parts) (nullable): static; for each codec and direction the best first;
 *   %NULL for all that are known
 * @n_parts: how many
 * @patience: how long each trial may take, in microseconds
 *
 * Returns: (transfer full): a choice among those that are installed
 */
AlcoveCodecChoice *
alcove_codec_choice_new_from (AlcoveWorkers *workers,
                              const AlcoveCodecPart *parts,
                              gsize n_parts,
                              gint64 patience)
{
  AlcoveCodecChoice *self = g_atomic_rc_box_new0 (AlcoveCodecChoice);
  gboolean to_try = FALSE;

  self->parts = parts != NULL ? parts : known_parts;
  self->n_parts = parts != NULL ? n_parts : G_N_ELEMENTS (known_parts);
  self->patience = patience;
  self->workers = alcove_workers_ref (workers);
  self->closed = g_cancellable_new ();
  g_mutex_init (&self->lock);

  for (int direction = DECODE; direction < N_DIRECTIONS; direction++)
    for (int codec = 0; codec < ALCOVE_N_VIDEO_CODECS; codec++)
      {
        gsize at = 0;

        self->chosen[direction][codec]
            = find_part (self, direction == ENCODE, FALSE, (AlcoveVideoCodec) codec, &at);
        at = 0;
        if (find_part (self, direction == ENCODE, TRUE, (AlcoveVideoCodec) codec, &at) != NULL)
          to_try = TRUE;
      }

  if (to_try)
    alcove_workers_run (workers, "alcove-codecs", run_trials, alcove_codec_choice_ref (self));
  return self;
}

/**
 * alcove_codec_choice_close:
 * @self: a choice
 *
 * Tries nothing any more. A driver that hangs is left to itself after a moment.
 */
void
alcove_codec_choice_close (AlcoveCodecChoice *self)
{
  g_cancellable_cancel (self->closed);
}

/**
 * alcove_codec_choice_ref:
 * @self: a choice
 *
 * Returns: (transfer full): @self
 */
AlcoveCodecChoice *
alcove_codec_choice_ref (AlcoveCodecChoice *self)
{
  return g_atomic_rc_box_acquire (self);
}

/**
 * alcove_codec_choice_unref:
 * @self: (transfer full): a choice
 */
void
alcove_codec_choice_unref (AlcoveCodecChoice *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

static const AlcoveCodecPart *
get_chosen (AlcoveCodecChoice *self,
            int direction,
            AlcoveVideoCodec codec)
{
  const AlcoveCodecPart *part;

  g_mutex_lock (&self->lock);
  part = self->chosen[direction][codec];
  g_mutex_unlock (&self->lock);
  return part;
}

/**
 * alcove_codec_choice_get_encoder:
 * @self: a choice
 * @codec: a codec
 *
 * Returns: (nullable): the best encoder that is known to work by now
 */
const AlcoveCodecPart *
alcove_codec_choice_get_encoder (AlcoveCodecChoice *self,
                                 AlcoveVideoCodec codec)
{
  return get_chosen (self, ENCODE, codec);
}

/**
 * alcove_codec_choice_get_decoder:
 * @self: a choice
 * @codec: a codec
 *
 * Returns: (nullable): the best decoder that is known to work by now
 */
const AlcoveCodecPart *
alcove_codec_choice_get_decoder (AlcoveCodecChoice *self,
                                 AlcoveVideoCodec codec)
{
  return get_chosen (self, DECODE, codec);
}

/**
 * alcove_codec_choice_distrust:
 * @self: a choice
 * @factory: (nullable): name of an element that failed while it was used
 *
 * What is made from now on is made in software, if the element was hardware we chose and there is
 * any: it may have no room for one more picture.
 *
 * Returns: whether it was
 */
gboolean
alcove_codec_choice_distrust (AlcoveCodecChoice *self,
                              const char *factory)
{
  gboolean found = FALSE;

  for (int direction = DECODE; direction < N_DIRECTIONS; direction++)
    for (int codec = 0; codec < ALCOVE_N_VIDEO_CODECS; codec++)
      {
        const AlcoveCodecPart *part = get_chosen (self, direction, (AlcoveVideoCodec) codec);
        gsize at = 0;

        if (part == NULL || !part->is_hardware || g_strcmp0 (part->factory, factory) != 0)
          continue;

        part = find_part (self, direction == ENCODE, FALSE, (AlcoveVideoCodec) codec, &at);
        if (part == NULL)
          continue;

        found = TRUE;
        g_mutex_lock (&self->lock);
        self->chosen[direction][codec] = part;
        g_mutex_unlock (&self->lock);
        g_message ("“%s” failed; %s goes on in software", factory,
                   alcove_video_codec_get_name ((AlcoveVideoCodec) codec));
      }

  return found;
}

/**
 * alcove_codec_choice_list:
 * @self: a choice
 * @preference: what the person wants
 *
 * H.264 comes first by itself only where hardware encodes it and does not encode VP8.
 *
 * Returns: the codecs of a link that is made now, in the order in which we like them
 */
AlcoveVideoCodecs
alcove_codec_choice_list (AlcoveCodecChoice *self,
                          AlcoveCodecPreference preference)
{
  const AlcoveCodecPart *encoders[ALCOVE_N_VIDEO_CODECS];
  AlcoveVideoCodec order[ALCOVE_N_VIDEO_CODECS]
      = { ALCOVE_VIDEO_CODEC_VP8, ALCOVE_VIDEO_CODEC_H264 };
  AlcoveVideoCodecs codecs = { .n = 0 };
  gboolean h264_first = preference == ALCOVE_CODEC_H264;

  for (int codec = 0; codec < ALCOVE_N_VIDEO_CODECS; codec++)
    encoders[codec] = alcove_codec_choice_get_decoder (self, (AlcoveVideoCodec) codec) != NULL
                          ? alcove_codec_choice_get_encoder (self, (AlcoveVideoCodec) codec)
                          : NULL;

  if (preference == ALCOVE_CODEC_AUTOMATIC && encoders[ALCOVE_VIDEO_CODEC_H264] != NULL)
    h264_first = encoders[ALCOVE_VIDEO_CODEC_H264]->is_hardware
                 && (encoders[ALCOVE_VIDEO_CODEC_VP8] == NULL
                     || !encoders[ALCOVE_VIDEO_CODEC_VP8]->is_hardware);
  if (h264_first)
    {
      order[0] = ALCOVE_VIDEO_CODEC_H264;
      order[1] = ALCOVE_VIDEO_CODEC_VP8;
    }

  for (int i = 0; i < ALCOVE_N_VIDEO_CODECS; i++)
    if (encoders[order[i]] != NULL)
      codecs.order[codecs.n++] = order[i];
  codecs.n_sent = codecs.n;
  for (int i = 0; i < ALCOVE_N_VIDEO_CODECS; i++)
    if (encoders[order[i]] == NULL && alcove_codec_choice_get_decoder (self, order[i]) != NULL)
      codecs.order[codecs.n++] = order[i];
  return codecs;
}

/**
 * alcove_codec_choice_is_installed:
 * @codec: a codec
 *
 * Returns: whether there is any encoder for it, and any decoder, without trying one: without both
 *   it is never sent
 */
gboolean
alcove_codec_choice_is_installed (AlcoveVideoCodec codec)
{
  gboolean found[N_DIRECTIONS] = { FALSE };

  for (gsize i = 0; i < G_N_ELEMENTS (known_parts); i++)
    if (known_parts[i].codec == codec && is_installed (&known_parts[i]))
      found[known_parts[i].is_encoder ? ENCODE : DECODE] = TRUE;

  return found[ENCODE] && found[DECODE];
}

/**
 * alcove_codec_preference_parse:
 * @text: (nullable): `auto`, `vp8` or `h264`; %NULL is `auto`
 * @preference: (out): what it says
 *
 * Returns: whether it says one of them
 */
gboolean
alcove_codec_preference_parse (const char *text,
                               AlcoveCodecPreference *preference)
{
  static const char *const names[] = { "auto", "vp8", "h264" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_strcmp0 (text != NULL ? text : "auto", names[i]) == 0)
      {
        *preference = (AlcoveCodecPreference) i;
        return TRUE;
      }

  return FALSE;
}

/**
 * alcove_codec_part_describe_encoder:
 * @part: an encoder
 * @threads: how many it may have
 * @bitrate: in bits a second
 * @key_interval: key frames that are asked for earlier than this after one wait; 0 for no bound
 *
 * Returns: (transfer full): for gst_parse_launch(): what takes I420 and gives
 *   alcove_video_codec_make_caps(); the encoder itself is called `encoder`
 */
char *
alcove_codec_part_describe_encoder (const AlcoveCodecPart *part,
                                    int threads,
                                    guint bitrate,
                                    GstClockTime key_interval)
{
  GString *text = g_string_new (part->before);

  g_string_append_printf (text, "%s name=encoder %s min-force-key-unit-interval=%" G_GUINT64_FORMAT,
                          part->factory, part->settings, (guint64) key_interval);
  if (part->rate != NULL)
    g_string_append_printf (text, " %s=%u", part->rate, MAX (bitrate / part->rate_unit, 1));
  if (part->threads != NULL)
    g_string_append_printf (text, " %s=%d", part->threads, threads);
  g_string_append (text, part->after);

  return g_string_free (text, FALSE);
}

/**
 * alcove_codec_part_set_bitrate:
 * @part: an encoder
 * @encoder: the element that was called `encoder`
 * @bitrate: in bits a second
 *
 * Changes the rate of an encoder that runs.
 */
void
alcove_codec_part_set_bitrate (const AlcoveCodecPart *part,
                               GstElement *encoder,
                               guint bitrate)
{
  GParamSpec *pspec;
  g_auto (GValue) rate = G_VALUE_INIT;
  g_auto (GValue) value = G_VALUE_INIT;

  if (part->rate == NULL)
    return;
  pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (encoder), part->rate);
  if (pspec == NULL)
    return;

  /* some count in signed numbers */
  g_value_init (&rate, G_TYPE_UINT);
  g_value_set_uint (&rate, MAX (bitrate / part->rate_unit, 1));
  g_value_init (&value, pspec->value_type);
  if (g_value_transform (&rate, &value))
    g_object_set_property (G_OBJECT (encoder), part->rate, &value);
}

/**
 * alcove_codec_part_make_decoder:
 * @part: a decoder
 *
 * Returns: (transfer floating) (nullable): what takes encoded pictures, one at a time, and gives
 *   raw ones
 */
GstElement *
alcove_codec_part_make_decoder (const AlcoveCodecPart *part)
{
  g_autofree char *description = NULL;

  if (*part->before == '\0' && *part->after == '\0' && *part->settings == '\0')
    return gst_element_factory_make (part->factory, NULL);

  description = describe_decoder (part);
  return gst_parse_bin_from_description_full (description, TRUE, NULL,
                                              GST_PARSE_FLAG_FATAL_ERRORS, NULL);
}
