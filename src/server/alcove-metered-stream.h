/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-metered-input.h"
#include "alcove-metered-output.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_METERED_STREAM (alcove_metered_stream_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveMeteredStream, alcove_metered_stream, ALCOVE, METERED_STREAM, GIOStream)

AlcoveMeteredStream *alcove_metered_stream_new (AlcoveMeteredInput  *input,
                                                AlcoveMeteredOutput *output);

G_END_DECLS
