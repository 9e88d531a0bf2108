/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "alcove-devices.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_DEVICE_CHOICE (alcove_device_choice_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveDeviceChoice, alcove_device_choice, ALCOVE, DEVICE_CHOICE, GObject)

void alcove_device_choice_attach (GObject         *widget,
                                  AlcoveDevices   *devices,
                                  AlcoveDeviceKind kind,
                                  GSettings       *settings,
                                  const char      *key);

G_END_DECLS
