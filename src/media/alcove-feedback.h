/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

#include "alcove-bandwidth.h"

G_BEGIN_DECLS

/**
 * AlcoveFeedback:
 *
 * Collects what the far side tells of each packet (transport-wide congestion control) until there
 * is enough for an #AlcoveBandwidthSample. A plain value; who shares it guards it.
 *
 * Its clocks are two, of either end: differences alone count.
 */
typedef struct {
  guint n_packets;
  guint n_lost;
  guint64 bytes_sent;
  guint64 bytes_received;
  gint64 last_sent; /* microseconds of our clock */
  gint64 last_received; /* microseconds of theirs */
  gint64 least; /* the shortest time under way; G_MAXINT64 if no packet arrived */
  gint64 rtt_us; /* -1 if unknown */

  /* kept from one sample to the next */
  gint64 from_sent;
  gint64 from_received;
  gint64 bases[2]; /* the shortest time under way, before and in the present age */
  gint64 age_begin;
  gboolean known;
} AlcoveFeedback;

void     alcove_feedback_init       (AlcoveFeedback        *self);
void     alcove_feedback_add_packet (AlcoveFeedback        *self,
                                     gint64                 sent,
                                     gint64                 received,
                                     guint                  bytes,
                                     gboolean               lost);
gboolean alcove_feedback_add_event  (AlcoveFeedback        *self,
                                     GstEvent              *event,
                                     gint64                 now);
gboolean alcove_feedback_take       (AlcoveFeedback        *self,
                                     gint64                 now,
                                     AlcoveBandwidthSample *sample);

guint    alcove_feedback_parse_remb (const guint8          *data,
                                     gsize                  length);

G_END_DECLS
