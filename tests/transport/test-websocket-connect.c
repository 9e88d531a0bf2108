/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "alcove-error.h"
#include "far-sides.h"
#include "watch.h"

static void
assert_fails (const char *uri,
              int code)
{
  Watch *watch = watch_new (uri);

  alcove_websocket_transport_set_connect_timeout (websocket (watch), 1000);
  alcove_transport_open (watch->transport);
  wait_for (&watch->failed, 1);
  g_assert_error (watch->error, ALCOVE_ERROR, code);
  g_assert_cmpuint (watch->connecting, ==, 1);
  g_assert_cmpuint (watch->opened, ==, 0);
  g_assert_cmpuint (watch->dropped, ==, 0);
  watch_free (watch);
}

static void
assert_raw_fails (const char *answer,
                  gboolean unasked,
                  gboolean close_after,
                  int code)
{
  Raw *raw = raw_new (answer, strlen (answer));
  g_autofree char *uri = raw_uri (raw);

  raw->answer_unasked = unasked;
  raw->close_after = close_after;
  assert_fails (uri, code);
  g_assert_cmpuint (raw->accepted, >=, 1);
  raw_free (raw);
}

static void
test_refused (void)
{
  Raw *raw = raw_new ("", 0);
  g_autofree char *uri = raw_uri (raw);

  raw_free (raw);
  assert_fails (uri, ALCOVE_ERROR_REFUSED);
}

static void
test_unknown_host (void)
{
  Watch *watch = watch_new ("ws://no-such-host.invalid:8888/ws");

  alcove_transport_open (watch->transport);
  wait_for (&watch->failed, 1);
  g_assert_error (watch->error, ALCOVE_ERROR, ALCOVE_ERROR_HOST_UNKNOWN);
  watch_free (watch);
}

static void
test_no_address (void)
{
  assert_fails (NULL, ALCOVE_ERROR_ADDRESS_INVALID);
  assert_fails ("not an address", ALCOVE_ERROR_ADDRESS_INVALID);
}

static void
test_not_websocket (void)
{
  Server *server = server_new ();
  g_autofree char *page = NULL;
  g_autofree char *missing = NULL;

  server_listen (server, 0);
  page = server_uri (server, "/page");
  missing = server_uri (server, "/nothing");
  assert_fails (page, ALCOVE_ERROR_NOT_WEBSOCKET);
  assert_fails (missing, ALCOVE_ERROR_NOT_WEBSOCKET);
  server_free (server);

  assert_raw_fails ("SSH-2.0-OpenSSH_9.2p1\r\n", TRUE, TRUE, ALCOVE_ERROR_NOT_WEBSOCKET);
  assert_raw_fails ("SSH-2.0-OpenSSH_9.2p1\r\n", TRUE, FALSE, ALCOVE_ERROR_NOT_WEBSOCKET);
  assert_raw_fails ("\x01\x02\x03\r\n\r\n", FALSE, FALSE, ALCOVE_ERROR_NOT_WEBSOCKET);
  assert_raw_fails ("HTTP/9 what\r\n\r\n", FALSE, TRUE, ALCOVE_ERROR_NOT_WEBSOCKET);
  assert_raw_fails ("", FALSE, TRUE, ALCOVE_ERROR_NOT_WEBSOCKET);
  assert_raw_fails ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                    "Connection: Upgrade\r\nSec-WebSocket-Accept: bm8=\r\n\r\n",
                    FALSE, FALSE, ALCOVE_ERROR_NOT_WEBSOCKET);
  assert_raw_fails ("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n"
                    "Content-Length: 0\r\n\r\n",
                    FALSE, FALSE, ALCOVE_ERROR_NOT_WEBSOCKET);
}

static void
test_silent (void)
{
  assert_raw_fails ("", TRUE, FALSE, ALCOVE_ERROR_TIMED_OUT);
}

static GTlsCertificate *
make_certificate (void)
{
  g_autofree char *dir = g_dir_make_tmp ("alcove-test-XXXXXX", NULL);
  g_autofree char *key = g_build_filename (dir, "key.pem", NULL);
  g_autofree char *cert = g_build_filename (dir, "cert.pem", NULL);
  const char *argv[] = { "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                         "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                         "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout",
                         key, "-out", cert, NULL };
  GTlsCertificate *certificate = NULL;

  if (g_spawn_sync (NULL, (char **) argv, NULL,
                    G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL,
                    NULL, NULL, NULL, NULL, NULL, NULL))
    certificate = g_tls_certificate_new_from_files (cert, key, NULL);

  g_remove (key);
  g_remove (cert);
  g_rmdir (dir);
  return certificate;
}

/* A server whose certificate nobody knows: one connection, one handshake. libsoup's own
 * would wait in its close for a handshake that only the main context can end. */
typedef struct {
  GSocketListener *listener;
  GTlsCertificate *certificate;
  GIOStream *tls;
  gboolean ended;
} TlsServer;

static void
on_handshake (GObject *source,
              GAsyncResult *result,
              gpointer user_data)
{
  TlsServer *server = user_data;

  g_tls_connection_handshake_finish (G_TLS_CONNECTION (source), result, NULL);
  server->ended = TRUE;
}

static void
on_tls_accepted (GObject *source,
                 GAsyncResult *result,
                 gpointer user_data)
{
  TlsServer *server = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) connection
      = g_socket_listener_accept_finish (G_SOCKET_LISTENER (source), result, NULL, &error);

  g_assert_no_error (error);
  server->tls
      = g_tls_server_connection_new (G_IO_STREAM (connection), server->certificate, &error);
  g_assert_no_error (error);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (server->tls), G_PRIORITY_DEFAULT, NULL,
                                    on_handshake, server);
}

static void
assert_unknown_certificate_fails (GTlsCertificate *certificate)
{
  TlsServer server = { .listener = g_socket_listener_new (), .certificate = certificate };
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any_port = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *uri = NULL;

  g_socket_listener_add_address (server.listener, any_port, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &address, &error);
  g_assert_no_error (error);
  g_socket_listener_accept_async (server.listener, NULL, on_tls_accepted, &server);
  uri = g_strdup_printf ("wss://127.0.0.1:%u/ws",
                         g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)));

  assert_fails (uri, ALCOVE_ERROR_TLS);
  while (!server.ended)
    g_main_context_iteration (NULL, TRUE);

  g_object_unref (server.tls);
  g_socket_listener_close (server.listener);
  g_object_unref (server.listener);
}

static void
test_tls (void)
{
  g_autoptr (GTlsCertificate) certificate = NULL;
  g_autofree char *plain = NULL;
  g_autofree char *secure = NULL;
  Server *server = server_new ();

  server_listen (server, 0);
  plain = server_uri (server, "/ws");
  secure = g_strconcat ("wss", strchr (plain, ':'), NULL);

  if (g_tls_backend_supports_tls (g_tls_backend_get_default ()))
    assert_fails (secure, ALCOVE_ERROR_TLS);
  server_free (server);

  certificate = make_certificate ();
  if (certificate == NULL)
    g_test_skip ("no openssl to make a certificate with, or no TLS in GIO");
  else
    assert_unknown_certificate_fails (certificate);
}

int
main (int argc,
      char **argv)
{
  websocket_test_init (&argc, &argv);
  g_test_add_func ("/websocket/refused", test_refused);
  g_test_add_func ("/websocket/unknown-host", test_unknown_host);
  g_test_add_func ("/websocket/no-address", test_no_address);
  g_test_add_func ("/websocket/not-websocket", test_not_websocket);
  g_test_add_func ("/websocket/silent", test_silent);
  g_test_add_func ("/websocket/tls", test_tls);
  return g_test_run ();
}
