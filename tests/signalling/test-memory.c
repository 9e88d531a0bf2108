/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "alcove-memory-signaller.h"

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
joined_cb (AlcoveSignaller *signaller,
           const char *id,
           GString *log)
{
  g_string_append_printf (log, "joined %s;", id);
}

static void
peer_joined_cb (AlcoveSignaller *signaller,
                const char *id,
                const char *name,
                gboolean we_offer,
                gboolean was_here,
                GString *log)
{
  /* in a room without a server it is those who are here that are offered to */
  g_assert_cmpint (was_here, ==, we_offer);
  g_string_append_printf (log, "peer %s %d;", id, we_offer);
}

static void
peer_left_cb (AlcoveSignaller *signaller,
              const char *id,
              GString *log)
{
  g_string_append_printf (log, "gone %s;", id);
}

static void
description_cb (AlcoveSignaller *signaller,
                const char *id,
                int type,
                const char *sdp,
                GString *log)
{
  g_string_append_printf (log, "sdp %s %d %s;", id, type, sdp);
}

static void
candidate_cb (AlcoveSignaller *signaller,
              const char *id,
              const char *mid,
              int index,
              const char *text,
              GString *log)
{
  g_string_append_printf (log, "cand %s %s %d %s;", id, mid, index, text);
}

static void
left_cb (AlcoveSignaller *signaller,
         GString *log)
{
  g_string_append (log, "left;");
}

static AlcoveSignaller *
make (AlcoveMemoryHub *hub,
      GString *log)
{
  AlcoveSignaller *signaller = alcove_memory_signaller_new (hub);

  g_signal_connect (signaller, "joined", G_CALLBACK (joined_cb), log);
  g_signal_connect (signaller, "peer-joined", G_CALLBACK (peer_joined_cb), log);
  g_signal_connect (signaller, "peer-left", G_CALLBACK (peer_left_cb), log);
  g_signal_connect (signaller, "description", G_CALLBACK (description_cb), log);
  g_signal_connect (signaller, "candidate", G_CALLBACK (candidate_cb), log);
  g_signal_connect (signaller, "left", G_CALLBACK (left_cb), log);
  return signaller;
}

static void
test_rooms (void)
{
  AlcoveMemoryHub *hub = alcove_memory_hub_new ();
  g_autoptr (GString) log_a = g_string_new (NULL);
  g_autoptr (GString) log_b = g_string_new (NULL);
  g_autoptr (GString) log_c = g_string_new (NULL);
  AlcoveSignaller *a = make (hub, log_a);
  AlcoveSignaller *b = make (hub, log_b);
  AlcoveSignaller *c = make (hub, log_c);

  alcove_signaller_connect (a, "x", "A", ALCOVE_ROLE_MEMBER);
  g_assert_cmpstr (log_a->str, ==, "");
  alcove_signaller_connect (b, "x", "B", ALCOVE_ROLE_MEMBER);
  alcove_signaller_connect (c, "y", "C", ALCOVE_ROLE_MEMBER);
  settle ();
  alcove_signaller_send_description (b, "peer-1", ALCOVE_DESCRIPTION_OFFER, "v=0");
  alcove_signaller_send_candidate (b, "peer-1", "0", 0, "c");
  alcove_signaller_send_candidate (b, "peer-3", "0", 0, "another room");
  alcove_memory_hub_set_drop_next (hub, 1);
  alcove_signaller_send_candidate (b, "peer-1", "0", 0, "lost");
  settle ();
  alcove_signaller_send_candidate (a, "peer-2", "0", 0, "to one who has left");
  alcove_signaller_leave (b);
  alcove_signaller_leave (b);
  alcove_signaller_send_candidate (b, "peer-1", "0", 0, "too late");
  alcove_memory_signaller_reconnect (ALCOVE_MEMORY_SIGNALLER (b));
  settle ();

  g_assert_cmpstr (log_a->str, ==,
                   "joined peer-1;peer peer-2 0;sdp peer-2 0 v=0;cand peer-2 0 0 c;gone peer-2;");
  g_assert_cmpstr (log_b->str, ==, "joined peer-2;peer peer-1 1;left;");
  g_assert_cmpstr (log_c->str, ==, "joined peer-3;");

  /* Something still under way when they go. */
  alcove_memory_signaller_disconnect (ALCOVE_MEMORY_SIGNALLER (c));
  g_assert_finalize_object (a);
  g_assert_finalize_object (b);
  g_assert_finalize_object (c);
  g_assert_finalize_object (hub);
  settle ();
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/memory/rooms", test_rooms);
  return g_test_run ();
}
