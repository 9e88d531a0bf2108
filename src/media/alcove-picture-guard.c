/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-picture-guard"

#include "config.h"

#include "alcove-picture-guard.h"

#include "alcove-debug.h"
#include "alcove-picture-size.h"

/* Belongs to the streaming thread of its pad. */
typedef struct {
  AlcoveVideoCodec codec;
  gboolean shut; /* until a picture tells a proper size */
  gboolean told;
} Guard;

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
  return self->shut ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK;
}

/**
 * alcove_picture_guard_attach:
 * @pad: in front of a decoder, through which whole pictures come
 * @codec: that they are in; H.264 as byte stream
 *
 * Keeps from the decoder what claims a size that nobody's picture has, and what depends on it: a
 * decoder makes room for a size before it looks whether there is such a picture, so that a few
 * bytes of a stranger would cost a gigabyte, and seconds each time.
 */
void
alcove_picture_guard_attach (GstPad *pad,
                             AlcoveVideoCodec codec)
{
  Guard *guard = g_new0 (Guard, 1);

  guard->codec = codec;
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_picture, guard, g_free);
}
