/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-media-link"

#include "config.h"

#include <gst/app/gstappsink.h>
#include <gst/video/video.h>

#include "alcove-buffer-watch.h"
#include "alcove-debug.h"
#include "alcove-frame-convert.h"
#include "alcove-frame-planes.h"
#include "alcove-media-link-parts.h"
#include "alcove-picture-guard.h"
#include "alcove-picture-size.h"
#include "alcove-sound-decoder.h"
#include "alcove-sound-gaps.h"
#include "alcove-sound-watch.h"
#include "alcove-test-mark.h"

#define MAX_CHAIN 5

/* Packets in a row after which a jitter buffer begins to hand them on. Without it the
 * first picture waits for the buffer's whole latency, although nothing is missing. */
#define FAST_START_PACKETS 1

/* Each source that sends costs a jitter buffer and a thread, and a stranger may claim any number
 * of them. Sound, pictures and what is sent again make three. */
#define MAX_SOURCES 16

/* How often reports go out at most, in nanoseconds. The default of 5 s is from the days of large
 * conferences; round trip and loss are to be known when a person looks. */
#define REPORT_INTERVAL GST_SECOND

/* How often transport-wide feedback goes out, in nanoseconds; senders want it every 50 to 250 ms.
 * By default rtpsession sends it ahead of time after every picture, and each such packet puts
 * off the regular report, which alone says round trip and loss: it was never sent again. */
#define FEEDBACK_INTERVAL (250 * GST_MSECOND)

/* One stream that comes in; belongs to its streaming thread. */
typedef struct {
  AlcoveLinkCore *core;
  GstWebRTCDTLSTransport *transport;
  gboolean is_video;
  AlcoveVideoCodec codec; /* of pictures */
  AlcoveFrameConverter *converter;
  AlcoveSoundMeter meter;
  guint n_pauses; /* that the meter knows of */
  gboolean told;  /* whether somebody was said to speak since the last pause */
} Incoming;

static Incoming *
incoming_ref (Incoming *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
incoming_clear (gpointer data)
{
  Incoming *self = data;

  g_clear_pointer (&self->converter, alcove_frame_converter_free);
  g_clear_object (&self->transport);
  g_clear_pointer (&self->core, alcove_link_core_unref);
}

static void
incoming_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, incoming_clear);
}

static void
on_first_frame (gpointer object,
                gpointer data)
{
  AlcoveMediaLink *self = ALCOVE_MEDIA_LINK (object);
  int width, height;

  if (!alcove_media_link_is_alive (self))
    return;

  /* a frame proves that the transport is up, even if its notice is still on the way */
  g_object_ref (self);
  alcove_media_link_verify (self);
  g_mutex_lock (&self->core->lock);
  width = self->core->width;
  height = self->core->height;
  g_mutex_unlock (&self->core->lock);
  alcove_debug_print (ALCOVE_DEBUG_TIMING, "%s: first frame after %" G_GINT64_FORMAT " ms",
                      self->peer, (g_get_monotonic_time () - self->created) / 1000);
  if (alcove_media_link_is_alive (self))
    alcove_peer_link_emit_first_frame (ALCOVE_PEER_LINK (self), width, height);
  g_object_unref (self);
}

static void
on_speaking (gpointer object,
             gpointer data)
{
  AlcoveMediaLink *self = ALCOVE_MEDIA_LINK (object);

  if (alcove_media_link_is_alive (self) && self->receiving)
    alcove_peer_link_emit_speaking (ALCOVE_PEER_LINK (self), GPOINTER_TO_INT (data) != 0);
}

/* The gate: nothing of a transport goes on before its certificate is verified, or in a pause. After
 * one the gap in the numbers makes the depayloader ask for a key frame. */
static GstPadProbeReturn
on_incoming (GstPad *pad,
             GstPadProbeInfo *info,
             gpointer data)
{
  Incoming *self = data;
  gsize size = 0;
  gboolean paused;

  if (!alcove_link_core_check_transport (self->core, self->transport))
    return GST_PAD_PROBE_DROP;

  if ((GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_BUFFER_LIST) != 0)
    size = gst_buffer_list_calculate_size (GST_PAD_PROBE_INFO_BUFFER_LIST (info));
  else
    size = gst_buffer_get_size (GST_PAD_PROBE_INFO_BUFFER (info));

  g_mutex_lock (&self->core->lock);
  self->core->counters.bytes_in += size;
  if (self->is_video)
    self->core->codec_in = alcove_video_codec_get_name (self->codec);
  paused = self->core->paused;
  g_mutex_unlock (&self->core->lock);

  return paused ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
on_encoded (GstPad *pad,
            GstPadProbeInfo *info,
            gpointer data)
{
  Incoming *self = data;
  g_autoptr (GstCaps) caps = NULL;
  g_autoptr (GstEvent) event = NULL;
  g_autoptr (AlcoveRecorder) recorder = NULL;
  const GstSegment *segment = NULL;
  GstSample *sample;

  g_mutex_lock (&self->core->lock);
  if (self->core->recorder != NULL)
    recorder = g_object_ref (self->core->recorder);
  g_mutex_unlock (&self->core->lock);
  if (recorder == NULL)
    return GST_PAD_PROBE_OK;

  caps = gst_pad_get_current_caps (pad);
  event = gst_pad_get_sticky_event (pad, GST_EVENT_SEGMENT, 0);
  if (event != NULL)
    gst_event_parse_segment (event, &segment);

  sample = gst_sample_new (GST_PAD_PROBE_INFO_BUFFER (info), caps, segment, NULL);
  if (self->is_video)
    alcove_recorder_push_video (recorder, sample);
  else
    alcove_recorder_push_audio (recorder, sample);
  gst_sample_unref (sample);

  return GST_PAD_PROBE_OK;
}

static void
show_picture (Incoming *self,
              GstVideoFrame *picture,
              gint64 time)
{
  int width, height;
  AlcoveFrame *frame;

  alcove_frame_slot_set_source_size (self->core->slot, GST_VIDEO_FRAME_WIDTH (picture),
                                     GST_VIDEO_FRAME_HEIGHT (picture));
  if (!alcove_frame_slot_get_size (self->core->slot, &width, &height)
      || !alcove_picture_size_is_bearable (GST_VIDEO_FRAME_WIDTH (picture),
                                           GST_VIDEO_FRAME_HEIGHT (picture)))
    return;

  if (self->converter == NULL)
    self->converter = alcove_frame_converter_new ();
  frame = alcove_frame_slot_get_planar (self->core->slot)
              ? alcove_frame_planes_keep (picture, width, height, time)
              : NULL;
  if (frame == NULL)
    frame = alcove_frame_converter_convert (self->converter, picture, width, height, FALSE, time);
  if (frame != NULL)
    alcove_frame_slot_put (self->core->slot, frame);
}

static GstFlowReturn
on_picture (GstAppSink *sink,
            gpointer data)
{
  Incoming *self = data;
  AlcoveLinkCore *core = self->core;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);
  GstVideoInfo info;
  GstVideoFrame picture;
  gint64 time = g_get_monotonic_time ();
  guint mark = 0;
  guint32 counter = 0;
  gboolean marked, first;

  if (sample == NULL || alcove_link_core_is_closed (core))
    return GST_FLOW_OK;
  if (!gst_video_info_from_caps (&info, gst_sample_get_caps (sample)))
    return GST_FLOW_OK;
  /* VP8 has one meaning of its colours for all sizes. What GStreamer takes it for goes by the size,
   * and the colours would change with it. */
  if (self->codec == ALCOVE_VIDEO_CODEC_VP8)
    gst_video_colorimetry_from_string (&info.colorimetry, GST_VIDEO_COLORIMETRY_BT601);
  if (!gst_video_frame_map (&picture, &info, gst_sample_get_buffer (sample), GST_MAP_READ))
    return GST_FLOW_OK;

  marked = alcove_test_mark_read_luma (GST_VIDEO_FRAME_COMP_DATA (&picture, 0),
                                       (gsize) GST_VIDEO_FRAME_COMP_STRIDE (&picture, 0),
                                       info.width, info.height, &mark, &counter);

  g_mutex_lock (&core->lock);
  if (core->paused)
    {
      g_mutex_unlock (&core->lock);
      gst_video_frame_unmap (&picture);
      return GST_FLOW_OK;
    }
  first = !core->got_frame;
  core->got_frame = TRUE;
  core->counters.frames_in++;
  core->last_frame_time = time;
  core->width = info.width;
  core->height = info.height;
  core->picture = marked ? (int) mark : -1;
  core->picture_counter = marked ? (gint64) counter : -1;
  g_mutex_unlock (&core->lock);

  show_picture (self, &picture, time);
  gst_video_frame_unmap (&picture);

  if (first)
    alcove_media_hop (core->handle, on_first_frame, NULL, NULL);

  return GST_FLOW_OK;
}

static GstFlowReturn
on_sound (GstAppSink *sink,
          gpointer data)
{
  Incoming *self = data;
  AlcoveLinkCore *core = self->core;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);
  GstBuffer *buffer = sample != NULL ? gst_sample_get_buffer (sample) : NULL;
  GstMapInfo map;
  gboolean changed = FALSE;
  gboolean resumed = FALSE;
  gsize n_samples;
  guint n_pauses;
  double tone;

  if (buffer == NULL || !gst_buffer_map (buffer, &map, GST_MAP_READ))
    return GST_FLOW_OK;

  g_mutex_lock (&core->lock);
  n_pauses = core->n_pauses;
  g_mutex_unlock (&core->lock);
  if (n_pauses != self->n_pauses)
    {
      /* what was heard before is over */
      self->meter = (AlcoveSoundMeter){ 0 };
      self->n_pauses = n_pauses;
      self->told = FALSE;
      resumed = TRUE;
    }
  n_samples = map.size / sizeof (gint16);
  alcove_sound_meter_add (&self->meter, (const gint16 *) map.data, n_samples);
  gst_buffer_unmap (buffer, &map);
  tone = alcove_sound_meter_get_tone (&self->meter);

  /* under the lock, so that the stream can't be closed meanwhile; pushing never blocks */
  g_mutex_lock (&core->lock);
  if (!core->paused && core->n_pauses == n_pauses)
    {
      core->tone_hz = tone;
      core->counters.sound_us
          += gst_util_uint64_scale (n_samples, G_USEC_PER_SEC, ALCOVE_SOUND_METER_RATE);
      if (!core->closed && core->stream != NULL)
        {
          GstClockTime missed = alcove_playout_stream_push (core->stream, sample);

          /* nothing was due in a pause */
          core->counters.sound_missed_us += resumed ? 0 : GST_TIME_AS_USECONDS (missed);
        }
      /* what began while nothing was to be heard is told now */
      changed = self->meter.speaking != self->told;
      self->told = self->meter.speaking;
    }
  g_mutex_unlock (&core->lock);

  if (changed)
    alcove_media_hop (core->handle, on_speaking, GINT_TO_POINTER (self->meter.speaking), NULL);

  return GST_FLOW_OK;
}

static GstElement *
make_sink (Incoming *incoming)
{
  GstElement *sink = gst_element_factory_make ("appsink", NULL);
  GstAppSinkCallbacks callbacks
      = { .new_sample = incoming->is_video ? on_picture : on_sound };

  /* a decoded picture is shown when it is there; waiting for its time would add the
   * jitter buffer's latency to every one of them */
  g_object_set (sink, "sync", FALSE, "async", FALSE, "qos", FALSE, "max-buffers", 2,
                "enable-last-sample", FALSE, NULL);
  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, incoming_ref (incoming),
                              incoming_unref);
  return sink;
}

static GstElement *
make_depayloader (Incoming *incoming)
{
  GstElement *depayloader = incoming->is_video
                                ? alcove_video_codec_make_depayloader (incoming->codec)
                                : gst_element_factory_make ("rtpopusdepay", NULL);
  g_autoptr (GstPad) src = NULL;

  /* somebody may want to record at any time */
  src = gst_element_get_static_pad (depayloader, "src");
  gst_pad_add_probe (src, GST_PAD_PROBE_TYPE_BUFFER, on_encoded, incoming_ref (incoming),
                     incoming_unref);

  return depayloader;
}

/* Whole pictures are asked for: a depayloader of H.264 would rather give units, and then does not
 * wait for a key frame after a loss. */
static GstElement *
make_filter (void)
{
  GstElement *filter = gst_element_factory_make ("capsfilter", NULL);
  g_autoptr (GstCaps) caps
      = gst_caps_from_string ("video/x-h264,stream-format=byte-stream,alignment=au");

  g_object_set (filter, "caps", caps, NULL);
  return filter;
}

static GstElement *
make_decoder (Incoming *incoming)
{
  const AlcoveCodecPart *part
      = alcove_codec_choice_get_decoder (incoming->core->choice, incoming->codec);
  GstElement *decoder = part != NULL ? alcove_codec_part_make_decoder (part) : NULL;

  if (decoder != NULL)
    {
      g_autoptr (GstPad) sink = gst_element_get_static_pad (decoder, "sink");

      if (sink != NULL)
        alcove_picture_guard_attach (sink, incoming->codec);
      g_debug ("%s is decoded by “%s”", alcove_video_codec_get_name (incoming->codec),
               part->factory);
      return decoder;
    }

  /* no more than was negotiated comes this far; what can't be shown is at least drained */
  return gst_element_factory_make ("identity", NULL);
}

/* The elements behind a source pad of webrtcbin, first to last; returns how many. */
static int
make_chain (Incoming *incoming,
            GstElement *chain[MAX_CHAIN])
{
  int n = 0;

  chain[n++] = make_depayloader (incoming);
  if (incoming->is_video && incoming->codec == ALCOVE_VIDEO_CODEC_H264)
    chain[n++] = make_filter ();
  if (!incoming->core->receive)
    {
      GstElement *sink = gst_element_factory_make ("fakesink", NULL);

      g_object_set (sink, "sync", FALSE, "async", FALSE, "enable-last-sample", FALSE, NULL);
      chain[n++] = sink;
    }
  else if (incoming->is_video)
    {
      chain[n++] = make_decoder (incoming);
      chain[n++] = make_sink (incoming);
    }
  else
    {
      g_autoptr (GstCaps) caps = gst_caps_from_string (ALCOVE_PLAYOUT_CAPS);

      chain[n] = alcove_sound_decoder_new ();
      alcove_sound_watch_attach (chain[n++], incoming->core);
      chain[n++] = gst_element_factory_make ("audioconvert", NULL);
      chain[n++] = gst_element_factory_make ("audioresample", NULL);
      chain[n] = make_sink (incoming);
      gst_app_sink_set_caps (GST_APP_SINK (chain[n++]), caps);
    }

  return n;
}

static void
link_chain (GstBin *pipeline,
            GstPad *pad,
            Incoming *incoming)
{
  GstElement *chain[MAX_CHAIN];
  g_autoptr (GstPad) sink = NULL;
  int n = make_chain (incoming, chain);

  for (int i = 0; i < n; i++)
    gst_bin_add (pipeline, chain[i]);
  for (int i = 1; i < n; i++)
    gst_element_link (chain[i - 1], chain[i]);

  /* the last first, so that each finds the next one ready */
  for (int i = n - 1; i >= 0; i--)
    gst_element_sync_state_with_parent (chain[i]);

  sink = gst_element_get_static_pad (chain[0], "sink");
  gst_pad_link (pad, sink);
}

/* A line we never agreed to is drained, so that it can't block the others. */
static void
link_drain (GstBin *pipeline,
            GstPad *pad)
{
  GstElement *drain = gst_element_factory_make ("fakesink", NULL);
  g_autoptr (GstPad) sink = gst_element_get_static_pad (drain, "sink");

  g_object_set (drain, "sync", FALSE, "async", FALSE, "enable-last-sample", FALSE, NULL);
  gst_bin_add (pipeline, drain);
  gst_element_sync_state_with_parent (drain);
  gst_pad_link (pad, sink);
}

static GstWebRTCDTLSTransport *
get_transport (GstPad *pad)
{
  g_autoptr (GstWebRTCRTPTransceiver) transceiver = NULL;
  g_autoptr (GstWebRTCRTPReceiver) receiver = NULL;
  GstWebRTCDTLSTransport *transport = NULL;

  g_object_get (pad, "transceiver", &transceiver, NULL);
  if (transceiver != NULL)
    g_object_get (transceiver, "receiver", &receiver, NULL);
  if (receiver != NULL)
    g_object_get (receiver, "transport", &transport, NULL);

  return transport;
}

/* A streaming thread. */
static void
on_pad_added (GstElement *webrtc,
              GstPad *pad,
              gpointer data)
{
  AlcoveLinkCore *core = data;
  g_autoptr (GstObject) pipeline = NULL;
  g_autoptr (GstCaps) caps = NULL;
  const char *encoding = NULL;
  AlcoveVideoCodec codec = ALCOVE_VIDEO_CODEC_VP8;
  gboolean is_video;
  Incoming *incoming;

  if (GST_PAD_DIRECTION (pad) != GST_PAD_SRC || alcove_link_core_is_closed (core))
    return;
  pipeline = gst_element_get_parent (webrtc);
  if (pipeline == NULL)
    return;

  caps = gst_pad_get_current_caps (pad);
  if (caps == NULL)
    caps = gst_pad_query_caps (pad, NULL);
  if (caps != NULL && !gst_caps_is_any (caps) && !gst_caps_is_empty (caps))
    encoding = gst_structure_get_string (gst_caps_get_structure (caps, 0), "encoding-name");
  alcove_debug_print (ALCOVE_DEBUG_MEDIA, "incoming %s", encoding != NULL ? encoding : "?");

  is_video = alcove_video_codec_from_name (encoding, &codec);
  if (!is_video && g_strcmp0 (encoding, "OPUS") != 0)
    {
      link_drain (GST_BIN (pipeline), pad);
      return;
    }

  incoming = g_atomic_rc_box_new0 (Incoming);
  incoming->core = alcove_link_core_ref (core);
  incoming->transport = get_transport (pad);
  incoming->is_video = is_video;
  incoming->codec = codec;
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, on_incoming,
                     incoming_ref (incoming), incoming_unref);
  if (!is_video)
    alcove_sound_gaps_attach (pad);
  link_chain (GST_BIN (pipeline), pad, incoming);
  incoming_unref (incoming);
}

static void
set_up_session (GstElement *element)
{
  g_autoptr (GObject) session = NULL;

  g_object_get (element, "internal-session", &session, NULL);
  if (session != NULL)
    g_object_set (session, "rtcp-min-interval", (guint64) REPORT_INTERVAL, "twcc-feedback-interval",
                  (guint64) FEEDBACK_INTERVAL, NULL);
}

/* sctpdec of GStreamer 1.22 asserts that data finds its stream, which ends the process
 * when a text arrives while the association is being taken down. */
static GstPadProbeReturn
on_sctp (GstPad *pad,
         GstPadProbeInfo *info,
         gpointer data)
{
  return alcove_link_core_is_closed (data) ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK;
}

static void
guard_sctp (GstElement *element,
            AlcoveLinkCore *core)
{
  g_autoptr (GstPad) sink = gst_element_get_static_pad (element, "sink");

  if (sink != NULL)
    gst_pad_add_probe (sink, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, on_sctp,
                       alcove_link_core_ref (core), (GDestroyNotify) alcove_link_core_unref);
}

static GstPadProbeReturn
on_stray (GstPad *pad,
          GstPadProbeInfo *info,
          gpointer data)
{
  return gst_pad_is_linked (pad) ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
}

/* Where sound and pictures were refused, nothing takes packets of them. Somebody who sends them
 * all the same would stop the whole transport with `not-linked`, and its data channel with it. */
static void
guard_transport (GstElement *element)
{
  static const char *const names[] = { "rtp_src", "rtcp_src" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GstPad) pad = gst_element_get_static_pad (element, names[i]);

      if (pad != NULL)
        gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST,
                           on_stray, NULL, NULL);
    }
}

/* A streaming thread. webrtcbin has one pad for a stream: it could not take a second format, which
 * a stranger may send at will. */
static void
on_payload_type (GstElement *demuxer,
                 guint payload,
                 GstPad *pad,
                 gpointer data)
{
  g_auto (GValue) others = G_VALUE_INIT;

  gst_value_array_init (&others, 127);
  for (guint i = 0; i < 128; i++)
    if (i != payload)
      {
        g_auto (GValue) other = G_VALUE_INIT;

        g_value_init (&other, G_TYPE_INT);
        g_value_set_int (&other, (int) i);
        gst_value_array_append_value (&others, &other);
      }
  g_object_set_property (G_OBJECT (demuxer), "ignored-payload-types", &others);
}

/* Any thread: rtpbin makes a session for each transport, and a jitter buffer for each stream
 * when its first packet comes. */
static void
on_element_added (GstBin *webrtc,
                  GstBin *bin,
                  GstElement *element,
                  gpointer data)
{
  GstElementFactory *factory = gst_element_get_factory (element);

  if (g_str_equal (G_OBJECT_TYPE_NAME (element), "TransportReceiveBin"))
    guard_transport (element);
  if (factory == NULL)
    return;

  /* A still picture comes twice a second, and a little sooner after a key frame was asked for.
   * A jitter buffer that guesses from such a beat when the next packet is due takes it for lost
   * before it was sent, and throws it away when it comes. Gaps in the numbers are still seen. */
  if (g_str_equal (GST_OBJECT_NAME (factory), "rtpjitterbuffer"))
    {
      g_object_set (element, "faststart-min-packets", FAST_START_PACKETS, "rtx-next-seqnum", FALSE,
                    NULL);
      alcove_buffer_watch_attach (element, data);
    }
  else if (g_str_equal (GST_OBJECT_NAME (factory), "rtpsession"))
    {
      set_up_session (element);
      alcove_media_link_watch_session (element, data);
    }
  else if (g_str_equal (GST_OBJECT_NAME (factory), "rtpptdemux"))
    g_signal_connect (element, "new-payload-type", G_CALLBACK (on_payload_type), NULL);
  else if (g_str_equal (GST_OBJECT_NAME (factory), "sctpdec"))
    guard_sctp (element, data);
}

static void
on_view_size_changed (AlcoveFrameSlot *slot,
                      AlcoveMediaLink *self)
{
  if (alcove_media_link_is_alive (self))
    alcove_peer_link_emit_view_size_changed (ALCOVE_PEER_LINK (self));
}

/**
 * alcove_media_link_receive_init:
 * @self: a link
 */
void
alcove_media_link_receive_init (AlcoveMediaLink *self)
{
  g_autoptr (GstElement) rtpbin = gst_bin_get_by_name (GST_BIN (self->webrtc), "rtpbin");

  if (rtpbin != NULL)
    g_object_set (rtpbin, "max-streams", MAX_SOURCES, NULL);

  g_signal_connect_data (self->webrtc, "deep-element-added", G_CALLBACK (on_element_added),
                         alcove_link_core_ref (self->core),
                         (GClosureNotify) (void (*) (void)) alcove_link_core_unref, 0);
  g_signal_connect_data (self->webrtc, "pad-added", G_CALLBACK (on_pad_added),
                         alcove_link_core_ref (self->core),
                         (GClosureNotify) (void (*) (void)) alcove_link_core_unref, 0);
  g_signal_connect_object (self->core->slot, "view-size-changed",
                           G_CALLBACK (on_view_size_changed), self, G_CONNECT_DEFAULT);
}

/**
 * alcove_media_link_do_get_view_size:
 * @link: a link
 * @width: (out): of the picture here
 * @height: (out): likewise
 *
 * See alcove_peer_link_get_view_size(). What is recorded is wanted whole, whatever its tile is like.
 *
 * Returns: whether it is known
 */
gboolean
alcove_media_link_do_get_view_size (AlcovePeerLink *link,
                                    int *width,
                                    int *height)
{
  AlcoveLinkCore *core = ALCOVE_MEDIA_LINK (link)->core;
  gboolean recorded;

  g_mutex_lock (&core->lock);
  recorded = core->recorder != NULL;
  g_mutex_unlock (&core->lock);
  if (!recorded)
    return alcove_frame_slot_get_view_size (core->slot, width, height);

  *width = *height = ALCOVE_FRAME_WHOLE;
  return TRUE;
}

/**
 * alcove_media_link_do_set_receiving:
 * @self: a link
 * @receiving: whether what the far side sends is to be seen and heard
 *
 * See alcove_peer_link_set_receiving().
 */
void
alcove_media_link_do_set_receiving (AlcoveMediaLink *self,
                                    gboolean receiving)
{
  AlcoveLinkCore *core = self->core;

  if (self->receiving == receiving)
    return;

  self->receiving = receiving;
  g_mutex_lock (&core->lock);
  core->paused = !receiving;
  if (!receiving)
    {
      core->n_pauses++;
      core->picture = -1;
      core->picture_counter = -1;
      core->tone_hz = 0.0;
    }
  g_mutex_unlock (&core->lock);

  if (!receiving && alcove_media_link_is_alive (self))
    alcove_peer_link_emit_speaking (ALCOVE_PEER_LINK (self), FALSE);
}

/**
 * alcove_media_link_do_set_volume:
 * @self: a link
 * @volume: how loud the far side is played
 *
 * See alcove_peer_link_set_volume().
 */
void
alcove_media_link_do_set_volume (AlcoveMediaLink *self,
                                 double volume)
{
  g_mutex_lock (&self->core->lock);
  if (self->core->stream != NULL)
    alcove_playout_stream_set_volume (self->core->stream, volume);
  g_mutex_unlock (&self->core->lock);
}
