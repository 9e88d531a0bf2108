/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-headless-recordings"

#include "config.h"

#include "headless-recordings.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "alcove-error.h"
#include "alcove-json.h"
#include "alcove-recordings.h"

/*
 * Recordings for scripts: the commands `record` (peer, path) and `stop-recording` (peer), and a
 * `recording` event when one has started and when its files are closed. With a folder for it,
 * everybody who comes is recorded there, but for those whose recording was stopped.
 */

#define MAX_PATH_LENGTH 4096

struct _HeadlessRecordings {
  AlcoveRoom *room;
  HeadlessEvents *events;
  char *folder;
  guint n_open; /* recordings whose end is not told yet */
  GSourceOnceFunc closed;
  gpointer closed_data;
};

/* One of them, until its end is told. */
typedef struct {
  HeadlessRecordings *owner;
  AlcoveParticipant *participant;
  char *path; /* of its first file */
  gboolean in_folder;
  gboolean started; /* that is told */
} Recording;

#define NOTES_KEY "alcove-headless-recordings"

/* What is known of a participant. */
typedef struct {
  Recording *recording; /* borrowed: the last that began, until its end is told */
  gboolean stopped; /* by the command: it takes another command to record them again */
  gboolean failed; /* an error ended the recording in the folder: another link is another try */
  AlcovePeerLink *failed_link; /* the one of then, perhaps none */
} Notes;

static void record_in_folder (HeadlessRecordings *self,
                              AlcoveParticipant *participant);

static void
notes_free (gpointer data)
{
  Notes *self = data;

  g_clear_object (&self->failed_link);
  g_free (self);
}

static Notes *
get_notes (AlcoveParticipant *participant)
{
  Notes *notes = g_object_get_data (G_OBJECT (participant), NOTES_KEY);

  if (notes == NULL)
    {
      notes = g_new0 (Notes, 1);
      g_object_set_data_full (G_OBJECT (participant), NOTES_KEY, notes, notes_free);
    }
  return notes;
}

static void
set_failed (Notes *self,
            gboolean failed,
            AlcovePeerLink *link)
{
  self->failed = failed;
  g_set_object (&self->failed_link, link);
}

/* Tells that the current recording has started, once there is a link that is up: before, there may
 * be no file, and perhaps there never will be. */
static void
tell_start (AlcoveParticipant *participant)
{
  Recording *recording = get_notes (participant)->recording;
  const char *files[] = { NULL, NULL };

  if (recording == NULL || recording->started || !alcove_participant_get_recorded (participant)
      || !alcove_participant_get_connected (participant))
    return;

  recording->started = TRUE;
  files[0] = recording->path;
  headless_events_print_recording (recording->owner->events, participant, "started", files);
}

/* Whether the end of a recording need not be the end for whom it is of: in the folder they are
 * recorded unless a command says otherwise. */
static gboolean
is_wanted (const Recording *recording)
{
  AlcoveParticipant *participant = recording->participant;
  const char *peer = alcove_participant_get_id (participant);

  return recording->in_folder && !get_notes (participant)->stopped
         && !alcove_participant_get_recorded (participant)
         && alcove_room_find (recording->owner->room, peer) == participant;
}

static void
on_ended (GObject *source,
          GAsyncResult *result,
          gpointer user_data)
{
  g_autofree Recording *recording = user_data;
  g_autoptr (AlcoveParticipant) participant = recording->participant;
  g_autofree char *path = recording->path;
  HeadlessRecordings *self = recording->owner;
  Notes *notes = get_notes (participant);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) files = NULL;

  if (notes->recording == recording)
    notes->recording = NULL;
  if (!alcove_room_record_finish (ALCOVE_ROOM (source), result, &files, &error))
    headless_events_print_error (self->events, error, participant);
  if (recording->started)
    headless_events_print_recording (self->events, participant, "ended",
                                     (const char *const *) files);
  /* somebody may be here for longer than one recording can have files */
  if (is_wanted (recording) && recording->started
      && g_error_matches (error, ALCOVE_ERROR, ALCOVE_ERROR_FAILED))
    record_in_folder (self, participant);
  else if (error != NULL && is_wanted (recording))
    set_failed (notes, TRUE, alcove_participant_get_link (participant));

  self->n_open--;
  if (self->n_open == 0 && self->closed != NULL)
    self->closed (self->closed_data);
}

static void
record (HeadlessRecordings *self,
        AlcoveParticipant *participant,
        const char *path,
        gboolean in_folder)
{
  gboolean recorded = alcove_participant_get_recorded (participant);
  Recording *recording = g_new0 (Recording, 1);
  Notes *notes = get_notes (participant);

  recording->owner = self;
  recording->participant = g_object_ref (participant);
  recording->path = g_strdup (path);
  recording->in_folder = in_folder;
  self->n_open++;
  alcove_room_record_async (self->room, participant, path, FALSE, on_ended, recording);
  if (recorded || !alcove_participant_get_recorded (participant))
    return;

  notes->recording = recording;
  notes->stopped = FALSE;
  set_failed (notes, FALSE, NULL);
  tell_start (participant);
}

static void
record_in_folder (HeadlessRecordings *self,
                  AlcoveParticipant *participant)
{
  g_autofree char *name = alcove_recordings_make_name (alcove_participant_get_id (participant));
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  record (self, participant, path, TRUE);
}

static void
on_participant_event (AlcoveRoom *room,
                      AlcoveParticipant *participant,
                      const char *event,
                      HeadlessRecordings *self)
{
  Notes *notes = get_notes (participant);
  gboolean up = g_str_equal (event, "connected") || g_str_equal (event, "repaired");
  gboolean again = up && notes->failed && !alcove_participant_get_recorded (participant)
                   && alcove_participant_get_link (participant) != notes->failed_link;

  if (up)
    tell_start (participant);
  if (again)
    set_failed (notes, FALSE, NULL);
  if (self->folder != NULL && !notes->stopped && (again || g_str_equal (event, "peer-joined")))
    record_in_folder (self, participant);
}

/**
 * headless_recordings_prepare:
 * @folder: where everybody is to be recorded
 * @error: return location
 *
 * Makes it if need be, but not what it is in: that is more likely a mistake in its name.
 *
 * Returns: whether files can be made there, or %FALSE with %ALCOVE_ERROR_FILE
 */
gboolean
headless_recordings_prepare (const char *folder,
                             GError **error)
{
  g_autofree char *shown = g_filename_display_name (folder);
  g_autofree char *probe = g_build_filename (folder, ".alcove-XXXXXX", NULL);
  int fd;

  if (g_mkdir (folder, 0700) != 0 && errno != EEXIST)
    {
      g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_FILE,
                   _ ("The folder “%s” for recordings can’t be made: %s"), shown,
                   g_strerror (errno));
      return FALSE;
    }

  /* only that shows whether a file can be made: what a folder allows is not all there is to it */
  fd = g_mkstemp_full (probe, O_WRONLY | O_CLOEXEC, 0600);
  if (fd < 0)
    {
      g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_FILE,
                   _ ("Recordings can’t be written in “%s”: %s"), shown, g_strerror (errno));
      return FALSE;
    }

  close (fd);
  g_unlink (probe);
  return TRUE;
}

/**
 * headless_recordings_new:
 * @room: the room
 * @folder: (nullable): where everybody is recorded from now on
 * @events: what prints; outlives the recordings
 *
 * Returns: (transfer full): free with headless_recordings_free()
 */
HeadlessRecordings *
headless_recordings_new (AlcoveRoom *room,
                         const char *folder,
                         HeadlessEvents *events)
{
  HeadlessRecordings *self = g_new0 (HeadlessRecordings, 1);

  self->room = g_object_ref (room);
  self->folder = g_strdup (folder);
  self->events = events;
  g_signal_connect (room, "participant-event", G_CALLBACK (on_participant_event), self);
  return self;
}

/**
 * headless_recordings_free:
 * @self: (nullable): recordings, all of them closed
 */
void
headless_recordings_free (HeadlessRecordings *self)
{
  if (self == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->room, self);
  g_object_unref (self->room);
  g_free (self->folder);
  g_free (self);
}

/**
 * headless_recordings_has:
 * @command: a command's name
 *
 * Returns: whether it is for headless_recordings_run()
 */
gboolean
headless_recordings_has (const char *command)
{
  const char *const commands[] = { "record", "stop-recording", NULL };

  return g_strv_contains (commands, command);
}

/**
 * headless_recordings_run:
 * @self: recordings
 * @command: its name
 * @object: its members
 * @error: return location
 *
 * Returns: whether it was understood; what comes of it is told by events
 */
gboolean
headless_recordings_run (HeadlessRecordings *self,
                         const char *command,
                         JsonObject *object,
                         GError **error)
{
  AlcoveParticipant *participant;
  const char *peer;
  const char *path;

  if (!alcove_json_get_string (object, "peer", 256, &peer, error))
    return FALSE;
  participant = alcove_room_find (self->room, peer);
  if (participant == NULL)
    {
      g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_FAILED,
                   _ ("Nobody here has the id “%s”."), peer);
      return FALSE;
    }

  if (g_str_equal (command, "stop-recording"))
    {
      get_notes (participant)->stopped = TRUE;
      alcove_room_stop_recording (self->room, participant);
    }
  else if (alcove_json_get_string (object, "path", MAX_PATH_LENGTH, &path, error))
    record (self, participant, path, FALSE);
  else
    return FALSE;
  return TRUE;
}

/**
 * headless_recordings_when_closed:
 * @self: recordings
 * @func: called once there are none whose end is not told, perhaps at once
 * @data: its data
 *
 * For when the room is left, which ends them all.
 */
void
headless_recordings_when_closed (HeadlessRecordings *self,
                                 GSourceOnceFunc func,
                                 gpointer data)
{
  if (self->n_open == 0)
    {
      func (data);
      return;
    }

  self->closed = func;
  self->closed_data = data;
}
