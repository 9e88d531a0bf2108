/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-allowance.h"
#include "alcove-error.h"
#include "alcove-pair.h"
#include "alcove-peer.h"
#include "alcove-room.h"
#include "alcove-transfer.h"

G_BEGIN_DECLS

#define ALCOVE_ROOM_MAX_PARTICIPANTS 64
#define ALCOVE_ROOM_MAX_NEGOTIATIONS 8
#define ALCOVE_ROOM_TICK_MS 500
#define ALCOVE_ROOM_LEAVE_MS 3000
/* How much of that channels have to close, and goodbyes to be answered, before the server hears
 * of it. */
#define ALCOVE_ROOM_PART_MS 700
#define ALCOVE_ROOM_HEARTBEAT_EVERY (2 * G_TIME_SPAN_SECOND)
/* Where nobody tells of a leave, who is not connected for this long has left. */
#define ALCOVE_ROOM_GONE_AFTER (60 * G_TIME_SPAN_SECOND)
/* How long a connection that was on its way when they went away from the server may still take. */
#define ALCOVE_ROOM_AWAY_CONNECT_WITHIN (5 * G_TIME_SPAN_SECOND)
/* How long somebody who was announced again has to show that the connection is still theirs. */
#define ALCOVE_ROOM_PROBE_WITHIN (5 * G_TIME_SPAN_SECOND)
/* How long somebody whose link is well has to come back to the server that lost them: longer than
 * the longest wait between two attempts, and what the attempt itself takes. */
#define ALCOVE_ROOM_PARTED_WITHIN (35 * G_TIME_SPAN_SECOND)
/* How long somebody new is not shown, while it may be one of those. */
#define ALCOVE_ROOM_AWAIT (2 * G_TIME_SPAN_SECOND)
/* How long they may not have heard yet that we are known by another id. */
#define ALCOVE_ROOM_TOLD_WITHIN (6 * G_TIME_SPAN_SECOND)
#define ALCOVE_ROOM_MAX_HELD (256 * 1024)
#define ALCOVE_ROOM_MAX_ID 256
#define ALCOVE_ROOM_MAX_CANDIDATE 4096
/* What is kept to be read, of chat and files together. */
#define ALCOVE_ROOM_MAX_TALK 500
/* Of how many who have left it is known how loud they were to be played. */
#define ALCOVE_ROOM_MAX_VOLUMES 256
/* What one member may say on the channels, and how much of it may be chat: more than a
 * person can write or read, less than what would keep us busy. */
/* Files to and from one member at the same time. */
#define ALCOVE_ROOM_MAX_TRANSFERS 8
#define ALCOVE_ROOM_MESSAGES_BURST 200
#define ALCOVE_ROOM_MESSAGES_EVERY (G_TIME_SPAN_SECOND / 50)
#define ALCOVE_ROOM_CHAT_BURST 30
#define ALCOVE_ROOM_CHAT_EVERY (G_TIME_SPAN_SECOND / 2)
/* How often we tell the other Alcoves how we see everybody, and how soon after we have measured.
 * What was told longer ago than three times is not known any more. */
#define ALCOVE_ROOM_PAIRS_EVERY (4 * G_TIME_SPAN_SECOND)
#define ALCOVE_ROOM_PAIRS_MEASURED (G_TIME_SPAN_SECOND)
#define ALCOVE_ROOM_PAIRS_LAST (3 * ALCOVE_ROOM_PAIRS_EVERY)
/* What one member may tell of the others: more would only keep us busy. */
#define ALCOVE_ROOM_PAIRS_BURST 4

/* How often each link is measured for its history: a little less than a second, since who looks at
 * the clock each half of one may look a moment too early. */
#define ALCOVE_ROOM_HISTORY_EVERY (900 * G_TIME_SPAN_MILLISECOND)

/* How often we tell one of them how large their picture is drawn, and what they may tell us. */
#define ALCOVE_ROOM_SIZE_EVERY (G_TIME_SPAN_SECOND / 4)
#define ALCOVE_ROOM_SIZE_BURST 8

/* Counted, since a callback of a member may be what removes it. */
typedef struct {
  AlcoveRoom *room; /* borrowed */
  AlcoveParticipant *participant;
  AlcovePeer *peer;
  guint generation; /* of our own id, when they were last announced */
  gboolean start_pending;
  gboolean parting;       /* we leave, and the channel that tells them so is being closed */
  gboolean offer_wanted;  /* their open offer bars the next one until ours comes */
  gboolean call_again;    /* they may not know of the call any more */
  gint64 away_at;         /* its way to the server is gone: it stays while it is live; 0 else */
  gint64 missing_since;   /* not connected since then; 0 while it is */
  gint64 parted_at;       /* the server has lost it, or does not know it yet by its id; 0 else */
  gboolean described;     /* something came from it by way of the server */
  gboolean hello_sent;
  gboolean hello_received;
  gint64 next_heartbeat;
  gint64 probed_at;       /* a sign of life is waited for since then; 0 if none is */
  guint sequence;
  /* of this link, see alcove-room-moves.c */
  gboolean moves;         /* it tells when it gets a new id, and follows when we do */
  gint64 heard_at;        /* on the channel of the Alcoves; 0 before the first time */
  gint64 told_at;         /* our new id; 0 if it need not be */
  guint told_generation;
  gboolean bye_awaited;   /* our goodbye needs theirs in return */
  char *held_offer;       /* made before they could know that the link is theirs still */
  gint64 held_at;
  gboolean measuring;     /* see alcove-room-measure.c */
  /* of this link, see alcove-room-pairs.c */
  AlcoveLinkStats stats;
  gint64 measured_at;     /* 0 before the first time */
  GPtrArray *pairs;       /* of AlcovePair: how it sees the others; NULL before it has told */
  gint64 pairs_at;
  AlcoveAllowance told_pairs;
  /* of this link, see alcove-room-sizes.c */
  int told_width;         /* of their picture here; -1 before the first time */
  int told_height;
  gint64 size_told_at;    /* 0 before the first time */
  AlcoveAllowance sizes;  /* that they tell */
  AlcoveAllowance messages;
  AlcoveAllowance chat;
  /* see alcove-room-record.c */
  GTask *recording;       /* while it is recorded */
  char *recording_path;
  gboolean recording_may_number; /* where something has the name of the first file */
  gboolean recording_begun; /* on a link, at least once */
  AlcovePeerLink *recorded_link; /* the one of now */
  gulong recording_link;
  gboolean recalled;    /* by their own name, see alcove-room-volumes.c */
  GPtrArray *transfers; /* of AlcoveTransfer: those under way, and a few that ended */
} AlcoveRoomMember;

struct _AlcoveRoom {
  GObject parent_instance;

  AlcoveSignaller *signaller;
  AlcovePeerLinkFactory *factory;
  GPtrArray *members; /* of AlcoveRoomMember */
  GPtrArray *newcomers; /* who are not shown yet, see alcove-room-moves.c */
  GListStore *talk;
  guint n_transfers; /* since the beginning */
  GQueue volumes; /* of those who have left, see alcove-room-volumes.c */

  char *name;
  char *self_id;
  char *former_id; /* that we had before */
  char *self_name;
  char *trouble;
  AlcoveRole role;
  AlcoveRoomState state;
  gboolean muted;
  gboolean camera_off;
  gboolean sharing;
  gboolean expect_frames;
  gboolean keeps_history;

  gboolean been_away; /* the way to the server was lost since we joined */
  gint64 next_history;
  gint64 next_measure;
  gint64 next_pairs; /* 0 if there is nothing to tell */
  guint generation;
  gboolean pumping;
  guint tick_source;
  guint leave_source;
  guint part_source;
  gint64 part_until; /* 0 unless that is waited for */
  AlcoveClockFunc clock;
  gpointer clock_data;
};

/* For tests: brings the room's own time, and stops its timer; alcove_room_tick()
 * takes its place. To be called before alcove_room_join(). */
void     alcove_room_set_clock     (AlcoveRoom       *self,
                                    AlcoveClockFunc   clock,
                                    gpointer          clock_data);
void     alcove_room_tick          (AlcoveRoom       *self);

/* alcove-room.c: the state, and the signals */
gboolean          alcove_room_is_active        (AlcoveRoom        *self);
void              alcove_room_set_state        (AlcoveRoom        *self,
                                                AlcoveRoomState    state);
void              alcove_room_set_trouble      (AlcoveRoom        *self,
                                                const char        *trouble);
void              alcove_room_set_self_id      (AlcoveRoom        *self,
                                                const char        *self_id);
void              alcove_room_stop_timers      (AlcoveRoom        *self);
void              alcove_room_check_parting    (AlcoveRoom        *self);
void              alcove_room_emit_failed      (AlcoveRoom        *self,
                                                const GError      *error);
void              alcove_room_emit_left        (AlcoveRoom        *self);
void              alcove_room_emit_event       (AlcoveRoom        *self,
                                                AlcoveParticipant *participant,
                                                const char        *event);
void              alcove_room_emit_moved       (AlcoveRoom        *self,
                                                AlcoveParticipant *participant,
                                                const char        *from);
void              alcove_room_emit_checking    (AlcoveRoom        *self,
                                                AlcoveParticipant *participant);
void              alcove_room_emit_first_frame (AlcoveRoom        *self,
                                                AlcoveParticipant *participant,
                                                int                width,
                                                int                height);
void              alcove_room_emit_chat        (AlcoveRoom        *self,
                                                AlcoveParticipant *participant,
                                                const char        *text);
void              alcove_room_emit_file        (AlcoveRoom        *self,
                                                AlcoveTransfer    *transfer);
void              alcove_room_emit_problem     (AlcoveRoom        *self,
                                                const GError      *error,
                                                AlcoveParticipant *participant);
void              alcove_room_emit_pairs       (AlcoveRoom        *self);
void              alcove_room_report           (AlcoveRoom        *self,
                                                AlcoveParticipant *participant,
                                                AlcoveError        code,
                                                const char        *message);

/* alcove-room-members.c: who is there */
AlcoveRoomMember *alcove_room_member_ref       (AlcoveRoomMember  *self);
void              alcove_room_member_unref     (AlcoveRoomMember  *self);
GPtrArray        *alcove_room_copy_members     (AlcoveRoom        *self);
void              alcove_room_add_member       (AlcoveRoom        *self,
                                                const char        *id,
                                                const char        *name,
                                                gboolean           we_offer,
                                                gboolean           was_here);
AlcoveRoomMember *alcove_room_find_member      (AlcoveRoom        *self,
                                                const char        *id);
void              alcove_room_remove_member    (AlcoveRoom        *self,
                                                AlcoveRoomMember  *member);
void              alcove_room_discard_member   (AlcoveRoom        *self,
                                                AlcoveRoomMember  *member);
void              alcove_room_drop_members     (AlcoveRoom        *self);
void              alcove_room_pump             (AlcoveRoom        *self);
void              alcove_room_renew            (AlcoveRoomMember  *member);

/* alcove-room-signalling.c: what the signaller reports */
void              alcove_room_watch_signaller  (AlcoveRoom        *self);
void              alcove_room_finish_leaving   (AlcoveRoom        *self);

/* alcove-room-calls.c: calls of a dispatcher */
void              alcove_room_call_again       (AlcoveRoomMember  *member);

/* alcove-room-talk.c: what is said on the data channels */
void     alcove_room_talk_reset    (AlcoveRoomMember *member);
void     alcove_room_talk_opened   (AlcoveRoomMember *member,
                                    AlcoveChannel     channel);
void     alcove_room_talk_received (AlcoveRoomMember *member,
                                    AlcoveChannel     channel,
                                    const char       *text);
void     alcove_room_talk_tick     (AlcoveRoomMember *member);
void     alcove_room_talk_probe    (AlcoveRoomMember *member);
void     alcove_room_talk_state    (AlcoveRoomMember *member);
void     alcove_room_talk_bye      (AlcoveRoomMember *member);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlcoveRoomMember, alcove_room_member_unref)
void     alcove_room_keep          (AlcoveRoom       *self,
                                    gpointer          item);

/* alcove-room-moves.c: who comes back under another id */
GPtrArray *alcove_room_moves_new_list   (void);
gboolean   alcove_room_moves_follows    (AlcoveRoom       *self);
gboolean   alcove_room_moves_is_settled (AlcoveRoomMember *member);
void       alcove_room_moves_tell       (AlcoveRoom       *self);
gboolean   alcove_room_moves_part       (AlcoveRoomMember *member);
gboolean   alcove_room_moves_keep       (AlcoveRoomMember *member);
gboolean   alcove_room_moves_has_gone   (AlcoveRoomMember *member);
gboolean   alcove_room_moves_await      (AlcoveRoom       *self,
                                         const char       *id,
                                         const char       *name,
                                         gboolean          we_offer,
                                         gboolean          was_here);
void       alcove_room_moves_show       (AlcoveRoom       *self,
                                         const char       *id);
void       alcove_room_moves_forget     (AlcoveRoom       *self,
                                         const char       *id);
gboolean   alcove_room_moves_hold_offer (AlcoveRoomMember *member,
                                         const char       *sdp);
void       alcove_room_moves_reset      (AlcoveRoomMember *member);
void       alcove_room_moves_take       (AlcoveRoomMember *member,
                                         const char       *id);
void       alcove_room_moves_tick       (AlcoveRoom       *self);

/* alcove-room-measure.c: what is measured of the links */
void     alcove_room_measure_once  (AlcoveRoom       *self);
void     alcove_room_measure_tick  (AlcoveRoom       *self);

/* alcove-room-pairs.c: who sees whom */
void     alcove_room_pairs_init    (AlcoveRoomMember *member);
void     alcove_room_pairs_reset   (AlcoveRoomMember *member);
void     alcove_room_pairs_receive (AlcoveRoomMember *member,
                                    GPtrArray        *pairs);
void     alcove_room_pairs_tick    (AlcoveRoom       *self);

/* alcove-room-sizes.c: how large pictures are drawn */
void     alcove_room_sizes_init    (AlcoveRoomMember *member);
void     alcove_room_sizes_reset   (AlcoveRoomMember *member);
void     alcove_room_sizes_tell    (AlcoveRoomMember *member);
void     alcove_room_sizes_take    (AlcoveRoomMember *member,
                                    int               width,
                                    int               height);

/* alcove-room-record.c: recordings of members */
void     alcove_room_record_end    (AlcoveRoomMember *member,
                                    const GError     *error);

/* alcove-room-volumes.c: how loud those who come back are played */
void     alcove_room_volumes_remember (AlcoveRoomMember *member);
void     alcove_room_volumes_recall   (AlcoveRoomMember *member,
                                       const char       *name);
void     alcove_room_volumes_clear    (AlcoveRoom       *self);

/* alcove-room-files.c: files to and from one member */
gboolean alcove_room_files_expect  (AlcoveRoomMember *member);
gboolean alcove_room_files_want    (AlcoveRoomMember *member,
                                    const AlcoveFileMessage *message);
void     alcove_room_files_receive (AlcoveRoomMember *member,
                                    const AlcoveFileMessage *message);
void     alcove_room_files_break   (AlcoveRoomMember *member);

G_END_DECLS
