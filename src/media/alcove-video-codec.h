/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

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

const char *alcove_video_codec_get_name (AlcoveVideoCodec codec);

G_END_DECLS
