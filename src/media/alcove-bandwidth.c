/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-bandwidth"

#include "config.h"

#include "alcove-bandwidth.h"

#include <math.h>

/* Assumed of a path of which nothing is known yet: enough for a good picture of middle size, and
 * corrected within a second where it is too much. */
#define FIRST_ESTIMATE 1000000.0

/* More loss than the first is a path that is too full; less than the second is nothing at all. */
#define LOSS_HIGH 0.10
#define LOSS_LOW 0.02

/* With so much loss the path is full to the brim, and bears what arrives. */
#define LOSS_FULL 0.30

/* What does not come out at the far end while a queue stands goes into that queue. */
#define MISSING_HIGH 0.10

/* A queue, in milliseconds: shorter than the first it is the unrest of any network and of the
 * programs at its ends; longer than the second it is too long even if it does not grow. */
#define QUEUE_LOW 40.0
#define QUEUE_UNREST 20.0 /* up to which not even its growth means anything */
#define QUEUE_HIGH 120.0
#define QUEUE_GROWTH 20.0 /* milliseconds a second */

/* A queue that is as long as this share of what it was, although less is sent, is none: the way
 * itself became longer. */
#define UNCHANGED 0.85

/* How often in a row it must be seen: a program that is held up for a moment makes all
 * packets of that moment late. */
#define SEEN_OFTEN 2

/* Down: to so much of what arrives, and the less the longer the queue is that has to drain. */
#define BACK_OFF 0.85
#define BACK_OFF_MOST 0.55
#define QUEUE_SPAN 600.0

/* Who sends far less than the path bears learns little about what it bears. */
#define IDLE_SHARE 0.5
#define IDLE_BACK_OFF 0.7

/* Nothing is heard of what was done before a round trip is over, and some. */
#define RESPONSE_MS 300.0
#define UNKNOWN_RTT_MS 200.0
#define LONGEST_RTT_MS 2000.0

/* Up: by this share a second, with loss by half of it; near what was too much the last time, by
 * this many bits a second each second. */
#define GROWTH 0.08
#define GROWTH_NEAR 12000.0
#define NEAR_BELOW 0.85
#define NEAR_ABOVE 1.15
#define CALM_US (1 * G_USEC_PER_SEC)

/* What was not tried is not known: further than this beyond what was sent it goes by half as much
 * a second, and never beyond what is assumed of a path of which nothing is known. A scene that
 * takes few bits could never change to a larger picture otherwise. */
#define UNTRIED 1.5
#define GROWTH_UNTRIED 0.04
#define SENT_DECAY 0.1 /* a second */

/* Pictures vary in size; what is sent faster than this fills the path for what comes after it. */
#define PACE 1.25

#define LONGEST_STEP (1 * G_USEC_PER_SEC)
/* Where nothing comes back at all, the path is full both ways. Who hears nothing of what was done about
 * it did too little: a queue that is only kept as it is lets no word of it through. */
#define SILENCE_BACK_OFF 0.5
#define SILENCE_BACK_OFF_AGAIN 0.3

struct _AlcoveBandwidth {
  double estimate; /* 0 before the first sample */
  double capacity; /* what arrived when it was too much; 0 if that is not known */
  double bound;
  double received; /* smoothed */
  double most_sent; /* lately */
  double queue_ms;
  double growth; /* of the queue, milliseconds a second, smoothed */
  double way_ms; /* by how much the way became longer, which looks like a queue */
  double lowered_queue_ms; /* when the estimate was lowered for it, 0 if it was not */
  double rtt_ms;
  guint n_seen;
  gboolean silent; /* nothing came back since the last sample */
  gint64 time;
  gint64 lowered;
};

static double
get_bounded (AlcoveBandwidth *self,
             double estimate)
{
  return CLAMP (estimate, ALCOVE_BANDWIDTH_FLOOR, MAX (self->bound, ALCOVE_BANDWIDTH_FLOOR));
}

/* What was done is not answered for yet. */
static gboolean
is_waiting (AlcoveBandwidth *self,
            gint64 time)
{
  double wait = RESPONSE_MS + MIN (self->rtt_ms, LONGEST_RTT_MS);

  return self->lowered != 0 && time - self->lowered < (gint64) (wait * 1000.0);
}

static void
lower (AlcoveBandwidth *self,
       double estimate,
       gint64 time)
{
  if (estimate < self->estimate)
    self->estimate = get_bounded (self, estimate);
  self->lowered = time;
  self->n_seen = 0;
}

static void
note_queue (AlcoveBandwidth *self,
            const AlcoveBandwidthSample *sample,
            double seconds)
{
  double queue_ms, growth;

  if (sample->queue_ms < 0.0)
    {
      self->queue_ms = 0.0;
      self->growth = 0.0;
      return;
    }

  self->way_ms = MIN (self->way_ms, sample->queue_ms);
  queue_ms = sample->queue_ms - self->way_ms;
  growth = seconds > 0.0 ? (queue_ms - self->queue_ms) / seconds : 0.0;
  self->growth += 0.5 * (growth - self->growth);
  self->queue_ms = queue_ms;
  if (queue_ms < QUEUE_LOW)
    self->lowered_queue_ms = 0.0;
}

static gboolean
is_longer_way (AlcoveBandwidth *self,
               const AlcoveBandwidthSample *sample)
{
  return self->lowered_queue_ms > 0.0 && self->growth < QUEUE_GROWTH
         && self->queue_ms >= UNCHANGED * self->lowered_queue_ms
         && self->queue_ms * UNCHANGED <= self->lowered_queue_ms && sample->loss < LOSS_HIGH
         && sample->received >= (1.0 - MISSING_HIGH) * sample->sent;
}

/* Whether more goes in than comes out. */
static gboolean
is_too_much (AlcoveBandwidth *self,
             const AlcoveBandwidthSample *sample)
{
  if (self->queue_ms < QUEUE_LOW)
    return FALSE;
  if (self->growth > QUEUE_GROWTH)
    return TRUE;
  if (self->queue_ms > QUEUE_HIGH && self->growth > -QUEUE_GROWTH)
    return TRUE;

  return sample->received >= 0.0 && sample->sent > 0.0
         && (sample->sent - sample->received) / MAX (sample->sent, self->estimate) > MISSING_HIGH;
}

/* Who sent little can't have filled the path by it. */
static double
spare_idle (AlcoveBandwidth *self,
            double sent,
            double estimate)
{
  return sent < IDLE_SHARE * self->estimate ? MAX (estimate, IDLE_BACK_OFF * self->estimate)
                                            : estimate;
}

static void
lower_for_queue (AlcoveBandwidth *self,
                 const AlcoveBandwidthSample *sample)
{
  double share = BACK_OFF
                 - (BACK_OFF - BACK_OFF_MOST) * CLAMP (self->queue_ms / QUEUE_SPAN, 0.0, 1.0);
  double arrived = self->received > 0.0 ? self->received : MIN (sample->sent, self->estimate);
  double estimate = share * arrived;

  if (is_longer_way (self, sample))
    {
      self->way_ms += self->queue_ms;
      self->queue_ms = 0.0;
      self->lowered_queue_ms = 0.0;
      self->n_seen = 0;
      return;
    }

  self->lowered_queue_ms = self->queue_ms;
  if (sample->sent >= IDLE_SHARE * self->estimate)
    self->capacity = arrived;
  lower (self, spare_idle (self, sample->sent, estimate), sample->time);
}

static void
lower_for_loss (AlcoveBandwidth *self,
                const AlcoveBandwidthSample *sample)
{
  double reached = MIN (self->estimate, UNTRIED * self->most_sent);
  double arrived = self->received > 0.0 ? BACK_OFF * self->received : 0.0;
  double estimate = MAX (reached * (1.0 - 0.5 * sample->loss), arrived);

  if (sample->received >= 0.0)
    {
      self->capacity = self->received;
      if (sample->loss > LOSS_FULL || self->queue_ms > QUEUE_HIGH)
        estimate = arrived;
    }
  lower (self, estimate, sample->time);
}

static void
raise_estimate (AlcoveBandwidth *self,
                const AlcoveBandwidthSample *sample,
                double seconds)
{
  double most = UNTRIED * self->most_sent;
  double untried = MIN (self->estimate * pow (1.0 + GROWTH_UNTRIED, seconds), FIRST_ESTIMATE);
  double estimate;

  if (self->capacity > 0.0 && self->estimate > NEAR_ABOVE * self->capacity)
    self->capacity = 0.0;

  if (self->capacity > 0.0 && self->estimate > NEAR_BELOW * self->capacity)
    estimate = self->estimate + GROWTH_NEAR * seconds;
  else
    estimate = self->estimate
               * pow (1.0 + (sample->loss > LOSS_LOW ? GROWTH / 2.0 : GROWTH), seconds);

  if (estimate > most)
    estimate = MAX (self->estimate, MAX (most, MIN (untried, estimate)));
  self->estimate = get_bounded (self, estimate);
}

/**
 * alcove_bandwidth_new:
 *
 * Returns: (transfer full): what knows nothing yet
 */
AlcoveBandwidth *
alcove_bandwidth_new (void)
{
  AlcoveBandwidth *self = g_new0 (AlcoveBandwidth, 1);

  self->bound = ALCOVE_BANDWIDTH_CEILING;
  self->rtt_ms = UNKNOWN_RTT_MS;
  return self;
}

/**
 * alcove_bandwidth_free:
 * @self: (transfer full): an estimate
 */
void
alcove_bandwidth_free (AlcoveBandwidth *self)
{
  g_free (self);
}

/**
 * alcove_bandwidth_add:
 * @self: an estimate
 * @sample: what came back
 *
 * Takes in a sample; one every 200 to 500 ms is right, and one that is not later than the last is
 * left out.
 */
void
alcove_bandwidth_add (AlcoveBandwidth *self,
                      const AlcoveBandwidthSample *sample)
{
  double seconds
      = (double) MIN (sample->time - self->time, LONGEST_STEP) / (double) G_USEC_PER_SEC;

  if (self->estimate > 0.0 && sample->time <= self->time)
    return;

  if (self->estimate <= 0.0)
    {
      self->estimate = get_bounded (self, FIRST_ESTIMATE);
      seconds = 0.0;
    }
  self->time = sample->time;
  self->silent = FALSE;
  if (sample->rtt_ms >= 0.0)
    self->rtt_ms = sample->rtt_ms;
  if (sample->received >= 0.0)
    self->received = self->received > 0.0 ? (self->received + sample->received) / 2.0
                                          : sample->received;
  self->most_sent = MAX (self->most_sent * (1.0 - SENT_DECAY * seconds), sample->sent);
  note_queue (self, sample, seconds);

  if (is_too_much (self, sample))
    self->n_seen++;
  else
    self->n_seen = 0;

  if (is_waiting (self, sample->time))
    return;

  if (self->n_seen >= SEEN_OFTEN)
    lower_for_queue (self, sample);
  else if (sample->loss > LOSS_HIGH)
    lower_for_loss (self, sample);
  else if (self->n_seen == 0 && self->queue_ms < QUEUE_LOW
           && (self->queue_ms < QUEUE_UNREST || self->growth < QUEUE_GROWTH)
           && (self->lowered == 0 || sample->time - self->lowered >= CALM_US))
    raise_estimate (self, sample, seconds);
}

/**
 * alcove_bandwidth_add_silence:
 * @self: an estimate
 * @time: as in a sample
 *
 * Tells that packets were sent for a while and nothing at all came back: once for each such
 * while, which is to be longer than a sample takes.
 */
void
alcove_bandwidth_add_silence (AlcoveBandwidth *self,
                              gint64 time)
{
  double estimate, share;

  if (self->estimate <= 0.0 || time <= self->time)
    return;

  self->time = time;
  share = self->silent ? SILENCE_BACK_OFF_AGAIN : SILENCE_BACK_OFF;
  self->silent = TRUE;
  estimate = share * MIN (self->estimate, MAX (self->most_sent, self->received));
  lower (self, spare_idle (self, self->most_sent, estimate), time);
}

/**
 * alcove_bandwidth_set_bound:
 * @self: an estimate
 * @bits_per_second: what the far side says it can take; 0 for nothing said
 *
 * Goes no higher than this.
 */
void
alcove_bandwidth_set_bound (AlcoveBandwidth *self,
                            guint bits_per_second)
{
  self->bound = bits_per_second > 0 ? MIN (bits_per_second, ALCOVE_BANDWIDTH_CEILING)
                                    : ALCOVE_BANDWIDTH_CEILING;
  if (self->estimate > 0.0)
    self->estimate = get_bounded (self, self->estimate);
}

/**
 * alcove_bandwidth_get_estimate:
 * @self: an estimate
 *
 * Returns: bits a second, %ALCOVE_BANDWIDTH_FLOOR to %ALCOVE_BANDWIDTH_CEILING; 0 before the
 *   first sample
 */
guint
alcove_bandwidth_get_estimate (AlcoveBandwidth *self)
{
  return (guint) self->estimate;
}

/**
 * alcove_bandwidth_get_pace:
 * @self: an estimate
 *
 * Where nothing was ever too much, a picture may go as fast as it can: then what it waits for is
 * only its own delay.
 *
 * Returns: bits a second that a picture may be sent with, 0 for any
 */
guint
alcove_bandwidth_get_pace (AlcoveBandwidth *self)
{
  return self->lowered != 0 ? (guint) (PACE * self->estimate) : 0;
}
