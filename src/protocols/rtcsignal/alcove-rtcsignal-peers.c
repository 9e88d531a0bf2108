/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-rtcsignal-peers"

#include "config.h"

#include "alcove-rtcsignal-signaller-private.h"

#include <string.h>

#include <glib/gi18n.h>

#include "alcove-timer.h"

/* Who is in the room, as far as anybody has said so. */

AlcoveRtcsignalPeer *
alcove_rtcsignal_peer_new (const char *id)
{
  AlcoveRtcsignalPeer *self = g_new0 (AlcoveRtcsignalPeer, 1);

  self->id = g_strdup (id);
  self->room_id = g_strdup (id);
  return self;
}

/* The room needs an id at once, and keeps it: who takes the call is not known before. */
AlcoveRtcsignalPeer *
alcove_rtcsignal_peer_new_anybody (void)
{
  AlcoveRtcsignalPeer *self = g_new0 (AlcoveRtcsignalPeer, 1);
  g_autofree char *uuid = g_uuid_string_random ();

  self->room_id = g_strconcat ("anybody-", uuid, NULL);
  return self;
}

void
alcove_rtcsignal_peer_free (gpointer data)
{
  AlcoveRtcsignalPeer *self = data;

  g_free (self->id);
  g_free (self->room_id);
  g_free (self);
}

/* By the id on the wire. */
AlcoveRtcsignalPeer *
alcove_rtcsignal_signaller_find_peer (AlcoveRtcsignalSignaller *self,
                                      const char *id)
{
  return g_hash_table_lookup (self->peers, id);
}

/* By the id that the room uses. */
AlcoveRtcsignalPeer *
alcove_rtcsignal_signaller_find_member (AlcoveRtcsignalSignaller *self,
                                        const char *room_id)
{
  GHashTableIter iter;
  gpointer value;

  if (self->anybody != NULL && strcmp (self->anybody->room_id, room_id) == 0)
    return self->anybody;

  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (strcmp (((AlcoveRtcsignalPeer *) value)->room_id, room_id) == 0)
      return value;

  return NULL;
}

/* NULL if there are too many. */
AlcoveRtcsignalPeer *
alcove_rtcsignal_signaller_meet_peer (AlcoveRtcsignalSignaller *self,
                                      const char *id)
{
  AlcoveRtcsignalPeer *peer = alcove_rtcsignal_signaller_find_peer (self, id);

  if (peer != NULL)
    return peer;

  if (g_hash_table_size (self->peers) >= ALCOVE_RTCSIGNAL_MAX_PEERS)
    {
      alcove_server_signaller_report (ALCOVE_SERVER_SIGNALLER (self), ALCOVE_ERROR_TOO_MANY,
                                      _ ("The room has more members than Alcove can take."));
      return NULL;
    }

  peer = alcove_rtcsignal_peer_new (id);
  g_hash_table_insert (self->peers, peer->id, peer);
  return peer;
}

/* Somebody took our call to everybody. Returns NULL if none is open. */
AlcoveRtcsignalPeer *
alcove_rtcsignal_signaller_meet_anybody (AlcoveRtcsignalSignaller *self,
                                         const char *id)
{
  AlcoveRtcsignalPeer *peer;

  if (self->anybody == NULL || self->anybody->offered_at == 0
      || g_hash_table_size (self->peers) >= ALCOVE_RTCSIGNAL_MAX_PEERS)
    return NULL;

  alcove_timer_clear (&self->anybody_timer);
  peer = g_steal_pointer (&self->anybody);
  peer->id = g_strdup (id);
  g_hash_table_insert (self->peers, peer->id, peer);
  return peer;
}

/* Pages do not look whom a hang-up is for. */
gboolean
alcove_rtcsignal_signaller_is_only_page (AlcoveRtcsignalSignaller *self,
                                         const AlcoveRtcsignalPeer *peer)
{
  GHashTableIter iter;
  gpointer value;

  if (peer->alcove)
    return FALSE;

  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (value != peer && !((AlcoveRtcsignalPeer *) value)->alcove)
      return FALSE;

  return TRUE;
}

void
alcove_rtcsignal_signaller_forget_peer (AlcoveRtcsignalSignaller *self,
                                        const char *id)
{
  AlcoveRtcsignalPeer *peer = alcove_rtcsignal_signaller_find_peer (self, id);
  g_autofree char *room_id = NULL;

  if (peer == NULL)
    return;

  room_id = g_strdup (peer->room_id);
  g_hash_table_remove (self->peers, peer->id);
  alcove_signaller_emit_peer_left (ALCOVE_SIGNALLER (self), room_id);
}

/* Nobody takes our call to everybody any more. */
void
alcove_rtcsignal_signaller_withdraw (AlcoveRtcsignalSignaller *self)
{
  g_autofree char *room_id = NULL;

  if (self->anybody == NULL)
    return;

  alcove_timer_clear (&self->anybody_timer);
  room_id = g_strdup (self->anybody->room_id);
  g_clear_pointer (&self->anybody, alcove_rtcsignal_peer_free);
  alcove_signaller_emit_peer_left (ALCOVE_SIGNALLER (self), room_id);
}
