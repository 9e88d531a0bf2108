/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "alcove-signaller.h"

G_BEGIN_DECLS

/* The bounds of one message, either way. The original server passes offers of 2 MB, which
 * grow by its escapes. */
#define ALCOVE_RTCSIGNAL_MAX_MESSAGE (4 * 1024 * 1024)
#define ALCOVE_RTCSIGNAL_MAX_JOIN 4096
#define ALCOVE_RTCSIGNAL_MAX_ID 128
#define ALCOVE_RTCSIGNAL_MAX_ROOM 256
#define ALCOVE_RTCSIGNAL_MAX_CANDIDATE 2048
#define ALCOVE_RTCSIGNAL_MAX_MID 64
#define ALCOVE_RTCSIGNAL_MAX_LABEL 1023

/**
 * AlcoveRtcsignalKind:
 * @ALCOVE_RTCSIGNAL_UNKNOWN: an event nobody knows; the whole of it is in `data`
 * @ALCOVE_RTCSIGNAL_JOIN_ROOM: client to server: `user` enters `room`
 * @ALCOVE_RTCSIGNAL_LEAVE_ROOM: client to server: `user` leaves `room`
 * @ALCOVE_RTCSIGNAL_USER_JOINED: server to all in the room, `user` included
 * @ALCOVE_RTCSIGNAL_USER_LEFT: server to all in the room, `user` included
 * @ALCOVE_RTCSIGNAL_OFFER: a broadcast, `msgType` 1: `sdp`
 * @ALCOVE_RTCSIGNAL_ANSWER: a broadcast, `msgType` 2: `sdp`
 * @ALCOVE_RTCSIGNAL_CANDIDATE: a broadcast, `msgType` 3: `candidate`, `label`, `mid`
 * @ALCOVE_RTCSIGNAL_HANG_UP: a broadcast, `msgType` 4
 * @ALCOVE_RTCSIGNAL_PRESENCE: a broadcast, `msgType` 16, of Alcove's own: `user` is there, and
 *   perhaps was `former` before
 * @ALCOVE_RTCSIGNAL_OTHER: a broadcast of another `msg_type`
 */
typedef enum {
  ALCOVE_RTCSIGNAL_UNKNOWN,
  ALCOVE_RTCSIGNAL_JOIN_ROOM,
  ALCOVE_RTCSIGNAL_LEAVE_ROOM,
  ALCOVE_RTCSIGNAL_USER_JOINED,
  ALCOVE_RTCSIGNAL_USER_LEFT,
  ALCOVE_RTCSIGNAL_OFFER,
  ALCOVE_RTCSIGNAL_ANSWER,
  ALCOVE_RTCSIGNAL_CANDIDATE,
  ALCOVE_RTCSIGNAL_HANG_UP,
  ALCOVE_RTCSIGNAL_PRESENCE,
  ALCOVE_RTCSIGNAL_OTHER,
} AlcoveRtcsignalKind;

/**
 * AlcoveRtcsignalMessage:
 * @kind: what it is; tells which of the other members are used
 * @user: (nullable): who it is about, or who sends; from a server it may be empty in
 *   `user-joined` and `user-left`
 * @room: (nullable): the room, which may be empty
 * @target: (nullable): whom a broadcast is for; %NULL for everybody
 * @former: (nullable): the id that the sender had before its connection was lost
 * @msg_type: of a broadcast of another kind, or -1
 * @sdp: (nullable): the text of the description
 * @mid: (nullable): id of the media section
 * @label: index of the media line, or -1
 * @candidate: (nullable): the candidate's text
 * @data: (nullable): what a decoded message came as: the event's argument, or for
 *   %ALCOVE_RTCSIGNAL_UNKNOWN the whole event. Its members that nobody knows are kept
 *
 * One event of an RTCSignalServer as plain data. All pointers are owned by it.
 */
typedef struct {
  AlcoveRtcsignalKind kind;
  char *user;
  char *room;
  char *target;
  char *former;
  gint64 msg_type;
  char *sdp;
  char *mid;
  int label;
  char *candidate;
  JsonNode *data;
} AlcoveRtcsignalMessage;

gboolean                alcove_rtcsignal_is_client_event (const char                   *text);
AlcoveRtcsignalMessage *alcove_rtcsignal_message_new     (AlcoveRtcsignalKind           kind,
                                                          const char                   *user);
void                    alcove_rtcsignal_message_free    (AlcoveRtcsignalMessage       *self);
AlcoveRtcsignalMessage *alcove_rtcsignal_message_decode  (const char                   *text,
                                                          gboolean                      from_client,
                                                          GError                      **error);
char                   *alcove_rtcsignal_message_encode  (const AlcoveRtcsignalMessage *self);
char                   *alcove_rtcsignal_message_forward (const AlcoveRtcsignalMessage *self,
                                                          const char                   *user);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlcoveRtcsignalMessage, alcove_rtcsignal_message_free)

G_END_DECLS
