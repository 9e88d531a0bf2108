/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

#include "alcove-adaptation.h"
#include "alcove-codec-choice.h"
#include "alcove-fan-out.h"
#include "alcove-ladder.h"
#include "alcove-media-link.h"
#include "alcove-playout.h"
#include "alcove-recordings.h"
#include "alcove-workers.h"

G_BEGIN_DECLS

/**
 * AlcoveMediaLinkSetup:
 * @peer: the peer's id, for logs
 * @full_descriptions: gather candidates, for at most 2 s, before a description is emitted
 * @channel_label: (nullable): label of the page channel that the offerer creates
 * @serial: how many links there were to this peer before
 * @video: (nullable): where encoded pictures come from; %NULL sends none
 * @audio: (nullable): where encoded Opus comes from; %NULL sends no sound
 * @choice: (nullable): what encodes and decodes pictures; %NULL for a choice of its own
 * @preference: which codec is offered first
 * @playout: (nullable): where decoded sound goes; %NULL plays nothing
 * @recordings: (nullable): whose recordings are those of the link
 * @adaptation: (nullable): to whom it tells its loss, and who sees whether its pictures are drawn
 * @clock: the engine's clock
 * @base_time: the engine's base time, to which the running times of sound and pictures refer
 * @workers: (nullable): whose threads take its pipeline down
 * @receive: whether what arrives is decoded at all
 * @stun: (nullable): `stun:host:port` or `stun://host:port`
 * @turn: (nullable): `turn://user:password@host:port` or the browser's form
 * @relay_only: use relayed candidates alone
 *
 * What the engine hands to a link. Everything is copied or referenced as needed.
 */
typedef struct {
  const char *peer;
  gboolean full_descriptions;
  const char *channel_label;
  guint serial;
  AlcoveLadder *video;
  AlcoveFanOut *audio;
  AlcoveCodecChoice *choice;
  AlcoveCodecPreference preference;
  AlcovePlayout *playout;
  AlcoveRecordings *recordings;
  AlcoveAdaptation *adaptation;
  GstClock *clock;
  GstClockTime base_time;
  AlcoveWorkers *workers;
  gboolean receive;
  const char *stun;
  const char *turn;
  gboolean relay_only;
} AlcoveMediaLinkSetup;

AlcoveMediaLink *alcove_media_link_new (const AlcoveMediaLinkSetup *setup,
                                        GError                    **error);

G_END_DECLS
