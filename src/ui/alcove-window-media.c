/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-window-media"

#include "config.h"

#include "alcove-window-private.h"

/* Camera and microphone of a window, as the command line and the settings want them. */

static char *
dup_video (AlcoveWindow *self)
{
  g_autofree char *camera = g_settings_get_string (self->settings, "camera");

  if (self->video != NULL)
    return g_strdup (self->video);
  if (*camera != '\0')
    return g_strconcat ("camera:", camera, NULL);
  return g_strdup ("camera");
}

static char *
dup_audio (AlcoveWindow *self)
{
  g_autofree char *microphone = g_settings_get_string (self->settings, "microphone");

  if (self->audio != NULL)
    return g_strdup (self->audio);
  if (*microphone != '\0')
    return g_strconcat ("mic:", microphone, NULL);
  return g_strdup ("mic");
}

/* An override, else the setting, else NULL. */
static char *
dup_address (AlcoveWindow *self,
             const char *override,
             const char *key)
{
  g_autofree char *value = g_settings_get_string (self->settings, key);

  if (override != NULL)
    return g_strdup (override);
  return *value != '\0' ? g_steal_pointer (&value) : NULL;
}

static void
apply_voice (AlcoveWindow *self)
{
  AlcoveVoiceOptions options = {
    .echo_cancellation = g_settings_get_boolean (self->settings, "echo-cancellation"),
    .noise_suppression = g_settings_get_boolean (self->settings, "noise-suppression"),
    .gain_control = g_settings_get_boolean (self->settings, "gain-control"),
  };

  alcove_voice_set_options (alcove_engine_get_voice (self->engine), &options);
}

/* What the command line says of the output is not overruled. */
static char *
dup_speaker (AlcoveWindow *self)
{
  g_autofree char *speaker = g_settings_get_string (self->settings, "speaker");

  if (self->playout != NULL || *speaker == '\0')
    return NULL;
  return g_steal_pointer (&speaker);
}

static gboolean
is_standing (AlcoveWindow *self,
             const char *text)
{
  g_auto (GStrv) standing = alcove_engine_dup_standing (self->engine);

  return g_strv_contains ((const char *const *) standing, text);
}

/* Passers-by are told nothing, and whoever looks after a wall reads its journal. In a room it is the
 * page that tells; what holds until the person is back in the lobby is found there. */
static void
notice_cb (AlcoveWindow *self,
           const GError *error)
{
  if (self->lobby == NULL)
    g_message ("%s", error->message);
  else if (!alcove_window_in_room (self) || is_standing (self, error->message))
    alcove_preview_tell (alcove_lobby_get_preview (self->lobby), error->message);
  alcove_window_tell_room (self);
}

static void
notice_over_cb (AlcoveWindow *self,
                const GError *error)
{
  if (self->lobby == NULL)
    g_message ("No longer: %s", error->message);
  else
    alcove_preview_take_back (alcove_lobby_get_preview (self->lobby), error->message);
  alcove_window_tell_room (self);
}

/**
 * alcove_window_drop_engine:
 * @self: a window
 *
 * Lets go of camera and microphone.
 */
void
alcove_window_drop_engine (AlcoveWindow *self)
{
  if (self->engine == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->engine, self);
  if (self->lobby != NULL)
    alcove_preview_set_engine (alcove_lobby_get_preview (self->lobby), NULL);
  alcove_session_set_factory (self->session, NULL);
  alcove_engine_stop (self->engine);
  g_clear_object (&self->engine);
}

/**
 * alcove_window_make_engine:
 * @self: a window
 *
 * Takes camera and microphone as the command line and the settings say. What goes wrong is
 * told, and leaves the window without an engine.
 */
void
alcove_window_make_engine (AlcoveWindow *self)
{
  AlcoveEngineOptions options = ALCOVE_ENGINE_OPTIONS_INIT;
  g_autofree char *video = dup_video (self);
  g_autofree char *audio = dup_audio (self);
  g_autofree char *speaker = dup_speaker (self);
  g_autofree char *stun = dup_address (self, self->stun, "stun");
  g_autofree char *turn = dup_address (self, self->turn, "turn");
  g_autofree char *codec = g_settings_get_string (self->settings, "video-codec");
  g_autoptr (GError) error = NULL;

  alcove_window_drop_engine (self);
  g_free (self->engine_size);
  self->engine_size = self->size != NULL ? g_strdup (self->size)
                                         : g_settings_get_string (self->settings, "size");

  options.video = video;
  options.audio = audio;
  if (self->playout != NULL)
    options.playout = self->playout;
  alcove_launch_parse_size (self->engine_size, &options.width, &options.height);
  options.fps = self->fps > 0 ? self->fps : g_settings_get_int (self->settings, "fps");
  options.codec = codec;
  options.devices = self->devices;
  options.stun = stun;
  options.turn = turn;
  options.relay_only = g_settings_get_boolean (self->settings, "relay-only");

  self->engine = alcove_engine_new (&options, &error);
  if (self->engine == NULL)
    {
      alcove_window_show_error (self, error->message);
      return;
    }

  g_signal_connect_swapped (self->engine, "notice", G_CALLBACK (notice_cb), self);
  g_signal_connect_swapped (self->engine, "notice-over", G_CALLBACK (notice_over_cb), self);
  apply_voice (self);
  if (self->playout == NULL)
    alcove_engine_set_speaker (self->engine, speaker);
  alcove_window_watch_share (self);
  if (!self->kiosk)
    {
      alcove_window_update_muted (self);
      alcove_engine_set_camera_off (self->engine,
                                    !g_settings_get_boolean (self->settings, "camera-on"));
    }
  alcove_session_set_factory (self->session, ALCOVE_PEER_LINK_FACTORY (self->engine));
  if (self->lobby != NULL)
    alcove_preview_set_engine (alcove_lobby_get_preview (self->lobby), self->engine);
  alcove_engine_start (self->engine);
}

/**
 * alcove_window_tell_room:
 * @self: a window
 *
 * Tells the others whether our microphone and camera are off, and whether they see our screen.
 * What is not there is told as what is turned off.
 */
void
alcove_window_tell_room (AlcoveWindow *self)
{
  AlcoveRoom *room = alcove_session_get_room (self->session);
  gboolean sharing;

  if (room == NULL || self->engine == NULL)
    return;

  sharing = alcove_screen_share_get_sharing (alcove_engine_get_screen_share (self->engine));
  alcove_room_set_sharing (room, sharing);

  alcove_room_set_muted (room, alcove_engine_get_muted (self->engine)
                                   || g_strcmp0 (self->audio, "none") == 0);
  alcove_room_set_camera_off (room, !sharing
                                        && (alcove_engine_get_camera_off (self->engine)
                                            || alcove_engine_get_camera_missing (self->engine)
                                            || g_strcmp0 (self->video, "none") == 0));
}

/**
 * alcove_window_update_muted:
 * @self: a window that is no wall
 *
 * Mutes the microphone as the person wants it, who may turn it on by holding a key.
 */
void
alcove_window_update_muted (AlcoveWindow *self)
{
  gboolean muted = !g_settings_get_boolean (self->settings, "microphone-on");

  alcove_push_to_talk_set_enabled (
      self->push_to_talk, muted && g_settings_get_boolean (self->settings, "push-to-talk"));
  if (self->engine != NULL)
    alcove_engine_set_muted (self->engine,
                             muted && !alcove_push_to_talk_get_talking (self->push_to_talk));
}

/**
 * alcove_window_apply_setting:
 * @self: a window
 * @key: what changed
 *
 * Lets a change of the settings take effect in the engine and the room.
 */
void
alcove_window_apply_setting (AlcoveWindow *self,
                             const char *key)
{
  if (self->engine == NULL || self->kiosk)
    return;

  if (g_str_equal (key, "camera"))
    {
      g_autofree char *video = dup_video (self);

      alcove_engine_set_video (self->engine, video);
    }
  else if (g_str_equal (key, "microphone"))
    {
      g_autofree char *audio = dup_audio (self);

      alcove_engine_set_audio (self->engine, audio);
    }
  else if (g_str_equal (key, "microphone-on"))
    {
      alcove_window_update_muted (self);
      alcove_window_tell_room (self);
    }
  else if (g_str_equal (key, "speaker") && self->playout == NULL)
    {
      g_autofree char *speaker = dup_speaker (self);

      alcove_engine_set_speaker (self->engine, speaker);
    }
  else if (g_str_equal (key, "echo-cancellation") || g_str_equal (key, "noise-suppression")
           || g_str_equal (key, "gain-control"))
    {
      apply_voice (self);
    }
  else if (g_str_equal (key, "push-to-talk"))
    {
      alcove_window_update_muted (self);
    }
  else if (g_str_equal (key, "camera-on"))
    {
      gboolean off = !g_settings_get_boolean (self->settings, key);

      alcove_engine_set_camera_off (self->engine, off);
      alcove_window_tell_room (self);
    }
  else if (g_str_equal (key, "video-codec"))
    {
      g_autofree char *codec = g_settings_get_string (self->settings, key);

      alcove_engine_set_codec (self->engine, codec);
    }
  else if (g_str_equal (key, "stun") || g_str_equal (key, "turn")
           || g_str_equal (key, "relay-only"))
    {
      g_autofree char *stun = dup_address (self, self->stun, "stun");
      g_autofree char *turn = dup_address (self, self->turn, "turn");

      alcove_engine_set_ice_servers (self->engine, stun, turn,
                                     g_settings_get_boolean (self->settings, "relay-only"));
    }
}
