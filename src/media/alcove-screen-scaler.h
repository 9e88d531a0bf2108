/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * AlcoveScreenScaler:
 *
 * Brings pictures of screens and windows, of whatever shape and size, into a size that can be
 * sent: as they are or smaller, in their own shape. A window that is being resized keeps the size
 * it had until it stands still, with black beside. Belongs to one thread at a time.
 */
typedef struct _AlcoveScreenScaler AlcoveScreenScaler;

AlcoveScreenScaler *alcove_screen_scaler_new   (int                 max_width,
                                                int                 max_height);
void                alcove_screen_scaler_free  (AlcoveScreenScaler *self);
GstBuffer          *alcove_screen_scaler_scale (AlcoveScreenScaler *self,
                                                GstSample          *sample,
                                                GstClockTime        time);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlcoveScreenScaler, alcove_screen_scaler_free)

G_END_DECLS
