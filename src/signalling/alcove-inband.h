/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define ALCOVE_INBAND_VERSION 1
#define ALCOVE_INBAND_MAX_NAME 128
#define ALCOVE_INBAND_MAX_CHAT (8 * 1024)
#define ALCOVE_INBAND_MAX_ID 256
#define ALCOVE_INBAND_MAX_SIDE 16384
/* Escapes may make a text six times as long; more than this no channel carries. */
#define ALCOVE_INBAND_MAX_MESSAGE (16 * 1024)

/**
 * AlcoveInbandKind:
 * @ALCOVE_INBAND_UNKNOWN: a kind of a later version; to be ignored
 * @ALCOVE_INBAND_HELLO: the first message on the channel: who we are
 * @ALCOVE_INBAND_STATE: name, muted, camera-off, sharing or recording changed
 * @ALCOVE_INBAND_HEARTBEAT: still there
 * @ALCOVE_INBAND_CHAT: a line of chat
 * @ALCOVE_INBAND_BYE: leaving on purpose; and the answer to it, where ids are told in the hello
 * @ALCOVE_INBAND_MOVED: the server knows us by another id from now on; the connection is the same.
 *   Goes only to who told the ids of both in its hello
 * @ALCOVE_INBAND_PAIRS: how the sender sees the others of the room
 * @ALCOVE_INBAND_SIZE: how large the receiver's picture is drawn where the sender is
 */
typedef enum {
  ALCOVE_INBAND_UNKNOWN,
  ALCOVE_INBAND_HELLO,
  ALCOVE_INBAND_STATE,
  ALCOVE_INBAND_HEARTBEAT,
  ALCOVE_INBAND_CHAT,
  ALCOVE_INBAND_BYE,
  ALCOVE_INBAND_MOVED,
  ALCOVE_INBAND_PAIRS,
  ALCOVE_INBAND_SIZE,
} AlcoveInbandKind;

/**
 * AlcoveInbandMessage:
 * @kind: what it is
 * @version: of the sender's in-band language, 1 or more; hello only
 * @name: (nullable): hello and state; %NULL if the sender told none
 * @text: (nullable): chat only
 * @muted: hello and state
 * @camera_off: hello and state
 * @sharing: hello and state: the picture is a screen or a window of the sender's
 * @recording: hello and state: the sender records the receiver
 * @sequence: heartbeat only, counts up
 * @id: (nullable): moved: the sender's new id. Hello: the one that the server knows the sender by,
 *   where such an id does not last and the sender follows who moves; an Alcove from before there
 *   was this does not. It is as it came, and not to be shown
 * @peer: (nullable): hello, with @id: the id by which the sender knows the receiver. Through a
 *   server that gives each protocol its own ids nobody could tell who has moved: only where both
 *   are right the two follow each other
 * @pairs: (nullable) (element-type AlcovePair): pairs only
 * @width: size only: in device pixels, 0 to %ALCOVE_INBAND_MAX_SIDE; 0 if nobody sees it
 * @height: likewise
 *
 * What Alcoves tell each other on %ALCOVE_CHANNEL_ALCOVE.
 */
typedef struct {
  AlcoveInbandKind kind;
  guint version;
  char *name;
  char *text;
  gboolean muted;
  gboolean camera_off;
  gboolean sharing;
  gboolean recording;
  guint sequence;
  char *id;
  char *peer;
  GPtrArray *pairs;
  int width;
  int height;
} AlcoveInbandMessage;

char                *alcove_inband_encode       (const AlcoveInbandMessage *message);
AlcoveInbandMessage *alcove_inband_decode       (const char                *text,
                                                 GError                   **error);
void                 alcove_inband_message_free (AlcoveInbandMessage       *self);
char                *alcove_inband_clean_name   (const char                *name);
char                *alcove_inband_clean_chat   (const char                *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlcoveInbandMessage, alcove_inband_message_free)

G_END_DECLS
