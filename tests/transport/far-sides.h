/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* A server on libsoup that keeps its connections and echoes. */
typedef struct {
  SoupServer *server;
  GPtrArray *connections;
  GPtrArray *paths;
  GPtrArray *received;
  gboolean origin;
  guint pages;
  /* what it says at once, NULL-terminated */
  const char *const *greeting;
  guint accepted;
  guint count;
  guint ended;
} Server;

/* A peer that reads one request and answers with whatever bytes it was given. */
typedef struct {
  GSocketService *service;
  guint16 port;
  GByteArray *answer;
  gboolean handshake;
  gboolean answer_unasked;
  gboolean close_after;
  guint accepted;
  GPtrArray *streams;
} Raw;

Server *server_new    (void);
/* On this computer only; 0 is any free port. */
void    server_listen (Server     *server,
                       guint       port);
/* The same over TLS, with a certificate of tests/data/tls. */
void    server_listen_tls (Server *server,
                           const char *certificate,
                           guint       port);
char   *server_uri    (Server     *server,
                       const char *path);
void    server_free   (Server     *server);

/* Listens at once, on a free port of this computer. */
Raw    *raw_new       (const void *answer,
                       gsize       length);
char   *raw_uri       (Raw        *raw);
void    raw_free      (Raw        *raw);

G_END_DECLS
