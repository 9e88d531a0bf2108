/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "alcove-error.h"
#include "alcove-skyrtc-file.h"

#include "../mutate.h"

/* As the pages send them. */
#define ASK                                                                                        \
  "{\"name\":\"note.bin\",\"size\":2500,\"sendId\":\"7J3HBCCD-AOR\",\"type\":\"__file\","           \
  "\"signal\":\"ask\"}"
#define CHUNK                                                                                      \
  "{\"type\":\"__file\",\"signal\":\"chunk\",\"sendId\":\"7J3HBCCD-AOR\",\"last\":false,"           \
  "\"data\":\"data:application/octet-stream;base64,AAEC\",\"percent\":33.3}"
#define LAST                                                                                       \
  "{\"type\":\"__file\",\"signal\":\"chunk\",\"sendId\":\"7J3HBCCD-AOR\",\"last\":true,"            \
  "\"data\":\"AwQF\"}"

static AlcoveFileMessage *
decode (const char *text)
{
  g_autoptr (GError) error = NULL;
  AlcoveFileMessage *message = alcove_skyrtc_file_decode (text, &error);

  g_assert_no_error (error);
  g_assert_nonnull (message);
  g_assert_cmpstr (message->id, ==, "7J3HBCCD-AOR");
  return message;
}

static void
test_decode (void)
{
  g_autoptr (AlcoveFileMessage) ask = decode (ASK);
  g_autoptr (AlcoveFileMessage) chunk = decode (CHUNK);
  g_autoptr (AlcoveFileMessage) last = decode (LAST);

  g_assert_cmpint (ask->signal, ==, ALCOVE_FILE_ASK);
  g_assert_cmpstr (ask->name, ==, "note.bin");
  g_assert_cmpuint (ask->size, ==, 2500);
  g_assert_cmpint (chunk->signal, ==, ALCOVE_FILE_CHUNK);
  g_assert_false (chunk->last);
  g_assert_cmpstr (chunk->data, ==, "data:application/octet-stream;base64,AAEC");
  g_assert_cmpfloat_with_epsilon (chunk->percent, 33.3, 0.001);
  g_assert_true (last->last);
  g_assert_cmpstr (last->data, ==, "AwQF");
}

static void
test_encode (void)
{
  static const char *const expected[] = {
    [ALCOVE_FILE_ASK] = "{\"type\":\"__file\",\"signal\":\"ask\",\"sendId\":\"7J3HBCCD-AOR\","
                        "\"name\":\"note.bin\",\"size\":2500}",
    [ALCOVE_FILE_ACCEPT] = "{\"type\":\"__file\",\"signal\":\"accept\",\"sendId\":\"7J3HBCCD-AOR\"}",
    [ALCOVE_FILE_REFUSE] = "{\"type\":\"__file\",\"signal\":\"refuse\",\"sendId\":\"7J3HBCCD-AOR\"}",
    [ALCOVE_FILE_CHUNK] = "{\"type\":\"__file\",\"signal\":\"chunk\",\"sendId\":\"7J3HBCCD-AOR\","
                          "\"last\":true,\"data\":\"AwQF\"}",
    [ALCOVE_FILE_CLOSE] = "{\"type\":\"__file\",\"signal\":\"close\",\"sendId\":\"7J3HBCCD-AOR\"}",
  };
  char id[] = "7J3HBCCD-AOR", name[] = "note.bin", data[] = "AwQF";

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      AlcoveFileMessage message = {
        .signal = (AlcoveFileSignal) i, .id = id, .name = name, .size = 2500, .last = TRUE,
        .data = data,
      };
      g_autofree char *text = alcove_skyrtc_file_encode (&message);
      g_autoptr (AlcoveFileMessage) again = decode (text);

      g_assert_cmpstr (text, ==, expected[i]);
      g_assert_cmpint (again->signal, ==, i);
    }

  {
    AlcoveFileMessage message = {
      .signal = ALCOVE_FILE_CHUNK, .id = id, .data = data, .percent = 33.3,
    };
    g_autofree char *text = alcove_skyrtc_file_encode (&message);
    g_autoptr (AlcoveFileMessage) again = decode (text);

    g_assert_nonnull (strstr (text, "\"last\":false"));
    g_assert_cmpfloat_with_epsilon (again->percent, 33.3, 0.001);
  }
}

static void
test_others (void)
{
  static const char *const about_something_else[] = {
    "", "hello", "__file", "[\"__file\"]", "{\"type\":\"__msg\",\"data\":\"__file\"}",
    "{\"type\":7,\"data\":\"__file\"}", "{\"__file\":",
  };
  static const char *const senseless[] = {
    "{\"type\":\"__file\"}",
    "{\"type\":\"__file\",\"signal\":null,\"sendId\":\"a\"}",
    "{\"type\":\"__file\",\"signal\":\"dance\",\"sendId\":\"a\"}",
    "{\"type\":\"__file\",\"signal\":\"accept\"}",
    "{\"type\":\"__file\",\"signal\":\"accept\",\"sendId\":7}",
    "{\"type\":\"__file\",\"signal\":\"ask\",\"sendId\":\"a\",\"size\":1}",
    "{\"type\":\"__file\",\"signal\":\"ask\",\"sendId\":\"a\",\"name\":\"n\"}",
    "{\"type\":\"__file\",\"signal\":\"ask\",\"sendId\":\"a\",\"name\":\"n\",\"size\":-1}",
    "{\"type\":\"__file\",\"signal\":\"ask\",\"sendId\":\"a\",\"name\":{},\"size\":1}",
    "{\"type\":\"__file\",\"signal\":\"chunk\",\"sendId\":\"a\"}",
    "{\"type\":\"__file\",\"signal\":\"chunk\",\"sendId\":\"a\",\"data\":[1]}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (about_something_else); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (alcove_skyrtc_file_decode (about_something_else[i], &error));
      g_assert_no_error (error);
    }
  for (guint i = 0; i < G_N_ELEMENTS (senseless); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", senseless[i]);
      g_assert_null (alcove_skyrtc_file_decode (senseless[i], &error));
      g_assert_nonnull (error);
      g_assert_true (error->domain == ALCOVE_ERROR);
    }
}

/* Whatever a stranger makes of it is taken or refused, and what is taken can be said again. */
static void
test_mutated (void)
{
  static const char *const samples[] = { ASK, CHUNK, LAST };
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  guint taken = 0;
  guint refused = 0;

  for (guint round = 0; round < 30000; round++)
    {
      g_autofree char *text = mutate (rand, samples[round % G_N_ELEMENTS (samples)]);
      g_autoptr (GError) error = NULL;
      g_autoptr (AlcoveFileMessage) message = alcove_skyrtc_file_decode (text, &error);

      if (message != NULL)
        {
          g_autofree char *again = alcove_skyrtc_file_encode (message);
          g_autoptr (AlcoveFileMessage) copy = alcove_skyrtc_file_decode (again, NULL);

          g_assert_no_error (error);
          g_assert_cmpuint (strlen (message->id), <=, ALCOVE_FILE_MAX_ID);
          /* escapes may take it over the bound */
          if (copy != NULL)
            g_assert_cmpstr (copy->id, ==, message->id);
          taken++;
        }
      else
        refused++;
    }
  g_assert_cmpuint (taken, >, 1000);
  g_assert_cmpuint (refused, >, 1000);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/skyrtc/file/decode", test_decode);
  g_test_add_func ("/skyrtc/file/encode", test_encode);
  g_test_add_func ("/skyrtc/file/others", test_others);
  g_test_add_func ("/skyrtc/file/mutated", test_mutated);
  return g_test_run ();
}
