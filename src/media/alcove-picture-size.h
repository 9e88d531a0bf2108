/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-video-codec.h"

G_BEGIN_DECLS

/* What has to be read of a picture in VP8 to know its size. */
#define ALCOVE_PICTURE_SIZE_VP8_HEAD 10

/**
 * AlcovePictureSize:
 * @ALCOVE_PICTURE_SIZE_NONE: it has that of the pictures before it
 * @ALCOVE_PICTURE_SIZE_KNOWN: it tells its size
 * @ALCOVE_PICTURE_SIZE_BROKEN: it should tell its size, and what stands there is none
 *
 * What an encoded picture tells of its size.
 */
typedef enum {
  ALCOVE_PICTURE_SIZE_NONE,
  ALCOVE_PICTURE_SIZE_KNOWN,
  ALCOVE_PICTURE_SIZE_BROKEN,
} AlcovePictureSize;

AlcovePictureSize alcove_picture_size_read        (AlcoveVideoCodec codec,
                                                   GstBuffer       *buffer,
                                                   int             *width,
                                                   int             *height);
AlcovePictureSize alcove_picture_size_read_vp8    (const guint8    *data,
                                                   gsize            length,
                                                   int             *width,
                                                   int             *height);
AlcovePictureSize alcove_picture_size_read_h264   (const guint8    *data,
                                                   gsize            length,
                                                   int             *width,
                                                   int             *height);
gboolean          alcove_picture_size_is_bearable (int              width,
                                                   int              height);

G_END_DECLS
