/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-signaller"

#include "config.h"

#include "alcove-signaller.h"

#include <glib/gi18n.h>

#include "alcove-error.h"

typedef struct {
  gboolean persistent;
} AlcoveSignallerPrivate;

enum {
  PROP_0,
  PROP_PERSISTENT,
  N_PROPS
};

enum {
  JOINED,
  PEER_JOINED,
  PEER_LEFT,
  DESCRIPTION,
  CANDIDATE,
  HUNG_UP,
  PEER_AWAY,
  CALLED,
  OFFER_WANTED,
  FAILED,
  DISCONNECTED,
  RECONNECTED,
  PROBLEM,
  LEFT,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (AlcoveSignaller, alcove_signaller, G_TYPE_OBJECT)

static void
alcove_signaller_get_property (GObject *object,
                               guint id,
                               GValue *value,
                               GParamSpec *pspec)
{
  AlcoveSignaller *self = ALCOVE_SIGNALLER (object);

  switch (id)
    {
    case PROP_PERSISTENT:
      g_value_set_boolean (value, alcove_signaller_get_persistent (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
alcove_signaller_set_property (GObject *object,
                               guint id,
                               const GValue *value,
                               GParamSpec *pspec)
{
  AlcoveSignaller *self = ALCOVE_SIGNALLER (object);

  switch (id)
    {
    case PROP_PERSISTENT:
      alcove_signaller_set_persistent (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static guint
new_signal (const char *name,
            guint n_params,
            ...)
{
  GType types[4];
  va_list args;

  g_assert (n_params <= G_N_ELEMENTS (types));
  va_start (args, n_params);
  for (guint i = 0; i < n_params; i++)
    types[i] = va_arg (args, GType);
  va_end (args);

  return g_signal_newv (name, ALCOVE_TYPE_SIGNALLER, G_SIGNAL_RUN_LAST, NULL, NULL, NULL, NULL,
                        G_TYPE_NONE, n_params, types);
}

static void
alcove_signaller_class_init (AlcoveSignallerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = alcove_signaller_get_property;
  object_class->set_property = alcove_signaller_set_property;

  /**
   * AlcoveSignaller:persistent:
   *
   * Whether a server that can't be reached at first is tried for ever
   * instead of failing. Set it before alcove_signaller_connect().
   */
  props[PROP_PERSISTENT]
      = g_param_spec_boolean ("persistent", NULL, NULL, FALSE,
                              G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[JOINED] = new_signal ("joined", 1, G_TYPE_STRING);
  signals[PEER_JOINED]
      = new_signal ("peer-joined", 3, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_BOOLEAN);
  signals[PEER_LEFT] = new_signal ("peer-left", 1, G_TYPE_STRING);
  signals[DESCRIPTION] = new_signal ("description", 3, G_TYPE_STRING, G_TYPE_INT, G_TYPE_STRING);
  signals[CANDIDATE]
      = new_signal ("candidate", 4, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_INT, G_TYPE_STRING);
  signals[HUNG_UP] = new_signal ("hung-up", 1, G_TYPE_STRING);
  signals[PEER_AWAY] = new_signal ("peer-away", 1, G_TYPE_STRING);
  signals[CALLED] = new_signal ("called", 2, G_TYPE_STRING, G_TYPE_STRING);
  signals[OFFER_WANTED] = new_signal ("offer-wanted", 1, G_TYPE_STRING);
  signals[FAILED] = new_signal ("failed", 1, G_TYPE_ERROR);
  signals[DISCONNECTED] = new_signal ("disconnected", 1, G_TYPE_ERROR);
  signals[RECONNECTED] = new_signal ("reconnected", 0);
  signals[PROBLEM] = new_signal ("problem", 1, G_TYPE_ERROR);
  signals[LEFT] = new_signal ("left", 0);
}

static void
alcove_signaller_init (AlcoveSignaller *self)
{
}

/**
 * alcove_signaller_connect:
 * @self: a signaller that was not connected before
 * @room: the room's name, any text
 * @name: our own name, any text
 * @role: our role
 *
 * Connects to the server and joins. Ends in `joined` or `failed`.
 */
void
alcove_signaller_connect (AlcoveSignaller *self,
                          const char *room,
                          const char *name,
                          AlcoveRole role)
{
  ALCOVE_SIGNALLER_GET_CLASS (self)->connect (self, room, name, role);
}

/**
 * alcove_signaller_send_description:
 * @self: a signaller
 * @peer: the peer's id
 * @type: offer or answer
 * @sdp: the description's text
 *
 * Sends a description. Dropped if the way to the server is lost: the room
 * negotiates anew after a reconnection.
 */
void
alcove_signaller_send_description (AlcoveSignaller *self,
                                   const char *peer,
                                   AlcoveDescriptionType type,
                                   const char *sdp)
{
  ALCOVE_SIGNALLER_GET_CLASS (self)->send_description (self, peer, type, sdp);
}

/**
 * alcove_signaller_send_candidate:
 * @self: a signaller
 * @peer: the peer's id
 * @mid: (nullable): the media section's mid
 * @mline_index: the media section's index
 * @candidate: `candidate:…`
 *
 * Sends one candidate. Never called before the description it belongs to.
 */
void
alcove_signaller_send_candidate (AlcoveSignaller *self,
                                 const char *peer,
                                 const char *mid,
                                 int mline_index,
                                 const char *candidate)
{
  ALCOVE_SIGNALLER_GET_CLASS (self)->send_candidate (self, peer, mid, mline_index, candidate);
}

/**
 * alcove_signaller_leave:
 * @self: a signaller
 *
 * Leaves the room and closes the connection after everything sent was
 * flushed. Ends in `left`, also if it was never connected.
 */
void
alcove_signaller_leave (AlcoveSignaller *self)
{
  ALCOVE_SIGNALLER_GET_CLASS (self)->leave (self);
}

/**
 * alcove_signaller_call:
 * @self: a signaller
 * @peer: the peer's id
 *
 * Calls a peer, where the protocol has calls; otherwise does nothing.
 */
void
alcove_signaller_call (AlcoveSignaller *self,
                       const char *peer)
{
  AlcoveSignallerClass *klass = ALCOVE_SIGNALLER_GET_CLASS (self);

  if (klass->call != NULL)
    klass->call (self, peer);
}

/**
 * alcove_signaller_call_everybody:
 * @self: a signaller that is in the room
 *
 * Calls whoever is in the room without having been announced, where the protocol has such
 * clients and nobody else is known; otherwise does nothing. The first to answer is a peer.
 */
void
alcove_signaller_call_everybody (AlcoveSignaller *self)
{
  AlcoveSignallerClass *klass = ALCOVE_SIGNALLER_GET_CLASS (self);

  if (klass->call_everybody != NULL)
    klass->call_everybody (self);
}

/**
 * alcove_signaller_hang_up:
 * @self: a signaller
 * @peer: the peer's id
 *
 * Ends a call, where the protocol has calls; otherwise does nothing.
 */
void
alcove_signaller_hang_up (AlcoveSignaller *self,
                          const char *peer)
{
  AlcoveSignallerClass *klass = ALCOVE_SIGNALLER_GET_CLASS (self);

  if (klass->hang_up != NULL)
    klass->hang_up (self, peer);
}

/**
 * alcove_signaller_get_features:
 * @self: a signaller
 *
 * Returns: what the protocol has
 */
AlcoveSignallerFeatures
alcove_signaller_get_features (AlcoveSignaller *self)
{
  return ALCOVE_SIGNALLER_GET_CLASS (self)->features;
}

/**
 * alcove_signaller_get_channel_label:
 * @self: a signaller
 *
 * Returns: (nullable): the label of the data channel that the protocol's own pages use
 */
const char *
alcove_signaller_get_channel_label (AlcoveSignaller *self)
{
  return ALCOVE_SIGNALLER_GET_CLASS (self)->channel_label;
}

/**
 * alcove_signaller_encode_chat:
 * @self: a signaller
 * @text: a line of chat
 *
 * Returns: (transfer full) (nullable): @text as the protocol's pages want it on their
 *   channel, or %NULL if they have no chat
 */
char *
alcove_signaller_encode_chat (AlcoveSignaller *self,
                              const char *text)
{
  AlcoveSignallerClass *klass = ALCOVE_SIGNALLER_GET_CLASS (self);

  return klass->encode_chat != NULL ? klass->encode_chat (self, text) : NULL;
}

/**
 * alcove_signaller_decode_chat:
 * @self: a signaller
 * @message: what came on the page's channel; from a stranger
 *
 * Returns: (transfer full) (nullable): the line of chat in it, or %NULL if it holds none
 */
char *
alcove_signaller_decode_chat (AlcoveSignaller *self,
                              const char *message)
{
  AlcoveSignallerClass *klass = ALCOVE_SIGNALLER_GET_CLASS (self);

  return klass->decode_chat != NULL ? klass->decode_chat (self, message) : NULL;
}

/**
 * alcove_signaller_encode_file:
 * @self: a signaller
 * @message: a message about a file
 *
 * Returns: (transfer full) (nullable): @message as the protocol's pages want it on their
 *   channel, or %NULL if they exchange no files
 */
char *
alcove_signaller_encode_file (AlcoveSignaller *self,
                              const AlcoveFileMessage *message)
{
  AlcoveSignallerClass *klass = ALCOVE_SIGNALLER_GET_CLASS (self);

  return klass->encode_file != NULL ? klass->encode_file (self, message) : NULL;
}

/**
 * alcove_signaller_decode_file:
 * @self: a signaller
 * @text: what came on the page's channel; from a stranger
 * @error: return location for an error, which is not set if @text is about something else
 *
 * Returns: (transfer full) (nullable): the message about a file in it, or %NULL
 */
AlcoveFileMessage *
alcove_signaller_decode_file (AlcoveSignaller *self,
                              const char *text,
                              GError **error)
{
  AlcoveSignallerClass *klass = ALCOVE_SIGNALLER_GET_CLASS (self);

  return klass->decode_file != NULL ? klass->decode_file (self, text, error) : NULL;
}

/**
 * alcove_signaller_answer_message:
 * @self: a signaller
 * @message: what came on the page's channel; from a stranger
 *
 * Returns: (transfer full) (nullable): what to send back at once on the same channel, or
 *   %NULL if @message asks for no answer
 */
char *
alcove_signaller_answer_message (AlcoveSignaller *self,
                                 const char *message)
{
  AlcoveSignallerClass *klass = ALCOVE_SIGNALLER_GET_CLASS (self);

  return klass->answer_message != NULL ? klass->answer_message (self, message) : NULL;
}

/**
 * alcove_signaller_encode_probe:
 * @self: a signaller
 *
 * Returns: (transfer full) (nullable): what to send on the page's channel to learn whether
 *   somebody is still there: any message back is a sign of life. %NULL if the
 *   protocol's pages know nothing of the kind
 */
char *
alcove_signaller_encode_probe (AlcoveSignaller *self)
{
  AlcoveSignallerClass *klass = ALCOVE_SIGNALLER_GET_CLASS (self);

  return klass->encode_probe != NULL ? klass->encode_probe (self) : NULL;
}

/**
 * alcove_signaller_dismiss:
 * @self: a signaller
 * @peer: the peer's id
 *
 * Asks a peer to leave the room, where the protocol has a way to; otherwise does nothing.
 */
void
alcove_signaller_dismiss (AlcoveSignaller *self,
                          const char *peer)
{
  AlcoveSignallerClass *klass = ALCOVE_SIGNALLER_GET_CLASS (self);

  if (klass->dismiss != NULL)
    klass->dismiss (self, peer);
}

/**
 * alcove_signaller_note_peer:
 * @self: a signaller
 * @peer: the peer's id
 * @note: what the room has found out about it
 *
 * Tells the signaller how a peer is doing. Some servers punish messages to
 * somebody who is lost.
 */
void
alcove_signaller_note_peer (AlcoveSignaller *self,
                            const char *peer,
                            AlcoveSignallerNote note)
{
  AlcoveSignallerClass *klass = ALCOVE_SIGNALLER_GET_CLASS (self);

  if (klass->note_peer != NULL)
    klass->note_peer (self, peer, note);
}

/**
 * alcove_signaller_is_name_made_up:
 * @self: a signaller
 * @peer: the peer's id
 *
 * Where a protocol carries names, its word is what everybody sees. A server that lets in
 * people of other protocols has to call them something, though, which they don't know of.
 *
 * Returns: whether the name of @peer is the server's, so that the peer's own word is better
 */
gboolean
alcove_signaller_is_name_made_up (AlcoveSignaller *self,
                                  const char *peer)
{
  AlcoveSignallerClass *klass = ALCOVE_SIGNALLER_GET_CLASS (self);

  return klass->is_name_made_up != NULL && klass->is_name_made_up (self, peer);
}

/**
 * alcove_signaller_get_persistent:
 * @self: a signaller
 *
 * Returns: whether an unreachable server is tried for ever
 */
gboolean
alcove_signaller_get_persistent (AlcoveSignaller *self)
{
  AlcoveSignallerPrivate *priv = alcove_signaller_get_instance_private (self);

  return priv->persistent;
}

/**
 * alcove_signaller_set_persistent:
 * @self: a signaller
 * @persistent: whether an unreachable server is tried for ever
 *
 * Sets [property@Signaller:persistent].
 */
void
alcove_signaller_set_persistent (AlcoveSignaller *self,
                                 gboolean persistent)
{
  AlcoveSignallerPrivate *priv = alcove_signaller_get_instance_private (self);

  persistent = !!persistent;
  if (priv->persistent == persistent)
    return;

  priv->persistent = persistent;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PERSISTENT]);
}

/**
 * alcove_signaller_get_transport:
 * @self: a signaller
 *
 * Returns: (transfer none) (nullable): its way to the server, or %NULL if it has none
 */
AlcoveTransport *
alcove_signaller_get_transport (AlcoveSignaller *self)
{
  AlcoveSignallerClass *klass = ALCOVE_SIGNALLER_GET_CLASS (self);

  return klass->get_transport != NULL ? klass->get_transport (self) : NULL;
}

/**
 * alcove_signaller_set_trust:
 * @self: a signaller that is not connected yet
 * @trust: (nullable): the certificates accepted as exceptions
 */
void
alcove_signaller_set_trust (AlcoveSignaller *self,
                            AlcoveTrust *trust)
{
  AlcoveTransport *transport = alcove_signaller_get_transport (self);

  if (transport != NULL)
    alcove_transport_set_trust (transport, trust);
}

/**
 * alcove_signaller_set_id:
 * @self: a signaller that is not connected yet
 * @id: (nullable): the id that a person has chosen for themselves; %NULL or an empty text for
 *   one of the signaller's own
 * @error: %ALCOVE_ERROR_FAILED if the protocol can't use @id
 *
 * Returns: whether it will be used
 */
gboolean
alcove_signaller_set_id (AlcoveSignaller *self,
                         const char *id,
                         GError **error)
{
  AlcoveSignallerClass *klass = ALCOVE_SIGNALLER_GET_CLASS (self);

  if (id == NULL || *id == '\0')
    return TRUE;
  if (klass->set_id != NULL && klass->set_id (self, id))
    return TRUE;

  g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_FAILED,
               _ ("“%s” can’t be an id in this protocol."), id);
  return FALSE;
}

/**
 * alcove_signaller_emit_joined:
 * @self: a signaller
 * @self_id: our own id in the room
 *
 * For subclasses: emits `joined`.
 */
void
alcove_signaller_emit_joined (AlcoveSignaller *self,
                              const char *self_id)
{
  g_signal_emit (self, signals[JOINED], 0, self_id);
}

/**
 * alcove_signaller_emit_peer_joined:
 * @self: a signaller
 * @peer: the peer's id
 * @name: (nullable): its name, where the protocol carries one
 * @we_offer: whether we are the one who offers
 *
 * For subclasses: emits `peer-joined`.
 */
void
alcove_signaller_emit_peer_joined (AlcoveSignaller *self,
                                   const char *peer,
                                   const char *name,
                                   gboolean we_offer)
{
  g_signal_emit (self, signals[PEER_JOINED], 0, peer, name, !!we_offer);
}

/**
 * alcove_signaller_emit_peer_left:
 * @self: a signaller
 * @peer: the peer's id
 *
 * For subclasses: emits `peer-left`.
 */
void
alcove_signaller_emit_peer_left (AlcoveSignaller *self,
                                 const char *peer)
{
  g_signal_emit (self, signals[PEER_LEFT], 0, peer);
}

/**
 * alcove_signaller_emit_description:
 * @self: a signaller
 * @peer: the peer's id
 * @type: offer or answer
 * @sdp: the text as it came; not checked
 *
 * For subclasses: emits `description`.
 */
void
alcove_signaller_emit_description (AlcoveSignaller *self,
                                   const char *peer,
                                   AlcoveDescriptionType type,
                                   const char *sdp)
{
  g_signal_emit (self, signals[DESCRIPTION], 0, peer, (int) type, sdp);
}

/**
 * alcove_signaller_emit_candidate:
 * @self: a signaller
 * @peer: the peer's id
 * @mid: (nullable): the media section's mid
 * @mline_index: the media section's index, or -1 if unknown
 * @candidate: the text as it came; not checked
 *
 * For subclasses: emits `candidate`.
 */
void
alcove_signaller_emit_candidate (AlcoveSignaller *self,
                                 const char *peer,
                                 const char *mid,
                                 int mline_index,
                                 const char *candidate)
{
  g_signal_emit (self, signals[CANDIDATE], 0, peer, mid, mline_index, candidate);
}

/**
 * alcove_signaller_emit_hung_up:
 * @self: a signaller
 * @peer: the peer's id
 *
 * For subclasses: emits `hung-up`.
 */
void
alcove_signaller_emit_hung_up (AlcoveSignaller *self,
                               const char *peer)
{
  g_signal_emit (self, signals[HUNG_UP], 0, peer);
}

/**
 * alcove_signaller_emit_peer_away:
 * @self: a signaller
 * @peer: the peer's id
 *
 * For subclasses: emits `peer-away`.
 */
void
alcove_signaller_emit_peer_away (AlcoveSignaller *self,
                                 const char *peer)
{
  g_signal_emit (self, signals[PEER_AWAY], 0, peer);
}

/**
 * alcove_signaller_emit_called:
 * @self: a signaller
 * @peer: the peer's id
 * @text: (nullable): what it says along with the call
 *
 * For subclasses: emits `called`.
 */
void
alcove_signaller_emit_called (AlcoveSignaller *self,
                              const char *peer,
                              const char *text)
{
  g_signal_emit (self, signals[CALLED], 0, peer, text);
}

/**
 * alcove_signaller_emit_offer_wanted:
 * @self: a signaller
 * @peer: the peer's id
 *
 * For subclasses: emits `offer-wanted`.
 */
void
alcove_signaller_emit_offer_wanted (AlcoveSignaller *self,
                                    const char *peer)
{
  g_signal_emit (self, signals[OFFER_WANTED], 0, peer);
}

/**
 * alcove_signaller_emit_failed:
 * @self: a signaller
 * @error: why, as a plain sentence
 *
 * For subclasses: emits `failed`.
 */
void
alcove_signaller_emit_failed (AlcoveSignaller *self,
                              const GError *error)
{
  g_signal_emit (self, signals[FAILED], 0, error);
}

/**
 * alcove_signaller_emit_disconnected:
 * @self: a signaller
 * @error: why, as a plain sentence
 *
 * For subclasses: emits `disconnected`.
 */
void
alcove_signaller_emit_disconnected (AlcoveSignaller *self,
                                    const GError *error)
{
  g_signal_emit (self, signals[DISCONNECTED], 0, error);
}

/**
 * alcove_signaller_emit_reconnected:
 * @self: a signaller
 *
 * For subclasses: emits `reconnected`.
 */
void
alcove_signaller_emit_reconnected (AlcoveSignaller *self)
{
  g_signal_emit (self, signals[RECONNECTED], 0);
}

/**
 * alcove_signaller_emit_problem:
 * @self: a signaller
 * @error: what was dropped and why
 *
 * For subclasses: emits `problem`.
 */
void
alcove_signaller_emit_problem (AlcoveSignaller *self,
                               const GError *error)
{
  g_signal_emit (self, signals[PROBLEM], 0, error);
}

/**
 * alcove_signaller_emit_left:
 * @self: a signaller
 *
 * For subclasses: emits `left`.
 */
void
alcove_signaller_emit_left (AlcoveSignaller *self)
{
  g_signal_emit (self, signals[LEFT], 0);
}
