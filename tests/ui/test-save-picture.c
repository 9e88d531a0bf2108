/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>

#include <glib/gstdio.h>

#include "alcove-error.h"
#include "alcove-save-picture.h"

#define EXIT_SKIP 77

/* Whatever somebody calls themselves, it stays one visible file of the folder that was chosen. */
static void
test_name (void)
{
  static const struct {
    const char *name;
    const char *file;
  } cases[] = {
    { "Mei", "Mei 2026-11-21 09.04.05.png" },
    { "调度 中心", "调度 中心 2026-11-21 09.04.05.png" },
    { "../../etc/passwd", "_.._etc_passwd 2026-11-21 09.04.05.png" },
    { ".hidden", "hidden 2026-11-21 09.04.05.png" },
    { "-rf *", "rf _ 2026-11-21 09.04.05.png" },
    { "a\nb\x1b[2J\xe2\x80\xae" "c. ", "ab[2Jc 2026-11-21 09.04.05.png" },
    { "C:\\x?\"<>|", "C__x_____ 2026-11-21 09.04.05.png" },
    { "..", "Picture 2026-11-21 09.04.05.png" },
    { "", "Picture 2026-11-21 09.04.05.png" },
    { NULL, "Picture 2026-11-21 09.04.05.png" },
    { "\xff\xfe", "Picture 2026-11-21 09.04.05.png" },
  };
  g_autoptr (GDateTime) time = g_date_time_new_utc (2026, 11, 21, 9, 4, 5);
  g_autofree char *long_name = g_strnfill (5000, 'x');
  g_autofree char *short_file = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *file = alcove_save_picture_make_name (cases[i].name, time);

      g_assert_cmpstr (file, ==, cases[i].file);
    }

  short_file = alcove_save_picture_make_name (long_name, time);
  g_assert_cmpuint (strlen (short_file), <, 128);
}

typedef struct {
  gboolean done;
  GFile *file;
  GError *error;
} Outcome;

static void
saved_cb (GObject *source,
          GAsyncResult *result,
          gpointer data)
{
  Outcome *outcome = data;

  outcome->file = alcove_save_picture_finish (GTK_WINDOW (source), result, &outcome->error);
  outcome->done = TRUE;
}

static void
save (GtkWindow *window,
      GFile *file,
      Outcome *outcome)
{
  static const guint8 pixels[2 * 3 * 4] = { 255, 0, 0, 255 };
  g_autoptr (GBytes) bytes = g_bytes_new_static (pixels, sizeof pixels);
  g_autoptr (GdkTexture) texture = gdk_memory_texture_new (2, 3, GDK_MEMORY_DEFAULT, bytes, 8);

  alcove_save_picture_write_async (window, texture, file, NULL, saved_cb, outcome);
  while (!outcome->done)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_write (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("alcove-picture-XXXXXX", &error);
  g_autoptr (GFile) file = g_file_new_build_filename (folder, "a.png", NULL);
  g_autoptr (GFile) nowhere = g_file_new_build_filename (folder, "no", "such", "b.png", NULL);
  g_autoptr (GdkTexture) texture = NULL;
  GtkWindow *window = GTK_WINDOW (gtk_window_new ());
  Outcome good = { FALSE, NULL, NULL };
  Outcome bad = { FALSE, NULL, NULL };

  save (window, file, &good);
  g_assert_no_error (good.error);
  g_assert_true (g_file_equal (good.file, file));
  texture = gdk_texture_new_from_file (file, &error);
  g_assert_no_error (error);
  g_assert_cmpint (gdk_texture_get_width (texture), ==, 2);
  g_assert_cmpint (gdk_texture_get_height (texture), ==, 3);

  save (window, nowhere, &bad);
  g_assert_error (bad.error, ALCOVE_ERROR, ALCOVE_ERROR_FAILED);
  g_assert_true (g_str_has_prefix (bad.error->message, "The picture could not be saved: "));
  g_assert_null (bad.file);

  g_assert_true (g_file_delete (file, NULL, &error));
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_clear_object (&good.file);
  g_clear_error (&bad.error);
  gtk_window_destroy (window);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (!gtk_init_check ())
    return EXIT_SKIP;

  g_test_add_func ("/ui/save-picture/name", test_name);
  g_test_add_func ("/ui/save-picture/write", test_write);

  return g_test_run ();
}
