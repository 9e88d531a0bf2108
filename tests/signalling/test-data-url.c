/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "alcove-data-url.h"
#include "alcove-error.h"

static GBytes *
make_bytes (gsize size)
{
  guint8 *bytes = g_malloc (size + 1);

  for (gsize i = 0; i < size; i++)
    bytes[i] = (guint8) (i * 7 + i / 251);
  return g_bytes_new_take (bytes, size);
}

/* Whatever the size of file, block and piece, what comes out is what went in. */
static void
test_round_trip (void)
{
  static const gsize sizes[] = { 0, 1, 2, 3, 4, 5, 1000, 2500, 5000 };
  static const gsize blocks[] = { 1, 2, 4, 7, 4096 };
  static const gsize pieces[] = { 1, 3, 10, 1000, 100000 };

  for (gsize s = 0; s < G_N_ELEMENTS (sizes); s++)
    for (gsize b = 0; b < G_N_ELEMENTS (blocks); b++)
      for (gsize p = 0; p < G_N_ELEMENTS (pieces); p++)
        {
          g_autoptr (GBytes) bytes = make_bytes (sizes[s]);
          const guint8 *data = g_bytes_get_data (bytes, NULL);
          g_autoptr (AlcoveDataUrlWriter) writer
              = alcove_data_url_writer_new ("text/plain", sizes[s]);
          g_autoptr (AlcoveDataUrlReader) reader = alcove_data_url_reader_new (sizes[s]);
          g_autoptr (GByteArray) got = g_byte_array_new ();
          g_autoptr (GString) text = g_string_new (NULL);
          g_autofree char *encoded = NULL;
          g_autofree char *expected = NULL;
          gsize fed = 0;
          gboolean last = FALSE;

          while (!last)
            {
              double percent = 0;
              g_autofree char *piece
                  = alcove_data_url_writer_take (writer, pieces[p], &last, &percent);

              if (piece == NULL)
                {
                  gsize length = MIN (blocks[b], sizes[s] - fed);

                  g_assert_cmpuint (length, >, 0);
                  alcove_data_url_writer_feed (writer, data + fed, length);
                  fed += length;
                  continue;
                }
              g_assert_cmpuint (strlen (piece), <=, pieces[p]);
              g_assert_true (last || strlen (piece) == pieces[p]);
              g_assert_cmpfloat (percent, >, 0);
              g_assert_true ((percent >= 100.0) == last);
              g_string_append (text, piece);
              g_assert_true (alcove_data_url_reader_feed (reader, piece, got, NULL));
            }

          g_assert_true (alcove_data_url_reader_finish (reader, NULL));
          g_assert_cmpmem (got->data, got->len, data, sizes[s]);
          encoded = sizes[s] > 0 ? g_base64_encode (data, sizes[s]) : g_strdup ("");
          expected = g_strconcat ("data:text/plain;base64,", encoded, NULL);
          g_assert_cmpstr (text->str, ==, expected);
        }
}

static void
test_strangers (void)
{
  static const struct {
    const char *text;
    guint64 size;
    AlcoveError feed;   /* 0 if it can be fed */
    AlcoveError finish; /* 0 if that is all of it */
  } cases[] = {
    { "data:;base64,AAEC", 3, 0, 0 },
    { "DATA:a/b;charset=x;BASE64,AAEC", 3, 0, 0 },
    { "data:", 0, 0, 0 },
    { "data:;base64,", 0, 0, 0 },
    { "data:;base64,AA==", 1, 0, 0 },
    { "", 0, 0, ALCOVE_ERROR_MALFORMED },
    { "data:", 1, 0, ALCOVE_ERROR_MALFORMED },
    { "data:;base64,AAEC", 4, 0, ALCOVE_ERROR_MALFORMED },
    { "data:;base64,AAEC", 2, ALCOVE_ERROR_TOO_LARGE, 0 },
    { "data:;base64,AAECA", 3, 0, ALCOVE_ERROR_MALFORMED },
    { "data:;base64,AA==AA==", 2, ALCOVE_ERROR_MALFORMED, 0 },
    { "data:;base64,A===", 0, ALCOVE_ERROR_MALFORMED, 0 },
    { "data:;base64,AA\nEC", 3, ALCOVE_ERROR_MALFORMED, 0 },
    { "data:;base64,äöü", 3, ALCOVE_ERROR_MALFORMED, 0 },
    { "data:text/plain,hello", 5, ALCOVE_ERROR_MALFORMED, 0 },
    { "http://example.org/,AAEC", 3, ALCOVE_ERROR_MALFORMED, 0 },
    { ",AAEC", 3, ALCOVE_ERROR_MALFORMED, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize piece = 1; piece < 40; piece += 19)
      {
        g_autoptr (AlcoveDataUrlReader) reader = alcove_data_url_reader_new (cases[i].size);
        g_autoptr (GByteArray) got = g_byte_array_new ();
        g_autoptr (GError) error = NULL;
        gboolean fed = TRUE;

        g_test_message ("%s", cases[i].text);
        for (gsize at = 0; fed && at < strlen (cases[i].text); at += piece)
          {
            g_autofree char *part = g_strndup (cases[i].text + at, piece);

            fed = alcove_data_url_reader_feed (reader, part, got, &error);
          }
        g_assert_cmpuint (got->len, <=, cases[i].size);
        if (cases[i].feed != 0)
          {
            g_assert_error (error, ALCOVE_ERROR, (int) cases[i].feed);
            continue;
          }
        g_assert_no_error (error);
        if (alcove_data_url_reader_finish (reader, &error))
          g_assert_cmpint (cases[i].finish, ==, 0);
        else
          g_assert_error (error, ALCOVE_ERROR, (int) cases[i].finish);
      }
}

/* A header that never ends. */
static void
test_endless_header (void)
{
  g_autoptr (AlcoveDataUrlReader) reader = alcove_data_url_reader_new (10);
  g_autoptr (GByteArray) got = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  guint n = 0;

  while (alcove_data_url_reader_feed (reader, "data:data:", got, &error))
    g_assert_cmpuint (++n, <, ALCOVE_DATA_URL_MAX_HEADER);
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/data-url/round-trip", test_round_trip);
  g_test_add_func ("/data-url/strangers", test_strangers);
  g_test_add_func ("/data-url/endless-header", test_endless_header);
  return g_test_run ();
}
