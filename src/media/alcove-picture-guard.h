/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-video-codec.h"

G_BEGIN_DECLS

void alcove_picture_guard_attach (GstPad          *pad,
                                  AlcoveVideoCodec codec);

G_END_DECLS
