/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-engine-pipeline"

#include "config.h"

#include "alcove-engine-pipeline.h"

#include <glib/gi18n.h>

#include "alcove-devices-private.h"
#include "alcove-error.h"
#include "alcove-media-thread.h"
#include "alcove-playout-private.h"

/* An output that breaks after it has played for that long, in seconds, broke by something that
 * happened to it, as a sound server that was restarted; and one that broke before is in order. */
#define STEADY 5

/* How long after all outputs failed they are tried again, in seconds: at first, and at most. */
#define FIRST_RETRY 1
#define LAST_RETRY 30

struct _AlcoveEnginePipeline {
  GObject parent_instance;

  AlcoveMediaHandle *handle;
  AlcoveWorkers *workers;
  AlcoveDevices *devices;
  gulong devices_handler;
  GstElement *pipeline;
  AlcovePlayout *playout;
  char *speaker;     /* NULL for the default one */
  gboolean listed;   /* the one that was chosen is there */
  gboolean replaced; /* the default one is to play although another was chosen */
  gboolean silent;
  gboolean started;
  gboolean stopped;
  gboolean lost;
  gboolean told_problem;
  GError *problem;     /* what was told and holds: that nothing can be used */
  GError *replacement; /* likewise: that another one is used */
  gboolean opening; /* an output is on its way */
  gboolean pending; /* and another one is to follow it */
  gboolean pending_fall_back;
  GstObject *broke; /* meanwhile: the output before, or the new one */
  gboolean stalled; /* likewise, what comes before it */
  gboolean tried_again;
  gint64 opened_at;
  guint steady_source;
  guint retry_source;
  guint retry_pause; /* 0 before the first */
};

enum {
  NOTICE,
  NOTICE_OVER,
  FAILED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AlcoveEnginePipeline, alcove_engine_pipeline, G_TYPE_OBJECT)

typedef struct {
  AlcoveMediaHandle *handle;
  GstElement *pipeline;
  AlcovePlayout *playout;
  AlcoveDeviceWatch *watch;
  char *speaker;
  gboolean replaced;
  gboolean fall_back;
} Job;

static void
job_free (Job *job)
{
  g_clear_object (&job->playout);
  gst_clear_object (&job->pipeline);
  g_clear_pointer (&job->watch, alcove_device_watch_unref);
  g_free (job->speaker);
  alcove_media_handle_unref (job->handle);
  g_free (job);
}

static GListModel *
get_speakers (AlcoveEnginePipeline *self)
{
  return alcove_devices_get_list (self->devices, ALCOVE_DEVICE_SPEAKER);
}

static void open_output (AlcoveEnginePipeline *self,
                         gboolean fall_back);

/* Takes it over; not again while it holds. */
static void
tell (AlcoveEnginePipeline *self,
      GError **standing,
      AlcoveError code,
      const char *text)
{
  g_autoptr (AlcoveEnginePipeline) keep = g_object_ref (self);

  if (*standing != NULL)
    return;
  *standing = g_error_new_literal (ALCOVE_ERROR, (int) code, text);
  g_signal_emit (self, signals[NOTICE], 0, *standing);
}

static void
take_back (AlcoveEnginePipeline *self,
           GError **standing)
{
  g_autoptr (AlcoveEnginePipeline) keep = g_object_ref (self);
  g_autoptr (GError) error = g_steal_pointer (standing);

  if (error != NULL)
    g_signal_emit (self, signals[NOTICE_OVER], 0, error);
}

/* While all fail now and then, that is what is said. */
static void
tell_of_replacement (AlcoveEnginePipeline *self)
{
  if (self->replaced && self->problem == NULL)
    tell (self, &self->replacement, ALCOVE_ERROR_OTHER_DEVICE,
          _ ("The chosen sound output can’t be used. The default one is used instead."));
}

static gboolean
on_steady (gpointer data)
{
  g_autoptr (AlcoveEnginePipeline) self = g_object_ref (data);

  self->steady_source = 0;
  take_back (self, &self->problem);
  if (!self->stopped)
    tell_of_replacement (self);
  return G_SOURCE_REMOVE;
}

static gboolean
on_retry (gpointer data)
{
  AlcoveEnginePipeline *self = data;

  self->retry_source = 0;
  if (self->lost && !self->opening)
    {
      alcove_devices_doubt (self->devices);
      open_output (self, FALSE);
    }
  return G_SOURCE_REMOVE;
}

/* What was listed all the time may work again without a word; what was not will be told. */
static void
schedule_retry (AlcoveEnginePipeline *self)
{
  if (self->retry_source != 0
      || (self->retry_pause == LAST_RETRY && g_list_model_get_n_items (get_speakers (self)) == 0))
    return;

  self->retry_pause
      = self->retry_pause == 0 ? FIRST_RETRY : MIN (self->retry_pause * 2, LAST_RETRY);
  self->retry_source = g_timeout_add_seconds (self->retry_pause, on_retry, self);
}

static void
hop_opened (gpointer object,
            gpointer data)
{
  AlcoveEnginePipeline *self = object;

  self->lost = FALSE;
  self->opened_at = g_get_monotonic_time ();
  g_clear_handle_id (&self->retry_source, g_source_remove);
  g_clear_handle_id (&self->steady_source, g_source_remove);
  /* one that breaks again and again would be told of as often */
  if (self->problem != NULL && !self->stopped)
    self->steady_source = g_timeout_add_seconds (STEADY, on_steady, self);
}

static void
hop_lost (gpointer object,
          gpointer data)
{
  g_autoptr (AlcoveEnginePipeline) self = g_object_ref (object);

  self->lost = TRUE;
  g_clear_handle_id (&self->steady_source, g_source_remove);
  if (self->stopped)
    return;
  /* where the default one fails too the fault need not be that of the one that was chosen */
  self->replaced = FALSE;
  schedule_retry (self);
  take_back (self, &self->replacement);
  tell (self, &self->problem, ALCOVE_ERROR_NO_SPEAKER,
        _ ("No sound output can be used. You will not hear the others."));
}

/* The output that was chosen, as @data says, is not there, or could not be opened. */
static void
hop_replaced (gpointer object,
              gpointer data)
{
  AlcoveEnginePipeline *self = object;

  if (self->stopped || g_strcmp0 (self->speaker, data) != 0)
    return;
  self->replaced = TRUE;
  tell_of_replacement (self);
}

static void run_start (gpointer data);

static void
run_job (AlcoveEnginePipeline *self,
         AlcoveWorkFunc func,
         gboolean fall_back)
{
  Job *job = g_new0 (Job, 1);

  job->handle = alcove_media_handle_ref (self->handle);
  job->pipeline = gst_object_ref (self->pipeline);
  job->playout = g_object_ref (self->playout);
  job->watch = alcove_device_watch_ref (alcove_devices_get_watch (self->devices));
  job->speaker = self->silent ? NULL : g_strdup (self->speaker);
  job->replaced = self->replaced;
  job->fall_back = fall_back;
  alcove_workers_run (self->workers, "alcove-engine", func, job);
}

static void
open_output (AlcoveEnginePipeline *self,
             gboolean fall_back)
{
  /* one after the other, or it would be left to chance which is the last */
  if (self->opening)
    {
      self->pending = TRUE;
      self->pending_fall_back = fall_back;
      return;
    }
  self->opening = TRUE;
  run_job (self, run_start, fall_back);
}

/* The chosen output broke or was unplugged; whether the default one works will be seen. */
static gboolean
replace (AlcoveEnginePipeline *self)
{
  if (self->speaker == NULL || self->replaced)
    return FALSE;

  self->replaced = TRUE;
  self->tried_again = FALSE;
  open_output (self, FALSE);
  return TRUE;
}

/* Whether the output that was opened broke meanwhile, and not just the one before it. */
static gboolean
is_broken (AlcoveEnginePipeline *self)
{
  g_autoptr (GstObject) broke = g_steal_pointer (&self->broke);
  gboolean stalled = self->stalled && alcove_playout_is_stalled (self->playout);

  self->stalled = FALSE;
  return stalled
         || (broke != NULL && gst_object_has_as_ancestor (broke, GST_OBJECT (self->pipeline)));
}

/* The output broke. It may be there again at once, as that of a server that was restarted: what is
 * wanted is opened once more before another is tried. */
static void
mend_output (AlcoveEnginePipeline *self)
{
  g_clear_handle_id (&self->steady_source, g_source_remove);
  if (!self->tried_again)
    {
      self->tried_again = TRUE;
      open_output (self, FALSE);
    }
  else if (!replace (self))
    {
      open_output (self, TRUE);
      hop_lost (self, NULL);
    }
}

static void
hop_done (gpointer object,
          gpointer data)
{
  g_autoptr (AlcoveEnginePipeline) self = g_object_ref (object);
  gboolean broken = is_broken (self);

  self->opening = FALSE;
  if (self->stopped)
    return;

  if (self->pending)
    {
      self->pending = FALSE;
      open_output (self, self->pending_fall_back);
    }
  else if (broken)
    mend_output (self);
  else if (!self->lost && !self->replaced)
    take_back (self, &self->replacement);
}

static void
run_start (gpointer data)
{
  Job *job = data;
  g_autoptr (GstElement) chosen = NULL;
  gboolean opened;

  gst_element_set_state (job->pipeline, GST_STATE_PLAYING);
  if (job->speaker != NULL && !job->replaced && !job->fall_back)
    {
      chosen = alcove_device_watch_make_element (job->watch, ALCOVE_DEVICE_SPEAKER, job->speaker);
      if (chosen != NULL)
        gst_object_ref_sink (chosen);
    }

  opened = alcove_playout_open (job->playout, chosen, job->fall_back);
  if (!opened)
    alcove_media_hop (job->handle, hop_lost, NULL, NULL);
  else if (!job->fall_back)
    {
      alcove_media_hop (job->handle, hop_opened, NULL, NULL);
      if (job->speaker != NULL
          && (chosen == NULL || !alcove_playout_uses (job->playout, chosen)))
        alcove_media_hop (job->handle, hop_replaced, g_strdup (job->speaker), g_free);
    }
  alcove_media_hop (job->handle, hop_done, NULL, NULL);
  job_free (job);
}

static void
run_stop (gpointer data)
{
  Job *job = data;
  g_autoptr (GstBus) bus = gst_element_get_bus (job->pipeline);

  /* waits for an output that is just being opened */
  alcove_playout_close (job->playout);
  gst_element_set_state (job->pipeline, GST_STATE_NULL);
  gst_bus_set_sync_handler (bus, NULL, NULL, NULL);
  job_free (job);
}

static void
on_output_broken (AlcoveEnginePipeline *self,
                  GstObject *element)
{
  if (self->opening)
    {
      /* a source complains after the output that did not take its sound */
      if (GST_OBJECT_FLAG_IS_SET (element, GST_ELEMENT_FLAG_SOURCE))
        self->stalled = TRUE;
      else
        gst_object_replace (&self->broke, element);
      return;
    }
  if (self->lost)
    return;

  if (g_get_monotonic_time () - self->opened_at > STEADY * G_USEC_PER_SEC)
    {
      self->tried_again = FALSE;
      self->retry_pause = 0;
    }
  alcove_devices_doubt (self->devices);
  mend_output (self);
}

static void
hop_message (gpointer object,
             gpointer data)
{
  AlcoveEnginePipeline *self = object;
  GstMessage *message = data;

  if (self->stopped)
    return;
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_LATENCY)
    gst_bin_recalculate_latency (GST_BIN (self->pipeline));
  /* an output that was replaced since may have complained of the same thing */
  else if (!gst_object_has_as_ancestor (GST_MESSAGE_SRC (message), GST_OBJECT (self->pipeline)))
    return;
  else if (alcove_playout_owns (self->playout, GST_MESSAGE_SRC (message)))
    on_output_broken (self, GST_MESSAGE_SRC (message));
  else
    {
      g_autoptr (GError) problem = NULL;
      g_autoptr (GError) error = NULL;

      gst_message_parse_error (message, &problem, NULL);
      g_message ("%s: %s", GST_MESSAGE_SRC_NAME (message), problem->message);
      /* one that breaks may tell so again and again */
      if (self->told_problem)
        return;
      self->told_problem = TRUE;
      error = g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_FAILED,
                                   _ ("Something that handles sound or pictures has broken. Join "
                                      "again if you miss anything."));
      g_signal_emit (self, signals[FAILED], 0, error);
    }
}

static GstBusSyncReply
on_bus_message (GstBus *bus,
                GstMessage *message,
                gpointer user_data)
{
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR
      || GST_MESSAGE_TYPE (message) == GST_MESSAGE_LATENCY)
    alcove_media_hop (user_data, hop_message, gst_message_ref (message),
                      (GDestroyNotify) gst_message_unref);

  /* a handler that drops a message owns it */
  gst_message_unref (message);
  return GST_BUS_DROP;
}

static gboolean
lists (GListModel *list,
       const char *id)
{
  gboolean found = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (list) && !found; i++)
    {
      g_autoptr (AlcoveDevice) device = g_list_model_get_item (list, i);

      found = g_strcmp0 (alcove_device_get_id (device), id) == 0;
    }

  return found;
}

static void
on_speakers_changed (GListModel *list,
                     guint position,
                     guint removed,
                     guint added,
                     AlcoveEnginePipeline *self)
{
  gboolean listed = self->speaker != NULL && lists (list, self->speaker);

  self->tried_again = FALSE;
  self->retry_pause = 0;
  if (self->replaced && listed && !self->listed)
    {
      self->replaced = FALSE;
      open_output (self, FALSE);
    }
  /* a sound server may have moved the sound to another output without a word */
  else if ((!self->listed || listed || !replace (self)) && self->lost && !self->opening
           && g_list_model_get_n_items (list) > 0)
    open_output (self, FALSE);
  self->listed = listed;
}

static void
alcove_engine_pipeline_dispose (GObject *object)
{
  AlcoveEnginePipeline *self = ALCOVE_ENGINE_PIPELINE (object);

  alcove_engine_pipeline_stop (self);
  g_clear_object (&self->devices);

  G_OBJECT_CLASS (alcove_engine_pipeline_parent_class)->dispose (object);
}

static void
alcove_engine_pipeline_finalize (GObject *object)
{
  AlcoveEnginePipeline *self = ALCOVE_ENGINE_PIPELINE (object);

  gst_clear_object (&self->broke);
  g_clear_error (&self->problem);
  g_clear_error (&self->replacement);
  g_clear_object (&self->playout);
  gst_clear_object (&self->pipeline);
  g_free (self->speaker);
  g_clear_pointer (&self->workers, alcove_workers_unref);
  alcove_media_handle_unref (self->handle);

  G_OBJECT_CLASS (alcove_engine_pipeline_parent_class)->finalize (object);
}

static void
alcove_engine_pipeline_class_init (AlcoveEnginePipelineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = alcove_engine_pipeline_dispose;
  object_class->finalize = alcove_engine_pipeline_finalize;

  signals[NOTICE] = g_signal_new ("notice", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[NOTICE_OVER] = g_signal_new ("notice-over", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                       0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[FAILED] = g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
alcove_engine_pipeline_init (AlcoveEnginePipeline *self)
{
  self->handle = alcove_media_handle_new (self);
}

/**
 * alcove_engine_pipeline_new:
 * @clock: (transfer none): the engine's
 * @base_time: the engine's
 * @silent: whether nothing is to be heard
 * @devices: (transfer none): this computer's, which are started only when an output is wanted
 * @workers: (transfer none): whose threads open and close
 * @error: return location
 *
 * Returns: (transfer full): a pipeline, not started, or %NULL with %ALCOVE_ERROR_MISSING_ELEMENT
 */
AlcoveEnginePipeline *
alcove_engine_pipeline_new (GstClock *clock,
                            GstClockTime base_time,
                            gboolean silent,
                            AlcoveDevices *devices,
                            AlcoveWorkers *workers,
                            GError **error)
{
  g_autoptr (AlcoveEnginePipeline) self = g_object_new (ALCOVE_TYPE_ENGINE_PIPELINE, NULL);
  g_autoptr (GstBus) bus = NULL;

  self->silent = silent;
  self->workers = alcove_workers_ref (workers);
  self->devices = g_object_ref (devices);
  self->pipeline = gst_object_ref_sink (gst_pipeline_new ("alcove"));
  gst_pipeline_use_clock (GST_PIPELINE (self->pipeline), clock);
  gst_element_set_start_time (self->pipeline, GST_CLOCK_TIME_NONE);
  gst_element_set_base_time (self->pipeline, base_time);
  bus = gst_element_get_bus (self->pipeline);
  gst_bus_set_sync_handler (bus, on_bus_message, alcove_media_handle_ref (self->handle),
                            (GDestroyNotify) alcove_media_handle_unref);

  self->playout = alcove_playout_new (GST_BIN (self->pipeline), clock, base_time, silent);
  if (self->playout == NULL)
    {
      g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_MISSING_ELEMENT,
                   _ ("GStreamer’s “%s” is missing. Install the Debian package %s."),
                   "audiomixer", "gstreamer1.0-plugins-base");
      return NULL;
    }

  return g_steal_pointer (&self);
}

/**
 * alcove_engine_pipeline_get_bin:
 * @self: a pipeline
 *
 * Returns: (transfer none): where encoders live
 */
GstBin *
alcove_engine_pipeline_get_bin (AlcoveEnginePipeline *self)
{
  return GST_BIN (self->pipeline);
}

/**
 * alcove_engine_pipeline_get_playout:
 * @self: a pipeline
 *
 * Returns: (transfer none): where decoded sound goes
 */
AlcovePlayout *
alcove_engine_pipeline_get_playout (AlcoveEnginePipeline *self)
{
  return self->playout;
}

/**
 * alcove_engine_pipeline_set_speaker:
 * @self: a pipeline
 * @speaker: (nullable): the id of a sound output; %NULL for the system's default
 *
 * Changes over in the background if it is started.
 */
void
alcove_engine_pipeline_set_speaker (AlcoveEnginePipeline *self,
                                    const char *speaker)
{
  g_autoptr (AlcoveEnginePipeline) keep = g_object_ref (self);
  g_autofree char *old = self->speaker;

  if (g_strcmp0 (old, speaker) == 0)
    {
      g_steal_pointer (&old);
      return;
    }

  self->speaker = g_strdup (speaker);
  self->replaced = FALSE;
  self->tried_again = FALSE;
  self->retry_pause = 0;
  g_clear_handle_id (&self->steady_source, g_source_remove);
  take_back (self, &self->problem);
  take_back (self, &self->replacement);
  self->listed = speaker != NULL && lists (get_speakers (self), speaker);
  if (self->started && !self->stopped && !self->silent)
    open_output (self, FALSE);
}

/**
 * alcove_engine_pipeline_start:
 * @self: a pipeline
 *
 * Opens encoders and sound output in the background.
 */
void
alcove_engine_pipeline_start (AlcoveEnginePipeline *self)
{
  self->started = TRUE;
  if (!self->silent)
    {
      self->devices_handler
          = g_signal_connect (get_speakers (self), "items-changed",
                              G_CALLBACK (on_speakers_changed), self);
      alcove_devices_start (self->devices);
    }
  open_output (self, FALSE);
}

/**
 * alcove_engine_pipeline_stop:
 * @self: a pipeline
 *
 * Closes all in the background, for good.
 */
void
alcove_engine_pipeline_stop (AlcoveEnginePipeline *self)
{
  if (self->stopped)
    return;

  self->stopped = TRUE;
  if (self->devices_handler != 0)
    g_signal_handler_disconnect (get_speakers (self), self->devices_handler);
  self->devices_handler = 0;
  g_clear_handle_id (&self->retry_source, g_source_remove);
  g_clear_handle_id (&self->steady_source, g_source_remove);
  if (self->playout != NULL)
    run_job (self, run_stop, FALSE);
}
