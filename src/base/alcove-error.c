/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "alcove-error.h"

G_DEFINE_QUARK (alcove-error-quark, alcove_error)

static const char *const codes[] = {
  [ALCOVE_ERROR_FAILED] = "failed",
  [ALCOVE_ERROR_ADDRESS_NO_SCHEME] = "address-no-scheme",
  [ALCOVE_ERROR_ADDRESS_INVALID] = "address-invalid",
  [ALCOVE_ERROR_ADDRESS_PORT] = "address-port",
  [ALCOVE_ERROR_HOST_UNKNOWN] = "host-unknown",
  [ALCOVE_ERROR_REFUSED] = "refused",
  [ALCOVE_ERROR_UNREACHABLE] = "unreachable",
  [ALCOVE_ERROR_TIMED_OUT] = "timed-out",
  [ALCOVE_ERROR_TLS] = "tls",
  [ALCOVE_ERROR_NOT_WEBSOCKET] = "not-websocket",
  [ALCOVE_ERROR_WRONG_PROTOCOL] = "wrong-protocol",
  [ALCOVE_ERROR_CLOSED] = "closed",
  [ALCOVE_ERROR_MALFORMED] = "malformed",
  [ALCOVE_ERROR_TOO_LARGE] = "too-large",
  [ALCOVE_ERROR_TOO_MANY] = "too-many",
  [ALCOVE_ERROR_UNKNOWN_PEER] = "unknown-peer",
  [ALCOVE_ERROR_UNEXPECTED] = "unexpected",
  [ALCOVE_ERROR_SDP_INVALID] = "sdp-invalid",
  [ALCOVE_ERROR_SDP_NO_FINGERPRINT] = "sdp-no-fingerprint",
  [ALCOVE_ERROR_FINGERPRINT_MISMATCH] = "fingerprint-mismatch",
  [ALCOVE_ERROR_CONNECT_FAILED] = "connect-failed",
  [ALCOVE_ERROR_NO_CAMERA] = "no-camera",
  [ALCOVE_ERROR_NO_MICROPHONE] = "no-microphone",
  [ALCOVE_ERROR_NO_SPEAKER] = "no-speaker",
  [ALCOVE_ERROR_FILE] = "file",
  [ALCOVE_ERROR_MISSING_ELEMENT] = "missing-element",
  [ALCOVE_ERROR_LISTEN] = "listen",
  [ALCOVE_ERROR_TOO_FAST] = "too-fast",
  [ALCOVE_ERROR_OTHER_DEVICE] = "other-device",
  [ALCOVE_ERROR_CAMERA_BUSY] = "camera-busy",
};

/**
 * alcove_error_get_code:
 * @error: (nullable): an error of any domain
 *
 * Names an error for programs: the `code` member of the `error` events that
 * `alcove-headless` prints, and of log lines.
 *
 * Returns: (transfer none): a short name in lower case with dashes; `failed`
 *   for errors of other domains
 */
const char *
alcove_error_get_code (const GError *error)
{
  if (error != NULL && error->domain == ALCOVE_ERROR && error->code >= 0
      && (gsize) error->code < G_N_ELEMENTS (codes))
    return codes[error->code];

  return codes[ALCOVE_ERROR_FAILED];
}
