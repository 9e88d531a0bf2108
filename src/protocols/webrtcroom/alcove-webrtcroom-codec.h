/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "alcove-signaller.h"

G_BEGIN_DECLS

/* The bounds of one message, either way. The original servers pass offers of 2 MB. */
#define ALCOVE_WEBRTCROOM_MAX_MESSAGE (4 * 1024 * 1024)
#define ALCOVE_WEBRTCROOM_MAX_ID 128
#define ALCOVE_WEBRTCROOM_MAX_ROOM 256
#define ALCOVE_WEBRTCROOM_MAX_PEERS 256
#define ALCOVE_WEBRTCROOM_MAX_CANDIDATE 2048
#define ALCOVE_WEBRTCROOM_MAX_MID 64
#define ALCOVE_WEBRTCROOM_MAX_MLINE 1023

/**
 * AlcoveWebrtcroomKind:
 * @ALCOVE_WEBRTCROOM_UNKNOWN: an event nobody knows; the whole of it is in `data`
 * @ALCOVE_WEBRTCROOM_CREATE: client to server: enter `room`
 * @ALCOVE_WEBRTCROOM_CREATED: server to the one who entered: its `id`, and the `peers`
 * @ALCOVE_WEBRTCROOM_JOINED: server to the others: `id` has entered
 * @ALCOVE_WEBRTCROOM_OFFER: both ways: `from`, `to`, `sdp`
 * @ALCOVE_WEBRTCROOM_ANSWER: both ways: `from`, `to`, `sdp`
 * @ALCOVE_WEBRTCROOM_CANDIDATE: both ways: `from`, `to`, `candidate` and its line
 * @ALCOVE_WEBRTCROOM_EXIT: both ways: `from` has left
 */
typedef enum {
  ALCOVE_WEBRTCROOM_UNKNOWN,
  ALCOVE_WEBRTCROOM_CREATE,
  ALCOVE_WEBRTCROOM_CREATED,
  ALCOVE_WEBRTCROOM_JOINED,
  ALCOVE_WEBRTCROOM_OFFER,
  ALCOVE_WEBRTCROOM_ANSWER,
  ALCOVE_WEBRTCROOM_CANDIDATE,
  ALCOVE_WEBRTCROOM_EXIT,
} AlcoveWebrtcroomKind;

/**
 * AlcoveWebrtcroomMessage:
 * @kind: what it is; tells which of the other members are used
 * @room: (nullable): the room as it was: a text, and from others also a number or null
 * @id: (nullable): who has entered
 * @peers: (nullable): the ids of those who are there; may hold one twice, and our own
 * @from: (nullable): the sender, by its own word
 * @to: (nullable): the target
 * @sdp: (nullable): the description, exactly as it was: a text, or an object
 * @mid: (nullable): id of the media section
 * @mline_index: index of the media line, or -1
 * @candidate: (nullable): the candidate's text
 * @data: (nullable): what a decoded message came as: the event's argument, or for
 *   %ALCOVE_WEBRTCROOM_UNKNOWN the whole event. Its members that nobody knows are kept
 *
 * One event of a WebRtcRoomServer as plain data. All pointers are owned by it.
 */
typedef struct {
  AlcoveWebrtcroomKind kind;
  JsonNode *room;
  char *id;
  GStrv peers;
  char *from;
  char *to;
  JsonNode *sdp;
  char *mid;
  int mline_index;
  char *candidate;
  JsonNode *data;
} AlcoveWebrtcroomMessage;

gboolean                 alcove_webrtcroom_is_client_event         (const char *text);
AlcoveWebrtcroomMessage *alcove_webrtcroom_message_new             (AlcoveWebrtcroomKind kind);
void                     alcove_webrtcroom_message_free            (AlcoveWebrtcroomMessage *self);
AlcoveWebrtcroomMessage *alcove_webrtcroom_message_decode          (const char *text,
                                                                    gboolean from_client,
                                                                    GError **error);
char                    *alcove_webrtcroom_message_encode          (const AlcoveWebrtcroomMessage *self);
char                    *alcove_webrtcroom_message_forward         (const AlcoveWebrtcroomMessage *self,
                                                                    const char *from);
void                     alcove_webrtcroom_message_set_room        (AlcoveWebrtcroomMessage *self,
                                                                    const char *room);
gboolean                 alcove_webrtcroom_message_get_description (const AlcoveWebrtcroomMessage *self,
                                                                    AlcoveDescriptionType *type,
                                                                    const char **sdp,
                                                                    GError **error);
void                     alcove_webrtcroom_message_set_description (AlcoveWebrtcroomMessage *self,
                                                                    const char *sdp);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlcoveWebrtcroomMessage, alcove_webrtcroom_message_free)

G_END_DECLS
