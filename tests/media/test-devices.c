/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <signal.h>
#include <sys/prctl.h>

#include <glib/gstdio.h>
#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>

#include "alcove-engine-private.h"
#include "alcove-error.h"
#include "alcove-sound-meter.h"

/*
 * Real sound devices as far as a computer without any can have them: a sound server of our
 * own with outputs that end in nothing and a microphone that hears one of them.
 */

#ifdef __SANITIZE_ADDRESS__
#define SANITIZED TRUE
#else
#define SANITIZED FALSE
#endif

#define SKIP 77
#define RATE 48000
#define MIC_HZ 700
#define CALL_HZ 1000
#define CALL_VOLUME 0.5

static gboolean
on_tick (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* Runs the main context until @value is true. */
#define wait_for(value)                                                                           \
  G_STMT_START                                                                                    \
  {                                                                                               \
    guint tick_ = g_timeout_add (10, on_tick, NULL);                                              \
    gint64 end_ = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;                                  \
    while (!(value))                                                                              \
      {                                                                                           \
        g_assert_cmpint (g_get_monotonic_time (), <, end_);                                       \
        g_main_context_iteration (NULL, TRUE);                                                    \
      }                                                                                           \
    g_source_remove (tick_);                                                                      \
  }                                                                                               \
  G_STMT_END

#define PACTL_SECONDS "10"

/* What `pactl` prints; of load-module, the number of the module. */
static char *
pactl (const char *first,
       ...)
{
  g_autoptr (GPtrArray) arguments = g_ptr_array_new ();
  g_autofree char *output = NULL;
  g_autoptr (GError) error = NULL;
  int status = 0;
  va_list list;

  /* it waits for ever for a server that is stuck */
  g_ptr_array_add (arguments, (gpointer) "timeout");
  g_ptr_array_add (arguments, (gpointer) PACTL_SECONDS);
  g_ptr_array_add (arguments, (gpointer) "pactl");
  va_start (list, first);
  for (const char *a = first; a != NULL; a = va_arg (list, const char *))
    g_ptr_array_add (arguments, (gpointer) a);
  va_end (list);
  g_ptr_array_add (arguments, NULL);
  if (!g_spawn_sync (NULL, (char **) arguments->pdata, NULL,
                     G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &output, NULL,
                     &status, &error)
      || status != 0)
    return NULL;
  return g_strdup (g_strstrip (output));
}

static char *
load_microphone (void)
{
  char *module = pactl ("load-module", "module-remap-source", "source_name=microphone",
                        "master=feed.monitor", "source_properties=device.description=Microphone",
                        NULL);

  g_assert_nonnull (module);
  return module;
}

/* A microphone that hears nothing. */
static char *
load_headset (void)
{
  char *module = pactl ("load-module", "module-remap-source", "source_name=headset",
                        "master=speaker.monitor", "source_properties=device.description=Headset",
                        NULL);

  g_assert_nonnull (module);
  return module;
}

typedef struct {
  GstElement *pipeline;
  GstElement *sink;
} Listener;

static void
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

static void
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

static void
listener_close (Listener *listener)
{
  gst_element_set_state (listener->pipeline, GST_STATE_NULL);
  gst_object_unref (listener->sink);
  gst_object_unref (listener->pipeline);
}

/* Pitch and level of the next second. */
static double
listener_hear (Listener *listener,
               double *level)
{
  AlcoveSoundMeter meter = { 0 };
  double sum = 0;
  gsize n = 0;

  while (n < RATE)
    {
      GstSample *sample = NULL;
      GstMapInfo map;
      const gint16 *samples;

      wait_for ((sample = gst_app_sink_try_pull_sample (GST_APP_SINK (listener->sink), 0))
                != NULL);
      g_assert_true (gst_buffer_map (gst_sample_get_buffer (sample), &map, GST_MAP_READ));
      samples = (const gint16 *) map.data;
      for (gsize i = 0; i < map.size / 2; i++)
        sum += (double) samples[i] * samples[i];
      alcove_sound_meter_add (&meter, samples, map.size / 2);
      n += map.size / 2;
      gst_buffer_unmap (gst_sample_get_buffer (sample), &map);
      gst_sample_unref (sample);
    }
  *level = sqrt (sum / (double) n) / G_MAXINT16;
  return alcove_sound_meter_get_tone (&meter);
}

static void
listener_wait_for (Listener *listener,
                   double pitch,
                   double *level)
{
  double heard = -1;

  for (guint i = 0; i < 15; i++)
    {
      heard = listener_hear (listener, level);
      if (fabs (heard - pitch) < 20)
        {
          /* the one before may have begun in the middle of it */
          listener_hear (listener, level);
          return;
        }
    }
  g_test_message ("%g Hz at level %.3f instead of %g Hz", heard, *level, pitch);
  g_assert_not_reached ();
}

/* Somebody who talks, at the other end of a link. */
typedef struct {
  GstElement *pipeline;
  AlcovePlayoutStream *stream;
} Caller;

static GstFlowReturn
on_call (GstAppSink *sink,
         gpointer data)
{
  Caller *caller = data;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);

  alcove_playout_stream_push (caller->stream, sample);
  return GST_FLOW_OK;
}

static void
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

static void
caller_close (Caller *caller)
{
  gst_element_set_state (caller->pipeline, GST_STATE_NULL);
  gst_object_unref (caller->pipeline);
  alcove_playout_stream_close (caller->stream);
}

static GstElement *
start_tone (void)
{
  g_autofree char *description = g_strdup_printf (
      "audiotestsrc is-live=true freq=%d volume=0.4 ! audioconvert ! pulsesink device=feed",
      MIC_HZ);
  GstElement *pipeline = gst_parse_launch (description, NULL);

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  return pipeline;
}

static void
stop_tone (GstElement *pipeline)
{
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
}

static AlcoveEngine *
engine_new (const char *audio,
            const char *playout)
{
  AlcoveEngineOptions options = ALCOVE_ENGINE_OPTIONS_INIT;
  g_autoptr (GError) error = NULL;
  AlcoveEngine *engine;

  options.video = "none";
  options.audio = audio;
  options.playout = playout;
  engine = alcove_engine_new (&options, &error);
  g_assert_no_error (error);
  return engine;
}

static void
engine_end (AlcoveEngine *engine)
{
  alcove_engine_stop (engine);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (engine);
}

/* A tone is noise to what makes voices clear. */
static void
leave_sound_as_it_is (AlcoveEngine *engine)
{
  const AlcoveVoiceOptions none = { 0 };

  alcove_voice_set_options (alcove_engine_get_voice (engine), &none);
}

static gboolean
get_microphone_available (AlcoveEngine *engine)
{
  gboolean available;

  g_object_get (engine, "microphone-available", &available, NULL);
  return available;
}

typedef struct {
  guint n_microphone;
  guint n_speaker;
  guint n_other;
} Notices;

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
}

static gboolean
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

static void
test_lists (void)
{
  AlcoveDevices *devices = alcove_devices_new ();
  GListModel *microphones = alcove_devices_get_list (devices, ALCOVE_DEVICE_MICROPHONE);
  g_autofree char *module = load_microphone ();
  g_autofree char *again = NULL;

  alcove_devices_start (devices);
  wait_for (has_device (devices, ALCOVE_DEVICE_MICROPHONE, "microphone")
            && has_device (devices, ALCOVE_DEVICE_SPEAKER, "speaker"));
  g_assert_true (has_device (devices, ALCOVE_DEVICE_SPEAKER, "feed"));
  /* what an output plays is no microphone */
  g_assert_cmpuint (g_list_model_get_n_items (microphones), ==, 1);

  g_free (pactl ("unload-module", module, NULL));
  wait_for (g_list_model_get_n_items (microphones) == 0);
  again = load_microphone ();
  wait_for (has_device (devices, ALCOVE_DEVICE_MICROPHONE, "microphone"));
  g_assert_cmpuint (g_list_model_get_n_items (microphones), ==, 1);
  g_free (pactl ("unload-module", again, NULL));
  g_assert_finalize_object (devices);
}

/* As @data says: by name, or the system's own choice. */
static void
test_microphone (gconstpointer data)
{
  g_autofree char *module = load_microphone ();
  GstElement *tone = start_tone ();
  AlcoveEngine *engine = engine_new (data, "none");
  Notices notices = { 0 };
  Listener sent;
  double level;

  g_signal_connect (engine, "notice", G_CALLBACK (on_notice), &notices);
  leave_sound_as_it_is (engine);
  alcove_engine_start (engine);
  wait_for (get_microphone_available (engine));
  listener_open_sent (&sent, engine);
  listener_wait_for (&sent, MIC_HZ, &level);
  g_test_message ("microphone at level %.3f", level);
  g_assert_cmpfloat_with_epsilon (level, 0.4 * G_SQRT2 / 2, 0.06);
  g_assert_cmpuint (notices.n_microphone, ==, 0);

  /* unplugged: told once, silence is sent, and the same links go on */
  g_free (pactl ("unload-module", module, NULL));
  wait_for (notices.n_microphone > 0);
  g_assert_false (get_microphone_available (engine));
  listener_wait_for (&sent, 0, &level);
  g_assert_cmpfloat (level, <, 0.001);

  g_free (module);
  module = load_microphone ();
  wait_for (get_microphone_available (engine));
  listener_wait_for (&sent, MIC_HZ, &level);
  g_assert_cmpuint (notices.n_microphone, ==, 1);

  listener_close (&sent);
  engine_end (engine);
  stop_tone (tone);
  g_free (pactl ("unload-module", module, NULL));
}

static void
test_only_monitors (void)
{
  AlcoveEngine *engine = engine_new ("mic", "none");
  Notices notices = { 0 };

  g_signal_connect (engine, "notice", G_CALLBACK (on_notice), &notices);
  alcove_engine_start (engine);
  wait_for (notices.n_microphone > 0);
  g_assert_false (get_microphone_available (engine));
  engine_end (engine);
}

/* The one that was chosen goes and comes back; meanwhile the other one is heard. */
static void
test_other_microphone (void)
{
  g_autofree char *module = load_microphone ();
  g_autofree char *headset = load_headset ();
  GstElement *tone = start_tone ();
  AlcoveEngine *engine = engine_new ("mic:headset", "none");
  Notices notices = { 0 };
  Listener sent;
  double level;

  g_signal_connect (engine, "notice", G_CALLBACK (on_notice), &notices);
  leave_sound_as_it_is (engine);
  alcove_engine_start (engine);
  wait_for (get_microphone_available (engine));
  listener_open_sent (&sent, engine);
  listener_wait_for (&sent, 0, &level);
  g_assert_cmpuint (notices.n_other, ==, 0);

  g_free (pactl ("unload-module", headset, NULL));
  listener_wait_for (&sent, MIC_HZ, &level);
  g_assert_true (get_microphone_available (engine));
  g_assert_cmpuint (notices.n_other, ==, 1);

  g_free (headset);
  headset = load_headset ();
  listener_wait_for (&sent, 0, &level);
  g_assert_true (get_microphone_available (engine));
  g_assert_cmpuint (notices.n_other, ==, 1);
  g_assert_cmpuint (notices.n_microphone, ==, 0);

  listener_close (&sent);
  engine_end (engine);
  stop_tone (tone);
  g_free (pactl ("unload-module", headset, NULL));
  g_free (pactl ("unload-module", module, NULL));
}

/* What the loudspeaker plays stands before the microphone: through the sound server and back it
 * gets softer, once the processor has learnt the way. */
static void
test_echo (void)
{
  const AlcoveVoiceOptions echo = { .echo_cancellation = TRUE };
  g_autofree char *headset = load_headset ();
  AlcoveEngine *engine = engine_new ("mic:headset", "auto");
  Caller caller;
  Listener sent;
  double before = 0.0, level;

  if (!alcove_voice_is_possible ())
    {
      g_test_skip ("echo can't be taken out here");
      engine_end (engine);
      g_free (pactl ("unload-module", headset, NULL));
      return;
    }
  leave_sound_as_it_is (engine);
  alcove_engine_start (engine);
  wait_for (get_microphone_available (engine));
  caller_open (&caller, engine, "pink-noise");
  listener_open_sent (&sent, engine);
  for (guint i = 0; i < 15 && before < 0.02; i++)
    listener_hear (&sent, &before);
  g_assert_cmpfloat (before, >=, 0.02);
  /* the one before may have begun in the middle of it */
  listener_hear (&sent, &before);

  alcove_voice_set_options (alcove_engine_get_voice (engine), &echo);
  level = before;
  for (guint i = 0; i < 15 && level > before / 8.0; i++)
    listener_hear (&sent, &level);
  g_test_message ("echo softer by %.1f dB", 20.0 * log10 (before / MAX (level, 1e-6)));
  g_assert_cmpfloat (level, <=, before / 8.0);
  /* it is not gone because nothing is sent any more */
  alcove_voice_set_options (alcove_engine_get_voice (engine), &(AlcoveVoiceOptions){ 0 });
  for (guint i = 0; i < 15 && level < before / 2.0; i++)
    listener_hear (&sent, &level);
  g_assert_cmpfloat (level, >=, before / 2.0);

  caller_close (&caller);
  listener_close (&sent);
  engine_end (engine);
  g_free (pactl ("unload-module", headset, NULL));
}

static void
hear_call (const char *monitor)
{
  Listener room;
  double level;

  g_test_message ("%s", monitor);
  listener_open (&room, monitor);
  listener_wait_for (&room, CALL_HZ, &level);
  listener_close (&room);
}

static void
unload_output (const char *name)
{
  g_autofree char *modules = pactl ("list", "short", "modules", NULL);
  g_auto (GStrv) lines = g_strsplit (modules, "\n", -1);
  g_autofree char *argument = g_strdup_printf ("sink_name=%s", name);

  for (guint i = 0; lines[i] != NULL; i++)
    if (strstr (lines[i], argument) != NULL)
      {
        *strchr (lines[i], '\t') = '\0';
        g_free (pactl ("unload-module", lines[i], NULL));
      }
}

static void
test_other_speaker (void)
{
  AlcoveEngine *engine = engine_new ("none", "speaker:headphones");
  Notices notices = { 0 };
  Caller caller;

  g_free (pactl ("load-module", "module-null-sink", "sink_name=headphones", NULL));
  g_signal_connect (engine, "notice", G_CALLBACK (on_notice), &notices);
  alcove_engine_start (engine);
  caller_open (&caller, engine, "sine");
  hear_call ("headphones.monitor");
  g_assert_cmpuint (notices.n_other, ==, 0);

  unload_output ("headphones");
  hear_call ("speaker.monitor");
  wait_for (notices.n_other == 1);

  g_free (pactl ("load-module", "module-null-sink", "sink_name=headphones", NULL));
  hear_call ("headphones.monitor");

  /* changed over in a call, and as the system's own choice changes */
  alcove_engine_set_speaker (engine, NULL);
  hear_call ("speaker.monitor");
  g_free (pactl ("set-default-sink", "feed", NULL));
  hear_call ("feed.monitor");
  g_free (pactl ("set-default-sink", "speaker", NULL));
  g_assert_cmpuint (notices.n_other, ==, 1);
  g_assert_cmpuint (notices.n_speaker, ==, 0);

  caller_close (&caller);
  engine_end (engine);
  unload_output ("headphones");
}

/* An output that is listed, but fails in the change of state that it is called after. */
#define FAKE_TYPE_OUTPUT (fake_output_get_type ())
G_DECLARE_FINAL_TYPE (FakeOutput, fake_output, FAKE, OUTPUT, GstDevice)

struct _FakeOutput {
  GstDevice parent_instance;

  int n_opened;
};

G_DEFINE_FINAL_TYPE (FakeOutput, fake_output, GST_TYPE_DEVICE)

static GstElement *
fake_output_create_element (GstDevice *device,
                            const char *name)
{
  GstElement *bin = gst_element_factory_make ("bin", name);
  GstElement *sink = gst_element_factory_make ("fakesink", NULL);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (sink, "sink");
  g_autofree char *failure = gst_device_get_display_name (device);

  gst_util_set_object_arg (G_OBJECT (sink), "state-error", failure);
  gst_bin_add (GST_BIN (bin), sink);
  gst_element_add_pad (bin, gst_ghost_pad_new ("sink", pad));
  g_atomic_int_inc (&FAKE_OUTPUT (device)->n_opened);
  return bin;
}

static void
fake_output_class_init (FakeOutputClass *klass)
{
  GST_DEVICE_CLASS (klass)->create_element = fake_output_create_element;
}

static void
fake_output_init (FakeOutput *self)
{
}

static FakeOutput *
fake_output_new (const char *failure)
{
  g_autoptr (GstCaps) caps = gst_caps_new_empty_simple ("audio/x-raw");
  g_autoptr (GstStructure) properties
      = gst_structure_new ("properties", "device.path", G_TYPE_STRING, failure, NULL);

  return gst_object_ref_sink (g_object_new (FAKE_TYPE_OUTPUT, "display-name", failure,
                                            "device-class", "Audio/Sink", "caps", caps,
                                            "properties", properties, NULL));
}

#define FAKE_TYPE_PROVIDER (fake_provider_get_type ())
G_DECLARE_FINAL_TYPE (FakeProvider, fake_provider, FAKE, PROVIDER, GstDeviceProvider)

struct _FakeProvider {
  GstDeviceProvider parent_instance;
};

G_DEFINE_FINAL_TYPE (FakeProvider, fake_provider, GST_TYPE_DEVICE_PROVIDER)

static gboolean
fake_provider_start (GstDeviceProvider *provider)
{
  return TRUE;
}

static void
fake_provider_stop (GstDeviceProvider *provider)
{
}

static void
fake_provider_class_init (FakeProviderClass *klass)
{
  GstDeviceProviderClass *provider_class = GST_DEVICE_PROVIDER_CLASS (klass);

  provider_class->start = fake_provider_start;
  provider_class->stop = fake_provider_stop;
  gst_device_provider_class_set_static_metadata (provider_class, "Outputs of the test",
                                                 "Sink/Audio", "Outputs of the test", "Alcove");
}

static void
fake_provider_init (FakeProvider *self)
{
}

/* The chosen output is there but fails, as @data says: the default one is heard, and the person is
 * told, each time that it is chosen. */
static void
test_broken_speaker (gconstpointer data)
{
  g_autoptr (GstDeviceProvider) provider = gst_device_provider_factory_get_by_name ("alcovefake");
  g_autoptr (FakeOutput) broken = fake_output_new (data);
  g_autofree char *playout = g_strdup_printf ("speaker:%s", (const char *) data);
  AlcoveEngine *engine;
  Notices notices = { 0 };
  Caller caller;

  g_assert_true (gst_device_provider_start (provider));
  gst_device_provider_device_add (provider, GST_DEVICE (broken));
  engine = engine_new ("none", playout);
  g_signal_connect (engine, "notice", G_CALLBACK (on_notice), &notices);
  alcove_engine_start (engine);
  wait_for (notices.n_other == 1);
  caller_open (&caller, engine, "sine");
  hear_call ("speaker.monitor");
  g_assert_cmpint (g_atomic_int_get (&broken->n_opened), >, 0);

  alcove_engine_set_speaker (engine, "feed");
  hear_call ("feed.monitor");
  alcove_engine_set_speaker (engine, data);
  hear_call ("speaker.monitor");
  wait_for (notices.n_other == 2);
  g_assert_cmpuint (notices.n_speaker, ==, 0);

  caller_close (&caller);
  engine_end (engine);
  gst_device_provider_device_remove (provider, GST_DEVICE (broken));
  gst_device_provider_stop (provider);
}

static void
test_playout (void)
{
  AlcoveEngine *engine = engine_new ("none", "auto");
  Notices notices = { 0 };
  Listener room;
  Caller caller;
  double level;

  g_signal_connect (engine, "notice", G_CALLBACK (on_notice), &notices);
  alcove_engine_start (engine);
  caller_open (&caller, engine, "sine");
  listener_open (&room, "speaker.monitor");
  listener_wait_for (&room, CALL_HZ, &level);
  g_test_message ("speaker at level %.3f", level);
  g_assert_cmpfloat_with_epsilon (level, CALL_VOLUME * G_SQRT2 / 2, 0.05);
  g_assert_cmpuint (notices.n_speaker, ==, 0);
  listener_close (&room);

  /* unplugged: the call is heard from the output that is left */
  unload_output ("speaker");
  listener_open (&room, "feed.monitor");
  listener_wait_for (&room, CALL_HZ, &level);
  listener_close (&room);

  caller_close (&caller);
  engine_end (engine);
  g_free (pactl ("load-module", "module-null-sink", "sink_name=speaker", NULL));
  g_free (pactl ("set-default-sink", "speaker", NULL));
}

static gboolean
has_sink (const char *name)
{
  g_autofree char *sinks = pactl ("list", "short", "sinks", NULL);

  return sinks != NULL && strstr (sinks, name) != NULL;
}

/* A test that fails must not leave its sound server behind. */
static void
die_with_parent (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

int
main (int argc,
      char **argv)
{
  g_autofree char *server = g_find_program_in_path ("pulseaudio");
  g_autofree char *client = g_find_program_in_path ("pactl");
  g_autofree char *folder = g_dir_make_tmp ("alcove-sound-XXXXXX", NULL);
  g_autofree char *socket = g_build_filename (folder, "native", NULL);
  g_autofree char *address = g_strdup_printf ("unix:%s", socket);
  g_autofree char *protocol = g_strdup_printf (
      "module-native-protocol-unix socket=%s auth-anonymous=true", socket);
  const char *remove[] = { "rm", "-rf", folder, NULL };
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (server == NULL || client == NULL)
    return SKIP;

  g_setenv ("XDG_RUNTIME_DIR", folder, TRUE);
  g_setenv ("HOME", folder, TRUE);
  g_setenv ("PULSE_SERVER", address, TRUE);
  g_unsetenv ("DISPLAY");
  g_unsetenv ("DBUS_SESSION_BUS_ADDRESS");
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);
  gst_device_provider_register (NULL, "alcovefake", GST_RANK_PRIMARY, FAKE_TYPE_PROVIDER);

  /* after the variables, which it copies: two sound servers on one bus would not do */
  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  process = g_subprocess_launcher_spawn (
      launcher, &error, server, "-n", "--daemonize=no", "--use-pid-file=no",
      "--exit-idle-time=-1", "--disable-shm", "--log-level=error", "--realtime=no",
      "--high-priority=no", "-L", protocol, "-L",
      "module-null-sink sink_name=speaker", "-L", "module-null-sink sink_name=feed", NULL);
  g_assert_no_error (error);
  wait_for (has_sink ("feed"));
  g_free (pactl ("set-default-sink", "speaker", NULL));

  g_test_add_func ("/media/devices/lists", test_lists);
  g_test_add_data_func ("/media/devices/microphone/named", "mic:microphone", test_microphone);
  g_test_add_data_func ("/media/devices/microphone/default", "mic", test_microphone);
  g_test_add_func ("/media/devices/only-monitors", test_only_monitors);
  g_test_add_func ("/media/devices/microphone/other", test_other_microphone);
  g_test_add_func ("/media/devices/output/other", test_other_speaker);
  g_test_add_data_func ("/media/devices/output/closed", "null-to-ready", test_broken_speaker);
  /* sound is measured as it comes, and a sanitized build is too slow for that */
  if (!SANITIZED)
    {
      g_test_add_func ("/media/devices/output/echo", test_echo);
      g_test_add_func ("/media/devices/output/playout", test_playout);
    }
  status = g_test_run ();

  g_subprocess_force_exit (process);
  g_subprocess_wait (process, NULL, NULL);
  g_spawn_sync (NULL, (char **) remove, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                NULL);
  return status;
}
