/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define ALCOVE_TYPE_RECORDER (alcove_recorder_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveRecorder, alcove_recorder, ALCOVE, RECORDER, GObject)

/**
 * AlcoveRecorder:
 *
 * Writes one participant's picture and sound, as received and without
 * transcoding, to a file that stays playable if the process dies: WebM if its name says so,
 * which holds VP8 alone, else Matroska.
 * The push functions are for streaming threads and never block; buffers carry the
 * running time of the link's pipeline. Pictures begin with the first key frame. If
 * sound or picture is missing for 3 s the file begins, or goes on, with the other alone; should it
 * come later, both go to another file from then on, with a number in its name:
 * see alcove_recording_name_next().
 * Nothing is left behind if nothing was ever pushed.
 *
 * Signal `failed (GError)`, on the main context, once: the recording ends here, since nothing more
 * can be written to its file, the next file can't be begun, or a WebM file can't hold what comes
 * (%ALCOVE_ERROR_FILE), or because it
 * would need too many of them (%ALCOVE_ERROR_FAILED).
 *
 * Signal `key-frame-wanted ()`, on the main context: pictures can go on with a key frame only.
 */
AlcoveRecorder *alcove_recorder_new         (const char     *path,
                                             GError        **error);
void            alcove_recorder_push_video  (AlcoveRecorder *self,
                                             GstSample      *sample);
void            alcove_recorder_push_audio  (AlcoveRecorder *self,
                                             GstSample      *sample);
/* finishes the file in the background; @self may be unreferenced at once */
void            alcove_recorder_finish      (AlcoveRecorder *self);
/* the same, and waits until the file is closed */
gboolean        alcove_recorder_finish_sync (AlcoveRecorder *self,
                                             gint64          deadline);
gboolean        alcove_recorder_collect     (AlcoveRecorder *self,
                                             char         ***files,
                                             GError        **error);
gboolean        alcove_recorder_is_finished (AlcoveRecorder *self);

G_END_DECLS
