/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "alcove-signaller.h"

G_BEGIN_DECLS

/* The original server closes the connection over a larger message. What it passes on may be
 * larger than it was: it escapes all that is not ASCII, which takes up to three times the room. */
#define ALCOVE_DISPATCH_MAX_MESSAGE (1024 * 1024)
#define ALCOVE_DISPATCH_MAX_INCOMING (4 * 1024 * 1024)
#define ALCOVE_DISPATCH_MAX_ROOM 192
#define ALCOVE_DISPATCH_MAX_NAME 128
#define ALCOVE_DISPATCH_MAX_TEXT 4096
#define ALCOVE_DISPATCH_MAX_CANDIDATE 2048
#define ALCOVE_DISPATCH_MAX_MID 64
#define ALCOVE_DISPATCH_MAX_MLINE 1023

/* The name under which guests know whoever opened the room. */
#define ALCOVE_DISPATCH_ROOT "root"

/**
 * AlcoveDispatchCode:
 * @ALCOVE_DISPATCH_UNKNOWN: a code that nobody knows, or one that is a text
 * @ALCOVE_DISPATCH_CREATE: root: create a room; and the reply to that
 * @ALCOVE_DISPATCH_JOIN: guest: join a room; and the reply to that
 * @ALCOVE_DISPATCH_OFFER: guest to root
 * @ALCOVE_DISPATCH_ANSWER: root to guest; a robust guest also answers by it
 * @ALCOVE_DISPATCH_GUEST_CANDIDATE: guest to root
 * @ALCOVE_DISPATCH_ROOT_CANDIDATE: root to guest
 * @ALCOVE_DISPATCH_ROOT_OFFER: root to guest
 * @ALCOVE_DISPATCH_CALL: root to guest: "I am calling you"
 * @ALCOVE_DISPATCH_LEAVE: guest: leaves; the root hears of it
 * @ALCOVE_DISPATCH_HANG_UP: root to guest: the call is over
 * @ALCOVE_DISPATCH_CLOSE: root to guest: please leave
 * @ALCOVE_DISPATCH_REPLY: the reply to everything but CREATE and JOIN
 * @ALCOVE_DISPATCH_ROOM_DELETED: server to guests: the root is gone
 * @ALCOVE_DISPATCH_FAILURE: a reply that only says failure
 */
typedef enum {
  ALCOVE_DISPATCH_UNKNOWN = 0,
  ALCOVE_DISPATCH_CREATE = 2000,
  ALCOVE_DISPATCH_JOIN = 2001,
  ALCOVE_DISPATCH_OFFER = 2002,
  ALCOVE_DISPATCH_ANSWER = 2003,
  ALCOVE_DISPATCH_GUEST_CANDIDATE = 2004,
  ALCOVE_DISPATCH_ROOT_CANDIDATE = 2005,
  ALCOVE_DISPATCH_ROOT_OFFER = 2022,
  ALCOVE_DISPATCH_CALL = 2222,
  ALCOVE_DISPATCH_LEAVE = 3000,
  ALCOVE_DISPATCH_HANG_UP = 3001,
  ALCOVE_DISPATCH_CLOSE = 3002,
  ALCOVE_DISPATCH_REPLY = 10000,
  ALCOVE_DISPATCH_ROOM_DELETED = 10001,
  ALCOVE_DISPATCH_FAILURE = -10000,
} AlcoveDispatchCode;

/**
 * AlcoveDispatchReason:
 * @ALCOVE_DISPATCH_REASON_OTHER: a text nobody knows
 * @ALCOVE_DISPATCH_REASON_ROOM_EXISTS: the room is there already
 * @ALCOVE_DISPATCH_REASON_NO_ROOM: there is no such room
 * @ALCOVE_DISPATCH_REASON_NAME_TAKEN: somebody in the room has the name
 * @ALCOVE_DISPATCH_REASON_NOT_IN_ROOM: the sender is in no room
 *
 * Why something failed. On the wire only the text for people tells.
 */
typedef enum {
  ALCOVE_DISPATCH_REASON_OTHER,
  ALCOVE_DISPATCH_REASON_ROOM_EXISTS,
  ALCOVE_DISPATCH_REASON_NO_ROOM,
  ALCOVE_DISPATCH_REASON_NAME_TAKEN,
  ALCOVE_DISPATCH_REASON_NOT_IN_ROOM,
} AlcoveDispatchReason;

/**
 * AlcoveDispatchMessage:
 * @code: what it is
 * @succeeded: for replies
 * @room: (nullable): `room_name`
 * @username: (nullable): towards the server the target, from it the sender; may be empty
 * @sdp: (nullable): the description as it was: an object or a bare text
 * @candidate_node: (nullable): the candidate as it was: an object or a bare text
 * @candidate: (nullable): the candidate's text
 * @sdp_mid: (nullable): id of the media section
 * @sdp_mline_index: index of the media section, or -1
 * @lost: for a leave from Alcove's server: the guest's connection was lost
 * @value: (nullable): a decoded `value` as it was, which is also what is encoded again
 * @message: (nullable): the text for people; always written
 *
 * One message of the dispatch platform as plain data. All pointers are owned by it.
 */
typedef struct {
  AlcoveDispatchCode code;
  gboolean succeeded;
  char *room;
  char *username;
  JsonNode *sdp;
  JsonNode *candidate_node;
  char *candidate;
  char *sdp_mid;
  int sdp_mline_index;
  gboolean lost;
  JsonNode *value;
  char *message;
} AlcoveDispatchMessage;

AlcoveDispatchMessage *alcove_dispatch_message_new             (AlcoveDispatchCode           code);
void                   alcove_dispatch_message_free            (AlcoveDispatchMessage       *self);
gboolean               alcove_dispatch_peek_code               (const char                  *text,
                                                                gssize                       length,
                                                                AlcoveDispatchCode          *code);
AlcoveDispatchMessage *alcove_dispatch_message_decode          (const char                  *text,
                                                                gssize                       length,
                                                                gboolean                     from_client,
                                                                GError                     **error);
char                  *alcove_dispatch_message_encode          (const AlcoveDispatchMessage *self);
gboolean               alcove_dispatch_message_get_description (const AlcoveDispatchMessage *self,
                                                                AlcoveDescriptionType       *type,
                                                                const char                 **sdp,
                                                                GError                     **error);
void                   alcove_dispatch_message_set_description (AlcoveDispatchMessage       *self,
                                                                AlcoveDescriptionType        type,
                                                                const char                  *sdp,
                                                                const char                  *from);
void                   alcove_dispatch_message_set_foreign     (AlcoveDispatchMessage       *self,
                                                                AlcoveDescriptionType        type,
                                                                const char                  *sdp);
gboolean               alcove_dispatch_message_is_foreign      (const AlcoveDispatchMessage *self);
const char            *alcove_dispatch_message_get_from        (const AlcoveDispatchMessage *self);
gboolean               alcove_dispatch_message_is_alcove       (const AlcoveDispatchMessage *self);
void                   alcove_dispatch_message_set_candidate   (AlcoveDispatchMessage       *self,
                                                                const char                  *mid,
                                                                int                          mline_index,
                                                                const char                  *candidate);
AlcoveDispatchReason   alcove_dispatch_find_reason             (const char                  *text);
const char            *alcove_dispatch_get_reason_text         (AlcoveDispatchReason         reason);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlcoveDispatchMessage, alcove_dispatch_message_free)

G_END_DECLS
