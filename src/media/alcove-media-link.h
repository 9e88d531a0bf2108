/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "alcove-frame-slot.h"
#include "alcove-peer-link.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_MEDIA_LINK (alcove_media_link_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveMediaLink, alcove_media_link, ALCOVE, MEDIA_LINK, GObject)

/**
 * AlcoveMediaLink:
 *
 * The webrtcbin of one peer, in a pipeline of its own. Made by #AlcoveEngine.
 */
AlcoveFrameSlot *alcove_media_link_get_slot (AlcoveMediaLink *self);

G_END_DECLS
