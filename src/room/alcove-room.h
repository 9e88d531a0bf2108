/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "alcove-pair.h"
#include "alcove-participant.h"
#include "alcove-peer-link.h"
#include "alcove-signaller.h"
#include "alcove-transfer.h"

G_BEGIN_DECLS

/**
 * AlcoveRoomState:
 * @ALCOVE_ROOM_IDLE: alcove_room_join() was not called yet
 * @ALCOVE_ROOM_JOINING: on the way in
 * @ALCOVE_ROOM_JOINED: in the room
 * @ALCOVE_ROOM_RECONNECTING: the server is lost for now; media goes on
 * @ALCOVE_ROOM_LEAVING: leaving; what was sent is being flushed
 * @ALCOVE_ROOM_LEFT: left, or failed for good
 */
typedef enum {
  ALCOVE_ROOM_IDLE,
  ALCOVE_ROOM_JOINING,
  ALCOVE_ROOM_JOINED,
  ALCOVE_ROOM_RECONNECTING,
  ALCOVE_ROOM_LEAVING,
  ALCOVE_ROOM_LEFT,
} AlcoveRoomState;

#define ALCOVE_TYPE_ROOM_STATE (alcove_room_state_get_type ())
GType alcove_room_state_get_type (void) G_GNUC_CONST;

/**
 * AlcoveRoom:
 *
 * The room we are in: a #GListModel of #AlcoveParticipant (ourselves not included).
 *
 * Properties: `state`, `name` (the room's), `self-id` (nullable), `self-name`,
 * `muted` and `camera-off` (ours, told to the other Alcoves), `expect-frames`
 * (whether frames are decoded at all; %TRUE at first), `persistent` (the signaller's),
 * `trouble` (nullable: why the last attempt to reach the server failed, while others follow).
 *
 * Signals:
 *  - `failed (GError)`: could not join, or lost for good; the state is already %ALCOVE_ROOM_LEFT.
 *  - `problem (GError, participant or NULL)`: something bad was dropped or a pair failed;
 *    the room goes on.
 *  - `chat (participant, text)`: somebody's line of chat; plain text, never markup. It is in
 *    alcove_room_get_talk() already.
 *  - `file (transfer)`: a file is offered, to us or by us; it is in alcove_room_get_talk() already.
 *  - `participant-event (participant, name)`: for headless: `peer-joined`, `connected`,
 *    `stale`, `repaired`, `called`, `hung-up`, `peer-left`.
 *  - `moved (participant, former_id)`: the server knows somebody by another id now, who is
 *    connected as before. Whoever was announced under that id meanwhile is this one, and not in
 *    the room any more, without a `peer-left`.
 *  - `pairs-changed`: what alcove_room_get_pair() says is newer.
 *  - `checking (participant)`: at most once for each link: both descriptions and a candidate of
 *    theirs are there, and a path is looked for.
 *  - `first-frame (participant, width, height)`: once for each link.
 *  - `left`: done; only now may the process end without losing a message.
 */
#define ALCOVE_TYPE_ROOM (alcove_room_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveRoom, alcove_room, ALCOVE, ROOM, GObject)

AlcoveRoom     *alcove_room_new              (AlcoveSignaller       *signaller,
                                              AlcovePeerLinkFactory *factory,
                                              const char            *room_name,
                                              const char            *self_name,
                                              AlcoveRole             role);
void            alcove_room_join             (AlcoveRoom            *self);
void            alcove_room_leave            (AlcoveRoom            *self);
AlcoveRoomState alcove_room_get_state        (AlcoveRoom            *self);
const char     *alcove_room_get_name         (AlcoveRoom            *self);
const char     *alcove_room_get_self_id      (AlcoveRoom            *self);
const char     *alcove_room_get_self_name    (AlcoveRoom            *self);
const char     *alcove_room_get_trouble      (AlcoveRoom            *self);
void            alcove_room_set_muted        (AlcoveRoom            *self,
                                              gboolean               muted);
void            alcove_room_set_camera_off   (AlcoveRoom            *self,
                                              gboolean               camera_off);
void            alcove_room_set_sharing      (AlcoveRoom            *self,
                                              gboolean               sharing);
void            alcove_room_record_async     (AlcoveRoom            *self,
                                              AlcoveParticipant     *participant,
                                              const char            *path,
                                              gboolean               may_number,
                                              GAsyncReadyCallback    callback,
                                              gpointer               user_data);
gboolean        alcove_room_record_finish    (AlcoveRoom            *self,
                                              GAsyncResult          *result,
                                              char                ***files,
                                              GError               **error);
void            alcove_room_stop_recording   (AlcoveRoom            *self,
                                              AlcoveParticipant     *participant);
void            alcove_room_set_expect_frames (AlcoveRoom           *self,
                                              gboolean               expect_frames);
void            alcove_room_set_keeps_history (AlcoveRoom           *self,
                                              gboolean               keeps_history);
void            alcove_room_set_persistent   (AlcoveRoom            *self,
                                              gboolean               persistent);
gboolean        alcove_room_send_chat        (AlcoveRoom            *self,
                                              const char            *text);
GListModel     *alcove_room_get_talk         (AlcoveRoom            *self);
gboolean        alcove_room_get_can_send_files (AlcoveRoom          *self);
guint           alcove_room_send_file        (AlcoveRoom            *self,
                                              GFile                 *file,
                                              AlcoveParticipant     *to);
void            alcove_room_call             (AlcoveRoom            *self,
                                              const char            *peer);
void            alcove_room_hang_up          (AlcoveRoom            *self,
                                              const char            *peer);
gboolean        alcove_room_get_can_call_everybody
                                             (AlcoveRoom            *self);
void            alcove_room_call_everybody   (AlcoveRoom            *self);
gboolean        alcove_room_get_can_dismiss  (AlcoveRoom            *self);
void            alcove_room_dismiss          (AlcoveRoom            *self,
                                              const char            *peer);
gboolean        alcove_room_get_pair         (AlcoveRoom            *self,
                                              AlcoveParticipant     *viewer,
                                              AlcoveParticipant     *seen,
                                              AlcovePair            *pair);
gboolean        alcove_room_is_filmed        (AlcoveRoom            *self,
                                              AlcoveParticipant     *seen);
AlcoveParticipant *alcove_room_find          (AlcoveRoom            *self,
                                              const char            *peer);

G_END_DECLS
