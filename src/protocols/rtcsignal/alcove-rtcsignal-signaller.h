/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-server-signaller.h"

G_BEGIN_DECLS

/* The server sends back all that we say: what does not come back by then is lost on it. */
#define ALCOVE_RTCSIGNAL_ECHO_WAIT_MS 5000
/* An offer that was not answered by then is not in flight any more. */
#define ALCOVE_RTCSIGNAL_FLIGHT_MS 10000
/* A call to everybody that nobody took by then is over: time for somebody to allow the camera,
 * and less than what the room gives a connection to come about. */
#define ALCOVE_RTCSIGNAL_CALL_MS 15000
#define ALCOVE_RTCSIGNAL_MAX_PEERS 256
#define ALCOVE_RTCSIGNAL_MAX_PREFIX 64

#define ALCOVE_TYPE_RTCSIGNAL_SIGNALLER (alcove_rtcsignal_signaller_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveRtcsignalSignaller,
                      alcove_rtcsignal_signaller,
                      ALCOVE,
                      RTCSIGNAL_SIGNALLER,
                      AlcoveServerSignaller)

AlcoveSignaller *alcove_rtcsignal_signaller_new                (GUri                     *server);
AlcoveSignaller *alcove_rtcsignal_signaller_new_with_transport (GUri                     *server,
                                                                AlcoveTransport          *transport);
void             alcove_rtcsignal_signaller_set_waits          (AlcoveRtcsignalSignaller *self,
                                                                guint                     echo_ms,
                                                                guint                     flight_ms);
void             alcove_rtcsignal_signaller_set_call_wait      (AlcoveRtcsignalSignaller *self,
                                                                guint                     milliseconds);
gboolean         alcove_rtcsignal_signaller_set_user_prefix    (AlcoveRtcsignalSignaller *self,
                                                                const char               *prefix);

G_END_DECLS
