/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "alcove-link-history.h"
#include "alcove-peer-link.h"

G_BEGIN_DECLS

/**
 * AlcoveParticipantState:
 * @ALCOVE_PARTICIPANT_CONNECTING: no picture yet
 * @ALCOVE_PARTICIPANT_LIVE: decoded frames arrive
 * @ALCOVE_PARTICIPANT_STALE: the last decoded frame is older than 3 s
 * @ALCOVE_PARTICIPANT_REPAIRING: a fresh link is being negotiated
 * @ALCOVE_PARTICIPANT_UNREACHABLE: there was never a picture, and the last attempt came to nothing;
 *   another one follows
 */
typedef enum {
  ALCOVE_PARTICIPANT_CONNECTING,
  ALCOVE_PARTICIPANT_LIVE,
  ALCOVE_PARTICIPANT_STALE,
  ALCOVE_PARTICIPANT_REPAIRING,
  ALCOVE_PARTICIPANT_UNREACHABLE,
} AlcoveParticipantState;

#define ALCOVE_TYPE_PARTICIPANT_STATE (alcove_participant_state_get_type ())
GType alcove_participant_state_get_type (void) G_GNUC_CONST;

/**
 * AlcoveParticipant:
 *
 * Somebody else in the room. Properties, all read-only for users and notified
 * on the main context: `id` (changes when they come back to a server that gives new ids),
 * `name` (nullable until known), `state`,
 * `stale-since` (#GDateTime, nullable: when the picture was lost),
 * `muted`, `camera-off`, `speaking`, `connected`, `alcove` (the far side is an Alcove too),
 * `data-only` (it has neither sound nor pictures),
 * `in-call` (between a dispatcher and a guest: the dispatcher's media goes to the guest; else
 * always true), `resting` (it is not its turn to send, so that nothing is missed),
 * `sharing` (its picture is a screen), `recording` (it records us), `recorded` (we record it),
 * `link` (#AlcovePeerLink, nullable: changes when the pair is repaired).
 *
 * Two are for users to set, and tell nobody: `volume` (0 to %ALCOVE_PARTICIPANT_MAX_VOLUME, 1 at
 * first) and `muted-for-me`. They stay when the pair is repaired.
 */
#define ALCOVE_PARTICIPANT_MAX_VOLUME 2.0

#define ALCOVE_TYPE_PARTICIPANT (alcove_participant_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveParticipant, alcove_participant, ALCOVE, PARTICIPANT, GObject)

const char            *alcove_participant_get_id          (AlcoveParticipant *self);
const char            *alcove_participant_get_name        (AlcoveParticipant *self);
AlcoveParticipantState alcove_participant_get_state       (AlcoveParticipant *self);
GDateTime             *alcove_participant_get_stale_since (AlcoveParticipant *self);
gboolean               alcove_participant_get_muted       (AlcoveParticipant *self);
gboolean               alcove_participant_get_camera_off  (AlcoveParticipant *self);
gboolean               alcove_participant_get_speaking    (AlcoveParticipant *self);
gboolean               alcove_participant_get_connected   (AlcoveParticipant *self);
gboolean               alcove_participant_get_is_alcove   (AlcoveParticipant *self);
gboolean               alcove_participant_get_data_only   (AlcoveParticipant *self);
gboolean               alcove_participant_get_in_call     (AlcoveParticipant *self);
gboolean               alcove_participant_get_resting     (AlcoveParticipant *self);
gboolean               alcove_participant_get_sharing     (AlcoveParticipant *self);
gboolean               alcove_participant_get_recording   (AlcoveParticipant *self);
gboolean               alcove_participant_get_recorded    (AlcoveParticipant *self);
gboolean               alcove_participant_get_was_here    (AlcoveParticipant *self);
gboolean               alcove_participant_get_we_offer    (AlcoveParticipant *self);
AlcovePeerLink        *alcove_participant_get_link        (AlcoveParticipant *self);
AlcoveLinkHistory     *alcove_participant_get_history     (AlcoveParticipant *self);
double                 alcove_participant_get_volume      (AlcoveParticipant *self);
void                   alcove_participant_set_volume      (AlcoveParticipant *self,
                                                           double             volume);
gboolean               alcove_participant_get_muted_for_me (AlcoveParticipant *self);
void                   alcove_participant_set_muted_for_me (AlcoveParticipant *self,
                                                            gboolean           muted);

G_END_DECLS
