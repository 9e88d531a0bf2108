/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * AlcoveWorkers:
 *
 * The threads on which something blocks so that the main context need not: opening and
 * closing devices and pipelines. They are counted, so that whoever ends can wait for what it
 * set going: a process that ends under a thread which still closes a device may crash.
 */
typedef struct _AlcoveWorkers AlcoveWorkers;

typedef void (*AlcoveWorkFunc) (gpointer data);

AlcoveWorkers *alcove_workers_new   (void);
AlcoveWorkers *alcove_workers_ref   (AlcoveWorkers *self);
void           alcove_workers_unref (AlcoveWorkers *self);
void           alcove_workers_run   (AlcoveWorkers *self,
                                     const char    *name,
                                     AlcoveWorkFunc func,
                                     gpointer       data);
gboolean       alcove_workers_wait  (AlcoveWorkers *self,
                                     gint64         deadline);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlcoveWorkers, alcove_workers_unref)

G_END_DECLS
