/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "alcove-frame-slot.h"
#include "alcove-peer-link.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_MEDIA_LINK (alcove_media_link_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveMediaLink, alcove_media_link, ALCOVE, MEDIA_LINK, GObject)

/**
 * AlcoveLinkStats:
 * @fps_in: decoded frames a second since the last sample
 * @fps_out: encoded frames a second handed to this peer since the last sample
 * @width: of the received picture, 0 before the first frame
 * @height: of the received picture
 * @kbps_in: received media, kilobits a second since the last sample
 * @kbps_out: sent media
 * @rtt_ms: round trip by RTCP, -1 if unknown
 * @loss: fraction of our packets that the peer reports lost, 0 to 1, -1 if unknown
 * @frame_age_ms: age of the last decoded frame, -1 before the first
 * @frames_decoded: in all, on this link
 * @picture: the number of the sender's test picture read from the last frame, -1 if it bears none
 * @picture_counter: the frame number read from the last frame, -1 if it bears none
 * @tone_hz: the pitch of the received sound as measured over the last second, 0 in silence
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
  gint64 frame_age_ms;
  guint64 frames_decoded;
  int picture;
  gint64 picture_counter;
  double tone_hz;
} AlcoveLinkStats;

/**
 * AlcoveMediaLink:
 *
 * The webrtcbin of one peer, in a pipeline of its own. Made by #AlcoveEngine.
 */
AlcoveFrameSlot *alcove_media_link_get_slot             (AlcoveMediaLink     *self);
void             alcove_media_link_sample_stats_async   (AlcoveMediaLink     *self,
                                                         GCancellable        *cancellable,
                                                         GAsyncReadyCallback  callback,
                                                         gpointer             user_data);
gboolean         alcove_media_link_sample_stats_finish  (AlcoveMediaLink     *self,
                                                         GAsyncResult        *result,
                                                         AlcoveLinkStats     *stats,
                                                         GError             **error);

G_END_DECLS
