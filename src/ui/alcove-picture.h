/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "alcove-frame-slot.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_PICTURE (alcove_picture_get_type ())
G_DECLARE_FINAL_TYPE (AlcovePicture, alcove_picture, ALCOVE, PICTURE, GtkWidget)

GtkWidget       *alcove_picture_new          (void);
void             alcove_picture_set_slot     (AlcovePicture   *self,
                                              AlcoveFrameSlot *slot);
void             alcove_picture_set_mirrored (AlcovePicture   *self,
                                              gboolean         mirrored);
void             alcove_picture_set_dimmed   (AlcovePicture   *self,
                                              gboolean         dimmed);
void             alcove_picture_clear        (AlcovePicture   *self);
gboolean         alcove_picture_get_filled   (AlcovePicture   *self);
void             alcove_picture_capture_async  (AlcovePicture       *self,
                                                GCancellable        *cancellable,
                                                GAsyncReadyCallback  callback,
                                                gpointer             user_data);
GdkTexture      *alcove_picture_capture_finish (AlcovePicture       *self,
                                                GAsyncResult        *result,
                                                GError             **error);

G_END_DECLS
