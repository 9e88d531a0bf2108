/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "alcove-inband.h"
#include "alcove-room-private.h"
#include "room-fixture.h"

static void
draw (Fixture *self,
      guint by,
      guint whom,
      int width,
      int height)
{
  FakeLink *link = link_of (self, by, whom);

  link->view_known = TRUE;
  link->view_width = width;
  link->view_height = height;
  alcove_peer_link_emit_view_size_changed (ALCOVE_PEER_LINK (link));
}

static guint
count_told (Fixture *self,
            guint by,
            guint whom)
{
  FakeLink *link = link_of (self, by, whom);
  guint n = 0;

  for (guint i = 0; i < link->sent->len; i++)
    if (strstr (link->sent->pdata[i], "\"kind\":\"size\"") != NULL)
      n++;
  return n;
}

static void
tell (Fixture *self,
      int width,
      int height)
{
  g_autofree char *text
      = g_strdup_printf ("{\"kind\":\"size\",\"width\":%d,\"height\":%d}", width, height);

  alcove_peer_link_emit_channel_text (ALCOVE_PEER_LINK (link_of (self, 0, 1)),
                                      ALCOVE_CHANNEL_ALCOVE, text);
}

/* What one draws the other hears of: what was drawn before they met, and each change. */
static void
test_told (Fixture *self,
           gconstpointer data)
{
  FakeLink *far;

  join (self, 2);
  connect_all (self, 2);
  draw (self, 0, 1, 640, 360);
  g_assert_cmpuint (count_told (self, 0, 1), ==, 0);
  open_channels (self, 2);
  carry_texts (self, 2);
  far = link_of (self, 1, 0);
  g_assert_cmpuint (far->n_far_sizes, ==, 1);
  g_assert_cmpint (far->far_width, ==, 640);
  g_assert_cmpint (far->far_height, ==, 360);
  /* of the other one nothing is known */
  g_assert_cmpuint (link_of (self, 0, 1)->n_far_sizes, ==, 0);

  advance (self, 1, TRUE);
  draw (self, 0, 1, 0, 0);
  carry_texts (self, 2);
  g_assert_cmpuint (far->n_far_sizes, ==, 2);
  g_assert_cmpint (far->far_width, ==, 0);

  /* nothing new */
  advance (self, 5, TRUE);
  draw (self, 0, 1, 0, 0);
  carry_texts (self, 2);
  g_assert_cmpuint (far->n_far_sizes, ==, 2);
}

/* A window that is dragged by its edge: the last size counts. */
static void
test_dragged (Fixture *self,
              gconstpointer data)
{
  FakeLink *far;
  guint before;

  join (self, 2);
  connect_all (self, 2);
  open_channels (self, 2);
  carry_texts (self, 2);
  far = link_of (self, 1, 0);
  before = far->n_far_sizes;
  for (int i = 0; i < 200; i++)
    draw (self, 0, 1, 300 + i, 200 + i);
  carry_texts (self, 2);
  g_assert_cmpuint (far->n_far_sizes, ==, before + 1);
  advance (self, 1, TRUE);
  carry_texts (self, 2);
  g_assert_cmpuint (far->n_far_sizes, ==, before + 2);
  g_assert_cmpint (far->far_width, ==, 499);
  g_assert_cmpint (far->far_height, ==, 399);
}

/* Who tells too much is heard now and then, and nobody complains; what makes no sense is
 * a problem of theirs. */
static void
test_flood (Fixture *self,
            gconstpointer data)
{
  FakeLink *link;

  join (self, 2);
  connect_all (self, 2);
  /* who has not said hello is no Alcove */
  tell (self, 100, 100);
  g_assert_cmpuint (link_of (self, 0, 1)->n_far_sizes, ==, 0);

  open_channels (self, 2);
  carry_texts (self, 2);
  link = link_of (self, 0, 1);
  for (int i = 0; i < 100; i++)
    tell (self, i, i);
  g_assert_cmpuint (link->n_far_sizes, >=, 1);
  g_assert_cmpuint (link->n_far_sizes, <=, ALCOVE_ROOM_SIZE_BURST);
  g_assert_cmpuint (self->sides[0].problems->len, ==, 0);

  advance (self, 5, TRUE);
  tell (self, 2000000000, 2000000000);
  g_assert_cmpint (link->far_width, ==, ALCOVE_INBAND_MAX_SIDE);
  tell (self, -5, 7);
  g_assert_cmpint (link->far_width, ==, ALCOVE_INBAND_MAX_SIDE);
  g_assert_true (had_problem (&self->sides[0], ALCOVE_ERROR_MALFORMED));
}

/* A fresh link is told anew. */
static void
test_repaired (Fixture *self,
               gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_FAILED, "broken");
  FakeLink *former;

  join (self, 2);
  connect_all (self, 2);
  open_channels (self, 2);
  draw (self, 0, 1, 640, 360);
  carry_texts (self, 2);
  former = link_of (self, 1, 0);
  g_assert_cmpint (former->far_width, ==, 640);

  /* the one who offers */
  alcove_peer_link_emit_failed (ALCOVE_PEER_LINK (link_of (self, 1, 0)), error);
  advance (self, 3, FALSE);
  connect_all (self, 2);
  draw (self, 0, 1, 640, 360);
  open_channels (self, 2);
  carry_texts (self, 2);
  g_assert_cmpint (link_of (self, 1, 0)->far_width, ==, 640);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("sizes/told", test_told);
  ADD ("sizes/dragged", test_dragged);
  ADD ("sizes/flood", test_flood);
  ADD ("sizes/repaired", test_repaired);

  return g_test_run ();
}
