/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-media-warm-up"

#include "config.h"

#include "alcove-media-warm-up.h"

#include <gst/gst.h>

#include "alcove-debug.h"

/*
 * What the first peer connection of a process would otherwise wait for, made
 * and dropped once in the background while the person is still in the lobby.
 *
 * The costly one is dtlsdec: when the first of a process is made, it generates the 2048-bit
 * RSA key that all later ones share, which takes from a tenth of a second to more than
 * a second. The others load their plugins.
 */

static const char *const elements[] = {
  "dtlsdec",    "nicesrc",      "srtpdec",    "sctpdec",      "webrtcbin",    "rtpvp8pay",
  "rtpopuspay", "rtpvp8depay",  "vp8dec",     "rtpopusdepay", "opusdec",      "appsrc",
};

struct _AlcoveMediaWarmUp {
  GThread *thread;
};

static gpointer
run (gpointer data)
{
  gint64 start = g_get_monotonic_time ();

  for (gsize i = 0; i < G_N_ELEMENTS (elements); i++)
    {
      GstElement *element = gst_element_factory_make (elements[i], NULL);

      if (element != NULL)
        gst_object_unref (gst_object_ref_sink (element));
    }

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

  self->thread = g_thread_new ("alcove-warm-up", run, NULL);
  return self;
}

/**
 * alcove_media_warm_up_wait:
 * @self: (transfer full): a warm-up
 *
 * Waits until it is over, at most about a second: a process that ended while
 * OpenSSL still works would take its tables away beneath it.
 */
void
alcove_media_warm_up_wait (AlcoveMediaWarmUp *self)
{
  g_thread_join (self->thread);
  g_free (self);
}
