/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "alcove-error.h"
#include "alcove-rtcmesh-codec.h"
#include "recording.h"

#define UID "2r962mng-1j0s-1wsx-2sz4-2kjh2qsb2c6n"

/* What each recorded run holds: a change of these numbers is a change of the
 * codec's judgement. */
typedef struct {
  const char *name;
  guint known;
  guint unknown;
  guint refused;
} Recording;

static const Recording recordings[] = {
  { "rtcmesh.jsonl", 57, 21, 6 },
  { "rtcmesh-nim.jsonl", 7, 10, 1 },
  { "browser-rtcmesh-seed.jsonl", 6, 0, 0 },
  { "browser-rtcmesh-july2020.jsonl", 47, 0, 0 },
  { "browser-rtcmesh-2022.jsonl", 47, 0, 0 },
  { "browser-rtcmesh-go.jsonl", 24, 0, 0 },
  { "browser-rtcmesh-media.jsonl", 43, 0, 0 },
};

static void
test_recording (gconstpointer data)
{
  const Recording *recording = data;
  g_autoptr (GPtrArray) frames = recording_load ("rtcmesh", recording->name);
  guint known = 0;
  guint unknown = 0;
  guint refused = 0;

  for (guint i = 0; i < frames->len; i++)
    {
      const RecordedFrame *frame = g_ptr_array_index (frames, i);
      g_autoptr (GError) error = NULL;
      g_autoptr (AlcoveRtcmeshMessage) message = NULL;
      g_autofree char *again = NULL;

      message = alcove_rtcmesh_message_decode (frame->frame, -1, &error);
      if (message == NULL)
        {
          g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED);
          g_assert_true (frame->from_client);
          refused++;
          continue;
        }

      if (message->kind == ALCOVE_RTCMESH_UNKNOWN)
        unknown++;
      else
        known++;
      if (message->kind == ALCOVE_RTCMESH_OFFER || message->kind == ALCOVE_RTCMESH_ANSWER)
        {
          AlcoveDescriptionType type;
          const char *sdp = NULL;

          g_assert_true (alcove_rtcmesh_message_get_description (message, &type, &sdp, &error));
          g_assert_cmpint (type == ALCOVE_DESCRIPTION_OFFER, ==,
                           message->kind == ALCOVE_RTCMESH_OFFER);
          g_assert_true (g_str_has_prefix (sdp, "v=0"));
        }
      if (message->kind == ALCOVE_RTCMESH_CANDIDATE)
        {
          g_assert_true (g_str_has_prefix (message->candidate, "candidate:"));
          g_assert_cmpint (message->sdp_mline_index, >=, 0);
          g_assert_true (message->sdp_mid == NULL || *message->sdp_mid != '\0');
        }

      again = alcove_rtcmesh_message_encode (message);
      if (!same_json (frame->frame, again))
        g_error ("%s became %s", frame->frame, again);
    }

  g_test_message ("%s: %u, %u, %u", recording->name, known, unknown, refused);
  g_assert_cmpuint (known, ==, recording->known);
  g_assert_cmpuint (unknown, ==, recording->unknown);
  g_assert_cmpuint (refused, ==, recording->refused);
}

static AlcoveRtcmeshMessage *
decode (const char *text)
{
  g_autoptr (GError) error = NULL;
  AlcoveRtcmeshMessage *message = alcove_rtcmesh_message_decode (text, -1, &error);

  g_assert_no_error (error);
  return message;
}

/* Section 4: `ids` as an array, or, from PHP, as an object with holes. */
static void
test_ids (void)
{
  static const char *const texts[] = {
    "{\"event\":\"init\",\"ids\":[\"a\",\"b\"]}",
    "{\"event\":\"init\",\"ids\":{\"0\":\"a\",\"2\":\"b\"}}",
    "{\"ids\":{\"7\":\"a\",\"x\":\"b\"},\"event\":\"init\",\"more\":1}\n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (AlcoveRtcmeshMessage) message = decode (texts[i]);

      g_assert_cmpint (message->kind, ==, ALCOVE_RTCMESH_INIT);
      g_assert_cmpuint (g_strv_length (message->ids), ==, 2);
      g_assert_cmpstr (message->ids[0], ==, "a");
      g_assert_cmpstr (message->ids[1], ==, "b");
    }
}

/* Section 4: the Go peer's candidate: data first, an empty mid, a null, a newline. */
static void
test_go_candidate (void)
{
  g_autoptr (AlcoveRtcmeshMessage) message
      = decode ("{\"data\":{\"candidate\":\"candidate:1\",\"sdpMid\":\"\",\"sdpMLineIndex\":0,"
                "\"usernameFragment\":null},\"event\":\"candidate\",\"from\":\"a\",\"to\":\"b\"}\n");
  g_autofree char *text = NULL;

  g_assert_null (message->sdp_mid);
  g_assert_cmpint (message->sdp_mline_index, ==, 0);

  alcove_rtcmesh_message_set_candidate (message, "v", 1, "candidate:2");
  text = alcove_rtcmesh_message_encode (message);
  g_assert_cmpstr (text, ==,
                   "{\"event\":\"candidate\",\"from\":\"a\",\"to\":\"b\",\"data\":{\"candidate\":"
                   "\"candidate:2\",\"sdpMid\":\"v\",\"sdpMLineIndex\":1}}");
}

static void
test_description (void)
{
  static const struct {
    const char *data;
    gboolean fits;
  } cases[] = {
    { "\"v=0\"", TRUE },
    { "{\"type\":\"offer\",\"sdp\":\"v=0\"}", TRUE },
    { "{\"sdp\":\"v=0\",\"type\":null}", TRUE },
    { "{\"type\":\"answer\",\"sdp\":\"v=0\"}", FALSE },
    { "{\"type\":1,\"sdp\":\"v=0\"}", FALSE },
    { "{\"type\":\"offer\",\"sdp\":null}", FALSE },
    { "{}", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf (
          "{\"event\":\"offer\",\"from\":\"a\",\"data\":%s}", cases[i].data);
      g_autoptr (AlcoveRtcmeshMessage) message = decode (text);
      g_autoptr (GError) error = NULL;
      AlcoveDescriptionType type;
      const char *sdp = NULL;

      g_assert_cmpint (alcove_rtcmesh_message_get_description (message, &type, &sdp, &error), ==,
                       cases[i].fits);
      if (cases[i].fits)
        g_assert_cmpstr (sdp, ==, "v=0");
      else
        g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED);
    }
}

/* Every member in turn is left out, null, of a wrong type, and huge. */
static void
test_hostile_members (void)
{
  static const struct {
    const char *text;
    const char *optional;
    const char *free_form;
  } shapes[] = {
    { "{\"event\":\"init\",\"ids\":[\"a\"]}", "", "" },
    { "{\"event\":\"online\",\"id\":\"a\"}", "", "" },
    { "{\"event\":\"offline\",\"id\":\"a\"}", "", "" },
    { "{\"event\":\"offer\",\"from\":\"a\",\"to\":\"b\",\"data\":{\"sdp\":\"v=0\"}}", "to", "data" },
    { "{\"event\":\"answer\",\"from\":\"a\",\"to\":\"b\",\"data\":{\"sdp\":\"v=0\"}}", "to", "data" },
    { "{\"event\":\"candidate\",\"from\":\"a\",\"to\":\"b\",\"data\":{\"candidate\":\"c\","
      "\"sdpMLineIndex\":0}}",
      "to", "" },
  };
  static const char *const wrong[] = { "[1]", "{\"x\":1}", "true", "1.5", "-1", "\"\"" };
  g_autofree char *huge = g_strnfill (5000, 'x');

  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autoptr (JsonNode) whole = json_from_string (shapes[i].text, NULL);
      g_autoptr (GList) members = json_object_get_members (json_node_get_object (whole));

      for (GList *l = members; l != NULL; l = l->next)
        for (gsize n = 0; n < G_N_ELEMENTS (wrong) + 3; n++)
          {
            g_autoptr (JsonNode) copy = json_from_string (shapes[i].text, NULL);
            JsonObject *object = json_node_get_object (copy);
            g_autofree char *text = NULL;
            g_autoptr (GError) error = NULL;
            g_autoptr (AlcoveRtcmeshMessage) message = NULL;
            gboolean may_miss = strcmp (shapes[i].optional, l->data) == 0;
            gboolean free_form = strcmp (shapes[i].free_form, l->data) == 0;
            gboolean fits;

            if (n == 0)
              json_object_remove_member (object, l->data);
            else if (n == 1)
              json_object_set_null_member (object, l->data);
            else if (n == 2)
              json_object_set_string_member (object, l->data, huge);
            else
              json_object_set_member (object, l->data, json_from_string (wrong[n - 3], NULL));

            fits = (n < 2 && may_miss)
                   || (free_form && (n == 2 || (n > 2 && strchr ("{\"", *wrong[n - 3]) != NULL)));
            text = json_to_string (copy, FALSE);
            message = alcove_rtcmesh_message_decode (text, -1, &error);
            if (strcmp (l->data, "event") == 0)
              {
                g_assert_nonnull (message);
                g_assert_cmpint (message->kind, ==, ALCOVE_RTCMESH_UNKNOWN);
                continue;
              }
            if (fits != (message != NULL))
              g_error ("%.200s: %s", text, error != NULL ? error->message : "was taken");
            if (message == NULL)
              g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED);
          }
    }
}

static void
test_hostile_frames (void)
{
  static const char *const frames[] = {
    "", "{", "[]", "null", "42", "\"text\"", "{\"event\":\"init\"} {}",
    "{\"event\":\"init\",\"ids\":[1]}", "{\"event\":\"init\",\"ids\":{\"0\":null}}",
    "{\"event\":\"init\",\"ids\":[\"\"]}", "{\"event\":\"init\",\"ids\":\"a\"}",
    "{\"event\":\"candidate\",\"from\":\"a\",\"data\":\"candidate:1\"}",
    "{\"event\":\"candidate\",\"from\":\"a\",\"data\":{\"candidate\":\"c\"}}",
    "{\"event\":\"candidate\",\"from\":\"a\",\"data\":{\"candidate\":\"c\",\"sdpMLineIndex\":-1}}",
    "{\"event\":\"candidate\",\"from\":\"a\",\"data\":{\"candidate\":\"c\",\"sdpMLineIndex\":99999}}",
    "{\"event\":\"online\",\"id\":\"\\ud800\"}", "\xff\xfe",
  };
  g_autofree char *huge = g_strnfill (ALCOVE_RTCMESH_MAX_MESSAGE + 1, ' ');
  g_autoptr (GString) many = g_string_new ("{\"event\":\"init\",\"ids\":[\"a\"");
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (frames); i++)
    {
      g_autoptr (GError) local = NULL;

      g_test_message ("frame %zu", i);
      g_assert_null (alcove_rtcmesh_message_decode (frames[i], -1, &local));
      g_assert_error (local, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED);
    }

  g_assert_null (alcove_rtcmesh_message_decode (huge, -1, &error));
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_TOO_LARGE);
  for (guint i = 0; i < ALCOVE_RTCMESH_MAX_IDS; i++)
    g_string_append (many, ",\"a\"");
  g_string_append (many, "]}");
  g_assert_null (alcove_rtcmesh_message_decode (many->str, -1, NULL));
}

/* Section 2: the node server's rule for addresses. */
static void
test_paths (void)
{
  static const char *const good[] = { "/uid/" UID, "/channel/json/uid/" UID, "uid/" UID,
                                      "/uid/____________________________________" };
  static const char *const bad[] = { "/", "", "/uid/short", "/uid/" UID "x", "/uid/" UID "/",
                                     "/uid/2r962mng-1j0s-1wsx-2sz4-2kjh2qsb2c6!", "/id/" UID };
  static const char *const typed[][2] = {
    { "/", "/uid/" UID },
    { "", "/uid/" UID },
    { "/uid/", "/uid/" UID },
    { "/uid", "/uid/" UID },
    { "/channel/json/uid/", "/channel/json/uid/" UID },
    { "/channel/", "/channel/uid/" UID },
    { "/rtc/uid/____________________________________", "/rtc/uid/" UID },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_cmpuint (strlen (alcove_rtcmesh_find_uid (good[i])), ==, ALCOVE_RTCMESH_UID_LENGTH);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (alcove_rtcmesh_find_uid (bad[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (typed); i++)
    {
      g_autofree char *path = alcove_rtcmesh_build_path (typed[i][0], UID);

      g_assert_cmpstr (path, ==, typed[i][1]);
    }
}

/* Section 8: what is chat and what is protocol on the channel. */
/* Alcove's own: a room of other protocols, by the address or by a message. */
static void
test_rooms (void)
{
  static const char *const paths[][2] = {
    { "/room/atrium/uid/" UID, "atrium" },
    { "/room/a/b/uid/" UID, "a/b" },
    { "/room/六 rooms/uid/" UID, "六 rooms" },
    { "/room/uid/uid/" UID, "uid" },
    { "/room//uid/" UID, NULL },
    { "/room/uid/" UID, NULL },
    { "/room/uid/x" UID, NULL },
    { "/room/x-uid/" UID, NULL },
    { "/uid/" UID, NULL },
    { "/channel/json/uid/" UID, NULL },
    { "/a/room/b/uid/" UID, NULL },
    { "/room/atrium", NULL },
    { "/room", NULL },
  };
  static const char *const bad[] = {
    "{\"event\":\"room\"}",
    "{\"event\":\"room\",\"room\":null}",
    "{\"event\":\"room\",\"room\":\"\"}",
    "{\"event\":\"room\",\"room\":7}",
    "{\"event\":\"room\",\"room\":[\"a\"]}",
  };
  static const char *const good[] = {
    "{\"event\":\"init\",\"ids\":[\"x\"]}",
    "{\"event\":\"room\",\"room\":\"六 rooms\"}",
  };
  g_autofree char *long_name = g_strnfill (ALCOVE_RTCMESH_MAX_ROOM + 1, 'x');
  g_autofree char *long_path = g_strconcat ("/room/", long_name, "/uid/" UID, NULL);

  g_assert_null (alcove_rtcmesh_find_room (long_path));
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *room = alcove_rtcmesh_find_room (paths[i][0]);

      g_assert_cmpstr (room, ==, paths[i][1]);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (alcove_rtcmesh_message_decode (bad[i], -1, &error));
      g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (AlcoveRtcmeshMessage) message = alcove_rtcmesh_message_decode (good[i], -1, NULL);
      g_autofree char *text = NULL;

      g_assert_nonnull (message);
      text = alcove_rtcmesh_message_encode (message);
      g_assert_cmpstr (text, ==, good[i]);
    }
}

static void
test_channel (void)
{
  static const struct {
    const char *text;
    AlcoveRtcmeshChannelKind kind;
  } cases[] = {
    { ALCOVE_RTCMESH_PING, ALCOVE_RTCMESH_CHANNEL_PING },
    { ALCOVE_RTCMESH_PONG, ALCOVE_RTCMESH_CHANNEL_PONG },
    { "{\"event\":\"query\",\"data\":{\"id\":\"vid1:137\",\"index\":4}}",
      ALCOVE_RTCMESH_CHANNEL_QUERY },
    { "{\"event\":\"found\",\"data\":{}}", ALCOVE_RTCMESH_CHANNEL_FOUND },
    { "{\"event\":\"resolve\"}", ALCOVE_RTCMESH_CHANNEL_RESOLVE },
    { "{\"event\":\"quit\",\"data\":{\"id\":\"\",\"index\":0}}", ALCOVE_RTCMESH_CHANNEL_QUIT },
    { "hello mesh", ALCOVE_RTCMESH_CHANNEL_CHAT },
    { "", ALCOVE_RTCMESH_CHANNEL_CHAT },
    { "42", ALCOVE_RTCMESH_CHANNEL_CHAT },
    { "{\"event\":\"party\"}", ALCOVE_RTCMESH_CHANNEL_CHAT },
    { "{\"event\":{}}", ALCOVE_RTCMESH_CHANNEL_CHAT },
    { "[\"event\",\"ping\"]", ALCOVE_RTCMESH_CHANNEL_CHAT },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (alcove_rtcmesh_classify_text (cases[i].text), ==, cases[i].kind);
}

/* Section 8: both headers of a piece. */
static void
test_pieces (void)
{
  static const char ascii[] = "[\"clip:137|4\",1,3]            data";
  static const char *const bad[] = {
    "[\"clip:137|4\",3,3]              ", "[\"\",0,1]                        ",
    "[\"a\",-1,1]                      ", "[\"a\",0,999999999]               ",
    "[\"a\",0]                         ", "[1,0,1]                         ",
    "[\"a\",0,1,2]                     ", "not a header at all, only text  ",
    "\"a\"                             ", "\x89PNG and so on, thirty bytes  ", "[\"a\",0,1]",
  };
  guint8 wide[60] = { 0 };
  char header[ALCOVE_RTCMESH_HEADER_LENGTH];
  AlcoveRtcmeshPiece piece = { 0 };

  g_assert_true (alcove_rtcmesh_piece_decode (&piece, (const guint8 *) ascii, strlen (ascii)));
  g_assert_cmpstr (piece.id, ==, "clip:137|4");
  g_assert_cmpuint (piece.index, ==, 1);
  g_assert_cmpuint (piece.n_pieces, ==, 3);
  g_assert_cmpuint (piece.header_length, ==, 30);

  g_assert_true (alcove_rtcmesh_piece_encode (&piece, header));
  g_assert_cmpmem (header, sizeof header, ascii, 30);

  for (gsize i = 0; i < 30; i++)
    wide[2 * i] = (guint8) ascii[i];
  g_assert_true (alcove_rtcmesh_piece_decode (&piece, wide, sizeof wide));
  g_assert_cmpstr (piece.id, ==, "clip:137|4");
  g_assert_cmpuint (piece.header_length, ==, 60);
  g_assert_false (alcove_rtcmesh_piece_decode (&piece, wide, sizeof wide - 1));
  wide[7] = 4;
  g_assert_false (alcove_rtcmesh_piece_decode (&piece, wide, sizeof wide));

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (alcove_rtcmesh_piece_decode (&piece, (const guint8 *) bad[i], strlen (bad[i])));

  /* the overflow of the original */
  piece = (AlcoveRtcmeshPiece) { .id = "abcdefghijklmnopqrst", .index = 100, .n_pieces = 1000 };
  g_assert_false (alcove_rtcmesh_piece_encode (&piece, header));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (recordings); i++)
    {
      g_autofree char *path = g_strconcat ("/rtcmesh-codec/", recordings[i].name, NULL);

      g_test_add_data_func (path, &recordings[i], test_recording);
    }
  g_test_add_func ("/rtcmesh-codec/ids", test_ids);
  g_test_add_func ("/rtcmesh-codec/go-candidate", test_go_candidate);
  g_test_add_func ("/rtcmesh-codec/description", test_description);
  g_test_add_func ("/rtcmesh-codec/hostile-members", test_hostile_members);
  g_test_add_func ("/rtcmesh-codec/hostile-frames", test_hostile_frames);
  g_test_add_func ("/rtcmesh-codec/paths", test_paths);
  g_test_add_func ("/rtcmesh-codec/rooms", test_rooms);
  g_test_add_func ("/rtcmesh-codec/channel", test_channel);
  g_test_add_func ("/rtcmesh-codec/pieces", test_pieces);
  return g_test_run ();
}
