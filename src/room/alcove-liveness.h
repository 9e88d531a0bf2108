/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The picture stands still. */
#define ALCOVE_PEER_STALE_AFTER (3 * G_TIME_SPAN_SECOND)
/* Nothing at all came in. */
#define ALCOVE_PEER_QUIET_AFTER (6 * G_TIME_SPAN_SECOND)
/* An Alcove's heartbeats stopped. */
#define ALCOVE_PEER_DEAD_AFTER (15 * G_TIME_SPAN_SECOND)
#define ALCOVE_PEER_BACK_OFF_MIN (2 * G_TIME_SPAN_SECOND)
#define ALCOVE_PEER_BACK_OFF_MAX (30 * G_TIME_SPAN_SECOND)
#define ALCOVE_PEER_SILENT_BACK_OFF_MAX (120 * G_TIME_SPAN_SECOND)

/**
 * AlcoveLiveness:
 * @expect_frames: whether decoded frames are the sign of life; else bytes and heartbeats are
 * @data_only: whether there is nothing but data channels, which rest as long as nobody writes
 * @connected_at: when the link came up
 * @frame_at: when the last frame was decoded, 0 before the first
 * @bytes_at: when bytes last came in, @connected_at before the first
 * @heartbeat_at: when the far Alcove last gave a sign of life, 0 before the first
 * @closed_at: when the last data channel was closed, 0 while one is open or none was
 * @bytes: how many bytes came in so far
 *
 * What is known of a link that is up. All times are in microseconds of one monotonic
 * clock, and none is 0 but where it says so.
 */
typedef struct {
  gboolean expect_frames;
  gboolean data_only;
  gint64 connected_at;
  gint64 frame_at;
  gint64 bytes_at;
  gint64 heartbeat_at;
  gint64 closed_at;
  guint64 bytes;
} AlcoveLiveness;

/**
 * AlcoveVerdict:
 * @ALCOVE_VERDICT_UNTRIED: no sign of life yet, and none is missing
 * @ALCOVE_VERDICT_LIVE: it moves
 * @ALCOVE_VERDICT_STALE: it moved once, and stands still now
 */
typedef enum {
  ALCOVE_VERDICT_UNTRIED,
  ALCOVE_VERDICT_LIVE,
  ALCOVE_VERDICT_STALE,
} AlcoveVerdict;

AlcoveVerdict alcove_liveness_judge        (const AlcoveLiveness *self,
                                            gint64                now,
                                            gint64               *age);
gboolean      alcove_liveness_needs_repair (const AlcoveLiveness *self,
                                            gint64                now);
gint64        alcove_liveness_back_off     (guint                 attempts,
                                            gboolean              at_once);
gint64        alcove_liveness_silent_back_off
                                           (guint                 attempts);

G_END_DECLS
