/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "headless-events.h"

G_BEGIN_DECLS

/* The recordings of alcove-headless. */
typedef struct _HeadlessRecordings HeadlessRecordings;

gboolean            headless_recordings_prepare     (const char         *folder,
                                                     GError            **error);
HeadlessRecordings *headless_recordings_new         (AlcoveRoom         *room,
                                                     const char         *folder,
                                                     HeadlessEvents     *events);
void                headless_recordings_free        (HeadlessRecordings *self);
gboolean            headless_recordings_has         (const char         *command);
gboolean            headless_recordings_run         (HeadlessRecordings *self,
                                                     const char         *command,
                                                     JsonObject         *object,
                                                     GError            **error);
void                headless_recordings_when_closed (HeadlessRecordings *self,
                                                     GSourceOnceFunc     func,
                                                     gpointer            data);

G_END_DECLS
