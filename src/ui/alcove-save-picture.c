/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-save-picture"

#include "config.h"

#include "alcove-save-picture.h"

#include <glib/gi18n.h>

#include "alcove-error.h"
#include "alcove-file-name.h"
#include "alcove-symbol.h"

/*
 * A picture into a PNG file where the person wants it. The portal asks for the place: through
 * GtkFileDialog where GTK has it (since 4.10), through GtkFileChooserNative where not.
 */

typedef struct {
  GdkTexture *texture;
  GFile *file;
  GtkFileChooserNative *chooser;
} Save;

/* GtkFileDialog, of which the headers of the oldest GTK know nothing. */
typedef struct {
  gpointer (*create) (void);
  void (*set_title) (gpointer dialog,
                     const char *title);
  void (*set_initial_name) (gpointer dialog,
                            const char *name);
  void (*save) (gpointer dialog,
                GtkWindow *parent,
                GCancellable *cancellable,
                GAsyncReadyCallback callback,
                gpointer user_data);
  GFile *(*save_finish) (gpointer dialog,
                         GAsyncResult *result,
                         GError **error);
} FileDialog;

static gboolean
find_file_dialog (FileDialog *dialog)
{
  const struct {
    const char *name;
    gpointer *symbol;
  } symbols[] = {
    { "gtk_file_dialog_new", (gpointer *) &dialog->create },
    { "gtk_file_dialog_set_title", (gpointer *) &dialog->set_title },
    { "gtk_file_dialog_set_initial_name", (gpointer *) &dialog->set_initial_name },
    { "gtk_file_dialog_save", (gpointer *) &dialog->save },
    { "gtk_file_dialog_save_finish", (gpointer *) &dialog->save_finish },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (symbols); i++)
    {
      *symbols[i].symbol = alcove_symbol_find (symbols[i].name);
      if (*symbols[i].symbol == NULL)
        return FALSE;
    }

  return TRUE;
}

static void
save_free (gpointer data)
{
  Save *save = data;

  if (save->chooser != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (save->chooser));
  g_clear_object (&save->chooser);
  g_clear_object (&save->texture);
  g_clear_object (&save->file);
  g_free (save);
}

static void
fail (GTask *task,
      const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "%s", error->message);
  else
    g_task_return_new_error (task, ALCOVE_ERROR, ALCOVE_ERROR_FAILED,
                             /* Translators: %s is what the system says of it */
                             _("The picture could not be saved: %s"), error->message);
}

static void
written_cb (GObject *source,
            GAsyncResult *result,
            gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (GError) error = NULL;

  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    g_task_return_pointer (task, g_object_ref (source), g_object_unref);
  else
    fail (task, error);
}

/* A thread of its own: packing a large picture takes longer than a frame. */
static void
encode (GTask *task,
        gpointer source,
        gpointer data,
        GCancellable *cancellable)
{
  g_task_return_pointer (task, gdk_texture_save_to_png_bytes (data),
                         (GDestroyNotify) g_bytes_unref);
}

static void
encoded_cb (GObject *source,
            GAsyncResult *result,
            gpointer data)
{
  g_autoptr (GTask) task = data;
  Save *save = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_task_propagate_pointer (G_TASK (result), &error);

  if (bytes == NULL)
    {
      fail (task, error);
      return;
    }

  g_file_replace_contents_bytes_async (save->file, bytes, NULL, FALSE, G_FILE_CREATE_NONE,
                                       g_task_get_cancellable (task), written_cb,
                                       g_object_ref (task));
}

static void
write_picture (GTask *task)
{
  Save *save = g_task_get_task_data (task);
  g_autoptr (GTask) encoding
      = g_task_new (NULL, g_task_get_cancellable (task), encoded_cb, g_object_ref (task));

  g_task_set_task_data (encoding, g_object_ref (save->texture), g_object_unref);
  g_task_run_in_thread (encoding, encode);
}

static void
dialog_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (GTask) task = data;
  Save *save = g_task_get_task_data (task);
  FileDialog dialog;

  if (find_file_dialog (&dialog))
    save->file = dialog.save_finish (source, result, NULL);
  if (save->file != NULL)
    write_picture (task);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "no file was chosen");
}

static void
response_cb (GtkNativeDialog *chooser,
             int response,
             gpointer data)
{
  g_autoptr (GTask) task = data;
  Save *save = g_task_get_task_data (task);

  g_signal_handlers_disconnect_by_func (chooser, response_cb, data);
  if (response == GTK_RESPONSE_ACCEPT)
    save->file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  if (save->file != NULL)
    write_picture (task);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "no file was chosen");
}

static GTask *
new_task (GtkWindow *parent,
          GdkTexture *texture,
          GCancellable *cancellable,
          GAsyncReadyCallback callback,
          gpointer user_data)
{
  GTask *task = g_task_new (parent, cancellable, callback, user_data);
  Save *save = g_new0 (Save, 1);

  save->texture = g_object_ref (texture);
  g_task_set_source_tag (task, alcove_save_picture_async);
  g_task_set_task_data (task, save, save_free);
  return task;
}

/**
 * alcove_save_picture_make_name:
 * @name: (nullable): whose picture it is: any text of a stranger's
 * @time: when it was taken
 *
 * Makes the name of a file that is one on every file system, and neither hidden nor in
 * another folder, whatever somebody calls themselves.
 *
 * Returns: (transfer full): a name, such as `Mei 2026-11-21 12.04.05.png`
 */
char *
alcove_save_picture_make_name (const char *name,
                               GDateTime *time)
{
  return alcove_file_name_make (name, _("Picture"), time, ".png");
}

/**
 * alcove_save_picture_async:
 * @parent: the window to ask over
 * @texture: a picture
 * @file_name: the name that is proposed
 * @cancellable: (nullable): a #GCancellable
 * @callback: called on the main context
 * @user_data: its data
 *
 * Asks where to save @texture as PNG, and does so.
 */
void
alcove_save_picture_async (GtkWindow *parent,
                           GdkTexture *texture,
                           const char *file_name,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = new_task (parent, texture, cancellable, callback, user_data);
  Save *save = g_task_get_task_data (task);
  FileDialog dialog;

  if (find_file_dialog (&dialog))
    {
      g_autoptr (GObject) object = dialog.create ();

      dialog.set_title (object, _("Save Picture"));
      dialog.set_initial_name (object, file_name);
      dialog.save (object, parent, cancellable, dialog_cb, g_object_ref (task));
      return;
    }

  save->chooser = gtk_file_chooser_native_new (_("Save Picture"), parent,
                                               GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (save->chooser), file_name);
  g_signal_connect (save->chooser, "response", G_CALLBACK (response_cb), g_object_ref (task));
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (save->chooser));
}

/**
 * alcove_save_picture_write_async:
 * @parent: the window that it is for
 * @texture: a picture
 * @file: where to
 * @cancellable: (nullable): a #GCancellable
 * @callback: called on the main context
 * @user_data: its data
 *
 * Saves @texture as PNG without asking. To be finished by alcove_save_picture_finish().
 */
void
alcove_save_picture_write_async (GtkWindow *parent,
                                 GdkTexture *texture,
                                 GFile *file,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr (GTask) task = new_task (parent, texture, cancellable, callback, user_data);
  Save *save = g_task_get_task_data (task);

  save->file = g_object_ref (file);
  write_picture (task);
}

/**
 * alcove_save_picture_finish:
 * @parent: the window that it was for
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Errors: %ALCOVE_ERROR_FAILED with a sentence for the person; `G_IO_ERROR_CANCELLED` if no file
 * was chosen.
 *
 * Returns: (transfer full): the file, or %NULL
 */
GFile *
alcove_save_picture_finish (GtkWindow *parent,
                            GAsyncResult *result,
                            GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
