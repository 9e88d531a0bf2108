/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-server-listen"

#include "config.h"

#include "alcove-server-listen.h"

#include <errno.h>

#include <glib/gi18n.h>

#include "alcove-error.h"

/* How often another free port is tried when ::1 does not have the one that
 * 127.0.0.1 was given. */
#define MAX_TRIES 16
#define BACKLOG 64

static guint
get_port (GSocket *socket)
{
  g_autoptr (GSocketAddress) address = g_socket_get_local_address (socket, NULL);

  return address != NULL ? g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)) : 0;
}

/* A socket that listens at exactly this address. */
static GSocket *
open_socket (GInetAddress *address,
             guint port,
             GError **error)
{
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GSocketAddress) socket_address = g_inet_socket_address_new (address, port);

  socket = g_socket_new (g_inet_address_get_family (address), G_SOCKET_TYPE_STREAM,
                         G_SOCKET_PROTOCOL_TCP, error);
  if (socket == NULL)
    return NULL;

  g_socket_set_listen_backlog (socket, BACKLOG);
  if (!g_socket_bind (socket, socket_address, TRUE, error) || !g_socket_listen (socket, error))
    return NULL;

  return g_steal_pointer (&socket);
}

static void
set_plain_error (GError **error,
                 const GError *cause,
                 const char *address,
                 guint port)
{
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
    g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_LISTEN,
                 _ ("Port %u is already used by another program. Choose another port."), port);
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_LISTEN,
                 _ ("Port %u needs more rights than this program has. "
                    "Choose one of 1024 or more."),
                 port);
  else if (g_error_matches (cause, G_IO_ERROR, g_io_error_from_errno (EADDRNOTAVAIL)))
    g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_LISTEN,
                 _ ("This computer doesn’t have the address %s."), address);
  else
    g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_LISTEN,
                 _ ("The server can’t listen at %s, port %u: %s"), address, port, cause->message);
}

/* 127.0.0.1 and ::1 with one port; a computer without IPv6 gets the first alone. */
static gboolean
open_loopback (GPtrArray *sockets,
               guint port,
               GError **error)
{
  g_autoptr (GInetAddress) v4 = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GInetAddress) v6 = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV6);

  for (guint i = 0; i < MAX_TRIES; i++)
    {
      g_autoptr (GError) cause = NULL;
      g_autoptr (GSocket) first = open_socket (v4, port, &cause);
      g_autoptr (GSocket) second = NULL;

      if (first == NULL)
        {
          set_plain_error (error, cause, "127.0.0.1", port);
          return FALSE;
        }

      second = open_socket (v6, get_port (first), &cause);
      if (second == NULL && g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
        {
          if (port == 0)
            continue;

          set_plain_error (error, cause, "::1", port);
          return FALSE;
        }

      g_ptr_array_add (sockets, g_steal_pointer (&first));
      if (second != NULL)
        g_ptr_array_add (sockets, g_steal_pointer (&second));
      return TRUE;
    }

  g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_LISTEN, _ ("There is no free port."));
  return FALSE;
}

static gboolean
open_one (GPtrArray *sockets,
          GInetAddress *inet,
          guint port,
          GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autofree char *text = g_inet_address_to_string (inet);
  GSocket *socket = open_socket (inet, port, &cause);

  if (socket == NULL)
    {
      set_plain_error (error, cause, text, port);
      return FALSE;
    }

  g_ptr_array_add (sockets, socket);
  return TRUE;
}

/* The whole network: one socket of IPv6 that takes IPv4 too, which is GSocket's way, or
 * one of IPv4. */
static gboolean
open_any (GPtrArray *sockets,
          guint port,
          GError **error)
{
  g_autoptr (GInetAddress) v6 = g_inet_address_new_any (G_SOCKET_FAMILY_IPV6);
  g_autoptr (GInetAddress) v4 = g_inet_address_new_any (G_SOCKET_FAMILY_IPV4);

  if (open_one (sockets, v6, port, NULL))
    return TRUE;

  return open_one (sockets, v4, port, error);
}

/**
 * alcove_server_open_sockets:
 * @address: (nullable): an IPv4 or IPv6 address; %NULL or `localhost` for this computer
 *   alone, over both families; `any` or `*` for all networks it is in
 * @port: the port, or 0 for any free one
 * @loopback_only: (out): whether only this computer can connect
 * @error: return location for an error
 *
 * Opens what a server listens on, and nothing more than was asked for. Host
 * names other than `localhost` are not resolved.
 *
 * Errors: %ALCOVE_ERROR_LISTEN with a plain sentence: port in use, not allowed,
 * address not ours, no address at all.
 *
 * Returns: (transfer full) (element-type GSocket): listening sockets, all with one port
 */
GPtrArray *
alcove_server_open_sockets (const char *address,
                            guint port,
                            gboolean *loopback_only,
                            GError **error)
{
  g_autoptr (GPtrArray) sockets = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GInetAddress) inet = NULL;
  gboolean ok;

  if (port > G_MAXUINT16)
    {
      g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_LISTEN,
                   _ ("%u is no port. Ports go from 1 to 65535; 0 picks a free one."), port);
      return NULL;
    }

  if (address == NULL || g_ascii_strcasecmp (address, "localhost") == 0)
    {
      *loopback_only = TRUE;
      ok = open_loopback (sockets, port, error);
    }
  else if (g_str_equal (address, "*") || g_ascii_strcasecmp (address, "any") == 0)
    {
      *loopback_only = FALSE;
      ok = open_any (sockets, port, error);
    }
  else
    {
      inet = g_inet_address_new_from_string (address);
      if (inet == NULL)
        {
          g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_LISTEN,
                       _ ("“%s” is no address of a computer. "
                          "Write it in numbers, for example 127.0.0.1."),
                       address);
          return NULL;
        }

      *loopback_only = g_inet_address_get_is_loopback (inet);
      ok = open_one (sockets, inet, port, error);
    }

  return ok ? g_steal_pointer (&sockets) : NULL;
}
