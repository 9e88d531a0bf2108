/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "alcove-bandwidth.h"
#include "alcove-feedback.h"
#include "alcove-packet-pace.h"
#include "alcove-playout-margin.h"

#define MILLISECOND G_TIME_SPAN_MILLISECOND
#define PACKET_BYTES 1200
#define FRAME_SPAN (G_USEC_PER_SEC / 30)
#define FEEDBACK_SPAN (100 * MILLISECOND)
#define STEP_SPAN (250 * MILLISECOND)
#define N_PACKETS 4096
#define SOUND_BYTES 140
#define SOUND_SPAN (20 * MILLISECOND)
#define KEY_FRAME_EVERY 90
#define KEY_FRAME_PACKETS 6
#define THEIR_CLOCK (G_GINT64_CONSTANT (7777) * G_USEC_PER_SEC)

typedef struct {
  gint64 sent;
  gint64 received;
  guint bytes;
  gboolean lost;
} Packet;

/* A path with one narrow place, and somebody who sends pictures through it as told. */
typedef struct {
  /* the path */
  double rate; /* bits a second, 0 without a bound */
  gint64 delay; /* one way */
  double loss;
  gint64 longest_queue; /* in time; what comes then is dropped */
  GRand *random;
  gint64 busy_until;

  /* the sender */
  double most; /* bits a second that it has to send */
  double owed; /* bits */
  gint64 now;
  gint64 next_frame;
  gint64 next_feedback;
  gint64 next_step;

  /* where there are large pictures, and sound that goes the same way */
  gboolean paced;
  gint64 next_sound; /* 0 without any */
  guint n_frames;
  guint waiting; /* packets of pictures */
  AlcovePacketPace pace;
  gint64 next_packet;
  AlcovePlayoutMargin margin;
  GstClockTime sound_missed;
  gint64 sound_wait; /* of the latest */
  gint64 most_rise; /* by how much one waited longer than the one before */

  Packet packets[N_PACKETS];
  guint first;
  guint last;

  AlcoveFeedback feedback;
  AlcoveBandwidth *bandwidth;
  double most_estimate;
  double least_estimate;
  gint64 most_queue;
} Network;

static void
network_init (Network *self,
              double rate,
              int delay_ms,
              double loss,
              double most)
{
  *self = (Network){
    .rate = rate,
    .delay = delay_ms * MILLISECOND,
    .loss = loss,
    .longest_queue = 500 * MILLISECOND,
    .random = g_rand_new_with_seed (4711),
    .most = most,
    .now = 1000 * G_USEC_PER_SEC,
    .bandwidth = alcove_bandwidth_new (),
  };
  self->busy_until = self->next_frame = self->next_feedback = self->next_step = self->now;
  alcove_feedback_init (&self->feedback);
}

static void
network_clear (Network *self)
{
  g_rand_free (self->random);
  alcove_bandwidth_free (self->bandwidth);
}

static void
send_packet (Network *self)
{
  Packet *packet = &self->packets[self->last++ % N_PACKETS];
  gint64 begin = MAX (self->busy_until, self->now);

  g_assert_cmpuint (self->last - self->first, <, N_PACKETS);
  *packet = (Packet){ .sent = self->now, .bytes = PACKET_BYTES };
  packet->lost = begin - self->now > self->longest_queue
                 || g_rand_double (self->random) < self->loss;
  if (begin - self->now <= self->longest_queue && self->rate > 0.0)
    self->busy_until = begin
                       + (gint64) (PACKET_BYTES * 8.0 / self->rate * (double) G_USEC_PER_SEC);
  self->most_queue = MAX (self->most_queue, self->busy_until - self->now);
  packet->received = MAX (self->busy_until, self->now) + self->delay;
}

/* Is not counted by the feedback. Never silent, so that nothing can be left out unheard. */
static void
send_sound (Network *self)
{
  gint64 begin = MAX (self->busy_until, self->now);
  GstClockTime end = self->margin.next;
  GstClockTime duration = SOUND_SPAN * GST_USECOND;
  GstClockTime start, arrived;
  gboolean anew;

  if (begin - self->now > self->longest_queue)
    return;

  self->busy_until = begin
                     + (gint64) (SOUND_BYTES * 8.0 / self->rate * (double) G_USEC_PER_SEC);
  self->most_rise = MAX (self->most_rise, self->busy_until - self->now - self->sound_wait);
  self->sound_wait = self->busy_until - self->now;
  arrived = (GstClockTime) (self->busy_until + self->delay) * GST_USECOND;
  start = alcove_playout_margin_place (&self->margin, arrived, duration, FALSE, &anew);
  if (!GST_CLOCK_TIME_IS_VALID (start))
    self->sound_missed += duration;
  else if (anew && GST_CLOCK_TIME_IS_VALID (end))
    self->sound_missed += start - end;
}

static void
send_waiting (Network *self)
{
  guint rate = self->paced ? alcove_bandwidth_get_pace (self->bandwidth) : 0;

  while (self->waiting > 0 && self->now >= self->next_packet)
    {
      send_packet (self);
      self->waiting--;
      /* as if the next one asked for its turn right after this one went */
      self->next_packet
          = rate > 0 ? self->now + alcove_packet_pace_add (&self->pace, self->now, PACKET_BYTES, rate)
                     : self->now;
    }
}

static void
send_frame (Network *self)
{
  guint estimate = alcove_bandwidth_get_estimate (self->bandwidth);
  double rate = MIN (self->most, estimate > 0 ? estimate : self->most);

  self->owed += rate * (double) FRAME_SPAN / (double) G_USEC_PER_SEC;
  /* those between are the smaller for it */
  if (self->next_sound != 0 && self->n_frames++ % KEY_FRAME_EVERY == 0)
    {
      self->waiting += KEY_FRAME_PACKETS;
      self->owed -= KEY_FRAME_PACKETS * PACKET_BYTES * 8.0;
    }
  while (self->owed >= PACKET_BYTES * 8.0)
    {
      self->waiting++;
      self->owed -= PACKET_BYTES * 8.0;
    }
}

/* What arrived so long ago that the news of it is back. */
static void
give_feedback (Network *self)
{
  while (self->first != self->last)
    {
      Packet *packet = &self->packets[self->first % N_PACKETS];

      if (packet->received + self->delay > self->now)
        break;
      alcove_feedback_add_packet (&self->feedback, packet->sent, packet->received + THEIR_CLOCK,
                                  packet->bytes, packet->lost);
      self->first++;
    }
}

static void
run (Network *self,
     int seconds)
{
  gint64 end = self->now + seconds * G_USEC_PER_SEC;

  self->most_estimate = 0.0;
  self->least_estimate = G_MAXDOUBLE;
  self->most_queue = 0;
  self->sound_missed = 0;
  self->most_rise = 0;
  while (self->now < end)
    {
      AlcoveBandwidthSample sample;
      double estimate;

      if (self->now >= self->next_frame)
        {
          send_frame (self);
          self->next_frame += FRAME_SPAN;
        }
      send_waiting (self);
      if (self->next_sound != 0 && self->now >= self->next_sound)
        {
          send_sound (self);
          self->next_sound += SOUND_SPAN;
        }
      if (self->now >= self->next_feedback)
        {
          give_feedback (self);
          self->next_feedback += FEEDBACK_SPAN;
        }
      if (self->now >= self->next_step)
        {
          if (alcove_feedback_take (&self->feedback, self->now, &sample))
            alcove_bandwidth_add (self->bandwidth, &sample);
          self->next_step += STEP_SPAN;
          estimate = alcove_bandwidth_get_estimate (self->bandwidth);
          self->most_estimate = MAX (self->most_estimate, estimate);
          if (estimate > 0.0)
            self->least_estimate = MIN (self->least_estimate, estimate);
          if (g_test_verbose ())
            g_printerr ("%6.2f s: %7.0f kbit/s, queue %4" G_GINT64_FORMAT " ms\n",
                        (double) self->now / G_USEC_PER_SEC - 1000.0, estimate / 1000.0,
                        MAX (self->busy_until - self->now, 0) / 1000);
        }
      self->now += MILLISECOND;
    }
}

#define assert_between(value, low, high) \
  G_STMT_START \
  { \
    g_assert_cmpfloat (value, >=, low); \
    g_assert_cmpfloat (value, <=, high); \
  } \
  G_STMT_END

/* On a path wider than all that is sent nothing ever goes down. */
static void
test_wide (void)
{
  Network network;

  network_init (&network, 0.0, 20, 0.0, 800000.0);
  g_assert_cmpuint (alcove_bandwidth_get_estimate (network.bandwidth), ==, 0);
  run (&network, 30);
  g_assert_cmpfloat (network.most_estimate, >=, 1000000.0);
  /* but who sends little is not told that the path bears much */
  g_assert_cmpfloat (network.most_estimate, <=, 1.6 * 800000.0);
  run (&network, 10);
  g_assert_cmpfloat (network.least_estimate, >=, 800000.0);
  network_clear (&network);
}

static void
test_narrow (void)
{
  Network network;

  network_init (&network, 300000.0, 75, 0.0, 2000000.0);
  run (&network, 6);
  run (&network, 30);
  assert_between (network.least_estimate, 120000.0, 300000.0);
  assert_between (network.most_estimate, 240000.0, 400000.0);
  g_assert_cmpint (network.most_queue, <, 400 * MILLISECOND);
  network_clear (&network);
}

/* Loss that is the same however little is sent starves no picture. */
static void
test_lossy (void)
{
  Network network;

  network_init (&network, 0.0, 75, 0.03, 800000.0);
  run (&network, 60);
  g_assert_cmpfloat (network.least_estimate, >=, 800000.0);
  network_clear (&network);

  /* and it is no reason not to grow */
  network_init (&network, 2000000.0, 75, 0.03, 3000000.0);
  run (&network, 60);
  g_assert_cmpfloat (network.most_estimate, >=, 1500000.0);
  network_clear (&network);
}

/* Loss of the narrow kind: what does not fit is thrown away, without a queue. */
static void
test_policed (void)
{
  Network network;

  network_init (&network, 400000.0, 30, 0.0, 2000000.0);
  network.longest_queue = 30 * MILLISECOND;
  run (&network, 8);
  run (&network, 30);
  assert_between (network.most_estimate, 250000.0, 700000.0);
  g_assert_cmpfloat (network.least_estimate, >=, 120000.0);
  network_clear (&network);
}

static void
test_step (void)
{
  Network network;

  network_init (&network, 2000000.0, 20, 0.0, 1500000.0);
  run (&network, 20);
  g_assert_cmpfloat (network.most_estimate, >=, 1300000.0);

  network.rate = 300000.0;
  run (&network, 4);
  g_assert_cmpuint (alcove_bandwidth_get_estimate (network.bandwidth), <=, 300000);
  run (&network, 20);
  assert_between (network.least_estimate, 100000.0, 300000.0);
  assert_between (network.most_estimate, 200000.0, 420000.0);

  network.rate = 2000000.0;
  run (&network, 45);
  g_assert_cmpfloat (network.most_estimate, >=, 1200000.0);
  network_clear (&network);
}

/* A way that becomes longer is no queue, and whatever it was taken for at first comes back. */
static void
test_longer_way (void)
{
  Network network;

  network_init (&network, 2000000.0, 5, 0.0, 800000.0);
  run (&network, 15);
  network.delay = 150 * MILLISECOND;
  run (&network, 8);
  g_assert_cmpfloat (network.least_estimate, >=, 250000.0);
  run (&network, 20);
  g_assert_cmpfloat (network.most_estimate, >=, 800000.0);
  network_clear (&network);
}

/* The shaped link that people really have: narrow, far and lossy at once. */
static void
test_worst (void)
{
  Network network;

  network_init (&network, 300000.0, 150, 0.03, 800000.0);
  run (&network, 8);
  run (&network, 40);
  assert_between (network.least_estimate, 100000.0, 300000.0);
  assert_between (network.most_estimate, 200000.0, 450000.0);

  network.rate = 0.0;
  network.loss = 0.0;
  run (&network, 40);
  g_assert_cmpfloat (network.most_estimate, >=, 800000.0);
  network_clear (&network);
}

/* A minute of sound on a narrow path that large pictures go through too, once it is known. */
static void
hear (Network *self,
      gboolean paced)
{
  network_init (self, 300000.0, 150, 0.03, 800000.0);
  self->next_sound = self->now;
  self->paced = paced;
  alcove_playout_margin_init (&self->margin);
  run (self, 10);
  run (self, 60);
  g_test_message ("%" GST_TIME_FORMAT " of the sound is missed, and it is later by up to %d ms",
                  GST_TIME_ARGS (self->sound_missed), (int) (self->most_rise / MILLISECOND));
  g_assert_cmpfloat (self->least_estimate, >=, 80000.0);
  network_clear (self);
}

static void
test_sound (void)
{
  Network network;

  hear (&network, TRUE);
  g_assert_cmpuint (network.sound_missed, ==, 0);
  g_assert_cmpint (network.most_rise, <=, 80 * MILLISECOND);

  /* as it is where a picture goes all at once */
  hear (&network, FALSE);
  g_assert_cmpint (network.most_rise, >, 120 * MILLISECOND);
}

/* A program that was held up for once is no network that is full. */
static void
test_hiccup (void)
{
  AlcoveBandwidth *bandwidth = alcove_bandwidth_new ();
  AlcoveBandwidthSample sample
      = { .sent = 800000.0, .received = 800000.0, .loss = 0.0, .queue_ms = 5.0, .rtt_ms = 20.0 };
  guint before;

  for (int i = 1; i <= 20; i++)
    {
      sample.time = i * STEP_SPAN;
      alcove_bandwidth_add (bandwidth, &sample);
    }
  before = alcove_bandwidth_get_estimate (bandwidth);
  sample.time += STEP_SPAN;
  sample.queue_ms = 300.0;
  sample.received = 500000.0;
  alcove_bandwidth_add (bandwidth, &sample);
  sample.time += STEP_SPAN;
  sample.queue_ms = 5.0;
  sample.received = 1100000.0;
  alcove_bandwidth_add (bandwidth, &sample);
  g_assert_cmpuint (alcove_bandwidth_get_estimate (bandwidth), >=, before);
  alcove_bandwidth_free (bandwidth);
}

/* Whatever comes, it stays within its bounds, and time that goes back is nothing. */
static void
test_bounds (void)
{
  AlcoveBandwidth *bandwidth = alcove_bandwidth_new ();
  AlcoveBandwidthSample sample
      = { .sent = 1e12, .received = 1e12, .loss = -1.0, .queue_ms = -1.0, .rtt_ms = -1.0 };
  guint before;

  for (int i = 1; i <= 1000; i++)
    {
      sample.time = i * G_USEC_PER_SEC;
      alcove_bandwidth_add (bandwidth, &sample);
    }
  g_assert_cmpuint (alcove_bandwidth_get_estimate (bandwidth), ==, ALCOVE_BANDWIDTH_CEILING);

  alcove_bandwidth_set_bound (bandwidth, 400000);
  g_assert_cmpuint (alcove_bandwidth_get_estimate (bandwidth), ==, 400000);
  alcove_bandwidth_set_bound (bandwidth, 1);
  g_assert_cmpuint (alcove_bandwidth_get_estimate (bandwidth), ==, ALCOVE_BANDWIDTH_FLOOR);
  alcove_bandwidth_set_bound (bandwidth, 0);

  sample.loss = 1.0;
  sample.received = 0.0;
  sample.rtt_ms = 1e9;
  for (int i = 1001; i <= 2000; i++)
    {
      sample.time = i * G_USEC_PER_SEC;
      alcove_bandwidth_add (bandwidth, &sample);
      alcove_bandwidth_add_silence (bandwidth, sample.time);
    }
  g_assert_cmpuint (alcove_bandwidth_get_estimate (bandwidth), ==, ALCOVE_BANDWIDTH_FLOOR);

  before = alcove_bandwidth_get_estimate (bandwidth);
  sample.time = 5;
  sample.loss = 0.0;
  sample.sent = sample.received = 1e9;
  alcove_bandwidth_add (bandwidth, &sample);
  g_assert_cmpuint (alcove_bandwidth_get_estimate (bandwidth), ==, before);
  alcove_bandwidth_free (bandwidth);
}

static void
test_silence (void)
{
  AlcoveBandwidth *bandwidth = alcove_bandwidth_new ();
  AlcoveBandwidthSample sample = { .time = G_USEC_PER_SEC, .sent = 8e5, .received = 8e5,
                                   .rtt_ms = 20.0 };

  alcove_bandwidth_add_silence (bandwidth, G_USEC_PER_SEC);
  g_assert_cmpuint (alcove_bandwidth_get_estimate (bandwidth), ==, 0);
  alcove_bandwidth_add (bandwidth, &sample);
  /* half the first time, and less where not even that was enough for a word to come through */
  alcove_bandwidth_add_silence (bandwidth, 2 * G_USEC_PER_SEC);
  g_assert_cmpuint (alcove_bandwidth_get_estimate (bandwidth), ==, 400000);
  alcove_bandwidth_add_silence (bandwidth, 3 * G_USEC_PER_SEC);
  g_assert_cmpuint (alcove_bandwidth_get_estimate (bandwidth), ==, 120000);
  for (int i = 4; i < 10; i++)
    alcove_bandwidth_add_silence (bandwidth, i * G_USEC_PER_SEC);
  g_assert_cmpuint (alcove_bandwidth_get_estimate (bandwidth), <, 100000);
  alcove_bandwidth_free (bandwidth);
}

/* Of who had sent next to nothing, silence is no proof that it was too much. */
static void
test_idle_silence (void)
{
  AlcoveBandwidth *bandwidth = alcove_bandwidth_new ();
  AlcoveBandwidthSample sample = { .time = G_USEC_PER_SEC, .sent = 6e4, .received = 6e4,
                                   .rtt_ms = 20.0 };

  alcove_bandwidth_add (bandwidth, &sample);
  alcove_bandwidth_add_silence (bandwidth, 2 * G_USEC_PER_SEC);
  g_assert_cmpuint (alcove_bandwidth_get_estimate (bandwidth), >, 500000);
  alcove_bandwidth_free (bandwidth);
}

static void
append_packet (GValueArray *array,
               GstStructure *structure)
{
  GValue *value = &array->values[array->n_values++];

  g_value_init (value, GST_TYPE_STRUCTURE);
  g_value_take_boxed (value, structure);
}

/* As rtpsession words it. */
static void
test_event (void)
{
  AlcoveFeedback feedback;
  AlcoveBandwidthSample sample;
  GValue values[32] = { G_VALUE_INIT };
  GValueArray array = { .n_values = 0, .values = values };
  GstStructure *structure = gst_structure_new_empty ("RTPTWCCPackets");
  GValue value = G_VALUE_INIT;
  g_autoptr (GstEvent) event = NULL;
  g_autoptr (GstEvent) other
      = gst_event_new_custom (GST_EVENT_CUSTOM_UPSTREAM, gst_structure_new_empty ("Other"));

  for (guint64 i = 0; i < 20; i++)
    append_packet (&array,
                   gst_structure_new ("RTPTWCCPacket", "seqnum", G_TYPE_UINT, (guint) i,
                                      "local-ts", G_TYPE_UINT64, (10 + i) * 50 * GST_MSECOND,
                                      "remote-ts", G_TYPE_UINT64,
                                      i == 7 ? GST_CLOCK_TIME_NONE
                                             : GST_SECOND * 99 + i * 50 * GST_MSECOND,
                                      "size", G_TYPE_UINT, 1000, "lost", G_TYPE_BOOLEAN, i == 7,
                                      NULL));
  /* what is not known is not counted */
  append_packet (&array, gst_structure_new ("RTPTWCCPacket", "seqnum", G_TYPE_UINT, 21, "local-ts",
                                            G_TYPE_UINT64, GST_CLOCK_TIME_NONE, "size",
                                            G_TYPE_UINT, 0, "lost", G_TYPE_BOOLEAN, TRUE, NULL));
  g_value_init (&value, g_type_from_name ("GValueArray"));
  g_value_set_boxed (&value, &array);
  gst_structure_take_value (structure, "packets", &value);
  event = gst_event_new_custom (GST_EVENT_CUSTOM_UPSTREAM, structure);
  for (guint i = 0; i < array.n_values; i++)
    g_value_unset (&values[i]);

  alcove_feedback_init (&feedback);
  g_assert_false (alcove_feedback_add_event (&feedback, other, 0));
  g_assert_false (alcove_feedback_take (&feedback, 0, &sample));
  g_assert_true (alcove_feedback_add_event (&feedback, event, 1500 * MILLISECOND));
  g_assert_true (alcove_feedback_take (&feedback, 1500 * MILLISECOND, &sample));
  g_assert_cmpfloat_with_epsilon (sample.sent, 160000.0, 1.0);
  g_assert_cmpfloat_with_epsilon (sample.received, 18.0 / 19.0 * 160000.0, 1.0);
  g_assert_cmpfloat_with_epsilon (sample.loss, 0.05, 0.001);
  g_assert_cmpfloat_with_epsilon (sample.queue_ms, 0.0, 0.001);
  g_assert_cmpfloat_with_epsilon (sample.rtt_ms, 50.0, 0.001);
  g_assert_false (alcove_feedback_take (&feedback, 1500 * MILLISECOND, &sample));
}

/* The far side's clock may begin anew, with its program. */
static void
test_clock (void)
{
  AlcoveFeedback feedback;
  AlcoveBandwidthSample sample;

  alcove_feedback_init (&feedback);
  for (int i = 1; i <= 40; i++)
    alcove_feedback_add_packet (&feedback, i * 20 * MILLISECOND,
                                i * 20 * MILLISECOND + 900 * G_USEC_PER_SEC, 1000, FALSE);
  for (int i = 41; i <= 80; i++)
    alcove_feedback_add_packet (&feedback, i * 20 * MILLISECOND, i * 20 * MILLISECOND, 1000, FALSE);
  g_assert_true (alcove_feedback_take (&feedback, 0, &sample));
  g_assert_cmpfloat (sample.queue_ms, ==, 0.0);
  g_assert_cmpfloat_with_epsilon (sample.sent, 400000.0, 1.0);
  assert_between (sample.received, 150000.0, 400001.0);
}

static void
test_remb (void)
{
  /* two sources, 4 × 62500 */
  static const guint8 data[] = { 'R', 'E', 'M', 'B', 2,   2 << 2, 0xf4, 0x24,
                                 1,   2,   3,   4,   5,   6,      7,    8 };
  static const guint8 huge[] = { 'R', 'E', 'M', 'B', 1, 0xff, 0xff, 0xff };

  g_assert_cmpuint (alcove_feedback_parse_remb (data, sizeof data), ==, 250000);
  g_assert_cmpuint (alcove_feedback_parse_remb (data, 7), ==, 0);
  g_assert_cmpuint (alcove_feedback_parse_remb (data + 1, 8), ==, 0);
  g_assert_cmpuint (alcove_feedback_parse_remb (huge, sizeof huge), ==, G_MAXUINT);
}

int
main (int argc,
      char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/media/bandwidth/wide", test_wide);
  g_test_add_func ("/media/bandwidth/narrow", test_narrow);
  g_test_add_func ("/media/bandwidth/lossy", test_lossy);
  g_test_add_func ("/media/bandwidth/policed", test_policed);
  g_test_add_func ("/media/bandwidth/step", test_step);
  g_test_add_func ("/media/bandwidth/longer-way", test_longer_way);
  g_test_add_func ("/media/bandwidth/worst", test_worst);
  g_test_add_func ("/media/bandwidth/sound", test_sound);
  g_test_add_func ("/media/bandwidth/hiccup", test_hiccup);
  g_test_add_func ("/media/bandwidth/bounds", test_bounds);
  g_test_add_func ("/media/bandwidth/silence", test_silence);
  g_test_add_func ("/media/bandwidth/idle-silence", test_idle_silence);
  g_test_add_func ("/media/feedback/event", test_event);
  g_test_add_func ("/media/feedback/clock", test_clock);
  g_test_add_func ("/media/feedback/remb", test_remb);

  return g_test_run ();
}
