/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-engine-private.h"
#include "sound-server.h"

G_BEGIN_DECLS

/*
 * A call at a sound server: who talks, what is heard, and what the person is told.
 */

#define RATE 48000
#define MIC_HZ 700
#define MIC_VOLUME 0.4
#define CALL_HZ 1000
#define CALL_VOLUME 0.5

typedef struct {
  GstElement *pipeline;
  GstElement *sink;
} Listener;

/* Somebody who talks, at the other end of a link. */
typedef struct {
  GstElement *pipeline;
  AlcovePlayoutStream *stream;
} Caller;

typedef struct {
  guint n_microphone;
  guint n_speaker;
  guint n_other;
  guint n_standing; /* that were not taken back */
} Notices;

/* what an output plays, and what the others get */
void          listener_open           (Listener         *listener,
                                       const char       *device);
void          listener_open_sent      (Listener         *listener,
                                       AlcoveEngine     *engine);
void          listener_close          (Listener         *listener);
double        listener_hear           (Listener         *listener,
                                       double           *level);
void          listener_wait_for       (Listener         *listener,
                                       double            pitch,
                                       double           *level);
void          hear_call               (const char       *monitor);

void          caller_open             (Caller           *caller,
                                       AlcoveEngine     *engine,
                                       const char       *wave);
void          caller_close            (Caller           *caller);

/* what the microphone hears */
GstElement   *start_tone              (void);
void          stop_tone               (GstElement       *pipeline);

AlcoveEngine *engine_new              (const char       *audio,
                                       const char       *playout);
AlcoveEngine *engine_new_with         (AlcoveDevices    *devices,
                                       const char       *audio,
                                       const char       *playout);
void          engine_end              (AlcoveEngine     *engine);
void          engine_count_notices    (AlcoveEngine     *engine,
                                       Notices          *notices);
void          leave_sound_as_it_is    (AlcoveEngine     *engine);
gboolean      get_microphone_available (AlcoveEngine    *engine);
gboolean      has_device              (AlcoveDevices    *devices,
                                       AlcoveDeviceKind  kind,
                                       const char       *id);

G_END_DECLS
