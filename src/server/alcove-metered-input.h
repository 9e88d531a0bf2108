/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "alcove-frame-meter.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_METERED_INPUT (alcove_metered_input_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveMeteredInput, alcove_metered_input, ALCOVE, METERED_INPUT, GFilterInputStream)

AlcoveMeteredInput *alcove_metered_input_new (GInputStream *base,
                                              guint64       max_message,
                                              guint         rate,
                                              guint         burst);

G_END_DECLS
