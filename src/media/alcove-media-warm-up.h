/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _AlcoveMediaWarmUp AlcoveMediaWarmUp;

AlcoveMediaWarmUp *alcove_media_warm_up_start (void);
void               alcove_media_warm_up_wait  (AlcoveMediaWarmUp *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlcoveMediaWarmUp, alcove_media_warm_up_wait)

G_END_DECLS
