/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-skyrtc-signaller"

#include "config.h"

#include "alcove-skyrtc-signaller.h"

#include <string.h>

#include <glib/gi18n.h>

#include "alcove-error.h"
#include "alcove-json.h"
#include "alcove-skyrtc-codec.h"
#include "alcove-skyrtc-file.h"
#include "alcove-websocket-transport.h"

#define WS_SEGMENT "/ws"
#define CHANNEL_LABEL "undefined"
#define CHAT_TYPE "__msg"
#define FILE_TYPE "__file"

/**
 * AlcoveSkyrtcSignaller:
 *
 * Membership in a room of a SkyRTC server, of either variant. Which one it is
 * shows in whether it answers `__join__` or `__join`: each ignores the other.
 *
 * The newcomer offers to everybody in `_peers`; whoever gets `_new_peer` waits.
 *
 * Each attempt uses a fresh id, as the Python server cuts off two sockets of one id.
 * So after a reconnection we are somebody new to the others, and pages have dropped the pair
 * at `_remove_peer`: the ids that are still there are announced again, with
 * `we_offer` set, before `reconnected`, and the room negotiates with them anew, except
 * with other Alcoves, who hear of the new id over the connection that runs.
 *
 * Messages reach ids in other rooms, and nothing tells that they came from there:
 * whatever is from an id that neither `_peers` nor `_new_peer` announced is a `problem`.
 */
struct _AlcoveSkyrtcSignaller {
  AlcoveSignaller parent_instance;

  guint variant_ms;
  guint join_ms;
  gboolean joined;
  gboolean joined_once;
  gboolean asked_both;
  gboolean leaving;
  gboolean over;
  AlcoveSkyrtcForm form;

  char *room;
  char *own_id;
  char *self_id;
  GUri *server;
  AlcoveTransport *transport;
  GHashTable *peers;
  GSource *variant_timer;
  GSource *join_timer;
};

G_DEFINE_FINAL_TYPE (AlcoveSkyrtcSignaller, alcove_skyrtc_signaller, ALCOVE_TYPE_SIGNALLER)

static void
clear_source (GSource **source)
{
  if (*source == NULL)
    return;

  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
set_source (AlcoveSkyrtcSignaller *self,
            GSource **source,
            guint milliseconds,
            GSourceFunc callback)
{
  clear_source (source);
  *source = g_timeout_source_new (milliseconds);
  g_source_set_callback (*source, callback, self, NULL);
  g_source_attach (*source, g_main_context_get_thread_default ());
}

static void
clear_timers (AlcoveSkyrtcSignaller *self)
{
  clear_source (&self->variant_timer);
  clear_source (&self->join_timer);
}

/* "/ws/<id>" behind whatever a proxy has in front of it. The node server takes any
 * path, so that one address does for both variants. */
static char *
attempt_uri (GUri *server,
             const char *id)
{
  const char *typed = g_uri_get_path (server);
  g_autofree char *prefix = g_strdup (typed);
  g_autofree char *path = NULL;
  g_autoptr (GUri) uri = NULL;
  gsize length = strlen (prefix);
  char *last;

  while (length > 0 && prefix[length - 1] == '/')
    prefix[--length] = '\0';

  /* an id of somebody's own, as copied from a log or a page's source */
  last = strrchr (prefix, '/');
  if (last != NULL && (gsize) (last - prefix) >= strlen (WS_SEGMENT)
      && strncmp (last - strlen (WS_SEGMENT), WS_SEGMENT, strlen (WS_SEGMENT)) == 0)
    *last = '\0';
  if (g_str_has_suffix (prefix, WS_SEGMENT))
    prefix[strlen (prefix) - strlen (WS_SEGMENT)] = '\0';

  path = g_strconcat (prefix, WS_SEGMENT "/", id, NULL);
  uri = g_uri_build (g_uri_get_flags (server), g_uri_get_scheme (server), NULL,
                     g_uri_get_host (server), g_uri_get_port (server), path,
                     g_uri_get_query (server), NULL);
  return g_uri_to_string (uri);
}

static void
send_message (AlcoveSkyrtcSignaller *self,
              const AlcoveSkyrtcMessage *message)
{
  g_autofree char *text = alcove_skyrtc_message_encode (message);

  alcove_transport_send (self->transport, text);
}

static void
send_join (AlcoveSkyrtcSignaller *self,
           AlcoveSkyrtcForm form)
{
  g_autoptr (AlcoveSkyrtcMessage) message = alcove_skyrtc_message_new (ALCOVE_SKYRTC_JOIN, form);

  message->room = g_strdup (self->room);
  send_message (self, message);
}

static AlcoveSkyrtcForm
other_form (AlcoveSkyrtcForm form)
{
  return form == ALCOVE_SKYRTC_FROM_CLIENT_PYTHON ? ALCOVE_SKYRTC_FROM_CLIENT_NODE
                                                  : ALCOVE_SKYRTC_FROM_CLIENT_PYTHON;
}

static void
report_problem (AlcoveSkyrtcSignaller *self,
                const GError *error)
{
  g_debug ("A message was dropped: %s", error->message);
  alcove_signaller_emit_problem (ALCOVE_SIGNALLER (self), error);
}

static void
report_unexpected (AlcoveSkyrtcSignaller *self,
                   AlcoveError code,
                   const char *sentence)
{
  g_autoptr (GError) error = g_error_new_literal (ALCOVE_ERROR, code, sentence);

  report_problem (self, error);
}

static void
fail (AlcoveSkyrtcSignaller *self,
      const GError *error)
{
  g_autoptr (AlcoveSkyrtcSignaller) keep = g_object_ref (self);

  self->over = TRUE;
  clear_timers (self);
  alcove_transport_close (self->transport);
  alcove_signaller_emit_failed (ALCOVE_SIGNALLER (self), error);
}

/* Whether a failure is the end: only while nobody asked to try for ever and
 * nothing ever worked. */
static gboolean
gives_up (AlcoveSkyrtcSignaller *self)
{
  return !self->joined_once && !alcove_signaller_get_persistent (ALCOVE_SIGNALLER (self));
}

static gboolean
on_variant_wait (gpointer data)
{
  AlcoveSkyrtcSignaller *self = data;

  clear_source (&self->variant_timer);
  self->asked_both = TRUE;
  send_join (self, other_form (self->form));
  return G_SOURCE_REMOVE;
}

static gboolean
on_join_wait (gpointer data)
{
  g_autoptr (AlcoveSkyrtcSignaller) self = g_object_ref (data);
  g_autoptr (GError) error = NULL;

  clear_timers (self);
  error = g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_WRONG_PROTOCOL,
                               _ ("The server answers, but it does not speak SkyRTC."));
  if (gives_up (self))
    fail (self, error);
  else
    alcove_transport_restart (self->transport, error);
  return G_SOURCE_REMOVE;
}

/* Takes the newcomer's list for the truth about who is here, and returns it
 * without doubles and without ourselves. */
static GPtrArray *
replace_peers (AlcoveSkyrtcSignaller *self,
               GStrv connections,
               GPtrArray *gone)
{
  GPtrArray *here = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) known = g_steal_pointer (&self->peers);
  GHashTableIter iter;
  const char *id;

  self->peers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (gsize i = 0; connections[i] != NULL; i++)
    {
      id = connections[i];
      if (strcmp (id, self->self_id) != 0 && strcmp (id, self->own_id) != 0
          && g_hash_table_add (self->peers, g_strdup (id)))
        g_ptr_array_add (here, g_strdup (id));
    }

  g_hash_table_iter_init (&iter, known);
  while (g_hash_table_iter_next (&iter, (gpointer *) &id, NULL))
    if (!g_hash_table_contains (self->peers, id))
      g_ptr_array_add (gone, g_strdup (id));

  return here;
}

/* Alcove's server lists those who came later and wait for our offer, since their own
 * protocol does not let them make one. Nobody is gone by not being on it. */
static void
handle_more_peers (AlcoveSkyrtcSignaller *self,
                   const AlcoveSkyrtcMessage *message)
{
  gboolean news = FALSE;

  for (gsize i = 0; message->connections[i] != NULL && !self->leaving; i++)
    {
      const char *id = message->connections[i];

      if (strcmp (id, self->self_id) == 0 || strcmp (id, self->own_id) == 0
          || g_hash_table_contains (self->peers, id)
          || g_hash_table_size (self->peers) >= ALCOVE_SKYRTC_MAX_PEERS)
        continue;
      news = TRUE;
      g_hash_table_add (self->peers, g_strdup (id));
      alcove_signaller_emit_peer_joined (ALCOVE_SIGNALLER (self), id, NULL, TRUE);
    }

  if (!news)
    report_unexpected (self, ALCOVE_ERROR_UNEXPECTED,
                       _ ("The server listed the members a second time."));
}

static void
handle_peers (AlcoveSkyrtcSignaller *self,
              const AlcoveSkyrtcMessage *message)
{
  AlcoveSignaller *signaller = ALCOVE_SIGNALLER (self);
  gboolean again = self->joined_once;
  g_autoptr (GPtrArray) gone = NULL;
  g_autoptr (GPtrArray) here = NULL;

  if (self->joined)
    {
      handle_more_peers (self, message);
      return;
    }

  clear_timers (self);
  self->joined = TRUE;
  self->joined_once = TRUE;
  g_free (self->self_id);
  self->self_id = g_strdup (message->you != NULL ? message->you : self->own_id);

  /* Having asked in both spellings, only the id tells which one was answered: the
   * Python server takes ours, the node server makes one. */
  if (self->asked_both)
    self->form = strcmp (self->self_id, self->own_id) == 0 ? ALCOVE_SKYRTC_FROM_CLIENT_PYTHON
                                                           : ALCOVE_SKYRTC_FROM_CLIENT_NODE;

  gone = g_ptr_array_new_with_free_func (g_free);
  here = replace_peers (self, message->connections, gone);

  /* A handler may leave in between. */
  alcove_signaller_emit_joined (signaller, self->self_id);
  for (guint i = 0; i < gone->len && !self->leaving; i++)
    alcove_signaller_emit_peer_left (signaller, g_ptr_array_index (gone, i));
  for (guint i = 0; i < here->len && !self->leaving; i++)
    alcove_signaller_emit_peer_joined (signaller, g_ptr_array_index (here, i), NULL, TRUE);
  if (again && !self->leaving)
    alcove_signaller_emit_reconnected (signaller);
}

static void
handle_new_peer (AlcoveSkyrtcSignaller *self,
                 const char *id)
{
  if (!self->joined || strcmp (id, self->self_id) == 0)
    {
      report_unexpected (self, ALCOVE_ERROR_UNEXPECTED,
                         _ ("The server announced a member at the wrong moment."));
      return;
    }

  /* The node server announces whoever joined twice two times. */
  if (g_hash_table_contains (self->peers, id))
    return;

  if (g_hash_table_size (self->peers) >= ALCOVE_SKYRTC_MAX_PEERS)
    {
      report_unexpected (self, ALCOVE_ERROR_TOO_MANY,
                         _ ("The room has more members than Alcove can take."));
      return;
    }

  g_hash_table_add (self->peers, g_strdup (id));
  alcove_signaller_emit_peer_joined (ALCOVE_SIGNALLER (self), id, NULL, FALSE);
}

static void
handle_relayed (AlcoveSkyrtcSignaller *self,
                const AlcoveSkyrtcMessage *message)
{
  AlcoveSignaller *signaller = ALCOVE_SIGNALLER (self);
  const char *id = message->socket_id;
  AlcoveDescriptionType type;
  const char *sdp;
  const char *mid;
  g_autoptr (GError) error = NULL;

  if (!g_hash_table_contains (self->peers, id))
    {
      report_unexpected (self, ALCOVE_ERROR_UNKNOWN_PEER,
                         _ ("A message came from somebody who is not in the room."));
      return;
    }

  if (message->kind != ALCOVE_SKYRTC_CANDIDATE)
    {
      if (alcove_skyrtc_message_get_description (message, &type, &sdp, &error))
        alcove_signaller_emit_description (signaller, id, type, sdp);
      else
        report_problem (self, error);
      return;
    }

  /* Some clients say "no more candidates" like this; the protocol itself has no word for it. */
  if (*message->candidate == '\0')
    return;

  mid = message->sdp_mid != NULL && *message->sdp_mid != '\0' ? message->sdp_mid : NULL;
  alcove_signaller_emit_candidate (signaller, id, mid, message->label, message->candidate);
}

static void
on_message (AlcoveSkyrtcSignaller *self,
            const char *text)
{
  g_autoptr (AlcoveSkyrtcSignaller) keep = g_object_ref (self);
  g_autoptr (AlcoveSkyrtcMessage) message = NULL;
  g_autoptr (GError) error = NULL;

  if (self->leaving || self->over)
    return;

  message = alcove_skyrtc_message_decode (text, -1, FALSE, &error);
  if (message == NULL)
    {
      report_problem (self, error);
      return;
    }

  switch (message->kind)
    {
    case ALCOVE_SKYRTC_PEERS:
      handle_peers (self, message);
      break;
    case ALCOVE_SKYRTC_NEW_PEER:
      handle_new_peer (self, message->socket_id);
      break;
    case ALCOVE_SKYRTC_REMOVE_PEER:
      /* The node server may say it twice, so an unknown id is nothing to report. */
      if (g_hash_table_remove (self->peers, message->socket_id))
        alcove_signaller_emit_peer_left (ALCOVE_SIGNALLER (self), message->socket_id);
      break;
    case ALCOVE_SKYRTC_OFFER:
    case ALCOVE_SKYRTC_ANSWER:
    case ALCOVE_SKYRTC_CANDIDATE:
      handle_relayed (self, message);
      break;
    case ALCOVE_SKYRTC_UNKNOWN:
    case ALCOVE_SKYRTC_JOIN:
    case ALCOVE_SKYRTC_BROADCAST:
      g_debug ("A message of an unused kind was dropped");
      break;
    }
}

static void
on_connecting (AlcoveSkyrtcSignaller *self)
{
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *uri = NULL;
  char *to = uuid;

  for (const char *from = uuid; *from != '\0'; from++)
    if (*from != '-')
      *to++ = *from;
  *to = '\0';

  g_free (self->own_id);
  self->own_id = g_steal_pointer (&uuid);
  uri = attempt_uri (self->server, self->own_id);
  alcove_transport_set_uri (self->transport, uri);
}

static void
on_opened (AlcoveSkyrtcSignaller *self)
{
  self->joined = FALSE;
  self->asked_both = FALSE;
  set_source (self, &self->variant_timer, self->variant_ms, on_variant_wait);
  set_source (self, &self->join_timer, self->join_ms, on_join_wait);
  send_join (self, self->form);
}

static void
on_dropped (AlcoveSkyrtcSignaller *self,
            const GError *error)
{
  clear_timers (self);
  self->joined = FALSE;
  if (self->leaving || self->over)
    return;

  if (gives_up (self))
    fail (self, error);
  else
    alcove_signaller_emit_disconnected (ALCOVE_SIGNALLER (self), error);
}

static void
on_failed (AlcoveSkyrtcSignaller *self,
           const GError *error)
{
  if (!self->leaving && !self->over)
    fail (self, error);
}

static void
on_closed (AlcoveSkyrtcSignaller *self)
{
  if (self->leaving)
    alcove_signaller_emit_left (ALCOVE_SIGNALLER (self));
}

static void
alcove_skyrtc_signaller_connect (AlcoveSignaller *signaller,
                                 const char *room,
                                 const char *name,
                                 AlcoveRole role)
{
  AlcoveSkyrtcSignaller *self = ALCOVE_SKYRTC_SIGNALLER (signaller);

  if (room != NULL && strlen (room) > ALCOVE_SKYRTC_MAX_ROOM)
    {
      g_autoptr (GError) error = NULL;

      error = g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_TOO_LARGE,
                                   _ ("The name of the room is too long."));
      fail (self, error);
      return;
    }

  g_free (self->room);
  self->room = room != NULL && *room != '\0' ? g_strdup (room) : NULL;
  alcove_transport_set_persistent (self->transport, alcove_signaller_get_persistent (signaller));
  alcove_transport_open (self->transport);
}

/* A message to somebody who has just gone is no mistake of the caller's. */
static gboolean
can_reach (AlcoveSkyrtcSignaller *self,
           const char *peer)
{
  if (self->joined && !self->leaving && g_hash_table_contains (self->peers, peer))
    return TRUE;

  g_debug ("A message to %s was dropped: it is not in the room", peer);
  return FALSE;
}

static void
alcove_skyrtc_signaller_send_description (AlcoveSignaller *signaller,
                                          const char *peer,
                                          AlcoveDescriptionType type,
                                          const char *sdp)
{
  AlcoveSkyrtcSignaller *self = ALCOVE_SKYRTC_SIGNALLER (signaller);
  g_autoptr (AlcoveSkyrtcMessage) message = NULL;

  if (!can_reach (self, peer))
    return;

  message = alcove_skyrtc_message_new (type == ALCOVE_DESCRIPTION_OFFER ? ALCOVE_SKYRTC_OFFER
                                                                        : ALCOVE_SKYRTC_ANSWER,
                                       self->form);
  message->socket_id = g_strdup (peer);
  alcove_skyrtc_message_set_description (message, type, sdp);
  send_message (self, message);
}

static void
alcove_skyrtc_signaller_send_candidate (AlcoveSignaller *signaller,
                                        const char *peer,
                                        const char *mid,
                                        int mline_index,
                                        const char *candidate)
{
  AlcoveSkyrtcSignaller *self = ALCOVE_SKYRTC_SIGNALLER (signaller);
  g_autoptr (AlcoveSkyrtcMessage) message = NULL;

  /* `label` is all that the original servers pass on, and the end of candidates
   * has no message. */
  if (mline_index < 0 || candidate == NULL || *candidate == '\0' || !can_reach (self, peer))
    return;

  message = alcove_skyrtc_message_new (ALCOVE_SKYRTC_CANDIDATE, self->form);
  message->socket_id = g_strdup (peer);
  message->label = mline_index;
  message->sdp_mid = g_strdup (mid);
  message->candidate = g_strdup (candidate);
  send_message (self, message);
}

static void
alcove_skyrtc_signaller_leave (AlcoveSignaller *signaller)
{
  AlcoveSkyrtcSignaller *self = ALCOVE_SKYRTC_SIGNALLER (signaller);

  if (self->leaving)
    return;

  self->leaving = TRUE;
  clear_timers (self);

  /* The others learn of it from the end of the socket; there is no message. */
  if (alcove_transport_get_state (self->transport) == ALCOVE_TRANSPORT_CLOSED)
    alcove_signaller_emit_left (signaller);
  else
    alcove_transport_close (self->transport);
}

static char *
alcove_skyrtc_signaller_encode_chat (AlcoveSignaller *signaller,
                                     const char *text)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_string_member (object, "type", CHAT_TYPE);
  json_object_set_string_member (object, "data", text);
  json_node_set_object (node, object);
  return alcove_json_to_text (node);
}

static char *
alcove_skyrtc_signaller_decode_chat (AlcoveSignaller *signaller,
                                     const char *message)
{
  g_autoptr (JsonNode) root = NULL;
  JsonObject *object;
  JsonNode *data;
  const char *type;

  if (strnlen (message, ALCOVE_SKYRTC_MAX_CHAT + 1) > ALCOVE_SKYRTC_MAX_CHAT)
    return NULL;

  root = alcove_json_parse (message, -1, ALCOVE_SKYRTC_MAX_CHAT, NULL);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return g_utf8_make_valid (message, -1);

  object = json_node_get_object (root);
  if (alcove_json_get_string (object, "type", ALCOVE_SKYRTC_MAX_CHAT, &type, NULL)
      && strcmp (type, FILE_TYPE) == 0)
    return NULL;

  data = json_object_get_member (object, "data");
  if (data == NULL || JSON_NODE_HOLDS_NULL (data))
    return NULL;
  if (JSON_NODE_HOLDS_VALUE (data) && json_node_get_value_type (data) == G_TYPE_STRING)
    return g_strdup (json_node_get_string (data));
  return alcove_json_to_text (data);
}

static AlcoveTransport *
alcove_skyrtc_signaller_get_transport (AlcoveSignaller *signaller)
{
  return ALCOVE_SKYRTC_SIGNALLER (signaller)->transport;
}

static char *
alcove_skyrtc_signaller_encode_file (AlcoveSignaller *signaller,
                                     const AlcoveFileMessage *message)
{
  return alcove_skyrtc_file_encode (message);
}

static AlcoveFileMessage *
alcove_skyrtc_signaller_decode_file (AlcoveSignaller *signaller,
                                     const char *text,
                                     GError **error)
{
  return alcove_skyrtc_file_decode (text, error);
}

static void
alcove_skyrtc_signaller_dispose (GObject *object)
{
  AlcoveSkyrtcSignaller *self = ALCOVE_SKYRTC_SIGNALLER (object);

  clear_timers (self);
  if (self->transport != NULL)
    g_signal_handlers_disconnect_by_data (self->transport, self);
  g_clear_object (&self->transport);

  G_OBJECT_CLASS (alcove_skyrtc_signaller_parent_class)->dispose (object);
}

static void
alcove_skyrtc_signaller_finalize (GObject *object)
{
  AlcoveSkyrtcSignaller *self = ALCOVE_SKYRTC_SIGNALLER (object);

  g_free (self->room);
  g_free (self->own_id);
  g_free (self->self_id);
  g_clear_pointer (&self->server, g_uri_unref);
  g_clear_pointer (&self->peers, g_hash_table_unref);

  G_OBJECT_CLASS (alcove_skyrtc_signaller_parent_class)->finalize (object);
}

static void
alcove_skyrtc_signaller_class_init (AlcoveSkyrtcSignallerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  AlcoveSignallerClass *signaller_class = ALCOVE_SIGNALLER_CLASS (klass);

  object_class->dispose = alcove_skyrtc_signaller_dispose;
  object_class->finalize = alcove_skyrtc_signaller_finalize;

  signaller_class->connect = alcove_skyrtc_signaller_connect;
  signaller_class->send_description = alcove_skyrtc_signaller_send_description;
  signaller_class->send_candidate = alcove_skyrtc_signaller_send_candidate;
  signaller_class->leave = alcove_skyrtc_signaller_leave;
  signaller_class->encode_chat = alcove_skyrtc_signaller_encode_chat;
  signaller_class->decode_chat = alcove_skyrtc_signaller_decode_chat;
  signaller_class->get_transport = alcove_skyrtc_signaller_get_transport;
  signaller_class->encode_file = alcove_skyrtc_signaller_encode_file;
  signaller_class->decode_file = alcove_skyrtc_signaller_decode_file;
  signaller_class->features = ALCOVE_SIGNALLER_ROSTER | ALCOVE_SIGNALLER_LEAVE_NOTICE
                              | ALCOVE_SIGNALLER_ROOMS | ALCOVE_SIGNALLER_FULL_DESCRIPTIONS
                              | ALCOVE_SIGNALLER_CHANNEL | ALCOVE_SIGNALLER_FILES
                              | ALCOVE_SIGNALLER_FLEETING_IDS;
  signaller_class->channel_label = CHANNEL_LABEL;
}

static void
alcove_skyrtc_signaller_init (AlcoveSkyrtcSignaller *self)
{
  self->variant_ms = ALCOVE_SKYRTC_VARIANT_WAIT_MS;
  self->join_ms = ALCOVE_SKYRTC_JOIN_WAIT_MS;
  self->form = ALCOVE_SKYRTC_FROM_CLIENT_PYTHON;
  self->peers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * alcove_skyrtc_signaller_new:
 * @server: the server's address, from alcove_address_parse()
 *
 * Returns: (transfer full): a signaller with a WebSocket of its own
 */
AlcoveSignaller *
alcove_skyrtc_signaller_new (GUri *server)
{
  g_autoptr (AlcoveTransport) transport = alcove_websocket_transport_new (NULL);

  return alcove_skyrtc_signaller_new_with_transport (server, transport);
}

/**
 * alcove_skyrtc_signaller_new_with_transport:
 * @server: the server's address; its path is what stands in front of `/ws/<id>`
 * @transport: a transport that is not open yet
 *
 * Returns: (transfer full): a signaller over @transport
 */
AlcoveSignaller *
alcove_skyrtc_signaller_new_with_transport (GUri *server,
                                            AlcoveTransport *transport)
{
  AlcoveSkyrtcSignaller *self = g_object_new (ALCOVE_TYPE_SKYRTC_SIGNALLER, NULL);

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
 * alcove_skyrtc_signaller_set_waits:
 * @self: a signaller that is not connected yet
 * @variant_ms: how long to wait for an answer before asking in the other variant's spelling
 * @join_ms: how long to wait for `_peers` in all
 */
void
alcove_skyrtc_signaller_set_waits (AlcoveSkyrtcSignaller *self,
                                   guint variant_ms,
                                   guint join_ms)
{
  self->variant_ms = variant_ms;
  self->join_ms = join_ms;
}
