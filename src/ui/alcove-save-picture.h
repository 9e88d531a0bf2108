/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

char    *alcove_save_picture_make_name   (const char          *name,
                                          GDateTime           *time);
void     alcove_save_picture_async       (GtkWindow           *parent,
                                          GdkTexture          *texture,
                                          const char          *file_name,
                                          GCancellable        *cancellable,
                                          GAsyncReadyCallback  callback,
                                          gpointer             user_data);
void     alcove_save_picture_write_async (GtkWindow           *parent,
                                          GdkTexture          *texture,
                                          GFile               *file,
                                          GCancellable        *cancellable,
                                          GAsyncReadyCallback  callback,
                                          gpointer             user_data);
GFile   *alcove_save_picture_finish      (GtkWindow           *parent,
                                          GAsyncResult        *result,
                                          GError             **error);

G_END_DECLS
