/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "sound-call.h"

/*
 * The sound server goes while a call runs and comes back, as when its packages are upgraded or a
 * session ends.
 */

static guint
count_descriptors (void)
{
  g_autoptr (GDir) folder = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  g_assert_nonnull (folder);
  while (g_dir_read_name (folder) != NULL)
    n++;
  return n;
}

/* Waits for something half as loud as it was sent: nothing else can be heard there, and a busy
 * computer crackles. */
static void
listener_wait_for_level (Listener *listener,
                         double volume)
{
  double level = 0.0, pitch = 0.0;

  for (guint i = 0; i < 25 && level < volume / 2 * G_SQRT2 / 2; i++)
    pitch = listener_hear (listener, &level);
  g_test_message ("%g Hz at level %.3f", pitch, level);
  g_assert_cmpfloat (level, >=, volume / 2 * G_SQRT2 / 2);
}

static void
hear_call_at (const char *monitor)
{
  Listener room;

  g_test_message ("%s", monitor);
  listener_open (&room, monitor);
  listener_wait_for_level (&room, CALL_VOLUME);
  listener_close (&room);
}

static void
check_hot_plug (AlcoveDevices *devices)
{
  g_free (pactl ("load-module", "module-null-sink", "sink_name=headphones", NULL));
  wait_for (has_device (devices, ALCOVE_DEVICE_SPEAKER, "headphones"));
  unload_output ("headphones");
  wait_for (!has_device (devices, ALCOVE_DEVICE_SPEAKER, "headphones"));
}

typedef struct {
  const char *audio;
  const char *playout;
  const char *monitor;
  guint n_outages;
} Call;

/* The server stays away until the person was told, as @data says that many times. */
static void
test_outage (gconstpointer data)
{
  const Call *call = data;
  GstElement *tone = start_tone ();
  AlcoveEngine *engine;
  /* the application has the lists, and they are the engine's */
  AlcoveDevices *devices = alcove_devices_new ();
  Notices notices = { 0 };
  Listener sent;
  Caller caller;
  double level;
  guint n_descriptors = 0;

  g_free (load_microphone ());
  engine = engine_new_with (devices, call->audio, call->playout);
  engine_count_notices (engine, &notices);
  leave_sound_as_it_is (engine);
  alcove_devices_start (devices);
  alcove_engine_start (engine);
  wait_for (get_microphone_available (engine));
  caller_open (&caller, engine, "sine");
  hear_call_at (call->monitor);
  listener_open_sent (&sent, engine);
  listener_wait_for_level (&sent, MIC_VOLUME);
  check_hot_plug (devices);

  for (guint i = 0; i < call->n_outages; i++)
    {
      stop_tone (tone);
      sound_server_kill ();
      wait_for (!get_microphone_available (engine));
      wait_for (!has_device (devices, ALCOVE_DEVICE_SPEAKER, "speaker")
                && !has_device (devices, ALCOVE_DEVICE_MICROPHONE, "microphone"));
      if (i == 0)
        wait_for (notices.n_speaker > 0 && notices.n_microphone > 0);
      listener_wait_for (&sent, 0, &level);

      sound_server_start ();
      g_free (load_microphone ());
      tone = start_tone ();
      listener_wait_for_level (&sent, MIC_VOLUME);
      hear_call_at (call->monitor);
      wait_for (get_microphone_available (engine));
      wait_for (has_device (devices, ALCOVE_DEVICE_SPEAKER, "speaker")
                && has_device (devices, ALCOVE_DEVICE_MICROPHONE, "microphone"));
      check_hot_plug (devices);
      if (i == 0)
        n_descriptors = count_descriptors ();
      else
        wait_for (count_descriptors () <= n_descriptors);
      g_test_message ("%u descriptors", count_descriptors ());
      g_assert_cmpuint (notices.n_speaker, <=, i + 1);
      g_assert_cmpuint (notices.n_microphone, <=, i + 1);
      /* that nothing was heard is taken back */
      wait_for (notices.n_standing == 0);
    }

  caller_close (&caller);
  listener_close (&sent);
  engine_end (engine);
  g_assert_finalize_object (devices);
  stop_tone (tone);
  sound_server_kill ();
  sound_server_start ();
}

/* So fast that no list of devices ever changes: what was chosen is heard again all the same. */
static void
test_restart (void)
{
  AlcoveEngine *engine = engine_new ("none", "speaker:feed");
  Notices notices = { 0 };
  Caller caller;

  engine_count_notices (engine, &notices);
  alcove_engine_start (engine);
  caller_open (&caller, engine, "sine");
  hear_call_at ("feed.monitor");

  sound_server_kill ();
  sound_server_start ();
  hear_call_at ("feed.monitor");
  g_assert_cmpuint (notices.n_speaker, <=, 1);

  caller_close (&caller);
  engine_end (engine);
}

int
main (int argc,
      char **argv)
{
  const Call twice = { "mic", "auto", "speaker.monitor", 2 };
  const Call chosen = { "mic:microphone", "speaker:speaker", "speaker.monitor", 1 };
  int status;

  if (!sound_server_init (&argc, &argv))
    return SKIP;

  /* sound is measured as it comes, and a sanitized build is too slow for that */
  if (SANITIZED)
    {
      sound_server_clear ();
      return SKIP;
    }
  g_test_add_data_func ("/media/sound-server/twice", &twice, test_outage);
  g_test_add_data_func ("/media/sound-server/chosen", &chosen, test_outage);
  g_test_add_func ("/media/sound-server/restart", test_restart);
  status = g_test_run ();
  sound_server_clear ();
  return status;
}
