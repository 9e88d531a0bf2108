/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * The ScreenCast portal of a desktop that does as it is told, on a bus of its own.
 */
typedef struct {
  GDBusConnection *bus;
  guint object;
  guint session_object;
  char *session;     /* path, while it is open */
  char *client;
  char *remote;      /* path of PipeWire's socket */
  guint32 node;      /* what is shown */
  guint32 answer;    /* to Start: 0 yes, 1 no, 2 failed; 3: none yet */
  gboolean no_sources;
  char *parent;      /* that was given to Start */
  char *token;       /* that was given the last time; NULL if none was */
  guint n_started;
  guint n_closed;    /* by the client */
  guint n_asked;     /* SelectSources without a token */
  guint persist_mode;
  guint types;
} MockPortal;

void mock_portal_open    (MockPortal *self,
                          const char *address);
void mock_portal_end     (MockPortal *self);
void mock_portal_close   (MockPortal *self);

/* the file descriptor that a portal would hand out */
int  mock_portal_connect (const char *remote);

G_END_DECLS
