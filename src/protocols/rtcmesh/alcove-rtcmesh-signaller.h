/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-signaller.h"
#include "alcove-transport.h"

G_BEGIN_DECLS

#define ALCOVE_RTCMESH_JOIN_WAIT_MS 8000
#define ALCOVE_RTCMESH_OFFER_WAIT_MS 8000
/* An offer that was not answered by then is not in flight any more. */
#define ALCOVE_RTCMESH_FLIGHT_MS 10000
#define ALCOVE_RTCMESH_MAX_PEERS 256
/* Offers that may wait for our answer at the same time. */
#define ALCOVE_RTCMESH_MAX_ANSWERING 8
/* Of descriptions that wait for their turn, all together. */
#define ALCOVE_RTCMESH_MAX_HELD_BYTES (16 * 1024 * 1024)
#define ALCOVE_RTCMESH_MAX_CHAT (64 * 1024)

#define ALCOVE_TYPE_RTCMESH_SIGNALLER (alcove_rtcmesh_signaller_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveRtcmeshSignaller,
                      alcove_rtcmesh_signaller,
                      ALCOVE,
                      RTCMESH_SIGNALLER,
                      AlcoveSignaller)

AlcoveSignaller *alcove_rtcmesh_signaller_new                (GUri                   *server);
AlcoveSignaller *alcove_rtcmesh_signaller_new_with_transport (GUri                   *server,
                                                              AlcoveTransport        *transport);
void             alcove_rtcmesh_signaller_set_waits          (AlcoveRtcmeshSignaller *self,
                                                              guint                   join_ms,
                                                              guint                   offer_ms,
                                                              guint                   flight_ms);
gboolean         alcove_rtcmesh_signaller_set_uid            (AlcoveRtcmeshSignaller *self,
                                                              const char             *uid);

G_END_DECLS
