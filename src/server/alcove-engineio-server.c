/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-engineio-server"

#include "config.h"

#include "alcove-engineio-server.h"

#include "alcove-debug.h"
#include "alcove-dialect.h"
#include "alcove-engineio-request.h"
#include "alcove-engineio-session.h"

/**
 * AlcoveEngineioServer:
 *
 * The part of a server that speaks Engine.IO: which requests are of which session, and which
 * dialect speaks with a session. Sockets are the business of the #AlcoveServer that owns it.
 */

/* One session, and what belongs to it. */
typedef struct {
  AlcoveEngineioServer *server;
  AlcoveEngineioSession *session;
  char *name;
  char *host;
  char *path;
  AlcoveDialect *dialect;
} Link;

/* A GET that is not answered yet. */
typedef struct {
  AlcoveEngineioServer *server;
  /* borrowed: it owns the poll */
  AlcoveEngineioSession *session;
  SoupServerMessage *msg;
  GSocket *socket;
  gulong finished_handler;
  gboolean paused;
} Poll;

struct _AlcoveEngineioServer {
  GObject parent_instance;

  AlcoveServerLimits limits;
  /* of the server that owns this */
  GPtrArray *dialects;

  /* the id of the session, which owns it → Link */
  GHashTable *links;
  /* Poll *, each owned by its session */
  GPtrArray *polls;
};

G_DEFINE_FINAL_TYPE (AlcoveEngineioServer, alcove_engineio_server, G_TYPE_OBJECT)

static void
end_dialect (Link *link)
{
  AlcoveDialect *dialect = g_steal_pointer (&link->dialect);

  if (dialect != NULL)
    {
      alcove_dialect_closed (dialect, ALCOVE_SERVER_CLIENT (link->session));
      g_object_unref (dialect);
    }
}

static void
link_free (gpointer data)
{
  Link *link = data;

  end_dialect (link);
  g_signal_handlers_disconnect_by_data (link->session, link);
  g_object_unref (link->session);
  g_free (link->name);
  g_free (link->host);
  g_free (link->path);
  g_free (link);
}

static void
find_dialect (Link *link,
              const char *first_event)
{
  GPtrArray *dialects = link->server->dialects;

  for (guint i = 0; i < dialects->len && link->dialect == NULL; i++)
    {
      AlcoveDialect *dialect = dialects->pdata[i];

      if (ALCOVE_DIALECT_GET_CLASS (dialect)->socketio
          && alcove_dialect_matches (dialect, link->path, first_event))
        {
          link->dialect = g_object_ref (dialect);
          alcove_dialect_opened (dialect, ALCOVE_SERVER_CLIENT (link->session), link->path);
        }
    }
}

static void
on_session_event (AlcoveEngineioSession *session,
                  const char *text,
                  gint64 id,
                  gpointer user_data)
{
  Link *link = user_data;
  const char *answer;

  if (link->dialect == NULL)
    find_dialect (link, text);
  if (link->dialect == NULL)
    {
      g_info ("%s: malformed: an event in no protocol of ours was ignored", link->name);
      return;
    }

  answer = ALCOVE_DIALECT_GET_CLASS (link->dialect)->acknowledgement;
  alcove_dialect_message (link->dialect, ALCOVE_SERVER_CLIENT (session), text);
  if (id >= 0 && answer != NULL)
    alcove_engineio_session_acknowledge (session, id, answer);
}

static void
on_session_left (AlcoveEngineioSession *session,
                 gpointer user_data)
{
  end_dialect (user_data);
}

static void
on_session_closed (AlcoveEngineioSession *session,
                   gpointer user_data)
{
  Link *link = user_data;

  alcove_debug_print (ALCOVE_DEBUG_SERVER, "%s: the session is over", link->name);
  g_hash_table_remove (link->server->links,
                       alcove_server_client_get_id (ALCOVE_SERVER_CLIENT (session)));
}

static Link *
add_session (AlcoveEngineioServer *self,
             GHashTable *query,
             AlcoveServerClient *websocket,
             const AlcoveEngineioCaller *caller)
{
  Link *link = g_new0 (Link, 1);

  link->server = self;
  link->session = alcove_engineio_session_new (alcove_engineio_get_version (query), websocket,
                                               caller->name, &self->limits);
  link->name = g_strdup (caller->name);
  link->host = g_strdup (caller->host);
  link->path = g_utf8_make_valid (caller->path, -1);
  g_signal_connect (link->session, "event", G_CALLBACK (on_session_event), link);
  g_signal_connect (link->session, "left", G_CALLBACK (on_session_left), link);
  g_signal_connect (link->session, "closed", G_CALLBACK (on_session_closed), link);
  g_hash_table_insert (
      self->links,
      (char *) alcove_server_client_get_id (ALCOVE_SERVER_CLIENT (link->session)), link);
  alcove_debug_print (ALCOVE_DEBUG_SERVER, "%s began a session at %s", link->name,
                      link->path);
  return link;
}

static const char *
get_sid (GHashTable *query)
{
  return query != NULL ? g_hash_table_lookup (query, "sid") : NULL;
}

/* Dialects tell others a session's id as that of its client, so the id alone
 * is no proof: who uses it also has to call from the same address. */
static Link *
find_link (AlcoveEngineioServer *self,
           GHashTable *query,
           const AlcoveEngineioCaller *caller)
{
  const char *sid = get_sid (query);
  Link *link = sid != NULL ? g_hash_table_lookup (self->links, sid) : NULL;

  return link != NULL && g_str_equal (link->host, caller->host) ? link : NULL;
}

static GHashTable *
parse_query (GUri *uri)
{
  const char *query = g_uri_get_query (uri);

  return query != NULL ? soup_form_decode (query) : NULL;
}

/* Ends a poll that its session has let go of; without a payload with a fault. */
static void
answer_poll (Poll *poll,
             const char *payload)
{
  g_clear_signal_handler (&poll->finished_handler, poll->msg);
  if (payload != NULL)
    alcove_engineio_respond (poll->msg, SOUP_STATUS_OK, payload);
  else
    alcove_engineio_respond_fault (poll->msg, ALCOVE_ENGINEIO_FAULT_SESSION);
  if (poll->paused)
    soup_server_message_unpause (poll->msg);

  g_ptr_array_remove_fast (poll->server->polls, poll);
  g_object_unref (poll->msg);
  g_object_unref (poll->socket);
  g_free (poll);
}

static void
on_poll_answered (const char *payload,
                  gpointer user_data)
{
  answer_poll (user_data, payload);
}

static void
lose_poll (Poll *poll)
{
  alcove_engineio_session_poll_lost (poll->session);
  answer_poll (poll, NULL);
}

static void
on_poll_finished (SoupServerMessage *msg,
                  gpointer user_data)
{
  Poll *poll = user_data;

  /* there is nothing left of it to be continued */
  poll->paused = FALSE;
  lose_poll (poll);
}

static void
handle_get (AlcoveEngineioServer *self,
            Link *link,
            SoupServerMessage *msg,
            const AlcoveEngineioCaller *caller)
{
  Poll *poll = g_new0 (Poll, 1);
  guint n_polls = self->polls->len;

  poll->server = self;
  poll->session = link->session;
  poll->msg = g_object_ref (msg);
  poll->socket = g_object_ref (caller->socket);
  g_ptr_array_add (self->polls, poll);

  if (!alcove_engineio_session_poll (link->session, on_poll_answered, poll))
    {
      alcove_engineio_respond_fault (msg, ALCOVE_ENGINEIO_FAULT_REQUEST);
      g_ptr_array_remove_fast (self->polls, poll);
      g_object_unref (poll->msg);
      g_object_unref (poll->socket);
      g_free (poll);
    }
  else if (self->polls->len > n_polls)
    {
      poll->paused = TRUE;
      poll->finished_handler
          = g_signal_connect (msg, "finished", G_CALLBACK (on_poll_finished), poll);
      soup_server_message_pause (msg);
    }
}

static void
handle_post (Link *link,
             SoupServerMessage *msg)
{
  AlcoveEngineioBody *body = alcove_engineio_get_body (msg);

  if (body == NULL)
    alcove_engineio_respond_fault (msg, ALCOVE_ENGINEIO_FAULT_SESSION);
  else if (body->n_bytes > body->max)
    {
      g_message ("%s dropped: too-large: message over the limit", link->name);
      alcove_server_client_close (ALCOVE_SERVER_CLIENT (link->session),
                                  ALCOVE_SERVER_CLOSE_TOO_BIG, "message over the limit");
      alcove_engineio_respond (msg, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE,
                               "This message is too large.\n");
    }
  else if (!alcove_engineio_session_post (link->session, (const char *) body->bytes->data,
                                          body->bytes->len))
    alcove_engineio_respond_fault (msg, ALCOVE_ENGINEIO_FAULT_REQUEST);
  else
    alcove_engineio_respond (msg, SOUP_STATUS_OK, "ok");
}

static void
on_websocket_message (AlcoveServerConnection *connection,
                      const char *text,
                      gpointer user_data)
{
  alcove_engineio_session_receive (user_data, ALCOVE_SERVER_CLIENT (connection), text);
}

static void
on_websocket_closed (AlcoveServerConnection *connection,
                     gpointer user_data)
{
  alcove_engineio_session_websocket_closed (user_data, ALCOVE_SERVER_CLIENT (connection));
}

static void
alcove_engineio_server_dispose (GObject *object)
{
  alcove_engineio_server_stop (ALCOVE_ENGINEIO_SERVER (object));

  G_OBJECT_CLASS (alcove_engineio_server_parent_class)->dispose (object);
}

static void
alcove_engineio_server_finalize (GObject *object)
{
  AlcoveEngineioServer *self = ALCOVE_ENGINEIO_SERVER (object);

  g_hash_table_unref (self->links);
  g_ptr_array_unref (self->polls);
  g_ptr_array_unref (self->dialects);

  G_OBJECT_CLASS (alcove_engineio_server_parent_class)->finalize (object);
}

static void
alcove_engineio_server_class_init (AlcoveEngineioServerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = alcove_engineio_server_dispose;
  object_class->finalize = alcove_engineio_server_finalize;
}

static void
alcove_engineio_server_init (AlcoveEngineioServer *self)
{
  self->links = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, link_free);
  self->polls = g_ptr_array_new ();
}

/**
 * alcove_engineio_server_new:
 * @limits: the server's bounds; copied
 * @dialects: (element-type AlcoveDialect): the server's dialects; those on Socket.IO are used,
 *   also ones that are added later
 *
 * Returns: (transfer full): without sessions yet
 */
AlcoveEngineioServer *
alcove_engineio_server_new (const AlcoveServerLimits *limits,
                            GPtrArray *dialects)
{
  AlcoveEngineioServer *self = g_object_new (ALCOVE_TYPE_ENGINEIO_SERVER, NULL);

  self->limits = *limits;
  self->dialects = g_ptr_array_ref (dialects);
  return self;
}

/**
 * alcove_engineio_server_owns:
 * @self: a server's Engine.IO
 * @path: the path of a request
 *
 * Returns: whether the request is one of Engine.IO: by its path, and only where a dialect
 *   rides on it
 */
gboolean
alcove_engineio_server_owns (AlcoveEngineioServer *self,
                             const char *path)
{
  g_return_val_if_fail (ALCOVE_IS_ENGINEIO_SERVER (self), FALSE);

  if (!g_str_has_suffix (path, "/socket.io/") && !g_str_has_suffix (path, "/socket.io"))
    return FALSE;

  for (guint i = 0; i < self->dialects->len; i++)
    if (ALCOVE_DIALECT_GET_CLASS (self->dialects->pdata[i])->socketio)
      return TRUE;

  return FALSE;
}

/**
 * alcove_engineio_server_begin_request:
 * @self: a server's Engine.IO
 * @msg: a request of its own whose headers have come
 * @caller: whose it is
 *
 * Sees to it that the body is there once it has come, if it is one of a session.
 *
 * Returns: whether it is one of a session
 */
gboolean
alcove_engineio_server_begin_request (AlcoveEngineioServer *self,
                                      SoupServerMessage *msg,
                                      const AlcoveEngineioCaller *caller)
{
  g_autoptr (GHashTable) query = parse_query (soup_server_message_get_uri (msg));

  g_return_val_if_fail (ALCOVE_IS_ENGINEIO_SERVER (self), FALSE);

  if (find_link (self, query, caller) == NULL)
    return FALSE;

  if (g_str_equal (soup_server_message_get_method (msg), SOUP_METHOD_POST))
    alcove_engineio_collect_body (msg, caller->socket, self->limits.max_message);
  return TRUE;
}

/**
 * alcove_engineio_server_handle_request:
 * @self: a server's Engine.IO
 * @msg: a request of its own, of somebody who may make it, and no handshake of a WebSocket
 * @caller: whose it is
 *
 * Answers it, or lets it wait.
 *
 * Returns: whether it is one of a session
 */
gboolean
alcove_engineio_server_handle_request (AlcoveEngineioServer *self,
                                       SoupServerMessage *msg,
                                       const AlcoveEngineioCaller *caller)
{
  g_autoptr (GHashTable) query = parse_query (soup_server_message_get_uri (msg));
  const char *transport = query != NULL ? g_hash_table_lookup (query, "transport") : NULL;
  gboolean get = g_str_equal (soup_server_message_get_method (msg), SOUP_METHOD_GET);
  gboolean post = g_str_equal (soup_server_message_get_method (msg), SOUP_METHOD_POST);
  Link *link;

  g_return_val_if_fail (ALCOVE_IS_ENGINEIO_SERVER (self), FALSE);

  if (alcove_engineio_add_cors (msg))
    return FALSE;

  link = find_link (self, query, caller);
  if (g_strcmp0 (transport, "websocket") == 0)
    alcove_engineio_respond_fault (msg, ALCOVE_ENGINEIO_FAULT_REQUEST);
  else if (g_strcmp0 (transport, "polling") != 0)
    alcove_engineio_respond_fault (msg, ALCOVE_ENGINEIO_FAULT_TRANSPORT);
  else if (g_hash_table_contains (query, "j"))
    alcove_engineio_respond (msg, SOUP_STATUS_BAD_REQUEST, "Polling by scripts is not spoken here.\n");
  else if (get_sid (query) != NULL && link == NULL)
    alcove_engineio_respond_fault (msg, ALCOVE_ENGINEIO_FAULT_SESSION);
  else if (link != NULL && !get && !post)
    alcove_engineio_respond_fault (msg, ALCOVE_ENGINEIO_FAULT_REQUEST);
  else if (link == NULL && !get)
    alcove_engineio_respond_fault (msg, ALCOVE_ENGINEIO_FAULT_METHOD);
  else if (link == NULL && !caller->may_begin)
    {
      g_message ("%s refused: too-many: no room for one more session", caller->name);
      alcove_engineio_respond (msg, SOUP_STATUS_SERVICE_UNAVAILABLE, "Too many connections.\n");
    }
  else if (post)
    handle_post (link, msg);
  else
    {
      if (link == NULL)
        link = add_session (self, query, NULL, caller);
      handle_get (self, link, msg, caller);
      return TRUE;
    }

  return link != NULL;
}

/**
 * alcove_engineio_server_admit:
 * @self: a server's Engine.IO
 * @msg: the handshake of a WebSocket, of somebody who may make it
 * @caller: whose it is
 *
 * Answers it if there is nothing to it.
 *
 * Returns: whether the handshake may go on
 */
gboolean
alcove_engineio_server_admit (AlcoveEngineioServer *self,
                              SoupServerMessage *msg,
                              const AlcoveEngineioCaller *caller)
{
  g_autoptr (GHashTable) query = parse_query (soup_server_message_get_uri (msg));

  g_return_val_if_fail (ALCOVE_IS_ENGINEIO_SERVER (self), FALSE);

  if (get_sid (query) == NULL || find_link (self, query, caller) != NULL)
    return TRUE;

  alcove_engineio_respond_fault (msg, ALCOVE_ENGINEIO_FAULT_SESSION);
  return FALSE;
}

/**
 * alcove_engineio_server_add_websocket:
 * @self: a server's Engine.IO
 * @connection: a WebSocket whose handshake was let through
 * @uri: the address it was made with
 * @caller: whose it is
 *
 * Begins a session with it, or makes it the one that a session goes over to.
 */
void
alcove_engineio_server_add_websocket (AlcoveEngineioServer *self,
                                      AlcoveServerConnection *connection,
                                      GUri *uri,
                                      const AlcoveEngineioCaller *caller)
{
  g_autoptr (GHashTable) query = parse_query (uri);
  AlcoveServerClient *client = ALCOVE_SERVER_CLIENT (connection);
  Link *link;

  g_return_if_fail (ALCOVE_IS_ENGINEIO_SERVER (self));

  if (get_sid (query) == NULL)
    link = add_session (self, query, client, caller);
  else
    link = find_link (self, query, caller);

  if (link == NULL
      || (get_sid (query) != NULL && !alcove_engineio_session_probe (link->session, client)))
    {
      alcove_server_client_close (client, ALCOVE_SERVER_CLOSE_POLICY, "no session to go over to");
      return;
    }

  g_signal_connect_object (connection, "message", G_CALLBACK (on_websocket_message),
                           link->session, 0);
  g_signal_connect_object (connection, "closed", G_CALLBACK (on_websocket_closed),
                           link->session, 0);
}

/**
 * alcove_engineio_server_count_polling:
 * @self: a server's Engine.IO
 * @host: (nullable): an address, or %NULL for all
 *
 * Returns: how many sessions from there have no socket that stands for them
 */
guint
alcove_engineio_server_count_polling (AlcoveEngineioServer *self,
                                      const char *host)
{
  GHashTableIter iter;
  gpointer value;
  guint n = 0;

  g_return_val_if_fail (ALCOVE_IS_ENGINEIO_SERVER (self), 0);

  g_hash_table_iter_init (&iter, self->links);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Link *link = value;

      if (alcove_engineio_session_is_polling (link->session)
          && (host == NULL || g_str_equal (host, link->host)))
        n++;
    }

  return n;
}

/**
 * alcove_engineio_server_is_empty:
 * @self: a server's Engine.IO
 *
 * Returns: whether there are no sessions
 */
gboolean
alcove_engineio_server_is_empty (AlcoveEngineioServer *self)
{
  g_return_val_if_fail (ALCOVE_IS_ENGINEIO_SERVER (self), TRUE);

  return g_hash_table_size (self->links) == 0;
}

/**
 * alcove_engineio_server_check:
 * @self: a server's Engine.IO
 * @now: the monotonic time in microseconds
 *
 * Sends pings, and ends what is over its time or gone. Called by the server every now and then.
 */
void
alcove_engineio_server_check (AlcoveEngineioServer *self,
                              gint64 now)
{
  g_autoptr (GPtrArray) sessions = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer value;

  g_return_if_fail (ALCOVE_IS_ENGINEIO_SERVER (self));

  for (guint i = self->polls->len; i > 0; i--)
    {
      Poll *poll = self->polls->pdata[i - 1];

      if (alcove_engineio_is_gone (poll->socket))
        lose_poll (poll);
    }

  g_hash_table_iter_init (&iter, self->links);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_ptr_array_add (sessions, g_object_ref (((Link *) value)->session));
  for (guint i = 0; i < sessions->len; i++)
    alcove_engineio_session_check (sessions->pdata[i], now);
}

/**
 * alcove_engineio_server_stop:
 * @self: a server's Engine.IO
 *
 * Ends all sessions, at once.
 */
void
alcove_engineio_server_stop (AlcoveEngineioServer *self)
{
  GHashTableIter iter;
  gpointer value;

  g_return_if_fail (ALCOVE_IS_ENGINEIO_SERVER (self));

  /* Everybody is told first, so that nobody hears of the others' leaving. */
  g_hash_table_iter_init (&iter, self->links);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    alcove_server_client_close (ALCOVE_SERVER_CLIENT (((Link *) value)->session),
                                ALCOVE_SERVER_CLOSE_GOING_AWAY, "the server stops");

  while (self->polls->len > 0)
    lose_poll (self->polls->pdata[0]);
  g_hash_table_remove_all (self->links);
}
