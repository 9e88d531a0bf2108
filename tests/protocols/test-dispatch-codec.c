/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "alcove-dispatch-codec.h"
#include "alcove-error.h"
#include "recording.h"

/* What each recorded run holds: a change of these numbers is a change of the
 * codec's judgement. */
typedef struct {
  const char *name;
  guint known;
  guint unknown;
  guint refused;
} Recording;

static const Recording recordings[] = {
  { "dispatch.jsonl", 144, 2, 11 },
  { "dispatch-corpse.jsonl", 15, 0, 2 },
  { "browser-dispatch.jsonl", 61, 0, 0 },
  { "browser-dispatch-answer.jsonl", 50, 0, 0 },
};

/* The recorded frames that say less in other words after a round trip: those with members
 * that nobody knows or without a message, and codes that are unknown. */
static gboolean
is_normalised (const char *frame)
{
  return strstr (frame, "\"more\"") != NULL || strstr (frame, "\"message\"") == NULL;
}

static void
test_recording (gconstpointer data)
{
  const Recording *recording = data;
  g_autoptr (GPtrArray) frames = recording_load ("dispatch", recording->name);
  guint known = 0;
  guint unknown = 0;
  guint refused = 0;

  for (guint i = 0; i < frames->len; i++)
    {
      const RecordedFrame *frame = g_ptr_array_index (frames, i);
      g_autoptr (GError) error = NULL;
      g_autoptr (AlcoveDispatchMessage) message = NULL;
      g_autofree char *again = NULL;
      AlcoveDescriptionType type;
      const char *sdp = NULL;

      message = alcove_dispatch_message_decode (frame->frame, -1, frame->from_client, &error);
      if (message == NULL)
        {
          g_test_message ("refused: %s", frame->frame);
          g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED);
          g_assert_true (frame->from_client);
          refused++;
          continue;
        }
      if (message->code == ALCOVE_DISPATCH_UNKNOWN)
        {
          unknown++;
          continue;
        }

      known++;
      if (message->sdp != NULL)
        {
          g_assert_true (alcove_dispatch_message_get_description (message, &type, &sdp, &error));
          g_assert_true (g_str_has_prefix (sdp, "v=0"));
          g_assert_cmpint (type == ALCOVE_DESCRIPTION_ANSWER, ==,
                           message->code == ALCOVE_DISPATCH_ANSWER);
        }

      again = alcove_dispatch_message_encode (message);
      if (!is_normalised (frame->frame) && !same_json (frame->frame, again))
        g_error ("%s became %s", frame->frame, again);

      /* the same without what was kept of the original */
      if (!frame->from_client && message->username != NULL && strstr (again, "extra") == NULL)
        {
          g_autofree char *built = NULL;

          g_clear_pointer (&message->value, json_node_unref);
          built = alcove_dispatch_message_encode (message);
          if (!is_normalised (frame->frame) && !same_json (frame->frame, built))
            g_error ("%s became %s", frame->frame, built);
        }
    }

  g_test_message ("%s: %u, %u, %u", recording->name, known, unknown, refused);
  g_assert_cmpuint (known, ==, recording->known);
  g_assert_cmpuint (unknown, ==, recording->unknown);
  g_assert_cmpuint (refused, ==, recording->refused);
}

/* Sections 4 and 9: where the result is. */
static void
test_replies (void)
{
  static const struct {
    const char *text;
    AlcoveDispatchCode code;
    gboolean succeeded;
    AlcoveDispatchReason reason;
  } cases[] = {
    { "{\"code\":2000,\"value\":10000,\"message\":\"\\u521b\\u5efa\"}", ALCOVE_DISPATCH_CREATE, TRUE,
      ALCOVE_DISPATCH_REASON_OTHER },
    { "{\"code\":2000,\"value\":-10000,\"message\":\"房间已经存在，创建失败\"}", ALCOVE_DISPATCH_CREATE,
      FALSE, ALCOVE_DISPATCH_REASON_ROOM_EXISTS },
    { "{\"code\":2001,\"value\":-10000,\"message\":\"用户已经存在，加入失败\"}", ALCOVE_DISPATCH_JOIN,
      FALSE, ALCOVE_DISPATCH_REASON_NAME_TAKEN },
    { "{\"code\":2001,\"value\":-10000,\"message\":\"房间不存在，加入失败\"}", ALCOVE_DISPATCH_JOIN,
      FALSE, ALCOVE_DISPATCH_REASON_NO_ROOM },
    { "{\"code\":10000,\"value\":\"\",\"message\":\"\"}", ALCOVE_DISPATCH_REPLY, TRUE,
      ALCOVE_DISPATCH_REASON_OTHER },
    { "{\"code\":10000,\"value\":-10000,\"message\":\"你当前还未加入房间，发送失败\"}",
      ALCOVE_DISPATCH_REPLY, FALSE, ALCOVE_DISPATCH_REASON_NOT_IN_ROOM },
    { "{\"code\":-10000,\"value\":\"\"}", ALCOVE_DISPATCH_FAILURE, FALSE,
      ALCOVE_DISPATCH_REASON_OTHER },
    { "{\"code\":10001,\"value\":\"\",\"message\":\"x\"}", ALCOVE_DISPATCH_ROOM_DELETED, FALSE,
      ALCOVE_DISPATCH_REASON_OTHER },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (AlcoveDispatchMessage) message
          = alcove_dispatch_message_decode (cases[i].text, -1, FALSE, &error);

      g_assert_no_error (error);
      g_assert_cmpint (message->code, ==, cases[i].code);
      g_assert_cmpint (message->succeeded, ==, cases[i].succeeded);
      g_assert_cmpint (alcove_dispatch_find_reason (message->message), ==, cases[i].reason);
    }

  for (int i = ALCOVE_DISPATCH_REASON_OTHER; i <= ALCOVE_DISPATCH_REASON_NOT_IN_ROOM; i++)
    g_assert_cmpint (alcove_dispatch_find_reason (alcove_dispatch_get_reason_text (i)), ==, i);
}

/* Section 6: what Alcove puts into the description object, and texts instead of objects. */
static void
test_description (void)
{
  g_autoptr (AlcoveDispatchMessage) message = alcove_dispatch_message_new (ALCOVE_DISPATCH_ANSWER);
  g_autoptr (AlcoveDispatchMessage) text = NULL;
  g_autoptr (AlcoveDispatchMessage) candidate = NULL;
  g_autofree char *encoded = NULL;
  AlcoveDescriptionType type;
  const char *sdp;

  message->username = g_strdup ("root");
  alcove_dispatch_message_set_description (message, ALCOVE_DESCRIPTION_ANSWER, "v=0", "bob");
  g_assert_cmpstr (alcove_dispatch_message_get_from (message), ==, "bob");
  g_assert_true (alcove_dispatch_message_is_alcove (message));
  encoded = alcove_dispatch_message_encode (message);
  g_assert_cmpstr (encoded, ==,
                   "{\"code\":2003,\"value\":{\"username\":\"root\",\"sdp\":{\"type\":\"answer\","
                   "\"sdp\":\"v=0\",\"from\":\"bob\",\"alcove\":true}},\"message\":\"\"}");

  text = alcove_dispatch_message_decode ("{\"code\":2002,\"value\":{\"username\":\"b\",\"sdp\":"
                                         "\"v=0\"},\"message\":\"\"}",
                                         -1, FALSE, NULL);
  g_assert_true (alcove_dispatch_message_get_description (text, &type, &sdp, NULL));
  g_assert_cmpstr (sdp, ==, "v=0");
  g_assert_false (alcove_dispatch_message_is_alcove (text));
  g_assert_null (alcove_dispatch_message_get_from (text));

  candidate = alcove_dispatch_message_decode (
      "{\"code\":2004,\"value\":{\"username\":\"b\",\"candidate\":\"candidate:1\"}}", -1, FALSE, NULL);
  g_assert_cmpstr (candidate->candidate, ==, "candidate:1");
  g_assert_cmpint (candidate->sdp_mline_index, ==, 0);
}

static void
test_peek (void)
{
  AlcoveDispatchCode code;

  g_assert_true (alcove_dispatch_peek_code ("{\"code\":2001}", -1, &code));
  g_assert_cmpint (code, ==, ALCOVE_DISPATCH_JOIN);
  g_assert_true (alcove_dispatch_peek_code ("{\"code\":4711}", -1, &code));
  g_assert_cmpint (code, ==, ALCOVE_DISPATCH_UNKNOWN);
  g_assert_false (alcove_dispatch_peek_code ("{\"code\":\"2001\"}", -1, &code));
  g_assert_false (alcove_dispatch_peek_code ("{\"code\":1.5}", -1, &code));
  g_assert_false (alcove_dispatch_peek_code ("{\"code\":null}", -1, &code));
  g_assert_false (alcove_dispatch_peek_code ("[]", -1, &code));
  g_assert_false (alcove_dispatch_peek_code ("{", -1, &code));
}

/* Every member of `value`, and every member around it, in turn is left out, null, of a
 * wrong type, and huge. */
static void
try (JsonNode *root,
     gboolean from_client,
     gboolean fits)
{
  g_autofree char *text = json_to_string (root, FALSE);
  g_autoptr (GError) error = NULL;
  g_autoptr (AlcoveDispatchMessage) message
      = alcove_dispatch_message_decode (text, -1, from_client, &error);

  if (fits != (message != NULL))
    g_error ("%.200s: %s", text, error != NULL ? error->message : "was taken");
  if (message == NULL)
    g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED);
}

static void
test_hostile_members (void)
{
  static const struct {
    int code;
    gboolean from_client;
    const char *value;
  } shapes[] = {
    { 2000, TRUE, "{\"room_name\":\"r\"}" },
    { 2001, TRUE, "{\"room_name\":\"r\",\"username\":\"u\"}" },
    { 2002, TRUE, "{\"sdp\":\"v=0\"}" },
    { 2003, TRUE, "{\"username\":\"u\",\"sdp\":\"v=0\"}" },
    { 2004, TRUE, "{\"candidate\":{\"candidate\":\"c\",\"sdpMLineIndex\":0}}" },
    { 2005, TRUE, "{\"username\":\"u\",\"candidate\":{\"candidate\":\"c\",\"sdpMid\":\"0\"}}" },
    { 2022, TRUE, "{\"username\":\"u\",\"sdp\":\"v=0\"}" },
    { 2222, TRUE, "{\"username\":\"u\"}" },
    { 3001, TRUE, "{\"username\":\"u\"}" },
    { 3002, TRUE, "{\"username\":\"u\"}" },
    { 2002, FALSE, "{\"username\":\"u\",\"sdp\":\"v=0\"}" },
    { 2003, FALSE, "{\"username\":\"u\",\"sdp\":\"v=0\"}" },
    { 2004, FALSE, "{\"username\":\"u\",\"candidate\":{\"candidate\":\"c\",\"sdpMLineIndex\":0}}" },
    { 2005, FALSE, "{\"username\":\"u\",\"candidate\":{\"candidate\":\"c\",\"sdpMLineIndex\":0}}" },
    { 2022, FALSE, "{\"username\":\"u\",\"sdp\":\"v=0\"}" },
    { 2222, FALSE, "{\"username\":\"u\"}" },
    { 3000, FALSE, "{\"username\":\"u\"}" },
    { 3001, FALSE, "{\"username\":\"u\"}" },
    { 3002, FALSE, "{\"username\":\"u\"}" },
  };
  static const char *const wrong[] = { "[1]", "{\"x\":1}", "true", "1.5", "-1", "null" };
  g_autofree char *huge = g_strnfill (5000, 'x');

  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autoptr (JsonNode) value = json_from_string (shapes[i].value, NULL);
      g_autoptr (GList) members = json_object_get_members (json_node_get_object (value));
      g_autofree char *text = g_strdup_printf ("{\"code\":%d,\"value\":%s,\"message\":\"\"}",
                                               shapes[i].code, shapes[i].value);

      for (gsize n = 0; n < G_N_ELEMENTS (wrong); n++)
        {
          g_autoptr (JsonNode) root = json_from_string (text, NULL);
          JsonObject *object = json_node_get_object (root);

          try (root, shapes[i].from_client, TRUE);
          json_object_set_member (object, "message", json_from_string (wrong[n], NULL));
          try (root, shapes[i].from_client, strcmp (wrong[n], "null") == 0);
          json_object_remove_member (object, "message");
          try (root, shapes[i].from_client, TRUE);
          json_object_set_member (object, "value", json_from_string (wrong[n], NULL));
          try (root, shapes[i].from_client, FALSE);
          json_object_remove_member (object, "value");
          try (root, shapes[i].from_client, FALSE);
          json_object_set_member (object, "code", json_from_string (wrong[n], NULL));
          /* an unknown number is no error */
          try (root, shapes[i].from_client, strcmp (wrong[n], "-1") == 0);
          json_object_remove_member (object, "code");
          try (root, shapes[i].from_client, FALSE);
        }

      for (GList *l = members; l != NULL; l = l->next)
        for (gsize n = 0; n < G_N_ELEMENTS (wrong) + 2; n++)
          {
            g_autoptr (JsonNode) root = json_from_string (text, NULL);
            JsonObject *object
                = json_object_get_object_member (json_node_get_object (root), "value");
            gboolean sdp = strcmp (l->data, "sdp") == 0;

            if (n == 0)
              json_object_remove_member (object, l->data);
            else if (n == 1)
              json_object_set_string_member (object, l->data, huge);
            else
              json_object_set_member (object, l->data, json_from_string (wrong[n - 2], NULL));
            try (root, shapes[i].from_client,
                 sdp && (n == 1 || (n > 1 && *wrong[n - 2] == '{')));
          }
    }
}

static void
test_hostile_frames (void)
{
  static const char *const frames[] = {
    "", "{\"code\": ", "[]", "\"text\"", "42", "null", "{}", "{\"code\":[]}",
    "{\"code\":2000}", "{\"code\":2001,\"value\":\"x\"}", "{\"code\":2000,\"value\":{\"room_name\":[\"x\"]}}",
    "{\"code\":2004,\"value\":{\"candidate\":{}}}",
    "{\"code\":2004,\"value\":{\"candidate\":{\"candidate\":\"c\"}}}",
    "{\"code\":2004,\"value\":{\"candidate\":{\"candidate\":\"c\",\"sdpMLineIndex\":-1}}}",
    "{\"code\":3000,\"message\":7}", "\xff",
  };
  g_autofree char *huge = g_strnfill (ALCOVE_DISPATCH_MAX_INCOMING + 1, ' ');
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (frames); i++)
    {
      g_autoptr (GError) local = NULL;

      g_test_message ("frame %zu", i);
      g_assert_null (alcove_dispatch_message_decode (frames[i], -1, TRUE, &local));
      g_assert_error (local, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED);
    }
  g_assert_null (alcove_dispatch_message_decode (huge, -1, TRUE, &error));
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_TOO_LARGE);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (recordings); i++)
    {
      g_autofree char *path = g_strconcat ("/dispatch-codec/", recordings[i].name, NULL);

      g_test_add_data_func (path, &recordings[i], test_recording);
    }
  g_test_add_func ("/dispatch-codec/4-replies", test_replies);
  g_test_add_func ("/dispatch-codec/6-description", test_description);
  g_test_add_func ("/dispatch-codec/peek", test_peek);
  g_test_add_func ("/dispatch-codec/hostile-members", test_hostile_members);
  g_test_add_func ("/dispatch-codec/hostile-frames", test_hostile_frames);
  return g_test_run ();
}
