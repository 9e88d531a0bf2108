/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "alcove-participant-private.h"
#include "alcove-recording-name.h"
#include "alcove-room-private.h"
#include "room-fixture.h"

typedef struct {
  gboolean ended;
  char **files;
  GError *error;
} Recording;

static void
on_ended (GObject *object,
          GAsyncResult *result,
          gpointer data)
{
  Recording *recording = data;

  recording->ended = TRUE;
  alcove_room_record_finish (ALCOVE_ROOM (object), result, &recording->files, &recording->error);
}

static void
recording_clear (Recording *self)
{
  g_clear_pointer (&self->files, g_strfreev);
  g_clear_error (&self->error);
}

static void
begin (Fixture *self,
       Recording *recording,
       const char *path)
{
  *recording = (Recording) { 0 };
  alcove_room_record_async (self->sides[0].room, seen (self, 0, 1), path, FALSE, on_ended,
                            recording);
  settle (self);
  if (link_of (self, 0, 1) != NULL && link_of (self, 1, 0) != NULL)
    carry_texts (self, 2);
}

static void
meet (Fixture *self)
{
  join (self, 2);
  connect_all (self, 2);
  open_channels (self, 2);
}

/* Who is recorded sees it, also after their name or microphone changed. */
static void
test_told (Fixture *self,
           gconstpointer data)
{
  Recording recording;

  meet (self);
  begin (self, &recording, "/tmp/a.mkv");
  g_assert_false (recording.ended);
  g_assert_cmpstr (link_of (self, 0, 1)->recording, ==, "/tmp/a.mkv");
  g_assert_true (alcove_participant_get_recorded (seen (self, 0, 1)));
  g_assert_true (alcove_participant_get_recording (seen (self, 1, 0)));
  g_assert_false (alcove_participant_get_recording (seen (self, 0, 1)));
  alcove_room_set_muted (self->sides[0].room, TRUE);
  carry_texts (self, 2);
  g_assert_true (alcove_participant_get_recording (seen (self, 1, 0)));

  /* one at a time */
  {
    Recording second;

    begin (self, &second, "/tmp/b.mkv");
    g_assert_error (second.error, ALCOVE_ERROR, ALCOVE_ERROR_FAILED);
    g_assert_nonnull (strstr (second.error->message, "already"));
    recording_clear (&second);
  }

  alcove_room_stop_recording (self->sides[0].room, seen (self, 0, 1));
  settle (self);
  carry_texts (self, 2);
  g_assert_true (recording.ended);
  g_assert_no_error (recording.error);
  g_assert_cmpuint (g_strv_length (recording.files), ==, 1);
  g_assert_cmpstr (recording.files[0], ==, "/tmp/a.mkv");
  recording_clear (&recording);
  g_assert_null (link_of (self, 0, 1)->recording);
  g_assert_false (alcove_participant_get_recorded (seen (self, 0, 1)));
  g_assert_false (alcove_participant_get_recording (seen (self, 1, 0)));
  alcove_room_stop_recording (self->sides[0].room, seen (self, 0, 1));
}

/* Through a repair it goes on, in another file. */
static void
check_repair (Fixture *self,
              const char *path,
              const char *other_path)
{
  g_autoptr (GError) error = g_error_new (ALCOVE_ERROR, ALCOVE_ERROR_CONNECT_FAILED, "gone");
  Recording recording;
  FakeLink *first;

  meet (self);
  begin (self, &recording, path);
  first = g_object_ref (link_of (self, 0, 1));
  alcove_peer_link_emit_failed (ALCOVE_PEER_LINK (first), error);
  alcove_peer_link_emit_failed (ALCOVE_PEER_LINK (link_of (self, 1, 0)), error);
  for (guint i = 0; i < 60 && link_of (self, 0, 1) == NULL; i++)
    advance (self, 1, FALSE);
  g_assert_nonnull (link_of (self, 0, 1));
  g_assert_true (link_of (self, 0, 1) != first);
  g_assert_cmpstr (link_of (self, 0, 1)->recording, ==, other_path);
  g_assert_true (alcove_participant_get_recorded (seen (self, 0, 1)));
  g_object_unref (first);

  connect_all (self, 2);
  open_channels (self, 2);
  g_assert_true (alcove_participant_get_recording (seen (self, 1, 0)));

  /* they leave, and with them it ends */
  alcove_room_leave (self->sides[1].room);
  settle (self);
  alcove_signaller_emit_peer_left (self->sides[0].signaller, "peer-2");
  advance (self, 10, FALSE);
  g_assert_true (recording.ended);
  g_assert_no_error (recording.error);
  g_assert_cmpuint (g_strv_length (recording.files), ==, 2);
  g_assert_cmpstr (recording.files[0], ==, path);
  g_assert_cmpstr (recording.files[1], ==, other_path);
  recording_clear (&recording);
}

static void
test_repair (Fixture *self,
             gconstpointer data)
{
  check_repair (self, "/tmp/a.b/c.mkv", "/tmp/a.b/c (2).mkv");
}

/* A dot of a folder, or the first of a name, begins no extension. */
static void
test_repair_plain (Fixture *self,
                   gconstpointer data)
{
  check_repair (self, "/tmp/a.b/c", "/tmp/a.b/c (2)");
}

static void
test_repair_hidden (Fixture *self,
                    gconstpointer data)
{
  check_repair (self, "/tmp/a.b/.c", "/tmp/a.b/.c (2)");
}

/* What is there is left alone: the link that was lost may have written more than one file. */
static void
test_repair_taken (Fixture *self,
                   gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("alcove-record-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "c.mkv", NULL);
  g_autofree char *second = g_build_filename (folder, "c (2).mkv", NULL);
  g_autofree char *third = g_build_filename (folder, "c (3).mkv", NULL);

  g_assert_true (g_file_set_contents (second, "mine", -1, NULL));
  check_repair (self, path, third);
  g_assert_cmpint (g_unlink (second), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* So is what takes a name that has just been found to be free, as a link to nowhere seems to be. */
static void
test_repair_lost (Fixture *self,
                  gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("alcove-record-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "c.mkv", NULL);
  g_autofree char *second = g_build_filename (folder, "c (2).mkv", NULL);
  g_autofree char *third = g_build_filename (folder, "c (3).mkv", NULL);

  g_assert_cmpint (symlink ("nowhere", second), ==, 0);
  check_repair (self, path, third);
  g_assert_cmpint (g_unlink (second), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* Both ends lose the link, and make another one, perhaps not at the first try. */
static void
renew_link (Fixture *self)
{
  g_autoptr (GError) error = g_error_new (ALCOVE_ERROR, ALCOVE_ERROR_CONNECT_FAILED, "gone");

  alcove_peer_link_emit_failed (ALCOVE_PEER_LINK (link_of (self, 0, 1)), error);
  alcove_peer_link_emit_failed (ALCOVE_PEER_LINK (link_of (self, 1, 0)), error);
  g_assert_null (link_of (self, 0, 1));
  for (guint i = 0; i < 300 && link_of (self, 0, 1) == NULL; i++)
    advance (self, 1, FALSE);
  g_assert_nonnull (link_of (self, 0, 1));
  g_assert_nonnull (link_of (self, 1, 0));
}

/* Links on which nothing came have no files: a pair may be repaired for as long as it takes. */
static void
test_repair_vain (Fixture *self,
                  gconstpointer data)
{
  static const char path[] = "/nowhere/a.mkv";
  /* the latter where a link is replaced at once, and may have a file until it has ended */
  static const char *const seconds[] = { "/nowhere/a (2).mkv", "/nowhere/a (3).mkv", NULL };
  g_autofree char *last = NULL;
  Recording recording;

  self->sides[0].factory->empty = TRUE;
  meet (self);
  begin (self, &recording, path);
  renew_link (self);
  g_assert_cmpstr (link_of (self, 0, 1)->recording, ==, path);
  link_of (self, 0, 1)->recording_empty = FALSE;
  renew_link (self);
  for (guint i = 0; i <= ALCOVE_RECORDING_MAX_FILES; i++)
    {
      g_assert_false (recording.ended);
      g_assert_true (g_strv_contains (seconds, link_of (self, 0, 1)->recording));
      renew_link (self);
    }

  link_of (self, 0, 1)->recording_empty = FALSE;
  last = g_strdup (link_of (self, 0, 1)->recording);
  alcove_room_stop_recording (self->sides[0].room, seen (self, 0, 1));
  settle (self);
  g_assert_true (recording.ended);
  g_assert_no_error (recording.error);
  g_assert_cmpuint (g_strv_length (recording.files), ==, 2);
  g_assert_cmpstr (recording.files[0], ==, path);
  g_assert_cmpstr (recording.files[1], ==, last);
  recording_clear (&recording);
}

/* Somebody else's file may have the name that was given back: it is left alone as well. */
static void
test_repair_given_back (Fixture *self,
                        gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("alcove-record-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "c.mkv", NULL);
  g_autofree char *second = g_build_filename (folder, "c (2).mkv", NULL);
  Recording recording;

  meet (self);
  begin (self, &recording, path);
  g_assert_true (g_file_set_contents (path, "mine", -1, NULL));
  link_of (self, 0, 1)->recording_empty = TRUE;
  renew_link (self);
  g_assert_cmpstr (link_of (self, 0, 1)->recording, ==, second);
  alcove_room_stop_recording (self->sides[0].room, seen (self, 0, 1));
  settle (self);
  g_assert_true (recording.ended);
  g_assert_no_error (recording.error);
  recording_clear (&recording);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* A name that was only proposed, as to two guests without names, is not a reason to record nothing:
 * neither at once nor where the link comes later. One that was asked for is. */
static void
test_taken (Fixture *self,
            gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("alcove-record-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "c.mkv", NULL);
  g_autofree char *second = g_build_filename (folder, "c (2).mkv", NULL);
  g_autofree char *third = g_build_filename (folder, "c (3).mkv", NULL);
  g_autofree char *offer = fake_sdp ("77");
  Recording recording = { 0 };
  Recording late = { 0 };

  meet (self);
  g_assert_true (g_file_set_contents (path, "mine", -1, NULL));
  begin (self, &recording, path);
  g_assert_error (recording.error, ALCOVE_ERROR, ALCOVE_ERROR_FILE);
  recording_clear (&recording);

  recording = (Recording) { 0 };
  alcove_room_record_async (self->sides[0].room, seen (self, 0, 1), path, TRUE, on_ended,
                            &recording);
  settle (self);
  g_assert_false (recording.ended);
  g_assert_cmpstr (link_of (self, 0, 1)->recording, ==, second);
  alcove_room_stop_recording (self->sides[0].room, seen (self, 0, 1));
  settle (self);
  g_assert_no_error (recording.error);
  g_assert_cmpuint (g_strv_length (recording.files), ==, 1);
  g_assert_cmpstr (recording.files[0], ==, second);
  recording_clear (&recording);

  /* there is no link before they offer one */
  g_assert_true (g_file_set_contents (second, "mine", -1, NULL));
  alcove_signaller_emit_peer_joined (self->sides[0].signaller, "late", NULL, FALSE);
  g_assert_null (link_to (self, "late"));
  alcove_room_record_async (self->sides[0].room, alcove_room_find (self->sides[0].room, "late"),
                            path, TRUE, on_ended, &late);
  alcove_signaller_emit_description (self->sides[0].signaller, "late", ALCOVE_DESCRIPTION_OFFER,
                                     offer);
  g_assert_nonnull (link_to (self, "late"));
  g_assert_cmpstr (link_to (self, "late")->recording, ==, third);
  alcove_room_stop_recording (self->sides[0].room,
                              alcove_room_find (self->sides[0].room, "late"));
  settle (self);
  g_assert_true (late.ended);
  g_assert_no_error (late.error);
  recording_clear (&late);

  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_unlink (second), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* Where a recording's file has a number, the next has the next one. */
static void
test_names (void)
{
  static const char *const names[][2] = {
    { "/nowhere/gate.mkv", "/nowhere/gate (2).mkv" },
    { "/nowhere/gate (2).mkv", "/nowhere/gate (3).mkv" },
    { "/nowhere/gate (100)", "/nowhere/gate (101)" },
    { "/nowhere/gate (2026).mkv", "/nowhere/gate (2026) (2).mkv" },
    { "/nowhere/gate (4294967298).mkv", "/nowhere/gate (4294967298) (2).mkv" },
    { "/nowhere/gate(2).mkv", "/nowhere/gate(2) (2).mkv" },
    { "/nowhere/gate ().mkv", "/nowhere/gate () (2).mkv" },
    { "/nowhere/ (2).mkv", "/nowhere/ (2) (2).mkv" },
    { "(2).mkv", "(2) (2).mkv" },
    { "/nowhere/2)", "/nowhere/2) (2)" },
    { "/nowhere/)", "/nowhere/) (2)" },
    { "/nowhere/.mkv", "/nowhere/.mkv (2)" },
    { "/no (2).b/gate", "/no (2).b/gate (2)" },
    { "", " (2)" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      guint n = 1;
      g_autofree char *next = alcove_recording_name_next (names[i][0], &n);

      g_assert_cmpstr (next, ==, names[i][1]);
      g_assert_cmpuint (n, ==, 2);
      n = ALCOVE_RECORDING_MAX_FILES;
      g_assert_null (alcove_recording_name_next (names[i][0], &n));
    }
}

static void
test_kinds (void)
{
  static const char *const names[] = { "a.webm", "/b/a.WEBM", "a (2).webm" };
  static const char *const others[] = { "a.mkv", "a", "a.webm.mkv", "a.webm/b", "webm", "" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_true (alcove_recording_name_is_webm (names[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_false (alcove_recording_name_is_webm (others[i]));
}

static void
test_failed (Fixture *self,
             gconstpointer data)
{
  g_autoptr (GError) error = g_error_new (ALCOVE_ERROR, ALCOVE_ERROR_FILE, "full");
  Recording recording;

  meet (self);
  begin (self, &recording, "/proc/a.mkv");
  g_assert_error (recording.error, ALCOVE_ERROR, ALCOVE_ERROR_FILE);
  recording_clear (&recording);
  g_assert_false (alcove_participant_get_recorded (seen (self, 0, 1)));

  /* the disk is full: the call goes on */
  begin (self, &recording, "/tmp/a.mkv");
  g_assert_cmpstr (link_of (self, 0, 1)->recording, ==, "/tmp/a.mkv");
  alcove_peer_link_emit_recording_failed (ALCOVE_PEER_LINK (link_of (self, 0, 1)), error);
  settle (self);
  carry_texts (self, 2);
  g_assert_error (recording.error, ALCOVE_ERROR, ALCOVE_ERROR_FILE);
  recording_clear (&recording);
  g_assert_false (alcove_participant_get_recording (seen (self, 1, 0)));
  g_assert_true (alcove_participant_get_connected (seen (self, 0, 1)));

  /* we leave while it runs */
  begin (self, &recording, "/tmp/b.mkv");
  alcove_room_leave (self->sides[0].room);
  advance (self, 4, FALSE);
  g_assert_true (recording.ended);
  g_assert_no_error (recording.error);
  recording_clear (&recording);
}

/* Who is not there any more is not recorded, and is not said to be recorded already. */
static void
test_left (Fixture *self,
           gconstpointer data)
{
  g_autoptr (AlcoveParticipant) other = NULL;
  Recording recording = { 0 };

  meet (self);
  other = g_object_ref (seen (self, 0, 1));
  alcove_signaller_emit_peer_left (self->sides[0].signaller, "peer-2");
  advance (self, 10, FALSE);
  g_assert_null (alcove_room_find (self->sides[0].room, "peer-2"));
  alcove_room_record_async (self->sides[0].room, other, "/tmp/a.mkv", FALSE, on_ended,
                            &recording);
  settle (self);
  g_assert_error (recording.error, ALCOVE_ERROR, ALCOVE_ERROR_FAILED);
  g_assert_nonnull (strstr (recording.error->message, "left"));
  recording_clear (&recording);
}

/* Nothing more can be written after a repair: what was recorded is named. */
static void
test_partly (Fixture *self,
             gconstpointer data)
{
  g_autoptr (GError) gone = g_error_new (ALCOVE_ERROR, ALCOVE_ERROR_CONNECT_FAILED, "gone");
  g_autoptr (GError) full = g_error_new (ALCOVE_ERROR, ALCOVE_ERROR_FILE, "full");
  Recording recording;
  FakeLink *first;

  meet (self);
  begin (self, &recording, "/nowhere/a.mkv");
  first = g_object_ref (link_of (self, 0, 1));
  alcove_peer_link_emit_failed (ALCOVE_PEER_LINK (first), gone);
  alcove_peer_link_emit_failed (ALCOVE_PEER_LINK (link_of (self, 1, 0)), gone);
  for (guint i = 0; i < 60 && link_of (self, 0, 1) == NULL; i++)
    advance (self, 1, FALSE);
  g_object_unref (first);
  g_assert_cmpstr (link_of (self, 0, 1)->recording, ==, "/nowhere/a (2).mkv");
  link_of (self, 0, 1)->recording_error
      = g_error_new (ALCOVE_ERROR, ALCOVE_ERROR_FILE, "full, at the end");
  alcove_peer_link_emit_recording_failed (ALCOVE_PEER_LINK (link_of (self, 0, 1)), full);
  settle (self);
  g_assert_true (recording.ended);
  g_assert_error (recording.error, ALCOVE_ERROR, ALCOVE_ERROR_FILE);
  g_assert_cmpstr (recording.error->message, ==,
                   "full, at the end What was recorded is in “/nowhere/a.mkv”, “/nowhere/a (2).mkv”.");
  g_assert_cmpuint (g_strv_length (recording.files), ==, 2);
  g_assert_cmpstr (recording.files[0], ==, "/nowhere/a.mkv");
  g_assert_cmpstr (recording.files[1], ==, "/nowhere/a (2).mkv");
  recording_clear (&recording);
}

/* What became of it is known when its file is closed. */
static void
test_outcome (Fixture *self,
              gconstpointer data)
{
  Recording recording;

  meet (self);
  begin (self, &recording, "/tmp/a.mkv");
  link_of (self, 0, 1)->recording_empty = TRUE;
  alcove_room_stop_recording (self->sides[0].room, seen (self, 0, 1));
  settle (self);
  g_assert_true (recording.ended);
  g_assert_no_error (recording.error);
  g_assert_cmpuint (g_strv_length (recording.files), ==, 0);
  recording_clear (&recording);

  begin (self, &recording, "/tmp/b.mkv");
  link_of (self, 0, 1)->recording_empty = FALSE;
  link_of (self, 0, 1)->recording_error = g_error_new (ALCOVE_ERROR, ALCOVE_ERROR_FILE, "full");
  alcove_room_stop_recording (self->sides[0].room, seen (self, 0, 1));
  settle (self);
  g_assert_true (recording.ended);
  g_assert_cmpuint (g_strv_length (recording.files), ==, 1);
  g_assert_cmpstr (recording.files[0], ==, "/tmp/b.mkv");
  g_assert_error (recording.error, ALCOVE_ERROR, ALCOVE_ERROR_FILE);
  recording_clear (&recording);
}

static void
test_sharing (Fixture *self,
              gconstpointer data)
{
  meet (self);
  alcove_room_set_sharing (self->sides[0].room, TRUE);
  carry_texts (self, 2);
  g_assert_true (alcove_participant_get_sharing (seen (self, 1, 0)));
  g_assert_false (alcove_participant_get_sharing (seen (self, 0, 1)));
  alcove_room_set_sharing (self->sides[0].room, FALSE);
  carry_texts (self, 2);
  g_assert_false (alcove_participant_get_sharing (seen (self, 1, 0)));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("record/told", test_told);
  ADD ("record/repair", test_repair);
  ADD ("record/repair-plain", test_repair_plain);
  ADD ("record/repair-hidden", test_repair_hidden);
  ADD ("record/repair-taken", test_repair_taken);
  ADD ("record/repair-lost", test_repair_lost);
  ADD ("record/repair-vain", test_repair_vain);
  ADD ("record/repair-given-back", test_repair_given_back);
  g_test_add_func ("/room/record/names", test_names);
  g_test_add_func ("/room/record/kinds", test_kinds);
  ADD ("record/taken", test_taken);
  ADD ("record/failed", test_failed);
  ADD ("record/left", test_left);
  ADD ("record/partly", test_partly);
  ADD ("record/outcome", test_outcome);
  ADD ("sharing", test_sharing);

  return g_test_run ();
}
