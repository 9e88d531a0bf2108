/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-server-signaller.h"

G_BEGIN_DECLS

/* There are no error messages: without `created` by then the join has failed. */
#define ALCOVE_WEBRTCROOM_JOIN_WAIT_MS 5000

#define ALCOVE_TYPE_WEBRTCROOM_SIGNALLER (alcove_webrtcroom_signaller_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveWebrtcroomSignaller,
                      alcove_webrtcroom_signaller,
                      ALCOVE,
                      WEBRTCROOM_SIGNALLER,
                      AlcoveServerSignaller)

AlcoveSignaller *alcove_webrtcroom_signaller_new                (GUri            *server);
AlcoveSignaller *alcove_webrtcroom_signaller_new_with_transport (GUri            *server,
                                                                 AlcoveTransport *transport);

G_END_DECLS
