/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-sound-decoder"

#include "config.h"

#include "alcove-sound-decoder.h"

#include "alcove-debug.h"

/* What the jitter buffer did not get it tells of as a gap. */
static GstPadProbeReturn
on_event (GstPad *pad,
          GstPadProbeInfo *info,
          gpointer data)
{
  g_autoptr (GstElement) decoder = NULL;

  if (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) != GST_EVENT_GAP)
    return GST_PAD_PROBE_OK;

  decoder = gst_pad_get_parent_element (pad);
  if (decoder != NULL)
    g_object_set (decoder, "use-inband-fec", TRUE, NULL);
  alcove_debug_print (ALCOVE_DEBUG_MEDIA, "sound was lost: from now on it is corrected");
  return GST_PAD_PROBE_REMOVE;
}

/**
 * alcove_sound_decoder_new:
 *
 * A decoder of Opus that conceals what is lost. From the first loss on it also takes what was lost
 * out of the packet after it, for which it has to keep every packet back until the next one
 * is there: that delay is for connections that need it.
 *
 * Returns: (transfer floating): an element
 */
GstElement *
alcove_sound_decoder_new (void)
{
  GstElement *decoder = gst_element_factory_make ("opusdec", NULL);
  g_autoptr (GstPad) sink = gst_element_get_static_pad (decoder, "sink");

  g_object_set (decoder, "plc", TRUE, NULL);
  gst_pad_add_probe (sink, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_event, NULL, NULL);
  return decoder;
}
