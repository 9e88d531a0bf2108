/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * AlcoveDebugFlags:
 * @ALCOVE_DEBUG_WIRE: every signalling message, both ways
 * @ALCOVE_DEBUG_SDP: every session description
 * @ALCOVE_DEBUG_ICE: candidates and connection states
 * @ALCOVE_DEBUG_MEDIA: pipelines, key frames, rungs
 * @ALCOVE_DEBUG_SERVER: the embedded server's members and rooms
 * @ALCOVE_DEBUG_TIMING: the steps from join to the first frame
 *
 * Named switches of the environment variable `ALCOVE_DEBUG`, separated by
 * commas; `all` turns on every one, `help` lists them.
 */
typedef enum {
  ALCOVE_DEBUG_NONE = 0,
  ALCOVE_DEBUG_WIRE = 1 << 0,
  ALCOVE_DEBUG_SDP = 1 << 1,
  ALCOVE_DEBUG_ICE = 1 << 2,
  ALCOVE_DEBUG_MEDIA = 1 << 3,
  ALCOVE_DEBUG_SERVER = 1 << 4,
  ALCOVE_DEBUG_TIMING = 1 << 5,
} AlcoveDebugFlags;

AlcoveDebugFlags alcove_debug_get_flags (void);
void             alcove_debug_print     (AlcoveDebugFlags flag,
                                         const char      *format,
                                         ...) G_GNUC_PRINTF (2, 3);

G_END_DECLS
