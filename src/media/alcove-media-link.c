/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-media-link"

#include "config.h"

#include "alcove-media-link.h"

#include <ifaddrs.h>
#ifdef HAVE_MALLOC_TRIM
#include <malloc.h>
#endif
#include <net/if.h>

#include <glib/gi18n.h>

#include "alcove-debug.h"
#include "alcove-error.h"
#include "alcove-ice-server.h"
#include "alcove-media-link-parts.h"

/* Between two of the checks by which a pair finds its way. RFC 8445 allows no less; by libnice's
 * own 20 ms each step of the way waits for a turn that costs nobody anything. */
#define PACING_MS 5u

/* webrtcbin's own threads have stopped long before this, unless one hangs. */
#define TEARDOWN_WATCHDOG_S 5

static void peer_link_iface_init (AlcovePeerLinkInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AlcoveMediaLink,
                               alcove_media_link,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ALCOVE_TYPE_PEER_LINK,
                                                      peer_link_iface_init))

/* A pipeline on its way out, in a thread of its own. */
typedef struct {
  GstElement *pipeline;
  AlcoveLinkCore *core;
  GSource *watchdog;
  char *peer;
} Teardown;

static gboolean
on_watchdog (gpointer data)
{
  const char *peer = data;

  g_message ("The connection to %s is taking over %d s to stop", peer, TEARDOWN_WATCHDOG_S);
  return G_SOURCE_REMOVE;
}

/* A link lives in a dozen threads, each with heaps of its own, and leaves them full of holes. Who
 * comes next seldom fits into them: where people come and go for days, memory would grow by it. */
static void
give_back (void)
{
#ifdef HAVE_MALLOC_TRIM
  malloc_trim (0);
#endif
}

static void
run_teardown (gpointer data)
{
  Teardown *teardown = data;

  gst_element_set_state (teardown->pipeline, GST_STATE_NULL);
  alcove_link_core_expire_promises (teardown->core);
  alcove_link_core_unref (teardown->core);
  gst_object_unref (teardown->pipeline);
  g_source_destroy (teardown->watchdog);
  g_source_unref (teardown->watchdog);
  g_free (teardown->peer);
  g_free (teardown);
  give_back ();
}

/* READY to NULL waits for webrtcbin's thread, which may be slow: not on the main context. */
static void
tear_down (AlcoveWorkers *workers,
           GstElement *pipeline,
           AlcoveLinkCore *core,
           const char *peer)
{
  Teardown *teardown = g_new0 (Teardown, 1);

  teardown->pipeline = pipeline;
  teardown->core = alcove_link_core_ref (core);
  teardown->peer = g_strdup (peer);
  teardown->watchdog = g_timeout_source_new_seconds (TEARDOWN_WATCHDOG_S);
  g_source_set_callback (teardown->watchdog, on_watchdog, g_strdup (peer), g_free);
  g_source_set_static_name (teardown->watchdog, "alcove-link-watchdog");
  g_source_attach (teardown->watchdog, NULL);

  alcove_workers_run (workers, "alcove-teardown", run_teardown, teardown);
}

static const char *
get_factory_name (GstMessage *message)
{
  GstElementFactory *factory
      = GST_IS_ELEMENT (GST_MESSAGE_SRC (message))
            ? gst_element_get_factory (GST_ELEMENT (GST_MESSAGE_SRC (message)))
            : NULL;

  return factory != NULL ? GST_OBJECT_NAME (factory) : NULL;
}

/* What a browser does first when it closes a connection is to abort the SCTP association. */
static gboolean
is_hang_up (GstMessage *message)
{
  const char *name = get_factory_name (message);

  return name != NULL && g_str_has_prefix (name, "sctp");
}

static gboolean
on_bus_message (GstBus *bus,
                GstMessage *message,
                gpointer data)
{
  AlcoveMediaLink *self = data;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    {
      g_autoptr (AlcoveMediaLink) keep = g_object_ref (self);
      g_autoptr (GError) error = NULL;
      g_autofree char *details = NULL;

      gst_message_parse_error (message, &error, &details);
      alcove_debug_print (ALCOVE_DEBUG_MEDIA, "%s: %s (%s)", self->peer, error->message,
                          details != NULL ? details : "");
      alcove_codec_choice_distrust (self->core->choice, get_factory_name (message));
      if (is_hang_up (message))
        alcove_media_link_fail (self, ALCOVE_ERROR_CLOSED,
                                _ ("The participant closed the media connection."));
      else
        alcove_media_link_fail (self, ALCOVE_ERROR_FAILED,
                                _ ("The media connection to this participant broke."));
      /* the link may be closed by now, and the watch with it */
      return self->bus != NULL ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
    }
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_LATENCY)
    gst_bin_recalculate_latency (GST_BIN (self->pipeline));

  return G_SOURCE_CONTINUE;
}

static void
on_connection_changed (gpointer object,
                       gpointer data)
{
  AlcoveMediaLink *self = ALCOVE_MEDIA_LINK (object);
  GstWebRTCPeerConnectionState state;

  if (!alcove_media_link_is_alive (self))
    return;

  g_object_get (self->webrtc, "connection-state", &state, NULL);
  alcove_debug_print (ALCOVE_DEBUG_ICE, "%s: connection state %d", self->peer, (int) state);
  if (state == GST_WEBRTC_PEER_CONNECTION_STATE_FAILED)
    alcove_media_link_fail (self, ALCOVE_ERROR_CONNECT_FAILED,
                            _ ("No network path to this participant was found."));
  else if (state == GST_WEBRTC_PEER_CONNECTION_STATE_CONNECTED)
    alcove_media_link_verify (self);
}

static void
on_notify_connection (GstElement *webrtc,
                      GParamSpec *pspec,
                      gpointer data)
{
  AlcoveLinkCore *core = data;

  alcove_media_hop (core->handle, on_connection_changed, NULL, NULL);
}

/* libnice leaves out the loopback interface, which is all that a computer without a network has. */
static gboolean
has_network (void)
{
  struct ifaddrs *addresses = NULL;
  gboolean found = FALSE;

  if (getifaddrs (&addresses) != 0)
    return TRUE;

  for (struct ifaddrs *a = addresses; a != NULL && !found; a = a->ifa_next)
    found = a->ifa_addr != NULL && (a->ifa_flags & IFF_UP) != 0
            && (a->ifa_flags & IFF_LOOPBACK) == 0
            && (a->ifa_addr->sa_family == AF_INET || a->ifa_addr->sa_family == AF_INET6);

  freeifaddrs (addresses);
  return found;
}

/* libnice asks routers for port mappings by UPnP unless told not to: traffic that nobody asked
 * for, and its library complains aloud where it can't listen. And its keep-alives ask for
 * no answer unless told to: then somebody who vanished with nothing but a quiet data
 * channel would stay for ever. */
static void
set_up_agent (GObject *agent)
{
  g_autoptr (GObject) nice = NULL;

  if (g_object_class_find_property (G_OBJECT_GET_CLASS (agent), "agent") == NULL)
    return;

  g_object_get (agent, "agent", &nice, NULL);
  if (nice != NULL && g_object_class_find_property (G_OBJECT_GET_CLASS (nice), "upnp") != NULL)
    g_object_set (nice, "upnp", FALSE, NULL);
  if (nice != NULL
      && g_object_class_find_property (G_OBJECT_GET_CLASS (nice), "keepalive-conncheck") != NULL)
    g_object_set (nice, "keepalive-conncheck", TRUE, NULL);
  if (nice != NULL
      && g_object_class_find_property (G_OBJECT_GET_CLASS (nice), "stun-pacing-timer") != NULL)
    g_object_set (nice, "stun-pacing-timer", PACING_MS, NULL);
}

static void
set_up_ice (AlcoveMediaLink *self,
            const AlcoveMediaLinkSetup *setup)
{
  g_autoptr (GObject) agent = NULL;

  g_object_get (self->webrtc, "ice-agent", &agent, NULL);
  if (agent != NULL)
    set_up_agent (agent);

  if (setup->stun != NULL && *setup->stun != '\0')
    {
      g_autofree char *stun = alcove_ice_server_to_stun (setup->stun);

      if (stun != NULL)
        g_object_set (self->webrtc, "stun-server", stun, NULL);
      else
        g_message ("This is no STUN server: %s", setup->stun);
    }

  if (setup->turn != NULL && *setup->turn != '\0')
    {
      g_autofree char *turn = alcove_ice_server_to_turn (setup->turn);

      if (turn != NULL)
        g_object_set (self->webrtc, "turn-server", turn, NULL);
      else
        g_message ("The TURN server has no usable address, name and password");
    }

  if (setup->relay_only)
    g_object_set (self->webrtc, "ice-transport-policy", GST_WEBRTC_ICE_TRANSPORT_POLICY_RELAY,
                  NULL);
  else if (!has_network ())
    {
      gboolean added = FALSE;

      if (agent != NULL && g_signal_lookup ("add-local-ip-address", G_OBJECT_TYPE (agent)) != 0)
        g_signal_emit_by_name (agent, "add-local-ip-address", "127.0.0.1", &added);
      alcove_debug_print (ALCOVE_DEBUG_ICE, "%s: loopback only: %d", self->peer, (int) added);
    }
}

static GstWebRTCDTLSTransport *
get_sctp_transport (AlcoveMediaLink *self)
{
  g_autoptr (GObject) sctp = NULL;
  GstWebRTCDTLSTransport *transport = NULL;

  g_object_get (self->webrtc, "sctp-transport", &sctp, NULL);
  if (sctp != NULL)
    g_object_get (sctp, "transport", &transport, NULL);

  return transport;
}

static GstWebRTCDTLSTransport *
get_media_transport (AlcoveMediaLink *self)
{
  g_autoptr (GArray) transceivers = NULL;
  GstWebRTCDTLSTransport *transport = NULL;

  g_signal_emit_by_name (self->webrtc, "get-transceivers", &transceivers);
  for (guint i = 0; transceivers != NULL && i < transceivers->len && transport == NULL; i++)
    {
      GstWebRTCRTPTransceiver *transceiver
          = g_array_index (transceivers, GstWebRTCRTPTransceiver *, i);
      g_autoptr (GstWebRTCRTPReceiver) receiver = NULL;

      g_object_get (transceiver, "receiver", &receiver, NULL);
      if (receiver != NULL)
        g_object_get (receiver, "transport", &transport, NULL);
    }

  return transport;
}

/**
 * alcove_media_link_get_certificate:
 * @self: a link that has a description of its own
 *
 * Returns: (transfer full) (nullable): our certificate, as text
 */
char *
alcove_media_link_get_certificate (AlcoveMediaLink *self)
{
  g_autoptr (GstWebRTCDTLSTransport) transport = get_media_transport (self);
  char *pem = NULL;

  if (transport == NULL)
    transport = get_sctp_transport (self);
  if (transport != NULL)
    g_object_get (transport, "certificate", &pem, NULL);
  return pem;
}

/**
 * alcove_media_link_is_alive:
 * @self: a link
 *
 * Returns: whether it has neither failed nor been closed
 */
gboolean
alcove_media_link_is_alive (AlcoveMediaLink *self)
{
  return self->state != ALCOVE_LINK_FAILED && self->state != ALCOVE_LINK_CLOSED;
}

/**
 * alcove_media_link_fail:
 * @self: a link
 * @code: an #AlcoveError
 * @message: a sentence for the person
 *
 * Stops all delivery and tells the owner, once. The owner is expected to close the link, maybe
 * at once, so @self should not be used after this.
 */
void
alcove_media_link_fail (AlcoveMediaLink *self,
                        int code,
                        const char *message)
{
  g_autoptr (GError) error = NULL;

  if (!alcove_media_link_is_alive (self))
    return;

  self->state = ALCOVE_LINK_FAILED;
  g_mutex_lock (&self->core->lock);
  self->core->closed = TRUE;
  g_cond_broadcast (&self->core->ended);
  g_mutex_unlock (&self->core->lock);
  alcove_media_link_unsubscribe (self);
  alcove_media_link_negotiation_stop (self);

  error = g_error_new_literal (ALCOVE_ERROR, code, message);
  alcove_peer_link_emit_failed (ALCOVE_PEER_LINK (self), error);
}

/**
 * alcove_media_link_on_mismatch:
 * @object: a link
 * @data: nothing
 *
 * The far side's certificate is not the one that was promised.
 */
void
alcove_media_link_on_mismatch (gpointer object,
                               gpointer data)
{
  alcove_media_link_fail (ALCOVE_MEDIA_LINK (object), ALCOVE_ERROR_FINGERPRINT_MISMATCH,
                          _ ("This participant could not be verified: the certificate is not the "
                             "one that was announced."));
}

/**
 * alcove_media_link_verify:
 * @self: a link whose transports are up
 *
 * Checks the far side's certificate on every transport in use, and only then calls
 * the link connected and begins to send.
 */
void
alcove_media_link_verify (AlcoveMediaLink *self)
{
  g_autoptr (GstWebRTCDTLSTransport) media = NULL;
  g_autoptr (GstWebRTCDTLSTransport) sctp = NULL;

  if (self->connected || !alcove_media_link_is_alive (self))
    return;

  media = get_media_transport (self);
  sctp = get_sctp_transport (self);
  if (media == NULL && sctp == NULL)
    return;
  if ((media != NULL && !alcove_link_core_check_transport (self->core, media))
      || (sctp != NULL && !alcove_link_core_check_transport (self->core, sctp)))
    return;

  self->connected = TRUE;
  g_clear_handle_id (&self->connect_timeout, g_source_remove);
  alcove_debug_print (ALCOVE_DEBUG_TIMING, "%s: connected after %" G_GINT64_FORMAT " ms",
                      self->peer, (g_get_monotonic_time () - self->created) / 1000);

  g_object_ref (self);
  alcove_media_link_subscribe (self);
  alcove_peer_link_emit_connected (ALCOVE_PEER_LINK (self));
  alcove_media_link_check_channels (self);
  g_object_unref (self);
}

static void
alcove_media_link_start_offer (AlcovePeerLink *link)
{
  alcove_media_link_do_start_offer (ALCOVE_MEDIA_LINK (link));
}

static void
alcove_media_link_set_remote (AlcovePeerLink *link,
                              AlcoveDescriptionType type,
                              const char *sdp)
{
  alcove_media_link_do_set_remote (ALCOVE_MEDIA_LINK (link), type, sdp);
}

static void
alcove_media_link_add_candidate (AlcovePeerLink *link,
                                 const char *mid,
                                 int mline_index,
                                 const char *candidate)
{
  alcove_media_link_do_add_candidate (ALCOVE_MEDIA_LINK (link), mid, mline_index, candidate);
}

static void
alcove_media_link_set_sending (AlcovePeerLink *link,
                               gboolean sending)
{
  alcove_media_link_do_set_sending (ALCOVE_MEDIA_LINK (link), sending);
}

static void
alcove_media_link_set_receiving (AlcovePeerLink *link,
                                 gboolean receiving)
{
  alcove_media_link_do_set_receiving (ALCOVE_MEDIA_LINK (link), receiving);
}

static void
alcove_media_link_set_volume (AlcovePeerLink *link,
                              double volume)
{
  alcove_media_link_do_set_volume (ALCOVE_MEDIA_LINK (link), volume);
}

static gboolean
alcove_media_link_send_text (AlcovePeerLink *link,
                             AlcoveChannel channel,
                             const char *text)
{
  return alcove_media_link_do_send_text (ALCOVE_MEDIA_LINK (link), channel, text);
}

static guint64
alcove_media_link_get_buffered (AlcovePeerLink *link,
                                AlcoveChannel channel)
{
  return alcove_media_link_do_get_buffered (ALCOVE_MEDIA_LINK (link), channel);
}

static gint64
alcove_media_link_get_last_frame_time (AlcovePeerLink *link)
{
  AlcoveLinkCore *core = ALCOVE_MEDIA_LINK (link)->core;
  gint64 time;

  g_mutex_lock (&core->lock);
  time = core->last_frame_time;
  g_mutex_unlock (&core->lock);

  return time;
}

static guint64
alcove_media_link_get_bytes_received (AlcovePeerLink *link)
{
  AlcoveLinkCore *core = ALCOVE_MEDIA_LINK (link)->core;
  guint64 bytes;

  g_mutex_lock (&core->lock);
  bytes = core->counters.bytes_in;
  g_mutex_unlock (&core->lock);

  return bytes;
}

static void
alcove_media_link_close (AlcovePeerLink *link)
{
  AlcoveMediaLink *self = ALCOVE_MEDIA_LINK (link);
  AlcovePlayoutStream *stream;

  if (self->state == ALCOVE_LINK_CLOSED)
    return;

  self->state = ALCOVE_LINK_CLOSED;
  alcove_media_link_unsubscribe (self);
  alcove_media_link_negotiation_stop (self);
  alcove_media_link_stats_stop (self);
  alcove_media_link_adapt_clear (self);

  g_mutex_lock (&self->core->lock);
  self->core->closed = TRUE;
  g_cond_broadcast (&self->core->ended);
  stream = g_steal_pointer (&self->core->stream);
  g_mutex_unlock (&self->core->lock);
  g_clear_pointer (&stream, alcove_playout_stream_close);

  if (self->webrtc != NULL)
    g_signal_handlers_disconnect_by_data (self->webrtc, self->core);
  alcove_media_link_channels_stop (self);
  g_clear_object (&self->video_source);
  g_clear_object (&self->video_sink);
  g_clear_object (&self->audio_source);
  gst_clear_object (&self->webrtc);

  if (self->bus != NULL)
    {
      gst_bus_remove_watch (self->bus);
      gst_bus_set_flushing (self->bus, TRUE);
      gst_clear_object (&self->bus);
    }
  if (self->pipeline != NULL)
    tear_down (self->workers, g_steal_pointer (&self->pipeline), self->core, self->peer);
  alcove_media_link_do_stop_recording (link);
}

static void
peer_link_iface_init (AlcovePeerLinkInterface *iface)
{
  iface->start_offer = alcove_media_link_start_offer;
  iface->set_remote = alcove_media_link_set_remote;
  iface->add_candidate = alcove_media_link_add_candidate;
  iface->send_text = alcove_media_link_send_text;
  iface->get_buffered = alcove_media_link_get_buffered;
  iface->close_channel = alcove_media_link_do_close_channel;
  iface->get_last_frame_time = alcove_media_link_get_last_frame_time;
  iface->set_sending = alcove_media_link_set_sending;
  iface->set_receiving = alcove_media_link_set_receiving;
  iface->set_volume = alcove_media_link_set_volume;
  iface->get_bytes_received = alcove_media_link_get_bytes_received;
  iface->get_view_size = alcove_media_link_do_get_view_size;
  iface->set_view_size = alcove_media_link_do_set_view_size;
  iface->sample_async = alcove_media_link_do_sample;
  iface->sample_finish = alcove_media_link_do_sample_finish;
  iface->start_recording = alcove_media_link_do_start_recording;
  iface->stop_recording = alcove_media_link_do_stop_recording;
  iface->end_recording_async = alcove_media_link_do_end_recording;
  iface->close = alcove_media_link_close;
}

static void
alcove_media_link_dispose (GObject *object)
{
  AlcoveMediaLink *self = ALCOVE_MEDIA_LINK (object);

  if (self->core != NULL)
    alcove_media_link_close (ALCOVE_PEER_LINK (self));
  g_clear_object (&self->video);
  g_clear_object (&self->audio);
  g_clear_object (&self->playout);

  G_OBJECT_CLASS (alcove_media_link_parent_class)->dispose (object);
}

static void
alcove_media_link_finalize (GObject *object)
{
  AlcoveMediaLink *self = ALCOVE_MEDIA_LINK (object);

  g_clear_object (&self->begun);
  g_clear_pointer (&self->core, alcove_link_core_unref);
  g_clear_pointer (&self->workers, alcove_workers_unref);
  g_clear_pointer (&self->recordings, alcove_recordings_unref);
  g_clear_pointer (&self->handle, alcove_media_handle_unref);
  g_clear_pointer (&self->section_names, g_strfreev);
  g_clear_pointer (&self->local_mids, g_strfreev);
  g_clear_pointer (&self->remote_mids, g_strfreev);
  g_clear_pointer (&self->offered_directions, g_strfreev);
  g_clear_pointer (&self->sent, gst_sdp_message_free);
  g_free (self->session);
  g_clear_pointer (&self->local_candidates, g_ptr_array_unref);
  g_clear_pointer (&self->remote_candidates, g_ptr_array_unref);
  g_clear_pointer (&self->samplings, g_hash_table_unref);
  g_clear_pointer (&self->bandwidth, alcove_bandwidth_free);
  g_free (self->peer);
  g_free (self->channel_label);

  G_OBJECT_CLASS (alcove_media_link_parent_class)->finalize (object);
}

static void
alcove_media_link_class_init (AlcoveMediaLinkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = alcove_media_link_dispose;
  object_class->finalize = alcove_media_link_finalize;
}

static void
alcove_media_link_init (AlcoveMediaLink *self)
{
  self->handle = alcove_media_handle_new (self);
  self->sending = TRUE;
  self->receiving = TRUE;
  self->view_width = self->view_height = -1;
  self->created = g_get_monotonic_time ();
  self->sampled = self->created;
}

/**
 * alcove_media_link_new:
 * @setup: what the engine hands to the link
 * @error: return location for an error
 *
 * Builds the pipeline of one peer connection; it does nothing before a description is asked
 * for or set. Call on the main context.
 *
 * Errors: %ALCOVE_ERROR_MISSING_ELEMENT.
 *
 * Returns: (transfer full): a link, or %NULL
 */
AlcoveMediaLink *
alcove_media_link_new (const AlcoveMediaLinkSetup *setup,
                       GError **error)
{
  const char *const needed[] = { "webrtcbin", "nicesink",  "dtlssrtpenc",  "sctpenc",
                                        "rtpvp8pay", "rtpopuspay", "rtpvp8depay",  "rtpopusdepay",
                                        "vp8dec",    "opusdec",    "audioresample" };
  g_autoptr (AlcoveMediaLink) self = NULL;
  g_autoptr (AlcoveCodecChoice) choice = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (needed); i++)
    {
      g_autoptr (GstElementFactory) factory = gst_element_factory_find (needed[i]);

      if (factory == NULL)
        {
          g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_MISSING_ELEMENT,
                       _ ("The GStreamer element “%s” is not installed."), needed[i]);
          return NULL;
        }
    }

  self = g_object_new (ALCOVE_TYPE_MEDIA_LINK, NULL);
  self->peer = g_strdup (setup->peer != NULL ? setup->peer : "?");
  self->full_descriptions = setup->full_descriptions;
  self->channel_label = g_strdup (setup->channel_label);
  self->serial = setup->serial;
  self->workers = setup->workers != NULL ? alcove_workers_ref (setup->workers)
                                         : alcove_workers_new ();
  if (setup->recordings != NULL)
    self->recordings = alcove_recordings_ref (setup->recordings);
  g_set_object (&self->video, setup->video);
  g_set_object (&self->audio, setup->audio);
  g_set_object (&self->playout, setup->playout);
  choice = setup->choice != NULL ? alcove_codec_choice_ref (setup->choice)
                                 : alcove_codec_choice_new (self->workers);
  self->codecs = alcove_codec_choice_list (choice, setup->preference);
  self->video_line.index = -1;
  self->core = alcove_link_core_new (self->handle, choice, setup->receive);

  self->pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  self->webrtc = gst_object_ref_sink (gst_element_factory_make ("webrtcbin", NULL));
  g_object_set (self->webrtc, "bundle-policy", GST_WEBRTC_BUNDLE_POLICY_MAX_BUNDLE, "latency",
                ALCOVE_MEDIA_LINK_PATIENCE_MS, NULL);
  gst_bin_add (GST_BIN (self->pipeline), self->webrtc);
  set_up_ice (self, setup);

  /* the running times of what is encoded are good here too, so that their buffers need no change */
  if (setup->clock != NULL)
    gst_pipeline_use_clock (GST_PIPELINE (self->pipeline), setup->clock);
  gst_element_set_start_time (self->pipeline, GST_CLOCK_TIME_NONE);
  gst_element_set_base_time (self->pipeline, setup->base_time);
  /* Nothing here waits for its time. Without a latency newer GStreamer does not know when a packet
   * was sent, and then sends no reports, and nothing that goes with them: no request for a key
   * frame. */
  gst_pipeline_set_latency (GST_PIPELINE (self->pipeline), 0);

  self->bus = gst_pipeline_get_bus (GST_PIPELINE (self->pipeline));
  gst_bus_add_watch (self->bus, on_bus_message, self);

  if (self->playout != NULL && setup->receive)
    self->core->stream = alcove_playout_open_stream (self->playout);

  g_signal_connect_data (self->webrtc, "notify::connection-state",
                         G_CALLBACK (on_notify_connection), alcove_link_core_ref (self->core),
                         (GClosureNotify) (void (*) (void)) alcove_link_core_unref, 0);
  alcove_media_link_negotiation_init (self);
  alcove_media_link_candidates_init (self);
  alcove_media_link_receive_init (self);
  alcove_media_link_channels_init (self);
  alcove_media_link_adapt_init (self, setup->adaptation);
  alcove_media_link_stats_init (self);

  return g_steal_pointer (&self);
}

/**
 * alcove_media_link_get_slot:
 * @self: a link
 *
 * Returns: (transfer none): where the peer's pictures are
 */
AlcoveFrameSlot *
alcove_media_link_get_slot (AlcoveMediaLink *self)
{
  return self->core->slot;
}
