/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

#include "alcove-frame-slot.h"

G_BEGIN_DECLS

/**
 * AlcoveCaptureMonitor:
 *
 * What a person sees and hears of what they send: a preview and a level. The sources call it from
 * their streaming threads, which may overlap for a moment when a source is changed.
 */
typedef struct _AlcoveCaptureMonitor AlcoveCaptureMonitor;

AlcoveCaptureMonitor *alcove_capture_monitor_new         (int                   width,
                                                          int                   height);
void                  alcove_capture_monitor_free        (AlcoveCaptureMonitor *self);
AlcoveFrameSlot      *alcove_capture_monitor_get_preview (AlcoveCaptureMonitor *self);
void                  alcove_capture_monitor_add_picture (AlcoveCaptureMonitor *self,
                                                          GstBuffer            *buffer);
gboolean              alcove_capture_monitor_add_sound   (AlcoveCaptureMonitor *self,
                                                          GstBuffer            *buffer,
                                                          double               *level,
                                                          gboolean             *speaking);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlcoveCaptureMonitor, alcove_capture_monitor_free)

G_END_DECLS
