/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "alcove-error.h"
#include "alcove-inband.h"
#include "alcove-pair.h"

#include "../mutate.h"

static AlcoveInbandMessage *
round_trip (const AlcoveInbandMessage *message)
{
  g_autofree char *text = alcove_inband_encode (message);
  g_autoptr (GError) error = NULL;
  AlcoveInbandMessage *result;

  g_assert_nonnull (text);
  result = alcove_inband_decode (text, &error);
  g_assert_no_error (error);
  g_assert_cmpint (result->kind, ==, message->kind);
  return result;
}

static void
test_round_trip (void)
{
  char name[] = "阿丽 <b>";
  char text[] = "one\ntwo";
  char id[] = " \u202ean id\n";
  AlcoveInbandMessage message
      = { .kind = ALCOVE_INBAND_HELLO, .version = 1, .name = name, .camera_off = TRUE };
  g_autoptr (AlcoveInbandMessage) result = round_trip (&message);

  g_assert_cmpstr (result->name, ==, name);
  g_assert_cmpuint (result->version, ==, 1);
  g_assert_true (result->camera_off);
  g_assert_false (result->muted);
  g_assert_null (result->id);

  message = (AlcoveInbandMessage) { .kind = ALCOVE_INBAND_STATE, .muted = TRUE };
  g_clear_pointer (&result, alcove_inband_message_free);
  result = round_trip (&message);
  g_assert_true (result->muted);
  g_assert_null (result->name);

  message = (AlcoveInbandMessage) { .kind = ALCOVE_INBAND_HEARTBEAT, .sequence = 77 };
  g_clear_pointer (&result, alcove_inband_message_free);
  result = round_trip (&message);
  g_assert_cmpuint (result->sequence, ==, 77);

  message = (AlcoveInbandMessage) { .kind = ALCOVE_INBAND_CHAT, .text = text };
  g_clear_pointer (&result, alcove_inband_message_free);
  result = round_trip (&message);
  g_assert_cmpstr (result->text, ==, text);

  message = (AlcoveInbandMessage) { .kind = ALCOVE_INBAND_BYE };
  g_clear_pointer (&result, alcove_inband_message_free);
  result = round_trip (&message);

  message = (AlcoveInbandMessage)
      { .kind = ALCOVE_INBAND_HELLO, .version = 1, .id = id, .peer = text };
  g_clear_pointer (&result, alcove_inband_message_free);
  result = round_trip (&message);
  /* no text to be shown: they stay as they are */
  g_assert_cmpstr (result->id, ==, id);
  g_assert_cmpstr (result->peer, ==, text);

  message = (AlcoveInbandMessage) { .kind = ALCOVE_INBAND_MOVED, .id = id };
  g_clear_pointer (&result, alcove_inband_message_free);
  result = round_trip (&message);
  g_assert_cmpstr (result->id, ==, id);
}

static void
test_forward (void)
{
  g_autoptr (AlcoveInbandMessage) a
      = alcove_inband_decode ("{\"kind\":\"raise-hand\",\"x\":[1]}", NULL);
  g_autoptr (AlcoveInbandMessage) b = alcove_inband_decode (
      "{\"kind\":\"hello\",\"version\":9,\"name\":7,\"muted\":\"yes\",\"id\":1,\"peer\":[],"
      "\"later\":{}}",
      NULL);

  g_assert_cmpint (a->kind, ==, ALCOVE_INBAND_UNKNOWN);
  g_assert_cmpint (b->kind, ==, ALCOVE_INBAND_HELLO);
  g_assert_cmpuint (b->version, ==, 9);
  g_assert_null (b->name);
  g_assert_false (b->muted);
  g_assert_null (b->id);
  g_assert_null (b->peer);
}

static void
test_size (void)
{
  AlcoveInbandMessage message = { .kind = ALCOVE_INBAND_SIZE, .width = 639, .height = 359 };
  g_autofree char *text = alcove_inband_encode (&message);
  g_autoptr (AlcoveInbandMessage) same = alcove_inband_decode (text, NULL);
  g_autoptr (AlcoveInbandMessage) large = alcove_inband_decode (
      "{\"kind\":\"size\",\"width\":2000000000,\"height\":0}", NULL);

  g_assert_cmpint (same->kind, ==, ALCOVE_INBAND_SIZE);
  g_assert_cmpint (same->width, ==, 639);
  g_assert_cmpint (same->height, ==, 359);
  g_assert_cmpint (large->width, ==, ALCOVE_INBAND_MAX_SIDE);
  g_assert_cmpint (large->height, ==, 0);
}

static void
test_bad (void)
{
  static const char *const bad[] = {
    "", "{", "[]", "7", "null", "{}", "{\"kind\":7}", "{\"kind\":null}", "{\"kind\":\"chat\"}",
    "{\"kind\":\"chat\",\"text\":[]}", "\xff\xfe", "{\"kind\":\"chat\",\"text\":\"\xc3\"}",
    "{\"kind\":\"moved\"}", "{\"kind\":\"moved\",\"id\":7}", "{\"kind\":\"moved\",\"id\":null}",
    "{\"kind\":\"size\"}", "{\"kind\":\"size\",\"width\":1}",
    "{\"kind\":\"size\",\"width\":-1,\"height\":1}",
    "{\"kind\":\"size\",\"width\":1.5,\"height\":1}",
  };
  g_autofree char *large = g_strnfill (ALCOVE_INBAND_MAX_MESSAGE + 1, '[');
  g_autofree char *filler = g_strnfill (ALCOVE_INBAND_MAX_CHAT + 1, 'x');
  g_autofree char *chat = g_strdup_printf ("{\"kind\":\"chat\",\"text\":\"%s\"}", filler);
  g_autofree char *longer = g_strnfill (ALCOVE_INBAND_MAX_ID + 1, 'x');
  g_autofree char *moved = g_strdup_printf ("{\"kind\":\"moved\",\"id\":\"%s\"}", longer);

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (alcove_inband_decode (bad[i], &error));
      g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED);
    }

  g_autoptr (GError) error = NULL;
  g_autoptr (AlcoveInbandMessage) empty
      = alcove_inband_decode ("{\"kind\":\"chat\",\"text\":\"\"}", NULL);

  /* nothing to show, and nothing to pass on */
  g_assert_nonnull (empty);
  g_assert_null (empty->text);
  g_assert_null (alcove_inband_encode (empty));
  g_assert_null (alcove_inband_decode (large, &error));
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_TOO_LARGE);
  g_assert_null (alcove_inband_decode (chat, NULL));
  g_assert_null (alcove_inband_decode (moved, NULL));
}

static void
test_clean (void)
{
  g_autofree char *a = alcove_inband_clean_name ("  Ann\xe2\x80\xa8\r\n\x1b[31m\xe2\x80\xae  ");
  g_autofree char *b = NULL;
  g_autofree char *wide = g_strnfill (127, 'a');
  g_autofree char *wider = g_strconcat (wide, "é", NULL);

  g_assert_cmpstr (a, ==, "Ann[31m");
  g_assert_null (alcove_inband_clean_name (" \n"));
  g_assert_null (alcove_inband_clean_name (NULL));
  g_assert_null (alcove_inband_clean_name ("\xff"));
  b = alcove_inband_clean_name (wider);
  g_assert_cmpuint (strlen (b), ==, 127);
}

/* Whatever comes out of a spoilt message can be shown, and said again. */
static void
test_mutations (void)
{
  static const char *const samples[] = {
    "{\"kind\":\"hello\",\"version\":1,\"id\":\"6d0f\",\"peer\":\"a\",\"name\":\"阿丽\",\"muted\":true,"
    "\"camera_off\":false}",
    "{\"kind\":\"state\",\"name\":\"Ada \\u00e9\",\"muted\":false,\"camera_off\":true}",
    "{\"kind\":\"heartbeat\",\"sequence\":4294967295}",
    "{\"kind\":\"chat\",\"text\":\"one\\ntwo \\ud83d\\ude00\"}",
    "{\"kind\":\"bye\"}",
    "{\"kind\":\"moved\",\"id\":\"6d0f3c52c3b111ef\"}",
    "{\"kind\":\"size\",\"width\":1280,\"height\":720}",
  };
  g_autoptr (GRand) rand = g_rand_new_with_seed (20240612);

  for (guint round = 0; round < 20000; round++)
    {
      g_autofree char *spoilt = mutate (rand, samples[round % G_N_ELEMENTS (samples)]);
      g_autofree char *again = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (AlcoveInbandMessage) message = alcove_inband_decode (spoilt, &error);

      g_assert_true ((message == NULL) == (error != NULL));
      if (message == NULL)
        continue;
      g_assert_true (message->name == NULL || g_utf8_validate (message->name, -1, NULL));
      g_assert_true (message->text == NULL || g_utf8_validate (message->text, -1, NULL));
      g_assert_cmpint (message->width, >=, 0);
      g_assert_cmpint (message->width, <=, ALCOVE_INBAND_MAX_SIDE);
      g_assert_true (message->id == NULL || strlen (message->id) <= ALCOVE_INBAND_MAX_ID);
      again = alcove_inband_encode (message);
      g_assert_true ((again == NULL) == (message->kind == ALCOVE_INBAND_UNKNOWN));
    }
}

/* However long the ids are, what goes out fits into a message, and what comes in is what went out. */
static void
test_pairs (void)
{
  g_autoptr (GPtrArray) pairs = alcove_pair_new_list ();
  AlcoveInbandMessage message = { .kind = ALCOVE_INBAND_PAIRS, .pairs = pairs };
  g_autoptr (AlcoveInbandMessage) result = NULL;
  g_autofree char *id = g_strnfill (ALCOVE_PAIR_MAX_ID, '"');
  AlcovePair *pair = alcove_pair_new ("1234");

  pair->you = TRUE;
  pair->state = ALCOVE_PAIR_REPAIRING;
  pair->frame_age_ms = G_MAXINT64;
  pair->fps = 0;
  pair->loss = 1000;
  g_ptr_array_add (pairs, pair);
  result = round_trip (&message);
  g_assert_cmpuint (result->pairs->len, ==, 1);
  pair = result->pairs->pdata[0];
  g_assert_cmpstr (pair->id, ==, "1234");
  g_assert_true (pair->you);
  g_assert_cmpint (pair->state, ==, ALCOVE_PAIR_REPAIRING);
  g_assert_cmpint (pair->frame_age_ms, >, 0);
  g_assert_cmpint (pair->fps, ==, 0);
  g_assert_cmpint (pair->loss, ==, 1000);
  g_assert_cmpint (pair->rtt_ms, ==, -1);

  for (guint i = 0; i < 2 * ALCOVE_PAIR_MAX; i++)
    g_ptr_array_add (pairs, alcove_pair_new (id));
  g_clear_pointer (&result, alcove_inband_message_free);
  result = round_trip (&message);
  g_assert_cmpuint (result->pairs->len, >, 1);
  g_assert_cmpuint (result->pairs->len, <=, ALCOVE_PAIR_MAX);
  g_assert_cmpstr (((AlcovePair *) result->pairs->pdata[1])->id, ==, id);

  message.pairs = NULL;
  g_assert_null (alcove_inband_encode (&message));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/inband/round-trip", test_round_trip);
  g_test_add_func ("/inband/size", test_size);
  g_test_add_func ("/inband/pairs", test_pairs);
  g_test_add_func ("/inband/forward", test_forward);
  g_test_add_func ("/inband/bad", test_bad);
  g_test_add_func ("/inband/clean", test_clean);
  g_test_add_func ("/inband/mutations", test_mutations);

  return g_test_run ();
}
