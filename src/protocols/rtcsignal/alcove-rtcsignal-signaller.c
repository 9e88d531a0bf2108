/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-rtcsignal-signaller"

#include "config.h"

#include "alcove-rtcsignal-signaller.h"

#include <string.h>

#include <glib/gi18n.h>

#include "alcove-rtcsignal-codec.h"
#include "alcove-rtcsignal-early.h"
#include "alcove-socketio-transport.h"
#include "alcove-timer.h"

/* Somebody in the room. */
typedef struct {
  char *id;
  /* our offer that has no answer yet: monotonic microseconds, 0 for none */
  gint64 offered_at;
  /* announced since we are in the room under the present id */
  gboolean announced;
  /* descriptions have gone both ways */
  gboolean met;
  /* it has said so: it knows whom messages are for, and the rule for crossed offers */
  gboolean alcove;
} Peer;

/**
 * AlcoveRtcsignalSignaller:
 *
 * Membership in a room of an RTCSignalServer, which does nothing but pass on to everybody,
 * the sender included, what anybody says. Who is there already offers to the one who
 * comes. Nobody tells a newcomer who is there: it learns of members by their offers, and of
 * other Alcoves by a message of their own, which pages ignore.
 *
 * Each time that we enter it is under a new id, as pages mistake one that comes back for
 * the one that was there. To other Alcoves we say which one that was.
 *
 * The server may go deaf, while it still answers pings: our own messages coming back are the
 * only proof that it has not.
 */
struct _AlcoveRtcsignalSignaller {
  AlcoveServerSignaller parent_instance;

  guint echo_ms;
  guint flight_ms;

  char *prefix;
  char *user;
  /* whether the room has seen us under this id */
  gboolean entered;
  /* the id under which we were in the room before */
  char *former;
  /* id → Peer, owned */
  GHashTable *peers;
  /* of candidates: for us, by somebody who has not shown by an offer yet */
  GQueue early;
  /* own messages that have not come back yet */
  guint n_echoes;
  GSource *echo_timer;
};

G_DEFINE_FINAL_TYPE (AlcoveRtcsignalSignaller,
                     alcove_rtcsignal_signaller,
                     ALCOVE_TYPE_SERVER_SIGNALLER)

static void
peer_free (gpointer data)
{
  Peer *peer = data;

  g_free (peer->id);
  g_free (peer);
}

static Peer *
find_peer (AlcoveRtcsignalSignaller *self,
           const char *id)
{
  return g_hash_table_lookup (self->peers, id);
}

/* NULL if there are too many. */
static Peer *
meet_peer (AlcoveRtcsignalSignaller *self,
           const char *id)
{
  Peer *peer = find_peer (self, id);

  if (peer != NULL)
    return peer;

  if (g_hash_table_size (self->peers) >= ALCOVE_RTCSIGNAL_MAX_PEERS)
    {
      alcove_server_signaller_report (ALCOVE_SERVER_SIGNALLER (self), ALCOVE_ERROR_TOO_MANY,
                                      _ ("The room has more members than Alcove can take."));
      return NULL;
    }

  peer = g_new0 (Peer, 1);
  peer->id = g_strdup (id);
  g_hash_table_insert (self->peers, peer->id, peer);
  return peer;
}

/* Who comes is announced to us, and gets our offer; who was there before us shows by theirs.
 * The peer may be gone after it, and so may we. */
static void
announce (AlcoveRtcsignalSignaller *self,
          Peer *peer,
          gboolean we_offer)
{
  g_autofree char *id = g_strdup (peer->id);

  peer->announced = TRUE;
  if (we_offer)
    alcove_signaller_emit_peer_joined (ALCOVE_SIGNALLER (self), id, NULL, TRUE);
  else
    alcove_signaller_emit_peer_present (ALCOVE_SIGNALLER (self), id, NULL, FALSE);
}

static void
forget_peer (AlcoveRtcsignalSignaller *self,
             const char *id)
{
  g_autofree char *copy = g_strdup (id);

  if (g_hash_table_remove (self->peers, copy))
    alcove_signaller_emit_peer_left (ALCOVE_SIGNALLER (self), copy);
}

/* A handler may leave in between. */
static void
release_early (AlcoveRtcsignalSignaller *self,
               const char *id)
{
  AlcoveRtcsignalMessage *candidate;

  while ((candidate = alcove_rtcsignal_early_take (&self->early, id)) != NULL)
    {
      if (alcove_server_signaller_is_joined (ALCOVE_SERVER_SIGNALLER (self)))
        alcove_signaller_emit_candidate (ALCOVE_SIGNALLER (self), id, candidate->mid,
                                         candidate->label, candidate->candidate);
      alcove_rtcsignal_message_free (candidate);
    }
}

static void
send_message (AlcoveRtcsignalSignaller *self,
              const AlcoveRtcsignalMessage *message)
{
  g_autofree char *text = alcove_rtcsignal_message_encode (message);

  alcove_server_signaller_send (ALCOVE_SERVER_SIGNALLER (self), text);
}

static void
stop_echoes (AlcoveRtcsignalSignaller *self)
{
  self->n_echoes = 0;
  alcove_timer_clear (&self->echo_timer);
}

static gboolean
on_echo_wait (gpointer data)
{
  g_autoptr (AlcoveRtcsignalSignaller) self = g_object_ref (data);

  stop_echoes (self);
  alcove_server_signaller_restart (ALCOVE_SERVER_SIGNALLER (self), ALCOVE_ERROR_TIMED_OUT,
                                   _ ("The server does not pass on messages any more."));
  return G_SOURCE_REMOVE;
}

static void
broadcast (AlcoveRtcsignalSignaller *self,
           const AlcoveRtcsignalMessage *message)
{
  send_message (self, message);
  if (self->n_echoes++ == 0)
    alcove_timer_set (&self->echo_timer, self->echo_ms, on_echo_wait, self);
}

static void
handle_echo (AlcoveRtcsignalSignaller *self)
{
  if (self->n_echoes == 0)
    return;

  self->n_echoes--;
  if (self->n_echoes == 0)
    alcove_timer_clear (&self->echo_timer);
  else
    alcove_timer_set (&self->echo_timer, self->echo_ms, on_echo_wait, self);
}

static void
send_membership (AlcoveRtcsignalSignaller *self,
                 AlcoveRtcsignalKind kind)
{
  g_autoptr (AlcoveRtcsignalMessage) message = alcove_rtcsignal_message_new (kind, self->user);

  message->room
      = g_strdup (alcove_server_signaller_get_room (ALCOVE_SERVER_SIGNALLER (self)));
  send_message (self, message);
}

/* That we are an Alcove, to everybody or to one who has just come. */
static void
send_presence (AlcoveRtcsignalSignaller *self,
               const char *target)
{
  g_autoptr (AlcoveRtcsignalMessage) message
      = alcove_rtcsignal_message_new (ALCOVE_RTCSIGNAL_PRESENCE, self->user);

  message->target = g_strdup (target);
  message->former = g_strdup (self->former);
  broadcast (self, message);
}

static void
send_hang_up (AlcoveRtcsignalSignaller *self,
              const char *target)
{
  g_autoptr (AlcoveRtcsignalMessage) message
      = alcove_rtcsignal_message_new (ALCOVE_RTCSIGNAL_HANG_UP, self->user);

  message->target = g_strdup (target);
  broadcast (self, message);
}

static char *
choose_user (AlcoveRtcsignalSignaller *self)
{
  if (self->prefix == NULL)
    return g_uuid_string_random ();

  return g_strdup_printf ("%s-%08x", self->prefix, g_random_int ());
}

static void
alcove_rtcsignal_signaller_enter (AlcoveServerSignaller *signaller)
{
  AlcoveRtcsignalSignaller *self = ALCOVE_RTCSIGNAL_SIGNALLER (signaller);

  if (self->entered)
    {
      g_free (self->former);
      self->former = g_steal_pointer (&self->user);
    }
  self->entered = FALSE;
  g_free (self->user);
  self->user = choose_user (self);
  send_membership (self, ALCOVE_RTCSIGNAL_JOIN_ROOM);
}

/* We come back as somebody new, but the others stay who they are: whoever has media with us
 * is kept, and shows again by its offer to the new id. */
static void
alcove_rtcsignal_signaller_lost (AlcoveServerSignaller *signaller)
{
  AlcoveRtcsignalSignaller *self = ALCOVE_RTCSIGNAL_SIGNALLER (signaller);
  GHashTableIter iter;
  gpointer value;

  stop_echoes (self);
  alcove_rtcsignal_early_clear (&self->early);
  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Peer *peer = value;

      peer->offered_at = 0;
      peer->announced = FALSE;
      peer->met = FALSE;
    }
}

static void
handle_own_join (AlcoveRtcsignalSignaller *self)
{
  AlcoveServerSignaller *base = ALCOVE_SERVER_SIGNALLER (self);

  /* that of a twin, or of a join that was repeated on the way */
  if (alcove_server_signaller_is_joined (base))
    return;

  self->entered = TRUE;
  if (!alcove_server_signaller_entered (base, self->user))
    return;

  send_presence (self, NULL);
  alcove_server_signaller_announced (base);
}

static void
handle_joined (AlcoveRtcsignalSignaller *self,
               const char *id)
{
  Peer *peer;

  if (g_strcmp0 (id, self->user) == 0)
    {
      handle_own_join (self);
      return;
    }

  /* Who comes while our own join is on its way hears of that, and offers. */
  if (*id == '\0' || !alcove_server_signaller_is_joined (ALCOVE_SERVER_SIGNALLER (self)))
    return;

  peer = meet_peer (self, id);
  if (peer == NULL)
    return;

  /* Whatever was under way, the other side may have forgotten it. */
  peer->offered_at = 0;
  send_presence (self, id);
  announce (self, peer, TRUE);
}

static void
handle_left (AlcoveRtcsignalSignaller *self,
             const char *id)
{
  if (g_strcmp0 (id, self->user) != 0)
    forget_peer (self, id);
}

static void
handle_presence (AlcoveRtcsignalSignaller *self,
                 const AlcoveRtcsignalMessage *message)
{
  Peer *peer = meet_peer (self, message->user);

  if (peer == NULL)
    return;

  peer->alcove = TRUE;
  if (!peer->announced)
    announce (self, peer, FALSE);

  if (message->former != NULL && strcmp (message->former, message->user) != 0
      && alcove_server_signaller_is_joined (ALCOVE_SERVER_SIGNALLER (self)))
    forget_peer (self, message->former);
}

static gboolean
is_in_flight (AlcoveRtcsignalSignaller *self,
              const Peer *peer)
{
  return peer->offered_at > 0
         && g_get_monotonic_time () - peer->offered_at
                < (gint64) self->flight_ms * G_TIME_SPAN_MILLISECOND;
}

static void
handle_offer (AlcoveRtcsignalSignaller *self,
              const AlcoveRtcsignalMessage *message)
{
  AlcoveServerSignaller *base = ALCOVE_SERVER_SIGNALLER (self);
  Peer *peer = meet_peer (self, message->user);

  if (peer == NULL)
    return;

  if (is_in_flight (self, peer))
    {
      /* A page takes its own offer back when ours arrives, whatever the ids. */
      if (!peer->alcove || strcmp (self->user, peer->id) < 0)
        {
          alcove_server_signaller_report (base, ALCOVE_ERROR_UNEXPECTED,
                                          _ ("Two offers crossed each other; ours was kept."));
          return;
        }
      announce (self, peer, FALSE);
    }
  else if (!peer->announced)
    announce (self, peer, FALSE);

  peer = find_peer (self, message->user);
  if (peer == NULL || !alcove_server_signaller_is_joined (base))
    return;

  peer->offered_at = 0;
  alcove_signaller_emit_description (ALCOVE_SIGNALLER (self), message->user,
                                     ALCOVE_DESCRIPTION_OFFER, message->sdp);
  release_early (self, message->user);
}

/* Without a target it may be for anybody: the page for two does not name one. */
static void
report_stray (AlcoveRtcsignalSignaller *self,
              const AlcoveRtcsignalMessage *message,
              AlcoveError code,
              const char *sentence)
{
  if (message->target != NULL)
    alcove_server_signaller_report (ALCOVE_SERVER_SIGNALLER (self), code, sentence);
}

static void
handle_answer (AlcoveRtcsignalSignaller *self,
               const AlcoveRtcsignalMessage *message,
               Peer *peer)
{
  if (peer->offered_at == 0)
    {
      report_stray (self, message, ALCOVE_ERROR_UNEXPECTED,
                    _ ("An answer came to an offer that was never made."));
      return;
    }

  peer->offered_at = 0;
  peer->met = TRUE;
  alcove_signaller_emit_description (ALCOVE_SIGNALLER (self), message->user,
                                     ALCOVE_DESCRIPTION_ANSWER, message->sdp);
}

static void
handle_known (AlcoveRtcsignalSignaller *self,
              const AlcoveRtcsignalMessage *message)
{
  Peer *peer = find_peer (self, message->user);

  if (peer == NULL && message->kind == ALCOVE_RTCSIGNAL_CANDIDATE && message->target != NULL
      && alcove_rtcsignal_early_hold (&self->early, message))
    return;

  if (peer == NULL)
    {
      report_stray (self, message, ALCOVE_ERROR_UNKNOWN_PEER,
                    _ ("A message came from somebody who is not in the room."));
      return;
    }

  switch (message->kind)
    {
    case ALCOVE_RTCSIGNAL_ANSWER:
      handle_answer (self, message, peer);
      break;
    case ALCOVE_RTCSIGNAL_CANDIDATE:
      /* the end of candidates, which this protocol does not send */
      if (*message->candidate != '\0')
        alcove_signaller_emit_candidate (ALCOVE_SIGNALLER (self), message->user, message->mid,
                                         message->label, message->candidate);
      break;
    case ALCOVE_RTCSIGNAL_HANG_UP:
    default:
      peer->offered_at = 0;
      peer->met = FALSE;
      alcove_signaller_emit_hung_up (ALCOVE_SIGNALLER (self), message->user);
      break;
    }
}

static void
handle_broadcast (AlcoveRtcsignalSignaller *self,
                  const AlcoveRtcsignalMessage *message)
{
  AlcoveServerSignaller *base = ALCOVE_SERVER_SIGNALLER (self);

  if (g_strcmp0 (message->user, self->user) == 0)
    {
      handle_echo (self);
      return;
    }

  if (message->target != NULL && g_strcmp0 (message->target, self->user) != 0)
    return;

  if (!alcove_server_signaller_is_joined (base))
    {
      report_stray (self, message, ALCOVE_ERROR_UNEXPECTED,
                    _ ("A message came before the join."));
      return;
    }

  switch (message->kind)
    {
    case ALCOVE_RTCSIGNAL_PRESENCE:
      handle_presence (self, message);
      break;
    case ALCOVE_RTCSIGNAL_OFFER:
      handle_offer (self, message);
      break;
    case ALCOVE_RTCSIGNAL_ANSWER:
    case ALCOVE_RTCSIGNAL_CANDIDATE:
    case ALCOVE_RTCSIGNAL_HANG_UP:
      handle_known (self, message);
      break;
    default:
      g_debug ("A broadcast of an unknown type was dropped");
      break;
    }
}

static void
alcove_rtcsignal_signaller_message (AlcoveServerSignaller *signaller,
                                    const char *text)
{
  AlcoveRtcsignalSignaller *self = ALCOVE_RTCSIGNAL_SIGNALLER (signaller);
  g_autoptr (GError) error = NULL;
  g_autoptr (AlcoveRtcsignalMessage) message
      = alcove_rtcsignal_message_decode (text, FALSE, &error);

  if (message == NULL)
    {
      alcove_server_signaller_report_error (signaller, error);
      return;
    }

  switch (message->kind)
    {
    case ALCOVE_RTCSIGNAL_USER_JOINED:
      handle_joined (self, message->user);
      break;
    case ALCOVE_RTCSIGNAL_USER_LEFT:
      handle_left (self, message->user);
      break;
    case ALCOVE_RTCSIGNAL_UNKNOWN:
    case ALCOVE_RTCSIGNAL_JOIN_ROOM:
    case ALCOVE_RTCSIGNAL_LEAVE_ROOM:
      g_debug ("An event of an unknown name was dropped");
      break;
    case ALCOVE_RTCSIGNAL_OFFER:
    case ALCOVE_RTCSIGNAL_ANSWER:
    case ALCOVE_RTCSIGNAL_CANDIDATE:
    case ALCOVE_RTCSIGNAL_HANG_UP:
    case ALCOVE_RTCSIGNAL_PRESENCE:
    case ALCOVE_RTCSIGNAL_OTHER:
    default:
      handle_broadcast (self, message);
      break;
    }
}

/* The hang-up is what makes the original pages close; `user-left` they only log. */
static void
alcove_rtcsignal_signaller_farewell (AlcoveServerSignaller *signaller)
{
  AlcoveRtcsignalSignaller *self = ALCOVE_RTCSIGNAL_SIGNALLER (signaller);

  send_hang_up (self, NULL);
  send_membership (self, ALCOVE_RTCSIGNAL_LEAVE_ROOM);
  stop_echoes (self);
}

/* Somebody who can be written to, or NULL: that somebody has just gone is no mistake
 * of the caller's. */
static Peer *
reach (AlcoveRtcsignalSignaller *self,
       const char *id)
{
  Peer *peer = find_peer (self, id);

  if (alcove_server_signaller_is_joined (ALCOVE_SERVER_SIGNALLER (self)) && peer != NULL)
    return peer;

  g_debug ("A message to %s was dropped: it is not in the room", id);
  return NULL;
}

/* Pages do not look whom a hang-up is for. */
static gboolean
is_only_page (AlcoveRtcsignalSignaller *self,
              const Peer *peer)
{
  GHashTableIter iter;
  gpointer value;

  if (peer->alcove)
    return FALSE;

  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (value != peer && !((Peer *) value)->alcove)
      return FALSE;

  return TRUE;
}

static void
alcove_rtcsignal_signaller_send_description (AlcoveSignaller *signaller,
                                             const char *id,
                                             AlcoveDescriptionType type,
                                             const char *sdp)
{
  AlcoveRtcsignalSignaller *self = ALCOVE_RTCSIGNAL_SIGNALLER (signaller);
  gboolean offer = type == ALCOVE_DESCRIPTION_OFFER;
  Peer *peer = reach (self, id);
  g_autoptr (AlcoveRtcsignalMessage) message = NULL;

  if (peer == NULL)
    return;

  /* A page answers a second offer with another connection, and keeps the first. */
  if (offer && peer->met && is_only_page (self, peer))
    send_hang_up (self, id);

  message = alcove_rtcsignal_message_new (offer ? ALCOVE_RTCSIGNAL_OFFER : ALCOVE_RTCSIGNAL_ANSWER,
                                          self->user);
  message->target = g_strdup (id);
  message->sdp = g_strdup (sdp);
  broadcast (self, message);

  peer->met = !offer;
  peer->offered_at = offer ? g_get_monotonic_time () : 0;
}

static void
alcove_rtcsignal_signaller_send_candidate (AlcoveSignaller *signaller,
                                           const char *id,
                                           const char *mid,
                                           int mline_index,
                                           const char *candidate)
{
  AlcoveRtcsignalSignaller *self = ALCOVE_RTCSIGNAL_SIGNALLER (signaller);
  g_autoptr (AlcoveRtcsignalMessage) message = NULL;

  /* pages look at the index alone */
  if (mline_index < 0 || candidate == NULL || *candidate == '\0' || reach (self, id) == NULL)
    return;

  message = alcove_rtcsignal_message_new (ALCOVE_RTCSIGNAL_CANDIDATE, self->user);
  message->target = g_strdup (id);
  /* Android wants both, and takes the index where this is empty */
  message->mid = g_strdup (mid != NULL ? mid : "");
  message->label = mline_index;
  message->candidate = g_strdup (candidate);
  broadcast (self, message);
}

static void
alcove_rtcsignal_signaller_note_peer (AlcoveSignaller *signaller,
                                      const char *id,
                                      AlcoveSignallerNote note)
{
  if (note == ALCOVE_SIGNALLER_NOTE_GONE)
    g_hash_table_remove (ALCOVE_RTCSIGNAL_SIGNALLER (signaller)->peers, id);
}

static gboolean
alcove_rtcsignal_signaller_set_id (AlcoveSignaller *signaller,
                                   const char *id)
{
  return alcove_rtcsignal_signaller_set_user_prefix (ALCOVE_RTCSIGNAL_SIGNALLER (signaller), id);
}

static void
alcove_rtcsignal_signaller_dispose (GObject *object)
{
  alcove_timer_clear (&ALCOVE_RTCSIGNAL_SIGNALLER (object)->echo_timer);

  G_OBJECT_CLASS (alcove_rtcsignal_signaller_parent_class)->dispose (object);
}

static void
alcove_rtcsignal_signaller_finalize (GObject *object)
{
  AlcoveRtcsignalSignaller *self = ALCOVE_RTCSIGNAL_SIGNALLER (object);

  g_free (self->prefix);
  g_free (self->user);
  g_free (self->former);
  g_hash_table_unref (self->peers);
  alcove_rtcsignal_early_clear (&self->early);

  G_OBJECT_CLASS (alcove_rtcsignal_signaller_parent_class)->finalize (object);
}

static void
alcove_rtcsignal_signaller_class_init (AlcoveRtcsignalSignallerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  AlcoveSignallerClass *signaller_class = ALCOVE_SIGNALLER_CLASS (klass);
  AlcoveServerSignallerClass *server_class = ALCOVE_SERVER_SIGNALLER_CLASS (klass);

  object_class->dispose = alcove_rtcsignal_signaller_dispose;
  object_class->finalize = alcove_rtcsignal_signaller_finalize;

  signaller_class->send_description = alcove_rtcsignal_signaller_send_description;
  signaller_class->send_candidate = alcove_rtcsignal_signaller_send_candidate;
  signaller_class->note_peer = alcove_rtcsignal_signaller_note_peer;
  signaller_class->set_id = alcove_rtcsignal_signaller_set_id;
  /* Who leaves says so, but who is lost does not: only the room can tell. */
  signaller_class->features = ALCOVE_SIGNALLER_ROOMS;

  server_class->enter = alcove_rtcsignal_signaller_enter;
  server_class->message = alcove_rtcsignal_signaller_message;
  server_class->lost = alcove_rtcsignal_signaller_lost;
  server_class->farewell = alcove_rtcsignal_signaller_farewell;
  server_class->max_room = ALCOVE_RTCSIGNAL_MAX_ROOM;
  server_class->wrong_protocol = N_ ("The server answers, but it is no RTCSignalServer.");
}

static void
alcove_rtcsignal_signaller_init (AlcoveRtcsignalSignaller *self)
{
  self->echo_ms = ALCOVE_RTCSIGNAL_ECHO_WAIT_MS;
  self->flight_ms = ALCOVE_RTCSIGNAL_FLIGHT_MS;
  g_queue_init (&self->early);
  self->peers = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, peer_free);
  alcove_server_signaller_set_join_wait (ALCOVE_SERVER_SIGNALLER (self),
                                         ALCOVE_RTCSIGNAL_ECHO_WAIT_MS);
}

/**
 * alcove_rtcsignal_signaller_new:
 * @server: the server's address, from alcove_address_parse()
 *
 * Returns: (transfer full): a signaller with a Socket.IO connection of its own
 */
AlcoveSignaller *
alcove_rtcsignal_signaller_new (GUri *server)
{
  g_autoptr (AlcoveTransport) transport = alcove_socketio_transport_new (NULL);

  /* The server is deaf after that packet, so that it might never see the good-bye before it. */
  alcove_socketio_transport_set_goodbye (ALCOVE_SOCKETIO_TRANSPORT (transport), FALSE);
  return alcove_rtcsignal_signaller_new_with_transport (server, transport);
}

/**
 * alcove_rtcsignal_signaller_new_with_transport:
 * @server: the server's address, with the path of Socket.IO
 * @transport: a transport of events that is not open yet
 *
 * Returns: (transfer full): a signaller over @transport
 */
AlcoveSignaller *
alcove_rtcsignal_signaller_new_with_transport (GUri *server,
                                               AlcoveTransport *transport)
{
  return g_object_new (ALCOVE_TYPE_RTCSIGNAL_SIGNALLER, "server", server, "transport", transport,
                       NULL);
}

/**
 * alcove_rtcsignal_signaller_set_waits:
 * @self: a signaller that is not connected yet
 * @echo_ms: how long what we say may take to come back
 * @flight_ms: how long an offer without an answer counts as under way
 */
void
alcove_rtcsignal_signaller_set_waits (AlcoveRtcsignalSignaller *self,
                                      guint echo_ms,
                                      guint flight_ms)
{
  self->echo_ms = echo_ms;
  self->flight_ms = flight_ms;
}

/**
 * alcove_rtcsignal_signaller_set_user_prefix:
 * @self: a signaller that is not connected yet
 * @prefix: UTF-8, at most %ALCOVE_RTCSIGNAL_MAX_PREFIX bytes
 *
 * Has every id begin with something that a person recognises, as in `ada-7f3a90c2`. The rest
 * stays random.
 *
 * Returns: whether @prefix can be one
 */
gboolean
alcove_rtcsignal_signaller_set_user_prefix (AlcoveRtcsignalSignaller *self,
                                            const char *prefix)
{
  if (*prefix == '\0' || strlen (prefix) > ALCOVE_RTCSIGNAL_MAX_PREFIX
      || !g_utf8_validate (prefix, -1, NULL))
    return FALSE;

  g_free (self->prefix);
  self->prefix = g_strdup (prefix);
  return TRUE;
}
