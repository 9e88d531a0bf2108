/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "alcove-participant.h"
#include "alcove-peer-link.h"

G_BEGIN_DECLS

#define ALCOVE_PEER_MAX_EARLY_CANDIDATES 64
#define ALCOVE_PEER_MAX_CANDIDATES 512
#define ALCOVE_PEER_CONNECT_WITHIN (20 * G_TIME_SPAN_SECOND)
#define ALCOVE_PEER_LAST_RESORT_AFTER (12 * G_TIME_SPAN_SECOND)
#define ALCOVE_PEER_PATIENCE (4 * G_TIME_SPAN_SECOND)
#define ALCOVE_PEER_HEALTHY_AFTER (10 * G_TIME_SPAN_SECOND)

/**
 * AlcovePeerState:
 * @ALCOVE_PEER_NEW: no description went either way
 * @ALCOVE_PEER_HAVE_OFFER: our offer is being made or waits for its answer
 * @ALCOVE_PEER_HAVE_ANSWER: their offer was taken and our answer is being made
 * @ALCOVE_PEER_CONNECTING: both descriptions are there
 * @ALCOVE_PEER_CONNECTED: the link is up
 * @ALCOVE_PEER_STALE: the link is up, but the picture stands still
 * @ALCOVE_PEER_REPAIRING: a fresh offer is due, ours or theirs
 * @ALCOVE_PEER_CLOSED: hung up or gone
 */
typedef enum {
  ALCOVE_PEER_NEW,
  ALCOVE_PEER_HAVE_OFFER,
  ALCOVE_PEER_HAVE_ANSWER,
  ALCOVE_PEER_CONNECTING,
  ALCOVE_PEER_CONNECTED,
  ALCOVE_PEER_STALE,
  ALCOVE_PEER_REPAIRING,
  ALCOVE_PEER_CLOSED,
} AlcovePeerState;

/* Monotonic microseconds; tests bring their own. */
typedef gint64 (*AlcoveClockFunc) (gpointer user_data);

/**
 * AlcovePeerOptions:
 * @full_descriptions: see #AlcovePeerLinkOptions
 * @channel_label: (nullable): see #AlcovePeerLinkOptions
 * @expect_frames: whether decoded frames are the sign of life; else bytes and heartbeats are
 * @last_resort: whether the side that waits may offer when no offer ever comes
 * @patience: how much longer than usual this one waits before it does, in microseconds
 * @clock: the time
 * @clock_data: for @clock; outlives the peer
 */
typedef struct {
  gboolean full_descriptions;
  const char *channel_label;
  gboolean expect_frames;
  gboolean last_resort;
  gint64 patience;
  AlcoveClockFunc clock;
  gpointer clock_data;
} AlcovePeerOptions;

#define ALCOVE_TYPE_PEER (alcove_peer_get_type ())
G_DECLARE_FINAL_TYPE (AlcovePeer, alcove_peer, ALCOVE, PEER, GObject)

/**
 * AlcovePeer:
 *
 * The negotiation with one participant, over as many links as it takes. It has
 * no timer: its room calls alcove_peer_tick().
 *
 * Signals: `description (type, sdp)` and `candidate (mid, mline_index, candidate)`, to be
 * sent; `problem (GError)`; `event (name)`: `connected`, `stale`, `repaired`;
 * `first-frame (width, height)`; `channel-open (channel)`; `channel-text (channel, text)`;
 * `channel-closed (channel)`; `view-size-changed`; `state-changed`; `checking`: with both
 * descriptions and a candidate of theirs a path is looked for; `link-changed`: the old link is gone.
 */
AlcovePeer     *alcove_peer_new                (AlcoveParticipant       *participant,
                                                AlcovePeerLinkFactory   *factory,
                                                const AlcovePeerOptions *options);
AlcovePeerState alcove_peer_get_state          (AlcovePeer              *self);
gboolean        alcove_peer_is_negotiating     (AlcovePeer              *self);
gboolean        alcove_peer_is_healthy         (AlcovePeer              *self);
void            alcove_peer_set_expect_frames  (AlcovePeer              *self,
                                                gboolean                 expect_frames);
void            alcove_peer_set_sending        (AlcovePeer              *self,
                                                gboolean                 sending);
void            alcove_peer_set_resting        (AlcovePeer              *self,
                                                gboolean                 resting);
gboolean        alcove_peer_renew              (AlcovePeer              *self);
void            alcove_peer_start              (AlcovePeer              *self);
void            alcove_peer_reset              (AlcovePeer              *self);
void            alcove_peer_handle_description (AlcovePeer              *self,
                                                AlcoveDescriptionType    type,
                                                const char              *sdp);
void            alcove_peer_handle_candidate   (AlcovePeer              *self,
                                                const char              *mid,
                                                int                      mline_index,
                                                const char              *candidate);
void            alcove_peer_note_heartbeat     (AlcovePeer              *self);
gboolean        alcove_peer_send_text          (AlcovePeer              *self,
                                                AlcoveChannel            channel,
                                                const char              *text);
gboolean        alcove_peer_is_channel_open    (AlcovePeer              *self,
                                                AlcoveChannel            channel);
gboolean        alcove_peer_close_channel      (AlcovePeer              *self,
                                                AlcoveChannel            channel);
guint64         alcove_peer_get_buffered       (AlcovePeer              *self,
                                                AlcoveChannel            channel);
void            alcove_peer_tick               (AlcovePeer              *self);
void            alcove_peer_hang_up            (AlcovePeer              *self);

G_END_DECLS
