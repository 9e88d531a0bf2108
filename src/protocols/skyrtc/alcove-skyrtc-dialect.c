/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-skyrtc-dialect"

#include "config.h"

#include "alcove-skyrtc-dialect.h"

#include <string.h>

#include "alcove-bridge.h"
#include "alcove-error.h"
#include "alcove-skyrtc-codec.h"

/**
 * AlcoveSkyrtcDialect:
 *
 * The server's side of SkyRTC, for clients of its Python and of its node variant
 * alike. Where the original servers lose members, cut clients off or die on
 * input they do not expect, this one ignores the input.
 */

/* The path by which a client of the Python variant names itself. */
#define ID_PATH "/ws/"
/* Where those are who name no room; each variant has its own. */
#define DEFAULT_ROOM_PYTHON "default_room"
#define DEFAULT_ROOM_NODE "__default"

/* Somebody who is connected; in a room or not yet. */
typedef struct {
  AlcoveServerClient *client;
  char *id;
  AlcoveHubMember *member;
} Session;

struct _AlcoveSkyrtcDialect {
  AlcoveDialect parent_instance;

  /* client → Session, owned; the clients are borrowed until they are closed */
  GHashTable *sessions;
  /* id → Session */
  GHashTable *ids;
};

G_DEFINE_FINAL_TYPE (AlcoveSkyrtcDialect, alcove_skyrtc_dialect, ALCOVE_TYPE_DIALECT)

static void
session_free (gpointer data)
{
  Session *session = data;

  g_free (session->id);
  g_free (session);
}

static void
log_ignored (const Session *session,
             const GError *error)
{
  g_info ("%s: %s: %s", session->id, alcove_error_get_code (error), error->message);
}

static void
log_ignored_text (const Session *session,
                  AlcoveError code,
                  const char *text)
{
  g_autoptr (GError) error = g_error_new_literal (ALCOVE_ERROR, code, text);

  log_ignored (session, error);
}

static void
send_message (Session *session,
              const AlcoveSkyrtcMessage *message)
{
  g_autofree char *text = alcove_skyrtc_message_encode (message);

  alcove_server_client_send_text (session->client, text);
}

/* Tells all of this dialect in the room, but the one it is about. */
static void
tell_room (AlcoveSkyrtcDialect *self,
           AlcoveHubMember *about,
           const AlcoveSkyrtcMessage *message)
{
  g_autoptr (GPtrArray) members = alcove_hub_get_members (
      alcove_dialect_get_hub (ALCOVE_DIALECT (self)), alcove_hub_member_get_room (about));

  for (guint i = 0; i < members->len; i++)
    if (members->pdata[i] != about && alcove_hub_member_get_owner (members->pdata[i]) == self)
      send_message (alcove_hub_member_get_data (members->pdata[i]), message);
}

static void
announce (AlcoveSkyrtcDialect *self,
          AlcoveHubMember *member,
          AlcoveSkyrtcKind kind)
{
  g_autoptr (AlcoveSkyrtcMessage) message
      = alcove_skyrtc_message_new (kind, ALCOVE_SKYRTC_FROM_SERVER);

  message->socket_id = g_strdup (alcove_hub_member_get_id (member));
  tell_room (self, member, message);
}

/* Whom else a member meets, and under which id, is the bridge's word. */
static void
on_member_joined (AlcoveHub *hub,
                  AlcoveHubMember *member,
                  gpointer user_data)
{
  if (alcove_hub_member_get_owner (member) == user_data)
    announce (user_data, member, ALCOVE_SKYRTC_NEW_PEER);
}

static void
on_member_left (AlcoveHub *hub,
                AlcoveHubMember *member,
                gpointer user_data)
{
  if (alcove_hub_member_get_owner (member) == user_data)
    announce (user_data, member, ALCOVE_SKYRTC_REMOVE_PEER);
}

static void
send_notice (Session *session,
             AlcoveSkyrtcKind kind,
             const char *id)
{
  g_autoptr (AlcoveSkyrtcMessage) message
      = alcove_skyrtc_message_new (kind, ALCOVE_SKYRTC_FROM_SERVER);

  message->socket_id = g_strdup (id);
  send_message (session, message);
}

/* `_new_peer` makes a client wait, and only a list of those who are there makes it offer.
 * A further list names nobody but the one to offer to, so that the connections that run
 * are left alone. */
static void
side_announce (AlcoveHubMember *member,
               const char *other,
               gboolean offers)
{
  Session *session = alcove_hub_member_get_data (member);
  g_autoptr (AlcoveSkyrtcMessage) message = NULL;

  if (!offers)
    {
      send_notice (session, ALCOVE_SKYRTC_NEW_PEER, other);
      return;
    }

  message = alcove_skyrtc_message_new (ALCOVE_SKYRTC_PEERS, ALCOVE_SKYRTC_FROM_SERVER);
  message->connections = g_new0 (char *, 2);
  message->connections[0] = g_strdup (other);
  message->you = g_strdup (session->id);
  send_message (session, message);
}

static void
side_withdraw (AlcoveHubMember *member,
               const char *other)
{
  send_notice (alcove_hub_member_get_data (member), ALCOVE_SKYRTC_REMOVE_PEER, other);
}

static void
side_description (AlcoveHubMember *member,
                  const char *from,
                  AlcoveDescriptionType type,
                  const char *sdp)
{
  g_autoptr (AlcoveSkyrtcMessage) message = alcove_skyrtc_message_new (
      type == ALCOVE_DESCRIPTION_OFFER ? ALCOVE_SKYRTC_OFFER : ALCOVE_SKYRTC_ANSWER,
      ALCOVE_SKYRTC_FROM_SERVER);

  message->socket_id = g_strdup (from);
  alcove_skyrtc_message_set_description (message, type, sdp);
  send_message (alcove_hub_member_get_data (member), message);
}

static void
side_candidate (AlcoveHubMember *member,
                const char *from,
                const char *mid,
                int mline_index,
                const char *candidate)
{
  g_autoptr (AlcoveSkyrtcMessage) message
      = alcove_skyrtc_message_new (ALCOVE_SKYRTC_CANDIDATE, ALCOVE_SKYRTC_FROM_SERVER);

  message->socket_id = g_strdup (from);
  message->label = mline_index;
  message->sdp_mline_index = mline_index;
  message->sdp_mid = g_strdup (mid);
  message->candidate = g_strdup (candidate);
  send_message (alcove_hub_member_get_data (member), message);
}

static const AlcoveBridgeSide bridge_side = {
  .first = ALCOVE_BRIDGE_ANSWERS | ALCOVE_BRIDGE_OFFERS_LATE,
  .newcomer = ALCOVE_BRIDGE_ANSWERS | ALCOVE_BRIDGE_OFFERS,
  .announce = side_announce,
  .withdraw = side_withdraw,
  .description = side_description,
  .candidate = side_candidate,
};

static AlcoveBridge *
get_bridge (AlcoveSkyrtcDialect *self)
{
  return alcove_hub_get_bridge (alcove_dialect_get_hub (ALCOVE_DIALECT (self)));
}

static gboolean
id_is_free (AlcoveSkyrtcDialect *self,
            const char *id)
{
  return !g_hash_table_contains (self->ids, id)
         && alcove_hub_find (alcove_dialect_get_hub (ALCOVE_DIALECT (self)), id) == NULL;
}

static void
set_id (AlcoveSkyrtcDialect *self,
        Session *session,
        const char *wanted)
{
  if (session->id != NULL)
    g_hash_table_remove (self->ids, session->id);
  g_clear_pointer (&session->id, g_free);

  if (wanted != NULL && *wanted != '\0' && strlen (wanted) <= ALCOVE_HUB_MAX_ID
      && id_is_free (self, wanted))
    session->id = g_strdup (wanted);
  else
    session->id = g_uuid_string_random ();

  g_hash_table_insert (self->ids, session->id, session);
}

static void
leave_room (AlcoveSkyrtcDialect *self,
            Session *session)
{
  AlcoveHubMember *member = g_steal_pointer (&session->member);

  if (member != NULL)
    alcove_hub_leave (alcove_dialect_get_hub (ALCOVE_DIALECT (self)), member);
}

static void
send_peers (AlcoveSkyrtcDialect *self,
            Session *session)
{
  g_autoptr (AlcoveSkyrtcMessage) message
      = alcove_skyrtc_message_new (ALCOVE_SKYRTC_PEERS, ALCOVE_SKYRTC_FROM_SERVER);
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();
  g_autoptr (GPtrArray) members
      = alcove_hub_get_members (alcove_dialect_get_hub (ALCOVE_DIALECT (self)),
                                alcove_hub_member_get_room (session->member));

  g_auto (GStrv) others
      = alcove_bridge_list (get_bridge (self), session->member, ALCOVE_BRIDGE_OFFERS);

  for (guint i = 0; i < members->len; i++)
    if (members->pdata[i] != session->member
        && alcove_hub_member_get_owner (members->pdata[i]) == self)
      g_strv_builder_add (ids, alcove_hub_member_get_id (members->pdata[i]));
  g_strv_builder_addv (ids, (const char **) others);

  message->connections = g_strv_builder_end (ids);
  message->you = g_strdup (session->id);
  send_message (session, message);
}

/* To those who can't but offer, a newcomer must look like the one who was there. */
static void
enter_bridge (AlcoveSkyrtcDialect *self,
              Session *session,
              const char *room)
{
  AlcoveBridge *bridge = get_bridge (self);
  g_auto (GStrv) others = NULL;

  alcove_bridge_enter (bridge, session->member, room, &bridge_side);
  send_peers (self, session);
  others = alcove_bridge_list (bridge, session->member, ALCOVE_BRIDGE_ANSWERS);
  for (gsize i = 0; others[i] != NULL; i++)
    send_notice (session, ALCOVE_SKYRTC_NEW_PEER, others[i]);
  alcove_bridge_introduce (bridge, session->member);
}

static void
join (AlcoveSkyrtcDialect *self,
      Session *session,
      const AlcoveSkyrtcMessage *message)
{
  AlcoveHub *hub = alcove_dialect_get_hub (ALCOVE_DIALECT (self));
  g_autoptr (GError) error = NULL;
  const char *room = message->room;

  if (room == NULL)
    room = message->form == ALCOVE_SKYRTC_FROM_CLIENT_NODE ? DEFAULT_ROOM_NODE
                                                           : DEFAULT_ROOM_PYTHON;

  if (session->member != NULL
      && g_str_equal (alcove_hub_member_get_room (session->member), room))
    {
      send_peers (self, session);
      return;
    }

  leave_room (self, session);

  /* a member of another dialect may have taken the id since this one connected */
  if (alcove_hub_find (hub, session->id) != NULL)
    set_id (self, session, NULL);

  session->member = alcove_hub_join (hub, room, session->id, self, session, &error);
  if (session->member == NULL)
    {
      /* the protocol has no word for this, and the client would wait for ever */
      g_message ("%s dropped: %s: %s", session->id, alcove_error_get_code (error), error->message);
      alcove_server_client_close (session->client, ALCOVE_SERVER_CLOSE_POLICY,
                                  alcove_error_get_code (error));
      return;
    }

  alcove_server_client_set_joined (session->client);
  enter_bridge (self, session, room);
}

/* Whether it was for somebody of another dialect; a bad description is, too. */
static gboolean
relay_abroad (AlcoveSkyrtcDialect *self,
              Session *session,
              const AlcoveSkyrtcMessage *message)
{
  AlcoveBridge *bridge = get_bridge (self);
  g_autoptr (GError) error = NULL;
  AlcoveDescriptionType type;
  const char *sdp;

  if (!alcove_bridge_knows (bridge, session->member, message->socket_id))
    return FALSE;

  if (message->kind == ALCOVE_SKYRTC_CANDIDATE)
    alcove_bridge_send_candidate (bridge, session->member, message->socket_id, message->sdp_mid,
                                  message->sdp_mline_index >= 0 ? message->sdp_mline_index
                                                                : message->label,
                                  message->candidate);
  else if (alcove_skyrtc_message_get_description (message, &type, &sdp, &error))
    alcove_bridge_send_description (bridge, session->member, message->socket_id, type, sdp);
  else
    log_ignored (session, error);
  return TRUE;
}

/* Sets the sender in place of the target, and passes on only what both original
 * servers do, in their spelling. */
static void
relay (AlcoveSkyrtcDialect *self,
       Session *session,
       AlcoveSkyrtcMessage *message)
{
  AlcoveHubMember *target
      = alcove_hub_find (alcove_dialect_get_hub (ALCOVE_DIALECT (self)), message->socket_id);

  if (session->member == NULL)
    {
      log_ignored_text (session, ALCOVE_ERROR_UNEXPECTED, "a message before the join");
      return;
    }
  if (relay_abroad (self, session, message))
    return;
  if (target == NULL || alcove_hub_member_get_owner (target) != self
      || !g_str_equal (alcove_hub_member_get_room (target),
                       alcove_hub_member_get_room (session->member)))
    {
      log_ignored_text (session, ALCOVE_ERROR_UNKNOWN_PEER, "a message for nobody in the room");
      return;
    }

  message->form = ALCOVE_SKYRTC_FROM_SERVER;
  g_free (message->socket_id);
  message->socket_id = g_strdup (session->id);

  /* Pages of the time know `label` alone, and current browsers insist on a
   * member of their own: with both, pages that hand the data to their browser
   * as it is work again. */
  if (message->kind == ALCOVE_SKYRTC_CANDIDATE && message->sdp_mline_index < 0)
    message->sdp_mline_index = message->label;

  send_message (alcove_hub_member_get_data (target), message);
}

static void
broadcast (AlcoveSkyrtcDialect *self,
           Session *session,
           AlcoveSkyrtcMessage *message)
{
  if (session->member == NULL)
    {
      log_ignored_text (session, ALCOVE_ERROR_UNEXPECTED, "a message before the join");
      return;
    }

  /* The content arrives as a whole message, so it could pass for one of the server. */
  if (message->data == NULL || !JSON_NODE_HOLDS_OBJECT (message->data)
      || json_object_has_member (json_node_get_object (message->data), "eventName"))
    {
      log_ignored_text (session, ALCOVE_ERROR_MALFORMED, "a broadcast that is not to be passed on");
      return;
    }

  message->form = ALCOVE_SKYRTC_FROM_SERVER;
  tell_room (self, session->member, message);
}

static void
alcove_skyrtc_dialect_attach (AlcoveDialect *dialect,
                              AlcoveHub *hub)
{
  g_signal_connect_object (hub, "member-joined", G_CALLBACK (on_member_joined), dialect, 0);
  g_signal_connect_object (hub, "member-left", G_CALLBACK (on_member_left), dialect, 0);
}

static gboolean
alcove_skyrtc_dialect_matches (AlcoveDialect *dialect,
                               const char *path,
                               const char *first_message)
{
  g_autoptr (AlcoveSkyrtcMessage) message = NULL;

  if (first_message == NULL)
    return g_str_has_prefix (path, ID_PATH) && path[strlen (ID_PATH)] != '\0';

  message = alcove_skyrtc_message_decode (first_message, -1, TRUE, NULL);
  return message != NULL && message->kind != ALCOVE_SKYRTC_UNKNOWN
         && message->kind != ALCOVE_SKYRTC_BROADCAST;
}

static void
alcove_skyrtc_dialect_opened (AlcoveDialect *dialect,
                              AlcoveServerClient *client,
                              const char *path)
{
  AlcoveSkyrtcDialect *self = ALCOVE_SKYRTC_DIALECT (dialect);
  Session *session = g_new0 (Session, 1);

  session->client = client;
  set_id (self, session, g_str_has_prefix (path, ID_PATH) ? path + strlen (ID_PATH) : NULL);
  g_hash_table_insert (self->sessions, client, session);
}

static void
alcove_skyrtc_dialect_message (AlcoveDialect *dialect,
                               AlcoveServerClient *client,
                               const char *text)
{
  AlcoveSkyrtcDialect *self = ALCOVE_SKYRTC_DIALECT (dialect);
  Session *session = g_hash_table_lookup (self->sessions, client);
  g_autoptr (AlcoveSkyrtcMessage) message = NULL;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (session != NULL);

  message = alcove_skyrtc_message_decode (text, -1, TRUE, &error);
  if (message == NULL)
    {
      log_ignored (session, error);
      return;
    }

  switch (message->kind)
    {
    case ALCOVE_SKYRTC_JOIN:
      join (self, session, message);
      break;
    case ALCOVE_SKYRTC_OFFER:
    case ALCOVE_SKYRTC_ANSWER:
    case ALCOVE_SKYRTC_CANDIDATE:
      relay (self, session, message);
      break;
    case ALCOVE_SKYRTC_BROADCAST:
      broadcast (self, session, message);
      break;
    case ALCOVE_SKYRTC_UNKNOWN:
    case ALCOVE_SKYRTC_PEERS:
    case ALCOVE_SKYRTC_NEW_PEER:
    case ALCOVE_SKYRTC_REMOVE_PEER:
    default:
      log_ignored_text (session, ALCOVE_ERROR_UNEXPECTED, "an event of another protocol");
      break;
    }
}

static void
alcove_skyrtc_dialect_closed (AlcoveDialect *dialect,
                              AlcoveServerClient *client)
{
  AlcoveSkyrtcDialect *self = ALCOVE_SKYRTC_DIALECT (dialect);
  Session *session = g_hash_table_lookup (self->sessions, client);

  g_return_if_fail (session != NULL);

  leave_room (self, session);
  g_hash_table_remove (self->ids, session->id);
  g_hash_table_remove (self->sessions, client);
}

static void
alcove_skyrtc_dialect_finalize (GObject *object)
{
  AlcoveSkyrtcDialect *self = ALCOVE_SKYRTC_DIALECT (object);

  g_hash_table_unref (self->ids);
  g_hash_table_unref (self->sessions);

  G_OBJECT_CLASS (alcove_skyrtc_dialect_parent_class)->finalize (object);
}

static void
alcove_skyrtc_dialect_class_init (AlcoveSkyrtcDialectClass *klass)
{
  AlcoveDialectClass *dialect_class = ALCOVE_DIALECT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = alcove_skyrtc_dialect_finalize;
  dialect_class->attach = alcove_skyrtc_dialect_attach;
  dialect_class->matches = alcove_skyrtc_dialect_matches;
  dialect_class->opened = alcove_skyrtc_dialect_opened;
  dialect_class->message = alcove_skyrtc_dialect_message;
  dialect_class->closed = alcove_skyrtc_dialect_closed;
}

static void
alcove_skyrtc_dialect_init (AlcoveSkyrtcDialect *self)
{
  self->sessions = g_hash_table_new_full (NULL, NULL, NULL, session_free);
  self->ids = g_hash_table_new (g_str_hash, g_str_equal);
}

/**
 * alcove_skyrtc_dialect_new:
 *
 * Returns: (transfer full): the SkyRTC side of a server
 */
AlcoveDialect *
alcove_skyrtc_dialect_new (void)
{
  return g_object_new (ALCOVE_TYPE_SKYRTC_DIALECT, NULL);
}
