/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-webrtcroom-signaller"

#include "config.h"

#include "alcove-webrtcroom-signaller.h"

#include <string.h>

#include <glib/gi18n.h>

#include "alcove-socketio-transport.h"
#include "alcove-webrtcroom-codec.h"

/* Own ids of earlier connections that the server may still take for somebody. */
#define MAX_FORMER_IDS 16

/* Somebody in the room. */
typedef struct {
  char *id;
  /* our offer has no answer yet */
  gboolean offered;
} Peer;

/**
 * AlcoveWebrtcroomSignaller:
 *
 * Membership in a room of a WebRtcRoomServer. The newcomer offers to everybody in `created`;
 * whoever gets `joined` waits for that.
 *
 * The id is the connection's, so that after a reconnection we are somebody new to the others:
 * they are announced again, with `we_offer` set, before `reconnected`.
 *
 * The end of any connection is told to all clients of the server, in whatever room, and
 * messages cross rooms: only who was announced in this room counts.
 */
struct _AlcoveWebrtcroomSignaller {
  AlcoveServerSignaller parent_instance;

  char *self_id;
  GQueue former_ids;
  /* id → Peer, owned */
  GHashTable *peers;
  /* as it was before the connection was lost, until there is a new list */
  GHashTable *before;
};

G_DEFINE_FINAL_TYPE (AlcoveWebrtcroomSignaller,
                     alcove_webrtcroom_signaller,
                     ALCOVE_TYPE_SERVER_SIGNALLER)

static void
peer_free (gpointer data)
{
  Peer *peer = data;

  g_free (peer->id);
  g_free (peer);
}

static GHashTable *
peers_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, NULL, peer_free);
}

/* Whether it was there already. */
static gboolean
add_peer (AlcoveWebrtcroomSignaller *self,
          const char *id)
{
  Peer *peer;

  if (g_hash_table_contains (self->peers, id))
    return TRUE;

  peer = g_new0 (Peer, 1);
  peer->id = g_strdup (id);
  g_hash_table_insert (self->peers, peer->id, peer);
  return FALSE;
}

static void
send_message (AlcoveWebrtcroomSignaller *self,
              const AlcoveWebrtcroomMessage *message)
{
  g_autofree char *text = alcove_webrtcroom_message_encode (message);

  alcove_server_signaller_send (ALCOVE_SERVER_SIGNALLER (self), text);
}

static gboolean
is_own_id (AlcoveWebrtcroomSignaller *self,
           const char *id)
{
  return g_strcmp0 (id, self->self_id) == 0
         || g_queue_find_custom (&self->former_ids, id, (GCompareFunc) strcmp) != NULL;
}

/* A second join by mistake lists us too; so does a server that has not noticed yet that
 * an earlier connection of ours is gone. And each socket of this server is in a room of its
 * own name, so that somebody of the room's name is there by accident. */
static gboolean
is_somebody (AlcoveWebrtcroomSignaller *self,
             const char *id)
{
  return !is_own_id (self, id)
         && strcmp (id, alcove_server_signaller_get_room (ALCOVE_SERVER_SIGNALLER (self))) != 0;
}

static gboolean
alcove_webrtcroom_signaller_check_room (AlcoveServerSignaller *signaller,
                                        const char *room,
                                        GError **error)
{
  /* The server keeps its rooms in an object of JavaScript, and ends with all that is in it
   * over a room that is named like something such an object has by itself. */
  static const char *const deadly[] = {
    "__defineGetter__", "__defineSetter__", "__lookupGetter__",     "__lookupSetter__",
    "__proto__",        "constructor",      "hasOwnProperty",       "isPrototypeOf",
    "toLocaleString",   "toString",         "propertyIsEnumerable", "valueOf",
    NULL,
  };

  if (!g_strv_contains (deadly, room))
    return TRUE;

  g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_FAILED,
               _ ("A room on this kind of server can’t be named “%s”."), room);
  return FALSE;
}

static void
alcove_webrtcroom_signaller_enter (AlcoveServerSignaller *signaller)
{
  AlcoveWebrtcroomSignaller *self = ALCOVE_WEBRTCROOM_SIGNALLER (signaller);
  g_autoptr (AlcoveWebrtcroomMessage) message
      = alcove_webrtcroom_message_new (ALCOVE_WEBRTCROOM_CREATE);

  alcove_webrtcroom_message_set_room (message, alcove_server_signaller_get_room (signaller));
  send_message (self, message);
}

static void
alcove_webrtcroom_signaller_lost (AlcoveServerSignaller *signaller)
{
  AlcoveWebrtcroomSignaller *self = ALCOVE_WEBRTCROOM_SIGNALLER (signaller);

  if (self->self_id == NULL)
    {
      /* lost before there was a list: what was known before is still to be told */
      g_hash_table_remove_all (self->peers);
      return;
    }

  g_queue_push_tail (&self->former_ids, g_steal_pointer (&self->self_id));
  if (g_queue_get_length (&self->former_ids) > MAX_FORMER_IDS)
    g_free (g_queue_pop_head (&self->former_ids));

  g_clear_pointer (&self->before, g_hash_table_unref);
  self->before = g_steal_pointer (&self->peers);
  self->peers = peers_new ();
}

static GPtrArray *
take_gone (AlcoveWebrtcroomSignaller *self,
           GHashTable *here)
{
  g_autoptr (GHashTable) before = g_steal_pointer (&self->before);
  GPtrArray *gone = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer id;

  if (before == NULL)
    return gone;

  g_hash_table_iter_init (&iter, before);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    if (!g_hash_table_contains (here, id))
      g_ptr_array_add (gone, g_strdup (id));
  return gone;
}

/* Alcove's server lists those who came later and wait for our offer, since their own
 * protocol does not let them make one. Nobody is gone by not being on it. */
static void
handle_created_again (AlcoveWebrtcroomSignaller *self,
                      const AlcoveWebrtcroomMessage *message)
{
  AlcoveServerSignaller *base = ALCOVE_SERVER_SIGNALLER (self);
  gboolean ours = g_strcmp0 (message->id, self->self_id) == 0 && message->room != NULL
                  && json_node_get_value_type (message->room) == G_TYPE_STRING
                  && g_strcmp0 (json_node_get_string (message->room),
                                alcove_server_signaller_get_room (base)) == 0;
  gboolean news = FALSE;

  for (gsize i = 0; ours && message->peers[i] != NULL && alcove_server_signaller_is_joined (base); i++)
    if (is_somebody (self, message->peers[i])
        && g_hash_table_size (self->peers) < ALCOVE_WEBRTCROOM_MAX_PEERS
        && !add_peer (self, message->peers[i]))
      {
        news = TRUE;
        alcove_signaller_emit_peer_joined (ALCOVE_SIGNALLER (self), message->peers[i], NULL, TRUE);
      }

  if (!news)
    alcove_server_signaller_report (base, ALCOVE_ERROR_UNEXPECTED,
                                    _ ("The server listed the members a second time."));
}

static void
handle_created (AlcoveWebrtcroomSignaller *self,
                const AlcoveWebrtcroomMessage *message)
{
  AlcoveServerSignaller *base = ALCOVE_SERVER_SIGNALLER (self);
  AlcoveSignaller *signaller = ALCOVE_SIGNALLER (self);
  g_autoptr (GPtrArray) order = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) gone = NULL;
  guint n_after_us;
  GHashTableIter iter;
  gpointer id;

  if (alcove_server_signaller_is_joined (base))
    {
      handle_created_again (self, message);
      return;
    }

  self->self_id = g_strdup (message->id);

  /* Who was announced before this list has come after us, and offers. */
  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    g_ptr_array_add (order, g_strdup (id));
  n_after_us = order->len;
  for (gsize i = 0; message->peers[i] != NULL; i++)
    if (is_somebody (self, message->peers[i]) && !add_peer (self, message->peers[i]))
      g_ptr_array_add (order, g_strdup (message->peers[i]));
  gone = take_gone (self, self->peers);

  /* A handler may leave in between. */
  if (!alcove_server_signaller_entered (base, self->self_id))
    return;
  for (guint i = 0; i < gone->len && alcove_server_signaller_is_joined (base); i++)
    alcove_signaller_emit_peer_left (signaller, gone->pdata[i]);
  for (guint i = 0; i < order->len && alcove_server_signaller_is_joined (base); i++)
    alcove_signaller_emit_peer_joined (signaller, order->pdata[i], NULL, i >= n_after_us);
  alcove_server_signaller_announced (base);
}

static void
handle_joined (AlcoveWebrtcroomSignaller *self,
               const char *id)
{
  AlcoveServerSignaller *base = ALCOVE_SERVER_SIGNALLER (self);

  if (!is_somebody (self, id))
    return;

  if (!g_hash_table_contains (self->peers, id)
      && g_hash_table_size (self->peers) >= ALCOVE_WEBRTCROOM_MAX_PEERS)
    {
      alcove_server_signaller_report (base, ALCOVE_ERROR_TOO_MANY,
                                      _ ("The room has more members than Alcove can take."));
      return;
    }

  /* a known one has joined twice, and is the same as before */
  if (!add_peer (self, id) && alcove_server_signaller_is_joined (base))
    alcove_signaller_emit_peer_joined (ALCOVE_SIGNALLER (self), id, NULL, FALSE);
}

/* Of anybody on the server: who said so himself is told about a second time, and the room is
 * empty where the server says so. */
static void
handle_exit (AlcoveWebrtcroomSignaller *self,
             const char *id)
{
  if (g_hash_table_remove (self->peers, id)
      && alcove_server_signaller_is_joined (ALCOVE_SERVER_SIGNALLER (self)))
    alcove_signaller_emit_peer_left (ALCOVE_SIGNALLER (self), id);
}

static void
handle_relayed (AlcoveWebrtcroomSignaller *self,
                const AlcoveWebrtcroomMessage *message)
{
  AlcoveServerSignaller *base = ALCOVE_SERVER_SIGNALLER (self);
  AlcoveSignaller *signaller = ALCOVE_SIGNALLER (self);
  Peer *peer = g_hash_table_lookup (self->peers, message->from);
  AlcoveDescriptionType type;
  const char *sdp;
  g_autoptr (GError) error = NULL;

  if (peer == NULL || !alcove_server_signaller_is_joined (base))
    {
      alcove_server_signaller_report (base, ALCOVE_ERROR_UNKNOWN_PEER,
                                      _ ("A message came from somebody who is not in the room."));
      return;
    }

  if (message->kind == ALCOVE_WEBRTCROOM_CANDIDATE)
    {
      /* the end of candidates, which the original clients do not send */
      if (*message->candidate != '\0')
        alcove_signaller_emit_candidate (signaller, message->from, message->mid,
                                         message->mline_index, message->candidate);
      return;
    }

  if (!alcove_webrtcroom_message_get_description (message, &type, &sdp, &error))
    {
      alcove_server_signaller_report_error (base, error);
      return;
    }
  if (type == ALCOVE_DESCRIPTION_ANSWER && !peer->offered)
    {
      alcove_server_signaller_report (base, ALCOVE_ERROR_UNEXPECTED,
                                      _ ("An answer came to an offer that was never made."));
      return;
    }

  peer->offered = FALSE;
  alcove_signaller_emit_description (signaller, message->from, type, sdp);
}

static void
alcove_webrtcroom_signaller_message (AlcoveServerSignaller *signaller,
                                     const char *text)
{
  AlcoveWebrtcroomSignaller *self = ALCOVE_WEBRTCROOM_SIGNALLER (signaller);
  g_autoptr (GError) error = NULL;
  g_autoptr (AlcoveWebrtcroomMessage) message
      = alcove_webrtcroom_message_decode (text, FALSE, &error);

  if (message == NULL)
    {
      alcove_server_signaller_report_error (signaller, error);
      return;
    }

  switch (message->kind)
    {
    case ALCOVE_WEBRTCROOM_CREATED:
      handle_created (self, message);
      break;
    case ALCOVE_WEBRTCROOM_JOINED:
      handle_joined (self, message->id);
      break;
    case ALCOVE_WEBRTCROOM_EXIT:
      handle_exit (self, message->from);
      break;
    case ALCOVE_WEBRTCROOM_OFFER:
    case ALCOVE_WEBRTCROOM_ANSWER:
    case ALCOVE_WEBRTCROOM_CANDIDATE:
      handle_relayed (self, message);
      break;
    case ALCOVE_WEBRTCROOM_CREATE:
    case ALCOVE_WEBRTCROOM_UNKNOWN:
    default:
      g_debug ("An event of an unknown name was dropped");
      break;
    }
}

/* The leaver is told nothing, and its later disconnection is told a second time. */
static void
alcove_webrtcroom_signaller_farewell (AlcoveServerSignaller *signaller)
{
  AlcoveWebrtcroomSignaller *self = ALCOVE_WEBRTCROOM_SIGNALLER (signaller);
  g_autoptr (AlcoveWebrtcroomMessage) message
      = alcove_webrtcroom_message_new (ALCOVE_WEBRTCROOM_EXIT);

  message->from = g_strdup (self->self_id);
  alcove_webrtcroom_message_set_room (message, alcove_server_signaller_get_room (signaller));
  send_message (self, message);
}

/* A message to somebody in the room, or NULL: that somebody has just gone is no mistake
 * of the caller's. */
static AlcoveWebrtcroomMessage *
address_peer (AlcoveWebrtcroomSignaller *self,
              const char *id,
              AlcoveWebrtcroomKind kind)
{
  AlcoveServerSignaller *base = ALCOVE_SERVER_SIGNALLER (self);
  AlcoveWebrtcroomMessage *message;

  if (!alcove_server_signaller_is_joined (base) || !g_hash_table_contains (self->peers, id))
    {
      g_debug ("A message to %s was dropped: it is not in the room", id);
      return NULL;
    }

  message = alcove_webrtcroom_message_new (kind);
  message->from = g_strdup (self->self_id);
  message->to = g_strdup (id);
  alcove_webrtcroom_message_set_room (message, alcove_server_signaller_get_room (base));
  return message;
}

static void
alcove_webrtcroom_signaller_send_description (AlcoveSignaller *signaller,
                                              const char *id,
                                              AlcoveDescriptionType type,
                                              const char *sdp)
{
  AlcoveWebrtcroomSignaller *self = ALCOVE_WEBRTCROOM_SIGNALLER (signaller);
  gboolean offer = type == ALCOVE_DESCRIPTION_OFFER;
  g_autoptr (AlcoveWebrtcroomMessage) message = address_peer (
      self, id, offer ? ALCOVE_WEBRTCROOM_OFFER : ALCOVE_WEBRTCROOM_ANSWER);
  Peer *peer;

  if (message == NULL)
    return;

  alcove_webrtcroom_message_set_description (message, sdp);
  send_message (self, message);

  peer = g_hash_table_lookup (self->peers, id);
  if (peer != NULL)
    peer->offered = offer;
}

static void
alcove_webrtcroom_signaller_send_candidate (AlcoveSignaller *signaller,
                                            const char *id,
                                            const char *mid,
                                            int mline_index,
                                            const char *candidate)
{
  AlcoveWebrtcroomSignaller *self = ALCOVE_WEBRTCROOM_SIGNALLER (signaller);
  g_autoptr (AlcoveWebrtcroomMessage) message = NULL;

  if (candidate == NULL || *candidate == '\0')
    return;

  message = address_peer (self, id, ALCOVE_WEBRTCROOM_CANDIDATE);
  if (message == NULL)
    return;

  message->mid = g_strdup (mid);
  message->mline_index = mline_index;
  message->candidate = g_strdup (candidate);
  send_message (self, message);
}

static void
alcove_webrtcroom_signaller_finalize (GObject *object)
{
  AlcoveWebrtcroomSignaller *self = ALCOVE_WEBRTCROOM_SIGNALLER (object);

  g_free (self->self_id);
  g_queue_clear_full (&self->former_ids, g_free);
  g_hash_table_unref (self->peers);
  g_clear_pointer (&self->before, g_hash_table_unref);

  G_OBJECT_CLASS (alcove_webrtcroom_signaller_parent_class)->finalize (object);
}

static void
alcove_webrtcroom_signaller_class_init (AlcoveWebrtcroomSignallerClass *klass)
{
  AlcoveSignallerClass *signaller_class = ALCOVE_SIGNALLER_CLASS (klass);
  AlcoveServerSignallerClass *server_class = ALCOVE_SERVER_SIGNALLER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = alcove_webrtcroom_signaller_finalize;

  signaller_class->send_description = alcove_webrtcroom_signaller_send_description;
  signaller_class->send_candidate = alcove_webrtcroom_signaller_send_candidate;
  signaller_class->features
      = ALCOVE_SIGNALLER_ROSTER | ALCOVE_SIGNALLER_LEAVE_NOTICE | ALCOVE_SIGNALLER_ROOMS
        | ALCOVE_SIGNALLER_FLEETING_IDS;

  server_class->check_room = alcove_webrtcroom_signaller_check_room;
  server_class->enter = alcove_webrtcroom_signaller_enter;
  server_class->message = alcove_webrtcroom_signaller_message;
  server_class->lost = alcove_webrtcroom_signaller_lost;
  server_class->farewell = alcove_webrtcroom_signaller_farewell;
  server_class->max_room = ALCOVE_WEBRTCROOM_MAX_ROOM;
  server_class->wrong_protocol = N_ ("The server answers, but it is no WebRtcRoomServer.");
}

static void
alcove_webrtcroom_signaller_init (AlcoveWebrtcroomSignaller *self)
{
  g_queue_init (&self->former_ids);
  self->peers = peers_new ();
  alcove_server_signaller_set_join_wait (ALCOVE_SERVER_SIGNALLER (self),
                                         ALCOVE_WEBRTCROOM_JOIN_WAIT_MS);
}

/**
 * alcove_webrtcroom_signaller_new:
 * @server: the server's address, from alcove_address_parse()
 *
 * Returns: (transfer full): a signaller with a Socket.IO connection of its own
 */
AlcoveSignaller *
alcove_webrtcroom_signaller_new (GUri *server)
{
  g_autoptr (AlcoveTransport) transport = alcove_socketio_transport_new (NULL);

  return alcove_webrtcroom_signaller_new_with_transport (server, transport);
}

/**
 * alcove_webrtcroom_signaller_new_with_transport:
 * @server: the server's address, with the path of Socket.IO
 * @transport: a transport of events that is not open yet
 *
 * Returns: (transfer full): a signaller over @transport
 */
AlcoveSignaller *
alcove_webrtcroom_signaller_new_with_transport (GUri *server,
                                                AlcoveTransport *transport)
{
  return g_object_new (ALCOVE_TYPE_WEBRTCROOM_SIGNALLER, "server", server, "transport", transport,
                       NULL);
}
