/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ALCOVE_TYPE_DRAW_PACE (alcove_draw_pace_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveDrawPace, alcove_draw_pace, ALCOVE, DRAW_PACE, GObject)

/* How many widgets are drawn whenever one of them asks, and no less than how many microseconds lie
 * between two drawings where there are more. */
#define ALCOVE_DRAW_PACE_FEW 3
#define ALCOVE_DRAW_PACE_INTERVAL (30 * G_TIME_SPAN_MILLISECOND)

AlcoveDrawPace *alcove_draw_pace_for_clock   (GdkFrameClock  *clock);
void            alcove_draw_pace_add         (AlcoveDrawPace *self,
                                              GtkWidget      *widget);
void            alcove_draw_pace_remove      (AlcoveDrawPace *self,
                                              GtkWidget      *widget);
void            alcove_draw_pace_queue       (AlcoveDrawPace *self,
                                              GtkWidget      *widget);
guint           alcove_draw_pace_get_waiting (AlcoveDrawPace *self);

G_END_DECLS
