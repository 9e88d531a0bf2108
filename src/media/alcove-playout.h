/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* What goes into the mixer: one format for all, as webrtcdsp needs it. */
#define ALCOVE_PLAYOUT_CAPS "audio/x-raw,format=S16LE,layout=interleaved,rate=48000,channels=1"

#define ALCOVE_TYPE_PLAYOUT (alcove_playout_get_type ())
G_DECLARE_FINAL_TYPE (AlcovePlayout, alcove_playout, ALCOVE, PLAYOUT, GObject)

typedef struct _AlcovePlayoutStream AlcovePlayoutStream;

/**
 * AlcovePlayout:
 *
 * One mixer and one sound output for everybody's decoded sound, in the
 * engine's top-level pipeline. Streams are opened and closed on the main context;
 * alcove_playout_stream_push() is for one streaming thread and never blocks.
 * After close returns nothing of the stream is used any more.
 */
AlcovePlayoutStream *alcove_playout_open_stream        (AlcovePlayout       *self);
GstClockTime         alcove_playout_stream_push        (AlcovePlayoutStream *stream,
                                                        GstSample           *sample);
void                 alcove_playout_stream_set_volume  (AlcovePlayoutStream *stream,
                                                        double               volume);
void                 alcove_playout_stream_close       (AlcovePlayoutStream *stream);

G_END_DECLS
