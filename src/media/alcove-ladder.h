/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/app/gstappsrc.h>
#include <gst/gst.h>

#include "alcove-codec-choice.h"
#include "alcove-video-codec.h"
#include "alcove-workers.h"

G_BEGIN_DECLS

#define ALCOVE_RUNG_NAME_SIZE 16

/**
 * AlcoveRung:
 * @name: its size, such as `640×360`
 * @width: of its pictures
 * @height: likewise
 * @fps: pictures a second at most
 * @bitrate: what its encoder aims at, in bits a second
 * @codec: what it is encoded with
 *
 * What a view gets.
 */
typedef struct {
  char name[ALCOVE_RUNG_NAME_SIZE];
  int width;
  int height;
  int fps;
  guint bitrate;
  AlcoveVideoCodec codec;
} AlcoveRung;

#define ALCOVE_TYPE_LADDER (alcove_ladder_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveLadder, alcove_ladder, ALCOVE, LADDER, GObject)

#define ALCOVE_TYPE_LADDER_VIEW (alcove_ladder_view_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveLadderView, alcove_ladder_view, ALCOVE, LADDER_VIEW, GObject)

/**
 * AlcoveLadder:
 *
 * All encoders of our picture: up to three sizes of each codec, each scaled and encoded
 * once however many watch it, and only while somebody does.
 *
 * An #AlcoveLadderView is one who watches: an `appsrc` that gets encoded pictures with running
 * times of the engine's clock and base time, from a key frame on. Which rung it gets follows from
 * what its network bears, from the size of the picture over there and from the load of this
 * machine; it changes at a key frame, and no picture is left out, comes twice or comes late.
 *
 * Main context, where nothing else is said.
 */
AlcoveLadder     *alcove_ladder_new            (GstBin           *pipeline,
                                                AlcoveWorkers    *workers,
                                                int               width,
                                                int               height,
                                                int               fps,
                                                GError          **error);
void              alcove_ladder_set_codec_choice (AlcoveLadder   *self,
                                                AlcoveCodecChoice *choice);
/* a streaming thread; @picture is transfer full, I420 at the size given or of one that it says
 * itself, which the rungs follow then */
void              alcove_ladder_push           (AlcoveLadder     *self,
                                                GstBuffer        *picture);
/* with what is known of the view already, as in the setters below */
AlcoveLadderView *alcove_ladder_watch          (AlcoveLadder     *self,
                                                AlcoveVideoCodec  codec,
                                                GstAppSrc        *source,
                                                guint             bits_per_second,
                                                int               width,
                                                int               height);
/* 0: full; each step takes away rate or size */
void              alcove_ladder_set_step       (AlcoveLadder     *self,
                                                guint             step);
guint             alcove_ladder_get_n_views    (AlcoveLadder     *self);
/* encoders that really are in the pipeline */
guint             alcove_ladder_get_n_encoders (AlcoveLadder     *self);
/* any thread: pictures that encoders were given, and that came out of them, since the beginning;
 * the encoders fall behind when the difference grows */
void              alcove_ladder_count          (AlcoveLadder     *self,
                                                guint64          *given,
                                                guint64          *encoded);
/* for good; before the pipeline stops */
void              alcove_ladder_close          (AlcoveLadder     *self);

/* bits a second that the network bears; 0 if that is not known */
void              alcove_ladder_view_set_bitrate       (AlcoveLadderView *self,
                                                        guint             bits_per_second);
/* device pixels of the picture over there; 0×0 if it is hidden, -1 if not known */
void              alcove_ladder_view_set_size          (AlcoveLadderView *self,
                                                        int               width,
                                                        int               height);
/* any thread */
void              alcove_ladder_view_request_key_frame (AlcoveLadderView *self);
/* any thread */
void              alcove_ladder_view_get_rung          (AlcoveLadderView *self,
                                                        AlcoveRung       *rung);
/* when this returns nothing is pushed to the source any more; the caller unrefs the view */
void              alcove_ladder_view_close             (AlcoveLadderView *self);

G_END_DECLS
