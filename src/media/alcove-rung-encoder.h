/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

#include "alcove-codec-choice.h"
#include "alcove-rung-choice.h"
#include "alcove-video-codec.h"
#include "alcove-workers.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_RUNG_ENCODER (alcove_rung_encoder_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveRungEncoder, alcove_rung_encoder, ALCOVE, RUNG_ENCODER, GObject)

typedef struct _AlcoveLadderView AlcoveLadderView;

/**
 * AlcoveRungEncoderFunc:
 * @user_data: its data
 *
 * The encoder is ready for pictures, or has failed. Any thread.
 */
typedef void (*AlcoveRungEncoderFunc) (gpointer user_data);

/**
 * AlcoveRungEncoder:
 *
 * The encoder of one rung in one codec, and who watches it. Its elements come and go on worker
 * threads; until they are there it takes no pictures. Whoever makes it closes it.
 */
AlcoveRungEncoder *alcove_rung_encoder_open         (GstBin               *pipeline,
                                                     AlcoveWorkers        *workers,
                                                     const AlcoveCodecPart *part,
                                                     const AlcoveRungSize *size,
                                                     int                   fps,
                                                     AlcoveRungEncoderFunc changed,
                                                     gpointer              user_data,
                                                     GDestroyNotify        destroy);
void               alcove_rung_encoder_close        (AlcoveRungEncoder    *self);
void               alcove_rung_encoder_add_view     (AlcoveRungEncoder    *self,
                                                     AlcoveLadderView     *view);
void               alcove_rung_encoder_remove_view  (AlcoveRungEncoder    *self,
                                                     AlcoveLadderView     *view);
void               alcove_rung_encoder_set_target   (AlcoveRungEncoder    *self,
                                                     guint                 bitrate,
                                                     gboolean              slow);

/* any thread */
gboolean           alcove_rung_encoder_enter        (AlcoveRungEncoder    *self,
                                                     GstClockTime          time);
void               alcove_rung_encoder_push         (AlcoveRungEncoder    *self,
                                                     GstBuffer            *picture);
GstClockTime       alcove_rung_encoder_get_entered  (AlcoveRungEncoder    *self);
gboolean           alcove_rung_encoder_is_waited_for (AlcoveRungEncoder  *self);
gboolean           alcove_rung_encoder_is_idle      (AlcoveRungEncoder    *self);
char              *alcove_rung_encoder_dup_problem  (AlcoveRungEncoder    *self);
const AlcoveCodecPart *
                   alcove_rung_encoder_get_part     (AlcoveRungEncoder    *self);
void               alcove_rung_encoder_request_key  (AlcoveRungEncoder    *self);
void               alcove_rung_encoder_describe     (AlcoveRungEncoder    *self,
                                                     AlcoveRungSize       *size,
                                                     int                  *fps,
                                                     AlcoveVideoCodec     *codec);
/* adds to the counts */
void               alcove_rung_encoder_count        (AlcoveRungEncoder    *self,
                                                     guint64              *given,
                                                     guint64              *encoded);

G_END_DECLS
