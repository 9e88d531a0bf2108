/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-dialect.h"
#include "fake-client.h"
#include "recording.h"

/* A dialect on Socket.IO with a hub and clients that keep what they are sent. */
typedef struct {
  AlcoveHub *hub;
  AlcoveDialect *dialect;
} Fixture;

#define FIXTURE_MAX_MEMBERS 4

static inline void
set_up_dialect (Fixture *f,
                AlcoveDialect *dialect)
{
  f->hub = alcove_hub_new (2, FIXTURE_MAX_MEMBERS);
  f->dialect = dialect;
  alcove_dialect_attach (f->dialect, f->hub);
}

static inline void
tear_down (Fixture *f,
           gconstpointer data)
{
  g_assert_cmpuint (alcove_hub_get_n_rooms (f->hub), ==, 0);
  g_assert_finalize_object (f->dialect);
  g_assert_finalize_object (f->hub);
}

static inline FakeClient *
dial (Fixture *f,
      const char *id)
{
  FakeClient *client = fake_client_new_with_id (id);

  alcove_dialect_opened (f->dialect, ALCOVE_SERVER_CLIENT (client), "/socket.io/");
  return client;
}

static inline void
hang_up (Fixture *f,
         FakeClient *client)
{
  alcove_dialect_closed (f->dialect, ALCOVE_SERVER_CLIENT (client));
  g_assert_finalize_object (client);
}

static inline void
say (Fixture *f,
     FakeClient *client,
     const char *text)
{
  alcove_dialect_message (f->dialect, ALCOVE_SERVER_CLIENT (client), text);
}

static inline void
expect_at (FakeClient *client,
           const char *text,
           int line)
{
  g_autofree char *got = fake_client_take (client);

  if (got == NULL || !same_json (got, text))
    g_error ("line %d: %s instead of %s", line, got, text);
}

static inline void
expect_nothing_at (FakeClient *client,
                   int line)
{
  g_autofree char *got = fake_client_take (client);

  if (got != NULL)
    g_error ("line %d: %s instead of nothing", line, got);
}

#define expect(client, text) expect_at (client, text, __LINE__)
#define expect_nothing(client) expect_nothing_at (client, __LINE__)
