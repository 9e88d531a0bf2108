/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-recorder.h"

G_BEGIN_DECLS

/**
 * AlcoveRecordings:
 *
 * The recorders of one engine, kept until their files are closed. Counted, since a link may outlive
 * its engine; main context.
 */
typedef struct _AlcoveRecordings AlcoveRecordings;

AlcoveRecordings *alcove_recordings_new       (void);
AlcoveRecordings *alcove_recordings_ref       (AlcoveRecordings *self);
void              alcove_recordings_unref     (AlcoveRecordings *self);
AlcoveRecorder   *alcove_recordings_make      (AlcoveRecordings *self,
                                               const char       *path,
                                               GError          **error);
gboolean          alcove_recordings_finish    (AlcoveRecordings *self,
                                               gint64            deadline);
char             *alcove_recordings_make_name (const char       *peer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlcoveRecordings, alcove_recordings_unref)

G_END_DECLS
