/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * AlcoveMediaHandle:
 *
 * A weak, atomically counted hold on an object of the main context, safe to keep on
 * any thread. It never takes a reference to the object outside the main
 * context, so that a streaming thread can't end up with the last one.
 */
typedef struct _AlcoveMediaHandle AlcoveMediaHandle;

AlcoveMediaHandle *alcove_media_handle_new   (gpointer           object);
AlcoveMediaHandle *alcove_media_handle_ref   (AlcoveMediaHandle *self);
void               alcove_media_handle_unref (AlcoveMediaHandle *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlcoveMediaHandle, alcove_media_handle_unref)

/**
 * AlcoveMediaFunc:
 * @object: the object the call is for, alive
 * @data: what was handed to alcove_media_hop()
 *
 * Runs on the main context.
 */
typedef void (*AlcoveMediaFunc) (gpointer object,
                                 gpointer data);

void alcove_media_hop (AlcoveMediaHandle *handle,
                       AlcoveMediaFunc    func,
                       gpointer           data,
                       GDestroyNotify     destroy);

G_END_DECLS
