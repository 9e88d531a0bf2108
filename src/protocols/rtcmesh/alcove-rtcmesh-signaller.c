/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-rtcmesh-signaller"

#include "config.h"

#include "alcove-rtcmesh-signaller.h"

#include <string.h>

#include <glib/gi18n.h>

#include "alcove-error.h"
#include "alcove-rtcmesh-codec.h"
#include "alcove-rtcmesh-signaller-private.h"
#include "alcove-websocket-transport.h"

#define CHANNEL_LABEL "dc"

/**
 * AlcoveRtcmeshSignaller:
 *
 * Membership in a mesh. There are no rooms: the name of the room is not sent, and whoever is
 * connected to the server is there.
 *
 * Whoever is online already offers to the one who comes. Somebody from the newcomer's list
 * that has not offered after a while is offered to, since the oldest library never does.
 * Two offers in flight: the smaller id keeps its own.
 *
 * The id is one of a session: it stays over reconnections, where nobody is offered to, as
 * those who are online do that where they need it. That somebody is not in the list
 * then says nothing: after a restart of the server they come back one by one.
 */
G_DEFINE_FINAL_TYPE (AlcoveRtcmeshSignaller, alcove_rtcmesh_signaller, ALCOVE_TYPE_SIGNALLER)

void
alcove_rtcmesh_signaller_clear_timer (GSource **source)
{
  if (*source == NULL)
    return;

  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

void
alcove_rtcmesh_signaller_set_timer (AlcoveRtcmeshSignaller *self,
                                    GSource **source,
                                    gint64 due,
                                    GSourceFunc callback)
{
  alcove_rtcmesh_signaller_clear_timer (source);
  *source = g_timeout_source_new (0);
  g_source_set_ready_time (*source, due);
  g_source_set_callback (*source, callback, self, NULL);
  g_source_attach (*source, g_main_context_get_thread_default ());
}

gint64
alcove_rtcmesh_after (guint milliseconds)
{
  return g_get_monotonic_time () + (gint64) milliseconds * G_TIME_SPAN_MILLISECOND;
}

static void
clear_timers (AlcoveRtcmeshSignaller *self)
{
  alcove_rtcmesh_signaller_clear_timer (&self->join_timer);
  alcove_rtcmesh_signaller_clear_timer (&self->peer_timer);
}

static void
send_message (AlcoveRtcmeshSignaller *self,
              const AlcoveRtcmeshMessage *message)
{
  g_autofree char *text = alcove_rtcmesh_message_encode (message);

  alcove_transport_send (self->transport, text);
}

static void
report_problem (AlcoveRtcmeshSignaller *self,
                const GError *error)
{
  g_debug ("A message was dropped: %s", error->message);
  alcove_signaller_emit_problem (ALCOVE_SIGNALLER (self), error);
}

void
alcove_rtcmesh_signaller_report (AlcoveRtcmeshSignaller *self,
                                 AlcoveError code,
                                 const char *sentence)
{
  g_autoptr (GError) error = g_error_new_literal (ALCOVE_ERROR, (int) code, sentence);

  report_problem (self, error);
}

static void
fail (AlcoveRtcmeshSignaller *self,
      const GError *error)
{
  g_autoptr (AlcoveRtcmeshSignaller) keep = g_object_ref (self);

  self->over = TRUE;
  clear_timers (self);
  alcove_transport_close (self->transport);
  alcove_signaller_emit_failed (ALCOVE_SIGNALLER (self), error);
}

/* Whether a failure is the end: only while nobody asked to try for ever and
 * nothing ever worked. */
static gboolean
gives_up (AlcoveRtcmeshSignaller *self)
{
  return !self->joined_once && !alcove_signaller_get_persistent (ALCOVE_SIGNALLER (self));
}

static gboolean
on_join_wait (gpointer data)
{
  g_autoptr (AlcoveRtcmeshSignaller) self = g_object_ref (data);
  g_autoptr (GError) error = NULL;

  clear_timers (self);
  error = g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_WRONG_PROTOCOL,
                               _ ("The server answers, but it is no server of an rtc mesh."));
  if (gives_up (self))
    fail (self, error);
  else
    alcove_transport_restart (self->transport, error);
  return G_SOURCE_REMOVE;
}

static void
handle_init (AlcoveRtcmeshSignaller *self,
             const AlcoveRtcmeshMessage *message)
{
  AlcoveSignaller *signaller = ALCOVE_SIGNALLER (self);
  g_autoptr (GHashTable) here = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) order = g_ptr_array_new ();
  g_autoptr (GPtrArray) gone = NULL;
  gboolean again = self->joined_once;

  if (self->joined)
    {
      alcove_rtcmesh_signaller_report (self, ALCOVE_ERROR_UNEXPECTED,
                                       _ ("The server listed the members a second time."));
      return;
    }

  alcove_rtcmesh_signaller_clear_timer (&self->join_timer);
  self->joined = TRUE;
  self->joined_once = TRUE;

  /* The PHP and the Nim server list our own id too, if another socket has it. */
  for (gsize i = 0; message->ids[i] != NULL; i++)
    if (strcmp (message->ids[i], self->uid) != 0 && g_hash_table_add (here, message->ids[i]))
      g_ptr_array_add (order, message->ids[i]);
  gone = alcove_rtcmesh_signaller_take_strangers (self, here);

  /* The mesh has no rooms, but Alcove's server has, of other protocols. */
  if (g_strcmp0 (alcove_transport_get_server (self->transport), ALCOVE_TRANSPORT_OWN_SERVER) == 0
      && self->room != NULL && strlen (self->room) <= ALCOVE_RTCMESH_MAX_ROOM)
    {
      g_autoptr (AlcoveRtcmeshMessage) reply = alcove_rtcmesh_message_new (ALCOVE_RTCMESH_ROOM);

      reply->room = g_strdup (self->room);
      send_message (self, reply);
    }

  alcove_signaller_emit_joined (signaller, self->uid);
  for (guint i = 0; i < gone->len && !self->leaving; i++)
    alcove_signaller_emit_peer_left (signaller, gone->pdata[i]);

  for (guint i = 0; i < order->len && !self->leaving; i++)
    {
      AlcoveRtcmeshPeer *peer = alcove_rtcmesh_signaller_find_peer (self, order->pdata[i]);

      if (peer == NULL)
        peer = alcove_rtcmesh_signaller_add_peer (self, order->pdata[i]);
      if (peer == NULL)
        break;

      if (!peer->met)
        peer->call_at = alcove_rtcmesh_after (self->offer_ms);
      alcove_signaller_emit_peer_present (signaller, order->pdata[i], NULL, FALSE);
    }

  alcove_rtcmesh_signaller_schedule (self);
  if (again && !self->leaving)
    alcove_signaller_emit_reconnected (signaller);
}

static void
handle_online (AlcoveRtcmeshSignaller *self,
               const char *id)
{
  AlcoveRtcmeshPeer *peer;

  if (!self->joined)
    {
      alcove_rtcmesh_signaller_report (self, ALCOVE_ERROR_UNEXPECTED,
                                       _ ("The server announced a member at the wrong moment."));
      return;
    }

  /* Another socket with our own id has come: nobody new. */
  if (strcmp (id, self->uid) == 0)
    return;

  peer = alcove_rtcmesh_signaller_find_peer (self, id);
  if (peer == NULL)
    peer = alcove_rtcmesh_signaller_add_peer (self, id);
  if (peer == NULL)
    return;

  /* Whatever was under way, the other side may have forgotten it. */
  alcove_rtcmesh_signaller_drop_held (self, peer);
  peer->call_at = 0;
  peer->offered_at = 0;
  peer->answering_until = 0;
  alcove_rtcmesh_signaller_schedule (self);
  alcove_signaller_emit_peer_joined (ALCOVE_SIGNALLER (self), id, NULL, TRUE);
}

static void
handle_offline (AlcoveRtcmeshSignaller *self,
                const char *id)
{
  AlcoveRtcmeshPeer *peer = alcove_rtcmesh_signaller_find_peer (self, id);
  g_autofree char *copy = g_strdup (id);
  gboolean met;

  /* The original servers never say this; ours may, about an id that we never took in. */
  if (peer == NULL)
    return;

  met = peer->met;
  alcove_rtcmesh_signaller_drop_held (self, peer);
  g_hash_table_remove (self->peers, id);
  if (met)
    alcove_signaller_emit_peer_away (ALCOVE_SIGNALLER (self), copy);
  else
    alcove_signaller_emit_peer_left (ALCOVE_SIGNALLER (self), copy);
  alcove_rtcmesh_signaller_release_held (self);
  alcove_rtcmesh_signaller_schedule (self);
}

static gboolean
is_in_flight (AlcoveRtcmeshSignaller *self,
              const AlcoveRtcmeshPeer *peer)
{
  return peer->offered_at > 0
         && g_get_monotonic_time () - peer->offered_at
                < (gint64) self->flight_ms * G_TIME_SPAN_MILLISECOND;
}

static void
handle_offer (AlcoveRtcmeshSignaller *self,
              AlcoveRtcmeshPeer *peer,
              const char *sdp)
{
  g_autofree char *id = g_strdup (peer->id);

  if (is_in_flight (self, peer))
    {
      if (strcmp (self->uid, peer->id) < 0)
        {
          alcove_rtcmesh_signaller_report (self, ALCOVE_ERROR_UNEXPECTED,
                                           _ ("Two offers crossed each other; ours was kept."));
          return;
        }

      alcove_signaller_emit_peer_joined (ALCOVE_SIGNALLER (self), id, NULL, FALSE);
      peer = alcove_rtcmesh_signaller_find_peer (self, id);
      if (self->leaving || peer == NULL)
        return;
    }

  peer->offered_at = 0;
  peer->call_at = 0;
  if (peer->answering_until == 0
      && alcove_rtcmesh_signaller_count_answering (self) >= ALCOVE_RTCMESH_MAX_ANSWERING)
    {
      if (!alcove_rtcmesh_signaller_hold_offer (self, peer, sdp))
        alcove_rtcmesh_signaller_report (self, ALCOVE_ERROR_TOO_MANY,
                                         _ ("Too much was offered at once; a call was dropped."));
    }
  else
    {
      alcove_rtcmesh_signaller_drop_held (self, peer);
      alcove_rtcmesh_signaller_hand_over_offer (self, peer, sdp);
    }
  alcove_rtcmesh_signaller_schedule (self);
}

static void
handle_answer (AlcoveRtcmeshSignaller *self,
               AlcoveRtcmeshPeer *peer,
               const char *sdp)
{
  g_autofree char *id = g_strdup (peer->id);

  if (peer->offered_at == 0)
    {
      alcove_rtcmesh_signaller_report (self, ALCOVE_ERROR_UNEXPECTED,
                                       _ ("An answer came to an offer that was never made."));
      return;
    }

  peer->offered_at = 0;
  peer->met = TRUE;
  alcove_signaller_emit_description (ALCOVE_SIGNALLER (self), id, ALCOVE_DESCRIPTION_ANSWER, sdp);
}

static void
handle_relayed (AlcoveRtcmeshSignaller *self,
                const AlcoveRtcmeshMessage *message)
{
  g_autoptr (GError) error = NULL;
  AlcoveDescriptionType type;
  const char *sdp;
  AlcoveRtcmeshPeer *peer;

  /* Our other self, and whoever writes in our name. */
  if (strcmp (message->from, self->uid) == 0)
    return;

  peer = alcove_rtcmesh_signaller_find_peer (self, message->from);
  if (!self->joined || peer == NULL)
    {
      alcove_rtcmesh_signaller_report (self, ALCOVE_ERROR_UNKNOWN_PEER,
                                       _ ("A message came from somebody who was never announced."));
      return;
    }

  if (message->kind == ALCOVE_RTCMESH_CANDIDATE)
    {
      /* the end of candidates, which this protocol does not send */
      if (*message->candidate != '\0')
        alcove_signaller_emit_candidate (ALCOVE_SIGNALLER (self), message->from, message->sdp_mid,
                                         message->sdp_mline_index, message->candidate);
      return;
    }

  if (!alcove_rtcmesh_message_get_description (message, &type, &sdp, &error))
    report_problem (self, error);
  else if (type == ALCOVE_DESCRIPTION_OFFER)
    handle_offer (self, peer, sdp);
  else
    handle_answer (self, peer, sdp);
}

static void
on_message (AlcoveRtcmeshSignaller *self,
            const char *text)
{
  g_autoptr (AlcoveRtcmeshSignaller) keep = g_object_ref (self);
  g_autoptr (AlcoveRtcmeshMessage) message = NULL;
  g_autoptr (GError) error = NULL;

  if (self->leaving || self->over)
    return;

  message = alcove_rtcmesh_message_decode (text, -1, &error);
  if (message == NULL)
    {
      report_problem (self, error);
      return;
    }

  switch (message->kind)
    {
    case ALCOVE_RTCMESH_INIT:
      handle_init (self, message);
      break;
    case ALCOVE_RTCMESH_ONLINE:
      handle_online (self, message->id);
      break;
    case ALCOVE_RTCMESH_OFFLINE:
      handle_offline (self, message->id);
      break;
    case ALCOVE_RTCMESH_OFFER:
    case ALCOVE_RTCMESH_ANSWER:
    case ALCOVE_RTCMESH_CANDIDATE:
      handle_relayed (self, message);
      break;
    case ALCOVE_RTCMESH_ROOM:
    case ALCOVE_RTCMESH_UNKNOWN:
    default:
      g_debug ("A message of an unknown kind was dropped");
      break;
    }
}

static void
on_connecting (AlcoveRtcmeshSignaller *self)
{
  g_autofree char *path = alcove_rtcmesh_build_path (g_uri_get_path (self->server), self->uid);
  g_autoptr (GUri) uri = NULL;
  g_autofree char *text = NULL;

  /* without the query: the original server looks at the end of the whole address */
  uri = g_uri_build (g_uri_get_flags (self->server), g_uri_get_scheme (self->server), NULL,
                     g_uri_get_host (self->server), g_uri_get_port (self->server), path, NULL, NULL);
  text = g_uri_to_string (uri);
  alcove_transport_set_uri (self->transport, text);
}

static void
on_opened (AlcoveRtcmeshSignaller *self)
{
  self->joined = FALSE;
  alcove_rtcmesh_signaller_set_timer (self, &self->join_timer, alcove_rtcmesh_after (self->join_ms),
                                      on_join_wait);
}

static void
on_dropped (AlcoveRtcmeshSignaller *self,
            const GError *error)
{
  GHashTableIter iter;
  gpointer value;

  clear_timers (self);
  self->joined = FALSE;

  /* Nothing that is in flight will arrive. */
  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      AlcoveRtcmeshPeer *peer = value;

      alcove_rtcmesh_signaller_drop_held (self, peer);
      peer->call_at = 0;
      peer->offered_at = 0;
      peer->answering_until = 0;
    }

  if (self->leaving || self->over)
    return;

  if (gives_up (self))
    fail (self, error);
  else
    alcove_signaller_emit_disconnected (ALCOVE_SIGNALLER (self), error);
}

static void
on_failed (AlcoveRtcmeshSignaller *self,
           const GError *error)
{
  if (!self->leaving && !self->over)
    fail (self, error);
}

static void
on_closed (AlcoveRtcmeshSignaller *self)
{
  if (self->leaving)
    alcove_signaller_emit_left (ALCOVE_SIGNALLER (self));
}

static void
alcove_rtcmesh_signaller_connect (AlcoveSignaller *signaller,
                                  const char *room,
                                  const char *name,
                                  AlcoveRole role)
{
  AlcoveRtcmeshSignaller *self = ALCOVE_RTCMESH_SIGNALLER (signaller);

  g_free (self->room);
  self->room = room != NULL && *room != '\0' ? g_strdup (room) : NULL;
  alcove_transport_set_persistent (self->transport, alcove_signaller_get_persistent (signaller));
  alcove_transport_open (self->transport);
}

/* A message to somebody who has just gone is no mistake of the caller's. */
static AlcoveRtcmeshPeer *
reach (AlcoveRtcmeshSignaller *self,
       const char *id)
{
  AlcoveRtcmeshPeer *peer = alcove_rtcmesh_signaller_find_peer (self, id);

  if (self->joined && !self->leaving && peer != NULL)
    return peer;

  g_debug ("A message to %s was dropped: it is not online", id);
  return NULL;
}

static void
address_message (AlcoveRtcmeshSignaller *self,
                 AlcoveRtcmeshMessage *message,
                 const AlcoveRtcmeshPeer *peer)
{
  message->from = g_strdup (self->uid);
  message->to = g_strdup (peer->id);
}

static void
alcove_rtcmesh_signaller_send_description (AlcoveSignaller *signaller,
                                           const char *id,
                                           AlcoveDescriptionType type,
                                           const char *sdp)
{
  AlcoveRtcmeshSignaller *self = ALCOVE_RTCMESH_SIGNALLER (signaller);
  AlcoveRtcmeshPeer *peer = reach (self, id);
  g_autoptr (AlcoveRtcmeshMessage) message = NULL;

  if (peer == NULL)
    return;

  message = alcove_rtcmesh_message_new (type == ALCOVE_DESCRIPTION_OFFER ? ALCOVE_RTCMESH_OFFER
                                                                         : ALCOVE_RTCMESH_ANSWER);
  address_message (self, message, peer);
  alcove_rtcmesh_message_set_description (message, type, sdp);
  send_message (self, message);

  peer->call_at = 0;
  if (type == ALCOVE_DESCRIPTION_OFFER)
    peer->offered_at = g_get_monotonic_time ();
  else
    {
      peer->answering_until = 0;
      peer->met = TRUE;
      alcove_rtcmesh_signaller_release_held (self);
    }
  alcove_rtcmesh_signaller_schedule (self);
}

static void
alcove_rtcmesh_signaller_send_candidate (AlcoveSignaller *signaller,
                                         const char *id,
                                         const char *mid,
                                         int mline_index,
                                         const char *candidate)
{
  AlcoveRtcmeshSignaller *self = ALCOVE_RTCMESH_SIGNALLER (signaller);
  AlcoveRtcmeshPeer *peer = reach (self, id);
  g_autoptr (AlcoveRtcmeshMessage) message = NULL;

  if (peer == NULL || candidate == NULL || *candidate == '\0')
    return;

  message = alcove_rtcmesh_message_new (ALCOVE_RTCMESH_CANDIDATE);
  address_message (self, message, peer);
  alcove_rtcmesh_message_set_candidate (message, mid, mline_index, candidate);
  send_message (self, message);
}

static void
alcove_rtcmesh_signaller_leave (AlcoveSignaller *signaller)
{
  AlcoveRtcmeshSignaller *self = ALCOVE_RTCMESH_SIGNALLER (signaller);

  if (self->leaving)
    return;

  self->leaving = TRUE;
  clear_timers (self);

  /* There is no message: the others see the data channels close. */
  if (alcove_transport_get_state (self->transport) == ALCOVE_TRANSPORT_CLOSED)
    alcove_signaller_emit_left (signaller);
  else
    alcove_transport_close (self->transport);
}

static char *
alcove_rtcmesh_signaller_encode_chat (AlcoveSignaller *signaller,
                                      const char *text)
{
  return g_strdup (text);
}

static char *
alcove_rtcmesh_signaller_decode_chat (AlcoveSignaller *signaller,
                                      const char *message)
{
  if (strnlen (message, ALCOVE_RTCMESH_MAX_CHAT + 1) > ALCOVE_RTCMESH_MAX_CHAT
      || alcove_rtcmesh_classify_text (message) != ALCOVE_RTCMESH_CHANNEL_CHAT)
    return NULL;

  return g_utf8_make_valid (message, -1);
}

static char *
alcove_rtcmesh_signaller_answer_message (AlcoveSignaller *signaller,
                                         const char *message)
{
  if (strnlen (message, ALCOVE_RTCMESH_MAX_CHAT + 1) > ALCOVE_RTCMESH_MAX_CHAT
      || alcove_rtcmesh_classify_text (message) != ALCOVE_RTCMESH_CHANNEL_PING)
    return NULL;

  return g_strdup (ALCOVE_RTCMESH_PONG);
}

static char *
alcove_rtcmesh_signaller_encode_probe (AlcoveSignaller *signaller)
{
  return g_strdup (ALCOVE_RTCMESH_PING);
}

static void
alcove_rtcmesh_signaller_note_peer (AlcoveSignaller *signaller,
                                    const char *id,
                                    AlcoveSignallerNote note)
{
  AlcoveRtcmeshSignaller *self = ALCOVE_RTCMESH_SIGNALLER (signaller);
  AlcoveRtcmeshPeer *peer = alcove_rtcmesh_signaller_find_peer (self, id);

  /* Also over a link from before they were away. */
  if (peer != NULL && note == ALCOVE_SIGNALLER_NOTE_CONNECTED)
    peer->met = TRUE;

  /* It stays known: it may be online all the same, and offer again. */
  if (peer == NULL || note != ALCOVE_SIGNALLER_NOTE_GONE)
    return;

  alcove_rtcmesh_signaller_drop_held (self, peer);
  peer->met = FALSE;
  peer->call_at = 0;
  peer->offered_at = 0;
  peer->answering_until = 0;
  alcove_rtcmesh_signaller_schedule (self);
}

static AlcoveTransport *
alcove_rtcmesh_signaller_get_transport (AlcoveSignaller *signaller)
{
  return ALCOVE_RTCMESH_SIGNALLER (signaller)->transport;
}

static gboolean
alcove_rtcmesh_signaller_set_id (AlcoveSignaller *signaller,
                                 const char *id)
{
  return alcove_rtcmesh_signaller_set_uid (ALCOVE_RTCMESH_SIGNALLER (signaller), id);
}

static void
alcove_rtcmesh_signaller_dispose (GObject *object)
{
  AlcoveRtcmeshSignaller *self = ALCOVE_RTCMESH_SIGNALLER (object);

  clear_timers (self);
  if (self->transport != NULL)
    g_signal_handlers_disconnect_by_data (self->transport, self);
  g_clear_object (&self->transport);

  G_OBJECT_CLASS (alcove_rtcmesh_signaller_parent_class)->dispose (object);
}

static void
alcove_rtcmesh_signaller_finalize (GObject *object)
{
  AlcoveRtcmeshSignaller *self = ALCOVE_RTCMESH_SIGNALLER (object);

  g_free (self->uid);
  g_free (self->room);
  g_clear_pointer (&self->server, g_uri_unref);
  g_clear_pointer (&self->peers, g_hash_table_unref);
  g_queue_clear_full (&self->held, g_free);

  G_OBJECT_CLASS (alcove_rtcmesh_signaller_parent_class)->finalize (object);
}

static void
alcove_rtcmesh_signaller_class_init (AlcoveRtcmeshSignallerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  AlcoveSignallerClass *signaller_class = ALCOVE_SIGNALLER_CLASS (klass);

  object_class->dispose = alcove_rtcmesh_signaller_dispose;
  object_class->finalize = alcove_rtcmesh_signaller_finalize;

  signaller_class->connect = alcove_rtcmesh_signaller_connect;
  signaller_class->send_description = alcove_rtcmesh_signaller_send_description;
  signaller_class->send_candidate = alcove_rtcmesh_signaller_send_candidate;
  signaller_class->leave = alcove_rtcmesh_signaller_leave;
  signaller_class->encode_chat = alcove_rtcmesh_signaller_encode_chat;
  signaller_class->decode_chat = alcove_rtcmesh_signaller_decode_chat;
  signaller_class->answer_message = alcove_rtcmesh_signaller_answer_message;
  signaller_class->encode_probe = alcove_rtcmesh_signaller_encode_probe;
  signaller_class->note_peer = alcove_rtcmesh_signaller_note_peer;
  signaller_class->get_transport = alcove_rtcmesh_signaller_get_transport;
  signaller_class->set_id = alcove_rtcmesh_signaller_set_id;
  signaller_class->features = ALCOVE_SIGNALLER_ROSTER | ALCOVE_SIGNALLER_CHANNEL;
  signaller_class->channel_label = CHANNEL_LABEL;
}

static void
alcove_rtcmesh_signaller_init (AlcoveRtcmeshSignaller *self)
{
  self->join_ms = ALCOVE_RTCMESH_JOIN_WAIT_MS;
  self->offer_ms = ALCOVE_RTCMESH_OFFER_WAIT_MS;
  self->flight_ms = ALCOVE_RTCMESH_FLIGHT_MS;
  self->uid = g_uuid_string_random ();
  self->peers = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, alcove_rtcmesh_peer_free);
  g_queue_init (&self->held);
}

/**
 * alcove_rtcmesh_signaller_new:
 * @server: the server's address, from alcove_address_parse()
 *
 * Returns: (transfer full): a signaller with a WebSocket and an id of its own
 */
AlcoveSignaller *
alcove_rtcmesh_signaller_new (GUri *server)
{
  g_autoptr (AlcoveTransport) transport = alcove_websocket_transport_new (NULL);

  return alcove_rtcmesh_signaller_new_with_transport (server, transport);
}

/**
 * alcove_rtcmesh_signaller_new_with_transport:
 * @server: the server's address; its path is what stands in front of the id
 * @transport: a transport that is not open yet
 *
 * Returns: (transfer full): a signaller over @transport
 */
AlcoveSignaller *
alcove_rtcmesh_signaller_new_with_transport (GUri *server,
                                             AlcoveTransport *transport)
{
  AlcoveRtcmeshSignaller *self = g_object_new (ALCOVE_TYPE_RTCMESH_SIGNALLER, NULL);

  self->server = g_uri_ref (server);
  self->transport = g_object_ref (transport);
  g_signal_connect_swapped (transport, "connecting", G_CALLBACK (on_connecting), self);
  g_signal_connect_swapped (transport, "opened", G_CALLBACK (on_opened), self);
  g_signal_connect_swapped (transport, "message", G_CALLBACK (on_message), self);
  g_signal_connect_swapped (transport, "dropped", G_CALLBACK (on_dropped), self);
  g_signal_connect_swapped (transport, "failed", G_CALLBACK (on_failed), self);
  g_signal_connect_swapped (transport, "closed", G_CALLBACK (on_closed), self);
  return ALCOVE_SIGNALLER (self);
}

/**
 * alcove_rtcmesh_signaller_set_waits:
 * @self: a signaller that is not connected yet
 * @join_ms: how long to wait for `init`
 * @offer_ms: how long those in `init` have to offer
 * @flight_ms: how long an offer without an answer counts as under way
 */
void
alcove_rtcmesh_signaller_set_waits (AlcoveRtcmeshSignaller *self,
                                    guint join_ms,
                                    guint offer_ms,
                                    guint flight_ms)
{
  self->join_ms = join_ms;
  self->offer_ms = offer_ms;
  self->flight_ms = flight_ms;
}

/**
 * alcove_rtcmesh_signaller_set_uid:
 * @self: a signaller that is not connected yet
 * @uid: 36 letters, digits, `_` or `-`
 *
 * Gives an id of a person's choice in place of the random one. A restart with the
 * same id is not called by libraries of 2020 until they notice the loss of the old
 * connection, which is why a fresh one is the default.
 *
 * Returns: whether @uid can be one
 */
gboolean
alcove_rtcmesh_signaller_set_uid (AlcoveRtcmeshSignaller *self,
                                  const char *uid)
{
  g_autofree char *path = g_strconcat ("/uid/", uid, NULL);
  const char *found = alcove_rtcmesh_find_uid (path);

  if (found == NULL || strcmp (found, uid) != 0)
    return FALSE;

  g_free (self->uid);
  self->uid = g_strdup (uid);
  return TRUE;
}
