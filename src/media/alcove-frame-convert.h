/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/video/video.h>

#include "alcove-frame-slot.h"

G_BEGIN_DECLS

/**
 * AlcoveFrameConverter:
 *
 * Scales decoded pictures and converts them to BGRA. Belongs to one streaming thread.
 */
typedef struct _AlcoveFrameConverter AlcoveFrameConverter;

AlcoveFrameConverter *alcove_frame_converter_new     (void);
AlcoveFrame          *alcove_frame_converter_convert (AlcoveFrameConverter *self,
                                                      GstVideoFrame        *picture,
                                                      int                   width,
                                                      int                   height,
                                                      gboolean              mirrored,
                                                      gint64                time);
void                  alcove_frame_converter_free    (AlcoveFrameConverter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlcoveFrameConverter, alcove_frame_converter_free)

G_END_DECLS
