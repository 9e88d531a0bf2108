/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-dispatch-signaller"

#include "config.h"

#include "alcove-dispatch-signaller-private.h"

#include <string.h>

#include <glib/gi18n.h>

#include "alcove-error.h"

static void
report (AlcoveDispatchSignaller *self,
        AlcoveError code,
        const char *sentence)
{
  alcove_server_signaller_report (ALCOVE_SERVER_SIGNALLER (self), code, sentence);
}

/* The root can't know that we are back before we send something, and media that
 * still runs needs no offer. The end of candidates says nothing else. */
static void
show_up (AlcoveDispatchSignaller *self)
{
  g_autoptr (AlcoveDispatchMessage) message
      = alcove_dispatch_message_new (ALCOVE_DISPATCH_GUEST_CANDIDATE);

  alcove_dispatch_message_set_candidate (message, "0", 0, "");
  alcove_dispatch_signaller_send (self, message);
}

static void
handle_joined (AlcoveDispatchSignaller *self)
{
  AlcoveServerSignaller *server = ALCOVE_SERVER_SIGNALLER (self);
  gboolean is_root = alcove_dispatch_signaller_is_root (self);
  gboolean again = alcove_server_signaller_was_joined (server);

  self->told = FALSE;
  self->attempts = 0;

  if (is_root && self->n_tried > 0)
    {
      g_autofree char *sentence = g_strdup_printf (
          _ ("The room’s name is still in use on the server. Guests find it as “%s” now."),
          self->actual);

      report (self, ALCOVE_ERROR_FAILED, sentence);
    }

  /* A handler may leave in between. */
  if (!alcove_server_signaller_entered (server, is_root ? ALCOVE_DISPATCH_ROOT : self->actual))
    return;
  if (!is_root && again && self->root_is_alcove)
    show_up (self);
  if (!is_root)
    alcove_signaller_emit_peer_present (ALCOVE_SIGNALLER (self), ALCOVE_DISPATCH_ROOT, NULL, TRUE);
  alcove_server_signaller_announced (server);
}

static void
handle_refused (AlcoveDispatchSignaller *self,
                const char *text)
{
  AlcoveServerSignaller *server = ALCOVE_SERVER_SIGNALLER (self);
  AlcoveDispatchReason reason = alcove_dispatch_find_reason (text);
  const char *sentence;

  alcove_server_signaller_refused (server);
  if (alcove_dispatch_signaller_is_root (self))
    {
      sentence = _ ("A room of that name is open on the server already.");
      if (!alcove_server_signaller_gives_up (server)
          && self->attempts >= ALCOVE_DISPATCH_MAX_CREATES)
        {
          /* Only a restart of the server gives such a name back. */
          self->n_tried++;
          self->attempts = 0;
        }
    }
  else if (reason != ALCOVE_DISPATCH_REASON_NO_ROOM
           && self->n_tried + 1 < ALCOVE_DISPATCH_MAX_NAMES)
    {
      self->n_tried++;
      alcove_dispatch_signaller_enter (self);
      return;
    }
  else
    {
      self->n_tried = 0;
      sentence
          = _ ("There is no such room, or no place in it: the dispatcher has to open it first.");
    }

  if (alcove_server_signaller_gives_up (server))
    {
      alcove_server_signaller_fail (server, ALCOVE_ERROR_FAILED, sentence);
      return;
    }

  alcove_dispatch_signaller_enter_later (self);
  if (!self->told)
    {
      self->told = TRUE;
      report (self, ALCOVE_ERROR_FAILED, sentence);
    }
}

/* The room is gone, but the connection is not. */
static void
handle_room_lost (AlcoveDispatchSignaller *self)
{
  g_autoptr (GError) error = NULL;
  AlcoveSignaller *signaller = ALCOVE_SIGNALLER (self);

  if (!alcove_server_signaller_is_joined (ALCOVE_SERVER_SIGNALLER (self)))
    return;

  alcove_server_signaller_exited (ALCOVE_SERVER_SIGNALLER (self));
  self->offered = FALSE;
  self->root_offered = FALSE;
  self->told = TRUE;
  self->n_tried = 0;
  alcove_dispatch_signaller_enter_later (self);

  error = g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_CLOSED,
                               alcove_dispatch_signaller_is_root (self)
                                   ? _ ("The server does not know the room any more.")
                                   : _ ("The dispatcher has closed the room."));
  if (!alcove_dispatch_signaller_is_root (self))
    alcove_signaller_emit_peer_away (signaller, ALCOVE_DISPATCH_ROOT);
  if (self->retry_timer != NULL)
    alcove_signaller_emit_disconnected (signaller, error);
}

/* Replies come in the order of the requests, and nothing else tells which is meant. */
static void
handle_reply (AlcoveDispatchSignaller *self,
              const AlcoveDispatchMessage *message)
{
  AlcoveDispatchCode request = GPOINTER_TO_INT (g_queue_pop_head (&self->pending));
  gboolean entry = message->code == ALCOVE_DISPATCH_CREATE || message->code == ALCOVE_DISPATCH_JOIN;

  if (entry)
    {
      if (!alcove_server_signaller_is_awaited (ALCOVE_SERVER_SIGNALLER (self))
          || (message->code == ALCOVE_DISPATCH_CREATE) != alcove_dispatch_signaller_is_root (self))
        report (self, ALCOVE_ERROR_UNEXPECTED, _ ("The server replied to what was never asked."));
      else if (message->succeeded)
        handle_joined (self);
      else
        handle_refused (self, message->message);
      return;
    }

  if (message->succeeded)
    return;

  g_debug ("Request %d failed", (int) request);
  if (alcove_dispatch_find_reason (message->message) == ALCOVE_DISPATCH_REASON_NOT_IN_ROOM)
    handle_room_lost (self);
  else
    report (self, ALCOVE_ERROR_UNEXPECTED, _ ("The server refused a message of ours."));
}

/* A guest shows by its offer, or by a candidate that came before that. */
static AlcoveDispatchGuest *
meet_guest (AlcoveDispatchSignaller *self,
            const char *id)
{
  AlcoveDispatchGuest *guest = alcove_dispatch_signaller_find_guest (self, id);

  if (guest != NULL)
    return guest;

  if (*id == '\0' || strcmp (id, ALCOVE_DISPATCH_ROOT) == 0)
    {
      report (self, ALCOVE_ERROR_UNEXPECTED, _ ("A message came from somebody without a name."));
      return NULL;
    }
  if (g_hash_table_size (self->guests) >= ALCOVE_DISPATCH_MAX_GUESTS)
    {
      report (self, ALCOVE_ERROR_TOO_MANY, _ ("The room has more guests than Alcove can take."));
      return NULL;
    }

  guest = g_new0 (AlcoveDispatchGuest, 1);
  guest->id = g_strdup (id);
  g_hash_table_insert (self->guests, guest->id, guest);
  alcove_signaller_emit_peer_joined (ALCOVE_SIGNALLER (self), id, id, FALSE);
  return alcove_server_signaller_is_joined (ALCOVE_SERVER_SIGNALLER (self))
             ? alcove_dispatch_signaller_find_guest (self, id)
             : NULL;
}

/* The original server labels every answer “root”: then the name inside the
 * description tells, or that only one offer of ours is open. */
static AlcoveDispatchGuest *
find_answerer (AlcoveDispatchSignaller *self,
               const AlcoveDispatchMessage *message)
{
  const char *from = alcove_dispatch_message_get_from (message);
  AlcoveDispatchGuest *only = NULL;
  GHashTableIter iter;
  gpointer value;
  AlcoveDispatchGuest *guest;

  if (strcmp (message->username, ALCOVE_DISPATCH_ROOT) != 0)
    from = message->username;
  if (from != NULL)
    {
      guest = alcove_dispatch_signaller_find_guest (self, from);
      return guest != NULL && guest->offered_at > 0 ? guest : NULL;
    }

  g_hash_table_iter_init (&iter, self->guests);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      guest = value;
      if (guest->offered_at == 0)
        continue;
      if (only != NULL)
        return NULL;
      only = guest;
    }
  return only;
}

static void
emit_description (AlcoveDispatchSignaller *self,
                  const char *id,
                  const AlcoveDispatchMessage *message)
{
  AlcoveDescriptionType type;
  const char *sdp;

  if (alcove_dispatch_message_get_description (message, &type, &sdp, NULL))
    alcove_signaller_emit_description (ALCOVE_SIGNALLER (self), id, type, sdp);
}

static void
emit_candidate (AlcoveDispatchSignaller *self,
                const char *id,
                const AlcoveDispatchMessage *message)
{
  if (*message->candidate != '\0')
    alcove_signaller_emit_candidate (ALCOVE_SIGNALLER (self), id, message->sdp_mid,
                                     message->sdp_mline_index, message->candidate);
}

static void
handle_guest_left (AlcoveDispatchSignaller *self,
                   const AlcoveDispatchMessage *message)
{
  AlcoveDispatchGuest *guest = alcove_dispatch_signaller_find_guest (self, message->username);

  if (guest == NULL)
    return;

  if (message->lost)
    {
      guest->lost = TRUE;
      guest->offered_at = 0;
      alcove_signaller_emit_peer_away (ALCOVE_SIGNALLER (self), message->username);
      return;
    }

  g_hash_table_remove (self->guests, message->username);
  alcove_signaller_emit_peer_left (ALCOVE_SIGNALLER (self), message->username);
}

static void
handle_as_root (AlcoveDispatchSignaller *self,
                const AlcoveDispatchMessage *message)
{
  AlcoveDispatchGuest *guest;

  switch (message->code)
    {
    case ALCOVE_DISPATCH_OFFER:
      guest = meet_guest (self, message->username);
      if (guest == NULL)
        break;
      guest->foreign = alcove_dispatch_message_is_foreign (message);
      guest->lost = FALSE;
      guest->silent = FALSE;
      guest->page = FALSE;
      guest->connected = FALSE;
      guest->offered_at = 0;
      emit_description (self, message->username, message);
      break;
    case ALCOVE_DISPATCH_ANSWER:
      guest = find_answerer (self, message);
      if (guest == NULL)
        report (self, ALCOVE_ERROR_UNEXPECTED,
                _ ("An answer came to an offer that was never made."));
      else
        {
          g_autofree char *id = g_strdup (guest->id);

          guest->offered_at = 0;
          guest->page = FALSE;
          emit_description (self, id, message);
        }
      break;
    case ALCOVE_DISPATCH_GUEST_CANDIDATE:
      guest = meet_guest (self, message->username);
      if (guest == NULL)
        break;
      guest->lost = FALSE;
      emit_candidate (self, message->username, message);
      alcove_dispatch_signaller_tell_owed (self, message->username);
      break;
    case ALCOVE_DISPATCH_LEAVE:
      handle_guest_left (self, message);
      break;
    default:
      report (self, ALCOVE_ERROR_UNEXPECTED, _ ("A message for a guest came to the dispatcher."));
      break;
    }
}

static void
handle_close (AlcoveDispatchSignaller *self)
{
  g_autoptr (AlcoveDispatchMessage) message = alcove_dispatch_message_new (ALCOVE_DISPATCH_LEAVE);

  alcove_dispatch_signaller_send (self, message);
  alcove_server_signaller_fail (ALCOVE_SERVER_SIGNALLER (self), ALCOVE_ERROR_CLOSED,
                                _ ("The dispatcher has asked you to leave the room."));
}

static void
handle_as_guest (AlcoveDispatchSignaller *self,
                 const AlcoveDispatchMessage *message)
{
  AlcoveSignaller *signaller = ALCOVE_SIGNALLER (self);

  switch (message->code)
    {
    case ALCOVE_DISPATCH_ANSWER:
      /* Guests can write this to each other, and everybody is labelled “root”. */
      if (!self->offered)
        {
          report (self, ALCOVE_ERROR_UNEXPECTED,
                  _ ("An answer came to an offer that was never made."));
          break;
        }
      self->offered = FALSE;
      self->root_is_alcove = alcove_dispatch_message_is_alcove (message);
      emit_description (self, ALCOVE_DISPATCH_ROOT, message);
      break;
    case ALCOVE_DISPATCH_ROOT_OFFER:
      self->root_is_alcove = alcove_dispatch_message_is_alcove (message);
      self->root_offered = TRUE;
      emit_description (self, ALCOVE_DISPATCH_ROOT, message);
      break;
    case ALCOVE_DISPATCH_ROOT_CANDIDATE:
      emit_candidate (self, ALCOVE_DISPATCH_ROOT, message);
      break;
    case ALCOVE_DISPATCH_CALL:
      alcove_signaller_emit_called (signaller, ALCOVE_DISPATCH_ROOT, message->message);
      break;
    case ALCOVE_DISPATCH_HANG_UP:
      alcove_signaller_emit_hung_up (signaller, ALCOVE_DISPATCH_ROOT);
      break;
    case ALCOVE_DISPATCH_CLOSE:
      handle_close (self);
      break;
    default:
      report (self, ALCOVE_ERROR_UNEXPECTED, _ ("A message for the dispatcher came to a guest."));
      break;
    }
}

static void
handle_relayed (AlcoveDispatchSignaller *self,
                const AlcoveDispatchMessage *message)
{
  g_autoptr (GError) error = NULL;
  AlcoveDescriptionType type;
  const char *sdp;

  if (!alcove_server_signaller_is_joined (ALCOVE_SERVER_SIGNALLER (self)))
    report (self, ALCOVE_ERROR_UNEXPECTED, _ ("A message came before the room was entered."));
  else if (message->sdp != NULL
           && !alcove_dispatch_message_get_description (message, &type, &sdp, &error))
    alcove_server_signaller_report_error (ALCOVE_SERVER_SIGNALLER (self), error);
  else if (alcove_dispatch_signaller_is_root (self))
    handle_as_root (self, message);
  else
    handle_as_guest (self, message);
}

void
alcove_dispatch_signaller_handle_message (AlcoveServerSignaller *server,
                                          const char *text)
{
  AlcoveDispatchSignaller *self = ALCOVE_DISPATCH_SIGNALLER (server);
  g_autoptr (AlcoveDispatchMessage) message = NULL;
  g_autoptr (GError) error = NULL;

  message = alcove_dispatch_message_decode (text, -1, FALSE, &error);
  if (message == NULL)
    {
      alcove_server_signaller_report_error (server, error);
      return;
    }

  switch (message->code)
    {
    case ALCOVE_DISPATCH_UNKNOWN:
      g_debug ("A message of an unknown code was dropped");
      break;
    case ALCOVE_DISPATCH_CREATE:
    case ALCOVE_DISPATCH_JOIN:
    case ALCOVE_DISPATCH_REPLY:
    case ALCOVE_DISPATCH_FAILURE:
      handle_reply (self, message);
      break;
    case ALCOVE_DISPATCH_ROOM_DELETED:
      if (!alcove_dispatch_signaller_is_root (self))
        handle_room_lost (self);
      break;
    default:
      handle_relayed (self, message);
      break;
    }
}
