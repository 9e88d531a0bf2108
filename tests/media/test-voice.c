/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include <gst/app/gstappsrc.h>

#include "alcove-error.h"
#include "alcove-playout.h"
#include "alcove-voice-private.h"

/*
 * A room that is computed: what the loudspeaker plays comes back to the microphone
 * later and softer, from several walls. It is heard piece by piece in step with the
 * processor, so that the speed of the computer does not matter.
 */

#define PATIENCE (90 * G_USEC_PER_SEC)
#define SKIP 77

#define RATE 48000
#define PIECE 480
#define PIECE_TIME (10 * GST_MSECOND)
#define DELAY (RATE * 60 / 1000)
/* what the sound output says of itself, which is most of that */
#define OUTPUT_LATENCY (40 * GST_MSECOND)
#define LENGTH (RATE / 4)

/* the loudspeaker itself and three walls */
static const struct {
  gsize later;
  double loudness;
} walls[] = { { 0, 0.4 }, { 211, 0.2 }, { 977, -0.12 }, { 2333, 0.06 } };

typedef struct {
  AlcoveWorkers *workers;
  GstElement *pipeline;
  GstAppSrc *speaker;
  AlcoveVoice *voice;
  GAsyncQueue *heard;  /* GstBuffer, what comes out */
  GAsyncQueue *played; /* a token for each piece that has passed the probe */
  double past[LENGTH];
  gsize n_past;
  guint n;
  guint32 seed;
  double smooth;
} Room;

static void
on_heard (GstBuffer *buffer,
          gpointer user_data)
{
  Room *room = user_data;

  g_async_queue_push (room->heard, buffer);
}

static void
on_played (GstElement *sink,
           GstBuffer *buffer,
           GstPad *pad,
           Room *room)
{
  g_async_queue_push (room->played, GINT_TO_POINTER (1));
}

static void
room_wait (Room *room)
{
  g_assert_true (alcove_workers_wait (room->workers, g_get_monotonic_time () + PATIENCE));
}

static double
room_random (Room *room)
{
  room->seed = room->seed * 1664525 + 1013904223;
  return (double) (room->seed >> 8) / (double) (1 << 23) - 1.0;
}

static void
room_open (Room *room)
{
  g_autofree char *description = g_strdup_printf (
      "appsrc name=speaker format=time is-live=false caps=%s ! webrtcechoprobe name=probe-of-test "
      "! fakesink name=sink sync=false async=false signal-handoffs=true",
      ALCOVE_PLAYOUT_CAPS);
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GstPad) pad = NULL;
  g_autoptr (GError) error = NULL;

  *room = (Room){ .seed = 7 };
  room->workers = alcove_workers_new ();
  room->heard = g_async_queue_new_full ((GDestroyNotify) gst_buffer_unref);
  room->played = g_async_queue_new ();
  room->pipeline = gst_parse_launch (description, &error);
  g_assert_no_error (error);
  room->speaker = GST_APP_SRC (gst_bin_get_by_name (GST_BIN (room->pipeline), "speaker"));
  sink = gst_bin_get_by_name (GST_BIN (room->pipeline), "sink");
  g_signal_connect (sink, "handoff", G_CALLBACK (on_played), room);
  room->voice = alcove_voice_new (GST_BIN (room->pipeline), "probe-of-test", room->workers,
                                  on_heard, room);
  gst_element_set_state (room->pipeline, GST_STATE_PLAYING);
  pad = gst_element_get_static_pad (sink, "sink");
  g_assert_true (gst_pad_push_event (pad, gst_event_new_latency (OUTPUT_LATENCY)));
}

static void
room_close (Room *room)
{
  alcove_voice_stop (room->voice);
  room_wait (room);
  gst_element_set_state (room->pipeline, GST_STATE_NULL);
  g_assert_finalize_object (room->voice);
  gst_object_unref (room->speaker);
  gst_object_unref (room->pipeline);
  g_async_queue_unref (room->heard);
  g_async_queue_unref (room->played);
  alcove_workers_unref (room->workers);
}

static GstBuffer *
make_buffer (Room *room,
             const double *samples)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, PIECE * sizeof (gint16), NULL);
  GstMapInfo map;

  g_assert_true (gst_buffer_map (buffer, &map, GST_MAP_WRITE));
  for (gsize i = 0; i < PIECE; i++)
    ((gint16 *) map.data)[i] = (gint16) (CLAMP (samples[i], -1.0, 1.0) * G_MAXINT16);
  gst_buffer_unmap (buffer, &map);
  GST_BUFFER_PTS (buffer) = room->n * PIECE_TIME;
  GST_BUFFER_DURATION (buffer) = PIECE_TIME;
  return buffer;
}

/* Noise with the colour, the syllables and the pauses of speech. */
static void
speak (Room *room,
       double *samples)
{
  for (gsize i = 0; i < PIECE; i++)
    {
      double t = (room->n * PIECE + (double) i) / RATE;
      double syllable = fabs (sin (2.0 * G_PI * 2.0 * t));
      double breath = fmod (t, 3.0) < 2.4 ? 1.0 : 0.0;

      room->smooth = 0.85 * room->smooth + 0.15 * room_random (room);
      samples[i] = 0.8 * room->smooth * syllable * breath;
    }
}

static double
get_power (const double *samples)
{
  double power = 0.0;

  for (gsize i = 0; i < PIECE; i++)
    power += samples[i] * samples[i];
  return power;
}

static double
get_buffer_power (GstBuffer *buffer)
{
  GstMapInfo map;
  double power = 0.0;

  g_assert_true (gst_buffer_map (buffer, &map, GST_MAP_READ));
  for (gsize i = 0; i < map.size / sizeof (gint16); i++)
    {
      double sample = ((gint16 *) map.data)[i] / (double) G_MAXINT16;

      power += sample * sample;
    }
  gst_buffer_unmap (buffer, &map);
  return power;
}

typedef struct {
  double echo;
  double near;
  double out;
} Powers;

/* Ten milliseconds: @far_on and @near_on say who speaks. */
static void
room_step (Room *room,
           gboolean far_on,
           gboolean near_on,
           Powers *powers)
{
  double far[PIECE] = { 0 };
  double near[PIECE] = { 0 };
  double echo[PIECE] = { 0 };
  double mixed[PIECE];
  GstBuffer *out;

  if (far_on)
    speak (room, far);
  for (gsize i = 0; i < PIECE; i++)
    {
      room->past[room->n_past % LENGTH] = far[i];
      for (gsize j = 0; j < G_N_ELEMENTS (walls); j++)
        echo[i] += walls[j].loudness
                   * room->past[(room->n_past + LENGTH - DELAY - walls[j].later) % LENGTH];
      room->n_past++;
      if (near_on)
        {
          double t = (room->n * PIECE + (double) i) / RATE;

          near[i] = 0.2 * fabs (sin (2.0 * G_PI * 1.5 * t))
                    * (sin (2.0 * G_PI * 180.0 * t) + 0.5 * sin (2.0 * G_PI * 720.0 * t)
                       + 0.3 * sin (2.0 * G_PI * 1260.0 * t));
        }
      /* no room is quite still */
      mixed[i] = echo[i] + near[i] + 0.0003 * room_random (room);
    }

  g_assert_cmpint (gst_app_src_push_buffer (room->speaker, make_buffer (room, far)), ==,
                   GST_FLOW_OK);
  g_assert_nonnull (g_async_queue_timeout_pop (room->played, PATIENCE));
  alcove_voice_push (room->voice, make_buffer (room, mixed));
  out = g_async_queue_timeout_pop (room->heard, PATIENCE);
  g_assert_nonnull (out);
  room->n++;

  powers->echo += get_power (echo);
  powers->near += get_power (near);
  powers->out += get_buffer_power (out);
  gst_buffer_unref (out);
}

static Powers
room_run (Room *room,
          guint seconds,
          gboolean far_on,
          gboolean near_on)
{
  Powers powers = { 0 };

  for (guint i = 0; i < seconds * 100; i++)
    room_step (room, far_on, near_on, &powers);
  return powers;
}

static double
decibels (double a,
          double b)
{
  return 10.0 * log10 (a / MAX (b, 1e-12));
}

static void
test_echo (void)
{
  const AlcoveVoiceOptions options = { .echo_cancellation = TRUE };
  const AlcoveVoiceOptions off = { 0 };
  Room room;
  Powers powers;
  double loss;

  room_open (&room);
  alcove_voice_set_options (room.voice, &options);
  alcove_voice_set_microphone (room.voice, TRUE);
  room_wait (&room);

  room_run (&room, 5, TRUE, FALSE);
  powers = room_run (&room, 3, TRUE, FALSE);
  loss = decibels (powers.echo, powers.out);
  g_test_message ("echo softer by %.1f dB", loss);
  g_assert_cmpfloat (loss, >=, 20.0);

  /* who speaks here is heard */
  powers = room_run (&room, 3, FALSE, TRUE);
  loss = decibels (powers.near, powers.out);
  g_test_message ("near voice softer by %.1f dB", loss);
  g_assert_cmpfloat (fabs (loss), <=, 3.0);

  /* also while the others speak */
  powers = room_run (&room, 4, TRUE, TRUE);
  loss = decibels (powers.near, powers.out);
  g_test_message ("near voice softer by %.1f dB while both speak", loss);
  g_assert_cmpfloat (fabs (loss), <=, 6.0);

  /* turned off while it runs, the echo is there again */
  alcove_voice_set_options (room.voice, &off);
  room_wait (&room);
  powers = room_run (&room, 2, TRUE, FALSE);
  loss = decibels (powers.echo, powers.out);
  g_test_message ("echo softer by %.1f dB without cancellation", loss);
  g_assert_cmpfloat (fabs (loss), <=, 1.0);

  room_close (&room);
}

/* Steady noise gets softer, and a low voice louder. */
static void
test_noise_and_gain (void)
{
  const AlcoveVoiceOptions noise = { .noise_suppression = TRUE };
  const AlcoveVoiceOptions gain = { .gain_control = TRUE };
  Room room;
  Powers powers;
  double in;

  room_open (&room);
  alcove_voice_set_microphone (room.voice, TRUE);
  alcove_voice_set_options (room.voice, &noise);
  room_wait (&room);
  room_run (&room, 3, FALSE, FALSE);
  powers = room_run (&room, 2, FALSE, FALSE);
  in = 200.0 * PIECE * 0.0003 * 0.0003 / 3.0;
  g_test_message ("noise softer by %.1f dB", decibels (in, powers.out));
  g_assert_cmpfloat (decibels (in, powers.out), >=, 5.0);

  alcove_voice_set_options (room.voice, &gain);
  room_wait (&room);
  room_run (&room, 4, FALSE, TRUE);
  powers = room_run (&room, 2, FALSE, TRUE);
  g_test_message ("voice louder by %.1f dB", decibels (powers.out, powers.near));
  g_assert_cmpfloat (decibels (powers.out, powers.near), >=, 2.0);

  room_close (&room);
}

/* Tones and files are left as they are, to the last sample. */
static void
test_untouched (void)
{
  Room room;
  double samples[PIECE];
  g_autoptr (GstBuffer) in = NULL;
  g_autoptr (GstBuffer) out = NULL;

  room_open (&room);
  speak (&room, samples);
  in = make_buffer (&room, samples);
  alcove_voice_push (room.voice, gst_buffer_ref (in));
  out = g_async_queue_timeout_pop (room.heard, PATIENCE);
  g_assert_true (in == out);

  room_close (&room);
}

static void
on_notice (AlcoveVoice *voice,
           GError *error,
           guint *n_notices)
{
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_FAILED);
  ++*n_notices;
}

static void
run_hops (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* Nobody plays what the processor is to take out, so that it can't start: the person is told, the
 * call does not suffer, and what needs no output works. */
static void
test_broken (void)
{
  const AlcoveVoiceOptions echo = { .echo_cancellation = TRUE };
  const AlcoveVoiceOptions noise = { .noise_suppression = TRUE };
  Room room;
  AlcoveVoice *voice;
  g_autoptr (GstBus) bus = NULL;
  double samples[PIECE];
  g_autoptr (GstBuffer) in = NULL;
  g_autoptr (GstBuffer) out = NULL;
  guint n_notices = 0;

  room_open (&room);
  voice = alcove_voice_new (GST_BIN (room.pipeline), "no-such-probe", room.workers, on_heard, &room);
  g_signal_connect (voice, "notice", G_CALLBACK (on_notice), &n_notices);
  alcove_voice_set_options (voice, &echo);
  alcove_voice_set_microphone (voice, TRUE);
  room_wait (&room);
  run_hops ();
  g_assert_cmpuint (n_notices, ==, 1);
  speak (&room, samples);
  in = make_buffer (&room, samples);
  alcove_voice_push (voice, gst_buffer_ref (in));
  out = g_async_queue_timeout_pop (room.heard, PATIENCE);
  g_assert_true (in == out);
  bus = gst_element_get_bus (room.pipeline);
  g_assert_null (gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR));

  alcove_voice_set_options (voice, &noise);
  room_wait (&room);
  run_hops ();
  g_assert_cmpuint (n_notices, ==, 1);

  alcove_voice_stop (voice);
  room_wait (&room);
  gst_element_set_state (room.pipeline, GST_STATE_NULL);
  g_assert_finalize_object (voice);
  room_close (&room);
}

/* Calls work without the processor too. Last, since it is gone then. */
static void
test_missing (void)
{
  g_autoptr (GstElementFactory) factory = gst_element_factory_find ("webrtcdsp");
  Room room;
  double samples[PIECE];
  g_autoptr (GstBuffer) in = NULL;
  g_autoptr (GstBuffer) out = NULL;

  gst_registry_remove_feature (gst_registry_get (), GST_PLUGIN_FEATURE (factory));
  g_assert_false (alcove_voice_is_possible ());

  room_open (&room);
  alcove_voice_set_microphone (room.voice, TRUE);
  speak (&room, samples);
  in = make_buffer (&room, samples);
  alcove_voice_push (room.voice, gst_buffer_ref (in));
  out = g_async_queue_timeout_pop (room.heard, PATIENCE);
  g_assert_true (in == out);

  room_close (&room);
}

int
main (int argc,
      char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  if (!alcove_voice_is_possible ())
    return SKIP;

  g_test_add_func ("/media/voice/echo", test_echo);
  g_test_add_func ("/media/voice/noise-and-gain", test_noise_and_gain);
  g_test_add_func ("/media/voice/untouched", test_untouched);
  g_test_add_func ("/media/voice/broken", test_broken);
  g_test_add_func ("/media/voice/zz-missing", test_missing);

  return g_test_run ();
}
