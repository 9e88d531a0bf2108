/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-room"

#include "config.h"

#include "alcove-room.h"

#include "alcove-debug.h"
#include "alcove-error.h"
#include "alcove-inband.h"
#include "alcove-room-private.h"

/*
 * The room: who is in it. It turns the signaller's announcements into members, each
 * with a participant to show and a peer that negotiates, hands messages from the one to
 * the other, and makes up for what a protocol lacks.
 *
 * Here is the object itself, its state and what the window calls. What the signaller
 * reports is in alcove-room-signalling.c, the members are in alcove-room-members.c, and
 * what is said to them is in alcove-room-talk.c.
 */

enum {
  PROP_0,
  PROP_STATE,
  PROP_NAME,
  PROP_SELF_ID,
  PROP_SELF_NAME,
  PROP_MUTED,
  PROP_CAMERA_OFF,
  PROP_EXPECT_FRAMES,
  PROP_PERSISTENT,
  PROP_TROUBLE,
  N_PROPS
};

enum {
  FAILED,
  PROBLEM,
  CHAT,
  FILE_OFFERED,
  PARTICIPANT_EVENT,
  MOVED,
  PAIRS_CHANGED,
  CHECKING,
  FIRST_FRAME,
  LEFT,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

static void alcove_room_list_model_init (GListModelInterface *iface);

G_DEFINE_ENUM_TYPE (AlcoveRoomState,
                    alcove_room_state,
                    G_DEFINE_ENUM_VALUE (ALCOVE_ROOM_IDLE, "idle"),
                    G_DEFINE_ENUM_VALUE (ALCOVE_ROOM_JOINING, "joining"),
                    G_DEFINE_ENUM_VALUE (ALCOVE_ROOM_JOINED, "joined"),
                    G_DEFINE_ENUM_VALUE (ALCOVE_ROOM_RECONNECTING, "reconnecting"),
                    G_DEFINE_ENUM_VALUE (ALCOVE_ROOM_LEAVING, "leaving"),
                    G_DEFINE_ENUM_VALUE (ALCOVE_ROOM_LEFT, "left"))

G_DEFINE_FINAL_TYPE_WITH_CODE (AlcoveRoom,
                               alcove_room,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      alcove_room_list_model_init))

static gint64
monotonic_clock (gpointer user_data)
{
  return g_get_monotonic_time ();
}

gboolean
alcove_room_is_active (AlcoveRoom *self)
{
  return self->state == ALCOVE_ROOM_JOINING || self->state == ALCOVE_ROOM_JOINED
         || self->state == ALCOVE_ROOM_RECONNECTING;
}

void
alcove_room_set_state (AlcoveRoom *self,
                       AlcoveRoomState state)
{
  if (self->state == state)
    return;

  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

void
alcove_room_set_trouble (AlcoveRoom *self,
                         const char *trouble)
{
  if (g_strcmp0 (self->trouble, trouble) == 0)
    return;

  g_free (self->trouble);
  self->trouble = g_strdup (trouble);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TROUBLE]);
}

void
alcove_room_set_self_id (AlcoveRoom *self,
                         const char *self_id)
{
  if (g_strcmp0 (self->self_id, self_id) == 0)
    return;

  g_free (self->former_id);
  self->former_id = g_steal_pointer (&self->self_id);
  self->self_id = g_strdup (self_id);
  self->generation++;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SELF_ID]);
}

void
alcove_room_report (AlcoveRoom *self,
                    AlcoveParticipant *participant,
                    AlcoveError code,
                    const char *message)
{
  g_autoptr (GError) error = g_error_new_literal (ALCOVE_ERROR, (int) code, message);

  alcove_room_emit_problem (self, error, participant);
}

void
alcove_room_stop_timers (AlcoveRoom *self)
{
  g_clear_handle_id (&self->tick_source, g_source_remove);
  g_clear_handle_id (&self->leave_source, g_source_remove);
  g_clear_handle_id (&self->part_source, g_source_remove);
}

static gboolean
tick_cb (gpointer user_data)
{
  alcove_room_tick (user_data);
  return G_SOURCE_CONTINUE;
}

static gboolean
leave_timeout_cb (gpointer user_data)
{
  AlcoveRoom *self = user_data;

  self->leave_source = 0;
  alcove_room_finish_leaving (self);
  return G_SOURCE_REMOVE;
}

/* Channels first: once the server is through, the links are gone, and a channel with them that
 * was still closing. And goodbyes: else the server's word that we are gone could be all that the
 * others hear, and they would wait for us with a picture that stands still. */
void
alcove_room_check_parting (AlcoveRoom *self)
{
  if (self->part_until == 0 || self->state != ALCOVE_ROOM_LEAVING)
    return;

  for (guint i = 0; i < self->members->len
                    && self->clock (self->clock_data) < self->part_until; i++)
    {
      AlcoveRoomMember *member = self->members->pdata[i];

      if (member->parting || member->bye_awaited)
        return;
    }

  self->part_until = 0;
  g_clear_handle_id (&self->part_source, g_source_remove);
  alcove_signaller_leave (self->signaller);
}

static gboolean
part_timeout_cb (gpointer user_data)
{
  AlcoveRoom *self = user_data;

  self->part_source = 0;
  self->part_until = 0;
  alcove_signaller_leave (self->signaller);
  return G_SOURCE_REMOVE;
}

static GType
alcove_room_get_item_type (GListModel *model)
{
  return ALCOVE_TYPE_PARTICIPANT;
}

static guint
alcove_room_get_n_items (GListModel *model)
{
  return ALCOVE_ROOM (model)->members->len;
}

static gpointer
alcove_room_get_item (GListModel *model,
                      guint position)
{
  AlcoveRoom *self = ALCOVE_ROOM (model);

  if (position >= self->members->len)
    return NULL;
  return g_object_ref (((AlcoveRoomMember *) self->members->pdata[position])->participant);
}

static void
alcove_room_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = alcove_room_get_item_type;
  iface->get_n_items = alcove_room_get_n_items;
  iface->get_item = alcove_room_get_item;
}

static void
alcove_room_get_property (GObject *object,
                          guint id,
                          GValue *value,
                          GParamSpec *pspec)
{
  AlcoveRoom *self = ALCOVE_ROOM (object);

  switch (id)
    {
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_SELF_ID:
      g_value_set_string (value, self->self_id);
      break;
    case PROP_SELF_NAME:
      g_value_set_string (value, self->self_name);
      break;
    case PROP_MUTED:
      g_value_set_boolean (value, self->muted);
      break;
    case PROP_CAMERA_OFF:
      g_value_set_boolean (value, self->camera_off);
      break;
    case PROP_EXPECT_FRAMES:
      g_value_set_boolean (value, self->expect_frames);
      break;
    case PROP_PERSISTENT:
      g_value_set_boolean (value, alcove_signaller_get_persistent (self->signaller));
      break;
    case PROP_TROUBLE:
      g_value_set_string (value, self->trouble);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
alcove_room_set_property (GObject *object,
                          guint id,
                          const GValue *value,
                          GParamSpec *pspec)
{
  AlcoveRoom *self = ALCOVE_ROOM (object);

  switch (id)
    {
    case PROP_MUTED:
      alcove_room_set_muted (self, g_value_get_boolean (value));
      break;
    case PROP_CAMERA_OFF:
      alcove_room_set_camera_off (self, g_value_get_boolean (value));
      break;
    case PROP_EXPECT_FRAMES:
      alcove_room_set_expect_frames (self, g_value_get_boolean (value));
      break;
    case PROP_PERSISTENT:
      alcove_room_set_persistent (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
alcove_room_dispose (GObject *object)
{
  AlcoveRoom *self = ALCOVE_ROOM (object);

  alcove_room_stop_timers (self);
  if (self->signaller != NULL)
    g_signal_handlers_disconnect_by_data (self->signaller, self);
  self->state = ALCOVE_ROOM_LEFT;
  alcove_room_drop_members (self);
  g_clear_object (&self->signaller);
  g_clear_object (&self->factory);

  G_OBJECT_CLASS (alcove_room_parent_class)->dispose (object);
}

static void
alcove_room_finalize (GObject *object)
{
  AlcoveRoom *self = ALCOVE_ROOM (object);

  g_ptr_array_unref (self->members);
  g_ptr_array_unref (self->newcomers);
  alcove_room_volumes_clear (self);
  g_object_unref (self->talk);
  g_free (self->name);
  g_free (self->self_id);
  g_free (self->former_id);
  g_free (self->self_name);
  g_free (self->trouble);

  G_OBJECT_CLASS (alcove_room_parent_class)->finalize (object);
}

static guint
new_signal (const char *name,
            guint n_params,
            GType first,
            GType second,
            GType third)
{
  GType types[] = { first, second, third };

  return g_signal_newv (name, ALCOVE_TYPE_ROOM, G_SIGNAL_RUN_LAST, NULL, NULL, NULL, NULL,
                        G_TYPE_NONE, n_params, types);
}

static void
alcove_room_class_init (AlcoveRoomClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags readable
      = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  const GParamFlags writable = readable | G_PARAM_WRITABLE;

  object_class->get_property = alcove_room_get_property;
  object_class->set_property = alcove_room_set_property;
  object_class->dispose = alcove_room_dispose;
  object_class->finalize = alcove_room_finalize;

  props[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, ALCOVE_TYPE_ROOM_STATE,
                                         ALCOVE_ROOM_IDLE, readable);
  props[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, readable);
  props[PROP_SELF_ID] = g_param_spec_string ("self-id", NULL, NULL, NULL, readable);
  props[PROP_SELF_NAME] = g_param_spec_string ("self-name", NULL, NULL, NULL, readable);
  props[PROP_MUTED] = g_param_spec_boolean ("muted", NULL, NULL, FALSE, writable);
  props[PROP_CAMERA_OFF] = g_param_spec_boolean ("camera-off", NULL, NULL, FALSE, writable);
  /**
   * AlcoveRoom:expect-frames:
   *
   * Whether the age of decoded frames tells that somebody is live. Without
   * decoding, received bytes and heartbeats tell.
   */
  props[PROP_EXPECT_FRAMES] = g_param_spec_boolean ("expect-frames", NULL, NULL, TRUE, writable);
  /**
   * AlcoveRoom:persistent:
   *
   * Whether a server that can't be reached at first is tried for ever. Set it before
   * alcove_room_join().
   */
  props[PROP_PERSISTENT] = g_param_spec_boolean ("persistent", NULL, NULL, FALSE, writable);
  /**
   * AlcoveRoom:trouble:
   *
   * Why the last attempt to reach the server failed, as a plain sentence, while others
   * follow by themselves; %NULL when we are in the room.
   */
  props[PROP_TROUBLE] = g_param_spec_string ("trouble", NULL, NULL, NULL, readable);
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[FAILED] = new_signal ("failed", 1, G_TYPE_ERROR, 0, 0);
  signals[PROBLEM] = new_signal ("problem", 2, G_TYPE_ERROR, ALCOVE_TYPE_PARTICIPANT, 0);
  signals[CHAT] = new_signal ("chat", 2, ALCOVE_TYPE_PARTICIPANT, G_TYPE_STRING, 0);
  signals[FILE_OFFERED] = new_signal ("file", 1, ALCOVE_TYPE_TRANSFER, 0, 0);
  signals[PARTICIPANT_EVENT]
      = new_signal ("participant-event", 2, ALCOVE_TYPE_PARTICIPANT, G_TYPE_STRING, 0);
  signals[PAIRS_CHANGED] = new_signal ("pairs-changed", 0, 0, 0, 0);
  signals[MOVED] = new_signal ("moved", 2, ALCOVE_TYPE_PARTICIPANT, G_TYPE_STRING, 0);
  signals[CHECKING] = new_signal ("checking", 1, ALCOVE_TYPE_PARTICIPANT, 0, 0);
  signals[FIRST_FRAME]
      = new_signal ("first-frame", 3, ALCOVE_TYPE_PARTICIPANT, G_TYPE_INT, G_TYPE_INT);
  signals[LEFT] = new_signal ("left", 0, 0, 0, 0);
}

static void
alcove_room_init (AlcoveRoom *self)
{
  self->members
      = g_ptr_array_new_with_free_func ((GDestroyNotify) alcove_room_member_unref);
  self->newcomers = alcove_room_moves_new_list ();
  self->talk = g_list_store_new (G_TYPE_OBJECT);
  self->expect_frames = TRUE;
  self->clock = monotonic_clock;
}

void
alcove_room_emit_failed (AlcoveRoom *self,
                         const GError *error)
{
  g_signal_emit (self, signals[FAILED], 0, error);
}

void
alcove_room_emit_left (AlcoveRoom *self)
{
  g_signal_emit (self, signals[LEFT], 0);
}

void
alcove_room_emit_event (AlcoveRoom *self,
                        AlcoveParticipant *participant,
                        const char *event)
{
  g_signal_emit (self, signals[PARTICIPANT_EVENT], 0, participant, event);
}

void
alcove_room_emit_moved (AlcoveRoom *self,
                        AlcoveParticipant *participant,
                        const char *from)
{
  g_signal_emit (self, signals[MOVED], 0, participant, from);
}

void
alcove_room_emit_pairs (AlcoveRoom *self)
{
  g_signal_emit (self, signals[PAIRS_CHANGED], 0);
}

void
alcove_room_emit_checking (AlcoveRoom *self,
                           AlcoveParticipant *participant)
{
  g_signal_emit (self, signals[CHECKING], 0, participant);
}

void
alcove_room_emit_first_frame (AlcoveRoom *self,
                              AlcoveParticipant *participant,
                              int width,
                              int height)
{
  g_signal_emit (self, signals[FIRST_FRAME], 0, participant, width, height);
}

void
alcove_room_emit_chat (AlcoveRoom *self,
                       AlcoveParticipant *participant,
                       const char *text)
{
  g_signal_emit (self, signals[CHAT], 0, participant, text);
}

void
alcove_room_emit_file (AlcoveRoom *self,
                       AlcoveTransfer *transfer)
{
  g_signal_emit (self, signals[FILE_OFFERED], 0, transfer);
}

void
alcove_room_emit_problem (AlcoveRoom *self,
                          const GError *error,
                          AlcoveParticipant *participant)
{
  g_info ("%s: %s: %s",
          participant != NULL ? alcove_participant_get_id (participant) : "room",
          alcove_error_get_code (error), error->message);
  g_signal_emit (self, signals[PROBLEM], 0, error, participant);
}

void
alcove_room_set_clock (AlcoveRoom *self,
                       AlcoveClockFunc clock,
                       gpointer clock_data)
{
  self->clock = clock;
  self->clock_data = clock_data;
}

/* Whether somebody has left without a word. */
static gboolean
has_gone (AlcoveRoom *self,
          AlcoveRoomMember *member)
{
  gint64 now = self->clock (self->clock_data);

  if (member->away_at > 0
      && (!alcove_peer_is_healthy (member->peer)
          || (alcove_peer_get_state (member->peer) != ALCOVE_PEER_CONNECTED
              && now - member->away_at >= ALCOVE_ROOM_AWAY_CONNECT_WITHIN)))
    return TRUE;
  if (alcove_room_moves_has_gone (member))
    return TRUE;

  if (alcove_peer_get_state (member->peer) == ALCOVE_PEER_CONNECTED)
    member->missing_since = 0;
  else if (member->missing_since == 0)
    member->missing_since = now;

  return (alcove_signaller_get_features (self->signaller) & ALCOVE_SIGNALLER_LEAVE_NOTICE) == 0
         && member->missing_since > 0 && now - member->missing_since >= ALCOVE_ROOM_GONE_AFTER;
}

void
alcove_room_tick (AlcoveRoom *self)
{
  g_autoptr (AlcoveRoom) alive = g_object_ref (self);
  g_autoptr (GPtrArray) members = alcove_room_copy_members (self);

  for (guint i = 0; i < members->len && alcove_room_is_active (self); i++)
    {
      AlcoveRoomMember *member = members->pdata[i];

      if (!g_ptr_array_find (self->members, member, NULL))
        continue;
      alcove_room_talk_tick (member);
      alcove_peer_tick (member->peer);
      if (g_ptr_array_find (self->members, member, NULL) && has_gone (self, member))
        alcove_room_remove_member (self, member);
    }

  alcove_room_check_parting (self);
  alcove_room_moves_tick (self);
  alcove_room_measure_tick (self);
  alcove_room_pairs_tick (self);
  alcove_room_pump (self);
}

/**
 * alcove_room_new:
 * @signaller: the way to the others, not connected yet
 * @factory: makes the links
 * @room_name: the room's name, any text
 * @self_name: our own name, any text
 * @role: our role
 *
 * Returns: (transfer full): a room that nobody has entered yet
 */
AlcoveRoom *
alcove_room_new (AlcoveSignaller *signaller,
                 AlcovePeerLinkFactory *factory,
                 const char *room_name,
                 const char *self_name,
                 AlcoveRole role)
{
  AlcoveRoom *self = g_object_new (ALCOVE_TYPE_ROOM, NULL);

  self->signaller = g_object_ref (signaller);
  self->factory = g_object_ref (factory);
  self->name = g_strdup (room_name);
  self->self_name = alcove_inband_clean_name (self_name);
  self->role = role;

  alcove_room_watch_signaller (self);
  return self;
}

/**
 * alcove_room_join:
 * @self: a room
 *
 * Enters the room. Ends in the state %ALCOVE_ROOM_JOINED or in `failed`. A room is
 * entered once.
 */
void
alcove_room_join (AlcoveRoom *self)
{
  g_autoptr (AlcoveRoom) alive = g_object_ref (self);

  if (self->state != ALCOVE_ROOM_IDLE)
    return;

  alcove_debug_print (ALCOVE_DEBUG_TIMING, "joining");
  if (self->clock == monotonic_clock)
    self->tick_source = g_timeout_add (ALCOVE_ROOM_TICK_MS, tick_cb, self);
  alcove_room_set_state (self, ALCOVE_ROOM_JOINING);
  /* Who hears of it may have left again. */
  if (self->state == ALCOVE_ROOM_JOINING)
    alcove_signaller_connect (self->signaller, self->name,
                              self->self_name != NULL ? self->self_name : "", self->role);
}

/**
 * alcove_room_leave:
 * @self: a room
 *
 * Says goodbye and leaves; ends in `left`, hardly more than three seconds later at most.
 */
void
alcove_room_leave (AlcoveRoom *self)
{
  g_autoptr (AlcoveRoom) alive = g_object_ref (self);
  g_autoptr (GPtrArray) members = NULL;

  if (self->state == ALCOVE_ROOM_LEAVING || self->state == ALCOVE_ROOM_LEFT)
    return;

  if (self->state == ALCOVE_ROOM_IDLE)
    {
      alcove_room_set_state (self, ALCOVE_ROOM_LEFT);
      g_signal_emit (self, signals[LEFT], 0);
      return;
    }

  alcove_room_set_state (self, ALCOVE_ROOM_LEAVING);
  members = alcove_room_copy_members (self);
  for (guint i = 0; i < members->len && self->state == ALCOVE_ROOM_LEAVING; i++)
    alcove_room_talk_bye (members->pdata[i]);
  if (self->state != ALCOVE_ROOM_LEAVING)
    return;

  /* The links stay up until the signaller is through, so that the goodbyes get out. */
  self->leave_source = g_timeout_add (ALCOVE_ROOM_LEAVE_MS, leave_timeout_cb, self);
  self->part_source = g_timeout_add (ALCOVE_ROOM_PART_MS, part_timeout_cb, self);
  self->part_until = self->clock (self->clock_data) + ALCOVE_ROOM_PART_MS * G_TIME_SPAN_MILLISECOND;
  alcove_room_check_parting (self);
}

/**
 * alcove_room_get_state:
 * @self: a room
 *
 * Returns: how far in or out of the room we are
 */
AlcoveRoomState
alcove_room_get_state (AlcoveRoom *self)
{
  return self->state;
}

/**
 * alcove_room_get_name:
 * @self: a room
 *
 * Returns: (transfer none): the room's name, as it was given
 */
const char *
alcove_room_get_name (AlcoveRoom *self)
{
  return self->name;
}

/**
 * alcove_room_get_self_name:
 * @self: a room
 *
 * Returns: (transfer none) (nullable): our own name, as the others are told it
 */
const char *
alcove_room_get_self_name (AlcoveRoom *self)
{
  return self->self_name;
}

/**
 * alcove_room_get_self_id:
 * @self: a room
 *
 * Returns: (transfer none) (nullable): our own id, once joined
 */
const char *
alcove_room_get_self_id (AlcoveRoom *self)
{
  return self->self_id;
}

static void
tell_state (AlcoveRoom *self)
{
  g_autoptr (GPtrArray) members = alcove_room_copy_members (self);

  for (guint i = 0; i < members->len; i++)
    alcove_room_talk_state (members->pdata[i]);
}

/**
 * alcove_room_get_trouble:
 * @self: a room
 *
 * Returns: (transfer none) (nullable): why the server could not be reached the last time, while
 *   it is tried again
 */
const char *
alcove_room_get_trouble (AlcoveRoom *self)
{
  return self->trouble;
}

/**
 * alcove_room_set_muted:
 * @self: a room
 * @muted: whether our microphone is off
 *
 * Tells the other Alcoves; what is sent as sound is not the room's business.
 */
void
alcove_room_set_muted (AlcoveRoom *self,
                       gboolean muted)
{
  g_autoptr (AlcoveRoom) alive = g_object_ref (self);

  muted = !!muted;
  if (self->muted == muted)
    return;

  self->muted = muted;
  tell_state (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_MUTED]);
}

/**
 * alcove_room_set_camera_off:
 * @self: a room
 * @camera_off: whether our camera is off
 *
 * Tells the other Alcoves; what is sent as picture is not the room's business.
 */
void
alcove_room_set_camera_off (AlcoveRoom *self,
                            gboolean camera_off)
{
  g_autoptr (AlcoveRoom) alive = g_object_ref (self);

  camera_off = !!camera_off;
  if (self->camera_off == camera_off)
    return;

  self->camera_off = camera_off;
  tell_state (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CAMERA_OFF]);
}

/**
 * alcove_room_set_expect_frames:
 * @self: a room
 * @expect_frames: whether received pictures are decoded at all
 *
 * Sets [property@Room:expect-frames].
 */
void
alcove_room_set_expect_frames (AlcoveRoom *self,
                               gboolean expect_frames)
{
  expect_frames = !!expect_frames;
  if (self->expect_frames == expect_frames)
    return;

  self->expect_frames = expect_frames;
  for (guint i = 0; i < self->members->len; i++)
    alcove_peer_set_expect_frames (((AlcoveRoomMember *) self->members->pdata[i])->peer,
                                   expect_frames);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_EXPECT_FRAMES]);
}

/**
 * alcove_room_set_persistent:
 * @self: a room that was not joined yet
 * @persistent: whether an unreachable server is tried for ever
 *
 * Sets [property@Room:persistent].
 */
void
alcove_room_set_persistent (AlcoveRoom *self,
                            gboolean persistent)
{
  if (alcove_signaller_get_persistent (self->signaller) == !!persistent)
    return;

  alcove_signaller_set_persistent (self->signaller, persistent);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PERSISTENT]);
}

/**
 * alcove_room_find:
 * @self: a room
 * @peer: an id
 *
 * Returns: (transfer none) (nullable): the participant of that id
 */
AlcoveParticipant *
alcove_room_find (AlcoveRoom *self,
                  const char *peer)
{
  AlcoveRoomMember *member = alcove_room_find_member (self, peer);

  return member != NULL ? member->participant : NULL;
}
