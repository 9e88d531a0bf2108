/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-error.h"
#include "alcove-peer.h"

G_BEGIN_DECLS

struct _AlcovePeer {
  GObject parent_instance;

  AlcovePeerLinkFactory *factory;
  AlcoveParticipant *participant;
  AlcovePeerLink *link;
  char *channel_label;

  AlcoveClockFunc clock;
  gpointer clock_data;
  gboolean full_descriptions;
  gboolean expect_frames;
  gboolean last_resort;
  gint64 patience;
  gboolean sending; /* our sound and pictures */
  gboolean resting; /* they are neither seen nor heard before they call */

  AlcovePeerState state;
  guint epoch;       /* counts links given up, see alcove_peer_drop_link() */
  gboolean was_live; /* on any link */
  gboolean lost;     /* `stale` was said, `repaired` not yet */
  gboolean heard;    /* they sent a description, on any link */
  gboolean silent;   /* an offer went unanswered, and nothing was heard before or since */
  gboolean unreachable; /* the last attempt came to nothing, and nothing was heard since */
  guint attempts;
  guint n_links; /* that were made */
  gint64 deadline; /* of the negotiation under way */
  gint64 repair_at;

  /* of this link */
  GQueue early; /* of Candidate */
  char *remote_session;
  GStrv remote_ufrags;
  gboolean offer_sent;
  gboolean remote_set;
  gboolean receives_only; /* their description promises neither sound nor pictures */
  gboolean sound_only;    /* it promises no pictures */
  gboolean renewing;   /* an offer of ours is open on the connection that runs */
  gint64 resumed_at; /* when their media was to begin, if later than the connection */
  guint n_candidates; /* of theirs that the link was given */
  gboolean has_candidate; /* of theirs */
  gboolean checking;      /* told that it looks for its path */
  gboolean refused_early; /* told once that too many came before their description */
  gint64 connected_at;
  gint64 live_since;
  gint64 heartbeat_at;
  gint64 bytes_at;
  guint64 bytes;
  guint channels; /* that are open, a bit each */
  gint64 closed_at;
};

/* alcove-peer.c: the object and its signals */
gint64   alcove_peer_get_now           (AlcovePeer           *self);
void     alcove_peer_set_state         (AlcovePeer           *self,
                                        AlcovePeerState       state);
void     alcove_peer_emit_event        (AlcovePeer           *self,
                                        const char           *event);
void     alcove_peer_emit_problem      (AlcovePeer           *self,
                                        const GError         *error);
void     alcove_peer_note_candidate    (AlcovePeer           *self);
void     alcove_peer_emit_link_changed (AlcovePeer           *self);
void     alcove_peer_watch_link        (AlcovePeer           *self,
                                        AlcovePeerLink       *link);

/* alcove-peer-negotiation.c: links and descriptions.
 *
 * Every signal and every notification may lead back into the pair, or to its end. So
 * whoever has more to do afterwards compares the epoch, which counts links given up:
 * with another one, somebody else has decided what becomes of the pair. */
gboolean alcove_peer_drop_link         (AlcovePeer           *self);
void     alcove_peer_begin_offer       (AlcovePeer           *self);

/* alcove-peer-repair.c: liveness and back-off */
void     alcove_peer_show_waiting      (AlcovePeer           *self);
void     alcove_peer_check_liveness    (AlcovePeer           *self,
                                        gint64                now);
void     alcove_peer_fail              (AlcovePeer           *self,
                                        const GError         *error);

G_END_DECLS
