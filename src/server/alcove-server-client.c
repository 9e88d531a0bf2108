/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-server-client"

#include "config.h"

#include "alcove-server-client.h"

G_DEFINE_INTERFACE (AlcoveServerClient, alcove_server_client, G_TYPE_OBJECT)

static void
alcove_server_client_default_init (AlcoveServerClientInterface *iface)
{
}

/**
 * alcove_server_client_send_text:
 * @self: a client
 * @text: one message, UTF-8
 *
 * Queues a message. It is dropped if the client is closing already; a client
 * that reads too slowly for what waits for it is dropped instead. Never emits
 * anything of the client before it returns.
 */
void
alcove_server_client_send_text (AlcoveServerClient *self,
                                const char *text)
{
  g_return_if_fail (ALCOVE_IS_SERVER_CLIENT (self));
  g_return_if_fail (text != NULL);

  ALCOVE_SERVER_CLIENT_GET_IFACE (self)->send_text (self, text);
}

/**
 * alcove_server_client_close:
 * @self: a client
 * @code: the WebSocket close code, RFC 6455 section 7.4
 * @reason: (nullable): a short text for the log and the close frame
 *
 * Ends the connection after what was queued has been sent. The dialect is told
 * by its `closed` function, later.
 */
void
alcove_server_client_close (AlcoveServerClient *self,
                            guint code,
                            const char *reason)
{
  g_return_if_fail (ALCOVE_IS_SERVER_CLIENT (self));

  ALCOVE_SERVER_CLIENT_GET_IFACE (self)->close (self, code, reason);
}

/**
 * alcove_server_client_set_joined:
 * @self: a client
 *
 * Tells that the client has entered a room for the first time, which is what
 * the server's join time-out waits for.
 */
void
alcove_server_client_set_joined (AlcoveServerClient *self)
{
  g_return_if_fail (ALCOVE_IS_SERVER_CLIENT (self));

  ALCOVE_SERVER_CLIENT_GET_IFACE (self)->set_joined (self);
}

/**
 * alcove_server_client_get_id:
 * @self: a client
 *
 * Returns: (transfer none) (nullable): the id that the client was told of its connection, which is
 *   the `sid` of Engine.IO's open packet; %NULL on a plain WebSocket, which tells none
 */
const char *
alcove_server_client_get_id (AlcoveServerClient *self)
{
  g_return_val_if_fail (ALCOVE_IS_SERVER_CLIENT (self), NULL);

  if (ALCOVE_SERVER_CLIENT_GET_IFACE (self)->get_id == NULL)
    return NULL;

  return ALCOVE_SERVER_CLIENT_GET_IFACE (self)->get_id (self);
}
