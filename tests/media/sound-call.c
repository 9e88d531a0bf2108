/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "sound-call.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>

#include "alcove-error.h"
#include "alcove-sound-meter.h"

/* Gaps lower the pitch that is measured, and the slow build leaves some: silence, the microphone and
 * the call are told apart there all the same. How it sounds is what the other build is asked for. */
#define LOWER_HZ (SANITIZED ? 250 : 20)
#define HIGHER_HZ 20

/* In percent of the processors' time. */
#define MOST_STOLEN 2

/* One millisecond of sound; what is silence, of 32767; and what is too little to tell a pitch. */
#define BLOCK (RATE / 1000)
#define FAINT 200
#define LEAST_PERIODS 50

void
listener_open (Listener *listener,
               const char *device)
{
  g_autofree char *description = g_strdup_printf (
      "pulsesrc device=%s ! audioconvert ! audioresample ! "
      "audio/x-raw,format=S16LE,rate=48000,channels=1 ! appsink name=sink sync=false",
      device);

  listener->pipeline = gst_parse_launch (description, NULL);
  listener->sink = gst_bin_get_by_name (GST_BIN (listener->pipeline), "sink");
  gst_element_set_state (listener->pipeline, GST_STATE_PLAYING);
}

void
listener_open_sent (Listener *listener,
                    AlcoveEngine *engine)
{
  AlcoveFanOut *fan_out = alcove_engine_get_audio_fan_out (engine);
  g_autoptr (GstElement) source = NULL;

  listener->pipeline = gst_parse_launch (
      "appsrc name=source is-live=true format=time ! opusdec ! audioconvert ! audioresample ! "
      "audio/x-raw,format=S16LE,rate=48000,channels=1 ! appsink name=sink sync=false",
      NULL);
  listener->sink = gst_bin_get_by_name (GST_BIN (listener->pipeline), "sink");
  source = gst_bin_get_by_name (GST_BIN (listener->pipeline), "source");
  g_object_set (source, "caps", alcove_fan_out_get_caps (fan_out), NULL);
  gst_element_set_state (listener->pipeline, GST_STATE_PLAYING);
  alcove_fan_out_subscribe (fan_out, GST_APP_SRC (source));
}

void
listener_close (Listener *listener)
{
  gst_element_set_state (listener->pipeline, GST_STATE_NULL);
  gst_object_unref (listener->sink);
  gst_object_unref (listener->pipeline);
}

/* The time of all processors so far, and what of it a virtual machine's host gave to others. */
static void
read_ticks (guint64 *all,
            guint64 *stolen)
{
  g_autofree char *text = NULL;
  guint64 ticks[8] = { 0 };

  *all = *stolen = 0;
  if (!g_file_get_contents ("/proc/stat", &text, NULL, NULL))
    return;
  sscanf (text, "cpu %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64
          " %" SCNu64, &ticks[0], &ticks[1], &ticks[2], &ticks[3], &ticks[4], &ticks[5], &ticks[6],
          &ticks[7]);
  for (gsize i = 0; i < G_N_ELEMENTS (ticks); i++)
    *all += ticks[i];
  *stolen = ticks[7];
}

static int
compare_ints (gconstpointer one,
              gconstpointer other)
{
  return *(const int *) one - *(const int *) other;
}

/* Which sound it is and how loud, whatever gaps it has: the middle one of the times between two rises
 * through zero, and the power of the milliseconds in which there is anything. */
static double
look_between_gaps (const gint16 *samples,
                   gsize n_samples,
                   double *level)
{
  g_autoptr (GArray) periods = g_array_new (FALSE, FALSE, sizeof (int));
  gboolean above = FALSE;
  double sum = 0;
  gsize n = 0;
  int last = -1;

  for (gsize at = 0; at + BLOCK <= n_samples; at += BLOCK)
    {
      double power = 0;

      for (gsize i = at; i < at + BLOCK; i++)
        {
          power += (double) samples[i] * samples[i];
          if (above && samples[i] < -FAINT)
            above = FALSE;
          else if (!above && samples[i] > FAINT)
            {
              int period = (int) i - last;

              if (last >= 0)
                g_array_append_val (periods, period);
              last = (int) i;
              above = TRUE;
            }
        }
      if (power < (double) BLOCK * FAINT * FAINT)
        continue;
      sum += power;
      n += BLOCK;
    }

  *level = n > 0 ? sqrt (sum / (double) n) / G_MAXINT16 : 0;
  if (periods->len < LEAST_PERIODS)
    return 0;
  g_array_sort (periods, compare_ints);
  return (double) RATE / g_array_index (periods, int, periods->len / 2);
}

/* Of the next second. Where the host of a virtual machine took some of it, the sound has gaps that are
 * not ours, which lower both pitch and level: then, and with @past_gaps, without them. */
static double
hear (Listener *listener,
      double *level,
      gboolean past_gaps)
{
  g_autoptr (GArray) second = g_array_sized_new (FALSE, FALSE, sizeof (gint16), RATE);
  AlcoveSoundMeter meter = { 0 };
  guint64 all_before, all, stolen_before, stolen;
  const gint16 *samples;
  double tone;
  double sum = 0;

  read_ticks (&all_before, &stolen_before);
  while (second->len < RATE)
    {
      GstSample *sample = NULL;
      GstMapInfo map;

      wait_for ((sample = gst_app_sink_try_pull_sample (GST_APP_SINK (listener->sink), 0))
                != NULL);
      g_assert_true (gst_buffer_map (gst_sample_get_buffer (sample), &map, GST_MAP_READ));
      g_array_append_vals (second, map.data, (guint) (map.size / sizeof (gint16)));
      gst_buffer_unmap (gst_sample_get_buffer (sample), &map);
      gst_sample_unref (sample);
    }
  read_ticks (&all, &stolen);

  samples = (const gint16 *) (gpointer) second->data;
  alcove_sound_meter_add (&meter, samples, second->len);
  tone = alcove_sound_meter_get_tone (&meter);
  for (guint i = 0; i < second->len; i++)
    sum += (double) samples[i] * samples[i];
  *level = sqrt (sum / (double) second->len) / G_MAXINT16;
  if (past_gaps && tone > 0 && (stolen - stolen_before) * 100 > (all - all_before) * MOST_STOLEN)
    tone = look_between_gaps (samples, second->len, level);
  return tone;
}

/* Pitch and level of the next second. */
double
listener_hear (Listener *listener,
               double *level)
{
  return hear (listener, level, FALSE);
}

void
listener_wait_for (Listener *listener,
                   double pitch,
                   double *level)
{
  double heard = -1;
  guint n = 0;

  /* twice in a row: the first may have begun in the middle of it */
  for (guint i = 0; i < 40 && n < 2; i++)
    {
      heard = hear (listener, level, TRUE);
      n = heard < pitch + HIGHER_HZ && heard > MAX (pitch - LOWER_HZ, -1) ? n + 1 : 0;
    }
  if (n == 2)
    return;
  g_test_message ("%g Hz at level %.3f instead of %g Hz", heard, *level, pitch);
  g_assert_not_reached ();
}

static GstFlowReturn
on_call (GstAppSink *sink,
         gpointer data)
{
  Caller *caller = data;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);

  alcove_playout_stream_push (caller->stream, sample);
  return GST_FLOW_OK;
}

void
caller_open (Caller *caller,
             AlcoveEngine *engine,
             const char *wave)
{
  GstAppSinkCallbacks callbacks = { .new_sample = on_call };
  g_autofree char *description = g_strdup_printf (
      "audiotestsrc is-live=true samplesperbuffer=960 wave=%s freq=%d volume=%g ! " ALCOVE_PLAYOUT_CAPS
      " ! appsink name=sink sync=false",
      wave, CALL_HZ, CALL_VOLUME);
  g_autoptr (GstElement) sink = NULL;

  caller->stream = alcove_playout_open_stream (alcove_engine_get_playout (engine));
  caller->pipeline = gst_parse_launch (description, NULL);
  sink = gst_bin_get_by_name (GST_BIN (caller->pipeline), "sink");
  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, caller, NULL);
  gst_element_set_state (caller->pipeline, GST_STATE_PLAYING);
}

void
caller_close (Caller *caller)
{
  gst_element_set_state (caller->pipeline, GST_STATE_NULL);
  gst_object_unref (caller->pipeline);
  alcove_playout_stream_close (caller->stream);
}

GstElement *
start_tone (void)
{
  g_autofree char *description = g_strdup_printf (
      "audiotestsrc is-live=true freq=%d volume=%g ! audioconvert ! pulsesink device=feed",
      MIC_HZ, MIC_VOLUME);
  GstElement *pipeline = gst_parse_launch (description, NULL);

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  return pipeline;
}

void
stop_tone (GstElement *pipeline)
{
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
}

AlcoveEngine *
engine_new (const char *audio,
            const char *playout)
{
  return engine_new_with (NULL, audio, playout);
}

AlcoveEngine *
engine_new_with (AlcoveDevices *devices,
                 const char *audio,
                 const char *playout)
{
  AlcoveEngineOptions options = ALCOVE_ENGINE_OPTIONS_INIT;
  g_autoptr (GError) error = NULL;
  AlcoveEngine *engine;

  options.video = "none";
  options.audio = audio;
  options.playout = playout;
  options.devices = devices;
  engine = alcove_engine_new (&options, &error);
  g_assert_no_error (error);
  return engine;
}

void
engine_end (AlcoveEngine *engine)
{
  alcove_engine_stop (engine);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (engine);
}

/* A tone is noise to what makes voices clear. */
void
leave_sound_as_it_is (AlcoveEngine *engine)
{
  const AlcoveVoiceOptions none = { 0 };

  alcove_voice_set_options (alcove_engine_get_voice (engine), &none);
}

gboolean
get_microphone_available (AlcoveEngine *engine)
{
  gboolean available;

  g_object_get (engine, "microphone-available", &available, NULL);
  return available;
}

static void
on_notice (AlcoveEngine *engine,
           GError *error,
           Notices *notices)
{
  if (g_error_matches (error, ALCOVE_ERROR, ALCOVE_ERROR_NO_MICROPHONE))
    notices->n_microphone++;
  else if (g_error_matches (error, ALCOVE_ERROR, ALCOVE_ERROR_NO_SPEAKER))
    notices->n_speaker++;
  else if (g_error_matches (error, ALCOVE_ERROR, ALCOVE_ERROR_OTHER_DEVICE))
    notices->n_other++;
  else
    g_assert_no_error (error);
  notices->n_standing++;
}

static void
on_notice_over (AlcoveEngine *engine,
                GError *error,
                Notices *notices)
{
  g_auto (GStrv) standing = alcove_engine_dup_standing (engine);

  g_assert_cmpuint (notices->n_standing, >, 0);
  notices->n_standing--;
  g_assert_cmpuint (g_strv_length (standing), ==, notices->n_standing);
  g_assert_false (g_strv_contains ((const char *const *) standing, error->message));
}

void
engine_count_notices (AlcoveEngine *engine,
                      Notices *notices)
{
  g_signal_connect (engine, "notice", G_CALLBACK (on_notice), notices);
  g_signal_connect (engine, "notice-over", G_CALLBACK (on_notice_over), notices);
}

gboolean
has_device (AlcoveDevices *devices,
            AlcoveDeviceKind kind,
            const char *id)
{
  GListModel *list = alcove_devices_get_list (devices, kind);
  gboolean found = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (list) && !found; i++)
    {
      g_autoptr (AlcoveDevice) device = g_list_model_get_item (list, i);

      found = g_str_equal (alcove_device_get_id (device), id);
    }
  return found;
}

void
hear_call (const char *monitor)
{
  Listener room;
  double level;

  g_test_message ("%s", monitor);
  listener_open (&room, monitor);
  listener_wait_for (&room, CALL_HZ, &level);
  listener_close (&room);
}
