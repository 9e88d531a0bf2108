/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "alcove-address.h"
#include "alcove-error.h"
#include "alcove-skyrtc-codec.h"
#include "alcove-skyrtc-signaller.h"
#include "skyrtc-transcript.h"

#define PATIENCE_MS 90000
#define NEVER_MS 3600000

/* A transport without a network: the test says what happens. */
#define FAKE_TYPE_TRANSPORT (fake_transport_get_type ())
G_DECLARE_FINAL_TYPE (FakeTransport, fake_transport, FAKE, TRANSPORT, AlcoveTransport)

struct _FakeTransport {
  AlcoveTransport parent_instance;

  GPtrArray *sent;
};

G_DEFINE_FINAL_TYPE (FakeTransport, fake_transport, ALCOVE_TYPE_TRANSPORT)

static void
fake_transport_open (AlcoveTransport *transport)
{
  alcove_transport_set_state (transport, ALCOVE_TRANSPORT_CONNECTING);
  alcove_transport_emit_connecting (transport);
}

static void
fake_transport_send (AlcoveTransport *transport,
                     const char *text)
{
  g_ptr_array_add (FAKE_TRANSPORT (transport)->sent, g_strdup (text));
}

static void
fake_transport_close (AlcoveTransport *transport)
{
  alcove_transport_set_state (transport, ALCOVE_TRANSPORT_CLOSED);
  alcove_transport_emit_closed (transport);
}

static void
fake_transport_restart (AlcoveTransport *transport,
                        const GError *reason)
{
  alcove_transport_set_state (transport, ALCOVE_TRANSPORT_WAITING);
  alcove_transport_emit_dropped (transport, reason);
}

static void
fake_transport_finalize (GObject *object)
{
  g_ptr_array_unref (FAKE_TRANSPORT (object)->sent);
  G_OBJECT_CLASS (fake_transport_parent_class)->finalize (object);
}

static void
fake_transport_class_init (FakeTransportClass *klass)
{
  AlcoveTransportClass *transport_class = ALCOVE_TRANSPORT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = fake_transport_finalize;
  transport_class->open = fake_transport_open;
  transport_class->send = fake_transport_send;
  transport_class->close = fake_transport_close;
  transport_class->restart = fake_transport_restart;
}

static void
fake_transport_init (FakeTransport *self)
{
  self->sent = g_ptr_array_new_with_free_func (g_free);
}

typedef struct {
  AlcoveTransport *transport;
  AlcoveSignaller *signaller;
  /* every signal in order, one word or two each */
  GString *log;
  guint events;
} Fixture;

static void
note (Fixture *f,
      const char *format,
      ...) G_GNUC_PRINTF (2, 3);

static void
note (Fixture *f,
      const char *format,
      ...)
{
  va_list args;

  if (f->log->len > 0)
    g_string_append_c (f->log, ' ');
  va_start (args, format);
  g_string_append_vprintf (f->log, format, args);
  va_end (args);
  f->events++;
}

static void
on_joined (Fixture *f,
           const char *id)
{
  note (f, "joined:%s", id);
}

static void
on_peer_joined (Fixture *f,
                const char *id,
                const char *name,
                gboolean we_offer)
{
  g_assert_null (name);
  note (f, "%s:%s", we_offer ? "call" : "wait", id);
}

static void
on_peer_left (Fixture *f,
              const char *id)
{
  note (f, "left:%s", id);
}

static void
on_description (Fixture *f,
                const char *id,
                int type,
                const char *sdp)
{
  g_assert_cmpuint (strlen (sdp), >, 0);
  note (f, "%s:%s", type == ALCOVE_DESCRIPTION_OFFER ? "offer" : "answer", id);
}

static void
on_candidate (Fixture *f,
              const char *id,
              const char *mid,
              int mline_index,
              const char *candidate)
{
  note (f, "candidate%d%s%s:%s", mline_index, mid != NULL ? "/" : "", mid != NULL ? mid : "", id);
}

static void
on_failed (Fixture *f,
           const GError *error)
{
  note (f, "failed:%s", alcove_error_get_code (error));
}

static void
on_disconnected (Fixture *f,
                 const GError *error)
{
  note (f, "disconnected:%s", alcove_error_get_code (error));
}

static void
on_reconnected (Fixture *f)
{
  note (f, "reconnected");
}

static void
on_problem (Fixture *f,
            const GError *error)
{
  g_assert_cmpint (error->domain, ==, ALCOVE_ERROR);
  note (f, "problem:%s", alcove_error_get_code (error));
}

static void
on_left (Fixture *f)
{
  note (f, "gone");
}

static Fixture *
fixture_new (const char *address)
{
  Fixture *f = g_new0 (Fixture, 1);
  g_autoptr (GUri) server = alcove_address_parse (address, 8888, "/", NULL);

  f->log = g_string_new (NULL);
  f->transport = g_object_new (FAKE_TYPE_TRANSPORT, NULL);
  f->signaller = alcove_skyrtc_signaller_new_with_transport (server, f->transport);
  alcove_skyrtc_signaller_set_waits (ALCOVE_SKYRTC_SIGNALLER (f->signaller), NEVER_MS, NEVER_MS);
  g_signal_connect_swapped (f->signaller, "joined", G_CALLBACK (on_joined), f);
  g_signal_connect_swapped (f->signaller, "peer-joined", G_CALLBACK (on_peer_joined), f);
  g_signal_connect_swapped (f->signaller, "peer-left", G_CALLBACK (on_peer_left), f);
  g_signal_connect_swapped (f->signaller, "description", G_CALLBACK (on_description), f);
  g_signal_connect_swapped (f->signaller, "candidate", G_CALLBACK (on_candidate), f);
  g_signal_connect_swapped (f->signaller, "failed", G_CALLBACK (on_failed), f);
  g_signal_connect_swapped (f->signaller, "disconnected", G_CALLBACK (on_disconnected), f);
  g_signal_connect_swapped (f->signaller, "reconnected", G_CALLBACK (on_reconnected), f);
  g_signal_connect_swapped (f->signaller, "problem", G_CALLBACK (on_problem), f);
  g_signal_connect_swapped (f->signaller, "left", G_CALLBACK (on_left), f);
  return f;
}

static void
fixture_free (Fixture *f)
{
  g_signal_handlers_disconnect_by_data (f->signaller, f);
  g_assert_finalize_object (f->signaller);
  g_assert_finalize_object (f->transport);
  g_string_free (f->log, TRUE);
  g_free (f);
}

static void
open_it (Fixture *f)
{
  alcove_transport_set_state (f->transport, ALCOVE_TRANSPORT_OPEN);
  alcove_transport_emit_opened (f->transport);
}

static void
drop_it (Fixture *f)
{
  g_autoptr (GError) error = g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_CLOSED, "lost");

  alcove_transport_set_state (f->transport, ALCOVE_TRANSPORT_WAITING);
  alcove_transport_emit_dropped (f->transport, error);
}

static void
try_again (Fixture *f)
{
  alcove_transport_set_state (f->transport, ALCOVE_TRANSPORT_CONNECTING);
  alcove_transport_emit_connecting (f->transport);
  open_it (f);
}

static void
receive (Fixture *f,
         const char *text)
{
  alcove_transport_emit_message (f->transport, text);
}

static void
join (Fixture *f)
{
  alcove_signaller_connect (f->signaller, "alcove", "Ada", ALCOVE_ROLE_MEMBER);
  open_it (f);
}

static void
assert_log (Fixture *f,
            const char *expected)
{
  g_assert_cmpstr (f->log->str, ==, expected);
  g_string_truncate (f->log, 0);
}

static const char *
last_sent (Fixture *f)
{
  GPtrArray *sent = FAKE_TRANSPORT (f->transport)->sent;

  return sent->len > 0 ? g_ptr_array_index (sent, sent->len - 1) : NULL;
}

static guint
n_sent (Fixture *f)
{
  return FAKE_TRANSPORT (f->transport)->sent->len;
}

static gboolean
on_patience (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
wait_for (const guint *counter,
          guint value)
{
  gboolean late = FALSE;
  guint source = g_timeout_add (PATIENCE_MS, on_patience, &late);

  while (*counter < value && !late)
    g_main_context_iteration (NULL, TRUE);

  g_assert_false (late);
  g_source_remove (source);
}

#define PEERS(list, you) \
  "{\"eventName\":\"_peers\",\"data\":{\"connections\":[" list "],\"you\":\"" you "\"}}"
#define EVENT(name, id) "{\"eventName\":\"" name "\",\"data\":{\"socketId\":\"" id "\"}}"
#define OFFER(id) \
  "{\"eventName\":\"_offer\",\"data\":{\"sdp\":{\"type\":\"offer\",\"sdp\":\"v=0\"}," \
  "\"socketId\":\"" id "\"}}"
#define JOIN_PYTHON "{\"eventName\":\"__join__\",\"data\":{\"room\":\"alcove\"}}"
#define JOIN_NODE "{\"eventName\":\"__join\",\"data\":{\"room\":\"alcove\"}}"

static void
test_uri (void)
{
  static const char *const addresses[][2] = {
    { "ws://h", "ws://h:8888/ws/" },
    { "ws://h:1/", "ws://h:1/ws/" },
    { "ws://h:1/ws", "ws://h:1/ws/" },
    { "ws://h:1/ws/", "ws://h:1/ws/" },
    { "ws://h:1/ws/0123", "ws://h:1/ws/" },
    { "wss://h/calls/", "wss://h/calls/ws/" },
    { "wss://h/calls/ws/", "wss://h/calls/ws/" },
    { "ws://[::1]:1/a%20b", "ws://[::1]:1/a%20b/ws/" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      Fixture *f = fixture_new (addresses[i][0]);
      g_autofree char *first = NULL;
      const char *uri;

      join (f);
      uri = alcove_transport_get_uri (f->transport);
      g_assert_true (g_str_has_prefix (uri, addresses[i][1]));
      g_assert_cmpuint (strlen (uri), ==, strlen (addresses[i][1]) + 32);
      g_assert_cmpuint (strspn (uri + strlen (addresses[i][1]), "0123456789abcdef"), ==, 32);

      /* a new id for every attempt */
      first = g_strdup (uri);
      drop_it (f);
      alcove_transport_emit_connecting (f->transport);
      g_assert_cmpstr (alcove_transport_get_uri (f->transport), !=, first);
      fixture_free (f);
    }
}

static void
test_story (void)
{
  Fixture *f = fixture_new ("ws://h");

  join (f);
  g_assert_cmpstr (last_sent (f), ==, JOIN_PYTHON);
  receive (f, PEERS ("\"a\",\"b\",\"a\",\"me\"", "me"));
  assert_log (f, "joined:me call:a call:b");
  receive (f, EVENT ("_new_peer", "c"));
  receive (f, EVENT ("_new_peer", "c"));
  assert_log (f, "wait:c");
  receive (f, OFFER ("c"));
  receive (f, "{\"eventName\":\"_answer\",\"data\":{\"sdp\":\"v=0\",\"socketId\":\"a\"}}");
  receive (f, "{\"eventName\":\"_ice_candidate\",\"data\":{\"label\":\"1\",\"candidate\":\"x\","
              "\"socketId\":\"a\"}}");
  receive (f, "{\"eventName\":\"_ice_candidate\",\"data\":{\"label\":1,\"sdpMid\":\"v\","
              "\"candidate\":\"x\",\"socketId\":\"b\"}}");
  receive (f, "{\"eventName\":\"_ice_candidate\",\"data\":{\"label\":1,\"candidate\":\"\","
              "\"socketId\":\"b\"}}");
  assert_log (f, "offer:c answer:a candidate1:a candidate1/v:b");

  alcove_signaller_send_description (f->signaller, "a", ALCOVE_DESCRIPTION_OFFER, "v=0");
  g_assert_cmpstr (last_sent (f), ==,
                   "{\"eventName\":\"__offer__\",\"data\":{\"sdp\":{\"type\":\"offer\",\"sdp\":"
                   "\"v=0\"},\"socketId\":\"a\"}}");
  alcove_signaller_send_candidate (f->signaller, "c", "0", 0, "candidate:1");
  g_assert_cmpstr (last_sent (f), ==,
                   "{\"eventName\":\"__ice_candidate__\",\"data\":{\"label\":0,\"candidate\":"
                   "\"candidate:1\",\"sdpMid\":\"0\",\"socketId\":\"c\"}}");

  receive (f, EVENT ("_remove_peer", "a"));
  receive (f, EVENT ("_remove_peer", "a"));
  assert_log (f, "left:a");

  /* nothing goes to those who are not there */
  g_assert_cmpuint (n_sent (f), ==, 3);
  alcove_signaller_send_description (f->signaller, "a", ALCOVE_DESCRIPTION_ANSWER, "v=0");
  alcove_signaller_send_candidate (f->signaller, "nobody", NULL, 0, "candidate:1");
  alcove_signaller_send_candidate (f->signaller, "c", NULL, 0, "");
  alcove_signaller_send_candidate (f->signaller, "c", NULL, 0, NULL);
  g_assert_cmpuint (n_sent (f), ==, 3);

  alcove_signaller_leave (f->signaller);
  alcove_signaller_leave (f->signaller);
  receive (f, EVENT ("_new_peer", "d"));
  assert_log (f, "gone");
  fixture_free (f);
}

/* A server that bridges lists whoever came later and waits for our offer. */
static void
test_further_list (void)
{
  Fixture *f = fixture_new ("ws://h");

  join (f);
  receive (f, PEERS ("\"a\"", "me"));
  assert_log (f, "joined:me call:a");
  receive (f, PEERS ("\"a\",\"x\",\"me\",\"x\"", "me"));
  assert_log (f, "call:x");
  receive (f, PEERS ("\"y\"", "me"));
  assert_log (f, "call:y");
  receive (f, OFFER ("a"));
  receive (f, EVENT ("_remove_peer", "x"));
  assert_log (f, "offer:a left:x");
  fixture_free (f);
}

static void
test_strangers (void)
{
  Fixture *f = fixture_new ("ws://h");

  join (f);
  receive (f, OFFER ("a"));
  receive (f, EVENT ("_new_peer", "a"));
  assert_log (f, "problem:unknown-peer problem:unexpected");
  receive (f, PEERS ("\"a\"", "me"));
  assert_log (f, "joined:me call:a");
  receive (f, OFFER ("x"));
  receive (f, OFFER ("me"));
  receive (f, EVENT ("_new_peer", "me"));
  receive (f, EVENT ("_remove_peer", "x"));
  receive (f, PEERS ("\"a\",\"me\"", "me"));
  receive (f, OFFER ("x"));
  receive (f, "{\"eventName\":\"_ice_candidate\",\"data\":{\"label\":0,\"candidate\":\"c\","
              "\"socketId\":\"x\"}}");
  assert_log (f, "problem:unknown-peer problem:unknown-peer problem:unexpected problem:unexpected "
                 "problem:unknown-peer problem:unknown-peer");
  receive (f, "nonsense");
  receive (f, "");
  receive (f, "{\"eventName\":\"_offer\",\"data\":{\"socketId\":\"a\",\"sdp\":{}}}");
  receive (f, "{\"eventName\":\"_offer\",\"data\":{\"socketId\":\"a\",\"sdp\":{\"type\":\"answer\","
              "\"sdp\":\"v=0\"}}}");
  receive (f, "{\"eventName\":\"_wave\",\"data\":{}}");
  receive (f, "{\"text\":\"hi\"}");
  assert_log (f, "problem:malformed problem:malformed problem:malformed problem:malformed");
  receive (f, OFFER ("a"));
  assert_log (f, "offer:a");
  fixture_free (f);
}

static void
test_too_many (void)
{
  Fixture *f = fixture_new ("ws://h");

  join (f);
  receive (f, PEERS ("", "me"));
  for (guint i = 0; i < ALCOVE_SKYRTC_MAX_PEERS; i++)
    {
      g_autofree char *text = g_strdup_printf (EVENT ("_new_peer", "%u"), i);

      receive (f, text);
    }
  g_string_truncate (f->log, 0);
  receive (f, EVENT ("_new_peer", "one more"));
  assert_log (f, "problem:too-many");
  fixture_free (f);
}

static void
test_node_variant (void)
{
  Fixture *f = fixture_new ("ws://h:3000");
  GPtrArray *sent = FAKE_TRANSPORT (f->transport)->sent;

  alcove_skyrtc_signaller_set_waits (ALCOVE_SKYRTC_SIGNALLER (f->signaller), 1, NEVER_MS);
  join (f);
  g_assert_cmpstr (last_sent (f), ==, JOIN_PYTHON);
  wait_for (&sent->len, 2);
  g_assert_cmpstr (last_sent (f), ==, JOIN_NODE);
  receive (f, PEERS ("\"a\"", "from-the-server"));
  assert_log (f, "joined:from-the-server call:a");
  alcove_signaller_send_description (f->signaller, "a", ALCOVE_DESCRIPTION_OFFER, "v=0");
  g_assert_nonnull (strstr (last_sent (f), "\"__offer\""));

  /* known by now: asked first at the next attempt */
  drop_it (f);
  try_again (f);
  g_assert_cmpstr (last_sent (f), ==, JOIN_NODE);
  fixture_free (f);
}

/* A slow Python server that answers after both were asked is known by the id. */
static void
test_slow_python (void)
{
  Fixture *f = fixture_new ("ws://h");
  GPtrArray *sent = FAKE_TRANSPORT (f->transport)->sent;
  g_autofree char *peers = NULL;

  alcove_skyrtc_signaller_set_waits (ALCOVE_SKYRTC_SIGNALLER (f->signaller), 1, NEVER_MS);
  join (f);
  wait_for (&sent->len, 2);
  peers = g_strdup_printf (PEERS ("\"a\"", "%s"),
                           strrchr (alcove_transport_get_uri (f->transport), '/') + 1);
  receive (f, peers);
  alcove_signaller_send_description (f->signaller, "a", ALCOVE_DESCRIPTION_OFFER, "v=0");
  g_assert_nonnull (strstr (last_sent (f), "\"__offer__\""));
  fixture_free (f);
}

static void
test_wrong_protocol (void)
{
  Fixture *f = fixture_new ("ws://h");

  alcove_skyrtc_signaller_set_waits (ALCOVE_SKYRTC_SIGNALLER (f->signaller), 1, 20);
  join (f);
  wait_for (&f->events, 1);
  assert_log (f, "failed:wrong-protocol");
  g_assert_cmpuint (n_sent (f), ==, 2);
  g_assert_cmpint (alcove_transport_get_state (f->transport), ==, ALCOVE_TRANSPORT_CLOSED);
  receive (f, PEERS ("", "me"));
  alcove_signaller_leave (f->signaller);
  assert_log (f, "gone");
  fixture_free (f);
}

static void
test_wrong_protocol_persistent (void)
{
  Fixture *f = fixture_new ("ws://h");

  alcove_skyrtc_signaller_set_waits (ALCOVE_SKYRTC_SIGNALLER (f->signaller), 1, 20);
  alcove_signaller_set_persistent (f->signaller, TRUE);
  join (f);
  g_assert_true (alcove_transport_get_persistent (f->transport));
  wait_for (&f->events, 1);
  assert_log (f, "disconnected:wrong-protocol");
  g_assert_cmpint (alcove_transport_get_state (f->transport), ==, ALCOVE_TRANSPORT_WAITING);
  try_again (f);
  receive (f, PEERS ("\"a\"", "me"));
  assert_log (f, "joined:me call:a");
  fixture_free (f);
}

static void
test_reconnect (void)
{
  Fixture *f = fixture_new ("ws://h");

  join (f);
  receive (f, PEERS ("\"a\",\"b\"", "me"));
  receive (f, EVENT ("_new_peer", "c"));
  assert_log (f, "joined:me call:a call:b wait:c");
  drop_it (f);
  assert_log (f, "disconnected:closed");
  alcove_signaller_send_description (f->signaller, "a", ALCOVE_DESCRIPTION_OFFER, "v=0");
  g_assert_cmpuint (n_sent (f), ==, 1);
  try_again (f);
  receive (f, PEERS ("\"c\",\"d\",\"a\"", "me2"));
  assert_log (f, "joined:me2 left:b call:c call:d call:a reconnected");
  fixture_free (f);
}

/* Oddity 1: pages can't read candidates any more, so that descriptions have to hold them;
 * late ones are sent all the same. */
static void
test_full_descriptions (void)
{
  Fixture *f = fixture_new ("ws://h");

  g_assert_true ((alcove_signaller_get_features (f->signaller)
                  & ALCOVE_SIGNALLER_FULL_DESCRIPTIONS) != 0);
  join (f);
  receive (f, PEERS ("\"a\"", "me"));
  alcove_signaller_send_description (f->signaller, "a", ALCOVE_DESCRIPTION_OFFER, "v=0");
  alcove_signaller_send_candidate (f->signaller, "a", NULL, 1, "candidate:late");
  g_assert_cmpstr (last_sent (f), ==,
                   "{\"eventName\":\"__ice_candidate__\",\"data\":{\"label\":1,\"candidate\":"
                   "\"candidate:late\",\"socketId\":\"a\"}}");
  fixture_free (f);
}

static gboolean
on_later (gpointer data)
{
  *(guint *) data = 1;
  return G_SOURCE_REMOVE;
}

/* Oddity 3: a second join on one socket breaks the room for everybody until the server is
 * started again. */
static void
test_one_join (void)
{
  Fixture *f = fixture_new ("ws://h");
  guint later = 0;

  alcove_skyrtc_signaller_set_waits (ALCOVE_SKYRTC_SIGNALLER (f->signaller), 1, 2);
  join (f);
  receive (f, PEERS ("\"a\"", "me"));
  receive (f, PEERS ("\"a\"", "me"));
  g_timeout_add (20, on_later, &later);
  wait_for (&later, 1);
  g_assert_cmpuint (n_sent (f), ==, 1);

  /* another socket, another join */
  drop_it (f);
  try_again (f);
  receive (f, PEERS ("\"a\"", "me"));
  g_assert_cmpuint (n_sent (f), ==, 2);
  fixture_free (f);
}

static void
test_drop_before_join (void)
{
  Fixture *f = fixture_new ("ws://h");

  join (f);
  drop_it (f);
  assert_log (f, "failed:closed");
  fixture_free (f);

  f = fixture_new ("ws://h");
  alcove_signaller_set_persistent (f->signaller, TRUE);
  join (f);
  drop_it (f);
  assert_log (f, "disconnected:closed");
  fixture_free (f);
}

static void
leave_now (Fixture *f)
{
  alcove_signaller_leave (f->signaller);
}

static void
test_leave_in_handler (void)
{
  Fixture *f = fixture_new ("ws://h");

  g_signal_connect_swapped (f->signaller, "peer-joined", G_CALLBACK (leave_now), f);
  join (f);
  receive (f, PEERS ("\"a\",\"b\"", "me"));
  assert_log (f, "joined:me call:a gone");
  fixture_free (f);

  f = fixture_new ("ws://h");
  alcove_signaller_leave (f->signaller);
  assert_log (f, "gone");
  fixture_free (f);
}

static void
test_room_names (void)
{
  Fixture *f = fixture_new ("ws://h");
  g_autofree char *large = g_strnfill (ALCOVE_SKYRTC_MAX_ROOM + 1, 'r');

  alcove_signaller_connect (f->signaller, "", NULL, ALCOVE_ROLE_MEMBER);
  open_it (f);
  g_assert_cmpstr (last_sent (f), ==, "{\"eventName\":\"__join__\",\"data\":{}}");
  fixture_free (f);

  f = fixture_new ("ws://h");
  alcove_signaller_connect (f->signaller, large, NULL, ALCOVE_ROLE_MEMBER);
  assert_log (f, "failed:too-large");
  fixture_free (f);
}

static void
test_chat (void)
{
  static const char *const cases[][2] = {
    { "{\"type\":\"__msg\",\"data\":\"hello\"}", "hello" },
    { "{\"type\":\"other\",\"data\":\"hello\"}", "hello" },
    { "{\"data\":\"h\\u00e9\"}", "hé" },
    { "{\"data\":7}", "7" },
    { "{\"type\":\"__file\",\"signal\":\"ask\",\"data\":\"x\"}", NULL },
    { "{\"type\":\"__msg\"}", NULL },
    { "{\"type\":\"__msg\",\"data\":null}", NULL },
    { "plain text", "plain text" },
    { "{broken", "{broken" },
    { "42", "42" },
    { "\xff", "\xef\xbf\xbd" },
  };
  Fixture *f = fixture_new ("ws://h");
  g_autofree char *large = g_strnfill (ALCOVE_SKYRTC_MAX_CHAT + 1, 'x');
  g_autofree char *encoded = alcove_signaller_encode_chat (f->signaller, "say \"hé\"");
  g_autofree char *decoded = alcove_signaller_decode_chat (f->signaller, encoded);

  g_assert_cmpstr (encoded, ==, "{\"type\":\"__msg\",\"data\":\"say \\\"hé\\\"\"}");
  g_assert_cmpstr (decoded, ==, "say \"hé\"");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = alcove_signaller_decode_chat (f->signaller, cases[i][0]);

      g_assert_cmpstr (text, ==, cases[i][1]);
    }
  g_assert_null (alcove_signaller_decode_chat (f->signaller, large));
  g_assert_cmpstr (alcove_signaller_get_channel_label (f->signaller), ==, "undefined");
  fixture_free (f);
}

/* What a frame must come out as, by the sheet: written apart from the signaller. */
static void
expect (GString *expected,
        GHashTable *here,
        const AlcoveSkyrtcMessage *message)
{
  const char *id = message->socket_id;

  switch (message->kind)
    {
    case ALCOVE_SKYRTC_PEERS:
      g_string_append_printf (expected, " joined:%s", message->you);
      for (gsize i = 0; message->connections[i] != NULL; i++)
        if (strcmp (message->connections[i], message->you) != 0
            && g_hash_table_add (here, g_strdup (message->connections[i])))
          g_string_append_printf (expected, " call:%s", message->connections[i]);
      break;
    case ALCOVE_SKYRTC_NEW_PEER:
      if (g_hash_table_add (here, g_strdup (id)))
        g_string_append_printf (expected, " wait:%s", id);
      break;
    case ALCOVE_SKYRTC_REMOVE_PEER:
      if (g_hash_table_remove (here, id))
        g_string_append_printf (expected, " left:%s", id);
      break;
    case ALCOVE_SKYRTC_OFFER:
    case ALCOVE_SKYRTC_ANSWER:
    case ALCOVE_SKYRTC_CANDIDATE:
      if (!g_hash_table_contains (here, id))
        g_string_append (expected, " problem:unknown-peer");
      else if (message->kind == ALCOVE_SKYRTC_CANDIDATE)
        g_string_append_printf (expected, " candidate%d:%s", message->label, id);
      else
        g_string_append_printf (expected, " %s:%s",
                                message->kind == ALCOVE_SKYRTC_OFFER ? "offer" : "answer", id);
      break;
    default:
      break;
    }
}

/* One connection of a recording from its `_peers` to the next one, which in the recordings is
 * another socket of the same name, or a second join that no signaller does. */
static guint
replay (GPtrArray *frames,
        guint start)
{
  const SkyrtcFrame *first = g_ptr_array_index (frames, start);
  Fixture *f = fixture_new ("ws://h");
  g_autoptr (GString) expected = g_string_new (NULL);
  g_autoptr (GHashTable) here = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *you = NULL;
  guint n_frames = 0;

  join (f);
  for (guint i = start; i < frames->len; i++)
    {
      const SkyrtcFrame *frame = g_ptr_array_index (frames, i);
      g_autoptr (AlcoveSkyrtcMessage) message = NULL;

      if (frame->from_client || strcmp (frame->connection, first->connection) != 0)
        continue;
      message = alcove_skyrtc_message_decode (frame->frame, -1, FALSE, NULL);
      g_assert_nonnull (message);
      if (message->kind == ALCOVE_SKYRTC_PEERS && n_frames > 0)
        break;

      /* A member that joined twice is announced to itself. */
      if (message->kind == ALCOVE_SKYRTC_PEERS)
        you = g_strdup (message->you);
      if (message->kind == ALCOVE_SKYRTC_NEW_PEER && g_strcmp0 (message->socket_id, you) == 0)
        g_string_append (expected, " problem:unexpected");
      else
        expect (expected, here, message);
      receive (f, frame->frame);
      n_frames++;
    }

  g_assert_cmpstr (f->log->str, ==, expected->str + 1);
  fixture_free (f);
  return n_frames;
}

/* How many joins a recording holds, and how many frames came in in all. */
typedef struct {
  const char *name;
  guint n_joins;
  guint n_frames;
} Transcript;

static const Transcript transcripts[] = {
  { "skyrtc-python.jsonl", 20, 65 },         { "skyrtc-node.jsonl", 18, 60 },
  { "browser-skyrtc-python.jsonl", 4, 28 },  { "browser-skyrtc-node.jsonl", 4, 28 },
  { "browser-skyrtc-inline.jsonl", 3, 21 },  { "browser-skyrtc-slowcam.jsonl", 2, 13 },
};

static void
test_transcript (gconstpointer data)
{
  const Transcript *transcript = data;
  g_autoptr (GPtrArray) frames = skyrtc_transcript_load (transcript->name);
  guint n_joins = 0;
  guint n_frames = 0;

  for (guint i = 0; i < frames->len; i++)
    {
      const SkyrtcFrame *frame = g_ptr_array_index (frames, i);

      if (frame->from_client || strstr (frame->frame, "\"_peers\"") == NULL)
        continue;
      n_joins++;
      n_frames += replay (frames, i);
    }

  g_assert_cmpuint (n_joins, ==, transcript->n_joins);
  g_assert_cmpuint (n_frames, ==, transcript->n_frames);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (transcripts); i++)
    {
      g_autofree char *path = g_strconcat ("/skyrtc-signaller/", transcripts[i].name, NULL);

      g_test_add_data_func (path, &transcripts[i], test_transcript);
    }
  g_test_add_func ("/skyrtc-signaller/2-10.2-uri", test_uri);
  g_test_add_func ("/skyrtc-signaller/5-10.4-story", test_story);
  g_test_add_func ("/skyrtc-signaller/10.1-full-descriptions", test_full_descriptions);
  g_test_add_func ("/skyrtc-signaller/10.3-one-join", test_one_join);
  g_test_add_func ("/skyrtc-signaller/10.6-strangers", test_strangers);
  g_test_add_func ("/skyrtc-signaller/12-further-list", test_further_list);
  g_test_add_func ("/skyrtc-signaller/too-many", test_too_many);
  g_test_add_func ("/skyrtc-signaller/9-node-variant", test_node_variant);
  g_test_add_func ("/skyrtc-signaller/9-slow-python", test_slow_python);
  g_test_add_func ("/skyrtc-signaller/10.7-wrong-protocol", test_wrong_protocol);
  g_test_add_func ("/skyrtc-signaller/10.7-wrong-protocol-persistent", test_wrong_protocol_persistent);
  g_test_add_func ("/skyrtc-signaller/7-10.2-reconnect", test_reconnect);
  g_test_add_func ("/skyrtc-signaller/drop-before-join", test_drop_before_join);
  g_test_add_func ("/skyrtc-signaller/leave-in-handler", test_leave_in_handler);
  g_test_add_func ("/skyrtc-signaller/4-10.5-room-names", test_room_names);
  g_test_add_func ("/skyrtc-signaller/8-chat", test_chat);
  return g_test_run ();
}
