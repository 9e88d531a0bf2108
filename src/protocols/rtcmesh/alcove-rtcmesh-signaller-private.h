/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-error.h"
#include "alcove-rtcmesh-signaller.h"

G_BEGIN_DECLS

/* Somebody in the mesh. Times are monotonic microseconds, 0 for none. */
typedef struct {
  char *id;
  /* when we offer, unless they have by then */
  gint64 call_at;
  /* our offer that has no answer yet */
  gint64 offered_at;
  /* until when their offer counts as being answered */
  gint64 answering_until;
  /* their offer that waits for its turn */
  char *held_offer;
  /* whether descriptions have gone both ways */
  gboolean met;
} AlcoveRtcmeshPeer;

struct _AlcoveRtcmeshSignaller {
  AlcoveSignaller parent_instance;

  guint join_ms;
  guint offer_ms;
  guint flight_ms;
  gboolean joined;
  gboolean joined_once;
  gboolean leaving;
  gboolean over;

  char *uid;
  char *room;
  GUri *server;
  AlcoveTransport *transport;
  /* id → AlcoveRtcmeshPeer, owned */
  GHashTable *peers;
  /* ids with a held offer, in order; owned */
  GQueue held;
  GSource *join_timer;
  GSource *peer_timer;
};

/* alcove-rtcmesh-signaller.c: times are monotonic microseconds */
gint64 alcove_rtcmesh_after                 (guint milliseconds);
void   alcove_rtcmesh_signaller_clear_timer (GSource **source);
void   alcove_rtcmesh_signaller_set_timer   (AlcoveRtcmeshSignaller *self,
                                             GSource **source,
                                             gint64 due,
                                             GSourceFunc callback);
void   alcove_rtcmesh_signaller_report      (AlcoveRtcmeshSignaller *self,
                                             AlcoveError code,
                                             const char *sentence);

/* alcove-rtcmesh-signaller-peers.c */
void               alcove_rtcmesh_peer_free                 (gpointer data);
AlcoveRtcmeshPeer *alcove_rtcmesh_signaller_find_peer       (AlcoveRtcmeshSignaller *self,
                                                             const char *id);
AlcoveRtcmeshPeer *alcove_rtcmesh_signaller_add_peer        (AlcoveRtcmeshSignaller *self,
                                                             const char *id);
GPtrArray         *alcove_rtcmesh_signaller_take_strangers  (AlcoveRtcmeshSignaller *self,
                                                             GHashTable *here);
guint              alcove_rtcmesh_signaller_count_answering (AlcoveRtcmeshSignaller *self);
void               alcove_rtcmesh_signaller_drop_held       (AlcoveRtcmeshSignaller *self,
                                                             AlcoveRtcmeshPeer *peer);
gboolean           alcove_rtcmesh_signaller_hold_offer      (AlcoveRtcmeshSignaller *self,
                                                             AlcoveRtcmeshPeer      *peer,
                                                             const char             *sdp);
void               alcove_rtcmesh_signaller_hand_over_offer (AlcoveRtcmeshSignaller *self,
                                                             AlcoveRtcmeshPeer *peer,
                                                             const char *sdp);
void               alcove_rtcmesh_signaller_release_held    (AlcoveRtcmeshSignaller *self);
void               alcove_rtcmesh_signaller_schedule        (AlcoveRtcmeshSignaller *self);

G_END_DECLS
