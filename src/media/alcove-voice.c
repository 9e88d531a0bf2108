/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-voice"

#include "config.h"

#include "alcove-voice-private.h"

#include <glib/gi18n.h>
#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>

#include "alcove-error-bin.h"
#include "alcove-error.h"
#include "alcove-media-thread.h"
#include "alcove-playout.h"

#define PROCESSOR "webrtcdsp"

struct _AlcoveVoice {
  GObject parent_instance;

  AlcoveMediaHandle *handle;
  AlcoveWorkers *workers;
  char *probe;
  AlcoveVoiceOptions options;
  gboolean microphone;
  gboolean stopped;
  gboolean told; /* that it broke, since it was last set up */

  /* NULL where the processor is missing */
  GstElement *bin;
  GstElement *source;
  GstElement *processor;

  /* workers: held for changes of state */
  GMutex state_lock;
  guint applied;

  GMutex lock;
  guint wanted; /* counts the changes */
  AlcoveVoiceOptions wanted_options;
  AlcoveCaptureFunc func;
  gpointer user_data;
  gboolean active;
  gboolean broken; /* since it was started */
};

enum {
  NOTICE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AlcoveVoice, alcove_voice, G_TYPE_OBJECT)

static void
hand_on (AlcoveVoice *self,
         GstBuffer *buffer)
{
  g_mutex_lock (&self->lock);
  if (self->func != NULL)
    self->func (g_steal_pointer (&buffer), self->user_data);
  g_mutex_unlock (&self->lock);

  gst_clear_buffer (&buffer);
}

static GstFlowReturn
on_new_sample (GstAppSink *sink,
               gpointer user_data)
{
  AlcoveVoice *self = user_data;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);

  if (sample != NULL && gst_sample_get_buffer (sample) != NULL)
    hand_on (self, gst_buffer_ref (gst_sample_get_buffer (sample)));

  return GST_FLOW_OK;
}

static void
hop_broken (gpointer object,
            gpointer data)
{
  AlcoveVoice *self = object;
  g_autoptr (GError) error = NULL;

  if (self->stopped || self->told)
    return;
  self->told = TRUE;
  error = g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_FAILED,
                               _ ("Echo and noise can’t be taken out of your sound. Use headphones "
                                  "if others hear themselves."));
  g_signal_emit (self, signals[NOTICE], 0, error);
}

/* On any thread. From now on all passes as it is. */
static void
on_problem (const char *problem,
            gpointer user_data)
{
  AlcoveVoice *self = user_data;

  g_message ("The sound of the microphone can’t be processed: %s", problem);
  g_mutex_lock (&self->lock);
  self->active = FALSE;
  self->broken = TRUE;
  g_mutex_unlock (&self->lock);
  alcove_media_hop (self->handle, hop_broken, NULL, NULL);
}

/* The processor takes a change only when it starts. */
static void
run_apply (gpointer data)
{
  g_autoptr (AlcoveVoice) self = data;
  AlcoveVoiceOptions options;
  gboolean wanted, active = FALSE;
  guint change;

  g_mutex_lock (&self->state_lock);
  g_mutex_lock (&self->lock);
  options = self->wanted_options;
  change = self->wanted;
  self->broken = FALSE;
  wanted = self->func != NULL
           && (options.echo_cancellation || options.noise_suppression || options.gain_control);
  g_mutex_unlock (&self->lock);

  if (change != self->applied)
    {
      gst_element_set_state (self->bin, GST_STATE_NULL);
      g_object_set (self->processor, "echo-cancel", options.echo_cancellation,
                    "noise-suppression", options.noise_suppression, "gain-control",
                    options.gain_control, NULL);
      active = wanted
               && gst_element_set_state (self->bin, GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE;
      if (wanted && !active)
        {
          gboolean told;

          g_mutex_lock (&self->lock);
          told = self->broken;
          g_mutex_unlock (&self->lock);
          if (!told)
            on_problem ("it does not start", self);
          gst_element_set_state (self->bin, GST_STATE_NULL);
        }
      self->applied = change;

      g_mutex_lock (&self->lock);
      self->active = active && !self->broken;
      g_mutex_unlock (&self->lock);
    }
  g_mutex_unlock (&self->state_lock);
}

static void
apply (AlcoveVoice *self)
{
  AlcoveVoiceOptions none = { 0 };
  AlcoveVoiceOptions options = self->microphone ? self->options : none;

  if (self->bin == NULL)
    return;

  options.echo_cancellation = options.echo_cancellation && self->probe != NULL;
  g_mutex_lock (&self->lock);
  self->wanted++;
  self->wanted_options = options;
  g_mutex_unlock (&self->lock);
  alcove_workers_run (self->workers, "alcove-voice", run_apply, g_object_ref (self));
}

static void
alcove_voice_finalize (GObject *object)
{
  AlcoveVoice *self = ALCOVE_VOICE (object);

  gst_clear_object (&self->source);
  gst_clear_object (&self->processor);
  gst_clear_object (&self->bin);
  g_clear_pointer (&self->workers, alcove_workers_unref);
  alcove_media_handle_unref (self->handle);
  g_free (self->probe);
  g_mutex_clear (&self->state_lock);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (alcove_voice_parent_class)->finalize (object);
}

static void
alcove_voice_class_init (AlcoveVoiceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = alcove_voice_finalize;

  signals[NOTICE] = g_signal_new ("notice", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
alcove_voice_init (AlcoveVoice *self)
{
  const AlcoveVoiceOptions options = ALCOVE_VOICE_OPTIONS_INIT;

  self->options = options;
  self->handle = alcove_media_handle_new (self);
  g_mutex_init (&self->state_lock);
  g_mutex_init (&self->lock);
}

/**
 * alcove_voice_is_possible:
 *
 * Returns: whether what it takes is installed
 */
gboolean
alcove_voice_is_possible (void)
{
  g_autoptr (GstElementFactory) processor = NULL;
  g_autoptr (GstElementFactory) probe = NULL;

  gst_init (NULL, NULL);
  processor = gst_element_factory_find (PROCESSOR);
  probe = gst_element_factory_find ("webrtcechoprobe");
  return processor != NULL && probe != NULL;
}

/**
 * alcove_voice_new:
 * @pipeline: (transfer none): the engine's, where its elements live
 * @probe: (nullable): the name of the webrtcechoprobe that hears what is played; %NULL
 *   where nothing is
 * @workers: (transfer none): whose threads start and stop it
 * @func: gets the sound, on a streaming thread
 * @user_data: its data, which must live until alcove_voice_stop()
 *
 * Returns: (transfer full): a voice that lets all pass as it is, until it is said to be
 *   a microphone's
 */
AlcoveVoice *
alcove_voice_new (GstBin *pipeline,
                  const char *probe,
                  AlcoveWorkers *workers,
                  AlcoveCaptureFunc func,
                  gpointer user_data)
{
  AlcoveVoice *self = g_object_new (ALCOVE_TYPE_VOICE, NULL);
  GstAppSinkCallbacks callbacks = { .new_sample = on_new_sample };
  g_autoptr (GstElement) sink = NULL;
  GstElement *elements;

  self->workers = alcove_workers_ref (workers);
  self->probe = g_strdup (probe);
  self->func = func;
  self->user_data = user_data;
  if (!alcove_voice_is_possible ())
    {
      g_message ("GStreamer’s “%s” is missing: echo and noise are not taken out", PROCESSOR);
      return self;
    }

  elements = gst_parse_bin_from_description (
      "appsrc name=source is-live=true format=time max-time=200000000 max-bytes=0 "
      "leaky-type=downstream caps=" ALCOVE_PLAYOUT_CAPS " ! "
      PROCESSOR " name=processor extended-filter=true delay-agnostic=false "
      "echo-suppression-level=high ! appsink name=sink sync=false async=false",
      FALSE, NULL);
  if (elements == NULL)
    return self;

  /* stopped before @self goes, which holds the elements */
  self->bin = gst_object_ref_sink (alcove_error_bin_new (on_problem, self, NULL));
  gst_bin_add (GST_BIN (self->bin), elements);
  self->source = gst_bin_get_by_name (GST_BIN (self->bin), "source");
  self->processor = gst_bin_get_by_name (GST_BIN (self->bin), "processor");
  if (probe != NULL)
    g_object_set (self->processor, "probe", probe, NULL);
  sink = gst_bin_get_by_name (GST_BIN (self->bin), "sink");
  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, self, NULL);
  gst_element_set_locked_state (self->bin, TRUE);
  gst_bin_add (pipeline, self->bin);

  return self;
}

/**
 * alcove_voice_set_options:
 * @self: a voice
 * @options: what is done to the sound from now on; copied
 *
 * A change is made in the background and costs some hundredths of a second of sound. Call on the
 * main context.
 */
void
alcove_voice_set_options (AlcoveVoice *self,
                          const AlcoveVoiceOptions *options)
{
  if (self->stopped || memcmp (&self->options, options, sizeof *options) == 0)
    return;

  self->options = *options;
  self->told = FALSE;
  if (self->microphone)
    apply (self);
}

/**
 * alcove_voice_set_microphone:
 * @self: a voice
 * @microphone: whether what comes is a microphone's, else it is let pass as it is
 *
 * Call on the main context.
 */
void
alcove_voice_set_microphone (AlcoveVoice *self,
                             gboolean microphone)
{
  if (self->stopped || self->microphone == microphone)
    return;

  self->microphone = microphone;
  apply (self);
}

/**
 * alcove_voice_push:
 * @self: a voice
 * @buffer: (transfer full): %ALCOVE_PLAYOUT_CAPS with a running time
 *
 * Never blocks. May be called from any thread.
 */
void
alcove_voice_push (AlcoveVoice *self,
                   GstBuffer *buffer)
{
  gboolean active;

  g_mutex_lock (&self->lock);
  active = self->active;
  g_mutex_unlock (&self->lock);

  if (active)
    gst_app_src_push_buffer (GST_APP_SRC (self->source), buffer);
  else
    hand_on (self, buffer);
}

/**
 * alcove_voice_stop:
 * @self: a voice
 *
 * Ends for good. Its function is not called any more when this returns; the rest ends in the
 * background.
 */
void
alcove_voice_stop (AlcoveVoice *self)
{
  if (self->stopped)
    return;

  self->stopped = TRUE;
  g_mutex_lock (&self->lock);
  self->func = NULL;
  self->active = FALSE;
  g_mutex_unlock (&self->lock);
  apply (self);
}
