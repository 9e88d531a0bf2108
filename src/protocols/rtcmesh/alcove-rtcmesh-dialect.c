/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-rtcmesh-dialect"

#include "config.h"

#include "alcove-rtcmesh-dialect.h"

#include <string.h>

#include "alcove-bridge.h"
#include "alcove-error.h"
#include "alcove-json.h"
#include "alcove-rtcmesh-codec.h"

/**
 * AlcoveRtcmeshDialect:
 *
 * The server's side of the mesh. It tells the newcomer who is online, the others that it
 * came, and relays objects with a `to` as they are. Unlike the original servers it
 * says when the last socket of an id goes, and passes on nothing in somebody else's name.
 *
 * The mesh is one, whatever the address looks like. Those of other protocols sit in rooms,
 * and nobody is let into a room whose name it does not know: who names one meets them there,
 * either by the path or by a message, for which `init` says that this server takes it.
 */

#define UID_PART "/uid/"

/* Everybody with one id: one socket, or several, which all get what is for the id. */
typedef struct {
  char *uid;
  AlcoveHubMember *member;
  /* where it meets those of other protocols; NULL while it has named no room */
  char *room;
  /* of AlcoveServerClient, borrowed until they are closed */
  GPtrArray *clients;
} Node;

struct _AlcoveRtcmeshDialect {
  AlcoveDialect parent_instance;

  /* uid → Node, owned */
  GHashTable *nodes;
  /* uids in the order they came, owned by their nodes */
  GPtrArray *order;
  /* client → Node */
  GHashTable *clients;
};

G_DEFINE_FINAL_TYPE (AlcoveRtcmeshDialect, alcove_rtcmesh_dialect, ALCOVE_TYPE_DIALECT)

static void
node_free (gpointer data)
{
  Node *node = data;

  g_ptr_array_unref (node->clients);
  g_free (node->room);
  g_free (node->uid);
  g_free (node);
}

static void
send_to_node (Node *node,
              const char *text)
{
  for (guint i = 0; i < node->clients->len; i++)
    alcove_server_client_send_text (node->clients->pdata[i], text);
}

static void
send_message (Node *node,
              const AlcoveRtcmeshMessage *message)
{
  g_autofree char *text = alcove_rtcmesh_message_encode (message);

  send_to_node (node, text);
}

static void
send_notice (Node *node,
             AlcoveRtcmeshKind kind,
             const char *id)
{
  g_autoptr (AlcoveRtcmeshMessage) message = alcove_rtcmesh_message_new (kind);

  message->id = g_strdup (id);
  send_message (node, message);
}

static void
side_announce (AlcoveHubMember *member,
               const char *other,
               gboolean offers)
{
  send_notice (alcove_hub_member_get_data (member), ALCOVE_RTCMESH_ONLINE, other);
}

static void
side_withdraw (AlcoveHubMember *member,
               const char *other)
{
  send_notice (alcove_hub_member_get_data (member), ALCOVE_RTCMESH_OFFLINE, other);
}

static void
side_description (AlcoveHubMember *member,
                  const char *from,
                  AlcoveDescriptionType type,
                  const char *sdp)
{
  Node *node = alcove_hub_member_get_data (member);
  g_autoptr (AlcoveRtcmeshMessage) message = alcove_rtcmesh_message_new (
      type == ALCOVE_DESCRIPTION_OFFER ? ALCOVE_RTCMESH_OFFER : ALCOVE_RTCMESH_ANSWER);

  message->from = g_strdup (from);
  message->to = g_strdup (node->uid);
  alcove_rtcmesh_message_set_description (message, type, sdp);
  send_message (node, message);
}

static void
side_candidate (AlcoveHubMember *member,
                const char *from,
                const char *mid,
                int mline_index,
                const char *candidate)
{
  Node *node = alcove_hub_member_get_data (member);
  g_autoptr (AlcoveRtcmeshMessage) message
      = alcove_rtcmesh_message_new (ALCOVE_RTCMESH_CANDIDATE);

  message->from = g_strdup (from);
  message->to = g_strdup (node->uid);
  alcove_rtcmesh_message_set_candidate (message, mid, mline_index, candidate);
  send_message (node, message);
}

/* Whom it is told of by `online` it calls, whoever was there first; and `init`, by which
 * it would wait, is over when a member names its room. */
static const AlcoveBridgeSide bridge_side = {
  .first = ALCOVE_BRIDGE_OFFERS,
  .newcomer = ALCOVE_BRIDGE_OFFERS,
  .announce = side_announce,
  .withdraw = side_withdraw,
  .description = side_description,
  .candidate = side_candidate,
};

static AlcoveBridge *
get_bridge (AlcoveRtcmeshDialect *self)
{
  return alcove_hub_get_bridge (alcove_dialect_get_hub (ALCOVE_DIALECT (self)));
}

static void
enter_room (AlcoveRtcmeshDialect *self,
            Node *node,
            const char *room)
{
  AlcoveBridge *bridge = get_bridge (self);
  g_auto (GStrv) before = NULL;
  g_auto (GStrv) others = NULL;

  if (g_strcmp0 (node->room, room) == 0)
    return;

  before = alcove_bridge_list (bridge, node->member, ALCOVE_BRIDGE_OFFERS);
  alcove_bridge_leave (bridge, node->member);
  for (gsize i = 0; before[i] != NULL; i++)
    send_notice (node, ALCOVE_RTCMESH_OFFLINE, before[i]);

  g_free (node->room);
  node->room = g_strdup (room);
  if (room == NULL)
    return;

  alcove_bridge_enter (bridge, node->member, room, &bridge_side);
  others = alcove_bridge_list (bridge, node->member, ALCOVE_BRIDGE_OFFERS);
  alcove_bridge_introduce (bridge, node->member);
  for (gsize i = 0; others[i] != NULL; i++)
    send_notice (node, ALCOVE_RTCMESH_ONLINE, others[i]);
}

static void
announce (AlcoveRtcmeshDialect *self,
          Node *about,
          AlcoveRtcmeshKind kind)
{
  g_autoptr (AlcoveRtcmeshMessage) message = alcove_rtcmesh_message_new (kind);
  g_autofree char *text = NULL;

  message->id = g_strdup (about->uid);
  text = alcove_rtcmesh_message_encode (message);
  for (guint i = 0; i < self->order->len; i++)
    {
      Node *node = g_hash_table_lookup (self->nodes, self->order->pdata[i]);

      if (node != about)
        send_to_node (node, text);
    }
}

static void
send_init (AlcoveRtcmeshDialect *self,
           Node *node,
           AlcoveServerClient *client)
{
  g_autoptr (AlcoveRtcmeshMessage) message = alcove_rtcmesh_message_new (ALCOVE_RTCMESH_INIT);
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();
  g_autofree char *text = NULL;

  for (guint i = 0; i < self->order->len; i++)
    if (self->order->pdata[i] != node->uid)
      g_strv_builder_add (ids, self->order->pdata[i]);

  message->ids = g_strv_builder_end (ids);
  text = alcove_rtcmesh_message_encode (message);
  alcove_server_client_send_text (client, text);
}

static void
refuse (AlcoveServerClient *client,
        const char *why)
{
  g_message ("a client of the mesh dropped: %s", why);
  alcove_server_client_close (client, ALCOVE_SERVER_CLOSE_POLICY, why);
}

static Node *
add_node (AlcoveRtcmeshDialect *self,
          const char *uid,
          GError **error)
{
  AlcoveHub *hub = alcove_dialect_get_hub (ALCOVE_DIALECT (self));
  Node *node = g_new0 (Node, 1);

  node->uid = g_strdup (uid);
  node->clients = g_ptr_array_new ();
  node->member = alcove_hub_join (hub, ALCOVE_RTCMESH_HUB_ROOM, uid, self, node, error);
  if (node->member == NULL)
    {
      node_free (node);
      return NULL;
    }

  g_hash_table_insert (self->nodes, node->uid, node);
  g_ptr_array_add (self->order, node->uid);
  return node;
}

static gboolean
alcove_rtcmesh_dialect_matches (AlcoveDialect *dialect,
                                const char *path,
                                const char *first_message)
{
  /* A bad id is this dialect's too: nobody else would refuse it, and a page that is
   * left in silence tells its user nothing. */
  return first_message == NULL
         && (alcove_rtcmesh_find_uid (path) != NULL || strstr (path, UID_PART) != NULL);
}

static void
alcove_rtcmesh_dialect_opened (AlcoveDialect *dialect,
                               AlcoveServerClient *client,
                               const char *path)
{
  AlcoveRtcmeshDialect *self = ALCOVE_RTCMESH_DIALECT (dialect);
  const char *uid = alcove_rtcmesh_find_uid (path);
  g_autofree char *room = alcove_rtcmesh_find_room (path);
  g_autoptr (GError) error = NULL;
  Node *node;

  if (uid == NULL)
    {
      refuse (client, "the address has to end in uid/ and an id of 36 characters");
      return;
    }

  node = g_hash_table_lookup (self->nodes, uid);
  if (node == NULL)
    node = add_node (self, uid, &error);
  if (node == NULL)
    {
      refuse (client, alcove_error_get_code (error));
      return;
    }

  g_ptr_array_add (node->clients, client);
  g_hash_table_insert (self->clients, client, node);
  alcove_server_client_set_joined (client);
  send_init (self, node, client);
  announce (self, node, ALCOVE_RTCMESH_ONLINE);

  /* A page that was loaded again while its old socket is still open knows nobody any more,
   * and no other protocol has a word for that. */
  enter_room (self, node, NULL);
  enter_room (self, node, room);
}

static void
relay_abroad (AlcoveRtcmeshDialect *self,
              Node *node,
              const AlcoveRtcmeshMessage *message)
{
  AlcoveBridge *bridge = get_bridge (self);
  g_autoptr (GError) error = NULL;
  AlcoveDescriptionType type;
  const char *sdp;

  if (message->kind == ALCOVE_RTCMESH_CANDIDATE)
    alcove_bridge_send_candidate (bridge, node->member, message->to, message->sdp_mid,
                                  message->sdp_mline_index, message->candidate);
  else if (message->kind != ALCOVE_RTCMESH_OFFER && message->kind != ALCOVE_RTCMESH_ANSWER)
    g_info ("%s: unexpected: nothing that other protocols know", node->uid);
  else if (alcove_rtcmesh_message_get_description (message, &type, &sdp, &error))
    alcove_bridge_send_description (bridge, node->member, message->to, type, sdp);
  else
    g_info ("%s: %s: %s", node->uid, alcove_error_get_code (error), error->message);
}

/* What is no plain relaying within the mesh; returns whether it was that. */
static gboolean
handle_special (AlcoveRtcmeshDialect *self,
                Node *node,
                const char *text)
{
  g_autoptr (AlcoveRtcmeshMessage) message = alcove_rtcmesh_message_decode (text, -1, NULL);

  if (message == NULL)
    return FALSE;

  if (message->kind == ALCOVE_RTCMESH_ROOM)
    {
      enter_room (self, node, message->room);
      return TRUE;
    }
  if (message->to != NULL && alcove_bridge_knows (get_bridge (self), node->member, message->to))
    {
      relay_abroad (self, node, message);
      return TRUE;
    }
  return FALSE;
}

/* Whether the sender speaks for itself. The protocol lets it leave that open. */
static gboolean
is_own_word (JsonObject *object,
             Node *node)
{
  JsonNode *from = json_object_get_member (object, "from");

  if (from == NULL || JSON_NODE_HOLDS_NULL (from))
    return TRUE;
  return JSON_NODE_HOLDS_VALUE (from) && json_node_get_value_type (from) == G_TYPE_STRING
         && strcmp (json_node_get_string (from), node->uid) == 0;
}

static void
alcove_rtcmesh_dialect_message (AlcoveDialect *dialect,
                                AlcoveServerClient *client,
                                const char *text)
{
  AlcoveRtcmeshDialect *self = ALCOVE_RTCMESH_DIALECT (dialect);
  Node *node = g_hash_table_lookup (self->clients, client);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = NULL;
  JsonObject *object;
  const char *to;
  Node *target;

  /* one that is being refused may still have said something */
  if (node == NULL)
    return;

  root = alcove_json_parse (text, -1, ALCOVE_RTCMESH_MAX_MESSAGE, &error);
  object = root != NULL ? alcove_json_node_get_object (root, &error) : NULL;
  if (object == NULL
      || !alcove_json_get_string (object, "to", ALCOVE_RTCMESH_MAX_ID, &to, &error))
    {
      if (object != NULL && handle_special (self, node, text))
        return;
      g_info ("%s: %s: %s", node->uid, alcove_error_get_code (error), error->message);
      return;
    }
  if (!is_own_word (object, node))
    {
      g_info ("%s: unexpected: a message in somebody else's name", node->uid);
      return;
    }

  target = g_hash_table_lookup (self->nodes, to);
  if (target != NULL)
    send_to_node (target, text);
  else if (!handle_special (self, node, text))
    g_info ("%s: unknown-peer: a message for nobody", node->uid);
}

static void
alcove_rtcmesh_dialect_closed (AlcoveDialect *dialect,
                               AlcoveServerClient *client)
{
  AlcoveRtcmeshDialect *self = ALCOVE_RTCMESH_DIALECT (dialect);
  Node *node = g_hash_table_lookup (self->clients, client);

  if (node == NULL)
    return;

  g_hash_table_remove (self->clients, client);
  g_ptr_array_remove (node->clients, client);
  if (node->clients->len > 0)
    return;

  alcove_hub_leave (alcove_dialect_get_hub (dialect), node->member);
  g_ptr_array_remove (self->order, node->uid);
  announce (self, node, ALCOVE_RTCMESH_OFFLINE);
  g_hash_table_remove (self->nodes, node->uid);
}

static void
alcove_rtcmesh_dialect_finalize (GObject *object)
{
  AlcoveRtcmeshDialect *self = ALCOVE_RTCMESH_DIALECT (object);

  g_hash_table_unref (self->clients);
  g_ptr_array_unref (self->order);
  g_hash_table_unref (self->nodes);

  G_OBJECT_CLASS (alcove_rtcmesh_dialect_parent_class)->finalize (object);
}

static void
alcove_rtcmesh_dialect_class_init (AlcoveRtcmeshDialectClass *klass)
{
  AlcoveDialectClass *dialect_class = ALCOVE_DIALECT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = alcove_rtcmesh_dialect_finalize;
  dialect_class->matches = alcove_rtcmesh_dialect_matches;
  dialect_class->opened = alcove_rtcmesh_dialect_opened;
  dialect_class->message = alcove_rtcmesh_dialect_message;
  dialect_class->closed = alcove_rtcmesh_dialect_closed;
}

static void
alcove_rtcmesh_dialect_init (AlcoveRtcmeshDialect *self)
{
  self->nodes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, node_free);
  self->order = g_ptr_array_new ();
  self->clients = g_hash_table_new (NULL, NULL);
}

/**
 * alcove_rtcmesh_dialect_new:
 *
 * Returns: (transfer full): the mesh side of a server
 */
AlcoveDialect *
alcove_rtcmesh_dialect_new (void)
{
  return g_object_new (ALCOVE_TYPE_RTCMESH_DIALECT, NULL);
}
