/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-fuzz-rtcsignal"

#include "config.h"

#include "fuzz.h"

#include "alcove-rtcsignal-codec.h"

/* The events of rtcsignal, which are the data of Socket.IO packets. */

static void
hold_bounds (const AlcoveRtcsignalMessage *message)
{
  fuzz_hold_text (message->user, ALCOVE_RTCSIGNAL_MAX_ID);
  fuzz_hold_text (message->room, ALCOVE_RTCSIGNAL_MAX_ROOM);
  fuzz_hold_text (message->target, ALCOVE_RTCSIGNAL_MAX_ID);
  fuzz_hold_text (message->former, ALCOVE_RTCSIGNAL_MAX_ID);
  fuzz_hold_text (message->sdp, ALCOVE_RTCSIGNAL_MAX_MESSAGE);
  fuzz_hold_text (message->mid, ALCOVE_RTCSIGNAL_MAX_MID);
  fuzz_hold_text (message->candidate, ALCOVE_RTCSIGNAL_MAX_CANDIDATE);
  HOLDS (message->label >= -1 && message->label <= ALCOVE_RTCSIGNAL_MAX_LABEL);
}

static void
try_event (const char *bytes,
           gboolean from_client)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlcoveRtcsignalMessage) message = NULL;
  g_autoptr (AlcoveRtcsignalMessage) again = NULL;
  g_autoptr (AlcoveRtcsignalMessage) forwarded = NULL;
  g_autofree char *text = NULL;
  g_autofree char *second = NULL;
  g_autofree char *passed_on = NULL;

  message = alcove_rtcsignal_message_decode (bytes, from_client, &error);
  HOLDS ((message == NULL) == (error != NULL));
  if (message == NULL)
    return;

  hold_bounds (message);
  text = alcove_rtcsignal_message_encode (message);
  again = alcove_rtcsignal_message_decode (text, from_client, NULL);
  HOLDS (again != NULL && again->kind == message->kind);
  second = alcove_rtcsignal_message_encode (again);
  fuzz_hold_same (text, second);

  if (from_client && message->kind >= ALCOVE_RTCSIGNAL_OFFER)
    {
      passed_on = alcove_rtcsignal_message_forward (message, "sender");
      forwarded = alcove_rtcsignal_message_decode (passed_on, FALSE, NULL);
      HOLDS (forwarded != NULL && forwarded->kind == message->kind);
      HOLDS (g_strcmp0 (forwarded->user, "sender") == 0);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t size)
{
  g_autofree char *text = fuzz_text (data, size);

  alcove_rtcsignal_is_client_event (text);
  try_event (text, FALSE);
  try_event (text, TRUE);
  return 0;
}
