/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-fuzz-rtcmesh"

#include "config.h"

#include "fuzz.h"

#include "alcove-rtcmesh-codec.h"

/* The signals of rtcmesh, the paths that carry its ids, and what goes over its channel. */

#define UID "aaaaaaaa-1111-4111-8111-000000000001"

static void
hold_bounds (const AlcoveRtcmeshMessage *message)
{
  fuzz_hold_text (message->room, ALCOVE_RTCMESH_MAX_ROOM);
  fuzz_hold_text (message->id, ALCOVE_RTCMESH_MAX_ID);
  fuzz_hold_text (message->from, ALCOVE_RTCMESH_MAX_ID);
  fuzz_hold_text (message->to, ALCOVE_RTCMESH_MAX_ID);
  fuzz_hold_text (message->candidate, ALCOVE_RTCMESH_MAX_CANDIDATE);
  fuzz_hold_text (message->sdp_mid, ALCOVE_RTCMESH_MAX_MID);
  HOLDS (message->sdp_mline_index >= -1 && message->sdp_mline_index <= ALCOVE_RTCMESH_MAX_MLINE);
  HOLDS (message->ids == NULL || g_strv_length (message->ids) <= ALCOVE_RTCMESH_MAX_IDS);
  for (gsize i = 0; message->ids != NULL && message->ids[i] != NULL; i++)
    fuzz_hold_text (message->ids[i], ALCOVE_RTCMESH_MAX_ID);
}

static void
try_signal (const char *bytes,
            gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlcoveRtcmeshMessage) message = NULL;
  g_autoptr (AlcoveRtcmeshMessage) again = NULL;
  g_autofree char *text = NULL;
  g_autofree char *second = NULL;
  AlcoveDescriptionType type;
  const char *sdp = NULL;

  message = alcove_rtcmesh_message_decode (bytes, (gssize) length, &error);
  HOLDS ((message == NULL) == (error != NULL));
  if (message == NULL)
    return;

  hold_bounds (message);
  if (alcove_rtcmesh_message_get_description (message, &type, &sdp, NULL))
    fuzz_hold_text (sdp, ALCOVE_RTCMESH_MAX_MESSAGE);

  text = alcove_rtcmesh_message_encode (message);
  again = alcove_rtcmesh_message_decode (text, -1, NULL);
  HOLDS (again != NULL && again->kind == message->kind);
  HOLDS (g_strcmp0 (again->to, message->to) == 0);
  second = alcove_rtcmesh_message_encode (again);
  fuzz_hold_same (text, second);
}

static void
try_piece (const uint8_t *data,
           size_t size)
{
  AlcoveRtcmeshPiece piece;
  AlcoveRtcmeshPiece again;
  char header[ALCOVE_RTCMESH_HEADER_LENGTH];

  if (!alcove_rtcmesh_piece_decode (&piece, data, size))
    return;

  HOLDS (piece.header_length <= size);
  HOLDS (piece.index < piece.n_pieces && piece.n_pieces <= ALCOVE_RTCMESH_MAX_PIECES);
  HOLDS (memchr (piece.id, '\0', sizeof piece.id) != NULL && *piece.id != '\0');

  /* an id that had to be escaped needs more room than there is, or is no ASCII */
  if (!alcove_rtcmesh_piece_encode (&piece, header))
    return;
  HOLDS (alcove_rtcmesh_piece_decode (&again, (const guint8 *) header, sizeof header));
  HOLDS (strcmp (again.id, piece.id) == 0 && again.index == piece.index
         && again.n_pieces == piece.n_pieces);
  HOLDS (again.header_length == ALCOVE_RTCMESH_HEADER_LENGTH);
}

static void
try_path (const char *text)
{
  const char *uid = alcove_rtcmesh_find_uid (text);
  g_autofree char *room = alcove_rtcmesh_find_room (text);
  g_autofree char *path = alcove_rtcmesh_build_path (text, UID);
  g_autofree char *again = alcove_rtcmesh_build_path (path, UID);

  HOLDS (uid == NULL || strlen (uid) == ALCOVE_RTCMESH_UID_LENGTH);
  HOLDS (room == NULL || (*room != '\0' && strlen (room) <= ALCOVE_RTCMESH_MAX_ROOM));
  HOLDS (g_strcmp0 (alcove_rtcmesh_find_uid (path), UID) == 0);
  fuzz_hold_same (path, again);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t size)
{
  g_autofree char *text = fuzz_text (data, size);

  try_signal ((const char *) data, size);
  try_piece (data, size);
  try_path (text);
  alcove_rtcmesh_classify_text (text);
  return 0;
}
