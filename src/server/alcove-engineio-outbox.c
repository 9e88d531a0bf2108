/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-engineio-outbox"

#include "config.h"

#include "alcove-engineio-outbox.h"

#include <string.h>

#include "alcove-engineio-codec.h"

static void
end_poll (AlcoveEngineioOutbox *self,
          const char *payload)
{
  AlcoveEngineioPollFunc func = g_steal_pointer (&self->func);

  if (func != NULL)
    func (payload, g_steal_pointer (&self->user_data));
}

/* Hands what waits to the poll that waits. */
static void
flush (AlcoveEngineioOutbox *self)
{
  g_autoptr (GPtrArray) packets = NULL;
  g_autofree char *payload = NULL;

  if (self->func == NULL || g_queue_is_empty (&self->packets))
    return;

  packets = g_ptr_array_new_with_free_func (g_free);
  while (packets->len < ALCOVE_ENGINEIO_MAX_PACKETS && !g_queue_is_empty (&self->packets))
    g_ptr_array_add (packets, alcove_engineio_outbox_take (self));

  payload = alcove_engineio_payload_encode ((const char *const *) packets->pdata, packets->len,
                                            self->version);
  end_poll (self, payload);
}

/**
 * alcove_engineio_outbox_init:
 * @self: to be set up
 * @version: of Engine.IO, 3 or 4
 * @max_bytes: the most that may wait
 */
void
alcove_engineio_outbox_init (AlcoveEngineioOutbox *self,
                             guint version,
                             gsize max_bytes)
{
  *self = (AlcoveEngineioOutbox) { .version = version, .max_bytes = max_bytes };
  g_queue_init (&self->packets);
}

/**
 * alcove_engineio_outbox_clear:
 * @self: an outbox
 *
 * Throws away what waits. The poll goes on.
 */
void
alcove_engineio_outbox_clear (AlcoveEngineioOutbox *self)
{
  g_queue_clear_full (&self->packets, g_free);
  self->n_bytes = 0;
}

/**
 * alcove_engineio_outbox_is_empty:
 * @self: an outbox
 *
 * Returns: whether nothing waits
 */
gboolean
alcove_engineio_outbox_is_empty (AlcoveEngineioOutbox *self)
{
  return g_queue_is_empty (&self->packets);
}

/**
 * alcove_engineio_outbox_put:
 * @self: an outbox
 * @packet: what is to be sent
 *
 * Hands it to the poll, or lets it wait for one.
 *
 * Returns: whether what waits is within its bounds
 */
gboolean
alcove_engineio_outbox_put (AlcoveEngineioOutbox *self,
                            const char *packet)
{
  self->n_bytes += strlen (packet);
  g_queue_push_tail (&self->packets, g_strdup (packet));
  flush (self);
  return self->n_bytes <= self->max_bytes
         && g_queue_get_length (&self->packets) <= ALCOVE_ENGINEIO_MAX_QUEUED;
}

/**
 * alcove_engineio_outbox_take:
 * @self: an outbox
 *
 * Returns: (transfer full) (nullable): the oldest packet that waits, which does not any more
 */
char *
alcove_engineio_outbox_take (AlcoveEngineioOutbox *self)
{
  char *packet = g_queue_pop_head (&self->packets);

  if (packet != NULL)
    self->n_bytes -= strlen (packet);
  return packet;
}

/**
 * alcove_engineio_outbox_poll:
 * @self: an outbox
 * @func: (scope async): is handed what waits, now or once there is something
 * @user_data: for @func
 *
 * Returns: whether there is a poll now, and not another one already
 */
gboolean
alcove_engineio_outbox_poll (AlcoveEngineioOutbox *self,
                             AlcoveEngineioPollFunc func,
                             gpointer user_data)
{
  if (self->func != NULL)
    return FALSE;

  self->func = func;
  self->user_data = user_data;
  flush (self);
  return TRUE;
}

/**
 * alcove_engineio_outbox_forget:
 * @self: an outbox
 *
 * Forgets the poll without a call of its function.
 */
void
alcove_engineio_outbox_forget (AlcoveEngineioOutbox *self)
{
  self->func = NULL;
  self->user_data = NULL;
}

/**
 * alcove_engineio_outbox_free_poll:
 * @self: an outbox
 *
 * Ends the poll, if there is one, with a packet that says nothing.
 */
void
alcove_engineio_outbox_free_poll (AlcoveEngineioOutbox *self)
{
  g_autofree char *noop = alcove_engineio_packet_format (ALCOVE_ENGINEIO_NOOP, NULL);
  g_autofree char *payload
      = alcove_engineio_payload_encode ((const char *const *) &noop, 1, self->version);

  end_poll (self, payload);
}

/**
 * alcove_engineio_outbox_end_poll:
 * @self: an outbox
 *
 * Ends the poll, if there is one, with nothing.
 */
void
alcove_engineio_outbox_end_poll (AlcoveEngineioOutbox *self)
{
  end_poll (self, NULL);
}
