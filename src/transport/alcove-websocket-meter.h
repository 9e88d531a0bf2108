/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* How much may come without the main loop getting its turn. The frames of a large room's
 * whole negotiation are a tenth of it. */
#define ALCOVE_WEBSOCKET_MAX_TURN (64 * 1024 * 1024)
#define ALCOVE_WEBSOCKET_MAX_TURN_FRAMES 16384
/* Pings are answered, and answers that nobody takes wait in memory. */
#define ALCOVE_WEBSOCKET_MAX_CONTROLS 100
#define ALCOVE_WEBSOCKET_CONTROLS_SECONDS 10

/* Beside the close codes of WebSocket, which fill the error domain of libsoup. */
#define ALCOVE_WEBSOCKET_METER_ERROR (alcove_websocket_meter_error_quark ())

/**
 * AlcoveWebsocketMeterError:
 * @ALCOVE_WEBSOCKET_METER_ERROR_TOO_FAST: more came than there is time or room for
 */
typedef enum {
  ALCOVE_WEBSOCKET_METER_ERROR_TOO_FAST,
} AlcoveWebsocketMeterError;

#define ALCOVE_TYPE_WEBSOCKET_METER (alcove_websocket_meter_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveWebsocketMeter,
                      alcove_websocket_meter,
                      ALCOVE,
                      WEBSOCKET_METER,
                      SoupWebsocketExtension)

GQuark alcove_websocket_meter_error_quark (void);
void   alcove_websocket_meter_add_to      (SoupSession *session);
void   alcove_websocket_meter_use_for     (SoupMessage *message);

G_END_DECLS
