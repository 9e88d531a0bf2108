/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-bench"

/*
 * bench-far-ends: a room full of people who cost next to nothing.
 *
 * They send a recording that was encoded beforehand and throw away what they get, so that the
 * machine is left to what is measured. Every frame of the recording is there twice: as it
 * follows from the one before, and as a key frame, so that whoever asks for one gets it at once,
 * as from an encoder. He gets key frames only until the recording has one of its own, at most
 * a second later: what follows in it must not stand on another encoder's picture.
 * All are in one process, with a connection to the server each.
 *
 * They call nobody (in SkyRTC the newcomer does), and so not each other either. Each is ahead of
 * the one before by an equal part of the recording, and a little out of step: no two people
 * look alike, and no two cameras tick together. Prints one JSON object a line; the first tells
 * when which frame is sent: far end I sends frame (K + I * ahead) modulo frames at
 * start + I * step + K * 1000 / fps, in milliseconds of the wall clock.
 */

#include "config.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

#include <glib-unix.h>
#include <gst/app/gstappsrc.h>
#include <gst/gst.h>
#include <gst/video/video.h>
#include <gst/webrtc/webrtc.h>
#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#include "alcove-description.h"
#include "alcove-media-warm-up.h"
#include "recording.h"

#define MAX_FAR_ENDS 64
#define MAX_MESSAGE (1024 * 1024)
#define SOUND_INTERVAL_US 20000
/* What waits for one transport at most. */
#define MAX_BUFFERS 64
#define MTU 1200
#define RTP_MARKER 0x80
#define STATS_INTERVAL_SECONDS 1

typedef struct _FarEnd FarEnd;

/* One connection of a far end with somebody who called it. */
typedef struct {
  FarEnd *far_end;
  char *id;
  GstElement *pipeline;
  GstElement *webrtc;
  GstAppSrc *video;
  GstAppSrc *sound;
  GPtrArray *early;
  gboolean remote_set;
  gboolean closed;
  /* with the hall's lock, or atomic */
  gboolean connected;
  int wants_key;
  gboolean keys_only;
  guint64 received;
  guint64 pictures;
} Pair;

typedef struct {
  GMainLoop *loop;
  SoupSession *session;
  Recording delta;
  Recording key;
  Recording sound;
  int fps;
  int status;
  FarEnd *far_ends;
  int n_far_ends;
  int n_joined;
  gint64 start;
  gint64 step;
  guint ahead;

  GMutex lock;
  GPtrArray *pairs;
  gboolean stopping;
} Hall;

struct _FarEnd {
  Hall *hall;
  int index;
  SoupWebsocketConnection *socket;
};

static Pair *
pair_ref (Pair *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
pair_clear (gpointer data)
{
  Pair *self = data;

  g_free (self->id);
  gst_clear_object (&self->video);
  gst_clear_object (&self->sound);
  gst_clear_object (&self->pipeline);
  g_ptr_array_unref (self->early);
}

static void
pair_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, pair_clear);
}

/* Playing: one thread for everybody. */

static gboolean
push (GstAppSrc *source,
      GstBuffer *frame,
      gint64 due)
{
  GstBuffer *buffer;

  if (gst_app_src_get_current_level_buffers (source) >= MAX_BUFFERS)
    return FALSE;

  /* shares the memory; only the time differs */
  buffer = gst_buffer_copy (frame);
  GST_BUFFER_PTS (buffer) = (GstClockTime) due * GST_USECOND;
  GST_BUFFER_DTS (buffer) = GST_CLOCK_TIME_NONE;
  gst_app_src_push_buffer (source, buffer);
  return TRUE;
}

/* After a gap only a key frame makes a whole picture again. */
static void
play_frame (Hall *self,
            int index,
            gint64 k,
            gint64 due,
            gboolean gap)
{
  guint n = self->delta.frames->len;
  guint at = (guint) (((guint64) k + (guint64) index * self->ahead) % n);

  for (guint i = 0; i < self->pairs->len; i++)
    {
      Pair *pair = g_ptr_array_index (self->pairs, i);
      GstBuffer *frame = g_ptr_array_index (self->delta.frames, at);

      if (pair->far_end->index != index || !pair->connected || pair->video == NULL)
        continue;
      if (g_atomic_int_compare_and_exchange (&pair->wants_key, 1, 0) || gap)
        pair->keys_only = TRUE;
      if (!GST_BUFFER_FLAG_IS_SET (frame, GST_BUFFER_FLAG_DELTA_UNIT))
        pair->keys_only = FALSE;
      if (pair->keys_only)
        frame = g_ptr_array_index (self->key.frames, at);
      if (!push (pair->video, frame, due))
        g_atomic_int_set (&pair->wants_key, 1);
    }
}

static void
play_sound (Hall *self,
            gint64 k,
            gint64 due)
{
  for (guint i = 0; i < self->pairs->len; i++)
    {
      Pair *pair = g_ptr_array_index (self->pairs, i);

      if (pair->connected && pair->sound != NULL)
        push (pair->sound,
              g_ptr_array_index (self->sound.frames,
                                 (guint) ((guint64) (k + pair->far_end->index * 37)
                                          % self->sound.frames->len)),
              due);
    }
}

static gint64
get_due (Hall *self,
         int index,
         gint64 k)
{
  return index * self->step + k * G_USEC_PER_SEC / self->fps;
}

/* What is a little late is sent all the same, with the time that it should have had, as a network
 * would deliver it: these stand for other machines, which would not have been late. Key frames
 * instead are a load that grows with the load. What a stopped machine missed is left out. */
static gpointer
play (gpointer data)
{
  Hall *self = data;
  gint64 next[MAX_FAR_ENDS] = { 0 };
  gint64 next_sound = 0;

  g_mutex_lock (&self->lock);
  while (!self->stopping)
    {
      gint64 now = g_get_monotonic_time () - self->start;
      gint64 wake = now + SOUND_INTERVAL_US;
      gint64 due;

      for (int i = 0; i < self->n_far_ends; i++)
        {
          gint64 since = now - i * self->step;
          gint64 latest = since < 0 ? -1 : since * self->fps / G_USEC_PER_SEC;
          gboolean gap = latest - next[i] >= self->fps;

          if (gap)
            next[i] = latest;
          for (due = get_due (self, i, next[i]); next[i] <= latest; gap = FALSE)
            {
              play_frame (self, i, next[i]++, due, gap);
              due = get_due (self, i, next[i]);
            }
          wake = MIN (wake, due);
        }
      if (now - next_sound * SOUND_INTERVAL_US >= G_USEC_PER_SEC)
        next_sound = now / SOUND_INTERVAL_US;
      for (due = next_sound * SOUND_INTERVAL_US; due <= now; due = next_sound * SOUND_INTERVAL_US)
        play_sound (self, next_sound++, due);
      wake = MIN (wake, due);

      g_mutex_unlock (&self->lock);
      now = g_get_monotonic_time () - self->start;
      if (wake > now)
        g_usleep ((gulong) (wake - now));
      g_mutex_lock (&self->lock);
    }
  g_mutex_unlock (&self->lock);

  return NULL;
}

/* Signalling */

static void
say (FarEnd *self,
     const char *event,
     const char *id,
     JsonObject *data)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *message = json_object_new ();
  g_autofree char *text = NULL;

  if (id != NULL)
    json_object_set_string_member (data, "socketId", id);
  json_object_set_string_member (message, "eventName", event);
  json_object_set_object_member (message, "data", data);
  json_node_take_object (node, message);
  text = json_to_string (node, FALSE);
  if (self->socket != NULL
      && soup_websocket_connection_get_state (self->socket) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_send_text (self->socket, text);
}

static const char *
get_string (JsonObject *object,
            const char *member)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, member) : NULL;

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node)
         == G_TYPE_STRING ? json_node_get_string (node) : NULL;
}

static Pair *
find_pair (FarEnd *self,
           const char *id)
{
  for (guint i = 0; id != NULL && i < self->hall->pairs->len; i++)
    {
      Pair *pair = g_ptr_array_index (self->hall->pairs, i);

      if (pair->far_end == self && g_str_equal (pair->id, id))
        return pair;
    }
  return NULL;
}

static void
close_pair (Pair *pair)
{
  Hall *hall = pair->far_end->hall;

  pair_ref (pair);
  pair->closed = TRUE;
  g_mutex_lock (&hall->lock);
  g_ptr_array_remove (hall->pairs, pair);
  g_mutex_unlock (&hall->lock);
  gst_element_set_state (pair->pipeline, GST_STATE_NULL);
  /* its signals and probes hold the pair, as the pair holds it */
  g_signal_handlers_disconnect_by_data (pair->webrtc, pair);
  gst_clear_object (&pair->pipeline);
  pair_unref (pair);
}

/* Hops from GStreamer's threads to the main context. */

typedef struct {
  Pair *pair;
  char *text;
  guint line;
} Hop;

static void
hop_free (gpointer data)
{
  Hop *hop = data;

  pair_unref (hop->pair);
  g_free (hop->text);
  g_free (hop);
}

static void
hop (Pair *pair,
     GSourceFunc func,
     guint line,
     const char *text)
{
  Hop *data = g_new0 (Hop, 1);

  data->pair = pair_ref (pair);
  data->line = line;
  data->text = g_strdup (text);
  g_main_context_invoke_full (NULL, G_PRIORITY_DEFAULT, func, data, hop_free);
}

static gboolean
hop_candidate (gpointer data)
{
  Hop *self = data;
  JsonObject *object;

  if (self->pair->closed)
    return G_SOURCE_REMOVE;
  object = json_object_new ();
  json_object_set_int_member (object, "label", self->line);
  json_object_set_string_member (object, "candidate", self->text);
  say (self->pair->far_end, "__ice_candidate__", self->pair->id, object);
  return G_SOURCE_REMOVE;
}

static void
on_candidate (GstElement *webrtc,
              guint line,
              char *text,
              gpointer data)
{
  if (text != NULL && *text != '\0')
    hop (data, hop_candidate, line, text);
}

static gboolean
hop_answer (gpointer data)
{
  Hop *self = data;
  Pair *pair = self->pair;
  JsonObject *object, *sdp;

  if (pair->closed)
    return G_SOURCE_REMOVE;
  sdp = json_object_new ();
  json_object_set_string_member (sdp, "type", "answer");
  json_object_set_string_member (sdp, "sdp", self->text);
  object = json_object_new ();
  json_object_set_object_member (object, "sdp", sdp);
  say (pair->far_end, "__answer__", pair->id, object);

  pair->remote_set = TRUE;
  for (guint i = 0; i < pair->early->len; i++)
    g_signal_emit_by_name (pair->webrtc, "add-ice-candidate", 0,
                           g_ptr_array_index (pair->early, i));
  return G_SOURCE_REMOVE;
}

static void
pair_promise_free (gpointer data)
{
  pair_unref (data);
}

static void
on_answer (GstPromise *promise,
           gpointer data)
{
  Pair *pair = data;
  GstWebRTCSessionDescription *answer = NULL;
  const GstStructure *reply = gst_promise_wait (promise) == GST_PROMISE_RESULT_REPLIED
                                  ? gst_promise_get_reply (promise) : NULL;

  if (reply != NULL && gst_structure_get (reply, "answer", GST_TYPE_WEBRTC_SESSION_DESCRIPTION,
                                          &answer, NULL) && answer != NULL)
    {
      GstSDPMessage *whole = alcove_description_complete (answer->sdp, "1", 0, NULL, NULL, NULL);
      g_autofree char *text = gst_sdp_message_as_text (whole);

      g_signal_emit_by_name (pair->webrtc, "set-local-description", answer, NULL);
      hop (pair, hop_answer, 0, text);
      gst_sdp_message_free (whole);
      gst_webrtc_session_description_free (answer);
    }
  else
    g_printerr ("bench-far-ends: no answer could be made\n");
  gst_promise_unref (promise);
}

static void
on_remote_set (GstPromise *promise,
               gpointer data)
{
  Pair *pair = data;

  if (gst_promise_wait (promise) == GST_PROMISE_RESULT_REPLIED)
    g_signal_emit_by_name (pair->webrtc, "create-answer", NULL,
                           gst_promise_new_with_change_func (on_answer, pair_ref (pair),
                                                             pair_promise_free));
  gst_promise_unref (promise);
}

static void
on_connection_state (GstElement *webrtc,
                     GParamSpec *pspec,
                     gpointer data)
{
  Pair *pair = data;
  GstWebRTCPeerConnectionState state;

  g_object_get (webrtc, "connection-state", &state, NULL);
  g_mutex_lock (&pair->far_end->hall->lock);
  pair->connected = state == GST_WEBRTC_PEER_CONNECTION_STATE_CONNECTED;
  g_atomic_int_set (&pair->wants_key, 1);
  g_mutex_unlock (&pair->far_end->hall->lock);
}

static GstPadProbeReturn
on_source_event (GstPad *pad,
                 GstPadProbeInfo *info,
                 gpointer data)
{
  Pair *pair = data;

  if (gst_video_event_is_force_key_unit (GST_PAD_PROBE_INFO_EVENT (info)))
    g_atomic_int_set (&pair->wants_key, 1);
  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
on_received (GstPad *pad,
             GstPadProbeInfo *info,
             gpointer data)
{
  Pair *pair = data;

  __atomic_fetch_add (&pair->received, gst_buffer_get_size (GST_PAD_PROBE_INFO_BUFFER (info)),
                      __ATOMIC_RELAXED);
  return GST_PAD_PROBE_OK;
}

/* The last packet of each picture has the marker. */
static GstPadProbeReturn
on_picture (GstPad *pad,
            GstPadProbeInfo *info,
            gpointer data)
{
  Pair *pair = data;
  guint8 head[2];

  if (gst_buffer_extract (GST_PAD_PROBE_INFO_BUFFER (info), 0, head, sizeof head) == sizeof head
      && (head[1] & RTP_MARKER) != 0)
    __atomic_fetch_add (&pair->pictures, 1, __ATOMIC_RELAXED);
  return GST_PAD_PROBE_OK;
}

static void
on_pad_added (GstElement *webrtc,
              GstPad *pad,
              gpointer data)
{
  Pair *pair = data;
  GstElement *sink;
  g_autoptr (GstPad) sink_pad = NULL;
  g_autoptr (GstWebRTCRTPTransceiver) transceiver = NULL;
  GstWebRTCKind kind = GST_WEBRTC_KIND_UNKNOWN;

  if (GST_PAD_DIRECTION (pad) != GST_PAD_SRC)
    return;

  g_object_get (pad, "transceiver", &transceiver, NULL);
  g_object_get (transceiver, "kind", &kind, NULL);

  sink = gst_element_factory_make ("fakesink", NULL);
  g_object_set (sink, "sync", FALSE, "async", FALSE, "enable-last-sample", FALSE, NULL);
  gst_bin_add (GST_BIN (pair->pipeline), sink);
  gst_element_sync_state_with_parent (sink);
  sink_pad = gst_element_get_static_pad (sink, "sink");
  gst_pad_add_probe (sink_pad, GST_PAD_PROBE_TYPE_BUFFER, on_received, pair_ref (pair),
                     pair_unref);
  if (kind == GST_WEBRTC_KIND_VIDEO)
    gst_pad_add_probe (sink_pad, GST_PAD_PROBE_TYPE_BUFFER, on_picture, pair_ref (pair),
                       pair_unref);
  gst_pad_link (pad, sink_pad);
}

/* A sender asks for a key frame if it sees no picture; nobody looks at these. */
static GstAppSrc *
add_sender (Pair *pair,
            const Recording *recording,
            const AlcoveOfferedLine *line,
            gboolean is_video)
{
  GstElement *source = gst_element_factory_make ("appsrc", NULL);
  GstElement *payloader = gst_element_factory_make (is_video ? "rtpvp8pay" : "rtpopuspay", NULL);
  g_autoptr (GstPad) src = gst_element_get_static_pad (source, "src");
  g_autoptr (GstPad) pay_src = gst_element_get_static_pad (payloader, "src");
  g_autoptr (GstPad) sink = NULL;
  g_autoptr (GstWebRTCRTPTransceiver) transceiver = NULL;
  g_autoptr (GstCaps) caps = gst_caps_new_simple (
      "application/x-rtp", "media", G_TYPE_STRING, is_video ? "video" : "audio", "encoding-name",
      G_TYPE_STRING, is_video ? "VP8" : "OPUS", "clock-rate", G_TYPE_INT, is_video ? 90000 : 48000,
      "payload", G_TYPE_INT, line->payload, NULL);

  if (is_video && line->twcc > 0)
    {
      g_autofree char *name = g_strdup_printf ("extmap-%d", line->twcc);

      gst_caps_set_simple (caps, name, G_TYPE_STRING, ALCOVE_EXTENSION_TWCC, NULL);
    }

  g_object_set (source, "caps", recording->caps, "format", GST_FORMAT_TIME, "is-live", TRUE,
                "do-timestamp", FALSE, "max-buffers", (guint64) 0, "max-bytes", (guint64) 0,
                "max-time", (guint64) 0, NULL);
  g_object_set (payloader, "pt", (guint) line->payload, "mtu", (guint) MTU, NULL);
  if (is_video)
    {
      gst_util_set_object_arg (G_OBJECT (payloader), "picture-id-mode", "15-bit");
      gst_pad_add_probe (src, GST_PAD_PROBE_TYPE_EVENT_UPSTREAM, on_source_event, pair_ref (pair),
                         pair_unref);
    }

  gst_bin_add_many (GST_BIN (pair->pipeline), source, payloader, NULL);
  gst_element_link (source, payloader);
  sink = gst_element_request_pad (pair->webrtc,
                                  gst_element_get_pad_template (pair->webrtc, "sink_%u"), NULL,
                                  caps);
  if (sink == NULL)
    return NULL;
  g_object_get (sink, "transceiver", &transceiver, NULL);
  g_object_set (transceiver, "codec-preferences", caps, "do-nack", is_video, NULL);
  gst_pad_link (pay_src, sink);

  return GST_APP_SRC (gst_object_ref (source));
}

static void
take_offer (FarEnd *self,
            const char *id,
            const char *sdp)
{
  g_autoptr (GError) error = NULL;
  AlcoveOffered offered;
  GstSDPMessage *message
      = alcove_description_prepare_offer (sdp, &ALCOVE_VIDEO_CODECS_VP8, &offered, &error);
  GstWebRTCSessionDescription *description;
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();
  Pair *pair = find_pair (self, id);

  if (message == NULL)
    {
      g_printerr ("bench-far-ends: %s\n", error->message);
      return;
    }
  if (pair != NULL)
    close_pair (pair);

  pair = g_atomic_rc_box_new0 (Pair);
  pair->far_end = self;
  pair->id = g_strdup (id);
  pair->early = g_ptr_array_new_with_free_func (g_free);
  pair->pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  pair->webrtc = gst_element_factory_make ("webrtcbin", NULL);
  gst_util_set_object_arg (G_OBJECT (pair->webrtc), "bundle-policy", "max-bundle");
  g_object_set (pair->webrtc, "latency", 0, NULL);
  gst_bin_add (GST_BIN (pair->pipeline), pair->webrtc);
  gst_pipeline_use_clock (GST_PIPELINE (pair->pipeline), clock);
  gst_element_set_start_time (pair->pipeline, GST_CLOCK_TIME_NONE);
  gst_element_set_base_time (pair->pipeline, (GstClockTime) self->hall->start * GST_USECOND);
  g_signal_connect_data (pair->webrtc, "on-ice-candidate", G_CALLBACK (on_candidate),
                         pair_ref (pair), (GClosureNotify) (GCallback) pair_unref, 0);
  g_signal_connect_data (pair->webrtc, "notify::connection-state",
                         G_CALLBACK (on_connection_state), pair_ref (pair),
                         (GClosureNotify) (GCallback) pair_unref, 0);
  g_signal_connect_data (pair->webrtc, "pad-added", G_CALLBACK (on_pad_added), pair_ref (pair),
                         (GClosureNotify) (GCallback) pair_unref, 0);

  gst_element_set_state (pair->pipeline, GST_STATE_READY);
  if (offered.audio.index != -1)
    pair->sound = add_sender (pair, &self->hall->sound, &offered.audio, FALSE);
  if (offered.video.index != -1)
    pair->video = add_sender (pair, &self->hall->delta, &offered.video, TRUE);
  gst_element_set_state (pair->pipeline, GST_STATE_PLAYING);

  g_mutex_lock (&self->hall->lock);
  g_ptr_array_add (self->hall->pairs, pair);
  g_mutex_unlock (&self->hall->lock);

  description = gst_webrtc_session_description_new (GST_WEBRTC_SDP_TYPE_OFFER, message);
  g_signal_emit_by_name (pair->webrtc, "set-remote-description", description,
                         gst_promise_new_with_change_func (on_remote_set, pair_ref (pair),
                                                           pair_promise_free));
  gst_webrtc_session_description_free (description);
}

static void
take_candidate (FarEnd *self,
                const char *id,
                const char *candidate)
{
  Pair *pair = find_pair (self, id);

  if (pair == NULL || candidate == NULL || *candidate == '\0')
    return;
  /* everything is bundled on the first line */
  if (pair->remote_set)
    g_signal_emit_by_name (pair->webrtc, "add-ice-candidate", 0, candidate);
  else
    g_ptr_array_add (pair->early, g_strdup (candidate));
}

static void
print_schedule (Hall *self)
{
  double wall = (double) (g_get_real_time () - g_get_monotonic_time () + self->start) / 1000.0;

  printf ("{\"event\":\"ready\",\"start\":%.3f,\"step\":%.3f,\"fps\":%d,\"frames\":%u,"
          "\"ahead\":%u,\"farEnds\":%d}\n",
          wall, (double) self->step / 1000.0, self->fps, self->delta.frames->len, self->ahead,
          self->n_far_ends);
  fflush (stdout);
}

static void
on_message (SoupWebsocketConnection *socket,
            SoupWebsocketDataType type,
            GBytes *bytes,
            FarEnd *self)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);
  JsonObject *object, *data;
  const char *event;

  if (!json_parser_load_from_data (parser, text, (gssize) size, NULL)
      || !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    return;
  object = json_node_get_object (json_parser_get_root (parser));
  event = get_string (object, "eventName");
  if (event == NULL || !json_object_has_member (object, "data"))
    return;
  data = json_object_get_object_member (object, "data");

  if (g_str_equal (event, "_peers"))
    {
      if (++self->hall->n_joined == self->hall->n_far_ends)
        print_schedule (self->hall);
    }
  else if (g_str_equal (event, "_remove_peer"))
    {
      Pair *pair = find_pair (self, get_string (data, "socketId"));

      if (pair != NULL)
        close_pair (pair);
    }
  else if (g_str_equal (event, "_offer"))
    {
      JsonNode *node = json_object_get_member (data, "sdp");
      const char *sdp = node != NULL && JSON_NODE_HOLDS_OBJECT (node)
                            ? get_string (json_node_get_object (node), "sdp") : NULL;

      if (sdp != NULL && get_string (data, "socketId") != NULL)
        take_offer (self, get_string (data, "socketId"), sdp);
    }
  else if (g_str_equal (event, "_ice_candidate"))
    take_candidate (self, get_string (data, "socketId"), get_string (data, "candidate"));
}

static void
on_closed (SoupWebsocketConnection *socket,
           FarEnd *self)
{
  if (!self->hall->stopping)
    {
      g_printerr ("bench-far-ends: the server is gone\n");
      self->hall->status = 1;
      g_main_loop_quit (self->hall->loop);
    }
}

static void
on_connected (GObject *source,
              GAsyncResult *result,
              gpointer user_data)
{
  FarEnd *self = user_data;
  g_autoptr (GError) error = NULL;
  const char *room = g_object_get_data (source, "room");
  JsonObject *data;

  self->socket = soup_session_websocket_connect_finish (SOUP_SESSION (source), result, &error);
  if (self->socket == NULL)
    {
      g_printerr ("bench-far-ends: %s\n", error->message);
      self->hall->status = 1;
      g_main_loop_quit (self->hall->loop);
      return;
    }
  soup_websocket_connection_set_max_incoming_payload_size (self->socket, MAX_MESSAGE);
  g_signal_connect (self->socket, "message", G_CALLBACK (on_message), self);
  g_signal_connect (self->socket, "closed", G_CALLBACK (on_closed), self);
  data = json_object_new ();
  json_object_set_string_member (data, "room", room);
  say (self, "__join__", NULL, data);
}

static gboolean
on_stats (gpointer user_data)
{
  Hall *self = user_data;
  guint64 received = 0, pictures = 0;
  guint connected = 0;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->pairs->len; i++)
    {
      Pair *pair = g_ptr_array_index (self->pairs, i);

      connected += pair->connected;
      received += __atomic_load_n (&pair->received, __ATOMIC_RELAXED);
      pictures += __atomic_load_n (&pair->pictures, __ATOMIC_RELAXED);
    }
  printf ("{\"event\":\"stats\",\"pairs\":%u,\"connected\":%u,\"received\":%" G_GUINT64_FORMAT
          ",\"pictures\":%" G_GUINT64_FORMAT "}\n",
          self->pairs->len, connected, received, pictures);
  g_mutex_unlock (&self->lock);
  fflush (stdout);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_terminate (gpointer user_data)
{
  g_main_loop_quit (((Hall *) user_data)->loop);
  return G_SOURCE_CONTINUE;
}

static void
hall_run (Hall *self,
          const char *server,
          const char *room)
{
  FarEnd far_ends[MAX_FAR_ENDS] = { 0 };
  GThread *player;

  self->far_ends = far_ends;
  self->loop = g_main_loop_new (NULL, FALSE);
  self->pairs = g_ptr_array_new_with_free_func (pair_unref);
  self->session = soup_session_new_with_options ("max-conns", 2 * MAX_FAR_ENDS,
                                                 "max-conns-per-host", 2 * MAX_FAR_ENDS, NULL);
  g_object_set_data_full (G_OBJECT (self->session), "room", g_strdup (room), g_free);
  g_mutex_init (&self->lock);
  self->start = g_get_monotonic_time ();
  self->ahead = self->delta.frames->len / (guint) self->n_far_ends;
  self->step = G_USEC_PER_SEC / self->fps / self->n_far_ends;

  for (int i = 0; i < self->n_far_ends; i++)
    {
      g_autofree char *uuid = g_uuid_string_random ();
      g_autofree char *url = g_strdup_printf ("%sws/%s", server, uuid);
      g_autoptr (SoupMessage) message = soup_message_new (SOUP_METHOD_GET, url);

      far_ends[i].hall = self;
      far_ends[i].index = i;
      soup_session_websocket_connect_async (self->session, message, NULL, NULL,
                                            G_PRIORITY_DEFAULT, NULL, on_connected, &far_ends[i]);
    }
  g_unix_signal_add (SIGINT, on_terminate, self);
  g_unix_signal_add (SIGTERM, on_terminate, self);
  g_timeout_add_seconds (STATS_INTERVAL_SECONDS, on_stats, self);

  player = g_thread_new ("player", play, self);
  g_main_loop_run (self->loop);

  g_mutex_lock (&self->lock);
  self->stopping = TRUE;
  g_mutex_unlock (&self->lock);
  g_thread_join (player);
}

int
main (int argc,
      char **argv)
{
  g_autofree char *server = NULL, *room = NULL, *delta = NULL, *key = NULL, *sound = NULL;
  Hall hall = { .fps = 30, .n_far_ends = 1 };
  const GOptionEntry entries[] = {
    { "server", 0, 0, G_OPTION_ARG_STRING, &server, "Address, ending with a slash", "URL" },
    { "room", 0, 0, G_OPTION_ARG_STRING, &room, "Room", "NAME" },
    { "count", 0, 0, G_OPTION_ARG_INT, &hall.n_far_ends, "How many", "N" },
    { "fps", 0, 0, G_OPTION_ARG_INT, &hall.fps, "Frames a second", "N" },
    { "video", 0, 0, G_OPTION_ARG_FILENAME, &delta, "WebM file, VP8", "PATH" },
    { "keys", 0, 0, G_OPTION_ARG_FILENAME, &key, "The same, key frames only", "PATH" },
    { "sound", 0, 0, G_OPTION_ARG_FILENAME, &sound, "WebM file, Opus", "PATH" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  setlocale (LC_NUMERIC, "C");
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_add_group (context, gst_init_get_option_group ());
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("bench-far-ends: %s\n", error->message);
      return 2;
    }
  if (server == NULL || room == NULL || delta == NULL || key == NULL || sound == NULL
      || hall.n_far_ends < 1 || hall.n_far_ends > MAX_FAR_ENDS || hall.fps < 1 || hall.fps > 120)
    {
      g_printerr ("bench-far-ends: server, room, recordings, and 1 to %d far ends are needed\n",
                  MAX_FAR_ENDS);
      return 2;
    }

  if (!recording_load (&hall.delta, delta) || !recording_load (&hall.key, key)
      || !recording_load (&hall.sound, sound))
    return 1;
  for (guint i = 0; i < hall.key.frames->len; i++)
    if (GST_BUFFER_FLAG_IS_SET (g_ptr_array_index (hall.key.frames, i),
                                GST_BUFFER_FLAG_DELTA_UNIT))
      {
        g_printerr ("bench-far-ends: %s has other frames than key frames\n", key);
        return 1;
      }
  if (hall.delta.frames->len != hall.key.frames->len)
    {
      g_printerr ("bench-far-ends: the two recordings are not of one length\n");
      return 1;
    }

  /* The first connection of a process makes a key, for up to a second; that time is not to be
   * counted as either side's. */
  alcove_media_warm_up_wait (alcove_media_warm_up_start ());
  hall_run (&hall, server, room);

  /* Taking down dozens of connections in order takes longer than what it is good for. */
  recording_clear (&hall.delta);
  fflush (stdout);
  _Exit (hall.status);
}
