/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-fuzz-sdp"

#include "config.h"

#include "fuzz.h"

#include "alcove-sdp.h"

/* What the room reads of a description before any link sees it. */

static gboolean
equal (GStrv one,
       GStrv other)
{
  return g_strv_equal ((const char *const *) one, (const char *const *) other);
}

static void
hold_distinct (GStrv values)
{
  for (gsize i = 0; values[i] != NULL; i++)
    {
      HOLDS (*values[i] != '\0' && g_utf8_validate (values[i], -1, NULL));
      HOLDS (!g_strv_contains ((const char *const *) values + i + 1, values[i]));
    }
}

/* Lines may end either way, which changes nothing. */
static char *
with_other_ends (const char *text)
{
  GString *other = g_string_new (NULL);

  for (const char *at = text; *at != '\0'; at++)
    if (*at == '\r' && at[1] == '\n')
      continue;
    else if (*at == '\n' && (at == text || at[-1] != '\r'))
      g_string_append (other, "\r\n");
    else
      g_string_append_c (other, *at);

  return g_string_free (other, FALSE);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t size)
{
  g_autofree char *text = fuzz_text (data, size);
  g_autofree char *other = with_other_ends (text);
  g_autofree char *ufrag = alcove_sdp_candidate_ufrag (text);
  g_autoptr (GError) error = NULL;
  g_autoptr (AlcoveSdpInfo) info = alcove_sdp_inspect (text, &error);
  g_autoptr (AlcoveSdpInfo) again = alcove_sdp_inspect (other, NULL);

  HOLDS (ufrag == NULL || (*ufrag != '\0' && strpbrk (ufrag, " \r\n") == NULL));
  HOLDS ((info == NULL) == (error != NULL));
  HOLDS ((info == NULL) == (again == NULL));
  if (info == NULL)
    return 0;

  HOLDS (info->n_sections >= 1 && info->n_sections <= ALCOVE_SDP_MAX_SECTIONS);
  HOLDS (info->n_media <= info->n_sections);
  HOLDS (g_strv_length (info->mids) == info->n_sections);
  HOLDS (info->fingerprints[0] != NULL);
  hold_distinct (info->fingerprints);
  hold_distinct (info->ufrags);

  HOLDS (strcmp (info->session_id, again->session_id) == 0);
  HOLDS (equal (info->fingerprints, again->fingerprints) && equal (info->ufrags, again->ufrags)
         && equal (info->mids, again->mids));
  HOLDS (info->n_sections == again->n_sections && info->n_media == again->n_media);
  return 0;
}
