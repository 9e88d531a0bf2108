/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* With as much less would do who hears it: about what a listener keeps ready, in microseconds. */
#define ALCOVE_SOUND_DELAY_LATE (40 * G_TIME_SPAN_MILLISECOND)

/**
 * AlcoveSoundDelay:
 *
 * Counts the packets of our sound that this machine was late with: how long their sound was on its
 * way from capture on. Where it keeps up that is next to nothing, however large the pieces that a
 * device gives. It has no clock of its own. Atomically counted references; any thread.
 */
typedef struct _AlcoveSoundDelay AlcoveSoundDelay;

AlcoveSoundDelay *alcove_sound_delay_new        (void);
AlcoveSoundDelay *alcove_sound_delay_ref        (AlcoveSoundDelay *self);
void              alcove_sound_delay_unref      (AlcoveSoundDelay *self);
void              alcove_sound_delay_add_piece  (AlcoveSoundDelay *self,
                                                 GstClockTime      end,
                                                 gint64            time);
void              alcove_sound_delay_add_packet (AlcoveSoundDelay *self,
                                                 GstClockTime      end,
                                                 gint64            time);
void              alcove_sound_delay_count      (AlcoveSoundDelay *self,
                                                 guint64          *packets,
                                                 guint64          *late);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlcoveSoundDelay, alcove_sound_delay_unref)

G_END_DECLS
