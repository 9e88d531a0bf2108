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

/* What webrtcbin knows. */
typedef struct {
  guint id;
  double rtt_ms;
  double loss;
  double jitter_ms;
  guint64 packets_in;
  guint64 packets_lost;
  AlcoveCandidateType local_candidate;
  AlcoveCandidateType remote_candidate;
} Report;

/* Rates refer to no less than this, in microseconds: the time between two who ask one after the
 * other would say nothing. */
#define MIN_SPAN (900 * G_TIME_SPAN_MILLISECOND)

static void
sampling_free (gpointer data)
{
  Sampling *self = data;

  alcove_link_core_unref (self->core);
  g_free (self);
}

/* A count may go back where a stream is given up with what it had counted. */
static double
get_growth (guint64 now,
            guint64 before)
{
  return now > before ? (double) (now - before) : 0.0;
}

static void
measure_rates (AlcoveMediaLink *self,
               const AlcoveLinkCounters *now,
               gint64 time)
{
  const AlcoveLinkCounters *before = &self->counters;
  AlcoveLinkStats *rates = &self->rates;
  double seconds = (double) MAX (time - self->sampled, 1) / G_USEC_PER_SEC;
  double lost = get_growth (now->packets_lost, before->packets_lost);
  double packets = lost + get_growth (now->packets_in, before->packets_in);
  double buffered = get_growth (now->buffered, before->buffered);

  rates->fps_in = get_growth (now->frames_in, before->frames_in) / seconds;
  rates->fps_out = get_growth (now->frames_out, before->frames_out) / seconds;
  rates->kbps_in = get_growth (now->bytes_in, before->bytes_in) * 8.0 / 1000.0 / seconds;
  rates->kbps_out = get_growth (now->bytes_out, before->bytes_out) * 8.0 / 1000.0 / seconds;
  rates->loss_in = packets > 0.0 ? lost / packets : -1.0;
  rates->buffer_ms
      = buffered > 0.0 ? get_growth (now->buffered_us, before->buffered_us) / 1000.0 / buffered
                       : -1.0;
  self->counters = *now;
  self->sampled = time;
}

static void
fill_stats (AlcoveMediaLink *self,
            const Report *report,
            AlcoveLinkStats *stats)
{
  AlcoveLinkCore *core = self->core;
  gint64 now = g_get_monotonic_time ();
  AlcoveLinkCounters counters;
  AlcoveLinkStats measured = {
    .rtt_ms = report->rtt_ms,
    .loss = report->loss,
    .jitter_ms = report->jitter_ms,
    .local_candidate = report->local_candidate,
    .remote_candidate = report->remote_candidate,
  };

  g_mutex_lock (&core->lock);
  counters = core->counters;
  measured.width = core->width;
  measured.height = core->height;
  measured.frame_age_ms = core->last_frame_time > 0 ? (now - core->last_frame_time) / 1000 : -1;
  measured.frames_decoded = core->counters.frames_in;
  g_strlcpy (measured.codec_in, core->codec_in != NULL ? core->codec_in : "",
             sizeof measured.codec_in);
  g_strlcpy (measured.codec_out, core->codec_out != NULL ? core->codec_out : "",
             sizeof measured.codec_out);
  measured.picture = core->picture;
  measured.picture_counter = core->picture_counter;
  measured.tone_hz = core->tone_hz;
  measured.sound_ms = counters.sound_us / 1000;
  measured.sound_guessed_ms = counters.sound_guessed_us / 1000;
  measured.sound_missed_ms = counters.sound_missed_us / 1000;
  g_mutex_unlock (&core->lock);

  counters.packets_in = report->packets_in;
  counters.packets_lost = report->packets_lost;
  /* the first refers to the time since the link was made */
  if (self->sampled == self->created || now - self->sampled >= MIN_SPAN)
    measure_rates (self, &counters, now);
  measured.fps_in = self->rates.fps_in;
  measured.fps_out = self->rates.fps_out;
  measured.kbps_in = self->rates.kbps_in;
  measured.kbps_out = self->rates.kbps_out;
  measured.loss_in = self->rates.loss_in;
  measured.buffer_ms = self->rates.buffer_ms;
  measured.estimate_kbps = self->estimate > 0 ? self->estimate / 1000.0 : -1.0;
  measured.target_kbps = -1.0;
  if (self->adaptation != NULL)
    {
      measured.load_step = alcove_adaptation_get_load_step (self->adaptation);
      measured.draw_step = alcove_adaptation_get_draw_step (self->adaptation);
    }
  if (self->view != NULL)
    {
      AlcoveRung rung;

      alcove_ladder_view_get_rung (self->view, &rung);
      if (rung.bitrate > 0)
        measured.target_kbps = rung.bitrate / 1000.0;
      g_strlcpy (measured.rung, rung.name, sizeof measured.rung);
    }
  *stats = measured;
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

  if (alcove_media_link_is_alive (self))
    alcove_media_link_on_report (self, report->rtt_ms, report->loss);
  if (!g_hash_table_steal_extended (self->samplings, key, NULL, (gpointer *) &task))
    return;

  stats = g_new0 (AlcoveLinkStats, 1);
  fill_stats (self, report, stats);
  g_task_return_pointer (task, stats, g_free);
}

static void
read_ours (Report *report,
           const GstStructure *structure)
{
  double number;

  if (gst_structure_get_double (structure, "round-trip-time", &number) && number > 0.0)
    report->rtt_ms = MAX (report->rtt_ms, number * 1000.0);
  if (gst_structure_get_double (structure, "fraction-lost", &number))
    report->loss = MAX (report->loss, CLAMP (number, 0.0, 1.0));
}

static void
read_theirs (Report *report,
             const GstStructure *structure)
{
  guint64 received;
  gint64 lost;
  double number;

  if (gst_structure_get_double (structure, "jitter", &number) && number >= 0.0)
    report->jitter_ms = MAX (report->jitter_ms, number * 1000.0);
  if (gst_structure_get_uint64 (structure, "packets-received", &received))
    report->packets_in += received;
  /* less than none while more arrive than were expected */
  if (gst_structure_get_int64 (structure, "packets-lost", &lost) && lost > 0)
    report->packets_lost += (guint64) lost;
}

static AlcoveCandidateType
read_candidate (const GstStructure *reply,
                const GstStructure *pair,
                const char *field)
{
  static const char *const types[] = { NULL, "host", "srflx", "prflx", "relay" };
  const char *id = gst_structure_get_string (pair, field);
  const GValue *value = id != NULL ? gst_structure_get_value (reply, id) : NULL;
  const char *type = NULL;

  if (value != NULL && GST_VALUE_HOLDS_STRUCTURE (value)
      && gst_value_get_structure (value) != NULL)
    type = gst_structure_get_string (gst_value_get_structure (value), "candidate-type");
  for (guint i = 1; type != NULL && i < G_N_ELEMENTS (types); i++)
    if (g_str_equal (type, types[i]))
      return (AlcoveCandidateType) i;

  return ALCOVE_CANDIDATE_UNKNOWN;
}

typedef struct {
  Report *report;
  const GstStructure *reply;
} Reading;

static gboolean
read_field (GQuark field,
            const GValue *value,
            gpointer data)
{
  Reading *reading = data;
  const GstStructure *structure
      = GST_VALUE_HOLDS_STRUCTURE (value) ? gst_value_get_structure (value) : NULL;
  GstWebRTCStatsType type;

  if (structure == NULL
      || !gst_structure_get (structure, "type", GST_TYPE_WEBRTC_STATS_TYPE, &type, NULL))
    return TRUE;

  if (type == GST_WEBRTC_STATS_REMOTE_INBOUND_RTP)
    read_ours (reading->report, structure);
  else if (type == GST_WEBRTC_STATS_INBOUND_RTP)
    read_theirs (reading->report, structure);
  else if (type == GST_WEBRTC_STATS_CANDIDATE_PAIR)
    {
      /* by their ids: the types of the candidates themselves are exchanged in 1.22 */
      reading->report->local_candidate
          = read_candidate (reading->reply, structure, "local-candidate-id");
      reading->report->remote_candidate
          = read_candidate (reading->reply, structure, "remote-candidate-id");
    }

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
  report->jitter_ms = -1.0;
  if (gst_promise_wait (promise) == GST_PROMISE_RESULT_REPLIED
      && gst_promise_get_reply (promise) != NULL)
    {
      Reading reading = { report, gst_promise_get_reply (promise) };

      gst_structure_foreach (reading.reply, read_field, &reading);
    }

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
  self->rates.loss_in = -1.0;
  self->rates.buffer_ms = -1.0;
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

static void
ask (AlcoveMediaLink *self)
{
  Sampling *sampling = g_new0 (Sampling, 1);

  sampling->core = alcove_link_core_ref (self->core);
  sampling->id = self->last_sampling;
  g_signal_emit_by_name (self->webrtc, "get-stats", NULL,
                         alcove_link_core_new_promise (self->core, on_stats, sampling,
                                                       sampling_free));
}

/**
 * alcove_media_link_ask_for_report:
 * @self: a link that is alive
 *
 * Has alcove_media_link_on_report() called soon.
 */
void
alcove_media_link_ask_for_report (AlcoveMediaLink *self)
{
  self->last_sampling++;
  ask (self);
}

/**
 * alcove_media_link_do_sample:
 * @link: a link
 * @cancellable: (nullable): a #GCancellable
 * @callback: called on the main context
 * @user_data: its data
 *
 * See alcove_peer_link_sample_async().
 */
void
alcove_media_link_do_sample (AlcovePeerLink *link,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  AlcoveMediaLink *self = ALCOVE_MEDIA_LINK (link);
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, alcove_media_link_do_sample);
  if (!alcove_media_link_is_alive (self))
    {
      return_closed (task);
      g_object_unref (task);
      return;
    }

  g_hash_table_insert (self->samplings, GUINT_TO_POINTER (++self->last_sampling), task);
  ask (self);
}

/**
 * alcove_media_link_do_sample_finish:
 * @link: a link
 * @result: what the callback was given
 * @stats: (out caller-allocates): the sample
 * @error: return location for an error
 *
 * See alcove_peer_link_sample_finish().
 *
 * Returns: whether @stats was filled
 */
gboolean
alcove_media_link_do_sample_finish (AlcovePeerLink *link,
                                    GAsyncResult *result,
                                    AlcoveLinkStats *stats,
                                    GError **error)
{
  g_autofree AlcoveLinkStats *sample = NULL;

  g_return_val_if_fail (g_task_is_valid (result, link), FALSE);

  sample = g_task_propagate_pointer (G_TASK (result), error);
  if (sample == NULL)
    return FALSE;

  *stats = *sample;
  return TRUE;
}
