/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-fuzz-skyrtc"

#include "config.h"

#include "fuzz.h"

#include "alcove-data-url.h"
#include "alcove-inband.h"
#include "alcove-skyrtc-codec.h"
#include "alcove-skyrtc-file.h"

/* SkyRTC's signals, and the texts that go over its pages' data channel: files, and what
 * Alcove says by itself. */

static void
hold_bounds (const AlcoveSkyrtcMessage *message)
{
  fuzz_hold_text (message->event, ALCOVE_SKYRTC_MAX_EVENT);
  fuzz_hold_text (message->room, ALCOVE_SKYRTC_MAX_ROOM);
  fuzz_hold_text (message->socket_id, ALCOVE_SKYRTC_MAX_ID);
  fuzz_hold_text (message->you, ALCOVE_SKYRTC_MAX_ID);
  fuzz_hold_text (message->sdp_mid, ALCOVE_SKYRTC_MAX_MID);
  fuzz_hold_text (message->candidate, ALCOVE_SKYRTC_MAX_CANDIDATE);
  HOLDS (message->label >= -1 && message->label <= ALCOVE_SKYRTC_MAX_LABEL);
  HOLDS (message->sdp_mline_index >= -1 && message->sdp_mline_index <= ALCOVE_SKYRTC_MAX_LABEL);
  HOLDS (message->connections == NULL
         || g_strv_length (message->connections) <= ALCOVE_SKYRTC_MAX_CONNECTIONS);
  for (gsize i = 0; message->connections != NULL && message->connections[i] != NULL; i++)
    fuzz_hold_text (message->connections[i], ALCOVE_SKYRTC_MAX_ID);
}

static void
try_signal (const char *bytes,
            gsize length,
            gboolean from_client)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlcoveSkyrtcMessage) message = NULL;
  g_autoptr (AlcoveSkyrtcMessage) again = NULL;
  g_autofree char *text = NULL;
  g_autofree char *second = NULL;
  AlcoveDescriptionType type;
  const char *sdp = NULL;

  message = alcove_skyrtc_message_decode (bytes, (gssize) length, from_client, &error);
  HOLDS ((message == NULL) == (error != NULL));
  if (message == NULL)
    return;

  hold_bounds (message);
  if (alcove_skyrtc_message_get_description (message, &type, &sdp, NULL))
    fuzz_hold_text (sdp, ALCOVE_SKYRTC_MAX_MESSAGE);

  text = alcove_skyrtc_message_encode (message);
  again = alcove_skyrtc_message_decode (text, -1, from_client, NULL);
  HOLDS (again != NULL);
  HOLDS (again->kind == message->kind && again->form == message->form);
  second = alcove_skyrtc_message_encode (again);
  fuzz_hold_same (text, second);
}

static void
try_file (const char *bytes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlcoveFileMessage) message = alcove_skyrtc_file_decode (bytes, &error);
  g_autoptr (AlcoveFileMessage) again = NULL;
  g_autofree char *text = NULL;
  g_autofree char *second = NULL;

  /* most texts are no file at all, which is no error */
  HOLDS (message == NULL || error == NULL);
  if (message == NULL)
    return;

  fuzz_hold_text (message->id, ALCOVE_FILE_MAX_ID);
  fuzz_hold_text (message->name, ALCOVE_SKYRTC_MAX_FILE_MESSAGE);
  fuzz_hold_text (message->data, ALCOVE_SKYRTC_MAX_FILE_MESSAGE);
  HOLDS (message->size <= G_MAXINT64);

  text = alcove_skyrtc_file_encode (message);
  /* what is escaped takes more room */
  if (strlen (text) > ALCOVE_SKYRTC_MAX_FILE_MESSAGE)
    return;
  again = alcove_skyrtc_file_decode (text, NULL);
  HOLDS (again != NULL);
  second = alcove_skyrtc_file_encode (again);
  fuzz_hold_same (text, second);
}

/* However the pieces are cut, the same comes out; and never more than was announced. */
static void
try_data_url (const char *bytes,
              gsize length)
{
  gsize announced = length % 61;
  g_autoptr (AlcoveDataUrlReader) whole = alcove_data_url_reader_new (announced);
  g_autoptr (AlcoveDataUrlReader) pieces = alcove_data_url_reader_new (announced);
  g_autoptr (GByteArray) at_once = g_byte_array_new ();
  g_autoptr (GByteArray) by_pieces = g_byte_array_new ();
  gboolean good = alcove_data_url_reader_feed (whole, bytes, at_once, NULL);
  gboolean good_pieces = TRUE;
  gsize size = 1 + length % 7;

  good = good && alcove_data_url_reader_finish (whole, NULL);
  for (gsize at = 0; good_pieces && at < strlen (bytes); at += size)
    {
      g_autofree char *piece = g_strndup (bytes + at, size);

      good_pieces = alcove_data_url_reader_feed (pieces, piece, by_pieces, NULL);
    }
  good_pieces = good_pieces && alcove_data_url_reader_finish (pieces, NULL);

  HOLDS (at_once->len <= announced && by_pieces->len <= announced);
  HOLDS (good == good_pieces);
  HOLDS (!good || at_once->len == announced);
  HOLDS (!good || (by_pieces->len == at_once->len
                   && (announced == 0
                       || memcmp (by_pieces->data, at_once->data, announced) == 0)));
}

static void
try_inband (const char *bytes)
{
  g_autoptr (AlcoveInbandMessage) message = alcove_inband_decode (bytes, NULL);
  g_autoptr (AlcoveInbandMessage) again = NULL;
  g_autofree char *text = NULL;
  g_autofree char *second = NULL;

  if (message == NULL)
    return;

  fuzz_hold_text (message->name, ALCOVE_INBAND_MAX_NAME);
  fuzz_hold_text (message->text, ALCOVE_INBAND_MAX_CHAT);
  fuzz_hold_text (message->id, ALCOVE_INBAND_MAX_ID);
  if (message->kind == ALCOVE_INBAND_UNKNOWN)
    return;

  /* escapes may make it longer than it came */
  text = alcove_inband_encode (message);
  if (text == NULL)
    return;
  again = alcove_inband_decode (text, NULL);
  HOLDS (again != NULL && again->kind == message->kind);
  second = alcove_inband_encode (again);
  fuzz_hold_same (text, second);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t size)
{
  g_autofree char *text = fuzz_text (data, size);

  try_signal ((const char *) data, size, FALSE);
  try_signal ((const char *) data, size, TRUE);
  try_file (text);
  try_data_url (text, size);
  try_inband (text);
  return 0;
}
