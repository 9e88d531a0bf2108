/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-hub"

#include "config.h"

#include "alcove-hub.h"

#include <string.h>

#include <glib/gi18n.h>

#include "alcove-bridge.h"
#include "alcove-debug.h"
#include "alcove-error.h"

/**
 * AlcoveHub:
 *
 * The rooms of a server and who is in them, whatever dialect each member
 * speaks. A room exists as long as somebody is in it. An id is used once in
 * the whole hub.
 *
 * Signals:
 *  - `member-joined (member)`: after it was entered
 *  - `member-left (member)`: after it was taken out; it is freed afterwards
 */

enum {
  MEMBER_JOINED,
  MEMBER_LEFT,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

struct _AlcoveHubMember {
  char *id;
  char *room;
  gpointer owner;
  gpointer data;
};

struct _AlcoveHub {
  GObject parent_instance;

  guint max_rooms;
  guint max_members;

  /* name → GPtrArray of borrowed members, in the order they came */
  GHashTable *rooms;
  /* id → member, owned */
  GHashTable *members;
  AlcoveBridge *bridge;
};

G_DEFINE_FINAL_TYPE (AlcoveHub, alcove_hub, G_TYPE_OBJECT)

static void
member_free (gpointer data)
{
  AlcoveHubMember *member = data;

  g_free (member->id);
  g_free (member->room);
  g_free (member);
}

static void
alcove_hub_finalize (GObject *object)
{
  AlcoveHub *self = ALCOVE_HUB (object);

  g_object_unref (self->bridge);
  g_hash_table_unref (self->rooms);
  g_hash_table_unref (self->members);

  G_OBJECT_CLASS (alcove_hub_parent_class)->finalize (object);
}

static void
alcove_hub_class_init (AlcoveHubClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = alcove_hub_finalize;

  signals[MEMBER_JOINED]
      = g_signal_new ("member-joined", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                      NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[MEMBER_LEFT]
      = g_signal_new ("member-left", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                      NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
alcove_hub_init (AlcoveHub *self)
{
  self->rooms = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                       (GDestroyNotify) g_ptr_array_unref);
  self->members = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, member_free);
}

/**
 * alcove_hub_new:
 * @max_rooms: rooms at once
 * @max_members: members of one room
 *
 * Returns: (transfer full): an empty hub
 */
AlcoveHub *
alcove_hub_new (guint max_rooms,
                guint max_members)
{
  AlcoveHub *self = g_object_new (ALCOVE_TYPE_HUB, NULL);

  self->max_rooms = max_rooms;
  self->max_members = max_members;
  self->bridge = alcove_bridge_new (max_members);
  return self;
}

/**
 * alcove_hub_join:
 * @self: a hub
 * @room: the name of the room
 * @id: the member's id
 * @owner: what tells the dialect, by its address; not used otherwise
 * @data: what the dialect knows the member by
 * @error: return location for an error
 *
 * Enters a member, and makes the room if it is not there yet.
 *
 * Errors: %ALCOVE_ERROR_TOO_LARGE for a name or id over its bound,
 * %ALCOVE_ERROR_TOO_MANY for a room too many or a full one,
 * %ALCOVE_ERROR_UNEXPECTED if the id is in use.
 *
 * Returns: (transfer none): the member, or %NULL
 */
AlcoveHubMember *
alcove_hub_join (AlcoveHub *self,
                 const char *room,
                 const char *id,
                 gpointer owner,
                 gpointer data,
                 GError **error)
{
  AlcoveHubMember *member;
  GPtrArray *members;

  g_return_val_if_fail (ALCOVE_IS_HUB (self), NULL);

  if (strlen (room) > ALCOVE_HUB_MAX_ROOM || strlen (id) > ALCOVE_HUB_MAX_ID)
    {
      g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_TOO_LARGE,
                           _ ("The name of the room is too long."));
      return NULL;
    }
  if (g_hash_table_contains (self->members, id) || alcove_bridge_is_id_taken (self->bridge, id))
    {
      g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_UNEXPECTED,
                           _ ("Somebody with the same id is here already."));
      return NULL;
    }

  members = g_hash_table_lookup (self->rooms, room);
  if (members == NULL && g_hash_table_size (self->rooms) >= self->max_rooms)
    {
      g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_TOO_MANY,
                           _ ("The server can’t hold another room."));
      return NULL;
    }
  if (members != NULL && members->len >= self->max_members)
    {
      g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_TOO_MANY,
                           _ ("The room is full."));
      return NULL;
    }

  if (members == NULL)
    {
      members = g_ptr_array_new ();
      g_hash_table_insert (self->rooms, g_strdup (room), members);
    }

  member = g_new0 (AlcoveHubMember, 1);
  member->id = g_strdup (id);
  member->room = g_strdup (room);
  member->owner = owner;
  member->data = data;
  g_ptr_array_add (members, member);
  g_hash_table_insert (self->members, member->id, member);

  alcove_debug_print (ALCOVE_DEBUG_SERVER, "%s joined “%s”, %u there", id, room, members->len);
  g_signal_emit (self, signals[MEMBER_JOINED], 0, member);

  return member;
}

/**
 * alcove_hub_leave:
 * @self: a hub
 * @member: one of its members; not to be used afterwards
 *
 * Takes a member out; the last one takes the room along.
 */
void
alcove_hub_leave (AlcoveHub *self,
                  AlcoveHubMember *member)
{
  GPtrArray *members;

  g_return_if_fail (ALCOVE_IS_HUB (self));
  g_return_if_fail (g_hash_table_lookup (self->members, member->id) == member);

  members = g_hash_table_lookup (self->rooms, member->room);
  g_ptr_array_remove (members, member);
  if (members->len == 0)
    g_hash_table_remove (self->rooms, member->room);
  g_hash_table_steal (self->members, member->id);

  alcove_debug_print (ALCOVE_DEBUG_SERVER, "%s left “%s”", member->id, member->room);
  alcove_bridge_leave (self->bridge, member);
  g_signal_emit (self, signals[MEMBER_LEFT], 0, member);
  member_free (member);
}

/**
 * alcove_hub_find:
 * @self: a hub
 * @id: an id
 *
 * Returns: (transfer none) (nullable): the member of that id
 */
AlcoveHubMember *
alcove_hub_find (AlcoveHub *self,
                 const char *id)
{
  g_return_val_if_fail (ALCOVE_IS_HUB (self), NULL);

  return g_hash_table_lookup (self->members, id);
}

/**
 * alcove_hub_get_members:
 * @self: a hub
 * @room: the name of a room
 *
 * Returns: (transfer container) (element-type AlcoveHubMember): who is in the room,
 *   in the order they came; a copy, which stays as it is when somebody goes
 */
GPtrArray *
alcove_hub_get_members (AlcoveHub *self,
                        const char *room)
{
  GPtrArray *members;

  g_return_val_if_fail (ALCOVE_IS_HUB (self), NULL);

  members = g_hash_table_lookup (self->rooms, room);
  return members != NULL ? g_ptr_array_copy (members, NULL, NULL) : g_ptr_array_new ();
}

/**
 * alcove_hub_get_n_rooms:
 * @self: a hub
 *
 * Returns: how many rooms there are
 */
guint
alcove_hub_get_n_rooms (AlcoveHub *self)
{
  g_return_val_if_fail (ALCOVE_IS_HUB (self), 0);

  return g_hash_table_size (self->rooms);
}

/**
 * alcove_hub_get_bridge:
 * @self: a hub
 *
 * Returns: (transfer none): what lets members of different dialects meet
 */
AlcoveBridge *
alcove_hub_get_bridge (AlcoveHub *self)
{
  g_return_val_if_fail (ALCOVE_IS_HUB (self), NULL);

  return self->bridge;
}

/**
 * alcove_hub_member_get_id:
 * @member: a member
 *
 * Returns: (transfer none): its id
 */
const char *
alcove_hub_member_get_id (const AlcoveHubMember *member)
{
  return member->id;
}

/**
 * alcove_hub_member_get_room:
 * @member: a member
 *
 * Returns: (transfer none): the name of its room
 */
const char *
alcove_hub_member_get_room (const AlcoveHubMember *member)
{
  return member->room;
}

/**
 * alcove_hub_member_get_owner:
 * @member: a member
 *
 * Returns: (transfer none): what its dialect gave as its own mark
 */
gpointer
alcove_hub_member_get_owner (const AlcoveHubMember *member)
{
  return member->owner;
}

/**
 * alcove_hub_member_get_data:
 * @member: a member
 *
 * Returns: (transfer none): what its dialect knows it by; only for that dialect
 */
gpointer
alcove_hub_member_get_data (const AlcoveHubMember *member)
{
  return member->data;
}
