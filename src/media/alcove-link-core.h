/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>
#include <gst/webrtc/webrtc.h>

#include "alcove-codec-choice.h"
#include "alcove-fan-out.h"
#include "alcove-feedback.h"
#include "alcove-frame-slot.h"
#include "alcove-ladder.h"
#include "alcove-media-thread.h"
#include "alcove-playout.h"
#include "alcove-recorder.h"
#include "alcove-sound-meter.h"

G_BEGIN_DECLS

/**
 * AlcoveLinkCounters:
 * @bytes_in: of media
 * @bytes_out: likewise
 * @frames_in: decoded
 * @frames_out: encoded
 * @packets_in: of sound and pictures, by the reports of webrtcbin
 * @packets_lost: that did not arrive, by the same
 * @buffered: how many packets @buffered_us is the sum of
 * @buffered_us: how long packets waited in the jitter buffer
 * @sound_us: decoded, with what the decoder guessed
 * @sound_guessed_us: of it, what neither came nor was in the packet after it
 * @sound_missed_us: spoiled by coming too late or too much at once to be played
 *
 * What a link counts, from its beginning on.
 */
typedef struct {
  guint64 bytes_in;
  guint64 bytes_out;
  guint64 frames_in;
  guint64 frames_out;
  guint64 packets_in;
  guint64 packets_lost;
  guint64 buffered;
  guint64 buffered_us;
  guint64 sound_us;
  guint64 sound_guessed_us;
  guint64 sound_missed_us;
} AlcoveLinkCounters;

/**
 * AlcoveLinkCore:
 *
 * The part of a link that GStreamer's threads touch. It is counted by itself, so that a
 * callback which arrives after the link is closed finds it alive and `closed`.
 */
typedef struct {
  /* constant */
  AlcoveMediaHandle *handle;
  AlcoveFrameSlot *slot;
  AlcoveCodecChoice *choice;
  gboolean receive;

  GMutex lock;
  GCond ended; /* `closed` has changed */
  /* the rest under the lock */
  gboolean closed;
  gboolean paused; /* nothing that comes is to be seen or heard */
  guint n_pauses;
  gboolean mismatch;
  GStrv fingerprints;
  gpointer verified;
  AlcoveRecorder *recorder; /* while somebody records */
  AlcovePlayoutStream *stream;
  AlcoveLadderView *view; /* while we send pictures */
  GPtrArray *promises;
  gsize text_bytes; /* of texts on their way to the main context */
  gboolean got_frame;
  AlcoveLinkCounters counters; /* without the packets */
  AlcoveFeedback feedback; /* of what we sent */
  gint64 feedback_time; /* of the latest, 0 before the first */
  guint remb; /* bits a second, 0 if nothing is said */
  guint pace; /* bits a second that pictures may be sent with, 0 for any */
  guint32 audio_ssrc; /* of what we send, 0 before that is settled */
  const char *codec_in;  /* static; NULL before the first packet of a picture */
  const char *codec_out; /* likewise, while no picture is sent */
  gint64 last_frame_time;
  int width;
  int height;
  int picture;
  gint64 picture_counter;
  double tone_hz;
} AlcoveLinkCore;

AlcoveLinkCore *alcove_link_core_new             (AlcoveMediaHandle      *handle,
                                                  AlcoveCodecChoice      *choice,
                                                  gboolean                receive);
AlcoveLinkCore *alcove_link_core_ref             (AlcoveLinkCore         *self);
void            alcove_link_core_unref           (AlcoveLinkCore         *self);
gboolean        alcove_link_core_is_closed       (AlcoveLinkCore         *self);
void            alcove_link_core_wait            (AlcoveLinkCore         *self,
                                                  gint64                  until);
void            alcove_link_core_set_promised    (AlcoveLinkCore         *self,
                                                  const char *const      *fingerprints);
gboolean        alcove_link_core_check_transport (AlcoveLinkCore         *self,
                                                  GstWebRTCDTLSTransport *transport);
GstPromise     *alcove_link_core_new_promise     (AlcoveLinkCore         *self,
                                                  GstPromiseChangeFunc    func,
                                                  gpointer                data,
                                                  GDestroyNotify          destroy);
void            alcove_link_core_expire_promises (AlcoveLinkCore         *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlcoveLinkCore, alcove_link_core_unref)

G_END_DECLS
