/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-server-client.h"

G_BEGIN_DECLS

#define FAKE_TYPE_CLIENT (fake_client_get_type ())
G_DECLARE_FINAL_TYPE (FakeClient, fake_client, FAKE, CLIENT, GObject)

FakeClient *fake_client_new            (void);
FakeClient *fake_client_new_with_id    (const char *id);
char       *fake_client_take           (FakeClient *self);
guint       fake_client_get_n_waiting  (FakeClient *self);
guint       fake_client_get_close_code (FakeClient *self);
gboolean    fake_client_get_joined     (FakeClient *self);

G_END_DECLS
