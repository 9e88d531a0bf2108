/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-room-volumes"

#include "config.h"

#include "alcove-room-private.h"

/*
 * How loud those who have left were to be played here: who comes back is another participant, and
 * would be as loud as anybody else, even if they were not to be heard at all. Only what somebody
 * chose is kept, for as long as we are in the room, and of the last of them.
 */

typedef struct {
  char *id;
  char *name; /* NULL or empty if they had none */
  double volume;
  gboolean muted_for_me;
} Volume;

static void
volume_free (gpointer data)
{
  Volume *self = data;

  g_free (self->id);
  g_free (self->name);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Volume, volume_free)

static GList *
find_id (AlcoveRoom *self,
         const char *id)
{
  for (GList *node = self->volumes.head; node != NULL; node = node->next)
    if (g_str_equal (((Volume *) node->data)->id, id))
      return node;

  return NULL;
}

/* A page that is loaded again comes back under another id. Where two had the name, nobody knows
 * which of them it is. */
static GList *
find_name (AlcoveRoom *self,
           const char *name)
{
  GList *found = NULL;

  if (name == NULL || *name == '\0')
    return NULL;

  for (GList *node = self->volumes.head; node != NULL; node = node->next)
    {
      if (g_strcmp0 (((Volume *) node->data)->name, name) != 0)
        continue;
      if (found != NULL)
        return NULL;
      found = node;
    }

  return found;
}

static Volume *
steal (AlcoveRoom *self,
       GList *node)
{
  Volume *volume = node != NULL ? node->data : NULL;

  if (node != NULL)
    g_queue_delete_link (&self->volumes, node);
  return volume;
}

static gboolean
is_chosen (AlcoveParticipant *participant)
{
  return alcove_participant_get_muted_for_me (participant)
         || alcove_participant_get_volume (participant) != 1.0;
}

/* Somebody is about to be gone. */
void
alcove_room_volumes_remember (AlcoveRoomMember *member)
{
  AlcoveRoom *self = member->room;
  AlcoveParticipant *participant = member->participant;
  g_autoptr (Volume) former = steal (self, find_id (self, alcove_participant_get_id (participant)));
  Volume *volume;

  if (!is_chosen (participant))
    return;

  volume = g_new0 (Volume, 1);
  volume->id = g_strdup (alcove_participant_get_id (participant));
  volume->name = g_strdup (alcove_participant_get_name (participant));
  volume->volume = alcove_participant_get_volume (participant);
  volume->muted_for_me = alcove_participant_get_muted_for_me (participant);
  g_queue_push_tail (&self->volumes, volume);
  if (self->volumes.length > ALCOVE_ROOM_MAX_VOLUMES)
    volume_free (g_queue_pop_head (&self->volumes));
}

/* Somebody has come, or has told their own name: @name, or %NULL if it is not known so far. It is the
 * first one that counts: nobody takes over what another one left by calling themselves so later.
 * The caller keeps room and member alive. */
void
alcove_room_volumes_recall (AlcoveRoomMember *member,
                            const char *name)
{
  AlcoveRoom *self = member->room;
  GList *node = find_id (self, alcove_participant_get_id (member->participant));
  g_autoptr (Volume) volume = NULL;

  if (node == NULL && !member->recalled)
    node = find_name (self, name);
  member->recalled |= name != NULL && *name != '\0';
  /* what was chosen since they came holds */
  if (node == NULL || is_chosen (member->participant))
    return;

  volume = steal (self, node);

  alcove_participant_set_volume (member->participant, volume->volume);
  alcove_participant_set_muted_for_me (member->participant, volume->muted_for_me);
}

void
alcove_room_volumes_clear (AlcoveRoom *self)
{
  g_queue_clear_full (&self->volumes, volume_free);
}
