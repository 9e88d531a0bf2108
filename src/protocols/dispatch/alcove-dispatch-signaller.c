/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-dispatch-signaller"

#include "config.h"

#include "alcove-dispatch-signaller-private.h"

#include <string.h>

#include <glib/gi18n.h>

#include "alcove-error.h"
#include "alcove-websocket-transport.h"

#define MAX_PENDING 1024

G_DEFINE_FINAL_TYPE (AlcoveDispatchSignaller, alcove_dispatch_signaller, ALCOVE_TYPE_SIGNALLER)

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
alcove_dispatch_signaller_clear_source (GSource **source)
{
  if (*source == NULL)
    return;

  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
set_source (AlcoveDispatchSignaller *self,
            GSource **source,
            guint milliseconds,
            GSourceFunc callback)
{
  alcove_dispatch_signaller_clear_source (source);
  *source = g_timeout_source_new (milliseconds);
  g_source_set_callback (*source, callback, self, NULL);
  g_source_attach (*source, g_main_context_get_thread_default ());
}

static void
clear_timers (AlcoveDispatchSignaller *self)
{
  alcove_dispatch_signaller_clear_source (&self->join_timer);
  alcove_dispatch_signaller_clear_source (&self->retry_timer);
  alcove_dispatch_signaller_clear_source (&self->answer_timer);
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
  alcove_transport_send (self->transport, text);
}

void
alcove_dispatch_signaller_report_error (AlcoveDispatchSignaller *self,
                                        const GError *error)
{
  g_debug ("A message was dropped: %s", error->message);
  alcove_signaller_emit_problem (ALCOVE_SIGNALLER (self), error);
}

void
alcove_dispatch_signaller_report (AlcoveDispatchSignaller *self,
                                  AlcoveError code,
                                  const char *sentence)
{
  g_autoptr (GError) error = g_error_new_literal (ALCOVE_ERROR, (int) code, sentence);

  alcove_dispatch_signaller_report_error (self, error);
}

static void
fail (AlcoveDispatchSignaller *self,
      const GError *error)
{
  g_autoptr (AlcoveDispatchSignaller) keep = g_object_ref (self);

  self->over = TRUE;
  self->joined = FALSE;
  clear_timers (self);
  alcove_transport_close (self->transport);
  alcove_signaller_emit_failed (ALCOVE_SIGNALLER (self), error);
}

void
alcove_dispatch_signaller_fail (AlcoveDispatchSignaller *self,
                                AlcoveError code,
                                const char *sentence)
{
  g_autoptr (GError) error = g_error_new_literal (ALCOVE_ERROR, (int) code, sentence);

  fail (self, error);
}

/* Whether a failure is the end: only while nobody asked to try for ever and
 * nothing ever worked. */
gboolean
alcove_dispatch_signaller_gives_up (AlcoveDispatchSignaller *self)
{
  return !self->joined_once && !alcove_signaller_get_persistent (ALCOVE_SIGNALLER (self));
}

static gboolean
on_join_wait (gpointer data)
{
  g_autoptr (AlcoveDispatchSignaller) self = g_object_ref (data);
  g_autoptr (GError) error = NULL;

  clear_timers (self);
  error = g_error_new_literal (
      ALCOVE_ERROR, ALCOVE_ERROR_WRONG_PROTOCOL,
      _ ("The server answers, but it is no server of the dispatch platform."));
  if (alcove_dispatch_signaller_gives_up (self))
    fail (self, error);
  else
    alcove_transport_restart (self->transport, error);
  return G_SOURCE_REMOVE;
}

/* The wanted name, or that with a number behind it. */
static void
choose_actual (AlcoveDispatchSignaller *self)
{
  const char *wanted = alcove_dispatch_signaller_is_root (self) ? self->room : self->name;

  g_free (self->actual);
  self->actual = self->n_tried == 0 ? g_strdup (wanted)
                                    : g_strdup_printf ("%s-%u", wanted, self->n_tried + 1);
}

void
alcove_dispatch_signaller_enter (AlcoveDispatchSignaller *self)
{
  g_autoptr (AlcoveDispatchMessage) message = NULL;

  choose_actual (self);
  message = alcove_dispatch_message_new (
      alcove_dispatch_signaller_is_root (self) ? ALCOVE_DISPATCH_CREATE : ALCOVE_DISPATCH_JOIN);
  message->room = g_strdup (alcove_dispatch_signaller_is_root (self) ? self->actual : self->room);
  if (!alcove_dispatch_signaller_is_root (self))
    message->username = g_strdup (self->actual);
  set_source (self, &self->join_timer, self->join_ms, on_join_wait);
  alcove_dispatch_signaller_send (self, message);
}

static gboolean
on_retry (gpointer data)
{
  AlcoveDispatchSignaller *self = data;

  alcove_dispatch_signaller_clear_source (&self->retry_timer);
  alcove_dispatch_signaller_enter (self);
  return G_SOURCE_REMOVE;
}

void
alcove_dispatch_signaller_enter_later (AlcoveDispatchSignaller *self)
{
  guint shift = MIN (self->attempts, 5);

  self->attempts++;
  set_source (self, &self->retry_timer,
              MIN (self->retry_ms << shift, ALCOVE_DISPATCH_RETRY_MAX_MS), on_retry);
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

  alcove_dispatch_signaller_clear_source (&self->answer_timer);
  if (more)
    set_source (self, &self->answer_timer, self->answer_ms, on_answer_wait);
  return G_SOURCE_REMOVE;
}

AlcoveDispatchGuest *
alcove_dispatch_signaller_find_guest (AlcoveDispatchSignaller *self,
                                      const char *id)
{
  return g_hash_table_lookup (self->guests, id);
}

static void
on_connecting (AlcoveDispatchSignaller *self)
{
  g_autofree char *uri = g_uri_to_string (self->server);

  alcove_transport_set_uri (self->transport, uri);
}

static void
on_opened (AlcoveDispatchSignaller *self)
{
  g_queue_clear (&self->pending);
  if (!alcove_dispatch_signaller_is_root (self))
    self->n_tried = 0;
  self->attempts = 0;
  alcove_dispatch_signaller_enter (self);
}

static void
on_dropped (AlcoveDispatchSignaller *self,
            const GError *error)
{
  GHashTableIter iter;
  gpointer value;

  clear_timers (self);
  self->joined = FALSE;
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

  if (self->leaving || self->over)
    return;

  if (alcove_dispatch_signaller_gives_up (self))
    fail (self, error);
  else
    alcove_signaller_emit_disconnected (ALCOVE_SIGNALLER (self), error);
}

static void
on_failed (AlcoveDispatchSignaller *self,
           const GError *error)
{
  if (!self->leaving && !self->over)
    fail (self, error);
}

static void
on_closed (AlcoveDispatchSignaller *self)
{
  if (self->leaving)
    alcove_signaller_emit_left (ALCOVE_SIGNALLER (self));
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

  self->role = role;
  g_free (self->room);
  self->room = choose_room (role, room);
  g_free (self->name);
  self->name = choose_name (name);

  if (self->room == NULL)
    {
      alcove_dispatch_signaller_fail (self, ALCOVE_ERROR_FAILED,
                                      _ ("The name of the room is missing."));
      return;
    }
  if (strlen (self->room) > ALCOVE_DISPATCH_MAX_ROOM - 8)
    {
      alcove_dispatch_signaller_fail (self, ALCOVE_ERROR_TOO_LARGE,
                                      _ ("The name of the room is too long."));
      return;
    }

  alcove_transport_set_persistent (self->transport, alcove_signaller_get_persistent (signaller));
  alcove_transport_open (self->transport);
}

/* A root's message to a guest, or NULL if it must not be written to. */
static AlcoveDispatchMessage *
address_guest (AlcoveDispatchSignaller *self,
               const char *id,
               AlcoveDispatchCode code)
{
  AlcoveDispatchGuest *guest = alcove_dispatch_signaller_find_guest (self, id);
  AlcoveDispatchMessage *message;

  if (!alcove_dispatch_signaller_is_root (self) || !self->joined || self->leaving || guest == NULL
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
  return !alcove_dispatch_signaller_is_root (self) && self->joined && !self->leaving
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
      alcove_dispatch_signaller_report (
          self, ALCOVE_ERROR_UNEXPECTED,
          _ ("This guest’s page never answers; the connection stays as it is."));
      return;
    }

  alcove_dispatch_message_set_description (message, type, sdp, NULL);
  alcove_dispatch_signaller_send (self, message);
  if (offer)
    {
      guest->offered_at = g_get_monotonic_time ();
      if (self->answer_timer == NULL)
        set_source (self, &self->answer_timer, self->answer_ms, on_answer_wait);
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
  g_autoptr (AlcoveDispatchMessage) message = address_guest (self, id, code);

  if (message != NULL)
    alcove_dispatch_signaller_send (self, message);
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

static void
alcove_dispatch_signaller_leave (AlcoveSignaller *signaller)
{
  AlcoveDispatchSignaller *self = ALCOVE_DISPATCH_SIGNALLER (signaller);

  if (self->leaving)
    return;

  /* A root leaves by closing alone: 3000 from it makes its room unusable. */
  if (self->joined && !alcove_dispatch_signaller_is_root (self))
    {
      g_autoptr (AlcoveDispatchMessage) message
          = alcove_dispatch_message_new (ALCOVE_DISPATCH_LEAVE);

      alcove_dispatch_signaller_send (self, message);
    }

  self->leaving = TRUE;
  clear_timers (self);
  if (alcove_transport_get_state (self->transport) == ALCOVE_TRANSPORT_CLOSED)
    alcove_signaller_emit_left (signaller);
  else
    alcove_transport_close (self->transport);
}

static AlcoveTransport *
alcove_dispatch_signaller_get_transport (AlcoveSignaller *signaller)
{
  return ALCOVE_DISPATCH_SIGNALLER (signaller)->transport;
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
  AlcoveDispatchSignaller *self = ALCOVE_DISPATCH_SIGNALLER (object);

  clear_timers (self);
  if (self->transport != NULL)
    g_signal_handlers_disconnect_by_data (self->transport, self);
  g_clear_object (&self->transport);

  G_OBJECT_CLASS (alcove_dispatch_signaller_parent_class)->dispose (object);
}

static void
alcove_dispatch_signaller_finalize (GObject *object)
{
  AlcoveDispatchSignaller *self = ALCOVE_DISPATCH_SIGNALLER (object);

  g_free (self->room);
  g_free (self->name);
  g_free (self->actual);
  g_clear_pointer (&self->server, g_uri_unref);
  g_clear_pointer (&self->guests, g_hash_table_unref);
  g_queue_clear (&self->pending);

  G_OBJECT_CLASS (alcove_dispatch_signaller_parent_class)->finalize (object);
}

static void
alcove_dispatch_signaller_class_init (AlcoveDispatchSignallerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  AlcoveSignallerClass *signaller_class = ALCOVE_SIGNALLER_CLASS (klass);

  object_class->dispose = alcove_dispatch_signaller_dispose;
  object_class->finalize = alcove_dispatch_signaller_finalize;

  signaller_class->connect = alcove_dispatch_signaller_connect;
  signaller_class->send_description = alcove_dispatch_signaller_send_description;
  signaller_class->send_candidate = alcove_dispatch_signaller_send_candidate;
  signaller_class->leave = alcove_dispatch_signaller_leave;
  signaller_class->call = alcove_dispatch_signaller_call;
  signaller_class->hang_up = alcove_dispatch_signaller_hang_up;
  signaller_class->dismiss = alcove_dispatch_signaller_dismiss;
  signaller_class->note_peer = alcove_dispatch_signaller_note_peer;
  signaller_class->is_name_made_up = alcove_dispatch_signaller_is_name_made_up;
  signaller_class->get_transport = alcove_dispatch_signaller_get_transport;
  signaller_class->features = ALCOVE_SIGNALLER_NAMES | ALCOVE_SIGNALLER_ROOMS
                              | ALCOVE_SIGNALLER_CALLS | ALCOVE_SIGNALLER_ONE_WAY_CALLS
                              | ALCOVE_SIGNALLER_FULL_DESCRIPTIONS;
}

static void
alcove_dispatch_signaller_init (AlcoveDispatchSignaller *self)
{
  self->join_ms = ALCOVE_DISPATCH_JOIN_WAIT_MS;
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
  AlcoveDispatchSignaller *self = g_object_new (ALCOVE_TYPE_DISPATCH_SIGNALLER, NULL);

  self->server = g_uri_ref (server);
  self->transport = g_object_ref (transport);
  g_signal_connect_swapped (transport, "connecting", G_CALLBACK (on_connecting), self);
  g_signal_connect_swapped (transport, "opened", G_CALLBACK (on_opened), self);
  g_signal_connect_swapped (transport, "message",
                            G_CALLBACK (alcove_dispatch_signaller_handle_message), self);
  g_signal_connect_swapped (transport, "dropped", G_CALLBACK (on_dropped), self);
  g_signal_connect_swapped (transport, "failed", G_CALLBACK (on_failed), self);
  g_signal_connect_swapped (transport, "closed", G_CALLBACK (on_closed), self);
  return ALCOVE_SIGNALLER (self);
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
  self->join_ms = join_ms;
  self->retry_ms = retry_ms;
  self->answer_ms = answer_ms;
}
