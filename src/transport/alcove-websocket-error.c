/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-websocket-error"

#include "config.h"

#include "alcove-websocket-error.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#include <glib/gi18n.h>

#include "alcove-error.h"
#include "alcove-websocket-meter.h"

/*
 * Turns what GIO and libsoup report into the plain sentences of
 * the domain ALCOVE_ERROR.
 */

static char *
describe (GUri *uri)
{
  const char *host = g_uri_get_host (uri);
  int port = g_uri_get_port (uri);

  if (port < 0)
    return g_strdup (host);

  return g_strdup_printf (strchr (host, ':') != NULL ? "[%s]:%d" : "%s:%d", host, port);
}

static GError *
tls_error (const char *where,
           GTlsCertificateFlags flags)
{
  if ((flags & G_TLS_CERTIFICATE_REVOKED) != 0)
    return g_error_new (ALCOVE_ERROR, ALCOVE_ERROR_TLS,
                        _ ("There is no secure connection to %s: its certificate was taken back "
                           "by its issuer."),
                        where);
  if ((flags & G_TLS_CERTIFICATE_BAD_IDENTITY) != 0)
    return g_error_new (ALCOVE_ERROR, ALCOVE_ERROR_TLS,
                        _ ("There is no secure connection to %s: its certificate is for "
                           "another name."),
                        where);
  if ((flags & G_TLS_CERTIFICATE_EXPIRED) != 0)
    return g_error_new (ALCOVE_ERROR, ALCOVE_ERROR_TLS,
                        _ ("There is no secure connection to %s: its certificate has expired."),
                        where);
  if ((flags & G_TLS_CERTIFICATE_NOT_ACTIVATED) != 0)
    return g_error_new (ALCOVE_ERROR, ALCOVE_ERROR_TLS,
                        _ ("There is no secure connection to %s: its certificate is not "
                           "valid yet. Is this computer’s clock right?"),
                        where);
  if ((flags & G_TLS_CERTIFICATE_INSECURE) != 0)
    return g_error_new (ALCOVE_ERROR, ALCOVE_ERROR_TLS,
                        _ ("There is no secure connection to %s: its certificate uses a method "
                           "that is not secure any more."),
                        where);
  if (flags != 0)
    return g_error_new (ALCOVE_ERROR, ALCOVE_ERROR_TLS,
                        _ ("There is no secure connection to %s: nobody this computer trusts "
                           "has signed its certificate."),
                        where);

  return g_error_new (ALCOVE_ERROR, ALCOVE_ERROR_TLS,
                      _ ("There is no secure connection to %s: it does not answer as a "
                         "secure server."),
                      where);
}

static GError *
io_error (const char *where,
          int code)
{
  switch (code)
    {
    case G_IO_ERROR_CONNECTION_REFUSED:
      return g_error_new (ALCOVE_ERROR, ALCOVE_ERROR_REFUSED,
                          _ ("Nobody listens at %s: is the server running?"), where);
    case G_IO_ERROR_HOST_UNREACHABLE:
    case G_IO_ERROR_NETWORK_UNREACHABLE:
      return g_error_new (ALCOVE_ERROR, ALCOVE_ERROR_UNREACHABLE,
                          _ ("There is no way to %s from this computer’s network."), where);
    case G_IO_ERROR_PROXY_FAILED:
    case G_IO_ERROR_PROXY_AUTH_FAILED:
    case G_IO_ERROR_PROXY_NEED_AUTH:
    case G_IO_ERROR_PROXY_NOT_ALLOWED:
      return g_error_new (ALCOVE_ERROR, ALCOVE_ERROR_UNREACHABLE,
                          _ ("The network’s proxy does not let this computer reach %s."), where);
    case G_IO_ERROR_HOST_NOT_FOUND:
      return g_error_new (ALCOVE_ERROR, ALCOVE_ERROR_HOST_UNKNOWN,
                          _ ("The name in the address %s is not known."), where);
    case G_IO_ERROR_TIMED_OUT:
      return g_error_new (ALCOVE_ERROR, ALCOVE_ERROR_TIMED_OUT, _ ("%s did not answer in time."),
                          where);
    /* A socket that ends in the middle of the first answer: something is there,
     * but the question meant nothing to it. */
    case G_IO_ERROR_PARTIAL_INPUT:
    case G_IO_ERROR_INVALID_DATA:
    case G_IO_ERROR_CONNECTION_CLOSED:
      return g_error_new (ALCOVE_ERROR, ALCOVE_ERROR_NOT_WEBSOCKET,
                          _ ("Something answers at %s, but it is not a WebSocket server."), where);
    default:
      return NULL;
    }
}

/* Whether a single byte has come back on a connected socket. libsoup says
 * nothing about an answer that it can't read yet, but the kernel does. */
static gboolean
has_spoken (GSocket *socket)
{
  struct tcp_info info;
  socklen_t length = sizeof info;

  memset (&info, 0, sizeof info);
  if (socket == NULL || g_socket_is_closed (socket)
      || getsockopt (g_socket_get_fd (socket), IPPROTO_TCP, TCP_INFO, &info, &length) != 0
      || length < offsetof (struct tcp_info, tcpi_bytes_received) + sizeof info.tcpi_bytes_received)
    return FALSE;

  return info.tcpi_bytes_received > 0;
}

/**
 * alcove_websocket_uri_is_loopback:
 * @uri: an address
 *
 * Returns: whether it names this computer without leaving it
 */
gboolean
alcove_websocket_uri_is_loopback (GUri *uri)
{
  const char *host = g_uri_get_host (uri);
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  if (address != NULL)
    return g_inet_address_get_is_loopback (address);

  return g_ascii_strcasecmp (host, "localhost") == 0 || g_str_has_suffix (host, ".localhost");
}

/**
 * alcove_websocket_error_connecting:
 * @uri: where the attempt went
 * @message: the handshake
 * @cause: what libsoup says
 *
 * Returns: (transfer full): why an attempt failed, in the domain %ALCOVE_ERROR
 */
GError *
alcove_websocket_error_connecting (GUri *uri,
                                   SoupMessage *message,
                                   const GError *cause)
{
  g_autofree char *where = describe (uri);
  GError *error = NULL;

  if (cause->domain == G_RESOLVER_ERROR)
    return io_error (where, G_IO_ERROR_HOST_NOT_FOUND);

  if (cause->domain == G_TLS_ERROR)
    return tls_error (where, soup_message_get_tls_peer_certificate_errors (message));

  if (cause->domain == SOUP_WEBSOCKET_ERROR || cause->domain == SOUP_SESSION_ERROR)
    {
      guint status = soup_message_get_status (message);

      if (status == SOUP_STATUS_NONE || status == SOUP_STATUS_SWITCHING_PROTOCOLS)
        return io_error (where, G_IO_ERROR_INVALID_DATA);

      return g_error_new (ALCOVE_ERROR, ALCOVE_ERROR_NOT_WEBSOCKET,
                          _ ("A web server answers at %s, but not as a WebSocket server there "
                             "(HTTP status %u)."),
                          where, status);
    }

  if (cause->domain == G_IO_ERROR)
    error = io_error (where, cause->code);
  if (error != NULL)
    return error;

  return g_error_new (ALCOVE_ERROR, ALCOVE_ERROR_FAILED,
                      _ ("The connection to %s could not be made: %s"), where, cause->message);
}

/**
 * alcove_websocket_error_silent:
 * @uri: where the attempt went
 * @socket: (nullable): the socket, if it was connected
 * @in_tls: whether TLS was being set up; a server without TLS often just waits for more
 *
 * Returns: (transfer full): why an attempt ran out of time
 */
GError *
alcove_websocket_error_silent (GUri *uri,
                               GSocket *socket,
                               gboolean in_tls)
{
  g_autofree char *where = describe (uri);

  if (in_tls)
    return tls_error (where, G_TLS_CERTIFICATE_NO_FLAGS);

  return io_error (where, has_spoken (socket) ? G_IO_ERROR_INVALID_DATA : G_IO_ERROR_TIMED_OUT);
}

/**
 * alcove_websocket_error_open:
 * @cause: what libsoup says about a connection that was open
 *
 * Returns: (transfer full): why it ended
 */
GError *
alcove_websocket_error_open (const GError *cause)
{
  if (g_error_matches (cause, SOUP_WEBSOCKET_ERROR, SOUP_WEBSOCKET_CLOSE_TOO_BIG))
    return g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_TOO_LARGE,
                                _ ("The server sent a message over the limit."));

  if (g_error_matches (cause, ALCOVE_WEBSOCKET_METER_ERROR, ALCOVE_WEBSOCKET_METER_ERROR_TOO_FAST))
    return g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_TOO_MANY,
                                _ ("The server sends more than can be read."));

  if (cause->domain == SOUP_WEBSOCKET_ERROR)
    return g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED,
                                _ ("The server sent something that is not WebSocket."));

  return alcove_websocket_error_closed (0);
}

/**
 * alcove_websocket_error_closed:
 * @code: the close code of WebSocket, or 0 if there was none
 *
 * Returns: (transfer full): that the far side ended the connection
 */
GError *
alcove_websocket_error_closed (guint code)
{
  if (code == 0 || code == SOUP_WEBSOCKET_CLOSE_NO_STATUS
      || code == SOUP_WEBSOCKET_CLOSE_ABNORMAL)
    return g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_CLOSED,
                                _ ("The connection to the server was lost."));

  return g_error_new (ALCOVE_ERROR, ALCOVE_ERROR_CLOSED,
                      _ ("The server closed the connection (code %u)."), code);
}
