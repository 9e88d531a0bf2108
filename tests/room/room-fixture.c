/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "room-fixture.h"

#include "alcove-room-private.h"

static gint64
test_clock (gpointer user_data)
{
  return ((Fixture *) user_data)->now;
}

static void
event_cb (AlcoveRoom *room,
          AlcoveParticipant *participant,
          const char *event,
          Side *side)
{
  g_ptr_array_add (side->events, g_strdup_printf ("%s %s", event,
                                                  alcove_participant_get_id (participant)));
}

static void
chat_cb (AlcoveRoom *room,
         AlcoveParticipant *participant,
         const char *text,
         Side *side)
{
  g_ptr_array_add (side->chat,
                   g_strdup_printf ("%s %s", alcove_participant_get_id (participant), text));
}

static void
problem_cb (AlcoveRoom *room,
            const GError *error,
            AlcoveParticipant *participant,
            Side *side)
{
  g_assert_true (error->domain == ALCOVE_ERROR);
  g_array_append_val (side->problems, error->code);
}

static void
count_cb (guint *count)
{
  (*count)++;
}

void
fixture_set_up (Fixture *self,
                gconstpointer data)
{
  self->hub = alcove_memory_hub_new ();
  self->now = 1000 * G_TIME_SPAN_SECOND;

  for (guint i = 0; i < N_ROOMS; i++)
    {
      Side *side = &self->sides[i];
      g_autofree char *name = g_strdup_printf ("Person %u", i + 1);

      side->signaller = alcove_memory_signaller_new (self->hub);
      side->factory = fake_factory_new (i + 1);
      side->events = g_ptr_array_new_with_free_func (g_free);
      side->chat = g_ptr_array_new_with_free_func (g_free);
      side->problems = g_array_new (FALSE, FALSE, sizeof (int));
      side->room = alcove_room_new (side->signaller, ALCOVE_PEER_LINK_FACTORY (side->factory),
                                    "atrium", name, ALCOVE_ROLE_MEMBER);
      alcove_room_set_clock (side->room, test_clock, self);
      g_signal_connect (side->room, "participant-event", G_CALLBACK (event_cb), side);
      g_signal_connect (side->room, "chat", G_CALLBACK (chat_cb), side);
      g_signal_connect (side->room, "problem", G_CALLBACK (problem_cb), side);
      g_signal_connect_swapped (side->room, "left", G_CALLBACK (count_cb), &side->n_left);
      g_signal_connect_swapped (side->room, "failed", G_CALLBACK (count_cb), &side->n_failed);
    }
}

void
settle (Fixture *self)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

void
fixture_tear_down (Fixture *self,
                   gconstpointer data)
{
  for (guint i = 0; i < N_ROOMS; i++)
    if (self->sides[i].room != NULL)
      g_assert_finalize_object (self->sides[i].room);
  settle (self);
  for (guint i = 0; i < N_ROOMS; i++)
    {
      Side *side = &self->sides[i];

      g_assert_finalize_object (side->signaller);
      g_assert_finalize_object (side->factory);
      g_ptr_array_unref (side->events);
      g_ptr_array_unref (side->chat);
      g_array_unref (side->problems);
    }
  g_assert_finalize_object (self->hub);
}

void
join (Fixture *self,
      guint n)
{
  for (guint i = 0; i < n; i++)
    {
      alcove_room_join (self->sides[i].room);
      settle (self);
    }
}

AlcoveParticipant *
seen (Fixture *self,
      guint by,
      guint whom)
{
  return alcove_room_find (self->sides[by].room,
                           alcove_room_get_self_id (self->sides[whom].room));
}

FakeLink *
link_of (Fixture *self,
         guint by,
         guint whom)
{
  AlcoveParticipant *participant = seen (self, by, whom);
  AlcovePeerLink *link = participant != NULL ? alcove_participant_get_link (participant) : NULL;

  return link != NULL ? FAKE_LINK (link) : NULL;
}

void
connect_link (Fixture *self,
              guint by,
              guint whom)
{
  FakeLink *link = link_of (self, by, whom);

  g_assert (link != NULL);
  link->frame_time = self->now;
  alcove_peer_link_emit_connected (ALCOVE_PEER_LINK (link));
  alcove_peer_link_emit_first_frame (ALCOVE_PEER_LINK (link), 640, 360);
}

void
connect_all (Fixture *self,
             guint n)
{
  for (guint i = 0; i < n; i++)
    for (guint j = 0; j < n; j++)
      if (i != j)
        connect_link (self, i, j);
}

void
carry_texts (Fixture *self,
             guint n)
{
  gboolean more = TRUE;

  while (more)
    {
      more = FALSE;
      for (guint i = 0; i < n; i++)
        for (guint j = 0; j < n; j++)
          {
            FakeLink *from = i != j ? link_of (self, i, j) : NULL;
            FakeLink *to = i != j ? link_of (self, j, i) : NULL;

            if (from == NULL || to == NULL || from->sent->len == 0)
              continue;

            g_autofree char *text = g_ptr_array_steal_index (from->sent, 0);

            alcove_peer_link_emit_channel_text (ALCOVE_PEER_LINK (to),
                                                (AlcoveChannel) (text[0] - '0'), text + 2);
            more = TRUE;
          }
    }
}

void
open_channels (Fixture *self,
               guint n)
{
  for (guint i = 0; i < n; i++)
    for (guint j = 0; j < n; j++)
      if (i != j)
        {
          alcove_peer_link_emit_channel_open (ALCOVE_PEER_LINK (link_of (self, i, j)),
                                              ALCOVE_CHANNEL_PAGE);
          alcove_peer_link_emit_channel_open (ALCOVE_PEER_LINK (link_of (self, i, j)),
                                              ALCOVE_CHANNEL_ALCOVE);
        }
  carry_texts (self, n);
}

void
advance (Fixture *self,
         double seconds,
         gboolean frames)
{
  for (double at = 0; at < seconds; at += 0.5)
    {
      self->now += G_TIME_SPAN_SECOND / 2;
      for (guint i = 0; frames && i < N_ROOMS; i++)
        for (guint j = 0; j < N_ROOMS; j++)
          {
            FakeLink *link = i != j ? link_of (self, i, j) : NULL;

            if (link != NULL && link->frame_time > 0)
              {
                link->frame_time = self->now;
                link->bytes += 1000;
              }
          }
      for (guint i = 0; i < N_ROOMS; i++)
        alcove_room_tick (self->sides[i].room);
      settle (self);
    }
}

guint
count_events (Side *side,
              const char *prefix)
{
  guint n = 0;

  for (guint i = 0; i < side->events->len; i++)
    n += g_str_has_prefix (side->events->pdata[i], prefix);
  return n;
}

gboolean
had_problem (Side *side,
             AlcoveError code)
{
  for (guint i = 0; i < side->problems->len; i++)
    if (g_array_index (side->problems, int, i) == (int) code)
      return TRUE;
  return FALSE;
}

const char *
id_of (Fixture *self,
       guint whom)
{
  return alcove_room_get_self_id (self->sides[whom].room);
}

FakeLink *
link_to (Fixture *self,
         const char *id)
{
  return FAKE_LINK (alcove_participant_get_link (alcove_room_find (self->sides[0].room, id)));
}
