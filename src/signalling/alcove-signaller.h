/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "alcove-description-type.h"
#include "alcove-transport.h"
#include "alcove-file-message.h"

G_BEGIN_DECLS

/**
 * AlcoveRole:
 * @ALCOVE_ROLE_MEMBER: an ordinary participant; a guest where the protocol has a dispatcher
 * @ALCOVE_ROLE_DISPATCHER: the root of a dispatch room
 */
typedef enum {
  ALCOVE_ROLE_MEMBER,
  ALCOVE_ROLE_DISPATCHER,
} AlcoveRole;

/**
 * AlcoveSignallerFeatures:
 * @ALCOVE_SIGNALLER_NAMES: the protocol carries people's names
 * @ALCOVE_SIGNALLER_ROSTER: a newcomer is told who is there
 * @ALCOVE_SIGNALLER_LEAVE_NOTICE: the others are told when somebody leaves or is lost
 * @ALCOVE_SIGNALLER_ROOMS: one server holds many rooms
 * @ALCOVE_SIGNALLER_CALLS: `call` and `hang_up` exist
 * @ALCOVE_SIGNALLER_FULL_DESCRIPTIONS: pages of this protocol need descriptions that hold the
 *   candidates already: gather first, for a short time; later candidates are sent all the same
 * @ALCOVE_SIGNALLER_CHANNEL: pages of this protocol use a data channel of their own
 * @ALCOVE_SIGNALLER_ONE_WAY_CALLS: a call adds the caller's media to a connection that is there
 *   before it and stays after it: hanging up ends neither the connection nor the other direction
 * @ALCOVE_SIGNALLER_FILES: pages of this protocol exchange files over that channel
 * @ALCOVE_SIGNALLER_FLEETING_IDS: an id lasts no longer than the connection to the server: who
 *   comes back has another one, and the leave of the one before says nothing about the person
 * @ALCOVE_SIGNALLER_CALL_EVERYBODY: there may be clients that nobody hears of before they are
 *   called: `call_everybody` exists
 *
 * What a protocol has. The room makes up for what it lacks.
 */
typedef enum {
  ALCOVE_SIGNALLER_NAMES = 1 << 0,
  ALCOVE_SIGNALLER_ROSTER = 1 << 1,
  ALCOVE_SIGNALLER_LEAVE_NOTICE = 1 << 2,
  ALCOVE_SIGNALLER_ROOMS = 1 << 3,
  ALCOVE_SIGNALLER_CALLS = 1 << 4,
  ALCOVE_SIGNALLER_FULL_DESCRIPTIONS = 1 << 5,
  ALCOVE_SIGNALLER_CHANNEL = 1 << 6,
  ALCOVE_SIGNALLER_ONE_WAY_CALLS = 1 << 7,
  ALCOVE_SIGNALLER_FILES = 1 << 8,
  ALCOVE_SIGNALLER_FLEETING_IDS = 1 << 9,
  ALCOVE_SIGNALLER_CALL_EVERYBODY = 1 << 10,
} AlcoveSignallerFeatures;

/**
 * AlcoveSignallerNote:
 * @ALCOVE_SIGNALLER_NOTE_CONNECTED: media or data flows to that peer
 * @ALCOVE_SIGNALLER_NOTE_LOST: it does not any more
 * @ALCOVE_SIGNALLER_NOTE_GONE: the room has given the peer up
 *
 * What only the room can know about a peer, and some protocols need.
 */
typedef enum {
  ALCOVE_SIGNALLER_NOTE_CONNECTED,
  ALCOVE_SIGNALLER_NOTE_LOST,
  ALCOVE_SIGNALLER_NOTE_GONE,
} AlcoveSignallerNote;

#define ALCOVE_TYPE_SIGNALLER (alcove_signaller_get_type ())
G_DECLARE_DERIVABLE_TYPE (AlcoveSignaller, alcove_signaller, ALCOVE, SIGNALLER, GObject)

/**
 * AlcoveSignaller:
 *
 * One membership in one room of one server, in one protocol. All five protocols
 * keep the same contract. A signaller never looks into a session description.
 *
 * Signals, on the main context:
 *  - `joined (self_id)`: we are in the room; again after each reconnection.
 *  - `peer-joined (id, name, we_offer)`: somebody is there. @name is nullable.
 *    `we_offer` is the protocol's own rule, decided here and nowhere else.
 *  - `peer-left (id)`: the protocol says that somebody went.
 *  - `description (id, type, sdp)`, `candidate (id, mid, mline_index, candidate)`: relayed
 *    from a peer. @mid is nullable; @mline_index is -1 if the protocol gave none.
 *  - `peer-away (id)`: the peer's way to the server is gone, but no leave was heard of:
 *    it may come back with its media running. Whoever still has media keeps it.
 *  - `called (id, text)`: the peer calls us, where the protocol has calls; @text is nullable.
 *  - `hung-up (id)`: the peer ended the call but stays in the room.
 *  - `offer-wanted (id)`: the protocol wants an offer of ours on the connection that is
 *    there, because the other side is stuck with an open one.
 *  - `failed (GError)`: could not join, or lost for good. Final.
 *  - `disconnected (GError)` / `reconnected`: the way to the server is lost and comes back
 *    by itself; media is not touched by it. After `reconnected` the peers that
 *    are still there have been announced again (an announcement of a known id is
 *    a reminder), and those that are not were reported by `peer-left`, except where
 *    the ids changed: then the room re-negotiates with the new ids, or hears from the others,
 *    over the connections that run, which is whose (%ALCOVE_SIGNALLER_FLEETING_IDS). Without
 *    %ALCOVE_SIGNALLER_LEAVE_NOTICE, who is missing may only be slower to come back than we
 *    were: the room's liveness decides.
 *
 * A reminder may carry another `we_offer` than the announcement before it. Then the rule
 * for this pair has changed, because the other side did not offer in time or because two
 * offers crossed; a pair that is connected goes on as it is, unless it gives no sign of life.
 *
 *  - `problem (GError)`: a bad message was dropped; nothing else changed.
 *  - `left`: alcove_signaller_leave() is done and flushed. Final.
 */
struct _AlcoveSignallerClass {
  GObjectClass parent_class;

  void (*connect)          (AlcoveSignaller      *self,
                            const char           *room,
                            const char           *name,
                            AlcoveRole            role);
  void (*send_description) (AlcoveSignaller      *self,
                            const char           *peer,
                            AlcoveDescriptionType type,
                            const char           *sdp);
  void (*send_candidate)   (AlcoveSignaller      *self,
                            const char           *peer,
                            const char           *mid,
                            int                   mline_index,
                            const char           *candidate);
  void (*leave)            (AlcoveSignaller      *self);
  void (*call)             (AlcoveSignaller      *self,
                            const char           *peer);
  void (*hang_up)          (AlcoveSignaller      *self,
                            const char           *peer);

  /* The convention of the protocol's own pages on their data channel; only
   * with ALCOVE_SIGNALLER_CHANNEL. */
  char *(*encode_chat)     (AlcoveSignaller      *self,
                            const char           *text);
  char *(*decode_chat)     (AlcoveSignaller      *self,
                            const char           *message);

  AlcoveSignallerFeatures features;
  /* the label of the channel that the offerer creates; NULL without one */
  const char *channel_label;

  /* All of these may be NULL. What has to be sent back at once on the page's
   * channel, and what asks for such an answer as a sign of life. */
  char *(*answer_message)  (AlcoveSignaller      *self,
                            const char           *message);
  char *(*encode_probe)    (AlcoveSignaller      *self);
  void (*dismiss)          (AlcoveSignaller      *self,
                            const char           *peer);
  void (*note_peer)        (AlcoveSignaller      *self,
                            const char           *peer,
                            AlcoveSignallerNote   note);
  gboolean (*is_name_made_up) (AlcoveSignaller   *self,
                               const char        *peer);

  /* What goes to the server, for those that have a connection to one. */
  AlcoveTransport *(*get_transport) (AlcoveSignaller *self);
  /* Takes an id of a person's choice in place of its own, before connecting; only where
   * clients choose their ids. */
  gboolean (*set_id)       (AlcoveSignaller      *self,
                            const char           *id);
  /* Files on the page's channel; only with ALCOVE_SIGNALLER_FILES. */
  char *(*encode_file)     (AlcoveSignaller         *self,
                            const AlcoveFileMessage *message);
  AlcoveFileMessage *(*decode_file) (AlcoveSignaller *self,
                                     const char      *text,
                                     GError         **error);
  /* Calls whoever is there unheard; only with ALCOVE_SIGNALLER_CALL_EVERYBODY. Announces a peer
   * with an id made up for it, which stands for the one who takes the call, and who keeps that
   * id; `peer-left` if nobody does. */
  void (*call_everybody)   (AlcoveSignaller      *self);
};

void                    alcove_signaller_connect           (AlcoveSignaller      *self,
                                                            const char           *room,
                                                            const char           *name,
                                                            AlcoveRole            role);
void                    alcove_signaller_send_description  (AlcoveSignaller      *self,
                                                            const char           *peer,
                                                            AlcoveDescriptionType type,
                                                            const char           *sdp);
void                    alcove_signaller_send_candidate    (AlcoveSignaller      *self,
                                                            const char           *peer,
                                                            const char           *mid,
                                                            int                   mline_index,
                                                            const char           *candidate);
void                    alcove_signaller_leave             (AlcoveSignaller      *self);
void                    alcove_signaller_call              (AlcoveSignaller      *self,
                                                            const char           *peer);
void                    alcove_signaller_hang_up           (AlcoveSignaller      *self,
                                                            const char           *peer);
void                    alcove_signaller_call_everybody    (AlcoveSignaller      *self);
AlcoveSignallerFeatures alcove_signaller_get_features      (AlcoveSignaller      *self);
const char             *alcove_signaller_get_channel_label (AlcoveSignaller      *self);
char                   *alcove_signaller_encode_chat       (AlcoveSignaller      *self,
                                                            const char           *text);
char                   *alcove_signaller_decode_chat       (AlcoveSignaller      *self,
                                                            const char           *message);
char                   *alcove_signaller_answer_message    (AlcoveSignaller      *self,
                                                            const char           *message);
char                   *alcove_signaller_encode_probe      (AlcoveSignaller      *self);
void                    alcove_signaller_dismiss           (AlcoveSignaller      *self,
                                                            const char           *peer);
void                    alcove_signaller_note_peer         (AlcoveSignaller      *self,
                                                            const char           *peer,
                                                            AlcoveSignallerNote   note);
char                   *alcove_signaller_encode_file       (AlcoveSignaller         *self,
                                                            const AlcoveFileMessage *message);
AlcoveFileMessage      *alcove_signaller_decode_file       (AlcoveSignaller         *self,
                                                            const char              *text,
                                                            GError                 **error);
gboolean                alcove_signaller_is_name_made_up   (AlcoveSignaller      *self,
                                                            const char           *peer);
gboolean                alcove_signaller_get_persistent    (AlcoveSignaller      *self);
void                    alcove_signaller_set_persistent    (AlcoveSignaller      *self,
                                                            gboolean              persistent);
AlcoveTransport        *alcove_signaller_get_transport     (AlcoveSignaller      *self);
void                    alcove_signaller_set_trust         (AlcoveSignaller      *self,
                                                            AlcoveTrust          *trust);
gboolean                alcove_signaller_set_id            (AlcoveSignaller      *self,
                                                            const char           *id,
                                                            GError              **error);

/* For subclasses. */
void                    alcove_signaller_emit_joined       (AlcoveSignaller      *self,
                                                            const char           *self_id);
void                    alcove_signaller_emit_peer_joined  (AlcoveSignaller      *self,
                                                            const char           *peer,
                                                            const char           *name,
                                                            gboolean              we_offer);
void                    alcove_signaller_emit_peer_left    (AlcoveSignaller      *self,
                                                            const char           *peer);
void                    alcove_signaller_emit_description  (AlcoveSignaller      *self,
                                                            const char           *peer,
                                                            AlcoveDescriptionType type,
                                                            const char           *sdp);
void                    alcove_signaller_emit_candidate    (AlcoveSignaller      *self,
                                                            const char           *peer,
                                                            const char           *mid,
                                                            int                   mline_index,
                                                            const char           *candidate);
void                    alcove_signaller_emit_hung_up      (AlcoveSignaller      *self,
                                                            const char           *peer);
void                    alcove_signaller_emit_peer_away    (AlcoveSignaller      *self,
                                                            const char           *peer);
void                    alcove_signaller_emit_called       (AlcoveSignaller      *self,
                                                            const char           *peer,
                                                            const char           *text);
void                    alcove_signaller_emit_offer_wanted (AlcoveSignaller      *self,
                                                            const char           *peer);
void                    alcove_signaller_emit_failed       (AlcoveSignaller      *self,
                                                            const GError         *error);
void                    alcove_signaller_emit_disconnected (AlcoveSignaller      *self,
                                                            const GError         *error);
void                    alcove_signaller_emit_reconnected  (AlcoveSignaller      *self);
void                    alcove_signaller_emit_problem      (AlcoveSignaller      *self,
                                                            const GError         *error);
void                    alcove_signaller_emit_left         (AlcoveSignaller      *self);

G_END_DECLS
