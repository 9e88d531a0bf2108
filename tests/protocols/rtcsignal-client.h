/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <string.h>

#include "alcove-address.h"
#include "alcove-rtcsignal-codec.h"
#include "alcove-rtcsignal-signaller.h"
#include "scripted-signaller.h"
#include "socketio-recording.h"

#define NEVER_MS 3600000

static inline Scripted *
client_new (void)
{
  g_autoptr (GUri) server = alcove_address_parse ("http://h", 8080, "/socket.io/", NULL);
  AlcoveTransport *transport = scripted_transport_new ();
  AlcoveSignaller *signaller = alcove_rtcsignal_signaller_new_with_transport (server, transport);

  alcove_server_signaller_set_join_wait (ALCOVE_SERVER_SIGNALLER (signaller), NEVER_MS);
  alcove_rtcsignal_signaller_set_waits (ALCOVE_RTCSIGNAL_SIGNALLER (signaller), NEVER_MS, NEVER_MS);
  g_assert_true (alcove_rtcsignal_signaller_set_user_prefix (
      ALCOVE_RTCSIGNAL_SIGNALLER (signaller), "m"));
  return scripted_new (signaller, transport);
}

static inline AlcoveRtcsignalMessage *
sent (Scripted *f,
      guint position)
{
  g_autoptr (GError) error = NULL;
  AlcoveRtcsignalMessage *message
      = alcove_rtcsignal_message_decode (scripted_sent (f, position), TRUE, &error);

  g_assert_no_error (error);
  return message;
}

/* The id of the last join. */
static inline char *
own_id (Scripted *f)
{
  for (guint i = scripted_n_sent (f); i > 0; i--)
    {
      g_autoptr (AlcoveRtcsignalMessage) message = sent (f, i - 1);

      if (message->kind == ALCOVE_RTCSIGNAL_JOIN_ROOM)
        return g_strdup (message->user);
    }

  g_assert_not_reached ();
}

static inline char *
substitute (const char *text,
            const char *from,
            const char *to)
{
  g_auto (GStrv) pieces = g_strsplit (text, from, -1);

  return g_strjoinv (to, pieces);
}
