/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ALCOVE_LINK_STATS_NAME_SIZE 16

/**
 * AlcoveCandidateType:
 * @ALCOVE_CANDIDATE_UNKNOWN: no path is chosen yet, or it is not known which
 * @ALCOVE_CANDIDATE_HOST: an address of the machine itself
 * @ALCOVE_CANDIDATE_SRFLX: an address that a STUN server saw
 * @ALCOVE_CANDIDATE_PRFLX: an address that the other side saw
 * @ALCOVE_CANDIDATE_RELAY: an address of a TURN server, through which everything goes
 *
 * The end of a path through the network, in the terms of ICE.
 */
typedef enum {
  ALCOVE_CANDIDATE_UNKNOWN,
  ALCOVE_CANDIDATE_HOST,
  ALCOVE_CANDIDATE_SRFLX,
  ALCOVE_CANDIDATE_PRFLX,
  ALCOVE_CANDIDATE_RELAY,
} AlcoveCandidateType;

/**
 * AlcoveLinkStats:
 * @fps_in: decoded frames a second
 * @fps_out: encoded frames a second handed to this peer
 * @width: of the received picture, 0 before the first frame
 * @height: of the received picture
 * @kbps_in: received media, kilobits a second
 * @kbps_out: sent media
 * @rtt_ms: round trip by RTCP, -1 if unknown
 * @loss: fraction of our packets that the peer reports lost, 0 to 1, -1 if unknown
 * @loss_in: fraction of the peer's packets that did not arrive, 0 to 1, -1 if unknown
 * @jitter_ms: how unevenly packets arrive, by RFC 3550, of the worst stream; -1 if unknown
 * @buffer_ms: how long packets wait in the jitter buffer on average, -1 if unknown
 * @frame_age_ms: age of the last decoded frame, -1 before the first
 * @frames_decoded: in all, on this link
 * @codec_in: of the picture that comes in, such as `VP8`; empty before the first packet
 * @codec_out: of the picture that goes out; empty while none is sent
 * @rung: which of the sizes that are encoded goes to this peer, such as `640×360`; empty while no
 *   picture is sent
 * @estimate_kbps: what the network bears on the way to this peer, -1 if unknown
 * @target_kbps: what the encoder of the picture that goes to this peer aims at, -1 if none goes
 * @load_step: by how many steps our picture is made smaller or rarer because this machine can't
 *   encode more; 0 for none
 * @draw_step: by how many steps fewer of the pictures that come are shown because this machine
 *   can't draw more, from the second on smaller ones too; 0 for none
 * @local_candidate: our end of the path in use
 * @remote_candidate: the other end
 * @picture: the number of the sender's test picture read from the last frame, -1 if it bears none
 * @picture_counter: the frame number read from the last frame, -1 if it bears none
 * @sound_ms: sound of the peer that was decoded, in all, on this link
 * @sound_guessed_ms: of it, what was lost on the way and could only be guessed at
 * @sound_missed_ms: how long nothing was to be played because sound came too late, and what was
 *   left out because too much of it came at once, in all; a second without any is a pause
 * @tone_hz: the pitch of the received sound as measured over the last second, 0 in silence
 *
 * What is measured of one link. Rates, `loss_in` and `buffer_ms` refer to about the last second or
 * more, however many ask.
 *
 * `picture`, `picture_counter` and `tone_hz` exist so that anybody can verify that what
 * arrives is what `--video test` and `--audio test` sent, live and from the right peer.
 */
typedef struct {
  double fps_in;
  double fps_out;
  int width;
  int height;
  double kbps_in;
  double kbps_out;
  double rtt_ms;
  double loss;
  double loss_in;
  double jitter_ms;
  double buffer_ms;
  gint64 frame_age_ms;
  guint64 frames_decoded;
  char codec_in[ALCOVE_LINK_STATS_NAME_SIZE];
  char codec_out[ALCOVE_LINK_STATS_NAME_SIZE];
  char rung[ALCOVE_LINK_STATS_NAME_SIZE];
  double estimate_kbps;
  double target_kbps;
  guint load_step;
  guint draw_step;
  AlcoveCandidateType local_candidate;
  AlcoveCandidateType remote_candidate;
  int picture;
  gint64 picture_counter;
  guint64 sound_ms;
  guint64 sound_guessed_ms;
  guint64 sound_missed_ms;
  double tone_hz;
} AlcoveLinkStats;

G_END_DECLS
