/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-server-signaller.h"
#include "alcove-transport.h"

G_BEGIN_DECLS

#define ALCOVE_DISPATCH_JOIN_WAIT_MS 8000
#define ALCOVE_DISPATCH_RETRY_MIN_MS 1000
#define ALCOVE_DISPATCH_RETRY_MAX_MS 30000
/* A guest that has not answered the root's offer by then is an original page. */
#define ALCOVE_DISPATCH_ANSWER_WAIT_MS 3000
#define ALCOVE_DISPATCH_MAX_GUESTS 256
/* Names that are tried before it counts that there is no such room. */
#define ALCOVE_DISPATCH_MAX_NAMES 5
/* Attempts to get a room of ours back before another name is used. */
#define ALCOVE_DISPATCH_MAX_CREATES 3

#define ALCOVE_TYPE_DISPATCH_SIGNALLER (alcove_dispatch_signaller_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveDispatchSignaller,
                      alcove_dispatch_signaller,
                      ALCOVE,
                      DISPATCH_SIGNALLER,
                      AlcoveServerSignaller)

AlcoveSignaller *alcove_dispatch_signaller_new                (GUri                    *server);
AlcoveSignaller *alcove_dispatch_signaller_new_with_transport (GUri                    *server,
                                                               AlcoveTransport         *transport);
void             alcove_dispatch_signaller_set_waits          (AlcoveDispatchSignaller *self,
                                                               guint                    join_ms,
                                                               guint                    retry_ms,
                                                               guint                    answer_ms);

G_END_DECLS
