/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "alcove-adaptation.h"
#include "alcove-frame-pace.h"
#include "alcove-load.h"
#include "alcove-rung-choice.h"

#define SECOND ((gint64) G_USEC_PER_SEC)

static void
look (AlcoveAdaptation *adaptation,
      gint64 time,
      guint64 given,
      guint64 encoded)
{
  const AlcoveAdaptationDone done = { .given = given, .encoded = encoded };

  alcove_adaptation_look (adaptation, time, &done);
}

/* Adds a sample each second; returns how many changes there were. */
static guint
run (AlcoveLoad *load,
     int seconds,
     double missed)
{
  guint n = 0;

  for (int i = 0; i < seconds; i++)
    n += alcove_load_add (load, load->time + SECOND, missed) ? 1 : 0;
  return n;
}

static AlcoveLoad
make_load (guint n_steps)
{
  AlcoveLoad load;

  alcove_load_init (&load, n_steps);
  g_assert_false (alcove_load_add (&load, 1000 * SECOND, 0.0));
  return load;
}

/* A moment is nothing; after two seconds it goes down, step by step, and not below the last. */
static void
test_behind (void)
{
  AlcoveLoad load = make_load (3);

  for (int i = 0; i < 20; i++)
    {
      g_assert_cmpuint (run (&load, 1, 0.9), ==, 0);
      g_assert_cmpuint (run (&load, 1, 0.0), ==, 0);
    }
  g_assert_cmpuint (run (&load, 2, 0.5), ==, 1);
  g_assert_cmpuint (load.step, ==, 1);
  g_assert_cmpuint (run (&load, 2, 0.5), ==, 1);
  g_assert_cmpuint (run (&load, 60, 0.5), ==, 1);
  g_assert_cmpuint (load.step, ==, 3);
}

static void
test_calm (void)
{
  AlcoveLoad load = make_load (4);

  g_assert_cmpuint (run (&load, 4, 0.5), ==, 2);
  g_assert_cmpuint (run (&load, 3, 0.0), ==, 0);
  /* a little too much is no calm, and not too much */
  g_assert_cmpuint (run (&load, 30, 0.1), ==, 0);
  g_assert_cmpuint (run (&load, 3, 0.0), ==, 0);
  g_assert_cmpuint (run (&load, 1, 0.0), ==, 1);
  g_assert_cmpuint (run (&load, 4, 0.0), ==, 1);
  g_assert_cmpuint (load.step, ==, 0);
  g_assert_cmpuint (run (&load, 600, 0.0), ==, 0);
}

/* What fails again and again is tried ever more seldom, but never given up. */
static void
test_relapse (void)
{
  AlcoveLoad load = make_load (4);
  int waits[8];

  g_assert_cmpuint (run (&load, 2, 0.5), ==, 1);
  for (guint i = 0; i < G_N_ELEMENTS (waits); i++)
    {
      for (waits[i] = 1; run (&load, 1, 0.0) == 0; waits[i]++)
        g_assert_cmpint (waits[i], <, 1000);
      g_assert_cmpuint (run (&load, 2, 0.5), ==, 1);
      g_assert_cmpuint (load.step, ==, 1);
    }
  g_assert_cmpint (waits[0], ==, 4);
  g_assert_cmpint (waits[1], ==, 8);
  g_assert_cmpint (waits[2], ==, 16);
  g_assert_cmpint (waits[7], ==, 160);

  /* what went well for long is tried again as soon as the first time */
  g_assert_cmpuint (run (&load, 200, 0.0), ==, 1);
  g_assert_cmpuint (run (&load, 2, 0.5), ==, 1);
  g_assert_cmpuint (run (&load, 3, 0.0), ==, 0);
  g_assert_cmpuint (run (&load, 1, 0.0), ==, 1);
}

/* What is over soon is given time, but not for ever, however often it comes. */
static void
test_excused (void)
{
  AlcoveLoad load = make_load (4);

  alcove_load_excuse (&load, 4 * SECOND);
  g_assert_cmpuint (run (&load, 6, 0.5), ==, 0);
  g_assert_cmpuint (run (&load, 1, 0.5), ==, 1);

  g_assert_cmpuint (run (&load, 40, 0.1), ==, 0);
  for (guint i = 0; i < 10; i++)
    {
      alcove_load_excuse (&load, 4 * SECOND);
      g_assert_cmpuint (run (&load, 1, i % 3 == 2 ? 0.0 : 0.5), ==, 0);
    }
  g_assert_cmpuint (run (&load, 1, 0.0), ==, 0);
  for (guint step = 2; step <= 4; step++)
    for (guint i = 0; i < 2; i++)
      {
        alcove_load_excuse (&load, 4 * SECOND);
        g_assert_cmpuint (run (&load, 1, 0.5), ==, i);
      }
  g_assert_cmpuint (load.step, ==, 4);
}

/* A machine that slept was neither behind nor calm meanwhile. */
static void
test_gap (void)
{
  AlcoveLoad load = make_load (4);

  g_assert_cmpuint (run (&load, 1, 0.5), ==, 0);
  g_assert_false (alcove_load_add (&load, load.time + 3600 * SECOND, 0.5));
  g_assert_cmpuint (run (&load, 1, 0.5), ==, 0);
  g_assert_cmpuint (run (&load, 1, 0.5), ==, 1);
  g_assert_false (alcove_load_add (&load, load.time + 3600 * SECOND, 0.0));
  g_assert_cmpuint (load.step, ==, 1);
}

static void
put (AlcoveFrameSlot *slot)
{
  g_autoptr (GBytes) pixels = g_bytes_new_static ("\0\0\0\0", 4);

  alcove_frame_slot_put (slot, alcove_frame_new (pixels, 1, 1, 4, 0));
}

/* Draws the last of every @n_each pictures, as if @wait_ms after the first of them came. Other
 * drawing took @busy_ms of these. */
static void
put_and_draw (AlcoveFrameSlot *slot,
              guint n_drawn,
              guint n_each,
              gint64 wait_ms,
              gint64 busy_ms)
{
  for (guint i = 0; i < n_drawn; i++)
    {
      gint64 begin = g_get_monotonic_time ();
      gint64 end;

      for (guint k = 0; k < n_each; k++)
        put (slot);
      end = g_get_monotonic_time () + wait_ms * G_TIME_SPAN_MILLISECOND;
      alcove_frame_unref (alcove_frame_slot_draw (slot, end,
                                                  begin + busy_ms * G_TIME_SPAN_MILLISECOND, end));
    }
}

static void
put_unseen (AlcoveFrameSlot *slot,
            guint n)
{
  for (guint i = 0; i < n; i++)
    put (slot);
}

static void
expect_step (const char *what)
{
  g_test_expect_message ("alcove-adaptation", G_LOG_LEVEL_MESSAGE, what);
}

static void
test_encoding (void)
{
  const guint64 on_its_way[] = { 2, 2, 1, 2, 2, 3 };
  AlcoveAdaptation *adaptation = alcove_adaptation_new (NULL, NULL);
  guint64 given = 0;
  guint64 encoded = 0;
  gint64 time = 1000 * SECOND;

  for (int i = 0; i < 10; i++)
    look (adaptation, time += SECOND, given += 30, encoded += i % 2 == 0 ? 29 : 31);
  g_assert_cmpuint (alcove_adaptation_get_load_step (adaptation), ==, 0);

  expect_step ("Encoding: step 1 of 4, as * too much*");
  for (int i = 0; i < 2; i++)
    look (adaptation, time += SECOND, given += 30, encoded += 15);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (alcove_adaptation_get_load_step (adaptation), ==, 1);

  expect_step ("Encoding: step 0 of 4, as this computer kept up");
  for (int i = 0; i < 10; i++)
    look (adaptation, time += SECOND, given += 20, encoded += 20);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (alcove_adaptation_get_load_step (adaptation), ==, 0);

  /* a camera that is off gives two pictures a second, of which one may be on its way */
  for (int i = 0; i < 12; i++)
    look (adaptation, time += SECOND, given += 2, encoded += on_its_way[i % 6]);
  g_assert_cmpuint (alcove_adaptation_get_load_step (adaptation), ==, 0);

  /* who is so far behind that not even many are given to be encoded is not calm */
  for (guint step = 1; step <= ALCOVE_LADDER_MAX_STEP; step++)
    {
      /* at first with what was before */
      g_autofree char *line
          = g_strdup_printf ("Encoding: step %u of 4, as %d %% *", step, step == 1 ? 31 : 60);

      expect_step (line);
      for (int i = 0; i < 2; i++)
        look (adaptation, time += SECOND, given += 5, encoded += 2);
      g_test_assert_expected_messages ();
    }
  for (int i = 0; i < 20; i++)
    look (adaptation, time += SECOND, given += 5, encoded += 2);
  g_assert_cmpuint (alcove_adaptation_get_load_step (adaptation), ==, ALCOVE_LADDER_MAX_STEP);

  /* nobody watches any more */
  expect_step ("Encoding: step 3 of 4*");
  for (int i = 0; i < 4; i++)
    look (adaptation, time += SECOND, given, encoded);
  g_test_assert_expected_messages ();
  g_assert_finalize_object (adaptation);
}

/* An encoder that stands is not calm because little comes to it. */
static void
test_encoder_that_stands (void)
{
  AlcoveAdaptation *adaptation = alcove_adaptation_new (NULL, NULL);
  guint64 given = 0;
  guint64 encoded = 0;
  gint64 time = 1000 * SECOND;

  expect_step ("Encoding: step 1 of 4, as * too much*");
  for (int i = 0; i < 4; i++)
    look (adaptation, time += SECOND, given += 2, encoded);
  g_test_assert_expected_messages ();
  expect_step ("Encoding: step 0 of 4, as this computer kept up");
  for (int i = 0; i < 12; i++)
    look (adaptation, time += SECOND, given += 2, encoded += 2);
  g_test_assert_expected_messages ();
  g_assert_finalize_object (adaptation);
}

/* It catches up with every other second, and never for good. */
static void
test_behind_by_turns (void)
{
  AlcoveAdaptation *adaptation = alcove_adaptation_new (NULL, NULL);
  guint64 given = 0;
  guint64 encoded = 0;
  gint64 time = 1000 * SECOND;

  expect_step ("Encoding: step 1 of 4, as * too much*");
  for (int i = 0; i < 4; i++)
    look (adaptation, time += SECOND, given += 30, encoded += i % 2 == 0 ? 30 : 20);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (alcove_adaptation_get_load_step (adaptation), ==, 1);
  g_assert_finalize_object (adaptation);
}

/* All pictures are encoded, and yet the machine has too much to do. */
static void
test_late_sound (void)
{
  AlcoveAdaptation *adaptation = alcove_adaptation_new (NULL, NULL);
  AlcoveAdaptationDone done = { 0 };
  gint64 time = 1000 * SECOND;

  expect_step ("Encoding: step 1 of 4, as 8 %* of the sound *");
  for (int i = 0; i < 3; i++)
    {
      done.given = done.encoded += 30;
      done.packets += 50;
      done.late_packets += 4;
      alcove_adaptation_look (adaptation, time += SECOND, &done);
    }
  g_test_assert_expected_messages ();

  /* a single packet now and then is no reason */
  expect_step ("Encoding: step 0 of 4, as this computer kept up");
  for (int i = 0; i < 10; i++)
    {
      done.given = done.encoded += 30;
      done.packets += 50;
      done.late_packets += i == 5;
      alcove_adaptation_look (adaptation, time += SECOND, &done);
    }
  g_test_assert_expected_messages ();

  /* without pictures there is nothing to be had from them */
  for (int i = 0; i < 10; i++)
    {
      done.packets += 50;
      done.late_packets += 25;
      alcove_adaptation_look (adaptation, time += SECOND, &done);
    }
  g_assert_cmpuint (alcove_adaptation_get_load_step (adaptation), ==, 0);
  g_assert_finalize_object (adaptation);
}

static void
test_drawing (void)
{
  AlcoveAdaptation *adaptation = alcove_adaptation_new (NULL, NULL);
  g_autoptr (AlcoveFrameSlot) seen = alcove_frame_slot_new ();
  g_autoptr (AlcoveFrameSlot) unseen = alcove_frame_slot_new ();
  AlcoveAdaptationGuest *first = alcove_adaptation_add (adaptation, seen);
  AlcoveAdaptationGuest *second = alcove_adaptation_add (adaptation, unseen);
  gint64 time = 1000 * SECOND;
  gboolean wanted;
  gint64 begin;
  int width, height;

  alcove_frame_slot_set_size (seen, 1, 1);
  /* who keeps up, and one at whom nobody looks */
  for (int i = 0; i < 10; i++)
    {
      put_and_draw (seen, 30, 1, 0, 0);
      put_unseen (unseen, 30);
      look (adaptation, time += SECOND, 0, 0);
    }
  g_assert_cmpuint (alcove_adaptation_get_draw_step (adaptation), ==, 0);
  g_assert_true (alcove_frame_slot_get_size (seen, &width, &height));

  expect_step ("Drawing: step 1 of 3, as * late");
  for (int i = 0; i < 2; i++)
    {
      put_and_draw (seen, 10, 3, 1000, 999);
      look (adaptation, time += SECOND, 0, 0);
    }
  g_test_assert_expected_messages ();
  g_assert_cmpuint (alcove_adaptation_get_draw_step (adaptation), ==, 1);

  /* fewer are asked for then, and all again when it is calm */
  do
    {
      begin = g_get_monotonic_time ();
      put (seen);
      wanted = alcove_frame_slot_get_size (seen, &width, &height);
      /* whoever was held up in between may be due again */
    }
  while (g_get_monotonic_time () - begin > 30 * G_TIME_SPAN_MILLISECOND);
  g_assert_false (wanted);
  alcove_frame_unref (alcove_frame_slot_take (seen));
  expect_step ("Drawing: step 0 of 3, as this computer kept up");
  for (int i = 0; i < 10; i++)
    {
      put_and_draw (seen, 15, 1, 0, 0);
      look (adaptation, time += SECOND, 0, 0);
    }
  g_test_assert_expected_messages ();
  g_assert_cmpuint (alcove_adaptation_get_draw_step (adaptation), ==, 0);
  g_assert_true (alcove_frame_slot_get_size (seen, &width, &height));

  alcove_adaptation_remove (adaptation, first);
  alcove_adaptation_remove (adaptation, second);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (adaptation);
}

/* Pictures that are too much to draw are asked for smaller, from who can be asked. */
static void
test_drawing_smaller (void)
{
  AlcoveAdaptation *adaptation = alcove_adaptation_new (NULL, NULL);
  g_autoptr (AlcoveFrameSlot) slot = alcove_frame_slot_new ();
  AlcoveAdaptationGuest *guest = alcove_adaptation_add (adaptation, slot);
  gint64 time = 1000 * SECOND;
  int width, height;

  alcove_frame_slot_set_size (slot, 640, 360);
  for (guint step = 1; step <= 3; step++)
    {
      static const int widths[] = { 640, 640, 320, 160 };
      g_autofree char *said = g_strdup_printf ("Drawing: step %u of 3*", step);

      expect_step (said);
      while (alcove_adaptation_get_draw_step (adaptation) < step)
        {
          put_and_draw (slot, 10, 3, 1000, 999);
          look (adaptation, time += SECOND, 0, 0);
        }
      g_test_assert_expected_messages ();
      g_assert_true (alcove_frame_slot_get_view_size (slot, &width, &height));
      g_assert_cmpint (width, ==, widths[step]);
      g_assert_cmpint (height, ==, widths[step] * 9 / 16);
    }

  /* one that is hidden stays so, and one that is wanted whole is wanted whole */
  alcove_frame_slot_set_size (slot, 0, 0);
  g_assert_true (alcove_frame_slot_get_view_size (slot, &width, &height));
  g_assert_cmpint (width, ==, 0);
  alcove_frame_slot_set_whole (slot, TRUE);
  g_assert_true (alcove_frame_slot_get_view_size (slot, &width, &height));
  g_assert_cmpint (width, ==, ALCOVE_FRAME_WHOLE);
  alcove_frame_slot_set_whole (slot, FALSE);

  /* who leaves is asked for what is drawn */
  alcove_frame_slot_set_size (slot, 640, 360);
  alcove_adaptation_remove (adaptation, guest);
  g_assert_true (alcove_frame_slot_get_view_size (slot, &width, &height));
  g_assert_cmpint (width, ==, 640);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (adaptation);
}

/* More than a screen can show, and a window that gets its turn seldom since it is covered, are no
 * fault of this machine; and those who keep up don't hide one who does not. */
static void
test_drawing_others_fault (void)
{
  AlcoveAdaptation *adaptation = alcove_adaptation_new (NULL, NULL);
  AlcoveFrameSlot *slots[4];
  AlcoveAdaptationGuest *guests[4];
  gint64 time = 1000 * SECOND;

  for (guint i = 0; i < G_N_ELEMENTS (slots); i++)
    {
      slots[i] = alcove_frame_slot_new ();
      guests[i] = alcove_adaptation_add (adaptation, slots[i]);
    }
  for (int i = 0; i < 10; i++)
    {
      put_and_draw (slots[0], 60, 2, 0, 0);
      put_and_draw (slots[1], 10, 3, 1000, 10);
      look (adaptation, time += SECOND, 0, 0);
    }
  g_assert_cmpuint (alcove_adaptation_get_draw_step (adaptation), ==, 0);

  expect_step ("Drawing: step 1 of 3, as * late");
  for (int i = 0; i < 2; i++)
    {
      for (guint k = 0; k < 3; k++)
        put_and_draw (slots[k], 30, 1, 0, 0);
      put_and_draw (slots[3], 5, 6, 2000, 1000);
      look (adaptation, time += SECOND, 0, 0);
    }
  g_test_assert_expected_messages ();

  for (guint i = 0; i < G_N_ELEMENTS (slots); i++)
    alcove_adaptation_remove (adaptation, guests[i]);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  for (guint i = 0; i < G_N_ELEMENTS (slots); i++)
    g_assert_finalize_object (slots[i]);
  g_assert_finalize_object (adaptation);
}

/* Who comes, when many come at once, is not asked for less because of that. */
static void
test_newcomers (void)
{
  AlcoveAdaptation *adaptation = alcove_adaptation_new (NULL, NULL);
  AlcoveFrameSlot *slots[4];
  AlcoveAdaptationGuest *guests[4];
  gint64 time = 1000 * SECOND;
  guint64 given = 0, encoded = 0;

  for (guint i = 0; i < G_N_ELEMENTS (slots); i++)
    {
      slots[i] = alcove_frame_slot_new ();
      guests[i] = alcove_adaptation_add (adaptation, slots[i]);
      put_and_draw (slots[0], 10, 3, 1000, 999);
      look (adaptation, time += SECOND, given += 30, encoded += 15);
    }
  for (guint i = 0; i < 3; i++)
    {
      put_and_draw (slots[0], 10, 3, 1000, 999);
      look (adaptation, time += SECOND, given += 30, encoded += 15);
    }
  g_assert_cmpuint (alcove_adaptation_get_draw_step (adaptation), ==, 0);
  g_assert_cmpuint (alcove_adaptation_get_load_step (adaptation), ==, 0);

  for (guint i = 0; i < G_N_ELEMENTS (slots); i++)
    alcove_adaptation_remove (adaptation, guests[i]);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  for (guint i = 0; i < G_N_ELEMENTS (slots); i++)
    g_assert_finalize_object (slots[i]);
  g_assert_finalize_object (adaptation);
}

/* How many of the pictures that come with @period and are early or late by @jitter are wanted. */
static guint
count_wanted (gint64 interval,
              gint64 period,
              gint64 jitter)
{
  AlcoveFramePace pace = { 0 };
  guint n = 0;

  alcove_frame_pace_set_interval (&pace, interval * G_TIME_SPAN_MILLISECOND);
  for (int i = 0; i < 300; i++)
    {
      gint64 time = 1000 * SECOND + i * period + (i % 7 - 3) * jitter / 3;

      if (!alcove_frame_pace_is_due (&pace, time))
        continue;
      alcove_frame_pace_take (&pace, time);
      n++;
    }
  return n;
}

/* Those that come as seldom as is asked for are all wanted, though a network makes them early or
 * late; and of those that come too often no more than were asked for. */
static void
test_pace (void)
{
  g_assert_cmpuint (count_wanted (0, SECOND / 30, 0), ==, 300);
  g_assert_cmpuint (count_wanted (64, SECOND / 15, 0), ==, 300);
  g_assert_cmpuint (count_wanted (64, SECOND / 15, 14 * G_TIME_SPAN_MILLISECOND), >=, 299);
  g_assert_cmpuint (count_wanted (64, SECOND / 30, 0), <=, 158);
  g_assert_cmpuint (count_wanted (64, SECOND / 30, 10 * G_TIME_SPAN_MILLISECOND), <=, 158);
  g_assert_cmpuint (count_wanted (96, SECOND / 15, 0), <=, 210);
  g_assert_cmpuint (count_wanted (96, SECOND / 15, 0), >=, 200);
  g_assert_cmpuint (count_wanted (192, SECOND / 30, 10 * G_TIME_SPAN_MILLISECOND), <=, 53);
  g_assert_cmpuint (count_wanted (192, SECOND / 5, 0), ==, 300);
}

/* Nobody is left who could tell that this machine keeps up: the next call begins anew. */
static void
test_next_call (void)
{
  AlcoveAdaptation *adaptation = alcove_adaptation_new (NULL, NULL);
  AlcoveFrameSlot *slot = alcove_frame_slot_new ();
  AlcoveAdaptationGuest *guest = alcove_adaptation_add (adaptation, slot);
  gint64 time = 1000 * SECOND;
  guint64 given = 0, encoded = 0;

  expect_step ("Encoding: step 1 of 4, as * too much*");
  expect_step ("Drawing: step 1 of 3, as * late");
  for (int i = 0; i < 7; i++)
    {
      put_and_draw (slot, 10, 3, 1000, 999);
      look (adaptation, time += SECOND, given += 30, encoded += 15);
    }
  g_test_assert_expected_messages ();

  expect_step ("Encoding: step 0 of 4, as nobody is left");
  expect_step ("Drawing: step 0 of 3, as nobody is left");
  alcove_adaptation_remove (adaptation, guest);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (alcove_adaptation_get_load_step (adaptation), ==, 0);
  g_assert_cmpuint (alcove_adaptation_get_draw_step (adaptation), ==, 0);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (slot);
  g_assert_finalize_object (adaptation);
}

static int
get_expected_loss (GstBin *pipeline)
{
  g_autoptr (GstElement) encoder = gst_bin_get_by_name (pipeline, "encoder");
  int percent = -1;

  g_object_get (encoder, "packet-loss-percentage", &percent, NULL);
  return percent;
}

/* The worst of those who can be helped counts. */
static void
test_loss (void)
{
  g_autoptr (GstElement) pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  g_autoptr (GError) error = NULL;
  AlcoveEncoder *sound = alcove_encoder_new_audio (GST_BIN (pipeline), &error);
  AlcoveAdaptation *adaptation = alcove_adaptation_new (NULL, sound);
  g_autoptr (AlcoveFrameSlot) slot = alcove_frame_slot_new ();
  AlcoveAdaptationGuest *guests[3];

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (guests); i++)
    guests[i] = alcove_adaptation_add (adaptation, slot);
  alcove_adaptation_set_loss (adaptation, guests[0], 0.03);
  alcove_adaptation_set_loss (adaptation, guests[1], 0.07);
  alcove_adaptation_set_loss (adaptation, guests[2], 0.6);
  look (adaptation, SECOND, 0, 0);
  g_assert_cmpint (get_expected_loss (GST_BIN (pipeline)), ==, 7);

  alcove_adaptation_remove (adaptation, guests[1]);
  look (adaptation, 2 * SECOND, 0, 0);
  g_assert_cmpint (get_expected_loss (GST_BIN (pipeline)), ==, 3);
  alcove_adaptation_set_loss (adaptation, guests[0], -1.0);
  look (adaptation, 3 * SECOND, 0, 0);
  g_assert_cmpint (get_expected_loss (GST_BIN (pipeline)), ==, 0);

  g_assert_finalize_object (adaptation);
  g_assert_finalize_object (sound);
}

int
main (int argc,
      char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/media/load/behind", test_behind);
  g_test_add_func ("/media/load/calm", test_calm);
  g_test_add_func ("/media/load/relapse", test_relapse);
  g_test_add_func ("/media/load/gap", test_gap);
  g_test_add_func ("/media/load/excused", test_excused);
  g_test_add_func ("/media/frame-pace", test_pace);
  g_test_add_func ("/media/adaptation/encoding", test_encoding);
  g_test_add_func ("/media/adaptation/encoder-that-stands", test_encoder_that_stands);
  g_test_add_func ("/media/adaptation/behind-by-turns", test_behind_by_turns);
  g_test_add_func ("/media/adaptation/late-sound", test_late_sound);
  g_test_add_func ("/media/adaptation/drawing", test_drawing);
  g_test_add_func ("/media/adaptation/drawing-smaller", test_drawing_smaller);
  g_test_add_func ("/media/adaptation/drawing-others-fault", test_drawing_others_fault);
  g_test_add_func ("/media/adaptation/newcomers", test_newcomers);
  g_test_add_func ("/media/adaptation/next-call", test_next_call);
  g_test_add_func ("/media/adaptation/loss", test_loss);

  return g_test_run ();
}
