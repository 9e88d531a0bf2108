/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "alcove-dispatch-signaller.h"
#include "alcove-rtcmesh-signaller.h"
#include "far-server.h"

/*
 * The signallers of the mesh and of the dispatch platform over real sockets, on loopback:
 * against servers of tests/peers, which share nothing with Alcove, and against our own.
 */

#define A "aaaaaaaa-1111-4111-8111-000000000001"
#define B "bbbbbbbb-2222-4222-8222-000000000002"
#define C "cccccccc-3333-4333-8333-000000000003"

static Scripted *
mesh_join (Far *far,
           const char *uid,
           const char *path)
{
  Scripted *f = far_client (far, alcove_rtcmesh_signaller_new, path);

  g_assert_true (alcove_rtcmesh_signaller_set_uid (ALCOVE_RTCMESH_SIGNALLER (f->signaller), uid));
  alcove_signaller_connect (f->signaller, "any", "x", ALCOVE_ROLE_MEMBER);
  return f;
}

static void
wait_log (Scripted *f,
          guint n_events,
          const char *expected)
{
  scripted_wait (f, n_events);
  assert_log (f, expected);
}

static void
offer (Scripted *f,
       const char *id,
       AlcoveDescriptionType type)
{
  alcove_signaller_send_description (f->signaller, id, type, "v=0\r\n两");
}

/* Three in a mesh: those who are there offer; a drop of everybody and what comes after. */
static void
mesh_story (Far *far)
{
  Scripted *a = mesh_join (far, A, "/");
  Scripted *b;
  Scripted *c;

  wait_log (a, 1, "joined:" A);
  b = mesh_join (far, B, "/channel/json/uid/");
  wait_log (b, 2, "joined:" B " wait:" A);
  wait_log (a, 1, "call:" B);
  offer (a, B, ALCOVE_DESCRIPTION_OFFER);
  alcove_signaller_send_candidate (a->signaller, B, "0", 0, "candidate:1");
  wait_log (b, 2, "offer:" A " candidate0/0:" A);
  offer (b, A, ALCOVE_DESCRIPTION_ANSWER);
  wait_log (a, 1, "answer:" B);
  c = mesh_join (far, C, "/uid/");
  wait_log (c, 3, "joined:" C " wait:" A " wait:" B);
  wait_log (a, 1, "call:" C);
  wait_log (b, 1, "call:" C);
  offer (a, C, ALCOVE_DESCRIPTION_OFFER);
  wait_log (c, 1, "offer:" A);
  offer (b, C, ALCOVE_DESCRIPTION_OFFER);
  wait_log (c, 1, "offer:" B);
  offer (c, A, ALCOVE_DESCRIPTION_ANSWER);
  offer (c, B, ALCOVE_DESCRIPTION_ANSWER);
  wait_log (a, 1, "answer:" C);
  wait_log (b, 1, "answer:" C);

  if (far->process != NULL)
    {
      far_command (far, "{\"cmd\":\"drop\",\"id\":\"" B "\"}\n");
      wait_log (b, 5, "disconnected:closed joined:" B " wait:" A " wait:" C " reconnected");
      /* a reminder: the room leaves what runs as it is */
      wait_log (a, 1, "call:" B);
      wait_log (c, 1, "call:" B);
      far_leave (c);
    }
  else
    {
      far_leave (c);
      wait_log (a, 1, "away:" C);
      wait_log (b, 1, "away:" C);
    }
  far_leave (b);
  far_leave (a);
}

static void
test_mesh_foreign (gconstpointer variant)
{
  Far far = { 0 };

  if (far_spawn (&far, "node", "rtcmesh-server.mjs", "--variant", variant))
    mesh_story (&far);
  far_close (&far);
}

static void
test_mesh_own (void)
{
  Far far = { 0 };

  far_embed (&far);
  mesh_story (&far);
  far_close (&far);
}

static Scripted *
dispatch_join (Far *far,
               const char *room,
               const char *name,
               AlcoveRole role)
{
  Scripted *f = far_client (far, alcove_dispatch_signaller_new, "/ws");

  alcove_signaller_connect (f->signaller, room, name, role);
  return f;
}

/* The dispatcher sees all guests, calls one, hangs up on one, closes one. */
static void
dispatch_story (Far *far)
{
  Scripted *root = dispatch_join (far, "两 人", "Control", ALCOVE_ROLE_DISPATCHER);
  Scripted *bob;
  Scripted *cyd;
  Scripted *twin;

  wait_log (root, 1, "joined:root");
  bob = dispatch_join (far, "两 人", "bob", ALCOVE_ROLE_MEMBER);
  cyd = dispatch_join (far, "两 人", "cyd", ALCOVE_ROLE_MEMBER);
  wait_log (bob, 2, "joined:bob call:root");
  wait_log (cyd, 2, "joined:cyd call:root");
  offer (bob, "root", ALCOVE_DESCRIPTION_OFFER);
  alcove_signaller_send_candidate (bob->signaller, "root", "0", 0, "candidate:1");
  wait_log (root, 3, "wait:bob offer:bob candidate0/0:bob");
  offer (root, "bob", ALCOVE_DESCRIPTION_ANSWER);
  alcove_signaller_send_candidate (root->signaller, "bob", "0", 0, "candidate:1");
  wait_log (bob, 2, "answer:root candidate0/0:root");
  offer (cyd, "root", ALCOVE_DESCRIPTION_OFFER);
  wait_log (root, 2, "wait:cyd offer:cyd");
  offer (root, "cyd", ALCOVE_DESCRIPTION_ANSWER);
  wait_log (cyd, 1, "answer:root");

  alcove_signaller_call (root->signaller, "bob");
  offer (root, "bob", ALCOVE_DESCRIPTION_OFFER);
  wait_log (bob, 2, "called:root offer:root");
  offer (bob, "root", ALCOVE_DESCRIPTION_ANSWER);
  wait_log (root, 1, "answer:bob");
  alcove_signaller_hang_up (root->signaller, "bob");
  wait_log (bob, 1, "hung-up:root");
  alcove_signaller_dismiss (root->signaller, "cyd");
  wait_log (cyd, 1, "failed:closed");
  wait_log (root, 1, "left:cyd");

  /* the same name, and one room that is not there */
  twin = dispatch_join (far, "两 人", "bob", ALCOVE_ROLE_MEMBER);
  wait_log (twin, 2, "joined:bob-2 call:root");
  far_leave (twin);
  twin = dispatch_join (far, "9999", "eve", ALCOVE_ROLE_MEMBER);
  wait_log (twin, 1, "failed:failed");
  scripted_free (twin);
  twin = dispatch_join (far, "两 人", "Other", ALCOVE_ROLE_DISPATCHER);
  wait_log (twin, 1, "failed:failed");
  scripted_free (twin);

  far_leave (root);
  wait_log (bob, 2, "away:root disconnected:closed");
  far_leave (bob);
  scripted_free (cyd);
}

static void
test_dispatch_foreign (void)
{
  Far far = { 0 };

  if (far_spawn (&far, "/usr/bin/python3", "dispatch-server.py", NULL, NULL))
    dispatch_story (&far);
  far_close (&far);
}

static void
test_dispatch_own (void)
{
  Far far = { 0 };

  far_embed (&far);
  dispatch_story (&far);
  far_close (&far);
}

/* A dispatcher whose connection is cut comes back with its room. */
static void
test_dispatch_drop (void)
{
  Far far = { 0 };
  Scripted *root;
  Scripted *bob;

  if (far_spawn (&far, "/usr/bin/python3", "dispatch-server.py", NULL, NULL))
    {
      root = dispatch_join (&far, "0915", "Control", ALCOVE_ROLE_DISPATCHER);
      wait_log (root, 1, "joined:root");
      bob = dispatch_join (&far, "0915", "bob", ALCOVE_ROLE_MEMBER);
      wait_log (bob, 2, "joined:bob call:root");
      offer (bob, "root", ALCOVE_DESCRIPTION_OFFER);
      wait_log (root, 2, "wait:bob offer:bob");
      offer (root, "bob", ALCOVE_DESCRIPTION_ANSWER);
      wait_log (bob, 1, "answer:root");
      far_command (&far, "{\"cmd\":\"drop\",\"name\":\"root\"}\n");
      wait_log (root, 3, "disconnected:closed joined:root reconnected");
      scripted_wait (bob, 5);
      g_assert_true (g_str_has_suffix (bob->log->str, "joined:bob call:root reconnected"));
      g_string_truncate (bob->log, 0);
      bob->events = 0;
      /* nothing is written to bob before his sign of life has come in */
      while (bob->events == 0)
        {
          alcove_signaller_call (root->signaller, "bob");
          g_main_context_iteration (NULL, TRUE);
        }
      g_assert_true (g_str_has_prefix (bob->log->str, "called:root"));
      far_leave (bob);
      far_leave (root);
    }
  far_close (&far);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/mesh-live/rtcmesh-node", "node", test_mesh_foreign);
  g_test_add_data_func ("/mesh-live/rtcmesh-php", "php", test_mesh_foreign);
  g_test_add_data_func ("/mesh-live/rtcmesh-nim", "nim", test_mesh_foreign);
  g_test_add_func ("/mesh-live/rtcmesh-own", test_mesh_own);
  g_test_add_func ("/mesh-live/dispatch-foreign", test_dispatch_foreign);
  g_test_add_func ("/mesh-live/dispatch-own", test_dispatch_own);
  g_test_add_func ("/mesh-live/dispatch-drop", test_dispatch_drop);
  return g_test_run ();
}
