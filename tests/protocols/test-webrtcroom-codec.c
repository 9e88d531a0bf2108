/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "alcove-error.h"
#include "alcove-webrtcroom-codec.h"
#include "../mutate.h"
#include "socketio-recording.h"

/* What each recorded run holds: a change of these numbers is a change of the
 * codec's judgement. */
typedef struct {
  const char *name;
  guint known;
  guint unknown;
  guint refused;
  guint mended;
} Recording;

static const Recording recordings[] = {
  { "webrtcroom.jsonl", 103, 1, 9, 2 },
  { "browser-webrtcroom.jsonl", 56, 0, 0, 0 },
};

static void
test_recording (gconstpointer data)
{
  const Recording *recording = data;
  g_autoptr (GPtrArray) events = socketio_recording_load ("webrtcroom", recording->name);
  guint known = 0;
  guint unknown = 0;
  guint refused = 0;
  guint mended = 0;

  for (guint i = 0; i < events->len; i++)
    {
      const RecordedFrame *frame = g_ptr_array_index (events, i);
      g_autoptr (GError) error = NULL;
      g_autoptr (AlcoveWebrtcroomMessage) message
          = alcove_webrtcroom_message_decode (frame->frame, frame->from_client, &error);
      g_autofree char *again = NULL;
      g_autofree char *forward = NULL;

      if (message == NULL)
        {
          g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED);
          g_assert_true (frame->from_client);
          refused++;
          continue;
        }

      if (message->kind == ALCOVE_WEBRTCROOM_UNKNOWN)
        unknown++;
      else
        known++;
      again = alcove_webrtcroom_message_encode (message);
      /* the number that somebody sent as a text */
      if (strstr (frame->frame, "\"sdpMLineIndex\":\"1\"") != NULL)
        mended++;
      else if (!same_json (frame->frame, again))
        g_error ("%s became %s", frame->frame, again);

      if (frame->from_client && message->from != NULL)
        {
          forward = alcove_webrtcroom_message_forward (message, message->from);
          g_assert_true (same_json (frame->frame, forward));
        }
    }

  g_test_message ("%s: %u, %u, %u, %u", recording->name, known, unknown, refused, mended);
  g_assert_cmpuint (known, ==, recording->known);
  g_assert_cmpuint (unknown, ==, recording->unknown);
  g_assert_cmpuint (refused, ==, recording->refused);
  g_assert_cmpuint (mended, ==, recording->mended);
}

static AlcoveWebrtcroomMessage *
decode (const char *text)
{
  g_autoptr (GError) error = NULL;
  AlcoveWebrtcroomMessage *message = alcove_webrtcroom_message_decode (text, FALSE, &error);

  g_assert_no_error (error);
  return message;
}

/* Section 4: the number of the line, as a number and as a text; either name of the section. */
static void
test_candidate (void)
{
  static const struct {
    const char *inner;
    int mline_index;
    const char *mid;
  } cases[] = {
    { "{\"sdpMid\":\"0\",\"sdpMLineIndex\":1,\"sdp\":\"c\"}", 1, "0" },
    { "{\"sdpMid\":\"0\",\"sdpMLineIndex\":\"1\",\"sdp\":\"c\"}", 1, "0" },
    { "{\"sdpMid\":null,\"sdpMLineIndex\":2,\"sdp\":\"c\"}", 2, NULL },
    { "{\"sdpMid\":\"\",\"sdpMLineIndex\":2,\"sdp\":\"c\"}", 2, NULL },
    { "{\"sdpMid\":\"video\",\"sdp\":\"c\"}", -1, "video" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text
          = g_strdup_printf ("[\"candidate\",{\"from\":\"a\",\"candidate\":%s}]", cases[i].inner);
      g_autoptr (AlcoveWebrtcroomMessage) message = decode (text);

      g_assert_cmpint (message->mline_index, ==, cases[i].mline_index);
      g_assert_cmpstr (message->mid, ==, cases[i].mid);
      g_assert_cmpstr (message->candidate, ==, "c");
    }
}

/* Section 4: bare text; the relay also passes an object. */
static void
test_description (void)
{
  static const struct {
    const char *sdp;
    gboolean fits;
  } cases[] = {
    { "\"v=0\"", TRUE },
    { "{\"type\":\"offer\",\"sdp\":\"v=0\"}", TRUE },
    { "{\"type\":null,\"sdp\":\"v=0\"}", TRUE },
    { "{\"type\":\"answer\",\"sdp\":\"v=0\"}", FALSE },
    { "{\"type\":[],\"sdp\":\"v=0\"}", FALSE },
    { "{\"sdp\":7}", FALSE },
    { "{}", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text
          = g_strdup_printf ("[\"offer\",{\"from\":\"a\",\"sdp\":%s}]", cases[i].sdp);
      g_autoptr (AlcoveWebrtcroomMessage) message = decode (text);
      g_autoptr (GError) error = NULL;
      AlcoveDescriptionType type;
      const char *sdp = NULL;

      g_assert_cmpint (
          alcove_webrtcroom_message_get_description (message, &type, &sdp, &error), ==,
          cases[i].fits);
      if (cases[i].fits)
        g_assert_cmpstr (sdp, ==, "v=0");
      else
        g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED);
    }
}

/* Oddity 3: rooms that are no text, and none at all. */
static void
test_rooms (void)
{
  static const char *const fine[] = { "42", "\"\"", "null", "\"\\u4e24 \\u4eba\"" };
  static const char *const bad[] = { "[]", "{}", "true", "1.5" };
  g_autofree char *huge = g_strnfill (ALCOVE_WEBRTCROOM_MAX_ROOM + 1, 'x');
  g_autofree char *huge_text = g_strdup_printf ("[\"createAndJoinRoom\",{\"room\":\"%s\"}]", huge);

  for (gsize i = 0; i < G_N_ELEMENTS (fine); i++)
    {
      g_autofree char *text = g_strdup_printf ("[\"createAndJoinRoom\",{\"room\":%s}]", fine[i]);
      g_autoptr (AlcoveWebrtcroomMessage) message
          = alcove_webrtcroom_message_decode (text, TRUE, NULL);
      g_autofree char *again = alcove_webrtcroom_message_encode (message);

      g_assert_true (same_json (text, again));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *text = g_strdup_printf ("[\"createAndJoinRoom\",{\"room\":%s}]", bad[i]);

      g_assert_null (alcove_webrtcroom_message_decode (text, TRUE, NULL));
    }
  g_assert_null (alcove_webrtcroom_message_decode (huge_text, TRUE, NULL));
}

/* Every member in turn is left out, null, of a wrong type, and huge. */
static void
test_hostile_members (void)
{
  static const struct {
    const char *event;
    const char *argument;
    const char *optional;
  } shapes[] = {
    { "created", "{\"id\":\"a\",\"peers\":[{\"id\":\"b\"}]}", "" },
    { "joined", "{\"id\":\"a\"}", "" },
    { "exit", "{\"from\":\"a\"}", "" },
    { "offer", "{\"from\":\"a\",\"sdp\":\"v=0\"}", "" },
    { "answer", "{\"from\":\"a\",\"sdp\":\"v=0\"}", "" },
    { "candidate", "{\"from\":\"a\",\"candidate\":{\"sdpMLineIndex\":0,\"sdp\":\"c\"}}", "" },
    { "created", "{\"id\":\"a\",\"peers\":[],\"room\":\"r\"}", "room" },
  };
  static const char *const wrong[] = { "[1]", "{\"x\":1}", "true", "1.5", "-1", "\"\"", "[null]" };
  g_autofree char *huge = g_strnfill (5000, 'x');
  guint refused = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autoptr (JsonNode) whole = json_from_string (shapes[i].argument, NULL);
      g_autoptr (GList) members = json_object_get_members (json_node_get_object (whole));

      for (GList *l = members; l != NULL; l = l->next)
        for (gsize n = 0; n < G_N_ELEMENTS (wrong) + 3; n++)
          {
            g_autoptr (JsonNode) copy = json_from_string (shapes[i].argument, NULL);
            JsonObject *object = json_node_get_object (copy);
            g_autofree char *text = NULL;
            g_autoptr (GError) error = NULL;
            g_autoptr (AlcoveWebrtcroomMessage) message = NULL;
            gboolean room = strcmp (l->data, "room") == 0;
            gboolean sdp = strcmp (l->data, "sdp") == 0;
            gboolean fits = room && n < 2;

            if (n == 0)
              json_object_remove_member (object, l->data);
            else if (n == 1)
              json_object_set_null_member (object, l->data);
            else if (n == 2)
              json_object_set_string_member (object, l->data, huge);
            else
              {
                const char *value = wrong[n - 3];

                json_object_set_member (object, l->data, json_from_string (value, NULL));
                fits = (room && (*value == '"' || strcmp (value, "-1") == 0))
                       || (sdp && strchr ("\"{", *value) != NULL);
              }
            if (n == 2)
              fits = sdp;

            text = alcove_socketio_event_format (shapes[i].event, copy);
            message = alcove_webrtcroom_message_decode (text, FALSE, &error);
            if ((message != NULL) != fits)
              g_error ("%s was %s", text, fits ? "refused" : "taken");
            if (!fits)
              {
                g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED);
                refused++;
              }
          }
    }
  g_assert_cmpuint (refused, >, 80);
}

static void
test_hostile_frames (void)
{
  static const char *const frames[] = {
    "", "[", "[]", "{}", "null", "7", "\"offer\"", "[null]", "[1,{}]", "[\"offer\"]",
    "[\"offer\",null]", "[\"offer\",[]]", "[\"offer\",\"x\"]", "[\"candidate\",null]", "[\"exit\"]",
    "[\"created\"]", "[\"created\",{}]", "[\"joined\",{\"id\":{}}]",
    "[\"created\",{\"id\":\"a\",\"peers\":[\"b\"]}]", "[\"offer\",{\"from\":\"a\",\"sdp\":\"\\ud800\"}]",
  };
  static const char *const samples[] = {
    "[\"created\",{\"id\":\"a\",\"room\":\"r\",\"peers\":[{\"id\":\"b\"}]}]",
    "[\"offer\",{\"from\":\"a\",\"to\":\"b\",\"room\":\"r\",\"sdp\":\"v=0\\r\\n\"}]",
    "[\"candidate\",{\"from\":\"a\",\"candidate\":{\"sdpMid\":\"0\",\"sdpMLineIndex\":0,\"sdp\":\"c\"}}]",
  };
  g_autofree char *large = g_strnfill (ALCOVE_WEBRTCROOM_MAX_MESSAGE + 1, ' ');
  g_autoptr (GRand) rand = g_rand_new_with_seed (2141);
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (frames); i++)
    {
      g_autoptr (GError) local_error = NULL;

      if (alcove_webrtcroom_message_decode (frames[i], FALSE, &local_error) != NULL)
        g_error ("%s was taken", frames[i]);
      g_assert_error (local_error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED);
    }
  g_assert_null (alcove_webrtcroom_message_decode (large, FALSE, &error));
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_TOO_LARGE);

  for (guint i = 0; i < 6000; i++)
    {
      g_autofree char *spoilt = mutate (rand, samples[i % G_N_ELEMENTS (samples)]);
      g_autoptr (AlcoveWebrtcroomMessage) message
          = alcove_webrtcroom_message_decode (spoilt, i % 2 == 0, NULL);
      g_autofree char *again = message != NULL ? alcove_webrtcroom_message_encode (message) : NULL;

      g_assert_true (again == NULL || g_utf8_validate (again, -1, NULL));
    }
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (recordings); i++)
    {
      g_autofree char *path = g_strconcat ("/webrtcroom/codec/", recordings[i].name, NULL);

      g_test_add_data_func (path, &recordings[i], test_recording);
    }
  g_test_add_func ("/webrtcroom/codec/4-candidate", test_candidate);
  g_test_add_func ("/webrtcroom/codec/4-description", test_description);
  g_test_add_func ("/webrtcroom/codec/10.3-rooms", test_rooms);
  g_test_add_func ("/webrtcroom/codec/hostile-members", test_hostile_members);
  g_test_add_func ("/webrtcroom/codec/hostile-frames", test_hostile_frames);
  return g_test_run ();
}
