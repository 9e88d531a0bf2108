/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-participant.h"

G_BEGIN_DECLS

/* Only the room and its peers change a participant. */
AlcoveParticipant *alcove_participant_new             (const char            *id,
                                                       gboolean               we_offer,
                                                       gboolean               was_here);
void               alcove_participant_set_id          (AlcoveParticipant     *self,
                                                       const char            *id);
void               alcove_participant_set_name        (AlcoveParticipant     *self,
                                                       const char            *name);
void               alcove_participant_set_state       (AlcoveParticipant     *self,
                                                       AlcoveParticipantState state);
void               alcove_participant_set_stale_since (AlcoveParticipant     *self,
                                                       GDateTime             *stale_since);
void               alcove_participant_set_muted       (AlcoveParticipant     *self,
                                                       gboolean               muted);
void               alcove_participant_set_camera_off  (AlcoveParticipant     *self,
                                                       gboolean               camera_off);
void               alcove_participant_set_speaking    (AlcoveParticipant     *self,
                                                       gboolean               speaking);
void               alcove_participant_set_connected   (AlcoveParticipant     *self,
                                                       gboolean               connected);
void               alcove_participant_set_is_alcove   (AlcoveParticipant     *self,
                                                       gboolean               is_alcove);
void               alcove_participant_set_data_only   (AlcoveParticipant     *self,
                                                       gboolean               data_only);
void               alcove_participant_set_in_call     (AlcoveParticipant     *self,
                                                       gboolean               in_call);
void               alcove_participant_set_resting     (AlcoveParticipant     *self,
                                                       gboolean               resting);
void               alcove_participant_set_we_offer    (AlcoveParticipant     *self,
                                                       gboolean               we_offer);
void               alcove_participant_set_sharing     (AlcoveParticipant     *self,
                                                       gboolean               sharing);
void               alcove_participant_set_recording   (AlcoveParticipant     *self,
                                                       gboolean               recording);
void               alcove_participant_set_recorded    (AlcoveParticipant     *self,
                                                       gboolean               recorded);
void               alcove_participant_set_link        (AlcoveParticipant     *self,
                                                       AlcovePeerLink        *link);

G_END_DECLS
