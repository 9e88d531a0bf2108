/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Seconds that a graph goes back, at one value a second. */
#define ALCOVE_GRAPH_LENGTH 60

#define ALCOVE_TYPE_GRAPH (alcove_graph_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveGraph, alcove_graph, ALCOVE, GRAPH, GtkWidget)

GtkWidget *alcove_graph_new         (void);
void       alcove_graph_set_least   (AlcoveGraph *self,
                                     double       least);
void       alcove_graph_add         (AlcoveGraph *self,
                                     double       first,
                                     double       second);
void       alcove_graph_clear       (AlcoveGraph *self);
guint      alcove_graph_get_n_values (AlcoveGraph *self);
double     alcove_graph_get_top     (AlcoveGraph *self);

G_END_DECLS
