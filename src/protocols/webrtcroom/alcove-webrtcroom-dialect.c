/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-webrtcroom-dialect"

#include "config.h"

#include "alcove-webrtcroom-dialect.h"

#include <string.h>

#include "alcove-bridge.h"
#include "alcove-error.h"
#include "alcove-webrtcroom-codec.h"

/**
 * AlcoveWebrtcroomDialect:
 *
 * The server's side of WebRtcRoomServer. Where the original dies of what it does not expect,
 * tells everybody of everybody's end, and relays across rooms in any name, this one ignores
 * the input, keeps to the room, and puts in the real sender.
 */

/* Somebody who is connected; in a room or not yet. */
typedef struct {
  AlcoveServerClient *client;
  char *id;
  AlcoveHubMember *member;
  /* the room's name as the client gave it, which may be no text; NULL for none at all */
  JsonNode *room;
} Session;

struct _AlcoveWebrtcroomDialect {
  AlcoveDialect parent_instance;

  /* client → Session, owned; the clients are borrowed until they are closed */
  GHashTable *sessions;
};

G_DEFINE_FINAL_TYPE (AlcoveWebrtcroomDialect, alcove_webrtcroom_dialect, ALCOVE_TYPE_DIALECT)

static void
session_free (gpointer data)
{
  Session *session = data;

  g_free (session->id);
  g_clear_pointer (&session->room, json_node_unref);
  g_free (session);
}

static void
log_ignored (const Session *session,
             AlcoveError code,
             const char *text)
{
  g_autoptr (GError) error = g_error_new_literal (ALCOVE_ERROR, (int) code, text);

  g_info ("%s: %s: %s", session->id, alcove_error_get_code (error), text);
}

static AlcoveHub *
get_hub (AlcoveWebrtcroomDialect *self)
{
  return alcove_dialect_get_hub (ALCOVE_DIALECT (self));
}

static void
send_message (Session *session,
              const AlcoveWebrtcroomMessage *message)
{
  g_autofree char *text = alcove_webrtcroom_message_encode (message);

  alcove_server_client_send_text (session->client, text);
}

/* Tells all of this dialect in the room, but the one it is about. */
static void
tell_room (AlcoveWebrtcroomDialect *self,
           AlcoveHubMember *about,
           const AlcoveWebrtcroomMessage *message)
{
  g_autoptr (GPtrArray) members
      = alcove_hub_get_members (get_hub (self), alcove_hub_member_get_room (about));

  for (guint i = 0; i < members->len; i++)
    if (members->pdata[i] != about && alcove_hub_member_get_owner (members->pdata[i]) == self)
      send_message (alcove_hub_member_get_data (members->pdata[i]), message);
}

static void
set_room (AlcoveWebrtcroomMessage *message,
          const Session *session)
{
  if (session->room != NULL)
    message->room = json_node_copy (session->room);
}

static void
on_member_joined (AlcoveHub *hub,
                  AlcoveHubMember *member,
                  AlcoveWebrtcroomDialect *self)
{
  g_autoptr (AlcoveWebrtcroomMessage) message = NULL;

  if (alcove_hub_member_get_owner (member) != self)
    return;

  message = alcove_webrtcroom_message_new (ALCOVE_WEBRTCROOM_JOINED);
  message->id = g_strdup (alcove_hub_member_get_id (member));
  set_room (message, alcove_hub_member_get_data (member));
  tell_room (self, member, message);
}

static void
on_member_left (AlcoveHub *hub,
                AlcoveHubMember *member,
                AlcoveWebrtcroomDialect *self)
{
  g_autoptr (AlcoveWebrtcroomMessage) message = NULL;

  if (alcove_hub_member_get_owner (member) != self)
    return;

  message = alcove_webrtcroom_message_new (ALCOVE_WEBRTCROOM_EXIT);
  message->from = g_strdup (alcove_hub_member_get_id (member));
  set_room (message, alcove_hub_member_get_data (member));
  tell_room (self, member, message);
}

static void
leave_room (AlcoveWebrtcroomDialect *self,
            Session *session)
{
  AlcoveHubMember *member = g_steal_pointer (&session->member);

  if (member != NULL)
    alcove_hub_leave (get_hub (self), member);
}

static AlcoveBridge *
get_bridge (AlcoveWebrtcroomDialect *self)
{
  return alcove_hub_get_bridge (get_hub (self));
}

static void
send_joined (Session *session,
             const char *id)
{
  g_autoptr (AlcoveWebrtcroomMessage) message
      = alcove_webrtcroom_message_new (ALCOVE_WEBRTCROOM_JOINED);

  message->id = g_strdup (id);
  set_room (message, session);
  send_message (session, message);
}

/* After `joined` a client waits, and only a list of those who are there makes it offer.
 * A further list names nobody but the one to offer to, so that the connections that run
 * are left alone. */
static void
side_announce (AlcoveHubMember *member,
               const char *other,
               gboolean offers)
{
  Session *session = alcove_hub_member_get_data (member);
  g_autoptr (AlcoveWebrtcroomMessage) message = NULL;

  if (!offers)
    {
      send_joined (session, other);
      return;
    }

  message = alcove_webrtcroom_message_new (ALCOVE_WEBRTCROOM_CREATED);
  message->id = g_strdup (session->id);
  message->peers = g_new0 (char *, 2);
  message->peers[0] = g_strdup (other);
  set_room (message, session);
  send_message (session, message);
}

/* What all messages of a foreigner have in common. */
static AlcoveWebrtcroomMessage *
message_from (Session *session,
              const char *from,
              AlcoveWebrtcroomKind kind)
{
  AlcoveWebrtcroomMessage *message = alcove_webrtcroom_message_new (kind);

  message->from = g_strdup (from);
  message->to = g_strdup (session->id);
  set_room (message, session);
  return message;
}

static void
side_withdraw (AlcoveHubMember *member,
               const char *other)
{
  Session *session = alcove_hub_member_get_data (member);
  g_autoptr (AlcoveWebrtcroomMessage) message
      = alcove_webrtcroom_message_new (ALCOVE_WEBRTCROOM_EXIT);

  message->from = g_strdup (other);
  set_room (message, session);
  send_message (session, message);
}

static void
side_description (AlcoveHubMember *member,
                  const char *from,
                  AlcoveDescriptionType type,
                  const char *sdp)
{
  Session *session = alcove_hub_member_get_data (member);
  g_autoptr (AlcoveWebrtcroomMessage) message = message_from (
      session, from,
      type == ALCOVE_DESCRIPTION_OFFER ? ALCOVE_WEBRTCROOM_OFFER : ALCOVE_WEBRTCROOM_ANSWER);

  alcove_webrtcroom_message_set_description (message, sdp);
  send_message (session, message);
}

static void
side_candidate (AlcoveHubMember *member,
                const char *from,
                const char *mid,
                int mline_index,
                const char *candidate)
{
  Session *session = alcove_hub_member_get_data (member);
  g_autoptr (AlcoveWebrtcroomMessage) message
      = message_from (session, from, ALCOVE_WEBRTCROOM_CANDIDATE);

  message->mid = g_strdup (mid);
  message->mline_index = mline_index;
  message->candidate = g_strdup (candidate);
  send_message (session, message);
}

static const AlcoveBridgeSide bridge_side = {
  .first = ALCOVE_BRIDGE_ANSWERS | ALCOVE_BRIDGE_OFFERS_LATE,
  .newcomer = ALCOVE_BRIDGE_ANSWERS | ALCOVE_BRIDGE_OFFERS,
  .announce = side_announce,
  .withdraw = side_withdraw,
  .description = side_description,
  .candidate = side_candidate,
};

static void
send_created (AlcoveWebrtcroomDialect *self,
              Session *session)
{
  g_autoptr (AlcoveWebrtcroomMessage) message
      = alcove_webrtcroom_message_new (ALCOVE_WEBRTCROOM_CREATED);
  g_auto (GStrv) others
      = alcove_bridge_list (get_bridge (self), session->member, ALCOVE_BRIDGE_OFFERS);
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();
  g_autoptr (GPtrArray) members
      = alcove_hub_get_members (get_hub (self), alcove_hub_member_get_room (session->member));

  for (guint i = 0; i < members->len; i++)
    if (members->pdata[i] != session->member
        && alcove_hub_member_get_owner (members->pdata[i]) == self)
      g_strv_builder_add (ids, alcove_hub_member_get_id (members->pdata[i]));
  g_strv_builder_addv (ids, (const char **) others);

  message->id = g_strdup (session->id);
  message->peers = g_strv_builder_end (ids);
  set_room (message, session);
  send_message (session, message);
}

/* A number, and nothing at all, name a room as well. */
static char *
room_name (const AlcoveWebrtcroomMessage *message)
{
  if (message->room == NULL || JSON_NODE_HOLDS_NULL (message->room))
    return g_strdup ("");
  if (json_node_get_value_type (message->room) == G_TYPE_INT64)
    return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (message->room));

  return g_strdup (json_node_get_string (message->room));
}

/* To those who can't but offer, a newcomer must look like the one who was there. */
static void
enter_bridge (AlcoveWebrtcroomDialect *self,
              Session *session,
              const char *room)
{
  AlcoveBridge *bridge = get_bridge (self);
  g_auto (GStrv) others = NULL;

  alcove_bridge_enter (bridge, session->member, room, &bridge_side);
  send_created (self, session);
  others = alcove_bridge_list (bridge, session->member, ALCOVE_BRIDGE_ANSWERS);
  for (gsize i = 0; others[i] != NULL; i++)
    send_joined (session, others[i]);
  alcove_bridge_introduce (bridge, session->member);
}

static void
enter (AlcoveWebrtcroomDialect *self,
       Session *session,
       const AlcoveWebrtcroomMessage *message)
{
  g_autofree char *name = room_name (message);
  g_autoptr (GError) error = NULL;

  if (session->member != NULL && g_str_equal (alcove_hub_member_get_room (session->member), name))
    {
      send_created (self, session);
      return;
    }

  /* one room for each connection: nothing in a message tells which of two it is about */
  leave_room (self, session);
  g_clear_pointer (&session->room, json_node_unref);
  session->room = message->room != NULL ? json_node_copy (message->room) : NULL;

  /* a member of another dialect may have taken the id since this one connected */
  if (alcove_hub_find (get_hub (self), session->id) != NULL)
    {
      g_free (session->id);
      session->id = g_uuid_string_random ();
    }

  session->member = alcove_hub_join (get_hub (self), name, session->id, self, session, &error);
  if (session->member == NULL)
    {
      /* the protocol has no word for this, and the client would wait for ever */
      g_message ("%s dropped: %s: %s", session->id, alcove_error_get_code (error), error->message);
      alcove_server_client_close (session->client, ALCOVE_SERVER_CLOSE_POLICY,
                                  alcove_error_get_code (error));
      return;
    }

  alcove_server_client_set_joined (session->client);
  enter_bridge (self, session, name);
}

/* Whether it was for somebody of another dialect; a bad description is, too. */
static gboolean
relay_abroad (AlcoveWebrtcroomDialect *self,
              Session *session,
              const AlcoveWebrtcroomMessage *message)
{
  AlcoveBridge *bridge = get_bridge (self);
  g_autoptr (GError) error = NULL;
  AlcoveDescriptionType type;
  const char *sdp;

  if (!alcove_bridge_knows (bridge, session->member, message->to))
    return FALSE;

  if (message->kind == ALCOVE_WEBRTCROOM_CANDIDATE)
    alcove_bridge_send_candidate (bridge, session->member, message->to, message->mid,
                                  message->mline_index, message->candidate);
  else if (alcove_webrtcroom_message_get_description (message, &type, &sdp, &error))
    alcove_bridge_send_description (bridge, session->member, message->to, type, sdp);
  else
    log_ignored (session, (AlcoveError) error->code, error->message);
  return TRUE;
}

static void
relay (AlcoveWebrtcroomDialect *self,
       Session *session,
       const AlcoveWebrtcroomMessage *message)
{
  AlcoveHubMember *target = alcove_hub_find (get_hub (self), message->to);
  g_autofree char *text = NULL;
  Session *receiver;

  if (session->member == NULL)
    {
      log_ignored (session, ALCOVE_ERROR_UNEXPECTED, "a message before the join");
      return;
    }
  if (relay_abroad (self, session, message))
    return;
  if (target == NULL || target == session->member || alcove_hub_member_get_owner (target) != self
      || !g_str_equal (alcove_hub_member_get_room (target),
                       alcove_hub_member_get_room (session->member)))
    {
      log_ignored (session, ALCOVE_ERROR_UNKNOWN_PEER, "a message for nobody in the room");
      return;
    }

  receiver = alcove_hub_member_get_data (target);
  text = alcove_webrtcroom_message_forward (message, session->id);
  alcove_server_client_send_text (receiver->client, text);
}

static void
alcove_webrtcroom_dialect_attach (AlcoveDialect *dialect,
                                  AlcoveHub *hub)
{
  g_signal_connect_object (hub, "member-joined", G_CALLBACK (on_member_joined), dialect, 0);
  g_signal_connect_object (hub, "member-left", G_CALLBACK (on_member_left), dialect, 0);
}

static gboolean
alcove_webrtcroom_dialect_matches (AlcoveDialect *dialect,
                                   const char *path,
                                   const char *first_message)
{
  return first_message != NULL && alcove_webrtcroom_is_client_event (first_message);
}

static void
alcove_webrtcroom_dialect_opened (AlcoveDialect *dialect,
                                  AlcoveServerClient *client,
                                  const char *path)
{
  AlcoveWebrtcroomDialect *self = ALCOVE_WEBRTCROOM_DIALECT (dialect);
  Session *session = g_new0 (Session, 1);
  const char *id = alcove_server_client_get_id (client);

  session->client = client;
  session->id = id != NULL ? g_strdup (id) : g_uuid_string_random ();
  g_hash_table_insert (self->sessions, client, session);
}

static void
alcove_webrtcroom_dialect_message (AlcoveDialect *dialect,
                                   AlcoveServerClient *client,
                                   const char *text)
{
  AlcoveWebrtcroomDialect *self = ALCOVE_WEBRTCROOM_DIALECT (dialect);
  Session *session = g_hash_table_lookup (self->sessions, client);
  g_autoptr (AlcoveWebrtcroomMessage) message = NULL;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (session != NULL);

  message = alcove_webrtcroom_message_decode (text, TRUE, &error);
  if (message == NULL)
    {
      log_ignored (session, (AlcoveError) error->code, error->message);
      return;
    }

  switch (message->kind)
    {
    case ALCOVE_WEBRTCROOM_CREATE:
      enter (self, session, message);
      break;
    case ALCOVE_WEBRTCROOM_OFFER:
    case ALCOVE_WEBRTCROOM_ANSWER:
    case ALCOVE_WEBRTCROOM_CANDIDATE:
      relay (self, session, message);
      break;
    case ALCOVE_WEBRTCROOM_EXIT:
      leave_room (self, session);
      break;
    case ALCOVE_WEBRTCROOM_UNKNOWN:
    case ALCOVE_WEBRTCROOM_CREATED:
    case ALCOVE_WEBRTCROOM_JOINED:
    default:
      log_ignored (session, ALCOVE_ERROR_UNEXPECTED, "an event of another protocol");
      break;
    }
}

static void
alcove_webrtcroom_dialect_closed (AlcoveDialect *dialect,
                                  AlcoveServerClient *client)
{
  AlcoveWebrtcroomDialect *self = ALCOVE_WEBRTCROOM_DIALECT (dialect);
  Session *session = g_hash_table_lookup (self->sessions, client);

  g_return_if_fail (session != NULL);

  leave_room (self, session);
  g_hash_table_remove (self->sessions, client);
}

static void
alcove_webrtcroom_dialect_finalize (GObject *object)
{
  g_hash_table_unref (ALCOVE_WEBRTCROOM_DIALECT (object)->sessions);

  G_OBJECT_CLASS (alcove_webrtcroom_dialect_parent_class)->finalize (object);
}

static void
alcove_webrtcroom_dialect_class_init (AlcoveWebrtcroomDialectClass *klass)
{
  AlcoveDialectClass *dialect_class = ALCOVE_DIALECT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = alcove_webrtcroom_dialect_finalize;
  dialect_class->attach = alcove_webrtcroom_dialect_attach;
  dialect_class->matches = alcove_webrtcroom_dialect_matches;
  dialect_class->opened = alcove_webrtcroom_dialect_opened;
  dialect_class->message = alcove_webrtcroom_dialect_message;
  dialect_class->closed = alcove_webrtcroom_dialect_closed;
  dialect_class->socketio = TRUE;
}

static void
alcove_webrtcroom_dialect_init (AlcoveWebrtcroomDialect *self)
{
  self->sessions = g_hash_table_new_full (NULL, NULL, NULL, session_free);
}

/**
 * alcove_webrtcroom_dialect_new:
 *
 * Returns: (transfer full): the WebRtcRoomServer side of a server
 */
AlcoveDialect *
alcove_webrtcroom_dialect_new (void)
{
  return g_object_new (ALCOVE_TYPE_WEBRTCROOM_DIALECT, NULL);
}
