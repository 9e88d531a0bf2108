/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "alcove-frame-slot.h"

G_BEGIN_DECLS

/**
 * AlcoveFrameLook:
 * @ALCOVE_FRAME_LOOK_MIRRORED: left and right are exchanged
 * @ALCOVE_FRAME_LOOK_DIMMED: grey and dark
 *
 * How a frame is seen; 0 as it is.
 */
typedef enum /*< flags >*/ {
  ALCOVE_FRAME_LOOK_MIRRORED = 1 << 0,
  ALCOVE_FRAME_LOOK_DIMMED = 1 << 1,
} AlcoveFrameLook;

/**
 * AlcoveFramePainter:
 *
 * Puts one frame after the other into the snapshots of a widget, in the way that costs least with
 * the renderer of its window. For the main thread.
 */
typedef struct _AlcoveFramePainter AlcoveFramePainter;

AlcoveFramePainter *alcove_frame_painter_new          (void);
void                alcove_frame_painter_set_frame    (AlcoveFramePainter    *self,
                                                       AlcoveFrame           *frame);
AlcoveFrame        *alcove_frame_painter_get_frame    (AlcoveFramePainter    *self);
GdkTexture         *alcove_frame_painter_make_texture (AlcoveFramePainter    *self);
void                alcove_frame_painter_append       (AlcoveFramePainter    *self,
                                                       GtkSnapshot           *snapshot,
                                                       GskRenderer           *renderer,
                                                       const graphene_rect_t *bounds,
                                                       double                 scale,
                                                       AlcoveFrameLook        look);
void                alcove_frame_painter_free         (AlcoveFramePainter    *self);

G_END_DECLS
