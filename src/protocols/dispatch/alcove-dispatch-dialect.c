/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-dispatch-dialect"

#include "config.h"

#include "alcove-dispatch-dialect.h"

#include <string.h>

#include "alcove-bridge.h"
#include "alcove-error.h"
#include "alcove-dispatch-codec.h"

/**
 * AlcoveDispatchDialect:
 *
 * The server's side of the dispatch platform, with the replies of the original. Where
 * that one cuts connections off and leaves rooms and names behind that nobody can
 * use again, this one replies with a failure. It tells the root of guests that
 * are lost, and lets guests reach nobody but the root.
 *
 * Those of other protocols who are in a room of the same name are guests to the root.
 * A guest of the dispatch platform knows nobody but the root, so it meets none of them.
 */

/* What the root knows those of other protocols by, with so many digits behind. */
#define FOREIGN_NAME "guest"
#define FOREIGN_DIGITS 4


typedef struct _Room Room;

/* Somebody who is connected; in a room or not. */
typedef struct {
  AlcoveServerClient *client;
  Room *room;
  /* NULL for a root */
  char *username;
  AlcoveHubMember *member;
} Session;

struct _Room {
  char *name;
  Session *root;
  /* username → Session, both owned elsewhere */
  GHashTable *guests;
};

struct _AlcoveDispatchDialect {
  AlcoveDialect parent_instance;

  /* client → Session, owned; the clients are borrowed until they are closed */
  GHashTable *sessions;
  /* name → Room, owned */
  GHashTable *rooms;
};

G_DEFINE_FINAL_TYPE (AlcoveDispatchDialect, alcove_dispatch_dialect, ALCOVE_TYPE_DIALECT)

static void
session_free (gpointer data)
{
  Session *session = data;

  g_free (session->username);
  g_free (session);
}

static void
room_free (gpointer data)
{
  Room *room = data;

  g_hash_table_unref (room->guests);
  g_free (room->name);
  g_free (room);
}

static void
send_message (Session *session,
              const AlcoveDispatchMessage *message)
{
  g_autofree char *text = alcove_dispatch_message_encode (message);

  alcove_server_client_send_text (session->client, text);
}

static AlcoveBridge *
get_bridge (AlcoveDispatchDialect *self)
{
  return alcove_hub_get_bridge (alcove_dialect_get_hub (ALCOVE_DIALECT (self)));
}

/* A name that no guest bears, nor anybody else from abroad. Ids are nothing for a person
 * to read, and pages show this. A root that was lost and opens its room again finds
 * everybody under the name it knows. */
static char *
side_name (AlcoveHubMember *member,
           const char *id)
{
  AlcoveDispatchDialect *self = alcove_hub_member_get_owner (member);
  Session *root = alcove_hub_member_get_data (member);
  g_autofree char *digits = g_compute_checksum_for_string (G_CHECKSUM_SHA256, id, -1);
  int n_digits = FOREIGN_DIGITS;
  char *name = g_strdup_printf (FOREIGN_NAME "-%.*s", n_digits, digits);

  while (g_hash_table_contains (root->room->guests, name)
         || alcove_bridge_knows (get_bridge (self), member, name))
    {
      g_free (name);
      name = g_strdup_printf (FOREIGN_NAME "-%.*s", ++n_digits, digits);
    }
  return name;
}

/* The root hears of a guest by its offer. */
static void
side_announce (AlcoveHubMember *member,
               const char *other,
               gboolean offers)
{
}

static void
side_withdraw (AlcoveHubMember *member,
               const char *other)
{
  g_autoptr (AlcoveDispatchMessage) message = alcove_dispatch_message_new (ALCOVE_DISPATCH_LEAVE);

  message->username = g_strdup (other);
  message->message = g_strdup ("");
  send_message (alcove_hub_member_get_data (member), message);
}

static void
side_description (AlcoveHubMember *member,
                  const char *from,
                  AlcoveDescriptionType type,
                  const char *sdp)
{
  g_autoptr (AlcoveDispatchMessage) message = alcove_dispatch_message_new (
      type == ALCOVE_DESCRIPTION_OFFER ? ALCOVE_DISPATCH_OFFER : ALCOVE_DISPATCH_ANSWER);

  message->username = g_strdup (from);
  alcove_dispatch_message_set_foreign (message, type, sdp);
  send_message (alcove_hub_member_get_data (member), message);
}

static void
side_candidate (AlcoveHubMember *member,
                const char *from,
                const char *mid,
                int mline_index,
                const char *candidate)
{
  g_autoptr (AlcoveDispatchMessage) message
      = alcove_dispatch_message_new (ALCOVE_DISPATCH_GUEST_CANDIDATE);

  message->username = g_strdup (from);
  alcove_dispatch_message_set_candidate (message, mid, mline_index, candidate);
  send_message (alcove_hub_member_get_data (member), message);
}

/* The root never makes the first offer. */
static const AlcoveBridgeSide bridge_side = {
  .first = ALCOVE_BRIDGE_ANSWERS,
  .newcomer = ALCOVE_BRIDGE_ANSWERS,
  .name = side_name,
  .announce = side_announce,
  .withdraw = side_withdraw,
  .description = side_description,
  .candidate = side_candidate,
};

/* @value is 10000 or -10000, or 0 for an empty text. */
static void
reply (Session *session,
       AlcoveDispatchCode code,
       int value,
       const char *text)
{
  g_autoptr (AlcoveDispatchMessage) message = alcove_dispatch_message_new (code);

  if (value != 0)
    {
      message->value = json_node_new (JSON_NODE_VALUE);
      json_node_set_int (message->value, value);
    }
  message->message = g_strdup (text);
  send_message (session, message);
}

static void
reply_done (Session *session)
{
  reply (session, ALCOVE_DISPATCH_REPLY, 0, "");
}

/* As the original: the own code for what has one, an empty failure for some, and
 * the failure in the value for the others. */
static void
reply_failure (Session *session,
               AlcoveDispatchCode code,
               AlcoveDispatchReason reason)
{
  const char *text = alcove_dispatch_get_reason_text (reason);

  if (code == ALCOVE_DISPATCH_CREATE || code == ALCOVE_DISPATCH_JOIN)
    reply (session, code, ALCOVE_DISPATCH_FAILURE, text);
  else if (reason == ALCOVE_DISPATCH_REASON_NOT_IN_ROOM
           && (code == ALCOVE_DISPATCH_ANSWER || code == ALCOVE_DISPATCH_GUEST_CANDIDATE
               || code == ALCOVE_DISPATCH_ROOT_CANDIDATE))
    reply (session, ALCOVE_DISPATCH_FAILURE, 0, text);
  else
    reply (session, ALCOVE_DISPATCH_REPLY, ALCOVE_DISPATCH_FAILURE, text);
}

static gboolean
is_root (const Session *session)
{
  return session->room != NULL && session->room->root == session;
}

static void
detach (AlcoveDispatchDialect *self,
        Session *session)
{
  AlcoveHubMember *member = g_steal_pointer (&session->member);

  session->room = NULL;
  g_clear_pointer (&session->username, g_free);
  if (member != NULL)
    alcove_hub_leave (alcove_dialect_get_hub (ALCOVE_DIALECT (self)), member);
}

static void
delete_room (AlcoveDispatchDialect *self,
             Room *room)
{
  g_autoptr (GList) guests = g_hash_table_get_values (room->guests);
  g_autoptr (AlcoveDispatchMessage) message
      = alcove_dispatch_message_new (ALCOVE_DISPATCH_ROOM_DELETED);

  message->message = g_strdup ("The room was closed");
  g_hash_table_remove_all (room->guests);
  detach (self, room->root);
  for (GList *l = guests; l != NULL; l = l->next)
    {
      detach (self, l->data);
      send_message (l->data, message);
    }
  g_hash_table_remove (self->rooms, room->name);
}

/* @lost: its connection ended without a leave, which pages take as one. */
static void
leave (AlcoveDispatchDialect *self,
       Session *session,
       const char *text,
       gboolean lost)
{
  g_autoptr (AlcoveDispatchMessage) message = NULL;
  Room *room = session->room;

  if (room == NULL)
    return;

  if (is_root (session))
    {
      delete_room (self, room);
      return;
    }

  message = alcove_dispatch_message_new (ALCOVE_DISPATCH_LEAVE);
  message->username = g_strdup (session->username);
  message->message = g_strdup (text);
  message->lost = lost;
  g_hash_table_remove (room->guests, session->username);
  detach (self, session);
  send_message (room->root, message);
}

static gboolean
enter (AlcoveDispatchDialect *self,
       Session *session,
       Room *room,
       const char *username)
{
  AlcoveHub *hub = alcove_dialect_get_hub (ALCOVE_DIALECT (self));
  g_autofree char *hub_room = g_strconcat (ALCOVE_DISPATCH_HUB_PREFIX, room->name, NULL);
  g_autofree char *id = g_uuid_string_random ();
  g_autoptr (GError) error = NULL;

  session->member = alcove_hub_join (hub, hub_room, id, self, session, &error);
  if (session->member == NULL)
    {
      g_message ("a client of the dispatch platform refused: %s: %s", alcove_error_get_code (error),
                 error->message);
      return FALSE;
    }

  session->room = room;
  session->username = g_strdup (username);
  alcove_server_client_set_joined (session->client);
  return TRUE;
}

static void
create (AlcoveDispatchDialect *self,
        Session *session,
        const AlcoveDispatchMessage *message)
{
  Room *room = g_hash_table_lookup (self->rooms, message->room);

  if (*message->room == '\0' || (room != NULL && room->root != session))
    {
      reply_failure (session, message->code,
                     room != NULL ? ALCOVE_DISPATCH_REASON_ROOM_EXISTS
                                  : ALCOVE_DISPATCH_REASON_OTHER);
      return;
    }

  leave (self, session, "", FALSE);
  room = g_new0 (Room, 1);
  room->name = g_strdup (message->room);
  room->root = session;
  room->guests = g_hash_table_new (g_str_hash, g_str_equal);
  if (!enter (self, session, room, NULL))
    {
      room_free (room);
      reply_failure (session, message->code, ALCOVE_DISPATCH_REASON_OTHER);
      return;
    }

  g_hash_table_insert (self->rooms, room->name, room);
  reply (session, message->code, ALCOVE_DISPATCH_REPLY, "The room is open");
  alcove_bridge_enter (get_bridge (self), session->member, room->name, &bridge_side);
  alcove_bridge_introduce (get_bridge (self), session->member);
}

static void
join (AlcoveDispatchDialect *self,
      Session *session,
      const AlcoveDispatchMessage *message)
{
  Room *room = g_hash_table_lookup (self->rooms, message->room);
  Session *other = room != NULL ? g_hash_table_lookup (room->guests, message->username) : NULL;

  /* a root that joins its own room would take that along */
  if (room == NULL || room->root == session)
    {
      reply_failure (session, message->code, ALCOVE_DISPATCH_REASON_NO_ROOM);
      return;
    }
  if (*message->username == '\0' || strcmp (message->username, ALCOVE_DISPATCH_ROOT) == 0
      || (other != NULL && other != session)
      || alcove_bridge_knows (get_bridge (self), room->root->member, message->username))
    {
      reply_failure (session, message->code, ALCOVE_DISPATCH_REASON_NAME_TAKEN);
      return;
    }

  leave (self, session, "", FALSE);
  if (!enter (self, session, room, message->username))
    {
      reply_failure (session, message->code, ALCOVE_DISPATCH_REASON_OTHER);
      return;
    }

  g_hash_table_insert (room->guests, session->username, session);
  reply (session, message->code, ALCOVE_DISPATCH_REPLY, "You have joined");
}

/* Only what the original passes on: who it is from, and the description or candidate. */
static void
forward (Session *target,
         const char *from,
         const AlcoveDispatchMessage *message)
{
  g_autoptr (AlcoveDispatchMessage) copy = alcove_dispatch_message_new (message->code);

  copy->username = g_strdup (from);
  if (message->sdp != NULL)
    copy->sdp = json_node_copy (message->sdp);
  if (message->candidate_node != NULL)
    copy->candidate_node = json_node_copy (message->candidate_node);
  send_message (target, copy);
}

static gboolean
relay_from_guest (Session *session,
                  const AlcoveDispatchMessage *message)
{
  gboolean to_root = message->code == ALCOVE_DISPATCH_OFFER
                     || message->code == ALCOVE_DISPATCH_GUEST_CANDIDATE
                     || (message->code == ALCOVE_DISPATCH_ANSWER
                         && strcmp (message->username, ALCOVE_DISPATCH_ROOT) == 0);

  if (to_root)
    forward (session->room->root, session->username, message);
  return to_root;
}

static gboolean
relay_from_root (Session *session,
                 const AlcoveDispatchMessage *message,
                 const char *text)
{
  Session *guest = NULL;

  if (message->username != NULL)
    guest = g_hash_table_lookup (session->room->guests, message->username);
  if (guest == NULL)
    return FALSE;

  switch (message->code)
    {
    case ALCOVE_DISPATCH_ANSWER:
    case ALCOVE_DISPATCH_ROOT_OFFER:
    case ALCOVE_DISPATCH_ROOT_CANDIDATE:
      forward (guest, ALCOVE_DISPATCH_ROOT, message);
      return TRUE;
    case ALCOVE_DISPATCH_CALL:
    case ALCOVE_DISPATCH_HANG_UP:
    case ALCOVE_DISPATCH_CLOSE:
      /* the original passes on the whole object, with members that it does not know */
      alcove_server_client_send_text (guest->client, text);
      return TRUE;
    default:
      return FALSE;
    }
}

/* Calls and their end are words between root and guest that other protocols have none for:
 * what counts, the media, comes by an offer of its own or just ends. */
static gboolean
relay_abroad (AlcoveDispatchDialect *self,
              Session *session,
              const AlcoveDispatchMessage *message)
{
  AlcoveBridge *bridge = get_bridge (self);
  AlcoveDescriptionType type;
  const char *sdp;

  if (message->username == NULL
      || !alcove_bridge_knows (bridge, session->member, message->username))
    return FALSE;

  switch (message->code)
    {
    case ALCOVE_DISPATCH_ANSWER:
    case ALCOVE_DISPATCH_ROOT_OFFER:
      return alcove_dispatch_message_get_description (message, &type, &sdp, NULL)
             && alcove_bridge_send_description (bridge, session->member, message->username, type,
                                                sdp);
    case ALCOVE_DISPATCH_ROOT_CANDIDATE:
      return alcove_bridge_send_candidate (bridge, session->member, message->username,
                                           message->sdp_mid, message->sdp_mline_index,
                                           message->candidate);
    case ALCOVE_DISPATCH_CALL:
    case ALCOVE_DISPATCH_HANG_UP:
      return TRUE;
    case ALCOVE_DISPATCH_CLOSE:
      /* it can't be asked to leave, but it can be taken away from the root */
      alcove_bridge_part (bridge, session->member, message->username);
      side_withdraw (session->member, message->username);
      return TRUE;
    default:
      return FALSE;
    }
}

static void
relay (AlcoveDispatchDialect *self,
       Session *session,
       const AlcoveDispatchMessage *message,
       const char *text)
{
  if (session->room == NULL)
    reply_failure (session, message->code, ALCOVE_DISPATCH_REASON_NOT_IN_ROOM);
  else if (is_root (session) ? relay_abroad (self, session, message)
                                   || relay_from_root (session, message, text)
                             : relay_from_guest (session, message))
    reply_done (session);
  else
    reply_failure (session, message->code, ALCOVE_DISPATCH_REASON_OTHER);
}

static gboolean
alcove_dispatch_dialect_matches (AlcoveDialect *dialect,
                                 const char *path,
                                 const char *first_message)
{
  AlcoveDispatchCode code;

  return first_message != NULL && alcove_dispatch_peek_code (first_message, -1, &code);
}

static void
alcove_dispatch_dialect_opened (AlcoveDialect *dialect,
                                AlcoveServerClient *client,
                                const char *path)
{
  AlcoveDispatchDialect *self = ALCOVE_DISPATCH_DIALECT (dialect);
  Session *session = g_new0 (Session, 1);

  session->client = client;
  g_hash_table_insert (self->sessions, client, session);
}

static void
alcove_dispatch_dialect_message (AlcoveDialect *dialect,
                                 AlcoveServerClient *client,
                                 const char *text)
{
  AlcoveDispatchDialect *self = ALCOVE_DISPATCH_DIALECT (dialect);
  Session *session = g_hash_table_lookup (self->sessions, client);
  g_autoptr (AlcoveDispatchMessage) message = NULL;
  g_autoptr (GError) error = NULL;
  AlcoveDispatchCode code = ALCOVE_DISPATCH_UNKNOWN;

  g_return_if_fail (session != NULL);

  message = alcove_dispatch_message_decode (text, -1, TRUE, &error);
  if (message == NULL)
    {
      g_info ("%s: %s", alcove_error_get_code (error), error->message);
      alcove_dispatch_peek_code (text, -1, &code);
      reply_failure (session, code,
                     session->room == NULL && code >= ALCOVE_DISPATCH_OFFER
                             && code <= ALCOVE_DISPATCH_CLOSE
                         ? ALCOVE_DISPATCH_REASON_NOT_IN_ROOM
                         : ALCOVE_DISPATCH_REASON_OTHER);
      return;
    }

  switch (message->code)
    {
    case ALCOVE_DISPATCH_CREATE:
      create (self, session, message);
      break;
    case ALCOVE_DISPATCH_JOIN:
      join (self, session, message);
      break;
    case ALCOVE_DISPATCH_LEAVE:
      leave (self, session, message->message, FALSE);
      reply_done (session);
      break;
    case ALCOVE_DISPATCH_OFFER:
    case ALCOVE_DISPATCH_ANSWER:
    case ALCOVE_DISPATCH_GUEST_CANDIDATE:
    case ALCOVE_DISPATCH_ROOT_CANDIDATE:
    case ALCOVE_DISPATCH_ROOT_OFFER:
    case ALCOVE_DISPATCH_CALL:
    case ALCOVE_DISPATCH_HANG_UP:
    case ALCOVE_DISPATCH_CLOSE:
      relay (self, session, message, text);
      break;
    case ALCOVE_DISPATCH_UNKNOWN:
    case ALCOVE_DISPATCH_REPLY:
    case ALCOVE_DISPATCH_ROOM_DELETED:
    case ALCOVE_DISPATCH_FAILURE:
    default:
      reply_done (session);
      break;
    }
}

static void
alcove_dispatch_dialect_closed (AlcoveDialect *dialect,
                                AlcoveServerClient *client)
{
  AlcoveDispatchDialect *self = ALCOVE_DISPATCH_DIALECT (dialect);
  Session *session = g_hash_table_lookup (self->sessions, client);

  g_return_if_fail (session != NULL);

  leave (self, session, "", TRUE);
  g_hash_table_remove (self->sessions, client);
}

static void
alcove_dispatch_dialect_finalize (GObject *object)
{
  AlcoveDispatchDialect *self = ALCOVE_DISPATCH_DIALECT (object);

  g_hash_table_unref (self->rooms);
  g_hash_table_unref (self->sessions);

  G_OBJECT_CLASS (alcove_dispatch_dialect_parent_class)->finalize (object);
}

static void
alcove_dispatch_dialect_class_init (AlcoveDispatchDialectClass *klass)
{
  AlcoveDialectClass *dialect_class = ALCOVE_DIALECT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = alcove_dispatch_dialect_finalize;
  dialect_class->matches = alcove_dispatch_dialect_matches;
  dialect_class->opened = alcove_dispatch_dialect_opened;
  dialect_class->message = alcove_dispatch_dialect_message;
  dialect_class->closed = alcove_dispatch_dialect_closed;
}

static void
alcove_dispatch_dialect_init (AlcoveDispatchDialect *self)
{
  self->sessions = g_hash_table_new_full (NULL, NULL, NULL, session_free);
  self->rooms = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, room_free);
}

/**
 * alcove_dispatch_dialect_new:
 *
 * Returns: (transfer full): the dispatch side of a server
 */
AlcoveDialect *
alcove_dispatch_dialect_new (void)
{
  return g_object_new (ALCOVE_TYPE_DISPATCH_DIALECT, NULL);
}
