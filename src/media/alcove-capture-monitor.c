/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-capture-monitor"

#include "config.h"

#include "alcove-capture-monitor.h"

#include <math.h>

#include <gst/video/video.h>

#include "alcove-frame-convert.h"
#include "alcove-frame-planes.h"
#include "alcove-picture-scale.h"
#include "alcove-sound-meter.h"

/* How often a level is handed out: a meter that moves smoothly, and no more. */
#define LEVEL_INTERVAL (G_USEC_PER_SEC / 15)

struct _AlcoveCaptureMonitor {
  int width;
  int height;
  AlcoveFrameSlot *preview;

  GMutex lock;
  AlcoveFrameConverter *converter;
  AlcoveSoundMeter meter;
  double peak;
  gint64 level_time;
};

/**
 * alcove_capture_monitor_new:
 * @width: of pictures that don't say their size
 * @height: likewise
 *
 * Returns: (transfer full): a monitor
 */
AlcoveCaptureMonitor *
alcove_capture_monitor_new (int width,
                            int height)
{
  AlcoveCaptureMonitor *self = g_new0 (AlcoveCaptureMonitor, 1);

  self->width = width;
  self->height = height;
  self->preview = alcove_frame_slot_new ();
  alcove_frame_slot_set_source_size (self->preview, width, height);
  self->converter = alcove_frame_converter_new ();
  g_mutex_init (&self->lock);
  return self;
}

/**
 * alcove_capture_monitor_free:
 * @self: (transfer full): a monitor that no source calls any more
 */
void
alcove_capture_monitor_free (AlcoveCaptureMonitor *self)
{
  g_object_unref (self->preview);
  alcove_frame_converter_free (self->converter);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/**
 * alcove_capture_monitor_get_preview:
 * @self: a monitor
 *
 * Returns: (transfer none): where the pictures are put
 */
AlcoveFrameSlot *
alcove_capture_monitor_get_preview (AlcoveCaptureMonitor *self)
{
  return self->preview;
}

/**
 * alcove_capture_monitor_add_picture:
 * @self: a monitor
 * @buffer: (transfer none): an I420 picture
 *
 * Costs nothing while nobody looks at the preview. May be called from any thread.
 */
void
alcove_capture_monitor_add_picture (AlcoveCaptureMonitor *self,
                                    GstBuffer *buffer)
{
  GstVideoInfo info;
  GstVideoFrame picture;
  int source_width = self->width, source_height = self->height;
  int width, height;

  alcove_picture_get_size (buffer, &source_width, &source_height);
  alcove_frame_slot_set_source_size (self->preview, source_width, source_height);
  if (!alcove_frame_slot_get_size (self->preview, &width, &height))
    return;

  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_I420, (guint) source_width,
                             (guint) source_height);
  g_mutex_lock (&self->lock);
  if (gst_video_frame_map (&picture, &info, buffer, GST_MAP_READ))
    {
      gint64 now = g_get_monotonic_time ();
      AlcoveFrame *frame = NULL;

      if (alcove_frame_slot_get_planar (self->preview))
        frame = alcove_frame_planes_keep (&picture, width, height, now);
      if (frame == NULL)
        frame = alcove_frame_converter_convert (self->converter, &picture, width, height,
                                                alcove_frame_slot_get_mirrored (self->preview),
                                                now);

      gst_video_frame_unmap (&picture);
      if (frame != NULL)
        alcove_frame_slot_put (self->preview, frame);
    }
  g_mutex_unlock (&self->lock);
}

/**
 * alcove_capture_monitor_add_sound:
 * @self: a monitor
 * @buffer: (transfer none): mono S16 samples at 48 kHz
 * @level: (out): how loud it is, 0 to 1, as it is heard
 * @speaking: (out): whether that is speech
 *
 * May be called from any thread.
 *
 * Returns: whether it is time to tell, and @level and @speaking were set
 */
gboolean
alcove_capture_monitor_add_sound (AlcoveCaptureMonitor *self,
                                  GstBuffer *buffer,
                                  double *level,
                                  gboolean *speaking)
{
  gint64 now = g_get_monotonic_time ();
  gboolean due;
  GstMapInfo map;

  g_mutex_lock (&self->lock);
  if (gst_buffer_map (buffer, &map, GST_MAP_READ))
    {
      const gint16 *samples = (const gint16 *) map.data;
      gsize n = map.size / sizeof (gint16);
      double sum = 0;

      for (gsize i = 0; i < n; i++)
        sum += (double) samples[i] * samples[i];
      if (n > 0)
        self->peak = MAX (self->peak, sqrt (sum / (double) n) / G_MAXINT16);
      alcove_sound_meter_add (&self->meter, samples, n);
      gst_buffer_unmap (buffer, &map);
    }

  due = now - self->level_time >= LEVEL_INTERVAL;
  if (due)
    {
      /* loudness is heard by its logarithm: 60 dB make up the meter's whole length */
      *level = self->peak > 0 ? CLAMP (1 + 20 * log10 (self->peak) / 60, 0.0, 1.0) : 0;
      *speaking = self->meter.speaking;
      self->peak = 0;
      self->level_time = now;
    }
  g_mutex_unlock (&self->lock);

  return due;
}
