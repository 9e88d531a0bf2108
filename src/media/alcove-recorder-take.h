/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

#include "alcove-recorder-track.h"
#include "alcove-workers.h"

G_BEGIN_DECLS

/* How long the end of a file may take to be written, in microseconds. */
#define ALCOVE_RECORDER_TAKE_MOST_END (5 * G_TIME_SPAN_SECOND)

/**
 * AlcoveRecorderEnd:
 * @ALCOVE_RECORDER_END_WHOLE: all is in the file
 * @ALCOVE_RECORDER_END_LATE: perhaps without its end
 * @ALCOVE_RECORDER_END_BROKEN: something could not be written
 *
 * How a file ended, the better first.
 */
typedef enum {
  ALCOVE_RECORDER_END_WHOLE,
  ALCOVE_RECORDER_END_LATE,
  ALCOVE_RECORDER_END_BROKEN,
} AlcoveRecorderEnd;

/**
 * AlcoveRecorderFormat:
 * @is_h264: else VP8
 * @width: of VP8, 0 if unknown
 * @height: likewise
 *
 * What pictures are in that a file is to hold.
 */
typedef struct {
  gboolean is_h264;
  int width;
  int height;
} AlcoveRecorderFormat;

gboolean alcove_recorder_format_read (AlcoveRecorderFormat *self,
                                      GstSample            *sample);

/**
 * AlcoveRecorderOutcome:
 *
 * What became of the files of a recording, which threads tell that write their ends. Atomically
 * counted references; any thread.
 */
typedef struct _AlcoveRecorderOutcome AlcoveRecorderOutcome;

AlcoveRecorderOutcome *alcove_recorder_outcome_new   (void);
void                   alcove_recorder_outcome_unref (AlcoveRecorderOutcome *self);
AlcoveRecorderEnd      alcove_recorder_outcome_get   (AlcoveRecorderOutcome *self,
                                                      GStrvBuilder          *files);

/**
 * AlcoveRecorderTake:
 * @video: its pictures
 * @audio: its sound
 *
 * One file of a recording. Whoever uses it locks.
 */
typedef struct {
  AlcoveRecorderTrack video;
  AlcoveRecorderTrack audio;

  /*< private >*/
  AlcoveRecorderOutcome *outcome;
  guint index; /* there */
  char *path;
  int fd;
  GstElement *pipeline;
  GstClockTime start;
} AlcoveRecorderTake;

/**
 * AlcoveRecorderTakeFunc:
 * @data: of whoever asked
 *
 * Nothing more can be written. Any thread.
 */
typedef void (*AlcoveRecorderTakeFunc) (gpointer data);

AlcoveRecorderTake *alcove_recorder_take_new       (const char                 *path,
                                                    AlcoveRecorderOutcome      *outcome,
                                                    gboolean                   *taken,
                                                    GError                    **error);
gboolean            alcove_recorder_take_has_begun (const AlcoveRecorderTake   *self);
void                alcove_recorder_take_begin     (AlcoveRecorderTake         *self,
                                                    const AlcoveRecorderFormat *video,
                                                    gboolean                    with_audio,
                                                    GstClockTime                start,
                                                    AlcoveRecorderTakeFunc      broken,
                                                    gpointer                    data,
                                                    GDestroyNotify              destroy);
void                alcove_recorder_take_push      (AlcoveRecorderTake         *self,
                                                    AlcoveRecorderTrack        *track,
                                                    GstBuffer                  *buffer,
                                                    GstClockTime                time);
void                alcove_recorder_take_finish    (AlcoveRecorderTake         *self,
                                                    AlcoveWorkers              *workers);

G_END_DECLS
