/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-transfer"

#include "config.h"

#include "alcove-transfer-private.h"

#include <string.h>

#include <glib/gi18n.h>

#include "alcove-error.h"
#include "alcove-inband.h"

/*
 * One file's way. Here is the object with its state and what either side may say about it;
 * how the content goes out is in alcove-transfer-send.c, and how it comes in is in
 * alcove-transfer-receive.c.
 */

enum {
  PROP_0,
  PROP_STATE,
  PROP_NAME,
  PROP_SIZE,
  PROP_DONE,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_ENUM_TYPE (AlcoveTransferState,
                    alcove_transfer_state,
                    G_DEFINE_ENUM_VALUE (ALCOVE_TRANSFER_PREPARING, "preparing"),
                    G_DEFINE_ENUM_VALUE (ALCOVE_TRANSFER_WAITING, "waiting"),
                    G_DEFINE_ENUM_VALUE (ALCOVE_TRANSFER_RUNNING, "running"),
                    G_DEFINE_ENUM_VALUE (ALCOVE_TRANSFER_DONE, "done"),
                    G_DEFINE_ENUM_VALUE (ALCOVE_TRANSFER_REFUSED, "refused"),
                    G_DEFINE_ENUM_VALUE (ALCOVE_TRANSFER_CANCELLED, "cancelled"),
                    G_DEFINE_ENUM_VALUE (ALCOVE_TRANSFER_FAILED, "failed"))

G_DEFINE_FINAL_TYPE (AlcoveTransfer, alcove_transfer, G_TYPE_OBJECT)

static gboolean
stall_cb (gpointer data)
{
  AlcoveTransfer *self = data;

  self->stall_source = 0;
  alcove_transfer_fail (self, ALCOVE_ERROR_TIMED_OUT, _ ("The file stopped on its way."), TRUE);
  return G_SOURCE_REMOVE;
}

/* Something moved: the time until it counts as stalled begins anew. */
void
alcove_transfer_note_life (AlcoveTransfer *self)
{
  g_clear_handle_id (&self->stall_source, g_source_remove);
  if (self->state == ALCOVE_TRANSFER_RUNNING)
    self->stall_source
        = g_timeout_add_seconds (ALCOVE_TRANSFER_STALLED_SECONDS, stall_cb, self);
}

/* Lets go of everything; a file that is not whole goes with it. */
static void
release (AlcoveTransfer *self,
         gboolean keep)
{
  g_clear_handle_id (&self->stall_source, g_source_remove);
  g_clear_handle_id (&self->pace_source, g_source_remove);
  if (!keep)
    g_cancellable_cancel (self->cancellable);
  /* At once, and while a write may still be under way: when the program ends right after
   * this, nothing may be left. */
  if (!keep && self->temporary != NULL)
    g_file_delete (self->temporary, NULL, NULL);
  g_clear_object (&self->temporary);
  g_clear_object (&self->input);
  g_clear_object (&self->output);
  g_clear_pointer (&self->writer, alcove_data_url_writer_free);
  g_clear_pointer (&self->reader, alcove_data_url_reader_free);
  g_clear_pointer (&self->pending, g_byte_array_unref);
  g_clear_pointer (&self->unsent, alcove_file_message_free);
}

void
alcove_transfer_set_state (AlcoveTransfer *self,
                           AlcoveTransferState state)
{
  if (self->state == state)
    return;

  self->state = state;
  alcove_transfer_note_life (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

void
alcove_transfer_set_file (AlcoveTransfer *self,
                          const char *name,
                          guint64 size)
{
  g_free (self->name);
  self->name = g_strdup (name);
  self->size = size;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NAME]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SIZE]);
}

/* Hundreds of pieces come each second; nobody looks that fast. */
void
alcove_transfer_set_done (AlcoveTransfer *self,
                          guint64 done)
{
  self->done = done;
  if (done - self->told < MAX (self->size / 200, 16 * 1024) && done < self->size)
    return;

  self->told = done;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_DONE]);
}

/* To an end; there is none after that. */
void
alcove_transfer_end (AlcoveTransfer *self,
                     AlcoveTransferState state)
{
  g_autoptr (AlcoveTransfer) alive = g_object_ref (self);

  if (!alcove_transfer_is_active (self))
    return;

  release (self, state == ALCOVE_TRANSFER_DONE);
  alcove_transfer_set_state (self, state);
}

gboolean
alcove_transfer_say (AlcoveTransfer *self,
                     AlcoveFileSignal signal)
{
  AlcoveFileMessage message = {
    .signal = signal,
    .id = self->id,
    .name = self->name,
    .size = self->size,
  };

  return self->port.data != NULL && self->port.send (self->port.data, &message);
}

/* @tell: whether the other side should hear of it */
void
alcove_transfer_fail (AlcoveTransfer *self,
                      int code,
                      const char *message,
                      gboolean tell)
{
  if (!alcove_transfer_is_active (self))
    return;

  g_clear_error (&self->problem);
  self->problem = g_error_new_literal (ALCOVE_ERROR, code, message);
  if (tell && self->state != ALCOVE_TRANSFER_PREPARING)
    alcove_transfer_say (self, self->incoming ? ALCOVE_FILE_REFUSE : ALCOVE_FILE_CLOSE);
  alcove_transfer_end (self, ALCOVE_TRANSFER_FAILED);
}

static void
alcove_transfer_get_property (GObject *object,
                              guint id,
                              GValue *value,
                              GParamSpec *pspec)
{
  AlcoveTransfer *self = ALCOVE_TRANSFER (object);

  switch (id)
    {
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_SIZE:
      g_value_set_uint64 (value, self->size);
      break;
    case PROP_DONE:
      g_value_set_uint64 (value, self->done);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
alcove_transfer_dispose (GObject *object)
{
  AlcoveTransfer *self = ALCOVE_TRANSFER (object);

  release (self, FALSE);
  self->port.data = NULL;
  g_clear_object (&self->participant);
  g_clear_object (&self->source);
  g_clear_object (&self->target);

  G_OBJECT_CLASS (alcove_transfer_parent_class)->dispose (object);
}

static void
alcove_transfer_finalize (GObject *object)
{
  AlcoveTransfer *self = ALCOVE_TRANSFER (object);

  g_object_unref (self->cancellable);
  g_date_time_unref (self->time);
  g_clear_error (&self->problem);
  g_free (self->id);
  g_free (self->name);

  G_OBJECT_CLASS (alcove_transfer_parent_class)->finalize (object);
}

static void
alcove_transfer_class_init (AlcoveTransferClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = alcove_transfer_get_property;
  object_class->dispose = alcove_transfer_dispose;
  object_class->finalize = alcove_transfer_finalize;

  props[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, ALCOVE_TYPE_TRANSFER_STATE,
                                         ALCOVE_TRANSFER_PREPARING, flags);
  props[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  props[PROP_SIZE] = g_param_spec_uint64 ("size", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  props[PROP_DONE] = g_param_spec_uint64 ("done", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
alcove_transfer_init (AlcoveTransfer *self)
{
  self->cancellable = g_cancellable_new ();
  self->time = g_date_time_new_now_local ();
}

/* As the pages make them: upper-case digits to the base 36, a dash among them. */
static char *
make_id (void)
{
  static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  char id[] = "________-___";

  for (char *at = id; *at != '\0'; at++)
    if (*at == '_')
      *at = digits[g_random_int_range (0, (gint32) strlen (digits))];
  return g_strdup (id);
}

/* Only ever a proposal, but one that leads to no other folder and hides nothing. */
static char *
clean_name (const char *name)
{
  g_autofree char *clean = alcove_inband_clean_name (name);
  const char *base = clean;

  for (const char *at = clean; at != NULL && *at != '\0'; at++)
    if (*at == '/' || *at == '\\')
      base = at + 1;
  while (base != NULL && *base == '.')
    base++;

  /* Translators: the name of a file that came without one */
  return g_strdup (base != NULL && *base != '\0' ? base : _ ("file"));
}

/* The room's word: @number is its own count of transfers. */
AlcoveTransfer *
alcove_transfer_new_outgoing (AlcoveParticipant *participant,
                              guint number,
                              GFile *source,
                              const AlcoveTransferPort *port)
{
  AlcoveTransfer *self = g_object_new (ALCOVE_TYPE_TRANSFER, NULL);

  self->participant = g_object_ref (participant);
  self->number = number;
  self->source = g_object_ref (source);
  self->name = g_file_get_basename (source);
  self->id = make_id ();
  self->port = *port;
  alcove_transfer_prepare (self);
  return self;
}

AlcoveTransfer *
alcove_transfer_new_incoming (AlcoveParticipant *participant,
                              guint number,
                              const AlcoveFileMessage *ask,
                              const AlcoveTransferPort *port)
{
  AlcoveTransfer *self = g_object_new (ALCOVE_TYPE_TRANSFER, NULL);

  self->participant = g_object_ref (participant);
  self->number = number;
  self->incoming = TRUE;
  self->state = ALCOVE_TRANSFER_WAITING;
  self->name = clean_name (ask->name);
  self->size = ask->size;
  self->id = g_strdup (ask->id);
  self->port = *port;
  return self;
}

const char *
alcove_transfer_get_id (AlcoveTransfer *self)
{
  return self->id;
}

/* What the participant says about it. What makes no sense by now is passed over: two
 * decisions may have crossed each other. */
void
alcove_transfer_handle (AlcoveTransfer *self,
                        const AlcoveFileMessage *message)
{
  if (!alcove_transfer_is_active (self))
    return;

  switch (message->signal)
    {
    case ALCOVE_FILE_ACCEPT:
      if (!self->incoming && self->state == ALCOVE_TRANSFER_WAITING)
        alcove_transfer_start_sending (self);
      break;
    case ALCOVE_FILE_REFUSE:
      if (!self->incoming && self->state == ALCOVE_TRANSFER_WAITING)
        alcove_transfer_end (self, ALCOVE_TRANSFER_REFUSED);
      else if (!self->incoming)
        alcove_transfer_fail (self, ALCOVE_ERROR_CLOSED,
                              _ ("The other side stopped taking the file."), FALSE);
      break;
    case ALCOVE_FILE_CHUNK:
      if (self->incoming && self->state == ALCOVE_TRANSFER_RUNNING)
        alcove_transfer_receive (self, message);
      break;
    case ALCOVE_FILE_CLOSE:
      if (self->incoming)
        alcove_transfer_fail (self, ALCOVE_ERROR_CLOSED,
                              _ ("The other side stopped sending the file."), FALSE);
      break;
    case ALCOVE_FILE_ASK:
    default:
      break;
    }
}

/* The way to the participant is gone. */
void
alcove_transfer_break (AlcoveTransfer *self)
{
  self->port.data = NULL;
  alcove_transfer_fail (self, ALCOVE_ERROR_CLOSED,
                        _ ("The connection was lost before the file was through."), FALSE);
}

/**
 * alcove_transfer_get_participant:
 * @self: a transfer
 *
 * Returns: (transfer none): who sends or receives
 */
AlcoveParticipant *
alcove_transfer_get_participant (AlcoveTransfer *self)
{
  return self->participant;
}

/**
 * alcove_transfer_get_number:
 * @self: a transfer
 *
 * Returns: its number in the room, from 1
 */
guint
alcove_transfer_get_number (AlcoveTransfer *self)
{
  return self->number;
}

/**
 * alcove_transfer_get_incoming:
 * @self: a transfer
 *
 * Returns: whether the file comes to us
 */
gboolean
alcove_transfer_get_incoming (AlcoveTransfer *self)
{
  return self->incoming;
}

/**
 * alcove_transfer_get_state:
 * @self: a transfer
 *
 * Returns: how far it is
 */
AlcoveTransferState
alcove_transfer_get_state (AlcoveTransfer *self)
{
  return self->state;
}

/**
 * alcove_transfer_get_name:
 * @self: a transfer
 *
 * Returns: (transfer none): the file's name, plain text without folders
 */
const char *
alcove_transfer_get_name (AlcoveTransfer *self)
{
  return self->name;
}

/**
 * alcove_transfer_get_size:
 * @self: a transfer
 *
 * Returns: the file's size in bytes
 */
guint64
alcove_transfer_get_size (AlcoveTransfer *self)
{
  return self->size;
}

/**
 * alcove_transfer_get_done:
 * @self: a transfer
 *
 * Returns: how many bytes of it went over
 */
guint64
alcove_transfer_get_done (AlcoveTransfer *self)
{
  return self->done;
}

/**
 * alcove_transfer_get_problem:
 * @self: a transfer
 *
 * Returns: (transfer none) (nullable): why it failed, as a plain sentence
 */
const GError *
alcove_transfer_get_problem (AlcoveTransfer *self)
{
  return self->problem;
}

/**
 * alcove_transfer_get_time:
 * @self: a transfer
 *
 * Returns: (transfer none): when it was begun, in local time
 */
GDateTime *
alcove_transfer_get_time (AlcoveTransfer *self)
{
  return self->time;
}

/**
 * alcove_transfer_is_active:
 * @self: a transfer
 *
 * Returns: whether it has not come to an end
 */
gboolean
alcove_transfer_is_active (AlcoveTransfer *self)
{
  return self->state <= ALCOVE_TRANSFER_RUNNING;
}

/**
 * alcove_transfer_accept:
 * @self: an incoming transfer that waits
 * @target: where to save it; what is there is replaced when all has come
 *
 * Lets the file come. Until it is whole it has another name in the same folder.
 *
 * Returns: whether there was something to accept
 */
gboolean
alcove_transfer_accept (AlcoveTransfer *self,
                        GFile *target)
{
  return self->incoming && self->state == ALCOVE_TRANSFER_WAITING
         && alcove_transfer_start_receiving (self, target);
}

/**
 * alcove_transfer_refuse:
 * @self: an incoming transfer that waits
 *
 * Lets the other side know that we do not want it.
 */
void
alcove_transfer_refuse (AlcoveTransfer *self)
{
  if (!self->incoming || self->state != ALCOVE_TRANSFER_WAITING)
    return;

  alcove_transfer_say (self, ALCOVE_FILE_REFUSE);
  alcove_transfer_end (self, ALCOVE_TRANSFER_REFUSED);
}

/**
 * alcove_transfer_cancel:
 * @self: a transfer
 *
 * Stops it, in whatever state it is. The protocol has no word for this: an Alcove
 * understands what is said instead, a page may go on for a while.
 */
void
alcove_transfer_cancel (AlcoveTransfer *self)
{
  if (!alcove_transfer_is_active (self))
    return;

  if (self->state != ALCOVE_TRANSFER_PREPARING)
    alcove_transfer_say (self, self->incoming ? ALCOVE_FILE_REFUSE : ALCOVE_FILE_CLOSE);
  alcove_transfer_end (self, ALCOVE_TRANSFER_CANCELLED);
}
