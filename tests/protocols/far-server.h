/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-server.h"
#include "scripted-signaller.h"

/*
 * A server over real sockets, on loopback: one of tests/peers, which share nothing with
 * Alcove, or our own with all its dialects.
 */

typedef struct {
  GSubprocess *process;
  GOutputStream *input;
  AlcoveServer *server;
  guint port; /* kept by far_close(), and taken again if it is not 0 */
} Far;

gboolean  far_spawn   (Far             *self,
                       const char      *interpreter,
                       const char      *script,
                       const char      *option,
                       const char      *value);
void      far_embed   (Far             *self);
void      far_command (Far             *self,
                       const char      *line);
void      far_close   (Far             *self);
Scripted *far_client  (Far             *self,
                       AlcoveSignaller *(*create) (GUri *),
                       const char      *path);
void      far_leave   (Scripted        *client);
