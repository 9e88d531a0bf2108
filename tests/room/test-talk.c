/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "alcove-allowance.h"
#include "alcove-chat-message.h"
#include "alcove-room-private.h"
#include "room-fixture.h"

static AlcoveChatMessage *
said (Fixture *self,
      guint by,
      guint position)
{
  GListModel *talk = alcove_room_get_talk (self->sides[by].room);
  g_autoptr (AlcoveChatMessage) message = g_list_model_get_item (talk, position);

  /* the list keeps it */
  return message;
}

static guint
n_said (Fixture *self,
        guint by)
{
  return g_list_model_get_n_items (alcove_room_get_talk (self->sides[by].room));
}

static guint
count_problems (Side *side,
                AlcoveError code)
{
  guint n = 0;

  for (guint i = 0; i < side->problems->len; i++)
    n += g_array_index (side->problems, int, i) == (int) code;
  return n;
}

static void
test_kept (Fixture *self,
           gconstpointer data)
{
  join (self, 1);
  g_assert_false (alcove_room_send_chat (self->sides[0].room, "nobody can read this"));
  g_assert_cmpuint (n_said (self, 0), ==, 0);

  alcove_room_join (self->sides[1].room);
  settle (self);
  connect_all (self, 2);
  open_channels (self, 2);
  g_assert_true (alcove_room_send_chat (self->sides[0].room, "<b>hi</b>"));
  carry_texts (self, 2);
  g_assert_true (alcove_room_send_chat (self->sides[1].room, "ho"));
  carry_texts (self, 2);

  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpuint (n_said (self, i), ==, 2);
      g_assert_cmpstr (alcove_chat_message_get_text (said (self, i, 0)), ==, "<b>hi</b>");
      g_assert_cmpstr (alcove_chat_message_get_name (said (self, i, 0)), ==, "Person 1");
      g_assert_cmpint (alcove_chat_message_get_own (said (self, i, 0)), ==, i == 0);
      g_assert_cmpstr (alcove_chat_message_get_text (said (self, i, 1)), ==, "ho");
      g_assert_cmpstr (alcove_chat_message_get_name (said (self, i, 1)), ==, "Person 2");
      g_assert_cmpint (alcove_chat_message_get_own (said (self, i, 1)), ==, i == 1);
      g_assert_nonnull (alcove_chat_message_get_time (said (self, i, 1)));
    }
}

static void
test_bound (Fixture *self,
            gconstpointer data)
{
  join (self, 2);
  connect_all (self, 2);
  open_channels (self, 2);

  for (guint i = 0; i < ALCOVE_ROOM_MAX_TALK + 3; i++)
    {
      g_autofree char *text = g_strdup_printf ("line %u", i);

      g_assert_true (alcove_room_send_chat (self->sides[0].room, text));
    }
  g_assert_cmpuint (n_said (self, 0), ==, ALCOVE_ROOM_MAX_TALK);
  g_assert_cmpstr (alcove_chat_message_get_text (said (self, 0, 0)), ==, "line 3");
}

/* Too much chat is left out, is told of once, and others are not hindered by it. */
static void
test_chat_flood (Fixture *self,
                 gconstpointer data)
{
  Side *side = &self->sides[0];
  AlcovePeerLink *link;

  join (self, 3);
  connect_all (self, 3);
  link = ALCOVE_PEER_LINK (link_of (self, 0, 1));
  for (guint i = 0; i < ALCOVE_ROOM_CHAT_BURST + 20; i++)
    alcove_peer_link_emit_channel_text (link, ALCOVE_CHANNEL_PAGE, "chat:flood");
  g_assert_cmpuint (side->chat->len, ==, ALCOVE_ROOM_CHAT_BURST);
  g_assert_cmpuint (n_said (self, 0), ==, ALCOVE_ROOM_CHAT_BURST);
  g_assert_cmpuint (count_problems (side, ALCOVE_ERROR_TOO_FAST), ==, 1);

  alcove_peer_link_emit_channel_text (ALCOVE_PEER_LINK (link_of (self, 0, 2)),
                                      ALCOVE_CHANNEL_PAGE, "chat:me too");
  g_assert_cmpuint (side->chat->len, ==, ALCOVE_ROOM_CHAT_BURST + 1);

  advance (self, 2, TRUE);
  alcove_peer_link_emit_channel_text (link, ALCOVE_CHANNEL_PAGE, "chat:calm");
  g_assert_cmpuint (side->chat->len, ==, ALCOVE_ROOM_CHAT_BURST + 2);
}

static void
test_message_flood (Fixture *self,
                    gconstpointer data)
{
  Side *side = &self->sides[0];
  AlcovePeerLink *link;

  join (self, 2);
  connect_all (self, 2);
  open_channels (self, 2);
  link = ALCOVE_PEER_LINK (link_of (self, 0, 1));
  for (guint i = 0; i < ALCOVE_ROOM_MESSAGES_BURST + 500; i++)
    alcove_peer_link_emit_channel_text (link, ALCOVE_CHANNEL_ALCOVE, "{\"kind\":\"dance\"}");
  g_assert_cmpuint (count_problems (side, ALCOVE_ERROR_TOO_FAST), ==, 1);
  /* not even looked at */
  alcove_peer_link_emit_channel_text (link, ALCOVE_CHANNEL_ALCOVE, "{\"kind\":\"bye\"}");
  g_assert_nonnull (seen (self, 0, 1));

  advance (self, 1, TRUE);
  alcove_peer_link_emit_channel_text (link, ALCOVE_CHANNEL_ALCOVE, "{\"kind\":\"bye\"}");
  g_assert_null (seen (self, 0, 1));
}

/* Section 7 of the rtc mesh: nobody is told of a leave there, so the channel is closed first, with
 * the link still up. Elsewhere the server tells. */
static void
test_rtcmesh_7_channel_first (Fixture *self,
                              gconstpointer data)
{
  AlcoveSignallerClass *klass = ALCOVE_SIGNALLER_GET_CLASS (self->sides[0].signaller);
  const AlcoveSignallerFeatures before = klass->features;
  FakeLink *told;
  FakeLink *untold;

  klass->features |= ALCOVE_SIGNALLER_CHANNEL;
  join (self, 3);
  connect_all (self, 3);
  open_channels (self, 3);
  told = g_object_ref (link_of (self, 1, 2));
  untold = g_object_ref (link_of (self, 0, 2));
  alcove_room_leave (self->sides[1].room);
  settle (self);
  g_assert_false (g_ptr_array_find_with_equal_func (told->sent, "0 closed", g_str_equal, NULL));

  /* the server hears of it when the channel is closed */
  klass->features &= ~ALCOVE_SIGNALLER_LEAVE_NOTICE;
  alcove_room_leave (self->sides[0].room);
  g_assert_true (g_ptr_array_find_with_equal_func (untold->sent, "0 closed", g_str_equal, NULL));
  settle (self);
  g_assert_cmpuint (self->sides[0].n_left, ==, 0);
  g_assert_false (untold->closed);
  alcove_peer_link_emit_channel_closed (ALCOVE_PEER_LINK (untold), ALCOVE_CHANNEL_PAGE);
  settle (self);
  g_assert_cmpuint (self->sides[0].n_left, ==, 1);
  klass->features = before;
  g_object_unref (told);
  g_object_unref (untold);
}

static void
test_allowance (void)
{
  AlcoveAllowance allowance = { .burst = 2, .every = 10 };

  g_assert_true (alcove_allowance_take (&allowance, 1000));
  g_assert_true (alcove_allowance_take (&allowance, 1000));
  g_assert_false (alcove_allowance_take (&allowance, 1009));
  g_assert_true (alcove_allowance_take (&allowance, 1010));
  g_assert_false (alcove_allowance_take (&allowance, 1019));
  g_assert_true (alcove_allowance_take (&allowance, 1020));
  /* calm fills it, and no further than the burst */
  g_assert_true (alcove_allowance_take (&allowance, G_MAXINT64));
  g_assert_true (alcove_allowance_take (&allowance, G_MAXINT64));
  g_assert_false (alcove_allowance_take (&allowance, G_MAXINT64));
  /* a clock that goes back gives nothing */
  g_assert_false (alcove_allowance_take (&allowance, 1));

  g_assert_true (alcove_allowance_tell (&allowance, 1000));
  g_assert_false (alcove_allowance_tell (&allowance, 1001));
  g_assert_true (alcove_allowance_tell (&allowance, 1000 + ALCOVE_ALLOWANCE_TELL_EVERY));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/room/allowance", test_allowance);
  ADD ("talk/kept", test_kept);
  ADD ("talk/bound", test_bound);
  ADD ("talk/chat-flood", test_chat_flood);
  ADD ("talk/message-flood", test_message_flood);
  ADD ("rtcmesh/7-channel-first", test_rtcmesh_7_channel_first);
  return g_test_run ();
}
