/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-fingerprint"

#include "config.h"

#include "alcove-fingerprint.h"

#include <string.h>

#define PEM_BEGIN "-----BEGIN CERTIFICATE-----"
#define PEM_END "-----END CERTIFICATE-----"

/* MD5 and SHA-1 certificates can be forged, so they promise nothing. */
static const struct
{
  const char *name;
  GChecksumType type;
} hashes[] = {
  { "sha-256", G_CHECKSUM_SHA256 },
  { "sha-384", G_CHECKSUM_SHA384 },
  { "sha-512", G_CHECKSUM_SHA512 },
};

/* Splits `sha-256 AB:CD` and says which hash it is; NULL if it is not one we trust. */
static const char *
parse (const char *fingerprint,
       GChecksumType *type)
{
  for (gsize i = 0; i < G_N_ELEMENTS (hashes); i++)
    {
      gsize length = strlen (hashes[i].name);

      if (g_ascii_strncasecmp (fingerprint, hashes[i].name, length) == 0
          && fingerprint[length] == ' ')
        {
          *type = hashes[i].type;
          return fingerprint + length + 1;
        }
    }

  return NULL;
}

/**
 * alcove_fingerprint_is_any_usable:
 * @fingerprints: (array zero-terminated=1): values of `a=fingerprint` lines
 *
 * Returns: whether one of them uses SHA-256, SHA-384 or SHA-512
 */
gboolean
alcove_fingerprint_is_any_usable (const char *const *fingerprints)
{
  GChecksumType type;

  for (gsize i = 0; fingerprints != NULL && fingerprints[i] != NULL; i++)
    if (parse (fingerprints[i], &type) != NULL)
      return TRUE;

  return FALSE;
}

/**
 * alcove_fingerprint_from_pem:
 * @pem: a certificate as text
 * @type: a hash
 *
 * Hashes the certificate as RFC 8122 has it. May be called from any thread.
 *
 * Returns: (transfer full) (nullable): pairs of hexadecimal digits in upper case, separated
 *   by colons; %NULL if @pem holds no certificate
 */
char *
alcove_fingerprint_from_pem (const char *pem,
                             GChecksumType type)
{
  const char *begin = strstr (pem, PEM_BEGIN);
  const char *end = begin != NULL ? strstr (begin, PEM_END) : NULL;
  g_autofree char *base64 = NULL;
  g_autofree guchar *der = NULL;
  g_autofree char *digest = NULL;
  GString *text;
  gsize length = 0;

  if (end == NULL)
    return NULL;

  begin += strlen (PEM_BEGIN);
  base64 = g_strndup (begin, (gsize) (end - begin));
  der = g_base64_decode (base64, &length);
  if (der == NULL || length == 0)
    return NULL;

  digest = g_compute_checksum_for_data (type, der, length);
  text = g_string_sized_new (strlen (digest) * 3 / 2);
  for (gsize i = 0; digest[i] != '\0'; i++)
    {
      if (i > 0 && i % 2 == 0)
        g_string_append_c (text, ':');
      g_string_append_c (text, g_ascii_toupper (digest[i]));
    }

  return g_string_free (text, FALSE);
}

/**
 * alcove_fingerprint_matches:
 * @pem: the certificate that the far side showed
 * @fingerprints: (array zero-terminated=1): what its description promised
 *
 * May be called from any thread.
 *
 * Returns: whether one of @fingerprints that uses a hash we trust is that of @pem
 */
gboolean
alcove_fingerprint_matches (const char *pem,
                            const char *const *fingerprints)
{
  for (gsize i = 0; fingerprints != NULL && fingerprints[i] != NULL; i++)
    {
      GChecksumType type;
      const char *promised = parse (fingerprints[i], &type);
      g_autofree char *found = NULL;

      if (promised == NULL)
        continue;

      found = alcove_fingerprint_from_pem (pem, type);
      if (found != NULL && g_ascii_strcasecmp (found, promised) == 0)
        return TRUE;
    }

  return FALSE;
}
