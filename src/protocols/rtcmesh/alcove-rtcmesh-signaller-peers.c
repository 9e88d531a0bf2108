/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-rtcmesh-signaller-peers"

#include "config.h"

#include "alcove-rtcmesh-signaller-private.h"

#include <string.h>

#include <glib/gi18n.h>

#include "alcove-error.h"

/* Who is in the mesh, whose offers wait for their turn, and when somebody is to be called. */

void
alcove_rtcmesh_peer_free (gpointer data)
{
  AlcoveRtcmeshPeer *peer = data;

  g_free (peer->id);
  g_free (peer->held_offer);
  g_free (peer);
}

AlcoveRtcmeshPeer *
alcove_rtcmesh_signaller_find_peer (AlcoveRtcmeshSignaller *self,
                                    const char *id)
{
  return g_hash_table_lookup (self->peers, id);
}

guint
alcove_rtcmesh_signaller_count_answering (AlcoveRtcmeshSignaller *self)
{
  GHashTableIter iter;
  gpointer value;
  guint n = 0;

  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    n += ((AlcoveRtcmeshPeer *) value)->answering_until > 0;
  return n;
}

void
alcove_rtcmesh_signaller_drop_held (AlcoveRtcmeshSignaller *self,
                                    AlcoveRtcmeshPeer *peer)
{
  GList *link;

  if (peer->held_offer == NULL)
    return;

  g_clear_pointer (&peer->held_offer, g_free);
  link = g_queue_find_custom (&self->held, peer->id, (GCompareFunc) strcmp);
  if (link != NULL)
    {
      g_free (link->data);
      g_queue_delete_link (&self->held, link);
    }
}

/* Keeps an offer until others are answered; %FALSE if too much is kept already. */
gboolean
alcove_rtcmesh_signaller_hold_offer (AlcoveRtcmeshSignaller *self,
                                     AlcoveRtcmeshPeer *peer,
                                     const char *sdp)
{
  gsize size = strlen (sdp);
  GHashTableIter iter;
  gpointer value;

  alcove_rtcmesh_signaller_drop_held (self, peer);
  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (((AlcoveRtcmeshPeer *) value)->held_offer != NULL)
      size += strlen (((AlcoveRtcmeshPeer *) value)->held_offer);
  if (size > ALCOVE_RTCMESH_MAX_HELD_BYTES)
    return FALSE;

  peer->held_offer = g_strdup (sdp);
  g_queue_push_tail (&self->held, g_strdup (peer->id));
  return TRUE;
}

void
alcove_rtcmesh_signaller_hand_over_offer (AlcoveRtcmeshSignaller *self,
                                          AlcoveRtcmeshPeer *peer,
                                          const char *sdp)
{
  g_autofree char *id = g_strdup (peer->id);

  peer->answering_until = alcove_rtcmesh_after (self->flight_ms);
  alcove_signaller_emit_description (ALCOVE_SIGNALLER (self), id, ALCOVE_DESCRIPTION_OFFER, sdp);
}

/* Everybody calls the newcomer at once; what is too much waits here. */
void
alcove_rtcmesh_signaller_release_held (AlcoveRtcmeshSignaller *self)
{
  while (!self->leaving && !g_queue_is_empty (&self->held)
         && alcove_rtcmesh_signaller_count_answering (self) < ALCOVE_RTCMESH_MAX_ANSWERING)
    {
      g_autofree char *id = g_queue_pop_head (&self->held);
      AlcoveRtcmeshPeer *peer = alcove_rtcmesh_signaller_find_peer (self, id);
      g_autofree char *sdp = peer != NULL ? g_steal_pointer (&peer->held_offer) : NULL;

      if (sdp != NULL)
        alcove_rtcmesh_signaller_hand_over_offer (self, peer, sdp);
    }
}

static gboolean
on_peer_wait (gpointer data)
{
  g_autoptr (AlcoveRtcmeshSignaller) self = g_object_ref (data);
  g_autoptr (GPtrArray) due = g_ptr_array_new_with_free_func (g_free);
  gint64 now = g_get_monotonic_time ();
  GHashTableIter iter;
  gpointer value;

  alcove_rtcmesh_signaller_clear_timer (&self->peer_timer);
  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      AlcoveRtcmeshPeer *peer = value;

      if (peer->answering_until > 0 && now >= peer->answering_until)
        peer->answering_until = 0;
      if (peer->call_at > 0 && now >= peer->call_at)
        {
          peer->call_at = 0;
          g_ptr_array_add (due, g_strdup (peer->id));
        }
    }

  /* A handler may leave in between, or hear that one of them goes. */
  for (guint i = 0; i < due->len && !self->leaving; i++)
    if (alcove_rtcmesh_signaller_find_peer (self, due->pdata[i]) != NULL)
      alcove_signaller_emit_peer_joined (ALCOVE_SIGNALLER (self), due->pdata[i], NULL, TRUE);
  alcove_rtcmesh_signaller_release_held (self);
  alcove_rtcmesh_signaller_schedule (self);
  return G_SOURCE_REMOVE;
}

/* Wakes up when the first of the peers' times is due. */
void
alcove_rtcmesh_signaller_schedule (AlcoveRtcmeshSignaller *self)
{
  gint64 due = G_MAXINT64;
  GHashTableIter iter;
  gpointer value;

  if (!self->joined || self->leaving || self->over)
    {
      alcove_rtcmesh_signaller_clear_timer (&self->peer_timer);
      return;
    }

  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      AlcoveRtcmeshPeer *peer = value;

      if (peer->answering_until > 0)
        due = MIN (due, peer->answering_until);
      if (peer->call_at > 0)
        due = MIN (due, peer->call_at);
    }

  if (due == G_MAXINT64)
    alcove_rtcmesh_signaller_clear_timer (&self->peer_timer);
  else
    alcove_rtcmesh_signaller_set_timer (self, &self->peer_timer, due, on_peer_wait);
}

AlcoveRtcmeshPeer *
alcove_rtcmesh_signaller_add_peer (AlcoveRtcmeshSignaller *self,
                                   const char *id)
{
  AlcoveRtcmeshPeer *peer;

  if (g_hash_table_size (self->peers) >= ALCOVE_RTCMESH_MAX_PEERS)
    {
      alcove_rtcmesh_signaller_report (self, ALCOVE_ERROR_TOO_MANY,
                                       _ ("The mesh has more members than Alcove can take."));
      return NULL;
    }

  peer = g_new0 (AlcoveRtcmeshPeer, 1);
  peer->id = g_strdup (id);
  g_hash_table_insert (self->peers, peer->id, peer);
  return peer;
}

/* Forgets those who are not in the list and whom we never met: there is nothing that
 * could still be running with them. */
GPtrArray *
alcove_rtcmesh_signaller_take_strangers (AlcoveRtcmeshSignaller *self,
                                         GHashTable *here)
{
  GPtrArray *gone = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      AlcoveRtcmeshPeer *peer = value;

      if (!peer->met && !g_hash_table_contains (here, peer->id))
        {
          g_ptr_array_add (gone, g_strdup (peer->id));
          alcove_rtcmesh_signaller_drop_held (self, peer);
          g_hash_table_iter_remove (&iter);
        }
    }
  return gone;
}
