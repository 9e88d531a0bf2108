/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * What of a picture is seen, and on which pixels of the screen. Sizes and points are those of
 * widgets, device pixels are said to be such. For the main thread.
 */

gboolean alcove_picture_view_is_seen    (GdkToplevelState        state);
double   alcove_picture_view_get_scale  (GdkSurface             *surface);
void     alcove_picture_view_get_origin (GtkWidget              *widget,
                                         graphene_point_t       *origin);
void     alcove_picture_view_fit        (int                     source_width,
                                         int                     source_height,
                                         int                     width,
                                         int                     height,
                                         double                  scale,
                                         int                    *fitted_width,
                                         int                    *fitted_height);
void     alcove_picture_view_place      (int                     frame_width,
                                         int                     frame_height,
                                         int                     width,
                                         int                     height,
                                         double                  scale,
                                         const graphene_point_t *origin,
                                         graphene_rect_t        *bounds);

G_END_DECLS
