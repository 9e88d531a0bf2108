/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define ALCOVE_ERROR (alcove_error_quark ())

/**
 * AlcoveError:
 * @ALCOVE_ERROR_FAILED: anything that has no code of its own
 * @ALCOVE_ERROR_ADDRESS_NO_SCHEME: an address without `ws://`, `wss://`, `http://` or `https://`
 * @ALCOVE_ERROR_ADDRESS_INVALID: an address that can't be read at all
 * @ALCOVE_ERROR_ADDRESS_PORT: a port that is no number from 1 to 65535
 * @ALCOVE_ERROR_HOST_UNKNOWN: the name of the host does not resolve
 * @ALCOVE_ERROR_REFUSED: nobody listens at that address
 * @ALCOVE_ERROR_UNREACHABLE: there is no way to that host
 * @ALCOVE_ERROR_TIMED_OUT: no answer within the bound
 * @ALCOVE_ERROR_TLS: the secure connection could not be set up or its certificate not be trusted
 * @ALCOVE_ERROR_NOT_WEBSOCKET: something answers there, but it is not a WebSocket server
 * @ALCOVE_ERROR_WRONG_PROTOCOL: a WebSocket server answers, but not in this signalling protocol
 * @ALCOVE_ERROR_CLOSED: the far side closed the connection
 * @ALCOVE_ERROR_MALFORMED: a message that is not what it should be
 * @ALCOVE_ERROR_TOO_LARGE: a message, file or count over its bound
 * @ALCOVE_ERROR_TOO_MANY: more connections, rooms or messages than the bound
 * @ALCOVE_ERROR_UNKNOWN_PEER: a message about somebody who was never announced
 * @ALCOVE_ERROR_UNEXPECTED: a well-formed message at a moment when it makes no sense
 * @ALCOVE_ERROR_SDP_INVALID: a session description that does not parse
 * @ALCOVE_ERROR_SDP_NO_FINGERPRINT: a session description without a DTLS fingerprint
 * @ALCOVE_ERROR_FINGERPRINT_MISMATCH: the certificate is not the one the description promised
 * @ALCOVE_ERROR_CONNECT_FAILED: no path to the peer was found
 * @ALCOVE_ERROR_NO_CAMERA: there is no camera, or it can't be used
 * @ALCOVE_ERROR_NO_MICROPHONE: there is no microphone, or it can't be used
 * @ALCOVE_ERROR_NO_SPEAKER: there is no sound output, or it can't be used
 * @ALCOVE_ERROR_OTHER_DEVICE: the chosen device is not there, and another one is used
 * @ALCOVE_ERROR_FILE: a file that can't be read, played or written
 * @ALCOVE_ERROR_MISSING_ELEMENT: a GStreamer element that is not installed
 * @ALCOVE_ERROR_TOO_FAST: more chat or messages of one participant than the bound
 * @ALCOVE_ERROR_LISTEN: the embedded server can't listen at that address and port
 * @ALCOVE_ERROR_CAMERA_BUSY: there is a camera, but another program has it
 *
 * What can go wrong, in one domain. Every error that reaches a person carries
 * a translated plain sentence as its message; the code is what programs read.
 */
typedef enum {
  ALCOVE_ERROR_FAILED,
  ALCOVE_ERROR_ADDRESS_NO_SCHEME,
  ALCOVE_ERROR_ADDRESS_INVALID,
  ALCOVE_ERROR_ADDRESS_PORT,
  ALCOVE_ERROR_HOST_UNKNOWN,
  ALCOVE_ERROR_REFUSED,
  ALCOVE_ERROR_UNREACHABLE,
  ALCOVE_ERROR_TIMED_OUT,
  ALCOVE_ERROR_TLS,
  ALCOVE_ERROR_NOT_WEBSOCKET,
  ALCOVE_ERROR_WRONG_PROTOCOL,
  ALCOVE_ERROR_CLOSED,
  ALCOVE_ERROR_MALFORMED,
  ALCOVE_ERROR_TOO_LARGE,
  ALCOVE_ERROR_TOO_MANY,
  ALCOVE_ERROR_UNKNOWN_PEER,
  ALCOVE_ERROR_UNEXPECTED,
  ALCOVE_ERROR_SDP_INVALID,
  ALCOVE_ERROR_SDP_NO_FINGERPRINT,
  ALCOVE_ERROR_FINGERPRINT_MISMATCH,
  ALCOVE_ERROR_CONNECT_FAILED,
  ALCOVE_ERROR_NO_CAMERA,
  ALCOVE_ERROR_NO_MICROPHONE,
  ALCOVE_ERROR_NO_SPEAKER,
  ALCOVE_ERROR_FILE,
  ALCOVE_ERROR_MISSING_ELEMENT,
  ALCOVE_ERROR_LISTEN,
  ALCOVE_ERROR_TOO_FAST,
  ALCOVE_ERROR_OTHER_DEVICE,
  ALCOVE_ERROR_CAMERA_BUSY,
} AlcoveError;

GQuark      alcove_error_quark    (void);
const char *alcove_error_get_code (const GError *error);

G_END_DECLS
