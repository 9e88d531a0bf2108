/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-transport"

#include "config.h"

#include "alcove-transport.h"

typedef struct {
  char *uri;
  gboolean persistent;
  AlcoveTransportState state;
  AlcoveTrust *trust;
  char *server;
} AlcoveTransportPrivate;

enum {
  PROP_0,
  PROP_URI,
  PROP_PERSISTENT,
  PROP_STATE,
  N_PROPS
};

enum {
  CONNECTING,
  OPENED,
  MESSAGE,
  DROPPED,
  FAILED,
  CLOSED,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (AlcoveTransport, alcove_transport, G_TYPE_OBJECT)

static void
alcove_transport_get_property (GObject *object,
                               guint id,
                               GValue *value,
                               GParamSpec *pspec)
{
  AlcoveTransport *self = ALCOVE_TRANSPORT (object);

  switch (id)
    {
    case PROP_URI:
      g_value_set_string (value, alcove_transport_get_uri (self));
      break;
    case PROP_PERSISTENT:
      g_value_set_boolean (value, alcove_transport_get_persistent (self));
      break;
    case PROP_STATE:
      g_value_set_int (value, alcove_transport_get_state (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
alcove_transport_set_property (GObject *object,
                               guint id,
                               const GValue *value,
                               GParamSpec *pspec)
{
  AlcoveTransport *self = ALCOVE_TRANSPORT (object);

  switch (id)
    {
    case PROP_URI:
      alcove_transport_set_uri (self, g_value_get_string (value));
      break;
    case PROP_PERSISTENT:
      alcove_transport_set_persistent (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
alcove_transport_finalize (GObject *object)
{
  AlcoveTransportPrivate *priv
      = alcove_transport_get_instance_private (ALCOVE_TRANSPORT (object));

  g_free (priv->uri);
  g_free (priv->server);
  g_clear_object (&priv->trust);

  G_OBJECT_CLASS (alcove_transport_parent_class)->finalize (object);
}

static guint
new_signal (const char *name,
            GType type)
{
  return g_signal_newv (name, ALCOVE_TYPE_TRANSPORT, G_SIGNAL_RUN_LAST, NULL, NULL, NULL, NULL,
                        G_TYPE_NONE, type == G_TYPE_NONE ? 0 : 1, &type);
}

static void
alcove_transport_class_init (AlcoveTransportClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = alcove_transport_get_property;
  object_class->set_property = alcove_transport_set_property;
  object_class->finalize = alcove_transport_finalize;

  /**
   * AlcoveTransport:uri:
   *
   * Where the next attempt connects to.
   */
  props[PROP_URI]
      = g_param_spec_string ("uri", NULL, NULL, NULL,
                             G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * AlcoveTransport:persistent:
   *
   * Whether a server that can't be reached at first is tried again and again
   * instead of failing.
   */
  props[PROP_PERSISTENT]
      = g_param_spec_boolean ("persistent", NULL, NULL, FALSE,
                              G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * AlcoveTransport:state:
   *
   * An #AlcoveTransportState.
   */
  props[PROP_STATE]
      = g_param_spec_int ("state", NULL, NULL, ALCOVE_TRANSPORT_IDLE, ALCOVE_TRANSPORT_CLOSED,
                          ALCOVE_TRANSPORT_IDLE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[CONNECTING] = new_signal ("connecting", G_TYPE_NONE);
  signals[OPENED] = new_signal ("opened", G_TYPE_NONE);
  signals[MESSAGE] = new_signal ("message", G_TYPE_STRING);
  signals[DROPPED] = new_signal ("dropped", G_TYPE_ERROR);
  signals[FAILED] = new_signal ("failed", G_TYPE_ERROR);
  signals[CLOSED] = new_signal ("closed", G_TYPE_NONE);
}

static void
alcove_transport_init (AlcoveTransport *self)
{
}

/**
 * alcove_transport_open:
 * @self: a transport that was not opened before
 *
 * Starts the first attempt. It ends in `opened`, `failed` or, while
 * persistent, `dropped`.
 */
void
alcove_transport_open (AlcoveTransport *self)
{
  g_return_if_fail (ALCOVE_IS_TRANSPORT (self));
  g_return_if_fail (alcove_transport_get_state (self) == ALCOVE_TRANSPORT_IDLE);

  ALCOVE_TRANSPORT_GET_CLASS (self)->open (self);
}

/**
 * alcove_transport_send:
 * @self: a transport
 * @text: one message, valid UTF-8
 *
 * Sends one text message. A message for a connection that is not open at the
 * moment is dropped: whoever speaks a protocol starts anew at `opened`.
 */
void
alcove_transport_send (AlcoveTransport *self,
                       const char *text)
{
  g_return_if_fail (ALCOVE_IS_TRANSPORT (self));
  g_return_if_fail (text != NULL);

  if (alcove_transport_get_state (self) != ALCOVE_TRANSPORT_OPEN)
    {
      g_debug ("A message was dropped: the connection is not open");
      return;
    }

  ALCOVE_TRANSPORT_GET_CLASS (self)->send (self, text);
}

/**
 * alcove_transport_close:
 * @self: a transport
 *
 * Flushes what was sent, within a bound, and closes for good; then emits
 * `closed`. Nothing is received any more. Does nothing if it is closed already.
 */
void
alcove_transport_close (AlcoveTransport *self)
{
  g_return_if_fail (ALCOVE_IS_TRANSPORT (self));

  if (alcove_transport_get_state (self) != ALCOVE_TRANSPORT_CLOSED)
    ALCOVE_TRANSPORT_GET_CLASS (self)->close (self);
}

/**
 * alcove_transport_restart:
 * @self: a transport
 * @reason: why; goes out with `dropped`
 *
 * Ends an open connection as if it had been lost, so that it is made anew. Does
 * nothing in any other state.
 */
void
alcove_transport_restart (AlcoveTransport *self,
                          const GError *reason)
{
  g_return_if_fail (ALCOVE_IS_TRANSPORT (self));
  g_return_if_fail (reason != NULL);

  if (alcove_transport_get_state (self) == ALCOVE_TRANSPORT_OPEN)
    ALCOVE_TRANSPORT_GET_CLASS (self)->restart (self, reason);
}

/**
 * alcove_transport_get_state:
 * @self: a transport
 *
 * Returns: where it is
 */
AlcoveTransportState
alcove_transport_get_state (AlcoveTransport *self)
{
  AlcoveTransportPrivate *priv = alcove_transport_get_instance_private (self);

  return priv->state;
}

/**
 * alcove_transport_get_uri:
 * @self: a transport
 *
 * Returns: (nullable): where the next attempt connects to
 */
const char *
alcove_transport_get_uri (AlcoveTransport *self)
{
  AlcoveTransportPrivate *priv = alcove_transport_get_instance_private (self);

  return priv->uri;
}

/**
 * alcove_transport_set_uri:
 * @self: a transport
 * @uri: where the next attempt is to connect to
 *
 * Leaves a connection that is open as it is.
 */
void
alcove_transport_set_uri (AlcoveTransport *self,
                          const char *uri)
{
  AlcoveTransportPrivate *priv = alcove_transport_get_instance_private (self);

  if (g_strcmp0 (priv->uri, uri) == 0)
    return;

  g_free (priv->uri);
  priv->uri = g_strdup (uri);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_URI]);
}

/**
 * alcove_transport_get_persistent:
 * @self: a transport
 *
 * Returns: whether a first attempt that fails is followed by others
 */
gboolean
alcove_transport_get_persistent (AlcoveTransport *self)
{
  AlcoveTransportPrivate *priv = alcove_transport_get_instance_private (self);

  return priv->persistent;
}

/**
 * alcove_transport_set_persistent:
 * @self: a transport
 * @persistent: whether a first attempt that fails is to be followed by others
 */
void
alcove_transport_set_persistent (AlcoveTransport *self,
                                 gboolean persistent)
{
  AlcoveTransportPrivate *priv = alcove_transport_get_instance_private (self);

  persistent = !!persistent;
  if (priv->persistent == persistent)
    return;

  priv->persistent = persistent;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PERSISTENT]);
}

/**
 * alcove_transport_get_trust:
 * @self: a transport
 *
 * Returns: (transfer none) (nullable): the certificates accepted as exceptions
 */
AlcoveTrust *
alcove_transport_get_trust (AlcoveTransport *self)
{
  AlcoveTransportPrivate *priv = alcove_transport_get_instance_private (self);

  return priv->trust;
}

/**
 * alcove_transport_set_trust:
 * @self: a transport that is not open yet
 * @trust: (nullable): the certificates accepted as exceptions; without any, one that can't be
 *   verified is always refused
 */
void
alcove_transport_set_trust (AlcoveTransport *self,
                            AlcoveTrust *trust)
{
  AlcoveTransportPrivate *priv = alcove_transport_get_instance_private (self);

  g_set_object (&priv->trust, trust);
}

/**
 * alcove_transport_set_state:
 * @self: a transport
 * @state: its new state
 *
 * For subclasses: moves to @state, before the signal that tells of it.
 */
void
alcove_transport_set_state (AlcoveTransport *self,
                            AlcoveTransportState state)
{
  AlcoveTransportPrivate *priv = alcove_transport_get_instance_private (self);

  if (priv->state == state)
    return;

  priv->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

/**
 * alcove_transport_emit_connecting:
 * @self: a transport
 *
 * For subclasses: emits `connecting`.
 */
void
alcove_transport_emit_connecting (AlcoveTransport *self)
{
  g_signal_emit (self, signals[CONNECTING], 0);
}

/**
 * alcove_transport_emit_opened:
 * @self: a transport
 *
 * For subclasses: emits `opened`.
 */
void
alcove_transport_emit_opened (AlcoveTransport *self)
{
  g_signal_emit (self, signals[OPENED], 0);
}

/**
 * alcove_transport_emit_message:
 * @self: a transport
 * @text: the message, valid UTF-8
 *
 * For subclasses: emits `message`.
 */
void
alcove_transport_emit_message (AlcoveTransport *self,
                               const char *text)
{
  g_signal_emit (self, signals[MESSAGE], 0, text);
}

/**
 * alcove_transport_emit_dropped:
 * @self: a transport
 * @error: why
 *
 * For subclasses: emits `dropped`.
 */
void
alcove_transport_emit_dropped (AlcoveTransport *self,
                               const GError *error)
{
  g_signal_emit (self, signals[DROPPED], 0, error);
}

/**
 * alcove_transport_emit_failed:
 * @self: a transport
 * @error: why
 *
 * For subclasses: emits `failed`.
 */
void
alcove_transport_emit_failed (AlcoveTransport *self,
                              const GError *error)
{
  g_signal_emit (self, signals[FAILED], 0, error);
}

/**
 * alcove_transport_emit_closed:
 * @self: a transport
 *
 * For subclasses: emits `closed`.
 */
void
alcove_transport_emit_closed (AlcoveTransport *self)
{
  g_signal_emit (self, signals[CLOSED], 0);
}

/**
 * alcove_transport_get_server:
 * @self: a transport
 *
 * What the server called itself in the answer to the handshake, HTTP's `Server`. It proves
 * nothing; it tells a protocol what may be said beyond what the original servers know.
 *
 * Returns: (transfer none) (nullable): the name, %NULL before the first answer or without one
 */
const char *
alcove_transport_get_server (AlcoveTransport *self)
{
  AlcoveTransportPrivate *priv = alcove_transport_get_instance_private (self);

  g_return_val_if_fail (ALCOVE_IS_TRANSPORT (self), NULL);

  return priv->server;
}

/**
 * alcove_transport_set_server:
 * @self: a transport
 * @server: (nullable): what the server calls itself
 *
 * For subclasses, before `opened`.
 */
void
alcove_transport_set_server (AlcoveTransport *self,
                             const char *server)
{
  AlcoveTransportPrivate *priv = alcove_transport_get_instance_private (self);

  g_return_if_fail (ALCOVE_IS_TRANSPORT (self));

  g_free (priv->server);
  priv->server = g_strdup (server);
}
