/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-fuzz-webrtcroom"

#include "config.h"

#include "fuzz.h"

#include "alcove-webrtcroom-codec.h"

/* The events of webrtcroom, which are the data of Socket.IO packets. */

static void
hold_bounds (const AlcoveWebrtcroomMessage *message)
{
  fuzz_hold_text (message->id, ALCOVE_WEBRTCROOM_MAX_ID);
  fuzz_hold_text (message->from, ALCOVE_WEBRTCROOM_MAX_ID);
  fuzz_hold_text (message->to, ALCOVE_WEBRTCROOM_MAX_ID);
  fuzz_hold_text (message->mid, ALCOVE_WEBRTCROOM_MAX_MID);
  fuzz_hold_text (message->candidate, ALCOVE_WEBRTCROOM_MAX_CANDIDATE);
  HOLDS (message->mline_index >= -1 && message->mline_index <= ALCOVE_WEBRTCROOM_MAX_MLINE);
  HOLDS (message->peers == NULL || g_strv_length (message->peers) <= ALCOVE_WEBRTCROOM_MAX_PEERS);
  for (gsize i = 0; message->peers != NULL && message->peers[i] != NULL; i++)
    fuzz_hold_text (message->peers[i], ALCOVE_WEBRTCROOM_MAX_ID);
}

static void
try_event (const char *bytes,
           gboolean from_client)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlcoveWebrtcroomMessage) message = NULL;
  g_autoptr (AlcoveWebrtcroomMessage) again = NULL;
  g_autoptr (AlcoveWebrtcroomMessage) forwarded = NULL;
  g_autofree char *text = NULL;
  g_autofree char *second = NULL;
  g_autofree char *passed_on = NULL;
  AlcoveDescriptionType type;
  const char *sdp = NULL;

  message = alcove_webrtcroom_message_decode (bytes, from_client, &error);
  HOLDS ((message == NULL) == (error != NULL));
  if (message == NULL)
    return;

  hold_bounds (message);
  if (alcove_webrtcroom_message_get_description (message, &type, &sdp, NULL))
    fuzz_hold_text (sdp, ALCOVE_WEBRTCROOM_MAX_MESSAGE);

  text = alcove_webrtcroom_message_encode (message);
  again = alcove_webrtcroom_message_decode (text, from_client, NULL);
  HOLDS (again != NULL && again->kind == message->kind);
  second = alcove_webrtcroom_message_encode (again);
  fuzz_hold_same (text, second);

  if (from_client && message->kind >= ALCOVE_WEBRTCROOM_OFFER)
    {
      passed_on = alcove_webrtcroom_message_forward (message, "sender");
      forwarded = alcove_webrtcroom_message_decode (passed_on, FALSE, NULL);
      HOLDS (forwarded != NULL && forwarded->kind == message->kind);
      HOLDS (g_strcmp0 (forwarded->from, "sender") == 0);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t size)
{
  g_autofree char *text = fuzz_text (data, size);

  alcove_webrtcroom_is_client_event (text);
  try_event (text, FALSE);
  try_event (text, TRUE);
  return 0;
}
