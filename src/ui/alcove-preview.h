/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "alcove-devices.h"
#include "alcove-engine.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_PREVIEW (alcove_preview_get_type ())
G_DECLARE_FINAL_TYPE (AlcovePreview, alcove_preview, ALCOVE, PREVIEW, AdwBin)

void alcove_preview_set_up     (AlcovePreview *self,
                                GSettings     *settings,
                                AlcoveDevices *devices);
void alcove_preview_set_engine (AlcovePreview *self,
                                AlcoveEngine  *engine);
void alcove_preview_set_shown  (AlcovePreview *self,
                                gboolean       shown);
void alcove_preview_set_name   (AlcovePreview *self,
                                const char    *name);
void alcove_preview_tell       (AlcovePreview *self,
                                const char    *text);
void alcove_preview_take_back  (AlcovePreview *self,
                                const char    *text);

G_END_DECLS
