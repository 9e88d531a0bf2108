/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define ALCOVE_TYPE_SCREEN_CAST (alcove_screen_cast_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveScreenCast, alcove_screen_cast, ALCOVE, SCREEN_CAST, GObject)

/**
 * AlcoveScreenCast:
 *
 * One session of the desktop's ScreenCast portal: the person chooses a screen or a window, and it
 * comes as a node of PipeWire.
 *
 * Signal `closed`: the desktop has ended it, once, after it was started.
 */
AlcoveScreenCast *alcove_screen_cast_new           (void);
void              alcove_screen_cast_start_async   (AlcoveScreenCast   *self,
                                                    const char         *token,
                                                    const char         *parent,
                                                    GAsyncReadyCallback callback,
                                                    gpointer            user_data);
gboolean          alcove_screen_cast_start_finish  (AlcoveScreenCast   *self,
                                                    GAsyncResult       *result,
                                                    GError            **error);
int               alcove_screen_cast_steal_fd      (AlcoveScreenCast   *self);
guint32           alcove_screen_cast_get_node      (AlcoveScreenCast   *self);
const char       *alcove_screen_cast_get_token     (AlcoveScreenCast   *self);
void              alcove_screen_cast_close         (AlcoveScreenCast   *self);

void              alcove_screen_cast_check_async   (GCancellable       *cancellable,
                                                    GAsyncReadyCallback callback,
                                                    gpointer            user_data);
gboolean          alcove_screen_cast_check_finish  (GAsyncResult       *result,
                                                    GError            **error);

G_END_DECLS
