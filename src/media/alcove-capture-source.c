/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-capture-source"

#include "config.h"

#include "alcove-capture-source.h"

#include <time.h>
#include <unistd.h>

#include <gst/app/gstappsink.h>
#include <gst/video/video.h>

#include "alcove-capture-problem.h"
#include "alcove-capture-stall.h"
#include "alcove-debug.h"
#include "alcove-media-thread.h"
#include "alcove-playout.h"
#include "alcove-screen-rate.h"
#include "alcove-screen-scaler.h"
#include "alcove-test-mark.h"
#include "alcove-test-source.h"

/* A file that decodes slower than it plays skips ahead rather than falling behind for ever. */
#define MAX_LATE (200 * GST_MSECOND)

/* At the size of a face nobody could read text. */
#define SCREEN_WIDTH 1280
#define SCREEN_HEIGHT 720

/* A screen on which nothing moves sends nothing: how long, in milliseconds, before its last picture
 * is sent again, for those who come and those who watch whether we are still there. */
#define SCREEN_KEEPALIVE_MS 500

#define TONE_VOLUME 0.2
#define TONE_SAMPLES 960

/* Shared with the streaming and worker threads, which may outlive the object. */
typedef struct {
  AlcoveMediaHandle *handle;
  AlcoveWorkers *workers;
  AlcoveDeviceWatch *devices;
  AlcoveCaptureSpec *spec;
  int width;
  int height;
  int fps;
  GstClock *clock;
  GstClockTime base_time;
  int pipewire_fd;
  guint32 pipewire_node;
  guint n_delivered; /* atomic */

  /* held for changes of state, by workers only */
  GMutex state_lock;
  GstElement *pipeline;

  GMutex lock;
  gboolean closed;
  AlcoveCaptureFunc func;
  gpointer user_data;
  GstClockID wait;
  gboolean started;
  gboolean linked;

  /* streaming thread */
  gboolean rebase;
  GstClockTimeDiff offset;
  GstClockTime next;
  guint64 n_since_rebase;
  AlcoveScreenScaler *scaler;
  AlcoveScreenRate rate;
} Core;

struct _AlcoveCaptureSource {
  GObject parent_instance;

  Core *core;
  AlcoveCaptureStall stall;
  guint stall_source;
  gboolean stopped;
  gboolean failed;
};

enum {
  STARTED,
  FAILED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AlcoveCaptureSource, alcove_capture_source, G_TYPE_OBJECT)

typedef void (*CoreFunc) (Core *core);

typedef struct {
  Core *core;
  CoreFunc func;
} Job;

static void
core_clear (gpointer data)
{
  Core *core = data;

  alcove_media_handle_unref (core->handle);
  alcove_workers_unref (core->workers);
  alcove_device_watch_unref (core->devices);
  alcove_capture_spec_free (core->spec);
  gst_object_unref (core->clock);
  if (core->pipewire_fd >= 0)
    close (core->pipewire_fd);
  g_clear_pointer (&core->scaler, alcove_screen_scaler_free);
  g_mutex_clear (&core->state_lock);
  g_mutex_clear (&core->lock);
}

static void
core_unref (gpointer core)
{
  g_atomic_rc_box_release_full (core, core_clear);
}

static void
job_run (gpointer data)
{
  Job *job = data;

  g_mutex_lock (&job->core->state_lock);
  job->func (job->core);
  g_mutex_unlock (&job->core->state_lock);
  core_unref (job->core);
  g_free (job);
}

static void
core_run (Core *core,
          CoreFunc func)
{
  Job *job = g_new0 (Job, 1);

  job->core = g_atomic_rc_box_acquire (core);
  job->func = func;
  alcove_workers_run (core->workers, "alcove-capture", job_run, job);
}

static gboolean
core_is_closed (Core *core)
{
  gboolean closed;

  g_mutex_lock (&core->lock);
  closed = core->closed;
  g_mutex_unlock (&core->lock);

  return closed;
}

static void
hop_failed (gpointer object,
            gpointer data)
{
  AlcoveCaptureSource *self = object;

  if (self->stopped || self->failed)
    return;

  self->failed = TRUE;
  g_clear_handle_id (&self->stall_source, g_source_remove);
  g_signal_emit (self, signals[FAILED], 0, data);
}

static void
core_fail_as (Core *core,
              const char *why,
              gboolean busy)
{
  alcove_debug_print (ALCOVE_DEBUG_MEDIA, "capture: %s", why);
  alcove_media_hop (core->handle, hop_failed, alcove_capture_problem_new (core->spec, busy),
                    (GDestroyNotify) g_error_free);
}

static void
core_fail (Core *core,
           const char *why)
{
  core_fail_as (core, why, FALSE);
}

/* Goes on while the computer sleeps, unlike the time of the main loop. */
static gint64
get_time (void)
{
  struct timespec now;

  clock_gettime (CLOCK_BOOTTIME, &now);
  return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

/* Not every element tells that it lost its server: pipewiresrc goes on as if it were being stopped. */
static gboolean
on_stall_look (gpointer data)
{
  AlcoveCaptureSource *self = data;
  guint n_delivered = (guint) g_atomic_int_get (&self->core->n_delivered);

  if (!alcove_capture_stall_look (&self->stall, n_delivered, get_time ()))
    return G_SOURCE_CONTINUE;

  self->stall_source = 0;
  core_fail (self->core, "gives nothing any more");
  return G_SOURCE_REMOVE;
}

/* A screen may stand still, and what is no device is ours. */
static void
hop_started (gpointer object,
             gpointer data)
{
  AlcoveCaptureSource *self = object;

  if (self->stopped || self->failed)
    return;

  if (self->core->spec->kind == ALCOVE_CAPTURE_DEVICE)
    self->stall_source = g_timeout_add (ALCOVE_CAPTURE_STALL_PERIOD_MS, on_stall_look, self);
  g_signal_emit (self, signals[STARTED], 0);
}

/* Files have no clock of their own: each buffer is held until its time has come. */
static GstClockTime
pace (Core *core,
      GstClockTime running,
      GstClockTime duration)
{
  GstClockTime now = gst_clock_get_time (core->clock) - core->base_time;
  GstClockTime target;

  if (core->rebase)
    {
      core->offset = MAX (GST_CLOCK_DIFF (running, now), (GstClockTimeDiff) core->next);
      core->rebase = FALSE;
    }
  target = running + core->offset;
  if (now > target + MAX_LATE)
    {
      core->offset += GST_CLOCK_DIFF (target, now);
      target = now;
    }
  core->next = target + (GST_CLOCK_TIME_IS_VALID (duration) ? duration : 0);

  if (target > now)
    {
      GstClockID id = gst_clock_new_single_shot_id (core->clock, core->base_time + target);
      gboolean closed;

      g_mutex_lock (&core->lock);
      closed = core->closed;
      core->wait = closed ? NULL : id;
      g_mutex_unlock (&core->lock);

      if (!closed)
        gst_clock_id_wait (id, NULL);

      g_mutex_lock (&core->lock);
      core->wait = NULL;
      g_mutex_unlock (&core->lock);
      gst_clock_id_unref (id);
    }

  return target;
}

static void
draw_clock (GstBuffer *buffer,
            GstCaps *caps)
{
  GstVideoInfo info;
  GstVideoFrame frame;

  if (!gst_video_info_from_caps (&info, caps)
      || !gst_video_frame_map (&frame, &info, buffer, GST_MAP_READWRITE))
    return;

  alcove_test_mark_draw_luma (GST_VIDEO_FRAME_PLANE_DATA (&frame, 0),
                              (gsize) GST_VIDEO_FRAME_PLANE_STRIDE (&frame, 0), info.width,
                              info.height, ALCOVE_TEST_MARK_CLOCK,
                              (guint32) (g_get_real_time () / 1000
                                         & ALCOVE_TEST_MARK_MAX_COUNTER));
  gst_video_frame_unmap (&frame);
}

/* Hands a picture or sound on, with its time. */
static void
deliver (Core *core,
         GstBuffer *buffer,
         GstClockTime running)
{
  gboolean first = FALSE;

  GST_BUFFER_PTS (buffer) = running;
  GST_BUFFER_DTS (buffer) = GST_CLOCK_TIME_NONE;
  core->n_since_rebase++;
  g_atomic_int_inc (&core->n_delivered);

  g_mutex_lock (&core->lock);
  if (core->func != NULL)
    {
      first = !core->started;
      core->started = TRUE;
      core->func (g_steal_pointer (&buffer), core->user_data);
    }
  g_mutex_unlock (&core->lock);

  gst_clear_buffer (&buffer);
  if (first)
    alcove_media_hop (core->handle, hop_started, NULL, NULL);
}

/* The desktop's time stamps are of a clock of its own, and now is what a screen shows. */
static GstFlowReturn
on_screen (GstAppSink *sink,
           gpointer user_data)
{
  Core *core = user_data;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);
  GstClockTime now = gst_clock_get_time (core->clock) - core->base_time;
  GstBuffer *buffer;

  if (sample == NULL)
    return GST_FLOW_EOS;
  /* the last before it stands still comes again, so that none is missed for long */
  if (!alcove_screen_rate_is_due (&core->rate, now))
    return GST_FLOW_OK;

  if (core->scaler == NULL)
    core->scaler = alcove_screen_scaler_new (MAX (core->width, SCREEN_WIDTH),
                                             MAX (core->height, SCREEN_HEIGHT));
  buffer = alcove_screen_scaler_scale (core->scaler, sample, now);
  if (buffer == NULL)
    return GST_FLOW_OK;

  alcove_screen_rate_sent (&core->rate, now);
  deliver (core, buffer, now);
  return GST_FLOW_OK;
}

static GstFlowReturn
on_new_sample (GstAppSink *sink,
               gpointer user_data)
{
  Core *core = user_data;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);
  GstBuffer *buffer;
  GstClockTime running;

  if (sample == NULL || gst_sample_get_buffer (sample) == NULL)
    return GST_FLOW_EOS;

  buffer = gst_buffer_copy (gst_sample_get_buffer (sample));
  running = gst_segment_to_running_time (gst_sample_get_segment (sample), GST_FORMAT_TIME,
                                         GST_BUFFER_PTS (buffer));
  if (!GST_CLOCK_TIME_IS_VALID (running))
    running = gst_clock_get_time (core->clock) - core->base_time;
  else if (core->spec->kind == ALCOVE_CAPTURE_FILE)
    running = pace (core, running, GST_BUFFER_DURATION (buffer));
  if (core->spec->clock)
    draw_clock (buffer, gst_sample_get_caps (sample));
  deliver (core, buffer, running);

  return GST_FLOW_OK;
}

static void
worker_rewind (Core *core)
{
  if (core->pipeline == NULL || core_is_closed (core))
    return;

  if (gst_element_seek_simple (core->pipeline, GST_FORMAT_TIME,
                               GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_KEY_UNIT, 0))
    return;

  /* What can't seek is opened again. */
  g_mutex_lock (&core->lock);
  core->linked = FALSE;
  g_mutex_unlock (&core->lock);
  gst_element_set_state (core->pipeline, GST_STATE_READY);
  gst_element_set_state (core->pipeline, GST_STATE_PLAYING);
}

static void
on_eos (GstAppSink *sink,
        gpointer user_data)
{
  Core *core = user_data;
  gint64 duration = 0;

  if (core->spec->kind != ALCOVE_CAPTURE_FILE || core->n_since_rebase == 0)
    {
      core_fail (core, "ended");
      return;
    }

  /* Sound and pictures of one file rarely end together. Each begins again when the whole file has
   * passed, or they would drift apart with every round. */
  if (gst_element_query_duration (core->pipeline, GST_FORMAT_TIME, &duration)
      && core->offset + duration > (GstClockTimeDiff) core->next)
    core->next = (GstClockTime) (core->offset + duration);
  core->rebase = TRUE;
  core->n_since_rebase = 0;
  core_run (core, worker_rewind);
}

static GstBusSyncReply
on_bus_message (GstBus *bus,
                GstMessage *message,
                gpointer user_data)
{
  Core *core = user_data;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    {
      gboolean busy = FALSE;
      g_autofree char *why = alcove_capture_problem_parse_message (message, &busy);

      core_fail_as (core, why, busy);
    }

  /* a handler that drops a message owns it */
  gst_message_unref (message);
  return GST_BUS_DROP;
}

static void
on_pad_added (GstElement *decoder,
              GstPad *pad,
              gpointer user_data)
{
  Core *core = user_data;
  g_autoptr (GstElement) tail = gst_bin_get_by_name (GST_BIN (core->pipeline), "tail");
  g_autoptr (GstPad) sink = gst_element_get_static_pad (tail, "sink");
  g_autoptr (GstCaps) caps = gst_pad_query_caps (pad, NULL);
  const char *prefix = core->spec->video ? "video/" : "audio/";

  if (gst_caps_is_empty (caps) || gst_caps_is_any (caps) || gst_pad_is_linked (sink)
      || !g_str_has_prefix (gst_structure_get_name (gst_caps_get_structure (caps, 0)), prefix))
    return;

  if (GST_PAD_LINK_SUCCESSFUL (gst_pad_link (pad, sink)))
    {
      g_mutex_lock (&core->lock);
      core->linked = TRUE;
      g_mutex_unlock (&core->lock);
    }
}

static void
on_no_more_pads (GstElement *decoder,
                 gpointer user_data)
{
  Core *core = user_data;
  gboolean linked;

  g_mutex_lock (&core->lock);
  linked = core->linked;
  g_mutex_unlock (&core->lock);

  if (!linked)
    core_fail (core, core->spec->video ? "no picture in the file" : "no sound in the file");
}

static GstElement *
make_decoder (Core *core,
              const char *factory)
{
  GstElement *decoder = gst_element_factory_make (factory, NULL);

  if (decoder == NULL)
    return NULL;

  g_signal_connect_data (decoder, "pad-added", G_CALLBACK (on_pad_added),
                         g_atomic_rc_box_acquire (core), (GClosureNotify) (GCallback) core_unref,
                         0);
  g_signal_connect_data (decoder, "no-more-pads", G_CALLBACK (on_no_more_pads),
                         g_atomic_rc_box_acquire (core), (GClosureNotify) (GCallback) core_unref,
                         0);
  return decoder;
}

static GstElement *
make_device (Core *core)
{
  GstElement *source;

  if (core->pipewire_fd >= 0)
    {
      source = gst_element_factory_make ("pipewiresrc", NULL);
      if (source != NULL)
        g_object_set (source, "fd", core->pipewire_fd, NULL);
      return source;
    }

  return alcove_device_watch_make_element (
      core->devices, core->spec->video ? ALCOVE_DEVICE_CAMERA : ALCOVE_DEVICE_MICROPHONE,
      core->spec->text);
}

static GstElement *
make_screen (Core *core)
{
  GstElement *source = gst_element_factory_make ("pipewiresrc", NULL);
  g_autofree char *path = g_strdup_printf ("%u", core->pipewire_node);

  if (source != NULL)
    g_object_set (source, "fd", core->pipewire_fd, "path", path, "do-timestamp", TRUE,
                  "keepalive-time", SCREEN_KEEPALIVE_MS, "client-name", "Alcove", NULL);
  return source;
}

/* Whether the head links at once; a decoder's pads come later. */
static GstElement *
make_head (Core *core,
           GstElement **last)
{
  GstElement *head = NULL;

  *last = NULL;
  switch (core->spec->kind)
    {
    case ALCOVE_CAPTURE_NONE:
    case ALCOVE_CAPTURE_TEST:
      if (core->spec->video)
        head = core->spec->kind == ALCOVE_CAPTURE_NONE
                   ? alcove_test_source_new_still (core->width, core->height)
                   : alcove_test_source_new_picture ((guint) core->spec->number, core->width,
                                                     core->height, core->fps);
      else if ((head = gst_element_factory_make ("audiotestsrc", NULL)) != NULL)
        {
          g_object_set (head, "is-live", TRUE, "samplesperbuffer", TONE_SAMPLES, NULL);
          if (core->spec->kind == ALCOVE_CAPTURE_NONE)
            gst_util_set_object_arg (G_OBJECT (head), "wave", "silence");
          else
            g_object_set (head, "freq", (double) core->spec->number, "volume", TONE_VOLUME, NULL);
        }
      *last = head;
      break;

    case ALCOVE_CAPTURE_FILE:
      {
        g_autoptr (GFile) file = g_file_new_for_path (core->spec->text);
        g_autofree char *uri = g_file_get_uri (file);

        head = make_decoder (core, "uridecodebin");
        if (head != NULL)
          g_object_set (head, "uri", uri, NULL);
        break;
      }

    case ALCOVE_CAPTURE_DEVICE:
      head = make_device (core);
      if (!core->spec->video)
        *last = head;
      break;

    case ALCOVE_CAPTURE_SCREEN:
      head = make_screen (core);
      *last = head;
      break;
    }

  return head;
}

static gboolean
build (Core *core)
{
  g_autofree char *description = NULL;
  g_autoptr (GstElement) tail = NULL;
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GstBus) bus = NULL;
  GstAppSinkCallbacks callbacks = { .new_sample = on_new_sample, .eos = on_eos };
  GstElement *head;
  GstElement *last;

  if (core->spec->kind == ALCOVE_CAPTURE_SCREEN)
    {
      /* of any size and rate, both of which may change: it is the newest that counts */
      callbacks.new_sample = on_screen;
      description = g_strdup ("capsfilter caps=video/x-raw ! "
                              "appsink name=sink sync=false max-buffers=1 drop=true");
    }
  else if (core->spec->video)
    description = g_strdup_printf (
        "videorate drop-only=true max-rate=%d ! %s videoconvertscale ! "
        "video/x-raw,format=I420,width=%d,height=%d,pixel-aspect-ratio=1/1 ! "
        "appsink name=sink sync=false max-buffers=2",
        core->fps,
        /* a telephone held upright says in a tag how its picture is to be turned */
        core->spec->kind == ALCOVE_CAPTURE_FILE ? "videoconvert ! videoflip video-direction=auto !"
                                                : "",
        core->width, core->height);
  else
    description = g_strdup ("audioconvert ! audioresample ! " ALCOVE_PLAYOUT_CAPS " ! "
                            "appsink name=sink sync=false max-buffers=2");
  tail = gst_parse_bin_from_description (description, TRUE, NULL);
  if (tail == NULL)
    return FALSE;
  gst_object_ref_sink (tail);
  gst_object_set_name (GST_OBJECT (tail), "tail");

  head = make_head (core, &last);
  if (head == NULL)
    return FALSE;

  core->pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  gst_bin_add_many (GST_BIN (core->pipeline), head, tail, NULL);
  if (last == NULL && core->spec->kind == ALCOVE_CAPTURE_DEVICE)
    {
      /* Cameras hand out raw pictures or JPEG. */
      GstElement *decoder = make_decoder (core, "decodebin");

      if (decoder == NULL)
        return FALSE;
      gst_bin_add (GST_BIN (core->pipeline), decoder);
      if (!gst_element_link (head, decoder))
        return FALSE;
    }
  else if (last != NULL && !gst_element_link (last, tail))
    return FALSE;

  sink = gst_bin_get_by_name (GST_BIN (tail), "sink");
  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, g_atomic_rc_box_acquire (core),
                              core_unref);
  gst_pipeline_use_clock (GST_PIPELINE (core->pipeline), core->clock);
  gst_element_set_start_time (core->pipeline, GST_CLOCK_TIME_NONE);
  gst_element_set_base_time (core->pipeline, core->base_time);
  bus = gst_pipeline_get_bus (GST_PIPELINE (core->pipeline));
  gst_bus_set_sync_handler (bus, on_bus_message, g_atomic_rc_box_acquire (core), core_unref);

  return TRUE;
}

static void
worker_close (Core *core)
{
  g_autoptr (GstBus) bus = NULL;

  if (core->pipeline == NULL)
    return;

  bus = gst_pipeline_get_bus (GST_PIPELINE (core->pipeline));
  gst_element_set_state (core->pipeline, GST_STATE_NULL);
  gst_bus_set_sync_handler (bus, NULL, NULL, NULL);
  gst_clear_object (&core->pipeline);
}

static void
worker_open (Core *core)
{
  if (core_is_closed (core))
    return;

  if (!build (core))
    {
      worker_close (core);
      core_fail (core, "can't be opened");
    }
  else if (gst_element_set_state (core->pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE)
    core_fail (core, "can't be started");
}

static void
alcove_capture_source_dispose (GObject *object)
{
  alcove_capture_source_stop (ALCOVE_CAPTURE_SOURCE (object));

  G_OBJECT_CLASS (alcove_capture_source_parent_class)->dispose (object);
}

static void
alcove_capture_source_finalize (GObject *object)
{
  g_clear_pointer (&ALCOVE_CAPTURE_SOURCE (object)->core, core_unref);

  G_OBJECT_CLASS (alcove_capture_source_parent_class)->finalize (object);
}

static void
alcove_capture_source_class_init (AlcoveCaptureSourceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = alcove_capture_source_dispose;
  object_class->finalize = alcove_capture_source_finalize;

  signals[STARTED] = g_signal_new ("started", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
alcove_capture_source_init (AlcoveCaptureSource *self)
{
}

/**
 * alcove_capture_source_new:
 * @setup: what and how
 * @func: gets what is captured, on a streaming thread; must not call back into the source
 * @user_data: its data, which must live until alcove_capture_source_stop()
 *
 * Returns: (transfer full): a source, not started
 */
AlcoveCaptureSource *
alcove_capture_source_new (const AlcoveCaptureSetup *setup,
                           AlcoveCaptureFunc func,
                           gpointer user_data)
{
  AlcoveCaptureSource *self = g_object_new (ALCOVE_TYPE_CAPTURE_SOURCE, NULL);
  Core *core = g_atomic_rc_box_new0 (Core);

  g_mutex_init (&core->state_lock);
  g_mutex_init (&core->lock);
  core->handle = alcove_media_handle_new (self);
  core->workers = alcove_workers_ref (setup->workers);
  core->devices = alcove_device_watch_ref (alcove_devices_get_watch (setup->devices));
  core->spec = alcove_capture_spec_copy (setup->spec);
  core->width = setup->width;
  core->height = setup->height;
  core->fps = setup->fps;
  alcove_screen_rate_init (&core->rate, setup->fps);
  core->clock = gst_object_ref (setup->clock);
  core->base_time = setup->base_time;
  core->pipewire_fd = setup->pipewire_fd;
  core->pipewire_node = setup->pipewire_node;
  core->func = func;
  core->user_data = user_data;
  core->rebase = TRUE;
  self->core = core;

  return self;
}

/**
 * alcove_capture_source_start:
 * @self: a source
 *
 * Opens it in the background. Call once, on the main context.
 */
void
alcove_capture_source_start (AlcoveCaptureSource *self)
{
  core_run (self->core, worker_open);
}

/**
 * alcove_capture_source_fail:
 * @self: a source
 *
 * For a device that is known to have gone, as not every element notices: pulsesrc
 * goes on waiting for a source that was unplugged.
 */
void
alcove_capture_source_fail (AlcoveCaptureSource *self)
{
  core_fail (self->core, "unplugged");
}

/**
 * alcove_capture_source_stop:
 * @self: a source
 *
 * Ends the stream of buffers at once and closes the device in the background.
 */
void
alcove_capture_source_stop (AlcoveCaptureSource *self)
{
  Core *core = self->core;

  if (self->stopped)
    return;
  self->stopped = TRUE;
  g_clear_handle_id (&self->stall_source, g_source_remove);

  g_mutex_lock (&core->lock);
  core->closed = TRUE;
  core->func = NULL;
  if (core->wait != NULL)
    gst_clock_id_unschedule (core->wait);
  g_mutex_unlock (&core->lock);

  core_run (core, worker_close);
}
