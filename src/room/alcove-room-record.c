/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-room-record"

#include "config.h"

#include "alcove-room-private.h"

#include <string.h>

#include <glib/gi18n.h>

#include "alcove-participant-private.h"

/*
 * Recordings of members. Each link writes a file of its own: where a pair is repaired, the
 * recording goes on in another. Who is recorded is told, if it is an Alcove.
 */

/* More repairs than that no recording outlives. */
#define MAX_FILES 100

static char *
make_path (AlcoveRoomMember *self)
{
  const char *dot = strrchr (self->recording_path, '.');
  gsize stem = dot != NULL ? (gsize) (dot - self->recording_path) : strlen (self->recording_path);

  if (self->n_recordings == 0)
    return g_strdup (self->recording_path);
  return g_strdup_printf ("%.*s (%u)%s", (int) stem, self->recording_path, self->n_recordings + 1,
                          dot != NULL ? dot : "");
}

static void
link_failed_cb (AlcovePeerLink *link,
                const GError *error,
                AlcoveRoomMember *member)
{
  alcove_room_record_end (member, error);
}

/* Returns whether it has begun on the link there is, or waits for one. */
static gboolean
record_link (AlcoveRoomMember *self,
             GError **error)
{
  AlcovePeerLink *link = alcove_participant_get_link (self->participant);
  g_autofree char *path = NULL;

  if (link == NULL)
    return TRUE;
  if (self->n_recordings >= MAX_FILES)
    {
      g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_FAILED,
                           _ ("The recording has ended: the connection was lost too often."));
      return FALSE;
    }

  path = make_path (self);
  if (!alcove_peer_link_start_recording (link, path, error))
    return FALSE;

  self->n_recordings++;
  g_signal_connect (link, "recording-failed", G_CALLBACK (link_failed_cb), self);
  return TRUE;
}

static void
link_cb (AlcoveParticipant *participant,
         GParamSpec *pspec,
         AlcoveRoomMember *member)
{
  g_autoptr (GError) error = NULL;

  if (!record_link (member, &error))
    alcove_room_record_end (member, error);
}

/* Ends the recording of a member, if there is one. */
void
alcove_room_record_end (AlcoveRoomMember *self,
                        const GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->recording);
  AlcovePeerLink *link = alcove_participant_get_link (self->participant);
  guint n_files = self->n_recordings;

  if (task == NULL)
    return;

  g_clear_signal_handler (&self->recording_link, self->participant);
  if (link != NULL)
    {
      g_signal_handlers_disconnect_by_func (link, link_failed_cb, self);
      alcove_peer_link_stop_recording (link);
    }
  g_clear_pointer (&self->recording_path, g_free);
  self->n_recordings = 0;
  alcove_participant_set_recorded (self->participant, FALSE);
  if (alcove_room_is_active (self->room))
    alcove_room_talk_state (self);

  if (error != NULL)
    g_task_return_error (task, g_error_copy (error));
  else
    g_task_return_int (task, n_files);
}

static AlcoveRoomMember *
find (AlcoveRoom *self,
      AlcoveParticipant *participant)
{
  for (guint i = 0; i < self->members->len; i++)
    {
      AlcoveRoomMember *member = self->members->pdata[i];

      if (member->participant == participant)
        return member;
    }

  return NULL;
}

/**
 * alcove_room_set_records_all:
 * @self: a room
 * @records_all: whether what comes from everybody is recorded, outside of this room
 *
 * Tells the other Alcoves that they are recorded. Nobody can be recorded a second time then.
 */
void
alcove_room_set_records_all (AlcoveRoom *self,
                             gboolean records_all)
{
  g_autoptr (GPtrArray) members = NULL;

  if (self->records_all == records_all)
    return;

  self->records_all = records_all;
  members = alcove_room_copy_members (self);
  for (guint i = 0; i < members->len; i++)
    alcove_room_talk_state (members->pdata[i]);
}

/**
 * alcove_room_record_async:
 * @self: a room
 * @participant: somebody in it
 * @path: a file that does not exist yet
 * @callback: called on the main context when the recording has ended, for whatever reason
 * @user_data: its data
 *
 * Writes somebody's sound and pictures to a file as they come, until
 * alcove_room_stop_recording() or until they leave or we do. Where the connection is repaired
 * meanwhile it goes on in files with a number in their names. Their Alcove is told.
 */
void
alcove_room_record_async (AlcoveRoom *self,
                          AlcoveParticipant *participant,
                          const char *path,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  AlcoveRoomMember *member = find (self, participant);
  GError *error = NULL;

  g_task_set_source_tag (task, alcove_room_record_async);
  /* a link writes one file at a time: this one would end the one there is */
  if (self->records_all)
    {
      g_task_return_new_error (task, ALCOVE_ERROR, ALCOVE_ERROR_FAILED, "%s",
                               _ ("Everybody is being recorded already."));
      return;
    }
  if (member == NULL || member->recording != NULL)
    {
      g_task_return_new_error (task, ALCOVE_ERROR, ALCOVE_ERROR_FAILED, "%s",
                               _ ("This participant can’t be recorded."));
      return;
    }

  member->recording_path = g_strdup (path);
  if (!record_link (member, &error))
    {
      g_clear_pointer (&member->recording_path, g_free);
      g_task_return_error (task, error);
      return;
    }

  member->recording = g_steal_pointer (&task);
  member->recording_link
      = g_signal_connect (participant, "notify::link", G_CALLBACK (link_cb), member);
  alcove_participant_set_recorded (participant, TRUE);
  alcove_room_talk_state (member);
}

/**
 * alcove_room_record_finish:
 * @self: a room
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Errors: %ALCOVE_ERROR_FILE, %ALCOVE_ERROR_MISSING_ELEMENT, %ALCOVE_ERROR_FAILED, each with a
 * sentence for the person. What was written before it is there all the same.
 *
 * Returns: how many files were written
 */
guint
alcove_room_record_finish (AlcoveRoom *self,
                           GAsyncResult *result,
                           GError **error)
{
  gssize n = g_task_propagate_int (G_TASK (result), error);

  return n > 0 ? (guint) n : 0;
}

/**
 * alcove_room_stop_recording:
 * @self: a room
 * @participant: somebody in it
 *
 * Ends a recording. Does nothing where there is none.
 */
void
alcove_room_stop_recording (AlcoveRoom *self,
                            AlcoveParticipant *participant)
{
  AlcoveRoomMember *member = find (self, participant);

  if (member != NULL)
    alcove_room_record_end (member, NULL);
}
