/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-session"

#include "config.h"

#include "alcove-session.h"

#include "alcove-error.h"
#include "alcove-invitation.h"
#include "alcove-protocols.h"

/**
 * AlcoveSession:
 *
 * Gets us into a room and out of it: starts the embedded server if the room is on
 * this computer, makes the signaller and the room, and, if the request is
 * persistent, makes them anew for as long as it takes.
 *
 * Signals:
 *  - `joined`: we are in the room that alcove_session_get_room() returns.
 *  - `failed (GError, seconds)`: could not join or lost for good; tried again in
 *    `seconds`, or not at all if that is 0.
 *
 * Property `leaving`: rooms that were left are still being told so.
 */

/* Seconds between tries of a persistent request. */
#define RETRY_FIRST 1
#define RETRY_LAST 30

/* Milliseconds that a server has for our farewell. */
#define LEAVE_TIMEOUT 1500

enum {
  PROP_0,
  PROP_ROOM,
  PROP_LEAVING,
  N_PROPS,
};

enum {
  JOINED,
  FAILED,
  N_SIGNALS,
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

struct _AlcoveSession {
  GObject parent_instance;

  AlcoveHost *host;
  AlcovePeerLinkFactory *factory;
  AlcoveTrust *trust;
  AlcoveJoin *join;
  char *server;
  AlcoveRoom *room;
  gboolean joined;

  GPtrArray *leaving;
  guint leave_id;

  guint retry_id;
  guint retry_seconds;
};

G_DEFINE_FINAL_TYPE (AlcoveSession, alcove_session, G_TYPE_OBJECT)

static void try_join (AlcoveSession *self);

static void
drop_room (AlcoveSession *self)
{
  g_autoptr (AlcoveRoom) room = g_steal_pointer (&self->room);

  if (room == NULL)
    return;

  g_signal_handlers_disconnect_by_data (room, self);
  self->joined = FALSE;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ROOM]);
}

static gboolean
retry_cb (gpointer data)
{
  AlcoveSession *self = data;

  self->retry_id = 0;
  try_join (self);

  return G_SOURCE_REMOVE;
}

static void
fail (AlcoveSession *self,
      const GError *error)
{
  g_autoptr (AlcoveSession) guard = g_object_ref (self);
  guint seconds = 0;

  g_message ("Not in the room: %s", error->message);
  drop_room (self);

  if (self->join != NULL && self->join->persistent)
    {
      seconds = self->retry_seconds;
      self->retry_seconds = MIN (self->retry_seconds * 2, RETRY_LAST);
      g_clear_handle_id (&self->retry_id, g_source_remove);
      self->retry_id = g_timeout_add_seconds (seconds, retry_cb, self);
    }

  g_signal_emit (self, signals[FAILED], 0, error, seconds);
}

static void
room_failed_cb (AlcoveSession *self,
                const GError *error,
                AlcoveRoom *room)
{
  /* the error belongs to the emission, and the room may not outlive it */
  g_autoptr (GError) copy = g_error_copy (error);

  fail (self, copy);
}

static void
room_state_cb (AlcoveSession *self)
{
  if (self->joined || alcove_room_get_state (self->room) != ALCOVE_ROOM_JOINED)
    return;

  self->joined = TRUE;
  self->retry_seconds = RETRY_FIRST;
  g_signal_emit (self, signals[JOINED], 0);
}

static gboolean
find_server (AlcoveSession *self,
             GError **error)
{
  g_clear_pointer (&self->server, g_free);

  if (self->join->where == ALCOVE_WHERE_SERVER)
    {
      self->server = g_strdup (self->join->server);
      return TRUE;
    }

  if (!alcove_host_start (self->host, self->join->where == ALCOVE_WHERE_THIS_NETWORK, error))
    return FALSE;

  self->server = alcove_host_dup_uri (self->host);
  return TRUE;
}

static void
try_join (AlcoveSession *self)
{
  g_autoptr (AlcoveSignaller) signaller = NULL;
  g_autoptr (AlcoveRoom) room = NULL;
  g_autoptr (GError) error = NULL;
  const char *protocol = self->join->protocol != NULL ? self->join->protocol : "skyrtc";

  if (find_server (self, &error))
    signaller = alcove_protocols_new_signaller (protocol, self->server, &error);
  if (signaller == NULL || !alcove_signaller_set_id (signaller, self->join->id, &error))
    {
      fail (self, error);
      return;
    }

  if (self->trust != NULL)
    alcove_trust_clear_refused (self->trust);
  alcove_signaller_set_trust (signaller, self->trust);
  alcove_signaller_set_persistent (signaller, self->join->persistent);
  self->room = alcove_room_new (signaller, self->factory, self->join->room, self->join->name,
                                self->join->role);
  g_signal_connect_object (self->room, "failed", G_CALLBACK (room_failed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->room, "notify::state", G_CALLBACK (room_state_cb), self,
                           G_CONNECT_SWAPPED);
  /* it may fail, and be dropped for it, before it returns */
  room = g_object_ref (self->room);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ROOM]);
  alcove_room_join (room);
}

static void
room_left_cb (AlcoveSession *self,
              AlcoveRoom *room)
{
  g_signal_handlers_disconnect_by_data (room, self);
  g_ptr_array_remove (self->leaving, room);

  if (self->leaving->len == 0)
    {
      g_clear_handle_id (&self->leave_id, g_source_remove);
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LEAVING]);
    }
}

static gboolean
leave_timeout_cb (gpointer data)
{
  AlcoveSession *self = data;

  self->leave_id = 0;
  for (guint i = 0; i < self->leaving->len; i++)
    g_signal_handlers_disconnect_by_data (g_ptr_array_index (self->leaving, i), self);
  g_ptr_array_set_size (self->leaving, 0);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LEAVING]);

  return G_SOURCE_REMOVE;
}

static void
alcove_session_get_property (GObject *object,
                             guint id,
                             GValue *value,
                             GParamSpec *pspec)
{
  AlcoveSession *self = ALCOVE_SESSION (object);

  switch (id)
    {
    case PROP_ROOM:
      g_value_set_object (value, self->room);
      break;
    case PROP_LEAVING:
      g_value_set_boolean (value, alcove_session_get_leaving (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
alcove_session_dispose (GObject *object)
{
  AlcoveSession *self = ALCOVE_SESSION (object);

  g_clear_handle_id (&self->retry_id, g_source_remove);
  g_clear_handle_id (&self->leave_id, g_source_remove);
  if (self->room != NULL)
    g_signal_handlers_disconnect_by_data (self->room, self);
  g_clear_object (&self->room);
  for (guint i = 0; i < self->leaving->len; i++)
    g_signal_handlers_disconnect_by_data (g_ptr_array_index (self->leaving, i), self);
  g_ptr_array_set_size (self->leaving, 0);
  g_clear_object (&self->factory);
  g_clear_object (&self->trust);
  g_clear_object (&self->host);

  G_OBJECT_CLASS (alcove_session_parent_class)->dispose (object);
}

static void
alcove_session_finalize (GObject *object)
{
  AlcoveSession *self = ALCOVE_SESSION (object);

  g_clear_pointer (&self->join, alcove_join_free);
  g_ptr_array_unref (self->leaving);
  g_free (self->server);

  G_OBJECT_CLASS (alcove_session_parent_class)->finalize (object);
}

static void
alcove_session_class_init (AlcoveSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags
      = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = alcove_session_get_property;
  object_class->dispose = alcove_session_dispose;
  object_class->finalize = alcove_session_finalize;

  props[PROP_ROOM] = g_param_spec_object ("room", NULL, NULL, ALCOVE_TYPE_ROOM, flags);
  props[PROP_LEAVING] = g_param_spec_boolean ("leaving", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[JOINED] = g_signal_new ("joined", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 2, G_TYPE_ERROR, G_TYPE_UINT);
}

static void
alcove_session_init (AlcoveSession *self)
{
  self->leaving = g_ptr_array_new_with_free_func (g_object_unref);
  self->retry_seconds = RETRY_FIRST;
}

/**
 * alcove_session_new:
 * @host: the embedded server
 * @factory: (nullable): makes the links to the others
 *
 * Returns: (transfer full): a session in no room
 */
AlcoveSession *
alcove_session_new (AlcoveHost *host,
                    AlcovePeerLinkFactory *factory)
{
  AlcoveSession *self = g_object_new (ALCOVE_TYPE_SESSION, NULL);

  self->host = g_object_ref (host);
  g_set_object (&self->factory, factory);

  return self;
}

/**
 * alcove_session_set_factory:
 * @self: a session
 * @factory: (nullable): makes the links of rooms that are joined from now on
 */
void
alcove_session_set_factory (AlcoveSession *self,
                            AlcovePeerLinkFactory *factory)
{
  g_set_object (&self->factory, factory);
}

/**
 * alcove_session_set_trust:
 * @self: a session
 * @trust: (nullable): the certificates accepted as exceptions, for rooms that are joined from
 *   now on
 */
void
alcove_session_set_trust (AlcoveSession *self,
                          AlcoveTrust *trust)
{
  g_set_object (&self->trust, trust);
}

/**
 * alcove_session_join:
 * @self: a session
 * @join: what to join
 *
 * Leaves the room we are in and goes for another one. Answers with `joined`
 * or `failed`, the latter possibly before this returns.
 */
void
alcove_session_join (AlcoveSession *self,
                     const AlcoveJoin *join)
{
  g_autoptr (AlcoveJoin) copy = alcove_join_copy (join);

  alcove_session_leave (self);

  g_clear_pointer (&self->join, alcove_join_free);
  self->join = g_steal_pointer (&copy);
  self->retry_seconds = RETRY_FIRST;
  try_join (self);
}

/**
 * alcove_session_leave:
 * @self: a session
 *
 * Leaves the room, or stops trying to join it. We are out of it at once; the
 * server is told in the background, see `leaving`.
 */
void
alcove_session_leave (AlcoveSession *self)
{
  /* the room may say goodbye, and be dropped by us for it, before it returns */
  g_autoptr (AlcoveRoom) room = self->room != NULL ? g_object_ref (self->room) : NULL;

  g_clear_handle_id (&self->retry_id, g_source_remove);
  if (room == NULL)
    return;

  g_ptr_array_add (self->leaving, g_object_ref (room));
  drop_room (self);
  g_signal_connect_swapped (room, "left", G_CALLBACK (room_left_cb), self);
  g_clear_handle_id (&self->leave_id, g_source_remove);
  self->leave_id = g_timeout_add (LEAVE_TIMEOUT, leave_timeout_cb, self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LEAVING]);

  alcove_room_leave (room);
}

/**
 * alcove_session_get_room:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): the room we are in or about to join
 */
AlcoveRoom *
alcove_session_get_room (AlcoveSession *self)
{
  return self->room;
}

/**
 * alcove_session_get_join:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): the last request
 */
const AlcoveJoin *
alcove_session_get_join (AlcoveSession *self)
{
  return self->join;
}

/**
 * alcove_session_get_leaving:
 * @self: a session
 *
 * Returns: whether a room that was left is still being told so
 */
gboolean
alcove_session_get_leaving (AlcoveSession *self)
{
  return self->leaving->len > 0;
}

/**
 * alcove_session_dup_invitation:
 * @self: a session that joined
 *
 * Returns: (transfer full) (nullable): the link that brings others into the room
 */
char *
alcove_session_dup_invitation (AlcoveSession *self)
{
  g_autoptr (AlcoveInvitation) invitation = NULL;
  g_autofree char *server = NULL;
  const char *id;
  const AlcoveProtocol *protocol;

  if (self->join == NULL || self->server == NULL)
    return NULL;

  id = self->join->protocol != NULL ? self->join->protocol : "skyrtc";
  protocol = alcove_protocols_find (id);
  /* complete, for whoever does not know the protocol's usual port and path */
  server = self->join->where == ALCOVE_WHERE_SERVER
               ? alcove_protocols_complete_address (id, self->server, NULL)
               : alcove_host_dup_public_uri (self->host);
  if (server == NULL)
    return NULL;

  invitation = alcove_invitation_new (id, server, self->join->room);
  /* there is one dispatcher at most, and it is not whom one invites */
  if (protocol != NULL && protocol->has_roles)
    alcove_invitation_set_role (invitation, "member");

  return alcove_invitation_to_text (invitation);
}
