/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-room.h"

G_BEGIN_DECLS

/* What alcove-headless prints. */
typedef struct _HeadlessEvents HeadlessEvents;

HeadlessEvents *headless_events_new              (AlcoveRoom        *room,
                                                  gint64             start);
void            headless_events_free             (HeadlessEvents    *self);
void            headless_events_print_error      (HeadlessEvents    *self,
                                                  const GError      *error,
                                                  AlcoveParticipant *participant);
void            headless_events_print_error_over (HeadlessEvents    *self,
                                                  const GError      *error);
void            headless_events_print_recording  (HeadlessEvents    *self,
                                                  AlcoveParticipant *participant,
                                                  const char        *state,
                                                  const char *const *files);
void            headless_events_print_left       (HeadlessEvents    *self);

G_END_DECLS
