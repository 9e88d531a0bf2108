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

/* “m-…” is us; “a” and “z” are before and behind us in the order of ids. In what is received
 * and expected, ME stands for whatever the random part has become. */
#define ME "<me>"

#define JOINED(user) "[\"user-joined\",\"" user "\"]"
#define LEFT(user) "[\"user-left\",\"" user "\"]"
#define SAYS(user, rest) "[\"broadcast\",{\"userId\":\"" user "\"," rest "}]"
#define TO_ME ",\"targetUserId\":\"" ME "\""
#define OFFER(user, target) SAYS (user, "\"msgType\":1,\"sdp\":\"v=0\"" target)
#define ANSWER(user, target) SAYS (user, "\"msgType\":2,\"sdp\":\"v=0\"" target)
#define CANDIDATE(user, target) \
  SAYS (user, "\"msgType\":3,\"id\":\"0\",\"label\":0,\"candidate\":\"candidate:1\"" target)
#define HANG_UP(user, target) SAYS (user, "\"msgType\":4" target)
#define PRESENCE(user, rest) SAYS (user, "\"msgType\":16" rest)

static inline void
receive (Scripted *f,
         const char *text)
{
  g_autofree char *id = own_id (f);
  g_autofree char *full = substitute (text, ME, id);

  scripted_receive (f, full);
}

static inline void
assert_said_at (Scripted *f,
                const char *expected,
                int line)
{
  g_autofree char *id = own_id (f);
  g_autofree char *full = substitute (expected, ME, id);

  scripted_assert_log_at (f, full, __FILE__, line);
}

#define assert_said(f, expected) assert_said_at (f, expected, __LINE__)

static inline void
assert_sent_at (Scripted *f,
                const char *expected,
                int line)
{
  g_autofree char *id = own_id (f);
  g_autofree char *full = substitute (expected, ME, id);

  if (!same_json (scripted_last_sent (f), full))
    g_error ("line %d: %s instead of %s", line, scripted_last_sent (f), full);
}

#define assert_sent(f, expected) assert_sent_at (f, expected, __LINE__)

static inline void
join (Scripted *f)
{
  scripted_connect_and_open (f, "两 人", "Me", ALCOVE_ROLE_MEMBER);
  receive (f, JOINED (ME));
  receive (f, PRESENCE (ME, ""));
  assert_said (f, "joined:" ME);
}

static inline void
send (Scripted *f,
      const char *id,
      AlcoveDescriptionType type)
{
  alcove_signaller_send_description (f->signaller, id, type, "v=0");
}
