/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <string.h>

#include <glib.h>

/*
 * Spoils a good sample in the ways in which input goes wrong: single bytes, stretches that are
 * missing, doubled or from elsewhere, an early end, numbers and brackets beyond any bound. With a
 * fixed seed each run is the same.
 */
static inline char *
mutate (GRand *rand,
        const char *sample)
{
  static const char *const pieces[] = {
    "\r\n", "\n", ":", " ", "\"", "\\", "\\u0000", "\\ud800", "{", "}", "[[[[[[[[", "null", "-1",
    "0",    "65536", "99999999999999999999", "1e999", "a=", "m=", "m=audio 0 ", "\xff", "\xe2\x80\xae",
    "%n%s", "/",
  };
  g_autoptr (GString) text = g_string_new (sample);
  guint changes = (guint) g_rand_int_range (rand, 1, 6);

  for (guint i = 0; i < changes && text->len > 0; i++)
    {
      gsize at = (gsize) g_rand_int_range (rand, 0, (gint32) text->len);
      gsize stretch = (gsize) g_rand_int_range (rand, 1, 40);
      gsize size = MIN (stretch, text->len - at);

      switch (g_rand_int_range (rand, 0, 6))
        {
        case 0:
          text->str[at] = (char) g_rand_int_range (rand, 1, 256);
          break;
        case 1:
          g_string_erase (text, (gssize) at, (gssize) size);
          break;
        case 2:
          {
            g_autofree char *copy = g_strndup (text->str + at, size);

            g_string_insert (text, g_rand_int_range (rand, 0, (gint32) text->len), copy);
            break;
          }
        case 3:
          g_string_insert (text, (gssize) at,
                           pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))]);
          break;
        case 4:
          g_string_erase (text, (gssize) at, (gssize) size);
          g_string_insert (text, (gssize) at,
                           pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))]);
          break;
        default:
          if (g_rand_int_range (rand, 0, 8) == 0)
            g_string_truncate (text, at);
          break;
        }
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}
