/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-tile.h"

G_BEGIN_DECLS

void        alcove_tile_capture_async  (AlcoveTile           *self,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
GdkTexture *alcove_tile_capture_finish (AlcoveTile           *self,
                                        GAsyncResult         *result,
                                        char                **file_name,
                                        GError              **error);

G_END_DECLS
