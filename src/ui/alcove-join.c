/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-join"

#include "config.h"

#include "alcove-join.h"

#include <glib/gi18n.h>

#include "alcove-protocols.h"

G_DEFINE_BOXED_TYPE (AlcoveJoin, alcove_join, alcove_join_copy, alcove_join_free)

static gboolean
is_blank (const char *text)
{
  g_autofree char *stripped = g_strdup (text != NULL ? text : "");

  return *g_strstrip (stripped) == '\0';
}

/**
 * alcove_join_new:
 *
 * Returns: (transfer full): an empty request for this computer
 */
AlcoveJoin *
alcove_join_new (void)
{
  return g_new0 (AlcoveJoin, 1);
}

/**
 * alcove_join_copy:
 * @self: a request
 *
 * Returns: (transfer full): a copy
 */
AlcoveJoin *
alcove_join_copy (const AlcoveJoin *self)
{
  AlcoveJoin *copy = g_memdup2 (self, sizeof *self);

  copy->protocol = g_strdup (self->protocol);
  copy->server = g_strdup (self->server);
  copy->room = g_strdup (self->room);
  copy->name = g_strdup (self->name);
  copy->id = g_strdup (self->id);

  return copy;
}

/**
 * alcove_join_free:
 * @self: (transfer full): a request
 */
void
alcove_join_free (AlcoveJoin *self)
{
  g_free (self->protocol);
  g_free (self->server);
  g_free (self->room);
  g_free (self->name);
  g_free (self->id);
  g_free (self);
}

/**
 * alcove_join_missing:
 * @self: a request
 *
 * Says why joining is not possible yet. Whether an address can be read and anybody
 * answers there is found out by joining.
 *
 * Returns: (nullable): a translated sentence, or %NULL if nothing is missing
 */
const char *
alcove_join_missing (const AlcoveJoin *self)
{
  if (is_blank (self->name))
    return _("Enter your name to join.");
  if (g_utf8_strlen (self->name, -1) > ALCOVE_JOIN_MAX_NAME)
    return _("This name is too long.");
  if (is_blank (self->room))
    return _("Enter the name of a room to join.");
  if (g_utf8_strlen (self->room, -1) > ALCOVE_JOIN_MAX_ROOM)
    return _("The name of the room is too long.");
  if (self->where == ALCOVE_WHERE_SERVER && is_blank (self->server))
    return _("Enter the address of the server to join.");
  if (self->where == ALCOVE_WHERE_SERVER && self->protocol != NULL
      && alcove_protocols_find (self->protocol) != NULL
      && alcove_protocols_find (self->protocol)->new_signaller == NULL)
    return _("This version of Alcove does not speak this protocol yet.");

  return NULL;
}

/**
 * alcove_join_remember:
 * @recent: (nullable): rooms joined before, the latest first
 * @room: the room joined now
 *
 * Returns: (transfer full): at most %ALCOVE_JOIN_MAX_RECENT rooms, @room first, none twice
 */
GStrv
alcove_join_remember (const char *const *recent,
                      const char *room)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  guint n = 1;

  g_strv_builder_add (builder, room);
  for (gsize i = 0; recent != NULL && recent[i] != NULL && n < ALCOVE_JOIN_MAX_RECENT; i++)
    if (!g_str_equal (recent[i], room))
      {
        g_strv_builder_add (builder, recent[i]);
        n++;
      }

  return g_strv_builder_end (builder);
}
