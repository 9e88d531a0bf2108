/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* As many as a room takes in. */
#define ALCOVE_PAIR_MAX 64
#define ALCOVE_PAIR_MAX_ID 256

/**
 * AlcovePairState:
 * @ALCOVE_PAIR_UNKNOWN: a state of a later version
 * @ALCOVE_PAIR_CONNECTING: no picture yet
 * @ALCOVE_PAIR_LIVE: pictures arrive
 * @ALCOVE_PAIR_STALE: they arrived once, and do not now
 * @ALCOVE_PAIR_REPAIRING: a fresh connection is being made
 * @ALCOVE_PAIR_DATA_ONLY: connected, and there are neither sound nor pictures to come
 * @ALCOVE_PAIR_RESTING: connected, and it is not their turn to send
 */
typedef enum {
  ALCOVE_PAIR_UNKNOWN,
  ALCOVE_PAIR_CONNECTING,
  ALCOVE_PAIR_LIVE,
  ALCOVE_PAIR_STALE,
  ALCOVE_PAIR_REPAIRING,
  ALCOVE_PAIR_DATA_ONLY,
  ALCOVE_PAIR_RESTING,
} AlcovePairState;

/**
 * AlcovePair:
 * @id: who is seen, by the id that the one who tells of it knows them by; never to be shown
 * @you: whether it is the one who is told. Where a server gives each protocol its own ids, the one
 *   who is told could not know it otherwise
 * @state: how they are seen
 * @frame_age_ms: age of the last picture, -1 if unknown
 * @fps: pictures a second, -1 if unknown
 * @loss: packets that did not arrive, of a thousand, -1 if unknown
 * @rtt_ms: round trip, -1 if unknown
 *
 * How one of a room sees another. The other way round is another pair.
 */
typedef struct {
  char *id;
  gboolean you;
  AlcovePairState state;
  gint64 frame_age_ms;
  gint64 fps;
  gint64 loss;
  gint64 rtt_ms;
} AlcovePair;

AlcovePair     *alcove_pair_new           (const char     *id);
void            alcove_pair_free          (AlcovePair     *self);
GPtrArray      *alcove_pair_new_list      (void);
const char     *alcove_pair_state_to_text (AlcovePairState state);
AlcovePairState alcove_pair_state_parse   (const char     *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlcovePair, alcove_pair_free)

G_END_DECLS
