/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

#include "alcove-capture-source.h"
#include "alcove-voice.h"
#include "alcove-workers.h"

G_BEGIN_DECLS

AlcoveVoice *alcove_voice_new            (GstBin                   *pipeline,
                                          const char               *probe,
                                          AlcoveWorkers            *workers,
                                          AlcoveCaptureFunc         func,
                                          gpointer                  user_data);
void         alcove_voice_set_microphone (AlcoveVoice              *self,
                                          gboolean                  microphone);
/* any thread; @buffer: (transfer full) */
void         alcove_voice_push           (AlcoveVoice              *self,
                                          GstBuffer                *buffer);
void         alcove_voice_stop           (AlcoveVoice              *self);

G_END_DECLS
