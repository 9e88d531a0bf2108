/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "alcove-error.h"
#include "alcove-memory-signaller.h"
#include "alcove-room-private.h"
#include "fake-link.h"

/*
 * Whatever a room says, who hears it may do anything with the room at once: drop it, leave
 * it, hang up or call. One long call is played again and again, and each time another of
 * the callbacks does so, until none is left.
 */

typedef enum {
  DROP,
  LEAVE,
  HANG_UP,
  CALL,
  LOSE,
  N_ACTIONS,
} Action;

typedef struct {
  AlcoveMemoryHub *hub;
  AlcoveSignaller *signaller;
  FakeFactory *factory;
  AlcoveRoom *room;
  GObject *alive; /* weak */
  gint64 now;
  Action action;
  guint countdown;
  gboolean done;
  gboolean over; /* `left` or `failed` was said */
} Scene;

static gint64
scene_clock (gpointer user_data)
{
  return ((Scene *) user_data)->now;
}

static void
act (Scene *self)
{
  g_autoptr (GError) error = g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_CLOSED, "lost");

  if (self->done || self->room == NULL)
    return;
  if (self->countdown > 0)
    {
      self->countdown--;
      return;
    }

  self->done = TRUE;
  switch (self->action)
    {
    case DROP:
      g_clear_object (&self->room);
      break;
    case LEAVE:
      alcove_room_leave (self->room);
      alcove_room_leave (self->room);
      break;
    case HANG_UP:
      alcove_room_hang_up (self->room, "x");
      alcove_room_hang_up (self->room, "y");
      break;
    case CALL:
      alcove_room_call (self->room, "x");
      alcove_room_call (self->room, "y");
      break;
    case LOSE:
    case N_ACTIONS:
    default:
      alcove_signaller_emit_peer_left (self->signaller, "x");
      alcove_signaller_emit_failed (self->signaller, error);
    }
}

static void
over_cb (Scene *self)
{
  g_assert_false (self->over);
  self->over = TRUE;
}

static void
items_changed_cb (GListModel *model,
                  guint position,
                  guint removed,
                  guint added,
                  Scene *self)
{
  for (guint i = 0; i < added; i++)
    {
      g_autoptr (GObject) participant = g_list_model_get_item (model, position + i);

      g_assert_nonnull (participant);
      g_signal_connect_swapped (participant, "notify", G_CALLBACK (act), self);
    }
  act (self);
}

static AlcovePeerLink *
ref_link (Scene *self,
          const char *id)
{
  AlcoveParticipant *participant = self->room != NULL ? alcove_room_find (self->room, id) : NULL;
  AlcovePeerLink *link = participant != NULL ? alcove_participant_get_link (participant) : NULL;

  return link != NULL ? g_object_ref (link) : NULL;
}

static void
check (Scene *self)
{
  if (self->room == NULL)
    {
      g_assert_null (self->alive);
      return;
    }

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->room)); i++)
    {
      g_autoptr (AlcoveParticipant) each = g_list_model_get_item (G_LIST_MODEL (self->room), i);
      AlcovePeerLink *link = alcove_participant_get_link (each);
      AlcovePeer *peer = ((AlcoveRoomMember *) self->room->members->pdata[i])->peer;

      g_assert_true (alcove_room_find (self->room, alcove_participant_get_id (each)) == each);
      if (link != NULL)
        g_assert_false (FAKE_LINK (link)->closed);
      else
        {
          g_assert_false (alcove_participant_get_connected (each));
          g_assert_false (alcove_participant_get_speaking (each));
          g_assert_cmpint (alcove_participant_get_state (each), !=, ALCOVE_PARTICIPANT_LIVE);
          g_assert_cmpint (alcove_peer_get_state (peer), !=, ALCOVE_PEER_CONNECTED);
          g_assert_false (alcove_peer_is_negotiating (peer));
        }
    }
}

static void
emit_text (Scene *self,
           const char *id,
           AlcoveChannel channel,
           const char *text)
{
  g_autoptr (AlcovePeerLink) link = ref_link (self, id);

  if (link != NULL)
    alcove_peer_link_emit_channel_text (link, channel, text);
  check (self);
}

static void
go_live (Scene *self,
         const char *id)
{
  g_autoptr (AlcovePeerLink) link = ref_link (self, id);

  if (link == NULL)
    return;

  FAKE_LINK (link)->frame_time = self->now;
  alcove_peer_link_emit_connected (link);
  check (self);
  if (!FAKE_LINK (link)->closed)
    alcove_peer_link_emit_first_frame (link, 640, 360);
  check (self);
  if (!FAKE_LINK (link)->closed)
    alcove_peer_link_emit_channel_open (link, ALCOVE_CHANNEL_ALCOVE);
  if (!FAKE_LINK (link)->closed)
    alcove_peer_link_emit_speaking (link, TRUE);
  check (self);
}

static void
pass_time (Scene *self,
           guint seconds)
{
  for (guint i = 0; i < 2 * seconds && self->room != NULL; i++)
    {
      self->now += G_TIME_SPAN_SECOND / 2;
      alcove_room_tick (self->room);
      check (self);
    }
}

static void
describe (Scene *self,
          const char *id,
          AlcoveDescriptionType type,
          const char *session)
{
  g_autofree char *sdp = fake_sdp (session);

  alcove_signaller_emit_candidate (self->signaller, id, "0", 0, "candidate:1");
  alcove_signaller_emit_description (self->signaller, id, type, sdp);
  check (self);
  alcove_signaller_emit_candidate (self->signaller, id, "0", 0, "candidate:2");
  check (self);
}

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* Both come back under other ids, and somebody with them. */
static void
play_moves (Scene *self)
{
  describe (self, "y", ALCOVE_DESCRIPTION_ANSWER, "12");
  go_live (self, "y");
  emit_text (self, "y", ALCOVE_CHANNEL_ALCOVE, "{\"kind\":\"hello\",\"id\":\"y\",\"peer\":\"another\"}");
  alcove_signaller_emit_peer_left (self->signaller, "y");
  check (self);
  alcove_signaller_emit_peer_joined (self->signaller, "z", NULL, FALSE);
  check (self);
  alcove_signaller_emit_peer_joined (self->signaller, "w", NULL, TRUE);
  check (self);
  emit_text (self, "y", ALCOVE_CHANNEL_ALCOVE, "{\"kind\":\"moved\",\"id\":\"z\"}");
  emit_text (self, "z", ALCOVE_CHANNEL_ALCOVE, "{\"kind\":\"moved\",\"id\":\"w\"}");
  emit_text (self, "w", ALCOVE_CHANNEL_ALCOVE, "{\"kind\":\"moved\",\"id\":\"another\"}");
  alcove_signaller_emit_joined (self->signaller, "a third");
  check (self);
  alcove_signaller_emit_peer_joined (self->signaller, "w", NULL, TRUE);
  check (self);
  describe (self, "w", ALCOVE_DESCRIPTION_OFFER, "13");
  pass_time (self, 8);
  alcove_signaller_emit_peer_left (self->signaller, "w");
  check (self);
  pass_time (self, 4);
}

static void
play (Scene *self)
{
  g_autoptr (GError) error = g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_CLOSED, "lost");
  g_autoptr (AlcovePeerLink) link = NULL;

  alcove_room_join (self->room);
  settle ();
  check (self);
  alcove_signaller_emit_peer_joined (self->signaller, "x", "Xenia", TRUE);
  check (self);
  alcove_signaller_emit_peer_joined (self->signaller, "y", NULL, FALSE);
  check (self);
  describe (self, "x", ALCOVE_DESCRIPTION_ANSWER, "7");
  describe (self, "y", ALCOVE_DESCRIPTION_OFFER, "8");
  describe (self, "ghost", ALCOVE_DESCRIPTION_OFFER, "8");
  go_live (self, "x");
  go_live (self, "y");
  emit_text (self, "x", ALCOVE_CHANNEL_ALCOVE,
             "{\"kind\":\"hello\",\"name\":\"Xaver\",\"muted\":true,\"camera_off\":true}");
  emit_text (self, "y", ALCOVE_CHANNEL_ALCOVE, "{\"kind\":\"hello\",\"name\":\"Ygor\"}");
  emit_text (self, "x", ALCOVE_CHANNEL_ALCOVE, "{\"kind\":\"chat\",\"text\":\"hi\"}");
  emit_text (self, "x", ALCOVE_CHANNEL_PAGE, "chat:hi");
  emit_text (self, "x", ALCOVE_CHANNEL_ALCOVE, "{");
  if (self->room != NULL)
    alcove_room_set_muted (self->room, TRUE);
  pass_time (self, 12);
  describe (self, "x", ALCOVE_DESCRIPTION_ANSWER, "9");
  go_live (self, "x");
  describe (self, "y", ALCOVE_DESCRIPTION_OFFER, "10");
  go_live (self, "y");

  link = ref_link (self, "x");
  if (link != NULL)
    alcove_peer_link_emit_failed (link, error);
  check (self);
  self->factory->broken = TRUE;
  pass_time (self, 8);
  self->factory->broken = FALSE;

  alcove_signaller_emit_disconnected (self->signaller, error);
  alcove_signaller_emit_joined (self->signaller, "another");
  alcove_signaller_emit_reconnected (self->signaller);
  check (self);
  alcove_signaller_emit_peer_joined (self->signaller, "x", "Xenia the Second", TRUE);
  check (self);
  describe (self, "x", ALCOVE_DESCRIPTION_ANSWER, "11");
  go_live (self, "x");
  alcove_signaller_emit_hung_up (self->signaller, "x");
  check (self);
  emit_text (self, "y", ALCOVE_CHANNEL_ALCOVE, "{\"kind\":\"bye\"}");
  alcove_signaller_emit_peer_left (self->signaller, "x");
  check (self);
  alcove_signaller_emit_peer_joined (self->signaller, "y", NULL, TRUE);
  check (self);
  play_moves (self);
}

static gboolean
play_once (Action action,
           guint countdown,
           gboolean fails)
{
  static const char *const names[] = { "failed",   "problem", "chat",   "participant-event",
                                       "checking", "left",    "notify", "first-frame",
                                       "moved" };
  g_autoptr (GError) error = g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_REFUSED, "no");
  Scene scene = {
    .hub = alcove_memory_hub_new (),
    .factory = fake_factory_new (1),
    .now = 1000 * G_TIME_SPAN_SECOND,
    .action = action,
    .countdown = countdown,
  };

  scene.signaller = alcove_memory_signaller_new (scene.hub);
  scene.room = alcove_room_new (scene.signaller, ALCOVE_PEER_LINK_FACTORY (scene.factory),
                                "atrium", "Ann", ALCOVE_ROLE_MEMBER);
  scene.alive = G_OBJECT (scene.room);
  g_object_add_weak_pointer (scene.alive, (gpointer *) &scene.alive);
  alcove_room_set_clock (scene.room, scene_clock, &scene);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_signal_connect_swapped (scene.room, names[i], G_CALLBACK (act), &scene);
  g_signal_connect (scene.room, "items-changed", G_CALLBACK (items_changed_cb), &scene);
  g_signal_connect_swapped (scene.room, "left", G_CALLBACK (over_cb), &scene);
  g_signal_connect_swapped (scene.room, "failed", G_CALLBACK (over_cb), &scene);

  play (&scene);
  if (fails)
    alcove_signaller_emit_failed (scene.signaller, error);
  else if (scene.room != NULL)
    alcove_room_leave (scene.room);
  /* nobody says goodbye in return */
  pass_time (&scene, 1);
  settle ();
  check (&scene);

  if (scene.room != NULL)
    {
      g_assert_true (scene.over);
      g_assert_cmpint (alcove_room_get_state (scene.room), ==, ALCOVE_ROOM_LEFT);
      g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (scene.room)), ==, 0);
      g_assert_finalize_object (g_steal_pointer (&scene.room));
    }
  g_assert_null (scene.alive);
  g_assert_finalize_object (scene.signaller);
  g_assert_finalize_object (scene.factory);
  g_assert_finalize_object (scene.hub);
  return scene.done;
}

static void
test_reentry (gconstpointer data)
{
  Action action = (Action) GPOINTER_TO_INT (data);
  guint n = 0;

  while (play_once (action, n, FALSE) | play_once (action, n, TRUE))
    n++;

  /* The call has many more; with fewer it was not played. */
  g_assert_cmpuint (n, >, 50);
}

int
main (int argc,
      char **argv)
{
  static const char *const names[] = { "drop", "leave", "hang-up", "call", "lose" };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < N_ACTIONS; i++)
    {
      g_autofree char *path = g_strconcat ("/room/reentry/", names[i], NULL);

      g_test_add_data_func (path, GINT_TO_POINTER (i), test_reentry);
    }
  return g_test_run ();
}
