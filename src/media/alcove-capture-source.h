/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

#include "alcove-capture-spec.h"
#include "alcove-devices-private.h"
#include "alcove-workers.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_CAPTURE_SOURCE (alcove_capture_source_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveCaptureSource, alcove_capture_source, ALCOVE, CAPTURE_SOURCE, GObject)

/**
 * AlcoveCaptureSetup:
 * @spec: what to capture
 * @width: of the picture; a screen's may be larger or smaller, and says so then, see
 *   alcove_picture_get_size()
 * @height: likewise
 * @fps: of the picture, at most
 * @clock: the engine's
 * @base_time: the engine's
 * @workers: the engine's
 * @devices: the engine's
 * @pipewire_fd: a remote of the camera portal or of the screen's, or -1; taken over
 * @pipewire_node: the screen's node in that remote
 */
typedef struct {
  const AlcoveCaptureSpec *spec;
  int width;
  int height;
  int fps;
  GstClock *clock;
  GstClockTime base_time;
  AlcoveWorkers *workers;
  AlcoveDevices *devices;
  int pipewire_fd;
  guint32 pipewire_node;
} AlcoveCaptureSetup;

/* @buffer: (transfer full): its PTS is a running time of the engine. On a streaming thread. */
typedef void (*AlcoveCaptureFunc) (GstBuffer *buffer,
                                   gpointer   user_data);

/**
 * AlcoveCaptureSource:
 *
 * One camera, microphone, screen, file or test source in a pipeline of its own, so that whatever
 * breaks in it never reaches the encoders. Opening and closing happen on worker threads.
 *
 * Signals, on the main context: `started` with the first buffer; `failed (GError)` once, after
 * which there are no more buffers.
 */
AlcoveCaptureSource *alcove_capture_source_new   (const AlcoveCaptureSetup *setup,
                                                  AlcoveCaptureFunc         func,
                                                  gpointer                  user_data);
void                 alcove_capture_source_start (AlcoveCaptureSource      *self);
/* what is captured has gone: `failed` is emitted soon */
void                 alcove_capture_source_fail  (AlcoveCaptureSource      *self);
/* when this returns the function is not called any more; the device closes soon after */
void                 alcove_capture_source_stop  (AlcoveCaptureSource      *self);

G_END_DECLS
