/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-participant"

#include "config.h"

#include "alcove-participant.h"

#include "alcove-participant-private.h"

/*
 * Somebody else in the room, as the window and the headless program see them.
 * Holds no logic: the room and the peer set it, everybody else watches it.
 */

struct _AlcoveParticipant {
  GObject parent_instance;

  char *id;
  char *name;
  AlcoveParticipantState state;
  GDateTime *stale_since;
  AlcovePeerLink *link;
  AlcoveLinkHistory *history; /* NULL before it is asked for */
  gboolean muted;
  gboolean camera_off;
  gboolean speaking;
  gboolean connected;
  gboolean is_alcove;
  gboolean data_only;
  gboolean in_call;
  gboolean resting;
  gboolean sharing;
  gboolean recording;
  gboolean recorded;
  gboolean we_offer;
  gboolean was_here;
  double volume;
  gboolean muted_for_me;
};

enum {
  PROP_0,
  PROP_ID,
  PROP_NAME,
  PROP_STATE,
  PROP_STALE_SINCE,
  PROP_LINK,
  PROP_MUTED,
  PROP_CAMERA_OFF,
  PROP_SPEAKING,
  PROP_CONNECTED,
  PROP_IS_ALCOVE,
  PROP_DATA_ONLY,
  PROP_IN_CALL,
  PROP_RESTING,
  PROP_WE_OFFER,
  PROP_VOLUME,
  PROP_MUTED_FOR_ME,
  PROP_SHARING,
  PROP_RECORDING,
  PROP_RECORDED,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_ENUM_TYPE (AlcoveParticipantState,
                    alcove_participant_state,
                    G_DEFINE_ENUM_VALUE (ALCOVE_PARTICIPANT_CONNECTING, "connecting"),
                    G_DEFINE_ENUM_VALUE (ALCOVE_PARTICIPANT_LIVE, "live"),
                    G_DEFINE_ENUM_VALUE (ALCOVE_PARTICIPANT_STALE, "stale"),
                    G_DEFINE_ENUM_VALUE (ALCOVE_PARTICIPANT_REPAIRING, "repairing"),
                    G_DEFINE_ENUM_VALUE (ALCOVE_PARTICIPANT_UNREACHABLE, "unreachable"))

G_DEFINE_FINAL_TYPE (AlcoveParticipant, alcove_participant, G_TYPE_OBJECT)

static void
alcove_participant_get_property (GObject *object,
                                 guint id,
                                 GValue *value,
                                 GParamSpec *pspec)
{
  AlcoveParticipant *self = ALCOVE_PARTICIPANT (object);

  switch (id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_STALE_SINCE:
      g_value_set_boxed (value, self->stale_since);
      break;
    case PROP_LINK:
      g_value_set_object (value, self->link);
      break;
    case PROP_MUTED:
      g_value_set_boolean (value, self->muted);
      break;
    case PROP_CAMERA_OFF:
      g_value_set_boolean (value, self->camera_off);
      break;
    case PROP_SPEAKING:
      g_value_set_boolean (value, self->speaking);
      break;
    case PROP_CONNECTED:
      g_value_set_boolean (value, self->connected);
      break;
    case PROP_IS_ALCOVE:
      g_value_set_boolean (value, self->is_alcove);
      break;
    case PROP_DATA_ONLY:
      g_value_set_boolean (value, self->data_only);
      break;
    case PROP_IN_CALL:
      g_value_set_boolean (value, self->in_call);
      break;
    case PROP_RESTING:
      g_value_set_boolean (value, self->resting);
      break;
    case PROP_WE_OFFER:
      g_value_set_boolean (value, self->we_offer);
      break;
    case PROP_SHARING:
      g_value_set_boolean (value, self->sharing);
      break;
    case PROP_RECORDING:
      g_value_set_boolean (value, self->recording);
      break;
    case PROP_RECORDED:
      g_value_set_boolean (value, self->recorded);
      break;
    case PROP_VOLUME:
      g_value_set_double (value, self->volume);
      break;
    case PROP_MUTED_FOR_ME:
      g_value_set_boolean (value, self->muted_for_me);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
alcove_participant_set_property (GObject *object,
                                 guint id,
                                 const GValue *value,
                                 GParamSpec *pspec)
{
  AlcoveParticipant *self = ALCOVE_PARTICIPANT (object);

  switch (id)
    {
    case PROP_VOLUME:
      alcove_participant_set_volume (self, g_value_get_double (value));
      break;
    case PROP_MUTED_FOR_ME:
      alcove_participant_set_muted_for_me (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
alcove_participant_dispose (GObject *object)
{
  AlcoveParticipant *self = ALCOVE_PARTICIPANT (object);

  g_clear_object (&self->link);
  g_clear_object (&self->history);

  G_OBJECT_CLASS (alcove_participant_parent_class)->dispose (object);
}

static void
alcove_participant_finalize (GObject *object)
{
  AlcoveParticipant *self = ALCOVE_PARTICIPANT (object);

  g_free (self->id);
  g_free (self->name);
  g_clear_pointer (&self->stale_since, g_date_time_unref);

  G_OBJECT_CLASS (alcove_participant_parent_class)->finalize (object);
}

static void
alcove_participant_class_init (AlcoveParticipantClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags
      = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = alcove_participant_get_property;
  object_class->set_property = alcove_participant_set_property;
  object_class->dispose = alcove_participant_dispose;
  object_class->finalize = alcove_participant_finalize;

  props[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  props[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  props[PROP_STATE]
      = g_param_spec_enum ("state", NULL, NULL, ALCOVE_TYPE_PARTICIPANT_STATE,
                           ALCOVE_PARTICIPANT_CONNECTING, flags);
  props[PROP_STALE_SINCE]
      = g_param_spec_boxed ("stale-since", NULL, NULL, G_TYPE_DATE_TIME, flags);
  props[PROP_LINK] = g_param_spec_object ("link", NULL, NULL, ALCOVE_TYPE_PEER_LINK, flags);
  props[PROP_MUTED] = g_param_spec_boolean ("muted", NULL, NULL, FALSE, flags);
  props[PROP_CAMERA_OFF] = g_param_spec_boolean ("camera-off", NULL, NULL, FALSE, flags);
  props[PROP_SPEAKING] = g_param_spec_boolean ("speaking", NULL, NULL, FALSE, flags);
  props[PROP_CONNECTED] = g_param_spec_boolean ("connected", NULL, NULL, FALSE, flags);
  props[PROP_IS_ALCOVE] = g_param_spec_boolean ("alcove", NULL, NULL, FALSE, flags);
  props[PROP_DATA_ONLY] = g_param_spec_boolean ("data-only", NULL, NULL, FALSE, flags);
  props[PROP_IN_CALL] = g_param_spec_boolean ("in-call", NULL, NULL, TRUE, flags);
  props[PROP_RESTING] = g_param_spec_boolean ("resting", NULL, NULL, FALSE, flags);
  props[PROP_WE_OFFER] = g_param_spec_boolean ("we-offer", NULL, NULL, FALSE, flags);
  props[PROP_VOLUME]
      = g_param_spec_double ("volume", NULL, NULL, 0.0, ALCOVE_PARTICIPANT_MAX_VOLUME, 1.0,
                             flags | G_PARAM_WRITABLE);
  props[PROP_MUTED_FOR_ME]
      = g_param_spec_boolean ("muted-for-me", NULL, NULL, FALSE, flags | G_PARAM_WRITABLE);
  props[PROP_SHARING] = g_param_spec_boolean ("sharing", NULL, NULL, FALSE, flags);
  props[PROP_RECORDING] = g_param_spec_boolean ("recording", NULL, NULL, FALSE, flags);
  props[PROP_RECORDED] = g_param_spec_boolean ("recorded", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
alcove_participant_init (AlcoveParticipant *self)
{
  self->in_call = TRUE;
  self->volume = 1.0;
}

/**
 * alcove_participant_new:
 * @id: the id by which the signaller knows them
 * @we_offer: whether it is us who offers
 * @was_here: whether they were in the room before us
 *
 * Returns: (transfer full): a participant that is connecting
 */
AlcoveParticipant *
alcove_participant_new (const char *id,
                        gboolean we_offer,
                        gboolean was_here)
{
  AlcoveParticipant *self = g_object_new (ALCOVE_TYPE_PARTICIPANT, NULL);

  self->id = g_strdup (id);
  self->we_offer = we_offer;
  self->was_here = was_here;
  return self;
}

/**
 * alcove_participant_get_id:
 * @self: a participant
 *
 * Returns: (transfer none): the id by which the signaller knows them now; to be copied if it is
 *   to last
 */
const char *
alcove_participant_get_id (AlcoveParticipant *self)
{
  return self->id;
}

void
alcove_participant_set_id (AlcoveParticipant *self,
                           const char *id)
{
  if (g_str_equal (self->id, id))
    return;

  g_free (self->id);
  self->id = g_strdup (id);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ID]);
}

/**
 * alcove_participant_get_name:
 * @self: a participant
 *
 * Returns: (transfer none) (nullable): their name: plain text from a stranger, never markup
 */
const char *
alcove_participant_get_name (AlcoveParticipant *self)
{
  return self->name;
}

void
alcove_participant_set_name (AlcoveParticipant *self,
                             const char *name)
{
  if (g_strcmp0 (self->name, name) == 0)
    return;

  g_free (self->name);
  self->name = g_strdup (name);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NAME]);
}

/**
 * alcove_participant_get_state:
 * @self: a participant
 *
 * Returns: whether their picture is there
 */
AlcoveParticipantState
alcove_participant_get_state (AlcoveParticipant *self)
{
  return self->state;
}

void
alcove_participant_set_state (AlcoveParticipant *self,
                              AlcoveParticipantState state)
{
  if (self->state == state)
    return;

  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

/**
 * alcove_participant_get_stale_since:
 * @self: a participant
 *
 * Returns: (transfer none) (nullable): when the picture was lost, %NULL if it was not
 */
GDateTime *
alcove_participant_get_stale_since (AlcoveParticipant *self)
{
  return self->stale_since;
}

void
alcove_participant_set_stale_since (AlcoveParticipant *self,
                                    GDateTime *stale_since)
{
  if (self->stale_since == stale_since
      || (self->stale_since != NULL && stale_since != NULL
          && g_date_time_equal (self->stale_since, stale_since)))
    return;

  g_clear_pointer (&self->stale_since, g_date_time_unref);
  self->stale_since = stale_since != NULL ? g_date_time_ref (stale_since) : NULL;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STALE_SINCE]);
}

/**
 * alcove_participant_get_link:
 * @self: a participant
 *
 * Returns: (transfer none) (nullable): the link in use; another one after a repair
 */
AlcovePeerLink *
alcove_participant_get_link (AlcoveParticipant *self)
{
  return self->link;
}

/* What a link does not know of itself. */
static void
apply_volume (AlcoveParticipant *self)
{
  if (self->link != NULL)
    alcove_peer_link_set_volume (self->link, self->muted_for_me ? 0.0 : self->volume);
}

void
alcove_participant_set_link (AlcoveParticipant *self,
                             AlcovePeerLink *link)
{
  if (!g_set_object (&self->link, link))
    return;

  apply_volume (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LINK]);
}

/**
 * alcove_participant_get_history:
 * @self: a participant
 *
 * Returns: (transfer none): what was measured of the connection in the last minute; nothing where
 *   the room keeps none, see alcove_room_set_keeps_history()
 */
AlcoveLinkHistory *
alcove_participant_get_history (AlcoveParticipant *self)
{
  if (self->history == NULL)
    self->history = alcove_link_history_new ();

  return self->history;
}

/**
 * alcove_participant_get_volume:
 * @self: a participant
 *
 * Returns: how loud this one is played here: 1 is as it comes
 */
double
alcove_participant_get_volume (AlcoveParticipant *self)
{
  return self->volume;
}

/**
 * alcove_participant_set_volume:
 * @self: a participant
 * @volume: how loud to play this one: 0 to %ALCOVE_PARTICIPANT_MAX_VOLUME, 1 is as it comes
 */
void
alcove_participant_set_volume (AlcoveParticipant *self,
                               double volume)
{
  volume = CLAMP (volume, 0.0, ALCOVE_PARTICIPANT_MAX_VOLUME);
  if (self->volume == volume)
    return;

  self->volume = volume;
  apply_volume (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_VOLUME]);
}

/**
 * alcove_participant_get_muted_for_me:
 * @self: a participant
 *
 * Returns: whether this one is not to be heard here
 */
gboolean
alcove_participant_get_muted_for_me (AlcoveParticipant *self)
{
  return self->muted_for_me;
}

/**
 * alcove_participant_set_muted_for_me:
 * @self: a participant
 * @muted: whether this one is not to be heard here, whatever the others hear
 */
void
alcove_participant_set_muted_for_me (AlcoveParticipant *self,
                                     gboolean muted)
{
  if (self->muted_for_me == muted)
    return;

  self->muted_for_me = muted;
  apply_volume (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_MUTED_FOR_ME]);
}

/**
 * alcove_participant_get_muted:
 * @self: a participant
 *
 * Returns: whether this one said that its microphone is off
 */
gboolean
alcove_participant_get_muted (AlcoveParticipant *self)
{
  return self->muted;
}

void
alcove_participant_set_muted (AlcoveParticipant *self,
                              gboolean muted)
{
  if (self->muted == muted)
    return;

  self->muted = muted;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_MUTED]);
}

/**
 * alcove_participant_get_camera_off:
 * @self: a participant
 *
 * Returns: whether this one said that its camera is off
 */
gboolean
alcove_participant_get_camera_off (AlcoveParticipant *self)
{
  return self->camera_off;
}

void
alcove_participant_set_camera_off (AlcoveParticipant *self,
                                   gboolean camera_off)
{
  if (self->camera_off == camera_off)
    return;

  self->camera_off = camera_off;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CAMERA_OFF]);
}

/**
 * alcove_participant_get_speaking:
 * @self: a participant
 *
 * Returns: whether this one is heard right now
 */
gboolean
alcove_participant_get_speaking (AlcoveParticipant *self)
{
  return self->speaking;
}

void
alcove_participant_set_speaking (AlcoveParticipant *self,
                                 gboolean speaking)
{
  if (self->speaking == speaking)
    return;

  self->speaking = speaking;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SPEAKING]);
}

/**
 * alcove_participant_get_connected:
 * @self: a participant
 *
 * Returns: whether this one has a verified link to us
 */
gboolean
alcove_participant_get_connected (AlcoveParticipant *self)
{
  return self->connected;
}

void
alcove_participant_set_connected (AlcoveParticipant *self,
                                  gboolean connected)
{
  if (self->connected == connected)
    return;

  self->connected = connected;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CONNECTED]);
}

/**
 * alcove_participant_get_is_alcove:
 * @self: a participant
 *
 * Returns: whether this one is an Alcove too
 */
gboolean
alcove_participant_get_is_alcove (AlcoveParticipant *self)
{
  return self->is_alcove;
}

void
alcove_participant_set_is_alcove (AlcoveParticipant *self,
                                  gboolean is_alcove)
{
  if (self->is_alcove == is_alcove)
    return;

  self->is_alcove = is_alcove;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_IS_ALCOVE]);
}

/**
 * alcove_participant_get_in_call:
 * @self: a participant
 *
 * Returns: whether the dispatcher's call is on; always where there are no such calls
 */
gboolean
alcove_participant_get_in_call (AlcoveParticipant *self)
{
  return self->in_call;
}

void
alcove_participant_set_in_call (AlcoveParticipant *self,
                                gboolean in_call)
{
  if (self->in_call == in_call)
    return;

  self->in_call = in_call;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_IN_CALL]);
}

/**
 * alcove_participant_get_resting:
 * @self: a participant
 *
 * Returns: whether it is not their turn to send: nothing of them is to be seen or heard
 */
gboolean
alcove_participant_get_resting (AlcoveParticipant *self)
{
  return self->resting;
}

void
alcove_participant_set_resting (AlcoveParticipant *self,
                              gboolean resting)
{
  if (self->resting == resting)
    return;

  self->resting = resting;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_RESTING]);
}

/**
 * alcove_participant_get_data_only:
 * @self: a participant
 *
 * Returns: whether this one's description has neither sound nor pictures, so that a data
 *   channel is all there is to expect
 */
gboolean
alcove_participant_get_data_only (AlcoveParticipant *self)
{
  return self->data_only;
}

void
alcove_participant_set_data_only (AlcoveParticipant *self,
                                  gboolean data_only)
{
  if (self->data_only == data_only)
    return;

  self->data_only = data_only;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_DATA_ONLY]);
}

/**
 * alcove_participant_get_sharing:
 * @self: a participant
 *
 * Returns: whether this one's picture is a screen or a window of theirs
 */
gboolean
alcove_participant_get_sharing (AlcoveParticipant *self)
{
  return self->sharing;
}

void
alcove_participant_set_sharing (AlcoveParticipant *self,
                               gboolean sharing)
{
  if (self->sharing == sharing)
    return;

  self->sharing = sharing;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SHARING]);
}

/**
 * alcove_participant_get_recording:
 * @self: a participant
 *
 * Returns: whether this one has told that it records us
 */
gboolean
alcove_participant_get_recording (AlcoveParticipant *self)
{
  return self->recording;
}

void
alcove_participant_set_recording (AlcoveParticipant *self,
                               gboolean recording)
{
  if (self->recording == recording)
    return;

  self->recording = recording;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_RECORDING]);
}

/**
 * alcove_participant_get_recorded:
 * @self: a participant
 *
 * Returns: whether we record this one
 */
gboolean
alcove_participant_get_recorded (AlcoveParticipant *self)
{
  return self->recorded;
}

void
alcove_participant_set_recorded (AlcoveParticipant *self,
                               gboolean recorded)
{
  if (self->recorded == recorded)
    return;

  self->recorded = recorded;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_RECORDED]);
}

/**
 * alcove_participant_get_was_here:
 * @self: a participant
 *
 * Returns: whether they were in the room before us, so that their being there is no news
 */
gboolean
alcove_participant_get_was_here (AlcoveParticipant *self)
{
  return self->was_here;
}

/**
 * alcove_participant_get_we_offer:
 * @self: a participant
 *
 * Returns: whether this one is one we offer to, by the rule of the protocol
 */
gboolean
alcove_participant_get_we_offer (AlcoveParticipant *self)
{
  return self->we_offer;
}

void
alcove_participant_set_we_offer (AlcoveParticipant *self,
                                 gboolean we_offer)
{
  if (self->we_offer == we_offer)
    return;

  self->we_offer = we_offer;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_WE_OFFER]);
}
