/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

#include "alcove-devices.h"
#include "alcove-workers.h"

G_BEGIN_DECLS

void        alcove_devices_set_workers  (AlcoveDevices   *self,
                                         AlcoveWorkers   *workers);
void        alcove_devices_doubt        (AlcoveDevices   *self);

/* as it was when devices changed last */
gboolean    alcove_device_get_is_default (AlcoveDevice   *self);

/* The part of the devices that worker threads may ask. */
typedef struct _AlcoveDeviceWatch AlcoveDeviceWatch;

AlcoveDeviceWatch *alcove_devices_get_watch         (AlcoveDevices     *self);
AlcoveDeviceWatch *alcove_device_watch_ref          (AlcoveDeviceWatch *watch);
void               alcove_device_watch_unref        (AlcoveDeviceWatch *watch);
/* blocks while devices are looked up: for worker threads */
GstElement        *alcove_device_watch_make_element (AlcoveDeviceWatch *watch,
                                                     AlcoveDeviceKind   kind,
                                                     const char        *id);

G_END_DECLS
