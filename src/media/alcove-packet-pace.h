/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-link-core.h"

#include <gst/app/gstappsrc.h>

G_BEGIN_DECLS

/**
 * AlcovePacketPace:
 *
 * When the next packet of a picture may go, so that a large picture does not fill a narrow path for
 * the sound that comes after it. It has no clock of its own.
 */
typedef struct {
  gint64 due;
} AlcovePacketPace;

gint64 alcove_packet_pace_add    (AlcovePacketPace *self,
                                  gint64            time,
                                  gsize             size,
                                  guint             rate);
void   alcove_packet_pace_attach (GstPad           *pad,
                                  GstAppSrc        *source,
                                  AlcoveLinkCore   *core);

G_END_DECLS
