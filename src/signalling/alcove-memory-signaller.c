/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-memory-signaller"

#include "config.h"

#include "alcove-memory-signaller.h"

#include <string.h>

#include <glib/gi18n.h>

#include "alcove-error.h"

/*
 * The signaller's contract in its plainest form. Hub and signaller share this file,
 * because each is the other's only user.
 */

typedef enum {
  JOINED,
  PEER_JOINED,
  PEER_LEFT,
  DESCRIPTION,
  CANDIDATE,
  DISCONNECTED,
  RECONNECTED,
  LEFT,
} EventKind;

typedef struct {
  EventKind kind;
  AlcoveMemorySignaller *to; /* borrowed: its dispose takes its events along */
  char *peer;
  char *text;
  char *mid;
  int number;
  gboolean we_offer;
} Event;

struct _AlcoveMemoryHub {
  GObject parent_instance;

  GPtrArray *members; /* borrowed, those in a room */
  GQueue events;
  GRand *rand;
  guint source;
  guint drop_next;
  guint next_id;
};

struct _AlcoveMemorySignaller {
  AlcoveSignaller parent_instance;

  AlcoveMemoryHub *hub;
  char *id;
  char *room;
  gboolean present;
  gboolean leaving;
};

G_DEFINE_FINAL_TYPE (AlcoveMemoryHub, alcove_memory_hub, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE (AlcoveMemorySignaller, alcove_memory_signaller, ALCOVE_TYPE_SIGNALLER)

static void
event_free (gpointer data)
{
  Event *self = data;

  g_free (self->peer);
  g_free (self->text);
  g_free (self->mid);
  g_free (self);
}

static void
deliver (const Event *event)
{
  g_autoptr (AlcoveSignaller) to = g_object_ref (ALCOVE_SIGNALLER (event->to));
  g_autoptr (GError) error = NULL;

  switch (event->kind)
    {
    case JOINED:
      alcove_signaller_emit_joined (to, event->peer);
      break;
    case PEER_JOINED:
      alcove_signaller_emit_peer_joined (to, event->peer, NULL, event->we_offer);
      break;
    case PEER_LEFT:
      alcove_signaller_emit_peer_left (to, event->peer);
      break;
    case DESCRIPTION:
      alcove_signaller_emit_description (to, event->peer, (AlcoveDescriptionType) event->number,
                                         event->text);
      break;
    case CANDIDATE:
      alcove_signaller_emit_candidate (to, event->peer, event->mid, event->number, event->text);
      break;
    case DISCONNECTED:
      error = g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_CLOSED,
                                   _ ("The connection was closed."));
      alcove_signaller_emit_disconnected (to, error);
      break;
    case RECONNECTED:
      alcove_signaller_emit_reconnected (to);
      break;
    case LEFT:
    default:
      alcove_signaller_emit_left (to);
    }
}

static gboolean
deliver_cb (gpointer user_data)
{
  g_autoptr (AlcoveMemoryHub) self = g_object_ref (user_data);
  guint length = g_queue_get_length (&self->events);
  guint position = 0;
  Event *event;

  if (self->rand != NULL && length > 1)
    position = (guint) g_rand_int_range (self->rand, 0, (gint32) length);
  event = g_queue_pop_nth (&self->events, position);

  if (g_queue_is_empty (&self->events))
    self->source = 0;
  if (event != NULL)
    {
      gboolean keep = self->source != 0;

      deliver (event);
      event_free (event);
      return keep ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
    }

  return G_SOURCE_REMOVE;
}

static Event *
post (AlcoveMemoryHub *self,
      AlcoveMemorySignaller *to,
      EventKind kind,
      const char *peer)
{
  Event *event = g_new0 (Event, 1);

  event->kind = kind;
  event->to = to;
  event->peer = g_strdup (peer);
  g_queue_push_tail (&self->events, event);
  if (self->source == 0)
    self->source = g_idle_add (deliver_cb, self);
  return event;
}

static void
enter (AlcoveMemorySignaller *self)
{
  AlcoveMemoryHub *hub = self->hub;

  g_free (self->id);
  self->id = g_strdup_printf ("peer-%u", ++hub->next_id);
  self->present = TRUE;
  post (hub, self, JOINED, self->id);

  for (guint i = 0; i < hub->members->len; i++)
    {
      AlcoveMemorySignaller *other = hub->members->pdata[i];

      if (!g_str_equal (other->room, self->room))
        continue;
      post (hub, other, PEER_JOINED, self->id);
      post (hub, self, PEER_JOINED, other->id)->we_offer = TRUE;
    }
  g_ptr_array_add (hub->members, self);
}

static void
exit_room (AlcoveMemorySignaller *self)
{
  if (!self->present)
    return;

  self->present = FALSE;
  g_ptr_array_remove (self->hub->members, self);
  for (guint i = 0; i < self->hub->members->len; i++)
    {
      AlcoveMemorySignaller *other = self->hub->members->pdata[i];

      if (g_str_equal (other->room, self->room))
        post (self->hub, other, PEER_LEFT, self->id);
    }
}

static Event *
relay (AlcoveMemorySignaller *self,
       EventKind kind,
       const char *peer)
{
  if (!self->present)
    return NULL;

  for (guint i = 0; i < self->hub->members->len; i++)
    {
      AlcoveMemorySignaller *other = self->hub->members->pdata[i];

      if (!g_str_equal (other->id, peer) || !g_str_equal (other->room, self->room))
        continue;
      if (self->hub->drop_next > 0)
        {
          self->hub->drop_next--;
          return NULL;
        }
      return post (self->hub, other, kind, self->id);
    }

  return NULL;
}

static void
forget_events (AlcoveMemorySignaller *self)
{
  for (GList *l = self->hub->events.head, *next; l != NULL; l = next)
    {
      Event *event = l->data;

      next = l->next;
      if (event->to != self)
        continue;
      g_queue_delete_link (&self->hub->events, l);
      event_free (event);
    }
}

static void
alcove_memory_signaller_connect_room (AlcoveSignaller *signaller,
                                      const char *room,
                                      const char *name,
                                      AlcoveRole role)
{
  AlcoveMemorySignaller *self = ALCOVE_MEMORY_SIGNALLER (signaller);

  if (self->room != NULL || self->leaving)
    return;
  self->room = g_strdup (room);
  enter (self);
}

static void
alcove_memory_signaller_send_description (AlcoveSignaller *signaller,
                                          const char *peer,
                                          AlcoveDescriptionType type,
                                          const char *sdp)
{
  Event *event = relay (ALCOVE_MEMORY_SIGNALLER (signaller), DESCRIPTION, peer);

  if (event == NULL)
    return;
  event->number = (int) type;
  event->text = g_strdup (sdp);
}

static void
alcove_memory_signaller_send_candidate (AlcoveSignaller *signaller,
                                        const char *peer,
                                        const char *mid,
                                        int mline_index,
                                        const char *candidate)
{
  Event *event = relay (ALCOVE_MEMORY_SIGNALLER (signaller), CANDIDATE, peer);

  if (event == NULL)
    return;
  event->number = mline_index;
  event->mid = g_strdup (mid);
  event->text = g_strdup (candidate);
}

static void
alcove_memory_signaller_leave (AlcoveSignaller *signaller)
{
  AlcoveMemorySignaller *self = ALCOVE_MEMORY_SIGNALLER (signaller);

  if (self->leaving)
    return;

  self->leaving = TRUE;
  exit_room (self);
  /* `left` is the last that is heard of us. */
  forget_events (self);
  post (self->hub, self, LEFT, NULL);
}

static char *
alcove_memory_signaller_encode_chat (AlcoveSignaller *signaller,
                                     const char *text)
{
  return g_strconcat ("chat:", text, NULL);
}

static char *
alcove_memory_signaller_decode_chat (AlcoveSignaller *signaller,
                                     const char *message)
{
  return g_str_has_prefix (message, "chat:") ? g_strdup (message + strlen ("chat:")) : NULL;
}

static char *
alcove_memory_signaller_encode_probe (AlcoveSignaller *signaller)
{
  return g_strdup ("probe");
}

static char *
alcove_memory_signaller_answer_message (AlcoveSignaller *signaller,
                                        const char *message)
{
  return g_str_equal (message, "probe") ? g_strdup ("alive") : NULL;
}

/* signal, size, last, id, and name or data */
static char *
alcove_memory_signaller_encode_file (AlcoveSignaller *signaller,
                                     const AlcoveFileMessage *message)
{
  const char *rest = message->signal == ALCOVE_FILE_CHUNK ? message->data : message->name;

  return g_strdup_printf ("file:%d:%" G_GUINT64_FORMAT ":%d:%s:%s", (int) message->signal,
                          message->size, message->last, message->id, rest != NULL ? rest : "");
}

static AlcoveFileMessage *
alcove_memory_signaller_decode_file (AlcoveSignaller *signaller,
                                     const char *text,
                                     GError **error)
{
  g_auto (GStrv) fields = g_strsplit (text, ":", 6);
  AlcoveFileMessage *message;

  if (g_strv_length (fields) != 6 || !g_str_equal (fields[0], "file"))
    return NULL;

  message = g_new0 (AlcoveFileMessage, 1);
  message->signal = (AlcoveFileSignal) g_ascii_strtoull (fields[1], NULL, 10);
  message->size = g_ascii_strtoull (fields[2], NULL, 10);
  message->last = *fields[3] == '1';
  message->id = g_strdup (fields[4]);
  message->name = g_strdup (fields[5]);
  message->data = g_strdup (fields[5]);
  return message;
}

static void
alcove_memory_signaller_dispose (GObject *object)
{
  AlcoveMemorySignaller *self = ALCOVE_MEMORY_SIGNALLER (object);

  if (self->hub != NULL)
    {
      exit_room (self);
      forget_events (self);
    }
  g_clear_object (&self->hub);

  G_OBJECT_CLASS (alcove_memory_signaller_parent_class)->dispose (object);
}

static void
alcove_memory_signaller_finalize (GObject *object)
{
  AlcoveMemorySignaller *self = ALCOVE_MEMORY_SIGNALLER (object);

  g_free (self->id);
  g_free (self->room);

  G_OBJECT_CLASS (alcove_memory_signaller_parent_class)->finalize (object);
}

static void
alcove_memory_signaller_class_init (AlcoveMemorySignallerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  AlcoveSignallerClass *signaller_class = ALCOVE_SIGNALLER_CLASS (klass);

  object_class->dispose = alcove_memory_signaller_dispose;
  object_class->finalize = alcove_memory_signaller_finalize;

  signaller_class->connect = alcove_memory_signaller_connect_room;
  signaller_class->send_description = alcove_memory_signaller_send_description;
  signaller_class->send_candidate = alcove_memory_signaller_send_candidate;
  signaller_class->leave = alcove_memory_signaller_leave;
  signaller_class->encode_chat = alcove_memory_signaller_encode_chat;
  signaller_class->decode_chat = alcove_memory_signaller_decode_chat;
  signaller_class->encode_probe = alcove_memory_signaller_encode_probe;
  signaller_class->answer_message = alcove_memory_signaller_answer_message;
  signaller_class->encode_file = alcove_memory_signaller_encode_file;
  signaller_class->decode_file = alcove_memory_signaller_decode_file;
  signaller_class->features = ALCOVE_SIGNALLER_ROSTER | ALCOVE_SIGNALLER_LEAVE_NOTICE
                              | ALCOVE_SIGNALLER_ROOMS | ALCOVE_SIGNALLER_CHANNEL
                              | ALCOVE_SIGNALLER_FILES | ALCOVE_SIGNALLER_FLEETING_IDS;
  signaller_class->channel_label = "memory";
}

static void
alcove_memory_signaller_init (AlcoveMemorySignaller *self)
{
}

static void
alcove_memory_hub_dispose (GObject *object)
{
  AlcoveMemoryHub *self = ALCOVE_MEMORY_HUB (object);

  g_clear_handle_id (&self->source, g_source_remove);
  g_queue_clear_full (&self->events, event_free);

  G_OBJECT_CLASS (alcove_memory_hub_parent_class)->dispose (object);
}

static void
alcove_memory_hub_finalize (GObject *object)
{
  AlcoveMemoryHub *self = ALCOVE_MEMORY_HUB (object);

  g_ptr_array_unref (self->members);
  g_clear_pointer (&self->rand, g_rand_free);

  G_OBJECT_CLASS (alcove_memory_hub_parent_class)->finalize (object);
}

static void
alcove_memory_hub_class_init (AlcoveMemoryHubClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = alcove_memory_hub_dispose;
  object_class->finalize = alcove_memory_hub_finalize;
}

static void
alcove_memory_hub_init (AlcoveMemoryHub *self)
{
  self->members = g_ptr_array_new ();
  g_queue_init (&self->events);
}

/**
 * alcove_memory_hub_new:
 *
 * Returns: (transfer full): a hub without anybody
 */
AlcoveMemoryHub *
alcove_memory_hub_new (void)
{
  return g_object_new (ALCOVE_TYPE_MEMORY_HUB, NULL);
}

/**
 * alcove_memory_hub_set_shuffle:
 * @self: a hub
 * @rand: (nullable) (transfer full): decides what is delivered next; %NULL keeps the order
 */
void
alcove_memory_hub_set_shuffle (AlcoveMemoryHub *self,
                               GRand *rand)
{
  g_clear_pointer (&self->rand, g_rand_free);
  self->rand = rand;
}

/**
 * alcove_memory_hub_set_drop_next:
 * @self: a hub
 * @n_messages: how many of the next relayed messages are lost
 */
void
alcove_memory_hub_set_drop_next (AlcoveMemoryHub *self,
                                 guint n_messages)
{
  self->drop_next = n_messages;
}

/**
 * alcove_memory_signaller_new:
 * @hub: where it meets the others
 *
 * Returns: (transfer full): a signaller that is in no room yet
 */
AlcoveSignaller *
alcove_memory_signaller_new (AlcoveMemoryHub *hub)
{
  AlcoveMemorySignaller *self = g_object_new (ALCOVE_TYPE_MEMORY_SIGNALLER, NULL);

  self->hub = g_object_ref (hub);
  return ALCOVE_SIGNALLER (self);
}

/**
 * alcove_memory_signaller_disconnect:
 * @self: a signaller in a room
 *
 * The way to the server is lost: the others are told that we left.
 */
void
alcove_memory_signaller_disconnect (AlcoveMemorySignaller *self)
{
  if (!self->present)
    return;

  exit_room (self);
  post (self->hub, self, DISCONNECTED, NULL);
}

/**
 * alcove_memory_signaller_reconnect:
 * @self: a signaller that was disconnected
 *
 * The way to the server is back, with a new id.
 */
void
alcove_memory_signaller_reconnect (AlcoveMemorySignaller *self)
{
  if (self->present || self->leaving || self->room == NULL)
    return;

  enter (self);
  post (self->hub, self, RECONNECTED, NULL);
}
