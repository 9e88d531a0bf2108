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

/* Nothing that is bounded takes as much as this: here a flood ends by itself. */
#define RAW_FLOOD_MAX (64 * 1024 * 1024)

/* A peer that reads one request and answers with whatever bytes it was given. */
typedef struct {
  GSocketService *service;
  guint16 port;
  GByteArray *answer;
  gboolean handshake;
  gboolean answer_unasked;
  gboolean close_after;
  /* further lines of the handshake's head, each with its end */
  const char *headers;
  /* what the first to come is sent over and over, for as long as it takes any */
  GBytes *flood;
  GOutputStream *flooded;
  gsize flooded_bytes;
  gint ebbed;
  GThread *flooder;
  guint accepted;
  char *request;
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
/* Runs the main context until the flood ends. Returns: how many bytes of it were sent. */
gsize   raw_await_ebb (Raw        *raw);
void    raw_free      (Raw        *raw);

G_END_DECLS
