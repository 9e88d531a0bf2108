/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-screen-share"

#include "config.h"

#include "alcove-screen-share-private.h"

#include <glib/gi18n.h>

#include "alcove-error.h"
#include "alcove-screen-cast.h"
#include "alcove-timer.h"

/* How long after the person's yes the first picture is waited for, in milliseconds. */
#define PICTURE_MS 10000

struct _AlcoveScreenShare {
  GObject parent_instance;

  AlcoveCaptureLane *lane;
  AlcoveScreenCast *cast;   /* that is shown, or about to be */
  AlcoveScreenCast *asked;  /* that the person is choosing for */
  GCancellable *check;
  char *token;
  char *parent;
  char *obstacle;
  GSource *picture_timer; /* from the person's yes to the first picture */
  guint patience;
  gboolean sharing;
  gboolean busy;
};

enum {
  PROP_0,
  PROP_SHARING,
  PROP_BUSY,
  PROP_OBSTACLE,
  PROP_TOKEN,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

enum {
  NOTICE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AlcoveScreenShare, alcove_screen_share, G_TYPE_OBJECT)

static void
set_flags (AlcoveScreenShare *self,
           gboolean sharing,
           gboolean busy)
{
  gboolean was_sharing = self->sharing;
  gboolean was_busy = self->busy;

  self->sharing = sharing;
  self->busy = busy;
  if (was_busy != busy)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_BUSY]);
  if (was_sharing != sharing)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SHARING]);
}

static void
set_obstacle (AlcoveScreenShare *self,
              const char *obstacle)
{
  if (g_strcmp0 (self->obstacle, obstacle) == 0)
    return;

  g_free (self->obstacle);
  self->obstacle = g_strdup (obstacle);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_OBSTACLE]);
}

static gboolean
has_element (GError **error)
{
  g_autoptr (GstElementFactory) factory = gst_element_factory_find ("pipewiresrc");

  if (factory != NULL)
    return TRUE;

  g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_MISSING_ELEMENT,
                       _ ("Sharing the screen needs the Debian package gstreamer1.0-pipewire."));
  return FALSE;
}

static void
drop_cast (AlcoveScreenShare *self,
           AlcoveScreenCast **which)
{
  g_autoptr (AlcoveScreenCast) cast = g_steal_pointer (which);

  if (cast == NULL)
    return;

  g_signal_handlers_disconnect_by_data (cast, self);
  alcove_screen_cast_close (cast);
}

/* What is shown, or about to be; a question that is open stays so. */
static void
end_shown (AlcoveScreenShare *self,
           const GError *error)
{
  g_autoptr (AlcoveScreenShare) keep = g_object_ref (self);

  alcove_timer_clear (&self->picture_timer);
  drop_cast (self, &self->cast);
  if (self->lane != NULL)
    alcove_capture_lane_unset_screen (self->lane);
  set_flags (self, FALSE, self->asked != NULL);
  if (error != NULL)
    g_signal_emit (self, signals[NOTICE], 0, error);
}

static void
end (AlcoveScreenShare *self)
{
  drop_cast (self, &self->asked);
  end_shown (self, NULL);
}

static void
on_closed (AlcoveScreenCast *cast,
           AlcoveScreenShare *self)
{
  g_autoptr (GError) error
      = g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_FAILED,
                             _ ("Your screen is no longer shared: the desktop has ended it."));

  end_shown (self, error);
}

static void
on_screen_started (AlcoveCaptureLane *lane,
                   AlcoveScreenShare *self)
{
  if (self->cast == NULL)
    return;

  alcove_timer_clear (&self->picture_timer);
  set_flags (self, TRUE, self->asked != NULL);
}

static void
on_screen_failed (AlcoveCaptureLane *lane,
                  GError *error,
                  AlcoveScreenShare *self)
{
  end_shown (self, error);
}

static gboolean
on_no_picture (gpointer data)
{
  AlcoveScreenShare *self = data;
  g_autoptr (GError) error
      = g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_FAILED,
                             _ ("Your screen is not shared: the desktop sends no picture of it."));

  alcove_timer_clear (&self->picture_timer);
  end_shown (self, error);
  return G_SOURCE_REMOVE;
}

static void
on_cast (GObject *object,
         GAsyncResult *result,
         gpointer user_data)
{
  g_autoptr (AlcoveScreenShare) self = user_data;
  AlcoveScreenCast *cast = ALCOVE_SCREEN_CAST (object);
  g_autoptr (GError) error = NULL;
  gboolean started = alcove_screen_cast_start_finish (cast, result, &error);

  /* ended, or begun anew, meanwhile */
  if (cast != self->asked || self->lane == NULL)
    return;

  if (!started)
    {
      /* what was shown before, if anything, goes on */
      drop_cast (self, &self->asked);
      set_flags (self, self->sharing, FALSE);
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_signal_emit (self, signals[NOTICE], 0, error);
      return;
    }

  end_shown (self, NULL);
  /* who hears of that may have ended it all */
  if (cast != self->asked)
    return;
  self->cast = g_steal_pointer (&self->asked);
  /* what was given is used up in any case */
  alcove_screen_share_set_token (self, alcove_screen_cast_get_token (cast));
  g_signal_connect (cast, "closed", G_CALLBACK (on_closed), self);
  alcove_timer_set (&self->picture_timer, self->patience, on_no_picture, self);
  alcove_capture_lane_set_screen (self->lane, alcove_screen_cast_steal_fd (cast),
                                  alcove_screen_cast_get_node (cast));
}

static void
on_checked (GObject *object,
            GAsyncResult *result,
            gpointer user_data)
{
  g_autoptr (AlcoveScreenShare) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean found = alcove_screen_cast_check_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->check);
  set_obstacle (self, found ? NULL : error->message);
}

static void
alcove_screen_share_get_property (GObject *object,
                                  guint id,
                                  GValue *value,
                                  GParamSpec *pspec)
{
  AlcoveScreenShare *self = ALCOVE_SCREEN_SHARE (object);

  switch (id)
    {
    case PROP_SHARING:
      g_value_set_boolean (value, self->sharing);
      break;
    case PROP_BUSY:
      g_value_set_boolean (value, self->busy);
      break;
    case PROP_OBSTACLE:
      g_value_set_string (value, self->obstacle);
      break;
    case PROP_TOKEN:
      g_value_set_string (value, self->token);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
alcove_screen_share_set_property (GObject *object,
                                  guint id,
                                  const GValue *value,
                                  GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_TOKEN:
      alcove_screen_share_set_token (ALCOVE_SCREEN_SHARE (object), g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
alcove_screen_share_dispose (GObject *object)
{
  alcove_screen_share_close (ALCOVE_SCREEN_SHARE (object));

  G_OBJECT_CLASS (alcove_screen_share_parent_class)->dispose (object);
}

static void
alcove_screen_share_finalize (GObject *object)
{
  AlcoveScreenShare *self = ALCOVE_SCREEN_SHARE (object);

  g_free (self->token);
  g_free (self->parent);
  g_free (self->obstacle);

  G_OBJECT_CLASS (alcove_screen_share_parent_class)->finalize (object);
}

static void
alcove_screen_share_class_init (AlcoveScreenShareClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags readable
      = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = alcove_screen_share_get_property;
  object_class->set_property = alcove_screen_share_set_property;
  object_class->dispose = alcove_screen_share_dispose;
  object_class->finalize = alcove_screen_share_finalize;

  props[PROP_SHARING] = g_param_spec_boolean ("sharing", NULL, NULL, FALSE, readable);
  props[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, readable);
  props[PROP_OBSTACLE] = g_param_spec_string ("obstacle", NULL, NULL, NULL, readable);
  props[PROP_TOKEN]
      = g_param_spec_string ("token", NULL, NULL, "", readable | G_PARAM_WRITABLE);
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[NOTICE] = g_signal_new ("notice", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
alcove_screen_share_init (AlcoveScreenShare *self)
{
  self->token = g_strdup ("");
  self->parent = g_strdup ("");
  self->patience = PICTURE_MS;
}

/**
 * alcove_screen_share_new:
 * @lane: the engine's pictures
 *
 * Returns: (transfer full): nothing shared
 */
AlcoveScreenShare *
alcove_screen_share_new (AlcoveCaptureLane *lane)
{
  AlcoveScreenShare *self = g_object_new (ALCOVE_TYPE_SCREEN_SHARE, NULL);

  self->lane = g_object_ref (lane);
  g_signal_connect (lane, "screen-started", G_CALLBACK (on_screen_started), self);
  g_signal_connect (lane, "screen-failed", G_CALLBACK (on_screen_failed), self);
  return self;
}

/**
 * alcove_screen_share_close:
 * @self: the engine's
 *
 * Ends it for good.
 */
void
alcove_screen_share_close (AlcoveScreenShare *self)
{
  g_cancellable_cancel (self->check);
  g_clear_object (&self->check);
  if (self->lane == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->lane, self);
  end (self);
  g_clear_object (&self->lane);
}

/**
 * alcove_screen_share_set_patience:
 * @self: the engine's
 * @milliseconds: how long, after the person has said yes, the first picture of the screen is waited
 *   for before they are told that none comes
 */
void
alcove_screen_share_set_patience (AlcoveScreenShare *self,
                                  guint milliseconds)
{
  self->patience = milliseconds;
}

/**
 * alcove_screen_share_check:
 * @self: the engine's
 *
 * Finds out in the background whether there is an obstacle.
 */
void
alcove_screen_share_check (AlcoveScreenShare *self)
{
  g_autoptr (GError) error = NULL;

  if (self->check != NULL || self->lane == NULL)
    return;
  if (!has_element (&error))
    {
      set_obstacle (self, error->message);
      return;
    }

  self->check = g_cancellable_new ();
  alcove_screen_cast_check_async (self->check, on_checked, g_object_ref (self));
}

/**
 * alcove_screen_share_start:
 * @self: the engine's
 * @ask: whether the person is asked in any case what to share, also what is shared now
 *
 * Asks the person what to share, or takes what was chosen the last time, and shares it. What is
 * shared now goes on until they have chosen, and for good if they say no.
 */
void
alcove_screen_share_start (AlcoveScreenShare *self,
                           gboolean ask)
{
  g_autoptr (GError) error = NULL;

  if (self->lane == NULL || self->busy || (self->sharing && !ask))
    return;
  if (!has_element (&error))
    {
      g_signal_emit (self, signals[NOTICE], 0, error);
      return;
    }

  self->asked = alcove_screen_cast_new ();
  set_flags (self, self->sharing, TRUE);
  alcove_screen_cast_start_async (self->asked, ask ? NULL : self->token, self->parent,
                                  on_cast, g_object_ref (self));
}

/**
 * alcove_screen_share_stop:
 * @self: the engine's
 *
 * Goes back to the camera, as it is wanted by now. Takes a question back that is still open.
 */
void
alcove_screen_share_stop (AlcoveScreenShare *self)
{
  if (self->busy || self->sharing)
    end (self);
}

/**
 * alcove_screen_share_get_sharing:
 * @self: the engine's
 *
 * Returns: whether the others see our screen
 */
gboolean
alcove_screen_share_get_sharing (AlcoveScreenShare *self)
{
  return self->sharing;
}

/**
 * alcove_screen_share_get_busy:
 * @self: the engine's
 *
 * Returns: whether it is about to begin
 */
gboolean
alcove_screen_share_get_busy (AlcoveScreenShare *self)
{
  return self->busy;
}

/**
 * alcove_screen_share_get_obstacle:
 * @self: the engine's
 *
 * Returns: (transfer none) (nullable): why it can't be done here, as far as is known
 */
const char *
alcove_screen_share_get_obstacle (AlcoveScreenShare *self)
{
  return self->obstacle;
}

/**
 * alcove_screen_share_get_token:
 * @self: the engine's
 *
 * Returns: (transfer none): what the next start is given; empty if nothing is
 */
const char *
alcove_screen_share_get_token (AlcoveScreenShare *self)
{
  return self->token;
}

/**
 * alcove_screen_share_set_token:
 * @self: the engine's
 * @token: (nullable): what `token` was at the end of the last time
 */
void
alcove_screen_share_set_token (AlcoveScreenShare *self,
                               const char *token)
{
  if (token == NULL)
    token = "";
  if (g_str_equal (self->token, token))
    return;

  g_free (self->token);
  self->token = g_strdup (token);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TOKEN]);
}

/**
 * alcove_screen_share_set_parent:
 * @self: the engine's
 * @parent: the window that the desktop's questions belong to, as portals call it; may be empty
 */
void
alcove_screen_share_set_parent (AlcoveScreenShare *self,
                                const char *parent)
{
  g_free (self->parent);
  self->parent = g_strdup (parent);
}
