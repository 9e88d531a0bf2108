/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-recording-name"

#include "config.h"

#include "alcove-recording-name.h"

#include <string.h>

#include <glib/gi18n.h>

/*
 * The names of the files of one recording: `gate.mkv`, `gate (2).mkv`, `gate (3).mkv` …
 */

/* Where the stem's number begins, with the space before it, and what it is; else the end and 1. A
 * year in parentheses is no such number. */
static gsize
find_number (const char *path,
             gsize name,
             gsize end,
             guint *number)
{
  guint value = 0;
  gsize at = end;
  guint unit = 1;

  *number = 1;
  if (end <= name + 1 || path[end - 1] != ')')
    return end;
  for (at = end - 1; at > name && g_ascii_isdigit (path[at - 1]); at--)
    {
      if (unit > ALCOVE_RECORDING_MAX_FILES)
        return end;
      value += unit * (guint) g_ascii_digit_value (path[at - 1]);
      unit *= 10;
    }
  if (at < name + 3 || path[at - 1] != '(' || path[at - 2] != ' ' || value < 2
      || value > ALCOVE_RECORDING_MAX_FILES)
    return end;

  *number = value;
  return at - 2;
}

/**
 * alcove_recording_name_next:
 * @path: the name of the recording's first file
 * @n: (inout): how many names it has used, 1 or more
 *
 * Finds the next name that no file has: whoever writes a part of a recording may write more than
 * one file. The number stands before the extension, and goes on where @path has one already. Any
 * thread.
 *
 * Returns: (transfer full) (nullable): the name, or %NULL once @n is %ALCOVE_RECORDING_MAX_FILES
 */
char *
alcove_recording_name_next (const char *path,
                            guint *n)
{
  const char *slash = strrchr (path, G_DIR_SEPARATOR);
  gsize name = slash != NULL ? (gsize) (slash - path) + 1 : 0;
  /* the first of a name makes it a hidden file */
  const char *dot = path[name] != '\0' ? strrchr (path + name + 1, '.') : NULL;
  gsize end = dot != NULL ? (gsize) (dot - path) : strlen (path);
  guint first;
  gsize stem = find_number (path, name, end, &first);

  while (*n < ALCOVE_RECORDING_MAX_FILES)
    {
      g_autofree char *next = NULL;

      (*n)++;
      next = g_strdup_printf ("%.*s (%u)%s", (int) stem, path, first - 1 + *n, path + end);
      if (!g_file_test (next, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&next);
    }

  return NULL;
}

/**
 * alcove_recording_name_is_webm:
 * @path: the name of a file
 *
 * Returns: whether it is to be WebM, which holds VP8 and Opus alone; any other is Matroska
 */
gboolean
alcove_recording_name_is_webm (const char *path)
{
  const char *dot = strrchr (path, '.');

  return dot != NULL && g_ascii_strcasecmp (dot, ".webm") == 0;
}

/**
 * alcove_recording_name_list:
 * @files: (array zero-terminated=1): names of files
 *
 * For a person who is told that something of a recording is missing. Any thread.
 *
 * Returns: (transfer full) (nullable): a sentence that names them, %NULL without any
 */
char *
alcove_recording_name_list (const char *const *files)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (gsize i = 0; files[i] != NULL; i++)
    {
      g_autofree char *shown = g_filename_display_name (files[i]);

      if (i > 0)
        g_string_append (names, _ (", "));
      g_string_append_printf (names, _ ("“%s”"), shown);
    }

  return names->len > 0 ? g_strdup_printf (_ ("What was recorded is in %s."), names->str) : NULL;
}
