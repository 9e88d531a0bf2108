/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-capture-lane"

#include "config.h"

#include "alcove-capture-lane.h"

#include <unistd.h>

#include "alcove-camera-portal.h"
#include "alcove-capture-other.h"
#include "alcove-capture-problem.h"
#include "alcove-error.h"

/* A microphone that breaks after it was heard for that long broke by something that happened to
 * it, as a sound server that was restarted. */
#define STEADY (5 * G_USEC_PER_SEC)

/* How long after no device, or not the chosen one, could be used it is tried again, in seconds: at
 * first, and at most. */
#define FIRST_RETRY 1
#define LAST_RETRY 30

struct _AlcoveCaptureLane {
  GObject parent_instance;

  AlcoveCaptureSetup setup;
  AlcoveCaptureFunc func;
  gpointer user_data;
  AlcoveDevices *devices;
  gboolean video;

  AlcoveCaptureSpec *spec;
  AlcoveCaptureSource *source;
  AlcoveCaptureSource *chosen; /* tried while another one is used */
  AlcoveCaptureSource *filler;
  AlcoveCaptureSource *screen;
  gboolean on_screen; /* which has begun, and stands for all else */
  GCancellable *portal;
  gulong devices_handler;
  gboolean listed;
  guint n_changes;
  guint n_changes_at_open;
  gboolean started;
  gboolean stopped;
  gboolean paused;
  gboolean failed;
  GError *problem; /* what was told and holds */
  gboolean replaced; /* the default device is used although another was chosen */
  gboolean replaced_told;
  GError *replacement; /* likewise */
  AlcoveCaptureOther other;
  gboolean chosen_listed;
  gboolean chosen_busy;
  gboolean available;
  gint64 started_at; /* 0 unless it gives something */
  gboolean tried_again;
  guint retry_source;
  guint retry_pause; /* 0 before the first */
};

enum {
  PROP_0,
  PROP_AVAILABLE,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

enum {
  NOTICE,
  NOTICE_OVER,
  SCREEN_STARTED,
  SCREEN_FAILED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AlcoveCaptureLane, alcove_capture_lane, G_TYPE_OBJECT)

static void open_wanted (AlcoveCaptureLane *self);
static void try_chosen (AlcoveCaptureLane *self);

static void
set_available (AlcoveCaptureLane *self,
               gboolean available)
{
  if (self->available == available)
    return;

  self->available = available;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_AVAILABLE]);
}

static void
drop_source (AlcoveCaptureLane *self,
             AlcoveCaptureSource **source)
{
  if (*source == NULL)
    return;

  g_signal_handlers_disconnect_by_data (*source, self);
  alcove_capture_source_stop (*source);
  g_clear_object (source);
}

static AlcoveCaptureSource *
make_source (AlcoveCaptureLane *self,
             const AlcoveCaptureSpec *spec,
             int pipewire_fd)
{
  AlcoveCaptureSetup setup = self->setup;

  setup.spec = spec;
  setup.pipewire_fd = pipewire_fd;
  return alcove_capture_source_new (&setup, self->func, self->user_data);
}

static void
start_filler (AlcoveCaptureLane *self)
{
  AlcoveCaptureSpec none = { .video = self->video, .kind = ALCOVE_CAPTURE_NONE };

  if (self->filler != NULL)
    return;
  self->filler = make_source (self, &none, -1);
  alcove_capture_source_start (self->filler);
}

static void
take_back (AlcoveCaptureLane *self,
           GError **standing)
{
  g_autoptr (AlcoveCaptureLane) keep = g_object_ref (self);
  g_autoptr (GError) error = g_steal_pointer (standing);

  if (error != NULL)
    g_signal_emit (self, signals[NOTICE_OVER], 0, error);
}

static void
tell (AlcoveCaptureLane *self,
      GError **standing,
      const GError *error)
{
  g_autoptr (AlcoveCaptureLane) keep = g_object_ref (self);

  take_back (self, standing);
  *standing = g_error_copy (error);
  g_signal_emit (self, signals[NOTICE], 0, error);
}

/* The person wants something else, or the same again: all counts for the first time. */
static void
forget (AlcoveCaptureLane *self)
{
  self->replaced = FALSE;
  self->replaced_told = FALSE;
  self->started_at = 0;
  self->tried_again = FALSE;
  self->retry_pause = 0;
  take_back (self, &self->problem);
  take_back (self, &self->replacement);
}

static GListModel *
get_list (AlcoveCaptureLane *self)
{
  return alcove_devices_get_list (self->devices,
                                  self->video ? ALCOVE_DEVICE_CAMERA : ALCOVE_DEVICE_MICROPHONE);
}

static gboolean
wants_microphone (AlcoveCaptureLane *self)
{
  return !self->video && self->spec->kind == ALCOVE_CAPTURE_DEVICE;
}

/* Whether another camera is used, and the chosen one is there: then the picture must not stop only
 * to see whether that one can be used by now. */
static gboolean
misses_chosen (AlcoveCaptureLane *self)
{
  return self->video && self->replaced && self->chosen_listed && self->source != NULL
         && self->filler == NULL;
}

static gboolean
on_retry (gpointer data)
{
  AlcoveCaptureLane *self = data;

  self->retry_source = 0;
  if (misses_chosen (self))
    {
      try_chosen (self);
      return G_SOURCE_REMOVE;
    }
  if (wants_microphone (self))
    alcove_devices_doubt (self->devices);
  self->replaced = FALSE;
  open_wanted (self);
  return G_SOURCE_REMOVE;
}

/* What was listed all the time may work again without a word; what was not will be told, if lists
 * are followed. */
static void
schedule_retry (AlcoveCaptureLane *self)
{
  if (self->spec->kind != ALCOVE_CAPTURE_DEVICE || self->retry_source != 0 || self->stopped
      || (self->retry_pause == LAST_RETRY && self->devices_handler != 0
          && g_list_model_get_n_items (get_list (self)) == 0))
    return;

  self->retry_pause
      = self->retry_pause == 0 ? FIRST_RETRY : MIN (self->retry_pause * 2, LAST_RETRY);
  self->retry_source = g_timeout_add_seconds (self->retry_pause, on_retry, self);
}

/* Again only where the reason is another one. */
static void
tell_replaced (AlcoveCaptureLane *self)
{
  g_autoptr (GError) error = alcove_capture_problem_new_replaced (self->video, self->chosen_busy);

  if (self->replaced_told
      && (self->replacement == NULL || g_str_equal (self->replacement->message, error->message)))
    return;
  self->replaced_told = TRUE;
  tell (self, &self->replacement, error);
}

static void
fail (AlcoveCaptureLane *self,
      const GError *error)
{
  g_autoptr (AlcoveCaptureLane) keep = g_object_ref (self);

  drop_source (self, &self->source);
  self->failed = TRUE;
  start_filler (self);
  set_available (self, FALSE);
  take_back (self, &self->replacement);
  if (self->problem != NULL && !g_error_matches (self->problem, error->domain, error->code))
    take_back (self, &self->problem);
  /* not again while it holds, however often it is tried */
  if (self->problem == NULL)
    tell (self, &self->problem, error);
}

static void
on_source_started (AlcoveCaptureSource *source,
                   AlcoveCaptureLane *self)
{
  g_autoptr (AlcoveCaptureLane) keep = g_object_ref (self);

  self->started_at = g_get_monotonic_time ();
  drop_source (self, &self->filler);
  if (misses_chosen (self))
    schedule_retry (self);
  if (self->spec->kind != ALCOVE_CAPTURE_NONE)
    set_available (self, TRUE);
  take_back (self, &self->problem);
  if (!self->replaced)
    take_back (self, &self->replacement);
  else
    tell_replaced (self);
}

/* A microphone that broke may be there again at once, and so may its sound server. */
static gboolean
try_again (AlcoveCaptureLane *self)
{
  if (!wants_microphone (self) || !self->listed)
    return FALSE;

  alcove_devices_doubt (self->devices);
  if (self->tried_again)
    return FALSE;
  self->tried_again = TRUE;
  open_wanted (self);
  return TRUE;
}

static void
on_source_failed (AlcoveCaptureSource *source,
                  GError *error,
                  AlcoveCaptureLane *self)
{
  g_autoptr (AlcoveCaptureLane) keep = g_object_ref (self);
  GListModel *list = get_list (self);

  if (self->started_at != 0 && g_get_monotonic_time () - self->started_at > STEADY)
    {
      self->tried_again = FALSE;
      self->retry_pause = 0;
    }
  self->started_at = 0;
  if (try_again (self))
    return;
  if (alcove_capture_other_is_left (&self->other, self->spec, list, self->replaced))
    {
      if (!self->replaced)
        self->chosen_busy = g_error_matches (error, ALCOVE_ERROR, ALCOVE_ERROR_CAMERA_BUSY);
      self->replaced = TRUE;
      self->chosen_listed = alcove_capture_other_lists (list, self->spec->text);
      open_wanted (self);
      return;
    }
  schedule_retry (self);
  fail (self, error);

  /* the list may tell of what was unplugged, or of what is there at all, before the source does */
  if (self->failed && self->spec->kind == ALCOVE_CAPTURE_DEVICE && self->spec->text == NULL
      && self->n_changes != self->n_changes_at_open && g_list_model_get_n_items (list) > 0)
    open_wanted (self);
}

static void
open_source (AlcoveCaptureLane *self,
             int pipewire_fd)
{
  AlcoveCaptureSpec spec = *self->spec;

  if (self->replaced)
    spec.text = alcove_capture_other_take (&self->other, self->spec, get_list (self));
  self->source = make_source (self, &spec, pipewire_fd);
  g_signal_connect (self->source, "started", G_CALLBACK (on_source_started), self);
  g_signal_connect (self->source, "failed", G_CALLBACK (on_source_failed), self);
  alcove_capture_source_start (self->source);
}

static void
on_chosen_started (AlcoveCaptureSource *source,
                   AlcoveCaptureLane *self)
{
  drop_source (self, &self->source);
  self->source = g_steal_pointer (&self->chosen);
  g_signal_handlers_disconnect_by_data (source, self);
  g_signal_connect (source, "failed", G_CALLBACK (on_source_failed), self);
  g_clear_handle_id (&self->retry_source, g_source_remove);
  self->failed = FALSE;
  self->replaced = FALSE;
  self->replaced_told = FALSE;
  self->retry_pause = 0;
  on_source_started (source, self);
}

static void
on_chosen_failed (AlcoveCaptureSource *source,
                  GError *error,
                  AlcoveCaptureLane *self)
{
  drop_source (self, &self->chosen);
  self->chosen_busy = g_error_matches (error, ALCOVE_ERROR, ALCOVE_ERROR_CAMERA_BUSY);
  schedule_retry (self);
  if (self->replacement != NULL)
    tell_replaced (self);
}

static void
try_chosen (AlcoveCaptureLane *self)
{
  if (self->chosen != NULL)
    return;

  g_clear_handle_id (&self->retry_source, g_source_remove);
  self->chosen = make_source (self, self->spec, -1);
  g_signal_connect (self->chosen, "started", G_CALLBACK (on_chosen_started), self);
  g_signal_connect (self->chosen, "failed", G_CALLBACK (on_chosen_failed), self);
  alcove_capture_source_start (self->chosen);
}

static void
on_portal (GObject *object,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (AlcoveCaptureLane) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean cancelled = g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result)));
  int fd = alcove_camera_portal_open_finish (result, &error);

  if (cancelled)
    {
      if (fd >= 0)
        close (fd);
      return;
    }
  g_clear_object (&self->portal);
  if (fd < 0)
    fail (self, error);
  else
    open_source (self, fd);
}

/* All but the filler. */
static void
close_wanted (AlcoveCaptureLane *self)
{
  g_cancellable_cancel (self->portal);
  g_clear_object (&self->portal);
  drop_source (self, &self->source);
  drop_source (self, &self->chosen);
}

static void
close_sources (AlcoveCaptureLane *self)
{
  close_wanted (self);
  drop_source (self, &self->filler);
}

/* NULL for the default one. */
static const char *
get_device (AlcoveCaptureLane *self)
{
  return self->replaced ? NULL : self->spec->text;
}

/* Which device the plain spec has is up to the sound server, so any that goes may be it. */
static void
check_unplugged (AlcoveCaptureLane *self,
                 GListModel *list,
                 gboolean removed)
{
  const char *id = get_device (self);
  gboolean listed = alcove_capture_other_lists (list, id);
  gboolean gone = self->listed && !listed;

  self->listed = listed;
  if (!removed || self->source == NULL)
    return;
  if (gone)
    alcove_capture_source_fail (self->source);
  else if (id == NULL && listed)
    open_wanted (self);
}

static void
on_devices_changed (GListModel *list,
                    guint position,
                    guint removed,
                    guint added,
                    AlcoveCaptureLane *self)
{
  g_autoptr (AlcoveCaptureLane) keep = g_object_ref (self);

  self->n_changes++;
  alcove_capture_other_forget (&self->other);
  self->tried_again = FALSE;
  self->retry_pause = 0;
  if (self->spec->kind != ALCOVE_CAPTURE_DEVICE)
    return;
  if (self->replaced && added > 0 && !self->chosen_listed
      && alcove_capture_other_lists (list, self->spec->text))
    {
      self->replaced = FALSE;
      self->replaced_told = FALSE;
      open_wanted (self);
      return;
    }
  if (self->spec->text != NULL)
    self->chosen_listed = alcove_capture_other_lists (list, self->spec->text);
  if (self->replacement != NULL && !self->chosen_listed)
    {
      self->chosen_busy = FALSE;
      tell_replaced (self);
    }
  check_unplugged (self, list, removed > 0);
  if (self->failed
      && (added > 0 || (get_device (self) == NULL && g_list_model_get_n_items (list) > 0)))
    open_wanted (self);
  else if (misses_chosen (self))
    try_chosen (self);
}

static void
follow_devices (AlcoveCaptureLane *self)
{
  GListModel *list = get_list (self);

  self->listed = alcove_capture_other_lists (list, get_device (self));
  if (self->devices_handler == 0)
    self->devices_handler
        = g_signal_connect (list, "items-changed", G_CALLBACK (on_devices_changed), self);
  alcove_devices_start (self->devices);
}

static void
open_wanted (AlcoveCaptureLane *self)
{
  gboolean device = self->spec->kind == ALCOVE_CAPTURE_DEVICE;

  self->failed = FALSE;
  g_clear_handle_id (&self->retry_source, g_source_remove);
  if (!self->started || self->stopped || self->on_screen)
    return;

  close_wanted (self);
  self->n_changes_at_open = self->n_changes;
  /* Cameras take a moment, and others should see something meanwhile. */
  if (self->paused || device || self->spec->kind == ALCOVE_CAPTURE_FILE)
    start_filler (self);
  else
    drop_source (self, &self->filler);
  if (self->paused)
    return;
  if (self->spec->kind == ALCOVE_CAPTURE_NONE)
    set_available (self, FALSE);
  if (device && !alcove_camera_portal_is_needed ())
    follow_devices (self);
  if (device && self->video && alcove_camera_portal_is_needed ())
    {
      self->portal = g_cancellable_new ();
      alcove_camera_portal_open_async (self->portal, on_portal, g_object_ref (self));
      return;
    }
  open_source (self, -1);
}

static void
on_screen_started (AlcoveCaptureSource *source,
                   AlcoveCaptureLane *self)
{
  self->on_screen = TRUE;
  close_sources (self);
  g_signal_emit (self, signals[SCREEN_STARTED], 0);
}

static void
on_screen_failed (AlcoveCaptureSource *source,
                  GError *error,
                  AlcoveCaptureLane *self)
{
  g_signal_emit (self, signals[SCREEN_FAILED], 0, error);
}

static void
alcove_capture_lane_get_property (GObject *object,
                                  guint id,
                                  GValue *value,
                                  GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_AVAILABLE:
      g_value_set_boolean (value, ALCOVE_CAPTURE_LANE (object)->available);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
alcove_capture_lane_dispose (GObject *object)
{
  AlcoveCaptureLane *self = ALCOVE_CAPTURE_LANE (object);

  alcove_capture_lane_stop (self);
  g_clear_object (&self->devices);

  G_OBJECT_CLASS (alcove_capture_lane_parent_class)->dispose (object);
}

static void
alcove_capture_lane_finalize (GObject *object)
{
  AlcoveCaptureLane *self = ALCOVE_CAPTURE_LANE (object);

  alcove_capture_spec_free (self->spec);
  g_clear_error (&self->problem);
  g_clear_error (&self->replacement);
  alcove_capture_other_clear (&self->other);
  gst_object_unref (self->setup.clock);
  alcove_workers_unref (self->setup.workers);

  G_OBJECT_CLASS (alcove_capture_lane_parent_class)->finalize (object);
}

static void
alcove_capture_lane_class_init (AlcoveCaptureLaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = alcove_capture_lane_get_property;
  object_class->dispose = alcove_capture_lane_dispose;
  object_class->finalize = alcove_capture_lane_finalize;

  props[PROP_AVAILABLE]
      = g_param_spec_boolean ("available", NULL, NULL, FALSE,
                              G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[NOTICE] = g_signal_new ("notice", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[NOTICE_OVER] = g_signal_new ("notice-over", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                       0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[SCREEN_STARTED]
      = g_signal_new ("screen-started", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                      NULL, NULL, G_TYPE_NONE, 0);
  signals[SCREEN_FAILED]
      = g_signal_new ("screen-failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                      NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
alcove_capture_lane_init (AlcoveCaptureLane *self)
{
}

/**
 * alcove_capture_lane_new:
 * @setup: what its sources have in common, and the spec to begin with; copied
 * @func: gets what is captured, on a streaming thread; must not call back into the lane
 * @user_data: its data, which must live until alcove_capture_lane_stop()
 *
 * Returns: (transfer full): a lane, not started
 */
AlcoveCaptureLane *
alcove_capture_lane_new (const AlcoveCaptureSetup *setup,
                         AlcoveCaptureFunc func,
                         gpointer user_data)
{
  AlcoveCaptureLane *self = g_object_new (ALCOVE_TYPE_CAPTURE_LANE, NULL);

  self->setup = *setup;
  self->setup.spec = NULL;
  gst_object_ref (self->setup.clock);
  alcove_workers_ref (self->setup.workers);
  self->spec = alcove_capture_spec_copy (setup->spec);
  self->video = self->spec->video;
  self->devices = g_object_ref (setup->devices);
  self->func = func;
  self->user_data = user_data;
  return self;
}

/**
 * alcove_capture_lane_start:
 * @self: a lane
 *
 * Opens what is wanted in the background.
 */
void
alcove_capture_lane_start (AlcoveCaptureLane *self)
{
  self->started = TRUE;
  open_wanted (self);
}

/**
 * alcove_capture_lane_stop:
 * @self: a lane
 *
 * Ends for good. Its function is not called any more when this returns; devices close in the
 * background.
 */
void
alcove_capture_lane_stop (AlcoveCaptureLane *self)
{
  if (self->stopped)
    return;

  self->stopped = TRUE;
  g_clear_handle_id (&self->retry_source, g_source_remove);
  close_sources (self);
  drop_source (self, &self->screen);
  if (self->devices_handler != 0)
    g_signal_handler_disconnect (get_list (self), self->devices_handler);
  self->devices_handler = 0;
}

/**
 * alcove_capture_lane_set_spec:
 * @self: a lane
 * @spec: (transfer none): what is wanted from now on, of the same kind of medium
 */
void
alcove_capture_lane_set_spec (AlcoveCaptureLane *self,
                              const AlcoveCaptureSpec *spec)
{
  AlcoveCaptureSpec *copy = alcove_capture_spec_copy (spec);

  alcove_capture_spec_free (self->spec);
  self->spec = copy;
  self->chosen_listed = FALSE;
  forget (self);
  open_wanted (self);
}

/**
 * alcove_capture_lane_set_paused:
 * @self: a lane
 * @paused: whether the filler alone is sent and the device released
 */
void
alcove_capture_lane_set_paused (AlcoveCaptureLane *self,
                                gboolean paused)
{
  if (self->paused == paused)
    return;

  self->paused = paused;
  forget (self);
  open_wanted (self);
}

/**
 * alcove_capture_lane_set_screen:
 * @self: a lane of pictures
 * @fd: a PipeWire remote of the ScreenCast portal; taken over
 * @node: the node in it
 *
 * Shows a screen or window from its first picture on. Until then what was shown goes on; then its
 * device is released, and what is wanted of it meanwhile is done when the screen is taken away.
 */
void
alcove_capture_lane_set_screen (AlcoveCaptureLane *self,
                                int fd,
                                guint32 node)
{
  AlcoveCaptureSpec spec = { .video = TRUE, .kind = ALCOVE_CAPTURE_SCREEN };

  if (self->stopped || !self->started)
    {
      close (fd);
      return;
    }

  alcove_capture_lane_unset_screen (self);
  self->setup.pipewire_node = node;
  self->screen = make_source (self, &spec, fd);
  g_signal_connect (self->screen, "started", G_CALLBACK (on_screen_started), self);
  g_signal_connect (self->screen, "failed", G_CALLBACK (on_screen_failed), self);
  alcove_capture_source_start (self->screen);
}

/**
 * alcove_capture_lane_unset_screen:
 * @self: a lane
 *
 * Goes back to what was shown before, or is wanted since. Does nothing without a screen.
 */
void
alcove_capture_lane_unset_screen (AlcoveCaptureLane *self)
{
  drop_source (self, &self->screen);
  if (!self->on_screen)
    return;

  self->on_screen = FALSE;
  open_wanted (self);
}

/**
 * alcove_capture_lane_get_missing:
 * @self: a lane
 *
 * Returns: whether it was told that the source wanted can't be used, and holds
 */
gboolean
alcove_capture_lane_get_missing (AlcoveCaptureLane *self)
{
  return self->problem != NULL;
}

/**
 * alcove_capture_lane_get_available:
 * @self: a lane
 *
 * Returns: whether the source wanted gives something, or gave it when it was paused
 */
gboolean
alcove_capture_lane_get_available (AlcoveCaptureLane *self)
{
  return self->available;
}
