/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "sound-call.h"

/* what the microphone of the test hears */
#define FAKE_HZ 400

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

  engine_count_notices (engine, &notices);
  leave_sound_as_it_is (engine);
  alcove_engine_start (engine);
  wait_for (get_microphone_available (engine));
  listener_open_sent (&sent, engine);
  listener_wait_for (&sent, MIC_HZ, &level);
  g_test_message ("microphone at level %.3f", level);
  g_assert_cmpfloat_with_epsilon (level, MIC_VOLUME * G_SQRT2 / 2, 0.06);
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

  engine_count_notices (engine, &notices);
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

  engine_count_notices (engine, &notices);
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
test_other_speaker (void)
{
  AlcoveEngine *engine = engine_new ("none", "speaker:headphones");
  Notices notices = { 0 };
  Caller caller;

  g_free (pactl ("load-module", "module-null-sink", "sink_name=headphones", NULL));
  engine_count_notices (engine, &notices);
  alcove_engine_start (engine);
  caller_open (&caller, engine, "sine");
  hear_call ("headphones.monitor");
  g_assert_cmpuint (notices.n_other, ==, 0);

  unload_output ("headphones");
  hear_call ("speaker.monitor");
  wait_for (notices.n_other == 1);
  g_assert_cmpuint (notices.n_standing, ==, 1);

  g_free (pactl ("load-module", "module-null-sink", "sink_name=headphones", NULL));
  hear_call ("headphones.monitor");
  wait_for (notices.n_standing == 0);

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

/* An output that is listed, but fails in the change of state that it is called after; or a microphone
 * that hears a tone of its own. */
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
  GstElement *bin;
  GstElement *sink;
  g_autoptr (GstPad) pad = NULL;
  g_autofree char *failure = gst_device_get_display_name (device);

  if (gst_device_has_classes (device, "Audio/Source"))
    {
      GstElement *source = gst_element_factory_make ("audiotestsrc", name);

      g_object_set (source, "is-live", TRUE, "freq", (double) FAKE_HZ, "volume", MIC_VOLUME, NULL);
      return source;
    }

  bin = gst_element_factory_make ("bin", name);
  sink = gst_element_factory_make ("fakesink", NULL);
  pad = gst_element_get_static_pad (sink, "sink");
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
fake_output_new (const char *failure,
                 const char *class)
{
  g_autoptr (GstCaps) caps = gst_caps_new_empty_simple ("audio/x-raw");
  g_autoptr (GstStructure) properties
      = gst_structure_new ("properties", "device.path", G_TYPE_STRING, failure, NULL);

  return gst_object_ref_sink (g_object_new (FAKE_TYPE_OUTPUT, "display-name", failure,
                                            "device-class", class, "caps", caps,
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
  gst_device_provider_class_set_static_metadata (provider_class, "Devices of the test",
                                                 "Source/Sink/Audio", "Devices of the test", "Alcove");
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
  g_autoptr (FakeOutput) broken = fake_output_new (data, "Audio/Sink");
  g_autofree char *playout = g_strdup_printf ("speaker:%s", (const char *) data);
  AlcoveEngine *engine;
  Notices notices = { 0 };
  Caller caller;

  g_assert_true (gst_device_provider_start (provider));
  gst_device_provider_device_add (provider, GST_DEVICE (broken));
  engine = engine_new ("none", playout);
  engine_count_notices (engine, &notices);
  alcove_engine_start (engine);
  wait_for (notices.n_other == 1);
  caller_open (&caller, engine, "sine");
  hear_call ("speaker.monitor");
  g_assert_cmpint (g_atomic_int_get (&broken->n_opened), >, 0);

  g_assert_cmpuint (notices.n_standing, ==, 1);
  alcove_engine_set_speaker (engine, "feed");
  g_assert_cmpuint (notices.n_standing, ==, 0);
  hear_call ("feed.monitor");
  alcove_engine_set_speaker (engine, data);
  hear_call ("speaker.monitor");
  wait_for (notices.n_other == 2);
  g_assert_cmpuint (notices.n_standing, ==, 1);
  g_assert_cmpuint (notices.n_speaker, ==, 0);

  caller_close (&caller);
  engine_end (engine);
  gst_device_provider_device_remove (provider, GST_DEVICE (broken));
  gst_device_provider_stop (provider);
}

/* Another provider stands for that of the sound server, as PipeWire's does, and tells no default. The
 * system's own choice is heard all the same, also after it changed; and what there is where no server
 * is asked any more. */
static void
test_hidden_server (void)
{
  g_autoptr (GstDeviceProvider) provider = gst_device_provider_factory_get_by_name ("alcovefake");
  g_autoptr (FakeOutput) fake = fake_output_new ("fake", "Audio/Source");
  GstElement *tone = start_tone ();
  AlcoveEngine *engine;
  Listener sent;
  double level;

  g_free (load_headset ());
  g_free (load_microphone ());
  g_free (pactl ("set-default-source", "microphone", NULL));
  g_assert_true (gst_device_provider_start (provider));
  gst_device_provider_device_add (provider, GST_DEVICE (fake));
  gst_device_provider_hide_provider (provider, "pulsedeviceprovider");

  engine = engine_new ("mic", "none");
  leave_sound_as_it_is (engine);
  alcove_engine_start (engine);
  wait_for (get_microphone_available (engine));
  listener_open_sent (&sent, engine);
  listener_wait_for (&sent, MIC_HZ, &level);
  g_free (pactl ("set-default-source", "headset", NULL));
  listener_wait_for (&sent, 0, &level);
  g_free (pactl ("set-default-source", "microphone", NULL));
  listener_wait_for (&sent, MIC_HZ, &level);

  stop_tone (tone);
  sound_server_kill ();
  listener_wait_for (&sent, FAKE_HZ, &level);
  listener_close (&sent);
  engine_end (engine);

  /* what an output plays is no microphone, even where it is the system's choice */
  sound_server_start ();
  g_free (load_microphone ());
  g_free (pactl ("set-default-source", "feed.monitor", NULL));
  engine = engine_new ("mic", "none");
  leave_sound_as_it_is (engine);
  alcove_engine_start (engine);
  wait_for (get_microphone_available (engine));
  listener_open_sent (&sent, engine);
  listener_wait_for (&sent, FAKE_HZ, &level);

  listener_close (&sent);
  engine_end (engine);
  gst_device_provider_unhide_provider (provider, "pulsedeviceprovider");
  gst_device_provider_device_remove (provider, GST_DEVICE (fake));
  gst_device_provider_stop (provider);
  sound_server_kill ();
  sound_server_start ();
}

static void
test_playout (void)
{
  AlcoveEngine *engine = engine_new ("none", "auto");
  Notices notices = { 0 };
  Listener room;
  Caller caller;
  double level;

  engine_count_notices (engine, &notices);
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

/* Two seconds in a row, as what one of them holds from before and after a change may look alike. */
static void
wait_for_level (Listener *room,
                double wanted)
{
  const double tolerance = MAX (wanted * 0.15, 0.001);
  double level = -1;
  guint n = 0;

  for (guint i = 0; i < 25 && n < 2; i++)
    {
      listener_hear (room, &level);
      n = fabs (level - wanted) <= tolerance ? n + 1 : 0;
    }
  g_test_message ("level %.4f, wanted %.4f", level, wanted);
  g_assert_cmpuint (n, ==, 2);
}

/* One person made softer and muted for us alone; the other one is heard as before. */
static void
test_volume (void)
{
  const double full = CALL_VOLUME * G_SQRT2 / 2;
  AlcoveEngine *engine = engine_new ("none", "auto");
  Listener room;
  Caller caller, other;

  alcove_engine_start (engine);
  caller_open (&caller, engine, "sine");
  listener_open (&room, "speaker.monitor");
  wait_for_level (&room, full);

  alcove_playout_stream_set_volume (caller.stream, 0.25);
  wait_for_level (&room, full / 4);
  alcove_playout_stream_set_volume (caller.stream, 0.0);
  wait_for_level (&room, 0);

  caller_open (&other, engine, "sine");
  wait_for_level (&room, full);
  caller_close (&other);
  wait_for_level (&room, 0);

  alcove_playout_stream_set_volume (caller.stream, 1.0);
  wait_for_level (&room, full);

  listener_close (&room);
  caller_close (&caller);
  engine_end (engine);
}

int
main (int argc,
      char **argv)
{
  int status;

  if (!sound_server_init (&argc, &argv))
    return SKIP;
  gst_device_provider_register (NULL, "alcovefake", GST_RANK_PRIMARY, FAKE_TYPE_PROVIDER);

  g_test_add_func ("/media/devices/lists", test_lists);
  g_test_add_data_func ("/media/devices/microphone/named", "mic:microphone", test_microphone);
  g_test_add_data_func ("/media/devices/microphone/default", "mic", test_microphone);
  g_test_add_func ("/media/devices/only-monitors", test_only_monitors);
  g_test_add_func ("/media/devices/microphone/other", test_other_microphone);
  g_test_add_func ("/media/devices/microphone/hidden-server", test_hidden_server);
  g_test_add_func ("/media/devices/output/other", test_other_speaker);
  g_test_add_data_func ("/media/devices/output/closed", "null-to-ready", test_broken_speaker);
  g_test_add_data_func ("/media/devices/output/broken", "ready-to-paused", test_broken_speaker);
  /* sound is measured as it comes, and a sanitized build is too slow for that */
  if (!SANITIZED)
    {
      g_test_add_func ("/media/devices/output/echo", test_echo);
      g_test_add_func ("/media/devices/output/volume", test_volume);
      g_test_add_func ("/media/devices/output/playout", test_playout);
    }
  status = g_test_run ();
  sound_server_clear ();
  return status;
}
