/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The longest header of a frame: 2 bytes, 8 of length, 4 of mask (RFC 6455, section 5.2). */
#define ALCOVE_FRAME_MAX_HEADER 14

/**
 * AlcoveFrameVerdict:
 * @ALCOVE_FRAME_OK: within the bounds
 * @ALCOVE_FRAME_TOO_LARGE: a message, all its fragments together, is over the bound
 * @ALCOVE_FRAME_TOO_FAST: more frames than the sustained rate and its burst allow
 */
typedef enum {
  ALCOVE_FRAME_OK,
  ALCOVE_FRAME_TOO_LARGE,
  ALCOVE_FRAME_TOO_FAST,
} AlcoveFrameVerdict;

/**
 * AlcoveFrameMeter:
 *
 * Follows the frames of one direction of a WebSocket without touching them.
 * All members are private.
 */
typedef struct {
  guint64 max_message;
  double rate;
  double burst;
  double tokens;
  gint64 last;

  guint8 header[ALCOVE_FRAME_MAX_HEADER];
  guint header_length;
  guint64 payload_left;
  gboolean in_data;
  guint64 message_length;
  guint64 data_bytes;
  AlcoveFrameVerdict verdict;
} AlcoveFrameMeter;

void               alcove_frame_meter_init           (AlcoveFrameMeter       *self,
                                                      guint64                 max_message,
                                                      guint                   rate,
                                                      guint                   burst,
                                                      gint64                  now);
AlcoveFrameVerdict alcove_frame_meter_feed           (AlcoveFrameMeter       *self,
                                                      const guint8           *bytes,
                                                      gsize                   length,
                                                      gint64                  now,
                                                      gsize                  *n_good);
guint64            alcove_frame_meter_get_data_bytes (const AlcoveFrameMeter *self);

G_END_DECLS
