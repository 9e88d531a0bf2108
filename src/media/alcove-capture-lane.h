/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-capture-source.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_CAPTURE_LANE (alcove_capture_lane_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveCaptureLane, alcove_capture_lane, ALCOVE, CAPTURE_LANE, GObject)

/**
 * AlcoveCaptureLane:
 *
 * What goes one way in, picture or sound: the source that is wanted and, while that opens or
 * after it has failed, a filler, so that the encoder is never left without input. A device
 * that has failed is tried again when a device appears, and after pauses that grow; a camera
 * that another one stands for is tried beside that one.
 *
 * Property `available` (read-only): whether the source wanted gives something.
 * Signals: `notice (GError)`: the source wanted can't be used, told once until it has worked or
 * something is asked for anew; `notice-over (GError)`: what that said holds no longer;
 * `screen-started`: the screen has taken its place; `screen-failed (GError)`: the screen has no
 * pictures any more, see alcove_capture_lane_unset_screen().
 */
AlcoveCaptureLane *alcove_capture_lane_new           (const AlcoveCaptureSetup *setup,
                                                      AlcoveCaptureFunc         func,
                                                      gpointer                  user_data);
void               alcove_capture_lane_start         (AlcoveCaptureLane        *self);
void               alcove_capture_lane_stop          (AlcoveCaptureLane        *self);
void               alcove_capture_lane_set_spec      (AlcoveCaptureLane        *self,
                                                      const AlcoveCaptureSpec  *spec);
void               alcove_capture_lane_set_paused    (AlcoveCaptureLane        *self,
                                                      gboolean                  paused);
void               alcove_capture_lane_set_screen    (AlcoveCaptureLane        *self,
                                                      int                       fd,
                                                      guint32                   node);
void               alcove_capture_lane_unset_screen  (AlcoveCaptureLane        *self);
gboolean           alcove_capture_lane_get_missing (AlcoveCaptureLane        *self);
gboolean           alcove_capture_lane_get_available (AlcoveCaptureLane        *self);

G_END_DECLS
