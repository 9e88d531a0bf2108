/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "alcove-frame.h"

G_BEGIN_DECLS

/*
 * Textures made of a decoder's own planes, which the graphics card converts and scales, where GTK
 * (since 4.20) and the renderer can do so. For the main thread.
 *
 * The planes are uploaded. What a hardware decoder leaves in memory of the card would not have to be:
 * that takes dmabuf caps at the sink and GdkDmabufTextureBuilder (since 4.14), and is not built, for
 * want of a card to try it on. Such pictures are converted on the processor.
 */
gboolean    alcove_plane_texture_pays (GskRenderer *renderer);
GdkTexture *alcove_plane_texture_new  (GskRenderer *renderer,
                                       AlcoveFrame *frame);

G_END_DECLS
