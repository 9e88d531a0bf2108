/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "alcove-participant.h"

G_BEGIN_DECLS

/* The lines that alcove-headless prints. @start is when the program was started, of the
 * monotonic clock. */
JsonBuilder *headless_event_begin       (gint64             start,
                                         const char        *event);
JsonBuilder *headless_event_begin_about (gint64             start,
                                         const char        *event,
                                         AlcoveParticipant *participant);
void         headless_event_add_string  (JsonBuilder       *builder,
                                         const char        *member,
                                         const char        *value);
void         headless_event_add_int     (JsonBuilder       *builder,
                                         const char        *member,
                                         gint64             value);
void         headless_event_add_figure  (JsonBuilder       *builder,
                                         const char        *member,
                                         double             value,
                                         gboolean           known);
void         headless_event_end         (JsonBuilder       *builder);

G_END_DECLS
