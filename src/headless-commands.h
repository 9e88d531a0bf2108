/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-engine.h"
#include "headless-events.h"
#include "headless-files.h"
#include "headless-recordings.h"

G_BEGIN_DECLS

/* What alcove-headless is told. */
typedef struct _HeadlessCommands HeadlessCommands;

HeadlessCommands *headless_commands_new  (AlcoveRoom         *room,
                                          AlcoveEngine       *engine,
                                          gboolean            has_sound,
                                          HeadlessEvents     *events,
                                          HeadlessFiles      *files,
                                          HeadlessRecordings *recordings);
void              headless_commands_free (HeadlessCommands   *self);
char             *headless_commands_dup_help (void);

G_END_DECLS
