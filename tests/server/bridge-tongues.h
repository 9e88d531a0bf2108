/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "alcove-dialect.h"
#include "fake-client.h"

G_BEGIN_DECLS

/*
 * Clients of all protocols, reduced to what a bridge is about: to whom they are told to
 * offer, for whom they are told to wait, and what reaches them from whom.
 */

typedef enum {
  HEARD_OFFER_TO,
  HEARD_WAIT_FOR,
  HEARD_OFFER,
  HEARD_ANSWER,
  HEARD_CANDIDATE,
  HEARD_LEFT,
} HeardKind;

typedef struct {
  HeardKind kind;
  char *who;
  /* the description or the candidate */
  char *text;
  char *mid;
  int mline_index;
} Heard;

typedef struct _Person Person;

typedef struct {
  /* as in the table */
  const char *title;
  /* those with the same number share a dialect */
  guint dialect;
  AlcoveDialect *(*create) (void);
  void (*enter) (Person *self);
  void (*listen) (Person *self, JsonNode *node);
  void (*describe) (Person *self, const char *to, gboolean offer, const char *sdp);
  void (*trickle) (Person *self, const char *to, const char *mid, int index, const char *text);
  /* NULL where closing is the only way */
  void (*leave) (Person *self);
} Tongue;

struct _Person {
  const Tongue *tongue;
  AlcoveDialect *dialect;
  FakeClient *client;
  char *self;
  char *room;
  /* of Heard */
  GQueue heard;
};

enum {
  SKYRTC,
  WEBRTCROOM,
  RTCMESH,
  RTCSIGNAL,
  DISPATCHER,
  GUEST,
  N_TONGUES,
};

#define N_DIALECTS 5

extern const Tongue tongues[N_TONGUES];

Person *person_new         (const Tongue  *tongue,
                            AlcoveDialect *dialect,
                            const char    *path,
                            const char    *room);
void    person_free        (Person        *self);
void    person_say         (Person        *self,
                            const char    *format,
                            ...) G_GNUC_PRINTF (2, 3);
void    person_listen      (Person        *self);
Heard  *person_take        (Person        *self);
void    heard_free         (Heard         *heard);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Heard, heard_free)

G_END_DECLS
