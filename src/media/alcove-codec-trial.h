/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <gst/gst.h>

#include "alcove-video-codec.h"

G_BEGIN_DECLS

gboolean alcove_codec_trial_encode (AlcoveVideoCodec codec,
                                    const char      *description,
                                    gint64           patience,
                                    GCancellable    *cancellable);
gboolean alcove_codec_trial_decode (AlcoveVideoCodec codec,
                                    const char      *description,
                                    gint64           patience,
                                    GCancellable    *cancellable);

G_END_DECLS
