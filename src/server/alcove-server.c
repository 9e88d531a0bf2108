/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-server"

#include "config.h"

#include "alcove-server.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

#include <libsoup/soup.h>

#include "alcove-debug.h"
#include "alcove-engineio-server.h"
#include "alcove-origin.h"
#include "alcove-server-client.h"
#include "alcove-server-connection.h"
#include "alcove-server-listen.h"
#include "alcove-transport.h"

/* Time-outs are in seconds; looking once in a while is exact enough. */
#define CHECK_INTERVAL_MS 500
/* Connections over the limit that are still told so, by HTTP status 503; those
 * over this number are closed without a word. */
#define MAX_SURPLUS 16
/* From one request of a session that polls to the next; no session is silent for longer. */
#define POLL_SECONDS 60
/* All addresses of this computer: a program may use one now and another then. */
#define LOOPBACK_HOST "loopback"

static const char page[]
    = "This is an Alcove signalling server.\n"
      "It brings together the participants of video rooms; pictures and sound do not pass "
      "through it.\n"
      "Connect to this address with Alcove, or with a page that speaks one of its protocols.\n";

/* One accepted socket, from its first byte to its last. Kept by the address of
 * the far end: the very object that libsoup hands out with a request. */
typedef struct {
  AlcoveServer *server;
  GSocketAddress *address;
  char *host;
  char *name;
  gboolean surplus;
  gint64 deadline;

  /* borrowed; watched by a weak reference */
  GSocketConnection *socket;

  AlcoveServerConnection *connection;
  char *path;
  AlcoveDialect *dialect;
} Entry;

struct _AlcoveServer {
  GObject parent_instance;

  AlcoveServerLimits limits;
  AlcoveHub *hub;
  GPtrArray *dialects;
  AlcoveEngineioServer *engineio;
  GStrv allowed_origins;

  SoupServer *http;
  /* GSocket, listening; and a GSource for each while connections are accepted */
  GPtrArray *sockets;
  GPtrArray *accept_sources;
  guint port;
  gboolean loopback_only;

  /* GSocketAddress → Entry */
  GHashTable *entries;
  guint check_source;
};

G_DEFINE_FINAL_TYPE (AlcoveServer, alcove_server, G_TYPE_OBJECT)

static void
on_socket_gone (gpointer data,
                GObject *where_it_was)
{
  Entry *entry = data;

  entry->socket = NULL;
  g_hash_table_remove (entry->server->entries, entry->address);
}

static void
end_entry_dialect (Entry *entry)
{
  AlcoveDialect *dialect = g_steal_pointer (&entry->dialect);

  if (dialect != NULL)
    {
      alcove_dialect_closed (dialect, ALCOVE_SERVER_CLIENT (entry->connection));
      g_object_unref (dialect);
    }
}

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  if (entry->socket != NULL)
    g_object_weak_unref (G_OBJECT (entry->socket), on_socket_gone, entry);

  if (entry->connection != NULL)
    {
      end_entry_dialect (entry);
      g_signal_handlers_disconnect_by_data (entry->connection, entry);
      g_object_unref (entry->connection);
    }

  g_object_unref (entry->address);
  g_free (entry->host);
  g_free (entry->name);
  g_free (entry->path);
  g_free (entry);
}

static void start_accepting (AlcoveServer *self);

static gboolean
check_entries (gpointer data)
{
  AlcoveServer *self = data;
  g_autoptr (AlcoveServer) hold = g_object_ref (self);
  g_autoptr (GList) addresses = g_hash_table_get_keys (self->entries);
  gint64 now = g_get_monotonic_time ();

  for (GList *l = addresses; l != NULL; l = l->next)
    {
      Entry *entry = g_hash_table_lookup (self->entries, l->data);

      /* an earlier one may have taken this one along */
      if (entry == NULL)
        continue;

      if (entry->connection != NULL)
        alcove_server_connection_check (entry->connection, now);
      else if (entry->socket != NULL && now >= entry->deadline)
        {
          g_message ("%s dropped: timed-out: no request or WebSocket in time", entry->name);
          entry->deadline = G_MAXINT64;
          g_socket_shutdown (g_socket_connection_get_socket (entry->socket), TRUE, TRUE, NULL);
        }
    }

  alcove_engineio_server_check (self->engineio, now);

  if (self->sockets != NULL && self->accept_sources == NULL)
    start_accepting (self);

  if (g_hash_table_size (self->entries) > 0 || !alcove_engineio_server_is_empty (self->engineio))
    return G_SOURCE_CONTINUE;

  self->check_source = 0;
  return G_SOURCE_REMOVE;
}

static void
claim (Entry *entry,
       AlcoveDialect *dialect)
{
  entry->dialect = g_object_ref (dialect);
  alcove_dialect_opened (dialect, ALCOVE_SERVER_CLIENT (entry->connection), entry->path);
}

/* A connection that tells nothing by its path is taken by the first dialect
 * that understands a message of it. */
static void
find_dialect (Entry *entry,
              const char *first_message)
{
  GPtrArray *dialects = entry->server->dialects;

  for (guint i = 0; i < dialects->len && entry->dialect == NULL; i++)
    if (!ALCOVE_DIALECT_GET_CLASS (dialects->pdata[i])->socketio
        && alcove_dialect_matches (dialects->pdata[i], entry->path, first_message))
      claim (entry, dialects->pdata[i]);
}

static void
on_connection_message (AlcoveServerConnection *connection,
                       const char *text,
                       gpointer user_data)
{
  Entry *entry = user_data;

  if (entry->dialect == NULL)
    find_dialect (entry, text);

  if (entry->dialect != NULL)
    alcove_dialect_message (entry->dialect, ALCOVE_SERVER_CLIENT (connection), text);
  else
    g_info ("%s: malformed: a message in no protocol of ours was ignored", entry->name);
}

static void
on_connection_closed (AlcoveServerConnection *connection,
                      gpointer user_data)
{
  Entry *entry = user_data;

  alcove_debug_print (ALCOVE_DEBUG_SERVER, "%s closed", entry->name);
  end_entry_dialect (entry);
}

static void
on_connection_finished (AlcoveServerConnection *connection,
                        gpointer user_data)
{
  Entry *entry = user_data;

  g_hash_table_remove (entry->server->entries, entry->address);
}

static guint
count_host (AlcoveServer *self,
            const char *host)
{
  guint n = alcove_engineio_server_count_polling (self->engineio, host);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (g_str_equal (((Entry *) value)->host, host))
      n++;

  return n;
}

/* Sessions that poll come and go with their sockets, and count besides them. */
static gboolean
is_full (AlcoveServer *self,
         const char *host)
{
  guint n = g_hash_table_size (self->entries)
            + alcove_engineio_server_count_polling (self->engineio, NULL);

  return n >= self->limits.max_connections
         || (!g_str_equal (host, LOOPBACK_HOST)
             && count_host (self, host) >= self->limits.max_connections_per_host);
}

static AlcoveEngineioCaller
get_caller (Entry *entry,
            const char *path)
{
  return (AlcoveEngineioCaller) {
    .name = entry->name,
    .host = entry->host,
    .path = path,
    .socket = g_socket_connection_get_socket (entry->socket),
    .may_begin = !is_full (entry->server, entry->host),
  };
}

static char *
decode_path (const char *path)
{
  g_autofree char *decoded = g_uri_unescape_string (path, NULL);

  if (decoded != NULL && g_utf8_validate (decoded, -1, NULL))
    return g_steal_pointer (&decoded);

  return g_utf8_make_valid (path, -1);
}

static void
on_wrote_handshake (SoupServerMessage *msg,
                    gpointer user_data)
{
  AlcoveServer *self = ALCOVE_SERVER (user_data);
  g_autoptr (SoupServerMessage) hold = g_object_ref (msg);
  g_autoptr (GIOStream) stream = NULL;
  Entry *entry
      = g_hash_table_lookup (self->entries, soup_server_message_get_remote_address (msg));

  if (entry == NULL || entry->connection != NULL || entry->socket == NULL
      || soup_server_message_get_status (msg) != SOUP_STATUS_SWITCHING_PROTOCOLS)
    return;

  stream = soup_server_message_steal_connection (msg);
  if (stream == NULL)
    return;

  entry->path = decode_path (g_uri_get_path (soup_server_message_get_uri (msg)));
  entry->connection = alcove_server_connection_new (
      stream, entry->socket, soup_server_message_get_uri (msg), entry->name, &self->limits);
  g_signal_connect (entry->connection, "finished", G_CALLBACK (on_connection_finished), entry);

  alcove_debug_print (ALCOVE_DEBUG_SERVER, "%s connected to %s", entry->name, entry->path);
  if (alcove_engineio_server_owns (self->engineio, entry->path))
    {
      AlcoveEngineioCaller caller = get_caller (entry, entry->path);

      alcove_engineio_server_add_websocket (self->engineio, entry->connection,
                                            soup_server_message_get_uri (msg), &caller);
      return;
    }

  alcove_server_connection_take_binary (entry->connection);
  g_signal_connect (entry->connection, "message", G_CALLBACK (on_connection_message), entry);
  g_signal_connect (entry->connection, "closed", G_CALLBACK (on_connection_closed), entry);
  find_dialect (entry, NULL);
}

static void
respond (SoupServerMessage *msg,
         guint status,
         const char *text)
{
  soup_server_message_set_status (msg, status, NULL);
  soup_server_message_set_response (msg, "text/plain; charset=utf-8", SOUP_MEMORY_COPY, text,
                                    strlen (text));
}

static void
on_request (SoupServer *http,
            SoupServerMessage *msg,
            const char *path,
            GHashTable *query,
            gpointer user_data)
{
  AlcoveServer *self = ALCOVE_SERVER (user_data);
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (msg);
  SoupMessageHeaders *response = soup_server_message_get_response_headers (msg);
  const char *origin = soup_message_headers_get_one (headers, "Origin");
  const char *method = soup_server_message_get_method (msg);
  Entry *entry
      = g_hash_table_lookup (self->entries, soup_server_message_get_remote_address (msg));
  AlcoveEngineioCaller caller;
  gboolean websocket;
  gboolean engineio;

  /* libsoup keeps a connection for a further request only if it accepted it by itself. Who is not
   * told may be sending that request when it is closed. */
  soup_message_headers_replace (response, "Connection", "close");
  if (entry == NULL || entry->surplus || entry->socket == NULL)
    {
      respond (msg, SOUP_STATUS_SERVICE_UNAVAILABLE, "Too many connections.\n");
      return;
    }

  websocket = soup_message_headers_header_contains (headers, "Upgrade", "websocket");
  engineio = alcove_engineio_server_owns (self->engineio, path);
  if ((websocket || engineio)
      && !alcove_origin_is_allowed (origin, self->loopback_only,
                                    (const char *const *) self->allowed_origins))
    {
      g_message ("%s refused: a page from %s may not connect", entry->name, origin);
      respond (msg, SOUP_STATUS_FORBIDDEN, "Pages from elsewhere may not connect.\n");
      return;
    }

  caller = get_caller (entry, path);
  if (websocket)
    {
      /* no extensions: a compressed message has no bound before it is unpacked */
      soup_message_headers_remove (response, "Connection");
      if ((!engineio || alcove_engineio_server_admit (self->engineio, msg, &caller))
          && soup_websocket_server_process_handshake (msg, NULL, NULL, NULL, NULL))
        g_signal_connect_object (msg, "wrote-informational", G_CALLBACK (on_wrote_handshake), self,
                                 0);
      return;
    }
  if (engineio)
    {
      if (alcove_engineio_server_handle_request (self->engineio, msg, &caller))
        entry->deadline = g_get_monotonic_time () + POLL_SECONDS * G_USEC_PER_SEC;
      return;
    }

  if (!g_str_equal (method, SOUP_METHOD_GET) && !g_str_equal (method, SOUP_METHOD_HEAD))
    respond (msg, SOUP_STATUS_METHOD_NOT_ALLOWED, "Only GET is understood here.\n");
  else if (!g_str_equal (path, "/"))
    respond (msg, SOUP_STATUS_NOT_FOUND, "There is nothing here.\n");
  else
    respond (msg, SOUP_STATUS_OK, page);
}

/* The rest has to follow in time, on a connection that has been kept since the last request. */
static void
on_got_headers (SoupServerMessage *msg,
                gpointer user_data)
{
  AlcoveServer *self = ALCOVE_SERVER (user_data);
  Entry *entry
      = g_hash_table_lookup (self->entries, soup_server_message_get_remote_address (msg));
  const char *path = g_uri_get_path (soup_server_message_get_uri (msg));
  AlcoveEngineioCaller caller;

  if (entry == NULL || entry->surplus || entry->socket == NULL
      || !alcove_engineio_server_owns (self->engineio, path))
    return;

  caller = get_caller (entry, path);
  if (alcove_engineio_server_begin_request (self->engineio, msg, &caller))
    entry->deadline = g_get_monotonic_time () + self->limits.join_timeout * G_USEC_PER_SEC;
}

static void
on_request_started (SoupServer *http,
                    SoupServerMessage *msg,
                    gpointer user_data)
{
  /* Hardly any request has a body that is of use; libsoup would keep all of it. */
  soup_message_body_set_accumulate (soup_server_message_get_request_body (msg), FALSE);
  g_signal_connect_object (msg, "got-headers", G_CALLBACK (on_got_headers), user_data, 0);
}

static void
start_checking (AlcoveServer *self)
{
  if (self->check_source == 0)
    self->check_source = g_timeout_add (CHECK_INTERVAL_MS, check_entries, self);
}

static void
stop_accepting (AlcoveServer *self)
{
  for (guint i = 0; self->accept_sources != NULL && i < self->accept_sources->len; i++)
    g_source_destroy (self->accept_sources->pdata[i]);

  g_clear_pointer (&self->accept_sources, g_ptr_array_unref);
}

static void
add_connection (AlcoveServer *self,
                GSocketConnection *socket)
{
  g_autoptr (GSocketAddress) remote = g_socket_connection_get_remote_address (socket, NULL);
  g_autoptr (GSocketAddress) local = g_socket_connection_get_local_address (socket, NULL);
  g_autofree char *host = NULL;
  guint n = g_hash_table_size (self->entries);
  GInetAddress *inet;
  Entry *entry;

  if (!G_IS_INET_SOCKET_ADDRESS (remote) || local == NULL)
    return;
  if (n >= self->limits.max_connections + MAX_SURPLUS)
    {
      g_message ("a connection was refused: too-many: all %u are in use", n);
      g_io_stream_close (G_IO_STREAM (socket), NULL, NULL);
      return;
    }

  inet = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (remote));
  entry = g_new0 (Entry, 1);
  entry->server = self;
  entry->address = g_object_ref (remote);
  host = g_inet_address_to_string (inet);
  entry->host = g_strdup (g_inet_address_get_is_loopback (inet) ? LOOPBACK_HOST : host);
  entry->name = g_strdup_printf ("%s:%u", host,
                                 g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (remote)));
  entry->surplus = is_full (self, entry->host);
  entry->deadline = g_get_monotonic_time () + self->limits.join_timeout * G_USEC_PER_SEC;
  entry->socket = socket;
  if (entry->surplus)
    g_message ("%s refused: too-many: %u connections are open", entry->name, n);

  g_object_weak_ref (G_OBJECT (socket), on_socket_gone, entry);
  g_hash_table_insert (self->entries, entry->address, entry);
  start_checking (self);

  g_socket_set_option (g_socket_connection_get_socket (socket), IPPROTO_TCP,
                       TCP_NODELAY, TRUE, NULL);
  soup_server_accept_iostream (self->http, G_IO_STREAM (socket), local, remote, NULL);
}

/* Not GSocketService: that of GLib 2.74 loses a connection when two come at once. */
static gboolean
on_acceptable (GSocket *listener,
               GIOCondition condition,
               gpointer user_data)
{
  AlcoveServer *self = ALCOVE_SERVER (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = g_socket_accept (listener, NULL, &error);
  g_autoptr (GSocketConnection) connection = NULL;

  if (socket == NULL)
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        return G_SOURCE_CONTINUE;

      /* most likely no file descriptor is left; it is tried again in a while */
      g_message ("no connection could be accepted: %s", error->message);
      stop_accepting (self);
      start_checking (self);
      return G_SOURCE_REMOVE;
    }

  connection = g_socket_connection_factory_create_connection (socket);
  add_connection (self, connection);
  return G_SOURCE_CONTINUE;
}

static void
start_accepting (AlcoveServer *self)
{
  self->accept_sources = g_ptr_array_new_with_free_func ((GDestroyNotify) g_source_unref);
  for (guint i = 0; i < self->sockets->len; i++)
    {
      GSource *source = g_socket_create_source (self->sockets->pdata[i], G_IO_IN, NULL);

      g_source_set_callback (source, G_SOURCE_FUNC (on_acceptable), self, NULL);
      g_source_attach (source, NULL);
      g_ptr_array_add (self->accept_sources, source);
    }
}

static void
alcove_server_dispose (GObject *object)
{
  AlcoveServer *self = ALCOVE_SERVER (object);

  alcove_server_stop (self);
  g_clear_object (&self->engineio);
  g_clear_pointer (&self->dialects, g_ptr_array_unref);
  g_clear_object (&self->hub);

  G_OBJECT_CLASS (alcove_server_parent_class)->dispose (object);
}

static void
alcove_server_finalize (GObject *object)
{
  AlcoveServer *self = ALCOVE_SERVER (object);

  g_hash_table_unref (self->entries);
  g_strfreev (self->allowed_origins);

  G_OBJECT_CLASS (alcove_server_parent_class)->finalize (object);
}

static void
alcove_server_class_init (AlcoveServerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = alcove_server_dispose;
  object_class->finalize = alcove_server_finalize;
}

static void
alcove_server_init (AlcoveServer *self)
{
  self->dialects = g_ptr_array_new_with_free_func (g_object_unref);
  self->entries = g_hash_table_new_full (NULL, NULL, NULL, entry_free);
}

/**
 * alcove_server_new:
 * @limits: (nullable): its bounds; %NULL for %ALCOVE_SERVER_LIMITS_INIT
 *
 * Returns: (transfer full): a server that does not listen yet
 */
AlcoveServer *
alcove_server_new (const AlcoveServerLimits *limits)
{
  const AlcoveServerLimits defaults = ALCOVE_SERVER_LIMITS_INIT;
  AlcoveServer *self = g_object_new (ALCOVE_TYPE_SERVER, NULL);

  self->limits = limits != NULL ? *limits : defaults;
  self->engineio = alcove_engineio_server_new (&self->limits, self->dialects);
  self->hub = alcove_hub_new (self->limits.max_rooms, self->limits.max_members);
  return self;
}

/**
 * alcove_server_add_dialect:
 * @self: a server
 * @dialect: (transfer none): a dialect that is in no server yet
 *
 * Lets the server speak one more protocol. The order of adding is the order of
 * asking whose a connection is.
 */
void
alcove_server_add_dialect (AlcoveServer *self,
                           AlcoveDialect *dialect)
{
  g_return_if_fail (ALCOVE_IS_SERVER (self));

  g_ptr_array_add (self->dialects, g_object_ref (dialect));
  alcove_dialect_attach (dialect, self->hub);
}

/**
 * alcove_server_listen:
 * @self: a server that does not listen
 * @address: (nullable): an IPv4 or IPv6 address; %NULL or `localhost` for this computer
 *   alone (127.0.0.1 and ::1); `any` or `*` for all networks the computer is in
 * @port: the port, or 0 for any free one
 * @error: return location for an error
 *
 * Starts to accept connections, in the default main context.
 *
 * Errors: %ALCOVE_ERROR_LISTEN with a plain sentence.
 *
 * Returns: whether it listens
 */
gboolean
alcove_server_listen (AlcoveServer *self,
                      const char *address,
                      guint port,
                      GError **error)
{
  g_autoptr (GPtrArray) sockets = NULL;
  g_autoptr (GSocketAddress) local = NULL;

  g_return_val_if_fail (ALCOVE_IS_SERVER (self), FALSE);
  g_return_val_if_fail (self->sockets == NULL, FALSE);

  sockets = alcove_server_open_sockets (address, port, &self->loopback_only, error);
  if (sockets == NULL)
    return FALSE;

  local = g_socket_get_local_address (sockets->pdata[0], error);
  if (local == NULL)
    return FALSE;

  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (local));
  self->http = soup_server_new ("server-header", ALCOVE_TRANSPORT_OWN_SERVER, NULL);
  soup_server_add_handler (self->http, NULL, on_request, self, NULL);
  g_signal_connect (self->http, "request-started", G_CALLBACK (on_request_started), self);

  for (guint i = 0; i < sockets->len; i++)
    g_socket_set_blocking (sockets->pdata[i], FALSE);
  self->sockets = g_steal_pointer (&sockets);
  start_accepting (self);

  return TRUE;
}

/**
 * alcove_server_get_port:
 * @self: a server
 *
 * Returns: the port it listens on, or 0
 */
guint
alcove_server_get_port (AlcoveServer *self)
{
  g_return_val_if_fail (ALCOVE_IS_SERVER (self), 0);

  return self->port;
}

/**
 * alcove_server_stop:
 * @self: a server
 *
 * Closes the port and every connection. The server may listen again. Does
 * nothing if it does not listen.
 */
void
alcove_server_stop (AlcoveServer *self)
{
  g_autoptr (GPtrArray) sockets = NULL;
  GHashTableIter iter;
  gpointer value;

  g_return_if_fail (ALCOVE_IS_SERVER (self));

  if (self->sockets == NULL)
    return;

  stop_accepting (self);
  for (guint i = 0; i < self->sockets->len; i++)
    g_socket_close (self->sockets->pdata[i], NULL);
  g_clear_pointer (&self->sockets, g_ptr_array_unref);
  self->port = 0;

  /* Everybody is told first, so that nobody hears of the others' leaving. */
  sockets = g_ptr_array_new_with_free_func (g_object_unref);
  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Entry *entry = value;

      if (entry->connection != NULL)
        alcove_server_client_close (ALCOVE_SERVER_CLIENT (entry->connection),
                                    ALCOVE_SERVER_CLOSE_GOING_AWAY, "the server stops");
      else if (entry->socket != NULL)
        g_ptr_array_add (sockets, g_object_ref (entry->socket));
    }

  alcove_engineio_server_stop (self->engineio);
  g_clear_handle_id (&self->check_source, g_source_remove);
  g_hash_table_remove_all (self->entries);
  for (guint i = 0; i < sockets->len; i++)
    g_socket_shutdown (g_socket_connection_get_socket (sockets->pdata[i]), TRUE, TRUE, NULL);

  g_signal_handlers_disconnect_by_data (self->http, self);
  soup_server_remove_handler (self->http, NULL);
  soup_server_disconnect (self->http);
  g_clear_object (&self->http);
}

/**
 * alcove_server_allow_origin:
 * @self: a server
 * @origin: an origin as browsers write it, for example `https://rooms.example.org`, or `*`
 *
 * Lets pages of @origin connect, which a server otherwise refuses unless they come
 * from this computer or, where it serves the network, from the network. The reason is in
 * alcove_origin_is_allowed().
 */
void
alcove_server_allow_origin (AlcoveServer *self,
                            const char *origin)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_return_if_fail (ALCOVE_IS_SERVER (self));

  if (self->allowed_origins != NULL)
    g_strv_builder_addv (builder, (const char **) self->allowed_origins);
  g_strv_builder_add (builder, origin);

  g_strfreev (self->allowed_origins);
  self->allowed_origins = g_strv_builder_end (builder);
}

/**
 * alcove_server_set_allowed_origins:
 * @self: a server
 * @origins: (nullable) (array zero-terminated=1): origins as browsers write them, or `*`
 *
 * Lets in from now on pages of these origins, and of no others that were allowed before;
 * see alcove_server_allow_origin(). Who is in already stays.
 */
void
alcove_server_set_allowed_origins (AlcoveServer *self,
                                   const char *const *origins)
{
  g_return_if_fail (ALCOVE_IS_SERVER (self));

  g_strfreev (self->allowed_origins);
  self->allowed_origins = g_strdupv ((char **) origins);
}

/**
 * alcove_server_get_hub:
 * @self: a server
 *
 * Returns: (transfer none): its rooms and members
 */
AlcoveHub *
alcove_server_get_hub (AlcoveServer *self)
{
  g_return_val_if_fail (ALCOVE_IS_SERVER (self), NULL);

  return self->hub;
}

/**
 * alcove_server_get_n_connections:
 * @self: a server
 *
 * Returns: how many sockets are open, those included that have not said yet
 *   what they want, and those that are being closed
 */
guint
alcove_server_get_n_connections (AlcoveServer *self)
{
  g_return_val_if_fail (ALCOVE_IS_SERVER (self), 0);

  return g_hash_table_size (self->entries);
}
