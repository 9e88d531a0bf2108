/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "alcove-description-type.h"
#include "alcove-hub.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_BRIDGE (alcove_bridge_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveBridge, alcove_bridge, ALCOVE, BRIDGE, GObject)

/* An id that the bridge makes has as many characters as a UUID in text, the one
 * length that every protocol takes. */
#define ALCOVE_BRIDGE_ID_LENGTH 36

/**
 * AlcoveBridgeAbilities:
 * @ALCOVE_BRIDGE_ANSWERS: can be brought to wait for the other's offer
 * @ALCOVE_BRIDGE_OFFERS: can be brought to offer
 * @ALCOVE_BRIDGE_OFFERS_LATE: can be brought to offer, but only by telling it something
 *   that its own server would not have said then; for where nothing else helps
 *
 * What a protocol's rule about offers leaves open for one of its members.
 */
typedef enum {
  ALCOVE_BRIDGE_ANSWERS = 1 << 0,
  ALCOVE_BRIDGE_OFFERS = 1 << 1,
  ALCOVE_BRIDGE_OFFERS_LATE = 1 << 2,
} AlcoveBridgeAbilities;

/**
 * AlcoveBridgeSide:
 * @first: what a member can do about somebody who comes after it
 * @newcomer: what it can do about somebody who is there before it
 * @name: (nullable): the name under which the member shall know @id; %NULL takes the id as it is.
 *   It must not be the name of anybody else the member can know
 * @announce: somebody came after the member; @offers says whether the member is the one
 *   to offer
 * @withdraw: somebody the member knows has gone
 * @description: a description from somebody the member knows
 * @candidate: a candidate; @mid is nullable, @mline_index is -1 if there is none
 *
 * What one dialect does for its members towards those of other dialects. The functions
 * only write to the member's connection: they must not enter or leave anybody.
 */
typedef struct {
  AlcoveBridgeAbilities first;
  AlcoveBridgeAbilities newcomer;

  char *(*name)        (AlcoveHubMember      *member,
                        const char           *id);
  void  (*announce)    (AlcoveHubMember      *member,
                        const char           *other,
                        gboolean              offers);
  void  (*withdraw)    (AlcoveHubMember      *member,
                        const char           *other);
  void  (*description) (AlcoveHubMember      *member,
                        const char           *from,
                        AlcoveDescriptionType type,
                        const char           *sdp);
  void  (*candidate)   (AlcoveHubMember      *member,
                        const char           *from,
                        const char           *mid,
                        int                   mline_index,
                        const char           *candidate);
} AlcoveBridgeSide;

AlcoveBridge *alcove_bridge_new              (guint                   max_members);
void          alcove_bridge_enter            (AlcoveBridge           *self,
                                              AlcoveHubMember        *member,
                                              const char             *room,
                                              const AlcoveBridgeSide *side);
void          alcove_bridge_introduce        (AlcoveBridge           *self,
                                              AlcoveHubMember        *member);
void          alcove_bridge_leave            (AlcoveBridge           *self,
                                              AlcoveHubMember        *member);
GStrv         alcove_bridge_list             (AlcoveBridge           *self,
                                              AlcoveHubMember        *member,
                                              AlcoveBridgeAbilities   abilities);
gboolean      alcove_bridge_knows            (AlcoveBridge           *self,
                                              AlcoveHubMember        *member,
                                              const char             *other);
void          alcove_bridge_part             (AlcoveBridge           *self,
                                              AlcoveHubMember        *member,
                                              const char             *other);
gboolean      alcove_bridge_send_description (AlcoveBridge           *self,
                                              AlcoveHubMember        *member,
                                              const char             *to,
                                              AlcoveDescriptionType   type,
                                              const char             *sdp);
gboolean      alcove_bridge_send_candidate   (AlcoveBridge           *self,
                                              AlcoveHubMember        *member,
                                              const char             *to,
                                              const char             *mid,
                                              int                     mline_index,
                                              const char             *candidate);
gboolean      alcove_bridge_is_id_taken      (AlcoveBridge           *self,
                                              const char             *id);

G_END_DECLS
