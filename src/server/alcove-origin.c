/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-origin"

#include "config.h"

#include "alcove-origin.h"

#include <string.h>

/* Any page of the web that a person opens may dial ws://127.0.0.1 and the local
 * network from their browser; only the Origin header, which a page can't
 * forge, tells it apart. Whoever is in a room is sent the camera, so a page
 * from the open web must not get in by guessing a room's name. The Host header
 * proves nothing: a name of the attacker's own may resolve to this computer.
 * Programs send no Origin, and are let in. */

static gboolean
is_near_name (const char *host)
{
  /* names that only a resolver of the local network knows */
  return strchr (host, '.') == NULL || g_str_has_suffix (host, ".local")
         || g_str_has_suffix (host, ".home.arpa") || g_str_has_suffix (host, ".internal");
}

static gboolean
is_near_address (GInetAddress *address)
{
  const guint8 *bytes = g_inet_address_to_bytes (address);

  if (g_inet_address_get_is_loopback (address) || g_inet_address_get_is_link_local (address)
      || g_inet_address_get_is_site_local (address))
    return TRUE;

  /* unique local addresses, RFC 4193 */
  return g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6 && (bytes[0] & 0xfe) == 0xfc;
}

/**
 * alcove_origin_is_allowed:
 * @origin: (nullable): the `Origin` header of a WebSocket handshake
 * @loopback_only: whether only this computer is served, rather than its network
 * @allowed: (nullable) (array zero-terminated=1): origins to let in all the same; `*` for any
 *
 * Decides whether a page may connect. No origin (a program), a page from a
 * local file (`file://`, which pages from elsewhere can't claim) and a page
 * from this computer always may; one from the local network may if that is served.
 * `null` may not, since any page gets it in a sandboxed frame.
 *
 * Returns: whether it may
 */
gboolean
alcove_origin_is_allowed (const char *origin,
                          gboolean loopback_only,
                          const char *const *allowed)
{
  g_autoptr (GUri) uri = NULL;
  g_autoptr (GInetAddress) address = NULL;
  g_autofree char *host = NULL;

  if (origin == NULL)
    return TRUE;
  if (allowed != NULL && (g_strv_contains (allowed, "*") || g_strv_contains (allowed, origin)))
    return TRUE;
  if (g_str_equal (origin, "file://"))
    return TRUE;

  uri = g_uri_parse (origin, G_URI_FLAGS_NONE, NULL);
  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    return FALSE;

  host = g_ascii_strdown (g_uri_get_host (uri), -1);
  if (g_str_equal (host, "localhost") || g_str_has_suffix (host, ".localhost"))
    return TRUE;

  address = g_inet_address_new_from_string (host);
  if (address == NULL)
    return !loopback_only && is_near_name (host);

  return g_inet_address_get_is_loopback (address) || (!loopback_only && is_near_address (address));
}

/**
 * alcove_origin_normalize:
 * @typed: an origin as a person writes it, perhaps the address of a whole page
 *
 * Writes it as browsers do: in lower case, without a path and the usual port, a name of any
 * letters in those of DNS.
 *
 * Returns: (transfer full) (nullable): the origin, `*` for `*`, or %NULL if it is none
 */
char *
alcove_origin_normalize (const char *typed)
{
  g_autoptr (GUri) uri = NULL;
  g_autofree char *host = NULL;
  const char *scheme;
  int port;

  if (g_str_equal (typed, "*"))
    return g_strdup (typed);

  uri = g_uri_parse (typed, G_URI_FLAGS_NONE, NULL);
  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0'
      || g_uri_get_userinfo (uri) != NULL)
    return NULL;

  scheme = g_uri_get_scheme (uri);
  if (!g_str_equal (scheme, "http") && !g_str_equal (scheme, "https"))
    return NULL;

  host = strchr (g_uri_get_host (uri), ':') != NULL
             ? g_strdup_printf ("[%s]", g_uri_get_host (uri))
             : g_hostname_to_ascii (g_uri_get_host (uri));
  /* what can't be a host's name: browsers never send it */
  if (host == NULL || strpbrk (host, " *,\"'<>") != NULL)
    return NULL;

  port = g_uri_get_port (uri);
  if (port <= 0 || port == (g_str_equal (scheme, "https") ? 443 : 80))
    return g_strdup_printf ("%s://%s", scheme, host);
  return g_strdup_printf ("%s://%s:%d", scheme, host, port);
}
