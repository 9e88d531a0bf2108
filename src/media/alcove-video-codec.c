/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-video-codec"

#include "config.h"

#include "alcove-video-codec.h"

/**
 * alcove_video_codec_get_name:
 * @codec: a codec
 *
 * Returns: its encoding name in RTP, which is also what statistics call it
 */
const char *
alcove_video_codec_get_name (AlcoveVideoCodec codec)
{
  switch (codec)
    {
    case ALCOVE_VIDEO_CODEC_H264:
      return "H264";
    case ALCOVE_VIDEO_CODEC_VP8:
    default:
      return "VP8";
    }
}
