/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * AlcovePictureScaler:
 *
 * Scales I420 pictures of one size to a smaller one. One thread at a time.
 */
typedef struct _AlcovePictureScaler AlcovePictureScaler;

AlcovePictureScaler *alcove_picture_scaler_new   (int                  from_width,
                                                  int                  from_height,
                                                  int                  to_width,
                                                  int                  to_height);
void                 alcove_picture_scaler_free  (AlcovePictureScaler *self);
GstBuffer           *alcove_picture_scaler_scale (AlcovePictureScaler *self,
                                                  GstBuffer           *picture);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlcovePictureScaler, alcove_picture_scaler_free)

G_END_DECLS
