/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-error.h"
#include "alcove-signaller.h"
#include "alcove-transport.h"

/*
 * A transport without a network, where the test says what happens, and a log of all that
 * a signaller says, one word an event.
 */

typedef struct {
  AlcoveTransport *transport;
  AlcoveSignaller *signaller;
  GString *log;
  guint events;
} Scripted;

#define SCRIPTED_TYPE_TRANSPORT (scripted_transport_get_type ())
G_DECLARE_FINAL_TYPE (ScriptedTransport, scripted_transport, SCRIPTED, TRANSPORT, AlcoveTransport)

AlcoveTransport *scripted_transport_new     (void);
Scripted        *scripted_new               (AlcoveSignaller *signaller,
                                             AlcoveTransport *transport);
void             scripted_free              (Scripted        *self);
void             scripted_open              (Scripted        *self);
void             scripted_connect_and_open  (Scripted        *self,
                                             const char      *room,
                                             const char      *name,
                                             AlcoveRole       role);
void             scripted_drop              (Scripted        *self);
/* The next message that is sent is the end of the connection. */
void             scripted_drop_at_send      (Scripted        *self);
void             scripted_try_again         (Scripted        *self);
void             scripted_receive           (Scripted        *self,
                                             const char      *text);
void             scripted_wait              (Scripted        *self,
                                             guint            n_events);
void             scripted_wait_sent         (Scripted        *self,
                                             guint            n_sent);
guint            scripted_n_sent            (Scripted        *self);
const char      *scripted_last_sent         (Scripted        *self);
const char      *scripted_sent              (Scripted        *self,
                                             guint            position);
void             scripted_assert_log_at     (Scripted        *self,
                                             const char      *expected,
                                             const char      *file,
                                             int              line);

#define assert_log(self, expected) scripted_assert_log_at (self, expected, __FILE__, __LINE__)
