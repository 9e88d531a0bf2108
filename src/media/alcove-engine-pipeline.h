/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

#include "alcove-devices.h"
#include "alcove-playout.h"
#include "alcove-workers.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_ENGINE_PIPELINE (alcove_engine_pipeline_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveEnginePipeline, alcove_engine_pipeline, ALCOVE, ENGINE_PIPELINE, GObject)

/**
 * AlcoveEnginePipeline:
 *
 * The pipeline of encoders and sound output, opened and closed on worker threads. An output
 * that breaks is replaced by none, and opened again when one appears.
 *
 * A chosen output that is not there is replaced by the default one until it is.
 *
 * Signals: `notice (GError)`: no output can be used, or another one than the chosen one is;
 * `notice-over (GError)`: what that said holds no longer, or was said of a choice that is changed;
 * `failed (GError)`: something broke, told once.
 */
AlcoveEnginePipeline *alcove_engine_pipeline_new         (GstClock             *clock,
                                                          GstClockTime          base_time,
                                                          gboolean              silent,
                                                          AlcoveDevices        *devices,
                                                          AlcoveWorkers        *workers,
                                                          GError              **error);
GstBin               *alcove_engine_pipeline_get_bin     (AlcoveEnginePipeline *self);
AlcovePlayout        *alcove_engine_pipeline_get_playout (AlcoveEnginePipeline *self);
void                  alcove_engine_pipeline_set_speaker (AlcoveEnginePipeline *self,
                                                          const char           *speaker);
void                  alcove_engine_pipeline_start       (AlcoveEnginePipeline *self);
void                  alcove_engine_pipeline_stop        (AlcoveEnginePipeline *self);

G_END_DECLS
