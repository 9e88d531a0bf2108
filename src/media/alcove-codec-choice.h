/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

#include "alcove-video-codec.h"
#include "alcove-workers.h"

G_BEGIN_DECLS

/**
 * AlcoveCodecPart:
 * @factory: name of the element that does the work
 * @codec: what it encodes or decodes
 * @is_encoder: which of both
 * @is_hardware: whether it is tried before it is used
 * @before: elements before it, ending in ` ! `; may be empty
 * @settings: its properties
 * @after: elements behind it, beginning with ` ! `; may be empty
 * @rate: of an encoder: its property for the bit rate; %NULL if that can't change
 * @rate_unit: the bits a second that 1 stands for there
 * @threads: the property for the number of threads; %NULL if it has none
 *
 * One way to encode or decode a codec.
 */
typedef struct {
  const char *factory;
  AlcoveVideoCodec codec;
  gboolean is_encoder;
  gboolean is_hardware;
  const char *before;
  const char *settings;
  const char *after;
  const char *rate;
  guint rate_unit;
  const char *threads;
} AlcoveCodecPart;

/**
 * AlcoveCodecPreference:
 * @ALCOVE_CODEC_AUTOMATIC: what costs this machine least
 * @ALCOVE_CODEC_VP8: VP8 if the far side has it
 * @ALCOVE_CODEC_H264: H.264 if both sides have it
 *
 * Which codec our picture is offered in first.
 */
typedef enum {
  ALCOVE_CODEC_AUTOMATIC,
  ALCOVE_CODEC_VP8,
  ALCOVE_CODEC_H264,
} AlcoveCodecPreference;

/**
 * AlcoveCodecChoice:
 *
 * Which elements encode and decode. Hardware is tried once, on a thread, when the choice is
 * made, and used from then on if it works; software is there at once. Any thread.
 */
typedef struct _AlcoveCodecChoice AlcoveCodecChoice;

AlcoveCodecChoice *alcove_codec_choice_new              (AlcoveWorkers         *workers);
AlcoveCodecChoice *alcove_codec_choice_new_from         (AlcoveWorkers         *workers,
                                                         const AlcoveCodecPart *parts,
                                                         gsize                  n_parts,
                                                         gint64                 patience);
void               alcove_codec_choice_close            (AlcoveCodecChoice     *self);
AlcoveCodecChoice *alcove_codec_choice_ref              (AlcoveCodecChoice     *self);
void               alcove_codec_choice_unref            (AlcoveCodecChoice     *self);
const AlcoveCodecPart *
                   alcove_codec_choice_get_encoder      (AlcoveCodecChoice     *self,
                                                         AlcoveVideoCodec       codec);
const AlcoveCodecPart *
                   alcove_codec_choice_get_decoder      (AlcoveCodecChoice     *self,
                                                         AlcoveVideoCodec       codec);
gboolean           alcove_codec_choice_distrust         (AlcoveCodecChoice     *self,
                                                         const char            *factory);
AlcoveVideoCodecs  alcove_codec_choice_list             (AlcoveCodecChoice     *self,
                                                         AlcoveCodecPreference  preference);

gboolean           alcove_codec_choice_is_installed     (AlcoveVideoCodec       codec);
gboolean           alcove_codec_preference_parse        (const char            *text,
                                                         AlcoveCodecPreference *preference);
char              *alcove_codec_part_describe_encoder   (const AlcoveCodecPart *part,
                                                         int                    threads,
                                                         guint                  bitrate,
                                                         GstClockTime           key_interval);
void               alcove_codec_part_set_bitrate        (const AlcoveCodecPart *part,
                                                         GstElement            *encoder,
                                                         guint                  bitrate);
GstElement        *alcove_codec_part_make_decoder       (const AlcoveCodecPart *part);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlcoveCodecChoice, alcove_codec_choice_unref)

G_END_DECLS
