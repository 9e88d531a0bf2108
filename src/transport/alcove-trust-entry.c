/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-trust-entry"

#include "config.h"

#include "alcove-trust-entry.h"

#include <string.h>

#include <glib/gi18n.h>

#define DIGEST_BYTES 32

/**
 * AlcoveTrustEntry:
 *
 * One certificate at one server, and what is wrong with it. Does not change.
 */
struct _AlcoveTrustEntry {
  GObject parent_instance;

  char *host;
  guint port;
  char *fingerprint;
  GTlsCertificateFlags problems;
};

G_DEFINE_FINAL_TYPE (AlcoveTrustEntry, alcove_trust_entry, G_TYPE_OBJECT)

static void
alcove_trust_entry_finalize (GObject *object)
{
  AlcoveTrustEntry *self = ALCOVE_TRUST_ENTRY (object);

  g_free (self->host);
  g_free (self->fingerprint);

  G_OBJECT_CLASS (alcove_trust_entry_parent_class)->finalize (object);
}

static void
alcove_trust_entry_class_init (AlcoveTrustEntryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = alcove_trust_entry_finalize;
}

static void
alcove_trust_entry_init (AlcoveTrustEntry *self)
{
}

/**
 * alcove_trust_entry_new:
 * @host: the server's name or address, in any case
 * @port: its port
 * @fingerprint: as alcove_trust_fingerprint_parse() returns it
 * @problems: what is wrong with the certificate
 *
 * Returns: (transfer full): an entry
 */
AlcoveTrustEntry *
alcove_trust_entry_new (const char *host,
                        guint port,
                        const char *fingerprint,
                        GTlsCertificateFlags problems)
{
  AlcoveTrustEntry *self = g_object_new (ALCOVE_TYPE_TRUST_ENTRY, NULL);

  self->host = g_ascii_strdown (host, -1);
  self->port = port;
  self->fingerprint = g_strdup (fingerprint);
  self->problems = problems;
  return self;
}

/**
 * alcove_trust_entry_get_host:
 * @self: an entry
 *
 * Returns: (transfer none): the server's name or address, in lower case
 */
const char *
alcove_trust_entry_get_host (AlcoveTrustEntry *self)
{
  return self->host;
}

/**
 * alcove_trust_entry_get_port:
 * @self: an entry
 *
 * Returns: the server's port
 */
guint
alcove_trust_entry_get_port (AlcoveTrustEntry *self)
{
  return self->port;
}

/**
 * alcove_trust_entry_get_fingerprint:
 * @self: an entry
 *
 * Returns: (transfer none): SHA-256 of the certificate, `AB:CD:…`
 */
const char *
alcove_trust_entry_get_fingerprint (AlcoveTrustEntry *self)
{
  return self->fingerprint;
}

/**
 * alcove_trust_entry_get_problems:
 * @self: an entry
 *
 * Returns: what is wrong with the certificate
 */
GTlsCertificateFlags
alcove_trust_entry_get_problems (AlcoveTrustEntry *self)
{
  return self->problems;
}

/**
 * alcove_trust_entry_dup_place:
 * @self: an entry
 *
 * Returns: (transfer full): host and port as a person writes them
 */
char *
alcove_trust_entry_dup_place (AlcoveTrustEntry *self)
{
  return g_strdup_printf (strchr (self->host, ':') != NULL ? "[%s]:%u" : "%s:%u", self->host,
                          self->port);
}

/**
 * alcove_trust_entry_dup_problems_text:
 * @self: an entry
 *
 * Returns: (transfer full): a plain sentence for each thing that is wrong
 */
char *
alcove_trust_entry_dup_problems_text (AlcoveTrustEntry *self)
{
  static const struct {
    GTlsCertificateFlags flag;
    const char *sentence;
  } sentences[] = {
    { G_TLS_CERTIFICATE_REVOKED, N_ ("Its issuer has taken it back.") },
    { G_TLS_CERTIFICATE_BAD_IDENTITY, N_ ("It is for another name.") },
    { G_TLS_CERTIFICATE_EXPIRED, N_ ("It has expired.") },
    { G_TLS_CERTIFICATE_NOT_ACTIVATED, N_ ("It is not valid yet.") },
    { G_TLS_CERTIFICATE_INSECURE, N_ ("It uses a method that is not secure any more.") },
    { G_TLS_CERTIFICATE_UNKNOWN_CA, N_ ("Nobody this computer trusts has signed it.") },
  };
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (sentences); i++)
    if ((self->problems & sentences[i].flag) != 0)
      g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", _ (sentences[i].sentence));
  if (text->len == 0)
    g_string_append (text, _ ("It can’t be verified."));

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * alcove_trust_entry_equal:
 * @self: an entry
 * @other: an entry
 *
 * Returns: whether both are the same certificate at the same server
 */
gboolean
alcove_trust_entry_equal (AlcoveTrustEntry *self,
                          AlcoveTrustEntry *other)
{
  return self->port == other->port && g_str_equal (self->host, other->host)
         && g_str_equal (self->fingerprint, other->fingerprint);
}

/**
 * alcove_trust_fingerprint_parse:
 * @text: what a person typed, or a file holds
 *
 * Reads a SHA-256 fingerprint: 64 hexadecimal digits in either case, with or without colons
 * or blanks between them.
 *
 * Returns: (transfer full) (nullable): it as `AB:CD:…`, or %NULL if @text is none
 */
char *
alcove_trust_fingerprint_parse (const char *text)
{
  g_autoptr (GString) fingerprint = g_string_new (NULL);
  guint digits = 0;

  for (const char *at = text; *at != '\0'; at++)
    {
      if (*at == ':' || g_ascii_isspace (*at))
        continue;
      if (!g_ascii_isxdigit (*at) || digits == 2 * DIGEST_BYTES)
        return NULL;
      if (digits > 0 && digits % 2 == 0)
        g_string_append_c (fingerprint, ':');
      g_string_append_c (fingerprint, g_ascii_toupper (*at));
      digits++;
    }

  return digits == 2 * DIGEST_BYTES ? g_string_free (g_steal_pointer (&fingerprint), FALSE) : NULL;
}

/**
 * alcove_trust_fingerprint_of:
 * @certificate: a certificate
 *
 * Returns: (transfer full): its SHA-256 fingerprint, as `openssl x509 -fingerprint -sha256` and
 *   browsers show it
 */
char *
alcove_trust_fingerprint_of (GTlsCertificate *certificate)
{
  g_autoptr (GByteArray) bytes = NULL;
  g_autofree char *digest = NULL;

  g_object_get (certificate, "certificate", &bytes, NULL);
  digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, bytes->data, bytes->len);
  return alcove_trust_fingerprint_parse (digest);
}
