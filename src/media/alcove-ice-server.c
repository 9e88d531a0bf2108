/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-ice-server"

#include "config.h"

#include "alcove-ice-server.h"

#include <string.h>

#include <glib/gi18n.h>

#include "alcove-error.h"

#define STUN_PORT 3478

/* What follows the scheme, with or without the slashes; NULL for another scheme. */
static const char *
skip_scheme (const char *text,
             const char *scheme)
{
  gsize length = strlen (scheme);

  if (g_ascii_strncasecmp (text, scheme, length) != 0 || text[length] != ':')
    return NULL;

  text += length + 1;
  return g_str_has_prefix (text, "//") ? text + 2 : text;
}

static gboolean
has_port (const char *host)
{
  const char *bracket = strrchr (host, ']');
  const char *colon = strrchr (host, ':');

  return colon != NULL && (bracket == NULL || colon > bracket);
}

/**
 * alcove_ice_server_to_stun:
 * @text: `stun:host`, `stun:host:port` or `stun://host:port`
 *
 * Returns: (transfer full) (nullable): the form that webrtcbin wants, with a port; %NULL if
 *   @text is no STUN server
 */
char *
alcove_ice_server_to_stun (const char *text)
{
  const char *host = skip_scheme (text, "stun");

  if (host == NULL || *host == '\0' || strpbrk (host, " /@?") != NULL)
    return NULL;

  return has_port (host) ? g_strdup_printf ("stun://%s", host)
                         : g_strdup_printf ("stun://%s:%d", host, STUN_PORT);
}

/**
 * alcove_ice_server_to_turn:
 * @text: `turn:user:password@host:port?transport=udp`, with or without slashes; `turns:` too
 *
 * The name and the password are percent-encoded anew, so that people may type them as they
 * are or encoded.
 *
 * Returns: (transfer full) (nullable): the form that webrtcbin wants; %NULL if @text is no TURN
 *   server or has no name and password, without which none lets anybody in
 */
char *
alcove_ice_server_to_turn (const char *text)
{
  const char *scheme = "turn";
  const char *rest = skip_scheme (text, scheme);
  const char *at, *colon;
  g_autofree char *user = NULL;
  g_autofree char *password = NULL;
  g_autofree char *plain_user = NULL;
  g_autofree char *plain_password = NULL;

  if (rest == NULL)
    {
      scheme = "turns";
      rest = skip_scheme (text, scheme);
    }
  if (rest == NULL)
    return NULL;

  at = strrchr (rest, '@');
  colon = strchr (rest, ':');
  if (at == NULL || at[1] == '\0' || colon == NULL || colon > at || colon == rest
      || strpbrk (at, " /") != NULL)
    return NULL;

  user = g_strndup (rest, (gsize) (colon - rest));
  password = g_strndup (colon + 1, (gsize) (at - colon - 1));
  plain_user = g_uri_unescape_string (user, NULL);
  plain_password = g_uri_unescape_string (password, NULL);
  /* a stray percent sign is no encoding */
  if (plain_user == NULL)
    plain_user = g_strdup (user);
  if (plain_password == NULL)
    plain_password = g_strdup (password);

  g_free (user);
  g_free (password);
  user = g_uri_escape_string (plain_user, NULL, FALSE);
  password = g_uri_escape_string (plain_password, NULL, FALSE);
  if (*user == '\0' || *password == '\0')
    return NULL;

  return g_strdup_printf ("%s://%s:%s@%s", scheme, user, password, at + 1);
}

/**
 * alcove_ice_servers_check:
 * @stun: (nullable): what a person gave as STUN server; empty for none
 * @turn: (nullable): what a person gave as TURN server; empty for none
 * @relay_only: whether nothing but the TURN server is to be used
 * @error: return location for an error
 *
 * Errors: %ALCOVE_ERROR_ADDRESS_INVALID.
 *
 * Returns: whether connections can be made with these
 */
gboolean
alcove_ice_servers_check (const char *stun,
                          const char *turn,
                          gboolean relay_only,
                          GError **error)
{
  gboolean has_turn = turn != NULL && *turn != '\0';
  g_autofree char *good_stun
      = stun != NULL && *stun != '\0' ? alcove_ice_server_to_stun (stun) : g_strdup ("");
  g_autofree char *good_turn = has_turn ? alcove_ice_server_to_turn (turn) : g_strdup ("");

  if (good_stun == NULL)
    g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_ADDRESS_INVALID,
                 _ ("“%s” is no STUN server. Write it as stun:host:port."), stun);
  else if (good_turn == NULL)
    g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_ADDRESS_INVALID,
                 _ ("“%s” is no TURN server. Write it as turn:user:password@host:port."), turn);
  else if (relay_only && !has_turn)
    g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_ADDRESS_INVALID,
                         _ ("Connecting through a relay alone takes a TURN server."));
  else
    return TRUE;

  return FALSE;
}

/**
 * alcove_ice_servers_set:
 * @self: the servers
 * @stun: (nullable): see #AlcoveIceServers
 * @turn: (nullable): likewise
 * @relay_only: likewise
 *
 * Puts others in their place; all %NULL frees what they hold.
 */
void
alcove_ice_servers_set (AlcoveIceServers *self,
                        const char *stun,
                        const char *turn,
                        gboolean relay_only)
{
  g_autofree char *old_stun = g_steal_pointer (&self->stun);
  g_autofree char *old_turn = g_steal_pointer (&self->turn);

  self->stun = g_strdup (stun);
  self->turn = g_strdup (turn);
  self->relay_only = relay_only;
}
