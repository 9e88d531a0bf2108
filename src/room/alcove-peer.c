/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-peer"

#include "config.h"

#include "alcove-peer-private.h"

#include "alcove-debug.h"
#include "alcove-participant-private.h"

/*
 * One pair. webrtcbin can neither restart ICE nor roll back, so every repair is a fresh
 * link with a fresh offer, and one fixed side offers. Here is the object itself and what
 * its link reports; descriptions are taken in alcove-peer-negotiation.c, and
 * alcove-peer-repair.c looks at the time.
 */

enum {
  DESCRIPTION,
  CANDIDATE,
  PROBLEM,
  EVENT,
  FIRST_FRAME,
  CHANNEL_OPEN,
  CHANNEL_TEXT,
  CHANNEL_CLOSED,
  VIEW_SIZE_CHANGED,
  STATE_CHANGED,
  LINK_CHANGED,
  CHECKING,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AlcovePeer, alcove_peer, G_TYPE_OBJECT)

/* With both descriptions and a candidate a path is looked for, which needs no more of them. */
static void
check_checking (AlcovePeer *self)
{
  if (self->checking || !self->has_candidate
      || (self->state != ALCOVE_PEER_CONNECTING && self->state != ALCOVE_PEER_CONNECTED))
    return;

  self->checking = TRUE;
  g_signal_emit (self, signals[CHECKING], 0);
}

/* The link was given one of theirs. */
void
alcove_peer_note_candidate (AlcovePeer *self)
{
  self->has_candidate = TRUE;
  check_checking (self);
}

static void
link_description_cb (AlcovePeerLink *link,
                     int type,
                     const char *sdp,
                     AlcovePeer *self)
{
  const guint epoch = self->epoch;

  if (type == ALCOVE_DESCRIPTION_OFFER)
    self->offer_sent = TRUE;
  else if (self->state == ALCOVE_PEER_HAVE_ANSWER)
    alcove_peer_set_state (self, ALCOVE_PEER_CONNECTING);

  if (self->epoch == epoch)
    g_signal_emit (self, signals[DESCRIPTION], 0, type, sdp);
  /* not before ours is on its way */
  if (self->epoch == epoch)
    check_checking (self);
}

static void
link_candidate_cb (AlcovePeerLink *link,
                   const char *mid,
                   int mline_index,
                   const char *candidate,
                   AlcovePeer *self)
{
  g_signal_emit (self, signals[CANDIDATE], 0, mid, mline_index, candidate);
}

static void
link_connected_cb (AlcovePeerLink *link,
                   AlcovePeer *self)
{
  const guint epoch = self->epoch;
  const gint64 now = alcove_peer_get_now (self);

  self->connected_at = now;
  self->bytes_at = now;
  alcove_participant_set_connected (self->participant, TRUE);
  if (self->epoch == epoch)
    alcove_peer_set_state (self, ALCOVE_PEER_CONNECTED);
  /* a path was found, whoever told of it */
  if (self->epoch == epoch)
    alcove_peer_note_candidate (self);
  if (self->epoch == epoch)
    alcove_peer_emit_event (self, "connected");
  if (self->epoch == epoch)
    alcove_peer_check_liveness (self, now);
}

static void
link_failed_cb (AlcovePeerLink *link,
                const GError *error,
                AlcovePeer *self)
{
  alcove_peer_fail (self, error);
}

static void
link_first_frame_cb (AlcovePeerLink *link,
                     int width,
                     int height,
                     AlcovePeer *self)
{
  const guint epoch = self->epoch;

  g_signal_emit (self, signals[FIRST_FRAME], 0, width, height);
  if (self->epoch == epoch && self->connected_at > 0)
    alcove_peer_check_liveness (self, alcove_peer_get_now (self));
}

static void
link_channel_open_cb (AlcovePeerLink *link,
                      int channel,
                      AlcovePeer *self)
{
  self->channels |= 1u << channel;
  self->closed_at = 0;
  g_signal_emit (self, signals[CHANNEL_OPEN], 0, channel);
}

static void
link_channel_closed_cb (AlcovePeerLink *link,
                        int channel,
                        AlcovePeer *self)
{
  self->channels &= ~(1u << channel);
  if (self->channels == 0)
    self->closed_at = alcove_peer_get_now (self);
  g_signal_emit (self, signals[CHANNEL_CLOSED], 0, channel);
}

static void
link_channel_text_cb (AlcovePeerLink *link,
                      int channel,
                      const char *text,
                      AlcovePeer *self)
{
  g_signal_emit (self, signals[CHANNEL_TEXT], 0, channel, text);
}

static void
link_view_size_changed_cb (AlcovePeerLink *link,
                           AlcovePeer *self)
{
  g_signal_emit (self, signals[VIEW_SIZE_CHANGED], 0);
}

static void
link_speaking_cb (AlcovePeerLink *link,
                  gboolean speaking,
                  AlcovePeer *self)
{
  alcove_participant_set_speaking (self->participant, speaking);
}

static void
alcove_peer_dispose (GObject *object)
{
  AlcovePeer *self = ALCOVE_PEER (object);

  self->state = ALCOVE_PEER_CLOSED;
  alcove_peer_drop_link (self);
  g_clear_object (&self->participant);
  g_clear_object (&self->factory);

  G_OBJECT_CLASS (alcove_peer_parent_class)->dispose (object);
}

static void
alcove_peer_finalize (GObject *object)
{
  AlcovePeer *self = ALCOVE_PEER (object);

  g_free (self->channel_label);

  G_OBJECT_CLASS (alcove_peer_parent_class)->finalize (object);
}

static guint
new_signal (const char *name,
            guint n_params,
            GType first,
            GType second,
            GType third)
{
  GType types[] = { first, second, third };

  return g_signal_newv (name, ALCOVE_TYPE_PEER, G_SIGNAL_RUN_LAST, NULL, NULL, NULL, NULL,
                        G_TYPE_NONE, n_params, types);
}

static void
alcove_peer_class_init (AlcovePeerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = alcove_peer_dispose;
  object_class->finalize = alcove_peer_finalize;

  signals[DESCRIPTION] = new_signal ("description", 2, G_TYPE_INT, G_TYPE_STRING, 0);
  signals[CANDIDATE] = new_signal ("candidate", 3, G_TYPE_STRING, G_TYPE_INT, G_TYPE_STRING);
  signals[PROBLEM] = new_signal ("problem", 1, G_TYPE_ERROR, 0, 0);
  signals[EVENT] = new_signal ("event", 1, G_TYPE_STRING, 0, 0);
  signals[FIRST_FRAME] = new_signal ("first-frame", 2, G_TYPE_INT, G_TYPE_INT, 0);
  signals[CHANNEL_OPEN] = new_signal ("channel-open", 1, G_TYPE_INT, 0, 0);
  signals[CHANNEL_TEXT] = new_signal ("channel-text", 2, G_TYPE_INT, G_TYPE_STRING, 0);
  signals[CHANNEL_CLOSED] = new_signal ("channel-closed", 1, G_TYPE_INT, 0, 0);
  signals[VIEW_SIZE_CHANGED] = new_signal ("view-size-changed", 0, 0, 0, 0);
  signals[STATE_CHANGED] = new_signal ("state-changed", 0, 0, 0, 0);
  signals[LINK_CHANGED] = new_signal ("link-changed", 0, 0, 0, 0);
  signals[CHECKING] = new_signal ("checking", 0, 0, 0, 0);
}

static void
alcove_peer_init (AlcovePeer *self)
{
  g_queue_init (&self->early);
  self->sending = TRUE;
}

gint64
alcove_peer_get_now (AlcovePeer *self)
{
  return self->clock (self->clock_data);
}

void
alcove_peer_set_state (AlcovePeer *self,
                       AlcovePeerState state)
{
  if (self->state == state)
    return;

  alcove_debug_print (ALCOVE_DEBUG_TIMING, "peer %s: state %d",
                      alcove_participant_get_id (self->participant), (int) state);
  self->state = state;
  g_signal_emit (self, signals[STATE_CHANGED], 0);
}

void
alcove_peer_emit_event (AlcovePeer *self,
                        const char *event)
{
  g_signal_emit (self, signals[EVENT], 0, event);
}

void
alcove_peer_emit_problem (AlcovePeer *self,
                          const GError *error)
{
  g_signal_emit (self, signals[PROBLEM], 0, error);
}

void
alcove_peer_emit_link_changed (AlcovePeer *self)
{
  g_signal_emit (self, signals[LINK_CHANGED], 0);
}

/* Connected as an object, the peer stays alive while it handles what the link reports,
 * whatever a handler further up gives up meanwhile. */
void
alcove_peer_watch_link (AlcovePeer *self,
                        AlcovePeerLink *link)
{
  static const struct {
    const char *signal;
    GCallback callback;
  } handlers[] = {
    { "description", G_CALLBACK (link_description_cb) },
    { "candidate", G_CALLBACK (link_candidate_cb) },
    { "connected", G_CALLBACK (link_connected_cb) },
    { "failed", G_CALLBACK (link_failed_cb) },
    { "first-frame", G_CALLBACK (link_first_frame_cb) },
    { "channel-open", G_CALLBACK (link_channel_open_cb) },
    { "channel-closed", G_CALLBACK (link_channel_closed_cb) },
    { "channel-text", G_CALLBACK (link_channel_text_cb) },
    { "speaking", G_CALLBACK (link_speaking_cb) },
    { "view-size-changed", G_CALLBACK (link_view_size_changed_cb) },
  };

  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    g_signal_connect_object (link, handlers[i].signal, handlers[i].callback, self,
                             G_CONNECT_DEFAULT);
}

/**
 * alcove_peer_new:
 * @participant: whom it is about; the peer keeps its properties up to date
 * @factory: makes the links
 * @options: how to negotiate
 *
 * Returns: (transfer full): a peer that waits for alcove_peer_start() or an offer
 */
AlcovePeer *
alcove_peer_new (AlcoveParticipant *participant,
                 AlcovePeerLinkFactory *factory,
                 const AlcovePeerOptions *options)
{
  AlcovePeer *self = g_object_new (ALCOVE_TYPE_PEER, NULL);

  self->participant = g_object_ref (participant);
  self->factory = g_object_ref (factory);
  self->full_descriptions = options->full_descriptions;
  self->channel_label = g_strdup (options->channel_label);
  self->expect_frames = options->expect_frames;
  self->last_resort = options->last_resort;
  self->patience = options->patience;
  self->clock = options->clock;
  self->clock_data = options->clock_data;
  self->deadline = alcove_peer_get_now (self) + ALCOVE_PEER_CONNECT_WITHIN;
  return self;
}

/**
 * alcove_peer_get_state:
 * @self: a peer
 *
 * Returns: how far the negotiation is
 */
AlcovePeerState
alcove_peer_get_state (AlcovePeer *self)
{
  return self->state;
}

/**
 * alcove_peer_is_negotiating:
 * @self: a peer
 *
 * Returns: whether a negotiation is under way; the room bounds how many are
 */
gboolean
alcove_peer_is_negotiating (AlcovePeer *self)
{
  return self->state == ALCOVE_PEER_HAVE_OFFER || self->state == ALCOVE_PEER_HAVE_ANSWER
         || self->state == ALCOVE_PEER_CONNECTING;
}

/**
 * alcove_peer_is_healthy:
 * @self: a peer
 *
 * Returns: whether the link is up or on its way, and not stale
 */
gboolean
alcove_peer_is_healthy (AlcovePeer *self)
{
  return self->state == ALCOVE_PEER_CONNECTED || alcove_peer_is_negotiating (self);
}

/**
 * alcove_peer_set_sending:
 * @self: a peer
 * @sending: whether they are to get our sound and pictures, on this link and those that follow
 */
void
alcove_peer_set_sending (AlcovePeer *self,
                         gboolean sending)
{
  self->sending = sending;
  if (self->link != NULL)
    alcove_peer_link_set_sending (self->link, sending);
}

/**
 * alcove_peer_set_resting:
 * @self: a peer
 * @resting: whether it is not their turn to send, on this link and those that follow: then
 *   nothing is missed, and what they send all the same is neither seen nor heard
 */
void
alcove_peer_set_resting (AlcovePeer *self,
                         gboolean resting)
{
  if (self->resting && !resting)
    self->resumed_at = alcove_peer_get_now (self);
  self->resting = resting;
  if (self->link != NULL)
    alcove_peer_link_set_receiving (self->link, !resting);
  alcove_participant_set_resting (self->participant, resting);
}

/**
 * alcove_peer_set_expect_frames:
 * @self: a peer
 * @expect_frames: whether decoded frames are the sign of life; else bytes and heartbeats are
 */
void
alcove_peer_set_expect_frames (AlcovePeer *self,
                               gboolean expect_frames)
{
  self->expect_frames = expect_frames;
}

/**
 * alcove_peer_send_text:
 * @self: a peer
 * @channel: which channel
 * @text: at most %ALCOVE_CHANNEL_MAX_TEXT bytes
 *
 * Returns: whether there is a link whose channel is open and took it
 */
gboolean
alcove_peer_send_text (AlcovePeer *self,
                       AlcoveChannel channel,
                       const char *text)
{
  g_autoptr (AlcovePeerLink) link = NULL;

  if (self->link == NULL)
    return FALSE;

  link = g_object_ref (self->link);
  return alcove_peer_link_send_text (link, channel, text);
}

/**
 * alcove_peer_is_channel_open:
 * @self: a peer
 * @channel: which channel
 *
 * Returns: whether it was opened, and neither side has closed it
 */
gboolean
alcove_peer_is_channel_open (AlcovePeer *self,
                             AlcoveChannel channel)
{
  return (self->channels & (1u << channel)) != 0;
}

/**
 * alcove_peer_close_channel:
 * @self: a peer
 * @channel: which channel
 *
 * Begins to close a channel of the link in use.
 *
 * Returns: whether it was open: then `channel-closed` or `link-changed` follows
 */
gboolean
alcove_peer_close_channel (AlcovePeer *self,
                           AlcoveChannel channel)
{
  g_autoptr (AlcovePeerLink) link = NULL;

  if (self->link == NULL || (self->channels & 1u << channel) == 0)
    return FALSE;

  link = g_object_ref (self->link);
  alcove_peer_link_close_channel (link, channel);
  return TRUE;
}

/**
 * alcove_peer_get_buffered:
 * @self: a peer
 * @channel: which channel
 *
 * Returns: how many bytes of text wait to be sent
 */
guint64
alcove_peer_get_buffered (AlcovePeer *self,
                          AlcoveChannel channel)
{
  return self->link != NULL ? alcove_peer_link_get_buffered (self->link, channel) : 0;
}
