/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

#include "alcove-media-thread.h"

G_BEGIN_DECLS

/**
 * AlcoveProviders:
 *
 * A user's hold on GStreamer's device providers. There is one of each in a process, so all users
 * share them: each is started once, whoever asks first, and can be started anew for all. A
 * #GstDeviceMonitor could do neither, and takes the providers' messages away from the monitor
 * before it.
 *
 * Functions that may block are for worker threads.
 */
typedef struct _AlcoveProviders AlcoveProviders;

AlcoveProviders *alcove_providers_open         (AlcoveMediaHandle *handle,
                                                AlcoveMediaFunc    changed);
void             alcove_providers_close        (AlcoveProviders   *self);
GList           *alcove_providers_list_devices (AlcoveProviders   *self,
                                                int               *look_again_ms);
void             alcove_providers_doubt        (void);

G_END_DECLS
