/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-picture-guard"

#include "config.h"

#include "alcove-picture-guard.h"

#include <gst/video/video.h>

#include "alcove-debug.h"
#include "alcove-picture-size.h"

/* Who sends what can't be decoded is asked no more often than this. */
#define ASK_INTERVAL G_TIME_SPAN_SECOND

/* Belongs to the streaming thread of its pad. */
typedef struct {
  AlcoveVideoCodec codec;
  gboolean shut; /* until a picture tells a proper size */
  gboolean told;
  gint64 asked; /* monotonic, 0 before the first time */
} Guard;

/* Nobody behind us misses what never came there, so that it is for us to ask. */
static void
ask_for_key_frame (Guard *self,
                   GstPad *pad)
{
  gint64 now = g_get_monotonic_time ();

  if (self->asked != 0 && now - self->asked < ASK_INTERVAL)
    return;

  self->asked = now;
  gst_pad_push_event (pad, gst_video_event_new_upstream_force_key_unit (GST_CLOCK_TIME_NONE, FALSE,
                                                                        0));
}

static GstPadProbeReturn
on_picture (GstPad *pad,
            GstPadProbeInfo *info,
            gpointer data)
{
  Guard *self = data;
  int width = 0;
  int height = 0;

  switch (alcove_picture_size_read (self->codec, GST_PAD_PROBE_INFO_BUFFER (info), &width, &height))
    {
    case ALCOVE_PICTURE_SIZE_KNOWN:
      self->shut = !alcove_picture_size_is_bearable (width, height);
      break;

    case ALCOVE_PICTURE_SIZE_BROKEN:
      self->shut = TRUE;
      break;

    case ALCOVE_PICTURE_SIZE_NONE:
    default:
      break;
    }

  if (self->shut && !self->told)
    {
      self->told = TRUE;
      alcove_debug_print (ALCOVE_DEBUG_MEDIA, "%s of %d×%d is not decoded",
                          alcove_video_codec_get_name (self->codec), width, height);
    }
  if (!self->shut)
    return GST_PAD_PROBE_OK;

  ask_for_key_frame (self, pad);
  return GST_PAD_PROBE_DROP;
}

/**
 * alcove_picture_guard_attach:
 * @pad: in front of a decoder, through which whole pictures come
 * @codec: that they are in; H.264 as byte stream
 *
 * Keeps from the decoder what claims a size that nobody's picture has, and what depends on it: a
 * decoder makes room for a size before it looks whether there is such a picture, so that a few
 * bytes of a stranger would cost a gigabyte, and seconds each time. Asks for another key frame
 * meanwhile.
 */
void
alcove_picture_guard_attach (GstPad *pad,
                             AlcoveVideoCodec codec)
{
  Guard *guard = g_new0 (Guard, 1);

  guard->codec = codec;
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_picture, guard, g_free);
}
