/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * AlcoveDeviceKind:
 * @ALCOVE_DEVICE_CAMERA: a camera
 * @ALCOVE_DEVICE_MICROPHONE: a microphone
 * @ALCOVE_DEVICE_SPEAKER: a sound output
 */
typedef enum {
  ALCOVE_DEVICE_CAMERA,
  ALCOVE_DEVICE_MICROPHONE,
  ALCOVE_DEVICE_SPEAKER,
} AlcoveDeviceKind;

#define ALCOVE_TYPE_DEVICE (alcove_device_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveDevice, alcove_device, ALCOVE, DEVICE, GObject)

/* properties `id` (stable across restarts as far as the system allows), `name`, `kind` */
const char      *alcove_device_get_id   (AlcoveDevice *self);
const char      *alcove_device_get_name (AlcoveDevice *self);

#define ALCOVE_TYPE_DEVICES (alcove_devices_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveDevices, alcove_devices, ALCOVE, DEVICES, GObject)

/**
 * AlcoveDevices:
 *
 * The cameras, microphones and speakers of this computer, each kind a live #GListModel of
 * #AlcoveDevice. Starting the monitor may take a moment and happens in the background.
 */
AlcoveDevices *alcove_devices_new      (void);
void           alcove_devices_start    (AlcoveDevices   *self);
GListModel    *alcove_devices_get_list (AlcoveDevices   *self,
                                        AlcoveDeviceKind kind);

G_END_DECLS
