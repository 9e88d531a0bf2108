/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * AlcoveVideoCodec:
 * @ALCOVE_VIDEO_CODEC_VP8: which everybody has
 * @ALCOVE_VIDEO_CODEC_H264: constrained baseline
 *
 * What pictures are encoded with.
 */
typedef enum {
  ALCOVE_VIDEO_CODEC_VP8,
  ALCOVE_VIDEO_CODEC_H264,
} AlcoveVideoCodec;

#define ALCOVE_N_VIDEO_CODECS 2

/**
 * AlcoveVideoCodecs:
 * @order: codecs, the one that is liked best first
 * @n_sent: how many of them can be sent as well as received; these come first
 * @n: how many there are in all
 *
 * What a link may use.
 */
typedef struct {
  AlcoveVideoCodec order[ALCOVE_N_VIDEO_CODECS];
  guint n_sent;
  guint n;
} AlcoveVideoCodecs;

/* VP8 and nothing else */
#define ALCOVE_VIDEO_CODECS_VP8 \
  ((AlcoveVideoCodecs){ .order = { ALCOVE_VIDEO_CODEC_VP8 }, .n_sent = 1, .n = 1 })

const char *alcove_video_codec_get_name           (AlcoveVideoCodec         codec);
gboolean    alcove_video_codec_from_name          (const char              *name,
                                                   AlcoveVideoCodec        *codec);
int         alcove_video_codec_get_payload        (AlcoveVideoCodec         codec);
int         alcove_video_codec_get_retransmission (AlcoveVideoCodec         codec);
const char *alcove_video_codec_get_parameters     (AlcoveVideoCodec         codec);
gboolean    alcove_video_codec_suits              (AlcoveVideoCodec         codec,
                                                   const char              *parameters);
GstCaps    *alcove_video_codec_make_caps          (AlcoveVideoCodec         codec);
GstElement *alcove_video_codec_make_payloader     (AlcoveVideoCodec         codec);
GstElement *alcove_video_codec_make_depayloader   (AlcoveVideoCodec         codec);
gboolean    alcove_video_codecs_send              (const AlcoveVideoCodecs *self,
                                                   AlcoveVideoCodec         codec);

G_END_DECLS
