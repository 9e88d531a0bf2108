/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "alcove-frame.h"

G_BEGIN_DECLS

/* No picture has a side as long as this. */
#define ALCOVE_FRAME_WHOLE 16384

#define ALCOVE_TYPE_FRAME_SLOT (alcove_frame_slot_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveFrameSlot, alcove_frame_slot, ALCOVE, FRAME_SLOT, GObject)

/**
 * AlcoveFrameSlot:
 *
 * The latest-wins place between a streaming thread that decodes and the one
 * widget that draws: a newer frame replaces the one not yet taken.
 *
 * Signal `frame-ready`, on the main context: a frame waits to be taken. Emitted once
 * until alcove_frame_slot_take() is called, however many frames come in between.
 * Signal `source-size-changed`, on the main context.
 * Signal `view-size-changed`, from alcove_frame_slot_set_size() and alcove_frame_slot_set_whole().
 */
AlcoveFrameSlot *alcove_frame_slot_new             (void);

/* main context */
AlcoveFrame     *alcove_frame_slot_take            (AlcoveFrameSlot *self);
/* the same, to be drawn at once; nothing was drawn between the two times of @rest */
AlcoveFrame     *alcove_frame_slot_draw            (AlcoveFrameSlot *self,
                                                    gint64           time,
                                                    gint64           rest_begin,
                                                    gint64           rest_end);
void             alcove_frame_slot_set_size        (AlcoveFrameSlot *self,
                                                    int              width,
                                                    int              height);
void             alcove_frame_slot_set_mirrored    (AlcoveFrameSlot *self,
                                                    gboolean         mirrored);
void             alcove_frame_slot_set_whole       (AlcoveFrameSlot *self,
                                                    gboolean         whole);
void             alcove_frame_slot_set_planar      (AlcoveFrameSlot *self,
                                                    gboolean         planar);
void             alcove_frame_slot_get_source_size (AlcoveFrameSlot *self,
                                                    int             *width,
                                                    int             *height);

/* whether there is somebody who draws at all, if only sometimes */
gboolean         alcove_frame_slot_get_view_size   (AlcoveFrameSlot *self,
                                                    int             *width,
                                                    int             *height);
/* at least so many microseconds are between two frames; 0 for all of them */
void             alcove_frame_slot_set_interval    (AlcoveFrameSlot *self,
                                                    gint64           interval);
void             alcove_frame_slot_set_divisor     (AlcoveFrameSlot *self,
                                                    int              divisor);

/* any thread */
/* frames that were drawn, and how many of them too late, since the beginning */
void             alcove_frame_slot_count           (AlcoveFrameSlot *self,
                                                    guint64         *drawn,
                                                    guint64         *late);
void             alcove_frame_slot_put             (AlcoveFrameSlot *self,
                                                    AlcoveFrame     *frame);
void             alcove_frame_slot_set_source_size (AlcoveFrameSlot *self,
                                                    int              width,
                                                    int              height);
gboolean         alcove_frame_slot_get_size        (AlcoveFrameSlot *self,
                                                    int             *width,
                                                    int             *height);
gboolean         alcove_frame_slot_get_mirrored    (AlcoveFrameSlot *self);
gboolean         alcove_frame_slot_get_planar      (AlcoveFrameSlot *self);

G_END_DECLS
