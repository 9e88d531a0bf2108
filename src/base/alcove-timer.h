/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void alcove_timer_set   (GSource    **timer,
                         guint        milliseconds,
                         GSourceFunc  callback,
                         gpointer     data);
void alcove_timer_clear (GSource    **timer);

G_END_DECLS
