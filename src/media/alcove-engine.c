/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-engine"

#include "config.h"

#include "alcove-engine-private.h"

#include <glib/gi18n.h>

#include "alcove-adaptation.h"
#include "alcove-capture-lane.h"
#include "alcove-capture-monitor.h"
#include "alcove-codec-choice.h"
#include "alcove-devices-private.h"
#include "alcove-encoder.h"
#include "alcove-engine-check.h"
#include "alcove-engine-notices.h"
#include "alcove-engine-pipeline.h"
#include "alcove-error.h"
#include "alcove-ice-server.h"
#include "alcove-media-link-private.h"
#include "alcove-media-thread.h"
#include "alcove-media-warm-up.h"
#include "alcove-peer-link.h"
#include "alcove-playout-private.h"
#include "alcove-recordings.h"
#include "alcove-screen-share-private.h"
#include "alcove-voice-private.h"

#define STOP_TIMEOUT (4 * G_USEC_PER_SEC)

struct _AlcoveEngine {
  GObject parent_instance;

  /* options */
  int width;
  int height;
  int fps;
  gboolean receive;
  AlcoveCodecPreference preference;
  AlcoveIceServers ice;
  int number;

  AlcoveMediaHandle *handle;
  AlcoveMediaWarmUp *warm_up;
  GstClock *clock;
  GstClockTime base_time;
  AlcoveWorkers *workers;
  AlcoveEnginePipeline *pipeline;
  AlcoveCodecChoice *choice;
  AlcoveLadder *ladder;
  AlcoveAdaptation *adaptation;
  AlcoveEncoder *audio_encoder;
  AlcoveCaptureMonitor *monitor;
  AlcoveDevices *devices;
  AlcoveRecordings *recordings;
  AlcoveCaptureLane *video;
  AlcoveScreenShare *screen;
  AlcoveCaptureLane *audio;
  AlcoveVoice *voice;
  gboolean started;
  gboolean stopped;

  gboolean muted;
  gboolean camera_off;
  double input_level;
  gboolean speaking;
};

enum {
  PROP_0,
  PROP_MUTED,
  PROP_CAMERA_OFF,
  PROP_CAMERA_AVAILABLE,
  PROP_MICROPHONE_AVAILABLE,
  PROP_INPUT_LEVEL,
  PROP_SPEAKING,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

static void alcove_engine_factory_init (AlcovePeerLinkFactoryInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AlcoveEngine, alcove_engine, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ALCOVE_TYPE_PEER_LINK_FACTORY,
                                                      alcove_engine_factory_init))

typedef struct {
  double level;
  gboolean speaking;
} Level;

static void
set_flag (AlcoveEngine *self,
          gboolean *flag,
          gboolean value,
          int prop)
{
  if (*flag == value)
    return;

  *flag = value;
  g_object_notify_by_pspec (G_OBJECT (self), props[prop]);
}

static void
update_speaking (AlcoveEngine *self,
                 gboolean heard)
{
  set_flag (self, &self->speaking, heard && !self->muted, PROP_SPEAKING);
}

static void
hop_level (gpointer object,
           gpointer data)
{
  AlcoveEngine *self = object;
  Level *level = data;

  if (self->stopped)
    return;
  update_speaking (self, level->speaking);
  if (self->input_level == level->level)
    return;
  self->input_level = level->level;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_INPUT_LEVEL]);
}

static void
on_sound (GstBuffer *buffer,
          gpointer user_data)
{
  AlcoveEngine *self = user_data;
  Level level;

  if (alcove_capture_monitor_add_sound (self->monitor, buffer, &level.level, &level.speaking))
    alcove_media_hop (self->handle, hop_level, g_memdup2 (&level, sizeof level), g_free);

  alcove_encoder_push (self->audio_encoder, buffer);
}

static void
on_captured_sound (GstBuffer *buffer,
                   gpointer user_data)
{
  AlcoveEngine *self = user_data;

  alcove_encoder_expect (self->audio_encoder, buffer);
  alcove_voice_push (self->voice, buffer);
}

static void
on_picture (GstBuffer *buffer,
            gpointer user_data)
{
  AlcoveEngine *self = user_data;

  alcove_ladder_push (self->ladder, gst_buffer_ref (buffer));
  alcove_capture_monitor_add_picture (self->monitor, buffer);
  gst_buffer_unref (buffer);
}

static void
on_lane_available (AlcoveCaptureLane *lane,
                   GParamSpec *pspec,
                   AlcoveEngine *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[lane == self->video
                                                       ? PROP_CAMERA_AVAILABLE
                                                       : PROP_MICROPHONE_AVAILABLE]);
}

static AlcoveCaptureLane *
make_lane (AlcoveEngine *self,
           AlcoveCaptureSpec *spec,
           AlcoveCaptureFunc func)
{
  AlcoveCaptureSetup setup = {
    .spec = spec,
    .width = self->width,
    .height = self->height,
    .fps = self->fps,
    .clock = self->clock,
    .base_time = self->base_time,
    .pipewire_fd = -1,
    .workers = self->workers,
    .devices = self->devices,
  };
  AlcoveCaptureLane *lane;

  alcove_capture_spec_fill_number (spec, &self->number);
  lane = alcove_capture_lane_new (&setup, func, self);
  alcove_engine_notices_follow (self, lane);
  g_signal_connect_object (lane, "notify::available", G_CALLBACK (on_lane_available), self, 0);
  return lane;
}

static AlcovePeerLink *
alcove_engine_create_link (AlcovePeerLinkFactory *factory,
                           const AlcovePeerLinkOptions *options,
                           GError **error)
{
  AlcoveEngine *self = ALCOVE_ENGINE (factory);
  AlcoveMediaLinkSetup setup = {
    .peer = options->peer,
    .full_descriptions = options->full_descriptions,
    .channel_label = options->channel_label,
    .serial = options->serial,
    .video = self->ladder,
    .adaptation = self->adaptation,
    .audio = alcove_encoder_get_fan_out (self->audio_encoder),
    .choice = self->choice,
    .preference = self->preference,
    .playout = alcove_engine_get_playout (self),
    .clock = self->clock,
    .base_time = self->base_time,
    .workers = self->workers,
    .receive = self->receive,
    .recordings = self->recordings,
    .stun = self->ice.stun,
    .turn = self->ice.turn,
    .relay_only = self->ice.relay_only,
  };
  AlcoveMediaLink *link = alcove_media_link_new (&setup, error);

  return link != NULL ? ALCOVE_PEER_LINK (link) : NULL;
}

static void
alcove_engine_factory_init (AlcovePeerLinkFactoryInterface *iface)
{
  iface->create_link = alcove_engine_create_link;
}

static void
alcove_engine_get_property (GObject *object,
                            guint id,
                            GValue *value,
                            GParamSpec *pspec)
{
  AlcoveEngine *self = ALCOVE_ENGINE (object);

  switch (id)
    {
    case PROP_MUTED:
      g_value_set_boolean (value, self->muted);
      break;
    case PROP_CAMERA_OFF:
      g_value_set_boolean (value, self->camera_off);
      break;
    case PROP_CAMERA_AVAILABLE:
      g_value_set_boolean (value, alcove_engine_get_camera_available (self));
      break;
    case PROP_MICROPHONE_AVAILABLE:
      g_value_set_boolean (value, self->audio != NULL
                                      && alcove_capture_lane_get_available (self->audio));
      break;
    case PROP_INPUT_LEVEL:
      g_value_set_double (value, self->input_level);
      break;
    case PROP_SPEAKING:
      g_value_set_boolean (value, self->speaking);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
alcove_engine_set_property (GObject *object,
                            guint id,
                            const GValue *value,
                            GParamSpec *pspec)
{
  AlcoveEngine *self = ALCOVE_ENGINE (object);

  switch (id)
    {
    case PROP_MUTED:
      alcove_engine_set_muted (self, g_value_get_boolean (value));
      break;
    case PROP_CAMERA_OFF:
      alcove_engine_set_camera_off (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
alcove_engine_dispose (GObject *object)
{
  AlcoveEngine *self = ALCOVE_ENGINE (object);

  alcove_engine_stop (self);
  g_clear_object (&self->pipeline);

  G_OBJECT_CLASS (alcove_engine_parent_class)->dispose (object);
}

static void
alcove_engine_finalize (GObject *object)
{
  AlcoveEngine *self = ALCOVE_ENGINE (object);

  g_clear_pointer (&self->warm_up, alcove_media_warm_up_wait);
  /* links that were closed after the engine was stopped may still be on their way out */
  if (!alcove_workers_wait (self->workers, g_get_monotonic_time () + STOP_TIMEOUT))
    g_message ("Something does not stop");
  g_clear_pointer (&self->workers, alcove_workers_unref);
  g_clear_object (&self->screen);
  g_clear_object (&self->video);
  g_clear_object (&self->audio);
  g_clear_object (&self->voice);
  g_clear_object (&self->devices);
  g_clear_object (&self->adaptation);
  g_clear_object (&self->ladder);
  g_clear_pointer (&self->choice, alcove_codec_choice_unref);
  g_clear_object (&self->audio_encoder);
  g_clear_pointer (&self->monitor, alcove_capture_monitor_free);
  gst_clear_object (&self->clock);
  g_clear_pointer (&self->recordings, alcove_recordings_unref);
  alcove_ice_servers_set (&self->ice, NULL, NULL, FALSE);
  alcove_media_handle_unref (self->handle);

  G_OBJECT_CLASS (alcove_engine_parent_class)->finalize (object);
}

static void
alcove_engine_class_init (AlcoveEngineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags readable
      = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = alcove_engine_get_property;
  object_class->set_property = alcove_engine_set_property;
  object_class->dispose = alcove_engine_dispose;
  object_class->finalize = alcove_engine_finalize;

  props[PROP_MUTED] = g_param_spec_boolean ("muted", NULL, NULL, FALSE,
                                            readable | G_PARAM_WRITABLE);
  props[PROP_CAMERA_OFF] = g_param_spec_boolean ("camera-off", NULL, NULL, FALSE,
                                                 readable | G_PARAM_WRITABLE);
  props[PROP_CAMERA_AVAILABLE]
      = g_param_spec_boolean ("camera-available", NULL, NULL, FALSE, readable);
  props[PROP_MICROPHONE_AVAILABLE]
      = g_param_spec_boolean ("microphone-available", NULL, NULL, FALSE, readable);
  props[PROP_INPUT_LEVEL]
      = g_param_spec_double ("input-level", NULL, NULL, 0.0, 1.0, 0.0, readable);
  props[PROP_SPEAKING] = g_param_spec_boolean ("speaking", NULL, NULL, FALSE, readable);
  g_object_class_install_properties (object_class, N_PROPS, props);

  alcove_engine_notices_add_signals (G_TYPE_FROM_CLASS (klass));
}

static void
alcove_engine_init (AlcoveEngine *self)
{
  self->handle = alcove_media_handle_new (self);
  self->workers = alcove_workers_new ();
  /* the numbers from 16 on are for those who did not ask for one */
  self->number = g_random_int_range (16, 256);
}

/**
 * alcove_engine_new:
 * @options: what to send and receive; copied
 * @error: return location
 *
 * Nothing is opened before alcove_engine_start().
 *
 * Returns: (transfer full): an engine, or %NULL with %ALCOVE_ERROR_FAILED for options that
 *   make no sense or %ALCOVE_ERROR_MISSING_ELEMENT
 */
AlcoveEngine *
alcove_engine_new (const AlcoveEngineOptions *options,
                   GError **error)
{
  g_autoptr (AlcoveEngine) self = NULL;
  g_autoptr (AlcoveCaptureSpec) video = NULL;
  g_autoptr (AlcoveCaptureSpec) audio = NULL;

  gst_init (NULL, NULL);
  self = g_object_new (ALCOVE_TYPE_ENGINE, NULL);
  video = alcove_capture_spec_parse (options->video, TRUE, error);
  if (video == NULL)
    return NULL;
  audio = alcove_capture_spec_parse (options->audio, FALSE, error);
  if (audio == NULL || !alcove_engine_check_options (options, error)
      || !alcove_engine_check_elements (error))
    return NULL;

  self->width = options->width;
  self->height = options->height;
  self->fps = options->fps;
  self->receive = options->receive;
  alcove_engine_set_codec (self, options->codec);
  self->recordings = alcove_recordings_new ();
  alcove_engine_set_ice_servers (self, options->stun, options->turn, options->relay_only);

  self->warm_up = alcove_media_warm_up_start ();
  self->clock = gst_system_clock_obtain ();
  self->base_time = gst_clock_get_time (self->clock);
  self->monitor = alcove_capture_monitor_new (self->width, self->height);
  if (options->devices != NULL)
    {
      self->devices = g_object_ref (options->devices);
    }
  else
    {
      self->devices = alcove_devices_new ();
      alcove_devices_set_workers (self->devices, self->workers);
    }
  self->video = make_lane (self, video, on_picture);
  self->screen = alcove_screen_share_new (self->video);
  alcove_engine_notices_follow (self, self->screen);
  self->audio = make_lane (self, audio, on_captured_sound);

  self->pipeline = alcove_engine_pipeline_new (
      self->clock, self->base_time, g_strcmp0 (options->playout, "none") == 0, self->devices,
      self->workers, error);
  if (self->pipeline == NULL)
    return NULL;
  alcove_engine_notices_follow (self, self->pipeline);
  if (options->playout != NULL && g_str_has_prefix (options->playout, "speaker:"))
    alcove_engine_pipeline_set_speaker (self->pipeline, options->playout + strlen ("speaker:"));
  self->voice = alcove_voice_new (
      alcove_engine_pipeline_get_bin (self->pipeline),
      alcove_playout_get_probe (alcove_engine_get_playout (self)), self->workers, on_sound, self);
  alcove_engine_notices_follow (self, self->voice);
  alcove_voice_set_microphone (self->voice, audio->kind == ALCOVE_CAPTURE_DEVICE);
  self->ladder = alcove_ladder_new (alcove_engine_pipeline_get_bin (self->pipeline), self->workers,
                                    self->width, self->height, self->fps, error);
  if (self->ladder == NULL)
    return NULL;
  self->choice = alcove_codec_choice_new (self->workers);
  alcove_ladder_set_codec_choice (self->ladder, self->choice);
  self->audio_encoder
      = alcove_encoder_new_audio (alcove_engine_pipeline_get_bin (self->pipeline), error);
  if (self->audio_encoder == NULL)
    return NULL;
  self->adaptation = alcove_adaptation_new (self->ladder, self->audio_encoder);

  return g_steal_pointer (&self);
}

static void
tell_of_codec (AlcoveEngine *self)
{
  g_autoptr (GError) error = NULL;

  alcove_engine_check_codec (self->preference, &error);
  alcove_engine_notices_set (self, "alcove-notice-codec", error);
}

static void
tell_of_ice (AlcoveEngine *self)
{
  g_autoptr (GError) error = NULL;

  alcove_ice_servers_check (self->ice.stun, self->ice.turn, self->ice.relay_only, &error);
  alcove_engine_notices_set (self, "alcove-notice-ice", error);
}

/**
 * alcove_engine_start:
 * @self: an engine
 *
 * Opens sources, encoders and the sound output in the background. Calling it again does nothing.
 */
void
alcove_engine_start (AlcoveEngine *self)
{
  g_autoptr (AlcoveEngine) keep = g_object_ref (self);

  if (self->started || self->stopped)
    return;

  self->started = TRUE;
  tell_of_ice (self);
  tell_of_codec (self);
  if (self->stopped)
    return;
  alcove_engine_pipeline_start (self->pipeline);
  alcove_capture_lane_start (self->video);
  alcove_capture_lane_start (self->audio);
}

/**
 * alcove_engine_stop:
 * @self: an engine
 *
 * Releases devices, ends encoding and closes recordings, for good. It waits until all that is
 * done, as a rule some hundredths of a second and 4 s at most, so that the process may
 * end right after it. Close the links first.
 */
void
alcove_engine_stop (AlcoveEngine *self)
{
  gint64 deadline = g_get_monotonic_time () + STOP_TIMEOUT;

  if (self->stopped)
    return;

  self->stopped = TRUE;
  if (self->screen != NULL)
    alcove_screen_share_close (self->screen);
  if (self->video != NULL)
    alcove_capture_lane_stop (self->video);
  if (self->audio != NULL)
    alcove_capture_lane_stop (self->audio);
  if (self->voice != NULL)
    alcove_voice_stop (self->voice);
  g_clear_object (&self->devices);
  if (self->choice != NULL)
    alcove_codec_choice_close (self->choice);
  if (self->ladder != NULL)
    alcove_ladder_close (self->ladder);
  if (self->audio_encoder != NULL)
    alcove_encoder_close (self->audio_encoder);
  if (self->pipeline != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->pipeline, self);
      alcove_engine_pipeline_stop (self->pipeline);
    }

  if (self->recordings != NULL && !alcove_recordings_finish (self->recordings, deadline))
    g_message ("A recording is not closed yet");
  if (!alcove_workers_wait (self->workers, deadline))
    g_message ("Something does not stop");
}

static void
set_spec (AlcoveEngine *self,
          AlcoveCaptureLane *lane,
          const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlcoveCaptureSpec) spec
      = alcove_capture_spec_parse (text, lane == self->video, &error);

  if (spec == NULL)
    {
      alcove_engine_notices_tell (self, error);
      return;
    }
  alcove_capture_spec_fill_number (spec, &self->number);
  if (lane == self->audio)
    alcove_voice_set_microphone (self->voice, spec->kind == ALCOVE_CAPTURE_DEVICE);
  alcove_capture_lane_set_spec (lane, spec);
}

/**
 * alcove_engine_set_video:
 * @self: an engine
 * @video: as in #AlcoveEngineOptions; what makes no sense is a notice
 *
 * Changes the source of the picture, without any link noticing.
 */
void
alcove_engine_set_video (AlcoveEngine *self,
                         const char *video)
{
  set_spec (self, self->video, video);
}

/**
 * alcove_engine_set_audio:
 * @self: an engine
 * @audio: as in #AlcoveEngineOptions; what makes no sense is a notice
 *
 * Changes the source of the sound, without any link noticing.
 */
void
alcove_engine_set_audio (AlcoveEngine *self,
                         const char *audio)
{
  set_spec (self, self->audio, audio);
}

/**
 * alcove_engine_set_speaker:
 * @self: an engine that is not silent
 * @speaker: (nullable): the id of a sound output; %NULL for the system's default
 */
void
alcove_engine_set_speaker (AlcoveEngine *self,
                           const char *speaker)
{
  alcove_engine_pipeline_set_speaker (self->pipeline, speaker);
}

/**
 * alcove_engine_get_voice:
 * @self: an engine
 *
 * Returns: (transfer none): what is done to the sound of the microphone
 */
AlcoveVoice *
alcove_engine_get_voice (AlcoveEngine *self)
{
  return self->voice;
}

/**
 * alcove_engine_set_ice_servers:
 * @self: an engine
 * @stun: (nullable): as in #AlcoveEngineOptions
 * @turn: (nullable): as in #AlcoveEngineOptions
 * @relay_only: use relayed candidates alone
 *
 * For links made from now on. What can't be used is a notice.
 */
void
alcove_engine_set_ice_servers (AlcoveEngine *self,
                               const char *stun,
                               const char *turn,
                               gboolean relay_only)
{
  alcove_ice_servers_set (&self->ice, stun, turn, relay_only);
  if (self->started)
    tell_of_ice (self);
}

/**
 * alcove_engine_set_codec:
 * @self: an engine
 * @codec: (nullable): as in #AlcoveEngineOptions; what makes no sense is ignored
 *
 * For links made from now on.
 */
void
alcove_engine_set_codec (AlcoveEngine *self,
                         const char *codec)
{
  alcove_codec_preference_parse (codec, &self->preference);
  if (self->started)
    tell_of_codec (self);
}

/**
 * alcove_engine_set_muted:
 * @self: an engine
 * @muted: whether silence is sent
 */
void
alcove_engine_set_muted (AlcoveEngine *self,
                         gboolean muted)
{
  if (self->muted == muted)
    return;

  alcove_encoder_set_muted (self->audio_encoder, muted);
  set_flag (self, &self->muted, muted, PROP_MUTED);
  if (muted)
    update_speaking (self, FALSE);
}

/**
 * alcove_engine_get_muted:
 * @self: an engine
 *
 * Returns: whether silence is sent
 */
gboolean
alcove_engine_get_muted (AlcoveEngine *self)
{
  return self->muted;
}

/**
 * alcove_engine_set_camera_off:
 * @self: an engine
 * @camera_off: whether a still picture is sent and the camera released
 */
void
alcove_engine_set_camera_off (AlcoveEngine *self,
                              gboolean camera_off)
{
  if (self->camera_off == camera_off)
    return;

  set_flag (self, &self->camera_off, camera_off, PROP_CAMERA_OFF);
  alcove_capture_lane_set_paused (self->video, camera_off);
}

/**
 * alcove_engine_get_camera_off:
 * @self: an engine
 *
 * Returns: whether the camera is off by the person's will
 */
gboolean
alcove_engine_get_camera_off (AlcoveEngine *self)
{
  return self->camera_off;
}

/**
 * alcove_engine_get_camera_available:
 * @self: an engine
 *
 * Returns: whether the source asked for gives pictures, or gave them when it was turned off
 */
gboolean
alcove_engine_get_camera_available (AlcoveEngine *self)
{
  return self->video != NULL && alcove_capture_lane_get_available (self->video);
}

/**
 * alcove_engine_get_camera_missing:
 * @self: an engine
 *
 * Returns: whether a notice that holds says that the source asked for can't be used
 */
gboolean
alcove_engine_get_camera_missing (AlcoveEngine *self)
{
  return self->video != NULL && alcove_capture_lane_get_missing (self->video);
}

/**
 * alcove_engine_get_input_level:
 * @self: an engine
 *
 * Returns: 0 (silence) to 1 (full scale), linear in decibels
 */
double
alcove_engine_get_input_level (AlcoveEngine *self)
{
  return self->input_level;
}

/**
 * alcove_engine_get_preview:
 * @self: an engine
 *
 * Returns: (transfer none): our own picture before the encoder; empty while its slot has no size
 */
AlcoveFrameSlot *
alcove_engine_get_preview (AlcoveEngine *self)
{
  return alcove_capture_monitor_get_preview (self->monitor);
}

/**
 * alcove_engine_get_screen_share:
 * @self: an engine
 *
 * Returns: (transfer none): how our screen takes the camera's place
 */
AlcoveScreenShare *
alcove_engine_get_screen_share (AlcoveEngine *self)
{
  return self->screen;
}

/**
 * alcove_engine_get_clock:
 * @self: an engine
 * @base_time: (out): of all pipelines
 *
 * Returns: (transfer none): the clock of all pipelines
 */
GstClock *
alcove_engine_get_clock (AlcoveEngine *self,
                         GstClockTime *base_time)
{
  *base_time = self->base_time;
  return self->clock;
}

/**
 * alcove_engine_get_ladder:
 * @self: an engine
 *
 * Returns: (transfer none): encoded pictures
 */
AlcoveLadder *
alcove_engine_get_ladder (AlcoveEngine *self)
{
  return self->ladder;
}

/**
 * alcove_engine_get_audio_fan_out:
 * @self: an engine
 *
 * Returns: (transfer none): encoded sound
 */
AlcoveFanOut *
alcove_engine_get_audio_fan_out (AlcoveEngine *self)
{
  return alcove_encoder_get_fan_out (self->audio_encoder);
}

/**
 * alcove_engine_get_playout:
 * @self: an engine
 *
 * Returns: (transfer none): where decoded sound goes
 */
AlcovePlayout *
alcove_engine_get_playout (AlcoveEngine *self)
{
  return alcove_engine_pipeline_get_playout (self->pipeline);
}
