/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "alcove-error.h"
#include "alcove-rtcsignal-codec.h"
#include "../mutate.h"
#include "socketio-recording.h"

/* What each recorded run holds: a change of these numbers is a change of the
 * codec's judgement. */
typedef struct {
  const char *name;
  guint known;
  guint other;
  guint unknown;
  guint refused;
} Recording;

static const Recording recordings[] = {
  { "rtcsignal.jsonl", 156, 27, 2, 27 },
  { "browser-rtcsignal-multiple.jsonl", 94, 0, 0, 0 },
  { "browser-rtcsignal-one-to-one.jsonl", 30, 0, 0, 0 },
};

static guint
count_arguments (const char *event)
{
  g_autoptr (JsonNode) node = json_from_string (event, NULL);

  return json_array_get_length (json_node_get_array (node)) - 1;
}

static void
test_recording (gconstpointer data)
{
  const Recording *recording = data;
  g_autoptr (GPtrArray) events = socketio_recording_load ("rtcsignal", recording->name);
  guint known = 0;
  guint other = 0;
  guint unknown = 0;
  guint refused = 0;

  for (guint i = 0; i < events->len; i++)
    {
      const RecordedFrame *frame = g_ptr_array_index (events, i);
      g_autoptr (GError) error = NULL;
      g_autoptr (AlcoveRtcsignalMessage) message
          = alcove_rtcsignal_message_decode (frame->frame, frame->from_client, &error);
      g_autofree char *again = NULL;

      if (message == NULL)
        {
          g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED);
          refused++;
          continue;
        }

      if (message->kind == ALCOVE_RTCSIGNAL_UNKNOWN)
        unknown++;
      else if (message->kind == ALCOVE_RTCSIGNAL_OTHER)
        other++;
      else
        known++;

      /* a member that was left out is not made up, and a second argument not repeated */
      if (message->kind == ALCOVE_RTCSIGNAL_JOIN_ROOM && *message->room == '\0')
        continue;
      again = alcove_rtcsignal_message_encode (message);
      if (message->kind == ALCOVE_RTCSIGNAL_JOIN_ROOM
          && g_str_has_prefix (frame->frame, "[\"join-room\",{"))
        g_assert_true (g_str_has_prefix (again, "[\"join-room\",\"{"));
      else if (count_arguments (frame->frame) == 1 && !same_json (frame->frame, again))
        g_error ("%s became %s", frame->frame, again);
    }

  g_test_message ("%s: %u, %u, %u, %u", recording->name, known, other, unknown, refused);
  g_assert_cmpuint (known, ==, recording->known);
  g_assert_cmpuint (other, ==, recording->other);
  g_assert_cmpuint (unknown, ==, recording->unknown);
  g_assert_cmpuint (refused, ==, recording->refused);
}

/* Section 4: JSON within a text, exactly one argument. */
static void
test_membership (void)
{
  g_autoptr (AlcoveRtcsignalMessage) message
      = alcove_rtcsignal_message_new (ALCOVE_RTCSIGNAL_JOIN_ROOM, "a\"b");
  g_autoptr (AlcoveRtcsignalMessage) again = NULL;
  g_autofree char *text = NULL;

  message->room = g_strdup ("两 人");
  text = alcove_rtcsignal_message_encode (message);
  g_assert_true (same_json (
      text, "[\"join-room\",\"{\\\"userId\\\":\\\"a\\\\\\\"b\\\",\\\"roomName\\\":\\\"两 人\\\"}\"]"));
  again = alcove_rtcsignal_message_decode (text, TRUE, NULL);
  g_assert_cmpstr (again->user, ==, "a\"b");
  g_assert_cmpstr (again->room, ==, "两 人");
}

/* Oddity 6 and section 12: what is missing, and the object itself. */
static void
test_membership_forms (void)
{
  static const struct {
    const char *argument;
    const char *user;
    const char *room;
  } cases[] = {
    { "{\"userId\":\"a\",\"roomName\":\"r\"}", "a", "r" },
    { "\"{\\\"userId\\\":\\\"a\\\",\\\"roomName\\\":\\\"r\\\"}\"", "a", "r" },
    { "\"{\\\"userId\\\":\\\"a\\\"}\"", "a", "" },
    { "{\"userId\":\"a\",\"roomName\":null}", "a", "" },
    { "\"{\\\"roomName\\\":\\\"r\\\"}\"", NULL, NULL },
    { "\"{\\\"userId\\\":12,\\\"roomName\\\":\\\"r\\\"}\"", NULL, NULL },
    { "\"{\\\"userId\\\":\\\"\\\",\\\"roomName\\\":\\\"r\\\"}\"", NULL, NULL },
    { "\"{\\\"userId\\\":\"", NULL, NULL },
    { "\"r\"", NULL, NULL },
    { "7", NULL, NULL },
    { "null", NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("[\"leave-room\",%s]", cases[i].argument);
      g_autoptr (AlcoveRtcsignalMessage) message
          = alcove_rtcsignal_message_decode (text, TRUE, NULL);

      g_assert_cmpint (message != NULL, ==, cases[i].user != NULL);
      if (message != NULL)
        {
          g_assert_cmpstr (message->user, ==, cases[i].user);
          g_assert_cmpstr (message->room, ==, cases[i].room);
        }
    }
}

/* Section 4: numbers as doubles or texts, a missing target in each way, both or one of the
 * names of the section. */
static void
test_broadcast_forms (void)
{
  static const char *const offers[] = {
    "{\"userId\":\"a\",\"msgType\":1.0,\"sdp\":\"v=0\"}",
    "{\"userId\":\"a\",\"msgType\":\"1\",\"sdp\":\"v=0\",\"targetUserId\":null}",
    "{\"userId\":\"a\",\"msgType\":1,\"sdp\":\"v=0\",\"targetUserId\":\"\",\"x\":[{}]}",
  };
  g_autoptr (AlcoveRtcsignalMessage) candidate = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (offers); i++)
    {
      g_autofree char *text = g_strdup_printf ("[\"broadcast\",%s]", offers[i]);
      g_autoptr (AlcoveRtcsignalMessage) message
          = alcove_rtcsignal_message_decode (text, FALSE, NULL);

      g_assert_cmpint (message->kind, ==, ALCOVE_RTCSIGNAL_OFFER);
      g_assert_cmpstr (message->sdp, ==, "v=0");
      g_assert_null (message->target);
    }

  candidate = alcove_rtcsignal_message_decode (
      "[\"broadcast\",{\"userId\":\"a\",\"msgType\":3,\"id\":\"\",\"label\":2,\"candidate\":\"c\"}]", FALSE,
      NULL);
  g_assert_null (candidate->mid);
  g_assert_cmpint (candidate->label, ==, 2);
}

/* Every member in turn is left out, null, of a wrong type, and huge. */
static void
test_hostile_members (void)
{
  static const char *const shapes[] = {
    "{\"userId\":\"a\",\"msgType\":1,\"sdp\":\"v=0\"}",
    "{\"userId\":\"a\",\"msgType\":2,\"sdp\":\"v=0\"}",
    "{\"userId\":\"a\",\"msgType\":3,\"label\":0,\"candidate\":\"c\"}",
    "{\"userId\":\"a\",\"msgType\":4}",
    "{\"userId\":\"a\",\"msgType\":4,\"targetUserId\":\"b\"}",
    "{\"userId\":\"a\",\"msgType\":16,\"formerUserId\":\"b\"}",
  };
  static const char *const wrong[] = { "[1]", "{\"x\":1}", "true", "1.5", "[null]", "false" };
  g_autofree char *huge = g_strnfill (5000, 'x');
  guint refused = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autoptr (JsonNode) whole = json_from_string (shapes[i], NULL);
      g_autoptr (GList) members = json_object_get_members (json_node_get_object (whole));

      for (GList *l = members; l != NULL; l = l->next)
        for (gsize n = 0; n < G_N_ELEMENTS (wrong) + 3; n++)
          {
            g_autoptr (JsonNode) copy = json_from_string (shapes[i], NULL);
            JsonObject *object = json_node_get_object (copy);
            g_autofree char *text = NULL;
            g_autoptr (GError) error = NULL;
            g_autoptr (AlcoveRtcsignalMessage) message = NULL;
            gboolean optional = strcmp (l->data, "targetUserId") == 0
                                || strcmp (l->data, "formerUserId") == 0;
            gboolean fits = (optional && n < 2) || (strcmp (l->data, "sdp") == 0 && n == 2);

            if (n == 0)
              json_object_remove_member (object, l->data);
            else if (n == 1)
              json_object_set_null_member (object, l->data);
            else if (n == 2)
              json_object_set_string_member (object, l->data, huge);
            else
              json_object_set_member (object, l->data, json_from_string (wrong[n - 3], NULL));

            text = alcove_socketio_event_format ("broadcast", copy);
            message = alcove_rtcsignal_message_decode (text, FALSE, &error);
            if ((message != NULL) != fits)
              g_error ("%s was %s", text, fits ? "refused" : "taken");
            if (!fits)
              {
                g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED);
                refused++;
              }
          }
    }
  g_assert_cmpuint (refused, >, 100);
}

static void
test_hostile_frames (void)
{
  static const char *const frames[] = {
    "", "[", "[]", "{}", "null", "[null]", "[1,{}]", "[\"broadcast\"]", "[\"broadcast\",null]",
    "[\"broadcast\",[1,2]]", "[\"broadcast\",\"just text\"]", "[\"broadcast\",5]", "[\"broadcast\",{}]",
    "[\"user-joined\"]", "[\"user-joined\",null]", "[\"user-joined\",{}]", "[\"user-left\",12]",
    "[\"broadcast\",{\"userId\":\"\",\"msgType\":4}]", "[\"broadcast\",{\"userId\":\"a\",\"msgType\":1e30}]",
  };
  static const char *const samples[] = {
    "[\"user-joined\",\"bob-19c2\"]",
    "[\"broadcast\",{\"userId\":\"a\",\"msgType\":1,\"sdp\":\"v=0\\r\\n\",\"targetUserId\":\"b\"}]",
    "[\"join-room\",\"{\\\"userId\\\":\\\"ada\\\",\\\"roomName\\\":\\\"alcove\\\"}\"]",
    "[\"broadcast\",{\"userId\":\"a\",\"msgType\":3,\"id\":\"0\",\"label\":0,\"candidate\":\"c\"}]",
  };
  g_autofree char *large = g_strnfill (ALCOVE_RTCSIGNAL_MAX_MESSAGE + 1, ' ');
  g_autoptr (GRand) rand = g_rand_new_with_seed (816);
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (frames); i++)
    {
      g_autoptr (GError) local_error = NULL;

      if (alcove_rtcsignal_message_decode (frames[i], FALSE, &local_error) != NULL)
        g_error ("%s was taken", frames[i]);
      g_assert_error (local_error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED);
    }
  g_assert_null (alcove_rtcsignal_message_decode (large, FALSE, &error));
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_TOO_LARGE);

  for (guint i = 0; i < 8000; i++)
    {
      g_autofree char *spoilt = mutate (rand, samples[i % G_N_ELEMENTS (samples)]);
      g_autoptr (AlcoveRtcsignalMessage) message
          = alcove_rtcsignal_message_decode (spoilt, i % 3 == 0, NULL);
      g_autofree char *again = message != NULL ? alcove_rtcsignal_message_encode (message) : NULL;

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
      g_autofree char *path = g_strconcat ("/rtcsignal/codec/", recordings[i].name, NULL);

      g_test_add_data_func (path, &recordings[i], test_recording);
    }
  g_test_add_func ("/rtcsignal/codec/4-membership", test_membership);
  g_test_add_func ("/rtcsignal/codec/10.6-12-membership-forms", test_membership_forms);
  g_test_add_func ("/rtcsignal/codec/4-broadcast-forms", test_broadcast_forms);
  g_test_add_func ("/rtcsignal/codec/hostile-members", test_hostile_members);
  g_test_add_func ("/rtcsignal/codec/hostile-frames", test_hostile_frames);
  return g_test_run ();
}
