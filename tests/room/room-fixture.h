/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-error.h"
#include "alcove-memory-signaller.h"
#include "alcove-room.h"
#include "fake-link.h"

G_BEGIN_DECLS

/* Three rooms of one name, each with a person of its own, over one hub and one clock. */
#define N_ROOMS 3

typedef struct {
  AlcoveRoom *room;
  AlcoveSignaller *signaller;
  FakeFactory *factory;
  GPtrArray *events; /* "name id" */
  GPtrArray *chat;   /* "id text" */
  GArray *problems;  /* of int */
  guint n_left;
  guint n_failed;
} Side;

typedef struct {
  AlcoveMemoryHub *hub;
  gint64 now;
  Side sides[N_ROOMS];
} Fixture;

#define ADD(path, func)                                                                            \
  g_test_add ("/room/" path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

void               fixture_set_up    (Fixture      *self,
                                      gconstpointer data);
void               fixture_tear_down (Fixture      *self,
                                      gconstpointer data);

/* Until nothing is left to be delivered. */
void               settle            (Fixture      *self);
/* The first @n, one after the other. */
void               join              (Fixture      *self,
                                      guint         n);
/* Lets the clock run, with pictures arriving over the connected links or without. */
void               advance           (Fixture      *self,
                                      double        seconds,
                                      gboolean      frames);
void               connect_link      (Fixture      *self,
                                      guint         by,
                                      guint         whom);
void               connect_all       (Fixture      *self,
                                      guint         n);

/* Carries what the links were asked to send to the other ends, until all is said. */
void               carry_texts       (Fixture      *self,
                                      guint         n);
void               open_channels     (Fixture      *self,
                                      guint         n);

const char        *id_of             (Fixture      *self,
                                      guint         whom);
AlcoveParticipant *seen              (Fixture      *self,
                                      guint         by,
                                      guint         whom);
FakeLink          *link_of           (Fixture      *self,
                                      guint         by,
                                      guint         whom);
/* The first side's link to somebody who has no room here; NULL while there is none. */
FakeLink          *link_to           (Fixture      *self,
                                      const char   *id);
guint              count_events      (Side         *side,
                                      const char   *prefix);
gboolean           had_problem       (Side         *side,
                                      AlcoveError   code);

G_END_DECLS
