/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "alcove-room.h"

G_BEGIN_DECLS

/* The file events and commands of alcove-headless. */
typedef struct _HeadlessFiles HeadlessFiles;

HeadlessFiles *headless_files_new  (AlcoveRoom    *room,
                                    gint64         start);
void           headless_files_free (HeadlessFiles *self);
gboolean       headless_files_has  (const char    *command);
gboolean       headless_files_run  (HeadlessFiles *self,
                                    const char    *command,
                                    JsonObject    *object,
                                    GError       **error);

G_END_DECLS
