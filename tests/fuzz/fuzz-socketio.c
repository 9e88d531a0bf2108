/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-fuzz-socketio"

#include "config.h"

#include "fuzz.h"

#include "alcove-engineio-codec.h"
#include "alcove-frame-meter.h"
#include "alcove-socketio-codec.h"

/* Engine.IO's packets, handshakes and payloads, Socket.IO's packets within, and the
 * WebSocket frames that carry them. */

static void
try_socketio (const char *bytes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlcoveSocketioPacket) packet = alcove_socketio_packet_decode (bytes, &error);
  g_autoptr (AlcoveSocketioPacket) again = NULL;
  g_autoptr (JsonArray) event = NULL;
  g_autoptr (GError) refusal = NULL;
  g_autofree char *text = NULL;
  g_autofree char *second = NULL;
  const char *name = NULL;

  HOLDS ((packet == NULL) == (error != NULL));
  if (packet == NULL)
    return;

  HOLDS (strlen (packet->nsp) <= ALCOVE_SOCKETIO_MAX_NAMESPACE && *packet->nsp == '/');
  HOLDS (packet->n_attachments <= ALCOVE_SOCKETIO_MAX_ATTACHMENTS);
  HOLDS (packet->n_attachments == 0 || packet->type >= ALCOVE_SOCKETIO_BINARY_EVENT);

  text = alcove_socketio_packet_encode (packet);
  again = alcove_socketio_packet_decode (text, NULL);
  HOLDS (again != NULL && again->type == packet->type && again->id == packet->id);
  HOLDS (g_strcmp0 (again->nsp, packet->nsp) == 0 && g_strcmp0 (again->query, packet->query) == 0);
  fuzz_hold_same (packet->data, again->data);
  second = alcove_socketio_packet_encode (again);
  fuzz_hold_same (text, second);

  if (packet->data != NULL)
    event = alcove_socketio_event_parse (packet->data, &name, NULL);
  if (event != NULL)
    {
      fuzz_hold_text (name, ALCOVE_SOCKETIO_MAX_EVENT);
      HOLDS (json_array_get_length (event) <= ALCOVE_SOCKETIO_MAX_ARGUMENTS);
    }

  /* without valid text no packet gets as far as that */
  if (g_utf8_validate (bytes, -1, NULL))
    {
      refusal = alcove_socketio_packet_read_refusal (packet);
      HOLDS (refusal == NULL || g_utf8_validate (refusal->message, -1, NULL));
    }
}

static void
try_handshake (const char *data)
{
  g_auto (AlcoveEngineioHandshake) handshake = { 0 };
  g_auto (AlcoveEngineioHandshake) again = { 0 };
  g_autofree char *text = NULL;

  if (!alcove_engineio_handshake_parse (data, &handshake, NULL))
    return;

  HOLDS (*handshake.sid != '\0');
  fuzz_hold_text (handshake.sid, ALCOVE_ENGINEIO_MAX_SID);
  HOLDS (handshake.ping_interval >= 1 && handshake.ping_interval <= ALCOVE_ENGINEIO_MAX_INTERVAL_MS);
  HOLDS (handshake.ping_timeout >= 1 && handshake.ping_timeout <= ALCOVE_ENGINEIO_MAX_INTERVAL_MS);

  text = alcove_engineio_handshake_format (&handshake);
  HOLDS (alcove_engineio_handshake_parse (text + 1, &again, NULL));
  HOLDS (strcmp (again.sid, handshake.sid) == 0 && again.websocket == handshake.websocket
         && again.ping_interval == handshake.ping_interval
         && again.ping_timeout == handshake.ping_timeout
         && again.max_payload == handshake.max_payload);
}

static void
try_packet (const char *text)
{
  g_autofree char *formatted = NULL;
  AlcoveEngineioType type;
  const char *data;

  if (!alcove_engineio_packet_parse (text, &type, &data, NULL))
    return;

  formatted = alcove_engineio_packet_format (type, data);
  fuzz_hold_same (text, formatted);
  if (type == ALCOVE_ENGINEIO_OPEN)
    try_handshake (data);
  else if (type == ALCOVE_ENGINEIO_MESSAGE)
    try_socketio (data);
}

static void
try_payload (const char *bytes,
             gsize length,
             guint version)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) packets = NULL;
  g_autoptr (GPtrArray) again = NULL;
  g_autofree char *payload = NULL;

  packets = alcove_engineio_payload_decode (bytes, length, version, &error);
  HOLDS ((packets == NULL) == (error != NULL));
  if (packets == NULL)
    return;

  HOLDS (packets->len <= ALCOVE_ENGINEIO_MAX_PACKETS);
  for (guint i = 0; i < packets->len; i++)
    {
      HOLDS (*(const char *) packets->pdata[i] != '\0');
      HOLDS (g_utf8_validate (packets->pdata[i], -1, NULL));
      try_packet (packets->pdata[i]);
    }
  if (packets->len == 0)
    return;

  payload = alcove_engineio_payload_encode ((const char *const *) packets->pdata, packets->len,
                                            version);
  again = alcove_engineio_payload_decode (payload, strlen (payload), version, NULL);
  HOLDS (again != NULL && again->len == packets->len);
  for (guint i = 0; i < packets->len; i++)
    fuzz_hold_same (packets->pdata[i], again->pdata[i]);
}

/* However the bytes arrive, the meter counts and judges the same. */
static void
try_frames (const uint8_t *data,
            size_t size)
{
  AlcoveFrameMeter whole;
  AlcoveFrameMeter pieces;
  AlcoveFrameVerdict verdict;
  AlcoveFrameVerdict last = ALCOVE_FRAME_OK;
  gsize n_good = 0;
  gsize n_pieces_good = 0;

  alcove_frame_meter_init (&whole, 4096, 10, 10, 0);
  alcove_frame_meter_init (&pieces, 4096, 10, 10, 0);
  verdict = alcove_frame_meter_feed (&whole, data, size, 0, &n_good);
  HOLDS (n_good <= size);
  HOLDS ((verdict == ALCOVE_FRAME_OK) == (n_good == size) || verdict != ALCOVE_FRAME_OK);

  for (size_t at = 0; at < size && last == ALCOVE_FRAME_OK; at++)
    {
      gsize good = 0;

      last = alcove_frame_meter_feed (&pieces, data + at, 1, 0, &good);
      n_pieces_good += good;
    }
  HOLDS (last == verdict);
  HOLDS (alcove_frame_meter_get_data_bytes (&whole) == alcove_frame_meter_get_data_bytes (&pieces));
  HOLDS (verdict == ALCOVE_FRAME_OK ? n_pieces_good == n_good : n_pieces_good >= n_good);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t size)
{
  g_autofree char *text = fuzz_text (data, size);

  try_packet (text);
  try_payload ((const char *) data, size, 3);
  try_payload ((const char *) data, size, 4);
  try_frames (data, size);
  return 0;
}
