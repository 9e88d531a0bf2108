/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define ALCOVE_TYPE_METERED_OUTPUT (alcove_metered_output_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveMeteredOutput, alcove_metered_output, ALCOVE, METERED_OUTPUT, GFilterOutputStream)

AlcoveMeteredOutput *alcove_metered_output_new            (GOutputStream       *base);
guint64              alcove_metered_output_get_data_bytes (AlcoveMeteredOutput *self);

G_END_DECLS
