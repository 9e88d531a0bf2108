/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-debug"

#include "config.h"

#include "alcove-debug.h"

static const GDebugKey keys[] = {
  { "wire", ALCOVE_DEBUG_WIRE },     { "sdp", ALCOVE_DEBUG_SDP },
  { "ice", ALCOVE_DEBUG_ICE },       { "media", ALCOVE_DEBUG_MEDIA },
  { "server", ALCOVE_DEBUG_SERVER }, { "timing", ALCOVE_DEBUG_TIMING },
};

/**
 * alcove_debug_get_flags:
 *
 * Reads `ALCOVE_DEBUG` once. May be called from any thread.
 *
 * Returns: the switches that are on
 */
AlcoveDebugFlags
alcove_debug_get_flags (void)
{
  static gsize flags_plus_one = 0;

  if (g_once_init_enter (&flags_plus_one))
    {
      gsize flags
          = g_parse_debug_string (g_getenv ("ALCOVE_DEBUG"), keys, G_N_ELEMENTS (keys));

      g_once_init_leave (&flags_plus_one, flags + 1);
    }

  return (AlcoveDebugFlags) (flags_plus_one - 1);
}

/**
 * alcove_debug_print:
 * @flag: the switch this line belongs to
 * @format: as for printf
 * @...: its arguments
 *
 * Prints one line on standard error if @flag is on, with the time in
 * milliseconds of the monotonic clock. May be called from any thread.
 */
void
alcove_debug_print (AlcoveDebugFlags flag,
                    const char *format,
                    ...)
{
  g_autofree char *text = NULL;
  const char *name = "debug";
  va_list args;

  if ((alcove_debug_get_flags () & flag) == 0)
    return;

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (keys[i].value == flag)
      name = keys[i].key;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);

  g_printerr ("%" G_GINT64_FORMAT " %s: %s\n", g_get_monotonic_time () / 1000, name, text);
}
