/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Close codes of RFC 6455, section 7.4.1. */
#define ALCOVE_SERVER_CLOSE_GOING_AWAY 1001
#define ALCOVE_SERVER_CLOSE_POLICY 1008
#define ALCOVE_SERVER_CLOSE_TOO_BIG 1009

#define ALCOVE_TYPE_SERVER_CLIENT (alcove_server_client_get_type ())
G_DECLARE_INTERFACE (AlcoveServerClient, alcove_server_client, ALCOVE, SERVER_CLIENT, GObject)

/**
 * AlcoveServerClient:
 *
 * What a dialect sees of somebody who is connected: a line for text messages.
 * The server's is a WebSocket; tests put a list of strings in its place, so
 * that a dialect is tested without sockets.
 *
 * Main context only.
 */
struct _AlcoveServerClientInterface {
  GTypeInterface parent_iface;

  void (*send_text)  (AlcoveServerClient *self,
                      const char         *text);
  void (*close)      (AlcoveServerClient *self,
                      guint               code,
                      const char         *reason);
  void (*set_joined) (AlcoveServerClient *self);

  /* NULL where connections have no id of their own */
  const char *(*get_id) (AlcoveServerClient *self);
};

void alcove_server_client_send_text  (AlcoveServerClient *self,
                                      const char         *text);
void alcove_server_client_close      (AlcoveServerClient *self,
                                      guint               code,
                                      const char         *reason);
void alcove_server_client_set_joined (AlcoveServerClient *self);

const char *alcove_server_client_get_id (AlcoveServerClient *self);

G_END_DECLS
