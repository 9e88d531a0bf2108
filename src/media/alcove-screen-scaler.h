/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * AlcoveScreenScaler:
 *
 * Brings pictures of screens and windows, of whatever shape and size, into the size that is sent:
 * whole, in their own shape, with black beside. Belongs to one thread at a time.
 */
typedef struct _AlcoveScreenScaler AlcoveScreenScaler;

AlcoveScreenScaler *alcove_screen_scaler_new   (int                 width,
                                                int                 height);
void                alcove_screen_scaler_free  (AlcoveScreenScaler *self);
GstBuffer          *alcove_screen_scaler_scale (AlcoveScreenScaler *self,
                                                GstSample          *sample);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlcoveScreenScaler, alcove_screen_scaler_free)

G_END_DECLS
