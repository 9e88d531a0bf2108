/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-invitation"

#include "config.h"

#include "alcove-invitation.h"

#include <string.h>

#include <glib/gi18n.h>

#include "alcove-address.h"
#include "alcove-error.h"

#define MAX_LINK 8192
#define MAX_PROTOCOL 32
#define MAX_SERVER 2048
#define MAX_ROOM 256

G_DEFINE_BOXED_TYPE (AlcoveInvitation,
                     alcove_invitation,
                     alcove_invitation_copy,
                     alcove_invitation_free)

/* Some programs "repair" a link they pass on into one with two slashes, or put a
 * slash behind the word; all of these mean the same. */
static const char *
find_query (const char *text)
{
  static const char *const starts[] = { "alcove:join", "alcove:/join", "alcove://join",
                                        "alcove:///join" };

  for (gsize i = 0; i < G_N_ELEMENTS (starts); i++)
    {
      gsize length = strlen (starts[i]);

      if (g_ascii_strncasecmp (text, starts[i], length) == 0)
        {
          const char *rest = text + length;

          if (*rest == '/')
            rest++;
          if (*rest == '?')
            return rest + 1;
        }
    }

  return NULL;
}

/* By hand, since g_uri_parse_params() refuses a whole link for one parameter that
 * has no value, and what is not known is to be passed over. */
static GHashTable *
split_query (const char *query)
{
  GHashTable *parameters = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree char *bare = g_strndup (query, strcspn (query, "#"));
  g_auto (GStrv) pieces = g_strsplit (bare, "&", -1);

  for (gsize i = 0; pieces[i] != NULL; i++)
    {
      char *value = strchr (pieces[i], '=');

      if (value == NULL)
        continue;
      *value++ = '\0';
      g_strdelimit (value, "+", ' ');

      value = g_uri_unescape_string (value, NULL);
      if (value != NULL)
        g_hash_table_replace (parameters, g_strdup (pieces[i]), value);
    }

  return parameters;
}

static gboolean
is_protocol (const char *text)
{
  if (*text == '\0' || strlen (text) > MAX_PROTOCOL)
    return FALSE;

  for (const char *at = text; *at != '\0'; at++)
    if (!g_ascii_islower (*at) && !g_ascii_isdigit (*at) && *at != '-')
      return FALSE;

  return TRUE;
}

static gboolean
is_room (const char *text)
{
  if (strlen (text) > MAX_ROOM || !g_utf8_validate (text, -1, NULL))
    return FALSE;

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    if (g_unichar_iscntrl (g_utf8_get_char (at)))
      return FALSE;

  return TRUE;
}

static const char *
require (GHashTable *parameters,
         const char *name,
         GError **error)
{
  const char *value = g_hash_table_lookup (parameters, name);

  if (value != NULL && *value != '\0')
    return value;

  g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_ADDRESS_INVALID,
               _ ("The invitation is incomplete: it has no “%s”."), name);
  return NULL;
}

/**
 * alcove_invitation_new:
 * @protocol: a protocol id
 * @server: the server's address
 * @room: the room's name
 *
 * Returns: (transfer full): an invitation
 */
AlcoveInvitation *
alcove_invitation_new (const char *protocol,
                       const char *server,
                       const char *room)
{
  AlcoveInvitation *self = g_new0 (AlcoveInvitation, 1);

  self->protocol = g_strdup (protocol);
  self->server = g_strdup (server);
  self->room = g_strdup (room);
  return self;
}

/**
 * alcove_invitation_set_role:
 * @self: an invitation
 * @role: (nullable): `member` or `dispatcher`; anything else, as from a stranger's link, counts
 *   as none
 */
void
alcove_invitation_set_role (AlcoveInvitation *self,
                            const char *role)
{
  g_free (self->role);
  self->role = g_strcmp0 (role, "member") == 0 || g_strcmp0 (role, "dispatcher") == 0
                   ? g_strdup (role)
                   : NULL;
}

/**
 * alcove_invitation_parse:
 * @text: a link from a stranger
 * @error: return location for an error with a sentence for a person
 *
 * Reads an `alcove:` link. Parameters that are not known are passed over, so that
 * later versions can add some. Whether the protocol exists is not checked. A room's
 * name may be any text without control characters.
 *
 * Errors: %ALCOVE_ERROR_ADDRESS_INVALID, %ALCOVE_ERROR_TOO_LARGE, and those of
 * alcove_address_parse() for the server in it.
 *
 * Returns: (transfer full): the invitation, or %NULL
 */
AlcoveInvitation *
alcove_invitation_parse (const char *text,
                         GError **error)
{
  g_autoptr (GHashTable) parameters = NULL;
  g_autoptr (GUri) address = NULL;
  AlcoveInvitation *self;
  g_autofree char *trimmed = NULL;
  const char *query;
  const char *protocol;
  const char *server;
  const char *room;

  if (strnlen (text, MAX_LINK + 1) > MAX_LINK)
    {
      g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_TOO_LARGE,
                           _ ("The invitation is too long."));
      return NULL;
    }

  trimmed = g_strstrip (g_strdup (text));
  query = find_query (trimmed);
  if (query == NULL)
    {
      g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_ADDRESS_INVALID,
                           _ ("This is not an Alcove invitation."));
      return NULL;
    }

  parameters = split_query (query);
  protocol = require (parameters, "protocol", error);
  server = protocol != NULL ? require (parameters, "server", error) : NULL;
  room = server != NULL ? require (parameters, "room", error) : NULL;
  if (room == NULL)
    return NULL;

  if (!is_protocol (protocol) || !is_room (room) || strlen (server) > MAX_SERVER)
    {
      g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_ADDRESS_INVALID,
                           _ ("The invitation can’t be read."));
      return NULL;
    }

  address = alcove_address_parse (server, 0, NULL, error);
  if (address == NULL)
    return NULL;

  self = alcove_invitation_new (protocol, server, room);
  alcove_invitation_set_role (self, g_hash_table_lookup (parameters, "role"));
  return self;
}

/**
 * alcove_invitation_to_text:
 * @self: an invitation
 *
 * Returns: (transfer full): the link, in ASCII, as alcove_invitation_parse() reads it
 */
char *
alcove_invitation_to_text (const AlcoveInvitation *self)
{
  g_autofree char *protocol = g_uri_escape_string (self->protocol, NULL, FALSE);
  g_autofree char *server = g_uri_escape_string (self->server, NULL, FALSE);
  g_autofree char *room = g_uri_escape_string (self->room, NULL, FALSE);

  return g_strdup_printf ("alcove:join?protocol=%s&server=%s&room=%s%s%s", protocol, server, room,
                          self->role != NULL ? "&role=" : "",
                          self->role != NULL ? self->role : "");
}

/**
 * alcove_invitation_copy:
 * @self: an invitation
 *
 * Returns: (transfer full): a copy
 */
AlcoveInvitation *
alcove_invitation_copy (const AlcoveInvitation *self)
{
  AlcoveInvitation *copy = alcove_invitation_new (self->protocol, self->server, self->room);

  alcove_invitation_set_role (copy, self->role);
  return copy;
}

/**
 * alcove_invitation_free:
 * @self: (transfer full): an invitation
 */
void
alcove_invitation_free (AlcoveInvitation *self)
{
  g_free (self->protocol);
  g_free (self->server);
  g_free (self->room);
  g_free (self->role);
  g_free (self);
}
