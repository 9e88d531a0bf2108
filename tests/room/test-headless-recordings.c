/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "headless-recordings.h"
#include "room-fixture.h"

/* Stands for what prints: "started", "ended" and "error" with its code. */
struct _HeadlessEvents {
  GPtrArray *lines;
};

/* What the fake links can write to, and what they can't. */
#define FOLDER "/nowhere"
#define WRONG_FOLDER "/proc"
#define WRONG_PATH "/proc/a.mkv"

void
headless_events_print_error (HeadlessEvents *self,
                             const GError *error,
                             AlcoveParticipant *participant)
{
  g_assert_nonnull (participant);
  g_ptr_array_add (self->lines, g_strdup_printf ("error %s", alcove_error_get_code (error)));
}

void
headless_events_print_recording (HeadlessEvents *self,
                                 AlcoveParticipant *participant,
                                 const char *state,
                                 const char *const *files)
{
  g_ptr_array_add (self->lines, g_strdup (state));
}

typedef struct {
  Fixture *fixture;
  HeadlessEvents events;
  HeadlessRecordings *recordings;
  gboolean closed;
} Recorder;

static void
recorder_init (Recorder *self,
               Fixture *fixture,
               const char *folder)
{
  *self = (Recorder) { .fixture = fixture };
  self->events.lines = g_ptr_array_new_with_free_func (g_free);
  self->recordings = headless_recordings_new (fixture->sides[0].room, folder, &self->events);
}

static void
on_closed (gpointer data)
{
  ((Recorder *) data)->closed = TRUE;
}

static void
recorder_clear (Recorder *self)
{
  alcove_room_leave (self->fixture->sides[0].room);
  advance (self->fixture, 4, FALSE);
  headless_recordings_when_closed (self->recordings, on_closed, self);
  g_assert_true (self->closed);
  headless_recordings_free (self->recordings);
  g_ptr_array_unref (self->events.lines);
}

/* What was told since it was asked last, with commas. */
static char *
take_lines (Recorder *self)
{
  g_autofree char *lines = NULL;

  settle (self->fixture);
  g_ptr_array_add (self->events.lines, NULL);
  lines = g_strjoinv (", ", (char **) self->events.lines->pdata);
  g_ptr_array_set_size (self->events.lines, 0);
  return g_steal_pointer (&lines);
}

#define assert_told(self, expected)                                                                \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *told = take_lines (self);                                                     \
                                                                                                   \
    g_assert_cmpstr (told, ==, expected);                                                          \
  }                                                                                                \
  G_STMT_END

static void
run (Recorder *self,
     const char *command,
     const char *path)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (GError) error = NULL;

  json_object_set_string_member (object, "peer", id_of (self->fixture, 1));
  if (path != NULL)
    json_object_set_string_member (object, "path", path);
  g_assert_true (headless_recordings_run (self->recordings, command, object, &error));
  g_assert_no_error (error);
}

static gboolean
is_recorded (Recorder *self)
{
  return alcove_participant_get_recorded (seen (self->fixture, 0, 1));
}

/* Both ends lose the link, and make another one, which is not up yet. */
static void
renew_link (Recorder *self)
{
  g_autoptr (GError) error = g_error_new (ALCOVE_ERROR, ALCOVE_ERROR_CONNECT_FAILED, "gone");
  Fixture *fixture = self->fixture;

  alcove_peer_link_emit_failed (ALCOVE_PEER_LINK (link_of (fixture, 0, 1)), error);
  alcove_peer_link_emit_failed (ALCOVE_PEER_LINK (link_of (fixture, 1, 0)), error);
  g_assert_null (link_of (fixture, 0, 1));
  for (guint i = 0; i < 300 && link_of (fixture, 0, 1) == NULL; i++)
    advance (fixture, 1, FALSE);
  g_assert_nonnull (link_of (fixture, 0, 1));
}

/* The disk is full. */
static void
fail_recording (Recorder *self)
{
  g_autoptr (GError) full = g_error_new (ALCOVE_ERROR, ALCOVE_ERROR_FILE, "full");

  alcove_peer_link_emit_recording_failed (ALCOVE_PEER_LINK (link_of (self->fixture, 0, 1)), full);
}

/* A recording has started when there is a connection, and not before. */
static void
test_started (Fixture *fixture,
              gconstpointer data)
{
  Recorder recorder;

  recorder_init (&recorder, fixture, FOLDER);
  join (fixture, 2);
  g_assert_nonnull (link_of (fixture, 0, 1)->recording);
  assert_told (&recorder, "");
  connect_all (fixture, 2);
  assert_told (&recorder, "started");

  /* once, however often it is repaired */
  renew_link (&recorder);
  connect_all (fixture, 2);
  g_assert_true (is_recorded (&recorder));
  assert_told (&recorder, "");
  run (&recorder, "stop-recording", NULL);
  assert_told (&recorder, "ended");
  run (&recorder, "record", "/nowhere/a.mkv");
  assert_told (&recorder, "started");
  recorder_clear (&recorder);
}

/* By a command, before the connection: it may never come. */
static void
test_early (Fixture *fixture,
            gconstpointer data)
{
  Recorder recorder;

  recorder_init (&recorder, fixture, NULL);
  join (fixture, 2);
  run (&recorder, "record", "/nowhere/a.mkv");
  g_assert_true (is_recorded (&recorder));
  run (&recorder, "stop-recording", NULL);
  assert_told (&recorder, "");
  run (&recorder, "record", "/nowhere/b.mkv");
  assert_told (&recorder, "");
  connect_all (fixture, 2);
  assert_told (&recorder, "started");
  recorder_clear (&recorder);
}

/* One that could not begin is an error alone, once for each connection. */
static void
test_wrong_folder (Fixture *fixture,
                   gconstpointer data)
{
  Recorder recorder;

  recorder_init (&recorder, fixture, WRONG_FOLDER);
  join (fixture, 2);
  assert_told (&recorder, "error file");
  connect_all (fixture, 2);
  advance (fixture, 2, TRUE);
  assert_told (&recorder, "");

  renew_link (&recorder);
  assert_told (&recorder, "");
  connect_all (fixture, 2);
  advance (fixture, 2, TRUE);
  assert_told (&recorder, "error file");
  recorder_clear (&recorder);
}

/* What an error ended goes on with the next connection. */
static void
test_again (Fixture *fixture,
            gconstpointer data)
{
  Recorder recorder;

  recorder_init (&recorder, fixture, FOLDER);
  join (fixture, 2);
  connect_all (fixture, 2);
  fail_recording (&recorder);
  assert_told (&recorder, "started, error file, ended");
  advance (fixture, 2, TRUE);
  assert_told (&recorder, "");

  renew_link (&recorder);
  connect_all (fixture, 2);
  g_assert_true (is_recorded (&recorder));
  assert_told (&recorder, "started");
  recorder_clear (&recorder);
}

/* Not so what was stopped, though an error comes after it. */
static void
test_stopped (Fixture *fixture,
              gconstpointer data)
{
  Recorder recorder;

  recorder_init (&recorder, fixture, FOLDER);
  join (fixture, 2);
  connect_all (fixture, 2);
  link_of (fixture, 0, 1)->recording_error = g_error_new (ALCOVE_ERROR, ALCOVE_ERROR_FILE, "full");
  run (&recorder, "stop-recording", NULL);
  assert_told (&recorder, "started, error file, ended");
  renew_link (&recorder);
  connect_all (fixture, 2);
  assert_told (&recorder, "");
  g_assert_false (is_recorded (&recorder));

  /* as when it could not have had more files */
  run (&recorder, "record", "/nowhere/a.mkv");
  link_of (fixture, 0, 1)->recording_error = g_error_new (ALCOVE_ERROR, ALCOVE_ERROR_FAILED, "all");
  run (&recorder, "stop-recording", NULL);
  assert_told (&recorder, "started, error failed, ended");
  g_assert_false (is_recorded (&recorder));
  recorder_clear (&recorder);
}

/* Nor what a command began, or could not begin: that says nothing of the folder. */
static void
test_stopped_before (Fixture *fixture,
                     gconstpointer data)
{
  Recorder recorder;

  recorder_init (&recorder, fixture, FOLDER);
  join (fixture, 2);
  connect_all (fixture, 2);
  run (&recorder, "stop-recording", NULL);
  assert_told (&recorder, "started, ended");
  run (&recorder, "record", WRONG_PATH);
  assert_told (&recorder, "error file");
  renew_link (&recorder);
  connect_all (fixture, 2);
  assert_told (&recorder, "");
  g_assert_false (is_recorded (&recorder));

  run (&recorder, "record", "/nowhere/a.mkv");
  assert_told (&recorder, "started");
  fail_recording (&recorder);
  assert_told (&recorder, "error file, ended");
  renew_link (&recorder);
  connect_all (fixture, 2);
  assert_told (&recorder, "");
  g_assert_false (is_recorded (&recorder));
  recorder_clear (&recorder);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("headless-recordings/started", test_started);
  ADD ("headless-recordings/early", test_early);
  ADD ("headless-recordings/wrong-folder", test_wrong_folder);
  ADD ("headless-recordings/again", test_again);
  ADD ("headless-recordings/stopped", test_stopped);
  ADD ("headless-recordings/stopped-before", test_stopped_before);

  return g_test_run ();
}
