/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-rtcsignal-dialect"

#include "config.h"

#include "alcove-rtcsignal-dialect.h"

#include <string.h>

#include "alcove-bridge.h"
#include "alcove-error.h"
#include "alcove-rtcsignal-codec.h"

/**
 * AlcoveRtcsignalDialect:
 *
 * The server's side of RTCSignalServer. Beyond the original it says when somebody is lost,
 * hands a message with a target only to that one and back to its sender, and ignores what the
 * original goes deaf of.
 */

/* Somebody who is connected; in a room or not yet. */
typedef struct {
  AlcoveServerClient *client;
  /* the name it has given itself, which another one may have, too */
  char *user;
  AlcoveHubMember *member;
} Session;

struct _AlcoveRtcsignalDialect {
  AlcoveDialect parent_instance;

  /* client → Session, owned; the clients are borrowed until they are closed */
  GHashTable *sessions;
};

G_DEFINE_FINAL_TYPE (AlcoveRtcsignalDialect, alcove_rtcsignal_dialect, ALCOVE_TYPE_DIALECT)

static void
session_free (gpointer data)
{
  Session *session = data;

  g_free (session->user);
  g_free (session);
}

static void
log_ignored (const Session *session,
             AlcoveError code,
             const char *text)
{
  g_autoptr (GError) error = g_error_new_literal (ALCOVE_ERROR, (int) code, text);

  g_info ("%s: %s: %s", session->user != NULL ? session->user : "a client",
          alcove_error_get_code (error), text);
}

static AlcoveHub *
get_hub (AlcoveRtcsignalDialect *self)
{
  return alcove_dialect_get_hub (ALCOVE_DIALECT (self));
}

static void
send_about (Session *session,
            AlcoveRtcsignalKind kind,
            const char *user)
{
  g_autoptr (AlcoveRtcsignalMessage) message = alcove_rtcsignal_message_new (kind, user);
  g_autofree char *text = alcove_rtcsignal_message_encode (message);

  alcove_server_client_send_text (session->client, text);
}

static void
send_message (Session *session,
              const AlcoveRtcsignalMessage *message)
{
  g_autofree char *text = alcove_rtcsignal_message_encode (message);

  alcove_server_client_send_text (session->client, text);
}

/* There is no list of members: who is not to call hears of somebody by that one's offer. */
static void
side_announce (AlcoveHubMember *member,
               const char *other,
               gboolean offers)
{
  if (offers)
    send_about (alcove_hub_member_get_data (member), ALCOVE_RTCSIGNAL_USER_JOINED, other);
}

/* Pages close a connection at the hang-up, and the other notice they only log. */
static void
side_withdraw (AlcoveHubMember *member,
               const char *other)
{
  send_about (alcove_hub_member_get_data (member), ALCOVE_RTCSIGNAL_HANG_UP, other);
  send_about (alcove_hub_member_get_data (member), ALCOVE_RTCSIGNAL_USER_LEFT, other);
}

static void
side_description (AlcoveHubMember *member,
                  const char *from,
                  AlcoveDescriptionType type,
                  const char *sdp)
{
  Session *session = alcove_hub_member_get_data (member);
  g_autoptr (AlcoveRtcsignalMessage) message = alcove_rtcsignal_message_new (
      type == ALCOVE_DESCRIPTION_OFFER ? ALCOVE_RTCSIGNAL_OFFER : ALCOVE_RTCSIGNAL_ANSWER, from);

  message->target = g_strdup (session->user);
  message->sdp = g_strdup (sdp);
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
  g_autoptr (AlcoveRtcsignalMessage) message
      = alcove_rtcsignal_message_new (ALCOVE_RTCSIGNAL_CANDIDATE, from);

  message->target = g_strdup (session->user);
  message->mid = g_strdup (mid);
  message->label = mline_index;
  message->candidate = g_strdup (candidate);
  send_message (session, message);
}

static const AlcoveBridgeSide bridge_side = {
  .first = ALCOVE_BRIDGE_ANSWERS | ALCOVE_BRIDGE_OFFERS,
  .newcomer = ALCOVE_BRIDGE_ANSWERS | ALCOVE_BRIDGE_OFFERS,
  .announce = side_announce,
  .withdraw = side_withdraw,
  .description = side_description,
  .candidate = side_candidate,
};

static void
enter_bridge (AlcoveRtcsignalDialect *self,
              Session *session,
              const char *room)
{
  AlcoveBridge *bridge = alcove_hub_get_bridge (get_hub (self));
  g_auto (GStrv) others = NULL;

  alcove_bridge_enter (bridge, session->member, room, &bridge_side);
  others = alcove_bridge_list (bridge, session->member, ALCOVE_BRIDGE_OFFERS);
  for (gsize i = 0; others[i] != NULL; i++)
    send_about (session, ALCOVE_RTCSIGNAL_USER_JOINED, others[i]);
  alcove_bridge_introduce (bridge, session->member);
}

static void
relay_to (AlcoveBridge *bridge,
          AlcoveHubMember *member,
          const char *to,
          const AlcoveRtcsignalMessage *message)
{
  switch (message->kind)
    {
    case ALCOVE_RTCSIGNAL_OFFER:
      alcove_bridge_send_description (bridge, member, to, ALCOVE_DESCRIPTION_OFFER, message->sdp);
      break;
    case ALCOVE_RTCSIGNAL_ANSWER:
      alcove_bridge_send_description (bridge, member, to, ALCOVE_DESCRIPTION_ANSWER, message->sdp);
      break;
    case ALCOVE_RTCSIGNAL_CANDIDATE:
      alcove_bridge_send_candidate (bridge, member, to, message->mid, message->label,
                                    message->candidate);
      break;
    default:
      break;
    }
}

/* Without a target it is for everybody, also of other dialects: the page for two names none. */
static void
relay_abroad (AlcoveRtcsignalDialect *self,
              Session *session,
              const AlcoveRtcsignalMessage *message)
{
  AlcoveBridge *bridge = alcove_hub_get_bridge (get_hub (self));
  g_auto (GStrv) others = NULL;

  if (message->target != NULL)
    {
      relay_to (bridge, session->member, message->target, message);
      return;
    }

  others = alcove_bridge_list (bridge, session->member,
                               ALCOVE_BRIDGE_ANSWERS | ALCOVE_BRIDGE_OFFERS);
  for (gsize i = 0; others[i] != NULL; i++)
    relay_to (bridge, session->member, others[i], message);
}

/* Tells all of this dialect in the room, the one it is about included as long as it is there. */
static void
announce (AlcoveRtcsignalDialect *self,
          AlcoveHubMember *member,
          AlcoveRtcsignalKind kind)
{
  Session *about;
  g_autoptr (GPtrArray) members = NULL;

  if (alcove_hub_member_get_owner (member) != self)
    return;

  about = alcove_hub_member_get_data (member);
  members = alcove_hub_get_members (get_hub (self), alcove_hub_member_get_room (member));
  for (guint i = 0; i < members->len; i++)
    if (alcove_hub_member_get_owner (members->pdata[i]) == self)
      send_about (alcove_hub_member_get_data (members->pdata[i]), kind, about->user);
}

static void
on_member_joined (AlcoveHub *hub,
                  AlcoveHubMember *member,
                  AlcoveRtcsignalDialect *self)
{
  announce (self, member, ALCOVE_RTCSIGNAL_USER_JOINED);
}

static void
on_member_left (AlcoveHub *hub,
                AlcoveHubMember *member,
                AlcoveRtcsignalDialect *self)
{
  announce (self, member, ALCOVE_RTCSIGNAL_USER_LEFT);
}

static void
leave_room (AlcoveRtcsignalDialect *self,
            Session *session)
{
  AlcoveHubMember *member = g_steal_pointer (&session->member);

  if (member != NULL)
    alcove_hub_leave (get_hub (self), member);
}

static void
join (AlcoveRtcsignalDialect *self,
      Session *session,
      const AlcoveRtcsignalMessage *message)
{
  g_autofree char *id = NULL;
  g_autoptr (GError) error = NULL;

  /* Once more the same: the others know, but the one who asks waits for its name. */
  if (session->member != NULL && g_str_equal (session->user, message->user)
      && g_str_equal (alcove_hub_member_get_room (session->member), message->room))
    {
      send_about (session, ALCOVE_RTCSIGNAL_USER_JOINED, session->user);
      return;
    }

  leave_room (self, session);
  g_free (session->user);
  session->user = g_strdup (message->user);

  /* two may have one name, but not in the hub */
  id = alcove_hub_find (get_hub (self), session->user) == NULL ? g_strdup (session->user)
                                                               : g_uuid_string_random ();
  session->member = alcove_hub_join (get_hub (self), message->room, id, self, session, &error);
  if (session->member == NULL)
    {
      /* the protocol has no word for this, and the client would wait for ever */
      g_message ("%s dropped: %s: %s", id, alcove_error_get_code (error), error->message);
      alcove_server_client_close (session->client, ALCOVE_SERVER_CLOSE_POLICY,
                                  alcove_error_get_code (error));
      return;
    }

  alcove_server_client_set_joined (session->client);
  enter_bridge (self, session, message->room);
}

static void
leave (AlcoveRtcsignalDialect *self,
       Session *session,
       const AlcoveRtcsignalMessage *message)
{
  if (session->member == NULL
      || !g_str_equal (alcove_hub_member_get_room (session->member), message->room))
    {
      log_ignored (session, ALCOVE_ERROR_UNEXPECTED, "leaves a room that it is not in");
      return;
    }

  leave_room (self, session);
  send_about (session, ALCOVE_RTCSIGNAL_USER_LEFT, session->user);
}

static void
broadcast (AlcoveRtcsignalDialect *self,
           Session *session,
           const AlcoveRtcsignalMessage *message)
{
  g_autoptr (GPtrArray) members = NULL;
  g_autofree char *text = NULL;

  if (session->member == NULL)
    {
      log_ignored (session, ALCOVE_ERROR_UNEXPECTED, "a message before the join");
      return;
    }

  text = alcove_rtcsignal_message_forward (message, session->user);
  members = alcove_hub_get_members (get_hub (self), alcove_hub_member_get_room (session->member));
  for (guint i = 0; i < members->len; i++)
    {
      Session *receiver = alcove_hub_member_get_data (members->pdata[i]);

      if (alcove_hub_member_get_owner (members->pdata[i]) != self)
        continue;
      if (receiver == session || message->target == NULL
          || g_str_equal (receiver->user, message->target))
        alcove_server_client_send_text (receiver->client, text);
    }
  relay_abroad (self, session, message);
}

static void
alcove_rtcsignal_dialect_attach (AlcoveDialect *dialect,
                                 AlcoveHub *hub)
{
  g_signal_connect_object (hub, "member-joined", G_CALLBACK (on_member_joined), dialect, 0);
  g_signal_connect_object (hub, "member-left", G_CALLBACK (on_member_left), dialect, 0);
}

static gboolean
alcove_rtcsignal_dialect_matches (AlcoveDialect *dialect,
                                  const char *path,
                                  const char *first_message)
{
  return first_message != NULL && alcove_rtcsignal_is_client_event (first_message);
}

static void
alcove_rtcsignal_dialect_opened (AlcoveDialect *dialect,
                                 AlcoveServerClient *client,
                                 const char *path)
{
  Session *session = g_new0 (Session, 1);

  session->client = client;
  g_hash_table_insert (ALCOVE_RTCSIGNAL_DIALECT (dialect)->sessions, client, session);
}

static void
alcove_rtcsignal_dialect_message (AlcoveDialect *dialect,
                                  AlcoveServerClient *client,
                                  const char *text)
{
  AlcoveRtcsignalDialect *self = ALCOVE_RTCSIGNAL_DIALECT (dialect);
  Session *session = g_hash_table_lookup (self->sessions, client);
  g_autoptr (AlcoveRtcsignalMessage) message = NULL;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (session != NULL);

  message = alcove_rtcsignal_message_decode (text, TRUE, &error);
  if (message == NULL)
    {
      log_ignored (session, (AlcoveError) error->code, error->message);
      return;
    }

  switch (message->kind)
    {
    case ALCOVE_RTCSIGNAL_JOIN_ROOM:
      join (self, session, message);
      break;
    case ALCOVE_RTCSIGNAL_LEAVE_ROOM:
      leave (self, session, message);
      break;
    case ALCOVE_RTCSIGNAL_OFFER:
    case ALCOVE_RTCSIGNAL_ANSWER:
    case ALCOVE_RTCSIGNAL_CANDIDATE:
    case ALCOVE_RTCSIGNAL_HANG_UP:
    case ALCOVE_RTCSIGNAL_PRESENCE:
    case ALCOVE_RTCSIGNAL_OTHER:
      broadcast (self, session, message);
      break;
    case ALCOVE_RTCSIGNAL_UNKNOWN:
    case ALCOVE_RTCSIGNAL_USER_JOINED:
    case ALCOVE_RTCSIGNAL_USER_LEFT:
    default:
      log_ignored (session, ALCOVE_ERROR_UNEXPECTED, "an event of another protocol");
      break;
    }
}

static void
alcove_rtcsignal_dialect_closed (AlcoveDialect *dialect,
                                 AlcoveServerClient *client)
{
  AlcoveRtcsignalDialect *self = ALCOVE_RTCSIGNAL_DIALECT (dialect);
  Session *session = g_hash_table_lookup (self->sessions, client);

  g_return_if_fail (session != NULL);

  leave_room (self, session);
  g_hash_table_remove (self->sessions, client);
}

static void
alcove_rtcsignal_dialect_finalize (GObject *object)
{
  g_hash_table_unref (ALCOVE_RTCSIGNAL_DIALECT (object)->sessions);

  G_OBJECT_CLASS (alcove_rtcsignal_dialect_parent_class)->finalize (object);
}

static void
alcove_rtcsignal_dialect_class_init (AlcoveRtcsignalDialectClass *klass)
{
  AlcoveDialectClass *dialect_class = ALCOVE_DIALECT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = alcove_rtcsignal_dialect_finalize;
  dialect_class->attach = alcove_rtcsignal_dialect_attach;
  dialect_class->matches = alcove_rtcsignal_dialect_matches;
  dialect_class->opened = alcove_rtcsignal_dialect_opened;
  dialect_class->message = alcove_rtcsignal_dialect_message;
  dialect_class->closed = alcove_rtcsignal_dialect_closed;
  dialect_class->socketio = TRUE;
  /* whatever the event was, as the original does */
  dialect_class->acknowledgement = "null";
}

static void
alcove_rtcsignal_dialect_init (AlcoveRtcsignalDialect *self)
{
  self->sessions = g_hash_table_new_full (NULL, NULL, NULL, session_free);
}

/**
 * alcove_rtcsignal_dialect_new:
 *
 * Returns: (transfer full): the RTCSignalServer side of a server
 */
AlcoveDialect *
alcove_rtcsignal_dialect_new (void)
{
  return g_object_new (ALCOVE_TYPE_RTCSIGNAL_DIALECT, NULL);
}
