/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "far-sides.h"

#include <string.h>

#define ACCEPT_SALT "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

static void
on_server_message (SoupWebsocketConnection *connection,
                   int type,
                   GBytes *bytes,
                   Server *server)
{
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);

  g_ptr_array_add (server->received, g_strndup (text, length));
  server->count++;
  if (length < 100)
    soup_websocket_connection_send_message (connection, type, bytes);
}

static void
on_server_closed (SoupWebsocketConnection *connection,
                  Server *server)
{
  server->ended++;
}

static void
on_server_websocket (SoupServer *soup,
                     SoupServerMessage *message,
                     const char *path,
                     SoupWebsocketConnection *connection,
                     gpointer data)
{
  Server *server = data;

  g_ptr_array_add (server->connections, g_object_ref (connection));
  g_ptr_array_add (server->paths, g_strdup (path));
  if (soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Origin")
      != NULL)
    server->origin = TRUE;
  for (guint i = 0; server->greeting != NULL && server->greeting[i] != NULL; i++)
    soup_websocket_connection_send_text (connection, server->greeting[i]);
  g_signal_connect (connection, "message", G_CALLBACK (on_server_message), server);
  g_signal_connect (connection, "closed", G_CALLBACK (on_server_closed), server);
  server->accepted++;
}

static void
on_server_page (SoupServer *soup,
                SoupServerMessage *message,
                const char *path,
                GHashTable *query,
                gpointer data)
{
  ((Server *) data)->pages++;
  soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_STATIC, "hi", 2);
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
}

Server *
server_new (void)
{
  Server *server = g_new0 (Server, 1);

  server->server = soup_server_new (NULL, NULL);
  server->connections = g_ptr_array_new_with_free_func (g_object_unref);
  server->paths = g_ptr_array_new_with_free_func (g_free);
  server->received = g_ptr_array_new_with_free_func (g_free);
  soup_server_add_websocket_handler (server->server, "/ws", NULL, NULL, on_server_websocket,
                                     server, NULL);
  soup_server_add_handler (server->server, "/page", on_server_page, server, NULL);
  return server;
}

void
server_listen (Server *server,
               guint port)
{
  g_autoptr (GError) error = NULL;

  soup_server_listen_local (server->server, port, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
}

void
server_listen_tls (Server *server,
                   const char *certificate,
                   guint port)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "tls", certificate, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) loaded = g_tls_certificate_new_from_file (path, &error);

  g_assert_no_error (error);
  soup_server_set_tls_certificate (server->server, loaded);
  soup_server_listen_local (server->server, port,
                            SOUP_SERVER_LISTEN_IPV4_ONLY | SOUP_SERVER_LISTEN_HTTPS, &error);
  g_assert_no_error (error);
}

char *
server_uri (Server *server,
            const char *path)
{
  GSList *uris = soup_server_get_uris (server->server);
  char *uri = g_strdup_printf ("%s://127.0.0.1:%d%s",
                               soup_server_is_https (server->server) ? "wss" : "ws",
                               g_uri_get_port (uris->data), path);

  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return uri;
}

void
server_free (Server *server)
{
  for (guint i = 0; i < server->connections->len; i++)
    g_signal_handlers_disconnect_by_data (g_ptr_array_index (server->connections, i), server);
  g_ptr_array_unref (server->connections);
  g_ptr_array_unref (server->paths);
  g_ptr_array_unref (server->received);
  soup_server_disconnect (server->server);
  g_object_unref (server->server);
  g_free (server);
}

static char *
raw_accept_key (const char *request)
{
  const char *name = "Sec-WebSocket-Key: ";
  const char *at = strstr (request, name);
  g_autofree char *key = NULL;
  g_autofree char *salted = NULL;
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA1);
  guint8 digest[20];
  gsize length = sizeof digest;

  g_assert_nonnull (at);
  at += strlen (name);
  key = g_strndup (at, strcspn (at, "\r\n"));
  salted = g_strconcat (key, ACCEPT_SALT, NULL);
  g_checksum_update (sum, (const guchar *) salted, -1);
  g_checksum_get_digest (sum, digest, &length);
  return g_base64_encode (digest, length);
}

/* In a thread of its own: it is to be faster than whoever reads. */
static gpointer
flood (gpointer data)
{
  Raw *raw = data;
  gsize length;
  const void *bytes = g_bytes_get_data (raw->flood, &length);
  gsize written;

  while (raw->flooded_bytes < RAW_FLOOD_MAX
         && g_output_stream_write_all (raw->flooded, bytes, length, &written, NULL, NULL))
    raw->flooded_bytes += written;

  g_output_stream_close (raw->flooded, NULL, NULL);
  g_atomic_int_set (&raw->ebbed, TRUE);
  g_main_context_wakeup (NULL);
  return NULL;
}

static void
raw_answer (Raw *raw,
            GIOStream *stream,
            const char *request)
{
  GOutputStream *output = g_io_stream_get_output_stream (stream);

  if (raw->handshake)
    {
      g_autofree char *key = raw_accept_key (request);
      g_autofree char *head
          = g_strdup_printf ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                             "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n%s\r\n",
                             key, raw->headers != NULL ? raw->headers : "");

      g_output_stream_write_all (output, head, strlen (head), NULL, NULL, NULL);
    }

  if (raw->answer->len > 0)
    g_output_stream_write_all (output, raw->answer->data, raw->answer->len, NULL, NULL, NULL);
  if (raw->flood != NULL && raw->flooded == NULL)
    {
      raw->flooded = output;
      raw->flooder = g_thread_new ("flood", flood, raw);
    }
  if (raw->close_after)
    g_io_stream_close (stream, NULL, NULL);
}

static void
on_raw_request (GObject *source,
                GAsyncResult *result,
                gpointer data)
{
  g_autoptr (GBytes) bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result,
                                                               NULL);
  GIOStream *stream = g_object_get_data (source, "stream");
  Raw *raw = data;
  gsize length = 0;
  const char *text = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;

  if (length == 0)
    return;

  g_free (raw->request);
  raw->request = g_strndup (text, length);
  raw_answer (raw, stream, raw->request);
}

static gboolean
on_raw_incoming (GSocketService *service,
                 GSocketConnection *connection,
                 GObject *source,
                 gpointer data)
{
  Raw *raw = data;
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (connection));

  raw->accepted++;
  g_ptr_array_add (raw->streams, g_object_ref (connection));
  if (raw->answer_unasked)
    {
      raw_answer (raw, G_IO_STREAM (connection), "");
      return TRUE;
    }

  g_object_set_data (G_OBJECT (input), "stream", connection);
  g_input_stream_read_bytes_async (input, 65536, G_PRIORITY_DEFAULT, NULL, on_raw_request, raw);
  return TRUE;
}

Raw *
raw_new (const void *answer,
         gsize length)
{
  Raw *raw = g_new0 (Raw, 1);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) effective = NULL;
  g_autoptr (GError) error = NULL;

  raw->answer = g_byte_array_new ();
  g_byte_array_append (raw->answer, answer, length);
  raw->streams = g_ptr_array_new_with_free_func (g_object_unref);
  raw->service = g_socket_service_new ();
  g_socket_listener_add_address (G_SOCKET_LISTENER (raw->service), address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &effective, &error);
  g_assert_no_error (error);
  raw->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));
  g_signal_connect (raw->service, "incoming", G_CALLBACK (on_raw_incoming), raw);
  return raw;
}

char *
raw_uri (Raw *raw)
{
  return g_strdup_printf ("ws://127.0.0.1:%u/ws", raw->port);
}

gsize
raw_await_ebb (Raw *raw)
{
  while (!g_atomic_int_get (&raw->ebbed))
    g_main_context_iteration (NULL, TRUE);
  g_thread_join (g_steal_pointer (&raw->flooder));
  return raw->flooded_bytes;
}

void
raw_free (Raw *raw)
{
  g_assert_null (raw->flooder);
  g_signal_handlers_disconnect_by_data (raw->service, raw);
  g_socket_service_stop (raw->service);
  g_socket_listener_close (G_SOCKET_LISTENER (raw->service));
  g_object_unref (raw->service);
  for (guint i = 0; i < raw->streams->len; i++)
    g_io_stream_close (g_ptr_array_index (raw->streams, i), NULL, NULL);
  g_ptr_array_unref (raw->streams);
  g_byte_array_unref (raw->answer);
  g_clear_pointer (&raw->flood, g_bytes_unref);
  g_free (raw->request);
  g_free (raw);
}
