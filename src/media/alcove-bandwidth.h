/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Within these is every estimate, in bits per second. Less than the first carries no picture, and
 * more than the second none of ours needs. */
#define ALCOVE_BANDWIDTH_FLOOR 50000
#define ALCOVE_BANDWIDTH_CEILING 8000000

/**
 * AlcoveBandwidthSample:
 * @time: in microseconds of any clock that does not go back
 * @sent: bits a second that were sent in the span that the sample is of
 * @received: bits a second of them that arrived, in the time they took to; -1 if unknown
 * @loss: fraction of them that did not arrive, 0 to 1; -1 if unknown
 * @queue_ms: how much longer the fastest of them was under way than the fastest of all
 *   lately, which is the least that any had to wait in a queue; -1 if unknown
 * @rtt_ms: round trip, -1 if unknown
 *
 * What came back about packets that we sent.
 */
typedef struct {
  gint64 time;
  double sent;
  double received;
  double loss;
  double queue_ms;
  double rtt_ms;
} AlcoveBandwidthSample;

/**
 * AlcoveBandwidth:
 *
 * How much a path through the network bears, from what is told of the packets on it. It has
 * no clock and no thread of its own, so that any network can be played to it.
 *
 * It goes down at once where a queue stands or grows, or where more than a tenth is lost; and up
 * slowly. Some loss alone is no sign of a full path: radio links lose packets at any rate.
 */
typedef struct _AlcoveBandwidth AlcoveBandwidth;

AlcoveBandwidth *alcove_bandwidth_new          (void);
void             alcove_bandwidth_free         (AlcoveBandwidth             *self);
void             alcove_bandwidth_add          (AlcoveBandwidth             *self,
                                                const AlcoveBandwidthSample *sample);
void             alcove_bandwidth_add_silence  (AlcoveBandwidth             *self,
                                                gint64                       time);
void             alcove_bandwidth_set_bound    (AlcoveBandwidth             *self,
                                                guint                        bits_per_second);
guint            alcove_bandwidth_get_estimate (AlcoveBandwidth             *self);
guint            alcove_bandwidth_get_pace     (AlcoveBandwidth             *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlcoveBandwidth, alcove_bandwidth_free)

G_END_DECLS
