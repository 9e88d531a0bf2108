/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-file-name"

#include "config.h"

#include "alcove-file-name.h"

#include <string.h>

#include "alcove-inband.h"

/* Bytes of a file's name that come from somebody's name; with time and ending it stays well below
 * what a file system takes. */
#define MAX_NAME 80

/**
 * alcove_file_name_make:
 * @text: (nullable): whose file it is: any text of a stranger's
 * @fallback: what stands for it if nothing is left of it
 * @time: when it was made
 * @suffix: what it ends in, with the dot
 *
 * Makes the name of a file that is one on every file system, and neither hidden nor in
 * another folder, whatever somebody calls themselves.
 *
 * Returns: (transfer full): a name, such as `Mei 2026-11-21 12.04.05.png`
 */
char *
alcove_file_name_make (const char *text,
                       const char *fallback,
                       GDateTime *time,
                       const char *suffix)
{
  g_autofree char *clean = alcove_inband_clean_name (text);
  g_autoptr (GString) result = g_string_new (NULL);
  g_autofree char *stamp = g_date_time_format (time, "%Y-%m-%d %H.%M.%S");

  for (const char *at = clean; at != NULL && *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (result->len + 6 > MAX_NAME)
        break;
      g_string_append_unichar (result, c < 0x80 && strchr ("/\\:*?\"<>|", (int) c) ? '_' : c);
    }
  /* neither hidden, nor taken for an option, nor the folder above */
  while (result->len > 0 && strchr (".- ", result->str[0]) != NULL)
    g_string_erase (result, 0, 1);
  while (result->len > 0 && strchr (". ", result->str[result->len - 1]) != NULL)
    g_string_truncate (result, result->len - 1);
  if (result->len == 0)
    g_string_append (result, fallback);

  g_string_append_printf (result, " %s%s", stamp, suffix);
  return g_string_free (g_steal_pointer (&result), FALSE);
}
