/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "alcove-trust.h"

G_BEGIN_DECLS

#define ALCOVE_SERVER_TEST_TIMEOUT_MS 15000

void  alcove_server_test_async  (const char          *protocol,
                                 const char          *address,
                                 AlcoveTrust         *trust,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             data);
char *alcove_server_test_finish (GAsyncResult        *result,
                                 GError             **error);

G_END_DECLS
