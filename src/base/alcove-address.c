/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-address"

#include "config.h"

#include "alcove-address.h"

#include <string.h>

#include <glib/gi18n.h>

#include "alcove-error.h"

#define MAX_ADDRESS 2048
#define MAX_HOST 253
#define MAX_PORT 65535

typedef struct {
  const char *typed;
  const char *scheme;
  gboolean secure;
} Scheme;

static const Scheme schemes[] = {
  { "ws", "ws", FALSE },
  { "wss", "wss", TRUE },
  { "http", "ws", FALSE },
  { "https", "wss", TRUE },
};

static const Scheme *
find_scheme (const char *text,
             gsize length)
{
  for (gsize i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (strlen (schemes[i].typed) == length
        && g_ascii_strncasecmp (schemes[i].typed, text, length) == 0)
      return &schemes[i];

  return NULL;
}

static gboolean
is_clean (const char *text)
{
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    if (g_unichar_iscntrl (g_utf8_get_char (at)))
      return FALSE;

  return TRUE;
}

/* Splits "scheme://rest"; says what to type instead if there is no usable scheme. */
static const Scheme *
split_scheme (const char *text,
              const char **rest,
              GError **error)
{
  const char *end = strstr (text, "://");
  const char *colon = strchr (text, ':');
  const Scheme *scheme = NULL;

  if (end != NULL && end == colon)
    {
      scheme = find_scheme (text, end - text);
      *rest = end + strlen ("://");
      if (scheme == NULL)
        g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_ADDRESS_NO_SCHEME,
                     _ ("An address has to begin with ws:// or wss://: try “ws://%s”."), *rest);
      return scheme;
    }

  if (colon != NULL)
    scheme = find_scheme (text, colon - text);
  if (scheme != NULL)
    {
      const char *host = colon + 1;

      while (*host == '/')
        host++;
      g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_ADDRESS_NO_SCHEME,
                   _ ("Two slashes are missing in the address: try “%s://%s”."), scheme->typed,
                   host);
      return NULL;
    }

  g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_ADDRESS_NO_SCHEME,
               _ ("An address has to begin with ws:// or wss://: try “ws://%s”."), text);
  return NULL;
}

static gboolean
check_port (const char *text,
            GError **error)
{
  if (g_ascii_string_to_unsigned (text, 10, 1, MAX_PORT, NULL, NULL))
    return TRUE;

  g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_ADDRESS_PORT,
               _ ("The port in the address has to be a number from 1 to %d, not “%s”."), MAX_PORT,
               text);
  return FALSE;
}

/* Judges "host:port" by hand: GUri does not tell an empty or absurd port from none. */
static gboolean
check_authority (const char *authority,
                 GError **error)
{
  const char *colon;

  if (strchr (authority, '@') != NULL)
    {
      g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_ADDRESS_INVALID,
                           _ ("An address can’t hold a user name or a password."));
      return FALSE;
    }

  if (*authority == '[')
    {
      const char *end = strchr (authority, ']');

      if (end == NULL || end == authority + 1 || (end[1] != '\0' && end[1] != ':'))
        {
          g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_ADDRESS_INVALID,
                               _ ("The part of the address in square brackets can’t be read."));
          return FALSE;
        }
      return end[1] == '\0' || check_port (end + 2, error);
    }

  colon = strchr (authority, ':');
  if (*authority == '\0' || colon == authority)
    {
      g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_ADDRESS_INVALID,
                           _ ("The address names no computer: add its name, as in “ws://name”."));
      return FALSE;
    }

  if (colon != NULL && strchr (colon + 1, ':') != NULL && g_hostname_is_ip_address (authority))
    {
      g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_ADDRESS_INVALID,
                   _ ("This kind of address needs square brackets: try “[%s]”."), authority);
      return FALSE;
    }

  return colon == NULL || check_port (colon + 1, error);
}

static gboolean
check_host (const char *host)
{
  if (host == NULL || *host == '\0' || strlen (host) > MAX_HOST)
    return FALSE;

  if (strchr (host, ':') != NULL)
    {
      g_autofree char *bare = g_strndup (host, strcspn (host, "%"));

      return g_hostname_is_ip_address (bare);
    }

  for (const char *at = host; *at != '\0'; at++)
    if (!g_ascii_isalnum (*at) && strchr ("-._", *at) == NULL)
      return FALSE;

  return TRUE;
}

/**
 * alcove_address_parse:
 * @text: what a person typed, or what a link carried
 * @default_port: the port of the protocol's own server, or 0 for the scheme's own
 * @default_path: (nullable): the path of the protocol's own server; %NULL for `/`
 * @error: return location for an error with a sentence for that person
 *
 * Reads a server's address. White space around it is dropped; `http` and
 * `https`, as copied from a browser, become `ws` and `wss`; a fragment is dropped,
 * path and query are kept. Without a path, or with `/` alone, it gets @default_path.
 *
 * Without a port `ws` gets @default_port. `wss` does not: what speaks
 * TLS is a proxy in front of such a server, and that listens at 443. The returned
 * port is -1 where it is the scheme's own.
 *
 * Errors: %ALCOVE_ERROR_ADDRESS_NO_SCHEME, %ALCOVE_ERROR_ADDRESS_PORT,
 * %ALCOVE_ERROR_ADDRESS_INVALID.
 *
 * Returns: (transfer full): an address of scheme `ws` or `wss` with its path and
 *   query percent-encoded, or %NULL
 */
GUri *
alcove_address_parse (const char *text,
                      guint default_port,
                      const char *default_path,
                      GError **error)
{
  const GUriFlags flags = G_URI_FLAGS_PARSE_RELAXED | G_URI_FLAGS_ENCODED_PATH
                          | G_URI_FLAGS_ENCODED_QUERY | G_URI_FLAGS_ENCODED_FRAGMENT;
  g_autofree char *trimmed = NULL;
  g_autofree char *authority = NULL;
  g_autoptr (GUri) typed = NULL;
  const Scheme *scheme;
  const char *rest;
  const char *path;
  int port;

  if (strnlen (text, MAX_ADDRESS + 1) <= MAX_ADDRESS && g_utf8_validate (text, -1, NULL))
    trimmed = g_strstrip (g_strdup (text));
  if (trimmed == NULL || !is_clean (trimmed))
    {
      g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_ADDRESS_INVALID,
                           _ ("The address can’t be read."));
      return NULL;
    }

  if (*trimmed == '\0')
    {
      g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_ADDRESS_INVALID,
                           _ ("The address of the server is missing."));
      return NULL;
    }

  scheme = split_scheme (trimmed, &rest, error);
  if (scheme == NULL)
    return NULL;

  authority = g_strndup (rest, strcspn (rest, "/?#"));
  if (!check_authority (authority, error))
    return NULL;

  typed = g_uri_parse (trimmed, flags, NULL);
  if (typed == NULL || !check_host (g_uri_get_host (typed)))
    {
      g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_ADDRESS_INVALID,
                   _ ("“%s” is not the name of a computer."), authority);
      return NULL;
    }

  port = g_uri_get_port (typed);
  if (port < 0 && !scheme->secure && default_port != 0)
    port = (int) default_port;

  path = g_uri_get_path (typed);
  if (*path == '\0' || strcmp (path, "/") == 0)
    path = default_path != NULL ? default_path : "/";

  return g_uri_build (flags, scheme->scheme, NULL, g_uri_get_host (typed), port, path,
                      g_uri_get_query (typed), NULL);
}
