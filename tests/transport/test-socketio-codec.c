/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "alcove-engineio-codec.h"
#include "alcove-error.h"
#include "alcove-socketio-codec.h"
#include "socketio-transcript.h"

static void
test_packets (void)
{
  AlcoveEngineioType type;
  const char *data;
  g_autofree char *text = alcove_engineio_packet_format (ALCOVE_ENGINEIO_PONG, "probe");

  g_assert_cmpstr (text, ==, "3probe");
  g_assert_true (alcove_engineio_packet_parse ("2probe", &type, &data, NULL));
  g_assert_cmpint (type, ==, ALCOVE_ENGINEIO_PING);
  g_assert_cmpstr (data, ==, "probe");
  g_assert_true (alcove_engineio_packet_parse ("6", &type, &data, NULL));
  g_assert_cmpstr (data, ==, "");

  for (const char *const *bad = (const char *const[]){ "", "7", "9", "hello", "b4AA", "\x04x", "-1", NULL };
       *bad != NULL; bad++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (alcove_engineio_packet_parse (*bad, &type, &data, &error));
      g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED);
    }
}

static void
test_handshake (void)
{
  static const char *const bad[] = {
    "", "{}", "null", "[]", "{\"sid\":\"\",\"pingInterval\":1,\"pingTimeout\":1}",
    "{\"sid\":5,\"pingInterval\":1,\"pingTimeout\":1}",
    "{\"sid\":\"x\",\"pingInterval\":0,\"pingTimeout\":1}",
    "{\"sid\":\"x\",\"pingInterval\":-5,\"pingTimeout\":1}",
    "{\"sid\":\"x\",\"pingInterval\":1}",
    "{\"sid\":\"x\",\"pingInterval\":1,\"pingTimeout\":{}}",
  };
  g_auto (AlcoveEngineioHandshake) handshake = { 0 };
  g_autofree char *again = NULL;

  /* as the Go server says it, with a new line behind it */
  g_assert_true (alcove_engineio_handshake_parse (
      "{\"sid\":\"bBr0\",\"upgrades\":[\"polling\"],\"pingInterval\":25000,\"pingTimeout\":60000}\n",
      &handshake, NULL));
  g_assert_cmpstr (handshake.sid, ==, "bBr0");
  g_assert_cmpuint (handshake.ping_interval, ==, 25000);
  g_assert_cmpuint (handshake.ping_timeout, ==, 60000);
  g_assert_false (handshake.websocket);
  alcove_engineio_handshake_clear (&handshake);

  g_assert_true (alcove_engineio_handshake_parse (
      "{\"sid\":\"a\",\"upgrades\":[5,\"websocket\"],\"pingInterval\":99999999,\"pingTimeout\":20000,"
      "\"maxPayload\":1000000}",
      &handshake, NULL));
  g_assert_true (handshake.websocket);
  g_assert_cmpuint (handshake.ping_interval, ==, ALCOVE_ENGINEIO_MAX_INTERVAL_MS);
  g_assert_cmpuint (handshake.max_payload, ==, 1000000);
  again = alcove_engineio_handshake_format (&handshake);
  g_assert_cmpstr (again, ==,
                   "0{\"sid\":\"a\",\"upgrades\":[\"websocket\"],\"pingInterval\":300000,"
                   "\"pingTimeout\":20000,\"maxPayload\":1000000}");

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_auto (AlcoveEngineioHandshake) none = { 0 };

      g_assert_false (alcove_engineio_handshake_parse (bad[i], &none, NULL));
    }
}

static void
assert_payload (const char *bytes,
                gsize length,
                guint version,
                const char *const *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) packets = alcove_engineio_payload_decode (bytes, length, version, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (packets->len, ==, g_strv_length ((char **) expected));
  for (guint i = 0; i < packets->len; i++)
    g_assert_cmpstr (packets->pdata[i], ==, expected[i]);
}

static void
test_payload (void)
{
  const char *const two[] = { "42[\"中文\"]", "2probe", NULL };
  const char *const emoji[] = { "4\xf0\x9f\x98\x80", "6", NULL };
  const char *const open[] = { "40", "40/socket.io", NULL };
  const char *const one[] = { "2", NULL };
  static const char binary[] = "\0\2\37740\0\1\2\37740/socket.io";
  static const char attachment[] = "\1\3\377\4\0\1\0\1\3772";
  g_autofree char *three = alcove_engineio_payload_encode (two, 2, 3);
  g_autofree char *four = alcove_engineio_payload_encode (two, 2, 4);
  g_autofree char *units = alcove_engineio_payload_encode (emoji, 2, 3);

  /* protocol 3 counts UTF-16 units, protocol 4 separates */
  g_assert_cmpstr (three, ==, "8:42[\"中文\"]6:2probe");
  g_assert_cmpstr (four, ==, "42[\"中文\"]\x1e" "2probe");
  g_assert_cmpstr (units, ==, "3:4\xf0\x9f\x98\x80" "1:6");
  assert_payload (three, strlen (three), 3, two);
  assert_payload (four, strlen (four), 4, two);
  assert_payload (units, strlen (units), 3, emoji);
  /* lengths in bytes, as some servers count */
  assert_payload ("12:42[\"中文\"]6:2probe", strlen ("12:42[\"中文\"]6:2probe"), 3, two);
  /* the Go server's framing; and a binary packet, which is skipped */
  assert_payload (binary, sizeof binary - 1, 3, open);
  assert_payload (attachment, sizeof attachment - 1, 3, one);
  assert_payload ("bAQID\x1e" "2", strlen ("bAQID\x1e" "2"), 4, one);
  assert_payload ("10:b4AQIDBAUG1:2", strlen ("10:b4AQIDBAUG1:2"), 3, one);
}

static void
test_payload_hostile (void)
{
  static const struct {
    const char *bytes;
    gsize length;
    guint version;
  } bad[] = {
    { "", 0, 3 }, { "", 0, 4 }, { "x", 1, 3 }, { ":", 1, 3 }, { "5:", 2, 3 }, { "1:", 2, 3 },
    { "0:", 2, 3 }, { "99999999999999999999:2", 22, 3 }, { "9999999999:2", 12, 3 }, { "-1:2", 4, 3 },
    { "1:\xff", 3, 3 }, { "2:\xf0\x9f", 4, 3 }, { "1:\xf0\x9f\x98\x80", 6, 3 },
    { "\0", 1, 3 }, { "\0\1", 2, 3 }, { "\0\1\377", 3, 3 }, { "\0\377" "2", 3, 3 },
    { "\0\1\1\1\1\1\1\1\1\1\1\1\1\1\3772", 16, 3 }, { "\2\1\3772", 4, 3 },
    { "2\x1e\x1e" "2", 4, 4 }, { "\xff", 1, 4 },
  };
  g_autoptr (GString) flood = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *exact = g_memdup2 (bad[i].bytes, MAX (bad[i].length, 1));

      g_assert_null (alcove_engineio_payload_decode (exact, bad[i].length, bad[i].version, NULL));
    }

  for (guint i = 0; i <= ALCOVE_ENGINEIO_MAX_PACKETS; i++)
    g_string_append (flood, "2\x1e");
  g_assert_null (alcove_engineio_payload_decode (flood->str, flood->len, 4, &error));
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_TOO_MANY);
}

static void
test_socketio (void)
{
  static const struct {
    const char *text;
    AlcoveSocketioType type;
    guint attachments;
    const char *nsp;
    const char *query;
    gint64 id;
    const char *data;
  } good[] = {
    { "0", ALCOVE_SOCKETIO_CONNECT, 0, "/", NULL, -1, NULL },
    { "0{\"sid\":\"x\"}", ALCOVE_SOCKETIO_CONNECT, 0, "/", NULL, -1, "{\"sid\":\"x\"}" },
    { "0/socket.io", ALCOVE_SOCKETIO_CONNECT, 0, "/socket.io", NULL, -1, NULL },
    { "0/socket.io?a=1&b=2", ALCOVE_SOCKETIO_CONNECT, 0, "/socket.io", "a=1&b=2", -1, NULL },
    { "0/a,{\"t\":1}", ALCOVE_SOCKETIO_CONNECT, 0, "/a", NULL, -1, "{\"t\":1}" },
    { "1", ALCOVE_SOCKETIO_DISCONNECT, 0, "/", NULL, -1, NULL },
    { "2[\"a\"]", ALCOVE_SOCKETIO_EVENT, 0, "/", NULL, -1, "[\"a\"]" },
    { "2/a,7[\"a\",1]", ALCOVE_SOCKETIO_EVENT, 0, "/a", NULL, 7, "[\"a\",1]" },
    { "37null", ALCOVE_SOCKETIO_ACK, 0, "/", NULL, 7, "null" },
    { "4/other,\"Invalid namespace\"", ALCOVE_SOCKETIO_ERROR, 0, "/other", NULL, -1,
      "\"Invalid namespace\"" },
    { "51-[\"offer\",{\"_placeholder\":true,\"num\":0}]", ALCOVE_SOCKETIO_BINARY_EVENT, 1, "/", NULL,
      -1, "[\"offer\",{\"_placeholder\":true,\"num\":0}]" },
    /* no JSON, but it must not become a namespace on the way */
    { "3/,/", ALCOVE_SOCKETIO_ACK, 0, "/", NULL, -1, "/" },
    { "62-/a,12[{}]", ALCOVE_SOCKETIO_BINARY_ACK, 2, "/a", NULL, 12, "[{}]" },
  };
  static const char *const bad[] = {
    "", "7", "9", "x", "5", "5[]", "5-[]", "5999-[]", "599999999999999999999-[]", "29999999999999999[]",
  };
  g_autofree char *long_nsp = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (AlcoveSocketioPacket) packet = alcove_socketio_packet_decode (good[i].text, NULL);
      g_autofree char *again = NULL;

      g_assert_nonnull (packet);
      g_assert_cmpint (packet->type, ==, good[i].type);
      g_assert_cmpuint (packet->n_attachments, ==, good[i].attachments);
      g_assert_cmpstr (packet->nsp, ==, good[i].nsp);
      g_assert_cmpstr (packet->query, ==, good[i].query);
      g_assert_cmpint (packet->id, ==, good[i].id);
      g_assert_cmpstr (packet->data, ==, good[i].data);
      again = alcove_socketio_packet_encode (packet);
      g_assert_cmpstr (again, ==, good[i].text);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (alcove_socketio_packet_decode (bad[i], NULL));

  long_nsp = g_strnfill (5000, 'n');
  long_nsp[0] = '2';
  long_nsp[1] = '/';
  g_assert_null (alcove_socketio_packet_decode (long_nsp, NULL));
}

static void
test_event (void)
{
  static const char *const bad[] = { "", "[]", "{}", "null", "5", "[5]", "[null,1]", "[[\"a\"]]", "[\"a\"" };
  g_autoptr (JsonArray) array = NULL;
  g_autoptr (JsonNode) node = json_node_init_string (json_node_alloc (), "x");
  g_autofree char *text = alcove_socketio_event_format ("a", node);
  g_autofree char *bare = alcove_socketio_event_format ("a", NULL);
  const char *name;

  g_assert_cmpstr (text, ==, "[\"a\",\"x\"]");
  g_assert_cmpstr (bare, ==, "[\"a\"]");
  array = alcove_socketio_event_parse (text, &name, NULL);
  g_assert_cmpstr (name, ==, "a");
  g_assert_cmpuint (json_array_get_length (array), ==, 2);

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (alcove_socketio_event_parse (bad[i], &name, NULL));
}

/* As the recorder wrote it: byte 255 became U+FFFD. */
static GBytes *
restore_bytes (const char *text,
               gboolean *binary)
{
  GByteArray *bytes = g_byte_array_new ();

  *binary = *text == '\0';
  for (; *text != '\0'; text = g_utf8_next_char (text))
    if (g_utf8_get_char (text) == 0xfffd)
      g_byte_array_append (bytes, (const guint8 *) "\xff", 1);
    else
      g_byte_array_append (bytes, (const guint8 *) text, g_utf8_next_char (text) - text);

  return g_byte_array_free_to_bytes (bytes);
}

static void
check_frame (const char *frame,
             guint *n)
{
  AlcoveEngineioType type;
  const char *data;
  g_autofree char *again = NULL;

  /* the hostile part of the recordings */
  if (!alcove_engineio_packet_parse (frame, &type, &data, NULL))
    {
      g_assert_true (g_str_equal (frame, "9") || g_str_equal (frame, "hello") || *frame == '\0');
      return;
    }

  (*n)++;
  if (type == ALCOVE_ENGINEIO_OPEN)
    {
      g_auto (AlcoveEngineioHandshake) handshake = { 0 };

      g_assert_true (alcove_engineio_handshake_parse (data, &handshake, NULL));
      again = alcove_engineio_handshake_format (&handshake);
      if (strstr (data, "\"polling\"") == NULL)
        g_assert_cmpmem (again, strlen (again), frame, strcspn (frame, "\n"));
    }
  else if (type == ALCOVE_ENGINEIO_MESSAGE)
    {
      g_autoptr (AlcoveSocketioPacket) packet = alcove_socketio_packet_decode (data, NULL);
      g_autofree char *inner = NULL;

      if (packet == NULL)
        {
          g_assert_true (g_str_equal (data, "") || g_str_equal (data, "9"));
          return;
        }
      inner = alcove_socketio_packet_encode (packet);
      /* version 2 of the library puts a comma behind a namespace that stands alone, too */
      if (g_str_has_suffix (data, ","))
        g_assert_cmpmem (data, strlen (data) - 1, inner, strlen (inner));
      else
        g_assert_cmpstr (inner, ==, data);
    }
  else
    {
      again = alcove_engineio_packet_format (type, data);
      g_assert_cmpstr (again, ==, frame);
    }
}

static void
test_transcript (gconstpointer data)
{
  g_auto (GStrv) where = g_strsplit (data, "/", 2);
  g_autoptr (GPtrArray) frames = socketio_transcript_load (where[0], where[1]);
  guint n = 0;

  for (guint i = 0; i < frames->len; i++)
    {
      const SocketioFrame *frame = frames->pdata[i];

      if (frame->shortened && frame->http)
        continue;
      if (!frame->http)
        check_frame (frame->frame, &n);
      else if (frame->from_client && strchr (frame->frame, '\n') != NULL)
        {
          const char *body = strchr (frame->frame, '\n') + 1;
          g_autoptr (GPtrArray) packets
              = alcove_engineio_payload_decode (body, strlen (body), 3, NULL);

          g_assert_nonnull (packets);
          for (guint j = 0; j < packets->len; j++)
            check_frame (packets->pdata[j], &n);
        }
      else if (!frame->from_client && !g_str_equal (frame->frame, "ok"))
        {
          gboolean binary;
          g_autoptr (GBytes) bytes = restore_bytes (frame->frame, &binary);
          g_autoptr (GPtrArray) packets = NULL;

          /* the recording's zero bytes end a C string, so such a frame is in the unit tests */
          if (binary)
            continue;
          packets = alcove_engineio_payload_decode (g_bytes_get_data (bytes, NULL),
                                                    g_bytes_get_size (bytes), 3, NULL);
          g_assert_nonnull (packets);
          for (guint j = 0; j < packets->len; j++)
            check_frame (packets->pdata[j], &n);
        }
    }

  g_assert_cmpuint (n, >, 40);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/socketio/packets", test_packets);
  g_test_add_func ("/socketio/handshake", test_handshake);
  g_test_add_func ("/socketio/payload", test_payload);
  g_test_add_func ("/socketio/payload-hostile", test_payload_hostile);
  g_test_add_func ("/socketio/socketio", test_socketio);
  g_test_add_func ("/socketio/event", test_event);
  g_test_add_data_func ("/socketio/transcript/webrtcroom", "webrtcroom/webrtcroom.jsonl",
                        test_transcript);
  g_test_add_data_func ("/socketio/transcript/browser-webrtcroom",
                        "webrtcroom/browser-webrtcroom.jsonl", test_transcript);
  g_test_add_data_func ("/socketio/transcript/rtcsignal", "rtcsignal/rtcsignal.jsonl",
                        test_transcript);
  g_test_add_data_func ("/socketio/transcript/browser-rtcsignal-multiple",
                        "rtcsignal/browser-rtcsignal-multiple.jsonl", test_transcript);
  g_test_add_data_func ("/socketio/transcript/browser-rtcsignal-one-to-one",
                        "rtcsignal/browser-rtcsignal-one-to-one.jsonl", test_transcript);
  return g_test_run ();
}
