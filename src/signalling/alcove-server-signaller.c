/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-server-signaller"

#include "config.h"

#include "alcove-server-signaller.h"

#include <string.h>

#include <glib/gi18n.h>

#include "alcove-timer.h"

#define DEFAULT_JOIN_WAIT_MS 8000

/**
 * AlcoveServerSignaller:
 *
 * Membership in a room of a server, as far as it is the same in every protocol: one
 * transport, which comes back by itself; a bound for being let in; what is fatal and what
 * only a problem; and leaving so that the last words are flushed.
 *
 * A failure is the end as long as nothing ever worked, unless the signaller is
 * persistent. Afterwards each loss is `disconnected`, and being let in anew `reconnected`.
 */
typedef struct {
  guint join_ms;
  gboolean joined;
  gboolean joined_once;
  gboolean again;
  gboolean leaving;
  gboolean over;

  char *room;
  char *name;
  GUri *server;
  AlcoveTransport *transport;
  GSource *join_timer;
} AlcoveServerSignallerPrivate;

enum {
  PROP_0,
  PROP_SERVER,
  PROP_TRANSPORT,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (AlcoveServerSignaller,
                                     alcove_server_signaller,
                                     ALCOVE_TYPE_SIGNALLER)

static AlcoveServerSignallerPrivate *
get_private (AlcoveServerSignaller *self)
{
  return alcove_server_signaller_get_instance_private (self);
}

static void
stop (AlcoveServerSignaller *self)
{
  AlcoveServerSignallerPrivate *priv = get_private (self);
  AlcoveServerSignallerClass *klass = ALCOVE_SERVER_SIGNALLER_GET_CLASS (self);

  priv->joined = FALSE;
  alcove_timer_clear (&priv->join_timer);
  if (klass->stop != NULL)
    klass->stop (self);
}

static void
fail (AlcoveServerSignaller *self,
      const GError *error)
{
  AlcoveServerSignallerPrivate *priv = get_private (self);
  g_autoptr (AlcoveServerSignaller) keep = g_object_ref (self);

  priv->over = TRUE;
  stop (self);
  alcove_transport_close (priv->transport);
  alcove_signaller_emit_failed (ALCOVE_SIGNALLER (self), error);
}

static void
restart (AlcoveServerSignaller *self,
         const GError *error)
{
  if (alcove_server_signaller_gives_up (self))
    fail (self, error);
  else
    alcove_transport_restart (get_private (self)->transport, error);
}

static gboolean
on_join_wait (gpointer data)
{
  g_autoptr (AlcoveServerSignaller) self = g_object_ref (data);

  alcove_timer_clear (&get_private (self)->join_timer);
  alcove_server_signaller_restart (
      self, ALCOVE_ERROR_WRONG_PROTOCOL,
      _ (ALCOVE_SERVER_SIGNALLER_GET_CLASS (self)->wrong_protocol));
  return G_SOURCE_REMOVE;
}

static void
on_connecting (AlcoveServerSignaller *self)
{
  AlcoveServerSignallerPrivate *priv = get_private (self);
  AlcoveServerSignallerClass *klass = ALCOVE_SERVER_SIGNALLER_GET_CLASS (self);
  g_autofree char *uri = klass->build_uri != NULL ? klass->build_uri (self, priv->server)
                                                  : g_uri_to_string (priv->server);

  alcove_transport_set_uri (priv->transport, uri);
}

static void
on_opened (AlcoveServerSignaller *self)
{
  AlcoveServerSignallerPrivate *priv = get_private (self);

  if (priv->leaving || priv->over)
    return;

  priv->joined = FALSE;
  alcove_server_signaller_await_entry (self);
  ALCOVE_SERVER_SIGNALLER_GET_CLASS (self)->enter (self);
}

static void
on_message (AlcoveServerSignaller *self,
            const char *text)
{
  AlcoveServerSignallerPrivate *priv = get_private (self);
  g_autoptr (AlcoveServerSignaller) keep = g_object_ref (self);

  if (!priv->leaving && !priv->over)
    ALCOVE_SERVER_SIGNALLER_GET_CLASS (self)->message (self, text);
}

static void
on_dropped (AlcoveServerSignaller *self,
            const GError *error)
{
  AlcoveServerSignallerPrivate *priv = get_private (self);
  AlcoveServerSignallerClass *klass = ALCOVE_SERVER_SIGNALLER_GET_CLASS (self);
  g_autoptr (AlcoveServerSignaller) keep = g_object_ref (self);

  alcove_timer_clear (&priv->join_timer);
  priv->joined = FALSE;
  if (klass->lost != NULL)
    klass->lost (self);
  if (priv->leaving || priv->over)
    return;

  if (alcove_server_signaller_gives_up (self))
    fail (self, error);
  else
    alcove_signaller_emit_disconnected (ALCOVE_SIGNALLER (self), error);
}

static void
on_failed (AlcoveServerSignaller *self,
           const GError *error)
{
  AlcoveServerSignallerPrivate *priv = get_private (self);

  if (!priv->leaving && !priv->over)
    fail (self, error);
}

static void
on_closed (AlcoveServerSignaller *self)
{
  if (get_private (self)->leaving)
    alcove_signaller_emit_left (ALCOVE_SIGNALLER (self));
}

static gboolean
check_room (AlcoveServerSignaller *self,
            const char *room,
            GError **error)
{
  AlcoveServerSignallerClass *klass = ALCOVE_SERVER_SIGNALLER_GET_CLASS (self);

  if (room == NULL || *room == '\0')
    {
      g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_FAILED,
                           _ ("The room needs a name."));
      return FALSE;
    }
  if (strlen (room) > klass->max_room)
    {
      g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_TOO_LARGE,
                           _ ("The name of the room is too long."));
      return FALSE;
    }

  return klass->check_room == NULL || klass->check_room (self, room, error);
}

static void
alcove_server_signaller_connect (AlcoveSignaller *signaller,
                                 const char *room,
                                 const char *name,
                                 AlcoveRole role)
{
  AlcoveServerSignaller *self = ALCOVE_SERVER_SIGNALLER (signaller);
  AlcoveServerSignallerPrivate *priv = get_private (self);
  g_autoptr (GError) error = NULL;

  if (!check_room (self, room, &error))
    {
      fail (self, error);
      return;
    }

  g_free (priv->room);
  g_free (priv->name);
  priv->room = g_strdup (room);
  priv->name = g_strdup (name);
  alcove_transport_set_persistent (priv->transport, alcove_signaller_get_persistent (signaller));
  alcove_transport_open (priv->transport);
}

static AlcoveTransport *
alcove_server_signaller_get_transport (AlcoveSignaller *signaller)
{
  return get_private (ALCOVE_SERVER_SIGNALLER (signaller))->transport;
}

static void
alcove_server_signaller_leave (AlcoveSignaller *signaller)
{
  AlcoveServerSignaller *self = ALCOVE_SERVER_SIGNALLER (signaller);
  AlcoveServerSignallerPrivate *priv = get_private (self);
  AlcoveServerSignallerClass *klass = ALCOVE_SERVER_SIGNALLER_GET_CLASS (self);

  if (priv->leaving)
    return;

  if (priv->joined && klass->farewell != NULL)
    klass->farewell (self);
  priv->leaving = TRUE;
  stop (self);

  if (alcove_transport_get_state (priv->transport) == ALCOVE_TRANSPORT_CLOSED)
    alcove_signaller_emit_left (signaller);
  else
    alcove_transport_close (priv->transport);
}

static void
alcove_server_signaller_constructed (GObject *object)
{
  AlcoveServerSignaller *self = ALCOVE_SERVER_SIGNALLER (object);
  AlcoveTransport *transport = get_private (self)->transport;

  G_OBJECT_CLASS (alcove_server_signaller_parent_class)->constructed (object);

  g_signal_connect_swapped (transport, "connecting", G_CALLBACK (on_connecting), self);
  g_signal_connect_swapped (transport, "opened", G_CALLBACK (on_opened), self);
  g_signal_connect_swapped (transport, "message", G_CALLBACK (on_message), self);
  g_signal_connect_swapped (transport, "dropped", G_CALLBACK (on_dropped), self);
  g_signal_connect_swapped (transport, "failed", G_CALLBACK (on_failed), self);
  g_signal_connect_swapped (transport, "closed", G_CALLBACK (on_closed), self);
}

static void
alcove_server_signaller_set_property (GObject *object,
                                      guint id,
                                      const GValue *value,
                                      GParamSpec *pspec)
{
  AlcoveServerSignallerPrivate *priv = get_private (ALCOVE_SERVER_SIGNALLER (object));

  switch (id)
    {
    case PROP_SERVER:
      priv->server = g_value_dup_boxed (value);
      break;
    case PROP_TRANSPORT:
      priv->transport = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
alcove_server_signaller_dispose (GObject *object)
{
  AlcoveServerSignallerPrivate *priv = get_private (ALCOVE_SERVER_SIGNALLER (object));

  alcove_timer_clear (&priv->join_timer);
  if (priv->transport != NULL)
    g_signal_handlers_disconnect_by_data (priv->transport, object);
  g_clear_object (&priv->transport);

  G_OBJECT_CLASS (alcove_server_signaller_parent_class)->dispose (object);
}

static void
alcove_server_signaller_finalize (GObject *object)
{
  AlcoveServerSignallerPrivate *priv = get_private (ALCOVE_SERVER_SIGNALLER (object));

  g_free (priv->room);
  g_free (priv->name);
  g_clear_pointer (&priv->server, g_uri_unref);

  G_OBJECT_CLASS (alcove_server_signaller_parent_class)->finalize (object);
}

static void
alcove_server_signaller_class_init (AlcoveServerSignallerClass *klass)
{
  const GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_EXPLICIT_NOTIFY
                            | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  AlcoveSignallerClass *signaller_class = ALCOVE_SIGNALLER_CLASS (klass);

  object_class->constructed = alcove_server_signaller_constructed;
  object_class->set_property = alcove_server_signaller_set_property;
  object_class->dispose = alcove_server_signaller_dispose;
  object_class->finalize = alcove_server_signaller_finalize;
  signaller_class->connect = alcove_server_signaller_connect;
  signaller_class->leave = alcove_server_signaller_leave;
  signaller_class->get_transport = alcove_server_signaller_get_transport;

  /**
   * AlcoveServerSignaller:server:
   *
   * The server's address, from alcove_address_parse().
   */
  props[PROP_SERVER] = g_param_spec_boxed ("server", NULL, NULL, G_TYPE_URI, flags);

  /**
   * AlcoveServerSignaller:transport:
   *
   * What carries the messages; not open yet when it is given.
   */
  props[PROP_TRANSPORT]
      = g_param_spec_object ("transport", NULL, NULL, ALCOVE_TYPE_TRANSPORT, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
alcove_server_signaller_init (AlcoveServerSignaller *self)
{
  get_private (self)->join_ms = DEFAULT_JOIN_WAIT_MS;
}

/**
 * alcove_server_signaller_get_room:
 * @self: a signaller that was connected
 *
 * Returns: (transfer none): the room's name
 */
const char *
alcove_server_signaller_get_room (AlcoveServerSignaller *self)
{
  return get_private (self)->room;
}

/**
 * alcove_server_signaller_is_joined:
 * @self: a signaller
 *
 * Returns: whether we are in the room, and stay there
 */
gboolean
alcove_server_signaller_is_joined (AlcoveServerSignaller *self)
{
  return get_private (self)->joined;
}

/**
 * alcove_server_signaller_was_joined:
 * @self: a signaller
 *
 * Returns: whether we are in the room, or have ever been
 */
gboolean
alcove_server_signaller_was_joined (AlcoveServerSignaller *self)
{
  return get_private (self)->joined_once;
}

/**
 * alcove_server_signaller_gives_up:
 * @self: a signaller
 *
 * Returns: whether a failure is the end: only while nobody asked to try for ever and nothing
 *   ever worked
 */
gboolean
alcove_server_signaller_gives_up (AlcoveServerSignaller *self)
{
  return !get_private (self)->joined_once
         && !alcove_signaller_get_persistent (ALCOVE_SIGNALLER (self));
}

/**
 * alcove_server_signaller_set_join_wait:
 * @self: a signaller that is not connected yet
 * @milliseconds: how long the server has to let us in, once the connection is open
 */
void
alcove_server_signaller_set_join_wait (AlcoveServerSignaller *self,
                                       guint milliseconds)
{
  get_private (self)->join_ms = milliseconds;
}

/**
 * alcove_server_signaller_send:
 * @self: a signaller
 * @text: one message
 *
 * Sends a message over the connection that is open.
 */
void
alcove_server_signaller_send (AlcoveServerSignaller *self,
                              const char *text)
{
  alcove_transport_send (get_private (self)->transport, text);
}

/**
 * alcove_server_signaller_await_entry:
 * @self: a signaller whose connection is open
 *
 * For subclasses that ask to be let in more than once over one connection: the server has its
 * whole time again.
 */
void
alcove_server_signaller_await_entry (AlcoveServerSignaller *self)
{
  AlcoveServerSignallerPrivate *priv = get_private (self);

  alcove_timer_set (&priv->join_timer, priv->join_ms, on_join_wait, self);
}

/**
 * alcove_server_signaller_is_awaited:
 * @self: a signaller
 *
 * Returns: whether the server has neither let us in nor refused to since it was asked
 */
gboolean
alcove_server_signaller_is_awaited (AlcoveServerSignaller *self)
{
  return get_private (self)->join_timer != NULL;
}

/**
 * alcove_server_signaller_refused:
 * @self: a signaller
 *
 * For subclasses: the server has answered, but does not let us in.
 */
void
alcove_server_signaller_refused (AlcoveServerSignaller *self)
{
  alcove_timer_clear (&get_private (self)->join_timer);
}

/**
 * alcove_server_signaller_entered:
 * @self: a signaller
 * @self_id: our own id in the room
 *
 * For subclasses: the server has let us in. Emits `joined`; the members follow, and
 * then alcove_server_signaller_announced().
 *
 * Returns: whether we are still there after that
 */
gboolean
alcove_server_signaller_entered (AlcoveServerSignaller *self,
                                 const char *self_id)
{
  AlcoveServerSignallerPrivate *priv = get_private (self);

  alcove_timer_clear (&priv->join_timer);
  priv->again = priv->joined_once;
  priv->joined = TRUE;
  priv->joined_once = TRUE;
  alcove_signaller_emit_joined (ALCOVE_SIGNALLER (self), self_id);
  return priv->joined;
}

/**
 * alcove_server_signaller_announced:
 * @self: a signaller
 *
 * For subclasses: whoever is known to be in the room has been announced. Emits
 * `reconnected` where we had been in the room before.
 */
void
alcove_server_signaller_announced (AlcoveServerSignaller *self)
{
  AlcoveServerSignallerPrivate *priv = get_private (self);
  gboolean again = priv->again;

  priv->again = FALSE;
  if (again && priv->joined)
    alcove_signaller_emit_reconnected (ALCOVE_SIGNALLER (self));
}

/**
 * alcove_server_signaller_exited:
 * @self: a signaller
 *
 * For subclasses: we are in no room any more, while the connection goes on.
 */
void
alcove_server_signaller_exited (AlcoveServerSignaller *self)
{
  get_private (self)->joined = FALSE;
}

/**
 * alcove_server_signaller_fail:
 * @self: a signaller
 * @code: what is wrong
 * @sentence: the same for a person, translated
 *
 * For subclasses: gives up for good, whatever worked before. Emits `failed`.
 */
void
alcove_server_signaller_fail (AlcoveServerSignaller *self,
                              AlcoveError code,
                              const char *sentence)
{
  g_autoptr (GError) error = g_error_new_literal (ALCOVE_ERROR, (int) code, sentence);

  fail (self, error);
}

/**
 * alcove_server_signaller_report:
 * @self: a signaller
 * @code: what kind of problem
 * @sentence: the same for a person, translated
 *
 * For subclasses: emits `problem`.
 */
void
alcove_server_signaller_report (AlcoveServerSignaller *self,
                                AlcoveError code,
                                const char *sentence)
{
  g_autoptr (GError) error = g_error_new_literal (ALCOVE_ERROR, (int) code, sentence);

  alcove_server_signaller_report_error (self, error);
}

/**
 * alcove_server_signaller_report_error:
 * @self: a signaller
 * @error: why a message was dropped
 *
 * For subclasses: emits `problem`.
 */
void
alcove_server_signaller_report_error (AlcoveServerSignaller *self,
                                      const GError *error)
{
  g_debug ("A message was dropped: %s", error->message);
  alcove_signaller_emit_problem (ALCOVE_SIGNALLER (self), error);
}

/**
 * alcove_server_signaller_restart:
 * @self: a signaller
 * @code: what is wrong with the connection
 * @sentence: the same for a person, translated
 *
 * For subclasses: gives the connection up. Another one follows, if anything ever worked or
 * the signaller is persistent; otherwise it emits `failed`.
 */
void
alcove_server_signaller_restart (AlcoveServerSignaller *self,
                                 AlcoveError code,
                                 const char *sentence)
{
  g_autoptr (GError) error = g_error_new_literal (ALCOVE_ERROR, (int) code, sentence);

  restart (self, error);
}
