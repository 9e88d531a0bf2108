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
 * everybody who comes is recorded there.
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

/* Set on a participant whose recording an error ended: the next connection is recorded again. */
#define FAILED_KEY "alcove-headless-recording-failed"

/* One of them, until its end is told. */
typedef struct {
  HeadlessRecordings *owner;
  AlcoveParticipant *participant;
  gboolean started;
} Recording;

static void record_in_folder (HeadlessRecordings *self,
                              AlcoveParticipant *participant);

/* For as long as somebody is here, which may be longer than one recording can have files. */
static gboolean
goes_on (const Recording *recording,
         const GError *error)
{
  const char *peer = alcove_participant_get_id (recording->participant);

  return recording->started && recording->owner->folder != NULL
         && g_error_matches (error, ALCOVE_ERROR, ALCOVE_ERROR_FAILED)
         && alcove_room_find (recording->owner->room, peer) == recording->participant;
}

static void
on_ended (GObject *source,
          GAsyncResult *result,
          gpointer user_data)
{
  g_autofree Recording *recording = user_data;
  g_autoptr (AlcoveParticipant) participant = recording->participant;
  HeadlessRecordings *self = recording->owner;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) files = NULL;

  if (!alcove_room_record_finish (ALCOVE_ROOM (source), result, &files, &error))
    headless_events_print_error (self->events, error, participant);
  if (recording->started)
    headless_events_print_recording (self->events, participant, "ended",
                                     (const char *const *) files);
  if (goes_on (recording, error))
    record_in_folder (self, participant);
  else if (error != NULL && !alcove_participant_get_recorded (participant))
    g_object_set_data (G_OBJECT (participant), FAILED_KEY, self);

  self->n_open--;
  if (self->n_open == 0 && self->closed != NULL)
    self->closed (self->closed_data);
}

static void
record (HeadlessRecordings *self,
        AlcoveParticipant *participant,
        const char *path)
{
  const char *const files[] = { path, NULL };
  gboolean recorded = alcove_participant_get_recorded (participant);
  Recording *recording = g_new0 (Recording, 1);

  recording->owner = self;
  recording->participant = g_object_ref (participant);
  self->n_open++;
  alcove_room_record_async (self->room, participant, path, on_ended, recording);
  recording->started = !recorded && alcove_participant_get_recorded (participant);
  if (recording->started)
    headless_events_print_recording (self->events, participant, "started", files);
}

static void
record_in_folder (HeadlessRecordings *self,
                  AlcoveParticipant *participant)
{
  g_autofree char *name = alcove_recordings_make_name (alcove_participant_get_id (participant));
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  record (self, participant, path);
}

static void
on_participant_event (AlcoveRoom *room,
                      AlcoveParticipant *participant,
                      const char *event,
                      HeadlessRecordings *self)
{
  gboolean again = (g_str_equal (event, "connected") || g_str_equal (event, "repaired"))
                   && !alcove_participant_get_recorded (participant)
                   && g_object_steal_data (G_OBJECT (participant), FAILED_KEY) != NULL;

  if (self->folder != NULL && (again || g_str_equal (event, "peer-joined")))
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
      g_object_set_data (G_OBJECT (participant), FAILED_KEY, NULL);
      alcove_room_stop_recording (self->room, participant);
    }
  else if (alcove_json_get_string (object, "path", MAX_PATH_LENGTH, &path, error))
    record (self, participant, path);
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
