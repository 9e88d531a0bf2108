/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-session-id"

#include "config.h"

#include "alcove-session-id.h"

#include <sys/random.h>

#define BYTES_A_GROUP 3
#define CHARACTERS_A_GROUP 4

/**
 * alcove_session_id_new:
 * @length: how many characters, a multiple of four; 20 are 120 bits
 *
 * Makes an id of letters, digits, `-` and `_` that nobody can guess: whoever knows it can
 * speak for the session. The numbers of GLib can be foretold from earlier ones, so they are
 * the kernel's.
 *
 * Returns: (transfer full): the id
 */
char *
alcove_session_id_new (gsize length)
{
  gsize size = length / CHARACTERS_A_GROUP * BYTES_A_GROUP;
  g_autofree guint8 *bytes = g_malloc (size);
  gsize filled = 0;
  char *id;

  while (filled < size)
    {
      gssize n = getrandom (bytes + filled, size - filled, 0);

      if (n > 0)
        filled += (gsize) n;
    }

  id = g_base64_encode (bytes, size);
  return g_strdelimit (g_strdelimit (id, "+", '-'), "/", '_');
}
