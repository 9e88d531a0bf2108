/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/video/video.h>

G_BEGIN_DECLS

/**
 * AlcovePictureScaler:
 *
 * Scales I420 pictures of one size to another. One thread at a time.
 */
typedef struct _AlcovePictureScaler AlcovePictureScaler;

AlcovePictureScaler *alcove_picture_scaler_new   (int                  from_width,
                                                  int                  from_height,
                                                  int                  to_width,
                                                  int                  to_height);
AlcovePictureScaler *alcove_picture_scaler_new_within (int             from_width,
                                                  int                  from_height,
                                                  int                  to_width,
                                                  int                  to_height);
void                 alcove_picture_scaler_free  (AlcovePictureScaler *self);
GstBuffer           *alcove_picture_scaler_scale (AlcovePictureScaler *self,
                                                  GstBuffer           *picture);

/* where a picture goes that keeps its shape within @space; all even */
void                 alcove_picture_place        (const GstVideoRectangle *picture,
                                                  const GstVideoRectangle *space,
                                                  GstVideoRectangle       *place);
/* what is captured may be of a size of its own, and says so then */
void                 alcove_picture_set_size     (GstBuffer           *picture,
                                                  int                  width,
                                                  int                  height);
void                 alcove_picture_get_size     (GstBuffer           *picture,
                                                  int                 *width,
                                                  int                 *height);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlcovePictureScaler, alcove_picture_scaler_free)

G_END_DECLS
