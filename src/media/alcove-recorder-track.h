/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Matroska counts milliseconds: what is closer together has the same time in the file. */
#define ALCOVE_RECORDER_TRACK_UNIT GST_MSECOND

/* How much later than its own time sound may be laid, so that it does not overlap. */
#define ALCOVE_RECORDER_TRACK_MOST_LAG (500 * GST_MSECOND)

/**
 * AlcoveRecorderTrack:
 *
 * Pictures or sound in a recorder's file. A track's times rise from one packet to the next, also
 * where those of a jitter buffer stand still or go back, as they do when packets come in bursts:
 * parsers, muxers and players take what has the same time for the same picture, and drop it. What
 * was laid later than its own time does not stay late: see alcove_recorder_track_place(). Plain
 * data, set up by alcove_recorder_track_init(); whoever uses it locks.
 */
typedef struct {
  GstElement *source; /* NULL if the file has none of it */
  gboolean ended;     /* it stopped coming, and the file goes on without */
  gboolean is_sound;
  GstClockTime last; /* running time of what was pushed last; none before that */
  GstClockTime next; /* where what follows may begin at the earliest */
} AlcoveRecorderTrack;

void         alcove_recorder_track_init           (AlcoveRecorderTrack *self,
                                                   gboolean             is_sound);
void         alcove_recorder_track_clear          (AlcoveRecorderTrack *self);
void         alcove_recorder_track_attach         (AlcoveRecorderTrack *self,
                                                   GstElement          *source);
gboolean     alcove_recorder_track_is_open        (const AlcoveRecorderTrack *self);
void         alcove_recorder_track_end            (AlcoveRecorderTrack *self);
GstClockTime alcove_recorder_track_place          (AlcoveRecorderTrack *self,
                                                   GstClockTime         time,
                                                   GstClockTime         duration);
void         alcove_recorder_track_push           (AlcoveRecorderTrack *self,
                                                   GstBuffer           *buffer,
                                                   GstClockTime         time,
                                                   GstClockTime         start);
GstClockTime alcove_recorder_track_measure_packet (GstBuffer           *packet);

G_END_DECLS
