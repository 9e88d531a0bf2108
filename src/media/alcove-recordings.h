/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-recorder.h"

G_BEGIN_DECLS

/**
 * AlcoveRecordings:
 *
 * The recorders of one engine, kept until their files are closed.
 */
typedef struct _AlcoveRecordings AlcoveRecordings;

AlcoveRecordings *alcove_recordings_new       (const char       *directory);
void              alcove_recordings_free      (AlcoveRecordings *self);
AlcoveRecorder   *alcove_recordings_make      (AlcoveRecordings *self,
                                               const char       *peer,
                                               GError          **error);
gboolean          alcove_recordings_finish    (AlcoveRecordings *self,
                                               gint64            deadline);
char             *alcove_recordings_make_name (const char       *peer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlcoveRecordings, alcove_recordings_free)

G_END_DECLS
