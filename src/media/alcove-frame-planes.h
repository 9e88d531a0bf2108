/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/video/video.h>

#include "alcove-frame-convert.h"
#include "alcove-frame.h"

G_BEGIN_DECLS

/*
 * Frames that are a decoder's own planes, which nobody copied, for who can draw them.
 */
AlcoveFrame *alcove_frame_planes_keep    (GstVideoFrame        *picture,
                                          int                   width,
                                          int                   height,
                                          gint64                time);
AlcoveFrame *alcove_frame_planes_flatten (AlcoveFrame          *frame,
                                          AlcoveFrameConverter *converter);

G_END_DECLS
