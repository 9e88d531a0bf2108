/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-media-warm-up"

#include "config.h"

#include "alcove-media-warm-up.h"

#include <gst/gst.h>
#include <gst/rtp/gstrtpbuffer.h>

#include "alcove-debug.h"

/*
 * What the first peer connection of a process would otherwise wait for, made once
 * in the background while the person is still in the lobby.
 *
 * The costly one is dtlsdec: when the first of a process is made, it generates the 2048-bit
 * RSA key that all later ones share, which takes from a tenth of a second to more than
 * a second. The others load their plugins and make their classes.
 *
 * Where libsrtp is built with NSS, as in Debian, its first session of all loads NSS's modules, and
 * its last one unloads them: for ten milliseconds the first packet of a room would wait for it. So
 * one session stays open as long as the warm-up.
 */

static const char *const elements[] = {
  "dtlsdec",         "dtlsenc",       "dtlssrtpdec",   "dtlssrtpenc",  "nicesrc",
  "nicesink",        "srtpdec",       "sctpdec",       "sctpenc",      "webrtcbin",
  "rtpsession",      "rtpssrcdemux",  "rtpptdemux",    "rtpstorage",   "rtpjitterbuffer",
  "rtprtxsend",      "rtprtxreceive", "rtphdrexttwcc", "rtpvp8pay",    "rtpopuspay",
  "rtpvp8depay",     "vp8dec",        "rtpopusdepay",  "opusdec",      "appsrc",
};

/* 96 to 127 are free to be used by anybody. */
#define PAYLOAD_TYPE 96

struct _AlcoveMediaWarmUp {
  GThread *thread;
  GstElement *srtp; /* (nullable), written by the thread */
};

static GstElement *
open_srtp_session (void)
{
  g_autoptr (GstElement) srtp = gst_element_factory_make ("srtpenc", NULL);
  g_autoptr (GstCaps) caps = NULL;
  g_autoptr (GstPad) pad = NULL;
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  GstSegment segment;
  GstBuffer *packet;

  if (srtp == NULL)
    return NULL;

  gst_object_ref_sink (srtp);
  g_object_set (srtp, "random-key", TRUE, NULL);
  pad = gst_element_request_pad_simple (srtp, "rtp_sink_0");
  gst_element_set_state (srtp, GST_STATE_PLAYING);

  caps = gst_caps_new_simple ("application/x-rtp", "media", G_TYPE_STRING, "video", "payload",
                              G_TYPE_INT, PAYLOAD_TYPE, "clock-rate", G_TYPE_INT, 90000, NULL);
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_send_event (pad, gst_event_new_stream_start ("warm-up"));
  gst_pad_send_event (pad, gst_event_new_caps (caps));
  gst_pad_send_event (pad, gst_event_new_segment (&segment));

  packet = gst_rtp_buffer_new_allocate (1, 0, 0);
  if (gst_rtp_buffer_map (packet, GST_MAP_WRITE, &rtp))
    {
      gst_rtp_buffer_set_payload_type (&rtp, PAYLOAD_TYPE);
      gst_rtp_buffer_unmap (&rtp);
    }
  /* it leads nowhere, which is no failure */
  gst_pad_chain (pad, packet);
  return g_steal_pointer (&srtp);
}

static gpointer
run (gpointer data)
{
  AlcoveMediaWarmUp *self = data;
  gint64 start = g_get_monotonic_time ();

  for (gsize i = 0; i < G_N_ELEMENTS (elements); i++)
    {
      GstElement *element = gst_element_factory_make (elements[i], NULL);

      if (element != NULL)
        gst_object_unref (gst_object_ref_sink (element));
    }
  self->srtp = open_srtp_session ();

  alcove_debug_print (ALCOVE_DEBUG_TIMING, "warmed up in %" G_GINT64_FORMAT " ms",
                      (g_get_monotonic_time () - start) / 1000);
  return NULL;
}

/**
 * alcove_media_warm_up_start:
 *
 * Begins to make ready, on a thread of its own, what every peer connection
 * needs. A connection made meanwhile is not wrong, only slower.
 *
 * Returns: (transfer full): to be handed to alcove_media_warm_up_wait()
 */
AlcoveMediaWarmUp *
alcove_media_warm_up_start (void)
{
  AlcoveMediaWarmUp *self = g_new0 (AlcoveMediaWarmUp, 1);

  self->thread = g_thread_new ("alcove-warm-up", run, self);
  return self;
}

/**
 * alcove_media_warm_up_wait:
 * @self: (transfer full): a warm-up
 *
 * Waits until it is over, at most about a second, and lets go of what it keeps: a process that
 * ended while OpenSSL still works would take its tables away beneath it.
 */
void
alcove_media_warm_up_wait (AlcoveMediaWarmUp *self)
{
  g_thread_join (self->thread);
  if (self->srtp != NULL)
    gst_element_set_state (self->srtp, GST_STATE_NULL);
  gst_clear_object (&self->srtp);
  g_free (self);
}
