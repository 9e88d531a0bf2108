/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-bridge"

#include "config.h"

#include "alcove-bridge.h"

#include <string.h>

#include "alcove-debug.h"

/**
 * AlcoveBridge:
 *
 * Lets members of one room name meet who speak different dialects. It knows no
 * dialect: each says what its own rule about offers leaves open and carries out what
 * the bridge decides, which is that exactly one of two offers.
 *
 * A pair that no order of announcements brings to that is not made at all: neither
 * side hears of the other. Members of one dialect are that dialect's own business.
 */

/* One member here. */
typedef struct {
  AlcoveHubMember *member;
  const AlcoveBridgeSide *side;
  char *room;
  /* what others know it by, and whether the bridge made that up */
  char *id;
  gboolean own_id;
  gboolean introduced;
  /* name of the other → Link, owned */
  GHashTable *links;
  /* the same names in the order they came, borrowed */
  GPtrArray *order;
} Port;

/* One direction of a pair. */
typedef struct {
  Port *other;
  char *name;
  /* the name by which the other knows the port that this belongs to */
  const char *back;
  gboolean offers;
} Link;

struct _AlcoveBridge {
  GObject parent_instance;

  guint max_members;
  /* AlcoveHubMember → Port, owned */
  GHashTable *ports;
  /* room → GPtrArray of Ports, in the order they came */
  GHashTable *rooms;
  /* ids that the bridge has made up → Port */
  GHashTable *ids;
};

G_DEFINE_FINAL_TYPE (AlcoveBridge, alcove_bridge, G_TYPE_OBJECT)

static void
link_free (gpointer data)
{
  Link *link = data;

  g_free (link->name);
  g_free (link);
}

static void
port_free (gpointer data)
{
  Port *port = data;

  g_ptr_array_unref (port->order);
  g_hash_table_unref (port->links);
  g_free (port->id);
  g_free (port->room);
  g_free (port);
}

static void
remove_link (Port *port,
             Link *link)
{
  g_ptr_array_remove (port->order, link->name);
  g_hash_table_remove (port->links, link->name);
}

static Link *
find_link (AlcoveBridge *self,
           AlcoveHubMember *member,
           const char *name)
{
  Port *port = g_hash_table_lookup (self->ports, member);

  return port != NULL ? g_hash_table_lookup (port->links, name) : NULL;
}

/* Whether an id fits every protocol as it is. */
static gboolean
fits_everywhere (const char *id)
{
  gsize length = 0;

  for (; id[length] != '\0'; length++)
    if (!g_ascii_isalnum (id[length]) && id[length] != '-' && id[length] != '_')
      return FALSE;

  return length == ALCOVE_BRIDGE_ID_LENGTH;
}

/* Sets whether the newcomer is the one to offer; or says that neither can be brought to. */
static gboolean
decide (const AlcoveBridgeSide *first,
        const AlcoveBridgeSide *newcomer,
        gboolean *newcomer_offers)
{
  gboolean answers = (newcomer->newcomer & ALCOVE_BRIDGE_ANSWERS) != 0;

  *newcomer_offers = (newcomer->newcomer & ALCOVE_BRIDGE_OFFERS) != 0
                     && (first->first & ALCOVE_BRIDGE_ANSWERS) != 0;
  return *newcomer_offers
         || (answers
             && (first->first & (ALCOVE_BRIDGE_OFFERS | ALCOVE_BRIDGE_OFFERS_LATE)) != 0);
}

static Link *
add_link (Port *port,
          Port *other,
          gboolean offers)
{
  Link *link = g_new0 (Link, 1);

  link->other = other;
  link->offers = offers;
  link->name = port->side->name != NULL ? port->side->name (port->member, other->id)
                                        : g_strdup (other->id);
  g_hash_table_insert (port->links, link->name, link);
  g_ptr_array_add (port->order, link->name);
  return link;
}

static void
add_pair (Port *first,
          Port *newcomer)
{
  gboolean newcomer_offers;
  Link *there;
  Link *here;

  if (alcove_hub_member_get_owner (first->member) == alcove_hub_member_get_owner (newcomer->member))
    return;
  if (!decide (first->side, newcomer->side, &newcomer_offers))
    {
      alcove_debug_print (ALCOVE_DEBUG_SERVER, "%s and %s can’t be made to meet", first->id,
                          newcomer->id);
      return;
    }

  there = add_link (first, newcomer, !newcomer_offers);
  here = add_link (newcomer, first, newcomer_offers);
  there->back = here->name;
  here->back = there->name;
}

static void
alcove_bridge_finalize (GObject *object)
{
  AlcoveBridge *self = ALCOVE_BRIDGE (object);

  g_hash_table_unref (self->ids);
  g_hash_table_unref (self->rooms);
  g_hash_table_unref (self->ports);

  G_OBJECT_CLASS (alcove_bridge_parent_class)->finalize (object);
}

static void
alcove_bridge_class_init (AlcoveBridgeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = alcove_bridge_finalize;
}

static void
alcove_bridge_init (AlcoveBridge *self)
{
  self->ports = g_hash_table_new_full (NULL, NULL, NULL, port_free);
  self->rooms = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                       (GDestroyNotify) g_ptr_array_unref);
  self->ids = g_hash_table_new (g_str_hash, g_str_equal);
}

/**
 * alcove_bridge_new:
 * @max_members: how many of one room name it lets meet, of all dialects together
 *
 * Returns: (transfer full): a bridge without members
 */
AlcoveBridge *
alcove_bridge_new (guint max_members)
{
  AlcoveBridge *self = g_object_new (ALCOVE_TYPE_BRIDGE, NULL);

  self->max_members = max_members;
  return self;
}

/**
 * alcove_bridge_enter:
 * @self: a bridge
 * @member: who wants to meet others; it is in the bridge at most once
 * @room: the name of the room as people know it, whatever its dialect calls it in the hub
 * @side: (transfer none): what its dialect does for it; static
 *
 * Decides whom @member meets and who of each pair offers. Nobody is told yet: first
 * the dialect greets its member, with alcove_bridge_list() where the greeting has a place for
 * others, and then it calls alcove_bridge_introduce(). A room that holds too many gets no
 * further members across dialects; its own dialect is not touched by that. An empty name is
 * what clients give who name no room, and two of them have not agreed on one.
 */
void
alcove_bridge_enter (AlcoveBridge *self,
                     AlcoveHubMember *member,
                     const char *room,
                     const AlcoveBridgeSide *side)
{
  GPtrArray *ports;
  Port *port;
  const char *id = alcove_hub_member_get_id (member);

  g_return_if_fail (ALCOVE_IS_BRIDGE (self));
  g_return_if_fail (!g_hash_table_contains (self->ports, member));

  if (*room == '\0')
    return;

  ports = g_hash_table_lookup (self->rooms, room);
  if (ports == NULL)
    {
      ports = g_ptr_array_new ();
      g_hash_table_insert (self->rooms, g_strdup (room), ports);
    }
  else if (ports->len >= self->max_members)
    {
      g_message ("%s meets nobody of another protocol: too many are in the room", id);
      return;
    }

  port = g_new0 (Port, 1);
  port->member = member;
  port->side = side;
  port->room = g_strdup (room);
  port->own_id = fits_everywhere (id);
  port->id = port->own_id ? g_strdup (id) : g_uuid_string_random ();
  port->links = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, link_free);
  port->order = g_ptr_array_new ();
  if (!port->own_id)
    g_hash_table_insert (self->ids, port->id, port);

  g_hash_table_insert (self->ports, member, port);
  for (guint i = 0; i < ports->len; i++)
    add_pair (ports->pdata[i], port);
  g_ptr_array_add (ports, port);
}

/**
 * alcove_bridge_introduce:
 * @self: a bridge
 * @member: one who has entered, and has been greeted by its dialect; others are ignored
 *
 * Tells those who were there of @member.
 */
void
alcove_bridge_introduce (AlcoveBridge *self,
                         AlcoveHubMember *member)
{
  Port *port;

  g_return_if_fail (ALCOVE_IS_BRIDGE (self));

  port = g_hash_table_lookup (self->ports, member);
  if (port == NULL || port->introduced)
    return;

  port->introduced = TRUE;
  for (guint i = 0; i < port->order->len; i++)
    {
      Link *link = g_hash_table_lookup (port->links, port->order->pdata[i]);

      link->other->side->announce (link->other->member, link->back, !link->offers);
    }
}

/**
 * alcove_bridge_leave:
 * @self: a bridge
 * @member: somebody; nothing happens if it has not entered
 *
 * Takes @member out, and tells those who know it. Whoever leaves the hub leaves the
 * bridge by that.
 */
void
alcove_bridge_leave (AlcoveBridge *self,
                     AlcoveHubMember *member)
{
  Port *port;
  GPtrArray *ports;

  g_return_if_fail (ALCOVE_IS_BRIDGE (self));

  port = g_hash_table_lookup (self->ports, member);
  if (port == NULL)
    return;

  while (port->order->len > 0)
    alcove_bridge_part (self, member, port->order->pdata[port->order->len - 1]);

  ports = g_hash_table_lookup (self->rooms, port->room);
  g_ptr_array_remove (ports, port);
  if (ports->len == 0)
    g_hash_table_remove (self->rooms, port->room);
  if (!port->own_id)
    g_hash_table_remove (self->ids, port->id);
  g_hash_table_remove (self->ports, member);
}

/**
 * alcove_bridge_list:
 * @self: a bridge
 * @member: somebody
 * @abilities: %ALCOVE_BRIDGE_OFFERS for those to whom @member offers,
 *   %ALCOVE_BRIDGE_ANSWERS for those whose offer it waits for, or both
 *
 * Returns: (transfer full): the names of those whom @member meets, in the order they came
 */
GStrv
alcove_bridge_list (AlcoveBridge *self,
                    AlcoveHubMember *member,
                    AlcoveBridgeAbilities abilities)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  Port *port;

  g_return_val_if_fail (ALCOVE_IS_BRIDGE (self), NULL);

  port = g_hash_table_lookup (self->ports, member);
  for (guint i = 0; port != NULL && i < port->order->len; i++)
    {
      Link *link = g_hash_table_lookup (port->links, port->order->pdata[i]);

      if ((abilities & (link->offers ? ALCOVE_BRIDGE_OFFERS : ALCOVE_BRIDGE_ANSWERS)) != 0)
        g_strv_builder_add (names, link->name);
    }
  return g_strv_builder_end (names);
}

/**
 * alcove_bridge_knows:
 * @self: a bridge
 * @member: somebody
 * @other: a name
 *
 * Returns: whether @member meets somebody of that name
 */
gboolean
alcove_bridge_knows (AlcoveBridge *self,
                     AlcoveHubMember *member,
                     const char *other)
{
  g_return_val_if_fail (ALCOVE_IS_BRIDGE (self), FALSE);

  return find_link (self, member, other) != NULL;
}

/**
 * alcove_bridge_part:
 * @self: a bridge
 * @member: somebody
 * @other: the name of somebody whom @member meets
 *
 * Ends this one pair. @other is told; what is to be said to @member is its dialect's affair.
 */
void
alcove_bridge_part (AlcoveBridge *self,
                    AlcoveHubMember *member,
                    const char *other)
{
  Port *port;
  Port *there;
  Link *link;
  g_autofree char *back = NULL;

  g_return_if_fail (ALCOVE_IS_BRIDGE (self));

  link = find_link (self, member, other);
  if (link == NULL)
    return;

  port = g_hash_table_lookup (self->ports, member);
  there = link->other;
  back = g_strdup (link->back);
  remove_link (there, g_hash_table_lookup (there->links, back));
  remove_link (port, link);
  /* Before the introduction the other has not heard of it. */
  if (port->introduced)
    there->side->withdraw (there->member, back);
}

/**
 * alcove_bridge_send_description:
 * @self: a bridge
 * @member: the sender
 * @to: the name by which it knows the receiver
 * @type: what it is
 * @sdp: the session description, valid UTF-8
 *
 * Returns: %FALSE if @member meets nobody of that name
 */
gboolean
alcove_bridge_send_description (AlcoveBridge *self,
                                AlcoveHubMember *member,
                                const char *to,
                                AlcoveDescriptionType type,
                                const char *sdp)
{
  Link *link;

  g_return_val_if_fail (ALCOVE_IS_BRIDGE (self), FALSE);

  link = find_link (self, member, to);
  if (link == NULL)
    return FALSE;

  link->other->side->description (link->other->member, link->back, type, sdp);
  return TRUE;
}

/**
 * alcove_bridge_send_candidate:
 * @self: a bridge
 * @member: the sender
 * @to: the name by which it knows the receiver
 * @mid: (nullable): id of the media section; an empty one counts as none
 * @mline_index: index of the media section, or -1
 * @candidate: the candidate's text; an empty one, by which some say that there are no
 *   more, is not passed on, since not every protocol has a word for it
 *
 * Returns: %FALSE if @member meets nobody of that name
 */
gboolean
alcove_bridge_send_candidate (AlcoveBridge *self,
                              AlcoveHubMember *member,
                              const char *to,
                              const char *mid,
                              int mline_index,
                              const char *candidate)
{
  Link *link;

  g_return_val_if_fail (ALCOVE_IS_BRIDGE (self), FALSE);

  link = find_link (self, member, to);
  if (link == NULL)
    return FALSE;

  if (candidate != NULL && *candidate != '\0')
    link->other->side->candidate (link->other->member, link->back,
                                  mid != NULL && *mid != '\0' ? mid : NULL, mline_index, candidate);
  return TRUE;
}

/**
 * alcove_bridge_is_id_taken:
 * @self: a bridge
 * @id: an id
 *
 * Returns: whether the bridge has made up this id for somebody, so that nobody may
 *   come in by it
 */
gboolean
alcove_bridge_is_id_taken (AlcoveBridge *self,
                           const char *id)
{
  g_return_val_if_fail (ALCOVE_IS_BRIDGE (self), FALSE);

  return g_hash_table_contains (self->ids, id);
}
