/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "alcove-signaller.h"

G_BEGIN_DECLS

/* The bounds of one message, either way. The original servers pass offers of 2 MB. */
#define ALCOVE_SKYRTC_MAX_MESSAGE (4 * 1024 * 1024)
#define ALCOVE_SKYRTC_MAX_EVENT 64
#define ALCOVE_SKYRTC_MAX_ID 128
#define ALCOVE_SKYRTC_MAX_ROOM 256
#define ALCOVE_SKYRTC_MAX_CONNECTIONS 256
#define ALCOVE_SKYRTC_MAX_CANDIDATE 2048
#define ALCOVE_SKYRTC_MAX_MID 64
#define ALCOVE_SKYRTC_MAX_LABEL 1023

/**
 * AlcoveSkyrtcKind:
 * @ALCOVE_SKYRTC_UNKNOWN: an event name nobody knows; kept in `event`, its data in `data`
 * @ALCOVE_SKYRTC_JOIN: client to server: enter `room`
 * @ALCOVE_SKYRTC_PEERS: server to the one who joined: `connections` and `you`
 * @ALCOVE_SKYRTC_NEW_PEER: server to the others: `socket_id` has joined
 * @ALCOVE_SKYRTC_REMOVE_PEER: server to the others: `socket_id` has gone
 * @ALCOVE_SKYRTC_OFFER: both ways: `sdp`
 * @ALCOVE_SKYRTC_ANSWER: both ways: `sdp`
 * @ALCOVE_SKYRTC_CANDIDATE: both ways: `label`, `candidate`, and perhaps `sdp_mid`, `sdp_mline_index`
 * @ALCOVE_SKYRTC_BROADCAST: a message without event name: `data` for all others in the room
 */
typedef enum {
  ALCOVE_SKYRTC_UNKNOWN,
  ALCOVE_SKYRTC_JOIN,
  ALCOVE_SKYRTC_PEERS,
  ALCOVE_SKYRTC_NEW_PEER,
  ALCOVE_SKYRTC_REMOVE_PEER,
  ALCOVE_SKYRTC_OFFER,
  ALCOVE_SKYRTC_ANSWER,
  ALCOVE_SKYRTC_CANDIDATE,
  ALCOVE_SKYRTC_BROADCAST,
} AlcoveSkyrtcKind;

/**
 * AlcoveSkyrtcForm:
 * @ALCOVE_SKYRTC_FROM_SERVER: `_offer`; the same for both variants of the server
 * @ALCOVE_SKYRTC_FROM_CLIENT_PYTHON: `__offer__`
 * @ALCOVE_SKYRTC_FROM_CLIENT_NODE: `__offer`
 *
 * Who speaks, and how the event names are spelled.
 */
typedef enum {
  ALCOVE_SKYRTC_FROM_SERVER,
  ALCOVE_SKYRTC_FROM_CLIENT_PYTHON,
  ALCOVE_SKYRTC_FROM_CLIENT_NODE,
} AlcoveSkyrtcForm;

/**
 * AlcoveSkyrtcMessage:
 * @kind: what it is; tells which of the other members are used
 * @form: who speaks, and in which spelling; for a decoded broadcast of a client,
 *   whose variant can't be told, %ALCOVE_SKYRTC_FROM_CLIENT_PYTHON
 * @event: (nullable): the event name as it was on the wire; only for %ALCOVE_SKYRTC_UNKNOWN
 * @room: (nullable): the room; %NULL means the server's default room
 * @socket_id: (nullable): towards a server the target, from a server the sender
 * @you: (nullable): the newcomer's own id, as the server knows it
 * @connections: (nullable): the ids of those who are in the room; may hold one twice
 * @sdp: (nullable): the description, exactly as it was: an object or a bare text
 * @label: index of the media line; -1 if only `sdpMid` names it
 * @sdp_mid: (nullable): id of the media section
 * @sdp_mline_index: `sdpMLineIndex`, or -1 if there was none
 * @candidate: (nullable): the candidate's text
 * @data: (nullable): the data of a broadcast or of an unknown event
 *
 * One SkyRTC message as plain data. All pointers are owned by it.
 */
typedef struct {
  AlcoveSkyrtcKind kind;
  AlcoveSkyrtcForm form;
  char *event;
  char *room;
  char *socket_id;
  char *you;
  GStrv connections;
  JsonNode *sdp;
  int label;
  char *sdp_mid;
  int sdp_mline_index;
  char *candidate;
  JsonNode *data;
} AlcoveSkyrtcMessage;

AlcoveSkyrtcMessage *alcove_skyrtc_message_new             (AlcoveSkyrtcKind           kind,
                                                            AlcoveSkyrtcForm           form);
void                 alcove_skyrtc_message_free            (AlcoveSkyrtcMessage       *self);
AlcoveSkyrtcMessage *alcove_skyrtc_message_decode          (const char                *text,
                                                            gssize                     length,
                                                            gboolean                   from_client,
                                                            GError                   **error);
char                *alcove_skyrtc_message_encode          (const AlcoveSkyrtcMessage *self);
gboolean             alcove_skyrtc_message_get_description (const AlcoveSkyrtcMessage *self,
                                                            AlcoveDescriptionType     *type,
                                                            const char               **sdp,
                                                            GError                   **error);
void                 alcove_skyrtc_message_set_description (AlcoveSkyrtcMessage       *self,
                                                            AlcoveDescriptionType      type,
                                                            const char                *sdp);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlcoveSkyrtcMessage, alcove_skyrtc_message_free)

G_END_DECLS
