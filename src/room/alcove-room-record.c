/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-room-record"

#include "config.h"

#include "alcove-room-private.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "alcove-participant-private.h"
#include "alcove-recording-name.h"

/*
 * Recordings of members. Each link writes a file of its own: where a pair is repaired, the
 * recording goes on in another. Who is recorded is told, if it is an Alcove.
 */

/* Belongs to the task, which returns when the last file is closed. */
typedef struct {
  gboolean ended;
  guint n_open; /* links whose files are being closed */
  GPtrArray *files; /* their names */
  GError *error;
} Outcome;

static void
outcome_free (gpointer data)
{
  Outcome *self = data;

  g_ptr_array_unref (self->files);
  g_clear_error (&self->error);
  g_free (self);
}

static char **
copy_files (const Outcome *self)
{
  char **files = g_new0 (char *, self->files->len + 1);

  for (guint i = 0; i < self->files->len; i++)
    files[i] = g_strdup (self->files->pdata[i]);
  return files;
}

static void
return_if_closed (GTask *task)
{
  Outcome *outcome = g_task_get_task_data (task);
  g_auto (GStrv) files = NULL;
  g_autofree char *list = NULL;

  if (!outcome->ended || outcome->n_open > 0)
    return;

  if (outcome->error == NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  files = copy_files (outcome);
  list = alcove_recording_name_list ((const char *const *) files);
  g_task_return_new_error (task, outcome->error->domain, outcome->error->code, "%s%s%s",
                           outcome->error->message, list != NULL ? " " : "",
                           list != NULL ? list : "");
}

/* A link tells twice that nothing more can be written: at once, and when its files are closed. The
 * latter knows more: whether something is missing, or the end came late. */
static void
note_error (Outcome *self,
            const GError *error)
{
  if (self->error != NULL && !g_error_matches (self->error, ALCOVE_ERROR, ALCOVE_ERROR_FILE))
    return;

  g_clear_error (&self->error);
  self->error = g_error_copy (error);
}

static void
link_ended_cb (GObject *source,
               GAsyncResult *result,
               gpointer data)
{
  g_autoptr (GTask) task = data;
  Outcome *outcome = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) files = NULL;

  if (!alcove_peer_link_end_recording_finish (ALCOVE_PEER_LINK (source), result, &files, &error))
    note_error (outcome, error);
  for (gsize i = 0; files[i] != NULL; i++)
    g_ptr_array_add (outcome->files, g_strdup (files[i]));
  outcome->n_open--;
  return_if_closed (task);
}

static void
link_failed_cb (AlcovePeerLink *link,
                const GError *error,
                AlcoveRoomMember *member)
{
  alcove_room_record_end (member, error);
}

/* Ends it on the link that there was. */
static void
end_link (AlcoveRoomMember *self,
          GTask *task)
{
  g_autoptr (AlcovePeerLink) link = g_steal_pointer (&self->recorded_link);
  Outcome *outcome = g_task_get_task_data (task);

  if (link == NULL)
    return;

  g_signal_handlers_disconnect_by_func (link, link_failed_cb, self);
  outcome->n_open++;
  alcove_peer_link_end_recording_async (link, link_ended_cb, g_object_ref (task));
}

static gboolean
is_taken (const char *path)
{
  GStatBuf info;

  return g_lstat (path, &info) == 0;
}

/* How many files there are, as far as is known: a link whose files are being closed counts for one,
 * and one on which nothing came, as while a pair is repaired in vain, has none in the end. */
static guint
count_files (AlcoveRoomMember *self)
{
  const Outcome *outcome = self->recording != NULL ? g_task_get_task_data (self->recording) : NULL;

  return outcome != NULL ? outcome->files->len + outcome->n_open : 0;
}

/* The first file is the one that was asked for, unless that has a name that was only proposed.
 * Whatever else has the name of another one, perhaps since a moment ago, keeps it. */
static gboolean
begin_file (AlcoveRoomMember *self,
            AlcovePeerLink *link,
            GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autofree char *path = NULL;
  guint n = count_files (self);

  if (n == 0)
    {
      if (alcove_peer_link_start_recording (link, self->recording_path, &problem))
        return TRUE;
      if ((!self->recording_begun && !self->recording_may_number)
          || !is_taken (self->recording_path))
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return FALSE;
        }
      n = 1;
    }

  while ((path = alcove_recording_name_next (self->recording_path, &n)) != NULL)
    {
      g_clear_error (&problem);
      if (alcove_peer_link_start_recording (link, path, &problem))
        return TRUE;
      if (!is_taken (path))
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return FALSE;
        }
      g_clear_pointer (&path, g_free);
    }

  g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_FAILED,
               _ ("The recording has ended: it would have needed more than %d files."),
               ALCOVE_RECORDING_MAX_FILES);
  return FALSE;
}

/* Returns whether it has begun on the link there is, or waits for one. */
static gboolean
record_link (AlcoveRoomMember *self,
             GError **error)
{
  AlcovePeerLink *link = alcove_participant_get_link (self->participant);

  if (link == NULL)
    return TRUE;
  if (!begin_file (self, link, error))
    return FALSE;

  self->recording_begun = TRUE;
  self->recorded_link = g_object_ref (link);
  g_signal_connect (link, "recording-failed", G_CALLBACK (link_failed_cb), self);
  return TRUE;
}

static void
link_cb (AlcoveParticipant *participant,
         GParamSpec *pspec,
         AlcoveRoomMember *member)
{
  g_autoptr (GError) error = NULL;

  end_link (member, member->recording);
  if (!record_link (member, &error))
    alcove_room_record_end (member, error);
}

/* Ends the recording of a member, if there is one. */
void
alcove_room_record_end (AlcoveRoomMember *self,
                        const GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->recording);
  Outcome *outcome;

  if (task == NULL)
    return;

  outcome = g_task_get_task_data (task);
  g_clear_signal_handler (&self->recording_link, self->participant);
  end_link (self, task);
  g_clear_pointer (&self->recording_path, g_free);
  alcove_participant_set_recorded (self->participant, FALSE);
  if (alcove_room_is_active (self->room))
    alcove_room_talk_state (self);

  outcome->ended = TRUE;
  if (error != NULL && outcome->error == NULL)
    outcome->error = g_error_copy (error);
  return_if_closed (task);
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
 * alcove_room_record_async:
 * @self: a room
 * @participant: somebody in it
 * @path: a file that does not exist yet
 * @may_number: whether it has a number in its name where there is something of that name already,
 *   which is an error otherwise
 * @callback: called on the main context when the recording has ended, for whatever reason, and
 *   its files are closed
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
                          gboolean may_number,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  AlcoveRoomMember *member = find (self, participant);
  Outcome *outcome = g_new0 (Outcome, 1);
  GError *error = NULL;

  g_task_set_source_tag (task, alcove_room_record_async);
  outcome->files = g_ptr_array_new_with_free_func (g_free);
  g_task_set_task_data (task, outcome, outcome_free);
  if (member == NULL)
    {
      g_task_return_new_error (task, ALCOVE_ERROR, ALCOVE_ERROR_FAILED, "%s",
                               _ ("This participant has left."));
      return;
    }
  if (member->recording != NULL)
    {
      g_task_return_new_error (task, ALCOVE_ERROR, ALCOVE_ERROR_FAILED, "%s",
                               _ ("This participant is being recorded already."));
      return;
    }

  member->recording_path = g_strdup (path);
  member->recording_may_number = may_number;
  member->recording_begun = FALSE;
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
 * @files: (out) (transfer full) (array zero-terminated=1): the names of the files that have
 *   anything in them, perhaps none; set in any case
 * @error: return location for an error
 *
 * Errors: %ALCOVE_ERROR_FILE, %ALCOVE_ERROR_MISSING_ELEMENT, %ALCOVE_ERROR_FAILED, each with a
 * sentence for the person, which names the files. What was written before it is there all the same.
 *
 * Returns: whether it began, and all is in the files
 */
gboolean
alcove_room_record_finish (AlcoveRoom *self,
                           GAsyncResult *result,
                           char ***files,
                           GError **error)
{
  *files = copy_files (g_task_get_task_data (G_TASK (result)));
  return g_task_propagate_boolean (G_TASK (result), error);
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
