/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-signaller.h"
#include "alcove-transport.h"

G_BEGIN_DECLS

#define ALCOVE_SKYRTC_VARIANT_WAIT_MS 1500
#define ALCOVE_SKYRTC_JOIN_WAIT_MS 8000
#define ALCOVE_SKYRTC_MAX_PEERS 256
#define ALCOVE_SKYRTC_MAX_CHAT (64 * 1024)

#define ALCOVE_TYPE_SKYRTC_SIGNALLER (alcove_skyrtc_signaller_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveSkyrtcSignaller,
                      alcove_skyrtc_signaller,
                      ALCOVE,
                      SKYRTC_SIGNALLER,
                      AlcoveSignaller)

AlcoveSignaller *alcove_skyrtc_signaller_new                (GUri                  *server);
AlcoveSignaller *alcove_skyrtc_signaller_new_with_transport (GUri                  *server,
                                                             AlcoveTransport       *transport);
void             alcove_skyrtc_signaller_set_waits          (AlcoveSkyrtcSignaller *self,
                                                             guint                  variant_ms,
                                                             guint                  join_ms);

G_END_DECLS
