/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-media-link"

#include "config.h"

#include <glib/gi18n.h>

#include "alcove-error.h"
#include "alcove-media-link-parts.h"

/* A sampling that is under way on webrtcbin's thread. */
typedef struct {
  AlcoveLinkCore *core;
  guint id;
} Sampling;

typedef struct {
  guint id;
  double rtt_ms;
  double loss;
} Report;

static void
sampling_free (gpointer data)
{
  Sampling *self = data;

  alcove_link_core_unref (self->core);
  g_free (self);
}

static double
per_second (guint64 now,
            guint64 before,
            double seconds)
{
  return seconds > 0.0 ? (double) (now - before) / seconds : 0.0;
}

static void
fill_stats (AlcoveMediaLink *self,
            const Report *report,
            AlcoveLinkStats *stats)
{
  AlcoveLinkCore *core = self->core;
  gint64 now = g_get_monotonic_time ();
  double seconds = (double) (now - self->sampled) / G_USEC_PER_SEC;

  g_mutex_lock (&core->lock);
  *stats = (AlcoveLinkStats){
    .fps_in = per_second (core->frames_in, self->sampled_frames_in, seconds),
    .fps_out = per_second (core->frames_out, self->sampled_frames_out, seconds),
    .width = core->width,
    .height = core->height,
    .kbps_in = per_second (core->bytes_in, self->sampled_bytes_in, seconds) * 8.0 / 1000.0,
    .kbps_out = per_second (core->bytes_out, self->sampled_bytes_out, seconds) * 8.0 / 1000.0,
    .rtt_ms = report->rtt_ms,
    .loss = report->loss,
    .frame_age_ms = core->last_frame_time > 0 ? (now - core->last_frame_time) / 1000 : -1,
    .frames_decoded = core->frames_in,
    .picture = core->picture,
    .picture_counter = core->picture_counter,
    .tone_hz = core->tone_hz,
  };
  self->sampled_frames_in = core->frames_in;
  self->sampled_frames_out = core->frames_out;
  self->sampled_bytes_in = core->bytes_in;
  self->sampled_bytes_out = core->bytes_out;
  g_mutex_unlock (&core->lock);
  self->sampled = now;
}

static void
on_report (gpointer object,
           gpointer data)
{
  AlcoveMediaLink *self = ALCOVE_MEDIA_LINK (object);
  const Report *report = data;
  gpointer key = GUINT_TO_POINTER (report->id);
  g_autoptr (GTask) task = NULL;
  AlcoveLinkStats *stats;

  if (!g_hash_table_steal_extended (self->samplings, key, NULL, (gpointer *) &task))
    return;

  stats = g_new0 (AlcoveLinkStats, 1);
  fill_stats (self, report, stats);
  g_task_return_pointer (task, stats, g_free);
}

/* What the far side reports of our packets. */
static gboolean
read_field (GQuark field,
            const GValue *value,
            gpointer data)
{
  Report *report = data;
  const GstStructure *structure;
  GstWebRTCStatsType type;
  double number;

  if (!GST_VALUE_HOLDS_STRUCTURE (value))
    return TRUE;
  structure = gst_value_get_structure (value);
  if (structure == NULL
      || !gst_structure_get (structure, "type", GST_TYPE_WEBRTC_STATS_TYPE, &type, NULL)
      || type != GST_WEBRTC_STATS_REMOTE_INBOUND_RTP)
    return TRUE;

  if (gst_structure_get_double (structure, "round-trip-time", &number) && number > 0.0)
    report->rtt_ms = MAX (report->rtt_ms, number * 1000.0);
  if (gst_structure_get_double (structure, "fraction-lost", &number))
    report->loss = MAX (report->loss, CLAMP (number, 0.0, 1.0));

  return TRUE;
}

/* webrtcbin's thread */
static void
on_stats (GstPromise *promise,
          gpointer data)
{
  Sampling *sampling = data;
  Report *report = g_new0 (Report, 1);

  report->id = sampling->id;
  report->rtt_ms = -1.0;
  report->loss = -1.0;
  if (gst_promise_wait (promise) == GST_PROMISE_RESULT_REPLIED
      && gst_promise_get_reply (promise) != NULL)
    gst_structure_foreach (gst_promise_get_reply (promise), read_field, report);

  alcove_media_hop (sampling->core->handle, on_report, report, g_free);
}

static void
return_closed (GTask *task)
{
  g_task_return_new_error (task, ALCOVE_ERROR, ALCOVE_ERROR_CLOSED, "%s",
                           _ ("The connection to this participant is closed."));
}

/**
 * alcove_media_link_stats_init:
 * @self: a link
 */
void
alcove_media_link_stats_init (AlcoveMediaLink *self)
{
  self->samplings = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
}

/**
 * alcove_media_link_stats_stop:
 * @self: a link that is being closed
 *
 * Ends what is under way with %ALCOVE_ERROR_CLOSED.
 */
void
alcove_media_link_stats_stop (AlcoveMediaLink *self)
{
  GHashTableIter iter;
  gpointer task;

  if (self->samplings == NULL)
    return;

  g_hash_table_iter_init (&iter, self->samplings);
  while (g_hash_table_iter_next (&iter, NULL, &task))
    return_closed (task);
  g_hash_table_remove_all (self->samplings);
}

/**
 * alcove_media_link_sample_stats_async:
 * @self: a link
 * @cancellable: (nullable): a #GCancellable
 * @callback: called on the main context
 * @user_data: its data
 *
 * Measures the link. Rates refer to the time since the sample before.
 */
void
alcove_media_link_sample_stats_async (AlcoveMediaLink *self,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Sampling *sampling;

  g_task_set_source_tag (task, alcove_media_link_sample_stats_async);
  if (!alcove_media_link_is_alive (self))
    {
      return_closed (task);
      g_object_unref (task);
      return;
    }

  sampling = g_new0 (Sampling, 1);
  sampling->core = alcove_link_core_ref (self->core);
  sampling->id = ++self->last_sampling;
  g_hash_table_insert (self->samplings, GUINT_TO_POINTER (sampling->id), task);
  g_signal_emit_by_name (self->webrtc, "get-stats", NULL,
                         alcove_link_core_new_promise (self->core, on_stats, sampling,
                                                       sampling_free));
}

/**
 * alcove_media_link_sample_stats_finish:
 * @self: a link
 * @result: what the callback was given
 * @stats: (out caller-allocates): the sample
 * @error: return location for an error
 *
 * Errors: %ALCOVE_ERROR_CLOSED if the link was closed meanwhile, or `G_IO_ERROR_CANCELLED`.
 *
 * Returns: whether @stats was filled
 */
gboolean
alcove_media_link_sample_stats_finish (AlcoveMediaLink *self,
                                       GAsyncResult *result,
                                       AlcoveLinkStats *stats,
                                       GError **error)
{
  g_autofree AlcoveLinkStats *sample = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  sample = g_task_propagate_pointer (G_TASK (result), error);
  if (sample == NULL)
    return FALSE;

  *stats = *sample;
  return TRUE;
}
