/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "alcove-room-private.h"
#include "alcove-transfer-private.h"
#include "room-fixture.h"

#define SIZE 100000

typedef struct {
  Fixture room;
  char *folder;
  char *source;
  GFile *source_file;
  GFile *target;
} Files;

static gboolean
never_cb (gpointer data)
{
  g_test_fail_printf ("waited too long");
  g_assert_not_reached ();
}

/* Carries texts and runs the main loop until @condition holds; the bound only ends a test
 * that failed. */
#define wait_until(files, condition) \
  G_STMT_START \
  { \
    guint bound_id = g_timeout_add_seconds (90, never_cb, NULL); \
    carry_texts (&(files)->room, 2); \
    while (!(condition)) \
      { \
        g_main_context_iteration (NULL, TRUE); \
        carry_texts (&(files)->room, 2); \
      } \
    g_source_remove (bound_id); \
  } \
  G_STMT_END

static void
set_up (Files *self,
        gconstpointer data)
{
  g_autofree char *content = g_malloc (SIZE);
  g_autofree char *target = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < SIZE; i++)
    content[i] = (char) (i * 31 + i / 509);
  self->folder = g_dir_make_tmp ("alcove-files-XXXXXX", &error);
  g_assert_no_error (error);
  self->source = g_build_filename (self->folder, "plan <b> ü.bin", NULL);
  g_file_set_contents (self->source, content, SIZE, &error);
  g_assert_no_error (error);
  self->source_file = g_file_new_for_path (self->source);
  target = g_build_filename (self->folder, "saved.bin", NULL);
  self->target = g_file_new_for_path (target);

  fixture_set_up (&self->room, NULL);
  join (&self->room, 2);
  connect_all (&self->room, 2);
  open_channels (&self->room, 2);
}

/* How many files there are beside the one to be sent. */
static guint
count_files (Files *self)
{
  g_autoptr (GDir) folder = g_dir_open (self->folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (folder) != NULL)
    n++;
  return n - 1;
}

static void
tear_down (Files *self,
           gconstpointer data)
{
  GDir *folder;
  const char *name;

  fixture_tear_down (&self->room, NULL);
  folder = g_dir_open (self->folder, 0, NULL);
  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->folder, name, NULL);

      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_dir_close (folder);
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_object_unref (self->source_file);
  g_object_unref (self->target);
  g_free (self->source);
  g_free (self->folder);
}

static guint
n_transfers (Files *self,
             guint by)
{
  return g_list_model_get_n_items (alcove_room_get_talk (self->room.sides[by].room));
}

/* The room's list keeps it. */
static AlcoveTransfer *
transfer_of (Files *self,
             guint by,
             guint position)
{
  g_autoptr (AlcoveTransfer) transfer
      = g_list_model_get_item (alcove_room_get_talk (self->room.sides[by].room), position);

  return transfer;
}

static void
offer (Files *self)
{
  g_assert_cmpuint (alcove_room_send_file (self->room.sides[0].room, self->source_file, NULL), ==,
                    1);
  g_assert_cmpint (alcove_transfer_get_state (transfer_of (self, 0, 0)), ==,
                   ALCOVE_TRANSFER_PREPARING);
  wait_until (self, n_transfers (self, 1) == 1);
  g_assert_cmpint (alcove_transfer_get_state (transfer_of (self, 0, 0)), ==,
                   ALCOVE_TRANSFER_WAITING);
  g_assert_cmpint (alcove_transfer_get_state (transfer_of (self, 1, 0)), ==,
                   ALCOVE_TRANSFER_WAITING);
}

/* Until the first pieces are there, and not the last. */
static void
begin (Files *self)
{
  offer (self);
  g_assert_true (alcove_transfer_accept (transfer_of (self, 1, 0), self->target));
  wait_until (self, alcove_transfer_get_done (transfer_of (self, 1, 0)) > 0);
  g_assert_cmpint (alcove_transfer_get_state (transfer_of (self, 1, 0)), ==,
                   ALCOVE_TRANSFER_RUNNING);
  g_assert_cmpuint (count_files (self), ==, 1);
}

static void
assert_failed (Files *self,
               guint by,
               AlcoveError code)
{
  AlcoveTransfer *transfer = transfer_of (self, by, 0);

  g_assert_cmpint (alcove_transfer_get_state (transfer), ==, ALCOVE_TRANSFER_FAILED);
  g_assert_error (alcove_transfer_get_problem (transfer), ALCOVE_ERROR, (int) code);
}

static void
count_cb (guint *count)
{
  (*count)++;
}

static void
test_through (Files *self,
              gconstpointer data)
{
  g_autofree char *sent = NULL;
  g_autofree char *saved = NULL;
  gsize sent_length;
  gsize saved_length;
  guint n_progress = 0;

  offer (self);
  g_assert_true (alcove_transfer_get_incoming (transfer_of (self, 1, 0)));
  g_assert_cmpstr (alcove_transfer_get_name (transfer_of (self, 1, 0)), ==, "plan <b> ü.bin");
  g_assert_cmpuint (alcove_transfer_get_size (transfer_of (self, 1, 0)), ==, SIZE);
  g_assert_true (alcove_transfer_get_participant (transfer_of (self, 1, 0))
                 == seen (&self->room, 1, 0));
  g_signal_connect_swapped (transfer_of (self, 1, 0), "notify::done", G_CALLBACK (count_cb),
                            &n_progress);

  g_assert_true (alcove_transfer_accept (transfer_of (self, 1, 0), self->target));
  g_assert_false (alcove_transfer_accept (transfer_of (self, 1, 0), self->target));
  wait_until (self, !alcove_transfer_is_active (transfer_of (self, 0, 0))
                        && !alcove_transfer_is_active (transfer_of (self, 1, 0)));
  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpint (alcove_transfer_get_state (transfer_of (self, i, 0)), ==,
                       ALCOVE_TRANSFER_DONE);
      g_assert_cmpuint (alcove_transfer_get_done (transfer_of (self, i, 0)), ==, SIZE);
    }
  g_assert_cmpuint (n_progress, >, 2);
  g_assert_cmpuint (n_progress, <, 20);

  g_assert_true (g_file_get_contents (self->source, &sent, &sent_length, NULL));
  g_assert_true (g_file_load_contents (self->target, NULL, &saved, &saved_length, NULL, NULL));
  g_assert_cmpmem (saved, saved_length, sent, sent_length);
  g_assert_cmpuint (count_files (self), ==, 1);
}

static void
test_empty (Files *self,
            gconstpointer data)
{
  g_autofree char *saved = NULL;
  gsize length;

  g_assert_true (g_file_set_contents (self->source, "", 0, NULL));
  offer (self);
  alcove_transfer_accept (transfer_of (self, 1, 0), self->target);
  wait_until (self, !alcove_transfer_is_active (transfer_of (self, 1, 0)));
  g_assert_cmpint (alcove_transfer_get_state (transfer_of (self, 1, 0)), ==, ALCOVE_TRANSFER_DONE);
  g_assert_true (g_file_load_contents (self->target, NULL, &saved, &length, NULL, NULL));
  g_assert_cmpuint (length, ==, 0);
}

static void
test_refused (Files *self,
              gconstpointer data)
{
  offer (self);
  alcove_transfer_refuse (transfer_of (self, 1, 0));
  carry_texts (&self->room, 2);
  g_assert_cmpint (alcove_transfer_get_state (transfer_of (self, 0, 0)), ==,
                   ALCOVE_TRANSFER_REFUSED);
  g_assert_cmpint (alcove_transfer_get_state (transfer_of (self, 1, 0)), ==,
                   ALCOVE_TRANSFER_REFUSED);
  g_assert_cmpuint (count_files (self), ==, 0);
}

static void
test_receiver_cancels (Files *self,
                       gconstpointer data)
{
  begin (self);
  alcove_transfer_cancel (transfer_of (self, 1, 0));
  g_assert_cmpuint (count_files (self), ==, 0);
  g_assert_cmpint (alcove_transfer_get_state (transfer_of (self, 1, 0)), ==,
                   ALCOVE_TRANSFER_CANCELLED);
  carry_texts (&self->room, 2);
  assert_failed (self, 0, ALCOVE_ERROR_CLOSED);
  g_assert_cmpuint (count_files (self), ==, 0);
  /* what was on its way is no flood */
  g_assert_false (had_problem (&self->room.sides[1], ALCOVE_ERROR_TOO_FAST));
}

static void
test_sender_cancels (Files *self,
                     gconstpointer data)
{
  begin (self);
  alcove_transfer_cancel (transfer_of (self, 0, 0));
  carry_texts (&self->room, 2);
  g_assert_cmpint (alcove_transfer_get_state (transfer_of (self, 0, 0)), ==,
                   ALCOVE_TRANSFER_CANCELLED);
  assert_failed (self, 1, ALCOVE_ERROR_CLOSED);
  g_assert_cmpuint (count_files (self), ==, 0);
}

static void
test_member_leaves (Files *self,
                    gconstpointer data)
{
  begin (self);
  /* what the server says of a link that is well is not the end of it, but a goodbye is */
  alcove_signaller_emit_peer_left (self->room.sides[1].signaller, id_of (&self->room, 0));
  g_assert_cmpint (alcove_transfer_get_state (transfer_of (self, 1, 0)), ==,
                   ALCOVE_TRANSFER_RUNNING);
  alcove_peer_link_emit_channel_text (ALCOVE_PEER_LINK (link_of (&self->room, 1, 0)),
                                      ALCOVE_CHANNEL_ALCOVE, "{\"kind\":\"bye\"}");
  assert_failed (self, 1, ALCOVE_ERROR_CLOSED);
  g_assert_cmpuint (count_files (self), ==, 0);
}

static void
test_room_ends (Files *self,
                gconstpointer data)
{
  g_autoptr (AlcoveTransfer) transfer = NULL;

  begin (self);
  transfer = g_object_ref (transfer_of (self, 1, 0));
  g_clear_object (&self->room.sides[1].room);
  g_assert_cmpint (alcove_transfer_get_state (transfer), ==, ALCOVE_TRANSFER_FAILED);
  g_assert_cmpuint (count_files (self), ==, 0);
  /* its writes end before the room's successors care */
  settle (&self->room);
}

static void
hear (Files *self,
      guint by,
      const char *text)
{
  alcove_peer_link_emit_channel_text (ALCOVE_PEER_LINK (link_of (&self->room, by, 1 - by)),
                                      ALCOVE_CHANNEL_PAGE, text);
}

static gboolean
has_said (Files *self,
          guint by,
          const char *part)
{
  GPtrArray *sent = link_of (&self->room, by, 1 - by)->sent;

  for (guint i = 0; i < sent->len; i++)
    if (strstr (sent->pdata[i], part) != NULL)
      return TRUE;
  return FALSE;
}

/* Who sends more than was announced, or rubbish, or nothing for ever. */
static void
test_hostile (Files *self,
              gconstpointer data)
{
  static const struct {
    int signal;
    int last;
    const char *data;
    AlcoveError code;
  } cases[] = {
    { ALCOVE_FILE_CHUNK, 0, "data:;base64,AAECAwQF", ALCOVE_ERROR_TOO_LARGE },
    { ALCOVE_FILE_CHUNK, 1, "data:;base64,AAEC", ALCOVE_ERROR_MALFORMED },
    { ALCOVE_FILE_CHUNK, 0, "nothing at all, really", ALCOVE_ERROR_MALFORMED },
    { ALCOVE_FILE_CHUNK, 0, "", ALCOVE_ERROR_MALFORMED },
    { ALCOVE_FILE_CLOSE, 0, "", ALCOVE_ERROR_CLOSED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *ask = g_strdup_printf ("file:0:4:0:x%u:../../.evil", i);
      g_autofree char *chunk = g_strdup_printf ("file:%d:0:%d:x%u:%s", cases[i].signal,
                                                cases[i].last, i, cases[i].data);
      AlcoveTransfer *transfer;

      hear (self, 1, ask);
      transfer = transfer_of (self, 1, i);
      g_assert_cmpstr (alcove_transfer_get_name (transfer), ==, "evil");
      /* not before our word */
      hear (self, 1, chunk);
      if (cases[i].code != ALCOVE_ERROR_CLOSED)
        {
          g_assert_cmpint (alcove_transfer_get_state (transfer), ==, ALCOVE_TRANSFER_WAITING);
          g_assert_true (alcove_transfer_accept (transfer, self->target));
          while (!has_said (self, 1, "file:1:"))
            g_main_context_iteration (NULL, TRUE);
          g_assert_cmpuint (count_files (self), ==, 1);
          hear (self, 1, chunk);
          g_assert_true (has_said (self, 1, "file:2:"));
        }
      g_assert_cmpint (alcove_transfer_get_state (transfer), ==, ALCOVE_TRANSFER_FAILED);
      g_assert_error (alcove_transfer_get_problem (transfer), ALCOVE_ERROR, (int) cases[i].code);
      g_assert_cmpuint (count_files (self), ==, 0);
      g_ptr_array_set_size (link_of (&self->room, 1, 0)->sent, 0);
    }
  settle (&self->room);
  g_assert_cmpuint (count_files (self), ==, 0);
}

static void
test_oversize (Files *self,
               gconstpointer data)
{
  g_autofree char *ask
      = g_strdup_printf ("file:0:%" G_GUINT64_FORMAT ":0:big:n", ALCOVE_TRANSFER_MAX_SIZE + 1);
  GFile *file = self->source_file;
  int fd;

  hear (self, 1, ask);
  assert_failed (self, 1, ALCOVE_ERROR_TOO_LARGE);
  g_assert_true (has_said (self, 1, "file:2:"));
  g_assert_false (alcove_transfer_accept (transfer_of (self, 1, 0), self->target));

  fd = g_open (self->source, O_WRONLY, 0);
  g_assert_cmpint (ftruncate (fd, (off_t) ALCOVE_TRANSFER_MAX_SIZE + 1), ==, 0);
  g_close (fd, NULL);
  g_assert_cmpuint (alcove_room_send_file (self->room.sides[0].room, file, NULL), ==, 1);
  wait_until (self, !alcove_transfer_is_active (transfer_of (self, 0, 0)));
  assert_failed (self, 0, ALCOVE_ERROR_TOO_LARGE);
  /* nobody was asked */
  g_assert_cmpuint (n_transfers (self, 1), ==, 1);
  g_assert_cmpuint (count_files (self), ==, 0);
}

static void
test_too_many (Files *self,
               gconstpointer data)
{
  for (guint i = 0; i < ALCOVE_ROOM_MAX_TRANSFERS + 3; i++)
    {
      g_autofree char *ask = g_strdup_printf ("file:0:4:0:x%u:n", i);

      hear (self, 1, ask);
      hear (self, 1, ask);
    }
  g_assert_cmpuint (n_transfers (self, 1), ==, ALCOVE_ROOM_MAX_TRANSFERS);
  g_assert_true (has_said (self, 1, "file:2:0:0:x8:"));
  g_assert_false (has_said (self, 1, "file:2:0:0:x7:"));
}

static void
test_no_such_file (Files *self,
                   gconstpointer data)
{
  g_autoptr (GFile) nowhere = g_file_new_build_filename (self->folder, "not", "there", NULL);
  g_autoptr (GFile) folder = g_file_new_for_path (self->folder);

  alcove_room_send_file (self->room.sides[0].room, nowhere, NULL);
  wait_until (self, !alcove_transfer_is_active (transfer_of (self, 0, 0)));
  assert_failed (self, 0, ALCOVE_ERROR_FILE);
  alcove_room_send_file (self->room.sides[0].room, folder, NULL);
  wait_until (self, !alcove_transfer_is_active (transfer_of (self, 0, 1)));
  g_assert_cmpint (alcove_transfer_get_state (transfer_of (self, 0, 1)), ==,
                   ALCOVE_TRANSFER_FAILED);
  g_assert_cmpuint (n_transfers (self, 1), ==, 0);

  /* saved where nothing can be */
  hear (self, 1, "file:0:4:0:y:n");
  alcove_transfer_accept (transfer_of (self, 1, 0), nowhere);
  wait_until (self, !alcove_transfer_is_active (transfer_of (self, 1, 0)));
  assert_failed (self, 1, ALCOVE_ERROR_FILE);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD_FILES(path, func) \
  g_test_add ("/room/files/" path, Files, NULL, set_up, func, tear_down)
  ADD_FILES ("through", test_through);
  ADD_FILES ("empty", test_empty);
  ADD_FILES ("refused", test_refused);
  ADD_FILES ("receiver-cancels", test_receiver_cancels);
  ADD_FILES ("sender-cancels", test_sender_cancels);
  ADD_FILES ("member-leaves", test_member_leaves);
  ADD_FILES ("room-ends", test_room_ends);
  ADD_FILES ("hostile", test_hostile);
  ADD_FILES ("oversize", test_oversize);
  ADD_FILES ("too-many", test_too_many);
  ADD_FILES ("no-such-file", test_no_such_file);
  return g_test_run ();
}
