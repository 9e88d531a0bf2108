/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-server-socketio"

#include "config.h"

#include "alcove-server-socketio.h"

#include <string.h>

#define ROOT "/"

static gboolean
is_in (const AlcoveServerSocketio *self,
       const char *nsp)
{
  return g_ptr_array_find_with_equal_func (self->namespaces, nsp, g_str_equal, NULL);
}

static void
enter (AlcoveServerSocketio *self,
       const char *nsp)
{
  if (!is_in (self, nsp))
    g_ptr_array_add (self->namespaces, g_strdup (nsp));
}

static void
set_current (AlcoveServerSocketio *self,
             const char *nsp)
{
  g_autofree char *copy = g_strdup (nsp);

  g_free (self->current);
  self->current = g_steal_pointer (&copy);
}

/* The Go server keeps a query as a part of the name and uses it in all it sends; the
 * library in JavaScript only knows the name without. Both are told, and what the client writes
 * from then on tells which it is. */
static AlcoveServerSocketioResult
take_connect (AlcoveServerSocketio *self,
              const AlcoveSocketioPacket *packet,
              GPtrArray *answers)
{
  g_autofree char *full = NULL;

  if (!is_in (self, packet->nsp)
      && self->namespaces->len >= ALCOVE_SERVER_SOCKETIO_MAX_NAMESPACES)
    return ALCOVE_SERVER_SOCKETIO_MALFORMED;

  if (self->version < 4 && packet->query != NULL)
    {
      full = g_strdup_printf ("%s?%s", packet->nsp, packet->query);
      enter (self, full);
      g_ptr_array_add (answers, alcove_server_socketio_format_connect (self, full));
    }

  enter (self, packet->nsp);
  g_ptr_array_add (answers, alcove_server_socketio_format_connect (self, packet->nsp));
  set_current (self, full != NULL ? full : packet->nsp);
  return ALCOVE_SERVER_SOCKETIO_IGNORED;
}

static gboolean
has_base (const char *name,
          const char *base)
{
  gsize length = strlen (base);

  return strncmp (name, base, length) == 0 && (name[length] == '\0' || name[length] == '?');
}

/* Events may come without the prefix of the namespace the client is in, and so may this. */
static AlcoveServerSocketioResult
take_disconnect (AlcoveServerSocketio *self,
                 const AlcoveSocketioPacket *packet)
{
  gboolean everything = g_str_equal (packet->nsp, ROOT);
  gboolean left = self->current != NULL && (everything || has_base (self->current, packet->nsp));

  for (guint i = self->namespaces->len; i > 0; i--)
    if (everything || has_base (self->namespaces->pdata[i - 1], packet->nsp))
      g_ptr_array_remove_index (self->namespaces, i - 1);

  if (!left)
    return ALCOVE_SERVER_SOCKETIO_IGNORED;

  set_current (self, self->namespaces->len > 0 ? self->namespaces->pdata[0] : NULL);
  return ALCOVE_SERVER_SOCKETIO_LEFT;
}

static AlcoveServerSocketioResult
take_event (AlcoveServerSocketio *self,
            AlcoveSocketioPacket **packet,
            AlcoveSocketioPacket **event)
{
  g_autoptr (JsonArray) array = NULL;
  const char *name;

  if (self->current == NULL || (*packet)->data == NULL)
    return ALCOVE_SERVER_SOCKETIO_MALFORMED;
  if (!g_str_equal ((*packet)->nsp, ROOT) && !is_in (self, (*packet)->nsp))
    return ALCOVE_SERVER_SOCKETIO_MALFORMED;

  array = alcove_socketio_event_parse ((*packet)->data, &name, NULL);
  if (array == NULL)
    return ALCOVE_SERVER_SOCKETIO_MALFORMED;

  if (!g_str_equal ((*packet)->nsp, ROOT) && (*packet)->query == NULL)
    set_current (self, (*packet)->nsp);
  *event = g_steal_pointer (packet);
  return ALCOVE_SERVER_SOCKETIO_EVENT;
}

/**
 * alcove_server_socketio_init:
 * @self: to be set up
 * @version: of Engine.IO, 3 or 4
 * @sid: the id of the session
 *
 * In version 3 a client is in the default namespace from the start; it still has to be told
 * so, with alcove_server_socketio_format_connect().
 */
void
alcove_server_socketio_init (AlcoveServerSocketio *self,
                             guint version,
                             const char *sid)
{
  *self = (AlcoveServerSocketio) {
    .version = version,
    .sid = g_strdup (sid),
    .namespaces = g_ptr_array_new_with_free_func (g_free),
  };

  if (version < 4)
    {
      enter (self, ROOT);
      set_current (self, ROOT);
    }
}

/**
 * alcove_server_socketio_clear:
 * @self: what was set up
 *
 * Frees what is in it.
 */
void
alcove_server_socketio_clear (AlcoveServerSocketio *self)
{
  g_clear_pointer (&self->sid, g_free);
  g_clear_pointer (&self->namespaces, g_ptr_array_unref);
  g_clear_pointer (&self->current, g_free);
}

/**
 * alcove_server_socketio_take:
 * @self: the client's namespaces
 * @text: what follows the digit of an Engine.IO message; anything at all
 * @answers: (element-type utf8): gets what is to be answered, in the same form
 * @event: (out) (nullable) (transfer full): the event, if it is one
 *
 * Takes one packet of the client. Binary events, acknowledgements and errors are passed over:
 * no protocol of ours has any.
 *
 * Returns: what it was
 */
AlcoveServerSocketioResult
alcove_server_socketio_take (AlcoveServerSocketio *self,
                             const char *text,
                             GPtrArray *answers,
                             AlcoveSocketioPacket **event)
{
  g_autoptr (AlcoveSocketioPacket) packet = alcove_socketio_packet_decode (text, NULL);

  *event = NULL;
  if (packet == NULL)
    return ALCOVE_SERVER_SOCKETIO_MALFORMED;

  switch (packet->type)
    {
    case ALCOVE_SOCKETIO_CONNECT:
      return take_connect (self, packet, answers);
    case ALCOVE_SOCKETIO_DISCONNECT:
      return take_disconnect (self, packet);
    case ALCOVE_SOCKETIO_EVENT:
      return take_event (self, &packet, event);
    case ALCOVE_SOCKETIO_ACK:
    case ALCOVE_SOCKETIO_ERROR:
    case ALCOVE_SOCKETIO_BINARY_EVENT:
    case ALCOVE_SOCKETIO_BINARY_ACK:
    default:
      return ALCOVE_SERVER_SOCKETIO_IGNORED;
    }
}

/**
 * alcove_server_socketio_format_connect:
 * @self: the client's namespaces
 * @nsp: one of them
 *
 * Returns: (transfer full): its confirmation
 */
char *
alcove_server_socketio_format_connect (const AlcoveServerSocketio *self,
                                       const char *nsp)
{
  g_autoptr (AlcoveSocketioPacket) packet
      = alcove_socketio_packet_new (ALCOVE_SOCKETIO_CONNECT, nsp, NULL);

  if (self->version >= 4)
    packet->data = g_strdup_printf ("{\"sid\":\"%s\"}", self->sid);

  return alcove_socketio_packet_encode (packet);
}

/**
 * alcove_server_socketio_format_event:
 * @self: the client's namespaces
 * @event: the JSON text of an event
 *
 * Returns: (transfer full) (nullable): the packet, or %NULL while the client is in no namespace
 */
char *
alcove_server_socketio_format_event (const AlcoveServerSocketio *self,
                                     const char *event)
{
  g_autoptr (AlcoveSocketioPacket) packet = NULL;

  if (self->current == NULL)
    return NULL;

  packet = alcove_socketio_packet_new (ALCOVE_SOCKETIO_EVENT, self->current, event);
  return alcove_socketio_packet_encode (packet);
}

/**
 * alcove_server_socketio_format_ack:
 * @self: the client's namespaces
 * @id: of the event that asked for it
 * @json: the answer, as the servers of old wrote it
 *
 * The Go server answers with a bare `null`. Version 4 of the library takes that for an
 * error and hangs up, so it is given a list.
 *
 * Returns: (transfer full) (nullable): the packet, or %NULL while the client is in no namespace
 */
char *
alcove_server_socketio_format_ack (const AlcoveServerSocketio *self,
                                   gint64 id,
                                   const char *json)
{
  g_autoptr (AlcoveSocketioPacket) packet = NULL;

  if (self->current == NULL)
    return NULL;

  packet = alcove_socketio_packet_new (ALCOVE_SOCKETIO_ACK, self->current, NULL);
  packet->id = id;
  packet->data = self->version >= 4 && *json != '[' ? g_strdup_printf ("[%s]", json)
                                                    : g_strdup (json);
  return alcove_socketio_packet_encode (packet);
}
