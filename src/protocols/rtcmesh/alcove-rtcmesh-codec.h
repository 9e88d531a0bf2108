/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "alcove-signaller.h"

G_BEGIN_DECLS

/* The bounds of one message, either way. The original servers pass offers of 2 MB. */
#define ALCOVE_RTCMESH_MAX_MESSAGE (4 * 1024 * 1024)
#define ALCOVE_RTCMESH_MAX_EVENT 64
#define ALCOVE_RTCMESH_MAX_ROOM 256
#define ALCOVE_RTCMESH_MAX_IDS 4096
#define ALCOVE_RTCMESH_MAX_CANDIDATE 2048
#define ALCOVE_RTCMESH_MAX_MID 64
#define ALCOVE_RTCMESH_MAX_MLINE 1023
/* A node or PHP server's ids have this many ASCII characters; the Nim server takes any
 * characters, which may be of four bytes. */
#define ALCOVE_RTCMESH_UID_LENGTH 36
#define ALCOVE_RTCMESH_MAX_ID (4 * ALCOVE_RTCMESH_UID_LENGTH)

/* The bounds of one buffer that is sent in pieces over a data channel. */
#define ALCOVE_RTCMESH_HEADER_LENGTH 30
#define ALCOVE_RTCMESH_MAX_HEADER_ID 20
#define ALCOVE_RTCMESH_MAX_PIECES 100000

/**
 * AlcoveRtcmeshKind:
 * @ALCOVE_RTCMESH_UNKNOWN: an object that is no signalling; kept in `data`
 * @ALCOVE_RTCMESH_INIT: server to the newcomer: `ids`
 * @ALCOVE_RTCMESH_ONLINE: server to the others: `id` has come, or come back
 * @ALCOVE_RTCMESH_OFFLINE: Alcove's server to the others: the last socket of `id` has gone
 * @ALCOVE_RTCMESH_ROOM: client to Alcove's server: `room` is where it wants to meet those
 *   who speak other protocols
 * @ALCOVE_RTCMESH_OFFER: relayed: `from`, `to`, `data`
 * @ALCOVE_RTCMESH_ANSWER: relayed: `from`, `to`, `data`
 * @ALCOVE_RTCMESH_CANDIDATE: relayed: `from`, `to`, `data`
 */
typedef enum {
  ALCOVE_RTCMESH_UNKNOWN,
  ALCOVE_RTCMESH_INIT,
  ALCOVE_RTCMESH_ONLINE,
  ALCOVE_RTCMESH_OFFLINE,
  ALCOVE_RTCMESH_ROOM,
  ALCOVE_RTCMESH_OFFER,
  ALCOVE_RTCMESH_ANSWER,
  ALCOVE_RTCMESH_CANDIDATE,
} AlcoveRtcmeshKind;

/**
 * AlcoveRtcmeshMessage:
 * @kind: what it is; tells which of the other members are used
 * @ids: (nullable): who is online; may hold our own id, and one twice
 * @room: (nullable): the name of a room
 * @id: (nullable): whom a notice of the server is about
 * @from: (nullable): who sent it, by the sender's own word
 * @to: (nullable): whom it is for
 * @data: (nullable): the description or candidate exactly as it was; for an unknown
 *   message the whole object
 * @candidate: (nullable): the candidate's text
 * @sdp_mid: (nullable): id of the media section; %NULL also if it was empty
 * @sdp_mline_index: index of the media section, or -1 if there was none
 *
 * One message of the mesh as plain data. All pointers are owned by it.
 */
typedef struct {
  AlcoveRtcmeshKind kind;
  GStrv ids;
  char *room;
  char *id;
  char *from;
  char *to;
  JsonNode *data;
  char *candidate;
  char *sdp_mid;
  int sdp_mline_index;
} AlcoveRtcmeshMessage;

AlcoveRtcmeshMessage *alcove_rtcmesh_message_new             (AlcoveRtcmeshKind           kind);
void                  alcove_rtcmesh_message_free            (AlcoveRtcmeshMessage       *self);
AlcoveRtcmeshMessage *alcove_rtcmesh_message_decode          (const char                 *text,
                                                              gssize                      length,
                                                              GError                    **error);
char                 *alcove_rtcmesh_message_encode          (const AlcoveRtcmeshMessage *self);
gboolean              alcove_rtcmesh_message_get_description (const AlcoveRtcmeshMessage *self,
                                                              AlcoveDescriptionType      *type,
                                                              const char                **sdp,
                                                              GError                    **error);
void                  alcove_rtcmesh_message_set_description (AlcoveRtcmeshMessage       *self,
                                                              AlcoveDescriptionType       type,
                                                              const char                 *sdp);
void                  alcove_rtcmesh_message_set_candidate   (AlcoveRtcmeshMessage       *self,
                                                              const char                 *mid,
                                                              int                         mline_index,
                                                              const char                 *candidate);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlcoveRtcmeshMessage, alcove_rtcmesh_message_free)

const char *alcove_rtcmesh_find_uid   (const char *path);
char       *alcove_rtcmesh_find_room  (const char *path);
char       *alcove_rtcmesh_build_path (const char *typed,
                                       const char *uid);

/**
 * AlcoveRtcmeshChannelKind:
 * @ALCOVE_RTCMESH_CHANNEL_CHAT: a line of chat
 * @ALCOVE_RTCMESH_CHANNEL_PING: asks for a sign of life
 * @ALCOVE_RTCMESH_CHANNEL_PONG: is one
 * @ALCOVE_RTCMESH_CHANNEL_QUERY: who has a block?
 * @ALCOVE_RTCMESH_CHANNEL_FOUND: the sender has it
 * @ALCOVE_RTCMESH_CHANNEL_RESOLVE: send it
 * @ALCOVE_RTCMESH_CHANNEL_QUIT: stop sending it
 *
 * What a text on the data channel is.
 */
typedef enum {
  ALCOVE_RTCMESH_CHANNEL_CHAT,
  ALCOVE_RTCMESH_CHANNEL_PING,
  ALCOVE_RTCMESH_CHANNEL_PONG,
  ALCOVE_RTCMESH_CHANNEL_QUERY,
  ALCOVE_RTCMESH_CHANNEL_FOUND,
  ALCOVE_RTCMESH_CHANNEL_RESOLVE,
  ALCOVE_RTCMESH_CHANNEL_QUIT,
} AlcoveRtcmeshChannelKind;

#define ALCOVE_RTCMESH_PING "{\"event\":\"ping\"}"
#define ALCOVE_RTCMESH_PONG "{\"event\":\"pong\"}"

AlcoveRtcmeshChannelKind alcove_rtcmesh_classify_text (const char *text);

/**
 * AlcoveRtcmeshPiece:
 * @id: of the buffer, ends with a zero byte
 * @index: number of the piece, from 0
 * @n_pieces: how many pieces the buffer has
 * @header_length: how many bytes stand before the data: 30, or 60 for UTF-16
 *
 * The header of one binary message on the data channel.
 */
typedef struct {
  char id[4 * ALCOVE_RTCMESH_MAX_HEADER_ID + 1];
  guint index;
  guint n_pieces;
  gsize header_length;
} AlcoveRtcmeshPiece;

gboolean alcove_rtcmesh_piece_decode (AlcoveRtcmeshPiece       *self,
                                      const guint8             *bytes,
                                      gsize                     length);
gboolean alcove_rtcmesh_piece_encode (const AlcoveRtcmeshPiece *self,
                                      char                      header[ALCOVE_RTCMESH_HEADER_LENGTH]);

G_END_DECLS
