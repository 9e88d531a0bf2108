/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-fuzz"

#include "config.h"

#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

/* What the targets share. */

static GLogWriterOutput
drop_message (GLogLevelFlags level,
              const GLogField *fields,
              gsize n_fields,
              gpointer data)
{
  if (level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING))
    {
      for (gsize i = 0; i < n_fields; i++)
        if (strcmp (fields[i].key, "MESSAGE") == 0)
          fuzz_refute ("what a stranger sends warns nobody", fields[i].value, 0);
    }
  return G_LOG_WRITER_HANDLED;
}

int
LLVMFuzzerInitialize (int *argc,
                      char ***argv)
{
  g_log_set_writer_func (drop_message, NULL, NULL);
  return 0;
}

void
fuzz_refute (const char *claim,
             const char *file,
             int line)
{
  fprintf (stderr, "Does not hold: %s (%s:%d)\n", claim, file, line);
  abort ();
}

/* What was written, and what was written of what was read from that. */
void
fuzz_hold_same (const char *before,
                const char *after)
{
  if (g_strcmp0 (before, after) == 0)
    return;

  fprintf (stderr, "first:  %s\nsecond: %s\n", before != NULL ? before : "(nothing)",
           after != NULL ? after : "(nothing)");
  fuzz_refute ("what was written reads the same again", __FILE__, __LINE__);
}

/* A text may be missing. */
void
fuzz_hold_text (const char *text,
                gsize max_length)
{
  HOLDS (text == NULL || strlen (text) <= max_length);
  HOLDS (text == NULL || g_utf8_validate (text, -1, NULL));
}

/* A copy of its own that ends with a zero byte, so that the sanitizer sees each byte beyond. */
char *
fuzz_text (const uint8_t *data,
           size_t size)
{
  char *text = g_malloc (size + 1);

  if (size > 0)
    memcpy (text, data, size);
  text[size] = 0;
  return text;
}
