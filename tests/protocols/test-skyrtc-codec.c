/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "alcove-error.h"
#include "alcove-skyrtc-codec.h"
#include "skyrtc-transcript.h"

#include "../mutate.h"

/* What each recorded run holds: a change of these numbers is a change of the
 * codec's judgement. */
typedef struct {
  const char *name;
  guint known;
  guint unknown;
  guint broadcasts;
  guint refused;
} Transcript;

static const Transcript transcripts[] = {
  { "skyrtc-python.jsonl", 106, 3, 3, 10 },
  { "skyrtc-node.jsonl", 97, 2, 1, 10 },
  { "browser-skyrtc-python.jsonl", 49, 0, 0, 0 },
  { "browser-skyrtc-node.jsonl", 49, 0, 0, 0 },
  { "browser-skyrtc-inline.jsonl", 36, 0, 0, 0 },
  { "browser-skyrtc-slowcam.jsonl", 25, 0, 0, 0 },
};

static gboolean
same (const char *a,
      const char *b)
{
  g_autoptr (JsonNode) left = json_from_string (a, NULL);
  g_autoptr (JsonNode) right = json_from_string (b, NULL);

  return json_node_equal (left, right);
}

/* The recorded frames that say the same in other words after a round trip: the one with a number
 * for a room's name, and the one with a browser's `id` that nobody passes on. */
static gboolean
is_normalised (const char *frame)
{
  return strstr (frame, "\"room\":17}") != NULL || strstr (frame, "\"id\":") != NULL;
}

static void
test_transcript (gconstpointer data)
{
  const Transcript *transcript = data;
  g_autoptr (GPtrArray) frames = skyrtc_transcript_load (transcript->name);
  guint known = 0;
  guint unknown = 0;
  guint broadcasts = 0;
  guint refused = 0;

  for (guint i = 0; i < frames->len; i++)
    {
      const SkyrtcFrame *frame = g_ptr_array_index (frames, i);
      g_autoptr (GError) error = NULL;
      g_autoptr (AlcoveSkyrtcMessage) message = NULL;
      g_autofree char *again = NULL;

      message = alcove_skyrtc_message_decode (frame->frame, -1, frame->from_client, &error);
      if (message == NULL)
        {
          g_test_message ("refused: %s: %s", frame->frame, error->message);
          g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED);
          g_assert_true (frame->from_client);
          refused++;
          continue;
        }

      if (message->kind == ALCOVE_SKYRTC_UNKNOWN)
        unknown++;
      else if (message->kind == ALCOVE_SKYRTC_BROADCAST)
        broadcasts++;
      else
        known++;

      if (message->kind == ALCOVE_SKYRTC_OFFER || message->kind == ALCOVE_SKYRTC_ANSWER)
        {
          AlcoveDescriptionType type;
          const char *sdp = NULL;

          g_assert_true (alcove_skyrtc_message_get_description (message, &type, &sdp, &error));
          g_assert_no_error (error);
          g_assert_cmpint (type, ==,
                           message->kind == ALCOVE_SKYRTC_OFFER ? ALCOVE_DESCRIPTION_OFFER
                                                                : ALCOVE_DESCRIPTION_ANSWER);
          g_assert_cmpuint (strlen (sdp), >, 0);
        }

      again = alcove_skyrtc_message_encode (message);
      if (!is_normalised (frame->frame) && !same (frame->frame, again))
        g_error ("%s became %s", frame->frame, again);
    }

  g_test_message ("%s: %u, %u, %u, %u", transcript->name, known, unknown, broadcasts, refused);
  g_assert_cmpuint (known, ==, transcript->known);
  g_assert_cmpuint (unknown, ==, transcript->unknown);
  g_assert_cmpuint (broadcasts, ==, transcript->broadcasts);
  g_assert_cmpuint (refused, ==, transcript->refused);
}

typedef struct {
  const char *text;
  gboolean from_client;
  AlcoveSkyrtcKind kind;
  AlcoveSkyrtcForm form;
} Spelling;

static const Spelling spellings[] = {
  { "{\"eventName\":\"__join__\",\"data\":{\"room\":\"r\"}}", TRUE, ALCOVE_SKYRTC_JOIN,
    ALCOVE_SKYRTC_FROM_CLIENT_PYTHON },
  { "{\"eventName\":\"__join\",\"data\":{\"room\":\"r\"}}", TRUE, ALCOVE_SKYRTC_JOIN,
    ALCOVE_SKYRTC_FROM_CLIENT_NODE },
  { "{\"eventName\":\"__join\",\"data\":{}}", TRUE, ALCOVE_SKYRTC_JOIN,
    ALCOVE_SKYRTC_FROM_CLIENT_NODE },
  { "{\"eventName\":\"_peers\",\"data\":{\"you\":\"a\",\"connections\":[\"b\",\"b\"]}}", FALSE,
    ALCOVE_SKYRTC_PEERS, ALCOVE_SKYRTC_FROM_SERVER },
  { "{\"eventName\":\"_new_peer\",\"data\":{\"socketId\":\"a\"}}", FALSE, ALCOVE_SKYRTC_NEW_PEER,
    ALCOVE_SKYRTC_FROM_SERVER },
  { "{\"eventName\":\"_remove_peer\",\"data\":{\"socketId\":\"a\"}}", FALSE,
    ALCOVE_SKYRTC_REMOVE_PEER, ALCOVE_SKYRTC_FROM_SERVER },
  { "{\"eventName\":\"__answer__\",\"data\":{\"socketId\":\"a\",\"sdp\":{\"type\":\"answer\","
    "\"sdp\":\"v=0\",\"more\":{\"x\":[1]}}}}",
    TRUE, ALCOVE_SKYRTC_ANSWER, ALCOVE_SKYRTC_FROM_CLIENT_PYTHON },
  { "{\"eventName\":\"_offer\",\"data\":{\"socketId\":\"a\",\"sdp\":\"v=0\"}}", FALSE,
    ALCOVE_SKYRTC_OFFER, ALCOVE_SKYRTC_FROM_SERVER },
  { "{\"eventName\":\"_ice_candidate\",\"data\":{\"label\":2,\"candidate\":\"c\",\"sdpMid\":\"v\","
    "\"sdpMLineIndex\":2,\"socketId\":\"a\"}}",
    FALSE, ALCOVE_SKYRTC_CANDIDATE, ALCOVE_SKYRTC_FROM_SERVER },
  { "{\"eventName\":\"_offer\",\"data\":{}}", TRUE, ALCOVE_SKYRTC_UNKNOWN,
    ALCOVE_SKYRTC_FROM_CLIENT_PYTHON },
  { "{\"eventName\":\"__offer__\",\"data\":{}}", FALSE, ALCOVE_SKYRTC_UNKNOWN,
    ALCOVE_SKYRTC_FROM_SERVER },
  { "{\"eventName\":\"wave\"}", FALSE, ALCOVE_SKYRTC_UNKNOWN, ALCOVE_SKYRTC_FROM_SERVER },
  { "{\"eventName\":\"\",\"data\":null}", FALSE, ALCOVE_SKYRTC_UNKNOWN, ALCOVE_SKYRTC_FROM_SERVER },
  { "{\"data\":[1,{\"x\":null}]}", TRUE, ALCOVE_SKYRTC_BROADCAST,
    ALCOVE_SKYRTC_FROM_CLIENT_PYTHON },
  { "{\"text\":\"hi\"}", FALSE, ALCOVE_SKYRTC_BROADCAST, ALCOVE_SKYRTC_FROM_SERVER },
};

static void
test_spellings (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (spellings); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (AlcoveSkyrtcMessage) message = NULL;
      g_autofree char *again = NULL;

      g_test_message ("%s", spellings[i].text);
      message = alcove_skyrtc_message_decode (spellings[i].text, -1, spellings[i].from_client,
                                              &error);
      g_assert_no_error (error);
      g_assert_cmpint (message->kind, ==, spellings[i].kind);
      g_assert_cmpint (message->form, ==, spellings[i].form);
      again = alcove_skyrtc_message_encode (message);
      g_assert_true (same (spellings[i].text, again));
    }
}

static AlcoveSkyrtcMessage *
decode (const char *text)
{
  g_autoptr (GError) error = NULL;
  AlcoveSkyrtcMessage *message = alcove_skyrtc_message_decode (text, -1, FALSE, &error);

  g_assert_no_error (error);
  return message;
}

static void
test_tolerance (void)
{
  g_autoptr (AlcoveSkyrtcMessage) text = decode ("{\"eventName\":\"_ice_candidate\",\"data\":{"
                                                 "\"label\":\"1\",\"candidate\":\"c\",\"socketId\":\"a\"}}");
  g_autoptr (AlcoveSkyrtcMessage) line
      = decode ("{\"eventName\":\"_ice_candidate\",\"data\":{\"sdpMLineIndex\":2,"
                "\"candidate\":\"c\",\"socketId\":\"a\"}}");
  g_autoptr (AlcoveSkyrtcMessage) mid
      = decode ("{\"eventName\":\"_ice_candidate\",\"data\":{\"label\":null,\"sdpMid\":\"x\","
                "\"candidate\":\"\",\"socketId\":\"a\"}}");
  g_autoptr (AlcoveSkyrtcMessage) peers
      = decode ("{\"eventName\":\"_peers\",\"data\":{\"connections\":[],\"you\":null}}");

  g_assert_cmpint (text->label, ==, 1);
  g_assert_cmpint (text->sdp_mline_index, ==, -1);
  g_assert_null (text->sdp_mid);
  g_assert_cmpint (line->label, ==, 2);
  g_assert_cmpint (mid->label, ==, -1);
  g_assert_cmpstr (mid->sdp_mid, ==, "x");
  g_assert_null (peers->you);
  g_assert_cmpuint (g_strv_length (peers->connections), ==, 0);
}

static void
test_description (void)
{
  static const struct {
    const char *sdp;
    gboolean fits;
  } cases[] = {
    { "\"v=0\"", TRUE },
    { "{\"type\":\"offer\",\"sdp\":\"v=0\"}", TRUE },
    { "{\"sdp\":\"v=0\"}", TRUE },
    { "{\"type\":null,\"sdp\":\"v=0\"}", TRUE },
    { "{\"type\":\"answer\",\"sdp\":\"v=0\"}", FALSE },
    { "{\"type\":\"rollback\",\"sdp\":\"v=0\"}", FALSE },
    { "{\"type\":1,\"sdp\":\"v=0\"}", FALSE },
    { "{\"type\":\"offer\"}", FALSE },
    { "{\"type\":\"offer\",\"sdp\":{}}", FALSE },
    { "{\"type\":\"offer\",\"sdp\":null}", FALSE },
    { "{}", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf (
          "{\"eventName\":\"_offer\",\"data\":{\"socketId\":\"a\",\"sdp\":%s}}", cases[i].sdp);
      g_autoptr (AlcoveSkyrtcMessage) message = decode (text);
      g_autoptr (GError) error = NULL;
      AlcoveDescriptionType type = ALCOVE_DESCRIPTION_ANSWER;
      const char *sdp = NULL;

      g_test_message ("%s", text);
      g_assert_cmpint (alcove_skyrtc_message_get_description (message, &type, &sdp, &error), ==,
                       cases[i].fits);
      if (cases[i].fits)
        {
          g_assert_cmpstr (sdp, ==, "v=0");
          g_assert_cmpint (type, ==, ALCOVE_DESCRIPTION_OFFER);
        }
      else
        g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED);

      alcove_skyrtc_message_set_description (message, ALCOVE_DESCRIPTION_OFFER, "v=1");
      g_assert_true (alcove_skyrtc_message_get_description (message, &type, &sdp, NULL));
      g_assert_cmpstr (sdp, ==, "v=1");
    }
}

/* Every member in turn is left out, null, of a wrong type, and huge. */
typedef struct {
  const char *event;
  gboolean from_client;
  const char *data;
  /* members that may be missing or null */
  const char *optional;
} Shape;

static const Shape shapes[] = {
  { "__join__", TRUE, "{\"room\":\"r\"}", "room" },
  { "__join", TRUE, "{\"room\":\"r\"}", "room" },
  { "__offer__", TRUE, "{\"sdp\":\"v=0\",\"socketId\":\"a\"}", "" },
  { "__answer", TRUE, "{\"sdp\":\"v=0\",\"socketId\":\"a\"}", "" },
  { "__ice_candidate__", TRUE, "{\"label\":0,\"candidate\":\"c\",\"socketId\":\"a\"}", "" },
  { "_peers", FALSE, "{\"connections\":[\"a\"],\"you\":\"b\"}", "you" },
  { "_new_peer", FALSE, "{\"socketId\":\"a\"}", "" },
  { "_remove_peer", FALSE, "{\"socketId\":\"a\"}", "" },
  { "_offer", FALSE, "{\"sdp\":{\"type\":\"offer\",\"sdp\":\"v=0\"},\"socketId\":\"a\"}", "" },
  { "_answer", FALSE, "{\"sdp\":\"v=0\",\"socketId\":\"a\"}", "" },
  { "_ice_candidate", FALSE,
    "{\"label\":0,\"candidate\":\"c\",\"sdpMid\":\"0\",\"sdpMLineIndex\":0,\"socketId\":\"a\"}",
    "sdpMid sdpMLineIndex label" },
};

static void
try (const Shape *shape,
     JsonNode *data,
     gboolean fits)
{
  g_autofree char *inner = json_to_string (data, FALSE);
  g_autofree char *text
      = g_strdup_printf ("{\"eventName\":\"%s\",\"data\":%s}", shape->event, inner);
  g_autoptr (GError) error = NULL;
  g_autoptr (AlcoveSkyrtcMessage) message = NULL;

  message = alcove_skyrtc_message_decode (text, -1, shape->from_client, &error);
  if (fits != (message != NULL))
    g_error ("%.200s: %s", text, error != NULL ? error->message : "was taken");
  if (message != NULL)
    g_assert_cmpint (message->kind, !=, ALCOVE_SKYRTC_UNKNOWN);
  else
    g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED);
}

static void
test_hostile_members (void)
{
  static const char *const wrong[] = { "[]", "[[1]]", "{\"x\":1}", "true", "1.5", "-1" };
  g_autofree char *huge = g_strnfill (5000, 'x');
  guint tried = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autoptr (JsonNode) whole = json_from_string (shapes[i].data, NULL);
      g_autoptr (GList) members = json_object_get_members (json_node_get_object (whole));
      g_auto (GStrv) optional = g_strsplit (shapes[i].optional, " ", -1);

      try (&shapes[i], whole, TRUE);
      for (GList *l = members; l != NULL; l = l->next)
        {
          g_autoptr (JsonNode) copy = json_from_string (shapes[i].data, NULL);
          JsonObject *object = json_node_get_object (copy);
          gboolean may_miss = g_strv_contains ((const char *const *) optional, l->data);

          json_object_set_null_member (object, l->data);
          try (&shapes[i], copy, may_miss);

          for (gsize n = 0; n < G_N_ELEMENTS (wrong); n++)
            {
              gboolean sdp_object = strcmp (l->data, "sdp") == 0 && *wrong[n] == '{';
              gboolean no_peers = strcmp (l->data, "connections") == 0 && n == 0;
              gboolean number_room = strcmp (l->data, "room") == 0 && strcmp (wrong[n], "-1") == 0;

              json_object_set_member (object, l->data, json_from_string (wrong[n], NULL));
              try (&shapes[i], copy, sdp_object || no_peers || number_room);
              tried++;
            }

          json_object_set_string_member (object, l->data, huge);
          try (&shapes[i], copy, strcmp (l->data, "sdp") == 0);

          json_object_remove_member (object, l->data);
          try (&shapes[i], copy, may_miss);
        }
    }

  g_assert_cmpuint (tried, >=, 100);
}

static void
test_hostile_frames (void)
{
  static const char *const frames[] = {
    "", "nope", "null", "[]", "42", "\"_peers\"", "{\"eventName\":null}", "{\"eventName\":1}",
    "{\"eventName\":[]}", "{\"eventName\":\"_peers\"}", "{\"eventName\":\"_peers\",\"data\":null}",
    "{\"eventName\":\"_peers\",\"data\":[]}", "{\"eventName\":\"_peers\",\"data\":\"x\"}",
    "{\"eventName\":\"_peers\",\"data\":{\"connections\":[1]}}",
    "{\"eventName\":\"_peers\",\"data\":{\"connections\":[\"\"]}}",
    "{\"eventName\":\"_peers\",\"data\":{\"connections\":[null]}}",
    "{\"eventName\":\"_peers\",\"data\":{\"connections\":{}}}",
    "{\"eventName\":\"_new_peer\",\"data\":{\"socketId\":\"\"}}",
    "{\"eventName\":\"_new_peer\",\"data\":{\"socketId\":\"a\\u0000b\"}}",
    "{\"eventName\":\"_ice_candidate\",\"data\":{\"label\":\"0x\",\"candidate\":\"c\",\"socketId\":\"a\"}}",
    "{\"eventName\":\"_ice_candidate\",\"data\":{\"label\":99999999999,\"candidate\":\"c\",\"socketId\":\"a\"}}",
  };
  g_autofree char *large = g_strnfill (5 * 1024 * 1024, ' ');
  g_autoptr (GString) many = g_string_new ("{\"eventName\":\"_peers\",\"data\":{\"connections\":[\"a\"");
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (frames); i++)
    {
      g_test_message ("%s", frames[i]);
      g_assert_null (alcove_skyrtc_message_decode (frames[i], -1, FALSE, &error));
      g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED);
      g_clear_error (&error);
    }

  g_assert_null (alcove_skyrtc_message_decode (large, 5 * 1024 * 1024, TRUE, &error));
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_TOO_LARGE);
  g_clear_error (&error);

  for (guint i = 0; i < ALCOVE_SKYRTC_MAX_CONNECTIONS; i++)
    g_string_append (many, ",\"b\"");
  g_string_append (many, "]}}");
  g_assert_null (alcove_skyrtc_message_decode (many->str, -1, FALSE, &error));
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED);
}

/* What is read from a spoilt frame can be written, and reads the same again: a server passes it on. */
static void
test_mutations (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20240613);

  for (gsize i = 0; i < G_N_ELEMENTS (transcripts); i++)
    {
      g_autoptr (GPtrArray) frames = skyrtc_transcript_load (transcripts[i].name);

      for (guint round = 0; round < 3000; round++)
        {
          const SkyrtcFrame *frame = frames->pdata[round % frames->len];
          g_autofree char *spoilt = mutate (rand, frame->frame);
          g_autofree char *text = NULL;
          g_autoptr (GError) error = NULL;
          g_autoptr (AlcoveSkyrtcMessage) message
              = alcove_skyrtc_message_decode (spoilt, -1, frame->from_client, &error);
          g_autoptr (AlcoveSkyrtcMessage) again = NULL;
          AlcoveDescriptionType type;
          const char *sdp = NULL;

          g_assert_true ((message == NULL) == (error != NULL));
          if (message == NULL)
            continue;

          text = alcove_skyrtc_message_encode (message);
          again = alcove_skyrtc_message_decode (text, -1, frame->from_client, &error);
          g_assert_no_error (error);
          g_assert_cmpint (again->kind, ==, message->kind);
          g_assert_cmpstr (again->socket_id, ==, message->socket_id);
          g_assert_cmpstr (again->candidate, ==, message->candidate);
          g_assert_cmpint (again->label, ==, message->label);
          if (alcove_skyrtc_message_get_description (message, &type, &sdp, NULL))
            g_assert_true (g_utf8_validate (sdp, -1, NULL));
        }
    }
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (transcripts); i++)
    {
      g_autofree char *path = g_strconcat ("/skyrtc-codec/", transcripts[i].name, NULL);

      g_test_add_data_func (path, &transcripts[i], test_transcript);
    }
  g_test_add_func ("/skyrtc-codec/spellings", test_spellings);
  g_test_add_func ("/skyrtc-codec/tolerance", test_tolerance);
  g_test_add_func ("/skyrtc-codec/description", test_description);
  g_test_add_func ("/skyrtc-codec/hostile-members", test_hostile_members);
  g_test_add_func ("/skyrtc-codec/hostile-frames", test_hostile_frames);
  g_test_add_func ("/skyrtc-codec/mutations", test_mutations);
  return g_test_run ();
}
