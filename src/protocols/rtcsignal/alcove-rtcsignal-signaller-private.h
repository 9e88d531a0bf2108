/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-error.h"
#include "alcove-rtcsignal-codec.h"
#include "alcove-rtcsignal-signaller.h"

G_BEGIN_DECLS

/* Somebody in the room. */
typedef struct {
  /* NULL while anybody is meant, who takes our call */
  char *id;
  /* by which the room knows this one: the same, but for who took such a call */
  char *room_id;
  /* our offer that has no answer yet: monotonic microseconds, 0 for none */
  gint64 offered_at;
  /* announced since we are in the room under the present id */
  gboolean announced;
  /* descriptions have gone both ways */
  gboolean met;
  /* it has said so: it knows whom messages are for, and the rule for crossed offers */
  gboolean alcove;
} AlcoveRtcsignalPeer;

struct _AlcoveRtcsignalSignaller {
  AlcoveServerSignaller parent_instance;

  guint echo_ms;
  guint flight_ms;
  guint call_ms;

  char *prefix;
  char *user;
  /* whether the room has seen us under this id */
  gboolean entered;
  /* the id under which we were in the room before */
  char *former;
  /* id → AlcoveRtcsignalPeer, owned */
  GHashTable *peers;
  /* whoever answers our call to everybody first; NULL while there is none */
  AlcoveRtcsignalPeer *anybody;
  GSource *anybody_timer;
  /* of candidates: for us, by somebody who has not shown by an offer yet */
  GQueue early;
  /* own messages that have not come back yet */
  guint n_echoes;
  GSource *echo_timer;
};

/* alcove-rtcsignal-signaller.c: what goes out */
void alcove_rtcsignal_signaller_send_presence    (AlcoveRtcsignalSignaller     *self,
                                                  const char                   *target);
void alcove_rtcsignal_signaller_handle_echo      (AlcoveRtcsignalSignaller     *self);

/* alcove-rtcsignal-signaller-incoming.c */
void alcove_rtcsignal_signaller_handle_message   (AlcoveServerSignaller        *signaller,
                                                  const char                   *text);

/* alcove-rtcsignal-peers.c: who is there */
AlcoveRtcsignalPeer *alcove_rtcsignal_peer_new   (const char                   *id);
AlcoveRtcsignalPeer *alcove_rtcsignal_peer_new_anybody
                                                 (void);
void                 alcove_rtcsignal_peer_free  (gpointer                      data);
AlcoveRtcsignalPeer *alcove_rtcsignal_signaller_find_peer
                                                 (AlcoveRtcsignalSignaller     *self,
                                                  const char                   *id);
AlcoveRtcsignalPeer *alcove_rtcsignal_signaller_find_member
                                                 (AlcoveRtcsignalSignaller     *self,
                                                  const char                   *room_id);
AlcoveRtcsignalPeer *alcove_rtcsignal_signaller_meet_peer
                                                 (AlcoveRtcsignalSignaller     *self,
                                                  const char                   *id);
AlcoveRtcsignalPeer *alcove_rtcsignal_signaller_meet_anybody
                                                 (AlcoveRtcsignalSignaller     *self,
                                                  const char                   *id);
gboolean             alcove_rtcsignal_signaller_is_only_page
                                                 (AlcoveRtcsignalSignaller     *self,
                                                  const AlcoveRtcsignalPeer    *peer);
void                 alcove_rtcsignal_signaller_forget_peer
                                                 (AlcoveRtcsignalSignaller     *self,
                                                  const char                   *id);
void                 alcove_rtcsignal_signaller_withdraw
                                                 (AlcoveRtcsignalSignaller     *self);

G_END_DECLS
