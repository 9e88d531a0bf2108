/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-host"

#include "config.h"

#include "alcove-host.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include "alcove-error.h"
#include "alcove-protocols.h"

/**
 * AlcoveHost:
 *
 * The embedded server, started when a room on this computer is joined first and kept
 * for as long as the program runs, so that the others of the room stay together when
 * we leave it.
 */

#define MAX_ADDRESSES 8

enum {
  PROP_ALLOWED_ORIGINS = 1,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

struct _AlcoveHost {
  GObject parent_instance;

  AlcoveServer *server;
  GStrv allowed_origins;
  gboolean network;
  guint16 port;
};

G_DEFINE_FINAL_TYPE (AlcoveHost, alcove_host, G_TYPE_OBJECT)

static gboolean
listen_anywhere (AlcoveHost *self,
                 AlcoveServer *server,
                 const char *address,
                 GError **error)
{
  return alcove_server_listen (server, address, self->port, NULL)
         || alcove_server_listen (server, address, ALCOVE_HOST_PORT, NULL)
         || alcove_server_listen (server, address, 0, error);
}

/* Whether the whole network could be listened to at @port; 0 stands for a free one. Returns
 * that port, or 0. Nothing listens in the meantime. */
static guint16
try_port (GSocketFamily family,
          guint16 port)
{
  g_autoptr (GInetAddress) any = g_inet_address_new_any (family);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (any, port);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GSocket) socket = g_socket_new (family, G_SOCKET_TYPE_STREAM,
                                             G_SOCKET_PROTOCOL_TCP, NULL);

  if (socket == NULL || !g_socket_bind (socket, address, TRUE, NULL))
    return 0;

  bound = g_socket_get_local_address (socket, NULL);

  return bound != NULL ? g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)) : 0;
}

static void
alcove_host_get_property (GObject *object,
                          guint id,
                          GValue *value,
                          GParamSpec *pspec)
{
  AlcoveHost *self = ALCOVE_HOST (object);

  switch (id)
    {
    case PROP_ALLOWED_ORIGINS:
      g_value_set_boxed (value, self->allowed_origins);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
alcove_host_set_property (GObject *object,
                          guint id,
                          const GValue *value,
                          GParamSpec *pspec)
{
  AlcoveHost *self = ALCOVE_HOST (object);

  switch (id)
    {
    case PROP_ALLOWED_ORIGINS:
      alcove_host_set_allowed_origins (self, g_value_get_boxed (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
alcove_host_dispose (GObject *object)
{
  alcove_host_stop (ALCOVE_HOST (object));

  G_OBJECT_CLASS (alcove_host_parent_class)->dispose (object);
}

static void
alcove_host_finalize (GObject *object)
{
  g_strfreev (ALCOVE_HOST (object)->allowed_origins);

  G_OBJECT_CLASS (alcove_host_parent_class)->finalize (object);
}

static void
alcove_host_class_init (AlcoveHostClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = alcove_host_get_property;
  object_class->set_property = alcove_host_set_property;
  object_class->dispose = alcove_host_dispose;
  object_class->finalize = alcove_host_finalize;

  props[PROP_ALLOWED_ORIGINS]
      = g_param_spec_boxed ("allowed-origins", NULL, NULL, G_TYPE_STRV,
                            G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
alcove_host_init (AlcoveHost *self)
{
  self->port = ALCOVE_HOST_PORT;
  self->allowed_origins = g_new0 (char *, 1);
}

/**
 * alcove_host_new:
 *
 * Returns: (transfer full): a host that does not listen yet
 */
AlcoveHost *
alcove_host_new (void)
{
  return g_object_new (ALCOVE_TYPE_HOST, NULL);
}

/**
 * alcove_host_start:
 * @self: a host
 * @network: whether other computers may connect
 * @error: where to put an error of %ALCOVE_ERROR
 *
 * Listens on the port that was used or told before, else on the usual one, else on a free
 * one. A server that listens already goes on, unless it listens to too few or too many.
 *
 * Returns: whether it listens
 */
gboolean
alcove_host_start (AlcoveHost *self,
                   gboolean network,
                   GError **error)
{
  const AlcoveServerLimits limits = ALCOVE_SERVER_LIMITS_INIT;
  g_autoptr (AlcoveServer) server = NULL;

  if (self->server != NULL && self->network == network)
    return TRUE;

  alcove_host_stop (self);
  server = alcove_protocols_new_server (&limits);
  alcove_server_set_allowed_origins (server, (const char *const *) self->allowed_origins);

  if (network)
    {
      /* the IPv6 wildcard takes IPv4 too, where there is IPv6 at all */
      if (!listen_anywhere (self, server, "::", NULL)
          && !listen_anywhere (self, server, "0.0.0.0", error))
        return FALSE;
    }
  else if (!listen_anywhere (self, server, "127.0.0.1", error))
    {
      return FALSE;
    }

  self->port = (guint16) alcove_server_get_port (server);
  self->server = g_steal_pointer (&server);
  self->network = network;

  return TRUE;
}

/**
 * alcove_host_stop:
 * @self: a host
 *
 * Closes every connection.
 */
void
alcove_host_stop (AlcoveHost *self)
{
  if (self->server != NULL)
    alcove_server_stop (self->server);
  g_clear_object (&self->server);
}

/**
 * alcove_host_set_allowed_origins:
 * @self: a host
 * @origins: (nullable) (array zero-terminated=1): of which origins pages are let in too, as
 *   browsers write them; `*` for any
 *
 * Pages from this computer, and from the network if that is served, are let in anyway.
 */
void
alcove_host_set_allowed_origins (AlcoveHost *self,
                                 const char *const *origins)
{
  static const char *const none[] = { NULL };

  if (origins == NULL)
    origins = none;
  if (g_strv_equal (origins, (const char *const *) self->allowed_origins))
    return;

  g_strfreev (self->allowed_origins);
  self->allowed_origins = g_strdupv ((char **) origins);
  if (self->server != NULL)
    alcove_server_set_allowed_origins (self->server, origins);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ALLOWED_ORIGINS]);
}

/**
 * alcove_host_get_port:
 * @self: a host
 *
 * Returns: the port it listens on, 0 if it does not listen
 */
guint
alcove_host_get_port (AlcoveHost *self)
{
  return self->server != NULL ? alcove_server_get_port (self->server) : 0;
}

/**
 * alcove_host_plan_port:
 * @self: a host
 *
 * Finds out where a room that is open to the network will be, so that its address can be
 * given to others before it is open.
 *
 * Returns: the port it listens on, or the one it is going to take
 */
guint
alcove_host_plan_port (AlcoveHost *self)
{
  guint16 port;

  if (self->server != NULL)
    return self->port;

  port = try_port (G_SOCKET_FAMILY_IPV6, self->port);
  if (port == 0)
    port = try_port (G_SOCKET_FAMILY_IPV6, 0);
  /* a computer without IPv6 */
  if (port == 0)
    port = try_port (G_SOCKET_FAMILY_IPV4, self->port);
  if (port == 0)
    port = try_port (G_SOCKET_FAMILY_IPV4, 0);
  if (port != 0)
    self->port = port;

  return self->port;
}

/**
 * alcove_host_dup_uri:
 * @self: a host that listens
 *
 * Returns: (transfer full): its address for ourselves
 */
char *
alcove_host_dup_uri (AlcoveHost *self)
{
  return alcove_host_format_uri ("127.0.0.1", alcove_host_get_port (self));
}

/**
 * alcove_host_dup_public_uri:
 * @self: a host that listens
 *
 * Returns: (transfer full): its address for others: on the network if it listens there
 */
char *
alcove_host_dup_public_uri (AlcoveHost *self)
{
  g_auto (GStrv) addresses = self->network ? alcove_host_list_addresses () : NULL;

  return alcove_host_format_uri (
      addresses != NULL && addresses[0] != NULL ? addresses[0] : "127.0.0.1",
      alcove_host_get_port (self));
}

/**
 * alcove_host_format_uri:
 * @address: an IPv4 or IPv6 address
 * @port: a port
 *
 * Returns: (transfer full): the address of a server there
 */
char *
alcove_host_format_uri (const char *address,
                        guint port)
{
  gboolean v6 = strchr (address, ':') != NULL;

  return g_strdup_printf (v6 ? "ws://[%s]:%u" : "ws://%s:%u", address, port);
}

/* Appends the addresses of one family; @wanted is of GSocketFamily. */
static void
append_family (GStrvBuilder *builder,
               const struct ifaddrs *list,
               GSocketFamily wanted,
               guint *n)
{
  for (const struct ifaddrs *i = list; i != NULL && *n < MAX_ADDRESSES; i = i->ifa_next)
    {
      g_autoptr (GSocketAddress) socket_address = NULL;
      g_autofree char *text = NULL;
      GInetAddress *address;
      gsize length = wanted == G_SOCKET_FAMILY_IPV4 ? sizeof (struct sockaddr_in)
                                                    : sizeof (struct sockaddr_in6);

      if (i->ifa_addr == NULL || i->ifa_addr->sa_family != wanted
          || (i->ifa_flags & (IFF_UP | IFF_RUNNING)) != (IFF_UP | IFF_RUNNING))
        continue;

      socket_address = g_socket_address_new_from_native (i->ifa_addr, length);
      if (!G_IS_INET_SOCKET_ADDRESS (socket_address))
        continue;

      address = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (socket_address));
      /* a link-local address means nothing without an interface, which differs per computer */
      if (g_inet_address_get_is_loopback (address) || g_inet_address_get_is_link_local (address))
        continue;

      text = g_inet_address_to_string (address);
      g_strv_builder_add (builder, text);
      (*n)++;
    }
}

/**
 * alcove_host_list_addresses:
 *
 * Returns: (transfer full): the addresses under which the network may know this
 *   computer, IPv4 first
 */
GStrv
alcove_host_list_addresses (void)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  struct ifaddrs *list = NULL;
  guint n = 0;

  if (getifaddrs (&list) == 0)
    {
      append_family (builder, list, G_SOCKET_FAMILY_IPV4, &n);
      append_family (builder, list, G_SOCKET_FAMILY_IPV6, &n);
      freeifaddrs (list);
    }

  return g_strv_builder_end (builder);
}
