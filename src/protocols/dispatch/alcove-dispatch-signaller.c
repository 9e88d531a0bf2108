/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-dispatch-signaller"

#include "config.h"

#include "alcove-dispatch-signaller-private.h"

#include <string.h>

#include <glib/gi18n.h>

#include "alcove-error.h"
#include "alcove-timer.h"
#include "alcove-websocket-transport.h"

#define MAX_PENDING 1024

G_DEFINE_FINAL_TYPE (AlcoveDispatchSignaller,
                     alcove_dispatch_signaller,
                     ALCOVE_TYPE_SERVER_SIGNALLER)

static void
guest_free (gpointer data)
{
  AlcoveDispatchGuest *guest = data;

  g_free (guest->id);
  g_free (guest);
}

gboolean
alcove_dispatch_signaller_is_root (AlcoveDispatchSignaller *self)
{
  return self->role == ALCOVE_ROLE_DISPATCHER;
}

void
alcove_dispatch_signaller_send (AlcoveDispatchSignaller *self,
                                const AlcoveDispatchMessage *message)
{
  g_autofree char *text = alcove_dispatch_message_encode (message);

  /* The original server closes the connection over more than this. */
  if (strlen (text) > ALCOVE_DISPATCH_MAX_MESSAGE)
    {
      g_debug ("A message over the limit was not sent");
      return;
    }

  if (g_queue_get_length (&self->pending) < MAX_PENDING)
    g_queue_push_tail (&self->pending, GINT_TO_POINTER (message->code));
  alcove_server_signaller_send (ALCOVE_SERVER_SIGNALLER (self), text);
}

/* The wanted name, or that with a number behind it. */
static void
choose_actual (AlcoveDispatchSignaller *self)
{
  const char *wanted = alcove_dispatch_signaller_is_root (self)
                           ? alcove_server_signaller_get_room (ALCOVE_SERVER_SIGNALLER (self))
                           : self->name;

  g_free (self->actual);
  self->actual = self->n_tried == 0 ? g_strdup (wanted)
                                    : g_strdup_printf ("%s-%u", wanted, self->n_tried + 1);
}

void
alcove_dispatch_signaller_enter (AlcoveDispatchSignaller *self)
{
  AlcoveServerSignaller *server = ALCOVE_SERVER_SIGNALLER (self);
  gboolean is_root = alcove_dispatch_signaller_is_root (self);
  g_autoptr (AlcoveDispatchMessage) message = NULL;

  choose_actual (self);
  message = alcove_dispatch_message_new (is_root ? ALCOVE_DISPATCH_CREATE : ALCOVE_DISPATCH_JOIN);
  message->room = g_strdup (is_root ? self->actual : alcove_server_signaller_get_room (server));
  if (!is_root)
    message->username = g_strdup (self->actual);
  alcove_server_signaller_await_entry (server);
  alcove_dispatch_signaller_send (self, message);
}

static gboolean
on_retry (gpointer data)
{
  AlcoveDispatchSignaller *self = data;

  alcove_timer_clear (&self->retry_timer);
  alcove_dispatch_signaller_enter (self);
  return G_SOURCE_REMOVE;
}

void
alcove_dispatch_signaller_enter_later (AlcoveDispatchSignaller *self)
{
  guint shift = MIN (self->attempts, 5);

  self->attempts++;
  alcove_timer_set (&self->retry_timer,
                    MIN (self->retry_ms << shift, ALCOVE_DISPATCH_RETRY_MAX_MS), on_retry, self);
}

static gboolean
on_answer_wait (gpointer data)
{
  AlcoveDispatchSignaller *self = data;
  gint64 limit
      = g_get_monotonic_time () - (gint64) self->answer_ms * G_TIME_SPAN_MILLISECOND;
  gboolean more = FALSE;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->guests);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      AlcoveDispatchGuest *guest = value;

      if (guest->offered_at == 0 || guest->page)
        continue;
      if (guest->offered_at <= limit)
        guest->page = TRUE;
      else
        more = TRUE;
    }

  alcove_timer_clear (&self->answer_timer);
  if (more)
    alcove_timer_set (&self->answer_timer, self->answer_ms, on_answer_wait, self);
  return G_SOURCE_REMOVE;
}

AlcoveDispatchGuest *
alcove_dispatch_signaller_find_guest (AlcoveDispatchSignaller *self,
                                      const char *id)
{
  return g_hash_table_lookup (self->guests, id);
}

static char *
choose_room (AlcoveRole role,
             const char *wanted)
{
  g_autoptr (GDateTime) now = NULL;

  if (wanted != NULL && *wanted != '\0')
    return g_strdup (wanted);
  if (role != ALCOVE_ROLE_DISPATCHER)
    return NULL;

  /* as the original page proposes it */
  now = g_date_time_new_now_local ();
  return g_date_time_format (now, "%H%M");
}

/* A guest needs a name, and “root” is taken in every room. */
static char *
choose_name (const char *wanted)
{
  gsize length = wanted != NULL ? strlen (wanted) : 0;

  if (length == 0)
    return g_strdup_printf ("guest-%04x", g_random_int_range (0, 0x10000));
  if (strcmp (wanted, ALCOVE_DISPATCH_ROOT) == 0)
    return g_strdup ("root-1");

  /* room for the number of another attempt, without half a character */
  while (length > ALCOVE_DISPATCH_MAX_NAME - 8)
    length = (gsize) (g_utf8_find_prev_char (wanted, wanted + length) - wanted);
  return g_strndup (wanted, length);
}

static void
alcove_dispatch_signaller_connect (AlcoveSignaller *signaller,
                                   const char *room,
                                   const char *name,
                                   AlcoveRole role)
{
  AlcoveDispatchSignaller *self = ALCOVE_DISPATCH_SIGNALLER (signaller);
  g_autofree char *chosen = choose_room (role, room);

  self->role = role;
  g_free (self->name);
  self->name = choose_name (name);
  ALCOVE_SIGNALLER_CLASS (alcove_dispatch_signaller_parent_class)
      ->connect (signaller, chosen, self->name, role);
}

static void
alcove_dispatch_signaller_first_enter (AlcoveServerSignaller *server)
{
  AlcoveDispatchSignaller *self = ALCOVE_DISPATCH_SIGNALLER (server);

  g_queue_clear (&self->pending);
  if (!alcove_dispatch_signaller_is_root (self))
    self->n_tried = 0;
  self->attempts = 0;
  alcove_dispatch_signaller_enter (self);
}

static void
alcove_dispatch_signaller_stop (AlcoveServerSignaller *server)
{
  AlcoveDispatchSignaller *self = ALCOVE_DISPATCH_SIGNALLER (server);

  alcove_timer_clear (&self->retry_timer);
  alcove_timer_clear (&self->answer_timer);
}

static void
alcove_dispatch_signaller_lost (AlcoveServerSignaller *server)
{
  AlcoveDispatchSignaller *self = ALCOVE_DISPATCH_SIGNALLER (server);
  GHashTableIter iter;
  gpointer value;

  alcove_dispatch_signaller_stop (server);
  self->offered = FALSE;
  self->root_offered = FALSE;

  /* The server forgets the guests along with the room: each has to show again
   * before it may be written to. */
  g_hash_table_iter_init (&iter, self->guests);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      ((AlcoveDispatchGuest *) value)->lost = TRUE;
      ((AlcoveDispatchGuest *) value)->offered_at = 0;
    }
}

/* A root leaves by closing alone: 3000 from it makes its room unusable. */
static void
alcove_dispatch_signaller_farewell (AlcoveServerSignaller *server)
{
  AlcoveDispatchSignaller *self = ALCOVE_DISPATCH_SIGNALLER (server);
  g_autoptr (AlcoveDispatchMessage) message = NULL;

  if (alcove_dispatch_signaller_is_root (self))
    return;

  message = alcove_dispatch_message_new (ALCOVE_DISPATCH_LEAVE);
  alcove_dispatch_signaller_send (self, message);
}

/* A root's message to a guest, or NULL if it must not be written to. */
static AlcoveDispatchMessage *
address_guest (AlcoveDispatchSignaller *self,
               const char *id,
               AlcoveDispatchCode code)
{
  AlcoveDispatchGuest *guest = alcove_dispatch_signaller_find_guest (self, id);
  AlcoveDispatchMessage *message;

  if (!alcove_dispatch_signaller_is_root (self)
      || !alcove_server_signaller_is_joined (ALCOVE_SERVER_SIGNALLER (self)) || guest == NULL
      || guest->lost || guest->silent)
    {
      g_debug ("A message to %s was dropped: it is not in the room", id);
      return NULL;
    }

  message = alcove_dispatch_message_new (code);
  message->username = g_strdup (id);
  return message;
}

static gboolean
reaches_root (AlcoveDispatchSignaller *self,
              const char *id)
{
  return !alcove_dispatch_signaller_is_root (self)
         && alcove_server_signaller_is_joined (ALCOVE_SERVER_SIGNALLER (self))
         && strcmp (id, ALCOVE_DISPATCH_ROOT) == 0;
}

static void
send_as_root (AlcoveDispatchSignaller *self,
              const char *id,
              AlcoveDescriptionType type,
              const char *sdp)
{
  gboolean offer = type == ALCOVE_DESCRIPTION_OFFER;
  g_autoptr (AlcoveDispatchMessage) message = address_guest (
      self, id, offer ? ALCOVE_DISPATCH_ROOT_OFFER : ALCOVE_DISPATCH_ANSWER);
  AlcoveDispatchGuest *guest;

  if (message == NULL)
    return;

  guest = alcove_dispatch_signaller_find_guest (self, id);
  if (offer && guest->page)
    {
      alcove_server_signaller_report (
          ALCOVE_SERVER_SIGNALLER (self), ALCOVE_ERROR_UNEXPECTED,
          _ ("This guest’s page never answers; the connection stays as it is."));
      return;
    }

  alcove_dispatch_message_set_description (message, type, sdp, NULL);
  alcove_dispatch_signaller_send (self, message);
  if (offer)
    {
      guest->offered_at = g_get_monotonic_time ();
      if (self->answer_timer == NULL)
        alcove_timer_set (&self->answer_timer, self->answer_ms, on_answer_wait, self);
    }
}

static void
send_as_guest (AlcoveDispatchSignaller *self,
               AlcoveDescriptionType type,
               const char *sdp)
{
  gboolean offer = type == ALCOVE_DESCRIPTION_OFFER;
  g_autoptr (AlcoveDispatchMessage) message
      = alcove_dispatch_message_new (offer ? ALCOVE_DISPATCH_OFFER : ALCOVE_DISPATCH_ANSWER);
  gboolean stuck = !offer && self->root_offered && !self->root_is_alcove;

  if (!offer)
    message->username = g_strdup (ALCOVE_DISPATCH_ROOT);
  alcove_dispatch_message_set_description (message, type, sdp, self->actual);
  alcove_dispatch_signaller_send (self, message);

  if (offer)
    self->offered = TRUE;
  self->root_offered = FALSE;

  /* The original root page ignores the answer, and waits for it for ever. */
  if (stuck)
    alcove_signaller_emit_offer_wanted (ALCOVE_SIGNALLER (self), ALCOVE_DISPATCH_ROOT);
}

static void
alcove_dispatch_signaller_send_description (AlcoveSignaller *signaller,
                                            const char *id,
                                            AlcoveDescriptionType type,
                                            const char *sdp)
{
  AlcoveDispatchSignaller *self = ALCOVE_DISPATCH_SIGNALLER (signaller);

  if (alcove_dispatch_signaller_is_root (self))
    send_as_root (self, id, type, sdp);
  else if (reaches_root (self, id))
    send_as_guest (self, type, sdp);
}

static void
alcove_dispatch_signaller_send_candidate (AlcoveSignaller *signaller,
                                          const char *id,
                                          const char *mid,
                                          int mline_index,
                                          const char *candidate)
{
  AlcoveDispatchSignaller *self = ALCOVE_DISPATCH_SIGNALLER (signaller);
  g_autoptr (AlcoveDispatchMessage) message = NULL;

  if (candidate == NULL || *candidate == '\0')
    return;

  if (alcove_dispatch_signaller_is_root (self))
    {
      AlcoveDispatchGuest *guest = alcove_dispatch_signaller_find_guest (self, id);

      /* A late one is of no use, and may meet a guest that is gone. */
      if (guest != NULL && !guest->connected)
        message = address_guest (self, id, ALCOVE_DISPATCH_ROOT_CANDIDATE);
    }
  else if (reaches_root (self, id))
    message = alcove_dispatch_message_new (ALCOVE_DISPATCH_GUEST_CANDIDATE);

  if (message == NULL)
    return;

  alcove_dispatch_message_set_candidate (message, mid, mline_index, candidate);
  alcove_dispatch_signaller_send (self, message);
}

static void
tell_guest (AlcoveSignaller *signaller,
            const char *id,
            AlcoveDispatchCode code)
{
  AlcoveDispatchSignaller *self = ALCOVE_DISPATCH_SIGNALLER (signaller);
  AlcoveDispatchGuest *guest = alcove_dispatch_signaller_find_guest (self, id);
  g_autoptr (AlcoveDispatchMessage) message = address_guest (self, id, code);

  /* The room counts on it: the last one is said as soon as the guest is back. */
  if (guest != NULL)
    {
      if (message != NULL)
        guest->owed = ALCOVE_DISPATCH_UNKNOWN;
      else if (code != ALCOVE_DISPATCH_CLOSE)
        guest->owed = code;
    }
  if (message != NULL)
    alcove_dispatch_signaller_send (self, message);
}

void
alcove_dispatch_signaller_tell_owed (AlcoveDispatchSignaller *self,
                                     const char *id)
{
  AlcoveDispatchGuest *guest = alcove_dispatch_signaller_find_guest (self, id);

  /* Before its connection is up, a guest that comes back would miss it. */
  if (guest != NULL && guest->connected && guest->owed != ALCOVE_DISPATCH_UNKNOWN)
    tell_guest (ALCOVE_SIGNALLER (self), id, guest->owed);
}

static void
alcove_dispatch_signaller_call (AlcoveSignaller *signaller,
                                const char *id)
{
  tell_guest (signaller, id, ALCOVE_DISPATCH_CALL);
}

static void
alcove_dispatch_signaller_hang_up (AlcoveSignaller *signaller,
                                   const char *id)
{
  tell_guest (signaller, id, ALCOVE_DISPATCH_HANG_UP);
}

static void
alcove_dispatch_signaller_dismiss (AlcoveSignaller *signaller,
                                   const char *id)
{
  tell_guest (signaller, id, ALCOVE_DISPATCH_CLOSE);
}

static void
alcove_dispatch_signaller_note_peer (AlcoveSignaller *signaller,
                                     const char *id,
                                     AlcoveSignallerNote note)
{
  AlcoveDispatchSignaller *self = ALCOVE_DISPATCH_SIGNALLER (signaller);
  AlcoveDispatchGuest *guest = alcove_dispatch_signaller_find_guest (self, id);

  if (guest == NULL)
    return;

  switch (note)
    {
    case ALCOVE_SIGNALLER_NOTE_CONNECTED:
      /* A sign of life of the guest, but none of its way to the server. */
      guest->connected = TRUE;
      guest->silent = FALSE;
      alcove_dispatch_signaller_tell_owed (self, id);
      break;
    case ALCOVE_SIGNALLER_NOTE_LOST:
      guest->connected = FALSE;
      guest->silent = TRUE;
      break;
    case ALCOVE_SIGNALLER_NOTE_GONE:
      g_hash_table_remove (self->guests, id);
      break;
    default:
      break;
    }
}

static gboolean
alcove_dispatch_signaller_is_name_made_up (AlcoveSignaller *signaller,
                                           const char *peer)
{
  AlcoveDispatchGuest *guest
      = alcove_dispatch_signaller_find_guest (ALCOVE_DISPATCH_SIGNALLER (signaller), peer);

  return guest != NULL && guest->foreign;
}

static void
alcove_dispatch_signaller_dispose (GObject *object)
{
  alcove_dispatch_signaller_stop (ALCOVE_SERVER_SIGNALLER (object));

  G_OBJECT_CLASS (alcove_dispatch_signaller_parent_class)->dispose (object);
}

static void
alcove_dispatch_signaller_finalize (GObject *object)
{
  AlcoveDispatchSignaller *self = ALCOVE_DISPATCH_SIGNALLER (object);

  g_free (self->name);
  g_free (self->actual);
  g_clear_pointer (&self->guests, g_hash_table_unref);
  g_queue_clear (&self->pending);

  G_OBJECT_CLASS (alcove_dispatch_signaller_parent_class)->finalize (object);
}

static void
alcove_dispatch_signaller_class_init (AlcoveDispatchSignallerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  AlcoveSignallerClass *signaller_class = ALCOVE_SIGNALLER_CLASS (klass);
  AlcoveServerSignallerClass *server_class = ALCOVE_SERVER_SIGNALLER_CLASS (klass);

  object_class->dispose = alcove_dispatch_signaller_dispose;
  object_class->finalize = alcove_dispatch_signaller_finalize;

  signaller_class->connect = alcove_dispatch_signaller_connect;
  signaller_class->send_description = alcove_dispatch_signaller_send_description;
  signaller_class->send_candidate = alcove_dispatch_signaller_send_candidate;
  signaller_class->call = alcove_dispatch_signaller_call;
  signaller_class->hang_up = alcove_dispatch_signaller_hang_up;
  signaller_class->dismiss = alcove_dispatch_signaller_dismiss;
  signaller_class->note_peer = alcove_dispatch_signaller_note_peer;
  signaller_class->is_name_made_up = alcove_dispatch_signaller_is_name_made_up;
  signaller_class->features = ALCOVE_SIGNALLER_NAMES | ALCOVE_SIGNALLER_ROOMS
                              | ALCOVE_SIGNALLER_CALLS | ALCOVE_SIGNALLER_ONE_WAY_CALLS
                              | ALCOVE_SIGNALLER_FULL_DESCRIPTIONS;

  server_class->enter = alcove_dispatch_signaller_first_enter;
  server_class->message = alcove_dispatch_signaller_handle_message;
  server_class->lost = alcove_dispatch_signaller_lost;
  server_class->stop = alcove_dispatch_signaller_stop;
  server_class->farewell = alcove_dispatch_signaller_farewell;
  /* with room for a number behind it */
  server_class->max_room = ALCOVE_DISPATCH_MAX_ROOM - 8;
  server_class->wrong_protocol
      = N_ ("The server answers, but it is no server of the dispatch platform.");
}

static void
alcove_dispatch_signaller_init (AlcoveDispatchSignaller *self)
{
  alcove_server_signaller_set_join_wait (ALCOVE_SERVER_SIGNALLER (self),
                                         ALCOVE_DISPATCH_JOIN_WAIT_MS);
  self->retry_ms = ALCOVE_DISPATCH_RETRY_MIN_MS;
  self->answer_ms = ALCOVE_DISPATCH_ANSWER_WAIT_MS;
  self->guests = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, guest_free);
  g_queue_init (&self->pending);
}

/**
 * alcove_dispatch_signaller_new:
 * @server: the server's address, from alcove_address_parse()
 *
 * Returns: (transfer full): a signaller with a WebSocket of its own
 */
AlcoveSignaller *
alcove_dispatch_signaller_new (GUri *server)
{
  g_autoptr (AlcoveTransport) transport = alcove_websocket_transport_new (NULL);

  return alcove_dispatch_signaller_new_with_transport (server, transport);
}

/**
 * alcove_dispatch_signaller_new_with_transport:
 * @server: the server's address
 * @transport: a transport that is not open yet
 *
 * Returns: (transfer full): a signaller over @transport
 */
AlcoveSignaller *
alcove_dispatch_signaller_new_with_transport (GUri *server,
                                              AlcoveTransport *transport)
{
  return g_object_new (ALCOVE_TYPE_DISPATCH_SIGNALLER, "server", server, "transport", transport,
                       NULL);
}

/**
 * alcove_dispatch_signaller_set_waits:
 * @self: a signaller that is not connected yet
 * @join_ms: how long to wait for the reply to creating or joining
 * @retry_ms: how long to wait before trying that again, at first
 * @answer_ms: how long a guest has to answer the dispatcher's offer
 */
void
alcove_dispatch_signaller_set_waits (AlcoveDispatchSignaller *self,
                                     guint join_ms,
                                     guint retry_ms,
                                     guint answer_ms)
{
  alcove_server_signaller_set_join_wait (ALCOVE_SERVER_SIGNALLER (self), join_ms);
  self->retry_ms = retry_ms;
  self->answer_ms = answer_ms;
}
