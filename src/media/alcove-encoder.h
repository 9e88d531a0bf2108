/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

#include "alcove-fan-out.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_ENCODER (alcove_encoder_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveEncoder, alcove_encoder, ALCOVE, ENCODER, GObject)

/**
 * AlcoveEncoder:
 *
 * The encoder of our sound, behind its fan-out. It lives as a bin in the engine's pipeline and
 * encodes only while somebody is subscribed.
 */
AlcoveEncoder *alcove_encoder_new_audio  (GstBin        *pipeline,
                                          GError       **error);
AlcoveFanOut  *alcove_encoder_get_fan_out (AlcoveEncoder *self);
void           alcove_encoder_set_muted  (AlcoveEncoder *self,
                                          gboolean       muted);
void           alcove_encoder_set_expected_loss (AlcoveEncoder *self,
                                                 guint          percent);
/* streaming threads */
void           alcove_encoder_expect     (AlcoveEncoder *self,
                                          GstBuffer     *buffer);
void           alcove_encoder_count      (AlcoveEncoder *self,
                                          guint64       *packets,
                                          guint64       *late);
void           alcove_encoder_push       (AlcoveEncoder *self,
                                          GstBuffer     *buffer);
void           alcove_encoder_close      (AlcoveEncoder *self);

G_END_DECLS
