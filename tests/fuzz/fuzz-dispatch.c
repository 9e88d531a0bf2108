/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-fuzz-dispatch"

#include "config.h"

#include "fuzz.h"

#include "alcove-dispatch-codec.h"

/* The messages of the dispatch platform, in both directions. */

static void
hold_bounds (const AlcoveDispatchMessage *message)
{
  fuzz_hold_text (message->room, ALCOVE_DISPATCH_MAX_ROOM);
  fuzz_hold_text (message->username, ALCOVE_DISPATCH_MAX_NAME);
  fuzz_hold_text (message->candidate, ALCOVE_DISPATCH_MAX_CANDIDATE);
  fuzz_hold_text (message->sdp_mid, ALCOVE_DISPATCH_MAX_MID);
  fuzz_hold_text (message->message, ALCOVE_DISPATCH_MAX_TEXT);
  HOLDS (message->sdp_mline_index >= -1 && message->sdp_mline_index <= ALCOVE_DISPATCH_MAX_MLINE);
  fuzz_hold_text (alcove_dispatch_message_get_from (message), ALCOVE_DISPATCH_MAX_NAME);
}

static void
try_message (const char *bytes,
             gsize length,
             gboolean from_client)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlcoveDispatchMessage) message = NULL;
  g_autoptr (AlcoveDispatchMessage) again = NULL;
  g_autofree char *text = NULL;
  g_autofree char *second = NULL;
  AlcoveDispatchCode code;
  AlcoveDescriptionType type;
  const char *sdp = NULL;

  message = alcove_dispatch_message_decode (bytes, (gssize) length, from_client, &error);
  HOLDS ((message == NULL) == (error != NULL));
  if (message == NULL)
    return;

  hold_bounds (message);
  if (alcove_dispatch_peek_code (bytes, (gssize) length, &code))
    HOLDS (code == message->code);
  if (alcove_dispatch_message_get_description (message, &type, &sdp, NULL))
    fuzz_hold_text (sdp, ALCOVE_DISPATCH_MAX_INCOMING);
  alcove_dispatch_message_is_alcove (message);
  alcove_dispatch_find_reason (message->message);

  text = alcove_dispatch_message_encode (message);
  again = alcove_dispatch_message_decode (text, -1, from_client, NULL);
  HOLDS (again != NULL && again->code == message->code && again->succeeded == message->succeeded);
  HOLDS (g_strcmp0 (again->username, message->username) == 0);
  second = alcove_dispatch_message_encode (again);
  fuzz_hold_same (text, second);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t size)
{
  try_message ((const char *) data, size, FALSE);
  try_message ((const char *) data, size, TRUE);
  return 0;
}
