/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/video/video.h>

G_BEGIN_DECLS

/**
 * AlcoveFrameYuv:
 *
 * The cheap way from what decoders and cameras give to what the screen wants, by libyuv. Belongs to
 * one streaming thread.
 */
typedef struct _AlcoveFrameYuv AlcoveFrameYuv;

AlcoveFrameYuv *alcove_frame_yuv_new  (void);
gboolean        alcove_frame_yuv_draw (AlcoveFrameYuv *self,
                                       GstVideoFrame  *picture,
                                       guint8         *pixels,
                                       gsize           stride,
                                       int             width,
                                       int             height,
                                       gboolean        mirrored);
void            alcove_frame_yuv_free (AlcoveFrameYuv *self);

G_END_DECLS
