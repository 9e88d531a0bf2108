/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-rtcsignal-codec.h"

G_BEGIN_DECLS

/* As many as a room holds of one that it knows. */
#define ALCOVE_RTCSIGNAL_MAX_EARLY 64

gboolean                alcove_rtcsignal_early_hold  (GQueue                       *queue,
                                                      const AlcoveRtcsignalMessage *candidate);
AlcoveRtcsignalMessage *alcove_rtcsignal_early_take  (GQueue                       *queue,
                                                      const char                   *user);
void                    alcove_rtcsignal_early_clear (GQueue                       *queue);

G_END_DECLS
