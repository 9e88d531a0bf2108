/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "alcove-rung-choice.h"

#define SECOND ((gint64) G_USEC_PER_SEC)
#define START (1000 * SECOND)

static void
test_sizes (void)
{
  AlcoveRungSize sizes[ALCOVE_MAX_RUNGS];

  g_assert_cmpuint (alcove_rung_sizes_make (1280, 720, sizes), ==, 3);
  g_assert_cmpint (sizes[0].width, ==, 1280);
  g_assert_cmpint (sizes[1].width, ==, 640);
  g_assert_cmpint (sizes[1].height, ==, 360);
  g_assert_cmpint (sizes[2].width, ==, 320);
  g_assert_cmpint (sizes[2].height, ==, 180);
  g_assert_cmpuint (sizes[0].bitrate, >, sizes[1].bitrate);
  g_assert_cmpuint (sizes[1].bitrate, >, sizes[2].bitrate);

  g_assert_cmpuint (alcove_rung_sizes_make (640, 360, sizes), ==, 3);
  g_assert_cmpint (sizes[2].width, ==, 160);
  g_assert_cmpint (sizes[2].height, ==, 90);
  g_assert_cmpuint (alcove_rung_sizes_make (320, 180, sizes), ==, 2);
  g_assert_cmpuint (alcove_rung_sizes_make (176, 144, sizes), ==, 1);
  g_assert_cmpuint (alcove_rung_sizes_make (2, 2, sizes), ==, 1);

  /* upright, and of an odd size: encoders want even sides */
  g_assert_cmpuint (alcove_rung_sizes_make (360, 640, sizes), ==, 3);
  g_assert_cmpuint (alcove_rung_sizes_make (854, 480, sizes), ==, 3);
  g_assert_cmpint (sizes[1].width, ==, 426);
  g_assert_cmpint (sizes[2].width, ==, 212);
}

/* Those who watch a ladder of 640×360. */
typedef struct {
  AlcoveRungSize sizes[ALCOVE_MAX_RUNGS];
  guint n_sizes;
  AlcoveRungChoice all[8];
  AlcoveRungChoice *choices[8];
  guint n;
  guint step;
  gint64 now;
} Fixture;

static void
fixture_init (Fixture *fixture,
              guint n)
{
  *fixture = (Fixture) { .n = n, .now = START };
  fixture->n_sizes = alcove_rung_sizes_make (640, 360, fixture->sizes);
  for (guint i = 0; i < G_N_ELEMENTS (fixture->all); i++)
    {
      fixture->all[i] = (AlcoveRungChoice) ALCOVE_RUNG_CHOICE_INIT;
      fixture->choices[i] = &fixture->all[i];
    }
}

static gint64
choose (Fixture *fixture)
{
  return alcove_rung_choices_update (fixture->choices, fixture->n, fixture->sizes,
                                     fixture->n_sizes, fixture->step, fixture->now);
}

static guint
get_target (Fixture *fixture,
            guint rung)
{
  return alcove_rung_choices_get_target (fixture->choices, fixture->n, fixture->sizes,
                                         fixture->n_sizes, rung);
}

static void
test_unknown (void)
{
  Fixture fixture;

  fixture_init (&fixture, 1);
  g_assert_cmpint (choose (&fixture), ==, 0);
  g_assert_cmpuint (fixture.all[0].rung, ==, 0);
  g_assert_cmpuint (get_target (&fixture, 0), ==, fixture.sizes[0].bitrate);
  /* nobody there */
  g_assert_cmpuint (get_target (&fixture, 1), ==, fixture.sizes[1].bitrate);
}

static void
test_size (void)
{
  Fixture fixture;
  AlcoveRungChoice *one = &fixture.all[0];

  /* what is known from the beginning holds from the beginning */
  fixture_init (&fixture, 1);
  one->width = 160;
  one->height = 90;
  choose (&fixture);
  g_assert_cmpuint (one->rung, ==, 2);

  /* larger at once */
  one->width = 600;
  one->height = 338;
  g_assert_cmpint (choose (&fixture), ==, 0);
  g_assert_cmpuint (one->rung, ==, 0);

  /* smaller after a moment, but not if it was only a moment */
  one->width = one->height = 0;
  g_assert_cmpint (choose (&fixture), ==, fixture.now + 2 * SECOND);
  g_assert_cmpuint (one->rung, ==, 0);
  fixture.now += SECOND;
  choose (&fixture);
  one->width = 600;
  one->height = 338;
  g_assert_cmpint (choose (&fixture), ==, 0);
  fixture.now += 2 * SECOND;
  one->width = 300;
  one->height = 169;
  g_assert_cmpint (choose (&fixture), ==, fixture.now + 2 * SECOND);
  g_assert_cmpuint (one->rung, ==, 0);
  fixture.now += 2 * SECOND;
  g_assert_cmpint (choose (&fixture), ==, 0);
  g_assert_cmpuint (one->rung, ==, 1);

  /* a little larger is stretched; who is at the larger rung stays there at that size */
  one->width = 350;
  one->height = 197;
  choose (&fixture);
  g_assert_cmpuint (one->rung, ==, 1);
  one->width = 400;
  one->height = 225;
  choose (&fixture);
  g_assert_cmpuint (one->rung, ==, 0);
  one->width = 350;
  one->height = 197;
  choose (&fixture);
  fixture.now += 3 * SECOND;
  choose (&fixture);
  g_assert_cmpuint (one->rung, ==, 0);

  /* a tall space that the picture can't fill */
  one->width = 320;
  one->height = 2000;
  choose (&fixture);
  fixture.now += 3 * SECOND;
  choose (&fixture);
  g_assert_cmpuint (one->rung, ==, 1);

  /* larger than anything */
  one->width = one->height = 16384;
  choose (&fixture);
  g_assert_cmpuint (one->rung, ==, 0);
}

static void
test_network (void)
{
  Fixture fixture;
  AlcoveRungChoice *one = &fixture.all[0];
  guint full;

  fixture_init (&fixture, 1);
  full = fixture.sizes[0].bitrate;
  choose (&fixture);

  /* a little less is a poorer picture of the same size */
  one->bitrate = full / 2;
  choose (&fixture);
  g_assert_cmpuint (one->rung, ==, 0);
  g_assert_cmpuint (get_target (&fixture, 0), ==, full / 2);

  /* down at once */
  one->bitrate = full / 4;
  g_assert_cmpint (choose (&fixture), ==, 0);
  g_assert_cmpuint (one->rung, ==, 1);
  g_assert_cmpuint (get_target (&fixture, 1), ==, full / 4);
  one->bitrate = 20000;
  choose (&fixture);
  g_assert_cmpuint (one->rung, ==, 2);
  /* below this no encoder makes anything of it */
  g_assert_cmpuint (get_target (&fixture, 2), ==, 50000);

  /* up after five seconds of calm, one rung at a time */
  one->bitrate = 2 * full;
  g_assert_cmpint (choose (&fixture), ==, fixture.now + 5 * SECOND);
  fixture.now += 4 * SECOND;
  choose (&fixture);
  g_assert_cmpuint (one->rung, ==, 2);
  fixture.now += SECOND;
  g_assert_cmpint (choose (&fixture), ==, fixture.now + 5 * SECOND);
  g_assert_cmpuint (one->rung, ==, 1);
  /* with more than it is worth, so that it shows whether the larger one would pass */
  g_assert_cmpuint (get_target (&fixture, 1), >=, (guint) (full * 0.39));
  fixture.now += 5 * SECOND;
  g_assert_cmpint (choose (&fixture), ==, 0);
  g_assert_cmpuint (one->rung, ==, 0);

  /* a break in the calm begins it anew */
  one->bitrate = full / 4;
  choose (&fixture);
  one->bitrate = full;
  choose (&fixture);
  fixture.now += 4 * SECOND;
  one->bitrate = full / 4;
  choose (&fixture);
  fixture.now += SECOND;
  one->bitrate = full;
  choose (&fixture);
  fixture.now += 4 * SECOND;
  choose (&fixture);
  g_assert_cmpuint (one->rung, ==, 1);
}

/* Who can't keep what was tried waits longer and longer before trying again. */
static void
test_patience (void)
{
  Fixture fixture;
  AlcoveRungChoice *one = &fixture.all[0];
  gint64 waited = 0;

  fixture_init (&fixture, 1);
  choose (&fixture);
  for (guint i = 0; i < 8; i++)
    {
      gint64 next;

      one->bitrate = fixture.sizes[0].bitrate / 4;
      choose (&fixture);
      g_assert_cmpuint (one->rung, ==, 1);
      one->bitrate = fixture.sizes[0].bitrate;
      next = choose (&fixture);
      g_assert_cmpint (next - fixture.now, >=, waited);
      waited = next - fixture.now;
      fixture.now = next;
      choose (&fixture);
      g_assert_cmpuint (one->rung, ==, 0);
      fixture.now += SECOND;
    }
  g_assert_cmpint (waited, ==, 60 * SECOND);

  /* what held for long is forgiven */
  fixture.now += 60 * SECOND;
  choose (&fixture);
  one->bitrate = fixture.sizes[0].bitrate / 4;
  choose (&fixture);
  one->bitrate = fixture.sizes[0].bitrate;
  g_assert_cmpint (choose (&fixture), ==, fixture.now + 5 * SECOND);
}

/* Other sizes: what was chosen of the old ones is forgotten, and nothing is waited for. */
static void
test_reset (void)
{
  Fixture fixture;

  fixture_init (&fixture, 3);
  fixture.all[0].bitrate = 50000;
  fixture.all[1].width = 600;
  fixture.all[1].height = 338;
  choose (&fixture);
  g_assert_cmpuint (fixture.all[0].rung, ==, 2);
  g_assert_cmpuint (fixture.all[1].rung, ==, 0);
  g_assert_cmpuint (fixture.all[2].rung, ==, 0);

  fixture.n_sizes = alcove_rung_sizes_make (1280, 720, fixture.sizes);
  for (guint i = 0; i < fixture.n; i++)
    alcove_rung_choice_reset (fixture.choices[i]);
  g_assert_cmpint (choose (&fixture), ==, 0);
  g_assert_cmpuint (fixture.all[0].rung, ==, 2);
  g_assert_cmpuint (fixture.all[1].rung, ==, 1);
  g_assert_cmpuint (fixture.all[2].rung, ==, 0);

  fixture.n_sizes = alcove_rung_sizes_make (320, 180, fixture.sizes);
  for (guint i = 0; i < fixture.n; i++)
    alcove_rung_choice_reset (fixture.choices[i]);
  g_assert_cmpint (choose (&fixture), ==, 0);
  g_assert_cmpuint (fixture.all[0].rung, ==, 1);
  g_assert_cmpuint (fixture.all[1].rung, ==, 0);
  g_assert_cmpuint (fixture.all[2].rung, ==, 0);
}

static void
test_together (void)
{
  Fixture fixture;

  /* the target is what all of the rung bear */
  fixture_init (&fixture, 3);
  fixture.all[0].bitrate = 800000;
  fixture.all[1].bitrate = 500000;
  choose (&fixture);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (fixture.all[i].rung, ==, 0);
  g_assert_cmpuint (get_target (&fixture, 0), ==, 500000);

  /* who bears far less than the others is not for them to wait for */
  fixture_init (&fixture, 5);
  fixture.n_sizes = alcove_rung_sizes_make (1280, 720, fixture.sizes);
  for (guint i = 0; i < 4; i++)
    fixture.all[i].bitrate = 2600000;
  fixture.all[4].bitrate = 900000;
  choose (&fixture);
  g_assert_cmpuint (fixture.all[0].rung, ==, 0);
  g_assert_cmpuint (fixture.all[4].rung, ==, 1);
  /* though alone it would do */
  {
    AlcoveRungChoice alone = { .width = -1, .height = -1, .bitrate = 900000 };
    AlcoveRungChoice *choices[] = { &alone };

    alcove_rung_choices_update (choices, 1, fixture.sizes, fixture.n_sizes, 0, fixture.now);
    g_assert_cmpuint (alone.rung, ==, 0);
  }
  g_assert_cmpuint (get_target (&fixture, 0), ==, 2500000);
  g_assert_cmpuint (get_target (&fixture, 1), ==, 900000);

  /* when the others come down to it, it is one of them again, after a while */
  for (guint i = 0; i < 4; i++)
    fixture.all[i].bitrate = 1300000;
  fixture.all[4].bitrate = 1200000;
  g_assert_cmpint (choose (&fixture), ==, fixture.now + 5 * SECOND);
  g_assert_cmpuint (fixture.all[4].rung, ==, 1);
  fixture.now += 5 * SECOND;
  choose (&fixture);
  g_assert_cmpuint (fixture.all[4].rung, ==, 0);
  g_assert_cmpuint (get_target (&fixture, 0), ==, 1200000);

  /* a small tile costs a large one nothing */
  fixture_init (&fixture, 2);
  fixture.all[0].bitrate = 100000;
  fixture.all[0].width = 160;
  fixture.all[0].height = 90;
  choose (&fixture);
  g_assert_cmpuint (fixture.all[0].rung, ==, 2);
  g_assert_cmpuint (get_target (&fixture, 0), ==, fixture.sizes[0].bitrate);
  g_assert_cmpuint (get_target (&fixture, 2), ==, 100000);
}

/* Small tiles are all on the last rung, from which nobody can be moved on. */
static void
test_last_rung (void)
{
  Fixture fixture;
  guint worth;

  fixture_init (&fixture, 5);
  fixture.n_sizes = alcove_rung_sizes_make (1280, 720, fixture.sizes);
  worth = fixture.sizes[2].bitrate;
  for (guint i = 0; i < 5; i++)
    {
      fixture.all[i].width = 300;
      fixture.all[i].height = 169;
      fixture.all[i].bitrate = 2000000;
    }
  /* not known; too little for more; hidden */
  fixture.all[1].bitrate = 0;
  fixture.all[2].bitrate = worth;
  fixture.all[3].width = fixture.all[3].height = 0;
  g_assert_cmpint (choose (&fixture), ==, 0);
  for (guint i = 0; i < 5; i++)
    g_assert_cmpuint (fixture.all[i].rung, ==, 2);
  g_assert_cmpuint (get_target (&fixture, 2), ==, worth);

  /* somebody falls far behind: the others leave if they can, and who can't still sees something */
  fixture.all[4].bitrate = 50000;
  g_assert_cmpint (choose (&fixture), ==, fixture.now + 5 * SECOND);
  g_assert_cmpuint (fixture.all[0].rung, ==, 1);
  g_assert_cmpuint (fixture.all[1].rung, ==, 1);
  g_assert_cmpuint (fixture.all[2].rung, ==, 2);
  g_assert_cmpuint (fixture.all[3].rung, ==, 2);
  g_assert_cmpuint (fixture.all[4].rung, ==, 2);
  g_assert_cmpuint (get_target (&fixture, 1), ==, fixture.sizes[1].bitrate);
  g_assert_cmpuint (get_target (&fixture, 2), ==, worth * 4 / 10);
  g_assert_false (alcove_rung_is_slow (&fixture.sizes[2], get_target (&fixture, 2), FALSE));

  /* alone it gets what it bears */
  fixture.all[2].bitrate = 2000000;
  fixture.all[3].width = 300;
  fixture.all[3].height = 169;
  fixture.now += 4 * SECOND;
  choose (&fixture);
  fixture.now += 5 * SECOND;
  choose (&fixture);
  for (guint i = 0; i < 4; i++)
    g_assert_cmpuint (fixture.all[i].rung, ==, 1);
  g_assert_cmpuint (get_target (&fixture, 2), ==, 50000);

  /* not where the machine can't */
  fixture.step = 4;
  choose (&fixture);
  g_assert_cmpuint (fixture.all[0].rung, ==, 2);
  fixture.step = 0;
  choose (&fixture);
  g_assert_cmpuint (fixture.all[0].rung, ==, 1);

  /* and back a while after it has gone or is better */
  fixture.all[4].bitrate = 1000000;
  choose (&fixture);
  g_assert_cmpuint (fixture.all[0].rung, ==, 1);
  fixture.now += 5 * SECOND;
  choose (&fixture);
  for (guint i = 0; i < 5; i++)
    g_assert_cmpuint (fixture.all[i].rung, ==, 2);
  g_assert_cmpuint (get_target (&fixture, 2), >=, worth);
}

static void
test_step (void)
{
  Fixture fixture;
  guint taken[5] = { 0 };

  fixture_init (&fixture, 1);
  for (fixture.step = 0; fixture.step <= 2; fixture.step++)
    {
      choose (&fixture);
      g_assert_cmpuint (fixture.all[0].rung, ==, 0);
    }
  fixture.step = 3;
  choose (&fixture);
  g_assert_cmpuint (fixture.all[0].rung, ==, 1);
  fixture.step = 4;
  choose (&fixture);
  g_assert_cmpuint (fixture.all[0].rung, ==, 2);
  /* no fault of the network: back as soon as the machine can */
  fixture.step = 0;
  choose (&fixture);
  g_assert_cmpuint (fixture.all[0].rung, ==, 0);

  fixture.n_sizes = 1;
  fixture.step = 4;
  choose (&fixture);
  g_assert_cmpuint (fixture.all[0].rung, ==, 0);

  for (guint step = 0; step < G_N_ELEMENTS (taken); step++)
    for (guint i = 0; i < 30; i++)
      taken[step] += alcove_rung_step_takes (step, i) ? 1 : 0;
  g_assert_cmpuint (taken[0], ==, 30);
  g_assert_cmpuint (taken[1], ==, 20);
  g_assert_cmpuint (taken[2], ==, 15);
  g_assert_cmpuint (taken[4], ==, 15);
}

static void
test_slow (void)
{
  const AlcoveRungSize size = { 320, 180, 200000 };

  g_assert_false (alcove_rung_is_slow (&size, 70000, FALSE));
  g_assert_true (alcove_rung_is_slow (&size, 50000, FALSE));
  g_assert_true (alcove_rung_is_slow (&size, 70000, TRUE));
  g_assert_false (alcove_rung_is_slow (&size, 90000, TRUE));
}

/* Encoders are told of what is worth a key frame. */
static void
test_bitrate (void)
{
  guint applied = 500000;
  guint n_told = 0;

  /* a tenth of a per cent, and less than the encoder can count */
  g_assert_false (alcove_rung_bitrate_is_due (500000, 499500, 1, SECOND));
  g_assert_false (alcove_rung_bitrate_is_due (20999, 20000, 1000, SECOND));
  g_assert_false (alcove_rung_bitrate_is_due (500000, 500000, 0, SECOND));

  g_assert_false (alcove_rung_bitrate_is_due (500000, 486000, 1000, SECOND));
  g_assert_true (alcove_rung_bitrate_is_due (500000, 485000, 1000, 0));
  g_assert_false (alcove_rung_bitrate_is_due (500000, 540000, 1000, 2 * SECOND));
  g_assert_false (alcove_rung_bitrate_is_due (500000, 2000000, 1000, SECOND / 2));
  g_assert_true (alcove_rung_bitrate_is_due (500000, 550000, 1000, SECOND));
  g_assert_true (alcove_rung_bitrate_is_due (0, 50000, 1000, SECOND));

  /* an estimate that climbs by two per cent four times a second, for ten seconds */
  for (guint i = 0, wanted = applied; i < 40; i++, wanted += wanted / 50)
    if (alcove_rung_bitrate_is_due (applied, wanted, 1000, SECOND))
      {
        applied = wanted;
        n_told++;
      }
  g_assert_cmpuint (n_told, ==, 7);
}

/* Whatever is told, every choice is a rung that there is, and the next time is to come. */
static void
test_anything (void)
{
  Fixture fixture;

  fixture_init (&fixture, G_N_ELEMENTS (fixture.all));
  for (guint i = 0; i < 5000; i++)
    {
      AlcoveRungChoice *one = &fixture.all[g_test_rand_int_range (0, (gint32) fixture.n)];
      gint64 next;

      one->width = g_test_rand_int_range (-2, 2000);
      one->height = g_test_rand_int_range (-2, 2000);
      one->bitrate = (guint) g_test_rand_int_range (0, 3000000);
      fixture.step = (guint) g_test_rand_int_range (0, 6);
      fixture.now += g_test_rand_int_range (0, 3000000);
      next = choose (&fixture);
      g_assert_true (next == 0 || next > fixture.now);
      for (guint n = 0; n < fixture.n; n++)
        g_assert_cmpuint (fixture.all[n].rung, <, fixture.n_sizes);
      for (guint rung = 0; rung < fixture.n_sizes; rung++)
        {
          g_assert_cmpuint (get_target (&fixture, rung), >=, 50000);
          g_assert_cmpuint (get_target (&fixture, rung), <=, 2500000);
        }
    }
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/media/rung-choice/sizes", test_sizes);
  g_test_add_func ("/media/rung-choice/unknown", test_unknown);
  g_test_add_func ("/media/rung-choice/size", test_size);
  g_test_add_func ("/media/rung-choice/network", test_network);
  g_test_add_func ("/media/rung-choice/patience", test_patience);
  g_test_add_func ("/media/rung-choice/reset", test_reset);
  g_test_add_func ("/media/rung-choice/together", test_together);
  g_test_add_func ("/media/rung-choice/last-rung", test_last_rung);
  g_test_add_func ("/media/rung-choice/step", test_step);
  g_test_add_func ("/media/rung-choice/slow", test_slow);
  g_test_add_func ("/media/rung-choice/bitrate", test_bitrate);
  g_test_add_func ("/media/rung-choice/anything", test_anything);

  return g_test_run ();
}
