/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

#include "alcove-media-thread.h"

G_BEGIN_DECLS

/**
 * AlcoveProviders:
 *
 * GStreamer's device providers for our kinds of devices: each is started once, tells what comes and
 * goes, and can be started anew. A #GstDeviceMonitor could not do that, and asks one that can't be
 * started again and again. As there is one of each provider in a process, only one user of them
 * can do so; a second one would keep them running.
 *
 * For one thread at a time. Functions that may block are for worker threads.
 */
typedef struct _AlcoveProviders AlcoveProviders;

AlcoveProviders *alcove_providers_open         (AlcoveMediaHandle *handle,
                                                AlcoveMediaFunc    changed);
void             alcove_providers_close        (AlcoveProviders   *self);
GList           *alcove_providers_list_devices (AlcoveProviders   *self,
                                                int               *look_again_ms);
GList           *alcove_providers_list_pulse   (AlcoveProviders   *self);
void             alcove_providers_renew_sound  (AlcoveProviders   *self);

G_END_DECLS
