/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-rtcsignal-signaller"

#include "config.h"

#include "alcove-rtcsignal-signaller.h"

#include <string.h>

#include <glib/gi18n.h>

#include "alcove-rtcsignal-early.h"
#include "alcove-rtcsignal-signaller-private.h"
#include "alcove-socketio-transport.h"
#include "alcove-timer.h"

/**
 * AlcoveRtcsignalSignaller:
 *
 * Membership in a room of an RTCSignalServer, which does nothing but pass on to everybody,
 * the sender included, what anybody says. Who is there already offers to the one who
 * comes. Nobody tells a newcomer who is there: it learns of members by their offers, and of
 * other Alcoves by a message of their own, which pages ignore.
 *
 * The page for two and the Android client neither offer by themselves nor say that they are
 * there: they wait for an offer without a target, which somebody has to ask for. That call to
 * everybody is announced to the room as a peer, and becomes the one who answers first.
 *
 * Each time that we enter it is under a new id, as pages mistake one that comes back for
 * the one that was there. To other Alcoves we say which one that was.
 *
 * The server may go deaf, while it still answers pings: our own messages coming back are the
 * only proof that it has not.
 */
G_DEFINE_FINAL_TYPE (AlcoveRtcsignalSignaller,
                     alcove_rtcsignal_signaller,
                     ALCOVE_TYPE_SERVER_SIGNALLER)

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
  if (self->n_echoes++ == 0)
    alcove_timer_set (&self->echo_timer, self->echo_ms, on_echo_wait, self);
  /* The connection may end by it, and then no echo is waited for any more. */
  send_message (self, message);
}

void
alcove_rtcsignal_signaller_handle_echo (AlcoveRtcsignalSignaller *self)
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
void
alcove_rtcsignal_signaller_send_presence (AlcoveRtcsignalSignaller *self,
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
      AlcoveRtcsignalPeer *peer = value;

      peer->offered_at = 0;
      peer->announced = FALSE;
      peer->met = FALSE;
    }
  alcove_rtcsignal_signaller_withdraw (self);
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
static AlcoveRtcsignalPeer *
reach (AlcoveRtcsignalSignaller *self,
       const char *id)
{
  AlcoveRtcsignalPeer *peer = alcove_rtcsignal_signaller_find_member (self, id);

  if (alcove_server_signaller_is_joined (ALCOVE_SERVER_SIGNALLER (self)) && peer != NULL)
    return peer;

  g_debug ("A message to %s was dropped: it is not in the room", id);
  return NULL;
}

/* Whoever got the offer is told that it is over, unless that would end somebody else's call. */
static gboolean
on_call_wait (gpointer data)
{
  g_autoptr (AlcoveRtcsignalSignaller) self = g_object_ref (data);
  AlcoveServerSignaller *base = ALCOVE_SERVER_SIGNALLER (self);

  if (alcove_server_signaller_is_joined (base) && g_hash_table_size (self->peers) == 0)
    send_hang_up (self, NULL);
  alcove_rtcsignal_signaller_withdraw (self);
  alcove_server_signaller_report (base, ALCOVE_ERROR_TIMED_OUT, _ ("Nobody answered the call."));
  return G_SOURCE_REMOVE;
}

static void
alcove_rtcsignal_signaller_call_everybody (AlcoveSignaller *signaller)
{
  AlcoveRtcsignalSignaller *self = ALCOVE_RTCSIGNAL_SIGNALLER (signaller);
  g_autofree char *room_id = NULL;

  if (!alcove_server_signaller_is_joined (ALCOVE_SERVER_SIGNALLER (self))
      || self->anybody != NULL || g_hash_table_size (self->peers) > 0)
    return;

  self->anybody = alcove_rtcsignal_peer_new_anybody ();
  room_id = g_strdup (self->anybody->room_id);
  alcove_signaller_emit_peer_present (signaller, room_id, NULL, TRUE);
}

static void
alcove_rtcsignal_signaller_send_description (AlcoveSignaller *signaller,
                                             const char *id,
                                             AlcoveDescriptionType type,
                                             const char *sdp)
{
  AlcoveRtcsignalSignaller *self = ALCOVE_RTCSIGNAL_SIGNALLER (signaller);
  gboolean offer = type == ALCOVE_DESCRIPTION_OFFER;
  AlcoveRtcsignalPeer *peer = reach (self, id);
  g_autoptr (AlcoveRtcsignalMessage) message = NULL;

  if (peer == NULL)
    return;

  /* A call to everybody is made once. */
  if (peer == self->anybody && peer->offered_at > 0)
    {
      on_call_wait (self);
      return;
    }

  /* A page answers a second offer with another connection, and keeps the first. */
  if (offer && peer->met && alcove_rtcsignal_signaller_is_only_page (self, peer))
    send_hang_up (self, peer->id);

  message = alcove_rtcsignal_message_new (offer ? ALCOVE_RTCSIGNAL_OFFER : ALCOVE_RTCSIGNAL_ANSWER,
                                          self->user);
  message->target = g_strdup (peer->id);
  message->sdp = g_strdup (sdp);
  peer->met = !offer;
  peer->offered_at = offer ? g_get_monotonic_time () : 0;
  if (peer == self->anybody)
    alcove_timer_set (&self->anybody_timer, self->call_ms, on_call_wait, self);

  /* Last: where the connection ends by it, a call to everybody is withdrawn at once. */
  broadcast (self, message);
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
  AlcoveRtcsignalPeer *peer;

  /* pages look at the index alone */
  if (mline_index < 0 || candidate == NULL || *candidate == '\0')
    return;

  peer = reach (self, id);
  if (peer == NULL)
    return;

  message = alcove_rtcsignal_message_new (ALCOVE_RTCSIGNAL_CANDIDATE, self->user);
  message->target = g_strdup (peer->id);
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
  AlcoveRtcsignalSignaller *self = ALCOVE_RTCSIGNAL_SIGNALLER (signaller);
  AlcoveRtcsignalPeer *peer = alcove_rtcsignal_signaller_find_member (self, id);

  if (note != ALCOVE_SIGNALLER_NOTE_GONE || peer == NULL)
    return;

  if (peer == self->anybody)
    alcove_rtcsignal_signaller_withdraw (self);
  else
    g_hash_table_remove (self->peers, peer->id);
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
  AlcoveRtcsignalSignaller *self = ALCOVE_RTCSIGNAL_SIGNALLER (object);

  alcove_timer_clear (&self->echo_timer);
  alcove_timer_clear (&self->anybody_timer);

  G_OBJECT_CLASS (alcove_rtcsignal_signaller_parent_class)->dispose (object);
}

static void
alcove_rtcsignal_signaller_finalize (GObject *object)
{
  AlcoveRtcsignalSignaller *self = ALCOVE_RTCSIGNAL_SIGNALLER (object);

  g_free (self->prefix);
  g_free (self->user);
  g_free (self->former);
  g_clear_pointer (&self->anybody, alcove_rtcsignal_peer_free);
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
  signaller_class->call_everybody = alcove_rtcsignal_signaller_call_everybody;
  signaller_class->note_peer = alcove_rtcsignal_signaller_note_peer;
  signaller_class->set_id = alcove_rtcsignal_signaller_set_id;
  /* Who leaves says so, but who is lost does not: only the room can tell. */
  signaller_class->features = ALCOVE_SIGNALLER_ROOMS | ALCOVE_SIGNALLER_CALL_EVERYBODY
                              | ALCOVE_SIGNALLER_FLEETING_IDS;

  server_class->enter = alcove_rtcsignal_signaller_enter;
  server_class->message = alcove_rtcsignal_signaller_handle_message;
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
  self->call_ms = ALCOVE_RTCSIGNAL_CALL_MS;
  g_queue_init (&self->early);
  self->peers = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, alcove_rtcsignal_peer_free);
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
 * alcove_rtcsignal_signaller_set_call_wait:
 * @self: a signaller that is not connected yet
 * @milliseconds: how long a call to everybody waits for an answer
 */
void
alcove_rtcsignal_signaller_set_call_wait (AlcoveRtcsignalSignaller *self,
                                          guint milliseconds)
{
  self->call_ms = milliseconds;
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
